//! A list as news: Atom (RFC 4287). Each entry is called by its record's name, wherever it is read.

use crate::feeds::{Feed, page};
use crate::shelf::Shown;
use crate::views::Card;
use atom_syndication::{Category, Entry, FixedDateTime, Link, Person, Text};
use time::UtcDateTime;
use time::format_description::well_known::Rfc3339;

pub(super) fn write(feed: &Feed<'_>) -> String {
    let link = |rel: &str, href: String, media_type: &str| Link {
        href,
        rel: rel.into(),
        mime_type: Some(media_type.into()),
        ..Link::default()
    };
    let updated = feed.records.iter().map(|shown| shown.record.modified).max();
    let document = atom_syndication::Feed {
        title: Text::plain(xml(&feed.title())),
        id: feed.address(".atom"),
        // Where there is nothing yet, nothing ever changed.
        updated: date(updated.unwrap_or(UtcDateTime::UNIX_EPOCH)),
        authors: vec![person(&feed.porch.site.name)],
        links: vec![
            link("self", feed.address(".atom"), "application/atom+xml"),
            link("alternate", feed.address(""), "text/html"),
        ],
        lang: Some("fr".into()),
        entries: feed.records.iter().map(|shown| entry(feed, shown)).collect(),
        ..atom_syndication::Feed::default()
    };
    document.to_string()
}

fn entry(feed: &Feed<'_>, shown: &Shown) -> Entry {
    let (record, card) = (&shown.record, Card::of(feed.porch, shown));
    let lines = card.facts.iter().cloned().chain([card.lead.clone()]).filter(|line| !line.is_empty());
    Entry {
        title: Text::plain(xml(&card.title)),
        id: record.iri.to_string(),
        updated: date(record.modified),
        published: record.published.map(date),
        authors: vec![person(&shown.network)],
        links: links(feed, shown),
        categories: vec![Category { term: xml(&card.badge), scheme: None, label: None }],
        summary: Some(Text::plain(xml(&lines.collect::<Vec<_>>().join(" · ")))),
        ..Entry::default()
    }
}

/// The record's page, its picture and its file.
fn links(feed: &Feed<'_>, shown: &Shown) -> Vec<Link> {
    let page = Link { href: page(feed.porch, shown), rel: "alternate".into(), ..Link::default() };
    let picture = shown.picture().map(|picture| picture.told(feed.porch)).map(|picture| Link {
        href: picture.src,
        rel: "enclosure".into(),
        mime_type: Some(picture.media_type.into()),
        title: Some(xml(&picture.alt)),
        ..Link::default()
    });
    let file = shown.filed(feed.porch).map(|file| Link {
        href: file.src,
        rel: "enclosure".into(),
        mime_type: Some(file.media_type),
        title: Some(xml(&file.name)),
        length: Some(file.size.to_string()),
        ..Link::default()
    });
    [page].into_iter().chain(picture).chain(file).collect()
}

fn person(name: &str) -> Person {
    Person { name: xml(name), ..Person::default() }
}

/// A text without the signs that no XML document may hold, however they are written (XML 1.0, 2.2): one of them makes the whole feed unreadable.
fn xml(text: &str) -> String {
    let may_stand =
        |sign: &char| matches!(sign, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    text.chars().filter(may_stand).collect()
}

fn date(at: UtcDateTime) -> FixedDateTime {
    let whole = at.replace_nanosecond(0).unwrap_or(at);
    let text = whole.format(&Rfc3339).unwrap_or_default();
    text.parse().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{date, xml};
    use time::macros::utc_datetime;

    #[test]
    fn no_sign_makes_a_feed_unreadable() {
        assert_eq!(xml("a\u{ffff}b\u{fffe}c\u{0}d\u{1b}e\u{fffd}f\tg 🦆"), "abcde\u{fffd}f\tg 🦆");
    }

    #[test]
    fn a_date_is_told_to_the_second() {
        assert_eq!(date(utc_datetime!(2026-11-28 04:25:23.5)).to_rfc3339(), "2026-11-28T04:25:23+00:00");
    }
}
