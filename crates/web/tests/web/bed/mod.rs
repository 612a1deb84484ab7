//! A node that really serves, at a socket and over a database file of its own, and the people who come to it.

pub mod browser;
#[path = "../../../../notify/tests/notify/bed/mail.rs"]
mod mail;
#[allow(dead_code, reason = "the crier's own tests make it refuse and go away")]
#[path = "../../../../notify/tests/notify/bed/smtp.rs"]
mod smtp;

pub use browser::{Browser, Page};
pub use mail::Mail;
pub use smtp::Smtp;

use pes_changeset::{Channel, Origin, SecretKey};
use pes_domain::{Draft, Kind, Record, RecordIri, Rules};
use pes_files::{Cabinet, Folder};
use pes_journal::Journal;
use pes_journal::founding::found;
use pes_journal::identity::NewKeys;
use pes_journal::supply::Named;
use pes_notify::{Crier, Post, Sender};
use pes_people::People;
use pes_search::{Follower, Index};
use pes_store::accounts::{Account, Role};
use pes_store::own_records::{Moderation, OwnRecord};
use pes_store::rights::{self, Right};
use pes_store::tokens::LinkSecret;
use pes_store::{Database, Store, lists, own_records};
use pes_sync::Client;
use pes_sync::client::Reach;
use pes_web::{Porch, Serving, Site, Tiles};
use pes_words::Catalogue;
use std::net::{IpAddr, TcpListener};
use std::sync::{Arc, Mutex, OnceLock};
use time::UtcDateTime;
use time::macros::utc_datetime;

pub const PASSWORD: &str = "un long mot de passe";

/// A node with its pages open.
pub struct Bed {
    pub journal: Journal,
    pub cabinet: Cabinet,
    pub people: People,
    pub links: LinkSecret,
    pub address: String,
    pub folder: tempfile::TempDir,
    /// Brings the index up to what is held before a page is opened, so that no test waits for it.
    follower: Arc<Mutex<Follower>>,
    _serving: Serving,
}

/// A journal without pages: another network.
pub struct Elsewhere {
    pub journal: Journal,
    _folder: tempfile::TempDir,
}

pub fn rules() -> Arc<Rules> {
    static RULES: OnceLock<Arc<Rules>> = OnceLock::new();
    RULES.get_or_init(|| Arc::new(pes_rdf::rules())).clone()
}

/// The fields of a form, as pairs.
pub fn draft(fields: &[(&str, &str)]) -> Draft {
    fields.iter().map(|(field, value)| ((*field).to_owned(), (*value).to_owned())).collect()
}

/// When every node of the tests was founded. Two of the same seed are one node, also when a second passes between them.
const FOUNDED: UtcDateTime = utc_datetime!(2026-11-23 12:00);

/// A node at an origin; its keys are made from the seed.
fn journal(origin: &Origin, name: &str, seed: u8) -> (Journal, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(Database::of_test(folder.path())).unwrap();
    let key = |number: u8| SecretKey::from_seed(&[seed + number; 32]);
    let keys = NewKeys { root: key(0), log: key(1), transport: key(2) };
    let identity = found(&store, (origin, name), &keys, FOUNDED).unwrap();
    (Journal::open(store, rules(), identity).unwrap(), folder)
}

impl Bed {
    /// How many files lie in its folder, pictures among them.
    pub fn files(&self) -> usize {
        std::fs::read_dir(self.folder.path().join("files")).map_or(0, Iterator::count)
    }

    /// Takes away the files that no record names any more; tells how many.
    pub fn tidy(&self) -> usize {
        self.cabinet.tidy(UtcDateTime::now().unix_timestamp()).unwrap()
    }

    /// A node at `http://localhost`, at a port of its own.
    pub async fn new() -> Self {
        Self::at(None).await
    }

    /// A node whose origin is this one: pages behind a proxy that keeps the certificate.
    pub async fn at(origin: Option<&str>) -> Self {
        Self::built(origin, true, &[], None).await
    }

    /// A node whose operator has tiles for maps.
    pub async fn with_tiles(tiles: Tiles) -> Self {
        Self::built(None, true, &[], Some(tiles)).await
    }

    /// A node behind a proxy on the same machine, which says where visitors come from.
    pub async fn behind_a_proxy() -> Self {
        Self::built(None, true, &[IpAddr::from([127, 0, 0, 1])], None).await
    }

    /// A node whose operator set no mail server.
    pub async fn without_mail() -> Self {
        Self::built(None, false, &[], None).await
    }

    async fn built(origin: Option<&str>, sends_mail: bool, trusted_proxies: &[IpAddr], tiles: Option<Tiles>) -> Self {
        let socket = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = socket.local_addr().unwrap().to_string();
        let origin = origin.map_or_else(|| format!("http://{}", address.replace("127.0.0.1", "localhost")), Into::into);
        let (journal, folder) = journal(&origin.parse().unwrap(), "Réseau d’ici", 10);
        let links = LinkSecret::new("0".repeat(64));
        let people = People::new(journal.store().clone(), origin.clone(), links.clone());
        let client = Client::new(journal.identity(), &Reach { private_peers: true, extra_roots: Vec::new() }).unwrap();
        let site = Site {
            origin,
            name: journal.identity().name.clone(),
            tagline: "Entraide d’ici".into(),
            cookie: "pes-1a2b3c4d".into(),
            data: folder.path().to_owned(),
            root_key: None,
            sends_mail,
            publish_after_days: 3,
            tiles,
            trusted_proxies: trusted_proxies.to_vec(),
        };
        let words = (links.clone(), Arc::new(Catalogue::french()));
        let index = Index::in_memory(rules()).unwrap();
        let follower = Arc::new(Mutex::new(Follower::new(&index, journal.store().clone()).unwrap()));
        let cabinet = Cabinet::new(journal.store().clone(), Folder::at(folder.path().join("files")));
        let porch = Porch::new(site, journal.clone(), people.clone(), client, (index, cabinet.clone()), words).unwrap();
        let serving = pes_web::serve(porch, socket, None).unwrap();
        Self { journal, cabinet, people, links, address, folder, follower, _serving: serving }
    }

    pub fn origin(&self) -> &str {
        self.journal.identity().origin.as_str()
    }

    /// A browser without cookies.
    pub fn browser(&self) -> Browser {
        Browser::at(&self.address, self.origin()).following(&self.follower)
    }

    /// An account; its address is its name in small letters at `courriel.example`.
    pub fn account(&self, name: &str, role: Role) -> Account {
        let email = format!("{}@courriel.example", name.to_lowercase());
        let fields = draft(&[("name", name), ("email", &email), ("password", PASSWORD)]);
        self.people.create(&fields, role, UtcDateTime::now()).unwrap()
    }

    /// The browser of somebody who has signed in.
    pub async fn signed_in(&self, account: &Account) -> Browser {
        let mut browser = self.browser();
        browser.fill("/connexion", &[("email", &account.email), ("password", PASSWORD)]).await.to("/mon-espace");
        browser
    }

    /// Somebody with an account and nothing else.
    pub async fn citizen(&self, name: &str) -> Browser {
        self.signed_in(&self.account(name, Role::Citizen)).await
    }

    /// Somebody the network has accepted.
    pub async fn member(&self, name: &str) -> Browser {
        let account = self.account(name, Role::Citizen);
        self.people.change(&account.id, |account| account.is_accepted = true).unwrap();
        self.signed_in(&account).await
    }

    pub async fn animator(&self) -> Browser {
        self.signed_in(&self.account("Nora", Role::Animator)).await
    }

    /// Somebody who may edit a structure's sheet and write in its name.
    pub async fn editor(&self, name: &str, structure: &RecordIri) -> Browser {
        let account = self.account(name, Role::Citizen);
        let (id, structure) = (account.id.clone(), structure.to_string());
        let right = Right {
            account: id,
            structure,
            is_confirmed: true,
            may_edit: true,
            wants_notices: true,
            is_of_company: false,
        };
        self.journal.store().write(|link| rights::put(link, &right)).unwrap();
        self.signed_in(&account).await
    }

    /// A record of this node, published by nobody in particular.
    pub fn publish(&self, kind: Kind, fields: &[(&str, &str)]) -> RecordIri {
        publish(&self.journal, kind, fields)
    }

    /// Who writes this node's mails out, and gives them to this server.
    pub fn crier(&self, smtp: &Smtp) -> Crier {
        let (name, origin) = (self.journal.identity().name.clone(), self.origin().to_owned());
        let catalogue = Arc::new(Catalogue::french());
        let sender = Sender { name, address: "avis@ici.example".into(), origin };
        let post = Post::to(&smtp.url(), sender, Arc::clone(&catalogue)).unwrap();
        Crier::new(self.journal.store().clone(), rules(), catalogue, self.links.clone(), post)
    }

    pub fn structure(&self, name: &str) -> RecordIri {
        self.publish(Kind::Structure, &[("name", name)])
    }

    pub fn demand(&self, title: &str) -> RecordIri {
        self.publish(Kind::Exchange, &demand(title))
    }

    pub fn own(&self, iri: &RecordIri) -> Option<OwnRecord> {
        self.journal.store().read(|link| own_records::find(link, &iri.to_string())).unwrap()
    }

    /// All records of a kind that stand like this.
    pub fn all(&self, kind: Kind, moderation: Moderation) -> Vec<OwnRecord> {
        self.journal.store().read(|link| own_records::of_kind(link, kind, moderation)).unwrap()
    }

    pub fn proposed(&self) -> Vec<OwnRecord> {
        self.journal.store().read(lists::proposed).unwrap()
    }

    /// The path of a record's page here.
    pub fn page(&self, iri: &RecordIri) -> String {
        iri.page_at(self.origin())
    }

    /// Another network that this node knows and hears.
    pub fn elsewhere(&self) -> Elsewhere {
        let origin: Origin = "https://ailleurs.test".parse().unwrap();
        let (other, folder) = journal(&origin, "Réseau d’ailleurs", 20);
        let genesis = other.genesis(&other.identity().node_id).unwrap().unwrap();
        let pinned = (other.identity().node_id.as_str(), &origin);
        self.journal.pin(pinned, &other.identity().name, std::slice::from_ref(&genesis), UtcDateTime::now()).unwrap();
        Elsewhere { journal: other, _folder: folder }
    }

    /// Receives all that the other network has published for everybody and for members.
    pub fn hears(&self, other: &Elsewhere) {
        let node = other.journal.identity().node_id.as_str();
        for channel in [Channel::Public, Channel::Affiliates] {
            let log = Named { node, channel, epoch: 1 };
            let batch = other.journal.batch(log, 0).unwrap();
            if let Some(batch) = batch {
                self.journal.receive(node, channel, &batch, UtcDateTime::now()).unwrap();
            }
        }
    }
}

impl Elsewhere {
    pub fn origin(&self) -> &str {
        self.journal.identity().origin.as_str()
    }

    pub fn publish(&self, kind: Kind, fields: &[(&str, &str)]) -> RecordIri {
        publish(&self.journal, kind, fields)
    }
}

/// What a demand needs at least.
pub fn demand(title: &str) -> [(&str, &str); 4] {
    [("direction", "demand"), ("type", "service"), ("title", title), ("author", "Marie")]
}

fn publish(journal: &Journal, kind: Kind, fields: &[(&str, &str)]) -> RecordIri {
    let (now, iri) = (UtcDateTime::now(), RecordIri::mint(journal.identity().origin.as_str(), kind));
    let record = Record::raise(kind, (iri.clone(), now), &draft(fields), now, &rules()).unwrap();
    journal.save(record, Moderation::Published, None, now).unwrap();
    iri
}
