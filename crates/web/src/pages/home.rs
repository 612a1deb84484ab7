//! The home page: what is new here and in the other networks.

use crate::answered::Answered;
use crate::failure::Failure;
use crate::pages::Leaf;
use crate::porch::Porch;
use crate::shelf::{self, Narrowing};
use crate::views::Card;
use crate::visit::Visit;
use actix_web::web;
use pes_domain::Kind;
use serde::Serialize;

/// How many records of each kind are looked at.
const LATEST: u64 = 12;
/// How many cards each part shows.
const SHOWN: usize = 6;

#[derive(Debug, Serialize)]
struct HomeView {
    counts: Vec<Count>,
    parts: Vec<Part>,
    is_empty: bool,
}

/// How many of a kind there are.
#[derive(Debug, Serialize)]
struct Count {
    url: &'static str,
    label: String,
}

/// Cards under one heading.
#[derive(Debug, Serialize)]
struct Part {
    title: String,
    cards: Vec<Card>,
}

pub(crate) fn configure(app: &mut web::ServiceConfig) {
    app.route("/", web::get().to(home));
}

async fn home(porch: web::Data<Porch>, visit: Visit) -> Result<Answered, Failure> {
    porch
        .shown(visit, move |porch, visit| {
            let view = view(porch, visit)?;
            let leaf = Leaf::new("home", &porch.site.name).canonical(format!("{}/", porch.site.origin));
            leaf.described(porch.site.tagline.clone()).page(porch, visit, &view)
        })
        .await
}

fn view(porch: &Porch, visit: &Visit) -> Result<HomeView, Failure> {
    let kinds = [
        (Kind::Structure, "/structures"),
        (Kind::Exchange, "/annonces"),
        (Kind::Job, "/emplois"),
        (Kind::Call, "/appels"),
        (Kind::Event, "/agenda"),
        (Kind::Article, "/actualites"),
    ];
    let (mut counts, mut here, mut elsewhere) = (Vec::new(), Vec::new(), Vec::new());
    for (kind, url) in kinds {
        let list = shelf::list(porch, visit, kind, &Narrowing::default(), (0, LATEST))?;
        let count = format!("count-{}", kind.notation());
        counts.push(Count { url, label: porch.words.catalogue().tell(&count, &[("count", list.total.into())]) });
        // A sheet is no news.
        if kind == Kind::Structure {
            continue;
        }
        for shown in list.shown {
            if shown.is_own { here.push(shown) } else { elsewhere.push(shown) }
        }
    }
    let part = |key: &str, mut shown: Vec<shelf::Shown>| {
        shown.sort_by_key(|shown| std::cmp::Reverse(shown.record.published));
        let cards = shown.iter().take(SHOWN).map(|shown| Card::of(porch, shown)).collect();
        Part { title: porch.say(key), cards }
    };
    let parts: Vec<Part> = [part("home-here", here), part("home-elsewhere", elsewhere)]
        .into_iter()
        .filter(|part| !part.cards.is_empty())
        .collect();
    Ok(HomeView { counts, is_empty: parts.is_empty(), parts })
}
