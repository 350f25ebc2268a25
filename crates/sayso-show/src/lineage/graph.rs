//! Lineage as a graph: GraphML for Gephi and networkx, DOT for Graphviz. Statements are nodes; edges run from the earlier to the later.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use sayso::trace::{From, Place};

use super::{Lineage, reasons};
use crate::view::harmless;

struct Node {
    id: String,
    label: String,
    outlet: String,
    published: String,
    speaker: String,
    words: String,
    standing: &'static str,
}

struct Edge {
    from: String,
    to: String,
    how: &'static str,
    changes: String,
    drift: String,
    evidence: String,
}

fn parts(l: &Lineage<'_>) -> (Vec<Node>, Vec<Edge>) {
    let id = |p: Place| {
        let said = l.report(p).said[p.said as usize].attribution.map_or_else(|| format!("q{}", p.said + 1), |n| format!("a{}", n + 1));
        format!("{}-{said}", l.kept.stories[p.report as usize])
    };
    let mut nodes: BTreeMap<String, Node> = BTreeMap::new();
    let mut edges = Vec::new();
    for f in l.families() {
        for (m, standing) in f.members.iter().zip(&f.standing) {
            let r = l.report(*m);
            let (speaker, naming) = l.speaker(*m);
            nodes.entry(id(*m)).or_insert_with(|| Node {
                id: id(*m),
                label: l.label(*m),
                outlet: r.outlet.clone().unwrap_or_default(),
                published: if r.published.is_known() { r.published.to_string() } else { String::new() },
                speaker: format!("{speaker} ({})", naming.name()),
                words: l.words(*m),
                standing: standing.name(),
            });
        }
        for e in &f.echoes {
            let from = match &e.from {
                From::Place(p) => id(*p),
                From::Outlet(o) => {
                    let key = format!("away-{}", o.to_lowercase());
                    nodes.entry(key.clone()).or_insert_with(|| Node {
                        id: key.clone(),
                        label: format!("{o} (not here)"),
                        outlet: o.clone(),
                        published: String::new(),
                        speaker: String::new(),
                        words: String::new(),
                        standing: "credited, not in the collection",
                    });
                    key
                }
            };
            edges.push(Edge {
                from,
                to: id(e.later),
                how: e.how.name(),
                changes: e.changes.iter().map(|c| c.name()).collect::<Vec<_>>().join("; "),
                drift: e.drift.iter().map(|d| d.name()).collect::<Vec<_>>().join("; "),
                evidence: reasons(l, e).join("; "),
            });
        }
    }
    (nodes.into_values().collect(), edges)
}

/// Text inside XML.
fn xml(s: &str) -> String {
    harmless(s).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace(['\n', '\r', '\t'], " ")
}

/// GraphML.
pub fn graphml(l: &Lineage<'_>) -> String {
    let (nodes, edges) = parts(l);
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n");
    let of_node = ["label", "outlet", "published", "speaker", "words", "standing"];
    let of_edge = ["how", "changes", "drift", "evidence"];
    for (of, names) in [("node", &of_node[..]), ("edge", &of_edge[..])] {
        for name in names {
            let _ = writeln!(out, "  <key id=\"{name}\" for=\"{of}\" attr.name=\"{name}\" attr.type=\"string\"/>");
        }
    }
    out += "  <graph edgedefault=\"directed\">\n";
    for n in &nodes {
        let _ = writeln!(out, "    <node id=\"{}\">", xml(&n.id));
        for (key, value) in of_node.iter().zip([&n.label, &n.outlet, &n.published, &n.speaker, &n.words, &n.standing.to_string()]) {
            let _ = writeln!(out, "      <data key=\"{key}\">{}</data>", xml(value));
        }
        out += "    </node>\n";
    }
    for e in &edges {
        let _ = writeln!(out, "    <edge source=\"{}\" target=\"{}\">", xml(&e.from), xml(&e.to));
        for (key, value) in of_edge.iter().zip([&e.how.to_string(), &e.changes, &e.drift, &e.evidence]) {
            let _ = writeln!(out, "      <data key=\"{key}\">{}</data>", xml(value));
        }
        out += "    </edge>\n";
    }
    out + "  </graph>\n</graphml>\n"
}

fn quoted(s: &str) -> String {
    format!("\"{}\"", harmless(s).replace('\\', "\\\\").replace('"', "\\\"").replace(['\n', '\r', '\t'], " "))
}

/// DOT. A solid edge is stated, a dashed one inferred, a dotted one undetermined.
pub fn dot(l: &Lineage<'_>) -> String {
    let (nodes, edges) = parts(l);
    let mut out =
        String::from("digraph lineage {\n  rankdir=LR;\n  node [shape=box, fontname=\"sans-serif\"];\n  edge [fontname=\"sans-serif\"];\n");
    for n in &nodes {
        let words: String = n.words.chars().take(60).collect();
        let label = if words.is_empty() { n.label.clone() } else { format!("{} · {words}", n.label) };
        let border = if n.standing.starts_with("origin") { ", penwidth=2" } else { "" };
        let _ = writeln!(out, "  {} [label={}, tooltip={}{border}];", quoted(&n.id), quoted(&label), quoted(&n.words));
    }
    for e in &edges {
        let style = match e.how {
            "stated" => "solid",
            "inferred" => "dashed",
            _ => "dotted",
        };
        let label = [&e.changes, &e.drift].into_iter().filter(|s| !s.is_empty()).cloned().collect::<Vec<_>>().join("; ");
        let _ = writeln!(
            out,
            "  {} -> {} [style={style}, label={}, tooltip={}];",
            quoted(&e.from),
            quoted(&e.to),
            quoted(&label),
            quoted(&e.evidence)
        );
    }
    out + "}\n"
}
