//! What an operator's tools see, at a real socket.

use crate::bed::{Bed, Browser, demand};
use pes_journal::peers::PeerRole;
use pes_store::Database;
use pes_web::Sight;
use std::net::{Ipv4Addr, TcpListener};

/// A listener, and a browser at it.
fn watched(sight: &Sight) -> (pes_web::Serving, Browser) {
    let socket = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = socket.local_addr().unwrap().to_string();
    (sight.serve(socket).unwrap(), Browser::at(&address, &format!("http://{address}")))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_lives_before_it_is_ready() {
    let sight = Sight::default();
    let (serving, mut tool) = watched(&sight);
    tool.get("/livez").await.is(200);
    assert!(tool.get("/readyz").await.is(503).says("being opened"));
    tool.get("/metrics").await.is(503);
    let bed = Bed::new().await;
    sight.show(bed.journal.clone());
    tool.get("/readyz").await.is(200);
    tool.get("/metrics").await.is(200);
    tool.get("/").await.is(404);
    serving.stop().await;
}

/// What is typed is not said to be kept, reading goes on, and the operator's tools see it.
#[tokio::test(flavor = "multi_thread")]
async fn a_node_whose_disk_keeps_nothing_is_not_ready() {
    let (bed, sight) = (Bed::new().await, Sight::default());
    let Database::File(_) = bed.journal.store().database() else { return };
    let mut animator = bed.animator().await;
    sight.show(bed.journal.clone());
    let (_serving, mut tool) = watched(&sight);
    tool.get("/readyz").await.is(200);
    bed.journal.store().prepare().unwrap();
    bed.journal.store().fail_to_keep();
    let answer = animator.fill("/nouveau/annonce", &demand("Cherche un vélo")).await.is(503);
    assert!(answer.says("gardez une copie de ce que vous avez saisi"), "{}", answer.body);
    assert!(tool.get("/readyz").await.is(503).says("look after the disk"));
    animator.without_follower().get("/mon-espace").await.is(200);
}

/// Each peer has its queue, what it has not acknowledged, and how long it has been silent.
#[tokio::test(flavor = "multi_thread")]
async fn each_peer_is_seen_with_its_numbers() {
    let (bed, sight) = (Bed::new().await, Sight::default());
    let other = bed.elsewhere();
    let node = other.journal.identity().node_id.clone();
    bed.journal.add_peer(&node, PeerRole::Affiliate).unwrap();
    sight.show(bed.journal.clone());
    let (_serving, mut tool) = watched(&sight);
    let metrics = tool.get("/metrics").await.is(200).body;
    let peer = r#"{peer="https://ailleurs.test"}"#;
    for line in [
        format!("pes_peer_queue{peer} 1"),
        format!("pes_peer_receipts_outstanding{peer} 1"),
        format!("pes_peer_failures{peer} 0"),
        format!("pes_peer_last_success_timestamp_seconds{peer} 0"),
        format!("pes_peer_paused{peer} 0"),
        "pes_nodes_quarantined 0".to_owned(),
        "pes_messages_waiting 0".to_owned(),
    ] {
        assert!(metrics.lines().any(|one| one == line), "{line}\n{metrics}");
    }
    bed.journal.change_peer(&node, |peer| (peer.failures, peer.last_success) = (3, Some(1_700_000_000))).unwrap();
    bed.journal.pause(&node, true).unwrap();
    bed.journal.count_refusal(&node, "malformed", "of \"this\" kind\n", 1_700_000_000).unwrap();
    let metrics = tool.get("/metrics").await.is(200).body;
    let refused = r#"pes_refusals_total{cause="malformed",node="https://ailleurs.test"} 1"#;
    for line in [refused, &format!("pes_peer_failures{peer} 3"), &format!("pes_peer_paused{peer} 1")] {
        assert!(metrics.lines().any(|one| one == line), "{line}\n{metrics}");
    }
    let lag = metrics.lines().find_map(|one| one.strip_prefix(&format!("pes_peer_lag_seconds{peer} "))).unwrap();
    assert!(lag.parse::<i64>().unwrap() > 1_000_000, "something has waited since then");
}
