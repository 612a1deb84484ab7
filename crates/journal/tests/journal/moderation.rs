//! What becomes of what waits: decided of the version that was seen, once; published by itself in time; and told from how it stood.

use crate::bed::{NOW, Node, node};
use pes_domain::{Audience, Body, Decision, Kind, Record, RecordIri, Verdict};
use pes_journal::moderation::Decided;
use pes_store::accounts::{self, Account, Role};
use pes_store::notices::Mail;
use pes_store::own_records::{self, Moderation};
use pes_store::remarks::{self, Remark};
use pes_store::{reports, stood};
use time::Duration;

fn verdict(decision: Decision) -> Verdict {
    Verdict { decision, sentence: Some("Précisez le lieu.".into()) }
}

impl Node {
    fn account(&self, name: &str) {
        let account = Account {
            id: name.into(),
            email: format!("{name}@exemple.fr"),
            name: name.into(),
            password: "invented".into(),
            role: Role::Citizen,
            is_accepted: false,
            wants_mail: true,
            rhythm: accounts::Rhythm::default(),
            person: None,
            created: 0,
        };
        self.journal.store().write(|link| accounts::insert(link, &account)).unwrap();
    }

    /// Something that Zoé proposed, and Nora is to look at.
    fn proposed(&self, record: &Record) {
        self.journal.save(record.clone(), Moderation::Proposed, Some("zoe"), NOW).unwrap();
    }

    fn decide(&self, record: &Record, decision: Decision) -> Decided {
        let seen = (record.iri.to_string(), record.modified);
        self.journal.decide((&seen.0, seen.1), &verdict(decision), "nora", NOW).unwrap()
    }

    fn stands(&self, iri: &RecordIri) -> Moderation {
        self.journal.store().read(|link| own_records::find(link, &iri.to_string())).unwrap().unwrap().moderation
    }

    fn remarks(&self, iri: &RecordIri) -> Vec<Remark> {
        self.journal.store().read(|link| remarks::of_record(link, &iri.to_string())).unwrap()
    }

    fn stood(&self, iri: &RecordIri) -> Option<String> {
        let stood = self.journal.store().read(|link| stood::find(link, &iri.to_string())).unwrap();
        stood.map(|record| record.title())
    }
}

fn here() -> Node {
    let here = node("here");
    ["zoe", "nora"].iter().for_each(|name| here.account(name));
    here
}

#[test]
fn each_decision_is_kept_with_its_sentence_for_who_wrote_the_entry() {
    let here = here();
    for (decision, moderation) in [
        (Decision::Publish, Moderation::Published),
        (Decision::SendBack, Moderation::Incomplete),
        (Decision::Refuse, Moderation::Refused),
    ] {
        let record = here.demand("Un vélo");
        here.proposed(&record);
        assert_eq!(here.decide(&record, decision), Decided::Done);
        assert_eq!(here.stands(&record.iri), moderation);
        let said = here.remarks(&record.iri);
        let expected = ("nora", "zoe", "Précisez le lieu.");
        let found = (&said[0].account, &said[0].reader, &said[0].sentence);
        assert_eq!(found, (&Some(expected.0.into()), &Some(expected.1.into()), &Some(expected.2.into())));
        assert_eq!((said.len(), said[0].decision, said[0].mail), (1, decision, Mail::Due));
        let is_seen = here.title(&record.iri, Audience::Public).is_some();
        assert_eq!(is_seen, moderation == Moderation::Published);
    }
}

#[test]
fn what_was_decided_is_not_decided_again_whoever_is_second() {
    let here = here();
    let record = here.demand("Un vélo");
    here.proposed(&record);
    assert_eq!(here.decide(&record, Decision::Refuse), Decided::Done);
    assert_eq!(here.decide(&record, Decision::Publish), Decided::Already);
    assert_eq!((here.stands(&record.iri), here.remarks(&record.iri).len()), (Moderation::Refused, 1));
    here.journal.delete(&record.iri, None, NOW).unwrap();
    assert_eq!(here.decide(&record, Decision::Publish), Decided::Already);
    assert_eq!(here.remarks(&record.iri), [], "what was said goes with the record");
    assert_eq!(here.decide(&here.demand("Jamais"), Decision::Publish), Decided::Already);
}

#[test]
fn what_its_author_changed_since_it_was_seen_still_waits() {
    let here = here();
    let seen = here.demand("Un vélo");
    here.proposed(&seen);
    let changed = Record { modified: NOW + Duration::SECOND, ..seen.clone() };
    here.proposed(&changed);
    assert_eq!(here.decide(&seen, Decision::Publish), Decided::Changed);
    assert_eq!((here.stands(&seen.iri), here.remarks(&seen.iri).len()), (Moderation::Proposed, 0));
    assert_eq!(here.decide(&changed, Decision::Publish), Decided::Done);
}

#[test]
fn changes_are_asked_for_where_there_is_a_form_and_a_membership_is_no_entry() {
    let here = here();
    let about = here.demand("Un lot de bocaux");
    here.publish(&about);
    let name = about.iri.to_string();
    let fields = [
        ("about", name.as_str()),
        ("about-label", "Un lot"),
        ("by-label", "Zoé"),
        ("answer", "takes-part"),
        ("quantity", "10"),
    ];
    let accord = here.record(Kind::Accord, &fields);
    here.proposed(&accord);
    assert_eq!(here.decide(&accord, Decision::SendBack), Decided::Unfit);
    assert_eq!(here.stands(&accord.iri), Moderation::Proposed);
    assert_eq!(here.decide(&accord, Decision::Refuse), Decided::Done);
    let both = [("person-label", "Zoé"), ("structure-label", "La Volière"), ("audience", "private")];
    let membership = here.record(Kind::Membership, &both);
    here.proposed(&membership);
    assert_eq!(here.decide(&membership, Decision::Publish), Decided::Already);
    assert_eq!(here.stands(&membership.iri), Moderation::Proposed);
}

#[test]
fn nobody_is_told_of_their_own_decision_nor_anybody_whose_account_is_gone() {
    let here = here();
    let (own, orphan) = (here.demand("Un vélo"), here.demand("Une remorque"));
    here.journal.save(own.clone(), Moderation::Proposed, Some("nora"), NOW).unwrap();
    here.journal.save(orphan.clone(), Moderation::Proposed, Some("erased"), NOW).unwrap();
    for (record, reader) in [(&own, Some("nora".to_owned())), (&orphan, None)] {
        assert_eq!(here.decide(record, Decision::Refuse), Decided::Done);
        let said = here.remarks(&record.iri).remove(0);
        assert_eq!((said.reader, said.mail), (reader, Mail::None));
    }
}

#[test]
fn who_publishes_by_changing_it_what_another_proposed_has_decided() {
    let here = here();
    let change = |record: &Record, by: &str, moderation| {
        let record = Record { modified: NOW + Duration::SECOND, ..record.clone() };
        here.journal.save_changed(record, moderation, by, NOW).unwrap();
    };
    let (mended, own, unfinished) = (here.demand("Un vélo"), here.demand("Une remorque"), here.demand("Un local"));
    [&mended, &own, &unfinished].into_iter().for_each(|record| here.proposed(record));
    change(&mended, "nora", Moderation::Published);
    let said = here.remarks(&mended.iri);
    assert_eq!((said.len(), said[0].decision, said[0].mail), (1, Decision::Publish, Mail::Due));
    change(&mended, "nora", Moderation::Published);
    assert_eq!(here.remarks(&mended.iri).len(), 1, "it was published already");
    change(&own, "zoe", Moderation::Published);
    assert_eq!(here.remarks(&own.iri), [], "it is her own");
    change(&unfinished, "nora", Moderation::Proposed);
    assert_eq!(here.remarks(&unfinished.iri), []);
    let new = here.demand("Une échelle");
    change(&new, "zoe", Moderation::Published);
    let kept = here.journal.store().read(|link| own_records::find(link, &new.iri.to_string())).unwrap().unwrap();
    assert_eq!((kept.author.as_deref(), here.remarks(&new.iri)), (Some("zoe"), vec![]));
}

#[test]
fn what_nobody_looked_at_is_published_in_time_and_its_author_told() {
    let here = here();
    let (old, recent) = (here.demand("Un vélo"), here.demand("Une remorque"));
    let old = Record { modified: NOW - Duration::days(3), created: NOW - Duration::days(3), ..old };
    [&old, &recent].into_iter().for_each(|record| here.proposed(record));
    assert_eq!(here.journal.publish_waiting(0, NOW).unwrap(), 0, "0 is never");
    assert_eq!(here.journal.publish_waiting(3, NOW - Duration::SECOND).unwrap(), 0);
    assert_eq!(here.journal.publish_waiting(3, NOW).unwrap(), 1);
    assert_eq!(here.journal.publish_waiting(3, NOW).unwrap(), 0);
    assert_eq!((here.stands(&old.iri), here.stands(&recent.iri)), (Moderation::Published, Moderation::Proposed));
    let said = here.remarks(&old.iri).remove(0);
    assert_eq!((said.decision, said.account, said.sentence, said.mail), (Decision::Publish, None, None, Mail::Due));
}

#[test]
fn how_a_record_stood_is_kept_until_it_is_shown_again() {
    let here = here();
    let record = here.demand("Un vélo");
    here.proposed(&record);
    assert_eq!(here.stood(&record.iri), None, "it was never shown");
    assert_eq!(here.decide(&record, Decision::Publish), Decided::Done);
    let mut changed = Record { modified: NOW + Duration::SECOND, ..record.clone() };
    let Body::Exchange(body) = &mut changed.body else { panic!("no exchange") };
    body.title = "Deux vélos".into();
    here.proposed(&changed);
    assert_eq!(here.stood(&record.iri).as_deref(), Some("Un vélo"));
    here.journal.save(changed.clone(), Moderation::Draft, None, NOW).unwrap();
    here.proposed(&changed);
    assert_eq!(here.stood(&record.iri).as_deref(), Some("Un vélo"), "what was shown, not what waited");
    assert_eq!(here.decide(&changed, Decision::Publish), Decided::Done);
    assert_eq!(here.stood(&record.iri), None);
    here.proposed(&record);
    assert_eq!(here.stood(&record.iri).as_deref(), Some("Deux vélos"));
    here.journal.delete(&record.iri, None, NOW).unwrap();
    assert_eq!(here.stood(&record.iri), None);
}

#[test]
fn what_is_said_against_a_record_from_elsewhere_goes_when_its_home_deletes_it() {
    let (here, there) = (here(), node("there"));
    here.pins(&there);
    let record = there.demand("Un local");
    there.publish(&record);
    here.takes_all_of(&there, &there);
    let (name, said) = (
        record.iri.to_string(),
        pes_domain::report::Report { cause: pes_domain::report::Cause::Inexact, sentence: "Non.".into() },
    );
    here.journal.store().write(|link| reports::file(link, (&name, &said), 5)).unwrap();
    let waiting = || here.journal.store().read(reports::waiting).unwrap();
    there.publish(&Record { modified: NOW + Duration::SECOND, ..record.clone() });
    here.takes_all_of(&there, &there);
    assert_eq!(waiting(), 1);
    there.journal.delete(&record.iri, None, NOW).unwrap();
    here.takes_all_of(&there, &there);
    assert_eq!(waiting(), 0);
}
