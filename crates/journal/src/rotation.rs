//! Exchanges a node's keys, and begins its logs again where a stolen key has spoilt them. Both are signed by the root key, which
//! lies away from the machine and is in the hand only for this.

use crate::enter;
use crate::epochs::{self, Standing};
use crate::founding::whole_seconds;
use crate::identity::NewKeys;
use crate::publish::{CHANNELS, Written};
use crate::{Identity, Journal, JournalError, leaving};
use pes_changeset::commitment::sha256;
use pes_changeset::header::PROTOCOL;
use pes_changeset::key_event::Position;
use pes_changeset::{Act, ChangeSet, Channel, Header, KeyChange, KeyHistory, KeySet, LogId, Target};
use pes_domain::{Record, Takes};
use pes_store::entries::Urgency;
use pes_store::logs::Log;
use pes_store::own_records::OwnRecord;
use pes_store::{Link, evidence, logs, nodes, own_records};
use std::collections::BTreeMap;
use std::sync::Arc;
use time::UtcDateTime;

/// What became of an exchange of keys.
#[derive(Debug, Clone)]
pub struct Rotated {
    /// This node with its new keys.
    pub identity: Identity,
    /// How many records were issued again; 0 for a mere rotation.
    pub issued: u64,
}

/// The keys from now on. The root key is the one in force, or the one whose digest was declared before; it signs.
#[derive(Debug)]
pub struct Exchange<'a> {
    /// The keys.
    pub keys: &'a NewKeys,
    /// The digest of the root key that may take the root key's place.
    pub next_root: Option<[u8; 32]>,
    /// Whether the logs of records begin again.
    pub begins_again: bool,
    /// Whether they do although not all were asked who may hold what was signed before: it is lost then.
    pub is_unasked: bool,
}

impl Journal {
    /// Exchanges keys, in one transaction; where the logs begin again, with all that is published. This journal signs with the old
    /// keys and is of no use afterwards.
    ///
    /// # Errors
    /// [`JournalError::Founding`] when the root key is not this node's; nothing changes on any error.
    pub fn exchange_keys(&self, exchange: &Exchange<'_>, now: UtcDateTime) -> Result<Rotated, JournalError> {
        match exchange.begins_again {
            // Two key events at one place nobody forgives.
            true if exchange.is_unasked && !self.misses_key_events()? => {}
            true => self.check_may_begin_again()?,
            false if self.doubt().is_some() => return Err(JournalError::Uncertain),
            false => {}
        }
        let identity = Identity {
            log_key: exchange.keys.log.clone(),
            transport_key: exchange.keys.transport.clone(),
            ..self.identity.as_ref().clone()
        };
        // Whatever was in doubt counts for nothing in logs that begin again.
        let renewed = Self { identity: identity.clone().into(), doubts: Arc::default(), ..self.clone() };
        let issued = renewed.write_signed(|link| renewed.declare(link, exchange, now), || renewed.ring_all())?;
        Ok(Rotated { identity, issued })
    }

    fn declare(&self, link: &mut Link, exchange: &Exchange<'_>, now: UtcDateTime) -> Result<u64, JournalError> {
        let own = nodes::find(link, &self.identity.node_id)?;
        let own = own.ok_or_else(|| JournalError::Founding("this database holds no node".into()))?;
        let history = epochs::history(link, &own)?;
        let keys = self.declared(&history, exchange)?;
        let published = if exchange.begins_again { own_records::published(link)? } else { Vec::new() };
        let closed = leaving::closed(link, &self.identity)?;
        let mut issued = BTreeMap::new();
        for channel in CHANNELS {
            issued.insert(channel, self.shown(projections(&published, channel, &closed), channel)?);
        }
        let valid_from = self.positions(link, &history)?;
        let complete_from = CHANNELS.into_iter().filter(|_| exchange.begins_again).map(|channel| {
            let log = LogId::new(self.identity.origin.clone(), channel, history.newest_epoch(channel) + 1);
            Position::new(log, issued[&channel].len() as u64)
        });
        let change = Box::new(KeyChange::new(keys, valid_from, complete_from.collect()));
        nodes::change_keys(link, &own.id, &change.keys)?;
        let act = if exchange.begins_again { Act::NewEpoch(change.clone()) } else { Act::Rotation(change.clone()) };
        self.write_key_event(link, exchange, act, now)?;
        let mut count = 0;
        for opening in &change.complete_from {
            let records = issued.remove(&opening.log().channel).unwrap_or_default();
            count += records.len() as u64;
            self.issue_again(link, opening, records, now)?;
        }
        if exchange.begins_again {
            // Who begins again has explained what happened, here too.
            evidence::lift(link, &own.id, now.unix_timestamp())?;
        }
        Ok(count)
    }

    /// The keys to declare, if the root key in the hand is one that may.
    fn declared(&self, history: &KeyHistory, exchange: &Exchange<'_>) -> Result<KeySet, JournalError> {
        let current = history.current();
        let root = exchange.keys.root.public();
        let is_next = current.next_root == Some(sha256(root.to_string().as_bytes()));
        if root != current.root && !is_next {
            return Err(JournalError::Founding("this is not the root key of this node; nothing was changed".into()));
        }
        Ok(KeySet {
            root,
            log: exchange.keys.log.public(),
            transport: exchange.keys.transport.public(),
            prefixes: current.prefixes.clone(),
            next_root: exchange.next_root.or(current.next_root.filter(|_| !is_next)),
        })
    }

    /// Where in each log of records the new log key begins: behind what is known here. Logs nobody should have written are named too.
    fn positions(&self, link: &mut Link, history: &KeyHistory) -> Result<Vec<Position>, JournalError> {
        let mut positions = Vec::new();
        for channel in CHANNELS {
            for epoch in 1..=history.newest_epoch(channel) {
                let held = logs::find(link, &self.identity.node_id, channel, epoch)?.map_or(0, |log| log.size());
                positions.push(Position::new(LogId::new(self.identity.origin.clone(), channel, epoch), held));
            }
        }
        Ok(positions)
    }

    fn write_key_event(
        &self,
        link: &mut Link,
        exchange: &Exchange<'_>,
        act: Act,
        now: UtcDateTime,
    ) -> Result<(), JournalError> {
        let mut log = logs::find_or_insert(link, &self.identity.node_id, Channel::Keys, 1)?;
        let header = Header {
            protocol: PROTOCOL,
            log: LogId::new(self.identity.origin.clone(), Channel::Keys, 1),
            seq: log.size(),
            created: whole_seconds(now),
            save: None,
            act,
        };
        let event = ChangeSet::sign(&header, &exchange.keys.root).map_err(JournalError::Sign)?;
        enter::append(link, &mut log, &event, Urgency::None)?;
        enter::close(link, &mut log, &self.identity)
    }

    /// Writes all live records of a channel into its new log, which then counts.
    fn issue_again(
        &self,
        link: &mut Link,
        opening: &Position,
        records: Vec<(Record, u64)>,
        now: UtcDateTime,
    ) -> Result<(), JournalError> {
        let (channel, epoch) = (opening.log().channel, opening.log().epoch);
        let log = logs::find_or_insert(link, &self.identity.node_id, channel, epoch)?;
        if records.is_empty() {
            epochs::begin(link, &log, self.world(&Takes::default(), None))?;
        }
        self.issue_into(link, (log, Standing::Coming { complete_from: opening.seq() }), records, now)
    }

    /// Writes records into a log of ours that has none yet.
    pub(crate) fn issue_into(
        &self,
        link: &mut Link,
        (mut log, mut standing): (Log, Standing),
        records: Vec<(Record, u64)>,
        now: UtcDateTime,
    ) -> Result<(), JournalError> {
        for (record, version) in records {
            let kind = format!("{}{}", pes_changeset::terms::KINDS, record.kind().notation());
            let target = Target { record: record.iri.to_string(), kind, version };
            let (change_set, payload) = self.upsert(&log, record, &target, now)?;
            self.enter_own(link, (&mut log, &mut standing), &change_set, payload.as_ref().map(Written::given))?;
        }
        enter::close(link, &mut log, &self.identity)
    }

    /// Of what a channel is to carry, what other nodes would show.
    pub(crate) fn shown(
        &self,
        records: Vec<(Record, u64)>,
        channel: Channel,
    ) -> Result<Vec<(Record, u64)>, JournalError> {
        let mut shown = Vec::new();
        for (record, version) in records {
            if self.is_shown(&record, channel)? {
                shown.push((record, version));
            }
        }
        Ok(shown)
    }
}

/// What each channel's audience may see of the records that are published, with their versions.
pub(crate) fn projections(published: &[OwnRecord], channel: Channel, closed: &[Channel]) -> Vec<(Record, u64)> {
    let audience = enter::audience(channel);
    let projection = |own: &OwnRecord| Some((own.record.projection(audience)?, own.version.max(1)));
    let open = published.iter().filter(|own| !leaving::is_closed(closed, channel, own.record.kind()));
    open.filter_map(projection).collect()
}
