//! A generator of lineages: stories with planted quotations whose trees are known, and the figures of how tracing does on them.
//!
//! Stories are short and made of made-up words among real small ones. Trees have one origin or several, copies of copies, edits of every
//! type, credits stated or left out, wire lines, missing dates, sources outside the collection, and rings of outlets that credit one
//! another. A famous quotation stands in many stories.

#![allow(dead_code, reason = "the test and the benchmark each use a part")]

use std::collections::{BTreeMap, BTreeSet, HashMap};

use sayso::grade::{Channel, Credit, CreditKind};
use sayso::trace::{Change, From, How, Place, Report, Said, Speaker, Traced, When};
use sayso::{Form, Naming};
use sayso_text::Span;

/// Small numbers out of a seed: xorshift64*.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11
    }

    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn pick<'a, T: ?Sized>(&mut self, list: &'a [&'a T]) -> &'a T {
        list[self.below(list.len())]
    }
}

const SMALL: &[&str] = &[
    "the", "of", "and", "to", "in", "a", "is", "that", "for", "it", "was", "on", "with", "as", "by", "at", "from", "we", "they", "be",
    "this", "have", "or", "had", "but", "our", "were", "all", "there", "been", "would", "so", "what", "when", "who", "more", "if", "out",
    "them",
];
const START: &[&str] = &["br", "cr", "d", "f", "g", "h", "k", "l", "m", "n", "p", "qu", "r", "s", "t", "v", "w", "pl", "st", "tr"];
const VOWEL: &[&str] = &["a", "e", "i", "o", "u", "ea", "ou", "ai"];
const CLOSE: &[&str] = &["n", "r", "l", "st", "m", "nd", "ck", "t", "rn", "ss", "p", "d"];
const NAMES: &[&str] =
    &["Moss", "Renn", "Adeyemi", "Brandt", "Okafor", "Lund", "Reyes", "Quill", "Tanaka", "Novak", "Silva", "Haddad", "Ito", "Osei"];
const FIRST: &[&str] = &["Ida", "Tobias", "Ngozi", "Olav", "Femi", "Alma", "Kwabena", "Mei", "Adam", "Rosa", "Yusuf", "Petra"];
const TOWNS: &[&str] =
    &["Ferrisburg", "Vellmar", "Port Ellery", "Kestrel", "Norham", "Ostland", "Tarn", "Quillby", "Marrow", "Stonely", "Halden", "Birch"];
const PAPERS: &[&str] =
    &["Herald", "Courier", "Gazette", "Tribune", "Ledger", "Chronicle", "Observer", "Dispatch", "Examiner", "Sentinel", "Record"];

fn made_up(d: &mut Dice) -> String {
    let mut w = String::new();
    for _ in 0..1 + d.below(2) {
        w += d.pick(START);
        w += d.pick(VOWEL);
        w += d.pick(CLOSE);
    }
    w
}

fn sentence(d: &mut Dice, n: usize) -> Vec<String> {
    (0..n).map(|_| if d.chance(55) { d.pick(SMALL).to_string() } else { made_up(d) }).collect()
}

fn outlet(k: usize) -> String {
    let round = k / (TOWNS.len() * PAPERS.len());
    let name = format!("{} {}", TOWNS[k % TOWNS.len()], PAPERS[k / TOWNS.len() % PAPERS.len()]);
    if round == 0 { name } else { format!("{} {name}", PARTS[round % PARTS.len()]) }
}

const PARTS: &[&str] = &[
    "Greater", "North", "South", "East", "West", "Upper", "Lower", "Old", "New", "Inner", "Outer", "Little", "Great", "Long", "Middle",
    "High", "Low", "Far", "Near", "Royal", "Free", "Daily", "Weekly", "Evening",
];

/// What was planted in one story.
pub struct Planted {
    pub tree: usize,
    /// The story that it was copied from; `None` for an origin.
    pub parent: Option<usize>,
    /// The edit, and what should be said of it.
    pub change: BTreeSet<Change>,
    /// Day on which it really appeared.
    pub day: usize,
    pub dated: bool,
}

/// What is true of a tree.
#[derive(Clone, Default)]
pub struct Tree {
    pub stories: Vec<usize>,
    pub origins: usize,
    pub circles: Vec<Vec<String>>,
}

pub struct Lineages {
    pub reports: Vec<Report>,
    pub planted: Vec<Planted>,
    pub trees: Vec<Tree>,
}

struct Writer {
    text: String,
    said: Vec<Said>,
    credits: Vec<Credit>,
    paragraphs: Vec<Span>,
    quotations: Vec<Span>,
}

impl Writer {
    fn push(&mut self, s: &str) -> Span {
        let at = self.text.len();
        self.text += s;
        Span::new(at, self.text.len())
    }
}

/// How a story gives its quotation.
struct Telling<'a> {
    words: &'a [String],
    quoted: bool,
    speaker: &'a str,
    naming: Naming,
    /// Whom the speaker told, and the outlet's name where it is another's.
    told: Option<&'a str>,
    own: bool,
    /// A sentence that credits an outlet: "the X reported".
    reported: Option<&'a str>,
    agency: Option<&'a str>,
}

fn story(d: &mut Dice, outlet: &str, day: Option<usize>, t: &Telling<'_>) -> Report {
    let mut w = Writer { text: String::new(), said: vec![], credits: vec![], paragraphs: vec![], quotations: vec![] };
    let filler = |d: &mut Dice, w: &mut Writer| {
        let n = 12 + d.below(20);
        let words = sentence(d, n).join(" ");
        let at = w.push(&format!("Nobody {words}."));
        w.paragraphs.push(at);
        w.push("\n\n");
    };
    filler(d, &mut w);
    let start = w.text.len();
    if let Some(o) = t.reported {
        w.push("The ");
        let span = w.push(o);
        w.push(" reported it first. ");
        w.credits.push(Credit { name: o.to_string(), span, kind: CreditKind::Reported, own: false, refers: false });
    }
    let words = t.words.join(" ");
    let content = if t.quoted {
        w.push("“");
        let inside = w.push(&words);
        w.quotations.push(inside);
        w.push(",”");
        Span { start: inside.start - 3, end: inside.end + 4 }
    } else {
        w.push(&words)
    };
    w.push(if t.quoted { " " } else { ", " });
    let source = w.push(t.speaker);
    let mut via = None;
    let mut recipient = None;
    if let Some(o) = t.told {
        w.push(" told ");
        let at = w.push(&format!("the {o}"));
        recipient = Some(at);
        let span = Span { start: at.start + 4, end: at.end };
        w.credits.push(Credit { name: o.to_string(), span, kind: CreditKind::Told, own: t.own, refers: false });
        if !t.own {
            via = Some((o.to_string(), span));
        }
    } else {
        w.push(" said");
    }
    w.push(".");
    w.paragraphs.push(Span::new(start, w.text.len()));
    w.push("\n\n");
    w.said.push(Said {
        attribution: Some(0),
        content: vec![content],
        quoted: Vec::new(),
        source: vec![source],
        speaker: Some(Speaker { name: t.speaker.to_string(), naming: t.naming }),
        form: if t.quoted { Form::Direct } else { Form::Indirect },
        channel: Channel::Unstated,
        recipient,
        via,
    });
    filler(d, &mut w);
    let published = day.map_or(When::UNKNOWN, |n| When::parse(&format!("2023-{:02}-{:02}", 1 + n / 28, 1 + n % 28)));
    Report::put_together(w.text.into(), None, (Some(outlet), t.agency), published, None, w.said, w.credits, w.paragraphs, &w.quotations)
}

/// An edit of the words that keeps at least five in a row, with what should be said of it.
fn edit(d: &mut Dice, words: &[String]) -> (Vec<String>, bool, BTreeSet<Change>) {
    let n = words.len();
    let mut out = words.to_vec();
    let one = |c: Change| BTreeSet::from([c]);
    let kind = d.below(12);
    match kind {
        0 if n >= 8 => (words[1 + d.below(n - 6)..].to_vec(), true, one(Change::TrimmedFront)),
        1 if n >= 8 => (words[..6 + d.below(n - 7)].to_vec(), true, one(Change::TrimmedBack)),
        2 | 3 if n >= 14 => {
            let from = 6 + d.below(n - 13);
            let to = from + 1 + d.below(n - from - 6).min(8);
            let mut kept = words[..from].to_vec();
            if kind == 2 {
                kept.push("...".into());
            }
            kept.extend_from_slice(&words[to..]);
            // what is cut may begin as what follows it does: then another cut gives the same words, which is as true
            (kept, true, one(if kind == 2 { Change::CutMarked } else { Change::CutUnmarked }))
        }
        4 if n >= 8 => {
            let at = if n >= 12 { 6 + d.below(n - 11) } else { 6 };
            out.insert(at, format!("[the {}]", made_up(d)));
            (out, true, one(Change::Bracketed))
        }
        5 if n >= 12 => {
            let at = 6 + d.below(n - 11);
            out[at] = format!("{}x", made_up(d));
            (out, true, one(Change::Altered))
        }
        6 if n >= 12 => {
            let at = 6 + d.below(n - 11);
            out.insert(at, format!("{}x", made_up(d)));
            (out, true, one(Change::Inserted))
        }
        7 => match words.iter().position(|w| w.parse::<usize>().is_ok()) {
            Some(at) if at >= 5 || n - at > 5 => {
                out[at] = (1000 + d.below(9000)).to_string();
                let same = out[at] == words[at];
                (out, true, if same { one(Change::Identical) } else { BTreeSet::from([Change::Altered, Change::NumberAltered]) })
            }
            _ => (out, true, one(Change::Identical)),
        },
        8 => match words.iter().position(|w| w.starts_with(char::is_uppercase)) {
            Some(at) if at > 0 && (at >= 5 || n - at > 5) => {
                let other = NAMES.iter().find(|x| **x != words[at]).unwrap_or(&"Moss");
                out[at] = (*other).to_string();
                (out, true, BTreeSet::from([Change::Altered, Change::NameAltered]))
            }
            _ => (out, true, one(Change::Identical)),
        },
        9 if n >= 12 => {
            let at = 6 + d.below(n - 11);
            out.insert(at, "not".into());
            (out, true, BTreeSet::from([Change::Inserted, Change::NegationAltered]))
        }
        10 if n >= 10 => (out, false, one(Change::MarksLost)),
        _ => (out, true, one(Change::Identical)),
    }
}

/// About `n` stories. Every hundredth tree is a famous quotation in `famous` stories.
pub fn lineages(n: usize, famous: usize, seed: u64) -> Lineages {
    let mut d = Dice::new(seed);
    let mut out = Lineages { reports: vec![], planted: vec![], trees: vec![] };
    while out.reports.len() < n {
        let tree = out.trees.len();
        let size = if tree % 100 == 7 { famous.min(n / 4).max(2) } else { 1 + d.below(8) };
        plant(&mut d, &mut out, size);
    }
    out
}

fn plant(d: &mut Dice, out: &mut Lineages, size: usize) {
    let tree = out.trees.len();
    let mut truth = Tree::default();
    let length = if d.chance(25) { 5 + d.below(4) } else { 9 + d.below(30) };
    let mut words = sentence(d, length);
    // three words that are nobody else's, so that two trees share nothing by chance
    for k in [1, length / 2, length - 1] {
        words[k] = format!("{}{}", made_up(d), made_up(d));
    }
    if length >= 12 && d.chance(40) {
        words[length - 3] = (1000 + d.below(9000)).to_string();
    }
    if length >= 12 && d.chance(40) {
        words[3] = d.pick(NAMES).to_string();
    }
    let unnamed = d.chance(40);
    let speaker = if unnamed { "a former senior aide".to_string() } else { format!("{} {}", d.pick(FIRST), d.pick(NAMES)) };
    let naming = if unnamed { Naming::Unnamed } else { Naming::Named };
    let start = d.below(200);
    let mut outlets: Vec<String> = Vec::new();
    let fresh = |d: &mut Dice, outlets: &mut Vec<String>| loop {
        let many = TOWNS.len() * PAPERS.len() * PARTS.len();
        let o = outlet(d.below(many));
        if !outlets.contains(&o) || outlets.len() + 8 > many {
            outlets.push(o.clone());
            return o;
        }
    };
    // members of this tree: story, day, words, outlet, whether marks stand
    let mut members: Vec<(usize, usize, Vec<String>, String, bool)> = Vec::new();
    let add = |out: &mut Lineages, report: Report, planted: Planted| {
        out.reports.push(report);
        out.planted.push(planted);
        out.reports.len() - 1
    };
    let ring = size >= 3 && d.chance(4);
    let origins = if size >= 4 && !ring && d.chance(15) { 2 } else { 1 };
    for k in 0..origins {
        let o = fresh(d, &mut outlets);
        let away = (k == 0 && origins == 1 && !ring && d.chance(8)).then(|| fresh(d, &mut outlets));
        let day = start + k;
        let own = origins > 1 || d.chance(30);
        // two reports that credit one another and nobody else
        let partner = ring.then(|| fresh(d, &mut outlets));
        let told = away.as_deref().or(partner.as_deref()).or(own.then_some(o.as_str()));
        let dated = !ring && (origins > 1 || d.chance(90));
        let t = Telling {
            words: &words,
            quoted: true,
            speaker: &speaker,
            naming,
            told,
            own: away.is_none() && partner.is_none(),
            reported: None,
            agency: None,
        };
        let r = story(d, &o, dated.then_some(day), &t);
        let i = add(out, r, Planted { tree, parent: None, change: BTreeSet::new(), day, dated });
        members.push((i, day, words.clone(), o.clone(), true));
        truth.stories.push(i);
        truth.origins += 1;
        if let Some(p) = partner {
            let t = Telling {
                words: &words,
                quoted: true,
                speaker: &speaker,
                naming,
                told: Some(&o),
                own: false,
                reported: None,
                agency: None,
            };
            let r = story(d, &p, None, &t);
            let j = add(out, r, Planted { tree, parent: Some(i), change: BTreeSet::from([Change::Identical]), day, dated: false });
            members.push((j, day, words.clone(), p.clone(), true));
            truth.stories.push(j);
            let mut pair = vec![o, p];
            pair.sort();
            truth.circles.push(pair);
        }
    }
    while members.len() < size {
        // a famous quotation is copied from everywhere, mostly from the first
        let from = if size > 50 && d.chance(70) { 0 } else { d.below(members.len()) };
        let (parent, day, before, parent_outlet, marks) = members[from].clone();
        let (mut words, mut quoted, mut change) = edit(d, &before);
        if !marks {
            // what lost its marks is copied as it stands
            (words, quoted, change) = (before.clone(), false, BTreeSet::from([Change::Identical]));
        }
        let o = fresh(d, &mut outlets);
        let day = day + 1 + d.below(4);
        let credit = d.below(100);
        let wire = credit >= 90;
        let t = Telling {
            words: &words,
            quoted,
            speaker: if unnamed && d.chance(30) { "an aide" } else { &speaker },
            naming,
            told: (credit < 40).then_some(parent_outlet.as_str()),
            own: false,
            reported: (40..60).contains(&credit).then_some(parent_outlet.as_str()),
            agency: wire.then_some(parent_outlet.as_str()),
        };
        let dated = d.chance(85);
        let r = story(d, &o, dated.then_some(day), &t);
        let i = add(out, r, Planted { tree, parent: Some(parent), change, day, dated });
        truth.stories.push(i);
        members.push((i, day, words, o, quoted));
    }
    out.trees.push(truth);
}

/// How tracing did.
#[derive(Default, Debug)]
pub struct Figures {
    pub stories: usize,
    pub copies: usize,
    /// Copies in one family with what they were copied from.
    pub joined: usize,
    /// The same by how many stories have the quotation.
    pub by_size: BTreeMap<&'static str, (usize, usize)>,
    /// Echoes between stories of different trees.
    pub strays: usize,
    /// Echoes from the true parent, and those of them with the right changes.
    pub edits: usize,
    pub edits_right: usize,
    /// Echoes between two dated stories, and those that lead from the one that was there first.
    pub directed: usize,
    pub directed_right: usize,
    /// Trees with more than one story, and those whose number of visible origins is right.
    pub trees: usize,
    pub origins_right: usize,
    pub circles: usize,
    pub circles_found: usize,
    pub circles_invented: usize,
    /// Wrong edits by (planted, found).
    pub confused: BTreeMap<(String, String), usize>,
}

pub fn judge(l: &Lineages, traced: &Traced) -> Figures {
    let mut f = Figures { stories: l.reports.len(), ..Figures::default() };
    let mut families: HashMap<u32, Vec<usize>> = HashMap::new();
    for (k, family) in traced.families.iter().enumerate() {
        for m in &family.members {
            families.entry(m.report).or_default().push(k);
        }
    }
    for (i, p) in l.planted.iter().enumerate() {
        let Some(parent) = p.parent else { continue };
        f.copies += 1;
        let of = |i: usize| families.get(&(i as u32)).cloned().unwrap_or_default();
        let joined = of(i).iter().any(|k| of(parent).contains(k));
        f.joined += usize::from(joined);
        let size = match l.trees[p.tree].stories.len() {
            0..=2 => "in 2 stories",
            3..=9 => "in 3 to 9",
            10..=99 => "in 10 to 99",
            _ => "in 100 and more",
        };
        let class = f.by_size.entry(size).or_default();
        class.0 += usize::from(joined);
        class.1 += 1;
    }
    for family in &traced.families {
        for e in &family.echoes {
            let later = &l.planted[e.later.report as usize];
            let From::Place(Place { report, .. }) = &e.from else { continue };
            let earlier = &l.planted[*report as usize];
            if earlier.tree != later.tree {
                f.strays += 1;
                continue;
            }
            // an edge that says that it cannot tell says no direction
            if earlier.dated && later.dated && e.how != How::Undetermined {
                f.directed += 1;
                f.directed_right += usize::from(earlier.day < later.day);
            }
            if later.parent == Some(*report as usize) {
                f.edits += 1;
                if later.change == e.changes {
                    f.edits_right += 1;
                } else {
                    let name = |s: &BTreeSet<Change>| s.iter().map(|c| c.name()).collect::<Vec<_>>().join(" + ");
                    *f.confused.entry((name(&later.change), name(&e.changes))).or_default() += 1;
                }
            }
        }
    }
    for t in l.trees.iter().filter(|t| t.stories.len() > 1) {
        f.trees += 1;
        let of: BTreeSet<usize> = t.stories.iter().flat_map(|s| families.get(&(*s as u32)).cloned().unwrap_or_default()).collect();
        let origins: usize = of.iter().map(|k| traced.families[*k].origins).sum();
        f.origins_right += usize::from(origins == t.origins);
        let found: BTreeSet<Vec<String>> = of.iter().flat_map(|k| traced.families[*k].circles.iter().cloned()).collect();
        let want: BTreeSet<Vec<String>> = t.circles.iter().cloned().collect();
        f.circles += want.len();
        f.circles_found += want.intersection(&found).count();
        f.circles_invented += found.difference(&want).count();
    }
    f
}

impl Figures {
    pub fn lines(&self) -> String {
        let share = |n: usize, of: usize| format!("{:.4} ({n} of {of})", n as f64 / of.max(1) as f64);
        let mut out = format!(
            "stories {}\necho recall {}\nstray echoes {}\nedit types right {}\ndirection right {}\norigins right {}\ncircles found {}, invented {}\n",
            self.stories,
            share(self.joined, self.copies),
            self.strays,
            share(self.edits_right, self.edits),
            share(self.directed_right, self.directed),
            share(self.origins_right, self.trees),
            share(self.circles_found, self.circles),
            self.circles_invented,
        );
        for (size, (n, of)) in &self.by_size {
            out += &format!("  recall {size} {}\n", share(*n, *of));
        }
        let mut wrong: Vec<_> = self.confused.iter().collect();
        wrong.sort_by_key(|(_, n)| std::cmp::Reverse(**n));
        for ((a, b), n) in wrong.into_iter().take(8) {
            out += &format!("  planted {a}, found {b}: {n}\n");
        }
        out
    }
}
