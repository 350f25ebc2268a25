use std::collections::HashMap;

use sayso_text::{CodePoints, Span};

use super::Triple;

/// Reads brat standoff as PolNeAR has it: `T` lines with spans in code points, `E` lines that tie a source, a cue and a
/// content into an attribution. Lines that make no sense are passed over, and counted.
pub fn standoff(text: &str, ann: &str) -> (Vec<Triple>, usize) {
    let points = CodePoints::new(text);
    let mut spans: HashMap<&str, Vec<Span>> = HashMap::new();
    let (mut out, mut odd) = (Vec::new(), 0);
    // Spans first: a line may speak of one that stands below it.
    for line in ann.lines().filter(|l| l.starts_with('T')) {
        let mut column = line.split('\t');
        let (Some(id), Some(what)) = (column.next(), column.next()) else {
            continue;
        };
        let parsed: Option<Vec<Span>> = what.split_once(' ').and_then(|(_, rest)| {
            rest.split(';')
                .map(|s| {
                    let (a, b) = s.split_once(' ')?;
                    let (a, b) = (points.to_byte(a.parse().ok()?)?, points.to_byte(b.parse().ok()?)?);
                    (a <= b).then(|| Span::new(a, b))
                })
                .collect()
        });
        match parsed {
            Some(s) => drop(spans.insert(id, s)),
            None => odd += 1,
        }
    }
    for line in ann.lines().filter(|l| l.starts_with('E')) {
        let Some(what) = line.split('\t').nth(1) else {
            continue;
        };
        let mut t = Triple::default();
        for item in what.split(' ') {
            let Some((role, of)) = item.split_once(':') else {
                continue;
            };
            let Some(s) = spans.get(of) else { continue };
            match role.trim_end_matches(|c: char| c.is_ascii_digit()) {
                "Source" => t.source.extend(s),
                "Cue" => t.cue.extend(s),
                "Content" => t.content.extend(s),
                _ => {}
            }
        }
        for part in [&mut t.source, &mut t.cue, &mut t.content] {
            part.sort();
        }
        out.push(t);
    }
    (out, odd)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_in_code_points_become_bytes_and_odd_lines_are_counted() {
        let text = "“Né,” said Ida. “So.”";
        let ann = "T1\tSource 11 14\tIda\nT2\tCue 6 10\tsaid\nT3\tContent 0 5;16 21\t“Né,” “So.”\nT4\tAttribution 6 10\tsaid\nE1\tAttribution:T4 Content:T3 Cue:T2 Source:T1 Content2:T8\nT8\tContent 5 6\t \nT9\tSource x 3\tbad\n#1\tnote\n";
        let (all, odd) = standoff(text, ann);
        assert_eq!(odd, 1);
        assert_eq!(all.len(), 1);
        assert_eq!(all[0].source[0].of(text), "Ida");
        assert_eq!(all[0].content.iter().map(|s| s.of(text)).collect::<Vec<_>>(), ["“Né,”", " ", "“So.”"]);
    }
}
