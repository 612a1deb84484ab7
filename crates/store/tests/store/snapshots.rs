//! The newest snapshot of a log, in pages.

use crate::bed::bed;
use pes_changeset::Channel;
use pes_store::snapshots::{self, PAGE, Snapshot};

#[test]
fn the_newest_stands_in_the_place_of_the_one_before() {
    let bed = bed();
    bed.pin("paca");
    let log = bed.log("paca", Channel::Public).id;
    assert_eq!(bed.read(|link| snapshots::newest(link, log)), None);
    let members: Vec<u64> = (0..PAGE as u64 * 2 + 5).rev().collect();
    bed.write(|link| snapshots::keep(link, log, 900, &members));
    let size = members.len() as u64;
    assert_eq!(bed.read(|link| snapshots::newest(link, log)), Some(Snapshot { seq: 900, size }));
    for (number, page) in (0..).zip(members.chunks(PAGE)) {
        assert_eq!(bed.read(|link| snapshots::page(link, log, number)), page);
    }
    assert!(bed.read(|link| snapshots::page(link, log, 3)).is_empty());
    bed.write(|link| snapshots::keep(link, log, 1_000, &[4, 2]));
    assert_eq!(bed.read(|link| snapshots::newest(link, log)), Some(Snapshot { seq: 1_000, size: 2 }));
    assert_eq!(bed.read(|link| snapshots::page(link, log, 0)), [4, 2]);
    assert!(bed.read(|link| snapshots::page(link, log, 1)).is_empty());
}

#[test]
fn a_snapshot_of_nothing_has_no_page() {
    let bed = bed();
    bed.pin("paca");
    let log = bed.log("paca", Channel::Public).id;
    bed.write(|link| snapshots::keep(link, log, 3, &[]));
    assert_eq!(bed.read(|link| snapshots::newest(link, log)), Some(Snapshot { seq: 3, size: 0 }));
    assert!(bed.read(|link| snapshots::page(link, log, 0)).is_empty());
    assert!(bed.refused(|link| snapshots::keep(link, 77, 0, &[1])).contains("FOREIGN KEY"));
}
