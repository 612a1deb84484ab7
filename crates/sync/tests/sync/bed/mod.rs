//! Nodes for tests: each with a database file of its own, and a desk that answers signed requests as it does on a socket.

#![allow(dead_code, reason = "each test binary uses its part of the bed")]

use pes_changeset::batch::Batch;
use pes_changeset::request::{self, RequestSignature};
use pes_changeset::{Channel, Origin, SecretKey};
use pes_domain::{Draft, Kind, Record, RecordIri, Rules};
use pes_journal::founding::found;
use pes_journal::identity::NewKeys;
use pes_journal::peers::PeerRole;
use pes_journal::supply::Named;
use pes_journal::{Identity, Journal};
use pes_people::People;
use pes_store::own_records::Moderation;
use pes_store::tokens::LinkSecret;
use pes_store::{Database, Store};
use pes_sync::desk::{Reply, Request};
use pes_sync::{Answer, Ask, Desk};
use std::sync::{Arc, OnceLock};
use time::UtcDateTime;
use time::macros::utc_datetime;

pub const START: UtcDateTime = utc_datetime!(2026-11-23 12:00);

/// A node, its desk, and its folder.
pub struct Node {
    pub journal: Journal,
    pub people: People,
    pub desk: Desk,
    pub folder: tempfile::TempDir,
}

pub fn rules() -> Arc<Rules> {
    static RULES: OnceLock<Arc<Rules>> = OnceLock::new();
    RULES.get_or_init(|| Arc::new(pes_rdf::rules())).clone()
}

/// The keys of the node of this name, made from its letters.
pub fn keys(name: &str) -> NewKeys {
    let seed = name.bytes().fold(0, u8::wrapping_add);
    let key = |number: u8| SecretKey::from_seed(&[seed.wrapping_add(number); 32]);
    NewKeys { root: key(0), log: key(1), transport: key(2) }
}

/// The node `https://{name}.test`.
pub fn node(name: &str) -> Node {
    node_with(name, &keys(name))
}

/// The same with other keys, which makes it another node.
pub fn node_with(name: &str, keys: &NewKeys) -> Node {
    node_at(&format!("https://{name}.test"), name, keys)
}

/// The node at an origin.
pub fn node_at(origin: &str, name: &str, keys: &NewKeys) -> Node {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(Database::of_test(folder.path())).unwrap();
    let origin: Origin = origin.parse().unwrap();
    let identity = found(&store, (&origin, name), keys, START).unwrap();
    node_of(store, folder, identity)
}

/// The node whose database file lies in this folder.
pub fn node_in(folder: tempfile::TempDir, identity: &Identity) -> Node {
    let store = Store::open(Database::File(folder.path().join("pes.sqlite"))).unwrap();
    node_of(store, folder, identity.clone())
}

fn node_of(store: Store, folder: tempfile::TempDir, identity: Identity) -> Node {
    let people = People::new(store.clone(), identity.origin.to_string(), LinkSecret::new("0".repeat(64)));
    let journal = Journal::open(store, rules(), identity).unwrap();
    let desk = Desk::new(journal.clone(), people.clone());
    Node { journal, people, desk, folder }
}

/// A request of this identity, as its client makes it.
pub fn signed(identity: &Identity, ask: &Ask, now: UtcDateTime) -> Request {
    let body = ask.body.clone().map(|(_, body)| body).unwrap_or_default();
    let signature = sign(identity, ask.method(), &ask.target_uri(), &body, now);
    Request {
        method: ask.method().into(),
        path: ask.path.clone(),
        accept: String::new(),
        signature: Some(signature),
        body,
    }
}

pub fn sign(identity: &Identity, method: &str, target_uri: &str, body: &[u8], now: UtcDateTime) -> RequestSignature {
    request::sign(&identity.origin, &identity.transport_key, now.unix_timestamp(), (method, target_uri, body))
}

impl Node {
    pub fn id(&self) -> String {
        self.identity().node_id.clone()
    }

    pub fn identity(&self) -> &Identity {
        self.journal.identity()
    }

    pub fn origin(&self) -> &Origin {
        &self.identity().origin
    }

    pub fn digest(&self) -> String {
        self.journal.digest(&[Channel::Public, Channel::Affiliates]).unwrap()
    }

    /// Makes this node know another, as joining does.
    pub fn pins(&self, other: &Node) {
        let genesis = other.journal.genesis(&other.id()).unwrap().unwrap();
        self.journal
            .pin((&other.id(), other.origin()), &other.identity().name, std::slice::from_ref(&genesis), START)
            .unwrap();
    }

    /// Two nodes know each other, and one follows the other.
    pub fn follows(&self, hub: &Node) {
        self.pins(hub);
        hub.pins(self);
        self.journal.add_peer(&hub.id(), PeerRole::Hub).unwrap();
        hub.journal.add_peer(&self.id(), PeerRole::Affiliate).unwrap();
    }

    /// What the desk replies to a request.
    pub fn replies(&self, request: &Request, now: UtcDateTime) -> Reply {
        match self.desk.caller(request, now) {
            Ok(caller) => self.desk.answer(&caller, request, now),
            Err(reply) => reply,
        }
    }

    /// What the desk replies to what another node asks.
    pub fn answers(&self, asker: &Identity, ask: &Ask, now: UtcDateTime) -> Answer {
        let reply = self.replies(&signed(asker, ask, now), now);
        Answer { status: reply.status, body: reply.body }
    }

    pub fn get(&self, path: &str) -> Reply {
        let request = Request {
            method: "GET".into(),
            path: path.into(),
            accept: String::new(),
            signature: None,
            body: Vec::new(),
        };
        self.replies(&request, START)
    }

    /// A record of this node, as somebody typed it.
    pub fn record(&self, kind: Kind, fields: &[(&str, &str)], now: UtcDateTime) -> Record {
        let draft: Draft = fields.iter().map(|(field, value)| ((*field).to_owned(), (*value).to_owned())).collect();
        let iri = RecordIri::mint(self.origin().as_str(), kind);
        Record::raise(kind, (iri, now), &draft, now, &rules()).unwrap()
    }

    pub fn demand(&self, title: &str) -> Record {
        let fields = [
            ("direction", "demand"),
            ("type", "service"),
            ("title", title),
            ("author", "Marie"),
            ("skills", "premises"),
        ];
        let record = self.record(Kind::Exchange, &fields, START);
        self.journal.save(record.clone(), Moderation::Published, None, START).unwrap();
        record
    }

    pub fn log<'a>(&self, node: &'a str, channel: Channel) -> Named<'a> {
        Named { node, channel, epoch: 1 }
    }

    /// A batch of this node's own public log for somebody who holds `size` of it.
    pub fn batch(&self, channel: Channel, size: u64) -> Batch {
        self.journal.batch(self.log(&self.id(), channel), size).unwrap().unwrap()
    }
}
