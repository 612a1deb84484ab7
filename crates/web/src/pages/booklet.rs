//! A list on paper: all that it finds on one page, with what was asked, so that a booklet can be printed of it without a script.

use crate::answered::Answered;
use crate::asked;
use crate::failure::Failure;
use crate::feeds;
use crate::pages::Leaf;
use crate::pages::lists::{LISTS, List};
use crate::porch::Porch;
use crate::shelf;
use crate::views::{self, Card, criteria};
use crate::visit::Visit;
use actix_web::web;
use pes_domain::Draft;
use pes_search::Query;
use serde::Serialize;

/// The most entries of a booklet: some sixty sheets.
const MOST: usize = 500;

#[derive(Debug, Serialize)]
struct BookletView {
    title: String,
    /// What was asked, in words.
    criteria: String,
    summary: String,
    /// That there is more than fits.
    cut: Option<String>,
    cards: Vec<Card>,
    /// The list itself.
    url: String,
}

pub(crate) fn configure(app: &mut web::ServiceConfig) {
    for list in LISTS {
        let serve = move |porch: web::Data<Porch>, visit: Visit, chosen: web::Query<Vec<(String, String)>>| {
            show(porch, visit, chosen.into_inner().into_iter().collect(), list)
        };
        app.route(&format!("{}/imprimer", list.path), web::get().to(serve));
    }
}

/// Where the booklet of a list is, for what was chosen.
pub(crate) fn address(list: List, chosen: &Draft) -> String {
    asking(&format!("{}/imprimer", list.path), chosen)
}

fn asking(path: &str, chosen: &Draft) -> String {
    format!("{path}?{}", views::query(chosen, &["page"])).trim_end_matches(['&', '?']).to_owned()
}

async fn show(porch: web::Data<Porch>, visit: Visit, chosen: Draft, list: List) -> Result<Answered, Failure> {
    porch
        .shown(visit, move |porch, visit| {
            let view = view(porch, visit, &chosen, list)?;
            let address = format!("{}{}", porch.site.origin, view.url);
            Leaf::new("booklet", &view.title).printed(address).page(porch, visit, &view)
        })
        .await
}

fn view(porch: &Porch, visit: &Visit, chosen: &Draft, list: List) -> Result<BookletView, Failure> {
    let asked = asked::read(porch, visit, list.kind, chosen)?;
    if asked.place.is_lost.is_some() || asked.when.problem.is_some() {
        // What is wrong is said where it can be mended: on the list.
        return Err(Failure::Form);
    }
    let (shown, total) = match feeds::is_no_text(&asked) {
        true => (Vec::new(), 0),
        false => {
            let found = porch.index.look(&Query { limit: MOST, ..asked.query.clone() })?;
            (shelf::found(porch, visit, &found)?, found.total)
        }
    };
    let tell = |key: &str, count: usize| porch.words.catalogue().tell(key, &[("count", (count as u64).into())]);
    Ok(BookletView {
        title: porch.say(&format!("list-{}-title", list.key())),
        criteria: criteria(porch, list.kind, (&asked, chosen)).join(" · "),
        summary: tell("results", total),
        cut: (total > MOST).then(|| tell("booklet-cut", MOST)),
        cards: shown
            .iter()
            .map(|(one, distance)| Card::of(porch, one).at_distance(porch, *distance).printed(porch, one))
            .collect(),
        url: asking(list.path, chosen),
    })
}
