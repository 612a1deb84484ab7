//! Sheets that describe one structure, as somebody said: in an accord, at the home of one of the two.

use crate::failure::Failure;
use crate::porch::Porch;
use crate::shelf::{self, Narrowing, Shown};
use crate::visit::Visit;
use pes_domain::accord::Answer;
use pes_domain::audience::Reader;
use pes_domain::{Body, Kind, List, RecordIri};
use pes_store::told_apart;
use serde::Serialize;
use std::collections::BTreeMap;

/// The most accords that are looked at: of a whole network, and of one record.
const ALL: u64 = 20_000;
const OF_ONE: u64 = 100;

/// That two records are the same structure, as one accord says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Said {
    /// The accord.
    pub(crate) accord: RecordIri,
    /// Whose structure it is by whom it is said.
    pub(crate) by: RecordIri,
    /// The other one.
    pub(crate) about: RecordIri,
    /// The name of the network that says so.
    pub(crate) network: String,
    /// Whether that is this one.
    pub(crate) is_own: bool,
}

/// Another sheet of the same structure, as its page tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct AlsoView {
    pub(crate) words: String,
    pub(crate) label: String,
    pub(crate) url: String,
    /// Who says so.
    pub(crate) said: String,
}

impl Said {
    /// What an accord says, if it says that; and only where it comes from the home of the structure that it speaks for.
    fn of(shown: &Shown) -> Option<Self> {
        let Body::Accord(accord) = &shown.record.body else { return None };
        if accord.answer != Answer::IsTheSame || !shown.record.speaks_at_home() {
            return None;
        }
        Some(Self {
            accord: shown.record.iri.clone(),
            by: accord.by.iri.clone()?,
            about: accord.about.iri.clone()?,
            network: shown.network.clone(),
            is_own: shown.is_own,
        })
    }

    /// The two records, by name, in the order in which a pair is told.
    pub(crate) fn pair(&self) -> (String, String) {
        in_order(self.by.to_string(), self.about.to_string())
    }

    fn other(&self, record: &RecordIri) -> Option<&RecordIri> {
        match (self.by == *record, self.about == *record) {
            (true, false) => Some(&self.about),
            (false, true) => Some(&self.by),
            _ => None,
        }
    }
}

/// Two names in the order in which a pair is told.
pub(crate) fn in_order(one: String, other: String) -> (String, String) {
    if one <= other { (one, other) } else { (other, one) }
}

/// All that is said to be the same, as far as this visitor may know of the accords. Whether they may know of the records is another question.
pub(crate) fn all_said(porch: &Porch, visit: &Visit) -> Result<Vec<Said>, Failure> {
    let shared = shelf::list(porch, visit, Kind::Accord, &narrowing(None), (0, ALL))?.shown;
    let kept = shelf::kept(porch, visit, Kind::Accord)?;
    Ok(shared.iter().chain(&kept).filter_map(Said::of).collect())
}

/// What is said to be the same as a record.
fn said_of(porch: &Porch, visit: &Visit, record: &RecordIri) -> Result<Vec<Said>, Failure> {
    let mut said = Vec::new();
    for facet in ["names", "structure"] {
        let shared = shelf::list(porch, visit, Kind::Accord, &narrowing(Some((facet, record))), (0, OF_ONE))?;
        said.extend(shared.shown.iter().filter_map(Said::of));
    }
    // What never leaves the house is for its people.
    if visit.reads_foreign() != Reader::Anyone {
        said.extend(shelf::kept(porch, visit, Kind::Accord)?.iter().filter_map(Said::of));
    }
    Ok(said)
}

fn narrowing(record: Option<(&str, &RecordIri)>) -> Narrowing {
    let same = (List::AccordAnswer.name().to_owned(), vec![Answer::IsTheSame.notation().to_owned()]);
    let record = record.map(|(facet, record)| (facet.to_owned(), vec![record.to_string()]));
    Narrowing { facets: [same].into_iter().chain(record).collect(), network: None }
}

/// The other sheets of a structure that this visitor may see. What the team told apart is not said here, whoever says it.
pub(crate) fn also_of(porch: &Porch, visit: &Visit, record: &RecordIri) -> Result<Vec<AlsoView>, Failure> {
    let apart = porch.store().read(|link| told_apart::from(link, &record.to_string()))?;
    let mut others: BTreeMap<String, (RecordIri, Vec<String>)> = BTreeMap::new();
    for said in said_of(porch, visit, record)? {
        let Some(other) = said.other(record).filter(|other| !apart.contains(&other.to_string())) else { continue };
        let (_, by) = others.entry(other.to_string()).or_insert_with(|| (other.clone(), Vec::new()));
        if !by.contains(&said.network) {
            by.push(said.network);
        }
    }
    let mut also = Vec::new();
    for (iri, by) in others.into_values() {
        match shelf::find(porch, visit, &iri) {
            Ok(other) => also.push(also_view(porch, &other, &by)),
            // It is not there, or not for them: then nobody says anything of it.
            Err(Failure::Absent) => {}
            Err(failure) => return Err(failure),
        }
    }
    Ok(also)
}

fn also_view(porch: &Porch, other: &Shown, by: &[String]) -> AlsoView {
    let title = other.record.title();
    let (words, label) = match other.is_own {
        true => (porch.say("also-here"), title),
        false => (porch.say("also-held"), other.network.clone()),
    };
    let said = porch.words.catalogue().tell("also-said", &[("networks", by.join(", ").into())]);
    AlsoView { words, label, url: other.record.iri.page_at(&porch.site.origin), said }
}
