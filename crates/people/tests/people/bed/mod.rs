//! The people of a node, with a database file in a folder that goes with it. Every name is invented.

use pes_domain::exchange::{Direction, Exchange, State};
use pes_domain::{Audience, Body, Code, Draft, Kind, List, Record, RecordIri, Rules, Thesaurus};
use pes_people::{People, Viewer};
use pes_store::accounts::{Account, Role};
use pes_store::own_records::{self, Moderation, OwnRecord};
use pes_store::rights::{self, Right};
use pes_store::tokens::LinkSecret;
use pes_store::{Database, Link, Store, StoreError};
use time::UtcDateTime;
use time::macros::utc_datetime;

pub const NOW: UtcDateTime = utc_datetime!(2026-11-23 12:00);
pub const STRUCTURE: &str = "https://apeas.test/id/structure/1b4e28ba-2fa1-4d2a-983f-0016d3cca427";
pub const PASSWORD: &str = " un mot de passe ";

/// The people of one node.
pub struct Bed {
    pub people: People,
    pub store: Store,
    pub folder: tempfile::TempDir,
}

/// The people of the node `https://apeas.test`.
pub fn bed() -> Bed {
    node("apeas")
}

/// The people of the node `https://{name}.test`.
pub fn node(name: &str) -> Bed {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::of_test(folder.path());
    node_in(name, folder, database)
}

/// The same in a file, for tests that look at its bytes.
pub fn file_node(name: &str) -> Bed {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::File(folder.path().join("pes.sqlite"));
    node_in(name, folder, database)
}

fn node_in(name: &str, folder: tempfile::TempDir, database: Database) -> Bed {
    let store = Store::open(database).unwrap();
    let people = People::new(store.clone(), format!("https://{name}.test"), LinkSecret::new("0".repeat(64)));
    Bed { people, store, folder }
}

pub fn typed(fields: &[(&str, &str)]) -> Draft {
    fields.iter().map(|(field, value)| ((*field).to_owned(), (*value).to_owned())).collect()
}

/// What somebody types who signs up.
pub fn form(name: &str, email: &str, password: &str) -> Draft {
    typed(&[("name", name), ("email", email), ("password", password)])
}

impl Bed {
    #[track_caller]
    pub fn write<T>(&self, work: impl FnOnce(&mut Link) -> Result<T, StoreError>) -> T {
        self.store.write(work).unwrap()
    }

    #[track_caller]
    pub fn read<T>(&self, work: impl FnOnce(&mut Link) -> Result<T, StoreError>) -> T {
        self.store.read(work).unwrap()
    }

    /// Whether any file of the database holds this text.
    pub fn holds(&self, text: &str) -> bool {
        let files = std::fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap().path());
        let holds = |bytes: Vec<u8>| bytes.windows(text.len()).any(|window| window == text.as_bytes());
        files.map(|file| std::fs::read(file).unwrap()).any(holds)
    }

    /// A citizen called Marie.
    pub fn marie(&self) -> Account {
        self.people.sign_up(&form("Marie", "Marie@Exemple.fr", PASSWORD), NOW).unwrap()
    }

    /// An animator called Ali.
    pub fn ali(&self) -> Account {
        self.people.create(&form("Ali", "ali@exemple.fr", PASSWORD), Role::Animator, NOW).unwrap()
    }

    pub fn viewer(&self, account: &Account) -> Viewer {
        let token = self.people.begin(&account.id, NOW).unwrap().token;
        self.people.viewer(&token, NOW).unwrap().unwrap()
    }

    /// Gives somebody a right for the structure.
    pub fn give(&self, account: &Account, is_confirmed: bool, may_edit: bool) {
        let (account, structure) = (account.id.clone(), STRUCTURE.to_owned());
        let right = Right { account, structure, is_confirmed, may_edit, wants_notices: false, is_of_company: false };
        self.write(|link| rights::put(link, &right));
    }

    pub fn keep(&self, own: &OwnRecord) {
        self.write(|link| own_records::put(link, own));
    }
}

/// The sheet of the structure, published.
pub fn structure(name: &str) -> OwnRecord {
    let (iri, rules) = (RecordIri::read(STRUCTURE).unwrap(), Rules::new(Thesaurus::default()));
    let record = Record::raise(Kind::Structure, (iri, NOW), &typed(&[("name", name)]), NOW, &rules).unwrap();
    OwnRecord { moderation: Moderation::Published, author: None, version: 1, record }
}

/// A demand of the node `https://apeas.test`, published, by this account, under the name it chose for it.
pub fn demand(author: Option<&Account>, name: &str) -> OwnRecord {
    let body = Exchange {
        direction: Direction::Demand,
        kind_of_thing: Code::new(List::ExchangeType, "service"),
        methods: vec![],
        title: "Cherche local".into(),
        description: None,
        skills: vec![],
        sectors: vec![],
        place: None,
        areas: vec![],
        radius_km: None,
        structure: None,
        author: Some(name.into()),
        state: State::Open,
        purchase: None,
        picture: None,
    };
    let record = Record {
        iri: RecordIri::mint("https://apeas.test", Kind::Exchange),
        created: NOW,
        published: Some(NOW),
        modified: NOW,
        audience: Audience::Public,
        narrowed: Default::default(),
        expires: None,
        themes: vec![],
        tags: vec![],
        body: Body::Exchange(body),
    };
    let author = author.map(|account| account.id.clone());
    OwnRecord { moderation: Moderation::Published, author, version: 1, record }
}
