//! Everything at once, by the dice: whatever is lost, late, doubled, parted, slow, wrong by the clock, stopped or lied about, when
//! it is quiet again all agree, and nothing acknowledged is lost.

use crate::dice::Dice;
use crate::village::{NAMES, Name, Village};
use pes_domain::{Kind, Record};
use pes_store::own_records::Moderation;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use time::Duration;

/// How many seeds continuous integration rolls, and how many steps a storm has.
const SEEDS: u64 = 24;
const STEPS: u64 = 8;
/// Longer than a log that is refused is left alone.
const AFTERWARDS: i64 = 1_000;

/// What can go wrong in a storm. Each can be left out, and all else stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    Loss,
    Doubles,
    Delays,
    Partitions,
    Deaths,
    Slowness,
    Clocks,
    Restarts,
    Lies,
}

pub const ALL: [Trouble; 9] = [
    Trouble::Loss,
    Trouble::Doubles,
    Trouble::Delays,
    Trouble::Partitions,
    Trouble::Deaths,
    Trouble::Slowness,
    Trouble::Clocks,
    Trouble::Restarts,
    Trouble::Lies,
];

#[test]
fn all_agree_after_the_storm() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let steps = number("PES_STEPS").unwrap_or(STEPS);
    let seeds = match number("PES_SEED") {
        Some(seed) => seed..seed + 1,
        None => 100..100 + number("PES_SEEDS").unwrap_or(SEEDS),
    };
    let failed = weather_all(seeds, steps);
    assert!(failed.is_empty(), "\n{}", failed.join("\n"));
}

/// Rolls all seeds, two at a time: the other tests have the rest of the machine. Tells of each that fails how to see it again.
fn weather_all(seeds: Range<u64>, steps: u64) -> Vec<String> {
    let next = AtomicU64::new(seeds.start);
    let work = || {
        let mut failed = Vec::new();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= seeds.end {
                return failed;
            }
            if fails(seed, steps, &ALL) {
                failed.push(shrink(seed, steps));
            }
        }
    };
    std::thread::scope(|scope| {
        let threads = [scope.spawn(work), scope.spawn(work)];
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    })
}

fn fails(seed: u64, steps: u64, troubles: &[Trouble]) -> bool {
    catch_unwind(AssertUnwindSafe(|| storm(seed, steps, troubles))).is_err()
}

/// The fewest steps with which a seed fails, and of the troubles those without which it does not.
fn shrink(seed: u64, steps: u64) -> String {
    println!("seed {seed} fails; it is made smaller");
    let fewest = (0..steps).find(|fewer| fails(seed, *fewer, &ALL)).unwrap_or(steps);
    let mut needed = ALL.to_vec();
    for trouble in ALL {
        let without: Vec<Trouble> = needed.iter().copied().filter(|one| *one != trouble).collect();
        if fails(seed, fewest, &without) {
            needed = without;
        }
    }
    format!("seed {seed} fails in {fewest} steps with {needed:?}: PES_SEED={seed} PES_STEPS={fewest}")
}

fn storm(seed: u64, steps: u64, troubles: &[Trouble]) {
    let mut village = Village::new(seed);
    climate(&mut village, troubles);
    for step in 0..steps {
        for _ in 0..village.dice.below(4) {
            somebody_writes(&mut village, step);
        }
        weather(&mut village, troubles);
        let seconds = match village.dice.below(4) {
            0 => village.dice.below(20_000),
            _ => village.dice.below(200),
        };
        village.settle(seconds.cast_signed());
        village.assert_sound();
    }
    village.calm();
    for name in NAMES.into_iter().chain(NAMES) {
        village.reconcile(name);
    }
    village.settle(AFTERWARDS);
    village.assert_all_agree();
    assert!(village.nodes.values().all(|node| node.journal.accused().unwrap().is_empty()), "nobody signed twice");
}

/// What stays the same through a storm.
pub fn climate(village: &mut Village, troubles: &[Trouble]) {
    let mut percent = |trouble, most| {
        let percent = village.network.dice.below(most);
        if troubles.contains(&trouble) { percent } else { 0 }
    };
    let (loss, twice, delay) =
        (percent(Trouble::Loss, 40), percent(Trouble::Doubles, 40), percent(Trouble::Delays, 30));
    // One hub in three lies.
    let lies = percent(Trouble::Lies, 60).saturating_sub(40);
    village.network.latest = 1 + village.network.dice.below(400);
    (village.network.loss, village.network.twice, village.network.delay, village.network.lies) =
        (loss, twice, delay, lies);
}

/// What changes from step to step.
pub fn weather(village: &mut Village, troubles: &[Trouble]) {
    let has = |trouble| troubles.contains(&trouble);
    let some =
        |dice: &mut Dice, one_in: u64| -> Vec<Name> { NAMES.into_iter().filter(|_| dice.below(one_in) == 0).collect() };
    let dead = some(&mut village.dice, 6);
    let parted = some(&mut village.dice, 5);
    let slow = some(&mut village.dice, 6);
    let (seconds, skewed) = (village.dice.below(60), some(&mut village.dice, 8));
    let skew = Duration::seconds(village.dice.below(4 * 86_400).cast_signed() - 2 * 86_400);
    let restarted = some(&mut village.dice, 6);
    village.down = dead.into_iter().filter(|_| has(Trouble::Deaths)).collect();
    village.part(if has(Trouble::Partitions) { &parted } else { &[] });
    village.slow =
        slow.into_iter().filter(|_| has(Trouble::Slowness)).map(|name| (name, seconds.cast_signed())).collect();
    village.skew = skewed.into_iter().filter(|_| has(Trouble::Clocks)).map(|name| (name, skew)).collect();
    for name in restarted.into_iter().filter(|_| has(Trouble::Restarts)) {
        village.restart(name);
        village.pull(name, NAMES[0]);
    }
}

/// Somebody enters something new, or changes, withdraws or deletes what they entered before.
pub fn somebody_writes(village: &mut Village, step: u64) {
    let name = village.dice.one_of(&NAMES);
    let (what, which) = (village.dice.below(8), village.dice.next_place());
    let audience = village.dice.one_of(&["public", "affiliates"]);
    let title = format!("Pas {step}");
    let fields = [
        ("direction", village.dice.one_of(&["demand", "offer"])),
        ("type", "service"),
        ("title", title.as_str()),
        ("author", "Marie"),
        ("audience", audience),
    ];
    let now = village.clock(name);
    let records = &village.nodes[name].records;
    let old = (!records.is_empty()).then(|| records[which % records.len()].clone());
    let journal = village.nodes[name].journal.clone();
    match (what, old) {
        (0, Some(old)) => village.delete(name, &old.iri),
        (1, Some(old)) => drop(journal.save(old, Moderation::Blocked, None, now).unwrap()),
        (2, Some(old)) => drop(journal.save(old, Moderation::Published, None, now).unwrap()),
        (3 | 4, Some(old)) => {
            let new = village.nodes[name].record(Kind::Exchange, &fields, now);
            let new = Record { iri: old.iri, ..new };
            journal.save(new, Moderation::Published, None, now).unwrap();
        }
        _ => drop(village.publish(name, &fields)),
    }
}

/// The shrinking itself: a storm that fails is told with the seed, and what is not needed for it is left out.
#[test]
fn a_seed_replays() {
    let run = |seed| {
        let mut village = Village::new(seed);
        climate(&mut village, &ALL);
        for step in 0..4 {
            somebody_writes(&mut village, step);
            weather(&mut village, &ALL);
            village.settle(60);
        }
        let sizes: Vec<u64> =
            village.nodes.values().flat_map(|node| node.journal.heads().unwrap()).map(|head| head.size).collect();
        (village.asked, sizes)
    };
    assert_eq!(run(7), run(7));
}
