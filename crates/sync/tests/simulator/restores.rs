//! F13: a node comes from a backup, and what it signed since has reached others in part: ahead of its turn, or without a head over it.

use crate::bed::{self, START, node};
use crate::storm;
use crate::village::{NAMES, Name, Node, Village, answer};
use pes_changeset::Channel;
use pes_domain::{Kind, RecordIri};
use pes_journal::doubt::{Asked, Doubt};
use pes_journal::identity::NewKeys;
use pes_journal::rotation::Exchange;
use pes_journal::signed_heads::SignedHeads;
use pes_journal::{Identity, Journal, JournalError, Refusal};
use pes_store::Database;
use pes_store::own_records::{self, Moderation};
use pes_sync::pull::Pull;
use pes_sync::{Ask, Desk};

/// The village, in which *alliance* remembers what it signs until its machine is lost; and yesterday's backup of it.
pub struct Loss {
    pub village: Village,
    pub keys: tempfile::TempDir,
    /// With the keys in that folder.
    pub identity: Identity,
    pub backup: Option<bed::Node>,
}

impl Loss {
    /// The node remembers from its first start on.
    pub fn to_come(seed: u64) -> Self {
        let (village, keys, first) = (Village::new(seed), tempfile::tempdir().unwrap(), node("alliance"));
        let mut loss = Self { village, keys, identity: first.identity().clone(), backup: None };
        first.journal.clone().remembering(loss.signed()).unwrap();
        loss.opens(first);
        loss
    }

    /// Two offers are everywhere, and in the backup.
    pub fn after_two_offers() -> Self {
        let mut loss = Self::to_come(13);
        for title in ["Une", "Deux"] {
            loss.village.offer("alliance", title);
        }
        loss.village.settle(3);
        let (backup, id) = (node("alliance"), loss.alliance().id());
        let journal = backup.journal.clone().remembering(loss.signed()).unwrap();
        journal.receive(&id, Channel::Public, &loss.alliance().batch(Channel::Public, 0), START).unwrap();
        for other in loss.village.nodes.values().filter(|other| other.id() != id) {
            backup.pins(other);
            journal.receive(&other.id(), Channel::Keys, &other.batch(Channel::Keys, 0), START).unwrap();
        }
        loss.backup = Some(backup);
        loss
    }

    pub fn signed(&self) -> SignedHeads {
        SignedHeads::at(self.keys.path().join("heads"))
    }

    /// A database takes the place of what *alliance* had, and is opened.
    pub fn opens(&mut self, made: bed::Node) {
        for name in ["apeas", "mesclun"] {
            made.pins(&self.village.nodes[name]);
        }
        made.follows(&self.village.nodes["paca"]);
        let store = made.journal.store().clone();
        let journal = Journal::open_remembering(store, bed::rules(), self.identity.clone(), self.signed()).unwrap();
        let desk = Desk::new(journal.clone(), made.people.clone());
        self.village.nodes.insert("alliance", Node::from(bed::Node { journal, desk, ..made }));
        self.village.restart("alliance");
    }

    /// What reaches the hub ahead of its turn of what *alliance* has published.
    pub fn reaches_the_hub_early(&self, seqs: &[u64]) {
        self.reaches_early("paca", seqs);
    }

    pub fn reaches_early(&self, name: Name, seqs: &[u64]) {
        let (id, node) = (self.alliance().id(), &self.village.nodes[name]);
        let early = self.alliance().journal.urgent_batch(node.log(&id, Channel::Public), seqs).unwrap().unwrap();
        node.journal.receive(&id, Channel::Public, &early, START).unwrap();
    }

    /// How much a node holds of what *alliance* says to everybody.
    pub fn held_at(&self, name: Name) -> u64 {
        let (id, node) = (self.alliance().id(), &self.village.nodes[name]);
        node.journal.held(node.log(&id, Channel::Public)).unwrap().map_or(0, |(_, held)| held)
    }

    /// The machine is lost, with or without what was signed, and the backup is put in place.
    pub fn loses_its_machine(&mut self, keeps_memory: bool) {
        self.opens_backup(keeps_memory);
        let is_unknown = self.alliance().journal.doubt() == Some(Doubt::Unknown);
        assert_eq!(is_unknown, !keeps_memory);
        self.is_silent();
    }

    /// A copy of its database, as it is now.
    pub fn copy(&self) -> bed::Node {
        let (store, folder) = (self.alliance().journal.store(), tempfile::tempdir().unwrap());
        store.settle().unwrap();
        std::fs::copy(self.alliance().folder.path().join("pes.sqlite"), folder.path().join("pes.sqlite")).unwrap();
        bed::node_in(folder, &self.identity)
    }

    pub fn storms(&mut self, steps: std::ops::Range<u64>) {
        for step in steps {
            for _ in 0..self.village.dice.below(4) {
                storm::somebody_writes(&mut self.village, step);
            }
            storm::weather(&mut self.village, &storm::ALL);
            let seconds = self.village.dice.below(100).cast_signed();
            self.village.settle(seconds);
        }
    }

    pub fn opens_backup(&mut self, keeps_memory: bool) {
        if !keeps_memory {
            std::fs::remove_file(self.keys.path().join("heads")).unwrap();
        }
        let backup = self.backup.take().unwrap();
        self.opens(backup);
    }

    /// Asks all others, as its rounds do, until there is no doubt. Tells whether all came back; where it did not, the logs begin again.
    pub fn hears_everybody(&mut self) -> bool {
        for _ in 0..3 {
            let walks = self.village.reconcile("alliance");
            assert!(walks.iter().all(|walk| walk.report.is_level));
            if self.alliance().journal.reassure(Asked::All).unwrap() {
                return true;
            }
        }
        self.is_silent();
        self.begins_again();
        false
    }

    /// Everybody holds the same, and nobody found two histories.
    pub fn agrees(&mut self, seed: u64) {
        let next = self.village.offer("alliance", "La suite");
        for _ in 0..2 {
            NAMES.into_iter().for_each(|name| drop(self.village.reconcile(name)));
            self.village.settle(1_000);
        }
        for name in NAMES {
            let node = &self.village.nodes[name];
            assert!(self.village.has(name, &next), "seed {seed}: {name}");
            assert_eq!(node.digest(), self.alliance().digest(), "seed {seed}: {name}");
            assert!(node.journal.accused().unwrap().is_empty(), "seed {seed}: {name} found two histories");
            assert_eq!(node.journal.verify().unwrap().missing, 0, "seed {seed}: {name} misses payloads");
        }
    }

    pub fn alliance(&self) -> &Node {
        &self.village.nodes["alliance"]
    }

    pub fn is_silent(&self) {
        let record = self.alliance().record(Kind::Exchange, OFFER, START);
        let saved = self.alliance().journal.save(record, Moderation::Published, None, START);
        assert!(matches!(saved, Err(JournalError::Uncertain)), "{saved:?}");
    }

    /// Its operator begins the logs again, with the root key.
    pub fn begins_again(&mut self) {
        self.exchanges(&bed::keys("alliance"), true);
        assert_eq!(self.alliance().journal.doubt(), None, "what stood before counts for nothing");
    }

    pub fn exchanges(&mut self, keys: &NewKeys, begins_again: bool) {
        let old = self.village.nodes.remove("alliance").unwrap().node;
        let journal = old.journal.clone().remembering(self.signed()).unwrap();
        self.identity = journal
            .exchange_keys(&Exchange { keys, next_root: None, begins_again, is_unasked: false }, START)
            .unwrap()
            .identity;
        self.opens(old);
    }

    /// It signs again, everybody holds the same, and nobody found two histories.
    pub fn goes_on(&mut self) {
        assert!(self.alliance().journal.reassure(Asked::All).unwrap());
        self.agrees(0);
    }
}

pub const OFFER: &[(&str, &str)] = &[("direction", "offer"), ("type", "service"), ("title", "x"), ("author", "y")];

pub fn moderation(node: &Node, iri: &RecordIri) -> Option<Moderation> {
    let own = node.journal.store().read(|link| own_records::find(link, &iri.to_string())).unwrap();
    own.map(|own| own.moderation)
}

/// A demand and a delete went ahead of their turn; nobody has a head over them. They are taken back one by one, and the demand's payload when the hub
/// holds it in its turn.
#[test]
fn what_went_ahead_of_its_turn_is_taken_back() {
    for keeps_memory in [true, false] {
        let mut loss = Loss::after_two_offers();
        let gone = loss.alliance().records[0].iri.clone();
        let demand = loss.village.demand("alliance", "Urgente");
        loss.village.delete("alliance", &gone);
        loss.reaches_the_hub_early(&[2, 3]);
        loss.loses_its_machine(keeps_memory);
        assert_eq!(moderation(loss.alliance(), &gone), Some(Moderation::Published), "it is yesterday again");
        let walk = loss.village.pull("alliance", "paca");
        assert_eq!((walk.report.taken, walk.report.is_level), (2, true));
        loss.is_silent();
        assert!(loss.alliance().journal.reassure(Asked::All).unwrap());
        loss.village.settle(3);
        let (id, hub) = (loss.alliance().id(), &loss.village.nodes["paca"]);
        let (_, held) = hub.journal.held(hub.log(&id, Channel::Public)).unwrap().unwrap();
        assert_eq!(held, 4, "they come to the hub in their turn, under a head");
        loss.goes_on();
        assert_eq!(moderation(loss.alliance(), &gone), None, "it is deleted");
        assert_eq!(moderation(loss.alliance(), &demand), Some(Moderation::Published), "its author can go on with it");
    }
}

/// The backup is older than the keys in the folder: the key events come back first, and what they sign counts.
#[test]
fn a_backup_from_before_an_exchange_of_keys_hears_of_it_first() {
    for keeps_memory in [true, false] {
        let mut loss = Loss::after_two_offers();
        let (log, transport) = (bed::keys("log").log, bed::keys("log").transport);
        loss.exchanges(&NewKeys { log, transport, ..bed::keys("alliance") }, false);
        let third = loss.village.offer("alliance", "Trois");
        loss.village.settle(3);
        loss.loses_its_machine(keeps_memory);
        loss.village.pull("alliance", "paca");
        loss.village.pull("alliance", "paca");
        loss.goes_on();
        assert_eq!(moderation(loss.alliance(), &third), Some(Moderation::Published));
    }
}

/// Keys that nobody has declared sign nothing, whatever the file says.
#[test]
fn other_keys_than_those_that_were_declared_are_refused() {
    let mut loss = Loss::after_two_offers();
    let store = loss.backup.take().unwrap().journal.store().clone();
    let keys = bed::keys("other");
    let identity = Identity { log_key: keys.log, transport_key: keys.transport, ..loss.identity.clone() };
    let open = |text: Option<String>| {
        let file = loss.keys.path().join("heads");
        text.inspect(|text| std::fs::write(file, text).unwrap());
        Journal::open_remembering(store.clone(), bed::rules(), identity.clone(), loss.signed())
    };
    assert!(matches!(open(None), Err(JournalError::Founding(_))), "no key event is missing");
    let path = loss.keys.path().join("heads");
    let line = std::fs::read_to_string(&path).unwrap().lines().next().unwrap().to_owned() + "\n";
    let more = format!("alliance.test/log/keys/1 2 {}\n", "0".repeat(64));
    let journal = open(Some(more)).unwrap();
    assert!(!journal.reassure(Asked::All).unwrap(), "they are missing");
    std::fs::write(&path, line).unwrap();
    assert!(!journal.reassure(Asked::All).unwrap(), "these are not theirs");
    assert!(journal.doubt().is_some());
}

/// Two walks ask for the same places at the same time: what one has brought is no reason for the other to look no further.
#[test]
fn walks_that_ask_for_the_same_do_not_stop_each_other() {
    let mut loss = Loss::after_two_offers();
    loss.village.demand("alliance", "Urgente");
    loss.reaches_early("mesclun", &[2]);
    loss.village.demand("alliance", "Urgente aussi");
    loss.reaches_the_hub_early(&[2, 3]);
    loss.loses_its_machine(false);
    let mut walks = ["paca", "mesclun"].map(|name| Pull::from(loss.village.nodes[name].origin().clone()));
    loop {
        let journal = loss.alliance().journal.clone();
        let asks: Vec<_> = walks.iter_mut().map(|walk| walk.step(&journal).unwrap()).collect();
        if asks.iter().all(Option::is_none) {
            break;
        }
        let outcomes: Vec<_> =
            asks.iter().map(|ask| ask.as_ref().map(|ask| loss.village.carry("alliance", ask))).collect();
        // The hub's answers are always the later ones.
        for (walk, outcome) in walks.iter_mut().zip(outcomes).rev() {
            outcome.into_iter().for_each(|outcome| walk.take(&journal, outcome, START).unwrap());
        }
    }
    assert_eq!(loss.held_at("alliance"), 4, "{:?}", walks.map(|walk| walk.report));
    loss.goes_on();
}

/// What a hub has shown is not forgotten by a stop, whatever the hub forgets.
#[test]
fn what_others_have_shown_outlasts_a_stop() {
    let mut loss = Loss::after_two_offers();
    (0..100).for_each(|at| drop(loss.village.offer("alliance", &format!("Offre {at}"))));
    let (id, hub) = (loss.alliance().id(), &loss.village.nodes["paca"]);
    hub.journal.receive(&id, Channel::Public, &loss.alliance().batch(Channel::Public, 2), START).unwrap();
    loss.loses_its_machine(false);
    loss.village.pull("alliance", "paca");
    for _ in 0..2 {
        let old = loss.village.nodes.remove("alliance").unwrap().node;
        loss.opens(old);
        assert!(matches!(loss.alliance().journal.doubt(), Some(Doubt::Behind { signed: 102, .. })));
        assert!(loss.alliance().journal.has_forgotten(), "more may have been signed than was shown");
        loss.village.settle(3);
        loss.village.pull("alliance", "paca");
    }
}

/// A file that is older than what others were shown has forgotten as one that is gone.
#[test]
fn a_file_that_knows_too_little_has_forgotten() {
    let mut loss = Loss::after_two_offers();
    loss.village.offer("alliance", "La première");
    let old = std::fs::read(loss.keys.path().join("heads")).unwrap();
    (0..100).for_each(|at| drop(loss.village.offer("alliance", &format!("Offre {at}"))));
    let (id, hub) = (loss.alliance().id(), &loss.village.nodes["paca"]);
    hub.journal.receive(&id, Channel::Public, &loss.alliance().batch(Channel::Public, 2), START).unwrap();
    std::fs::write(loss.keys.path().join("heads"), old).unwrap();
    loss.loses_its_machine(true);
    assert!(!loss.alliance().journal.has_forgotten());
    loss.village.pull("alliance", "paca");
    assert!(loss.alliance().journal.has_forgotten());
}

/// Without the file, all who may know more have to be heard, whatever some have given back.
#[test]
fn without_the_file_nobody_s_word_is_enough() {
    let mut loss = Loss::after_two_offers();
    loss.village.demand("alliance", "Urgente");
    loss.reaches_early("mesclun", &[2]);
    loss.loses_its_machine(false);
    loss.village.pull("alliance", "mesclun");
    assert_eq!(loss.held_at("alliance"), 3);
    assert!(!loss.alliance().journal.reassure(Asked::Some).unwrap());
    let old = loss.village.nodes.remove("alliance").unwrap().node;
    loss.opens(old);
    loss.is_silent();
    loss.village.reconcile("alliance");
    loss.goes_on();
}

/// Change-sets of before an exchange of keys come back one by one: a head is signed where the key in the hand counts, and not before it is known that it
/// does.
#[test]
fn heads_are_signed_by_keys_that_count() {
    let mut loss = Loss::after_two_offers();
    let demands = ["Urgente", "Urgente aussi"].map(|title| loss.village.demand("alliance", title));
    loss.reaches_early("mesclun", &[2, 3]);
    let (log, transport) = (bed::keys("log").log, bed::keys("log").transport);
    loss.exchanges(&NewKeys { log, transport, ..bed::keys("alliance") }, false);
    let (id, events) = (loss.alliance().id(), loss.alliance().batch(Channel::Keys, 0));
    for name in ["paca", "mesclun"] {
        loss.village.nodes[name].journal.receive(&id, Channel::Keys, &events, START).unwrap();
    }
    loss.loses_its_machine(true);
    assert!(loss.alliance().journal.doubtful_logs().unwrap().is_empty(), "which keys count is not known yet");
    loss.village.pull("alliance", "paca");
    let mesclun = &loss.village.nodes["mesclun"];
    let first = mesclun.journal.change_set(mesclun.log(&id, Channel::Public), 2).unwrap().unwrap();
    loss.alliance().journal.recollect(&first, START).unwrap();
    loss.alliance().journal.verify().unwrap();
    let walk = loss.village.pull("alliance", "mesclun");
    assert_eq!((walk.report.ours, loss.held_at("alliance")), (1, 4));
    loss.alliance().journal.verify().unwrap();
    loss.village.settle(3);
    assert_eq!(loss.held_at("paca"), 4, "they are brought on");
    loss.goes_on();
    assert!(demands.iter().all(|demand| loss.village.has("apeas", demand)));
}

/// Another machine signs with the key of a node that is in no doubt: that stops its own log and no other.
#[test]
fn a_head_of_ours_that_is_ahead_keeps_nothing_else_waiting() {
    let mut loss = Loss::after_two_offers();
    let twin = loss.backup.take().unwrap();
    let journal = Journal::open(twin.journal.store().clone(), bed::rules(), loss.identity.clone()).unwrap();
    let twin = bed::Node { journal, ..twin };
    (0..100).for_each(|_| drop(twin.demand("D’une autre machine")));
    let (id, hub) = (twin.id(), &loss.village.nodes["paca"]);
    hub.journal.receive(&id, Channel::Public, &twin.batch(Channel::Public, 2), START).unwrap();
    let other = hub.demand("Du hub");
    let walk = loss.village.pull("alliance", "paca");
    assert_eq!((walk.report.broken, walk.report.refused.len()), (None, 1));
    assert!(loss.village.has("alliance", &other.iri));
}

/// In any weather: a backup is made, the storm goes on, the machine is lost with or without what was signed. When it is quiet the node hears of all that
/// others hold, or finds that change-sets were lost for good and begins its logs again; nobody has seen two histories, and all agree.
#[test]
fn after_any_storm_a_backup_comes_back_without_a_fork() {
    if !matches!(node("alliance").journal.store().database(), Database::File(_)) {
        // The copy of a file is the backup.
        return;
    }
    let (mut came_back, mut began_again) = (0, 0);
    for seed in 0..std::env::var("PES_SEEDS").map_or(24, |seeds| seeds.parse().unwrap()) {
        let mut loss = Loss::to_come(seed);
        storm::climate(&mut loss.village, &storm::ALL);
        loss.storms(0..3);
        loss.backup = Some(loss.copy());
        loss.storms(3..8);
        let keeps_memory = loss.village.dice.below(2) == 0;
        loss.opens_backup(keeps_memory);
        loss.village.calm();
        if loss.hears_everybody() {
            came_back += 1
        } else {
            began_again += 1
        };
        loss.agrees(seed);
    }
    assert!(came_back > 0 && began_again > 0, "{came_back} came back, {began_again} began again");
}

/// What came back in its turn meanwhile is not taken away again by what came before it.
#[test]
fn what_is_held_by_now_is_not_ended_again() {
    let mut loss = Loss::after_two_offers();
    let offer = loss.alliance().records[0].clone();
    for moderation in [Moderation::Blocked, Moderation::Published] {
        loss.alliance().journal.save(offer.clone(), moderation, None, START).unwrap();
    }
    loss.village.settle(3);
    loss.loses_its_machine(false);
    loss.village.pull("alliance", "paca");
    let (id, hub) = (loss.alliance().id(), &loss.village.nodes["paca"]);
    let withdraw = hub.journal.change_set(hub.log(&id, Channel::Public), 2).unwrap().unwrap();
    loss.alliance().journal.is_held_elsewhere(&withdraw, START).unwrap();
    assert_eq!(moderation(loss.alliance(), &offer.iri), Some(Moderation::Published));
}

/// Where what was signed cannot be written down, our own log is closed, and nobody else's.
#[test]
fn a_file_that_cannot_be_written_closes_our_own_log_and_no_other() {
    let mut loss = Loss::after_two_offers();
    std::fs::remove_file(loss.keys.path().join("heads")).unwrap();
    std::fs::create_dir(loss.keys.path().join("heads")).unwrap();
    loss.village.offer("alliance", "Pas notée");
    let (alliance, asker) = (loss.alliance(), &loss.village.nodes["paca"]);
    let get = |path: &str| alliance.answers(asker.identity(), &Ask::get(alliance.origin(), path, 100_000), START);
    let theirs = format!("/mirror/{}/keys/1/checkpoint", asker.id());
    assert_eq!((get("/log/public/1/checkpoint").status, get(&theirs).status), (503, 200));
    let heads = get("/heads");
    let text = String::from_utf8(heads.body).unwrap();
    assert!(heads.status == 200 && text.contains(&asker.id()) && !text.contains(&alliance.id()), "{text}");
}

/// Whoever cannot answer now has not said that there is nothing.
#[test]
fn a_peer_that_is_busy_has_told_nothing() {
    let mut loss = Loss::after_two_offers();
    loss.village.demand("alliance", "Urgente");
    loss.reaches_the_hub_early(&[2]);
    loss.loses_its_machine(false);
    let mut walk = Pull::from(loss.village.nodes["paca"].origin().clone());
    while let Some(ask) = walk.step(&loss.alliance().journal).unwrap() {
        let is_place = ask.path.ends_with("/public/1/2");
        let outcome = if is_place { Ok(answer(429, "later")) } else { loss.village.carry("alliance", &ask) };
        walk.take(&loss.village.nodes["alliance"].journal, outcome, START).unwrap();
    }
    assert!(!walk.report.is_level && walk.report.broken.is_some());
}

/// Who brings back what this node never signed is not believed.
#[test]
fn what_another_signed_is_not_taken_back() {
    let mut loss = Loss::after_two_offers();
    loss.village.demand("alliance", "Urgente");
    loss.reaches_the_hub_early(&[2]);
    loss.loses_its_machine(false);
    let theirs =
        loss.village.nodes["paca"].journal.change_set(loss.alliance().log(&loss.alliance().id(), Channel::Public), 2);
    let true_one = theirs.unwrap().unwrap();
    let text = true_one.text().replace("#version> \"1\"", "#version> \"2\"");
    assert_ne!(text, true_one.text());
    let journal = loss.alliance().journal.clone();
    let refused = pes_changeset::ChangeSet::read(&text).map(|forged| {
        assert!(matches!(journal.recollect(&forged, START), Err(JournalError::Refused(_))));
        assert!(matches!(journal.is_held_elsewhere(&forged, START), Err(JournalError::Refused(_))));
    });
    refused.unwrap();
    journal.recollect(&true_one, START).unwrap();
    journal.recollect(&true_one, START).unwrap();
    let (_, held) = journal.held(loss.alliance().log(&loss.alliance().id(), Channel::Public)).unwrap().unwrap();
    assert_eq!(held, 3, "once");
    assert!(journal.reassure(Asked::All).unwrap());
    loss.village.demand("alliance", "La suite");
    let next = journal.change_set(loss.alliance().log(&loss.alliance().id(), Channel::Public), 3).unwrap().unwrap();
    assert!(matches!(
        journal.is_held_elsewhere(&next, START),
        Err(JournalError::Refused(Refusal::SignedElsewhere { .. }))
    ));
    assert_eq!(journal.refusals().unwrap().len(), 1, "its operator is told");
}

/// Whatever became of its membership, an author gets back what it said to members: after a restore it may not know it.
#[test]
fn an_author_that_is_no_member_is_given_its_own() {
    let (hub, apeas, mesclun) = (node("autre"), node("apeas"), node("mesclun"));
    hub.pins(&apeas);
    hub.pins(&mesclun);
    let record = apeas.record(Kind::Exchange, &[OFFER, &[("audience", "affiliates")]].concat(), START);
    apeas.journal.save(record, Moderation::Published, None, START).unwrap();
    hub.journal.receive(&apeas.id(), Channel::Affiliates, &apeas.batch(Channel::Affiliates, 0), START).unwrap();
    let ask = Ask::get(hub.origin(), format!("/mirror/{}/affiliates/1/0", apeas.id()), 10_000);
    let given = |asker: &bed::Node| hub.answers(asker.identity(), &ask, START).status;
    assert_eq!((given(&apeas), given(&mesclun)), (200, 404));
}
