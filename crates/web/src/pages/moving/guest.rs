//! A structure of another network is taken in: a sheet of ours says what theirs says, and that it takes its place.

use super::{DONE, PATH};
use crate::answered::Answered;
use crate::failure::Failure;
use crate::pages::upload::picture_of;
use crate::pages::{Leaf, RecordPath, iri_of};
use crate::porch::Porch;
use crate::shelf::{self, Shown};
use crate::typed::Typed;
use crate::views::Notice;
use crate::visit::Visit;
use actix_web::http::StatusCode;
use actix_web::web;
use pes_domain::{Audience, Body, Kind, Picture, Record, RecordIri};
use pes_files::CabinetError;
use pes_store::own_records::{self, Moderation, OwnRecord};
use pes_store::{files, records};

pub(super) fn configure(app: &mut web::ServiceConfig) {
    app.route("/chez/{host}/{kind}/{uuid}/accueillir", web::get().to(ask));
    app.route("/chez/{host}/{kind}/{uuid}/accueillir", web::post().to(take_in));
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
