//! When an event is, in words.

use crate::porch::Porch;
use pes_domain::event::{Event, State};
use pes_domain::occurrence::{Occurrence, Recurrence};
use pes_words::dates;
use serde::Serialize;
use time::{Duration, UtcDateTime};

/// How far ahead the next time is looked for.
const AHEAD: Duration = Duration::days(400);

/// Times that are called off, and what is said before them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct CalledOff {
    pub(crate) label: String,
    pub(crate) times: Vec<String>,
}

/// All times of an event, each with whether it is called off; and the words for its rule.
pub(crate) fn times_of(porch: &Porch, event: &Event) -> Vec<(String, bool)> {
    let time = |one: &Occurrence| (when(porch, one), event.is_called_off(one.begins));
    let mut all: Vec<(String, bool)> = event.occurrences.iter().map(time).collect();
    if let Some(first) = event.occurrences.first() {
        all.extend(event.recurrence.as_ref().map(|rule| (again(porch, rule, first), false)));
    }
    all
}

/// What is called off of what comes again, as far ahead as times are told: what is named by itself says so beside it.
pub(crate) fn called_off_of(porch: &Porch, event: &Event, now: UtcDateTime) -> Vec<(String, bool)> {
    let ahead = event.between(now.unix_timestamp(), (now + AHEAD).unix_timestamp());
    let spans = ahead.into_iter().filter(|span| span.is_called_off && !event.occurrences.contains(&span.local));
    spans.map(|span| (when(porch, &span.local), true)).collect()
}

/// The next times that do not take place, with what is said before them; nothing where the whole does not.
pub(crate) fn next_called_off(porch: &Porch, event: &Event, now: UtcDateTime) -> Option<CalledOff> {
    let spans = if event.state == State::Planned { event.called_off_next(now.unix_timestamp()) } else { Vec::new() };
    let gaps = [("count", (spans.len() as u64).into())];
    // Where it may be there twice a day, the hour tells which.
    let is_day_enough = event.occurrences.len() == 1;
    let time = |one: &Occurrence| if is_day_enough { dates::named_day(one.begins.date) } else { when(porch, one) };
    (!spans.is_empty()).then(|| CalledOff {
        label: porch.words.catalogue().tell("called-off-dates", &gaps),
        times: spans.iter().map(|span| time(&span.local)).collect(),
    })
}

/// The next time of an event, or its last where all are over; with what became of it.
pub(crate) fn next_of(porch: &Porch, event: &Event, now: UtcDateTime) -> Option<String> {
    let from = now.unix_timestamp();
    let next = event.held_between(from, from + AHEAD.whole_seconds()).first().map(|span| span.local);
    let next = next.or(event.occurrences.last().copied())?;
    let when = when(porch, &next);
    let state = if event.is_called_off(next.begins) { State::Cancelled } else { event.state };
    Some(match state {
        State::Planned => when,
        state => porch.words.catalogue().tell(&format!("when-{}", state.notation()), &[("when", when.into())]),
    })
}

/// One time: *samedi 5 décembre 2026, de 18 h à 20 h 30*.
pub(crate) fn when(porch: &Porch, one: &Occurrence) -> String {
    let tell = |key: &str, gaps: &[(&'static str, String)]| {
        let gaps: Vec<_> = gaps.iter().map(|(gap, value)| (*gap, value.as_str().into())).collect();
        porch.words.catalogue().tell(key, &gaps)
    };
    let day = dates::named_day(one.begins.date);
    let later = one.ends.filter(|end| end.date != one.begins.date).map(|end| dates::named_day(end.date));
    let (from, to) = (one.begins.time.map(dates::time), one.ends.and_then(|end| end.time).map(dates::time));
    match (from, later, to) {
        (None, None, _) => day,
        (None, Some(until), _) => tell("when-days", &[("day", day), ("until", until)]),
        (Some(from), None, None) => tell("when-at", &[("day", day), ("from", from)]),
        (Some(from), None, Some(to)) => tell("when-from-to", &[("day", day), ("from", from), ("to", to)]),
        (Some(from), Some(until), to) => {
            let until = to.map_or(until.clone(), |to| tell("when-at", &[("day", until), ("from", to)]));
            let day = tell("when-at", &[("day", day), ("from", from)]);
            tell("when-days", &[("day", day), ("until", until)])
        }
    }
}

/// The hours of one time under the heading of its day: *de 18 h à 20 h 30*; whole where it lasts for days.
pub(crate) fn hours(porch: &Porch, one: &Occurrence) -> String {
    let is_one_day = one.ends.is_none_or(|end| end.date == one.begins.date);
    let (from, to) = (one.begins.time.map(dates::time), one.ends.and_then(|end| end.time).map(dates::time));
    match (is_one_day, from, to) {
        (false, ..) => when(porch, one),
        (true, None, _) => porch.say("all-day"),
        (true, Some(from), None) => porch.words.catalogue().tell("hours-at", &[("from", from.into())]),
        (true, Some(from), Some(to)) => {
            porch.words.catalogue().tell("hours-from-to", &[("from", from.into()), ("to", to.into())])
        }
    }
}

/// By which rule it comes again: *chaque semaine, jusqu’au 30 juin 2027*.
fn again(porch: &Porch, rule: &Recurrence, first: &Occurrence) -> String {
    let rhythm = rule.rhythm(first.begins.date).map_or(Recurrence::OTHER, pes_domain::occurrence::Rhythm::as_str);
    let words = porch.say(&format!("again-{rhythm}"));
    match rule.until() {
        None => words,
        Some(day) => {
            let gaps = [("again", words.into()), ("day", dates::day(day).into())];
            porch.words.catalogue().tell("again-until", &gaps)
        }
    }
}
