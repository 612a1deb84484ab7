//! Answers what other nodes ask. It knows no socket: whoever keeps one hands it each request as it came, and gives back its reply.

use crate::introduction::WellKnown;
use crate::pull::HeadEntry;
use pes_changeset::bundle::Place;
use pes_changeset::request::Claim;
pub use pes_changeset::request::RequestSignature;
use pes_changeset::{Channel, Fault, json_ld, limits};
use pes_journal::peers::{Node, Peer, PeerRole};
use pes_journal::supply::Named;
use pes_journal::{Journal, JournalError};
use pes_people::People;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use time::UtcDateTime;

mod intake;
mod reply;

pub use intake::JoinRequest;
pub use reply::{Reply, problem};

/// The most bytes of a request's body: a batch, and its checkpoint's frame.
pub const BODY: usize = limits::BATCH + 64 * 1024;

/// The most bytes of a short body: a request to join.
const SHORT_BODY: usize = 64 * 1024;

/// How many seconds no body is read after there was no room for one.
const CLOSED: u32 = 30;

/// A request, as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// `GET` or `POST`.
    pub method: String,
    /// The path behind the origin, with its slash, as it was sent.
    pub path: String,
    /// `Accept`, where there is one.
    pub accept: String,
    /// The three fields of a signed request.
    pub signature: Option<RequestSignature>,
    /// The body.
    pub body: Vec<u8>,
}

/// Who asks.
#[derive(Debug, Clone, PartialEq)]
pub enum Caller {
    /// Somebody who did not sign.
    Anyone,
    /// A node that signed, and is not pinned here: it may be about to join.
    Stranger(Box<Claim>),
    /// A pinned member that signed with a transport key that is not known here: it may be about to say that it has exchanged its
    /// keys, and may do nothing else.
    Renewed(Box<Node>),
    /// A pinned node, and whether it is a member.
    Known {
        /// The node.
        node: Box<Node>,
        /// Whether it may read what is for members.
        is_member: bool,
    },
}

/// The desk of one node. Cloning it is shallow.
#[derive(Debug, Clone)]
pub struct Desk {
    pub(crate) journal: Journal,
    pub(crate) people: People,
    /// Until when nothing is taken, in seconds since 1970, because there was no room for it.
    closed_until: Arc<AtomicI64>,
}

impl Desk {
    /// The desk of the node with this journal and these people.
    pub fn new(journal: Journal, people: People) -> Self {
        Self { journal, people, closed_until: Arc::default() }
    }

    /// Who asks, and whether the body is the one that was signed.
    ///
    /// # Errors
    /// The reply to a request that is signed wrongly.
    pub fn caller(&self, request: &Request, now: UtcDateTime) -> Result<Caller, Reply> {
        let caller = self.recognise(request, now)?;
        self.check_body(request)?;
        Ok(caller)
    }

    /// Who asks, by all but the body, so that nobody's body has to be read who may bring none. A request that is signed wrongly is
    /// refused, never taken for an unsigned one.
    ///
    /// # Errors
    /// The reply to such a request.
    pub fn recognise(&self, request: &Request, now: UtcDateTime) -> Result<Caller, Reply> {
        let Some(signature) = &request.signature else { return Ok(Caller::Anyone) };
        let claim = self.claim(request, signature)?;
        claim.verify(now.unix_timestamp()).map_err(|e| refuse_signature(&e))?;
        match self.journal.neighbour_at(&claim.origin).map_err(|e| Reply::failed(&e))? {
            Some((node, is_member)) if node.transport_key == claim.key => {
                Ok(Caller::Known { node: Box::new(node), is_member })
            }
            // It may be a network that lost its keys and joins anew: whether it may, the invitation says.
            Some(_) if is_of_joining(request) => Ok(Caller::Stranger(Box::new(claim))),
            Some((node, true)) if brings_its_keys(&node, request) => Ok(Caller::Renewed(Box::new(node))),
            Some((node, _)) => {
                let why = format!("{} is pinned here with another transport key", node.origin);
                Err(problem(401, "signature", &why))
            }
            None => Ok(Caller::Stranger(Box::new(claim))),
        }
    }

    /// The most bytes of a body that is read from this caller; `None` where there is none to read.
    pub fn room(&self, caller: &Caller, request: &Request) -> Option<usize> {
        let is_post = request.method == "POST";
        match caller {
            Caller::Known { is_member: true, .. } | Caller::Renewed(_) => is_post.then_some(BODY),
            // It may be about to join.
            Caller::Known { .. } | Caller::Stranger(_) => (is_post && request.path == "/in/join").then_some(SHORT_BODY),
            Caller::Anyone => None,
        }
    }

    /// The reply to a request whose body would be read, as long as there was no room for what came before: what cannot be kept need not
    /// be carried. After a while it is tried again.
    pub fn turned_away(&self, now: UtcDateTime) -> Option<Reply> {
        let left = self.closed_until.load(Ordering::Relaxed) - now.unix_timestamp();
        let full =
            || Reply { retry_after: Some(CLOSED), ..problem(503, "busy", "this node has no room at the moment") };
        (left > 0).then(full)
    }

    /// Checks that the body is the one that was signed.
    ///
    /// # Errors
    /// The reply to a request with another body.
    pub fn check_body(&self, request: &Request) -> Result<(), Reply> {
        let Some(signature) = &request.signature else { return Ok(()) };
        let claim = self.claim(request, signature)?;
        claim.check_body(&request.body).map_err(|e| refuse_signature(&e))
    }

    fn claim(&self, request: &Request, signature: &RequestSignature) -> Result<Claim, Reply> {
        let target_uri = format!("{}{}", self.journal.identity().origin, request.path);
        Claim::read(&request.method, &target_uri, signature).map_err(|e| refuse_signature(&e))
    }

    /// Answers a request of this caller. What is for members is to anyone else as if it did not exist.
    pub fn answer(&self, caller: &Caller, request: &Request, now: UtcDateTime) -> Reply {
        if let Caller::Known { node, is_member } = caller
            && let Some(reply) = self.greet(node, *is_member, request, now)
        {
            return reply;
        }
        let path = request.path.split('?').next().unwrap_or_default();
        let segments: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        let answered = match (request.method.as_str(), segments.as_slice()) {
            ("GET", [".well-known", "pes"]) => self.well_known(),
            ("GET", [".well-known", "did.json"]) => Ok(self.did()),
            ("GET", ["heads"]) => self.heads(caller, None),
            ("GET", ["log", rest @ ..]) => self.log(caller, &self.journal.identity().node_id, rest, &request.accept),
            ("GET", ["mirror", node, rest @ ..]) => self.log(caller, node, rest, &request.accept),
            ("POST", ["in", "messages"]) => self.message(caller, &request.body, now),
            ("POST", ["in", node, channel]) => self.push(caller, (node, channel), &request.body, now),
            _ => Ok(Reply::absent()),
        };
        // A log of ours may have been read before its head is in the file; by then it may not leave the house.
        let own = self.journal.identity().node_id.as_str();
        let is_of_ours = match segments.as_slice() {
            ["heads"] | ["log", ..] => true,
            ["mirror", node, ..] => *node == own,
            _ => false,
        };
        if is_of_ours && let Err(error) = self.journal.wait_for_heads() {
            // What is held of others left their house long ago.
            let of_others = matches!(segments.as_slice(), ["heads"]).then(|| self.heads(caller, Some(own)));
            return of_others.unwrap_or(Err(error)).unwrap_or_else(|error| Reply::failed(&error));
        }
        answered.unwrap_or_else(|error| {
            if error.is_full() {
                self.closed_until.store(now.unix_timestamp() + i64::from(CLOSED), Ordering::Relaxed);
            }
            Reply::failed(&error)
        })
    }

    /// Takes note that a node is there. The reply, where exchanges with it are paused.
    fn greet(&self, node: &Node, is_member: bool, request: &Request, now: UtcDateTime) -> Option<Reply> {
        let greeted = self.journal.peer(&node.id).and_then(|peer| match peer {
            Some(peer) if is_member => self.journal.heard_of(&peer, now.unix_timestamp()).map(|()| Some(peer)),
            peer => Ok(peer),
        });
        match greeted {
            Err(error) => Some(Reply::failed(&error)),
            Ok(Some(Peer { is_paused: true, .. })) if request.method == "POST" => {
                let paused = problem(503, "busy", "exchanges with this node are paused here");
                Some(Reply { retry_after: Some(3_600), ..paused })
            }
            Ok(_) => None,
        }
    }

    /// What this node says of itself.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn introduce(&self) -> Result<WellKnown, JournalError> {
        let identity = self.journal.identity();
        let peers = self.journal.peers()?;
        let hubs = peers.iter().filter(|peer| peer.role == PeerRole::Hub);
        let hubs = hubs.map(|hub| Ok::<_, JournalError>(self.journal.pinned(&hub.node)?.origin.to_string()));
        Ok(WellKnown {
            name: identity.name.clone(),
            origin: identity.origin.to_string(),
            node_id: identity.node_id.clone(),
            software: concat!("pes/", env!("CARGO_PKG_VERSION")).into(),
            protocol: 1,
            channels: Channel::ALL.into_iter().map(|channel| channel.to_string()).collect(),
            hubs: hubs.collect::<Result<_, _>>()?,
            prefixes: self.journal.pinned(&identity.node_id)?.prefixes,
        })
    }

    fn well_known(&self) -> Result<Reply, JournalError> {
        Ok(Reply::json(&self.introduce()?))
    }

    /// The node's keys as a `did:web` document (W3C DID Core; Controlled Identifiers 1.0).
    fn did(&self) -> Reply {
        let identity = self.journal.identity();
        let did = format!("did:web:{}", identity.origin.host_port().replace(':', "%3A"));
        let method = |key: &pes_changeset::PublicKey| {
            serde_json::json!({
                "id": format!("{did}#{key}"), "type": "Multikey", "controller": did, "publicKeyMultibase": key.to_string(),
            })
        };
        let (log, transport) = (identity.log_key.public(), identity.transport_key.public());
        Reply::json(&serde_json::json!({
            "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
            "id": did,
            "alsoKnownAs": [format!("{}/node", identity.origin)],
            "verificationMethod": [method(&log), method(&transport)],
            "assertionMethod": [format!("{did}#{log}")],
            "authentication": [format!("{did}#{transport}")],
        }))
    }

    /// The heads that a caller may read, but for those of one node.
    fn heads(&self, caller: &Caller, but_of: Option<&str>) -> Result<Reply, JournalError> {
        let mut readable = Vec::new();
        for head in self.journal.heads()? {
            if but_of != Some(head.node.id.as_str()) && self.may_read(caller, &head.node.id, head.channel)? {
                readable.push(head);
            }
        }
        let author = if let Caller::Known { node, .. } = caller { Some(node.id.as_str()) } else { None };
        let entries = readable.into_iter().filter_map(|head| {
            // Of its own log an author is told what it has brought, also where not all of it is held: after a restore it may not know that.
            let brought = head.pending.filter(|_| author == Some(head.node.id.as_str()));
            Some(HeadEntry {
                origin: head.node.origin.to_string(),
                node_id: head.node.id,
                channel: head.channel.to_string(),
                epoch: head.epoch,
                checkpoint: brought.or(head.checkpoint)?,
            })
        });
        Ok(Reply::json(&entries.collect::<Vec<_>>()))
    }

    /// A log of this node or of another that is held here: the same layout for both.
    fn log(&self, caller: &Caller, node: &str, rest: &[&str], accept: &str) -> Result<Reply, JournalError> {
        let channel = rest.first().and_then(|name| name.parse::<Channel>().ok());
        let Some(channel) = channel else { return Ok(Reply::absent()) };
        if !self.may_read(caller, node, channel)? {
            return Ok(Reply::absent());
        }
        let is_open = !channel.is_for_members();
        if let [_] = rest {
            let epoch = self.journal.epoch(node, channel)?;
            return Ok(epoch.map_or_else(Reply::absent, |epoch| Reply::text(format!("{epoch}\n"))));
        }
        let Some(epoch) = rest[1].parse().ok() else { return Ok(Reply::absent()) };
        let named = Named { node, channel, epoch };
        // What was deleted since the backup is nobody's to read. Change-sets say nothing of people.
        let is_payloads = matches!(&rest[2..], ["payloads", ..] | ["snapshot", _, "payloads", ..]);
        if is_payloads && self.journal.doubt().is_some() && !matches!(caller, Caller::Known { is_member: true, .. }) {
            return Ok(problem(503, "busy", "this node is finding out what has been deleted"));
        }
        Ok(match &rest[2..] {
            ["checkpoint"] => self.journal.checkpoint(named)?.map(Reply::text),
            ["tile", "entries", place @ ..] => {
                self.bundle(place, |place| self.journal.entry_bundle(named, place), is_open)?
            }
            ["payloads", place @ ..] => self.bundle(place, |place| self.journal.payload_bundle(named, place), false)?,
            ["snapshot"] => self.journal.snapshot(named)?.map(|declared| Reply::text(declared.text().to_owned())),
            ["snapshot", seq, what, place @ ..] => self.snapshot_page(named, (seq, what), place)?,
            [seq] => match seq.parse() {
                Ok(seq) => self.change_set(named, seq, accept)?,
                Err(_) => None,
            },
            _ => None,
        }
        .unwrap_or_else(Reply::absent))
    }

    /// Whether a caller is given what this node says to affiliates.
    ///
    /// # Errors
    /// [`JournalError::Store`].
    pub fn is_given_ours(&self, caller: &Caller) -> Result<bool, JournalError> {
        self.may_read(caller, &self.journal.identity().node_id, Channel::Affiliates)
    }

    /// Whether a caller may read what a node writes into a channel.
    fn may_read(&self, caller: &Caller, author: &str, channel: Channel) -> Result<bool, JournalError> {
        match caller {
            _ if !channel.is_for_members() => Ok(true),
            // Whatever became of its membership: what is not given back to it, it may sign another of.
            Caller::Known { node, .. } if node.id == author => Ok(true),
            Caller::Known { node, is_member: true } => self.journal.is_for(&node.id, author, channel),
            _ => Ok(false),
        }
    }

    fn bundle(
        &self,
        place: &[&str],
        find: impl FnOnce(Place) -> Result<Option<Vec<u8>>, JournalError>,
        may_be_kept: bool,
    ) -> Result<Option<Reply>, JournalError> {
        let Ok(place) = Place::read(&place.join("/")) else { return Ok(None) };
        let is_full = place.width == limits::BATCH_CHANGE_SETS as u64;
        Ok(find(place)?.map(|bytes| Reply::bundle(bytes, may_be_kept && is_full)))
    }

    fn snapshot_page(
        &self,
        named: Named<'_>,
        (seq, what): (&str, &str),
        place: &[&str],
    ) -> Result<Option<Reply>, JournalError> {
        let Ok(seq) = seq.parse() else { return Ok(None) };
        match what {
            "entries" => self.bundle(place, |place| self.journal.snapshot_entries(named, seq, place), false),
            "payloads" => self.bundle(place, |place| self.journal.snapshot_payloads(named, seq, place), false),
            _ => Ok(None),
        }
    }

    fn change_set(&self, named: Named<'_>, seq: u64, accept: &str) -> Result<Option<Reply>, JournalError> {
        let Some(change_set) = self.journal.change_set(named, seq)? else { return Ok(None) };
        if accept.contains("application/ld+json") {
            let document = json_ld::render(&change_set)?;
            return Ok(Some(Reply { media_type: "application/ld+json", ..Reply::json(&document) }));
        }
        Ok(Some(Reply::text(change_set.text().to_owned())))
    }
}

/// Whether a node brings its own channel `keys`. The root key has signed what is in it, so it matters not who carries it.
fn brings_its_keys(node: &Node, request: &Request) -> bool {
    request.method == "POST" && request.path == format!("/in/{}/{}", node.id, Channel::Keys)
}

/// What a network asks that makes our acquaintance and joins: nothing that is not for everybody.
fn is_of_joining(request: &Request) -> bool {
    match request.method.as_str() {
        "GET" => request.path == "/.well-known/pes" || request.path.starts_with("/log/keys/"),
        method => method == "POST" && request.path == "/in/join",
    }
}

fn refuse_signature(fault: &Fault) -> Reply {
    match fault {
        Fault::ClockSkew { .. } => problem(401, "clock", &fault.to_string()).dated(),
        _ => problem(401, "signature", &fault.to_string()),
    }
}
