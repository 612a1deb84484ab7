//! Nodes for tests: each with a database file of its own in a folder that goes with it.

use pes_changeset::batch::Batch;
use pes_changeset::{Channel, Origin, SecretKey};
use pes_domain::{Body, Draft, Kind, Record, RecordIri, Rules};
use pes_journal::founding::found;
use pes_journal::identity::NewKeys;
use pes_journal::receive::Held;
use pes_journal::supply::Named;
use pes_journal::{Journal, JournalError, Refusal};
use pes_store::own_records::{self, Moderation};
use pes_store::{Database, Store};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use time::UtcDateTime;
use time::macros::utc_datetime;

pub const NOW: UtcDateTime = utc_datetime!(2026-11-23 12:00);
/// The audience of both channels.
pub const BOTH: [Channel; 2] = [Channel::Public, Channel::Affiliates];

/// A node, its folder, and its origin.
pub struct Node {
    pub journal: Journal,
    pub folder: tempfile::TempDir,
}

pub fn rules() -> Arc<Rules> {
    static RULES: OnceLock<Arc<Rules>> = OnceLock::new();
    RULES.get_or_init(|| Arc::new(pes_rdf::rules())).clone()
}

pub fn keys(seed: u8) -> NewKeys {
    let key = |number: u8| SecretKey::from_seed(&[seed.wrapping_mul(3).wrapping_add(number); 32]);
    NewKeys { root: key(0), log: key(1), transport: key(2) }
}

/// The node `https://{name}.test`, its keys made from the letters of its name.
pub fn node(name: &str) -> Node {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::of_test(folder.path());
    node_in(name, folder, database)
}

/// The same in a file, for tests that look at files.
pub fn file_node(name: &str) -> Node {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::File(folder.path().join("pes.sqlite"));
    node_in(name, folder, database)
}

fn node_in(name: &str, folder: tempfile::TempDir, database: Database) -> Node {
    let store = Store::open(database).unwrap();
    let seed = name.bytes().fold(0, u8::wrapping_add);
    let origin: Origin = format!("https://{name}.test").parse().unwrap();
    let identity = found(&store, (&origin, name), &keys(seed), NOW).unwrap();
    Node { journal: Journal::open(store, rules(), identity).unwrap(), folder }
}

impl Node {
    pub fn id(&self) -> &str {
        &self.journal.identity().node_id
    }

    pub fn database(&self) -> PathBuf {
        self.folder.path().join("pes.sqlite")
    }

    /// The same node opened anew, as after a stop: what was open before is let go first.
    pub fn reopened(self) -> Self {
        let (database, identity) = (self.journal.store().database().clone(), self.journal.identity().clone());
        let Self { journal, folder } = self;
        drop(journal);
        let store = Store::open(database).unwrap();
        Self { journal: Journal::open(store, rules(), identity).unwrap(), folder }
    }

    /// The same node where it serves: what it hands on is seen before it is durable.
    pub fn serving(self) -> Self {
        self.journal.store().prepare().unwrap();
        self
    }

    pub fn mint(&self, kind: Kind) -> RecordIri {
        RecordIri::mint(self.journal.identity().origin.as_str(), kind)
    }

    /// A record of this node, as somebody typed it.
    pub fn record(&self, kind: Kind, fields: &[(&str, &str)]) -> Record {
        let draft: Draft = fields.iter().map(|(field, value)| ((*field).to_owned(), (*value).to_owned())).collect();
        Record::raise(kind, (self.mint(kind), NOW), &draft, NOW, &rules()).unwrap()
    }

    pub fn demand(&self, title: &str) -> Record {
        let fields = [
            ("direction", "demand"),
            ("type", "service"),
            ("title", title),
            ("author", "Marie"),
            ("skills", "premises"),
        ];
        self.record(Kind::Exchange, &fields)
    }

    pub fn publish(&self, record: &Record) {
        self.journal.save(record.clone(), Moderation::Published, None, NOW).unwrap();
    }

    /// What is kept of a record of ours is such as no node would show, as where the rules have become stricter since.
    pub fn breaks(&self, iri: &RecordIri) {
        let store = self.journal.store();
        let mut own = store.read(|link| own_records::find(link, &iri.to_string())).unwrap().unwrap();
        match &mut own.record.body {
            Body::Exchange(one) => one.title = " ".into(),
            Body::Structure(one) => one.name = " ".into(),
            _ => panic!("no such record"),
        }
        store.write(|link| own_records::put(link, &own)).unwrap();
    }

    /// Makes this node know another, as joining does.
    pub fn pins(&self, other: &Node) {
        let genesis = other.journal.genesis(other.id()).unwrap().unwrap();
        let identity = other.journal.identity();
        self.journal.pin((other.id(), &identity.origin), &identity.name, std::slice::from_ref(&genesis), NOW).unwrap();
    }

    pub fn log<'a>(&'a self, channel: Channel) -> Named<'a> {
        Named { node: self.id(), channel, epoch: 1 }
    }

    /// The batch of this node's own log for somebody who holds `size` of it.
    pub fn batch(&self, channel: Channel, size: u64) -> Batch {
        self.journal.batch(self.log(channel), size).unwrap().unwrap()
    }

    /// Takes all of another node's logs, batch by batch, from wherever it stands.
    pub fn takes_all_of(&self, author: &Node, from: &Node) {
        for channel in Channel::ALL {
            let newest = from.journal.epoch(author.id(), channel).unwrap().unwrap_or_default();
            for epoch in 1..=newest {
                self.takes_log(Named { epoch, ..author.log(channel) }, from);
            }
        }
    }

    fn takes_log(&self, log: Named<'_>, from: &Node) {
        loop {
            let held = self.journal.held(log).unwrap().map_or(0, |(_, size)| size);
            let Some(batch) = from.journal.batch(log, held).unwrap() else { break };
            match self.journal.receive(log.node, log.channel, &batch, NOW) {
                Err(JournalError::Refused(Refusal::PastEpoch(_))) => break,
                taken => drop(taken.unwrap()),
            }
        }
    }

    pub fn receive(&self, author: &Node, channel: Channel, batch: &Batch) -> Result<Held, JournalError> {
        self.journal.receive(author.id(), channel, batch, NOW)
    }

    pub fn digest(&self) -> String {
        self.journal.digest(&BOTH).unwrap()
    }

    pub fn size(&self, author: &Node, channel: Channel) -> u64 {
        let heads = self.journal.heads().unwrap();
        heads.iter().find(|head| head.node.id == author.id() && head.channel == channel).map_or(0, |head| head.size)
    }

    /// The title of the record that a reader of this audience sees.
    pub fn title(&self, iri: &RecordIri, reader: pes_domain::Audience) -> Option<String> {
        let seen = self.journal.store().read(|link| pes_store::records::seen(link, &iri.to_string(), reader)).unwrap();
        seen.map(|sheet| sheet.record.title())
    }
}
