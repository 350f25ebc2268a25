//! Pronouns, and words that carry on: who was named or spoke before them.

use sayso_text::Span;

use super::nouns::{self, Noun};
use super::{Entity, Mention, Pronoun, Resolver, SourceKind, mention};
use crate::mark::{Form, sentences};

/// Two candidates for a pronoun whose scores differ by less than this are both listed, and neither is chosen.
const MARGIN: f32 = 0.2;

/// How far back, in paragraphs, a pronoun or a carried-on quotation looks for its speaker.
const REACH: usize = 3;

/// How far back, in paragraphs, "he" and "she" look at most: nearer ones win.
pub(super) const FAR: usize = 6;

impl Resolver<'_> {
    /// Collects what the text tells of "he" and "she": a pronoun in a sentence that follows one with a single
    /// person in it speaks of that person.
    pub(super) fn vote(&mut self) {
        let mut votes = Vec::new();
        for p in &self.marked.paragraphs {
            for s in sentences(self.text, *p) {
                let lower = s.of(self.text).to_lowercase();
                let has = |w: &[&str]| lower.split(|c: char| !c.is_alphanumeric()).any(|x| w.contains(&x));
                let (he, she) = (has(&["he", "his", "him", "himself"]), has(&["she", "her", "herself"]));
                if he == she {
                    continue;
                }
                let lo = self.people.namings.partition_point(|n| n.span.start < s.start);
                let hi = self.people.namings.partition_point(|n| n.span.start < s.end);
                let mut here: Vec<usize> = self.people.namings[lo..hi].iter().map(|n| n.person).collect();
                here.dedup();
                if let [one] = here.as_slice() {
                    votes.push((*one, usize::from(she)));
                }
            }
        }
        for (person, g) in votes {
            self.people.people[person].votes[g] += 1;
        }
    }

    pub(super) fn pronoun(&mut self, i: usize, span: Span, p: Pronoun) -> Option<usize> {
        let a = &self.marked.attributions[i];
        match p {
            Pronoun::Speaker => {
                if let Some(parent) = a.parent.filter(|p| *p < i) {
                    return self.speakers[parent];
                }
                self.previous(i, span.start, |_| true)
            }
            Pronoun::Hearer => None,
            Pronoun::One(he) => self.one(i, span, he),
            Pronoun::They => {
                let many = |e: &Entity| {
                    matches!(
                        e.kind,
                        SourceKind::Group | SourceKind::Organisation | SourceKind::Data | SourceKind::Outlet | SourceKind::Unknown
                    ) || e.nominal.as_ref().is_some_and(|n| n.plural)
                };
                match self.plural_subject(i, span) {
                    Some(e) => Some(e),
                    None => self.previous(i, span.start, many),
                }
            }
            Pronoun::It => self.previous(i, span.start, |e| !matches!(e.kind, SourceKind::Person | SourceKind::Group)),
            Pronoun::Relative => {
                // what stands just before: the last name in the sentence, if it ends where the pronoun starts
                let near =
                    self.people.namings.iter().rev().find(|n| n.span.end <= span.start && span.start - n.span.end <= 3).map(|n| n.person);
                if let Some(person) = near {
                    let e = self.person(person);
                    return Some(self.mention(e, span, None));
                }
                let sentence = self.starts[self.sentence(span.start).saturating_sub(1)];
                let before = Span { start: sentence, end: span.start }.trim(self.text);
                // "a surgeon, who": the comma belongs to the clause
                let words = before.of(self.text).trim_end_matches([',', ' ']);
                let before = Span::new(before.start as usize, before.start as usize + words.len());
                let from = words.rfind([',', ';', '—', '“', '"']).map_or(0, |k| k + words[k..].chars().next().map_or(1, char::len_utf8));
                // the last noun phrase: what begins with the last article; "is backed by relatives of the victims, many of whom": what stands
                // behind the last such word, if that tells nothing
                let last = |of: &[&str], skip: bool| {
                    of.iter().filter_map(|d| words.rfind(d).map(|k| k + if skip { d.len() } else { 1 })).max().filter(|k| *k > from)
                };
                let article = last(&[" a ", " an ", " the ", " one ", " two "], false);
                let behind = last(&[" by ", " with ", " from ", " among ", " to ", " for "], true);
                let starts = match article {
                    // "a person briefed on the inquiry, who": the inquiry tells nothing, the whole does
                    Some(k) => [Some(k), behind.filter(|b| *b < k), Some(from)],
                    None => [Some(from), behind, None],
                };
                for from in starts.into_iter().flatten() {
                    let phrase = Span { start: before.start + from as u32, end: before.end }.trim(self.text);
                    let count = phrase.of(self.text).split_whitespace().count();
                    // "to" may be a verb's: "to join her when she visits their homes"
                    let guessed = Some(from) == behind;
                    if count == 0 || count > if guessed { 6 } else { 14 } {
                        continue;
                    }
                    // whoever was a source there is meant
                    if let Some(e) = self.entities.iter().position(|e| e.mentions.iter().any(|m| m.start == phrase.start)) {
                        return Some(self.mention(e, span, None));
                    }
                    match mention(self.text, phrase) {
                        Mention::Names(runs) => return Some(self.several(&runs, phrase)),
                        Mention::Name { run, role } => return Some(self.named(&run, role, phrase)),
                        Mention::Nominal(n) if n.class.is_some() => return Some(self.described(n, phrase)),
                        _ => {}
                    }
                }
                None
            }
        }
    }

    /// The people that begin a sentence of this paragraph before "they", where nobody has spoken in it since: "Protesters
    /// gathered at noon. They chanted".
    fn plural_subject(&mut self, i: usize, span: Span) -> Option<usize> {
        let here = self.paragraph(span.start);
        let paragraph = *self.marked.paragraphs.get(here)?;
        if i > 0 && self.paragraph(self.marked.attributions[i - 1].anchor().start) == here {
            return None;
        }
        let before = sentences(self.text, Span { start: paragraph.start, end: span.start.max(paragraph.start) });
        before
            .iter()
            .rev()
            .take(3)
            .find_map(|s| {
                let start = s.start as usize;
                let mut end = start;
                for w in s.of(self.text).split_whitespace().take(4) {
                    let from = end + self.text[end..].find(w)?;
                    end = from + w.len();
                    let noun = w.trim_matches(|c: char| !c.is_alphanumeric() && c != '-');
                    if nouns::is_plural(noun) && matches!(nouns::class(noun, true, true), Some(Noun::Insider | Noun::Crowd)) {
                        let phrase = Span::new(start, from + noun.len());
                        return match mention(self.text, phrase) {
                            Mention::Nominal(n) => Some((n, phrase)),
                            _ => None,
                        };
                    }
                }
                None
            })
            .map(|(n, phrase)| self.described(n, phrase))
    }

    /// The last speaker before `at` that fits, within reach.
    fn previous(&mut self, i: usize, at: u32, fits: impl Fn(&Entity) -> bool) -> Option<usize> {
        let here = self.paragraph(at);
        let found = (0..i).rev().take(8).find_map(|j| {
            let e = self.speakers[j]?;
            let there = self.paragraph(self.marked.attributions[j].anchor().start);
            (here.saturating_sub(there) <= REACH && fits(&self.entities[e])).then_some(e)
        })?;
        Some(self.mention(found, self.marked.attributions[i].anchor(), None))
    }

    /// Whom "he" or "she" means: the best of the people named or speaking before, by nearness, by being the subject
    /// of a sentence, and by being the last who spoke.
    fn one(&mut self, i: usize, span: Span, he: bool) -> Option<usize> {
        let (sentence, paragraph) = (self.sentence(span.start), self.paragraph(span.start));
        let quoted = self.quoted(span);
        let mut offers: Vec<(f32, Who)> = Vec::new();
        let mut offer = |score: f32, who: Who| offers.push((score, who));
        // Inside somebody's own words "he" and "she" are others, and people rarely quote themselves by name.
        let a = &self.marked.attributions[i];
        let teller = a.parent.filter(|p| *p < i && self.marked.attributions[*p].form == Form::Direct).and_then(|p| self.speakers[p]);
        let teller_person = teller.and_then(|e| self.last_person.iter().find(|(_, x)| *x == e)).map(|(p, _)| *p);
        let spoken_of: Vec<usize> = match a.form {
            Form::Direct => {
                let all = &self.people.namings;
                let inside = |c: &Span| all.partition_point(|n| n.span.start < c.start)..all.partition_point(|n| n.span.end <= c.end);
                let near = a.content.iter().filter(|c| self.paragraph(c.start) == paragraph);
                near.flat_map(|c| &all[inside(c)]).map(|n| n.person).collect()
            }
            _ => Vec::new(),
        };
        let end = self.people.namings.partition_point(|n| n.span.end <= span.start);
        for n in self.people.namings[..end].iter().rev().take(24) {
            let back = paragraph - self.paragraph(n.span.start).min(paragraph);
            if back > FAR {
                break;
            }
            if teller_person == Some(n.person) || spoken_of.contains(&n.person) {
                continue;
            }
            let person = &self.people.people[n.person];
            let [m, f] = person.votes;
            let (for_it, against) = if he { (m, f) } else { (f, m) };
            if against > 2 * for_it && against >= 2 {
                continue;
            }
            let distance = (sentence - self.sentence(n.span.start)) as f32;
            let mut score = -distance - 0.5 * back as f32;
            score += if n.subject { 1.5 } else { 0.0 };
            score += if for_it > 2 * against && for_it >= 2 { 1.0 } else { 0.0 };
            score -= if self.quoted(n.span) && !quoted { 2.0 } else { 0.0 };
            score += 0.2 * (person.count as f32).ln();
            offer(score, Who::Person(n.person));
        }
        // Whoever spoke last is spoken of next.
        for j in (0..i).rev().take(6) {
            let Some(e) = self.speakers[j].filter(|e| Some(*e) != teller) else { continue };
            let at = self.marked.attributions[j].anchor();
            let back = paragraph - self.paragraph(at.start).min(paragraph);
            if back > REACH || !quoted && self.marked.attributions[j].parent.is_some_and(|p| a.parent != Some(p)) {
                continue;
            }
            let entity = &self.entities[e];
            if entity.kind != SourceKind::Person || entity.nominal.as_ref().is_some_and(|n| nouns::gender_of(&n.head) == Some(!he)) {
                continue;
            }
            if let Some((p, _)) = self.last_person.iter().find(|(_, x)| *x == e) {
                if spoken_of.contains(p) {
                    continue;
                }
                let [m, f] = self.people.people[*p].votes;
                let (for_it, against) = if he { (m, f) } else { (f, m) };
                if against > 2 * for_it && against >= 2 {
                    continue;
                }
            }
            let distance = (sentence.saturating_sub(self.sentence(at.start))) as f32;
            // nobody goes on about "a doctor" for paragraphs without another word
            let fades = if entity.nominal.is_some() && back > 1 { 3.0 } else { 0.0 };
            offer(1.6 - 0.6 * distance - 0.4 * back as f32 - fades, Who::Entity(e));
            break;
        }
        offers.sort_by(|a, b| b.0.total_cmp(&a.0));
        let top = offers.first()?.0;
        let mut close: Vec<usize> = Vec::new();
        for (_, who) in offers.into_iter().take_while(|(score, _)| top - score < MARGIN) {
            let e = match who {
                Who::Person(p) => self.person(p),
                Who::Entity(e) => e,
            };
            // what is offered twice, as one named and as one who spoke, is one
            if !close.contains(&e) {
                close.push(e);
            }
        }
        match close.as_slice() {
            [one] => Some(self.mention(*one, span, None)),
            _ => {
                self.open = close;
                None
            }
        }
    }

    /// A statement without a source: words in quotation marks carry on the talk of whoever spoke last.
    pub(super) fn unsaid(&mut self, i: usize) -> Option<usize> {
        let a = &self.marked.attributions[i];
        if a.form == Form::Indirect {
            return None;
        }
        let here = self.paragraph(a.anchor().start);
        let j = (0..i).rev().take(4).find(|j| {
            self.marked.attributions[*j].form != Form::Indirect || self.paragraph(self.marked.attributions[*j].anchor().start) == here
        })?;
        let there = self.paragraph(self.marked.attributions[j].anchor().start);
        if here - there.min(here) > 1 {
            return None;
        }
        self.speakers[j]
    }
}

enum Who {
    Person(usize),
    Entity(usize),
}
