//! Messages on their way: tried again until they are taken, given up when they never will be; their sender is told.

use crate::bed::{Bed, NOW, demand, node, typed};
use pes_people::conversations::Subject;
use pes_store::conversations::{self, Message, Side};
use time::{Duration, UtcDateTime};

/// A node whose Ali has answered a demand of another node, and the id of the conversation.
fn answered() -> (Bed, String) {
    let bed = node("mesclun");
    let own = demand(None, "Marie");
    let subject = Subject { record: own.record.iri.clone(), title: own.record.title() };
    let begun = bed.people.answer(&subject, &typed(&[("text", "Bonjour !")]), Some(&bed.ali()), NOW).unwrap();
    (bed, begun.conversation)
}

impl Bed {
    fn due(&self, now: UtcDateTime) -> Vec<String> {
        self.people.letters_due(now).unwrap().into_iter().map(|letter| letter.id).collect()
    }

    fn word(&self, conversation: &str) -> Message {
        self.read(|link| conversations::messages_of(link, conversation, Side::Answerer.as_str())).remove(0)
    }
}

#[test]
fn a_letter_is_due_at_once_and_gone_when_it_is_taken() {
    let (bed, conversation) = answered();
    let word = bed.word(&conversation);
    assert!(word.is_due);
    let letter = bed.people.letters_due(NOW).unwrap().remove(0);
    assert_eq!(
        (letter.id.as_str(), letter.origin.as_str(), letter.failures),
        (word.id.as_str(), "https://apeas.test", 0)
    );
    bed.people.taken(&letter.id).unwrap();
    bed.people.taken(&letter.id).unwrap();
    assert!(bed.due(NOW + Duration::days(9)).is_empty());
    assert_eq!(bed.word(&conversation), Message { is_due: false, ..word });
}

#[test]
fn a_letter_that_was_not_taken_is_due_again_at_its_time() {
    let (bed, conversation) = answered();
    let id = bed.word(&conversation).id;
    let next = NOW + Duration::MINUTE;
    for failures in 1..=3 {
        bed.people.not_taken(&id, next.unix_timestamp(), NOW).unwrap();
        assert!(bed.due(next - Duration::SECOND).is_empty());
        assert_eq!(bed.people.letters_due(next).unwrap()[0].failures, failures);
    }
    bed.people.not_taken("no such letter", 0, NOW).unwrap();
    assert_eq!(bed.due(next), [id]);
}

#[test]
fn after_three_days_its_sender_is_told_once_and_tries_go_on() {
    let (bed, conversation) = answered();
    let id = bed.word(&conversation).id;
    let fail = |after: Duration| bed.people.not_taken(&id, NOW.unix_timestamp(), NOW + after).unwrap();
    fail(Duration::hours(72));
    assert_eq!(bed.word(&conversation).mail, "none");
    fail(Duration::hours(72) + Duration::SECOND);
    assert_eq!(bed.word(&conversation).mail, "late");
    bed.write(|link| conversations::mark_told(link, &id, Side::Answerer.as_str()));
    fail(Duration::hours(80));
    assert_eq!(bed.word(&conversation).mail, "sent", "once is enough");
    assert_eq!(bed.due(NOW), [id]);
}

#[test]
fn a_letter_that_will_never_be_taken_is_given_up_and_its_sender_told() {
    let (bed, conversation) = answered();
    let id = bed.word(&conversation).id;
    bed.people.give_up(&id).unwrap();
    assert!(bed.due(NOW + Duration::days(9)).is_empty());
    let word = bed.word(&conversation);
    assert_eq!((word.mail.as_str(), word.is_due), ("late", true), "it has not arrived");
}

/// A word is kept for twelve months, and no longer on its way than that; also to a node that is not known any more.
#[test]
fn after_a_year_a_letter_that_nobody_took_is_given_up() {
    let (bed, conversation) = answered();
    let id = bed.word(&conversation).id;
    let fail = |after: Duration| bed.people.not_taken(&id, NOW.unix_timestamp(), NOW + after).unwrap();
    fail(Duration::days(364));
    assert_eq!(bed.due(NOW), [id.as_str()]);
    fail(Duration::days(367));
    assert!(bed.due(NOW + Duration::days(900)).is_empty());
}
