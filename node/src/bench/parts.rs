//! The parts that taking change-sets cannot do without, each alone and with no code of ours: one `verify_strict`, sophia's parse of header
//! and payload, two SHA-256 (header and payload), and as many bare inserts as the path makes, of texts as long as its rows, in one transaction
//! a group; its commit is the one fsync.
//!
//! Parts and path run on one thread, by turns, so that whatever else the machine does meets both.

use super::figure::{Bound, Figures, median};
use super::ground::Ground;
use super::process::Stopwatch;
use crate::{House, NodeError};
use pes_changeset::batch::Batch;
use pes_changeset::limits;
use pes_changeset::yardstick::{Signed, sha256};
use pes_rdf::yardstick::triples;
use pes_store::yardstick::{Bare, Statements, count_statements, counted};
use std::hint::black_box;

/// How many change-sets travel together.
pub(super) const GROUP: u64 = limits::BATCH_CHANGE_SETS as u64;
/// How often parts and path take turns.
pub(super) const TURNS: usize = 5;

/// How long something took: the time that passed and what was computed in it, both in microseconds.
pub(super) type Took = (f64, f64);

const NAMES: [&str; 5] = ["verify_strict", "sophia", "SHA-256", "inserts and fsync", PATH];
const PATH: &str = "the path";

/// The statements that some work makes at a node of its own. What makes it ready does not count.
pub(super) fn statements<T>(
    ground: &Ground,
    ready: impl FnOnce(&House) -> Result<T, NodeError>,
    work: impl FnOnce(&House, T) -> Result<(), NodeError>,
) -> Result<Statements, NodeError> {
    count_statements(true)?;
    let node = ground.node("counted")?;
    let made = ready(&node)?;
    let before = counted();
    work(&node, made)?;
    let after = counted();
    count_statements(false)?;
    Ok(Statements {
        selects: after.selects - before.selects,
        inserts: after.inserts - before.inserts,
        changes: after.changes - before.changes,
    })
}

/// What the parts and the path took, turn after turn, for one change-set.
#[derive(Debug)]
pub(super) struct Turns<'a> {
    ground: &'a Ground,
    made: Statements,
    times: [Vec<Took>; NAMES.len()],
    triples: usize,
}

impl<'a> Turns<'a> {
    /// None yet. `made` are the statements of the path for one group.
    pub(super) fn new(ground: &'a Ground, made: Statements) -> Self {
        Self { ground, made, times: Default::default(), triples: 0 }
    }

    /// One more: what the path took for these batches, and now the parts for the same.
    pub(super) fn take(&mut self, batches: &[Batch], path: Took) -> Result<(), NodeError> {
        let took = [verify(batches), parse(batches)?, digest(batches), self.insert(batches)?, path];
        let each = items(batches).count() as f64;
        for (times, (passed, computed)) in self.times.iter_mut().zip(took) {
            times.push((passed / each, computed / each));
        }
        self.triples = items(batches).next().map_or(0, |(.., payload)| payload.lines().count());
        Ok(())
    }

    /// Tells all of it, and how much of what the parts allow the path reaches.
    pub(super) fn told(&self, figures: &mut Figures) {
        let (mut parts, mut path) = ((0.0, 0.0), (0.0, 0.0));
        for (name, times) in NAMES.iter().zip(&self.times) {
            let (passed, computed): (Vec<f64>, Vec<f64>) = times.iter().copied().unzip();
            let one = (median(&passed), median(&computed));
            figures.tell(format!("{name}, a change-set ({})", self.ground.name()), one.0, "µs");
            figures.tell(format!("{name}, computed"), one.1, "µs");
            let to = if *name == PATH { &mut path } else { &mut parts };
            *to = (to.0 + one.0, to.1 + one.1);
        }
        let each = |count: u64| count as f64 / GROUP as f64;
        figures.tell("triples a record", self.triples as f64, "");
        figures.hold("inserts a change-set", each(self.made.inserts), "", Bound::AtMost(6.0));
        figures.tell("selects a change-set", each(self.made.selects), "");
        figures.tell("updates and deletes a change-set", each(self.made.changes), "");
        figures.tell("the sum of the parts, a change-set", parts.0, "µs");
        figures.tell(format!("records a second ({})", self.ground.name()), 1e6 / path.0, "/s");
        figures.hold("share of what the parts allow", parts.0 / path.0, "", Bound::AtLeast(0.5));
        figures.tell("the same of what is computed", parts.1 / path.1, "");
    }

    /// So many rows a change-set: its text, its payload, half as much for what readers see, and short ones.
    fn insert(&self, batches: &[Batch]) -> Result<Took, NodeError> {
        let mut bare = Bare::open(&self.ground.database(&format!("bare{}", self.times[0].len()))?)?;
        let rows = usize::try_from(self.made.inserts.div_ceil(GROUP)).unwrap_or(usize::MAX);
        let begun = Stopwatch::begin();
        for batch in batches {
            let texts = items(std::slice::from_ref(batch)).flat_map(|(header, text, payload)| {
                let seen = payload.get(..payload.len() / 2).unwrap_or(payload);
                let short = header.get(..400).unwrap_or(header);
                [text, payload, seen, short, short, short].into_iter().cycle().take(rows)
            });
            bare.insert(texts)?;
        }
        Ok(begun.stop())
    }
}

fn items(batches: &[Batch]) -> impl Iterator<Item = (&str, &str, &str)> {
    batches.iter().flat_map(|batch| &batch.items).map(|(change_set, payload)| {
        let payload = payload.as_deref().and_then(|payload| str::from_utf8(payload).ok()).unwrap_or_default();
        (change_set.document(), change_set.text(), payload)
    })
}

fn verify(batches: &[Batch]) -> Took {
    let signed = Signed::of([7; 32], [1; 64]);
    let begun = Stopwatch::begin();
    for _ in items(batches) {
        black_box(black_box(&signed).verifies());
    }
    begun.stop()
}

fn parse(batches: &[Batch]) -> Result<Took, NodeError> {
    let begun = Stopwatch::begin();
    for (header, _, payload) in items(batches) {
        if black_box(triples(header)).is_none() || black_box(triples(payload)).is_none() {
            return Err(NodeError::Said("sophia refuses an invented record".into()));
        }
    }
    Ok(begun.stop())
}

fn digest(batches: &[Batch]) -> Took {
    let begun = Stopwatch::begin();
    for (header, _, payload) in items(batches) {
        black_box(sha256(header.as_bytes()));
        black_box(sha256(payload.as_bytes()));
    }
    begun.stop()
}
