//! A list as a table: CSV as RFC 4180 quotes it, with what a French spreadsheet needs to open it by a double click: semicolons between
//! cells, decimal commas, the mark by which UTF-8 is known, and columns that say in French what stands in them.
//!
//! An event that comes again has one line, with its next time; the calendar has them all.

use crate::feeds::{Feed, page};
use crate::porch::Porch;
use crate::shelf::Shown;
use crate::views::{Card, contacts_of, voice_of};
use pes_domain::event::Event;
use pes_domain::iri::WebLink;
use pes_domain::occurrence::{Moment, Occurrence};
use pes_domain::place::Place;
use pes_domain::structure::{Site, Structure};
use pes_domain::{Body, Code, Kind, List};
use pes_import::report::plain;
use time::{Duration, UtcDateTime};

/// How far ahead the next time of an event is looked for.
const AHEAD: Duration = Duration::days(400);

/// What stands in a column.
type Cell = fn(&Row<'_>) -> String;

/// A column: what it is called, what stands in it, and the kinds of which a list has it; none: all kinds.
struct Column(&'static str, &'static [Kind], Cell);

const STRUCTURE: &[Kind] = &[Kind::Structure];
const EVENT: &[Kind] = &[Kind::Event];
const ENDING: &[Kind] = &[Kind::Exchange, Kind::Job, Kind::Call, Kind::Article];
const WORKING: &[Kind] = &[Kind::Structure, Kind::Exchange, Kind::Call, Kind::Event, Kind::Product];
const LINKED: &[Kind] = &[Kind::Structure, Kind::Event, Kind::Document];
const VOICED: &[Kind] =
    &[Kind::Exchange, Kind::Job, Kind::Call, Kind::Event, Kind::Article, Kind::Product, Kind::Document];
const PLACED: &[Kind] = &[Kind::Structure, Kind::Exchange, Kind::Job, Kind::Event];

const COLUMNS: [Column; 28] = [
    Column("column-title", &[], |row| row.card.title.clone()),
    Column("column-acronym", STRUCTURE, |row| row.of_structure(|one| one.acronym.clone())),
    Column("column-kind", &[], |row| row.label(&Code::new(List::Kind, row.shown.record.kind().notation()))),
    Column("column-sort", &[], |row| row.card.badge.clone()),
    Column("column-by", VOICED, |row| voice_of(&row.shown.record).unwrap_or_default()),
    Column("column-starts", EVENT, |row| row.next().map(|one| moment(one.begins)).unwrap_or_default()),
    Column("column-ends", EVENT, |row| row.next().and_then(|one| one.ends).map(moment).unwrap_or_default()),
    Column("column-until", ENDING, |row| {
        row.shown.record.expires.and_then(|at| at.date().previous_day()).map(|day| day.to_string()).unwrap_or_default()
    }),
    Column("column-legal-form", STRUCTURE, |row| {
        row.of_structure(|one| one.legal_form.as_ref().map(|form| row.label(form)))
    }),
    Column("column-categories", STRUCTURE, |row| row.of_structure(|one| Some(row.labels(&one.categories)))),
    Column("column-sectors", WORKING, |row| row.labels(row.shown.record.body.sectors())),
    Column("column-summary", &[], |row| row.card.lead.clone()),
    Column("column-venue", EVENT, |row| row.event().and_then(|one| one.venue.clone()).unwrap_or_default()),
    Column("column-street", STRUCTURE, |row| row.of_site(|site| site.street.clone())),
    Column("column-postcode", STRUCTURE, |row| row.of_site(|site| site.postcode.clone())),
    Column("column-commune", PLACED, |row| row.of_place(|place| Some(place.name.clone()))),
    Column("column-insee", PLACED, |row| row.of_place(|place| Some(place.commune.clone()))),
    Column("column-latitude", PLACED, |row| row.of_place(|place| place.point.map(|point| decimal(point.latitude)))),
    Column("column-longitude", PLACED, |row| row.of_place(|place| place.point.map(|point| decimal(point.longitude)))),
    Column("column-phone", STRUCTURE, |row| row.contacts(&["phone", "mobile"])),
    Column("column-email", STRUCTURE, |row| row.contacts(&["email"])),
    Column("column-web", LINKED, |row| row.web().map(|link| link.as_str().to_owned()).unwrap_or_default()),
    Column("column-siret", STRUCTURE, |row| row.of_structure(|one| one.siret.as_ref().map(|one| one.as_str().into()))),
    Column("column-network", &[], |row| row.shown.network.clone()),
    Column("column-page", &[], |row| page(row.porch, row.shown)),
    Column("column-published", &[], |row| row.shown.record.published.map(day).unwrap_or_default()),
    Column("column-modified", &[], |row| day(row.shown.record.modified)),
    Column("column-record", &[], |row| row.shown.record.iri.to_string()),
];

pub(super) fn write(feed: &Feed<'_>, now: UtcDateTime) -> String {
    let columns: Vec<&Column> = COLUMNS.iter().filter(|column| column.is_of(feed.list.kind)).collect();
    let mut text = String::from("\u{feff}");
    line(&mut text, columns.iter().map(|Column(key, ..)| feed.porch.say(key)));
    for shown in &feed.records {
        let row = Row { porch: feed.porch, shown, card: Card::undated(feed.porch, shown), now };
        line(&mut text, columns.iter().map(|Column(_, _, cell)| cell(&row)));
    }
    text
}

impl Column {
    /// Whether a list of a kind, or of all kinds, has it.
    fn is_of(&self, kind: Option<Kind>) -> bool {
        let Self(_, kinds, _) = self;
        kinds.is_empty() || kind.is_none_or(|kind| kinds.contains(&kind))
    }
}

/// A record, as its reader sees it.
struct Row<'a> {
    porch: &'a Porch,
    shown: &'a Shown,
    card: Card,
    now: UtcDateTime,
}

impl Row<'_> {
    fn label(&self, code: &Code) -> String {
        self.porch.rules().thesaurus.label(code).to_owned()
    }

    fn labels(&self, codes: &[Code]) -> String {
        codes.iter().map(|code| self.label(code)).collect::<Vec<_>>().join(", ")
    }

    fn structure(&self) -> Option<&Structure> {
        if let Body::Structure(one) = &self.shown.record.body { Some(one) } else { None }
    }

    fn of_structure(&self, of: impl Fn(&Structure) -> Option<String>) -> String {
        self.structure().and_then(of).unwrap_or_default()
    }

    /// Of its main site.
    fn of_site(&self, of: impl Fn(&Site) -> Option<String>) -> String {
        self.structure().and_then(|one| one.sites.first()).and_then(of).unwrap_or_default()
    }

    fn of_place(&self, of: impl Fn(&Place) -> Option<String>) -> String {
        self.shown.record.body.places().first().and_then(|place| of(place)).unwrap_or_default()
    }

    fn contacts(&self, media: &[&str]) -> String {
        let structure = self.structure();
        let all = structure.map(|one| one.contacts.as_slice()).unwrap_or_default();
        let shown = contacts_of(self.porch, &self.shown.record);
        let wanted = all.iter().zip(shown).filter(|(one, _)| media.contains(&one.medium.notation()));
        wanted.map(|(_, told)| told.value).collect::<Vec<_>>().join(", ")
    }

    fn web(&self) -> Option<&WebLink> {
        match &self.shown.record.body {
            Body::Structure(one) => one.web.as_ref(),
            Body::Event(one) => one.link.as_ref(),
            Body::Document(one) => one.link.as_ref(),
            _ => None,
        }
    }

    fn event(&self) -> Option<&Event> {
        if let Body::Event(one) = &self.shown.record.body { Some(one) } else { None }
    }

    /// The next time at which an event takes place, or its last where all are over.
    fn next(&self) -> Option<Occurrence> {
        let (event, from) = (self.event()?, self.now.unix_timestamp());
        let next = event.held_between(from, from + AHEAD.whole_seconds()).first().map(|span| span.local);
        next.or(event.occurrences.last().copied())
    }
}

fn day(at: UtcDateTime) -> String {
    at.date().to_string()
}

/// `2026-12-05 18:00`, in the time of where it is.
fn moment(moment: Moment) -> String {
    match moment.time {
        Some(time) => format!("{} {:02}:{:02}", moment.date, time.hour(), time.minute()),
        None => moment.date.to_string(),
    }
}

fn decimal(degrees: f64) -> String {
    degrees.to_string().replace('.', ",")
}

fn line(text: &mut String, cells: impl Iterator<Item = String>) {
    text.push_str(&cells.map(|cell| cell_of(&cell)).collect::<Vec<_>>().join(";"));
    text.push_str("\r\n");
}

/// A cell between quotation marks. What a spreadsheet would take for a formula gets an apostrophe before it; a number is none.
fn cell_of(value: &str) -> String {
    let is_number = value.replacen(',', ".", 1).parse::<f64>().is_ok();
    let cell = if is_number { value.into() } else { plain(value) };
    format!("\"{}\"", cell.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::{date, time};

    #[test]
    fn a_cell_is_whole_and_never_a_formula() {
        assert_eq!(cell_of("Le « Phare », à \"Nice\"\nici"), "\"Le « Phare », à \"\"Nice\"\"\nici\"");
        assert_eq!(cell_of("=HYPERLINK(\"x\")"), "\"'=HYPERLINK(\"\"x\"\")\"");
        for (value, cell) in
            [("-1,5", "-1,5"), ("+33 4", "'+33 4"), ("@moi", "'@moi"), ("-1,5,2", "'-1,5,2"), ("-a", "'-a")]
        {
            assert_eq!(cell_of(value), format!("\"{cell}\""));
        }
        let mut text = String::new();
        line(&mut text, ["a;b".to_owned(), String::new()].into_iter());
        assert_eq!(text, "\"a;b\";\"\"\r\n");
    }

    #[test]
    fn times_and_degrees_are_written_as_spreadsheets_read_them() {
        assert_eq!(moment(Moment { date: date!(2026 - 12 - 05), time: Some(time!(9:05)) }), "2026-12-05 09:05");
        assert_eq!(moment(Moment { date: date!(2026 - 12 - 05), time: None }), "2026-12-05");
        assert_eq!(decimal(-1.25), "-1,25");
    }

    #[test]
    fn a_list_has_the_columns_of_its_kind_and_the_search_has_all() {
        let of = |kind| COLUMNS.iter().filter(|column| column.is_of(kind)).count();
        assert_eq!((of(None), of(Some(Kind::Structure)), of(Some(Kind::Article))), (COLUMNS.len(), 23, 11));
    }
}
