//! The description of the HTTP interface, made from the code that answers.

use sayso_show::room;
use serde_json::{Value, json};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityScheme};
use utoipa::openapi::{Object, RefOr, Schema, Type};
use utoipa::{Modify, OpenApi, PartialSchema, ToSchema};

use crate::{intake, pages};

/// A type whose schema is told elsewhere, or loosely here.
macro_rules! told {
    ($($(#[$doc:meta])* $name:ident = $title:literal;)+) => {
        $($(#[$doc])* pub struct $name;
        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                RefOr::T(Schema::Object(Object::with_type(Type::Object).into()))
            }
        }
        impl ToSchema for $name {
            fn name() -> std::borrow::Cow<'static, str> { $title.into() }
        })+
    };
}

told! {
    /// A story in the exchange format: `sayso schema`.
    Story = "Story";
    /// What tracing found: `sayso-trace/1`.
    Trace = "Trace";
    /// A story's sources.
    Sources = "Sources";
    /// A statement and its evidence.
    Explanation = "Explanation";
    /// That a story is gone.
    Removed = "Removed";
}

#[derive(OpenApi)]
#[openapi(
    info(title = "Sayso", description = "Reads news stories and says to whom the article attributes every statement, on what terms, and where the words first appear. \
Everything stays on this machine. Whatever writes needs the header `X-Sayso-Token` with the token that Sayso printed when it started. \
The same addresses under /api/v1/desk speak of the desk: stories that lie in memory until Sayso stops. \
Stable within version 1: addresses, parameters, the names and meaning of fields, codes of errors. New fields, parameters and codes may come; \
cursors mean nothing but the next page, and hold as long as the question stays the same."),
    paths(pages::stories, pages::read, pages::sources, pages::explain, pages::story_chain, pages::search, pages::said, pages::counts, pages::chains,
        pages::family, pages::origins, pages::compare, intake::add, intake::read_only, intake::delete),
    components(schemas(Story, Trace, Sources, Explanation, Removed, room::Failure, room::FailureBody)),
    modifiers(&Token)
)]
struct Description;

struct Token;

impl Modify for Token {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let components = openapi.components.get_or_insert_with(Default::default);
        components.add_security_scheme("token", SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::new("X-Sayso-Token"))));
    }
}

/// The OpenAPI 3.1 document.
pub fn openapi() -> Value {
    let mut doc = serde_json::to_value(Description::openapi()).unwrap_or_default();
    doc["info"]["version"] = env!("CARGO_PKG_VERSION").into();
    let schemas = &mut doc["components"]["schemas"];
    // the exchange format has a schema of its own: it stands here whole, its parts under its name
    if let Ok(mut own) = serde_json::from_str::<Value>(sayso_show::SCHEMA) {
        let parts = own["$defs"].take();
        for (name, mut part) in parts.as_object().cloned().into_iter().flatten() {
            lead_home(&mut part);
            schemas[part_name(&name)] = part;
        }
    }
    // the families behind the count
    schemas["OriginsData"]["properties"]["lineage"] = json!({ "$ref": "#/components/schemas/Trace" });
    let text = json!({ "type": "string" });
    let maybe = |kind: &str| json!({ "type": [kind, "null"] });
    let list = |of: Value| json!({ "type": "array", "items": of });
    schemas["Sources"] = json!({
        "type": "object", "required": ["story", "sources"],
        "properties": {
            "story": { "type": "integer" },
            "sources": list(json!({
                "type": "object",
                "required": ["source", "name", "naming", "kind", "role", "affiliation", "aliases", "descriptor_level", "basis", "basis_words",
                    "anonymity_reason", "rote_reason", "statements", "first"],
                "properties": {
                    "source": text, "name": text, "naming": text, "kind": text, "role": maybe("string"), "affiliation": maybe("string"),
                    "aliases": list(text.clone()), "descriptor_level": { "type": "integer" }, "basis": text, "basis_words": maybe("string"),
                    "anonymity_reason": maybe("string"), "rote_reason": maybe("boolean"), "statements": { "type": "integer" }, "first": text,
                },
            })),
        },
    });
    schemas["Explanation"] = json!({
        "type": "object", "required": ["story", "attribution", "source", "candidates", "whose", "evidence"],
        "properties": {
            "story": { "type": "integer" },
            "attribution": { "$ref": "#/components/schemas/StoryAttribution" },
            "source": { "oneOf": [{ "$ref": "#/components/schemas/StorySource" }, { "type": "null" }] },
            "candidates": list(text.clone()),
            "whose": text,
            "evidence": list(json!({
                "type": "object", "required": ["what", "words", "start", "end", "line", "column"],
                "properties": { "what": text, "words": text, "start": { "type": "integer" }, "end": { "type": "integer" }, "line": { "type": "integer" }, "column": { "type": "integer" } },
            })),
        },
    });
    schemas["Removed"] = json!({ "type": "object", "required": ["removed"], "properties": { "removed": { "type": "integer" } } });
    schemas["Trace"] = json!({
        "type": "object", "description": "What tracing found, sayso-trace/1. Offsets count Unicode code points, half-open. `found` and `next` stand in lists only.",
        "required": ["schema", "collection", "credited_not_here", "families", "passages", "shared_phrases", "possible_retellings"],
        "properties": {
            "schema": text,
            "collection": { "type": "object" },
            "credited_not_here": list(json!({ "type": "object" })),
            "families": list(json!({
                "type": "object", "required": ["reports", "visible_origins", "undetermined", "in_words", "circles", "members", "echoes"],
                "properties": {
                    "reports": { "type": "integer" }, "visible_origins": { "type": "integer" }, "undetermined": { "type": "integer" }, "in_words": text,
                    "circles": list(list(text.clone())), "members": list(json!({ "type": "object" })), "echoes": list(json!({ "type": "object" })),
                },
            })),
            "passages": list(json!({ "type": "object" })),
            "shared_phrases": list(json!({ "type": "object" })),
            "possible_retellings": list(json!({ "type": "object" })),
            "found": { "type": "integer" },
            "next": maybe("string"),
        },
    });
    doc
}

/// "attribution" of the exchange format as a schema of the interface: StoryAttribution.
fn part_name(name: &str) -> String {
    if name == "story" {
        return "Story".into();
    }
    let mut letters = name.chars();
    format!("Story{}{}", letters.next().map(|c| c.to_ascii_uppercase()).unwrap_or_default(), letters.as_str())
}

/// Turns references within the exchange format's schema into references within this document.
fn lead_home(v: &mut Value) {
    match v {
        Value::Object(o) => {
            if let Some(Value::String(r)) = o.get_mut("$ref")
                && let Some(name) = r.strip_prefix("#/$defs/")
            {
                *r = format!("#/components/schemas/{}", part_name(name));
            }
            o.values_mut().for_each(lead_home);
        }
        Value::Array(a) => a.iter_mut().for_each(lead_home),
        _ => {}
    }
}
