//! A story as tracing sees it.

use std::sync::Arc;

use sayso_text::Span;

use super::When;
use crate::grade::{Channel, Credit, Naming, Story, outlets};
use crate::mark::Form;

/// One story of a collection.
#[derive(Clone, Debug)]
pub struct Report {
    /// Its text.
    pub text: Arc<str>,
    /// Headline, where known.
    pub title: Option<String>,
    /// Who publishes it: the name in the table of outlets, or its own.
    pub outlet: Option<String>,
    /// The agency that its dateline or credit line names.
    pub agency: Option<String>,
    /// When it appeared.
    pub published: When,
    /// Its address, where known.
    pub address: Option<String>,
    /// What it attributes, in text order; quotations that nobody is given come last, with no speaker.
    pub said: Vec<Said>,
    /// Where it credits outlets.
    pub credits: Vec<Credit>,
    /// Its paragraphs.
    pub paragraphs: Vec<Span>,
}

/// One statement of a story.
#[derive(Clone, Debug)]
pub struct Said {
    /// Its place among the story's attributions, the first of them where several are one utterance; `None` for a quotation that is
    /// attributed to nobody.
    pub attribution: Option<usize>,
    /// The words that are attributed.
    pub content: Vec<Span>,
    /// Of these, what stands in quotation marks.
    pub quoted: Vec<Span>,
    /// The words that name whose they are.
    pub source: Vec<Span>,
    /// Whose they are.
    pub speaker: Option<Speaker>,
    /// Direct, indirect or mixed.
    pub form: Form,
    /// Where they were said.
    pub channel: Channel,
    /// Whom they were said to.
    pub recipient: Option<Span>,
    /// The outlet that they were taken from, and the words that say so.
    pub via: Option<(String, Span)>,
}

/// A source as a story describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Speaker {
    /// Its fullest name or description in the story.
    pub name: String,
    /// Whether and how it is identified.
    pub naming: Naming,
}

impl Report {
    /// A story made ready for tracing.
    pub fn of(story: &Story) -> Report {
        let doc = &story.doc;
        let said = story
            .statements
            .iter()
            .enumerate()
            .map(|(i, s)| {
                let a = &s.attribution;
                Said {
                    attribution: Some(i),
                    content: a.content.clone(),
                    quoted: Vec::new(),
                    source: a.source.clone(),
                    speaker: s.speaker.map(|k| Speaker { name: story.sources[k].name.clone(), naming: story.sources[k].naming }),
                    form: a.form,
                    channel: s.channel,
                    recipient: s.recipient,
                    via: s.via.as_ref().map(|v| (v.name.clone(), v.span)),
                }
            })
            .collect();
        let paragraphs = doc.blocks.iter().filter(|b| b.kind.is_story()).map(|b| b.span).collect();
        Self::put_together(
            doc.text.clone(),
            doc.meta.title.clone(),
            (doc.meta.outlet.as_deref(), doc.meta.credit.as_deref()),
            doc.meta.published.as_deref().map_or(When::UNKNOWN, When::parse),
            doc.meta.address.clone(),
            said,
            story.credits.clone(),
            paragraphs,
            &story.quotations,
        )
    }

    /// A report from its parts: `from` is the outlet and the agency of the credit line, as the story has them.
    #[expect(clippy::too_many_arguments, reason = "the columns of a story, in one place")]
    pub fn put_together(
        text: Arc<str>,
        title: Option<String>,
        from: (Option<&str>, Option<&str>),
        published: When,
        address: Option<String>,
        said: Vec<Said>,
        credits: Vec<Credit>,
        paragraphs: Vec<Span>,
        quotations: &[Span],
    ) -> Report {
        let agency = from.1.map(outlets::canonical);
        // an agency's own story names nobody else
        let outlet = from.0.map(outlets::canonical).or_else(|| agency.clone());
        let mut out = Report { text, title, outlet, agency, published, address, said, credits, paragraphs };
        out.lay_in(quotations);
        out.join();
        out
    }

    /// Joins what one speaker says in quotation marks in one paragraph: "…," she said. "…" is one utterance, whoever cut it into
    /// statements, and what another story leaves out between its parts is a cut.
    fn join(&mut self) {
        let paragraphs = &self.paragraphs;
        let place = |s: &Said| s.content.first().map(|c| paragraphs.partition_point(|p| p.end <= c.start));
        let mut out: Vec<Said> = Vec::with_capacity(self.said.len());
        for s in self.said.drain(..) {
            let goes_on = |last: &&mut Said| {
                !s.quoted.is_empty()
                    && !last.quoted.is_empty()
                    && s.attribution.is_some()
                    && s.speaker.is_some()
                    && s.speaker == last.speaker
                    && place(&s) == place(last)
                    && last.content.last().is_some_and(|c| s.content.first().is_some_and(|d| c.end <= d.start))
            };
            // what stands between may be the reporter's own: "…," she said, thinking aloud. "…"
            match out.iter_mut().rev().take(3).find(goes_on) {
                Some(last) => {
                    last.content.extend(s.content);
                    last.quoted.extend(s.quoted);
                    last.form = if last.form == s.form { s.form } else { Form::Mixed };
                    last.via = last.via.take().or(s.via);
                    last.recipient = last.recipient.or(s.recipient);
                    if last.source.is_empty() {
                        last.source = s.source;
                    }
                }
                None => out.push(s),
            }
        }
        self.said = out;
    }

    /// Tells each statement what of it is quoted, and adds the quotations that no statement has.
    pub fn lay_in(&mut self, quotations: &[Span]) {
        let mut left: Vec<bool> = vec![true; quotations.len()];
        for s in &mut self.said {
            for c in &s.content {
                let from = quotations.partition_point(|q| q.end <= c.start);
                for (k, q) in quotations.iter().enumerate().skip(from).take_while(|(_, q)| q.start < c.end) {
                    let part = Span { start: q.start.max(c.start), end: q.end.min(c.end) };
                    if part.is_empty() {
                        continue;
                    }
                    s.quoted.push(part);
                    // what of a quotation a statement leaves out is too little to be one of its own
                    if part.len() * 10 >= q.len() * 9 {
                        left[k] = false;
                    }
                }
            }
        }
        for (q, _) in quotations.iter().zip(&left).filter(|(_, left)| **left) {
            self.said.push(Said {
                attribution: None,
                content: vec![*q],
                quoted: vec![*q],
                source: Vec::new(),
                speaker: None,
                form: Form::Direct,
                channel: Channel::Unstated,
                recipient: None,
                via: None,
            });
        }
    }

    /// What to call it in a list: its outlet, or its headline's first words.
    pub fn label(&self) -> String {
        self.outlet.clone().or_else(|| self.title.clone()).unwrap_or_else(|| "a story without an outlet".into())
    }
}
