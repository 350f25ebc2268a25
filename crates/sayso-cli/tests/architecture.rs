//! ARCHITECTURE.md is true: its paths exist, its crates depend to the left only, and no crate is left out.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Crates in the order in which data flows: each may depend on those before it only.
const ORDER: &[&str] = &["sayso-text", "sayso-read", "sayso-encoder", "sayso", "sayso-store", "sayso-show", "sayso-serve", "sayso-cli"];

#[test]
fn every_path_that_the_map_names_exists() {
    let text = std::fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let paths: BTreeSet<&str> =
        text.split('`').skip(1).step_by(2).filter(|p| p.contains('/') && !p.contains([' ', '*', '<', ':'])).collect();
    assert!(paths.len() > 20, "{paths:?}");
    for p in paths {
        assert!(root().join(p).exists(), "ARCHITECTURE.md names {p}, which does not exist");
    }
}

#[test]
fn no_crate_depends_on_one_to_its_right() {
    for (i, name) in ORDER.iter().enumerate() {
        let manifest = std::fs::read_to_string(root().join("crates").join(name).join("Cargo.toml")).unwrap();
        let needs = manifest.split("[dependencies]").nth(1).unwrap_or("").split("[dev-dependencies]").next().unwrap();
        for later in &ORDER[i..] {
            assert!(
                !needs.lines().any(|l| l.starts_with(&format!("{later}.")) || l.starts_with(&format!("{later} "))),
                "{name} depends on {later}"
            );
        }
    }
    let here: BTreeSet<String> =
        std::fs::read_dir(root().join("crates")).unwrap().map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
    assert_eq!(here, ORDER.iter().map(ToString::to_string).collect());
}

#[test]
fn nothing_below_the_faces_serialises_and_only_the_command_touches_the_world() {
    for name in ["sayso-text", "sayso-encoder", "sayso", "sayso-show"] {
        for file in sources(&root().join("crates").join(name).join("src")) {
            let text = std::fs::read_to_string(&file).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap();
            for banned in ["std::fs", "std::env", "std::net", "SystemTime", "std::process"] {
                assert!(!code.contains(banned), "{} uses {banned}", file.display());
            }
            if name != "sayso-show" {
                assert!(!code.contains("serde"), "{} serialises", file.display());
            }
        }
    }
}

#[test]
fn nobody_calls_out() {
    for name in ORDER {
        for file in sources(&root().join("crates").join(name).join("src")) {
            let code = std::fs::read_to_string(&file).unwrap();
            for banned in ["TcpStream::connect", "UdpSocket", "TcpSocket", "UnixStream", "ToSocketAddrs", "lookup_host", ".connect("] {
                assert!(!code.contains(banned), "{} uses {banned}", file.display());
            }
            assert!(*name == "sayso-serve" || !code.contains("TcpListener"), "{} listens", file.display());
        }
    }
    let lock = std::fs::read_to_string(root().join("Cargo.lock")).unwrap();
    let clients = [
        "reqwest", "ureq", "curl", "isahc", "attohttpc", "minreq", "hyper-rustls", "hyper-tls", "rustls", "native-tls", "openssl",
        "hickory-resolver", "tungstenite",
    ];
    for name in clients {
        assert!(!lock.contains(&format!("name = \"{name}\"\n")), "{name} is among the dependencies: it calls out");
    }
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for e in std::fs::read_dir(folder).unwrap() {
        let p = e.unwrap().path();
        if p.is_dir() {
            out.extend(sources(&p));
        } else if p.extension().is_some_and(|e| e == "rs") {
            out.push(p);
        }
    }
    out
}
