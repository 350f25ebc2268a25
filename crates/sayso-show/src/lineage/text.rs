//! The tree of a family for a person at a terminal.

use std::collections::HashMap;

use anstyle::Style as Ansi;
use sayso::trace::{Echo, Family, Place, Root, Standing, Together};

use super::{Branches, Lineage, branches, reasons};
use crate::terminal::{BOLD, DIM, Printer, Style, clip, of_naming};
use crate::view::harmless;

/// "7 reports, 1 visible origin, 2 undetermined".
pub fn reports_and_origins(f: &Family) -> String {
    counted(f.reports, f.origins, f.undetermined)
}

/// "3 reports, 1 visible origin", and below it each origin with the stories that come from it.
pub fn together_text(l: &Lineage<'_>, t: &Together) -> String {
    let mut out = together_line(t);
    for (root, of) in &t.roots {
        let from: Vec<String> = of.iter().filter(|i| *root != Root::Story(**i)).map(|i| l.story(*i)).collect();
        out += &format!("\n  {}{}", l.root(root), if from.is_empty() { String::new() } else { format!(" ← {}", from.join(", ")) });
    }
    if !t.alone.is_empty() {
        let names: Vec<String> = t.alone.iter().map(|i| l.story(*i)).collect();
        out += &format!("\n  no repeated words were found for: {}. That does not make them independent.", names.join(", "));
    }
    out
}

/// "3 reports, 1 visible origin, 1 undetermined".
pub fn together_line(t: &Together) -> String {
    counted(t.reports, t.roots.len(), t.undetermined.len())
}

fn counted(reports: usize, origins: usize, undetermined: usize) -> String {
    let s = |n: usize| if n == 1 { "" } else { "s" };
    let mut out = format!("{reports} report{}, {origins} visible origin{}", s(reports), s(origins));
    if undetermined > 0 {
        out += &format!(", {undetermined} undetermined");
    }
    out
}

/// Words in quotation marks, unless they begin with their own.
pub(crate) fn in_marks(words: &str) -> String {
    if words.starts_with(['"', '“', '‘']) { words.to_string() } else { format!("“{words}”") }
}

/// Families as trees. With `evidence` each branch says what shows it and what changed.
pub fn lineage_text(l: &Lineage<'_>, evidence: bool, style: Style) -> String {
    let mut p = Printer::new(style);
    for (n, f) in l.families().enumerate() {
        if n > 0 {
            p.out.push('\n');
        }
        family(l, f, evidence, &mut p);
    }
    if !l.families.is_empty() {
        p.out.push('\n');
        p.line(&[(DIM, &format!("First, earliest and visible mean: in this collection of {}.", l.coverage.sentence()))], 0);
    }
    p.out
}

/// What else stories share: long runs of words, and statements that may retell one another.
pub fn beside_text(l: &Lineage<'_>, style: Style) -> String {
    let mut p = Printer::new(style);
    let report = |i: u32| {
        let r = &l.kept.reports[i as usize];
        harmless(&format!("{}, {}", r.label(), r.published))
    };
    let mut passages: Vec<_> = l.kept.traced.passages.iter().collect();
    passages.sort_by_key(|x| (std::cmp::Reverse(x.words), x.a, x.b));
    if !passages.is_empty() {
        p.out.push('\n');
        p.line(&[(BOLD, "Shared passages"), (DIM, "  (runs of 15 words and more, in quotation marks or out of them)")], 0);
    }
    for x in passages.iter().take(SHOWN) {
        let r = &l.kept.reports[x.a as usize];
        p.line(&[(Ansi::new(), &format!("{} ≈ {}: {} words, {} % of the shorter", report(x.a), report(x.b), x.words, x.share))], 2);
        p.line(&[(DIM, &format!("“{}”", clip(&harmless(&crate::view::one_line(x.longest.0.of(&r.text))), 160)))], 4);
    }
    if passages.len() > SHOWN {
        p.line(&[(DIM, &format!("and {} more; --format json has all", passages.len() - SHOWN))], 2);
    }
    let mut phrases: Vec<_> = l.kept.traced.phrases.iter().collect();
    phrases.sort_by_key(|x| (std::cmp::Reverse(x.words.len()), x.a, x.b));
    if !phrases.is_empty() {
        p.out.push('\n');
        p.line(
            &[
                (BOLD, "Shared phrases"),
                (DIM, "  (seven words and more in a row in both quotations, and not enough to call one the other's echo)"),
            ],
            0,
        );
    }
    for x in phrases.iter().take(SHOWN) {
        p.line(&[(Ansi::new(), &format!("{} ≈ {}: “{}”", report(x.a.report), report(x.b.report), clip(&harmless(&x.words), 120)))], 2);
    }
    if phrases.len() > SHOWN {
        p.line(&[(DIM, &format!("and {} more; --format json has all", phrases.len() - SHOWN))], 2);
    }
    let mut retellings: Vec<_> = l.kept.traced.retellings.iter().collect();
    retellings.sort_by_key(|x| (std::cmp::Reverse(x.likeness), x.a, x.b));
    if !retellings.is_empty() {
        p.out.push('\n');
        p.line(&[(BOLD, "Possible retellings"), (DIM, "  (the same source, uncommon words in common; proposed, and counted nowhere)")], 0);
    }
    for x in retellings.iter().take(SHOWN) {
        p.line(&[(Ansi::new(), &format!("{}: “{}”", report(x.a.report), clip(&harmless(&l.words(x.a)), 160)))], 2);
        p.line(&[(Ansi::new(), &format!("{}: “{}”", report(x.b.report), clip(&harmless(&l.words(x.b)), 160)))], 2);
        p.line(&[(DIM, &format!("in common: {}", x.shared.join(", ")))], 4);
    }
    if retellings.len() > SHOWN {
        p.line(&[(DIM, &format!("and {} more; --format json has all", retellings.len() - SHOWN))], 2);
    }
    if !l.coverage.credited_elsewhere.is_empty() {
        p.out.push('\n');
        let names: Vec<String> = l
            .coverage
            .credited_elsewhere
            .iter()
            .take(40)
            .map(|(o, n)| if *n > 1 { format!("{o} (by {n} stories)") } else { o.clone() })
            .collect();
        p.line(&[(BOLD, "Credited, and not in this collection: "), (Ansi::new(), &harmless(&names.join(", ")))], 0);
    }
    p.out
}

/// Passages and retellings listed in a terminal.
const SHOWN: usize = 10;

fn family(l: &Lineage<'_>, f: &Family, evidence: bool, p: &mut Printer) {
    let plain = Ansi::new();
    if let Some(head) = l.head(f) {
        p.line(&[(BOLD, &in_marks(&clip(&harmless(&l.words(head)), 240)))], 0);
    }
    p.line(&[(plain, &reports_and_origins(f))], 0);
    for ring in &f.circles {
        p.line(&[(BOLD, "circle:"), (plain, &format!(" {} credit one another", ring.join(", ")))], 0);
    }
    let Branches { of, away, roots } = branches(f);
    let mut tree = Tree { l, f, of: &of, evidence, p };
    for (outlet, list) in &away {
        tree.p.line(&[(BOLD, &format!("◌ {}", harmless(outlet))), (DIM, "  credited, and not in this collection")], 0);
        tree.branches(list, "", 0);
    }
    for m in roots {
        tree.member(m, "", "● ", 0);
    }
}

struct Tree<'a, 'k, 'p> {
    l: &'a Lineage<'k>,
    f: &'a Family,
    of: &'a HashMap<Place, Vec<&'a Echo>>,
    evidence: bool,
    p: &'p mut Printer,
}

/// Deeper than this a tree is told in one column: nobody reads it by its indent.
const DEEP: usize = 12;

impl Tree<'_, '_, '_> {
    fn member(&mut self, place: Place, lead: &str, sign: &str, depth: usize) {
        let (speaker, naming) = self.l.speaker(place);
        let standing = self.f.members.iter().position(|m| *m == place).map_or(Standing::Undetermined, |i| self.f.standing[i]);
        let what = match standing {
            Standing::Origin => "no earlier source visible here",
            Standing::OwnAccess(_) => "says that it was told to itself",
            _ => "",
        };
        let r = self.l.report(place);
        let title = r.title.as_deref().map(|t| format!(" · {}", clip(&harmless(t), 60))).unwrap_or_default();
        let head = format!("{lead}{sign}");
        let under = format!("{lead}{}", " ".repeat(sign.chars().count()));
        self.p.branch(
            &head,
            &under,
            &[
                (BOLD, &harmless(&self.l.label(place))),
                (DIM, &title),
                (Ansi::new(), " · "),
                (of_naming(naming), &format!("{} ({})", clip(&harmless(&speaker), 80), naming.name())),
                (DIM, &if what.is_empty() { String::new() } else { format!(" · {what}") }),
            ],
        );
        let list = self.of.get(&place).cloned().unwrap_or_default();
        let lead = format!("{lead}{}", " ".repeat(sign.chars().count()));
        self.branches(&list, if depth < DEEP { &lead } else { "" }, depth + 1);
    }

    fn branches(&mut self, list: &[&Echo], lead: &str, depth: usize) {
        for (k, e) in list.iter().enumerate() {
            let last = k + 1 == list.len();
            let sign = match (e.how.name(), last) {
                ("stated", true) => "└─ ",
                ("stated", false) => "├─ ",
                ("inferred", true) => "└╌ ",
                ("inferred", false) => "├╌ ",
                (_, true) => "└┈ ",
                (_, false) => "├┈ ",
            };
            let under = format!("{lead}{}", if last { "   " } else { "│  " });
            self.head(e, lead, sign, &under);
            if self.evidence {
                self.detail(e, &under);
            }
            let list = self.of.get(&e.later).cloned().unwrap_or_default();
            self.branches(&list, if depth < DEEP { &under } else { "" }, depth + 1);
        }
    }

    fn head(&mut self, e: &Echo, lead: &str, sign: &str, under: &str) {
        let (speaker, naming) = self.l.speaker(e.later);
        let head = format!("{lead}{sign}");
        let mut changed: Vec<&str> = e.changes.iter().map(|c| c.name()).collect();
        if changed == ["identical"] {
            changed = vec!["word for word"];
        }
        let drift: Vec<&str> = e.drift.iter().map(|d| d.name()).collect();
        let what = [changed.join(", "), drift.join(", ")].into_iter().filter(|s| !s.is_empty()).collect::<Vec<_>>().join("; ");
        self.p.branch(
            &head,
            under,
            &[
                (BOLD, &harmless(&self.l.label(e.later))),
                (DIM, &format!(" · {}", e.how.name())),
                (Ansi::new(), " · "),
                (of_naming(naming), &format!("{} ({})", clip(&harmless(&speaker), 80), naming.name())),
                (Ansi::new(), &if what.is_empty() { String::new() } else { format!(" · {what}") }),
            ],
        );
    }

    fn detail(&mut self, e: &Echo, lead: &str) {
        self.p.branch(lead, lead, &[(Ansi::new(), &in_marks(&clip(&harmless(&self.l.words(e.later)), 300)))]);
        self.p.branch(lead, lead, &[(DIM, &format!("because: {}", harmless(&reasons(self.l, e).join("; "))))]);
        if !e.others.is_empty() {
            let names: Vec<String> = e.others.iter().map(|o| self.l.label(*o)).collect();
            self.p.branch(lead, lead, &[(DIM, &format!("or from: {}", harmless(&names.join("; "))))]);
        }
    }
}
