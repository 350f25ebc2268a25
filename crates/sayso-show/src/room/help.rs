//! What the words and marks mean.

use maud::{Markup, html};
use sayso::{Naming, SureLevel};
use serde_json::{Value, json};

use super::{Chrome, Page, tag};

/// The page.
pub struct Help;

/// Naming classes, with what they mean.
const CLASSES: &[(Naming, &str)] = &[
    (Naming::Named, "an identified person, or a body that speaks as such"),
    (Naming::Unnamed, "somebody whom the reporter leaves unidentified: an aide, an official, people familiar with the matter"),
    (Naming::Collective, "a group that is given words or opinions as a group: critics, the residents"),
    (Naming::Public, "an unidentified member of the public"),
    (Naming::Document, "something written or counted: a report, an indictment, a poll"),
    (Naming::Outlet, "a news organisation"),
    (Naming::None, "nobody is stated or implied"),
];

/// Words of the room, with what they mean.
const WORDS: &[(&str, &str)] = &[
    ("attribution, statement", "words that the article gives to somebody. Sayso never says that they were said."),
    ("source, cue, content", "whose it is, the words that signal it (“said”, “according to”), and what is attributed"),
    (
        "described, 0 to 7",
        "how specific a source's description is: 1 bare, 2 class, 3 institution, 4 institution and rank, 5 any of those and how the source knows, 6 named, 7 named with position. Not how credible.",
    ),
    ("via", "the outlet that the words were taken from"),
    ("echo", "words of one story that another carries too, whole, trimmed or altered"),
    (
        "stated, inferred, undetermined",
        "the later story says where it has the words; dates or wording tell; the words are shared and no more can be told",
    ),
    (
        "visible origin",
        "a report behind which no earlier one is seen in this collection. Text can show dependence and hardly ever its absence: two origins are not called independent.",
    ),
    ("the desk", "stories that are not kept. They lie in memory until Sayso stops."),
];

impl Page for Help {
    fn title(&self) -> String {
        "What the words mean".into()
    }

    fn at(&self) -> &'static str {
        "/help"
    }

    fn json(&self) -> Value {
        json!({ "terms": self.rows() })
    }

    fn rows(&self) -> Vec<Value> {
        let classes = CLASSES.iter().map(|(n, what)| json!({ "term": n.name(), "meaning": what }));
        let sure = SureLevel::ALL.into_iter().map(|l| json!({ "term": l.name(), "meaning": l.definition() }));
        classes.chain(WORDS.iter().map(|(w, what)| json!({ "term": w, "meaning": what }))).chain(sure).collect()
    }

    fn body(&self, c: &Chrome) -> Markup {
        html! {
            h1 { "What the words mean" }
            h2 { "Letters" }
            dl .evidence { @for (n, what) in CLASSES { dt { (tag(*n)) (n.name()) } dd { (what) } } }
            h2 { "Words" }
            dl .evidence { @for (w, what) in WORDS { dt { (w) } dd { (what) } } }
            h2 { "How sure" }
            dl .evidence { @for l in SureLevel::ALL { dt { (l.name()) } dd { (l.definition()) } } }
            p { "It is about whether the words were found right, not about the source." }
            h2 { "What stays on this machine" }
            p { "Everything. Sayso listens on this machine alone, opens no connection to anywhere, and a page loads nothing from elsewhere. Stories on the desk are in memory only; browsers are told not to keep pages." }
            h2 #errors { "When something does not work" }
            dl .evidence { @for (code, what) in super::api::ERRORS { dt #(code) { code { (code) } } dd { (what) } } }
            @if !c.alone { p { "For programs: " a href="/api" { "the HTTP interface" } "." } }
        }
    }
}
