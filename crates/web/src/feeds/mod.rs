//! Every list with its filters, for other programs: Atom for readers of news, CSV for spreadsheets, iCalendar for calendars. They hold
//! what the list shows this visitor, and nothing else.

mod atom;
mod calendar;
mod table;

use crate::answered::Answered;
use crate::asked;
use crate::failure::Failure;
use crate::pages::FeedLink;
use crate::pages::lists::{LISTS, List};
use crate::porch::Porch;
use crate::shelf::{self, Shown};
use crate::views;
use crate::visit::Visit;
use actix_web::http::header;
use actix_web::web;
use pes_domain::{Draft, Kind};
use pes_search::{DEEPEST, Query, Sort};

/// How many records a feed of news has.
const NEWS: usize = 50;

/// What a feed is of.
pub(crate) const AGENDA: List = List { path: "/agenda", kind: Some(Kind::Event), create: None };

/// A form in which a list is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Atom,
    Calendar,
    Csv,
}

/// A list, as it is given away.
struct Feed<'a> {
    porch: &'a Porch,
    list: List,
    /// What is asked, as an address says it.
    query: String,
    records: Vec<Shown>,
}

pub(crate) fn configure(app: &mut web::ServiceConfig) {
    for list in LISTS.into_iter().chain([AGENDA]) {
        route(app, list, Form::Atom, "atom");
        route(app, list, Form::Csv, "csv");
    }
    route(app, AGENDA, Form::Calendar, "ics");
}

fn route(app: &mut web::ServiceConfig, list: List, form: Form, ending: &str) {
    let serve = move |porch: web::Data<Porch>, visit: Visit, chosen: web::Query<Vec<(String, String)>>| {
        give(porch, visit, chosen.into_inner().into_iter().collect(), (list, form))
    };
    app.route(&format!("{}.{ending}", list.path), web::get().to(serve));
}

/// Where what is asked of a list is given in each form, for its page.
pub(crate) fn links(porch: &Porch, list: List, chosen: &Draft) -> Vec<FeedLink> {
    let query = views::query(chosen, &["page", "tri", "mois"]);
    let mark = if query.is_empty() { "" } else { "?" };
    let link = |(key, ending, media_type): (&str, &str, &'static str)| FeedLink {
        title: porch.say(key),
        media_type,
        href: format!("{}.{ending}{mark}{}", list.path, query.trim_end_matches('&')),
    };
    let mut links = vec![("feed-atom", "atom", "application/atom+xml"), ("feed-csv", "csv", "text/csv")];
    if list.kind == Some(Kind::Event) {
        links.push(("feed-calendar", "ics", "text/calendar"));
    }
    links.push(("feed-geojson", "geojson", "application/geo+json"));
    links.into_iter().map(link).collect()
}

async fn give(
    porch: web::Data<Porch>,
    visit: Visit,
    chosen: Draft,
    (list, form): (List, Form),
) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            let asked = asked::read(porch, &visit, list.kind, &chosen)?;
            if asked.place.is_lost.is_some() || asked.when.problem.is_some() {
                // Nobody reads a sentence in a feed: everything instead of what is around a place would be a lie.
                return Err(Failure::Form);
            }
            let (limit, sort) = match form {
                Form::Atom => (NEWS, Sort::Freshness),
                Form::Calendar | Form::Csv => (DEEPEST, asked.query.sort),
            };
            let query = Query { limit, sort, counted: Vec::new(), ..asked.query };
            let found = porch.index.look(&query)?;
            let records = shelf::found(porch, &visit, &found)?.into_iter().map(|(shown, _)| shown).collect();
            let query = views::query(&chosen, &["page", "tri", "mois"]).trim_end_matches('&').to_owned();
            let feed = Feed { porch, list, query, records };
            Ok(match form {
                Form::Atom => answer("application/atom+xml; charset=utf-8", atom::write(&feed)),
                Form::Calendar => answer("text/calendar; charset=utf-8", calendar::write(&feed, visit.now)),
                Form::Csv => answer("text/csv; charset=utf-8; header=present", table::write(&feed, visit.now))
                    .header(header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}.csv\"", &list.path[1..])),
            })
        })
        .await
}

fn answer(media_type: &str, body: String) -> Answered {
    let answered = Answered::document(media_type, body);
    answered.header(header::CACHE_CONTROL, "private, no-cache").header(header::VARY, "Cookie")
}

impl Feed<'_> {
    /// The address of the page that shows it, or of the feed itself with this ending.
    fn address(&self, ending: &str) -> String {
        let mark = if self.query.is_empty() { "" } else { "?" };
        format!("{}{}{ending}{mark}{}", self.porch.site.origin, self.list.path, self.query)
    }

    fn title(&self) -> String {
        let list = self.porch.say(&format!("list-{}-title", self.list.key()));
        format!("{list} – {}", self.porch.site.name)
    }
}

/// The address of a record's page on this site, with its origin.
fn page(porch: &Porch, shown: &Shown) -> String {
    let path = shown.record.iri.page_at(&porch.site.origin);
    format!("{}{path}", porch.site.origin)
}
