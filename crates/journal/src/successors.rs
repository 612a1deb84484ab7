//! What takes the place of a record that its home has ended.

use crate::{Journal, JournalError};
use pes_changeset::terms::DELETE;
use pes_changeset::{Act, ChangeSet};
use pes_domain::RecordIri;
use pes_store::{Link, entries, states};

/// How often a record may have moved: whoever leads in a circle leads nowhere.
const MOST: usize = 10;

impl Journal {
    /// What stands in the place of a record that was ended: what its home's delete named; and if that was ended too, what that one's did, and so
    /// on. `None` for a record that was not ended, or that nothing took the place of.
    ///
    /// Only a record's own home ends it; so nothing moves without it. Whether the other one says that it takes this one's place is for the caller
    /// to look at.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn successor(&self, iri: &RecordIri) -> Result<Option<RecordIri>, JournalError> {
        self.store.read(|link| {
            let (mut last, mut found) = (iri.clone(), None);
            for _ in 0..MOST {
                let Some(next) = next(link, &last)? else { return Ok(found) };
                found = Some(next.clone());
                last = next;
            }
            Ok(None)
        })
    }
}

/// What the delete that ended a record names.
fn next(link: &mut Link, iri: &RecordIri) -> Result<Option<RecordIri>, JournalError> {
    let ended = states::of_record(link, &iri.to_string())?.into_iter().filter(|state| state.operation == DELETE);
    for state in ended {
        let entry = match entries::at(link, state.log, &[state.seq])?.into_iter().next() {
            Some(entry) => Some(entry),
            None => entries::find_early(link, state.log, state.seq)?,
        };
        let Some(entry) = entry else { continue };
        if let Act::Delete { replaced_by: Some(next), .. } = &ChangeSet::read(&entry.text)?.header().act {
            return Ok(RecordIri::read(next));
        }
    }
    Ok(None)
}
