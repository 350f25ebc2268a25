//! The collection's stories, adding to them, and what to say where something went wrong.

use maud::{Markup, html};
use serde_json::Value;

use super::data::{Arrivals, Failure, OriginsData, StoryList, json};
use super::{Chrome, Page, counted, encoded, published, thousands};

/// The list of stories.
pub struct Stories {
    /// The page of it.
    pub list: StoryList,
    /// What was looked for.
    pub like: String,
    /// Whether this is a page behind the first.
    pub further: bool,
}

impl Page for Stories {
    fn title(&self) -> String {
        "Stories".into()
    }

    fn at(&self) -> &'static str {
        "/"
    }

    fn json(&self) -> Value {
        json(&self.list)
    }

    fn rows(&self) -> Vec<Value> {
        self.list.items.iter().map(json).collect()
    }

    fn stories(&self) -> Vec<i64> {
        self.list.items.iter().map(|s| s.story).collect()
    }

    fn body(&self, c: &Chrome) -> Markup {
        let empty = self.list.found == 0 && self.like.is_empty();
        html! {
            h1 { @if c.prefix.is_empty() { "Stories" } @else { "The desk" } }
            @if !c.prefix.is_empty() {
                p .note { "What lies here is kept in memory only and is gone when Sayso stops. " a href="/add" { "Add a story" } " and choose to keep it, to have it in the collection." }
            }
            @if empty { (nothing_yet(c)) } @else { (list(self, c)) }
        }
    }
}

fn nothing_yet(c: &Chrome) -> Markup {
    html! {
        div .welcome {
            p .lead { "Nothing is here yet. Sayso reads news stories and shows to whom the article attributes every statement, on what terms, and where the words first appear." }
            @if !c.alone {
                form method="post" action="/examples" {
                    input type="hidden" name="token" value=(c.token);
                    button type="submit" { "Open the example stories" }
                    p .quiet { "Eight stories about places and people that do not exist. They go to the desk and are gone when Sayso stops." }
                }
                @if c.desk.stories > 0 && c.prefix.is_empty() { p { "On " a href="/desk" { "the desk" } " lie " (counted(c.desk.stories, "story", "stories")) ", not kept." } }
                p { "Or " a href="/add" { "paste a story, or drop files" } "." }
            }
        }
    }
}

fn list(page: &Stories, c: &Chrome) -> Markup {
    let l = &page.list;
    html! {
        @if !c.alone {
            form .inline method="get" role="search" {
                label for="like" { "Title, outlet or file" }
                input #like name="like" value=(page.like) type="search";
                button type="submit" { "Show" }
            }
        }
        p .quiet role="status" {
            (counted(l.found, "story", "stories"))
            @if !page.like.is_empty() { " with “" (page.like) "”" }
            ", the last added first"
        }
        @if l.items.is_empty() { p .empty { "No story fits. " a href="?" { "Show all" } } }
        @if c.alone { (table(l, c)) }
        @else {
            form method="get" action=(c.href("/origins")) {
                (table(l, c))
                @if l.found > 1 {
                    p .actions {
                        "Of the chosen: "
                        button type="submit" { "How many origins?" } " "
                        button type="submit" formaction=(c.href("/compare")) { "Compare two" }
                    }
                }
            }
        }
        @if !c.alone && (page.further || l.next.is_some()) {
            @let like = if page.like.is_empty() { String::new() } else { format!("&like={}", encoded(&page.like)) };
            nav .pages aria-label="Pages of the list" {
                @if page.further { a href=(format!("?{}", like.trim_start_matches('&'))) { "The last added" } " " }
                @if let Some(next) = &l.next { a rel="next" href=(format!("?cursor={next}{like}")) { "Earlier ones" } }
            }
        }
    }
}

fn table(l: &StoryList, c: &Chrome) -> Markup {
    html! {
            div .wide role="region" aria-label="Stories" tabindex="0" {
                table .stories {
                    thead { tr {
                        @if !c.alone { th scope="col" { span .hush { "Choose" } } }
                        th scope="col" { "Story" } th scope="col" { "Published" }
                        th .n scope="col" { "Words" } th .n scope="col" { "Statements" } th .n scope="col" { "Named sources" } th .n scope="col" { "Unnamed sources" }
                    } }
                    tbody {
                        @for s in &l.items {
                            @let name = s.title.clone().unwrap_or_else(|| s.path.clone());
                            tr {
                                @if !c.alone { td { input type="checkbox" name="story" value=(s.story) aria-label=(format!("Choose: {name}")) autocomplete="off"; } }
                                th scope="row" { (c.link(&format!("/stories/{}", s.story), &name)) @if s.version_of.is_some() { " " small .flag { "later version" } } }
                                td { (published(s.outlet.as_deref(), s.published.as_deref())) }
                                td .n { (thousands(s.words.into())) }
                                td .n { (s.statements) } td .n { (s.named_sources) } td .n { (s.unnamed_sources) }
                            }
                        }
                    }
                }
            }
    }
}

/// The form for stories.
pub struct Add;

impl Page for Add {
    fn title(&self) -> String {
        "Add stories".into()
    }

    fn at(&self) -> &'static str {
        "/add"
    }

    fn json(&self) -> Value {
        Value::Null
    }

    fn rows(&self) -> Vec<Value> {
        Vec::new()
    }

    fn exports(&self) -> bool {
        false
    }

    fn body(&self, c: &Chrome) -> Markup {
        html! {
            h1 { "Add stories" }
            p .lead { "Paste one, or drop files: plain text, Markdown, saved web pages. Nothing leaves this machine." }
            form #add .add method="post" action="/add" enctype="multipart/form-data" {
                input type="hidden" name="token" value=(c.token);
                label for="text" { "Text of a story" }
                textarea #text name="text" rows="12" spellcheck="false" {}
                div #drop .drop {
                    label for="files" { "Files" }
                    input #files name="files" type="file" multiple accept=".txt,.text,.html,.htm,.xhtml,.md,.markdown,text/*";
                    p .quiet { "Choose several at once" span .scripted { ", or drop them anywhere on this page" } ". Each is 16 MB at most." }
                }
                details {
                    summary { "What is known of the story" }
                    p .quiet { "For pasted text and for files that do not say it themselves. Dates and outlets are what tells who took words from whom." }
                    div .fields {
                        label for="outlet" { "Outlet" } input #outlet name="outlet" autocomplete="off";
                        label for="published" { "Published on" } input #published name="published" type="date" autocomplete="off";
                    }
                }
                fieldset {
                    legend { "What becomes of them" }
                    label { input type="radio" name="keep" value="no" checked; " not kept: on the desk until Sayso stops, in memory only" }
                    label { input type="radio" name="keep" value="yes"; " kept in " (c.kept.name) }
                }
                button type="submit" { "Read" }
                div #progress role="status" aria-live="polite" {}
            }
        }
    }
}

/// What became of the stories that were given.
pub struct Arrival {
    /// One after the other.
    pub arrivals: Arrivals,
    /// How many origins are visible behind them, where there are several.
    pub together: Option<OriginsData>,
}

impl Page for Arrival {
    fn title(&self) -> String {
        "What was read".into()
    }

    fn at(&self) -> &'static str {
        "/add"
    }

    fn json(&self) -> Value {
        json(&self.arrivals)
    }

    fn rows(&self) -> Vec<Value> {
        self.arrivals.items.iter().map(json).collect()
    }

    fn exports(&self) -> bool {
        false
    }

    fn body(&self, c: &Chrome) -> Markup {
        let items = &self.arrivals.items;
        let read: Vec<i64> = items.iter().filter_map(|a| a.story).collect();
        let refused = items.len() - read.len();
        html! {
            h1 { (counted(read.len(), "story", "stories")) " read" @if refused > 0 { ", " (refused) " could not be" } }
            @if let Some(t) = &self.together {
                p .verdict { (t.in_words) }
                p { (c.link(&format!("/origins?{}", read.iter().map(|s| format!("story={s}")).collect::<Vec<_>>().join("&")), "Which, and what shows it")) }
            }
            ul .arrived {
                @for a in items {
                    li {
                        @match a.story {
                            Some(id) => {
                                (c.link(&format!("/stories/{id}"), a.title.as_deref().unwrap_or(&a.name)))
                                " " span .quiet { (a.name) ", " (counted(a.statements, "statement", "statements")) (match a.outcome { "known" => ", was there already", "version" => ", a later version of a story that was there", _ => "" }) }
                            },
                            None => { strong { (a.name) } " " span .flag { "could not be read: " (a.why.as_deref().unwrap_or("")) } },
                        }
                    }
                }
            }
            p { a href="/add" { "Add more" } }
        }
    }
}

/// A page for what went wrong.
pub struct Trouble {
    /// The same as programs are told.
    pub failure: Failure,
}

impl Page for Trouble {
    fn title(&self) -> String {
        "That did not work".into()
    }

    fn json(&self) -> Value {
        json(&self.failure)
    }

    fn rows(&self) -> Vec<Value> {
        vec![json(&self.failure.error)]
    }

    fn exports(&self) -> bool {
        false
    }

    fn body(&self, _: &Chrome) -> Markup {
        let e = &self.failure.error;
        html! {
            h1 { "That did not work" }
            p .lead { (e.message) }
            p .quiet { "Code " code { (e.code) } ". " a href=(e.link) { "What it means" } " · " a href="/" { "All stories" } }
        }
    }
}
