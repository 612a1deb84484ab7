//! A structure moves to another network: the new home takes its sheet in, the old one lets it go, or does not. Nothing moves without both.
//!
//! Here is the page that tells where all moves stand; [`guest`] takes in, [`departure`] lets go.

mod departure;
mod guest;

use crate::answered::Answered;
use crate::failure::Failure;
use crate::pages::Leaf;
use crate::porch::Porch;
use crate::shelf::{self, Shown};
use crate::views::same::in_order;
use crate::visit::Visit;
use actix_web::web;
use pes_domain::{Audience, Record, RecordIri};
use pes_store::{own_records, records, refused_moves};
use serde::Serialize;
use std::collections::HashSet;

/// Where the moves of this network stand.
const PATH: &str = "/reseau/deplacements";
/// What was done a moment ago, as the address tells it.
const DONE: [&str; 4] = ["accueillie", "laissee", "refusee", "reconsideree"];

pub(crate) fn configure(app: &mut web::ServiceConfig) {
    app.route(PATH, web::get().to(moves));
    guest::configure(app);
    departure::configure(app);
}

#[derive(Debug, Serialize)]
struct MovesView {
    done: Vec<String>,
    /// Our structures that another network has taken in: we may let them go.
    departures: Vec<Move>,
    /// Those that we do not let go there.
    refused: Vec<Move>,
    /// Structures that we have taken in, whose former home has not let them go.
    arrivals: Vec<Move>,
}

/// A structure on its way.
#[derive(Debug, Serialize)]
struct Move {
    title: String,
    /// Its sheet here.
    url: String,
    /// Its sheet at the other network.
    other: String,
    network: String,
    /// Where one lets it go, and where one refuses to, or takes that back.
    action: String,
    refusal: String,
}

/// Structures with the sheets that say they take their place, wherever any of them is at home.
type Said = Vec<(RecordIri, Vec<RecordIri>)>;

/// All that was said, in one walk.
fn said(porch: &Porch) -> Result<Said, Failure> {
    porch.store().read(|link| {
        let mut all = Vec::new();
        for replaced in records::values_of_facet(link, "replaces")? {
            let Some(former) = RecordIri::read(&replaced) else { continue };
            let names = records::with_facet(link, "replaces", &replaced)?;
            all.push((former, names.iter().filter_map(|name| RecordIri::read(name)).collect()));
        }
        Ok(all)
    })
}

fn refused(porch: &Porch) -> Result<HashSet<(String, String)>, Failure> {
    let all = porch.store().read(refused_moves::all)?;
    Ok(all.into_iter().map(|one| (one.own, one.successor)).collect())
}

/// The pairs of a structure and a sheet that says it takes its place, as long as nobody here refused: they are one, and about to be one sheet.
pub(crate) fn under_way(porch: &Porch) -> Result<HashSet<(String, String)>, Failure> {
    let refused = refused(porch)?;
    let said = said(porch)?.into_iter();
    let pairs = said
        .flat_map(|(former, all)| all.into_iter().map(move |successor| (former.to_string(), successor.to_string())));
    Ok(pairs.filter(|pair| !refused.contains(pair)).map(|(former, successor)| in_order(former, successor)).collect())
}

/// Those of these sheets of other networks that may take the place of one of ours. Whoever sees ours has to see theirs: a sheet for fewer people is
/// none to let ours go for.
fn taken_in_elsewhere(
    porch: &Porch,
    visit: &Visit,
    (own, all): (&Record, &[RecordIri]),
) -> Result<Vec<Shown>, Failure> {
    let visitor = Visit { viewer: None, ..visit.clone() };
    let reader = if own.audience == Audience::Public { &visitor } else { visit };
    let mut shown = Vec::new();
    for iri in all.iter().filter(|iri| iri.origin() != porch.site.origin) {
        shown.extend(shelf::seen(porch, reader, &iri.to_string())?);
    }
    Ok(shown)
}

/// How many structures of ours other networks ask for, but for what was refused.
pub(crate) fn asked_for(porch: &Porch, visit: &Visit) -> Result<usize, Failure> {
    Ok(departures(porch, visit, &said(porch)?)?.0.len())
}

async fn moves(porch: web::Data<Porch>, visit: Visit) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            visit.animator()?;
            let told = DONE.into_iter().find(|told| visit.path.ends_with(&format!("?fait={told}")));
            let said = said(porch)?;
            let (departures, refused) = departures(porch, &visit, &said)?;
            let view = MovesView {
                done: told.map(|told| porch.say(&format!("done-{told}"))).into_iter().collect(),
                departures,
                refused,
                arrivals: arrivals(porch, &visit, &said)?,
            };
            Leaf::new("moves", &porch.say("moves-title")).page(porch, &visit, &view)
        })
        .await
}

/// Our structures that another network has taken in: those that wait for the team, and those that it refused.
fn departures(porch: &Porch, visit: &Visit, said: &Said) -> Result<(Vec<Move>, Vec<Move>), Failure> {
    let (refusals, mut waiting, mut refused) = (refused(porch)?, Vec::new(), Vec::new());
    for (former, all) in said.iter().filter(|(former, _)| former.origin() == porch.site.origin) {
        let name = former.to_string();
        let Some(own) = porch.store().read(|link| own_records::find(link, &name))? else { continue };
        for other in taken_in_elsewhere(porch, visit, (&own.record, all))? {
            let is_refused = refusals.contains(&(name.clone(), other.record.iri.to_string()));
            let list = if is_refused { &mut refused } else { &mut waiting };
            list.push(departure(porch, &own.record, other));
        }
    }
    Ok((waiting, refused))
}

fn departure(porch: &Porch, own: &Record, other: Shown) -> Move {
    let there = &other.record.iri;
    let path = format!("{}/{}/{}", own.iri.uuid(), host_of(there), there.uuid());
    Move {
        title: own.title(),
        url: own.iri.page_at(&porch.site.origin),
        other: there.page_at(&porch.site.origin),
        action: format!("/reseau/laisser/{path}"),
        refusal: format!("/reseau/refuser/{path}"),
        network: other.network,
    }
}

fn arrivals(porch: &Porch, visit: &Visit, said: &Said) -> Result<Vec<Move>, Failure> {
    let mut arrivals = Vec::new();
    for (former, all) in said.iter().filter(|(former, _)| former.origin() != porch.site.origin) {
        let Some(ours) = all.iter().find(|iri| iri.origin() == porch.site.origin) else { continue };
        let Some(there) = shelf::seen(porch, visit, &former.to_string())? else { continue };
        arrivals.push(Move {
            title: there.record.title(),
            url: ours.page_at(&porch.site.origin),
            other: former.page_at(&porch.site.origin),
            network: there.network,
            action: String::new(),
            refusal: String::new(),
        });
    }
    Ok(arrivals)
}

fn host_of(iri: &RecordIri) -> &str {
    iri.origin().split_once("://").map_or("", |(_, host)| host)
}
