//! Peers and how far they have come; their receipts, what was refused of them, and the invitations they take up.

use crate::bed::{Bed, bed};
use pes_changeset::Channel;
use pes_store::invitations::{self, Invitation};
use pes_store::peers::{self, Peer, PeerRole, Receipt, RefusalCount};

fn peer(node: &str, role: PeerRole) -> Peer {
    Peer::new(node, role)
}

/// A database that knows the nodes `paca` and `alliance`.
fn two_nodes() -> Bed {
    let bed = bed();
    bed.pin_all(["paca", "alliance"]);
    bed
}

#[test]
fn a_peer_takes_the_place_of_what_was_known_of_it() {
    let bed = two_nodes();
    let failing = Peer {
        cursor: 12,
        urgent: 15,
        failures: 2,
        next_try: 100,
        last_success: Some(40),
        last_failure: Some(50),
        reason: Some("connection refused".into()),
        ..peer("paca", PeerRole::Hub)
    };
    for known in [peer("paca", PeerRole::Affiliate), failing, peer("paca", PeerRole::Hub)] {
        bed.write(|link| peers::put(link, &known));
        assert_eq!(bed.read(|link| peers::find(link, "paca")), Some(known.clone()));
        assert_eq!(bed.read(peers::all), [known]);
    }
    assert_eq!(bed.read(|link| peers::find(link, "alliance")), None);
}

#[test]
fn peers_are_told_by_name_and_let_go_one_by_one() {
    let bed = two_nodes();
    let (paca, alliance) = (peer("paca", PeerRole::Hub), peer("alliance", PeerRole::Affiliate));
    bed.write(|link| [&paca, &alliance].into_iter().try_for_each(|one| peers::put(link, one)));
    assert_eq!(bed.read(peers::all), [alliance, paca.clone()]);
    bed.write(|link| peers::remove(link, "alliance"));
    assert_eq!(bed.read(peers::all), [paca]);
}

#[test]
fn a_peer_is_a_pinned_node() {
    let why = two_nodes().refused(|link| peers::put(link, &peer("nobody", PeerRole::Affiliate)));
    assert!(why.contains("FOREIGN KEY"), "{why}");
}

#[test]
fn the_newest_receipt_of_each_peer_for_a_log_is_kept() {
    let bed = two_nodes();
    let [public, keys] = [Channel::Public, Channel::Keys].map(|channel| bed.log("paca", channel).id);
    let receipt = |node: &str, log, size| Receipt {
        node: node.into(),
        log,
        size,
        signature: format!("— {node} {size}"),
        given: size * 10,
    };
    for one in [receipt("paca", public, 1), receipt("alliance", public, 2), receipt("paca", keys, 3)] {
        bed.write(|link| peers::put_receipt(link, &one));
    }
    bed.write(|link| peers::put_receipt(link, &receipt("paca", public, 4)));
    let of = |log| bed.read(|link| peers::receipts_of(link, log));
    assert_eq!(of(public), [receipt("alliance", public, 2), receipt("paca", public, 4)]);
    assert_eq!(of(keys), [receipt("paca", keys, 3)]);
    assert!(bed.refused(|link| peers::put_receipt(link, &receipt("paca", 99, 1))).contains("FOREIGN KEY"));
    assert!(bed.refused(|link| peers::put_receipt(link, &receipt("nobody", keys, 1))).contains("FOREIGN KEY"));
}

#[test]
fn who_acknowledged_a_delete_is_told_once_even_after_it_was_let_go() {
    let bed = two_nodes();
    for (node, change_set) in [("paca", "one"), ("alliance", "one"), ("paca", "one"), ("gone", "two")] {
        bed.write(|link| peers::put_erasure(link, node, change_set, "receipt", 5));
    }
    let erased_by = |change_set| bed.read(|link| peers::erased_by(link, change_set));
    assert_eq!(erased_by("one"), ["alliance", "paca"]);
    assert_eq!(erased_by("two"), ["gone"]);
    assert_eq!(erased_by("three"), [""; 0]);
}

#[test]
fn refusals_are_counted_by_node_and_cause_with_the_newest_detail() {
    let bed = bed();
    for (node, cause, detail, now) in [
        ("paca", "signature", "change-set 3", 10),
        ("alliance", "signature", "change-set 1", 20),
        ("paca", "gap", "at 7", 20),
        ("paca", "signature", "change-set 4", 30),
    ] {
        bed.write(|link| peers::count_refusal(link, node, cause, detail, now));
    }
    let row = |node: &str, cause: &str, detail: &str, count, last| RefusalCount {
        node: node.into(),
        cause: cause.into(),
        detail: detail.into(),
        count,
        last,
    };
    let expected = [
        row("paca", "signature", "change-set 4", 2, 30),
        row("alliance", "signature", "change-set 1", 1, 20),
        row("paca", "gap", "at 7", 1, 20),
    ];
    assert_eq!(bed.read(peers::all_refusals), expected);
}

fn invitation(code: &str, created: i64) -> Invitation {
    Invitation {
        code_digest: pes_store::tokens::digest(code),
        name: "Mesclun".into(),
        created,
        used_by: None,
        replaces: None,
    }
}

#[test]
fn an_invitation_is_found_by_its_code_alone_and_taken_up() {
    let bed = bed();
    let (first, second) = (invitation("first", 5), invitation("second", 9));
    for one in [&first, &second] {
        bed.write(|link| invitations::insert(link, one));
    }
    assert_eq!(bed.read(invitations::all), [second.clone(), first.clone()], "the newest first");
    assert!(bed.refused(|link| invitations::insert(link, &first)).contains("UNIQUE"));
    assert_eq!(bed.read(|link| invitations::find(link, "first")), None, "the code itself is not kept");
    bed.write(|link| invitations::take_up(link, &first.code_digest, "mesclun"));
    let taken = Invitation { used_by: Some("mesclun".into()), ..first };
    assert_eq!(bed.read(|link| invitations::find(link, &taken.code_digest)), Some(taken.clone()));
    assert_eq!(bed.read(|link| invitations::find(link, &second.code_digest)), Some(second));
}
