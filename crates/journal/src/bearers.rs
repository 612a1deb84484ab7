//! Who brought what. A peer holds what it brought, so nothing of it is brought back to it: otherwise each network would send to its hub all
//! that it just got from there.
//!
//! This is a help and no record. Begun anew, or after a peer was not reached, it is empty, and the peer is asked what it holds.

use crate::Journal;
use crate::supply::Named;
use pes_changeset::Channel;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// A log: its author's node-id, its channel, its epoch.
type Log = (String, Channel, u64);

/// By node-id of the peer, how many change-sets of each log it brought, counted from the beginning of the log.
#[derive(Debug, Default)]
pub(crate) struct Bearers(Mutex<HashMap<String, HashMap<Log, u64>>>);

impl Journal {
    /// Notes that a peer brought a log up to this size, which is held now: so there are never more of these than there are peers and logs.
    pub(crate) fn note_bearer(&self, peer: &str, log: Named<'_>, size: u64) {
        let mut all = self.bearers.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = all.entry(peer.to_owned()).or_default().entry(owned(log)).or_default();
        *known = size.max(*known);
    }

    /// What a peer holds may be another today.
    pub fn forget_bearer(&self, peer: &str) {
        self.bearers.0.lock().unwrap_or_else(PoisonError::into_inner).remove(peer);
    }

    /// How many change-sets of a log a peer is known to hold because it brought them.
    pub(crate) fn brought_by(&self, peer: &str, log: Named<'_>) -> u64 {
        let all = self.bearers.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(peer).and_then(|logs| logs.get(&owned(log))).copied().unwrap_or_default()
    }
}

fn owned(log: Named<'_>) -> Log {
    (log.node.to_owned(), log.channel, log.epoch)
}
