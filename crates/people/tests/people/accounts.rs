//! Accounts, sessions and rights, on a real database.

use crate::bed::{Bed, NOW, PASSWORD, STRUCTURE, bed, demand, file_node, form, structure};
use pes_domain::audience::Reader;
use pes_domain::{Draft, Kind, Problem, RecordIri, Why};
use pes_people::sign_in::SESSION;
use pes_people::{PeopleError, Viewer, password};
use pes_store::accounts::{self, Account, Role};
use pes_store::rights;
use pes_store::tokens::digest;
use time::{Duration, UtcDateTime};

#[test]
fn somebody_signs_up_and_signs_in() {
    let bed = bed();
    let account = bed.marie();
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
    bed.marie();
    let said = |email: &str, password: &str| bed.people.sign_in(email, password, NOW).unwrap_err().to_string();
    assert_eq!(said("marie@exemple.fr", "un autre mot"), said("personne@exemple.fr", "un mot de passe"));
    assert!(bed.people.sign_in("marie@exemple.fr", "un mot de passe", NOW).is_err(), "spaces belong to a password");
}

/// What was said of a form, field by field.
fn said_of(bed: &Bed, draft: &Draft) -> Vec<(&'static str, Why)> {
    match bed.people.sign_up(draft, NOW) {
        Err(PeopleError::Typed(problems)) => problems.into_iter().map(|Problem { field, why }| (field, why)).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn all_that_is_wrong_is_said_at_once_and_nobody_is_signed_up() {
    let bed = bed();
    let expected = [("name", Why::Missing), ("email", Why::NotAnEmail), ("password", Why::TooShort(10))];
    assert_eq!(said_of(&bed, &form(" ", "pas une adresse", "court")), expected);
    assert_eq!(said_of(&bed, &Draft::default()), expected);
    assert_eq!(bed.read(accounts::all), []);
}

#[test]
fn each_field_is_held_to_its_bounds() {
    let bed = bed();
    let (long, endless) = ("é".repeat(100), "x".repeat(password::LONGEST + 1));
    let too_long = format!("{long}e");
    for (name, email, password, field, why) in [
        (too_long.as_str(), "a@b.fr", PASSWORD, "name", Why::TooLong(100)),
        ("Marie\r\nBcc: tous@exemple.fr", "a@b.fr", PASSWORD, "name", Why::NotText),
        ("Marie\u{7}", "a@b.fr", PASSWORD, "name", Why::NotText),
        ("\u{200b}\u{feff}", "a@b.fr", PASSWORD, "name", Why::Missing),
        ("Marie\u{202e}eiraM", "a@b.fr", PASSWORD, "name", Why::NotText),
        ("Marie", "", PASSWORD, "email", Why::NotAnEmail),
        ("Marie", "a@b", PASSWORD, "email", Why::NotAnEmail),
        ("Marie", "a@b.fr, c@d.fr", PASSWORD, "email", Why::NotAnEmail),
        ("Marie", "a@b.fr\r\nBcc: c@d.fr", PASSWORD, "email", Why::NotAnEmail),
        ("Marie", "<a@b.fr>", PASSWORD, "email", Why::NotAnEmail),
        ("Marie", "a@b.fr", "neuf lett", "password", Why::TooShort(10)),
        ("Marie", "a@b.fr", endless.as_str(), "password", Why::TooLong(password::LONGEST)),
    ] {
        assert_eq!(said_of(&bed, &form(name, email, password)), [(field, why)], "{name:?} {email:?}");
    }
    assert_eq!(bed.people.sign_up(&form(&format!(" {long} "), "a@b.fr", PASSWORD), NOW).unwrap().name, long);
}

#[test]
fn a_form_makes_a_citizen_whatever_else_it_says() {
    let bed = bed();
    let mut draft = form("Marie", "marie@exemple.fr", PASSWORD);
    for field in ["role", "is_accepted", "id", "person"] {
        draft.add(field, "administrator");
    }
    let account = bed.people.sign_up(&draft, NOW).unwrap();
    assert_eq!((account.role, account.is_accepted, account.person), (Role::Citizen, false, None));
    assert_ne!(account.id, "administrator");
}

#[test]
fn a_password_is_kept_as_its_hash_alone() {
    let bed = file_node("apeas");
    let account = bed.marie();
    assert!(account.password.starts_with("$argon2id$"));
    assert!(bed.holds(&account.password) && !bed.holds(PASSWORD.trim()));
    bed.people.set_password(&account.id, "Un autre, plus long").unwrap();
    assert!(!bed.holds("Un autre, plus long"));
    assert!(bed.people.sign_in("marie@exemple.fr", PASSWORD, NOW).is_err(), "the old one opens nothing");
}

#[test]
fn an_address_is_one_accounts_whatever_its_case() {
    let bed = bed();
    bed.marie();
    let again = bed.people.sign_up(&form("Autre", "MARIE@EXEMPLE.FR", "un mot de passe"), NOW);
    assert!(matches!(again, Err(PeopleError::Taken)));
    assert_eq!(bed.store.read(accounts::all).unwrap().len(), 1);
}

#[test]
fn a_session_ends() {
    let bed = bed();
    let account = bed.marie();
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
    assert!(matches!(bed.people.set_password("nobody", "un nouveau mot de passe"), Err(PeopleError::Unknown)));
}

#[test]
fn a_copied_database_lets_nobody_in() {
    let bed = file_node("apeas");
    let account = bed.marie();
    let token = bed.people.begin(&account.id, NOW).unwrap().token;
    assert!(bed.holds(&digest(&token)), "else the test looks in the wrong place");
    assert!(!bed.holds(&token) && !bed.holds(&token[..32]) && !bed.holds(&token[32..]));
    assert_eq!(bed.people.viewer(&digest(&token), NOW).unwrap(), None);
}

#[test]
fn a_session_that_is_over_is_cleared_away_when_the_next_begins() {
    let bed = file_node("apeas");
    let account = bed.marie();
    let old = digest(&bed.people.begin(&account.id, NOW).unwrap().token);
    bed.people.begin(&account.id, NOW + SESSION - Duration::SECOND).unwrap();
    assert!(bed.holds(&old));
    bed.people.begin(&account.id, NOW + SESSION).unwrap();
    bed.store.settle().unwrap();
    assert!(!bed.holds(&old));
}

#[test]
fn each_session_has_its_own_token_and_its_own_mark_for_forms() {
    let bed = bed();
    let account = bed.marie();
    let sessions: Vec<_> = (0..2).map(|_| bed.people.sign_in("marie@exemple.fr", PASSWORD, NOW).unwrap()).collect();
    assert_ne!(sessions[0].token, sessions[1].token);
    let csrf = |token: &str| bed.people.viewer(token, NOW).unwrap().unwrap().csrf;
    assert_ne!(csrf(&sessions[0].token), csrf(&sessions[1].token));
    assert_eq!(csrf(&sessions[0].token), csrf(&sessions[0].token), "it lasts as long as the session");
    assert!(bed.people.begin("nobody", NOW).is_err());
    assert_eq!(bed.people.viewer(&sessions[0].token, NOW).unwrap().unwrap().account, account);
}

#[test]
fn a_bad_new_password_changes_nothing() {
    let bed = bed();
    let account = bed.marie();
    let token = bed.people.begin(&account.id, NOW).unwrap().token;
    for bad in ["court", &"x".repeat(password::LONGEST + 1)] {
        assert!(matches!(bed.people.set_password(&account.id, bad), Err(PeopleError::Typed(_))));
    }
    assert!(bed.people.viewer(&token, NOW).unwrap().is_some());
    assert!(bed.people.sign_in("marie@exemple.fr", PASSWORD, NOW).is_ok());
}

#[test]
fn an_erased_account_is_signed_out() {
    let bed = bed();
    let account = bed.marie();
    let token = bed.people.begin(&account.id, NOW).unwrap().token;
    bed.write(|link| accounts::erase(link, &account.id));
    assert_eq!(bed.people.viewer(&token, NOW).unwrap(), None);
    assert!(matches!(bed.people.sign_in("marie@exemple.fr", PASSWORD, NOW), Err(PeopleError::Unknown)));
}

#[test]
fn an_account_changes_in_one_place() {
    let bed = bed();
    let account = bed.marie();
    let changed = bed.people.change(&account.id, |account| account.wants_mail = false).unwrap();
    assert!(!changed.wants_mail);
    assert_eq!(bed.store.read(|link| accounts::find(link, &account.id)).unwrap(), Some(changed));
    assert!(matches!(bed.people.change("nobody", |_| ()), Err(PeopleError::Unknown)));
}

#[test]
fn membership_is_an_accepted_person_or_a_confirmed_role() {
    let bed = bed();
    let account = bed.marie();
    assert!(!bed.viewer(&account).is_member(), "a citizen's account is not membership");
    bed.give(&account, false, true);
    assert!(!bed.viewer(&account).is_member(), "nor is a role that one side alone claims");
    bed.give(&account, true, false);
    assert!(bed.viewer(&account).is_member());
    bed.store.write(|link| rights::remove(link, &account.id, STRUCTURE)).unwrap();
    assert!(!bed.viewer(&account).is_member());
    let accepted = bed.people.change(&account.id, |account| account.is_accepted = true).unwrap();
    assert!(bed.viewer(&accepted).is_member());
    let animator = bed.people.create(&form("Ali", "ali@exemple.fr", "un mot de passe"), Role::Animator, NOW).unwrap();
    assert!(bed.viewer(&animator).is_member() && bed.viewer(&animator).is_animator());
}

#[test]
fn the_right_to_edit_is_given_by_itself() {
    let bed = bed();
    let account = bed.marie();
    let iri = RecordIri::read(STRUCTURE).unwrap();
    for (is_confirmed, may_edit, edits) in
        [(false, false, false), (true, false, false), (false, true, false), (true, true, true)]
    {
        bed.give(&account, is_confirmed, may_edit);
        assert_eq!(bed.viewer(&account).edits(&iri), edits);
    }
    assert!(!bed.viewer(&account).edits(&RecordIri::mint("https://apeas.test", Kind::Structure)));
}

#[test]
fn how_far_somebody_sees_depends_on_who_they_are() {
    let bed = bed();
    let account = bed.marie();
    let record = structure("Les Voisins");
    let reads = |account: &Account| {
        let viewer = bed.viewer(account);
        (viewer.reads_own(&record), viewer.reads_foreign(), viewer.may_change(&record))
    };
    assert_eq!(reads(&account), (Reader::Anyone, Reader::Anyone, false));
    bed.give(&account, true, false);
    assert_eq!(reads(&account), (Reader::Member, Reader::MemberElsewhere, false));
    bed.give(&account, true, true);
    assert_eq!(reads(&account), (Reader::Insider, Reader::MemberElsewhere, true));
    bed.store.write(|link| rights::remove(link, &account.id, STRUCTURE)).unwrap();
    let animator =
        bed.people.create(&form("Ali", "ali@exemple.fr", "un mot de passe"), Role::Administrator, NOW).unwrap();
    assert_eq!(reads(&animator), (Reader::Insider, Reader::MemberElsewhere, true));
    let mine = demand(Some(&account), "Marie");
    assert_eq!(bed.viewer(&account).reads_own(&mine), Reader::Insider, "an author sees their own");
}

#[test]
fn roles_lead_back_from_their_words() {
    for role in Role::ALL {
        assert_eq!(Role::named(role.as_str()), Some(role));
    }
    assert_eq!(Role::named("king"), None);
}

#[test]
fn a_right_that_one_side_alone_claims_counts_for_nothing() {
    let bed = bed();
    let (marie, record) = (bed.marie(), structure("Les Voisins"));
    bed.give(&marie, false, true);
    let viewer: Viewer = bed.viewer(&marie);
    assert_eq!(viewer.rights.len(), 1);
    assert!(!viewer.is_member() && !viewer.may_change(&record) && !viewer.edits(&record.record.iri));
    assert_eq!((viewer.reads_own(&record), viewer.reads_foreign()), (Reader::Anyone, Reader::Anyone));
}

#[test]
fn an_author_changes_their_own_record_and_no_other() {
    let bed = bed();
    let (marie, ali) = (bed.marie(), bed.ali());
    let (mine, theirs, nobody_s) = (demand(Some(&marie), "M"), demand(Some(&ali), "A"), demand(None, "M"));
    let viewer = bed.viewer(&marie);
    assert_eq!([&mine, &theirs, &nobody_s].map(|own| viewer.may_change(own)), [true, false, false]);
    assert_eq!(viewer.reads_own(&theirs), Reader::Anyone);
    assert_eq!([&mine, &theirs, &nobody_s].map(|own| bed.viewer(&ali).may_change(own)), [true; 3]);
}

#[test]
fn an_operator_finds_accounts_gives_roles_and_takes_accounts_away() {
    let bed = bed();
    let (marie, ali) = (bed.marie(), bed.ali());
    assert_eq!(bed.people.accounts().unwrap().len(), 2);
    assert_eq!(bed.people.account_at(&format!(" {} ", marie.email.to_uppercase())).unwrap().id, marie.id);
    assert!(matches!(bed.people.account_at("nobody@exemple.fr"), Err(PeopleError::Unknown)));
    let (hers, his) = (bed.people.begin(&marie.id, NOW).unwrap(), bed.people.begin(&ali.id, NOW).unwrap());
    bed.people.set_role(&marie.id, Role::Animator).unwrap();
    assert!(bed.people.viewer(&hers.token, NOW).unwrap().is_none(), "she signs in again, with what she may do now");
    assert!(bed.people.viewer(&his.token, NOW).unwrap().is_some(), "nobody else has to");
    assert_eq!(bed.people.account_at(&marie.email).unwrap().role, Role::Animator);
    let record = demand(Some(&ali), "Ali");
    bed.store.write(|link| pes_store::own_records::put(link, &record)).unwrap();
    assert_eq!(bed.people.erase(&ali.id).unwrap(), 1, "what he wrote stays, and is told");
    assert!(bed.people.viewer(&his.token, NOW).unwrap().is_none());
    for unknown in [bed.people.erase(&ali.id).map(drop), bed.people.set_role(&ali.id, Role::Animator)] {
        assert!(matches!(unknown, Err(PeopleError::Unknown)));
    }
}
