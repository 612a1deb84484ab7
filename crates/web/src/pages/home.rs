//! The home page: what is new here and in the other networks.

use crate::answered::Answered;
use crate::asked;
use crate::failure::Failure;
use crate::pages::{FRONT_PAGE, Leaf};
use crate::porch::Porch;
use crate::shelf::{self, Narrowing};
use crate::views::Card;
use crate::visit::Visit;
use actix_web::web;
use pes_domain::{Body, Draft, FrontPage, Kind, List};
use pes_search::{Query, Sort};
use serde::Serialize;

/// How many records of each kind are looked at.
const LATEST: u64 = 12;
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

fn view(porch: &Porch, visit: &Visit) -> Result<HomeView, Failure> {
    let kinds = [
        (Kind::Structure, "/structures"),
        (Kind::Exchange, "/annonces"),
        (Kind::Job, "/emplois"),
        (Kind::Call, "/appels"),
        (Kind::Event, "/agenda"),
        (Kind::Article, "/actualites"),
    ];
    let (mut counts, mut here) = (Vec::new(), Vec::new());
    for (kind, url) in kinds {
        let list = shelf::list(porch, visit, kind, &Narrowing::default(), (0, LATEST))?;
        let count = format!("count-{}", kind.notation());
        counts.push(Count { url, label: porch.words.catalogue().tell(&count, &[("count", list.total.into())]) });
        // A sheet is no news.
        if kind != Kind::Structure {
            here.extend(list.shown.into_iter().filter(|shown| shown.is_own));
        }
    }
    here.sort_by_key(|shown| std::cmp::Reverse(shown.record.published));
    let here: Vec<Card> = here.iter().take(SHOWN).map(|shown| Card::of(porch, shown)).collect();
    let elsewhere = elsewhere(porch, visit)?;
    let is_empty = here.is_empty() && elsewhere.as_ref().is_none_or(|one| one.cards.is_empty());
    Ok(HomeView { counts, here, elsewhere, is_empty })
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
        let asked = asked::read(porch, visit, None, &chosen);
        let query = Query { limit: LOOKED_AT, sort: Sort::Freshness, counted: Vec::new(), ..asked.query };
        shown = shelf::found(porch, visit, &porch.index.look(&query)?)?;
    }
    let now = visit.now.unix_timestamp();
    let is_to_come = |one: &shelf::Shown| match &one.record.body {
        Body::Event(event) => !event.between(now, now + AHEAD).is_empty(),
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
