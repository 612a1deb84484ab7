//! A mail before it is written out: sentences, links, and what goes into its head.

use serde::Serialize;

/// A mail.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Letter {
    /// What makes it one: the notice or word it tells of.
    pub id: String,
    /// The reader's name.
    pub to_name: String,
    /// The reader's address.
    pub to_address: String,
    /// The subject.
    pub subject: String,
    /// The greeting.
    pub greeting: String,
    /// What it says.
    pub lines: Vec<String>,
    /// What it tells of.
    pub items: Vec<Item>,
    /// Where to go on.
    pub button: Link,
    /// The closing words, and who writes.
    pub closing: [String; 2],
    /// Why one receives it.
    pub footer: String,
    /// Where one stops receiving such mails.
    pub unsubscribe: Option<String>,
    /// The words of that link, where they are not the usual ones.
    pub unsubscribe_words: Option<String>,
}

/// A link with its words.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Link {
    /// The address.
    pub url: String,
    /// The words.
    pub label: String,
}

/// A record a mail tells of.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Item {
    /// What it is called.
    pub title: String,
    /// Its page here.
    pub url: String,
    /// Why it concerns the reader.
    pub why: String,
    /// Who published it.
    pub from: String,
}
