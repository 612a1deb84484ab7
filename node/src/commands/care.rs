//! `pes rebuild` and `pes verify`: what is shared can be made again from the logs, and checked.

use crate::{Config, House, NodeError};
use pes_changeset::Channel;

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
    Ok(())
}
