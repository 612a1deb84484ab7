//! F17: clocks a day apart. Whoever asks is refused with the reason; the order of things never depends on a clock.

use crate::bed::{START, signed};
use crate::village::{Name, Village};
use pes_domain::{Kind, Record};
use pes_store::own_records::Moderation;
use pes_sync::Ask;
use time::Duration;

const DAY: Duration = Duration::DAY;

#[test]
fn a_clock_that_is_a_day_off_is_refused_with_the_reason() {
    for skew in [DAY, -DAY, Duration::seconds(301), Duration::seconds(-301)] {
        let mut village = Village::new(1);
        village.skew.insert("alliance", skew);
        let demand = village.demand("alliance", "Attend");
        village.settle(60);
        assert!(!village.has("paca", &demand));
        let peer = village.nodes["alliance"].journal.peer(&village.nodes["paca"].id()).unwrap().unwrap();
        let reason = peer.reason.unwrap();
        assert!(reason.contains("401") && reason.contains("check both clocks"), "{reason}");
        assert_eq!(
            village.pull("alliance", "paca").report.broken.map(|why| why.contains("check both clocks")),
            Some(true)
        );
    }
    let mut village = Village::new(1);
    village.skew.insert("alliance", Duration::seconds(299));
    let demand = village.demand("alliance", "Passe");
    village.settle(1);
    assert!(village.has("mesclun", &demand), "five minutes are borne");
}

/// The refusal tells the time here, so that whoever reads it knows which clock is wrong.
#[test]
fn the_refusal_is_dated() {
    let village = Village::new(1);
    let (hub, apeas) = (&village.nodes["paca"], &village.nodes["apeas"]);
    let request = signed(apeas.identity(), &Ask::get(hub.origin(), "/heads", 1_000), START - DAY);
    let reply = hub.replies(&request, START);
    assert_eq!((reply.status, reply.problem, reply.is_dated), (401, Some("clock"), true));
}

/// A clock that is set right is all it takes, whichever way it was wrong: nobody waits for a time that came out of the wrong clock.
#[test]
fn what_waited_goes_when_the_clock_is_right() {
    for skew in [DAY, -DAY, DAY * 400] {
        for name in ["alliance", "paca"] {
            let mut village = Village::new(1);
            village.skew.insert(name, skew);
            let demand = village.demand("alliance", "Attend");
            village.settle(3_600);
            assert!(!village.has("mesclun", &demand));
            village.skew.clear();
            village.settle(7 * 3_600);
            assert!(village.has("mesclun", &demand), "{name} was {skew} off");
            village.assert_all_agree();
        }
    }
}

/// Saves a record of *apeas* anew, under this title.
fn retitle(village: &Village, old: &Record, title: &str, by: Name) {
    let apeas = &village.nodes[by];
    let now = village.clock(by);
    let fields = [("direction", "demand"), ("type", "service"), ("title", title), ("author", "Marie")];
    let new = Record { iri: old.iri.clone(), ..apeas.record(Kind::Exchange, &fields, now) };
    apeas.journal.save(new, Moderation::Published, None, now).unwrap();
}

#[test]
fn what_was_written_last_stands_whatever_the_clocks_say() {
    let mut village = Village::new(1);
    village.skew.insert("apeas", DAY * 2);
    let demand = village.demand("apeas", "D’après-demain");
    village.settle(60);
    let old = village.nodes["apeas"].records[0].clone();
    village.skew.insert("apeas", -DAY);
    retitle(&village, &old, "D’hier", "apeas");
    village.skew.clear();
    village.settle(7 * 3_600);
    village.assert_all_agree();
    let seen = |link: &mut _| pes_store::records::seen(link, &demand.to_string(), pes_domain::Audience::Public);
    let seen = village.nodes["mesclun"].journal.store().read(seen).unwrap().unwrap();
    assert_eq!(seen.record.title(), "D’hier");
    village.delete("apeas", &demand);
    village.settle(60);
    village.assert_all_agree();
}
