//! How long and how many: what each field of the newer kinds takes at most, and what is said of more.

use crate::drafts::{FIELDS, rules};
use pes_domain::place::{Area, AreaKind};
use pes_domain::{Draft, Gazetteer, Kind, Problem, Problems, Record, RecordIri, Why};
use time::UtcDateTime;
use time::macros::utc_datetime;

const NOW: UtcDateTime = utc_datetime!(2026-11-23 12:00);

/// A kind, a field of its form, under which name a problem of it is told, and how many characters it takes.
const LINES: [(Kind, &str, &str, usize); 22] = [
    (Kind::Accord, "about-label", "about", 250),
    (Kind::Accord, "by-label", "by-label", 250),
    (Kind::Accord, "detail", "detail", 250),
    (Kind::Article, "title", "title", 150),
    (Kind::Article, "summary", "summary", 1_000),
    (Kind::Article, "text", "text", 10_000),
    (Kind::Article, "author", "author", 100),
    (Kind::Document, "title", "title", 150),
    (Kind::Document, "description", "description", 10_000),
    (Kind::Document, "price", "price", 250),
    (Kind::Document, "author", "author", 100),
    (Kind::Event, "title", "title", 150),
    (Kind::Event, "description", "description", 10_000),
    (Kind::Event, "venue", "venue", 250),
    (Kind::Exchange, "unit", "unit", 60),
    (Kind::Product, "title", "title", 150),
    (Kind::Product, "description", "description", 10_000),
    (Kind::Product, "means", "means", 2_000),
    (Kind::Product, "provider-label", "provider-label", 250),
    (Kind::Relation, "subject-label", "subject-label", 250),
    (Kind::Relation, "object-label", "object-label", 250),
    (Kind::Relation, "detail", "detail", 250),
];

/// The cells of one line.
type Line = &'static [(&'static str, &'static str)];

/// A kind, a field that takes several, one more value for it, and how many it takes.
const LISTS: [(Kind, &str, Line, usize); 5] = [
    (Kind::Event, "organisers", &[("organisers", ""), ("organisers-label", "Les Voisins")], 20),
    (Kind::Article, "areas", &[("areas", "commune")], 50),
    (Kind::Event, "areas", &[("areas", "commune")], 50),
    (Kind::Product, "areas", &[("areas", "commune")], 50),
    (Kind::Structure, "labels", &[("label", "esus"), ("label-from", "year"), ("label-until", "")], 20),
];

/// A good draft without some fields.
fn without(kind: Kind, left_out: &[&str]) -> Draft {
    let (_, fields) = FIELDS.iter().find(|(one, _)| *one == kind).unwrap();
    let kept = fields.iter().filter(|(field, _)| !left_out.contains(field));
    kept.map(|(field, value)| ((*field).to_owned(), (*value).to_owned())).collect()
}

fn problems(kind: Kind, draft: &Draft) -> Problems {
    let iri = RecordIri::mint("https://pes.example.org", kind);
    Record::raise(kind, (iri, NOW), draft, NOW, &rules()).err().unwrap_or_default()
}

#[test]
fn a_text_is_taken_up_to_its_limit_and_told_beyond_it() {
    for (kind, field, told, limit) in LINES {
        let typed = |length: usize| {
            let mut draft = without(kind, &[field]);
            draft.add(field, "é".repeat(length));
            problems(kind, &draft)
        };
        // What takes ten thousand characters takes sixteen kilobytes of them at most.
        let most = limit.min(8_192);
        assert_eq!(typed(most), [], "{kind:?} {field}");
        let beyond = typed(most + 1);
        let is_told = |problem: &Problem| problem.field == told && matches!(problem.why, Why::TooLong(_));
        assert!(beyond.iter().any(is_told), "{kind:?} {field}: {beyond:?}");
    }
}

#[test]
fn what_turns_the_writing_or_cannot_be_typed_is_no_title() {
    for (kind, field) in [
        (Kind::Article, "title"),
        (Kind::Document, "title"),
        (Kind::Event, "title"),
        (Kind::Event, "venue"),
        (Kind::Product, "title"),
        (Kind::Relation, "detail"),
        (Kind::Accord, "detail"),
    ] {
        for bad in ["facture\u{202e}gpj.exe", "un\u{7}deux"] {
            let mut draft = without(kind, &[field]);
            draft.add(field, bad);
            let found = problems(kind, &draft);
            assert!(found.contains(&Problem::new(field, Why::NotText)), "{kind:?} {field}: {found:?}");
        }
    }
}

/// A title that looks empty is, and two that look alike are alike.
#[test]
fn what_nobody_sees_is_in_no_record() {
    let raised = |title: &str| {
        let mut draft = without(Kind::Event, &["title"]);
        draft.add("title", title);
        let iri = RecordIri::mint("https://pes.example.org", Kind::Event);
        Record::raise(Kind::Event, (iri, NOW), &draft, NOW, &rules())
    };
    assert_eq!(raised("Fête\u{200b} des \u{feff}voisins").unwrap().title(), "Fête des voisins");
    assert_eq!(raised("\u{200b}\u{feff} \u{3164}").unwrap_err(), [Problem::new("title", Why::Missing)]);
}

/// One more line of a list; every one is another.
fn line(draft: &mut Draft, more: &[(&str, &str)], at: usize) {
    for (field, value) in more {
        match *value {
            // Communes of one department, by their numbers.
            "commune" => {
                let bouches_du_rhone = Area::new(AreaKind::Department, "13");
                let commune = Gazetteer::embedded().communes_of(&bouches_du_rhone).nth(at).unwrap();
                draft.add(*field, format!("commune:{}", commune.code));
            }
            "year" => draft.add(*field, format!("{}-01-01", 1990 + at)),
            value => draft.add(*field, value),
        }
    }
}

#[test]
fn a_list_takes_so_many_and_not_one_more() {
    for (kind, told, more, limit) in LISTS {
        let fields: Vec<&str> = more.iter().map(|(field, _)| *field).collect();
        let of = |count: usize| {
            let mut draft = without(kind, &fields);
            (0..count).for_each(|at| line(&mut draft, more, at));
            problems(kind, &draft)
        };
        assert_eq!(of(limit), [], "{kind:?} {told}");
        assert_eq!(of(limit + 1), [Problem::new(told, Why::TooMany(limit))], "{kind:?} {told}");
    }
}

#[test]
fn an_event_has_four_hundred_dates_at_most() {
    let of = |count: u16| {
        let lines = ["occurrence-date", "occurrence-time", "occurrence-end-date", "occurrence-end-time"];
        let mut draft = without(Kind::Event, &lines);
        for day in 0..count {
            let date = time::Date::from_ordinal_date(2027 + i32::from(day / 365), day % 365 + 1).unwrap();
            draft.add("occurrence-date", pes_domain::draft::write_date(date));
        }
        problems(Kind::Event, &draft)
    };
    // Its rule ends in June 2027; what is named beyond that is named by itself.
    assert_eq!(of(400), []);
    assert_eq!(of(401), [Problem::new("occurrences", Why::TooMany(400))]);
}
