//! Several nodes in one process, each with its folder, its keys and its port.

use crate::commands::listen;
use crate::demo::catcher::Smtp;
use crate::house::{self, House, Running};
use crate::{Config, NodeError};
use pes_changeset::Origin;
use pes_store::Database;
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::time::Duration;
use time::UtcDateTime;

/// How soon what a node had begun has ended after it stopped, at the latest.
const CLOSES: Duration = Duration::from_secs(60);
/// How often it is looked whether it has.
const LOOK: Duration = Duration::from_millis(10);

/// What chooses the ports of a village.
pub(crate) const PORT: &str = "--port";

/// A node of the village: opened, and running or not.
#[derive(Debug)]
struct Place {
    config: Config,
    origin: Origin,
    /// Held from the beginning, so that nobody else takes the port.
    socket: Option<TcpListener>,
    house: House,
    running: Option<Running>,
}

/// Where the nodes of a village are reached.
#[derive(Debug, Clone)]
pub enum Ports {
    /// At this port and those after it.
    From(u16),
    /// At whatever ports are free.
    Free,
    /// At these ports, where somebody else listens and passes on to them.
    Behind(Vec<u16>),
}

/// Nodes that know each other through a hub: the first one.
#[derive(Debug)]
pub struct Village {
    hub: String,
    places: BTreeMap<String, Place>,
}

impl Village {
    /// Makes nodes by name, title and tagline, each with a file of its own, or a schema of its own where `database` is a PostgreSQL.
    ///
    /// # Errors
    /// [`NodeError`], also when a port is taken.
    pub async fn build(
        folder: &Path,
        nodes: &[(&str, &str, &str)],
        (ports, database): (&Ports, &Database),
        smtp: Option<Smtp>,
    ) -> Result<Self, NodeError> {
        let mut places = BTreeMap::new();
        for ((name, title, tagline), at) in nodes.iter().zip(0_u16..) {
            let port = if let Ports::From(first) = ports { first + at } else { 0 };
            let socket = listen(SocketAddr::from((Ipv4Addr::LOCALHOST, port)), PORT)?;
            let listens = socket.local_addr().map_err(|e| NodeError::Said(e.to_string()))?;
            let front = match ports {
                Ports::Behind(fronts) => fronts.get(usize::from(at)).copied(),
                Ports::From(_) | Ports::Free => None,
            };
            let what = format!("http://localhost:{}", front.unwrap_or(listens.port()));
            let why = |e: pes_changeset::Fault| NodeError::Origin { what: what.clone(), why: e.to_string() };
            let origin: Origin = what.parse().map_err(why)?;
            let config = Config {
                data: folder.join(name),
                database: database.beside(name).address(),
                listen: listens,
                tagline: (*tagline).to_owned(),
                mail_server: smtp.as_ref().map(Smtp::url),
                mail_from: format!("ne-pas-repondre@{name}.example"),
                allow_private_peers: true,
                ..Config::default()
            };
            house::init(&config, &origin, title, true)?;
            let house = House::open(config.clone())?;
            places.insert((*name).to_owned(), Place { config, origin, socket: Some(socket), house, running: None });
        }
        Ok(Self { hub: nodes.first().map_or_else(String::new, |(name, ..)| (*name).to_owned()), places })
    }

    /// The names of all nodes.
    pub fn names(&self) -> Vec<String> {
        self.places.keys().cloned().collect()
    }

    /// A node, whether it runs or not.
    ///
    /// # Panics
    /// Where there is no such node: names are given by the demonstration's or test's own code.
    pub fn house(&self, name: &str) -> &House {
        &self.place(name).house
    }

    /// Whether the lists of all nodes that run tell what they hold.
    ///
    /// # Errors
    /// [`NodeError`] when that cannot be read.
    pub fn is_level(&self) -> Result<bool, NodeError> {
        let mut running = self.places.values().filter_map(|place| place.running.as_ref());
        running.try_fold(true, |is_level, one| Ok(is_level && one.is_level()?))
    }

    /// A node's origin.
    pub fn origin(&self, name: &str) -> &Origin {
        &self.place(name).origin
    }

    /// Where a node listens, whatever its origin is.
    pub fn listens(&self, name: &str) -> SocketAddr {
        self.place(name).config.listen
    }

    /// A node's folder.
    pub fn folder(&self, name: &str) -> &Path {
        &self.place(name).config.data
    }

    fn place(&self, name: &str) -> &Place {
        self.places.get(name).expect("the village has a node of every name it is asked for")
    }

    /// Says when what is kept goes out in one mail; it holds from the next start of each node.
    pub fn fold_mails_at(&mut self, at: &str) {
        self.places.values_mut().for_each(|place| place.config.fold_mails_at = at.to_owned());
    }

    /// Starts a node.
    ///
    /// # Errors
    /// [`NodeError`], also when its port was taken meanwhile.
    pub async fn start(&mut self, name: &str) -> Result<(), NodeError> {
        let Some(place) = self.places.get_mut(name).filter(|place| place.running.is_none()) else { return Ok(()) };
        let socket = match place.socket.take() {
            Some(socket) => socket,
            None => listen(place.config.listen, PORT)?,
        };
        place.house = House::open(place.config.clone())?;
        place.running = Some(place.house.clone().start(socket).await?);
        Ok(())
    }

    /// Starts all nodes.
    ///
    /// # Errors
    /// As [`Village::start`].
    pub async fn start_all(&mut self) -> Result<(), NodeError> {
        for name in self.names() {
            self.start(&name).await?;
        }
        Ok(())
    }

    /// Stops a node at once, as a power cut does.
    pub async fn halt(&mut self, name: &str) {
        if let Some(running) = self.places.get_mut(name).and_then(|place| place.running.take()) {
            running.halt().await;
        }
    }

    /// Does something to the data of a node that does not run, while nobody has them open: as an operator does who restores a backup. What was begun before
    /// the node stopped ends first, as it does where a program ends.
    ///
    /// # Errors
    /// [`NodeError`] when somebody keeps the data open, or the node cannot be opened afterwards.
    pub async fn while_closed(&mut self, name: &str, work: impl FnOnce(&Config)) -> Result<(), NodeError> {
        let Some(Place { config, origin, socket, house, running: None }) = self.places.remove(name) else {
            return Err(NodeError::Said(format!("{name} runs, or is none of the village")));
        };
        let store = house.journal.store().clone();
        drop(house);
        let closed = async {
            while store.is_shared() {
                tokio::time::sleep(LOOK).await;
            }
        };
        let kept_open = |_| NodeError::Said(format!("somebody keeps the data of {name} open"));
        tokio::time::timeout(CLOSES, closed).await.map_err(kept_open)?;
        drop(store);
        work(&config);
        let house = House::open(config.clone())?;
        self.places.insert(name.to_owned(), Place { config, origin, socket, house, running: None });
        Ok(())
    }

    /// Stops all nodes; what is under way ends.
    pub async fn stop(mut self) {
        for place in self.places.values_mut() {
            if let Some(running) = place.running.take() {
                running.stop().await;
            }
        }
    }

    /// All nodes join the hub, by invitation.
    ///
    /// # Errors
    /// [`NodeError::Join`].
    pub async fn join_all(&self) -> Result<(), NodeError> {
        for name in self.names().iter().filter(|name| **name != self.hub) {
            self.join(name).await?;
        }
        Ok(())
    }

    /// A node joins the hub.
    ///
    /// # Errors
    /// [`NodeError::Join`].
    pub async fn join(&self, name: &str) -> Result<(), NodeError> {
        let (hub, place) = (self.place(&self.hub), self.place(name));
        let code = hub.house.journal.invite(name, UtcDateTime::now())?;
        place.house.join(&hub.origin, &code).await.map(drop)
    }
}
