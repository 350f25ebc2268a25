//! `sayso serve` as a process: what it says, whom it talks to, how it ends.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

fn place(name: &str) -> PathBuf {
    let dir = std::env::temp_dir().join(format!("sayso-serve-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&dir);
    fs::create_dir_all(&dir).unwrap();
    dir
}

struct Room {
    child: Child,
    address: String,
}

impl Room {
    fn open(collection: &Path) -> Room {
        let mut child = Command::new(env!("CARGO_BIN_EXE_sayso"))
            .args(["serve", "--port", "0"])
            .arg(collection)
            .env("SAYSO_TOKEN", "t")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().rsplit("http://").next().unwrap().trim_end_matches('/').to_string();
        assert!(address.starts_with("127.0.0.1:"), "{line}");
        Room { child, address }
    }

    fn ask(&self, method: &str, path: &str, headers: &str, body: &[u8]) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Length: {}\r\n{headers}\r\n",
            self.address,
            body.len()
        )
        .unwrap();
        stream.write_all(body).unwrap();
        let mut all = Vec::new();
        stream.read_to_end(&mut all).unwrap();
        String::from_utf8_lossy(&all).into_owned()
    }

    fn add(&self, text: &str) {
        let r = self.ask("POST", "/api/v1/stories", "Content-Type: text/plain\r\nX-Sayso-Token: t\r\n", text.as_bytes());
        assert!(r.starts_with("HTTP/1.1 201"), "{r}");
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sockets of a process that are neither its listener nor a connection that came to it: local and remote address, as Linux lists them.
#[cfg(target_os = "linux")]
fn called(pid: u32, port: u16) -> BTreeSet<String> {
    let mut own = BTreeSet::new();
    for fd in fs::read_dir(format!("/proc/{pid}/fd")).unwrap().flatten() {
        if let Ok(target) = fs::read_link(fd.path())
            && let Some(inode) = target.to_string_lossy().strip_prefix("socket:[").and_then(|s| s.strip_suffix(']'))
        {
            own.insert(inode.to_string());
        }
    }
    let mut out = BTreeSet::new();
    for table in ["tcp", "tcp6", "udp", "udp6", "raw", "raw6"] {
        let Ok(text) = fs::read_to_string(format!("/proc/{pid}/net/{table}")) else { continue };
        for line in text.lines().skip(1) {
            let f: Vec<&str> = line.split_whitespace().collect();
            let local = u16::from_str_radix(f[1].rsplit(':').next().unwrap(), 16).unwrap();
            if own.contains(f[9]) && !(table == "tcp" && local == port && f[1].starts_with("0100007F:")) {
                out.insert(format!("{table} {} {}", f[1], f[2]));
            }
        }
    }
    out
}

#[cfg(target_os = "linux")]
#[test]
fn the_server_opens_no_connection_to_anywhere() {
    let dir = place("outward");
    let room = Room::open(&dir.join("news.sayso"));
    let (pid, port) = (room.child.id(), room.address.rsplit(':').next().unwrap().parse::<u16>().unwrap());
    let (stop, looks) = (Arc::new(AtomicBool::new(false)), Arc::clone(&Arc::new(AtomicBool::new(false))));
    let watch = {
        let (stop, looks) = (Arc::clone(&stop), Arc::clone(&looks));
        std::thread::spawn(move || {
            let (mut seen, mut n) = (BTreeSet::new(), 0);
            while !stop.load(Ordering::SeqCst) {
                seen.extend(called(pid, port));
                n += 1;
                looks.store(true, Ordering::SeqCst);
                std::thread::sleep(Duration::from_millis(2));
            }
            (seen, n)
        })
    };
    // a story that would like to be fetched from, and everything that can be done with it
    let page = "<html><head><base href=\"http://203.0.113.1/\"><link rel=stylesheet href=\"http://203.0.113.1/x.css\"><title>Pump</title></head><body>\
        <img src=\"http://203.0.113.1/x.png\"><article><p>\"The pump failed twice,\" said Olav Brandt, the harbour master of Vellmar, on Monday morning.</p>\
        <p>He told the <a href=\"http://203.0.113.1/\">Ferrisburg Herald</a> that the ferry would not sail before the summer.</p></article></body></html>";
    let r = room.ask("POST", "/api/v1/stories", "Content-Type: text/html\r\nX-Sayso-Token: t\r\n", page.as_bytes());
    assert!(r.starts_with("HTTP/1.1 201"), "{r}");
    room.ask("POST", "/examples", "Content-Type: application/x-www-form-urlencoded\r\n", b"token=t");
    for path in [
        "/", "/stories/1", "/stories/1/chain", "/stories/1.html", "/desk", "/desk/chain", "/desk/counts", "/search?q=pump",
        "/api/v1/openapi.json", "/nowhere",
    ] {
        let r = room.ask("GET", path, "", b"");
        assert!(r.starts_with("HTTP/1.1 "), "{path}: {r}");
        assert!(!r.contains("src=\"http"), "{path}");
    }
    stop.store(true, Ordering::SeqCst);
    let (seen, looked) = watch.join().unwrap();
    assert!(looked > 20, "looked {looked} times only");
    assert!(seen.is_empty(), "sockets that nobody asked for: {seen:?}");
    // and the look does see a socket that is opened: this process's own
    let mine = TcpStream::connect(&room.address).unwrap();
    let local = mine.local_addr().unwrap().port();
    assert!(called(std::process::id(), port).iter().any(|s| s.contains(&format!(":{local:04X} "))));
    fs::remove_dir_all(&dir).unwrap();
}

#[cfg(unix)]
#[test]
fn asked_to_end_it_leaves_one_whole_file() {
    let dir = place("end");
    let file = dir.join("news.sayso");
    let mut room = Room::open(&file);
    assert!(!file.exists(), "nothing was kept yet");
    room.add("\"The pump failed twice,\" said Olav Brandt of Vellmar.");
    assert!(room.ask("GET", "/stories/1", "", b"").contains("Olav Brandt"));
    assert!(Command::new("kill").args(["-INT", &room.child.id().to_string()]).status().unwrap().success());
    assert!(room.child.wait().unwrap().success());
    let left: Vec<String> = fs::read_dir(&dir).unwrap().map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
    assert_eq!(left, ["news.sayso"]);
    // what was kept is there again, and other commands read it while the room is open
    let room = Room::open(&file);
    let said = Command::new(env!("CARGO_BIN_EXE_sayso")).args(["said", "Olav Brandt", "--in"]).arg(&file).output().unwrap();
    assert!(String::from_utf8_lossy(&said.stdout).contains("The pump failed twice"));
    room.add("\"It was the valve,\" said Ida Moss.");
    assert!(room.ask("GET", "/stories.json", "", b"").contains("\"found\":2"));
    fs::remove_dir_all(&dir).unwrap();
}

#[test]
fn what_cannot_be_served_is_said() {
    let dir = place("cannot");
    let foreign = dir.join("notes.sayso");
    fs::write(&foreign, "these are notes, and no collection of any kind, however long they go on").unwrap();
    let run = |args: &[&str]| {
        let out = Command::new(env!("CARGO_BIN_EXE_sayso")).arg("serve").args(args).output().unwrap();
        (out.status.code(), String::from_utf8_lossy(&out.stderr).into_owned())
    };
    let (code, said) = run(&["--port", "0", foreign.to_str().unwrap()]);
    assert!(code == Some(2) && said.contains("is no Sayso collection"), "{said}");
    let room = Room::open(&dir.join("news.sayso"));
    let port = room.address.rsplit(':').next().unwrap();
    let (code, said) = run(&["--port", port, dir.join("other.sayso").to_str().unwrap()]);
    assert!(code == Some(2) && said.contains("--port 0"), "{said}");
    fs::remove_dir_all(&dir).unwrap();
}
