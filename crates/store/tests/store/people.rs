//! Accounts, and what hangs on them: sessions, rights, notices, conversations.

use crate::bed::{self, Bed, account, bed, exchange, file_bed};
use pes_domain::structure::Structure;
use pes_domain::{Body, Kind, Record, RecordIri};
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
        is_of_company: false,
    }
}

#[test]
fn membership_is_a_role_an_acceptance_or_a_confirmed_right() {
    let (citizen, unconfirmed) = (account("marie"), Right { may_edit: true, ..right("marie", ONE) });
    let confirmed = Right { is_confirmed: true, ..unconfirmed.clone() };
    assert!(!citizen.is_member([]));
    assert!(!citizen.is_member([&unconfirmed]), "what one side alone says counts for nothing");
    assert!(citizen.is_member([&unconfirmed, &confirmed]));
    let of_company = Right { is_of_company: true, ..confirmed.clone() };
    assert!(!citizen.is_member([&of_company]), "a company is a partner, and none of the network's structures");
    assert!(citizen.is_member([&of_company, &confirmed]));
    assert!(Account { is_accepted: true, ..citizen.clone() }.is_member([&of_company]));
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

#[test]
fn a_right_tells_whether_its_structure_is_a_company_as_the_team_has_last_published_it() {
    let bed = bed();
    bed.account("marie");
    let mut record = bed::record("own", Kind::Structure, Body::Structure(Box::default()));
    let structure = record.iri.to_string();
    bed.write(|link| rights::put(link, &Right { is_confirmed: true, ..right("marie", &structure) }));
    let mut saved = |is_company, moderation| {
        record.body = Body::Structure(Box::new(Structure { is_company, ..Structure::default() }));
        let own = OwnRecord { moderation, author: None, version: 1, record: record.clone() };
        bed.write(|link| own_records::put(link, &own));
        let doors = [
            bed.read(|link| rights::find(link, "marie", &structure)).unwrap(),
            bed.read(|link| rights::of_account(link, "marie")).remove(0),
            bed.read(|link| rights::of_structure(link, &structure)).remove(0),
            bed.read(rights::all).remove(0),
        ];
        assert!(doors.iter().all(|door| *door == doors[0]), "{doors:?}");
        doors[0].is_of_company
    };
    assert!(!saved(false, Moderation::Published));
    assert!(saved(true, Moderation::Proposed), "who says so is none from then on");
    assert!(saved(true, Moderation::Published));
    for unread in [Moderation::Draft, Moderation::Proposed, Moderation::Incomplete, Moderation::Refused] {
        assert!(saved(false, unread), "{unread:?}: nobody leaves the companies by a form that nobody has read");
    }
    assert!(!saved(false, Moderation::Published));
    bed.write(|link| own_records::erase(link, &structure));
    assert!(!bed.read(rights::all)[0].is_of_company, "of what is gone nothing is said");
}

/// A database that an older version of the program made is taken over as it is, and its companies with it.
#[test]
fn companies_are_found_among_sheets_of_before() {
    let bed = bed();
    bed.account("marie");
    let saved = |structure: Structure| {
        let record = bed::record("own", Kind::Structure, Body::Structure(Box::new(structure)));
        let name = record.iri.to_string();
        let own = OwnRecord { moderation: Moderation::Published, author: None, version: 1, record };
        bed.write(|link| own_records::put(link, &own));
        bed.write(|link| rights::put(link, &right("marie", &name)));
        name
    };
    let company = saved(Structure { is_company: true, ..Structure::default() });
    let quoting = saved(Structure { name: "\"is_company\":true".into(), ..Structure::default() });
    bed.tamper(include_str!("../../migrations/2026-11-30-000029_companies/down.sql"));
    bed.tamper(include_str!("../../migrations/2026-11-30-000029_companies/up.sql"));
    let is_of_company = |name: &str| bed.read(|link| rights::find(link, "marie", name)).unwrap().is_of_company;
    assert!(is_of_company(&company) && !is_of_company(&quoting));
}
