//! F13: a database that comes from a backup never signs a second history.

use crate::bed::{self, NOW, Node, file_node, node};
use pes_changeset::Channel;
use pes_domain::{Audience, Body, Field, Kind};
use pes_journal::doubt::{Asked, Doubt};
use pes_journal::peers::PeerRole;
use pes_journal::signed_heads::SignedHeads;
use pes_journal::{Journal, JournalError, Refusal};
use pes_store::StoreError;
use pes_store::own_records::{self, Moderation, OwnRecord};
use std::path::PathBuf;

/// Where the nodes of a test write down what they signed.
struct Desk(tempfile::TempDir);

impl Desk {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self) -> PathBuf {
        self.0.path().join("heads")
    }

    /// A node that remembers here; twice it is the same node with an empty database, as after a loss.
    fn alliance(&self) -> Node {
        let node = node("alliance");
        Node { journal: self.remembering(&node.journal).unwrap(), ..node }
    }

    fn remembering(&self, journal: &Journal) -> Result<Journal, JournalError> {
        journal.clone().remembering(SignedHeads::at(self.file()))
    }

    fn text(&self) -> String {
        std::fs::read_to_string(self.file()).unwrap()
    }
}

fn own(node: &Node, iri: &pes_domain::RecordIri) -> Option<OwnRecord> {
    node.journal.store().read(|link| own_records::find(link, &iri.to_string())).unwrap()
}

#[track_caller]
fn is_uncertain<T: std::fmt::Debug>(result: Result<T, JournalError>) {
    assert!(matches!(result, Err(JournalError::Uncertain)), "{result:?}");
}

#[test]
fn what_was_signed_is_written_down_after_each_save() {
    let desk = Desk::new();
    let alliance = desk.alliance();
    assert!(desk.text().starts_with("alliance.test/log/keys/1 1 "), "{}", desk.text());
    let demand = alliance.demand("Une");
    alliance.publish(&demand);
    assert!(desk.text().contains("alliance.test/log/public/1 1 "), "{}", desk.text());
    alliance.journal.delete(&demand.iri, None, NOW).unwrap();
    assert!(desk.text().contains("alliance.test/log/public/1 2 "), "{}", desk.text());
    assert_eq!(alliance.journal.doubt(), None);
    assert_eq!(desk.remembering(&alliance.journal).unwrap().doubt(), None, "a start like any other");
}

/// The backup is older than what was signed: nothing is signed before the hub has given it back, and then it goes on.
#[test]
fn a_restored_backup_fetches_back_what_it_signed_and_goes_on() {
    let (desk, hub) = (Desk::new(), node("paca"));
    let alliance = desk.alliance();
    hub.pins(&alliance);
    let kept = alliance.demand("Reste");
    alliance.publish(&kept);
    let gone = alliance.demand("Supprimée");
    alliance.publish(&gone);
    alliance.journal.delete(&gone.iri, None, NOW).unwrap();
    hub.takes_all_of(&alliance, &alliance);

    let restored = desk.alliance();
    assert_eq!(restored.journal.doubt(), Some(Doubt::Behind { log: "alliance.test/log/public/1".into(), signed: 3 }));
    let next = restored.demand("Suite");
    is_uncertain(restored.journal.save(next.clone(), Moderation::Published, None, NOW));
    is_uncertain(restored.journal.delete(&kept.iri, None, NOW));
    assert!(!restored.journal.reassure(Asked::All).unwrap(), "nobody has given anything back yet");
    is_uncertain(restored.journal.save(next.clone(), Moderation::Published, None, NOW));

    let ahead = hub.journal.urgent_batch(alliance.log(Channel::Public), &[2]).unwrap().unwrap();
    let brought = restored.receive(&alliance, Channel::Public, &ahead);
    assert!(matches!(brought, Err(JournalError::Refused(Refusal::Gap { size: 0 }))), "in its order: {brought:?}");
    assert!(restored.journal.refusals().unwrap().is_empty(), "that is no theft");

    restored.takes_all_of(&alliance, &hub);
    assert!(restored.journal.reassure(Asked::All).unwrap());
    assert_eq!(restored.digest(), hub.digest());
    assert_eq!(own(&restored, &kept.iri).map(|own| own.version), Some(1), "its author can go on with it");
    assert_eq!(own(&restored, &gone.iri), None);
    restored.publish(&next);
    hub.takes_all_of(&restored, &restored);
    assert_eq!(restored.digest(), hub.digest());
    assert!(hub.journal.quarantined().unwrap().is_empty());
}

#[test]
fn without_the_file_those_who_follow_are_asked_first() {
    let desk = Desk::new();
    let (alliance, hub) = (node("alliance"), node("paca"));
    alliance.publish(&alliance.demand("Une"));
    assert_eq!(desk.remembering(&alliance.journal).unwrap().doubt(), None, "it is alone: nobody could know more");
    std::fs::remove_file(desk.file()).unwrap();
    alliance.pins(&hub);
    alliance.journal.add_peer(hub.id(), PeerRole::Hub).unwrap();
    let journal = desk.remembering(&alliance.journal).unwrap();
    assert_eq!(journal.doubt(), Some(Doubt::Unknown));
    is_uncertain(journal.save(alliance.demand("Deux"), Moderation::Published, None, NOW));
    assert!(!desk.file().exists(), "it is not written before it is known what to write");
    assert!(journal.reassure(Asked::All).unwrap());
    journal.save(alliance.demand("Deux"), Moderation::Published, None, NOW).unwrap();
    assert!(desk.text().contains("alliance.test/log/public/1 2 "));
}

/// The backup may be as old as the node.
#[test]
fn how_little_the_database_knows_is_no_reason_to_ask_nobody() {
    let (desk, alliance, hub) = (Desk::new(), node("alliance"), node("paca"));
    alliance.pins(&hub);
    alliance.journal.add_peer(hub.id(), PeerRole::Hub).unwrap();
    assert_eq!(desk.remembering(&alliance.journal).unwrap().doubt(), Some(Doubt::Unknown));
}

/// Another history of the same length is no less of a doubt.
#[test]
fn a_database_that_says_something_else_is_not_what_was_signed() {
    let desk = Desk::new();
    let alliance = desk.alliance();
    alliance.publish(&alliance.demand("Une"));
    let other = node("alliance");
    other.publish(&other.demand("Autre"));
    let other = desk.remembering(&other.journal).unwrap();
    assert!(matches!(other.doubt(), Some(Doubt::Behind { signed: 1, .. })));
}

#[test]
fn two_programs_that_sign_for_one_node_do_not_overwrite_each_other() {
    let desk = Desk::new();
    let alliance = desk.alliance();
    let old = desk.remembering(&alliance.journal).unwrap();
    (0..3).for_each(|_| alliance.publish(&alliance.demand("Une")));
    let text = desk.text();
    let three: String = ["keys/1 1 ", "public/1 3 "]
        .map(|head| text.lines().find(|line| line.contains(head)).unwrap().to_owned() + "\n")
        .concat();
    // What was taken from elsewhere meanwhile stays: the file only grows.
    let stale = node("alliance");
    std::fs::write(desk.file(), three.replace("public/1 3 ", "public/1 9 ")).unwrap();
    assert!(!old.reassure(Asked::All).unwrap(), "nine were signed somewhere");
    assert!(desk.text().contains("public/1 9 "));
    assert!(desk.remembering(&stale.journal).unwrap().doubt().is_some());
}

#[test]
fn a_damaged_file_is_named_with_what_to_do() {
    let desk = Desk::new();
    for damaged in ["x", "alliance.test/log/public/1 many ff\n", "alliance.test/log/public/1 3\n"] {
        std::fs::write(desk.file(), damaged).unwrap();
        let why = desk.remembering(&node("alliance").journal).unwrap_err().to_string();
        assert!(why.contains("heads") && why.contains("delete it, and the hub will be asked"), "{why}");
    }
    std::fs::write(desk.file(), "other.test/log/public/1 3 ff\n").unwrap();
    assert!(desk.remembering(&node("alliance").journal).is_err(), "another node's");
}

/// Of what was published for everybody and more for members, the public graph is taken: nothing is shown to more people.
#[test]
fn what_is_fetched_back_is_shown_to_nobody_new() {
    let (desk, hub) = (Desk::new(), node("paca"));
    let alliance = desk.alliance();
    hub.pins(&alliance);
    let mut demand = alliance.demand("Le titre");
    let Body::Exchange(exchange) = &mut demand.body else { panic!() };
    exchange.description = Some("Pour les membres".into());
    demand.narrowed.insert(Field::Description, Audience::Affiliates);
    alliance.publish(&demand);
    let members = pes_domain::Record { audience: Audience::Affiliates, ..alliance.demand("Entre nous") };
    alliance.publish(&members);
    let withdrawn = alliance.demand("Retirée");
    alliance.publish(&withdrawn);
    alliance.journal.save(withdrawn.clone(), Moderation::Blocked, None, NOW).unwrap();
    hub.takes_all_of(&alliance, &alliance);

    let restored = desk.alliance();
    restored.takes_all_of(&alliance, &hub);
    assert!(restored.journal.reassure(Asked::All).unwrap());
    let back = own(&restored, &demand.iri).unwrap();
    assert_eq!((back.record.audience, back.moderation), (Audience::Public, Moderation::Published));
    let Body::Exchange(exchange) = &back.record.body else { panic!() };
    assert_eq!(exchange.description, None, "what was for members is not in what everybody sees");
    assert_eq!(own(&restored, &members.iri).unwrap().record.audience, Audience::Affiliates);
    assert_eq!(own(&restored, &withdrawn.iri), None, "nothing is left of what was withdrawn");
    assert_eq!(back.version, own(&alliance, &demand.iri).unwrap().version);
}

/// Where the payload of a later version is still to come, the backup's record is shown to nobody, since it was replaced; when it is found, it is made of that.
#[test]
fn what_is_fetched_back_without_its_payload_is_mended_when_it_is_found() {
    let (desk, hub) = (Desk::new(), node("paca"));
    let alliance = desk.alliance();
    hub.pins(&alliance);
    let first = alliance.demand("Une");
    alliance.publish(&first);
    let backup = own(&alliance, &first.iri).unwrap();
    let mut changed = first.clone();
    let Body::Exchange(body) = &mut changed.body else { panic!("no exchange") };
    body.title = "Deux".into();
    alliance.publish(&changed);
    hub.takes_all_of(&alliance, &alliance);
    let restored = desk.alliance();
    restored.journal.store().write(|link| own_records::put(link, &backup)).unwrap();
    let mut batch = hub.journal.batch(alliance.log(Channel::Public), 0).unwrap().unwrap();
    let payload = batch.items[1].1.take().unwrap();
    restored.receive(&alliance, Channel::Public, &batch).unwrap();
    assert_eq!(own(&restored, &first.iri), Some(OwnRecord { moderation: Moderation::Draft, ..backup.clone() }));
    let gap = restored.journal.gaps(1).unwrap().remove(0);
    let other = desk.alliance();
    other.journal.store().write(|link| own_records::put(link, &backup)).unwrap();
    other.receive(&alliance, Channel::Public, &batch).unwrap();
    restored.journal.fill(&gap, &payload, NOW).unwrap();
    // The same where somebody brings it whole.
    let whole = hub.journal.batch(alliance.log(Channel::Public), 0).unwrap().unwrap();
    other.receive(&alliance, Channel::Public, &whole).unwrap();
    for node in [&restored, &other] {
        let back = own(node, &first.iri).unwrap();
        assert_eq!((back.record.title().as_str(), back.version, back.moderation), ("Deux", 2, Moderation::Published));
    }
}

/// What the backup still has of a record that was withdrawn since is a draft.
#[test]
fn a_record_that_was_withdrawn_since_is_a_draft_again() {
    let (desk, hub) = (Desk::new(), node("paca"));
    let alliance = desk.alliance();
    hub.pins(&alliance);
    let demand = alliance.demand("Une");
    alliance.publish(&demand);
    alliance.journal.save(demand.clone(), Moderation::Blocked, None, NOW).unwrap();
    hub.takes_all_of(&alliance, &alliance);
    let restored = desk.alliance();
    let backup = OwnRecord {
        record: demand.clone(),
        moderation: Moderation::Published,
        author: Some("marie".into()),
        version: 1,
    };
    restored.journal.store().write(|link| own_records::put(link, &backup)).unwrap();
    restored.takes_all_of(&alliance, &hub);
    let back = own(&restored, &demand.iri).unwrap();
    assert_eq!((back.moderation, back.version, back.author.as_deref()), (Moderation::Draft, 2, Some("marie")));
}

#[test]
fn a_node_that_is_itself_in_quarantine_signs_no_more() {
    let (alliance, twin) = (node("alliance"), node("alliance"));
    alliance.publish(&alliance.demand("Une"));
    twin.publish(&twin.demand("Autre"));
    let head = twin.journal.checkpoint(twin.log(Channel::Public)).unwrap().unwrap();
    let head = pes_changeset::note::Note::read(&head).unwrap();
    assert!(alliance.journal.compare(alliance.log(Channel::Public), &head, NOW).is_err());
    let refused = alliance.journal.save(
        alliance
            .record(Kind::Exchange, &[("direction", "offer"), ("type", "service"), ("title", "x"), ("author", "y")]),
        Moderation::Published,
        None,
        NOW,
    );
    assert!(refused.unwrap_err().to_string().contains("signed two histories"));
}

/// Such as a command beside the node that serves: neither stands in the other's way, and the file is never behind.
#[test]
fn two_programs_of_a_node_write_it_down_one_after_the_other() {
    let desk = Desk::new();
    let alliance = desk.alliance();
    let (store, identity) = (alliance.journal.store().clone(), alliance.journal.identity().clone());
    let start = || {
        let journal = Journal::open(store.clone(), bed::rules(), identity.clone()).unwrap();
        desk.remembering(&journal).unwrap()
    };
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| (0..40).for_each(|_| assert_eq!(start().doubt(), None)));
        }
        (0..20).for_each(|number| alliance.publish(&alliance.demand(&number.to_string())));
    });
    assert!(desk.text().contains("alliance.test/log/public/1 20 "), "{}", desk.text());
}

/// Whatever signs: while its heads are not in the file, whoever would carry them waits. The file cannot be written as long as another
/// program holds it.
#[test]
fn nothing_that_was_signed_leaves_the_house_before_it_is_in_the_file() {
    let (desk, hub) = (Desk::new(), node("paca"));
    let alliance = desk.alliance();
    alliance.pins(&hub);
    let journal = &alliance.journal;
    let fields =
        [("direction", "offer"), ("type", "service"), ("title", "x"), ("author", "y"), ("audience", "affiliates")];
    let root = bed::keys("alliance".bytes().fold(0, u8::wrapping_add)).root;
    let keys = pes_journal::identity::NewKeys { root, ..bed::keys(50) };
    let exchange =
        pes_journal::rotation::Exchange { keys: &keys, next_root: None, begins_again: false, is_unasked: false };
    let acts: [(&str, &(dyn Fn() + Sync)); 8] = [
        ("save", &|| alliance.publish(&alliance.record(Kind::Exchange, &fields))),
        ("follow", &|| journal.follow(hub.id(), NOW).unwrap()),
        ("leave", &|| journal.leave(hub.id(), false, NOW).unwrap()),
        ("stay", &|| journal.stay(hub.id(), NOW).unwrap()),
        ("leave again", &|| journal.leave(hub.id(), false, NOW).unwrap()),
        ("part", &|| journal.part(hub.id(), NOW).unwrap()),
        ("snapshot", &|| assert_eq!(journal.write_snapshots(1, NOW).unwrap(), 1)),
        ("exchange", &|| drop(journal.exchange_keys(&exchange, NOW).unwrap())),
    ];
    for (name, act) in acts {
        let (held, before) = (std::fs::File::create(desk.0.path().join("heads.lock")).unwrap(), desk.text());
        held.lock().unwrap();
        std::thread::scope(|scope| {
            let mut bell = journal.store().bell(pes_store::Bell::Entries);
            bell.mark_unchanged();
            let done = scope.spawn(act);
            // Whoever carries it hears of it at once.
            while !bell.has_changed().unwrap() && !done.is_finished() {
                std::thread::yield_now();
            }
            let waits = scope.spawn(|| journal.wait_for_heads());
            std::thread::sleep(std::time::Duration::from_millis(50));
            let (is_kept, is_written) = (!waits.is_finished(), desk.text() != before);
            held.unlock().unwrap();
            assert_eq!((is_kept, is_written), (true, false), "{name} may leave the house before it is in the file");
        });
        assert_eq!(desk.text() == before, ["follow", "part"].contains(&name), "{name}");
    }
}

/// Where the disk does not keep what was signed, whoever saved is told, the file says nothing of it, and no head of it leaves the house.
#[test]
fn nothing_that_was_signed_leaves_the_house_before_the_disk_keeps_it() {
    let desk = Desk::new();
    let alliance = file_node("alliance").serving();
    let alliance = Node { journal: desk.remembering(&alliance.journal).unwrap(), ..alliance };
    alliance.publish(&alliance.demand("Une"));
    let before = desk.text();
    alliance.journal.store().fail_to_keep();
    let next = alliance.demand("Deux");
    let saved = alliance.journal.save(next.clone(), Moderation::Published, None, NOW);
    assert!(matches!(saved, Err(JournalError::Store(StoreError::Lost(_)))), "{saved:?}");
    assert!(matches!(alliance.journal.wait_for_heads(), Err(JournalError::Store(StoreError::Lost(_)))));
    assert_eq!(desk.text(), before);
    assert!(own(&alliance, &next.iri).is_some(), "those who read here may have seen it");
    // The disk had kept it after all: the next start finds it, and may say so.
    let alliance = alliance.reopened();
    let journal = desk.remembering(&alliance.journal).unwrap();
    assert_eq!(journal.doubt(), None);
    journal.wait_for_heads().unwrap();
    assert!(desk.text().contains("alliance.test/log/public/1 2 "), "{}", desk.text());
}

/// A file that cannot be written keeps what was signed in the house, until it can.
#[test]
fn what_cannot_be_written_down_stays_in_the_house() {
    let desk = Desk::new();
    let alliance = desk.alliance();
    std::fs::remove_file(desk.file()).unwrap();
    std::fs::create_dir(desk.file()).unwrap();
    alliance.publish(&alliance.demand("Une"));
    for _ in 0..2 {
        let why = alliance.journal.wait_for_heads().unwrap_err();
        assert!(matches!(why, JournalError::SignedHeads { .. }), "{why}");
    }
    std::fs::remove_dir(desk.file()).unwrap();
    alliance.journal.wait_for_heads().unwrap();
    assert!(desk.text().contains("alliance.test/log/public/1 1 "), "{}", desk.text());
}
