//! The pages that read: what is looked up for each, and the page that `sayso-show` makes of it.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use sayso::compare::ChangeKind;
use sayso::trace::{When, together};
use sayso_show::room::{
    self, Add, ApiPage, Chains, Compare, CountTables, Counts, Explained, FamilyPage, Help, Hits, Origins, Page, Read, Said, SaidList,
    Search, SourceOrder, SourceTable, Stories, StoryChain, StoryList,
};
use sayso_show::{Coverage, Lineage, View};
use sayso_store::{Query, Store, Stored};

use crate::answer::{Asked, Want, answer, attach, body};
use crate::fail::Fail;
use crate::params::{Params, cursor, place};
use crate::shelf::coverage;
use crate::{Room, intake, openapi};

/// Rows of a page, unless more are asked for.
const ROWS: usize = 50;
/// Rows of a page at most.
const MOST: usize = 500;
/// Stories that are looked at together.
const TOGETHER: usize = 200;
/// How long a request waits for its turn.
const PATIENCE: Duration = Duration::from_secs(20);

/// Where everything is.
pub fn routes(room: Arc<Room>) -> Router {
    Router::new()
        .route("/", get(stories))
        .route("/stories/{id}", get(read).delete(intake::delete))
        .route("/stories/{id}/sources", get(sources))
        .route("/stories/{id}/chain", get(story_chain))
        .route("/stories/{id}/explain/{statement}", get(explain))
        .route("/stories/{id}/remove", post(intake::remove))
        .route("/stories/{id}/keep", post(intake::keep))
        .route("/search", get(search))
        .route("/said", get(said))
        .route("/counts", get(counts))
        .route("/chain", get(chains))
        .route("/chain/{story}/{said}", get(family))
        .route("/origins", get(origins))
        .route("/compare", get(compare))
        .route("/add", get(add).post(intake::form))
        .route("/examples", post(intake::examples))
        .route("/help", get(help))
        .route("/api", get(api))
        .route("/api/v1/openapi.json", get(openapi_json))
        .route("/api/v1/stories", get(stories).post(intake::add))
        .route("/api/v1/read", post(intake::read_only))
        .route("/assets/{stamp}/{name}", get(asset))
        .route("/assets/icon.svg", get(icon))
        .layer(DefaultBodyLimit::max(intake::REQUEST))
        .with_state(room)
}

/// What comes of work: an answer, or stories that are to be sent one by one.
pub enum Reply {
    Done(Response),
    Stories(Vec<i64>),
}

pub type Outcome = Result<Reply, Fail>;

/// A page in the form that was asked for.
pub fn reply(room: &Room, asked: &Asked, page: &dyn Page) -> Outcome {
    if asked.want == Want::Exchange {
        let stories = page.stories();
        if !stories.is_empty() {
            return Ok(Reply::Stories(stories));
        }
    }
    answer(room, asked, page).map(Reply::Done)
}

/// Does the work of a request where it may take its time, a few at once.
pub async fn work(room: Arc<Room>, asked: Asked, f: impl FnOnce(&Room, &Asked) -> Outcome + Send + 'static) -> Response {
    let Ok(Ok(permit)) = tokio::time::timeout(PATIENCE, room.work.acquire()).await else {
        return Fail::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "Too much is in work. Try again in a moment.").into_response();
    };
    let (of, what) = (Arc::clone(&room), asked.clone());
    let done = tokio::task::spawn_blocking(move || f(&of, &what)).await;
    drop(permit);
    match done {
        Ok(Ok(Reply::Done(r))) => r,
        Ok(Ok(Reply::Stories(ids))) => exchange(Arc::clone(&room), asked, ids),
        Ok(Err(fail)) => fail.into_response(),
        // a panic: said to nobody but the one who asked, and nothing was half written
        Err(_) => Fail::of_status(StatusCode::INTERNAL_SERVER_ERROR).into_response(),
    }
}

/// Stories in the exchange format, one a line, as they are read.
fn exchange(room: Arc<Room>, asked: Asked, ids: Vec<i64>) -> Response {
    let (sender, mut receiver) = tokio::sync::mpsc::channel::<Result<String, Infallible>>(4);
    let of = asked.clone();
    tokio::task::spawn_blocking(move || {
        for id in ids {
            let line = of.shelf(&room).read(|s| Ok(s.story(id)?.map(|s| sayso_show::exchange(&View::new(&s.story, &s.path)) + "\n")));
            if let Ok(Some(line)) = line
                && sender.blocking_send(Ok(line)).is_err()
            {
                return;
            }
        }
    });
    let lines = futures_util::stream::poll_fn(move |cx| receiver.poll_recv(cx));
    let mut r = ([(header::CONTENT_TYPE, HeaderValue::from_static("application/jsonl"))], Body::from_stream(lines)).into_response();
    attach(&mut r, &asked, "exchange.jsonl");
    r
}

fn number(id: &str) -> Result<i64, Fail> {
    id.parse::<i64>().ok().filter(|n| *n > 0).ok_or_else(|| Fail::not_found(format!("{id:?} is no story's number.")))
}

fn none(id: i64) -> Fail {
    Fail::not_found(format!("There is no story {id} here. It may have been removed, or lie in the other collection."))
}

/// A story, or that there is none.
pub fn stored(store: &Store, id: i64) -> Result<Stored, Fail> {
    store.story(id)?.ok_or_else(|| none(id))
}

/// Says so where there is no such story; does not read it.
pub fn held(store: &Store, id: i64) -> Result<(), Fail> {
    if store.holds(id)? { Ok(()) } else { Err(none(id)) }
}

/// Stories, the last added first.
#[utoipa::path(get, path = "/api/v1/stories", params(
    ("like" = Option<String>, Query, description = "Part of the title, outlet or path"),
    ("limit" = Option<usize>, Query, description = "Rows, 1 to 500; 50 if left out"),
    ("cursor" = Option<String>, Query, description = "`next` of the page before")),
    responses((status = 200, description = "a page of the list", body = StoryList), (status = 400, description = "a bad parameter", body = room::Failure)))]
pub async fn stories(State(room): State<Arc<Room>>, asked: Asked, params: Params) -> Response {
    work(room, asked, move |room, asked| {
        let like = params.get("like");
        let limit = params.number("limit", ROWS, MOST)?;
        let list = format!("stories {like:?} {}", asked.desk);
        let before = place(&list, params.get("cursor"))?;
        let (items, found) = asked.shelf(room).read(|s| Ok(s.list(like, before, limit)?))?;
        let last = items.last().map(|s| s.id).filter(|id| items.len() == limit && *id > 1);
        let list = StoryList { found, items: items.into_iter().map(Into::into).collect(), next: last.map(|id| cursor(&list, id)) };
        reply(room, asked, &Stories { list, like: like.unwrap_or("").into(), further: before.is_some() })
    })
    .await
}

/// A story in the exchange format.
#[utoipa::path(get, path = "/api/v1/stories/{id}", params(("id" = i64, Path, description = "The story's number")),
    responses((status = 200, description = "the story", body = openapi::Story), (status = 404, description = "no such story", body = room::Failure)))]
pub async fn read(State(room): State<Arc<Room>>, asked: Asked, Path(id): Path<String>) -> Response {
    work(room, asked, move |room, asked| {
        let id = number(&id)?;
        let (s, versions) = asked.shelf(room).read(|s| Ok((stored(s, id)?, s.versions(id)?)))?;
        reply(room, asked, &Read { id: Some(id), view: View::new(&s.story, &s.path), versions })
    })
    .await
}

/// A story's sources with their terms.
#[utoipa::path(get, path = "/api/v1/stories/{id}/sources", params(("id" = i64, Path, description = "The story's number"),
    ("sort" = Option<String>, Query, description = "first, name, terms, described or count"), ("down" = Option<String>, Query, description = "1 for downwards")),
    responses((status = 200, description = "the sources", body = openapi::Sources), (status = 404, description = "no such story", body = room::Failure)))]
pub async fn sources(State(room): State<Arc<Room>>, asked: Asked, Path(id): Path<String>, params: Params) -> Response {
    work(room, asked, move |room, asked| {
        let id = number(&id)?;
        let order =
            params.one_of("sort", &SourceOrder::ALL.map(SourceOrder::name))?.and_then(|o| SourceOrder::parse(&o)).unwrap_or_default();
        let s = asked.shelf(room).read(|s| stored(s, id))?;
        reply(room, asked, &SourceTable { id, view: View::new(&s.story, &s.path), order: (order, params.has("down")) })
    })
    .await
}

/// All that a statement rests on.
#[utoipa::path(get, path = "/api/v1/stories/{id}/explain/{statement}", params(("id" = i64, Path, description = "The story's number"),
    ("statement" = String, Path, description = "The statement's id in the story: a3")),
    responses((status = 200, description = "the statement and its evidence", body = openapi::Explanation), (status = 404, description = "no such statement", body = room::Failure)))]
pub async fn explain(State(room): State<Arc<Room>>, asked: Asked, Path((id, statement)): Path<(String, String)>) -> Response {
    work(room, asked, move |room, asked| {
        let id = number(&id)?;
        let s = asked.shelf(room).read(|s| stored(s, id))?;
        let all = s.story.statements.len();
        let n = statement.strip_prefix('a').and_then(|n| n.parse::<usize>().ok()).filter(|n| (1..=all).contains(n));
        let n = n.ok_or_else(|| Fail::not_found(format!("Story {id} has no statement {statement:?}; it has a1 to a{all}.")))?;
        reply(room, asked, &Explained { id, view: View::new(&s.story, &s.path), statement: n - 1 })
    })
    .await
}

/// What a story shares with others, and who took it from whom.
#[utoipa::path(get, path = "/api/v1/stories/{id}/chain", params(("id" = i64, Path, description = "The story's number")),
    responses((status = 200, description = "families of words", body = openapi::Trace), (status = 404, description = "no such story", body = room::Failure)))]
pub async fn story_chain(State(room): State<Arc<Room>>, asked: Asked, Path(id): Path<String>) -> Response {
    work(room, asked, move |room, asked| {
        let id = number(&id)?;
        let (s, kept, coverage) = asked.shelf(room).traced(|s| Ok((stored(s, id)?, s.kept(Some(&[id]))?, coverage(s, Some(&[id]))?)))?;
        let lineage = by_reports(&kept, coverage);
        reply(room, asked, &StoryChain { id, view: View::new(&s.story, &s.path), lineage })
    })
    .await
}

/// All families, the most reported first.
fn by_reports(kept: &sayso_store::Kept, coverage: Coverage) -> Lineage<'_> {
    let mut families: Vec<usize> = (0..kept.traced.families.len()).collect();
    families.sort_by_key(|k| std::cmp::Reverse(kept.traced.families[*k].reports));
    Lineage { kept, families, coverage }
}

/// Families of words that stand in several reports, the most reported first; with `q`, those that hold these words.
#[utoipa::path(get, path = "/api/v1/chain", params(("q" = Option<String>, Query, description = "Words of a quotation, three or more"),
    ("limit" = Option<usize>, Query, description = "Rows, 1 to 500; 50 if left out"), ("cursor" = Option<String>, Query, description = "`next` of the page before")),
    responses((status = 200, description = "families of words", body = openapi::Trace), (status = 400, description = "a bad parameter", body = room::Failure)))]
pub async fn chains(State(room): State<Arc<Room>>, asked: Asked, params: Params) -> Response {
    work(room, asked, move |room, asked| {
        let shelf = asked.shelf(room);
        if let Some(words) = params.get("q") {
            let (found, coverage) = shelf.traced(|s| Ok((s.asked(words)?, coverage(s, None)?)))?;
            let too_few = found.is_none();
            let found = found.unwrap_or_default();
            let lineage = Lineage { kept: &found.kept, families: found.families.clone(), coverage };
            let all = lineage.families.len();
            let page = Chains { lineage, all, skipped: 0, next: None, words: words.into(), holding: found.holding, too_few };
            return reply(room, asked, &page);
        }
        let limit = params.number("limit", ROWS, MOST)?;
        let list = format!("chain {}", asked.desk);
        let skipped = place(&list, params.get("cursor"))?.unwrap_or(0) as usize;
        let ((kept, all), coverage) = shelf.traced(|s| Ok((s.families(skipped, limit)?, coverage(s, None)?)))?;
        let families: Vec<usize> = (0..kept.traced.families.len()).collect();
        let past = skipped + families.len();
        let next = (past < all && !families.is_empty()).then(|| cursor(&list, past as i64));
        let lineage = Lineage { kept: &kept, families, coverage };
        reply(room, asked, &Chains { lineage, all, skipped, next, words: String::new(), holding: Vec::new(), too_few: false })
    })
    .await
}

/// One family of words: who took them from whom, and what changed on the way.
#[utoipa::path(get, path = "/api/v1/chain/{story}/{said}", params(("story" = i64, Path, description = "The number of a story that has the words"),
    ("said" = u32, Path, description = "The statement's place among that story's utterances, as `said` of a member tells it")),
    responses((status = 200, description = "the family", body = openapi::Trace), (status = 404, description = "no such family", body = room::Failure)))]
pub async fn family(State(room): State<Arc<Room>>, asked: Asked, Path((story, said)): Path<(String, String)>) -> Response {
    work(room, asked, move |room, asked| {
        let id = number(&story)?;
        let said: u32 = said.parse().map_err(|_| Fail::not_found(format!("{said:?} is no statement's place.")))?;
        let (kept, coverage) = asked.shelf(room).traced(|s| {
            let kept = s.family_of(id, said)?.ok_or_else(|| Fail::not_found("These words stand in no other report here."))?;
            Ok((kept, coverage(s, None)?))
        })?;
        reply(room, asked, &FamilyPage { lineage: Lineage { kept: &kept, families: vec![0], coverage } })
    })
    .await
}

/// The stories that a query names.
fn chosen(params: &Params, names: &[&str]) -> Result<Vec<i64>, Fail> {
    let mut out = Vec::new();
    for v in names.iter().flat_map(|n| params.all(n)) {
        let id = number(v)?;
        if !out.contains(&id) {
            out.push(id);
        }
    }
    if out.len() > TOGETHER {
        return Err(Fail::bad(format!("{TOGETHER} stories at most are looked at together, not {}.", out.len())));
    }
    Ok(out)
}

/// "It's on three wires": how many origins are visible behind some stories.
#[utoipa::path(get, path = "/api/v1/origins", params(("story" = Vec<i64>, Query, description = "Numbers of stories, each as a parameter of its own", explode = true)),
    responses((status = 200, description = "the origins", body = room::OriginsData), (status = 404, description = "no such story", body = room::Failure)))]
pub async fn origins(State(room): State<Arc<Room>>, asked: Asked, params: Params) -> Response {
    work(room, asked, move |room, asked| {
        let ids = chosen(&params, &["story"])?;
        let (kept, coverage) = asked.shelf(room).traced(|s| {
            for id in &ids {
                held(s, *id)?;
            }
            Ok((s.kept(Some(&ids))?, coverage(s, Some(&ids))?))
        })?;
        let page = behind(&kept, coverage, &ids);
        reply(room, asked, &page)
    })
    .await
}

/// What stands behind some stories.
pub fn behind<'k>(kept: &'k sayso_store::Kept, coverage: Coverage, ids: &[i64]) -> Origins<'k> {
    let places: Vec<u32> = ids.iter().filter_map(|id| kept.stories.binary_search(id).ok().map(|i| i as u32)).collect();
    let together = together(&kept.traced, &kept.reports, &places);
    Origins { lineage: by_reports(kept, coverage), together }
}

/// Two stories, or two versions of one: statements that both carry, and every change with its kind.
#[utoipa::path(get, path = "/api/v1/compare", params(("a" = i64, Query, description = "The first story"), ("b" = i64, Query, description = "The second"),
    ("anyway" = Option<String>, Query, description = "1 to lay the texts side by side though they are told in different words")),
    responses((status = 200, description = "what changed", body = room::CompareData), (status = 400, description = "not two stories", body = room::Failure), (status = 404, description = "no such story", body = room::Failure)))]
pub async fn compare(State(room): State<Arc<Room>>, asked: Asked, params: Params) -> Response {
    work(room, asked, move |room, asked| {
        let mut ids = chosen(&params, &["a", "b"])?;
        let ordered = !ids.is_empty();
        ids.extend(chosen(&params, &["story"])?);
        let [a, b] = ids[..] else {
            return Err(Fail::bad(format!("Two stories are compared, not {}. Choose two in the list of stories.", ids.len())));
        };
        let ((mut a, mut b), kept, coverage) = asked.shelf(room).traced(|s| {
            let both = (stored(s, a)?, stored(s, b)?);
            Ok((both, s.kept(Some(&[a, b]))?, coverage(s, None)?))
        })?;
        let date = |s: &Stored| s.story.doc.meta.published.as_deref().map_or(When::UNKNOWN, When::parse);
        // chosen in a list: the earlier first, or the one that was there first
        let dated = date(&a).is_known() && date(&b).is_known();
        let later = if dated { date(&a).to_string() > date(&b).to_string() } else { a.id > b.id };
        if !ordered && later {
            std::mem::swap(&mut a, &mut b);
        }
        let mut kinds: BTreeSet<ChangeKind> = params.all("kinds").filter_map(ChangeKind::parse).collect();
        if kinds.is_empty() {
            kinds = ChangeKind::ALL.into_iter().filter(|k| *k != ChangeKind::Cosmetic).collect();
        }
        let lineage = by_reports(&kept, coverage);
        reply(room, asked, &Compare::new(&a, &b, kinds, params.has("anyway"), Some(&lineage)))
    })
    .await
}

/// Everything attributed to one name over time.
#[utoipa::path(get, path = "/api/v1/said", params(("name" = String, Query, description = "The name")),
    responses((status = 200, description = "the statements", body = SaidList)))]
pub async fn said(State(room): State<Arc<Room>>, asked: Asked, params: Params) -> Response {
    work(room, asked, move |room, asked| {
        let page = asked.shelf(room).read(|s| {
            let Some(name) = params.get("name").map(str::trim).filter(|n| !n.is_empty()) else {
                return Ok(Said { said: None, most: room::rows(&s.sources(None, 60)?) });
            };
            let (table, names) = s.said(name)?;
            let like = if names.is_empty() { s.names_like(name.split_whitespace().next_back().unwrap_or(name))? } else { Vec::new() };
            Ok(Said { said: Some(SaidList { name: name.into(), names, like, items: room::rows(&table) }), most: Vec::new() })
        })?;
        reply(room, asked, &page)
    })
    .await
}

/// Counts of the collection, each with what it is out of.
#[utoipa::path(get, path = "/api/v1/counts", responses((status = 200, description = "the counts", body = CountTables)))]
pub async fn counts(State(room): State<Arc<Room>>, asked: Asked) -> Response {
    work(room, asked, move |room, asked| {
        let page = asked.shelf(room).traced(|s| {
            if s.is_empty()? {
                return Ok(Counts {
                    tables: CountTables { counts: Vec::new(), outlets: Vec::new(), names: Vec::new() },
                    stories: Vec::new(),
                });
            }
            let tables = CountTables {
                counts: room::rows(&s.stats()?),
                outlets: room::rows(&s.terms(None)?),
                names: room::rows(&s.sources(None, 100)?),
            };
            Ok(Counts { tables, stories: s.ids()? })
        })?;
        reply(room, asked, &page)
    })
    .await
}

/// Statements by words, speaker, outlet, date, naming and form.
#[utoipa::path(get, path = "/api/v1/search", params(
    ("q" = Option<String>, Query, description = "Words of the statement; \"in quotation marks\" in that order, begin* for beginnings"),
    ("speaker" = Option<String>, Query, description = "Part of the source's name or description"),
    ("outlet" = Option<String>, Query, description = "Part of the outlet's name"),
    ("from" = Option<String>, Query, description = "Published on this day or later: 2023-05-03, 2023-05, 2023"),
    ("until" = Option<String>, Query, description = "Published on this day or earlier"),
    ("naming" = Option<String>, Query, description = "named, unnamed, collective, public, document, outlet or none"),
    ("form" = Option<String>, Query, description = "direct, indirect or mixed"),
    ("limit" = Option<usize>, Query, description = "Rows, 1 to 500; 50 if left out"),
    ("cursor" = Option<String>, Query, description = "`next` of the page before")),
    responses((status = 200, description = "a page of statements", body = Hits), (status = 400, description = "a bad parameter", body = room::Failure)))]
pub async fn search(State(room): State<Arc<Room>>, asked: Asked, params: Params) -> Response {
    work(room, asked, move |room, asked| {
        const FIELDS: [&str; 7] = ["q", "speaker", "outlet", "from", "until", "naming", "form"];
        let form: Vec<(&'static str, String)> = FIELDS.iter().map(|f| (*f, params.get(f).unwrap_or("").to_string())).collect();
        let naming = params.one_of("naming", &sayso::Naming::ALL.map(sayso::Naming::name))?;
        let kind = params.one_of("form", &sayso::Form::ALL.map(sayso::Form::name))?;
        if form.iter().all(|(_, v)| v.is_empty()) {
            return reply(room, asked, &Search { asked: form, hits: None, skipped: 0 });
        }
        let limit = params.number("limit", ROWS, MOST)?;
        let list = format!("search {form:?} {}", asked.desk);
        let skipped = place(&list, params.get("cursor"))?.unwrap_or(0) as usize;
        let own = |name: &str| params.get(name).map(str::to_string);
        let query = Query {
            words: own("q"),
            speaker: own("speaker"),
            outlet: own("outlet"),
            dates: (own("from"), own("until")),
            naming,
            form: kind,
            skip: skipped,
            limit,
        };
        let (table, found) = asked.shelf(room).read(|s| Ok(s.search(&query)?))?;
        let items: Vec<room::Hit> = room::rows(&table);
        let past = skipped + items.len();
        let next = (past < found && !items.is_empty()).then(|| cursor(&list, past as i64));
        reply(room, asked, &Search { asked: form, hits: Some(Hits { found, items, next }), skipped })
    })
    .await
}

async fn add(State(room): State<Arc<Room>>, asked: Asked) -> Response {
    work(room, asked, |room, asked| reply(room, asked, &Add)).await
}

async fn help(State(room): State<Arc<Room>>, asked: Asked) -> Response {
    work(room, asked, |room, asked| reply(room, asked, &Help)).await
}

async fn api(State(room): State<Arc<Room>>, asked: Asked) -> Response {
    work(room, asked, |room, asked| reply(room, asked, &ApiPage { openapi: openapi::openapi() })).await
}

async fn openapi_json() -> Response {
    crate::answer::json(&openapi::openapi())
}

async fn asset(Path((_, name)): Path<(String, String)>) -> Response {
    match name.as_str() {
        "room.css" => body("text/css; charset=utf-8", room::STYLE),
        "room.js" => body("text/javascript; charset=utf-8", room::SCRIPT),
        _ => Fail::not_found("There is no such page.").into_response(),
    }
}

async fn icon() -> Response {
    body("image/svg+xml", room::ICON)
}
