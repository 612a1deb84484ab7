//! Which file is whose: what comes with a form or from another network, and what goes when no record names it any more.

use crate::folder::Folder;
use crate::made::{Made, Refused, media_type};
use crate::sort::{Sort, Unfit};
use pes_store::files::{self, Copied, Named};
use pes_store::{Store, StoreError};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use thiserror::Error;

/// How long what came with a form waits for a record that names it, in seconds.
const WAITS: i64 = 24 * 60 * 60;
/// How many rows are looked at at once.
const PORTION: u64 = 500;
/// A file that nobody names is left alone that long: its row may be about to be written.
const SETTLED: Duration = Duration::from_secs(60 * 60);

/// Why a picture or a file is not kept.
#[derive(Debug, Error)]
pub enum CabinetError {
    /// It is no picture.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// It is no file that is taken.
    #[error(transparent)]
    Unfit(#[from] Unfit),
    /// It is not the one that its record names.
    #[error("it has another digest than its record names")]
    OtherDigest,
    /// The files of whoever sends it have as many bytes already as they may.
    #[error("no room among the files of its sender")]
    NoRoom,
    /// The disk is full, or cannot be written.
    #[error("the folder of the files: {0}")]
    Disk(#[from] io::Error),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Whose form a file comes with.
#[derive(Debug, Clone, Copy)]
pub struct Sender<'a> {
    /// Their account.
    pub account: &'a str,
    /// Where the file is at home: this node's origin.
    pub origin: &'a str,
    /// How many bytes all their files may have.
    pub most: u64,
    /// The record whose file goes when this one is saved.
    pub replaced: Option<&'a str>,
}

/// What bytes were found to be.
enum Looked {
    Picture(Box<Made>),
    File(Sort),
}

/// The files of one node, pictures and others. Cloning it is shallow.
#[derive(Debug, Clone)]
pub struct Cabinet {
    store: Store,
    folder: Folder,
    /// Whoever writes a file and its row, or takes both away, does it before the next one begins.
    turn: Arc<Mutex<()>>,
}

impl Cabinet {
    /// The cabinet of the node with this database, its files in this folder.
    pub fn new(store: Store, folder: Folder) -> Self {
        Self { store, folder, turn: Arc::default() }
    }

    /// Keeps what came with a form of somebody, for the record that will name it, as a picture at home at this origin.
    ///
    /// # Errors
    /// [`CabinetError`]; then nothing is kept.
    pub fn take(&self, (account, origin): (&str, &str), bytes: &[u8], now: i64) -> Result<Named, CabinetError> {
        let made = Made::of(bytes)?;
        let _turn = self.turn();
        let copy = self.keep(&made)?;
        let named = Named {
            record: files::of_account(account),
            digest: files::digest(&made.large),
            address: format!("{origin}/images/{}", copy.file),
            media_type: made.media_type().to_owned(),
            size: made.large.len() as u64,
            copy: Some(copy),
            failures: 0,
        };
        self.store.write(|link| files::keep_upload(link, &named, now))?;
        Ok(named)
    }

    /// Keeps a file that came with a form of somebody under this name, as it is, for the record that will name it. Older ones that wait make room
    /// for it.
    ///
    /// # Errors
    /// [`CabinetError`]; then nothing is kept.
    pub fn take_file(&self, sender: Sender<'_>, (name, bytes): (&str, &[u8]), now: i64) -> Result<Named, CabinetError> {
        let sort = Sort::sent(name, bytes)?;
        let (digest, size) = (files::digest(bytes), bytes.len() as u64);
        let bounds = (sender.most, sender.replaced);
        let _turn = self.turn();
        if !self.store.write(|link| files::make_room(link, sender.account, (&digest, size), bounds))? {
            return Err(CabinetError::NoRoom);
        }
        let copy = self.keep_file(sort, bytes)?;
        let named = Named {
            record: files::of_account(sender.account),
            digest,
            address: format!("{}/fichiers/{}", sender.origin, copy.file),
            media_type: sort.media_type().to_owned(),
            size,
            copy: Some(copy),
            failures: 0,
        };
        self.store.write(|link| files::keep_upload(link, &named, now))?;
        Ok(named)
    }

    /// Keeps this node's own copy of a picture from elsewhere as one that is at home at this origin, for a record of somebody's that will name
    /// it. `None` where its file is not there. It is not drawn again: it was drawn here.
    ///
    /// # Errors
    /// [`CabinetError`]; then nothing is kept.
    pub fn take_over(
        &self,
        (account, origin): (&str, &str),
        copy: &Copied,
        now: i64,
    ) -> Result<Option<Named>, CabinetError> {
        let _turn = self.turn();
        let Some(bytes) = self.folder.open(&copy.file)? else { return Ok(None) };
        let ending = copy.file.rsplit('.').next().unwrap_or_default();
        let named = Named {
            record: files::of_account(account),
            digest: files::digest(&bytes),
            address: format!("{origin}/images/{}", copy.file),
            media_type: media_type(ending).to_owned(),
            size: bytes.len() as u64,
            copy: Some(copy.clone()),
            failures: 0,
        };
        self.store.write(|link| files::keep_upload(link, &named, now))?;
        Ok(Some(named))
    }

    /// What came with a form of somebody is named by a record now: it goes with that.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn let_go(&self, account: &str, digest: &str) -> Result<(), StoreError> {
        self.store.write(|link| files::let_go(link, account, digest))
    }

    /// Keeps what was fetched of what a record names, if it is that: a picture made anew, a file of the sort that it was said to be.
    ///
    /// # Errors
    /// [`CabinetError`]; then nothing is kept.
    pub fn hold(&self, named: &Named, bytes: &[u8]) -> Result<(), CabinetError> {
        if files::digest(bytes) != named.digest {
            return Err(CabinetError::OtherDigest);
        }
        let looked = match named.is_picture() {
            true => Looked::Picture(Box::new(Made::of(bytes)?)),
            false => Looked::File(Sort::fetched(&named.media_type, bytes)?),
        };
        let _turn = self.turn();
        let copy = match looked {
            Looked::Picture(made) => self.keep(&made)?,
            Looked::File(sort) => self.keep_file(sort, bytes)?,
        };
        Ok(self.store.write(|link| files::hold(link, named, &copy))?)
    }

    fn keep(&self, made: &Made) -> io::Result<Copied> {
        let name = |bytes: &[u8]| format!("{}.{}", files::digest(bytes), made.ending);
        let (file, small) = (name(&made.large), name(&made.small));
        self.folder.keep(&file, &made.large)?;
        self.folder.keep(&small, &made.small)?;
        Ok(Copied { file, small, width: made.width, height: made.height })
    }

    fn keep_file(&self, sort: Sort, bytes: &[u8]) -> io::Result<Copied> {
        let file = format!("{}.{}", files::digest(bytes), sort.ending());
        self.folder.keep(&file, bytes)?;
        Ok(Copied { small: file.clone(), file, ..Copied::default() })
    }

    /// What records from elsewhere name and is to be fetched; `own` is this node's origin.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn due(&self, own: &str, now: i64) -> Result<Vec<Named>, StoreError> {
        self.store.read(|link| files::due(link, own, now, PORTION))
    }

    /// Whether its home gives what is named to whoever asks.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn is_open(&self, named: &Named) -> Result<bool, StoreError> {
        self.store.read(|link| files::is_open(link, named))
    }

    /// Notes why something could not be fetched, and when it is tried again.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn fail(&self, named: &Named, why: &str, next_try: i64) -> Result<(), StoreError> {
        self.store.write(|link| files::fail(link, named, why, next_try))
    }

    /// What is in a file. Whether it may be shown, whoever asks has to know.
    ///
    /// # Errors
    /// Whatever the disk says.
    pub fn open(&self, file: &str) -> io::Result<Option<Vec<u8>>> {
        self.folder.open(file)
    }

    /// Drops what no record names any more, rows and files. Tells how many files went.
    ///
    /// # Errors
    /// [`CabinetError`]; what is left is dropped the next time.
    pub fn tidy(&self, now: i64) -> Result<usize, CabinetError> {
        let _turn = self.turn();
        let mut gone = 0;
        if self.store.read(|link| files::is_settled(link, now - WAITS))? {
            return Ok(gone);
        }
        loop {
            let loose = self.store.write(|link| files::settle(link, now - WAITS, PORTION))?;
            for file in &loose {
                gone += usize::from(self.drop_unused(file)?);
            }
            if loose.is_empty() {
                return Ok(gone);
            }
        }
    }

    /// Has what is gone from the folder fetched again, as after a backup that had the database alone; `own` is this node's origin. Tells how
    /// many.
    ///
    /// # Errors
    /// [`CabinetError`].
    pub fn look_over(&self, own: &str) -> Result<usize, CabinetError> {
        let _turn = self.turn();
        let mut lost = 0;
        for file in self.store.read(|link| files::fetched(link, own))? {
            if !self.folder.has(&file) {
                self.store.write(|link| files::lose(link, &file))?;
                lost += 1;
            }
        }
        Ok(lost)
    }

    /// Drops files that no row knows: what was being written when the power went. Tells how many.
    ///
    /// # Errors
    /// [`CabinetError`].
    pub fn sweep(&self) -> Result<usize, CabinetError> {
        self.sweep_older_than(SETTLED)
    }

    /// The same of files that have been there at least this long.
    ///
    /// # Errors
    /// [`CabinetError`].
    pub fn sweep_older_than(&self, age: Duration) -> Result<usize, CabinetError> {
        let _turn = self.turn();
        let mut gone = 0;
        for name in self.folder.older_than(age)? {
            self.folder.remove_unfinished(&name)?;
            gone += usize::from(Folder::is_name(&name) && self.drop_unused(&name)?);
        }
        Ok(gone)
    }

    fn drop_unused(&self, file: &str) -> Result<bool, CabinetError> {
        if self.store.read(|link| files::is_used(link, file))? {
            return Ok(false);
        }
        self.folder.remove(file)?;
        Ok(true)
    }

    fn turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
