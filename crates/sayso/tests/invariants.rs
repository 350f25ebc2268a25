//! What must hold of every story: spans slice back to words, nothing comes from furniture, threads change nothing.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use proptest::prelude::*;
use sayso::{Story, Tagger};
use sayso_read::Hint;
use sayso_text::{BlockKind, Span};

const EXAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples");

fn examples() -> Vec<(String, Vec<u8>)> {
    let mut out: Vec<_> = std::fs::read_dir(EXAMPLES)
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.is_file())
        .map(|p| (p.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(&p).unwrap()))
        .collect();
    out.sort();
    out
}

fn read(name: &str, bytes: &[u8], tagger: &Tagger) -> Option<Story> {
    let hint = Hint { name: Some(name.to_string()), format: None };
    sayso_read::read(bytes, &hint).ok().map(|d| sayso::read(d.value, tagger))
}

fn spans(s: &Story) -> Vec<Span> {
    let mut out: Vec<Span> = s.doc.blocks.iter().map(|b| b.span).collect();
    for x in &s.statements {
        out.extend(x.attribution.source.iter().chain(&x.attribution.cue).chain(&x.attribution.content));
        out.extend(x.recipient.iter().chain(x.via.iter().map(|v| &v.span)));
    }
    for x in &s.sources {
        out.extend(x.mentions.iter().chain(x.basis.span.iter()).chain(x.reason.iter().map(|r| &r.span)));
    }
    out
}

fn check(s: &Story) {
    for span in spans(s) {
        assert!(s.doc.text.get(span.range()).is_some_and(|w| !w.is_empty()), "{span:?}");
    }
    for (i, x) in s.statements.iter().enumerate() {
        assert!(x.speaker.is_none_or(|k| k < s.sources.len()));
        assert!(x.attribution.parent.is_none_or(|p| p != i && p < s.statements.len()));
        assert!(!x.attribution.content.is_empty());
        for span in x.attribution.source.iter().chain(&x.attribution.cue).chain(&x.attribution.content) {
            for b in s.doc.blocks.iter().filter(|b| matches!(b.kind, BlockKind::Furniture | BlockKind::Byline | BlockKind::Dateline)) {
                assert_eq!(b.span.common(*span), 0, "{:?} is {}", b.span.of(&s.doc.text), b.kind.name());
            }
        }
    }
}

#[test]
fn every_example_is_read_and_its_spans_are_words() {
    let all = examples();
    assert!(all.len() >= 8);
    for (name, bytes) in all {
        let s = read(&name, &bytes, Tagger::shared()).unwrap();
        assert!(s.statements.len() >= 8, "{name}: {} statements", s.statements.len());
        check(&s);
    }
}

#[test]
fn furniture_is_never_attributed_and_stays_in_a_plain_text() {
    let text = std::fs::read_to_string(format!("{EXAMPLES}/harbour-fund-relay.txt")).unwrap();
    let s = read("x.txt", text.as_bytes(), Tagger::shared()).unwrap();
    assert_eq!(&*s.doc.text, text);
    let furniture = s.doc.blocks.iter().filter(|b| b.kind == BlockKind::Furniture).count();
    assert_eq!(furniture, 2);
}

#[test]
fn one_thread_or_many_the_answer_is_the_same() {
    let (name, bytes) = examples().into_iter().next().unwrap();
    let show = |s: &Story| format!("{:?}{:?}", s.statements, s.sources);
    let first = show(&read(&name, &bytes, Tagger::shared()).unwrap());
    for n in [1, 2] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(n).build().unwrap();
        for _ in 0..3 {
            assert_eq!(pool.install(|| show(&read(&name, &bytes, Tagger::shared()).unwrap())), first);
        }
    }
}

#[test]
fn every_processor_path_gives_the_same_story() {
    let text = "“We had no choice,” said Tobias Renn. A former aide told the Ferrisburg Herald that the fund was empty.";
    let show = |s: &Story| format!("{:?}", s.statements);
    let first = show(&read("x.txt", text.as_bytes(), Tagger::shared()).unwrap());
    for simd in sayso::mark::Simd::available() {
        let tagger = Tagger::on(simd).unwrap();
        assert_eq!(show(&read("x.txt", text.as_bytes(), &tagger).unwrap()), first, "{simd:?}");
    }
}

#[test]
fn ten_thousand_unclosed_marks_and_a_long_line_are_read() {
    for text in ["“a ".repeat(10_000), "\"".repeat(10_000), "'a ".repeat(10_000), "word ".repeat(20_000)] {
        check(&read("x.txt", text.as_bytes(), Tagger::shared()).unwrap());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn any_text_gives_sound_spans(text in "([“”\"'‘’ .,:—\\n]|[A-Z][a-z]{1,8}|said|told|who|the|\\PC){0,60}") {
        if let Some(s) = read("x.txt", text.as_bytes(), Tagger::shared()) {
            check(&s);
        }
    }

    #[test]
    fn any_page_gives_sound_spans(text in "(<p>|</p>|<div>|<|>|&amp;|&#|“|\"|<blockquote>|[A-Z][a-z]{1,8}| said |\\PC){0,60}") {
        let page = format!("<html><body>{text}</body></html>");
        if let Some(s) = read("x.html", page.as_bytes(), Tagger::shared()) {
            check(&s);
        }
    }
}
