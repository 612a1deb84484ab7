//! Accounts, sessions and rights, on a real database.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use pes_domain::audience::Reader;
use pes_domain::{Draft, Kind, Problem, Record, RecordIri, Rules, Thesaurus, Why};
use pes_people::sign_in::SESSION;
use pes_people::{People, PeopleError, Viewer};
use pes_store::accounts::{Account, Role};
use pes_store::own_records::{Moderation, OwnRecord};
use pes_store::rights::{self, Right};
use pes_store::tokens::LinkSecret;
use pes_store::{Store, accounts};
use time::macros::utc_datetime;
use time::{Duration, UtcDateTime};

const NOW: UtcDateTime = utc_datetime!(2026-11-23 12:00);

struct Bed {
    people: People,
    store: Store,
    _folder: tempfile::TempDir,
}

fn bed() -> Bed {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("pes.sqlite")).unwrap();
    Bed {
        people: People::new(store.clone(), "https://apeas.test", LinkSecret::new("0".repeat(64))),
        store,
        _folder: folder,
    }
}

fn typed(name: &str, email: &str, password: &str) -> Draft {
    let fields = [("name", name), ("email", email), ("password", password)];
    fields.map(|(field, value)| (field.to_owned(), value.to_owned())).into_iter().collect()
}

fn marie(people: &People) -> Account {
    people.sign_up(&typed("Marie", "Marie@Exemple.fr", " un mot de passe "), NOW).unwrap()
}

fn viewer(bed: &Bed, account: &Account) -> Viewer {
    let token = bed.people.begin(&account.id, NOW).unwrap().token;
    bed.people.viewer(&token, NOW).unwrap().unwrap()
}

#[test]
fn somebody_signs_up_and_signs_in() {
    let bed = bed();
    let account = marie(&bed.people);
    assert_eq!((account.role, account.is_accepted, account.wants_mail), (Role::Citizen, false, true));
    let signed_in = bed.people.sign_in(" marie@exemple.FR ", " un mot de passe ", NOW).unwrap();
    let viewer = bed.people.viewer(&signed_in.token, NOW).unwrap().unwrap();
    assert_eq!((viewer.account, viewer.rights), (account, vec![]));
    assert_eq!(signed_in.expires, NOW + SESSION);
    assert_ne!(viewer.csrf, signed_in.token);
}

#[test]
fn a_wrong_address_and_a_wrong_password_sound_the_same() {
    let bed = bed();
    marie(&bed.people);
    let said = |email: &str, password: &str| bed.people.sign_in(email, password, NOW).unwrap_err().to_string();
    assert_eq!(said("marie@exemple.fr", "un autre mot"), said("personne@exemple.fr", "un mot de passe"));
    assert!(bed.people.sign_in("marie@exemple.fr", "un mot de passe", NOW).is_err(), "spaces belong to a password");
}

#[test]
fn all_that_is_wrong_is_said_at_once() {
    let bed = bed();
    let Err(PeopleError::Typed(problems)) = bed.people.sign_up(&typed("", "pas une adresse", "court"), NOW) else {
        panic!()
    };
    let expected = [("name", Why::Missing), ("email", Why::NotAnEmail), ("password", Why::Missing)];
    assert_eq!(problems, expected.map(|(field, why)| Problem::new(field, why)));
    let long = bed.people.sign_up(&typed(&"x".repeat(101), "a@b.fr", "un mot de passe"), NOW);
    assert!(matches!(long, Err(PeopleError::Typed(problems)) if problems == [Problem::new("name", Why::TooLong(100))]));
}

#[test]
fn an_address_is_one_accounts_whatever_its_case() {
    let bed = bed();
    marie(&bed.people);
    let again = bed.people.sign_up(&typed("Autre", "MARIE@EXEMPLE.FR", "un mot de passe"), NOW);
    assert!(matches!(again, Err(PeopleError::Taken)));
    assert_eq!(bed.store.read(accounts::all).unwrap().len(), 1);
}

#[test]
fn a_session_ends() {
    let bed = bed();
    let account = marie(&bed.people);
    let first = bed.people.begin(&account.id, NOW).unwrap();
    let second = bed.people.begin(&account.id, NOW).unwrap();
    let is_in = |token: &str, at: UtcDateTime| bed.people.viewer(token, at).unwrap().is_some();
    assert!(is_in(&first.token, NOW + SESSION - Duration::SECOND));
    assert!(!is_in(&first.token, NOW + SESSION));
    assert!(!is_in("no such token", NOW));
    bed.people.sign_out(&first.token).unwrap();
    assert!(!is_in(&first.token, NOW) && is_in(&second.token, NOW));
    bed.people.set_password(&account.id, "un nouveau mot de passe").unwrap();
    assert!(!is_in(&second.token, NOW), "who knew the old password is out");
    assert!(bed.people.sign_in("marie@exemple.fr", "un nouveau mot de passe", NOW).is_ok());
    assert!(matches!(bed.people.set_password(&account.id, "court"), Err(PeopleError::Typed(_))));
    assert!(matches!(bed.people.set_password("nobody", "un nouveau mot de passe"), Err(PeopleError::Unknown)));
}

#[test]
fn a_copied_database_lets_nobody_in() {
    let bed = bed();
    let account = marie(&bed.people);
    let token = bed.people.begin(&account.id, NOW).unwrap().token;
    let digest = pes_store::tokens::digest(&token);
    assert_ne!(digest, token);
    assert_eq!(bed.people.viewer(&digest, NOW).unwrap(), None);
}

#[test]
fn an_account_changes_in_one_place() {
    let bed = bed();
    let account = marie(&bed.people);
    let changed = bed.people.change(&account.id, |account| account.wants_mail = false).unwrap();
    assert!(!changed.wants_mail);
    assert_eq!(bed.store.read(|link| accounts::find(link, &account.id)).unwrap(), Some(changed));
    assert!(matches!(bed.people.change("nobody", |_| ()), Err(PeopleError::Unknown)));
}

const STRUCTURE: &str = "https://apeas.test/id/structure/1b4e28ba-2fa1-4d2a-983f-0016d3cca427";

fn right(account: &Account, is_confirmed: bool, may_edit: bool) -> Right {
    Right { account: account.id.clone(), structure: STRUCTURE.into(), is_confirmed, may_edit, wants_notices: false }
}

fn own(author: Option<&str>, iri: RecordIri) -> OwnRecord {
    let draft: Draft = [("name".to_owned(), "Les Voisins".to_owned())].into_iter().collect();
    let rules = Rules::new(Thesaurus::default());
    let record = Record::raise(Kind::Structure, (iri, NOW), &draft, NOW, &rules).unwrap();
    OwnRecord { moderation: Moderation::Published, author: author.map(str::to_owned), version: 1, record }
}

#[test]
fn membership_is_an_accepted_person_or_a_confirmed_role() {
    let bed = bed();
    let account = marie(&bed.people);
    assert!(!viewer(&bed, &account).is_member(), "a citizen's account is not membership");
    bed.store.write(|link| rights::put(link, &right(&account, false, true))).unwrap();
    assert!(!viewer(&bed, &account).is_member(), "nor is a role that one side alone claims");
    bed.store.write(|link| rights::put(link, &right(&account, true, false))).unwrap();
    assert!(viewer(&bed, &account).is_member());
    bed.store.write(|link| rights::remove(link, &account.id, STRUCTURE)).unwrap();
    assert!(!viewer(&bed, &account).is_member());
    let accepted = bed.people.change(&account.id, |account| account.is_accepted = true).unwrap();
    assert!(viewer(&bed, &accepted).is_member());
    let animator = bed.people.create(&typed("Ali", "ali@exemple.fr", "un mot de passe"), Role::Animator, NOW).unwrap();
    assert!(viewer(&bed, &animator).is_member() && viewer(&bed, &animator).is_animator());
}

#[test]
fn the_right_to_edit_is_given_by_itself() {
    let bed = bed();
    let account = marie(&bed.people);
    let iri = RecordIri::read(STRUCTURE).unwrap();
    for (is_confirmed, may_edit, edits) in
        [(false, false, false), (true, false, false), (false, true, false), (true, true, true)]
    {
        bed.store.write(|link| rights::put(link, &right(&account, is_confirmed, may_edit))).unwrap();
        assert_eq!(viewer(&bed, &account).edits(&iri), edits);
    }
    assert!(!viewer(&bed, &account).edits(&RecordIri::mint("https://apeas.test", Kind::Structure)));
}

#[test]
fn how_far_somebody_sees_depends_on_who_they_are() {
    let bed = bed();
    let account = marie(&bed.people);
    let record = own(Some("someone else"), RecordIri::read(STRUCTURE).unwrap());
    let reads = |account: &Account| {
        let viewer = viewer(&bed, account);
        (viewer.reads_own(&record), viewer.reads_foreign(), viewer.may_change(&record))
    };
    assert_eq!(reads(&account), (Reader::Anyone, Reader::Anyone, false));
    bed.store.write(|link| rights::put(link, &right(&account, true, false))).unwrap();
    assert_eq!(reads(&account), (Reader::Member, Reader::MemberElsewhere, false));
    bed.store.write(|link| rights::put(link, &right(&account, true, true))).unwrap();
    assert_eq!(reads(&account), (Reader::Insider, Reader::MemberElsewhere, true));
    bed.store.write(|link| rights::remove(link, &account.id, STRUCTURE)).unwrap();
    let animator =
        bed.people.create(&typed("Ali", "ali@exemple.fr", "un mot de passe"), Role::Administrator, NOW).unwrap();
    assert_eq!(reads(&animator), (Reader::Insider, Reader::MemberElsewhere, true));
    let mine = own(Some(&account.id), RecordIri::mint("https://apeas.test", Kind::Structure));
    assert_eq!(viewer(&bed, &account).reads_own(&mine), Reader::Insider, "an author sees their own");
}

#[test]
fn roles_lead_back_from_their_words() {
    for role in Role::ALL {
        assert_eq!(Role::named(role.as_str()), Some(role));
    }
    assert_eq!(Role::named("king"), None);
}
