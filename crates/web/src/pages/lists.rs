//! The lists: everything, structures, offers and demands, products, jobs, calls, news, documents. Events have a list of their own: the agenda.

use crate::answered::Answered;
use crate::asked::{self, Asked};
use crate::failure::Failure;
use crate::feeds;
use crate::pages::{FeedLink, Leaf, booklet};
use crate::porch::Porch;
use crate::shelf::{self, Shown};
use crate::views::{Card, Filters, MapView, Offer, Pager, criteria, filters, offers, sign, understood};
use crate::visit::Visit;
use actix_web::web;
use pes_domain::{Draft, Kind};
use pes_search::{Found, Query, Sign};
use serde::Serialize;

/// How many cards a page has.
const PAGE: u64 = 20;

/// A list: its address, its kind, and the page where one writes one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct List {
    pub(crate) path: &'static str,
    /// `None`: all kinds.
    pub(crate) kind: Option<Kind>,
    pub(crate) create: Option<&'static str>,
}

impl List {
    const fn of(path: &'static str, kind: Kind, create: &'static str) -> Self {
        Self { path, kind: Some(kind), create: Some(create) }
    }

    /// What its sentences are called after.
    pub(crate) fn key(self) -> &'static str {
        self.kind.map_or("all", Kind::notation)
    }
}

/// The lists.
pub(crate) const LISTS: [List; 8] = [
    List { path: "/recherche", kind: None, create: None },
    List::of("/structures", Kind::Structure, "/nouveau/structure"),
    List::of("/annonces", Kind::Exchange, "/nouveau/annonce"),
    List::of("/emplois", Kind::Job, "/nouveau/emploi"),
    List::of("/appels", Kind::Call, "/nouveau/appel"),
    List::of("/actualites", Kind::Article, "/nouveau/actualite"),
    List::of("/produits", Kind::Product, "/nouveau/produit"),
    List::of("/ressources", Kind::Document, "/nouveau/ressource"),
];

#[derive(Debug, Serialize)]
struct ListView {
    title: String,
    intro: String,
    path: &'static str,
    create: Option<&'static str>,
    create_label: String,
    filters: Filters,
    understood: Vec<String>,
    /// How else what was typed can be taken.
    offers: Vec<Offer>,
    summary: String,
    /// How many are on no map, where there is one.
    unmapped: Option<String>,
    cards: Vec<Card>,
    pager: Pager,
    map: Option<MapView>,
    feeds: Vec<FeedLink>,
    /// What was asked, in words, and where all of it is on one page: for paper.
    criteria: String,
    print: String,
}

pub(crate) fn configure(app: &mut web::ServiceConfig) {
    for list in LISTS {
        let serve = move |porch: web::Data<Porch>, visit: Visit, chosen: web::Query<Vec<(String, String)>>| {
            show(porch, visit, chosen.into_inner().into_iter().collect(), list)
        };
        app.route(list.path, web::get().to(serve));
    }
}

async fn show(porch: web::Data<Porch>, visit: Visit, chosen: Draft, list: List) -> Result<Answered, Failure> {
    porch
        .shown(visit, move |porch, visit| {
            let view = view(porch, visit, &chosen, list)?;
            let leaf = Leaf::new("list", &view.title).described(view.intro.clone());
            // What is found for words is nobody's page but theirs.
            let leaf = match list.kind {
                Some(_) => leaf.canonical(format!("{}{}", porch.site.origin, list.path)),
                None => leaf,
            };
            let leaf = leaf.fed(view.feeds.clone()).printed(format!("{}{}", porch.site.origin, visit.path));
            let leaf = if view.map.is_some() { leaf.mapped() } else { leaf };
            leaf.page(porch, visit, &view)
        })
        .await
}

fn view(porch: &Porch, visit: &Visit, chosen: &Draft, list: List) -> Result<ListView, Failure> {
    let asked = asked::read(porch, visit, list.kind, chosen)?;
    let (number, found, is_beyond) = page(porch, &asked, chosen)?;
    let shown = shelf::found(porch, visit, &found)?;
    let (total, key) = (found.total as u64, list.key());
    let path = list.path;
    let filters = filters(porch, list.kind, (&asked, chosen), &found);
    let card = |(shown, distance): &(Shown, Option<f64>)| {
        Card::of(porch, shown).at_distance(porch, *distance).printed(porch, shown)
    };
    let unmapped = sign(&found, Sign::Unmapped);
    let unmapped = (unmapped > 0 && list.kind == Some(Kind::Structure))
        .then(|| porch.words.catalogue().tell("map-without", &[("count", (unmapped as u64).into())]));
    Ok(ListView {
        title: porch.say(&format!("list-{key}-title")),
        intro: porch.say(&format!("list-{key}-intro")),
        path,
        create: list.create,
        create_label: list.create.map_or_else(String::new, |_| porch.say(&format!("create-{key}"))),
        criteria: criteria(porch, list.kind, (&asked, chosen)).join(" · "),
        print: booklet::address(list, chosen),
        filters,
        understood: understood(porch, (&asked, is_beyond), &found),
        offers: offers(porch, path, chosen, &found),
        summary: porch.words.catalogue().tell("results", &[("count", total.into())]),
        unmapped,
        cards: shown.iter().map(card).collect(),
        pager: Pager::of(path, chosen, number, total, PAGE),
        // Of a place that nobody finds there is no map.
        map: (list.kind == Some(Kind::Structure) && asked.problem().is_none())
            .then(|| MapView::of(porch, path, chosen)),
        feeds: feeds::links(porch, list, chosen),
    })
}

/// The page that was asked for; beyond the last page is the last page. Where nothing is near enough, what is nearest, and that it is so.
fn page(porch: &Porch, asked: &Asked, chosen: &Draft) -> Result<(u64, Found, bool), Failure> {
    let (number, found) = leaf(porch, &asked.query, chosen)?;
    match asked.beyond().filter(|_| found.total == 0) {
        Some(anywhere) => {
            let (number, found) = leaf(porch, &anywhere, chosen)?;
            let is_beyond = found.total > 0;
            Ok((number, found, is_beyond))
        }
        None => Ok((number, found, false)),
    }
}

fn leaf(porch: &Porch, query: &Query, chosen: &Draft) -> Result<(u64, Found), Failure> {
    let number = chosen.one("page").parse::<u64>().unwrap_or(1);
    let look = |number: u64| {
        let offset = usize::try_from((number - 1) * PAGE).unwrap_or(usize::MAX);
        let query = Query { offset, limit: PAGE as usize, ..query.clone() };
        Ok::<_, Failure>((number, porch.index.look(&query)?))
    };
    let deepest = (pes_search::DEEPEST as u64) / PAGE;
    let found = look(number.clamp(1, deepest))?;
    let last = (found.1.total as u64).div_ceil(PAGE).clamp(1, deepest);
    if found.0 > last { look(last) } else { Ok(found) }
}
