//! Requests that nobody should send: each is told what is wrong in the one shape, and nothing else happens.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod common;

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use common::{Reply, Server, TOKEN, multipart};
use serde_json::json;

/// What is wrong with an answer to something malformed.
fn wrong(r: &Reply) -> Option<String> {
    if !(400..500).contains(&r.status) {
        return Some(format!("answered {:?}", r.head.lines().next()));
    }
    if r.header("content-type").as_deref() != Some("application/json") {
        return Some(format!("{:?} is no JSON: {:.200}", r.head.lines().next(), r.text()));
    }
    let v = r.json();
    let e = &v["error"];
    let told = ["code", "message", "link"].iter().all(|k| e[*k].as_str().is_some_and(|s| !s.is_empty()));
    (v.as_object().map(|o| o.len()) != Some(1) || !told || !e["link"].as_str().unwrap().starts_with("/help#")).then(|| v.to_string())
}

#[test]
fn two_hundred_malformed_requests_get_the_one_shape_and_nothing_else_happens() {
    let s = Server::start();
    let host = s.host();
    let id = s.add(&json!({ "text": "\"It is shut,\" Ida Moss said on Monday.", "outlet": "Ferrisburg Herald" }), true);
    let (mut done, mut bad) = (0, Vec::new());
    let mut check = |what: &str, r: Reply| {
        bad.extend(wrong(&r).map(|w| format!("{what:.120}: {w}")));
        done += 1;
    };

    // under other names
    for h in [
        "example.org", "localhost", "127.0.0.1", "127.0.0.1:1", "evil.example:80", "0.0.0.0", "[::1]", "127.0.0.1.example.org", "127.1",
        "", "2130706433", "LOCALHOST.", "user@127.0.0.1", "127.0.0.1:99999", "\t", "a b", "rebound.example", "xn--e1afmkfd", "::1",
        "localhost:0",
    ] {
        check(&format!("host {h:?}"), s.raw(format!("GET / HTTP/1.1\r\nHost: {h}\r\nConnection: close\r\n\r\n").as_bytes()));
    }
    check("no host", s.raw(b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n"));
    check("no host, HTTP/1.0", s.raw(b"GET / HTTP/1.0\r\n\r\n"));
    check("two hosts", s.raw(format!("GET / HTTP/1.1\r\nHost: {host}\r\nHost: evil.example\r\nConnection: close\r\n\r\n").as_bytes()));
    check(
        "another's full address",
        s.raw(format!("GET http://evil.example/ HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").as_bytes()),
    );

    // from other sites
    for o in [
        "null", "http://evil.example", "https://127.0.0.1", "http://localhost", "file://", "http://127.0.0.1:1", "chrome-extension://x",
        "HTTP://EVIL",
    ] {
        check(&format!("GET from {o}"), s.get_with("/", &format!("Origin: {o}\r\n")));
        check(
            &format!("POST from {o}"),
            s.send(
                "POST",
                "/examples",
                &format!("Origin: {o}\r\nContent-Type: application/x-www-form-urlencoded\r\n"),
                format!("token={TOKEN}").as_bytes(),
            ),
        );
        check(
            &format!("DELETE from {o}"),
            s.send("DELETE", &format!("/api/v1/desk/stories/{id}"), &format!("Origin: {o}\r\nX-Sayso-Token: {TOKEN}\r\n"), b""),
        );
    }
    for site in ["cross-site", "same-site"] {
        check(site, s.send("POST", "/examples", &format!("Sec-Fetch-Site: {site}\r\n"), b""));
        check(site, s.get_with("/desk.json", &format!("Sec-Fetch-Site: {site}\r\nSec-Fetch-Mode: no-cors\r\n")));
        check(site, s.get_with("/desk.json", &format!("Sec-Fetch-Site: {site}\r\nSec-Fetch-Mode: cors\r\n")));
    }

    // tricks with paths
    for p in [
        "/../etc/passwd",
        "/stories/../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/..%2f..%2fetc",
        "//evil.example",
        "/stories//1",
        "/\\..\\",
        "/%5c..%5c",
        "/assets/../news.sayso",
        "/assets/x/../../room.css",
        "/assets/x/news.sayso",
        "/assets/",
        "/assets/x/",
        "/assets/x/room.css/y",
        "/stories/1%00",
        "/%00",
        "/stories/1%0d%0aX:y",
        "/.git/config",
        "/news.sayso",
        "/etc/passwd",
        "/stories/",
        "/desk/desk",
        "/api/",
        "/api/v2/stories",
        "/api/v1",
        "/api/v1/",
        "/api/v1/openapi.json.json",
        "/.json",
        "/search.pdf",
        "/stories/1/explain",
        "/stories/0",
        "/stories/-1",
        "/stories/abc",
        "/stories/99999999999999999999",
        "/stories/1e3",
        "/stories/%F0%9F%92%A5",
        "/stories/%zz",
        "/stories/+1",
        "/desk/stories/77",
        "/chain/1",
        "/chain/a/b",
        "/chain/1/-1",
        "/chain/1/99999999999",
        "/chain/77/0",
        "/help.exchange.jsonl",
        "/add.csv",
        "/add.html",
        "/origins?story=x",
        "/origins?story=77",
        "/compare",
        "/compare?a=1",
        "/compare?a=1&b=1",
        "/compare?a=1&b=x",
        "/search?q=a&naming=odd",
        "/search?q=a&form=odd",
        "/search?q=a&limit=0",
        "/search?q=a&limit=many",
        "/search?q=a&limit=501",
        "/search?q=a&cursor=x",
        "/search?q=a&cursor=0000000032",
        "/?cursor=zz",
        "/?limit=-5",
        "/chain?cursor=q",
        "/chain?limit=1e9",
    ] {
        check(p, s.get(p));
    }
    for p in [
        format!("/desk/stories/{id}/explain/a0"),
        format!("/desk/stories/{id}/explain/a99"),
        format!("/desk/stories/{id}/explain/x"),
        format!("/desk/stories/{id}/sources?sort=odd"),
        format!("/desk/stories/{id}.pdf"),
    ] {
        check(&p, s.get(&p));
    }
    check("a long address", s.get(&format!("/search?q={}", "a".repeat(9_000))));
    check("a very long address", s.get(&format!("/{}", "a".repeat(70_000))));
    let big = "a".repeat(8_000);
    check("a long head", s.get_with("/", &(0..60).map(|i| format!("X-{i}: {big}\r\n")).collect::<String>()));
    check("many headers", s.get_with("/", &(0..300).map(|i| format!("X-{i}: y\r\n")).collect::<String>()));

    // methods
    for (method, path) in [
        ("PUT", "/"),
        ("PATCH", "/"),
        ("DELETE", "/"),
        ("POST", "/"),
        ("OPTIONS", "/"),
        ("TRACE", "/"),
        ("BREW", "/"),
        ("POST", "/search"),
        ("PUT", "/add"),
        ("DELETE", "/counts"),
        ("GET", "/examples"),
        ("PUT", "/stories/1"),
        ("POST", "/help"),
        ("GET", "/stories/1/remove"),
        ("GET", "/desk/stories/1/keep"),
        ("GET", "/api/v1/read"),
        ("PUT", "/api/v1/stories"),
        ("PATCH", "/api/v1/stories/1"),
        ("POST", "/api/v1/openapi.json"),
        ("POST", "/assets/icon.svg"),
    ] {
        check(&format!("{method} {path}"), s.send(method, path, "", b""));
    }
    check("OPTIONS *", s.raw(format!("OPTIONS * HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").as_bytes()));
    check("CONNECT", s.raw(format!("CONNECT evil.example:443 HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").as_bytes()));

    // what is no HTTP
    for (what, bytes) in [
        ("TLS", &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"[..]),
        ("mail", b"HELO example.org\r\n\r\n"),
        ("HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        ("a version", b"GET / HTTP/9.9\r\nHost: x\r\n\r\n"),
        ("no version", b"GET /\r\n\r\n"),
        ("controls", b"\x00\x01\x02\x03\r\n\r\n"),
        ("no colon", b"GET / HTTP/1.1\r\nHost\r\n\r\n"),
        ("a blank in a name", b"GET / HTTP/1.1\r\nHo st: x\r\n\r\n"),
        ("NUL in a value", b"GET / HTTP/1.1\r\nHost: a\x00b\r\n\r\n"),
        ("a blank path", b"GET  HTTP/1.1\r\n\r\n"),
        ("lower case", b"get / http/1.1\r\n\r\n"),
        ("high bytes", b"GET /\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n"),
    ] {
        check(what, s.raw(bytes));
    }
    for (what, headers, body) in [
        ("a negative length", "Content-Length: -1", &b""[..]),
        ("a length in words", "Content-Length: many", b""),
        ("two lengths", "Content-Length: 1\r\nContent-Length: 2", b"ab"),
        ("an odd coding", "Transfer-Encoding: gzip", b"x"),
        ("a broken chunk", "Content-Type: text/plain\r\nTransfer-Encoding: chunked", b"zz\r\nhello\r\n0\r\n\r\n"),
        ("a huge chunk", "Content-Type: text/plain\r\nTransfer-Encoding: chunked", b"ffffffffffffffff\r\nx"),
    ] {
        check(
            what,
            s.raw(
                format!("POST /api/v1/read HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{headers}\r\n\r\n")
                    .into_bytes()
                    .iter()
                    .chain(body)
                    .copied()
                    .collect::<Vec<u8>>()
                    .as_slice(),
            ),
        );
    }

    // wrong types and bodies
    let with = |t: &str| format!("Content-Type: {t}\r\nX-Sayso-Token: {TOKEN}\r\n");
    for t in [
        "image/png",
        "application/pdf",
        "application/xml",
        "multipart/form-data",
        "text/csv",
        "application/x-www-form-urlencoded",
        "",
        "text",
    ] {
        check(&format!("type {t:?}"), s.send("POST", "/api/v1/stories", &with(t), b"x"));
        check(&format!("read as {t:?}"), s.send("POST", "/api/v1/read", &with(t), b"x"));
    }
    for t in ["application/json", "text/plain", "multipart/form-data", "multipart/form-data; boundary=", "image/png"] {
        check(&format!("form as {t}"), s.send("POST", "/add", &with(t), b"x"));
        check(&format!("examples as {t}"), s.send("POST", "/examples", &with(t), format!("token={TOKEN}").as_bytes()));
    }
    let nested = format!("{{\"text\": {}{}}}", "[".repeat(5_000), "]".repeat(5_000));
    for body in [
        "",
        "{",
        "[]",
        "null",
        "\"x\"",
        "1",
        "{\"text\": 1}",
        "{\"text\": \"\"}",
        "{\"words\": \"x\"}",
        "{\"text\": \"x\", \"format\": \"pdf\"}",
        "{\"text\": \"x\", \"text\": \"y\"}",
        "{\"text\": \"\\ud800\"}",
        nested.as_str(),
    ] {
        check(&format!("body {:.40}", body), s.send("POST", "/api/v1/stories", &with("application/json"), body.as_bytes()));
    }
    check("no story", s.send("POST", "/api/v1/read", &with("text/plain"), b"%PDF-1.7 binary \x00\x01"));
    check("no words", s.send("POST", "/api/v1/read", &with("text/plain"), b""));
    check("not UTF-8 as JSON", s.send("POST", "/api/v1/read", &with("application/json"), b"{\"text\": \"\xff\"}"));
    for token in [
        "",
        "X-Sayso-Token: \r\n",
        "X-Sayso-Token: wrong\r\n",
        "Authorization: Bearer wrong\r\n",
        "Authorization: Basic YTpi\r\n",
        "Cookie: token=a-token-for-tests\r\n",
    ] {
        check(
            &format!("token {token:?}"),
            s.send("POST", "/api/v1/stories", &format!("Content-Type: text/plain\r\n{token}"), b"It rained, she said."),
        );
        check(&format!("token {token:?}, removing"), s.send("DELETE", &format!("/api/v1/desk/stories/{id}"), token, b""));
    }
    check(
        "no token in a form",
        s.send("POST", &format!("/desk/stories/{id}/remove"), "Content-Type: application/x-www-form-urlencoded\r\n", b"token=wrong"),
    );
    check("a form that goes on", s.send("POST", "/examples", "Content-Type: application/x-www-form-urlencoded\r\n", &[b'a'; 20_000]));
    let (kind, body) = multipart(&[("token", None, b"wrong"), ("text", None, b"It rained, she said.")]);
    check("a wrong token", s.send("POST", "/add", &kind, &body));
    let (kind, body) = multipart(&[("token", None, TOKEN.as_bytes())]);
    check("nothing in it", s.send("POST", "/add", &kind, &body));
    check("cut short", s.send("POST", "/add", &kind, &body[..body.len() - 20]));
    let (kind, body) = multipart(&[("token", None, TOKEN.as_bytes()), ("outlet", None, &[b'x'; 5_000]), ("text", None, b"x")]);
    check("a long field", s.send("POST", "/add", &kind, &body));
    let (kind, body) = multipart(&[("token", None, TOKEN.as_bytes()), ("files", Some("../../etc/passwd"), b"%PDF-1.7\x00")]);
    check("no story in a file", s.send("POST", "/add", &kind, &body));
    let many: Vec<(&str, Option<&str>, &[u8])> = std::iter::repeat_n(("files", Some("a.txt"), &b"x"[..]), 201).collect();
    let (kind, body) = multipart(&many);
    check("too many files", s.send("POST", "/add", &kind, &body));

    // too much
    let long = vec![b'a'; (16 << 20) + 1];
    check("a long story", s.send("POST", "/api/v1/read", &with("text/plain"), &long));
    check("a longer story", s.send("POST", "/api/v1/read", &with("text/plain"), &[&long[..], &long[..]].concat()));
    let vast: Vec<(&str, Option<&str>, &[u8])> = std::iter::repeat_n(("files", Some("a.txt"), &long[..]), 5).collect();
    let (kind, body) = multipart(&vast);
    check("too much at once", s.send("POST", "/add", &kind, &body));
    drop(body);

    // too slow: a head, and a body, that never come to their ends
    for sent in [
        "GET / HTTP/1.1\r\nHost:",
        "",
        "POST /add HTTP/1.1\r\nHost: HOST\r\nContent-Type: multipart/form-data; boundary=e\r\nContent-Length: 900\r\n\r\n--e",
        "POST /api/v1/read HTTP/1.1\r\nHost: HOST\r\nContent-Type: text/plain\r\nContent-Length: 900\r\n\r\nIt",
        "POST /examples HTTP/1.1\r\nHost: HOST\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 90\r\n\r\nt",
    ] {
        let mut stream = TcpStream::connect(s.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream.write_all(sent.replace("HOST", &host).as_bytes()).unwrap();
        let mut all = [0u8; 4096];
        let n = stream.read(&mut all).unwrap();
        let text = String::from_utf8_lossy(&all[..n]).into_owned();
        if sent.is_empty() {
            // nobody asked anything: nothing need be said
            continue;
        }
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let status = head.split_whitespace().nth(1).unwrap().parse().unwrap();
        assert_eq!(status, 408, "{text}");
        check(sent, Reply { status, head: head.into(), body: body.as_bytes().to_vec() });
    }

    assert!(bad.is_empty(), "{} of {done} wrong:\n{}", bad.len(), bad.join("\n"));
    assert!(done >= 200, "{done}");
    // nothing came in, nothing went, and the house stands
    assert!(!s.collection.exists());
    assert_eq!(s.get("/stories.json").json()["found"], 0);
    assert_eq!(s.get("/desk.json").json()["found"], 1);
    assert_eq!(s.get(&format!("/desk/stories/{id}")).status, 200);
}

#[test]
fn a_browser_is_shown_a_page_of_what_went_wrong() {
    let s = Server::start();
    let r = s.get_with("/stories/77", "Accept: text/html,*/*\r\n");
    assert_eq!(r.status, 404);
    assert!(r.header("content-type").unwrap().starts_with("text/html"));
    assert!(r.text().contains("There is no story 77 here.") && r.text().contains("/help#not_found"));
    assert!(s.get_with("/help", "Accept: text/html\r\n").text().contains("id=\"not_found\""));
    // the interface answers in its own shape whoever asks
    assert_eq!(s.get_with("/api/v1/stories/77", "Accept: text/html\r\n").json()["error"]["code"], "not_found");
}
