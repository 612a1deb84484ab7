//! What another network holds is declared a member of this one once, in a run or beside one, and taken back with the run.

use crate::bed::{NOW, Node, node};
use pes_domain::{Audience, Body, Kind, Reference};
use pes_import::members::{Member, declare, declared};
use pes_store::own_records::{self, Moderation, OwnRecord};

const FILE: &str =
    "Numéro BDIS;Nom;Présentation libre;mots clés;Adresse;Siret\n1;Là-bas;;;;73282932000074\n2;L’Établi;;;;\n";

/// A network with its own sheet, which holds what another published.
fn ground() -> (Node, Reference, Vec<Member>) {
    let (apeas, mesclun) = (node("apeas"), node("mesclun"));
    let theirs = mesclun.enter(Kind::Structure, &[("name", "Là-bas"), ("siret", "73282932000074")]);
    let other = mesclun.enter(Kind::Structure, &[("name", "Plus loin")]);
    apeas.takes_all_of(&mesclun);
    let own = apeas.enter(Kind::Structure, &[("name", "APEAS")]);
    let member = |line: u64, name: &str, record: &pes_domain::Record| Member {
        line,
        record: record.iri.clone(),
        name: name.to_owned(),
        audience: Audience::Affiliates,
    };
    let members = vec![member(2, "Là-bas", &theirs), member(9, "Plus loin", &other), member(10, "Là-bas", &theirs)];
    (apeas, Reference::to(own.iri, "APEAS"), members)
}

fn relations(node: &Node) -> Vec<OwnRecord> {
    node.journal.store().read(|link| own_records::of_kind(link, Kind::Relation, Moderation::Published)).unwrap()
}

#[test]
fn each_is_declared_once_and_taken_back_with_its_run() {
    let (apeas, network, members) = ground();
    let (plan, committed) = apeas.import("a.csv", FILE);
    assert_eq!(plan.report.elsewhere.len(), 1);
    let say = |run, members: &[Member]| declare(&apeas.journal, (&network, "nora"), run, members, NOW).unwrap();
    assert_eq!(say(committed.run, &members[..1]), 1);
    assert_eq!(say(committed.run, &members), 1, "who is declared already, or named twice, is declared once");
    assert_eq!(declared(&apeas.journal, network.iri.as_ref().unwrap()).unwrap().len(), 2);
    for own in relations(&apeas) {
        let Body::Relation(one) = &own.record.body else { panic!() };
        assert_eq!((one.sort.notation(), &one.object), ("member-of-network", &network));
        assert_eq!((own.record.audience, own.record.is_told_by_network()), (Audience::Affiliates, true));
    }
    let (again, _) = apeas.import("a.csv", FILE);
    assert_eq!(
        (again.report.tally.unchanged, again.report.elsewhere.len()),
        (1, 1),
        "what was declared is no row of the file"
    );
    // Who is declared again after their relation was deleted is of the run as well.
    apeas.journal.delete(&relations(&apeas)[0].record.iri, None, NOW).unwrap();
    assert_eq!(say(committed.run, &members), 1);
    let undone = apeas.undo(committed.run);
    assert!(undone.deleted == 3 && undone.is_as_before && relations(&apeas).is_empty(), "{undone:?}");
    assert_eq!(say(None, &members), 2, "and may be declared again, in no run");
}

#[test]
fn what_no_form_would_take_is_not_declared() {
    let (apeas, network, mut members) = ground();
    members[0].name = "x".repeat(251);
    assert_eq!(declare(&apeas.journal, (&network, "nora"), None, &members[..2], NOW).unwrap(), 1);
    let nobody = Reference::named("APEAS");
    assert_eq!(declare(&apeas.journal, (&nobody, "nora"), None, &members, NOW).unwrap(), 0);
}
