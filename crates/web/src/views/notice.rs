//! A page that only says something: what went wrong, what was done, what is to be confirmed.

use crate::porch::Porch;
use serde::Serialize;

/// A word to the visitor, and perhaps a button.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Notice {
    pub(crate) title: String,
    pub(crate) lines: Vec<String>,
    /// Where to go on.
    pub(crate) links: Vec<Go>,
    /// What a button here does.
    pub(crate) action: Option<Action>,
}

/// A link to go on with.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Go {
    pub(crate) url: String,
    pub(crate) label: String,
}

/// A button that does something.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Action {
    pub(crate) url: String,
    pub(crate) label: String,
    /// Whether there is no way back.
    pub(crate) is_grave: bool,
}

impl Notice {
    /// The words of a failure: what happened, what to do, where to go.
    pub(crate) fn of_failure(porch: &Porch, key: &str) -> Self {
        let home = Go { url: "/".into(), label: porch.say("go-home") };
        let sign_in = (key == "sign-in").then(|| Go { url: "/connexion".into(), label: porch.say("go-sign-in") });
        Self {
            title: porch.say(&format!("failure-{key}-title")),
            lines: vec![porch.say(&format!("failure-{key}"))],
            links: sign_in.into_iter().chain([home]).collect(),
            action: None,
        }
    }

    /// What was done or is to be known, with a way on.
    pub(crate) fn of(porch: &Porch, key: &str, url: &str, label: &str) -> Self {
        Self {
            title: porch.say(&format!("{key}-title")),
            lines: vec![porch.say(key)],
            links: vec![Go { url: url.to_owned(), label: porch.say(label) }],
            action: None,
        }
    }

    /// What a button is about to do, with a way back.
    pub(crate) fn asking(porch: &Porch, key: &str, url: String, back: String) -> Self {
        Self {
            title: porch.say(&format!("{key}-title")),
            lines: vec![porch.say(key)],
            links: vec![Go { url: back, label: porch.say("go-back") }],
            action: Some(Action { url, label: porch.say(&format!("{key}-button")), is_grave: true }),
        }
    }
}
