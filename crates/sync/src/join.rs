//! Joins a hub: asks it who it is, shows its invitation, follows it from then on.

use crate::client::Client;
use crate::desk::JoinRequest;
use crate::drive::{introduce, off_thread};
use crate::introduction::WellKnown;
use crate::{Ask, SyncError};
use pes_changeset::Origin;
use pes_journal::Journal;
use thiserror::Error;
use time::UtcDateTime;

/// Why joining failed. Nothing has changed here, and it may be tried again.
#[derive(Debug, Error)]
pub enum JoinError {
    /// The hub was not heard, or does not prove itself.
    #[error("the hub at {hub} was not heard: {why}")]
    Unheard {
        /// Its origin.
        hub: Origin,
        /// Why.
        why: String,
    },
    /// The hub refuses.
    #[error("the hub at {hub} refuses: {why}")]
    Refused {
        /// Its origin.
        hub: Origin,
        /// Why.
        why: String,
    },
    /// Something failed here.
    #[error(transparent)]
    Here(#[from] SyncError),
}

/// Joins the hub at this origin with an invitation's code. The hub asks this node back at its own origin, so it has to be serving.
///
/// # Errors
/// [`JoinError`]; then nothing has changed here.
pub async fn join(client: &Client, journal: &Journal, hub: &Origin, code: &str) -> Result<WellKnown, JoinError> {
    // A hub that has admitted a node which may not sign would wait for what it gives.
    let certain = journal.clone();
    off_thread(move || certain.check_certain().map_err(SyncError::from)).await?;
    let unheard = |why: String| JoinError::Unheard { hub: hub.clone(), why };
    let introduced = introduce(client, hub).await.map_err(unheard)?;
    let identity = journal.identity();
    let request = JoinRequest {
        code: code.to_owned(),
        origin: identity.origin.to_string(),
        node_id: identity.node_id.clone(),
        name: identity.name.clone(),
    };
    let body = serde_json::to_vec(&request).expect("a request has only texts");
    let answer = client.carry(&Ask::post(hub, "/in/join", "application/json", body)).await.map_err(unheard)?;
    if answer.status != 200 {
        return Err(JoinError::Refused { hub: hub.clone(), why: answer.detail() });
    }
    let (journal, well_known, now) = (journal.clone(), introduced.well_known.clone(), UtcDateTime::now());
    let hub = hub.clone();
    Ok(off_thread(move || {
        journal.pin((&well_known.node_id, &hub), &well_known.name, &introduced.events, now)?;
        journal.follow(&well_known.node_id, now)?;
        Ok::<_, SyncError>(well_known)
    })
    .await?)
}
