//! The same table as in `canaries` for the kinds that have no list of their own: people, and what is shown beside what it is about. Whom it is for
//! finds it there; at no door anybody else finds the word.

use crate::bed::{Bed, Elsewhere};
use crate::canaries::{Canary, Who, readers, said};
use pes_changeset::Channel;
use pes_domain::{Audience, Kind, RecordIri};
use pes_journal::supply::Named;

const KINDS: [Kind; 4] = [Kind::Person, Kind::Membership, Kind::Relation, Kind::Accord];

/// A structure at each of two homes, a group purchase of ours, and all canaries about them.
struct Aviary {
    bed: Bed,
    other: Elsewhere,
    /// Ours, and theirs.
    perches: [RecordIri; 2],
    purchase: RecordIri,
    all: Vec<Canary>,
}

impl Aviary {
    async fn new() -> Self {
        let bed = Bed::new().await;
        let other = bed.elsewhere();
        let perches = [bed.structure("Le Perchoir"), other.publish(Kind::Structure, &[("name", "Le Nichoir")])];
        let purchase = [
            ("direction", "demand"),
            ("type", "product"),
            ("title", "Des graines"),
            ("author", "Zoé"),
            ("unit", "sacs"),
            ("threshold", "20"),
        ];
        let purchase = bed.publish(Kind::Exchange, &purchase);
        let mut aviary = Self { bed, other, perches, purchase, all: Vec::new() };
        for kind in KINDS {
            for audience in Audience::ALL {
                for is_own in [true, false] {
                    let canary = aviary.canary(kind, audience, is_own);
                    aviary.all.push(canary);
                }
            }
        }
        aviary.bed.hears(&aviary.other);
        aviary
    }

    fn canary(&self, kind: Kind, audience: Audience, is_own: bool) -> Canary {
        let home = if is_own { "ici" } else { "ailleurs" };
        let word = format!("Zq{}{}{home}", kind.notation(), audience.as_str());
        let (named, perch) = (format!("Canari {word}"), self.perches[usize::from(!is_own)].to_string());
        let about = self.purchase.to_string();
        let needs: Vec<(&str, &str)> = match kind {
            Kind::Person => vec![("given-name", "Canari"), ("family-name", &word)],
            Kind::Membership => vec![
                ("person-label", &named),
                ("structure", &perch),
                ("structure-label", "Le Perchoir"),
                ("person-agrees", "on"),
                ("structure-agrees", "on"),
            ],
            Kind::Relation => vec![
                ("relation-kind", "partner"),
                ("subject", &perch),
                ("subject-label", "Le Perchoir"),
                ("object-label", &named),
            ],
            _ => vec![
                ("about", &about),
                ("about-label", "Des graines"),
                ("by-label", &named),
                ("answer", "takes-part"),
                ("quantity", "1"),
            ],
        };
        let fields = [&needs[..], &[("audience", audience.as_str()), ("tags", "canari-bleu")]].concat();
        let iri = if is_own { self.bed.publish(kind, &fields) } else { self.other.publish(kind, &fields) };
        Canary { kind, audience, is_own, word, iri }
    }

    /// Where whoever may see a canary finds it.
    fn doors(&self, canary: &Canary) -> Vec<String> {
        match canary.kind {
            Kind::Person => ["", ".atom", ".csv"].map(|form| format!("/recherche{form}?q=canari&kind=person")).into(),
            Kind::Accord => vec![self.bed.page(&self.purchase)],
            _ => vec![self.bed.page(&self.perches[usize::from(!canary.is_own)])],
        }
    }
}

/// Who belongs to a structure is shown beside it where it travels; what its network keeps to itself of them has its page.
fn is_shown_beside(canary: &Canary, who: Who) -> bool {
    let travels = canary.kind != Kind::Membership || canary.audience >= Audience::Affiliates;
    travels && canary.is_told(who)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stands_beside_other_records_is_told_to_whom_it_is_for() {
    let aviary = Aviary::new().await;
    let lists = [
        "/",
        "/recherche?q=canari",
        "/structures",
        "/annonces",
        "/agenda",
        "/tag/canari-bleu",
        "/annonces.csv",
        "/rien",
    ];
    for (who, mut browser) in readers(&aviary.bed).await {
        let mut doors: Vec<String> = lists.map(str::to_owned).into();
        doors.extend(aviary.all.iter().flat_map(|canary| aviary.doors(canary)));
        doors.sort();
        doors.dedup();
        for door in doors {
            let body = browser.get(&door).await.body;
            for canary in &aviary.all {
                let found = body.contains(&canary.word);
                assert!(!found || canary.is_told(who), "{who:?} finds {} at {door}", canary.word);
                let expected = aviary.doors(canary).contains(&door) && is_shown_beside(canary, who);
                assert!(found || !expected, "{who:?} does not find {} at {door}: {body}", canary.word);
            }
        }
        for canary in &aviary.all {
            for door in ["/recherche/suggestions", "/structures/suggestions"] {
                let body = browser.get(&format!("{door}?q={}", canary.word)).await.is(200).body;
                assert!(!body.contains(&canary.word) || canary.is_told(who), "{who:?} at {door}: {}", canary.word);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn their_pages_graphs_and_logs_are_for_whom_they_are_for() {
    let aviary = Aviary::new().await;
    let bed = &aviary.bed;
    for (who, mut browser) in readers(bed).await {
        for canary in &aviary.all {
            let page = browser.get(&bed.page(&canary.iri)).await;
            assert_eq!(page.status, if canary.opens(who) { 200 } else { 404 }, "{who:?}: {}", canary.word);
            assert_eq!(page.body.contains(&canary.word), canary.opens(who), "{who:?}: {}", canary.word);
            let is_public = canary.audience == Audience::Public;
            for media_type in
                ["text/turtle", "application/ld+json", "application/n-quads"].iter().filter(|_| canary.is_own)
            {
                let graph = browser.get_as(&bed.page(&canary.iri), media_type).await;
                assert_eq!(graph.body.contains(&canary.word), is_public, "{who:?}: {} as {media_type}", canary.word);
            }
        }
        let sitemap = browser.get("/sitemap.xml").await.is(200).body;
        let told =
            aviary.all.iter().find(|one| one.audience < Audience::Public && sitemap.contains(&one.iri.to_string()));
        assert!(told.is_none(), "{who:?}: {}", told.unwrap().word);
    }
    let node = bed.journal.identity().node_id.clone();
    for (channel, least) in [(Channel::Public, Audience::Public), (Channel::Affiliates, Audience::Affiliates)] {
        let batch = bed.journal.batch(Named { node: &node, channel, epoch: 1 }, 0).unwrap().unwrap();
        let carried: String = batch.items.iter().filter_map(|(_, payload)| payload.as_deref()).map(said).collect();
        for canary in aviary.all.iter().filter(|canary| canary.is_own) {
            assert_eq!(carried.contains(&canary.word), canary.audience == least, "{channel}: {}", canary.word);
        }
    }
}
