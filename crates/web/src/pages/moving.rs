//! A structure moves to another network: the new home takes its sheet in, the old one lets it go. Nothing moves without both.

use crate::answered::Answered;
use crate::failure::Failure;
use crate::pages::{Leaf, RecordPath, iri_of, own_iri};
use crate::porch::Porch;
use crate::shelf::{self, Shown};
use crate::typed::Typed;
use crate::views::Notice;
use crate::visit::Visit;
use actix_web::web;
use pes_domain::{Audience, Body, Kind, Record, RecordIri};
use pes_store::own_records::{self, Moderation};
use pes_store::records;
use serde::Serialize;

/// Where the moves of this network stand.
const PATH: &str = "/reseau/deplacements";
/// What was done a moment ago, as the address tells it.
const DONE: [&str; 2] = ["accueillie", "laissee"];

pub(crate) fn configure(app: &mut web::ServiceConfig) {
    app.route("/chez/{host}/{kind}/{uuid}/accueillir", web::get().to(ask));
    app.route("/chez/{host}/{kind}/{uuid}/accueillir", web::post().to(take_in));
    app.route(PATH, web::get().to(moves));
    app.route("/reseau/laisser/{uuid}/{host}/{successor}", web::get().to(ask_to_let_go));
    app.route("/reseau/laisser/{uuid}/{host}/{successor}", web::post().to(let_go));
}

#[derive(Debug, Serialize)]
struct MovesView {
    done: Vec<String>,
    /// Our structures that another network has taken in: we may let them go.
    departures: Vec<Move>,
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
    /// Where one lets it go.
    action: String,
}

/// A structure of another network that animators see here, and that has no sheet of ours in its place yet.
fn guest(porch: &Porch, visit: &Visit, path: &RecordPath) -> Result<Shown, Failure> {
    visit.animator()?;
    let shown = shelf::find(porch, visit, &iri_of(porch, path)?)?;
    let Body::Structure(structure) = &shown.record.body else { return Err(Failure::Absent) };
    // What left us, or is about to, is not taken in again by the same door.
    let was_ours = structure.replaces.iter().any(|former| former.origin() == porch.site.origin);
    if shown.is_own || was_ours { Err(Failure::Absent) } else { Ok(shown) }
}

async fn ask(porch: web::Data<Porch>, visit: Visit, path: web::Path<RecordPath>) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            let shown = guest(porch, &visit, &path)?;
            let page = shown.record.iri.page_at(&porch.site.origin);
            let mut view = Notice::asking(porch, "take-in", format!("{page}/accueillir"), page);
            view.lines.insert(0, format!("{} – {}", shown.record.title(), shown.network));
            if let Some(action) = &mut view.action {
                action.is_grave = false;
            }
            Leaf::new("notice", &view.title.clone()).page(porch, &visit, &view)
        })
        .await
}

/// Publishes a sheet of ours that says what the other one says, as far as it is told here, and that it takes its place.
async fn take_in(porch: web::Data<Porch>, typed: Typed, path: web::Path<RecordPath>) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            let visit = &typed.visit;
            let _turn = porch.turn();
            let shown = guest(porch, visit, &path)?;
            if in_place_of(porch, &shown.record.iri)?.is_none() {
                let record = successor_of(porch, visit, &shown.record.iri)?;
                porch.journal.save(record, Moderation::Published, Some(&visit.viewer()?.account.id), visit.now)?;
            }
            Ok(Answered::see(&format!("{PATH}?fait={}", DONE[0])))
        })
        .await
}

/// The sheet that takes another's place: for each what was told to them. Whoever spoke for that one has no account here yet, so nobody has
/// claimed this one.
fn successor_of(porch: &Porch, visit: &Visit, former: &RecordIri) -> Result<Record, Failure> {
    let name = former.to_string();
    let sheets = porch.store().read(|link| {
        let mut sheet = |reader| records::seen(link, &name, reader).map(|found| found.map(|one| one.record));
        Ok::<_, Failure>((sheet(Audience::Public)?, sheet(Audience::Affiliates)?))
    })?;
    let whole = Record::of_sheets(sheets.0.as_ref(), sheets.1.as_ref()).ok_or(Failure::Absent)?;
    let iri = RecordIri::mint(&porch.site.origin, Kind::Structure);
    let mut record = Record { iri, created: visit.now, modified: visit.now, published: None, ..whole };
    let Body::Structure(structure) = &mut record.body else { return Err(Failure::Absent) };
    structure.is_unclaimed = true;
    // A picture lies at the home of its record; who speaks for the structure here gives it one again.
    structure.picture = None;
    structure.replaces.push(former.clone());
    structure.replaces.sort();
    Ok(record)
}

/// The sheet of ours that takes the place of one, if there is one.
fn in_place_of(porch: &Porch, former: &RecordIri) -> Result<Option<RecordIri>, Failure> {
    let names = porch.store().read(|link| records::with_facet(link, "replaces", &former.to_string()))?;
    Ok(names.iter().filter_map(|name| RecordIri::read(name)).find(|iri| iri.origin() == porch.site.origin))
}

/// The sheets of other networks that say they take the place of one of ours. Whoever sees ours has to see theirs: a sheet for fewer people is
/// none to let ours go for.
fn taken_in_elsewhere(porch: &Porch, visit: &Visit, own: &Record) -> Result<Vec<Shown>, Failure> {
    let names = porch.store().read(|link| records::with_facet(link, "replaces", &own.iri.to_string()))?;
    let visitor = Visit { viewer: None, ..visit.clone() };
    let reader = if own.audience == Audience::Public { &visitor } else { visit };
    let mut all = Vec::new();
    for iri in names.iter().filter_map(|name| RecordIri::read(name)).filter(|iri| iri.origin() != porch.site.origin) {
        match shelf::find(porch, reader, &iri) {
            Ok(shown) => all.push(shown),
            Err(Failure::Absent) => {}
            Err(failure) => return Err(failure),
        }
    }
    Ok(all)
}

/// How many structures of ours other networks ask for.
pub(crate) fn asked_for(porch: &Porch, visit: &Visit) -> Result<usize, Failure> {
    Ok(departures(porch, visit)?.len())
}

async fn moves(porch: web::Data<Porch>, visit: Visit) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            visit.animator()?;
            let told = DONE.into_iter().find(|told| visit.path.ends_with(&format!("?fait={told}")));
            let view = MovesView {
                done: told.map(|told| porch.say(&format!("done-{told}"))).into_iter().collect(),
                departures: departures(porch, &visit)?,
                arrivals: arrivals(porch, &visit)?,
            };
            Leaf::new("moves", &porch.say("moves-title")).page(porch, &visit, &view)
        })
        .await
}

fn departures(porch: &Porch, visit: &Visit) -> Result<Vec<Move>, Failure> {
    let mut all = Vec::new();
    for replaced in porch.store().read(|link| records::values_of_facet(link, "replaces"))? {
        let Some(iri) = RecordIri::read(&replaced).filter(|iri| iri.origin() == porch.site.origin) else { continue };
        let Some(own) = porch.store().read(|link| own_records::find(link, &replaced))? else { continue };
        for other in taken_in_elsewhere(porch, visit, &own.record)? {
            let there = &other.record.iri;
            all.push(Move {
                title: own.record.title(),
                url: iri.page_at(&porch.site.origin),
                other: there.page_at(&porch.site.origin),
                action: format!("/reseau/laisser/{}/{}/{}", iri.uuid(), host_of(there), there.uuid()),
                network: other.network,
            });
        }
    }
    Ok(all)
}

fn arrivals(porch: &Porch, visit: &Visit) -> Result<Vec<Move>, Failure> {
    let mut all = Vec::new();
    for replaced in porch.store().read(|link| records::values_of_facet(link, "replaces"))? {
        let Some(former) = RecordIri::read(&replaced).filter(|iri| iri.origin() != porch.site.origin) else { continue };
        let Some(ours) = in_place_of(porch, &former)? else { continue };
        let there = match shelf::find(porch, visit, &former) {
            Ok(there) => there,
            Err(Failure::Absent) => continue,
            Err(failure) => return Err(failure),
        };
        all.push(Move {
            title: there.record.title(),
            url: ours.page_at(&porch.site.origin),
            other: former.page_at(&porch.site.origin),
            network: there.network,
            action: String::new(),
        });
    }
    Ok(all)
}

fn host_of(iri: &RecordIri) -> &str {
    iri.origin().split_once("://").map_or("", |(_, host)| host)
}

/// Which structure is let go, and to which sheet of whom: just that one, whoever else has taken it in meanwhile.
#[derive(Debug, serde::Deserialize)]
struct Leaving {
    uuid: String,
    host: String,
    successor: String,
}

/// A structure of ours, and the sheet of another network that is to take its place.
fn departing(porch: &Porch, visit: &Visit, path: &Leaving) -> Result<(Record, Shown), Failure> {
    visit.animator()?;
    let iri = own_iri(porch, (Kind::Structure.notation(), &path.uuid))?;
    let own = porch.store().read(|link| own_records::find(link, &iri.to_string()))?.ok_or(Failure::Absent)?.record;
    let all = taken_in_elsewhere(porch, visit, &own)?;
    let is_it = |shown: &Shown| {
        let there = &shown.record.iri;
        host_of(there) == path.host && there.uuid().to_string() == path.successor
    };
    let other = all.into_iter().find(is_it).ok_or(Failure::Absent)?;
    Ok((own, other))
}

async fn ask_to_let_go(porch: web::Data<Porch>, visit: Visit, path: web::Path<Leaving>) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            let (own, other) = departing(porch, &visit, &path)?;
            let action = format!("/reseau/laisser/{}/{}/{}", path.uuid, path.host, path.successor);
            let mut view = Notice::asking(porch, "let-go", action, PATH.to_owned());
            view.lines.insert(0, format!("{} → {}", own.title(), other.network));
            Leaf::new("notice", &view.title.clone()).page(porch, &visit, &view)
        })
        .await
}

/// Ends our sheet in favour of the other: from now on its name leads there.
async fn let_go(porch: web::Data<Porch>, typed: Typed, path: web::Path<Leaving>) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            let _turn = porch.turn();
            let (own, other) = departing(porch, &typed.visit, &path)?;
            porch.journal.delete(&own.iri, Some(other.record.iri), typed.visit.now)?;
            Ok(Answered::see(&format!("{PATH}?fait={}", DONE[1])))
        })
        .await
}
