//! Scale: a hub with many affiliates. Two hundred of them in another process, on real sockets; what a change-set costs the hub for ten, a
//! hundred, a thousand; and what those cost that are dead for ninety days, by a clock in our hand.

use super::affiliates;
use super::author::Author;
use super::figure::{Bound, Figures, median, milliseconds, percentile};
use super::ground::Ground;
use super::latency::{off_thread, seek};
use super::process::own_computed;
use crate::demo::village::{Ports, Village};
use crate::{House, NodeError};
use pes_changeset::Channel;
use pes_journal::peers::PeerRole;
use pes_journal::supply::Named;
use pes_store::peers;
use pes_sync::push::{Lane, Push, Step};
use std::collections::HashSet;
use std::time::{Duration, Instant};
use time::UtcDateTime;

/// How often is looked who has acknowledged.
const LOOK: Duration = Duration::from_millis(5);
/// How long is waited for the last acknowledgement.
const PATIENCE: Duration = Duration::from_secs(120);
const DAY: i64 = 24 * 60 * 60;
/// How long the dead are dead, in days.
const DEAD: i64 = 90;
/// How many change-sets are brought to all, for the costs.
const ROUNDS: u64 = 5;

/// A change-set on its way, and who has acknowledged it.
struct Sent {
    log: i64,
    /// The size of the log with it.
    size: u64,
    at: Instant,
    by: HashSet<String>,
}

/// How much is measured.
#[derive(Debug, Clone, Copy)]
pub(super) struct Size {
    /// Affiliates on sockets.
    pub(super) affiliates: u64,
    /// How many seconds, with one change-set each.
    pub(super) seconds: u64,
    /// The most affiliates of the table of costs.
    pub(super) most: u64,
}

/// Measures.
pub(super) async fn measure(ground: &Ground, size: Size) -> Result<Figures, NodeError> {
    let mut figures = Figures::of("scale");
    on_sockets(ground, size, &mut figures).await?;
    let mut each = Vec::new();
    for count in [size.most / 100, size.most / 10, size.most] {
        let count = count.max(1);
        let cost = tokio::task::block_in_place(|| cost(&ground.node(&format!("hub{}", each.len()))?, count))?;
        figures.tell(format!("a change-set to {count} affiliates, at the hub"), cost, "ms");
        each.push(cost / count as f64);
    }
    figures.hold("cost an affiliate, of the most by a tenth of them", each[2] / each[1], "×", Bound::AtMost(1.25));
    let (most, dead) = (size.most, (size.most * 3 / 10).max(1));
    tokio::task::block_in_place(|| dead_ones(&ground.node("dead")?, (most, dead), &mut figures))?;
    Ok(figures)
}

/// One urgent change-set a second, until all have acknowledged all.
async fn on_sockets(ground: &Ground, size: Size, figures: &mut Figures) -> Result<(), NodeError> {
    let nodes = [("carrefour", "Carrefour", "")];
    let database = ground.database("hub")?;
    let mut village = Village::build(ground.folder(), &nodes, (&Ports::Free, &database), None).await?;
    village.start_all().await?;
    let hub = village.house("carrefour").clone();
    let process = affiliates::start(&hub, size.affiliates).await?;
    settle(&hub, size.affiliates).await?;
    let computed = (own_computed()?, process.computed()?);
    let mut sent: Vec<Sent> = Vec::new();
    let (mut times, begun) = (Vec::new(), Instant::now());
    while (sent.len() as u64) < size.seconds || sent.iter().any(|one| (one.by.len() as u64) < size.affiliates) {
        let (house, number) = (hub.clone(), sent.len() as u64);
        if number < size.seconds && begun.elapsed() >= Duration::from_secs(number) {
            let at = Instant::now();
            off_thread(move || seek(&house, number)).await?;
            let (log, size) = held(&hub)?;
            sent.push(Sent { log, size, at, by: HashSet::new() });
        }
        look(&hub, &mut sent, &mut times)?;
        if begun.elapsed() > PATIENCE + Duration::from_secs(size.seconds) {
            break;
        }
        tokio::time::sleep(LOOK).await;
    }
    figures.tell("affiliates on sockets", size.affiliates as f64, "");
    let due = (size.affiliates * size.seconds) as f64;
    figures.hold("acknowledgements", times.len() as f64 / due, "of 1", Bound::AtLeast(1.0));
    figures.tell("saved to acknowledged, median", median(&times), "ms");
    figures.hold("saved to acknowledged, p99", percentile(&times, 99), "ms", Bound::AtMost(1_000.0));
    let each = |after: f64, before: f64| (after - before) * 1e3 / size.seconds as f64;
    figures.tell("computed by the hub, a change-set", each(own_computed()?, computed.0), "ms");
    figures.tell("computed by all affiliates, a change-set", each(process.computed()?, computed.1), "ms");
    village.stop().await;
    Ok(())
}

/// Waits until all have what was before: the roll.
async fn settle(hub: &House, affiliates: u64) -> Result<(), NodeError> {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        let (log, size) = held(hub)?;
        let receipts = hub.journal.store().read(|link| peers::receipts_of(link, log))?;
        if receipts.iter().filter(|one| one.size.unsigned_abs() >= size).count() as u64 >= affiliates {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Err(NodeError::Said("the affiliates do not take the roll".into()))
}

/// The number and size of the hub's own public log.
fn held(hub: &House) -> Result<(i64, u64), NodeError> {
    let node = &hub.journal.identity().node_id;
    let held = hub.journal.held(Named { node, channel: Channel::Public, epoch: 1 })?;
    held.ok_or_else(|| NodeError::Said("the hub has published nothing".into()))
}

/// Notes who has newly acknowledged which change-set, and after how long.
fn look(hub: &House, sent: &mut [Sent], times: &mut Vec<f64>) -> Result<(), NodeError> {
    let Some(first) = sent.first() else { return Ok(()) };
    let log = first.log;
    let receipts = hub.journal.store().read(|link| peers::receipts_of(link, log))?;
    for one in sent {
        for receipt in receipts.iter().filter(|receipt| receipt.size.unsigned_abs() >= one.size) {
            if one.by.insert(receipt.node.clone()) {
                times.push(milliseconds(one.at.elapsed()));
            }
        }
    }
    Ok(())
}

/// Affiliates that are keys and no more: the hub's own work is what is measured.
fn paper_affiliates(hub: &House, count: u64) -> Result<Vec<(Author, Push)>, NodeError> {
    let one = |number: u64| {
        let affiliate = Author::at(&format!("reseau-{number}.example"), UtcDateTime::now())?;
        affiliate.meet(&hub.journal)?;
        hub.journal.add_peer(&affiliate.id(), PeerRole::Affiliate)?;
        let push = Push::to(affiliate.id());
        Ok((affiliate, push))
    };
    (0..count).map(one).collect()
}

/// How many milliseconds the hub works for one change-set to so many affiliates: saving it, making each request, taking each receipt.
fn cost(hub: &House, count: u64) -> Result<f64, NodeError> {
    let mut all = paper_affiliates(hub, count)?;
    let mut worked = Vec::new();
    for round in 0..=ROUNDS {
        let begun = Instant::now();
        seek(hub, round)?;
        let mut took = begun.elapsed();
        for (affiliate, push) in &mut all {
            took += bring(hub, affiliate, push, now())?;
        }
        // The first round brings what was there before.
        if round > 0 {
            worked.push(milliseconds(took));
        }
    }
    Ok(median(&worked))
}

fn now() -> i64 {
    UtcDateTime::now().unix_timestamp()
}

/// Brings an affiliate all it does not have. Tells how long the hub worked; the affiliate's own work is not counted.
fn bring(hub: &House, affiliate: &Author, push: &mut Push, now: i64) -> Result<Duration, NodeError> {
    let mut took = Duration::ZERO;
    loop {
        let begun = Instant::now();
        let step = push.step(Lane::InTurn, &hub.journal, now)?;
        took += begun.elapsed();
        let Step::Ask(ask) = step else { return Ok(took) };
        let outcome = affiliate.answer(&hub.journal, &ask);
        let begun = Instant::now();
        push.take(Lane::InTurn, &hub.journal, outcome, now, 0.5)?;
        took += begun.elapsed();
    }
}

/// Of so many affiliates some are dead for ninety days, a change-set each day: what they cost.
fn dead_ones(hub: &House, (count, dead): (u64, u64), figures: &mut Figures) -> Result<(), NodeError> {
    let mut all = paper_affiliates(hub, count)?;
    let (start, mut tries) = (now(), vec![0_u64; usize::try_from(dead).unwrap_or_default()]);
    let mut dice = Dice(dead);
    for day in 0..DEAD {
        seek(hub, day.unsigned_abs())?;
        for ((_, push), tries) in all.iter_mut().zip(&mut tries) {
            *tries += knock(hub, push, start + day * DAY, &mut dice)?;
        }
    }
    for (affiliate, push) in all.iter_mut().skip(tries.len()) {
        bring(hub, affiliate, push, start + DEAD * DAY)?;
    }
    let rows = hub.journal.peers()?.len();
    let most = tries.iter().max().copied().unwrap_or_default();
    figures.tell(format!("affiliates, {dead} of them dead for {DEAD} days"), count as f64, "");
    figures.hold("rows an affiliate", rows as f64 / count as f64, "", Bound::AtMost(1.0));
    figures.hold("tries a day of the dead one that was tried most", most as f64 / DEAD as f64, "", Bound::AtMost(5.0));
    Ok(())
}

/// Tries for a day to reach somebody who does not answer. Tells how often.
fn knock(hub: &House, push: &mut Push, begun: i64, dice: &mut Dice) -> Result<u64, NodeError> {
    let (mut now, mut tries) = (begun, 0);
    while now < begun + DAY {
        match push.step(Lane::InTurn, &hub.journal, now)? {
            Step::Ask(_) => {
                tries += 1;
                push.take(Lane::InTurn, &hub.journal, Err("no answer".into()), now, dice.share())?;
            }
            Step::Wait(until) => now = until,
            Step::Rest => break,
        }
    }
    Ok(tries)
}

/// A small generator of numbers (SplitMix64), so that each run throws the same dice.
struct Dice(u64);

impl Dice {
    /// A share between 0 and 1.
    fn share(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
}
