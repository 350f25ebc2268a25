//! The command as a person meets it: what it prints, where, and how it ends.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn sayso(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sayso")).args(args).current_dir(root()).env_remove("CLICOLOR_FORCE").output().unwrap()
}

fn out(o: &Output) -> String {
    String::from_utf8(o.stdout.clone()).unwrap()
}

fn err(o: &Output) -> String {
    String::from_utf8(o.stderr.clone()).unwrap()
}

/// A file of its own for each test, in the folder that cargo gives.
fn file(name: &str, bytes: &[u8]) -> String {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, bytes).unwrap();
    path.to_string_lossy().into_owned()
}

#[test]
fn a_story_is_shown_with_summary_sources_and_statements() {
    let o = sayso(&["read", "examples/harbour-fund-wire.txt"]);
    assert_eq!(o.status.code(), Some(0));
    let text = out(&o);
    for part in [" attributions from ", "Sources", "Statements", "Tobias Renn", "the article attributes to", "unnamed"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains('\u{1b}'), "colours went into a pipe");
    assert!(text.lines().all(|l| l.chars().count() <= 110), "lines are wrapped");
}

#[test]
fn the_readme_shows_what_the_command_prints() {
    let o = out(&sayso(&["read", "examples/harbour-fund-wire.txt", "--sources"]));
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let shown = readme.split("```text\n").nth(1).and_then(|r| r.split("```").next()).unwrap();
    assert_eq!(shown.trim(), o.trim());
    let db = Path::new(env!("CARGO_TARGET_TMPDIR")).join("readme.sayso");
    let _ = std::fs::remove_file(&db);
    let db = db.to_string_lossy().into_owned();
    assert_eq!(sayso(&["add", "examples", "--to", &db]).status.code(), Some(0));
    let o = out(&sayso(&["origins", "she had the report on her desk", "--in", &db]));
    let shown = readme.split("```text\n").nth(2).and_then(|r| r.split("```").next()).unwrap();
    assert_eq!(shown.trim(), o.trim());
}

#[test]
fn standard_input_and_html_and_markdown_are_read() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_sayso"))
        .args(["read", "-", "--format", "jsonl"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all("“No,” said Ida Moss.".as_bytes()).unwrap();
    let text = out(&child.wait_with_output().unwrap());
    assert!(text.contains("\"path\":\"-\"") && text.contains("Ida Moss"), "{text}");
    let o = sayso(&["read", "examples/night-market.html", "examples/choir-interview.md", "--format", "jsonl"]);
    let text = out(&o);
    assert_eq!(text.lines().count(), 2);
    assert!(text.lines().next().unwrap().contains("\"outlet\":\"The Lantern\""));
    assert!(!text.contains("cookies"), "page furniture was taken for the story");
}

#[test]
fn folders_and_patterns_are_searched_and_tables_are_written() {
    let csv = file("all.csv", b"");
    let o = sayso(&["read", "examples", "--format", "csv", "-o", &csv]);
    assert_eq!(o.status.code(), Some(0), "{}", err(&o));
    assert!(err(&o).contains("8 read, 0 could not be read"), "{}", err(&o));
    let text = std::fs::read_to_string(&csv).unwrap();
    assert!(text.starts_with("path,story,"));
    assert!(text.lines().count() > 100);
    let o = sayso(&["read", "examples/harbour-*.txt", "--format", "json"]);
    let parsed: serde_json::Value = serde_json::from_str(&out(&o)).unwrap();
    assert_eq!(parsed.as_array().map(Vec::len), Some(3));
}

#[test]
fn filters_narrow_what_is_shown() {
    let all = out(&sayso(&["read", "examples/harbour-fund-insiders.txt", "--format", "csv"]));
    let unnamed = out(&sayso(&["read", "examples/harbour-fund-insiders.txt", "--format", "csv", "--unnamed"]));
    assert!(unnamed.lines().count() > 3 && unnamed.lines().count() < all.lines().count());
    assert!(unnamed.lines().skip(1).all(|l| l.contains(",unnamed,")));
    let firm = out(&sayso(&["read", "examples/harbour-fund-insiders.txt", "--format", "csv", "--min-sure", "firm"]));
    assert!(firm.lines().skip(1).all(|l| l.contains(",firm,")));
}

#[test]
fn the_evidence_behind_a_statement_is_shown_with_its_place() {
    let story: serde_json::Value =
        serde_json::from_str(&out(&sayso(&["read", "examples/harbour-fund-insiders.txt", "--format", "jsonl"]))).unwrap();
    let chars: Vec<char> = story["text"].as_str().unwrap().chars().collect();
    let words = |a: &serde_json::Value| -> String {
        let at = |i: usize| a["content"][0][i].as_u64().unwrap() as usize;
        chars[at(0)..at(1)].iter().collect()
    };
    let quote = story["attributions"].as_array().unwrap().iter().find(|a| words(a).contains("She was told in March")).unwrap();
    let id = quote["id"].as_str().unwrap();
    let text = out(&sayso(&["explain", id, "examples/harbour-fund-insiders.txt"]));
    let head = format!("{id} of examples/harbour-fund-insiders.txt");
    for part in [head.as_str(), "a former senior aide to Reyes", "source", "cue", "content", "line 10", "bytes ", "Sure: "] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let o = sayso(&["explain", "a999", "examples/lido.txt"]);
    assert_eq!(o.status.code(), Some(2));
    assert!(err(&o).contains("has no statement a999: it has a1 to a"), "{}", err(&o));
}

#[test]
fn what_cannot_be_read_is_named_with_its_reason() {
    let pdf = file("story.txt", b"%PDF-1.7\n1 0 obj");
    let empty = file("empty.txt", b"");
    let binary = file("binary.txt", &[0, 1, 2, 3, 4, 5, 0, 0, 0, 200]);
    let script = file("script.html", b"<html><body><script>document.write('x')</script></body></html>");
    let long = file("long.txt", &vec![b'a'; (16 << 20) + 1]);
    for (path, why) in
        [(&pdf, "is a PDF"), (&empty, "is empty"), (&binary, "control bytes"), (&script, "without visible text"), (&long, "is 16 MiB long")]
    {
        let o = sayso(&["read", path]);
        assert_eq!(o.status.code(), Some(2), "{path}");
        assert!(err(&o).contains(why) && err(&o).contains(path.as_str()), "{}", err(&o));
    }
    let o = sayso(&["read", "no-such-file.txt"]);
    assert_eq!(o.status.code(), Some(2));
    assert!(err(&o).contains("no-such-file.txt does not exist"));
    // One bad file stops nothing.
    let o = sayso(&["read", &pdf, "examples/lido.txt"]);
    assert_eq!(o.status.code(), Some(1));
    assert!(out(&o).contains("Tuttle") && err(&o).contains("1 read, 1 could not be read"), "{}", err(&o));
}

#[test]
fn terminal_escapes_and_direction_marks_never_reach_the_terminal() {
    let path =
        file("escape.txt", "\u{1b}]0;owned\u{7}Title\n\n“\u{202e}Evil\u{1b}[31m,” said Ida \u{200b}Moss of the office.\n".as_bytes());
    for format in ["terminal", "markdown", "html", "csv"] {
        let text = out(&sayso(&["read", &path, "--format", format]));
        assert!(!text.chars().any(|c| c == '\u{1b}' || c == '\u{7}' || c == '\u{202e}'), "{format}: {text:?}");
    }
}

#[test]
fn markup_in_a_story_stays_text_in_the_page() {
    let path = file(
        "markup.txt",
        "Title <script>alert(1)</script>\n\n“<img src=x onerror=alert(1)>,” said Ida Moss, the <b>mayor</b> of Vellmar.\n".as_bytes(),
    );
    let page = out(&sayso(&["read", &path, "--format", "html"]));
    assert!(!page.contains("<script") && !page.contains("<img") && !page.contains("<b>"), "{page}");
    assert!(page.contains("&lt;img"));
}

#[test]
fn a_closed_pipe_is_no_failure() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_sayso"))
        .args(["read", "examples", "--format", "jsonl"])
        .current_dir(root())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let o = child.wait_with_output().unwrap();
    assert_eq!(o.status.code(), Some(0), "{}", err(&o));
    assert_eq!(err(&o), "");
}

#[test]
fn the_same_input_gives_the_same_bytes_with_one_thread_and_with_two() {
    let first = sayso(&["read", "examples", "--format", "jsonl", "-j", "1"]).stdout;
    for jobs in ["2", "1", "2"] {
        assert_eq!(sayso(&["read", "examples", "--format", "jsonl", "-j", jobs]).stdout, first);
    }
}

#[test]
fn the_exchange_format_is_what_its_schema_says() {
    let schema: serde_json::Value = serde_json::from_str(&out(&sayso(&["schema"]))).unwrap();
    let text = out(&sayso(&["read", "examples", "--format", "jsonl"]));
    for line in text.lines() {
        let story: serde_json::Value = serde_json::from_str(line).unwrap();
        let mut wrong = Vec::new();
        validate(&schema, &schema["$defs"]["story"], &story, "story", &mut wrong);
        assert!(wrong.is_empty(), "{wrong:?}");
        let chars: Vec<char> = story["text"].as_str().unwrap().chars().collect();
        for a in story["attributions"].as_array().unwrap() {
            for span in a["content"].as_array().unwrap() {
                assert!(span[1].as_u64().unwrap() as usize <= chars.len());
            }
        }
    }
    let mut wrong = Vec::new();
    validate(&schema, &schema["$defs"]["meta"], &serde_json::json!({"title": 5, "extra": null}), "meta", &mut wrong);
    assert_eq!(wrong.len(), 7, "the check itself finds fault: {wrong:?}");
}

/// The part of JSON Schema that ours uses.
fn validate(root: &serde_json::Value, schema: &serde_json::Value, value: &serde_json::Value, at: &str, wrong: &mut Vec<String>) {
    if let Some(r) = schema["$ref"].as_str() {
        return validate(root, &root["$defs"][r.rsplit('/').next().unwrap()], value, at, wrong);
    }
    if let Some(any) = schema["anyOf"].as_array() {
        let fits = any.iter().any(|s| {
            let mut inner = Vec::new();
            validate(root, s, value, at, &mut inner);
            inner.is_empty()
        });
        if !fits {
            wrong.push(format!("{at} fits none"));
        }
        return;
    }
    let is = |t: &str| match t {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_u64() || value.is_i64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        _ => value.is_null(),
    };
    let typed = match &schema["type"] {
        serde_json::Value::String(t) => is(t),
        serde_json::Value::Array(ts) => ts.iter().any(|t| is(t.as_str().unwrap())),
        _ => true,
    };
    if !typed {
        wrong.push(format!("{at} has the wrong type"));
    }
    if let Some(allowed) = schema["enum"].as_array()
        && !allowed.contains(value)
    {
        wrong.push(format!("{at} is {value}"));
    }
    if let Some(object) = value.as_object() {
        for key in schema["required"].as_array().into_iter().flatten() {
            if !object.contains_key(key.as_str().unwrap()) {
                wrong.push(format!("{at} lacks {key}"));
            }
        }
        for (k, v) in object {
            match schema["properties"].get(k) {
                Some(s) => validate(root, s, v, &format!("{at}.{k}"), wrong),
                None => wrong.push(format!("{at} has {k}")),
            }
        }
    }
    if let Some(array) = value.as_array() {
        for (i, v) in array.iter().enumerate() {
            validate(root, &schema["items"], v, &format!("{at}[{i}]"), wrong);
        }
    }
}
