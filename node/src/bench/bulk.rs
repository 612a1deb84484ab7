//! Bulk: change-sets from another node, read, verified, logged, applied and durable, beside the [parts](super::parts) that this cannot
//! do without.

use super::author::Author;
use super::figure::Figures;
use super::ground::Ground;
use super::parts::{GROUP, TURNS, Took, Turns, statements};
use super::process::Stopwatch;
use crate::NodeError;
use pes_changeset::Channel;
use pes_changeset::batch::Batch;
use pes_journal::Journal;
use time::UtcDateTime;

/// Measures with so many change-sets.
pub(super) fn measure(ground: &Ground, count: u64) -> Result<Figures, NodeError> {
    let groups = count.div_ceil(GROUP);
    let mut author = Author::at("auteur.example", UtcDateTime::now())?;
    let batches = (0..groups).map(|_| author.batch(GROUP)).collect::<Result<Vec<_>, _>>()?;
    let bytes: Vec<Vec<u8>> = batches.iter().map(|batch| batch.write().map_err(said)).collect::<Result<_, _>>()?;
    let made =
        statements(ground, |node| author.meet(&node.journal), |node, ()| receive(&node.journal, &author, &bytes[0]))?;
    let mut turns = Turns::new(ground, made);
    for turn in 0..TURNS {
        turns.take(&batches, take(&ground.node(&format!("bulk{turn}"))?.journal, &author, &bytes)?)?;
    }
    let mut figures = Figures::of("bulk");
    turns.told(&mut figures);
    Ok(figures)
}

/// The path: from the bytes of a request's body to what is durable.
fn take(journal: &Journal, author: &Author, bytes: &[Vec<u8>]) -> Result<Took, NodeError> {
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

fn said(why: pes_changeset::Fault) -> NodeError {
    NodeError::Said(why.to_string())
}
