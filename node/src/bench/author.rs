//! A network that exists only as keys: it writes change-sets of invented structures as fast as they can be signed, so that what is
//! measured is the node that takes them.

use crate::NodeError;
use crate::house::rules;
use pes_changeset::batch::Batch;
use pes_changeset::commitment::new_salt;
use pes_changeset::header::PROTOCOL;
use pes_changeset::note::{Note, NoteSignature};
use pes_changeset::receipt::cosign;
use pes_changeset::state_digest::StateDigest;
use pes_changeset::tree::Frontier;
use pes_changeset::{
    Act, ChangeSet, Channel, Checkpoint, Commitment, Fault, Header, KeyHistory, KeySet, LogId, Origin, Snapshot, Target,
};
use pes_domain::{Audience, Draft, Kind, Record, RecordIri};
use pes_journal::Journal;
use pes_journal::identity::NewKeys;
use pes_sync::{Answer, Ask, Outcome};
use time::UtcDateTime;

/// The author of a log.
#[derive(Debug)]
pub(super) struct Author {
    origin: Origin,
    keys: NewKeys,
    genesis: ChangeSet,
    log: LogId,
    frontier: Frontier,
    now: UtcDateTime,
}

impl Author {
    /// A network of this host, with new keys.
    pub(super) fn at(host: &str, now: UtcDateTime) -> Result<Self, NodeError> {
        let now = now.replace_nanosecond(0).unwrap_or(now);
        let origin: Origin = format!("https://{host}").parse().map_err(said)?;
        let keys = NewKeys::generate().map_err(said)?;
        let declared = KeySet {
            root: keys.root.public(),
            log: keys.log.public(),
            transport: keys.transport.public(),
            prefixes: vec![format!("{origin}/id/")],
            next_root: None,
        };
        let log = LogId::new(origin.clone(), Channel::Keys, 1);
        let act = Act::Genesis(Box::new(declared));
        let header = Header { protocol: PROTOCOL, log, seq: 0, created: now, save: None, act };
        let genesis = ChangeSet::sign(&header, &keys.root).map_err(said)?;
        let log = LogId::new(origin.clone(), Channel::Public, 1);
        Ok(Self { origin, keys, genesis, log, frontier: Frontier::default(), now })
    }

    /// Its node-id.
    pub(super) fn id(&self) -> String {
        self.genesis.digest_hex()
    }

    /// Makes a node know it.
    pub(super) fn meet(&self, journal: &Journal) -> Result<(), NodeError> {
        let events = std::slice::from_ref(&self.genesis);
        journal.pin((&self.id(), &self.origin), "Réseau d’essai", events, self.now)?;
        Ok(())
    }

    /// The next so many change-sets, each of a new structure, with the head after them.
    pub(super) fn batch(&mut self, count: u64) -> Result<Batch, NodeError> {
        let items = (0..count).map(|_| self.next()).collect::<Result<Vec<_>, _>>()?;
        self.closed(items)
    }

    /// A snapshot of the state that these change-sets have brought, one a record, with the head after it.
    pub(super) fn snapshot(&mut self, mut members: Vec<Header>) -> Result<Batch, NodeError> {
        members.sort_by(|one, other| record_of(one).cmp(record_of(other)));
        let mut digest = StateDigest::default();
        for header in &members {
            digest.add_left_by(header);
        }
        let act = Act::Snapshot(Snapshot { digest: digest.hash(), size: members.len() as u64 });
        let declared = (self.sign(act)?, None);
        self.closed(vec![declared])
    }

    fn closed(&self, items: Vec<(ChangeSet, Option<Vec<u8>>)>) -> Result<Batch, NodeError> {
        let head = Checkpoint { log: self.log.name(), size: self.frontier.size(), root: self.frontier.root() };
        Ok(Batch { checkpoint: Some(head.sign(&self.keys.log).map_err(said)?), items })
    }

    /// Answers a push as a node does: reads the batch, verifies every change-set and the head, and signs the receipt.
    pub(super) fn answer(&self, author: &Journal, ask: &Ask) -> Outcome {
        let identity = author.identity();
        let node = author.pinned(&identity.node_id).map_err(|e| e.to_string())?;
        let (keys, _) = author.keys_of(&node).map_err(|e| e.to_string())?;
        let bytes = ask.body.as_ref().map(|(_, bytes)| bytes.as_slice()).unwrap_or_default();
        let receipt = self.receipt(&keys, bytes).map_err(|e| e.to_string())?;
        Ok(Answer { status: 200, body: format!("{}\n", receipt.write()).into_bytes() })
    }

    fn receipt(&self, keys: &KeyHistory, bytes: &[u8]) -> Result<NoteSignature, Fault> {
        let batch = Batch::read(bytes)?;
        let head = Note::read(&batch.checkpoint.as_ref().map(Note::write).unwrap_or_default())?;
        for (change_set, _) in batch.items.iter().filter(|(one, _)| one.header().log.channel != Channel::Keys) {
            keys.verify(change_set)?;
        }
        if let Some((first, _)) = batch.items.first() {
            keys.verify_head(&head, &first.header().log)?;
        }
        cosign(&head, &self.origin.note_name(), &self.keys.log, UtcDateTime::now())
    }

    fn next(&mut self) -> Result<(ChangeSet, Option<Vec<u8>>), NodeError> {
        let seq = self.frontier.size();
        let record = structure(&self.origin, seq, self.now)?;
        let payload = pes_rdf::write(&record, &new_salt().map_err(said)?).into_bytes();
        let kind = format!("{}{}", pes_changeset::terms::KINDS, record.iri.kind_notation());
        let on = Target { record: record.iri.to_string(), kind, version: 1 };
        let act = Act::Upsert { on, payload: Commitment::to(&payload).map_err(said)?, expires: None };
        Ok((self.sign(act)?, Some(payload)))
    }

    fn sign(&mut self, act: Act) -> Result<ChangeSet, NodeError> {
        let (log, seq) = (self.log.clone(), self.frontier.size());
        let header = Header { protocol: PROTOCOL, log, seq, created: self.now, save: None, act };
        let change_set = ChangeSet::sign(&header, &self.keys.log).map_err(said)?;
        self.frontier.append(change_set.leaf_hash());
        Ok(change_set)
    }
}

/// An invented structure, of about thirty triples as everybody may see them.
pub(super) fn structure(origin: &Origin, number: u64, now: UtcDateTime) -> Result<Record, NodeError> {
    let name = format!("L’Atelier partagé n° {number}");
    let (web, mail) = (format!("https://atelier-{number}.example"), format!("contact@atelier-{number}.example"));
    let fields = [
        ("name", name.as_str()),
        ("acronym", "AP"),
        ("tagline", "Un atelier pour les mains de tout le quartier"),
        ("description", DESCRIPTION),
        ("legal-form", "association"),
        ("founded", "2012"),
        ("web", &web),
        ("site-label", "atelier"),
        ("site-street", "12 rue des Ateliers"),
        ("site-commune", "Nice (06088)"),
        ("areas", "department:06"),
        ("sectors", "industry-making-places"),
        ("skills", "joinery"),
        ("contact-medium", "email"),
        ("contact-value", &mail),
        ("contact-note", ""),
        ("contact-audience", "public"),
    ];
    let draft: Draft = fields.into_iter().map(|(field, value)| (field.to_owned(), value.to_owned())).collect();
    let iri = RecordIri::mint(origin.as_str(), Kind::Structure);
    let mut record = Record::raise(Kind::Structure, (iri, now), &draft, now, &rules()).map_err(|problems| {
        let all: Vec<String> = problems.iter().map(ToString::to_string).collect();
        NodeError::Said(format!("an invented structure is not right: {}", all.join("; ")))
    })?;
    record.published = Some(now);
    record.projection(Audience::Public).ok_or_else(|| NodeError::Said("nobody may see an invented structure".into()))
}

const DESCRIPTION: &str = "Machines à bois, forge légère et imprimantes 3D, ouvertes à qui veut apprendre, réparer ou fabriquer. \
                           Une équipe de bénévoles veille à la sécurité ; l’adhésion est libre, le matériau de récupération.";

fn record_of(header: &Header) -> &str {
    header.act.target().map_or("", |target| &target.record)
}

fn said(why: Fault) -> NodeError {
    NodeError::Said(why.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_structure_has_about_thirty_triples() {
        let author = Author::at("auteur.example", UtcDateTime::now()).unwrap();
        let record = structure(&author.origin, 7, author.now).unwrap();
        let payload = pes_rdf::write(&record, &"0".repeat(32));
        assert!((28..=32).contains(&payload.lines().count()), "{payload}");
    }

    #[test]
    fn batches_follow_one_another_and_survive_the_journey() {
        let mut author = Author::at("auteur.example", UtcDateTime::now()).unwrap();
        let (one, two) = (author.batch(2).unwrap(), author.batch(1).unwrap());
        assert_eq!(two.items[0].0.header().seq, 2);
        assert_eq!(Batch::read(&one.write().unwrap()).unwrap(), one);
    }
}
