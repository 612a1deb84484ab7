//! Bulk: change-sets from another node, read, verified, logged, applied and durable, beside the parts that this cannot do without,
//! each alone and with no code of ours.
//!
//! The parts: one `verify_strict`, sophia's parse of header and payload, two SHA-256 (header and payload), and as many bare
//! inserts as the path makes, of texts as long as its rows, in one transaction a group; its commit is the one fsync. Both run on one thread,
//! by turns, so that whatever else the machine does meets both.

use super::author::Author;
use super::figure::{Bound, Figures, median};
use super::ground::Ground;
use super::process::Stopwatch;
use crate::NodeError;
use pes_changeset::batch::Batch;
use pes_changeset::yardstick::{Signed, sha256};
use pes_changeset::{Channel, limits};
use pes_journal::Journal;
use pes_rdf::yardstick::triples;
use pes_store::yardstick::{Bare, Statements, count_statements, counted};
use std::hint::black_box;
use time::UtcDateTime;

/// How often parts and path take turns.
const RUNS: usize = 5;
/// How many change-sets travel together.
const GROUP: u64 = limits::BATCH_CHANGE_SETS as u64;

/// What is measured, by name: how long each took in each run, and how much was computed in it.
type Times = Vec<(&'static str, Vec<f64>, Vec<f64>)>;

/// Measures with so many change-sets.
pub(super) fn measure(ground: &Ground, count: u64) -> Result<Figures, NodeError> {
    let groups = count.div_ceil(GROUP);
    let mut author = Author::at("auteur.example", UtcDateTime::now())?;
    let batches = (0..groups).map(|_| author.batch(GROUP)).collect::<Result<Vec<_>, _>>()?;
    let bytes: Vec<Vec<u8>> = batches.iter().map(|batch| batch.write().map_err(said)).collect::<Result<_, _>>()?;
    let each = groups * GROUP;
    let made = statements(ground, &author, &bytes[..1])?;
    let rows = made.inserts.div_ceil(GROUP);
    let names = ["verify_strict", "sophia", "SHA-256", "inserts and fsync", "the path"];
    let mut times: Times = names.map(|name| (name, vec![], vec![])).into();
    for run in 0..RUNS {
        let took = [
            verify(&batches),
            parse(&batches)?,
            digest(&batches),
            insert(ground, run, &batches, rows)?,
            take(&ground.node(&format!("bulk{run}"))?.journal, &author, &bytes)?,
        ];
        for ((_, passed, computed), took) in times.iter_mut().zip(took) {
            passed.push(took.0 / each as f64);
            computed.push(took.1 / each as f64);
        }
    }
    Ok(told(ground, &batches, made, &times))
}

fn told(ground: &Ground, batches: &[Batch], made: Statements, times: &Times) -> Figures {
    let mut figures = Figures::of("bulk");
    let (mut parts, mut path) = ((0.0, 0.0), (0.0, 0.0));
    for (name, passed, computed) in times {
        let one = (median(passed), median(computed));
        figures.tell(format!("{name}, a change-set ({})", ground.name()), one.0, "µs");
        figures.tell(format!("{name}, computed"), one.1, "µs");
        let to = if *name == "the path" { &mut path } else { &mut parts };
        *to = (to.0 + one.0, to.1 + one.1);
    }
    let lines = batches[0].items[0].1.as_deref().map_or(0, |payload| payload.split(|b| *b == b'\n').count() - 1);
    let each = |count: u64| count as f64 / GROUP as f64;
    figures.tell("triples a record", lines as f64, "");
    figures.hold("inserts a change-set", each(made.inserts), "", Bound::AtMost(6.0));
    figures.tell("selects a change-set", each(made.selects), "");
    figures.tell("updates and deletes a change-set", each(made.changes), "");
    figures.tell("the sum of the parts, a change-set", parts.0, "µs");
    figures.tell(format!("records a second ({})", ground.name()), 1e6 / path.0, "/s");
    figures.hold("share of what the parts allow", parts.0 / path.0, "", Bound::AtLeast(0.5));
    figures.tell("the same of what is computed", parts.1 / path.1, "");
    figures
}

/// How many statements the path makes of one group.
fn statements(ground: &Ground, author: &Author, bytes: &[Vec<u8>]) -> Result<Statements, NodeError> {
    count_statements(true)?;
    let node = ground.node("counted")?;
    author.meet(&node.journal)?;
    let before = counted();
    receive(&node.journal, author, &bytes[0])?;
    let after = counted();
    count_statements(false)?;
    Ok(Statements {
        selects: after.selects - before.selects,
        inserts: after.inserts - before.inserts,
        changes: after.changes - before.changes,
    })
}

/// The path: from the bytes of a request's body to what is durable.
fn take(journal: &Journal, author: &Author, bytes: &[Vec<u8>]) -> Result<(f64, f64), NodeError> {
    author.meet(journal)?;
    let begun = Stopwatch::begin();
    for batch in bytes {
        receive(journal, author, batch)?;
    }
    Ok(begun.stop())
}

fn receive(journal: &Journal, author: &Author, bytes: &[u8]) -> Result<(), NodeError> {
    let batch = Batch::read(bytes).map_err(said)?;
    journal.receive(&author.id(), Channel::Public, &batch, UtcDateTime::now())?;
    Ok(())
}

fn items(batches: &[Batch]) -> impl Iterator<Item = (&str, &str, &str)> {
    batches.iter().flat_map(|batch| &batch.items).map(|(change_set, payload)| {
        let payload = payload.as_deref().and_then(|payload| str::from_utf8(payload).ok()).unwrap_or_default();
        (change_set.document(), change_set.text(), payload)
    })
}

fn verify(batches: &[Batch]) -> (f64, f64) {
    let signed = Signed::of([7; 32], [1; 64]);
    let begun = Stopwatch::begin();
    for _ in items(batches) {
        black_box(black_box(&signed).verifies());
    }
    begun.stop()
}

fn parse(batches: &[Batch]) -> Result<(f64, f64), NodeError> {
    let begun = Stopwatch::begin();
    for (header, _, payload) in items(batches) {
        if black_box(triples(header)).is_none() || black_box(triples(payload)).is_none() {
            return Err(NodeError::Said("sophia refuses an invented record".into()));
        }
    }
    Ok(begun.stop())
}

fn digest(batches: &[Batch]) -> (f64, f64) {
    let begun = Stopwatch::begin();
    for (header, _, payload) in items(batches) {
        black_box(sha256(header.as_bytes()));
        black_box(sha256(payload.as_bytes()));
    }
    begun.stop()
}

/// So many rows a change-set: its text, its payload, half as much for what readers see, and short ones.
fn insert(ground: &Ground, run: usize, batches: &[Batch], rows: u64) -> Result<(f64, f64), NodeError> {
    let mut bare = Bare::open(&ground.database(&format!("bare{run}"))?)?;
    let rows = usize::try_from(rows).unwrap_or(usize::MAX);
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

fn said(why: pes_changeset::Fault) -> NodeError {
    NodeError::Said(why.to_string())
}
