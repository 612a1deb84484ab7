//! What search engines may look at: the lists, the records whose home this site is, and the territories in which there is something, as
//! everybody sees them.

use crate::answered::Answered;
use crate::failure::Failure;
use crate::feeds::AGENDA;
use crate::pages::lists::LISTS;
use crate::pages::territory::path_of;
use crate::porch::Porch;
use crate::visit::Visit;
use actix_web::http::header;
use actix_web::web;
use pes_domain::place::{Area, AreaKind};
use pes_domain::{Kind, List};
use pes_search::{DEEPEST, Facet, Query, Reader, Sort};
use std::collections::BTreeSet;
use std::fmt::Write as _;

pub(crate) fn configure(app: &mut web::ServiceConfig) {
    app.route("/sitemap.xml", web::get().to(sitemap));
}

/// The addresses (sitemaps.org 0.9), at most [`DEEPEST`] records: the last published ones.
async fn sitemap(porch: web::Data<Porch>, visit: Visit) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            let own = Query::new(Reader::Anyone, visit.now.unix_timestamp()).choose(Facet::Network, &porch.site.origin);
            let found = porch.index.look(&Query { limit: DEEPEST, sort: Sort::Date, ..own })?;
            let lists = LISTS.into_iter().chain([AGENDA]).filter(|list| list.kind.is_some());
            let lists = lists.map(|list| format!("{}{}", porch.site.origin, list.path));
            let records = found.hits.iter().map(|hit| hit.record.clone());
            let areas = areas(porch, visit.now.unix_timestamp())?;
            let areas = areas.into_iter().map(|path| format!("{}{path}", porch.site.origin));
            let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
            for address in [format!("{}/", porch.site.origin)].into_iter().chain(lists).chain(records).chain(areas) {
                // Neither origins nor names of records hold a sign that XML knows.
                let _ = writeln!(text, "<url><loc>{address}</loc></url>");
            }
            text.push_str("</urlset>\n");
            Ok(Answered::document("application/xml; charset=utf-8", text).header(header::CACHE_CONTROL, "max-age=3600"))
        })
        .await
}

/// The pages of territories in which anybody finds something: of events only those that are still to come.
fn areas(porch: &Porch, now: i64) -> Result<BTreeSet<String>, Failure> {
    let everything = AreaKind::ALL
        .into_iter()
        .fold(Query::new(Reader::Anyone, now), |query, kind| query.count(Facet::Territory(kind)));
    let of_kinds = |kinds: Vec<Kind>| {
        let query = everything.clone();
        kinds.into_iter().fold(query, |query, kind| query.choose(Facet::List(List::Kind), kind.notation()))
    };
    let placed = LISTS.into_iter().filter_map(|list| list.kind);
    let events = Query { dates: Some((now, i64::MAX)), ..of_kinds(vec![Kind::Event]) };
    let mut paths = BTreeSet::new();
    for query in [of_kinds(placed.collect()), events] {
        let found = porch.index.look(&Query { limit: 1, ..query })?;
        for (facet, values) in found.facets.iter() {
            let Facet::Territory(kind) = facet else { continue };
            let areas = values.iter().filter(|(_, count)| *count > 0).map(|(code, _)| Area::new(*kind, code));
            let known = areas.filter(|area| porch.rules().gazetteer.area_name(area).is_some());
            paths.extend(known.map(|area| path_of(&area)));
        }
    }
    Ok(paths)
}
