//! What one node asks another, and what came of it: bytes and numbers, so that whoever carries them is free how.

use crate::json;
use pes_changeset::Origin;

/// The media type of batches and bundles.
pub const CHANGE_SETS: &str = "application/vnd.pes.changeset; v=1";
/// The names of the refusals that the protocol knows.
const PROBLEMS: [&str; 14] = [
    "malformed",
    "signature",
    "clock",
    "unknown-node",
    "suspended",
    "confinement",
    "fork",
    "unknown-epoch",
    "past-epoch",
    "too-large",
    "too-slow",
    "too-many",
    "busy",
    "absent",
];
/// The media type of messages.
pub const JSON: &str = "application/activity+json";

/// A request to another node. Whoever carries it signs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// The node that is asked.
    pub origin: Origin,
    /// The path behind its origin, with its slash.
    pub path: String,
    /// What is posted, and its media type; `None` for a GET.
    pub body: Option<(&'static str, Vec<u8>)>,
    /// The most bytes that an answer may have.
    pub limit: usize,
    /// Whether nothing waits for it: then a large answer may take its time, as from a network at home.
    pub is_patient: bool,
}

/// What a node answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The body, at most as long as was asked.
    pub body: Vec<u8>,
}

/// An answer, or why there was none.
pub type Outcome = Result<Answer, String>;

impl Ask {
    /// The most bytes of a short answer: a receipt, a size, a problem.
    const SHORT: usize = 64 * 1024;

    /// Asks for something.
    pub fn get(origin: &Origin, path: impl Into<String>, limit: usize) -> Self {
        Self { origin: origin.clone(), path: path.into(), body: None, limit, is_patient: false }
    }

    /// The same, and nothing waits for it.
    pub fn patient(self) -> Self {
        Self { is_patient: true, ..self }
    }

    /// Brings something.
    pub fn post(origin: &Origin, path: impl Into<String>, media_type: &'static str, body: Vec<u8>) -> Self {
        let body = Some((media_type, body));
        Self { origin: origin.clone(), path: path.into(), body, limit: Self::SHORT, is_patient: false }
    }

    /// The method's name.
    pub fn method(&self) -> &'static str {
        if self.body.is_some() { "POST" } else { "GET" }
    }

    /// The whole address, which is also what is signed.
    pub fn target_uri(&self) -> String {
        format!("{}{}", self.origin, self.path)
    }
}

impl Answer {
    /// The body as text; what is not text is replaced.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A short name of what was refused, for counting: the last part of the problem's type where it is one that the protocol knows, or the
    /// status. What else a peer may write would be counted apart each time.
    pub fn cause(&self) -> String {
        let problem = json::read::<serde_json::Value>(&self.body).ok();
        let name = problem.as_ref().and_then(|problem| problem.get("type")?.as_str()?.rsplit('/').next());
        let known = name.filter(|name| PROBLEMS.contains(name));
        known.map_or_else(|| self.status.to_string(), str::to_owned)
    }

    /// What was refused, in words, cut to a sensible length.
    pub fn detail(&self) -> String {
        let problem = json::read::<serde_json::Value>(&self.body).ok();
        let detail = problem.and_then(|problem| Some(problem.get("detail")?.as_str()?.to_owned()));
        detail.unwrap_or_else(|| self.text()).chars().take(300).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ask_says_where_and_how() {
        let origin: Origin = "https://pes.example.org".parse().unwrap();
        let get = Ask::get(&origin, "/heads", 10);
        assert_eq!((get.method(), get.target_uri().as_str()), ("GET", "https://pes.example.org/heads"));
        assert_eq!(Ask::post(&origin, "/in/messages", JSON, vec![]).method(), "POST");
    }

    #[test]
    fn a_refusal_has_a_name_and_words() {
        let body = br#"{"type":"https://w3id.org/pes/problem/fork","detail":"two histories"}"#;
        let problem = Answer { status: 422, body: body.to_vec() };
        assert_eq!((problem.cause().as_str(), problem.detail().as_str()), ("fork", "two histories"));
        for name in ["of-its-own", "", "FORK", "fork "] {
            let body = format!(r#"{{"type":"https://w3id.org/pes/problem/{name}"}}"#);
            assert_eq!(Answer { status: 422, body: body.into_bytes() }.cause(), "422", "{name}");
        }
        let bare = Answer { status: 502, body: "x".repeat(400).into_bytes() };
        assert_eq!((bare.cause().as_str(), bare.detail().len()), ("502", 300));
        assert_eq!(Answer { status: 500, body: vec![0xff] }.text(), "\u{fffd}");
    }
}
