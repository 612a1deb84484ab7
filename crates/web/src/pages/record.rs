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
use pes_domain::{Audience, Body, Kind, RecordIri};
use pes_people::Viewer;
use pes_store::own_records::Moderation;
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
    let mut done: Vec<String> =
        done_sentence(porch, shown, told).map(|sentence| porch.say(&sentence)).into_iter().collect();
    let concerns_nobody = pes_domain::concern::Wanted::of(&shown.record, porch.rules()).is_none();
    let is_call_for_others = matches!(&shown.record.body, Body::Exchange(_) | Body::Call(_));
    let is_out = is_published(shown) && shown.record.audience >= Audience::Network;
    if told == "publie" && is_out && concerns_nobody && is_call_for_others {
        done.push(porch.say("done-concerns-nobody"));
    }
    done
}

fn is_published(shown: &Shown) -> bool {
    shown.moderation == Some(Moderation::Published)
}

/// The sentence about what was done, as far as it is true of the record as it stands now.
fn done_sentence(porch: &Porch, shown: &Shown, told: &str) -> Option<String> {
    let audience = shown.record.audience.as_str();
    match told {
        "publie" if is_published(shown) => Some(format!("done-publie-{audience}")),
        "publie" | "propose" if shown.moderation == Some(Moderation::Proposed) => Some("done-propose".into()),
        "enregistre" if shown.may_change => Some("done-enregistre".into()),
        "retire" if shown.moderation == Some(Moderation::Draft) => Some("done-retire".into()),
        "repondu" if porch.site.sends_mail => Some("done-repondu".into()),
        "repondu" => Some("done-repondu-without-mail".into()),
        "demande" => Some("done-demande".into()),
        _ => None,
    }
}
