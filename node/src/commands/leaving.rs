//! `pes leave`: a network leaves a hub, with receipts.

use super::{agrees, origin};
use crate::{Config, House, NodeError};
use clap::Args;
use pes_journal::Journal;
use pes_journal::leaving::Farewell;
use pes_journal::peers::{Node, PeerRole};
use time::UtcDateTime;

/// Which hub, and how.
#[derive(Debug, Args)]
pub(super) struct LeaveArgs {
    /// The hub's address.
    hub: String,
    /// Take back what is public too, from everybody; it is shown again here when everybody has acknowledged.
    #[arg(long)]
    withdraw_public: bool,
    /// Leave without waiting any longer for those who have not acknowledged.
    #[arg(long, conflicts_with = "stay")]
    without_waiting: bool,
    /// Think better of it: give again what was taken back.
    #[arg(long)]
    stay: bool,
    /// Do not ask before.
    #[arg(long)]
    yes: bool,
}

pub(super) fn leave(config: Config, args: &LeaveArgs) -> Result<(), NodeError> {
    let journal = House::open(config)?.journal;
    let (hub, now) = (hub(&journal, &args.hub)?, UtcDateTime::now());
    let is_leaving = journal.farewells()?.iter().any(|one| one.hub.id == hub.id);
    if args.stay {
        journal.stay(&hub.id, now)?;
        println!("This network stays with {}. What was taken back is given again.", hub.name);
        return Ok(());
    }
    if !is_leaving && !begin(&journal, &hub, args, now)? {
        return Ok(());
    }
    if args.without_waiting {
        journal.part(&hub.id, now)?;
        println!("This network has left {}. It is told as soon as it can be reached.", hub.name);
        return Ok(());
    }
    let farewells = journal.farewells()?;
    match farewells.iter().find(|one| one.hub.id == hub.id) {
        Some(farewell) => tell(farewell),
        None => println!("This network has left {}.", hub.name),
    }
    Ok(())
}

fn begin(journal: &Journal, hub: &Node, args: &LeaveArgs, now: UtcDateTime) -> Result<bool, NodeError> {
    println!("Leaving {} means:", hub.name);
    println!("  - what is for affiliates is taken back at once: who held it erases it, and says so in writing;");
    println!(
        "  - what is public {};",
        if args.withdraw_public {
            "is taken back too, and shown again here alone at the end"
        } else {
            "stays where it is"
        }
    );
    println!("  - at the end the hub is told, and what came here from its other members is erased here.");
    if !agrees("Leave?", args.yes)? {
        return Ok(false);
    }
    journal.leave(&hub.id, args.withdraw_public, now)?;
    Ok(true)
}

fn tell(farewell: &Farewell) {
    println!("What is taken back, and who has acknowledged it; `pes serve` has to be running:");
    for holder in &farewell.holders {
        let state = match holder.acknowledged {
            Some(at) => UtcDateTime::from_unix_timestamp(at)
                .map_or_else(|_| "acknowledged".into(), |at| format!("acknowledged {at}")),
            None => "not yet".to_owned(),
        };
        println!("{}\t{}\t{state}", holder.node.name, holder.node.origin);
    }
    if farewell.is_told {
        println!("Everybody has; the hub is being told.");
    } else {
        println!("The same command tells again; --without-waiting ends the waiting, --stay undoes it.");
    }
}

/// The hub at an address.
fn hub(journal: &Journal, typed: &str) -> Result<Node, NodeError> {
    let address = origin(typed)?;
    let found = journal.pinned_at(&address)?;
    let is_hub = |node: &Node| matches!(journal.peer(&node.id), Ok(Some(peer)) if peer.role == PeerRole::Hub);
    found.filter(is_hub).ok_or_else(|| NodeError::Said(format!("this network follows no hub at {address}")))
}
