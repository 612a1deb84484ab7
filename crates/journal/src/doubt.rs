//! What is not known of what this node signed, and how it is found out again.
//!
//! A database that comes from a backup may not know all that was signed since. What others were shown of it, they give back: what they hold in its
//! order by its heads ([`Journal::receive`]), and what came to them ahead of its turn, or whose head they have not all of, change-set by change-set
//! ([`Journal::recollect`]). What nobody holds any more was lost for good; then the logs begin again
//! ([`Journal::exchange_keys`]).

use crate::epochs::{self, Standing};
use crate::heads::root_at;
use crate::mending::{mend, mend_all, shown_of_ours};
use crate::publish::CHANNELS;
use crate::receive::{counting, leaf_held, verify};
use crate::signed_heads::{Heads, SignedHeads, UNKNOWN};
use crate::{Journal, JournalError, Refusal, choices, enter, evidence};
use pes_changeset::commitment::hex;
use pes_changeset::{Act, ChangeSet, Channel, KeyHistory, LogId};
use pes_store::logs::Log;
use pes_store::nodes::Node;
use pes_store::own_records::{Moderation, OwnRecord};
use pes_store::{Link, logs, own_records, settings};
use std::sync::{Mutex, MutexGuard, PoisonError};
use time::UtcDateTime;

/// The setting that says of what it is known that nobody holds it.
const LOST: &str = "lost for good";

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

/// Who has been asked for what is in doubt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// Some.
    Some,
    /// All who may hold it, since something of ours came last.
    All,
    /// All, again and again: a payload that has not come will not.
    Patiently,
}

/// The doubt of a journal.
#[derive(Debug, Default)]
pub(crate) struct Doubts(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    doubt: Option<Doubt>,
    /// Whether the file was gone, so that all who may know more have to be heard.
    is_forgotten: bool,
    /// How often others were found to have been shown more than was known.
    shown: u64,
    /// What the operator was told last.
    told: Option<String>,
}

impl Doubts {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Journal {
    /// This journal with the file of the heads it signed, and the doubt that it gives rise to.
    pub(crate) fn doubting_by(mut self, signed: SignedHeads) -> Result<Self, JournalError> {
        let heads = signed.read()?;
        self.signed = Some(signed.into());
        // A node that is alone has nobody who could know more. How little the database knows is no reason: the backup may be as old as the node.
        let is_forgotten = match &heads {
            Some(heads) => heads.values().any(|(_, root)| root == UNKNOWN),
            None => !self.peers()?.is_empty(),
        };
        if is_forgotten {
            tracing::warn!(
                "the file keys/heads is gone, or says only what others showed: those who hold this node's logs are asked what it signed. Where nobody is left to ask, an empty file \
                 keys/heads says that the database knows all"
            );
        }
        let behind = self.store.read(|link| self.behind(link, &heads.unwrap_or_default()))?;
        if let Some(Doubt::Behind { log, signed }) = &behind {
            tracing::warn!(
                log,
                signed,
                "more was signed than the database knows: those who hold this node's logs are asked for it"
            );
        }
        let doubt = behind.or(is_forgotten.then_some(Doubt::Unknown));
        *self.doubts.state() = State { doubt, is_forgotten, ..State::default() };
        Ok(self)
    }

    /// Why nothing may be signed yet, if so.
    pub fn doubt(&self) -> Option<Doubt> {
        self.doubts.state().doubt.clone()
    }

    /// Whether the file that says how much was signed was gone: then more may have been signed than anything here says.
    pub fn has_forgotten(&self) -> bool {
        self.doubts.state().is_forgotten
    }

    /// What others hold of our logs was fetched from some of them, or, if so, from all who may know more: signs again, unless more was signed
    /// than the database knows, or may have been. Tells whether it signs.
    ///
    /// # Errors
    /// [`JournalError::Store`], [`JournalError::SignedHeads`].
    pub fn reassure(&self, asked: Asked) -> Result<bool, JournalError> {
        let Some(signed) = &self.signed else { return Ok(true) };
        let heads = signed.read()?.unwrap_or_default();
        let doubt = self.store.read(|link| self.behind(link, &heads))?;
        if let Some(doubt) = doubt {
            self.doubts.state().doubt = Some(doubt.clone());
            return self.tell_loss(&doubt, asked).map(|()| false);
        }
        if !self.has_its_keys()? {
            self.tell("other keys", || {
                tracing::error!(
                    "the keys in the key folder are not those that this node declared last; nothing is signed. Put the right folder in place"
                );
            });
            return Ok(false);
        }
        let mut state = self.doubts.state();
        // What is noted while this waits is in the file.
        let is_news = signed.read()?.unwrap_or_default() != heads;
        if (state.is_forgotten && asked == Asked::Some) || is_news {
            return Ok(false);
        }
        *state = State { shown: state.shown, ..State::default() };
        drop(state);
        self.remember()?;
        self.ring();
        Ok(true)
    }

    /// Where everybody was asked, what is missing was lost for good; but for payloads that are still to come, with which it would be issued again.
    fn tell_loss(&self, doubt: &Doubt, asked: Asked) -> Result<(), JournalError> {
        if asked == Asked::Some || (asked == Asked::All && self.misses_its_own()?) {
            return Ok(());
        }
        let (noted, loss) = self.noted_loss(doubt)?;
        if noted.as_ref() != Some(&loss) {
            self.store.write(|link| settings::put(link, LOST, &loss))?;
        }
        self.tell(&loss, || {
            tracing::error!(
                loss,
                "more was signed than the database knows, and nobody who was asked holds it; nothing is signed. Restore a newer backup; if there is \
                 none, stop the node and begin its logs again with the root key: `pes keys new-epoch`"
            );
        });
        Ok(())
    }

    /// Tells the operator once.
    fn tell(&self, what: &str, say: impl FnOnce()) {
        let before = self.doubts.state().told.replace(what.to_owned());
        if before.as_deref() != Some(what) {
            say();
        }
    }

    /// What a doubt comes to when nobody holds what is missing: of which log so much, where so much is held here.
    fn loss(&self, link: &mut Link, doubt: &Doubt) -> Result<String, JournalError> {
        let held: u64 = logs::of_node(link, &self.identity.node_id)?.iter().map(Log::size).sum();
        Ok(match doubt {
            Doubt::Unknown => format!("unknown, {held} held"),
            Doubt::Behind { log, signed } => format!("{log}: {signed} signed, {held} held of all"),
        })
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

    /// Checks that the logs may begin again: while it is in doubt what was signed, only when everybody was asked, and what is missing was lost for
    /// good. Others drop what they hold of the logs before.
    pub(crate) fn check_may_begin_again(&self) -> Result<(), JournalError> {
        let Some(doubt) = self.doubt() else { return Ok(()) };
        let (noted, loss) = self.noted_loss(&doubt)?;
        if noted == Some(loss) { Ok(()) } else { Err(JournalError::Uncertain) }
    }

    /// The loss that was noted, and the one that a doubt comes to now.
    fn noted_loss(&self, doubt: &Doubt) -> Result<(Option<String>, String), JournalError> {
        self.store.read(|link| Ok((settings::get(link, LOST)?, self.loss(link, doubt)?)))
    }

    /// Whether more key events were signed than the database knows, by the file.
    pub(crate) fn misses_key_events(&self) -> Result<bool, JournalError> {
        let heads = self.signed.as_ref().map(|signed| signed.read()).transpose()?.flatten().unwrap_or_default();
        let of_keys = LogId::new(self.identity.origin.clone(), Channel::Keys, 1).name();
        let of_keys = heads.into_iter().filter(|(log, _)| *log == of_keys).collect();
        Ok(self.store.read(|link| self.behind(link, &of_keys))?.is_some())
    }

    /// The logs of records that this node writes, each with how many change-sets of it are held, and how many were signed as far as is known; none
    /// while there is no doubt, or while it is not known which keys count.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn doubtful_logs(&self) -> Result<Vec<(LogId, u64, u64)>, JournalError> {
        if self.doubt().is_none() || !self.has_its_keys()? {
            return Ok(Vec::new());
        }
        let heads = self.signed.as_ref().map(|signed| signed.read()).transpose()?.flatten().unwrap_or_default();
        let own = self.pinned(&self.identity.node_id)?;
        self.store.read(|link| {
            let (keys, _) = self.keys_within(link, &own)?;
            let mut doubtful = Vec::new();
            for channel in CHANNELS {
                for epoch in epochs::current(link, (&own.id, &keys), channel)?..=keys.newest_epoch(channel) {
                    let held = logs::find(link, &own.id, channel, epoch)?.map_or(0, |log| log.size());
                    let log = LogId::new(own.origin.clone(), channel, epoch);
                    let signed = heads.get(&log.name()).map_or(held, |(signed, _)| *signed);
                    doubtful.push((log, held, signed));
                }
            }
            Ok(doubtful)
        })
    }

    /// Notes that others hold, or were shown, so many change-sets of a log of ours; in the file, so that a stop does not take it back.
    pub(crate) fn was_shown(&self, log: &LogId, size: u64) -> Result<(), JournalError> {
        let Some(signed) = &self.signed else { return Ok(()) };
        if self.doubt().is_none() {
            return Ok(());
        }
        let alone = signed.alone()?;
        // Nobody finds that there is no doubt meanwhile.
        let mut state = self.doubts.state();
        if state.doubt.is_some() && signed.was_shown(&alone, &log.name(), size)? {
            // The file did not know it: what else it does not know the others have to say.
            state.is_forgotten = true;
            state.shown += 1;
        }
        Ok(())
    }

    /// How often others were found to have been shown more than was known.
    pub fn times_shown(&self) -> u64 {
        self.doubts.state().shown
    }

    /// Notes that others hold this change-set of ours, which does not follow what is held here. What it takes away is gone from our own entries: should
    /// the logs begin again, it is not issued anew.
    ///
    /// # Errors
    /// [`JournalError::Refused`] where it was not signed here, or where there is no doubt any more.
    pub fn is_held_elsewhere(&self, change_set: &ChangeSet, now: UtcDateTime) -> Result<(), JournalError> {
        let own = self.pinned(&self.identity.node_id)?;
        let log = &change_set.header().log;
        let item = (change_set.clone(), None);
        let items = verify(&own, &self.keys_of(&own)?.0, log, std::slice::from_ref(&item))?;
        self.was_shown(log, change_set.header().seq + 1)?;
        let known = match self.doubt() {
            Some(_) => self.store.write(|link| match self.is_held(link, change_set)? {
                true => Ok(()),
                false => end(link, &change_set.header().act),
            }),
            None => Err(signed_elsewhere(log)),
        };
        self.see_to(known, (&own, log), (&items, None), now)
    }

    /// Takes back the next change-set of a log of ours from whoever holds it without a head: it came to them ahead of its turn. Its payload, if it has
    /// one, is a gap until it is found. The head over it is signed: whatever more was signed, it begins with that; and without a head nobody could be
    /// brought it in its turn.
    ///
    /// # Errors
    /// [`JournalError::Refused`] where it was not signed here, does not follow what is held, is another than what is held, or where there is no doubt
    /// any more; then nothing has changed. One that is held already is as good as taken.
    pub fn recollect(&self, change_set: &ChangeSet, now: UtcDateTime) -> Result<(), JournalError> {
        let own = self.pinned(&self.identity.node_id)?;
        let (keys, _) = self.keys_of(&own)?;
        let log = &change_set.header().log;
        let item = (change_set.clone(), None);
        let items = verify(&own, &keys, log, std::slice::from_ref(&item))?;
        let taken = self.write_signed(|link| self.take_back(link, (&own, &keys), change_set), || self.ring());
        self.see_to(taken, (&own, log), (&items, None), now)
    }

    /// Whether somebody else has brought it meanwhile. Another one at its place is a second history.
    fn is_held(&self, link: &mut Link, change_set: &ChangeSet) -> Result<bool, JournalError> {
        let (log, seq) = (&change_set.header().log, change_set.header().seq);
        let held = logs::find(link, &self.identity.node_id, log.channel, log.epoch)?;
        let Some(held) = held.filter(|held| seq < held.size()) else { return Ok(false) };
        match leaf_held(link, &held, seq)? == Some(change_set.leaf_hash()) {
            true => Ok(true),
            false => Err(Refusal::Fork { log: log.name(), seq }.into()),
        }
    }

    fn take_back(
        &self,
        link: &mut Link,
        (own, keys): (&Node, &KeyHistory),
        change_set: &ChangeSet,
    ) -> Result<(), JournalError> {
        if self.is_held(link, change_set)? {
            return Ok(());
        }
        let (log, seq) = (&change_set.header().log, change_set.header().seq);
        let mut held = logs::find_or_insert(link, &own.id, log.channel, log.epoch)?;
        if self.doubt().is_none() {
            return Err(signed_elsewhere(log));
        }
        if seq > held.size() {
            return Err(Refusal::Gap { size: held.size() }.into());
        }
        if evidence::is_quarantined(link, &own.id)? {
            return Err(Refusal::Quarantined(log.origin.to_string()).into());
        }
        let (takes, mut standing) = (choices::takes(link)?, counting(link, (own, keys), log)?);
        let shown = match standing {
            Standing::Current => None,
            _ => shown_of_ours(link, own, log.channel)?,
        };
        enter::enter(link, (&mut held, &mut standing, None), change_set, None, self.world(&takes, None))?;
        if let Some(shown) = shown.filter(|_| standing == Standing::Current) {
            mend_all(link, &held, shown)?;
        }
        if let Some(target) = change_set.header().act.target() {
            mend(link, &target.record)?;
        }
        // Where a key counts that was exchanged since, the head is that of a later place.
        let counts = [seq, seq + 1].iter().any(|seq| *keys.signer(log, *seq) == self.identity.log_key.public());
        if counts { enter::close(link, &mut held, &self.identity) } else { Ok(logs::update(link, &held)?) }
    }

    /// The first log of which more was signed than the database knows, or something else.
    fn behind(&self, link: &mut Link, signed: &Heads) -> Result<Option<Doubt>, JournalError> {
        for (name, (size, root)) in signed {
            let id = LogId::named(&self.identity.origin, name)?;
            // What stood in an epoch before counts for nothing.
            let newest = logs::newest(link, &self.identity.node_id, id.channel)?;
            if newest.is_some_and(|newest| newest.epoch > id.epoch) {
                continue;
            }
            let log = logs::find(link, &self.identity.node_id, id.channel, id.epoch)?;
            let is_known = match log {
                Some(log) if root == UNKNOWN => log.size() >= *size,
                Some(log) => root_at(link, &log, *size)?.is_some_and(|known| hex(&known) == *root),
                None => false,
            };
            if !is_known {
                return Ok(Some(Doubt::Behind { log: name.clone(), signed: *size }));
            }
        }
        Ok(None)
    }
}

/// Takes away what a delete or a withdraw has taken away.
fn end(link: &mut Link, act: &Act) -> Result<(), JournalError> {
    match act {
        Act::Delete { on, .. } => own_records::erase(link, &on.record)?,
        Act::Withdraw { on, .. } => {
            if let Some(own) = own_records::find(link, &on.record)? {
                own_records::put(link, &OwnRecord { moderation: Moderation::Draft, ..own })?;
            }
        }
        _ => {}
    }
    Ok(())
}

fn signed_elsewhere(log: &LogId) -> JournalError {
    Refusal::SignedElsewhere { log: log.name() }.into()
}
