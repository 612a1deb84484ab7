//! Live payloads: kept once, erased by record or by change-set, and then in no file of the database.

use crate::bed::{Bed, file_bed};
use pes_changeset::Channel;
use pes_store::payloads;

const RECORD: &str = "https://paca.test/id/person/1b4e28ba-2fa1-4d2a-983f-0016d3cca427";
const OTHER: &str = "https://paca.test/id/person/7d9f0c62-5c1e-4f7b-8a51-3d2a9a1f0b11";

/// A database with two logs of one node, and their numbers.
fn two_logs() -> (Bed, i64, i64) {
    let bed = file_bed();
    bed.pin("paca");
    let [public, affiliates] = [Channel::Public, Channel::Affiliates].map(|channel| bed.log("paca", channel).id);
    (bed, public, affiliates)
}

impl Bed {
    fn keep_payload(&self, place: (i64, u64), record: &str, text: &str) {
        self.write(|link| payloads::keep(link, place, record, text));
    }

    fn payload(&self, (log, seq): (i64, u64)) -> Option<String> {
        self.read(|link| payloads::find(link, log, seq))
    }
}

#[test]
fn a_payload_is_found_by_its_change_set() {
    let (bed, public, affiliates) = two_logs();
    bed.keep_payload((public, 0), RECORD, "<a> <b> \"é\" .\n");
    assert_eq!(bed.payload((public, 0)).as_deref(), Some("<a> <b> \"é\" .\n"));
    assert_eq!(bed.payload((public, 1)), None);
    assert_eq!(bed.payload((affiliates, 0)), None);
}

#[test]
fn the_first_payload_of_a_change_set_stays() {
    let (bed, public, _) = two_logs();
    bed.keep_payload((public, 0), RECORD, "first");
    bed.keep_payload((public, 0), RECORD, "second");
    assert_eq!(bed.payload((public, 0)).as_deref(), Some("first"));
}

#[test]
fn a_payload_belongs_to_a_log_that_is_held() {
    let why = file_bed().refused(|link| payloads::keep(link, (7, 0), RECORD, "text"));
    assert!(why.contains("FOREIGN KEY"), "{why}");
}

#[test]
fn a_portion_has_the_live_payloads_of_its_change_sets_and_no_others() {
    let (bed, public, affiliates) = two_logs();
    for seq in [0, 1, 3, 4, 5] {
        bed.keep_payload((public, seq), RECORD, &format!("public {seq}"));
    }
    bed.keep_payload((affiliates, 2), RECORD, "affiliates 2");
    let portion = bed.read(|link| payloads::of_log(link, public, 1, 4));
    let expected = [1, 3, 4].map(|seq| (seq, format!("public {seq}")));
    assert_eq!(portion, expected.into_iter().collect());
    assert!(bed.read(|link| payloads::of_log(link, public, 1, 0)).is_empty());
}

#[test]
fn erasing_one_payload_leaves_the_others() {
    let (bed, public, affiliates) = two_logs();
    for place in [(public, 0), (public, 1), (affiliates, 0)] {
        bed.keep_payload(place, RECORD, "text");
    }
    bed.write(|link| payloads::erase(link, public, 0));
    bed.write(|link| payloads::erase(link, public, 9));
    assert_eq!(bed.payload((public, 0)), None);
    assert!(bed.payload((public, 1)).is_some() && bed.payload((affiliates, 0)).is_some());
}

#[test]
fn erasing_a_record_erases_it_from_all_logs_and_nothing_else() {
    let (bed, public, affiliates) = two_logs();
    for place in [(public, 0), (public, 1), (affiliates, 0)] {
        bed.keep_payload(place, RECORD, "text");
    }
    bed.keep_payload((affiliates, 1), OTHER, "text");
    bed.write(|link| payloads::erase_record(link, RECORD));
    for place in [(public, 0), (public, 1), (affiliates, 0)] {
        assert_eq!(bed.payload(place), None);
    }
    assert!(bed.payload((affiliates, 1)).is_some());
}

/// A payload that fills several pages, each line of which tells it from all others.
fn long_secret() -> String {
    (0..400).map(|line| format!("<urn:secret> <urn:phone> \"06 11 22 {line:04} Yolande Invented\" .\n")).collect()
}

#[test]
fn an_erased_payload_leaves_no_byte_in_any_file() {
    for secret in ["<urn:secret> <urn:phone> \"06 11 22 0000 Yolande Invented\" .\n".to_owned(), long_secret()] {
        let (bed, public, _) = two_logs();
        bed.keep_payload((public, 0), OTHER, "what stays");
        bed.keep_payload((public, 1), RECORD, &secret);
        bed.store.settle().unwrap();
        assert!(bed.holds("Yolande Invented") && bed.holds(RECORD), "else the test looks in the wrong place");
        bed.write(|link| payloads::erase(link, public, 1));
        bed.store.settle().unwrap();
        for trace in ["Yolande", "urn:secret", "06 11 22", RECORD] {
            assert!(!bed.holds(trace), "{trace} is still there");
        }
        assert!(bed.holds("what stays"));
    }
}

#[test]
fn a_payload_that_never_left_the_log_of_writes_leaves_no_byte_either() {
    let (bed, public, _) = two_logs();
    bed.keep_payload((public, 1), RECORD, &long_secret());
    assert!(bed.holds("Yolande Invented"));
    bed.write(|link| payloads::erase_record(link, RECORD));
    assert!(bed.holds("Yolande Invented"), "until it is settled, the log of writes has it");
    bed.store.settle().unwrap();
    assert!(!bed.holds("Yolande"));
}

/// So much that SQLite cannot keep it in memory until the end of the transaction.
#[test]
fn what_an_undone_transaction_wrote_leaves_no_byte() {
    let (bed, public, _) = two_logs();
    let much = long_secret().repeat(900);
    bed.refused(|link| {
        payloads::keep(link, (public, 0), RECORD, &much)?;
        payloads::keep(link, (99, 0), RECORD, "a log that is not held")
    });
    assert_eq!(bed.payload((public, 0)), None);
    assert!(bed.holds("Yolande"), "until it is settled, the log of writes has it");
    bed.store.settle().unwrap();
    assert!(!bed.holds("Yolande"));
}
