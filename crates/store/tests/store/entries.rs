//! Change-sets in the order of their log and in the order of their arrival; and the urgent lane beside both.

use crate::bed::{Bed, bed, change_set};
use pes_changeset::Channel;
use pes_store::StoreError;
use pes_store::entries::{self, Ahead, Early, Entry, Urgency};
use std::collections::HashMap;

/// A database that holds the empty logs of two nodes, `paca` and `alliance`, and their numbers.
fn two_logs() -> (Bed, i64, i64) {
    let bed = bed();
    let [paca, alliance] = ["paca", "alliance"].map(|name| {
        bed.pin(name);
        bed.log(name, Channel::Public).id
    });
    (bed, paca, alliance)
}

impl Bed {
    /// Appends the change-set of this place of a node's log; its arrival.
    fn append(&self, log: i64, node: &str, seq: u64, is_urgent: bool) -> u64 {
        let urgency = if is_urgent { Urgency::Now } else { Urgency::None };
        self.write(|link| entries::append(link, log, &change_set(node, seq), urgency));
        self.read(|link| entries::of_log(link, log, seq, 1))[0].arrival
    }

    /// How a change-set came ahead of its turn, if it did.
    fn ahead(&self, log: i64, seq: u64) -> Option<Ahead> {
        self.read(|link| entries::early_at(link, log, &[seq])).get(&seq).map(|early| early.ahead)
    }

    fn keep_early(&self, log: i64, node: &str, seq: u64) {
        self.write(|link| entries::keep_early(link, log, &change_set(node, seq), Ahead::Urgent));
    }
}

fn seqs(entries: &[Entry]) -> Vec<u64> {
    entries.iter().map(|entry| entry.seq).collect()
}

fn arrivals(entries: &[Entry]) -> Vec<u64> {
    entries.iter().map(|entry| entry.arrival).collect()
}

#[test]
fn arrivals_are_counted_over_all_logs_from_one() {
    let (bed, paca, alliance) = two_logs();
    assert_eq!(bed.read(entries::last_arrival), 0);
    assert_eq!(bed.append(paca, "paca", 0, false), 1);
    assert_eq!(bed.append(alliance, "alliance", 0, false), 2);
    bed.keep_early(alliance, "alliance", 5);
    assert_eq!(bed.read(entries::last_arrival), 3);
    assert_eq!(bed.append(paca, "paca", 1, false), 4);
    assert_eq!(bed.read(entries::last_arrival), 4);
}

#[test]
fn an_entry_comes_back_as_it_was_signed() {
    let (bed, paca, _) = two_logs();
    bed.append(paca, "paca", 0, true);
    let signed = change_set("paca", 0);
    let expected = Entry {
        log: paca,
        seq: 0,
        arrival: 1,
        urgent: Some(1),
        leaf: signed.leaf_hash(),
        text: signed.text().to_owned(),
    };
    assert_eq!(bed.read(|link| entries::of_log(link, paca, 0, 10)), [expected]);
}

#[test]
fn a_place_is_taken_once() {
    let (bed, paca, _) = two_logs();
    bed.append(paca, "paca", 0, false);
    let why = bed.refused(|link| entries::append(link, paca, &change_set("paca", 0), Urgency::Now));
    assert!(why.contains("UNIQUE"), "{why}");
    assert_eq!(bed.read(entries::last_arrival), 1);
}

#[test]
fn a_change_set_belongs_to_a_log_that_is_held() {
    let bed = bed();
    assert!(
        bed.refused(|link| entries::append(link, 7, &change_set("paca", 0), Urgency::None)).contains("FOREIGN KEY")
    );
    assert!(
        bed.refused(|link| entries::keep_early(link, 7, &change_set("paca", 0), Ahead::Urgent)).contains("FOREIGN KEY")
    );
}

#[test]
fn a_log_is_read_in_its_own_order_in_portions() {
    let (bed, paca, alliance) = two_logs();
    for seq in [2, 0, 1, 3] {
        bed.append(paca, "paca", seq, false);
        bed.append(alliance, "alliance", seq, false);
    }
    let of_log = |seq, limit| seqs(&bed.read(|link| entries::of_log(link, paca, seq, limit)));
    assert_eq!(of_log(0, 10), [0, 1, 2, 3]);
    assert_eq!(of_log(1, 2), [1, 2]);
    assert_eq!(of_log(3, 10), [3]);
    assert_eq!(of_log(4, 10), [0; 0]);
    assert_eq!(of_log(0, 0), [0; 0]);
}

#[test]
fn a_peer_is_given_what_arrived_after_its_cursor_but_its_own() {
    let (bed, paca, alliance) = two_logs();
    for seq in 0..3 {
        bed.append(paca, "paca", seq, false);
        bed.append(alliance, "alliance", seq, false);
    }
    let after = |cursor, but_of, limit| bed.read(|link| entries::arrived_after(link, cursor, but_of, limit));
    assert_eq!(arrivals(&after(0, "nobody", 10)), [1, 2, 3, 4, 5, 6]);
    assert_eq!(arrivals(&after(2, "paca", 10)), [4, 6]);
    assert_eq!(arrivals(&after(0, "alliance", 2)), [1, 3]);
    assert_eq!(arrivals(&after(6, "nobody", 10)), [0; 0]);
    let count = |cursor, but_of| bed.read(|link| entries::count_after(link, cursor, but_of));
    assert_eq!((count(0, "nobody"), count(2, "paca"), count(6, "nobody")), (6, 2, 0));
}

#[test]
fn the_urgent_lane_has_what_is_urgent_and_what_came_early() {
    let (bed, paca, alliance) = two_logs();
    bed.append(paca, "paca", 0, false);
    bed.append(paca, "paca", 1, true);
    bed.keep_early(alliance, "alliance", 8);
    bed.append(alliance, "alliance", 0, true);
    let urgent = |cursor, but_of, limit| bed.read(|link| entries::urgent_after(link, cursor, but_of, limit));
    assert_eq!(arrivals(&urgent(0, "nobody", 10)), [2, 3, 4]);
    assert_eq!(seqs(&urgent(0, "nobody", 10)), [1, 8, 0]);
    assert!(urgent(0, "nobody", 10).iter().all(|entry| entry.urgent.is_some()));
    assert_eq!(arrivals(&urgent(2, "nobody", 10)), [3, 4]);
    assert_eq!(arrivals(&urgent(0, "alliance", 10)), [2], "nobody is given their own");
    assert_eq!(arrivals(&urgent(0, "paca", 10)), [3, 4]);
    assert_eq!(arrivals(&urgent(4, "nobody", 10)), [0; 0]);
}

/// What came by the urgent lane stays on it when its log has caught up: whoever has not got it yet still gets it ahead of any backlog.
#[test]
fn a_change_set_is_urgent_since_it_came_first() {
    let (bed, paca, alliance) = two_logs();
    bed.keep_early(paca, "paca", 0);
    bed.append(alliance, "alliance", 0, true);
    let since = bed.read(|link| entries::early_at(link, paca, &[0]))[&0].arrival;
    bed.write(|link| entries::append(link, paca, &change_set("paca", 0), Urgency::Since(since)));
    bed.write(|link| entries::drop_early(link, paca, 0));
    let urgent = bed.read(|link| entries::urgent_after(link, 0, "nobody", 10));
    let places = urgent.iter().map(|entry| (entry.log, entry.urgent, entry.arrival)).collect::<Vec<_>>();
    assert_eq!(places, [(paca, Some(1), 3), (alliance, Some(2), 2)]);
    assert_eq!(
        seqs(&bed.read(|link| entries::urgent_after(link, 1, "nobody", 10))),
        [0],
        "who got it is not given it again"
    );
    assert!(bed.read(|link| entries::urgent_after(link, 2, "nobody", 10)).is_empty());
}

#[test]
fn a_short_portion_of_the_urgent_lane_is_its_beginning() {
    let (bed, paca, alliance) = two_logs();
    for seq in 0..3 {
        bed.keep_early(alliance, "alliance", seq + 5);
        bed.append(paca, "paca", seq, true);
    }
    let urgent = |cursor, limit| arrivals(&bed.read(|link| entries::urgent_after(link, cursor, "nobody", limit)));
    assert_eq!(urgent(0, 3), [1, 2, 3]);
    assert_eq!(urgent(3, 3), [4, 5, 6]);
    assert_eq!(urgent(0, 0), [0; 0]);
}

#[test]
fn what_came_early_waits_for_its_turn_in_no_log() {
    let (bed, paca, _) = two_logs();
    bed.append(paca, "paca", 0, false);
    bed.keep_early(paca, "paca", 4);
    assert_eq!(seqs(&bed.read(|link| entries::of_log(link, paca, 0, 10))), [0]);
    assert_eq!(seqs(&bed.read(|link| entries::arrived_after(link, 0, "nobody", 10))), [0]);
    let signed = change_set("paca", 4);
    let early = bed.read(|link| entries::find_early(link, paca, 4)).unwrap();
    assert_eq!((early.arrival, early.text.as_str()), (2, signed.text()));
    let early = bed.read(|link| entries::early_at(link, paca, &[3, 4]));
    assert_eq!(early, HashMap::from([(4, Early { leaf: signed.leaf_hash(), ahead: Ahead::Urgent, arrival: 2 })]));
    assert_eq!(bed.read(|link| entries::find_early(link, paca, 3)), None);
}

#[test]
fn what_is_kept_early_keeps_its_place_and_is_not_kept_again() {
    let (bed, paca, _) = two_logs();
    bed.keep_early(paca, "paca", 4);
    bed.append(paca, "paca", 0, false);
    bed.refused(|link| entries::keep_early(link, paca, &change_set("paca", 4), Ahead::Snapshot));
    assert_eq!(bed.ahead(paca, 4), Some(Ahead::Urgent));
    assert_eq!(bed.read(|link| entries::find_early(link, paca, 4)).unwrap().arrival, 1);
    assert_eq!(bed.read(|link| entries::early_after(link, 0, 10)).len(), 1);
    assert_eq!(bed.read(entries::last_arrival), 2);
}

#[test]
fn what_came_early_is_let_go_when_its_turn_comes() {
    let (bed, paca, alliance) = two_logs();
    bed.keep_early(paca, "paca", 4);
    bed.keep_early(alliance, "alliance", 4);
    bed.write(|link| entries::drop_early(link, paca, 3));
    assert_eq!(bed.ahead(paca, 4), Some(Ahead::Urgent));
    bed.write(|link| entries::drop_early(link, paca, 4));
    assert_eq!(bed.ahead(paca, 4), None);
    let left = bed.read(|link| entries::early_after(link, 0, 10));
    assert_eq!(left.iter().map(|entry| (entry.log, entry.seq)).collect::<Vec<_>>(), [(alliance, 4)]);
}

#[test]
fn all_that_came_early_is_told_in_its_order_a_portion_at_a_time() {
    let (bed, paca, alliance) = two_logs();
    for (log, node, seq) in [(alliance, "alliance", 2), (paca, "paca", 9), (paca, "paca", 3)] {
        bed.keep_early(log, node, seq);
    }
    let first = bed.read(|link| entries::early_after(link, 0, 2));
    assert_eq!(seqs(&first), [2, 9]);
    assert_eq!(first[0].text, change_set("alliance", 2).text());
    assert_eq!(seqs(&bed.read(|link| entries::early_after(link, first[1].arrival, 2))), [3]);
}

/// Only what came by the urgent lane is counted there, and given on by it.
#[test]
fn what_came_with_a_snapshot_is_not_of_the_urgent_lane() {
    let (bed, paca, _) = two_logs();
    bed.keep_early(paca, "paca", 7);
    bed.write(|link| entries::keep_early(link, paca, &change_set("paca", 8), Ahead::Snapshot));
    assert_eq!(bed.ahead(paca, 8), Some(Ahead::Snapshot));
    assert_eq!(bed.ahead(paca, 7), Some(Ahead::Urgent));
    assert_eq!(bed.read(|link| entries::count_early(link, paca)), 1);
    assert_eq!(seqs(&bed.read(|link| entries::urgent_after(link, 0, "nobody", 10))), [7]);
}

#[test]
fn change_sets_at_places_come_in_the_order_asked_for() {
    let (bed, paca, alliance) = two_logs();
    for seq in 0..4 {
        bed.append(paca, "paca", seq, false);
    }
    bed.append(alliance, "alliance", 1, false);
    let at = |places: &[u64]| seqs(&bed.read(|link| entries::at(link, paca, places)));
    assert_eq!(at(&[3, 0, 2]), [3, 0, 2]);
    assert_eq!(at(&[9, 1]), [1]);
    assert_eq!(at(&[]), [0; 0]);
}

#[test]
fn a_number_that_the_database_cannot_hold_is_an_error() {
    let (bed, paca, _) = two_logs();
    let answers = [
        bed.store.read(|link| entries::of_log(link, paca, u64::MAX, 1).map(drop)),
        bed.store.read(|link| entries::of_log(link, paca, 0, u64::MAX).map(drop)),
        bed.store.read(|link| entries::arrived_after(link, u64::MAX, "nobody", 1).map(drop)),
        bed.store.read(|link| entries::urgent_after(link, u64::MAX, "nobody", 1).map(drop)),
        bed.store.write(|link| entries::drop_early(link, paca, u64::MAX)),
    ];
    for answer in answers {
        assert!(matches!(answer, Err(StoreError::Damaged { table: "numbers", .. })), "{answer:?}");
    }
}

/// Who follows by arrival hears of each record that changed, of whatever log, in portions; and is told up to where that is all.
#[test]
fn records_are_told_by_the_arrival_of_what_changed_them() {
    let (bed, paca, alliance) = two_logs();
    for seq in 0..3 {
        bed.append(paca, "paca", seq, false);
        bed.append(alliance, "alliance", seq, seq == 1);
    }
    bed.keep_early(alliance, "alliance", 9);
    let name = |node: &str, seq: u64| change_set(node, seq).header().act.target().unwrap().record.clone();
    let after = |arrival: u64, limit: u64| bed.read(|link| entries::records_after(link, arrival, limit));
    let (until, all) = after(0, 100);
    assert_eq!((until, all.len()), (7, 7));
    for (node, seq) in [("paca", 0), ("paca", 2), ("alliance", 1), ("alliance", 9)] {
        assert!(all.contains(&name(node, seq)), "{node} {seq}");
    }
    assert_eq!(after(7, 100), (7, vec![]), "nothing came since");
    let (until, some) = after(0, 2);
    assert_eq!((until, some.len()), (2, 2), "a full portion says that more may wait");
    let (until, early) = after(6, 100);
    assert_eq!((until, early), (7, vec![name("alliance", 9)]));
    // Portion by portion, each once.
    let (mut arrival, mut told) = (0, Vec::new());
    loop {
        let (until, some) = after(arrival, 3);
        if until == arrival {
            break;
        }
        told.extend(some);
        arrival = until;
    }
    assert_eq!((arrival, told.len()), (7, 7));
}
