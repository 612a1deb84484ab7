//! Times of an event that are called off, one by one, while the others take place.
//!
//! A time is known by its beginning on the clocks of its place, so it stays the same one when the clocks change. What is called off is a time of
//! the event: a draft that names another is refused, and never guessed at.

use crate::draft::write_date;
use crate::occurrence::{self, Moment, Occurrence, Recurrence, Span};
use crate::{Draft, Problem, Why};
use std::collections::BTreeSet;
use time::Duration;

/// The form's field: a day, or a day and its hour as browsers write them (`2026-12-05T18:00`); once for each time.
pub const FIELD: &str = "called-off";
/// How far ahead times are proposed, and told where not all can be.
pub const AHEAD: Duration = Duration::days(400);
/// The most days on which something may be called off: more would not fit into a payload beside the rest.
pub const MOST: usize = 200;
/// The most times that are proposed at once.
const PROPOSED: usize = 60;

/// A time that may be called off, or is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// When.
    pub time: Occurrence,
    /// What a form sends for it.
    pub value: String,
    /// Whether it is called off.
    pub is_chosen: bool,
    /// Whether it is a time of the event; it may have been one.
    pub is_time: bool,
}

/// An event's times, their rule and their zone.
pub(crate) type When<'a> = ((&'a [Occurrence], Option<&'a Recurrence>), &'a str);

/// The beginnings that are called off, in ascending order. A day without its hour means all that begins on it; where the hour was changed, the
/// one time of that day is meant. What lies before the first time is over, and dropped.
///
/// # Errors
/// [`Why::NotADate`], [`Why::NotATime`]; [`Why::NotAmongTimes`] for what is no time of the event; [`Why::TooMany`].
pub(crate) fn raise(draft: &Draft, when: When<'_>) -> Result<Vec<Moment>, Problem> {
    let typed = typed(draft)?;
    crate::problem::few(FIELD, typed.len(), MOST)?;
    let times = times_of(&typed, when);
    let mut all = Vec::new();
    for moment in typed {
        let meant = meant(moment, &times, when).ok_or(Problem::new(FIELD, Why::NotAmongTimes))?;
        all.extend(meant.into_iter().map(|time| time.begins));
    }
    all.sort();
    all.dedup();
    Ok(all)
}

pub(crate) fn lower(all: &[Moment], draft: &mut Draft) {
    all.iter().for_each(|moment| draft.add(FIELD, write(*moment)));
}

/// Whether no more is called off than an event may name.
pub(crate) fn check(all: &[Moment]) -> Result<(), Problem> {
    let days: BTreeSet<_> = all.iter().map(|moment| moment.date).collect();
    crate::problem::few(FIELD, days.len(), MOST)
}

/// What a form proposes to call off: the next times from `now` on (seconds since 1970) of what was typed, and all that was chosen already. Nothing
/// where there is only one time: then the whole event is called off.
pub fn choices(draft: &Draft, now: i64) -> Vec<Choice> {
    let zone = draft.text("zone").unwrap_or_else(|| occurrence::PARIS.to_owned());
    let Ok(all) = Occurrence::raise_all(draft) else { return Vec::new() };
    let Ok(rule) = Recurrence::raise(draft, all.first(), &zone) else { return Vec::new() };
    let when = ((all.as_slice(), rule.as_ref()), zone.as_str());
    if occurrence::check(&all, rule.as_ref(), &zone).is_err() {
        return Vec::new();
    }
    let (chosen, lost) = chosen(draft, when);
    let mut ahead = occurrence::between(when.0, when.1, (now, now + AHEAD.whole_seconds()));
    ahead.sort();
    ahead.dedup_by_key(|span: &mut Span| span.local.begins);
    if ahead.len() + chosen.len() + lost.len() < 2 {
        return Vec::new();
    }
    let choice = |time: Occurrence, is_time: bool| Choice {
        time,
        value: write(time.begins),
        is_chosen: !is_time || chosen.contains(&time),
        is_time,
    };
    let ahead = ahead.iter().take(PROPOSED).map(|span| span.local);
    let mut told: Vec<Choice> = ahead.chain(chosen.clone()).map(|time| choice(time, true)).collect();
    told.extend(lost.into_iter().map(|begins| choice(Occurrence { begins, ends: None }, false)));
    told.sort_by_key(|one| one.time);
    told.dedup_by_key(|one| one.value.clone());
    told
}

/// The times that were chosen; and what was, and is no time of the event.
fn chosen(draft: &Draft, when: When<'_>) -> (Vec<Occurrence>, Vec<Moment>) {
    let typed: Vec<Moment> =
        draft.all(FIELD).iter().take(MOST).filter_map(|typed| read(typed).ok().flatten()).collect();
    let times = times_of(&typed, when);
    let (mut chosen, mut lost) = (Vec::new(), Vec::new());
    for moment in typed {
        match meant(moment, &times, when) {
            Some(meant) => chosen.extend(meant),
            None => lost.push(moment),
        }
    }
    (chosen, lost)
}

fn typed(draft: &Draft) -> Result<Vec<Moment>, Problem> {
    let all: Result<Vec<Option<Moment>>, Problem> = draft.all(FIELD).iter().map(|typed| read(typed)).collect();
    Ok(all?.into_iter().flatten().collect())
}

fn read(typed: &str) -> Result<Option<Moment>, Problem> {
    let (date, time) = typed.trim().split_once('T').unwrap_or((typed.trim(), ""));
    Moment::raise(FIELD, date, time)
}

fn write(moment: Moment) -> String {
    let date = write_date(moment.date);
    moment.time.map_or(date.clone(), |time| format!("{date}T{}", occurrence::write_time(time)))
}

/// The event's times on the days that were named: the rule is walked once, however many they are.
fn times_of(typed: &[Moment], ((all, rule), zone): When<'_>) -> Vec<Occurrence> {
    occurrence::on((all, rule), zone, &typed.iter().map(|moment| moment.date).collect())
}

/// The times that are meant by a moment: none where it lies before all of them; `None` where it is none of them.
fn meant(moment: Moment, times: &[Occurrence], ((all, _), _): When<'_>) -> Option<Vec<Occurrence>> {
    let of_day = || times.iter().filter(|time| time.begins.date == moment.date).copied();
    let exact: Vec<Occurrence> = of_day().filter(|time| time.begins == moment).collect();
    if !exact.is_empty() {
        return Some(exact);
    }
    let beginnings: BTreeSet<Moment> = of_day().map(|time| time.begins).collect();
    if beginnings.len() == 1 || (moment.time.is_none() && !beginnings.is_empty()) {
        return Some(of_day().collect());
    }
    let is_over = all.first().is_some_and(|first| moment.date < first.begins.date);
    is_over.then(Vec::new)
}
