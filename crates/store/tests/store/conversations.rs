//! Conversations, each side's copy by itself; and messages on their way to other nodes.

use crate::bed::{Bed, bed, file_bed};
use pes_store::accounts;
use pes_store::conversations::{self, Conversation, Message, Side};
use pes_store::outbox::{self, Letter};

const DEMAND: &str = "https://paca.test/id/exchange/1b4e28ba-2fa1-4d2a-983f-0016d3cca427";

fn conversation(id: &str, side: Side) -> Conversation {
    Conversation {
        id: id.into(),
        side: side.as_str().into(),
        record: DEMAND.into(),
        title: "Cherche local".into(),
        peer: "https://alliance.test".into(),
        account: None,
        name: "Marie".into(),
        email: None,
        token_digest: format!("digest {id} {}", side.as_str()),
        is_confirmed: true,
        created: 5,
        last_word: 5,
    }
}

fn message(id: &str, of: &Conversation, created: i64) -> Message {
    Message {
        id: id.into(),
        conversation: of.id.clone(),
        side: of.side.clone(),
        is_ours: true,
        author: "Marie".into(),
        body: "Bonjour !".into(),
        created,
        is_due: true,
        mail: "none".into(),
    }
}

impl Bed {
    fn begin_conversation(&self, conversation: &Conversation) {
        self.write(|link| conversations::insert(link, conversation));
    }

    fn add_message(&self, message: &Message) -> bool {
        self.write(|link| conversations::add_once(link, message))
    }

    fn words(&self, of: &Conversation) -> Vec<Message> {
        self.read(|link| conversations::messages_of(link, &of.id, &of.side))
    }
}

/// A database in which both sides of one conversation are at home.
fn both_sides() -> (Bed, Conversation, Conversation) {
    let (bed, answerer, home) = (bed(), conversation("c", Side::Answerer), conversation("c", Side::Home));
    [&answerer, &home].into_iter().for_each(|copy| bed.begin_conversation(copy));
    (bed, answerer, home)
}

fn ids(messages: &[Message]) -> Vec<&str> {
    messages.iter().map(|message| message.id.as_str()).collect()
}

#[test]
fn each_side_has_its_own_copy() {
    let (bed, answerer, home) = both_sides();
    let find = |id, side| bed.read(|link| conversations::find(link, id, side));
    assert_eq!(find("c", Side::Answerer), Some(answerer));
    assert_eq!(find("c", Side::Home), Some(home.clone()));
    assert_eq!(find("d", Side::Home), None);
    let changed = Conversation { name: "Ali".into(), email: Some("ali@exemple.fr".into()), last_word: 9, ..home };
    bed.write(|link| conversations::update(link, &changed));
    assert_eq!(find("c", Side::Home), Some(changed.clone()));
    assert_eq!(find("c", Side::Answerer).unwrap().name, "Marie");
    bed.write(|link| conversations::update(link, &Conversation { email: None, ..changed }));
    assert_eq!(find("c", Side::Home).unwrap().email, None, "an address that was given up is gone");
}

#[test]
fn a_conversation_begins_once_and_a_link_leads_to_one_copy() {
    let (bed, answerer, home) = both_sides();
    assert!(bed.refused(|link| conversations::insert(link, &home)).contains("UNIQUE"));
    let other = Conversation { id: "d".into(), ..home.clone() };
    assert!(bed.refused(|link| conversations::insert(link, &other)).contains("UNIQUE"));
    let by_token = |digest: &str| bed.read(|link| conversations::by_token(link, digest));
    assert_eq!(by_token(&home.token_digest), Some(home));
    assert_eq!(by_token(&answerer.token_digest), Some(answerer));
    assert_eq!(by_token("digest"), None);
}

#[test]
fn an_account_sees_its_conversations_the_newest_word_first() {
    let bed = bed();
    ["marie", "paul"].iter().for_each(|name| drop(bed.account(name)));
    for (id, account, last_word) in [("a", "marie", 5), ("b", "marie", 9), ("c", "paul", 7), ("d", "marie", 7)] {
        let one = conversation(id, Side::Home);
        bed.begin_conversation(&Conversation { account: Some(account.into()), last_word, ..one });
    }
    let of = |account| bed.read(|link| conversations::of_account(link, account));
    let ids = |account| of(account).into_iter().map(|one| one.id).collect::<Vec<_>>();
    assert_eq!(ids("marie"), ["b", "d", "a"]);
    assert_eq!(ids("nobody"), [""; 0]);
}

#[test]
fn a_word_said_twice_is_said_once_on_each_side() {
    let (bed, answerer, home) = both_sides();
    let first = message("1", &answerer, 5);
    assert!(bed.add_message(&first));
    assert!(!bed.add_message(&Message { body: "Autre chose".into(), ..first.clone() }));
    assert!(bed.add_message(&message("1", &home, 5)), "the other copy has it too");
    assert_eq!(bed.words(&answerer), [first]);
}

#[test]
fn words_are_read_in_the_order_in_which_they_came() {
    let (bed, answerer, home) = both_sides();
    for (id, created) in [("3", 7), ("1", 6), ("2", 7)] {
        bed.add_message(&message(id, &answerer, created));
    }
    bed.add_message(&message("4", &home, 1));
    assert_eq!(ids(&bed.words(&answerer)), ["1", "2", "3"]);
    assert_eq!(ids(&bed.words(&home)), ["4"]);
}

#[test]
fn a_word_belongs_to_a_conversation() {
    let why = bed().refused(|link| conversations::add_once(link, &message("1", &conversation("c", Side::Home), 5)));
    assert!(why.contains("FOREIGN KEY"), "{why}");
}

#[test]
fn sides_are_told_the_oldest_word_first_and_once() {
    let (bed, answerer, home) = both_sides();
    for (id, copy, created, mail) in [
        ("1", &answerer, 9, "due"),
        ("2", &home, 6, "confirm"),
        ("3", &home, 7, "late"),
        ("4", &home, 1, "sent"),
        ("5", &home, 1, "none"),
        ("1", &home, 8, "due"),
    ] {
        bed.add_message(&Message { mail: mail.into(), ..message(id, copy, created) });
    }
    assert_eq!(ids(&bed.read(conversations::to_tell)), ["2", "3", "1", "1"]);
    bed.write(|link| conversations::mark_told(link, "1", "home"));
    bed.write(|link| conversations::mark_told(link, "3", "home"));
    let left = bed.read(conversations::to_tell);
    assert_eq!(ids(&left), ["2", "1"]);
    assert_eq!(left[1].side, "answerer", "the other side is still to be told");
}

#[test]
fn a_word_that_was_taken_is_due_no_more_on_that_side() {
    let (bed, answerer, home) = both_sides();
    for copy in [&answerer, &home] {
        bed.add_message(&message("1", copy, 5));
    }
    bed.add_message(&message("2", &answerer, 6));
    bed.write(|link| conversations::mark_taken(link, "1", "answerer"));
    let due = |copy| bed.words(copy).iter().map(|word| word.is_due).collect::<Vec<_>>();
    assert_eq!((due(&answerer), due(&home)), (vec![false, true], vec![true]));
}

#[test]
fn only_who_said_a_word_is_told_that_it_is_late() {
    let (bed, answerer, home) = both_sides();
    bed.add_message(&message("1", &answerer, 5));
    bed.add_message(&Message { is_ours: false, mail: "sent".into(), ..message("1", &home, 5) });
    bed.write(|link| conversations::mark_late(link, "1"));
    let told = bed.read(conversations::to_tell);
    assert_eq!((told.len(), told[0].side.as_str(), told[0].mail.as_str()), (1, "answerer", "late"));
}

#[test]
fn what_has_begun_is_counted_for_each_limit_by_itself() {
    let bed = bed();
    for (id, side, email, peer, record, created) in [
        ("a", Side::Answerer, Some("zoe@exemple.fr"), "https://paca.test", DEMAND, 10),
        ("b", Side::Answerer, Some("zoe@exemple.fr"), "https://paca.test", "other", 20),
        ("c", Side::Answerer, Some("ali@exemple.fr"), "https://paca.test", DEMAND, 20),
        ("d", Side::Home, None, "https://paca.test", DEMAND, 20),
        ("e", Side::Home, None, "https://alliance.test", DEMAND, 20),
    ] {
        let (email, peer, record) = (email.map(str::to_owned), peer.into(), record.into());
        bed.begin_conversation(&Conversation { email, peer, record, created, ..conversation(id, side) });
    }
    let begun_since = |since| bed.read(|link| conversations::begun_since(link, "zoe@exemple.fr", since));
    assert_eq!((begun_since(10), begun_since(11), begun_since(21)), (2, 1, 0));
    let begun_about = |since| bed.read(|link| conversations::begun_about(link, DEMAND, since));
    assert_eq!((begun_about(10), begun_about(11), begun_about(21)), (4, 3, 0));
    let begun_by = |since| bed.read(|link| conversations::begun_by(link, "https://paca.test", since));
    assert_eq!((begun_by(20), begun_by(21)), (1, 0), "what our own people began there does not count");
}

#[test]
fn old_conversations_go_with_all_their_words() {
    let bed = file_bed();
    let (old, new) = (conversation("old", Side::Home), conversation("new", Side::Home));
    for (copy, last_word, body) in [(&old, 9, "Yolande Invented"), (&new, 10, "Bonjour")] {
        bed.begin_conversation(&Conversation { last_word, ..copy.clone() });
        bed.add_message(&Message { body: body.into(), ..message(&copy.id, copy, 5) });
    }
    for copy in [&old, &new] {
        bed.write(|link| outbox::insert(link, &Letter { body: "Yolande".into(), ..letter(&copy.id, 5, 5) }));
    }
    assert_eq!(bed.write(|link| conversations::clear(link, 10)), 1);
    assert_eq!(bed.read(outbox::all).into_iter().map(|letter| letter.id).collect::<Vec<_>>(), ["new"]);
    bed.write(|link| outbox::remove(link, "new"));
    assert_eq!(bed.write(|link| conversations::clear(link, 10)), 0);
    assert_eq!((bed.words(&old), ids(&bed.words(&new))), (vec![], vec!["new"]));
    bed.store.settle().unwrap();
    assert!(!bed.holds("Yolande"), "no byte of them is left");
}

#[test]
fn an_erased_account_takes_its_conversations_with_it() {
    let bed = bed();
    bed.account("marie");
    let (own, other) = (conversation("own", Side::Home), conversation("other", Side::Home));
    bed.begin_conversation(&Conversation { account: Some("marie".into()), ..own.clone() });
    bed.begin_conversation(&other);
    for copy in [&own, &other] {
        bed.add_message(&message(&copy.id, copy, 5));
    }
    for (id, copy, is_ours) in [("said", &own, true), ("heard", &own, false), ("elsewhere", &other, true)] {
        bed.add_message(&Message { is_ours, ..message(id, copy, 6) });
        bed.write(|link| outbox::insert(link, &letter(id, 6, 6)));
    }
    bed.write(|link| accounts::erase(link, "marie"));
    assert_eq!(bed.read(|link| conversations::find(link, "own", Side::Home)), None);
    let on_their_way: Vec<String> = bed.read(outbox::all).into_iter().map(|letter| letter.id).collect();
    assert_eq!(on_their_way, ["elsewhere", "heard"], "what she said is not delivered any more");
    assert_eq!((bed.words(&own), ids(&bed.words(&other))), (vec![], vec!["other", "elsewhere"]));
}

fn letter(id: &str, created: i64, next_try: i64) -> Letter {
    Letter {
        id: id.into(),
        origin: "https://alliance.test".into(),
        body: "{}".into(),
        created,
        failures: 0,
        next_try,
        was_told: false,
    }
}

/// One at a time goes to each node, so that no node's many messages keep those to another waiting.
#[test]
fn of_the_letters_to_each_node_the_oldest_whose_time_has_come_is_due() {
    let bed = bed();
    for (id, created, next_try) in [("a", 3, 10), ("b", 2, 11), ("c", 1, 12)] {
        bed.write(|link| outbox::insert(link, &letter(id, created, next_try)));
    }
    let elsewhere = Letter { origin: "https://mesclun.test".into(), ..letter("d", 4, 11) };
    bed.write(|link| outbox::insert(link, &elsewhere));
    let due = |now| -> Vec<String> {
        bed.read(|link| outbox::due(link, now)).into_iter().map(|letter: Letter| letter.id).collect()
    };
    assert_eq!((due(9), due(10)), (vec![], vec!["a".to_owned()]));
    assert_eq!((due(11), due(12)), (vec!["b".to_owned(), "d".into()], vec!["c".to_owned(), "d".into()]));
    let ahead = 13 + outbox::LONGEST_WAIT;
    bed.write(|link| outbox::insert(link, &Letter { origin: "https://paca.test".into(), ..letter("e", 5, ahead) }));
    assert_eq!(due(12)[2..], ["e".to_owned()], "noted by a clock that was ahead and has been set right");
    assert_eq!(due(13)[2..], [""; 0]);
    bed.write(|link| outbox::remove(link, "e"));
    let all: Vec<String> = bed.read(outbox::all).into_iter().map(|letter| letter.id).collect();
    assert_eq!(all, ["c", "b", "a", "d"]);
}

#[test]
fn a_letter_keeps_what_became_of_it_until_it_arrives() {
    let bed = bed();
    let sent = letter("a", 1, 1);
    bed.write(|link| outbox::insert(link, &sent));
    assert!(bed.refused(|link| outbox::insert(link, &sent)).contains("UNIQUE"), "twice is told from once");
    let tried = Letter { failures: 3, next_try: 60, was_told: true, ..sent };
    bed.write(|link| outbox::update(link, &tried));
    assert_eq!(bed.read(|link| outbox::find(link, "a")), Some(tried));
    bed.write(|link| outbox::remove(link, "a"));
    assert_eq!(bed.read(|link| outbox::find(link, "a")), None);
}
