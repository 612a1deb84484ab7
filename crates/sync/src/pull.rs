//! The walk from one peer, for what we do not have yet: compare heads, then take bundle after bundle.
//!
//! It serves after any absence, at start, each day, and for a node that cannot be reached from outside. What is taken is
//! what its author signed, so it matters not from whom.

use crate::recollection::{Recollected, Recollection};
use crate::snapshot::{ENTRIES, PAYLOADS, SnapshotWalk, WORTH, Walked};
use crate::{Answer, Ask, Outcome, SyncError, json};
use pes_changeset::batch::Batch;
use pes_changeset::bundle::{Place, read_entries, read_payloads};
use pes_changeset::note::Note;
use pes_changeset::{ChangeSet, Channel, Checkpoint, LogId, Origin, limits};
use pes_journal::gaps::Gap;
use pes_journal::heads::Compared;
use pes_journal::receive::Held;
use pes_journal::supply::Named;
use pes_journal::{Journal, JournalError, Refusal};
use serde::{Deserialize, Serialize};
use std::collections::{HashSet, VecDeque};
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use time::{Duration, UtcDateTime};

/// The most bytes of a list of heads.
const HEADS: usize = 8 * 1024 * 1024;
/// How long a walk goes on by the heads it began with. What is left is for the next one, with newer heads.
const LONGEST: Duration = Duration::minutes(10);
/// How many missing payloads of one log a peer is asked for at once.
const GAPS: u64 = 10_000;
/// Of how many of its bundles: one each ask.
const BUNDLES: usize = 64;

/// A head as `/heads` lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HeadEntry {
    /// The origin of the node that writes the log.
    pub origin: String,
    /// Its node-id.
    pub node_id: String,
    /// The channel's name.
    pub channel: String,
    /// The epoch.
    pub epoch: u64,
    /// The head, as its author signed it.
    pub checkpoint: String,
}

/// A walk from one peer.
#[derive(Debug)]
pub struct Pull {
    from: Origin,
    waiting: VecDeque<Wanted>,
    /// The logs that the peer holds.
    listed: HashSet<(String, Channel, u64)>,
    stage: Stage,
    /// When the heads came.
    now: UtcDateTime,
    /// Whether no place of our own logs is asked for behind a gap.
    is_brief: bool,
    has_recollected: bool,
    has_asked_for_gaps: bool,
    /// How many change-sets a snapshot has to spare.
    worth: u64,
    /// What was found on the way.
    pub report: Report,
}

/// What a walk found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Change-sets that were taken.
    pub taken: u64,
    /// How many of them were our own, after a restore.
    pub ours: u64,
    /// Change-sets that were taken ahead of their turn, with a snapshot.
    pub ahead: u64,
    /// Nodes whose logs the peer holds and that are not pinned here, with their origins.
    pub unknown: Vec<(String, String)>,
    /// Payloads that were missing and were found.
    pub filled: u64,
    /// Logs of which the peer has less than we, by name, and how many change-sets it lacks.
    pub behind: Vec<(String, u64)>,
    /// What was refused, with the log's name.
    pub refused: Vec<(String, String)>,
    /// Whether all was taken that the peer has more of; payloads that are missing of what was held may still be asked for.
    pub is_level: bool,
    /// Why the walk ended early, if it did.
    pub broken: Option<String>,
    /// Whether it ended early because it had gone on for long, and another one finds more.
    pub is_cut_short: bool,
}

/// A log as the peer holds it.
#[derive(Debug, Clone)]
struct Wanted {
    origin: String,
    node: String,
    channel: Channel,
    epoch: u64,
    head: Note,
    size: u64,
    /// Whether its snapshot has been looked at.
    is_known: bool,
}

impl Wanted {
    fn named(&self) -> Named<'_> {
        Named { node: &self.node, channel: self.channel, epoch: self.epoch }
    }

    /// The log's name, as its head says it.
    fn log(&self) -> String {
        Checkpoint::read(&self.head.text).map_or_else(|_| self.node.clone(), |head| head.log)
    }
}

#[derive(Debug)]
enum Stage {
    Heads,
    Snapshot(Wanted, Box<SnapshotWalk>),
    Entries(Wanted, Place),
    Payloads(Wanted, Place, Vec<ChangeSet>),
    /// What is in doubt of our own logs.
    Recollection(Recollection),
    /// Missing payloads of one bundle, the others still waiting.
    Gaps(Vec<Gap>, VecDeque<Vec<Gap>>),
    Done,
}

impl Pull {
    /// A walk from the node at this origin.
    pub fn from(origin: Origin) -> Self {
        let (waiting, report) = (VecDeque::new(), Report::default());
        Self {
            from: origin,
            waiting,
            listed: HashSet::new(),
            stage: Stage::Heads,
            now: UtcDateTime::UNIX_EPOCH,
            is_brief: false,
            has_recollected: false,
            has_asked_for_gaps: false,
            worth: WORTH,
            report,
        }
    }

    /// Takes a snapshot wherever it spares so many change-sets.
    pub fn sparing(self, worth: u64) -> Self {
        Self { worth, ..self }
    }

    /// Looks behind no gap of our own logs: it was done.
    pub fn briefly(self) -> Self {
        Self { is_brief: true, ..self }
    }

    /// The node it is from.
    pub fn origin(&self) -> &Origin {
        &self.from
    }

    /// What to ask next; `None` when the walk is over.
    ///
    /// # Errors
    /// [`SyncError`] when the journal fails.
    pub fn step(&mut self, journal: &Journal) -> Result<Option<Ask>, SyncError> {
        if matches!(self.stage, Stage::Done) {
            self.next_log(journal)?;
        }
        // When all is taken that the peer has more of, it is asked for what is missing of what is held; of each log for so much, so that what
        // one author never gives hides no other's.
        if matches!(self.stage, Stage::Done) && !std::mem::replace(&mut self.has_asked_for_gaps, true) {
            let is_listed = |log: Named<'_>| self.listed.contains(&(log.node.to_owned(), log.channel, log.epoch));
            let gaps = journal.gaps_of(is_listed, GAPS)?;
            self.report.is_level = true;
            self.next_gap(in_turn(gaps.into_iter().map(bundles_of).collect()));
        }
        Ok(match &self.stage {
            Stage::Heads => Some(Ask::get(&self.from, "/heads", HEADS)),
            Stage::Snapshot(wanted, walk) => {
                let (rest, limit) = walk.ask();
                Some(self.ask(wanted, &rest, limit))
            }
            Stage::Entries(wanted, place) => Some(self.ask(wanted, &format!("tile/entries/{}", place.path()), ENTRIES)),
            Stage::Payloads(wanted, place, _) => {
                Some(self.ask(wanted, &format!("payloads/{}", place.path()), PAYLOADS))
            }
            Stage::Recollection(walk) => walk.ask().map(|path| Ask::get(&self.from, path, limits::CHANGE_SET)),
            Stage::Gaps(gaps, _) => Some(self.ask_for(gaps)),
            Stage::Done => None,
        })
    }

    /// Takes what came of the last ask. A failure ends the walk; the next one begins where this one stood.
    ///
    /// # Errors
    /// [`SyncError`] when the journal fails.
    pub fn take(&mut self, journal: &Journal, outcome: Outcome, now: UtcDateTime) -> Result<(), SyncError> {
        match outcome {
            Ok(answer) if answer.status == 200 => self.answered(journal, &answer, now)?,
            // It holds less than we: perhaps the next one has it.
            Ok(_) if matches!(self.stage, Stage::Gaps(..)) => self.skip_gap(),
            Ok(answer) if answer.status == 404 && self.is_of_ours(journal) => self.leave_ours(journal),
            Ok(answer) if answer.status == 404 && matches!(self.stage, Stage::Recollection(_)) => {
                self.recollected(journal, None, now)?;
            }
            // It has no snapshot, or another one by now.
            Ok(_) if matches!(self.stage, Stage::Snapshot(..)) => self.go_on_in_turn(),
            Ok(answer) => self.stop(format!("status {}: {}", answer.status, answer.detail())),
            Err(why) => self.stop(why),
        }
        let is_over = matches!(self.stage, Stage::Done) && self.waiting.is_empty();
        if now - self.now > LONGEST && !is_over {
            self.report.is_cut_short = true;
            self.stop("it takes long; the rest is for the next walk".into());
        }
        Ok(())
    }

    fn answered(&mut self, journal: &Journal, answer: &Answer, now: UtcDateTime) -> Result<(), SyncError> {
        match std::mem::replace(&mut self.stage, Stage::Done) {
            Stage::Heads => self.heads(journal, answer, now),
            Stage::Snapshot(wanted, walk) => self.snapshot(journal, (wanted, walk), answer, now)?,
            Stage::Entries(wanted, place) => self.entries(wanted, place, answer),
            Stage::Payloads(wanted, place, entries) => self.payloads(journal, (wanted, place), entries, answer, now)?,
            Stage::Recollection(walk) => {
                self.stage = Stage::Recollection(walk);
                self.recollected(journal, Some(&answer.body), now)?;
            }
            Stage::Gaps(gaps, others) => self.gaps(journal, (&gaps, others), answer, now)?,
            Stage::Done => {}
        }
        Ok(())
    }

    fn ask(&self, wanted: &Wanted, rest: &str, limit: usize) -> Ask {
        let path = format!("/mirror/{}/{}/{}/{rest}", wanted.node, wanted.channel, wanted.epoch);
        Ask::get(&self.from, path, limit)
    }

    fn heads(&mut self, journal: &Journal, answer: &Answer, now: UtcDateTime) {
        let Ok(heads) = json::read::<Vec<HeadEntry>>(&answer.body) else {
            return self.stop("the peer's list of heads is not of the form".into());
        };
        for head in heads {
            match wanted(&head) {
                // To compare a head costs as much as its log is long: a list that names a log a thousand times has it compared once.
                Some(wanted) if !self.listed.insert((head.node_id, wanted.channel, wanted.epoch)) => {}
                Some(wanted) => self.waiting.push_back(wanted),
                None => self.report.refused.push((head.checkpoint.chars().take(80).collect(), "no head".into())),
            }
        }
        // Our own first: while it is in doubt what we signed, all waits for that. Keys before what they sign, and earlier epochs before later ones. Else in an order of this peer's own, so that walks from several
        // peers at the same time do not fetch the same.
        let of_peer = |node: &str| BuildHasherDefault::<DefaultHasher>::default().hash_one((self.from.as_str(), node));
        let own = &journal.identity().node_id;
        let order = |wanted: &Wanted| (wanted.node != *own, wanted.channel, wanted.epoch, of_peer(&wanted.node));
        self.waiting.make_contiguous().sort_by_cached_key(order);
        self.now = now;
    }

    /// Compares what the peer shows of a log with what is held here. Tells whether the peer has more.
    fn has_more(&mut self, journal: &Journal, wanted: &Wanted) -> Result<bool, SyncError> {
        if journal.declines(&wanted.node, wanted.channel)? {
            return Ok(false);
        }
        match journal.compare(wanted.named(), &wanted.head, self.now) {
            Ok(Compared::Same) => {}
            Ok(Compared::Ahead(_)) => return Ok(true),
            Ok(Compared::Behind(missing)) => self.report.behind.push((wanted.log(), missing)),
            Err(JournalError::Refused(Refusal::UnknownNode(_))) => {
                let unknown = (wanted.node.clone(), wanted.origin.clone());
                if !self.report.unknown.contains(&unknown) {
                    self.report.unknown.push(unknown);
                }
            }
            Err(JournalError::Refused(refusal)) => self.refuse(wanted, refusal.to_string()),
            Err(error) => return Err(error.into()),
        }
        Ok(false)
    }

    /// Goes on with the first waiting log of which the peer has more than we. Each is compared when its turn comes: the keys that sign
    /// it may have come just before.
    fn next_log(&mut self, journal: &Journal) -> Result<(), SyncError> {
        let own = &journal.identity().node_id;
        loop {
            // Our own come first, and what is in doubt of them, however much there is of others.
            let is_own_next = self.waiting.front().is_some_and(|wanted| wanted.node == *own);
            if !is_own_next && !std::mem::replace(&mut self.has_recollected, true) {
                self.go_on_recollecting(Recollection::of(journal, self.is_brief)?);
                if matches!(self.stage, Stage::Recollection(_)) {
                    return Ok(());
                }
            }
            let Some(wanted) = self.waiting.pop_front() else { return Ok(()) };
            if !self.has_more(journal, &wanted)? {
                continue;
            }
            let held = journal.held(wanted.named())?.map_or(0, |(_, size)| size);
            if self.is_far_behind(journal, &wanted, held) {
                let log = LogId::new(journal.pinned(&wanted.node)?.origin, wanted.channel, wanted.epoch);
                let walk = SnapshotWalk::of(wanted.node.clone(), log, (held, wanted.size), self.worth);
                self.stage = Stage::Snapshot(wanted, Box::new(walk));
                return Ok(());
            }
            if let Ok(place) = Place::of(held, wanted.size) {
                self.stage = Stage::Entries(wanted, place);
                return Ok(());
            }
        }
    }

    /// Whether a snapshot may be worth asking for. What is ours we take in our order, and of keys there is none.
    fn is_far_behind(&self, journal: &Journal, wanted: &Wanted, held: u64) -> bool {
        let is_of_records = wanted.channel != Channel::Keys && wanted.node != journal.identity().node_id;
        is_of_records && !wanted.is_known && wanted.size.saturating_sub(held) > self.worth
    }

    fn snapshot(
        &mut self,
        journal: &Journal,
        (wanted, mut walk): (Wanted, Box<SnapshotWalk>),
        answer: &Answer,
        now: UtcDateTime,
    ) -> Result<(), SyncError> {
        match walk.take(journal, &answer.body, now)? {
            Walked::On => {
                self.stage = Stage::Snapshot(wanted, walk);
                return Ok(());
            }
            Walked::Over(taken) => self.report.ahead += taken,
            Walked::Refused(why) => self.refuse(&wanted, why),
        }
        self.waiting.push_front(Wanted { is_known: true, ..wanted });
        Ok(())
    }

    /// Takes a log in its turn, whatever its snapshot.
    fn go_on_in_turn(&mut self) {
        if let Stage::Snapshot(wanted, _) = std::mem::replace(&mut self.stage, Stage::Done) {
            self.waiting.push_front(Wanted { is_known: true, ..wanted });
        }
    }

    /// Whether a bundle of our own log is asked for: we are shown each head that we have brought, also where the peer does not hold all under it.
    fn is_of_ours(&self, journal: &Journal) -> bool {
        matches!(&self.stage, Stage::Entries(wanted, _) if wanted.node == journal.identity().node_id)
    }

    fn leave_ours(&mut self, journal: &Journal) {
        if let Stage::Entries(wanted, _) = std::mem::replace(&mut self.stage, Stage::Done)
            && journal.doubt().is_none()
        {
            self.refuse(&wanted, "a head that was signed with our key is of more than was signed here".into());
        }
    }

    fn recollected(&mut self, journal: &Journal, found: Option<&[u8]>, now: UtcDateTime) -> Result<(), SyncError> {
        let Stage::Recollection(mut walk) = std::mem::replace(&mut self.stage, Stage::Done) else { return Ok(()) };
        match walk.take(journal, found, now)? {
            Recollected::Taken => {
                self.report.taken += 1;
                self.report.ours += 1;
            }
            Recollected::Nothing => {}
            Recollected::Refused(log, why) => {
                tracing::warn!(from = %self.from, log = log.name(), why, "what a peer holds of our own is refused");
                self.report.refused.push((log.name(), why));
            }
        }
        self.go_on_recollecting(walk);
        Ok(())
    }

    fn go_on_recollecting(&mut self, walk: Recollection) {
        self.stage = if walk.ask().is_some() { Stage::Recollection(walk) } else { Stage::Done };
    }

    fn entries(&mut self, wanted: Wanted, place: Place, answer: &Answer) {
        let read = read_entries(&answer.body)
            .and_then(|leaves| leaves.into_iter().map(ChangeSet::read).collect::<Result<Vec<_>, _>>());
        match read {
            Ok(entries) if place.holds(&entries) => self.stage = Stage::Payloads(wanted, place, entries),
            Ok(_) => self.refuse(&wanted, "a bundle holds other change-sets than its name says".into()),
            Err(fault) => self.refuse(&wanted, fault.to_string()),
        }
    }

    fn payloads(
        &mut self,
        journal: &Journal,
        (wanted, place): (Wanted, Place),
        entries: Vec<ChangeSet>,
        answer: &Answer,
        now: UtcDateTime,
    ) -> Result<(), SyncError> {
        let payloads = match read_payloads(&answer.body) {
            Ok(payloads) if payloads.len() == entries.len() => payloads,
            Ok(_) => {
                self.refuse(&wanted, "a bundle of payloads has another width than its name says".into());
                return Ok(());
            }
            Err(fault) => {
                self.refuse(&wanted, fault.to_string());
                return Ok(());
            }
        };
        let payloads = payloads.into_iter().map(|payload| payload.map(<[u8]>::to_vec));
        let batch = Batch { checkpoint: Some(wanted.head.clone()), items: entries.into_iter().zip(payloads).collect() };
        let before = journal.held(wanted.named())?.map_or(0, |(_, size)| size);
        match journal.receive(&wanted.node, wanted.channel, &batch, now) {
            Ok(held) => {
                // A bundle that is not full begins with what is held already.
                let taken = (place.first() + place.width).saturating_sub(before);
                self.report.taken += taken;
                self.report.ours += if wanted.node == journal.identity().node_id { taken } else { 0 };
                match held {
                    Held::Early => {}
                    _ if wanted.channel == Channel::Keys || wanted.node == journal.identity().node_id => {
                        self.waiting.push_front(wanted);
                    }
                    // A log of a million change-sets keeps no other waiting.
                    _ => self.waiting.push_back(wanted),
                }
            }
            Err(JournalError::Refused(refusal)) => self.refuse(&wanted, refusal.to_string()),
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    fn ask_for(&self, gaps: &[Gap]) -> Ask {
        let path = gaps.last().map_or_else(String::new, |last| {
            let place = place_up_to(last.seq);
            format!("/mirror/{}/{}/{}/payloads/{}", last.node, last.channel, last.epoch, place.path())
        });
        Ask::get(&self.from, path, PAYLOADS)
    }

    fn next_gap(&mut self, mut bundles: VecDeque<Vec<Gap>>) {
        self.stage = bundles.pop_front().map_or(Stage::Done, |gaps| Stage::Gaps(gaps, bundles));
    }

    fn skip_gap(&mut self) {
        if let Stage::Gaps(_, others) = std::mem::replace(&mut self.stage, Stage::Done) {
            self.next_gap(others);
        }
    }

    fn gaps(
        &mut self,
        journal: &Journal,
        (gaps, others): (&[Gap], VecDeque<Vec<Gap>>),
        answer: &Answer,
        now: UtcDateTime,
    ) -> Result<(), SyncError> {
        let payloads = read_payloads(&answer.body).unwrap_or_default();
        for gap in gaps {
            let at = usize::try_from(gap.seq - place_up_to(gap.seq).first()).unwrap_or(usize::MAX);
            let Some(payload) = payloads.get(at).copied().flatten() else { continue };
            match journal.fill(gap, payload, now) {
                Ok(()) => self.report.filled += 1,
                Err(JournalError::Refused(refusal)) => {
                    tracing::warn!(from = %self.from, record = gap.record, %refusal, "a missing payload is refused");
                }
                Err(error) => return Err(error.into()),
            }
        }
        self.next_gap(others);
        Ok(())
    }

    /// What is refused of one log stops that log, and no other.
    fn refuse(&mut self, wanted: &Wanted, why: String) {
        let log = wanted.log();
        tracing::warn!(from = %self.from, log, why, "what a peer holds is refused");
        self.report.refused.push((log, why));
    }

    fn stop(&mut self, why: String) {
        tracing::info!(from = %self.from, why, "a pull ended early");
        (self.stage, self.report.broken) = (Stage::Done, Some(why));
        (self.has_recollected, self.has_asked_for_gaps) = (true, true);
        self.waiting.clear();
    }
}

/// The bundle of the change-set at this place, no wider than up to it.
fn place_up_to(seq: u64) -> Place {
    let full = limits::BATCH_CHANGE_SETS as u64;
    Place { index: seq / full, width: seq % full + 1 }
}

/// Gaps of one log, ascending, by the bundle they lie in.
fn bundles_of(gaps: Vec<Gap>) -> Vec<Vec<Gap>> {
    let bundle = |gap: &Gap| place_up_to(gap.seq).index;
    gaps.chunk_by(|one, next| bundle(one) == bundle(next)).take(BUNDLES).map(<[Gap]>::to_vec).collect()
}

/// One bundle of each log, and then the next of each: what one author never gives hides nothing of another.
fn in_turn(logs: Vec<Vec<Vec<Gap>>>) -> VecDeque<Vec<Gap>> {
    let mut logs: Vec<_> = logs.into_iter().map(Vec::into_iter).collect();
    let mut all = VecDeque::new();
    for _ in 0..BUNDLES {
        all.extend(logs.iter_mut().filter_map(Iterator::next));
    }
    all
}

fn wanted(head: &HeadEntry) -> Option<Wanted> {
    let note = Note::read(&head.checkpoint).ok()?;
    let size = Checkpoint::read(&note.text).ok()?.size;
    let channel = head.channel.parse().ok()?;
    let (origin, node) = (head.origin.clone(), head.node_id.clone());
    Some(Wanted { origin, node, channel, epoch: head.epoch, head: note, size, is_known: false })
}
