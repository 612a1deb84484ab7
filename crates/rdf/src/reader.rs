//! Reads what is said of a record and its parts, by property, each with its type.

use crate::Refusal;
use crate::payload::Statement;
use crate::term::Value;
use crate::terms;
use pes_domain::{Code, RecordIri, Reference};
use std::borrow::Cow;
use std::collections::BTreeMap;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::{Date, PrimitiveDateTime, Time, UtcDateTime};

const DATE: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");
const DATE_TIME: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");

const LOCAL_TIME: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]");

/// Terms of old that mean the same as one of ours. They are read and never written.
const ALIASES: &[(&str, &str)] = &[
    ("http://www.w3.org/ns/legal#legalName", terms::LEGAL_NAME),
    ("http://open.vocab.org/terms/prefAcronym", terms::ALT_LABEL),
    ("http://xmlns.com/foaf/0.1/birthday", terms::FOUNDING_DATE),
    ("http://ns.economie-solidaire.fr/ess#actionArea", terms::AREA_SERVED),
    ("http://ns.economie-solidaire.fr/ess#hasMethod", terms::EXCHANGE_METHOD),
    ("http://purl.org/goodrelations/v1#eligibleRegions", terms::AREA_SERVED),
    ("http://www.w3.org/ns/person#Person", terms::FOAF_PERSON),
];

/// All that is said, by subject and property.
pub(crate) struct Graph<'a> {
    record: String,
    said: BTreeMap<&'a str, BTreeMap<&'a str, Vec<&'a Value>>>,
}

/// A record or a part of it.
#[derive(Clone, Copy)]
pub(crate) struct Node<'g> {
    graph: &'g Graph<'g>,
    name: &'g str,
}

impl<'a> Graph<'a> {
    /// Of statements whose terms are [`modern`].
    pub(crate) fn new(record: &RecordIri, statements: &'a [Statement]) -> Self {
        let mut said: BTreeMap<&str, BTreeMap<&str, Vec<&Value>>> = BTreeMap::new();
        for statement in statements {
            let values = said.entry(&statement.subject).or_default().entry(&statement.predicate);
            values.or_default().push(&statement.value);
        }
        Self { record: record.to_string(), said }
    }

    /// The record itself.
    pub(crate) fn record(&self) -> Node<'_> {
        Node { graph: self, name: &self.record }
    }
}

/// The same statements with the terms of today for those of old; mostly there are none.
pub(crate) fn modern(statements: &[Statement]) -> Cow<'_, [Statement]> {
    let is_old = |statement: &Statement| {
        newer(&statement.predicate).is_some() || matches!(&statement.value, Value::Iri(iri) if newer(iri).is_some())
    };
    if !statements.iter().any(is_old) {
        return Cow::Borrowed(statements);
    }
    let renew = |iri: &str| newer(iri).unwrap_or_else(|| iri.to_owned());
    let one = |statement: &Statement| Statement {
        subject: statement.subject.clone(),
        predicate: renew(&statement.predicate),
        value: match &statement.value {
            Value::Iri(iri) => Value::Iri(renew(iri)),
            literal @ Value::Literal { .. } => literal.clone(),
        },
    };
    statements.iter().map(one).collect()
}

/// The term of today for one of old; schema.org without its `s`.
fn newer(iri: &str) -> Option<String> {
    if let Some(rest) = iri.strip_prefix("https://schema.org/") {
        return Some(format!("http://schema.org/{rest}"));
    }
    ALIASES.iter().find(|(old, _)| *old == iri).map(|(_, new)| (*new).to_owned())
}

impl<'g> Node<'g> {
    fn values(self, property: &str) -> &'g [&'g Value] {
        self.graph.said.get(self.name).and_then(|said| said.get(property)).map_or(&[], Vec::as_slice)
    }

    fn one(self, property: &'static str) -> Result<Option<&'g Value>, Refusal> {
        match self.values(property) {
            [] => Ok(None),
            [value] => Ok(Some(value)),
            _ => Err(Refusal::TooMany(property)),
        }
    }

    /// Demands a class.
    pub(crate) fn check_is_a(self, class: &'static str) -> Result<(), Refusal> {
        let is = self.values(terms::TYPE).iter().any(|value| matches!(value, Value::Iri(iri) if iri == class));
        if is { Ok(()) } else { Err(Refusal::Missing(class)) }
    }

    pub(crate) fn is_a(self, class: &'static str) -> bool {
        self.check_is_a(class).is_ok()
    }

    /// The fragment by which a part is named.
    pub(crate) fn fragment(self) -> String {
        self.name.split_once('#').map_or(String::new(), |(_, fragment)| fragment.to_owned())
    }

    /// Text, in French or in no language; other languages are of a later version.
    pub(crate) fn text(self, property: &'static str) -> Result<Option<String>, Refusal> {
        match self.one(property)? {
            None => Ok(None),
            Some(Value::Literal { text, datatype, language })
                if datatype == terms::XSD_STRING && is_french(language.as_deref()) =>
            {
                Ok(Some(text.clone()))
            }
            Some(_) => Err(Refusal::WrongType { property, expected: "text" }),
        }
    }

    pub(crate) fn required_text(self, property: &'static str) -> Result<String, Refusal> {
        self.text(property)?.ok_or(Refusal::Missing(property))
    }

    /// All values of a text property.
    pub(crate) fn texts(self, property: &'static str) -> Result<Vec<&'g str>, Refusal> {
        let text = |value: &&'g Value| match *value {
            Value::Literal { text, datatype, .. } if datatype == terms::XSD_STRING => Ok(text.as_str()),
            _ => Err(Refusal::WrongType { property, expected: "text" }),
        };
        self.values(property).iter().map(text).collect()
    }

    pub(crate) fn links(self, property: &'static str) -> Result<Vec<&'g str>, Refusal> {
        let link = |value: &&'g Value| match *value {
            Value::Iri(iri) => Ok(iri.as_str()),
            Value::Literal { .. } => Err(Refusal::WrongType { property, expected: "a link" }),
        };
        self.values(property).iter().map(link).collect()
    }

    pub(crate) fn link(self, property: &'static str) -> Result<Option<&'g str>, Refusal> {
        match self.links(property)?.as_slice() {
            [] => Ok(None),
            [link] => Ok(Some(link)),
            _ => Err(Refusal::TooMany(property)),
        }
    }

    fn typed(self, property: &'static str, datatype: &str, expected: &'static str) -> Result<Option<&'g str>, Refusal> {
        match self.one(property)? {
            None => Ok(None),
            Some(Value::Literal { text, datatype: found, language: None }) if found == datatype => Ok(Some(text)),
            Some(_) => Err(Refusal::WrongType { property, expected }),
        }
    }

    fn parsed<T>(
        self,
        property: &'static str,
        (datatype, expected): (&str, &'static str),
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, Refusal> {
        let Some(text) = self.typed(property, datatype, expected)? else { return Ok(None) };
        parse(text).map(Some).ok_or(Refusal::WrongType { property, expected })
    }

    pub(crate) fn integer(self, property: &'static str) -> Result<Option<u64>, Refusal> {
        self.parsed(property, (terms::XSD_INTEGER, "a whole number"), |text| text.parse().ok())
    }

    pub(crate) fn boolean(self, property: &'static str) -> Result<bool, Refusal> {
        let read = |text: &str| match text {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        };
        Ok(self.parsed(property, (terms::XSD_BOOLEAN, "true or false"), read)?.unwrap_or_default())
    }

    /// Degrees of a point.
    pub(crate) fn degrees(self, property: &'static str) -> Result<Option<f64>, Refusal> {
        self.parsed(property, (terms::XSD_DECIMAL, "a number"), |text| {
            text.parse().ok().filter(|degrees: &f64| degrees.is_finite())
        })
    }

    /// A number with one decimal, in tenths.
    pub(crate) fn tenths(self, property: &'static str) -> Result<Option<u32>, Refusal> {
        self.parsed(property, (terms::XSD_DECIMAL, "a number with one decimal"), |text| {
            let (whole, tenth) = text.split_once('.')?;
            let tenth: u32 = Some(tenth).filter(|tenth| tenth.len() == 1)?.parse().ok()?;
            whole.parse::<u32>().ok()?.checked_mul(10)?.checked_add(tenth)
        })
    }

    pub(crate) fn date(self, property: &'static str) -> Result<Option<Date>, Refusal> {
        self.parsed(property, (terms::XSD_DATE, "a date"), |text| Date::parse(text, DATE).ok())
    }

    /// All values of a property of days.
    pub(crate) fn dates(self, property: &'static str) -> Result<Vec<Date>, Refusal> {
        let day = |value: &&'g Value| match *value {
            Value::Literal { text, datatype, language: None } if datatype == terms::XSD_DATE => {
                Date::parse(text, DATE).ok()
            }
            _ => None,
        };
        let wrong = Refusal::WrongType { property, expected: "a date" };
        self.values(property).iter().map(|value| day(value).ok_or(wrong.clone())).collect()
    }

    pub(crate) fn date_time(self, property: &'static str) -> Result<Option<UtcDateTime>, Refusal> {
        self.parsed(property, (terms::XSD_DATE_TIME, "a time in UTC"), |text| {
            Some(PrimitiveDateTime::parse(text, DATE_TIME).ok()?.as_utc())
        })
    }

    /// A year, or a day.
    pub(crate) fn year(self, property: &'static str) -> Result<Option<u16>, Refusal> {
        self.parsed(property, (terms::XSD_YEAR, "a year"), |text| {
            let is_plain = text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit());
            text.parse().ok().filter(|year| is_plain && (1000..=9999).contains(year))
        })
    }

    pub(crate) fn has_year(self, property: &'static str) -> bool {
        self.values(property)
            .iter()
            .any(|value| matches!(value, Value::Literal { datatype, .. } if datatype == terms::XSD_YEAR))
    }

    /// A day and a time as the clocks of the place show it, without a zone; whole minutes.
    pub(crate) fn local_time(self, property: &'static str) -> Result<Option<(Date, Time)>, Refusal> {
        self.parsed(property, (terms::XSD_DATE_TIME, "a time without its zone"), |text| {
            let at = PrimitiveDateTime::parse(text, LOCAL_TIME).ok()?;
            (at.second() == 0).then(|| (at.date(), at.time()))
        })
    }

    pub(crate) fn has_local_time(self, property: &'static str) -> bool {
        self.values(property)
            .iter()
            .any(|value| matches!(value, Value::Literal { datatype, .. } if datatype == terms::XSD_DATE_TIME))
    }

    /// Concepts of our lists, in ascending order.
    pub(crate) fn codes(self, property: &'static str) -> Result<Vec<Code>, Refusal> {
        let code =
            |iri: &str| Code::read(iri).ok_or(Refusal::WrongType { property, expected: "a concept of our lists" });
        let mut codes: Vec<Code> = self.links(property)?.into_iter().map(code).collect::<Result<_, _>>()?;
        codes.sort();
        Ok(codes)
    }

    pub(crate) fn code(self, property: &'static str) -> Result<Option<Code>, Refusal> {
        let mut codes = self.codes(property)?;
        if codes.len() > 1 { Err(Refusal::TooMany(property)) } else { Ok(codes.pop()) }
    }

    pub(crate) fn required_code(self, property: &'static str) -> Result<Code, Refusal> {
        self.code(property)?.ok_or(Refusal::Missing(property))
    }

    /// Parts of the record, in the order of their names; `site-2` before `site-10`.
    pub(crate) fn parts(self, property: &'static str) -> Result<Vec<Node<'g>>, Refusal> {
        let own = |iri: &&str| iri.strip_prefix(self.graph.record.as_str()).is_some_and(|rest| rest.starts_with('#'));
        let links = self.links(property)?;
        if !links.iter().all(own) {
            return Err(Refusal::WrongType { property, expected: "a part of the record" });
        }
        let mut parts: Vec<Node<'g>> = links.into_iter().map(|name| Node { graph: self.graph, name }).collect();
        parts.sort_by_key(|part| (part.name.len(), part.name));
        Ok(parts)
    }

    pub(crate) fn part(self, property: &'static str) -> Result<Option<Node<'g>>, Refusal> {
        let mut parts = self.parts(property)?;
        if parts.len() > 1 { Err(Refusal::TooMany(property)) } else { Ok(parts.pop()) }
    }

    /// Something that may have a record elsewhere.
    pub(crate) fn reference(self, property: &'static str) -> Result<Option<Reference>, Refusal> {
        self.part(property)?.map(Self::named).transpose()
    }

    /// Several such things, in the order of their names.
    pub(crate) fn references(self, property: &'static str) -> Result<Vec<Reference>, Refusal> {
        self.parts(property)?.into_iter().map(Self::named).collect()
    }

    /// A part that names something: what it is called, and its record.
    fn named(self) -> Result<Reference, Refusal> {
        let iri = match self.link(terms::RECORD)? {
            None => None,
            Some(iri) => {
                Some(RecordIri::read(iri).ok_or(Refusal::WrongType { property: terms::RECORD, expected: "a record" })?)
            }
        };
        Ok(Reference { iri, label: self.required_text(terms::LABEL)? })
    }
}

fn is_french(language: Option<&str>) -> bool {
    language.is_none_or(|language| language == "fr" || language.starts_with("fr-"))
}
