//! What validation looks things up in.

use crate::{Code, Gazetteer, List, Problem, Thesaurus, Why};

/// The code lists and the communes, together: everything that checks a record borrows them.
#[derive(Debug)]
pub struct Rules {
    /// The code lists.
    pub thesaurus: Thesaurus,
    /// The communes.
    pub gazetteer: &'static Gazetteer,
}

impl Rules {
    /// Rules over these lists and the embedded communes.
    pub fn new(thesaurus: Thesaurus) -> Self {
        Self { thesaurus, gazetteer: Gazetteer::embedded() }
    }

    /// Whether a code is of the list and known to it.
    pub(crate) fn code(&self, field: &'static str, code: &Code, list: List) -> Result<(), Problem> {
        match code.list() == list && self.thesaurus.has(code) {
            true => Ok(()),
            false => Err(Problem::new(field, Why::NotInList)),
        }
    }

    /// Whether all codes are, and not too many.
    pub(crate) fn codes(&self, field: &'static str, codes: &[Code], list: List, limit: usize) -> Result<(), Problem> {
        crate::problem::few(field, codes.len(), limit)?;
        codes.iter().try_for_each(|code| self.code(field, code, list))
    }
}
