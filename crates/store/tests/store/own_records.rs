//! What is kept of our own records whatever becomes of them: when they expired.

use crate::bed::{Bed, NOW, bed, exchange};
use pes_domain::{Record, RecordIri};
use pes_store::own_records::{self, Moderation, OwnRecord};
use time::Duration;

impl Bed {
    fn keeps(&self, record: &Record, moderation: Moderation) -> RecordIri {
        let own = OwnRecord { moderation, author: None, version: 0, record: record.clone() };
        self.write(|link| own_records::put(link, &own));
        record.iri.clone()
    }
}

#[test]
fn what_expired_before_a_time_is_named_whoever_may_see_it() {
    let bed = bed();
    let late = |days| Record { expires: Some(NOW + Duration::days(days)), ..exchange("own", "Local") };
    let mut expected =
        [Moderation::Published, Moderation::Blocked, Moderation::Proposed].map(|one| bed.keeps(&late(1), one)).to_vec();
    expected.push(bed.keeps(&late(2), Moderation::Draft));
    expected.sort_by_key(ToString::to_string);
    bed.keeps(&late(3), Moderation::Published);
    bed.keeps(&exchange("own", "Permanent"), Moderation::Published);
    bed.keeps(&Record { published: None, ..late(1) }, Moderation::Draft);
    let mut prolonged = late(1);
    bed.keeps(&prolonged, Moderation::Published);
    prolonged.expires = None;
    bed.keeps(&prolonged, Moderation::Published);
    let before = NOW + Duration::days(3);
    assert_eq!(bed.read(|link| own_records::expired(link, before)), expected);
    assert_eq!(bed.read(|link| own_records::expired(link, before + Duration::SECOND)).len(), 5);
}

#[test]
fn more_than_a_portion_of_them_is_looked_through() {
    let bed = bed();
    (0..1_050).for_each(|_| drop(bed.keeps(&exchange("own", "Permanent"), Moderation::Published)));
    // Names are random: of so many, some lie behind the first portion.
    let late = || Record { expires: Some(NOW), ..exchange("own", "Local") };
    (0..200).for_each(|_| drop(bed.keeps(&late(), Moderation::Published)));
    assert_eq!(bed.read(|link| own_records::expired(link, NOW + Duration::SECOND)).len(), 200);
}
