//! Files of documents: sent with a form, given to whoever sees their record and to nobody else, never opened in a page.

#[path = "../../../files/tests/files/office/mod.rs"]
mod office;

use crate::bed::{Bed, Browser, Page};
use office::{one_of_each, open_xml, pdf};
use pes_domain::{Kind, RecordIri};
use pes_files::Sort;
use pes_store::files;
use pes_store::own_records::Moderation;
use time::UtcDateTime;

type Fields<'a> = &'a [(&'a str, &'a str)];

const NEW: &str = "/nouveau/ressource";
const FILE: &str = "document-file";
const NAME: &str = "Guide de l’atelier.pdf";

/// Sends a new document with a file.
async fn sent(browser: &mut Browser, fields: Fields<'_>, (name, bytes): (&str, &[u8])) -> Page {
    let form = browser.get(NEW).await.is(200);
    let usual = [("title", "Monter un atelier"), ("document-kind", "guide")];
    let usual = usual.iter().filter(|(name, _)| fields.iter().all(|(own, _)| own != name)).copied();
    let fields: Vec<_> = usual.chain(fields.iter().copied()).collect();
    browser.send_file(&form, NEW, &fields, (FILE, name, bytes)).await
}

fn became(bed: &Bed, page: &Page) -> RecordIri {
    let path = page.header("location").unwrap().split('?').next().unwrap();
    RecordIri::read(&format!("{}{path}", bed.origin())).unwrap()
}

/// Sends it and tells which record it became.
async fn saved(bed: &Bed, browser: &mut Browser, fields: Fields<'_>, file: (&str, &[u8])) -> RecordIri {
    became(bed, &sent(browser, fields, file).await.is(303))
}

/// Where a file is had, by its bytes.
fn path(ending: &str, bytes: &[u8]) -> String {
    format!("/fichiers/{}.{ending}", files::digest(bytes))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_had_wherever_its_record_is() {
    let bed = Bed::new().await;
    let mut nora = bed.animator().await;
    let mut bytes = pdf("un guide");
    bytes.resize(1_234_567, b' ');
    let iri = saved(&bed, &mut nora, &[], (NAME, &bytes)).await;
    let (mut anyone, path) = (bed.browser(), path("pdf", &bytes));
    for page in [bed.page(&iri), "/ressources".to_owned()] {
        let page = anyone.get(&page).await.is(200);
        assert!(page.says("Télécharger (PDF, 1,2 Mo)") && page.says(NAME), "{}", page.body);
        assert!(page.body.contains(&format!("href=\"{path}\"")));
    }
    let file = anyone.get(&path).await.is(200);
    assert_eq!(file.bytes, bytes, "as it came");
    assert_eq!(file.header("content-type"), Some("application/pdf"));
    assert_eq!(file.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(file.header("cache-control"), Some("private, max-age=31536000, immutable"));
    let policies = file.headers("content-security-policy");
    assert_eq!(policies.len(), 1);
    assert!(policies[0].contains("sandbox; default-src 'none'"), "{policies:?}");
    let packed = anyone.request("GET", &path, &[("Accept-Encoding", "gzip")], b"").await.is(200);
    assert!(packed.header("content-encoding") != Some("gzip") && packed.bytes == bytes, "not packed twice");
    let saved_as = file.header("content-disposition").unwrap();
    assert!(saved_as.starts_with("attachment; filename=\"Guide de l_atelier.pdf\"; filename*="), "{saved_as}");
    let whole = format!("{}{path}", bed.origin());
    let page = anyone.get(&bed.page(&iri)).await;
    assert!(
        page.body.contains("\"@type\":\"MediaObject\"") && page.body.contains(&format!("\"contentUrl\":\"{whole}\""))
    );
    let feed = anyone.get("/ressources.atom").await.is(200);
    assert!(feed.body.contains(&whole) && feed.body.contains("length=\"1234567\""), "{}", feed.body);
    let told = anyone.get_as(&bed.page(&iri), "text/turtle").await.is(200);
    assert!(told.body.contains(&whole) && told.body.contains("pes:file") && told.body.contains(NAME), "{}", told.body);
    // Neither door opens the other's files.
    anyone.get(&path.replace("fichiers", "images")).await.is(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_sort_that_is_taken_is_given_as_what_it_is() {
    let bed = Bed::new().await;
    let (mut nora, mut anyone) = (bed.animator().await, bed.browser());
    for (ending, bytes) in one_of_each() {
        let name = format!("Mes documents/Statuts.{}", ending.to_uppercase());
        let iri = saved(&bed, &mut nora, &[("title", ending)], (&name, &bytes)).await;
        let file = bed.own(&iri).unwrap().record.body.file().unwrap().clone();
        let sort = Sort::of_ending(ending).unwrap();
        assert_eq!((file.name, file.media_type.as_str()), (format!("Statuts.{ending}"), sort.media_type()));
        let given = anyone.get(&path(ending, &bytes)).await.is(200);
        assert_eq!((given.bytes, given.head.contains(sort.media_type())), (bytes, true), "{ending}");
        let form = nora.get(&format!("{}/modifier", bed.page(&iri))).await.is(200);
        assert!(form.says(&format!("Statuts.{ending}</a>")), "{ending}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_taken_is_said_beside_the_field_and_nothing_else_is_lost() {
    let bed = Bed::new().await;
    let mut nora = bed.animator().await;
    let heavy = vec![b'x'; 10_000_001];
    let macros = open_xml("word/document.xml", &[("word/vbaProject.bin", true, b"x")]);
    let whole = pdf("x");
    for (name, bytes, sentence) in [
        ("page.html", b"<script>alert(1)</script>".as_slice(), "Nous ne prenons pas ce type de fichier."),
        ("dessin.svg", b"<svg><script>alert(1)</script></svg>", "Nous ne prenons pas ce type de fichier."),
        ("jeu.exe", b"MZ\x90\x00", "Nous ne prenons pas ce type de fichier."),
        ("archive.zip", b"PK\x03\x04", "Nous ne prenons pas ce type de fichier."),
        ("guide.docx", &whole, "Ce fichier n’est pas ce que son nom annonce"),
        ("guide.pdf", b"<!doctype html><p>x", "Ce fichier n’est pas ce que son nom annonce"),
        ("guide.docx", &macros, "Ce fichier contient des macros"),
        ("guide.docm", &macros, "Ce fichier contient des macros"),
        ("notes.txt", b"\xff\xfea\x00b\x00", "il faut du texte simple, en UTF-8 ou en Windows-1252"),
        ("notes.txt", b"<3 le marais", "et non une page web (rien qui commence par « < »)"),
        ("guide.pdf", b"", "Ce fichier est vide."),
        ("guide.pdf", &heavy, "Ce fichier est trop lourd : il pèse au plus 10 Mo."),
    ] {
        let typed = [("description", "Pas à pas."), ("price", "prix libre"), ("link", "https://exemple.fr/")];
        let refused = sent(&mut nora, &typed, (name, bytes)).await.is(422);
        assert!(refused.says(sentence) && refused.body.contains("href=\"#champ-file\""), "{name}: {sentence}");
        for (field, value) in typed {
            assert_eq!(refused.value(NEW, field).as_deref(), Some(value), "{field}");
        }
        // Without a link one sentence is enough.
        let refused = sent(&mut nora, &[], (name, bytes)).await.is(422);
        assert!(refused.says(sentence) && !refused.says("Donnez l’adresse de la ressource"), "{name}");
    }
    assert_eq!((bed.all(Kind::Document, Moderation::Published).len(), bed.files()), (0, 0));
}

/// A stranger has room for little, a member for more; who has given too much is told what to do, and may replace what they gave.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_fills_the_disks_of_all_networks() {
    let bed = Bed::new().await;
    let mut jo = bed.citizen("Jo").await;
    let padded = |word: &str, size: usize| {
        let mut bytes = pdf(word);
        bytes.resize(size, b' ');
        bytes
    };
    // What was sent and never saved takes nobody's room.
    sent(&mut jo, &[("title", "")], (NAME, &padded("un", 6_000_000))).await.is(422);
    let iri = saved(&bed, &mut jo, &[], (NAME, &padded("deux", 6_000_000))).await;
    let typed = [("link", "https://exemple.fr/"), ("description", "Pas à pas.")];
    let refused = sent(&mut jo, &typed, (NAME, &padded("trois", 4_000_001))).await.is(422);
    assert!(refused.says("tous vos fichiers ensemble pèsent au plus 10 Mo"), "{}", refused.body);
    assert!(refused.says("Retirez-en un d’une ressource plus ancienne, ou donnez ici un lien"));
    for (field, value) in typed {
        assert_eq!(refused.value(NEW, field).as_deref(), Some(value), "{field}");
    }
    let edit = format!("{}/modifier", bed.page(&iri));
    let form = jo.get(&edit).await.is(200);
    jo.send_file(&form, &edit, &[], (FILE, NAME, &padded("mieux", 9_000_000))).await.is(303);
    let mut zoe = bed.member("Zoé").await;
    for word in ["un", "deux"] {
        saved(&bed, &mut zoe, &[("title", word)], (NAME, &padded(word, 9_000_000))).await;
    }
}

/// A link, a file or both; and neither is said as before.
#[tokio::test(flavor = "multi_thread")]
async fn a_document_is_a_link_a_file_or_both() {
    let bed = Bed::new().await;
    let mut nora = bed.animator().await;
    let refused = sent(&mut nora, &[], ("", b"")).await.is(422);
    assert!(refused.says("Donnez l’adresse de la ressource, ou joignez-la en fichier."));
    let (link, bytes) = (("link", "https://exemple.fr/guide"), pdf("x"));
    for (fields, file, expected) in [
        (&[link][..], ("", b"".as_slice()), (true, false)),
        (&[], ("a.pdf", &bytes), (false, true)),
        (&[link], ("a.pdf", &bytes), (true, true)),
    ] {
        let iri = saved(&bed, &mut nora, fields, file).await;
        let page = bed.browser().get(&bed.page(&iri)).await.is(200);
        assert_eq!((page.body.contains(link.1), page.body.contains("/fichiers/")), expected);
    }
}

/// With something else wrong, the file is not to be chosen again; until it is saved it is its sender's alone.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_stays_while_the_rest_is_mended() {
    let bed = Bed::new().await;
    let mut nora = bed.animator().await;
    let bytes = pdf("x");
    let refused = sent(&mut nora, &[("title", "")], (NAME, &bytes)).await.is(422);
    assert!(refused.says(NAME) && refused.says("(PDF, 77 octets)"), "{}", refused.body);
    let path = path("pdf", &bytes);
    nora.get(&path).await.is(200);
    bed.browser().get(&path).await.is(404);
    bed.member("Zoé").await.get(&path).await.is(404);
    let iri = became(&bed, &nora.send(&refused, NEW, &[("title", "Monter un atelier")]).await.is(303));
    assert_eq!(bed.own(&iri).unwrap().record.body.file().unwrap().name, NAME);
    bed.browser().get(&path).await.is(200);
}

/// A form that lay open for days names a file that is gone: it is not saved without it, and what was typed stays.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_waits_no_more_is_asked_for_again() {
    let bed = Bed::new().await;
    let mut nora = bed.animator().await;
    let link = ("link", "https://exemple.fr/");
    let form = sent(&mut nora, &[("title", ""), link], (NAME, &pdf("x"))).await.is(422);
    bed.cabinet.tidy(UtcDateTime::now().unix_timestamp() + 2 * 24 * 60 * 60).unwrap();
    let typed = [("title", "Monter un atelier"), ("description", "Pas à pas.")];
    let refused = nora.send(&form, NEW, &typed).await.is(422);
    assert!(refused.says("Ce fichier n’est plus là : choisissez-le de nouveau."), "{}", refused.body);
    assert!(refused.body.contains("href=\"#champ-file\"") && !refused.says(NAME));
    for (field, value) in [typed[0], typed[1], link] {
        assert_eq!(refused.value(NEW, field).as_deref(), Some(value), "{field}");
    }
    // What a record has already stays, whatever a form names.
    let iri = became(&bed, &nora.send_file(&refused, NEW, &[], (FILE, NAME, &pdf("x"))).await.is(303));
    let edit = format!("{}/modifier", bed.page(&iri));
    let gone = form.value(NEW, "file").unwrap().replace("pdf ", "pdf 9");
    let refused = nora.fill(&edit, &[("file", &gone)]).await.is(422);
    assert!(refused.says("choisissez-le de nouveau") && refused.says(NAME), "{}", refused.body);
    nora.send(&refused, &edit, &[]).await.is(303);
    assert!(bed.own(&iri).unwrap().record.body.file().is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_replaced_and_removed() {
    let bed = Bed::new().await;
    let (mut nora, mut anyone) = (bed.animator().await, bed.browser());
    let (first, second) = (pdf("un"), open_xml("word/document.xml", &[]));
    let iri = saved(&bed, &mut nora, &[], (NAME, &first)).await;
    let edit = format!("{}/modifier", bed.page(&iri));
    // Saved without touching it, it stays; and so it does when what comes instead is not taken.
    nora.fill(&edit, &[("price", "prix libre")]).await.is(303);
    let form = nora.get(&edit).await;
    let refused = nora.send_file(&form, &edit, &[], (FILE, "a.pdf", b"no")).await.is(422);
    assert!(refused.says(NAME));
    anyone.get(&path("pdf", &first)).await.is(200);
    let form = nora.get(&edit).await;
    nora.send_file(&form, &edit, &[], (FILE, "b.docx", &second)).await.is(303);
    anyone.get(&path("pdf", &first)).await.is(404);
    anyone.get(&path("docx", &second)).await.is(200);
    assert_eq!((bed.tidy(), bed.files()), (1, 1));
    let neither = nora.fill(&edit, &[("file-remove", "on")]).await.is(422);
    assert!(neither.says("Donnez l’adresse de la ressource"));
    nora.fill(&edit, &[("file-remove", "on"), ("link", "https://exemple.fr/")]).await.is(303);
    anyone.get(&path("docx", &second)).await.is(404);
    assert!(!anyone.get(&bed.page(&iri)).await.is(200).body.contains("/fichiers/"));
    assert_eq!((bed.tidy(), bed.files()), (1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_only_some_may_see_is_absent_for_others() {
    let bed = Bed::new().await;
    let mut nora = bed.animator().await;
    let (mut citizen, mut member) = (bed.citizen("Ali").await, bed.member("Zoé").await);
    for (audience, for_member) in [("network", 200), ("affiliates", 200), ("private", 404)] {
        let bytes = pdf(audience);
        saved(&bed, &mut nora, &[("title", audience), ("audience", audience)], (NAME, &bytes)).await;
        let path = path("pdf", &bytes);
        bed.browser().get(&path).await.is(404);
        citizen.get(&path).await.is(404);
        member.get(&path).await.is(for_member);
        let own = nora.get(&path).await.is(200);
        assert_eq!(own.header("cache-control"), Some("private, no-cache"), "signed out, one has it no more");
    }
    // What waits for an animator is its author's and theirs.
    let bytes = pdf("proposé");
    let iri = saved(&bed, &mut citizen, &[], (NAME, &bytes)).await;
    assert_eq!(bed.own(&iri).unwrap().moderation, Moderation::Proposed);
    for (browser, status) in [(&mut citizen, 200), (&mut nora, 200), (&mut member, 404)] {
        browser.get(&path("pdf", &bytes)).await.is(status);
    }
    let queue = nora.get("/reseau/a-relire").await.is(200);
    assert!(queue.body.contains(&path("pdf", &bytes)) && queue.says(NAME), "who publishes it looks at it first");
}

/// A name in a form is not a way to what one may not see, nor to publish it under another's name.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_gives_another_s_file_by_its_name() {
    let bed = Bed::new().await;
    let mut nora = bed.animator().await;
    let bytes = pdf("secret");
    let secret = saved(&bed, &mut nora, &[("audience", "private")], (NAME, &bytes)).await;
    let named = bed.own(&secret).unwrap().record.body.file().unwrap().to_form();
    let mut marie = bed.member("Marie").await;
    let typed = [("title", "Le mien"), ("document-kind", "guide")];
    for forged in [named.clone(), named.replace("application/pdf", "text/html"), "https://a.test/x 1 a/b 3 x".into()] {
        let refused = marie.fill(NEW, &[&typed[..], &[("file", &forged)]].concat()).await.is(422);
        assert!(refused.says("choisissez-le de nouveau") && !refused.says(NAME), "{forged}");
    }
    marie.get(&path("pdf", &bytes)).await.is(404);
    // Whoever sends the same bytes gives their own, under their own name, which says what it is.
    let refused = sent(&mut marie, &[("title", "")], ("mien.pdf", &bytes)).await.is(422);
    let own = refused.value(NEW, "file").unwrap();
    let exe = own.replace("mien.pdf", "mien.exe");
    let refused = marie.send(&refused, NEW, &[("title", "Le mien"), ("file", &exe)]).await.is(422);
    assert!(!refused.says("mien.exe"));
    let iri = became(&bed, &marie.send(&refused, NEW, &[("title", "Le mien"), ("file", &own)]).await.is(303));
    let given = marie.get(&path("pdf", &bytes)).await.is(200);
    assert!(given.header("content-disposition").unwrap().contains("mien.pdf"), "{}", given.head);
    assert_eq!(bed.own(&iri).unwrap().record.body.file().unwrap().name, "mien.pdf");
    let whole = path("pdf", &bytes);
    for bad in [
        "/fichiers/",
        "/fichiers/x",
        "/fichiers/..%2fpes.db",
        &whole.replace(".pdf", ".odt"),
        &whole.replace(".pdf", ""),
    ] {
        marie.get(bad).await.is(404);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawn_or_deleted_record_gives_its_file_no_more() {
    let bed = Bed::new().await;
    let mut nora = bed.animator().await;
    let bytes = pdf("x");
    let iri = saved(&bed, &mut nora, &[], (NAME, &bytes)).await;
    let path = path("pdf", &bytes);
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
    nora.get(&path).await.is(404);
    assert_eq!((bed.tidy(), bed.files()), (1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_bring_no_files_and_forged_forms_none_either() {
    let bed = Bed::new().await;
    let mut nora = bed.animator().await;
    let (form, bytes) = (nora.get(NEW).await, pdf("x"));
    let (fields, file) = ([("title", "X"), ("document-kind", "guide")], (FILE, "a.pdf", bytes.as_slice()));
    bed.browser().send_file(&form, NEW, &fields, file).await.is(401);
    nora.send_file(&form, NEW, &[&fields[..], &[("csrf", "forged")]].concat(), file).await.is(403);
    // A kind that has no file lets it go.
    let form = nora.get("/nouveau/structure").await;
    nora.send_file(&form, "/nouveau/structure", &[("name", "L’Établi")], file).await.is(303);
    bed.tidy();
    assert!(bed.all(Kind::Structure, Moderation::Published)[0].record.body.attached().next().is_none());
    bed.browser().get(&path("pdf", &bytes)).await.is(404);
}

/// What another network tells of is had here once it is held, and as long as its record is. Until then one is led to where it lies.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_from_elsewhere_is_had_once_it_is_held() {
    let bed = Bed::new().await;
    let other = bed.elsewhere();
    let bytes = pdf("d’ailleurs");
    let digest = files::digest(&bytes);
    // Its home calls it what it is not.
    let form = format!("https://ailleurs.test/doc/{digest} {digest} application/pdf {} statuts.exe", bytes.len());
    let fields = [("title", "Statuts"), ("document-kind", "guide"), ("author", "Zoé"), ("file", &form)];
    let iri = other.publish(Kind::Document, &fields);
    bed.hears(&other);
    let (mut anyone, path) = (bed.browser(), path("pdf", &bytes));
    let page = anyone.get(&bed.page(&iri)).await.is(200);
    assert!(page.says("n’est pas encore arrivé ici") && page.says("Le voir chez Réseau d’ailleurs"), "{}", page.body);
    assert!(page.body.contains(&format!("href=\"{iri}\">Le voir")) && !page.body.contains("/fichiers/"));
    assert!(!page.body.contains("MediaObject"));
    anyone.get(&path).await.is(404);
    let now = UtcDateTime::now().unix_timestamp();
    let due = bed.cabinet.due(bed.origin(), now).unwrap();
    assert_eq!((due.len(), due[0].digest.as_str(), due[0].is_picture()), (1, digest.as_str(), false));
    bed.cabinet.hold(&due[0], &bytes).unwrap();
    let page = anyone.get(&bed.page(&iri)).await.is(200);
    assert!(page.says("statuts.exe.pdf") && page.body.contains(&format!("href=\"{path}\"")), "{}", page.body);
    let given = anyone.get(&path).await.is(200);
    assert_eq!(given.bytes, bytes);
    assert!(given.header("content-disposition").unwrap().contains("\"statuts.exe.pdf\""), "{}", given.head);
    // It went from the disk: one is told so, and where it may still be.
    std::fs::remove_dir_all(bed.folder.path().join("files")).unwrap();
    let lost = anyone.get(&path).await.is(404);
    assert!(lost.says("Ce fichier n’est plus ici") && lost.body.contains(&format!("href=\"{iri}\"")), "{}", lost.body);
    bed.cabinet.hold(&due[0], &bytes).unwrap();
    other.journal.delete(&iri, None, UtcDateTime::now()).unwrap();
    bed.hears(&other);
    anyone.get(&path).await.is(404);
    assert_eq!((bed.tidy(), bed.files()), (1, 0));
}

/// Two people change one record: the second sees that the file is another now.
#[tokio::test(flavor = "multi_thread")]
async fn who_comes_late_sees_that_the_file_is_another() {
    let bed = Bed::new().await;
    let mut nora = bed.animator().await;
    let iri = saved(&bed, &mut nora, &[], (NAME, &pdf("un"))).await;
    let edit = format!("{}/modifier", bed.page(&iri));
    let (late, form) = (nora.get(&edit).await, nora.get(&edit).await);
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    nora.send_file(&form, &edit, &[], (FILE, "b.pdf", &pdf("deux"))).await.is(303);
    let mine = nora.send_file(&late, &edit, &[], (FILE, "c.pdf", &pdf("trois"))).await.is(409);
    assert!(mine.says("un autre fichier"));
    nora.send(&mine, &edit, &[]).await.is(303);
    assert_eq!(bed.own(&iri).unwrap().record.body.file().unwrap().name, "c.pdf", "mine, since I looked at both");
}

/// What is published with an entry is seen by who publishes it: that its file is another one than before.
#[tokio::test(flavor = "multi_thread")]
async fn who_reads_a_proposal_sees_that_its_file_is_another() {
    let bed = Bed::new().await;
    let (mut nora, mut jo) = (bed.animator().await, bed.citizen("Jo").await);
    let (first, second) = (pdf("un"), pdf("deux"));
    let iri = saved(&bed, &mut jo, &[], (NAME, &first)).await;
    let own = bed.own(&iri).unwrap();
    bed.journal.save(own.record.clone(), Moderation::Published, None, UtcDateTime::now()).unwrap();
    bed.journal.save(own.record, Moderation::Draft, None, UtcDateTime::now()).unwrap();
    let edit = format!("{}/modifier", bed.page(&iri));
    let form = jo.get(&edit).await.is(200);
    jo.send_file(&form, &edit, &[], (FILE, NAME, &second)).await.is(303);
    let queue = nora.get("/reseau/a-relire").await.is(200);
    assert!(!queue.says("Rien n’a changé"), "the same name, another file");
    let short = |bytes: &[u8]| files::digest(bytes)[..12].to_owned();
    assert!(queue.says(&short(&first)) && queue.says(&short(&second)), "{}", queue.body);
}
