//! A story for a person at a terminal: summary, sources, then the statements with their words coloured by part.

use anstyle::{AnsiColor, Effects, Style as Ansi};
use sayso::{Naming, Statement};
use sayso_text::LineIndex;
use unicode_width::UnicodeWidthStr;

use crate::exchange::attribution_id;
use crate::markdown::terms;
use crate::summary::summary;
use crate::view::{Part, View, harmless, one_line, parts};

/// How to print.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// Columns to wrap to.
    pub width: usize,
    /// Whether colours are shown. Without them source and cue are set in braces and angle brackets.
    pub colour: bool,
}

pub(crate) const BOLD: Ansi = Ansi::new().effects(Effects::BOLD);
pub(crate) const DIM: Ansi = Ansi::new().effects(Effects::DIMMED);

fn of_part(part: Part) -> Ansi {
    match part {
        Part::Source => Ansi::new().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Cyan))).effects(Effects::BOLD),
        Part::Cue => Ansi::new().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Yellow))),
        Part::Content => Ansi::new(),
        Part::Between => DIM,
    }
}

pub(crate) fn of_naming(naming: Naming) -> Ansi {
    match naming {
        Naming::Unnamed | Naming::Public => Ansi::new().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Magenta))),
        Naming::Named => Ansi::new().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Green))),
        _ => Ansi::new(),
    }
}

/// The whole report.
pub fn terminal(view: &View<'_>, style: Style) -> String {
    let mut p = Printer::new(style);
    let meta = &view.story.doc.meta;
    let title = meta.title.as_deref().unwrap_or(view.path);
    p.line(&[(BOLD, title)], 0);
    let about: Vec<&str> = [&meta.outlet, &meta.byline, &meta.published]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .chain(meta.title.is_some().then_some(view.path))
        .collect();
    p.line(&[(DIM, &about.join(" · "))], 0);
    p.line(&[(Ansi::new(), &summary(view))], 0);
    for w in &view.story.warnings {
        p.line(&[(DIM, &format!("note: {}", w.message))], 0);
    }
    sources(view, &mut p);
    if !view.filter.sources_only {
        statements(view, &mut p);
    }
    p.out
}

fn sources(view: &View<'_>, p: &mut Printer) {
    let rows = view.sources();
    if rows.is_empty() {
        return;
    }
    p.out.push('\n');
    p.line(&[(BOLD, "Sources")], 0);
    let name_width =
        rows.iter().map(|(i, _, _)| harmless(&view.story.sources[*i].name).width()).max().unwrap_or(0).min(p.style.width / 3).max(6);
    for (i, n, first) in rows {
        let s = &view.story.sources[i];
        let name = clip(&harmless(&s.name), name_width);
        let pad = " ".repeat(name_width - name.width());
        let count = format!("{n:>3}×");
        p.paint(of_naming(s.naming), &format!("  {name}{pad}"));
        p.paint(DIM, &format!("  {count} from {:<5}", attribution_id(first)));
        p.column = name_width + 2 + 2 + count.width() + 6 + 5;
        let at = p.column + 1;
        p.wrapped(&[(Ansi::new(), &terms(view, i))], at);
        p.end();
    }
}

fn statements(view: &View<'_>, p: &mut Printer) {
    let text = view.text();
    let lines = LineIndex::new(text);
    p.out.push('\n');
    p.line(&[(BOLD, "Statements"), (DIM, &format!("  ({})", legend(p.style)))], 0);
    for (k, s) in view.statements() {
        let (line, _) = lines.line_column(text, s.attribution.hull().start as usize);
        let head = heading(view, s);
        let id = attribution_id(k);
        p.out.push('\n');
        p.line(
            &[
                (BOLD, &id),
                (Ansi::new(), "  the article attributes to"),
                (of_naming(view.naming(s)), &format!(" {}", harmless(view.speaker(s)))),
                (DIM, &format!(" · {head} · line {line}")),
            ],
            0,
        );
        let pieces: Vec<(Part, String)> =
            parts(text, s).into_iter().map(|(part, span)| (part, middle_left_out(part, span.of(text)))).collect();
        let marked: Vec<(Ansi, String)> = pieces
            .into_iter()
            .map(|(part, words)| {
                let words = if p.style.colour { words } else { tagged(part, &words) };
                (of_part(part), words)
            })
            .collect();
        let refs: Vec<(Ansi, &str)> = marked.iter().map(|(a, w)| (*a, w.as_str())).collect();
        p.line(&refs, 4);
    }
}

fn legend(style: Style) -> &'static str {
    if style.colour { "source bold, cue yellow, words in between dim" } else { "{source} <cue> content, words in between in [ ]" }
}

/// Without colour the parts are told apart by brackets.
fn tagged(part: Part, words: &str) -> String {
    let trimmed = words.trim();
    if trimmed.is_empty() || !trimmed.chars().any(char::is_alphanumeric) {
        return words.to_string();
    }
    let (lead, tail) = (&words[..words.len() - words.trim_start().len()], &words[words.trim_end().len()..]);
    match part {
        Part::Source => format!("{lead}{{{trimmed}}}{tail}"),
        Part::Cue => format!("{lead}<{trimmed}>{tail}"),
        Part::Between => format!("{lead}[{trimmed}]{tail}"),
        Part::Content => words.to_string(),
    }
}

fn heading(view: &View<'_>, s: &Statement) -> String {
    let a = &s.attribution;
    let mut out = vec![view.naming(s).name().to_string(), format!("{} {}", a.form.name(), a.level.name())];
    if let Some(v) = &s.via {
        out.push(format!("via {}", harmless(&v.name)));
    } else if let Some(r) = s.recipient {
        out.push(format!("to {}", harmless(&one_line(r.of(view.text())))));
    }
    if let Some(parent) = a.parent {
        out.push(format!("inside {}", attribution_id(parent)));
    }
    let (lo, hi) = s.sure.range;
    out.push(format!("{} ({:.0}-{:.0} %)", s.sure.level.name(), lo * 100.0, hi * 100.0));
    out.join(" · ")
}

/// Words between the parts, cut short in the middle.
fn middle_left_out(part: Part, words: &str) -> String {
    let list: Vec<&str> = words.split_whitespace().collect();
    if part != Part::Between || list.len() <= 24 {
        return harmless(words);
    }
    let lead = if words.starts_with(char::is_whitespace) { " " } else { "" };
    let tail = if words.ends_with(char::is_whitespace) { " " } else { "" };
    format!("{lead}{} … {}{tail}", harmless(&list[..8].join(" ")), harmless(&list[list.len() - 8..].join(" ")))
}

pub(crate) fn clip(s: &str, width: usize) -> String {
    if s.width() <= width {
        return s.to_string();
    }
    let mut out = String::new();
    for c in s.chars() {
        if out.width() + 2 > width {
            break;
        }
        out.push(c);
    }
    out.push('…');
    out
}

/// Lays words out in the columns there are.
pub(crate) struct Printer {
    pub(crate) out: String,
    pub(crate) style: Style,
    column: usize,
    indent: usize,
    /// What a line that goes on begins with, where that is no blank.
    under: String,
}

impl Printer {
    pub(crate) fn new(style: Style) -> Self {
        Self { out: String::new(), style, column: 0, indent: 0, under: String::new() }
    }

    fn paint(&mut self, ansi: Ansi, words: &str) {
        if self.style.colour && ansi != Ansi::new() {
            self.out.push_str(&format!("{}{words}{}", ansi.render(), ansi.render_reset()));
        } else {
            self.out.push_str(words);
        }
    }

    pub(crate) fn line(&mut self, pieces: &[(Ansi, &str)], indent: usize) {
        if pieces.iter().all(|(_, w)| w.trim().is_empty()) {
            return;
        }
        let under = " ".repeat(indent);
        self.branch(&under, &under, pieces);
    }

    /// A line that begins with the branches of a tree; what does not fit goes on behind `under`, which is as wide.
    pub(crate) fn branch(&mut self, lead: &str, under: &str, pieces: &[(Ansi, &str)]) {
        self.out.push_str(lead);
        self.column = lead.width();
        self.under = under.to_string();
        self.wrapped(pieces, under.width());
        self.under.clear();
        self.end();
    }

    fn end(&mut self) {
        self.out.truncate(self.out.trim_end_matches(' ').len());
        self.out.push('\n');
        self.column = 0;
    }

    /// Prints words, going on at `indent` on a new line where the next would not fit.
    fn wrapped(&mut self, pieces: &[(Ansi, &str)], indent: usize) {
        self.indent = indent;
        let mut blank = self.column > indent;
        for (ansi, words) in pieces {
            let words = harmless(words);
            blank |= words.starts_with(char::is_whitespace);
            let mut first = true;
            for word in words.split_whitespace() {
                let glue = !first || blank;
                let width = word.width();
                if self.column > self.indent && self.column + usize::from(glue) + width > self.style.width && glue {
                    self.end();
                    let under = if self.under.is_empty() { " ".repeat(self.indent) } else { self.under.clone() };
                    self.out.push_str(&under);
                    self.column = self.indent;
                } else if glue && self.column > self.indent {
                    self.out.push(' ');
                    self.column += 1;
                }
                self.paint(*ansi, word);
                self.column += width;
                (first, blank) = (false, false);
            }
            blank = words.ends_with(char::is_whitespace) || (words.trim().is_empty() && blank);
        }
    }
}
