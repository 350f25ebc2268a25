//! `sayso eval`, on stories small enough to count by hand.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const WALL: &str = "Mira Holt said the wall is safe.\n\n\"It will stand,\" said Dag Moen.\n";
const FERRY: &str = "Officials fear that the ferry will sink.\n";

/// A folder with two stories: one that two people marked, one that the second of them marked.
fn gold(name: &str) -> PathBuf {
    let at = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&at);
    for folder in ["text", "attributions"] {
        fs::create_dir_all(at.join(folder)).unwrap();
    }
    let spans = |text: &str, words: [&str; 3]| {
        let roles = ["Source", "Cue", "Content"].into_iter().zip(words).filter(|(_, w)| !w.is_empty());
        roles.map(|(r, w)| (r, text.find(w).unwrap(), w.len())).map(|(r, at, n)| (r.to_string(), at, at + n)).collect::<Vec<_>>()
    };
    let write = |story: &str, who: &str, text: &str, all: &[[&str; 3]]| {
        let (mut ann, mut n) = (String::new(), 0);
        for (k, words) in all.iter().enumerate() {
            let mut event = format!("E{}\tAttribution:T0", k + 1);
            for (role, start, end) in spans(text, *words) {
                n += 1;
                ann += &format!("T{n}\t{role} {start} {end}\t{}\n", &text[start..end]);
                event += &format!(" {role}:T{n}");
            }
            ann += &format!("{event}\n");
        }
        fs::write(at.join("text").join(format!("{story}.txt")), text).unwrap();
        fs::write(at.join("attributions").join(format!("{story}_{who}.ann")), ann).unwrap();
    };
    let wall = ["Mira Holt", "said", "the wall is safe"];
    write("harbour_2020-01-01_wall", "aaaa", WALL, &[wall, ["Dag Moen", "said Dag", "\"It will stand,\""]]);
    write("harbour_2020-01-01_wall", "bbbb", WALL, &[wall]);
    write("quay_2020-01-02_ferry", "bbbb", FERRY, &[["Officials", "fear", "that the ferry will sink"]]);
    at
}

/// An exchange file: for each story its attributions, parts given by their words.
fn found(name: &str, stories: &[(&str, &str, &[[&str; 3]])]) -> PathBuf {
    let span = |text: &str, w: &str| {
        if w.is_empty() { "[]".into() } else { text.find(w).map_or(String::new(), |at| format!("[[{at},{}]]", at + w.len())) }
    };
    let mut lines = String::new();
    for (story, text, all) in stories {
        let list: Vec<String> = all
            .iter()
            .map(|[s, c, w]| {
                format!(
                    r#"{{"source":{},"cue":{},"content":{},"sure":{{"level":"firm","range":[0.9,1.0]}}}}"#,
                    span(text, s),
                    span(text, c),
                    span(text, w)
                )
            })
            .collect();
        let text = text.replace('"', "\\\"").replace('\n', "\\n");
        lines += &format!("{{\"path\":\"{story}.txt\",\"text\":\"{text}\",\"attributions\":[{}]}}\n", list.join(","));
    }
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, lines).unwrap();
    path
}

fn eval(args: &[&Path], more: &[&str]) -> (Output, String) {
    let o = Command::new(env!("CARGO_BIN_EXE_sayso")).arg("eval").args(args).args(more).env("COLUMNS", "100").output().unwrap();
    let text = String::from_utf8(o.stdout.clone()).unwrap();
    (o, text)
}

/// The figures of a line: precision, recall, F1 and the counts at its end.
fn line<'t>(report: &'t str, name: &str) -> (Vec<&'t str>, &'t str) {
    let line = report.lines().find(|l| l.starts_with(&format!("{name} "))).unwrap_or_else(|| panic!("no {name}: {report}"));
    let figures = line[name.len()..].split_whitespace().take(3).collect();
    (figures, line.rsplit("  ").next().unwrap())
}

#[test]
fn figures_are_those_worked_by_hand() {
    let gold = gold("eval-figures");
    let found = found(
        "eval-figures.jsonl",
        &[
            ("harbour_2020-01-01_wall", WALL, &[["Mira Holt", "said", "wall is safe"], ["Dag Moen", "said Dag", "\"It will stand,\""]]),
            ("quay_2020-01-02_ferry", FERRY, &[["Officials", "fear", "that the ferry will sink"], ["", "sink", "ferry"]]),
        ],
    );
    let (o, report) = eval(&[&gold], &["--pred", found.to_str().unwrap()]);
    assert_eq!(o.status.code(), Some(0));
    assert!(report.starts_with("2 stories, 3 attributions marked"), "{report}");
    // four found, three marked; "wall is safe" lacks its article
    assert_eq!(line(&report, "complete exact"), (vec!["50.0", "66.7", "57.1"], "2 of 4, 3"));
    assert_eq!(line(&report, "complete overlap"), (vec!["75.0", "100.0", "85.7"], "3 of 4, 3"));
    // the fourth has no source
    assert_eq!(line(&report, "source exact"), (vec!["100.0", "100.0", "100.0"], "3 of 3, 3"));
    assert_eq!(line(&report, "content exact"), (vec!["50.0", "66.7", "57.1"], "2 of 4, 3"));
    assert_eq!(line(&report, "direct complete exact"), (vec!["100.0", "100.0", "100.0"], "1 of 1, 1"));
    assert_eq!(line(&report, "harbour exact"), (vec!["50.0", "50.0", "50.0"], "1 of 2, 2"));
    assert_eq!(line(&report, "quay exact"), (vec!["50.0", "100.0", "66.7"], "1 of 2, 1"));
    assert_eq!(line(&report, "bbbb exact"), (vec!["50.0", "100.0", "66.7"], "1 of 2, 1"));
    // the two people: one marked two, the other one of them, each held against the other
    let people = report.split("Person to person").nth(1).unwrap();
    assert!(people.starts_with(", 1 stories with several annotators"), "{people}");
    assert_eq!(line(people, "complete exact"), (vec!["66.7", "66.7", "66.7"], "2 of 3, 3"));
    assert!(report.contains("90-100 % (firm)             75.0 %  3 of 4"), "{report}");
}

#[test]
fn errors_are_shown_beside_what_people_marked() {
    let gold = gold("eval-errors");
    let found =
        found("eval-errors.jsonl", &[("harbour_2020-01-01_wall", WALL, &[["Mira Holt", "said", "wall is safe"], ["", "stand", "will"]])]);
    let (o, report) = eval(&[&gold], &["--pred", found.to_str().unwrap(), "--errors", "1"]);
    let said = String::from_utf8(o.stderr).unwrap();
    assert!(said.contains("quay_2020-01-02_ferry") && said.contains("counts as missed"), "{said}");
    let worst = report.split("=== ").nth(1).unwrap();
    assert!(worst.starts_with("harbour_2020-01-01_wall: 4 errors"), "{worst}");
    let row =
        |words: &str| worst.lines().find(|l| l.contains(words)).unwrap_or_else(|| panic!("{words}: {worst}")).split_once(" | ").unwrap();
    let (left, right) = row("the wall");
    assert_eq!((left.trim(), right), ("0  {Mira Holt} <said> the wall is safe", "{Mira Holt} <said> wall is safe"));
    let (left, right) = row("<said Dag>");
    assert!(left.contains("\"It will stand,\"") && right == "{} <stand> will", "{left}|{right}");
    assert!(!report.contains("=== quay"));
}

#[test]
fn what_is_wrong_with_the_input_is_said() {
    let gold = gold("eval-wrong");
    let other = found("eval-other.jsonl", &[("harbour_2020-01-01_wall", FERRY, &[])]);
    let (o, _) = eval(&[&gold], &["--pred", other.to_str().unwrap()]);
    assert_ne!(o.status.code(), Some(0));
    assert!(String::from_utf8(o.stderr).unwrap().contains("is not the annotated one"));
    let (o, _) = eval(&[&gold.join("text")], &[]);
    assert_ne!(o.status.code(), Some(0));
    assert!(
        String::from_utf8(o.stderr).unwrap().contains("neither a file in the exchange format nor a folder with text/ and attributions/")
    );
}

#[test]
fn a_file_of_its_own_findings_agrees_with_itself() {
    let gold = gold("eval-own");
    let read = Command::new(env!("CARGO_BIN_EXE_sayso")).args(["read", "--format", "jsonl"]).arg(gold.join("text")).output().unwrap();
    let own = Path::new(env!("CARGO_TARGET_TMPDIR")).join("eval-own.jsonl");
    fs::write(&own, read.stdout).unwrap();
    let (_, marked) = eval(&[&gold], &[]);
    let (_, recorded) = eval(&[&gold], &["--pred", own.to_str().unwrap()]);
    assert_eq!(marked, recorded);
    // exchange files are gold as well
    let (_, itself) = eval(&[&own], &["--pred", own.to_str().unwrap()]);
    assert_eq!(line(&itself, "complete exact").0, ["100.0", "100.0", "100.0"]);
}
