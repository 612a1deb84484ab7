//! What animators see and decide of the exchanges with other networks.

use crate::bed::{Bed, Browser, Elsewhere, Page};
use pes_changeset::Channel;
use pes_changeset::batch::Batch;
use pes_domain::Kind;
use pes_journal::peers::PeerRole;
use pes_journal::roll::{Applicant, Standing};
use pes_journal::supply::Named;
use time::UtcDateTime;

/// This site is a regional platform, and the network from elsewhere has joined it.
fn admitted(bed: &Bed) -> Elsewhere {
    let other = bed.elsewhere();
    let (now, identity) = (UtcDateTime::now(), other.journal.identity());
    let genesis = other.journal.genesis(&identity.node_id).unwrap().unwrap();
    let applicant = Applicant { origin: &identity.origin, node_id: &identity.node_id, name: &identity.name };
    let code = bed.journal.invite(&identity.name, now).unwrap();
    bed.journal.admit(applicant, (&identity.name, &[genesis]), &code, now).unwrap();
    other
}

/// Presses a button of the animators' page.
async fn press(browser: &mut Browser, action: &str, fields: &[(&str, &str)]) -> Page {
    let page = browser.get("/reseau").await.is(200);
    browser.send(&page, action, fields).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_is_suspended_and_taken_back_by_a_button() {
    let bed = Bed::new().await;
    let other = admitted(&bed);
    let id = other.journal.identity().node_id.clone();
    let mut nora = bed.animator().await;
    let page = nora.get("/reseau").await.is(200);
    assert!(
        page.says("Les réseaux affiliés à notre plateforme") && page.says("Réseau d’ailleurs") && page.says("Actif")
    );
    let standing = || bed.journal.roll().unwrap()[0].1;
    for (decision, then, says) in [
        ("suspended", Standing::Suspended, "Suspendu"),
        ("active", Standing::Active, "Actif"),
        ("left", Standing::Left, "Parti"),
    ] {
        let fields = [("member", id.as_str()), ("decision", decision)];
        press(&mut nora, "/reseau/membre", &fields).await.is(303);
        assert_eq!(standing(), then);
        let page = nora.get("/reseau").await;
        assert!(page.says(says));
        assert_eq!(page.says("rien ne circule entre nous"), then != Standing::Active, "nor is it said to be receiving");
    }
    press(&mut nora, "/reseau/membre", &[("member", id.as_str()), ("decision", "x")]).await.is(422);
    press(&mut nora, "/reseau/membre", &[("member", "x"), ("decision", "active")]).await.is(404);
    assert_eq!(standing(), Standing::Left);
}

/// Before the first invitation it is said what a network loses by becoming a platform itself.
#[tokio::test(flavor = "multi_thread")]
async fn who_belongs_to_a_circle_is_told_what_inviting_means() {
    let bed = Bed::new().await;
    let other = bed.elsewhere();
    let mut nora = bed.animator().await;
    let warns = |page: Page| page.says("échange au sein du cercle de");
    assert!(!warns(nora.get("/reseau").await.is(200)), "it follows nobody");
    bed.journal.add_peer(&other.journal.identity().node_id, PeerRole::Hub).unwrap();
    assert!(warns(nora.get("/reseau").await.is(200)));
    admitted(&bed);
    assert!(!warns(nora.get("/reseau").await.is(200)), "it is a platform already");
}

#[tokio::test(flavor = "multi_thread")]
async fn exchanges_are_paused_and_taken_up_again_by_a_button() {
    let bed = Bed::new().await;
    let other = admitted(&bed);
    let id = other.journal.identity().node_id.clone();
    let mut nora = bed.animator().await;
    let is_paused = || bed.journal.peer(&id).unwrap().unwrap().is_paused;
    for (decision, then) in [("pause", true), ("resume", false)] {
        press(&mut nora, "/reseau/pause", &[("neighbour", id.as_str()), ("decision", decision)]).await.is(303);
        assert_eq!(is_paused(), then);
        assert_eq!(nora.get("/reseau").await.says("En pause : rien ne part"), then);
    }
    press(&mut nora, "/reseau/pause", &[("neighbour", "x"), ("decision", "pause")]).await.is(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_missing_is_said() {
    let bed = Bed::new().await;
    let other = bed.elsewhere();
    other.publish(Kind::Exchange, &[("direction", "offer"), ("type", "service"), ("title", "Une"), ("author", "Ali")]);
    let node = other.journal.identity().node_id.as_str();
    let mut batch = other.journal.batch(Named { node, channel: Channel::Public, epoch: 1 }, 0).unwrap().unwrap();
    batch.items[0].1 = None;
    let mut nora = bed.animator().await;
    assert!(!nora.get("/reseau").await.says("manque encore"));
    bed.journal.receive(node, Channel::Public, &batch, UtcDateTime::now()).unwrap();
    assert!(nora.get("/reseau").await.says("Le contenu d’une fiche manque encore"));
}

/// The proof is there for whoever wants to check it.
#[tokio::test(flavor = "multi_thread")]
async fn a_network_that_signed_two_histories_is_named_with_the_proof() {
    let bed = Bed::new().await;
    let (other, twin) = (bed.elsewhere(), bed.elsewhere());
    let fields = [("direction", "offer"), ("type", "service"), ("title", "Une"), ("author", "Ali")];
    other.publish(Kind::Exchange, &fields);
    twin.publish(Kind::Exchange, &fields);
    let node = other.journal.identity().node_id.as_str();
    let log = Named { node, channel: Channel::Public, epoch: 1 };
    let batches = [&other, &twin].map(|one| one.journal.batch(log, 0).unwrap().unwrap());
    let keys = other.journal.batch(Named { node, channel: Channel::Keys, epoch: 1 }, 0).unwrap().unwrap();
    bed.journal.receive(node, Channel::Keys, &keys, UtcDateTime::now()).unwrap();
    let receive = |batch: &Batch| bed.journal.receive(node, Channel::Public, batch, UtcDateTime::now());
    receive(&batches[0]).unwrap();
    receive(&batches[1]).unwrap_err();
    let mut nora = bed.animator().await;
    let page = nora.get("/reseau").await.is(200);
    assert!(page.says("Plus rien de lui n’est pris en compte") && page.says("pes evidence v1"));
    bed.journal.pardon(node, UtcDateTime::now()).unwrap();
    assert!(nora.get("/reseau").await.says("Il s’est expliqué"));
}
