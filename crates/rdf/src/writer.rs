//! Says things of a record and its parts, and writes them down in canonical order.

use crate::term::{Value, line};
use crate::terms;
use pes_domain::Code;
use time::{Date, UtcDateTime};

/// The statements of one record while they are gathered. A part is named by its fragment; the record itself by `""`.
pub(crate) struct Writer {
    record: String,
    lines: Vec<String>,
}

impl Writer {
    pub(crate) fn of(record: impl ToString) -> Self {
        Self { record: record.to_string(), lines: Vec::new() }
    }

    /// The payload: ascending lines, none twice.
    pub(crate) fn finish(mut self) -> String {
        self.lines.sort_unstable();
        self.lines.dedup();
        self.lines.concat()
    }

    /// The IRI of a part.
    pub(crate) fn name(&self, part: &str) -> String {
        if part.is_empty() { self.record.clone() } else { format!("{}#{part}", self.record) }
    }

    pub(crate) fn say(&mut self, part: &str, predicate: &str, value: &Value) {
        self.lines.push(line(&self.name(part), predicate, value));
    }

    pub(crate) fn link(&mut self, part: &str, predicate: &str, iri: impl ToString) {
        self.say(part, predicate, &Value::Iri(iri.to_string()));
    }

    pub(crate) fn is_a(&mut self, part: &str, class: &str) {
        self.link(part, terms::TYPE, class);
    }

    pub(crate) fn text(&mut self, part: &str, predicate: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.say(part, predicate, &Value::text(text));
        }
    }

    pub(crate) fn typed(&mut self, part: &str, predicate: &str, datatype: &str, value: Option<impl ToString>) {
        if let Some(value) = value {
            self.say(part, predicate, &Value::typed(value.to_string(), datatype));
        }
    }

    pub(crate) fn codes<'a>(&mut self, predicate: &str, codes: impl IntoIterator<Item = &'a Code>) {
        for code in codes {
            self.link("", predicate, code);
        }
    }

    pub(crate) fn date(&mut self, predicate: &str, date: Option<Date>) {
        self.typed("", predicate, terms::XSD_DATE, date.map(pes_domain::draft::write_date));
    }

    pub(crate) fn date_time(&mut self, predicate: &str, at: Option<UtcDateTime>) {
        self.typed("", predicate, terms::XSD_DATE_TIME, at.map(write_date_time));
    }

    /// A number with one decimal, of tenths.
    pub(crate) fn tenths(&mut self, predicate: &str, tenths: Option<u32>) {
        let text = tenths.map(|tenths| format!("{}.{}", tenths / 10, tenths % 10));
        self.typed("", predicate, terms::XSD_DECIMAL, text);
    }

    /// Says several such things, in their order: `organizer-1`, `organizer-2`.
    pub(crate) fn references(&mut self, predicate: &str, part: &str, references: &[pes_domain::Reference]) {
        for (at, reference) in references.iter().enumerate() {
            self.reference(predicate, &format!("{part}-{}", at + 1), Some(reference));
        }
    }

    /// Says what something is that may have a record elsewhere: its name, and the record.
    pub(crate) fn reference(&mut self, predicate: &str, part: &str, reference: Option<&pes_domain::Reference>) {
        let Some(reference) = reference else { return };
        let name = self.name(part);
        self.link("", predicate, name);
        self.text(part, terms::LABEL, Some(&reference.label));
        if let Some(iri) = &reference.iri {
            self.link(part, terms::RECORD, iri);
        }
    }
}

/// UTC, whole seconds.
fn write_date_time(at: UtcDateTime) -> String {
    let (date, time) = (pes_domain::draft::write_date(at.date()), at.time());
    format!("{date}T{:02}:{:02}:{:02}Z", time.hour(), time.minute(), time.second())
}
