//! What users of other tools complain of, each as a test on text of our own.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use sayso::{Form, Naming, Statement, Story, Tagger};
use sayso_read::Hint;

fn story(text: &str) -> Story {
    let doc = sayso_read::read(text.as_bytes(), &Hint::default()).unwrap().value;
    sayso::read(doc, Tagger::shared())
}

fn markdown(text: &str) -> Story {
    let hint = Hint { format: Some(sayso_text::Format::Markdown), ..Hint::default() };
    sayso::read(sayso_read::read(text.as_bytes(), &hint).unwrap().value, Tagger::shared())
}

fn words(story: &Story, spans: &[sayso_text::Span]) -> String {
    spans.iter().map(|s| s.of(&story.doc.text)).collect::<Vec<_>>().join(" | ")
}

fn said<'s>(story: &'s Story, part: &str) -> &'s Statement {
    let found = story.statements.iter().find(|s| words(story, &s.attribution.content).contains(part));
    found.unwrap_or_else(|| {
        panic!("nothing holds {part:?}: {:#?}", story.statements.iter().map(|s| words(story, &s.attribution.content)).collect::<Vec<_>>())
    })
}

fn speaker<'s>(story: &'s Story, part: &str) -> &'s str {
    said(story, part).speaker.map_or("(nobody)", |i| &story.sources[i].name)
}

#[test]
fn c1_a_quotation_over_paragraphs_stays_with_its_speaker() {
    let s = story(
        "The owner of the mill, Greta Lindqvist, said she had warned the council.\n\n\
         “I wrote to them in spring and I wrote to them again in the autumn,” Lindqvist said. “Nobody came.\n\n\
         “When the wall went down I was in the kitchen, and I thought it was the dog.\n\n\
         “Then I saw that there was no wall.”\n\nThe council did not reply.",
    );
    for part in ["Nobody came", "I thought it was the dog", "there was no wall"] {
        assert_eq!(speaker(&s, part), "Greta Lindqvist", "{part}");
    }
}

#[test]
fn c2_odd_and_stray_marks_turn_nothing_inside_out() {
    let s = story(
        "» The pipe was 6\" wide, said the plumber, Jon Ulvang.\n\nHe added ” for no reason.\n\n\
         “We dug until midnight,” Ulvang said.\n\nclass=\"\"= “And then it rained,” said Mira Sand, his neighbour.\n\nThe end ” of it.",
    );
    assert_eq!(speaker(&s, "We dug until midnight"), "Jon Ulvang");
    assert_eq!(speaker(&s, "And then it rained"), "Mira Sand");
    assert!(!words(&s, &said(&s, "We dug").attribution.content).contains("for no reason"));
    let unclosed = story("“This is never shut, said Ida Moss.\n\n“But this one is,” said Olav Brandt.");
    assert_eq!(speaker(&unclosed, "But this one is"), "Olav Brandt");
}

#[test]
fn c3_apostrophes_are_no_quotes_and_british_quotes_are() {
    let s = story(
        "The drivers' union said that it didn't know and doesn't care, and the owners' men don't ask.\n\n\
         'We won't go back to the drivers' yard,' said Ruth Penhallow, the union's secretary. 'Not for that.'",
    );
    let quote = said(&s, "We won't go back");
    assert_eq!(quote.attribution.form, Form::Direct);
    assert_eq!(speaker(&s, "We won't go back"), "Ruth Penhallow");
    assert!(words(&s, &quote.attribution.content).contains("drivers' yard,"));
    assert_eq!(said(&s, "didn't know").attribution.form, Form::Indirect);
}

#[test]
fn c4_speakers_are_names_not_pronouns_and_clauses_between_do_no_harm() {
    let s = story(
        "Sir Anthony Vane, who replaced Lady Marsh as chairman of the bank in 2019 after a long quarrel, said that the vault was empty.\n\n\
         “I looked twice,” he said.",
    );
    assert_eq!(speaker(&s, "the vault was empty"), "Anthony Vane");
    assert_eq!(speaker(&s, "I looked twice"), "Anthony Vane");
    assert!(s.sources.iter().all(|x| !["he", "He"].contains(&x.name.as_str())));
}

#[test]
fn c5_a_nickname_in_marks_is_no_quote() {
    let s = story("Mohandas “Shorty” Pillai, who goes by the name “The Wasp”, said that the race would be run on Sunday.");
    assert!(s.statements.iter().all(|x| { !["Shorty", "The Wasp"].contains(&words(&s, &x.attribution.content).trim_matches(['“', '”'])) }));
    assert_eq!(said(&s, "the race would be run").attribution.form, Form::Indirect);
}

#[test]
fn c6_dashes_and_labels_give_the_speaker() {
    let s = story(
        "What they told the hearing about the flood:\n\n“The gates were open because nobody had closed them.” —Commissioner Adaeze Thorn\n\n\
         And from Chair Miriam Rao: “We shall close them next time, and we shall write down who did.”\n\nThe hearing ended at noon.",
    );
    assert_eq!(speaker(&s, "The gates were open"), "Adaeze Thorn");
    assert_eq!(speaker(&s, "We shall close them"), "Miriam Rao");
}

#[test]
fn c6_a_signed_paragraph_is_its_signers_whatever_stands_in_it() {
    let s = story(
        "We asked readers what they made of the mayor's speech.\n\n\
         ”The mayor knows nothing about ferries. She said it over and over that they are safe, and she believes it.” ― Petra Holm\n\n\
         “I think the mayor is afraid of the union, and she has been for years.”―\u{a0}Ilse Vang.\n\n\
         \"They told us in spring that the wall would hold.\"\n\n- Dag Moen, Quay Street\n\nThe mayor did not answer.",
    );
    for (part, who) in
        [("The mayor knows nothing", "Petra Holm"), ("afraid of the union", "Ilse Vang"), ("the wall would hold", "Dag Moen")]
    {
        assert_eq!(speaker(&s, part), who);
        assert_eq!(said(&s, part).attribution.content.len(), 1, "{part}");
    }
}

#[test]
fn c6_turns_of_a_transcript_belong_to_their_labels() {
    let s = story(
        "The exchange at the hearing went like this.\n\nTHORN: Who told you that the gates were shut?\n\n\
         RAO: The keeper said so, and I believed her. She said “shut,” twice.\n\nThe hearing ended at noon.",
    );
    assert_eq!(said(&s, "Who told you").attribution.source[0].of(&s.doc.text), "THORN");
    let answer = said(&s, "I believed her");
    assert_eq!(answer.attribution.source[0].of(&s.doc.text), "RAO");
    assert!(words(&s, &answer.attribution.content).ends_with("twice."));
}

#[test]
fn c1_a_heading_in_other_marks_is_no_more_of_the_quotation() {
    let s = story(
        "\"The mine was sold twice, and nobody paid for it,\" said Ilse Vang.\n\n'All Bets Are Off Now.'\n\nThe pit was shut in June.",
    );
    assert!(words(&s, &said(&s, "sold twice").attribution.content).ends_with("paid for it,\""));
}

#[test]
fn c6_words_announced_with_a_colon_need_no_marks() {
    let s = story(
        "The mayor spoke for an hour.\n\nMayor Ilse Vang added:\n\nThe ferry has been late since May and nobody has told us why.\n\nThe hall was full.",
    );
    assert_eq!(speaker(&s, "late since May"), "Ilse Vang");
}

#[test]
fn c6_whoever_goes_further_calling_it_something_is_whose_word_it_is() {
    let s = story(
        "The mayor said nothing. Her lawyer, Tam Iyer KC, went further, calling the letter “a boat trip with no boat.”\n\nThe hall was full.",
    );
    assert_eq!(speaker(&s, "a boat trip"), "Tam Iyer");
}

#[test]
fn c7_names_under_quotations_headings_and_notices_are_no_statements() {
    let s = markdown(
        "# Records sought\n\nInspectors asked for the records, a clerk said.\n\n> \"We do not comment on what we inspect.\"\n>\n> — Inspector Ravi Lund\n\n\
         ## What the mayor says\n\nThe mayor said that she was busy.\n\n> **Editor's note:** An earlier headline said that the records were lost.\n\n\
         Correction: An earlier version of this story said that the mayor was out.",
    );
    assert_eq!(speaker(&s, "We do not comment"), "Ravi Lund");
    let all: Vec<String> = s.statements.iter().map(|x| words(&s, &x.attribution.content)).collect();
    assert_eq!(all.len(), 3, "{all:?}");
}

#[test]
fn c6_what_leads_up_to_a_quotation_is_not_said() {
    let s = story(
        "Why sell the bridge now? “Because somebody will buy it now,” Thorn said. On July 6, 2015,\u{a0}Rao made the following comment:\n\n\
         “The bridge is not for sale, and it never was.”\n\nThe bridge is shut.",
    );
    assert!(words(&s, &said(&s, "somebody will buy it").attribution.content).starts_with('“'));
    assert_eq!(speaker(&s, "not for sale"), "Rao");
}

#[test]
fn c7_scare_quotes_titles_and_mottoes_are_no_speech() {
    let s = story(
        "The “temporary” fence has stood for nine years. It was painted by the author of “The Long Wet Summer” and bears the town's motto, “By water, upward”.\n\n\
         The fence will be repainted in June.",
    );
    let direct: Vec<String> =
        s.statements.iter().filter(|x| x.attribution.form == Form::Direct).map(|x| words(&s, &x.attribution.content)).collect();
    assert!(direct.is_empty(), "{direct:?}");
}

#[test]
fn c8_indirect_speech_is_found() {
    let s = story(
        "The harbour master, Tobias Renn, said that the bridge would open in June. According to the port's report, it will cost nine million crowns. Officials fear that it will sink.",
    );
    assert_eq!(speaker(&s, "the bridge would open"), "Tobias Renn");
    let report = said(&s, "it will cost nine million");
    assert_eq!(report.speaker.map(|i| s.sources[i].naming), Some(Naming::Document));
    assert_eq!(said(&s, "it will sink").attribution.level, sayso::Level::Thought);
}

#[test]
fn c9_offsets_hold_after_emoji_and_leading_blanks() {
    let text = "  \u{1f6a2}\u{1f6a2} “The ferry was late, as it always is,” said Zoë Núñez.\n";
    let s = story(text);
    assert_eq!(&*s.doc.text, text);
    let a = &said(&s, "The ferry was late").attribution;
    let points = sayso_text::CodePoints::new(&s.doc.text);
    let (start, end) = points.span(a.source[0]);
    assert_eq!(text.chars().skip(start).take(end - start).collect::<String>(), "Zoë Núñez");
}
