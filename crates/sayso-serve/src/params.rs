//! What stands behind the question mark, and cursors.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::fail::Fail;

/// Names and values of a query, in their order.
#[derive(Clone, Debug, Default)]
pub struct Params(Vec<(String, String)>);

/// Names and values that are looked at.
const MOST: usize = 1_000;

impl Params {
    pub fn parse(query: &str) -> Params {
        Params(form_urlencoded::parse(query.as_bytes()).take(MOST).map(|(k, v)| (k.into_owned(), v.into_owned())).collect())
    }

    /// The value of that name; none where it is empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(k, v)| k == name && !v.is_empty()).map(|(_, v)| v.as_str())
    }

    /// All values of that name.
    pub fn all<'p>(&'p self, name: &'p str) -> impl Iterator<Item = &'p str> {
        self.0.iter().filter(move |(k, v)| k == name && !v.is_empty()).map(|(_, v)| v.as_str())
    }

    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// A whole number between bounds.
    pub fn number(&self, name: &str, default: usize, most: usize) -> Result<usize, Fail> {
        match self.get(name) {
            None => Ok(default),
            Some(v) => match v.parse::<usize>() {
                Ok(n) if (1..=most).contains(&n) => Ok(n),
                _ => Err(Fail::bad(format!("{name} is a whole number from 1 to {most}, not {v:?}."))),
            },
        }
    }

    /// One of a few words.
    pub fn one_of(&self, name: &str, of: &[&str]) -> Result<Option<String>, Fail> {
        match self.get(name) {
            None => Ok(None),
            Some(v) if of.contains(&v) => Ok(Some(v.to_string())),
            Some(v) => Err(Fail::bad(format!("{name} is one of {}, not {v:?}.", of.join(", ")))),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Params {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Params::parse(parts.uri.query().unwrap_or("")))
    }
}

/// A place in a list, as a word that says nothing: how far it is, tied to the list by a checksum of what was asked.
pub fn cursor(list: &str, at: i64) -> String {
    format!("{:08x}{:x}", checksum(list, at), at)
}

/// The place that a cursor of that list means.
pub fn place(list: &str, cursor: Option<&str>) -> Result<Option<i64>, Fail> {
    let Some(c) = cursor else { return Ok(None) };
    let read =
        c.get(..8).zip(c.get(8..)).and_then(|(sum, at)| Some((u32::from_str_radix(sum, 16).ok()?, i64::from_str_radix(at, 16).ok()?)));
    match read {
        Some((sum, at)) if at >= 0 && sum == checksum(list, at) => Ok(Some(at)),
        _ => Err(Fail::new(
            axum::http::StatusCode::BAD_REQUEST,
            "bad_cursor",
            "That cursor is not one of this list. Ask for the first page again.",
        )),
    }
}

/// FNV-1a.
fn checksum(list: &str, at: i64) -> u32 {
    list.bytes().chain(at.to_le_bytes()).fold(0x811c_9dc5, |h: u32, b| (h ^ u32::from(b)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_belongs_to_its_list() {
        let c = cursor("search q=a", 50);
        assert_eq!(place("search q=a", Some(&c)).unwrap(), Some(50));
        for bad in ["", "x", "zzzzzzzz10", &c[..7], &format!("{c}0")] {
            assert!(place("search q=a", Some(bad)).is_err(), "{bad}");
        }
        assert!(place("search q=b", Some(&c)).is_err());
        assert_eq!(place("search", None).unwrap(), None);
    }

    #[test]
    fn values_are_checked() {
        let p = Params::parse("limit=0&naming=odd&story=1&story=2&empty=&q=a+b%26");
        assert!(p.number("limit", 5, 10).is_err());
        assert!(p.one_of("naming", &["named"]).is_err());
        assert_eq!(p.all("story").collect::<Vec<_>>(), ["1", "2"]);
        assert!(!p.has("empty"));
        assert_eq!(p.get("q"), Some("a b&"));
    }
}
