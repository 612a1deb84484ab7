//! A record's page: at home under its own name, elsewhere under one that says where it is at home.

use crate::answered::Answered;
use crate::asked;
use crate::failure::Failure;
use crate::pages::{Leaf, RecordPath, iri_of, saving};
use crate::porch::Porch;
use crate::shelf::{self, Shown};
use crate::views::same::{AlsoView, also_of};
use crate::views::{
    Card, PurchaseView, RecordView, Related, RelationView, SaidView, purchase_of, relations_of, said_of, schema_org,
};
use crate::visit::Visit;
use actix_web::http::header;
use actix_web::web;
use pes_domain::audience::Reader;
use pes_domain::concern::{Declared, Wanted};
use pes_domain::exchange::{Direction, State};
use pes_domain::{Audience, Body, Kind, List, RecordIri};
use pes_people::Viewer;
use pes_search::{Facet, Query, Sort};
use pes_store::own_records::{self, Moderation};
use serde::Serialize;

/// How many proposals are shown, among how many of the newest they are looked for, and how many of those are fetched at once.
const PROPOSALS: usize = 4;
const LOOKED_THROUGH: usize = 100;
const PORTION: usize = 50;

#[derive(Debug, Serialize)]
struct RecordPage {
    record: RecordView,
    /// What was just done, in words.
    done: Vec<String>,
    purchase: Option<PurchaseView>,
    relations: Vec<RelationView>,
    /// What the team said when it decided of it.
    said: Option<SaidView>,
    /// Other sheets of the same structure.
    also: Vec<AlsoView>,
    /// Where those who edit the structure tell a relation of it.
    relate_url: Option<&'static str>,
    /// What search engines read, where everybody may see it.
    schema: Option<String>,
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
    let shown = match shelf::find(porch, visit, iri) {
        // It has moved: whoever held its name is led on.
        Err(Failure::Absent) => {
            let successor = shelf::successor(porch, visit, iri)?.ok_or(Failure::Absent)?;
            return Ok(Answered::moved(&successor.page_at(&porch.site.origin)));
        }
        found => found?,
    };
    let is_animator = visit.viewer.as_ref().is_some_and(Viewer::is_animator);
    let related = match &shown.record.body {
        Body::Exchange(_) => proposals(porch, visit, &shown)?,
        _ => related(porch, visit, &shown)?,
    };
    let structures = match &visit.viewer {
        Some(viewer) => saving::structures(porch, viewer)?,
        None => Vec::new(),
    };
    let relations = match &shown.record.body {
        Body::Structure(_) => relations_of(porch, visit, &shown.record)?,
        _ => Vec::new(),
    };
    let also = match &shown.record.body {
        Body::Structure(_) => also_of(porch, visit, &shown.record.iri)?,
        _ => Vec::new(),
    };
    let relate_url = visit.viewer.as_ref().filter(|viewer| viewer.edits(iri)).map(|_| "/nouveau/lien");
    let view = RecordPage {
        record: RecordView::of(porch, &shown, related, is_animator),
        done: done(porch, visit, &shown),
        purchase: purchase_of(porch, visit, &shown, structures)?,
        relations,
        said: said(porch, visit, &shown)?,
        also,
        relate_url,
        schema: schema_of(porch, visit, &shown),
    };
    let lead = Card::of(porch, &shown).lead;
    let is_open = shown.record.seen_by(Reader::Anyone).is_some();
    let picture = view.record.picture.as_ref().filter(|_| is_open).map(|picture| picture.told(porch));
    let leaf = Leaf::new("record", &view.record.title).canonical(iri.to_string()).described(lead).pictured(picture);
    let leaf = leaf.printed(iri.to_string());
    let answered = leaf.page(porch, visit, &view)?;
    if !shown.is_own {
        return Ok(answered);
    }
    let links = ["text/turtle", "application/ld+json", "application/n-quads"]
        .map(|media_type| format!("<{iri}>; rel=\"alternate\"; type=\"{media_type}\""));
    Ok(answered.header(header::LINK, links.join(", ")))
}

/// What the team said of a record of ours, for those who may know it.
fn said(porch: &Porch, visit: &Visit, shown: &Shown) -> Result<Option<SaidView>, Failure> {
    let name = shown.record.iri.to_string();
    let own = match (shown.is_own, &visit.viewer) {
        (true, Some(_)) => porch.store().read(|link| own_records::find(link, &name))?,
        _ => None,
    };
    own.map_or(Ok(None), |own| said_of(porch, visit.viewer.as_ref(), &own))
}

/// The record in the words of search engines, while it is shown to everybody.
fn schema_of(porch: &Porch, visit: &Visit, shown: &Shown) -> Option<String> {
    let is_public = shown.moderation.is_none_or(|one| one == Moderation::Published) && shown.hidden.is_none();
    let is_current = is_public && !shown.record.is_expired(visit.now);
    is_current.then(|| schema_org(porch, shown, &shown.record.iri.to_string(), visit.now)).flatten()
}

/// What belongs to a structure.
fn related(porch: &Porch, visit: &Visit, shown: &Shown) -> Result<Vec<Related>, Failure> {
    let Body::Structure(_) = &shown.record.body else { return Ok(Vec::new()) };
    let mut related = Vec::new();
    let kinds = [
        Kind::Product,
        Kind::Exchange,
        Kind::Job,
        Kind::Call,
        Kind::Event,
        Kind::Article,
        Kind::Document,
        Kind::Membership,
    ];
    let names = shelf::names_of(porch, &shown.record)?;
    for kind in kinds {
        let speaking = shelf::of_structure(porch, visit, kind, &names)?;
        if !speaking.is_empty() {
            let cards = speaking.iter().map(|shown| Card::of(porch, shown)).collect();
            related.push(Related { title: porch.say(&format!("related-{}", kind.notation())), cards });
        }
    }
    Ok(related)
}

/// The other direction: what is offered of what is sought here, or the other way round, by the rule that tells whom it concerns.
fn proposals(porch: &Porch, visit: &Visit, shown: &Shown) -> Result<Vec<Related>, Failure> {
    let Body::Exchange(exchange) = &shown.record.body else { return Ok(Vec::new()) };
    let Some(wanted) = Wanted::of(&shown.record, porch.rules()) else { return Ok(Vec::new()) };
    let other = if exchange.direction == Direction::Offer { Direction::Demand } else { Direction::Offer };
    let everything = Query::new(asked::sees(visit), visit.now.unix_timestamp())
        .choose(Facet::List(List::Kind), Kind::Exchange.notation())
        .choose(Facet::List(List::Direction), other.notation());
    // What is above a concept meets it too; the index adds what is below.
    let body = &shown.record.body;
    let topics = body.skills().iter().chain(body.sectors()).chain(&shown.record.themes);
    let meeting = topics.flat_map(|code| porch.rules().thesaurus.path(code));
    let query = meeting.fold(everything, |query, code| query.choose(Facet::List(code.list()), code.notation()));
    let mut cards = Vec::new();
    for portion in 0..LOOKED_THROUGH / PORTION {
        let query = Query { offset: portion * PORTION, limit: PORTION, sort: Sort::Date, ..query.clone() };
        let found = porch.index.look(&query)?;
        for (one, _) in shelf::found(porch, visit, &found)? {
            let is_open = matches!(&one.record.body, Body::Exchange(other) if other.state == State::Open);
            let declared = Declared::of_proposal(&one.record, porch.rules().gazetteer).filter(|_| is_open);
            let is_it = declared.is_some_and(|one| wanted.concerns(&one, &porch.rules().thesaurus).is_some());
            cards.extend(is_it.then(|| Card::of(porch, &one)));
        }
        if cards.len() >= PROPOSALS || found.hits.len() < PORTION {
            break;
        }
    }
    cards.truncate(PROPOSALS);
    let title = porch.say(&format!("related-proposals-{}", exchange.direction.notation()));
    Ok(if cards.is_empty() { Vec::new() } else { vec![Related { title, cards }] })
}

/// What was done a moment ago, as the address tells; and whom a record without topics will reach: nobody.
fn done(porch: &Porch, visit: &Visit, shown: &Shown) -> Vec<String> {
    let told = visit.path.split_once("?fait=").map_or("", |(_, told)| told);
    let mut done: Vec<String> =
        done_sentence(porch, shown, told).map(|sentence| porch.say(&sentence)).into_iter().collect();
    let concerns_nobody = Wanted::of(&shown.record, porch.rules()).is_none();
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
        "signale" => Some("done-signale".into()),
        "demande" => Some("done-demande".into()),
        "reprise-demandee" if shown.is_unclaimed() => Some("done-reprise-demandee".into()),
        "repris" if shown.may_change => Some("done-repris".into()),
        "accord" => Some("done-accord".into()),
        "accord-propose" => Some("done-accord-propose".into()),
        "accord-retire" => Some("done-accord-retire".into()),
        "accord-illisible" => Some("done-accord-illisible".into()),
        _ => None,
    }
}
