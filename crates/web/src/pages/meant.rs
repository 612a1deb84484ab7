//! Which structure a name means that was typed by hand: the one that was chosen, the one whose page's address was typed, one of those that are
//! called so, or none that is known here.
//!
//! A name alone is a right answer, and is given, not presumed: a relation to a name is one that nobody can confirm.

use crate::asked;
use crate::failure::Failure;
use crate::pages::alike::SHOWN;
use crate::pages::iri_at;
use crate::pages::saving::without;
use crate::porch::Porch;
use crate::shelf;
use crate::views::{FormView, LikeView, OptionView, QuestionView};
use crate::visit::Visit;
use pes_domain::code::fold;
use pes_domain::{Body, Draft, Kind, List, RecordIri};
use pes_search::{Facet, Query};
use pes_store::own_records::OwnRecord;

/// The record, its name as it is typed; what is chosen, and for which name that was asked.
const RECORD: &str = "object";
const NAME: &str = "object-label";
const CHOICE: &str = "object-choice";
const ASKED: &str = "object-asked";
/// The choice of none.
const NAME_ALONE: &str = "nom-seul";
/// What is no record.
const NOWHERE: &str = "-";
/// The most among which one chooses.
const MOST: usize = 6;

/// Settles which structure is meant, or gives those among which somebody has to choose.
pub(crate) fn settle(
    porch: &Porch,
    visit: &Visit,
    before: Option<&OwnRecord>,
    typed: &Draft,
) -> Result<(Draft, Vec<LikeView>), Failure> {
    let draft = without(typed, &[CHOICE, ASKED]);
    let name = draft.one(NAME).to_owned();
    if iri_at(porch, &name).is_some() {
        // One that leads to no structure is called what it is: no address of a sheet.
        return Ok((linked(porch, visit, &draft, &name)?.unwrap_or_else(|| with(&draft, NOWHERE, &name)), Vec::new()));
    }
    // Whoever changed the name since is asked anew.
    let is_answer = !name.is_empty() && typed.one(ASKED) == name;
    match typed.one(CHOICE) {
        NAME_ALONE if is_answer => return Ok((with(&draft, "", &name), Vec::new())),
        chosen if is_answer && !chosen.is_empty() => {
            if let Some(linked) = linked(porch, visit, &draft, chosen)? {
                return Ok((linked, Vec::new()));
            }
        }
        _ => {}
    }
    let is_address = iri_at(porch, draft.one(RECORD)).is_some();
    if is_address || name.is_empty() {
        let Some(linked) = linked(porch, visit, &draft, draft.one(RECORD))? else { return Ok((draft, Vec::new())) };
        let is_called_so = |label: &str| name.is_empty() || fold(label) == fold(&name);
        let stood = before.is_some_and(|own| match &own.record.body {
            Body::Relation(one) => is_called_so(&one.object.label),
            _ => false,
        });
        if is_called_so(linked.one(NAME)) || stood {
            return Ok((linked, Vec::new()));
        }
    }
    let draft = with(&draft, "", &name);
    let likes = called_so(porch, visit, &name, draft.one("subject"))?;
    // Whoever was told who reads the name of one of them has kept to the name.
    let is_settled = likes.iter().any(|like| draft.all(SHOWN).contains(&like.name));
    Ok((draft, if is_settled { Vec::new() } else { likes }))
}

/// Offers what is to be chosen among in a form.
pub(crate) fn ask(porch: &Porch, view: &mut FormView, likes: &[LikeView]) {
    let fields = view.sections.iter_mut().flat_map(|section| &mut section.fields);
    let mut asked = String::new();
    for field in fields {
        if field.name == NAME {
            asked.clone_from(&field.value);
        }
        if field.name != RECORD {
            continue;
        }
        let known =
            likes.iter().map(|like| OptionView::new(&like.name, format!("{} – {}", like.title, like.told), false));
        field.options = known.chain([OptionView::new(NAME_ALONE, porch.say("name-alone"), false)]).collect();
        asked.clone_into(&mut field.value);
    }
    let (title, text) = (porch.say("which-structure"), porch.say("which-structure-text"));
    view.question =
        Some(QuestionView { lead: title.clone(), title, text, field: Some(RECORD), ..QuestionView::default() });
}

/// The same with this record and this name.
fn with(draft: &Draft, record: &str, name: &str) -> Draft {
    let mut changed = without(draft, &[RECORD, NAME]);
    changed.add(RECORD, record);
    changed.add(NAME, name);
    changed
}

/// The same with the structure at an address, and its name; nothing where this visitor sees none there.
fn linked(porch: &Porch, visit: &Visit, draft: &Draft, address: &str) -> Result<Option<Draft>, Failure> {
    let Some(iri) = iri_at(porch, address) else { return Ok(None) };
    let shown = shelf::seen(porch, visit, &iri.to_string())?.filter(|shown| shown.record.kind() == Kind::Structure);
    Ok(shown.map(|shown| with(draft, &iri.to_string(), &shown.record.title())))
}

/// The structures that are called just as a relation names one, where it keeps to the name.
pub(super) fn called_just_so(porch: &Porch, visit: &Visit, draft: &Draft) -> Result<Vec<RecordIri>, Failure> {
    let name = draft.one(NAME);
    if !draft.one(RECORD).is_empty() {
        return Ok(Vec::new());
    }
    let likes = called_so(porch, visit, name, draft.one("subject"))?;
    let same = likes.iter().filter(|like| fold(&like.title) == fold(name));
    Ok(same.filter_map(|like| RecordIri::read(&like.name)).collect())
}

/// The structures that may be meant by a name, but for the one that speaks.
fn called_so(porch: &Porch, visit: &Visit, name: &str, subject: &str) -> Result<Vec<LikeView>, Failure> {
    if name.is_empty() {
        return Ok(Vec::new());
    }
    let query = Query::new(asked::sees(visit), visit.now.unix_timestamp()).typed(name);
    let query = query.choose(Facet::List(List::Kind), Kind::Structure.notation());
    let found = porch.index.look(&Query { take_literally: true, limit: 2 * MOST, ..query })?;
    let name = fold(name);
    let is_meant = |like: &LikeView| {
        // Where nothing has all words, a name within what was typed is one; a word in common is not.
        like.name != subject && (!found.understood.any_word || name.contains(&fold(&like.title)))
    };
    let shown = shelf::found(porch, visit, &found)?;
    Ok(shown.iter().map(|(shown, _)| LikeView::of(porch, shown)).filter(is_meant).take(MOST).collect())
}
