//! A family drawn: time runs to the right, every report has a line, every origin a lane of its own.

use std::collections::{BTreeSet, HashMap};

use maud::{Markup, html};
use sayso::trace::{Echo, Evidence, Family, How, Place};
use unicode_width::UnicodeWidthStr;

use super::letter;
use crate::lineage::{Lineage, reports_and_origins};
use crate::terminal::clip;

/// Reports that are drawn; the list beside has more.
const DRAWN: usize = 60;
/// Measures of the drawing.
const WIDTH: usize = 980;
const ROW: usize = 50;
const TOP: usize = 34;
const LEFT: usize = 26;
/// What dates take of the width; the rest is for words.
const DATES: usize = 360;

struct Line {
    lane: usize,
    /// The line of what it comes from.
    from: Option<usize>,
    how: Option<&'static str>,
    column: usize,
    head: String,
    under: String,
    naming: &'static str,
}

/// The drawing. Everything in it stands in the list too, so that it is one picture to those who cannot see it.
pub fn tree(l: &Lineage<'_>, f: &Family, roots: &[Place], of: &HashMap<Place, Vec<&Echo>>, away: &[(&str, Vec<&Echo>)]) -> Markup {
    let dates: BTreeSet<String> = f.members.iter().filter_map(|m| date(l, *m)).collect();
    let dates: Vec<String> = dates.into_iter().collect();
    let column = |p: Place| date(l, p).and_then(|d| dates.binary_search(&d).ok()).unwrap_or(dates.len());
    let undated = f.members.iter().any(|m| date(l, *m).is_none());
    let columns = dates.len() + usize::from(undated);
    let step = DATES / columns.max(1);
    let mut lines: Vec<Line> = Vec::new();
    let mut seen: BTreeSet<Place> = BTreeSet::new();
    let mut todo: Vec<(usize, usize, &Echo)> = Vec::new();
    let mut lane = 0;
    for (outlet, list) in away {
        lines.push(Line {
            lane,
            from: None,
            how: None,
            column: 0,
            head: (*outlet).to_string(),
            under: "credited, and not in this collection".into(),
            naming: "away",
        });
        let at = lines.len() - 1;
        todo.extend(list.iter().rev().map(|e| (at, lane, *e)));
        follow(&mut todo, &mut lines, &mut seen, l, of, &column);
        lane += 1;
    }
    for m in roots.iter().filter(|m| lines.len() < DRAWN && seen.insert(**m)).copied().collect::<Vec<_>>() {
        let (speaker, naming) = l.speaker(m);
        lines.push(Line {
            lane,
            from: None,
            how: None,
            column: column(m),
            head: l.label(m),
            under: format!("{} {speaker}", letter(naming)),
            naming: naming.name(),
        });
        let at = lines.len() - 1;
        todo.extend(of.get(&m).into_iter().flatten().rev().map(|e| (at, lane, *e)));
        follow(&mut todo, &mut lines, &mut seen, l, of, &column);
        lane += 1;
    }
    let height = TOP + lines.len() * ROW + 6;
    let mut xs: Vec<usize> = Vec::with_capacity(lines.len());
    for line in &lines {
        let own = LEFT + line.column * step;
        // what comes from another stands to its right, whatever the dates say
        xs.push(line.from.map_or(own, |p| own.max(xs[p] + 28)).min(LEFT + DATES + 120));
    }
    let y = |k: usize| TOP + k * ROW + 18;
    let more = f.members.len().saturating_sub(lines.len());
    html! {
        figure .tree {
            div .wide role="region" aria-label="Drawing of the chain" tabindex="0" {
                svg viewBox=(format!("0 0 {WIDTH} {height}")) width=(WIDTH) height=(height) role="img" aria-label=(format!("A tree in time: {}. The list below tells the same.", reports_and_origins(f))) {
                    @for n in 0..lane {
                        @let of_lane: Vec<usize> = (0..lines.len()).filter(|k| lines[*k].lane == n).collect();
                        @if let (Some(first), Some(last)) = (of_lane.first(), of_lane.last()) {
                            rect class={ "lane lane" (n % 2) } x="0" y=(TOP + first * ROW) width=(WIDTH) height=((last - first + 1) * ROW) {}
                        }
                    }
                    @if columns <= 8 {
                        @for (k, d) in dates.iter().enumerate() { (axis(LEFT + k * step, d, height)) }
                        @if undated && !dates.is_empty() { (axis(LEFT + dates.len() * step, "undated", height)) }
                    } @else {
                        @if let (Some(a), Some(b)) = (dates.first(), dates.last()) { (axis(LEFT, a, height)) (axis(LEFT + (dates.len() - 1) * step, b, height)) }
                    }
                    @for (k, line) in lines.iter().enumerate() {
                        @if let Some(p) = line.from {
                            @let (x0, y0, x1, y1) = (xs[p], y(p) + 7, xs[k] - 8, y(k));
                            path class={ "edge " (line.how.unwrap_or("")) } d=(format!("M{x0} {y0}V{}Q{x0} {y1} {} {y1}H{x1}", y1 - 10, x0 + 10)) {}
                        }
                    }
                    @for (k, line) in lines.iter().enumerate() {
                        @let room = WIDTH - xs[k] - 24;
                        circle .node .(line.naming) cx=(xs[k]) cy=(y(k)) r="7" {}
                        text .head x=(xs[k] + 15) y=(y(k) + 1) { (clip(&line.head, room / 8)) }
                        text .under x=(xs[k] + 15) y=(y(k) + 18) { (clip(&line.under, room / 7)) }
                    }
                }
            }
            figcaption {
                "Time runs to the right; each band is one origin. Lines: "
                (key("stated")) " the later story says so, " (key("inferred")) " dates or wording tell, " (key("undetermined")) " the words are shared and no more can be told."
                @if more > 0 && lines.len() >= DRAWN { " Only " (lines.len()) " of " (f.members.len()) " reports are drawn." }
            }
        }
    }
}

fn date(l: &Lineage<'_>, p: Place) -> Option<String> {
    let d = l.report(p).published;
    d.is_known().then(|| d.to_string())
}

fn axis(x: usize, words: &str, height: usize) -> Markup {
    let day = words.split(['T', ' ']).next().unwrap_or(words);
    let shift = if x <= LEFT { 0 } else { day.width() * 3 };
    html! {
        line .axis x1=(x) y1=(TOP - 6) x2=(x) y2=(height) {}
        text .date x=(x - shift.min(x)) y="16" { (day) }
    }
}

fn key(how: &str) -> Markup {
    html! { svg .key viewBox="0 0 34 10" width="34" height="10" aria-hidden="true" { path class={ "edge " (how) } d="M1 5H33" {} } }
}

/// Takes what is to be drawn from the stack, deep first.
fn follow<'e>(
    todo: &mut Vec<(usize, usize, &'e Echo)>,
    lines: &mut Vec<Line>,
    seen: &mut BTreeSet<Place>,
    l: &Lineage<'_>,
    of: &HashMap<Place, Vec<&'e Echo>>,
    column: &impl Fn(Place) -> usize,
) {
    while let Some((from, lane, e)) = todo.pop() {
        if lines.len() >= DRAWN || !seen.insert(e.later) {
            continue;
        }
        let (speaker, naming) = l.speaker(e.later);
        let what: Vec<&str> = e.changes.iter().map(|c| c.name()).chain(e.drift.iter().map(|d| d.name())).collect();
        let what = if what == ["identical"] { "word for word".to_string() } else { what.join(", ") };
        // of a stated edge the words that state it, of others how much is shared
        let reasons = crate::lineage::reasons(l, e);
        let credit = e.evidence.iter().position(|x| matches!(x, Evidence::Credit { .. } | Evidence::CreditLine { .. }));
        let why = reasons.get(credit.filter(|_| e.how == How::Stated).unwrap_or(0)).cloned().unwrap_or_default();
        lines.push(Line {
            lane,
            from: Some(from),
            how: Some(e.how.name()),
            column: column(e.later),
            head: format!("{} · {}: {why}", l.label(e.later), e.how.name()),
            under: format!("{} {speaker}{}{what}", letter(naming), if what.is_empty() { "" } else { " · " }),
            naming: naming.name(),
        });
        let at = lines.len() - 1;
        todo.extend(of.get(&e.later).into_iter().flatten().rev().map(|x| (at, lane, *x)));
    }
}
