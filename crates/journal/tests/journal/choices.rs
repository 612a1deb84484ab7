//! What a network takes: everything is received, and only what was chosen is shown and told of.

use crate::bed::{Node, node, rules};
use pes_changeset::Channel;
use pes_domain::{Audience, Draft, Gives, Kind, Record, Takes};
use pes_store::accounts::{self, Account, Role};
use pes_store::notices;
use pes_store::rights::{self, Right};

/// Two networks that publish, and Mesclun, which knows both.
fn market() -> (Node, Node, Node) {
    let (apeas, alliance, mesclun) = (node("apeas"), node("alliance"), node("mesclun"));
    mesclun.pins(&apeas);
    mesclun.pins(&alliance);
    (apeas, alliance, mesclun)
}

fn chosen(fields: &[(&str, &str)]) -> Takes {
    let kinds = Takes::KINDS.map(|kind| ("kinds", kind.notation()));
    let all: Draft = kinds.iter().chain(fields).map(|(field, value)| ((*field).into(), (*value).into())).collect();
    Takes::raise(&all, &rules()).unwrap()
}

fn without_kind(kind: Kind) -> Takes {
    Takes { without_kinds: [kind].into(), ..Takes::default() }
}

impl Taking for Node {
    fn take_only(&self, takes: &Takes) -> u64 {
        self.journal.take(takes).unwrap()
    }
}

/// Choosing, in the words of the stories.
trait Taking {
    /// Takes only this from now on; tells how many graphs are shown or hidden by it.
    fn take_only(&self, takes: &Takes) -> u64;
}

fn shows(node: &Node, record: &Record) -> bool {
    node.title(&record.iri, Audience::Public).is_some()
}

#[test]
fn another_choice_shows_and_hides_what_is_held_and_the_digest_stays() {
    let (apeas, alliance, mesclun) = market();
    let (structure, demand) = (apeas.record(Kind::Structure, &[("name", "La Volière")]), alliance.demand("Local"));
    apeas.publish(&structure);
    alliance.publish(&demand);
    mesclun.take_only(&without_kind(Kind::Structure));
    for author in [&apeas, &alliance] {
        mesclun.takes_all_of(author, author);
    }
    let everything = node("paca");
    for author in [&apeas, &alliance] {
        everything.pins(author);
        everything.takes_all_of(author, author);
    }
    assert_eq!(mesclun.digest(), everything.digest(), "what is taken changes nothing of what is shared");
    assert!(!shows(&mesclun, &structure) && shows(&mesclun, &demand));
    assert_eq!(mesclun.take_only(&without_kind(Kind::Exchange)), 2, "one comes, one goes");
    assert!(shows(&mesclun, &structure) && !shows(&mesclun, &demand));
    mesclun.take_only(&chosen(&[("without-networks", "https://apeas.test")]));
    assert!(!shows(&mesclun, &structure) && shows(&mesclun, &demand));
    let digest = mesclun.digest();
    mesclun.journal.rebuild().unwrap();
    assert!(!shows(&mesclun, &structure) && shows(&mesclun, &demand), "a rebuild knows the choice");
    assert_eq!(mesclun.digest(), digest);
    assert_eq!(mesclun.take_only(&Takes::default()), 1);
    assert!(shows(&mesclun, &structure));
    mesclun.journal.verify().unwrap();
}

#[test]
fn themes_and_territories_narrow_what_is_shown() {
    let (apeas, _, mesclun) = market();
    let at = |name: &str, commune: &str| apeas.record(Kind::Structure, &[("name", name), ("site-commune", commune)]);
    let (nice, marseille) = (at("Ici", "Nice (06088)"), at("Là", "Marseille (13055)"));
    let theme = rules().thesaurus.list(pes_domain::List::Theme).next().unwrap().code.notation().to_owned();
    let themed = apeas.record(Kind::Structure, &[("name", "Autre thème"), ("themes", &theme)]);
    [&nice, &marseille, &themed].into_iter().for_each(|record| apeas.publish(record));
    mesclun.takes_all_of(&apeas, &apeas);
    mesclun.take_only(&chosen(&[("areas", "department:06")]));
    assert_eq!([&nice, &marseille, &themed].map(|one| shows(&mesclun, one)), [true, false, true]);
    let other = rules().thesaurus.list(pes_domain::List::Theme).last().unwrap().code.notation().to_owned();
    mesclun.take_only(&chosen(&[("themes", &other)]));
    assert_eq!([&nice, &marseille, &themed].map(|one| shows(&mesclun, one)), [true, true, false]);
}

#[test]
fn one_s_own_records_are_always_taken() {
    let mesclun = node("mesclun");
    let own = mesclun.demand("À nous");
    mesclun.take_only(&without_kind(Kind::Exchange));
    mesclun.publish(&own);
    assert!(shows(&mesclun, &own));
    mesclun.take_only(&chosen(&[("without-networks", "https://mesclun.test")]));
    assert!(shows(&mesclun, &own));
}

/// A member who reads both graphs of a record is shown the newest or nothing, never an older one in its place.
#[test]
fn where_the_narrower_graph_is_not_taken_the_wider_does_not_stand_in_for_it() {
    let (apeas, _, mesclun) = market();
    let fields = [("name", "La Volière"), ("site-commune", "Marseille (13055)"), ("audience-of-sites", "affiliates")];
    let record = apeas.record(Kind::Structure, &fields);
    apeas.publish(&record);
    mesclun.takes_all_of(&apeas, &apeas);
    assert!(mesclun.title(&record.iri, Audience::Affiliates).is_some());
    mesclun.take_only(&chosen(&[("areas", "department:06")]));
    assert!(mesclun.title(&record.iri, Audience::Affiliates).is_none());
    assert!(mesclun.title(&record.iri, Audience::Public).is_some(), "it says no place to the public");
}

#[test]
fn nobody_is_told_of_what_is_not_taken_nor_when_it_is_shown_again() {
    let (apeas, _, mesclun) = market();
    let fields = [("name", "L’Établi partagé"), ("skills", "premises"), ("site-commune", "Nice")];
    let structure = mesclun.record(Kind::Structure, &fields);
    mesclun.publish(&structure);
    let ali = account(&mesclun, &structure);
    let told = || mesclun.journal.store().read(|link| notices::of_account(link, &ali, 10)).unwrap().len();
    mesclun.take_only(&without_kind(Kind::Exchange));
    apeas.publish(&apeas.demand("Cherche local"));
    mesclun.takes_all_of(&apeas, &apeas);
    assert_eq!(told(), 0);
    mesclun.take_only(&Takes::default());
    assert_eq!(told(), 0, "what is shown again is no news");
    apeas.publish(&apeas.demand("Cherche un autre local"));
    mesclun.takes_all_of(&apeas, &apeas);
    assert_eq!(told(), 1, "the test could fail");
}

fn account(node: &Node, structure: &Record) -> String {
    let account = Account {
        id: "ali".into(),
        email: "ali@exemple.fr".into(),
        name: "Ali".into(),
        password: String::new(),
        role: Role::Citizen,
        is_accepted: false,
        wants_mail: true,
        rhythm: accounts::Rhythm::default(),
        person: None,
        created: 0,
    };
    let structure = structure.iri.to_string();
    let right = Right {
        account: "ali".into(),
        structure,
        is_confirmed: true,
        may_edit: true,
        wants_notices: true,
        is_of_company: false,
    };
    node.journal.store().write(|link| accounts::insert(link, &account)).unwrap();
    node.journal.store().write(|link| rights::put(link, &right)).unwrap();
    account.id
}

/// A hub that shows no demands carries them all the same, and on the urgent lane.
#[test]
fn what_is_not_taken_is_passed_on_all_the_same() {
    let (apeas, _, mesclun) = market();
    mesclun.take_only(&without_kind(Kind::Exchange));
    let demand = apeas.demand("Local");
    apeas.publish(&demand);
    mesclun.takes_all_of(&apeas, &apeas);
    assert_eq!(
        mesclun.journal.batch(apeas.log(Channel::Public), 0).unwrap(),
        apeas.journal.batch(apeas.log(Channel::Public), 0).unwrap()
    );
    let urgent = |node: &Node| {
        node.journal.store().read(|link| pes_store::entries::urgent_after(link, 0, "nobody", 10)).unwrap().len()
    };
    assert_eq!((urgent(&apeas), urgent(&mesclun)), (1, 1));
    assert_eq!(mesclun.digest(), apeas.digest());
}

#[test]
fn what_is_given_at_first_is_kept_and_a_damaged_choice_is_said() {
    let mesclun = node("mesclun");
    assert_eq!(mesclun.journal.gives().unwrap(), Gives::default());
    let draft: Draft = [("gives-job".to_owned(), "network".to_owned())].into_iter().collect();
    mesclun.journal.give(&Gives::default().raise(&draft).unwrap()).unwrap();
    assert_eq!(mesclun.journal.gives().unwrap().audience(Kind::Job), Audience::Network);
    mesclun.journal.store().write(|link| pes_store::settings::put(link, "takes", "nonsense")).unwrap();
    assert!(mesclun.journal.takes().unwrap_err().to_string().contains("settings"));
}
