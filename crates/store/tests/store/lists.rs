//! Lists as readers see them: narrowed, in pages, without what is hidden or over; and the lists of our own records.

use crate::bed::{Bed, NOW, bed, code, exchange, plain_exchange, record};
use pes_changeset::Channel;
use pes_domain::call::Call;
use pes_domain::exchange::{Direction, Exchange};
use pes_domain::place::Place;
use pes_domain::structure::Site;
use pes_domain::{Audience, Body, Draft, Kind, List, Record, RecordIri, Reference, Rules, Tag, Thesaurus};
use pes_store::hidden::{self, Hidden};
use pes_store::lists::{self, Query};
use pes_store::own_records::{self, Moderation, OwnRecord};
use pes_store::records::{self, Sheet};
use time::Duration;

/// What a visitor sees of all exchanges.
fn query() -> Query {
    Query {
        kind: Kind::Exchange,
        reader: Audience::Public,
        now: NOW.unix_timestamp(),
        facets: vec![],
        node: None,
        offset: 0,
        limit: 10,
    }
}

/// A database that knows the nodes `paca` and `alliance`.
fn two_nodes() -> Bed {
    let bed = bed();
    bed.pin_all(["paca", "alliance"]);
    bed
}

impl Bed {
    fn show(&self, record: &Record, channel: Channel, version: u64) {
        let node = record.iri.origin().trim_start_matches("https://").trim_end_matches(".test").to_owned();
        self.write(|link| records::put(link, &Sheet { channel, node, version, record: record.clone() }));
    }

    #[track_caller]
    fn titles(&self, query: &Query) -> Vec<String> {
        let page = self.read(|link| lists::shared(link, query));
        if query.offset == 0 && page.total <= query.limit {
            assert_eq!(page.total, page.sheets.len() as u64);
        }
        assert_eq!(self.read(|link| lists::count(link, query)), page.total);
        page.sheets.iter().map(|sheet| sheet.record.title()).collect()
    }

    fn keep_own(&self, moderation: Moderation, author: Option<&str>, record: &Record) {
        let own = OwnRecord { moderation, author: author.map(str::to_owned), version: 1, record: record.clone() };
        self.write(|link| own_records::put(link, &own));
    }
}

/// An exchange of `paca`, published this many days ago.
fn older(title: &str, days: i64) -> Record {
    Record { published: Some(NOW - Duration::days(days)), ..exchange("paca", title) }
}

#[test]
fn a_list_has_the_newest_first_in_pages() {
    let bed = two_nodes();
    for (title, days) in [("C", 3), ("A", 1), ("E", 5), ("B", 2), ("D", 4)] {
        bed.show(&older(title, days), Channel::Public, 1);
    }
    assert_eq!(bed.titles(&query()), ["A", "B", "C", "D", "E"]);
    assert_eq!(bed.titles(&Query { limit: 2, ..query() }), ["A", "B"]);
    assert_eq!(bed.titles(&Query { offset: 4, limit: 2, ..query() }), ["E"]);
    assert_eq!(bed.titles(&Query { offset: 5, limit: 2, ..query() }), [""; 0]);
    let page = bed.read(|link| lists::shared(link, &Query { offset: u64::MAX, limit: u64::MAX, ..query() }));
    assert_eq!((page.sheets.len(), page.total), (0, 5));
}

#[test]
fn what_was_never_published_stands_by_its_birth() {
    let bed = two_nodes();
    bed.show(&older("published yesterday", 1), Channel::Public, 1);
    bed.show(&Record { published: None, ..exchange("paca", "born today") }, Channel::Public, 1);
    assert_eq!(bed.titles(&query()), ["born today", "published yesterday"]);
}

#[test]
fn a_list_is_of_one_kind_and_if_wanted_of_one_node() {
    let bed = two_nodes();
    bed.show(&exchange("paca", "ours"), Channel::Public, 1);
    bed.show(&Record { published: Some(NOW - Duration::DAY), ..exchange("alliance", "theirs") }, Channel::Public, 1);
    let node = |name: &str| Query { node: Some(name.into()), ..query() };
    assert_eq!(bed.titles(&query()), ["ours", "theirs"]);
    assert_eq!(bed.titles(&node("alliance")), ["theirs"]);
    assert_eq!(bed.titles(&node("nobody")), [""; 0]);
    assert_eq!(bed.titles(&Query { kind: Kind::Job, ..query() }), [""; 0]);
}

#[test]
fn a_member_sees_each_record_once_and_everybody_only_what_is_public() {
    let bed = two_nodes();
    let versions = [("narrower on a tie", 1, 1), ("newer for all", 2, 1), ("newer for members", 1, 2)];
    for (title, public, affiliates) in versions {
        let record = exchange("paca", title);
        bed.show(&record, Channel::Public, public);
        bed.show(&record, Channel::Affiliates, affiliates);
    }
    bed.show(&older("for members alone", 1), Channel::Affiliates, 1);
    bed.show(&older("for all", 2), Channel::Public, 1);
    let page = |reader| bed.read(|link| lists::shared(link, &Query { reader, ..query() }));
    let channels = |reader| page(reader).sheets.into_iter().map(|sheet| sheet.channel).collect::<Vec<_>>();
    assert_eq!(channels(Audience::Public), [Channel::Public; 4]);
    for reader in [Audience::Affiliates, Audience::Network, Audience::Private] {
        assert_eq!(page(reader).total, 5);
        let seen = page(reader).sheets;
        let of = |title| seen.iter().find(|sheet| sheet.record.title() == title).unwrap().channel;
        assert_eq!(of("newer for all"), Channel::Public);
        assert_eq!((of("narrower on a tie"), of("newer for members")), (Channel::Affiliates, Channel::Affiliates));
    }
}

#[test]
fn what_is_over_is_left_out_from_that_second_on() {
    let bed = two_nodes();
    bed.show(&Record { expires: Some(NOW), ..exchange("paca", "over") }, Channel::Public, 1);
    bed.show(&Record { expires: Some(NOW + Duration::SECOND), ..exchange("paca", "not yet") }, Channel::Public, 1);
    assert_eq!(bed.titles(&query()), ["not yet"]);
    assert_eq!(bed.titles(&Query { now: NOW.unix_timestamp() + 1, ..query() }), [""; 0]);
}

/// An exchange with this commune, these skills, sought or offered.
fn placed(title: &str, commune: &str, skills: &[&str], direction: Direction) -> Record {
    let place = Place { commune: commune.into(), name: "Ici".into(), point: None, estimated: false };
    let skills = skills.iter().map(|skill| code(List::Skill, skill)).collect();
    let body = Exchange { place: Some(place), skills, direction, ..plain_exchange(title) };
    record("paca", Kind::Exchange, Body::Exchange(body))
}

/// Exchanges narrowed by facets such as `skill=premises|design direction=offer`.
fn narrowed(facets: &str) -> Query {
    let facet = |text: &str| {
        let (facet, values) = text.split_once('=').unwrap();
        (facet.to_owned(), values.split('|').map(str::to_owned).collect())
    };
    Query { facets: facets.split(' ').map(facet).collect(), ..query() }
}

#[test]
fn facets_narrow_together_and_their_values_widen() {
    let bed = two_nodes();
    bed.show(&placed("N", "06088", &["premises", "design"], Direction::Demand), Channel::Public, 1);
    let second = placed("M", "13055", &["design"], Direction::Offer);
    bed.show(&Record { published: Some(NOW - Duration::DAY), ..second }, Channel::Public, 1);
    for (facets, expected) in [
        ("skill=premises", &["N"] as &[&str]),
        ("skill=design", &["N", "M"]),
        ("skill=premises|cooking", &["N"]),
        ("skill=premises skill=design", &["N"]),
        ("skill=design direction=offer", &["M"]),
        ("skill=premises direction=offer", &[]),
        ("direction=design", &[]),
        ("exchange-type=service", &["N", "M"]),
        ("commune=06088|13055", &["N", "M"]),
        ("skill=", &[]),
    ] {
        assert_eq!(bed.titles(&narrowed(facets)), expected, "{facets}");
    }
}

#[test]
fn a_facet_is_that_of_the_sheet_which_is_seen() {
    let bed = two_nodes();
    let public = placed("A", "06088", &["premises"], Direction::Demand);
    let inside = Record { iri: public.iri.clone(), ..placed("A", "06088", &["design"], Direction::Demand) };
    bed.show(&public, Channel::Public, 1);
    bed.show(&inside, Channel::Affiliates, 1);
    let sees = |reader, skill| !bed.titles(&Query { reader, ..narrowed(&format!("skill={skill}")) }).is_empty();
    assert!(sees(Audience::Public, "premises") && !sees(Audience::Public, "design"));
    assert!(sees(Audience::Affiliates, "design") && !sees(Audience::Affiliates, "premises"));
}

#[test]
fn facets_follow_the_newest_sheet() {
    let bed = two_nodes();
    let first = placed("A", "06088", &["premises"], Direction::Demand);
    bed.show(&first, Channel::Public, 1);
    bed.show(
        &Record { iri: first.iri.clone(), ..placed("A", "13055", &["design"], Direction::Demand) },
        Channel::Public,
        2,
    );
    assert_eq!(bed.titles(&narrowed("skill=premises")), [""; 0]);
    assert_eq!(bed.titles(&narrowed("commune=13055 skill=design")), ["A"]);
    bed.write(|link| records::remove(link, &first.iri.to_string(), Channel::Public));
    assert_eq!(bed.titles(&narrowed("skill=design")), [""; 0]);
}

#[test]
fn tags_themes_and_structures_are_facets_too_and_twice_is_once() {
    let bed = two_nodes();
    let structure = RecordIri::mint("https://paca.test", Kind::Structure);
    let call = Call {
        call_type: code(List::CallType, "tender"),
        title: "Appel".into(),
        description: None,
        bearer: Reference::to(structure.clone(), "Les Voisins"),
        sectors: vec![code(List::Sector, "food"), code(List::Sector, "food")],
        skills: vec![],
        areas: vec![],
        lots: vec![],
        clauses: None,
        deadline: None,
        notice: None,
        team: None,
    };
    let mut call = record("paca", Kind::Call, Body::Call(call));
    (call.themes, call.tags) = (vec![code(List::Theme, "climate")], vec![Tag::of("Tiers-lieu").unwrap()]);
    bed.show(&call, Channel::Public, 1);
    let structure = structure.to_string();
    for (facet, value) in [
        ("tag", "tiers-lieu"),
        ("theme", "climate"),
        ("structure", structure.as_str()),
        ("call-type", "tender"),
        ("sector", "food"),
    ] {
        let query = Query { kind: Kind::Call, ..narrowed(&format!("{facet}={value}")) };
        assert_eq!(bed.titles(&query), ["Appel"], "{facet}");
    }
}

#[test]
fn a_structure_is_found_at_each_of_its_sites() {
    let bed = two_nodes();
    let draft: Draft = [("name".to_owned(), "Les Voisins".to_owned())].into_iter().collect();
    let iri = RecordIri::mint("https://paca.test", Kind::Structure);
    let mut voisins =
        Record::raise(Kind::Structure, (iri, NOW), &draft, NOW, &Rules::new(Thesaurus::default())).unwrap();
    let Body::Structure(body) = &mut voisins.body else { panic!() };
    body.legal_form = Some(code(List::LegalForm, "association"));
    body.sites = ["06088", "13055"].map(site).into();
    bed.show(&voisins, Channel::Public, 1);
    for facet in ["commune=06088", "commune=13055", "legal-form=association"] {
        assert_eq!(bed.titles(&Query { kind: Kind::Structure, ..narrowed(facet) }), ["Les Voisins"], "{facet}");
    }
}

fn site(commune: &str) -> Site {
    let place = Place { commune: commune.into(), name: "Ici".into(), point: None, estimated: false };
    Site {
        fragment: format!("site-{commune}"),
        label: None,
        street: None,
        postcode: None,
        place: Some(place),
        hours: None,
    }
}

fn hide(record: &Record, reason: &str, since: i64) -> Hidden {
    Hidden { record: record.iri.to_string(), reason: reason.into(), account: "ali".into(), since }
}

#[test]
fn what_is_hidden_is_in_no_list_until_it_is_shown_again() {
    let bed = two_nodes();
    let (bad, good) = (exchange("alliance", "spam"), older("good", 1));
    bed.show(&bad, Channel::Public, 1);
    bed.show(&bad, Channel::Affiliates, 1);
    bed.show(&good, Channel::Public, 1);
    bed.write(|link| hidden::put(link, &hide(&bad, "spam", 1)));
    for reader in [Audience::Public, Audience::Affiliates] {
        assert_eq!(bed.titles(&Query { reader, ..query() }), ["good"]);
    }
    bed.write(|link| hidden::remove(link, &bad.iri.to_string()));
    assert_eq!(bed.titles(&query()), ["spam", "good"]);
}

#[test]
fn what_is_hidden_is_told_the_newest_first_with_its_newest_reason() {
    let bed = bed();
    let (one, two) = (exchange("alliance", "one"), exchange("alliance", "two"));
    for row in [hide(&one, "spam", 1), hide(&two, "twice", 2), hide(&one, "not ours", 3)] {
        bed.write(|link| hidden::put(link, &row));
    }
    let (newest, older) = (hide(&one, "not ours", 3), hide(&two, "twice", 2));
    assert_eq!(bed.read(hidden::all), [newest.clone(), older]);
    assert_eq!(bed.read(|link| hidden::find(link, &one.iri.to_string())), Some(newest));
    assert_eq!(bed.read(|link| hidden::find(link, "nothing")), None);
}

#[test]
fn a_record_of_ours_is_kept_whole_in_the_place_of_the_one_before() {
    let bed = bed();
    let mut own = OwnRecord {
        moderation: Moderation::Draft,
        author: Some("marie".into()),
        version: 0,
        record: exchange("paca", "Brouillon"),
    };
    let iri = own.record.iri.to_string();
    for _ in 0..2 {
        bed.write(|link| own_records::put(link, &own));
        assert_eq!(bed.read(|link| own_records::find(link, &iri)), Some(own.clone()));
        (own.moderation, own.author, own.version) = (Moderation::Published, None, 7);
        own.record.tags = vec![Tag::of("neuf").unwrap()];
    }
    bed.write(|link| own_records::erase(link, &iri));
    assert_eq!(bed.read(|link| own_records::find(link, &iri)), None);
}

/// An exchange of `paca`, changed this many days ago.
fn changed(title: &str, days: i64) -> Record {
    Record { modified: NOW - Duration::days(days), ..exchange("paca", title) }
}

fn own_titles(rows: Vec<OwnRecord>) -> Vec<String> {
    rows.iter().map(|own| own.record.title()).collect()
}

#[test]
fn our_records_are_listed_by_state_by_author_and_by_what_waits() {
    let bed = bed();
    bed.keep_own(Moderation::Proposed, Some("marie"), &changed("proposed 2", 2));
    bed.keep_own(Moderation::Proposed, Some("paul"), &changed("proposed 3", 3));
    bed.keep_own(Moderation::Published, Some("marie"), &changed("published 1", 1));
    bed.keep_own(Moderation::Published, None, &changed("published 0", 0));
    let of_kind = |kind, state| own_titles(bed.read(|link| own_records::of_kind(link, kind, state)));
    assert_eq!(of_kind(Kind::Exchange, Moderation::Published), ["published 0", "published 1"]);
    assert_eq!(of_kind(Kind::Exchange, Moderation::Draft), [""; 0]);
    assert_eq!(of_kind(Kind::Job, Moderation::Published), [""; 0]);
    assert_eq!(own_titles(bed.read(|link| lists::of_author(link, "marie"))), ["published 1", "proposed 2"]);
    assert_eq!(own_titles(bed.read(|link| lists::of_author(link, "nobody"))), [""; 0]);
    assert_eq!(own_titles(bed.read(lists::proposed)), ["proposed 3", "proposed 2"], "who waited longest comes first");
}

#[test]
fn what_no_channel_carries_is_for_our_own_people() {
    let bed = two_nodes();
    let (inside, public, members) = (changed("inside", 2), changed("public", 1), changed("members", 1));
    for record in [&inside, &public, &members, &changed("newer inside", 1)] {
        bed.keep_own(Moderation::Published, None, record);
    }
    bed.keep_own(Moderation::Draft, None, &exchange("paca", "draft"));
    bed.show(&public, Channel::Public, 1);
    bed.show(&members, Channel::Affiliates, 1);
    let kept = |kind| own_titles(bed.read(|link| lists::kept_here(link, kind)));
    assert_eq!(kept(Kind::Exchange), ["newer inside", "inside"]);
    assert_eq!(kept(Kind::Structure), [""; 0]);
}

#[test]
fn states_of_moderation_lead_back_from_their_words() {
    for moderation in Moderation::ALL {
        assert_eq!(Moderation::named(moderation.as_str()), Some(moderation));
    }
    assert_eq!(Moderation::named("Published"), None);
}

/// All names, shared and kept, in portions; each once.
#[test]
fn names_come_in_portions_whoever_holds_them() {
    let bed = two_nodes();
    let mut expected: Vec<String> = Vec::new();
    for number in 0..5 {
        let record = placed(&format!("Annonce {number}"), "06088", &[], Direction::Demand);
        bed.show(&record, Channel::Public, 1);
        if number == 2 {
            // For members another sheet of the same record.
            bed.show(&record, Channel::Affiliates, 1);
        }
        expected.push(record.iri.to_string());
    }
    expected.sort();
    let (mut last, mut names) = (String::new(), Vec::new());
    loop {
        let portion = bed.read(|link| lists::names_after(link, &last, 2));
        let Some(name) = portion.last() else { break };
        last.clone_from(name);
        names.extend(portion);
    }
    assert_eq!(names, expected);
    assert!(bed.read(lists::names_of_dated).is_empty(), "no event is among them, and no label");
}
