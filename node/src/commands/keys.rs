//! `pes keys rotate` and `pes keys new-epoch`: other keys for old, and logs that begin again.

use super::agrees;
use crate::house::{self, occupy};
use crate::{Config, NodeError, keys};
use clap::Args;
use pes_changeset::SecretKey;
use pes_changeset::commitment::sha256;
use pes_journal::identity::NewKeys;
use pes_journal::rotation::Exchange;
use std::io::{IsTerminal, Write as _};
use std::path::PathBuf;
use time::UtcDateTime;

/// Which root key signs, and whether another may take its place one day.
#[derive(Debug, Args)]
pub(super) struct KeysArgs {
    /// The file of the root key; without it keys/root.key if it is there, else it is read from standard input.
    #[arg(long, value_name = "FILE")]
    root_key: Option<PathBuf>,
    /// Make a further key, print it once, and declare that it alone may take the root key's place.
    #[arg(long)]
    next_root_key: bool,
}

/// How logs begin again.
#[derive(Debug, Args)]
pub(super) struct NewEpochArgs {
    #[command(flatten)]
    keys: KeysArgs,
    /// Although it is not known what was signed, and not all were asked who may hold it: what only they hold is lost.
    #[arg(long)]
    unasked: bool,
}

/// Whether somebody agreed already.
#[derive(Debug, Args)]
pub(super) struct RenewArgs {
    /// Write the root key to keys/root.key also on a terminal, instead of printing it once.
    #[arg(long)]
    keep_root_key: bool,
    /// Do not ask before.
    #[arg(long)]
    yes: bool,
}

/// Begins anew under the same origin.
pub(super) fn renew(config: &Config, args: &RenewArgs) -> Result<(), NodeError> {
    println!(
        "Beginning anew is for a node whose root key and log key are lost. It gets other keys, and by them another identity:"
    );
    println!("  - all that it has published is issued again, under the same names;");
    println!(
        "  - the hub has to invite it anew, and the animators of each network have to agree, before they take anything of it;"
    );
    println!("  - accounts, drafts, fields for fewer people and conversations stay.");
    if !agrees("Begin anew?", args.yes)? {
        return Ok(());
    }
    let prints_root = std::io::stdout().is_terminal() && !args.keep_root_key;
    let (made, renewed) = house::renew(config, !prints_root)?;
    println!("The node has other keys. Change-sets issued again: {}.", renewed.issued);
    println!("Its node-id was {} and is now {}.", renewed.replaces, renewed.identity.node_id);
    if prints_root {
        println!("\nThis is the root key. It is shown once and kept nowhere. Print it and lock it away:\n");
        println!("    {}\n", made.root.expose());
    } else {
        let file = keys::root_file(&config.keys());
        println!("\nThe root key lies in {}. Print it, lock it away, and delete the file.", file.display());
    }
    println!(
        "\nNext: ask the hub for an invitation (`pes hub invite --anew`), start `pes serve`, then `pes join` with it."
    );
    Ok(())
}

/// Exchanges the log and the transport key.
pub(super) fn rotate(config: &Config, args: &KeysArgs) -> Result<(), NodeError> {
    exchange(config, args, (false, false))
}

/// The same, and all logs begin again.
pub(super) fn new_epoch(config: &Config, args: &NewEpochArgs) -> Result<(), NodeError> {
    exchange(config, &args.keys, (true, args.unasked))
}

fn exchange(config: &Config, args: &KeysArgs, (begins_again, is_unasked): (bool, bool)) -> Result<(), NodeError> {
    let _watch = occupy(config)?;
    let root = keys::secret(&root_key(config, args)?)?;
    let new = NewKeys { root, ..NewKeys::generate().map_err(|e| NodeError::Said(e.to_string()))? };
    let journal = house::open_for_exchange(config, &new)?;
    let next = args.next_root_key.then(SecretKey::generate).transpose().map_err(|e| NodeError::Said(e.to_string()))?;
    keys::stage(&config.keys(), &new.log, &new.transport)?;
    let next_root = next.as_ref().map(|next| sha256(next.public().to_string().as_bytes()));
    let exchanged =
        journal.exchange_keys(&Exchange { keys: &new, next_root, begins_again, is_unasked }, UtcDateTime::now());
    let issued = match exchanged {
        Ok(rotated) => {
            keys::settle(&config.keys(), &rotated.identity.log_key.public())?;
            rotated.issued
        }
        Err(error) => {
            keys::unstage(&config.keys())?;
            return Err(error.into());
        }
    };
    println!("The log key and the transport key were exchanged. Others follow when they next hear from this node.");
    if begins_again {
        println!(
            "All logs begin again with {issued} change-sets; when others hold them, what was signed before counts for nothing."
        );
    }
    if let Some(next) = next {
        println!(
            "\nThis is the next root key. It is shown once and kept nowhere. Print it and lock it away, apart from the root key:\n"
        );
        println!("    {}\n", next.expose());
    }
    println!("Start the node again: `pes serve`.");
    Ok(())
}

fn root_key(config: &Config, args: &KeysArgs) -> Result<String, NodeError> {
    let usual = Some(keys::root_file(&config.keys())).filter(|file| file.exists());
    if let Some(file) = args.root_key.clone().or(usual) {
        return std::fs::read_to_string(&file).map_err(|e| NodeError::file(&file, e));
    }
    if std::io::stdin().is_terminal() {
        print!("Root key: ");
        std::io::stdout().flush().map_err(|e| NodeError::Said(e.to_string()))?;
    }
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).map_err(|e| NodeError::Said(e.to_string()))?;
    Ok(line)
}
