//! A log, a snapshot or a change-set as files that somebody downloaded: checked with nothing but these files, and told in words, what that
//! proves and what it does not.
//!
//! The files lie as at their addresses: `log/{channel}/{epoch}/checkpoint`, `…/tile/entries/{N}`, `…/payloads/{N}`, `…/{seq}`,
//! `…/snapshot/{seq}/entries/{N}`. The keys are those of `log/keys/1` beside them.

use crate::NodeError;
use pes_changeset::bundle::{Place, WIDTH, read_entries, read_payloads};
use pes_changeset::note::Note;
use pes_changeset::snapshot::Members;
use pes_changeset::terms::{DELETE, UPSERT};
use pes_changeset::tree::Frontier;
use pes_changeset::{ChangeSet, Channel, Checkpoint, KeyHistory, LogId};
use pes_domain::RecordIri;
use pes_rdf::Payload;
use std::collections::HashMap;
use std::fmt::Display;
use std::path::{Path, PathBuf};

/// What files prove.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Findings {
    /// What was looked at.
    pub of: String,
    /// What is proved, a sentence each.
    pub proved: Vec<String>,
    /// What is not, a sentence each.
    pub open: Vec<String>,
}

/// The keys of a node, as its first key events declare them.
struct Keys {
    node_id: String,
    history: KeyHistory,
    events: u64,
}

/// What stands of a record: the place that says so, its operation, whether its payload is there.
type Standing = HashMap<String, (u64, bool, bool)>;

impl Display for Findings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{}\n  this proves", self.of)?;
        self.proved.iter().try_for_each(|sentence| writeln!(f, "    - {sentence}"))?;
        writeln!(f, "  it does not prove")?;
        self.open.iter().try_for_each(|sentence| writeln!(f, "    - {sentence}"))
    }
}

/// Examines a file with one change-set, a log's folder, or a folder with logs.
///
/// # Errors
/// [`NodeError::File`] with the first file that is missing, or does not prove what it should.
pub fn examine(path: &Path) -> Result<Vec<Findings>, NodeError> {
    if path.is_file() {
        let above = path.ancestors().nth(3).filter(|above| keys_below(above).is_dir());
        return Ok(vec![change_set(path, above.map(keys_of).transpose()?.as_ref())?]);
    }
    let nested = path.join("log");
    let root = if nested.is_dir() { nested } else { path.to_owned() };
    if keys_below(&root).is_dir() {
        let keys = keys_of(&root)?;
        let mut findings = Vec::new();
        for folder in logs_below(&root)? {
            findings.extend(log_and_snapshots(&folder, &keys)?);
        }
        return Ok(findings);
    }
    match path.ancestors().nth(2).filter(|above| keys_below(above).is_dir()) {
        Some(above) => log_and_snapshots(path, &keys_of(above)?),
        None => Err(NodeError::file(
            path,
            "there is no log/keys/1 in it or beside it, and nothing proves itself without keys",
        )),
    }
}

fn keys_below(root: &Path) -> PathBuf {
    root.join("keys").join("1")
}

fn logs_below(root: &Path) -> Result<Vec<PathBuf>, NodeError> {
    let mut found = Vec::new();
    for channel in Channel::ALL {
        let folder = root.join(channel.as_str());
        let Ok(listed) = folder.read_dir() else { continue };
        for entry in listed {
            found.push(entry.map_err(|e| NodeError::file(&folder, e))?.path());
        }
    }
    found.sort();
    Ok(found)
}

fn keys_of(root: &Path) -> Result<Keys, NodeError> {
    let folder = keys_below(root);
    let mut events = Vec::new();
    let (note, head) = checkpoint(&folder)?;
    each_bundle(&folder.join("tile/entries"), head.size, |bytes, file| {
        events.extend(change_sets(bytes).map_err(|e| NodeError::file(file, e))?);
        Ok(())
    })?;
    let fault = |e: pes_changeset::Fault| NodeError::file(&folder, e);
    let history = KeyHistory::read(&events).map_err(fault)?;
    let log = &events[0].header().log;
    history.verify_head(&note, log).map_err(fault)?;
    let frontier: Frontier = events.iter().map(ChangeSet::leaf_hash).collect();
    if frontier.root() != head.root {
        return Err(NodeError::file(&folder, "the events are not those that the checkpoint signs"));
    }
    Ok(Keys { node_id: events[0].digest_hex(), history, events: head.size })
}

impl Keys {
    fn proved(&self) -> String {
        let root = self.history.current().prefixes.first().map_or("", String::as_str);
        let events = plural(self.events, "key event");
        format!("the keys of the node {}, whose records lie under {root}, follow from its {events}", self.node_id)
    }

    /// What no file can prove.
    fn open(&self) -> String {
        format!(
            "that the network is the one it says: compare the node-id {} with the roll of a hub and with its own /.well-known/pes",
            self.node_id
        )
    }
}

fn log_and_snapshots(folder: &Path, keys: &Keys) -> Result<Vec<Findings>, NodeError> {
    let mut findings = Vec::new();
    if folder.join("checkpoint").is_file() {
        findings.push(log(folder, keys)?);
    }
    if let Ok(listed) = folder.join("snapshot").read_dir() {
        for entry in listed {
            findings.push(snapshot(&entry.map_err(|e| NodeError::file(folder, e))?.path(), folder, keys)?);
        }
    }
    match findings.is_empty() {
        true => Err(NodeError::file(folder, "there is neither a checkpoint nor a snapshot in it")),
        false => Ok(findings),
    }
}

/// A whole log: each change-set, the tree over them, the payloads that are there.
fn log(folder: &Path, keys: &Keys) -> Result<Findings, NodeError> {
    let (note, head) = checkpoint(folder)?;
    let (mut frontier, mut standing) = (Frontier::default(), Standing::new());
    let mut name = None;
    each_bundle(&folder.join("tile/entries"), head.size, |bytes, file| {
        let entries = change_sets(bytes).map_err(|e| NodeError::file(file, e))?;
        let payloads = payloads_beside(folder, file)?;
        for (at, entry) in entries.iter().enumerate() {
            let log = name.get_or_insert_with(|| entry.header().log.clone());
            in_place(entry, log, frontier.size()).map_err(|why| NodeError::file(file, why))?;
            frontier.append(entry.leaf_hash());
            let payload = payloads.get(at).and_then(Option::as_deref);
            holds(entry, payload, keys).map_err(|why| NodeError::file(file, why))?;
            note_standing(&mut standing, entry, payload.is_some());
        }
        Ok(())
    })?;
    if let Some(log) = &name {
        keys.history.verify_head(&note, log).map_err(|e| NodeError::file(&folder.join("checkpoint"), e))?;
    }
    if frontier.root() != head.root {
        return Err(NodeError::file(folder, "the change-sets are not those that the checkpoint signs"));
    }
    let live = standing.values().filter(|(_, is_live, _)| *is_live).count() as u64;
    let shown = standing.values().filter(|(_, is_live, has_payload)| *is_live && *has_payload).count() as u64;
    Ok(Findings {
        of: format!("The log {}, {}", head.log, plural(head.size, "change-set")),
        proved: vec![
            keys.proved(),
            "each change-set is signed by the key that was valid at its place, and about a record of that node alone"
                .into(),
            format!("they are all of the log, in its order: its author signed the root over these {}", head.size),
            format!(
                "of {}, {shown} have the payload here that their author committed to",
                plural(live, "live version")
            ),
        ],
        open: vec![
            keys.open(),
            "that others were shown the same: compare the checkpoint with what /heads of other nodes tells of this log"
                .into(),
            "that nothing came after it: a checkpoint bears no date".into(),
        ],
    })
}

/// The members of a snapshot, and the change-set that declares it.
fn snapshot(folder: &Path, log: &Path, keys: &Keys) -> Result<Findings, NodeError> {
    let declared = log.join(folder.file_name().unwrap_or_default());
    let declaration = read_change_set(&declared)?;
    let fault = |e: pes_changeset::Fault| NodeError::file(&declared, e);
    keys.history.verify(&declaration).map_err(fault)?;
    let mut members = Members::of(&declaration).map_err(fault)?;
    let mut with_payload = 0;
    each_bundle(&folder.join("entries"), members.expected(), |bytes, file| {
        let entries = change_sets(bytes).map_err(|e| NodeError::file(file, e))?;
        let payloads = payloads_beside(folder, file)?;
        for (at, entry) in entries.iter().enumerate() {
            let payload = payloads.get(at).and_then(Option::as_deref);
            with_payload += u64::from(payload.is_some());
            holds(entry, payload, keys).map_err(|why| NodeError::file(file, why))?;
            members.take(entry).map_err(|e| NodeError::file(file, e))?;
        }
        Ok(())
    })?;
    let size = members.taken();
    members.finish().map_err(|e| NodeError::file(folder, e))?;
    Ok(Findings {
        of: format!("The snapshot {}, {}", declaration.header().iri(), plural(size, "member")),
        proved: vec![
            keys.proved(),
            "each member is signed by the key that was valid at its place, and about a record of that node alone"
                .into(),
            "they are all that the author committed to as what stood of its records before the snapshot".into(),
            format!(
                "{with_payload} have the payload here that their author committed to; the others were withdrawn, deleted or replaced since"
            ),
        ],
        open: vec![
            keys.open(),
            "that it stands in the log, and that the log before it says the same: that takes the log itself".into(),
            "what came after it".into(),
        ],
    })
}

/// One change-set, with its node's keys or without.
fn change_set(file: &Path, keys: Option<&Keys>) -> Result<Findings, NodeError> {
    let one = read_change_set(file)?;
    let header = one.header();
    let fault = |why: String| NodeError::file(file, why);
    let (proved, about_keys) = match keys {
        Some(keys) => {
            holds(&one, None, keys).map_err(fault)?;
            (vec![keys.proved(), "it is signed by the key that was valid at its place".into()], keys.open())
        }
        None => {
            one.verify(one.key()).map_err(|e| fault(e.to_string()))?;
            let signed = format!("whoever holds the key {} has signed exactly this text", one.key());
            (vec![signed], format!("that this key is one of {}: that takes log/keys/1 of that node", header.log.origin))
        }
    };
    Ok(Findings {
        of: format!("The change-set {}", header.iri()),
        proved,
        open: vec![
            about_keys,
            "that it stands in the log: that takes the log, or a proof of inclusion under a checkpoint".into(),
            "that it still counts: a later one may have replaced, withdrawn or deleted what it says".into(),
            "what the record says: its payload is another file".into(),
        ],
    })
}

fn in_place(entry: &ChangeSet, log: &LogId, seq: u64) -> Result<(), String> {
    let header = entry.header();
    match header.log == *log && header.seq == seq {
        true => Ok(()),
        false => Err(format!("{} stands in place {seq} of {}", header.iri(), log.name())),
    }
}

/// Whether a change-set is its author's, is about a record of theirs, and has the payload that it commits to, where that is there.
fn holds(entry: &ChangeSet, payload: Option<&[u8]>, keys: &Keys) -> Result<(), String> {
    let header = entry.header();
    if header.log.channel != Channel::Keys {
        keys.history.verify(entry).map_err(|e| e.to_string())?;
    }
    let Some(target) = header.act.target() else {
        return payload.map_or(Ok(()), |_| Err(format!("{} has a payload to which nothing commits", header.iri())));
    };
    let prefixes = &keys.history.current().prefixes;
    let record = RecordIri::read(&target.record)
        .filter(|iri| prefixes.iter().any(|prefix| iri.lies_under(prefix)))
        .ok_or_else(|| format!("{} writes of {}, which is no record of its node", header.iri(), target.record))?;
    let Some(payload) = payload else { return Ok(()) };
    let committed =
        header.act.payload().ok_or_else(|| format!("nothing commits to the payload of {}", header.iri()))?;
    committed.check(payload).map_err(|e| format!("{}: {e}", header.iri()))?;
    Payload::read(payload, &record).map(drop).map_err(|e| format!("{}: {e}", header.iri()))
}

/// Within a channel the highest place counts, but for a delete, which outranks everything.
fn note_standing(standing: &mut Standing, entry: &ChangeSet, has_payload: bool) {
    let header = entry.header();
    let Some(target) = header.act.target() else { return };
    let is_over = standing.get(&target.record).is_some_and(|(place, ..)| *place == u64::MAX);
    if !is_over {
        let place = if header.act.operation() == DELETE { u64::MAX } else { header.seq };
        standing.insert(target.record.clone(), (place, header.act.operation() == UPSERT, has_payload));
    }
}

fn checkpoint(folder: &Path) -> Result<(Note, Checkpoint), NodeError> {
    let file = folder.join("checkpoint");
    let text = std::fs::read_to_string(&file).map_err(|e| NodeError::file(&file, e))?;
    let read = Note::read(&text).and_then(|note| Ok((Checkpoint::read(&note.text)?, note)));
    let (head, note) = read.map_err(|e| NodeError::file(&file, e))?;
    Ok((note, head))
}

/// Reads the bundles of so many leaves, one after the other.
fn each_bundle(
    folder: &Path,
    size: u64,
    mut work: impl FnMut(&[u8], &Path) -> Result<(), NodeError>,
) -> Result<(), NodeError> {
    let mut first = 0;
    while let Ok(place) = Place::of(first, size) {
        let file = folder.join(place.path());
        let bytes = std::fs::read(&file).map_err(|e| NodeError::file(&file, e))?;
        let entries = read_entries(&bytes).map_err(|e| NodeError::file(&file, e))?;
        if entries.len() as u64 != place.width {
            return Err(NodeError::file(&file, format!("it has {} leaves and not {}", entries.len(), place.width)));
        }
        work(&bytes, &file)?;
        first += WIDTH;
    }
    Ok(())
}

/// The payloads of the same bundle; none where nobody downloaded them.
fn payloads_beside(folder: &Path, entries: &Path) -> Result<Vec<Option<Vec<u8>>>, NodeError> {
    let bundle =
        entries.strip_prefix(folder.join("tile/entries")).or_else(|_| entries.strip_prefix(folder.join("entries")));
    let Ok(bundle) = bundle else { return Ok(Vec::new()) };
    let file = folder.join("payloads").join(bundle);
    let Ok(bytes) = std::fs::read(&file) else { return Ok(Vec::new()) };
    let payloads = read_payloads(&bytes).map_err(|e| NodeError::file(&file, e))?;
    Ok(payloads.into_iter().map(|payload| payload.map(<[u8]>::to_vec)).collect())
}

fn change_sets(bundle: &[u8]) -> Result<Vec<ChangeSet>, pes_changeset::Fault> {
    read_entries(bundle)?.into_iter().map(ChangeSet::read).collect()
}

fn read_change_set(file: &Path) -> Result<ChangeSet, NodeError> {
    let text = std::fs::read_to_string(file).map_err(|e| NodeError::file(file, e))?;
    ChangeSet::read(&text).map_err(|e| NodeError::file(file, e))
}

fn plural(count: u64, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Config, House, house};
    use pes_domain::{Draft, Kind, Record};
    use pes_journal::Journal;
    use pes_journal::supply::Named;
    use pes_store::own_records::Moderation;
    use time::UtcDateTime;
    use time::macros::utc_datetime;

    const NOW: UtcDateTime = utc_datetime!(2026-11-25 09:00);

    /// A node with three demands, one of them changed and one deleted, a snapshot, and one more demand; and its files, downloaded.
    fn downloaded() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let config = Config { data: folder.path().join("data"), ..Config::default() };
        house::init(&config, &"https://pes.example.org".parse().unwrap(), "x", true).unwrap();
        let journal = House::open(config).unwrap().journal;
        let demands = ["Une", "Deux", "Trois"].map(|title| demand(&journal, title, NOW));
        let changed = Record { modified: NOW + time::Duration::HOUR, ..demands[0].clone() };
        let changed = Record { created: changed.created, ..changed };
        save(&journal, &demand_of(&changed, "Une autre"));
        journal.delete(&demands[1].iri, None, NOW).unwrap();
        journal.write_snapshots(1, NOW).unwrap();
        demand(&journal, "Quatre", NOW);
        download(&journal, folder.path());
        folder
    }

    fn demand(journal: &Journal, title: &str, at: UtcDateTime) -> Record {
        let fields = [("direction", "demand"), ("type", "service"), ("title", title), ("author", "Marie")];
        let draft: Draft = fields.into_iter().map(|(field, value)| (field.to_owned(), value.to_owned())).collect();
        let iri = RecordIri::mint("https://pes.example.org", Kind::Exchange);
        let record = Record::raise(Kind::Exchange, (iri, at), &draft, at, &house::rules()).unwrap();
        save(journal, &record);
        record
    }

    fn demand_of(record: &Record, title: &str) -> Record {
        let mut record = record.clone();
        if let pes_domain::Body::Exchange(one) = &mut record.body {
            one.title = title.into();
        }
        record
    }

    fn save(journal: &Journal, record: &Record) {
        journal.save(record.clone(), Moderation::Published, None, NOW).unwrap();
    }

    fn download(journal: &Journal, folder: &Path) {
        let node = &journal.identity().node_id;
        for (channel, width) in [(Channel::Keys, 1), (Channel::Public, 7)] {
            let (named, place) = (Named { node, channel, epoch: 1 }, Place { index: 0, width });
            let below = folder.join("log").join(channel.as_str()).join("1");
            let put = |rest: &str, bytes: Vec<u8>| {
                let file = below.join(rest);
                std::fs::create_dir_all(file.parent().unwrap()).unwrap();
                std::fs::write(file, bytes).unwrap();
            };
            put("checkpoint", journal.checkpoint(named).unwrap().unwrap().into());
            put(&format!("tile/entries/{}", place.path()), journal.entry_bundle(named, place).unwrap().unwrap());
            put(&format!("payloads/{}", place.path()), journal.payload_bundle(named, place).unwrap().unwrap());
            let Some(declared) = journal.snapshot(named).unwrap() else { continue };
            let (seq, page) = (declared.header().seq, Place { index: 0, width: 3 });
            put(&seq.to_string(), declared.text().into());
            let entries = journal.snapshot_entries(named, seq, page).unwrap().unwrap();
            put(&format!("snapshot/{seq}/entries/{}", page.path()), entries);
            let payloads = journal.snapshot_payloads(named, seq, page).unwrap().unwrap();
            put(&format!("snapshot/{seq}/payloads/{}", page.path()), payloads);
        }
    }

    fn said(path: &Path) -> String {
        examine(path).unwrap().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_downloaded_log_says_what_it_proves_and_what_not() {
        let folder = downloaded();
        let said = said(folder.path());
        for expected in [
            "The log pes.example.org/log/keys/1, 1 change-set\n",
            "The log pes.example.org/log/public/1, 7 change-sets\n",
            "its author signed the root over these 7",
            "of 3 live versions, 3 have the payload",
            "The snapshot https://pes.example.org/log/public/1/5, 3 members\n",
            "2 have the payload here",
            "it does not prove\n    - that the network is the one it says",
            "that others were shown the same",
        ] {
            assert!(said.contains(expected), "{expected:?} is not in\n{said}");
        }
        assert_eq!(examine(&folder.path().join("log/public/1")).unwrap().len(), 2);
    }

    #[test]
    fn one_change_set_proves_little_without_its_nodes_keys() {
        let folder = downloaded();
        let file = folder.path().join("log/public/1/5");
        assert!(said(&file).contains("signed by the key that was valid at its place"));
        let alone = folder.path().join("alone.txt");
        std::fs::copy(&file, &alone).unwrap();
        let said = said(&alone);
        assert!(said.contains("whoever holds the key z6Mk") && said.contains("that takes log/keys/1"), "{said}");
        std::fs::write(&alone, std::fs::read_to_string(&file).unwrap().replace("stateSize> \"3\"", "stateSize> \"2\""))
            .unwrap();
        assert!(examine(&alone).unwrap_err().to_string().contains("does not verify"));
    }

    /// Every file, with one byte changed, or without its last: something is wrong with it, and it is named.
    #[test]
    fn what_was_altered_is_found() {
        let folder = downloaded();
        let below = |rest: &str| folder.path().join("log").join(rest);
        for rest in [
            "keys/1/checkpoint",
            "keys/1/tile/entries/000.p/1",
            "public/1/checkpoint",
            "public/1/tile/entries/000.p/7",
            "public/1/payloads/000.p/7",
            "public/1/5",
            "public/1/snapshot/5/entries/000.p/3",
            "public/1/snapshot/5/payloads/000.p/3",
        ] {
            let file = below(rest);
            let good = std::fs::read(&file).unwrap();
            for at in (0..good.len()).step_by(good.len() / 7 + 1) {
                let mut bad = good.clone();
                bad[at] ^= 1;
                std::fs::write(&file, bad).unwrap();
                assert!(examine(folder.path()).is_err(), "{rest}, byte {at}");
            }
            std::fs::write(&file, &good[..good.len() - 1]).unwrap();
            assert!(examine(folder.path()).is_err(), "{rest}, cut");
            std::fs::write(&file, good).unwrap();
        }
        examine(folder.path()).unwrap();
    }

    #[test]
    fn what_is_missing_is_named() {
        let folder = downloaded();
        let refused = |rest: &str| examine(&folder.path().join(rest)).unwrap_err().to_string();
        assert!(refused("data").contains("no log/keys/1"));
        assert!(refused("log/public").contains("no log/keys/1"));
        std::fs::remove_file(folder.path().join("log/public/1/tile/entries/000.p/7")).unwrap();
        assert!(refused("log").contains("000.p/7"));
        std::fs::remove_file(folder.path().join("log/public/1/checkpoint")).unwrap();
        assert_eq!(examine(&folder.path().join("log/public/1")).unwrap().len(), 1, "the snapshot stands on its own");
        // Without payloads nothing is said of them.
        std::fs::remove_dir_all(folder.path().join("log/public/1/snapshot/5/payloads")).unwrap();
        assert!(said(&folder.path().join("log/public/1")).contains("0 have the payload here"));
        std::fs::remove_dir_all(folder.path().join("log/public/1/snapshot")).unwrap();
        assert!(refused("log/public/1").contains("neither a checkpoint nor a snapshot"));
    }
}
