//! The HTTP interface's description, for people.

use maud::{Markup, html};
use serde_json::Value;

use super::{Chrome, Page};

/// Codes of errors, with what to do. They are part of what is stable.
pub const ERRORS: &[(&str, &str)] = &[
    ("bad_request", "The request cannot be understood: a field is missing or makes no sense. The message names it."),
    ("bad_cursor", "A cursor belongs to the list that gave it. Ask for the first page again."),
    ("bad_token", "What writes needs the token that Sayso printed when it started. In a page: load it again, Sayso was restarted."),
    ("foreign_host", "Sayso answers under its own address only, the one that it printed."),
    ("foreign_origin", "A page of another site asked. Only Sayso's own pages may."),
    ("not_found", "There is no such page, story or statement."),
    ("not_allowed", "This address does not take that method. The description lists those that it takes."),
    ("not_acceptable", "The page has no such format. It has .json, .jsonl, .csv, .html, and .exchange.jsonl where it speaks of stories."),
    ("too_large", "A story is 16 MB at most, a request 64 MB and 200 files. Send fewer at once, or use `sayso add`."),
    ("unsupported_type", "The body's type is not one that this address takes. The description lists them."),
    ("unreadable", "What was sent is no story: a PDF, a picture, an empty file. The message says what it is taken for."),
    ("timeout", "The request took too long to arrive. Send it again."),
    ("busy", "So many requests are in work that this one would have to wait for long. Try again in a moment."),
    ("storage", "The collection could not be read or written. The message says what to do; nothing that was stored is lost."),
    ("internal", "Sayso failed. The story that was read is not to blame; please report what you did."),
];

/// The description as a page.
pub struct ApiPage {
    /// The OpenAPI document.
    pub openapi: Value,
}

impl Page for ApiPage {
    fn title(&self) -> String {
        "The HTTP interface".into()
    }

    fn json(&self) -> Value {
        self.openapi.clone()
    }

    fn rows(&self) -> Vec<Value> {
        operations(&self.openapi)
            .into_iter()
            .map(|(method, path, o)| serde_json::json!({ "method": method, "path": path, "summary": o["summary"] }))
            .collect()
    }

    fn exports(&self) -> bool {
        false
    }

    fn body(&self, _: &Chrome) -> Markup {
        let text = |v: &Value| v.as_str().unwrap_or("").to_string();
        html! {
            h1 { "The HTTP interface" }
            p .lead { (text(&self.openapi["info"]["description"])) }
            p { "The same as data: " a href="/api/v1/openapi.json" { "openapi.json" } ". " a href="/help#errors" { "Codes of errors" } "." }
            @for (method, path, o) in operations(&self.openapi) {
                section .operation {
                    h2 { code { (method.to_uppercase()) " " (path) } }
                    p { (text(&o["summary"])) }
                    @if let Some(d) = o["description"].as_str() { p { (d) } }
                    @if let Some(list) = o["parameters"].as_array() {
                        dl .evidence { @for p in list { dt { code { (text(&p["name"])) } @if p["required"].as_bool() == Some(true) { " " span .flag { "needed" } } } dd { (text(&p["description"])) } } }
                    }
                    @if let Some(body) = o["requestBody"]["content"].as_object() { p { "Takes " (body.keys().cloned().collect::<Vec<_>>().join(", ")) "." } }
                    p .quiet { "Answers "
                        @for (k, (status, r)) in o["responses"].as_object().into_iter().flatten().enumerate() { @if k > 0 { "; " } (status) " " (text(&r["description"])) }
                        "."
                    }
                }
            }
        }
    }
}

fn operations(openapi: &Value) -> Vec<(String, String, Value)> {
    let paths = openapi["paths"].as_object();
    paths
        .into_iter()
        .flatten()
        .flat_map(|(path, item)| item.as_object().into_iter().flatten().map(|(m, o)| (m.clone(), path.clone(), o.clone())))
        .filter(|(m, ..)| matches!(m.as_str(), "get" | "post" | "delete" | "put"))
        .collect()
}
