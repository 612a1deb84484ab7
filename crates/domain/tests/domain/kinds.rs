//! Every kind of record, as somebody types it: what becomes of it, who sees what of it, what is refused.

use pes_domain::audience::Reader;
use pes_domain::place::{Area, AreaKind};
use pes_domain::record::check_dates;
use pes_domain::{Audience, Body, Draft, Field, Kind, Problem, Problems, Record, RecordIri, Why};
use time::UtcDateTime;
use time::macros::utc_datetime;

const NOW: UtcDateTime = utc_datetime!(2026-11-23 12:00);

use crate::drafts::{FIELDS, rules, typed};

fn fields(kind: Kind) -> &'static [(&'static str, &'static str)] {
    FIELDS.iter().find(|(one, _)| *one == kind).unwrap().1
}

fn raise(kind: Kind, draft: &Draft) -> Result<Record, Problems> {
    let iri = RecordIri::mint("https://pes.example.org", kind);
    Record::raise(kind, (iri, NOW), draft, NOW, &rules())
}

fn good(kind: Kind) -> Record {
    raise(kind, &typed(fields(kind))).unwrap()
}

/// The problems of a good draft in which some fields were typed otherwise.
fn problems(kind: Kind, changes: &[(&str, &str)]) -> Problems {
    let kept = fields(kind).iter().filter(|(field, _)| changes.iter().all(|(changed, _)| changed != field));
    let all: Vec<_> = kept.chain(changes).copied().collect();
    raise(kind, &typed(&all)).err().unwrap_or_default()
}

#[track_caller]
fn refused(kind: Kind, changes: &[(&str, &str)], field: &'static str, why: Why) {
    let found = problems(kind, changes);
    assert!(found.contains(&Problem::new(field, why)), "{found:?}");
}

#[test]
fn a_form_that_is_opened_and_saved_changes_nothing() {
    for kind in Kind::ALL {
        let record = good(kind);
        let again = Record::raise(kind, (record.iri.clone(), record.created), &record.lower(), NOW, &rules()).unwrap();
        assert_eq!(again, record);
        assert!(record.check(&rules()).is_ok());
        assert_eq!(record.kind(), kind);
    }
}

#[test]
fn a_record_survives_its_row() {
    for kind in Kind::ALL {
        let json = serde_json::to_string(&good(kind)).unwrap();
        assert_eq!(serde_json::from_str::<Record>(&json).unwrap(), good_as(&good(kind), &json));
    }
}

/// The record of a row, compared but for its name, which each minting makes anew.
fn good_as(record: &Record, json: &str) -> Record {
    let row: serde_json::Value = serde_json::from_str(json).unwrap();
    Record { iri: RecordIri::read(row["iri"].as_str().unwrap()).unwrap(), ..record.clone() }
}

#[test]
fn every_kind_has_a_title() {
    let titles: Vec<String> = Kind::ALL.into_iter().map(|kind| good(kind).title()).collect();
    assert_eq!(
        titles,
        [
            "L’Établi partagé — Cherche une menuisière",
            "Réseau d’exemple",
            "L’atelier a dix ans",
            "Cherche partenaires",
            "Monter un atelier",
            "Repair café",
            "Cherche une menuisière",
            "Menuisier ou menuisière",
            "Camille Exemple — L’Établi partagé",
            "Camille Exemple",
            "Tables sur mesure",
            "L’Établi partagé — Les Voisins",
            "LEP",
        ]
    );
    let mut person = good(Kind::Person);
    let Body::Person(one) = &mut person.body else { panic!() };
    one.family_name = None;
    assert_eq!(person.title(), "Camille");
    let mut structure = good(Kind::Structure);
    let Body::Structure(one) = &mut structure.body else { panic!() };
    one.shows_acronym = false;
    assert_eq!(structure.title(), "L’Établi partagé");
}

#[test]
fn a_structure_is_read_as_it_was_meant() {
    let record = good(Kind::Structure);
    let Body::Structure(one) = &record.body else { panic!() };
    assert_eq!(one.description.as_deref(), Some("Machines et\nconseils."));
    assert_eq!(one.siren.as_ref().unwrap().as_str(), "732829320", "taken from the SIRET");
    assert_eq!(one.areas, [Area::new(AreaKind::Department, "06"), Area::new(AreaKind::Region, "93")]);
    let place = one.sites[0].place.as_ref().unwrap();
    assert_eq!((place.commune.as_str(), place.estimated), ("06088", false));
    assert_eq!(one.points().next().unwrap().latitude, 43.7);
    assert_eq!((one.workforce.total, one.workforce.integration), (Some(25), Some(10)));
    assert_eq!(record.tags.iter().map(|tag| tag.as_str()).collect::<Vec<_>>(), ["bois", "outils"]);
}

#[test]
fn a_structure_without_numbers_and_without_a_place_is_a_structure() {
    let record = raise(Kind::Structure, &typed(&[("name", "Les Voisins")])).unwrap();
    let Body::Structure(one) = &record.body else { panic!() };
    assert!(one.siret.is_none() && one.sites.is_empty());
    assert_eq!(record.audience, Audience::Public);
}

#[test]
fn all_that_is_wrong_with_a_structure_is_said() {
    refused(Kind::Structure, &[("name", "")], "name", Why::Missing);
    refused(Kind::Structure, &[("siret", "1")], "siret", Why::NotASiret);
    refused(Kind::Structure, &[("siren", "356000000")], "siret", Why::SiretOfAnother);
    refused(Kind::Structure, &[("rna", "1")], "rna", Why::NotAnRna);
    refused(Kind::Structure, &[("naf", "1")], "naf", Why::NotANaf);
    refused(Kind::Structure, &[("founded", "0999")], "founded", Why::NotADate);
    refused(Kind::Structure, &[("founded", "hier")], "founded", Why::NotADate);
    refused(Kind::Structure, &[("web", "chez nous")], "web", Why::NotALink);
    refused(Kind::Structure, &[("site-commune", "Atlantis")], "sites", Why::NotACommune);
    refused(Kind::Structure, &[("site-latitude", "95")], "sites", Why::NotAPoint);
    refused(Kind::Structure, &[("site-longitude", "")], "sites", Why::NotAPoint);
    refused(Kind::Structure, &[("areas", "planet:1")], "areas", Why::NotInList);
    refused(Kind::Structure, &[("radius", "1001")], "radius", Why::NotANumber);
    refused(Kind::Structure, &[("budget", "beaucoup")], "budget", Why::NotANumber);
    refused(Kind::Structure, &[("workforce-total", "2,55")], "workforce-total", Why::NotANumber);
    refused(Kind::Structure, &[("skills", "flying")], "skills", Why::NotInList);
    refused(Kind::Structure, &[("legal-form", "guild")], "legal-form", Why::NotInList);
    refused(Kind::Structure, &[("contact-value", "x")], "contacts", Why::NotAPhone);
    refused(Kind::Structure, &[("themes", "x")], "themes", Why::NotInList);
    refused(Kind::Structure, &[("tagline", &"x".repeat(251))], "tagline", Why::TooLong(250));
    let several = problems(Kind::Structure, &[("siret", "1"), ("web", "x"), ("expires", "x")]);
    assert_eq!(several.len(), 3, "all at once: {several:?}");
}

#[test]
fn an_exchange_says_what_which_way_and_by_whom() {
    refused(Kind::Exchange, &[("direction", "")], "direction", Why::Missing);
    refused(Kind::Exchange, &[("type", "")], "type", Why::Missing);
    refused(Kind::Exchange, &[("title", "")], "title", Why::Missing);
    refused(Kind::Exchange, &[("structure", ""), ("structure-label", ""), ("author", "")], "author", Why::Missing);
    refused(Kind::Exchange, &[("place", "Saint-Denis")], "place", Why::SeveralCommunes);
    refused(Kind::Exchange, &[("structure", "x")], "structure", Why::NotARecord);
    let both = problems(Kind::Exchange, &[("type", ""), ("title", ""), ("place", "Atlantis")]);
    assert_eq!(both.len(), 3, "{both:?}");
}

#[test]
fn a_method_fits_its_type_and_a_question_takes_none() {
    assert_eq!(problems(Kind::Exchange, &[]), []);
    refused(Kind::Exchange, &[("type", "question")], "methods", Why::MethodDoesNotFit);
    assert_eq!(problems(Kind::Exchange, &[("type", "question"), ("methods", "")]), []);
    refused(Kind::Exchange, &[("methods", "magic")], "methods", Why::NotInList);
}

#[test]
fn what_has_a_deadline_expires_with_it() {
    assert_eq!(good(Kind::Exchange).expires, Some(utc_datetime!(2027-01-01 00:00)));
    assert_eq!(good(Kind::Job).expires, Some(utc_datetime!(2026-12-16 00:00)));
    assert_eq!(good(Kind::Call).expires, Some(utc_datetime!(2026-12-21 00:00)));
    assert_eq!(good(Kind::Structure).expires, None, "no fake date");
    assert!(good(Kind::Job).is_expired(utc_datetime!(2026-12-16 00:00)));
    assert!(!good(Kind::Job).is_expired(utc_datetime!(2026-12-15 23:59)));
    assert!(!good(Kind::Structure).is_expired(UtcDateTime::MAX));
}

#[test]
fn jobs_and_calls_say_who_and_what() {
    refused(Kind::Job, &[("employer-label", "")], "employer-label", Why::Missing);
    refused(Kind::Job, &[("contract", "")], "contract", Why::Missing);
    refused(Kind::Job, &[("contract", "serfdom")], "contract", Why::NotInList);
    refused(Kind::Job, &[("rome", "1")], "rome", Why::NotARome);
    refused(Kind::Job, &[("deadline", "bientôt")], "deadline", Why::NotADate);
    refused(Kind::Call, &[("call-type", "")], "call-type", Why::Missing);
    refused(Kind::Call, &[("bearer-label", "")], "bearer-label", Why::Missing);
    refused(Kind::Call, &[("notice", "x")], "notice", Why::NotALink);
    let Body::Call(call) = good(Kind::Call).body else { panic!() };
    assert_eq!(call.lots, ["Lot 1", "Lot 2"]);
}

#[test]
fn people_memberships_and_networks_are_checked_too() {
    refused(Kind::Person, &[("given-name", "")], "given-name", Why::Missing);
    refused(Kind::Person, &[("place", "Atlantis")], "place", Why::NotACommune);
    refused(Kind::Membership, &[("until", "2019-01-01")], "until", Why::TooEarly);
    refused(Kind::Membership, &[("role", "king")], "role", Why::NotInList);
    refused(Kind::Membership, &[("person-label", "")], "person", Why::Missing);
    refused(Kind::Affiliation, &[("node-id", "00")], "node-id", Why::NotInList);
    refused(Kind::Affiliation, &[("replaces", "XX")], "node-id", Why::NotInList);
    refused(Kind::Affiliation, &[("since", "")], "since", Why::Missing);
    refused(Kind::Affiliation, &[("state", "")], "state", Why::NotInList);
    let Body::Affiliation(network) = good(Kind::Affiliation).body else { panic!() };
    assert!(network.is_active());
}

#[test]
fn a_name_leaves_the_network_only_when_both_sides_said_so() {
    for missing in ["person-agrees", "structure-agrees"] {
        refused(Kind::Membership, &[(missing, "")], "audience", Why::WiderThanRecord);
        assert_eq!(problems(Kind::Membership, &[(missing, ""), ("audience", "network")]), []);
    }
}

#[test]
fn a_person_and_their_contacts_are_kept_close() {
    let record = good(Kind::Person);
    assert_eq!(record.audience_of(Field::Place), Audience::Private);
    let Body::Person(one) = &record.body else { panic!() };
    assert_eq!(one.contacts[0].audience, Audience::Private);
    let seen = record.seen_by(Reader::Member).unwrap();
    let Body::Person(one) = &seen.body else { panic!() };
    assert!(one.place.is_none() && one.contacts.is_empty());
    assert_eq!(one.presentation.as_deref(), Some("Menuisière."));
    assert_eq!(record.seen_by(Reader::MemberElsewhere), None);
    assert_eq!(record.projection(Audience::Public), None);
}

/// Narrows each field a kind has, in turn, and looks for it in what is left for everybody.
#[test]
fn a_narrowed_field_is_not_there_for_those_it_is_not_for() {
    for kind in Kind::ALL {
        let mut whole = good(kind);
        whole.audience = Audience::Public;
        whole.narrowed.clear();
        let whole_json = serde_json::to_string(&whole.seen_by(Reader::Anyone).unwrap()).unwrap();
        for field in Field::ALL {
            let mut record = whole.clone();
            record.narrowed.insert(field, Audience::Network);
            let seen = record.seen_by(Reader::Anyone).unwrap();
            assert!(seen.narrowed.is_empty(), "a reader does not learn that something is kept from them");
            let has_it = serde_json::to_string(&seen).unwrap() != whole_json;
            assert_eq!(has_it, fields_of(kind).contains(&field), "{kind:?} {field:?}");
            assert_eq!(record.seen_by(Reader::Member).unwrap().body, whole.seen_by(Reader::Member).unwrap().body);
        }
    }
}

fn fields_of(kind: Kind) -> &'static [Field] {
    match kind {
        Kind::Accord | Kind::Membership | Kind::Relation => &[Field::Description],
        Kind::Affiliation => &[],
        Kind::Article => &[Field::Areas, Field::Text],
        Kind::Document => &[Field::Description, Field::Web],
        Kind::Event => &[Field::Areas, Field::Description, Field::Place, Field::Web],
        Kind::Product => &[Field::Areas, Field::Description, Field::Means],
        Kind::Call => &[Field::Areas, Field::Description, Field::Lots, Field::Notice, Field::Team],
        Kind::Exchange => &[Field::Areas, Field::Description, Field::Place],
        Kind::Job => &[Field::Description, Field::Hours, Field::Pay, Field::Place],
        Kind::Person => &[Field::Areas, Field::Place, Field::Presentation, Field::Web],
        Kind::Structure => {
            &[Field::Areas, Field::Budget, Field::Description, Field::Sites, Field::Web, Field::Workforce]
        }
    }
}

#[test]
fn each_channel_carries_the_whole_of_what_its_audience_may_see() {
    let mut record = good(Kind::Structure);
    let both = |record: &Record| {
        (record.projection(Audience::Public).is_some(), record.projection(Audience::Affiliates).is_some())
    };
    assert_eq!(both(&record), (true, false), "public throughout: nothing for affiliates");
    record.narrowed.insert(Field::Budget, Audience::Affiliates);
    assert_eq!(both(&record), (true, true), "a graph in each");
    let Body::Structure(for_all) = record.projection(Audience::Public).unwrap().body else { panic!() };
    let Body::Structure(for_some) = record.projection(Audience::Affiliates).unwrap().body else { panic!() };
    assert_eq!((for_all.budget, for_some.budget), (None, Some(120_000)));
    assert_eq!(for_some.name, "L’Établi partagé", "whole, never a difference");
    record.audience = Audience::Affiliates;
    assert_eq!(both(&record), (false, true));
    for closed in [Audience::Network, Audience::Private] {
        record.audience = closed;
        record.narrowed.clear();
        assert_eq!(both(&record), (false, false));
        assert_eq!((record.projection(Audience::Network), record.projection(Audience::Private)), (None, None));
    }
}

#[test]
fn a_contact_is_seen_by_its_own_audience() {
    let record = good(Kind::Structure);
    let contacts = |reader: Reader| {
        let Body::Structure(one) = record.seen_by(reader).unwrap().body else { panic!() };
        one.contacts.len()
    };
    assert_eq!((contacts(Reader::Insider), contacts(Reader::Member)), (1, 1), "an import and a form keep it network");
    assert_eq!((contacts(Reader::MemberElsewhere), contacts(Reader::Anyone)), (0, 0));
}

#[test]
fn a_field_is_never_wider_than_its_record() {
    let mut record = good(Kind::Person);
    record.narrowed.insert(Field::Web, Audience::Public);
    assert_eq!(record.audience_of(Field::Web), Audience::Network);
    assert_eq!(record.check(&rules()), Err(vec![Problem::new("audience", Why::WiderThanRecord)]));
    assert_eq!(record.seen_by(Reader::Anyone), None);
}

#[test]
fn a_record_is_of_its_names_kind_and_not_older_than_itself() {
    let mut record = good(Kind::Job);
    record.iri = RecordIri::mint("https://pes.example.org", Kind::Call);
    assert_eq!(record.check(&rules()), Err(vec![Problem::new("iri", Why::NotARecord)]));
    let mut record = good(Kind::Job);
    record.modified = utc_datetime!(2020-01-01 00:00);
    assert_eq!(record.check(&rules()), Err(vec![Problem::new("modified", Why::TooEarly)]));
}

/// Who mistypes an audience is told so; nothing becomes public by a mistake.
#[test]
fn an_audience_or_a_state_that_is_none_is_refused_and_never_guessed() {
    for kind in [Kind::Exchange, Kind::Job, Kind::Call, Kind::Structure, Kind::Person] {
        refused(kind, &[("audience", "zzz")], "audience", Why::NotInList);
        refused(kind, &[("audience-of-web", "zzz")], "web", Why::NotInList);
    }
    refused(Kind::Structure, &[("contact-audience", "zzz")], "contacts", Why::NotInList);
    refused(Kind::Exchange, &[("state", "zzz")], "state", Why::NotInList);
    refused(Kind::Exchange, &[("direction", "zzz")], "direction", Why::NotInList);
    let unsaid = raise(Kind::Person, &typed(&[("given-name", "Zoé")])).unwrap();
    assert_eq!(unsaid.audience, Audience::Network, "what was not said is what the kind is for");
}

#[test]
fn a_tag_that_cannot_be_kept_is_told() {
    let long = "a".repeat(65);
    refused(Kind::Exchange, &[("tags", &format!("vélo, {long}"))], "tags", Why::TooLong(64));
    refused(Kind::Exchange, &[("tags", "vélo, !?")], "tags", Why::NotText);
    let tags =
        raise(Kind::Structure, &typed(&[("name", "x"), ("tags", " Vélo ,, éco-construction; vélo")])).unwrap().tags;
    assert_eq!(tags.iter().map(pes_domain::Tag::as_str).collect::<Vec<_>>(), ["eco-construction", "velo"]);
}

/// The draft of a kind in which some fields were typed otherwise.
fn changed(kind: Kind, changes: &[(&str, &str)]) -> Draft {
    let kept = fields(kind).iter().filter(|(field, _)| changes.iter().all(|(changed, _)| changed != field));
    typed(&kept.chain(changes).copied().collect::<Vec<_>>())
}

#[test]
fn a_last_day_that_is_newly_set_is_still_to_come() {
    for (kind, field) in [(Kind::Exchange, "expires"), (Kind::Job, "deadline"), (Kind::Call, "deadline")] {
        let (over, today) = (changed(kind, &[(field, "22/11/2026")]), changed(kind, &[(field, "2026-11-23")]));
        let stood = |draft: &Draft| raise(kind, draft).unwrap();
        let problem = [Problem::new(field, Why::Over)];
        assert_eq!(check_dates(kind, &over, None, NOW), problem, "{field}");
        assert_eq!(check_dates(kind, &over, Some(&stood(&today)), NOW), problem, "{field}");
        assert_eq!(check_dates(kind, &over, Some(&stood(&over)), NOW), [], "what stood may stay: {field}");
        assert_eq!(check_dates(kind, &today, None, NOW), [], "{field}");
        assert_eq!(check_dates(kind, &changed(kind, &[(field, "hier")]), None, NOW), [], "no day is told elsewhere");
    }
}

#[test]
fn nothing_was_founded_in_a_year_to_come() {
    let kind = Kind::Structure;
    for when in ["2027", "2026-12-01"] {
        let draft = changed(kind, &[("founded", when)]);
        let stood = raise(kind, &draft).unwrap();
        assert_eq!(check_dates(kind, &draft, None, NOW), [Problem::new("founded", Why::NotYet)], "{when}");
        assert_eq!(check_dates(kind, &draft, Some(&stood), NOW), [], "{when}");
    }
    for when in ["2026", "2026-11-23", "1901"] {
        assert_eq!(check_dates(kind, &changed(kind, &[("founded", when)]), None, NOW), [], "{when}");
    }
}

/// What expires with its deadline goes on doing so when the deadline is moved, or taken away.
#[test]
fn a_deadline_that_is_moved_moves_the_end() {
    for kind in [Kind::Job, Kind::Call] {
        let mut form: Draft = good(kind).lower();
        assert!(form.all("expires").is_empty(), "the deadline says it");
        let without: Draft = form
            .fields()
            .filter(|(field, _)| *field != "deadline")
            .flat_map(|(field, values)| values.iter().map(move |value| (field.to_owned(), value.clone())))
            .collect();
        assert_eq!(raise(kind, &without).unwrap().expires, None);
        form = without;
        form.add("deadline", "2027-03-01");
        form.add("expires", "2026-12-15");
        assert_eq!(raise(kind, &form).unwrap().expires, Some(utc_datetime!(2027-03-02 00:00)));
    }
}
