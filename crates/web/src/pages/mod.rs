//! The pages. Each handler is a sentence: extract, one call, answer.

mod account;
mod animator;
mod answer;
mod choices;
mod edit;
mod federation;
mod home;
mod leaving;
mod lists;
mod record;
mod requests;
mod saving;
mod space;
mod style;

use crate::answered::Answered;
use crate::failure::Failure;
use crate::porch::Porch;
use crate::views::with_back;
use crate::visit::Visit;
use actix_web::http::header;
use actix_web::web;
use pes_domain::{Kind, RecordIri};
use serde::Serialize;
use serde_json::json;

pub(crate) use record::show as show_record;

pub(crate) fn configure(app: &mut web::ServiceConfig) {
    home::configure(app);
    style::configure(app);
    lists::configure(app);
    account::configure(app);
    space::configure(app);
    animator::configure(app);
    federation::configure(app);
    choices::configure(app);
    leaving::configure(app);
    requests::configure(app);
    edit::configure(app);
    answer::configure(app);
    record::configure(app);
}

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
}

impl Leaf {
    pub(crate) fn new(template: &'static str, title: &str) -> Self {
        Self { template, title: title.to_owned(), canonical: None, description: String::new(), back: String::new() }
    }

    pub(crate) fn canonical(self, address: String) -> Self {
        Self { canonical: Some(address), ..self }
    }

    pub(crate) fn described(self, description: String) -> Self {
        Self { description, ..self }
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
                "is_home": visit.path == "/",
                "sign_in": with_back("/connexion", &self.back), "sign_up": with_back("/inscription", &self.back),
            },
            "view": view,
        });
        let html = porch.words.render(self.template, &data)?;
        let answered = Answered::document("text/html; charset=utf-8", html)
            // What one sees depends on who one is.
            .header(header::CACHE_CONTROL, "private, no-cache")
            .header(header::VARY, "Cookie, Accept");
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

/// The parts of a record's path.
#[derive(Debug, Clone, serde::Deserialize)]
pub(crate) struct RecordPath {
    /// The host of its home, where that is another.
    pub(crate) host: Option<String>,
    pub(crate) kind: String,
    pub(crate) uuid: String,
}

/// The words of the address for each kind.
pub(crate) const SLUGS: [(Kind, &str); 6] = [
    (Kind::Structure, "structure"),
    (Kind::Exchange, "annonce"),
    (Kind::Job, "emploi"),
    (Kind::Call, "appel"),
    (Kind::Person, "personne"),
    (Kind::Membership, "engagement"),
];

/// The kind that a word of an address names.
pub(crate) fn kind_named(slug: &str) -> Result<Kind, Failure> {
    SLUGS.into_iter().find(|(_, name)| *name == slug).map(|(kind, _)| kind).ok_or(Failure::Absent)
}
