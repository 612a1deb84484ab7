//! The stylesheets, the scripts and the icon: embedded, and kept by browsers until they change.

use crate::porch::Porch;
use actix_web::http::header;
use actix_web::{HttpResponse, web};
use pes_store::tokens::digest;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// A file that pages ask for: its name, its media type, its text.
type Asset = (&'static str, &'static str, &'static str);

const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = include_str!("../../assets/style.css");
const ICON: &str = include_str!("../../assets/icon.svg");

/// What the map is made of, in the order in which a page names it, after its own stylesheet.
const MAP: [Asset; 7] = [
    ("leaflet.css", CSS, include_str!("../../assets/map/leaflet/leaflet.css")),
    ("cluster.css", CSS, include_str!("../../assets/map/markercluster/MarkerCluster.css")),
    ("map.css", CSS, include_str!("../../assets/map/map.css")),
    ("leaflet.js", SCRIPT, include_str!("../../assets/map/leaflet/leaflet.js")),
    ("cluster.js", SCRIPT, include_str!("../../assets/map/markercluster/leaflet.markercluster.js")),
    ("ground.js", SCRIPT, include_str!("../../assets/map/ground.js")),
    ("map.js", SCRIPT, include_str!("../../assets/map/map.js")),
];
const OUTLINE: Asset = ("outline.json", "application/json", include_str!("../../assets/map/outline.json"));
const SUGGEST: Asset = ("suggest.js", SCRIPT, include_str!("../../assets/suggest.js"));

pub(crate) fn configure(app: &mut web::ServiceConfig) {
    app.route("/style-{version}.css", web::get().to(style));
    app.route("/icon.svg", web::get().to(icon));
    app.route("/favicon.ico", web::get().to(icon));
    app.route("/robots.txt", web::get().to(robots));
    for (name, media_type, text) in MAP.into_iter().chain([OUTLINE, SUGGEST]) {
        app.route(&asset(name), web::get().to(move || async move { kept(media_type, text) }));
    }
}

/// Whether something is what pages look like, and says nothing of anybody.
pub(crate) fn is_asset(path: &str) -> bool {
    path.starts_with("/style-")
        || path.starts_with("/assets/")
        || ["/icon.svg", "/favicon.ico", "/robots.txt"].contains(&path)
}

/// The address of the stylesheet, which changes with it.
pub(crate) fn path() -> &'static str {
    static PATH: OnceLock<String> = OnceLock::new();
    PATH.get_or_init(|| format!("/style-{}.css", &digest(STYLE)[..12]))
}

/// The address of an asset by its name, which changes with what is in it.
///
/// # Panics
/// Where there is none of this name: names stand in the code.
pub(crate) fn asset(name: &str) -> String {
    static ADDRESSES: OnceLock<BTreeMap<&str, String>> = OnceLock::new();
    let addresses = ADDRESSES.get_or_init(|| {
        let all = MAP.into_iter().chain([OUTLINE, SUGGEST]);
        all.map(|(name, _, text)| (name, format!("/assets/{}/{name}", &digest(text)[..12]))).collect()
    });
    addresses.get(name).cloned().expect("assets are named as they are listed above")
}

/// The addresses of a map's stylesheets, and of its scripts.
pub(crate) fn map_assets() -> (Vec<String>, Vec<String>) {
    let of = |sort: &'static str| MAP.into_iter().filter(move |asset| asset.1 == sort).map(|asset| asset.0);
    (of(CSS).map(asset).collect(), of(SCRIPT).map(asset).collect())
}

async fn style() -> HttpResponse {
    kept(CSS, STYLE)
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
async fn robots(porch: web::Data<Porch>) -> HttpResponse {
    let closed = [
        "/connexion",
        "/inscription",
        "/mon-espace",
        "/mes-avis",
        "/recherche",
        "/reseau",
        "/reponses/",
        "/nouveau/",
        "/log/",
        "/mirror/",
    ];
    let lines: String = closed.iter().map(|path| format!("Disallow: {path}\n")).collect();
    HttpResponse::Ok()
        .content_type("text/plain; charset=utf-8")
        .body(format!("User-agent: *\n{lines}Sitemap: {}/sitemap.xml\n", porch.site.origin))
}
