//! Pinned nodes and their logs: one row each, and how far each log has grown.

use crate::bed::{Bed, bed, change_set, key, node, origin};
use pes_changeset::{Channel, Checkpoint, LogId};
use pes_store::logs::{self, Log};
use pes_store::{StoreError, nodes};

#[test]
fn a_pinned_node_comes_back_as_it_was() {
    let bed = bed();
    let (paca, own) = (bed.pin("paca"), bed.pin("own"));
    assert_eq!(bed.read(|link| nodes::find(link, "paca")), Some(paca.clone()));
    assert_eq!(bed.read(|link| nodes::at(link, &origin("paca"))), Some(paca.clone()));
    assert_eq!((paca.is_own, own.is_own), (false, true));
    assert_eq!(paca.prefixes.len(), 2);
    assert_eq!(bed.read(|link| nodes::find(link, "nobody")), None);
    assert_eq!(bed.read(|link| nodes::at(link, &origin("nobody"))), None);
}

#[test]
fn nodes_are_told_in_the_order_of_their_origins() {
    let bed = bed();
    bed.pin_all(["mesclun", "alliance", "paca"]);
    let names: Vec<String> = bed.read(nodes::all).into_iter().map(|node| node.id).collect();
    assert_eq!(names, ["alliance", "mesclun", "paca"]);
}

#[test]
fn an_id_and_an_origin_are_pinned_once() {
    let bed = bed();
    let paca = bed.pin("paca");
    let moved = nodes::Node { origin: origin("elsewhere"), ..paca.clone() };
    assert!(bed.refused(|link| nodes::insert(link, &moved)).contains("UNIQUE"));
    let impostor = nodes::Node { id: "impostor".into(), ..paca.clone() };
    assert!(bed.refused(|link| nodes::insert(link, &impostor)).contains("UNIQUE"));
    assert_eq!(bed.read(nodes::all), [paca]);
}

#[test]
fn a_log_is_made_once_and_empty() {
    let bed = bed();
    bed.pin("paca");
    let made = bed.log("paca", Channel::Public);
    assert_eq!((made.size(), made.epoch, made.checkpoint.clone()), (0, 1, None));
    assert_eq!(bed.log("paca", Channel::Public), made);
    assert_eq!(bed.read(|link| logs::find(link, "paca", Channel::Public, 1)), Some(made.clone()));
    assert_eq!(bed.read(|link| logs::get(link, made.id)), made);
    assert_eq!(bed.read(|link| logs::find(link, "paca", Channel::Keys, 1)), None);
    assert_eq!(bed.read(|link| logs::find(link, "paca", Channel::Public, 2)), None);
}

#[test]
fn a_log_that_is_not_there_cannot_be_got() {
    let missing = bed().store.read(|link| logs::get(link, 7));
    assert!(matches!(missing, Err(StoreError::Query(_))), "{missing:?}");
}

#[test]
fn a_log_belongs_to_a_pinned_node() {
    let why = bed().refused(|link| logs::find_or_insert(link, "nobody", Channel::Public, 1));
    assert!(why.contains("FOREIGN KEY"), "{why}");
}

/// Names of logs: node, channel, epoch.
fn names(logs: Vec<Log>) -> Vec<(String, &'static str, u64)> {
    logs.into_iter().map(|log| (log.node, log.channel.as_str(), log.epoch)).collect()
}

#[test]
fn logs_are_told_by_node_channel_and_epoch() {
    let bed = bed();
    bed.pin_all(["paca", "alliance"]);
    for (node, channel, epoch) in [
        ("paca", Channel::Public, 10),
        ("paca", Channel::Public, 2),
        ("alliance", Channel::Public, 1),
        ("paca", Channel::Affiliates, 3),
    ] {
        bed.write(|link| logs::find_or_insert(link, node, channel, epoch));
    }
    let expected =
        [("alliance", "public", 1), ("paca", "affiliates", 3), ("paca", "public", 2), ("paca", "public", 10)];
    assert_eq!(names(bed.read(logs::all)), expected.map(|(node, channel, epoch)| (node.to_owned(), channel, epoch)));
}

#[test]
fn the_newest_epoch_is_that_of_its_node_and_channel() {
    let bed = bed();
    bed.pin_all(["paca", "alliance"]);
    for (node, channel, epoch) in [
        ("paca", Channel::Public, 2),
        ("paca", Channel::Public, 1),
        ("paca", Channel::Affiliates, 3),
        ("alliance", Channel::Public, 4),
    ] {
        bed.write(|link| logs::find_or_insert(link, node, channel, epoch));
    }
    let newest = |node: &str, channel| bed.read(|link| logs::newest(link, node, channel)).map(|log| log.epoch);
    assert_eq!(newest("paca", Channel::Public), Some(2));
    assert_eq!(newest("paca", Channel::Affiliates), Some(3));
    assert_eq!(newest("paca", Channel::Keys), None);
}

/// A log of three change-sets with its signed head, as it was kept.
fn grown(bed: &Bed) -> Log {
    bed.pin("paca");
    let mut log = bed.log("paca", Channel::Public);
    (0..3).for_each(|seq| log.frontier.append(change_set("paca", seq).leaf_hash()));
    let id = LogId::new(origin("paca"), Channel::Public, 1);
    let head = Checkpoint { log: id.name(), size: 3, root: log.frontier.root() };
    log.checkpoint = Some(head.sign(&key(2)).unwrap());
    bed.write(|link| logs::update(link, &log));
    log
}

#[test]
fn how_far_a_log_has_grown_is_kept_with_its_head() {
    let bed = bed();
    let log = grown(&bed);
    let kept = bed.read(|link| logs::get(link, log.id));
    assert_eq!((kept.size(), kept.frontier.root()), (3, log.frontier.root()));
    assert_eq!(kept, log);
}

#[test]
fn a_head_goes_when_the_log_is_kept_without_one() {
    let bed = bed();
    let log = Log { checkpoint: None, ..grown(&bed) };
    bed.write(|link| logs::update(link, &log));
    assert_eq!(bed.read(|link| logs::get(link, log.id)), log);
}

#[test]
fn keeping_one_log_leaves_the_others() {
    let bed = bed();
    let log = grown(&bed);
    let other = bed.log("paca", Channel::Keys);
    let renamed = Log { node: "nobody".into(), epoch: 9, ..log.clone() };
    bed.write(|link| logs::update(link, &renamed));
    assert_eq!(bed.read(|link| logs::get(link, log.id)), log, "whose log it is never changes");
    assert_eq!(bed.read(|link| logs::get(link, other.id)), other);
}

#[test]
fn a_name_may_be_any_text() {
    let bed = bed();
    let node = nodes::Node { name: "L'« Alliance »; DROP TABLE nodes --\u{1F33B}".into(), ..node("alliance") };
    bed.write(|link| nodes::insert(link, &node));
    assert_eq!(bed.read(nodes::all), [node]);
}
