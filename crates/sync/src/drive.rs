//! Drives the walks with tokio and reqwest: two workers a peer, one for each lane, one for messages, one that meets new members, one that pulls
//! ([`rounds`]), one that sees departures through, one for files. None waits for a single other node: each of those is asked in a task of its own.

mod inquiry;
mod rounds;

use crate::SyncError;
use crate::client::Client;
use crate::farewell::Farewell;
use crate::files;
use crate::introduction::{Introduced, Introduction};
use crate::letters::{self, Errand};
use crate::patience;
use crate::pull::{Pull, Report};
use crate::push::{Lane, Push, Step};
use pes_changeset::Origin;
use pes_files::{Cabinet, CabinetError, Named};
use pes_journal::leaving::Holder;
use pes_journal::roll::Member;
use pes_journal::{Bell, Journal};
use pes_people::People;
use pes_people::letters::Due;
use rounds::Rounds;
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use time::UtcDateTime;
use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::sync::{Notify, Semaphore, watch};
use tokio::task::JoinSet;

/// How often rows are looked at that another process may have written.
const LOOK: Duration = Duration::from_secs(5);
/// How long files wait for more of what comes in a rush.
const RUSH: Duration = Duration::from_millis(300);
/// How many members are met at once: a roll may name any number of addresses.
const MEETINGS: usize = 32;
/// How often files are looked through for those that nobody knows.
const SWEEP: Duration = Duration::from_secs(60 * 60);
/// How long a worker waits after a failure of our own database.
const RECOVER: Duration = Duration::from_secs(5);
/// How long a node may take to say who it is: it has many key events at most, and each could take a minute.
const INTRODUCTION: Duration = Duration::from_secs(5 * 60);

/// The walks of one node. Cloning it is shallow.
#[derive(Debug, Clone)]
pub struct Drive {
    journal: Journal,
    people: People,
    client: Client,
    reconcile: Arc<Notify>,
    cabinet: Option<Cabinet>,
}

/// The walk to one peer, between the workers of its two lanes.
#[derive(Debug)]
struct Walk {
    push: Mutex<Push>,
    /// Told when more waits for the peer than what is on its way in turn.
    has_more: Notify,
    /// Whether something is on its way in turn.
    is_busy: AtomicBool,
    /// How often the bell had rung when it was last looked what goes in turn.
    looked: AtomicU64,
}

impl Walk {
    fn to(peer: String) -> Self {
        let push = Mutex::new(Push::to(peer));
        Self { push, has_more: Notify::new(), is_busy: AtomicBool::new(false), looked: AtomicU64::new(0) }
    }

    /// Comes back when something may have to wait for what is on its way in turn. What is new while nothing is goes in turn at once, and what is
    /// on its way because this bell rang is it.
    async fn has_to_wait(&self, bell: &mut watch::Receiver<u64>) {
        loop {
            tokio::select! {
                () = self.has_more.notified() => return,
                rung = bell.changed() => if rung.is_err() || self.is_late(*bell.borrow()) { return },
            }
        }
    }

    /// Whether it rang after it was looked what goes in turn, while something does.
    fn is_late(&self, ring: u64) -> bool {
        self.is_busy.load(Ordering::SeqCst) && ring != self.looked.load(Ordering::SeqCst)
    }
}

/// Walks that go on; they stop when this is dropped, and resume from rows.
#[derive(Debug)]
pub struct Driving {
    drive: Drive,
    _workers: JoinSet<()>,
}

/// Asks for a comparison of heads with all peers, from wherever it is held.
#[derive(Debug, Clone)]
pub struct Reconciler(Arc<Notify>);

impl Reconciler {
    /// Compares heads with all peers and takes what is missing, soon.
    pub fn reconcile(&self) {
        self.0.notify_one();
    }
}

impl Driving {
    /// What asks for a comparison of heads.
    pub fn reconciler(&self) -> Reconciler {
        Reconciler(Arc::clone(&self.drive.reconcile))
    }
}

impl Drive {
    /// The walks of the node with this journal and these people.
    pub fn new(journal: Journal, people: People, client: Client) -> Self {
        Self { journal, people, client, reconcile: Arc::default(), cabinet: None }
    }

    /// The same, and the files of what is shown here are fetched into this cabinet, and dropped from it with their records.
    pub fn with_files(self, cabinet: Cabinet) -> Self {
        Self { cabinet: Some(cabinet), ..self }
    }

    /// Starts walking. Where `poll` is given, peers are asked that often, for a node that cannot be reached from outside.
    pub fn start(self, poll: Option<Duration>) -> Driving {
        let mut workers = JoinSet::new();
        workers.spawn(self.clone().keep_walkers());
        workers.spawn(self.clone().keep_posting());
        workers.spawn(self.clone().keep_meeting());
        workers.spawn(Rounds::of(self.clone()).keep(poll));
        workers.spawn(self.clone().keep_leaving());
        if let Some(cabinet) = self.cabinet.clone() {
            workers.spawn(self.clone().keep_files(cabinet));
        }
        Driving { drive: self, _workers: workers }
    }

    /// Sees to it that each peer has its walkers.
    async fn keep_walkers(self) {
        let mut walkers = JoinSet::new();
        let mut walked: HashSet<String> = HashSet::new();
        // What kept us from a peer before we stopped may be gone.
        self.forgive().await;
        let mut bell = self.journal.store().bell(Bell::Members);
        loop {
            bell.mark_unchanged();
            let journal = self.journal.clone();
            for peer in off_thread(move || journal.peers()).await.unwrap_or_default() {
                if walked.insert(peer.node.clone()) {
                    let walk = Arc::new(Walk::to(peer.node));
                    walkers.spawn(self.clone().walk(Arc::clone(&walk), Lane::InTurn));
                    walkers.spawn(self.clone().walk(walk, Lane::Urgent));
                }
            }
            first_of(LOOK, bell.changed()).await;
        }
    }

    async fn forgive(&self) {
        let journal = self.journal.clone();
        let forgiven = off_thread(move || {
            for peer in journal.peers()? {
                journal.change_peer(&peer.node, |peer| peer.next_try = 0)?;
            }
            Ok::<_, SyncError>(())
        });
        if let Err(error) = forgiven.await {
            tracing::error!(%error, "cannot read the peers");
        }
    }

    /// Brings one peer on one lane what it does not have, for ever.
    async fn walk(self, walk: Arc<Walk>, lane: Lane) {
        let mut bell = self.journal.store().bell(Bell::Entries);
        loop {
            let ring = *bell.borrow_and_update();
            if lane == Lane::InTurn {
                walk.looked.store(ring, Ordering::SeqCst);
            }
            let step = move |push: &mut Push, journal: &Journal| {
                (push.step(lane, journal, now().unix_timestamp()), push.has_more())
            };
            let (stepped, has_more) = self.with(&walk, step).await;
            if lane == Lane::InTurn {
                let is_busy = matches!(stepped, Ok(Step::Ask(_)));
                walk.is_busy.store(is_busy, Ordering::SeqCst);
                // What came in between may not be with it, and whoever heard that bell thought this lane idle.
                if has_more || (is_busy && bell.has_changed().unwrap_or(true)) {
                    walk.has_more.notify_one();
                }
            }
            match stepped {
                Ok(Step::Ask(ask)) => {
                    let outcome = self.client.carry(&ask).await;
                    let take = move |push: &mut Push, journal: &Journal| {
                        push.take(lane, journal, outcome, now().unix_timestamp(), dice())
                    };
                    recover(self.with(&walk, take).await).await;
                }
                Ok(Step::Wait(until)) => first_of(until_time(until), bell.changed()).await,
                Ok(Step::Rest) if lane == Lane::Urgent => first_of(LOOK, walk.has_to_wait(&mut bell)).await,
                Ok(Step::Rest) => first_of(LOOK, bell.changed()).await,
                Err(error) => recover(Err(error)).await,
            }
        }
    }

    /// Works on a walk off the thread; its other lane waits meanwhile, but not while something is carried.
    async fn with<T: Send + 'static>(
        &self,
        walk: &Arc<Walk>,
        work: impl FnOnce(&mut Push, &Journal) -> T + Send + 'static,
    ) -> T {
        let (walk, journal) = (Arc::clone(walk), self.journal.clone());
        at_once(move || work(&mut walk.push.lock().unwrap_or_else(PoisonError::into_inner), &journal)).await
    }

    /// Carries messages. One at a time to each node, so that a slow one keeps only its own waiting.
    async fn keep_posting(self) {
        let mut bell = self.journal.store().bell(Bell::Errands);
        let mut posts = JoinSet::new();
        let busy: Arc<Mutex<HashSet<String>>> = Arc::default();
        loop {
            bell.mark_unchanged();
            let people = self.people.clone();
            let due = off_thread(move || people.letters_due(now())).await.unwrap_or_default();
            for letter in due {
                if busy.lock().unwrap_or_else(PoisonError::into_inner).insert(letter.origin.clone()) {
                    posts.spawn(self.clone().post(letter, Arc::clone(&busy)));
                }
            }
            while posts.try_join_next().is_some() {}
            first_of(LOOK, bell.changed()).await;
        }
    }

    async fn post(self, letter: Due, busy: Arc<Mutex<HashSet<String>>>) {
        let (journal, about) = (self.journal.clone(), letter.clone());
        let outcome = match off_thread(move || letters::errand(&journal, &about)).await {
            Ok(Errand::Ask(ask)) => self.client.carry(&ask).await,
            Ok(Errand::Wait) => Err("this node is not pinned here".to_owned()),
            Err(error) => Err(error.to_string()),
        };
        let (people, origin) = (self.people.clone(), letter.origin.clone());
        let taken = off_thread(move || letters::take(&people, &letter, &outcome, now(), dice())).await;
        busy.lock().unwrap_or_else(PoisonError::into_inner).remove(&origin);
        recover(taken).await;
        // The next message to the same node may be due.
        self.journal.store().ring(Bell::Errands);
    }

    /// Meets the members that a roll names: each is asked at its own address who it is, and pinned. A slow one keeps only itself waiting.
    async fn keep_meeting(self) {
        let mut bell = self.journal.store().bell(Bell::Members);
        let mut failures: HashMap<String, (u64, i64)> = HashMap::new();
        let (mut meetings, mut busy) = (JoinSet::new(), HashSet::new());
        let turns = Arc::new(Semaphore::new(MEETINGS));
        loop {
            bell.mark_unchanged();
            let journal = self.journal.clone();
            for member in off_thread(move || journal.unmet_members()).await.unwrap_or_default() {
                let (_, next) = failures.get(&member.node_id).copied().unwrap_or_default();
                if next <= now().unix_timestamp() && busy.insert(member.node_id.clone()) {
                    meetings.spawn(self.clone().meet(member, Arc::clone(&turns)));
                }
            }
            tokio::select! {
                Some(met) = meetings.join_next() => {
                    let Ok((member, said)) = met else { continue };
                    busy.remove(&member.node_id);
                    let failed = failures.remove(&member.node_id).map_or(0, |(failed, _)| failed) + 1;
                    match said {
                        Ok(()) => self.reconcile.notify_one(),
                        Err(why) => {
                            tracing::warn!(origin = %member.origin, why, "a member of the roll cannot be met");
                            let next = patience::next_try(failed, now().unix_timestamp(), dice());
                            failures.insert(member.node_id, (failed, next));
                        }
                    }
                }
                () = first_of(LOOK, bell.changed()) => {}
            }
        }
    }

    async fn meet(self, member: Member, turns: Arc<Semaphore>) -> (Member, Result<(), String>) {
        let _turn = turns.acquire().await;
        let said = match introduce(&self.client, &member.origin).await {
            Ok(introduced) => self.pin(member.clone(), introduced).await,
            Err(why) => Err(why),
        };
        (member, said)
    }

    async fn pin(&self, member: Member, introduced: Introduced) -> Result<(), String> {
        let (own, named) = (introduced.well_known.node_id, member.node_id);
        if own != named {
            return Err(format!("the roll names the node-id {named}, its own address {own}"));
        }
        let (journal, name) = (self.journal.clone(), introduced.well_known.name);
        let meet = move || journal.meet((&named, &member.origin), &name, &introduced.events, now()).map(drop);
        off_thread(meet).await.map_err(|error| error.to_string())
    }

    /// Sees departures through: brings everybody who may hold it the end of what is taken back, and tells the hub in the end.
    async fn keep_leaving(self) {
        let mut bell = self.journal.store().bell(Bell::Members);
        let mut failures: HashMap<String, (u64, i64)> = HashMap::new();
        loop {
            bell.mark_unchanged();
            let journal = self.journal.clone();
            let farewells = off_thread(move || journal.farewells()).await.unwrap_or_default();
            let mut walks = JoinSet::new();
            for holder in farewells.into_iter().flat_map(|farewell| farewell.holders) {
                let (_, next) = failures.get(&holder.node.id).copied().unwrap_or_default();
                if !holder.waits_for.is_empty() && next <= now().unix_timestamp() {
                    walks.spawn(self.clone().bid_farewell(holder));
                }
            }
            while let Some(Ok((node, said))) = walks.join_next().await {
                let failed = failures.remove(&node).map_or(0, |(failed, _)| failed);
                if let Err(why) = said {
                    tracing::info!(node, why, "what is taken back is not acknowledged yet");
                    failures.insert(node, (failed + 1, patience::next_try(failed + 1, now().unix_timestamp(), dice())));
                }
            }
            let journal = self.journal.clone();
            recover(off_thread(move || journal.settle_leaving(now())).await.map_err(SyncError::from)).await;
            first_of(LOOK, bell.changed()).await;
        }
    }

    async fn bid_farewell(self, holder: Holder) -> (String, Result<(), String>) {
        let node = holder.node.id.clone();
        let mut walk = Farewell::to(&holder);
        loop {
            let journal = self.journal.clone();
            let (walked, step) = off_thread(move || {
                let step = walk.step(&journal);
                (walk, step)
            })
            .await;
            walk = walked;
            let ask = match step {
                Ok(Some(ask)) => ask,
                Ok(None) => return (node, Ok(())),
                Err(error) => return (node, Err(error.to_string())),
            };
            let (journal, outcome) = (self.journal.clone(), self.client.carry(&ask).await);
            let (walked, taken) = off_thread(move || {
                let taken = walk.take(&journal, outcome);
                (walk, taken)
            })
            .await;
            walk = walked;
            if taken.is_err() {
                return (node, taken);
            }
        }
    }

    /// Drops files that nothing names, and fetches those that are wanted: of each home one at a time, so that a slow one keeps only its own
    /// waiting.
    async fn keep_files(self, cabinet: Cabinet) {
        let mut bell = self.journal.store().bell(Bell::Shown);
        let (mut swept, busy) = (None::<Instant>, Arc::<Mutex<HashSet<Origin>>>::default());
        let mut walks = JoinSet::new();
        loop {
            bell.mark_unchanged();
            let is_to_sweep = swept.is_none_or(|at| at.elapsed() > SWEEP);
            swept = if is_to_sweep { Some(Instant::now()) } else { swept };
            let (tidied, own) = (cabinet.clone(), self.journal.identity().origin.to_string());
            let due = off_thread(move || {
                tidied.tidy(now().unix_timestamp())?;
                if is_to_sweep {
                    tidied.sweep()?;
                    tidied.look_over(&own)?;
                }
                Ok::<_, SyncError>(tidied.due(&own, now().unix_timestamp()).map_err(CabinetError::from)?)
            });
            match due.await {
                Ok(due) => {
                    for (home, wanted) in files::by_home(due) {
                        if busy.lock().unwrap_or_else(PoisonError::into_inner).insert(home.clone()) {
                            walks.spawn(self.clone().fetch(cabinet.clone(), (home, wanted), Arc::clone(&busy)));
                        }
                    }
                }
                Err(error) => recover(Err(error)).await,
            }
            while walks.try_join_next().is_some() {}
            first_of(LOOK, bell.changed()).await;
            // Whatever comes in a rush is looked at once, when those who carry it on have had disk and cores.
            tokio::time::sleep(RUSH).await;
        }
    }

    /// Fetches what is wanted of one home.
    async fn fetch(self, cabinet: Cabinet, (home, wanted): (Origin, Vec<Named>), busy: Arc<Mutex<HashSet<Origin>>>) {
        for named in wanted {
            let (journal, asking, about) = (self.journal.clone(), cabinet.clone(), named.clone());
            let outcome = match off_thread(move || files::request(&journal, &asking, &about)).await {
                Ok(Some(request)) if request.is_signed => self.client.carry(&request.ask).await,
                Ok(Some(request)) => self.client.look(&request.ask).await,
                Ok(None) => Err("its home is not known here".to_owned()),
                Err(error) => Err(error.to_string()),
            };
            let holding = cabinet.clone();
            recover(off_thread(move || files::take(&holding, &named, outcome, now(), dice())).await).await;
        }
        busy.lock().unwrap_or_else(PoisonError::into_inner).remove(&home);
    }

    /// Takes from one node what it holds and we do not.
    pub async fn pull(&self, from: Origin) -> Report {
        self.carry_on(Pull::from(from)).await
    }

    /// Walks a pull to its end.
    async fn carry_on(&self, mut pull: Pull) -> Report {
        loop {
            let journal = self.journal.clone();
            let (walked, step) = off_thread(move || {
                let step = pull.step(&journal).map(|ask| ask.map(|ask| (ask, is_known(&journal))));
                (pull, step)
            })
            .await;
            pull = walked;
            let Ok(Some((ask, is_known))) = step else { return pull.report };
            let outcome = if is_known { self.client.carry(&ask).await } else { self.client.look(&ask).await };
            let journal = self.journal.clone();
            let (walked, taken) = off_thread(move || {
                let taken = pull.take(&journal, outcome, now());
                (pull, taken)
            })
            .await;
            pull = walked;
            if let Err(error) = taken {
                pull.report.broken = Some(error.to_string());
                return pull.report;
            }
        }
    }
}

/// Asks a node at its own address who it is.
///
/// # Errors
/// In words, why it was not heard, or does not prove itself.
pub async fn introduce(client: &Client, origin: &Origin) -> Result<Introduced, String> {
    let asking = async {
        let mut introduction = Introduction::to(origin.clone());
        loop {
            let (asking, ask) = match introduction.step() {
                Ok(next) => next,
                Err(result) => return result.map(|introduced| *introduced),
            };
            introduction = asking.take(client.carry(&ask).await);
        }
    };
    let heard = tokio::time::timeout(INTRODUCTION, asking).await;
    heard.unwrap_or_else(|_| Err(format!("{origin} took more than {} s to say who it is", INTRODUCTION.as_secs())))
}

/// Whether others may know the keys that this node signs requests with: what a database from a backup does not know to be declared may have reached
/// nobody. Then it asks as anybody does.
fn is_known(journal: &Journal) -> bool {
    journal.doubt().is_none() || journal.has_its_keys().unwrap_or(true)
}

/// Database work never holds up the thread that carries other people's bytes.
pub(crate) async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

/// The same for what a demand waits for: where other threads can take over what this one carries, it is done here and now, and nobody has to be
/// woken for it.
async fn at_once<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match Handle::current().runtime_flavor() {
        RuntimeFlavor::MultiThread => tokio::task::block_in_place(work),
        _ => off_thread(work).await,
    }
}

async fn recover(result: Result<(), SyncError>) {
    if let Err(error) = result {
        tracing::error!(%error, "a walk was interrupted; it goes on");
        tokio::time::sleep(RECOVER).await;
    }
}

async fn first_of(longest: Duration, event: impl Future) {
    // Whichever comes first is as good.
    drop(tokio::time::timeout(longest, event).await);
}

fn until_time(until: i64) -> Duration {
    Duration::from_secs((until - now().unix_timestamp()).max(0).unsigned_abs())
}

fn now() -> UtcDateTime {
    UtcDateTime::now()
}

/// A random share between 0 and 1.
fn dice() -> f64 {
    let (_, low) = uuid::Uuid::new_v4().as_u64_pair();
    (low & 0xffff_ffff) as f64 / f64::from(u32::MAX)
}
