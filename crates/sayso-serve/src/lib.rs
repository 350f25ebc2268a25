//! The reading room over HTTP, on this machine alone.
//!
//! `wire` takes connections, `door` looks at every request before anything else does and at every answer after, `pages` and `intake` hand
//! out what `sayso-show` makes of what lies on the two `shelf`s: the collection's file, and the desk, which ends with the program. Nothing
//! here opens a connection to anywhere.

mod answer;
mod door;
mod fail;
mod intake;
mod openapi;
mod pages;
mod params;
mod shelf;
mod wire;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use sha2::{Digest, Sha256};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

pub use openapi::openapi;
use shelf::Shelf;

/// How to serve.
#[derive(Clone, Debug)]
pub struct Options {
    /// The collection; made when the first story is kept.
    pub collection: PathBuf,
    /// The port on 127.0.0.1; 0 for any that is free.
    pub port: u16,
    /// What writing needs; one is made up where none is given.
    pub token: Option<String>,
    /// How long the head of a request may take, and how long a connection may lie idle.
    pub head: Duration,
    /// How long a body may take to arrive.
    pub body: Duration,
}

impl Options {
    /// The usual ones for a collection.
    pub fn new(collection: PathBuf) -> Options {
        Options { collection, port: 0, token: None, head: Duration::from_secs(10), body: Duration::from_secs(30) }
    }
}

/// Why it cannot serve.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The port is taken or may not be used.
    #[error("port {port} on this machine cannot be used ({source}); say --port 0 for any that is free")]
    Port {
        /// The port.
        port: u16,
        /// What the system says.
        source: std::io::Error,
    },
    /// The collection cannot be opened.
    #[error(transparent)]
    Store(#[from] sayso_store::Error),
    /// The system refuses something else.
    #[error("the server cannot be started ({0})")]
    System(#[from] std::io::Error),
    /// No random numbers.
    #[error("the system gives no random numbers, which the token is made of ({0})")]
    Random(getrandom::Error),
}

/// What every request may use.
pub(crate) struct Room {
    pub kept: Shelf,
    pub desk: Shelf,
    pub token: String,
    /// What a request may call this server.
    pub hosts: Vec<String>,
    /// Stands in the addresses of assets, so that a browser may keep them for good.
    pub stamp: String,
    /// Requests that may be in work at once; others wait.
    pub work: Semaphore,
    /// Of these, such as read stories: one for each processor.
    pub reading: Semaphore,
    pub head: Duration,
    pub body: Duration,
}

/// Requests in work at once.
const WORK: usize = 16;

/// Serves until Ctrl-C. `ready` is told the address and the token once requests are taken.
///
/// # Errors
/// [`Error`] where it cannot begin; nothing that happens later ends it.
pub fn serve(options: &Options, ready: impl FnOnce(SocketAddr, &str)) -> Result<(), Error> {
    let processors = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(processors.clamp(1, 4))
        .max_blocking_threads(WORK + 4)
        .thread_name("sayso")
        .enable_all()
        .build()?;
    let token = match &options.token {
        Some(t) => t.clone(),
        None => random_token().map_err(Error::Random)?,
    };
    let kept = Shelf::file(&options.collection)?;
    let desk = Shelf::desk()?;
    runtime.block_on(async {
        let listener =
            TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await.map_err(|source| Error::Port { port: options.port, source })?;
        let address = listener.local_addr()?;
        let port = address.port();
        let room = Arc::new(Room {
            kept,
            desk,
            token,
            hosts: vec![format!("127.0.0.1:{port}"), format!("localhost:{port}")],
            stamp: stamp(),
            work: Semaphore::new(WORK),
            reading: Semaphore::new(processors),
            head: options.head,
            body: options.body,
        });
        ready(address, &room.token);
        wire::run(listener, Arc::clone(&room)).await;
        room.kept.close();
        Ok(())
    })
}

fn random_token() -> Result<String, getrandom::Error> {
    let mut bytes = [0u8; 16];
    getrandom::fill(&mut bytes)?;
    Ok(bytes.iter().map(|b| format!("{b:02x}")).collect())
}

fn stamp() -> String {
    let digest = Sha256::new().chain_update(sayso_show::room::STYLE).chain_update(sayso_show::room::SCRIPT).finalize();
    digest.iter().take(6).map(|b| format!("{b:02x}")).collect()
}
