//! Many affiliates in one process, each with its own keys, database and socket: they verify, keep and acknowledge what the hub brings,
//! and walk nowhere themselves.

use super::ground::Ground;
use super::process::Process;
use crate::NodeError;
use crate::commands::listen;
use crate::house::{self, House};
use clap::Args;
use pes_changeset::Origin;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr};

/// What the affiliates' process is told. It reads invitation codes from its input, a line each, joins with each, says so, and goes
/// when its input ends.
#[derive(Debug, Args)]
pub struct AffiliatesArgs {
    /// The hub's address.
    hub: String,
    /// How many codes will come.
    count: usize,
}

/// Runs the affiliates.
///
/// # Errors
/// [`NodeError`] when one cannot join.
pub async fn run(args: &AffiliatesArgs) -> Result<(), NodeError> {
    let why = |e: pes_changeset::Fault| NodeError::Said(e.to_string());
    let hub: Origin = args.hub.parse().map_err(why)?;
    let ground = Ground::new(None)?;
    let codes = std::io::stdin().lock().lines().take(args.count).collect::<Result<Vec<_>, _>>().map_err(said)?;
    let mut all = Vec::new();
    for (code, at) in codes.iter().zip(1..) {
        let socket = listen(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), "the system")?;
        let port = socket.local_addr().map_err(said)?.port();
        let origin: Origin = format!("http://localhost:{port}").parse().map_err(why)?;
        let config = ground.config(&format!("affiliate{at}"));
        house::init(&config, &origin, &format!("Réseau {at}"), true)?;
        let house = House::open(config)?;
        let serving = house.serve(socket, None)?;
        house.join(&hub, code).await?;
        all.push((house, serving));
    }
    println!("joined");
    std::io::stdout().flush().map_err(said)?;
    tokio::task::spawn_blocking(|| std::io::stdin().lock().read_to_end(&mut Vec::new()))
        .await
        .map(drop)
        .map_err(|e| NodeError::Said(e.to_string()))
}

/// Starts that process, and waits until all have joined.
pub(super) async fn start(hub: &House, count: u64) -> Result<Process, NodeError> {
    let origin = hub.journal.identity().origin.to_string();
    let mut process = Process::run(&["bench", "affiliates", &origin, &count.to_string()])?;
    let now = time::UtcDateTime::now();
    for at in 1..=count {
        let code = hub.journal.invite(&format!("Réseau {at}"), now)?;
        let input = process.0.stdin.as_mut().ok_or_else(|| NodeError::Said("the affiliates do not listen".into()))?;
        writeln!(input, "{code}").map_err(said)?;
    }
    let output = process.0.stdout.take().ok_or_else(|| NodeError::Said("the affiliates say nothing".into()))?;
    let line = tokio::task::spawn_blocking(move || {
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line).map(|_| line)
    });
    match line.await {
        Ok(Ok(line)) if line.trim() == "joined" => Ok(process),
        _ => Err(NodeError::Said("the affiliates did not join".into())),
    }
}

fn said(why: std::io::Error) -> NodeError {
    NodeError::Said(why.to_string())
}
