//! A payload as the protocol asks for it: canonical, bounded, confined to its record, salted. No content is judged here.

use crate::Refusal;
use crate::term::{Value, line, write_line};
use crate::terms::SALT;
use pes_domain::RecordIri;
use sophia::api::prelude::*;
use sophia::api::term::SimpleTerm;
use sophia::turtle::parser::nt;

/// The most bytes of a payload.
pub const BYTES: usize = 64 * 1024;
/// The most triples.
pub const TRIPLES: usize = 1_000;
/// The most bytes of a literal.
pub const LITERAL: usize = 16 * 1024;
/// The most bytes of an IRI.
pub const IRI: usize = 2 * 1024;

/// A payload that holds to the protocol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payload {
    pub(crate) record: RecordIri,
    pub(crate) statements: Vec<Statement>,
}

/// A statement of a payload.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Statement {
    pub(crate) subject: String,
    pub(crate) predicate: String,
    pub(crate) value: Value,
}

impl Payload {
    /// Reads the payload of a record, in its one spelling.
    ///
    /// # Errors
    /// [`Refusal`] for everything the protocol does not allow. The check of the blank nodes comes before any RDF machinery.
    pub fn read(bytes: &[u8], record: &RecordIri) -> Result<Self, Refusal> {
        within("payload", bytes.len(), BYTES)?;
        let text = str::from_utf8(bytes).map_err(|e| Refusal::Syntax(e.to_string()))?;
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        within("triples", lines.len(), TRIPLES)?;
        if let Some(at) = lines.iter().position(|line| has_blank_node(line)) {
            return Err(Refusal::BlankNode(at + 1));
        }
        // The parser looks behind the end of a line that breaks off. It is given none, and nothing that begins no statement.
        if let Some(at) = lines.iter().position(|line| !line.starts_with('<') || !line.ends_with(" .\n")) {
            return Err(Refusal::NotCanonical(at + 1));
        }
        let statements = parse(text)?;
        check_canonical(&lines, &statements)?;
        let name = record.to_string();
        for (at, statement) in statements.iter().enumerate() {
            statement.check(at + 1, &name)?;
        }
        let payload = Self { record: record.clone(), statements };
        payload.check_salt()?;
        Ok(payload)
    }

    /// The statements without the salt: what is shown to others.
    pub(crate) fn shown(&self) -> impl Iterator<Item = &Statement> {
        self.statements.iter().filter(|statement| statement.predicate != SALT)
    }

    fn check_salt(&self) -> Result<(), Refusal> {
        let mut salts = self.statements.iter().filter(|statement| statement.predicate == SALT);
        let (Some(salt), None) = (salts.next(), salts.next()) else { return Err(Refusal::Salt) };
        let is_hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
        match &salt.value {
            Value::Literal { text, datatype, language: None }
                if datatype == crate::terms::XSD_STRING
                    && text.len() == 32
                    && text.bytes().all(is_hex)
                    && salt.subject == self.record.to_string() =>
            {
                Ok(())
            }
            _ => Err(Refusal::Salt),
        }
    }
}

impl Statement {
    pub(crate) fn line(&self) -> String {
        line(&self.subject, &self.predicate, &self.value)
    }

    fn write(&self, out: &mut String) {
        write_line(out, (&self.subject, &self.predicate), &self.value);
    }

    /// A record's name has one spelling, which [`RecordIri`] has parsed: to have its text is to be the same.
    fn check(&self, number: usize, record: &str) -> Result<(), Refusal> {
        within("IRI", self.subject.len().max(self.predicate.len()), IRI)?;
        match &self.value {
            Value::Iri(iri) => within("IRI", iri.len(), IRI)?,
            Value::Literal { text, datatype, .. } => {
                within("literal", text.len(), LITERAL)?;
                within("IRI", datatype.len(), IRI)?;
            }
        }
        let (name, fragment) =
            self.subject.split_once('#').map_or((self.subject.as_str(), None), |(n, f)| (n, Some(f)));
        if name != record || fragment.is_some_and(str::is_empty) {
            return Err(Refusal::NotConfined { line: number, subject: self.subject.chars().take(200).collect() });
        }
        Ok(())
    }
}

fn within(what: &'static str, size: usize, limit: usize) -> Result<(), Refusal> {
    if size > limit { Err(Refusal::TooLarge { what, size, limit }) } else { Ok(()) }
}

/// Whether `_:` stands where a term begins: at the start of the line, or behind a space that is in no literal.
fn has_blank_node(line: &str) -> bool {
    if !line.contains("_:") {
        return false;
    }
    let (mut in_literal, mut escaped, mut before) = (false, false, ' ');
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        if in_literal {
            in_literal = escaped || c != '"';
            escaped = c == '\\' && !escaped;
        } else if c == '"' {
            in_literal = true;
        } else if c == '_' && chars.peek() == Some(&':') && !is_iri_character(before) {
            return true;
        }
        before = c;
    }
    false
}

/// Inside `<…>` an underscore and a colon are two characters of an IRI.
fn is_iri_character(c: char) -> bool {
    !c.is_whitespace() && c != '>'
}

fn parse(text: &str) -> Result<Vec<Statement>, Refusal> {
    let mut statements = Vec::new();
    let mut strange = false;
    nt::parse_str(text)
        .for_each_triple(|triple| match statement(triple.s(), triple.p(), triple.o()) {
            Some(statement) => statements.push(statement),
            None => strange = true,
        })
        .map_err(|e| Refusal::Syntax(e.to_string().chars().take(200).collect()))?;
    if strange { Err(Refusal::Syntax("a term of a kind that does not travel".into())) } else { Ok(statements) }
}

fn statement(subject: impl Term, predicate: impl Term, object: impl Term) -> Option<Statement> {
    let iri = |term: SimpleTerm<'_>| match term {
        SimpleTerm::Iri(iri) => Some(iri.as_str().to_owned()),
        _ => None,
    };
    let value = match object.as_simple() {
        SimpleTerm::Iri(iri) => Value::Iri(iri.as_str().to_owned()),
        SimpleTerm::LiteralDatatype(text, datatype) => Value::typed(text.to_string(), datatype.as_str()),
        SimpleTerm::LiteralLanguage(text, language, None) => Value::Literal {
            text: text.to_string(),
            datatype: crate::terms::XSD_STRING.to_owned(),
            language: Some(language.as_str().to_owned()),
        },
        _ => return None,
    };
    Some(Statement { subject: iri(subject.as_simple())?, predicate: iri(predicate.as_simple())?, value })
}

/// Each statement written anew is the line it was read from, and the lines ascend: this is the canonical form, and no other.
fn check_canonical(lines: &[&str], statements: &[Statement]) -> Result<(), Refusal> {
    let mut written = String::new();
    for (at, line) in lines.iter().enumerate() {
        written.clear();
        let is_same = statements.get(at).is_some_and(|statement| {
            statement.write(&mut written);
            written == *line
        });
        if !is_same || (at > 0 && lines[at - 1] >= *line) {
            return Err(Refusal::NotCanonical(at + 1));
        }
    }
    if statements.len() == lines.len() { Ok(()) } else { Err(Refusal::NotCanonical(lines.len())) }
}
