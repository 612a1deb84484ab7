//! A node that is far behind takes a snapshot: what readers see is there at once, the log follows, and nobody has to be believed.

use crate::bed::{Node, START, node};
use pes_changeset::bundle::{read_entries, write_entries};
use pes_changeset::{ChangeSet, Channel};
use pes_domain::Record;
use pes_journal::supply::Named;
use pes_store::own_records::Moderation;
use pes_sync::pull::{Pull, Report};
use pes_sync::{Answer, Ask};
use time::Duration;

/// An author with a long log of few records: demands of which many were changed, some deleted, some withdrawn; a snapshot; and what came
/// after it.
struct Place {
    author: Node,
    hub: Node,
    fresh: Node,
    demands: Vec<Record>,
}

const DEMANDS: usize = 40;
const DELETED: usize = 5;

fn place() -> Place {
    place_of(DEMANDS, |_, _| {})
}

fn place_of(count: usize, early_on: impl FnOnce(&Node, &Node)) -> Place {
    let (author, hub, fresh) = (node("apeas"), node("paca"), node("mesclun"));
    for (one, other) in [(&author, &hub), (&hub, &fresh), (&fresh, &author)] {
        one.pins(other);
        other.pins(one);
    }
    fresh.follows(&hub);
    let demands: Vec<Record> = (0..count).map(|number| author.demand(&format!("Demande {number}"))).collect();
    early_on(&author, &fresh);
    let mut later = START;
    for round in 0..3 {
        for record in &demands[..DEMANDS / 2] {
            later += Duration::SECOND;
            let title = format!("{} {round}", record.title());
            author.journal.save(retitled(record, &title), Moderation::Published, None, later).unwrap();
        }
    }
    demands[..DELETED].iter().for_each(|record| drop(author.journal.delete(&record.iri, None, later).unwrap()));
    let draft = |record: &Record| author.journal.save(record.clone(), Moderation::Draft, None, later).map(drop);
    demands[DEMANDS - 2..DEMANDS].iter().try_for_each(draft).unwrap();
    assert_eq!(author.journal.write_snapshots(1, later).unwrap(), 1);
    author.demand("Après la photographie");
    author.journal.delete(&demands[DEMANDS - 5].iri, None, later).unwrap();
    Place { author, hub, fresh, demands }
}

fn retitled(record: &Record, title: &str) -> Record {
    let mut record = record.clone();
    match &mut record.body {
        pes_domain::Body::Exchange(one) => one.title = title.into(),
        _ => unreachable!("a demand is an exchange"),
    }
    record
}

impl Place {
    /// Walks, and hands each answer to `way` before it arrives. Stops before the first ask of which `way` gives none.
    fn walk(&self, from: &Node, way: impl FnMut(&Ask, Answer) -> Option<Answer>) -> Report {
        walk(&self.fresh, from, 20, way)
    }

    fn hub_has_all(&self) {
        let report = walk(&self.hub, &self.author, u64::MAX - 1, |_, answer| Some(answer));
        assert_eq!((report.broken, report.ahead), (None, 0));
        assert_eq!(self.hub.digest(), self.author.digest());
    }

    fn held(&self) -> u64 {
        let public = Named { node: &self.author.id(), channel: Channel::Public, epoch: 1 };
        self.fresh.journal.held(public).unwrap().map_or(0, |(_, size)| size)
    }

    fn assert_all_is_well(&self) {
        let author = &self.author.journal;
        let public = Named { node: &self.author.id(), channel: Channel::Public, epoch: 1 };
        assert_eq!(self.held(), author.held(public).unwrap().unwrap().1);
        assert_eq!(self.fresh.digest(), self.author.digest());
        let verified = self.fresh.journal.verify().unwrap();
        assert_eq!(verified.missing, 0);
        self.fresh.journal.rebuild().unwrap();
        assert_eq!(self.fresh.digest(), self.author.digest());
    }
}

fn walk(taker: &Node, from: &Node, worth: u64, mut way: impl FnMut(&Ask, Answer) -> Option<Answer>) -> Report {
    let mut pull = Pull::from(from.origin().clone()).sparing(worth);
    while let Some(ask) = pull.step(&taker.journal).unwrap() {
        let Some(answer) = way(&ask, from.answers(taker.identity(), &ask, START)) else { break };
        pull.take(&taker.journal, Ok(answer), START).unwrap();
    }
    pull.report
}

fn is_of_snapshot(ask: &Ask) -> bool {
    ask.path.contains("/snapshot")
}

/// Stops the walk at the first bundle from the beginning of the log.
fn up_to_the_log(ask: &Ask, answer: Answer) -> Option<Answer> {
    (!ask.path.contains("public/1/tile/entries/000")).then_some(answer)
}

#[test]
fn what_readers_see_is_there_before_the_log_is() {
    // More than one page.
    let place = place_of(300, |_, _| {});
    place.hub_has_all();
    let report = place.walk(&place.hub, up_to_the_log);
    assert_eq!((report.refused.len(), report.taken), (0, 2), "only keys have come in their turn");
    assert!(report.ahead > 300, "members and what came after them: {}", report.ahead);
    assert_eq!(place.held(), 0);
    assert_eq!(place.fresh.digest(), place.author.digest());
    assert!(place.fresh.journal.gaps(10).unwrap().is_empty());
    // A rebuild knows what came ahead of its turn.
    place.fresh.journal.rebuild().unwrap();
    assert_eq!(place.fresh.digest(), place.author.digest());
    // Then the log, and nothing is left ahead of its turn.
    let report = place.walk(&place.hub, |ask, answer| {
        assert!(!is_of_snapshot(ask) || ask.path.ends_with("/snapshot") || answer.status == 200);
        Some(answer)
    });
    assert!(report.refused.is_empty());
    place.assert_all_is_well();
    let early = place.fresh.journal.store().read(|link| pes_store::entries::early_after(link, 0, 10)).unwrap();
    assert!(early.is_empty());
}

/// It is not given on by the urgent lane: others get it in its turn.
#[test]
fn what_came_with_a_snapshot_is_given_on_in_its_turn() {
    let place = place();
    place.walk(&place.author, up_to_the_log);
    let peer = place.fresh.journal.peer(&place.hub.id()).unwrap().unwrap();
    let peer = pes_journal::peers::Peer { urgent: 0, ..peer };
    let next = place.fresh.journal.urgent_for(&peer, None).unwrap();
    assert!(matches!(next, pes_journal::outgoing::Next::Nothing { .. }), "{next:?}");
}

#[test]
fn deletions_are_honoured_by_who_missed_them() {
    // It knew the first of them, then it was away.
    let place = place_of(DEMANDS, |author, fresh| drop(walk(fresh, author, u64::MAX - 1, |_, answer| Some(answer))));
    assert_eq!(place.held(), DEMANDS as u64);
    let shown = |record: &Record| {
        let reader = pes_domain::Audience::Affiliates;
        let store = place.fresh.journal.store();
        store.read(|link| pes_store::records::seen(link, &record.iri.to_string(), reader)).unwrap()
    };
    assert!(shown(&place.demands[3]).is_some());
    // The first bundle holds what came after the snapshot; when it is asked for again, it is for the log.
    let mut bundles = 0;
    let report = place.walk(&place.author, |ask, answer| {
        bundles += usize::from(ask.path.contains("public/1/tile"));
        (bundles < 2).then_some(answer)
    });
    assert!(report.ahead > 0 && place.held() == DEMANDS as u64);
    assert!(shown(&place.demands[3]).is_none(), "it was deleted meanwhile");
    assert!(shown(&place.demands[DEMANDS - 1]).is_none(), "it was deleted or withdrawn meanwhile");
    place.walk(&place.author, |_, answer| Some(answer));
    place.assert_all_is_well();
}

/// Who leaves a member out, or gives an older version of it, is found out; the log is taken all the same.
#[test]
fn a_snapshot_without_one_of_its_members_is_refused() {
    let place = place();
    place.hub_has_all();
    let report = place.walk(&place.hub, |ask, answer| {
        if !ask.path.contains("/entries/000") || !is_of_snapshot(ask) {
            return Some(answer);
        }
        // The first member is replaced by what stood in its place before.
        let mut entries = read_entries(&answer.body).unwrap();
        let first = ChangeSet::read(entries[0]).unwrap();
        let record = &first.header().act.target().unwrap().record;
        let public = Named { node: &place.author.id(), channel: Channel::Public, epoch: 1 };
        let before = (0..first.header().seq).rev().find_map(|seq| {
            let other = place.author.journal.change_set(public, seq).unwrap().unwrap();
            other.header().act.target().is_some_and(|on| on.record == *record).then_some(other)
        });
        let before = before.unwrap_or_else(|| place.author.journal.change_set(public, 0).unwrap().unwrap());
        entries[0] = before.text();
        Some(Answer { body: write_entries(entries).unwrap(), ..answer })
    });
    assert_eq!(report.refused.len(), 1, "{report:?}");
    assert!(report.refused[0].1.contains("snapshot") || report.refused[0].1.contains("commitment"), "{report:?}");
    place.assert_all_is_well();
}

#[test]
fn a_snapshot_that_is_replaced_meanwhile_or_is_none_holds_nothing_up() {
    for bad in [b"".as_slice(), b"x", &[0, 1, 0xff]] {
        let place = place();
        let mut asked = 0;
        let report = place.walk(&place.author, |ask, answer| {
            asked += usize::from(is_of_snapshot(ask));
            match is_of_snapshot(ask) && asked == 2 {
                true if bad.is_empty() => Some(Answer { status: 404, body: vec![] }),
                true => Some(Answer { status: 200, body: bad.to_vec() }),
                false => Some(answer),
            }
        });
        assert_eq!(report.refused.len(), usize::from(!bad.is_empty()), "{report:?}");
        place.assert_all_is_well();
    }
}

#[test]
fn a_snapshot_that_spares_little_is_not_taken() {
    let place = place();
    let mut pages = 0;
    let report = walk(&place.fresh, &place.author, 70, |ask, answer| {
        pages += usize::from(is_of_snapshot(ask) && !ask.path.ends_with("/snapshot"));
        Some(answer)
    });
    assert_eq!((pages, report.ahead), (0, 0));
    place.assert_all_is_well();
}

/// What is for members is to anyone else as if it did not exist; and there is no other snapshot than the newest.
#[test]
fn the_desk_gives_the_newest_snapshot_to_the_channels_audience() {
    let author = node("apeas");
    let id = author.id();
    author.demand("Une");
    for channel in ["public", "affiliates"] {
        assert_eq!(author.get(&format!("/log/{channel}/1/snapshot")).status, 404, "none has been written");
    }
    assert_eq!(author.journal.write_snapshots(1, START).unwrap(), 1);
    let newest = author.get("/log/public/1/snapshot");
    assert_eq!(
        (newest.status, author.get(&format!("/mirror/{id}/public/1/snapshot")).body),
        (200, newest.body.clone())
    );
    assert!(String::from_utf8(newest.body).unwrap().contains("ns#Snapshot>"));
    assert_eq!(author.get("/log/public/1/snapshot/1/entries/000.p/1").status, 200);
    assert_eq!(author.get("/log/public/1/snapshot/1/payloads/000.p/1").status, 200);
    for absent in [
        "public/1/snapshot/0/entries/000.p/1",
        "public/1/snapshot/1/entries/000",
        "public/1/snapshot/1/entries/001.p/1",
        "public/1/snapshot/1/others/000.p/1",
        "public/1/snapshot/x/entries/000.p/1",
        "public/2/snapshot",
        "affiliates/1/snapshot",
    ] {
        assert_eq!(author.get(&format!("/log/{absent}")).status, 404, "{absent}");
    }
}
