//! What an old file names and another network holds: declared a member of this network by the team, confirmed by its own people, taken back with the import.

use crate::bed::{Bed, Elsewhere, Page};
use crate::import_wizard::{HERE, file, import};
use pes_domain::{Body, Kind, RecordIri};
use pes_store::own_records::Moderation;

/// A network with a sheet of its own, and another that holds a structure and one for members only.
struct Ground {
    bed: Bed,
    other: Elsewhere,
    network: RecordIri,
    etabli: RecordIri,
    confided: RecordIri,
}

impl Ground {
    async fn new() -> Self {
        let bed = Bed::new().await;
        let other = bed.elsewhere();
        let network = bed.structure("Réseau d’ici");
        let etabli = other.publish(Kind::Structure, &[("name", "L’Établi"), ("site-commune", "Nice (06088)")]);
        let confided = [("name", "La Confidence"), ("siret", "73282932000074"), ("audience", "affiliates")];
        let confided = other.publish(Kind::Structure, &confided);
        bed.hears(&other);
        Self { bed, other, network, etabli, confided }
    }

    fn file() -> String {
        file(&[
            "1;L’Établi;Un atelier;;12 rue de l’Invention 06000 Nice;;;",
            "2;La Volière;;;;;;",
            "3;La Confidence;;;;73282932000074;;",
            "4;l’établi;;;3 rue des Essais 06000 Nice;;;",
        ])
    }

    fn relations(&self) -> Vec<RecordIri> {
        let all = self.bed.all(Kind::Relation, Moderation::Published).into_iter();
        all.map(|own| own.record.iri).collect()
    }
}

async fn shows(bed: &Bed, structure: &RecordIri) -> Page {
    bed.browser().get(&bed.page(structure)).await.is(200)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_network_holds_is_declared_a_member_and_confirms_it() {
    let ground = Ground::new().await;
    let bed = &ground.bed;
    let mut nora = bed.animator().await;
    let (page, path) = import(&mut nora, Ground::file()).await;
    for words in ["Déjà tenues par d’autres réseaux", "déjà tenue par un autre réseau", "Réseau d’ailleurs"]
    {
        assert!(page.says(words), "{words}: {}", page.body);
    }
    let settle = format!("{path}/membres");
    assert_eq!(page.body.matches("name=\"member\"").count(), 2, "two rows are one structure: {}", page.body);
    let ticked = [("member", &*ground.etabli.to_string()), ("which", "some")];
    nora.send(&page, &settle, &ticked).await.to(&format!("{path}?fait=membres-declares-1"));
    nora.send(&page, &settle, &ticked).await.to(&format!("{path}?fait=membres-declares-0"));
    let told = nora.get(&format!("{path}?fait=membres-declares-1")).await.is(200);
    for words in ["Une structure est déclarée membre de notre réseau.", "Une structure est déjà déclarée membre."]
    {
        assert!(told.says(words), "{words}: {}", told.body);
    }
    let [relation] = &ground.relations()[..] else { panic!("{:?}", ground.relations()) };
    assert!(shows(bed, &ground.network).await.says("Réunit"));
    let theirs = shows(bed, &ground.etabli).await;
    assert!(theirs.says("Est membre du réseau") && theirs.says("pas encore confirmé"), "{}", theirs.body);
    // Its own home answers; nobody else.
    let (about, by) = (relation.to_string(), ground.etabli.to_string());
    let answer = [("about-label", "x"), ("by-label", "L’Établi"), ("answer", "confirms")];
    let fields = [&[("about", about.as_str()), ("by", by.as_str())][..], &answer].concat();
    bed.publish(Kind::Accord, &fields);
    assert!(shows(bed, &ground.etabli).await.says("pas encore confirmé"), "we do not answer for it");
    ground.other.publish(Kind::Accord, &fields);
    bed.hears(&ground.other);
    let theirs = shows(bed, &ground.etabli).await;
    assert!(theirs.says("confirmé") && !theirs.says("pas encore confirmé"), "{}", theirs.body);
}

/// What is for members is not told to everybody as the network that others belong to.
#[tokio::test(flavor = "multi_thread")]
async fn a_sheet_that_is_not_for_everybody_is_not_named_to_everybody() {
    let ground = Ground::new().await;
    let bed = &ground.bed;
    let hidden = bed.publish(Kind::Structure, &[("name", "Cercle d’entre nous"), ("audience", "network")]).to_string();
    let mut nora = bed.animator().await;
    let (page, path) = import(&mut nora, Ground::file()).await;
    for (network, name) in [(hidden.as_str(), ""), ("", "Cercle d’entre nous")] {
        let named = [("which", "all"), ("network", network), ("network-label", name)];
        nora.send(&page, &format!("{path}/membres"), &named).await.to(&format!("{path}?fait=membres-sans-0"));
    }
    assert!(bed.all(Kind::Relation, Moderation::Published).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn all_are_declared_at_once_to_whom_they_are_for_and_taken_back_with_the_import() {
    let ground = Ground::new().await;
    let bed = &ground.bed;
    let before = bed.journal.digest_of_own().unwrap();
    let mut nora = bed.animator().await;
    let (page, path) = import(&mut nora, Ground::file()).await;
    let settle = format!("{path}/membres");
    let unknown = [("which", "all"), ("network", ""), ("network-label", "Personne")];
    nora.send(&page, &settle, &unknown).await.to(&format!("{path}?fait=membres-sans-0"));
    assert!(nora.get(&format!("{path}?fait=membres-sans-0")).await.says("Choisissez d’abord la fiche de votre réseau"));
    nora.send(&page, &settle, &[("which", "all")]).await.to(&format!("{path}?fait=membres-declares-2"));
    let passed = nora.get(HERE).await.is(200);
    assert!(passed.says(">1 fiche<") && passed.says(">2 liens déclarés<"), "{}", passed.body);
    for own in bed.all(Kind::Relation, Moderation::Published) {
        let Body::Relation(one) = &own.record.body else { panic!() };
        let is_confided = one.subject.iri.as_ref() == Some(&ground.confided);
        assert_eq!(own.record.audience.as_str(), if is_confided { "affiliates" } else { "public" });
    }
    assert!(!shows(bed, &ground.network).await.says("La Confidence"), "who may not see it does not read its name");
    let mut jo = bed.citizen("Jo").await;
    let csrf = jo.get("/nouveau/annonce").await.value("/nouveau/annonce", "csrf").unwrap();
    jo.post(&settle, &[("csrf".into(), csrf), ("which".into(), "all".into())], &[]).await.is(403);
    let undo = format!("{HERE}/annuler/1");
    let asked = nora.get(&undo).await.is(200);
    nora.send(&asked, &undo, &[]).await.is(303);
    for _ in 0..600 {
        if ground.relations().is_empty() && bed.journal.digest_of_own().unwrap() == before {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("it is not as before: {:?}", ground.relations());
}
