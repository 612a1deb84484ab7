//! The pages. Each handler is a sentence: extract, one call, answer.

mod accord;
mod account;
mod agenda;
mod alike;
mod animator;
mod answer;
mod booklet;
mod campaign;
mod choices;
mod claims;
mod confided;
mod doubles;
mod edit;
mod federation;
mod files;
mod home;
mod importing;
mod leaving;
pub(crate) mod lists;
mod meant;
mod members;
mod moderation;
mod moving;
pub(crate) mod points;
mod record;
mod reports;
mod requests;
mod roster;
mod saving;
mod sitemap;
mod space;
pub(crate) mod style;
pub(crate) mod tags;
pub(crate) mod territory;
pub(crate) mod upload;

use crate::answered::Answered;
use crate::failure::Failure;
use crate::guard;
use crate::porch::Porch;
use crate::views::{Pictured, with_back};
use crate::visit::Visit;
use actix_web::http::header;
use actix_web::web;
use pes_domain::{Kind, RecordIri};
use pes_words::dates::day_of;
use serde::Serialize;
use serde_json::json;

pub(crate) use points::meant_as;
pub(crate) use record::show as show_record;
pub(crate) use style::asset;

pub(crate) fn configure(app: &mut web::ServiceConfig) {
    home::configure(app);
    style::configure(app);
    points::configure(app);
    sitemap::configure(app);
    territory::configure(app);
    lists::configure(app);
    booklet::configure(app);
    agenda::configure(app);
    accord::configure(app);
    account::configure(app);
    space::configure(app);
    animator::configure(app);
    moderation::configure(app);
    roster::configure(app);
    reports::configure(app);
    federation::configure(app);
    choices::configure(app);
    tags::configure(app);
    doubles::configure(app);
    leaving::configure(app);
    moving::configure(app);
    requests::configure(app);
    claims::configure(app);
    campaign::configure(app);
    importing::configure(app);
    members::configure(app);
    edit::configure(app);
    answer::configure(app);
    record::configure(app);
    files::configure(app);
}

/// Where the team chooses what the home page shows of the other networks.
pub(crate) const FRONT_PAGE: &str = "/reseau/accueil";

/// What is at no address.
pub(crate) async fn nothing_here() -> Result<Answered, Failure> {
    Err(Failure::Absent)
}

/// A page: its template, its title, and what its head says.
#[derive(Debug, Clone)]
pub(crate) struct Leaf {
    template: &'static str,
    title: String,
    /// The address search engines shall keep; none for pages that are nobody else's.
    canonical: Option<String>,
    description: String,
    /// Where one goes after signing in from here; nowhere in particular from most pages.
    back: String,
    /// What programs that tell of the page show of it.
    picture: Option<Pictured>,
    /// Whether there is a map on it.
    is_mapped: bool,
    /// The same for other programs.
    feeds: Vec<FeedLink>,
    /// Where it is found, for who reads it on paper; nowhere for pages that nobody prints.
    printed: Option<String>,
}

/// A part of the site, in its header or below.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Place {
    url: &'static str,
    label: String,
    is_here: bool,
}

/// The parts that the header leads to, and those that the foot does.
const MAIN: [(&str, &str); 6] = [
    ("/structures", "nav-structures"),
    ("/annonces", "nav-exchanges"),
    ("/agenda", "nav-agenda"),
    ("/actualites", "nav-articles"),
    ("/emplois", "nav-jobs"),
    ("/appels", "nav-calls"),
];
const MORE: [(&str, &str); 2] = [("/produits", "nav-products"), ("/ressources", "nav-documents")];

/// Where a list is given to other programs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct FeedLink {
    pub(crate) title: String,
    pub(crate) media_type: &'static str,
    pub(crate) href: String,
}

impl Leaf {
    pub(crate) fn new(template: &'static str, title: &str) -> Self {
        let (title, description, back) = (title.to_owned(), String::new(), String::new());
        let (canonical, picture, feeds, printed) = (None, None, Vec::new(), None);
        Self { template, title, canonical, description, back, picture, is_mapped: false, feeds, printed }
    }

    pub(crate) fn canonical(self, address: String) -> Self {
        Self { canonical: Some(address), ..self }
    }

    pub(crate) fn described(self, description: String) -> Self {
        Self { description, ..self }
    }

    pub(crate) fn fed(self, feeds: Vec<FeedLink>) -> Self {
        Self { feeds, ..self }
    }

    pub(crate) fn printed(self, address: String) -> Self {
        Self { printed: Some(address), ..self }
    }

    pub(crate) fn mapped(self) -> Self {
        Self { is_mapped: true, ..self }
    }

    pub(crate) fn pictured(self, picture: Option<Pictured>) -> Self {
        Self { picture, ..self }
    }

    pub(crate) fn back(self, path: &str) -> Self {
        Self { back: path.to_owned(), ..self }
    }

    /// The page, filled in and dressed in the site's layout.
    ///
    /// # Errors
    /// [`Failure::Inner`] when a template is broken.
    pub(crate) fn page(self, porch: &Porch, visit: &Visit, view: &impl Serialize) -> Result<Answered, Failure> {
        let viewer = visit.viewer.as_ref();
        let (styles, scripts) = if self.is_mapped { style::map_assets() } else { Default::default() };
        let here = visit.path.split('?').next().unwrap_or_default();
        let places = |all: &[(&'static str, &str)]| -> Vec<Place> {
            let place = |(url, key): &(&'static str, &str)| Place { url, label: porch.say(key), is_here: *url == here };
            all.iter().map(place).collect()
        };
        let printed = self.printed.map(|address| json!({ "address": address, "day": day_of(visit.now) }));
        let data = json!({
            "site": {
                "name": porch.site.name, "tagline": porch.site.tagline, "origin": porch.site.origin, "style": style::path(),
            },
            "me": {
                "is_signed_in": viewer.is_some(),
                "name": viewer.map(|viewer| viewer.account.name.clone()).unwrap_or_default(),
                "is_animator": viewer.is_some_and(pes_people::Viewer::is_animator),
                "unread": visit.unread,
            },
            "page": {
                "title": self.title, "canonical": self.canonical, "description": self.description, "csrf": visit.csrf,
                "styles": styles, "scripts": scripts, "feeds": self.feeds, "picture": self.picture, "suggest": asset("suggest.js"),
                "main": places(&MAIN), "more": places(&MORE), "printed": printed, "is_notices": here == "/mes-avis",
                "is_space": here == "/mon-espace", "is_network": here == "/reseau",
                "is_home": visit.path == "/", "is_search": visit.path.starts_with("/recherche"),
                "sign_in": with_back("/connexion", &self.back), "sign_up": with_back("/inscription", &self.back),
            },
            "view": view,
        });
        let html = porch.words.render(self.template, &data)?;
        let answered = Answered::document("text/html; charset=utf-8", html)
            // What one sees depends on who one is.
            .header(header::CACHE_CONTROL, "private, no-cache")
            .header(header::VARY, "Cookie, Accept");
        let policy = self.is_mapped.then(|| porch.site.tiles.as_ref()).flatten().and_then(guard::policy_with_tiles);
        let answered = match policy {
            Some(policy) => answered.header(header::CONTENT_SECURITY_POLICY, policy),
            None => answered,
        };
        Ok(match &visit.new_cookie {
            Some(cookie) => answered.cookie(cookie.clone()),
            None => answered,
        })
    }
}

/// The record of this node that a path names.
pub(crate) fn own_iri(porch: &Porch, (kind, uuid): (&str, &str)) -> Result<RecordIri, Failure> {
    RecordIri::read(&format!("{}/id/{kind}/{uuid}", porch.site.origin)).ok_or(Failure::Absent)
}

/// The record that a path names, here or elsewhere.
pub(crate) fn iri_of(porch: &Porch, path: &RecordPath) -> Result<RecordIri, Failure> {
    let Some(host) = &path.host else { return own_iri(porch, (&path.kind, &path.uuid)) };
    let nodes = porch.store().read(pes_store::nodes::all)?;
    let node = nodes.iter().find(|node| node.origin.host_port() == host).ok_or(Failure::Absent)?;
    RecordIri::read(&format!("{}/id/{}/{}", node.origin, path.kind, path.uuid)).ok_or(Failure::Absent)
}

/// The record whose page's address somebody copied: its name, or where this site shows it.
pub(crate) fn iri_at(porch: &Porch, address: &str) -> Option<RecordIri> {
    let address = address.trim().split(['?', '#']).next()?;
    let here = address.strip_prefix(&porch.site.origin).and_then(|path| path.strip_prefix("/chez/"));
    let Some(path) = here else { return RecordIri::read(address) };
    let mut parts = path.split('/').map(str::to_owned);
    let path = RecordPath { host: parts.next(), kind: parts.next()?, uuid: parts.next()? };
    iri_of(porch, &path).ok()
}

/// The parts of a record's path.
#[derive(Debug, Clone, serde::Deserialize)]
pub(crate) struct RecordPath {
    /// The host of its home, where that is another.
    pub(crate) host: Option<String>,
    pub(crate) kind: String,
    pub(crate) uuid: String,
}

/// The words of the address for each kind.
pub(crate) const SLUGS: [(Kind, &str); 11] = [
    (Kind::Structure, "structure"),
    (Kind::Exchange, "annonce"),
    (Kind::Job, "emploi"),
    (Kind::Call, "appel"),
    (Kind::Event, "evenement"),
    (Kind::Article, "actualite"),
    (Kind::Product, "produit"),
    (Kind::Document, "ressource"),
    (Kind::Relation, "lien"),
    (Kind::Person, "personne"),
    (Kind::Membership, "engagement"),
];

/// The kind that a word of an address names.
pub(crate) fn kind_named(slug: &str) -> Result<Kind, Failure> {
    SLUGS.into_iter().find(|(_, name)| *name == slug).map(|(kind, _)| kind).ok_or(Failure::Absent)
}
