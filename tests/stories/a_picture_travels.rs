//! A picture is named by its record, fetched once from its home, made anew wherever it is shown, and gone with its record.

use pes_domain::audience::Reader;
use pes_domain::{Kind, Picture, RecordIri};
use pes_files::Named;
use pes_files::motif::Motif;
use pes_store::accounts::Role;
use pes_store::files;
use time::UtcDateTime;
use village::{NAMES, Scene, eventually, shown};

/// What a form sends of a picture that somebody has brought to a node.
fn brought(scene: &Scene, node: &str, number: usize) -> (Named, String) {
    let house = scene.village.house(node);
    let (bytes, origin) = (Motif::of(number).bytes, house.journal.identity().origin.to_string());
    let named = house.cabinet.take(("marie", &origin), &bytes, UtcDateTime::now().unix_timestamp()).unwrap();
    let form = form_of(&named);
    (named, form)
}

fn form_of(named: &Named) -> String {
    let Named { address, digest, media_type, size, .. } = named.clone();
    Picture { address, digest, media_type, size, alt: String::new() }.to_form()
}

fn published(scene: &Scene, node: &str, title: &str, form: &str, more: &[(&str, &str)]) -> RecordIri {
    let fields = [("title", title), ("author", "Marie"), ("picture", form), ("picture-alt", "Dessin : des collines")];
    let iri = scene.publish(node, Kind::Article, &[&fields, more].concat());
    let digest = form.split(' ').nth(1).unwrap();
    scene.village.house(node).cabinet.let_go("marie", digest).unwrap();
    iri
}

/// What a node knows of the picture of a record.
fn known(scene: &Scene, node: &str, iri: &RecordIri, digest: &str) -> Option<Named> {
    let store = scene.village.house(node).journal.store();
    store.read(|link| files::find(link, &iri.to_string(), digest)).unwrap()
}

fn holds(scene: &Scene, node: &str, iri: &RecordIri, digest: &str) -> bool {
    known(scene, node, iri, digest).is_some_and(|named| named.copy.is_some())
}

fn files(scene: &Scene, node: &str) -> usize {
    std::fs::read_dir(scene.village.folder(node).join("files")).map_or(0, Iterator::count)
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_shown_everywhere_and_gone_with_its_record() {
    let scene = Scene::open().await;
    let (named, form) = brought(&scene, "apeas", 1);
    let iri = published(&scene, "apeas", "Un atelier ouvre", &form, &[]);
    eventually("everybody holds it", || NAMES.iter().all(|name| holds(&scene, name, &iri, &named.digest))).await;
    for name in NAMES {
        let mut visitor = scene.visitor(name);
        let page = shown(&mut visitor, &scene.page_at(name, &iri), "src=\"/images/").await;
        assert!(page.contains("alt=\"Dessin : des collines\""), "{name}");
        let copy = known(&scene, name, &iri, &named.digest).unwrap().copy.unwrap();
        let image = visitor.get(&format!("/images/{}", copy.file)).await.unwrap();
        assert_eq!((image.status, image.header("content-type")), (200, Some("image/png")), "{name}");
        assert_eq!(files(&scene, name), 2, "{name}");
    }
    // A rebuild keeps what is held.
    let mesclun = scene.village.house("mesclun");
    mesclun.journal.rebuild().unwrap();
    mesclun.cabinet.tidy(UtcDateTime::now().unix_timestamp()).unwrap();
    assert!(holds(&scene, "mesclun", &iri, &named.digest));
    scene.village.house("apeas").journal.delete(&iri, None, UtcDateTime::now()).unwrap();
    eventually("no file is left anywhere", || NAMES.iter().all(|name| files(&scene, name) == 0)).await;
    scene.agree().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_goes_as_far_as_its_record_and_no_further() {
    let scene = Scene::open().await;
    let ((theirs, of_members), (ours, of_us)) = (brought(&scene, "apeas", 2), brought(&scene, "apeas", 3));
    let reserved = published(&scene, "apeas", "Entre réseaux", &of_members, &[("audience", "affiliates")]);
    let kept = published(&scene, "apeas", "Entre nous", &of_us, &[("audience", "network")]);
    eventually("a member network holds it", || holds(&scene, "mesclun", &reserved, &theirs.digest)).await;
    let member = scene.account("mesclun", "karim@mesclun.example", Role::Animator);
    assert!(!member.is_empty());
    let copy = known(&scene, "mesclun", &reserved, &theirs.digest).unwrap().copy.unwrap();
    let path = format!("/images/{}", copy.file);
    assert_eq!(scene.visitor("mesclun").get(&path).await.unwrap().status, 404);
    let mut karim = scene.browser("mesclun", "karim@mesclun.example").await;
    assert_eq!(karim.get(&path).await.unwrap().status, 200);
    // At its home a stranger asks in vain, and so does a member network for what never left.
    for named in [&theirs, &ours] {
        let path = named.address.split_once("/images/").map(|(_, file)| format!("/images/{file}")).unwrap();
        assert_eq!(scene.visitor("apeas").get(&path).await.unwrap().status, 404);
    }
    let mesclun = scene.village.house("mesclun");
    let origin = scene.village.origin("apeas").clone();
    let ask = |named: &Named| {
        let path = named.address.strip_prefix(origin.as_str()).unwrap().to_owned();
        pes_sync::Ask::get(&origin, path, 5_000_000)
    };
    assert_eq!(mesclun.client.carry(&ask(&theirs)).await.unwrap().status, 200);
    assert_eq!(mesclun.client.look(&ask(&theirs)).await.unwrap().status, 404, "without a signature");
    assert_eq!(mesclun.client.carry(&ask(&ours)).await.unwrap().status, 404, "what is for the network alone");
    for name in ["paca", "alliance", "mesclun"] {
        assert!(
            known(&scene, name, &kept, &ours.digest).is_none() && !scene.shows(name, &kept, Reader::MemberElsewhere)
        );
    }
    // Narrowed, it is taken back with its file.
    let journal = &scene.village.house("apeas").journal;
    let own = journal.store().read(|link| pes_store::own_records::find(link, &reserved.to_string())).unwrap().unwrap();
    let (audience, now) = (pes_domain::Audience::Network, UtcDateTime::now());
    let record = pes_domain::Record { audience, modified: now, ..own.record };
    journal.save(record, pes_store::own_records::Moderation::Published, None, now).unwrap();
    eventually("its file is gone elsewhere", || files(&scene, "mesclun") == 0 && files(&scene, "alliance") == 0).await;
    assert_eq!(mesclun.client.carry(&ask(&theirs)).await.unwrap().status, 404);
}

/// A record that names other bytes than its home serves shows no picture; the next one does.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_what_its_record_names_is_never_shown() {
    let scene = Scene::open().await;
    let (named, form) = brought(&scene, "apeas", 4);
    let good = published(&scene, "apeas", "Le bon", &form, &[]);
    let digest = files::digest(b"other bytes");
    let spoilt = form_of(&Named { digest: digest.clone(), ..named.clone() });
    let bad = published(&scene, "apeas", "Le faux", &spoilt, &[]);
    eventually("the good one is held", || holds(&scene, "mesclun", &good, &named.digest)).await;
    let tried = || known(&scene, "mesclun", &bad, &digest).is_some_and(|named| named.failures > 0);
    eventually("the other one was tried", tried).await;
    assert!(!holds(&scene, "mesclun", &bad, &digest));
    let mut visitor = scene.visitor("mesclun");
    let page = visitor.get(&scene.page_at("mesclun", &bad)).await.unwrap();
    assert!(page.status == 200 && !page.body.contains("src=\"/images/"), "the record is shown without it");
}
