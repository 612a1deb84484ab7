//! A backup of a node's rows, as its operator makes it: without keys, and without what was signed.

use pes_node::Config;
use pes_store::Database;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A backup.
#[derive(Debug)]
pub enum Backup {
    /// The files of a SQLite database, by name.
    Files(Vec<(PathBuf, Vec<u8>)>),
    /// What `pg_dump` writes of a schema.
    Dump(Vec<u8>),
}

/// The database file, and what SQLite keeps beside it.
fn files(path: &Path) -> [PathBuf; 3] {
    let beside = |end: &str| PathBuf::from(format!("{}{end}", path.display()));
    [path.to_owned(), beside("-wal"), beside("-shm")]
}

impl Backup {
    /// Makes one of a node that does not run.
    pub fn of(config: &Config) -> Self {
        match config.database().unwrap() {
            Database::File(path) => {
                let there = files(&path).into_iter().filter(|file| file.exists());
                Self::Files(there.map(|file| (file.clone(), std::fs::read(file).unwrap())).collect())
            }
            Database::Postgresql { url, schema } => {
                let dump = Command::new("pg_dump").args(["-n", &schema, "-d", &url]).output().unwrap();
                assert!(dump.status.success());
                Self::Dump(dump.stdout)
            }
        }
    }

    /// Puts it in the place of what is there.
    pub fn restore(&self, config: &Config) {
        match (self, config.database().unwrap()) {
            (Self::Files(kept), Database::File(path)) => {
                files(&path).iter().filter(|file| file.exists()).for_each(|file| std::fs::remove_file(file).unwrap());
                kept.iter().for_each(|(file, bytes)| std::fs::write(file, bytes).unwrap());
            }
            (Self::Dump(dump), Database::Postgresql { url, schema }) => {
                let file = config.data.join("dump.sql");
                let drop = format!("DROP SCHEMA {schema} CASCADE;\n").into_bytes();
                std::fs::write(&file, [drop.as_slice(), dump].concat()).unwrap();
                let mut psql = Command::new("psql");
                psql.args(["-X", "-q", "-1", "-v", "ON_ERROR_STOP=1", "-d", &url, "-f"]).arg(&file);
                let done = psql.output().unwrap();
                assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
            }
            _ => panic!("a backup of another sort of database"),
        }
    }
}
