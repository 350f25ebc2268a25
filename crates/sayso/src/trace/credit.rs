//! What a statement says of the way it came: the outlet that it, its sentence or its story credits.

use super::report::{Report, Said};
use crate::grade::CreditKind;

/// A credit that bears on a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credited {
    /// The outlet.
    pub outlet: String,
    /// The words that say so; `None` for an agency in the dateline or credit line.
    pub span: Option<sayso_text::Span>,
    /// How near to the statement they stand.
    pub near: Near,
}

/// How near a credit stands to what it credits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Near {
    /// In the statement's own sentence, or carried on from the sentence before.
    Statement,
    /// In its paragraph or the one before.
    Paragraph,
    /// Elsewhere in the story.
    Story,
    /// The story comes from an agency.
    Line,
}

/// Foreign credits for a statement, nearest first.
pub fn credited(report: &Report, said: &Said) -> Vec<Credited> {
    let own = |name: &str| report.outlet.as_deref().is_some_and(|o| o.eq_ignore_ascii_case(name));
    let mut out: Vec<Credited> = Vec::new();
    let mut add = |outlet: &str, span, near| {
        if !own(outlet) && !out.iter().any(|c: &Credited| c.outlet.eq_ignore_ascii_case(outlet)) {
            out.push(Credited { outlet: outlet.to_string(), span, near });
        }
    };
    if let Some((name, span)) = &said.via {
        add(name, Some(*span), Near::Statement);
    }
    let anchor = said.content.first().map_or(0, |s| s.start);
    let place = |at: u32| report.paragraphs.partition_point(|p| p.end <= at);
    let here = place(anchor);
    for c in report.credits.iter().filter(|c| !c.own) {
        let back = here.abs_diff(place(c.span.start));
        let beside = back == 0 || back == 1 && c.span.start < anchor;
        // a link shows a way; it does not say that this statement came by it
        let near = if beside && c.kind != CreditKind::Link { Near::Paragraph } else { Near::Story };
        if near == Near::Paragraph {
            add(&c.name, Some(c.span), near);
        }
    }
    for c in report.credits.iter().filter(|c| !c.own) {
        add(&c.name, Some(c.span), Near::Story);
    }
    if let Some(agency) = &report.agency {
        add(agency, None, Near::Line);
    }
    out
}

/// Whether the story says that the statement was made to it: "told the Herald" in the Herald.
pub fn own_access(report: &Report, said: &Said) -> Option<sayso_text::Span> {
    if said.via.is_some() {
        return None;
    }
    let recipient = said.recipient?;
    let words = recipient.of(&report.text).to_lowercase();
    let first_person = ["me", "us"].contains(&words.as_str()) || words.starts_with("this newspaper") || words.starts_with("this reporter");
    let credited = report.credits.iter().any(|c| c.own && c.span.common(recipient) > 0);
    let named = report.outlet.as_ref().is_some_and(|o| {
        let bare = words.trim_start_matches("the ").trim_end_matches("'s");
        let o = o.to_lowercase();
        o == bare || o.ends_with(&format!(" {bare}"))
    });
    (first_person || credited || named).then_some(recipient)
}
