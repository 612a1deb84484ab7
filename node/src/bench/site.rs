//! `pes bench site`: what is found among generated structures of all France, and how soon; beside tantivy's bare question and a bare page of
//! handlebars in the same run.

use super::crowd::{Visitor, pages_a_second};
use super::figure::{Bound, Figures, median, milliseconds, percentile};
use super::ground::Ground;
use super::process::Process;
use super::town::{Town, WORDS};
use crate::commands::listen;
use crate::house::{self, House};
use crate::{Config, NodeError, index};
use indicatif::ProgressBar;
use pes_changeset::Origin;
use pes_domain::List;
use pes_domain::place::{Area, AreaKind, Point};
use pes_search::{DEEPEST, Facet, Index, Near, Query, Reader, Sort};
use pes_store::own_records::Moderation;
use std::hint::black_box;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};
use time::UtcDateTime;

/// How many records are saved together.
const GROUP: u64 = 500;
/// How often each question is asked.
const TIMES: usize = 300;
/// How many visitors come at once.
const VISITORS: usize = 16;
/// How long a node may take to begin to serve.
const PATIENCE: Duration = Duration::from_secs(120);

/// Measures a site with so many structures; a crowd looks at it for so long.
pub(super) async fn measure(ground: &Ground, count: u64, crowded: Duration) -> Result<Figures, NodeError> {
    let socket = listen(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), "the system")?;
    let address = socket.local_addr().map_err(|e| NodeError::Said(e.to_string()))?;
    let why = |e: pes_changeset::Fault| NodeError::Said(e.to_string());
    let origin: Origin = format!("http://localhost:{}", address.port()).parse().map_err(why)?;
    let config = ground.config("site");
    house::init(&config, &origin, "Réseau d’essai", true)?;
    let mut figures = Figures::of("site");
    tokio::task::block_in_place(|| within(&config, &origin, count, &mut figures))?;
    drop(socket);
    crowd(ground, &config, address, crowded, &mut figures).await?;
    Ok(figures)
}

/// All that is measured in this process.
fn within(config: &Config, origin: &Origin, count: u64, figures: &mut Figures) -> Result<(), NodeError> {
    let node = House::open(config.clone())?;
    let mut town = Town::new(origin.clone(), UtcDateTime::now());
    fill(&node, &mut town, count)?;
    figures.tell("structures", count as f64, "");
    let (index, mut keeper) = index::open(config, node.journal.store())?;
    let begun = Instant::now();
    keeper.catch_up()?;
    figures.tell("to fill the index", begun.elapsed().as_secs_f64(), "s");
    drop(keeper);
    drop(index);
    let begun = Instant::now();
    let (index, _keeper) = index::open(config, node.journal.store())?;
    figures.tell("to open it", milliseconds(begun.elapsed()), "ms");
    let size = index.size()?;
    figures.tell("index on the disk", size.file_bytes as f64 / f64::from(1 << 20), "MiB");
    figures.tell("of it in memory", size.memory_bytes as f64 / f64::from(1 << 20), "MiB");
    searches(&index, figures)?;
    bare(config, figures)?;
    suggestions(&index, figures)?;
    points(&index, figures)?;
    matching(&node, &mut town, figures)?;
    Ok(())
}

fn fill(node: &House, town: &mut Town, count: u64) -> Result<(), NodeError> {
    let bar = ProgressBar::new(count);
    let now = UtcDateTime::now();
    let mut left = count;
    while left > 0 {
        let size = left.min(GROUP);
        let records = (0..size).map(|_| town.structure()).collect::<Result<Vec<_>, _>>()?;
        node.journal.gather(now, |group| {
            records.into_iter().try_for_each(|record| group.save(record, Moderation::Published, None).map(drop))
        })?;
        left -= size;
        bar.inc(size);
    }
    bar.finish_and_clear();
    Ok(())
}

/// Searches of one and two words with ten facets counted, and all that a directory asks; each as if nobody had asked before.
fn searches(index: &Index, figures: &mut Figures) -> Result<(), NodeError> {
    let words: Vec<&str> = WORDS.split_whitespace().collect();
    let typed = |at: usize| [words[at * 7 % words.len()], words[at * 13 % words.len()]][..1 + at % 2].join(" ");
    let anew = |query: &Query| {
        index.forget();
        Ok(index.look(query)?.total)
    };
    let taken = times(TIMES, |at| anew(&with_facets(&typed(at))))?;
    figures.tell("search with ten facets, median", median(&taken), "ms");
    figures.hold("search with ten facets, p99", percentile(&taken, 99), "ms", Bound::AtMost(10.0));
    let taken = times(TIMES, |_| anew(&with_facets("")))?;
    figures.hold("everything with ten facets, p99", percentile(&taken, 99), "ms", Bound::AtMost(10.0));
    let near = Point::new(43.3, 5.4).map(|point| Near { point, radius_km: Some(50.0) });
    let nearest = Query { near, sort: Sort::Distance, ..with_facets("atelier") };
    let taken = times(TIMES, |_| anew(&nearest))?;
    figures.hold("around a place, nearest first, p99", percentile(&taken, 99), "ms", Bound::AtMost(10.0));
    let deep = |at: usize| Query { offset: at * 97 % DEEPEST, sort: Sort::Name, ..with_facets("") };
    let taken = times(TIMES, |at| anew(&deep(at)))?;
    figures.tell("a page somewhere in everything by name, median", median(&taken), "ms");
    let taken = times(TIMES, |at| Ok(index.look(&deep(at))?.total))?;
    figures.tell("the same of a state that was asked before, median", median(&taken), "ms");
    Ok(())
}

fn with_facets(typed: &str) -> Query {
    let lists = [List::Kind, List::Theme, List::Sector, List::Skill, List::LegalForm, List::Category].map(Facet::List);
    let others =
        [Facet::Territory(AreaKind::Region), Facet::Territory(AreaKind::Department), Facet::Network, Facet::Tag];
    let plain = Query::new(Reader::Anyone, UtcDateTime::now().unix_timestamp()).typed(typed);
    lists.into_iter().chain(others).fold(plain, Query::count)
}

/// What tantivy alone takes for one word, and handlebars for one page.
fn bare(config: &Config, figures: &mut Figures) -> Result<(), NodeError> {
    let tantivy = pes_search::yardstick::Bare::open(&config.data.join("index"))?;
    let stems = ["jardin", "cuisin", "ateli", "pain"];
    let taken = times(TIMES, |at| Ok(tantivy.ask(stems[at % stems.len()])?))?;
    figures.tell("tantivy alone, one word, median", median(&taken), "ms");
    figures.tell("tantivy alone, one word, p99", percentile(&taken, 99), "ms");
    let handlebars = pes_words::yardstick::Bare::new()?;
    let taken = times(TIMES, |_| Ok(handlebars.page()?.len()))?;
    figures.tell("handlebars alone, a page of twenty cards, median", median(&taken), "ms");
    Ok(())
}

fn suggestions(index: &Index, figures: &mut Figures) -> Result<(), NodeError> {
    let words: Vec<&str> = WORDS.split_whitespace().collect();
    let now = UtcDateTime::now().unix_timestamp();
    let start = |at: usize| words[at % words.len()].chars().take(1 + at % 6).collect::<String>();
    let taken = times(2 * TIMES, |at| Ok(index.suggest(Reader::Anyone, now, &start(at), 8)?.len()))?;
    figures.tell("suggestion, median", median(&taken), "ms");
    figures.hold("suggestion, p99", percentile(&taken, 99), "ms", Bound::AtMost(3.0));
    Ok(())
}

fn points(index: &Index, figures: &mut Figures) -> Result<(), NodeError> {
    let all = Query::new(Reader::Anyone, UtcDateTime::now().unix_timestamp());
    let query = |code: &str| all.clone().stands_in(&Area::new(AreaKind::Department, code));
    let departments = ["13", "59", "75", "06", "69"];
    let largest = departments
        .iter()
        .map(|code| Ok(index.points(&query(code), 50_000)?.1))
        .collect::<Result<Vec<_>, NodeError>>()?;
    figures.tell("structures on the fullest map", largest.into_iter().max().unwrap_or_default() as f64, "");
    let taken = times(TIMES / 3, |at| Ok(index.points(&query(departments[at % 5]), 50_000)?.1))?;
    figures.hold("map of a department, p99", percentile(&taken, 99), "ms", Bound::AtMost(50.0));
    Ok(())
}

/// Whom one demand concerns.
fn matching(node: &House, town: &mut Town, figures: &mut Figures) -> Result<(), NodeError> {
    let begun = Instant::now();
    node.journal.know_declarations()?;
    figures.tell("to read what all declared into memory", begun.elapsed().as_secs_f64(), "s");
    let demands = (0..TIMES).map(|_| town.demand()).collect::<Result<Vec<_>, _>>()?;
    let mut concerned = Vec::new();
    let taken = times(TIMES, |at| {
        let count = node.journal.whom_it_concerns(&demands[at])?.len();
        concerned.push(count as f64);
        Ok(count)
    })?;
    figures.tell("structures that a demand concerns, median", median(&concerned), "");
    figures.tell("structures that a demand concerns, most", percentile(&concerned, 100), "");
    figures.tell("matching a demand, median", median(&taken), "ms");
    figures.hold("matching a demand, p99", percentile(&taken, 99), "ms", Bound::AtMost(10.0));
    Ok(())
}

/// How long each run takes, in milliseconds; one before it does not count.
fn times(count: usize, mut run: impl FnMut(usize) -> Result<usize, NodeError>) -> Result<Vec<f64>, NodeError> {
    run(0)?;
    let timed = |at| {
        let begun = Instant::now();
        black_box(run(at)?);
        Ok(milliseconds(begun.elapsed()))
    };
    (0..count).map(timed).collect()
}

/// The same site as a program of its own, and visitors over the loopback.
async fn crowd(
    ground: &Ground,
    config: &Config,
    address: SocketAddr,
    time: Duration,
    figures: &mut Figures,
) -> Result<(), NodeError> {
    let file = ground.folder().join("site.toml");
    let database = config.database.as_ref().map_or_else(String::new, |one| format!("database = {one:?}\n"));
    let text = format!("data = {:?}\nlisten = \"{address}\"\nallow_private_peers = true\n{database}", config.data);
    std::fs::write(&file, text).map_err(|e| NodeError::file(&file, e))?;
    let node = Process::run(&["--config", &file.display().to_string(), "serve"])?;
    let mut visitor = first(address).await?;
    let directory = "/structures".to_owned();
    let (mut firsts, mut bytes) = (Vec::new(), 0);
    for path in ["/", "/structures", "/recherche?q=jardin", "/structures?departement=13", "/annonces", "/agenda"] {
        for page in 0..20 {
            let seen =
                visitor.ask(&format!("{path}{}essai={page}", if path.contains('?') { '&' } else { '?' })).await?;
            firsts.push(milliseconds(seen.first_byte));
            bytes = bytes.max(seen.bytes);
        }
    }
    figures.tell("first byte, each address asked for the first time, median", median(&firsts), "ms");
    figures.hold(
        "first byte, each address asked for the first time, p99",
        percentile(&firsts, 99),
        "ms",
        Bound::AtMost(50.0),
    );
    figures.hold("largest page", bytes as f64 / 1e3, "kB", Bound::AtMost(150.0));
    let one = pages_a_second(address, VISITORS, std::slice::from_ref(&directory), time).await?;
    figures.hold("directory, a crowd at one address", one, "pages/s", Bound::AtLeast(1_000.0));
    let many: Vec<String> = (1..=400).map(|page| format!("{directory}?page={page}")).collect();
    let many = pages_a_second(address, VISITORS, &many, time).await?;
    figures.tell("directory, each visitor at another address", many, "pages/s");
    let (resident, peak) = node.resident()?;
    figures.tell("resident memory of the program that serves", resident, "MiB");
    figures.tell("resident memory of it at its peak", peak, "MiB");
    Ok(())
}

/// The first visitor, as soon as the site answers.
async fn first(address: SocketAddr) -> Result<Visitor, NodeError> {
    let begun = Instant::now();
    loop {
        if let Ok(mut visitor) = Visitor::at(address).await
            && visitor.ask("/structures").await.is_ok()
        {
            return Ok(visitor);
        }
        if begun.elapsed() > PATIENCE {
            return Err(NodeError::Said("the node does not serve".into()));
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
