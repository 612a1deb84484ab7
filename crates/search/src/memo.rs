//! Answers given of one state of the index, kept for whoever asks the same of the same state: the next page of a list costs no second count.
//!
//! An answer hangs on nothing but the state and what was asked, who asks among it; a state never changes, and with it goes all that was kept of
//! it. Time alone goes on: what expires meanwhile, or begins to be over, makes it another question ([`Moment`]). So what is told from here is
//! what counting again would tell, and nothing else.

use crate::query::{DEEPEST, Facet, Query, Sort, Understood};
use crate::ranking::Candidate;
use crate::view::View;
use pes_domain::place::Point;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// So many answers are kept of a state. Each has at most [`DEEPEST`] hits of a few bytes.
const MOST: usize = 32;
/// So many hits are put in order for who looks at the first page or one of the next. Who goes further gets all that can be leafed through
/// ordered at once.
const SHALLOW: usize = 100;

/// What is told of a query, whichever page of it was asked for.
pub(crate) struct Answer {
    pub(crate) understood: Understood,
    pub(crate) total: usize,
    pub(crate) facets: Arc<BTreeMap<Facet, Vec<(String, usize)>>>,
    /// Where distances are told from, if that is not where the query says.
    pub(crate) centre: Option<Point>,
    /// The first hits, in order: as many as were asked for, or all there are.
    pub(crate) hits: Vec<Candidate>,
}

/// The answers that are kept; the one that was used last stands last.
#[derive(Default)]
pub(crate) struct Memo(Mutex<Vec<(Question, Arc<Answer>)>>);

/// A query without its page and its time, and what of the time matters.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Question(Query, Moment);

/// Two times of one moment are the same to a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Moment {
    /// How much of what the reader sees has expired.
    expired: usize,
    /// The very time, where the order hangs on it.
    now: Option<i64>,
}

impl Question {
    pub(crate) fn of(query: &Query, view: &View) -> Self {
        let is_ordered_by_now = query.sort == Sort::Date && query.dates.is_none() && view.has_occurrences();
        let now = is_ordered_by_now.then_some(query.now);
        let moment = Moment { expired: view.expired(query.sight()), now };
        Self(Query { now: 0, offset: 0, limit: 0, ..query.clone() }, moment)
    }
}

/// How many hits have to be in order for a page.
pub(crate) fn depth(query: &Query) -> usize {
    match query.offset.saturating_add(query.limit) {
        0 => 0,
        1..=SHALLOW => SHALLOW,
        _ => DEEPEST,
    }
}

impl Memo {
    /// The answer to a question, if it is kept with at least so many hits in order.
    pub(crate) fn get(&self, question: &Question, depth: usize) -> Option<Arc<Answer>> {
        let mut all = self.all();
        let at = all.iter().position(|(other, answer)| other == question && answer.has(depth))?;
        let used = all.remove(at);
        let answer = Arc::clone(&used.1);
        all.push(used);
        Some(answer)
    }

    /// Keeps an answer, in the place of one with fewer hits.
    pub(crate) fn put(&self, question: Question, answer: Arc<Answer>) {
        let mut all = self.all();
        all.retain(|(other, _)| *other != question);
        if all.len() >= MOST {
            all.remove(0);
        }
        all.push((question, answer));
    }

    pub(crate) fn clear(&self) {
        self.all().clear();
    }

    fn all(&self) -> MutexGuard<'_, Vec<(Question, Arc<Answer>)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Answer {
    fn has(&self, depth: usize) -> bool {
        self.hits.len() >= depth.min(self.total)
    }
}
