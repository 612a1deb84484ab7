//! What a save writes into which channel, and what it leaves at home.

use crate::bed::{self, NOW, keys, node};
use pes_changeset::{Act, Channel, Origin};
use pes_domain::{Audience, Body, Field, Kind};
use pes_journal::founding::found;
use pes_journal::publish::Saved;
use pes_journal::{Identity, Journal, JournalError};
use pes_store::own_records::{self, Moderation};
use time::Duration;

#[test]
fn a_node_is_founded_once() {
    let apeas = node("apeas");
    let origin: Origin = "https://other.test".parse().unwrap();
    let again = found(apeas.journal.store(), (&origin, "other"), &keys(1), NOW).unwrap_err();
    assert!(again.to_string().contains("https://apeas.test"), "{again}");
    let genesis = apeas.journal.genesis(apeas.id()).unwrap().unwrap();
    assert_eq!(genesis.digest_hex(), apeas.id());
    genesis.verify_genesis().unwrap();
}

#[test]
fn a_node_opens_with_its_own_keys_only() {
    let apeas = node("apeas");
    let open = |identity: Identity| Journal::open(apeas.journal.store().clone(), bed::rules(), identity);
    let own = apeas.journal.identity().clone();
    assert!(open(own.clone()).is_ok());
    let other_key = Identity { log_key: keys(9).log, ..own.clone() };
    assert!(open(other_key).unwrap_err().to_string().contains("key folder"));
    let other_transport = Identity { transport_key: keys(9).transport, ..own.clone() };
    assert!(open(other_transport).unwrap_err().to_string().contains("key folder"));
    let other_node = Identity { node_id: "0".repeat(64), ..own };
    assert!(open(other_node).unwrap_err().to_string().contains("pes init"));
}

#[test]
fn a_published_record_stands_in_the_public_log() {
    let apeas = node("apeas");
    let demand = apeas.demand("Cherche local à Nice");
    let saved = apeas.journal.save(demand.clone(), Moderation::Published, Some("marie"), NOW).unwrap();
    assert_eq!(saved, Saved { version: 1, change_sets: vec![(Channel::Public, 0)] });
    let change_set = apeas.journal.change_set(apeas.log(Channel::Public), 0).unwrap().unwrap();
    let header = change_set.header();
    assert!(matches!(header.act, Act::Upsert { .. }));
    assert_eq!(header.act.target().unwrap().record, demand.iri.to_string());
    assert_eq!(header.save, None, "one change-set needs no word to bind it");
    change_set.verify(&apeas.journal.identity().log_key.public()).unwrap();
    assert_eq!(apeas.title(&demand.iri, Audience::Public).as_deref(), Some("Cherche local à Nice"));
}

/// What no other node would show is not signed: the typed reader reads every payload before its author signs it.
#[test]
fn what_nobody_would_show_is_not_signed() {
    let apeas = node("apeas");
    let kept = apeas.demand("Reste");
    apeas.journal.save(kept.clone(), Moderation::Published, None, NOW).unwrap();
    let titled = |title: &str| {
        let mut record = apeas.demand("x");
        let Body::Exchange(exchange) = &mut record.body else { panic!() };
        exchange.title = title.to_owned();
        record
    };
    let empty = titled(" ");
    let refused = apeas.journal.save(empty.clone(), Moderation::Published, None, NOW).unwrap_err();
    assert!(matches!(refused, JournalError::NotShown { .. }), "{refused}");
    assert!(refused.to_string().contains("title") && refused.to_string().contains("save it again"), "{refused}");
    let own = apeas.journal.store().read(|link| own_records::find(link, &empty.iri.to_string())).unwrap();
    assert_eq!((own, apeas.journal.change_set(apeas.log(Channel::Public), 1).unwrap()), (None, None));
    let too_long = apeas.journal.save(titled(&"x".repeat(70_000)), Moderation::Published, None, NOW);
    assert!(matches!(too_long, Err(JournalError::NotShown { .. })), "{too_long:?}");
    assert_eq!(apeas.title(&kept.iri, Audience::Public).as_deref(), Some("Reste"));
}

#[test]
fn a_draft_leaves_nothing_but_its_own_row() {
    let apeas = node("apeas");
    let demand = apeas.demand("Brouillon");
    for moderation in Moderation::ALL.into_iter().filter(|one| *one != Moderation::Published) {
        let saved = apeas.journal.save(demand.clone(), moderation, Some("marie"), NOW).unwrap();
        assert_eq!(saved, Saved { version: 0, change_sets: vec![] }, "{moderation:?}");
    }
    assert_eq!(apeas.title(&demand.iri, Audience::Public), None);
    let own = apeas.journal.store().read(|link| own_records::find(link, &demand.iri.to_string())).unwrap().unwrap();
    assert_eq!((own.author.as_deref(), own.moderation, own.record), (Some("marie"), Moderation::Blocked, demand));
}

#[test]
fn versions_count_what_was_published() {
    let apeas = node("apeas");
    let mut demand = apeas.demand("Un");
    apeas.publish(&demand);
    assert_eq!(
        apeas.journal.save(demand.clone(), Moderation::Published, None, NOW).unwrap().change_sets,
        [],
        "nothing new"
    );
    let later = NOW + Duration::HOUR;
    demand.modified = later;
    assert_eq!(
        apeas.journal.save(demand.clone(), Moderation::Published, None, later).unwrap().change_sets,
        [],
        "the time alone is no news"
    );
    let Body::Exchange(one) = &mut demand.body else { panic!() };
    one.title = "Deux".into();
    let saved = apeas.journal.save(demand.clone(), Moderation::Published, None, later).unwrap();
    assert_eq!(saved, Saved { version: 2, change_sets: vec![(Channel::Public, 1)] });
    assert_eq!(apeas.title(&demand.iri, Audience::Public).as_deref(), Some("Deux"));
}

#[test]
fn the_first_publication_is_kept_whoever_saves() {
    let apeas = node("apeas");
    let mut demand = apeas.demand("Un");
    apeas.publish(&demand);
    demand.published = None;
    demand.created = NOW - Duration::DAY;
    let Body::Exchange(one) = &mut demand.body else { panic!() };
    one.title = "Deux".into();
    apeas.journal.save(demand.clone(), Moderation::Published, Some("someone else"), NOW + Duration::DAY).unwrap();
    let own = apeas.journal.store().read(|link| own_records::find(link, &demand.iri.to_string())).unwrap().unwrap();
    assert_eq!((own.record.published, own.record.created, own.author), (Some(NOW), NOW, None));
}

#[test]
fn a_field_for_affiliates_makes_a_graph_in_each_channel() {
    let apeas = node("apeas");
    let mut structure = apeas.record(Kind::Structure, &[("name", "L’Établi partagé"), ("budget", "120000")]);
    structure.narrowed.insert(Field::Budget, Audience::Affiliates);
    let saved = apeas.journal.save(structure.clone(), Moderation::Published, None, NOW).unwrap();
    assert_eq!(saved.change_sets, [(Channel::Public, 0), (Channel::Affiliates, 0)]);
    let word = |channel| apeas.journal.change_set(apeas.log(channel), 0).unwrap().unwrap().header().save.clone();
    assert!(word(Channel::Public).is_some() && word(Channel::Public) == word(Channel::Affiliates));
    let budget = |reader| {
        let seen =
            apeas.journal.store().read(|link| pes_store::records::seen(link, &structure.iri.to_string(), reader));
        let Body::Structure(one) = seen.unwrap().unwrap().record.body else { panic!() };
        one.budget
    };
    assert_eq!((budget(Audience::Public), budget(Audience::Affiliates)), (None, Some(120_000)));
}

#[test]
fn narrowing_takes_away_before_it_gives() {
    let apeas = node("apeas");
    let mut demand = apeas.demand("Cherche local");
    apeas.publish(&demand);
    demand.audience = Audience::Affiliates;
    let saved = apeas.journal.save(demand.clone(), Moderation::Published, None, NOW).unwrap();
    assert_eq!(saved, Saved { version: 2, change_sets: vec![(Channel::Public, 1), (Channel::Affiliates, 0)] });
    let act = |channel, seq| apeas.journal.change_set(apeas.log(channel), seq).unwrap().unwrap().header().act.clone();
    assert!(matches!(act(Channel::Public, 1), Act::Withdraw { .. }));
    assert!(matches!(act(Channel::Affiliates, 0), Act::Upsert { .. }));
    assert_eq!(apeas.title(&demand.iri, Audience::Public), None);
    assert!(apeas.title(&demand.iri, Audience::Affiliates).is_some());
    demand.audience = Audience::Network;
    assert_eq!(
        apeas.journal.save(demand.clone(), Moderation::Published, None, NOW).unwrap().change_sets,
        [(Channel::Affiliates, 1)]
    );
    assert_eq!(apeas.title(&demand.iri, Audience::Affiliates), None);
    demand.audience = Audience::Public;
    assert_eq!(
        apeas.journal.save(demand, Moderation::Published, None, NOW).unwrap().change_sets,
        [(Channel::Public, 2)]
    );
}

#[test]
fn blocking_takes_a_record_away_and_publishing_brings_it_back() {
    let apeas = node("apeas");
    let demand = apeas.demand("Cherche local");
    apeas.publish(&demand);
    apeas.journal.save(demand.clone(), Moderation::Blocked, None, NOW).unwrap();
    assert_eq!(apeas.title(&demand.iri, Audience::Public), None);
    apeas.publish(&demand);
    assert!(apeas.title(&demand.iri, Audience::Public).is_some());
}

#[test]
fn a_change_of_a_field_that_stays_at_home_tells_nobody() {
    let apeas = node("apeas");
    let fields = [("name", "L’Établi partagé"), ("contact-medium", "phone"), ("contact-value", "0493000000")];
    let mut structure = apeas.record(Kind::Structure, &fields);
    apeas.publish(&structure);
    let Body::Structure(one) = &mut structure.body else { panic!() };
    one.contacts[0].note = Some("le matin".into());
    assert_eq!(apeas.journal.save(structure, Moderation::Published, None, NOW).unwrap().change_sets, []);
}

#[test]
fn a_delete_is_written_in_every_channel_that_ever_held_the_record() {
    let apeas = node("apeas");
    let mut demand = apeas.demand("Cherche local");
    apeas.publish(&demand);
    demand.audience = Audience::Affiliates;
    apeas.publish(&demand);
    let saved = apeas.journal.delete(&demand.iri, None, NOW).unwrap();
    assert_eq!(saved.version, 3);
    assert_eq!(saved.change_sets, [(Channel::Affiliates, 1), (Channel::Public, 2)]);
    assert_eq!(apeas.title(&demand.iri, Audience::Affiliates), None);
    assert!(apeas.journal.store().read(|link| own_records::find(link, &demand.iri.to_string())).unwrap().is_none());
    assert!(matches!(apeas.journal.delete(&demand.iri, None, NOW), Err(JournalError::NotOurs(_))));
}

#[test]
fn what_was_deleted_stays_deleted_for_its_author_too() {
    let apeas = node("apeas");
    let demand = apeas.demand("Cherche local");
    apeas.publish(&demand);
    apeas.journal.delete(&demand.iri, None, NOW).unwrap();
    assert_eq!(apeas.journal.save(demand.clone(), Moderation::Published, None, NOW).unwrap().change_sets, []);
    assert_eq!(apeas.title(&demand.iri, Audience::Public), None);
}

#[test]
fn another_nodes_record_is_not_written_here() {
    let (apeas, alliance) = (node("apeas"), node("alliance"));
    let demand = alliance.demand("Cherche local");
    let refused = apeas.journal.save(demand.clone(), Moderation::Published, None, NOW);
    assert!(matches!(refused, Err(JournalError::NotOurs(_))));
    assert!(matches!(apeas.journal.delete(&demand.iri, None, NOW), Err(JournalError::NotOurs(_))));
}

#[test]
fn a_delete_names_the_record_that_takes_its_place() {
    let (apeas, alliance) = (node("apeas"), node("alliance"));
    let (old, new) = (apeas.demand("Ancienne"), alliance.demand("Nouvelle"));
    apeas.publish(&old);
    apeas.journal.delete(&old.iri, Some(new.iri.clone()), NOW).unwrap();
    let change_set = apeas.journal.change_set(apeas.log(Channel::Public), 1).unwrap().unwrap();
    let Act::Delete { replaced_by, .. } = &change_set.header().act else { panic!() };
    assert_eq!(replaced_by.as_deref(), Some(new.iri.to_string().as_str()));
}
