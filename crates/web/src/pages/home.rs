//! The home page: what is new here and in the other networks.

use crate::answered::Answered;
use crate::asked;
use crate::failure::Failure;
use crate::pages::{FRONT_PAGE, Leaf};
use crate::porch::Porch;
use crate::shelf;
use crate::views::Card;
use crate::visit::Visit;
use actix_web::web;
use pes_domain::{Body, Draft, FrontPage, Kind, List};
use pes_search::{Facet, Query, Sign, Sort};
use serde::Serialize;

/// How many cards each part shows.
const SHOWN: usize = 6;
/// How many are looked at for that: events that are over leave room for others.
const LOOKED_AT: usize = 30;
/// How far ahead the next time of an event is looked for, in seconds.
const AHEAD: i64 = 10 * 366 * 24 * 3600;

#[derive(Debug, Serialize)]
struct HomeView {
    counts: Vec<Count>,
    here: Vec<Card>,
    /// What comes from other networks, where any is known.
    elsewhere: Option<Elsewhere>,
    is_empty: bool,
}

/// How many of a kind there are.
#[derive(Debug, Serialize)]
struct Count {
    url: &'static str,
    label: String,
}

/// What other networks publish, as the team chose it.
#[derive(Debug, Serialize)]
struct Elsewhere {
    cards: Vec<Card>,
    /// The list of all of it.
    all_url: String,
    /// Where the team chooses, for the team.
    choose_url: Option<&'static str>,
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

/// The kinds that are counted, each with its list. A sheet is no news; the others are.
const KINDS: [(Kind, &str); 6] = [
    (Kind::Structure, "/structures"),
    (Kind::Exchange, "/annonces"),
    (Kind::Job, "/emplois"),
    (Kind::Call, "/appels"),
    (Kind::Event, "/agenda"),
    (Kind::Article, "/actualites"),
];

fn view(porch: &Porch, visit: &Visit) -> Result<HomeView, Failure> {
    let (counts, here) = (counts(porch, visit)?, here(porch, visit)?);
    let elsewhere = elsewhere(porch, visit)?;
    let is_empty = here.is_empty() && elsewhere.as_ref().is_none_or(|one| one.cards.is_empty());
    Ok(HomeView { counts, here, elsewhere, is_empty })
}

/// How many of each kind there are, in one look.
fn counts(porch: &Porch, visit: &Visit) -> Result<Vec<Count>, Failure> {
    let everything = Query::new(asked::sees(visit), visit.now.unix_timestamp()).count(Facet::List(List::Kind));
    // A company is no structure of the directory.
    let everything = Query { without: vec![Sign::Company], ..everything };
    let found = porch.index.look(&Query { limit: 0, ..everything })?;
    let counted = found.facets.get(&Facet::List(List::Kind)).map_or(&[][..], Vec::as_slice);
    let count = |(kind, url): (Kind, &'static str)| {
        let found = counted.iter().find(|(value, _)| value == kind.notation());
        let count = found.map_or(0, |(_, count)| *count as u64);
        let key = format!("count-{}", kind.notation());
        Count { url, label: porch.words.catalogue().tell(&key, &[("count", count.into())]) }
    };
    Ok(KINDS.into_iter().map(count).collect())
}

/// What was last published here.
fn here(porch: &Porch, visit: &Visit) -> Result<Vec<Card>, Failure> {
    let own = Query::new(asked::sees(visit), visit.now.unix_timestamp()).choose(Facet::Network, &porch.site.origin);
    let news = KINDS.into_iter().map(|(kind, _)| kind).filter(|kind| *kind != Kind::Structure);
    let query = news.fold(own, |query, kind| query.choose(Facet::List(List::Kind), kind.notation()));
    let found = porch.index.look(&Query { limit: SHOWN, sort: Sort::Date, ..query })?;
    Ok(shelf::found(porch, visit, &found)?.iter().map(|(shown, _)| Card::of(porch, shown)).collect())
}

/// What the team chose to show of the other networks: the list that its address leads to, the last changed first. Nothing where no other network
/// is known.
fn elsewhere(porch: &Porch, visit: &Visit) -> Result<Option<Elsewhere>, Failure> {
    if asked::others(porch).is_empty() {
        return Ok(None);
    }
    let chosen = address(&porch.journal.front_page()?);
    let has_kind = !chosen.all(List::Kind.name()).is_empty();
    let mut shown = Vec::new();
    if has_kind {
        let asked = asked::read(porch, visit, None, &chosen)?;
        let query = Query { limit: LOOKED_AT, sort: Sort::Freshness, counted: Vec::new(), ..asked.query };
        shown = shelf::found(porch, visit, &porch.index.look(&query)?)?;
    }
    let now = visit.now.unix_timestamp();
    let is_to_come = |one: &shelf::Shown| match &one.record.body {
        Body::Event(event) => !event.held_between(now, now + AHEAD).is_empty(),
        _ => true,
    };
    let cards = shown.iter().map(|(one, _)| one).filter(|one| is_to_come(one));
    let is_animator = visit.viewer.as_ref().is_some_and(pes_people::Viewer::is_animator);
    Ok(Some(Elsewhere {
        cards: cards.take(SHOWN).map(|one| Card::of(porch, one)).collect(),
        all_url: format!("/recherche?{}", crate::views::query(&chosen, &[]).trim_end_matches('&')),
        choose_url: is_animator.then_some(FRONT_PAGE),
    }))
}

/// What was chosen, as the address of the list says it.
fn address(front_page: &FrontPage) -> Draft {
    let mut chosen = Draft::default();
    chosen.add(asked::ELSEWHERE, "on");
    front_page.kinds().for_each(|kind| chosen.add(List::Kind.name(), kind.notation()));
    front_page.themes.iter().for_each(|theme| chosen.add(List::Theme.name(), theme.notation()));
    front_page.areas.iter().for_each(|area| chosen.add("territoire", area.to_form()));
    chosen.add("tri", "recent");
    chosen
}
