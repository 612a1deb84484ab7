//! What every answer needs: the journal, the people, the words, the settings of the site.

use crate::failure::Failure;
use crate::guard::{self, Limits};
use crate::shelf::short;
use crate::window::Window;
use actix_web::web;
use pes_domain::Rules;
use pes_files::Cabinet;
use pes_import::Workshop;
use pes_journal::Journal;
use pes_people::People;
use pes_search::{Index, Twins};
use pes_store::Store;
use pes_store::tokens::LinkSecret;
use pes_sync::{Client, Desk};
use pes_words::engine::Escape;
use pes_words::{Catalogue, Engine, WordsError};
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The site's settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// The origin, set once when the node was made.
    pub origin: String,
    /// The network's name.
    pub name: String,
    /// One sentence about the network, for its home page.
    pub tagline: String,
    /// What tells this node's cookies from those of another on the same host.
    pub cookie: String,
    /// The node's folder, in which files lie that were uploaded.
    pub data: PathBuf,
    /// The root key's file, where it still lies on this machine: animators are asked to take it away.
    pub root_key: Option<PathBuf>,
    /// Whether mails go out. Where none does, nothing that needs one is offered or promised.
    pub sends_mail: bool,
    /// After how many days what somebody proposed is published by itself; 0 never.
    pub publish_after_days: u32,
    /// Where maps get their tiles, where an operator has some.
    pub tiles: Option<Tiles>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
}

/// Tiles for maps: their pictures are asked of this address by visitors' browsers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tiles {
    /// The address, with `{z}`, `{x}` and `{y}`.
    pub url: String,
    /// Who is to be named.
    pub attribution: String,
}

impl Tiles {
    /// Whether browsers can be told to get tiles there, and only there.
    pub fn is_usable(&self) -> bool {
        let has_place = ["{z}", "{x}", "{y}"].iter().all(|gap| self.url.contains(gap));
        has_place && guard::policy_with_tiles(self).is_some()
    }
}

/// The porch of one node. Cloning it is shallow.
#[derive(Debug, Clone)]
pub struct Porch {
    /// The settings.
    pub site: Arc<Site>,
    pub(crate) journal: Journal,
    pub(crate) people: People,
    pub(crate) desk: Desk,
    pub(crate) client: Client,
    pub(crate) index: Index,
    /// Structures that may be one, for those who look into it.
    pub(crate) twins: Twins,
    pub(crate) cabinet: Cabinet,
    pub(crate) links: LinkSecret,
    pub(crate) words: Arc<Engine>,
    pub(crate) limits: Arc<Limits>,
    pub(crate) window: Arc<Window>,
    pub(crate) workshop: Workshop,
    turn: Arc<Mutex<()>>,
}

impl Porch {
    /// The porch of the node with this journal, these people, this way out, an index that somebody keeps at what the journal holds, and the files
    /// that somebody fetches and tidies.
    ///
    /// # Errors
    /// [`WordsError`] when a template is broken.
    pub fn new(
        site: Site,
        journal: Journal,
        people: People,
        client: Client,
        (index, cabinet): (Index, Cabinet),
        (links, catalogue): (LinkSecret, Arc<Catalogue>),
    ) -> Result<Self, WordsError> {
        let workshop = Workshop::of(&site.data, journal.clone());
        Ok(Self {
            site: Arc::new(site),
            desk: Desk::new(journal.clone(), people.clone()),
            twins: Twins::new(journal.store().clone(), Arc::clone(journal.rules())),
            journal,
            people,
            client,
            index,
            cabinet,
            links,
            words: Arc::new(Engine::new(crate::views::TEMPLATES, Escape::Html, catalogue)?),
            limits: Arc::default(),
            window: Arc::default(),
            workshop,
            turn: Arc::default(),
        })
    }

    /// Where files are imported that animators upload.
    pub fn workshop(&self) -> &Workshop {
        &self.workshop
    }

    /// Whether pages go out by https, so that cookies may be for https only.
    pub(crate) fn is_secure(&self) -> bool {
        self.site.origin.starts_with("https://")
    }

    pub(crate) fn store(&self) -> &Store {
        self.journal.store()
    }

    pub(crate) fn rules(&self) -> &Rules {
        self.journal.rules()
    }

    /// The networks that are known here, by origin, each with its name.
    pub(crate) fn networks(&self) -> Vec<(String, String)> {
        let nodes = self.store().read(pes_store::nodes::all).unwrap_or_default();
        nodes.iter().map(|node| (node.origin.to_string(), short(&node.name))).collect()
    }

    pub(crate) fn say(&self, name: &str) -> String {
        self.words.catalogue().say(name)
    }

    /// The turn to change a record that stands: who looks at its version and then saves does both before the next one looks.
    pub(crate) fn turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does database work off the threads that serve sockets.
    pub(crate) async fn off<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let porch = self.clone();
        web::block(move || work(&porch)).await.map_err(|e| Failure::Inner(e.to_string()))?
    }
}
