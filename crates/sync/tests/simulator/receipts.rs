//! Nobody has acknowledged anything but by a signature of their own.

use crate::village::{Village, answer};
use pes_changeset::note::NoteSignature;
use pes_sync::push::{Lane, Step};

/// A peer whose receipt is not a signature of its own has not acknowledged anything.
#[test]
fn a_false_receipt_is_no_receipt() {
    let mut village = Village::new(8);
    village.demand("apeas", "x");
    let (hub, seconds) = (village.nodes["paca"].id(), village.now.unix_timestamp());
    let apeas = village.nodes.get_mut("apeas").unwrap();
    let mut walk = apeas.walks.remove(&hub).unwrap().push;
    for body in ["", "no signature", "— paca.test/node AAAAAAAAAAAA\n"] {
        apeas.journal.change_peer(&hub, |peer| peer.next_try = 0).unwrap();
        let Step::Ask(_) = walk.step(Lane::InTurn, &apeas.journal, seconds).unwrap() else { panic!() };
        walk.take(Lane::InTurn, &apeas.journal, Ok(answer(200, body)), seconds, 0.5).unwrap();
        let peer = apeas.journal.peer(&hub).unwrap().unwrap();
        assert!(peer.failures > 0 && peer.cursor == 0, "{body}");
    }
    assert!(NoteSignature::read("— paca.test/node AAAAAAAAAAAA").is_ok(), "it was one in form");
}

#[test]
fn the_same_correction_twice_is_a_failure() {
    let mut village = Village::new(9);
    village.demand("apeas", "x");
    let (hub, seconds) = (village.nodes["paca"].id(), village.now.unix_timestamp());
    let apeas = village.nodes.get_mut("apeas").unwrap();
    let mut walk = apeas.walks.remove(&hub).unwrap().push;
    for failures in [0, 1] {
        let Step::Ask(_) = walk.step(Lane::InTurn, &apeas.journal, seconds).unwrap() else { panic!() };
        walk.take(Lane::InTurn, &apeas.journal, Ok(answer(409, "0")), seconds, 0.5).unwrap();
        assert_eq!(apeas.journal.peer(&hub).unwrap().unwrap().failures, failures);
    }
    assert!(matches!(walk.step(Lane::InTurn, &apeas.journal, seconds).unwrap(), Step::Wait(at) if at > seconds));
}
