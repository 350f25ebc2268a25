//! Pages that are tables first: searching, what one name is given over time, counts.

use maud::{Markup, html};
use sayso::Naming;
use serde_json::Value;

use super::data::{CountTables, Hits, SaidList, json};
use super::{Chrome, Page, counted, encoded, published, tag, thousands};

fn naming(name: &str) -> Naming {
    Naming::parse(name).unwrap_or(Naming::None)
}

/// Statements that were looked for.
pub struct Search {
    /// What the form holds, by the names of its fields.
    pub asked: Vec<(&'static str, String)>,
    /// What was found; none where nothing was asked.
    pub hits: Option<Hits>,
    /// How many come before this page.
    pub skipped: usize,
}

impl Search {
    fn field(&self, name: &str) -> &str {
        self.asked.iter().find(|(n, _)| *n == name).map_or("", |(_, v)| v)
    }

    fn query(&self) -> String {
        self.asked.iter().filter(|(_, v)| !v.is_empty()).map(|(n, v)| format!("&{n}={}", encoded(v))).collect()
    }
}

impl Page for Search {
    fn title(&self) -> String {
        match self.field("q") {
            "" => "Search".into(),
            q => format!("Search: {q}"),
        }
    }

    fn at(&self) -> &'static str {
        "/search"
    }

    fn json(&self) -> Value {
        self.hits.as_ref().map(json).unwrap_or_else(|| json(&Hits { found: 0, items: Vec::new(), next: None }))
    }

    fn rows(&self) -> Vec<Value> {
        self.hits.iter().flat_map(|h| &h.items).map(json).collect()
    }

    fn stories(&self) -> Vec<i64> {
        let mut out: Vec<i64> = self.hits.iter().flat_map(|h| &h.items).map(|h| h.story).collect();
        out.sort_unstable();
        out.dedup();
        out
    }

    fn body(&self, c: &Chrome) -> Markup {
        let choose = |name: &str, label: &str, of: &[&str]| {
            html! {
                label for=(name) { (label) }
                select id=(name) name=(name) {
                    option value="" { "any" }
                    @for v in of { option value=(v) selected[self.field(name) == *v] { (v) } }
                }
            }
        };
        let input = |name: &str, label: &str, kind: &str| {
            html! { label for=(name) { (label) } input id=(name) name=(name) type=(kind) value=(self.field(name)); }
        };
        html! {
            h1 { "Search statements" }
            @if !c.alone {
                form .search method="get" action=(c.href("/search")) role="search" {
                    div .fields {
                        (input("q", "Words", "search"))
                        (input("speaker", "Attributed to", "text"))
                        (input("outlet", "Outlet", "text"))
                        (input("from", "From", "date"))
                        (input("until", "Until", "date"))
                        (choose("naming", "Source is", &["named", "unnamed", "collective", "public", "document", "outlet", "none"]))
                        (choose("form", "Form", &["direct", "indirect", "mixed"]))
                    }
                    button type="submit" { "Search" }
                    p .quiet { "“In quotation marks” means in that order; begin* finds beginnings." }
                }
            }
            @if let Some(h) = &self.hits {
                p role="status" {
                    (counted(h.found, "statement", "statements"))
                    @if self.skipped > 0 || h.next.is_some() { ", " (thousands(self.skipped as i64 + 1)) " to " (thousands((self.skipped + h.items.len()) as i64)) " shown" }
                }
                @if h.found == 0 { p .empty { "No statement fits. Fewer words find more, and begin* finds beginnings." } }
                ol .hits start=(self.skipped + 1) {
                    @for x in &h.items {
                        li {
                            p .words { (x.words) }
                            p .lines {
                                (tag(naming(&x.naming))) (x.speaker.as_deref().unwrap_or("nobody stated"))
                                " · " (x.form) @if let Some(v) = &x.via { " · via " (v) } " · " (x.sure) " · "
                                (c.link(&format!("/stories/{}#t-{}", x.story, x.statement), &published(x.outlet.as_deref(), x.published.as_deref())))
                                @if let Some(t) = &x.title { " · " span .quiet { (t) } }
                            }
                        }
                    }
                }
                @if !c.alone && (h.next.is_some() || self.skipped > 0) {
                    nav .pages aria-label="Pages of what was found" {
                        @if self.skipped > 0 { a href=(format!("?{}", self.query().trim_start_matches('&'))) { "First page" } " " }
                        @if let Some(next) = &h.next { a rel="next" href=(format!("?cursor={next}{}", self.query())) { "Next page" } }
                    }
                }
            }
        }
    }
}

/// What is attributed to one name over time.
pub struct Said {
    /// It; none where no name was asked for.
    pub said: Option<SaidList>,
    /// Names that are given most, to choose from.
    pub most: Vec<super::NameCount>,
}

impl Page for Said {
    fn title(&self) -> String {
        match &self.said {
            Some(s) => format!("Attributed to {}", s.name),
            None => "Attributed to one name".into(),
        }
    }

    fn at(&self) -> &'static str {
        "/said"
    }

    fn json(&self) -> Value {
        match &self.said {
            Some(s) => json(s),
            None => json(&SaidList { name: String::new(), names: Vec::new(), like: Vec::new(), items: Vec::new() }),
        }
    }

    fn rows(&self) -> Vec<Value> {
        self.said.iter().flat_map(|s| &s.items).map(json).collect()
    }

    fn stories(&self) -> Vec<i64> {
        let mut out: Vec<i64> = self.said.iter().flat_map(|s| &s.items).map(|x| x.story).collect();
        out.sort_unstable();
        out.dedup();
        out
    }

    fn body(&self, c: &Chrome) -> Markup {
        let asked = self.said.as_ref().map_or("", |s| s.name.as_str());
        let by_name = |n: &str| c.link(&format!("/said?name={}", encoded(n)), n);
        html! {
            h1 { @if asked.is_empty() { "Attributed to one name" } @else { "Attributed to " (asked) } }
            @if !c.alone {
                form .inline method="get" action=(c.href("/said")) role="search" {
                    label for="name" { "Name of a person, body, outlet or document" }
                    input #name name="name" type="search" value=(asked) required;
                    button type="submit" { "Show" }
                }
            }
            @match &self.said {
                None => {
                    @if self.most.is_empty() { p .empty { "There are no named sources here yet." } }
                    @else {
                        h2 { "Given most statements" }
                        ul .names { @for n in &self.most { li { (by_name(&n.name)) " " span .quiet { (n.statements) } } } }
                    }
                },
                Some(s) if s.items.is_empty() => {
                    p .empty role="status" { "Nothing is attributed to anybody of that name." @if !s.like.is_empty() { " There are:" } }
                    ul .names { @for n in &s.like { li { (by_name(n)) } } }
                    p .quiet { "Unnamed sources are not listed: who they are is not known, and nothing brings them together over stories." }
                },
                Some(s) => {
                    @let stories = self.stories().len();
                    p .summary role="status" { (counted(s.items.len(), "statement", "statements")) " in " (counted(stories, "story", "stories")) }
                    @if s.names.len() > 1 { p .note { "“" (s.name) "” fits " (s.names.len()) " full names, which may be different people: " (s.names.join(", ")) ". They are told apart below." } }
                    (timeline(s, c))
                },
            }
        }
    }
}

fn timeline(s: &SaidList, c: &Chrome) -> Markup {
    let month = |d: &Option<String>| d.as_deref().map_or("Undated".to_string(), |d| d.get(..7).unwrap_or(d).to_string());
    html! {
        @for group in s.items.chunk_by(|x, y| month(&x.published) == month(&y.published)) {
            h2 .month { (month(&group[0].published)) }
            ol .hits {
                @for x in group {
                    li {
                        p .words { (x.words) }
                        p .lines {
                            @if s.names.len() > 1 { strong { (x.speaker) } " · " }
                            @if let Some(r) = &x.role { (r) " · " }
                            (x.form) " " (x.level) @if x.channel != "unstated" { " · " (x.channel) } @if let Some(v) = &x.via { " · via " (v) } " · " (x.sure) " · "
                            (c.link(&format!("/stories/{}#t-{}", x.story, x.statement), &published(x.outlet.as_deref(), x.published.as_deref())))
                        }
                    }
                }
            }
        }
    }
}

/// Counts of a collection: tables first, charts second.
pub struct Counts {
    /// The tables.
    pub tables: CountTables,
    /// Every story that is counted.
    pub stories: Vec<i64>,
}

impl Page for Counts {
    fn title(&self) -> String {
        "Counts".into()
    }

    fn at(&self) -> &'static str {
        "/counts"
    }

    fn json(&self) -> Value {
        json(&self.tables)
    }

    fn rows(&self) -> Vec<Value> {
        let kind = |k: &str, mut v: Value| {
            if let Some(o) = v.as_object_mut() {
                o.insert("table".into(), k.into());
            }
            v
        };
        let t = &self.tables;
        let counts = t.counts.iter().map(|x| kind("counts", json(x)));
        let outlets = t.outlets.iter().map(|x| kind("outlets", json(x)));
        counts.chain(outlets).chain(t.names.iter().map(|x| kind("names", json(x)))).collect()
    }

    fn stories(&self) -> Vec<i64> {
        self.stories.clone()
    }

    fn body(&self, c: &Chrome) -> Markup {
        let t = &self.tables;
        html! {
            h1 { "Counts" }
            @if t.outlets.is_empty() { p .empty { "There is nothing to count yet." } }
            @else {
                p .quiet { "Each count stands with what it is out of. What is unknown is counted as such, and small numbers say little." }
                h2 { "On what terms, by outlet" }
                div .wide role="region" aria-label="Terms by outlet" tabindex="0" {
                    table {
                        thead { tr {
                            @for h in ["Outlet", "Stories", "Statements", "Named", "Unnamed", "Group", "Public", "Document", "Other outlet", "Nobody stated", "Unnamed %", "Relayed"] { th scope="col" .n[h != "Outlet"] { (h) } }
                        } }
                        tbody { @for o in &t.outlets { tr {
                            th scope="row" { (o.outlet) }
                            td .n { (o.stories) } td .n { (o.statements) }
                            @for n in [o.named, o.unnamed, o.collective, o.public, o.document, o.other_outlet, o.nobody_stated] { td .n { (n.unwrap_or(0)) } }
                            td .n { (o.percent_unnamed.map_or("–".into(), |p| format!("{p:.1}"))) }
                            td .n { (o.relayed.unwrap_or(0)) }
                        } } }
                    }
                }
                (chart(t))
                h2 { "Named sources, most statements first" }
                div .wide role="region" aria-label="Named sources" tabindex="0" {
                    table {
                        thead { tr { th scope="col" { "Name" } th scope="col" { "Kind" } @for h in ["Statements", "Stories", "Outlets", "Direct", "% of named"] { th .n scope="col" { (h) } } } }
                        tbody { @for n in &t.names { tr {
                            th scope="row" { (c.link(&format!("/said?name={}", encoded(&n.name)), &n.name)) }
                            td { (n.kind) } td .n { (n.statements) } td .n { (n.stories) } td .n { (n.outlets) } td .n { (n.direct.unwrap_or(0)) }
                            td .n { (n.percent_of_named.map_or("–".into(), |p| format!("{p:.1}"))) }
                        } } }
                    }
                }
                h2 { "What the collection holds" }
                div .wide role="region" aria-label="What the collection holds" tabindex="0" {
                    table {
                        thead { tr { th scope="col" { "What" } th scope="col" { "Which" } th .n scope="col" { "Number" } th .n scope="col" { "Out of" } th .n scope="col" { "%" } } }
                        tbody { @for x in &t.counts {
                            @let (number, out_of) = (x.number.unwrap_or(0), x.out_of.unwrap_or(0));
                            tr {
                                th scope="row" { (x.what) } td { (x.which) } td .n { (thousands(number)) }
                                td .n { @if x.out_of.is_some() { (thousands(out_of)) } }
                                td .n { @if out_of > 0 { (format!("{:.1}", 100.0 * number as f64 / out_of as f64)) } }
                            }
                        } }
                    }
                }
            }
        }
    }
}

/// Outlets in the chart: those with most statements.
const BARS: usize = 12;

fn chart(t: &CountTables) -> Markup {
    let mut outlets: Vec<_> = t.outlets.iter().filter(|o| o.statements > 0).collect();
    outlets.sort_by_key(|o| std::cmp::Reverse(o.statements));
    outlets.truncate(BARS);
    let parts: [(&str, &str); 4] = [("named", "named"), ("unnamed", "unnamed"), ("other", "others"), ("none", "nobody stated")];
    let height = outlets.len() * 26 + 4;
    html! {
        figure .chart {
            figcaption {
                "Share of each outlet's statements by who stands behind them: "
                @for (class, name) in parts { span .swatch .(class) aria-hidden="true" {} " " (name) " " }
            }
            svg viewBox=(format!("0 0 800 {height}")) role="img" aria-label="The table above as bars" {
                @for (k, o) in outlets.iter().enumerate() {
                    @let y = k * 26 + 4;
                    @let all = o.statements as f64;
                    @let others = o.collective.unwrap_or(0) + o.public.unwrap_or(0) + o.document.unwrap_or(0) + o.other_outlet.unwrap_or(0);
                    @let shares = [("named", o.named.unwrap_or(0)), ("unnamed", o.unnamed.unwrap_or(0)), ("other", others), ("none", o.nobody_stated.unwrap_or(0))];
                    text x="196" y=(y + 15) text-anchor="end" { (crate::terminal::clip(&o.outlet, 26)) }
                    @for (i, (class, n)) in shares.iter().enumerate() {
                        @let before: i64 = shares[..i].iter().map(|s| s.1).sum();
                        @if *n > 0 {
                            rect class=(class) x=(format!("{:.1}", 206.0 + 520.0 * before as f64 / all)) y=(y) width=(format!("{:.1}", (520.0 * *n as f64 / all - 1.5).max(0.5))) height="20" {}
                            @if *n as f64 / all > 0.09 { text .on .(class) x=(format!("{:.1}", 210.0 + 520.0 * before as f64 / all)) y=(y + 15) { (format!("{:.0} %", 100.0 * *n as f64 / all)) } }
                        }
                    }
                    text x="732" y=(y + 15) { "of " (o.statements) }
                }
            }
        }
    }
}
