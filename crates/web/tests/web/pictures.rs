//! Pictures of records: sent with a form, described, shown where their record is, and to nobody else.

#[path = "../../../files/tests/files/drawing/mod.rs"]
mod drawing;

use crate::bed::{Bed, Browser, Page};
use drawing::{drawn, jpeg, oversized, png, scene, with_exif};
use pes_domain::{Audience, Kind, RecordIri};
use pes_store::files::{self, Copied};
use pes_store::own_records::Moderation;
use time::UtcDateTime;

type Fields<'a> = &'a [(&'a str, &'a str)];

const ALT: (&str, &str) = ("picture-alt", "Deux personnes réparent un vélo");
const NEW: &str = "/nouveau/structure";

/// Sends a new structure with a picture.
async fn sent(browser: &mut Browser, fields: &[(&str, &str)], bytes: &[u8]) -> Page {
    let form = browser.get(NEW).await.is(200);
    let usual = [("name", "L’Établi"), ALT];
    let usual = usual.iter().filter(|(name, _)| fields.iter().all(|(own, _)| own != name)).copied();
    let fields: Vec<_> = usual.chain(fields.iter().copied()).collect();
    browser.send_file(&form, NEW, &fields, ("picture-file", "photo.jpg", bytes)).await
}

/// Sends it and tells which record it became.
async fn saved(bed: &Bed, browser: &mut Browser, fields: &[(&str, &str)], bytes: &[u8]) -> RecordIri {
    let page = sent(browser, fields, bytes).await.is(303);
    let path = page.header("location").unwrap().split('?').next().unwrap().to_owned();
    RecordIri::read(&format!("{}{path}", bed.origin())).unwrap()
}

/// The addresses of the pictures on a page.
fn images(page: &Page) -> Vec<String> {
    let all = page.body.split("src=\"/images/").skip(1);
    all.map(|rest| format!("/images/{}", rest.split('"').next().unwrap())).collect()
}

fn copy_of(bed: &Bed, iri: &RecordIri) -> Option<Copied> {
    let own = bed.own(iri).unwrap();
    let digest = own.record.body.picture()?.digest.clone();
    bed.journal.store().read(|link| files::find(link, &iri.to_string(), &digest)).unwrap()?.copy
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_is_shown_wherever_its_record_is() {
    let bed = Bed::new().await;
    let mut nora = bed.animator().await;
    let bytes = with_exif(&jpeg(&scene(2_000, 1_000)), 6);
    let iri = saved(&bed, &mut nora, &[], &bytes).await;
    let mut anyone = bed.browser();
    let page = anyone.get(&bed.page(&iri)).await.is(200);
    let copy = copy_of(&bed, &iri).unwrap();
    assert_eq!((copy.width, copy.height), (800, 1_600), "it stands upright");
    let shown = format!("src=\"/images/{}\"", copy.file);
    assert!(page.body.contains(&shown) && page.body.contains("width=\"800\" height=\"1600\""));
    assert!(page.says("alt=\"Deux personnes réparent un vélo\" loading=\"lazy\""));
    let whole = format!("{}/images/{}", bed.origin(), copy.file);
    assert!(page.body.contains(&format!("<meta property=\"og:image\" content=\"{whole}\">")));
    assert!(page.body.contains("\"@type\":\"ImageObject\"") && page.body.contains(&format!("\"url\":\"{whole}\"")));
    let list = anyone.get("/structures").await.is(200);
    assert!(list.body.contains(&format!("src=\"/images/{}\" width=\"240\" height=\"480\"", copy.small)));
    let feed = anyone.get("/structures.atom").await.is(200);
    assert!(feed.body.contains(&whole) && feed.body.contains("rel=\"enclosure\""), "{}", feed.body);
    for file in [&copy.file, &copy.small] {
        let image = anyone.get(&format!("/images/{file}")).await.is(200);
        assert_eq!(image.header("content-type"), Some("image/jpeg"));
        assert_eq!(image.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(image.header("cache-control"), Some("private, max-age=31536000, immutable"));
        assert!(image.header("content-security-policy").unwrap().starts_with("default-src 'none'"));
        assert_eq!(&format!("{}.jpg", files::digest(&image.bytes)), file, "its name is what it is");
        assert!(!image.bytes.windows(4).any(|part| part == b"Exif" || part == b"GPS "), "not where it was taken");
    }
    let told = anyone.get_as(&bed.page(&iri), "text/turtle").await.is(200);
    assert!(told.body.contains(&whole) && told.body.contains("pes:alternativeText"), "{}", told.body);
}

/// Who describes no picture is asked to, and does not have to choose it again.
#[tokio::test(flavor = "multi_thread")]
async fn words_are_asked_for_and_the_picture_stays_meanwhile() {
    let bed = Bed::new().await;
    let mut nora = bed.animator().await;
    let refused =
        sent(&mut nora, &[("picture-alt", " "), ("tagline", "Un atelier")], &jpeg(&scene(600, 400))).await.is(422);
    assert!(refused.says("Décrivez l’image en une phrase, pour les personnes qui ne la voient pas."));
    assert_eq!(refused.value(NEW, "tagline").as_deref(), Some("Un atelier"));
    let preview = images(&refused).pop().unwrap();
    nora.get(&preview).await.is(200);
    bed.browser().get(&preview).await.is(404);
    bed.member("Zoé").await.get(&preview).await.is(404);
    let page = nora.send(&refused, NEW, &[ALT]).await.is(303);
    let iri =
        RecordIri::read(&format!("{}{}", bed.origin(), page.header("location").unwrap().split('?').next().unwrap()));
    let copy = copy_of(&bed, &iri.unwrap()).unwrap();
    assert_eq!((copy.width, preview), (600, format!("/images/{}", copy.small)));
    bed.browser().get(&format!("/images/{}", copy.file)).await.is(200);
    // Words without a picture say which is missing.
    let alone = nora.fill(NEW, &[("name", "Le Lopin"), ALT]).await.is(422);
    assert!(alone.says("Choisissez l’image que vous décrivez, ou effacez sa description."));
    nora.fill(NEW, &[("name", "Le Lopin")]).await.is(303);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_picture_is_said_beside_the_field_and_nothing_else_is_lost() {
    let bed = Bed::new().await;
    let mut nora = bed.animator().await;
    let heavy = vec![0xff; 5_000_001];
    for (bytes, sentence) in [
        (b"<svg><script>alert(1)</script></svg>".as_slice(), "Ce fichier n’est pas une image que nous savons lire."),
        (&jpeg(&scene(90, 90))[..400], "Ce fichier n’est pas une image que nous savons lire."),
        (&heavy, "Ce fichier est trop lourd : une image pèse au plus 5 Mo."),
        (
            &oversized::png(60_000, 60_000, 8),
            "Cette image est trop grande : elle compte au plus 40 millions de points.",
        ),
    ] {
        let refused = sent(&mut nora, &[("tagline", "Un atelier"), ("founded", "2012")], bytes).await.is(422);
        assert!(refused.says(sentence), "{sentence}");
        assert!(!refused.says("Choisissez l’image que vous décrivez"), "one sentence is enough");
        for (field, value) in [("tagline", "Un atelier"), ("founded", "2012"), ALT] {
            assert_eq!(refused.value(NEW, field).as_deref(), Some(value), "{field}");
        }
        assert!(images(&refused).is_empty());
    }
    // With it, all else that is wrong.
    let refused = sent(&mut nora, &[("name", ""), ("rna", "x")], b"nothing").await.is(422);
    assert!(refused.says("Ce fichier n’est pas une image") && refused.body.contains("#champ-rna"));
    assert_eq!((bed.all(Kind::Structure, Moderation::Published).len(), bed.files()), (0, 0));
    // A browser sends an empty file where none was chosen.
    let form = nora.get(NEW).await;
    nora.send_file(&form, NEW, &[("name", "Le Lopin")], ("picture-file", "", b"")).await.is(303);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_is_replaced_described_anew_and_removed() {
    let bed = Bed::new().await;
    let mut nora = bed.animator().await;
    let iri = saved(&bed, &mut nora, &[], &jpeg(&scene(900, 600))).await;
    let (first, edit) = (copy_of(&bed, &iri).unwrap(), format!("{}/modifier", bed.page(&iri)));
    assert_eq!((bed.tidy(), bed.files()), (0, 2));
    // Saved without touching it, it stays; with other words it is the same picture.
    nora.fill(&edit, &[("picture-alt", "Un atelier de vélos")]).await.is(303);
    assert_eq!((copy_of(&bed, &iri), bed.tidy(), bed.files()), (Some(first.clone()), 0, 2));
    assert!(bed.browser().get(&bed.page(&iri)).await.says("alt=\"Un atelier de vélos\""));
    // What cannot be read does not push out what stands.
    let form = nora.get(&edit).await;
    let refused = nora.send_file(&form, &edit, &[], ("picture-file", "a.jpg", b"no")).await.is(422);
    assert_eq!(images(&refused), [format!("/images/{}", first.small)]);
    let form = nora.get(&edit).await;
    nora.send_file(&form, &edit, &[], ("picture-file", "b.png", &png(&drawn(500, 500)))).await.is(303);
    let second = copy_of(&bed, &iri).unwrap();
    assert_ne!(first.file, second.file);
    bed.browser().get(&format!("/images/{}", first.file)).await.is(404);
    assert_eq!((bed.tidy(), bed.files()), (2, 2));
    nora.fill(&edit, &[("picture-remove", "on")]).await.is(303);
    assert!(bed.own(&iri).unwrap().record.body.picture().is_none());
    assert!(images(&bed.browser().get(&bed.page(&iri)).await).is_empty());
    bed.browser().get(&format!("/images/{}", second.file)).await.is(404);
    assert_eq!((bed.tidy(), bed.files()), (2, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_only_some_may_see_is_absent_for_others() {
    let bed = Bed::new().await;
    let mut nora = bed.animator().await;
    let (mut citizen, mut member) = (bed.citizen("Ali").await, bed.member("Zoé").await);
    for (audience, for_member) in [("network", 200), ("affiliates", 200), ("private", 404)] {
        let bytes = jpeg(&drawn(500 + for_member + audience.len() as u32, 300));
        let iri = saved(&bed, &mut nora, &[("name", audience), ("audience", audience)], &bytes).await;
        let copy = copy_of(&bed, &iri).unwrap();
        for file in [copy.file, copy.small] {
            let path = format!("/images/{file}");
            bed.browser().get(&path).await.is(404);
            citizen.get(&path).await.is(404);
            member.get(&path).await.is(for_member as u16);
            let own = nora.get(&path).await.is(200);
            assert_eq!(own.header("cache-control"), Some("private, no-cache"), "signed out, one sees it no more");
        }
    }
    // What waits for an animator is its author's and theirs.
    let iri = saved(&bed, &mut citizen, &[], &jpeg(&scene(640, 480))).await;
    assert_eq!(bed.own(&iri).unwrap().moderation, Moderation::Proposed);
    let path = format!("/images/{}", copy_of(&bed, &iri).unwrap().file);
    for (browser, status) in [(&mut citizen, 200), (&mut nora, 200), (&mut member, 404)] {
        browser.get(&path).await.is(status);
    }
    bed.browser().get(&path).await.is(404);
}

/// A name in a form is not a way to what one may not see, nor to publish it.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_shows_another_s_picture_by_its_name() {
    let bed = Bed::new().await;
    let mut nora = bed.animator().await;
    let secret = saved(&bed, &mut nora, &[("audience", "private")], &jpeg(&scene(700, 500))).await;
    let own = bed.own(&secret).unwrap();
    let named = own.record.body.picture().unwrap().to_form();
    let mut marie = bed.member("Marie").await;
    for forged in [named.clone(), named.replace("image/jpeg", "text/html"), "https://a.test/x 1 2 3".into(), "x".into()]
    {
        let refused = marie.fill(NEW, &[("name", "Le Lopin"), ALT, ("picture", &forged)]).await.is(422);
        assert!(refused.says("choisissez-la de nouveau") && images(&refused).is_empty(), "{forged}");
    }
    let path = format!("/images/{}", copy_of(&bed, &secret).unwrap().file);
    marie.get(&path).await.is(404);
    // Whoever sends the same bytes shows their own.
    let own = saved(&bed, &mut marie, &[("name", "Le Lopin")], &jpeg(&scene(700, 500))).await;
    assert_eq!(format!("/images/{}", copy_of(&bed, &own).unwrap().file), path);
    marie.get(&path).await.is(200);
    for bad in
        ["/images/", "/images/x", "/images/..%2fpes.db", &path.replace(".jpg", ".png"), &path.replace(".jpg", "")]
    {
        marie.get(bad).await.is(404);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_record_takes_its_picture_along() {
    let bed = Bed::new().await;
    let mut nora = bed.animator().await;
    let iri = saved(&bed, &mut nora, &[], &jpeg(&scene(900, 600))).await;
    let path = format!("/images/{}", copy_of(&bed, &iri).unwrap().file);
    let rebuilt = bed.journal.rebuild().unwrap();
    assert!(rebuilt > 0 && bed.tidy() == 0, "a rebuild loses none");
    bed.browser().get(&path).await.is(200);
    let form = nora.get(&format!("{}/modifier", bed.page(&iri))).await;
    nora.send(&form, &format!("{}/retirer", bed.page(&iri)), &[]).await.is(303);
    bed.browser().get(&path).await.is(404);
    assert_eq!(bed.tidy(), 0, "a draft keeps it");
    nora.get(&path).await.is(200);
    nora.fill(&format!("{}/supprimer", bed.page(&iri)), &[]).await.is(200);
    bed.browser().get(&path).await.is(404);
    assert_eq!((bed.tidy(), bed.files()), (2, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_button_pressed_twice_keeps_one_file() {
    let bed = Bed::new().await;
    let mut nora = bed.animator().await;
    let form = nora.get(NEW).await;
    let bytes = jpeg(&scene(900, 600));
    let (fields, file) = ([("name", "L’Établi"), ALT], ("picture-file", "a.jpg", bytes.as_slice()));
    nora.send_file(&form, NEW, &fields, file).await.is(303);
    let asked = nora.send_file(&form, NEW, &fields, file).await.is(200);
    assert!(asked.says("Est-ce l’une de celles-ci ?") && bed.all(Kind::Structure, Moderation::Published).len() == 1);
    nora.send(&asked, NEW, &[]).await.is(303);
    let both = bed.all(Kind::Structure, Moderation::Published);
    assert_eq!((both.len(), bed.files()), (2, 2));
    bed.journal.delete(&both[0].record.iri, None, UtcDateTime::now()).unwrap();
    assert_eq!((bed.tidy(), bed.files()), (0, 2), "the other one still shows it");
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_bring_no_files_and_forged_forms_none_either() {
    let bed = Bed::new().await;
    let mut nora = bed.animator().await;
    let (form, bytes) = (nora.get(NEW).await, jpeg(&scene(300, 200)));
    let file = ("picture-file", "a.jpg", bytes.as_slice());
    bed.browser().send_file(&form, NEW, &[("name", "X"), ALT], file).await.is(401);
    nora.send_file(&form, NEW, &[("name", "X"), ALT, ("csrf", "forged")], file).await.is(403);
    let endless = vec![0; 33 * 1024 * 1024];
    let refused = nora.send_file(&form, NEW, &[("name", "X"), ALT], ("picture-file", "a.jpg", &endless)).await;
    assert_eq!(refused.status, 413, "{}", refused.head);
    assert!(refused.says("Le fichier joint est trop lourd"), "{}", refused.body);
    let long = "x".repeat(300 * 1024);
    nora.send_file(&form, NEW, &[("name", &long), ALT], file).await.is(413);
    for (media_type, body) in [
        ("multipart/form-data", "x"),
        ("multipart/form-data; boundary=limite", "x"),
        ("multipart/form-data; boundary=limite", "--limite\r\n\r\nx\r\n--limite--\r\n"),
        ("multipart/form-data; boundary=limite", "--limite\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\nx"),
    ] {
        let refused = nora.request("POST", NEW, &[("Content-Type", media_type)], body.as_bytes()).await;
        assert!(matches!(refused.status, 403 | 422), "{body}: {}", refused.head);
    }
    // A file that nobody asked for is let go.
    nora.send_file(&form, NEW, &[("name", "Le Lopin")], ("other-file", "a.jpg", &bytes)).await.is(303);
    assert_eq!((bed.all(Kind::Structure, Moderation::Published).len(), bed.files()), (1, 0));
}

/// Each kind that has pictures asks for them, and carries what it got.
#[tokio::test(flavor = "multi_thread")]
async fn every_kind_that_has_pictures_takes_one() {
    let bed = Bed::new().await;
    let mut nora = bed.animator().await;
    let forms: [(&str, Kind, Fields<'_>); 4] = [
        ("annonce", Kind::Exchange, &[("direction", "offer"), ("type", "product"), ("title", "Deux vélos cargo")]),
        ("produit", Kind::Product, &[("title", "Paniers"), ("provider-label", "Le Lopin")]),
        ("actualite", Kind::Article, &[("title", "Un atelier ouvre")]),
        (
            "evenement",
            Kind::Event,
            &[("title", "Fête"), ("organisers-label", "Le Lopin"), ("occurrence-date", "2099-06-01")],
        ),
    ];
    for (slug, kind, fields) in forms {
        let path = format!("/nouveau/{slug}");
        let form = nora.get(&path).await.is(200);
        let fields = [fields, &[ALT]].concat();
        let file = ("picture-file", "a.jpg", jpeg(&scene(900, 600)));
        nora.send_file(&form, &path, &fields, (file.0, file.1, &file.2)).await.is(303);
        let own = bed.all(kind, Moderation::Published).pop().unwrap();
        assert_eq!(own.record.body.picture().unwrap().alt, ALT.1, "{slug}");
        let page = bed.browser().get(&bed.page(&own.record.iri)).await.is(200);
        assert_eq!(images(&page).len(), 1, "{slug}");
    }
    for slug in ["emploi", "appel", "ressource"] {
        assert!(!nora.get(&format!("/nouveau/{slug}")).await.is(200).body.contains("picture-file"), "{slug}");
    }
}

/// A structure that another network takes in brings its picture: it lies at its new home from then on, and stays when the old one ends its sheet.
#[tokio::test(flavor = "multi_thread")]
async fn a_picture_moves_with_its_structure() {
    let bed = Bed::new().await;
    let other = bed.elsewhere();
    let bytes = jpeg(&scene(900, 600));
    let digest = files::digest(&bytes);
    let form = format!("https://ailleurs.test/images/{digest}.jpg {digest} image/jpeg {}", bytes.len());
    let old = other.publish(Kind::Structure, &[("name", "La Halte"), ("picture", &form), ALT]);
    bed.hears(&other);
    let due = bed.cabinet.due(bed.origin(), UtcDateTime::now().unix_timestamp()).unwrap();
    bed.cabinet.hold(&due[0], &bytes).unwrap();
    let mut nora = bed.animator().await;
    nora.fill(&format!("{}/accueillir", bed.page(&old)), &[]).await.is(303);
    let new = bed.all(Kind::Structure, Moderation::Published).remove(0).record;
    let picture = new.body.picture().unwrap().clone();
    assert_eq!(picture.alt, ALT.1);
    assert!(picture.address.starts_with(&format!("{}/images/", bed.origin())), "{}", picture.address);
    other.journal.delete(&old, Some(new.iri.clone()), UtcDateTime::now()).unwrap();
    bed.hears(&other);
    bed.tidy();
    let mut anyone = bed.browser();
    let page = anyone.get(&bed.page(&new.iri)).await.is(200);
    let path = images(&page).pop().unwrap();
    assert_eq!(picture.address, format!("{}{path}", bed.origin()));
    let served = anyone.get(&path).await.is(200);
    assert_eq!(
        (files::digest(&served.bytes), served.bytes.len() as u64),
        (picture.digest, picture.size),
        "who fetches it finds what its record says"
    );
    assert_eq!(served.header("content-type"), Some(picture.media_type.as_str()));
}

/// What another network tells of is shown once it is held here, and as long as its record is.
#[tokio::test(flavor = "multi_thread")]
async fn a_picture_from_elsewhere_is_shown_once_it_is_held() {
    let bed = Bed::new().await;
    let other = bed.elsewhere();
    let bytes = jpeg(&scene(900, 600));
    let digest = files::digest(&bytes);
    let form = format!("https://ailleurs.test/images/{digest}.jpg {digest} image/jpeg {}", bytes.len());
    let iri = other.publish(Kind::Structure, &[("name", "La Halte"), ("picture", &form), ALT]);
    bed.hears(&other);
    let mut anyone = bed.browser();
    let page = anyone.get(&bed.page(&iri)).await.is(200);
    assert!(images(&page).is_empty() && !page.body.contains("og:image"), "nothing is held yet");
    let now = UtcDateTime::now().unix_timestamp();
    let due = bed.cabinet.due(bed.origin(), now).unwrap();
    assert_eq!((due.len(), due[0].digest.as_str()), (1, digest.as_str()));
    bed.cabinet.hold(&due[0], &bytes).unwrap();
    assert!(bed.cabinet.due(bed.origin(), now).unwrap().is_empty());
    let page = anyone.get(&bed.page(&iri)).await.is(200);
    let path = images(&page).pop().unwrap();
    assert!(!path.contains(&digest), "made anew here, it is another file");
    assert!(page.body.contains(&format!("content=\"{}{path}\"", bed.origin())), "and it is served from here");
    assert_ne!(anyone.get(&path).await.is(200).bytes, bytes);
    let mut nora = bed.animator().await;
    let hidden = [("record", iri.to_string()), ("decision", "hide".into()), ("reason", "Image choquante".into())];
    let csrf = nora.get(&bed.page(&iri)).await.value("/reseau/masquer", "csrf").unwrap();
    let fields = [&[("csrf", csrf)], hidden.as_slice()].concat();
    let fields: Vec<(String, String)> = fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    nora.post("/reseau/masquer", &fields, &[]).await;
    anyone.get(&path).await.is(404);
    nora.get(&path).await.is(200);
    other.journal.delete(&iri, None, UtcDateTime::now()).unwrap();
    bed.hears(&other);
    nora.get(&path).await.is(404);
    assert_eq!((bed.tidy(), bed.files()), (2, 0));
}

/// Two people change one record: the second sees that the picture is another now, and loses none of theirs.
#[tokio::test(flavor = "multi_thread")]
async fn who_comes_late_sees_that_the_picture_is_another() {
    let bed = Bed::new().await;
    let mut nora = bed.animator().await;
    let iri = saved(&bed, &mut nora, &[], &jpeg(&scene(900, 600))).await;
    let edit = format!("{}/modifier", bed.page(&iri));
    let late = nora.get(&edit).await;
    let form = nora.get(&edit).await;
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    nora.send_file(&form, &edit, &[], ("picture-file", "b.jpg", &jpeg(&scene(400, 300)))).await.is(303);
    let mine = nora.send_file(&late, &edit, &[], ("picture-file", "c.jpg", &jpeg(&scene(300, 400)))).await.is(409);
    assert!(mine.says("une autre image"));
    nora.send(&mine, &edit, &[]).await.is(303);
    assert_eq!(copy_of(&bed, &iri).unwrap().height, 400, "mine, since I looked at both");
    assert_eq!(bed.own(&iri).unwrap().record.audience, Audience::Public);
}

/// What is published with an entry is seen by who publishes it: its picture, and that it is another one than before.
#[tokio::test(flavor = "multi_thread")]
async fn who_reads_a_proposal_sees_its_picture() {
    let bed = Bed::new().await;
    let (mut nora, mut jo) = (bed.animator().await, bed.citizen("Jo").await);
    let iri = saved(&bed, &mut jo, &[], &jpeg(&scene(900, 600))).await;
    let queue = nora.get("/reseau/a-relire").await.is(200);
    let first = copy_of(&bed, &iri).unwrap();
    assert_eq!(images(&queue), [format!("/images/{}", first.small)]);
    nora.get(&images(&queue)[0]).await.is(200);
    let own = bed.own(&iri).unwrap();
    bed.journal.save(own.record.clone(), Moderation::Published, None, UtcDateTime::now()).unwrap();
    bed.journal.save(own.record, Moderation::Draft, None, UtcDateTime::now()).unwrap();
    let edit = format!("{}/modifier", bed.page(&iri));
    let form = jo.get(&edit).await.is(200);
    jo.send_file(&form, &edit, &[ALT], ("picture-file", "b.jpg", &jpeg(&scene(700, 700)))).await.is(303);
    let second = copy_of(&bed, &iri).unwrap();
    let queue = nora.get("/reseau/a-relire").await.is(200);
    assert_eq!(images(&queue), [format!("/images/{}", second.small)]);
    assert!(!queue.says("Rien n’a changé"), "the same words, another picture");
    assert!(queue.body.contains(&first.file[..12]) && queue.body.contains(&second.file[..12]), "{}", queue.body);
}
