//! Root and log key are lost: the network begins anew under the same origin, and nothing of it is taken before people have said so.

use crate::bed::{NOW, Node, keys, node, rules};
use pes_changeset::{ChangeSet, Channel};
use pes_domain::{Audience, Kind, Record};
use pes_journal::roll::Applicant;
use pes_journal::{Identity, Journal, JournalError, Refusal, renewal};
use pes_store::own_records::{self, Moderation};
use pes_store::replacements::{self, Replacement};

/// The hub *paca* with *apeas* and *mesclun*, and what *apeas* published.
struct Scene {
    paca: Node,
    apeas: Node,
    mesclun: Node,
    records: Vec<Record>,
}

fn scene() -> Scene {
    let (paca, apeas, mesclun) = (node("paca"), node("apeas"), node("mesclun"));
    let records = vec![apeas.demand("Un local"), apeas.record(Kind::Structure, &[("name", "La Volière")])];
    records.iter().for_each(|record| apeas.publish(record));
    let reserved = [("name", "Réservée"), ("audience", "affiliates"), ("description", "à nous")];
    let reserved = apeas.record(Kind::Structure, &reserved);
    apeas.publish(&reserved);
    // Whatever else is kept of a log goes with it.
    apeas.journal.write_snapshots(1, NOW).unwrap();
    for member in [&apeas, &mesclun] {
        admit(&paca, identity(member), genesis(member), &paca.journal.invite("x", NOW).unwrap()).unwrap();
        member.pins(&paca);
        member.journal.follow(paca.id(), NOW).unwrap();
    }
    mesclun.pins(&apeas);
    let scene = Scene { paca, apeas, mesclun, records: [records, vec![reserved]].concat() };
    for holder in [&scene.paca, &scene.mesclun] {
        holder.takes_all_of(&scene.apeas, &scene.apeas);
    }
    scene.mesclun.takes_all_of(&scene.paca, &scene.paca);
    scene
}

fn identity(node: &Node) -> &Identity {
    node.journal.identity()
}

fn genesis(node: &Node) -> ChangeSet {
    node.journal.genesis(node.id()).unwrap().unwrap()
}

fn admit(hub: &Node, who: &Identity, genesis: ChangeSet, code: &str) -> Result<(), JournalError> {
    let applicant = Applicant { origin: &who.origin, node_id: &who.node_id, name: &who.name };
    hub.journal.admit(applicant, (&who.name, &[genesis]), code, NOW)
}

/// *apeas* with new keys, in the same database.
fn renewed(apeas: Node) -> Node {
    let old = apeas.id().to_owned();
    let store = apeas.journal.store().clone();
    let renewed = renewal::renew(store.clone(), rules(), (&keys(77), None), NOW).unwrap();
    assert_eq!(renewed.replaces, old);
    assert_ne!(renewed.identity.node_id, old);
    Node { journal: Journal::open(store, rules(), renewed.identity).unwrap(), folder: apeas.folder }
}

fn shows(node: &Node, record: &Record) -> bool {
    node.title(&record.iri, Audience::Affiliates).is_some()
}

#[test]
fn all_that_was_published_is_issued_again_under_the_same_names() {
    let scene = scene();
    let mut draft = scene.apeas.demand("Un brouillon");
    draft.audience = Audience::Private;
    scene.apeas.journal.save(draft.clone(), Moderation::Draft, Some("marie"), NOW).unwrap();
    let apeas = renewed(scene.apeas);
    assert!(scene.records.iter().all(|record| shows(&apeas, record)));
    let own = apeas.journal.store().read(|link| own_records::find(link, &draft.iri.to_string())).unwrap().unwrap();
    assert_eq!((own.moderation, own.author.as_deref()), (Moderation::Draft, Some("marie")));
    assert_eq!((apeas.size(&apeas, Channel::Public), apeas.size(&apeas, Channel::Affiliates)), (2, 1));
    apeas.journal.verify().unwrap();
    let digest = apeas.digest();
    apeas.journal.rebuild().unwrap();
    assert_eq!(apeas.digest(), digest);
    // It goes on.
    let next = apeas.demand("Encore un local");
    apeas.publish(&next);
    assert!(shows(&apeas, &next));
}

#[test]
fn one_bad_record_keeps_nobody_from_beginning_anew() {
    let scene = scene();
    let (bad, good) = (&scene.records[0], &scene.records[1]);
    scene.apeas.breaks(&bad.iri);
    let apeas = renewed(scene.apeas);
    assert_eq!((shows(&apeas, bad), shows(&apeas, good)), (false, true));
    assert_eq!((apeas.size(&apeas, Channel::Public), apeas.size(&apeas, Channel::Affiliates)), (1, 1));
    apeas.publish(bad);
    assert!(shows(&apeas, bad), "it is corrected like any other");
    apeas.journal.verify().unwrap();
}

/// With a hub's row went the circle, and a departure that was begun: it is left, and joined anew.
#[test]
fn a_hub_that_is_followed_is_replaced_by_nobody() {
    let (aura, mesclun, paca) = (node("aura"), node("mesclun"), node("paca"));
    let enters = |hub: &Node, member: &Node, code: &str| admit(hub, identity(member), genesis(member), code);
    for (hub, member) in [(&aura, &paca), (&paca, &mesclun), (&aura, &mesclun)] {
        enters(hub, member, &hub.journal.invite("x", NOW).unwrap()).unwrap();
        member.pins(hub);
        member.journal.follow(hub.id(), NOW).unwrap();
    }
    let old = paca.id().to_owned();
    let paca = renewed(paca);
    enters(&aura, &paca, &aura.journal.invite_anew(&old, NOW).unwrap()).unwrap();
    mesclun.takes_all_of(&aura, &aura);
    let is_followed = |refused: JournalError| matches!(refused, JournalError::Refused(Refusal::Followed(_)));
    for is_leaving in [false, true] {
        if is_leaving {
            mesclun.journal.leave(&old, false, NOW).unwrap();
        }
        assert!(mesclun.journal.returning().unwrap()[0].is_followed);
        assert!(is_followed(mesclun.journal.agree(&old, paca.id(), NOW).unwrap_err()));
        assert_eq!(mesclun.journal.circle().unwrap(), old);
    }
    mesclun.journal.part(&old, NOW).unwrap();
    mesclun.journal.agree(&old, paca.id(), NOW).unwrap();
    mesclun.journal.meet((paca.id(), &identity(&paca).origin), "paca", &[genesis(&paca)], NOW).unwrap();
    mesclun.journal.follow(paca.id(), NOW).unwrap();
    assert_eq!(mesclun.journal.circle().unwrap(), paca.id());
}

/// Nor by its own invitation, where two hubs follow each other.
#[test]
fn a_hub_does_not_take_its_own_place_at_a_hub_that_follows_it() {
    let (aura, paca) = (node("aura"), node("paca"));
    for (hub, member) in [(&aura, &paca), (&paca, &aura)] {
        admit(hub, identity(member), genesis(member), &hub.journal.invite("x", NOW).unwrap()).unwrap();
        member.pins(hub);
        member.journal.follow(hub.id(), NOW).unwrap();
    }
    let old = paca.id().to_owned();
    let (paca, code) = (renewed(paca), aura.journal.invite_anew(&old, NOW).unwrap());
    let why = admit(&aura, identity(&paca), genesis(&paca), &code).unwrap_err().to_string();
    assert!(why.contains("leave the hub first"), "{why}");
    assert!(aura.journal.invites(&code, "another").unwrap(), "nothing has changed");
    assert_eq!(aura.journal.roll().unwrap()[0].0.node_id, old);
}

#[test]
fn nothing_is_taken_of_it_before_the_hub_and_each_animator_have_agreed() {
    let scene = scene();
    let old = scene.apeas.id().to_owned();
    let apeas = renewed(scene.apeas);
    // An ordinary invitation is not enough.
    let code = scene.paca.journal.invite("APEAS", NOW).unwrap();
    assert!(!scene.paca.journal.has_room((apeas.id(), &identity(&apeas).origin), &code).unwrap());
    assert!(admit(&scene.paca, identity(&apeas), genesis(&apeas), &code).is_err());
    let code = scene.paca.journal.invite_anew(&old, NOW).unwrap();
    assert!(scene.paca.journal.has_room((apeas.id(), &identity(&apeas).origin), &code).unwrap());
    admit(&scene.paca, identity(&apeas), genesis(&apeas), &code).unwrap();
    admit(&scene.paca, identity(&apeas), genesis(&apeas), &code).unwrap();
    let roll = scene.paca.journal.roll().unwrap();
    assert_eq!(roll.len(), 2, "one entry a member, whatever its keys");
    let entry = &roll.iter().find(|(one, _)| one.origin == "https://apeas.test").unwrap().0;
    assert_eq!((entry.node_id.as_str(), entry.replaces.as_ref()), (apeas.id(), Some(&old)));
    assert!(scene.records.iter().all(|record| !shows(&scene.paca, record)), "the old logs are gone from the hub");
    scene.paca.takes_all_of(&apeas, &apeas);
    assert!(scene.records.iter().all(|record| shows(&scene.paca, record)), "and its records there again");
    // At Mesclun nobody has agreed.
    let mesclun = &scene.mesclun;
    mesclun.takes_all_of(&scene.paca, &scene.paca);
    assert!(mesclun.journal.unmet_members().unwrap().is_empty(), "nobody is asked");
    let batch = apeas.batch(Channel::Public, 0);
    let refused = mesclun.receive(&apeas, Channel::Public, &batch).unwrap_err();
    assert!(matches!(refused, JournalError::Refused(Refusal::UnknownNode(_))), "{refused}");
    let met =
        |journal: &Journal| journal.meet((apeas.id(), &identity(&apeas).origin), "apeas", &[genesis(&apeas)], NOW);
    assert!(met(&mesclun.journal).is_err());
    assert!(scene.records.iter().all(|record| shows(mesclun, record)), "what was there stays");
    let returning = mesclun.journal.returning().unwrap();
    assert_eq!((returning.len(), returning[0].old.id.as_str(), returning[0].is_agreed), (1, old.as_str(), false));
    assert!(mesclun.journal.agree(&old, &"0".repeat(64), NOW).is_err(), "only what a roll says");
    mesclun.journal.agree(&old, apeas.id(), NOW).unwrap();
    assert!(mesclun.journal.returning().unwrap()[0].is_agreed);
    assert_eq!(mesclun.journal.unmet_members().unwrap()[0].node_id, apeas.id());
    assert!(scene.records.iter().all(|record| shows(mesclun, record)), "until it is met at its own address");
    met(&mesclun.journal).unwrap();
    assert!(scene.records.iter().all(|record| !shows(mesclun, record)));
    mesclun.takes_all_of(&apeas, &apeas);
    assert!(scene.records.iter().all(|record| shows(mesclun, record)), "under the same names");
    assert!(mesclun.journal.returning().unwrap().is_empty() && mesclun.journal.pinned(&old).is_err());
    assert_eq!(mesclun.digest(), scene.paca.digest());
    mesclun.journal.verify().unwrap();
}

/// As where another hub's roll said so first, and the animators of this one agreed before it joined here too.
#[test]
fn a_hub_that_has_met_it_already_keeps_its_one_entry() {
    let scene = scene();
    let old = scene.apeas.id().to_owned();
    let (apeas, code) = (renewed(scene.apeas), scene.paca.journal.invite_anew(&old, NOW).unwrap());
    let agreed = Replacement { old: old.clone(), new: apeas.id().to_owned(), agreed: 0 };
    scene.paca.journal.store().write(|link| replacements::put(link, &agreed)).unwrap();
    scene.paca.journal.meet((apeas.id(), &identity(&apeas).origin), "apeas", &[genesis(&apeas)], NOW).unwrap();
    admit(&scene.paca, identity(&apeas), genesis(&apeas), &code).unwrap();
    let roll = scene.paca.journal.roll().unwrap();
    let entries: Vec<_> = roll.iter().filter(|(one, _)| one.origin == "https://apeas.test").collect();
    assert_eq!(
        (entries.len(), entries[0].0.node_id.as_str(), entries[0].0.replaces.as_ref()),
        (1, apeas.id(), Some(&old))
    );
}

/// A thief who owns the domain can make a node there, and nothing else.
#[test]
fn who_has_the_domain_and_not_the_keys_gets_nothing_without_a_yes() {
    let scene = scene();
    let thief = renewed(node("apeas"));
    thief.publish(&thief.demand("Versez vos dons ici"));
    let origin = identity(&thief).origin.clone();
    let digest = scene.mesclun.digest();
    for victim in [&scene.paca, &scene.mesclun] {
        for channel in [Channel::Keys, Channel::Public] {
            assert!(victim.receive(&thief, channel, &thief.batch(channel, 0)).is_err());
            // As if it were the old one.
            let batch = thief.batch(channel, 0);
            assert!(victim.receive(&scene.apeas, channel, &batch).is_err());
        }
        assert!(victim.journal.pin((thief.id(), &origin), "apeas", &[genesis(&thief)], NOW).is_err());
    }
    // Not even with an invitation that was meant for another, taken up at that domain.
    let code = scene.paca.journal.invite("Autre", NOW).unwrap();
    assert!(admit(&scene.paca, identity(&thief), genesis(&thief), &code).is_err());
    let mesclun_anew = scene.paca.journal.invite_anew(scene.mesclun.id(), NOW).unwrap();
    assert!(admit(&scene.paca, identity(&thief), genesis(&thief), &mesclun_anew).is_err(), "it is for another's place");
    assert!(scene.paca.journal.invite_anew(&"0".repeat(64), NOW).is_err());
    assert!(scene.records.iter().all(|record| shows(&scene.paca, record) && shows(&scene.mesclun, record)));
    assert_eq!(scene.mesclun.digest(), digest);
    // A hub that is taken in does not take the others in.
    let code = scene.paca.journal.invite_anew(scene.apeas.id(), NOW).unwrap();
    admit(&scene.paca, identity(&thief), genesis(&thief), &code).unwrap();
    scene.mesclun.takes_all_of(&scene.paca, &scene.paca);
    assert!(scene.mesclun.journal.meet((thief.id(), &origin), "apeas", &[genesis(&thief)], NOW).is_err());
    assert!(scene.records.iter().all(|record| shows(&scene.mesclun, record)));
}

/// Who agreed to one node-id has not agreed to another that stands at that address meanwhile.
#[test]
fn a_yes_is_for_one_node_id() {
    let scene = scene();
    let old = scene.apeas.id().to_owned();
    let origin = identity(&scene.apeas).origin.clone();
    let apeas = renewed(scene.apeas);
    let code = scene.paca.journal.invite_anew(&old, NOW).unwrap();
    admit(&scene.paca, identity(&apeas), genesis(&apeas), &code).unwrap();
    scene.mesclun.takes_all_of(&scene.paca, &scene.paca);
    scene.mesclun.journal.agree(&old, apeas.id(), NOW).unwrap();
    let other = {
        let other = node("apeas");
        let store = other.journal.store().clone();
        let renewed = renewal::renew(store.clone(), rules(), (&keys(99), None), NOW).unwrap();
        Node { journal: Journal::open(store, rules(), renewed.identity).unwrap(), folder: other.folder }
    };
    let met = |node: &Node| scene.mesclun.journal.meet((node.id(), &origin), "x", &[genesis(node)], NOW);
    assert!(met(&other).is_err());
    assert!(scene.mesclun.journal.meet((apeas.id(), &origin), "x", &[genesis(&other)], NOW).is_err());
    assert!(scene.records.iter().all(|record| shows(&scene.mesclun, record)));
    met(&apeas).unwrap();
}
