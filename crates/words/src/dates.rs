//! Days and times as the French write them. Times are said in the time zone of continental France.

use time::{Date, Month, OffsetDateTime, UtcDateTime, UtcOffset, Weekday};

const MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

/// A day: *24 novembre 2026*, *1er mai 2027*.
pub fn day(date: Date) -> String {
    let month = MONTHS[usize::from(u8::from(date.month())) - 1];
    match date.day() {
        1 => format!("1er {month} {}", date.year()),
        day => format!("{day} {month} {}", date.year()),
    }
}

/// A day with its name: *samedi 5 décembre 2026*.
pub fn named_day(date: Date) -> String {
    format!("{} {}", weekday(date.weekday()), day(date))
}

/// The name of a day of the week.
pub fn weekday(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Monday => "lundi",
        Weekday::Tuesday => "mardi",
        Weekday::Wednesday => "mercredi",
        Weekday::Thursday => "jeudi",
        Weekday::Friday => "vendredi",
        Weekday::Saturday => "samedi",
        Weekday::Sunday => "dimanche",
    }
}

/// A month: *décembre 2026*.
pub fn month(date: Date) -> String {
    format!("{} {}", MONTHS[usize::from(u8::from(date.month())) - 1], date.year())
}

/// A time of day: *18 h*, *18 h 30*.
pub fn time(time: time::Time) -> String {
    match time.minute() {
        0 => format!("{} h", time.hour()),
        minute => format!("{} h {minute:02}", time.hour()),
    }
}

/// A moment: *24 novembre 2026 à 14 h 05*.
pub fn moment(at: UtcDateTime) -> String {
    let local = in_france(at);
    format!("{} à {} h {:02}", day(local.date()), local.hour(), local.minute())
}

/// The same, of seconds since 1970 as rows keep them.
pub fn moment_at(seconds: i64) -> String {
    moment(UtcDateTime::from_unix_timestamp(seconds).unwrap_or(UtcDateTime::UNIX_EPOCH))
}

/// The day of a moment.
pub fn day_of(at: UtcDateTime) -> String {
    day(in_france(at).date())
}

/// A moment by the clocks of continental France.
pub fn in_france(at: UtcDateTime) -> OffsetDateTime {
    let hours = if is_summer(at) { 2 } else { 1 };
    let offset = UtcOffset::from_hms(hours, 0, 0).expect("one or two hours are an offset");
    // In the last hours of the last year that can be written, clocks stand still.
    OffsetDateTime::from(at).checked_to_offset(offset).unwrap_or_else(|| at.into())
}

/// Directive 2000/84/EC: summer time lasts from 1:00 UTC on the last Sunday of March to 1:00 UTC on that of October.
fn is_summer(at: UtcDateTime) -> bool {
    let change = |month: Month| {
        let last = Date::from_calendar_date(at.year(), month, 31).expect("March and October have 31 days");
        let back = i64::from(last.weekday().number_days_from_sunday());
        let sunday = last - time::Duration::days(back);
        debug_assert_eq!(sunday.weekday(), Weekday::Sunday);
        UtcDateTime::new(sunday, time::Time::MIDNIGHT + time::Duration::hours(1))
    };
    at >= change(Month::March) && at < change(Month::October)
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::{date, utc_datetime};

    #[test]
    fn days_are_written_as_one_says_them() {
        assert_eq!(day(date!(2026 - 11 - 24)), "24 novembre 2026");
        assert_eq!(day(date!(2027 - 05 - 01)), "1er mai 2027");
    }

    #[test]
    fn a_row_s_seconds_are_a_moment_and_nonsense_is_no_panic() {
        let at = utc_datetime!(2026-11-24 13:05);
        assert_eq!(moment_at(at.unix_timestamp()), moment(at));
        assert_eq!(moment_at(i64::MAX), moment(UtcDateTime::UNIX_EPOCH));
    }

    #[test]
    fn a_day_has_a_name_and_an_hour_no_idle_minutes() {
        assert_eq!(named_day(date!(2026 - 12 - 05)), "samedi 5 décembre 2026");
        assert_eq!(named_day(date!(2027 - 03 - 01)), "lundi 1er mars 2027");
        let week: Vec<_> =
            (2..=5).map(|day| weekday(date!(2026 - 12 - 01).replace_day(day).unwrap().weekday())).collect();
        assert_eq!(week, ["mercredi", "jeudi", "vendredi", "samedi"]);
        assert_eq!(weekday(Weekday::Tuesday), "mardi");
        assert_eq!(weekday(Weekday::Sunday), "dimanche");
        assert_eq!(month(date!(2026 - 08 - 01)), "août 2026");
        assert_eq!([time(time::macros::time!(18:00)), time(time::macros::time!(9:05))], ["18 h", "9 h 05"]);
    }

    #[test]
    fn clocks_change_on_the_last_sundays_of_march_and_october() {
        assert_eq!(moment(utc_datetime!(2026-03-29 00:59)), "29 mars 2026 à 1 h 59");
        assert_eq!(moment(utc_datetime!(2026-03-29 01:00)), "29 mars 2026 à 3 h 00");
        assert_eq!(moment(utc_datetime!(2026-10-25 00:59)), "25 octobre 2026 à 2 h 59");
        assert_eq!(moment(utc_datetime!(2026-10-25 01:00)), "25 octobre 2026 à 2 h 00");
    }

    #[test]
    fn no_time_is_too_late_or_too_early_to_be_said() {
        assert_eq!(moment(utc_datetime!(9999-12-31 23:59:59)), "31 décembre 9999 à 23 h 59");
        assert_eq!(day_of(UtcDateTime::MIN), format!("1er janvier {}", UtcDateTime::MIN.year()));
        assert_eq!(day_of(UtcDateTime::MAX).split(' ').count(), 3);
    }

    #[test]
    fn late_in_the_evening_it_is_already_the_next_day() {
        assert_eq!(day_of(utc_datetime!(2026-12-31 23:30)), "1er janvier 2027");
    }
}
