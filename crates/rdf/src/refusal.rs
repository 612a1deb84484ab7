//! Why a payload is refused. No payload is quoted whole.

use pes_domain::Problems;
use thiserror::Error;

/// Why a payload is not taken, or not shown.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refusal {
    /// A limit of the protocol is passed.
    #[error("{what}: {size}, the limit is {limit}")]
    TooLarge {
        /// What is too large.
        what: &'static str,
        /// Its size.
        size: usize,
        /// The limit.
        limit: usize,
    },
    /// Not N-Triples, or not text.
    #[error("not N-Triples: {0}")]
    Syntax(String),
    /// A blank node.
    #[error("line {0} has a blank node; they do not travel")]
    BlankNode(usize),
    /// Another spelling than the canonical one.
    #[error("line {0} is not canonical, or stands out of order")]
    NotCanonical(usize),
    /// A statement about something else than the record.
    #[error("line {line} speaks of {subject}, which is not the record or a part of it")]
    NotConfined {
        /// The line's number.
        line: usize,
        /// Its subject.
        subject: String,
    },
    /// Not one salt of the right form.
    #[error("the record does not have one salt of 32 hexadecimal digits")]
    Salt,
    /// A property that the kind needs.
    #[error("<{0}> is missing")]
    Missing(&'static str),
    /// A property with a value of another sort.
    #[error("<{property}> is not {expected}")]
    WrongType {
        /// The property.
        property: &'static str,
        /// What was expected.
        expected: &'static str,
    },
    /// A property that is said too often.
    #[error("<{0}> is said more than once")]
    TooMany(&'static str),
    /// What the rules of the domain find.
    #[error("the record is refused: {}", list(.0))]
    Problems(Problems),
}

fn list(problems: &Problems) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
