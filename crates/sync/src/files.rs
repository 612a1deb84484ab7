//! The walk to a record's home for its picture or file: once, at its own address, within the size it was said to have.
//!
//! What is for everybody is asked for as anybody asks; what is for members, with this node's signature. What comes back is that by its digest,
//! or nothing: of a picture not even the bytes are passed on, and a file is of a sort that is taken, or is not taken.

use crate::{Ask, Outcome, SyncError, patience};
use pes_changeset::Origin;
use pes_files::{Cabinet, CabinetError, Named, made, sort};
use pes_journal::Journal;
use std::collections::BTreeMap;
use time::UtcDateTime;

/// How much longer one waits where the home gave something else than its record names: that is seldom mended within minutes.
const LASTING: u64 = 8;

/// What to ask for a file, and whether it has to be signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// What to ask.
    pub ask: Ask,
    /// Whether its home has to know who asks.
    pub is_signed: bool,
}

/// The origin at which a file lies, which is its record's.
pub fn home(named: &Named) -> Option<(Origin, &str)> {
    let at = named.address.find("://")? + "://".len();
    let (origin, path) = named.address.split_at(at + named.address[at..].find('/')?);
    let is_its_own = named.record.strip_prefix(origin).is_some_and(|rest| rest.starts_with('/'));
    Some((origin.parse().ok().filter(|_| is_its_own)?, path))
}

/// What is wanted, by the home at which it lies; what lies at none is left out.
pub fn by_home(wanted: Vec<Named>) -> BTreeMap<Origin, Vec<Named>> {
    let mut homes: BTreeMap<Origin, Vec<Named>> = BTreeMap::new();
    for named in wanted {
        if let Some((origin, _)) = home(&named) {
            homes.entry(origin).or_default().push(named);
        }
    }
    // Several records may name the same file: it is fetched once.
    for wanted in homes.values_mut() {
        wanted.sort_by(|one, other| (&one.digest, &one.address).cmp(&(&other.digest, &other.address)));
        wanted.dedup_by(|one, other| (&one.digest, &one.address) == (&other.digest, &other.address));
    }
    homes
}

/// What to ask for a file; `None` where its home is not one that is known here.
///
/// # Errors
/// [`SyncError`].
pub fn request(journal: &Journal, cabinet: &Cabinet, named: &Named) -> Result<Option<Request>, SyncError> {
    let Some((origin, path)) = home(named) else { return Ok(None) };
    let Some((node, _)) = journal.neighbour_at(&origin)? else { return Ok(None) };
    let most = if named.is_picture() { made::BYTES } else { sort::BYTES };
    let limit = usize::try_from(named.size).map_or(most, |size| size.min(most));
    let is_signed = !cabinet.is_open(named).map_err(CabinetError::from)?;
    Ok(Some(Request { ask: Ask::get(&node.origin, path, limit).patient(), is_signed }))
}

/// Takes what came of it: it is held, or tried again later.
///
/// # Errors
/// [`SyncError`] when our own database or disk fails.
pub fn take(cabinet: &Cabinet, named: &Named, outcome: Outcome, now: UtcDateTime, dice: f64) -> Result<(), SyncError> {
    let (why, failures) = match outcome {
        Err(why) => (why, named.failures + 1),
        Ok(answer) if answer.status != 200 => (format!("its home answers {}", answer.status), named.failures + 1),
        Ok(answer) => match cabinet.hold(named, &answer.body) {
            Ok(()) => return Ok(()),
            Err(why @ (CabinetError::OtherDigest | CabinetError::Refused(_) | CabinetError::Unfit(_))) => {
                (why.to_string(), named.failures + 1 + LASTING)
            }
            Err(ours) => return Err(ours.into()),
        },
    };
    tracing::info!(file = named.address, why, "a file cannot be fetched yet");
    let next_try = patience::next_try(failures, now.unix_timestamp(), dice);
    Ok(cabinet.fail(named, &why, next_try).map_err(CabinetError::from)?)
}
