//! `pes rebuild`, `pes verify` and `pes migrate-database`: what is shared can be made again from the logs, checked, and moved.

use crate::house::occupy;
use crate::{Config, House, NodeError, download};
use pes_changeset::Channel;
use pes_store::transfer::transfer;
use pes_store::{Database, Store};
use std::io::IsTerminal;
use std::path::PathBuf;

pub(super) fn rebuild(config: Config) -> Result<(), NodeError> {
    let journal = House::open(config)?.journal;
    let before = journal.digest(&Channel::ALL)?;
    let count = journal.rebuild()?;
    let after = journal.digest(&Channel::ALL)?;
    println!("Change-sets applied anew: {count}.");
    println!("digest before: {before}\ndigest after:  {after}");
    println!(
        "Accounts, rights, conversations, drafts and fields for fewer people are in no log and were left alone; they come back from a backup only."
    );
    if before == after {
        Ok(())
    } else {
        Err(NodeError::Said("the digests differ: the tables had been damaged, and now are what the logs say".into()))
    }
}

pub(super) fn verify(config: Config) -> Result<(), NodeError> {
    let verified = House::open(config)?.journal.verify()?;
    println!(
        "Logs: {}, change-sets: {}, payloads: {}; all are what their authors signed.",
        verified.logs, verified.change_sets, verified.payloads
    );
    match verified.missing {
        0 => Ok(()),
        missing => Err(NodeError::Said(format!(
            "{missing} live payloads are missing, and their records are not shown; the running node asks others for them at each \
             start and each day. If nobody has them, restore a backup"
        ))),
    }
}

/// Checks files that somebody downloaded, with nothing but themselves.
pub(super) fn verify_downloaded(paths: &[PathBuf]) -> Result<(), NodeError> {
    for path in paths {
        for findings in download::examine(path)? {
            println!("{findings}");
        }
    }
    Ok(())
}

/// Moves the node's rows from its file into a PostgreSQL, and shows that what is shared is the same there.
pub(super) fn migrate_database(config: Config, to: &str) -> Result<(), NodeError> {
    let database: Database = to.parse()?;
    let from = House::open(config.clone())?.journal;
    let _watch = occupy(&config)?;
    let target = Store::open(database.clone())?;
    let shows_progress = std::io::stderr().is_terminal();
    transfer(from.store(), &target, |table, count| {
        if shows_progress {
            eprint!("\r\x1b[K{table}: {count}");
        }
    })?;
    if shows_progress {
        eprintln!();
    }
    drop(target);
    let there = House::open(Config { database: database.address(), ..config })?.journal;
    there.verify()?;
    let (before, after) = (from.digest(&Channel::ALL)?, there.digest(&Channel::ALL)?);
    println!("digest in {}: {before}\ndigest in {database}: {after}", from.store().database());
    if before != after {
        return Err(NodeError::Said("the digests differ; go on with the file, and report this".into()));
    }
    println!(
        "Everything is there. Now set `database` in the settings to that address, start `pes serve`, and keep the file as a backup."
    );
    Ok(())
}
