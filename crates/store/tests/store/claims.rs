//! Letters to structures that nobody speaks for: what is due and in which order, what is counted, what is forgotten, what is erased with its structure.

use crate::bed::{Bed, bed, exchange};
use pes_store::claims::{self, ASKED, ClaimLetter, Standing, digest_of, path, stop_path};
use pes_store::own_records::{self, Moderation, OwnRecord};
use pes_store::tokens::LinkSecret;
use time::{Duration, UtcDateTime};

fn letter(id: &str, structure: &str, campaign: i64, created: i64) -> ClaimLetter {
    ClaimLetter {
        id: id.into(),
        structure: structure.into(),
        campaign,
        address: format!("address of {structure}"),
        created,
        standing: Standing::Due,
        told: None,
        taken: None,
    }
}

impl Bed {
    fn add_letter(&self, letter: &ClaimLetter) {
        self.write(|link| claims::insert(link, letter));
    }

    fn standing(&self, id: &str) -> (Standing, Option<i64>, Option<i64>) {
        let found = self.read(|link| claims::find(link, id)).unwrap();
        (found.standing, found.told, found.taken)
    }

    fn due_letters(&self, limit: u64) -> Vec<String> {
        self.read(|link| claims::due(link, limit)).into_iter().map(|letter| letter.id).collect()
    }
}

#[test]
fn a_letter_comes_back_as_it_was_and_one_that_is_not_there_is_none() {
    let bed = bed();
    let kept = ClaimLetter { standing: Standing::Sent, told: Some(7), taken: Some(9), ..letter("a", "s", 3, 5) };
    bed.add_letter(&kept);
    assert_eq!(bed.read(|link| claims::find(link, "a")), Some(kept.clone()));
    assert_eq!(bed.read(|link| claims::find(link, "b")), None);
    assert_eq!(bed.read(|link| claims::of_structure(link, "s")), [kept]);
    assert!(bed.read(|link| claims::of_structure(link, "t")).is_empty());
}

#[test]
fn what_somebody_asked_for_is_due_before_a_campaign_and_the_older_before_the_newer() {
    let bed = bed();
    for one in
        [letter("d", "4", 50, 50), letter("a", "1", ASKED, 90), letter("c", "3", 20, 20), letter("b", "2", 20, 20)]
    {
        bed.add_letter(&one);
    }
    assert_eq!(bed.due_letters(10), ["a", "b", "c", "d"]);
    assert_eq!(bed.due_letters(2), ["a", "b"]);
    bed.write(|link| claims::mark(link, "a", Standing::Sent, Some(91)));
    bed.write(|link| claims::mark(link, "b", Standing::Refused, Some(92)));
    assert_eq!(bed.due_letters(10), ["c", "d"]);
    bed.write(|link| claims::mark(link, "a", Standing::Due, None));
    assert_eq!((bed.due_letters(1), bed.standing("a")), (vec!["a".to_owned()], (Standing::Due, None, None)));
    let all: Vec<String> = bed.read(claims::all).into_iter().map(|letter| letter.id).collect();
    assert_eq!(all, ["d", "b", "c", "a"], "the newest campaign first");
}

/// A program that was stopped may still hold a list of what was due when the next one begins.
#[test]
fn of_two_who_would_send_a_letter_one_may() {
    let bed = bed();
    bed.add_letter(&letter("a", "s", 1, 1));
    assert!(
        bed.write(|link| claims::take(link, "a", Standing::Sent, 5))
            && !bed.write(|link| claims::take(link, "a", Standing::Sent, 6))
    );
    assert_eq!(bed.standing("a"), (Standing::Sent, Some(5), None));
    bed.write(|link| claims::mark(link, "a", Standing::Dropped, Some(7)));
    assert!(
        !bed.write(|link| claims::take(link, "a", Standing::Sent, 8))
            && !bed.write(|link| claims::take(link, "b", Standing::Sent, 8))
    );
    bed.write(|link| claims::mark(link, "a", Standing::Due, None));
    assert!(bed.write(|link| claims::take(link, "a", Standing::Dropped, 9)), "what could not go is due again");
    assert_eq!(bed.standing("a"), (Standing::Dropped, Some(9), None));
}

#[test]
fn what_went_to_the_mail_server_in_the_last_minute_is_counted_whether_it_took_it_or_not() {
    let bed = bed();
    for (id, standing, told) in [
        ("a", Standing::Sent, Some(100)),
        ("b", Standing::Refused, Some(101)),
        ("c", Standing::Sent, Some(40)),
        ("d", Standing::Due, None),
        ("e", Standing::Dropped, Some(101)),
    ] {
        bed.add_letter(&ClaimLetter { standing, told, ..letter(id, id, 1, 1) });
    }
    assert_eq!(bed.read(|link| claims::sent_since(link, 40)), 2);
    assert_eq!(bed.read(|link| claims::sent_since(link, 100)), 1);
}

#[test]
fn a_campaign_leaves_alone_whom_one_wrote_to_or_is_about_to() {
    let bed = bed();
    for (id, campaign, standing, told) in [
        ("sent", 5, Standing::Sent, Some(100)),
        ("long ago", 5, Standing::Sent, Some(10)),
        ("due", 5, Standing::Due, None),
        ("refused", 5, Standing::Refused, Some(100)),
        ("dropped", 5, Standing::Dropped, Some(100)),
        ("asked", ASKED, Standing::Sent, Some(100)),
    ] {
        bed.add_letter(&ClaimLetter { standing, told, ..letter(id, id, campaign, 1) });
    }
    let mut names: Vec<String> = bed.read(|link| claims::written_to_since(link, 50)).into_iter().collect();
    names.sort();
    assert_eq!(names, ["due", "sent"]);
}

#[test]
fn a_sheet_that_is_taken_over_takes_its_letters_along() {
    let bed = bed();
    bed.add_letter(&ClaimLetter { standing: Standing::Sent, told: Some(2), ..letter("sent", "s", 1, 1) });
    bed.add_letter(&ClaimLetter { standing: Standing::Refused, told: Some(2), ..letter("refused", "s", 1, 1) });
    bed.add_letter(&letter("due", "s", 3, 3));
    bed.add_letter(&letter("other", "t", 3, 3));
    bed.write(|link| claims::taken(link, "s", 7));
    assert_eq!(bed.standing("sent"), (Standing::Sent, Some(2), Some(7)));
    assert_eq!(bed.standing("due"), (Standing::Dropped, Some(7), None));
    assert_eq!(bed.standing("refused"), (Standing::Refused, Some(2), None));
    assert_eq!(bed.standing("other"), (Standing::Due, None, None));
    bed.write(|link| claims::taken(link, "s", 9));
    assert_eq!(bed.standing("sent").2, Some(7), "the first time counts");
}

#[test]
fn a_campaign_that_is_stopped_drops_its_own_letters_alone() {
    let bed = bed();
    bed.add_letter(&letter("asked", "s", ASKED, 1));
    bed.add_letter(&letter("due", "s", 5, 5));
    bed.add_letter(&ClaimLetter { standing: Standing::Sent, told: Some(6), ..letter("sent", "t", 5, 5) });
    assert_eq!(bed.write(|link| claims::drop_due(link, 8)), 1);
    assert_eq!(bed.standing("due"), (Standing::Dropped, Some(8), None));
    assert_eq!(bed.standing("sent").0, Standing::Sent);
    assert_eq!(bed.due_letters(9), ["asked"]);
}

#[test]
fn old_letters_are_forgotten_but_not_those_that_are_due() {
    let bed = bed();
    bed.add_letter(&ClaimLetter { standing: Standing::Sent, told: Some(2), ..letter("old", "s", 1, 1) });
    bed.add_letter(&ClaimLetter { standing: Standing::Sent, told: Some(9), ..letter("new", "s", 9, 9) });
    bed.add_letter(&letter("due", "s", 1, 1));
    assert_eq!(bed.write(|link| claims::forget(link, 9)), 1);
    let left: Vec<String> = bed.read(claims::all).into_iter().map(|letter| letter.id).collect();
    assert_eq!(left, ["new", "due"]);
}

#[test]
fn an_address_refuses_once_and_for_good() {
    let bed = bed();
    assert!(!bed.read(|link| claims::is_refused(link, "x")));
    for now in [5, 6] {
        bed.write(|link| claims::refuse(link, "x", now));
    }
    assert!(bed.read(|link| claims::is_refused(link, "x")) && !bed.read(|link| claims::is_refused(link, "y")));
    assert_eq!(bed.read(claims::refusals).len(), 1);
}

#[test]
fn a_record_that_is_erased_takes_the_letters_about_it_along() {
    let bed = bed();
    let own =
        OwnRecord { record: exchange("own", "Échange"), moderation: Moderation::Published, author: None, version: 0 };
    let name = own.record.iri.to_string();
    bed.write(|link| own_records::put(link, &own));
    bed.add_letter(&letter("a", &name, 1, 1));
    bed.add_letter(&letter("b", "another", 1, 1));
    bed.write(|link| claims::refuse(link, "address of another", 1));
    bed.write(|link| own_records::erase(link, &name));
    let left: Vec<String> = bed.read(claims::all).into_iter().map(|letter| letter.id).collect();
    assert_eq!(left, ["b"]);
    assert_eq!(bed.read(claims::refusals).len(), 1, "what an address wants does not depend on a record");
}

#[test]
fn a_link_counts_longer_where_the_team_wrote_first() {
    let now = UtcDateTime::now();
    let sent = |campaign: i64, days: i64| {
        let told = Some((now - Duration::days(days)).unix_timestamp());
        ClaimLetter { standing: Standing::Sent, told, ..letter("a", "s", campaign, 0) }
    };
    for (campaign, days) in [(ASKED, 14), (1, 90)] {
        assert!(sent(campaign, days - 1).counts(now) && !sent(campaign, days).counts(now), "{days}");
    }
    let crashed = ClaimLetter { told: None, created: now.unix_timestamp(), ..sent(ASKED, 99) };
    assert!(crashed.counts(now), "one that went out before that was noted counts from when it was made");
}

#[test]
fn links_and_digests_tell_nothing_to_whoever_lacks_the_secret() {
    let (links, others) = (LinkSecret::new("a".repeat(64)), LinkSecret::new("b".repeat(64)));
    assert_eq!(digest_of(&links, " Contact@Etabli.example "), digest_of(&links, "contact@etabli.example"));
    assert_ne!(digest_of(&links, "contact@etabli.example"), digest_of(&others, "contact@etabli.example"));
    assert!(!digest_of(&links, "contact@etabli.example").contains("etabli"));
    assert!(path(&links, "x").starts_with("/reprendre/x/") && path(&links, "x") != path(&others, "x"));
    let token = |path: String| path.rsplit('/').next().unwrap().to_owned();
    assert_ne!(token(path(&links, "x")), token(stop_path(&links, "x")), "each link has its own purpose");
}
