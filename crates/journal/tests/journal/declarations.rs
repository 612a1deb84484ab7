//! What is held in memory tells the same people as asking each would: before it is read and after, when something changes, and when a change
//! is undone.

use crate::bed::{NOW, Node, node};
use pes_domain::{Kind, Record, RecordIri};
use pes_journal::JournalError;
use pes_store::notices;
use pes_store::own_records::Moderation;

fn structure(node: &Node, name: &str, skill: &str) -> Record {
    let record = node.record(Kind::Structure, &[("name", name), ("skills", skill), ("site-commune", "Nice")]);
    node.publish(&record);
    record
}

/// The structures, none of which is claimed, that a new demand is noted for.
fn noted(node: &Node) -> Vec<RecordIri> {
    let fields = [
        ("direction", "demand"),
        ("type", "service"),
        ("title", "x"),
        ("author", "M"),
        ("skills", "premises"),
        ("place", "Nice"),
    ];
    let demand = node.record(Kind::Exchange, &fields);
    node.publish(&demand);
    let found = node.journal.store().read(|link| notices::unclaimed_of(link, &demand.iri.to_string())).unwrap();
    found.iter().map(|(structure, _)| RecordIri::read(structure).unwrap()).collect()
}

fn sorted(records: &[&Record]) -> Vec<RecordIri> {
    let mut names: Vec<_> = records.iter().map(|record| record.iri.clone()).collect();
    names.sort();
    names
}

#[test]
fn the_same_are_told_before_it_is_read_and_after() {
    let node = node("mesclun");
    let (one, other) = (structure(&node, "La Volière", "premises"), structure(&node, "Le Lopin", "premises"));
    structure(&node, "Le Fournil", "baking");
    let both = sorted(&[&one, &other]);
    assert_eq!(noted(&node), both, "nothing is held yet");
    node.journal.know_declarations().unwrap();
    assert_eq!(noted(&node), both, "from memory");
    let third = structure(&node, "La Maison", "premises");
    assert_eq!(noted(&node), sorted(&[&one, &other, &third]), "what came since is looked at");
    node.journal.know_declarations().unwrap();
    assert_eq!(noted(&node), sorted(&[&one, &other, &third]));
}

#[test]
fn what_changed_since_counts_as_it_is_now() {
    let node = node("mesclun");
    let kept = structure(&node, "La Volière", "premises");
    let (changed, withdrawn, deleted) =
        (structure(&node, "a", "premises"), structure(&node, "b", "premises"), structure(&node, "c", "premises"));
    node.journal.know_declarations().unwrap();
    let baking = node.record(Kind::Structure, &[("name", "a"), ("skills", "baking")]);
    node.publish(&Record { iri: changed.iri, ..baking });
    node.journal.save(withdrawn, Moderation::Draft, None, NOW).unwrap();
    node.journal.delete(&deleted.iri, None, NOW).unwrap();
    for _ in 0..2 {
        assert_eq!(noted(&node), std::slice::from_ref(&kept.iri));
        node.journal.know_declarations().unwrap();
    }
}

#[test]
fn what_is_undone_was_never_held() {
    let node = node("mesclun");
    let kept = structure(&node, "La Volière", "premises");
    node.journal.know_declarations().unwrap();
    let undone = node.record(Kind::Structure, &[("name", "x"), ("skills", "premises"), ("site-commune", "Nice")]);
    let given_up = node.journal.gather(NOW, |group| {
        group.save(undone.clone(), Moderation::Published, None)?;
        Err::<(), _>(JournalError::NotOurs("given up".into()))
    });
    assert!(given_up.is_err());
    node.journal.know_declarations().unwrap();
    assert_eq!(noted(&node), std::slice::from_ref(&kept.iri));
    // The number that was undone is given again.
    let next = structure(&node, "Le Lopin", "premises");
    assert_eq!(noted(&node), sorted(&[&kept, &next]));
}

#[test]
fn after_many_changes_it_catches_up_by_itself() {
    let node = node("mesclun");
    let all: Vec<Record> = (0..70).map(|number| structure(&node, &format!("n° {number}"), "premises")).collect();
    let names = sorted(&all.iter().collect::<Vec<_>>());
    assert_eq!(node.journal.declarations_known(), 0, "nothing but demands reads them");
    assert_eq!(noted(&node), names, "each was looked at");
    assert_eq!(node.journal.declarations_known(), 70, "and then read into memory");
    assert_eq!(noted(&node), names);
}
