//! Connections: how many, how slow, and what is said where HTTP itself is broken.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};

use crate::fail::Fail;
use crate::{Room, door, pages};

/// Connections that are open at once; others wait in the system's queue.
const CONNECTIONS: usize = 512;
/// How long requests in work are waited for at the end.
const LAST: Duration = Duration::from_secs(5);
/// Bytes of a request's head.
const HEAD_BYTES: usize = 64 * 1024;

/// Takes connections until Ctrl-C.
pub async fn run(listener: TcpListener, room: Arc<Room>) {
    let routes = pages::routes(Arc::clone(&room));
    let free = Arc::new(Semaphore::new(CONNECTIONS));
    let (stop, stopped) = watch::channel(false);
    let end = ended();
    tokio::pin!(end);
    loop {
        let permit = tokio::select! {
            p = Arc::clone(&free).acquire_owned() => p,
            () = &mut end => break,
        };
        let taken = tokio::select! {
            c = listener.accept() => c,
            () = &mut end => break,
        };
        // a connection that failed before it was taken, or too many files: the next may do better
        let Ok((stream, _)) = taken else {
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        let (room, routes, stopped) = (Arc::clone(&room), routes.clone(), stopped.clone());
        tokio::spawn(async move {
            connection(stream, room, routes, stopped).await;
            drop(permit);
        });
    }
    drop(listener);
    let _ = stop.send(true);
    let _ = tokio::time::timeout(LAST, free.acquire_many(CONNECTIONS as u32)).await;
}

/// Ctrl-C, or a polite request of the system.
async fn ended() {
    let asked = async {
        #[cfg(unix)]
        if let Ok(mut term) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            term.recv().await;
            return;
        }
        std::future::pending::<()>().await;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = asked => {}
    }
}

async fn connection(stream: TcpStream, room: Arc<Room>, routes: Router, mut stopped: watch::Receiver<bool>) {
    let _ = stream.set_nodelay(true);
    let head = room.head;
    let service = service_fn(move |request: Request<hyper::body::Incoming>| {
        let (room, routes) = (Arc::clone(&room), routes.clone());
        Box::pin(async move { Ok::<_, std::convert::Infallible>(door::pass(room, routes, request.map(Body::new)).await) })
    });
    let mut conn = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(head)
        .max_buf_size(HEAD_BYTES)
        .serve_connection(Shaped::new(TokioIo::new(stream)), service);
    let end = loop {
        let waited = tokio::select! {
            r = poll_fn(|cx| conn.poll_without_shutdown(cx)) => Some(r),
            _ = stopped.changed() => None,
        };
        match waited {
            Some(r) => break r,
            None => Pin::new(&mut conn).graceful_shutdown(),
        }
    };
    let Shaped { inner, answered, .. } = conn.into_parts().io;
    let mut stream = inner.into_inner();
    // what hyper closes without a word is told why
    let said = match end {
        Err(e) if e.is_timeout() => Some(Fail::timeout()),
        Err(e) if e.is_parse() && !answered => Some(Fail::of_status(StatusCode::BAD_REQUEST)),
        _ => None,
    };
    if let Some(fail) = said {
        let _ = stream.write_all(&plain(&fail)).await;
    }
    let _ = stream.shutdown().await;
}

/// A failure as bytes of HTTP, for where no request could be read.
fn plain(fail: &Fail) -> Vec<u8> {
    let body = fail.json();
    format!(
        "HTTP/1.1 {} {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nx-content-type-options: nosniff\r\ncache-control: no-store\r\nconnection: close\r\n\r\n{body}",
        fail.status.as_u16(),
        fail.status.canonical_reason().unwrap_or("Error"),
        body.len()
    )
    .into_bytes()
}

/// A stream on which hyper's own answers to broken HTTP, which have no body, are given the one shape of errors. Every answer that the door
/// lets out has a body, so that an empty one with such a status is hyper's.
struct Shaped<S> {
    inner: S,
    /// What is still to be written in place of hyper's own.
    instead: Vec<u8>,
    /// How much of hyper's own was taken for it.
    owed: usize,
    /// Whether anything was written.
    answered: bool,
}

impl<S> Shaped<S> {
    fn new(inner: S) -> Self {
        Self { inner, instead: Vec::new(), owed: 0, answered: false }
    }
}

/// The failure that hyper tells without a body, if that is what these bytes are.
fn bare(buf: &[u8]) -> Option<Fail> {
    let head = std::str::from_utf8(buf).ok()?;
    let status = head.strip_prefix("HTTP/1.1 ").or_else(|| head.strip_prefix("HTTP/1.0 "))?.get(..3)?;
    let status = StatusCode::from_bytes(status.as_bytes()).ok()?;
    let ours = head.contains("content-security-policy");
    (status.is_client_error() && head.ends_with("\r\n\r\n") && head.to_ascii_lowercase().contains("content-length: 0") && !ours)
        .then(|| Fail::of_status(status))
}

impl<S: Read + Unpin> Read for Shaped<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: ReadBufCursor<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_read(cx, buf)
    }
}

impl<S: Write + Unpin> Write for Shaped<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.answered = true;
        if self.instead.is_empty()
            && let Some(fail) = bare(buf)
        {
            self.instead = plain(&fail);
            self.owed = buf.len();
        }
        if self.instead.is_empty() {
            return Pin::new(&mut self.inner).poll_write(cx, buf);
        }
        while !self.instead.is_empty() {
            let this = &mut *self;
            match Pin::new(&mut this.inner).poll_write(cx, &this.instead) {
                Poll::Ready(Ok(0)) => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                Poll::Ready(Ok(n)) => drop(this.instead.drain(..n)),
                Poll::Ready(Err(e)) => return Poll::Ready(Err(e)),
                Poll::Pending => return Poll::Pending,
            }
        }
        Poll::Ready(Ok(std::mem::take(&mut self.owed)))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}
