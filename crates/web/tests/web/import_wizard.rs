//! An old file on the team's pages: looked at, entered, taken back; what is no file of ours, and whose business it is not.

use crate::bed::{Bed, Browser, Page};
use pes_domain::{Audience, Body, Kind, RecordIri};
use pes_import::{Choices, Plan, Turn};
use pes_store::imports;
use pes_store::own_records::{Moderation, OwnRecord};
use std::path::PathBuf;
use std::time::Duration;
use time::UtcDateTime;

pub(crate) const HERE: &str = "/reseau/importer";
const HEAD: &str = "Numéro BDIS;Nom;Présentation libre;mots clés;Adresse;Siret;Courriel;Code Statut de la fiche";
const BOUNDARY: &str = "----ici";

/// A file in the layout of 2014, of these rows.
pub(crate) fn file(rows: &[&str]) -> String {
    format!("{HEAD}\n{}\n", rows.join("\n"))
}

fn three() -> String {
    file(&[
        "1;L’Établi;Un atelier;zorglub;12 rue de l’Invention 06000 Nice;62201199000031;;",
        "2;La Volière;;;;;;",
        "3;;sans nom;;;;;",
    ])
}

/// A form with a file, as a browser sends it: the token first.
fn parcel(fields: &[(&str, &str)], file: Option<(&str, &[u8])>) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes(),
        );
    }
    if let Some((name, bytes)) = file {
        let head =
            format!("Content-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: text/csv");
        body.extend(format!("--{BOUNDARY}\r\n{head}\r\n\r\n").bytes());
        body.extend([bytes, b"\r\n"].concat());
    }
    body.extend(format!("--{BOUNDARY}--\r\n").bytes());
    body
}

async fn send(browser: &mut Browser, fields: &[(&str, &str)], file: Option<(&str, &[u8])>) -> Page {
    let content = format!("multipart/form-data; boundary={BOUNDARY}");
    browser.request("POST", HERE, &[("Content-Type", &content)], &parcel(fields, file)).await
}

/// Chooses a file on the page, and these choices.
async fn upload_so(browser: &mut Browser, bytes: &[u8], choices: [&str; 2]) -> Page {
    let csrf = browser.get(HERE).await.is(200).value(HERE, "csrf").unwrap();
    let fields = [("csrf", csrf.as_str()), ("audience", choices[0]), ("contacts", choices[1])];
    send(browser, &fields, Some(("vieux.csv", bytes))).await
}

async fn upload(browser: &mut Browser, bytes: impl AsRef<[u8]>) -> Page {
    upload_so(browser, bytes.as_ref(), ["public", "network"]).await
}

/// Where an upload or a button leads.
fn place(page: Page) -> String {
    page.is(303).header("location").unwrap().to_owned()
}

/// Looks as often as the page asks to, until nothing goes on any more.
pub(crate) async fn settled(browser: &mut Browser, path: &str) -> Page {
    for _ in 0..600 {
        let page = browser.get(path).await.is(200);
        if page.header("refresh").is_none() {
            return page;
        }
        assert!(page.says("Cette page se met à jour toute seule.") && page.body.contains("<progress"));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("it goes on for ever: {path}");
}

/// Uploads a file and enters it: its page when it is in, and where that is.
pub(crate) async fn import(browser: &mut Browser, bytes: impl AsRef<[u8]>) -> (Page, String) {
    let path = place(upload(browser, bytes).await);
    let page = settled(browser, &path).await;
    browser.send(&page, &format!("{path}/importer"), &[]).await.to(&path);
    (settled(browser, &path).await, path)
}

impl Bed {
    fn structures(&self) -> Vec<OwnRecord> {
        let mut all = self.all(Kind::Structure, Moderation::Published);
        all.sort_by_key(|own| own.record.title());
        all
    }

    fn names(&self) -> Vec<String> {
        self.structures().iter().map(|own| own.record.title()).collect()
    }

    fn runs(&self) -> Vec<imports::Run> {
        self.journal.store().read(imports::runs).unwrap()
    }

    /// The files that lie in the node's folder.
    fn uploads(&self) -> Vec<PathBuf> {
        let folder = std::fs::read_dir(self.folder.path().join("uploads"));
        folder.map(|all| all.map(|one| one.unwrap().path()).collect()).unwrap_or_default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_looked_at_entered_and_taken_back() {
    let bed = Bed::new().await;
    let mut nora = bed.animator().await;
    assert!(nora.get("/reseau").await.body.contains("href=\"/reseau/importer\""));
    assert!(nora.get(HERE).await.says("Aucun fichier n’a encore été importé."));
    let before = bed.journal.digest_of_own().unwrap();
    let path = place(upload(&mut nora, three()).await);
    let preview = settled(&mut nora, &path).await;
    for words in [
        "Fichier vieux.csv",
        "Rien n’est encore écrit.",
        "2 fiches nouvelles",
        "aucune fiche complétée",
        "1 ligne écartée",
        "1 sans commune",
        "BDIS 2014, 3 lignes, encodage UTF-8",
        "inconnues, non lues",
        "Courriel",
        "Lignes qui n’entrent pas",
        "Ligne 4",
        "Cette ligne n’a pas de nom.",
        "Écrivez le nom dans cette colonne",
        "zorglub",
    ] {
        assert!(preview.says(words), "{words}: {}", preview.body);
    }
    assert!(bed.names().is_empty() && bed.runs().is_empty(), "a preview writes nothing");
    assert!(nora.get(HERE).await.body.contains(&path), "whoever comes back finds it");
    nora.send(&preview, &format!("{path}/importer"), &[]).await.to(&path);
    let done = settled(&mut nora, &path).await;
    assert!(done.says("L’import est terminé.") && done.says("2 fiches nouvelles"));
    assert_eq!(bed.names(), ["La Volière", "L’Établi"]);
    assert!(bed.uploads().is_empty(), "the file is gone with the run");
    let listed = nora.get(HERE).await;
    assert!(listed.says("vieux.csv") && listed.says("terminé le") && listed.says("2 fiches"));
    let undo = format!("{HERE}/annuler/1");
    let asked = nora.get(&undo).await.is(200);
    assert!(asked.says("import du fichier « vieux.csv »") && bed.names().len() == 2, "asking undoes nothing");
    let path = place(nora.send(&asked, &undo, &[]).await);
    let undone = settled(&mut nora, &path).await;
    for words in ["L’import est annulé.", "Fiches supprimées : 2.", "Tout est comme avant l’import."] {
        assert!(undone.says(words), "{words}: {}", undone.body);
    }
    assert!(bed.names().is_empty() && bed.journal.digest_of_own().unwrap() == before);
    assert!(nora.get(HERE).await.says("annulé le"));
    nora.get(&undo).await.is(410);
    nora.send(&asked, &undo, &[]).await.to(&path);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_and_the_program_decide_alike() {
    let bed = Bed::new().await;
    let mut nora = bed.animator().await;
    let plan = Plan::of(
        &bed.journal,
        ("vieux.csv", three().as_bytes()),
        Choices::default(),
        UtcDateTime::now(),
        &mut |_, _| {},
    )
    .unwrap();
    let path = place(upload(&mut nora, three()).await);
    settled(&mut nora, &path).await;
    let report = nora.get(&format!("{path}/rapport.csv")).await.is(200);
    assert_eq!(report.header("content-disposition"), Some("attachment; filename=\"rapport.csv\""));
    let catalogue = pes_words::Catalogue::french();
    let spoken = plan.report.spoken(&|name, gaps| {
        let gaps: Vec<_> = gaps.iter().map(|(gap, value)| (*gap, value.as_str().into())).collect();
        catalogue.tell(name, &gaps)
    });
    assert_eq!(report.body.as_bytes(), spoken.unwrap());
    assert!(report.body.starts_with("\u{feff}fichier;ligne;colonne;valeur;problème;que faire\n"), "{}", report.body);
    let rows = nora.get(&format!("{path}/lignes.csv")).await.is(200);
    assert_eq!(rows.body.as_bytes(), plan.rejected());
    assert!(rows.body.contains("3;;sans nom"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rows_that_did_not_enter_come_back_in_their_own_encoding() {
    let bed = Bed::new().await;
    let mut nora = bed.animator().await;
    let old: Vec<u8> = file(&["1;;pr\u{e9}sentation;;;;;"]).replace('’', "'").chars().map(|c| c as u8).collect();
    let path = place(upload(&mut nora, &old).await);
    assert!(settled(&mut nora, &path).await.says("encodage windows-1252"));
    let rows = nora.get(&format!("{path}/lignes.csv")).await.is(200);
    assert!(rows.body.contains("pr\u{fffd}sentation"), "as bytes, it is what it was: {}", rows.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn for_whom_the_records_are_is_chosen_and_may_be_chosen_anew() {
    let bed = Bed::new().await;
    let mut nora = bed.animator().await;
    let page = nora.get(HERE).await;
    assert_eq!(page.value(HERE, "audience").as_deref(), Some("public"));
    assert_eq!(page.value(HERE, "contacts").as_deref(), Some("network"), "contacts stay in the network");
    let path = place(upload_so(&mut nora, three().as_bytes(), ["network", "network"]).await);
    let page = settled(&mut nora, &path).await;
    assert_eq!(page.value(&format!("{path}/choisir"), "audience").as_deref(), Some("network"));
    let anew = place(nora.send(&page, &format!("{path}/choisir"), &[("audience", "affiliates")]).await);
    assert_ne!(anew, path);
    nora.get(&path).await.to(&format!("{HERE}?fait=absent"));
    assert_eq!(bed.uploads().len(), 1, "it is the same file");
    let page = settled(&mut nora, &anew).await;
    nora.send(&page, &format!("{anew}/importer"), &[]).await.is(303);
    settled(&mut nora, &anew).await;
    assert!(bed.structures().iter().all(|own| own.record.audience == Audience::Affiliates));
    let bad = nora.send(&page, &format!("{anew}/choisir"), &[("audience", "private")]).await;
    assert_eq!(bad.status, 422);
}

/// What people do wrong with files, told beside the field, with what to do; nothing of it is kept.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_none_is_refused_with_what_to_do() {
    let bed = Bed::new().await;
    let mut nora = bed.animator().await;
    let large = vec![b'x'; 20 * 1024 * 1024 + 1];
    for (bytes, words) in [
        (&b""[..], "Choisissez un fichier."),
        (b"PK\x03\x04 a spreadsheet", "enregistrez-le au format CSV"),
        (b"\xd0\xcf\x11\xe0 an old one", "enregistrez-le au format CSV"),
        (b"\x00\x01\x00\x00Standard Jet DB", "base de données Access"),
        (b"a\x00b;c\n", "n’est pas un tableau de texte"),
        (b"a;b;c\n1;2;3\n", "ne sont celles d’aucune présentation connue"),
        (b"\n\n", "Ce fichier est vide."),
        (&large, "Ce fichier dépasse 20 Mo."),
    ] {
        let page = upload_so(&mut nora, bytes, ["network", "network"]).await.is(422);
        assert!(page.says(words), "{words}: {}", page.body);
        assert!(page.body.contains("aria-invalid=\"true\"") && page.body.contains("id=\"e-file\""));
        assert_eq!(page.value(HERE, "audience").as_deref(), Some("network"), "what was chosen stays");
        assert!(bed.uploads().is_empty(), "{words}");
    }
    let page = upload(&mut nora, "a;b;c\n1;2;3\n").await;
    assert!(page.says("Colonnes attendues pour BDIS 2012") && page.says("Raison sociale"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_time_changes_nothing_and_says_so() {
    let bed = Bed::new().await;
    let mut nora = bed.animator().await;
    import(&mut nora, three()).await;
    let path = place(upload(&mut nora, three()).await);
    let page = settled(&mut nora, &path).await;
    assert!(page.says("Ce fichier n’apporterait rien") && page.says("2 fiches inchangées"));
    assert!(!page.body.contains(&format!("action=\"{path}/importer\"")), "nothing is to be entered");
    nora.send(&page, &format!("{path}/laisser"), &[]).await.to("/reseau/importer?fait=laisse");
    assert!(bed.uploads().is_empty() && bed.runs().len() == 1);
    assert!(nora.get("/reseau/importer?fait=laisse").await.says("Le fichier est effacé."));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_button_that_is_pressed_twice_enters_once() {
    let bed = Bed::new().await;
    let mut nora = bed.animator().await;
    let path = place(upload(&mut nora, three()).await);
    let page = settled(&mut nora, &path).await;
    for _ in 0..3 {
        nora.send(&page, &format!("{path}/importer"), &[]).await.to(&path);
    }
    settled(&mut nora, &path).await;
    nora.send(&page, &format!("{path}/importer"), &[]).await.to(&path);
    assert!(settled(&mut nora, &path).await.says("L’import est terminé."));
    assert_eq!((bed.names().len(), bed.runs().len()), (2, 1));
}

/// The program may import beside the pages: whoever comes second waits, and nothing is lost.
#[tokio::test(flavor = "multi_thread")]
async fn while_the_program_imports_the_page_says_so_and_tries_again_afterwards() {
    let bed = Bed::new().await;
    let mut nora = bed.animator().await;
    let turn = Turn::take(bed.folder.path()).unwrap();
    let path = place(upload(&mut nora, three()).await);
    let page = settled(&mut nora, &path).await;
    nora.send(&page, &format!("{path}/importer"), &[]).await.to(&path);
    let page = settled(&mut nora, &path).await;
    assert!(page.says("Un autre import est en cours, ici ou sur le serveur.") && bed.names().is_empty());
    drop(turn);
    nora.send(&page, &format!("{path}/importer"), &[]).await.to(&path);
    assert!(settled(&mut nora, &path).await.says("L’import est terminé."));
    assert_eq!(bed.names().len(), 2);
}

/// What is entered is decided over what is held then, not over what was held when somebody looked.
#[tokio::test(flavor = "multi_thread")]
async fn what_the_program_imported_meanwhile_is_not_made_twice() {
    let bed = Bed::new().await;
    let mut nora = bed.animator().await;
    let path = place(upload(&mut nora, three()).await);
    let page = settled(&mut nora, &path).await;
    let now = UtcDateTime::now();
    let plan = Plan::of(&bed.journal, ("x.csv", three().as_bytes()), Choices::default(), now, &mut |_, _| {}).unwrap();
    plan.commit(&bed.journal, now, &mut |_, _| {}).unwrap();
    nora.send(&page, &format!("{path}/importer"), &[]).await.is(303);
    assert!(settled(&mut nora, &path).await.says("Rien n’a changé"));
    assert_eq!((bed.names().len(), bed.runs().len()), (2, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupted_run_goes_on_with_the_same_file() {
    let bed = Bed::new().await;
    let mut nora = bed.animator().await;
    import(&mut nora, three()).await;
    // As if the power had gone before the end.
    let run = bed.runs().remove(0);
    let gone = bed.structures().remove(0).record.iri;
    bed.journal.delete(&gone, None, UtcDateTime::now()).unwrap();
    bed.journal.store().write(|link| imports::forget(link, &gone.to_string())).unwrap();
    unfinish(&bed, run);
    let listed = nora.get(HERE).await;
    assert!(listed.says("interrompu : choisissez de nouveau le même fichier"), "{}", listed.body);
    let path = place(upload(&mut nora, three()).await);
    let page = settled(&mut nora, &path).await;
    assert!(page.says("Un import de ce même fichier avait été interrompu : il reprendra"));
    nora.send(&page, &format!("{path}/importer"), &[]).await.is(303);
    let done = settled(&mut nora, &path).await;
    assert!(done.says("avait été interrompu ; ce qui manquait est entré maintenant"), "{}", done.body);
    let runs = bed.runs();
    assert_eq!((bed.names().len(), runs.len()), (2, 2), "the run that was interrupted, and the one it stands for");
    assert!(runs[0].finished.is_some());
}

/// Puts a run in the place of one that came to its end, which did not.
fn unfinish(bed: &Bed, run: imports::Run) {
    let store = bed.journal.store();
    store
        .write(|link| {
            let rows = imports::of_run(link, run.id)?;
            imports::undo(link, run.id, 1)?;
            let begun = imports::begin(link, imports::Run { finished: None, undone: None, ..run.clone() })?;
            for row in rows {
                imports::note(link, &imports::Row { run: begun.id, ..row })?;
            }
            Ok::<_, pes_store::StoreError>(())
        })
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_changed_or_took_over_stays_and_is_listed() {
    let bed = Bed::new().await;
    let mut nora = bed.animator().await;
    let (done, _) = import(&mut nora, three()).await;
    assert!(done.body.contains("href=\"/reseau/importer/annuler/1\""));
    let structures = bed.structures();
    let (changed, asked) = (&structures[0].record, &structures[1].record);
    let Body::Structure(mut body) = changed.body.clone() else { panic!() };
    body.tagline = Some("Réparer ensemble".into());
    let record = pes_domain::Record { body: Body::Structure(body), ..changed.clone() };
    bed.journal.save(record, Moderation::Published, None, UtcDateTime::now()).unwrap();
    let asks = format!("{}/rejoindre", bed.page(&asked.iri));
    bed.citizen("Zoé").await.fill(&asks, &[]).await.is(303);
    let asked = nora.get("/reseau/importer/annuler/1").await;
    let path = place(nora.send(&asked, "/reseau/importer/annuler/1", &[]).await);
    let page = settled(&mut nora, &path).await;
    for words in ["Fiches conservées", "quelqu’un l’a modifiée depuis", "quelqu’un s’en occupe, ou l’a demandé"]
    {
        assert!(page.says(words), "{words}: {}", page.body);
    }
    assert!(page.says("tout n’est donc pas comme avant") && bed.names().len() == 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_the_team_s_alone_and_nothing_of_a_stranger_s_is_kept() {
    let bed = Bed::new().await;
    let mut nora = bed.animator().await;
    let path = place(upload(&mut nora, three()).await);
    let preview = settled(&mut nora, &path).await;
    let iri: RecordIri = bed.structure("Le Phare");
    let (mut zoe, mut paul) = (bed.citizen("Zoé").await, bed.editor("Paul", &iri).await);
    let strangers =
        [(&mut bed.browser(), 401), (&mut zoe, 403), (&mut bed.member("Marie").await, 403), (&mut paul, 403)];
    for (one, status) in strangers {
        let csrf = one.get("/connexion").await.value("/connexion", "csrf").unwrap();
        let fields = [("csrf", csrf.as_str()), ("audience", "public"), ("contacts", "network")];
        send(one, &fields, Some(("x.csv", three().as_bytes()))).await.is(status);
        for page in [HERE.to_owned(), path.clone(), format!("{path}/rapport.csv"), format!("{path}/lignes.csv")] {
            one.get(&page).await.is(status);
        }
        one.get("/reseau/importer/annuler/1").await.is(status);
        let fields: Vec<_> = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        for action in ["importer", "choisir", "laisser"] {
            one.post(&format!("{path}/{action}"), &fields, &[]).await.is(status);
        }
        one.post("/reseau/importer/annuler/1", &fields, &[]).await.is(status);
    }
    assert_eq!(bed.uploads().len(), 1, "the animator's alone");
    assert_eq!(bed.names(), ["Le Phare"]);
    nora.send(&preview, &format!("{path}/importer"), &[]).await.is(303);
    settled(&mut nora, &path).await;
    assert_eq!(bed.names().len(), 3);
}

/// A form that another site made a browser send writes nothing down, and neither does one that says who it is too late.
#[tokio::test(flavor = "multi_thread")]
async fn a_forged_form_is_refused_before_anything_is_written() {
    let bed = Bed::new().await;
    let mut nora = bed.animator().await;
    let csrf = nora.get(HERE).await.value(HERE, "csrf").unwrap();
    let three = three();
    let three = Some(("x.csv", three.as_bytes()));
    for fields in [&[("csrf", "x"), ("audience", "public")][..], &[("audience", "public")]] {
        send(&mut nora, fields, three).await.is(403);
    }
    let content = format!("multipart/form-data; boundary={BOUNDARY}");
    let from = [("Content-Type", content.as_str()), ("Sec-Fetch-Site", "cross-site")];
    let fields = [("csrf", csrf.as_str()), ("audience", "public"), ("contacts", "network")];
    nora.request("POST", HERE, &from, &parcel(&fields, three)).await.is(403);
    // Bytes that are no such form, fields that are too long, a choice that is none.
    nora.request("POST", HERE, &[("Content-Type", &content)], b"rubbish").await.is(422);
    nora.request("POST", HERE, &[("Content-Type", "text/plain")], b"rubbish").await.is(422);
    let long = "x".repeat(2_000);
    send(&mut nora, &[("csrf", &csrf), ("audience", &long)], three).await.is(413);
    send(&mut nora, &[("csrf", &csrf), ("audience", "private"), ("contacts", "network")], three).await.is(422);
    assert!(bed.uploads().is_empty() && nora.get(HERE).await.is(200).body.find("class=\"remark\"").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_not_there_any_more_is_said_to_be_chosen_again() {
    let bed = Bed::new().await;
    let mut nora = bed.animator().await;
    nora.get(&format!("{HERE}/{}", "0".repeat(64))).await.to("/reseau/importer?fait=absent");
    assert!(nora.get("/reseau/importer?fait=absent").await.says("choisissez-le de nouveau"));
    for table in ["rapport.csv", "lignes.csv"] {
        nora.get(&format!("{HERE}/x/{table}")).await.to("/reseau/importer?fait=absent");
    }
    for bad in ["annuler/7", "annuler/x"] {
        nora.get(&format!("{HERE}/{bad}")).await.is(404);
    }
    let csrf = nora.get(HERE).await.value(HERE, "csrf").unwrap();
    for action in ["importer", "choisir"] {
        let fields = [("csrf", csrf.as_str()), ("audience", "public"), ("contacts", "network")];
        let fields: Vec<_> = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        nora.post(&format!("{HERE}/x/{action}"), &fields, &[]).await.to("/reseau/importer?fait=absent");
    }
}

/// There is one bench: whoever comes back to a file that another's has replaced is told so, and where that one is.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_another_took_the_place_of_enters_nothing_and_says_why() {
    let bed = Bed::new().await;
    let mut nora = bed.animator().await;
    let first = place(upload(&mut nora, three()).await);
    let page = settled(&mut nora, &first).await;
    let second = place(upload(&mut nora, three()).await);
    settled(&mut nora, &second).await;
    let sent = nora.send(&page, &format!("{first}/importer"), &[]).await;
    let told = nora.get(sent.to("/reseau/importer?fait=absent").header("location").unwrap()).await.is(200);
    assert!(told.says("un autre a été choisi depuis") && told.body.contains(&format!("href=\"{second}\"")));
    assert!(bed.names().is_empty());
}

/// The button is pressed again, or by somebody who had the page open: it is done once, and said.
#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_taken_back_twice_is_taken_back_once() {
    let bed = Bed::new().await;
    let mut nora = bed.animator().await;
    import(&mut nora, three()).await;
    let undo = "/reseau/importer/annuler/1";
    let asked = nora.get(undo).await.is(200);
    let path = place(nora.send(&asked, undo, &[]).await);
    nora.send(&asked, undo, &[]).await.to(&path);
    settled(&mut nora, &path).await;
    nora.send(&asked, undo, &[]).await.to(&path);
    // Later, when something else lies on the bench.
    let next = place(upload(&mut nora, three()).await);
    settled(&mut nora, &next).await;
    for told in [nora.send(&asked, undo, &[]).await.is(410), nora.get(undo).await.is(410)] {
        assert!(told.says("Cet import est déjà annulé") && told.says("« vieux.csv » est annulé le"), "{}", told.body);
        assert!(told.body.contains(&format!("href=\"{HERE}\"")));
    }
    assert!(bed.names().is_empty() && nora.get(&next).await.is(200).says("2 fiches"));
}

/// What stands in a file is text, whatever it looks like.
#[tokio::test(flavor = "multi_thread")]
async fn a_hostile_file_is_shown_as_text() {
    let bed = Bed::new().await;
    let mut nora = bed.animator().await;
    let hostile = file(&["1;<script>alert(1)</script>;x;\"<img src=x onerror=alert(1)>\";zzz;123;;"]);
    let csrf = nora.get(HERE).await.value(HERE, "csrf").unwrap();
    let fields = [("csrf", csrf.as_str()), ("audience", "public"), ("contacts", "network")];
    let name = "../../<b>x</b>.csv";
    let path = place(send(&mut nora, &fields, Some((name, hostile.as_bytes()))).await);
    let page = settled(&mut nora, &path).await;
    assert!(
        !page.body.contains("<script>alert") && !page.body.contains("<img src=x") && !page.body.contains("<b>x</b>")
    );
    assert!(page.says("Fichier b>.csv"), "without the folders: {}", page.body);
    let lies: Vec<_> = bed.uploads();
    assert!(lies.len() == 1 && lies[0].file_name().unwrap().len() == 64, "under a name of ours: {lies:?}");
}

/// What may be seen of a file that is large: all of its counts, the first of its remarks, and the rest in the report.
#[tokio::test(flavor = "multi_thread")]
async fn of_many_remarks_the_first_are_shown_and_the_others_counted() {
    let bed = Bed::new().await;
    let mut nora = bed.animator().await;
    let rows: Vec<String> = (0..9).map(|number| format!("{number};;x;;;;;")).collect();
    let long = format!("99;Longue;;{};;;;", "m".repeat(90));
    let rows: Vec<&str> = rows.iter().map(String::as_str).chain([long.as_str()]).collect();
    let path = place(upload(&mut nora, file(&rows)).await);
    let page = settled(&mut nora, &path).await;
    assert!(page.says("9 lignes écartées") && page.says("Ligne 6") && !page.says("Ligne 7"), "{}", page.body);
    assert!(page.says("et 4 autres, dans le fichier des remarques"));
    assert!(page.says(&format!("« {}… »", "m".repeat(60))) && !page.says(&"m".repeat(61)), "{}", page.body);
    let report = nora.get(&format!("{path}/rapport.csv")).await;
    assert!((2..=10).all(|line| report.body.contains(&format!("vieux.csv;{line};"))));
    assert!(report.body.contains(&"m".repeat(90)));
}

/// Whoever looks at a run that an earlier program did finds it in the list, and takes it back as well.
#[tokio::test(flavor = "multi_thread")]
async fn runs_of_the_program_are_listed_and_taken_back_too() {
    let bed = Bed::new().await;
    let now = UtcDateTime::now();
    let text = file(&["1;L’Établi;;;;;;"]);
    let plan = Plan::of(&bed.journal, ("x.csv", text.as_bytes()), Choices::default(), now, &mut |_, _| {}).unwrap();
    plan.commit(&bed.journal, now, &mut |_, _| {}).unwrap();
    let mut nora = bed.animator().await;
    let page = nora.get(HERE).await;
    assert!(page.says("x.csv") && page.says("BDIS 2014") && page.says("1 fiche"), "{}", page.body);
    let asked = nora.get("/reseau/importer/annuler/1").await.is(200);
    let turn = Turn::take(bed.folder.path()).unwrap();
    let path = place(nora.send(&asked, "/reseau/importer/annuler/1", &[]).await);
    let page = settled(&mut nora, &path).await;
    assert!(page.says("Un autre import est en cours") && page.says("Continuer") && !page.says("effacer le fichier"));
    drop(turn);
    let path = place(nora.send(&asked, "/reseau/importer/annuler/1", &[]).await);
    assert!(settled(&mut nora, &path).await.says("L’import est annulé."));
    assert!(bed.names().is_empty() && nora.get(HERE).await.says("plus aucune fiche"));
}

/// The real file, where it is: what the command does is done by the page, in its time.
#[tokio::test(flavor = "multi_thread")]
async fn the_real_file_enters_and_is_taken_back() {
    let shared = std::env::var_os("PES_SHARED").map_or_else(|| "../shared".into(), PathBuf::from);
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let Ok(bytes) = std::fs::read(root.join(shared).join("data/bdis-2012.csv")) else {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "the file is not there");
        println!("skipped: the file is not there");
        return;
    };
    let bed = Bed::new().await;
    let mut nora = bed.animator().await;
    let (done, _) = import(&mut nora, &bytes).await;
    assert!(done.says("611 fiches nouvelles") && done.says("1 ligne écartée"), "{}", done.body);
    assert!(done.body.len() < 150_000, "{} bytes", done.body.len());
    let asked = nora.get("/reseau/importer/annuler/1").await;
    let path = place(nora.send(&asked, "/reseau/importer/annuler/1", &[]).await);
    assert!(settled(&mut nora, &path).await.says("Fiches supprimées : 611."));
}
