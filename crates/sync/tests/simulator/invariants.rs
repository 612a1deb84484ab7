//! What has to hold whatever the network, the clocks and the neighbours do.

use crate::village::{NAMES, Name, Node, Village};
use pes_changeset::Checkpoint;
use pes_changeset::commitment::hex;
use pes_changeset::terms::DELETE;
use pes_domain::RecordIri;
use pes_store::{entries, logs, peers, records, states};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// What was seen before, and may not change.
#[derive(Default)]
pub struct Witness {
    /// The root of each log at each size, whoever held it.
    roots: BTreeMap<(String, u64), String>,
    /// What each node knew to be deleted.
    deleted: BTreeMap<Name, BTreeSet<String>>,
}

impl Village {
    /// What holds at any moment: one root for each log and size, acknowledged is held, deleted stays deleted, and no cursor passes what
    /// its peer does not hold.
    pub fn assert_sound(&mut self) {
        for name in NAMES {
            self.one_root(name);
            self.deleted_stays_deleted(name);
            self.acknowledged_survives(name);
            self.no_cursor_runs_ahead(name);
        }
    }

    /// What holds when everybody has heard everything, besides: all agree, everything verifies, and what its author holds, all do.
    pub fn assert_all_agree(&mut self) {
        self.assert_sound();
        let digests: HashSet<String> = self.nodes.values().map(|node| node.digest()).collect();
        assert_eq!(digests.len(), 1, "the nodes do not agree");
        for node in self.nodes.values() {
            let verified = node.journal.verify().unwrap();
            assert_eq!(verified.missing, 0, "payloads are missing at {}", node.origin());
        }
        for (author, record) in
            self.nodes.iter().flat_map(|(name, node)| node.records.iter().map(move |one| (name, one)))
        {
            let is_live = self.has(author, &record.iri);
            assert!(NAMES.iter().all(|name| self.has(name, &record.iri) == is_live), "{} of {author}", record.iri);
        }
    }

    fn one_root(&mut self, name: Name) {
        let mut seen: Vec<(String, u64, String)> = Vec::new();
        for head in self.nodes[name].journal.heads().unwrap() {
            let Some(note) = head.checkpoint.as_ref().and_then(|text| pes_changeset::note::Note::read(text).ok())
            else {
                continue;
            };
            let head = Checkpoint::read(&note.text).unwrap();
            seen.push((head.log, head.size, hex(&head.root)));
        }
        let held = self.nodes[name].journal.store().read(logs::all).unwrap();
        for log in held {
            let origin = self.nodes[name].journal.pinned(&log.node).unwrap().origin;
            let log_name = pes_changeset::LogId::new(origin, log.channel, log.epoch).name();
            seen.push((log_name, log.size(), hex(&log.frontier.root())));
        }
        for (log, size, root) in seen.into_iter().filter(|(_, size, _)| *size > 0) {
            let known = self.witness.roots.entry((log, size)).or_insert_with(|| root.clone());
            assert_eq!(*known, root, "{name} holds another root at size {size}");
        }
    }

    fn deleted_stays_deleted(&mut self, name: Name) {
        let node = &self.nodes[name];
        let (deleted, shown) = node
            .journal
            .store()
            .read(|link| {
                let all = states::after(link, "", "", u64::from(u32::MAX))?;
                let deleted: BTreeSet<String> =
                    all.into_iter().filter(|state| state.operation == DELETE).map(|state| state.record).collect();
                let reader = pes_domain::Audience::Affiliates;
                let mut shown = Vec::new();
                for record in &deleted {
                    shown.extend(records::seen(link, record, reader)?.map(|sheet| sheet.record.iri));
                }
                Ok::<(BTreeSet<String>, Vec<RecordIri>), pes_store::StoreError>((deleted, shown))
            })
            .unwrap();
        assert!(shown.is_empty(), "{name} shows what was deleted: {shown:?}");
        let before = self.witness.deleted.insert(name, deleted.clone()).unwrap_or_default();
        assert!(before.is_subset(&deleted), "{name} forgot a delete");
    }

    /// What a node gave a receipt for, it holds.
    fn acknowledged_survives(&self, name: Name) {
        for (peer, log, holder) in self.logs_and_peers(name) {
            let node = &self.nodes[name].journal;
            let size = node.store().read(|link| peers::acknowledged(link, &peer, log.id)).unwrap();
            assert!(held(holder, &log) >= size, "{} does not hold what it acknowledged to {name}", holder.origin());
        }
    }

    /// Where a peer's cursor stands, the peer holds all that came before it.
    fn no_cursor_runs_ahead(&self, name: Name) {
        let journal = &self.nodes[name].journal;
        for peer in journal.peers().unwrap() {
            let holder = self.nodes.values().find(|node| node.id() == peer.node).unwrap();
            let all = journal.store().read(|link| entries::arrived_after(link, 0, &peer.node, u64::from(u32::MAX)));
            for entry in all.unwrap().iter().filter(|entry| entry.arrival <= peer.cursor) {
                let log = journal.store().read(|link| logs::get(link, entry.log)).unwrap();
                let size = held(holder, &log);
                assert!(size > entry.seq, "{name} has passed what {} does not hold: {}", holder.origin(), entry.text);
            }
        }
    }

    fn logs_and_peers(&self, name: Name) -> Vec<(String, logs::Log, &Node)> {
        let journal = &self.nodes[name].journal;
        let logs = journal.store().read(logs::all).unwrap();
        let peers = journal.peers().unwrap();
        let holder = |id: &str| self.nodes.values().find(|node| node.id() == id).unwrap();
        peers
            .iter()
            .flat_map(|peer| logs.iter().map(|log| (peer.node.clone(), log.clone(), holder(&peer.node))))
            .collect()
    }
}

/// How much of a log a node holds.
fn held(node: &Node, log: &logs::Log) -> u64 {
    let find = |link: &mut _| logs::find(link, &log.node, log.channel, log.epoch);
    node.journal.store().read(find).unwrap().map_or(0, |log| log.size())
}
