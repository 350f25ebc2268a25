//! What every request passes before anything else looks at it, and every answer after.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use sayso_show::room::{Trouble, document};
use tower::ServiceExt as _;

use crate::Room;
use crate::answer::{Asked, Want, body};
use crate::fail::Fail;

/// Nothing from elsewhere, nothing that runs but the one script, nobody may frame it.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; \
     base-uri 'none'; frame-ancestors 'none'";

const HEADERS: &[(&str, &str)] = &[
    ("content-security-policy", POLICY),
    ("x-content-type-options", "nosniff"),
    // "no-referrer" would make browsers hide the origin of Sayso's own forms too
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("x-frame-options", "DENY"),
];

/// Bytes of an address that are looked at.
const LONGEST: usize = 8_192;

/// Lets a request in, or tells why not, and dresses the answer.
pub async fn pass(room: Arc<Room>, routes: Router, request: Request<Body>) -> Response {
    let (path, query) = (request.uri().path().to_string(), request.uri().query().unwrap_or("").to_string());
    let (asked, route) = Asked::of(&path, &query);
    let accepts = request.headers().get(header::ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or("");
    let reader = asked.want == Want::Page && !path.starts_with("/api") && accepts.contains("text/html");
    let answer = match look(&room, &request, &path) {
        Err(fail) => fail.into_response(),
        Ok(()) => {
            let mut request = request;
            let target = if query.is_empty() { route } else { format!("{route}?{query}") };
            match target.parse::<PathAndQuery>() {
                Ok(p) => {
                    let mut parts = request.uri().clone().into_parts();
                    parts.path_and_query = Some(p);
                    if let Ok(uri) = Uri::from_parts(parts) {
                        *request.uri_mut() = uri;
                    }
                    request.extensions_mut().insert(asked.clone());
                    match routes.oneshot(request).await {
                        Ok(r) => r,
                        Err(never) => match never {},
                    }
                }
                Err(_) => Fail::bad("The address cannot be understood.").into_response(),
            }
        }
    };
    dress(&room, &asked, reader, path.starts_with("/assets/"), answer)
}

/// Whether a request may come in.
fn look(room: &Room, request: &Request<Body>, path: &str) -> Result<(), Fail> {
    let headers = request.headers();
    host(room, request.uri(), headers)?;
    origin(room, request.method(), headers)?;
    if path.len() + request.uri().query().map_or(0, str::len) > LONGEST {
        return Err(Fail::of_status(StatusCode::URI_TOO_LONG));
    }
    let lower = path.to_ascii_lowercase();
    let tricks = ["..", "//", "\\", "%2e", "%2f", "%5c", "%00", "%0a", "%0d"];
    if !path.starts_with('/') || tricks.iter().any(|t| lower.contains(t)) {
        return Err(Fail::not_found("There is no such page."));
    }
    Ok(())
}

/// A page of another site can make a browser ask under a name of its own that leads here: only this server's own names are answered.
fn host(room: &Room, uri: &Uri, headers: &HeaderMap) -> Result<(), Fail> {
    let fail = || {
        Fail::new(
            StatusCode::MISDIRECTED_REQUEST,
            "foreign_host",
            format!("Sayso answers under its own address only: http://{}/", room.hosts[0]),
        )
    };
    let mut names = headers.get_all(header::HOST).iter();
    let name = names.next().and_then(|v| v.to_str().ok()).ok_or_else(fail)?;
    let ours = |n: &str| room.hosts.iter().any(|h| h.eq_ignore_ascii_case(n));
    if names.next().is_some() || !ours(name) || uri.authority().is_some_and(|a| !ours(a.as_str())) {
        return Err(fail());
    }
    Ok(())
}

/// Another site's page may lead here, and may not read or write here.
fn origin(room: &Room, method: &Method, headers: &HeaderMap) -> Result<(), Fail> {
    let fail = || Fail::new(StatusCode::FORBIDDEN, "foreign_origin", "A page of another site asked; only Sayso's own pages may.");
    for v in headers.get_all(header::ORIGIN) {
        let ours =
            v.to_str().is_ok_and(|o| o.strip_prefix("http://").is_some_and(|o| room.hosts.iter().any(|h| h.eq_ignore_ascii_case(o))));
        if !ours {
            return Err(fail());
        }
    }
    let said = |name: &'static str| headers.get(HeaderName::from_static(name)).and_then(|v| v.to_str().ok()).unwrap_or("");
    let elsewhere = matches!(said("sec-fetch-site"), "cross-site" | "same-site");
    let leads = *method == Method::GET && matches!(said("sec-fetch-mode"), "navigate" | "");
    if elsewhere && !leads { Err(fail()) } else { Ok(()) }
}

fn dress(room: &Room, asked: &Asked, reader: bool, asset: bool, mut answer: Response) -> Response {
    let status = answer.status();
    if status.is_client_error() || status.is_server_error() {
        let fail = answer.extensions_mut().remove::<Fail>().unwrap_or_else(|| Fail::of_status(status));
        let allow = answer.headers_mut().remove(header::ALLOW);
        answer = if reader {
            body("text/html; charset=utf-8", document(&Trouble { failure: fail.failure() }, &asked.chrome(room)))
        } else {
            body("application/json", fail.json())
        };
        *answer.status_mut() = fail.status;
        if let Some(a) = allow {
            answer.headers_mut().insert(header::ALLOW, a);
        }
    }
    let ok = answer.status().is_success();
    let headers = answer.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    // drafts are nobody else's business: no browser keeps a page on the disk
    let keep = if asset && ok { "public, max-age=31536000, immutable" } else { "no-store" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    answer
}
