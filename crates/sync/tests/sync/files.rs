//! The walk for a picture or a file: to its record's home and nowhere else, as somebody or as anybody, and what comes of it.

use crate::bed::{Node, node};
use pes_domain::{Kind, Picture};
use pes_files::motif::Motif;
use pes_files::{Cabinet, Folder, Named};
use pes_store::files::digest;
use pes_store::own_records::Moderation;
use pes_sync::files::{by_home, home, request, take};
use pes_sync::{Answer, SyncError};
use time::UtcDateTime;
use time::macros::utc_datetime;

const NOW: UtcDateTime = utc_datetime!(2026-11-28 12:00);

/// A network, its cabinet, and another network whose pictures it wants.
struct Bed {
    here: Node,
    cabinet: Cabinet,
    _folder: tempfile::TempDir,
    there: Node,
}

impl Bed {
    fn new() -> Self {
        let (here, there) = (node("mesclun"), node("apeas"));
        here.pins(&there);
        let folder = tempfile::tempdir().unwrap();
        let cabinet = Cabinet::new(here.journal.store().clone(), Folder::at(folder.path()));
        Self { here, cabinet, _folder: folder, there }
    }

    /// Has the other network publish a record with a picture of these bytes, and hears of it.
    fn hear(&self, bytes: &[u8], audience: &str) {
        let (origin, name) = (self.there.origin(), digest(bytes));
        let address = format!("{origin}/images/{name}.png");
        let picture = Picture {
            address,
            digest: name,
            media_type: "text/html".replace("text", "image"),
            size: 0,
            alt: String::new(),
        };
        let form = Picture { size: bytes.len() as u64, ..picture }.to_form();
        let fields = [("title", "Un atelier"), ("author", "Ali"), ("picture", &form), ("picture-alt", "Un dessin")];
        let record = self.there.record(Kind::Article, &[&fields[..], &[("audience", audience)]].concat(), NOW);
        let saved = self.there.journal.save(record, Moderation::Published, None, NOW).unwrap();
        let (channel, seq) = saved.change_sets[0];
        let batch = self.there.batch(channel, seq);
        self.here.journal.receive(&self.there.id(), channel, &batch, NOW).unwrap();
    }

    /// The same of a document with a file of these bytes, said to be of this type.
    fn hear_file(&self, bytes: &[u8], media_type: &str) {
        let (origin, digest) = (self.there.origin(), digest(bytes));
        let address = format!("{origin}/fichiers/{digest}.pdf");
        let form = format!("{address} {digest} {media_type} {} Guide.pdf", bytes.len());
        let fields = [("title", "Un guide"), ("document-kind", "guide"), ("author", "Ali"), ("file", &form)];
        let record = self.there.record(Kind::Document, &fields, NOW);
        let saved = self.there.journal.save(record, Moderation::Published, None, NOW).unwrap();
        let (channel, seq) = saved.change_sets[0];
        let batch = self.there.batch(channel, seq);
        self.here.journal.receive(&self.there.id(), channel, &batch, NOW).unwrap();
    }

    fn due(&self, now: UtcDateTime) -> Vec<Named> {
        self.cabinet.due(self.here.origin().as_str(), now.unix_timestamp()).unwrap()
    }

    fn answer(&self, named: &Named, status: u16, body: &[u8]) -> Result<(), SyncError> {
        take(&self.cabinet, named, Ok(Answer { status, body: body.to_vec() }), NOW, 1.0)
    }
}

fn named(record: &str, address: &str) -> Named {
    Named {
        record: record.into(),
        digest: digest(b"x"),
        address: address.into(),
        media_type: "image/png".into(),
        size: 1,
        copy: None,
        failures: 0,
    }
}

#[test]
fn a_picture_lies_at_its_record_s_home_or_nowhere() {
    let record = "https://apeas.test/id/article/1b4e28ba-2fa1-4d2a-983f-0016d3cca427";
    let one = named(record, "https://apeas.test/images/a.png");
    let (origin, path) = home(&one).unwrap();
    assert_eq!((origin.as_str(), path), ("https://apeas.test", "/images/a.png"));
    for elsewhere in [
        "https://evil.test/images/a.png",
        "https://apeas.test",
        "https://apeas.tes/images/a.png",
        "https://apeas.test.evil.test/a.png",
        "http://apeas.test/images/a.png",
        "file:///etc/passwd",
        "",
    ] {
        assert_eq!(home(&named(record, elsewhere)), None, "{elsewhere}");
    }
    assert_eq!(home(&named("account:marie", "https://apeas.test/images/a.png")), None);
}

#[test]
fn of_each_home_each_picture_is_asked_for_once() {
    let record =
        |node: &str, end: u8| format!("https://{node}.test/id/article/1b4e28ba-2fa1-4d2a-983f-0016d3cca42{end}");
    let one = |node: &str, end, file: &str| named(&record(node, end), &format!("https://{node}.test/images/{file}"));
    let all = vec![
        one("apeas", 1, "a.png"),
        one("grap", 1, "a.png"),
        one("apeas", 2, "a.png"),
        one("apeas", 3, "b.png"),
        named(&record("apeas", 4), "https://evil.test/images/a.png"),
    ];
    let homes = by_home(all);
    let counts: Vec<_> = homes.iter().map(|(origin, wanted)| (origin.as_str(), wanted.len())).collect();
    assert_eq!(counts, [("https://apeas.test", 2), ("https://grap.test", 1)]);
}

#[test]
fn what_is_for_everybody_is_asked_as_anybody_asks_and_the_rest_with_a_signature() {
    let bed = Bed::new();
    let (open, reserved) = (Motif::of(1).bytes, Motif::of(2).bytes);
    bed.hear(&open, "public");
    bed.hear(&reserved, "affiliates");
    let due = bed.due(NOW);
    assert_eq!(due.len(), 2);
    for named in &due {
        let request = request(&bed.here.journal, &bed.cabinet, named).unwrap().unwrap();
        let is_open = named.digest == digest(&open);
        assert_eq!(request.is_signed, !is_open);
        assert_eq!(request.ask.target_uri(), named.address);
        let bytes = if is_open { &open } else { &reserved };
        assert_eq!((request.ask.method(), request.ask.limit), ("GET", bytes.len()), "no more than it was said to have");
    }
    let stranger = named(
        "https://inconnu.test/id/article/1b4e28ba-2fa1-4d2a-983f-0016d3cca427",
        "https://inconnu.test/images/a.png",
    );
    assert_eq!(request(&bed.here.journal, &bed.cabinet, &stranger).unwrap(), None, "nobody there is known");
}

#[test]
fn what_comes_is_held_if_it_is_that_picture_and_else_asked_for_again_later() {
    let bed = Bed::new();
    let bytes = Motif::of(1).bytes;
    bed.hear(&bytes, "public");
    let one = bed.due(NOW).remove(0);
    bed.answer(&one, 404, b"").unwrap();
    assert!(bed.due(NOW).is_empty());
    let soon = NOW + time::Duration::seconds(2);
    let again = bed.due(soon).remove(0);
    assert_eq!(again.failures, 1);
    take(&bed.cabinet, &again, Err("away".into()), NOW, 1.0).unwrap();
    // Another picture in its place, and a page: neither is kept, and one does not ask again at once.
    let again = bed.due(NOW + time::Duration::seconds(4)).remove(0);
    for other in [&Motif::of(2).bytes[..], b"<script>alert(1)</script>"] {
        bed.answer(&again, 200, other).unwrap();
        assert!(bed.due(NOW + time::Duration::minutes(10)).is_empty());
    }
    let again = bed.due(NOW + time::Duration::hours(7)).remove(0);
    bed.answer(&again, 200, &bytes).unwrap();
    assert!(bed.due(NOW + time::Duration::hours(24)).is_empty(), "held");
}

/// A digest makes no picture: what it is said to be counts for nothing.
#[test]
fn a_page_with_the_right_digest_is_no_picture() {
    let bed = Bed::new();
    let page = b"<html><script>alert(1)</script></html>";
    bed.hear(page, "public");
    let one = bed.due(NOW).remove(0);
    assert_eq!(one.media_type, "image/html");
    bed.answer(&one, 200, page).unwrap();
    let later = bed.due(NOW + time::Duration::hours(7)).remove(0);
    assert!(later.copy.is_none() && later.failures > 0);
}

/// A file may be heavier than a picture and take its time; it is held as it came, if it is of the sort that it was said to be.
#[test]
fn a_file_is_asked_for_patiently_and_held_as_it_came() {
    let bed = Bed::new();
    let mut bytes = b"%PDF-1.7\n%%EOF\n".to_vec();
    bytes.resize(6_000_000, b' ');
    bed.hear_file(&bytes, "application/pdf");
    let one = bed.due(NOW).remove(0);
    let request = request(&bed.here.journal, &bed.cabinet, &one).unwrap().unwrap();
    assert_eq!((request.ask.limit, request.ask.is_patient, request.is_signed), (6_000_000, true, false));
    bed.answer(&one, 200, &bytes).unwrap();
    assert!(bed.due(NOW + time::Duration::hours(24)).is_empty());
    assert_eq!(bed.cabinet.open(&format!("{}.pdf", digest(&bytes))).unwrap().unwrap(), bytes);
}

#[test]
fn a_page_with_the_right_digest_is_no_file() {
    for media_type in ["application/pdf", "text/html", "text/plain"] {
        let bed = Bed::new();
        let page = b"<html><script>alert(1)</script></html>";
        bed.hear_file(page, media_type);
        let one = bed.due(NOW).remove(0);
        bed.answer(&one, 200, page).unwrap();
        let later = bed.due(NOW + time::Duration::hours(7)).remove(0);
        assert!(later.copy.is_none() && later.failures > 0, "{media_type}");
    }
}
