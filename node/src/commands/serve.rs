//! `pes serve`: runs the node until it is told to stop.

use crate::{Config, House, NodeError};
use std::net::{SocketAddr, TcpListener};
use tokio::signal::unix::{SignalKind, signal};

pub(super) async fn run(config: Config) -> Result<(), NodeError> {
    let socket = listen(config.listen)?;
    let running = House::open(config)?.start(socket).await?;
    println!("{} is served.", running.house.journal.identity().origin);
    until_told().await?;
    running.stop().await;
    Ok(())
}

/// Opens a socket.
///
/// # Errors
/// [`NodeError::Listen`].
pub(crate) fn listen(address: SocketAddr) -> Result<TcpListener, NodeError> {
    TcpListener::bind(address).map_err(|e| NodeError::Listen { address: address.to_string(), why: e.to_string() })
}

/// Waits for Ctrl-C, or for the service manager's TERM.
pub(crate) async fn until_told() -> Result<(), NodeError> {
    let mut term = signal(SignalKind::terminate()).map_err(|e| NodeError::Said(e.to_string()))?;
    tokio::select! {
        _ = term.recv() => Ok(()),
        told = tokio::signal::ctrl_c() => told.map_err(|e| NodeError::Said(e.to_string())),
    }
}
