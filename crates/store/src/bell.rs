//! Wakes those who wait for rows. A bell only saves waiting: who misses it finds the row.

use tokio::sync::watch;

/// What has been written for somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Bell {
    /// Change-sets, for those who carry them to peers.
    Entries,
    /// What readers see, for those who keep the index, the window and the files.
    Shown,
    /// Notices, words and messages, for those who deliver them.
    Errands,
    /// Members, peers and departures, for those who see to them.
    Members,
}

/// The bells of a database.
#[derive(Debug, Default)]
pub(crate) struct Bells {
    entries: watch::Sender<u64>,
    shown: watch::Sender<u64>,
    errands: watch::Sender<u64>,
    members: watch::Sender<u64>,
}

impl Bells {
    pub(crate) fn get(&self, bell: Bell) -> &watch::Sender<u64> {
        match bell {
            Bell::Entries => &self.entries,
            Bell::Shown => &self.shown,
            Bell::Errands => &self.errands,
            Bell::Members => &self.members,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_bell_rings_for_itself() {
        let bells = Bells::default();
        let (mut entries, mut errands) = (bells.get(Bell::Entries).subscribe(), bells.get(Bell::Errands).subscribe());
        bells.get(Bell::Entries).send_modify(|rings| *rings += 1);
        assert_eq!(*entries.borrow_and_update(), 1);
        assert!(!errands.has_changed().unwrap());
        assert_eq!(*errands.borrow_and_update(), 0);
    }
}
