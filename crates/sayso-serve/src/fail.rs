//! One shape for everything that goes wrong.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use sayso_show::room::{Failure, FailureBody};

/// What went wrong. The door turns it into what the asker can read.
#[derive(Clone, Debug)]
pub struct Fail {
    pub status: StatusCode,
    pub code: &'static str,
    pub message: String,
}

impl Fail {
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Fail {
        Fail { status, code, message: message.into() }
    }

    pub fn bad(message: impl Into<String>) -> Fail {
        Fail::new(StatusCode::BAD_REQUEST, "bad_request", message)
    }

    pub fn not_found(message: impl Into<String>) -> Fail {
        Fail::new(StatusCode::NOT_FOUND, "not_found", message)
    }

    pub fn too_large() -> Fail {
        Fail::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too_large",
            "That is more than is taken at once: 16 MB a story, 64 MB and 200 files a request. Send fewer, or use `sayso add`.",
        )
    }

    pub fn timeout() -> Fail {
        Fail::new(StatusCode::REQUEST_TIMEOUT, "timeout", "The request took too long to arrive.")
    }

    /// What to say where only a status is known.
    pub fn of_status(status: StatusCode) -> Fail {
        match status {
            StatusCode::NOT_FOUND => Fail::not_found("There is no such page."),
            StatusCode::METHOD_NOT_ALLOWED => Fail::new(status, "not_allowed", "This address does not take that method."),
            StatusCode::PAYLOAD_TOO_LARGE => Fail::too_large(),
            StatusCode::URI_TOO_LONG => Fail::new(status, "too_large", "The address is too long."),
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => Fail::new(status, "too_large", "The request's head is too long."),
            StatusCode::REQUEST_TIMEOUT => Fail::timeout(),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => {
                Fail::new(status, "unsupported_type", "The body's type is not one that this address takes.")
            }
            s if s.is_client_error() => Fail::new(status, "bad_request", "The request cannot be understood."),
            _ => Fail::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "Sayso failed over this request. Please report what you did."),
        }
    }

    pub fn failure(&self) -> Failure {
        Failure { error: FailureBody { code: self.code.into(), message: self.message.clone(), link: format!("/help#{}", self.code) } }
    }

    pub fn json(&self) -> String {
        serde_json::to_string(&self.failure()).unwrap_or_default()
    }
}

impl From<sayso_store::Error> for Fail {
    fn from(e: sayso_store::Error) -> Fail {
        Fail::new(StatusCode::INTERNAL_SERVER_ERROR, "storage", e.to_string())
    }
}

impl From<sayso_read::Refused> for Fail {
    fn from(e: sayso_read::Refused) -> Fail {
        let status =
            if matches!(e, sayso_read::Refused::TooLong(_)) { StatusCode::PAYLOAD_TOO_LARGE } else { StatusCode::UNPROCESSABLE_ENTITY };
        Fail::new(status, "unreadable", format!("The text {e}"))
    }
}

impl IntoResponse for Fail {
    fn into_response(self) -> Response {
        let mut r = self.status.into_response();
        r.extensions_mut().insert(self);
        r
    }
}
