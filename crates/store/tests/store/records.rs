//! What is made of the logs: the state of each record, its sheets, and what lists are narrowed by.

use crate::bed::{Bed, bed, change_set, exchange};
use pes_changeset::Channel;
use pes_domain::{Audience, Kind, Record};
use pes_store::records::{self, Sheet};
use pes_store::states::{self, State};

fn sheet(record: &Record, channel: Channel, version: u64) -> Sheet {
    Sheet { channel, node: "paca".into(), version, record: record.clone() }
}

/// A database that knows the node `paca` and these sheets.
fn with_sheets(sheets: &[Sheet]) -> Bed {
    let bed = bed();
    bed.pin("paca");
    bed.put_all(sheets);
    bed
}

impl Bed {
    fn put_all(&self, sheets: &[Sheet]) {
        self.write(|link| sheets.iter().try_for_each(|sheet| records::put(link, sheet)));
    }

    fn seen(&self, record: &Record, reader: Audience) -> Option<(Channel, u64)> {
        let seen = self.read(|link| records::seen(link, &record.iri.to_string(), reader));
        seen.map(|sheet| (sheet.channel, sheet.version))
    }
}

#[test]
fn a_sheet_comes_back_as_it_was_put() {
    let sheet = sheet(&exchange("paca", "Cherche local"), Channel::Public, 3);
    let bed = with_sheets(std::slice::from_ref(&sheet));
    let iri = sheet.record.iri.to_string();
    assert_eq!(bed.read(|link| records::of_channel(link, &iri, Channel::Public)), Some(sheet.clone()));
    assert_eq!(bed.read(|link| records::of_channel(link, &iri, Channel::Affiliates)), None);
    assert_eq!(bed.read(|link| records::seen(link, &iri, Audience::Public)), Some(sheet));
}

#[test]
fn a_sheet_takes_the_place_of_the_one_before_in_its_channel_alone() {
    let record = exchange("paca", "Cherche local");
    let affiliates = sheet(&record, Channel::Affiliates, 1);
    let bed = with_sheets(&[affiliates.clone(), sheet(&record, Channel::Public, 1)]);
    let newer = sheet(&Record { iri: record.iri.clone(), ..exchange("paca", "Cherche maison") }, Channel::Public, 2);
    bed.put_all(std::slice::from_ref(&newer));
    let iri = record.iri.to_string();
    assert_eq!(bed.read(|link| records::of_channel(link, &iri, Channel::Public)), Some(newer));
    assert_eq!(bed.read(|link| records::of_channel(link, &iri, Channel::Affiliates)), Some(affiliates));
}

#[test]
fn a_sheet_belongs_to_a_pinned_node() {
    let why = bed().refused(|link| records::put(link, &sheet(&exchange("paca", "Local"), Channel::Public, 1)));
    assert!(why.contains("FOREIGN KEY"), "{why}");
}

#[test]
fn a_member_sees_the_highest_version_and_on_a_tie_the_narrower_sheet() {
    let record = exchange("paca", "Cherche local");
    for (public, affiliates, expected) in [
        (2, 1, (Channel::Public, 2)),
        (1, 2, (Channel::Affiliates, 2)),
        (2, 2, (Channel::Affiliates, 2)),
        (9, 10, (Channel::Affiliates, 10)),
    ] {
        let bed =
            with_sheets(&[sheet(&record, Channel::Public, public), sheet(&record, Channel::Affiliates, affiliates)]);
        for reader in [Audience::Affiliates, Audience::Network, Audience::Private] {
            assert_eq!(bed.seen(&record, reader), Some(expected));
        }
        assert_eq!(bed.seen(&record, Audience::Public), Some((Channel::Public, public)), "whatever affiliates see");
    }
}

#[test]
fn everybody_else_never_sees_what_is_for_affiliates() {
    let record = exchange("paca", "Cherche local");
    let bed = with_sheets(&[sheet(&record, Channel::Affiliates, 5)]);
    assert_eq!(bed.seen(&record, Audience::Public), None);
    assert_eq!(bed.seen(&record, Audience::Affiliates), Some((Channel::Affiliates, 5)));
}

#[test]
fn a_sheet_that_is_taken_away_leaves_the_other_channel_s() {
    let record = exchange("paca", "Cherche local");
    let bed = with_sheets(&[sheet(&record, Channel::Public, 1), sheet(&record, Channel::Affiliates, 1)]);
    let iri = record.iri.to_string();
    bed.write(|link| records::remove(link, &iri, Channel::Affiliates));
    assert_eq!(bed.seen(&record, Audience::Affiliates), Some((Channel::Public, 1)));
    bed.write(|link| records::remove(link, &iri, Channel::Public));
    bed.write(|link| records::remove(link, &iri, Channel::Public));
    assert_eq!(bed.seen(&record, Audience::Affiliates), None);
}

#[test]
fn what_was_refused_is_shown_no_more_and_its_reason_is_kept() {
    let record = exchange("paca", "Cherche local");
    let bed = with_sheets(&[sheet(&record, Channel::Public, 1), sheet(&record, Channel::Affiliates, 1)]);
    let (iri, log) = (record.iri.to_string(), bed.log("paca", Channel::Public).id);
    let refusal = |channel| bed.read(|link| records::refusal(link, &iri, channel));
    assert_eq!(refusal(Channel::Public), None);
    for reason in ["no title", "no such code"] {
        bed.write(|link| records::refuse(link, (&iri, Channel::Public), (log, 4), reason));
        assert_eq!(refusal(Channel::Public).as_deref(), Some(reason));
    }
    assert_eq!(refusal(Channel::Affiliates), None);
    assert_eq!(bed.seen(&record, Audience::Public), None);
    assert_eq!(bed.seen(&record, Audience::Affiliates), Some((Channel::Affiliates, 1)));
}

#[test]
fn a_good_sheet_or_its_end_clears_a_refusal() {
    let record = exchange("paca", "Cherche local");
    let bed = with_sheets(&[]);
    let (iri, log) = (record.iri.to_string(), bed.log("paca", Channel::Public).id);
    for mend in [true, false] {
        bed.write(|link| records::refuse(link, (&iri, Channel::Public), (log, 4), "no title"));
        match mend {
            true => bed.put_all(&[sheet(&record, Channel::Public, 2)]),
            false => bed.write(|link| records::remove(link, &iri, Channel::Public)),
        }
        assert_eq!(bed.read(|link| records::refusal(link, &iri, Channel::Public)), None);
        assert_eq!(bed.seen(&record, Audience::Public).is_some(), mend);
    }
}

#[test]
fn a_node_s_sheets_are_told_by_channel_and_kind_in_the_order_of_their_names() {
    let records: Vec<Record> = (0..5).map(|number| exchange("paca", &format!("Local {number}"))).collect();
    let bed = with_sheets(&[]);
    bed.pin("alliance");
    bed.put_all(&[
        sheet(&records[0], Channel::Public, 1),
        sheet(&records[1], Channel::Public, 1),
        sheet(&records[2], Channel::Public, 1),
        sheet(&records[3], Channel::Affiliates, 1),
        Sheet { node: "alliance".into(), ..sheet(&records[4], Channel::Public, 1) },
    ]);
    let of = |node: &str, channel, kind| -> Vec<String> {
        let sheets = bed.read(|link| records::of_node(link, node, channel, kind));
        sheets.into_iter().map(|sheet| sheet.record.iri.to_string()).collect()
    };
    let mut expected: Vec<String> = records[..3].iter().map(|record| record.iri.to_string()).collect();
    expected.sort();
    assert_eq!(of("paca", Channel::Public, Kind::Exchange), expected);
    assert_eq!(of("paca", Channel::Affiliates, Kind::Exchange), [records[3].iri.to_string()]);
    assert_eq!(of("alliance", Channel::Public, Kind::Exchange), [records[4].iri.to_string()]);
    assert!(of("paca", Channel::Public, Kind::Job).is_empty());
}

fn state(record: &str, channel: Channel, log: i64, seq: u64) -> State {
    State {
        record: record.into(),
        channel,
        log,
        epoch: 1,
        seq,
        operation: "https://w3id.org/pes/ns#Upsert".into(),
        kind: Kind::Exchange.iri(),
        version: seq + 1,
        commitment: "-".into(),
        leaf: change_set("paca", seq).leaf_hash(),
    }
}

#[test]
fn a_state_takes_the_place_of_the_one_before_in_its_channel() {
    let bed = with_sheets(&[]);
    let log = bed.log("paca", Channel::Public).id;
    let (public, affiliates) = (state("a", Channel::Public, log, 0), state("a", Channel::Affiliates, log, 1));
    let newer = state("a", Channel::Public, log, 7);
    bed.write(|link| [&public, &affiliates, &newer].into_iter().try_for_each(|state| states::put(link, state)));
    assert_eq!(bed.read(|link| states::of_record(link, "a")), [affiliates, newer]);
    assert_eq!(bed.read(|link| states::of_record(link, "b")), []);
}

/// A database that an older version of the program made is taken over as it is, and its facets with it.
#[test]
fn facets_by_name_become_facets_by_number() {
    let sheets = [exchange("paca", "Four"), exchange("paca", "Local")].map(|one| sheet(&one, Channel::Public, 1));
    let bed = with_sheets(&sheets);
    let demands = || bed.read(|link| records::with_facet(link, "direction", "demand"));
    let before = demands();
    assert_eq!(before.len(), 2);
    bed.tamper(include_str!("../../migrations/2026-11-25-000012_facets/down.sql"));
    bed.tamper(include_str!("../../migrations/2026-11-25-000012_facets/up.sql"));
    assert_eq!(demands(), before);
    bed.write(|link| records::put(link, &sheets[0]));
    assert_eq!(demands(), before);
    bed.write(|link| records::remove(link, &before[0], Channel::Public));
    assert_eq!(demands(), before[1..]);
}

#[test]
fn states_are_read_in_the_order_of_their_digest_in_portions() {
    let bed = with_sheets(&[]);
    let log = bed.log("paca", Channel::Public).id;
    let both = [Channel::Affiliates, Channel::Public];
    let all: Vec<State> = ["a", "b", "é"].iter().flat_map(|one| both.map(|to| state(one, to, log, 0))).collect();
    bed.write(|link| all.iter().rev().try_for_each(|state| states::put(link, state)));
    for width in 1..=7 {
        let (mut read, mut last) = (Vec::new(), (String::new(), String::new()));
        loop {
            let portion = bed.read(|link| states::after(link, &last.0, &last.1, width));
            let Some(end) = portion.last() else { break };
            last = (end.record.clone(), end.channel.as_str().to_owned());
            read.extend(portion);
        }
        assert_eq!(read, all, "in portions of {width}");
    }
}

#[test]
fn clearing_takes_all_that_is_made_of_the_logs_and_nothing_else() {
    let record = exchange("paca", "Cherche local");
    let (bed, iri) = (with_sheets(&[sheet(&record, Channel::Public, 1)]), record.iri.to_string());
    let log = bed.log("paca", Channel::Public);
    bed.write(|link| {
        states::put(link, &state(&iri, Channel::Public, log.id, 0))?;
        records::refuse(link, (&iri, Channel::Affiliates), (log.id, 4), "no title")?;
        pes_store::payloads::keep(link, (log.id, 0), &iri, "text")
    });
    bed.write(states::clear);
    assert_eq!(bed.read(|link| states::of_record(link, &iri)), []);
    assert_eq!(bed.seen(&record, Audience::Affiliates), None);
    assert_eq!(bed.read(|link| records::refusal(link, &iri, Channel::Affiliates)), None);
    assert!(bed.read(|link| pes_store::payloads::find(link, log.id, 0)).is_some());
    assert_eq!(bed.read(|link| pes_store::logs::get(link, log.id)), log);
    bed.put_all(&[sheet(&record, Channel::Public, 1)]);
}
