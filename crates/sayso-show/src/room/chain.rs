//! Who took words from whom: one family as a tree in time and as an indented list, a story's families, all of a collection's, and how
//! many origins are visible behind some stories.

use std::collections::{HashMap, HashSet};

use maud::{Markup, html};
use sayso::Naming;
use sayso::compare::wordings;
use sayso::trace::{Echo, Family, Place, Root, Standing, Together};
use serde_json::Value;

use super::compare::changed;
use super::data::OriginsData;
use super::read::story_head;
use super::{Chrome, Page, counted, encoded, tag, tree};
use crate::lineage::{Branches, Lineage, branches, in_marks, lineage_csv, lineage_value, reasons, reports_and_origins, together_line};
use crate::terminal::clip;
use crate::view::{View, one_line};

/// Families, passages and the like that one page shows; data has all.
const SHOWN: usize = 40;
/// Reports of a family that its list tells.
const LISTED: usize = 400;

fn rows(l: &Lineage<'_>) -> Vec<Value> {
    let mut csv = lineage_csv(l).into_iter();
    let head = csv.next().unwrap_or_default();
    csv.map(|row| Value::Object(head.iter().cloned().zip(row.into_iter().map(Value::String)).collect())).collect()
}

fn all_stories(l: &Lineage<'_>) -> Vec<i64> {
    let mut out: Vec<i64> = l.families().flat_map(|f| &f.members).map(|m| l.kept.stories[m.report as usize]).collect();
    out.sort_unstable();
    out.dedup();
    out
}

/// Where a family's page is: at its first member.
fn address(l: &Lineage<'_>, f: &Family) -> String {
    f.members.first().map_or_else(|| "/chain".into(), |m| format!("/chain/{}/{}", l.kept.stories[m.report as usize], m.said))
}

fn statement_link(l: &Lineage<'_>, p: Place, words: &str, c: &Chrome) -> Markup {
    let at = l.report(p).said[p.said as usize].attribution.map(|n| format!("#t-a{}", n + 1)).unwrap_or_default();
    c.link(&format!("/stories/{}{at}", l.kept.stories[p.report as usize]), words)
}

fn coverage(l: &Lineage<'_>) -> Markup {
    html! { p .quiet { "First, earliest and visible mean: in this collection of " (l.coverage.sentence()) ". Two origins are not called independent: no text can show that." } }
}

/// Families as short entries that lead to their pages.
fn entries(l: &Lineage<'_>, c: &Chrome) -> Markup {
    html! {
        ol .families {
            @for f in l.families() {
                li {
                    p .words { @if let Some(h) = l.head(f) { (c.link(&address(l, f), &in_marks(&clip(&l.words(h), 220)))) } }
                    p .lines {
                        strong { (reports_and_origins(f)) }
                        @if !f.circles.is_empty() { " · " span .flag { "outlets credit one another in a circle" } }
                        @let labels = f.members.iter().map(|m| l.label(*m)).collect::<Vec<_>>();
                        " · " (labels.iter().take(4).cloned().collect::<Vec<_>>().join(" · ")) @if labels.len() > 4 { " · and " (labels.len() - 4) " more" }
                    }
                }
            }
        }
    }
}

/// The collection's families, or those that hold some words.
pub struct Chains<'k> {
    /// What is shown of them.
    pub lineage: Lineage<'k>,
    /// How many there are in all.
    pub all: usize,
    /// How many come before this page.
    pub skipped: usize,
    /// Gives the next page.
    pub next: Option<String>,
    /// The words that were asked for.
    pub words: String,
    /// Stories in which they stand, by index; none where no words were asked for.
    pub holding: Vec<u32>,
    /// Whether there were too few words to ask for.
    pub too_few: bool,
}

impl Page for Chains<'_> {
    fn title(&self) -> String {
        if self.words.is_empty() { "Chain".into() } else { format!("Where it comes from: {}", clip(&self.words, 60)) }
    }

    fn at(&self) -> &'static str {
        "/chain"
    }

    fn json(&self) -> Value {
        let mut v = lineage_value(&self.lineage);
        v["found"] = self.all.into();
        v["next"] = self.next.clone().into();
        v
    }

    fn rows(&self) -> Vec<Value> {
        rows(&self.lineage)
    }

    fn stories(&self) -> Vec<i64> {
        all_stories(&self.lineage)
    }

    fn body(&self, c: &Chrome) -> Markup {
        let l = &self.lineage;
        html! {
            h1 { "Where words come from" }
            @if !c.alone {
                form .inline method="get" action=(c.href("/chain")) role="search" {
                    label for="q" { "Words of a quotation, three or more" }
                    input #q name="q" type="search" value=(self.words);
                    button type="submit" { "Trace" }
                }
            }
            @if self.too_few { p .empty role="status" { "A quotation needs three words or more." } }
            @else if l.families.is_empty() { p .empty role="status" { (self.nothing()) } }
            @else {
                p role="status" {
                    @if self.words.is_empty() { (counted(self.all, "family of words stands", "families of words stand")) " in more than one report, the most reported first." }
                    @else { (counted(l.families.len(), "family holds", "families hold")) " these words." }
                }
                @if l.families.len() == 1 && !self.words.is_empty() {
                    @for f in l.families() { (family(l, f, c)) }
                } @else { (entries(l, c)) }
                @if !c.alone && (self.skipped > 0 || self.next.is_some()) {
                    nav .pages aria-label="Pages of families" {
                        @if self.skipped > 0 { a href="?" { "First page" } " " }
                        @if let Some(n) = &self.next { a rel="next" href=(format!("?cursor={n}")) { "Next page" } }
                    }
                }
            }
            (coverage(l))
        }
    }
}

impl Chains<'_> {
    fn nothing(&self) -> String {
        let l = &self.lineage;
        let names: Vec<String> = self.holding.iter().map(|i| l.story(*i)).collect();
        match (self.words.is_empty(), names.as_slice()) {
            (true, _) => "No statement is repeated in this collection. Add the stories of other outlets on the same matter.".into(),
            (false, []) => "These words stand nowhere in this collection.".into(),
            (false, [one]) => format!("These words stand in one story only: {one}."),
            (false, many) => {
                format!("These words stand in {} stories, not as one statement that was repeated: {}.", many.len(), many.join("; "))
            }
        }
    }
}

/// One family.
pub struct FamilyPage<'k> {
    /// It alone.
    pub lineage: Lineage<'k>,
}

impl Page for FamilyPage<'_> {
    fn title(&self) -> String {
        let l = &self.lineage;
        l.families().next().and_then(|f| l.head(f)).map_or_else(|| "Chain".into(), |h| in_marks(&clip(&l.words(h), 60)))
    }

    fn at(&self) -> &'static str {
        "/chain"
    }

    fn json(&self) -> Value {
        lineage_value(&self.lineage)
    }

    fn rows(&self) -> Vec<Value> {
        rows(&self.lineage)
    }

    fn stories(&self) -> Vec<i64> {
        all_stories(&self.lineage)
    }

    fn body(&self, c: &Chrome) -> Markup {
        let l = &self.lineage;
        html! {
            @for f in l.families() {
                h1 .quotation { @if let Some(h) = l.head(f) { (in_marks(&clip(&l.words(h), 400))) } }
                (family(l, f, c))
            }
            (coverage(l))
        }
    }
}

/// Counts, drawing and list of one family.
fn family(l: &Lineage<'_>, f: &Family, c: &Chrome) -> Markup {
    let Branches { of, away, roots } = branches(f);
    let mut told = Told { l, f, c, of: &of, seen: HashSet::new() };
    html! {
        p .verdict { (reports_and_origins(f)) }
        @for ring in &f.circles { p .note { "A circle: " (ring.join(", ")) " credit one another." } }
        (tree::tree(l, f, &roots, &of, &away))
        h2 { "The same as a list" }
        ul .chain {
            @for (outlet, list) in &away {
                li {
                    p .lines { strong { (outlet) } " " span .flag { "credited, and not in this collection" } }
                    (told.branches(None, list))
                }
            }
            @for m in &roots { li { (told.root(*m)) (told.below(*m)) } }
        }
        @if f.members.len() > LISTED { p .note { "Only the first " (LISTED) " of " (f.members.len()) " are listed here; JSON and CSV have all." } }
    }
}

struct Told<'a, 'k> {
    l: &'a Lineage<'k>,
    f: &'a Family,
    c: &'a Chrome,
    of: &'a HashMap<Place, Vec<&'a Echo>>,
    seen: HashSet<Place>,
}

impl Told<'_, '_> {
    fn root(&mut self, m: Place) -> Markup {
        self.seen.insert(m);
        let standing = self.f.members.iter().position(|x| *x == m).map(|i| self.f.standing[i]);
        html! {
            p .lines {
                strong { (statement_link(self.l, m, &self.l.label(m), self.c)) } " · " (who(self.l, m)) " · "
                span .flag { (if matches!(standing, Some(Standing::OwnAccess(_))) { "says that it was told to itself" } else { "no earlier source visible here" }) }
            }
            p .words { (in_marks(&self.l.words(m))) }
        }
    }

    fn below(&mut self, m: Place) -> Markup {
        let list = self.of.get(&m).cloned().unwrap_or_default();
        self.branches(Some(m), &list)
    }

    fn branches(&mut self, from: Option<Place>, list: &[&Echo]) -> Markup {
        if list.is_empty() || self.seen.len() > LISTED {
            return html! {};
        }
        html! { ul { @for e in list { @if self.seen.insert(e.later) { li .(e.how.name()) { (self.echo(from, e)) (self.below(e.later)) } } } } }
    }

    fn echo(&self, from: Option<Place>, e: &Echo) -> Markup {
        let l = self.l;
        let text = |p: Place| l.report(p).text.clone();
        let said = |p: Place| l.report(p).said[p.said as usize].content.clone();
        html! {
            p .lines {
                strong { (statement_link(l, e.later, &l.label(e.later), self.c)) } " · " span .how .(e.how.name()) { (e.how.name()) } " · " (who(l, e.later))
                @for x in e.changes.iter().map(|x| x.name()).chain(e.drift.iter().map(|d| d.name())) { " " span .chip { (if x == "identical" { "word for word" } else { x }) } }
            }
            @match from {
                Some(p) => {
                    @let (a, b) = ((text(p), said(p)), (text(e.later), said(e.later)));
                    p .words { (changed((&a.0, &b.0), &wordings((&a.0, &a.1), (&b.0, &b.1)).stretches, &|_| true)) }
                },
                None => p .words { (in_marks(&l.words(e.later))) },
            }
            p .lines .quiet {
                "because: " (reasons(l, e).join("; "))
                @if !e.others.is_empty() { ". Or from: " (e.others.iter().map(|o| l.label(*o)).collect::<Vec<_>>().join("; ")) }
                @if let (Some(p), false) = (from, self.c.alone) {
                    " · " a href=(self.c.href(&format!("/compare?a={}&b={}", l.kept.stories[p.report as usize], l.kept.stories[e.later.report as usize]))) { "compare the stories" }
                }
            }
        }
    }
}

fn who(l: &Lineage<'_>, p: Place) -> Markup {
    let (speaker, naming) = l.speaker(p);
    html! { (tag(naming)) (speaker) @if naming != Naming::None { " (" (naming.name()) ")" } }
}

/// What one story shares with others.
pub struct StoryChain<'k> {
    /// Its number.
    pub id: i64,
    /// It.
    pub view: View<'k>,
    /// Its families, and what else it shares.
    pub lineage: Lineage<'k>,
}

impl Page for StoryChain<'_> {
    fn title(&self) -> String {
        format!("Chain of {}", one_line(super::read::title(&self.view)))
    }

    fn at(&self) -> &'static str {
        "/"
    }

    fn json(&self) -> Value {
        lineage_value(&self.lineage)
    }

    fn rows(&self) -> Vec<Value> {
        rows(&self.lineage)
    }

    fn stories(&self) -> Vec<i64> {
        all_stories(&self.lineage)
    }

    fn body(&self, c: &Chrome) -> Markup {
        let l = &self.lineage;
        html! {
            (story_head(&self.view, Some(self.id), "/chain", c))
            @if l.families.is_empty() { p .empty { "No statement of this story is repeated in another story here." } }
            @else {
                h2 { "Statements that stand in other reports too" }
                (entries(l, c))
            }
            (beside(l, self.id, c))
            (coverage(l))
        }
    }
}

/// What else stories share.
fn beside(l: &Lineage<'_>, id: i64, c: &Chrome) -> Markup {
    let t = &l.kept.traced;
    let story = |i: u32| c.link(&format!("/stories/{}", l.kept.stories[i as usize]), &l.story(i));
    let other = |a: u32, b: u32| if l.kept.stories[a as usize] == id { b } else { a };
    html! {
        @if !t.passages.is_empty() {
            h2 { "Shared passages" }
            p .quiet { "Runs of 15 words and more, in quotation marks or out of them." }
            ul .shared { @for p in t.passages.iter().take(SHOWN) { @let o = other(p.a, p.b); li {
                p .lines { (story(o)) ": " (p.words) " words, " (p.share) " % of the shorter"
                    @if !c.alone { " · " a href=(c.href(&format!("/compare?a={}&b={}", l.kept.stories[p.a as usize], l.kept.stories[p.b as usize]))) { "compare" } } }
                p .words { "“" (clip(&one_line(p.longest.0.of(&l.kept.reports[p.a as usize].text)), 240)) "”" }
            } } }
        }
        @if !t.phrases.is_empty() {
            h2 { "Shared phrases" }
            p .quiet { "Seven words and more in a row in both quotations, and not enough to call one the other’s echo. Counted nowhere." }
            ul .shared { @for p in t.phrases.iter().take(SHOWN) { li { p .lines { (story(other(p.a.report, p.b.report))) } p .words { "“" (clip(&p.words, 240)) "”" } } } }
        }
        @if !t.retellings.is_empty() {
            h2 { "Possible retellings" }
            p .quiet { "The same source, uncommon words in common. Proposed, and counted nowhere." }
            ul .shared { @for r in t.retellings.iter().take(SHOWN) { li {
                p .words { (clip(&l.words(r.a), 240)) }
                p .lines { (statement_link(l, r.a, &l.label(r.a), c)) }
                p .words { (clip(&l.words(r.b), 240)) }
                p .lines { (statement_link(l, r.b, &l.label(r.b), c)) " · in common: " (r.shared.join(", ")) }
            } } }
        }
        @if !l.coverage.credited_elsewhere.is_empty() {
            h2 { "Credited, and not in this collection" }
            p { (l.coverage.credited_elsewhere.iter().map(|(o, _)| o.as_str()).collect::<Vec<_>>().join(", ")) }
        }
    }
}

/// How many origins are visible behind some stories.
pub struct Origins<'k> {
    /// The families of these stories.
    pub lineage: Lineage<'k>,
    /// What they come from.
    pub together: Together,
}

impl Origins<'_> {
    /// As data.
    pub fn data(&self) -> OriginsData {
        let l = &self.lineage;
        let ids = |of: &std::collections::BTreeSet<u32>| of.iter().map(|i| l.kept.stories[*i as usize]).collect::<Vec<i64>>();
        OriginsData {
            in_words: together_line(&self.together),
            reports: self.together.reports,
            visible_origins: self
                .together
                .roots
                .iter()
                .map(|(r, of)| super::data::OriginItem {
                    story: if let Root::Story(i) = r { Some(l.kept.stories[*i as usize]) } else { None },
                    name: l.root(r),
                    stories: ids(of),
                })
                .collect(),
            undetermined: ids(&self.together.undetermined),
            alone: ids(&self.together.alone),
        }
    }
}

impl Page for Origins<'_> {
    fn title(&self) -> String {
        together_line(&self.together)
    }

    fn at(&self) -> &'static str {
        "/chain"
    }

    fn json(&self) -> Value {
        let mut v = super::data::json(&self.data());
        v["lineage"] = lineage_value(&self.lineage);
        v
    }

    fn rows(&self) -> Vec<Value> {
        rows(&self.lineage)
    }

    fn stories(&self) -> Vec<i64> {
        all_stories(&self.lineage)
    }

    fn body(&self, c: &Chrome) -> Markup {
        let (l, t) = (&self.lineage, &self.together);
        let story = |i: u32| c.link(&format!("/stories/{}", l.kept.stories[i as usize]), &l.story(i));
        let all: Vec<String> =
            t.roots.values().flatten().chain(&t.undetermined).chain(&t.alone).map(|i| l.kept.stories[*i as usize].to_string()).collect();
        html! {
            h1 .verdict { (together_line(t)) }
            @if t.reports == 0 { p .empty { "No story was chosen. " (c.link("/", "Choose some")) "." } }
            @for (root, of) in &t.roots {
                section .origin {
                    h2 { @match root { Root::Story(i) => (story(*i)), Root::Outlet(o) => { (o) " " span .flag { "not in this collection" } } } }
                    @let from: Vec<u32> = of.iter().copied().filter(|i| *root != Root::Story(*i)).collect();
                    @if from.is_empty() { p .quiet { "None of the others chosen comes from it." } }
                    @else { p { "From it:" } ul { @for i in from { li { (story(i)) } } } }
                }
            }
            @if !t.undetermined.is_empty() { section .origin { h2 { "Undetermined" } p .quiet { "Their words are shared; whence they came cannot be told." } ul { @for i in &t.undetermined { li { (story(*i)) } } } } }
            @if !t.alone.is_empty() { section .origin { h2 { "No repeated words" } p .quiet { "That does not make them independent." } ul { @for i in &t.alone { li { (story(*i)) } } } } }
            @if !l.families.is_empty() { h2 { "The statements that they share" } (entries(l, c)) }
            @if !c.alone && all.len() == 2 { p { a href=(c.href(&format!("/compare?a={}&b={}", encoded(&all[0]), encoded(&all[1])))) { "Compare the two" } } }
            (coverage(l))
        }
    }
}
