//! Whom a demand is told to, on the node where it was typed and on another; and who hears nothing.

use crate::bed::{NOW, Node, node};
use pes_changeset::Channel;
use pes_domain::concern::Reason;
use pes_domain::{Audience, Body, Field, Kind, Record, RecordIri};
use pes_store::accounts::{self, Account, Role};
use pes_store::hidden::{self, Hidden};
use pes_store::notices::{self, Mail, Notice};
use pes_store::own_records::Moderation;
use pes_store::refused_moves::{self, RefusedMove};
use pes_store::rights::{self, Right};
use pes_store::{Link, StoreError, told_apart};
use time::Duration;

/// Alliance, where demands are typed, and Mesclun, which knows Alliance and has a structure with premises in Nice.
struct Story {
    alliance: Node,
    mesclun: Node,
    structure: RecordIri,
}

fn story() -> Story {
    let (alliance, mesclun) = (node("alliance"), node("mesclun"));
    mesclun.pins(&alliance);
    let structure = structure(&mesclun, "premises", "Nice");
    Story { alliance, mesclun, structure }
}

fn structure(node: &Node, skill: &str, commune: &str) -> RecordIri {
    let fields = [("name", "L’Établi partagé"), ("skills", skill), ("site-commune", commune)];
    let record = node.record(Kind::Structure, &fields);
    node.publish(&record);
    record.iri
}

fn account(node: &Node, name: &str, change: impl FnOnce(&mut Account)) -> Account {
    let mut account = Account {
        id: name.to_owned(),
        email: format!("{name}@exemple.fr"),
        name: name.to_owned(),
        password: String::new(),
        role: Role::Citizen,
        is_accepted: false,
        wants_mail: true,
        rhythm: accounts::Rhythm::default(),
        person: None,
        created: 0,
    };
    change(&mut account);
    node.journal.store().write(|link| accounts::insert(link, &account)).unwrap();
    account
}

/// Gives somebody a role in a structure.
fn joins(
    node: &Node,
    who: &Account,
    structure: &RecordIri,
    (is_confirmed, may_edit, wants_notices): (bool, bool, bool),
) {
    let right = Right {
        account: who.id.clone(),
        structure: structure.to_string(),
        is_confirmed,
        may_edit,
        wants_notices,
        is_of_company: false,
    };
    node.journal.store().write(|link| rights::put(link, &right)).unwrap();
}

/// Somebody of this structure; and somebody of none, who declared for themselves that they have premises in Nice.
fn member_and_citizen(node: &Node, structure: &RecordIri) -> (Account, Account) {
    let member = account(node, "ali", |_| {});
    joins(node, &member, structure, (true, true, true));
    let person = node.record(Kind::Person, &[("given-name", "Zoé"), ("skills", "premises"), ("place", "Nice")]);
    node.publish(&person);
    (member, account(node, "zoe", |account| account.person = Some(person.iri.to_string())))
}

fn told(node: &Node, who: &Account) -> Vec<Notice> {
    node.journal.store().read(|link| notices::of_account(link, &who.id, 10)).unwrap()
}

fn demand(node: &Node, more: &[(&str, &str)]) -> Record {
    let base = [
        ("direction", "demand"),
        ("type", "service"),
        ("title", "Cherche local"),
        ("author", "Marie"),
        ("skills", "premises"),
        ("place", "Nice"),
    ];
    let kept = base.into_iter().filter(|(field, _)| more.iter().all(|(other, _)| other != field));
    let fields: Vec<_> = kept.chain(more.iter().copied()).collect();
    node.record(Kind::Exchange, &fields)
}

/// Types a demand at Alliance and lets Mesclun take it.
fn typed_at_alliance(story: &Story, more: &[(&str, &str)]) -> Record {
    let record = demand(&story.alliance, more);
    story.alliance.publish(&record);
    story.mesclun.takes_all_of(&story.alliance, &story.alliance);
    record
}

#[test]
fn a_skilled_structure_of_another_network_is_told_with_its_reason() {
    let story = story();
    let ali = account(&story.mesclun, "ali", |_| {});
    joins(&story.mesclun, &ali, &story.structure, (true, true, false));
    let record = typed_at_alliance(&story, &[]);
    let [notice] = told(&story.mesclun, &ali).try_into().unwrap();
    assert_eq!(
        (notice.record.as_str(), notice.mail, notice.is_read),
        (record.iri.to_string().as_str(), Mail::Due, false)
    );
    assert_eq!(notice.structure, Some(story.structure.to_string()));
    let reason: Reason = serde_json::from_str(&notice.reason).unwrap();
    assert_eq!(reason.meetings[0].declared.notation(), "premises");
    assert_eq!((reason.distance_km, reason.area.unwrap().code.as_str()), (Some(0.0), "06"));
}

#[test]
fn nobody_else_is_told() {
    let story = story();
    let bystander = account(&story.mesclun, "zoe", |_| {});
    let unconfirmed = account(&story.mesclun, "leo", |_| {});
    joins(&story.mesclun, &unconfirmed, &story.structure, (false, true, true));
    let uninterested = account(&story.mesclun, "eva", |_| {});
    joins(&story.mesclun, &uninterested, &story.structure, (true, false, false));
    let elsewhere = account(&story.mesclun, "max", |_| {});
    joins(&story.mesclun, &elsewhere, &structure(&story.mesclun, "premises", "Lille"), (true, true, true));
    let otherwise = account(&story.mesclun, "ida", |_| {});
    joins(&story.mesclun, &otherwise, &structure(&story.mesclun, "building", "Nice"), (true, true, true));
    typed_at_alliance(&story, &[]);
    for who in [&bystander, &unconfirmed, &uninterested, &elsewhere, &otherwise] {
        assert_eq!(told(&story.mesclun, who), [], "{}", who.name);
    }
}

#[test]
fn who_asked_to_be_told_is_told_and_who_wants_no_mail_gets_none() {
    let story = story();
    let eva = account(&story.mesclun, "eva", |account| account.wants_mail = false);
    joins(&story.mesclun, &eva, &story.structure, (true, false, true));
    typed_at_alliance(&story, &[]);
    assert_eq!(told(&story.mesclun, &eva)[0].mail, Mail::None);
}

#[test]
fn once_for_each_record_and_person_whatever_follows() {
    let story = story();
    let ali = account(&story.mesclun, "ali", |_| {});
    joins(&story.mesclun, &ali, &story.structure, (true, true, true));
    joins(&story.mesclun, &ali, &structure(&story.mesclun, "premises", "Nice"), (true, true, true));
    let mut record = typed_at_alliance(&story, &[]);
    let Body::Exchange(one) = &mut record.body else { panic!() };
    one.title = "Cherche grand local".into();
    story.alliance.publish(&record);
    story.mesclun.takes_all_of(&story.alliance, &story.alliance);
    story.mesclun.journal.rebuild().unwrap();
    assert_eq!(told(&story.mesclun, &ali).len(), 1);
}

#[test]
fn a_change_that_widens_a_demand_tells_those_it_now_concerns() {
    let story = story();
    let ali = account(&story.mesclun, "ali", |_| {});
    joins(&story.mesclun, &ali, &story.structure, (true, true, true));
    let mut record = typed_at_alliance(&story, &[("place", "Lille")]);
    assert_eq!(told(&story.mesclun, &ali), []);
    let Body::Exchange(one) = &mut record.body else { panic!() };
    one.place = None;
    story.alliance.publish(&record);
    story.mesclun.takes_all_of(&story.alliance, &story.alliance);
    assert_eq!(told(&story.mesclun, &ali).len(), 1);
}

/// Joining, a rebuild, a long absence: what is old tells nobody by arriving.
#[test]
fn what_is_old_tells_nobody_by_arriving() {
    let story = story();
    let ali = account(&story.mesclun, "ali", |_| {});
    joins(&story.mesclun, &ali, &story.structure, (true, true, true));
    let record = demand(&story.alliance, &[]);
    story.alliance.publish(&record);
    let batch = story.alliance.batch(Channel::Public, 0);
    let later = NOW + Duration::days(8);
    story.mesclun.journal.receive(story.alliance.id(), Channel::Public, &batch, later).unwrap();
    assert_eq!(told(&story.mesclun, &ali), []);
}

#[test]
fn an_author_and_their_structure_hear_nothing_of_their_own() {
    let Story { mesclun, structure, .. } = story();
    let [ali, eva, zoe] = ["ali", "eva", "zoe"].map(|name| account(&mesclun, name, |_| {}));
    joins(&mesclun, &ali, &structure, (true, true, true));
    joins(&mesclun, &eva, &structure, (true, true, true));
    let other = self::structure(&mesclun, "premises", "Nice");
    joins(&mesclun, &zoe, &other, (true, true, true));
    joins(&mesclun, &eva, &other, (true, true, true));
    let iri = structure.to_string();
    let record = demand(&mesclun, &[("structure", iri.as_str()), ("structure-label", "L’Établi partagé")]);
    mesclun.journal.save(record, Moderation::Published, Some("ali"), NOW).unwrap();
    assert_eq!((told(&mesclun, &ali).len(), told(&mesclun, &eva).len()), (0, 0));
    assert_eq!(told(&mesclun, &zoe).len(), 1, "a demand typed here is told here too");
}

#[test]
fn a_demand_for_the_network_is_told_to_its_members_alone() {
    let Story { mesclun, structure, .. } = story();
    let (member, citizen) = member_and_citizen(&mesclun, &structure);
    let for_members = demand(&mesclun, &[("audience", "network")]);
    mesclun.journal.save(for_members, Moderation::Published, None, NOW).unwrap();
    assert_eq!((told(&mesclun, &member).len(), told(&mesclun, &citizen).len()), (1, 0));
    mesclun.publish(&demand(&mesclun, &[]));
    assert_eq!(
        (told(&mesclun, &member).len(), told(&mesclun, &citizen).len()),
        (2, 1),
        "their own declaration, of what all may read"
    );
}

#[test]
fn why_somebody_is_told_says_nothing_that_they_may_not_read() {
    let Story { mesclun, structure, .. } = story();
    let (member, citizen) = member_and_citizen(&mesclun, &structure);
    let reasons = |audience| {
        let mut narrowed = demand(&mesclun, &[]);
        narrowed.narrowed.insert(Field::Place, audience);
        mesclun.publish(&narrowed);
        let told_of_it = |who: &Account| -> Option<Reason> {
            let notice = told(&mesclun, who).into_iter().find(|notice| notice.record == narrowed.iri.to_string())?;
            serde_json::from_str(&notice.reason).ok()
        };
        [&member, &citizen].map(|who| told_of_it(who).map(|reason| (reason.distance_km, reason.area.is_some())))
    };
    assert_eq!(reasons(Audience::Public), [Some((Some(0.0), true)), Some((Some(0.0), true))]);
    assert_eq!(reasons(Audience::Network), [Some((Some(0.0), true)), Some((None, false))]);
    assert_eq!(reasons(Audience::Private), [Some((None, false)), Some((None, false))], "a place for nobody");
}

#[test]
fn of_a_structure_nobody_has_claimed_the_animators_read() {
    let story = story();
    let record = typed_at_alliance(&story, &[]);
    let unclaimed =
        story.mesclun.journal.store().read(|link| notices::unclaimed_of(link, &record.iri.to_string())).unwrap();
    assert_eq!(
        unclaimed.iter().map(|(structure, _)| structure.clone()).collect::<Vec<_>>(),
        [story.structure.to_string()]
    );
}

#[test]
fn drafts_offers_met_and_demands_without_a_topic_tell_nobody() {
    let Story { mesclun, structure, .. } = story();
    let ali = account(&mesclun, "ali", |_| {});
    joins(&mesclun, &ali, &structure, (true, true, true));
    mesclun.journal.save(demand(&mesclun, &[]), Moderation::Proposed, None, NOW).unwrap();
    mesclun.publish(&demand(&mesclun, &[("state", "met")]));
    mesclun.publish(&demand(&mesclun, &[("skills", "")]));
    assert_eq!(told(&mesclun, &ali), []);
}

#[test]
fn what_is_deleted_is_no_longer_told() {
    let story = story();
    let ali = account(&story.mesclun, "ali", |_| {});
    joins(&story.mesclun, &ali, &story.structure, (true, true, true));
    let record = typed_at_alliance(&story, &[]);
    assert_eq!(told(&story.mesclun, &ali).len(), 1);
    story.alliance.journal.delete(&record.iri, None, NOW).unwrap();
    story.mesclun.takes_all_of(&story.alliance, &story.alliance);
    assert_eq!(told(&story.mesclun, &ali), []);
}

/// The author takes it back for a while: nothing is left to look for, and when it is there again, who was told is not told again.
#[test]
fn what_is_withdrawn_is_looked_for_by_nobody_and_told_once() {
    let story = story();
    let ali = account(&story.mesclun, "ali", |_| {});
    joins(&story.mesclun, &ali, &story.structure, (true, true, true));
    structure(&story.mesclun, "premises", "Nice");
    let record = typed_at_alliance(&story, &[]);
    let store = story.mesclun.journal.store().clone();
    let waiting = || {
        let unclaimed = |link: &mut _| Ok::<_, StoreError>(notices::unclaimed_records(link, 9)?.len());
        store.read(|link| Ok::<_, StoreError>((notices::unread(link, &ali.id)?, unclaimed(link)?))).unwrap()
    };
    assert_eq!(waiting(), (1, 1));
    for (moderation, left) in [(Moderation::Draft, (0, 0)), (Moderation::Published, (0, 1))] {
        story.alliance.journal.save(record.clone(), moderation, None, NOW).unwrap();
        story.mesclun.takes_all_of(&story.alliance, &story.alliance);
        assert_eq!((waiting(), told(&story.mesclun, &ali).len()), (left, 1), "{moderation:?}");
    }
}

/// With a record of another network goes what was said of it here.
#[test]
fn what_is_deleted_elsewhere_leaves_nothing_that_was_said_of_it_here() {
    let story = story();
    let record = typed_at_alliance(&story, &[]);
    let (name, own) = (record.iri.to_string(), story.structure.to_string());
    let account = account(&story.mesclun, "ali", |_| {}).id;
    let store = story.mesclun.journal.store();
    let said = |link: &mut Link| {
        let apart = told_apart::from(link, &own)?;
        Ok::<_, StoreError>((hidden::all(link)?.len(), apart.len(), refused_moves::all(link)?.len()))
    };
    let say = |link: &mut Link| {
        hidden::put(
            link,
            &Hidden { record: name.clone(), reason: "hors sujet".into(), account: account.clone(), since: 1 },
        )?;
        told_apart::put(link, (&own, &name), &account, 1)?;
        let refused = RefusedMove { own: own.clone(), successor: name.clone(), account: account.clone(), since: 1 };
        refused_moves::put(link, &refused)
    };
    store.write(say).unwrap();
    assert_eq!(store.read(said).unwrap(), (1, 1, 1));
    story.alliance.journal.delete(&record.iri, None, NOW).unwrap();
    story.mesclun.takes_all_of(&story.alliance, &story.alliance);
    assert_eq!(store.read(said).unwrap(), (0, 0, 0));
}
