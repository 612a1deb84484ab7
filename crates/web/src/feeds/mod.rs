//! Every list with its filters, for other programs: Atom for readers of news, CSV for spreadsheets, iCalendar for calendars. They hold
//! what the list shows this visitor, and nothing else.

mod atom;
mod calendar;
mod table;

use crate::answered::Answered;
use crate::asked::{self, Asked};
use crate::failure::Failure;
use crate::pages::FeedLink;
use crate::pages::lists::{LISTS, List};
use crate::porch::Porch;
use crate::shelf::{self, Shown};
use crate::views;
use crate::visit::Visit;
use actix_web::http::{StatusCode, header};
use actix_web::web;
use pes_domain::{Draft, Kind};
use pes_search::{DEEPEST, Found, Query, Sort};

/// How many records a feed of news has.
const NEWS: usize = 50;

/// The most characters of what was asked that an answer repeats.
const TYPED: usize = 100;

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
    /// The same in words.
    filters: Vec<String>,
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
            if let Some(refused) = refused(porch, &asked, &chosen) {
                return Ok(refused);
            }
            let filters = views::criteria(porch, list.kind, (&asked, &chosen));
            let (limit, sort) = match form {
                Form::Atom => (NEWS, Sort::Freshness),
                Form::Calendar | Form::Csv => (DEEPEST, asked.query.sort),
            };
            let is_no_text = is_no_text(&asked);
            let query = Query { limit, sort, counted: Vec::new(), ..asked.query };
            let mut found = if is_no_text { Found::default() } else { porch.index.look(&query)? };
            // Who follows a place is told of what is there, and not each time of what is nearest.
            if form == Form::Atom && found.understood.nearest_to.is_some() {
                found.hits.clear();
            }
            let records = shelf::found(porch, &visit, &found)?.into_iter().map(|(shown, _)| shown).collect();
            let query = views::query(&chosen, &["page", "tri", "mois"]).trim_end_matches('&').to_owned();
            let feed = Feed { porch, list, query, filters, records };
            Ok(match form {
                Form::Atom => answer("application/atom+xml; charset=utf-8", atom::write(&feed)),
                Form::Calendar => answer("text/calendar; charset=utf-8", calendar::write(&feed, visit.now)),
                Form::Csv => answer("text/csv; charset=utf-8; header=present", table::write(&feed, visit.now))
                    .header(header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}.csv\"", &list.path[1..])),
            })
        })
        .await
}

/// Whether something was typed that nobody can have written: signs that are no text, and nothing else. A page says that it read no word; a program
/// is told by an empty list.
pub(crate) fn is_no_text(asked: &Asked) -> bool {
    let typed = asked.query.words.trim();
    !typed.is_empty() && typed.chars().all(|sign| sign.is_control() || sign.is_whitespace())
}

/// What a program is told whose address makes no sense: in which parameter, and what that may be. Everything instead of what is around a place
/// would be a lie.
pub(crate) fn refused(porch: &Porch, asked: &Asked, chosen: &Draft) -> Option<Answered> {
    let field = asked.problem()?.field;
    let expected = porch.say(if field == "lieu" { "feed-expects-place" } else { "feed-expects-days" });
    let value: String = chosen.one(field).chars().take(TYPED).collect();
    let gaps = [("field", field.into()), ("value", value.into()), ("expected", expected.into())];
    let sentence = format!("{}\n", porch.words.catalogue().tell("feed-refused", &gaps));
    Some(answer("text/plain; charset=utf-8", sentence).status(StatusCode::BAD_REQUEST))
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
        let mark = if self.filters.is_empty() { "" } else { " : " };
        format!("{list}{mark}{} – {}", self.filters.join(", "), self.porch.site.name)
    }
}

/// The address of a record's page on this site, with its origin.
fn page(porch: &Porch, shown: &Shown) -> String {
    let path = shown.record.iri.page_at(&porch.site.origin);
    format!("{}{path}", porch.site.origin)
}
