//! Attributions read back from the exchange format, for scoring.

use sayso::score::{Triple, Wanted};
use sayso_text::{CodePoints, Span};
use serde_json::Value;

/// One story of an exchange file.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// Its path as written.
    pub path: String,
    /// Its text.
    pub text: String,
    /// Its outlet.
    pub outlet: Option<String>,
    /// Its attributions, each with the lower end of its range of confidence.
    pub attributions: Vec<(Triple, Option<f32>)>,
}

/// Reads one line of an exchange file.
///
/// # Errors
/// A sentence that says what is wrong with it.
pub fn recorded(line: &str) -> Result<Recorded, String> {
    let v: Value = serde_json::from_str(line).map_err(|e| format!("is not JSON: {e}"))?;
    let text = v["text"].as_str().ok_or("has no text")?.to_string();
    let points = CodePoints::new(&text);
    let spans = |v: &Value| -> Result<Vec<Span>, String> {
        let Some(list) = v.as_array() else {
            return Ok(Vec::new());
        };
        list.iter().map(|s| span(&points, s)).collect()
    };
    let attributions = v["attributions"]
        .as_array()
        .ok_or("has no attributions")?
        .iter()
        .map(|a| {
            Ok((
                Triple { source: spans(&a["source"])?, cue: spans(&a["cue"])?, content: spans(&a["content"])? },
                a["sure"]["range"][0].as_f64().map(|x| x as f32),
            ))
        })
        .collect::<Result<_, String>>()?;
    Ok(Recorded {
        path: v["path"].as_str().unwrap_or("").to_string(),
        outlet: v["meta"]["outlet"].as_str().map(str::to_string),
        text,
        attributions,
    })
}

/// Reads one line of labels of speakers and their terms: the name of its story, and the labels; `None` for a line that is marked as
/// bad. `text` gives a story's text by its name.
///
/// # Errors
/// A sentence that says what is wrong with it.
pub fn labelled(line: &str, text: impl Fn(&str) -> Option<String>) -> Result<Option<(String, Wanted)>, String> {
    let v: Value = serde_json::from_str(line).map_err(|e| format!("is not JSON: {e}"))?;
    let doc = v["doc"].as_str().ok_or("has no doc")?;
    if v["bad"].as_bool() == Some(true) {
        return Ok(None);
    }
    let text = text(doc).ok_or_else(|| format!("speaks of {doc}, which is not among the stories"))?;
    let points = CodePoints::new(&text);
    let spans = |name: &str| -> Result<Vec<Span>, String> { v[name].as_array().into_iter().flatten().map(|s| span(&points, s)).collect() };
    let word = |name: &str| v[name].as_str().unwrap_or("").to_string();
    Ok(Some((
        doc.to_string(),
        Wanted {
            triple: Triple { source: spans("source")?, cue: spans("cue")?, content: spans("content")? },
            speaker: word("speaker"),
            aliases: v["aliases"].as_array().into_iter().flatten().filter_map(|a| a.as_str().map(str::to_string)).collect(),
            naming: word("sourcing"),
            level: word("level"),
            form: word("kind"),
            via: v["via"].as_str().filter(|v| !v.is_empty()).map(str::to_string),
        },
    )))
}

fn span(points: &CodePoints<'_>, s: &Value) -> Result<Span, String> {
    let at = |i: usize| s[i].as_u64().and_then(|n| points.to_byte(n as usize));
    match (at(0), at(1)) {
        (Some(a), Some(b)) if a <= b => Ok(Span::new(a, b)),
        _ => Err(format!("has a span outside its text: {s}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_is_there_and_says_what_is_not() {
        let r = recorded(r#"{"path":"a.txt","text":"é said I","attributions":[{"source":[[7,8]],"cue":[[2,6]],"content":[[0,1]],"sure":{"level":"firm","range":[0.9,1.0]}}]}"#).unwrap();
        assert_eq!(r.attributions[0].0.source[0].of(&r.text), "I");
        assert_eq!(r.attributions[0].1, Some(0.9));
        assert!(recorded(r#"{"text":"a","attributions":[{"content":[[0,9]]}]}"#).unwrap_err().contains("outside its text"));
        assert!(recorded("nonsense").unwrap_err().contains("not JSON"));
    }
}
