//! What search engines may look at: the lists, and the records whose home this site is, as everybody sees them.

use crate::answered::Answered;
use crate::failure::Failure;
use crate::feeds::AGENDA;
use crate::pages::lists::LISTS;
use crate::porch::Porch;
use crate::visit::Visit;
use actix_web::http::header;
use actix_web::web;
use pes_search::{DEEPEST, Facet, Query, Reader, Sort};
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
            let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
            for address in [format!("{}/", porch.site.origin)].into_iter().chain(lists).chain(records) {
                // Neither origins nor names of records hold a sign that XML knows.
                let _ = writeln!(text, "<url><loc>{address}</loc></url>");
            }
            text.push_str("</urlset>\n");
            Ok(Answered::document("application/xml; charset=utf-8", text).header(header::CACHE_CONTROL, "max-age=3600"))
        })
        .await
}
