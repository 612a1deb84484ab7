//! When something is: days and times as the clocks of a place show them, and the rule by which they come again (RFC 5545).
//!
//! Times are kept as people say them, with the zone beside: a weekly meeting at 18 h stays at 18 h when the clocks change.

use crate::draft::{choice, write_date};
use crate::{Draft, Problem, Why};
use rrule::{Frequency, RRule, RRuleSet, Unvalidated};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::{Date, Duration, Time};

/// The zone of those who say none.
pub const PARIS: &str = "Europe/Paris";
/// The zones in which the networks' places lie; a record from elsewhere may name any other.
pub const ZONES: [&str; 12] = [
    PARIS,
    "America/Cayenne",
    "America/Guadeloupe",
    "America/Martinique",
    "America/Miquelon",
    "Indian/Mayotte",
    "Indian/Reunion",
    "Pacific/Gambier",
    "Pacific/Marquesas",
    "Pacific/Noumea",
    "Pacific/Tahiti",
    "Pacific/Wallis",
];
/// The most spans that are told of one event at once, and the most occurrences one may name.
pub const MOST: usize = 400;

const TIME: &[BorrowedFormatItem<'_>] = format_description!("[hour]:[minute]");
const DAY: i64 = 24 * 3600;
/// Among so many beginnings of a rule one is looked for.
const LOOKED_FOR: usize = 10_000;

/// A day, and the time of day where it is not the whole day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Moment {
    /// The day.
    pub date: Date,
    /// Hours and minutes.
    pub time: Option<Time>,
}

/// One time that something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Occurrence {
    /// From when.
    pub begins: Moment,
    /// Until when; the last day is within.
    pub ends: Option<Moment>,
}

/// One time that something is, in seconds since 1970 and as the clocks of its place show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// From then.
    pub begins: i64,
    /// To then; the same where no end is known.
    pub ends: i64,
    /// The same by the clocks there.
    pub local: Occurrence,
    /// Whether this time is called off, while others take place.
    pub is_called_off: bool,
}

/// A recurrence rule of RFC 5545, 3.3.10, without its `RRULE:`. It comes again by days, weeks, months or years.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Recurrence(String);

/// How often something comes again, in a word of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rhythm {
    /// Each week on that day.
    Weekly,
    /// Every second week on that day.
    Fortnightly,
    /// Each month on the same weekday: the second Tuesday.
    MonthlyByWeekday,
    /// Each month on the same date.
    MonthlyByDate,
    /// Each year.
    Yearly,
}

impl Moment {
    /// As RFC 5545 writes it, for the calculation: a whole day begins at midnight.
    fn to_ical(self) -> String {
        let time = self.time.unwrap_or(Time::MIDNIGHT);
        let (year, month, day) = self.date.to_calendar_date();
        format!("{year:04}{:02}{day:02}T{:02}{:02}00", u8::from(month), time.hour(), time.minute())
    }

    pub(crate) fn raise(field: &'static str, date: &str, time: &str) -> Result<Option<Self>, Problem> {
        let mut typed = Draft::default();
        typed.add(field, date);
        let date = typed.date(field)?;
        let wrong = || Problem::new(field, Why::NotATime);
        let time = match time {
            "" => None,
            typed => Some(Time::parse(typed.get(..5).unwrap_or(typed), TIME).map_err(|_| wrong())?),
        };
        match (date, time) {
            (Some(date), time) => Ok(Some(Self { date, time })),
            (None, None) => Ok(None),
            (None, Some(_)) => Err(Problem::new(field, Why::NotADate)),
        }
    }
}

impl Occurrence {
    /// The times that were typed, line by line, in ascending order.
    pub(crate) fn raise_all(draft: &Draft) -> Result<Vec<Self>, Problem> {
        let columns = ["occurrence-date", "occurrence-time", "occurrence-end-date", "occurrence-end-time"];
        let lines = columns.iter().map(|column| draft.all(column).len()).max().unwrap_or_default();
        let line = |at: usize| columns.map(|column| draft.line(column, at));
        let filled = (0..lines).map(line).filter(|typed| typed.iter().any(|cell| !cell.is_empty()));
        let mut all: Vec<Self> = filled.map(Self::raise).collect::<Result<_, _>>()?;
        all.sort();
        all.dedup();
        Ok(all)
    }

    fn raise([date, time, end_date, end_time]: [&str; 4]) -> Result<Self, Problem> {
        let field = "occurrences";
        let begins = Moment::raise(field, date, time)?.ok_or(Problem::new(field, Why::NotADate))?;
        // Who says only until what time means the same day.
        let end_date = if end_date.is_empty() && !end_time.is_empty() { date } else { end_date };
        Ok(Self { begins, ends: Moment::raise(field, end_date, end_time)? })
    }

    pub(crate) fn lower(&self, draft: &mut Draft) {
        draft.add("occurrence-date", write_date(self.begins.date));
        draft.add("occurrence-time", self.begins.time.map(write_time).unwrap_or_default());
        // An hour alone ends on the same day: so the day is changed in one place.
        let other_day = self.ends.filter(|end| end.time.is_none() || end.date != self.begins.date);
        draft.add("occurrence-end-date", other_day.map(|end| write_date(end.date)).unwrap_or_default());
        draft.add("occurrence-end-time", self.ends.and_then(|end| end.time).map(write_time).unwrap_or_default());
    }

    /// The same on another day, written `2026-12-05`.
    fn moved_to(&self, day: &str) -> Option<Self> {
        let mut typed = Draft::default();
        typed.add("day", day);
        let date = typed.date("day").ok().flatten()?;
        let later = date - self.begins.date;
        let moved = |moment: Moment| Some(Moment { date: moment.date.checked_add(later)?, ..moment });
        Some(Self { begins: moved(self.begins)?, ends: self.ends.and_then(moved) })
    }

    /// Whether it has no time of day: it lasts whole days.
    pub fn is_whole_days(&self) -> bool {
        self.begins.time.is_none()
    }

    fn check(&self) -> Result<(), Problem> {
        let order = |moment: Moment| (moment.date, moment.time);
        let is_early = |end: Moment| match (self.begins.time, end.time) {
            (Some(_), Some(_)) => order(end) < order(self.begins),
            _ => end.date < self.begins.date,
        };
        match self.ends {
            Some(end) if is_early(end) => Err(Problem::new("occurrences", Why::TooEarly)),
            // An end at some time of a day that has no beginning, or the reverse, is half said.
            Some(end) if self.begins.time.is_none() && end.time.is_some() => {
                Err(Problem::new("occurrences", Why::NotATime))
            }
            _ => Ok(()),
        }
    }

    /// How long it lasts on the clock, in seconds; a whole day as such.
    fn lasts(&self) -> i64 {
        let days = |end: Date| (end - self.begins.date).whole_days() * DAY;
        let of_day = |time: Option<Time>| time.map_or(0, |time| (time - Time::MIDNIGHT).whole_seconds());
        match (self.begins.time, self.ends) {
            (None, end) => days(end.map_or(self.begins.date, |end| end.date)) + DAY,
            (Some(_), None) => 0,
            (Some(begins), Some(Moment { date, time: Some(time) })) => {
                days(date) + of_day(Some(time)) - of_day(Some(begins))
            }
            (Some(begins), Some(Moment { date, time: None })) => days(date) + DAY - of_day(Some(begins)),
        }
    }
}

impl Rhythm {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Weekly, Self::Fortnightly, Self::MonthlyByWeekday, Self::MonthlyByDate, Self::Yearly];

    /// Its word in forms.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Weekly => "weekly",
            Self::Fortnightly => "fortnightly",
            Self::MonthlyByWeekday => "monthly-by-weekday",
            Self::MonthlyByDate => "monthly-by-date",
            Self::Yearly => "yearly",
        }
    }

    /// Undoes [`Rhythm::as_str`].
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rhythm| rhythm.as_str() == word)
    }

    /// The rule for something that is first on a day.
    fn rule(self, first: Date) -> String {
        let weekday = &first.weekday().to_string().to_uppercase()[..2];
        match self {
            Self::Weekly => "FREQ=WEEKLY".to_owned(),
            Self::Fortnightly => "FREQ=WEEKLY;INTERVAL=2".to_owned(),
            // The fifth is the last: else some months would have none.
            Self::MonthlyByWeekday if first.day() > 28 => format!("FREQ=MONTHLY;BYDAY=-1{weekday}"),
            Self::MonthlyByWeekday => format!("FREQ=MONTHLY;BYDAY={}{weekday}", first.day().div_ceil(7)),
            Self::MonthlyByDate => "FREQ=MONTHLY".to_owned(),
            Self::Yearly => "FREQ=YEARLY".to_owned(),
        }
    }
}

impl Recurrence {
    /// The longest rule.
    pub const LENGTH: usize = 250;
    /// The word of a form for a rule that none of [`Rhythm`] says; the rule itself stands beside it.
    pub const OTHER: &'static str = "other";

    /// Reads a rule. Whether it fits a beginning is [`check`]'s to say.
    pub fn read(rule: &str) -> Option<Self> {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "=;,+-".contains(c);
        let parsed: RRule<Unvalidated> =
            Some(rule).filter(|rule| rule.len() <= Self::LENGTH && rule.chars().all(is_plain))?.parse().ok()?;
        let often = [Frequency::Daily, Frequency::Weekly, Frequency::Monthly, Frequency::Yearly];
        let is_calm = parsed.get_by_hour().len() + parsed.get_by_minute().len() + parsed.get_by_second().len() == 0;
        (often.contains(&parsed.get_freq()) && is_calm).then(|| Self(rule.to_owned()))
    }

    /// The rule, as RFC 5545 writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// How often it comes again, if a form has a word for it, for something that is first on a day.
    pub fn rhythm(&self, first: Date) -> Option<Rhythm> {
        let (rule, _) = self.parts();
        Rhythm::ALL.into_iter().find(|rhythm| rhythm.rule(first) == rule)
    }

    /// The last day on which it may come again, if there is one.
    pub fn until(&self) -> Option<Date> {
        let (_, until) = self.parts();
        let mut typed = Draft::default();
        let digits = until?.get(..8)?;
        typed.add("until", format!("{}-{}-{}", digits.get(..4)?, digits.get(4..6)?, digits.get(6..)?));
        typed.date("until").ok().flatten()
    }

    /// The rule without its end, and its end.
    fn parts(&self) -> (String, Option<&str>) {
        let (mut rule, mut until) = (Vec::new(), None);
        for part in self.0.split(';') {
            match part.strip_prefix("UNTIL=") {
                Some(day) => until = Some(day),
                None => rule.push(part),
            }
        }
        (rule.join(";"), until)
    }

    pub(crate) fn raise(draft: &Draft, first: Option<&Occurrence>, zone: &str) -> Result<Option<Self>, Problem> {
        let (typed, wrong) = (draft.one("repeats"), Problem::new("repeats", Why::NotARule));
        let (Some(first), false) = (first, typed.is_empty()) else { return Ok(None) };
        if typed == Self::OTHER {
            return Self::read(draft.one("rule")).map(Some).ok_or(wrong);
        }
        let Some(rhythm) = choice("repeats", typed, Rhythm::named)? else { return Ok(None) };
        let rule = rhythm.rule(first.begins.date);
        let Some(until) = draft.date("repeats-until")? else { return Ok(Self::read(&rule)) };
        if until < first.begins.date {
            return Err(Problem::new("repeats-until", Why::TooEarly));
        }
        // The rule's end is said in UTC (RFC 5545, 3.3.10), and the whole of its day is meant.
        let last = Moment { date: until, time: Time::from_hms(23, 59, 0).ok() };
        let last = begin(last, zone).ok_or(Problem::new("zone", Why::NotInList))?;
        Self::read(&format!("{rule};UNTIL={}", write_utc(last).ok_or(wrong.clone())?)).map(Some).ok_or(wrong)
    }

    pub(crate) fn lower(&self, draft: &mut Draft) {
        let mut first = Draft::default();
        first.add("first", draft.one("occurrence-date"));
        let first = first.date("first").ok().flatten();
        match first.and_then(|first| self.rhythm(first)) {
            Some(rhythm) => draft.add("repeats", rhythm.as_str()),
            None => {
                draft.add("repeats", Self::OTHER);
                draft.add("rule", &self.0);
            }
        }
        draft.add_given("repeats-until", self.until().map(write_date));
    }
}

/// Whether occurrences are times that can be, and their rule one that ends in reasonable time.
pub(crate) fn check(all: &[Occurrence], recurrence: Option<&Recurrence>, zone: &str) -> Result<(), Problem> {
    let Some(first) = all.first() else { return Err(Problem::new("occurrences", Why::Missing)) };
    crate::problem::few("occurrences", all.len(), MOST)?;
    all.iter().try_for_each(Occurrence::check)?;
    let noon = Moment { date: first.begins.date, time: Time::from_hms(12, 0, 0).ok() };
    if begin(noon, zone).is_none() {
        return Err(Problem::new("zone", Why::NotInList));
    }
    // In the hour that is left out when the clocks go forward, nothing begins.
    if !all.iter().all(|one| begin(one.begins, zone).is_some()) {
        return Err(Problem::new("occurrences", Why::NotATime));
    }
    match recurrence {
        Some(rule) if set(first.begins, zone, rule.as_str()).is_none() => Err(Problem::new("repeats", Why::NotARule)),
        _ => Ok(()),
    }
}

/// The spans that touch a time, of all occurrences and of what comes again of the first.
pub(crate) fn between(
    (all, recurrence): (&[Occurrence], Option<&Recurrence>),
    zone: &str,
    (from, until): (i64, i64),
) -> Vec<Span> {
    let touches = |span: &Span| span.begins < until && (span.ends > from || span.begins >= from);
    let span =
        |begins: i64, local: Occurrence| Span { begins, ends: begins + local.lasts(), local, is_called_off: false };
    let named = all.iter().filter_map(|one| Some(span(begin(one.begins, zone)?, *one)));
    let again = all.first().zip(recurrence).into_iter().flat_map(|(first, rule)| {
        let begins = set(first.begins, zone, rule.as_str()).map(|set| begins_of(&set, from - first.lasts(), until));
        begins.into_iter().flatten().filter_map(move |(begins, day)| Some(span(begins, first.moved_to(&day)?)))
    });
    named.chain(again).filter(touches).collect()
}

/// The times that begin on one of these days, of all occurrences and of what comes again of the first. The rule is walked once.
pub(crate) fn on(
    (all, recurrence): (&[Occurrence], Option<&Recurrence>),
    zone: &str,
    days: &BTreeSet<Date>,
) -> Vec<Occurrence> {
    let named = all.iter().filter(|one| days.contains(&one.begins.date)).copied();
    let wanted: BTreeSet<String> = days.iter().copied().map(write_date).collect();
    let again = all.first().zip(recurrence).zip(wanted.last()).into_iter().flat_map(|((first, rule), last)| {
        let set = set(first.begins, zone, rule.as_str());
        let days = set.into_iter().flat_map(|set| {
            let days = (&set).into_iter().take(LOOKED_FOR).map(|begins| begins.date_naive().to_string());
            days.take_while(|day| day <= last).filter(|day| wanted.contains(day)).collect::<Vec<_>>()
        });
        days.filter_map(|day| first.moved_to(&day)).collect::<Vec<_>>()
    });
    let mut times: Vec<Occurrence> = named.chain(again).collect();
    times.sort();
    times.dedup();
    times
}

/// The beginnings of a rule from a time until another, each with its day there: at most [`MOST`].
fn begins_of(set: &RRuleSet, from: i64, until: i64) -> Vec<(i64, String)> {
    let all = set.into_iter().take(LOOKED_FOR).map(|begins| (begins.timestamp(), begins.date_naive()));
    let within = all.skip_while(|(begins, _)| *begins < from).take_while(|(begins, _)| *begins < until);
    within.take(MOST).map(|(begins, day)| (begins, day.to_string())).collect()
}

/// When a moment begins; `None` in a zone nobody knows, or in an hour that is left out.
fn begin(moment: Moment, zone: &str) -> Option<i64> {
    Some(set(moment, zone, "FREQ=DAILY;COUNT=1")?.get_dt_start().timestamp())
}

fn set(first: Moment, zone: &str, rule: &str) -> Option<RRuleSet> {
    let text = format!("DTSTART;TZID={zone}:{}\nRRULE:{rule}", first.to_ical());
    // It looks at a hundred thousand days at most: a rule that never holds ends.
    is_zone(zone).then(|| text.parse::<RRuleSet>().ok()).flatten().map(RRuleSet::limit)
}

/// Whether it can be the name of a zone; that one has this name is for the calculation to say.
fn is_zone(zone: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/_+-".contains(c);
    (1..=64).contains(&zone.len()) && zone.chars().all(is_plain)
}

pub(crate) fn write_time(time: Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

/// A time in UTC as RFC 5545 writes it.
fn write_utc(at: i64) -> Option<String> {
    let at = time::UtcDateTime::from_unix_timestamp(at).ok()? + Duration::ZERO;
    Some(format!("{}Z", Moment { date: at.date(), time: Some(at.time()) }.to_ical()))
}
