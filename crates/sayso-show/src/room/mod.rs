//! The reading room: every page that a browser shows, as markup and as data. Nothing here knows HTTP; `sayso-serve` hands out what it is
//! given.
//!
//! Pages are put together by `maud`, which escapes whatever it is given: they are logic over spans more than they are layout, and a
//! template language would need a type for every fragment. What stands in a page passes `harmless` once, at the door.

mod api;
mod chain;
mod compare;
pub(crate) mod data;
mod explain;
mod help;
mod read;
mod sources;
mod stories;
mod tables;
mod tree;

use maud::{DOCTYPE, Markup, PreEscaped, html};
use sayso::Naming;
use serde_json::Value;

pub use api::ApiPage;
pub use chain::{Chains, FamilyPage, Origins, StoryChain};
pub use compare::Compare;
pub use data::{
    Arrivals, Arrived, Changed, CompareData, Count, CountTables, EchoItem, Failure, FailureBody, Hit, Hits, NameCount, OriginItem,
    OriginsData, OutletTerms, SaidItem, SaidList, Side, StoryItem, StoryList, csv, rows,
};
pub use explain::Explained;
pub use help::Help;
pub use read::Read;
pub use sources::{SourceOrder, SourceTable};
pub use stories::{Add, Arrival, Stories, Trouble};
pub use tables::{Counts, Said, Search};

use crate::view::harmless;

/// The style sheet.
pub const STYLE: &str = include_str!("room.css");
/// The script: comfort only, every page works without it.
pub const SCRIPT: &str = include_str!("room.js");
/// The icon.
pub const ICON: &str = include_str!("icon.svg");

/// One of the two collections.
#[derive(Clone, Debug, Default)]
pub struct Shelf {
    /// What it is called.
    pub name: String,
    /// How many stories it holds.
    pub stories: usize,
}

/// What stands about a page.
#[derive(Clone, Debug, Default)]
pub struct Chrome {
    /// Where the pages of this collection begin: "" for the file, "/desk" for what is not kept.
    pub prefix: &'static str,
    /// What a form that writes has to carry.
    pub token: String,
    /// The path of this page behind the prefix, without an ending.
    pub path: String,
    /// Its query, without the question mark.
    pub query: String,
    /// The collection in the file.
    pub kept: Shelf,
    /// What is not kept.
    pub desk: Shelf,
    /// What the names of style sheet and script carry, so that a browser may keep them for good.
    pub stamp: String,
    /// A page that stands alone: no links to others, no script, its style inside.
    pub alone: bool,
}

impl Chrome {
    /// For a page that is kept as a file.
    pub fn alone() -> Self {
        Self { alone: true, ..Self::default() }
    }

    /// An address in this collection.
    pub fn href(&self, path: &str) -> String {
        format!("{}{path}", self.prefix)
    }

    /// A link to another page of this collection, or its words alone where there is none to lead to.
    pub fn link(&self, path: &str, words: &str) -> Markup {
        html! { @if self.alone { (words) } @else { a href=(self.href(path)) { (words) } } }
    }

    /// This page with another ending.
    fn other(&self, ending: &str) -> String {
        let path = if self.path == "/" { "/stories" } else { self.path.as_str() };
        let query = if self.query.is_empty() { String::new() } else { format!("?{}", self.query) };
        format!("{}{path}.{ending}{query}", self.prefix)
    }
}

/// A page and what it says, in every format.
pub trait Page {
    /// Its name, for the window and for lists.
    fn title(&self) -> String;

    /// What stands between head and foot.
    fn body(&self, c: &Chrome) -> Markup;

    /// What it says, as one JSON value.
    fn json(&self) -> Value;

    /// What it says, as rows: one object each.
    fn rows(&self) -> Vec<Value>;

    /// The stories that it speaks of, by number.
    fn stories(&self) -> Vec<i64> {
        Vec::new()
    }

    /// Which part of the house it belongs to: the path in the navigation.
    fn at(&self) -> &'static str {
        ""
    }

    /// Whether it can be exported.
    fn exports(&self) -> bool {
        true
    }
}

/// The whole document of a page.
pub fn document(page: &dyn Page, c: &Chrome) -> String {
    let title = page.title();
    let markup = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                @if c.alone {
                    meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'";
                    meta name="generator" content=(concat!("Sayso ", env!("CARGO_PKG_VERSION")));
                }
                title { (title) " · Sayso" }
                @if c.alone {
                    style { (PreEscaped(STYLE)) }
                } @else {
                    link rel="icon" href="/assets/icon.svg" type="image/svg+xml";
                    link rel="stylesheet" href={ "/assets/" (c.stamp) "/room.css" };
                    script src={ "/assets/" (c.stamp) "/room.js" } defer {}
                }
            }
            body {
                @if !c.alone {
                    a .skip href="#main" { "Skip to the content" }
                    (head(page, c))
                }
                main #main tabindex="-1" { (page.body(c)) }
                footer .foot {
                    @if !c.alone && page.exports() { (exports(page, c)) }
                    p { "Sayso shows to whom the article attributes words. Whether they were said, it does not know." }
                    @if c.alone { p { "Made by Sayso " (env!("CARGO_PKG_VERSION")) "." } }
                }
            }
        }
    };
    harmless(&markup.into_string())
}

fn head(page: &dyn Page, c: &Chrome) -> Markup {
    const ROOMS: &[(&str, &str)] = &[
        ("/", "Stories"),
        ("/search", "Search"),
        ("/said", "Said"),
        ("/chain", "Chain"),
        ("/counts", "Counts"),
        ("/add", "Add"),
        ("/help", "Help"),
    ];
    html! {
        header .top {
            a .name href=(if c.prefix.is_empty() { "/" } else { c.prefix }) { "Sayso" }
            nav aria-label="Pages" {
                ul {
                    @for (path, name) in ROOMS {
                        @let href = match *path { "/" if !c.prefix.is_empty() => c.prefix.to_string(), "/add" | "/help" => (*path).to_string(), p => c.href(p) };
                        li { a href=(href) aria-current=[(page.at() == *path).then_some("page")] { (name) } }
                    }
                }
            }
            p .shelf {
                @if c.prefix.is_empty() {
                    span title="This collection is a file" { (c.kept.name) }
                    @if c.desk.stories > 0 { " · " a href="/desk" { "desk (" (c.desk.stories) ")" } }
                } @else {
                    strong { "The desk" } ", not kept · "
                    a href="/" { (c.kept.name) }
                }
            }
        }
    }
}

fn exports(page: &dyn Page, c: &Chrome) -> Markup {
    let stories = page.stories();
    html! {
        nav .exports aria-label="Export this page" {
            span { "Export: " }
            a href=(c.other("html")) download { "page to keep" } " "
            a href=(c.other("csv")) download { "CSV" } " "
            a href=(c.other("jsonl")) download { "JSON Lines" } " "
            a href=(c.other("json")) { "JSON" } " "
            @if !stories.is_empty() { a href=(c.other("exchange.jsonl")) download { "exchange format" } " " }
            span .quiet { "or print" }
        }
    }
}

/// The letter of a naming class: it tells what colour tells, without colour.
pub fn letter(naming: Naming) -> &'static str {
    match naming {
        Naming::Named => "N",
        Naming::Unnamed => "U",
        Naming::Collective => "G",
        Naming::Public => "P",
        Naming::Document => "D",
        Naming::Outlet => "O",
        Naming::None => "–",
    }
}

/// The letter in its box, with the class's name for those who do not see it.
fn tag(naming: Naming) -> Markup {
    let name = if naming == Naming::None { "nobody stated" } else { naming.name() };
    html! { span .letter .(naming.name()) title=(name) { span aria-hidden="true" { (letter(naming)) } span .hush { (name) ": " } } }
}

/// A part of an address behind a question mark.
fn encoded(words: &str) -> String {
    let mut out = String::new();
    for b in words.bytes() {
        match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(b)),
            b' ' => out.push('+'),
            b => out += &format!("%{b:02X}"),
        }
    }
    out
}

/// "1 story", "2 stories".
fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{} {}", thousands(n as i64), if n == 1 { one } else { many })
}

/// 12,345.
fn thousands(n: i64) -> String {
    let digits = n.unsigned_abs().to_string();
    let groups: Vec<&str> = digits.as_bytes().rchunks(3).rev().filter_map(|g| std::str::from_utf8(g).ok()).collect();
    format!("{}{}", if n < 0 { "-" } else { "" }, groups.join(","))
}

/// An address that a page may lead to: the web's own, nothing that runs.
fn web_address(address: &str) -> Option<&str> {
    let lower = address.trim_start().get(..8).unwrap_or(address).to_ascii_lowercase();
    (lower.starts_with("https://") || lower.starts_with("http://")).then_some(address)
}

/// "Ferrisburg Herald, 2023-05-03".
fn published(outlet: Option<&str>, date: Option<&str>) -> String {
    let day = date.map_or("undated", |d| d.split('T').next().unwrap_or(d));
    format!("{}, {day}", outlet.unwrap_or("no outlet"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_the_web_are_led_to() {
        assert_eq!(web_address("https://example.org/a"), Some("https://example.org/a"));
        for bad in ["javascript:alert(1)", " JavaScript:alert(1)", "data:text/html,x", "//example.org", "ftp://x", ""] {
            assert_eq!(web_address(bad), None, "{bad}");
        }
    }

    #[test]
    fn words_go_into_an_address_whole() {
        assert_eq!(encoded("a b&c=d/é?"), "a+b%26c%3Dd%2F%C3%A9%3F");
        assert_eq!(thousands(1_234_567), "1,234,567");
        assert_eq!(thousands(12), "12");
    }
}
