//! What was decided of records, how they stood before, and what is said against them: kept here, and gone with the record.

use crate::bed::{self, Bed, bed, exchange, file_bed};
use pes_domain::report::{Cause, Report};
use pes_domain::{Body, Decision, Kind};
use pes_store::accounts::{self, Account, Role};
use pes_store::notices::Mail;
use pes_store::own_records::{self, Moderation, OwnRecord};
use pes_store::remarks::{self, Remark};
use pes_store::reports::{self, Closing, Filed, KEPT};
use pes_store::{StoreError, lists, stood};

const ONE: &str = "https://paca.test/id/exchange/1b4e28ba-2fa1-4d2a-983f-0016d3cca427";
const TWO: &str = "https://paca.test/id/exchange/7d9f0c62-5c1e-4f7b-8a51-3d2a9a1f0b11";

fn remark(record: &str, at: i64) -> Remark {
    Remark {
        record: record.into(),
        number: 1,
        account: Some("nora".into()),
        reader: Some("zoe".into()),
        decision: Decision::SendBack,
        sentence: Some("Précisez le lieu.\nMerci !".into()),
        at,
        mail: Mail::Due,
    }
}

fn with_people() -> Bed {
    let bed = bed();
    ["nora", "zoe"].iter().for_each(|name| drop(bed.account(name)));
    bed
}

impl Bed {
    fn note_remark(&self, remark: &Remark) {
        self.write(|link| remarks::insert(link, remark));
    }

    fn said(&self, record: &str) -> Vec<i64> {
        self.read(|link| remarks::of_record(link, record)).into_iter().map(|remark| remark.number).collect()
    }
}

/// Also where they fall into one second.
#[test]
fn what_was_decided_comes_back_whole_the_newest_first() {
    let bed = with_people();
    let (first, second) = (remark(ONE, 5), Remark { decision: Decision::Refuse, ..remark(ONE, 5) });
    let by_time = Remark { account: None, reader: None, sentence: None, decision: Decision::Publish, ..remark(TWO, 7) };
    [&first, &second, &by_time].into_iter().for_each(|one| bed.note_remark(one));
    assert_eq!(bed.read(|link| remarks::of_record(link, ONE)), [Remark { number: 2, ..second }, first]);
    assert_eq!(bed.read(|link| remarks::of_record(link, TWO)), [by_time]);
    assert_eq!(bed.said("https://paca.test/id/exchange/none"), [0; 0]);
}

#[test]
fn a_mail_is_due_until_it_is_not_and_the_oldest_comes_first() {
    let bed = with_people();
    for (record, at) in [(ONE, 5), (TWO, 7), (ONE, 9)] {
        bed.note_remark(&remark(record, at));
    }
    let due = |limit| bed.read(|link| remarks::due(link, limit));
    let at = |all: &[Remark]| all.iter().map(|one| one.at).collect::<Vec<_>>();
    let all = due(9);
    assert_eq!((at(&all), at(&due(2))), (vec![5, 7, 9], vec![5, 7]));
    bed.write(|link| remarks::mark_mail(link, &all[0], Mail::Sent));
    bed.write(|link| remarks::mark_mail(link, &all[2], Mail::None));
    assert_eq!(at(&due(9)), [7]);
    assert_eq!(bed.said(ONE), [2, 1], "the remarks stay");
}

#[test]
fn with_the_author_s_account_their_remarks_go_and_without_the_animator_s_they_stay_nobody_s() {
    let bed = with_people();
    bed.note_remark(&remark(ONE, 5));
    bed.write(|link| accounts::erase(link, "nora"));
    assert_eq!(bed.read(|link| remarks::of_record(link, ONE)), [Remark { account: None, ..remark(ONE, 5) }]);
    bed.write(|link| accounts::erase(link, "zoe"));
    assert_eq!(bed.said(ONE), [0; 0]);
    assert!(bed.refused(|link| remarks::insert(link, &remark(ONE, 6))).contains("FOREIGN KEY"));
}

#[test]
fn how_a_record_stood_is_kept_once_and_forgotten() {
    let bed = bed();
    let (first, second) = (exchange("own", "Un vélo"), exchange("own", "Une remorque"));
    let mut changed = first.clone();
    let Body::Exchange(body) = &mut changed.body else { panic!("no exchange") };
    body.title = "Deux vélos".into();
    for record in [&first, &second, &changed] {
        bed.write(|link| stood::keep(link, record));
    }
    let find = |name: String| bed.read(|link| stood::find(link, &name));
    assert_eq!(find(first.iri.to_string()), Some(changed.clone()));
    bed.write(|link| stood::forget(link, &changed.iri.to_string()));
    assert_eq!(find(first.iri.to_string()), None);
    assert_eq!(find(second.iri.to_string()), Some(second));
}

/// Nothing of an erased record is left in the file.
#[test]
fn with_a_record_goes_all_that_was_said_of_it_and_nothing_else() {
    let bed = file_bed();
    ["nora", "zoe"].iter().for_each(|name| drop(bed.account(name)));
    let (gone, left) = (exchange("own", "Un vélo orangé"), exchange("own", "Une remorque"));
    for record in [&gone, &left] {
        let name = record.iri.to_string();
        let sentence = format!("Phrase sur {}", record.title());
        bed.note_remark(&Remark { sentence: Some(sentence.clone()), ..remark(&name, 5) });
        bed.write(|link| {
            stood::keep(link, record)?;
            reports::file(link, (&name, &Report { cause: Cause::Other, sentence: sentence.clone() }), 5)?;
            let moderation = Moderation::Refused;
            own_records::put(link, &OwnRecord { moderation, author: None, version: 0, record: record.clone() })
        });
    }
    bed.write(|link| own_records::erase(link, &gone.iri.to_string()));
    bed.store.settle().unwrap();
    assert!(!bed.holds("orangé"));
    let name = left.iri.to_string();
    assert_eq!(bed.said(&name).len(), 1);
    assert_eq!(bed.read(|link| reports::of_record(link, &name)).len(), 1);
    assert!(bed.read(|link| stood::find(link, &name)).is_some());
}

fn said(sentence: &str) -> Report {
    Report { cause: Cause::Inexact, sentence: sentence.into() }
}

impl Bed {
    fn file(&self, record: &str, sentence: &str, at: i64) -> bool {
        self.write(|link| reports::file(link, (record, &said(sentence)), at))
    }

    fn open(&self, record: &str) -> Vec<Filed> {
        self.read(|link| reports::of_record(link, record))
    }

    fn close(&self, filed: &[Filed], closing: &Closing) -> usize {
        let ids: Vec<String> = filed.iter().map(|filed| filed.id.clone()).collect();
        self.write(|link| reports::close(link, &ids, closing))
    }
}

fn closing(at: i64) -> Closing {
    Closing { account: Some("nora".into()), answer: Some("Vérifié.".into()), at }
}

#[test]
fn a_record_s_reports_are_one_line_and_the_longest_waiting_comes_first() {
    let bed = bed();
    for (record, sentence, at) in [(TWO, "b", 5), (ONE, "a", 7), (TWO, "c", 9)] {
        assert!(bed.file(record, sentence, at));
    }
    assert_eq!(bed.read(reports::waiting), 2);
    assert_eq!(bed.read(|link| reports::records(link, (0, 9))), [TWO, ONE]);
    assert_eq!(bed.read(|link| reports::records(link, (1, 9))), [ONE]);
    assert_eq!(bed.read(|link| reports::records(link, (0, 1))), [TWO]);
    let both = bed.open(TWO);
    assert_eq!(
        both.iter().map(|filed| (filed.report.clone(), filed.at)).collect::<Vec<_>>(),
        [(said("b"), 5), (said("c"), 9)]
    );
    assert!(both.iter().all(|filed| filed.closing.is_none()));
}

#[test]
fn the_same_twice_is_kept_once_and_of_one_record_only_so_many() {
    let bed = bed();
    assert!(bed.file(ONE, "Ce local n’existe pas.", 5));
    assert!(!bed.file(ONE, "Ce local n’existe pas.", 6), "a button pressed twice");
    assert!(bed.file(TWO, "Ce local n’existe pas.", 6), "another record");
    for number in 1..KEPT {
        assert!(bed.file(ONE, &format!("n° {number}"), 7));
    }
    assert!(!bed.file(ONE, "une de trop", 8));
    assert_eq!(bed.open(ONE).len() as u64, KEPT);
    bed.account("nora");
    bed.close(&bed.open(ONE), &closing(9));
    assert!(bed.file(ONE, "Ce local n’existe pas.", 10), "after it was closed, it may be said again");
}

#[test]
fn those_that_were_seen_are_closed_once_and_no_others() {
    let bed = with_people();
    bed.file(ONE, "a", 5);
    let seen = bed.open(ONE);
    bed.file(ONE, "b", 6);
    assert_eq!(bed.close(&seen, &closing(7)), 1);
    assert_eq!(bed.close(&seen, &closing(8)), 0, "somebody was first");
    assert_eq!(bed.open(ONE).len(), 1);
    let closed = bed.read(|link| reports::closed(link, 9));
    assert_eq!(closed.iter().map(|filed| filed.closing.clone().unwrap()).collect::<Vec<_>>(), [closing(7)]);
    bed.close(&bed.open(ONE), &Closing { account: None, answer: None, at: 9 });
    assert_eq!(bed.read(|link| reports::closed(link, 1))[0].report, said("b"), "the newest first");
    assert_eq!(bed.read(reports::waiting), 0);
}

#[test]
fn closed_reports_are_erased_with_time_and_open_ones_never() {
    let bed = with_people();
    for (sentence, at) in [("a", 5), ("b", 6)] {
        bed.file(ONE, sentence, at);
        bed.close(&bed.open(ONE), &closing(at + 1));
    }
    bed.file(ONE, "c", 1);
    assert_eq!(bed.write(|link| reports::clear(link, 7)), 1, "not at the very second");
    assert_eq!(bed.read(|link| reports::closed(link, 9)).len(), 1);
    assert_eq!(bed.open(ONE).len(), 1);
    bed.write(|link| accounts::erase(link, "nora"));
    let closed = bed.read(|link| reports::closed(link, 9)).remove(0).closing.unwrap();
    assert_eq!(closed, Closing { account: None, ..closing(7) }, "who closed it is forgotten with their account");
    bed.write(|link| reports::erase(link, ONE));
    assert!(bed.open(ONE).is_empty() && bed.read(|link| reports::closed(link, 9)).is_empty());
}

#[test]
fn words_that_are_none_of_ours_are_damage() {
    let bed = with_people();
    bed.note_remark(&remark(ONE, 5));
    bed.file(ONE, "a", 5);
    let damaged = |fault: StoreError, table: &str| {
        let why = fault.to_string();
        assert!(why.starts_with(&format!("damaged row in {table}: ")), "{why}");
    };
    for change in ["decision = 'perhaps'", "decision = 'publish', mail = 'lost'"] {
        bed.tamper(&format!("UPDATE remarks SET {change}"));
        damaged(bed.store.read(|link| remarks::of_record(link, ONE)).unwrap_err(), "remarks");
    }
    bed.tamper("UPDATE reports SET reason = 'king'");
    damaged(bed.store.read(|link| reports::of_record(link, ONE)).unwrap_err(), "reports");
    let record = exchange("own", "Un vélo");
    bed.write(|link| stood::keep(link, &record));
    bed.tamper("UPDATE stood SET body = '[]'");
    damaged(bed.store.read(|link| stood::find(link, &record.iri.to_string())).unwrap_err(), "stood");
}

#[test]
fn entries_wait_in_the_order_in_which_they_came_and_memberships_are_none() {
    let bed = bed();
    let mut names = Vec::new();
    for number in 0..5_i64 {
        let mut record = exchange("own", &format!("n° {number}"));
        record.modified += time::Duration::minutes(-number);
        names.insert(0, record.title());
        let moderation = if number == 4 { Moderation::Incomplete } else { Moderation::Proposed };
        bed.write(|link| {
            own_records::put(link, &OwnRecord { moderation, author: None, version: 0, record: record.clone() })
        });
    }
    bed.tamper(&format!("UPDATE own_records SET kind = '{}' WHERE title = 'n° 3'", Kind::Membership.notation()));
    let page = |moderation, window| {
        let (found, total) = bed.read(|link| lists::entries(link, moderation, window));
        (found.iter().map(|own| own.record.title()).collect::<Vec<_>>(), total)
    };
    assert_eq!(page(Moderation::Proposed, (0, 9)), (vec!["n° 2".into(), "n° 1".into(), "n° 0".into()], 3));
    assert_eq!(page(Moderation::Proposed, (1, 1)), (vec!["n° 1".into()], 3));
    assert_eq!(page(Moderation::Incomplete, (0, 9)), (vec!["n° 4".into()], 1));
    assert_eq!(bed.read(|link| lists::count_entries(link, Moderation::Refused)), 0);
}

#[test]
fn the_team_is_those_who_write_or_work_for_the_network() {
    let bed = bed();
    for (name, role) in
        [("zoe", Role::Citizen), ("ines", Role::Editor), ("nora", Role::Animator), ("ali", Role::Administrator)]
    {
        bed.write(|link| accounts::insert(link, &Account { role, ..bed::account(name) }));
    }
    assert_eq!(bed.read(accounts::team), ["ali", "ines", "nora"]);
    assert_eq!(bed.read(accounts::count), 4);
    let ines = bed.read(|link| accounts::find(link, "ines")).unwrap();
    assert_eq!(ines.role, Role::Editor);
    assert!(!ines.is_member([]), "writing for the network is no membership");
    assert!(Role::Citizen < Role::Editor && Role::Editor < Role::Animator);
}
