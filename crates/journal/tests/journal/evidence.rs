//! A node that signs two histories is found out, by whoever holds one of them; the proof needs nobody's word.

use crate::bed::{NOW, Node, node};
use pes_changeset::batch::Batch;
use pes_changeset::evidence::{Evidence, Fork};
use pes_changeset::note::Note;
use pes_changeset::{Channel, Checkpoint};
use pes_journal::heads::Compared;
use pes_journal::receive::Held;
use pes_journal::{JournalError, Refusal};

/// Alliance, its twin with the same keys and another history, and a hub that holds the keys of the one node they are.
fn twins() -> (Node, Node, Node) {
    let (alliance, twin, hub) = (node("alliance"), node("alliance"), node("paca"));
    assert_eq!(alliance.id(), twin.id());
    hub.pins(&alliance);
    alliance.publish(&alliance.demand("Cherche local"));
    twin.publish(&twin.demand("Cherche four"));
    (alliance, twin, hub)
}

#[track_caller]
fn proof(hub: &Node, author: &Node) -> Evidence {
    let found = hub.journal.quarantined().unwrap();
    assert_eq!(found.iter().map(|found| found.node.as_str()).collect::<Vec<_>>(), [author.id()]);
    Evidence::read(&found[0].text).unwrap()
}

fn head(node: &Node) -> Note {
    Note::read(&node.journal.checkpoint(node.log(Channel::Public)).unwrap().unwrap()).unwrap()
}

#[track_caller]
fn is_fork<T: std::fmt::Debug>(result: Result<T, JournalError>) {
    assert!(matches!(result, Err(JournalError::Refused(Refusal::Fork { .. }))), "{result:?}");
}

/// F11, by a push: the other change-set in a place that is held.
#[test]
fn another_change_set_in_a_place_is_kept_as_proof_and_the_node_is_in_quarantine() {
    let (alliance, twin, hub) = twins();
    hub.takes_all_of(&alliance, &alliance);
    let before = hub.digest();
    is_fork(hub.receive(&twin, Channel::Public, &twin.batch(Channel::Public, 0)));
    assert_eq!(hub.digest(), before);
    let proof = proof(&hub, &alliance);
    assert_eq!(proof.node_id(), alliance.id());
    assert_eq!(proof.verify().unwrap(), Fork::Place { log: "alliance.test/log/public/1".into(), seq: 0 });
    // Nothing more of it is taken, not even what would follow.
    alliance.publish(&alliance.demand("La suite"));
    let next = hub.receive(&alliance, Channel::Public, &alliance.batch(Channel::Public, 1));
    assert!(matches!(next, Err(JournalError::Refused(Refusal::Quarantined(_)))), "{next:?}");
    assert!(hub.journal.refusals().unwrap().iter().any(|one| one.cause == "fork" && one.node == alliance.id()));
}

#[test]
fn other_nodes_go_on_while_one_is_in_quarantine() {
    let (alliance, twin, hub) = twins();
    let mesclun = node("mesclun");
    hub.pins(&mesclun);
    hub.takes_all_of(&alliance, &alliance);
    is_fork(hub.receive(&twin, Channel::Public, &twin.batch(Channel::Public, 0)));
    mesclun.publish(&mesclun.demand("Prête un four"));
    hub.takes_all_of(&mesclun, &mesclun);
    assert_eq!(hub.size(&mesclun, Channel::Public), 1);
    assert!(!hub.journal.is_quarantined(mesclun.id()).unwrap());
}

#[test]
fn the_urgent_lane_finds_it_too_and_so_does_what_comes_after_it() {
    for is_early_first in [true, false] {
        let (alliance, twin, hub) = twins();
        hub.takes_all_of(&node("alliance"), &node("alliance"));
        let urgent = |node: &Node| node.journal.urgent_batch(node.log(Channel::Public), &[0]).unwrap().unwrap();
        assert_eq!(hub.receive(&alliance, Channel::Public, &urgent(&alliance)).unwrap(), Held::Early);
        let other = if is_early_first { twin.batch(Channel::Public, 0) } else { urgent(&twin) };
        is_fork(hub.receive(&twin, Channel::Public, &other));
        assert!(matches!(proof(&hub, &alliance).verify().unwrap(), Fork::Place { seq: 0, .. }));
    }
}

/// F11, by comparing: somebody else was shown another head of the same size.
#[test]
fn another_head_of_one_size_is_kept_as_proof() {
    let (alliance, twin, hub) = twins();
    hub.takes_all_of(&alliance, &alliance);
    is_fork(hub.journal.compare(alliance.log(Channel::Public), &head(&twin), NOW));
    assert_eq!(
        proof(&hub, &alliance).verify().unwrap(),
        Fork::Root { log: "alliance.test/log/public/1".into(), size: 1 }
    );
}

/// Also where it is a head of long ago: a few hashes lead from what was held then to the head that is held now, however long the log.
#[test]
fn an_old_head_of_another_history_is_found_by_what_the_log_grew_from() {
    let (alliance, twin, hub) = twins();
    let old = head(&twin);
    (0..3).for_each(|_| alliance.publish(&alliance.demand("Encore")));
    hub.takes_all_of(&alliance, &alliance);
    is_fork(hub.journal.compare(alliance.log(Channel::Public), &old, NOW));
    let proof = proof(&hub, &alliance);
    assert!(matches!(proof.verify().unwrap(), Fork::Root { size: 1, .. }));
    assert_eq!(proof.statements.len(), 3, "both heads, and what leads from one to the other");
}

/// A head that does not go with change-sets it was sent with.
#[test]
fn a_head_of_other_change_sets_is_found_by_them() {
    let (alliance, twin, hub) = twins();
    hub.takes_all_of(&node("alliance"), &node("alliance"));
    let mixed = Batch { checkpoint: Some(head(&twin)), items: alliance.batch(Channel::Public, 0).items };
    is_fork(hub.receive(&alliance, Channel::Public, &mixed));
    assert!(matches!(proof(&hub, &alliance).verify().unwrap(), Fork::Root { size: 1, .. }));
    assert_eq!(hub.size(&alliance, Channel::Public), 0, "nothing of it was kept");
    // Nor behind what is held.
    hub.journal.pardon(alliance.id(), NOW).unwrap();
    hub.takes_all_of(&alliance, &alliance);
    [&alliance, &twin].into_iter().for_each(|node| node.publish(&node.demand("Encore")));
    let mixed = Batch { checkpoint: Some(head(&twin)), ..alliance.batch(Channel::Public, 1) };
    is_fork(hub.receive(&alliance, Channel::Public, &mixed));
    assert!(matches!(proof(&hub, &alliance).verify().unwrap(), Fork::Root { size: 2, .. }));
}

#[test]
fn a_head_is_the_same_or_behind_or_ahead() {
    let (alliance, hub) = (node("alliance"), node("paca"));
    hub.pins(&alliance);
    alliance.publish(&alliance.demand("Une"));
    let log = alliance.log(Channel::Public);
    let first = head(&alliance);
    assert_eq!(hub.journal.compare(log, &first, NOW).unwrap(), Compared::Ahead(1));
    hub.takes_all_of(&alliance, &alliance);
    assert_eq!(hub.journal.compare(log, &first, NOW).unwrap(), Compared::Same);
    alliance.publish(&alliance.demand("Deux"));
    alliance.publish(&alliance.demand("Trois"));
    assert_eq!(hub.journal.compare(log, &head(&alliance), NOW).unwrap(), Compared::Ahead(2));
    hub.takes_all_of(&alliance, &alliance);
    assert_eq!(hub.journal.compare(log, &first, NOW).unwrap(), Compared::Behind(2));
    assert!(hub.journal.quarantined().unwrap().is_empty());
}

/// Nobody but the author can bring it into quarantine.
#[test]
fn a_head_that_the_author_did_not_sign_accuses_nobody() {
    let (alliance, _, hub) = twins();
    hub.takes_all_of(&alliance, &alliance);
    let forged = Checkpoint { log: "alliance.test/log/public/1".into(), size: 1, root: [7; 32] };
    let forged = forged.sign(&hub.journal.identity().log_key).unwrap();
    let compared = hub.journal.compare(alliance.log(Channel::Public), &forged, NOW);
    assert!(matches!(compared, Err(JournalError::Refused(Refusal::Fault(_)))), "{compared:?}");
    let batch = Batch { checkpoint: Some(forged), items: vec![] };
    assert!(hub.receive(&alliance, Channel::Public, &batch).is_err());
    assert!(hub.journal.quarantined().unwrap().is_empty());
}

#[test]
fn who_explained_themselves_is_heard_again() {
    let (alliance, twin, hub) = twins();
    hub.takes_all_of(&alliance, &alliance);
    is_fork(hub.receive(&twin, Channel::Public, &twin.batch(Channel::Public, 0)));
    assert!(hub.journal.pardon(alliance.id(), NOW).unwrap() && !hub.journal.pardon(alliance.id(), NOW).unwrap());
    alliance.publish(&alliance.demand("La suite"));
    hub.takes_all_of(&alliance, &alliance);
    assert_eq!(hub.size(&alliance, Channel::Public), 2);
}

/// The first proof is kept: what is found later adds nothing.
#[test]
fn the_first_proof_stays() {
    let (alliance, twin, hub) = twins();
    hub.takes_all_of(&alliance, &alliance);
    is_fork(hub.receive(&twin, Channel::Public, &twin.batch(Channel::Public, 0)));
    let first = proof(&hub, &alliance);
    is_fork(hub.journal.compare(alliance.log(Channel::Public), &head(&twin), NOW));
    assert_eq!(proof(&hub, &alliance), first);
}
