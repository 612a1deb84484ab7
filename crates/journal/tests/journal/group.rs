//! Several saves and deletes together: all of them or none, numbered as they were said, with one head; and the digest of what is our own.

use crate::bed::{NOW, Node, node};
use pes_changeset::Channel;
use pes_domain::{Audience, Record};
use pes_journal::JournalError;
use pes_store::own_records::{self, Moderation};
use pes_store::settings;

/// Saves these together.
fn gather(node: &Node, records: &[Record]) {
    node.journal
        .gather(NOW, |group| {
            for record in records {
                group.save(record.clone(), Moderation::Published, None)?;
            }
            Ok::<_, JournalError>(())
        })
        .unwrap();
}

fn head(node: &Node, channel: Channel) -> Option<u64> {
    let heads = node.journal.heads().unwrap();
    heads.into_iter().find(|head| head.channel == channel).map(|head| head.size)
}

#[test]
fn a_group_is_one_transaction_and_its_logs_have_one_head_each() {
    let apeas = node("apeas");
    let mut records: Vec<Record> = ["Un", "Deux", "Trois"].map(|title| apeas.demand(title)).into();
    records[1].audience = Audience::Affiliates;
    gather(&apeas, &records);
    assert_eq!((head(&apeas, Channel::Public), head(&apeas, Channel::Affiliates)), (Some(2), Some(1)));
    assert_eq!(apeas.journal.verify().unwrap().payloads, 3);
    let mesclun = node("mesclun");
    mesclun.pins(&apeas);
    mesclun.takes_all_of(&apeas, &apeas);
    assert_eq!(mesclun.digest(), apeas.digest(), "who gets it cannot tell it from saves one by one");
    let before = apeas.digest();
    apeas.journal.rebuild().unwrap();
    assert_eq!(apeas.digest(), before);
}

#[test]
fn a_record_may_be_saved_changed_and_deleted_in_one_group() {
    let apeas = node("apeas");
    let (one, two) = (apeas.demand("Un"), apeas.demand("Deux"));
    let versions = apeas.journal.gather(NOW, |group| {
        let first = group.save(one.clone(), Moderation::Published, None)?.version;
        let mut changed = one.clone();
        changed.tags = vec![pes_domain::Tag::of("neuf").unwrap()];
        let second = group.save(changed, Moderation::Published, None)?.version;
        group.save(two.clone(), Moderation::Published, None)?;
        let end = group.delete(&two.iri, None)?.version;
        Ok::<_, JournalError>((first, second, end))
    });
    assert_eq!(versions.unwrap(), (1, 2, 2));
    assert_eq!(head(&apeas, Channel::Public), Some(4));
    assert!(apeas.title(&one.iri, Audience::Public).is_some() && apeas.title(&two.iri, Audience::Public).is_none());
    apeas.journal.verify().unwrap();
}

#[test]
fn where_one_fails_nothing_of_the_group_is_written() {
    let (apeas, alliance) = (node("apeas"), node("alliance"));
    let (ours, theirs) = (apeas.demand("À nous"), alliance.demand("À eux"));
    let before = (apeas.digest(), apeas.journal.digest_of_own().unwrap(), head(&apeas, Channel::Public));
    let failed = apeas.journal.gather(NOW, |group| {
        group.save(ours.clone(), Moderation::Published, None)?;
        settings::put(group.link(), "seen", "yes")?;
        group.save(theirs.clone(), Moderation::Published, None)?;
        Ok::<_, JournalError>(())
    });
    assert!(matches!(failed, Err(JournalError::NotOurs(_))));
    assert_eq!((apeas.digest(), apeas.journal.digest_of_own().unwrap(), head(&apeas, Channel::Public)), before);
    let (found, seen) = apeas
        .journal
        .store()
        .read(|link| {
            Ok::<_, JournalError>((own_records::find(link, &ours.iri.to_string())?, settings::get(link, "seen")?))
        })
        .unwrap();
    assert!(found.is_none() && seen.is_none());
}

#[test]
fn what_is_written_with_a_group_is_there_with_it() {
    let apeas = node("apeas");
    let demand = apeas.demand("Un");
    let told = apeas.journal.gather(NOW, |group| {
        group.save(demand.clone(), Moderation::Published, None)?;
        settings::put(group.link(), "from", "a file")?;
        Ok::<_, JournalError>("done")
    });
    assert_eq!(told.unwrap(), "done");
    assert_eq!(apeas.journal.store().read(|link| settings::get(link, "from")).unwrap().as_deref(), Some("a file"));
}

#[test]
fn the_digest_of_our_own_is_the_same_again_when_all_is_as_it_was() {
    let apeas = node("apeas");
    let empty = apeas.journal.digest_of_own().unwrap();
    let demand = apeas.demand("Un");
    apeas.publish(&demand);
    let stood = apeas.journal.digest_of_own().unwrap();
    assert_ne!(empty, stood);
    let own = apeas.journal.store().read(|link| own_records::find(link, &demand.iri.to_string())).unwrap().unwrap();
    let mut changed = own.record.clone();
    changed.tags = vec![pes_domain::Tag::of("neuf").unwrap()];
    apeas.publish(&changed);
    assert_ne!(apeas.journal.digest_of_own().unwrap(), stood);
    apeas.publish(&own.record);
    assert_eq!(apeas.journal.digest_of_own().unwrap(), stood, "whatever was saved in between");
    apeas.journal.save(own.record.clone(), Moderation::Blocked, None, NOW).unwrap();
    assert_ne!(apeas.journal.digest_of_own().unwrap(), stood, "how far it has come is part of it");
    apeas.journal.delete(&demand.iri, None, NOW).unwrap();
    assert_eq!(apeas.journal.digest_of_own().unwrap(), empty, "the end of a record is in the other digest");
}
