//! Runs of imports and their rows: numbered, noted once, forgotten when they are undone, and erased with their record.

use crate::bed::{Bed, bed, exchange};
use pes_domain::{Kind, Record};
use pes_store::imports::{self, Row, Run};
use pes_store::own_records::{self, Moderation, OwnRecord};

fn run(file: &str) -> Run {
    Run {
        id: 0,
        file: file.into(),
        sha256: "ab".repeat(32),
        layout: "bdis-2012".into(),
        digest: "cd".repeat(32),
        started: 7,
        finished: None,
        undone: None,
    }
}

fn row(run: i64, line: u64, record: &Record) -> Row {
    Row {
        run,
        line,
        source: format!("bdis-2012:{line}"),
        called: "0a".repeat(8),
        record: record.iri.to_string(),
        is_new: true,
        before: None,
        after: "ef".repeat(32),
        filled: vec!["name".into(), "contact:phone".into()],
    }
}

impl Bed {
    fn rows(&self) -> Vec<Row> {
        self.read(imports::rows)
    }
}

#[test]
fn runs_are_numbered_and_the_newest_is_told_first() {
    let bed = bed();
    let (one, two) = bed.write(|link| Ok((imports::begin(link, run("a.csv"))?, imports::begin(link, run("b.csv"))?)));
    assert_eq!((one.id, two.id), (1, 2));
    bed.write(|link| {
        imports::finish(link, one.id, 8)?;
        imports::undo(link, one.id, 9)
    });
    let told = bed.read(imports::runs);
    assert_eq!(told, [two, Run { finished: Some(8), undone: Some(9), ..one }]);
}

#[test]
fn a_row_that_is_noted_again_keeps_what_stood_before_the_run() {
    let bed = bed();
    let record = exchange("own", "Échange");
    let id = bed.write(|link| imports::begin(link, run("a.csv"))).id;
    let first = row(id, 3, &record);
    bed.write(|link| imports::note(link, &first));
    let again =
        Row { is_new: false, before: Some(record.clone()), after: "00".into(), filled: vec![], ..first.clone() };
    bed.write(|link| imports::note(link, &again));
    assert_eq!(bed.rows(), [Row { after: "00".into(), filled: vec![], ..first }]);
    assert_eq!(bed.read(|link| imports::of_run(link, id)).len(), 1);
    let count = |run, kind| bed.read(|link| imports::count(link, run, kind));
    assert_eq!([count(id, Kind::Exchange), count(id, Kind::Relation), count(9, Kind::Exchange)], [1, 0, 0]);
    assert!(bed.read(|link| imports::of_run(link, 9)).is_empty());
}

#[test]
fn rows_are_forgotten_in_one_run_or_in_all() {
    let bed = bed();
    let (one, two) = (exchange("own", "Un"), exchange("own", "Deux"));
    bed.write(|link| {
        for id in [imports::begin(link, run("a.csv"))?.id, imports::begin(link, run("b.csv"))?.id] {
            imports::note(link, &row(id, 2, &one))?;
            imports::note(link, &row(id, 3, &two))?;
        }
        imports::forget_in_run(link, 1, &one.iri.to_string())
    });
    assert_eq!(bed.rows().iter().map(|row| (row.run, row.line)).collect::<Vec<_>>(), [(1, 3), (2, 2), (2, 3)]);
    bed.write(|link| imports::forget(link, &two.iri.to_string()));
    assert_eq!(bed.rows().iter().map(|row| (row.run, row.line)).collect::<Vec<_>>(), [(2, 2)]);
}

#[test]
fn what_is_remembered_of_a_record_is_erased_with_it_and_that_it_was_is_not() {
    let bed = bed();
    let record = exchange("own", "Échange");
    let own = OwnRecord { moderation: Moderation::Published, author: None, version: 1, record: record.clone() };
    bed.write(|link| {
        own_records::put(link, &own)?;
        let id = imports::begin(link, run("a.csv"))?.id;
        imports::note(link, &Row { before: Some(record.clone()), is_new: false, ..row(id, 2, &record) })
    });
    assert_eq!(bed.rows()[0].before.as_ref(), Some(&record));
    bed.write(|link| own_records::erase(link, &record.iri.to_string()));
    let left = &bed.rows()[0];
    assert_eq!((left.source.as_str(), left.before.as_ref(), left.after.as_str()), ("bdis-2012:2", None, ""));
    assert!(left.filled.is_empty());
}

#[test]
fn own_records_are_told_in_portions_by_name() {
    let bed = bed();
    let mut names: Vec<String> = Vec::new();
    for title in ["Un", "Deux", "Trois"] {
        let record = exchange("own", title);
        names.push(record.iri.to_string());
        let own = OwnRecord { moderation: Moderation::Draft, author: None, version: 0, record };
        bed.write(|link| own_records::put(link, &own));
    }
    names.sort();
    let first = bed.read(|link| own_records::after(link, "", 2));
    assert_eq!(first.iter().map(|own| own.record.iri.to_string()).collect::<Vec<_>>(), names[..2]);
    let rest = bed.read(|link| own_records::after(link, &names[1], 2));
    assert_eq!(rest.iter().map(|own| own.record.iri.to_string()).collect::<Vec<_>>(), names[2..]);
}
