//! A page that only says something: what went wrong, what was done, what is to be confirmed.

use crate::porch::Porch;
use crate::views::filters::escaped;
use serde::Serialize;

/// The path of signing in or up, with where to go afterwards.
pub(crate) fn with_back(path: &str, back: &str) -> String {
    match is_ours(back) {
        true => format!("{path}?retour={}", escaped(back)),
        false => path.to_owned(),
    }
}

/// Whether one may be led to a path after signing in: a path of this site, and nothing that a browser takes for another's.
pub(crate) fn is_ours(path: &str) -> bool {
    let is_plain = path.len() <= 500 && path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    is_plain && path.starts_with('/') && !path.starts_with("//")
}

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
        let links = vec![Go { url: "/".into(), label: porch.say("go-home") }];
        let (title, lines) = (porch.say(&format!("failure-{key}-title")), vec![porch.say(&format!("failure-{key}"))]);
        Self { title, lines, links, action: None }
    }

    /// The words of a failure that passes: how long it takes.
    pub(crate) fn waiting(porch: &Porch, key: &str, wait: &str) -> Self {
        let said = porch.words.catalogue().tell(&format!("failure-{key}"), &[("wait", wait.into())]);
        Self { lines: vec![said], ..Self::of_failure(porch, key) }
    }

    /// That one has to sign in, or up, and then comes back to this path.
    pub(crate) fn signing_in(porch: &Porch, key: &str, back: &str) -> Self {
        let go = |path: &str, label: &str| Go { url: with_back(path, back), label: porch.say(label) };
        Self {
            title: porch.say(&format!("{key}-title")),
            lines: vec![porch.say(key)],
            links: vec![go("/connexion", "go-sign-in"), go("/inscription", "go-sign-up")],
            action: None,
        }
    }

    /// With one more way on.
    pub(crate) fn and(mut self, url: String, label: &str, porch: &Porch) -> Self {
        self.links.push(Go { url, label: porch.say(label) });
        self
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

#[cfg(test)]
mod tests {
    use super::{is_ours, with_back};

    #[test]
    fn one_is_led_back_to_this_site_and_nowhere_else() {
        for ours in ["/", "/nouveau/annonce", "/annonces?skill=a&page=2", "/chez/a.test/exchange/x/repondre"] {
            assert!(is_ours(ours), "{ours}");
        }
        let long = format!("/{}", "x".repeat(500));
        for other in [
            "",
            "nouveau",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "https://evil.example/",
            "/a\r\nSet-Cookie: x=1",
            "/é",
            "/a b",
            "javascript:alert(1)",
            &long,
        ] {
            assert!(!is_ours(other), "{other:?}");
            assert_eq!(with_back("/connexion", other), "/connexion");
        }
        assert_eq!(with_back("/connexion", "/a?b=c&d"), "/connexion?retour=%2Fa%3Fb%3Dc%26d");
    }
}
