//! How an event is said: schema.org's Event, with a Schedule for each occurrence in the time of its place, and RFC 5545 for what comes again.

use crate::reader::Node;
use crate::writer::Writer;
use crate::{Refusal, picture, place, terms};
use pes_domain::draft::write_date;
use pes_domain::event::{Event, State};
use pes_domain::iri::WebLink;
use pes_domain::occurrence::{Moment, Occurrence, Recurrence};
use pes_domain::{Code, List};
use time::Date;

pub(crate) fn write(one: &Event, to: &mut Writer) {
    to.is_a("", terms::SCHEMA_EVENT);
    to.text("", terms::SCHEMA_NAME, Some(&one.title));
    to.text("", terms::SCHEMA_DESCRIPTION, one.description.as_deref());
    for (at, occurrence) in one.occurrences.iter().enumerate() {
        let recurrence = one.recurrence.as_ref().filter(|_| at == 0);
        let part = format!("occurrence-{}", at + 1);
        write_occurrence(occurrence, (&part, &one.zone), recurrence, to);
        days_off(one, at).for_each(|day| to.typed(&part, terms::EXCEPT_DATE, terms::XSD_DATE, Some(write_date(day))));
    }
    place::write_part(one.place.as_ref(), terms::LOCATION, to);
    to.text("", terms::VENUE, one.venue.as_deref());
    one.link.iter().for_each(|link| to.link("", terms::SCHEMA_URL, link.as_str()));
    to.references(terms::ORGANIZER, "organizer", &one.organisers);
    to.codes(terms::SECTOR, &one.sectors);
    place::write_areas(&one.areas, to);
    to.codes(terms::STATE, [&Code::new(List::EventState, one.state.notation())]);
    picture::write(one.picture.as_ref(), to);
}

fn write_occurrence(
    occurrence: &Occurrence,
    (part, zone): (&str, &str),
    recurrence: Option<&Recurrence>,
    to: &mut Writer,
) {
    let name = to.name(part);
    to.link("", terms::EVENT_SCHEDULE, name);
    to.is_a(part, terms::SCHEDULE);
    write_moment(Some(occurrence.begins), (part, terms::START_DATE), to);
    write_moment(occurrence.ends, (part, terms::END_DATE), to);
    to.text(part, terms::SCHEDULE_TIMEZONE, Some(zone));
    to.text(part, terms::RECURRENCE_RULE, recurrence.map(Recurrence::as_str));
}

/// The days on which nothing of an occurrence takes place. What comes again is the first: so is a day that is none of the others'. A day is
/// enough, for at most one time of an occurrence begins on it.
fn days_off(event: &Event, at: usize) -> impl Iterator<Item = Date> {
    let begins = event.occurrences.get(at).map(|one| one.begins);
    let is_named = |moment: &Moment| event.occurrences.iter().any(|one| one.begins == *moment);
    let is_its = move |moment: &&Moment| match begins {
        Some(begins) => begins == **moment || (at == 0 && begins.time == moment.time && !is_named(moment)),
        None => false,
    };
    event.called_off.iter().filter(is_its).map(|moment| moment.date)
}

/// A day, or a day with its time as the clocks there show it: no zone stands in it.
fn write_moment(moment: Option<Moment>, (part, predicate): (&str, &str), to: &mut Writer) {
    let Some(Moment { date, time }) = moment else { return };
    let date = write_date(date);
    match time {
        None => to.typed(part, predicate, terms::XSD_DATE, Some(date)),
        Some(time) => {
            let text = format!("{date}T{:02}:{:02}:00", time.hour(), time.minute());
            to.typed(part, predicate, terms::XSD_DATE_TIME, Some(text));
        }
    }
}

pub(crate) fn read(from: Node<'_>) -> Result<Event, Refusal> {
    from.check_is_a(terms::SCHEMA_EVENT)?;
    let state = from.required_code(terms::STATE)?;
    let state = State::named(state.notation()).filter(|_| state.list() == List::EventState);
    let wrong = |_| Refusal::WrongType { property: terms::SCHEMA_URL, expected: "an address on the web" };
    let (occurrences, zone, recurrence) = read_occurrences(from)?;
    let called_off = read_called_off(from)?;
    Ok(Event {
        title: from.required_text(terms::SCHEMA_NAME)?,
        description: from.text(terms::SCHEMA_DESCRIPTION)?,
        occurrences,
        recurrence,
        called_off,
        zone,
        place: place::read_part(from, terms::LOCATION)?,
        venue: from.text(terms::VENUE)?,
        link: from.link(terms::SCHEMA_URL)?.map(|link| WebLink::read("link", link)).transpose().map_err(wrong)?,
        organisers: from.references(terms::ORGANIZER)?,
        sectors: from.codes(terms::SECTOR)?,
        areas: place::read_areas(from)?,
        state: state.ok_or(Refusal::WrongType { property: terms::STATE, expected: "the state of an event" })?,
        picture: picture::read(from)?,
    })
}

/// The occurrences, in one zone; what comes again is the first.
fn read_occurrences(from: Node<'_>) -> Result<(Vec<Occurrence>, String, Option<Recurrence>), Refusal> {
    let (mut all, mut zone, mut recurrence) = (Vec::new(), None, None);
    for part in from.parts(terms::EVENT_SCHEDULE)? {
        let begins = read_moment(part, terms::START_DATE)?.ok_or(Refusal::Missing(terms::START_DATE))?;
        let occurrence = Occurrence { begins, ends: read_moment(part, terms::END_DATE)? };
        let its = part.required_text(terms::SCHEDULE_TIMEZONE)?;
        if zone.as_ref().is_some_and(|zone| *zone != its) {
            return Err(Refusal::TooMany(terms::SCHEDULE_TIMEZONE));
        }
        zone = Some(its);
        if let Some(rule) = part.text(terms::RECURRENCE_RULE)? {
            let wrong =
                Refusal::WrongType { property: terms::RECURRENCE_RULE, expected: "a rule of the first occurrence" };
            let rule = Recurrence::read(&rule).filter(|_| recurrence.is_none() && all.is_empty());
            recurrence = Some(rule.ok_or(wrong)?);
        }
        all.push(occurrence);
    }
    if !all.is_sorted() {
        return Err(Refusal::WrongType { property: terms::EVENT_SCHEDULE, expected: "occurrences in their order" });
    }
    Ok((all, zone.ok_or(Refusal::Missing(terms::EVENT_SCHEDULE))?, recurrence))
}

/// What is called off, by its beginning. Whether it is a time of the event is not asked: a day that is none changes nothing.
fn read_called_off(from: Node<'_>) -> Result<Vec<Moment>, Refusal> {
    let mut all = Vec::new();
    for part in from.parts(terms::EVENT_SCHEDULE)? {
        let time = read_moment(part, terms::START_DATE)?.and_then(|begins| begins.time);
        all.extend(part.dates(terms::EXCEPT_DATE)?.into_iter().map(|date| Moment { date, time }));
    }
    all.sort();
    all.dedup();
    Ok(all)
}

fn read_moment(part: Node<'_>, property: &'static str) -> Result<Option<Moment>, Refusal> {
    if part.has_local_time(property) {
        let (date, time) = part.local_time(property)?.ok_or(Refusal::Missing(property))?;
        return Ok(Some(Moment { date, time: Some(time) }));
    }
    Ok(part.date(property)?.map(|date| Moment { date, time: None }))
}
