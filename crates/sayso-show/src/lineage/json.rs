//! Lineage as JSON, `sayso-trace/1`. Offsets count Unicode code points in the stories' texts, half-open.

use std::collections::BTreeMap;

use sayso::trace::{Evidence, From, Place};
use sayso_text::{CodePoints, Span};
use serde_json::{Value, json};

use super::Lineage;
use super::text::reports_and_origins;

/// The whole of it as one object, written out.
pub fn lineage_json(l: &Lineage<'_>) -> String {
    serde_json::to_string_pretty(&lineage_value(l)).unwrap_or_default() + "\n"
}

/// The whole of it as one object.
pub fn lineage_value(l: &Lineage<'_>) -> Value {
    let mut points: BTreeMap<u32, CodePoints<'_>> = BTreeMap::new();
    for f in l.families() {
        for m in &f.members {
            points.entry(m.report).or_insert_with(|| CodePoints::new(&l.report(*m).text));
        }
    }
    for p in &l.kept.traced.passages {
        for r in [p.a, p.b] {
            points.entry(r).or_insert_with(|| CodePoints::new(&l.kept.reports[r as usize].text));
        }
    }
    for t in &l.kept.traced.retellings {
        for r in [t.a.report, t.b.report] {
            points.entry(r).or_insert_with(|| CodePoints::new(&l.kept.reports[r as usize].text));
        }
    }
    let range = |report: u32, s: Span| points.get(&report).map(|p| p.span(s)).map(|(a, b)| json!([a, b]));
    let id = |report: u32| l.kept.stories[report as usize];
    let statement = |p: Place| l.report(p).said[p.said as usize].attribution.map(|n| format!("a{}", n + 1));
    let families: Vec<Value> = l
        .families()
        .map(|f| {
            let index = |p: &Place| f.members.iter().position(|m| m == p);
            json!({
                "reports": f.reports,
                "visible_origins": f.origins,
                "undetermined": f.undetermined,
                "in_words": reports_and_origins(f),
                "circles": f.circles,
                "members": f.members.iter().zip(&f.standing).map(|(m, standing)| {
                    let r = l.report(*m);
                    let s = &r.said[m.said as usize];
                    let (speaker, naming) = l.speaker(*m);
                    json!({
                        "story": id(m.report),
                        "outlet": r.outlet,
                        "published": r.published.is_known().then(|| r.published.to_string()),
                        "title": r.title,
                        "statement": statement(*m),
                        "content": s.content.iter().filter_map(|x| range(m.report, *x)).collect::<Vec<_>>(),
                        "words": l.words(*m),
                        "speaker": speaker,
                        "naming": naming.name(),
                        "standing": standing.name(),
                    })
                }).collect::<Vec<_>>(),
                "echoes": f.echoes.iter().map(|e| {
                    let earlier = if let From::Place(p) = &e.from { Some(*p) } else { None };
                    json!({
                        "later": index(&e.later),
                        "earlier": earlier.and_then(|p| index(&p)),
                        "outlet_not_here": if let From::Outlet(o) = &e.from { Some(o) } else { None },
                        "how": e.how.name(),
                        "changes": e.changes.iter().map(|c| c.name()).collect::<Vec<_>>(),
                        "drift": e.drift.iter().map(|d| d.name()).collect::<Vec<_>>(),
                        "evidence": e.evidence.iter().map(|x| {
                            let both = |a: Span, b: Span| json!({
                                "earlier": earlier.and_then(|p| range(p.report, a)),
                                "later": range(e.later.report, b),
                            });
                            match x {
                                Evidence::Words { words, runs } => json!({"kind": "words", "words": words,
                                    "runs": runs.iter().map(|(a, b)| both(*a, *b)).collect::<Vec<_>>()}),
                                Evidence::Dates { days } => json!({"kind": "dates", "days": days}),
                                Evidence::Credit { outlet, span, with_statement } => json!({"kind": "credit", "outlet": outlet,
                                    "later": range(e.later.report, *span), "with_statement": with_statement}),
                                Evidence::CreditLine { outlet } => json!({"kind": "credit line", "outlet": outlet}),
                                Evidence::Contained => json!({"kind": "contained"}),
                                Evidence::Passage { words, share, spans } => json!({"kind": "passage", "words": words,
                                    "percent_of_shorter": share, "run": both(spans.0, spans.1)}),
                            }
                        }).collect::<Vec<_>>(),
                        "others": e.others.iter().filter_map(index).collect::<Vec<_>>(),
                    })
                }).collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({
        "schema": "sayso-trace/1",
        "collection": {
            "stories": l.coverage.stories,
            "undated": l.coverage.undated,
            "first": l.coverage.dates.as_ref().map(|d| &d.0),
            "last": l.coverage.dates.as_ref().map(|d| &d.1),
        },
        "credited_not_here": l.coverage.credited_elsewhere.iter().map(|(o, n)| json!({"outlet": o, "stories": n})).collect::<Vec<_>>(),
        "families": families,
        "passages": l.kept.traced.passages.iter().map(|p| json!({
            "a": id(p.a), "b": id(p.b), "words": p.words, "percent_of_shorter": p.share,
            "longest": {"a": range(p.a, p.longest.0), "b": range(p.b, p.longest.1)},
        })).collect::<Vec<_>>(),
        "shared_phrases": l.kept.traced.phrases.iter().map(|p| json!({
            "a": {"story": id(p.a.report), "statement": statement(p.a)},
            "b": {"story": id(p.b.report), "statement": statement(p.b)},
            "words": p.words,
        })).collect::<Vec<_>>(),
        "possible_retellings": l.kept.traced.retellings.iter().map(|r| json!({
            "a": {"story": id(r.a.report), "statement": statement(r.a)},
            "b": {"story": id(r.b.report), "statement": statement(r.b)},
            "shared": r.shared, "likeness_percent": r.likeness,
        })).collect::<Vec<_>>(),
    })
}
