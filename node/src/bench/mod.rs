//! `pes bench`: measures a federation of this machine, or a site, each figure beside the parts it cannot do without, taken in the same run.
//!
//! It is run on demand. Sizes are those of the goals (`docs/PERFORMANCE.md`); `--portion` makes them smaller, to see that it works.

mod affiliates;
mod author;
mod bulk;
mod crowd;
mod figure;
mod ground;
mod joining;
mod latency;
mod least;
mod log;
mod parts;
mod process;
mod rest;
mod scale;
mod site;
mod town;

use crate::NodeError;
use clap::{Args, ValueEnum};
use figure::{Figure, Figures};
use ground::Ground;
use scale::Size;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;
use time::UtcDateTime;
use tokio::task::block_in_place;

pub use affiliates::{AffiliatesArgs, run as run_affiliates};

/// What is measured, and how.
#[derive(Debug, Args)]
pub struct FederationArgs {
    /// Also write the figures to this file, as JSON.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Measure these only.
    #[arg(long, value_delimiter = ',', value_name = "MEASURE")]
    only: Vec<Measure>,
    /// A PostgreSQL in which nodes get schemas of their own, instead of files. They stay, for its operator to drop.
    #[arg(long, value_name = "ADDRESS")]
    postgres: Option<String>,
    /// How much of the whole size: 1 is what the goals name, 0.01 shows that it works.
    #[arg(long, default_value_t = 1.0)]
    portion: f64,
}

/// What can be measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Measure {
    /// Change-sets taken from another node, against the parts alone.
    Bulk,
    /// A hub's records taken by their snapshot, against the parts alone.
    Joining,
    /// From a demand that is saved to the notice on another node.
    Latency,
    /// A hub with many affiliates.
    Scale,
    /// A large log.
    Log,
    /// A node that nobody asks anything.
    Rest,
}

/// What is measured of a site.
#[derive(Debug, Args)]
pub struct SiteArgs {
    /// Also write the figures to this file, as JSON.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// How much of the whole size, which is 100 000 structures.
    #[arg(long, default_value_t = 1.0)]
    portion: f64,
}

/// Measures, prints a table, and writes JSON. Fails where a figure misses its bound. What cannot be measured takes nothing from the others.
///
/// # Errors
/// [`NodeError`] when something could not be measured, after all else was told.
pub async fn run(args: &FederationArgs) -> Result<ExitCode, NodeError> {
    let (mut all, mut failed): (Vec<Figure>, _) = (Vec::new(), None);
    for measure in Measure::value_variants() {
        if args.only.is_empty() || args.only.contains(measure) {
            let name = measure.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned());
            eprintln!("measuring {name} …");
            match measure.taken(args).await {
                Ok(figures) => all.extend(figures.all),
                Err(error) => {
                    eprintln!("{name}: {error}");
                    failed = Some(error);
                }
            }
        }
    }
    let database = if args.postgres.is_some() { "postgresql" } else { "sqlite" };
    let told = tell(&all, args.json.as_deref(), (database, args.portion))?;
    failed.map_or(Ok(told), Err)
}

/// As [`run`], of a site.
///
/// # Errors
/// As [`run`].
pub async fn run_site(args: &SiteArgs) -> Result<ExitCode, NodeError> {
    let ground = Ground::new(None)?;
    let crowded = Duration::from_secs(of(10, args.portion));
    let figures = site::measure(&ground, of(100_000, args.portion), crowded).await?;
    tell(&figures.all, args.json.as_deref(), ("sqlite", args.portion))
}

/// Prints a table, and writes JSON where it is wanted; tells whether all bounds are kept.
fn tell(all: &[Figure], json: Option<&Path>, (database, portion): (&str, f64)) -> Result<ExitCode, NodeError> {
    print!("{}", figure::table(all));
    if let Some(file) = json {
        let cores = std::thread::available_parallelism().map_or(0, usize::from);
        let told = json!({
            "date": UtcDateTime::now().date().to_string(), "cores": cores, "database": database,
            "portion": portion, "figures": all,
        });
        std::fs::write(file, format!("{told:#}\n")).map_err(|e| NodeError::file(file, e))?;
    }
    Ok(if all.iter().all(Figure::holds) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A portion of a number of things is a number of things.
fn of(whole: u64, portion: f64) -> u64 {
    ((whole as f64 * portion).ceil() as u64).max(1)
}

impl Measure {
    async fn taken(self, args: &FederationArgs) -> Result<Figures, NodeError> {
        let ground = Ground::new(args.postgres.as_deref())?;
        let of = |whole| of(whole, args.portion);
        match self {
            Self::Bulk => block_in_place(|| bulk::measure(&ground, of(5_120))),
            Self::Joining => block_in_place(|| joining::measure(&ground, of(100_000))),
            Self::Latency => latency::measure(&ground, of(300), of(100_000)).await,
            Self::Scale => {
                scale::measure(&ground, Size { affiliates: of(200), seconds: of(60), most: of(1_000) }).await
            }
            Self::Log => block_in_place(|| log::measure(&ground, of(1_000_000))),
            Self::Rest => rest::measure(&ground, of(5_000), Duration::from_secs(of(20))).await,
        }
    }
}
