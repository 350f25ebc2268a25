//! From the tagger's proposals to attributions, with the quotation grammar and the blocks correcting them.

use sayso_text::{BlockKind, Doc, Span};

use super::quotes::{Quotation, touching};
use super::tagger::Proposal;
use super::{Attribution, Form, Level};

/// The probability given to a quotation that no cue introduces. Set by hand to the middle level: the annotated stories
/// hold too few of them to calibrate on.
const CARRIED_ON: f32 = 0.6;

/// Words of a quotation from which on it is taken for speech rather than for a title, a nickname or a scare quote.
const SPEECH_WORDS: usize = 6;

pub fn repair(doc: &Doc, paragraphs: &[Span], quotations: &[Quotation], proposals: Vec<Proposal>) -> Vec<Attribution> {
    let text = &*doc.text;
    let datelines: Vec<Span> = doc.blocks.iter().filter(|b| b.kind == BlockKind::Dateline).map(|b| b.span).collect();
    let mut out: Vec<Attribution> = Vec::new();
    for p in proposals {
        let [source, cue, content] = [p.source, p.cue, p.content].map(|spans| without(text, spans, &datelines));
        let source = in_one_sentence(text, paragraphs, source, &cue);
        let content = tidy(text, content, quotations);
        let content = without_lead(text, &cue, content, quotations);
        let announces = content.is_empty() && cue.last().is_some_and(|c| ends_in_colon(text, paragraphs, *c));
        if cue.is_empty() || content.is_empty() && !announces {
            continue;
        }
        if matches!((&source[..], &cue[..]), ([s], [c]) if c.of(text) == ":" && NOTICES.contains(&&*s.of(text).to_uppercase())) {
            continue; // "CORRECTION: An earlier version said ..." is the outlet's own
        }
        let notice = cue.first().and_then(|c| paragraph_at(paragraphs, c.start)).is_some_and(|p| is_notice(text, p));
        if notice || is_title(doc, text, &cue, &content) {
            continue;
        }
        let words: Vec<&str> = cue.iter().map(|s| s.of(text)).collect();
        let level = Level::of_cue(&words.join(" "));
        let form = form(text, &content, quotations);
        out.push(Attribution { source, cue, content, form, level, parent: None, probability: p.probability });
    }
    labelled(doc, paragraphs, &mut out);
    carried_on(doc, paragraphs, quotations, &mut out);
    out.sort_by_key(|a| (a.hull().start, a.anchor().start));
    nest(&mut out);
    out
}

/// The paragraph that a place stands in.
fn paragraph_at(paragraphs: &[Span], at: u32) -> Option<Span> {
    paragraphs.get(paragraphs.partition_point(|p| p.end <= at)).copied()
}

/// Where the sentence of a paragraph begins that a place stands in.
fn sentence_start(text: &str, paragraph: Span, at: u32) -> u32 {
    super::sentences(text, paragraph).iter().rev().find(|s| s.start <= at).map_or(paragraph.start, |s| s.start)
}

/// Whether the outlet speaks of its own story in a paragraph: "Correction: An earlier version said ...".
fn is_notice(text: &str, paragraph: Span) -> bool {
    let label = paragraph.of(text).trim_start_matches(['*', '(', '[', ' ']).split_once(':').map_or("", |(l, _)| l);
    matches!(
        label.to_lowercase().replace('’', "'").as_str(),
        "correction" | "corrections" | "clarification" | "editor's note" | "editors' note"
    )
}

/// "What the mayor says": a heading that says what comes, not what was said.
fn is_title(doc: &Doc, text: &str, cue: &[Span], content: &[Span]) -> bool {
    let over = |s: &Span| doc.block_at(s.start as usize).is_some_and(|b| matches!(b.kind, BlockKind::Heading | BlockKind::Headline));
    let asks = |w: &str| matches!(w.to_lowercase().as_str(), "what" | "how" | "why" | "who" | "where" | "when" | "which");
    cue.first().is_some_and(over) && matches!(content, [one] if asks(one.of(text)))
}

/// Takes the datelines out of spans.
fn without(text: &str, spans: Vec<Span>, datelines: &[Span]) -> Vec<Span> {
    spans
        .into_iter()
        .filter_map(|mut s| {
            for d in datelines {
                if s.common(*d) > 0 {
                    if d.covers(s) {
                        return None;
                    }
                    s = Span { start: s.start.max(d.end), end: s.end.max(d.end) }.trim(text);
                }
            }
            (!s.is_empty()).then_some(s)
        })
        .collect()
}

/// Cuts a source that begins in the sentence before its cue's down to what stands in the cue's.
fn in_one_sentence(text: &str, paragraphs: &[Span], source: Vec<Span>, cue: &[Span]) -> Vec<Span> {
    let Some(cue) = cue.first() else { return source };
    let Some(paragraph) = paragraph_at(paragraphs, cue.start) else { return source };
    let crosses = |s: &Span| s.end <= cue.start && s.of(text).contains(['.', '?', '!']);
    if !source.iter().any(crosses) {
        return source;
    }
    let start = sentence_start(text, paragraph, cue.start);
    let cut = |s: Span| if crosses(&s) && s.start < start && s.end > start { Span { start, end: s.end } } else { s };
    source.into_iter().map(cut).collect()
}

/// Makes content end where its quotation ends: a span that stops one mark short of a quotation's end, or starts just
/// behind its opening, takes the mark in; blanks and marks alone are no content.
fn tidy(text: &str, spans: Vec<Span>, quotations: &[Quotation]) -> Vec<Span> {
    spans
        .into_iter()
        .map(|mut s| {
            for q in touching(quotations, s) {
                let inside = q.inside(text);
                let open = inside.start - q.span.start;
                // shut but for the closing mark (and the comma before it)
                if q.closed
                    && s.end < q.span.end
                    && inside.end <= s.end + 2
                    && text[s.end as usize..q.span.end as usize].chars().all(|c| !c.is_alphanumeric())
                {
                    s.end = q.span.end;
                }
                if s.start > q.span.start && s.start - q.span.start <= open {
                    s.start = q.span.start;
                }
            }
            s.trim(text)
        })
        .filter(|s| s.of(text).chars().any(char::is_alphanumeric))
        .collect()
}

/// Leaves out what only leads up to a quotation: the writer's question ("Why now? “Because it was time,” she said") and
/// what a remark is about ("he said of the tower, “It leaks.”").
fn without_lead(text: &str, cue: &[Span], spans: Vec<Span>, quotations: &[Quotation]) -> Vec<Span> {
    let about = cue.last().is_some_and(|c| c.of(text).ends_with(" of") || c.of(text).ends_with(" about"));
    let lead = |s: Span| {
        let q = touching(quotations, s).next().filter(|q| s.start < q.span.start)?;
        let before = Span { start: s.start, end: q.span.start }.trim(text).of(text);
        let topic = about && before.ends_with([',', '.', ':']) && before.split_whitespace().count() <= 8;
        let speech = q.inside(text).of(text).starts_with(char::is_uppercase);
        (speech && (before.ends_with('?') || topic)).then_some(q.span.start)
    };
    spans.into_iter().map(|s| lead(s).map_or(s, |start| Span { start, end: s.end })).collect()
}

/// Direct where all words stand in quotation, indirect where none does.
pub fn form(text: &str, content: &[Span], quotations: &[Quotation]) -> Form {
    let letters = |s: Span| s.of(text).chars().filter(|c| c.is_alphanumeric()).count();
    let (mut all, mut quoted) = (0, 0);
    for s in content {
        all += letters(*s);
        for q in touching(quotations, *s) {
            quoted += letters(Span { start: s.start.max(q.span.start), end: s.end.min(q.span.end) });
        }
    }
    if quoted == 0 {
        Form::Indirect
    } else if quoted * 50 >= all * 49 {
        Form::Direct
    } else {
        Form::Mixed
    }
}

/// Whether a cue ends its paragraph with a colon.
fn ends_in_colon(text: &str, paragraphs: &[Span], cue: Span) -> bool {
    let k = paragraphs.partition_point(|p| p.end < cue.end);
    paragraphs.get(k).is_some_and(|p| p.of(text).ends_with(':') && cue.end + 1 >= p.end)
}

/// Spans that are attributed already, for telling which quotations are not.
struct Covered {
    spans: Vec<Span>,
    /// The furthest end of the spans so far: grows, so that it can be searched.
    reach: Vec<u32>,
}

impl Covered {
    fn new(all: &[Attribution]) -> Self {
        let mut spans: Vec<Span> = all.iter().flat_map(|a| a.content.iter().copied()).collect();
        spans.sort();
        let reach = spans
            .iter()
            .scan(0, |most, s| {
                *most = s.end.max(*most);
                Some(*most)
            })
            .collect();
        Self { spans, reach }
    }

    /// Whether less than a quarter of a span is attributed.
    fn is_lone(&self, s: Span) -> bool {
        let from = self.reach.partition_point(|r| *r <= s.start);
        let common: usize = self.spans[from..].iter().take_while(|c| c.start < s.end).map(|c| c.common(s)).sum();
        common * 4 < s.len()
    }
}

/// What kind of block a paragraph stands in.
fn kind(doc: &Doc, paragraph: Span) -> BlockKind {
    doc.block_at(paragraph.end as usize - 1).map_or(BlockKind::Body, |b| b.kind)
}

/// Whether a block stands over the story or a picture: nobody's talk goes on in it.
fn stands_over(kind: BlockKind) -> bool {
    matches!(kind, BlockKind::Headline | BlockKind::Deck | BlockKind::Heading | BlockKind::Caption)
}

/// Paragraphs whose speaker a label names, whatever the tagger made of their insides: speech in marks with a dash and a name
/// behind it, on its line or on the next, and the turns of a transcript. A label in capitals without marks counts where
/// the story has two of them, so that a place or a notice before a colon does not speak.
fn labelled(doc: &Doc, paragraphs: &[Span], out: &mut Vec<Attribution>) {
    let text = &*doc.text;
    let body = |p: &Span| !stands_over(kind(doc, *p));
    let turns = paragraphs.iter().filter(|p| body(p) && transcript(text, **p).is_some()).count();
    let any = |question: bool| paragraphs.iter().any(|p| body(p) && turn(text, *p).is_some_and(|(asks, ..)| asks == question));
    let interview = any(true) && any(false);
    let mut labels: Vec<(Label, Span)> = Vec::new();
    for (i, p) in paragraphs.iter().enumerate().filter(|(_, p)| body(p)) {
        let next = paragraphs.get(i + 1).filter(|p| body(p)).copied();
        let marked = p.of(text).starts_with(MARKS);
        let answer = || turn(text, *p).filter(|(asks, ..)| interview && !asks).map(|(_, label, words)| (label, words));
        let said = || transcript(text, *p).filter(|_| marked || turns > 1);
        labels.extend(signed(text, *p, next).or_else(answer).or_else(said));
    }
    // One pass over what was found, so that a long transcript costs no more than its length.
    let mut owned = vec![false; labels.len()];
    out.retain_mut(|a| {
        let at = a.cue.first().map_or(0, |c| c.start);
        let Some(k) = labels.partition_point(|(label, words)| words.start.min(label.source.start) <= at).checked_sub(1) else {
            return true;
        };
        let (label, words) = &labels[k];
        let is = |mine: &[Span], theirs: Span| mine.iter().any(|s| s.common(theirs) > 0);
        if !owned[k] && is(&a.source, label.source) && is(&a.cue, label.cue) {
            owned[k] = true;
            a.content = vec![*words];
            a.form = Form::Direct;
            return true;
        }
        // What is doubtful inside somebody's own words is what they say, not whom they report.
        a.probability >= REPORTED_WITHIN || !a.cue.iter().all(|c| words.covers(*c))
    });
    for ((label, words), _) in labels.into_iter().zip(owned).filter(|(_, owned)| !owned) {
        take(text, words, Some(label), None, out);
    }
}

/// The probability from which on an attribution inside labelled speech is kept.
const REPORTED_WITHIN: f32 = 0.8;

/// Marks with which speech may begin, the wrong way round too.
const MARKS: [char; 6] = ['"', '“', '”', '„', '«', '‘'];

/// `“...” — Ida Moss`, the name on the paragraph's own line or alone on the next: who, and the words between the marks.
fn signed(text: &str, paragraph: Span, next: Option<Span>) -> Option<(Label, Span)> {
    let words = paragraph.of(text);
    let last = words.rfind(['"', '”', '»', '’', '“']).filter(|_| words.starts_with(MARKS))?;
    let width = words[last..].chars().next().map_or(1, char::len_utf8);
    let speech = Span::new(paragraph.start as usize, paragraph.start as usize + last + width);
    let label = label_behind(text, speech, paragraph).or_else(|| {
        let next = next.filter(|_| speech.end == paragraph.trim(text).end)?;
        label_behind(text, speech, next)
    })?;
    (speech.of(text).split_whitespace().count() >= 3).then_some((label, speech))
}

/// Quotations that no proposal covers, where they carry on a speaker's talk: a block quotation, a paragraph behind "He
/// wrote:", a paragraph that opens with a mark after one whose quotation was not shut, words with a label, and any
/// other quotation of a sentence's length.
///
/// On the development stories 40 of the 44 that were taken so stood in words that people had marked as attributed.
fn carried_on(doc: &Doc, paragraphs: &[Span], quotations: &[Quotation], out: &mut Vec<Attribution>) {
    let text = &*doc.text;
    let covered = Covered::new(out);
    // Who still speaks at the end of each paragraph: announced with a colon, or in a quotation that is not shut.
    let mut open: Vec<Option<usize>> = vec![None; paragraphs.len()];
    // Which paragraphs hold somebody's name as a source.
    let mut names = vec![false; paragraphs.len()];
    for (j, a) in out.iter().enumerate() {
        for s in &a.source {
            let k = paragraphs.partition_point(|p| p.end < s.end);
            if paragraphs.get(k).is_some_and(|p| p.covers(*s)) {
                names[k] = true;
            }
        }
        for c in a.content.iter().chain(a.cue.last()) {
            let k = paragraphs.partition_point(|p| p.end < c.end);
            let Some(p) = paragraphs.get(k) else { continue };
            let unshut = quotations[..quotations.partition_point(|q| q.span.start < p.end)]
                .last()
                .is_some_and(|q| !q.closed && q.span.common(*c) > 0);
            if unshut && c.end + 3 >= p.end || a.content.is_empty() {
                open[k] = Some(j);
            }
        }
    }
    for (i, p) in paragraphs.iter().enumerate() {
        let kind = kind(doc, *p);
        let before = i.checked_sub(1);
        let speaker = before.and_then(|k| open[k]);
        // the name under a quotation is nobody's word, and a notice is the outlet's own
        if is_notice(text, *p) || names[i] && p.of(text).starts_with(['—', '―', '–', '-']) {
            continue;
        }
        if kind == BlockKind::Blockquote && covered.is_lone(*p) {
            let label = label_before(text, before.map(|k| paragraphs[k]));
            take(text, *p, label, speaker, out);
            // A second block of the same quotation belongs to whoever the first belongs to.
            open[i] = speaker;
            continue;
        }
        if stands_over(kind) {
            continue;
        }
        // A transcript: "MOSS: We did not know."
        if covered.is_lone(*p)
            && let Some((label, words)) = transcript(text, *p)
        {
            take(text, words, Some(label), None, out);
            continue;
        }
        // "He wrote:", and his words stand in a paragraph of their own without marks
        if let Some(j) = speaker.filter(|j| out[*j].content.is_empty())
            && touching(quotations, *p).next().is_none_or(|q| q.span.start > p.start && q.single)
            && before.is_some_and(|k| paragraphs[k].of(text).ends_with(':'))
        {
            out[j].content.push(p.trim(text));
            out[j].form = Form::Indirect;
            continue;
        }
        for q in touching(quotations, *p) {
            let inside = q.inside(text);
            let words = inside.of(text).split_whitespace().count();
            if !covered.is_lone(q.span) {
                continue;
            }
            let heads = q.span.start == p.start;
            let label = label_behind(text, q.span, *p)
                .or_else(|| label_before(text, Some(Span { start: p.start, end: q.span.start })))
                .or_else(|| before.filter(|_| heads).and_then(|k| announced(text, paragraphs[k])))
                .or_else(|| calling(text, *p, q.span));
            // the paragraph is nothing but more of what the one before ended with
            let whole = heads && q.span.end + 2 >= p.end;
            // and in the same marks: a heading in single ones is not
            let alike = |k: &usize| touching(quotations, paragraphs[*k]).last().is_some_and(|last| last.single == q.single);
            let more = before.filter(|k| whole && label.is_none() && alike(k)).and_then(|k| ends_paragraph(text, paragraphs[k], out));
            let goes_on = speaker.filter(|_| heads).or(more);
            let sentence = inside.of(text).ends_with(['.', ',', '?', '!', '…', '—', '–']) || !q.closed;
            if words >= SPEECH_WORDS && sentence || (label.is_some() || goes_on.is_some()) && words >= 3 {
                let j = take(text, q.span, label, goes_on, out);
                if !q.closed {
                    open[i] = Some(j);
                }
            }
        }
    }
    // What was announced and did not come.
    out.retain(|a| !a.content.is_empty());
}

/// The attribution in direct speech with which a paragraph ends: `“...,” she said.`
fn ends_paragraph(text: &str, paragraph: Span, all: &[Attribution]) -> Option<usize> {
    all.iter().rposition(|a| {
        let end = a.hull().end;
        a.form == Form::Direct
            && !a.cue.is_empty()
            && !a.source.is_empty()
            && paragraph.covers(a.hull())
            && !text[end as usize..paragraph.end as usize].contains(char::is_alphanumeric)
    })
}

/// Words that announce speech before a colon.
const SAYING: &[&str] = &[
    "said", "says", "say", "continued", "continues", "reports", "reported", "report", "wrote", "writes", "added", "adds", "comment",
    "comments", "statement", "following", "explained", "explains", "asked", "replied", "tweeted", "noted", "notes", "concluded",
    "responded", "answered", "remarked", "declared",
];

/// `Moss continued:` at the end of the paragraph before: who is announced, and the words that announce.
fn announced(text: &str, before: Span) -> Option<Label> {
    let start = super::sentences(text, before).last().map_or(before.start, |s| s.start);
    let sentence = Span { start, end: before.end }.trim(text);
    let words = sentence.of(text).strip_suffix(':')?;
    // what stands before the last comma is when and where
    let behind = |i: usize| words[i + 1..].starts_with(char::is_whitespace).then(|| words.len() - words[i + 1..].trim_start().len());
    let cut = words.rmatch_indices(',').find_map(|(i, _)| behind(i)).unwrap_or(0);
    let clause = Span::new(sentence.start as usize + cut, sentence.start as usize + words.len());
    let list: Vec<&str> = clause.of(text).split_whitespace().collect();
    if !(2..=10).contains(&list.len()) || !list.iter().skip(1).any(|w| SAYING.contains(w)) {
        return None;
    }
    let subject = if matches!(list[0].to_lowercase().as_str(), "he" | "she" | "they") {
        Span::new(clause.start as usize, clause.start as usize + list[0].len())
    } else {
        let run = crate::resolve::runs(text, clause).into_iter().next()?;
        let lead = text[clause.start as usize..run.span.start as usize].trim();
        if !(lead.is_empty() || lead.eq_ignore_ascii_case("the")) {
            return None;
        }
        Span { start: clause.start, end: run.span.end }
    };
    let cue = Span { start: subject.end, end: clause.end }.trim(text);
    (!cue.is_empty()).then_some(Label { source: subject, cue })
}

/// Takes words for somebody's: as more of what an attribution already holds, or as one of their own.
fn take(text: &str, span: Span, label: Option<Label>, speaker: Option<usize>, out: &mut Vec<Attribution>) -> usize {
    let span = span.trim(text);
    if let Some(j) = speaker {
        out[j].form = if out[j].content.is_empty() || out[j].form == Form::Direct { Form::Direct } else { Form::Mixed };
        out[j].content.push(span);
        return j;
    }
    let (source, cue) = label.map_or((Vec::new(), Vec::new()), |l| (vec![l.source], vec![l.cue]));
    let content = vec![span];
    out.push(Attribution { source, cue, content, form: Form::Direct, level: Level::Speech, parent: None, probability: CARRIED_ON });
    out.len() - 1
}

/// Who a quotation is labelled with, where no verb says it.
struct Label {
    source: Span,
    cue: Span,
}

/// Labels in capitals that are nobody's.
const NOTICES: &[&str] = &[
    "CLARIFICATION", "CORRECTION", "UPDATE", "UPDATED", "EDITOR'S NOTE", "EDITOR’S NOTE", "NOTE", "RELATED", "WATCH", "READ", "MORE",
    "PHOTOS", "VIDEO", "BREAKING", "EXCLUSIVE", "LISTEN", "ANALYSIS", "OPINION", "LIVE", "CLAIM", "THE CLAIM", "RULING", "OUR RULING",
    "VERDICT", "OUR VERDICT", "RATING", "OUR RATING", "FACT", "FACTS", "THE FACTS", "FACT CHECK", "SUMMARY",
];

/// Whether a paragraph is a question of an interview: "Q: ...".
pub fn asks(text: &str, paragraph: Span) -> bool {
    turn(text, paragraph).is_some_and(|(asks, ..)| asks)
}

/// A turn of an interview: whether it asks ("Q: ..."), its label, and the words behind it. Questions are the outlet's own.
fn turn(text: &str, paragraph: Span) -> Option<(bool, Label, Span)> {
    let words = paragraph.of(text);
    let letter = words.chars().next().filter(|c| matches!(c, 'Q' | 'A'))?;
    let mark = words[1..].chars().next().filter(|c| matches!(c, ':' | '.'))?;
    let at = paragraph.start as usize;
    let rest = Span::new(at + 1 + mark.len_utf8(), paragraph.end as usize);
    let label = Label { source: Span::new(at, at + 1), cue: Span::new(at + 1, at + 2) };
    let blank = rest.of(text).starts_with(char::is_whitespace) && rest.of(text).chars().any(char::is_alphanumeric);
    blank.then(|| (letter == 'Q', label, rest.trim(text)))
}

/// A speaker's label in capitals with a colon at the head of a paragraph, and the words behind it.
fn transcript(text: &str, paragraph: Span) -> Option<(Label, Span)> {
    let words = paragraph.of(text);
    let open = words.len() - words.trim_start_matches(['"', '“', '‘', '*', ' ']).len();
    let colon = words[open..].find(':').filter(|n| (2..=40).contains(n))? + open;
    let name = &words[open..colon];
    let capitals = name.chars().filter(|c| c.is_alphabetic()).count() >= 2
        && name.chars().all(|c| !c.is_lowercase() && (c.is_alphabetic() || " .-'’".contains(c)));
    let at = paragraph.start as usize;
    let rest = Span::new(at + colon + 1, paragraph.end as usize).trim(text);
    let label = Label { source: Span::new(at + open, at + colon).trim(text), cue: Span::new(at + colon, at + colon + 1) };
    (capitals && !NOTICES.contains(&name.trim()) && name.split_whitespace().count() <= 4 && rest.of(text).split_whitespace().count() >= 2)
        .then_some((label, rest))
}

/// `“...” —Commissioner Ida Moss`: a dash and a name, and nothing else, behind the quotation.
fn label_behind(text: &str, quotation: Span, paragraph: Span) -> Option<Label> {
    let mut rest = Span { start: quotation.end, end: paragraph.end }.trim(text);
    // a full stop behind a name of a few words is the line's, not an initial's
    let line = rest.of(text);
    if line.ends_with('.') && line.split_whitespace().count() <= 6 && !line[..line.len() - 1].contains('.') {
        rest.end -= 1;
    }
    let words = rest.of(text);
    let name = words.trim_start_matches(['-', '–', '—', '―', ' ', '\u{a0}']);
    let dash = words.len() - name.len();
    let n = name.split_whitespace().count();
    let named = name.starts_with(char::is_uppercase) && !name.ends_with(['.', '?', '!', '"', '”']) && !name.contains(['"', '“']);
    (dash > 0 && !words.starts_with(char::is_whitespace) && (1..=10).contains(&n) && named).then(|| {
        let at = rest.start as usize;
        Label { source: Span::new(at + dash, rest.end as usize), cue: Span::new(at, at + dash).trim(text) }
    })
}

/// `Her lawyer, Tam Iyer, went further, calling it “...”`: who begins the sentence, and the participle before the quotation.
fn calling(text: &str, paragraph: Span, quotation: Span) -> Option<Label> {
    const SAYING_SO: &[&str] =
        &["saying", "calling", "adding", "insisting", "arguing", "declaring", "noting", "warning", "denouncing", "describing"];
    let start = sentence_start(text, paragraph, quotation.start);
    let before = Span { start, end: quotation.start }.trim(text);
    let lead = before.of(text);
    // the participle stands behind a comma, a few words before the quotation
    let at = lead.rmatch_indices(", ").map(|(i, _)| i + 2).find(|i| SAYING_SO.iter().any(|w| lead[*i..].starts_with(&format!("{w} "))))?;
    let verb = lead[at..].split(' ').next()?;
    if lead[at..].split_whitespace().count() > 8 {
        return None;
    }
    let first = lead.split_whitespace().next()?;
    let source = if matches!(first.to_lowercase().as_str(), "he" | "she" | "they") {
        Span::new(start as usize, start as usize + first.len())
    } else {
        let runs = crate::resolve::runs(text, Span::new(start as usize, start as usize + at));
        let run = runs.first().filter(|r| r.words.len() >= 2 || !r.titles.is_empty())?;
        let lead = &text[start as usize..run.span.start as usize];
        if lead.split_whitespace().count() > 4 || lead.contains(['"', '“']) {
            return None;
        }
        Span { start, end: run.span.end }
    };
    let from = start as usize + at;
    Some(Label { source, cue: Span::new(from, from + verb.len()) })
}

/// `And from Chair Rao: “...”`: words that end in a colon and hold a name, before the quotation.
fn label_before(text: &str, before: Option<Span>) -> Option<Label> {
    let before = before?.trim(text);
    let start = super::sentences(text, before).last().map_or(before.start, |s| s.start);
    let before = Span { start, end: before.end };
    let words = before.of(text).strip_suffix(':')?;
    if words.split_whitespace().count() > 30 {
        return None;
    }
    let found = crate::resolve::runs(text, Span::new(before.start as usize, before.start as usize + words.len()));
    // A month or a place before the colon is nobody: a full name, a title, or an outlet is somebody.
    let somebody =
        |r: &&crate::resolve::Run| r.words.len() >= 2 || !r.titles.is_empty() || crate::grade::outlets::known(&r.name()).is_some();
    let run = found.iter().rfind(somebody)?;
    // With its titles: "Chair Rao", not "Rao".
    let titled = text[before.start as usize..run.span.start as usize]
        .rsplit(|c: char| c.is_whitespace())
        .skip(1)
        .take_while(|w| w.starts_with(char::is_uppercase))
        .map(|w| w.len() + 1)
        .sum::<usize>();
    let source = Span::new((run.span.start as usize - titled).max(before.start as usize), run.span.end as usize).trim(text);
    // "Said Rao: “...”": the verb says it, else the colon does.
    let lead = Span { start: before.start, end: source.start }.trim(text);
    let verb = lead.of(text).rsplit(char::is_whitespace).next().filter(|w| SAYING.contains(&w.to_lowercase().as_str()));
    let cue = match verb {
        Some(w) => Span { start: lead.end - w.len() as u32, end: lead.end },
        None => Span { start: before.end - 1, end: before.end },
    };
    Some(Label { source, cue })
}

/// How many neighbours on either side may hold an attribution: keeps nesting linear in the story's length.
const NEAR: usize = 32;

/// Gives each attribution the smallest other one in whose content its anchor stands.
pub fn nest(all: &mut [Attribution]) {
    for i in 0..all.len() {
        let anchor = all[i].cue.first().copied().unwrap_or(all[i].anchor());
        let parent = (i.saturating_sub(NEAR)..all.len().min(i + NEAR))
            .filter(|j| *j != i)
            .filter_map(|j| all[j].content.iter().find(|c| c.covers(anchor)).map(|c| (c.len(), j)))
            .filter(|(_, j)| !all[i].content.iter().any(|c| all[*j].cue.iter().any(|k| c.covers(*k))))
            .min();
        all[i].parent = parent.map(|(_, j)| j);
    }
}
