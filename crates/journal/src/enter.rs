//! The one function by which shared content changes.
//!
//! A change-set that comes here is verified: by [`crate::receive`] if it is from afar, by having been signed a moment
//! ago if it is ours. The caller's transaction holds everything that follows from it.

use crate::declarations::Declarations;
use crate::epochs::{self, Standing};
use crate::notices::{self, News};
use crate::{Identity, Journal, JournalError, choices, messages};
use pes_changeset::terms::{DELETE, UPSERT};
use pes_changeset::{Act, ChangeSet, Channel, Checkpoint, Header, LogId, Target};
use pes_domain::exchange::Direction;
use pes_domain::{Audience, Body, Kind, Record, RecordIri, Rules, Takes};
use pes_rdf::Payload;
use pes_store::entries::{Ahead, Early, Urgency};
use pes_store::logs::Log;
use pes_store::records::Sheet;
use pes_store::states::State;
use pes_store::{Link, entries, hidden, logs, payloads, records, refused_moves, reports, states, told_apart};
use time::UtcDateTime;

/// What entering looks things up in, and whether it tells anybody.
#[derive(Clone, Copy)]
pub(crate) struct World<'a> {
    /// The code lists and communes.
    pub(crate) rules: &'a Rules,
    /// Who this node is, for what it tells authors.
    pub(crate) identity: &'a Identity,
    /// What its structures and people have declared.
    pub(crate) declarations: &'a Declarations,
    /// What this network takes of others, as it stood when the transaction began.
    pub(crate) takes: &'a Takes,
    /// The time at which what is entered is news. `None` where it tells nobody: a rebuild, and a save of our own, which tells
    /// for itself, since it knows the record whole.
    pub(crate) tells_at: Option<UtcDateTime>,
}

impl Journal {
    /// The world in which this journal enters.
    pub(crate) fn world<'a>(&'a self, takes: &'a Takes, tells_at: Option<UtcDateTime>) -> World<'a> {
        World { rules: &self.rules, identity: &self.identity, declarations: &self.declarations, takes, tells_at }
    }
}

/// A payload, and what it was read as where somebody has read it already: to check it, a moment before.
#[derive(Clone, Copy)]
pub(crate) struct Given<'a> {
    /// Its text.
    pub(crate) text: &'a str,
    /// What it was read as.
    pub(crate) read: Option<&'a Payload>,
}

impl<'a> From<&'a str> for Given<'a> {
    fn from(text: &'a str) -> Self {
        Self { text, read: None }
    }
}

/// Enters a change-set in its turn: appends it to its log and brings the tables up to it. In a log whose epoch does not count
/// yet, it is kept until the epoch does. `early` is what is known of it if it came ahead of its turn.
pub(crate) fn enter(
    link: &mut Link,
    (log, standing, early): (&mut Log, &mut Standing, Option<Early>),
    change_set: &ChangeSet,
    payload: Option<Given<'_>>,
    world: World<'_>,
) -> Result<(), JournalError> {
    let seq = change_set.header().seq;
    if let Standing::Coming { complete_from } = *standing {
        if let (Some(target), Some(payload)) = (change_set.header().act.target(), payload) {
            payloads::keep(link, (log.id, seq), &target.record, payload.text)?;
        }
        append(link, log, change_set, Urgency::None)?;
        if log.size() >= complete_from {
            epochs::begin(link, log, world)?;
            *standing = Standing::Current;
        }
        return Ok(());
    }
    let shown = apply(link, log, change_set, payload, world)?;
    // What came here on the urgent lane has been on its way since; who has not got it yet gets it no later because the log has caught up. What
    // is not urgent does not stay there, whoever sent it that way.
    let urgency = match (is_urgent(link, change_set.header(), shown)?, early) {
        (false, _) => Urgency::None,
        (true, Some(Early { ahead: Ahead::Urgent, arrival, .. })) => Urgency::Since(arrival),
        (true, _) => Urgency::Now,
    };
    append(link, log, change_set, urgency)?;
    // Only now: were its number free before it is counted anew, it would get the same one, and peers that are past it would miss it.
    if early.is_some() {
        entries::drop_early(link, log.id, seq)?;
    }
    Ok(())
}

/// Enters a change-set ahead of its turn: it takes effect now, and the log takes it in when it comes in its turn.
pub(crate) fn enter_early(
    link: &mut Link,
    (log, ahead): (&Log, Ahead),
    change_set: &ChangeSet,
    payload: Option<Given<'_>>,
    world: World<'_>,
) -> Result<(), JournalError> {
    entries::keep_early(link, log.id, change_set, ahead)?;
    apply(link, log, change_set, payload, world).map(drop)
}

impl Journal {
    /// Enters a change-set of ours, a moment after it was signed. It tells nobody: whoever saves tells for itself.
    pub(crate) fn enter_own(
        &self,
        link: &mut Link,
        (log, standing): (&mut Log, &mut Standing),
        change_set: &ChangeSet,
        payload: Option<Given<'_>>,
    ) -> Result<(), JournalError> {
        let seq = change_set.header().seq;
        let early = entries::early_at(link, log.id, &[seq])?.get(&seq).copied();
        // What is our own is always taken.
        let takes = Takes::default();
        enter(link, (log, standing, early), change_set, payload, self.world(&takes, None))
    }
}

/// Appends a change-set to its log, and nothing else.
pub(crate) fn append(
    link: &mut Link,
    log: &mut Log,
    change_set: &ChangeSet,
    urgency: Urgency,
) -> Result<(), JournalError> {
    entries::append(link, log.id, change_set, urgency)?;
    log.frontier.append(change_set.leaf_hash());
    Ok(())
}

/// Whether a change-set goes ahead of any backlog: the first publication of a demand, call or job, and every withdraw
/// and delete. Nobody ticks a box.
fn is_urgent(link: &mut Link, header: &Header, shown: Option<Record>) -> Result<bool, JournalError> {
    match &header.act {
        Act::Withdraw { .. } | Act::Delete { .. } => Ok(true),
        // Only what a reader made of it tells an offer from a demand; of a structure there is nothing to look up.
        Act::Upsert { on, .. } if on.version == 1 && may_be_urgent(on) => {
            let shown = match shown {
                Some(shown) => Some(shown),
                // It came ahead of its turn.
                None => records::of_channel(link, &on.record, header.log.channel)?.map(|sheet| sheet.record),
            };
            Ok(shown.is_some_and(|record| match &record.body {
                Body::Exchange(one) => one.direction == Direction::Demand,
                Body::Call(_) | Body::Job(_) => true,
                _ => false,
            }))
        }
        _ => Ok(false),
    }
}

fn may_be_urgent(target: &Target) -> bool {
    let kind = target.kind_notation().and_then(Kind::named);
    matches!(kind, Some(Kind::Exchange | Kind::Call | Kind::Job))
}

/// Signs the head of a log of ours at its present size, and keeps both. The head leaves the house only after the
/// transaction is durable, so no head is ever signed of what could be lost.
pub(crate) fn close(link: &mut Link, log: &mut Log, identity: &Identity) -> Result<(), JournalError> {
    let name = LogId::new(identity.origin.clone(), log.channel, log.epoch).name();
    let checkpoint = Checkpoint { log: name, size: log.size(), root: log.frontier.root() };
    log.checkpoint = Some(checkpoint.sign(&identity.log_key).map_err(JournalError::Sign)?);
    log.pending = None;
    Ok(logs::update(link, log)?)
}

/// Brings the tables up to one change-set. Applying is commutative and idempotent: within a channel the highest
/// `(epoch, seq)` is the state, but for a delete, which outranks everything and ends the record in all channels. Gives what readers of the channel see of
/// it from now on, where that is new.
pub(crate) fn apply(
    link: &mut Link,
    log: &Log,
    change_set: &ChangeSet,
    payload: Option<Given<'_>>,
    world: World<'_>,
) -> Result<Option<Record>, JournalError> {
    let header = change_set.header();
    let Some(target) = header.act.target() else { return Ok(None) };
    let known = states::of_record(link, &target.record)?;
    let standing = known.iter().find(|state| state.channel == log.channel);
    let state = state_of(log.id, change_set, target);
    let is_ended = known.iter().any(|state| state.operation == DELETE);
    let before = Before { is_known: !known.is_empty(), is_known_here: standing.is_some() };
    if let Some(standing) = standing {
        if standing.leaf == state.leaf {
            // Known from the urgent lane, or from before: only a payload that was missing is news.
            return if is_ended || payload.is_none() {
                Ok(None)
            } else {
                show(link, log, header, payload, world, before)
            };
        }
        if !outranks(&state, standing) {
            return Ok(None);
        }
        payloads::erase(link, standing.log, standing.seq)?;
    }
    match standing {
        Some(_) => states::put(link, &state)?,
        None => states::insert(link, &state)?,
    }
    match header.act {
        Act::Delete { .. } => {
            end(link, &target.record)?;
            // Of what was never known here nothing has been erased.
            let told = world
                .tells_at
                .filter(|_| before.is_known)
                .map(|now| messages::acknowledge_erasure(link, world.identity, change_set, now));
            told.unwrap_or(Ok(()))?;
            Ok(None)
        }
        _ if is_ended => Ok(None),
        _ => show(link, log, header, payload, world, before),
    }
}

/// What was known of a record before a change-set.
#[derive(Clone, Copy)]
struct Before {
    /// Whether any channel held it.
    is_known: bool,
    /// Whether this one did.
    is_known_here: bool,
}

fn outranks(new: &State, standing: &State) -> bool {
    let (place, other) = ((new.epoch, new.seq), (standing.epoch, standing.seq));
    match (new.operation == DELETE, standing.operation == DELETE) {
        (true, true) => place < other,
        (true, false) => true,
        (false, true) => false,
        (false, false) => place > other,
    }
}

/// Ends a record in all channels: no payload of it is left, no reader sees it, nobody is told of it any more, and what was said of it here goes.
fn end(link: &mut Link, record: &str) -> Result<(), JournalError> {
    payloads::erase_record(link, record)?;
    pes_store::notices::forget(link, record)?;
    reports::erase(link, record)?;
    hidden::forget(link, record)?;
    told_apart::forget(link, record)?;
    refused_moves::forget(link, record)?;
    for channel in Channel::ALL {
        records::remove(link, record, channel)?;
    }
    Ok(())
}

/// Makes what readers see of a record in this channel: the payload, if it is there and readable, or nothing.
fn show(
    link: &mut Link,
    log: &Log,
    header: &Header,
    payload: Option<Given<'_>>,
    world: World<'_>,
    before: Before,
) -> Result<Option<Record>, JournalError> {
    let Some(target) = header.act.target() else { return Ok(None) };
    let (Some(payload), UPSERT) = (payload, header.act.operation()) else {
        // A version whose payload is still to come shows nothing meanwhile: what it replaces may be what it was written to take away.
        if before.is_known_here {
            records::remove(link, &target.record, log.channel)?;
        }
        // Nobody is to be sent to look for what is shown no more. What is ours is read here in its whole, whatever its channels show.
        let is_taken_back = header.act.operation() != UPSERT && log.node != world.identity.node_id;
        if is_taken_back && !records::is_shown(link, &target.record)? {
            pes_store::notices::settle(link, &target.record)?;
        }
        return Ok(None);
    };
    payloads::keep(link, (log.id, header.seq), &target.record, payload.text)?;
    match read(target, payload, log.channel, world.rules) {
        Ok(record) => {
            let record = until_its_end(header, record);
            let sheet = Sheet { channel: log.channel, node: log.node.clone(), version: target.version, record };
            match before.is_known_here {
                true => records::put(link, &sheet)?,
                // Where there is no state there is no sheet.
                false => records::insert(link, &sheet)?,
            }
            let is_taken = choices::judge(link, &sheet, world)?;
            if let Some(now) = world.tells_at.filter(|_| is_taken) {
                let news = News { record: &sheet.record, is_own: false, author: None, was_known: before.is_known };
                notices::tell(link, &news, now, (world.rules, world.declarations))?;
            }
            Ok(Some(sheet.record))
        }
        Err(reason) => {
            tracing::warn!(record = target.record, channel = %log.channel, reason, "a record cannot be shown");
            let known = records::refusal(link, &target.record, log.channel)?;
            if let Some(now) = world.tells_at.filter(|_| known.as_ref() != Some(&reason)) {
                messages::report_unreadable(link, &header.log, &header.iri(), &reason, now)?;
            }
            records::refuse(link, (&target.record, log.channel), (log.id, header.seq), &reason)?;
            Ok(None)
        }
    }
}

/// The typed reader's record, or its reason not to show one.
fn read(target: &Target, payload: Given<'_>, channel: Channel, rules: &Rules) -> Result<Record, String> {
    let iri = RecordIri::read(&target.record).ok_or("its name is not one of a record")?;
    let kind = target.kind_notation().and_then(Kind::named).ok_or("this version does not know its kind")?;
    let record = match payload.read {
        Some(read) => read.record(kind, audience(channel), rules),
        None => {
            Payload::read(payload.text.as_bytes(), &iri).and_then(|read| read.record(kind, audience(channel), rules))
        }
    };
    record.map_err(|e| e.to_string())
}

/// The record, which ends when its header says so, if its payload names no earlier day.
fn until_its_end(header: &Header, record: Record) -> Record {
    let named = match header.act {
        Act::Upsert { expires, .. } => expires,
        _ => None,
    };
    Record { expires: record.expires.into_iter().chain(named).min(), ..record }
}

/// The audience of a channel that carries records.
pub(crate) fn audience(channel: Channel) -> Audience {
    match channel {
        Channel::Affiliates => Audience::Affiliates,
        Channel::Keys | Channel::Public => Audience::Public,
    }
}

fn state_of(log: i64, change_set: &ChangeSet, target: &Target) -> State {
    let header = change_set.header();
    State {
        record: target.record.clone(),
        channel: header.log.channel,
        log,
        epoch: header.log.epoch,
        seq: header.seq,
        operation: header.act.operation().to_owned(),
        kind: target.kind.clone(),
        version: target.version,
        commitment: header.act.payload().map_or_else(|| "-".to_owned(), pes_changeset::Commitment::digest_text),
        leaf: change_set.leaf_hash(),
    }
}
