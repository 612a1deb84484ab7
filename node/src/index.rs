//! The search index of a node: opened beside its database, and kept at what that holds.

use crate::house::rules;
use crate::{Config, NodeError};
use pes_journal::{Bell, Journal};
use pes_search::{Fault, Followed, Follower, Index};
use pes_store::Store;
use std::fs::File;
use std::sync::mpsc;
use std::time::{Duration, Instant};
use time::UtcDateTime;
use tokio::sync::{oneshot, watch};

/// An index to be brought up, and where to say how that went.
type Errand = (Keeper, oneshot::Sender<(Keeper, Result<Followed, Fault>)>);

/// How often it is looked at what another program may have written.
const LOOK: Duration = Duration::from_secs(5);
/// It waits until nothing has come for so long: those who carry on what came need disk and cores first, and what comes next, if it is not part of a rush,
/// comes when it is done. What is made lasting costs a dozen files and flushes, however little it is.
const CALM: Duration = Duration::from_millis(10);
/// So long it waits for that at most: an index may be a moment behind.
const RUSH: Duration = Duration::from_millis(150);
/// How much an index steps aside for whoever answers people and other nodes (`nice(2)`): of two who want a core it gets as little as there is.
const ASIDE: i32 = 19;
/// How long nothing is tried after a failure.
const RECOVER: Duration = Duration::from_secs(5);

/// How much longer than it took one waits at least before what was removed is taken out of the files again: of a large index it takes a while.
const PAUSE: u32 = 10;

/// Who keeps an index, and what keeps others from it meanwhile.
#[derive(Debug)]
pub(crate) struct Keeper {
    index: Index,
    store: Store,
    /// `None` where it has to be begun anew.
    follower: Option<Follower>,
    /// From when on what was removed is taken out of the files.
    purges_from: Instant,
    _alone: File,
}

/// Opens the index in the node's folder; a damaged one, or one of an older program, is thrown away and filled again.
///
/// # Errors
/// [`NodeError::Said`] when the folder cannot be used.
pub(crate) fn open(config: &Config, store: &Store) -> Result<(Index, Keeper), NodeError> {
    let path = config.data.join("index.lock");
    let alone = File::create(&path).map_err(|e| NodeError::file(&path, e))?;
    // Whoever stops ends what it is about; another program of this node does not get here.
    alone.lock().map_err(|e| NodeError::file(&path, e))?;
    let index = Index::open(&config.data.join("index"), rules())?;
    let (store, purges_from) = (store.clone(), Instant::now());
    let keeper = Keeper { index: index.clone(), store, follower: None, purges_from, _alone: alone };
    Ok((index, keeper))
}

impl Keeper {
    /// Brings the index up to what the database holds, and takes out of its files what is there no more.
    pub(crate) fn catch_up(&mut self) -> Result<Followed, Fault> {
        let mut follower = match self.follower.take() {
            Some(follower) => follower,
            None => Follower::new(&self.index, self.store.clone())?,
        };
        let followed = follower.catch_up(UtcDateTime::now());
        let begun = Instant::now();
        if begun >= self.purges_from && follower.has_remains()? {
            follower = follower.purge()?;
            self.purges_from = Instant::now() + PAUSE * begun.elapsed();
        }
        self.follower = Some(follower);
        followed
    }
}

/// Keeps the index at what the database holds, whenever something may have changed.
pub(crate) async fn follow(mut keeper: Keeper, journal: Journal) {
    let mut bell = journal.store().bell(Bell::Shown);
    let desk = desk();
    loop {
        bell.mark_unchanged();
        let (answer, caught_up) = oneshot::channel();
        drop(desk.send((keeper, answer)));
        let Ok((kept, followed)) = caught_up.await else {
            tracing::error!(
                "whoever keeps the search index was interrupted; it goes on when the node is started again"
            );
            return;
        };
        keeper = kept;
        match followed {
            Ok(Followed { records, is_filled: true }) => tracing::info!(records, "the search index was filled"),
            Ok(_) => {}
            Err(error) => {
                complain(&error);
                tokio::time::sleep(RECOVER).await;
            }
        }
        drop(tokio::time::timeout(LOOK, bell.changed()).await);
        drop(tokio::time::timeout(RUSH, calm(&mut bell)).await);
    }
}

/// Comes back when nothing has come for a moment.
async fn calm(bell: &mut watch::Receiver<u64>) {
    while let Ok(Ok(())) = tokio::time::timeout(CALM, bell.changed()).await {}
}

/// A thread that brings an index up whenever it is told to, and ends when nobody can tell it any more. It steps aside for all others, and so do the
/// threads that write for it: a thread is as patient as who started it.
fn desk() -> mpsc::Sender<Errand> {
    let (desk, errands) = mpsc::channel::<Errand>();
    std::thread::spawn(move || {
        // Elsewhere this would be said of the whole program.
        #[cfg(target_os = "linux")]
        if let Err(error) = rustix::process::nice(ASIDE) {
            tracing::warn!(%error, "the search index cannot step aside for others");
        }
        while let Ok((mut keeper, answer)) = errands.recv() {
            let followed = keeper.catch_up();
            drop(answer.send((keeper, followed)));
        }
    });
    desk
}

fn complain(error: &Fault) {
    tracing::error!(%error, "the search index does not follow; it is tried again");
}
