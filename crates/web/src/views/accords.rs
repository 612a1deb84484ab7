//! What others answered to a record: who takes part in a group purchase, who confirms a relation.

use crate::failure::Failure;
use crate::porch::Porch;
use crate::shelf::{self, Shown};
use crate::visit::Visit;
use pes_domain::accord::{Accord, Answer};
use pes_domain::draft::write_tenths;
use pes_domain::relation::Relation;
use pes_domain::{Body, Kind, Record, RecordIri, Reference};
use serde::Serialize;

/// A group purchase, with those who take part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct PurchaseView {
    /// How far it has come, in words.
    pub(crate) summary: String,
    pub(crate) is_reached: bool,
    /// The same for a bar: how much of how much.
    pub(crate) total: String,
    pub(crate) threshold: String,
    pub(crate) lines: Vec<PartLine>,
    /// The form by which one takes part, where one may.
    pub(crate) join: Option<Join>,
}

/// Somebody who takes part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct PartLine {
    pub(crate) who: String,
    pub(crate) quantity: String,
    pub(crate) network: String,
    pub(crate) detail: String,
    /// One's own accord, which one may take back.
    pub(crate) accord: Option<String>,
}

/// What the form needs by which one takes part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Join {
    pub(crate) record: String,
    /// In whose name one may: by name, with labels.
    pub(crate) structures: Vec<(String, String)>,
    pub(crate) unit: String,
}

/// A relation of a structure, as its page tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct RelationView {
    /// *A pour fournisseur régulier*; from the other side, the reverse.
    pub(crate) words: String,
    pub(crate) other: String,
    pub(crate) url: Option<String>,
    pub(crate) detail: String,
    /// Confirmed, declined, or not answered yet.
    pub(crate) standing: String,
    pub(crate) is_confirmed: bool,
    /// The relation, where this visitor may answer it.
    pub(crate) answer: Option<String>,
    /// One's own accord, which one may take back.
    pub(crate) accord: Option<String>,
    /// The page of the relation, for those who may change it.
    pub(crate) edit: Option<String>,
    /// For whom alone it is, where it never leaves this site.
    pub(crate) kept_for: Option<String>,
}

/// The accords that answer one of these records and come from the home of those they speak for, with where each is from.
fn accords_of(porch: &Porch, visit: &Visit, records: &[RecordIri]) -> Result<Vec<(Accord, Shown)>, Failure> {
    if records.is_empty() {
        return Ok(Vec::new());
    }
    Ok(shelf::naming(porch, visit, Kind::Accord, records)?.into_iter().filter_map(accord).collect())
}

/// What counts as an accord: of a structure only its own home says what it answers; a person answers for themselves.
pub(crate) fn accord(shown: Shown) -> Option<(Accord, Shown)> {
    match &shown.record.body {
        Body::Accord(one) if one.by.iri.is_none() || shown.record.speaks_at_home() => Some((one.clone(), shown)),
        _ => None,
    }
}

/// The group purchase that a record is, if it is one. `structures` are those in whose name this visitor may speak.
pub(crate) fn purchase_of(
    porch: &Porch,
    visit: &Visit,
    shown: &Shown,
    structures: Vec<(String, String)>,
) -> Result<Option<PurchaseView>, Failure> {
    let Body::Exchange(exchange) = &shown.record.body else { return Ok(None) };
    let Some(purchase) = &exchange.purchase else { return Ok(None) };
    let accords = accords_of(porch, visit, std::slice::from_ref(&shown.record.iri))?;
    // Who takes part with nothing does not: another network's form may let them say so.
    let takes_part = |one: &Accord| one.answer == Answer::TakesPart && one.quantity != Some(0);
    let parts: Vec<_> = accords.iter().filter(|(one, _)| takes_part(one)).collect();
    let own = purchase.quantity.unwrap_or_default();
    let total = parts.iter().map(|(one, _)| one.quantity.unwrap_or_default()).fold(own, u32::saturating_add);
    let tell = |key: &str, gaps: &[(&'static str, String)]| {
        let gaps: Vec<_> = gaps.iter().map(|(gap, value)| (*gap, value.as_str().into())).collect();
        porch.words.catalogue().tell(key, &gaps)
    };
    let unit = purchase.unit.clone();
    let amount = |tenths: u32| format!("{} {unit}", write_tenths(tenths));
    let line = |(one, from): &&(Accord, Shown)| PartLine {
        who: one.by.label.clone(),
        quantity: one.quantity.map(amount).unwrap_or_default(),
        network: from.network.clone(),
        detail: one.detail.clone().unwrap_or_default(),
        accord: from.may_change.then(|| from.record.iri.to_string()),
    };
    let is_reached = total >= purchase.threshold;
    let key = if is_reached { "purchase-reached" } else { "purchase-so-far" };
    let gaps =
        [("total", write_tenths(total)), ("threshold", write_tenths(purchase.threshold)), ("unit", unit.clone())];
    let first = purchase.quantity.filter(|quantity| *quantity > 0).map(|quantity| PartLine {
        who: exchange.structure.as_ref().map(|one| one.label.clone()).or(exchange.author.clone()).unwrap_or_default(),
        quantity: amount(quantity),
        network: shown.network.clone(),
        detail: String::new(),
        accord: None,
    });
    let is_open = !shown.record.is_expired(visit.now) && exchange.state != pes_domain::exchange::State::Met;
    Ok(Some(PurchaseView {
        summary: tell(key, &gaps),
        is_reached,
        total: decimal(total),
        threshold: decimal(purchase.threshold.max(total)),
        lines: first.into_iter().chain(parts.iter().map(line)).collect(),
        join: (is_open && visit.viewer.is_some()).then(|| Join {
            record: shown.record.iri.to_string(),
            structures,
            unit,
        }),
    }))
}

/// Tenths as HTML writes numbers.
fn decimal(tenths: u32) -> String {
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// The relations of a structure, its own and those of which it is the object. What a structure says of another stands only where its
/// own home says it; that it is a member of a network, the network may say too.
pub(crate) fn relations_of(porch: &Porch, visit: &Visit, structure: &Record) -> Result<Vec<RelationView>, Failure> {
    let names = shelf::names_of(porch, structure)?;
    let speaking = shelf::speaking(porch, visit, Kind::Relation, &names)?;
    let others = shelf::naming(porch, visit, Kind::Relation, &names)?;
    let is_told = |shown: &Shown| shown.record.speaks_at_home() || shown.record.is_told_by_network();
    let all: Vec<Shown> = speaking.into_iter().chain(others).filter(is_told).collect();
    let relations: Vec<RecordIri> = all.iter().map(|shown| shown.record.iri.clone()).collect();
    let accords = accords_of(porch, visit, &relations)?;
    let view = |shown: &Shown| match &shown.record.body {
        Body::Relation(one) => Some(relation_view(porch, visit, (&names, &accords), (shown, one))),
        _ => None,
    };
    Ok(all.iter().filter_map(view).collect())
}

fn relation_view(
    porch: &Porch,
    visit: &Visit,
    (names, accords): (&[RecordIri], &[(Accord, Shown)]),
    (shown, one): (&Shown, &Relation),
) -> RelationView {
    let is_subject = one.subject.iri.as_ref().is_some_and(|iri| names.contains(iri));
    let other = if is_subject { &one.object } else { &one.subject };
    let words = match is_subject {
        true => porch.rules().thesaurus.label(&one.sort).to_owned(),
        false => porch.say(&format!("relation-inverse-{}", one.sort.notation())),
    };
    let asked = asked_of(&shown.record, one).iri.as_ref();
    // Where who is asked is the structure shown here, it answers by any name it has had.
    let is_shown = asked.is_some_and(|asked| names.contains(asked));
    let is_asked = |by: &RecordIri| Some(by) == asked || (is_shown && names.contains(by));
    let is_about = |accord: &Accord| accord.about.iri.as_ref() == Some(&shown.record.iri);
    let is_answer = |accord: &Accord| is_about(accord) && accord.by.iri.as_ref().is_some_and(is_asked);
    let answered = accords.iter().find(|(accord, _)| is_answer(accord));
    let standing = match answered.map(|(accord, _)| accord.answer) {
        Some(Answer::Confirms) => "confirmed",
        Some(Answer::Declines) => "declined",
        _ => "unanswered",
    };
    let may_answer = visit.viewer.as_ref().zip(asked).is_some_and(|(viewer, asked)| viewer.edits(asked));
    RelationView {
        words,
        other: other.label.clone(),
        url: other.iri.as_ref().map(|iri| iri.page_at(&porch.site.origin)),
        detail: one.detail.clone().unwrap_or_default(),
        standing: porch.say(&format!("relation-{standing}")),
        is_confirmed: standing == "confirmed",
        answer: (may_answer && answered.is_none()).then(|| shown.record.iri.to_string()),
        accord: answered.filter(|(_, from)| from.may_change).map(|(_, from)| from.record.iri.to_string()),
        edit: shown.may_change.then(|| shown.record.iri.page_at(&porch.site.origin)),
        kept_for: (!shown.record.audience.leaves_home()).then(|| porch.say("relation-for-network")),
    }
}

/// Which of the two is asked whether a relation is so: the one that does not tell it.
pub(crate) fn asked_of<'a>(record: &Record, relation: &'a Relation) -> &'a Reference {
    if record.is_told_by_network() { &relation.subject } else { &relation.object }
}
