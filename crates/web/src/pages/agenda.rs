//! The agenda: what is to come from today on, or the events of a month, day by day, with the month at a glance.

use crate::answered::Answered;
use crate::asked::{self, Asked};
use crate::failure::Failure;
use crate::feeds::{self, AGENDA};
use crate::pages::{FeedLink, Leaf};
use crate::porch::Porch;
use crate::shelf::{self, Shown};
use crate::views::{Card, Filters, Offer, filters, hours, offers, query, understood};
use crate::visit::Visit;
use actix_web::web;
use pes_domain::occurrence::Span;
use pes_domain::{Body, Draft, Kind};
use pes_search::{Query, Sort};
use pes_words::dates;
use serde::Serialize;
use std::collections::BTreeMap;
use time::{Date, Duration, Month, Weekday};

const PATH: &str = "/agenda";
/// How far ahead one may look: what has no end would have to be counted out for ever.
const YEARS: Duration = Duration::days(10 * 366);
/// How many events are looked at for a month.
const EVENTS: usize = 2_000;
/// How many times of events are shown of all that is to come; the day on which there are as many is shown whole.
const AHEAD: usize = 40;
/// How far a clock on Earth may be from UTC.
const ZONES: Duration = Duration::hours(14);

const WEEK: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];

#[derive(Debug, Serialize)]
struct AgendaView {
    title: String,
    intro: String,
    path: &'static str,
    create: &'static str,
    create_label: String,
    filters: Filters,
    summary: String,
    /// What the days are of: a month, some days, or all that is to come.
    heading: String,
    /// The month at a glance, as it is called; and as an address names it, where a month was asked for.
    month: String,
    month_value: String,
    /// What is said where there is nothing.
    empty: String,
    previous: String,
    next: Option<String>,
    weekdays: [Weekdays; 7],
    /// The month at a glance: its weeks of seven days, from Monday.
    weeks: Vec<Vec<Option<Square>>>,
    days: Vec<Day>,
    understood: Vec<String>,
    offers: Vec<Offer>,
    feeds: Vec<FeedLink>,
}

/// A column of the month at a glance.
#[derive(Debug, Serialize)]
struct Weekdays {
    name: &'static str,
    short: &'static str,
}

/// A day of the month at a glance.
#[derive(Debug, Serialize)]
struct Square {
    number: u8,
    /// Where its events stand, if it has any that are still to come.
    anchor: Option<String>,
    is_today: bool,
    /// Whether nothing that was to be then takes place.
    is_called_off: bool,
}

/// The events of a day.
#[derive(Debug, Serialize)]
struct Day {
    anchor: String,
    title: String,
    entries: Vec<Entry>,
}

#[derive(Debug, Serialize)]
struct Entry {
    when: String,
    /// What is said of a time that does not take place.
    called_off: Option<String>,
    card: Card,
}

pub(crate) fn configure(app: &mut web::ServiceConfig) {
    app.route(PATH, web::get().to(agenda));
}

async fn agenda(
    porch: web::Data<Porch>,
    visit: Visit,
    chosen: web::Query<Vec<(String, String)>>,
) -> Result<Answered, Failure> {
    porch
        .shown(visit, move |porch, visit| {
            let view = view(porch, visit, &chosen.into_inner().into_iter().collect())?;
            let leaf = Leaf::new("agenda", &view.title).canonical(format!("{}{PATH}", porch.site.origin));
            leaf.described(view.intro.clone()).fed(view.feeds.clone()).page(porch, visit, &view)
        })
        .await
}

fn view(porch: &Porch, visit: &Visit, chosen: &Draft) -> Result<AgendaView, Failure> {
    let today = dates::in_france(visit.now).date();
    let asked = asked::read(porch, visit, Some(Kind::Event), chosen)?;
    let span = Stretch::of(&asked, chosen, today);
    let query = Query { dates: Some(around(span.period)), limit: EVENTS, sort: Sort::Date, ..asked.query.clone() };
    let found = porch.index.look(&query)?;
    let events = shelf::found(porch, visit, &found)?;
    let mut days = by_day(&events, span.period);
    let cut = if span.is_ahead { cut(&mut days) } else { None };
    let count: usize = days.values().map(Vec::len).sum();
    // Of all that is to come, the month at a glance is the first in which there is something.
    let first = days.keys().next().filter(|_| span.is_ahead).map_or(span.first, |day| first_of(*day));
    let next = cut.map_or(first_of_next(span.first), first_of);
    let link = |month: Date| address(chosen, month);
    let say = |key: &str| porch.say(key);
    Ok(AgendaView {
        title: say("list-event-title"),
        intro: say("list-event-intro"),
        path: PATH,
        create: "/nouveau/evenement",
        create_label: say("create-event"),
        filters: Filters { orders: Vec::new(), ..filters(porch, Some(Kind::Event), (&asked, chosen), &found) },
        summary: porch.words.catalogue().tell("count-event", &[("count", (count as u64).into())]),
        heading: if span.is_ahead { say("agenda-ahead") } else { dates::month(span.first) },
        month: dates::month(first),
        month_value: if span.is_ahead { String::new() } else { month_value(span.first) },
        empty: say(if span.is_ahead { "agenda-empty-ahead" } else { "agenda-empty" }),
        previous: link(first_of(span.first - Duration::DAY)),
        next: (span.first < first_of(today + YEARS)).then(|| link(next)),
        weekdays: WEEK.map(|day| Weekdays { name: dates::weekday(day), short: &dates::weekday(day)[..2] }),
        weeks: weeks(first, today, |day| Some(days.get(&day)?.iter().all(|(span, _)| span.is_called_off))),
        understood: understood(porch, (&asked, false), &found),
        offers: offers(porch, PATH, chosen, &found),
        days: days.iter().map(|(day, spans)| shown_day(porch, (*day, first), spans)).collect(),
        feeds: feeds::links(porch, AGENDA, chosen),
    })
}

/// What an agenda is asked for.
struct Stretch {
    /// The days, the last one not included.
    period: (Date, Date),
    /// The month in which it begins.
    first: Date,
    /// Whether nothing was asked for: all that is to come, whatever the month. On the last day of one, the next begins tomorrow.
    is_ahead: bool,
}

impl Stretch {
    fn of(asked: &Asked, chosen: &Draft, today: Date) -> Self {
        let last = first_of(today + YEARS);
        if let Some(days) = asked.when.days() {
            // Days that were asked for may be of several months.
            let period = days_of(days, today, last);
            return Self { period, first: first_of(period.0).min(last), is_ahead: false };
        }
        let Some(month) = month_of(chosen.one("mois")) else {
            let period = (today, today + Duration::days(366));
            return Self { period, first: first_of(today), is_ahead: true };
        };
        let first = month.min(last);
        let end = first_of_next(first);
        // Of the month that runs, what is still to come; of one that is over, all of it.
        let period = (if end <= today { first } else { first.max(today) }, end);
        Self { period, first, is_ahead: false }
    }
}

type Days<'a> = BTreeMap<Date, Vec<(Span, &'a Shown)>>;

/// Leaves as many of the days as a page shows, and tells the first that is not shown.
fn cut(days: &mut Days<'_>) -> Option<Date> {
    let mut count = 0;
    let first = days.iter().find_map(|(day, spans)| {
        let is_full = count >= AHEAD;
        count += spans.len();
        is_full.then_some(*day)
    })?;
    drop(days.split_off(&first));
    Some(first)
}

/// A period wherever on Earth one is, in seconds since 1970.
fn around((from, until): (Date, Date)) -> (i64, i64) {
    let seconds = |day: Date| day.midnight().as_utc().unix_timestamp();
    (seconds(from) - ZONES.whole_seconds(), seconds(until) + ZONES.whole_seconds())
}

/// The times of events that begin within a period, by day. What began before it and still lasts stands on its first day.
fn by_day(events: &[(Shown, Option<f64>)], (from, until): (Date, Date)) -> Days<'_> {
    let (earliest, latest) = around((from, until));
    let mut days = Days::new();
    for (shown, _) in events {
        let Body::Event(event) = &shown.record.body else { continue };
        for span in event.between(earliest, latest) {
            let begins = span.local.begins.date;
            let ends = span.local.ends.map_or(begins, |end| end.date);
            if begins < until && ends >= from {
                days.entry(begins.max(from)).or_default().push((span, shown));
            }
        }
    }
    days.values_mut().for_each(|day| day.sort_by_key(|(span, shown)| (span.begins, shown.record.title())));
    days
}

/// The days that were asked for: from today on where no first one is told, for a year at most.
fn days_of((from, until): (Option<Date>, Option<Date>), today: Date, last: Date) -> (Date, Date) {
    let from = from.unwrap_or_else(|| until.map_or(today, |until| today.min(until))).min(last);
    let end = from + Duration::days(366);
    (from, until.unwrap_or(end).clamp(from, end))
}

fn shown_day(porch: &Porch, (day, first): (Date, Date), spans: &[(Span, &Shown)]) -> Day {
    // A day of another month has no square.
    let anchor = if first_of(day) == first { anchor(day) } else { format!("jour-{day}") };
    Day {
        anchor,
        title: dates::named_day(day),
        entries: spans.iter().map(|(span, shown)| entry(porch, span, shown)).collect(),
    }
}

/// A time of an event; one that is called off is shown as such, for who counts on it.
fn entry(porch: &Porch, span: &Span, shown: &Shown) -> Entry {
    let (when, card) = (hours(porch, &span.local), Card::undated(porch, shown));
    match span.is_called_off {
        true => Entry { when, called_off: Some(porch.say("agenda-called-off")), card: card.called_off(porch) },
        false => Entry { when, called_off: None, card },
    }
}

/// The weeks of a month, from Monday; what belongs to another month is empty. Of a day with events it is told whether all of them are called
/// off.
fn weeks(first: Date, today: Date, called_off: impl Fn(Date) -> Option<bool>) -> Vec<Vec<Option<Square>>> {
    let before = usize::from(first.weekday().number_days_from_monday());
    let square = |day: Date| Square {
        number: day.day(),
        anchor: called_off(day).map(|_| anchor(day)),
        is_today: day == today,
        is_called_off: called_off(day).unwrap_or_default(),
    };
    let days = (1..=first.month().length(first.year())).filter_map(|day| first.replace_day(day).ok());
    let mut squares: Vec<Option<Square>> = (0..before).map(|_| None).chain(days.map(|day| Some(square(day)))).collect();
    let mut weeks = Vec::new();
    while !squares.is_empty() {
        let rest = squares.split_off(squares.len().min(7));
        squares.resize_with(7, || None);
        weeks.push(std::mem::replace(&mut squares, rest));
    }
    weeks
}

fn anchor(day: Date) -> String {
    format!("jour-{}", day.day())
}

/// The address of another month with the same filters.
fn address(chosen: &Draft, month: Date) -> String {
    let without = [&asked::WHEN[..], &["mois"]].concat();
    format!("{PATH}?{}mois={}", query(chosen, &without), month_value(month))
}

/// The month in which something is, as an address names it.
pub(crate) fn month_of_span(span: &Span) -> String {
    month_value(first_of(span.local.begins.date))
}

fn month_value(month: Date) -> String {
    format!("{:04}-{:02}", month.year(), u8::from(month.month()))
}

/// The first day of the month an address names: `2026-12`.
fn month_of(typed: &str) -> Option<Date> {
    let (year, month) = typed.split_once('-')?;
    let month = Month::try_from(month.parse::<u8>().ok()?).ok()?;
    let year = year.parse().ok().filter(|year| (1970..=9998).contains(year))?;
    Date::from_calendar_date(year, month, 1).ok()
}

fn first_of(day: Date) -> Date {
    day.replace_day(1).unwrap_or(day)
}

fn first_of_next(day: Date) -> Date {
    // A month has 31 days at most.
    first_of(first_of(day) + Duration::days(31))
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn a_month_is_named_and_read() {
        assert_eq!(month_of("2026-12"), Some(date!(2026 - 12 - 01)));
        for bad in ["", "2026", "2026-13", "0-1", "9999-12", "x-y", "2026-12-01"] {
            assert_eq!(month_of(bad), None, "{bad}");
        }
        assert_eq!(first_of_next(date!(2026 - 12 - 31)), date!(2027 - 01 - 01));
        assert_eq!(first_of_next(date!(2027 - 02 - 01)), date!(2027 - 03 - 01));
        assert_eq!(first_of(date!(2026 - 11 - 30)), date!(2026 - 11 - 01));
        let chosen: Draft =
            [("theme", "é"), ("mois", "2026-01")].map(|(a, b)| (a.into(), b.into())).into_iter().collect();
        assert_eq!(address(&chosen, date!(2026 - 03 - 01)), "/agenda?theme=%C3%A9&mois=2026-03");
    }

    #[test]
    fn a_month_at_a_glance_has_whole_weeks() {
        // December 2026 begins on a Tuesday and ends on a Thursday.
        let weeks = weeks(date!(2026 - 12 - 01), date!(2026 - 12 - 05), |day| {
            [24, 26].contains(&day.day()).then(|| day.day() == 26)
        });
        assert_eq!(weeks.iter().map(Vec::len).collect::<Vec<_>>(), [7; 5]);
        assert!(weeks[0][0].is_none() && weeks[0][1].as_ref().unwrap().number == 1);
        assert!(weeks[0][5].as_ref().unwrap().is_today);
        assert_eq!(weeks[3][3].as_ref().unwrap().anchor.as_deref(), Some("jour-24"));
        assert!(!weeks[3][3].as_ref().unwrap().is_called_off);
        let called_off = weeks[3][5].as_ref().unwrap();
        assert!(called_off.is_called_off && called_off.anchor.is_some(), "it is shown, as called off");
        assert!(weeks[4][4].is_none(), "after the 31st");
    }
}
