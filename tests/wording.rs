//! Holds the French catalogue against the house: every sentence that code or a template names is there, and every sentence
//! that is there is said somewhere.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// The text of all files below a folder whose name ends so.
fn texts(folder: &Path, ending: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(texts(&path, ending));
        } else if path.to_string_lossy().ends_with(ending) {
            found.push(std::fs::read_to_string(&path).unwrap());
        }
    }
    found
}

/// The names of all sentences of the catalogue.
fn sentences() -> BTreeSet<String> {
    let files = texts(&root().join("crates/words/fr"), ".ftl");
    let names = files.iter().flat_map(|file| file.lines()).filter_map(|line| line.split_once(" = "));
    let is_name = |name: &str| name.starts_with(|c: char| c.is_ascii_lowercase());
    names.map(|(name, _)| name.to_owned()).filter(|name| is_name(name)).collect()
}

/// All source and all templates that say sentences.
fn sources() -> Vec<String> {
    let (web, notify, words) =
        (root().join("crates/web"), root().join("crates/notify"), root().join("crates/words/src"));
    let mut all = texts(&web.join("src"), ".rs");
    all.extend(texts(&web.join("templates"), ".hbs"));
    all.extend(texts(&notify.join("src"), ".rs"));
    all.extend(texts(&notify.join("templates"), ".hbs"));
    all.extend(texts(&words, ".rs"));
    all
}

/// What stands between a beginning and the next quotation mark.
fn named_after<'a>(text: &'a str, beginning: &str) -> Vec<&'a str> {
    text.split(beginning).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

#[test]
fn every_sentence_that_is_named_is_in_the_catalogue() {
    let sentences = sentences();
    let mut missing = Vec::new();
    for source in sources() {
        // Tests name sentences that are not there on purpose.
        let source = source.split("#[cfg(test)]").next().unwrap();
        let code: Vec<&str> = source.lines().filter(|line| !line.trim().starts_with("//")).collect();
        let source = code.join("\n");
        for beginning in [".say(\"", ".tell(\"", "{{t \"", "tell(\"", "say(\""] {
            let named = named_after(&source, beginning).into_iter().filter(|name| !name.contains('{'));
            missing.extend(named.filter(|name| !sentences.contains(*name)).map(str::to_owned));
        }
    }
    assert!(missing.is_empty(), "{missing:?}");
}

/// The beginnings of names that code puts together: `failure-{…}`, `problem-{…}` and so on.
const FAMILIES: [&str; 48] = [
    "again-",
    "audience-",
    "badge-",
    "choose",
    "count-",
    "create-",
    "direction-",
    "done-",
    "edit-",
    "event-state-",
    "failure-",
    "field-",
    "file-size-",
    "file-sort-",
    "filter-",
    "go-",
    "help-",
    "home-",
    "import-",
    "list-",
    "mail-",
    "neighbour-",
    "new-",
    "order-",
    "problem-",
    "member-",
    "refusal-",
    "related-",
    "relation-",
    "remark-",
    "right-",
    "row-",
    "section-",
    "stands-",
    "state-",
    "answer-",
    "sign-",
    "space-mails-",
    "when-",
    "word-",
    "zone-",
    "delete",
    "unsubscribe",
    "reason-",
    "cause-",
    "report-",
    "role-",
    "said-",
];

#[test]
fn every_sentence_is_said_somewhere() {
    let all = sources().concat();
    let is_said = |name: &String| {
        // A page's title and button are named after what it says.
        let base = name.trim_end_matches("-title").trim_end_matches("-button");
        all.contains(&format!("\"{name}\"")) || all.contains(&format!("\"{base}\""))
    };
    let in_a_family = |name: &String| FAMILIES.iter().any(|family| name.starts_with(family));
    let unsaid: Vec<String> = sentences().into_iter().filter(|name| !is_said(name) && !in_a_family(name)).collect();
    assert!(unsaid.is_empty(), "{unsaid:?}");
}

/// One apostrophe, one kind of quotation marks, and the spaces that French typography asks for.
#[test]
fn the_french_is_set_as_french_is() {
    for file in texts(&root().join("crates/words/fr"), ".ftl") {
        for line in file.lines().filter(|line| !line.starts_with('#') && !line.contains("->")) {
            let Some((name, said)) = line.split_once(" = ") else { continue };
            assert!(!said.contains('\''), "{name} has a straight apostrophe");
            let words = said.replace("https:", "").replace("{ \" et \" }", "");
            assert!(!words.contains('"'), "{name} has straight quotation marks");
            assert!(!words.contains(" ,") && !words.contains(" ."), "{name} has a space before a comma or a stop");
            for sign in [" !", " ?", " ;"] {
                let bare = sign.trim();
                let count = |text: &str, part: &str| text.matches(part).count();
                assert_eq!(count(&words, bare), count(&words, sign), "{name} lacks a space before {bare}");
            }
        }
    }
}

/// Every kind that has a form has all the sentences that its form and its list need.
#[test]
fn every_kind_has_its_sentences() {
    let sentences = sentences();
    for kind in ["exchange", "job", "call", "structure"] {
        for name in [
            "new-{}-title",
            "new-{}-submit",
            "edit-{}-title",
            "edit-{}-submit",
            "list-{}-title",
            "list-{}-intro",
            "create-{}",
            "count-{}",
        ] {
            let name = name.replace("{}", kind);
            assert!(sentences.contains(&name), "{name}");
        }
    }
    for moderation in ["draft", "proposed", "incomplete", "refused", "blocked"] {
        assert!(
            sentences.contains(&format!("remark-{moderation}")) && sentences.contains(&format!("stands-{moderation}"))
        );
    }
    for audience in ["private", "network", "affiliates", "public"] {
        assert!(
            sentences.contains(&format!("audience-{audience}"))
                && sentences.contains(&format!("remark-audience-{audience}"))
        );
    }
}
