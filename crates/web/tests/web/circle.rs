//! Leaving a platform, and a network that comes back with other keys, as animators see it.

use crate::bed::{self, Bed, Elsewhere};
use pes_changeset::Channel;
use pes_domain::{Draft, Kind, Record, RecordIri};
use pes_journal::peers::PeerRole;
use pes_journal::roll::Applicant;
use pes_journal::supply::Named;
use pes_store::own_records::Moderation;
use time::UtcDateTime;

/// This site follows a platform.
fn followed(bed: &Bed) -> (Elsewhere, String) {
    let hub = bed.elsewhere();
    let id = hub.journal.identity().node_id.clone();
    bed.journal.add_peer(&id, PeerRole::Hub).unwrap();
    (hub, id)
}

/// The platform's roll says something, and this site hears it.
fn enters(bed: &Bed, hub: &Elsewhere, fields: &[(&str, &str)]) {
    let (now, identity) = (UtcDateTime::now(), hub.journal.identity());
    let draft: Draft = fields.iter().map(|(field, value)| ((*field).to_owned(), (*value).to_owned())).collect();
    let iri = RecordIri::mint(identity.origin.as_str(), Kind::Affiliation);
    let record = Record::raise(Kind::Affiliation, (iri, now), &draft, now, &bed::rules()).unwrap();
    hub.journal.save(record, Moderation::Published, None, now).unwrap();
    let held = bed.journal.held(Named { node: &identity.node_id, channel: Channel::Public, epoch: 1 }).unwrap();
    let log = Named { node: &identity.node_id, channel: Channel::Public, epoch: 1 };
    let batch = hub.journal.batch(log, held.map_or(0, |(_, size)| size)).unwrap().unwrap();
    bed.journal.receive(&identity.node_id, Channel::Public, &batch, now).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn leaving_says_what_it_means_is_begun_and_thought_better_of() {
    let bed = Bed::new().await;
    let (_hub, id) = followed(&bed);
    bed.publish(Kind::Structure, &[("name", "La Volière"), ("audience", "affiliates")]);
    let path = format!("/reseau/quitter/{id}");
    let mut nora = bed.animator().await;
    assert!(nora.get("/reseau").await.is(200).body.contains(&path));
    let page = nora.get(&path).await.is(200);
    assert!(page.says("Quitter Réseau d’ailleurs") && page.says("en donne acte") && page.says("Le reprendre aussi"));
    assert!(bed.journal.farewells().unwrap().is_empty(), "asking changes nothing");
    nora.fill(&path, &[("public-records", "x")]).await.is(422);
    nora.fill(&path, &[]).await.to("/reseau?fait=depart");
    let page = nora.get("/reseau").await.is(200);
    assert!(page.says("Départ en cours") && page.says("pas encore de réponse") && page.says("Ce qui est public reste"));
    assert!(!page.body.contains(&path), "it is begun already");
    let decide = async |nora: &mut bed::Browser, decision: &str| {
        let page = nora.get("/reseau").await;
        nora.send(&page, "/reseau/depart", &[("hub", &id), ("decision", decision)]).await
    };
    decide(&mut nora, "x").await.is(422);
    decide(&mut nora, "stay").await.to("/reseau?fait=reste");
    assert!(!nora.get("/reseau").await.says("Départ en cours"));
    nora.fill(&path, &[("public-records", "withdraw")]).await.to("/reseau?fait=depart");
    assert!(nora.get("/reseau").await.says("y compris ce qui est public"));
    decide(&mut nora, "part").await.to("/reseau?fait=parti");
    assert!(nora.get("/reseau").await.says("encore avec aucun autre"));
    for (mut other, status) in [(bed.browser(), 401), (bed.citizen("Zoé").await, 403)] {
        other.get(&path).await.is(status);
    }
    nora.get("/reseau/quitter/x").await.is(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_network_with_other_keys_waits_for_a_yes() {
    let bed = Bed::new().await;
    let (hub, _) = followed(&bed);
    // The platform itself plays the network that comes back: this site knows it under another node-id.
    let (old, new) = (hub.journal.identity().node_id.clone(), "ab".repeat(32));
    let origin = hub.journal.identity().origin.to_string();
    let entry = [
        ("network", "Ailleurs"),
        ("origin", origin.as_str()),
        ("node-id", new.as_str()),
        ("since", "2026-11-25"),
        ("state", "active"),
        ("replaces", old.as_str()),
    ];
    let mut nora = bed.animator().await;
    assert!(!nora.get("/reseau").await.says("revient avec de nouvelles clés"));
    enters(&bed, &hub, &entry);
    // As long as the platform is followed its place is nobody's; what its roll says counts as that of a member here.
    let page = nora.get("/reseau").await.is(200);
    assert!(page.says("revient avec de nouvelles clés") && page.says("quittez-la d’abord"));
    assert!(!page.body.contains("action=\"/reseau/retour\""));
    let csrf = page.value("/reseau/inviter", "csrf").unwrap();
    let agreed = [("csrf", &csrf), ("old", &old), ("new", &new)].map(|(name, value)| (name.into(), value.clone()));
    nora.post("/reseau/retour", &agreed, &[]).await.is(404);
    bed.publish(Kind::Affiliation, &entry);
    bed.journal.add_peer(&old, PeerRole::Affiliate).unwrap();
    let page = nora.get("/reseau").await.is(200);
    assert!(page.says("revient avec de nouvelles clés") && page.says("abab abab abab abab abab abab"));
    nora.send(&page, "/reseau/retour", &[("new", &"0".repeat(64))]).await.is(404);
    nora.send(&page, "/reseau/retour", &[("csrf", "x")]).await.is(403);
    assert!(!bed.journal.returning().unwrap()[0].is_agreed);
    nora.send(&page, "/reseau/retour", &[]).await.to("/reseau?fait=accepte");
    assert!(nora.get("/reseau").await.says("nous prenons contact avec lui"));
    assert!(bed.journal.pinned(&old).is_ok(), "nothing changes before it is met");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_that_lost_its_keys_is_invited_anew() {
    let bed = Bed::new().await;
    let other = bed.elsewhere();
    let (now, identity) = (UtcDateTime::now(), other.journal.identity());
    let genesis = other.journal.genesis(&identity.node_id).unwrap().unwrap();
    let applicant = Applicant { origin: &identity.origin, node_id: &identity.node_id, name: &identity.name };
    let code = bed.journal.invite(&identity.name, now).unwrap();
    bed.journal.admit(applicant, (&identity.name, &[genesis]), &code, now).unwrap();
    let mut nora = bed.animator().await;
    let page = nora.get("/reseau").await.is(200);
    assert!(page.says("Inviter avec de nouvelles clés") && page.says("Empreinte de notre site"));
    let mut fields = page.form("/reseau/inviter");
    assert!(fields.iter().any(|(name, value)| name == "replaces" && *value == identity.node_id));
    let said = nora.post("/reseau/inviter", &fields, &[]).await.is(200);
    assert!(said.says("de vive voix") && said.says("pes join "));
    fields.retain(|(name, _)| name != "replaces");
    fields.push(("replaces".into(), "0".repeat(64)));
    nora.post("/reseau/inviter", &fields, &[]).await.is(404);
}
