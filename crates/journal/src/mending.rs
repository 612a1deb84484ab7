//! Makes the rows of this network's own entries anew from what its logs say, where those were fetched back after a restore.

use crate::JournalError;
use pes_changeset::Channel;
use pes_changeset::terms::{DELETE, UPSERT};
use pes_store::logs::Log;
use pes_store::nodes::Node;
use pes_store::own_records::{Moderation, OwnRecord};
use pes_store::{Link, own_records, payloads, records, states};

/// How many states are looked at at once.
const PORTION: u64 = 1_000;

/// Makes a record of ours anew from what was published of it, where the backup does not know of that. Fields that stay here are in no
/// log and are lost; of two graphs the public one is taken, so that nothing is shown to more people than before. Where a payload is still to
/// come, the backup's is shown to nobody until it has.
pub(crate) fn mend(link: &mut Link, record: &str) -> Result<(), JournalError> {
    let states = states::of_record(link, record)?;
    if states.iter().any(|state| state.operation == DELETE) {
        return Ok(own_records::erase(link, record)?);
    }
    let version = states.iter().map(|state| state.version).max().unwrap_or_default();
    let known = own_records::find(link, record)?;
    if known.as_ref().is_some_and(|known| known.version >= version) {
        return Ok(());
    }
    for live in states.iter().filter(|state| state.operation == UPSERT) {
        if payloads::find(link, live.log, live.seq)?.is_none() {
            // What the backup knows has been replaced, perhaps to take something away.
            let hidden = known.map(|known| OwnRecord { moderation: Moderation::Draft, ..known });
            return Ok(hidden.map_or(Ok(()), |hidden| own_records::put(link, &hidden))?);
        }
    }
    let sheet = match records::of_channel(link, record, Channel::Public)? {
        Some(sheet) => Some(sheet),
        None => records::of_channel(link, record, Channel::Affiliates)?,
    };
    let author = known.as_ref().and_then(|known| known.author.clone());
    let own = match (sheet, known) {
        (Some(sheet), _) => OwnRecord { record: sheet.record, moderation: Moderation::Published, author, version },
        (None, Some(known)) => OwnRecord { moderation: Moderation::Draft, version, ..known },
        (None, None) => return Ok(()),
    };
    Ok(own_records::put(link, &own)?)
}

/// Makes all records anew of a log of ours that counts from now on. What was shown before and is not issued again in it is a draft.
pub(crate) fn mend_all(link: &mut Link, log: &Log, shown: Vec<String>) -> Result<(), JournalError> {
    let mut last = String::new();
    loop {
        let portion = states::of_log(link, log.id, &last, PORTION)?;
        let Some(newest) = portion.last() else { break };
        last.clone_from(&newest.record);
        portion.iter().try_for_each(|state| mend(link, &state.record))?;
    }
    for record in shown {
        if states::of_record(link, &record)?.is_empty()
            && let Some(own) = own_records::find(link, &record)?
        {
            own_records::put(link, &OwnRecord { moderation: Moderation::Draft, ..own })?;
        }
    }
    Ok(())
}

/// What this node shows of its own in a channel; `None` of another node.
pub(crate) fn shown_of_ours(
    link: &mut Link,
    node: &Node,
    channel: Channel,
) -> Result<Option<Vec<String>>, JournalError> {
    Ok(node.is_own.then(|| records::names_of_node(link, &node.id, channel)).transpose()?)
}
