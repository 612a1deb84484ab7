//! F4: a live version whose payload is not to be had is a gap: noticed, listed, and filled from whoever has it.

use crate::bed::{NOW, Node, node};
use pes_changeset::Channel;
use pes_changeset::batch::Batch;
use pes_changeset::bundle::{Place, read_payloads};
use pes_domain::{Audience, Body};
use pes_journal::JournalError;
use pes_journal::supply::Named;
use pes_store::unindexed;

/// Alliance with two demands, and a hub that was given the second without its payload.
fn with_a_gap() -> (Node, Node) {
    let (alliance, hub) = (node("alliance"), node("paca"));
    hub.pins(&alliance);
    ["Une", "Deux"].into_iter().for_each(|title| alliance.publish(&alliance.demand(title)));
    let mut batch = alliance.batch(Channel::Public, 0);
    batch.items[1].1 = None;
    hub.receive(&alliance, Channel::Public, &batch).unwrap();
    (alliance, hub)
}

fn payload(node: &Node, seq: usize) -> Vec<u8> {
    node.batch(Channel::Public, 0).items[seq].1.clone().unwrap()
}

#[test]
fn a_gap_is_listed_and_nothing_of_it_is_shown() {
    let (alliance, hub) = with_a_gap();
    let gaps = hub.journal.gaps(10).unwrap();
    assert_eq!(
        gaps.iter().map(|gap| (gap.node.as_str(), gap.channel, gap.seq)).collect::<Vec<_>>(),
        [(alliance.id(), Channel::Public, 1)]
    );
    assert_eq!(hub.digest(), alliance.digest(), "the log is whole all the same");
    let verified = hub.journal.verify().unwrap();
    assert_eq!((verified.payloads, verified.missing), (1, 1));
    assert_eq!(alliance.journal.verify().unwrap().missing, 0);
    hub.journal.rebuild().unwrap();
    assert_eq!(hub.journal.gaps(10).unwrap(), gaps);
    assert!(hub.journal.gaps(0).unwrap().is_empty());
}

/// What one author never gives hides nothing of another, and who does not hold a log is not asked.
#[test]
fn gaps_are_told_log_by_log() {
    let (alliance, hub) = with_a_gap();
    let mesclun = node("mesclun");
    hub.pins(&mesclun);
    (0..5).for_each(|number| mesclun.publish(&mesclun.demand(&format!("Demande {number}"))));
    let mut batch = mesclun.batch(Channel::Public, 0);
    batch.items.iter_mut().for_each(|(_, payload)| *payload = None);
    hub.receive(&mesclun, Channel::Public, &batch).unwrap();
    let told = |of: &[&Node], each| -> Vec<(String, u64)> {
        let is_asked = |log: Named<'_>| of.iter().any(|node| node.id() == log.node) && log.channel == Channel::Public;
        let gaps = hub.journal.gaps_of(is_asked, each).unwrap().into_iter().flatten();
        gaps.map(|gap| (gap.node, gap.seq)).collect()
    };
    let of = |node: &Node, seqs: &[u64]| seqs.iter().map(|seq| (node.id().to_owned(), *seq)).collect::<Vec<_>>();
    assert_eq!(told(&[&alliance, &mesclun], 2), [of(&alliance, &[1]), of(&mesclun, &[0, 1])].concat());
    assert_eq!((told(&[&alliance], 9), told(&[], 9)), (of(&alliance, &[1]), vec![]));
    assert_eq!(told(&[&mesclun], 9), of(&mesclun, &[0, 1, 2, 3, 4]));
    hub.journal.fill(&hub.journal.gaps_of(|_| true, 1).unwrap()[0][0], &payload(&alliance, 1), NOW).unwrap();
    assert_eq!(told(&[&alliance, &mesclun], 1), of(&mesclun, &[0]));
}

#[test]
fn a_gap_is_filled_with_what_its_author_committed_to_and_nothing_else() {
    let (alliance, hub) = with_a_gap();
    let gap = hub.journal.gaps(10).unwrap().remove(0);
    let mut altered = payload(&alliance, 1);
    altered[9] ^= 1;
    for wrong in [payload(&alliance, 0), altered, b"x".to_vec(), Vec::new()] {
        let refused = hub.journal.fill(&gap, &wrong, NOW);
        assert!(matches!(refused, Err(JournalError::Refused(_))), "{refused:?}");
    }
    assert_eq!(hub.journal.gaps(10).unwrap().len(), 1);
    hub.journal.fill(&gap, &payload(&alliance, 1), NOW).unwrap();
    assert!(hub.journal.gaps(10).unwrap().is_empty());
    let iri = pes_domain::RecordIri::read(&gap.record).unwrap();
    assert_eq!(hub.title(&iri, Audience::Public).as_deref(), Some("Deux"));
    hub.journal.fill(&gap, &payload(&alliance, 1), NOW).unwrap();
    assert_eq!(hub.journal.verify().unwrap().payloads, 2, "twice is once");
}

/// A version that was replaced or deleted since is missed by nobody.
#[test]
fn what_is_no_longer_live_is_no_gap() {
    let (alliance, hub) = with_a_gap();
    let gap = hub.journal.gaps(10).unwrap().remove(0);
    let late = payload(&alliance, 1);
    let iri = pes_domain::RecordIri::read(&gap.record).unwrap();
    alliance.journal.delete(&iri, None, NOW).unwrap();
    hub.takes_all_of(&alliance, &alliance);
    assert!(hub.journal.gaps(10).unwrap().is_empty());
    hub.journal.fill(&gap, &late, NOW).unwrap();
    assert_eq!(hub.title(&iri, Audience::Public), None, "what was erased stays erased");
    assert_eq!(hub.journal.verify().unwrap().payloads, 1);
}

#[test]
fn what_came_ahead_of_its_turn_without_its_payload_is_a_gap_too() {
    let (alliance, hub) = (node("alliance"), node("paca"));
    hub.pins(&alliance);
    ["Une", "Deux"].into_iter().for_each(|title| alliance.publish(&alliance.demand(title)));
    let whole = alliance.batch(Channel::Public, 0);
    let urgent = Batch { checkpoint: None, items: vec![(whole.items[1].0.clone(), None)] };
    hub.receive(&alliance, Channel::Public, &urgent).unwrap();
    let gap = hub.journal.gaps(10).unwrap().remove(0);
    hub.journal.fill(&gap, &payload(&alliance, 1), NOW).unwrap();
    let iri = pes_domain::RecordIri::read(&gap.record).unwrap();
    assert_eq!(hub.title(&iri, Audience::Public).as_deref(), Some("Deux"));
}

/// Who brought a change-set first may have kept its payload back: whoever brings it whole later fills the gap, and nobody has to wait for the next round.
/// Where a later version stands, nothing of the older one comes back.
#[test]
fn what_was_brought_without_its_payload_is_shown_when_somebody_brings_it_whole() {
    let (alliance, hub) = (node("alliance"), node("paca"));
    hub.pins(&alliance);
    let record = alliance.demand("Appelez le 06");
    alliance.publish(&record);
    let whole = alliance.batch(Channel::Public, 0);
    let mut bare = whole.clone();
    bare.items[0].1 = None;
    hub.receive(&alliance, Channel::Public, &bare).unwrap();
    assert_eq!(hub.title(&record.iri, Audience::Public), None);
    hub.receive(&alliance, Channel::Public, &whole).unwrap();
    assert_eq!(hub.title(&record.iri, Audience::Public).as_deref(), Some("Appelez le 06"));
    assert_eq!(hub.journal.gaps(10).unwrap(), []);
    let noted = hub.journal.store().read(|link| unindexed::some(link, 10)).unwrap();
    assert!(noted.iter().any(|one| one.record == record.iri.to_string()), "lists are told");
    alliance.journal.delete(&record.iri, None, NOW).unwrap();
    let both = alliance.batch(Channel::Public, 0);
    hub.receive(&alliance, Channel::Public, &both).unwrap();
    let again = Batch { items: vec![whole.items[0].clone(), both.items[1].clone()], ..both };
    hub.receive(&alliance, Channel::Public, &again).unwrap();
    assert_eq!(hub.title(&record.iri, Audience::Public), None);
    let log = alliance.log(Channel::Public);
    let held = hub.journal.payload_bundle(log, Place { index: 0, width: 2 }).unwrap().unwrap();
    assert_eq!(read_payloads(&held).unwrap(), [None, None], "neither comes back");
}

/// Alliance changed a record, and what the hub was given of the change lacks its payload: the version before it was replaced, perhaps because of
/// what it told, and is shown no longer. When the payload comes, the new one is.
#[test]
fn a_version_without_its_payload_hides_the_one_that_it_replaces() {
    for is_urgent in [false, true] {
        let (alliance, hub) = (node("alliance"), node("paca"));
        hub.pins(&alliance);
        let mut record = alliance.demand("Appelez le 06");
        alliance.publish(&record);
        hub.takes_all_of(&alliance, &alliance);
        let Body::Exchange(body) = &mut record.body else { panic!("no exchange") };
        body.title = "Écrivez-nous".into();
        alliance.publish(&record);
        let mut change = alliance.batch(Channel::Public, 1);
        change.items[0].1 = None;
        change.checkpoint = change.checkpoint.filter(|_| !is_urgent);
        hub.receive(&alliance, Channel::Public, &change).unwrap();
        assert_eq!(hub.title(&record.iri, Audience::Public), None, "urgent: {is_urgent}");
        assert_eq!(hub.digest(), alliance.digest());
        let gap = hub.journal.gaps(10).unwrap().remove(0);
        hub.journal.fill(&gap, &payload(&alliance, 1), NOW).unwrap();
        let shown = || hub.title(&record.iri, Audience::Public);
        assert_eq!(shown().as_deref(), Some("Écrivez-nous"), "urgent: {is_urgent}");
        // The same once more, without its payload: what is shown is of that version, and stays.
        change.checkpoint = alliance.batch(Channel::Public, 1).checkpoint;
        hub.receive(&alliance, Channel::Public, &change).unwrap();
        assert_eq!(shown().as_deref(), Some("Écrivez-nous"), "urgent: {is_urgent}");
    }
}
