//! The lists: structures, offers and demands, jobs, calls.

use crate::answered::Answered;
use crate::failure::Failure;
use crate::pages::Leaf;
use crate::porch::Porch;
use crate::shelf;
use crate::views::{Card, Filters, Pager, filters};
use crate::visit::Visit;
use actix_web::web;
use pes_domain::{Draft, Kind};
use serde::Serialize;

/// How many cards a page has.
const PAGE: u64 = 20;

/// The lists: their address, their kind, and the page where one writes one.
const LISTS: [(&str, Kind, &str); 4] = [
    ("/structures", Kind::Structure, "/nouveau/structure"),
    ("/annonces", Kind::Exchange, "/nouveau/annonce"),
    ("/emplois", Kind::Job, "/nouveau/emploi"),
    ("/appels", Kind::Call, "/nouveau/appel"),
];

#[derive(Debug, Serialize)]
struct ListView {
    title: String,
    intro: String,
    path: &'static str,
    create: &'static str,
    create_label: String,
    filters: Filters,
    summary: String,
    cards: Vec<Card>,
    pager: Pager,
}

pub(crate) fn configure(app: &mut web::ServiceConfig) {
    for (path, kind, create) in LISTS {
        let serve = move |porch: web::Data<Porch>, visit: Visit, chosen: web::Query<Vec<(String, String)>>| {
            list(porch, visit, chosen.into_inner().into_iter().collect(), (path, kind, create))
        };
        app.route(path, web::get().to(serve));
    }
}

async fn list(
    porch: web::Data<Porch>,
    visit: Visit,
    chosen: Draft,
    which: (&'static str, Kind, &'static str),
) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            let view = view(porch, &visit, &chosen, which)?;
            let leaf = Leaf::new("list", &view.title).canonical(format!("{}{}", porch.site.origin, which.0));
            leaf.described(view.intro.clone()).page(porch, &visit, &view)
        })
        .await
}

fn view(
    porch: &Porch,
    visit: &Visit,
    chosen: &Draft,
    (path, kind, create): (&'static str, Kind, &'static str),
) -> Result<ListView, Failure> {
    let number = chosen.one("page").parse::<u64>().unwrap_or(1).clamp(1, 100_000);
    let (filters, narrowing) = filters(porch, kind, chosen);
    let look = |number: u64| shelf::list(porch, visit, kind, &narrowing, ((number - 1) * PAGE, PAGE));
    let (mut number, mut list) = (number, look(number)?);
    // Beyond the last page is the last page.
    let last = list.paged.div_ceil(PAGE).max(1);
    if number > last {
        (number, list) = (last, look(last)?);
    }
    let notation = kind.notation();
    let catalogue = porch.words.catalogue();
    Ok(ListView {
        title: porch.say(&format!("list-{notation}-title")),
        intro: porch.say(&format!("list-{notation}-intro")),
        path,
        create,
        create_label: porch.say(&format!("create-{notation}")),
        filters,
        summary: catalogue.tell("results", &[("count", list.total.into())]),
        cards: list.shown.iter().map(|shown| Card::of(porch, shown)).collect(),
        pager: Pager::of(path, chosen, number, list.paged, PAGE),
    })
}
