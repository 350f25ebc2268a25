//! What is asked for, and a page in the form that was asked for.

use axum::body::{Body, Bytes};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sayso_show::room::{Chrome, Page, document};

use crate::Room;
use crate::fail::Fail;
use crate::shelf::Shelf;

/// In which form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Want {
    /// A page.
    #[default]
    Page,
    /// A page that stands alone.
    Alone,
    /// One JSON value.
    Json,
    /// A JSON value a line.
    Jsonl,
    /// A table.
    Csv,
    /// The stories in the exchange format, one a line.
    Exchange,
}

/// Endings of addresses, longest first.
const ENDINGS: &[(&str, Want)] =
    &[(".exchange.jsonl", Want::Exchange), (".jsonl", Want::Jsonl), (".json", Want::Json), (".html", Want::Alone), (".csv", Want::Csv)];

/// What a request asks for, as the door reads it off its address.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    pub want: Want,
    /// Whether it is the desk that is meant.
    pub desk: bool,
    /// The path without ending and prefix.
    pub path: String,
    pub query: String,
}

impl Asked {
    /// Reads an address: what it asks for, and the path that the routes know.
    pub fn of(path: &str, query: &str) -> (Asked, String) {
        let mut asked = Asked { query: query.to_string(), ..Asked::default() };
        let mut rest = path;
        let interface = rest.strip_prefix("/api/v1").filter(|r| r.starts_with('/') && r.len() > 1 && !r.starts_with("/openapi"));
        if let Some(r) = interface {
            (rest, asked.want) = (r, Want::Json);
        } else if let Some((stem, want)) = ENDINGS.iter().find_map(|(e, w)| rest.strip_suffix(e).map(|s| (s, *w)))
            && !stem.ends_with('/')
            && !stem.is_empty()
            && !rest.starts_with("/assets/")
            && !rest.starts_with("/api")
        {
            (rest, asked.want) = (stem, want);
        }
        if let Some(r) = rest.strip_prefix("/desk").filter(|r| r.is_empty() || r.starts_with('/')) {
            (rest, asked.desk) = (if r.is_empty() { "/" } else { r }, true);
        }
        asked.path = if rest == "/stories" { "/".into() } else { rest.to_string() };
        let route = if interface.is_some() && matches!(rest, "/stories" | "/read") {
            // what the interface takes differs from what a form gives
            format!("/api/v1{rest}")
        } else {
            asked.path.clone()
        };
        (asked, route)
    }

    pub fn shelf<'r>(&self, room: &'r Room) -> &'r Shelf {
        if self.desk { &room.desk } else { &room.kept }
    }

    /// What stands about a page.
    pub fn chrome(&self, room: &Room) -> Chrome {
        Chrome {
            prefix: if self.desk { "/desk" } else { "" },
            token: room.token.clone(),
            path: self.path.clone(),
            query: self.query.clone(),
            kept: room.kept.about(),
            desk: room.desk.about(),
            stamp: room.stamp.clone(),
            alone: false,
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Asked {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(parts.extensions.get::<Asked>().cloned().unwrap_or_default())
    }
}

/// A page in the form that was asked for. Stories in the exchange format are the shelf's to give: [`crate::pages`] streams them.
pub fn answer(room: &Room, asked: &Asked, page: &dyn Page) -> Result<Response, Fail> {
    let none = |what: &str| Fail::new(StatusCode::NOT_ACCEPTABLE, "not_acceptable", format!("This page has no {what}."));
    if !page.exports() && !matches!(asked.want, Want::Page | Want::Json) {
        return Err(none("such format"));
    }
    Ok(match asked.want {
        Want::Page => body("text/html; charset=utf-8", document(page, &asked.chrome(room))),
        Want::Alone => saved("html", "text/html; charset=utf-8", asked, document(page, &Chrome::alone())),
        Want::Json => json(&page.json()),
        Want::Jsonl => {
            let lines: String = page.rows().iter().map(|r| r.to_string() + "\n").collect();
            saved("jsonl", "application/jsonl", asked, lines)
        }
        Want::Csv => saved("csv", "text/csv; charset=utf-8", asked, sayso_show::room::csv(&page.rows(), !asked.query.contains("guard=no"))),
        Want::Exchange => return Err(none("stories")),
    })
}

/// A JSON value.
pub fn json(v: &serde_json::Value) -> Response {
    body("application/json", serde_json::to_vec(v).unwrap_or_default())
}

pub fn body(kind: &'static str, body: impl Into<Bytes>) -> Response {
    ([(header::CONTENT_TYPE, HeaderValue::from_static(kind))], Body::from(body.into())).into_response()
}

/// A body that a browser saves under the page's name.
fn saved(ending: &str, kind: &'static str, asked: &Asked, content: impl Into<Bytes>) -> Response {
    let mut r = body(kind, content);
    attach(&mut r, asked, ending);
    r
}

/// Names a file after the page.
pub fn attach(r: &mut Response, asked: &Asked, ending: &str) {
    let name: String =
        asked.path.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect::<String>().trim_matches('-').to_string();
    let name = if name.is_empty() { "stories".to_string() } else { name };
    if let Ok(v) = HeaderValue::from_str(&format!("attachment; filename=\"sayso-{name}.{ending}\"")) {
        r.headers_mut().insert(header::CONTENT_DISPOSITION, v);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn no_address_breaks_anything(path in "/?[a-z0-9./%\\u{e9}\\u{202e}-]{0,40}(\\.json|\\.csv|/desk|/api/v1/)?[a-z/.]{0,12}", query in ".{0,40}") {
            let (asked, route) = Asked::of(&path, &query);
            proptest::prop_assert!(route.len() <= path.len() + 1);
            proptest::prop_assert!(asked.path.len() <= path.len() + 1);
            crate::params::Params::parse(&query);
            let _ = crate::params::place(&path, Some(&query));
        }
    }

    #[test]
    fn addresses_say_what_is_asked_for() {
        let of = |p: &str| {
            let (a, route) = Asked::of(p, "");
            (route, a.want, a.desk)
        };
        assert_eq!(of("/stories/3.json"), ("/stories/3".into(), Want::Json, false));
        assert_eq!(of("/desk/search.exchange.jsonl"), ("/search".into(), Want::Exchange, true));
        assert_eq!(of("/desk"), ("/".into(), Want::Page, true));
        assert_eq!(of("/stories.csv"), ("/".into(), Want::Csv, false));
        assert_eq!(of("/api/v1/stories"), ("/api/v1/stories".into(), Want::Json, false));
        assert_eq!(of("/api/v1/desk/counts"), ("/counts".into(), Want::Json, true));
        assert_eq!(of("/assets/a/room.json"), ("/assets/a/room.json".into(), Want::Page, false));
        assert_eq!(of("/desks"), ("/desks".into(), Want::Page, false));
    }
}
