//! The fields of a header as statements: how each is written, and how it is read back.

use crate::commitment::{Commitment, read_digest};
use crate::header::{Act, Header, PROTOCOL, Target};
use crate::key::multibase;
use crate::key_event::{KeyChange, KeySet, Position};
use crate::line::Object;
use crate::log_id::number;
use crate::snapshot::Snapshot;
use crate::{Fault, LogId, PublicKey, terms, timestamp};
use std::collections::BTreeMap;
use time::UtcDateTime;

/// A statement of a header, whose subject is always the change-set.
type Statement<'a> = (&'static str, Object<'a>);

/// The longest random word that binds the change-sets of one save.
const SAVE_LENGTH: usize = 64;

/// All that a header states, in no order.
pub(crate) fn statements(header: &Header) -> Vec<Statement<'_>> {
    let mut all = vec![
        (terms::TYPE, Object::Iri(terms::CHANGE_SET)),
        (terms::PROTOCOL_NUMBER, integer(header.protocol)),
        (terms::LOG, Object::plain(header.log.name())),
        (terms::EPOCH, integer(header.log.epoch)),
        (terms::SEQ, integer(header.seq)),
        (terms::CREATED, instant(header.created)),
        (terms::OPERATION, Object::Iri(header.act.operation())),
    ];
    all.extend(header.save.iter().map(|word| (terms::SAVE, Object::plain(word.as_str()))));
    all.extend(header.act.target().into_iter().flat_map(of_target));
    match &header.act {
        Act::Upsert { payload, expires, .. } => {
            all.push((terms::COMMITMENT, Object::typed(payload.digest_text(), terms::MULTIBASE)));
            all.push((terms::PAYLOAD_LENGTH, integer(payload.length.into())));
            all.extend(expires.map(|at| (terms::EXPIRES, instant(at))));
        }
        Act::Delete { replaced_by, .. } => {
            all.extend(replaced_by.iter().map(|iri| (terms::IS_REPLACED_BY, Object::Iri(iri))));
        }
        Act::Genesis(keys) => all.extend(of_keys(keys)),
        Act::Rotation(change) | Act::NewEpoch(change) => {
            all.extend(of_keys(&change.keys));
            all.extend(of_positions(terms::VALID_FROM, &change.valid_from));
            all.extend(of_positions(terms::COMPLETE_FROM, &change.complete_from));
        }
        Act::Snapshot(snapshot) => {
            let digest = multibase(&[0x12, 0x20], &snapshot.digest);
            all.push((terms::STATE_DIGEST, Object::typed(digest, terms::MULTIBASE)));
            all.push((terms::STATE_SIZE, integer(snapshot.size)));
        }
        Act::Withdraw { .. } | Act::Unknown { .. } => {}
    }
    all
}

fn of_target(on: &Target) -> [Statement<'_>; 3] {
    [
        (terms::RECORD, Object::Iri(&on.record)),
        (terms::KIND, Object::Iri(&on.kind)),
        (terms::VERSION, integer(on.version)),
    ]
}

fn of_keys(keys: &KeySet) -> Vec<Statement<'_>> {
    let key = |key: &PublicKey| Object::typed(key.to_string(), terms::MULTIBASE);
    let mut all = vec![
        (terms::ROOT_KEY, key(&keys.root)),
        (terms::LOG_KEY, key(&keys.log)),
        (terms::TRANSPORT_KEY, key(&keys.transport)),
    ];
    all.extend(keys.prefixes.iter().map(|prefix| (terms::PREFIX, Object::Iri(prefix.as_str()))));
    all.extend(keys.next_root_text().map(|text| (terms::NEXT_ROOT_KEY, Object::typed(text, terms::MULTIBASE))));
    all
}

fn of_positions<'a>(predicate: &'static str, all: &'a [Position]) -> impl Iterator<Item = Statement<'a>> {
    all.iter().map(move |position| (predicate, Object::Iri(position.iri())))
}

fn integer(value: u64) -> Object<'static> {
    Object::typed(value.to_string(), terms::INTEGER)
}

fn instant(at: UtcDateTime) -> Object<'static> {
    Object::typed(timestamp::write(at), terms::DATE_TIME)
}

/// What was read of a header: the objects of each predicate, in ascending order.
#[derive(Default)]
pub(crate) struct Fields<'a>(BTreeMap<&'a str, Vec<Object<'a>>>);

impl<'a> Fields<'a> {
    pub(crate) fn add(&mut self, predicate: &'a str, object: Object<'a>) {
        self.0.entry(predicate).or_default().push(object);
    }

    /// Makes a header of the fields. Those it does not know stay behind, unread.
    pub(crate) fn header(&self, iri: &str) -> Result<Header, Fault> {
        let (log, seq) = LogId::of_change_set(iri)?;
        if self.iri(terms::TYPE)? != terms::CHANGE_SET {
            return Err(fault(terms::TYPE, "it is no change-set"));
        }
        if self.plain(terms::LOG)? != log.name() || self.integer(terms::EPOCH)? != log.epoch {
            return Err(fault(terms::LOG, "it names another log than the change-set's IRI"));
        }
        if self.integer(terms::SEQ)? != seq {
            return Err(fault(terms::SEQ, "it is another number than in the change-set's IRI"));
        }
        let protocol = self.integer(terms::PROTOCOL_NUMBER)?;
        let created = timestamp::read(self.typed(terms::CREATED, terms::DATE_TIME)?)?;
        let operation = self.iri(terms::OPERATION)?;
        let act = if protocol == PROTOCOL { self.act(operation, &log)? } else { unknown(operation) };
        Ok(Header { protocol, log, seq, created, save: self.save()?, act })
    }

    fn act(&self, operation: &str, log: &LogId) -> Result<Act, Fault> {
        let keys_channel = log.channel == crate::Channel::Keys;
        let act = match operation {
            terms::UPSERT => Act::Upsert { on: self.target()?, payload: self.payload()?, expires: self.expires()? },
            terms::WITHDRAW => Act::Withdraw { on: self.target()? },
            terms::DELETE => Act::Delete { on: self.target()?, replaced_by: self.replaced_by()? },
            terms::GENESIS => Act::Genesis(Box::new(self.keys(log)?)),
            terms::ROTATION => Act::Rotation(Box::new(self.key_change(log, false)?)),
            terms::NEW_EPOCH => Act::NewEpoch(Box::new(self.key_change(log, true)?)),
            terms::SNAPSHOT => Act::Snapshot(self.snapshot()?),
            other => return Ok(unknown(other)),
        };
        if keys_channel != act.is_key_event() {
            return Err(fault(terms::OPERATION, "key events stand in the channel keys, and nothing else does"));
        }
        Ok(act)
    }

    fn target(&self) -> Result<Target, Fault> {
        let version = self.integer(terms::VERSION)?;
        if version == 0 {
            return Err(fault(terms::VERSION, "versions count from 1"));
        }
        Ok(Target { record: self.iri(terms::RECORD)?.to_owned(), kind: self.iri(terms::KIND)?.to_owned(), version })
    }

    fn payload(&self) -> Result<Commitment, Fault> {
        let length = self.integer(terms::PAYLOAD_LENGTH)?;
        let length = u32::try_from(length)
            .ok()
            .filter(|length| (1..=crate::limits::PAYLOAD).contains(&(*length as usize)))
            .ok_or_else(|| fault(terms::PAYLOAD_LENGTH, "it is not between 1 and the limit of a payload"))?;
        Ok(Commitment { digest: read_digest(self.typed(terms::COMMITMENT, terms::MULTIBASE)?)?, length })
    }

    fn expires(&self) -> Result<Option<UtcDateTime>, Fault> {
        if !self.0.contains_key(terms::EXPIRES) {
            return Ok(None);
        }
        timestamp::read(self.typed(terms::EXPIRES, terms::DATE_TIME)?).map(Some)
    }

    fn replaced_by(&self) -> Result<Option<String>, Fault> {
        if !self.0.contains_key(terms::IS_REPLACED_BY) {
            return Ok(None);
        }
        self.iri(terms::IS_REPLACED_BY).map(|iri| Some(iri.to_owned()))
    }

    fn save(&self) -> Result<Option<String>, Fault> {
        if !self.0.contains_key(terms::SAVE) {
            return Ok(None);
        }
        let word = self.plain(terms::SAVE)?;
        let fits =
            (1..=SAVE_LENGTH).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if fits {
            Ok(Some(word.to_owned()))
        } else {
            Err(fault(terms::SAVE, "it is not a word of 1 to 64 letters, digits and hyphens"))
        }
    }

    fn keys(&self, log: &LogId) -> Result<KeySet, Fault> {
        let key = |predicate| self.typed(predicate, terms::MULTIBASE)?.parse::<PublicKey>();
        let next_root = match self.0.contains_key(terms::NEXT_ROOT_KEY) {
            true => Some(KeySet::read_next_root(self.typed(terms::NEXT_ROOT_KEY, terms::MULTIBASE)?)?),
            false => None,
        };
        let keys = KeySet {
            root: key(terms::ROOT_KEY)?,
            log: key(terms::LOG_KEY)?,
            transport: key(terms::TRANSPORT_KEY)?,
            prefixes: self.prefixes()?,
            next_root,
        };
        keys.check(&log.origin)?;
        Ok(keys)
    }

    fn prefixes(&self) -> Result<Vec<String>, Fault> {
        Ok(self.iris(terms::PREFIX)?.into_iter().map(str::to_owned).collect())
    }

    fn key_change(&self, log: &LogId, begins_again: bool) -> Result<KeyChange, Fault> {
        let change = KeyChange {
            keys: self.keys(log)?,
            valid_from: self.positions(terms::VALID_FROM)?,
            complete_from: self.positions(terms::COMPLETE_FROM)?,
        };
        change.check(&log.origin, begins_again)?;
        Ok(change)
    }

    fn positions(&self, predicate: &'static str) -> Result<Vec<Position>, Fault> {
        self.iris(predicate)?.into_iter().map(Position::read).collect()
    }

    fn snapshot(&self) -> Result<Snapshot, Fault> {
        let digest = read_digest(self.typed(terms::STATE_DIGEST, terms::MULTIBASE)?)?;
        Ok(Snapshot { digest, size: self.integer(terms::STATE_SIZE)? })
    }

    /// All objects of a predicate, which are IRIs.
    fn iris(&self, predicate: &'static str) -> Result<Vec<&str>, Fault> {
        let objects = self.0.get(predicate).map(Vec::as_slice).unwrap_or_default();
        let iri = |object: &'_ Object<'a>| match object {
            Object::Iri(iri) => Ok(*iri),
            Object::Literal { .. } => Err(fault(predicate, "it is no IRI")),
        };
        objects.iter().map(iri).collect()
    }

    fn one(&self, predicate: &'static str) -> Result<&Object<'a>, Fault> {
        match self.0.get(predicate).map(Vec::as_slice) {
            Some([object]) => Ok(object),
            Some(_) => Err(fault(predicate, "it is said more than once")),
            None => Err(fault(predicate, "it is missing")),
        }
    }

    fn iri(&self, predicate: &'static str) -> Result<&str, Fault> {
        match self.one(predicate)? {
            Object::Iri(iri) => Ok(iri),
            Object::Literal { .. } => Err(fault(predicate, "it is no IRI")),
        }
    }

    fn plain(&self, predicate: &'static str) -> Result<&str, Fault> {
        match self.one(predicate)? {
            Object::Literal { text, datatype: None, language: None } => Ok(text),
            _ => Err(fault(predicate, "it is no plain string")),
        }
    }

    fn typed(&self, predicate: &'static str, datatype: &str) -> Result<&str, Fault> {
        match self.one(predicate)? {
            Object::Literal { text, datatype: Some(found), .. } if *found == datatype => Ok(text),
            _ => Err(fault(predicate, "it has another datatype")),
        }
    }

    fn integer(&self, predicate: &'static str) -> Result<u64, Fault> {
        number(self.typed(predicate, terms::INTEGER)?)
    }
}

fn unknown(operation: &str) -> Act {
    Act::Unknown { operation: operation.to_owned() }
}

fn fault(predicate: &'static str, why: &str) -> Fault {
    Fault::malformed("header", format!("<{predicate}>: {why}"))
}
