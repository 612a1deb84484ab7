//! Structures that may be one: ours among themselves, and ours with those that other networks publish.
//!
//! Comparing thousands with tens of thousands takes seconds, so nobody waits for it: a thread of its own compares what has changed since it last
//! looked, and whoever asks gets what is known by then, with whether that is everything. Whether anything has changed is told by two rows. All of it is
//! in memory and may be lost at any time.
//!
//! It holds what the team of this network may see: its own sheets whole, those of others as members see them. Whoever shows a pair asks for
//! both records as its reader sees them; a pair is no right to see anything.
//!
//! The rule learns which words are common from whatever it was given so far. A pair that was found before a word became common stays until one of
//! its two sides changes: it is a proposal, and people decide.

use crate::Fault;
use pes_domain::audience::Reader;
use pes_domain::duplicate::{Ground, Index, Traits, Verdict, compare};
use pes_domain::structure::Structure;
use pes_domain::{Body, Kind, Record, Rules};
use pes_store::own_records::Moderation;
use pes_store::{Link, Store, StoreError, entries, nodes, own_records, records, unindexed};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How many records are read at once.
const PORTION: usize = 500;

/// Two structures that may be one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Twin {
    /// One of ours.
    pub own: String,
    /// Another of ours, whose name comes later, or one of another network.
    pub other: String,
    /// By what, the strongest first.
    pub grounds: Vec<Ground>,
}

/// What is known of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// The most certain first.
    pub twins: Arc<Vec<Twin>>,
    /// Whether that is everything there is now; if not, the rest is being looked for.
    pub is_all: bool,
}

/// Looks for them. Cloning it is shallow.
#[derive(Clone)]
pub struct Twins(Arc<Inner>);

struct Inner {
    store: Store,
    rules: Arc<Rules>,
    state: Mutex<State>,
    /// Told whenever a look has ended.
    ended: Condvar,
}

#[derive(Default)]
struct State {
    /// What was compared; with whoever compares while `is_busy`.
    pool: Pool,
    is_busy: bool,
    /// Up to where everything is compared.
    until: Option<Token>,
    /// When that look began.
    from: Option<Instant>,
    twins: Arc<Vec<Twin>>,
    /// Why the last look came to nothing.
    fault: Option<StoreError>,
}

/// What changes with whatever may change a pair.
type Token = (u64, Option<String>);
/// What changes with a record: its version, and when it was last saved.
type Mark = (i64, i64);
/// The same of many, by name.
type Marks = HashMap<String, Mark>;

/// What was compared.
#[derive(Default)]
struct Pool {
    index: Index<String>,
    own: Marks,
    others: Marks,
    pairs: BTreeMap<(String, String), Vec<Ground>>,
}

impl Twins {
    /// Looks for them in a database, from nothing.
    pub fn new(store: Store, rules: Arc<Rules>) -> Self {
        Self(Arc::new(Inner { store, rules, state: Mutex::default(), ended: Condvar::new() }))
    }

    /// What is known: everything, where that takes no longer than `patience`. Looks for the rest meanwhile.
    ///
    /// # Errors
    /// [`Fault::Store`], also of a look that was begun before; the next one begins again.
    pub fn known(&self, patience: Duration) -> Result<Known, Fault> {
        let inner = &self.0;
        let (now, begun) = (inner.store.read(token)?, Instant::now());
        let mut state = inner.state();
        loop {
            if let Some(fault) = state.fault.take() {
                return Err(fault.into());
            }
            // Where something arrives all the time, what was there when one asked is everything.
            let is_all = state.until.as_ref() == Some(&now) || state.from.is_some_and(|from| from >= begun);
            let left = patience.saturating_sub(begun.elapsed());
            if is_all || left.is_zero() {
                return Ok(Known { twins: Arc::clone(&state.twins), is_all });
            }
            if !state.is_busy {
                self.begin(&mut state);
            }
            state = inner.ended.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Those that a structure nobody has saved yet may be, the most certain first: by what `seen` tells of them, and by nothing else that is known here.
    /// Where the comparing takes longer than `patience` it is by what is known by then.
    ///
    /// # Errors
    /// [`Fault::Store`], and whatever `seen` fails with.
    pub fn like<E: From<Fault>>(
        &self,
        typed: &Structure,
        patience: Duration,
        mut seen: impl FnMut(&str) -> Result<Option<Structure>, E>,
    ) -> Result<Vec<(String, Vec<Ground>)>, E> {
        let begun = Instant::now();
        self.known(patience)?;
        let mut state = self.0.state();
        // Whoever looks has the pool with them.
        while state.is_busy && begun.elapsed() < patience {
            let left = patience.saturating_sub(begun.elapsed());
            state = self.0.ended.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        let (index, typed) = (&state.pool.index, Traits::of(typed, &self.0.rules));
        let mut found = Vec::new();
        for (name, _) in index.like(&typed) {
            let Some(other) = seen(&name)? else { continue };
            if let Verdict::Same(grounds) = compare(&typed, &Traits::of(&other, &self.0.rules), index.rarity()) {
                found.push((name, grounds));
            }
        }
        found.sort_by(|(_, one), (_, other)| one.cmp(other));
        Ok(found)
    }

    /// Begins to look, in a thread of its own.
    fn begin(&self, state: &mut State) {
        state.is_busy = true;
        let turn = Turn { inner: Arc::clone(&self.0), from: Instant::now(), done: None };
        let pool = std::mem::take(&mut state.pool);
        std::thread::spawn(move || turn.look(pool));
    }
}

impl Inner {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Somebody's turn to look. However it ends, the next one may begin.
struct Turn {
    inner: Arc<Inner>,
    from: Instant,
    done: Option<Result<(Token, Pool), StoreError>>,
}

impl Turn {
    fn look(mut self, mut pool: Pool) {
        let looked = pool.catch_up(&self.inner.store, &self.inner.rules);
        self.done = Some(looked.map(|token| (token, pool)));
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut state = self.inner.state();
        state.is_busy = false;
        match self.done.take() {
            Some(Ok((token, pool))) => {
                (state.until, state.from) = (Some(token), Some(self.from));
                (state.twins, state.pool) = (Arc::new(pool.twins()), pool);
            }
            // What was half done is thrown away.
            Some(Err(fault)) => (state.until, state.from, state.fault) = (None, None, Some(fault)),
            None => (state.until, state.from) = (None, None),
        }
        self.inner.ended.notify_all();
    }
}

impl Pool {
    /// Compares what has changed.
    fn catch_up(&mut self, store: &Store, rules: &Rules) -> Result<Token, StoreError> {
        let (token, own, others) = store.read(marks)?;
        let mut changed = changed(&mut self.own, own);
        changed.extend(self::changed(&mut self.others, others));
        self.pairs.retain(|(one, other), _| !changed.contains(one) && !changed.contains(other));
        for name in &changed {
            self.index.remove(name);
        }
        let names: Vec<&String> = changed.iter().collect();
        for portion in names.chunks(PORTION) {
            let read =
                |link: &mut Link| portion.iter().map(|name| self.read(link, name)).collect::<Result<Vec<_>, _>>();
            let found: Vec<Option<Record>> = store.read(read)?;
            for (name, record) in portion.iter().zip(found) {
                if let Some(Body::Structure(one)) = record.map(|record| record.body) {
                    self.index.add((*name).clone(), Traits::of(&one, rules));
                }
            }
        }
        self.pair(&changed);
        Ok(token)
    }

    /// Pairs what has changed with whatever it may be: each of it, or each of ours, whichever are fewer.
    fn pair(&mut self, changed: &BTreeSet<String>) {
        let all = changed.len() >= self.own.len();
        let asked: Vec<&String> = if all { self.own.keys().collect() } else { changed.iter().collect() };
        let mut found = Vec::new();
        for name in asked {
            for (other, grounds) in self.index.twins(name) {
                let is_own = |name: &String| self.own.contains_key(name);
                match (is_own(name), is_own(&other)) {
                    (true, true) => found.push(((name.min(&other).clone(), name.max(&other).clone()), grounds)),
                    (true, false) => found.push(((name.clone(), other), grounds)),
                    (false, true) => found.push(((other, name.clone()), grounds)),
                    // What two other networks have in common is theirs to say.
                    (false, false) => {}
                }
            }
        }
        self.pairs.extend(found);
    }

    /// A record as the team sees it.
    fn read(&self, link: &mut Link, name: &str) -> Result<Option<Record>, StoreError> {
        if self.own.contains_key(name) {
            let own = own_records::find(link, name)?.filter(|own| own.moderation == Moderation::Published);
            return Ok(own.map(|own| own.record));
        }
        if !self.others.contains_key(name) {
            return Ok(None);
        }
        let reader = Reader::MemberElsewhere;
        Ok(records::seen(link, name, reader.audience())?.and_then(|sheet| sheet.record.seen_by(reader)))
    }

    fn twins(&self) -> Vec<Twin> {
        let twin = |((own, other), grounds): (&(String, String), &Vec<Ground>)| Twin {
            own: own.clone(),
            other: other.clone(),
            grounds: grounds.clone(),
        };
        let mut twins: Vec<Twin> = self.pairs.iter().map(twin).collect();
        // Grounds are in order of strength, and so are their lists; of two that begin alike the longer is the surer.
        let rank = |twin: &Twin| (twin.grounds.first().copied(), std::cmp::Reverse(twin.grounds.len()));
        twins.sort_by(|one, other| rank(one).cmp(&rank(other)).then_with(|| one.grounds.cmp(&other.grounds)));
        twins
    }
}

/// The names of what is new, other or gone; keeps what is there now.
fn changed(known: &mut Marks, now: Marks) -> BTreeSet<String> {
    let gone = known.keys().filter(|name| !now.contains_key(*name));
    let other = now.iter().filter(|(name, mark)| known.get(*name) != Some(*mark)).map(|(name, _)| name);
    let changed = gone.chain(other).cloned().collect();
    *known = now;
    changed
}

fn token(link: &mut Link) -> Result<Token, StoreError> {
    Ok((entries::last_arrival(link)?, unindexed::last(link)?))
}

/// What is there now, ours and others', without reading any of it.
fn marks(link: &mut Link) -> Result<(Token, Marks, Marks), StoreError> {
    let own_node = nodes::all(link)?.into_iter().find(|node| node.is_own).map_or_else(String::new, |node| node.id);
    let by_name = |marks: Vec<(String, i64, i64)>| {
        marks.into_iter().map(|(name, version, modified)| (name, (version, modified))).collect()
    };
    let own = by_name(own_records::marks(link, Kind::Structure)?);
    let others = by_name(records::marks_of_others(link, &own_node, Kind::Structure)?);
    Ok((token(link)?, own, others))
}

impl fmt::Debug for Twins {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Twins")
    }
}
