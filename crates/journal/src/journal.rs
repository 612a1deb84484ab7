//! The door itself: what it needs to know in order to open or stay shut.

use crate::bearers::Bearers;
use crate::declarations::Declarations;
use crate::doubt::Doubts;
use crate::identity::NewKeys;
use crate::signed_heads::{SignedHeads, Unwritten};
use crate::{Identity, JournalError, epochs};
use pes_changeset::{ChangeSet, Channel, KeyHistory};
use pes_domain::Rules;
use pes_store::nodes::Node;
use pes_store::{Bell, Link, Store, logs, nodes};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// A handle to the journal of one node. Cloning it is shallow.
#[derive(Debug, Clone)]
pub struct Journal {
    pub(crate) store: Store,
    pub(crate) rules: Arc<Rules>,
    pub(crate) identity: Arc<Identity>,
    /// What was signed, outside the database.
    pub(crate) signed: Option<Arc<SignedHeads>>,
    /// Why nothing may be signed yet.
    pub(crate) doubts: Arc<Doubts>,
    pub(crate) turn: Arc<Mutex<()>>,
    /// What was signed a moment ago and is not in the file yet.
    pub(crate) unwritten: Arc<Unwritten>,
    /// The key histories of nodes, each with the number of key events it was made of.
    pub(crate) histories: Arc<Mutex<HashMap<String, (u64, KeyHistory)>>>,
    pub(crate) bearers: Arc<Bearers>,
    pub(crate) declarations: Arc<Declarations>,
}

impl Journal {
    /// Opens the journal of a node that was founded ([`crate::founding`]) with these keys.
    ///
    /// # Errors
    /// [`JournalError::Founding`] when the database is another node's, or the keys are not those it declared.
    pub fn open(store: Store, rules: Arc<Rules>, identity: Identity) -> Result<Self, JournalError> {
        let journal = Self::closed(store, rules, identity);
        match journal.has_its_keys()? {
            true => Ok(journal),
            false => Err(journal.has_other_keys()),
        }
    }

    /// The same with the file of the heads it signed. Where that says that key events were signed which the database, from a backup, does not know
    /// of, or is gone, the keys may be those that they declare: nothing is signed before they are fetched back.
    ///
    /// # Errors
    /// As [`Journal::open`] and [`Journal::remembering`].
    pub fn open_remembering(
        store: Store,
        rules: Arc<Rules>,
        identity: Identity,
        signed: SignedHeads,
    ) -> Result<Self, JournalError> {
        let journal = Self::closed(store, rules, identity);
        let has_its_keys = journal.has_its_keys()?;
        let journal = if has_its_keys { journal.remembering(signed)? } else { journal.doubting_by(signed)? };
        match has_its_keys || journal.has_forgotten() || journal.misses_key_events()? {
            true => Ok(journal),
            false => Err(journal.has_other_keys()),
        }
    }

    /// Whether the database says that the keys in the hand are this node's. Where it does not, others may not know them either.
    ///
    /// # Errors
    /// [`JournalError::Store`], [`JournalError::Founding`].
    pub fn has_its_keys(&self) -> Result<bool, JournalError> {
        let own = self.store.read(|link| nodes::find(link, &self.identity.node_id))?;
        let own = own.filter(|node| node.is_own).ok_or_else(|| {
            JournalError::Founding("this database is not that of this node; was `pes init` run for it?".into())
        })?;
        let (log, transport) = (self.identity.log_key.public(), self.identity.transport_key.public());
        Ok(own.log_key == log && own.transport_key == transport)
    }

    fn has_other_keys(&self) -> JournalError {
        let origin = &self.identity.origin;
        let why =
            format!("the keys in the key folder are not those that {origin} declared; put the right folder in place");
        JournalError::Founding(why)
    }

    /// The journal of a node that has lost its log or its transport key, to [exchange](Journal::exchange_keys) them for these. Nothing
    /// else it would sign counts for anybody.
    ///
    /// # Errors
    /// [`JournalError::Founding`] when the database is not that of this node.
    pub fn open_keyless(store: Store, rules: Arc<Rules>, own: &Node, keys: &NewKeys) -> Result<Self, JournalError> {
        if !own.is_own {
            return Err(JournalError::Founding(format!("the node at {} is not that of this database", own.origin)));
        }
        let identity = Identity {
            node_id: own.id.clone(),
            origin: own.origin.clone(),
            name: own.name.clone(),
            log_key: keys.log.clone(),
            transport_key: keys.transport.clone(),
        };
        Ok(Self::closed(store, rules, identity))
    }

    /// A journal of whatever identity is said; for a node whose keys are about to be declared.
    pub(crate) fn closed(store: Store, rules: Arc<Rules>, identity: Identity) -> Self {
        Self {
            store,
            rules,
            identity: Arc::new(identity),
            signed: None,
            doubts: Arc::default(),
            turn: Arc::default(),
            unwritten: Arc::default(),
            histories: Arc::default(),
            bearers: Arc::default(),
            declarations: Arc::default(),
        }
    }

    /// Wakes those who carry change-sets, those who deliver notices, and those who keep what readers see: in the order in which somebody waits for them.
    pub(crate) fn ring(&self) {
        self.store.ring(Bell::Entries);
        self.store.ring(Bell::Errands);
        self.store.ring(Bell::Shown);
    }

    /// Wakes all, those too who see to members.
    pub(crate) fn ring_all(&self) {
        self.ring();
        self.store.ring(Bell::Members);
    }

    /// Who this node is.
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// The database, for reading.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The code lists and communes.
    pub fn rules(&self) -> &Arc<Rules> {
        &self.rules
    }

    /// The keys of a node by its key events that are held here, and how many those are.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn keys_of(&self, node: &Node) -> Result<(KeyHistory, u64), JournalError> {
        self.store.read(|link| self.keys_within(link, node))
    }

    /// As [`Journal::keys_of`], within a view.
    pub(crate) fn keys_within(&self, link: &mut Link, node: &Node) -> Result<(KeyHistory, u64), JournalError> {
        let size = logs::find(link, &node.id, Channel::Keys, 1)?.map_or(0, |log| log.size());
        let known = self.histories.lock().unwrap_or_else(PoisonError::into_inner).get(&node.id).cloned();
        if let Some((_, history)) = known.filter(|(of, _)| *of == size && size > 0) {
            return Ok((history, size));
        }
        let (history, count) = epochs::counted_history(link, node)?;
        let mut all = self.histories.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(node.id.clone(), (count, history.clone()));
        Ok((history, count))
    }

    /// The first key event of a node that is held here.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn genesis(&self, node_id: &str) -> Result<Option<ChangeSet>, JournalError> {
        self.store.read(|link| Ok(epochs::key_events(link, node_id)?.into_iter().next()))
    }
}
