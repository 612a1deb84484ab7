//! Replies to other nodes: bytes, a status, and what caches may do.

use pes_journal::{JournalError, Refusal};
use serde::Serialize;

/// A reply, for whoever keeps the socket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The status code.
    pub status: u16,
    /// The media type of the body.
    pub media_type: &'static str,
    /// The body.
    pub body: Vec<u8>,
    /// Whether it never changes and caches may keep it for ever.
    pub is_immutable: bool,
    /// Seconds to wait before the next try.
    pub retry_after: Option<u32>,
    /// Whether the server's time has to be told, since clocks are the cause.
    pub is_dated: bool,
    /// The short name of the refusal, if it is one.
    pub problem: Option<&'static str>,
}

impl Reply {
    fn new(status: u16, media_type: &'static str, body: Vec<u8>) -> Self {
        Self { status, media_type, body, is_immutable: false, retry_after: None, is_dated: false, problem: None }
    }

    /// A document.
    pub(crate) fn json(value: &impl Serialize) -> Self {
        let body = serde_json::to_vec(value).expect("what is answered here has only texts, numbers and lists");
        Self::new(200, "application/json", body)
    }

    pub(crate) fn text(text: String) -> Self {
        Self::new(200, "text/plain; charset=utf-8", text.into_bytes())
    }

    pub(crate) fn bundle(bytes: Vec<u8>, is_immutable: bool) -> Self {
        Self { is_immutable, ..Self::new(200, "application/octet-stream", bytes) }
    }

    /// How much of a log is held: after a push that is not complete, or does not follow.
    pub(crate) fn size(status: u16, size: u64) -> Self {
        Self::new(status, "text/x.tlog.size", format!("{size}\n").into_bytes())
    }

    /// Nothing to say.
    pub(crate) fn done() -> Self {
        Self::new(204, "text/plain; charset=utf-8", Vec::new())
    }

    /// What is not there, and what the caller may not read.
    pub(crate) fn absent() -> Self {
        problem(404, "absent", "there is nothing at this address")
    }

    pub(crate) fn dated(self) -> Self {
        Self { is_dated: true, ..self }
    }

    /// The reply to what the journal refused or could not do.
    pub(crate) fn failed(error: &JournalError) -> Self {
        let words = error.to_string();
        match error {
            JournalError::Refused(Refusal::Gap { size }) => Self::size(409, *size),
            JournalError::Refused(Refusal::UnknownNode(_) | Refusal::Followed(_)) => {
                problem(403, "unknown-node", &words)
            }
            JournalError::Refused(Refusal::UnknownEpoch(_)) => problem(422, "unknown-epoch", &words),
            JournalError::Refused(Refusal::TooEarly(_)) => {
                Self { retry_after: Some(60), ..problem(429, "too-many", &words) }
            }
            JournalError::Refused(Refusal::PastEpoch(_)) => problem(422, "past-epoch", &words),
            JournalError::Refused(Refusal::OtherCircle(_)) => problem(404, "absent", &words),
            JournalError::Refused(Refusal::NotTheirs { .. }) => problem(422, "confinement", &words),
            JournalError::Refused(Refusal::Fork { .. } | Refusal::Quarantined(_)) => problem(422, "fork", &words),
            // What that means is for whoever runs this node: who brings it may be who stole the key.
            JournalError::Refused(Refusal::SignedElsewhere { .. }) => {
                problem(400, "malformed", "this node does not take that of its own log")
            }
            JournalError::Refused(_) => problem(400, "malformed", &words),
            // What went wrong inside is for the operator's eyes, in the log.
            _ => {
                tracing::error!(%error, "cannot answer another node");
                let busy = problem(503, "busy", "this node cannot answer now");
                Self { retry_after: Some(60), ..busy }
            }
        }
    }
}

/// A refusal as problem+json (RFC 9457).
pub fn problem(status: u16, name: &'static str, detail: &str) -> Reply {
    let body = serde_json::json!({
        "type": format!("https://w3id.org/pes/problem/{name}"), "title": name, "status": status, "detail": detail,
    });
    Reply { problem: Some(name), media_type: "application/problem+json", status, ..Reply::json(&body) }
}
