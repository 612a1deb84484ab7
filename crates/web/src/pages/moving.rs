//! A structure moves to another network: the new home takes its sheet in, the old one lets it go, or does not. Nothing moves without both.

use crate::answered::Answered;
use crate::failure::Failure;
use crate::pages::upload::picture_of;
use crate::pages::{Leaf, RecordPath, iri_of, own_iri};
use crate::porch::Porch;
use crate::shelf::{self, Shown};
use crate::typed::Typed;
use crate::views::Notice;
use crate::views::same::in_order;
use crate::visit::Visit;
use actix_web::http::StatusCode;
use actix_web::web;
use pes_domain::{Audience, Body, Kind, Picture, Record, RecordIri};
use pes_files::CabinetError;
use pes_store::own_records::{self, Moderation, OwnRecord};
use pes_store::refused_moves::{self, RefusedMove};
use pes_store::{files, records};
use serde::Serialize;
use std::collections::HashSet;

/// Where the moves of this network stand.
const PATH: &str = "/reseau/deplacements";
/// What was done a moment ago, as the address tells it.
const DONE: [&str; 4] = ["accueillie", "laissee", "refusee", "reconsideree"];

pub(crate) fn configure(app: &mut web::ServiceConfig) {
    app.route("/chez/{host}/{kind}/{uuid}/accueillir", web::get().to(ask));
    app.route("/chez/{host}/{kind}/{uuid}/accueillir", web::post().to(take_in));
    app.route(PATH, web::get().to(moves));
    app.route("/reseau/laisser/{uuid}/{host}/{successor}", web::get().to(ask_to_let_go));
    app.route("/reseau/laisser/{uuid}/{host}/{successor}", web::post().to(let_go));
    app.route("/reseau/refuser/{uuid}/{host}/{successor}", web::post().to(refuse));
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
            match in_place_of(porch, &shown.record.iri)? {
                None => publish_successor(porch, visit, &shown.record.iri)?,
                Some(own) if !is_shared(&own) => return taken_in_before(porch, visit, &own),
                Some(_) => {}
            }
            Ok(Answered::see(&format!("{PATH}?fait={}", DONE[0])))
        })
        .await
}

fn is_shared(own: &OwnRecord) -> bool {
    own.moderation == Moderation::Published && own.record.audience >= Audience::Affiliates
}

/// What is said where our sheet in place of theirs was taken back, or is for few: it is to be opened, and not made a second time.
fn taken_in_before(porch: &Porch, visit: &Visit, own: &OwnRecord) -> Result<Answered, Failure> {
    let page = own.record.iri.page_at(&porch.site.origin);
    let view = Notice::of(porch, "taken-in-before", &page, "taken-in-before-go");
    Ok(Leaf::new("notice", &view.title.clone()).page(porch, visit, &view)?.status(StatusCode::CONFLICT))
}

fn publish_successor(porch: &Porch, visit: &Visit, former: &RecordIri) -> Result<(), Failure> {
    let account = &visit.viewer()?.account.id;
    let record = successor_of(porch, visit, former)?;
    let digest = record.body.picture().map(|picture| picture.digest.clone());
    porch.journal.save(record, Moderation::Published, Some(account), visit.now)?;
    // The record names it now.
    digest.map_or(Ok(()), |digest| Ok(porch.cabinet.let_go(account, &digest)?))
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
    structure.picture = match structure.picture.take() {
        Some(picture) => brought(porch, visit, (former, &picture))?,
        None => None,
    };
    structure.replaces.push(former.clone());
    structure.replaces.sort();
    Ok(record)
}

/// A picture lies at the home of its record: our own copy of it becomes one that is at home here. What was not fetched yet is left out, and who
/// speaks for the structure here gives it one again.
fn brought(
    porch: &Porch,
    visit: &Visit,
    (former, picture): (&RecordIri, &Picture),
) -> Result<Option<Picture>, Failure> {
    let named = porch.store().read(|link| files::find(link, &former.to_string(), &picture.digest))?;
    let Some(copy) = named.and_then(|named| named.copy) else { return Ok(None) };
    let by = (visit.viewer()?.account.id.as_str(), porch.site.origin.as_str());
    let kept = porch.cabinet.take_over(by, &copy, visit.now.unix_timestamp()).map_err(|error| match error {
        CabinetError::Store(error) => error.into(),
        other => Failure::Inner(other.to_string()),
    })?;
    Ok(kept.map(|kept| picture_of(&kept, &picture.alt)))
}

/// The sheet of ours that takes the place of one, if there is one, whether anybody sees it or not.
fn in_place_of(porch: &Porch, former: &RecordIri) -> Result<Option<OwnRecord>, Failure> {
    let is_it = |own: &OwnRecord| matches!(&own.record.body, Body::Structure(one) if one.replaces.contains(former));
    porch.store().read(|link| {
        for name in records::with_facet(link, "replaces", &former.to_string())? {
            if let Some(own) = own_records::find(link, &name)? {
                return Ok(Some(own));
            }
        }
        // What is not shared is in no row of the shared ones.
        for moderation in Moderation::ALL {
            if let Some(own) = own_records::of_kind(link, Kind::Structure, moderation)?.into_iter().find(is_it) {
                return Ok(Some(own));
            }
        }
        Ok(None)
    })
}

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
        shown.extend(seen(porch, reader, iri)?);
    }
    Ok(shown)
}

fn seen(porch: &Porch, visit: &Visit, iri: &RecordIri) -> Result<Option<Shown>, Failure> {
    match shelf::find(porch, visit, iri) {
        Ok(shown) => Ok(Some(shown)),
        Err(Failure::Absent) => Ok(None),
        Err(failure) => Err(failure),
    }
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
        let Some(there) = seen(porch, visit, former)? else { continue };
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

/// Which structure is let go, and to which sheet of whom: just that one, whoever else has taken it in meanwhile.
#[derive(Debug, serde::Deserialize)]
struct Leaving {
    uuid: String,
    host: String,
    successor: String,
}

impl Leaving {
    fn own(&self, porch: &Porch) -> Result<RecordIri, Failure> {
        own_iri(porch, (Kind::Structure.notation(), &self.uuid))
    }

    fn is_to(&self, there: &RecordIri) -> bool {
        host_of(there) == self.host && there.uuid().to_string() == self.successor
    }
}

/// A structure of ours, and the sheet of another network that is to take its place.
fn departing(porch: &Porch, visit: &Visit, path: &Leaving) -> Result<(Record, Shown), Failure> {
    visit.animator()?;
    let name = path.own(porch)?.to_string();
    let (own, all) = porch.store().read(|link| {
        let own = own_records::find(link, &name)?.ok_or(Failure::Absent)?.record;
        Ok::<_, Failure>((own, records::with_facet(link, "replaces", &name)?))
    })?;
    let all: Vec<RecordIri> = all.iter().filter_map(|name| RecordIri::read(name)).collect();
    let all = taken_in_elsewhere(porch, visit, (&own, &all))?;
    let other = all.into_iter().find(|shown| path.is_to(&shown.record.iri)).ok_or(Failure::Absent)?;
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

/// Ends our sheet in favour of the other: from now on its name leads there. A button that is pressed twice does it once.
async fn let_go(porch: web::Data<Porch>, typed: Typed, path: web::Path<Leaving>) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            typed.visit.animator()?;
            let _turn = porch.turn();
            let is_done = porch.journal.successor(&path.own(porch)?)?.is_some_and(|there| path.is_to(&there));
            if !is_done {
                let (own, other) = departing(porch, &typed.visit, &path)?;
                porch.journal.delete(&own.iri, Some(other.record.iri), typed.visit.now)?;
            }
            Ok(Answered::see(&format!("{PATH}?fait={}", DONE[1])))
        })
        .await
}

/// Does not let a structure go there, or takes that back. It is noted here, and nobody is told: what the other network says of its own sheet is
/// signed, and its own to take back.
async fn refuse(porch: web::Data<Porch>, typed: Typed, path: web::Path<Leaving>) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            let (visit, account) = (&typed.visit, &typed.visit.animator()?.account.id);
            let (own, other) = match departing(porch, visit, &path) {
                Ok((own, other)) => (own.iri.to_string(), other.record.iri.to_string()),
                // One of the two went meanwhile: there is nothing to decide any more.
                Err(Failure::Absent) => return Ok(Answered::see(PATH)),
                Err(failure) => return Err(failure),
            };
            let (account, since) = (account.clone(), visit.now.unix_timestamp());
            let done = match typed.draft.one("decision") {
                "refuse" => {
                    let refused = RefusedMove { own, successor: other, account, since };
                    porch.store().write(|link| refused_moves::put(link, &refused))?;
                    DONE[2]
                }
                "again" => {
                    porch.store().write(|link| refused_moves::remove(link, (&own, &other)))?;
                    DONE[3]
                }
                _ => return Err(Failure::Form),
            };
            Ok(Answered::see(&format!("{PATH}?fait={done}")))
        })
        .await
}
