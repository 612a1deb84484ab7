//! Moves that the team refused: each once, until it is taken back or the structure is no more.

use crate::bed::{Bed, bed, exchange};
use pes_store::own_records::{self, Moderation, OwnRecord};
use pes_store::refused_moves::{self, RefusedMove};

impl Bed {
    fn refuse(&self, own: &str, successor: &str, since: i64) {
        let (own, successor, account) = (own.into(), successor.into(), "nora".into());
        self.write(|link| refused_moves::put(link, &RefusedMove { own, successor, account, since }));
    }

    fn refused_moves(&self) -> Vec<(String, String)> {
        self.read(refused_moves::all).into_iter().map(|one| (one.own, one.successor)).collect()
    }
}

fn pair(own: &str, successor: &str) -> (String, String) {
    (own.into(), successor.into())
}

#[test]
fn a_move_is_refused_once_and_to_one_sheet() {
    let bed = bed();
    assert!(bed.refused_moves().is_empty());
    for (own, successor, since) in [("a", "x", 1), ("a", "y", 3), ("a", "x", 2)] {
        bed.refuse(own, successor, since);
    }
    assert_eq!(bed.refused_moves(), [pair("a", "y"), pair("a", "x")], "the last first");
    assert_eq!(bed.read(refused_moves::all)[1].since, 2, "said again, it is said now");
    for _ in 0..2 {
        bed.write(|link| refused_moves::remove(link, ("a", "x")));
        assert_eq!(bed.refused_moves(), [pair("a", "y")]);
    }
}

#[test]
fn with_the_structure_goes_what_was_refused_of_it() {
    let bed = bed();
    let record = exchange("own", "Un four");
    let name = record.iri.to_string();
    bed.write(|link| {
        own_records::put(link, &OwnRecord { moderation: Moderation::Published, author: None, version: 0, record })
    });
    bed.refuse(&name, "x", 1);
    bed.refuse("a", "x", 1);
    bed.refuse("a", "y", 2);
    bed.write(|link| own_records::erase(link, &name));
    assert_eq!(bed.refused_moves(), [pair("a", "y"), pair("a", "x")]);
    bed.write(|link| refused_moves::forget(link, "y"));
    assert_eq!(bed.refused_moves(), [pair("a", "x")], "nor of the sheet to which it should go");
}
