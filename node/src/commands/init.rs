//! `pes init`: makes a node.

use super::{InitArgs, name, origin};
use crate::{Config, NodeError, house, keys};
use std::io::IsTerminal;

pub(super) fn run(config: &Config, args: &InitArgs) -> Result<(), NodeError> {
    let (origin, name) = (origin(&args.origin)?, name("--name", &args.name)?);
    if !origin.is_https() && !config.allow_private_peers {
        let why = "other nodes are asked by https; for a demonstration set allow_private_peers = true";
        return Err(NodeError::Origin { what: origin.to_string(), why: why.into() });
    }
    // On a terminal the root key is printed and forgotten; elsewhere nobody would see it.
    let prints_root = std::io::stdout().is_terminal() && !args.keep_root_key;
    let made = house::init(config, &origin, &name, !prints_root)?;
    println!("The node of {name} is made in {}.", config.data.display());
    println!("Its origin is {origin}; it cannot be changed.");
    if prints_root {
        println!("\nThis is the root key. It is shown once and kept nowhere. Print it and lock it away:\n");
        println!("    {}\n", made.root.expose());
        println!(
            "With it the other keys can be replaced when they are stolen or lost. Without it the node works all the same."
        );
    } else {
        let file = keys::root_file(&config.keys());
        println!("\nThe root key lies in {}. Print it, lock it away, and delete the file.", file.display());
    }
    println!("\nNext: `pes user create --role administrator --name … --email …`, then `pes serve`.");
    Ok(())
}
