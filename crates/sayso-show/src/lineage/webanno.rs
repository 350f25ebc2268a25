//! The evidence as W3C Web Annotations: one for each echo, whose targets are the shared words in both stories. Positions count Unicode
//! code points; the quoted words with what stands about them find the place again where a page has changed.

use sayso::trace::{Evidence, From, Place};
use sayso_text::{CodePoints, Span};
use serde_json::{Value, json};

use super::{Lineage, reasons};

/// Characters of the text before and behind a quotation.
const ABOUT: usize = 32;

/// A JSON-LD page of annotations.
pub fn web_annotations(l: &Lineage<'_>) -> String {
    let mut items = Vec::new();
    for f in l.families() {
        for e in &f.echoes {
            let mut targets: Vec<Value> = Vec::new();
            for x in &e.evidence {
                match (x, &e.from) {
                    (Evidence::Words { runs, .. }, From::Place(p)) => {
                        for (a, b) in runs {
                            targets.push(target(l, *p, *a));
                            targets.push(target(l, e.later, *b));
                        }
                    }
                    (Evidence::Credit { span, .. }, _) => targets.push(target(l, e.later, *span)),
                    _ => {}
                }
            }
            let what: Vec<&str> = e.changes.iter().map(|c| c.name()).chain(e.drift.iter().map(|d| d.name())).collect();
            let from = match &e.from {
                From::Place(p) => l.label(*p),
                From::Outlet(o) => format!("{o}, which is not in the collection"),
            };
            items.push(json!({
                "type": "Annotation",
                "motivation": "linking",
                "body": {
                    "type": "TextualBody",
                    "format": "text/plain",
                    "value": format!("{}: {} after {} ({}). {}", e.how.name(), l.label(e.later), from, what.join("; "), reasons(l, e).join("; ")),
                },
                "target": targets,
            }));
        }
    }
    let out = json!({
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "type": "AnnotationPage",
        "items": items,
    });
    serde_json::to_string_pretty(&out).unwrap_or_default() + "\n"
}

fn target(l: &Lineage<'_>, p: Place, span: Span) -> Value {
    let r = l.report(p);
    let text = &*r.text;
    let (start, end) = CodePoints::new(text).span(span);
    let prefix: String = text[..span.start as usize].chars().rev().take(ABOUT).collect::<Vec<_>>().into_iter().rev().collect();
    let suffix: String = text[span.end as usize..].chars().take(ABOUT).collect();
    json!({
        "source": r.address.clone().unwrap_or_else(|| format!("urn:sayso:story:{}", l.kept.stories[p.report as usize])),
        "selector": [
            {"type": "TextQuoteSelector", "exact": span.of(text), "prefix": prefix, "suffix": suffix},
            {"type": "TextPositionSelector", "start": start, "end": end},
        ],
    })
}
