//! All rows go over into a PostgreSQL, or none.

use crate::bed::{self, bed, change_set, exchange, file_bed};
use diesel::prelude::*;
use diesel::sql_types::Text;
use pes_changeset::Channel;
use pes_domain::Decision;
use pes_domain::report::{Cause, Report};
use pes_store::claims::{self, ClaimLetter, Standing};
use pes_store::entries::Urgency;
use pes_store::files::{self, Copied, Named};
use pes_store::notices::Mail;
use pes_store::own_records::{self, Moderation, OwnRecord};
use pes_store::remarks::{self, Remark};
use pes_store::transfer::{MOVED, TABLES, transfer};
use pes_store::{Database, Store, accounts, entries, logs, nodes, reports, settings, stood};

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

/// A table that is missing from the list would be lost on the way.
#[test]
fn the_list_of_tables_is_that_of_the_schema() {
    let bed = file_bed();
    let all =
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_\\_%' ESCAPE '\\' ORDER BY name";
    let found = bed.read(|link| Ok(diesel::sql_query(all).load::<Name>(link)?));
    let mut known = TABLES.to_vec();
    known.sort_unstable();
    assert_eq!(found.iter().map(|table| table.name.as_str()).collect::<Vec<_>>(), known);
}

#[test]
fn a_file_is_no_target() {
    let (from, to) = (file_bed(), file_bed());
    let why = transfer(&from.store, &to.store, |_, _| {}).unwrap_err();
    assert!(why.to_string().contains("from a SQLite file to a PostgreSQL"), "{why}");
    assert_eq!(from.read(|link| settings::get(link, MOVED)), None);
}

/// On a PostgreSQL, where there is one: what was erased is in no table any more. A table that was never looked through has no count.
#[test]
fn every_table_is_cleared_of_what_was_erased() {
    if std::env::var_os("PES_TEST_DATABASE_URL").is_none() {
        return;
    }
    let bed = bed();
    bed.store.settle().unwrap();
    let missed = "SELECT relname::text AS name FROM pg_class WHERE relnamespace = current_schema()::regnamespace \
                  AND relkind = 'r' AND reltuples < 0";
    let missed = bed.read(|link| Ok(diesel::sql_query(missed).load::<Name>(link)?));
    assert_eq!(missed.into_iter().map(|table| table.name).collect::<Vec<_>>(), Vec::<String>::new());
}

/// On a PostgreSQL, where there is one.
#[test]
fn every_row_arrives_as_it_was_or_none_does() {
    if std::env::var_os("PES_TEST_DATABASE_URL").is_none() {
        return;
    }
    let (from, to) = (file_bed(), bed());
    from.pin("own");
    let log = from.log("own", Channel::Public);
    let account = from.account("Marie « l’Écuyère »\n\t\"'\\ 🌻");
    let record = exchange("own", "Échange d’été");
    let own = OwnRecord { record, moderation: Moderation::Draft, author: Some(account.id.clone()), version: 0 };
    let letter = ClaimLetter {
        id: "letter".into(),
        structure: "structure".into(),
        campaign: 7,
        address: "digest".into(),
        created: 7,
        standing: Standing::Sent,
        told: Some(8),
        taken: None,
    };
    from.write(|link| {
        own_records::put(link, &own)?;
        claims::insert(link, &letter)?;
        claims::refuse(link, "digest", 9)?;
        (0..2_500).try_for_each(|seq| {
            entries::append(link, log.id, &change_set("own", seq), if seq == 7 { Urgency::Now } else { Urgency::None })
        })
    });
    let name = own.record.iri.to_string();
    let remark = Remark {
        record: name.clone(),
        number: 1,
        account: None,
        reader: Some(account.id.clone()),
        decision: Decision::Refuse,
        sentence: Some("Non,\n« merci » 🌻".into()),
        at: 5,
        mail: Mail::Due,
    };
    let report = Report { cause: Cause::Other, sentence: "L’é\"'\\".into() };
    from.write(|link| {
        remarks::insert(link, &remark)?;
        stood::keep(link, &own.record)?;
        reports::file(link, (&name, &report), 5)
    });
    let copy = Copied { file: "a.jpg".into(), small: "b.jpg".into(), width: 9, height: 6 };
    let picture = Named {
        record: files::of_account(&account.id),
        digest: files::digest(b"a"),
        address: "https://own.test/images/a.jpg".into(),
        media_type: "image/jpeg".into(),
        size: 7,
        copy: Some(copy),
        failures: 0,
    };
    from.write(|link| files::keep_upload(link, &picture, 5));
    let mut told = Vec::new();
    transfer(&from.store, &to.store, |table, count| told.push((table.to_owned(), count))).unwrap();
    assert!(told.contains(&("entries".to_owned(), 1_000)) && told.contains(&("entries".to_owned(), 2_500)), "{told:?}");
    let somebody = from.read(|link| accounts::find(link, &account.id));
    assert!(somebody.is_some() && somebody == to.read(|link| accounts::find(link, &account.id)));
    let filed = from.read(|link| reports::of_record(link, &name));
    assert!(filed.len() == 1 && filed == to.read(|link| reports::of_record(link, &name)));
    for bed in [&from, &to] {
        assert_eq!(bed.read(|link| remarks::of_record(link, &name)), std::slice::from_ref(&remark));
        assert_eq!(bed.read(|link| stood::find(link, &name)), Some(own.record.clone()));
        assert_eq!(bed.read(|link| own_records::find(link, &own.record.iri.to_string())), Some(own.clone()));
        assert!(bed.read(|link| entries::of_log(link, log.id, 7, 1))[0].urgent.is_some());
        assert_eq!(bed.read(claims::all), std::slice::from_ref(&letter));
        assert!(bed.read(|link| claims::is_refused(link, "digest")));
    }
    assert_eq!(to.read(|link| files::of_file(link, "b.jpg")), [picture]);
    assert_eq!(to.write(|link| files::settle(link, 6, 9)), ["a.jpg", "b.jpg"], "it waits no longer there than here");
    assert_eq!(from.read(nodes::all), to.read(nodes::all));
    assert_eq!(from.read(logs::all), to.read(logs::all));
    let all = |bed: &bed::Bed| bed.read(|link| entries::of_log(link, log.id, 0, 9_999));
    assert_eq!(all(&from), all(&to));
    assert!(from.read(|link| settings::get(link, MOVED)).is_some_and(|to| to.contains("schema test_")));
    let twice = transfer(&from.store, &to.store, |_, _| {}).unwrap_err();
    assert!(twice.to_string().contains("holds a node already"), "{twice}");
}

#[test]
fn an_address_is_a_file_or_a_schema_of_a_postgresql() {
    let read = |text: &str| text.parse::<Database>();
    assert_eq!(read("data/pes.sqlite").unwrap(), Database::File("data/pes.sqlite".into()));
    let hub = read("postgresql://pes:secret@db:5432/paca?connect_timeout=5&schema=hub").unwrap();
    assert_eq!(hub.address().as_deref(), Some("postgresql://pes:secret@db:5432/paca?connect_timeout=5&schema=hub"));
    assert_eq!(hub.to_string(), "postgresql://db:5432/paca (schema hub)");
    assert_eq!(format!("{hub:?}"), hub.to_string(), "the password is for nobody's eyes");
    assert_eq!(hub.beside("apeas").to_string(), "postgresql://db:5432/paca (schema hub_apeas)");
    let usual = read("postgres:///paca").unwrap();
    assert_eq!(usual.address().as_deref(), Some("postgres:///paca?schema=pes"));
    assert_eq!(read(&usual.address().unwrap()).unwrap(), usual);
    let long = format!("postgres://db/x?schema={}", "a".repeat(61));
    for wrong in [
        "postgres://db/x?schema=",
        "postgres://db/x?schema=a-b",
        "postgres://db/x?schema=1a",
        "postgres://db/x?schema=a;b",
        &long,
    ] {
        assert!(read(wrong).unwrap_err().to_string().contains("small letters"), "{wrong}");
    }
    assert_eq!(read("pes.sqlite").unwrap().address(), None);
    let away = Store::open("postgresql:///x?host=/nowhere".parse::<Database>().unwrap());
    assert!(away.unwrap_err().to_string().starts_with("cannot open the database postgresql:///x"));
}
