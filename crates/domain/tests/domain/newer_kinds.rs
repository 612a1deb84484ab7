//! Events, articles, products, relations, accords and documents, and what structures and group purchases say besides: what becomes of
//! what was typed, and what is refused.

use crate::drafts::{EXCHANGE, FIELDS, STRUCTURE, rules, typed};
use pes_domain::accord::Answer;
use pes_domain::audience::Reader;
use pes_domain::event::{Event, State};
use pes_domain::occurrence::{Recurrence, Rhythm, Span};
use pes_domain::{Body, Kind, Problem, Problems, Record, RecordIri, Why};
use time::UtcDateTime;
use time::macros::{date, utc_datetime};

const NOW: UtcDateTime = utc_datetime!(2026-11-23 12:00);

fn raise(kind: Kind, fields: &[(&str, &str)]) -> Result<Record, Problems> {
    Record::raise(kind, (RecordIri::mint("https://pes.example.org", kind), NOW), &typed(fields), NOW, &rules())
}

/// A good draft in which some fields were typed otherwise.
fn changed(kind: Kind, changes: &[(&str, &str)]) -> Result<Record, Problems> {
    let (_, fields) = FIELDS.iter().find(|(one, _)| *one == kind).unwrap();
    let kept = fields.iter().filter(|(field, _)| changes.iter().all(|(changed, _)| changed != field));
    raise(kind, &kept.chain(changes).copied().collect::<Vec<_>>())
}

#[track_caller]
fn refused(kind: Kind, changes: &[(&str, &str)], field: &'static str, why: Why) {
    let found = changed(kind, changes).err().unwrap_or_default();
    assert!(found.contains(&Problem::new(field, why)), "{found:?}");
}

fn event(changes: &[(&str, &str)]) -> Event {
    let Body::Event(event) = changed(Kind::Event, changes).unwrap().body else { panic!() };
    event
}

/// An event at these lines of date, time, end date, end time; with a rhythm.
fn at(lines: &[[&str; 4]], more: &[(&str, &str)]) -> Result<Event, Problems> {
    let columns = ["occurrence-date", "occurrence-time", "occurrence-end-date", "occurrence-end-time"];
    let line = |cells: &[&'static str; 4]| columns.into_iter().zip(*cells).collect::<Vec<_>>();
    let lines: Vec<[&'static str; 4]> = lines.iter().map(|line| line.map(|cell| &*cell.to_owned().leak())).collect();
    let fields: Vec<_> = lines.iter().flat_map(line).collect();
    let common = [("title", "Fête"), ("organisers-label", "Les Voisins")];
    match raise(Kind::Event, &[&fields, &common[..], more].concat())?.body {
        Body::Event(event) => Ok(event),
        _ => panic!(),
    }
}

fn seconds(at: UtcDateTime) -> i64 {
    at.unix_timestamp()
}

const YEAR: (i64, i64) = (1_767_225_600, 1_798_761_600); // 2026

#[test]
fn an_event_says_when_where_and_by_whom() {
    let event = event(&[]);
    assert_eq!(event.occurrences.len(), 2);
    assert_eq!(event.occurrences[0].ends.unwrap().date, date!(2026 - 12 - 05), "until what time, the same day");
    assert!(event.occurrences[1].is_whole_days());
    assert_eq!(event.organisers.iter().map(|one| one.iri.is_some()).collect::<Vec<_>>(), [true, false]);
    assert_eq!((event.state, event.zone.as_str()), (State::Postponed, "Europe/Paris"));
    refused(
        Kind::Event,
        &[("occurrence-date", ""), ("occurrence-time", ""), ("occurrence-end-time", "")],
        "occurrences",
        Why::Missing,
    );
    refused(Kind::Event, &[("organisers", ""), ("organisers-label", "")], "organisers", Why::Missing);
    refused(Kind::Event, &[("occurrence-date", "demain")], "occurrences", Why::NotADate);
    refused(Kind::Event, &[("occurrence-time", "midi")], "occurrences", Why::NotATime);
    refused(Kind::Event, &[("occurrence-end-date", "2026-12-04")], "occurrences", Why::TooEarly);
    refused(Kind::Event, &[("event-state", "zzz")], "event-state", Why::NotInList);
    refused(Kind::Event, &[("repeats", "often")], "repeats", Why::NotInList);
    refused(Kind::Event, &[("repeats-until", "2026-12-01")], "repeats-until", Why::TooEarly);
    for zone in ["Europe/Atlantis", "Europe/Paris\nRRULE:x", ""] {
        let found = changed(Kind::Event, &[("zone", zone)]);
        assert_eq!(found.is_ok(), zone.is_empty(), "{zone}: {found:?}");
    }
}

#[test]
fn the_end_of_an_event_comes_after_its_beginning() {
    let early = [Problem::new("occurrences", Why::TooEarly)];
    assert_eq!(at(&[["2026-12-05", "18:00", "", "17:59"]], &[]).unwrap_err(), early);
    assert!(at(&[["2026-12-05", "18:00", "", "18:00"]], &[]).is_ok());
    assert!(at(&[["2026-12-05", "18:00", "2026-12-06", "02:00"]], &[]).is_ok());
    assert_eq!(at(&[["2026-12-05", "", "2026-12-04", ""]], &[]).unwrap_err(), early);
    let half = [Problem::new("occurrences", Why::NotATime)];
    assert_eq!(at(&[["2026-12-05", "", "2026-12-06", "10:00"]], &[]).unwrap_err(), half);
    assert_eq!(at(&[["2026-12-05", "25:00", "", ""]], &[]).unwrap_err()[0].why, Why::NotATime);
    assert_eq!(at(&[["", "18:00", "", ""]], &[]).unwrap_err()[0].why, Why::NotADate);
}

#[test]
fn a_meeting_stays_at_its_hour_when_the_clocks_change() {
    let weekly = at(&[["2026-10-20", "18:00", "", "19:30"]], &[("repeats", "weekly")]).unwrap();
    let spans = weekly.between(seconds(utc_datetime!(2026-10-20 00:00)), seconds(utc_datetime!(2026-11-04 00:00)));
    let begins: Vec<i64> = spans.iter().map(|span| span.begins).collect();
    let wanted = [utc_datetime!(2026-10-20 16:00), utc_datetime!(2026-10-27 17:00), utc_datetime!(2026-11-03 17:00)];
    assert_eq!(begins, wanted.map(seconds), "16 h in UTC in summer, 17 h in winter");
    let days: Vec<_> = spans.iter().map(|span| span.local.begins.date).collect();
    assert_eq!(days, [date!(2026 - 10 - 20), date!(2026 - 10 - 27), date!(2026 - 11 - 03)]);
    assert!(spans.iter().all(|span| span.local.begins.time == weekly.occurrences[0].begins.time));
    assert!(spans.iter().all(|span| span.local.ends.unwrap().date == span.local.begins.date));
    assert!(spans.iter().all(|span| span.ends - span.begins == 90 * 60));
}

#[test]
fn an_hour_that_the_clocks_leave_out_is_no_time() {
    let left_out = [Problem::new("occurrences", Why::NotATime)];
    assert_eq!(at(&[["2026-03-29", "02:30", "", ""]], &[]).unwrap_err(), left_out);
    assert!(at(&[["2026-03-29", "02:30", "", ""]], &[("zone", "Indian/Reunion")]).is_ok());
}

#[test]
fn each_rhythm_comes_again_as_its_word_says() {
    let days = |first: &str, repeats: &str| -> Vec<String> {
        let event = at(&[[first, "", "", ""]], &[("repeats", repeats)]).unwrap();
        let spans = event.between(YEAR.0, YEAR.1);
        let day = |span: &Span| UtcDateTime::from_unix_timestamp(span.begins + 12 * 3600).unwrap().date().to_string();
        spans.iter().map(day).take(3).collect()
    };
    assert_eq!(days("2026-01-06", "weekly"), ["2026-01-06", "2026-01-13", "2026-01-20"]);
    assert_eq!(days("2026-01-06", "fortnightly"), ["2026-01-06", "2026-01-20", "2026-02-03"]);
    assert_eq!(days("2026-01-13", "monthly-by-weekday"), ["2026-01-13", "2026-02-10", "2026-03-10"], "second Tuesday");
    assert_eq!(days("2026-01-30", "monthly-by-weekday"), ["2026-01-30", "2026-02-27", "2026-03-27"], "last Friday");
    assert_eq!(days("2026-01-31", "monthly-by-date"), ["2026-01-31", "2026-03-31", "2026-05-31"]);
    assert_eq!(days("2026-01-06", "yearly"), ["2026-01-06"]);
    assert_eq!(days("2025-01-07", "weekly")[0], "2026-01-06", "also of what began before");
}

#[test]
fn a_rule_ends_with_its_last_day() {
    let until = |day: &str| at(&[["2026-01-06", "18:00", "", ""]], &[("repeats", "weekly"), ("repeats-until", day)]);
    assert_eq!(until("2026-01-20").unwrap().between(YEAR.0, YEAR.1).len(), 3, "the last day is within");
    assert_eq!(until("2026-01-19").unwrap().between(YEAR.0, YEAR.1).len(), 2);
    let rule = until("2026-01-20").unwrap().recurrence.unwrap();
    assert_eq!(rule.as_str(), "FREQ=WEEKLY;UNTIL=20260120T225900Z");
    assert_eq!((rule.rhythm(date!(2026 - 01 - 06)), rule.until()), (Some(Rhythm::Weekly), Some(date!(2026 - 01 - 20))));
}

#[test]
fn a_rule_from_elsewhere_is_kept_as_it_is() {
    let rule = "FREQ=WEEKLY;BYDAY=MO,WE;COUNT=4";
    let event = at(&[["2026-01-05", "18:00", "", ""]], &[("repeats", "other"), ("rule", rule)]).unwrap();
    assert_eq!(event.between(YEAR.0, YEAR.1).len(), 4);
    assert_eq!(event.recurrence.as_ref().unwrap().rhythm(date!(2026 - 01 - 05)), None);
    for bad in ["FREQ=SECONDLY", "FREQ=HOURLY", "FREQ=DAILY;BYHOUR=1,2", "often", "", "FREQ=DAILY\nDTSTART:20260101"] {
        assert_eq!(Recurrence::read(bad), None, "{bad}");
    }
    assert_eq!(Recurrence::read(&format!("FREQ=WEEKLY;BYDAY={}", ["MO"; 100].join(","))), None, "too long");
}

/// Whoever sends such rules makes nobody count for long.
#[test]
fn a_rule_that_never_holds_or_never_ends_costs_little() {
    let begun = std::time::Instant::now();
    for rule in ["FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;INTERVAL=1", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31"] {
        let event = at(&[["1900-01-01", "18:00", "", ""]], &[("repeats", "other"), ("rule", rule)]);
        let many = event.map_or(0, |event| event.between(YEAR.0, YEAR.1).len());
        assert!(many <= pes_domain::occurrence::MOST, "{rule}");
    }
    assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
}

#[test]
fn what_touches_a_time_is_told_in_order_and_once() {
    let lines =
        [["2026-05-02", "", "2026-05-03", ""], ["2026-05-01", "10:00", "", ""], ["2026-05-01", "10:00", "", ""]];
    let event = at(&lines, &[]).unwrap();
    let between = |from, until| event.between(seconds(from), seconds(until)).len();
    assert_eq!(event.between(YEAR.0, YEAR.1).len(), 2);
    assert_eq!(between(utc_datetime!(2026-05-03 12:00), utc_datetime!(2026-05-03 13:00)), 1, "it still lasts");
    assert_eq!(between(utc_datetime!(2026-05-03 22:00), utc_datetime!(2026-05-04 00:00)), 0, "midnight in Paris");
    assert_eq!(between(utc_datetime!(2026-05-01 08:00), utc_datetime!(2026-05-01 08:01)), 1, "10 h in Paris");
    assert_eq!(between(utc_datetime!(2026-05-01 07:00), utc_datetime!(2026-05-01 08:00)), 0);
}

#[test]
fn an_answer_fits_the_kind_it_answers() {
    let Body::Accord(accord) = changed(Kind::Accord, &[]).unwrap().body else { panic!() };
    assert_eq!((accord.answer, accord.quantity), (Answer::TakesPart, Some(35)));
    assert!(accord.answers(&RecordIri::read(EXCHANGE).unwrap(), &RecordIri::read(STRUCTURE).unwrap()));
    assert!(!accord.answers(&RecordIri::read(STRUCTURE).unwrap(), &RecordIri::read(STRUCTURE).unwrap()));
    refused(Kind::Accord, &[("answer", "")], "answer", Why::Missing);
    refused(Kind::Accord, &[("answer", "confirms"), ("quantity", "")], "answer", Why::AnswerDoesNotFit);
    refused(Kind::Accord, &[("about", "")], "about", Why::NotARecord);
    refused(Kind::Accord, &[("about", STRUCTURE), ("answer", "is-the-same"), ("quantity", "")], "by", Why::ItsOwn);
    refused(Kind::Accord, &[("quantity", "beaucoup")], "quantity", Why::NotANumber);
    let other = "https://pes.example.org/id/structure/6f9619ff-8b86-4011-b42d-00c04fc964ff";
    assert!(changed(Kind::Accord, &[("about", other), ("answer", "is-the-same"), ("quantity", "")]).is_ok());
    refused(Kind::Accord, &[("about", other), ("answer", "is-the-same")], "quantity", Why::AnswerDoesNotFit);
    for answer in Answer::ALL {
        assert_eq!(Answer::named(answer.notation()), Some(answer));
        assert!(Kind::ALL.into_iter().any(|kind| answer.fits(kind)));
        assert!(!answer.fits(Kind::Accord), "nobody answers an answer");
    }
}

#[test]
fn a_relation_is_between_two() {
    refused(Kind::Relation, &[("relation-kind", "")], "relation-kind", Why::Missing);
    refused(Kind::Relation, &[("relation-kind", "rival")], "relation-kind", Why::NotInList);
    refused(Kind::Relation, &[("object-label", "")], "object-label", Why::Missing);
    refused(Kind::Relation, &[("object", STRUCTURE)], "object", Why::ItsOwn);
    refused(Kind::Relation, &[("until", "2019-01-01")], "until", Why::TooEarly);
}

/// A document is a link, a file or both; a file lies at its record's home, and goes no further than the link.
#[test]
fn a_document_is_its_file_or_says_where_it_is() {
    let record = changed(Kind::Document, &[]).unwrap();
    let (file, attached) = (record.body.file().unwrap(), record.body.attached().collect::<Vec<_>>());
    assert_eq!((file.name.as_str(), file.size, attached.len()), ("Monter un atelier.pdf", 48_213, 1));
    assert_eq!((attached[0].digest, attached[0].address), (file.digest.as_str(), file.address.as_str()));
    assert!(changed(Kind::Document, &[("link", "")]).unwrap().body.file().is_some());
    assert!(changed(Kind::Document, &[("file", "")]).unwrap().body.attached().next().is_none());
    let elsewhere = file.to_form().replace("pes.example.org", "evil.test");
    refused(Kind::Document, &[("file", &elsewhere)], "file", Why::NotAFile);
    let kept = changed(Kind::Document, &[("audience", "public"), ("audience-of-web", "network")]).unwrap();
    assert!(kept.seen_by(Reader::Member).unwrap().body.file().is_some());
    assert!(kept.seen_by(Reader::Anyone).unwrap().body.file().is_none());
}

#[test]
fn what_is_written_and_made_says_by_whom() {
    for kind in [Kind::Article, Kind::Document] {
        refused(kind, &[("structure-label", ""), ("author", "")], "author", Why::Missing);
        refused(kind, &[("title", "")], "title", Why::Missing);
    }
    refused(Kind::Article, &[("article-category", "gossip")], "article-category", Why::NotInList);
    refused(Kind::Article, &[("reach", "galactic")], "reach", Why::NotInList);
    refused(Kind::Document, &[("document-kind", "")], "document-kind", Why::Missing);
    refused(Kind::Document, &[("link", "chez nous")], "link", Why::NotALink);
    refused(Kind::Document, &[("file", "chez nous")], "file", Why::NotAFile);
    refused(Kind::Product, &[("provider", ""), ("provider-label", "")], "provider-label", Why::Missing);
    refused(Kind::Product, &[("publics", "giants")], "publics", Why::NotInList);
    refused(Kind::Product, &[("radius", "1001")], "radius", Why::NotANumber);
}

#[test]
fn a_group_purchase_says_from_how_much_on_it_takes_place() {
    let Body::Exchange(one) = changed(Kind::Exchange, &[]).unwrap().body else { panic!() };
    let purchase = one.purchase.unwrap();
    assert_eq!((purchase.threshold, purchase.quantity, purchase.unit.as_str()), (100, Some(25), "palettes"));
    refused(Kind::Exchange, &[("threshold", "")], "threshold", Why::Missing);
    refused(Kind::Exchange, &[("threshold", "0")], "threshold", Why::NotANumber);
    refused(Kind::Exchange, &[("unit", "")], "unit", Why::Missing);
    let plain = changed(Kind::Exchange, &[("threshold", ""), ("unit", ""), ("quantity", "")]).unwrap();
    assert!(matches!(plain.body, Body::Exchange(one) if one.purchase.is_none()));
}

#[test]
fn a_structure_tells_its_labels_with_their_dates_and_how_far_a_project_has_come() {
    let Body::Structure(one) = changed(Kind::Structure, &[]).unwrap().body else { panic!() };
    assert_eq!((one.labels[0].from, one.labels[0].until), (Some(date!(2024 - 01 - 01)), Some(date!(2028 - 12 - 31))));
    assert_eq!(one.project.unwrap().bearer.unwrap().label, "Les Voisins");
    assert!(one.is_company && one.is_unclaimed);
    let held = [date!(2023 - 12 - 31), date!(2024 - 01 - 01), date!(2028 - 12 - 31), date!(2029 - 01 - 01)];
    assert_eq!(held.map(|day| one.labels[0].holds_on(day)), [false, true, true, false]);
    refused(Kind::Structure, &[("label", "gold")], "labels", Why::NotInList);
    refused(Kind::Structure, &[("label-until", "2023-01-01")], "labels", Why::TooEarly);
    refused(Kind::Structure, &[("label-from", "hier")], "labels", Why::NotADate);
    refused(Kind::Structure, &[("label-until", "hier")], "labels", Why::NotADate);
    refused(Kind::Structure, &[("project-stage", "dream")], "project-stage", Why::NotInList);
    refused(Kind::Structure, &[("categories", "castle")], "categories", Why::NotInList);
    refused(Kind::Structure, &[("integration-type", "x")], "integration-type", Why::NotInList);
    let Body::Structure(one) = changed(Kind::Structure, &[("project-stage", "")]).unwrap().body else { panic!() };
    assert_eq!(one.project, None, "a bearer of nothing");
}

/// What lists, choices and notices ask is told of every kind, from one place.
#[test]
fn what_a_record_is_about_is_told_whatever_its_kind() {
    let told = |kind: Kind| {
        let body = changed(kind, &[]).unwrap().body;
        let sorts: Vec<String> = body.sorts().iter().map(|code| code.notation().to_owned()).collect();
        let voice = body.speaks_for().map(|one| one.label.clone()).unwrap_or_default();
        (sorts.join(" "), body.sectors().len(), body.places().len(), body.territories().len(), voice)
    };
    let row = |sorts: &str, counts: [usize; 3], voice: &str| {
        (sorts.to_owned(), counts[0], counts[1], counts[2], voice.to_owned())
    };
    let ours = "L’Établi partagé";
    assert_eq!(told(Kind::Accord), row("takes-part", [0, 0, 0], ours));
    assert_eq!(told(Kind::Affiliation), row("active", [0, 0, 0], ""));
    assert_eq!(told(Kind::Article), row("portrait regional", [0, 0, 1], ours));
    assert_eq!(told(Kind::Call), row("call-for-partners", [1, 0, 1], ours));
    assert_eq!(told(Kind::Document), row("guide", [0, 0, 0], ours));
    assert_eq!(told(Kind::Event), row("postponed", [1, 1, 2], ours));
    assert_eq!(told(Kind::Exchange), row("demand service barter", [1, 1, 2], ours));
    assert_eq!(told(Kind::Job), row("cdi", [0, 1, 1], ours));
    assert_eq!(told(Kind::Membership), row("", [0, 0, 0], ours));
    assert_eq!(told(Kind::Person), row("", [1, 1, 2], ""));
    assert_eq!(told(Kind::Product), row("companies", [1, 0, 1], ours));
    assert_eq!(told(Kind::Relation), row("regular-supplier", [0, 0, 0], ours));
    assert_eq!(told(Kind::Structure), row("association aci idea third-place esus", [1, 1, 3], ""));
    let radius = |kind: Kind| changed(kind, &[]).unwrap().body.radius_km();
    assert_eq!([Kind::Exchange, Kind::Person, Kind::Product, Kind::Structure].map(radius), [20, 5, 30, 25].map(Some));
    assert_eq!(radius(Kind::Job), None);
    let names =
        |kind: Kind| changed(kind, &[]).unwrap().body.names().iter().map(|one| one.label.clone()).collect::<Vec<_>>();
    assert_eq!(names(Kind::Relation), ["Les Voisins"]);
    assert_eq!(names(Kind::Event), ["Les Voisins"]);
    assert_eq!(names(Kind::Accord), ["Cherche une menuisière"]);
    assert_eq!(names(Kind::Structure), ["Les Voisins"]);
    assert_eq!(names(Kind::Membership), ["Camille Exemple"]);
    assert_eq!(names(Kind::Job), Vec::<String>::new());
    let says = |kind: Kind| changed(kind, &[]).unwrap().body.text().is_some_and(|text| !text.is_empty());
    let silent: Vec<Kind> = Kind::ALL.into_iter().filter(|kind| !says(*kind)).collect();
    assert_eq!(silent, [Kind::Affiliation]);
    let author = |kind: Kind| changed(kind, &[]).unwrap().body.author().map(str::to_owned);
    assert_eq!(
        [Kind::Article, Kind::Document, Kind::Exchange, Kind::Job].map(author),
        [Some("Camille".to_owned()), Some("Camille".to_owned()), Some("Camille".to_owned()), None]
    );
    let skills = |kind: Kind| changed(kind, &[]).unwrap().body.skills().len();
    assert_eq!([Kind::Call, Kind::Exchange, Kind::Person, Kind::Structure, Kind::Event].map(skills), [1, 1, 1, 1, 0]);
}
