//! A server in this process and the plainest of clients.
#![allow(clippy::unwrap_used, dead_code, reason = "a test that cannot go on should stop; each test uses a part")]

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::time::Duration;

use sayso_serve::{Options, serve};
use serde_json::Value;

/// What writing needs.
pub const TOKEN: &str = "a-token-for-tests";

/// A server that runs until the process ends.
pub struct Server {
    pub address: SocketAddr,
    pub collection: PathBuf,
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {} {}", self.head, self.text()))
    }

    pub fn header(&self, name: &str) -> Option<String> {
        let lines = self.head.lines().skip(1).filter_map(|l| l.split_once(": "));
        lines.filter(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.to_string()).next()
    }
}

impl Server {
    pub fn start() -> Server {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("sayso-serve-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::SeqCst));
        let dir = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&dir).unwrap();
        let collection = dir.join("news.sayso");
        let options = Options {
            token: Some(TOKEN.into()),
            head: Duration::from_secs(1),
            body: Duration::from_secs(2),
            ..Options::new(collection.clone())
        };
        let (tell, told) = channel();
        std::thread::spawn(move || {
            serve(&options, move |address, _| tell.send(address).unwrap()).unwrap();
        });
        Server { address: told.recv_timeout(Duration::from_secs(30)).unwrap(), collection }
    }

    pub fn host(&self) -> String {
        self.address.to_string()
    }

    /// Sends bytes and reads until the server closes.
    pub fn raw(&self, bytes: &[u8]) -> Reply {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        // a server that has seen enough may close while we still send
        let _ = stream.write_all(bytes);
        let mut all = Vec::new();
        let _ = stream.read_to_end(&mut all);
        parse(&all)
    }

    pub fn get(&self, path: &str) -> Reply {
        self.get_with(path, "")
    }

    pub fn get_with(&self, path: &str, headers: &str) -> Reply {
        self.raw(format!("GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n{headers}\r\n", self.host()).as_bytes())
    }

    pub fn send(&self, method: &str, path: &str, headers: &str, body: &[u8]) -> Reply {
        let mut all = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Length: {}\r\n{headers}\r\n",
            self.host(),
            body.len()
        )
        .into_bytes();
        all.extend_from_slice(body);
        self.raw(&all)
    }

    /// A story into the collection, or onto the desk: its number.
    pub fn add(&self, story: &Value, desk: bool) -> i64 {
        let path = if desk { "/api/v1/stories?desk=1" } else { "/api/v1/stories" };
        let headers = format!("Content-Type: application/json\r\nX-Sayso-Token: {TOKEN}\r\n");
        let r = self.send("POST", path, &headers, story.to_string().as_bytes());
        assert_eq!(r.status, 201, "{}", r.text());
        r.json()["items"][0]["story"].as_i64().unwrap()
    }

    /// The example stories on the desk, by their file names.
    pub fn examples(&self) {
        let headers = "Content-Type: application/x-www-form-urlencoded\r\n";
        let r = self.send("POST", "/examples", headers, format!("token={TOKEN}").as_bytes());
        assert_eq!(r.status, 303, "{}", r.text());
    }
}

fn parse(all: &[u8]) -> Reply {
    let Some(at) = all.windows(4).position(|w| w == b"\r\n\r\n") else {
        return Reply { status: 0, head: String::from_utf8_lossy(all).into_owned(), body: Vec::new() };
    };
    let head = String::from_utf8_lossy(&all[..at]).into_owned();
    let status = head.split_whitespace().nth(1).and_then(|s| s.parse().ok()).unwrap_or(0);
    let mut body = all[at + 4..].to_vec();
    if head.to_ascii_lowercase().contains("transfer-encoding: chunked") {
        body = unchunked(&body);
    }
    Reply { status, head, body }
}

fn unchunked(mut rest: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    while let Some(at) = rest.windows(2).position(|w| w == b"\r\n") {
        let n = usize::from_str_radix(std::str::from_utf8(&rest[..at]).unwrap(), 16).unwrap();
        if n == 0 {
            break;
        }
        out.extend_from_slice(&rest[at + 2..at + 2 + n]);
        rest = &rest[at + 2 + n + 2..];
    }
    out
}

/// A body of several parts: name, file name, bytes.
pub fn multipart(parts: &[(&str, Option<&str>, &[u8])]) -> (String, Vec<u8>) {
    let mut body = Vec::new();
    for (name, file, bytes) in parts {
        let file = file.map(|f| format!("; filename=\"{f}\"")).unwrap_or_default();
        body.extend_from_slice(format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n").as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--edge--\r\n");
    ("Content-Type: multipart/form-data; boundary=edge\r\n".into(), body)
}
