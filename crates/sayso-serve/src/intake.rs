//! What writes: stories in, and out again. All of it asks for the token.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequest, Multipart, Path, State};
use axum::http::{HeaderMap, HeaderValue, Request, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rayon::prelude::*;
use sayso::{Story, Tagger};
use sayso_read::{Hint, MAX_BYTES};
use sayso_show::View;
use sayso_show::room::{self, Arrivals, Arrived};
use sayso_store::{Added, Arrival, bytes_hash};
use sayso_text::{Format, Meta};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Room;
use crate::answer::{Asked, Want, json};
use crate::fail::Fail;
use crate::pages::{Reply, behind, held, reply, stored, work};
use crate::params::Params;
use crate::shelf::{DESK, coverage};

/// Bytes of a request.
pub const REQUEST: usize = 64 << 20;
/// Files of a request.
const FILES: usize = 200;
/// Bytes of text that lie on the desk.
const DESK_BYTES: usize = 64 << 20;

/// The stories that show what Sayso does. They are about places and people that do not exist.
const EXAMPLES: &[(&str, &[u8])] = &[
    ("choir-interview.md", include_bytes!("../../../examples/choir-interview.md")),
    ("ferry-inquiry.md", include_bytes!("../../../examples/ferry-inquiry.md")),
    ("lido.txt", include_bytes!("../../../examples/lido.txt")),
    ("night-market.html", include_bytes!("../../../examples/night-market.html")),
    ("press-release.txt", include_bytes!("../../../examples/press-release.txt")),
    ("harbour-fund-wire.txt", include_bytes!("../../../examples/harbour-fund-wire.txt")),
    ("harbour-fund-relay.txt", include_bytes!("../../../examples/harbour-fund-relay.txt")),
    ("harbour-fund-insiders.txt", include_bytes!("../../../examples/harbour-fund-insiders.txt")),
];

/// One thing that was given.
#[derive(Default)]
struct Item {
    name: String,
    bytes: Bytes,
    format: Option<Format>,
    /// What the giver knows of it; what the story says of itself goes first.
    meta: Meta,
}

/// A story as JSON.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NewStory {
    /// The text, or a page's markup.
    text: String,
    /// plain, markdown or html; read off the text where it is left out.
    format: Option<String>,
    /// What to call it.
    name: Option<String>,
    /// Headline.
    title: Option<String>,
    /// Who published it.
    outlet: Option<String>,
    /// Who wrote it.
    byline: Option<String>,
    /// When: 2023-05-03, or RFC 3339.
    published: Option<String>,
    /// Its address.
    address: Option<String>,
}

fn trusted(room: &Room, given: Option<&str>) -> Result<(), Fail> {
    // compared in constant time: every byte is looked at
    let same = |a: &str, b: &str| a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |d, (x, y)| d | (x ^ y)) == 0;
    if given.is_some_and(|g| same(g, &room.token)) {
        return Ok(());
    }
    Err(Fail::new(
        StatusCode::FORBIDDEN,
        "bad_token",
        "What writes needs the token that Sayso printed when it started. In a page: load it again, for Sayso was restarted.",
    ))
}

fn token(headers: &HeaderMap) -> Option<&str> {
    let of = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    of("x-sayso-token").or_else(|| of("authorization").and_then(|v| v.strip_prefix("Bearer ")))
}

/// A file's own name, short enough to show.
fn name_of(given: &str) -> String {
    let name = given.rsplit(['/', '\\']).next().unwrap_or(given).trim();
    let short: String = name.chars().filter(|c| !c.is_control()).take(200).collect();
    if short.is_empty() { "a file".into() } else { short }
}

fn story_of(item: &Item) -> Result<Story, Fail> {
    let read = sayso_read::read(&item.bytes, &Hint { name: Some(item.name.clone()), format: item.format })?;
    let mut doc = read.value;
    let (m, given) = (&mut doc.meta, &item.meta);
    for (slot, value) in [
        (&mut m.title, &given.title),
        (&mut m.outlet, &given.outlet),
        (&mut m.byline, &given.byline),
        (&mut m.published, &given.published),
        (&mut m.address, &given.address),
    ] {
        if slot.is_none() {
            slot.clone_from(value);
        }
    }
    let mut story = sayso::read(doc, Tagger::shared());
    story.warnings.splice(0..0, read.warnings);
    Ok(story)
}

/// Reads stories on all processors and puts them on a shelf, in the order in which they were given.
fn put(room: &Room, keep: bool, items: &[Item]) -> Result<Arrivals, Fail> {
    let stories: Vec<Result<Story, Fail>> = items.par_iter().map(story_of).collect();
    let shelf = if keep { &room.kept } else { &room.desk };
    let hashes: Vec<String> = items.iter().map(|i| bytes_hash(&i.bytes)).collect();
    let good = stories.iter().zip(items).zip(&hashes);
    let arrivals: Vec<Arrival<'_>> =
        good.filter_map(|((s, i), hash)| s.as_ref().ok().map(|story| Arrival { story, path: &i.name, bytes: hash })).collect();
    // where nothing could be read no file is made either
    let added = if arrivals.is_empty() {
        Vec::new()
    } else {
        shelf.write(|store| {
            let added = store.add(&arrivals)?;
            if !keep {
                for id in store.beyond(DESK, DESK_BYTES)? {
                    store.remove(id)?;
                }
            }
            Ok(added)
        })?
    };
    drop(arrivals);
    let mut added = added.into_iter();
    let items = stories
        .into_iter()
        .zip(items)
        .map(|(story, item)| match story {
            Ok(s) => {
                let (outcome, id) = match added.next() {
                    Some(Added::New(id)) => ("added", Some(id)),
                    Some(Added::Version(id, _)) => ("version", Some(id)),
                    Some(Added::Known(id)) => ("known", Some(id)),
                    None => ("refused", None),
                };
                let statements = s.statements.len();
                Arrived { name: item.name.clone(), outcome, story: id, title: s.doc.meta.title, why: None, statements }
            }
            Err(f) => {
                Arrived { name: item.name.clone(), outcome: "refused", story: None, title: None, why: Some(f.message), statements: 0 }
            }
        })
        .collect();
    Ok(Arrivals { kept: keep, items })
}

/// Leads a browser to another page.
fn lead(to: &str) -> Response {
    let mut r = StatusCode::SEE_OTHER.into_response();
    if let Ok(v) = HeaderValue::from_str(to) {
        r.headers_mut().insert(header::LOCATION, v);
    }
    r
}

/// The form of the page: text, files, or both.
pub async fn form(State(room): State<Arc<Room>>, asked: Asked, request: Request<Body>) -> Response {
    let given = match tokio::time::timeout(room.body, fields(request)).await {
        Ok(Ok(g)) => g,
        Ok(Err(f)) => return f.into_response(),
        Err(_) => return Fail::timeout().into_response(),
    };
    let Ok(_one) = room.reading.acquire().await else { return Fail::timeout().into_response() };
    work(Arc::clone(&room), asked, move |room, asked| {
        trusted(room, Some(&given.token))?;
        if given.items.is_empty() {
            return Err(Fail::bad("There was nothing in it: paste a text or choose a file."));
        }
        let arrivals = put(room, given.keep, &given.items)?;
        let asked = Asked { desk: !given.keep, ..asked.clone() };
        arrived(room, &asked, arrivals)
    })
    .await
}

/// One story leads to it; several, or what could not be read, to a page about them.
fn arrived(room: &Room, asked: &Asked, arrivals: Arrivals) -> Result<Reply, Fail> {
    let ids: Vec<i64> = arrivals.items.iter().filter_map(|a| a.story).collect();
    let prefix = if asked.desk { "/desk" } else { "" };
    if let ([id], 1, Want::Page) = (&ids[..], arrivals.items.len(), asked.want) {
        return Ok(Reply::Done(lead(&format!("{prefix}/stories/{id}"))));
    }
    if let ([], [one]) = (&ids[..], &arrivals.items[..]) {
        let why = one.why.clone().unwrap_or_default();
        return Err(Fail::new(StatusCode::UNPROCESSABLE_ENTITY, "unreadable", format!("{}: {why}", one.name)));
    }
    let together = if ids.len() > 1 && asked.want == Want::Page {
        let (kept, coverage) = asked.shelf(room).traced(|s| Ok((s.kept(Some(&ids))?, coverage(s, None)?)))?;
        Some(behind(&kept, coverage, &ids).data())
    } else {
        None
    };
    reply(room, asked, &room::Arrival { arrivals, together })
}

#[derive(Default)]
struct Given {
    token: String,
    keep: bool,
    items: Vec<Item>,
}

/// The fields of a form, each no longer than it may be.
async fn fields(request: Request<Body>) -> Result<Given, Fail> {
    let refused = |e: axum::extract::multipart::MultipartError| Fail::of_status(e.status());
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| Fail::of_status(StatusCode::UNSUPPORTED_MEDIA_TYPE))?;
    let (mut given, mut meta) = (Given::default(), Meta::default());
    let mut text = Bytes::new();
    while let Some(field) = form.next_field().await.map_err(refused)? {
        let name = field.name().unwrap_or("").to_string();
        if name == "files" {
            let file = name_of(field.file_name().unwrap_or(""));
            let none = field.file_name().is_none_or(str::is_empty);
            let bytes = field.bytes().await.map_err(refused)?;
            if none && bytes.is_empty() {
                continue;
            }
            if given.items.len() == FILES {
                return Err(Fail::too_large());
            }
            given.items.push(Item { name: file, bytes, ..Item::default() });
            continue;
        }
        let bytes = field.bytes().await.map_err(refused)?;
        if name == "text" {
            text = bytes;
            continue;
        }
        if bytes.len() > 1_000 {
            return Err(Fail::bad(format!("{name:?} is too long.")));
        }
        let value = String::from_utf8_lossy(&bytes).trim().to_string();
        let some = (!value.is_empty()).then_some(value);
        match name.as_str() {
            "token" => given.token = some.unwrap_or_default(),
            "keep" => given.keep = some.as_deref() == Some("yes"),
            "outlet" => meta.outlet = some,
            "published" => meta.published = some,
            _ => {}
        }
    }
    for i in &mut given.items {
        i.meta.clone_from(&meta);
    }
    if text.iter().any(|b| !b.is_ascii_whitespace()) {
        // forms end lines with CR LF whatever was pasted: as a file the same text would be another story
        let text = Bytes::from(String::from_utf8_lossy(&text).replace("\r\n", "\n"));
        given.items.insert(0, Item { name: "pasted text".into(), bytes: text, format: None, meta });
    }
    Ok(given)
}

/// The story that a body is: JSON, or its text with the rest in the query.
async fn body_of(arrive: Duration, request: Request<Body>) -> Result<Item, Fail> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("").to_ascii_lowercase();
    let kind = kind.split(';').next().unwrap_or("").trim().to_string();
    let params = Params::parse(request.uri().query().unwrap_or(""));
    let arrives = tokio::time::timeout(arrive, to_bytes(request.into_body(), MAX_BYTES + 1_000_000)).await;
    let bytes = arrives.map_err(|_| Fail::timeout())?.map_err(|_| Fail::too_large())?;
    let own = |name: &str| params.get(name).map(str::to_string);
    let plain = |format: Format| Item {
        name: own("name").map_or_else(|| "a text".into(), |n| name_of(&n)),
        bytes: bytes.clone(),
        format: Some(format),
        meta: Meta { title: own("title"), outlet: own("outlet"), published: own("published"), address: own("address"), ..Meta::default() },
    };
    match kind.as_str() {
        "text/plain" => Ok(plain(Format::Plain)),
        "text/markdown" => Ok(plain(Format::Markdown)),
        "text/html" | "application/xhtml+xml" => Ok(plain(Format::Html)),
        "application/json" => {
            let s: NewStory = serde_json::from_slice(&bytes).map_err(|e| Fail::bad(format!("The body is no story as JSON: {e}.")))?;
            let format = match s.format.as_deref() {
                None => None,
                Some(f) => Some(Format::parse(f).ok_or_else(|| Fail::bad(format!("format is plain, markdown or html, not {f:?}.")))?),
            };
            Ok(Item {
                name: s.name.as_deref().map_or_else(|| "a text".into(), name_of),
                bytes: s.text.into(),
                format,
                meta: Meta {
                    title: s.title,
                    outlet: s.outlet,
                    byline: s.byline,
                    published: s.published,
                    address: s.address,
                    ..Meta::default()
                },
            })
        }
        other => Err(Fail::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported_type",
            format!("A story is sent as application/json, text/plain, text/markdown or text/html, not as {other:?}."),
        )),
    }
}

/// Adds a story to the collection, or with `desk` to the desk.
#[utoipa::path(post, path = "/api/v1/stories", params(
    ("desk" = Option<String>, Query, description = "1 for the desk: in memory until Sayso stops"),
    ("name" = Option<String>, Query, description = "What to call a story that is sent as text"),
    ("title" = Option<String>, Query, description = "Its headline, where it does not say"),
    ("outlet" = Option<String>, Query, description = "Who published it, where it does not say"),
    ("published" = Option<String>, Query, description = "When, where it does not say"),
    ("address" = Option<String>, Query, description = "Its address, where it does not say")),
    request_body(content((NewStory = "application/json"), (String = "text/plain"), (String = "text/markdown"), (String = "text/html"))),
    responses((status = 201, description = "what became of it", body = Arrivals), (status = 403, description = "no token", body = room::Failure),
        (status = 415, description = "a type that is not taken", body = room::Failure), (status = 422, description = "no story", body = room::Failure)),
    security(("token" = [])))]
pub async fn add(State(room): State<Arc<Room>>, asked: Asked, params: Params, request: Request<Body>) -> Response {
    if let Err(f) = trusted(&room, token(request.headers())) {
        return f.into_response();
    }
    let item = match body_of(room.body, request).await {
        Ok(i) => i,
        Err(f) => return f.into_response(),
    };
    let Ok(_one) = room.reading.acquire().await else { return Fail::timeout().into_response() };
    work(Arc::clone(&room), asked, move |room, asked| {
        let arrivals = put(room, !(asked.desk || params.has("desk")), std::slice::from_ref(&item))?;
        let Reply::Done(mut r) = arrived(room, asked, arrivals)? else { return Err(Fail::bad("This has no such format.")) };
        *r.status_mut() = StatusCode::CREATED;
        Ok(Reply::Done(r))
    })
    .await
}

/// Reads a story and keeps nothing of it.
#[utoipa::path(post, path = "/api/v1/read", params(
    ("name" = Option<String>, Query, description = "What to call a story that is sent as text"),
    ("outlet" = Option<String>, Query, description = "Who published it, where it does not say")),
    request_body(content((NewStory = "application/json"), (String = "text/plain"), (String = "text/markdown"), (String = "text/html"))),
    responses((status = 200, description = "the story in the exchange format", body = crate::openapi::Story), (status = 415, description = "a type that is not taken", body = room::Failure),
        (status = 422, description = "no story", body = room::Failure)))]
pub async fn read_only(State(room): State<Arc<Room>>, asked: Asked, request: Request<Body>) -> Response {
    let item = match body_of(room.body, request).await {
        Ok(i) => i,
        Err(f) => return f.into_response(),
    };
    let Ok(_one) = room.reading.acquire().await else { return Fail::timeout().into_response() };
    work(Arc::clone(&room), asked, move |_, _| {
        let story = story_of(&item)?;
        let line = sayso_show::exchange(&View::new(&story, &item.name));
        Ok(Reply::Done(crate::answer::body("application/json", line)))
    })
    .await
}

/// Puts the example stories on the desk.
pub async fn examples(State(room): State<Arc<Room>>, asked: Asked, request: Request<Body>) -> Response {
    guarded(room, asked, request, |room, _| {
        let items: Vec<Item> = EXAMPLES
            .iter()
            .map(|(name, bytes)| Item { name: (*name).into(), bytes: Bytes::from_static(bytes), ..Item::default() })
            .collect();
        put(room, false, &items)?;
        Ok(Reply::Done(lead("/desk")))
    })
    .await
}

/// Takes a story out.
pub async fn remove(State(room): State<Arc<Room>>, asked: Asked, Path(id): Path<String>, request: Request<Body>) -> Response {
    guarded(room, asked, request, move |room, asked| {
        take_out(room, asked, &id)?;
        Ok(Reply::Done(lead(if asked.desk { "/desk" } else { "/" })))
    })
    .await
}

/// Takes a story out.
#[utoipa::path(delete, path = "/api/v1/stories/{id}", params(("id" = i64, Path, description = "The story's number")),
    responses((status = 200, description = "it is gone", body = crate::openapi::Removed), (status = 403, description = "no token", body = room::Failure), (status = 404, description = "no such story", body = room::Failure)),
    security(("token" = [])))]
pub async fn delete(State(room): State<Arc<Room>>, asked: Asked, Path(id): Path<String>, headers: HeaderMap) -> Response {
    if let Err(f) = trusted(&room, token(&headers)) {
        return f.into_response();
    }
    work(room, asked, move |room, asked| {
        let id = take_out(room, asked, &id)?;
        Ok(Reply::Done(json(&serde_json::json!({ "removed": id }))))
    })
    .await
}

fn take_out(room: &Room, asked: &Asked, id: &str) -> Result<i64, Fail> {
    let none = || Fail::not_found(format!("There is no story {id} here."));
    let number: i64 = id.parse().map_err(|_| none())?;
    // a collection that is not there is not made for this
    asked.shelf(room).read(|s| held(s, number))?;
    if asked.shelf(room).write(|s| Ok(s.remove(number)?))? { Ok(number) } else { Err(none()) }
}

/// Copies a story from the desk into the collection.
pub async fn keep(State(room): State<Arc<Room>>, asked: Asked, Path(id): Path<String>, request: Request<Body>) -> Response {
    guarded(room, asked, request, move |room, _| {
        let number: i64 = id.parse().map_err(|_| Fail::not_found(format!("There is no story {id} on the desk.")))?;
        let s = room.desk.read(|store| stored(store, number))?;
        let added = room.kept.write(|store| Ok(store.add(&[Arrival { story: &s.story, path: &s.path, bytes: &s.bytes }])?))?;
        let kept = match added.first() {
            Some(Added::New(id) | Added::Version(id, _) | Added::Known(id)) => *id,
            None => return Err(Fail::of_status(StatusCode::INTERNAL_SERVER_ERROR)),
        };
        Ok(Reply::Done(lead(&format!("/stories/{kept}"))))
    })
    .await
}

/// Does something for a form that holds the token and little else.
async fn guarded(
    room: Arc<Room>,
    asked: Asked,
    request: Request<Body>,
    f: impl FnOnce(&Room, &Asked) -> Result<Reply, Fail> + Send + 'static,
) -> Response {
    let form = request.headers().get(header::CONTENT_TYPE).is_some_and(|v| v.as_bytes().starts_with(b"application/x-www-form-urlencoded"));
    if !form {
        return Fail::of_status(StatusCode::UNSUPPORTED_MEDIA_TYPE).into_response();
    }
    let bytes = match tokio::time::timeout(room.body, to_bytes(request.into_body(), 10_000)).await {
        Ok(Ok(b)) => b,
        Ok(Err(_)) => return Fail::too_large().into_response(),
        Err(_) => return Fail::timeout().into_response(),
    };
    let params = Params::parse(&String::from_utf8_lossy(&bytes));
    work(room, asked, move |room, asked| {
        trusted(room, params.get("token"))?;
        f(room, asked)
    })
    .await
}
