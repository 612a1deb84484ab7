//! Forgets what is held of another node: after leaving its circle, and where a node takes its place.
//!
//! Numbers that were given are not given again: a peer that is past a number would miss what got it anew.

use crate::{JournalError, Refusal};
use pes_changeset::Channel;
use pes_store::nodes::Node;
use pes_store::{
    Link, entries, evidence, leavings, logs, nodes, notices, payloads, peers, records, replacements, reports,
    snapshots, states,
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

/// Pins a node; twice is once.
pub(crate) fn pin(link: &mut Link, node: Node) -> Result<Node, JournalError> {
    if let Some(known) = nodes::find(link, &node.id)? {
        return Ok(known);
    }
    nodes::insert(link, &node)?;
    Ok(node)
}

/// Forgets a node and pins the one that takes its place. Its records come again, under the same names. A hub that is followed is replaced by
/// nobody: with its row the circle and the departure would be lost. It is left, and joined anew.
pub(crate) fn replace(link: &mut Link, old: &str, node: Node) -> Result<Node, JournalError> {
    if let Some(known) = nodes::find(link, &node.id)? {
        return Ok(known);
    }
    let pinned = nodes::at(link, &node.origin)?.filter(|pinned| pinned.id == old && !pinned.is_own);
    let pinned = pinned.ok_or_else(|| Refusal::UnknownNode(old.to_owned()))?;
    if is_followed(link, &pinned)? {
        return Err(Refusal::Followed(pinned.origin.to_string()).into());
    }
    unpin(link, old)?;
    nodes::insert(link, &node)?;
    Ok(node)
}

/// Whether a node is a hub that this one follows, or is leaving.
pub(crate) fn is_followed(link: &mut Link, node: &Node) -> Result<bool, JournalError> {
    let is_hub = peers::find(link, &node.id)?.is_some_and(|peer| peer.role == peers::PeerRole::Hub);
    Ok(is_hub || leavings::find(link, &node.id)?.is_some())
}

fn drop_logs(link: &mut Link, node: &str, channels: &[Channel]) -> Result<(), JournalError> {
    let last = entries::last_arrival(link)?;
    for log in logs::all(link)?.into_iter().filter(|log| log.node == node && channels.contains(&log.channel)) {
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
