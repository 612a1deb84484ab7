//! Gaps: live versions whose payload is not to be had. Each is listed until it is found: asked of another holder, then of its home.

use crate::enter::{self, Given};
use crate::supply::{self, Named};
use crate::{Journal, JournalError, Refusal, choices, mending};
use pes_changeset::terms::DELETE;
use pes_changeset::{ChangeSet, Channel};
use pes_domain::RecordIri;
use pes_rdf::Payload;
use pes_store::{Link, logs, states, unindexed};
use time::UtcDateTime;

/// How many states of ours without their payload are looked at, to find one that is a gap.
const OF_OURS: u64 = 1_000;

/// A live version without its payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// The node that wrote it.
    pub node: String,
    /// The channel.
    pub channel: Channel,
    /// The epoch.
    pub epoch: u64,
    /// The place in the log.
    pub seq: u64,
    /// The record.
    pub record: String,
    /// The number of the log here.
    log: i64,
}

impl Journal {
    /// At most so many gaps.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn gaps(&self, limit: u64) -> Result<Vec<Gap>, JournalError> {
        self.store.read(|link| {
            let states = states::without_payload(link, limit)?;
            states.into_iter().filter_map(|state| gap(link, state).transpose()).collect()
        })
    }

    /// The gaps of each of these logs, at most so many of each, in its order: what one author never gives hides nothing of another.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn gaps_of(&self, is_asked: impl Fn(Named<'_>) -> bool, each: u64) -> Result<Vec<Vec<Gap>>, JournalError> {
        self.store.read(|link| {
            let mut gaps = Vec::new();
            for id in states::logs_without_payload(link)? {
                let log = logs::get(link, id)?;
                if is_asked(Named { node: &log.node, channel: log.channel, epoch: log.epoch }) {
                    let states = states::without_payload_of(link, id, each)?;
                    let of_log = states.into_iter().filter_map(|state| gap(link, state).transpose());
                    gaps.push(of_log.collect::<Result<_, _>>()?);
                }
            }
            Ok(gaps)
        })
    }

    /// Whether a payload of our own is missing.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn misses_its_own(&self) -> Result<bool, JournalError> {
        let gaps = self.gaps_of(|log| log.node == self.identity.node_id, OF_OURS)?;
        Ok(gaps.iter().any(|of_log| !of_log.is_empty()))
    }

    /// Fills a gap, if the payload is the one that its author committed to. It matters not from whom it comes.
    ///
    /// # Errors
    /// [`Refusal::Fault`], [`Refusal::BadPayload`]; then nothing has changed.
    pub fn fill(&self, gap: &Gap, payload: &[u8], now: UtcDateTime) -> Result<(), JournalError> {
        let change_set = self.store.read(|link| held(link, gap))?;
        let bad = |why: String| Refusal::BadPayload { change_set: change_set.header().iri(), why };
        let commitment = change_set.header().act.payload().ok_or_else(|| bad("nothing commits to it".into()))?;
        commitment.check(payload)?;
        let record = RecordIri::read(&gap.record).ok_or_else(|| bad("its name is not one of a record".into()))?;
        Payload::read(payload, &record).map_err(|e| bad(e.to_string()))?;
        let text = str::from_utf8(payload).map_err(|e| bad(e.to_string()))?;
        self.store.write(|link| {
            let log = logs::get(link, gap.log)?;
            // What is found again of our own is no news.
            let is_own = gap.node == self.identity.node_id;
            let tells_at = (!is_own).then_some(now);
            let takes = choices::takes(link)?;
            enter::apply(link, &log, &change_set, Some(Given::from(text)), self.world(&takes, tells_at))?;
            if is_own {
                mending::mend(link, &gap.record)?;
            }
            // Its change-set arrived long ago.
            unindexed::note(link, &gap.record)?;
            Ok::<_, JournalError>(())
        })?;
        self.ring();
        Ok(())
    }
}

/// What is missing of a state; nothing of what was deleted in another channel.
fn gap(link: &mut Link, state: states::State) -> Result<Option<Gap>, JournalError> {
    if states::of_record(link, &state.record)?.iter().any(|one| one.operation == DELETE) {
        return Ok(None);
    }
    let node = logs::get(link, state.log)?.node;
    let states::State { record, channel, log, epoch, seq, .. } = state;
    Ok(Some(Gap { node, channel, epoch, seq, record, log }))
}

/// The change-set whose payload is missing, in its turn or ahead of it.
fn held(link: &mut Link, gap: &Gap) -> Result<ChangeSet, JournalError> {
    let log = logs::get(link, gap.log)?;
    let entry = supply::held(link, &log, gap.seq)?;
    let entry = entry.ok_or_else(|| Refusal::NotTheirs { record: gap.record.clone() })?;
    Ok(ChangeSet::read(&entry.text)?)
}
