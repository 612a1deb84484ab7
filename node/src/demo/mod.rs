//! A hub and three networks in one process, each with its own database and keys, on four ports; and a mail catcher.
//!
//! Everything in it is invented. Nodes that a demonstration or a test needs are made here ([`village`]).

pub mod browser;
pub mod catcher;
pub mod data;
pub mod story;
pub mod village;

use crate::NodeError;
use crate::commands::Stop;
use catcher::Catcher;
use clap::Args;
use pes_changeset::Channel;
use pes_store::Database;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};
use village::{Ports, Village};

/// How long is waited until all sites show the same.
const SETTLING: Duration = Duration::from_secs(30);

/// How the demonstration is run.
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// The port of the hub; the networks take the next three, the mail catcher's page the one after.
    #[arg(long, default_value_t = 8080, value_parser = clap::value_parser!(u16).range(1..=65_531))]
    port: u16,
    /// Where the demonstration keeps its files; without it, in a folder that is deleted at the end.
    #[arg(long, value_name = "FOLDER")]
    keep: Option<PathBuf>,
    /// A PostgreSQL in which each node gets a schema of its own, instead of files.
    #[arg(long, value_name = "ADDRESS")]
    database: Option<String>,
    /// When what is kept for a day's or a week's mail goes out, as `fold_mails_at` in a node's settings: so that it can be looked at.
    #[arg(long, value_name = "SCHEDULE", value_parser = schedule)]
    fold_mails_at: Option<String>,
    /// Play the story through the pages, print each hop as JSON, and end.
    #[arg(long)]
    story: bool,
    /// Go on serving after the story until Ctrl-C, so that what it prints can be checked.
    #[arg(long, requires = "story")]
    stay: bool,
}

fn schedule(at: &str) -> Result<String, String> {
    crate::schedule::check(at).map(|()| at.to_owned())
}

/// The names of the demonstration's nodes; the first is the hub.
pub const NODES: [(&str, &str, &str); 4] = [
    ("paca", "PES PACA", "La plateforme régionale d’échanges solidaires, en Provence-Alpes-Côte d’Azur"),
    ("apeas", "APEAS", "L’économie alternative et solidaire en région (données inventées)"),
    ("alliance", "Alliance Provence", "Paysans et consommateurs ensemble (données inventées)"),
    ("mesclun", "Mesclun", "Les initiatives solidaires, de Nice à Toulon (données inventées)"),
];

/// Runs the demonstration, or plays its story and ends.
///
/// # Errors
/// [`NodeError`] when it cannot be started.
pub async fn run(args: &DemoArgs) -> Result<ExitCode, NodeError> {
    if (args.port..args.port + 4).contains(&80) {
        let why = "the demonstration cannot use port 80, which addresses leave out; choose others with --port";
        return Err(NodeError::Said(why.into()));
    }
    let mut stop = Stop::listen()?;
    let folder = Folder::new(args.keep.clone())?;
    let catcher = Catcher::start(args.port + 4).await?;
    eprintln!("Starting a hub and three networks with invented data; a moment, please.");
    let database = match &args.database {
        Some(address) => address.parse()?,
        None => Database::from(folder.path()),
    };
    let (ports, fold_mails_at) = (Ports::From(args.port), args.fold_mails_at.as_deref());
    let village = open(folder.path(), (&ports, &database), (&catcher, fold_mails_at)).await?;
    if args.story {
        let told = story::tell(&village, &catcher).await;
        if args.stay && told.is_ok() {
            eprintln!(
                "\nThe sites go on serving, so that you can check: open the addresses above, or\n  curl -H 'Accept: text/turtle' RECORD\n\
                 The mails are at {}. Ctrl-C ends.",
                catcher.page()
            );
            stop.told().await;
        }
        village.stop().await;
        return told.map(|is_well| if is_well { ExitCode::SUCCESS } else { ExitCode::FAILURE });
    }
    greet(&village, &catcher);
    stop.told().await;
    village.stop().await;
    Ok(ExitCode::SUCCESS)
}

/// Makes the demonstration's nodes with their data, starts them, and joins them to the hub.
///
/// # Errors
/// [`NodeError`], also when a port is taken.
pub async fn open(
    folder: &Path,
    ground: (&Ports, &Database),
    (catcher, fold_mails_at): (&Catcher, Option<&str>),
) -> Result<Village, NodeError> {
    let mut village = Village::build(folder, &NODES, ground, Some(catcher.smtp())).await?;
    fold_mails_at.into_iter().for_each(|at| village.fold_mails_at(at));
    data::fill(&village)?;
    village.start_all().await?;
    village.join_all().await?;
    settle(&village).await?;
    Ok(village)
}

/// Waits until all sites show what they had before they met, so that the first look finds them full, and what comes later takes its own
/// time and not theirs. On a machine that is very busy it is not waited for.
async fn settle(village: &Village) -> Result<(), NodeError> {
    let begun = Instant::now();
    while begun.elapsed() < SETTLING {
        let digests: Result<HashSet<String>, _> =
            NODES.iter().map(|(name, ..)| village.house(name).journal.digest(&Channel::ALL)).collect();
        if digests?.len() == 1 && village.is_level()? {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Ok(())
}

/// Tells where to look, and who one may be.
fn greet(village: &Village, catcher: &Catcher) {
    println!("Four sites are open (invented data):\n");
    for (name, title, _) in &NODES {
        println!("  {:<18} {}", title, village.origin(name));
    }
    println!("  {:<18} {}\n", "the mails", catcher.page());
    println!("Sign in (password {}):\n", data::PASSWORD);
    for (node, person, what) in data::people() {
        println!("  {:<34} {:<46} at {node}", person, what);
    }
    println!(
        "\n`pes demo --story` plays a demand, a job offer, a call and an answer through these pages.\nCtrl-C ends."
    );
}

/// The demonstration's folder; one that was not asked for is deleted in the end.
#[derive(Debug)]
struct Folder {
    path: PathBuf,
    is_kept: bool,
}

impl Folder {
    fn new(kept: Option<PathBuf>) -> Result<Self, NodeError> {
        let is_kept = kept.is_some();
        let path = kept.unwrap_or_else(|| std::env::temp_dir().join(format!("pes-demo-{}", std::process::id())));
        if path.join(NODES[0].0).exists() {
            let why = "there already is a demonstration in it; delete it, or name another folder";
            return Err(NodeError::file(&path, why));
        }
        std::fs::create_dir_all(&path).map_err(|e| NodeError::file(&path, e))?;
        Ok(Self { path, is_kept })
    }

    fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !self.is_kept {
            drop(std::fs::remove_dir_all(&self.path));
        }
    }
}
