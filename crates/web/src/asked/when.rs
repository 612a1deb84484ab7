//! The time that a list is narrowed to: of events, when they take place; of all else, since when it has been published.

use pes_domain::{Draft, Kind, Problem};
use pes_search::{Facet, Query};
use pes_words::dates::in_france;
use time::{Date, Duration, UtcDateTime};

/// What addresses call the periods of events, and those of all else.
const AHEAD: [&str; 3] = ["aujourdhui", "semaine", "mois"];
const SINCE: [(&str, i64); 3] = [("semaine", 7), ("mois", 30), ("annee", 365)];
/// The names of what is chosen. A month of the agenda has a name of its own, `mois`.
pub(crate) const FIELDS: [&str; 4] = ["quand", "depuis", "du", "au"];

/// When.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct When {
    /// What the choice is called in addresses, and what may be chosen: each with the days it has, the last one not included.
    pub(crate) name: &'static str,
    pub(crate) periods: Vec<(&'static str, Date, Option<Date>)>,
    /// What was chosen of them.
    pub(crate) chosen: Option<&'static str>,
    /// The days that were typed; the last one included.
    pub(crate) typed: Option<(Option<Date>, Option<Date>)>,
    /// What is wrong with them.
    pub(crate) problem: Option<Problem>,
}

impl When {
    /// What was chosen of a list. What makes no sense is no time.
    pub(crate) fn read(kind: Option<Kind>, chosen: &Draft, now: UtcDateTime) -> Self {
        let today = in_france(now).date();
        match kind {
            Some(Kind::Event) => Self::ahead(chosen, today),
            // Of everything together, what is still to come was not over since.
            None | Some(_) => Self::since(chosen, today),
        }
    }

    fn ahead(chosen: &Draft, today: Date) -> Self {
        let days_left = 7 - i64::from(today.weekday().number_days_from_monday());
        let next_month = today.replace_day(1).unwrap_or(today) + Duration::days(31);
        let ends =
            [today + Duration::DAY, today + Duration::days(days_left), next_month.replace_day(1).unwrap_or(next_month)];
        let periods: Vec<_> = AHEAD.into_iter().zip(ends).map(|(name, end)| (name, today, Some(end))).collect();
        let asked = chosen.one("quand");
        let (typed, problem) = match (chosen.date("du"), chosen.date("au")) {
            (Ok(None), Ok(None)) => (None, None),
            (Ok(from), Ok(until)) if from.zip(until).is_none_or(|(from, until)| from <= until) => {
                (Some((from, until)), None)
            }
            (Ok(_), Ok(_)) => (None, Some(Problem::new("au", pes_domain::Why::TooEarly))),
            (Err(problem), _) | (_, Err(problem)) => (None, Some(problem)),
        };
        // Days that were typed say more than a name.
        let chosen = AHEAD.into_iter().find(|name| *name == asked && typed.is_none() && problem.is_none());
        Self { name: "quand", periods, chosen, typed, problem }
    }

    fn since(chosen: &Draft, today: Date) -> Self {
        let asked = chosen.one("depuis");
        Self {
            name: "depuis",
            periods: SINCE.into_iter().map(|(name, days)| (name, today - Duration::days(days), None)).collect(),
            chosen: SINCE.into_iter().map(|(name, _)| name).find(|name| *name == asked),
            ..Self::default()
        }
    }

    /// The days that are asked for, the last one not included; nothing where none are.
    pub(crate) fn days(&self) -> Option<(Option<Date>, Option<Date>)> {
        if let Some((from, until)) = self.typed {
            return Some((from, until.and_then(Date::next_day)));
        }
        let (_, from, until) = self.periods.iter().find(|(name, ..)| Some(*name) == self.chosen)?;
        Some((Some(*from), *until))
    }

    /// Narrows a query, and has the periods counted.
    pub(crate) fn narrow(&self, query: &mut Query) {
        let seconds = |(from, until): (Option<Date>, Option<Date>)| {
            (from.map_or(i64::MIN, begins), until.map_or(i64::MAX, begins))
        };
        query.dates = self.days().map(seconds);
        if !self.periods.is_empty() {
            let period = |(name, from, until): &(&str, Date, Option<Date>)| {
                let (from, until) = seconds((Some(*from), *until));
                ((*name).to_owned(), from, until)
            };
            query.periods = self.periods.iter().map(period).collect();
            query.counted.push(Facet::Date);
        }
    }
}

/// When a day begins in continental France, in seconds since 1970.
fn begins(day: Date) -> i64 {
    let midnight = day.midnight().as_utc();
    // Clocks change in the small hours: at noon the offset may be another.
    let offset = in_france(midnight - Duration::hours(2)).offset();
    midnight.unix_timestamp() - i64::from(offset.whole_seconds())
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::{date, utc_datetime};

    const SATURDAY: UtcDateTime = utc_datetime!(2026-11-28 08:30);

    fn read(kind: Option<Kind>, fields: &[(&str, &str)]) -> When {
        When::read(
            kind,
            &fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            SATURDAY,
        )
    }

    fn event(fields: &[(&str, &str)]) -> When {
        read(Some(Kind::Event), fields)
    }

    #[test]
    fn events_are_asked_for_by_day_week_and_month() {
        let days = |name: &str| event(&[("quand", name)]).days();
        let today = Some(date!(2026 - 11 - 28));
        assert_eq!(days("aujourdhui"), Some((today, Some(date!(2026 - 11 - 29)))));
        assert_eq!(days("semaine"), Some((today, Some(date!(2026 - 11 - 30)))), "until Sunday");
        assert_eq!(days("mois"), Some((today, Some(date!(2026 - 12 - 01)))));
        for odd in ["", "annee", "x"] {
            assert_eq!(days(odd), None, "{odd}");
        }
    }

    #[test]
    fn days_that_were_typed_come_before_a_name_and_may_be_wrong() {
        let typed = event(&[("quand", "semaine"), ("du", "2026-12-01"), ("au", "24/12/2026")]);
        assert_eq!(typed.days(), Some((Some(date!(2026 - 12 - 01)), Some(date!(2026 - 12 - 25)))));
        assert_eq!(event(&[("au", "2026-12-24")]).days(), Some((None, Some(date!(2026 - 12 - 25)))));
        for (from, until) in [("x", ""), ("", "2026-13-01"), ("2026-12-02", "2026-12-01")] {
            let wrong = event(&[("quand", "mois"), ("du", from), ("au", until)]);
            assert!(wrong.problem.is_some() && wrong.days().is_none(), "{from} {until}");
        }
        assert_eq!(event(&[("au", "9999-12-31")]).days(), Some((None, None)), "there is no day after it");
    }

    #[test]
    fn all_else_is_asked_for_since_when_and_everything_for_nothing() {
        let fresh = read(Some(Kind::Exchange), &[("depuis", "semaine"), ("du", "2026-12-01")]);
        assert_eq!(fresh.days(), Some((Some(date!(2026 - 11 - 21)), None)));
        assert_eq!(read(Some(Kind::Exchange), &[("quand", "mois")]).days(), None);
        let everything = read(None, &[("quand", "mois"), ("depuis", "mois")]);
        assert_eq!(everything.days(), Some((Some(date!(2026 - 10 - 29)), None)));
    }

    #[test]
    fn a_day_begins_by_the_clocks_of_france() {
        assert_eq!(begins(date!(2026 - 11 - 28)), utc_datetime!(2026-11-27 23:00).unix_timestamp());
        assert_eq!(begins(date!(2026 - 07 - 14)), utc_datetime!(2026-07-13 22:00).unix_timestamp());
        assert_eq!(begins(date!(2027 - 03 - 28)), utc_datetime!(2027-03-27 23:00).unix_timestamp());
        assert_eq!(begins(date!(2027 - 03 - 29)), utc_datetime!(2027-03-28 22:00).unix_timestamp());
    }
}
