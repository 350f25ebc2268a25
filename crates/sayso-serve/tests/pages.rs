//! Every page in every format, adding and removing, and the description of the interface held against what it answers.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod common;

use std::collections::BTreeSet;
use std::path::Path;

use common::{Server, TOKEN, multipart};
use serde_json::{Value, json};

/// The number of a story on the desk by a part of its path.
fn desk(s: &Server, path: &str) -> i64 {
    let list = s.get("/desk.json").json();
    let found = list["items"].as_array().unwrap().iter().find(|x| x["path"].as_str().unwrap().contains(path)).unwrap().clone();
    found["story"].as_i64().unwrap()
}

#[test]
fn every_page_comes_in_every_format_and_loads_nothing_from_elsewhere() {
    let s = Server::start();
    s.examples();
    let (a, b, w) = (desk(&s, "insiders"), desk(&s, "relay"), desk(&s, "wire"));
    let family = s.get("/desk/chain").text();
    let family = family.split("href=\"/desk/chain/").nth(1).unwrap().split('"').next().unwrap().to_string();
    let views = [
        ("/desk", ""),
        (&format!("/desk/stories/{a}"), ""),
        (&format!("/desk/stories/{a}/sources"), "?sort=name&down=1"),
        (&format!("/desk/stories/{a}/chain"), ""),
        (&format!("/desk/stories/{a}/explain/a5"), ""),
        ("/desk/chain", ""),
        ("/desk/chain", "?q=she+had+the+report+on+her+desk"),
        (&format!("/desk/chain/{family}"), ""),
        ("/desk/origins", &format!("?story={a}&story={b}&story={w}")),
        ("/desk/compare", &format!("?a={a}&b={b}&anyway=1")),
        ("/desk/said", "?name=Alma+Reyes"),
        ("/desk/counts", ""),
        ("/desk/search", "?q=coffee"),
        ("/help", ""),
    ];
    for (path, query) in views {
        let page = s.get(&format!("{path}{query}"));
        assert_eq!(page.status, 200, "{path}: {}", page.text());
        let policy = page.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
        assert_eq!(page.header("cache-control").as_deref(), Some("no-store"));
        let text = page.text();
        assert!(!text.contains(" style=\"") && !text.contains(" onclick") && !text.contains("<script>"), "{path}");
        for at in ["src=\"", "href=\""] {
            for target in text.split(at).skip(1).map(|t| t.split('"').next().unwrap()) {
                assert!(target.starts_with(['/', '#', '?']), "{path} leads to {target}");
            }
        }
        let stem = if path == "/desk" { "/desk/stories" } else { path };
        let json = s.get(&format!("{stem}.json{query}"));
        assert_eq!(json.status, 200, "{stem}.json");
        assert!(json.json().is_object());
        let lines = s.get(&format!("{stem}.jsonl{query}")).text();
        let rows: Vec<Value> = lines.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
        assert!(!rows.is_empty(), "{stem}.jsonl");
        let csv = s.get(&format!("{stem}.csv{query}"));
        assert!(csv.text().lines().count() > rows.len(), "{stem}.csv has a head and a line for each row");
        assert!(csv.header("content-disposition").unwrap().starts_with("attachment; filename=\"sayso-"));
        let alone = s.get(&format!("{stem}.html{query}")).text();
        assert!(
            alone.contains("<style>") && !alone.contains("<script") && !alone.contains("href=\"/") && !alone.contains("<form"),
            "{stem}.html"
        );
        if path != "/help" {
            let stories = s.get(&format!("{stem}.exchange.jsonl{query}"));
            assert_eq!(stories.status, 200, "{stem}: {}", stories.text());
            for l in stories.text().lines() {
                assert_eq!(serde_json::from_str::<Value>(l).unwrap()["schema"], "sayso/1");
            }
            assert!(stories.text().lines().count() > 0);
        }
    }
    let text = s.get(&format!("/desk/stories/{a}")).text();
    let asset = text.split("href=\"/assets/").nth(2).unwrap().split('"').next().unwrap();
    let css = s.get(&format!("/assets/{asset}"));
    assert!(css.header("content-type").unwrap().starts_with("text/css") && css.header("cache-control").unwrap().contains("immutable"));
    assert!(s.get(&format!("/desk/origins?story={a}&story={b}&story={w}")).text().contains("3 reports, 1 visible origin"));
}

#[test]
fn a_story_is_the_same_through_every_door() {
    let s = Server::start();
    let text = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/lido.txt")).unwrap();
    let read = s.send("POST", "/api/v1/read?name=lido.txt", "Content-Type: text/plain\r\n", &text).json();
    let id = s.add(&json!({ "text": String::from_utf8(text).unwrap(), "name": "lido.txt", "format": "plain" }), false);
    let kept = s.get(&format!("/stories/{id}.json")).json();
    assert_eq!(read, kept);
    assert_eq!(kept, s.get(&format!("/api/v1/stories/{id}")).json());
    assert_eq!(kept, serde_json::from_str::<Value>(&s.get(&format!("/stories/{id}.exchange.jsonl")).text()).unwrap());
    let file = sayso_store::Store::open(&s.collection).unwrap();
    assert_eq!(file.len().unwrap(), 1);
}

#[test]
fn files_come_in_and_are_kept_or_not_and_go_again() {
    let s = Server::start();
    let first = b"Ferry late again\n\nBy Ida Moss\n\n\"The pump failed twice,\" said Olav Brandt, the harbour master, on Monday.\n";
    let second = b"Ferry trouble\n\n\"The pump failed twice,\" the harbour master told the Ferrisburg Herald.\n";
    let (kind, body) = multipart(&[
        ("token", None, TOKEN.as_bytes()),
        ("keep", None, b"no"),
        ("outlet", None, b"Vellmar Courier"),
        ("files", Some("C:\\desk\\first.txt"), first),
        ("files", Some("broken.pdf"), b"%PDF-1.7\x00"),
        ("files", Some("second.txt"), second),
    ]);
    let r = s.send("POST", "/add", &format!("{kind}Accept: text/html\r\n"), &body);
    assert_eq!(r.status, 200, "{}", r.text());
    let page = r.text();
    assert!(
        page.contains("2 stories read, 1 could not be")
            && page.contains("broken.pdf")
            && page.contains("first.txt")
            && !page.contains("C:"),
        "{page}"
    );
    assert!(!s.collection.exists());
    let id = desk(&s, "first.txt");
    assert_eq!(s.get(&format!("/desk/stories/{id}.json")).json()["meta"]["outlet"], "Vellmar Courier");
    // one of them is kept, and once only
    let form = format!("token={TOKEN}");
    let headers = "Content-Type: application/x-www-form-urlencoded\r\n";
    for _ in 0..2 {
        let r = s.send("POST", &format!("/desk/stories/{id}/keep"), headers, form.as_bytes());
        assert_eq!((r.status, r.header("location").as_deref()), (303, Some("/stories/1")));
    }
    assert_eq!(s.get("/stories.json").json()["found"], 1);
    assert_eq!(s.get("/stories/1.json").json()["attributions"], s.get(&format!("/desk/stories/{id}.json")).json()["attributions"]);
    // the desk is not the collection
    assert_eq!(s.send("POST", &format!("/desk/stories/{id}/remove"), headers, form.as_bytes()).status, 303);
    assert_eq!((s.get("/desk.json").json()["found"].as_i64(), s.get("/stories.json").json()["found"].as_i64()), (Some(1), Some(1)));
    assert_eq!(s.send("DELETE", "/api/v1/stories/1", &format!("X-Sayso-Token: {TOKEN}\r\n"), b"").json(), json!({ "removed": 1 }));
    assert_eq!(s.get("/stories/1").status, 404);
    // one text alone leads to its page
    let (kind, body) = multipart(&[("token", None, TOKEN.as_bytes()), ("keep", None, b"yes"), ("text", None, first)]);
    let r = s.send("POST", "/add", &kind, &body);
    assert_eq!((r.status, r.header("location").as_deref()), (303, Some("/stories/1")));
}

#[test]
fn hostile_stories_are_shown_as_text() {
    let s = Server::start();
    let text = "<script>alert(1)</script>\n\n\"<img src=x onerror=alert(2)>,\" said Ida \"<b>\" Moss, \u{202e}the mayor\u{202c}, on Monday.\n\n<a href=\"javascript:alert(3)\">She</a> denied it.";
    let id = s.add(
        &json!({ "text": text, "title": "</title><script>alert(4)</script>", "outlet": "\"><script>", "address": "javascript:alert(5)", "name": "=cmd|'!A0", "format": "plain" }),
        true,
    );
    for path in ["", "/sources", "/chain", "/explain/a1"] {
        let page = s.get(&format!("/desk/stories/{id}{path}")).text();
        for bad in ["<script>", "<img", "<b>", "href=\"javascript:", "</title><script>a", "\u{202e}"] {
            assert!(!page.contains(bad), "{path} holds {bad}");
        }
    }
    assert!(s.get(&format!("/desk/stories/{id}")).text().contains("&lt;img src=x onerror=alert(2)&gt;"));
    let csv = s.get(&format!("/desk/stories/{id}.csv")).text();
    assert!(csv.contains("'=cmd") && !csv.contains("\n=cmd"), "{csv}");
    let paragraph = format!("\"It is shut,\" said Ida Moss. {}", ("x".repeat(99) + " ").repeat(2_100));
    let id = s.add(&json!({ "text": paragraph, "name": "long.txt" }), true);
    let page = s.get(&format!("/desk/stories/{id}"));
    assert_eq!(page.status, 200);
    assert!(page.text().contains("class=\"story long\"") && page.body.len() > 200_000);
}

#[test]
fn lists_come_page_by_page_and_nothing_is_told_twice() {
    let s = Server::start();
    for k in 0..7 {
        s.add(&json!({ "text": format!("\"The pump failed {k} times,\" said Olav Brandt of Vellmar.\n\n\"And again,\" he added.") }), true);
    }
    for list in [
        "/desk/search.json?q=pump&limit=3",
        "/desk/search.json?speaker=Brandt&limit=5",
        "/desk/stories.json?limit=2",
        "/api/v1/desk/stories?limit=3",
    ] {
        let mut seen: Vec<Value> = Vec::new();
        let mut next = String::new();
        loop {
            let r = s.get(&format!("{list}{next}"));
            assert_eq!(r.status, 200, "{list}{next}: {}", r.text());
            let page = r.json();
            seen.extend(page["items"].as_array().unwrap().iter().cloned());
            match page["next"].as_str() {
                Some(c) => next = format!("&cursor={c}"),
                None => {
                    assert_eq!(page["found"].as_u64().unwrap() as usize, seen.len(), "{list}");
                    break;
                }
            }
        }
        let keys: BTreeSet<String> = seen.iter().map(|i| format!("{}{}", i["story"], i["statement"])).collect();
        assert_eq!(keys.len(), seen.len(), "{list}");
    }
    let cursor = s.get("/desk/search.json?q=pump&limit=3").json()["next"].as_str().unwrap().to_string();
    assert_eq!(s.get(&format!("/desk/search.json?q=ferry&cursor={cursor}")).json()["error"]["code"], "bad_cursor");
}

/// What is wrong with a value by a schema of the description: the part of JSON Schema that the description uses.
fn against(v: &Value, schema: &Value, doc: &Value, at: &str, wrong: &mut Vec<String>) {
    if let Some(r) = schema["$ref"].as_str() {
        let target = doc.pointer(r.trim_start_matches('#')).unwrap_or_else(|| panic!("{r} leads nowhere"));
        return against(v, target, doc, at, wrong);
    }
    if let Some(all) = schema["oneOf"].as_array().or(schema["anyOf"].as_array()) {
        let fits = |s: &Value| {
            let mut w = Vec::new();
            against(v, s, doc, at, &mut w);
            w.is_empty()
        };
        if !all.iter().any(fits) {
            wrong.push(format!("{at}: {v:.80} fits none"));
        }
        return;
    }
    let kinds: Vec<&str> = match &schema["type"] {
        Value::String(t) => vec![t],
        Value::Array(a) => a.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let is = |k: &&str| match *k {
        "null" => v.is_null(),
        "string" => v.is_string(),
        "integer" => v.is_i64() || v.is_u64(),
        "number" => v.is_number(),
        "boolean" => v.is_boolean(),
        "array" => v.is_array(),
        _ => v.is_object(),
    };
    if !kinds.is_empty() && !kinds.iter().any(is) {
        wrong.push(format!("{at} is {v:.80}, not {kinds:?}"));
        return;
    }
    if let Some(of) = schema["enum"].as_array().filter(|of| !of.contains(v)) {
        wrong.push(format!("{at} is {v}, not one of {of:?}"));
    }
    if let Some(o) = v.as_object() {
        for key in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).filter(|k| !o.contains_key(*k)) {
            wrong.push(format!("{at} lacks {key}"));
        }
        if let Some(known) = schema["properties"].as_object() {
            for (k, x) in o {
                match known.get(k) {
                    Some(s) => against(x, s, doc, &format!("{at}.{k}"), wrong),
                    None => wrong.push(format!("{at}.{k} is not described")),
                }
            }
        }
    }
    for (n, x) in v.as_array().into_iter().flatten().enumerate().filter(|_| !schema["items"].is_null()) {
        against(x, &schema["items"], doc, &format!("{at}[{n}]"), wrong);
    }
}

#[test]
fn the_interface_answers_as_it_is_described() {
    let s = Server::start();
    s.examples();
    let (a, b) = (desk(&s, "insiders"), desk(&s, "relay"));
    let doc = s.get("/api/v1/openapi.json").json();
    assert_eq!(doc["openapi"], "3.1.0");
    let kept = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json")).unwrap_or_default();
    let now = serde_json::to_string_pretty(&doc).unwrap() + "\n";
    if std::env::var_os("SAYSO_UPDATE").is_some() {
        std::fs::write(Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json"), &now).unwrap();
    } else {
        assert!(
            kept == now,
            "the interface has changed: look at what, then run this test with SAYSO_UPDATE=1 and commit crates/sayso-serve/openapi.json"
        );
    }
    let page = s.get("/api").text();
    let text = "\"It is shut,\" said Ida Moss on Monday.";
    let token = format!("X-Sayso-Token: {TOKEN}\r\nContent-Type: application/json\r\n");
    let mut asked = 0;
    for (path, item) in doc["paths"].as_object().unwrap() {
        assert!(page.contains(path.as_str()), "{path} is not on the page");
        for (method, o) in item.as_object().unwrap() {
            let query = match path.as_str() {
                "/api/v1/search" => "?q=coffee",
                "/api/v1/said" => "?name=Reyes",
                "/api/v1/origins" => &format!("?story={a}&story={b}"),
                "/api/v1/compare" => &format!("?a={a}&b={b}&anyway=1"),
                _ => "",
            };
            // the removed story is one of its own
            let id = if method == "delete" { s.add(&json!({ "text": text }), true) } else { a };
            let family = s.get("/desk/chain.json").json()["families"][0]["members"][0]["story"].as_i64().unwrap();
            let real = path.replace("/api/v1", "/api/v1/desk").replace("{id}", &id.to_string()).replace("{statement}", "a5");
            let said =
                s.get("/desk/chain").text().split(&format!("/desk/chain/{family}/")).nth(1).unwrap().split('"').next().unwrap().to_string();
            let real = real.replace("{story}", &family.to_string()).replace("{said}", &said);
            let r = match method.as_str() {
                "get" => s.get(&format!("{real}{query}")),
                "post" => s.send("POST", &real, &token, json!({ "text": text }).to_string().as_bytes()),
                _ => s.send("DELETE", &real, &token, b""),
            };
            let good = o["responses"][r.status.to_string()].clone();
            assert!(r.status < 300 && !good.is_null(), "{method} {real}: {} {}", r.status, r.text());
            let mut wrong = Vec::new();
            against(&r.json(), &good["content"]["application/json"]["schema"], &doc, "", &mut wrong);
            assert!(wrong.is_empty(), "{method} {real}: {wrong:#?}");
            asked += 1;
        }
    }
    assert_eq!(asked, 15);
    // errors too
    let mut wrong = Vec::new();
    against(&s.get("/api/v1/stories/77").json(), &doc["components"]["schemas"]["Failure"], &doc, "", &mut wrong);
    assert!(wrong.is_empty(), "{wrong:?}");
}
