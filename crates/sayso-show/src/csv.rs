use sayso_text::CodePoints;

use crate::exchange::{attribution_id, source_id};
use crate::view::{View, harmless};

/// The columns, in order. One row a statement.
pub const CSV_COLUMNS: &[&str] = &[
    "path", "story", "title", "outlet", "published", "id", "speaker_id", "speaker", "naming", "kind", "role", "descriptor_level", "form",
    "level", "source", "cue", "content", "channel", "recipient", "via", "anonymity_reason", "rote_reason", "parent", "sure", "sure_low",
    "sure_high", "start", "end",
];

/// The rows of a story. With `guard`, a cell that a spreadsheet would run as a formula gets an apostrophe before it.
pub fn csv_rows(view: &View<'_>, guard: bool) -> Vec<Vec<String>> {
    let text = view.text();
    let points = CodePoints::new(text);
    let m = &view.story.doc.meta;
    let some = |s: &Option<String>| s.clone().unwrap_or_default();
    view.statements()
        .map(|(k, s)| {
            let a = &s.attribution;
            let source = s.speaker.map(|i| &view.story.sources[i]);
            let (start, end) = points.span(a.hull());
            let reason = source.and_then(|s| s.reason);
            let row = vec![
                view.path.to_string(),
                view.story.doc.id.to_string(),
                some(&m.title),
                some(&m.outlet),
                some(&m.published),
                attribution_id(k),
                s.speaker.map(source_id).unwrap_or_default(),
                source.map(|s| s.name.clone()).unwrap_or_default(),
                view.naming(s).name().to_string(),
                source.map(|s| s.kind.name()).unwrap_or_default().to_string(),
                source.and_then(|s| s.role.clone()).unwrap_or_default(),
                source.map(|s| s.descriptor_level.to_string()).unwrap_or_default(),
                a.form.name().to_string(),
                a.level.name().to_string(),
                view.words(&a.source),
                view.words(&a.cue),
                view.words(&a.content),
                s.channel.name().to_string(),
                s.recipient.map(|r| r.of(text).to_string()).unwrap_or_default(),
                s.via.as_ref().map(|v| v.name.clone()).unwrap_or_default(),
                reason.map(|r| view.words(&[r.span])).unwrap_or_default(),
                reason.map(|r| r.rote.to_string()).unwrap_or_default(),
                a.parent.map(attribution_id).unwrap_or_default(),
                s.sure.level.name().to_string(),
                format!("{:.1}", s.sure.range.0),
                format!("{:.1}", s.sure.range.1),
                start.to_string(),
                end.to_string(),
            ];
            row.into_iter().map(|c| if guard { guarded(&harmless(&c)) } else { c }).collect()
        })
        .collect()
}

/// The rows of a story as objects, as they are.
pub(crate) fn objects(view: &View<'_>) -> Vec<serde_json::Value> {
    let keys = || CSV_COLUMNS.iter().map(|c| (*c).to_string());
    csv_rows(view, false).into_iter().map(|row| serde_json::Value::Object(keys().zip(row.into_iter().map(Into::into)).collect())).collect()
}

/// Rows as CSV.
pub fn csv_bytes(rows: &[Vec<String>]) -> Vec<u8> {
    let mut w = ::csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    for row in rows {
        // a Vec takes whatever it is given
        let _ = w.write_record(row);
    }
    w.into_inner().unwrap_or_default()
}

/// OWASP's guard against formula injection: quotes often start with a dash, so it matters here.
pub(crate) fn guarded(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_disarmed() {
        assert_eq!(guarded("=1+1"), "'=1+1");
        assert_eq!(guarded("- yes"), "'- yes");
        assert_eq!(guarded("“=x”"), "“=x”");
    }
}
