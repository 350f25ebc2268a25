//! What goes into a collection comes out of it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::fs;
use std::path::{Path, PathBuf};

use sayso::{Story, Tagger};
use sayso_read::{Hint, read};
use sayso_store::{Arrival, Query, Store, bytes_hash};
use sayso_text::Alignment;

fn examples() -> Vec<(String, Vec<u8>, Story)> {
    let mut files: Vec<PathBuf> =
        fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples")).unwrap().map(|e| e.unwrap().path()).collect();
    files.sort();
    files
        .into_iter()
        .map(|f| {
            let name = f.file_name().unwrap().to_string_lossy().into_owned();
            let bytes = fs::read(&f).unwrap();
            let got = read(&bytes, &Hint { name: Some(name.clone()), format: None }).unwrap();
            let mut story = sayso::read(got.value, Tagger::shared());
            story.warnings.splice(0..0, got.warnings);
            (name, bytes, story)
        })
        .collect()
}

/// A story as the collection keeps it: its probabilities are known to a tenth, and the way back to its file is not kept.
fn as_kept(story: &Story) -> String {
    let mut s = story.clone();
    s.doc.alignment = Alignment::default();
    s.doc.links.clear();
    for x in &mut s.statements {
        x.attribution.probability = (x.sure.range.0 + x.sure.range.1) / 2.0;
    }
    for x in s.sources.iter_mut().filter(|x| x.naming == sayso::Naming::Named) {
        x.reason = None;
    }
    format!("{s:#?}").lines().filter(|l| !l.contains("probability:")).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_story_comes_back_as_it_went_in_and_goes_when_it_is_removed() {
    let examples = examples();
    assert!(examples.len() > 5);
    let mut store = Store::in_memory().unwrap();
    for (name, bytes, story) in &examples {
        store.add(&[Arrival { story, path: name, bytes: &bytes_hash(bytes) }]).unwrap();
    }
    assert!(examples.iter().any(|(_, _, s)| !s.warnings.is_empty()), "no example has a warning to keep");
    for (k, (name, _, story)) in examples.iter().enumerate() {
        let back = store.story(k as i64 + 1).unwrap().unwrap();
        assert_eq!(&back.path, name);
        pretty(&as_kept(story), &as_kept(&back.story), name);
    }
    assert!(store.story(99).unwrap().is_none());

    let words = Query { words: Some("coffee".into()), limit: 10, ..Query::default() };
    let (_, before) = store.search(&words).unwrap();
    assert!(before > 1);
    let first = store.find("harbour-fund-insiders.txt").unwrap()[0];
    assert!(store.remove(first).unwrap());
    assert!(!store.remove(first).unwrap());
    assert!(store.story(first).unwrap().is_none());
    assert!(store.search(&words).unwrap().1 < before);
    assert!(!store.stories_with(&["coffee"]).unwrap().contains(&first));
    assert_eq!(store.len().unwrap(), examples.len() - 1);
    store.verify().unwrap();
    let (listed, all) = store.list(None, None, 3).unwrap();
    assert_eq!((listed.len(), all), (3, examples.len() - 1));
    let (next, _) = store.list(None, Some(listed[2].id), 3).unwrap();
    assert!(next[0].id < listed[2].id);
    assert_eq!(store.list(Some("100% of_nothing"), None, 3).unwrap().1, 0);
}

fn pretty(a: &str, b: &str, name: &str) {
    for (x, y) in a.lines().zip(b.lines()) {
        assert_eq!(x, y, "{name}");
    }
    assert_eq!(a.lines().count(), b.lines().count(), "{name}");
}

#[test]
fn a_collection_of_the_first_version_is_read_as_it_is_and_brought_up_to_date_when_written() {
    let dir = std::env::temp_dir().join(format!("sayso-migrate-{}", std::process::id()));
    fs::create_dir_all(&dir).unwrap();
    let file = dir.join("v1.sayso");
    fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/frozen/v1.sayso"), &file).unwrap();
    let store = Store::open(&file).unwrap();
    let old = store.story(1).unwrap().unwrap();
    assert!(old.story.warnings.is_empty() && !old.story.statements.is_empty());
    drop(store);
    let (name, bytes, story) = examples().swap_remove(0);
    let mut store = Store::create(&file).unwrap();
    store.add(&[Arrival { story: &story, path: &name, bytes: &bytes_hash(&bytes) }]).unwrap();
    assert_eq!(as_kept(&store.story(1).unwrap().unwrap().story), as_kept(&old.story));
    store.verify().unwrap();
    drop(store);
    fs::remove_dir_all(&dir).unwrap();
}
