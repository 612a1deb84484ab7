//! The stylesheet and the icon: ours, embedded, kept by browsers until they change.

use actix_web::http::header;
use actix_web::{HttpResponse, web};
use pes_store::tokens::digest;
use std::sync::OnceLock;

const STYLE: &str = include_str!("../../assets/style.css");
const ICON: &str = include_str!("../../assets/icon.svg");

pub(crate) fn configure(app: &mut web::ServiceConfig) {
    app.route("/style-{version}.css", web::get().to(style));
    app.route("/icon.svg", web::get().to(icon));
    app.route("/favicon.ico", web::get().to(icon));
    app.route("/robots.txt", web::get().to(robots));
}

/// Its address, which changes with it.
pub(crate) fn path() -> &'static str {
    static PATH: OnceLock<String> = OnceLock::new();
    PATH.get_or_init(|| format!("/style-{}.css", &digest(STYLE)[..12]))
}

async fn style() -> HttpResponse {
    kept("text/css; charset=utf-8", STYLE)
}

async fn icon() -> HttpResponse {
    kept("image/svg+xml", ICON)
}

fn kept(media_type: &'static str, body: &'static str) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    response.insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"));
    response.content_type(media_type).body(body)
}

/// Forms and pages that are one person's are not for search engines.
async fn robots() -> HttpResponse {
    let closed = [
        "/connexion",
        "/inscription",
        "/mon-espace",
        "/mes-avis",
        "/reseau",
        "/reponses/",
        "/nouveau/",
        "/log/",
        "/mirror/",
    ];
    let lines: String = closed.iter().map(|path| format!("Disallow: {path}\n")).collect();
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(format!("User-agent: *\n{lines}"))
}
