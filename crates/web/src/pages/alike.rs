//! "Is it one of these?": before a new structure is saved, whoever typed it is shown those that it may be.
//!
//! What they say of it is theirs and is kept nowhere: the team is asked as of any other two ([`super::doubles`]).

use crate::failure::Failure;
use crate::porch::Porch;
use crate::shelf;
use crate::views::{LikeView, QuestionView};
use crate::visit::Visit;
use pes_domain::{Body, Draft, Kind, Record, RecordIri};
use std::collections::HashMap;
use std::time::Duration;

/// The names of those that were shown with the form.
pub(crate) const SHOWN: &str = "alike";
/// How long somebody waits for what is being compared; what is not known by then the team finds later.
const PATIENCE: Duration = Duration::from_millis(1_500);
/// The most that are shown.
const MOST: usize = 5;

/// What is asked about a new structure; nothing where it is none yet, or may be none that was not shown before. Whoever asks sees each of them,
/// and is told of each only what they see.
pub(crate) fn question(porch: &Porch, visit: &Visit, typed: &Draft) -> Result<Option<QuestionView>, Failure> {
    let iri = RecordIri::mint(&porch.site.origin, Kind::Structure);
    // What is wrong with it is said first.
    let Ok(record) = Record::raise(Kind::Structure, (iri, visit.now), typed, visit.now, porch.rules()) else {
        return Ok(None);
    };
    let Body::Structure(structure) = record.body else { return Ok(None) };
    let shown_before = typed.all(SHOWN);
    let mut views = HashMap::new();
    let found = porch.twins.like(&structure, PATIENCE, |name| {
        let is_known = shown_before.iter().any(|one| one == name);
        let Some(shown) = (if is_known { None } else { shelf::seen(porch, visit, name)? }) else { return Ok(None) };
        views.insert(name.to_owned(), LikeView::of(porch, &shown));
        let Body::Structure(structure) = shown.record.body else { return Ok(None) };
        Ok::<_, Failure>(Some(*structure))
    })?;
    let likes = found.iter().filter_map(|(name, grounds)| Some(views.remove(name)?.because(porch, grounds)));
    let likes: Vec<LikeView> = likes.take(MOST).collect();
    let known = shown_before.iter().cloned().chain(likes.iter().map(|like| like.name.clone())).collect();
    let (title, text) = (porch.say("alike-title"), porch.say("alike-text"));
    Ok((!likes.is_empty()).then(|| QuestionView { title, text, likes, known, ..QuestionView::default() }))
}
