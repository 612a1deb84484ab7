//! What a row meets: a person's work, another network's structure, itself from an earlier run, an interruption; and how a run is taken back.

use crate::bed::{LATER, NOW, Node, draft, node, structure};
use pes_changeset::Channel;
use pes_domain::{Draft, Kind};
use pes_import::undo::{Why, run_to_undo};
use pes_import::{Choices, Plan, What};
use pes_store::own_records::{Moderation, OwnRecord};
use pes_store::rights::{self, Right};
use pes_store::{imports, own_records};

/// Invented structures, in the columns of 2012 that a test needs; columns may be left away.
const HEAD: &str =
    "Identifiant BDIS;Raison sociale;Description succincte;N° SIRET;Code postal;Ville;Téléphone;mots-clés";
const SIRET: &str = "73282932000074";

fn file(rows: &[&str]) -> String {
    format!("{HEAD}\n{}\n", rows.join("\n"))
}

fn told(plan: &Plan) -> Vec<(u64, What)> {
    plan.report.remarks.iter().filter(|one| one.what != What::UnknownWord).map(|one| (one.line, one.what)).collect()
}

fn one_hundred_and(more: usize) -> String {
    let rows: Vec<String> =
        (0..100 + more).map(|at| format!("{at};Structure {at:03};Phrase {at};;06000;Nice;;")).collect();
    file(&rows.iter().map(String::as_str).collect::<Vec<_>>())
}

#[test]
fn a_preview_is_what_follows_and_writes_nothing() {
    let node = node("apeas");
    node.enter(Kind::Structure, &[("name", "La Fabrique"), ("site-commune", "Nice")]);
    let text = file(&["1;La Fabrique;Réparer;;6000;Nice;;", "2;L’Établi;;;;;;", "3;;;;;;;", "4;Kaz;;123;;;x;zorglub"]);
    let (before, logs) = (node.journal.digest_of_own().unwrap(), node.journal.digest(&Channel::ALL).unwrap());
    let preview = node.plan("a.csv", &text);
    assert_eq!((node.journal.digest_of_own().unwrap(), node.journal.digest(&Channel::ALL).unwrap()), (before, logs));
    assert!(node.journal.store().read(imports::runs).unwrap().is_empty());
    let (plan, _) = node.import("a.csv", &text);
    assert_eq!(plan.report, preview.report);
    assert_eq!(plan.rejected(), preview.rejected());
    let tally = plan.report.tally;
    assert_eq!((tally.entered, tally.filled, tally.out, tally.without_place), (2, 1, 1, 2));
}

#[test]
fn what_somebody_wrote_stays_and_what_is_empty_is_filled() {
    let node = node("apeas");
    let typed =
        [("name", "La Fabrique"), ("site-commune", "Nice"), ("tagline", "À nous"), ("web", "https://fabrique.example")];
    node.enter(Kind::Structure, &typed);
    let (plan, _) =
        node.import("a.csv", file(&[&format!("1;LA FABRIQUE;Autre phrase;{SIRET};6000;Nice;04 93 00 00 00;zorglub")]));
    let own = node.called("La Fabrique");
    let one = structure(&own);
    assert_eq!((one.tagline.as_deref(), one.siret.as_ref().map(|siret| siret.as_str())), (Some("À nous"), Some(SIRET)));
    assert_eq!((one.contacts.len(), own.record.tags.len(), one.sites[0].postcode.as_deref()), (1, 1, Some("06000")));
    assert_eq!(told(&plan), [(2, What::ZeroRegained), (2, What::Kept)]);
    let kept = plan.report.remarks.iter().find(|one| one.what == What::Kept).unwrap();
    assert_eq!(
        (kept.column, kept.value.as_str(), kept.gaps["held"].as_str()),
        ("Description succincte", "Autre phrase", "À nous")
    );
}

#[test]
fn what_somebody_took_away_does_not_come_back() {
    let node = node("apeas");
    let text = file(&["1;La Fabrique;Réparer;;;;04 93 00 00 00;velo"]);
    node.import("a.csv", &text);
    node.change("La Fabrique", "tagline", "");
    node.change("La Fabrique", "contact-value", "");
    let again = node.plan("a.csv", &text);
    assert_eq!((again.report.tally.changes(), again.report.tally.unchanged), (0, 1));
    let richer = node.plan("b.csv", file(&[&format!("1;La Fabrique;Réparer;{SIRET};;;04 93 00 00 00;velo")]));
    node.commit(&richer);
    let one = structure(&node.called("La Fabrique")).clone();
    assert!(one.siret.is_some() && one.tagline.is_none() && one.contacts.is_empty());
}

#[test]
fn what_was_deleted_here_is_not_made_again_and_nothing_of_it_is_kept() {
    let node = node("apeas");
    let person = node.enter(Kind::Structure, &[("name", "La Fabrique"), ("siret", SIRET), ("tagline", "À nous")]);
    let text = file(&[&format!("1;La Fabrique;;{SIRET};6000;Nice;;"), "2;L’Établi;;;;;;"]);
    node.import("a.csv", &text);
    let rows = || node.journal.store().read(imports::rows).unwrap();
    assert!(rows()[0].before.as_ref().is_some_and(|before| before.title() == "La Fabrique"));
    for own in node.structures() {
        node.journal.delete(&own.record.iri, None, LATER).unwrap();
    }
    assert!(rows().iter().all(|row| row.before.is_none() && row.filled.is_empty() && row.after.is_empty()));
    let again = node.plan("a.csv", &text);
    assert_eq!((again.report.tally.changes(), again.report.tally.out), (0, 2));
    assert!(again.report.remarks.iter().filter(|one| one.what == What::DeletedHere).count() == 2, "{person:?}");
}

#[test]
fn a_draft_and_what_an_animator_refused_are_left_alone() {
    for moderation in [Moderation::Draft, Moderation::Refused, Moderation::Proposed] {
        let node = node("apeas");
        let own = node.enter(Kind::Structure, &[("name", "La Fabrique"), ("siret", SIRET)]);
        node.journal.save(own.clone(), moderation, None, NOW).unwrap();
        let plan = node.plan("a.csv", file(&[&format!("1;La Fabrique;Réparer;{SIRET};;;;")]));
        assert_eq!(told(&plan), [(2, What::NotPublished)]);
        assert_eq!(plan.report.remarks[0].gaps["state"], moderation.as_str());
        assert_eq!((plan.report.tally.changes(), plan.report.tally.out), (0, 1));
    }
}

#[test]
fn what_another_network_holds_is_listed_and_not_entered_again() {
    let (apeas, mesclun) = (node("apeas"), node("mesclun"));
    mesclun.enter(Kind::Structure, &[("name", "Là-bas"), ("siret", SIRET)]);
    mesclun.enter(Kind::Structure, &[("name", "Le Comptoir"), ("site-commune", "Nice")]);
    mesclun.enter(Kind::Structure, &[("name", "Réservée"), ("site-commune", "Grasse"), ("audience", "affiliates")]);
    apeas.takes_all_of(&mesclun);
    let rows = [
        &format!("1;Autre nom;;{SIRET};;;;"),
        "2;LE COMPTOIR;;;06300;NICE CEDEX;;",
        "3;Réservée;;;06130;Grasse;;",
        "4;Le Comptoir;;;83000;Toulon;;",
    ];
    let (plan, _) = apeas.import("a.csv", file(&rows));
    let tally = plan.report.tally;
    assert_eq!((tally.entered, tally.elsewhere, tally.out), (1, 3, 0));
    let elsewhere: Vec<_> = plan.report.remarks.iter().filter(|one| one.what == What::HeldElsewhere).collect();
    assert!(elsewhere.iter().all(|one| one.problem().contains("déjà tenue par mesclun")), "{elsewhere:?}");
    assert_eq!(elsewhere.iter().map(|one| one.line).collect::<Vec<_>>(), [2, 3, 4]);
    let named: Vec<_> = plan.report.elsewhere.iter().map(|one| (one.line, one.record.to_string())).collect();
    let held = |name: &str| mesclun.called(name).record.iri.to_string();
    assert_eq!(named, [(2, held("Là-bas")), (3, held("Le Comptoir")), (4, held("Réservée"))]);
    assert_eq!(plan.rejected().iter().filter(|byte| **byte == b'\n').count(), 1, "nothing of them can be mended");
}

#[test]
fn rows_of_one_file_that_are_one_structure_are_one() {
    let node = node("apeas");
    let rows = [
        &format!("1;La Fabrique;;{SIRET};;;;"),
        &format!("2;Fabrique (la);Réparer;{SIRET};;;;"),
        "3;Kaz;;;06000;Nice;;",
        "3;KAZ;Jouer;;06000;Nice;;",
        "4;Kaz;;;06000;Nice;;",
        "3;Autre;;;;;;",
    ];
    let (plan, _) = node.import("a.csv", file(&rows));
    let tally = plan.report.tally;
    assert_eq!((tally.entered, tally.filled, node.structures().len()), (4, 2, 4));
    assert_eq!(told(&plan), [(3, What::SameRow), (3, What::Kept), (5, What::SameNumber), (6, What::Namesake)]);
    assert_eq!(structure(&node.called("La Fabrique")).tagline.as_deref(), Some("Réparer"));
    assert_eq!(node.plan("a.csv", file(&rows)).report.tally.changes(), 0);
    let undone = node.undo(None);
    assert_eq!((undone.deleted, undone.restored, undone.is_as_before), (4, 0, true));
}

#[test]
fn where_several_fit_nobody_is_chosen() {
    let node = node("apeas");
    node.enter(Kind::Structure, &[("name", "Kaz"), ("site-commune", "Nice")]);
    node.enter(Kind::Structure, &[("name", "KAZ"), ("site-commune", "Nice")]);
    let plan = node.plan("a.csv", file(&["1;Kaz;Jouer;;06000;Nice;;"]));
    assert_eq!((told(&plan), plan.report.tally.out), (vec![(2, What::SeveralHeld)], 1));
}

#[test]
fn a_value_that_contradicts_what_stands_is_left_out_and_the_rest_fills() {
    let node = node("apeas");
    node.enter(Kind::Structure, &[("name", "Kaz"), ("siren", "552100554")]);
    node.import("a.csv", file(&["1;Kaz;;;;;;"]));
    let rows = node.journal.store().read(imports::rows).unwrap();
    assert_eq!(rows.len(), 1, "a name alone is nobody: it was made beside");
    // The first Kaz is given the row's number by hand, as if the row had been it.
    let own = node.structures().into_iter().find(|own| structure(own).siren.is_some()).unwrap();
    node.journal
        .store()
        .write(|link| {
            imports::forget(link, &rows[0].record)?;
            imports::note(
                link,
                &imports::Row { record: own.record.iri.to_string(), filled: vec!["name".into()], ..rows[0].clone() },
            )
        })
        .unwrap();
    let (plan, _) = node.import("b.csv", file(&[&format!("1;Kaz;Jouer;{SIRET};;;;")]));
    assert_eq!(plan.report.tally.filled, 1);
    assert!(told(&plan).contains(&(2, What::Rule(pes_domain::Why::SiretOfAnother))), "{:?}", told(&plan));
    let one = node.structures().into_iter().find(|own| structure(own).siren.is_some()).unwrap();
    assert_eq!((structure(&one).tagline.as_deref(), structure(&one).siret.as_ref()), (Some("Jouer"), None));
}

#[test]
fn what_is_interrupted_goes_on_with_the_same_file_and_is_one_run() {
    let node = node("apeas");
    let text = one_hundred_and(150);
    let plan = node.plan("a.csv", &text);
    let before = node.journal.digest_of_own().unwrap();
    // Whoever looks on is torn away after the first group, and with them the import: as by a kill between two transactions.
    let torn = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        plan.commit(&node.journal, NOW, &mut |_, (done, _)| assert!(done < 200, "torn away"))
    }));
    assert!(torn.is_err());
    assert_eq!(node.structures().len(), 200, "whole groups are there");
    let open = node.journal.store().read(imports::runs).unwrap();
    assert_eq!((open.len(), open[0].finished), (1, None));
    let (rest, committed) = node.import("a.csv", &text);
    assert_eq!((rest.report.tally.entered, rest.report.tally.unchanged), (50, 200));
    assert_eq!((committed.run, committed.went_on), (Some(open[0].id), true));
    assert_eq!(node.structures().len(), 250);
    let again = node.plan("a.csv", &text);
    assert_eq!((again.report.tally.changes(), node.commit(&again).run), (0, None));
    let undone = node.undo(None);
    assert_eq!((undone.deleted, undone.is_as_before, undone.run.digest == before), (250, true, true));
    node.journal.verify().unwrap();
}

#[test]
fn an_undo_that_is_interrupted_goes_on() {
    let node = node("apeas");
    node.import("a.csv", one_hundred_and(100));
    let run = run_to_undo(&node.journal, None).unwrap();
    let torn = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        pes_import::undo::undo(&node.journal, run, LATER, &mut |_, _| panic!("torn away"))
    }));
    assert!(torn.is_err());
    assert_eq!(node.structures().len(), 100);
    let undone = node.undo(None);
    assert_eq!((undone.deleted, undone.is_as_before, node.structures().len()), (100, true, 0));
}

#[test]
fn what_somebody_changed_claimed_or_named_since_is_left_and_listed() {
    let node = node("apeas");
    let stood = node.enter(Kind::Structure, &[("name", "Debout"), ("siret", SIRET)]);
    let rows = [
        "1;Changée;;;;;;",
        "2;Parlée;;;;;;",
        "3;Nommée;;;;;;",
        "4;Intacte;;;;;;",
        &format!("5;Debout;Une phrase;{SIRET};;;;"),
    ];
    node.import("a.csv", file(&rows));
    node.change("Changée", "tagline", "À nous");
    let spoken = node.called("Parlée").record.iri.to_string();
    let account = pes_store::accounts::Account {
        id: "marie".into(),
        email: "marie@exemple.example".into(),
        name: "Marie".into(),
        password: String::new(),
        role: pes_store::accounts::Role::Citizen,
        is_accepted: false,
        wants_mail: false,
        rhythm: pes_store::accounts::Rhythm::default(),
        person: None,
        created: NOW.unix_timestamp(),
    };
    let right = Right {
        account: "marie".into(),
        structure: spoken,
        is_confirmed: false,
        may_edit: false,
        wants_notices: false,
        is_of_company: false,
    };
    node.journal
        .store()
        .write(|link| {
            pes_store::accounts::insert(link, &account)?;
            rights::put(link, &right)
        })
        .unwrap();
    let named = node.called("Nommée").record.iri.to_string();
    node.enter(
        Kind::Job,
        &[("title", "Poste"), ("contract", "cdi"), ("employer", &named), ("employer-label", "Nommée")],
    );
    let undone = node.undo(None);
    assert_eq!((undone.deleted, undone.restored, undone.is_as_before), (1, 1, false));
    let mut left: Vec<_> = undone.left.iter().map(|left| (left.title.as_str(), left.why)).collect();
    left.sort_by_key(|(title, _)| *title);
    assert_eq!(left, [("Changée", Why::Changed), ("Nommée", Why::Named), ("Parlée", Why::Claimed)]);
    let restored = node.called("Debout");
    assert_eq!(restored.record.modified, stood.modified);
    assert_eq!(structure(&restored).tagline, None);
    // What is left is still known by its number, what was deleted may come again.
    let again = node.plan("a.csv", file(&rows));
    assert_eq!((again.report.tally.entered, again.report.tally.filled, again.report.tally.unchanged), (1, 1, 3));
}

#[test]
fn runs_are_undone_one_by_one_and_once() {
    let node = node("apeas");
    let first = node.import("a.csv", file(&["1;La Fabrique;;;06000;Nice;;"])).1.run.unwrap();
    let second = node.import("b.csv", file(&[&format!("1;La Fabrique;Réparer;{SIRET};06000;Nice;;")])).1.run.unwrap();
    assert_ne!(first, second);
    let early = node.undo(Some(first));
    assert_eq!((early.deleted, early.left[0].why), (0, Why::Changed), "the second run changed it");
    assert!(run_to_undo(&node.journal, Some(first)).unwrap_err().to_string().contains("undone already"));
    assert!(run_to_undo(&node.journal, Some(99)).unwrap_err().to_string().contains("no run 99"));
    let late = node.undo(None);
    assert_eq!((late.run.id, late.restored, late.is_as_before), (second, 1, true));
    assert!(run_to_undo(&node.journal, None).is_err());
    assert_eq!(structure(&node.called("La Fabrique")).tagline, None);
}

#[test]
fn what_is_undone_is_undone_for_whoever_holds_it_and_ends_stay_in_the_logs() {
    let (apeas, mesclun) = (node("apeas"), node("mesclun"));
    let before = apeas.journal.digest(&[Channel::Public]).unwrap();
    apeas.import("a.csv", file(&["1;La Fabrique;;;;;;", "2;L’Établi;;;;;;"]));
    mesclun.takes_all_of(&apeas);
    let text = file(&["9;La Fabrique;;;06000;Nice;;"]);
    assert_eq!(mesclun.plan("b.csv", &text).report.tally.entered, 1, "a name alone is nobody elsewhere either");
    apeas.undo(None);
    mesclun.takes_all_of(&apeas);
    assert_eq!(apeas.journal.digest(&Channel::ALL).unwrap(), mesclun_sees(&mesclun, &apeas));
    assert_ne!(apeas.journal.digest(&[Channel::Public]).unwrap(), before, "the digest of all states knows the ends");
    assert!(apeas.sheets().is_empty());
}

/// The digest of all that is held at one node of what another wrote: it is alone there.
fn mesclun_sees(mesclun: &Node, apeas: &Node) -> String {
    assert_eq!(mesclun.journal.digest(&[Channel::Public]).unwrap(), apeas.journal.digest(&[Channel::Public]).unwrap());
    mesclun.journal.digest(&Channel::ALL).unwrap()
}

#[test]
fn what_somebody_changes_while_the_import_goes_on_is_kept() {
    let node = node("apeas");
    node.enter(Kind::Structure, &[("name", "La Fabrique"), ("siret", SIRET)]);
    let plan = node.plan("a.csv", file(&[&format!("1;La Fabrique;Réparer;{SIRET};;;;"), "2;L’Établi;;;;;;"]));
    node.change("La Fabrique", "tagline", "À nous");
    let committed = node.commit(&plan);
    assert_eq!(
        committed.meanwhile.iter().map(|one| (one.line, one.what)).collect::<Vec<_>>(),
        [(2, What::ChangedMeanwhile)]
    );
    assert_eq!(structure(&node.called("La Fabrique")).tagline.as_deref(), Some("À nous"));
    assert_eq!(node.structures().len(), 2);
}

#[test]
fn groups_are_one_transaction_with_one_head_and_the_log_is_whole() {
    let node = node("apeas");
    node.import("a.csv", one_hundred_and(1));
    let verified = node.journal.verify().unwrap();
    assert_eq!(verified.payloads, 101);
    let head = node.journal.heads().unwrap().into_iter().find(|head| head.channel == Channel::Public).unwrap();
    assert_eq!(head.size, 101);
    let before = node.journal.digest(&Channel::ALL).unwrap();
    node.journal.rebuild().unwrap();
    assert_eq!(node.journal.digest(&Channel::ALL).unwrap(), before);
}

#[test]
fn a_kept_record_is_given_back_whole() {
    let node = node("apeas");
    let fields = [
        ("name", "Debout"),
        ("siret", SIRET),
        ("contact-medium", "phone"),
        ("contact-value", "0493000000"),
        ("contact-note", "le matin"),
        ("contact-audience", "private"),
    ];
    node.enter(Kind::Structure, &fields);
    let own = node.called("Debout");
    let before: Draft = own.record.lower();
    node.import("a.csv", file(&[&format!("5;Debout;Une phrase;{SIRET};06000;Nice;;velo")]));
    assert_ne!(node.called("Debout").record.lower(), before);
    node.undo(None);
    let back: OwnRecord =
        node.journal.store().read(|link| own_records::find(link, &own.record.iri.to_string())).unwrap().unwrap();
    assert_eq!((back.record, back.moderation), (own.record, own.moderation));
    assert_eq!(before.one("contact-note"), draft(&fields).one("contact-note"));
    assert_eq!(
        Choices::default(),
        Choices { audience: pes_domain::Audience::Public, contacts: pes_domain::Audience::Network }
    );
}
