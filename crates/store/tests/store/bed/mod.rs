//! A database in a folder that goes with it, and rows to put into it. Every name is invented.

use diesel::connection::SimpleConnection;
use diesel::result::{DatabaseErrorKind, Error};
use pes_changeset::header::PROTOCOL;
use pes_changeset::{Act, ChangeSet, Channel, Commitment, Header, KeySet, LogId, Origin, SecretKey, Target};
use pes_domain::exchange::{Direction, Exchange, State};
use pes_domain::{Audience, Body, Code, Kind, List, Record, RecordIri};
use pes_store::accounts::{self, Account, Role};
use pes_store::logs::{self, Log};
use pes_store::nodes::{self, Node};
use pes_store::{Database, Link, Store, StoreError};
use std::collections::BTreeMap;
use std::path::PathBuf;
use time::UtcDateTime;
use time::macros::utc_datetime;

pub const NOW: UtcDateTime = utc_datetime!(2026-11-23 12:00);

/// A database and its folder.
pub struct Bed {
    pub store: Store,
    pub folder: tempfile::TempDir,
}

/// A database of whichever sort the tests are run on.
pub fn bed() -> Bed {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(Database::of_test(folder.path())).unwrap();
    Bed { store, folder }
}

/// A file, where the test is about files.
pub fn file_bed() -> Bed {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path().join("pes.sqlite").as_path()).unwrap();
    Bed { store, folder }
}

impl Bed {
    pub fn path(&self) -> PathBuf {
        self.folder.path().join("pes.sqlite")
    }

    #[track_caller]
    pub fn write<T>(&self, work: impl FnOnce(&mut Link) -> Result<T, StoreError>) -> T {
        self.store.write(work).unwrap()
    }

    #[track_caller]
    pub fn read<T>(&self, work: impl FnOnce(&mut Link) -> Result<T, StoreError>) -> T {
        self.store.read(work).unwrap()
    }

    /// Why a write was refused: the constraint in SQL's words, then the database's own.
    #[track_caller]
    pub fn refused<T: std::fmt::Debug>(&self, work: impl FnOnce(&mut Link) -> Result<T, StoreError>) -> String {
        match self.store.write(work) {
            Err(StoreError::Query(Error::DatabaseError(DatabaseErrorKind::UniqueViolation, why))) => {
                format!("UNIQUE: {}", why.message())
            }
            Err(StoreError::Query(Error::DatabaseError(DatabaseErrorKind::ForeignKeyViolation, why))) => {
                format!("FOREIGN KEY: {}", why.message())
            }
            Err(StoreError::Query(why)) => why.to_string(),
            Err(why @ StoreError::Full(_)) => why.to_string(),
            other => panic!("{other:?} instead of a refusal"),
        }
    }

    /// Does what no function of the store does.
    #[track_caller]
    pub fn tamper(&self, sql: &str) {
        self.write(|link| Ok(link.batch_execute(sql)?));
    }

    /// Whether any file of the database holds this text.
    pub fn holds(&self, text: &str) -> bool {
        let files = std::fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap().path());
        let holds = |bytes: Vec<u8>| bytes.windows(text.len()).any(|window| window == text.as_bytes());
        files.map(|file| std::fs::read(file).unwrap()).any(holds)
    }

    /// The node `https://{name}.test`, pinned; its id is its name.
    pub fn pin(&self, name: &str) -> Node {
        let node = node(name);
        self.write(|link| nodes::insert(link, &node));
        node
    }

    pub fn pin_all<const N: usize>(&self, names: [&str; N]) {
        for name in names {
            self.pin(name);
        }
    }

    /// The log of a node that is pinned, in its first epoch.
    pub fn log(&self, node: &str, channel: Channel) -> Log {
        self.write(|link| logs::find_or_insert(link, node, channel, 1))
    }

    /// Somebody with an account, whose id is their name.
    pub fn account(&self, name: &str) -> Account {
        let account = account(name);
        self.write(|link| accounts::insert(link, &account));
        account
    }
}

pub fn origin(name: &str) -> Origin {
    format!("https://{name}.test").parse().unwrap()
}

pub fn key(seed: u8) -> SecretKey {
    SecretKey::from_seed(&[seed; 32])
}

pub fn node(name: &str) -> Node {
    let keys = KeySet {
        root: key(1).public(),
        log: key(2).public(),
        transport: key(3).public(),
        prefixes: vec![format!("https://{name}.test/id/"), format!("https://{name}.test/old/")],
        next_root: None,
    };
    Node::new(name.into(), origin(name), format!("Réseau {name}"), &keys, name == "own", NOW.unix_timestamp())
}

pub fn account(name: &str) -> Account {
    Account {
        id: name.into(),
        email: format!("{name}@exemple.fr"),
        name: name.to_uppercase(),
        password: "$argon2id$invented".into(),
        role: Role::Citizen,
        is_accepted: false,
        wants_mail: true,
        rhythm: accounts::Rhythm::default(),
        person: None,
        created: NOW.unix_timestamp(),
    }
}

/// A change-set of a node's public log.
pub fn change_set(node: &str, seq: u64) -> ChangeSet {
    let record = format!("https://{node}.test/id/exchange/1b4e28ba-2fa1-4d2a-983f-0016d3cca427");
    let header = Header {
        protocol: PROTOCOL,
        log: LogId::new(origin(node), Channel::Public, 1),
        seq,
        created: NOW,
        save: None,
        act: Act::Upsert {
            on: Target { record, kind: Kind::Exchange.iri(), version: seq + 1 },
            payload: Commitment::to(b"invented").unwrap(),
            expires: None,
        },
    };
    ChangeSet::sign(&header, &key(2)).unwrap()
}

pub fn code(list: List, notation: &str) -> Code {
    Code::new(list, notation)
}

/// A record of the node `https://{node}.test`, for everybody.
pub fn record(node: &str, kind: Kind, body: Body) -> Record {
    Record {
        iri: RecordIri::mint(origin(node).as_str(), kind),
        created: NOW,
        published: Some(NOW),
        modified: NOW,
        audience: Audience::Public,
        narrowed: BTreeMap::new(),
        expires: None,
        themes: vec![],
        tags: vec![],
        body,
    }
}

/// What an exchange says that says little.
pub fn plain_exchange(title: &str) -> Exchange {
    Exchange {
        direction: Direction::Demand,
        kind_of_thing: code(List::ExchangeType, "service"),
        methods: vec![],
        title: title.into(),
        description: None,
        skills: vec![],
        sectors: vec![],
        place: None,
        areas: vec![],
        radius_km: None,
        structure: None,
        author: Some("Marie".into()),
        state: State::Open,
        purchase: None,
        picture: None,
    }
}

pub fn exchange(node: &str, title: &str) -> Record {
    record(node, Kind::Exchange, Body::Exchange(plain_exchange(title)))
}
