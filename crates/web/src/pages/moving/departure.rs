//! A structure of ours that another network has taken in is let go, or not.

use super::{DONE, PATH, host_of, taken_in_elsewhere};
use crate::answered::Answered;
use crate::failure::Failure;
use crate::pages::{Leaf, own_iri};
use crate::porch::Porch;
use crate::shelf::Shown;
use crate::typed::Typed;
use crate::views::Notice;
use crate::visit::Visit;
use actix_web::web;
use pes_domain::{Kind, Record, RecordIri};
use pes_store::refused_moves::{self, RefusedMove};
use pes_store::{own_records, records};

pub(super) fn configure(app: &mut web::ServiceConfig) {
    app.route("/reseau/laisser/{uuid}/{host}/{successor}", web::get().to(ask_to_let_go));
    app.route("/reseau/laisser/{uuid}/{host}/{successor}", web::post().to(let_go));
    app.route("/reseau/refuser/{uuid}/{host}/{successor}", web::post().to(refuse));
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
