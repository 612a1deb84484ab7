//! What is no longer taken, left, replaced or forgotten: marks, departures, agreements, and numbers that are not given again.

use crate::bed::{bed, change_set, exchange};
use pes_changeset::Channel;
use pes_domain::{Audience, Kind};
use pes_store::entries::Urgency;
use pes_store::leavings::{self, Leaving};
use pes_store::lists::{self, Query};
use pes_store::peers::{self, Peer, PeerRole};
use pes_store::records::{self, Sheet};
use pes_store::replacements::{self, Replacement};
use pes_store::{entries, logs, nodes};

fn query(reader: Audience) -> Query {
    Query { kind: Kind::Exchange, reader, now: 0, facets: Vec::new(), node: None, offset: 0, limit: 10 }
}

#[test]
fn what_is_not_taken_is_there_and_no_reader_finds_it() {
    let bed = bed();
    bed.pin("paca");
    let record = exchange("paca", "Cherche local");
    let iri = record.iri.to_string();
    let sheet = |channel| Sheet { channel, node: "paca".into(), version: 1, record: record.clone() };
    for channel in [Channel::Affiliates, Channel::Public] {
        bed.write(|link| records::put(link, &sheet(channel)));
    }
    let found = |reader| {
        let seen = bed.read(|link| records::seen(link, &iri, reader)).map(|sheet| sheet.channel);
        (seen, bed.read(|link| lists::count(link, &query(reader))))
    };
    assert_eq!(found(Audience::Affiliates), (Some(Channel::Affiliates), 1));
    bed.write(|link| records::take(link, (&iri, Channel::Affiliates), false));
    assert_eq!(found(Audience::Affiliates), (None, 0), "the wider one does not stand in for it");
    assert_eq!(found(Audience::Public), (Some(Channel::Public), 1));
    assert!(bed.read(|link| records::of_channel(link, &iri, Channel::Affiliates)).is_some(), "it is there");
    let all = bed.read(|link| records::after(link, "", "", 10));
    assert_eq!(
        all.iter().map(|(sheet, taken)| (sheet.channel, *taken)).collect::<Vec<_>>(),
        [(Channel::Affiliates, false), (Channel::Public, true)]
    );
    assert_eq!(bed.read(|link| records::after(link, &iri, "affiliates", 10)).len(), 1);
    bed.write(|link| records::take(link, (&iri, Channel::Affiliates), true));
    assert_eq!(found(Audience::Affiliates), (Some(Channel::Affiliates), 1));
}

#[test]
fn authors_and_names_are_told_by_channel_and_kind() {
    let bed = bed();
    bed.pin_all(["paca", "alliance"]);
    let record = exchange("paca", "Cherche local");
    let sheet = Sheet { channel: Channel::Public, node: "paca".into(), version: 1, record: record.clone() };
    bed.write(|link| records::put(link, &sheet));
    assert_eq!(bed.read(|link| records::authors(link, Channel::Public, Kind::Exchange)), ["paca"]);
    assert!(bed.read(|link| records::authors(link, Channel::Affiliates, Kind::Exchange)).is_empty());
    assert!(bed.read(|link| records::has_of_node(link, "paca", Channel::Public, Kind::Exchange)));
    for (node, channel, kind) in [
        ("alliance", Channel::Public, Kind::Exchange),
        ("paca", Channel::Affiliates, Kind::Exchange),
        ("paca", Channel::Public, Kind::Job),
    ] {
        assert!(!bed.read(|link| records::has_of_node(link, node, channel, kind)));
    }
    assert_eq!(bed.read(|link| records::names_of_node(link, "paca", Channel::Public)), [record.iri.to_string()]);
}

#[test]
fn a_departure_is_kept_changed_and_over() {
    let bed = bed();
    bed.pin("paca");
    let begun = Leaving { hub: "paca".into(), since: 1, withdraws_public: true, letter: None };
    let told = Leaving { letter: Some("x".into()), ..begun.clone() };
    for leaving in [&begun, &told, &begun] {
        bed.write(|link| leavings::put(link, leaving));
        assert_eq!(bed.read(|link| leavings::find(link, "paca")).as_ref(), Some(leaving));
    }
    assert_eq!(bed.read(leavings::all), [begun]);
    bed.write(|link| leavings::remove(link, "paca"));
    assert_eq!(bed.read(|link| leavings::find(link, "paca")), None);
}

#[test]
fn the_last_agreement_about_a_node_counts() {
    let bed = bed();
    bed.pin("paca");
    for new in ["one", "two"] {
        let agreed = Replacement { old: "paca".into(), new: new.into(), agreed: 1 };
        bed.write(|link| replacements::put(link, &agreed));
        assert_eq!(bed.read(replacements::all), [agreed]);
    }
    bed.write(|link| replacements::remove(link, "paca"));
    assert!(bed.read(replacements::all).is_empty());
}

#[test]
fn numbers_of_what_is_forgotten_are_not_given_again() {
    let bed = bed();
    bed.pin_all(["paca", "alliance"]);
    let (kept, gone) = (bed.log("paca", Channel::Public), bed.log("alliance", Channel::Public));
    bed.write(|link| entries::append(link, kept.id, &change_set("paca", 0), Urgency::None));
    for seq in 0..3 {
        bed.write(|link| entries::append(link, gone.id, &change_set("alliance", seq), Urgency::None));
    }
    assert_eq!(bed.read(entries::last_arrival), 4);
    bed.write(|link| {
        entries::remove_of_log(link, gone.id)?;
        logs::remove(link, gone.id)?;
        entries::keep_count(link, 4)
    });
    assert_eq!(bed.read(entries::last_arrival), 4);
    assert_eq!(bed.read(|link| entries::of_log(link, kept.id, 0, 9)).len(), 1);
    assert!(bed.log("alliance", Channel::Public).id > gone.id);
    bed.write(|link| entries::keep_count(link, 2));
    assert_eq!(bed.read(entries::last_arrival), 4, "never back");
}

#[test]
fn a_node_goes_with_all_that_is_known_of_it_as_a_peer() {
    let bed = bed();
    bed.pin_all(["paca", "alliance"]);
    let peer = |node: &str| Peer { cursor: 7, urgent: 7, ..Peer::new(node, PeerRole::Hub) };
    for node in ["paca", "alliance"] {
        bed.write(|link| peers::put(link, &peer(node)));
        bed.write(|link| peers::count_refusal(link, node, "fork", "x", 1));
    }
    assert!(bed.refused(|link| nodes::remove(link, "paca")).contains("FOREIGN KEY"));
    bed.write(|link| {
        peers::remove_all_of(link, "paca")?;
        nodes::remove(link, "paca")
    });
    assert_eq!(bed.read(peers::all), [peer("alliance")]);
    assert_eq!(bed.read(peers::all_refusals).len(), 1);
    bed.write(|link| peers::change_role(link, "alliance", PeerRole::Affiliate));
    bed.write(peers::begin_anew);
    let left = bed.read(|link| peers::find(link, "alliance")).unwrap();
    assert_eq!((left.role, left.cursor, left.urgent), (PeerRole::Affiliate, 0, 0));
}
