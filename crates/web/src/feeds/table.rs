//! A list as a table: CSV (RFC 4180), in UTF-8 with the mark by which spreadsheets know it.

use crate::feeds::{Feed, page};
use crate::shelf::Shown;
use crate::views::Card;
use pes_domain::{Code, List};
use pes_import::report::plain;
use time::UtcDateTime;

const HEAD: [&str; 12] = [
    "identifiant",
    "nature",
    "titre",
    "resume",
    "commune",
    "code_insee",
    "latitude",
    "longitude",
    "reseau",
    "page",
    "publie_le",
    "modifie_le",
];

pub(super) fn write(feed: &Feed<'_>) -> String {
    let mut text = String::from("\u{feff}");
    line(&mut text, HEAD.map(str::to_owned));
    for shown in &feed.records {
        line(&mut text, row(feed, shown));
    }
    text
}

fn row(feed: &Feed<'_>, shown: &Shown) -> [String; HEAD.len()] {
    let (record, card) = (&shown.record, Card::of(feed.porch, shown));
    let kind = Code::new(List::Kind, record.kind().notation());
    let places = record.body.places();
    let place = places.first();
    let point = place.and_then(|place| place.point);
    [
        record.iri.to_string(),
        feed.porch.rules().thesaurus.label(&kind).to_owned(),
        card.title,
        card.lead,
        place.map_or_else(String::new, |place| place.name.clone()),
        place.map_or_else(String::new, |place| place.commune.clone()),
        point.map_or_else(String::new, |point| point.latitude.to_string()),
        point.map_or_else(String::new, |point| point.longitude.to_string()),
        shown.network.clone(),
        page(feed.porch, shown),
        record.published.map_or_else(String::new, day),
        day(record.modified),
    ]
}

fn day(at: UtcDateTime) -> String {
    at.date().to_string()
}

fn line<const N: usize>(text: &mut String, cells: [String; N]) {
    text.push_str(&cells.map(|cell| cell_of(&cell)).join(","));
    text.push_str("\r\n");
}

/// A cell between quotation marks. What a spreadsheet would take for a formula gets an apostrophe before it.
fn cell_of(value: &str) -> String {
    format!("\"{}\"", plain(value).replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_whole_and_never_a_formula() {
        assert_eq!(cell_of("Le « Phare », à \"Nice\"\nici"), "\"Le « Phare », à \"\"Nice\"\"\nici\"");
        assert_eq!(cell_of("=HYPERLINK(\"x\")"), "\"'=HYPERLINK(\"\"x\"\")\"");
        assert_eq!(
            (cell_of("-1.5"), cell_of("+33 4"), cell_of("@moi")),
            ("\"-1.5\"".into(), "\"'+33 4\"".into(), "\"'@moi\"".into())
        );
        let mut text = String::new();
        line(&mut text, ["a".to_owned(), String::new()]);
        assert_eq!(text, "\"a\",\"\"\r\n");
    }
}
