//! A network leaves a hub: what it gave is taken back, everybody says in writing that they have taken that up, and only then the hub
//! is told.

use crate::bed::{NOW, Node, node};
use pes_changeset::Channel;
use pes_changeset::receipt::cosign;
use pes_domain::{Audience, Kind, Record};
use pes_journal::JournalError;
use pes_journal::messages::Message;
use pes_journal::peers::PeerRole;
use pes_journal::receive::Held;
use pes_journal::roll::{Applicant, Standing};
use pes_journal::signed_heads::SignedHeads;
use pes_store::accounts::{self, Account, Role};
use pes_store::notices::{self, Mail, Notice};
use pes_store::outbox;
use pes_store::own_records::{self, Moderation};

/// The hub *paca* with *apeas* and *mesclun*, which know each other.
struct Circle {
    paca: Node,
    apeas: Node,
    mesclun: Node,
}

fn circle() -> Circle {
    let (paca, apeas, mesclun) = (node("paca"), node("apeas"), node("mesclun"));
    for member in [&apeas, &mesclun] {
        joins(&paca, member);
    }
    apeas.pins(&mesclun);
    mesclun.pins(&apeas);
    let circle = Circle { paca, apeas, mesclun };
    circle.settle();
    circle
}

fn joins(hub: &Node, member: &Node) {
    let (identity, code) = (member.journal.identity(), hub.journal.invite("x", NOW).unwrap());
    let applicant = Applicant { origin: &identity.origin, node_id: &identity.node_id, name: &identity.name };
    let genesis = member.journal.genesis(member.id()).unwrap().unwrap();
    hub.journal.admit(applicant, (&identity.name, &[genesis]), &code, NOW).unwrap();
    member.pins(hub);
    member.journal.follow(hub.id(), NOW).unwrap();
}

impl Circle {
    fn settle(&self) {
        let all = [&self.paca, &self.apeas, &self.mesclun];
        for author in all {
            all.iter().filter(|one| one.id() != author.id()).for_each(|one| one.takes_all_of(author, author));
        }
    }

    fn publish(&self, audience: &str, title: &str) -> Record {
        let fields =
            [("direction", "offer"), ("type", "service"), ("title", title), ("author", "M"), ("audience", audience)];
        let record = self.apeas.record(Kind::Exchange, &fields);
        self.apeas.publish(&record);
        self.settle();
        record
    }

    /// *apeas* brings a holder the ends of its logs, and keeps the receipts.
    fn acknowledges(&self, holder: &Node) {
        for log in self.waits_for(holder) {
            let (channel, batch) = self.apeas.journal.end_of(log.0, log.1).unwrap().unwrap();
            let Held::All(receipt) = holder.receive(&self.apeas, channel, &batch).unwrap() else { panic!("not all") };
            self.apeas.journal.keep_receipt(holder.id(), log.0, batch.checkpoint.as_ref().unwrap(), &receipt).unwrap();
        }
        self.apeas.journal.settle_leaving(NOW).unwrap();
    }

    fn waits_for(&self, holder: &Node) -> Vec<(i64, u64)> {
        let farewells = self.apeas.journal.farewells().unwrap();
        let all = farewells.into_iter().flat_map(|one| one.holders);
        all.filter(|one| one.node.id == holder.id()).flat_map(|one| one.waits_for).collect()
    }

    /// The hub hears what *apeas* wrote to it, and *apeas* hears that it was taken.
    fn deliver(&self) {
        let store = self.apeas.journal.store();
        for letter in store.read(outbox::all).unwrap() {
            let message: Message = serde_json::from_str(&letter.body).unwrap();
            self.paca.journal.hear(self.apeas.id(), &message, NOW).unwrap();
            store.write(|link| outbox::remove(link, &letter.id)).unwrap();
        }
        self.apeas.journal.settle_leaving(NOW).unwrap();
    }

    fn standing(&self) -> Standing {
        let roll = self.paca.journal.roll().unwrap();
        roll.iter().find(|(one, _)| one.node_id == self.apeas.id()).unwrap().1
    }
}

fn shows(node: &Node, record: &Record) -> bool {
    node.title(&record.iri, Audience::Affiliates).is_some()
}

fn holds_bytes(node: &Node, record: &Record) -> bool {
    let iri = record.iri.to_string();
    let live = node.journal.store().read(|link| pes_store::states::of_record(link, &iri)).unwrap();
    live.iter().any(|state| {
        node.journal.store().read(|link| pes_store::payloads::find(link, state.log, state.seq)).unwrap().is_some()
    })
}

#[test]
fn what_was_given_to_the_circle_is_erased_acknowledged_and_then_the_hub_is_told() {
    let circle = circle();
    let (reserved, public) = (circle.publish("affiliates", "Réservé"), circle.publish("public", "Public"));
    let theirs = circle.mesclun.demand("De Mesclun");
    circle.mesclun.publish(&theirs);
    circle.settle();
    let hub = circle.paca.id();
    circle.apeas.journal.leave(hub, false, NOW).unwrap();
    assert!(circle.apeas.journal.unmet_members().unwrap().is_empty());
    let waits = |holder: &Node| !circle.waits_for(holder).is_empty();
    assert!(waits(&circle.paca) && waits(&circle.mesclun));
    circle.acknowledges(&circle.paca);
    assert!(!waits(&circle.paca) && waits(&circle.mesclun));
    assert_eq!(circle.apeas.journal.store().read(outbox::all).unwrap().len(), 0, "the hub is told nothing yet");
    circle.acknowledges(&circle.mesclun);
    for holder in [&circle.paca, &circle.mesclun] {
        assert!(!shows(holder, &reserved) && !holds_bytes(holder, &reserved), "erased, not only hidden");
        assert!(shows(holder, &public), "what is public stays");
    }
    assert!(circle.apeas.journal.farewells().unwrap()[0].is_told);
    assert_eq!(circle.standing(), Standing::Active);
    circle.deliver();
    assert_eq!(circle.standing(), Standing::Left);
    assert!(circle.apeas.journal.farewells().unwrap().is_empty());
    assert!(circle.apeas.journal.peers().unwrap().is_empty());
    assert!(!shows(&circle.apeas, &theirs) && !holds_bytes(&circle.apeas, &theirs), "nor does it keep theirs");
    let own = circle.apeas.journal.store().read(|link| own_records::find(link, &reserved.iri.to_string())).unwrap();
    assert_eq!(own.unwrap().record.audience, Audience::Affiliates, "at home nothing changed");
    circle.apeas.journal.verify().unwrap();
    circle.mesclun.journal.verify().unwrap();
}

#[test]
fn what_is_public_is_taken_back_where_it_is_wished_and_reappears_at_home_alone() {
    let circle = circle();
    let public = circle.publish("public", "Public");
    circle.apeas.journal.leave(circle.paca.id(), true, NOW).unwrap();
    assert!(!shows(&circle.apeas, &public));
    for holder in [&circle.paca, &circle.mesclun] {
        circle.acknowledges(holder);
        assert!(!shows(holder, &public) && !holds_bytes(holder, &public));
    }
    circle.deliver();
    assert!(shows(&circle.apeas, &public), "it is there again at home");
    let peer = circle.paca.journal.peer(circle.apeas.id()).unwrap().unwrap();
    assert!(!circle.paca.journal.is_carried(&peer).unwrap(), "and nobody carries it");
}

#[test]
fn after_leaving_nothing_is_written_for_affiliates_until_a_circle_is_joined_again() {
    let circle = circle();
    let before = circle.publish("affiliates", "D’avant");
    circle.apeas.journal.leave(circle.paca.id(), false, NOW).unwrap();
    let size = circle.apeas.size(&circle.apeas, Channel::Affiliates);
    let during = circle.apeas.record(
        Kind::Exchange,
        &[("direction", "offer"), ("type", "service"), ("title", "P"), ("author", "M"), ("audience", "affiliates")],
    );
    circle.apeas.publish(&during);
    assert_eq!(circle.apeas.size(&circle.apeas, Channel::Affiliates), size);
    circle.acknowledges(&circle.paca);
    circle.acknowledges(&circle.mesclun);
    circle.deliver();
    circle.apeas.publish(&during);
    assert_eq!(circle.apeas.size(&circle.apeas, Channel::Affiliates), size);
    assert!(!circle.apeas.journal.is_for(circle.mesclun.id(), circle.apeas.id(), Channel::Affiliates).unwrap());
    joins(&circle.paca, &circle.apeas);
    assert_eq!(circle.standing(), Standing::Active);
    circle.apeas.takes_all_of(&circle.paca, &circle.paca);
    circle.settle();
    assert!(shows(&circle.mesclun, &before) && shows(&circle.mesclun, &during), "who joins again gives again");
    assert!(circle.apeas.journal.is_for(circle.mesclun.id(), circle.apeas.id(), Channel::Affiliates).unwrap());
}

/// Who has left keeps nothing of the circle: not even whom a record concerned that its author took back before.
#[test]
fn whom_a_record_concerned_that_was_taken_back_is_forgotten_too() {
    let circle = circle();
    let [shown, taken_back] = ["Réservé", "Repris"].map(|title| circle.publish("affiliates", title));
    let store = circle.mesclun.journal.store();
    let concerns = |record: &Record| {
        let (id, record) = (record.iri.uuid().to_string(), record.iri.to_string());
        let (account, reason) = ("ali".to_owned(), "{}".to_owned());
        Notice {
            id,
            account,
            record,
            structure: None,
            reason,
            created: 0,
            is_read: false,
            mail: Mail::None,
            mailed: None,
        }
    };
    let ali = Account {
        id: "ali".into(),
        email: "ali@exemple.fr".into(),
        name: "Ali".into(),
        password: String::new(),
        role: Role::Citizen,
        is_accepted: true,
        wants_mail: false,
        rhythm: accounts::Rhythm::default(),
        person: None,
        created: 0,
    };
    store.write(|link| accounts::insert(link, &ali)).unwrap();
    for record in [&shown, &taken_back] {
        store.write(|link| notices::insert_once(link, &concerns(record))).unwrap();
    }
    circle.apeas.journal.save(taken_back, Moderation::Draft, None, NOW).unwrap();
    circle.settle();
    let told = || store.read(|link| notices::of_account(link, "ali", 9)).unwrap().len();
    assert_eq!(told(), 2, "it may come again, and is told once");
    circle.mesclun.journal.leave(circle.paca.id(), false, NOW).unwrap();
    circle.mesclun.journal.part(circle.paca.id(), NOW).unwrap();
    assert_eq!(told(), 0);
}

#[test]
fn who_thinks_better_of_it_stays() {
    let circle = circle();
    let reserved = circle.publish("affiliates", "Réservé");
    circle.apeas.journal.leave(circle.paca.id(), false, NOW).unwrap();
    circle.settle();
    assert!(!shows(&circle.mesclun, &reserved));
    circle.apeas.journal.stay(circle.paca.id(), NOW).unwrap();
    circle.settle();
    assert!(shows(&circle.mesclun, &reserved));
    assert!(circle.apeas.journal.farewells().unwrap().is_empty());
    assert!(circle.apeas.journal.stay(circle.paca.id(), NOW).is_err());
    assert_eq!(circle.apeas.journal.peer(circle.paca.id()).unwrap().unwrap().role, PeerRole::Hub);
}

#[test]
fn who_waits_no_longer_has_left_and_the_hub_hears_of_it_when_it_can() {
    let circle = circle();
    circle.publish("affiliates", "Réservé");
    assert!(circle.apeas.journal.part(circle.paca.id(), NOW).is_err(), "it has to be begun");
    circle.apeas.journal.leave(circle.paca.id(), false, NOW).unwrap();
    circle.apeas.journal.part(circle.paca.id(), NOW).unwrap();
    assert!(circle.apeas.journal.farewells().unwrap().is_empty() && circle.apeas.journal.peers().unwrap().is_empty());
    circle.deliver();
    assert_eq!(circle.standing(), Standing::Left);
    // What was taken back is at the hub as soon as anybody brings it there.
    assert!(circle.apeas.journal.leave(circle.paca.id(), false, NOW).is_err(), "it follows nobody any more");
}

/// A record that no node would show, by rules that came after it, keeps nobody from leaving: what was given of it is taken back.
#[test]
fn one_bad_record_keeps_nobody_from_leaving() {
    let circle = circle();
    let (good, bad) = (circle.publish("affiliates", "Réservé"), circle.publish("affiliates", "Mauvais"));
    let public = circle.publish("public", "Public");
    [&bad, &public].into_iter().for_each(|record| circle.apeas.breaks(&record.iri));
    circle.apeas.journal.leave(circle.paca.id(), false, NOW).unwrap();
    circle.settle();
    assert!(
        [&good, &bad].iter().all(|record| !shows(&circle.mesclun, record) && !holds_bytes(&circle.mesclun, record))
    );
    assert!(shows(&circle.mesclun, &public), "as it was, until it is corrected");
    circle.apeas.journal.stay(circle.paca.id(), NOW).unwrap();
    circle.settle();
    assert_eq!((shows(&circle.mesclun, &good), shows(&circle.mesclun, &bad)), (true, false));
    circle.apeas.publish(&bad);
    circle.settle();
    assert!(shows(&circle.mesclun, &bad), "it is corrected like any other");
}

/// F13: it would give the new circle again what it may have signed otherwise before.
#[test]
fn a_restored_node_joins_nobody_before_it_knows_what_it_signed() {
    let (circle, desk) = (circle(), tempfile::tempdir().unwrap());
    circle.publish("affiliates", "D’avant");
    circle.apeas.journal.leave(circle.paca.id(), false, NOW).unwrap();
    circle.apeas.journal.part(circle.paca.id(), NOW).unwrap();
    std::fs::write(desk.path().join("heads"), "apeas.test/log/affiliates/1 9 ff\n").unwrap();
    let journal = circle.apeas.journal.clone().remembering(SignedHeads::at(desk.path().join("heads"))).unwrap();
    let size = circle.apeas.size(&circle.apeas, Channel::Affiliates);
    let refused = journal.follow(circle.paca.id(), NOW);
    assert!(matches!(refused, Err(JournalError::Uncertain)), "{refused:?}");
    assert_eq!(circle.apeas.size(&circle.apeas, Channel::Affiliates), size);
    assert!(journal.peers().unwrap().is_empty(), "nor is the circle chosen");
    assert_eq!(journal.circle().unwrap(), "closed");
}

/// Who signed two histories signs nothing of a departure either, however long it was under way.
#[test]
fn who_is_in_quarantine_goes_on_with_no_departure() {
    let circle = circle();
    circle.apeas.journal.leave(circle.paca.id(), false, NOW).unwrap();
    let twin = node("apeas");
    twin.publish(&twin.demand("Autre"));
    circle.publish("public", "Public");
    let head = twin.journal.checkpoint(twin.log(Channel::Public)).unwrap().unwrap();
    let head = pes_changeset::note::Note::read(&head).unwrap();
    assert!(circle.apeas.journal.compare(circle.apeas.log(Channel::Public), &head, NOW).is_err());
    circle.acknowledges(&circle.paca);
    circle.acknowledges(&circle.mesclun);
    assert!(!circle.apeas.journal.farewells().unwrap()[0].is_told);
}

/// A receipt that somebody else signed, or that is of less, counts for nothing.
#[test]
fn a_false_receipt_is_none() {
    let circle = circle();
    circle.publish("affiliates", "Réservé");
    let log = circle.apeas.log(Channel::Affiliates);
    let (number, _) = circle.apeas.journal.held(log).unwrap().unwrap();
    let early = circle.apeas.batch(Channel::Affiliates, 0).checkpoint.unwrap();
    circle.apeas.journal.leave(circle.paca.id(), false, NOW).unwrap();
    let head = circle.apeas.batch(Channel::Affiliates, 0).checkpoint.unwrap();
    let key = &circle.paca.journal.identity().log_key;
    let forged = cosign(&head, "mesclun.test/node", key, NOW).unwrap();
    assert!(circle.apeas.journal.keep_receipt(circle.mesclun.id(), number, &head, &forged).is_err());
    let old = cosign(&early, "mesclun.test/node", &circle.mesclun.journal.identity().log_key, NOW).unwrap();
    circle.apeas.journal.keep_receipt(circle.mesclun.id(), number, &early, &old).unwrap();
    circle.acknowledges(&circle.paca);
    assert!(!circle.waits_for(&circle.mesclun).is_empty() && !circle.apeas.journal.farewells().unwrap()[0].is_told);
}

/// Only the member itself can say that it has left.
#[test]
fn nobody_makes_another_leave() {
    let circle = circle();
    circle.apeas.journal.leave(circle.paca.id(), false, NOW).unwrap();
    circle.acknowledges(&circle.paca);
    circle.acknowledges(&circle.mesclun);
    let letters = circle.apeas.journal.store().read(outbox::all).unwrap();
    let message: Message = serde_json::from_str(&letters[0].body).unwrap();
    circle.paca.journal.hear(circle.mesclun.id(), &message, NOW).unwrap();
    assert_eq!(circle.standing(), Standing::Active);
    assert_eq!(circle.paca.journal.refusals().unwrap()[0].cause, "hidden", "it is a word like any other");
    circle.deliver();
    assert_eq!(circle.standing(), Standing::Left);
}

/// Numbers that were given are not given again: a peer that is past one would miss what got it anew.
#[test]
fn what_comes_after_forgetting_reaches_every_peer() {
    let circle = circle();
    let other = node("aura");
    joins(&other, &circle.apeas);
    for number in 0..5 {
        circle.mesclun.publish(&circle.mesclun.demand(&format!("Demande {number}")));
    }
    circle.settle();
    let journal = &circle.apeas.journal;
    let last = journal.store().read(pes_store::entries::last_arrival).unwrap();
    journal.change_peer(other.id(), |peer| (peer.cursor, peer.urgent) = (last, last)).unwrap();
    journal.leave(circle.paca.id(), false, NOW).unwrap();
    journal.part(circle.paca.id(), NOW).unwrap();
    circle.publish("public", "Après");
    let peer = journal.peer(other.id()).unwrap().unwrap();
    let next = journal.next_for(&peer, &std::collections::HashMap::new()).unwrap();
    assert!(matches!(next, pes_journal::outgoing::Next::Send(_)), "{next:?}");
}
