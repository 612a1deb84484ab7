//! `pes hub invite` and `pes join`: how a network becomes an affiliate.

use super::{JoinArgs, origin};
use crate::{Config, House, NodeError};
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
