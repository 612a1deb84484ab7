//! Free words that are aligned to concepts: each to one, and what bears them is looked at again with each change.

use crate::bed::{Bed, bed, exchange};
use pes_changeset::Channel;
use pes_domain::{Code, List, Record, Tag};
use pes_store::aligned_tags::{self, Aligned};
use pes_store::own_records::{self, Moderation, OwnRecord};
use pes_store::records::{self, Sheet};
use pes_store::unindexed;

fn tag(word: &str) -> Tag {
    Tag::of(word).unwrap()
}

fn aligned(word: &str, notation: &str) -> Aligned {
    Aligned { tag: tag(word), concept: Code::new(List::Theme, notation), account: "nora".into(), since: 1 }
}

fn tagged(title: &str, word: &str) -> Record {
    Record { tags: vec![tag(word)], ..exchange("own", title) }
}

impl Bed {
    fn align(&self, word: &str, notation: &str) {
        self.write(|link| aligned_tags::put(link, &aligned(word, notation)));
    }

    /// What has to be looked at again, which is forgotten by asking.
    fn noted(&self) -> Vec<String> {
        let noted = self.read(|link| unindexed::some(link, 100));
        self.write(|link| unindexed::done(link, &noted));
        noted.into_iter().map(|one| one.record).collect()
    }

    fn keep_tagged(&self, record: &Record) {
        let own = OwnRecord { moderation: Moderation::Published, author: None, version: 0, record: record.clone() };
        self.write(|link| own_records::put(link, &own));
    }
}

#[test]
fn a_word_has_one_concept_and_a_concept_many_words() {
    let bed = bed();
    bed.align("vélo", "mobility");
    bed.align("bicyclette", "mobility");
    bed.align("vélo", "sport");
    let all: Vec<_> = bed.read(aligned_tags::all).into_iter().map(|one| (one.tag, one.concept)).collect();
    let concept = |notation: &str| Code::new(List::Theme, notation);
    assert_eq!(all, [(tag("bicyclette"), concept("mobility")), (tag("vélo"), concept("sport"))]);
    let of = |words: &[&str]| {
        let tags: Vec<Tag> = words.iter().map(|word| tag(word)).collect();
        bed.read(|link| aligned_tags::concepts(link, &tags))
    };
    assert_eq!(of(&["vélo", "bicyclette", "train"]), [concept("mobility"), concept("sport")]);
    assert!(of(&[]).is_empty() && of(&["train"]).is_empty());
    bed.write(|link| aligned_tags::remove(link, &tag("vélo")));
    bed.write(|link| aligned_tags::remove(link, &tag("vélo")));
    assert!(of(&["vélo"]).is_empty());
}

#[test]
fn what_bears_the_word_is_looked_at_again_wherever_it_lies() {
    let bed = bed();
    bed.pin("own");
    bed.pin("other");
    let (kept, shared, else_where) = (tagged("Ici", "velo"), tagged("Là", "velo"), tagged("Rien", "train"));
    [&kept, &else_where].into_iter().for_each(|record| bed.keep_tagged(record));
    let sheet = Sheet { channel: Channel::Public, node: "other".into(), version: 1, record: shared.clone() };
    bed.write(|link| records::put(link, &sheet));
    bed.noted();
    let mut expected = [kept.iri.to_string(), shared.iri.to_string()];
    expected.sort();
    bed.align("vélo", "mobility");
    assert_eq!(bed.noted(), expected);
    bed.write(|link| aligned_tags::remove(link, &tag("velo")));
    assert_eq!(bed.noted(), expected);
}

/// What a later program wrote, or a list that was shortened: the word is a word again, and nothing fails.
#[test]
fn what_leads_to_no_concept_is_passed_over() {
    let bed = bed();
    bed.tamper(
        "INSERT INTO aligned_tags VALUES ('velo', 'https://example.org/x', 'nora', 1), ('Pas un mot', 'x', 'nora', 1)",
    );
    assert!(bed.read(aligned_tags::all).is_empty());
    assert!(bed.read(|link| aligned_tags::concepts(link, &[tag("velo")])).is_empty());
}

#[test]
fn each_noting_is_another_token() {
    let bed = bed();
    assert_eq!(bed.read(unindexed::last), None);
    let tokens = ["a", "b", "a"].map(|record| {
        bed.write(|link| unindexed::note(link, record));
        bed.read(unindexed::last).unwrap()
    });
    assert!(tokens[0] != tokens[1] && tokens[1] != tokens[2] && tokens[0] != tokens[2]);
    let noted = bed.read(|link| unindexed::some(link, 10));
    bed.write(|link| unindexed::done(link, &noted));
    assert_eq!(bed.read(unindexed::last).as_ref(), tokens.last(), "looking at it changes nothing");
}
