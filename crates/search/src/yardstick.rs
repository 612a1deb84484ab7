//! What tantivy costs by itself: one word asked of an index that lies in a folder. `pes bench site` holds our own work against it, so the
//! measured call runs no code of ours.

use crate::fault::Fault;
use std::path::Path;
use tantivy::collector::{Count, TopDocs};
use tantivy::query::TermQuery;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Searcher, Term};

/// An index as tantivy alone reads it.
#[expect(missing_debug_implementations, reason = "searchers have none")]
pub struct Bare {
    searcher: Searcher,
    words: Field,
}

impl Bare {
    /// Opens the index that [`crate::Index`] made in a folder; it may be open elsewhere.
    ///
    /// # Errors
    /// [`Fault::Index`].
    pub fn open(folder: &Path) -> Result<Self, Fault> {
        let index = tantivy::Index::open_in_dir(folder)?;
        let words = index.schema().get_field("words")?;
        Ok(Self { searcher: index.reader()?.searcher(), words })
    }

    /// The best twenty entries with a stem, and how many have it; tells how many.
    ///
    /// # Errors
    /// [`Fault::Index`].
    pub fn ask(&self, stem: &str) -> Result<usize, Fault> {
        let query = TermQuery::new(Term::from_field_text(self.words, stem), IndexRecordOption::WithFreqs);
        let best = TopDocs::with_limit(20).order_by_score();
        Ok(self.searcher.search(&query, &(best, Count))?.1)
    }
}
