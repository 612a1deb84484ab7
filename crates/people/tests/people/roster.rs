//! Who has an account, and what they may do: found, accepted, given roles by those who may.

use crate::bed::{self, Bed, NOW, bed, demand};
use pes_domain::report::{Cause, Report};
use pes_domain::{Audience, Body, Draft, RecordIri, Reference};
use pes_people::PeopleError;
use pes_people::roster::may_give;
use pes_store::accounts::{self, Account, Role};
use pes_store::own_records::{Moderation, OwnRecord};
use pes_store::reports::{self, KEPT};

impl Bed {
    fn person(&self, name: &str, email: &str, role: Role) -> Account {
        // No password is hashed, which takes its time.
        let account = Account {
            id: email.into(),
            email: email.into(),
            name: name.into(),
            password: "invented".into(),
            role,
            is_accepted: false,
            wants_mail: true,
            rhythm: accounts::Rhythm::default(),
            person: None,
            created: 0,
        };
        self.write(|link| accounts::insert(link, &account));
        account
    }

    fn found(&self, words: &str) -> Vec<String> {
        let (found, total) = self.people.roster(words, (0, 99)).unwrap();
        assert_eq!(found.len(), total);
        found.into_iter().map(|entry| entry.account.name).collect()
    }

    fn role(&self, account: &Account) -> Role {
        self.people.account_at(&account.email).unwrap().role
    }
}

#[test]
fn people_are_found_by_name_or_address_whatever_case_and_accents_and_told_by_name() {
    let bed = bed();
    for (name, email) in
        [("Zoé Œuvrard", "z@exemple.fr"), ("Élodie Petit", "elo@courriel.example"), ("Ali Ben", "ali@exemple.fr")]
    {
        bed.person(name, email, Role::Citizen);
    }
    assert_eq!(bed.found(""), ["Ali Ben", "Élodie Petit", "Zoé Œuvrard"]);
    assert_eq!(bed.found("  zoe  oeuv "), ["Zoé Œuvrard"]);
    assert_eq!(bed.found("ÉLODIE"), ["Élodie Petit"]);
    assert_eq!(bed.found("exemple.fr"), ["Ali Ben", "Zoé Œuvrard"]);
    assert_eq!(bed.found("ali exemple"), ["Ali Ben"], "each word, anywhere");
    assert_eq!(bed.found("ali courriel"), [""; 0]);
    let names = |window| -> (Vec<String>, usize) {
        let (found, total) = bed.people.roster("", window).unwrap();
        (found.into_iter().map(|entry| entry.account.name).collect(), total)
    };
    assert_eq!(names((1, 1)), (vec!["Élodie Petit".into()], 3));
    assert_eq!(names((usize::MAX, 5)), (vec![], 3));
}

#[test]
fn acceptance_is_given_and_taken_back_and_a_structure_s_people_stay_members() {
    let bed = bed();
    let (marie, ali) = (bed.marie(), bed.ali());
    let is_member = |name: &str| {
        let (found, _) = bed.people.roster(name, (0, 9)).unwrap();
        found[0].is_member()
    };
    assert!(!is_member("marie"));
    bed.people.accept(&marie.id, true).unwrap();
    assert!(is_member("marie"));
    bed.people.accept(&marie.id, false).unwrap();
    assert!(!is_member("marie"));
    bed.give(&marie, false, true);
    assert!(!is_member("marie"), "what she asked for is no membership");
    bed.give(&marie, true, false);
    assert!(is_member("marie"));
    bed.people.accept(&ali.id, false).unwrap();
    assert!(is_member("ali"), "who works for the network belongs to it");
    assert!(matches!(bed.people.accept("nobody", true), Err(PeopleError::Unknown)));
}

/// The whole table: who gives which role to whom.
#[test]
fn animators_make_and_unmake_editors_and_administrators_all() {
    let bed = bed();
    let all = [Role::Citizen, Role::Editor, Role::Animator, Role::Administrator];
    bed.person("A", "a@exemple.fr", Role::Administrator);
    for by in all {
        for before in all {
            for after in all {
                let name = format!("{}{}{}", by.as_str(), before.as_str(), after.as_str());
                let giver = bed.person("G", &format!("{name}-g@exemple.fr"), by);
                let taker = bed.person("T", &format!("{name}-t@exemple.fr"), before);
                let may = match by {
                    Role::Administrator => true,
                    Role::Animator => before <= Role::Editor && after <= Role::Editor,
                    Role::Citizen | Role::Editor => false,
                };
                assert_eq!(may_give(&giver, &taker, after), may, "{name}");
                match bed.people.give_role(&giver.id, &taker.id, after) {
                    Ok(changed) => assert!(may && changed.role == after, "{name}"),
                    Err(PeopleError::Forbidden) => assert!(!may, "{name}"),
                    other => panic!("{name}: {other:?}"),
                }
                assert_eq!(bed.role(&taker), if may { after } else { before }, "{name}");
            }
        }
    }
}

#[test]
fn nobody_changes_their_own_role_and_nobody_gives_one_to_nobody() {
    let bed = bed();
    let (chief, other) =
        (bed.person("C", "c@exemple.fr", Role::Administrator), bed.person("O", "o@exemple.fr", Role::Administrator));
    for role in Role::ALL {
        assert!(matches!(bed.people.give_role(&chief.id, &chief.id, role), Err(PeopleError::Forbidden)));
    }
    assert!(matches!(bed.people.give_role(&chief.id, "nobody", Role::Editor), Err(PeopleError::Unknown)));
    assert!(matches!(bed.people.give_role("nobody", &chief.id, Role::Editor), Err(PeopleError::Forbidden)));
    bed.people.give_role(&chief.id, &other.id, Role::Animator).unwrap();
    assert!(matches!(bed.people.give_role(&other.id, &chief.id, Role::Animator), Err(PeopleError::Forbidden)));
}

#[test]
fn the_last_administrator_stays_one_on_the_terminal_too() {
    let bed = bed();
    let chief = bed.person("C", "c@exemple.fr", Role::Administrator);
    for taken in [bed.people.set_role(&chief.id, Role::Animator), bed.people.erase(&chief.id).map(drop)] {
        assert!(matches!(taken, Err(PeopleError::LastAdministrator)));
    }
    bed.people.set_role(&chief.id, Role::Administrator).unwrap();
    let other = bed.person("O", "o@exemple.fr", Role::Administrator);
    bed.people.set_role(&chief.id, Role::Citizen).unwrap();
    assert!(matches!(bed.people.erase(&other.id), Err(PeopleError::LastAdministrator)));
    bed.people.erase(&chief.id).unwrap();
    assert_eq!(bed.role(&other), Role::Administrator);
}

#[test]
fn who_gets_another_role_signs_in_again_and_who_has_it_notices_nothing() {
    let bed = bed();
    let (chief, marie) = (bed.person("C", "c@exemple.fr", Role::Administrator), bed.marie());
    let token = bed.people.begin(&marie.id, NOW).unwrap().token;
    let is_in = || bed.people.viewer(&token, NOW).unwrap().is_some();
    bed.people.give_role(&chief.id, &marie.id, Role::Citizen).unwrap();
    assert!(is_in());
    bed.people.give_role(&chief.id, &marie.id, Role::Editor).unwrap();
    assert!(!is_in());
}

/// A record of a kind that the network has of its own, in this voice.
fn entry(author: &Account, body: Body) -> OwnRecord {
    let own = demand(Some(author), "x");
    OwnRecord { moderation: Moderation::Published, record: pes_domain::Record { body, ..own.record }, ..own }
}

fn article(structure: Option<Reference>) -> Body {
    Body::Article(pes_domain::article::Article {
        title: "Dix ans".into(),
        summary: None,
        text: None,
        author: Some("Ines".into()),
        category: None,
        reach: None,
        areas: vec![],
        structure,
        picture: None,
    })
}

#[test]
fn an_editor_changes_what_the_team_wrote_for_the_network_and_nothing_else() {
    let bed = bed();
    let (zoe, ines, ali) = (bed.marie(), bed.person("Ines", "i@exemple.fr", Role::Editor), bed.ali());
    let (editor, animator, citizen) = (bed.viewer(&ines), bed.viewer(&ali), bed.viewer(&zoe));
    assert!(editor.is_editor() && animator.is_editor() && !citizen.is_editor());
    assert!(!editor.is_animator());
    let of = |author: &Account, body: Body| entry(author, body);
    let theirs = Some(Reference::to(RecordIri::read(bed::STRUCTURE).unwrap(), "L’Établi"));
    assert!(editor.may_change(&of(&ali, article(None))));
    assert!(editor.may_change(&of(&ines, article(None))));
    assert!(!editor.may_change(&of(&zoe, article(None))), "a citizen's news are theirs");
    assert!(!editor.may_change(&of(&ali, article(theirs.clone()))), "a structure's news are its own");
    assert!(!editor.may_change(&demand(Some(&ali), "Ali")), "an animator's own offer is theirs");
    assert!(!editor.may_change(&demand(None, "x")));
    let mut private = of(&ali, article(None));
    private.record.audience = Audience::Private;
    assert!(!editor.may_change(&private));
    assert!(!citizen.may_change(&of(&ines, article(None))));
    assert!(animator.may_change(&of(&zoe, article(None))));
    for (viewer, may) in [(&editor, false), (&animator, true), (&citizen, true)] {
        assert_eq!(
            viewer.hears_of(&of(&zoe, article(None))),
            may,
            "what was decided is for its author and the animators"
        );
    }
    bed.give(&ines, true, true);
    assert!(bed.viewer(&ines).hears_of(&of(&zoe, article(theirs))), "and for who edits its structure");
}

fn typed(cause: &str, sentence: &str) -> Draft {
    [("cause", cause), ("sentence", sentence)]
        .into_iter()
        .map(|(field, value)| (field.to_owned(), value.to_owned()))
        .collect()
}

#[test]
fn what_is_said_against_a_record_waits_until_it_is_closed_and_is_kept_three_months_more() {
    let bed = bed();
    let (ali, name) = (bed.ali(), bed::STRUCTURE);
    let report = |cause, sentence: String| bed.people.report(name, &Report { cause, sentence }, NOW).unwrap();
    report(Cause::Inexact, "Ils ont déménagé.".into());
    for number in 0..KEPT + 5 {
        report(Cause::Other, format!("n° {number}"));
    }
    let waiting = || bed.read(|link| reports::of_record(link, name));
    assert_eq!(waiting().len() as u64, KEPT, "beyond that it is as good as said");
    let first = [waiting()[0].id.clone()];
    assert_eq!(bed.people.close_reports(&first, (&ali.id, &typed("", " Vérifié. ")), NOW).unwrap(), 1);
    assert_eq!(
        bed.read(|link| reports::closed(link, 9))[0].closing.as_ref().unwrap().answer.as_deref(),
        Some("Vérifié.")
    );
    let wrong = bed.people.close_reports(&first, (&ali.id, &typed("", "a\u{1}")), NOW);
    assert!(matches!(wrong, Err(PeopleError::Typed(_))));
    assert_eq!(bed.people.close_reports_of(name, &ali.id, NOW).unwrap() as u64, KEPT - 1);
    assert!(waiting().is_empty());
    assert_eq!(bed.people.clear_reports(NOW + time::Duration::days(90)).unwrap(), 0);
    let later = NOW + time::Duration::days(90) + time::Duration::SECOND;
    assert_eq!(bed.people.clear_reports(later).unwrap() as u64, KEPT);
}
