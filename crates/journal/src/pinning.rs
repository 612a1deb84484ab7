//! Pins nodes: from then on their keys are known here, and what they sign is taken.

use crate::forgetting::unpin;
use crate::{JournalError, Refusal};
use pes_changeset::{ChangeSet, Channel};
use pes_store::entries::Ahead;
use pes_store::nodes::Node;
use pes_store::{Link, entries, leavings, logs, nodes, peers};

/// Pins a node with the key events it was heard with; twice is once.
pub(crate) fn pin(link: &mut Link, node: Node, events: &[ChangeSet]) -> Result<Node, JournalError> {
    if let Some(known) = nodes::find(link, &node.id)? {
        return Ok(known);
    }
    insert(link, &node, events)?;
    Ok(node)
}

/// Forgets a node and pins the one that takes its place. Its records come again, under the same names. A hub that is followed is replaced by
/// nobody: with its row the circle and the departure would be lost. It is left, and joined anew.
pub(crate) fn replace(link: &mut Link, old: &str, node: Node, events: &[ChangeSet]) -> Result<Node, JournalError> {
    if let Some(known) = nodes::find(link, &node.id)? {
        return Ok(known);
    }
    let pinned = nodes::at(link, &node.origin)?.filter(|pinned| pinned.id == old && !pinned.is_own);
    let pinned = pinned.ok_or_else(|| Refusal::UnknownNode(old.to_owned()))?;
    if is_followed(link, &pinned)? {
        return Err(Refusal::Followed(pinned.origin.to_string()).into());
    }
    unpin(link, old)?;
    insert(link, &node, events)?;
    Ok(node)
}

/// Whether a node is a hub that this one follows, or is leaving.
pub(crate) fn is_followed(link: &mut Link, node: &Node) -> Result<bool, JournalError> {
    let is_hub = peers::find(link, &node.id)?.is_some_and(|peer| peer.role == peers::PeerRole::Hub);
    Ok(is_hub || leavings::find(link, &node.id)?.is_some())
}

/// The events are ahead of their turn: the log takes them in, and gives them on, when it comes with its head.
fn insert(link: &mut Link, node: &Node, events: &[ChangeSet]) -> Result<(), JournalError> {
    nodes::insert(link, node)?;
    let log = logs::find_or_insert(link, &node.id, Channel::Keys, 1)?;
    Ok(events.iter().try_for_each(|event| entries::keep_early(link, log.id, event, Ahead::Snapshot))?)
}
