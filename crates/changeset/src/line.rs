//! One line of canonical N-Triples, without blank nodes: the only RDF this crate reads.
//!
//! Canonical is the form of RDF Dataset Canonicalization (RDFC-1.0, *Canonical N-Quads*): single
//! spaces, the shortest escapes, no `xsd:string`. Where no blank node occurs, the canonical form of a
//! graph is its lines in ascending order of their bytes.

use crate::fault::within;
use crate::{Fault, limits};
use std::borrow::Cow;
use std::fmt::Write as _;

/// A statement, borrowed from the text it stands in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line<'a> {
    /// The subject's IRI.
    pub subject: &'a str,
    /// The predicate's IRI.
    pub predicate: &'a str,
    /// What is said.
    pub object: Object<'a>,
}

/// The object of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Object<'a> {
    /// An IRI.
    Iri(&'a str),
    /// A literal.
    Literal {
        /// The unescaped text.
        text: Cow<'a, str>,
        /// The datatype's IRI; `None` for a plain string.
        datatype: Option<&'a str>,
        /// The language tag, if there is one.
        language: Option<&'a str>,
    },
}

impl<'a> Line<'a> {
    /// Reads a line, given without its line feed.
    ///
    /// # Errors
    /// [`Fault::Malformed`] for blank nodes, graph names, and every spelling but the canonical one.
    pub fn read(line: &'a str) -> Result<Self, Fault> {
        let (subject, rest) = iri(line)?;
        let (predicate, rest) = iri(space(rest)?)?;
        let (object, rest) = Object::read(space(rest)?)?;
        if rest != " ." {
            return Err(Fault::malformed("line", format!("it ends in {rest:?} instead of \" .\"")));
        }
        Ok(Self { subject, predicate, object })
    }

    /// Writes the line with its line feed.
    pub fn write(&self) -> String {
        format!("<{}> <{}> {} .\n", self.subject, self.predicate, self.object.write())
    }
}

impl<'a> Object<'a> {
    /// A literal of the given datatype.
    pub fn typed(text: impl Into<Cow<'a, str>>, datatype: &'a str) -> Self {
        Self::Literal { text: text.into(), datatype: Some(datatype), language: None }
    }

    /// A plain string.
    pub fn plain(text: impl Into<Cow<'a, str>>) -> Self {
        Self::Literal { text: text.into(), datatype: None, language: None }
    }

    fn read(text: &'a str) -> Result<(Self, &'a str), Fault> {
        let Some(body) = text.strip_prefix('"') else {
            let (value, rest) = iri(text)?;
            return Ok((Self::Iri(value), rest));
        };
        let end = closing_quote(body)?;
        let (raw, rest) = (&body[..end], &body[end + 1..]);
        let text = unescape(raw)?;
        within("literal", text.len(), limits::LITERAL)?;
        if let Some(tag) = rest.strip_prefix('@') {
            let (language, rest) = tag.split_at(tag.find(' ').unwrap_or(tag.len()));
            check_language(language)?;
            return Ok((Self::Literal { text, datatype: None, language: Some(language) }, rest));
        }
        let Some(rest_of_type) = rest.strip_prefix("^^") else {
            return Ok((Self::plain(text), rest));
        };
        let (datatype, rest) = iri(rest_of_type)?;
        if datatype == "http://www.w3.org/2001/XMLSchema#string" {
            return Err(Fault::malformed("line", "xsd:string is written without its datatype"));
        }
        Ok((Self::typed(text, datatype), rest))
    }

    fn write(&self) -> String {
        match self {
            Self::Iri(iri) => format!("<{iri}>"),
            Self::Literal { text, datatype: Some(datatype), .. } => format!("\"{}\"^^<{datatype}>", escape(text)),
            Self::Literal { text, language: Some(language), .. } => format!("\"{}\"@{language}", escape(text)),
            Self::Literal { text, .. } => format!("\"{}\"", escape(text)),
        }
    }
}

/// Refuses lines that do not stand in strictly ascending order of their bytes.
pub(crate) fn check_ascending(what: &'static str, lines: &[&str]) -> Result<(), Fault> {
    match lines.windows(2).find(|pair| pair[0] >= pair[1]) {
        Some(pair) => Err(Fault::malformed(what, format!("{:?} stands out of order", pair[1]))),
        None => Ok(()),
    }
}

/// Whether `text` may stand between `<` and `>`: absolute, with no character that N-Triples would escape.
pub fn is_iri(text: &str) -> bool {
    let scheme_end = text.find(':').unwrap_or(0);
    let scheme = &text.as_bytes()[..scheme_end];
    scheme.first().is_some_and(u8::is_ascii_alphabetic)
        && scheme.iter().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(b))
        && text.len() <= limits::IRI
        // Of a character outside ASCII, every byte is beyond all of these.
        && text.bytes().all(|b| b > b' ' && !matches!(b, b'<' | b'>' | b'"' | b'{' | b'}' | b'|' | b'^' | b'`' | b'\\'))
}

fn iri(text: &str) -> Result<(&str, &str), Fault> {
    let Some(body) = text.strip_prefix('<') else {
        let why = if text.starts_with("_:") { "blank nodes do not travel" } else { "an IRI was expected" };
        return Err(Fault::malformed("line", why));
    };
    let end = body.find('>').ok_or_else(|| Fault::malformed("line", "an IRI has no end"))?;
    let value = &body[..end];
    if !is_iri(value) {
        return Err(Fault::malformed("line", "an IRI is relative, too long, or has a character it may not have"));
    }
    Ok((value, &body[end + 1..]))
}

fn space(text: &str) -> Result<&str, Fault> {
    text.strip_prefix(' ').ok_or_else(|| Fault::malformed("line", "one space was expected"))
}

fn closing_quote(body: &str) -> Result<usize, Fault> {
    let mut escaped = false;
    for (at, byte) in body.bytes().enumerate() {
        match byte {
            b'"' if !escaped => return Ok(at),
            b'\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    Err(Fault::malformed("line", "a literal has no end"))
}

/// RFC 5646 in its outline, in lower case, which is how canonical N-Quads of RDFC-1.0 users agree on tags.
fn check_language(tag: &str) -> Result<(), Fault> {
    let mut parts = tag.split('-');
    let primary = parts.next().is_some_and(|p| (1..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_lowercase()));
    let others =
        parts.all(|p| (1..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()));
    if primary && others {
        Ok(())
    } else {
        Err(Fault::malformed("line", "a language tag is not in its lower-case form"))
    }
}

fn escape(text: &str) -> Cow<'_, str> {
    if !text.chars().any(needs_escape) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if needs_escape(c) => write!(out, "\\u{:04X}", u32::from(c)).expect("a String takes every write"),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

fn needs_escape(c: char) -> bool {
    c < ' ' || c == '"' || c == '\\' || c == '\u{7f}'
}

/// Undoes [`escape`], and refuses every text that `escape` would not have written.
fn unescape(raw: &str) -> Result<Cow<'_, str>, Fault> {
    let text = if raw.contains('\\') { Cow::Owned(unescaped(raw)?) } else { Cow::Borrowed(raw) };
    if escape(&text) != raw {
        return Err(Fault::malformed("line", "a literal is not escaped in the canonical way"));
    }
    Ok(text)
}

fn unescaped(raw: &str) -> Result<String, Fault> {
    let mut out = String::with_capacity(raw.len());
    let mut chars = raw.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        out.push(match chars.next() {
            Some('b') => '\u{8}',
            Some('t') => '\t',
            Some('n') => '\n',
            Some('f') => '\u{c}',
            Some('r') => '\r',
            Some('"') => '"',
            Some('\\') => '\\',
            Some('u') => control_character(chars.by_ref().take(4).collect())?,
            _ => return Err(Fault::malformed("line", "a literal has an escape that does not exist")),
        });
    }
    Ok(out)
}

fn control_character(hex: String) -> Result<char, Fault> {
    u32::from_str_radix(&hex, 16)
        .ok()
        .and_then(char::from_u32)
        .ok_or_else(|| Fault::malformed("line", "\\u is not followed by four hexadecimal digits"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(line: &str) -> String {
        Line::read(line).expect_err("the line was taken").to_string()
    }

    #[test]
    fn a_line_is_read_and_written_back() {
        for line in [
            "<a:s> <a:p> <a:o> .",
            "<a:s> <a:p> \"Café\" .",
            "<a:s> <a:p> \"\" .",
            "<a:s> <a:p> \"Café\"@fr .",
            "<a:s> <a:p> \"x\"@fr-x-1 .",
            "<a:s> <a:p> \"1\"^^<http://www.w3.org/2001/XMLSchema#integer> .",
            r#"<a:s> <a:p> "\b\t\n\f\r\"\\\u0000\u001F\u007F" ."#,
            r#"<a:s> <a:p> "ends in a backslash \\" ."#,
        ] {
            assert_eq!(Line::read(line).unwrap().write(), format!("{line}\n"));
        }
    }

    #[test]
    fn the_parts_of_a_line_are_told_apart() {
        let line = Line::read(r#"<a:s> <a:p> "two \"words\"\n"@fr ."#).unwrap();
        assert_eq!((line.subject, line.predicate), ("a:s", "a:p"));
        assert_eq!(
            line.object,
            Object::Literal { text: "two \"words\"\n".into(), datatype: None, language: Some("fr") }
        );
    }

    #[test]
    fn another_spelling_of_the_same_statement_is_refused() {
        assert!(refused("_:b <a:p> <a:o> .").contains("blank nodes do not travel"));
        assert!(refused("<a:s> <a:p> _:b .").contains("blank nodes do not travel"));
        assert!(refused("<a:s>  <a:p> <a:o> .").contains("an IRI was expected"));
        assert!(refused("<a:s><a:p> <a:o> .").contains("one space"));
        assert!(refused("<a:s> <a:p> <a:o> . ").contains("it ends in"));
        assert!(refused("<a:s> <a:p> <a:o> <a:g> .").contains("it ends in"));
        assert!(refused("<a:s> <a:p> <a:o>.").contains("it ends in"));
        assert!(refused("<a:s> <a:p> \"open .").contains("no end"));
        assert!(refused("<a:s> <a:p> \"open\\\" .").contains("no end"));
        assert!(refused("<a:s> <a:p <a:o> .").contains("a character it may not have"));
        assert!(refused("<a:s> <a:p> <a:o .").contains("no end"));
        assert!(refused("<s> <a:p> <a:o> .").contains("relative"));
        assert!(refused("<:s> <a:p> <a:o> .").contains("relative"));
        assert!(refused("<1a:s> <a:p> <a:o> .").contains("relative"));
        assert!(refused("<a_b:s> <a:p> <a:o> .").contains("relative"));
        assert!(refused("<a:s s> <a:p> <a:o> .").contains("relative"));
        assert!(refused("<a:s> <a:p> \"x\"^^<http://www.w3.org/2001/XMLSchema#string> .").contains("xsd:string"));
        assert!(refused("<a:s> <a:p> \"x\"@FR .").contains("lower-case"));
        assert!(refused("<a:s> <a:p> \"x\"@ .").contains("lower-case"));
        assert!(refused("<a:s> <a:p> \"x\"@fr- .").contains("lower-case"));
        assert!(refused("<a:s> <a:p> \"x\"@abcdefghi .").contains("lower-case"));
        assert!(refused("<a:s> <a:p> \"x\"@1 .").contains("lower-case"));
    }

    #[test]
    fn a_literal_has_one_escape_for_each_character() {
        for raw in [r"\u00e9", r"\u0041", r"\u001f", r"\U00000041", r"\'", r"\u12", r"\uzzzz", r"\uD800", "\t"] {
            refused(&format!("<a:s> <a:p> \"{raw}\" ."));
        }
    }

    #[test]
    fn lengths_are_bounded_to_the_byte() {
        let iri = |length: usize| format!("a:{}", "x".repeat(length - 2));
        assert!(is_iri(&iri(limits::IRI)));
        assert!(!is_iri(&iri(limits::IRI + 1)));
        let literal = |length: usize| format!("<a:s> <a:p> \"{}\" .", "x".repeat(length));
        assert!(Line::read(&literal(limits::LITERAL)).is_ok());
        assert!(refused(&literal(limits::LITERAL + 1)).contains("16384"));
    }

    #[test]
    fn equal_lines_are_out_of_order() {
        assert!(check_ascending("header", &["a", "b"]).is_ok());
        assert!(check_ascending("header", &["a", "a"]).is_err());
        assert!(check_ascending("header", &["b", "a"]).is_err());
    }
}
