//! What animators choose of the exchanges: what this site shows of other networks, what its home page shows of them, and for whom new records
//! are at first.

use crate::answered::Answered;
use crate::failure::Failure;
use crate::pages::animator::done_at;
use crate::pages::{FRONT_PAGE, Leaf};
use crate::porch::Porch;
use crate::typed::Typed;
use crate::views::Form;
use crate::visit::Visit;
use actix_web::http::StatusCode;
use actix_web::web;
use pes_domain::{Code, Draft, FrontPage, Gives, Kind, List, Problem, Takes, gives};
use pes_store::nodes;

pub(crate) fn configure(app: &mut web::ServiceConfig) {
    app.route("/reseau/montrer", web::get().to(ask_takes));
    app.route("/reseau/montrer", web::post().to(take));
    app.route("/reseau/donner", web::get().to(ask_gives));
    app.route("/reseau/donner", web::post().to(give));
    app.route(FRONT_PAGE, web::get().to(ask_front_page));
    app.route(FRONT_PAGE, web::post().to(show_in_front));
}

async fn ask_takes(porch: web::Data<Porch>, visit: Visit) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            visit.animator()?;
            show_takes(porch, &visit, &porch.journal.takes()?.lower(), &[])
        })
        .await
}

/// Shows from now on what was chosen, also of what is held already.
async fn take(porch: web::Data<Porch>, typed: Typed) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            typed.visit.animator()?;
            match Takes::raise(&typed.draft, porch.rules()) {
                Ok(takes) => {
                    porch.journal.take(&takes)?;
                    Ok(done_at("montre"))
                }
                Err(problems) => {
                    let mut page = show_takes(porch, &typed.visit, &typed.draft, &problems)?;
                    page.status = StatusCode::UNPROCESSABLE_ENTITY;
                    Ok(page)
                }
            }
        })
        .await
}

fn show_takes(porch: &Porch, visit: &Visit, draft: &Draft, problems: &[Problem]) -> Result<Answered, Failure> {
    let form = Form::new(porch, draft, problems, "edit-takes", "/reseau/montrer").section("takes-what");
    let form = form.checks("kinds", Takes::KINDS.map(|kind| named(porch, kind)).into());
    let networks = networks(porch)?;
    let form = if networks.is_empty() { form } else { form.checks("without-networks", networks) };
    let form = form.section("takes-topics").tree("themes", List::Theme).tree("sectors", List::Sector);
    let form = form.section("takes-where").areas();
    page(porch, visit, form)
}

fn page(porch: &Porch, visit: &Visit, form: Form<'_>) -> Result<Answered, Failure> {
    let mut view = form.finish();
    view.cancel = Some("/reseau".into());
    Leaf::new("form", &view.title.clone()).page(porch, visit, &view)
}

fn named(porch: &Porch, kind: Kind) -> (String, String) {
    let label = porch.rules().thesaurus.label(&Code::new(List::Kind, kind.notation())).to_owned();
    (kind.notation().to_owned(), label)
}

/// The other networks of which something may be held, by origin, with their names.
fn networks(porch: &Porch) -> Result<Vec<(String, String)>, Failure> {
    let held = porch.store().read(|link| Ok::<_, Failure>((nodes::all(link)?, pes_store::logs::all(link)?)))?;
    let all = held.0.into_iter().filter(|node| !node.is_own && held.1.iter().any(|log| log.node == node.id));
    Ok(all.map(|node| (node.origin.to_string(), crate::shelf::short(&node.name))).collect())
}

async fn ask_front_page(porch: web::Data<Porch>, visit: Visit) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            visit.animator()?;
            show_front_page(porch, &visit, &porch.journal.front_page()?.lower(), &[])
        })
        .await
}

/// Shows on the home page from now on what was chosen.
async fn show_in_front(porch: web::Data<Porch>, typed: Typed) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            typed.visit.animator()?;
            match FrontPage::raise(&typed.draft, porch.rules()) {
                Ok(front_page) => {
                    porch.journal.show_in_front(&front_page)?;
                    Ok(done_at("accueil"))
                }
                Err(problems) => {
                    let mut page = show_front_page(porch, &typed.visit, &typed.draft, &problems)?;
                    page.status = StatusCode::UNPROCESSABLE_ENTITY;
                    Ok(page)
                }
            }
        })
        .await
}

fn show_front_page(porch: &Porch, visit: &Visit, draft: &Draft, problems: &[Problem]) -> Result<Answered, Failure> {
    let form = Form::new(porch, draft, problems, "edit-front", FRONT_PAGE).section("front-what");
    let form = form.checks("front-kinds", FrontPage::KINDS.map(|kind| named(porch, kind)).into());
    let form = form.section("front-topics").tree("themes", List::Theme).section("front-where").areas();
    page(porch, visit, form)
}

async fn ask_gives(porch: web::Data<Porch>, visit: Visit) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            visit.animator()?;
            let (chosen, mut draft) = (porch.journal.gives()?, Draft::default());
            for kind in Gives::KINDS {
                draft.add(gives::field(kind), chosen.audience(kind).as_str());
            }
            let form = Form::new(porch, &draft, &[], "edit-gives", "/reseau/donner");
            let form =
                Gives::KINDS.into_iter().fold(form, |form, kind| form.select(&gives::field(kind), words(porch, kind)));
            page(porch, &visit, form)
        })
        .await
}

/// For whom a new record of a kind may be at first, in words.
fn words(porch: &Porch, kind: Kind) -> Vec<(String, String)> {
    let word = |audience: pes_domain::Audience| porch.say(&format!("audience-{}", audience.as_str()));
    Gives::choices(kind).map(|audience| (audience.as_str().to_owned(), word(audience))).collect()
}

async fn give(porch: web::Data<Porch>, typed: Typed) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            typed.visit.animator()?;
            // Its fields are choices: whoever sends another sends a form that is none of ours.
            let gives = porch.journal.gives()?.raise(&typed.draft).map_err(|_| Failure::Form)?;
            porch.journal.give(&gives)?;
            Ok(done_at("donne"))
        })
        .await
}
