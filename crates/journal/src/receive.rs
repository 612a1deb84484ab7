//! Verifies change-sets from afar, and enters them.
//!
//! What is dear is checked before the database is locked: signatures, commitments, confinement. What depends on what
//! is held, place in the log and root, is checked inside the transaction, which is undone by any refusal.

use crate::enter::Given;
use crate::epochs::{self, Standing};
use crate::in_turn::InTurn;
use crate::{Journal, JournalError, Refusal, choices, circle, enter, evidence, pinning};
use pes_changeset::batch::Batch;
use pes_changeset::note::{Note, NoteSignature};
use pes_changeset::receipt::cosign;
use pes_changeset::tree::Hash;
use pes_changeset::{Act, ChangeSet, Channel, Checkpoint, KeyHistory, KeySet, LogId, Origin, Target, limits};
use pes_domain::{Kind, RecordIri};
use pes_rdf::Payload;
use pes_store::entries::{Ahead, Early};
use pes_store::logs::Log;
use pes_store::nodes::Node;
use pes_store::{Link, entries, logs, nodes};
use time::UtcDateTime;

/// What became of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Held {
    /// All up to its checkpoint is held and durable: our cosignature, which is the receipt.
    All(NoteSignature),
    /// The batch is held; its checkpoint is still ahead. So many change-sets of the log are held.
    UpTo(u64),
    /// Urgent change-sets have taken effect.
    Early,
}

/// So many change-sets in a batch are many.
const MANY: usize = 64;

/// A change-set whose own proof holds, with its payload as text and as it was read.
pub(crate) type Verified<'a> = (&'a ChangeSet, Option<(&'a str, Payload)>);

pub(crate) fn given<'a>(payload: &'a Option<(&str, Payload)>) -> Option<Given<'a>> {
    payload.as_ref().map(|(text, read)| Given { text, read: Some(read) })
}

impl Journal {
    /// Pins a node: from now on its logs are taken. `events` are its key events from the first on, fetched from the node itself. They are kept,
    /// so that nobody who brings fewer of them can put back keys that gave way to others.
    ///
    /// # Errors
    /// [`Refusal::Fault`] when a key event does not prove itself, [`Refusal::UnknownNode`] when the first is not of that node-id and
    /// origin, [`Refusal::WrongLog`] when one stands elsewhere than in its place.
    pub fn pin(
        &self,
        (node_id, origin): (&str, &Origin),
        name: &str,
        events: &[ChangeSet],
        now: UtcDateTime,
    ) -> Result<Node, JournalError> {
        let node = Self::introduced((node_id, origin), name, events, now)?;
        self.store.write(|link| pinning::pin(link, node, events))
    }

    /// The node that key events, fetched from itself, prove to be there.
    pub(crate) fn introduced(
        (node_id, origin): (&str, &Origin),
        name: &str,
        events: &[ChangeSet],
        now: UtcDateTime,
    ) -> Result<Node, Refusal> {
        let keys = KeyHistory::read(events)?;
        if events[0].digest_hex() != node_id || events[0].header().log.origin != *origin {
            return Err(Refusal::UnknownNode(node_id.to_owned()));
        }
        let log = LogId::new(origin.clone(), Channel::Keys, 1);
        let stands = |(event, seq): &(&ChangeSet, u64)| event.header().log == log && event.header().seq == *seq;
        if let Some((event, _)) = events.iter().zip(0..).find(|one| !stands(one)) {
            return Err(Refusal::WrongLog { found: event.header().iri(), expected: log.name() });
        }
        let keys: &KeySet = keys.current();
        Ok(Node::new(node_id.to_owned(), origin.clone(), name.to_owned(), keys, false, now.unix_timestamp()))
    }

    /// Takes a batch of a node's log. Twice is once: what is already held is passed over.
    ///
    /// # Errors
    /// [`JournalError::Refused`]; then nothing has changed, unless another brought the same log, or new keys, meanwhile.
    pub fn receive(
        &self,
        node_id: &str,
        channel: Channel,
        batch: &Batch,
        now: UtcDateTime,
    ) -> Result<Held, JournalError> {
        self.receive_from(None, (node_id, channel), batch, now)
    }

    /// As [`Journal::receive`]; of what is held then, nothing is brought back to the peer that brought it.
    ///
    /// # Errors
    /// As [`Journal::receive`].
    pub fn receive_from(
        &self,
        bearer: Option<&str>,
        (node_id, channel): (&str, Channel),
        batch: &Batch,
        now: UtcDateTime,
    ) -> Result<Held, JournalError> {
        let (node, log, (mut keys, known)) = self.author(node_id, channel, epoch_of(batch)?)?;
        let items = match channel {
            Channel::Keys => verify_keys(&node, (&mut keys, known), &log, batch)?,
            _ => verify(&node, &keys, &log, &batch.items)?,
        };
        let held = self.hold((&node, &keys, known), &log, (batch, bearer), &items, now);
        self.see_to(held, (&node, &log), (&items, batch.checkpoint.as_ref()), now)
    }

    /// What came of it, when what follows from a refusal is seen to: of a second history the proof is kept, and where a key of this node is in
    /// other hands, whoever runs it is told.
    pub(crate) fn see_to<T>(
        &self,
        taken: Result<T, JournalError>,
        (node, log): (&Node, &LogId),
        (items, head): (&[Verified<'_>], Option<&Note>),
        now: UtcDateTime,
    ) -> Result<T, JournalError> {
        match &taken {
            Err(JournalError::Refused(Refusal::Fork { .. })) => {
                let change_sets: Vec<&ChangeSet> = items.iter().map(|(change_set, _)| *change_set).collect();
                self.accuse(node, log, (&change_sets, head), now)?;
            }
            Err(JournalError::Refused(why @ Refusal::SignedElsewhere { .. })) => {
                tracing::error!(%why, "a key of this node is in other hands");
                self.count_refusal(&node.id, "signed-elsewhere", &why.to_string(), now.unix_timestamp())?;
            }
            _ => {}
        }
        taken
    }

    /// A pinned node, its log of this name, and its keys with the number of its key events. What is not taken of it now is refused, whatever it says. Its key events always are
    /// taken: they may explain what happened.
    fn author(
        &self,
        node_id: &str,
        channel: Channel,
        epoch: u64,
    ) -> Result<(Node, LogId, (KeyHistory, u64)), JournalError> {
        self.store.read(|link| {
            let node = nodes::find(link, node_id)?.ok_or_else(|| Refusal::UnknownNode(node_id.to_owned()))?;
            let log = LogId::new(node.origin.clone(), channel, epoch);
            if channel != Channel::Keys && evidence::is_quarantined(link, node_id)? {
                return Err(Refusal::Quarantined(log.origin.to_string()).into());
            }
            if circle::declines(link, &self.identity, (node_id, channel))? {
                return Err(Refusal::OtherCircle(log.name()).into());
            }
            let keys = self.keys_within(link, &node)?;
            Ok((node, log, keys))
        })
    }

    /// Takes what was verified, in its turn or ahead of it.
    fn hold(
        &self,
        (node, keys, known): (&Node, &KeyHistory, u64),
        log: &LogId,
        (batch, bearer): (&Batch, Option<&str>),
        items: &[Verified<'_>],
        now: UtcDateTime,
    ) -> Result<Held, JournalError> {
        let Some(note) = &batch.checkpoint else {
            self.receive_early((node, keys), log, items, (Ahead::Urgent, tells_at(node, now)))?;
            self.hand_on(items)?;
            return Ok(Held::Early);
        };
        let checkpoint = keys.verify_head(note, log)?;
        let in_turn = InTurn { author: (node, keys), known, log, note, checkpoint: &checkpoint, bearer, now };
        let size = in_turn.hold(self, items)?;
        self.make_room(items.len());
        if size < checkpoint.size {
            return Ok(Held::UpTo(size));
        }
        let name = self.identity.origin.note_name();
        Ok(Held::All(cosign(note, &name, &self.identity.log_key, now).map_err(JournalError::Sign)?))
    }

    /// Of many change-sets, has the database take over what the write-ahead log holds: else it fills up while they flow, and who fills it keeps everybody
    /// from writing for as long as that takes. Who brought them waits for it, and nobody else.
    fn make_room(&self, change_sets: usize) {
        if change_sets >= MANY
            && let Err(error) = self.store.take_over()
        {
            tracing::debug!(%error, "the write-ahead log is taken over later");
        }
    }

    fn receive_early(
        &self,
        (node, keys): (&Node, &KeyHistory),
        log: &LogId,
        items: &[Verified<'_>],
        (ahead, tells_at): (Ahead, Option<UtcDateTime>),
    ) -> Result<(), JournalError> {
        self.store.write_ahead(|link| {
            let takes = choices::takes(link)?;
            let world = self.world(&takes, tells_at);
            if counting(link, (node, keys), log)? != Standing::Current {
                return Err(Refusal::UnknownEpoch(log.name()).into());
            }
            let held = logs::find_or_insert(link, &node.id, log.channel, log.epoch)?;
            // What is asked for is as much as was asked for; what is brought is limited.
            if ahead == Ahead::Urgent && entries::count_early(link, held.id)? + items.len() as u64 > limits::EARLY {
                return Err(Refusal::TooEarly(log.name()).into());
            }
            let places: Vec<u64> = items.iter().map(|(change_set, _)| change_set.header().seq).collect();
            let mut early = entries::early_at(link, held.id, &places)?;
            for (change_set, payload) in items {
                let (seq, leaf) = (change_set.header().seq, change_set.leaf_hash());
                let known =
                    if seq < held.size() { leaf_held(link, &held, seq)? } else { early.get(&seq).map(|one| one.leaf) };
                match known {
                    Some(known) if known == leaf => {}
                    Some(_) => return Err(Refusal::Fork { log: log.name(), seq }.into()),
                    None if node.is_own => return Err(self.not_signed_here(log, held.size()).into()),
                    None => {
                        enter::enter_early(link, (&held, ahead), change_set, given(payload), world)?;
                        early.insert(seq, Early { leaf, ahead, arrival: 0 });
                    }
                }
            }
            Ok(())
        })
    }

    /// Why nothing of ours is taken ahead of its turn that is not known here. Where it is not known what was signed here, it may be that; it is
    /// fetched in its order.
    fn not_signed_here(&self, log: &LogId, size: u64) -> Refusal {
        match self.doubt() {
            Some(_) => Refusal::Gap { size },
            None => Refusal::SignedElsewhere { log: log.name() },
        }
    }

    /// Takes change-sets of a node's log ahead of their turn: members of a snapshot that was asked for, and what came after it.
    ///
    /// # Errors
    /// [`JournalError::Refused`]; then nothing has changed.
    pub fn receive_ahead(
        &self,
        node_id: &str,
        log: &LogId,
        items: &[(ChangeSet, Option<Vec<u8>>)],
        now: UtcDateTime,
    ) -> Result<(), JournalError> {
        let (node, _, (keys, _)) = self.author(node_id, log.channel, log.epoch)?;
        let items = verify(&node, &keys, log, items)?;
        let taken = self.receive_early((&node, &keys), log, &items, (Ahead::Snapshot, Some(now)));
        self.see_to(taken, (&node, log), (&items, None), now)?;
        self.hand_on(&items)
    }

    /// Wakes those who wait for what came, and comes back when it is durable. It is carried on before: its author signed it, and who brought it here
    /// brings it again where a power cut takes it back, since nothing said that it is kept. Catches up with what it took long to look through.
    pub(crate) fn hand_on(&self, items: &[Verified<'_>]) -> Result<(), JournalError> {
        let is_of_roll = |(change_set, _): &Verified<'_>| {
            let kind = change_set.header().act.target().and_then(Target::kind_notation).and_then(Kind::named);
            kind == Some(Kind::Affiliation)
        };
        if items.iter().any(is_of_roll) {
            self.ring_all()
        } else {
            self.ring()
        }
        self.store.flush()?;
        self.keep_up_with_declarations();
        Ok(())
    }
}

/// When what comes of a node is news: of our own, fetched back, it is none.
pub(crate) fn tells_at(node: &Node, now: UtcDateTime) -> Option<UtcDateTime> {
    (!node.is_own).then_some(now)
}

/// The epoch that a batch is of: its change-sets', or its checkpoint's where it has none.
fn epoch_of(batch: &Batch) -> Result<u64, Refusal> {
    if let Some((change_set, _)) = batch.items.first() {
        return Ok(change_set.header().log.epoch);
    }
    let log = batch.checkpoint.as_ref().map(|note| Checkpoint::read(&note.text)).transpose()?.map(|head| head.log);
    let epoch = log.as_deref().and_then(|log| log.rsplit('/').next()?.parse().ok());
    epoch.ok_or_else(|| Refusal::WrongLog { found: log.unwrap_or_default(), expected: "a log with its epoch".into() })
}

/// How a log stands; one whose place was taken is refused.
pub(crate) fn counting(
    link: &mut Link,
    (node, keys): (&Node, &KeyHistory),
    log: &LogId,
) -> Result<Standing, JournalError> {
    match epochs::standing(link, (&node.id, keys), log)? {
        Standing::Past => Err(Refusal::PastEpoch(log.name()).into()),
        standing => Ok(standing),
    }
}

/// Checks key events: each by the keys in force before it. Those that are held already have to be the same as what is held.
fn verify_keys<'a>(
    node: &Node,
    (keys, known): (&mut KeyHistory, u64),
    log: &LogId,
    batch: &'a Batch,
) -> Result<Vec<Verified<'a>>, Refusal> {
    let mut items = Vec::new();
    for (event, payload) in &batch.items {
        if event.header().log != *log {
            return Err(Refusal::WrongLog { found: event.header().iri(), expected: log.name() });
        }
        check_without(event, payload.as_deref())?;
        match event.header().seq {
            0 if event.digest_hex() != node.id => return Err(Refusal::Fork { log: log.name(), seq: 0 }),
            // Of a node that was pinned by an earlier version only the keys in force are known; those before them signed what comes first.
            0 if known == 0 => *keys = KeyHistory::read([event])?,
            // Its digest is the node-id, so it is the one that is held.
            0 => {}
            // Were it not checked who signed, anybody could accuse this node with an event that it never signed.
            held if held < known => keys.before(held)?.take(event)?,
            _ => keys.take(event)?,
        }
        items.push((event, None));
    }
    Ok(items)
}

/// Checks of each change-set what can be checked without looking into the database.
pub(crate) fn verify<'a>(
    node: &Node,
    keys: &KeyHistory,
    log: &LogId,
    items: &'a [(ChangeSet, Option<Vec<u8>>)],
) -> Result<Vec<Verified<'a>>, Refusal> {
    let one = |(change_set, payload): &'a (ChangeSet, Option<Vec<u8>>)| {
        verify_one((node, keys), log, change_set, payload.as_deref())
    };
    items.iter().map(one).collect()
}

fn verify_one<'a>(
    (node, keys): (&Node, &KeyHistory),
    log: &LogId,
    change_set: &'a ChangeSet,
    payload: Option<&'a [u8]>,
) -> Result<Verified<'a>, Refusal> {
    let header = change_set.header();
    if header.log != *log {
        return Err(Refusal::WrongLog { found: header.iri(), expected: log.name() });
    }
    keys.verify(change_set)?;
    let Some(target) = header.act.target() else {
        return check_without(change_set, payload).map(|()| (change_set, None));
    };
    let theirs = RecordIri::read(&target.record)
        .filter(|iri| node.prefixes.iter().any(|prefix| iri.lies_under(prefix)))
        .filter(|iri| target.kind_notation() == Some(iri.kind_notation()))
        .ok_or_else(|| Refusal::NotTheirs { record: target.record.clone() })?;
    let Some(payload) = payload else { return Ok((change_set, None)) };
    let commitment = header.act.payload().ok_or_else(|| bad_payload(change_set, "nothing commits to it"))?;
    commitment.check(payload)?;
    let text = str::from_utf8(payload).map_err(|e| bad_payload(change_set, e))?;
    let read = Payload::read(payload, &theirs).map_err(|e| bad_payload(change_set, e))?;
    Ok((change_set, Some((text, read))))
}

/// Checks that a change-set that is about no record has no payload. That of an operation of a later version is let go of: whether anything
/// commits to it this version cannot tell, and who can asks for it elsewhere.
fn check_without(change_set: &ChangeSet, payload: Option<&[u8]>) -> Result<(), Refusal> {
    match (payload, &change_set.header().act) {
        (None, _) | (Some(_), Act::Unknown { .. }) => Ok(()),
        (Some(_), _) => Err(bad_payload(change_set, "nothing commits to it")),
    }
}

fn bad_payload(change_set: &ChangeSet, why: impl ToString) -> Refusal {
    Refusal::BadPayload { change_set: change_set.header().iri(), why: why.to_string() }
}

/// The leaf that is held at a place of a log, in its turn.
pub(crate) fn leaf_held(link: &mut Link, held: &Log, seq: u64) -> Result<Option<Hash>, JournalError> {
    Ok(entries::of_log(link, held.id, seq, 1)?.first().map(|entry| entry.leaf))
}
