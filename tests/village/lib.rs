//! The village in which the stories are told: the hub *paca* and three networks, each with its own folder, on real sockets.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

pub mod backup;
pub mod tap;

use pes_changeset::Channel;
use pes_domain::audience::Reader;
use pes_domain::{Draft, Kind, Record, RecordIri};
use pes_node::demo::browser::Browser;
use pes_node::demo::catcher::Catcher;
use pes_node::demo::village::{Ports, Village};
use pes_node::house::rules;
use pes_store::Database;
use pes_store::accounts::Role;
use pes_store::own_records::Moderation;
use pes_store::rights::{self, Right};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};
use time::UtcDateTime;

/// The village's nodes; the first is the hub.
pub const NODES: [(&str, &str, &str); 4] = [
    ("paca", "PES PACA", ""),
    ("apeas", "APEAS", ""),
    ("alliance", "Alliance Provence", ""),
    ("mesclun", "Mesclun", ""),
];
/// Their names.
pub const NAMES: [&str; 4] = ["paca", "apeas", "alliance", "mesclun"];
/// How long anything may take before it counts as lost. It bounds a story that fails; what has to be quick says so itself.
pub const PATIENCE: Duration = Duration::from_secs(90);
/// How soon all is everywhere after a node or the hub is back.
pub const ON_RETURN: Duration = Duration::from_secs(10);

/// A village with its mails, in a folder that goes with it.
#[derive(Debug)]
pub struct Scene {
    /// The nodes.
    pub village: Village,
    /// Their mails.
    pub catcher: Catcher,
    /// Where everything lies.
    pub folder: tempfile::TempDir,
}

impl Scene {
    /// Four nodes that run and have joined.
    pub async fn open() -> Self {
        let mut scene = Self::closed(&Ports::Free).await;
        scene.village.start_all().await.unwrap();
        scene.village.join_all().await.unwrap();
        scene.meet().await;
        scene
    }

    /// Four nodes that do not run yet.
    pub async fn closed(ports: &Ports) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let catcher = Catcher::start(0).await.unwrap();
        let ground = (ports, &Database::of_test(folder.path()));
        let village = Village::build(folder.path(), &NODES, ground, Some(catcher.smtp())).await.unwrap();
        Self { village, catcher, folder }
    }

    /// Waits until every node has pinned every other.
    pub async fn meet(&self) {
        let met = |name: &&'static str| {
            let nodes = self.village.house(name).journal.store().read(pes_store::nodes::all).unwrap();
            nodes.len() == NAMES.len()
        };
        eventually("every node knows every other", || NAMES.iter().all(met)).await;
    }

    /// Publishes a record at a node, as its form does.
    pub fn publish(&self, node: &str, kind: Kind, fields: &[(&str, &str)]) -> RecordIri {
        self.save(node, kind, fields, None)
    }

    /// Publishes a record by somebody.
    pub fn save(&self, node: &str, kind: Kind, fields: &[(&str, &str)], author: Option<&str>) -> RecordIri {
        let house = self.village.house(node);
        let now = UtcDateTime::now();
        let iri = RecordIri::mint(house.journal.identity().origin.as_str(), kind);
        let record = Record::raise(kind, (iri.clone(), now), &draft(fields), now, &rules()).unwrap();
        house.journal.save(record, Moderation::Published, author, now).unwrap();
        iri
    }

    /// A demand for premises in Nice.
    pub fn demand(&self, node: &str, title: &str) -> RecordIri {
        let fields = [
            ("direction", "demand"),
            ("type", "service"),
            ("title", title),
            ("author", "Marie"),
            ("skills", "premises"),
            ("place", "Nice (06088)"),
        ];
        self.publish(node, Kind::Exchange, &fields)
    }

    /// A structure of a node, and somebody who may edit it.
    pub fn structure_of(&self, node: &str, email: &str, fields: &[(&str, &str)]) -> RecordIri {
        let structure = self.publish(node, Kind::Structure, fields);
        let account = self.account(node, email, Role::Citizen);
        let right = Right {
            account,
            structure: structure.to_string(),
            is_confirmed: true,
            may_edit: true,
            wants_notices: true,
            is_of_company: false,
        };
        self.village.house(node).journal.store().write(|link| rights::put(link, &right)).unwrap();
        structure
    }

    /// An account; its password is [`PASSWORD`].
    pub fn account(&self, node: &str, email: &str, role: Role) -> String {
        let name = email.split('@').next().unwrap();
        let fields = [("name", name), ("email", email), ("password", PASSWORD)];
        let people = &self.village.house(node).people;
        people.create(&draft(&fields), role, UtcDateTime::now()).unwrap().id
    }

    /// Somebody's browser at a node, signed in.
    pub async fn browser(&self, node: &str, email: &str) -> Browser {
        let mut browser = self.visitor(node);
        browser.sign_in(email, PASSWORD).await.unwrap();
        browser
    }

    /// A visitor's browser at a node.
    pub fn visitor(&self, node: &str) -> Browser {
        Browser::at(format!("http://localhost:{}", self.village.listens(node).port()))
    }

    /// The path of a record's page at a node.
    pub fn page_at(&self, node: &str, iri: &RecordIri) -> String {
        iri.page_at(self.village.origin(node).as_str())
    }

    /// Whether a node shows a record to readers of this sort.
    pub fn shows(&self, node: &str, iri: &RecordIri, reader: Reader) -> bool {
        let store = self.village.house(node).journal.store();
        store.read(|link| pes_store::records::seen(link, &iri.to_string(), reader.audience())).unwrap().is_some()
    }

    /// The digest of all that a node holds for members.
    pub fn digest(&self, node: &str) -> String {
        self.village.house(node).journal.digest(&[Channel::Public, Channel::Affiliates]).unwrap()
    }

    /// Waits until all nodes hold the same, and checks it.
    pub async fn agree(&self) {
        eventually("all nodes agree", || {
            let first = self.digest(NAMES[0]);
            NAMES.iter().all(|name| self.digest(name) == first)
        })
        .await;
        for name in NAMES {
            self.village.house(name).journal.verify().unwrap();
        }
    }
}

/// A story that fails says how each walk stood, since it cannot be asked afterwards.
impl Drop for Scene {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            return;
        }
        for name in NAMES {
            let journal = &self.village.house(name).journal;
            for peer in journal.peers().unwrap_or_default() {
                eprintln!("{name}: {peer:?}");
            }
            eprintln!("{name} was refused, or refused: {:?}", journal.refusals());
        }
    }
}

/// The password of everybody in the stories.
pub const PASSWORD: &str = "une petite phrase";

/// What somebody typed.
pub fn draft(fields: &[(&str, &str)]) -> Draft {
    fields.iter().map(|(field, value)| ((*field).to_owned(), (*value).to_owned())).collect()
}

/// Waits until something holds; a story that waits longer than [`PATIENCE`] has failed.
///
/// # Panics
/// When it never holds.
pub async fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < PATIENCE, "{what}: not within {PATIENCE:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// A text with the spaces that authors type in the place of those at which no line is broken.
pub fn plain(text: &str) -> String {
    text.replace(['\u{a0}', '\u{202f}'], " ")
}

/// Opens a page until it says something.
///
/// # Panics
/// When it never does.
pub async fn shown(browser: &mut Browser, path: &str, what: &str) -> String {
    let begun = Instant::now();
    loop {
        let body = browser.get(path).await.unwrap().body;
        if plain(&body).contains(&plain(what)) {
            return body;
        }
        assert!(begun.elapsed() < PATIENCE, "{path} never says {what}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

impl Scene {
    /// Where a node keeps these bytes: its files, and its schema where its rows lie in a PostgreSQL.
    pub fn places_holding(&self, name: &str, bytes: &str) -> Vec<String> {
        let mut found = files_holding(self.village.folder(name), bytes);
        if let Database::Postgresql { url, schema } = self.village.house(name).config.database().unwrap() {
            let dump = Command::new("pg_dump").args(["-n", &schema, "-d", &url]).output().unwrap();
            assert!(dump.status.success(), "{}", String::from_utf8_lossy(&dump.stderr));
            found.extend(holds(&dump.stdout, bytes).then_some(schema));
        }
        found
    }
}

/// All files below a folder that hold these bytes. A file that goes while it is looked for, as those of an index do, holds nothing.
fn files_holding(folder: &Path, bytes: &str) -> Vec<String> {
    let mut found = Vec::new();
    for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        match std::fs::read(&path) {
            _ if path.is_dir() => found.extend(files_holding(&path, bytes)),
            Ok(held) => found.extend(holds(&held, bytes).then(|| path.display().to_string())),
            Err(e) => assert_eq!(e.kind(), std::io::ErrorKind::NotFound, "{}: {e}", path.display()),
        }
    }
    found
}

/// Whether bytes hold a text.
pub fn holds(all: &[u8], text: &str) -> bool {
    all.windows(text.len()).any(|window| window == text.as_bytes())
}
