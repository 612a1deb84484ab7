//! F11: a node, or a hub, that shows different people different histories is found out when they compare.

use crate::bed::{START, node};
use crate::village::Village;
use pes_changeset::{Channel, Evidence};
use pes_domain::Kind;
use pes_store::own_records::Moderation;

/// F11: a node that shows different people different histories is found out when they compare, and only its own log stops.
#[test]
fn two_histories_are_found_by_comparing() {
    let mut village = Village::new(15);
    village.settle(1);
    let twin = node("alliance");
    let id = twin.id();
    // The twin has the same keys; what it publishes goes to mesclun alone.
    let other = twin.record(
        Kind::Exchange,
        &[("direction", "offer"), ("type", "service"), ("title", "Autre"), ("author", "Ali")],
        START,
    );
    twin.journal.save(other, Moderation::Published, None, START).unwrap();
    let batch = twin.batch(Channel::Public, 0);
    village.nodes["mesclun"].journal.receive(&id, Channel::Public, &batch, START).unwrap();
    village.demand("alliance", "Pour le hub");
    village.settle(3);
    let accuses = |name: &&str| village.nodes[name].journal.is_quarantined(&id).unwrap();
    assert!(
        ["mesclun", "paca"].iter().any(accuses),
        "whichever brought its own first, the other holds what contradicts it"
    );
    village.reconcile("apeas");
    assert!(village.nodes["apeas"].journal.is_quarantined(&id).unwrap(), "it was shown another head");
    let demand = village.demand("apeas", "Les autres continuent");
    village.settle(3);
    assert!(village.has("mesclun", &demand) && village.has("paca", &demand));
    let proof = village.nodes["apeas"].journal.quarantined().unwrap().remove(0);
    Evidence::read(&proof.text).unwrap().verify().unwrap();
}

/// F10, F11: a hub is a node too. What it signs itself it cannot sign twice unseen, and the others' logs pass through it as before.
#[test]
fn a_hub_that_shows_two_members_two_rolls_is_found_out() {
    let mut village = Village::new(1);
    village.settle(1);
    let twin = node("paca");
    let id = twin.id();
    twin.demand("Pour mesclun seul");
    village.nodes["mesclun"].journal.receive(&id, Channel::Public, &twin.batch(Channel::Public, 0), START).unwrap();
    let other = village.nodes["paca"].demand("Pour tous les autres");
    village.settle(3);
    assert!(village.has("apeas", &other.iri));
    village.reconcile("apeas");
    for name in ["mesclun", "apeas"] {
        assert!(village.nodes[name].journal.is_quarantined(&id).unwrap(), "{name}");
        let proof = village.nodes[name].journal.quarantined().unwrap().remove(0);
        Evidence::read(&proof.text).unwrap().verify().unwrap();
    }
    // Its own log stops; those of the others pass through its hands as before.
    let demand = village.demand("alliance", "Passe");
    village.settle(3);
    assert!(village.has("mesclun", &demand) && village.has("apeas", &demand));
}
