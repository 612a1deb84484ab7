//! The last heads this node signed, in a small file beside its keys and outside the database and its backup.
//!
//! A database that was restored from a backup does not know what was signed since. Whoever signs on from there signs a second
//! history, and is in quarantine everywhere. This file knows: where it is ahead of the database, or gone, nothing is signed
//! before those who hold our logs were asked (decision 15 of the design).

use crate::copies::{Copies, private};
use crate::{Journal, JournalError};
use pes_changeset::LogId;
use pes_changeset::commitment::hex;
use pes_store::{Link, StoreError, logs};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs::File;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Size and root (in hexadecimal) by the log's name; [`UNKNOWN`] where others were shown that so many were signed, and no head of ours says it.
pub(crate) type Heads = BTreeMap<String, (u64, String)>;

/// The file.
#[derive(Debug)]
pub struct SignedHeads(Copies);

/// In the place of a root.
pub(crate) const UNKNOWN: &str = "?";

/// What was signed and is not in the file yet: numbers of saves, each as long as it is written down.
#[derive(Debug, Default)]
pub(crate) struct Unwritten {
    open: Mutex<Open>,
    closed: Condvar,
}

#[derive(Debug, Default)]
struct Open {
    last: u64,
    numbers: BTreeSet<u64>,
    /// Whether the file could not be written since it was written last.
    has_failed: bool,
}

/// Ends when it is dropped: what was signed is in the file, or could not be written down.
pub(crate) struct Writing<'a> {
    all: &'a Unwritten,
    number: u64,
}

impl Unwritten {
    /// To be called before anybody can see what was signed.
    pub(crate) fn begin(&self) -> Writing<'_> {
        let mut open = self.open();
        open.last += 1;
        let number = open.last;
        open.numbers.insert(number);
        Writing { all: self, number }
    }

    /// Waits for all that has begun; what begins meanwhile keeps nobody. Tells whether it is all in the file.
    fn wait(&self) -> bool {
        let mut open = self.open();
        let last = open.last;
        while open.numbers.first().is_some_and(|first| *first <= last) {
            open = self.closed.wait(open).unwrap_or_else(PoisonError::into_inner);
        }
        !open.has_failed
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Writing<'_> {
    fn drop(&mut self) {
        self.all.open().numbers.remove(&self.number);
        self.all.closed.notify_all();
    }
}

impl SignedHeads {
    /// The file at this path; it need not be there.
    pub fn at(path: PathBuf) -> Self {
        Self(Copies::at(path))
    }

    pub(crate) fn read(&self) -> Result<Option<Heads>, JournalError> {
        let text = self.0.read().map_err(|e| match e.kind() {
            ErrorKind::InvalidData => self.damaged(e),
            _ => self.fault(e),
        })?;
        let Some(text) = text else { return Ok(None) };
        let line = |line: &str| {
            let mut words = line.split(' ');
            let (log, size, root) = (words.next()?, words.next()?.parse().ok()?, words.next()?);
            Some((log.to_owned(), (size, root.to_owned())))
        };
        let heads: Option<Heads> = text.lines().map(line).collect();
        heads.map(Some).ok_or_else(|| self.damaged("it says what no head is"))
    }

    /// Takes the place of what was there, whole or not at all; never by fewer change-sets than were signed. What stood in an epoch before counts for
    /// nothing any more.
    fn put(&self, heads: &Heads) -> Result<(), JournalError> {
        let ahead = self
            .read()?
            .unwrap_or_default()
            .into_iter()
            .find(|(log, (size, _))| heads.get(log).is_none_or(|(ours, _)| ours < size) && !is_past(log, heads));
        if let Some((log, (size, _))) = ahead {
            return Err(self.fault(format!("{size} change-sets of {log} were signed by another program")));
        }
        let text = heads.iter().fold(String::new(), |mut text, (log, (size, root))| {
            let _ = writeln!(text, "{log} {size} {root}");
            text
        });
        self.0.write(&text).map_err(|e| self.fault(e))
    }

    /// Notes that others were shown more of a log than the file knows, which is gone or was made so: a stop does not take it back. Tells whether that is news.
    pub(crate) fn was_shown(&self, _alone: &File, log: &str, size: u64) -> Result<bool, JournalError> {
        let mut heads = self.read()?.unwrap_or_default();
        if heads.get(log).is_some_and(|(known, _)| *known >= size) {
            return Ok(false);
        }
        heads.insert(log.to_owned(), (size, UNKNOWN.to_owned()));
        self.put(&heads)?;
        Ok(true)
    }

    /// Keeps other programs of this node out, as long as the file is held: what one of them reads from the database and writes down is never
    /// older than what stands there.
    pub(crate) fn alone(&self) -> Result<File, JournalError> {
        let file = private(&self.0.path().with_extension("lock")).map_err(|e| self.fault(e))?;
        file.lock().map_err(|e| self.fault(e))?;
        Ok(file)
    }

    fn fault(&self, why: impl ToString) -> JournalError {
        JournalError::SignedHeads { file: self.0.path().display().to_string(), why: why.to_string() }
    }

    fn damaged(&self, why: impl ToString) -> JournalError {
        self.fault(format!("{}; delete it, and the hub will be asked", why.to_string()))
    }
}

impl Journal {
    /// This journal with the file of the heads it signed. Where the database knows less than it, nothing is signed until
    /// [`Journal::reassure`].
    ///
    /// # Errors
    /// [`JournalError::SignedHeads`] when the file cannot be read.
    pub fn remembering(self, signed: SignedHeads) -> Result<Self, JournalError> {
        let journal = self.doubting_by(signed)?;
        if journal.doubt().is_none() {
            journal.remember()?;
        }
        Ok(journal)
    }

    /// Writes what is signed, in one transaction, and comes back when it is durable and its heads are in the file: all that signs goes this way. `ring`
    /// wakes whoever carries it: they find out meanwhile what goes to whom, and wait for disk and file before any of it leaves the house.
    pub(crate) fn write_signed<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&mut Link) -> Result<T, E>,
        ring: impl FnOnce(),
    ) -> Result<T, E> {
        let (done, unwritten) = self.store.write_ahead(|link| {
            let done = work(link)?;
            // Before anybody can see it.
            Ok::<_, E>((done, self.unwritten.begin()))
        })?;
        ring();
        let kept = self.keep_signed();
        drop(unwritten);
        kept?;
        Ok(done)
    }

    /// Comes back when all that was signed until now is durable and in the file: to be called by whoever carries a head of this node, before it
    /// leaves the house. So what left it is in the file, whatever backup the database comes from.
    ///
    /// # Errors
    /// [`StoreError::Lost`] where the disk does not keep what was signed, [`JournalError::SignedHeads`] where it cannot be written down, now or before:
    /// then it stays in the house.
    pub fn wait_for_heads(&self) -> Result<(), JournalError> {
        if !self.unwritten.wait() {
            self.remember()?;
        }
        Ok(self.store.check_kept()?)
    }

    /// Makes durable what was signed, and writes it down. Failing at the second is no reason to undo the first: it stays in the house.
    fn keep_signed(&self) -> Result<(), StoreError> {
        match self.remember() {
            Ok(()) => Ok(()),
            Err(error) => {
                tracing::error!(%error, "the heads that were signed could not be written down; nothing that was signed leaves this node before they are");
                self.store.flush()
            }
        }
    }

    /// Writes down what the database holds; nothing of it before it is durable there. While it is in doubt what was signed, the database is not what
    /// knows it.
    pub(crate) fn remember(&self) -> Result<(), JournalError> {
        let Some(signed) = self.signed.as_ref().filter(|_| self.doubt().is_none()) else {
            return Ok(self.store.flush()?);
        };
        // One at a time: the newest state is read and written under the same lock.
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let written = signed.alone().and_then(|_alone| {
            let heads = self.store.read(|link| self.own_heads(link))?;
            self.store.flush()?;
            signed.put(&heads)
        });
        self.unwritten.open().has_failed = written.is_err();
        written
    }

    pub(crate) fn own_heads(&self, link: &mut Link) -> Result<Heads, JournalError> {
        let own = logs::of_node(link, &self.identity.node_id)?.into_iter();
        let name = |log: &logs::Log| LogId::new(self.identity.origin.clone(), log.channel, log.epoch).name();
        Ok(own.map(|log| (name(&log), (log.size(), hex(&log.frontier.root())))).collect())
    }
}

/// Whether a later epoch has taken a log's place, by their names.
fn is_past(log: &str, heads: &Heads) -> bool {
    let of_channel =
        |name: &str| name.rsplit_once('/').and_then(|(of, epoch)| Some((of.to_owned(), epoch.parse::<u64>().ok()?)));
    let Some((channel, epoch)) = of_channel(log) else { return false };
    heads.keys().filter_map(|name| of_channel(name)).any(|(of, later)| of == channel && later > epoch)
}
