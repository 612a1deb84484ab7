//! What a notice on another node cannot do without: three commits and four round trips, one after the other; and what a commit cannot: one fsync.
//!
//! They are taken twice. By the packages that a node is made of, with no code of ours: as many bare inserts of diesel a commit as the path makes, and
//! requests that reqwest brings to actix-web, in the order of the path, each commit in a file of its own; this the path is held to. And by one row and a
//! socket alone, which is only told.

use super::figure::{Figures, median, milliseconds, percentile};
use super::ground::Ground;
use crate::NodeError;
use pes_store::yardstick::Bare;
use pes_sync::yardstick::Bringing;
use pes_web::{Serving, yardstick};
use std::fs::File;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::time::Instant;

/// How many nodes make what is to be told durable.
pub(super) const COMMITS: usize = 3;
/// Between two commits.
const TRIPS: usize = 2;
/// About what a push of one demand weighs, and its answer.
const REQUEST: usize = 4 * 1024;
const ANSWER: usize = 512;
/// About what the longer rows of a commit weigh: the change-set, its payload, what readers see of it; and what the others do.
const ROWS: [usize; 4] = [2_200, 1_400, 700, 300];

/// The parts, and what they took so far, in milliseconds.
pub(super) struct Least {
    rows: usize,
    bare: [Bare; COMMITS],
    bringing: Bringing,
    serving: Serving,
    file: File,
    stream: TcpStream,
    syncs: Vec<f64>,
    commits: Vec<f64>,
    trips: Vec<f64>,
    sums: Vec<f64>,
    sockets: Vec<f64>,
}

impl Least {
    /// With commits of so many rows.
    pub(super) fn new(ground: &Ground, rows: u64) -> Result<Self, NodeError> {
        let path = ground.folder().join("fsync");
        let file = File::create(&path).map_err(|e| NodeError::file(&path, e))?;
        let socket = listen()?;
        let stream = TcpStream::connect(socket.local_addr().map_err(said)?).map_err(said)?;
        stream.set_nodelay(true).map_err(said)?;
        std::thread::spawn(move || echo(&socket));
        let socket = listen()?;
        let bringing =
            Bringing::to(format!("http://{}/", socket.local_addr().map_err(said)?)).map_err(NodeError::Said)?;
        let serving = yardstick::answering(socket, ANSWER).map_err(said)?;
        let open = |name| ground.database(name).and_then(|database| Ok(Bare::open(&database)?));
        let bare = [open("least1")?, open("least2")?, open("least3")?];
        let rows = usize::try_from(rows).unwrap_or(usize::MAX);
        let [syncs, commits, trips, sums, sockets] = Default::default();
        Ok(Self { rows, bare, bringing, serving, file, stream, syncs, commits, trips, sums, sockets })
    }

    /// Takes all of it once more.
    pub(super) async fn once(&mut self) -> Result<(), NodeError> {
        let text = "x".repeat(REQUEST);
        let begun = Instant::now();
        self.file.write_all(text.as_bytes()).and_then(|()| self.file.sync_data()).map_err(said)?;
        self.syncs.push(milliseconds(begun.elapsed()));
        let by_sockets = self.by_sockets(&text)?;
        self.sockets.push(by_sockets);
        let (mut commits, mut trips) = (0.0, 0.0);
        for at in 0..COMMITS {
            if at > 0 {
                let begun = Instant::now();
                for _ in 0..TRIPS {
                    self.bringing.bring(text.clone().into_bytes()).await.map_err(NodeError::Said)?;
                }
                trips += milliseconds(begun.elapsed());
            }
            let begun = Instant::now();
            let lengths = ROWS.into_iter().chain(std::iter::repeat(ROWS[ROWS.len() - 1])).take(self.rows);
            self.bare[at].insert(lengths.map(|length| &text[..length]))?;
            commits += milliseconds(begun.elapsed());
        }
        self.commits.push(commits / COMMITS as f64);
        self.trips.push(trips / (TRIPS * (COMMITS - 1)) as f64);
        self.sums.push(commits + trips);
        Ok(())
    }

    fn by_sockets(&mut self, text: &str) -> Result<f64, NodeError> {
        let begun = Instant::now();
        for bare in &mut self.bare {
            bare.insert([text].into_iter())?;
        }
        for _ in 0..TRIPS * (COMMITS - 1) {
            self.stream.write_all(text.as_bytes()).map_err(said)?;
            self.stream.read_exact(&mut [0; ANSWER]).map_err(said)?;
        }
        Ok(milliseconds(begun.elapsed()))
    }

    /// The median of the fsyncs.
    pub(super) fn sync(&self) -> f64 {
        median(&self.syncs)
    }

    /// Tells the parts, and what stands beside them of one row and sockets alone; gives the median of their sum.
    pub(super) async fn told(self, figures: &mut Figures) -> f64 {
        self.serving.stop().await;
        figures.tell("fsync, median", median(&self.syncs), "ms");
        figures.tell("fsync, p99", percentile(&self.syncs, 99), "ms");
        figures.tell("inserts a commit", self.rows as f64, "");
        figures.tell("a bare commit of so many, median", median(&self.commits), "ms");
        figures.tell("a round trip of reqwest and actix-web over loopback, median", median(&self.trips), "ms");
        let sum = median(&self.sums);
        figures.tell("three commits and four round trips, median", sum, "ms");
        figures.tell("three commits and four round trips, p99", percentile(&self.sums, 99), "ms");
        figures.tell("the same of one row and a socket alone, median", median(&self.sockets), "ms");
        figures.tell("the same of one row and a socket alone, p99", percentile(&self.sockets, 99), "ms");
        sum
    }
}

fn listen() -> Result<TcpListener, NodeError> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(said)
}

/// Answers requests until nobody asks any more.
fn echo(socket: &TcpListener) {
    let Ok((mut stream, _)) = socket.accept() else { return };
    drop(stream.set_nodelay(true));
    while stream.read_exact(&mut [0; REQUEST]).is_ok() && stream.write_all(&[0; ANSWER]).is_ok() {}
}

fn said(why: impl ToString) -> NodeError {
    NodeError::Said(why.to_string())
}
