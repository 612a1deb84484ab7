//! Notices: once for each person and record, the mail that is due, and what nobody has claimed.

use crate::bed::{Bed, bed};
use pes_store::accounts;
use pes_store::notices::{self, Mail, Notice};

const STRUCTURE: &str = "https://paca.test/id/structure/1b4e28ba-2fa1-4d2a-983f-0016d3cca427";

fn notice(id: &str, account: &str, record: &str, created: i64) -> Notice {
    Notice {
        id: id.into(),
        account: account.into(),
        record: record.into(),
        structure: None,
        reason: "{}".into(),
        created,
        is_read: false,
        mail: Mail::Due,
        mailed: None,
    }
}

/// A database with two people.
fn two_people() -> Bed {
    let bed = bed();
    ["marie", "paul"].iter().for_each(|name| drop(bed.account(name)));
    bed
}

impl Bed {
    fn tell(&self, notice: &Notice) -> bool {
        self.write(|link| notices::insert_once(link, notice))
    }

    fn of(&self, account: &str) -> Vec<Notice> {
        self.read(|link| notices::of_account(link, account, 10))
    }
}

fn ids(notices: &[Notice]) -> Vec<&str> {
    notices.iter().map(|notice| notice.id.as_str()).collect()
}

#[test]
fn a_notice_comes_back_as_it_was_written() {
    let bed = two_people();
    let reason = "{\"skill\":\"premises\"}".to_owned();
    let written = Notice { structure: Some(STRUCTURE.into()), reason, ..notice("1", "marie", "a", 5) };
    assert!(bed.tell(&written));
    assert_eq!(bed.of("marie"), [written]);
}

#[test]
fn a_person_is_told_of_a_record_once() {
    let bed = two_people();
    let first = notice("1", "marie", "a", 5);
    assert!(bed.tell(&first));
    assert!(!bed.tell(&Notice { structure: Some(STRUCTURE.into()), ..notice("2", "marie", "a", 6) }));
    assert!(bed.tell(&notice("3", "marie", "b", 5)));
    assert!(bed.tell(&notice("4", "paul", "a", 5)));
    assert_eq!(ids(&bed.of("marie")), ["1", "3"]);
    assert_eq!(bed.of("marie")[0], first, "the first one stays as it was");
}

#[test]
fn a_notice_is_somebody_s() {
    let why = bed().refused(|link| notices::insert_once(link, &notice("1", "nobody", "a", 5)));
    assert!(why.contains("FOREIGN KEY"), "{why}");
}

#[test]
fn a_person_sees_their_own_notices_the_newest_first() {
    let bed = two_people();
    for (id, account, created) in [("1", "marie", 3), ("2", "marie", 9), ("3", "paul", 5), ("4", "marie", 6)] {
        bed.tell(&notice(id, account, id, created));
    }
    assert_eq!(ids(&bed.of("marie")), ["2", "4", "1"]);
    assert_eq!(ids(&bed.read(|link| notices::of_account(link, "marie", 2))), ["2", "4"]);
}

#[test]
fn what_was_seen_is_counted_no_more() {
    let bed = two_people();
    for (id, account) in [("1", "marie"), ("2", "marie"), ("3", "paul")] {
        bed.tell(&notice(id, account, id, 5));
    }
    let unread = |account| bed.read(|link| notices::unread(link, account));
    assert_eq!((unread("marie"), unread("paul")), (2, 1));
    bed.write(|link| notices::mark_read(link, "marie"));
    assert_eq!((unread("marie"), unread("paul")), (0, 1));
    assert!(bed.of("marie").iter().all(|notice| notice.is_read));
    bed.tell(&notice("4", "marie", "4", 6));
    assert_eq!(unread("marie"), 1);
}

#[test]
fn mail_is_due_the_oldest_first_until_it_is_marked() {
    let bed = two_people();
    for (id, account, created) in [("1", "marie", 9), ("2", "paul", 3), ("3", "marie", 6), ("4", "paul", 4)] {
        bed.tell(&notice(id, account, id, created));
    }
    bed.tell(&Notice { mail: Mail::None, ..notice("5", "paul", "5", 1) });
    let due = |limit| -> Vec<String> {
        bed.read(|link| notices::due(link, limit)).into_iter().map(|notice| notice.id).collect()
    };
    assert_eq!(due(10), ["2", "4", "3", "1"]);
    assert_eq!(due(2), ["2", "4"]);
    bed.write(|link| notices::mark_mail(link, "2", Mail::Sent, 20));
    bed.write(|link| notices::mark_mail(link, "3", Mail::Folded, 21));
    assert_eq!(due(10), ["4", "1"]);
    let third = bed.of("marie").into_iter().find(|notice| notice.id == "3").unwrap();
    assert_eq!((third.mail, third.mailed), (Mail::Folded, Some(21)));
}

#[test]
fn mails_that_went_by_themselves_are_counted_by_person_and_time() {
    let bed = two_people();
    for (id, account, mail, at) in [
        ("1", "marie", Mail::Sent, 10),
        ("2", "marie", Mail::Sent, 20),
        ("3", "marie", Mail::Folded, 20),
        ("4", "paul", Mail::Sent, 20),
    ] {
        bed.tell(&notice(id, account, id, 5));
        bed.write(|link| notices::mark_mail(link, id, mail, at));
    }
    bed.tell(&notice("5", "marie", "5", 5));
    let sent = |since| bed.read(|link| notices::sent_since(link, "marie", since));
    assert_eq!((sent(0), sent(10), sent(11), sent(20), sent(21)), (2, 2, 1, 1, 0));
}

#[test]
fn every_state_of_a_mail_is_kept() {
    let bed = two_people();
    for mail in [Mail::None, Mail::Due, Mail::Sent, Mail::Folded] {
        let written = Notice { mail, ..notice(&format!("{mail:?}"), "marie", &format!("{mail:?}"), 5) };
        bed.tell(&written);
        assert!(bed.of("marie").contains(&written));
    }
}

#[test]
fn an_erased_account_is_told_of_nothing() {
    let bed = two_people();
    bed.tell(&notice("1", "marie", "a", 5));
    bed.tell(&notice("2", "paul", "a", 5));
    bed.write(|link| accounts::erase(link, "marie"));
    assert_eq!(ids(&bed.read(|link| notices::due(link, 10))), ["2"]);
}

impl Bed {
    fn unclaimed(&self, record: &str, structure: &str, now: i64) {
        self.write(|link| notices::note_unclaimed(link, (record, structure), &format!("since {now}"), now));
    }
}

#[test]
fn what_nobody_has_claimed_is_noted_once_for_each_structure() {
    let bed = bed();
    for (structure, now) in [("two", 5), ("one", 6), ("two", 7)] {
        bed.unclaimed("a", structure, now);
    }
    let of = |record| bed.read(|link| notices::unclaimed_of(link, record));
    let rows = [("one", "since 6"), ("two", "since 5")].map(|(one, why)| (one.to_owned(), why.to_owned()));
    assert_eq!(of("a"), rows);
    assert_eq!(of("b"), []);
}

#[test]
fn records_that_concern_nobody_here_are_told_once_the_newest_first() {
    let bed = bed();
    for (record, structure, now) in [("a", "one", 5), ("b", "one", 6), ("a", "two", 9), ("c", "one", 7)] {
        bed.unclaimed(record, structure, now);
    }
    assert_eq!(bed.read(|link| notices::unclaimed_records(link, 10)), ["a", "c", "b"]);
    assert_eq!(bed.read(|link| notices::unclaimed_records(link, 1)), ["a"]);
}

#[test]
fn a_record_that_is_no_more_concerns_nobody() {
    let bed = two_people();
    for (id, account, record) in [("1", "marie", "a"), ("2", "paul", "a"), ("3", "marie", "b")] {
        bed.tell(&notice(id, account, record, 5));
        bed.unclaimed(record, account, 5);
    }
    bed.write(|link| notices::forget(link, "a"));
    assert_eq!((ids(&bed.of("marie")), bed.of("paul")), (vec!["3"], vec![]));
    assert_eq!(bed.read(|link| notices::unclaimed_records(link, 10)), ["b"]);
}

/// What was taken back is counted no more, and nobody is told of it twice.
#[test]
fn what_nobody_may_read_any_more_is_settled() {
    let bed = two_people();
    for (id, account, record) in [("1", "marie", "a"), ("2", "paul", "a"), ("3", "marie", "b")] {
        bed.tell(&notice(id, account, record, 5));
        bed.unclaimed(record, account, 5);
    }
    bed.write(|link| notices::settle(link, "a"));
    let unread = |account| bed.read(|link| notices::unread(link, account));
    assert_eq!((unread("marie"), unread("paul")), (1, 0));
    assert_eq!(bed.read(|link| notices::unclaimed_records(link, 10)), ["b"]);
    assert!(bed.read(|link| notices::has(link, "paul", "a")));
}
