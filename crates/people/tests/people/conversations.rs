//! Answers to records and what follows, between two nodes and within one.

use crate::bed::{Bed, NOW, bed, demand, file_node, node, structure, typed};
use pes_domain::{Problem, Why};
use pes_people::PeopleError;
use pes_people::conversations::{Begun, LONGEST, Subject, Word};
use pes_store::accounts::Account;
use pes_store::conversations::{self, Conversation, Side};
use pes_store::own_records::{Moderation, OwnRecord};
use pes_store::{Bell, outbox};
use time::{Duration, UtcDateTime};

fn subject(own: &OwnRecord) -> Subject {
    Subject { record: own.record.iri.clone(), title: own.record.title() }
}

impl Bed {
    /// Answers with an account.
    #[track_caller]
    fn answer(&self, own: &OwnRecord, account: &Account) -> Begun {
        let draft = typed(&[("text", "Bonjour !")]);
        self.people.answer(&subject(own), &draft, Some(account), NOW).unwrap()
    }

    /// Answers as a visitor.
    fn visit(&self, own: &OwnRecord, email: &str, now: UtcDateTime) -> Result<Begun, PeopleError> {
        let draft = typed(&[("name", "Zoé"), ("email", email), ("text", "Bonjour !")]);
        self.people.answer(&subject(own), &draft, None, now)
    }

    /// The words that are on their way to other nodes, with where they go.
    fn letters(&self) -> Vec<(String, Word)> {
        let letters = self.read(outbox::all).into_iter();
        letters.map(|letter| (letter.origin, serde_json::from_str(&letter.body).unwrap())).collect()
    }

    fn copy(&self, id: &str, side: Side) -> Option<Conversation> {
        self.read(|link| conversations::find(link, id, side))
    }

    /// What stands in a copy, the oldest first.
    fn texts(&self, id: &str, side: Side) -> Vec<String> {
        let words = self.read(|link| conversations::messages_of(link, id, side.as_str()));
        words.into_iter().map(|word| word.body).collect()
    }
}

/// A node with a demand of Marie's, and another whose Ali answers it.
fn two_nodes() -> (Bed, Bed, OwnRecord, Begun) {
    let (home, other) = (bed(), node("mesclun"));
    let own = demand(Some(&home.marie()), "Marie de Nice");
    home.keep(&own);
    let begun = other.answer(&own, &other.ali());
    (home, other, own, begun)
}

#[test]
fn an_answer_goes_to_the_record_s_home_and_the_reply_comes_back() {
    let (home, other, own, begun) = two_nodes();
    assert!(!begun.awaits_confirmation);
    let (to, word) = other.letters().remove(0);
    assert_eq!((to.as_str(), word.attributed_to.as_str()), ("https://apeas.test", "Ali"));
    assert_eq!((word.in_reply_to.as_str(), word.content.as_str()), (own.record.iri.to_string().as_str(), "Bonjour !"));
    home.people.hear("https://mesclun.test", &word, NOW).unwrap();
    let copy = home.copy(&begun.conversation, Side::Home).unwrap();
    assert_eq!((copy.name.as_str(), copy.account, copy.email), ("Marie de Nice", own.author, None));
    let link = home.people.link_to(&begun.conversation, Side::Home);
    home.people.say(&link, &typed(&[("text", "Merci !")]), NOW + Duration::SECOND).unwrap();
    let (to, reply) = home.letters().remove(0);
    assert_eq!((to.as_str(), reply.attributed_to.as_str()), ("https://mesclun.test", "Marie de Nice"));
    other.people.hear("https://apeas.test", &reply, NOW + Duration::SECOND).unwrap();
    assert_eq!(other.texts(&begun.conversation, Side::Answerer), ["Bonjour !", "Merci !"]);
    assert_eq!(home.texts(&begun.conversation, Side::Home), ["Bonjour !", "Merci !"]);
}

#[test]
fn no_address_leaves_the_node_where_it_was_given() {
    let (home, other) = (file_node("apeas"), file_node("mesclun"));
    let own = demand(Some(&home.marie()), "Marie de Nice");
    home.keep(&own);
    let begun = other.visit(&own, "zoe@exemple.fr", NOW).unwrap();
    other.people.confirm(&other.people.link_to(&begun.conversation, Side::Answerer), NOW).unwrap();
    let (_, word) = other.letters().remove(0);
    assert!(!serde_json::to_string(&word).unwrap().contains("exemple.fr"));
    home.people.hear("https://mesclun.test", &word, NOW).unwrap();
    assert!(other.holds("zoe@exemple.fr") && !home.holds("zoe@exemple.fr"));
    assert!(!other.holds(&other.people.link_to(&begun.conversation, Side::Answerer)), "nor is a link kept");
}

#[test]
fn a_visitor_s_words_wait_for_their_confirmation_and_leave_once() {
    let (home, other) = (bed(), node("mesclun"));
    let own = demand(Some(&home.marie()), "Marie");
    let begun = other.visit(&own, "zoe@exemple.fr", NOW).unwrap();
    assert!(begun.awaits_confirmation);
    let link = other.people.link_to(&begun.conversation, Side::Answerer);
    assert!(other.letters().is_empty());
    assert_eq!(other.read(conversations::to_tell).remove(0).mail, "confirm");
    let early = other.people.say(&link, &typed(&[("text", "Encore")]), NOW);
    assert!(matches!(early, Err(PeopleError::Unknown)));
    for _ in 0..2 {
        other.people.confirm(&link, NOW).unwrap();
        assert_eq!(other.letters().len(), 1);
    }
    assert_eq!(other.read(conversations::to_tell), []);
    other.people.say(&link, &typed(&[("text", "Encore")]), NOW).unwrap();
    assert_eq!(other.letters().len(), 2);
    let lost = other.people.confirm("no such link", NOW);
    assert!(matches!(lost, Err(PeopleError::Unknown)));
}

#[test]
fn both_sides_may_be_at_home_on_one_node() {
    let bed = bed();
    let (marie, ali) = (bed.marie(), bed.ali());
    let own = demand(Some(&marie), "Marie");
    bed.keep(&own);
    let begun = bed.answer(&own, &ali);
    let link = bed.people.link_to(&begun.conversation, Side::Home);
    bed.people.say(&link, &typed(&[("text", "Merci !")]), NOW + Duration::SECOND).unwrap();
    for side in [Side::Answerer, Side::Home] {
        assert_eq!(bed.texts(&begun.conversation, side), ["Bonjour !", "Merci !"]);
    }
    assert!(bed.letters().is_empty(), "nothing leaves");
    let home = bed.people.conversation(&link).unwrap();
    assert_eq!(
        (home.conversation.account, home.words[0].is_ours, home.words[1].is_ours),
        (Some(marie.id), false, true)
    );
    assert!(home.words.iter().all(|word| !word.is_due));
}

#[test]
fn all_that_is_wrong_with_an_answer_is_said_at_once() {
    let (bed, own) = (bed(), demand(None, "Marie"));
    let said = |fields: &[(&str, &str)]| match bed.people.answer(&subject(&own), &typed(fields), None, NOW) {
        Err(PeopleError::Typed(problems)) => problems.into_iter().map(|Problem { field, why }| (field, why)).collect(),
        other => panic!("{other:?}"),
    };
    let missing: Vec<_> = said(&[("text", " \r\n ")]);
    assert_eq!(missing, [("name", Why::Missing), ("email", Why::NotAnEmail), ("text", Why::Missing)]);
    let (name, text) = ("é".repeat(101), "é".repeat(LONGEST + 1));
    let too_long = said(&[("name", &name), ("email", "a@b.fr"), ("text", &text)]);
    assert_eq!(too_long, [("name", Why::TooLong(100)), ("text", Why::TooLong(LONGEST))]);
    let strange = said(&[("name", "Zoé\n"), ("email", "a@b.fr"), ("text", "a\u{0}b")]);
    assert_eq!(strange, [("text", Why::NotText)]);
    let strange = said(&[("name", "Z\no"), ("email", "a@b.fr"), ("text", "a\r\n\tb")]);
    assert_eq!(strange, [("name", Why::NotText)]);
    for link in ["Gagnez 500 EUR : https://piege.example", "WWW.piege.example"] {
        let said = said(&[("name", link), ("email", "a@b.fr"), ("text", "Bonjour")]);
        assert_eq!(said, [("name", Why::NotInList)], "{link}");
    }
    assert!(bed.letters().is_empty());
}

#[test]
fn an_address_begins_ten_conversations_a_day() {
    let (bed, own) = (node("mesclun"), demand(None, "Marie"));
    for _ in 0..10 {
        bed.visit(&own, "zoe@exemple.fr", NOW).unwrap();
    }
    let day = Duration::DAY;
    for spelt in ["zoe@exemple.fr", "Zoe@exemple.fr", "ZOE@EXEMPLE.FR", "zoe+1@exemple.fr", "Zoe+autre@exemple.fr"] {
        assert!(matches!(bed.visit(&own, spelt, NOW + day), Err(PeopleError::TooOften)), "{spelt}");
    }
    bed.visit(&own, "ali@exemple.fr", NOW).unwrap();
    bed.visit(&own, "zoe@exemple.fr", NOW + day + Duration::SECOND).unwrap();
}

/// A word from the node `https://mesclun.test` about a record; each number is a word and a conversation of its own.
fn word(about: &OwnRecord, number: u16) -> Word {
    Word {
        id: format!("urn:uuid:00000000-0000-4000-8000-00000000{number:04x}"),
        kind: "Note".into(),
        published: "2026-11-23T12:00:00Z".into(),
        in_reply_to: about.record.iri.to_string(),
        context: format!("urn:uuid:00000000-0000-4000-9000-00000000{number:04x}"),
        attributed_to: "Ali".into(),
        content: "Bonjour !".into(),
    }
}

fn context(word: &Word) -> &str {
    word.context.strip_prefix("urn:uuid:").unwrap()
}

const MESCLUN: &str = "https://mesclun.test";

#[test]
fn a_word_heard_twice_is_one_word_and_one_mail() {
    let bed = bed();
    let own = demand(Some(&bed.marie()), "Marie");
    bed.keep(&own);
    let bell = bed.store.bell(Bell::Errands);
    for _ in 0..3 {
        bed.people.hear(MESCLUN, &word(&own, 1), NOW).unwrap();
    }
    assert_eq!(bed.texts(context(&word(&own, 1)), Side::Home), ["Bonjour !"]);
    assert_eq!(bed.read(conversations::to_tell).len(), 1);
    assert!(bell.has_changed().unwrap(), "who mails is woken");
}

#[test]
fn only_what_is_published_and_not_over_is_answered() {
    let bed = bed();
    let marie = bed.marie();
    let refused = |own: &OwnRecord| matches!(bed.people.hear(MESCLUN, &word(own, 1), NOW), Err(PeopleError::Unknown));
    assert!(refused(&demand(Some(&marie), "never kept")));
    for moderation in Moderation::ALL.into_iter().filter(|one| *one != Moderation::Published) {
        let own = OwnRecord { moderation, ..demand(Some(&marie), "Marie") };
        bed.keep(&own);
        assert!(refused(&own), "{moderation:?}");
    }
    let mut over = demand(Some(&marie), "Marie");
    over.record.expires = Some(NOW);
    bed.keep(&over);
    assert!(refused(&over));
    assert_eq!(bed.read(|link| conversations::of_account(link, &marie.id)), []);
}

#[test]
fn what_comes_from_afar_is_held_to_the_same_limits() {
    let bed = bed();
    let own = demand(Some(&bed.marie()), "Marie");
    bed.keep(&own);
    let good = word(&own, 1);
    for bad in [
        Word { content: " ".into(), ..good.clone() },
        Word { content: "x".repeat(LONGEST + 1), ..good.clone() },
        Word { content: "\u{1b}[2J".into(), ..good.clone() },
        Word { attributed_to: String::new(), ..good.clone() },
        Word { attributed_to: "x".repeat(101), ..good.clone() },
        Word { attributed_to: "Ali\nBcc".into(), ..good.clone() },
    ] {
        assert!(matches!(bed.people.hear(MESCLUN, &bad, NOW), Err(PeopleError::Typed(_))), "{bad:?}");
    }
    for bad in [
        Word { id: "1".into(), ..good.clone() },
        Word { id: "urn:uuid:1".into(), ..good.clone() },
        Word { context: "https://mesclun.test/1".into(), ..good.clone() },
    ] {
        assert!(matches!(bed.people.hear(MESCLUN, &bad, NOW), Err(PeopleError::Unknown)), "{bad:?}");
    }
    assert_eq!(bed.copy(context(&good), Side::Home), None, "what was refused leaves nothing");
}

#[test]
fn nobody_speaks_in_another_s_conversation() {
    let bed = bed();
    let marie = bed.marie();
    let (own, other) = (demand(Some(&marie), "Marie"), demand(Some(&marie), "Marie"));
    [&own, &other].into_iter().for_each(|one| bed.keep(one));
    bed.people.hear(MESCLUN, &word(&own, 1), NOW).unwrap();
    let intruder = Word { id: word(&own, 2).id, ..word(&own, 1) };
    assert!(matches!(bed.people.hear("https://intruder.test", &intruder, NOW), Err(PeopleError::Unknown)));
    let astray = Word { id: word(&own, 3).id, context: word(&own, 1).context, ..word(&other, 3) };
    assert!(matches!(bed.people.hear(MESCLUN, &astray, NOW), Err(PeopleError::Unknown)));
    assert_eq!(bed.texts(context(&word(&own, 1)), Side::Home), ["Bonjour !"]);
}

#[test]
fn fifty_conversations_a_day_begin_about_a_record() {
    let bed = bed();
    let own = demand(Some(&bed.marie()), "Marie");
    bed.keep(&own);
    for number in 0..50 {
        bed.people.hear(&format!("https://n{number}.test"), &word(&own, number), NOW).unwrap();
    }
    assert!(matches!(bed.people.hear(MESCLUN, &word(&own, 50), NOW), Err(PeopleError::TooOften)));
    let further = Word { id: word(&own, 51).id, ..word(&own, 0) };
    bed.people.hear("https://n0.test", &further, NOW).unwrap();
    bed.people.hear(MESCLUN, &word(&own, 52), NOW + Duration::DAY + Duration::SECOND).unwrap();
}

/// Each word may be a mail, so that one conversation does not become a flood.
#[test]
fn fifty_words_a_day_are_taken_in_one_conversation() {
    let bed = bed();
    let own = demand(Some(&bed.marie()), "Marie");
    bed.keep(&own);
    let again = |number| Word { id: word(&own, number).id, ..word(&own, 0) };
    (0..50).for_each(|number| bed.people.hear(MESCLUN, &again(number), NOW).unwrap());
    assert!(matches!(bed.people.hear(MESCLUN, &again(50), NOW), Err(PeopleError::TooOften)));
    bed.people.hear(MESCLUN, &again(51), NOW + Duration::DAY + Duration::SECOND).unwrap();
}

/// Who is told of an answer to a record, by account.
fn told(bed: &Bed, own: &OwnRecord, number: u16) -> Option<String> {
    bed.keep(own);
    bed.people.hear(MESCLUN, &word(own, number), NOW).unwrap();
    bed.copy(context(&word(own, number)), Side::Home).unwrap().account
}

#[test]
fn an_answer_reaches_the_author_else_an_editor_else_an_animator() {
    let bed = bed();
    let own = structure("Les Voisins");
    assert_eq!(told(&bed, &own, 1), None, "it is kept, though nobody is there");
    let (marie, ali) = (bed.marie(), bed.ali());
    assert_eq!(told(&bed, &own, 2).as_ref(), Some(&ali.id));
    for (number, is_confirmed, may_edit) in [(3, true, false), (4, false, true)] {
        bed.give(&marie, is_confirmed, may_edit);
        assert_eq!(told(&bed, &own, number).as_ref(), Some(&ali.id));
    }
    bed.give(&marie, true, true);
    assert_eq!(told(&bed, &own, 5).as_ref(), Some(&marie.id));
    let written = OwnRecord { author: Some(ali.id.clone()), ..own.clone() };
    assert_eq!(told(&bed, &written, 6), Some(ali.id));
    let orphan = OwnRecord { author: Some("erased".into()), ..own };
    assert_eq!(told(&bed, &orphan, 7), Some(marie.id));
}

#[test]
fn a_long_name_is_shortened_to_what_other_nodes_take() {
    let (home, other) = (bed(), node("mesclun"));
    let own = structure(&"Coopérative ".repeat(20));
    home.keep(&own);
    let begun = other.answer(&own, &other.ali());
    home.people.hear(MESCLUN, &other.letters()[0].1, NOW).unwrap();
    let link = home.people.link_to(&begun.conversation, Side::Home);
    home.people.say(&link, &typed(&[("text", "Merci !")]), NOW).unwrap();
    other.people.hear("https://apeas.test", &home.letters()[0].1, NOW).unwrap();
    assert_eq!(other.texts(&begun.conversation, Side::Answerer).len(), 2);
}

#[test]
fn a_closed_side_has_no_link_and_is_told_of_nothing() {
    let (home, other, own, begun) = two_nodes();
    home.people.hear(MESCLUN, &other.letters()[0].1, NOW).unwrap();
    let link = home.people.link_to(&begun.conversation, Side::Home);
    home.people.close(&link).unwrap();
    for gone in [home.people.conversation(&link).map(drop), home.people.close(&link)] {
        assert!(matches!(gone, Err(PeopleError::Unknown)));
    }
    let told = home.read(conversations::to_tell).len();
    let further = Word { id: word(&own, 2).id, ..other.letters()[0].1.clone() };
    home.people.hear(MESCLUN, &further, NOW).unwrap();
    assert_eq!(home.read(conversations::to_tell).len(), told, "nobody is told of further words");
    assert_eq!(home.copy(&begun.conversation, Side::Home).unwrap().account, None);
}

#[test]
fn a_conversation_is_erased_a_year_after_its_last_word() {
    let (_, other, _, begun) = two_nodes();
    let link = other.people.link_to(&begun.conversation, Side::Answerer);
    let later = NOW + Duration::days(100);
    other.people.say(&link, &typed(&[("text", "Toujours là ?")]), later).unwrap();
    let year = Duration::days(365);
    assert_eq!(other.people.clear(later + year).unwrap(), 0);
    assert_eq!(other.people.clear(later + year + Duration::SECOND).unwrap(), 1);
    assert!(matches!(other.people.conversation(&link), Err(PeopleError::Unknown)));
}

#[test]
fn the_link_of_one_side_is_not_the_other_s() {
    let bed = bed();
    assert_ne!(bed.people.link_to("c", Side::Home), bed.people.link_to("c", Side::Answerer));
    assert_ne!(bed.people.link_to("c", Side::Home), bed.people.link_to("d", Side::Home));
}
