//! What the team said when it decided of a record: for who wrote it, who edits its structure, and the team.

use crate::failure::Failure;
use crate::porch::Porch;
use crate::views::paragraphs;
use pes_domain::Decision;
use pes_people::Viewer;
use pes_store::own_records::{Moderation, OwnRecord};
use pes_store::remarks::{self, Remark};
use pes_words::dates;
use serde::Serialize;
use time::UtcDateTime;

/// A sentence, and with what it came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct SaidView {
    /// What was decided, and when.
    pub(crate) lead: String,
    pub(crate) paragraphs: Vec<Vec<String>>,
}

/// The sentence that still says something of a record, if this visitor may know it.
pub(crate) fn said_of(porch: &Porch, viewer: Option<&Viewer>, own: &OwnRecord) -> Result<Option<SaidView>, Failure> {
    if !viewer.is_some_and(|viewer| viewer.hears_of(own)) {
        return Ok(None);
    }
    let remarks = porch.store().read(|link| remarks::of_record(link, &own.record.iri.to_string()))?;
    let newest = remarks.into_iter().next().filter(|remark| still_holds(remark, own.moderation));
    Ok(newest.and_then(|remark| SaidView::of(porch, &remark)))
}

/// Whether the record stands as was decided, or waits for somebody to see whether what was asked for is done.
fn still_holds(remark: &Remark, moderation: Moderation) -> bool {
    match moderation {
        Moderation::Published => remark.decision == Decision::Publish,
        Moderation::Incomplete => remark.decision == Decision::SendBack,
        Moderation::Refused => remark.decision == Decision::Refuse,
        Moderation::Proposed => remark.decision != Decision::Publish,
        Moderation::Draft | Moderation::Blocked => false,
    }
}

impl SaidView {
    /// A remark that has a sentence.
    pub(crate) fn of(porch: &Porch, remark: &Remark) -> Option<Self> {
        let sentence = remark.sentence.as_ref()?;
        let at = UtcDateTime::from_unix_timestamp(remark.at).unwrap_or(UtcDateTime::UNIX_EPOCH);
        let key = format!("said-{}", remark.decision.as_str());
        let lead = porch.words.catalogue().tell(&key, &[("day", dates::day_of(at).into())]);
        Some(Self { lead, paragraphs: paragraphs(sentence) })
    }
}
