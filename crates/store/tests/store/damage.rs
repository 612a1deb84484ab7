//! A row that this program would not have written is an error that names its table, and never a panic.

use crate::bed::{Bed, NOW, change_set, exchange, file_bed};
use pes_changeset::Channel;
use pes_domain::{Audience, Kind, Record};
use pes_store::entries::Urgency;
use pes_store::lists::Query;
use pes_store::notices::{Mail, Notice};
use pes_store::own_records::{Moderation, OwnRecord};
use pes_store::peers::{Peer, PeerRole};
use pes_store::records::Sheet;
use pes_store::states::State;
use pes_store::{Link, Store, StoreError};
use pes_store::{accounts, entries, lists, logs, nodes, notices, own_records, peers, records, states};

/// A database with a row in each table that is read into more than texts and numbers; and its record.
fn full() -> (Bed, Record) {
    let (bed, record) = (file_bed(), exchange("paca", "Cherche local"));
    bed.pin("paca");
    bed.account("marie");
    let (log, iri) = (bed.log("paca", Channel::Public).id, record.iri.to_string());
    bed.write(|link| {
        entries::append(link, log, &change_set("paca", 0), Urgency::Now)?;
        entries::keep_early(link, log, &change_set("paca", 5), entries::Ahead::Urgent)?;
        states::put(link, &state(&iri, log))?;
        let sheet = Sheet { channel: Channel::Public, node: "paca".into(), version: 1, record: record.clone() };
        records::put(link, &sheet)?;
        let moderation = Moderation::Published;
        own_records::put(link, &OwnRecord { moderation, author: None, version: 1, record: record.clone() })?;
        notices::insert_once(link, &notice(&iri))?;
        peers::put(link, &peer())
    });
    (bed, record)
}

fn state(record: &str, log: i64) -> State {
    State {
        record: record.into(),
        channel: Channel::Public,
        log,
        epoch: 1,
        seq: 0,
        operation: "https://w3id.org/pes/ns#Upsert".into(),
        kind: Kind::Exchange.iri(),
        version: 1,
        commitment: "-".into(),
        leaf: change_set("paca", 0).leaf_hash(),
    }
}

fn notice(record: &str) -> Notice {
    Notice {
        id: "1".into(),
        account: "marie".into(),
        record: record.into(),
        structure: None,
        reason: "{}".into(),
        created: 5,
        is_read: false,
        mail: Mail::Due,
        mailed: None,
    }
}

fn peer() -> Peer {
    Peer::new("paca", PeerRole::Hub)
}

/// Damages a table and reads it: its name, and what is said of it.
#[track_caller]
fn damaged<T>(table: &str, change: &str, read: impl FnOnce(&mut Link, &Record) -> Result<T, StoreError>) -> String {
    let (bed, record) = full();
    bed.tamper(&format!("UPDATE {table} SET {change}"));
    match bed.store.read(|link| read(link, &record).map(drop)) {
        Err(fault @ StoreError::Damaged { .. }) => {
            let why = fault.to_string();
            assert!(why.starts_with(&format!("damaged row in {table}: ")), "{why}");
            why
        }
        other => panic!("{change}: {other:?}"),
    }
}

#[test]
fn a_node_s_origin_and_keys_are_what_they_say() {
    for change in
        ["origin = 'paca'", "root_key = ''", "log_key = 'z'", "transport_key = 'z6Mk'", "log_key = 'é' || log_key"]
    {
        damaged("nodes", change, |link, _| nodes::find(link, "paca"));
        damaged("nodes", change, |link, _| nodes::all(link));
    }
}

#[test]
fn a_log_s_frontier_fits_its_size() {
    for change in
        ["channel = 'gossip'", "frontier = 'a'", "frontier = 'zz'", "frontier = 'é'", "size = 3", "checkpoint = 'none'"]
    {
        damaged("logs", change, |link, _| logs::all(link));
    }
}

#[test]
fn a_leaf_is_thirty_two_bytes_in_hexadecimal() {
    for (leaf, why) in [("abc", "not hexadecimal"), ("zz", "not hexadecimal"), ("abcd", "does not have 32 bytes")] {
        let change = format!("leaf = '{leaf}'");
        assert!(damaged("entries", &change, |link, _| entries::of_log(link, 1, 0, 9)).contains(why));
        assert!(damaged("early", &change, |link, _| entries::early_at(link, 1, &[5])).contains(why));
        assert!(damaged("states", &change, |link, _| states::after(link, "", "", 9)).contains(why));
    }
}

#[test]
fn a_state_is_of_a_channel() {
    damaged("states", "channel = 'gossip'", |link, record| states::of_record(link, &record.iri.to_string()));
}

#[test]
fn a_sheet_is_a_record_of_a_channel() {
    let seen = |link: &mut Link, record: &Record| records::seen(link, &record.iri.to_string(), Audience::Public);
    for change in ["body = '{}'", "body = ''", "body = substr(body, 2)"] {
        damaged("records", change, seen);
        damaged("records", change, |link, _| lists::shared(link, &everything()));
    }
    let of_members =
        |link: &mut Link, _: &Record| lists::shared(link, &Query { reader: Audience::Network, ..everything() });
    damaged("records", "channel = 'gossip'", of_members);
}

fn everything() -> Query {
    Query {
        kind: Kind::Exchange,
        reader: Audience::Public,
        now: NOW.unix_timestamp(),
        facets: vec![],
        node: None,
        offset: 0,
        limit: 10,
    }
}

#[test]
fn a_record_of_ours_is_a_record_in_a_state() {
    let find = |link: &mut Link, record: &Record| own_records::find(link, &record.iri.to_string());
    for change in ["moderation = 'Published'", "body = 'null'", "body = '[]'"] {
        damaged("own_records", change, find);
    }
}

#[test]
fn roles_and_states_are_words_of_ours() {
    damaged("accounts", "role = 'king'", |link, _| accounts::find(link, "marie"));
    damaged("accounts", "role = ''", |link, _| accounts::all(link));
    damaged("notices", "mail = 'lost'", |link, _| notices::of_account(link, "marie", 9));
    damaged("peers", "role = 'spy'", |link, _| peers::all(link));
}

#[test]
fn one_damaged_row_leaves_the_others_readable() {
    let (bed, _) = full();
    bed.account("paul");
    bed.tamper("UPDATE accounts SET role = 'king' WHERE id = 'marie'");
    assert!(bed.store.read(|link| accounts::find(link, "marie")).is_err());
    assert!(bed.read(|link| accounts::find(link, "paul")).is_some());
}

#[test]
fn a_damaged_file_is_an_error() {
    let (bed, record) = full();
    bed.store.settle().unwrap();
    let (path, iri) = (bed.path(), record.iri.to_string());
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[4096..].fill(0x5a);
    drop(bed.store);
    std::fs::write(&path, &bytes).unwrap();
    let read = Store::open(path.as_path()).and_then(|store| store.read(|link| own_records::find(link, &iri)));
    assert!(matches!(read, Err(StoreError::Open { .. } | StoreError::Migrate(_) | StoreError::Query(_))), "{read:?}");
}
