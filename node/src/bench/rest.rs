//! Rest: the memory of `pes serve`, with a network's structures in it, when nobody asks anything.

use super::author::structure;
use super::figure::{Bound, Figures};
use super::ground::Ground;
use super::process::Process;
use crate::NodeError;
use crate::commands::listen;
use crate::demo::browser::Browser;
use crate::house::{self, House};
use pes_changeset::Origin;
use pes_store::own_records::Moderation;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};
use time::UtcDateTime;

/// How long a node may take to begin to serve.
const PATIENCE: Duration = Duration::from_secs(60);

/// Measures a node with so many structures of its own, after so long a rest.
pub(super) async fn measure(ground: &Ground, count: u64, rest: Duration) -> Result<Figures, NodeError> {
    let socket = listen(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), "the system")?;
    let address = socket.local_addr().map_err(|e| NodeError::Said(e.to_string()))?;
    let why = |e: pes_changeset::Fault| NodeError::Said(e.to_string());
    let origin: Origin = format!("http://localhost:{}", address.port()).parse().map_err(why)?;
    let config = ground.config("rest");
    house::init(&config, &origin, "Réseau d’essai", true)?;
    fill(House::open(config.clone())?, &origin, count)?;
    drop(socket);
    let file = ground.folder().join("rest.toml");
    let database = config.database.as_ref().map_or_else(String::new, |one| format!("database = {one:?}\n"));
    let text = format!("data = {:?}\nlisten = \"{address}\"\nallow_private_peers = true\n{database}", config.data);
    std::fs::write(&file, text).map_err(|e| NodeError::file(&file, e))?;
    let node = Process::run(&["--config", &file.display().to_string(), "serve"])?;
    let begun = Instant::now();
    let mut browser = Browser::at(&origin);
    while browser.get("/structures").await.map_or(0, |page| page.status) != 200 {
        if begun.elapsed() > PATIENCE {
            return Err(NodeError::Said("the node does not serve".into()));
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    tokio::time::sleep(rest).await;
    let (resident, peak) = node.resident()?;
    let mut figures = Figures::of("rest");
    figures.tell("structures", count as f64, "");
    figures.hold("resident memory", resident, "MiB", Bound::AtMost(128.0));
    figures.tell("resident memory at its peak", peak, "MiB");
    Ok(figures)
}

fn fill(node: House, origin: &Origin, count: u64) -> Result<(), NodeError> {
    let now = UtcDateTime::now();
    for number in 0..count {
        node.journal.save(structure(origin, number, now)?, Moderation::Published, None, now)?;
    }
    Ok(())
}
