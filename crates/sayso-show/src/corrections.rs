//! Corrections files.
//!
//! ```json
//! {"corrections": [
//!   {"merge": ["Ida Moss", "the inspector"]},
//!   {"rename": "Mos", "to": "Ida Moss"},
//!   {"attribute": "words of the statement", "to": "Olav Brandt"},
//!   {"attribute": "a7", "to": null},
//!   {"split": "aides", "statements": ["words of one", "of another"], "into": "another aide"},
//!   {"naming": "the inspector", "is": "unnamed"}
//! ]}
//! ```
//!
//! Each may carry `"story"`: the path, file name or id of the one story that it is for.

use sayso::{Correction, Naming};
use serde_json::Value;

/// Corrections, each with the story that it is for, where it says so.
pub type Corrections = Vec<(Option<String>, Correction)>;

/// Reads a corrections file.
///
/// # Errors
/// A sentence that names the correction and says what is wrong with it.
pub fn corrections(text: &str) -> Result<Corrections, String> {
    let v: Value = serde_json::from_str(text).map_err(|e| format!("is not JSON: {e}"))?;
    let list = v["corrections"].as_array().or(v.as_array()).ok_or("has no list \"corrections\"")?;
    list.iter()
        .enumerate()
        .map(|(i, c)| one(c).map(|x| (c["story"].as_str().map(str::to_string), x)).map_err(|e| format!("correction {}: {e}", i + 1)))
        .collect()
}

fn one(c: &Value) -> Result<Correction, String> {
    let word = |key: &str| c[key].as_str().map(str::to_string).ok_or_else(|| format!("{key:?} is missing, or is no text"));
    let words = |key: &str| -> Result<Vec<String>, String> {
        let list = c[key].as_array().ok_or_else(|| format!("{key:?} is missing, or is no list"))?;
        list.iter().map(|w| w.as_str().map(str::to_string).ok_or_else(|| format!("{key:?} holds something that is no text"))).collect()
    };
    if c.get("merge").is_some() {
        let names = words("merge")?;
        return if names.len() < 2 { Err("\"merge\" needs two names or more".into()) } else { Ok(Correction::Merge(names)) };
    }
    if c.get("rename").is_some() {
        return Ok(Correction::Rename { source: word("rename")?, to: word("to")? });
    }
    if c.get("attribute").is_some() {
        let to = if c.get("to").is_some_and(Value::is_null) { None } else { Some(word("to")?) };
        return Ok(Correction::Attribute { statement: word("attribute")?, to });
    }
    if c.get("split").is_some() {
        return Ok(Correction::Split { source: word("split")?, statements: words("statements")?, into: word("into")? });
    }
    if c.get("naming").is_some() {
        let is = word("is")?;
        let is = Naming::parse(&is).ok_or_else(|| {
            let all: Vec<&str> = Naming::ALL.iter().map(|n| n.name()).collect();
            format!("{is:?} is no naming class; they are {}", all.join(", "))
        })?;
        return Ok(Correction::Naming { source: word("naming")?, is });
    }
    Err("is none of merge, rename, attribute, split, naming".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_read_and_what_is_wrong_is_said() {
        let text = r#"{"corrections": [{"merge": ["A", "B"]}, {"rename": "A", "to": "C", "story": "x.txt"}, {"attribute": "a7", "to": null},
            {"split": "aides", "statements": ["w"], "into": "another"}, {"naming": "A", "is": "public"}]}"#;
        let all = corrections(text).unwrap();
        assert_eq!(all.len(), 5);
        assert_eq!(all[1].0.as_deref(), Some("x.txt"));
        assert_eq!(all[2].1, Correction::Attribute { statement: "a7".into(), to: None });
        for (bad, why) in [
            ("{", "is not JSON"),
            ("{}", "no list"),
            (r#"[{"merge": ["A"]}]"#, "correction 1: \"merge\" needs two"),
            (r#"[{"naming": "A", "is": "odd"}]"#, "no naming class"),
            (r#"[{"hat": 1}]"#, "none of merge"),
            (r#"[{"attribute": "a7"}]"#, "\"to\" is missing"),
        ] {
            let e = corrections(bad).unwrap_err();
            assert!(e.contains(why), "{bad}: {e}");
        }
    }
}
