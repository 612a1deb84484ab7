//! What nodes tell each other about change-sets: that something is erased, cannot be read, is hidden. Each is a row, and what
//! others say counts only where it proves itself.

use crate::bed::{NOW, Node, node};
use pes_changeset::batch::Batch;
use pes_changeset::note::Note;
use pes_changeset::receipt::Erasure;
use pes_changeset::{Act, ChangeSet, Channel, Commitment, Header, LogId, Target};
use pes_domain::{Kind, RecordIri};
use pes_journal::messages::{Message, MessageKind};
use pes_store::outbox::{self, Letter};
use pes_store::peers;

fn letters(node: &Node) -> Vec<Letter> {
    node.journal.store().read(outbox::all).unwrap()
}

fn message(letter: &Letter) -> Message {
    serde_json::from_str(&letter.body).unwrap()
}

/// A demand of *apeas* that *mesclun* held and was told to delete.
fn deleted() -> (Node, Node, RecordIri) {
    let (apeas, mesclun) = (node("apeas"), node("mesclun"));
    mesclun.pins(&apeas);
    apeas.pins(&mesclun);
    let demand = apeas.demand("Éphémère");
    apeas.publish(&demand);
    mesclun.takes_all_of(&apeas, &apeas);
    assert!(letters(&mesclun).is_empty(), "a publication is acknowledged by the receipt of its push");
    apeas.journal.delete(&demand.iri, None, NOW).unwrap();
    mesclun.takes_all_of(&apeas, &apeas);
    (apeas, mesclun, demand.iri)
}

#[test]
fn a_delete_from_afar_is_acknowledged_by_a_receipt_that_proves_itself() {
    let (apeas, mesclun, _) = deleted();
    let letters = letters(&mesclun);
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].origin, "https://apeas.test");
    let message = message(&letters[0]);
    assert_eq!((message.kind, message.object.as_str()), (MessageKind::Accept, "https://apeas.test/log/public/1/1"));
    let key = mesclun.journal.identity().log_key.public();
    let erasure = Erasure::verify(&Note::read(&message.content).unwrap(), "mesclun.test/node", &key).unwrap();
    assert_eq!(erasure.seq, 1);
    apeas.journal.hear(mesclun.id(), &message, NOW).unwrap();
    let erased = apeas.journal.store().read(|link| peers::erased_by(link, &message.object)).unwrap();
    assert_eq!(erased, [mesclun.id()]);
}

#[test]
fn a_delete_that_comes_twice_is_acknowledged_once() {
    let (apeas, mesclun, _) = deleted();
    mesclun.receive(&apeas, Channel::Public, &apeas.batch(Channel::Public, 0)).unwrap();
    assert_eq!(letters(&mesclun).len(), 1);
    mesclun.journal.rebuild().unwrap();
    assert_eq!(letters(&mesclun).len(), 1, "a rebuild tells nobody");
}

#[test]
fn a_receipt_that_does_not_prove_itself_is_not_kept() {
    let (apeas, mesclun, _) = deleted();
    let good = message(&letters(&mesclun)[0]);
    let other = node("ailleurs");
    apeas.pins(&other);
    let spoilt = [
        Message { content: good.content.replace("mesclun", "Mesclun"), ..good.clone() },
        Message { content: "no note".into(), ..good.clone() },
        Message { object: "https://apeas.test/log/public/1/0".into(), ..good.clone() },
    ];
    for message in spoilt {
        assert!(apeas.journal.hear(mesclun.id(), &message, NOW).is_err(), "{}", message.content);
    }
    assert!(apeas.journal.hear(other.id(), &good, NOW).is_err(), "another's receipt");
    assert!(other.journal.hear(mesclun.id(), &good, NOW).is_err(), "not our delete, and not a node we know");
    let erased = apeas.journal.store().read(|link| peers::erased_by(link, &good.object)).unwrap();
    assert!(erased.is_empty());
}

/// A change-set whose proof holds and whose payload the typed reader refuses: its author is told, once.
#[test]
fn what_cannot_be_read_is_reported_to_its_author_and_blocks_nothing() {
    let (apeas, mesclun) = (node("apeas"), node("mesclun"));
    mesclun.pins(&apeas);
    let batch = unreadable(&apeas);
    mesclun.receive(&apeas, Channel::Public, &batch).unwrap();
    let told = letters(&mesclun);
    assert_eq!(told.len(), 1);
    let told = message(&told[0]);
    assert_eq!((told.kind, told.object.as_str()), (MessageKind::Reject, "https://apeas.test/log/public/1/0"));
    assert!(!told.content.is_empty());
    mesclun.receive(&apeas, Channel::Public, &batch).unwrap();
    assert_eq!(letters(&mesclun).len(), 1);
    assert_eq!(mesclun.size(&apeas, Channel::Public), 1, "it stands in the log");
}

/// A batch with one change-set that holds to the protocol and whose payload says nothing a record needs.
fn unreadable(author: &Node) -> Batch {
    let identity = author.journal.identity();
    let iri = author.mint(Kind::Job);
    let payload = format!("<{iri}> <https://w3id.org/pes/ns#salt> \"{}\" .\n", "0".repeat(32));
    let log = LogId::new(identity.origin.clone(), Channel::Public, 1);
    let on = Target { record: iri.to_string(), kind: Kind::Job.iri(), version: 1 };
    let commitment = Commitment::to(payload.as_bytes()).unwrap();
    let act = Act::Upsert { on, payload: commitment, expires: None };
    let header = Header { protocol: 1, log: log.clone(), seq: 0, created: NOW, save: None, act };
    let change_set = ChangeSet::sign(&header, &identity.log_key).unwrap();
    let mut tree = pes_changeset::tree::Frontier::default();
    tree.append(change_set.leaf_hash());
    let head =
        pes_changeset::Checkpoint { log: log.name(), size: 1, root: tree.root() }.sign(&identity.log_key).unwrap();
    Batch { checkpoint: Some(head), items: vec![(change_set, Some(payload.into_bytes()))] }
}

#[test]
fn what_others_say_of_our_records_is_counted_for_the_operator() {
    let (apeas, mesclun) = (node("apeas"), node("mesclun"));
    apeas.pins(&mesclun);
    let demand = apeas.demand("x");
    mesclun.journal.tell_hidden(&demand.iri, "hors sujet", NOW).unwrap();
    let flag = message(&letters(&mesclun)[0]);
    assert_eq!(flag.kind, MessageKind::Flag);
    apeas.journal.hear(mesclun.id(), &flag, NOW).unwrap();
    apeas.journal.hear(mesclun.id(), &Message { kind: MessageKind::Reject, ..flag }, NOW).unwrap();
    let mut causes: Vec<_> = apeas.journal.refusals().unwrap().into_iter().map(|refusal| refusal.cause).collect();
    causes.sort();
    assert_eq!(causes, ["hidden", "reader"]);
}

/// What expired a month ago is deleted by its home; what expired yesterday may still be prolonged.
#[test]
fn what_expired_a_month_ago_is_deleted_everywhere() {
    let apeas = node("apeas");
    let with_date = |date: &str| {
        let fields = [("direction", "offer"), ("type", "service"), ("title", "x"), ("author", "M"), ("expires", date)];
        let record = apeas.record(Kind::Exchange, &fields);
        apeas.publish(&record);
        record.iri
    };
    let (old, recent, lasting) = (with_date("2026-10-20"), with_date("2026-11-20"), with_date("2027-01-01"));
    assert_eq!(apeas.journal.delete_expired(NOW).unwrap(), 1);
    assert_eq!(apeas.title(&old, pes_domain::Audience::Public), None);
    for kept in [recent, lasting] {
        assert!(apeas.title(&kept, pes_domain::Audience::Public).is_some());
    }
    assert_eq!(apeas.journal.delete_expired(NOW).unwrap(), 0);
}

/// What no channel carries lies at home alone, and is deleted there no less.
#[test]
fn what_was_for_few_is_deleted_a_month_after_it_expired() {
    let apeas = node("apeas");
    let fields = [("direction", "offer"), ("type", "service"), ("title", "x"), ("author", "M")];
    for audience in ["network", "private"] {
        let dated = [("expires", "2026-10-20"), ("audience", audience)];
        let record = apeas.record(Kind::Exchange, &[&fields[..], &dated].concat());
        apeas.publish(&record);
        assert_eq!(apeas.journal.delete_expired(NOW).unwrap(), 1, "{audience}");
        let name = record.iri.to_string();
        let kept = apeas.journal.store().read(|link| pes_store::own_records::find(link, &name)).unwrap();
        assert_eq!(kept, None, "{audience}");
    }
    assert_eq!(apeas.size(&apeas, Channel::Public), 0, "nobody hears of what nobody was given");
}
