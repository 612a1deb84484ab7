//! Listens on the wire: passes bytes on between a node and whoever asks it, and keeps a copy of all of them.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, OnceLock};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// A tap at one node's address.
#[derive(Debug)]
pub struct Tap {
    port: u16,
    target: Arc<OnceLock<SocketAddr>>,
    bytes: Arc<Mutex<Vec<u8>>>,
    _tasks: JoinSet<()>,
}

impl Tap {
    /// Opens a tap at a free port; it passes on once it knows where to.
    pub async fn open() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (target, bytes) = (Arc::new(OnceLock::new()), Arc::default());
        let (to, kept) = (Arc::clone(&target), Arc::clone(&bytes));
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                if let Some(target) = to.get().copied() {
                    tokio::spawn(pass(stream, target, Arc::clone(&kept)));
                }
            }
        });
        Self { port, target, bytes, _tasks: tasks }
    }

    /// The port at which it listens.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Tells it where to pass on to.
    pub fn passes_to(&self, target: SocketAddr) {
        self.target.set(target).unwrap();
    }

    /// All bytes that went through, both ways.
    pub fn bytes(&self) -> Vec<u8> {
        self.bytes.lock().unwrap().clone()
    }
}

async fn pass(near: TcpStream, target: SocketAddr, kept: Arc<Mutex<Vec<u8>>>) {
    let Ok(far) = TcpStream::connect(target).await else { return };
    let (near_read, near_write) = near.into_split();
    let (far_read, far_write) = far.into_split();
    tokio::join!(copy(near_read, far_write, Arc::clone(&kept)), copy(far_read, near_write, kept));
}

async fn copy(mut from: impl AsyncReadExt + Unpin, mut to: impl AsyncWriteExt + Unpin, kept: Arc<Mutex<Vec<u8>>>) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(length) = from.read(&mut buffer).await {
        if length == 0 || to.write_all(&buffer[..length]).await.is_err() {
            break;
        }
        kept.lock().unwrap().extend_from_slice(&buffer[..length]);
    }
    drop(to.shutdown().await);
}
