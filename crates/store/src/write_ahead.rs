//! SQLite's write-ahead log, as a file: made durable, cleared out, and kept at the length it needs.
//!
//! A commit that makes a file longer waits for the file system to note that as well; where it overwrites what is there it waits for the bytes alone. So the
//! log is given its length before it is needed, in zeros, as PostgreSQL does with its own: behind what was written last there is no frame whose checksum
//! holds, and SQLite reads no further.

use std::fs::File;
use std::io::{Read as _, Result, Seek as _, SeekFrom, Write as _};
use std::path::Path;

/// At so many frames SQLite takes them over into the database by itself, and begins the log anew.
pub(crate) const MOST: u64 = 8_192;
/// The fewest frames for which there is room.
const LEAST: u64 = 256;

/// Bytes of the log's header.
const HEADER: u64 = 32;
/// Bytes of a frame: its header, and a page.
const FRAME: u64 = 24 + 4_096;
/// How many bytes are written in one go.
const PORTION: u64 = 1024 * 1024;

/// The log of a database file, held open: a failure of the disk is told once to each who has a file open, and to nobody who opens it later.
#[derive(Debug)]
pub(crate) struct WriteAheadLog {
    file: File,
}

impl WriteAheadLog {
    /// The log beside a database file that somebody has opened.
    pub(crate) fn of(database: &Path) -> Result<Self> {
        let mut name = database.as_os_str().to_owned();
        name.push("-wal");
        let file = File::options().read(true).append(true).open(name)?;
        found(database);
        Ok(Self { file })
    }

    /// Makes durable what the log holds: all that was committed so far and is not in the database file itself. SQLite has written each transaction into it
    /// whole before others see it, and makes it durable by itself before it takes any of it over.
    pub(crate) fn flush(&self) -> Result<()> {
        self.file.sync_data()
    }

    /// Whether nothing stands in it: a log that was begun has a header.
    pub(crate) fn is_blank(&self) -> Result<bool> {
        let mut header = Vec::new();
        let mut file = &self.file;
        file.seek(SeekFrom::Start(0))?;
        file.take(HEADER).read_to_end(&mut header)?;
        Ok(header.iter().all(|byte| *byte == 0))
    }

    /// Gives the log room for so many frames, or for the fewest, or the most that it ever has. Somebody may write into it meanwhile: zeros are put behind
    /// whatever there is.
    pub(crate) fn reserve(&self, frames: u64) -> Result<()> {
        let length = HEADER + frames.clamp(LEAST, MOST) * FRAME;
        let mut missing = length.saturating_sub(self.file.metadata()?.len());
        let zeros = vec![0; usize::try_from(missing.min(PORTION)).unwrap_or_default()];
        while missing > 0 {
            let portion = missing.min(PORTION);
            (&self.file).write_all(&zeros[..usize::try_from(portion).unwrap_or(zeros.len())])?;
            missing -= portion;
        }
        Ok(())
    }
}

/// Sees to it that the files are still in their folder after a power cut. SQLite does it when it first waits for the disk, which may be later than the first
/// flush. As with SQLite, a file system that knows no such thing keeps nobody from going on.
fn found(database: &Path) {
    let folder = database.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if cfg!(unix)
        && let Err(error) = File::open(folder).and_then(|folder| folder.sync_all())
    {
        tracing::debug!(%error, "the folder of the database cannot be made durable");
    }
}
