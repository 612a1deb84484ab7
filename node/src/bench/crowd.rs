//! A crowd of visitors: connections that ask a running site for pages, one after the other, as fast as it answers.

use crate::NodeError;
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// One visitor's connection, which is kept.
#[derive(Debug)]
pub(super) struct Visitor {
    stream: BufReader<TcpStream>,
    host: SocketAddr,
    body: Vec<u8>,
}

/// A page that was answered: how soon its first byte came, and how large it was.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen {
    pub(super) first_byte: Duration,
    pub(super) bytes: usize,
}

impl Visitor {
    pub(super) async fn at(host: SocketAddr) -> Result<Self, NodeError> {
        let stream = TcpStream::connect(host).await.map_err(said)?;
        stream.set_nodelay(true).map_err(said)?;
        Ok(Self { stream: BufReader::with_capacity(64 * 1024, stream), host, body: Vec::new() })
    }

    /// Asks for a page and reads it whole.
    pub(super) async fn ask(&mut self, path: &str) -> Result<Seen, NodeError> {
        let begun = Instant::now();
        let request = format!("GET {path} HTTP/1.1\r\nhost: localhost:{}\r\n\r\n", self.host.port());
        self.stream.get_mut().write_all(request.as_bytes()).await.map_err(said)?;
        let (mut line, mut bytes, mut first_byte) = (String::new(), 0, None);
        loop {
            line.clear();
            self.stream.read_line(&mut line).await.map_err(said)?;
            if first_byte.is_none() {
                first_byte = Some(begun.elapsed());
                if !line.starts_with("HTTP/1.1 200") {
                    return Err(NodeError::Said(format!("{path} was answered by {line:?}")));
                }
            }
            if let Some(length) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                bytes = length.trim().parse().unwrap_or_default();
            }
            if line == "\r\n" {
                break;
            }
        }
        self.body.resize(bytes, 0);
        self.stream.read_exact(&mut self.body).await.map_err(said)?;
        Ok(Seen { first_byte: first_byte.unwrap_or_default(), bytes })
    }
}

/// How many pages a second so many visitors get in so long: each goes through the paths from its own place on.
pub(super) async fn pages_a_second(
    host: SocketAddr,
    visitors: usize,
    paths: &[String],
    time: Duration,
) -> Result<f64, NodeError> {
    let (begun, mut all) = (Instant::now(), JoinSet::new());
    for number in 0..visitors {
        let paths = paths.to_vec();
        all.spawn(async move {
            let (mut visitor, mut count) = (Visitor::at(host).await?, 0_u64);
            let at = number * paths.len() / visitors;
            for path in paths.iter().cycle().skip(at) {
                if begun.elapsed() >= time {
                    break;
                }
                visitor.ask(path).await?;
                count += 1;
            }
            Ok::<_, NodeError>(count)
        });
    }
    let mut count = 0;
    while let Some(done) = all.join_next().await {
        count += done.map_err(said)??;
    }
    Ok(count as f64 / begun.elapsed().as_secs_f64())
}

fn said(why: impl ToString) -> NodeError {
    NodeError::Said(format!("a visitor was not answered: {}", why.to_string()))
}
