//! Leaving a regional platform: what it means, who has acknowledged it, how it ends.

use crate::answered::Answered;
use crate::failure::Failure;
use crate::pages::Leaf;
use crate::pages::animator::done_at;
use crate::porch::Porch;
use crate::shelf::short;
use crate::typed::Typed;
use crate::views::Form;
use crate::visit::Visit;
use actix_web::web;
use pes_domain::Draft;
use pes_journal::leaving::{Farewell, Holder};
use pes_journal::peers::{Node, PeerRole};
use pes_words::dates::moment_at;
use serde::Serialize;

pub(crate) fn configure(app: &mut web::ServiceConfig) {
    app.route("/reseau/quitter/{hub}", web::get().to(ask));
    app.route("/reseau/quitter/{hub}", web::post().to(leave));
    app.route("/reseau/depart", web::post().to(decide));
}

/// A departure that is not over.
#[derive(Debug, Serialize)]
pub(crate) struct LeavingView {
    hub: String,
    said: String,
    is_told: bool,
    holders: Vec<HolderView>,
}

#[derive(Debug, Serialize)]
struct HolderView {
    name: String,
    has_answered: bool,
    state: String,
}

/// The departures that are not over, for the animators' page.
pub(crate) fn views(porch: &Porch) -> Result<Vec<LeavingView>, Failure> {
    Ok(porch.journal.farewells()?.into_iter().map(|farewell| view(porch, farewell)).collect())
}

fn view(porch: &Porch, farewell: Farewell) -> LeavingView {
    let gaps = [("hub", short(&farewell.hub.name).into()), ("when", moment_at(farewell.since).into())];
    let said = if farewell.withdraws_public { "leaving-with-public" } else { "leaving-but-public" };
    let holder = |holder: Holder| HolderView {
        name: short(&holder.node.name),
        has_answered: holder.acknowledged.is_some(),
        state: match holder.acknowledged {
            Some(at) => porch.words.catalogue().tell("leaving-acknowledged", &[("when", moment_at(at).into())]),
            None => porch.say("leaving-waits"),
        },
    };
    LeavingView {
        said: porch.words.catalogue().tell(said, &gaps),
        hub: farewell.hub.id,
        is_told: farewell.is_told,
        holders: farewell.holders.into_iter().map(holder).collect(),
    }
}

/// The platform of this node-id, if this network follows it.
fn followed(porch: &Porch, hub: &str) -> Result<Node, Failure> {
    let peer = porch.journal.peer(hub)?.filter(|peer| peer.role == PeerRole::Hub).ok_or(Failure::Absent)?;
    Ok(porch.journal.pinned(&peer.node)?)
}

async fn ask(porch: web::Data<Porch>, visit: Visit, hub: web::Path<String>) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            visit.animator()?;
            let node = followed(porch, &hub)?;
            let mut draft = Draft::default();
            draft.add("public-records", "keep");
            let choices = ["keep", "withdraw"].map(|one| (one.to_owned(), porch.say(&format!("field-public-{one}"))));
            let form = Form::new(porch, &draft, &[], "edit-leave", &format!("/reseau/quitter/{hub}"));
            let mut view = form.radios("public-records", choices.into()).finish();
            view.title = porch.words.catalogue().tell("edit-leave-hub", &[("hub", short(&node.name).into())]);
            view.cancel = Some("/reseau".into());
            Leaf::new("form", &view.title.clone()).page(porch, &visit, &view)
        })
        .await
}

/// Begins to leave: what was given to the circle is taken back at once.
async fn leave(porch: web::Data<Porch>, typed: Typed, hub: web::Path<String>) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            typed.visit.animator()?;
            let node = followed(porch, &hub)?;
            let withdraws_public = match typed.draft.one("public-records") {
                "keep" => false,
                "withdraw" => true,
                _ => return Err(Failure::Form),
            };
            let _turn = porch.turn();
            porch.journal.leave(&node.id, withdraws_public, typed.visit.now)?;
            Ok(done_at("depart"))
        })
        .await
}

/// Thinks better of it, or waits no longer.
async fn decide(porch: web::Data<Porch>, typed: Typed) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            typed.visit.animator()?;
            let hub = typed.draft.one("hub");
            let farewell =
                porch.journal.farewells()?.into_iter().find(|one| one.hub.id == hub).ok_or(Failure::Absent)?;
            let _turn = porch.turn();
            match typed.draft.one("decision") {
                "stay" if farewell.is_told => Err(Failure::Absent),
                "stay" => {
                    porch.journal.stay(hub, typed.visit.now)?;
                    Ok(done_at("reste"))
                }
                "part" => {
                    porch.journal.part(hub, typed.visit.now)?;
                    Ok(done_at("parti"))
                }
                _ => Err(Failure::Form),
            }
        })
        .await
}
