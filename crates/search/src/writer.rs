//! Puts entries into the index and takes them out, in groups.

use crate::Entry;
use crate::fault::Fault;
use crate::index::{Index, Inner};
use std::fmt;
use std::sync::Arc;
use tantivy::index::SegmentId;
use tantivy::indexer::LogMergePolicy;
use tantivy::{IndexWriter, SegmentMeta, TantivyDocument, Term};

/// How much is gathered in memory before it is written out, commit or not.
const GATHERED_BYTES: usize = 64 << 20;

/// A part of which a greater share was removed is written anew without being asked.
const MOST_REMOVED: f32 = 0.2;

/// Writes to an index; there is one at a time. What it was told and did not commit is forgotten with it.
pub struct Writer {
    inner: Arc<Inner>,
    writer: IndexWriter<TantivyDocument>,
}

impl Index {
    /// The writer.
    ///
    /// # Errors
    /// [`Fault::Busy`] while there is another, in this program or in another one.
    pub fn writer(&self) -> Result<Writer, Fault> {
        // One thread: what is put in arrives a record at a time, and searching wants the other processors.
        let writer: IndexWriter = self.inner.tantivy.writer_with_num_threads(1, GATHERED_BYTES)?;
        let mut merging = LogMergePolicy::default();
        merging.set_del_docs_ratio_before_merge(MOST_REMOVED);
        writer.set_merge_policy(Box::new(merging));
        Ok(Writer { inner: Arc::clone(&self.inner), writer })
    }
}

impl Writer {
    /// Puts these entries in the place of all that the index has of a record. None: it is gone.
    ///
    /// # Errors
    /// [`Fault::Index`].
    pub fn replace(&mut self, record: &str, entries: &[Entry]) -> Result<(), Fault> {
        self.remove(record);
        for entry in entries {
            self.writer.add_document(self.inner.fields.document(record, entry, &self.inner.rules))?;
        }
        Ok(())
    }

    /// Takes all out that the index has of a record.
    pub fn remove(&mut self, record: &str) {
        self.writer.delete_term(Term::from_field_text(self.inner.fields.record, record));
    }

    /// Takes everything out, to be filled again. With the next commit.
    ///
    /// # Errors
    /// [`Fault::Index`].
    pub fn clear(&mut self) -> Result<(), Fault> {
        self.writer.delete_all_documents()?;
        Ok(())
    }

    /// Makes all that lasting, together with the cursor: after a crash either both are there or neither. When this returns,
    /// everybody sees it.
    ///
    /// # Errors
    /// [`Fault::Index`]. What was not committed is then to be told again to another writer.
    pub fn commit(&mut self, cursor: &str) -> Result<(), Fault> {
        let mut prepared = self.writer.prepare_commit()?;
        prepared.set_payload(cursor);
        prepared.commit()?;
        self.inner.refresh()
    }

    /// Makes one part of all parts and waits for it. What was removed is then out of the files too, where it lay unseen; and one
    /// part is searched faster than many. Worth its time once everything was put in, and at night.
    ///
    /// What was not committed is forgotten. The writer is given back.
    ///
    /// # Errors
    /// [`Fault::Index`]. [`Fault::Busy`], if somebody else took to writing meanwhile.
    pub fn compact(self) -> Result<Self, Fault> {
        self.rewritten(|writer| Ok(vec![writer.parts_to_join()?]))
    }

    /// Writes those parts anew, each by itself, that hold entries which were removed or have another in their place: then those are out of the
    /// files. Costs as much as these parts are large.
    ///
    /// What was not committed is forgotten. The writer is given back.
    ///
    /// # Errors
    /// As [`Writer::compact`].
    pub fn purge(self) -> Result<Self, Fault> {
        self.rewritten(|writer| {
            let parts = writer.inner.tantivy.searchable_segment_metas()?;
            Ok(parts.iter().filter(|part| part.has_deletes()).map(|part| vec![part.id()]).collect())
        })
    }

    /// Makes one new part of each group of parts, and lets go of the old ones.
    fn rewritten(self, groups: impl FnOnce(&Self) -> Result<Vec<Vec<SegmentId>>, Fault>) -> Result<Self, Fault> {
        let Self { inner, writer } = self;
        // What is being joined in the background cannot be joined again: first that is waited for.
        writer.wait_merging_threads()?;
        let mut anew = Index { inner }.writer()?;
        for parts in groups(&anew)?.iter().filter(|parts| !parts.is_empty()) {
            anew.writer.merge(parts).wait()?;
        }
        anew.inner.refresh()?;
        // Only now does nobody read the old parts any more.
        anew.writer.garbage_collect_files().wait()?;
        Ok(anew)
    }

    /// Whether a part holds entries that were removed or have another in their place.
    pub(crate) fn has_remains(&self) -> Result<bool, Fault> {
        Ok(self.inner.tantivy.searchable_segment_metas()?.iter().any(SegmentMeta::has_deletes))
    }

    /// By their names alone: whoever holds what describes a part keeps its files.
    fn parts_to_join(&self) -> Result<Vec<SegmentId>, Fault> {
        let parts = self.inner.tantivy.searchable_segment_metas()?;
        let is_one = parts.len() < 2 && !parts.iter().any(SegmentMeta::has_deletes);
        Ok(if is_one { Vec::new() } else { parts.iter().map(SegmentMeta::id).collect() })
    }
}

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer").finish_non_exhaustive()
    }
}
