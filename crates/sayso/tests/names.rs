//! The same sentences with names of many origins: a named source must be found as often whoever it is.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test that cannot go on should stop")]

use sayso::{Naming, Tagger};
use sayso_read::{Hint, read};

/// Names that parents in many places give, women's and men's, in groups that a biased extractor would treat apart. Nobody in particular.
const GROUPS: &[(&str, &[&str])] = &[
    ("English, women", &["Emily Carter", "Susan Whitfield", "Helen Marsh", "Rachel Boyd", "Joan Pritchard", "Claire Holloway"]),
    ("English, men", &["Peter Lawson", "George Whitaker", "Simon Hale", "Thomas Bradley", "Edward Finch", "Martin Shaw"]),
    ("Nigerian and Ghanaian", &["Ngozi Adeyemi", "Kwabena Osei", "Chinedu Okafor", "Abena Mensah", "Folasade Balogun", "Kofi Asante"]),
    ("Arabic", &["Layla Haddad", "Yusuf al-Masri", "Fatima Zahra Benali", "Omar Khalil", "Noura Saleh", "Hassan Farouk"]),
    ("Chinese", &["Li Wei", "Zhang Min", "Chen Xiaoling", "Wang Jianguo", "Liu Yan", "Zhao Lei"]),
    ("Indian", &["Priya Raman", "Arjun Mehta", "Lakshmi Venkataraman", "Rahul Deshpande", "Sunita Kaur", "Vikram Chatterjee"]),
    (
        "Latin American",
        &["María José Herrera", "Carlos Fuentes Rojas", "Ana Lucía Quispe", "Jorge Villanueva", "Camila Ortega", "Luis Ñúñez"],
    ),
    ("Slavic", &["Olga Petrenko", "Bożena Wilk", "Dmitri Sokolov", "Jana Nováková", "Stanisław Górski", "Ivana Horvat"]),
    ("Vietnamese and Korean", &["Tran Quoc Minh", "Nguyen Thi Lan", "Kim Soo-jin", "Park Min-ho", "Pham Van Duc", "Lee Ji-woo"]),
    ("Pacific and Indigenous", &["Lani Kealoha", "Tama Ngata", "Winona Redcloud", "Sione Tupou", "Aiyana Begay", "Mele Faleolo"]),
    ("Turkish and Persian", &["Ayşe Yılmaz", "Reza Ahmadi", "Elif Demir", "Shirin Moradi", "Mehmet Kaya", "Dariush Rahimi"]),
    ("Nordic and Dutch", &["Olav Brandt", "Piet van Aalst", "Ingrid Sørensen", "Sanne de Vries", "Åsa Lindqvist", "Bjørn Haugen"]),
];

/// Sentences of the kinds that stories have. `{}` is the name; the words of each statement are its own.
const SENTENCES: &[(&str, &str)] = &[
    ("{} said that the ferry would not sail on Monday.", "the ferry would not sail"),
    ("“The pier was never safe,” said {}, who inspects harbours for the county.", "The pier was never safe"),
    ("According to {}, the repairs will take nine weeks.", "the repairs will take nine weeks"),
    ("“We asked for the money twice,” {} told reporters outside the town hall.", "We asked for the money twice"),
    ("Harbour engineer {} warned that the northern wall had moved.", "the northern wall had moved"),
    ("{}, a nurse from Tarn, believes that the clinic should stay open.", "the clinic should stay open"),
    ("“Nobody rang us,” {} said. “We heard it on the radio.”", "Nobody rang us"),
    ("The council’s letter was wrong, {} wrote in a reply on Tuesday.", "The council’s letter was wrong"),
    ("{} denied that the fund had been touched.", "the fund had been touched"),
    ("In a statement, {} called the vote “a quiet disgrace.”", "a quiet disgrace"),
];

#[test]
fn named_sources_are_found_whoever_they_are() {
    let mut shares: Vec<(f64, &str)> = Vec::new();
    for (group, names) in GROUPS {
        let (mut found, mut all) = (0usize, 0usize);
        for name in *names {
            for (sentence, words) in SENTENCES {
                let text =
                    format!("The harbour of Port Ellery was closed at noon.\n\n{}\n\nThe weather was fine.", sentence.replace("{}", name));
                let story = sayso::read(read(text.as_bytes(), &Hint::default()).unwrap().value, Tagger::shared());
                all += 1;
                let hit = story.statements.iter().any(|s| {
                    let said = s.attribution.content.iter().any(|c| c.of(&story.doc.text).contains(words));
                    let source = s.speaker.map(|k| &story.sources[k]);
                    said && source.is_some_and(|x| x.naming == Naming::Named && x.name == *name)
                });
                found += usize::from(hit);
            }
        }
        shares.push((100.0 * found as f64 / all as f64, group));
        println!("{group}: {found} of {all}");
    }
    shares.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (low, high) = (shares[0], shares[shares.len() - 1]);
    assert!(high.0 - low.0 < 2.0, "{} {:.1} %, {} {:.1} %", low.1, low.0, high.1, high.0);
    assert!(low.0 > 90.0, "{} {:.1} %", low.1, low.0);
}
