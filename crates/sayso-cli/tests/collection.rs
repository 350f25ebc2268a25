//! Collections through the command: adding, looking up, tracing, and what must not be lost.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use sayso_store::Store;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn sayso(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sayso")).current_dir(root()).env("NO_COLOR", "1").args(args).output().unwrap()
}

fn out(o: &Output) -> String {
    String::from_utf8_lossy(&o.stdout).into_owned()
}

fn err(o: &Output) -> String {
    String::from_utf8_lossy(&o.stderr).into_owned()
}

/// A folder of this test's own, empty.
fn place(name: &str) -> PathBuf {
    let p = std::env::temp_dir().join(format!("sayso-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&p);
    fs::create_dir_all(&p).unwrap();
    p
}

fn path(p: &Path) -> &str {
    p.to_str().unwrap()
}

/// The three stories of the harbour fund, and the rest of the examples.
fn examples(dir: &Path) -> PathBuf {
    let to = dir.join("news.sayso");
    let o = sayso(&["add", "examples", "--to", path(&to)]);
    assert!(o.status.success(), "{}", err(&o));
    to
}

#[test]
fn three_reports_one_visible_origin() {
    let dir = place("origins");
    let db = examples(&dir);
    let o = sayso(&["origins", "she had the report on her desk", "--in", path(&db)]);
    assert!(out(&o).contains("3 reports, 1 visible origin"), "{}", out(&o));
    assert!(out(&o).contains("no earlier source visible here") && out(&o).contains("rank lost"), "{}", out(&o));
    assert!(!out(&o).to_lowercase().contains("independent"), "{}", out(&o));
    let three: Vec<String> = ["insiders", "relay", "wire"].iter().map(|n| format!("examples/harbour-fund-{n}.txt")).collect();
    let mut args = vec!["origins", "--in", path(&db)];
    args.extend(three.iter().map(String::as_str));
    let o = sayso(&args);
    assert!(out(&o).starts_with("3 reports, 1 visible origin\n  Ferrisburg Herald (2023-05-03) ← "), "{}", out(&o));
    // a quotation that is written down a little wrong, and one that nobody has
    let o = sayso(&["trace", "had the report on her desk, with yellow tabs", "--in", path(&db)]);
    assert!(out(&o).contains("because: "), "{}", out(&o));
    let o = sayso(&["trace", "nobody ever said such a thing in here", "--in", path(&db)]);
    assert!(out(&o).contains("stand nowhere in this collection of 8 stories"), "{}", out(&o));
    assert_eq!(o.status.code(), Some(1));
}

#[test]
fn lineage_in_every_format() {
    let dir = place("formats");
    let db = examples(&dir);
    let of = |format: &str| out(&sayso(&["trace", "--in", path(&db), "--format", format]));
    let json: serde_json::Value = serde_json::from_str(&of("json")).unwrap();
    assert_eq!(json["schema"], "sayso-trace/1");
    let family = json["families"].as_array().unwrap().iter().find(|f| f["reports"] == 3).unwrap();
    assert_eq!((family["visible_origins"].as_u64(), family["undetermined"].as_u64()), (Some(1), Some(0)));
    let echo = &family["echoes"][0];
    assert_eq!(echo["how"], "stated");
    assert!(echo["changes"].as_array().unwrap().iter().any(|c| c == "cut, with an ellipsis"), "{echo}");
    assert!(echo["drift"].as_array().unwrap().iter().any(|c| c == "rank lost"), "{echo}");
    // spans of the evidence slice back to the same words
    let read = out(&sayso(&["read", "examples/harbour-fund-relay.txt", "--format", "json"]));
    let story: serde_json::Value = serde_json::from_str(&read).unwrap();
    let text: Vec<char> = story[0]["text"].as_str().unwrap().chars().collect();
    let run = &echo["evidence"][0]["runs"][0]["later"];
    let (a, b) = (run[0].as_u64().unwrap() as usize, run[1].as_u64().unwrap() as usize);
    assert_eq!(text[a..b].iter().collect::<String>(), "She had the report on her desk");
    let page: serde_json::Value = serde_json::from_str(&of("webanno")).unwrap();
    assert_eq!(page["@context"], "http://www.w3.org/ns/anno.jsonld");
    assert_eq!(page["items"][0]["target"][0]["selector"][0]["type"], "TextQuoteSelector");
    assert!(of("graphml").contains("<graph edgedefault=\"directed\">") && of("graphml").matches("<edge ").count() >= 4);
    assert!(of("dot").starts_with("digraph lineage {") && of("dot").contains(" -> "));
    let csv = of("csv");
    let mut rows = csv::Reader::from_reader(csv.as_bytes());
    assert_eq!(rows.headers().unwrap().len(), 18);
    assert!(rows.records().map(|r| r.unwrap().len()).all(|n| n == 18));
}

#[test]
fn looking_up() {
    let dir = place("search");
    let db = examples(&dir);
    let jsonl = |args: &[&str]| -> Vec<serde_json::Value> {
        let mut all = args.to_vec();
        all.extend(["--in", path(&db), "--format", "jsonl"]);
        let o = sayso(&all);
        out(&o).lines().map(|l| serde_json::from_str(l).unwrap()).collect()
    };
    let found = jsonl(&["search", "\"on her desk\""]);
    assert!(found.len() >= 3 && found.iter().all(|r| r["words"].as_str().unwrap().contains("on her desk")), "{found:?}");
    assert!(jsonl(&["search", "insolv*"]).iter().all(|r| r["words"].as_str().unwrap().to_lowercase().contains("insolv")));
    let named = jsonl(&["search", "--speaker", "Reyes", "--naming", "named", "--form", "direct"]);
    assert!(!named.is_empty() && named.iter().all(|r| r["naming"] == "named" && r["form"] == "direct"), "{named:?}");
    assert!(jsonl(&["search", "--from", "2023-05-04", "--until", "2023-05-04"]).iter().all(|r| r["outlet"] == "The Daily Skimmer"));
    let said = jsonl(&["said", "alma reyes"]);
    assert!(said.len() >= 5 && said.iter().all(|r| r["speaker"] == "Alma Reyes"), "{said:?}");
    let o = sayso(&["said", "Nobody Atall", "--in", path(&db)]);
    assert!(o.status.code() == Some(1) && err(&o).contains("nothing is attributed"), "{}", err(&o));
    assert!(out(&sayso(&["sources", "--in", path(&db)])).contains("On what terms, by outlet"));
    let stats = jsonl(&["stats"]);
    assert_eq!(stats[0]["number"], 8);
    // operators of the full-text index are words here
    assert_eq!(sayso(&["search", "NOT OR ( ^ * \"", "--in", path(&db)]).status.code(), Some(1));
}

#[test]
fn adding_again_changes_nothing_and_a_changed_page_is_a_version() {
    let dir = place("again");
    let db = examples(&dir);
    let o = sayso(&["add", "examples", "--to", path(&db)]);
    assert!(err(&o).contains("0 added, 8 were there already"), "{}", err(&o));
    let page = |words: &str| {
        format!(
            "<!doctype html><html lang=en><head><title>Bridge shut</title><link rel=canonical href=\"https://herald.example/bridge\">\
             <meta property=\"og:site_name\" content=\"Ferrisburg Herald\"></head><body><article><h1>Bridge shut</h1><p>{words}</p>\
             <p>The mayor said that the old bridge over the harbour would stay shut until the engineers had looked at every bolt of it.</p>\
             <p>\u{201c}Nobody will cross it before I have crossed it myself,\u{201d} said Ida Moss, who leads the council, on Monday.</p></article></body></html>"
        )
    };
    let (a, b) = (dir.join("a.html"), dir.join("b.html"));
    fs::write(&a, page("The bridge was shut on Monday, officials said, after a crack was found in one of its northern pillars.")).unwrap();
    fs::write(&b, page("The bridge was shut on Monday, officials said, after two cracks were found in one of its northern pillars."))
        .unwrap();
    assert!(err(&sayso(&["add", path(&a), "--to", path(&db)])).contains("1 added"));
    let o = sayso(&["add", path(&b), "--to", path(&db)]);
    assert!(err(&o).contains("1 as later versions"), "{}", err(&o));
    assert_eq!(Store::open(&db).unwrap().len().unwrap(), 10);
}

#[test]
fn json_lines_with_a_mapping_and_a_bad_line() {
    let dir = place("jsonl");
    let file = dir.join("dump.jsonl");
    fs::write(
        &file,
        "{\"id\":\"1\",\"body\":\"Ida Moss said the fund was empty.\",\"paper\":\"Herald\",\"date\":\"2023-05-03\"}\nnonsense\n\
         {\"id\":\"2\",\"body\":\"\u{201c}It is gone,\u{201d} Tobias Renn said.\",\"paper\":\"Courier\"}\n",
    )
    .unwrap();
    let db = dir.join("c.sayso");
    let o = sayso(&["add", path(&file), "--to", path(&db), "--field", "outlet=paper"]);
    assert_eq!(o.status.code(), Some(1));
    assert!(err(&o).contains("dump.jsonl:2 is not JSON") && err(&o).contains("2 added, 1 could not be read"), "{}", err(&o));
    let o = sayso(&["search", "--outlet", "Courier", "--in", path(&db)]);
    assert!(out(&o).contains("Tobias Renn"), "{}", out(&o));
    let o = sayso(&["add", path(&file), "--to", path(&db), "--field", "hat=paper"]);
    assert!(err(&o).contains("no field"), "{}", err(&o));
}

/// Small stories, each its own.
fn many(dir: &Path, n: usize) -> PathBuf {
    let stories = dir.join("stories");
    fs::create_dir_all(&stories).unwrap();
    for i in 0..n {
        let text = format!(
            "Pier {i} shut\n\nThe pier number {i} was shut on Monday, officials of the harbour said.\n\n\
             \u{201c}We found {} loose planks on it,\u{201d} said Ida Moss, who inspects piers.\n",
            i + 2
        );
        fs::write(stories.join(format!("pier-{i:03}.txt")), text).unwrap();
    }
    stories
}

/// A run that is killed at any moment has lost no story that it reported, leaves a sound file, and the same command finishes the job.
/// `SAYSO_KILLS=50` kills fifty times.
#[test]
fn killed_at_random_moments() {
    let dir = place("kill");
    let n = 160;
    let stories = many(&dir, n);
    let db = dir.join("killed.sayso");
    let kills: u64 = std::env::var("SAYSO_KILLS").ok().and_then(|k| k.parse().ok()).unwrap_or(6);
    let mut reported: BTreeSet<String> = BTreeSet::new();
    for k in 0..kills {
        // in another file every few kills, so that beginnings are met too
        if k % 8 == 7 {
            let _ = fs::remove_file(&db);
            reported.clear();
        }
        let mut child = Command::new(env!("CARGO_BIN_EXE_sayso"))
            .args(["add", path(&stories), "--to", path(&db), "--list", "-j", "1"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap());
        let reader = std::thread::spawn(move || lines.lines().map_while(Result::ok).collect::<Vec<String>>());
        std::thread::sleep(std::time::Duration::from_millis(3 + (k * 7919) % 900));
        let _ = child.kill();
        let _ = child.wait();
        reported.extend(reader.join().unwrap());
        match Store::open(&db) {
            Ok(store) => {
                store.verify().unwrap();
                for path in &reported {
                    assert_eq!(store.find(path).unwrap().len(), 1, "{path} was reported and is not there");
                }
            }
            // killed before the first table was laid
            Err(e) => assert!(reported.is_empty(), "{e}"),
        }
    }
    let o = sayso(&["add", path(&stories), "--to", path(&db)]);
    assert!(o.status.success(), "{}", err(&o));
    let store = Store::open(&db).unwrap();
    store.verify().unwrap();
    assert_eq!(store.len().unwrap(), n);
}

#[test]
fn two_writers_wait_for_each_other() {
    let dir = place("two");
    let stories = many(&dir, 64);
    let db = dir.join("two.sayso");
    let start = |from: &str| {
        Command::new(env!("CARGO_BIN_EXE_sayso"))
            .args(["add", &format!("{}/{from}*.txt", path(&stories)), "--to", path(&db), "-j", "1"])
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    };
    let children = [start("pier-00"), start("pier-01"), start("pier-0[2-6]")];
    for c in children {
        let o = c.wait_with_output().unwrap();
        assert!(o.status.success(), "{}", err(&o));
    }
    let store = Store::open(&db).unwrap();
    store.verify().unwrap();
    assert_eq!(store.len().unwrap(), 64);
}

#[test]
fn what_is_wrong_with_a_file_is_said_and_it_is_left_as_it_is() {
    let dir = place("wrong");
    let db = examples(&dir);
    let whole = fs::read(&db).unwrap();
    let case = |name: &str, bytes: &[u8]| {
        let p = dir.join(name);
        fs::write(&p, bytes).unwrap();
        let said: Vec<String> =
            [vec!["add", "examples", "--to", path(&p)], vec!["stats", "--in", path(&p)]].iter().map(|a| err(&sayso(a))).collect();
        assert_eq!(fs::read(&p).unwrap(), bytes, "{name} was changed");
        assert_eq!(said[0], said[1]);
        said[0].clone()
    };
    assert!(case("cut.sayso", &whole[..whole.len() / 2]).contains("is damaged ("));
    assert!(
        case("text.sayso", b"This is no collection, it is a text that somebody saved under its name. ".repeat(80).as_slice())
            .contains("is no Sayso collection")
    );
    let mut newer = whole.clone();
    newer[60..64].copy_from_slice(&99u32.to_be_bytes()); // user_version in the header of SQLite's format
    assert!(case("newer.sayso", &newer).contains("made by a newer Sayso (its format is version 99"));
    let mut foreign = whole.clone();
    foreign[68..72].copy_from_slice(&7u32.to_be_bytes()); // application_id
    assert!(case("foreign.sayso", &foreign).contains("is no Sayso collection"));
    let o = sayso(&["stats", "--in", path(&dir.join("none.sayso"))]);
    assert!(err(&o).contains("does not exist; `sayso add STORIES --to"), "{}", err(&o));
}

/// A limit on file sizes stands in for a full disk: writes fail in the middle.
#[cfg(unix)]
#[test]
fn no_room_is_said_and_nothing_is_lost() {
    let dir = place("room");
    let stories = many(&dir, 160);
    let db = dir.join("room.sayso");
    let command =
        format!("trap '' XFSZ; ulimit -f 900; exec {} add {} --to {} --list -j 1", env!("CARGO_BIN_EXE_sayso"), path(&stories), path(&db));
    let o = Command::new("bash").args(["-c", &command]).output().unwrap();
    assert_eq!(o.status.code(), Some(2), "{}", err(&o));
    assert!(err(&o).contains("is kept"), "{}", err(&o));
    let reported: Vec<String> = out(&o).lines().map(str::to_string).collect();
    let store = Store::open(&db).unwrap();
    store.verify().unwrap();
    for p in &reported {
        assert_eq!(store.find(p).unwrap().len(), 1, "{p}");
    }
    drop(store);
    let o = sayso(&["add", path(&stories), "--to", path(&db)]);
    assert!(o.status.success(), "{}", err(&o));
    assert_eq!(Store::open(&db).unwrap().len().unwrap(), 160);
}

/// A collection made by the first version of the format is read by every version after it.
#[test]
fn the_frozen_collection_opens() {
    let dir = place("frozen");
    let db = dir.join("v1.sayso");
    fs::copy(root().join("crates/sayso-store/tests/frozen/v1.sayso"), &db).unwrap();
    let store = Store::open(&db).unwrap();
    store.verify().unwrap();
    assert_eq!(store.len().unwrap(), 3);
    drop(store);
    let o = sayso(&["origins", "she had the report on her desk", "--in", path(&db)]);
    assert!(out(&o).contains("3 reports, 1 visible origin"), "{}{}", out(&o), err(&o));
    let o = sayso(&["said", "Alma Reyes", "--in", path(&db)]);
    assert!(out(&o).contains("like everybody else"), "{}", out(&o));
}
