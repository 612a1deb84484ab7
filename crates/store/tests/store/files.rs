//! Files that records name, pictures and others: wanted, tried, held, and loose when nothing names them any more.

use crate::bed::{Bed, bed, plain_exchange, record};
use pes_changeset::Channel;
use pes_domain::document::Document;
use pes_domain::{Audience, Body, Code, File, Kind, List, Picture, Record};
use pes_store::files::{self, Copied, Named};
use pes_store::own_records::{self, Moderation, OwnRecord};
use pes_store::records::{self, Sheet};
use pes_store::states;

const NEVER: i64 = 0;

fn picture(node: &str, number: u8) -> Picture {
    let digest = files::digest(&[number]);
    let address = format!("https://{node}.test/images/{digest}.jpg");
    Picture { address, digest, media_type: "image/jpeg".into(), size: 1, alt: "Un local".into() }
}

/// An exchange of a node with a picture.
fn pictured(node: &str, number: u8) -> Record {
    let body = pes_domain::exchange::Exchange { picture: Some(picture(node, number)), ..plain_exchange("Un local") };
    record(node, Kind::Exchange, Body::Exchange(body))
}

/// A document of a node with a file of these bytes.
fn filed(node: &str, number: u8) -> Record {
    let Picture { address, digest, size, .. } = picture(node, number);
    let file = File { address, digest, media_type: "application/pdf".into(), size, name: "Guide.pdf".into() };
    let body = Document {
        title: "Un guide".into(),
        description: None,
        sort: Code::new(List::DocumentKind, "guide"),
        link: None,
        file: Some(file),
        price: None,
        structure: None,
        author: Some("Zoé".into()),
    };
    record(node, Kind::Document, Body::Document(body))
}

fn copy(name: &str) -> Copied {
    Copied { file: format!("{name}.jpg"), small: format!("{name}-small.jpg"), width: 9, height: 6 }
}

impl Bed {
    fn show_pictured(&self, record: &Record, channel: Channel) {
        let sheet = Sheet { channel, node: "apeas".into(), version: 1, record: record.clone() };
        self.write(|link| records::put(link, &sheet));
    }

    fn hide(&self, record: &Record, channel: Channel) {
        self.write(|link| records::remove(link, &record.iri.to_string(), channel));
    }

    fn keep_pictured(&self, record: &Record) {
        let own = OwnRecord { moderation: Moderation::Published, author: None, version: 0, record: record.clone() };
        self.write(|link| own_records::put(link, &own));
    }

    fn known(&self, record: &Record) -> Option<Named> {
        let (name, digest) = (record.iri.to_string(), record.body.attached().next().unwrap().digest.to_owned());
        self.read(|link| files::find(link, &name, &digest))
    }

    fn due(&self, now: i64) -> Vec<Named> {
        self.read(|link| files::due(link, "https://paca.test", now, 10))
    }

    fn settle(&self, stale: i64) -> Vec<String> {
        let loose = self.write(|link| files::settle(link, stale, 100));
        assert!(self.read(|link| files::is_settled(link, stale)));
        loose
    }

    fn hold(&self, named: &Named, name: &str) {
        self.write(|link| files::hold(link, named, &copy(name)));
    }
}

#[test]
fn a_picture_is_wanted_with_its_record_and_held_once_it_came() {
    let bed = bed();
    bed.pin("apeas");
    let (record, other) = (pictured("apeas", 1), pictured("apeas", 2));
    bed.show_pictured(&record, Channel::Public);
    let due = bed.due(5);
    assert_eq!((due.len(), due[0].record.as_str(), due[0].failures), (1, record.iri.to_string().as_str(), 0));
    bed.write(|link| files::fail(link, &due[0], "away", 100));
    assert!(bed.due(99).is_empty());
    assert_eq!(bed.due(100)[0].failures, 1);
    assert_eq!(
        bed.due(99 - pes_store::outbox::LONGEST_WAIT).len(),
        1,
        "noted by a clock that was ahead and has been set right"
    );
    bed.hold(&due[0], "a");
    assert!(bed.due(1_000).is_empty());
    assert_eq!(bed.known(&record).unwrap().copy, Some(copy("a")));
    // Another record of that home that names the same has it at once; a third one another.
    let same = Record { iri: pictured("apeas", 1).iri, ..record.clone() };
    bed.show_pictured(&same, Channel::Public);
    bed.show_pictured(&other, Channel::Public);
    assert_eq!(bed.known(&same).unwrap().copy, Some(copy("a")));
    assert_eq!(bed.due(1_000).len(), 1);
    for file in ["a.jpg", "a-small.jpg"] {
        assert_eq!(bed.read(|link| files::of_file(link, file)).len(), 2);
        assert!(bed.read(|link| files::is_used(link, file)));
    }
    assert!(!bed.read(|link| files::is_used(link, "b.jpg")));
}

/// Two homes name the same bytes: what one keeps for a few is not given to the other's readers.
#[test]
fn what_is_held_of_one_home_is_not_held_of_another() {
    let bed = bed();
    bed.pin("apeas");
    let (one, other) = (pictured("apeas", 1), pictured("mesclun", 1));
    bed.show_pictured(&one, Channel::Affiliates);
    bed.hold(&bed.due(5)[0], "a");
    bed.show_pictured(&other, Channel::Public);
    assert_eq!(bed.known(&other).unwrap().copy, None);
    assert_eq!(bed.due(5).len(), 1);
    let open = |record: &Record| bed.read(|link| files::is_open(link, &bed.known(record).unwrap()));
    assert!(open(&other) && !open(&one));
}

#[test]
fn what_is_not_shown_is_not_fetched_nor_what_is_our_own() {
    let bed = bed();
    bed.pin("apeas");
    let (record, own) = (pictured("apeas", 1), pictured("paca", 2));
    bed.show_pictured(&record, Channel::Public);
    bed.show_pictured(&own, Channel::Public);
    assert_eq!(bed.due(5).len(), 1, "our own files lie here");
    let name = record.iri.to_string();
    bed.write(|link| records::take(link, (&name, Channel::Public), false));
    assert!(bed.due(5).is_empty());
    bed.write(|link| records::take(link, (&name, Channel::Public), true));
    assert_eq!(bed.due(5).len(), 1);
}

#[test]
fn a_picture_is_loose_when_nothing_of_its_record_names_it() {
    let bed = bed();
    bed.pin("apeas");
    let record = pictured("apeas", 1);
    bed.show_pictured(&record, Channel::Public);
    bed.show_pictured(&record, Channel::Affiliates);
    bed.hold(&bed.due(5)[0], "a");
    bed.hide(&record, Channel::Public);
    assert!(!bed.read(|link| files::is_settled(link, NEVER)));
    assert!(bed.settle(NEVER).is_empty(), "members still see it");
    // Saved anew with another one, the first is loose, and the second wanted.
    let changed = Record { iri: record.iri.clone(), ..pictured("apeas", 2) };
    bed.show_pictured(&changed, Channel::Affiliates);
    assert_eq!(bed.settle(NEVER), ["a-small.jpg", "a.jpg"]);
    assert_eq!((bed.known(&record), bed.due(5).len()), (None, 1));
    // The same again, after it was gone and before anybody looked, is held still.
    bed.hold(&bed.due(5)[0], "b");
    bed.hide(&changed, Channel::Affiliates);
    bed.show_pictured(&changed, Channel::Public);
    assert!(bed.settle(NEVER).is_empty());
    assert_eq!(bed.known(&changed).unwrap().copy, Some(copy("b")));
    bed.hide(&changed, Channel::Public);
    assert_eq!(bed.settle(NEVER), ["b-small.jpg", "b.jpg"]);
    assert!(bed.settle(NEVER).is_empty(), "once");
}

#[test]
fn a_document_s_file_is_wanted_held_and_loose_as_a_picture_is() {
    let bed = bed();
    bed.pin("apeas");
    let (record, own) = (filed("apeas", 1), filed("paca", 2));
    bed.show_pictured(&record, Channel::Public);
    let due = bed.due(5);
    assert_eq!((due.len(), due[0].is_picture(), due[0].media_type.as_str()), (1, false, "application/pdf"));
    bed.hold(&due[0], "a");
    assert!(bed.read(|link| files::is_open(link, &bed.known(&record).unwrap())));
    bed.keep_pictured(&own);
    assert!(bed.known(&own).is_some_and(|named| named.copy.is_none()));
    // Its record goes on without it.
    let mut bare = record.clone();
    let Body::Document(body) = &mut bare.body else { panic!() };
    body.file = None;
    bed.show_pictured(&bare, Channel::Public);
    assert_eq!(bed.settle(NEVER), ["a-small.jpg", "a.jpg"]);
    bed.write(|link| own_records::erase(link, &own.iri.to_string()));
    bed.settle(NEVER);
    assert_eq!((bed.known(&record), bed.known(&own)), (None, None));
}

/// A home that gives more than anybody can keep is passed over once it is full, and nobody else waits for it.
#[test]
fn of_one_home_a_gigabyte_is_fetched() {
    let bed = bed();
    for node in ["apeas", "mesclun"] {
        bed.pin(node);
    }
    let heavy = |node: &str, number: u8| {
        let mut record = filed(node, number);
        let Body::Document(body) = &mut record.body else { panic!() };
        body.file.as_mut().unwrap().size = 400_000_000;
        record
    };
    (1..=12).for_each(|number| bed.show_pictured(&heavy("apeas", number), Channel::Public));
    let due = bed.due(5);
    assert_eq!(due.len(), 2, "a third would be too much");
    // Named by two records, it is held once.
    let same = Record { iri: pictured("apeas", 1).iri, ..heavy("apeas", 1) };
    bed.show_pictured(&same, Channel::Public);
    due.iter().zip(["a", "b"]).for_each(|(named, name)| bed.hold(named, name));
    assert!(bed.due(5).is_empty());
    let other = heavy("mesclun", 20);
    bed.show_pictured(&other, Channel::Public);
    assert_eq!(bed.due(5).iter().map(|one| one.record.clone()).collect::<Vec<_>>(), [other.iri.to_string()]);
}

/// A rebuild clears what readers see and makes it again.
#[test]
fn clearing_and_making_again_loses_nothing() {
    let bed = bed();
    bed.pin("apeas");
    let (record, gone) = (pictured("apeas", 1), pictured("apeas", 2));
    bed.show_pictured(&record, Channel::Public);
    bed.show_pictured(&gone, Channel::Public);
    bed.due(5).iter().zip(["a", "b"]).for_each(|(named, name)| bed.hold(named, name));
    let (kept, lost) = (bed.known(&record).unwrap(), bed.known(&gone).unwrap());
    bed.write(states::clear);
    bed.show_pictured(&record, Channel::Public);
    let loose = bed.settle(NEVER);
    assert_eq!(bed.known(&record), Some(kept));
    assert_eq!((bed.known(&gone), loose.contains(&lost.copy.unwrap().file)), (None, true));
}

#[test]
fn what_came_with_a_form_is_the_record_s_once_that_names_it() {
    let bed = bed();
    let record = Record { audience: Audience::Network, ..pictured("paca", 1) };
    let named = record.body.picture().unwrap().clone();
    let upload = Named {
        record: files::of_account("marie"),
        digest: named.digest.clone(),
        address: named.address.clone(),
        media_type: named.media_type.clone(),
        size: named.size,
        copy: Some(copy("a")),
        failures: 0,
    };
    bed.write(|link| files::keep_upload(link, &upload, 50));
    bed.write(|link| files::keep_upload(link, &upload, 60));
    let waiting = |account: &str| bed.read(|link| files::find(link, &files::of_account(account), &named.digest));
    assert_eq!((waiting("marie"), waiting("karim")), (Some(upload.clone()), None));
    bed.keep_pictured(&record);
    assert_eq!(bed.known(&record).unwrap().copy, Some(copy("a")));
    bed.write(|link| files::let_go(link, "marie", &named.digest));
    bed.write(|link| files::let_go(link, "karim", &named.digest));
    assert_eq!(waiting("marie"), None);
    assert!(bed.settle(1_000).is_empty(), "the record has it");
    bed.write(|link| own_records::erase(link, &record.iri.to_string()));
    assert_eq!(bed.settle(NEVER), ["a-small.jpg", "a.jpg"]);
    // Of one account only the last few wait.
    for number in 0..25 {
        let digest = files::digest(&[200, number]);
        let copy = Some(Copied { file: format!("{number:02}"), small: format!("{number:02}"), ..Copied::default() });
        let another = Named { digest, copy, ..upload.clone() };
        bed.write(|link| files::keep_upload(link, &another, 1_000 + i64::from(number)));
    }
    assert_eq!(bed.settle(NEVER), ["00", "01", "02", "03", "04"]);
    bed.settle(2_000);
    // What no record named in time is loose too.
    bed.write(|link| files::keep_upload(link, &upload, 60));
    assert!(bed.settle(60).is_empty());
    assert_eq!(bed.settle(61), ["a-small.jpg", "a.jpg"]);
}

/// What an account gives is bounded: the files of its records count, pictures and what a change takes the place of do not.
#[test]
fn the_files_of_one_account_have_so_many_bytes_at_most() {
    let bed = bed();
    let mine = filed("paca", 1);
    let own =
        OwnRecord { moderation: Moderation::Proposed, author: Some("marie".into()), version: 0, record: mine.clone() };
    bed.write(|link| own_records::put(link, &own));
    bed.write(|link| own_records::put(link, &OwnRecord { record: pictured("paca", 2), ..own.clone() }));
    let room = |account: &str, size: u64, replaced: Option<&str>| {
        bed.write(|link| files::make_room(link, account, (&files::digest(&[9]), size), (10, replaced)))
    };
    let name = mine.iri.to_string();
    assert!(room("marie", 9, None) && !room("marie", 10, None), "one byte is taken");
    assert!(room("marie", 10, Some(&name)) && !room("marie", 11, Some(&name)), "it goes when the other comes");
    assert!(room("karim", 10, None) && !room("karim", u64::MAX, None));
    let digest = &mine.body.file().unwrap().digest;
    assert!(bed.write(|link| files::make_room(link, "marie", (digest, 10), (10, None))), "the same bytes are no more");
    bed.write(|link| own_records::erase(link, &name));
    assert!(room("marie", 10, None), "what is gone makes room");
}
