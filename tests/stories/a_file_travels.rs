//! A document's file is had at every network that shows the document, as it was given, and gone with it.

use pes_domain::{Kind, RecordIri};
use pes_files::Sender;
use pes_store::accounts::Role;
use pes_store::files;
use time::UtcDateTime;
use village::{NAMES, Scene, eventually, plain, shown};

/// Has somebody give a document with a file to a network.
fn given(scene: &Scene, node: &str, title: &str, bytes: &[u8], audience: &str) -> RecordIri {
    let house = scene.village.house(node);
    let (origin, now) = (house.journal.identity().origin.to_string(), UtcDateTime::now().unix_timestamp());
    let sender = Sender { account: "marie", origin: &origin, most: 100_000_000, replaced: None };
    let named = house.cabinet.take_file(sender, ("Statuts.pdf", bytes), now).unwrap();
    let form = format!("{} {} {} {} Statuts.pdf", named.address, named.digest, named.media_type, named.size);
    let fields =
        [("title", title), ("document-kind", "guide"), ("author", "Marie"), ("file", &form), ("audience", audience)];
    let iri = scene.publish(node, Kind::Document, &fields);
    house.cabinet.let_go("marie", &named.digest).unwrap();
    iri
}

fn holds(scene: &Scene, node: &str, iri: &RecordIri, bytes: &[u8]) -> bool {
    let store = scene.village.house(node).journal.store();
    let named = store.read(|link| files::find(link, &iri.to_string(), &files::digest(bytes))).unwrap();
    named.is_some_and(|named| named.copy.is_some())
}

fn kept(scene: &Scene, node: &str) -> usize {
    std::fs::read_dir(scene.village.folder(node).join("files")).map_or(0, Iterator::count)
}

fn pdf(word: &str, size: usize) -> Vec<u8> {
    let mut bytes = format!("%PDF-1.7\n% {word}\n%%EOF\n").into_bytes();
    bytes.resize(size, b' ');
    bytes
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_had_everywhere_as_it_was_given_and_gone_with_its_record() {
    let scene = Scene::open().await;
    // Heavier than any picture.
    let bytes = pdf("statuts", 6_000_000);
    let iri = given(&scene, "apeas", "Statuts d’une coopérative", &bytes, "public");
    eventually("everybody holds it", || NAMES.iter().all(|name| holds(&scene, name, &iri, &bytes))).await;
    let path = format!("/fichiers/{}.pdf", files::digest(&bytes));
    for name in NAMES {
        let mut visitor = scene.visitor(name);
        let page = plain(&shown(&mut visitor, &scene.page_at(name, &iri), &format!("href=\"{path}\"")).await);
        assert!(page.contains("Télécharger (PDF, 6 Mo)") && page.contains("Statuts.pdf"), "{name}");
        let file = visitor.get(&path).await.unwrap();
        assert_eq!((file.status, file.header("content-type")), (200, Some("application/pdf")), "{name}");
        assert!(file.header("content-disposition").unwrap().starts_with("attachment"), "{name}");
        assert_eq!(kept(&scene, name), 1, "{name}");
    }
    scene.village.house("apeas").journal.delete(&iri, None, UtcDateTime::now()).unwrap();
    eventually("no file is left anywhere", || NAMES.iter().all(|name| kept(&scene, name) == 0)).await;
    for name in NAMES {
        assert_eq!(scene.visitor(name).get(&path).await.unwrap().status, 404, "{name}");
    }
    scene.agree().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_for_members_is_had_by_members() {
    let scene = Scene::open().await;
    let (theirs, ours) = (pdf("entre réseaux", 100), pdf("entre nous", 100));
    let reserved = given(&scene, "apeas", "Entre réseaux", &theirs, "affiliates");
    let own = given(&scene, "apeas", "Entre nous", &ours, "network");
    eventually("a member network holds it", || holds(&scene, "mesclun", &reserved, &theirs)).await;
    let path = |bytes: &[u8]| format!("/fichiers/{}.pdf", files::digest(bytes));
    scene.account("mesclun", "karim@mesclun.example", Role::Animator);
    let mut karim = scene.browser("mesclun", "karim@mesclun.example").await;
    assert_eq!(karim.get(&path(&theirs)).await.unwrap().status, 200);
    assert_eq!(karim.get(&path(&ours)).await.unwrap().status, 404);
    for name in ["mesclun", "apeas"] {
        assert_eq!(scene.visitor(name).get(&path(&theirs)).await.unwrap().status, 404, "{name}");
    }
    let (mesclun, origin) = (scene.village.house("mesclun"), scene.village.origin("apeas").clone());
    let ask = |bytes: &[u8]| pes_sync::Ask::get(&origin, path(bytes), 100_000);
    assert_eq!(mesclun.client.carry(&ask(&theirs)).await.unwrap().status, 200);
    assert_eq!(mesclun.client.look(&ask(&theirs)).await.unwrap().status, 404, "without a signature");
    assert_eq!(mesclun.client.carry(&ask(&ours)).await.unwrap().status, 404, "what is for the network alone");
    assert!(!holds(&scene, "mesclun", &own, &ours));
}
