//! The terms of a statement, and their canonical N-Triples (RDFC-1.0, *Canonical N-Quads*).

use crate::terms::XSD_STRING;
use std::fmt::Write as _;

/// What is said of a subject.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Value {
    /// A link.
    Iri(String),
    /// A literal.
    Literal {
        text: String,
        /// The datatype's IRI; `xsd:string` for a plain one.
        datatype: String,
        language: Option<String>,
    },
}

impl Value {
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::typed(text, XSD_STRING)
    }

    pub(crate) fn typed(text: impl Into<String>, datatype: &str) -> Self {
        Self::Literal { text: text.into(), datatype: datatype.to_owned(), language: None }
    }

    fn write(&self) -> String {
        match self {
            Self::Iri(iri) => format!("<{iri}>"),
            Self::Literal { text, language: Some(language), .. } => format!("\"{}\"@{language}", escape(text)),
            Self::Literal { text, datatype, .. } if datatype == XSD_STRING => format!("\"{}\"", escape(text)),
            Self::Literal { text, datatype, .. } => format!("\"{}\"^^<{datatype}>", escape(text)),
        }
    }
}

/// A statement as a line with its line feed.
pub(crate) fn line(subject: &str, predicate: &str, value: &Value) -> String {
    format!("<{subject}> <{predicate}> {} .\n", value.write())
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if c < ' ' || c == '\u{7f}' => {
                write!(out, "\\u{:04X}", u32::from(c)).expect("a String takes every write");
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_escaped_in_one_way() {
        let text = Value::text("a\u{8}\t\n\u{c}\r\"\\\u{0}\u{1f}\u{7f}é");
        assert_eq!(line("a:s", "a:p", &text), "<a:s> <a:p> \"a\\b\\t\\n\\f\\r\\\"\\\\\\u0000\\u001F\\u007Fé\" .\n");
    }

    #[test]
    fn each_sort_of_value_has_its_form() {
        let language = Value::Literal { text: "x".into(), datatype: XSD_STRING.into(), language: Some("fr".into()) };
        assert_eq!(line("a:s", "a:p", &language), "<a:s> <a:p> \"x\"@fr .\n");
        assert_eq!(line("a:s", "a:p", &Value::typed("1", "a:t")), "<a:s> <a:p> \"1\"^^<a:t> .\n");
        assert_eq!(line("a:s", "a:p", &Value::Iri("a:o".into())), "<a:s> <a:p> <a:o> .\n");
    }
}
