//! Nodes for tests, and files: invented ones, and the real ones where they are.

use pes_changeset::{Channel, Origin, SecretKey};
use pes_domain::{Body, Draft, Kind, Record, RecordIri, Rules};
use pes_import::commit::Committed;
use pes_import::undo::{Undone, run_to_undo, undo};
use pes_import::{Choices, Plan};
use pes_journal::Journal;
use pes_journal::founding::found;
use pes_journal::identity::NewKeys;
use pes_journal::supply::Named;
use pes_store::own_records::{Moderation, OwnRecord};
use pes_store::{Database, Store, own_records, records};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use time::UtcDateTime;
use time::macros::utc_datetime;

pub const NOW: UtcDateTime = utc_datetime!(2026-11-28 12:00);
pub const LATER: UtcDateTime = utc_datetime!(2026-11-29 12:00);

/// A node, and the folder that goes with it.
pub struct Node {
    pub journal: Journal,
    _folder: tempfile::TempDir,
}

pub fn rules() -> Arc<Rules> {
    static RULES: OnceLock<Arc<Rules>> = OnceLock::new();
    RULES.get_or_init(|| Arc::new(pes_rdf::rules())).clone()
}

/// The node `https://{name}.test`.
pub fn node(name: &str) -> Node {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(Database::of_test(folder.path())).unwrap();
    let seed = name.bytes().fold(0, u8::wrapping_add);
    let key = |number: u8| SecretKey::from_seed(&[seed.wrapping_mul(3).wrapping_add(number); 32]);
    let keys = NewKeys { root: key(0), log: key(1), transport: key(2) };
    let origin: Origin = format!("https://{name}.test").parse().unwrap();
    let identity = found(&store, (&origin, name), &keys, NOW).unwrap();
    Node { journal: Journal::open(store, rules(), identity).unwrap(), _folder: folder }
}

impl Node {
    pub fn plan(&self, file: &str, text: impl AsRef<[u8]>) -> Plan {
        self.plan_so(file, text, Choices::default())
    }

    pub fn plan_so(&self, file: &str, text: impl AsRef<[u8]>, choices: Choices) -> Plan {
        Plan::of(&self.journal, (file, text.as_ref()), choices, NOW, &mut |_, _| {}).unwrap()
    }

    pub fn commit(&self, plan: &Plan) -> Committed {
        plan.commit(&self.journal, NOW, &mut |_, _| {}).unwrap()
    }

    /// Plans and commits.
    pub fn import(&self, file: &str, text: impl AsRef<[u8]>) -> (Plan, Committed) {
        let plan = self.plan(file, text);
        let committed = self.commit(&plan);
        (plan, committed)
    }

    pub fn undo(&self, number: Option<i64>) -> Undone {
        undo(&self.journal, run_to_undo(&self.journal, number).unwrap(), LATER, &mut |_, _| {}).unwrap()
    }

    /// All structures of this node, by name.
    pub fn structures(&self) -> Vec<OwnRecord> {
        let mut all: Vec<OwnRecord> = self
            .journal
            .store()
            .read(|link| own_records::after(link, "", 10_000))
            .unwrap()
            .into_iter()
            .filter(|own| own.record.kind() == Kind::Structure)
            .collect();
        all.sort_by_key(|own| own.record.title());
        all
    }

    pub fn called(&self, name: &str) -> OwnRecord {
        self.structures().into_iter().find(|own| own.record.title() == name).unwrap_or_else(|| panic!("{name}"))
    }

    /// What somebody types, saved as by the form.
    pub fn enter(&self, kind: Kind, fields: &[(&str, &str)]) -> Record {
        let iri = RecordIri::mint(self.journal.identity().origin.as_str(), kind);
        let record = Record::raise(kind, (iri, NOW), &draft(fields), NOW, &rules()).unwrap();
        self.journal.save(record.clone(), Moderation::Published, None, NOW).unwrap();
        record
    }

    /// What somebody changes on a structure's form: a field, and what it holds now.
    pub fn change(&self, name: &str, field: &str, value: &str) {
        let own = self.called(name);
        let typed = own.record.lower();
        let kept = typed.fields().filter(|(one, _)| *one != field);
        let mut typed: Draft =
            kept.flat_map(|(one, values)| values.iter().map(|value| (one.to_owned(), value.clone()))).collect();
        typed.add(field, value);
        let born = (own.record.iri, own.record.created);
        let record = Record::raise(Kind::Structure, born, &typed, LATER, &rules()).unwrap();
        self.journal.save(record, Moderation::Published, None, LATER).unwrap();
    }

    /// What readers see of this node's structures, whole.
    pub fn sheets(&self) -> Vec<Record> {
        let id = self.journal.identity().node_id.clone();
        let sheets = self.journal.store().read(|link| {
            let public = records::of_node(link, &id, Channel::Public, Kind::Structure)?;
            Ok::<_, pes_store::StoreError>(
                [public, records::of_node(link, &id, Channel::Affiliates, Kind::Structure)?].concat(),
            )
        });
        sheets.unwrap().into_iter().map(|sheet| sheet.record).collect()
    }

    /// Takes all that another node has published.
    pub fn takes_all_of(&self, author: &Node) {
        let identity = author.journal.identity();
        let genesis = author.journal.genesis(&identity.node_id).unwrap().unwrap();
        let name = (identity.node_id.as_str(), &identity.origin);
        self.journal.pin(name, &identity.name, std::slice::from_ref(&genesis), NOW).unwrap();
        for channel in Channel::ALL {
            let log = Named { node: &identity.node_id, channel, epoch: 1 };
            let held = self.journal.held(log).unwrap().map_or(0, |(_, size)| size);
            if let Some(batch) = author.journal.batch(log, held).unwrap() {
                self.journal.receive(&identity.node_id, channel, &batch, NOW).unwrap();
            }
        }
    }
}

pub fn draft(fields: &[(&str, &str)]) -> Draft {
    fields.iter().map(|(field, value)| ((*field).to_owned(), (*value).to_owned())).collect()
}

/// The structure of a record.
pub fn structure(own: &OwnRecord) -> &pes_domain::structure::Structure {
    match &own.record.body {
        Body::Structure(one) => one,
        other => panic!("{other:?}"),
    }
}

/// A real file, where it is. Under continuous integration it has to be there.
pub fn real(file: &str) -> Option<Vec<u8>> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let shared = std::env::var_os("PES_SHARED").map_or_else(|| "../shared".into(), PathBuf::from);
    let path = root.join(shared).join("data").join(file);
    let found = std::fs::read(&path).ok();
    if found.is_none() {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "{} is not there", path.display());
        println!("skipped: {} is not there", path.display());
    }
    found
}
