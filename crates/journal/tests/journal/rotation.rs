//! F9: keys are exchanged, and what a thief wrote with a stolen one counts for nothing.

use crate::bed::{NOW, Node, keys, node, rules};
use pes_changeset::batch::Batch;
use pes_changeset::commitment::sha256;
use pes_changeset::{Channel, SecretKey};
use pes_domain::{Audience, RecordIri};
use pes_journal::identity::NewKeys;
use pes_journal::receive::Held;
use pes_journal::rotation::Exchange;
use pes_journal::supply::Named;
use pes_journal::{Journal, JournalError, Refusal};
use pes_store::own_records::Moderation;

/// The root key of the test's nodes of this name, with a new log and a new transport key.
fn new_keys(name: &str, seed: u8) -> NewKeys {
    let root = keys(name.bytes().fold(0, u8::wrapping_add)).root;
    NewKeys { root, log: SecretKey::from_seed(&[seed; 32]), transport: SecretKey::from_seed(&[seed + 1; 32]) }
}

/// The node after an exchange of keys.
fn exchanged(node: Node, exchange: &Exchange<'_>) -> Node {
    let rotated = node.journal.exchange_keys(exchange, NOW).unwrap();
    let store = node.journal.store().clone();
    Node { journal: Journal::open(store, rules(), rotated.identity).unwrap(), ..node }
}

fn rotated(node: Node, seed: u8) -> Node {
    let keys = new_keys("alliance", seed);
    exchanged(node, &Exchange { keys: &keys, next_root: None, begins_again: false, is_unasked: false })
}

fn begun_again(node: Node, seed: u8) -> Node {
    let keys = new_keys("alliance", seed);
    exchanged(node, &Exchange { keys: &keys, next_root: None, begins_again: true, is_unasked: false })
}

fn in_epoch(node: &Node, channel: Channel, epoch: u64) -> Named<'_> {
    Named { epoch, ..node.log(channel) }
}

#[track_caller]
fn refusal(result: Result<Held, JournalError>) -> Refusal {
    match result {
        Err(JournalError::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

fn seen(node: &Node, iri: &RecordIri) -> Option<String> {
    node.title(iri, Audience::Affiliates)
}

/// Everything is in order and can be made again.
#[track_caller]
fn is_sound(node: &Node) {
    node.journal.verify().unwrap();
    let digest = node.digest();
    node.journal.rebuild().unwrap();
    assert_eq!(node.digest(), digest);
}

/// Alliance, and a hub that holds two demands of it.
fn two() -> (Node, Node, [RecordIri; 2]) {
    let (alliance, hub) = (node("alliance"), node("paca"));
    hub.pins(&alliance);
    let demands = [alliance.demand("Une"), alliance.demand("Deux")];
    demands.iter().for_each(|demand| alliance.publish(demand));
    hub.takes_all_of(&alliance, &alliance);
    (alliance, hub, demands.map(|demand| demand.iri))
}

#[test]
fn others_follow_an_exchange_of_keys() {
    let (alliance, hub, _) = two();
    let old = alliance.journal.clone();
    let alliance = rotated(alliance, 50);
    let third = alliance.demand("Trois");
    alliance.publish(&third);
    // Without the key event nobody can know the key.
    assert!(matches!(
        refusal(hub.receive(&alliance, Channel::Public, &alliance.batch(Channel::Public, 2))),
        Refusal::Fault(_)
    ));
    hub.takes_all_of(&alliance, &alliance);
    let whole = alliance.batch(Channel::Keys, 0);
    assert!(matches!(hub.receive(&alliance, Channel::Keys, &whole).unwrap(), Held::All(_)), "twice is once");
    assert_eq!(seen(&hub, &third.iri).as_deref(), Some("Trois"));
    assert_eq!(hub.digest(), alliance.digest());
    let pinned = hub.journal.pinned(alliance.id()).unwrap();
    assert_eq!(pinned.transport_key, SecretKey::from_seed(&[51; 32]).public());
    [&alliance, &hub].into_iter().for_each(is_sound);
    assert!(Journal::open(old.store().clone(), rules(), old.identity().clone()).is_err(), "the old keys are no use");
}

/// A key that gave way to another signs nothing any more, wherever it signed before.
#[test]
fn the_old_key_signs_nothing_more() {
    let (alliance, hub, _) = two();
    let twin = node("alliance");
    let alliance = rotated(alliance, 50);
    hub.takes_all_of(&alliance, &alliance);
    (0..3).for_each(|_| twin.publish(&twin.demand("Volée")));
    let digest = hub.digest();
    let stolen = Batch { items: twin.batch(Channel::Public, 0).items[2..].to_vec(), checkpoint: None };
    for batch in [stolen, twin.batch(Channel::Public, 2)] {
        assert!(matches!(refusal(hub.receive(&alliance, Channel::Public, &batch)), Refusal::Fault(_)));
    }
    assert_eq!(hub.digest(), digest);
}

/// Somebody stole the log key: they deleted a record and wrote another, the hub found two histories. After a new epoch everybody
/// shows what Alliance says, and nothing of the thief.
#[test]
fn a_new_epoch_undoes_what_a_thief_signed() {
    let (alliance, hub, [first, second]) = two();
    let mesclun = node("mesclun");
    mesclun.pins(&alliance);
    mesclun.takes_all_of(&alliance, &alliance);
    let thief = node("alliance");
    thief.journal.store().write(|link| own(link, &alliance)).unwrap();
    thief.takes_own(&hub);
    thief.journal.delete(&first, None, NOW).unwrap();
    let forged = thief.demand("Virez vos dons ici");
    thief.publish(&forged);
    hub.takes_all_of(&alliance, &thief);
    assert_eq!((seen(&hub, &first), seen(&hub, &forged.iri).is_some()), (None, true), "the thief is believed");
    alliance.publish(&alliance.demand("Trois"));
    let fork = hub.receive(&alliance, Channel::Public, &alliance.batch(Channel::Public, 0));
    assert!(matches!(refusal(fork), Refusal::Fork { .. }));
    assert_eq!(hub.journal.quarantined().unwrap().len(), 1);

    let alliance = begun_again(alliance, 50);
    for holder in [&hub, &mesclun] {
        holder.takes_all_of(&alliance, &alliance);
        assert!(holder.journal.quarantined().unwrap().is_empty());
        assert_eq!(holder.digest(), alliance.digest());
        assert_eq!(seen(holder, &first).as_deref(), Some("Une"), "what the thief deleted lives");
        assert_eq!(seen(holder, &second).as_deref(), Some("Deux"));
        assert_eq!(seen(holder, &forged.iri), None);
        is_sound(holder);
    }
    assert_eq!(hub.journal.accused().unwrap().len(), 1, "the proof is kept");
    let next = alliance.demand("La suite");
    alliance.publish(&next);
    hub.takes_all_of(&alliance, &alliance);
    assert_eq!(seen(&hub, &next.iri).as_deref(), Some("La suite"));
    is_sound(&alliance);
}

/// The own records of another node's database, as a thief has them who copied it.
fn own(link: &mut pes_store::Link, from: &Node) -> Result<(), JournalError> {
    for own in from.journal.store().read(pes_store::own_records::published)? {
        pes_store::own_records::put(link, &own)?;
    }
    Ok(())
}

impl Node {
    fn size_of_epoch(&self, epoch: u64) -> u64 {
        self.journal.held(in_epoch(self, Channel::Public, epoch)).unwrap().unwrap().1
    }

    /// Copies what another holds of this node's own logs, as a thief does who has the keys.
    fn takes_own(&self, from: &Node) {
        let desk = tempfile::tempdir().unwrap();
        std::fs::write(desk.path().join("heads"), "alliance.test/log/public/1 9 ff\n").unwrap();
        let heads = pes_journal::signed_heads::SignedHeads::at(desk.path().join("heads"));
        let anew = Journal::open(self.journal.store().clone(), rules(), self.journal.identity().clone()).unwrap();
        let doubting = Node { journal: anew.remembering(heads).unwrap(), folder: desk };
        doubting.takes_all_of(self, from);
    }
}

/// Until the last record was issued again, what stood before counts.
#[test]
fn a_new_epoch_counts_when_it_is_complete() {
    let (alliance, hub, [first, second]) = two();
    alliance.journal.delete(&second, None, NOW).unwrap();
    let (third, fourth) = (alliance.demand("Trois"), alliance.demand("Quatre"));
    [&third, &fourth].into_iter().for_each(|demand| alliance.publish(demand));
    hub.takes_all_of(&alliance, &alliance);
    let before = hub.digest();
    let alliance = begun_again(alliance, 50);
    hub.receive(&alliance, Channel::Keys, &alliance.batch(Channel::Keys, 1)).unwrap();
    let whole = alliance.journal.batch(in_epoch(&alliance, Channel::Public, 2), 0).unwrap().unwrap();
    assert_eq!(whole.items.len(), 3, "what was deleted is not issued again");
    let part = Batch { items: whole.items[..2].to_vec(), ..whole.clone() };
    assert_eq!(hub.receive(&alliance, Channel::Public, &part).unwrap(), Held::UpTo(2));
    assert_eq!(hub.digest(), before, "two of three change nothing");
    assert_eq!(hub.journal.epoch(alliance.id(), Channel::Public).unwrap(), Some(1), "the current one");
    is_sound(&hub);
    let urgent = Batch { checkpoint: None, items: whole.items[2..].to_vec() };
    assert!(matches!(refusal(hub.receive(&alliance, Channel::Public, &urgent)), Refusal::UnknownEpoch(_)));
    assert!(matches!(hub.receive(&alliance, Channel::Public, &whole).unwrap(), Held::All(_)));
    assert_eq!(hub.journal.epoch(alliance.id(), Channel::Public).unwrap(), Some(2));
    assert_eq!(hub.digest(), alliance.digest());
    assert!([&first, &third.iri, &fourth.iri].iter().all(|iri| seen(&hub, iri).is_some()));
    assert_eq!(seen(&hub, &second), None);
    let past = Batch { items: vec![], ..alliance.batch(Channel::Public, 0) };
    assert_eq!(
        refusal(hub.receive(&alliance, Channel::Public, &past)),
        Refusal::PastEpoch("alliance.test/log/public/1".into())
    );
    is_sound(&hub);
}

#[test]
fn a_new_epoch_with_nothing_in_it_is_complete_at_once() {
    let (alliance, hub, demands) = two();
    demands.iter().for_each(|iri| drop(alliance.journal.delete(iri, None, NOW).unwrap()));
    let withdrawn = alliance.demand("Retirée");
    alliance.publish(&withdrawn);
    hub.takes_all_of(&alliance, &alliance);
    alliance.journal.save(withdrawn.clone(), Moderation::Draft, None, NOW).unwrap();
    let alliance = begun_again(alliance, 50);
    hub.receive(&alliance, Channel::Keys, &alliance.batch(Channel::Keys, 1)).unwrap();
    assert_eq!(seen(&hub, &withdrawn.iri), None);
    assert_eq!(hub.digest(), alliance.digest());
    alliance.publish(&withdrawn);
    hub.takes_all_of(&alliance, &alliance);
    assert_eq!(seen(&hub, &withdrawn.iri).as_deref(), Some("Retirée"));
    [&hub, &alliance].into_iter().for_each(is_sound);
}

/// A record that no node would show, by rules that came after it, stays at home: it keeps no thief's key in force.
#[test]
fn one_bad_record_keeps_no_epoch_from_beginning() {
    let (alliance, hub, [first, second]) = two();
    alliance.breaks(&second);
    let alliance = begun_again(alliance, 50);
    hub.takes_all_of(&alliance, &alliance);
    for node in [&alliance, &hub] {
        assert_eq!((seen(node, &first).as_deref(), seen(node, &second)), (Some("Une"), None));
    }
    assert_eq!(alliance.size_of_epoch(2), 1);
    alliance.publish(&pes_domain::Record { iri: second.clone(), ..alliance.demand("Corrigée") });
    hub.takes_all_of(&alliance, &alliance);
    assert_eq!(seen(&hub, &second).as_deref(), Some("Corrigée"));
    [&alliance, &hub].into_iter().for_each(is_sound);
}

/// An epoch nobody opened is refused, so that nobody can fill a disk with logs.
#[test]
fn an_epoch_that_no_key_event_opens_is_refused() {
    let (alliance, hub, _) = two();
    let begun = begun_again(node("alliance"), 50);
    begun.publish(&begun.demand("Autre"));
    let batch = begun.journal.batch(in_epoch(&begun, Channel::Public, 2), 0).unwrap().unwrap();
    let why = refusal(hub.receive(&alliance, Channel::Public, &batch));
    assert!(matches!(why, Refusal::Fault(_) | Refusal::UnknownEpoch(_)), "{why}");
    let heads = hub.journal.heads().unwrap();
    assert!(heads.iter().all(|head| head.epoch == 1));
}

/// What a hub holds of our log and we never wrote is not taken for ours.
#[test]
fn change_sets_of_ours_that_were_signed_elsewhere_are_refused() {
    let (alliance, hub, _) = two();
    let thief = node("alliance");
    thief.takes_own(&hub);
    thief.publish(&thief.demand("Volée"));
    hub.takes_all_of(&alliance, &thief);
    let digest = alliance.digest();
    let why = refusal(alliance.receive(
        &alliance,
        Channel::Public,
        &hub.journal.batch(alliance.log(Channel::Public), 2).unwrap().unwrap(),
    ));
    assert_eq!(why, Refusal::SignedElsewhere { log: "alliance.test/log/public/1".into() });
    assert!(why.to_string().contains("pes keys new-epoch"));
    assert_eq!(alliance.journal.refusals().unwrap()[0].cause, "signed-elsewhere", "whoever runs it is told");
    assert_eq!(alliance.digest(), digest);
}

/// Nor on the urgent lane: whoever has the log key deletes nothing of ours here, and we learn of it.
#[test]
fn nothing_of_ours_is_taken_ahead_of_its_turn_that_was_signed_elsewhere() {
    let (alliance, hub, [first, _]) = two();
    let thief = node("alliance");
    thief.journal.store().write(|link| own(link, &alliance)).unwrap();
    thief.takes_own(&hub);
    thief.journal.delete(&first, None, NOW).unwrap();
    let urgent = |node: &Node, seq| node.journal.urgent_batch(node.log(Channel::Public), &[seq]).unwrap().unwrap();
    let digest = alliance.digest();
    let why = refusal(alliance.receive(&alliance, Channel::Public, &urgent(&thief, 2)));
    assert_eq!(why, Refusal::SignedElsewhere { log: "alliance.test/log/public/1".into() });
    assert_eq!(alliance.journal.refusals().unwrap()[0].cause, "signed-elsewhere", "whoever runs it is told");
    assert_eq!((alliance.digest(), seen(&alliance, &first).as_deref()), (digest, Some("Une")));
    assert_eq!(alliance.receive(&alliance, Channel::Public, &urgent(&alliance, 1)).unwrap(), Held::Early);
}

/// Who is met after an exchange of keys is known by the later ones for good: who stole the earlier ones puts nothing back with the key event
/// that declared them. And two histories are proved of who has not brought its channel `keys` yet.
#[test]
fn keys_that_were_pinned_do_not_give_way_to_those_before_them() {
    let (stolen, hub) = (node("alliance"), node("paca"));
    let [alliance, twin] = [(); 2].map(|()| rotated(node("alliance"), 50));
    let events =
        |node: &Node| -> Vec<_> { node.batch(Channel::Keys, 0).items.into_iter().map(|item| item.0).collect() };
    let pin =
        |events: &[_]| hub.journal.pin((alliance.id(), &alliance.journal.identity().origin), "alliance", events, NOW);
    let mut with_a_gap = events(&rotated(rotated(node("alliance"), 50), 60));
    with_a_gap.remove(1);
    assert!(matches!(pin(&with_a_gap), Err(JournalError::Refused(Refusal::WrongLog { .. }))));
    pin(&events(&alliance)).unwrap();
    stolen.publish(&stolen.demand("Volée"));
    for _ in 0..2 {
        let refused = refusal(hub.receive(&alliance, Channel::Public, &stolen.batch(Channel::Public, 0)));
        assert!(matches!(refused, Refusal::Fault(_)), "{refused}");
        assert_eq!(hub.journal.pinned(alliance.id()).unwrap().transport_key, SecretKey::from_seed(&[51; 32]).public());
        // What it brings is true, and known.
        hub.receive(&alliance, Channel::Keys, &stolen.batch(Channel::Keys, 0)).unwrap();
    }
    [(&alliance, "Une"), (&twin, "Autre")].into_iter().for_each(|(node, title)| node.publish(&node.demand(title)));
    hub.receive(&alliance, Channel::Public, &alliance.batch(Channel::Public, 0)).unwrap();
    let fork = refusal(hub.receive(&alliance, Channel::Public, &twin.batch(Channel::Public, 0)));
    assert!(matches!(fork, Refusal::Fork { .. }), "{fork}");
    let proof = pes_changeset::Evidence::read(&hub.journal.quarantined().unwrap()[0].text).unwrap();
    assert!(proof.verify().is_ok(), "{}", proof.write());
    let brought = hub.receive(&alliance, Channel::Keys, &alliance.batch(Channel::Keys, 0)).unwrap();
    assert!(matches!(brought, Held::All(_)), "{brought:?}");
    is_sound(&hub);
}

/// Nobody is accused with a key event that another key has signed, however it is brought.
#[test]
fn a_forged_key_event_accuses_nobody() {
    let (alliance, hub, _) = two();
    let alliance = rotated(alliance, 50);
    hub.takes_all_of(&alliance, &alliance);
    let whole = alliance.batch(Channel::Keys, 0);
    let forged = pes_changeset::ChangeSet::sign(whole.items[1].0.header(), &SecretKey::from_seed(&[99; 32])).unwrap();
    for items in [vec![(forged.clone(), None)], vec![whole.items[0].clone(), (forged, None)]] {
        let batch = Batch { items, ..whole.clone() };
        assert!(matches!(refusal(hub.receive(&alliance, Channel::Keys, &batch)), Refusal::Fault(_)));
    }
    assert!(hub.journal.accused().unwrap().is_empty());
    alliance.publish(&alliance.demand("Comme avant"));
    hub.takes_all_of(&alliance, &alliance);
    assert_eq!(hub.digest(), alliance.digest());
}

/// What the old key signed before it gave way is refused where it stands in the way, and proves nothing against the node.
#[test]
fn what_an_old_key_signed_beyond_its_range_is_no_proof() {
    let (alliance, hub, _) = two();
    let thief = node("alliance");
    thief.takes_own(&hub);
    thief.publish(&thief.demand("Volée"));
    hub.takes_all_of(&alliance, &thief);
    let alliance = rotated(alliance, 50);
    alliance.publish(&alliance.demand("Trois"));
    hub.receive(&alliance, Channel::Keys, &alliance.batch(Channel::Keys, 1)).unwrap();
    let refused = refusal(hub.receive(&alliance, Channel::Public, &alliance.batch(Channel::Public, 2)));
    assert!(matches!(refused, Refusal::Fork { .. }), "{refused}");
    assert!(hub.journal.accused().unwrap().is_empty());
    let alliance = begun_again(alliance, 60);
    hub.takes_all_of(&alliance, &alliance);
    assert_eq!(hub.digest(), alliance.digest(), "a new epoch settles it");
}

#[test]
fn only_the_root_key_exchanges_keys() {
    let (alliance, ..) = two();
    let keys = NewKeys { root: SecretKey::from_seed(&[99; 32]), ..new_keys("alliance", 50) };
    let refused = alliance
        .journal
        .exchange_keys(&Exchange { keys: &keys, next_root: None, begins_again: true, is_unasked: false }, NOW);
    assert!(refused.unwrap_err().to_string().contains("not the root key of this node"));
    alliance.publish(&alliance.demand("Comme avant"));
    assert_eq!(alliance.size(&alliance, Channel::Keys), 1);
    is_sound(&alliance);
}

/// The root key was lost, or stolen: the one whose digest was declared takes its place, and only that one.
#[test]
fn the_next_root_key_takes_the_place_of_the_root_key() {
    let (alliance, hub, _) = two();
    let next = SecretKey::from_seed(&[77; 32]);
    let digest = Some(sha256(next.public().to_string().as_bytes()));
    let alliance = exchanged(
        alliance,
        &Exchange { keys: &new_keys("alliance", 50), next_root: digest, begins_again: false, is_unasked: false },
    );
    let keys = NewKeys { root: next, ..new_keys("alliance", 60) };
    let alliance =
        exchanged(alliance, &Exchange { keys: &keys, next_root: None, begins_again: false, is_unasked: false });
    hub.takes_all_of(&alliance, &alliance);
    assert_eq!(hub.journal.pinned(alliance.id()).unwrap().root_key, keys.root.public());
    let old = Exchange { keys: &new_keys("alliance", 70), next_root: None, begins_again: false, is_unasked: false };
    assert!(alliance.journal.exchange_keys(&old, NOW).is_err(), "the old root key is no use any more");
    [&hub, &alliance].into_iter().for_each(is_sound);
}

/// A second fork, with the later key, is proved by evidence that carries the key event.
#[test]
fn a_fork_after_an_exchange_is_proved_too() {
    let (alliance, hub, _) = two();
    let twin = rotated(node("alliance"), 50);
    let alliance = rotated(alliance, 50);
    hub.takes_all_of(&alliance, &alliance);
    (0..3).for_each(|_| twin.publish(&twin.demand("Autre")));
    alliance.publish(&alliance.demand("Trois"));
    hub.takes_all_of(&alliance, &alliance);
    let other = Batch { items: twin.batch(Channel::Public, 0).items[2..].to_vec(), checkpoint: None };
    assert!(matches!(refusal(hub.receive(&alliance, Channel::Public, &other)), Refusal::Fork { .. }));
    let proof = pes_changeset::Evidence::read(&hub.journal.quarantined().unwrap()[0].text).unwrap();
    assert!(proof.verify().is_ok(), "{}", proof.write());
}
