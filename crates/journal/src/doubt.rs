//! What is not known of what this node signed, and how it is found out again.
//!
//! A database that comes from a backup may not know all that was signed since. What others were shown of it, they give back: what they hold in its
//! order by its heads ([`Journal::receive`]), and what came to them ahead of its turn, or whose head they have not all of, change-set by change-set
//! ([`Journal::recollect`]). What nobody holds any more was lost for good; then the logs begin again
//! ([`Journal::exchange_keys`]).

use crate::epochs;
use crate::heads::root_at;
use crate::mending::mend;
use crate::publish::CHANNELS;
use crate::receive::{counting, verify};
use crate::signed_heads::{Heads, SignedHeads};
use crate::{Journal, JournalError, Refusal, choices, enter, evidence};
use pes_changeset::commitment::hex;
use pes_changeset::{ChangeSet, Channel, LogId};
use pes_store::{Link, logs};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Why nothing may be signed yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doubt {
    /// The file is gone: whether more was signed than the database knows, those can tell who hold our logs.
    Unknown,
    /// More was signed than the database knows.
    Behind {
        /// The log's name.
        log: String,
        /// How many change-sets of it were signed.
        signed: u64,
    },
}

/// The doubt of a journal.
#[derive(Debug, Default)]
pub(crate) struct Doubts(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    doubt: Option<Doubt>,
    /// How many change-sets of a log others were shown to be signed, by its name: whatever the file says.
    shown: BTreeMap<String, u64>,
}

impl Doubts {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, doubt: Option<Doubt>) {
        let mut known = self.known();
        if doubt.is_none() {
            known.shown.clear();
        }
        known.doubt = doubt;
    }
}

impl Journal {
    /// This journal with the file of the heads it signed, and the doubt that it gives rise to.
    pub(crate) fn doubting_by(mut self, signed: SignedHeads) -> Result<Self, JournalError> {
        let heads = signed.read()?;
        self.signed = Some(signed.into());
        let doubt = match heads {
            Some(heads) => self.store.read(|link| self.behind(link, &heads, &BTreeMap::new()))?,
            // A node that is alone has nobody who could know more. How little the database knows is no reason: the backup may be as old as the node.
            None if self.peers()?.is_empty() => None,
            None => {
                tracing::warn!(
                    "the file keys/heads is gone: those who hold this node's logs are asked what it signed. Where nobody is left to ask, an empty \
                     file keys/heads says that the database knows all"
                );
                Some(Doubt::Unknown)
            }
        };
        self.doubts.set(doubt);
        Ok(self)
    }

    /// Why nothing may be signed yet, if so.
    pub fn doubt(&self) -> Option<Doubt> {
        self.doubts.known().doubt.clone()
    }

    /// Those who hold our logs were asked, and what they hold of them was fetched: signs again, unless the database still knows
    /// less than was signed. Tells whether it does.
    ///
    /// # Errors
    /// [`JournalError::Store`], [`JournalError::SignedHeads`].
    pub fn reassure(&self) -> Result<bool, JournalError> {
        let Some(signed) = &self.signed else { return Ok(true) };
        let heads = signed.read()?.unwrap_or_default();
        let shown = self.doubts.known().shown.clone();
        let doubt = self.store.read(|link| self.behind(link, &heads, &shown))?;
        if let Some(Doubt::Behind { log, signed }) = &doubt {
            tracing::error!(
                log,
                signed,
                "the database knows fewer change-sets than were signed, and nobody who was asked holds them; nothing is signed. Restore a newer \
                 backup; if there is none, stop the node and begin its logs again with the root key: `pes keys new-epoch`"
            );
        }
        if !self.has_its_keys()? {
            tracing::error!(
                "the keys in the key folder are not those that this node declared last; nothing is signed. Put the right folder in place"
            );
            return Ok(false);
        }
        let is_certain = doubt.is_none();
        self.doubts.set(doubt);
        if is_certain {
            self.remember()?;
            self.ring();
        }
        Ok(is_certain)
    }

    /// Nothing is signed while it is not known what was signed before, nor after two histories were signed.
    ///
    /// # Errors
    /// [`JournalError::Uncertain`], [`Refusal::Quarantined`].
    pub fn check_certain(&self) -> Result<(), JournalError> {
        self.store.read(|link| self.check_certain_within(link))
    }

    /// The same, within a view.
    pub(crate) fn check_certain_within(&self, link: &mut Link) -> Result<(), JournalError> {
        if self.doubt().is_some() {
            return Err(JournalError::Uncertain);
        }
        match evidence::is_quarantined(link, &self.identity.node_id)? {
            false => Ok(()),
            true => Err(Refusal::Quarantined(self.identity.origin.to_string()).into()),
        }
    }

    /// Checks that the logs may begin again: where change-sets of records were lost for good, that is what there is to do; which keys were declared
    /// has to be known.
    pub(crate) fn check_may_begin_again(&self) -> Result<(), JournalError> {
        match self.doubt() {
            Some(Doubt::Unknown) => Err(JournalError::Uncertain),
            Some(Doubt::Behind { .. }) if self.misses_key_events()? => Err(JournalError::Uncertain),
            _ => Ok(()),
        }
    }

    /// Whether more key events were signed than the database knows, by the file.
    pub(crate) fn misses_key_events(&self) -> Result<bool, JournalError> {
        let heads = self.signed.as_ref().map(|signed| signed.read()).transpose()?.flatten().unwrap_or_default();
        let of_keys = LogId::new(self.identity.origin.clone(), Channel::Keys, 1).name();
        let of_keys = heads.into_iter().filter(|(log, _)| *log == of_keys).collect();
        Ok(self.store.read(|link| self.behind(link, &of_keys, &BTreeMap::new()))?.is_some())
    }

    /// The logs of records that this node writes, each with how many change-sets of it are held; none while there is no doubt.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn doubtful_logs(&self) -> Result<Vec<(LogId, u64)>, JournalError> {
        if self.doubt().is_none() {
            return Ok(Vec::new());
        }
        let own = self.pinned(&self.identity.node_id)?;
        self.store.read(|link| {
            let (keys, _) = self.keys_within(link, &own)?;
            let mut doubtful = Vec::new();
            for channel in CHANNELS {
                let epoch = epochs::current(link, (&own.id, &keys), channel)?;
                let held = logs::find(link, &own.id, channel, epoch)?.map_or(0, |log| log.size());
                doubtful.push((LogId::new(own.origin.clone(), channel, epoch), held));
            }
            Ok(doubtful)
        })
    }

    /// Notes that others hold, or were shown, so many change-sets of a log of ours.
    pub(crate) fn was_shown(&self, log: &LogId, size: u64) {
        let mut known = self.doubts.known();
        if known.doubt.is_some() {
            let most = known.shown.entry(log.name()).or_default();
            *most = size.max(*most);
        }
    }

    /// Notes that others hold this change-set of ours, which does not follow what is held here.
    ///
    /// # Errors
    /// [`JournalError::Refused`] where it was not signed here.
    pub fn is_held_elsewhere(&self, change_set: &ChangeSet) -> Result<(), JournalError> {
        let own = self.pinned(&self.identity.node_id)?;
        let log = &change_set.header().log;
        verify(&own, &self.keys_of(&own)?.0, log, &[(change_set.clone(), None)])?;
        self.was_shown(log, change_set.header().seq + 1);
        Ok(())
    }

    /// Takes back the next change-set of a log of ours from whoever holds it without a head: it came to them ahead of its turn. Its payload, if it has
    /// one, is a gap until it is found. The head over it is signed: whatever more was signed, it begins with that; and without a head nobody could be
    /// brought it in its turn.
    ///
    /// # Errors
    /// [`JournalError::Refused`] where it was not signed here or does not follow what is held; then nothing has changed.
    pub fn recollect(&self, change_set: &ChangeSet) -> Result<(), JournalError> {
        let own = self.pinned(&self.identity.node_id)?;
        let (keys, _) = self.keys_of(&own)?;
        let (log, seq) = (&change_set.header().log, change_set.header().seq);
        verify(&own, &keys, log, &[(change_set.clone(), None)])?;
        self.store.write(|link| {
            let mut held = logs::find_or_insert(link, &own.id, log.channel, log.epoch)?;
            if self.doubt().is_none() {
                return Err(Refusal::SignedElsewhere { log: log.name() }.into());
            }
            if seq != held.size() {
                return Err(Refusal::Gap { size: held.size() }.into());
            }
            let (takes, mut standing) = (choices::takes(link)?, counting(link, (&own, &keys), log)?);
            enter::enter(link, (&mut held, &mut standing, None), change_set, None, self.world(&takes, None))?;
            if let Some(target) = change_set.header().act.target() {
                mend(link, &target.record)?;
            }
            enter::close(link, &mut held, &self.identity)
        })?;
        self.ring();
        Ok(())
    }

    /// The first log of which more was signed than the database knows, or something else; by these heads, and by what others were shown.
    fn behind(
        &self,
        link: &mut Link,
        signed: &Heads,
        shown: &BTreeMap<String, u64>,
    ) -> Result<Option<Doubt>, JournalError> {
        let signed = signed.iter().map(|(log, (size, root))| (log, *size, Some(root)));
        for (name, size, root) in signed.chain(shown.iter().map(|(log, size)| (log, *size, None))) {
            let id = LogId::named(&self.identity.origin, name)?;
            // What stood in an epoch before counts for nothing.
            let newest = logs::newest(link, &self.identity.node_id, id.channel)?;
            if newest.is_some_and(|newest| newest.epoch > id.epoch) {
                continue;
            }
            let log = logs::find(link, &self.identity.node_id, id.channel, id.epoch)?;
            let known = log.map(|log| root_at(link, &log, size)).transpose()?.flatten();
            let is_known = known.is_some_and(|known| root.is_none_or(|root| hex(&known) == *root));
            if !is_known {
                return Ok(Some(Doubt::Behind { log: name.clone(), signed: size }));
            }
        }
        Ok(None)
    }
}
