//! A record's page: at home under its own name, elsewhere under one that says where it is at home.

use crate::answered::Answered;
use crate::failure::Failure;
use crate::pages::{Leaf, RecordPath, iri_of};
use crate::porch::Porch;
use crate::shelf::{self, Shown};
use crate::views::{Card, RecordView, Related};
use crate::visit::Visit;
use actix_web::http::header;
use actix_web::web;
use pes_domain::{Body, Kind, RecordIri};
use pes_people::Viewer;
use serde::Serialize;

#[derive(Debug, Serialize)]
struct RecordPage {
    record: RecordView,
    /// What was just done, in words.
    done: Vec<String>,
}

pub(crate) fn configure(app: &mut web::ServiceConfig) {
    app.route("/chez/{host}/{kind}/{uuid}", web::get().to(elsewhere));
}

async fn elsewhere(porch: web::Data<Porch>, visit: Visit, path: web::Path<RecordPath>) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            let iri = iri_of(porch, &path)?;
            show(porch, &visit, &iri)
        })
        .await
}

/// The page of a record, as this visitor may see it.
pub(crate) fn show(porch: &Porch, visit: &Visit, iri: &RecordIri) -> Result<Answered, Failure> {
    let shown = shelf::find(porch, visit, iri)?;
    let is_animator = visit.viewer.as_ref().is_some_and(Viewer::is_animator);
    let related = related(porch, visit, &shown)?;
    let view =
        RecordPage { record: RecordView::of(porch, &shown, related, is_animator), done: done(porch, visit, &shown) };
    let lead = Card::of(porch, &shown).lead;
    let leaf = Leaf::new("record", &view.record.title).canonical(iri.to_string()).described(lead);
    let answered = leaf.page(porch, visit, &view)?;
    if !shown.is_own {
        return Ok(answered);
    }
    let links = ["text/turtle", "application/ld+json", "application/n-quads"]
        .map(|media_type| format!("<{iri}>; rel=\"alternate\"; type=\"{media_type}\""));
    Ok(answered.header(header::LINK, links.join(", ")))
}

/// What belongs to a structure.
fn related(porch: &Porch, visit: &Visit, shown: &Shown) -> Result<Vec<Related>, Failure> {
    let Body::Structure(_) = &shown.record.body else { return Ok(Vec::new()) };
    let mut related = Vec::new();
    for kind in [Kind::Exchange, Kind::Job, Kind::Call, Kind::Membership] {
        let list = shelf::of_structure(porch, visit, kind, &shown.record.iri)?;
        if !list.shown.is_empty() {
            let cards = list.shown.iter().map(|shown| Card::of(porch, shown)).collect();
            related.push(Related { title: porch.say(&format!("related-{}", kind.notation())), cards });
        }
    }
    Ok(related)
}

/// What was done a moment ago, as the address tells; and whom a record without topics will reach: nobody.
fn done(porch: &Porch, visit: &Visit, shown: &Shown) -> Vec<String> {
    let told = visit.path.split_once("?fait=").map_or("", |(_, told)| told);
    let mut done = Vec::new();
    if ["publie", "propose", "enregistre", "repondu", "retire", "demande"].contains(&told) {
        done.push(porch.say(&format!("done-{told}")));
    }
    let concerns_nobody = pes_domain::concern::Wanted::of(&shown.record, porch.rules()).is_none();
    let is_call_for_others = matches!(&shown.record.body, Body::Exchange(_) | Body::Call(_));
    if told == "publie" && concerns_nobody && is_call_for_others {
        done.push(porch.say("done-concerns-nobody"));
    }
    done
}
