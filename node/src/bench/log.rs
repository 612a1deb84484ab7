//! A large log: what an entry weighs, and how long it takes to open it, to prove that something is in it, to serve a bundle, and to
//! make the tables again of a tenth of it.

use super::author::Author;
use super::figure::{Figures, median, milliseconds};
use super::ground::Ground;
use crate::{House, NodeError};
use pes_changeset::bundle::Place;
use pes_changeset::tree::{Frontier, Hash};
use pes_changeset::{Channel, limits, tree_proof};
use pes_journal::Journal;
use pes_journal::supply::Named;
use pes_store::{entries, logs};
use std::path::Path;
use std::time::Instant;
use time::UtcDateTime;

const GROUP: u64 = limits::BATCH_CHANGE_SETS as u64;
/// How many proofs are made, and bundles served.
const TRIES: u64 = 20;

/// Measures a log of so many change-sets.
pub(super) fn measure(ground: &Ground, count: u64) -> Result<Figures, NodeError> {
    let mut figures = Figures::of("log");
    let mut author = Author::at("auteur.example", UtcDateTime::now())?;
    let groups = count.div_ceil(GROUP).max(2);
    let node = ground.node("log")?;
    author.meet(&node.journal)?;
    let tenth = (groups / 10).max(1);
    grow(&node.journal, &mut author, tenth)?;
    let begun = Instant::now();
    let applied = node.journal.rebuild()?;
    figures.tell("the tenth, change-sets", applied as f64, "");
    figures.tell("to rebuild the tenth", begun.elapsed().as_secs_f64(), "s");
    let bytes = grow(&node.journal, &mut author, groups - tenth)? as f64 / ((groups - tenth) * GROUP) as f64;
    let size = groups * GROUP;
    figures.tell("change-sets", size as f64, "");
    figures.tell("bytes an entry, as it travels with its payload", bytes, "B");
    let named = (author.id(), size);
    let config = node.config.clone();
    node.journal.store().settle()?;
    drop(node);
    if config.database.is_none() {
        let held = file_size(&config.data.join("pes.sqlite"))?;
        figures.tell("bytes an entry in the database, with all that is made of it", held as f64 / size as f64, "B");
    }
    let begun = Instant::now();
    let node = House::open(config)?;
    figures.tell("to open", milliseconds(begun.elapsed()), "ms");
    serve(&node.journal, (&named.0, size), &mut figures)?;
    prove(&node.journal, (&named.0, size), &mut figures)?;
    Ok(figures)
}

/// Takes so many groups; tells how many bytes travelled.
fn grow(journal: &Journal, author: &mut Author, groups: u64) -> Result<usize, NodeError> {
    let mut bytes = 0;
    for _ in 0..groups {
        let batch = author.batch(GROUP)?;
        bytes += batch
            .items
            .iter()
            .map(|(one, payload)| one.text().len() + payload.as_ref().map_or(0, Vec::len))
            .sum::<usize>();
        journal.receive(&author.id(), Channel::Public, &batch, UtcDateTime::now())?;
    }
    Ok(bytes)
}

fn file_size(file: &Path) -> Result<u64, NodeError> {
    Ok(std::fs::metadata(file).map_err(|e| NodeError::file(file, e))?.len())
}

/// Places in the log, spread over it.
fn places(size: u64) -> impl Iterator<Item = u64> {
    (0..TRIES).map(move |one| one * (size - 1) / TRIES)
}

fn serve(journal: &Journal, (node, size): (&str, u64), figures: &mut Figures) -> Result<(), NodeError> {
    let named = Named { node, channel: Channel::Public, epoch: 1 };
    let (mut entries, mut payloads) = (Vec::new(), Vec::new());
    for seq in places(size) {
        let place = Place { index: seq / GROUP, width: GROUP };
        let begun = Instant::now();
        journal.entry_bundle(named, place)?;
        entries.push(milliseconds(begun.elapsed()));
        let begun = Instant::now();
        journal.payload_bundle(named, place)?;
        payloads.push(milliseconds(begun.elapsed()));
    }
    figures.tell("to serve a bundle of 256 entries, median", median(&entries), "ms");
    figures.tell("to serve its payloads, median", median(&payloads), "ms");
    Ok(())
}

fn prove(journal: &Journal, (node, size): (&str, u64), figures: &mut Figures) -> Result<(), NodeError> {
    let begun = Instant::now();
    let (leaves, root) = journal.store().read(|link| {
        let log =
            logs::find(link, node, Channel::Public, 1)?.ok_or_else(|| NodeError::Said("there is no log".into()))?;
        let mut leaves: Vec<Hash> = Vec::new();
        while (leaves.len() as u64) < size {
            leaves.extend(entries::leaves(link, log.id, leaves.len() as u64, 10_000)?);
        }
        Ok::<_, NodeError>((leaves, log.frontier.root()))
    })?;
    figures.tell("to read all leaves", milliseconds(begun.elapsed()), "ms");
    let subtree = |range: std::ops::Range<u64>| {
        let mut frontier = Frontier::default();
        range.for_each(|at| frontier.append(leaves[at as usize]));
        frontier.root()
    };
    let mut took = Vec::new();
    for seq in places(size) {
        let begun = Instant::now();
        let proof = tree_proof::inclusion(seq, size, &subtree);
        took.push(milliseconds(begun.elapsed()));
        tree_proof::verify_inclusion(seq, size, &leaves[seq as usize], &proof, &root)
            .map_err(|e| NodeError::Said(e.to_string()))?;
    }
    figures.tell("to prove inclusion from the leaves, median", median(&took), "ms");
    Ok(())
}
