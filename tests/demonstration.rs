//! The story of the demonstration, through its pages: a demand, a job offer, a call, an answer, each hop in its time. It has a
//! process of its own, so that no other story takes its time.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use pes_node::demo;
use pes_node::demo::catcher::Catcher;
use pes_node::demo::story;
use pes_node::demo::village::Ports;
use pes_store::Database;

#[tokio::test(flavor = "multi_thread")]
async fn the_demonstration_tells_its_story() {
    let folder = tempfile::tempdir().unwrap();
    let catcher = Catcher::start(0).await.unwrap();
    let ground = (&Ports::Free, &Database::of_test(folder.path()));
    let village = demo::open(folder.path(), ground, (&catcher, None)).await.unwrap();
    assert!(story::tell(&village, &catcher).await.unwrap());
    village.stop().await;
}
