//! Descriptions: whom "the aide", "another" and "the committee" mean, or a new source under the story's own words.

use sayso_text::Span;

use super::nouns::{self, Noun};
use super::pronouns::FAR;
use super::{Entity, Nominal, Resolver, Run, SourceKind, runs, words_of};
use crate::grade::outlets;

impl Resolver<'_> {
    /// "Another said", "some said": the noun left out is that of the source before.
    fn complete(&self, n: &mut Nominal) {
        let lower = n.words.to_lowercase();
        let of_them = lower.ends_with(" of them") || lower.ends_with(" of those") || lower == "the others";
        let bare = of_them
            || matches!(
                lower.as_str(),
                "another"
                    | "one"
                    | "others"
                    | "some"
                    | "many"
                    | "most"
                    | "a second"
                    | "a third"
                    | "the other"
                    | "a few"
                    | "several"
                    | "both"
            );
        if !bare {
            return;
        }
        let before = self
            .entities
            .iter()
            .rev()
            .take(3)
            .find_map(|e| e.nominal.as_ref().filter(|m| matches!(m.class, Some(Noun::Insider | Noun::Bystander | Noun::Crowd))));
        if let Some(m) = before {
            // One of a crowd is a member of the public.
            let singular = matches!(lower.split(' ').next(), Some("one" | "another" | "a"));
            n.class = if m.class == Some(Noun::Crowd) && singular { Some(Noun::Bystander) } else { m.class };
            n.head.clone_from(&m.head);
            n.definite = false;
            let first = lower.split(' ').next().unwrap_or("");
            n.plural = matches!(first, "others" | "some" | "many" | "most" | "several" | "both" | "few")
                || lower == "a few"
                || lower == "the others";
            n.words = format!("{} ({})", n.words, if n.plural { m.head.clone() } else { nouns::singular(&m.head) });
        }
    }

    pub(super) fn described(&mut self, mut n: Nominal, span: Span) -> usize {
        self.complete(&mut n);
        // "a report by the Herald": the outlet is whose word it is
        if matches!(n.head.as_str(), "report" | "reports" | "story" | "article" | "piece" | "account" | "reporting")
            && let Some((run, name)) = self.outlet_in(span, &["by", "from", "in"])
        {
            return self.body(name, SourceKind::Outlet, &run, span);
        }
        // "a reporter for the Herald": what reporters report is their outlet's word
        if matches!(nouns::singular(&n.head).as_str(), "reporter" | "journalist" | "correspondent" | "columnist")
            && let Some((_, name)) = self.outlet_in(span, &["by", "from", "in", "for", "at", "of", "with"])
        {
            return self.body(name, SourceKind::Outlet, &words_of(self.text, span), span);
        }
        // "the article", where the story has spoken of one outlet's: its word; not "the report, seen by the Herald"
        let shown = [" seen by ", " obtained by ", " reviewed by ", " released by "].iter().any(|w| span.of(self.text).contains(w));
        if n.definite
            && !shown
            && !n.plural
            && n.of.is_none()
            && matches!(n.head.as_str(), "story" | "article" | "piece" | "feature" | "report" | "investigation")
            && n.words.split_whitespace().count() == 2
            && !self.entities.iter().any(|e| e.nominal.as_ref().is_some_and(|m| nouns::singular(&m.head) == n.head))
            && let Some(e) = self.entities.iter().rposition(|e| e.kind == SourceKind::Outlet)
        {
            return self.mention(e, span, Some(n.words.clone()));
        }
        // "the newspaper", where the story names one
        if n.definite && !n.plural && n.of.is_none() && n.class == Some(Noun::Outlet) && n.words.split_whitespace().count() == 2 {
            let paragraph = self.marked.paragraphs.get(self.paragraph(span.start)).map_or(span.start, |p| p.start);
            let near = runs(self.text, Span { start: paragraph.min(span.start), end: span.start }).into_iter().rev().find_map(|r| {
                let plain = r.name();
                outlets::known(&plain).map(|o| o.name.to_string()).or_else(|| self.outlets.iter().find(|o| **o == plain).cloned())
            });
            if let Some(name) = near {
                return self.body(name, SourceKind::Outlet, &words_of(self.text, span), span);
            }
            if let Some(e) = self.entities.iter().rposition(|e| e.kind == SourceKind::Outlet && e.nominal.is_none()) {
                return self.mention(e, span, Some(n.words.clone()));
            }
            if let [one] = self.outlets.as_slice() {
                return self.body(one.clone(), SourceKind::Outlet, &words_of(self.text, span), span);
            }
        }
        // "the committee" after "the Harbour Committee"
        if n.definite
            && !n.plural
            && n.of.is_none()
            && n.class == Some(Noun::Body)
            && n.words.split_whitespace().count() == 2
            && let Some(name) = self.body_with(&n.head, span.start)
        {
            return self.body(name, SourceKind::Organisation, &words_of(self.text, span), span);
        }
        let fold = |s: &str| s.to_lowercase();
        let bare = |s: &str| {
            let l = s.to_lowercase();
            let cut = ["the same ", "the ", "a ", "an ", "one ", "this ", "that ", "these ", "those "]
                .iter()
                .find_map(|p| l.strip_prefix(p).map(str::to_string));
            cut.unwrap_or(l)
        };
        // "the second official" after "a second official"
        if n.other && n.definite {
            let again = self.entities.iter().rposition(|e| e.nominal.as_ref().is_some_and(|m| m.other && bare(&m.words) == bare(&n.words)));
            if let Some(e) = again {
                return self.mention(e, span, Some(n.words.clone()));
            }
        }
        if !n.other {
            // The same description again: a plural or a definite one means the same source; "an aide" twice need not.
            let again = self.entities.iter().rposition(|e| {
                e.nominal.as_ref().is_some_and(|m| fold(&m.words) == fold(&n.words) && (n.plural || n.definite || n.of.is_some()))
            });
            if let Some(e) = again {
                return self.mention(e, span, None);
            }
            if n.definite && !n.plural {
                if let Some(e) = self.lawmaker(&n, span) {
                    return e;
                }
                if let Some(e) = self.holder(&n, span) {
                    return e;
                }
                let head = nouns::singular(&n.head);
                let before = self.entities.iter().rposition(|e| {
                    e.nominal.as_ref().is_some_and(|m| {
                        !m.plural
                            && nouns::singular(&m.head) == head
                            && (n.of.is_none() || m.of == n.of || bare(&m.words).contains(&bare(&n.words)))
                    })
                });
                if let Some(e) = before {
                    return self.mention(e, span, Some(n.words.clone()));
                }
            }
            if n.plural || n.definite {
                // "aides" after "Reyes aides", "the officials" after "city officials"
                // "those familiar with it" are not "those close to her"
                let known = !matches!(n.head.as_str(), "those" | "some" | "many" | "others" | "most" | "several" | "few" | "both");
                let short = known && bare(&n.words).split(' ').count() <= 1;
                let fuller = self.entities.iter().rposition(|e| {
                    e.nominal.as_ref().is_some_and(|m| {
                        m.plural == n.plural && short && n.definite && nouns::singular(&m.head) == nouns::singular(&n.head)
                    })
                });
                if let Some(e) = fuller {
                    return self.mention(e, span, Some(n.words.clone()));
                }
            }
        }
        // "Reyes campaign", "the Reyes campaign": a body named by whose it is
        let kind = match n.class {
            Some(Noun::Document)
                if matches!(
                    n.head.as_str(),
                    "data"
                        | "statistics"
                        | "figures"
                        | "polls"
                        | "poll"
                        | "survey"
                        | "surveys"
                        | "polling"
                        | "average"
                        | "averages"
                        | "numbers"
                ) =>
            {
                SourceKind::Data
            }
            Some(Noun::Document) => SourceKind::Document,
            Some(Noun::Outlet) => SourceKind::Outlet,
            Some(Noun::Body) if n.plural => SourceKind::Group,
            Some(Noun::Body) => SourceKind::Organisation,
            Some(Noun::Crowd) => SourceKind::Group,
            Some(_) if n.plural => SourceKind::Group,
            Some(_) => SourceKind::Person,
            None => SourceKind::Unknown,
        };
        let name = n.words.clone();
        let named = self.named_among(span).or_else(|| self.holders(&n));
        // "a report released last year" is "a report"
        let short = [" released ", " published ", " issued ", " filed "].iter().find_map(|w| name.find(w)).map(|at| name[..at].to_string());
        let e = self.enter(name, kind, Some(n));
        if let Some(names) = named {
            self.entities[e].names_some = true;
            self.entities[e].aliases.push(names);
        }
        self.mention(e, span, short)
    }

    /// Whom "the senators" and "both candidates" mean: two or three people whom the story has given that title or role.
    fn holders(&self, n: &Nominal) -> Option<String> {
        let first = n.words.split(' ').next().unwrap_or("").to_lowercase();
        let several = matches!(first.as_str(), "the" | "both");
        let head = nouns::singular(&n.head);
        if !(several && n.plural && n.of.is_none()) || nouns::class(&head, false, false) != Some(Noun::Role) {
            return None;
        }
        let titles: &[&str] = match head.as_str() {
            "senator" => &["sen", "sens", "senator", "senators"],
            "representative" => &["rep", "reps", "representative", "representatives"],
            "governor" => &["gov", "govs", "governor", "governors"],
            "candidate" | "nominee" => &["candidate", "nominee"],
            h => &[h],
        };
        let by_title = self.people.people.iter().filter(|p| p.titles.iter().any(|t| titles.contains(&t.as_str()))).map(|p| p.name.clone());
        let by_role = self.entities.iter().filter(|e| {
            e.kind == SourceKind::Person
                && e.nominal.is_none()
                && e.role.as_ref().is_some_and(|r| r.to_lowercase().split(|c: char| !c.is_alphanumeric()).any(|w| titles.contains(&w)))
        });
        let mut names: Vec<String> = by_title.chain(by_role.map(|e| e.name.clone())).collect();
        names.sort();
        names.dedup();
        match names.as_slice() {
            [a, b] => Some(format!("{a} and {b}")),
            [a, b, c] => Some(format!("{a}, {b} and {c}")),
            // both of two kinds of people who are in the news: known, whoever they are
            _ if first == "both" && matches!(head.as_str(), "candidate" | "nominee" | "president" | "leader") => Some(n.words.clone()),
            _ => None,
        }
    }

    /// The last body named before `at` with the noun in its name.
    fn body_with(&self, head: &str, at: u32) -> Option<String> {
        let here = self.paragraph(at);
        self.marked.paragraphs[..(here + 1).min(self.marked.paragraphs.len())].iter().rev().take(2 * FAR).find_map(|p| {
            let before = Span { start: p.start, end: p.end.min(at) };
            let all = runs(self.text, before);
            (0..all.len()).rev().find_map(|k| {
                let r = &all[k];
                if !r.words.iter().any(|w| w.to_lowercase() == head) {
                    return None;
                }
                // "Alliance to Mend the Harbour": one name in two runs
                let on = all.get(k + 1).filter(|next| {
                    matches!(
                        self.text[r.span.end as usize..next.span.start as usize].trim(),
                        "to" | "for" | "against" | "to the" | "for the"
                    )
                });
                match on {
                    Some(next) => Some(words_of(self.text, r.span.hull(next.span))),
                    None => (r.words.len() >= 2).then(|| r.name()),
                }
            })
        })
    }

    /// The people or bodies that a description names among those whom it describes: "critics, like Senators Moss and Renn".
    fn named_among(&self, span: Span) -> Option<String> {
        let words = span.of(self.text);
        let at = [", like ", ", including ", " including ", " such as ", ", among them "]
            .iter()
            .find_map(|w| words.find(w).map(|i| i + w.len()))?;
        let behind = Span { start: span.start + at as u32, end: span.end };
        let bracketed =
            |r: &Run| matches!(r.words[0].as_str(), "Republican" | "Democrat") || self.text[..r.span.start as usize].ends_with("of ");
        let names: Vec<String> = runs(self.text, behind)
            .into_iter()
            .filter(|r| !bracketed(r))
            .map(|r| self.people.find(&r.words).map_or_else(|| r.name(), |p| self.people.people[p].name.clone()))
            .collect();
        match names.split_last() {
            Some((last, [])) => Some(last.clone()),
            Some((last, rest)) => Some(format!("{} and {last}", rest.join(", "))),
            None => None,
        }
    }

    /// An outlet named behind one of the links ("by", "from") inside a description.
    fn outlet_in(&self, span: Span, links: &[&str]) -> Option<(String, String)> {
        runs(self.text, span).into_iter().find_map(|r| {
            let before = self.text[span.start as usize..r.span.start as usize].trim_end();
            let before = before.strip_suffix("the").unwrap_or(before).trim_end();
            let behind = links.iter().any(|p| before.ends_with(p));
            let name =
                outlets::known(&r.name()).map(|o| o.name.to_string()).or_else(|| outlets::looks_like(&r.name()).then(|| r.name()))?;
            behind.then(|| (r.name(), name))
        })
    }

    /// "The Ostland Democrat" behind what a senator said: the senator.
    fn lawmaker(&mut self, n: &Nominal, span: Span) -> Option<usize> {
        const SEATS: &[&str] = &["sen", "senator", "rep", "representative", "congressman", "congresswoman", "gov", "governor"];
        if !matches!(n.head.as_str(), "democrat" | "republican" | "lawmaker" | "independent") {
            return None;
        }
        let here = self.paragraph(span.start);
        let seated = |e: usize| {
            let by_role = self.entities[e]
                .role
                .as_ref()
                .is_some_and(|r| r.to_lowercase().split(|c: char| !c.is_alphanumeric()).any(|w| SEATS.contains(&w)));
            let person = self.last_person.iter().find(|(_, x)| *x == e).map(|(p, _)| &self.people.people[*p]);
            self.entities[e].nominal.is_none() && (by_role || person.is_some_and(|p| p.titles.iter().any(|t| SEATS.contains(&t.as_str()))))
        };
        let e = (0..self.speakers.len())
            .rev()
            .take(3)
            .filter(|j| here.saturating_sub(self.paragraph(self.marked.attributions[*j].anchor().start)) <= 2)
            .find_map(|j| self.speakers[j].filter(|e| seated(*e)))?;
        Some(self.mention(e, span, Some(n.words.clone())))
    }

    /// Whom "the senator" means: the one person of the story who was given that title or role before.
    fn holder(&mut self, n: &Nominal, span: Span) -> Option<usize> {
        // "the mayor of Port Ellery" may be the mayor whom the story names; "Reyes's spokesman" is not Reyes's rival's.
        let of_person = n.of.as_ref().is_some_and(|o| self.people.find(&o.words).is_some());
        if !matches!(n.class, Some(Noun::Role | Noun::Insider | Noun::Bystander))
            || of_person
            || n.of.is_some() && n.class != Some(Noun::Role)
        {
            return None;
        }
        let titles: &[&str] = match n.head.as_str() {
            "senator" => &["sen", "senator"],
            "congressman" | "congresswoman" | "congressperson" | "representative" => {
                &["rep", "representative", "congressman", "congresswoman"]
            }
            "lawmaker" | "legislator" => &["sen", "rep", "senator", "congressman", "congresswoman", "mp"],
            "governor" => &["gov", "governor"],
            "general" => &["gen", "general"],
            "professor" => &["prof", "professor"],
            "doctor" => &["dr", "doctor"],
            "spokesman" | "spokeswoman" | "spokesperson" => &["spokesman", "spokeswoman", "spokesperson"],
            "president" if n.words.to_lowercase().contains("vice president") => &["vice"],
            head => &[head],
        };
        let gender = nouns::gender_of(&n.head);
        let fits = |e: &Entity| {
            e.kind == SourceKind::Person
                && e.nominal.is_none()
                && e.role.as_ref().is_some_and(|r| r.to_lowercase().split(|c: char| !c.is_alphanumeric()).any(|w| titles.contains(&w)))
        };
        let mut found: Vec<usize> = (0..self.entities.len()).filter(|e| fits(&self.entities[*e])).collect();
        if found.is_empty() {
            // Somebody with that title who has not spoken yet.
            let mut titled: Vec<usize> = (0..self.people.people.len())
                .filter(|p| {
                    self.people.people[*p].titles.iter().any(|t| titles.contains(&t.as_str()))
                        && !(titles == ["president"] && self.people.people[*p].titles.iter().any(|t| t == "vice"))
                })
                .collect();
            titled.sort_by_key(|p| std::cmp::Reverse(self.people.people[*p].count));
            if let [one, rest @ ..] = titled.as_slice()
                && rest.first().is_none_or(|r| self.people.people[*one].count >= 3 * self.people.people[*r].count)
            {
                found.push(self.person(*one));
            }
        }
        match found.as_slice() {
            [one] => {
                let e = *one;
                if let (Some(g), Some((p, _))) = (gender, self.last_person.iter().find(|(_, x)| *x == e)) {
                    self.people.people[*p].votes[usize::from(!g)] += 2;
                }
                Some(self.mention(e, span, Some(n.words.clone())))
            }
            _ => None,
        }
    }
}
