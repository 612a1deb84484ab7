//! Whose: of everybody, of our own network, or of the other networks alone.

use crate::failure::Failure;
use crate::porch::Porch;
use crate::shelf::{self, Narrowing, Shown};
use crate::views::accord;
use crate::visit::Visit;
use pes_domain::accord::Answer;
use pes_domain::{Body, Draft, Kind, List, RecordIri};
use pes_search::{Facet, Query};
use std::collections::HashSet;

/// The name by which it is asked whose.
pub(crate) const CIRCLE: &str = "cercle";
/// What asks for our own network alone.
const OURS: &str = "notre";
/// What asks for the other networks alone; also by a name of its own.
pub(crate) const ELSEWHERE: &str = "ailleurs";
/// The relation by which a structure of another home is a member here.
const MEMBER: &str = "member-of-network";
/// How many of those are looked at.
const MEMBERS: u64 = 10_000;
/// How many confirmations: whoever is confirmed here as more than a member is few.
const ACCORDS: u64 = 5 * MEMBERS;

/// Whose records are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Circle {
    /// Everybody's.
    All,
    /// Those of our network: of this home, and of its members wherever their sheet is.
    Ours,
    /// Only what other networks publish.
    Elsewhere,
}

impl Circle {
    pub(crate) fn read(chosen: &Draft) -> Self {
        match chosen.one(CIRCLE) {
            OURS => Self::Ours,
            ELSEWHERE => Self::Elsewhere,
            _ if chosen.is_ticked(ELSEWHERE) => Self::Elsewhere,
            _ => Self::All,
        }
    }

    /// The choices, as addresses name them.
    pub(crate) const ALL: [(Self, &str); 3] = [(Self::All, ""), (Self::Ours, OURS), (Self::Elsewhere, ELSEWHERE)];

    pub(crate) fn narrow(self, porch: &Porch, visit: &Visit, query: &mut Query) -> Result<(), Failure> {
        match self {
            Self::All => {}
            Self::Ours => query.voices = Some((porch.site.origin.clone(), members(porch, visit)?)),
            Self::Elsewhere => only_others(porch, query),
        }
        Ok(())
    }
}

/// The structures of other homes that are members of this network: they say so at their home, and the structure of ours that they name says so
/// too. Which of our structures stands for the network nobody has to tell: whom one can be a *member of the network* of is one that answers so.
/// Two reads, however many they are.
fn members(porch: &Porch, visit: &Visit) -> Result<Vec<String>, Failure> {
    let narrowing = Narrowing { facets: vec![("relation-kind".into(), vec![MEMBER.into()])], ..Narrowing::default() };
    let relations = shelf::list(porch, visit, Kind::Relation, &narrowing, (0, MEMBERS))?.shown;
    let confirmed = if relations.is_empty() { HashSet::new() } else { confirmed(porch, visit)? };
    let member = |shown: &Shown| {
        let Body::Relation(one) = &shown.record.body else { return None };
        let (subject, object) = one.subject.iri.as_ref().zip(one.object.iri.as_ref())?;
        let is_over = one.until.is_some_and(|until| until < visit.now.date());
        let names_us = object.origin() == porch.site.origin && shown.record.speaks_at_home() && !is_over;
        let is_confirmed = names_us && confirmed.contains(&(shown.record.iri.clone(), object.clone()));
        is_confirmed.then(|| subject.to_string())
    };
    Ok(relations.iter().filter_map(member).collect())
}

/// What structures of ours have confirmed: each record, and which of them did.
fn confirmed(porch: &Porch, visit: &Visit) -> Result<HashSet<(RecordIri, RecordIri)>, Failure> {
    let confirms = (List::AccordAnswer.name().to_owned(), vec![Answer::Confirms.notation().to_owned()]);
    let narrowing = Narrowing { facets: vec![confirms], network: Some(porch.site.origin.clone()) };
    let accords = shelf::list(porch, visit, Kind::Accord, &narrowing, (0, ACCORDS))?.shown.into_iter();
    let both = accords.filter_map(accord).filter_map(|(one, _)| one.about.iri.zip(one.by.iri));
    Ok(both.collect())
}

/// The origins of the other networks that are known here.
pub(crate) fn others(porch: &Porch) -> Vec<String> {
    let all = porch.networks().into_iter().map(|(origin, _)| origin);
    all.filter(|origin| *origin != porch.site.origin).collect()
}

/// Leaves out what is our own. Where no other network is left, nothing is.
fn only_others(porch: &Porch, query: &mut Query) {
    let mut others = others(porch);
    if let Some(chosen) = query.chosen.get(&Facet::Network) {
        others.retain(|origin| chosen.contains(origin));
    }
    if others.is_empty() {
        others.push(String::new());
    }
    query.chosen.insert(Facet::Network, others);
}
