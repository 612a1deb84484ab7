//! A node: opened from its folder, then running.

use crate::{Config, NodeError, index, keys, schedule};
use pes_changeset::Origin;
use pes_domain::Rules;
use pes_files::{Cabinet, Folder};
use pes_import::Workshop;
use pes_journal::founding::found;
use pes_journal::identity::NewKeys;
use pes_journal::renewal::{Renewed, renew as renew_in};
use pes_journal::signed_heads::SignedHeads;
use pes_journal::{Bell, Identity, Journal};
use pes_notify::{Crier, NotifyError, Post, Sender};
use pes_people::People;
use pes_search::Index;
use pes_store::nodes::Node;
use pes_store::tokens::LinkSecret;
use pes_store::transfer::MOVED;
use pes_store::{Database, Store, nodes, settings};
use pes_sync::client::Reach;
use pes_sync::introduction::WellKnown;
use pes_sync::{Client, Drive, Driving};
use pes_web::{Porch, Serving, Site, Tls};
use pes_words::Catalogue;
use std::fs::{File, TryLockError};
use std::net::TcpListener;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use time::UtcDateTime;
use tokio::task::JoinSet;

/// How often a node that cannot be reached from outside asks.
const POLL: Duration = Duration::from_secs(30);
/// How long the crier waits for new errands, and between tries when the mail server is away.
const CRIER_LOOKS: Duration = Duration::from_secs(20);

/// How often it is looked for uploaded files that nobody went on with.
const SWEPT: Duration = Duration::from_secs(3_600);

/// A node that is opened.
#[derive(Debug, Clone)]
pub struct House {
    /// Its settings.
    pub config: Config,
    /// Its journal.
    pub journal: Journal,
    /// Its people.
    pub people: People,
    links: LinkSecret,
    catalogue: Arc<Catalogue>,
    /// The way to other nodes.
    pub client: Client,
    /// The pictures and files of what is shown here.
    pub cabinet: Cabinet,
}

/// A node that runs; it stops when this is told to, or dropped.
#[derive(Debug)]
pub struct Running {
    /// The node.
    pub house: House,
    /// Its walks to other nodes.
    pub driving: Driving,
    index: Index,
    serving: Serving,
    _schedule: schedule::Schedule,
    _tasks: JoinSet<()>,
    _watch: File,
}

/// Takes the node for this program alone, until the file is closed: two at once would number the same change-sets.
///
/// # Errors
/// [`NodeError`] when another program has it.
pub fn occupy(config: &Config) -> Result<File, NodeError> {
    let busy = || format!("the node in {} runs already; stop it first", config.data.display());
    let path = config.data.join("pes.lock");
    let file = File::create(&path).map_err(|e| NodeError::file(&path, e))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(NodeError::Said(busy())),
        Err(TryLockError::Error(e)) => Err(NodeError::file(&path, e)),
    }
}

/// The code lists and communes, read once a process.
pub fn rules() -> Arc<Rules> {
    static RULES: OnceLock<Arc<Rules>> = OnceLock::new();
    RULES.get_or_init(|| Arc::new(pes_rdf::rules())).clone()
}

/// The rows of the node that the settings name, and what they say of it. An exchange of keys that was interrupted is ended.
fn own_node(config: &Config) -> Result<(Store, Node), NodeError> {
    let database = config.database()?;
    if !database.exists()? {
        return Err(match keys::found(&config.keys()) {
            Some(_) => lost(config, &database),
            None => NodeError::NoNode(place(&database)),
        });
    }
    let store = Store::open(database)?;
    if let Some(to) = store.read(|link| settings::get(link, MOVED))? {
        return Err(NodeError::Said(format!("the rows of this node were moved to {to}; set `database` to it")));
    }
    let own = store.read(nodes::all)?.into_iter().find(|node| node.is_own);
    let own = own.ok_or_else(|| NodeError::NoNode(place(store.database())))?;
    keys::settle(&config.keys(), &own.log_key)?;
    Ok((store, own))
}

/// The journal of a node whose keys are about to be exchanged for these, by its root key. Its log key or its transport key may be lost.
///
/// # Errors
/// [`NodeError::NoNode`], and whatever is wrong with keys or database.
pub fn open_for_exchange(config: &Config, new: &NewKeys) -> Result<Journal, NodeError> {
    let (store, own) = own_node(config)?;
    if !keys::is_mislaid(&config.keys()) {
        return Ok(House::open(config.clone())?.journal);
    }
    keys::mend(&config.keys())?;
    let journal = Journal::open_keyless(store, rules(), &own, new)?;
    Ok(journal.remembering(SignedHeads::at(config.keys().join("heads")))?)
}

/// Gives a node whose root and log key are lost other keys, and another node-id with them; all it has published is issued again.
///
/// # Errors
/// [`NodeError`]; where the node's own keys are there, nothing changes.
pub fn renew(config: &Config, keeps_root: bool) -> Result<(NewKeys, Renewed), NodeError> {
    let database = config.database()?;
    if !database.exists()? {
        return Err(NodeError::NoNode(place(&database)));
    }
    let _watch = occupy(config)?;
    let store = Store::open(database)?;
    let own = store.read(nodes::all)?.into_iter().find(|node| node.is_own);
    let own = own.ok_or_else(|| NodeError::NoNode(place(store.database())))?;
    keys::check_lost(&config.keys(), &own.log_key)?;
    let made = NewKeys::generate().map_err(|e| NodeError::Said(e.to_string()))?;
    keys::stage_all(&config.keys(), &made, keeps_root)?;
    let signed = SignedHeads::at(config.keys().join("heads"));
    match renew_in(store, rules(), (&made, Some(signed)), UtcDateTime::now()) {
        Ok(renewed) => {
            keys::settle(&config.keys(), &made.log.public())?;
            Ok((made, renewed))
        }
        Err(error) => {
            keys::unstage_all(&config.keys(), keeps_root)?;
            Err(error.into())
        }
    }
}

/// Makes the node of a network: its keys, its database, its first key event.
///
/// # Errors
/// [`NodeError`]; where there is a node already, nothing changes.
pub fn init(config: &Config, origin: &Origin, name: &str, keeps_root: bool) -> Result<NewKeys, NodeError> {
    let database = config.database()?;
    if database.exists()? {
        let place = place(&database);
        return Err(NodeError::Said(format!("there already is a node in {place}; nothing was changed")));
    }
    if keys::found(&config.keys()).is_some() {
        return Err(lost(config, &database));
    }
    // Password hashes lie in the database: the whole folder is its owner's alone.
    keys::private_folder(&config.data)?;
    let keys = NewKeys::generate().map_err(|e| NodeError::Said(e.to_string()))?;
    keys::write(&config.keys(), &keys, keeps_root)?;
    let founded = Store::open(database.clone()).map_err(NodeError::from);
    let founded = founded.and_then(|store| Ok(found(&store, (origin, name), &keys, UtcDateTime::now()).map(drop)?));
    // Keys without a node, or a file without one, would stand in the way of the next try.
    founded.inspect_err(|_| {
        keys::take_back(&config.keys());
        if let Database::File(path) = &database {
            drop(std::fs::remove_file(path));
        }
    })?;
    Ok(keys)
}

/// Where a database is, whatever folder one is in.
fn place(database: &Database) -> String {
    match database {
        Database::File(path) => std::path::absolute(path).unwrap_or_else(|_| path.clone()).display().to_string(),
        Database::Postgresql { .. } => database.to_string(),
    }
}

/// Keys without their database: with them another history would be signed, which every other node refuses.
fn lost(config: &Config, database: &Database) -> NodeError {
    let keys = std::path::absolute(config.keys()).unwrap_or_else(|_| config.keys());
    NodeError::Said(format!(
        "the keys of a node lie in {}, but its database {} is not there; restore the database from a backup, or, if that node is \
         gone for good, move the keys away and make another with `pes init`; nothing was changed",
        keys.display(),
        place(database)
    ))
}

impl House {
    /// Opens the node in the folder that the settings name.
    ///
    /// # Errors
    /// [`NodeError::NoNode`], and whatever is wrong with keys or database.
    pub fn open(config: Config) -> Result<Self, NodeError> {
        let (store, own) = own_node(&config)?;
        let keys = keys::read(&config.keys())?;
        let identity = Identity {
            node_id: own.id,
            origin: own.origin,
            name: own.name,
            log_key: keys.log,
            transport_key: keys.transport,
        };
        let client = Client::new(&identity, &reach(&config)?).map_err(|error| match config.extra_roots.is_empty() {
            true => NodeError::from(error),
            false => NodeError::Said(format!("a file of the setting `extra_roots` is no certificate in PEM: {error}")),
        })?;
        let origin = identity.origin.to_string();
        let signed = SignedHeads::at(config.keys().join("heads"));
        let journal = Journal::open_remembering(store.clone(), rules(), identity, signed)?;
        let cabinet = Cabinet::new(store.clone(), folder(&config)?);
        let people = People::new(store, origin, keys.links.clone());
        Ok(Self {
            config,
            journal,
            people,
            links: keys.links,
            catalogue: Arc::new(Catalogue::french()),
            client,
            cabinet,
        })
    }

    /// Starts the node at a socket that is already open: pages, walks, mails, schedule.
    ///
    /// # Errors
    /// [`NodeError`] when a setting cannot be used, or the node runs already.
    pub async fn start(self, socket: TcpListener) -> Result<Running, NodeError> {
        let origin = &self.journal.identity().origin;
        if !origin.is_https() && !self.config.allow_private_peers {
            let why = "other nodes ask by https only, and passwords would travel in clear; a demonstration sets \
                       allow_private_peers = true, any other node needs an https origin";
            return Err(NodeError::Origin { what: origin.to_string(), why: why.into() });
        }
        let watch = occupy(&self.config)?;
        prepare(self.journal.store().clone()).await;
        if self.config.allow_private_peers {
            tracing::warn!("private peers are allowed: other nodes may be asked by http and at private addresses");
        }
        let tls = self.config.tls_certificate.as_ref().zip(self.config.tls_key.as_ref());
        let tls = tls.map(|(certificate, key)| Tls::read(certificate, key)).transpose()?;
        let crier = self.crier()?.map(Arc::new);
        let (index, follower) = index::open(&self.config, self.journal.store())?;
        let porch = self.porch(index.clone())?;
        let workshop = porch.workshop().clone();
        let serving = pes_web::serve(porch, socket, tls)?;
        let drive = Drive::new(self.journal.clone(), self.people.clone(), self.client.clone());
        let drive = drive.with_files(self.cabinet.clone());
        let driving = drive.start((!self.config.reachable).then_some(POLL));
        let mut tasks = JoinSet::new();
        tasks.spawn(index::follow(follower, self.journal.clone()));
        tasks.spawn(know_declarations(self.journal.clone()));
        tasks.spawn(sweep(workshop));
        if let Some(crier) = &crier {
            tasks.spawn(cry(Arc::clone(crier), self.journal.clone()));
        }
        let schedule = schedule::keep(&self, crier, driving.reconciler()).await?;
        tracing::info!(origin = %self.journal.identity().origin, "the node runs");
        Ok(Running { house: self, driving, index, serving, _schedule: schedule, _tasks: tasks, _watch: watch })
    }

    /// Answers people and nodes at a socket, and does nothing by itself; lists stay empty.
    ///
    /// # Errors
    /// [`NodeError`].
    pub fn serve(&self, socket: TcpListener, tls: Option<Tls>) -> Result<Serving, NodeError> {
        Ok(pes_web::serve(self.porch(Index::in_memory(rules())?)?, socket, tls)?)
    }

    /// Joins the hub at this origin with an invitation's code.
    ///
    /// # Errors
    /// [`NodeError::Join`]; then nothing has changed here.
    pub async fn join(&self, hub: &Origin, code: &str) -> Result<WellKnown, NodeError> {
        Ok(pes_sync::join::join(&self.client, &self.journal, hub, code).await?)
    }

    fn porch(&self, index: Index) -> Result<Porch, NodeError> {
        let identity = self.journal.identity();
        let site = Site {
            origin: identity.origin.to_string(),
            name: identity.name.clone(),
            tagline: self.config.tagline.clone(),
            cookie: format!("pes-{}", &identity.node_id[..8]),
            data: self.config.data.clone(),
            root_key: Some(keys::root_file(&self.config.keys())),
            sends_mail: self.config.mail_server.is_some(),
            publish_after_days: self.config.publish_after_days,
            tiles: self.config.tiles(),
            trusted_proxies: self.config.trusted_proxies.clone(),
        };
        let words = (self.links.clone(), Arc::clone(&self.catalogue));
        let held = (index, self.cabinet.clone());
        Ok(Porch::new(site, self.journal.clone(), self.people.clone(), self.client.clone(), held, words)?)
    }

    /// Who writes the notices that are due; nobody where no mail server is set.
    ///
    /// # Errors
    /// [`NodeError`] for a mail server that cannot be one.
    pub fn crier(&self) -> Result<Option<Crier>, NodeError> {
        let Some(server) = &self.config.mail_server else {
            tracing::warn!("no mail server is set: notices are on the pages only");
            return Ok(None);
        };
        let identity = self.journal.identity();
        let sender = Sender {
            name: identity.name.clone(),
            address: self.config.mail_from.clone(),
            origin: identity.origin.to_string(),
        };
        let post = Post::to(server, sender, Arc::clone(&self.catalogue))?;
        let (store, links) = (self.journal.store().clone(), self.links.clone());
        Ok(Some(Crier::new(store, rules(), Arc::clone(&self.catalogue), links, post)))
    }
}

impl Running {
    /// Whether lists and searches tell all that the database holds by now.
    ///
    /// # Errors
    /// [`NodeError`] when it cannot be read.
    pub fn is_level(&self) -> Result<bool, NodeError> {
        Ok(pes_search::is_level(&self.index, self.house.journal.store())?)
    }

    /// Stops: requests under way end, walks and mails resume from their rows at the next start.
    pub async fn stop(self) {
        self.serving.stop().await;
    }

    /// Stops at once, as a power cut does.
    pub async fn halt(self) {
        self.serving.halt().await;
    }
}

/// Where pictures and files lie; pictures alone lay in a folder of their own once.
fn folder(config: &Config) -> Result<Folder, NodeError> {
    let now = config.data.join("files");
    Folder::moved(&config.data.join("pictures"), now.clone()).map_err(|error| NodeError::file(&now, error))
}

fn reach(config: &Config) -> Result<Reach, NodeError> {
    let read = |file: &std::path::PathBuf| {
        std::fs::read(file)
            .map_err(|e| NodeError::file(file, format!("{e} (it is named by the setting `extra_roots`)")))
    };
    let extra_roots = config.extra_roots.iter().map(read).collect::<Result<_, _>>()?;
    Ok(Reach { private_peers: config.allow_private_peers, extra_roots })
}

/// Readies the database for what will be written. What keeps it from that keeps nobody from serving.
async fn prepare(store: Store) {
    if let Ok(Err(error)) = tokio::task::spawn_blocking(move || store.prepare()).await {
        tracing::warn!(%error, "the write-ahead log could not be emptied; it is tried again in a minute");
    }
}

/// Delivers what is due, whenever something may be.
async fn cry(crier: Arc<Crier>, journal: Journal) {
    let mut bell = journal.store().bell(Bell::Errands);
    loop {
        bell.mark_unchanged();
        let crier = Arc::clone(&crier);
        let delivered = tokio::task::spawn_blocking(move || crier.deliver(UtcDateTime::now())).await;
        match delivered {
            Ok(Ok(_)) => drop(tokio::time::timeout(CRIER_LOOKS, bell.changed()).await),
            Ok(Err(error)) => {
                complain(&error);
                tokio::time::sleep(CRIER_LOOKS).await;
            }
            Err(error) => {
                tracing::error!(%error, "the crier was interrupted; it goes on");
                tokio::time::sleep(CRIER_LOOKS).await;
            }
        }
    }
}

/// Takes away uploaded files that nobody went on with.
async fn sweep(workshop: Workshop) {
    loop {
        tokio::time::sleep(SWEPT).await;
        let workshop = workshop.clone();
        if let Err(error) = tokio::task::spawn_blocking(move || workshop.sweep(UtcDateTime::now())).await {
            tracing::error!(%error, "sweeping was interrupted; it goes on");
        }
    }
}

pub(crate) fn complain(error: &NotifyError) {
    tracing::warn!(%error, "mails wait");
}

/// Whom demands concern is asked in memory from the first demand on.
async fn know_declarations(journal: Journal) {
    match tokio::task::spawn_blocking(move || journal.know_declarations()).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(%error, "what structures declared is not in memory yet; it is tried again"),
        Err(error) => tracing::error!(%error, "whoever reads what structures declared was interrupted"),
    }
}
