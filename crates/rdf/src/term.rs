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

    fn write(&self, out: &mut String) {
        match self {
            Self::Iri(iri) => out.extend(["<", iri, ">"]),
            Self::Literal { text, datatype, language } => {
                out.push('"');
                escape(text, out);
                out.push('"');
                match language {
                    Some(language) => out.extend(["@", language]),
                    None if datatype == XSD_STRING => {}
                    None => out.extend(["^^<", datatype, ">"]),
                }
            }
        }
    }
}

/// A statement as a line with its line feed.
pub(crate) fn line(subject: &str, predicate: &str, value: &Value) -> String {
    let mut out = String::new();
    write_line(&mut out, (subject, predicate), value);
    out
}

/// The same behind what is written already.
pub(crate) fn write_line(out: &mut String, (subject, predicate): (&str, &str), value: &Value) {
    out.extend(["<", subject, "> <", predicate, "> "]);
    value.write(out);
    out.push_str(" .\n");
}

fn escape(text: &str, out: &mut String) {
    if !text.bytes().any(|b| b < b' ' || matches!(b, b'"' | b'\\' | 0x7f)) {
        return out.push_str(text);
    }
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
