//! Accounts, and what hangs on them: sessions, rights, notices, conversations.

use crate::bed::{Bed, account, bed, exchange, file_bed};
use pes_domain::{Kind, Record, RecordIri};
use pes_store::accounts::{self, Account, Role};
use pes_store::own_records::{self, Moderation, OwnRecord};
use pes_store::rights::{self, Right};
use pes_store::sessions::{self, Session};
use pes_store::tokens::digest;

const ONE: &str = "https://paca.test/id/structure/1b4e28ba-2fa1-4d2a-983f-0016d3cca427";
const TWO: &str = "https://paca.test/id/structure/7d9f0c62-5c1e-4f7b-8a51-3d2a9a1f0b11";

#[test]
fn an_account_comes_back_as_it_was_made() {
    let bed = bed();
    let marie = bed.account("marie");
    assert_eq!(bed.read(|link| accounts::find(link, "marie")), Some(marie));
    assert_eq!(bed.read(|link| accounts::find(link, "Marie")), None);
}

#[test]
fn an_address_is_kept_and_found_in_lower_case() {
    let bed = bed();
    let typed = Account { email: "Zoé.DUPONT@Exemple.FR".into(), ..account("zoe") };
    bed.write(|link| accounts::insert(link, &typed));
    for email in ["zoé.dupont@exemple.fr", "ZOÉ.dupont@exemple.fr"] {
        let found = bed.read(|link| accounts::by_email(link, email)).unwrap();
        assert_eq!((found.id.as_str(), found.email.as_str()), ("zoe", "zoé.dupont@exemple.fr"));
    }
    assert_eq!(bed.read(|link| accounts::by_email(link, "zoé@exemple.fr")), None);
    bed.write(|link| accounts::update(link, &Account { email: "ZOÉ@Exemple.fr".into(), ..typed }));
    assert!(bed.read(|link| accounts::by_email(link, "zoé@exemple.fr")).is_some());
}

#[test]
fn an_address_and_an_id_are_one_account_s() {
    let bed = bed();
    let marie = bed.account("marie");
    let paul = bed.account("paul");
    let thief = Account { id: "thief".into(), email: "MARIE@exemple.fr".into(), ..paul.clone() };
    assert!(bed.refused(|link| accounts::insert(link, &thief)).contains("UNIQUE"));
    let twin = Account { email: "twin@exemple.fr".into(), ..marie.clone() };
    assert!(bed.refused(|link| accounts::insert(link, &twin)).contains("UNIQUE"));
    let moved = Account { email: marie.email.clone(), ..paul.clone() };
    assert!(bed.refused(|link| accounts::update(link, &moved)).contains("UNIQUE"));
    assert_eq!(bed.read(accounts::all), [marie, paul]);
}

#[test]
fn what_changes_about_an_account_is_kept_and_others_are_left() {
    let bed = bed();
    let (marie, paul) = (bed.account("marie"), bed.account("paul"));
    let mut changed = Account {
        name: "Marie Invented".into(),
        password: "another".into(),
        role: Role::Administrator,
        is_accepted: true,
        wants_mail: false,
        rhythm: accounts::Rhythm::default(),
        person: Some("https://paca.test/id/person/1b4e28ba-2fa1-4d2a-983f-0016d3cca427".into()),
        ..marie
    };
    for _ in 0..2 {
        bed.write(|link| accounts::update(link, &changed));
        assert_eq!(bed.read(|link| accounts::find(link, "marie")), Some(changed.clone()));
        changed.person = None;
    }
    assert_eq!(bed.read(|link| accounts::find(link, "paul")), Some(paul));
}

#[test]
fn accounts_are_told_by_address() {
    let bed = bed();
    let [zoe, ali, paul] = ["zoe", "ali", "paul"].map(|name| bed.account(name));
    assert_eq!(bed.read(accounts::all), [ali, paul, zoe]);
}

fn right(account: &str, structure: &str) -> Right {
    Right {
        account: account.into(),
        structure: structure.into(),
        is_confirmed: false,
        may_edit: false,
        wants_notices: false,
    }
}

#[test]
fn membership_is_a_role_an_acceptance_or_a_confirmed_right() {
    let (citizen, unconfirmed) = (account("marie"), Right { may_edit: true, ..right("marie", ONE) });
    let confirmed = Right { is_confirmed: true, ..unconfirmed.clone() };
    assert!(!citizen.is_member([]));
    assert!(!citizen.is_member([&unconfirmed]), "what one side alone says counts for nothing");
    assert!(citizen.is_member([&unconfirmed, &confirmed]));
    assert!(Account { is_accepted: true, ..citizen.clone() }.is_member([]));
    for role in [Role::Animator, Role::Administrator] {
        assert!(Account { role, ..citizen.clone() }.is_member([]));
    }
}

#[test]
fn a_right_takes_the_place_of_the_one_before() {
    let bed = bed();
    bed.account("marie");
    for given in
        [Right { is_confirmed: true, may_edit: true, wants_notices: true, ..right("marie", ONE) }, right("marie", ONE)]
    {
        bed.write(|link| rights::put(link, &given));
        assert_eq!(bed.read(|link| rights::find(link, "marie", ONE)), Some(given.clone()));
        assert_eq!(bed.read(rights::all), [given]);
    }
    assert_eq!(bed.read(|link| rights::find(link, "marie", TWO)), None);
    assert_eq!(bed.read(|link| rights::find(link, "paul", ONE)), None);
}

#[test]
fn rights_are_told_by_account_and_by_structure() {
    let bed = bed();
    ["marie", "paul"].iter().for_each(|name| drop(bed.account(name)));
    let [paul_two, marie_two, marie_one] = [("paul", TWO), ("marie", TWO), ("marie", ONE)].map(|(account, of)| {
        bed.write(|link| rights::put(link, &right(account, of)));
        right(account, of)
    });
    assert_eq!(bed.read(|link| rights::of_account(link, "marie")), [marie_one.clone(), marie_two.clone()]);
    assert_eq!(bed.read(|link| rights::of_structure(link, TWO)), [marie_two.clone(), paul_two.clone()]);
    assert_eq!(bed.read(rights::all), [marie_one.clone(), marie_two.clone(), paul_two]);
    bed.write(|link| rights::remove(link, "paul", TWO));
    assert_eq!(bed.read(rights::all), [marie_one, marie_two]);
}

#[test]
fn rights_and_sessions_belong_to_an_account() {
    let bed = bed();
    assert!(bed.refused(|link| rights::put(link, &right("nobody", ONE))).contains("FOREIGN KEY"));
    assert!(bed.refused(|link| sessions::insert(link, &session("token", "nobody", 9))).contains("FOREIGN KEY"));
}

/// What is in somebody's cookie.
const COOKIE: &str = "5f1d6d0c invented";

fn session(token: &str, account: &str, expires: i64) -> Session {
    Session { token_digest: digest(token), account: account.into(), csrf: "csrf".into(), created: 0, expires }
}

impl Bed {
    fn begin(&self, token: &str, account: &str, expires: i64) {
        self.write(|link| sessions::insert(link, &session(token, account, expires)));
    }

    fn is_in(&self, token: &str, now: i64) -> bool {
        self.read(|link| sessions::find(link, token, now)).is_some()
    }
}

#[test]
fn a_session_is_found_by_its_token_until_it_expires() {
    let bed = file_bed();
    bed.account("marie");
    bed.begin(COOKIE, "marie", 100);
    assert_eq!(bed.read(|link| sessions::find(link, COOKIE, 99)), Some(session(COOKIE, "marie", 100)));
    assert!(!bed.is_in(COOKIE, 100));
    assert!(!bed.is_in("other", 0));
    assert!(!bed.is_in(&digest(COOKIE), 0), "what the database keeps opens nothing");
    assert!(!bed.holds(COOKIE) && bed.holds(&digest(COOKIE)));
    assert!(bed.refused(|link| sessions::insert(link, &session(COOKIE, "marie", 200))).contains("UNIQUE"));
}

#[test]
fn sessions_end_one_by_one_all_together_and_with_time() {
    let bed = bed();
    ["marie", "paul"].iter().for_each(|name| drop(bed.account(name)));
    for (token, account, expires) in
        [("m1", "marie", 50), ("m2", "marie", 100), ("m3", "marie", 100), ("p", "paul", 60)]
    {
        bed.begin(token, account, expires);
    }
    bed.write(|link| sessions::end(link, "m2"));
    assert!(!bed.is_in("m2", 0) && bed.is_in("m3", 0));
    assert_eq!(bed.write(|link| sessions::clear(link, 50)), 1, "at the very second it is over");
    assert!(!bed.is_in("m1", 0) && bed.is_in("p", 0));
    bed.write(|link| sessions::end_all(link, "marie"));
    assert!(!bed.is_in("m3", 0) && bed.is_in("p", 0));
}

#[test]
fn an_erased_account_takes_its_sessions_and_rights_with_it_and_nobody_else_s() {
    let bed = file_bed();
    for name in ["yolande", "paul"] {
        bed.account(name);
        bed.begin(name, name, 100);
        bed.write(|link| rights::put(link, &right(name, ONE)));
        let (record, author) = (exchange("own", "Un four"), Some(name.to_owned()));
        let record = Record { iri: RecordIri::mint("https://ici.test", Kind::Exchange), ..record };
        bed.write(|link| {
            own_records::put(link, &OwnRecord { moderation: Moderation::Draft, author, version: 0, record })
        });
    }
    bed.write(|link| accounts::erase(link, "yolande"));
    bed.write(|link| accounts::erase(link, "yolande"));
    assert_eq!(bed.read(|link| accounts::find(link, "yolande")), None);
    assert!(!bed.is_in("yolande", 0) && bed.is_in("paul", 0));
    assert_eq!(bed.read(rights::all), [right("paul", ONE)]);
    let drafts = bed.read(|link| own_records::of_kind(link, Kind::Exchange, Moderation::Draft));
    let mut authors: Vec<Option<String>> = drafts.into_iter().map(|own| own.author).collect();
    authors.sort();
    assert_eq!(authors, [None, Some("paul".to_owned())], "what they wrote stays, and is nobody's");
    bed.store.settle().unwrap();
    assert!(!bed.holds("yolande") && !bed.holds("YOLANDE"), "no byte of them is left");
    assert!(bed.holds("paul@exemple.fr"));
}
