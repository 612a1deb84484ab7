//! The agenda as a calendar: iCalendar (RFC 5545). Each time is an entry of its own, so that no calendar has to understand by which rule
//! it comes again. A time that is called off stays, under its own name and as cancelled: who has it in their calendar sees that it does not take
//! place. With an EXDATE it would only be gone; a RECURRENCE-ID is for who was given the rule.

use crate::feeds::{Feed, page};
use crate::shelf::Shown;
use crate::views::Card;
use icalendar::{Calendar, Component, Event as Entry, EventLike, EventStatus};
use pes_domain::Body;
use pes_domain::event::{Event, State};
use pes_domain::occurrence::{Moment, Span};
use time::{Duration, UtcDateTime};

/// From how far back, and up to how far ahead.
const BACK: Duration = Duration::days(31);
const AHEAD: Duration = Duration::days(366);

pub(super) fn write(feed: &Feed<'_>, now: UtcDateTime) -> String {
    let mut calendar = Calendar::new();
    calendar.name(&feed.title());
    for shown in &feed.records {
        if let Body::Event(event) = &shown.record.body {
            let spans = event.between((now - BACK).unix_timestamp(), (now + AHEAD).unix_timestamp());
            calendar.extend(spans.iter().map(|span| entry(feed, (shown, event), span)));
        }
    }
    calendar.done().to_string()
}

fn entry(feed: &Feed<'_>, (shown, event): (&Shown, &Event), span: &Span) -> Entry {
    let mut entry = Entry::new();
    entry.uid(&format!("{}#{}", shown.record.iri, span.begins));
    entry.summary(&match event.state {
        State::Postponed => {
            feed.porch.words.catalogue().tell("feed-postponed", &[("title", event.title.as_str().into())])
        }
        State::Planned if span.is_called_off => called_off(feed, event),
        State::Planned | State::Cancelled => event.title.clone(),
    });
    entry.description(&Card::undated(feed.porch, shown).lead);
    entry.url(&page(feed.porch, shown));
    entry.add_property("DTSTAMP", instant(shown.record.modified.unix_timestamp()));
    bounds(&mut entry, span);
    let place = event.place.as_ref().map(|place| place.name.clone());
    let location: Vec<String> = event.venue.clone().into_iter().chain(place).collect();
    if !location.is_empty() {
        entry.location(&location.join(", "));
    }
    match event.state {
        _ if span.is_called_off => drop(entry.status(EventStatus::Cancelled)),
        State::Planned => {}
        State::Cancelled => drop(entry.status(EventStatus::Cancelled)),
        State::Postponed => drop(entry.status(EventStatus::Tentative)),
    }
    entry.done()
}

/// The title of a time that does not take place: not every calendar shows what is cancelled as such.
fn called_off(feed: &Feed<'_>, event: &Event) -> String {
    feed.porch.words.catalogue().tell("feed-called-off", &[("title", event.title.as_str().into())])
}

/// Begin and end: as instants where hours are known, else as days, of which the last is not within.
fn bounds(entry: &mut Entry, span: &Span) {
    let Span { begins, ends, local, .. } = span;
    if local.begins.time.is_some() {
        entry.add_property("DTSTART", instant(*begins));
        if ends > begins {
            entry.add_property("DTEND", instant(*ends));
        }
        return;
    }
    let last = local.ends.unwrap_or(local.begins);
    let behind = Moment { date: last.date.next_day().unwrap_or(last.date), time: None };
    for (name, moment) in [("DTSTART", local.begins), ("DTEND", behind)] {
        let mut property = icalendar::Property::new(name, day(moment));
        entry.append_property(property.add_parameter("VALUE", "DATE").done());
    }
}

/// `20261205T180000Z`.
fn instant(seconds: i64) -> String {
    let at = UtcDateTime::from_unix_timestamp(seconds).unwrap_or(UtcDateTime::UNIX_EPOCH);
    let (year, month, day) = (at.year(), u8::from(at.month()), at.day());
    format!("{year:04}{month:02}{day:02}T{:02}{:02}{:02}Z", at.hour(), at.minute(), at.second())
}

/// `20261205`.
fn day(moment: Moment) -> String {
    format!("{:04}{:02}{:02}", moment.date.year(), u8::from(moment.date.month()), moment.date.day())
}

#[cfg(test)]
mod tests {
    use super::*;
    use pes_domain::occurrence::Occurrence;
    use time::macros::{date, time};

    fn told(span: &Span) -> String {
        let mut entry = Entry::new();
        bounds(&mut entry, span);
        Calendar::from([entry]).to_string()
    }

    #[test]
    fn days_are_whole_and_hours_are_instants() {
        let moment = |date, time| Moment { date, time };
        let weekend =
            Occurrence { begins: moment(date!(2026 - 12 - 05), None), ends: Some(moment(date!(2026 - 12 - 06), None)) };
        let text = told(&Span { begins: 0, ends: 0, local: weekend, is_called_off: false });
        assert!(text.contains("DTSTART;VALUE=DATE:20261205\r\n"), "{text}");
        assert!(text.contains("DTEND;VALUE=DATE:20261207\r\n"), "{text}");
        let evening = Occurrence { begins: moment(date!(2026 - 12 - 05), Some(time!(19:00))), ends: None };
        let text = told(&Span { begins: 1_796_493_600, ends: 1_796_500_800, local: evening, is_called_off: false });
        assert!(text.contains("DTSTART:20261205T180000Z\r\n") && text.contains("DTEND:20261205T200000Z\r\n"), "{text}");
    }
}
