//! What machines read of a record: what everybody may see of it, as it travels. And what its words mean.

use crate::{Journal, JournalError};
use pes_domain::{Audience, List, RecordIri};
use pes_rdf::Payload;
use pes_store::{StoreError, payloads, records, states};

/// The statements of a record that everybody may see.
#[derive(Debug)]
pub struct Graph(Payload);

impl Graph {
    /// As Turtle.
    pub fn turtle(&self) -> String {
        self.0.turtle()
    }

    /// As N-Quads, the way it travels.
    pub fn n_quads(&self) -> String {
        self.0.n_quads()
    }

    /// As JSON-LD.
    pub fn json_ld(&self) -> String {
        self.0.json_ld()
    }
}

impl Journal {
    /// What everybody may see of a record at a time, in seconds since 1970. `None` where that is nothing.
    ///
    /// # Errors
    /// [`JournalError::Store`] when what is held cannot be read.
    pub fn public_graph(&self, iri: &RecordIri, now: i64) -> Result<Option<Graph>, JournalError> {
        let name = iri.to_string();
        let text = self.store.read(|link| {
            let Some(sheet) = records::seen(link, &name, Audience::Public)? else { return Ok(None) };
            if sheet.record.expires.is_some_and(|at| at.unix_timestamp() <= now) {
                return Ok(None);
            }
            let state = states::of_record(link, &name)?.into_iter().find(|state| state.channel == sheet.channel);
            let Some(state) = state else { return Ok(None) };
            Ok::<_, JournalError>(payloads::find(link, state.log, state.seq)?)
        })?;
        let read = |text: String| Payload::read(text.as_bytes(), iri).map(Graph);
        Ok(text
            .map(read)
            .transpose()
            .map_err(|why| StoreError::Damaged { table: "payloads", why: format!("{name}: {why}") })?)
    }
}

/// A code list, as Turtle.
pub fn code_list(list: List) -> &'static str {
    pes_rdf::thesaurus::turtle_of(list)
}

/// Our own terms, as Turtle.
pub fn terms() -> &'static str {
    pes_rdf::terms::ONTOLOGY
}
