//! One date of a series is called off, and the others take place.

use crate::drafts::{rules, typed};
use pes_domain::called_off::{Choice, choices};
use pes_domain::event::Event;
use pes_domain::{Body, Draft, Kind, Problem, Problems, Record, RecordIri, Why};
use std::collections::BTreeSet;
use time::UtcDateTime;
use time::macros::utc_datetime;

const NOW: UtcDateTime = utc_datetime!(2026-11-23 12:00);
/// Every second Saturday; and Christmas Eve.
const SERIES: &[(&str, &str)] = &[
    ("title", "Repair café"),
    ("organisers-label", "Les Voisins"),
    ("occurrence-date", "2026-12-05"),
    ("occurrence-time", "18:00"),
    ("occurrence-end-time", "20:30"),
    ("repeats", "fortnightly"),
];

fn raise(draft: &Draft) -> Result<Event, Problems> {
    let iri = RecordIri::mint("https://pes.example.org", Kind::Event);
    match Record::raise(Kind::Event, (iri, NOW), draft, NOW, &rules())?.body {
        Body::Event(event) => Ok(event),
        _ => panic!(),
    }
}

/// The series, of which these are called off, with some fields typed otherwise.
fn draft(called_off: &[&str], changes: &[(&str, &str)]) -> Draft {
    let kept = SERIES.iter().filter(|(field, _)| changes.iter().all(|(changed, _)| changed != field));
    let mut draft = typed(&kept.chain(changes).copied().collect::<Vec<_>>());
    called_off.iter().for_each(|one| draft.add("called-off", *one));
    draft
}

fn series(called_off: &[&str], changes: &[(&str, &str)]) -> Result<Event, Problems> {
    raise(&draft(called_off, changes))
}

/// The days of an event until February, by whether they take place.
fn days(event: &Event) -> (Vec<String>, Vec<String>) {
    let all = event.between(NOW.unix_timestamp(), utc_datetime!(2027-02-01 00:00).unix_timestamp());
    let (off, held): (Vec<_>, Vec<_>) = all.into_iter().partition(|span| span.is_called_off);
    let told = |some: Vec<pes_domain::occurrence::Span>| {
        some.iter().map(|span| span.local.begins.date.to_string()).collect::<Vec<_>>()
    };
    (told(held), told(off))
}

/// What a form sends of an event.
fn sent(event: &Event) -> Vec<String> {
    let iri = RecordIri::mint("https://pes.example.org", Kind::Event);
    let mut record = Record::raise(Kind::Event, (iri, NOW), &draft(&[], &[]), NOW, &rules()).unwrap();
    record.body = Body::Event(event.clone());
    record.lower().all("called-off").to_vec()
}

fn refused(why: Why, found: Result<Event, Problems>) {
    assert_eq!(found.unwrap_err(), [Problem::new("called-off", why)]);
}

#[test]
fn one_date_is_called_off_and_the_others_take_place() {
    let event = series(&["2027-01-02T18:00"], &[]).unwrap();
    let (held, off) = days(&event);
    assert_eq!(held, ["2026-12-05", "2026-12-19", "2027-01-16", "2027-01-30"]);
    assert_eq!(off, ["2027-01-02"]);
    let (from, until) = (NOW.unix_timestamp(), utc_datetime!(2027-02-01 00:00).unix_timestamp());
    assert!(event.held_between(from, until).iter().all(|span| !span.is_called_off));
    assert_eq!(event.held_between(from, until).len(), 4);
    assert_eq!(sent(&event), ["2027-01-02T18:00"], "what is opened and saved stays as it is");
    assert_eq!(raise(&draft(&[], &[])).unwrap().called_off, [], "what is ticked no more takes place");
}

#[test]
fn what_was_kept_before_reads_as_before() {
    let event = series(&[], &[]).unwrap();
    let text = serde_json::to_string(&event).unwrap();
    assert!(!text.contains("called_off"), "{text}");
    assert_eq!(serde_json::from_str::<Event>(&text).unwrap(), event);
    let event = series(&["2027-01-02"], &[]).unwrap();
    assert_eq!(serde_json::from_str::<Event>(&serde_json::to_string(&event).unwrap()).unwrap(), event);
}

#[test]
fn what_is_none_of_its_times_is_told_and_not_guessed() {
    refused(Why::NotAmongTimes, series(&["2027-01-03T18:00"], &[]));
    refused(Why::NotAmongTimes, series(&["2027-01-02T18:00", "2027-01-09"], &[]));
    refused(Why::NotAmongTimes, series(&["9999-12-31"], &[]));
    for bad in ["bientôt", "2027-02-30", "T18:00", "2027-01-02 18:00"] {
        refused(Why::NotADate, series(&[bad], &[]));
    }
    for bad in ["2027-01-02Tmidi", "2027-01-02T25:00"] {
        refused(Why::NotATime, series(&[bad], &[]));
    }
    assert_eq!(series(&["", " "], &[]).unwrap().called_off, []);
    refused(Why::TooMany(200), series(&["2027-01-02"; 201], &[]));
    // Where its dates are wrong, that is said, and nothing else.
    let wrong = series(&["2027-01-03"], &[("occurrence-date", "demain")]).unwrap_err();
    assert!(wrong.iter().all(|one| one.field != "called-off") && !wrong.is_empty(), "{wrong:?}");
    let wrong = series(&["2027-01-02"], &[("repeats", "often")]).unwrap_err();
    assert_eq!(wrong, [Problem::new("repeats", Why::NotInList)]);
}

#[test]
fn it_stays_called_off_when_the_clocks_change() {
    let weekly = [("occurrence-date", "2026-10-20"), ("repeats", "weekly")];
    let event = series(&["2026-10-27T18:00"], &weekly).unwrap();
    let (from, until) = (utc_datetime!(2026-10-19 00:00), utc_datetime!(2026-11-05 00:00));
    let spans = event.between(from.unix_timestamp(), until.unix_timestamp());
    let told: Vec<_> = spans.iter().map(|span| (span.begins, span.is_called_off)).collect();
    let at = |time: UtcDateTime| time.unix_timestamp();
    let winter = (at(utc_datetime!(2026-10-27 17:00)), true);
    assert_eq!(
        told,
        [(at(utc_datetime!(2026-10-20 16:00)), false), winter, (at(utc_datetime!(2026-11-03 17:00)), false)]
    );
    // Far from Paris the day is the one of the place.
    let far = [("occurrence-date", "2026-12-05"), ("occurrence-time", "01:00"), ("occurrence-end-time", "02:00")];
    let event = series(&["2027-01-02"], &[&far[..], &[("zone", "Pacific/Noumea")]].concat()).unwrap();
    assert_eq!(days(&event).1, ["2027-01-02"]);
}

#[test]
fn whole_days_are_called_off_too() {
    let whole = [("occurrence-time", ""), ("occurrence-end-time", ""), ("occurrence-end-date", "2026-12-06")];
    let event = series(&["2026-12-19"], &whole).unwrap();
    assert_eq!(days(&event).1, ["2026-12-19"]);
    assert_eq!(sent(&event), ["2026-12-19"]);
    refused(Why::NotAmongTimes, series(&["2026-12-20"], &whole));
}

#[test]
fn of_several_times_on_one_day_each_is_called_off_by_itself() {
    let mut twice = draft(&[], &[("repeats", "")]);
    twice.add("occurrence-date", "2026-12-05");
    twice.add("occurrence-time", "10:00");
    let with = |value: &str| {
        let mut draft = twice.clone();
        draft.add("called-off", value);
        raise(&draft)
    };
    let hours = |event: &Event| event.called_off.iter().map(|one| one.time.unwrap().hour()).collect::<Vec<_>>();
    assert_eq!(hours(&with("2026-12-05T10:00").unwrap()), [10]);
    assert_eq!(hours(&with("2026-12-05T18:00").unwrap()), [18]);
    assert_eq!(hours(&with("2026-12-05").unwrap()), [10, 18], "a day without its hour is the whole day");
    refused(Why::NotAmongTimes, with("2026-12-05T12:00"));
}

#[test]
fn a_series_that_changes_tells_what_is_no_more_and_drops_what_is_over() {
    // Another hour: it is the same date.
    let later = series(&["2027-01-02T18:00"], &[("occurrence-time", "19:00")]).unwrap();
    assert_eq!(sent(&later), ["2027-01-02T19:00"]);
    let whole = series(&["2027-01-02T18:00"], &[("occurrence-time", ""), ("occurrence-end-time", "")]).unwrap();
    assert_eq!(sent(&whole), ["2027-01-02"]);
    // Another day, a shorter series, no series: it is said.
    refused(Why::NotAmongTimes, series(&["2027-01-02T18:00"], &[("occurrence-date", "2026-12-06")]));
    refused(Why::NotAmongTimes, series(&["2027-01-02T18:00"], &[("repeats-until", "2026-12-31")]));
    refused(Why::NotAmongTimes, series(&["2027-01-02T18:00"], &[("repeats", "")]));
    // What was called off before it begins now is over.
    let season = [("occurrence-date", "2027-09-04")];
    assert_eq!(series(&["2027-01-02T18:00"], &season).unwrap().called_off, []);
}

#[test]
fn the_form_proposes_the_next_times_and_keeps_what_was_chosen() {
    let told = |draft: &Draft| -> Vec<(String, bool, bool)> {
        let one = |one: Choice| (one.value, one.is_chosen, one.is_time);
        choices(draft, NOW.unix_timestamp()).into_iter().map(one).collect()
    };
    let until = ("repeats-until", "2027-01-20");
    let row = |day: &str, is_chosen, is_time| (format!("{day}T18:00"), is_chosen, is_time);
    let all = [
        row("2026-12-05", false, true),
        row("2026-12-19", false, true),
        row("2027-01-02", true, true),
        row("2027-01-16", false, true),
    ];
    assert_eq!(told(&draft(&["2027-01-02T18:00"], &[until])), all);
    assert_eq!(told(&draft(&["2027-01-02T17:00"], &[until])), all, "the hour was changed");
    let lost = told(&draft(&["2027-01-03T18:00", "2026-01-01"], &[until]));
    assert_eq!(lost[3], row("2027-01-03", true, false), "what is none says so; what is over is gone: {lost:?}");
    assert_eq!(lost.len(), 5);
    assert_eq!(told(&draft(&[], &[("repeats", "")])), [], "of one time nothing is chosen");
    assert_eq!(told(&draft(&["2026-12-05"], &[("repeats", "")])).len(), 1, "but it can be taken back");
    assert_eq!(told(&draft(&[], &[("occurrence-date", "demain")])), []);
    assert_eq!(told(&draft(&[], &[("repeats", "other"), ("rule", "FREQ=DAILY")])).len(), 60, "not without end");
}

/// What is told is bounded, and so is what makes an event be found: the next ones.
#[test]
fn of_what_is_called_off_the_next_are_told() {
    let mut many = draft(&[], &[]);
    let event = raise(&many).unwrap();
    let year = event.between(NOW.unix_timestamp(), NOW.unix_timestamp() + 366 * 86_400);
    year.iter().skip(1).for_each(|span| many.add("called-off", span.local.begins.date.to_string()));
    let event = raise(&many).unwrap();
    assert_eq!(event.called_off.len(), year.len() - 1);
    let next = event.called_off_next(NOW.unix_timestamp());
    let days: BTreeSet<String> = next.iter().map(|span| span.local.begins.date.to_string()).collect();
    assert_eq!(days.len(), 6);
    assert_eq!(days.first().unwrap(), "2026-12-19");
    assert_eq!(series(&[], &[]).unwrap().called_off_next(NOW.unix_timestamp()), []);
    // However many are named, the rule is walked once.
    let begun = std::time::Instant::now();
    let mut daily = draft(&[], &[("repeats", "other"), ("rule", "FREQ=DAILY"), ("occurrence-date", "2000-01-01")]);
    for at in 0..200 {
        daily.add("called-off", (time::macros::date!(2026 - 01 - 01) + time::Duration::days(at)).to_string());
    }
    assert_eq!(raise(&daily).unwrap().called_off.len(), 200);
    assert!(begun.elapsed().as_secs() < 10, "{:?}", begun.elapsed());
}
