//! The English of what is said of a file, for the terminal. It lies in a file of its own, in the notation of the French catalogue.

use std::collections::HashMap;
use std::sync::OnceLock;

const ENGLISH: &str = include_str!("sentences.en.ftl");

/// A sentence by its name, its gaps open.
pub(crate) fn say(name: &str) -> Option<&'static str> {
    static ALL: OnceLock<HashMap<&str, &str>> = OnceLock::new();
    ALL.get_or_init(|| ENGLISH.lines().filter_map(|line| line.split_once(" = ")).collect()).get(name).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::What;

    #[test]
    fn every_sentence_is_said_somewhere_and_once() {
        let names: Vec<&str> = ENGLISH.lines().filter_map(|line| Some(line.split_once(" = ")?.0)).collect();
        for (at, name) in names.iter().enumerate() {
            assert!(!names[..at].contains(name), "{name} is there twice");
            let base = name.trim_end_matches("-advice");
            let is_said = What::ALL.iter().any(|what| what.name() == base);
            assert!(is_said || name.starts_with("rule-"), "{name} is said nowhere");
        }
        assert_eq!(ENGLISH.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).count(), names.len());
    }

    #[test]
    fn a_name_that_is_not_there_says_nothing() {
        assert_eq!((say("no-name"), say("zorglub")), (Some("the row has no name"), None));
    }
}
