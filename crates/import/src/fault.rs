//! What keeps a whole file, or a run, from being read or written. What is wrong with one row is a remark.

use crate::Layout;
use pes_journal::JournalError;
use pes_store::StoreError;
use thiserror::Error;

/// Why an import does not begin, or stops.
#[derive(Debug, Error)]
pub enum ImportError {
    /// The bytes are not a table of text.
    #[error("this is no table of text: {0}")]
    NotATable(String),
    /// The columns are those of no layout.
    #[error("the columns are those of no known layout. {found}\n{}", expected())]
    NoLayout {
        /// What was found instead.
        found: String,
    },
    /// There is no such run, or nothing left of it to undo.
    #[error("{0}")]
    NoRun(String),
    /// The journal refuses.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The database fails.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A report could not be written down.
    #[error("the report cannot be written: {0}")]
    Report(String),
}

/// The columns of each layout, for whoever has another file in the hand.
fn expected() -> String {
    let line = |layout: Layout| {
        let names: Vec<&str> = layout.columns().iter().map(|column| column.name).collect();
        format!("Expected for {}: {}.", layout.title(), names.join("; "))
    };
    Layout::ALL.map(line).join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_another_layout_is_told_which_columns_are_expected() {
        let said = ImportError::NoLayout { found: "The first row is: a; b.".into() }.to_string();
        for word in ["a; b", "BDIS 2012", "Raison sociale", "BDIS 2014", "Correspondance BDis / Structure"] {
            assert!(said.contains(word), "{word}: {said}");
        }
    }
}
