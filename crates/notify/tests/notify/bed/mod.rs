//! A node whose people are to be told, and a mail server that speaks SMTP over TCP and keeps what it takes.

pub mod mail;
pub mod smtp;

pub use mail::Mail;
pub use smtp::Smtp;

use pes_changeset::{Origin, SecretKey};
use pes_domain::{Draft, Kind, Record, RecordIri, Rules};
use pes_journal::Journal;
use pes_journal::founding::found;
use pes_journal::identity::NewKeys;
use pes_notify::{Crier, Post, Sender};
use pes_people::People;
use pes_store::accounts::{Account, Role};
use pes_store::own_records::{self, Moderation, OwnRecord};
use pes_store::rights::{self, Right};
use pes_store::tokens::LinkSecret;
use pes_store::{Database, Store};
use pes_words::Catalogue;
use std::sync::{Arc, OnceLock};
use time::UtcDateTime;

/// A node and its crier.
pub struct Bed {
    pub journal: Journal,
    pub people: People,
    pub links: LinkSecret,
    pub crier: Crier,
    _folder: tempfile::TempDir,
}

fn rules() -> Arc<Rules> {
    static RULES: OnceLock<Arc<Rules>> = OnceLock::new();
    RULES.get_or_init(|| Arc::new(pes_rdf::rules())).clone()
}

/// The fields of a form, as pairs.
pub fn draft(fields: &[(&str, &str)]) -> Draft {
    fields.iter().map(|(field, value)| ((*field).to_owned(), (*value).to_owned())).collect()
}

impl Bed {
    /// The node `https://ici.test`, which gives its mails to this server.
    pub fn new(smtp: &Smtp) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(Database::of_test(folder.path())).unwrap();
        let key = |number: u8| SecretKey::from_seed(&[number; 32]);
        let keys = NewKeys { root: key(1), log: key(2), transport: key(3) };
        let origin: Origin = "https://ici.test".parse().unwrap();
        let identity = found(&store, (&origin, "Réseau d’ici"), &keys, UtcDateTime::now()).unwrap();
        let links = LinkSecret::new("0".repeat(64));
        let people = People::new(store.clone(), origin.to_string(), links.clone());
        let sender =
            Sender { name: identity.name.clone(), address: "avis@ici.example".into(), origin: origin.to_string() };
        let catalogue = Arc::new(Catalogue::french());
        let post = Post::to(&smtp.url(), sender, Arc::clone(&catalogue)).unwrap();
        let crier = Crier::new(store.clone(), rules(), catalogue, links.clone(), post);
        let journal = Journal::open(store, rules(), identity).unwrap();
        Self { journal, people, links, crier, _folder: folder }
    }

    /// Somebody who edits the sheet of masons in Nice.
    pub fn concerned(&self, name: &str) -> Account {
        let title = format!("Les Maçons de {name}");
        let fields = [("name", title.as_str()), ("skills", "masonry"), ("site-commune", "Nice")];
        let structure = self.publish(Kind::Structure, &fields).to_string();
        let email = format!("{}@courriel.example", name.to_lowercase());
        let fields = draft(&[("name", name), ("email", &email), ("password", "un long mot de passe")]);
        let account = self.people.create(&fields, Role::Citizen, UtcDateTime::now()).unwrap();
        let id = account.id.clone();
        let right = Right {
            account: id,
            structure,
            is_confirmed: true,
            may_edit: true,
            wants_notices: true,
            is_of_company: false,
        };
        self.journal.store().write(|link| rights::put(link, &right)).unwrap();
        account
    }

    /// A demand that concerns masons, but for what is said otherwise.
    pub fn demand(&self, title: &str, more: &[(&str, &str)]) -> RecordIri {
        self.publish(Kind::Exchange, &demand(title, more))
    }

    /// A demand of somebody with an account, which concerns nobody.
    pub fn written_by(&self, account: &Account, title: &str) -> RecordIri {
        self.save(
            Kind::Exchange,
            &demand(title, &[("skills", "plumbing-heating"), ("author", &account.name)]),
            Some(account),
        )
    }

    pub fn publish(&self, kind: Kind, fields: &[(&str, &str)]) -> RecordIri {
        self.save(kind, fields, None)
    }

    fn save(&self, kind: Kind, fields: &[(&str, &str)], author: Option<&Account>) -> RecordIri {
        let (now, iri) = (UtcDateTime::now(), RecordIri::mint("https://ici.test", kind));
        let record = Record::raise(kind, (iri.clone(), now), &draft(fields), now, &rules()).unwrap();
        let author = author.map(|account| account.id.as_str());
        self.journal.save(record, Moderation::Published, author, now).unwrap();
        iri
    }

    pub fn own(&self, iri: &RecordIri) -> OwnRecord {
        self.journal.store().read(|link| own_records::find(link, &iri.to_string())).unwrap().unwrap()
    }
}

fn demand<'a>(title: &'a str, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let basis = [("direction", "demand"), ("type", "service"), ("skills", "masonry"), ("author", "Nora")];
    let kept = basis.into_iter().filter(|(name, _)| !more.iter().any(|(other, _)| other == name));
    kept.chain([("title", title)]).chain(more.iter().copied()).collect()
}
