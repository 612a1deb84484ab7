//! Latency: from the moment a demand is saved to the row of the notice on another node, through the hub, over real sockets; idle, and with a
//! backlog flowing to that node. Beside it the [`least`](super::least) that this cannot do without.

use super::author::Author;
use super::figure::{Bound, Figures, median, milliseconds, percentile};
use super::ground::Ground;
use super::least::{COMMITS, Least};
use super::process::stops;
use crate::NodeError;
use crate::demo::data::PASSWORD;
use crate::demo::village::{Ports, Village};
use crate::house::{House, rules};
use pes_changeset::{Channel, limits};
use pes_domain::{Draft, Kind, Record, RecordIri};
use pes_journal::Bell;
use pes_store::accounts::Role;
use pes_store::own_records::Moderation;
use pes_store::rights::{self, Right};
use pes_store::yardstick::{count_statements, counted};
use pes_store::{entries, nodes, notices};
use std::ops::Range;
use std::time::{Duration, Instant};
use time::UtcDateTime;
use tokio::runtime::Handle;

const NODES: [(&str, &str, &str); 3] =
    [("carrefour", "Carrefour", ""), ("auteur", "Auteur", ""), ("lecteur", "Lecteur", "")];
/// How long is waited between two demands where nothing else goes on: until three nodes that share the cores have put the one before into their search
/// indexes, which begins when it has been carried everywhere.
const REST: Duration = Duration::from_millis(150);
/// How long it is waited before something is looked at again, and between two demands into a backlog.
const PAUSE: Duration = Duration::from_millis(50);
/// How long anything may take before it counts as lost.
const PATIENCE: Duration = Duration::from_secs(60);
/// For how long the machine alone is watched, and what counts as a stop.
const WATCHED: Duration = Duration::from_secs(5);
const STOP: Duration = Duration::from_millis(3);
/// So many runs follow each other, and of what they say the median counts: now and then the machine stands still for some milliseconds.
const RUNS: u64 = 5;
/// So many demands come first and do not count: with them connections are made, and what was refused by those who had not met yet is tried again.
const FIRST: u64 = 5;
/// So many more are counted.
const COUNTED: u64 = 10;
/// At most so many demands are sent into a backlog.
const IN_BACKLOG: usize = 1_000;

/// Measures with so many demands a run, then with so many change-sets of backlog.
pub(super) async fn measure(ground: &Ground, demands: u64, backlog: u64) -> Result<Figures, NodeError> {
    let mut figures = Figures::of("latency");
    stillness(&mut figures).await;
    let inserts = inserts(ground).await?;
    let (village, reader) = settled(ground, "village").await?;
    let mut least = Least::new(ground, inserts.div_ceil(COMMITS as u64))?;
    let mut runs = Vec::new();
    for run in 0..RUNS {
        runs.push(idle((&village, &reader), run * demands..(run + 1) * demands, &mut least).await?);
    }
    let sync = least.sync();
    let sum = least.told(&mut figures).await;
    let of_runs = |percent| runs.iter().map(|run| percentile(run, percent)).collect::<Vec<_>>();
    let p99s = of_runs(99);
    let p99 = median(&p99s);
    figures.tell("demand to notice, median", median(&of_runs(50)), "ms");
    let bound = if sync <= 0.5 { (5.0 * sum).min(50.0) } else { 5.0 * sum };
    figures.hold("demand to notice, p99", p99, "ms", Bound::AtMost(bound));
    figures.tell("p99 by the least", p99 / sum, "×");
    figures.tell("p99 of the best run", percentile(&p99s, 0), "ms");
    figures.tell("p99 of the worst run", percentile(&p99s, 100), "ms");
    let busy = in_backlog(&village, &reader, backlog).await?;
    figures.tell("demands sent into the backlog", busy.len() as f64, "");
    figures.tell("with a backlog, median", median(&busy), "ms");
    figures.hold("with a backlog, p99", percentile(&busy, 99), "ms", Bound::AtMost(10.0 * p99));
    village.stop().await;
    Ok(figures)
}

/// How often the machine stops who computes for longer than most of a demand takes: so often a demand may meet it, whatever the program does.
async fn stillness(figures: &mut Figures) {
    let stops = off_thread(|| stops(WATCHED, STOP)).await;
    figures.tell(
        "stops of 3 ms or more by the machine, no code of ours",
        stops.len() as f64 / WATCHED.as_secs_f64(),
        "/s",
    );
    figures.tell("the longest of them", stops.iter().copied().fold(0.0, f64::max), "ms");
}

/// How long demands take one after the other, while nothing else goes on, in milliseconds.
async fn idle(
    (village, reader): (&Village, &str),
    numbers: Range<u64>,
    least: &mut Least,
) -> Result<Vec<f64>, NodeError> {
    let mut times = Vec::new();
    for number in numbers {
        least.once().await?;
        times.push(demand(village, reader, number).await?);
        tokio::time::sleep(REST).await;
    }
    Ok(times)
}

/// Nodes that know each other and have carried a few demands; and who listens at the one that reads.
async fn settled(ground: &Ground, name: &str) -> Result<(Village, String), NodeError> {
    let database = ground.database(name)?;
    let mut village = Village::build(&ground.folder().join(name), &NODES, (&Ports::Free, &database), None).await?;
    let reader = listener(village.house("lecteur"))?;
    village.start_all().await?;
    village.join_all().await?;
    meet(&village).await?;
    for number in 0..FIRST {
        demand(&village, &reader, 2_000_000 + number).await?;
    }
    Ok((village, reader))
}

/// How many inserts a demand makes on its way, at all nodes together: counted where nothing is measured.
async fn inserts(ground: &Ground) -> Result<u64, NodeError> {
    count_statements(true)?;
    let (village, reader) = settled(ground, "counted").await?;
    let before = counted().inserts;
    for number in 0..COUNTED {
        demand(&village, &reader, number).await?;
        tokio::time::sleep(PAUSE).await;
    }
    let inserts = counted().inserts - before;
    village.stop().await;
    count_statements(false)?;
    Ok(inserts.div_ceil(COUNTED))
}

/// Somebody with a structure that demands for premises in Nice concern; their account.
fn listener(house: &House) -> Result<String, NodeError> {
    let now = UtcDateTime::now();
    let fields = [("name", "Karim"), ("email", "karim@lecteur.example"), ("password", PASSWORD)];
    let account = house.people.create(&draft(&fields), Role::Citizen, now)?.id;
    let fields = [("name", "Les Galets"), ("skills", "premises"), ("site-commune", "Nice (06088)")];
    let structure = save(house, Kind::Structure, &fields)?.to_string();
    let right = Right {
        account: account.clone(),
        structure,
        is_confirmed: true,
        may_edit: true,
        wants_notices: true,
        is_of_company: false,
    };
    house.journal.store().write(|link| rights::put(link, &right))?;
    Ok(account)
}

fn draft(fields: &[(&str, &str)]) -> Draft {
    fields.iter().map(|(field, value)| ((*field).to_owned(), (*value).to_owned())).collect()
}

pub(super) fn save(house: &House, kind: Kind, fields: &[(&str, &str)]) -> Result<RecordIri, NodeError> {
    let now = UtcDateTime::now();
    let iri = RecordIri::mint(house.journal.identity().origin.as_str(), kind);
    let record = Record::raise(kind, (iri.clone(), now), &draft(fields), now, &rules())
        .map_err(|_| NodeError::Said("an invented record is not right".into()))?;
    house.journal.save(record, Moderation::Published, None, now)?;
    Ok(iri)
}

/// Publishes a demand for premises in Nice.
pub(super) fn seek(house: &House, number: u64) -> Result<RecordIri, NodeError> {
    let title = format!("Cherche un local à Nice, n° {number}");
    let fields = [
        ("direction", "demand"),
        ("type", "service"),
        ("title", title.as_str()),
        ("author", "Marie"),
        ("skills", "premises"),
        ("place", "Nice (06088)"),
    ];
    save(house, Kind::Exchange, &fields)
}

/// Waits until every node has pinned every other.
async fn meet(village: &Village) -> Result<(), NodeError> {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        let known = NODES.map(|(name, ..)| village.house(name).journal.store().read(nodes::all).map(|all| all.len()));
        if known.iter().all(|known| matches!(known, Ok(3))) {
            return Ok(());
        }
        tokio::time::sleep(PAUSE).await;
    }
    Err(NodeError::Said("the nodes do not meet".into()))
}

/// Saves a demand, and waits for its notice at the other node; tells how many milliseconds it took. Whoever waits has a thread of their own: they
/// are woken by the bell, and not when those who carry and index have nothing to do.
async fn demand(village: &Village, account: &str, number: u64) -> Result<f64, NodeError> {
    let (author, reader) = (village.house("auteur").clone(), village.house("lecteur").clone());
    let (account, threads) = (account.to_owned(), Handle::current());
    off_thread(move || {
        let mut bell = reader.journal.store().bell(Bell::Errands);
        let begun = Instant::now();
        let iri = seek(&author, number)?.to_string();
        loop {
            bell.mark_unchanged();
            if reader.journal.store().read(|link| notices::has(link, &account, &iri))? {
                // What a power cut takes back is no row.
                reader.journal.store().flush()?;
                return Ok(milliseconds(begun.elapsed()));
            }
            if begun.elapsed() > PATIENCE {
                return Err(NodeError::Said("a notice never came".into()));
            }
            drop(threads.block_on(async { tokio::time::timeout(PAUSE, bell.changed()).await }));
        }
    })
    .await
}

/// Database work never holds up the threads that serve.
pub(super) async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

/// Fills the hub while nothing is carried, and lets all flow to the reading node; sends demands for as long as it flows.
async fn in_backlog(village: &Village, account: &str, backlog: u64) -> Result<Vec<f64>, NodeError> {
    let hub = village.house("carrefour").clone();
    let (author, reader) = (village.house("auteur").journal.identity(), village.house("lecteur").journal.identity());
    let stranger = Author::at("arriere.example", UtcDateTime::now())?;
    for (name, ..) in NODES {
        stranger.meet(&village.house(name).journal)?;
    }
    let name = stranger.id();
    let pause = |is_paused: bool| {
        [&author.node_id, &reader.node_id].iter().try_for_each(|node| hub.journal.pause(node, is_paused))
    };
    pause(true)?;
    let filled = hub.clone();
    let last = off_thread(move || fill(&filled, stranger, backlog)).await?;
    // It flows to the one node only.
    hub.journal.change_peer(&author.node_id, |peer| peer.cursor = last)?;
    pause(false)?;
    for name in ["auteur", "lecteur"] {
        forgive(village.house(name), &hub.journal.identity().node_id)?;
    }
    let flows = || -> Result<bool, NodeError> {
        let log = pes_journal::supply::Named { node: &name, channel: Channel::Public, epoch: 1 };
        Ok(village.house("lecteur").journal.held(log)?.is_none_or(|(_, size)| size < backlog))
    };
    let mut times = Vec::new();
    while flows()? && times.len() < IN_BACKLOG {
        times.push(demand(village, account, 1_000_000 + times.len() as u64).await?);
        tokio::time::sleep(PAUSE).await;
    }
    Ok(times)
}

/// What was refused while nothing was carried is tried again at once, as after a restart: the hub has nothing to say to the author, so that
/// this one does not hear that it is back.
fn forgive(house: &House, hub: &str) -> Result<(), NodeError> {
    house.journal.change_peer(hub, |peer| (peer.failures, peer.next_try) = (0, 0))?;
    house.journal.store().ring(Bell::Entries);
    Ok(())
}

fn fill(hub: &House, mut author: Author, count: u64) -> Result<u64, NodeError> {
    let group = limits::BATCH_CHANGE_SETS as u64;
    for _ in 0..count.div_ceil(group) {
        let batch = author.batch(group)?;
        hub.journal.receive(&author.id(), Channel::Public, &batch, UtcDateTime::now())?;
    }
    Ok(hub.journal.store().read(entries::last_arrival)?)
}
