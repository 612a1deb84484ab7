//! Where a measurement's nodes lie: a folder that goes with it, with an SQLite file a node, or a schema a node in a PostgreSQL.

use crate::house::{self, House};
use crate::{Config, NodeError};
use pes_changeset::Origin;
use pes_store::Database;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// How often it is tried to leave nothing behind: who keeps an index may be at its last write when its node has stopped.
const TRIES: u32 = 40;
/// How long is waited in between.
const WAIT: Duration = Duration::from_millis(50);

/// The ground of one run.
#[derive(Debug)]
pub(super) struct Ground {
    folder: PathBuf,
    database: Option<Database>,
}

impl Ground {
    /// A new folder among the temporary ones, and schemas of their own in a PostgreSQL if its address is given.
    pub(super) fn new(postgresql: Option<&str>) -> Result<Self, NodeError> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let name = format!("pes_bench_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let folder = std::env::temp_dir().join(&name);
        std::fs::create_dir_all(&folder).map_err(|e| NodeError::file(&folder, e))?;
        let schema = |address: &str| format!("{address}{}schema={name}", if address.contains('?') { '&' } else { '?' });
        let database = postgresql.map(|address| schema(address).parse::<Database>()).transpose()?;
        Ok(Self { folder, database })
    }

    /// Its folder.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// What keeps the rows.
    pub(super) fn name(&self) -> &'static str {
        if self.database.is_some() { "PostgreSQL" } else { "SQLite" }
    }

    /// Where the rows of this name lie.
    pub(super) fn database(&self, name: &str) -> Result<Database, NodeError> {
        let folder = self.folder.join(name);
        std::fs::create_dir_all(&folder).map_err(|e| NodeError::file(&folder, e))?;
        Ok(self.database.as_ref().map_or_else(|| Database::File(folder.join("bare.sqlite")), |one| one.beside(name)))
    }

    /// The settings of a node of this name.
    pub(super) fn config(&self, name: &str) -> Config {
        Config {
            data: self.folder.join(name),
            database: self.database.as_ref().and_then(|one| one.beside(name).address()),
            allow_private_peers: true,
            ..Config::default()
        }
    }

    /// A new node of this name, opened and not running.
    pub(super) fn node(&self, name: &str) -> Result<House, NodeError> {
        let why = |e: pes_changeset::Fault| NodeError::Said(e.to_string());
        let origin: Origin = format!("https://{name}.example").parse().map_err(why)?;
        let config = self.config(name);
        house::init(&config, &origin, name, true)?;
        House::open(config)
    }
}

impl Drop for Ground {
    fn drop(&mut self) {
        for _ in 0..TRIES {
            drop(std::fs::remove_dir_all(&self.folder));
            if !self.folder.exists() {
                return;
            }
            std::thread::sleep(WAIT);
        }
    }
}
