//! "More people would read its name": before a relation is saved that is for more people than the sheet of a structure it names.
//!
//! Whoever sends the form on has read it, and what they chose then stands: it is theirs to know whether the structure agrees. The choice that is made
//! for them is the narrower one, so that who reads nothing gives nothing away.

use crate::failure::Failure;
use crate::pages::alike::SHOWN;
use crate::pages::meant;
use crate::pages::saving::without;
use crate::porch::Porch;
use crate::shelf::{self, Shown};
use crate::views::QuestionView;
use crate::visit::Visit;
use pes_domain::{Audience, Body, Draft, RecordIri};
use pes_store::own_records::{Moderation, OwnRecord};

/// The two structures of a relation.
const ENDS: [&str; 2] = ["subject", "object"];
/// For whom the relation is.
const FIELD: &str = "audience";

/// The question, with the relation for as few people as read both names; nothing where it tells nobody more than they read already, where it was
/// asked before, or where it stood so.
pub(crate) fn question(
    porch: &Porch,
    visit: &Visit,
    before: Option<&OwnRecord>,
    draft: &Draft,
) -> Result<Option<(Draft, QuestionView)>, Failure> {
    // A choice that is none is refused where it is saved.
    let chosen = Audience::named(draft.one(FIELD)).unwrap_or(Audience::Private);
    let mut known = draft.all(SHOWN).to_vec();
    let mut narrower = Vec::new();
    let linked = ENDS.into_iter().filter_map(|end| RecordIri::read(draft.one(end)));
    // Who keeps to a name tells it all the same.
    let named = meant::called_just_so(porch, visit, draft)?;
    for iri in linked.chain(named) {
        if known.contains(&iri.to_string()) || before.is_some_and(|own| told_before(own, &iri, chosen)) {
            continue;
        }
        if let Some(found) = sheet(porch, visit, &iri)?.filter(|(audience, _)| *audience < chosen) {
            narrower.push(found);
            known.push(iri.to_string());
        }
    }
    let Some((audience, title)) = narrower.into_iter().min() else { return Ok(None) };
    let mut narrowed = without(draft, &[FIELD]);
    narrowed.add(FIELD, audience.as_str());
    Ok(Some((narrowed, view(porch, &title, (audience, chosen), known))))
}

/// What is asked: for how few the sheet is, and for how many the relation was to be.
fn view(porch: &Porch, title: &str, (few, many): (Audience, Audience), known: Vec<String>) -> QuestionView {
    let readers = |audience: Audience| porch.say(&format!("audience-{}", audience.as_str()));
    let gaps = [("structure", title.into()), ("few", readers(few).into()), ("many", readers(many).into())];
    QuestionView {
        title: porch.say("confided-title"),
        text: porch.words.catalogue().tell("confided-text", &gaps),
        known,
        field: Some(FIELD),
        lead: porch.say("confided-lead"),
        ..QuestionView::default()
    }
}

/// For whom a structure's sheet is, and what it is called; nothing of what this visitor does not see.
fn sheet(porch: &Porch, visit: &Visit, iri: &RecordIri) -> Result<Option<(Audience, String)>, Failure> {
    let Some(shown) = shelf::seen(porch, visit, &iri.to_string())? else { return Ok(None) };
    Ok(Some((audience_of(porch, visit, &shown)?, shown.record.title())))
}

/// For whom a sheet is: of ours as it says, and for nobody else while it waits or was taken back; of another network's, everybody or those of the circle in which it came here.
pub(super) fn audience_of(porch: &Porch, visit: &Visit, shown: &Shown) -> Result<Audience, Failure> {
    if shown.is_own {
        let is_shown = shown.moderation.is_none_or(|one| one == Moderation::Published);
        return Ok(if is_shown { shown.record.audience } else { Audience::Private });
    }
    let visitor = Visit { viewer: None, ..visit.clone() };
    let is_open = shelf::seen(porch, &visitor, &shown.record.iri.to_string())?.is_some();
    Ok(if is_open { Audience::Public } else { Audience::Affiliates })
}

/// Whether a relation named this structure to as many people before.
fn told_before(own: &OwnRecord, iri: &RecordIri, chosen: Audience) -> bool {
    let Body::Relation(one) = &own.record.body else { return false };
    let names = [&one.subject, &one.object].into_iter().any(|end| end.iri.as_ref() == Some(iri));
    names && own.record.audience >= chosen
}
