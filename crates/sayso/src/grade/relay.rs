//! Relays that reach over more than their own sentence: what a speaker goes on to say in the same interview, and stories that
//! retell one report from their first lines on.

use std::collections::HashMap;

use sayso_text::Span;

use super::credit::{Credit, CreditKind};
use super::terms::{Channel, Via};
use super::{Naming, Source, Statement};
use crate::mark::{Form, Quotation, touching};

/// Paragraphs within which a speaker is taken to go on in the same interview, where the story credits several outlets.
const NEAR: usize = 3;
/// Paragraphs at the head of a story in which it says what it retells.
const HEAD: usize = 3;

const MONTHS: &[&str] =
    &["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];

/// Fills in `via` where the statement's own sentence does not say it. `publisher` tells whether it is known who publishes the story.
pub fn carry(
    text: &str,
    paragraphs: &[Span],
    quotations: &[Quotation],
    credits: &[Credit],
    publisher: bool,
    sources: &[Source],
    statements: &mut [Statement],
) {
    // what a speaker credits inside a quotation is no credit of the story's; a programme's title in marks is
    let quoted = |c: &Credit| {
        let long = |q: &Quotation| q.span.covers(c.span) && q.span.of(text).split_whitespace().count() > 6;
        let direct = |s: &Statement| s.attribution.form == Form::Direct && s.attribution.content.iter().any(|x| x.covers(c.span));
        touching(quotations, c.span).any(long) || statements.iter().any(direct)
    };
    let credits: Vec<&Credit> = credits.iter().filter(|c| c.kind != CreditKind::Link && !quoted(c)).collect();
    let place = |at: u32| paragraphs.partition_point(|p| p.end <= at);
    for s in &mut *statements {
        let Some(speaker) = s.speaker.map(|i| &sources[i]) else { continue };
        let own = credits.iter().any(|c| c.own && c.name.eq_ignore_ascii_case(&speaker.name));
        let according = s.attribution.cue.iter().any(|c| c.of(text).to_ascii_lowercase().contains("according"));
        if s.via.is_none() && speaker.naming == Naming::Outlet && according && !own {
            let span = s.attribution.source.first().or(speaker.mentions.first()).copied();
            s.via = span.map(|span| Via { name: speaker.name.clone(), span });
        }
    }
    // "told The Wicket", where nothing tells who publishes the story: it may be The Wicket's own, so no more than that sentence is said
    let frame = if publisher { head_frame(text, &credits, paragraphs, place) } else { None };
    // "Moss told the Herald": what others say in the story was not told there
    let teller = frame
        .as_ref()
        .and_then(|(via, _)| credits.iter().find(|c| c.span == via.span))
        .filter(|c| c.kind == CreditKind::Told)
        .and_then(|c| statements.iter().find(|s| s.via.as_ref().is_some_and(|v| v.span == c.span)))
        .and_then(|s| s.speaker);
    // A speaker who also talked to this outlet goes on in that talk, not in the one the story looks back to.
    let talks_here = credits.iter().any(|c| c.own && c.kind <= CreditKind::Interview);
    let mut last: HashMap<usize, (Via, Channel, usize)> = HashMap::new();
    for s in &mut *statements {
        let Some(speaker) = s.speaker else { continue };
        let here = place(s.attribution.anchor().start);
        let feature = frame.as_ref().is_some_and(|(_, f)| *f);
        if s.via.is_none() && (feature || !elsewhere(text, s)) {
            if let Some((via, channel, at)) = last.get(&speaker)
                && here - at <= if talks_here { 0 } else { NEAR }
            {
                s.via = Some(via.clone());
                if s.channel == Channel::Unstated {
                    s.channel = *channel;
                }
            } else if let Some((via, _)) = &frame
                && teller.is_none_or(|t| t == speaker)
                && !matches!(sources[speaker].naming, Naming::Outlet | Naming::Document)
            {
                s.via = Some(via.clone());
            }
        }
        match &s.via {
            Some(via) if credits.iter().any(|c| c.span == via.span && c.kind != CreditKind::Reported) => {
                last.insert(speaker, (via.clone(), s.channel, here));
            }
            Some(_) => {}
            // said somewhere else: what follows goes on there
            None if elsewhere(text, s) => drop(last.remove(&speaker)),
            None => {}
        }
    }
}

/// Whether a statement's own words say that it was made in some other place.
fn elsewhere(text: &str, s: &Statement) -> bool {
    let asked = |r: Span| ["host", "anchor", "interviewer"].iter().any(|w| r.of(text).contains(w));
    s.recipient.is_some_and(|r| !asked(r))
        || matches!(s.channel, Channel::Statement | Channel::Speech | Channel::Debate | Channel::SocialMedia)
}

/// The one outlet whose interview, broadcast or feature a story retells, where its first paragraphs say so and it credits no other,
/// and whether it is a feature: what is told in that was said wherever it was said, and is the feature's.
fn head_frame(text: &str, credits: &[&Credit], paragraphs: &[Span], place: impl Fn(u32) -> usize) -> Option<(Via, bool)> {
    let foreign: Vec<&&Credit> = credits.iter().filter(|c| !c.own && c.kind != CreditKind::Writer).collect();
    let first = foreign.first()?;
    let near = place(first.span.start) < HEAD.min(paragraphs.len().div_ceil(2));
    // "in a May interview on": one the story looks back to
    let before: Vec<String> = text[..first.span.start as usize]
        .split_whitespace()
        .rev()
        .take(6)
        .map(|w| w.trim_matches(|c: char| !c.is_alphabetic()).to_lowercase())
        .collect();
    let past = before.iter().any(|w| MONTHS.contains(&w.as_str()) || matches!(w.as_str(), "last" | "earlier" | "previous" | "year"));
    let mut behind = text[first.span.end as usize..].split_whitespace().map(|w| w.trim_matches(|c: char| !c.is_alphabetic()));
    let features = behind.next().is_some_and(|w| matches!(w, "ran" | "published" | "released" | "posted"))
        && behind.take(4).any(|w| matches!(w, "feature" | "profile" | "story" | "report" | "investigation" | "interview" | "article"));
    let retells = features || foreign.iter().take(2).any(|c| c.kind <= CreditKind::Interview);
    let via = Via { name: first.name.clone(), span: first.span };
    (near && retells && !past && foreign.iter().all(|c| c.name == first.name)).then_some((via, features))
}
