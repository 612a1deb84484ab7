//! Forgets what is held of another node: after leaving its circle, and where a node takes its place.
//!
//! Numbers that were given are not given again: a peer that is past a number would miss what got it anew.

use crate::JournalError;
use pes_changeset::Channel;
use pes_store::{
    Link, entries, evidence, logs, nodes, notices, payloads, peers, records, replacements, reports, snapshots, states,
};

/// Forgets what a node wrote into these channels: logs, states, payloads, rows, and who was told of them. It stays pinned.
pub(crate) fn forget(link: &mut Link, node: &str, channels: &[Channel]) -> Result<(), JournalError> {
    for channel in channels {
        for name in records::names_of_node(link, node, *channel)? {
            notices::forget(link, &name)?;
            reports::erase(link, &name)?;
        }
    }
    drop_logs(link, node, channels)
}

/// Forgets a node altogether, its keys too. Whom its records concern is remembered: they come again, under the same names.
pub(crate) fn unpin(link: &mut Link, node: &str) -> Result<(), JournalError> {
    drop_logs(link, node, &Channel::ALL)?;
    evidence::remove(link, node)?;
    replacements::remove(link, node)?;
    peers::remove_all_of(link, node)?;
    Ok(nodes::remove(link, node)?)
}

fn drop_logs(link: &mut Link, node: &str, channels: &[Channel]) -> Result<(), JournalError> {
    let last = entries::last_arrival(link)?;
    for log in logs::of_node(link, node)?.into_iter().filter(|log| channels.contains(&log.channel)) {
        states::remove_of_log(link, log.id)?;
        records::remove_refusals_of_log(link, log.id)?;
        payloads::erase_log(link, log.id)?;
        entries::remove_of_log(link, log.id)?;
        snapshots::forget(link, log.id)?;
        peers::remove_receipts_of_log(link, log.id)?;
        logs::remove(link, log.id)?;
    }
    for channel in channels {
        records::remove_of_node(link, node, *channel)?;
    }
    Ok(entries::keep_count(link, last)?)
}
