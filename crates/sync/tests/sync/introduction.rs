//! Making the acquaintance of a node at its own address, and carrying messages: every wrong answer is refused or waited out.

use crate::bed::{self, Node, START, node};
use pes_domain::{Draft, Kind};
use pes_people::conversations::Subject;
use pes_people::letters::Due;
use pes_store::own_records::Moderation;
use pes_sync::introduction::{Introduced, Introduction, WellKnown};
use pes_sync::letters::{self, Errand};
use pes_sync::{Answer, Ask, Outcome};
use time::Duration;

/// Walks to a node, whose answers may be altered on the way.
fn walk(to: &Node, alter: impl Fn(&Ask, Answer) -> Outcome) -> Result<Box<Introduced>, String> {
    let mut introduction = Introduction::to(to.origin().clone());
    loop {
        let (asking, ask) = match introduction.step() {
            Ok(next) => next,
            Err(result) => return result,
        };
        let reply = to.get(&ask.path);
        introduction = asking.take(alter(&ask, Answer { status: reply.status, body: reply.body }));
    }
}

/// Alters what a node says of itself.
fn saying(change: impl Fn(&mut WellKnown)) -> impl Fn(&Ask, Answer) -> Outcome {
    move |ask, answer| {
        if ask.path != "/.well-known/pes" {
            return Ok(answer);
        }
        let mut said: WellKnown = serde_json::from_slice(&answer.body).unwrap();
        change(&mut said);
        Ok(Answer { body: serde_json::to_vec(&said).unwrap(), ..answer })
    }
}

#[test]
fn a_node_is_heard_with_its_first_key_event() {
    let apeas = node("apeas");
    let introduced = walk(&apeas, |_, answer| Ok(answer)).unwrap();
    assert_eq!((introduced.well_known.node_id, introduced.well_known.name), (apeas.id(), "apeas".into()));
    assert_eq!(introduced.events[0].digest_hex(), apeas.id());
}

/// A node that exchanged its keys before it is met is met with those in force.
#[test]
fn a_node_is_heard_with_all_its_key_events() {
    let apeas = node("apeas");
    let root = bed::keys("apeas").root;
    let key = |seed| pes_changeset::SecretKey::from_seed(&[seed; 32]);
    let keys = pes_journal::identity::NewKeys { root, log: key(90), transport: key(91) };
    let exchange =
        pes_journal::rotation::Exchange { keys: &keys, next_root: None, begins_again: false, is_unasked: false };
    apeas.journal.exchange_keys(&exchange, START).unwrap();
    let introduced = walk(&apeas, |_, answer| Ok(answer)).unwrap();
    assert_eq!(introduced.events.len(), 2);
    assert_eq!(introduced.keys.current().transport, key(91).public());
    let mesclun = node("mesclun");
    let pinned = mesclun.journal.pin((&apeas.id(), apeas.origin()), "apeas", &introduced.events, START).unwrap();
    assert_eq!(pinned.transport_key, key(91).public());
    let spoilt = walk(&apeas, |ask, mut answer| {
        if ask.path.ends_with("/1/1") {
            answer.body[200] ^= 1;
        }
        Ok(answer)
    });
    assert!(spoilt.unwrap_err().contains("key event"));
    let endless = walk(&apeas, |ask, answer| match ask.path.starts_with("/log/keys") {
        true => Ok(Answer { status: 200, body: apeas.get("/log/keys/1/0").body }),
        false => Ok(answer),
    });
    assert!(endless.unwrap_err().contains("more than 1000 key events"));
}

/// A change of what a node says of itself.
type Change = Box<dyn Fn(&mut WellKnown)>;

#[test]
fn a_node_that_says_what_is_not_so_is_not_believed() {
    let apeas = node("apeas");
    let wrong: [(&str, Change); 3] = [
        ("ask there", Box::new(|said| said.origin = "https://elsewhere.test".into())),
        ("another node-id", Box::new(|said| said.node_id = "0".repeat(64))),
        ("protocol 2", Box::new(|said| said.protocol = 2)),
    ];
    for (reason, change) in wrong {
        let why = walk(&apeas, saying(change)).unwrap_err();
        assert!(why.contains(reason), "{why}");
    }
}

#[test]
fn a_first_key_event_that_is_spoilt_or_another_s_is_refused() {
    let (apeas, mesclun) = (node("apeas"), node("mesclun"));
    let spoilt = walk(&apeas, |ask, mut answer| {
        if ask.path.starts_with("/log") {
            answer.body[200] ^= 1;
        }
        Ok(answer)
    });
    assert!(spoilt.unwrap_err().contains("key event"));
    let others = walk(&apeas, |ask, answer| match ask.path.starts_with("/log") {
        true => Ok(Answer { body: mesclun.get(&ask.path).body, ..answer }),
        false => Ok(answer),
    });
    assert!(others.unwrap_err().contains("another node-id"));
}

#[test]
fn a_node_that_does_not_answer_is_told_from_one_that_answers_nonsense() {
    let apeas = node("apeas");
    let silent = walk(&apeas, |_, _| Err("connection refused".into()));
    assert_eq!(silent.unwrap_err(), "connection refused");
    let gone = walk(&apeas, |_, _| Ok(Answer { status: 404, body: b"nothing".to_vec() }));
    assert!(gone.unwrap_err().contains("status 404"));
    let nonsense = walk(&apeas, |_, _| Ok(Answer { status: 200, body: b"<html>".to_vec() }));
    assert!(nonsense.unwrap_err().contains("not of the form"));
}

/// A visitor's answer that was confirmed at *mesclun*, about a demand of *apeas*.
fn answered() -> (Node, Node, Due) {
    let (apeas, mesclun) = (node("apeas"), node("mesclun"));
    let demand = apeas.demand("Cherche un local");
    let subject = Subject { record: demand.iri, title: "Cherche un local".into() };
    let draft: Draft = [("name", "Zoé"), ("email", "zoe@exemple.example"), ("text", "Bonjour")]
        .into_iter()
        .map(|(field, value)| (field.to_owned(), value.to_owned()))
        .collect();
    let begun = mesclun.people.answer(&subject, &draft, None, START).unwrap();
    assert!(mesclun.people.letters_due(START).unwrap().is_empty(), "nothing leaves unconfirmed");
    let token = mesclun.people.link_to(&begun.conversation, pes_store::conversations::Side::Answerer);
    mesclun.people.confirm(&token, START).unwrap();
    let due = mesclun.people.letters_due(START).unwrap();
    (apeas, mesclun, due.into_iter().next().unwrap())
}

#[test]
fn a_message_waits_for_a_node_that_is_not_pinned() {
    let (apeas, mesclun, letter) = answered();
    assert_eq!(letters::errand(&mesclun.journal, &letter).unwrap(), Errand::Wait);
    mesclun.pins(&apeas);
    let Errand::Ask(ask) = letters::errand(&mesclun.journal, &letter).unwrap() else { panic!("it is pinned") };
    assert_eq!((ask.method(), ask.target_uri().as_str()), ("POST", "https://apeas.test/in/messages"));
    assert!(!letter.body.contains("zoe@exemple.example"));
}

#[test]
fn a_message_that_is_taken_is_gone_and_heard_once() {
    let (apeas, mesclun, letter) = answered();
    mesclun.follows(&apeas);
    let Errand::Ask(ask) = letters::errand(&mesclun.journal, &letter).unwrap() else { panic!("it is pinned") };
    for _ in 0..2 {
        let answer = apeas.answers(mesclun.identity(), &ask, START);
        assert_eq!(answer.status, 204, "{}", answer.detail());
        letters::take(&mesclun.people, &letter, &Ok(answer), START, 0.5).unwrap();
    }
    assert!(mesclun.people.letters_due(START + Duration::days(1)).unwrap().is_empty());
    let told = apeas.journal.store().read(pes_store::conversations::to_tell).unwrap();
    assert!(told.len() <= 1, "twice is once");
}

#[test]
fn a_message_that_fails_is_tried_again_later_and_one_that_is_refused_is_given_up() {
    let (_, mesclun, letter) = answered();
    letters::take(&mesclun.people, &letter, &Err("connection refused".into()), START, 1.0).unwrap();
    assert!(mesclun.people.letters_due(START).unwrap().is_empty());
    let later = mesclun.people.letters_due(START + Duration::seconds(2)).unwrap();
    assert_eq!(later[0].failures, 1);
    let busy = Answer { status: 503, body: Vec::new() };
    letters::take(&mesclun.people, &later[0], &Ok(busy), START, 1.0).unwrap();
    let later = mesclun.people.letters_due(START + Duration::seconds(4)).unwrap();
    assert_eq!(later[0].failures, 2);
    let refused = Answer { status: 404, body: Vec::new() };
    letters::take(&mesclun.people, &later[0], &Ok(refused), START, 1.0).unwrap();
    assert!(mesclun.people.letters_due(START + Duration::days(9)).unwrap().is_empty());
    let told = mesclun.journal.store().read(pes_store::conversations::to_tell).unwrap();
    assert!(told.iter().any(|word| word.mail == "late"), "its writer is told");
}

/// An answer about a record that was withdrawn meanwhile is refused, and its writer told.
#[test]
fn an_answer_to_what_is_no_longer_there_is_refused() {
    let (apeas, mesclun, letter) = answered();
    mesclun.follows(&apeas);
    let iri =
        serde_json::from_str::<serde_json::Value>(&letter.body).unwrap()["inReplyTo"].as_str().unwrap().to_owned();
    let own = apeas.journal.store().read(|link| pes_store::own_records::find(link, &iri)).unwrap().unwrap();
    assert_eq!(own.record.kind(), Kind::Exchange);
    apeas.journal.save(own.record, Moderation::Draft, None, START).unwrap();
    let Errand::Ask(ask) = letters::errand(&mesclun.journal, &letter).unwrap() else { panic!("it is pinned") };
    assert_eq!(apeas.answers(mesclun.identity(), &ask, START).status, 404);
}

#[test]
fn a_node_whose_network_s_name_is_endless_is_not_heard() {
    let apeas = node("apeas");
    let named = |count: usize| walk(&apeas, saying(|said| said.name = "é".repeat(count)));
    assert_eq!(named(100).unwrap().well_known.name.chars().count(), 100);
    assert!(named(101).unwrap_err().contains("more than 100 characters"));
}
