//! The index on a disk or in memory: opened, mended by being thrown away, and read.

use crate::analyzer;
use crate::fault::Fault;
use crate::query::Size;
use crate::schema::{Fields, fingerprint, schema};
use crate::understanding::Lexicon;
use crate::view::View;
use pes_domain::Rules;
use std::fmt;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use tantivy::{IndexReader, IndexSettings, ReloadPolicy};

/// The file that tells an index of ours, and of which making it is.
const MARK: &str = "pes-search";

/// The index. Cloning it is shallow; all clones see each commit at once.
///
/// It holds nothing that is not held elsewhere: its folder may be deleted while nobody has it open, and is then filled again.
#[derive(Clone)]
pub struct Index {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) tantivy: tantivy::Index,
    pub(crate) fields: Fields,
    pub(crate) rules: Arc<Rules>,
    pub(crate) lexicon: Lexicon,
    reader: IndexReader,
    view: RwLock<Arc<View>>,
    cursor: Mutex<Option<String>>,
    commits: AtomicU64,
    is_new: bool,
}

impl Index {
    /// Opens the index in a folder, or makes one. One of another making, or a damaged one, is thrown away first: then it is
    /// new ([`Index::is_new`]), has no cursor and waits to be filled. One program has a folder open at a time.
    ///
    /// # Errors
    /// [`Fault::NotOurs`] when the folder holds anything else than an index; it is left as it is. [`Fault::Folder`],
    /// [`Fault::Index`] when it can be neither read nor made.
    pub fn open(folder: &Path, rules: Arc<Rules>) -> Result<Self, Fault> {
        let mark = folder.join(MARK);
        let expected = fingerprint(&rules);
        if std::fs::read(&mark).is_ok_and(|found| found == expected.as_bytes())
            && let Some(index) = read(folder, &rules)
        {
            return Ok(index);
        }
        clear(folder)?;
        let made = tantivy::Index::builder().schema(schema().0).settings(settings()).create_in_dir(folder)?;
        // The mark is written last. Until then the next opening begins again.
        std::fs::write(&mark, expected)?;
        Self::over(made, rules)
    }

    /// An index that is gone with its last clone: for tests.
    ///
    /// # Errors
    /// [`Fault::Index`].
    pub fn in_memory(rules: Arc<Rules>) -> Result<Self, Fault> {
        Self::over(tantivy::Index::create_in_ram(schema().0), rules)
    }

    fn over(index: tantivy::Index, rules: Arc<Rules>) -> Result<Self, Fault> {
        analyzer::register(index.tokenizers());
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let view = RwLock::new(Arc::new(View::new(reader.searcher(), &rules, None)?));
        let cursor = index.load_metas()?.payload;
        let (is_new, cursor) = (cursor.is_none(), Mutex::new(cursor));
        let (fields, lexicon) = (schema().1, Lexicon::new(&rules));
        let commits = AtomicU64::new(0);
        let inner = Inner { tantivy: index, fields, rules, lexicon, reader, view, cursor, commits, is_new };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Whether nothing had ever been committed to it when it was opened: everything has to be put in.
    pub fn is_new(&self) -> bool {
        self.inner.is_new
    }

    /// What the last commit was told ([`crate::Writer::commit`]): how far whoever fills the index has come.
    pub fn cursor(&self) -> Option<String> {
        self.inner.cursor.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How many commits it has shown since it was opened: while that is the same, it answers the same.
    pub fn commits(&self) -> u64 {
        self.inner.commits.load(Ordering::Acquire)
    }

    /// How large it is.
    ///
    /// # Errors
    /// [`Fault::Folder`].
    pub fn size(&self) -> Result<Size, Fault> {
        let view = self.inner.view();
        Ok(Size {
            entries: view.searcher.num_docs(),
            segments: view.sheets.len(),
            file_bytes: view.searcher.space_usage()?.total().get_bytes(),
            memory_bytes: view.bytes() as u64,
        })
    }
}

impl Inner {
    /// The state after the last commit.
    pub(crate) fn view(&self) -> Arc<View> {
        Arc::clone(&self.view.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Shows everybody what was committed.
    pub(crate) fn refresh(&self) -> Result<(), Fault> {
        self.reader.reload()?;
        let view = View::new(self.reader.searcher(), &self.rules, Some(&self.view()))?;
        *self.view.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(view);
        self.commits.fetch_add(1, Ordering::Release);
        *self.cursor.lock().unwrap_or_else(PoisonError::into_inner) = self.tantivy.load_metas()?.payload;
        Ok(())
    }
}

impl fmt::Debug for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Index").field("directory", self.inner.tantivy.directory()).finish_non_exhaustive()
    }
}

/// A hit and a mark are read from anywhere in the store, and each reads a whole block: small ones.
fn settings() -> IndexSettings {
    IndexSettings { docstore_blocksize: 2_048, ..IndexSettings::default() }
}

/// The index in a folder, if it is whole.
fn read(folder: &Path, rules: &Arc<Rules>) -> Option<Index> {
    let index = tantivy::Index::open_in_dir(folder).ok()?;
    let is_whole = index.schema() == schema().0 && index.validate_checksum().is_ok_and(|damaged| damaged.is_empty());
    if !is_whole {
        return None;
    }
    Index::over(index, Arc::clone(rules)).ok()
}

/// Makes an empty folder of one that holds an index, or nothing, or does not exist.
fn clear(folder: &Path) -> Result<(), Fault> {
    std::fs::create_dir_all(folder)?;
    let is_empty = std::fs::read_dir(folder)?.next().is_none();
    if is_empty {
        return Ok(());
    }
    if !folder.join(MARK).exists() && !folder.join("meta.json").exists() {
        return Err(Fault::NotOurs(folder.to_owned()));
    }
    // The mark stays, for it says that the rest may be thrown away, should this be cut short.
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_file() && !path.ends_with(MARK) {
            std::fs::remove_file(path)?;
        }
    }
    Ok(())
}
