//! Forgets what is held of another node: after leaving its circle, and where a node takes its place.
//!
//! Numbers that were given are not given again: a peer that is past a number would miss what got it anew.

use crate::JournalError;
use pes_changeset::Channel;
use pes_changeset::terms::WITHDRAW;
use pes_store::{
    Link, entries, evidence, logs, nodes, notices, payloads, peers, records, replacements, reports, snapshots, states,
};

/// How many states are looked at at once.
const PORTION: u64 = 1_000;

/// Forgets what a node wrote into these channels: logs, states, payloads, rows, and who was told of them. It stays pinned.
pub(crate) fn forget(link: &mut Link, node: &str, channels: &[Channel]) -> Result<(), JournalError> {
    for channel in channels {
        let names = records::names_of_node(link, node, *channel)?;
        for name in names.into_iter().chain(taken_back(link, node, *channel)?) {
            notices::forget(link, &name)?;
            reports::erase(link, &name)?;
        }
    }
    drop_logs(link, node, channels)
}

/// The records that a node wrote into a channel and took back, and of which nothing is shown any more.
fn taken_back(link: &mut Link, node: &str, channel: Channel) -> Result<Vec<String>, JournalError> {
    let Some(log) = logs::newest(link, node, channel)? else { return Ok(Vec::new()) };
    let (mut last, mut names) = (String::new(), Vec::new());
    loop {
        let portion = states::of_log(link, log.id, &last, PORTION)?;
        let Some(end) = portion.last() else { return Ok(names) };
        last.clone_from(&end.record);
        for state in portion.into_iter().filter(|state| state.operation == WITHDRAW) {
            if !records::is_shown(link, &state.record)? {
                names.push(state.record);
            }
        }
    }
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
