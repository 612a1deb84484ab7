//! From a form to a saved record: what was typed over what stood, whose name it speaks in, and who has to look at it first.

use crate::failure::Failure;
use crate::porch::Porch;
use crate::visit::Visit;
use pes_domain::record::check_dates;
use pes_domain::{Audience, Body, Draft, Kind, Problem, Problems, Record, RecordIri, Why, draft};
use pes_journal::JournalError;
use pes_people::Viewer;
use pes_store::own_records::{self, Moderation, OwnRecord};
use std::collections::HashSet;

/// So many dates and so long a text fit, whatever else a record says.
const FEWER: usize = 50;
const SHORTER: usize = 5_000;

/// What became of a form.
pub(crate) enum Outcome {
    /// It is saved.
    Saved(RecordIri, Moderation),
    /// Something is wrong with it; nothing is lost.
    Wrong(Problems),
    /// Somebody else saved meanwhile: their version, as a draft, and what it is called.
    Overtaken(Draft, String),
}

/// Raises what was typed and saves it, unless something was found to be wrong with it already.
pub(crate) fn save(
    porch: &Porch,
    visit: &Visit,
    (kind, before): (Kind, Option<&OwnRecord>),
    typed: &Draft,
    found: Problems,
) -> Result<Outcome, Failure> {
    let viewer = visit.viewer()?;
    if let Some(before) = before
        && typed.one("version") != version(before)
    {
        return Ok(Outcome::Overtaken(before.record.lower(), version(before)));
    }
    // What a sheet takes the place of is the team's to say, on a page of its own.
    let typed = &carried(before, typed);
    let mut typed = match named(porch, viewer, (kind, before), typed) {
        Ok(typed) => typed,
        Err(problem) => return Ok(Outcome::Wrong(found.into_iter().chain([problem]).collect())),
    };
    let (iri, created) = match before {
        Some(before) => (before.record.iri.clone(), before.record.created),
        None => (RecordIri::mint(&porch.site.origin, kind), visit.now),
    };
    // A sheet that its own people save is confirmed by them.
    if viewer.edits(&iri) {
        typed = without(&typed, &["confirmed"]);
        typed.add("confirmed", draft::write_date(visit.now.date()));
    }
    let late = check_dates(kind, &typed, before.map(|before| &before.record), visit.now);
    // Older ones came without, and others' do: only who writes one here has to say where it is.
    let is_given = ["link", "file"].iter().any(|field| !typed.one(field).trim().is_empty());
    // A file that was not taken is said to be none already.
    let is_nowhere = kind == Kind::Document && !is_given && found.iter().all(|problem| problem.field != "file");
    let nowhere = is_nowhere.then(|| Problem::new("link", Why::Missing));
    let late: Problems = found.into_iter().chain(late).chain(nowhere).collect();
    match Record::raise(kind, (iri, created), &typed, visit.now, porch.rules()) {
        Ok(record) if late.is_empty() => {
            let is_company = speaks_for_company(porch, &record, before)?;
            let moderation = if is_company && !viewer.is_editor() {
                Moderation::Proposed
            } else {
                moderation(viewer, &record, before)
            };
            match porch.journal.save_changed(record.clone(), moderation, &viewer.account.id, visit.now) {
                Err(JournalError::NotShown { why, .. }) => {
                    tracing::warn!(record = %record.iri, why, "what was typed cannot be published");
                    Ok(Outcome::Wrong(vec![too_much(kind)]))
                }
                saved => {
                    // Not within the line of the log: where that is not written, nothing in it is looked at.
                    let change_sets = saved?.change_sets.len();
                    tracing::debug!(record = %record.iri, change_sets, "saved");
                    Ok(Outcome::Saved(record.iri, moderation))
                }
            }
        }
        Ok(_) => Ok(Outcome::Wrong(late)),
        // What was found before is not said again in other words.
        Err(mut problems) => {
            problems.retain(|one| late.iter().all(|known| known.field != one.field));
            Ok(Outcome::Wrong(late.into_iter().chain(problems).collect()))
        }
    }
}

/// What is said of a record that is more than others take as a whole, though each part of it is right: what most of it is made of is to be less.
fn too_much(kind: Kind) -> Problem {
    match kind {
        Kind::Event => Problem::new("occurrences", Why::TooMany(FEWER)),
        _ => Problem::new("description", Why::TooLong(SHORTER)),
    }
}

/// What tells one save of a record from the next.
pub(crate) fn version(own: &OwnRecord) -> String {
    own.record.modified.unix_timestamp_nanos().to_string()
}

/// What was typed, over what stood in the fields that the form does not have. For whom a record is, and each part of it, stays as it stood where
/// that was not sent: who says nothing tells nobody more.
pub(crate) fn over(before: &Draft, typed: &Draft, form_fields: &HashSet<String>) -> Draft {
    let is_silent = |field: &str| match field {
        AUDIENCE => typed.one(AUDIENCE).trim().is_empty(),
        field => field.starts_with(AUDIENCE) && typed.all(field).is_empty(),
    };
    let kept = before.fields().filter(|(field, _)| !form_fields.contains(*field) || is_silent(field));
    let typed = typed.fields().filter(|(field, _)| *field != AUDIENCE || !is_silent(field));
    let all = kept.chain(typed);
    all.flat_map(|(field, values)| values.iter().map(move |value| (field.to_owned(), value.clone()))).collect()
}

/// The structures of this node in whose name somebody may write: by name, with their labels.
pub(crate) fn structures(porch: &Porch, viewer: &Viewer) -> Result<Vec<(String, String)>, Failure> {
    let rights = viewer.rights.iter().filter(|right| right.is_confirmed && right.may_edit);
    porch.store().read(|link| {
        let mut structures = Vec::new();
        for right in rights {
            if let Some(own) = own_records::find(link, &right.structure)? {
                structures.push((right.structure.clone(), own.record.title()));
            }
        }
        Ok(structures)
    })
}

/// The field of a kind that says in whose name it speaks, and whether that may be oneself.
fn voice(kind: Kind) -> Option<(&'static str, bool)> {
    match kind {
        Kind::Article | Kind::Document | Kind::Exchange => Some(("structure", true)),
        Kind::Call => Some(("bearer", false)),
        Kind::Event => Some(("organisers", false)),
        Kind::Job => Some(("employer", false)),
        Kind::Product => Some(("provider", false)),
        Kind::Relation => Some(("subject", false)),
        _ => None,
    }
}

/// Fills in the names of the structures that were chosen, which have to be theirs, or to have stood there before.
fn named(
    porch: &Porch,
    viewer: &Viewer,
    (kind, before): (Kind, Option<&OwnRecord>),
    typed: &Draft,
) -> Result<Draft, Problem> {
    let Some((field, may_be_oneself)) = voice(kind) else { return Ok(typed.clone()) };
    let label = format!("{field}-label");
    let mut known = structures(porch, viewer).map_err(|_| Problem::new(field, Why::NotInList))?;
    let stood =
        before.into_iter().flat_map(|own| own.record.body.speaks_for().into_iter().chain(own.record.body.names()));
    known.extend(stood.filter_map(|one| Some((one.iri.as_ref()?.to_string(), one.label.clone()))));
    let mut named = without(typed, &[field, &label]);
    for at in 0..typed.all(field).len().max(typed.all(&label).len()) {
        let (chosen, name) = (typed.line(field, at), typed.line(&label, at));
        let name = match known.iter().find(|(iri, _)| iri == chosen) {
            Some((_, name)) => name,
            None if chosen.is_empty() && may_be_oneself => continue,
            None if chosen.is_empty() => name,
            None => return Err(Problem::new(field, Why::NotInList)),
        };
        named.add(field, chosen);
        named.add(label.clone(), name);
    }
    let speaks_for_oneself = may_be_oneself && named.all(field).is_empty();
    if speaks_for_oneself && named.one("author").is_empty() {
        named = without(&named, &["author"]);
        named.add("author", viewer.account.name.split_whitespace().next().unwrap_or_default());
    }
    Ok(named)
}

/// For whom a record is; behind it `-of-` and a part of it, for whom that is.
pub(crate) const AUDIENCE: &str = "audience";

/// What no form has, whatever is sent: it is as it was.
const CARRIED: [&str; 3] = ["confirmed", "is-unclaimed", "replaces"];

fn carried(before: Option<&OwnRecord>, typed: &Draft) -> Draft {
    let mut carried = without(typed, &CARRIED);
    let stood = before.map(|before| before.record.lower()).unwrap_or_default();
    for field in CARRIED {
        stood.all(field).iter().for_each(|value| carried.add(field, value));
    }
    carried
}

pub(crate) fn without(draft: &Draft, fields: &[&str]) -> Draft {
    let kept = draft.fields().filter(|(field, _)| !fields.contains(field));
    kept.flat_map(|(field, values)| values.iter().map(move |value| (field.to_owned(), value.clone()))).collect()
}

/// Whether a record is an ordinary company's sheet, was one, or speaks in the name of one: what companies say is always read first.
fn speaks_for_company(porch: &Porch, record: &Record, before: Option<&OwnRecord>) -> Result<bool, Failure> {
    let is_company = |record: &Record| matches!(&record.body, Body::Structure(one) if one.is_company);
    if is_company(record) || before.is_some_and(|before| is_company(&before.record)) {
        return Ok(true);
    }
    let Some(voice) = record.body.speaks_for().and_then(|one| one.iri.as_ref()) else { return Ok(false) };
    let own = porch.store().read(|link| own_records::find(link, &voice.to_string()))?;
    Ok(own.is_some_and(|own| is_company(&own.record)))
}

/// Who may edit the structure a record speaks for publishes at once, and so do those who write or work for the network; another's entry is proposed.
/// Members publish their own sheet; of somebody whom nobody knows yet it stays in the house, or waits. What the network has
/// accepted stays so when its author changes it, as long as no more people see it.
fn moderation(viewer: &Viewer, record: &Record, before: Option<&OwnRecord>) -> Moderation {
    let speaks_for = record.body.speaks_for();
    let structure = speaks_for.and_then(|to| to.iri.as_ref()).unwrap_or(&record.iri);
    let is_known = viewer.is_member() || record.audience <= Audience::Network;
    let is_own_sheet = matches!(record.body, Body::Person(_)) && is_known;
    let is_no_wider = |before: &OwnRecord| viewer.is_member() || record.audience <= before.record.audience;
    let was_accepted = before.is_some_and(|before| before.moderation == Moderation::Published && is_no_wider(before));
    match viewer.is_editor() || viewer.edits(structure) || is_own_sheet || was_accepted {
        true => Moderation::Published,
        false => Moderation::Proposed,
    }
}
