//! `pes serve`: runs the node until it is told to stop.

use crate::{Config, House, NodeError};
use pes_web::Sight;
use std::net::{SocketAddr, TcpListener};
use tokio::signal::unix::{Signal, SignalKind, signal};

pub(super) async fn run(config: Config) -> Result<(), NodeError> {
    let mut stop = Stop::listen()?;
    let socket = listen(config.listen, "`listen` in the settings")?;
    // It is there first, so that tools see a node that is not ready yet.
    let sight = Sight::default();
    let watched = match config.metrics_listen {
        Some(address) => Some(sight.serve(listen(address, "`metrics_listen` in the settings")?)?),
        None => None,
    };
    let house = tokio::task::spawn_blocking(|| House::open(config)).await;
    let house = house.map_err(|e| NodeError::Said(format!("the node cannot be opened: {e}")))??;
    sight.show(house.journal.clone());
    let running = house.start(socket).await?;
    println!("{} is served.", running.house.journal.identity().origin);
    stop.told().await;
    running.stop().await;
    if let Some(watched) = watched {
        watched.stop().await;
    }
    Ok(())
}

/// Opens a socket; `setting` is what chooses it.
///
/// # Errors
/// [`NodeError::Listen`].
pub(crate) fn listen(address: SocketAddr, setting: &'static str) -> Result<TcpListener, NodeError> {
    TcpListener::bind(address).map_err(|e| NodeError::listen(address, &e, setting))
}

/// Ctrl-C, or the service manager's TERM: listened for from before the node is reached, so that none is missed.
pub(crate) struct Stop {
    term: Signal,
    interrupt: Signal,
}

impl Stop {
    /// Listens from now on.
    ///
    /// # Errors
    /// [`NodeError::Said`] when the system lets nobody listen.
    pub(crate) fn listen() -> Result<Self, NodeError> {
        let fault = |e: std::io::Error| NodeError::Said(format!("cannot listen for signals: {e}"));
        let term = signal(SignalKind::terminate()).map_err(fault)?;
        let interrupt = signal(SignalKind::interrupt()).map_err(fault)?;
        Ok(Self { term, interrupt })
    }

    /// Waits until one of them comes.
    pub(crate) async fn told(&mut self) {
        tokio::select! {
            _ = self.term.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
