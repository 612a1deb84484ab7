//! What is kept and for how long: with a form, with a record, and no longer.

use crate::drawing::{drawn, jpeg, png, scene};
use pes_pictures::{Album, AlbumError, Folder};
use pes_store::pictures::{self, Named};
use pes_store::{Database, Store};
use std::time::Duration;

const ORIGIN: &str = "https://ici.example";
const DAY: i64 = 24 * 60 * 60;

struct Bed {
    album: Album,
    store: Store,
    folder: tempfile::TempDir,
}

impl Bed {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(Database::of_test(folder.path())).unwrap();
        let album = Album::new(store.clone(), Folder::at(folder.path().join("pictures")));
        Self { album, store, folder }
    }

    fn files(&self) -> usize {
        std::fs::read_dir(self.folder.path().join("pictures")).map_or(0, Iterator::count)
    }

    fn upload(&self, account: &str, bytes: &[u8], now: i64) -> Named {
        self.album.take((account, ORIGIN), bytes, now).unwrap()
    }
}

#[test]
fn what_comes_with_a_form_waits_a_day_for_a_record() {
    let bed = Bed::new();
    let named = bed.upload("marie", &jpeg(&scene(900, 600)), 1_000);
    let copy = named.copy.clone().unwrap();
    assert_eq!(named.address, format!("{ORIGIN}/images/{}", copy.file));
    assert_eq!((copy.width, copy.height, bed.files()), (900, 600, 2));
    let held = bed.album.open(&copy.file).unwrap().unwrap();
    assert_eq!((pictures::digest(&held), held.len() as u64), (named.digest.clone(), named.size));
    assert!(copy.file.starts_with(&named.digest));
    assert_eq!(bed.album.tidy(1_000 + DAY).unwrap(), 0, "not yet");
    assert_eq!(bed.album.open(&copy.small).unwrap().map(|bytes| bytes.is_empty()), Some(false));
    assert_eq!((bed.album.tidy(1_001 + DAY).unwrap(), bed.files()), (2, 0));
}

/// A copy of what another network shows becomes our own: the same file, called by what it holds, until no record names it.
#[test]
fn a_copy_of_another_s_becomes_one_at_home_here() {
    let bed = Bed::new();
    let copy = bed.upload("karim", &jpeg(&scene(900, 600)), 0).copy.unwrap();
    let named = bed.album.take_over(("marie", ORIGIN), &copy, 2 * DAY).unwrap().unwrap();
    assert_eq!((named.address.clone(), named.copy), (format!("{ORIGIN}/images/{}", copy.file), Some(copy.clone())));
    let held = bed.album.open(&copy.file).unwrap().unwrap();
    assert_eq!(
        (named.digest, named.size, named.media_type.as_str()),
        (pictures::digest(&held), held.len() as u64, "image/jpeg")
    );
    assert_eq!((bed.album.tidy(2 * DAY).unwrap(), bed.files()), (0, 2), "Karim’s went, the file stays");
    assert_eq!(bed.album.tidy(3 * DAY + 1).unwrap(), 2);
    assert!(bed.album.take_over(("marie", ORIGIN), &copy, 4 * DAY).unwrap().is_none(), "nothing is kept of nothing");
}

#[test]
fn one_file_serves_all_who_sent_the_same() {
    let bed = Bed::new();
    let same = jpeg(&scene(300, 200));
    let (marie, karim) = (bed.upload("marie", &same, 0), bed.upload("karim", &same, DAY));
    assert_eq!((marie.digest.clone(), bed.files()), (karim.digest, 1), "small ones are one file");
    assert_eq!(bed.album.tidy(DAY + 1).unwrap(), 0, "Karim’s form is still open");
    assert_eq!(bed.files(), 1);
    assert!(
        bed.store.read(|link| pictures::find(link, &pictures::of_account("marie"), &marie.digest)).unwrap().is_none()
    );
    bed.upload("karim", &same, 3 * DAY);
    assert_eq!(bed.album.tidy(3 * DAY + 1).unwrap(), 0, "sent again, it waits anew");
    assert_eq!(bed.album.tidy(5 * DAY).unwrap(), 1);
}

#[test]
fn only_what_its_record_named_is_held_and_never_as_it_came() {
    let bed = Bed::new();
    let bytes = png(&drawn(700, 500));
    let named = Named {
        record: "https://la.example/id/article/1b4e28ba-2fa1-4d2a-983f-0016d3cca427".into(),
        digest: pictures::digest(&bytes),
        address: "https://la.example/images/a.png".into(),
        media_type: "text/html".into(),
        size: bytes.len() as u64,
        copy: None,
        failures: 0,
    };
    let other = bed.album.hold(&named, &jpeg(&scene(10, 10))).unwrap_err();
    assert!(matches!(other, AlbumError::OtherDigest), "{other}");
    let page = b"<html><script>alert(1)</script>".to_vec();
    let lying = Named { digest: pictures::digest(&page), ..named.clone() };
    assert!(matches!(bed.album.hold(&lying, &page), Err(AlbumError::Refused(_))), "a digest makes no picture");
    assert_eq!(bed.files(), 0);
    bed.album.hold(&named, &bytes).unwrap();
    assert_eq!(bed.files(), 2);
    // No row names it: a sweep finds its files, once they are old enough to be nobody's.
    assert_eq!(bed.album.sweep().unwrap(), 0);
    assert_eq!((bed.album.sweep_older_than(Duration::ZERO).unwrap(), bed.files()), (2, 0));
}

#[test]
fn a_sweep_takes_what_was_never_finished_and_leaves_what_is_named_or_not_ours() {
    let bed = Bed::new();
    let named = bed.upload("marie", &jpeg(&scene(900, 600)), 0);
    let place = bed.folder.path().join("pictures");
    std::fs::write(place.join(format!("{}.part", "0".repeat(64))), b"half").unwrap();
    std::fs::write(place.join("LISEZ-MOI"), b"to the operator").unwrap();
    assert_eq!(bed.album.sweep_older_than(Duration::ZERO).unwrap(), 0);
    assert_eq!(bed.files(), 3, "the picture in two sizes, and the operator’s own file");
    assert!(bed.album.open(&named.copy.unwrap().file).unwrap().is_some());
}

#[test]
fn what_is_no_picture_leaves_nothing_behind() {
    let bed = Bed::new();
    for bytes in [b"<html>".as_slice(), &vec![0; 5_000_001]] {
        assert!(matches!(bed.album.take(("marie", ORIGIN), bytes, 0), Err(AlbumError::Refused(_))));
    }
    assert_eq!(bed.files(), 0);
    assert!(
        bed.store
            .read(|link| pictures::find(link, &pictures::of_account("marie"), &pictures::digest(b"<html>")))
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
    bed.store.write(|link| pictures::keep_upload(link, &theirs, 0)).unwrap();
    assert_eq!(bed.album.look_over(ORIGIN).unwrap(), 0);
    std::fs::remove_dir_all(bed.folder.path().join("pictures")).unwrap();
    assert_eq!((bed.album.look_over(ORIGIN).unwrap(), bed.album.look_over(ORIGIN).unwrap()), (1, 0));
    let known =
        |named: &Named| bed.store.read(|link| pictures::find(link, &named.record, &named.digest)).unwrap().unwrap();
    assert_eq!(known(&theirs).copy, None);
    bed.album.hold(&theirs, b"").unwrap_err();
}
