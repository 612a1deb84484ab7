//! What is kept and for how long: with a form, with a record, and no longer.

use crate::drawing::{drawn, jpeg, png, scene};
use crate::office::{opendocument, pdf};
use pes_files::{Cabinet, CabinetError, Folder, Sender, Unfit};
use pes_store::files::{self, Named};
use pes_store::{Database, Store};
use std::time::Duration;

const ORIGIN: &str = "https://ici.example";
const DAY: i64 = 24 * 60 * 60;

fn marie(most: u64) -> Sender<'static> {
    Sender { account: "marie", origin: ORIGIN, most, replaced: None }
}

struct Bed {
    cabinet: Cabinet,
    store: Store,
    folder: tempfile::TempDir,
}

impl Bed {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(Database::of_test(folder.path())).unwrap();
        let cabinet = Cabinet::new(store.clone(), Folder::at(folder.path().join("files")));
        Self { cabinet, store, folder }
    }

    fn files(&self) -> usize {
        std::fs::read_dir(self.folder.path().join("files")).map_or(0, Iterator::count)
    }

    fn upload(&self, account: &str, bytes: &[u8], now: i64) -> Named {
        self.cabinet.take((account, ORIGIN), bytes, now).unwrap()
    }
}

#[test]
fn what_comes_with_a_form_waits_a_day_for_a_record() {
    let bed = Bed::new();
    let named = bed.upload("marie", &jpeg(&scene(900, 600)), 1_000);
    let copy = named.copy.clone().unwrap();
    assert_eq!(named.address, format!("{ORIGIN}/images/{}", copy.file));
    assert_eq!((copy.width, copy.height, bed.files()), (900, 600, 2));
    let held = bed.cabinet.open(&copy.file).unwrap().unwrap();
    assert_eq!((files::digest(&held), held.len() as u64), (named.digest.clone(), named.size));
    assert!(copy.file.starts_with(&named.digest));
    assert_eq!(bed.cabinet.tidy(1_000 + DAY).unwrap(), 0, "not yet");
    assert_eq!(bed.cabinet.open(&copy.small).unwrap().map(|bytes| bytes.is_empty()), Some(false));
    assert_eq!((bed.cabinet.tidy(1_001 + DAY).unwrap(), bed.files()), (2, 0));
}

/// A copy of what another network shows becomes our own: the same file, called by what it holds, until no record names it.
#[test]
fn a_copy_of_another_s_becomes_one_at_home_here() {
    let bed = Bed::new();
    let copy = bed.upload("karim", &jpeg(&scene(900, 600)), 0).copy.unwrap();
    let named = bed.cabinet.take_over(("marie", ORIGIN), &copy, 2 * DAY).unwrap().unwrap();
    assert_eq!((named.address.clone(), named.copy), (format!("{ORIGIN}/images/{}", copy.file), Some(copy.clone())));
    let held = bed.cabinet.open(&copy.file).unwrap().unwrap();
    assert_eq!(
        (named.digest, named.size, named.media_type.as_str()),
        (files::digest(&held), held.len() as u64, "image/jpeg")
    );
    assert_eq!((bed.cabinet.tidy(2 * DAY).unwrap(), bed.files()), (0, 2), "Karim’s went, the file stays");
    assert_eq!(bed.cabinet.tidy(3 * DAY + 1).unwrap(), 2);
    assert!(bed.cabinet.take_over(("marie", ORIGIN), &copy, 4 * DAY).unwrap().is_none(), "nothing is kept of nothing");
}

#[test]
fn a_file_is_kept_as_it_came_and_waits_like_a_picture() {
    let bed = Bed::new();
    let bytes = pdf("un guide");
    let named = bed.cabinet.take_file(marie(1_000), ("Guide.PDF", &bytes), 1_000).unwrap();
    let copy = named.copy.clone().unwrap();
    assert_eq!((copy.file.clone(), bed.files()), (format!("{}.pdf", files::digest(&bytes)), 1));
    assert_eq!(
        (named.address, named.media_type.as_str()),
        (format!("{ORIGIN}/fichiers/{}", copy.file), "application/pdf")
    );
    assert_eq!((copy.small.clone(), copy.width, copy.height), (copy.file.clone(), 0, 0));
    assert_eq!(bed.cabinet.open(&copy.file).unwrap().unwrap(), bytes);
    assert_eq!(
        (bed.cabinet.tidy(1_000 + DAY).unwrap(), bed.cabinet.tidy(1_001 + DAY).unwrap(), bed.files()),
        (0, 1, 0)
    );
    let page = bed.cabinet.take_file(marie(1_000), ("guide.pdf", b"<html>"), 0);
    assert!(matches!(page, Err(CabinetError::Unfit(Unfit::Disagrees))) && bed.files() == 0);
}

/// Nobody fills the disk by sending and never saving: what waits makes room for what comes, and what is too much is not written at all.
#[test]
fn of_one_account_only_so_much_waits() {
    let bed = Bed::new();
    let (one, two, three) = (pdf("un"), pdf("deux"), pdf("trois"));
    let most = (two.len() + three.len()) as u64;
    let [one, two] =
        [(&one, 1), (&two, 2)].map(|(bytes, now)| bed.cabinet.take_file(marie(most), ("a.pdf", bytes), now).unwrap());
    let waits = |named: &Named| bed.store.read(|link| files::waiting(link, "marie", &named.digest)).unwrap().is_some();
    assert!(waits(&one) && waits(&two));
    let heavy = [three.clone(), vec![b' '; two.size as usize + 1]].concat();
    assert!(matches!(bed.cabinet.take_file(marie(most), ("a.pdf", &heavy), 3), Err(CabinetError::NoRoom)));
    assert!(waits(&one) && waits(&two) && bed.files() == 2, "nothing is changed");
    bed.cabinet.take_file(marie(most), ("a.pdf", &three), 4).unwrap();
    assert!(!waits(&one) && waits(&two), "the oldest gave way");
    assert_eq!((bed.cabinet.tidy(5).unwrap(), bed.files()), (1, 2));
}

#[test]
fn a_fetched_file_is_held_if_it_is_what_its_record_names() {
    let bed = Bed::new();
    let bytes = opendocument("text");
    let named = Named {
        record: "https://la.example/id/document/1b4e28ba-2fa1-4d2a-983f-0016d3cca427".into(),
        digest: files::digest(&bytes),
        address: "https://la.example/fichiers/a.odt".into(),
        media_type: "application/vnd.oasis.opendocument.text".into(),
        size: bytes.len() as u64,
        copy: None,
        failures: 0,
    };
    let other = bed.cabinet.hold(&named, &pdf("x")).unwrap_err();
    assert!(matches!(other, CabinetError::OtherDigest), "{other}");
    for media_type in ["application/pdf", "text/html", "image/png"] {
        let lying = Named { media_type: media_type.into(), ..named.clone() };
        let refused = bed.cabinet.hold(&lying, &bytes).unwrap_err();
        assert!(matches!(refused, CabinetError::Unfit(_) | CabinetError::Refused(_)), "{media_type}: {refused}");
    }
    assert_eq!(bed.files(), 0);
    bed.cabinet.hold(&named, &bytes).unwrap();
    assert_eq!((bed.files(), bed.cabinet.open(&format!("{}.odt", named.digest)).unwrap()), (1, Some(bytes)));
}

#[test]
fn one_file_serves_all_who_sent_the_same() {
    let bed = Bed::new();
    let same = jpeg(&scene(300, 200));
    let (marie, karim) = (bed.upload("marie", &same, 0), bed.upload("karim", &same, DAY));
    assert_eq!((marie.digest.clone(), bed.files()), (karim.digest, 1), "small ones are one file");
    assert_eq!(bed.cabinet.tidy(DAY + 1).unwrap(), 0, "Karim’s form is still open");
    assert_eq!(bed.files(), 1);
    assert!(bed.store.read(|link| files::find(link, &files::of_account("marie"), &marie.digest)).unwrap().is_none());
    bed.upload("karim", &same, 3 * DAY);
    assert_eq!(bed.cabinet.tidy(3 * DAY + 1).unwrap(), 0, "sent again, it waits anew");
    assert_eq!(bed.cabinet.tidy(5 * DAY).unwrap(), 1);
}

#[test]
fn only_what_its_record_named_is_held_and_never_as_it_came() {
    let bed = Bed::new();
    let bytes = png(&drawn(700, 500));
    let named = Named {
        record: "https://la.example/id/article/1b4e28ba-2fa1-4d2a-983f-0016d3cca427".into(),
        digest: files::digest(&bytes),
        address: "https://la.example/images/a.png".into(),
        media_type: "image/jpeg".into(),
        size: bytes.len() as u64,
        copy: None,
        failures: 0,
    };
    let other = bed.cabinet.hold(&named, &jpeg(&scene(10, 10))).unwrap_err();
    assert!(matches!(other, CabinetError::OtherDigest), "{other}");
    let page = b"<html><script>alert(1)</script>".to_vec();
    let lying = Named { digest: files::digest(&page), ..named.clone() };
    assert!(matches!(bed.cabinet.hold(&lying, &page), Err(CabinetError::Refused(_))), "a digest makes no picture");
    assert_eq!(bed.files(), 0);
    bed.cabinet.hold(&named, &bytes).unwrap();
    assert_eq!(bed.files(), 2);
    // No row names it: a sweep finds its files, once they are old enough to be nobody's.
    assert_eq!(bed.cabinet.sweep().unwrap(), 0);
    assert_eq!((bed.cabinet.sweep_older_than(Duration::ZERO).unwrap(), bed.files()), (2, 0));
}

#[test]
fn a_sweep_takes_what_was_never_finished_and_leaves_what_is_named_or_not_ours() {
    let bed = Bed::new();
    let named = bed.upload("marie", &jpeg(&scene(900, 600)), 0);
    let place = bed.folder.path().join("files");
    std::fs::write(place.join(format!("{}.part", "0".repeat(64))), b"half").unwrap();
    std::fs::write(place.join("LISEZ-MOI"), b"to the operator").unwrap();
    assert_eq!(bed.cabinet.sweep_older_than(Duration::ZERO).unwrap(), 0);
    assert_eq!(bed.files(), 3, "the picture in two sizes, and the operator’s own file");
    assert!(bed.cabinet.open(&named.copy.unwrap().file).unwrap().is_some());
}

#[test]
fn what_is_no_picture_leaves_nothing_behind() {
    let bed = Bed::new();
    for bytes in [b"<html>".as_slice(), &vec![0; 5_000_001]] {
        assert!(matches!(bed.cabinet.take(("marie", ORIGIN), bytes, 0), Err(CabinetError::Refused(_))));
    }
    assert_eq!(bed.files(), 0);
    assert!(
        bed.store
            .read(|link| files::find(link, &files::of_account("marie"), &files::digest(b"<html>")))
            .unwrap()
            .is_none()
    );
}

/// A backup may have had the database alone: what others serve is fetched again, what is our own waits for its file.
#[test]
fn what_is_gone_from_the_folder_is_wanted_again() {
    let bed = Bed::new();
    let own = bed.upload("marie", &jpeg(&scene(300, 200)), 0);
    let theirs = Named {
        record: "https://la.example/x".into(),
        address: "https://la.example/images/a.jpg".into(),
        ..own.clone()
    };
    bed.store.write(|link| files::keep_upload(link, &theirs, 0)).unwrap();
    assert_eq!(bed.cabinet.look_over(ORIGIN).unwrap(), 0);
    std::fs::remove_dir_all(bed.folder.path().join("files")).unwrap();
    assert_eq!((bed.cabinet.look_over(ORIGIN).unwrap(), bed.cabinet.look_over(ORIGIN).unwrap()), (1, 0));
    let known =
        |named: &Named| bed.store.read(|link| files::find(link, &named.record, &named.digest)).unwrap().unwrap();
    assert_eq!(known(&theirs).copy, None);
    bed.cabinet.hold(&theirs, b"").unwrap_err();
}
