//! `pes hub invite` and `pes join`: how a network becomes an affiliate.

use super::{JoinArgs, origin};
use crate::{Config, House, NodeError};
use pes_journal::roll::Standing;
use std::io::{IsTerminal, Write as _};
use time::UtcDateTime;

pub(super) fn invite(config: Config, name: &str) -> Result<(), NodeError> {
    let house = House::open(config)?;
    let code = house.journal.invite(name, UtcDateTime::now())?;
    println!("An invitation for {name}. It serves once; whoever runs that network's node types:\n");
    println!("    pes join {} {code}", house.journal.identity().origin);
    Ok(())
}

pub(super) async fn join(config: Config, args: &JoinArgs) -> Result<(), NodeError> {
    let hub = origin(&args.hub)?;
    let house = House::open(config)?;
    println!("Joining {hub} means:");
    println!("  - all that is public here is shown by every affiliate, from now on and at once;");
    println!(
        "  - what is for affiliates reaches the members of their networks, and the operator of the hub can read it;"
    );
    println!("  - what is for this network or private never leaves this machine.");
    if !args.yes && std::io::stdin().is_terminal() && !agrees()? {
        println!("Nothing was changed.");
        return Ok(());
    }
    let joined = house.join(&hub, &args.code).await?;
    println!("Joined {} ({}). The running node begins to exchange within seconds.", joined.name, joined.origin);
    Ok(())
}

fn agrees() -> Result<bool, NodeError> {
    print!("Join? [y/N] ");
    std::io::stdout().flush().map_err(|e| NodeError::Said(e.to_string()))?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer).map_err(|e| NodeError::Said(e.to_string()))?;
    Ok(answer.trim().eq_ignore_ascii_case("y"))
}

/// Lists the hub's roll.
pub(super) fn members(config: Config) -> Result<(), NodeError> {
    let roll = House::open(config)?.journal.roll()?;
    if roll.is_empty() {
        println!("Nobody has joined this node yet. `pes hub invite NAME` makes an invitation.");
    }
    for (member, standing) in roll {
        println!("{}\t{}\t{}\tsince {}", member.network, member.origin, standing.notation(), member.since);
    }
    Ok(())
}

/// Suspends a member, takes it back, or notes that it has left.
pub(super) fn set_standing(config: Config, member: &str, standing: Standing) -> Result<(), NodeError> {
    let journal = House::open(config)?.journal;
    let typed = member.trim_end_matches('/');
    let found = journal.roll()?.into_iter().find(|(one, _)| one.origin == typed || one.network == typed);
    let Some((one, _)) = found else {
        let why = format!("no member is called {member}, or is at that address; `pes hub members` lists them");
        return Err(NodeError::Said(why));
    };
    journal.set_standing(&one.node_id, standing, UtcDateTime::now())?;
    println!("{} ({}): {}. Every affiliate hears of it.", one.network, one.origin, standing.notation());
    Ok(())
}
