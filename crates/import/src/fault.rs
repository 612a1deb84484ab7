//! What keeps a whole file, or a run, from being read or written. What is wrong with one row is a remark.

use crate::Layout;
use pes_journal::JournalError;
use pes_store::StoreError;
use std::path::PathBuf;
use thiserror::Error;

/// Why an import does not begin, or stops.
#[derive(Debug, Error)]
pub enum ImportError {
    /// The bytes are not a table of text.
    #[error("this is no table of text: {0}")]
    NotATable(NoTable),
    /// The columns are those of no layout.
    #[error("the columns are those of no known layout. {found}\n{}", expected())]
    NoLayout {
        /// What was found instead.
        found: String,
    },
    /// There is no such run, or nothing left of it to undo.
    #[error("{0}")]
    NoRun(String),
    /// Another import goes on, here or by the program beside it.
    #[error("another import goes on here; wait for its end")]
    Busy,
    /// A file of ours cannot be written or read.
    #[error("{0}: {1}")]
    File(PathBuf, std::io::Error),
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

/// What a file is that people give for a table.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NoTable {
    /// Nothing is in it.
    #[error("it is empty")]
    Empty,
    /// A spreadsheet's own file.
    #[error("it is a spreadsheet's own file; open it there and save it as CSV")]
    Spreadsheet,
    /// The same of an old spreadsheet.
    #[error("it is an old spreadsheet's own file; open it there and save it as CSV")]
    OldSpreadsheet,
    /// A database.
    #[error("it is a database file of Access; export its table as CSV")]
    Access,
    /// A picture, a program …
    #[error("it has bytes that no text has")]
    NoText,
    /// It cannot be taken apart.
    #[error("{0}")]
    Broken(String),
}

impl ImportError {
    /// The name of its sentence in the catalogue of pages.
    pub fn key(&self) -> &'static str {
        match self {
            Self::NotATable(NoTable::Empty) => "import-fault-empty",
            Self::NotATable(NoTable::Spreadsheet | NoTable::OldSpreadsheet) => "import-fault-spreadsheet",
            Self::NotATable(NoTable::Access) => "import-fault-access",
            Self::NotATable(NoTable::NoText | NoTable::Broken(_)) => "import-fault-no-table",
            Self::NoLayout { .. } => "import-fault-no-layout",
            Self::NoRun(_) => "import-fault-no-run",
            Self::Busy => "import-fault-busy",
            Self::File(..) | Self::Journal(_) | Self::Store(_) | Self::Report(_) => "import-fault-inner",
        }
    }
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
