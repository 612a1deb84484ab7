//! `pes hub invite` and `pes join`: how a network becomes an affiliate.

use super::{JoinArgs, agrees, name, origin};
use crate::{Config, House, NodeError};
use pes_changeset::Origin;
use pes_domain::affiliation::Affiliation;
use pes_journal::Journal;
use pes_journal::roll::Standing;
use pes_sync::join::JoinError;
use time::UtcDateTime;

pub(super) fn invite(config: Config, typed: &str) -> Result<(), NodeError> {
    let name = name("the name of the network", typed)?;
    let house = House::open(config)?;
    let code = house.journal.invite(&name, UtcDateTime::now())?;
    println!("An invitation for {name}. It serves once; whoever runs that network's node types:\n");
    println!("    pes join {} {code}", house.journal.identity().origin);
    for hub in house.journal.parts_from()? {
        println!(
            "\nWhen it has joined, this node is a hub, and is in no circle but its own: what is for the affiliates of"
        );
        println!("{} comes here no more, and what is held of it is erased here. What is public goes on.", hub.origin);
    }
    Ok(())
}

/// The same for a member that lost its keys.
pub(super) fn invite_anew(config: Config, member: &str) -> Result<(), NodeError> {
    let house = House::open(config)?;
    let one = member_called(&house.journal, member)?;
    let code = house.journal.invite_anew(&one.node_id, UtcDateTime::now())?;
    println!("An invitation for {}, under new keys. It serves once.", one.network);
    println!("Give it to somebody of that network whom you know, and not by a mail to its domain: whoever has both");
    println!("the domain and this code takes its place here. Whoever runs that network's node types:\n");
    println!("    pes join {} {code}", house.journal.identity().origin);
    Ok(())
}

pub(super) async fn join(config: Config, args: &JoinArgs) -> Result<(), NodeError> {
    let hub = origin(&args.hub)?;
    if !hub.is_https() && !config.allow_private_peers {
        let why = "hubs are asked by https; for a demonstration set allow_private_peers = true";
        return Err(NodeError::Origin { what: hub.to_string(), why: why.into() });
    }
    let house = House::open(config)?;
    println!("Joining {hub} means:");
    println!("  - all that is public here is shown by every affiliate, from now on and at once;");
    println!("{}", whom_affiliates_are(&house, &hub)?);
    println!("  - what is for this network or private never leaves this machine.");
    if !agrees("Join?", args.yes)? {
        return Ok(());
    }
    let joined = house.join(&hub, &args.code).await.map_err(in_words)?;
    println!("Joined {} ({}). The running node begins to exchange within seconds.", joined.name, joined.origin);
    Ok(())
}

/// What is for affiliates goes to one circle: that of the hub that was joined first.
fn whom_affiliates_are(house: &House, hub: &Origin) -> Result<String, NodeError> {
    let circle = house.journal.pinned(&house.journal.circle()?).ok();
    Ok(match circle.filter(|circle| !circle.is_own && circle.origin != *hub) {
        Some(circle) => format!("  - what is for affiliates goes to those of {} only, as before;", circle.origin),
        None => {
            "  - what is for affiliates reaches the members of their networks, and the operator of the hub can read it;"
                .to_owned()
        }
    })
}

/// A hub that answers with a status was heard; and what keeps private addresses away is a setting with a name.
fn in_words(error: NodeError) -> NodeError {
    match error {
        NodeError::Join(JoinError::Unheard { hub, why }) if why.starts_with("status ") => {
            NodeError::Said(format!("{hub} was heard, but did not say who it is: {why}; is it the address of a hub?"))
        }
        NodeError::Join(JoinError::Unheard { why, .. }) if why.contains("not public") => {
            NodeError::Said(format!("{why} (the setting allow_private_peers)"))
        }
        other => other,
    }
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
    let one = member_called(&journal, member)?;
    journal.set_standing(&one.node_id, standing, UtcDateTime::now())?;
    println!("{} ({}): {}. Every affiliate hears of it.", one.network, one.origin, standing.notation());
    Ok(())
}

/// A member of this hub, by its address or its name.
fn member_called(journal: &Journal, member: &str) -> Result<Affiliation, NodeError> {
    let typed = member.trim_end_matches('/');
    let found = journal.roll()?.into_iter().find(|(one, _)| one.origin == typed || one.network == typed);
    found.map(|(one, _)| one).ok_or_else(|| {
        NodeError::Said(format!("no member is called {member}, or is at that address; `pes hub members` lists them"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_was_heard_and_refuses_is_not_said_to_be_silent() {
        let unheard = |why: &str| {
            let hub = "https://hub.example".parse().unwrap();
            in_words(NodeError::Join(JoinError::Unheard { hub, why: why.into() })).to_string()
        };
        let refused = unheard("status 401: the signature is too old");
        assert!(refused.contains("was heard, but") && refused.contains("401") && !refused.contains("was not heard"));
        assert!(unheard("10.0.0.1 has an address that is not public").contains("allow_private_peers"));
        assert!(unheard("connection refused").contains("was not heard"));
    }
}
