//! Every door, by every sort of reader: of each kind and audience, at home here and elsewhere, one record with a word of its own. Whom it is
//! for finds it at each door; at no door anybody else finds the word, is counted it, or is told that there is something.

use crate::bed::{Bed, Browser};
use pes_changeset::Channel;
use pes_domain::{Audience, Kind, RecordIri};
use pes_journal::supply::Named;
use pes_store::accounts::Role;
use std::collections::BTreeMap;

type Fields = &'static [(&'static str, &'static str)];

/// A kind: the field of its title, what it needs besides, and its list.
const KINDS: [(Kind, &str, Fields, &str); 8] = [
    (Kind::Structure, "name", &[("site-commune", "Nice (06088)")], "/structures"),
    (
        Kind::Exchange,
        "title",
        &[("direction", "offer"), ("type", "service"), ("author", "Zoé"), ("place", "Nice (06088)")],
        "/annonces",
    ),
    (
        Kind::Job,
        "title",
        &[("contract", "cdi"), ("employer-label", "La Volière"), ("place", "Nice (06088)")],
        "/emplois",
    ),
    (Kind::Call, "title", &[("call-type", "call-for-partners"), ("bearer-label", "La Volière")], "/appels"),
    (Kind::Article, "title", &[("author", "Zoé")], "/actualites"),
    (Kind::Product, "title", &[("provider-label", "La Volière")], "/produits"),
    (Kind::Document, "title", &[("document-kind", "guide"), ("author", "Zoé")], "/ressources"),
    (
        Kind::Event,
        "title",
        &[
            ("occurrence-date", "2026-12-05"),
            ("repeats", "weekly"),
            ("organisers-label", "La Volière"),
            ("place", "Nice (06088)"),
        ],
        "/agenda",
    ),
];

/// A record, the word that is in no other, and where it is at home.
struct Canary {
    kind: Kind,
    audience: Audience,
    is_own: bool,
    word: String,
    iri: RecordIri,
}

/// Those who look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    Visitor,
    Citizen,
    /// Writes for the network, whose team accepted them by giving them that role.
    Writer,
    Member,
    Editor,
    Animator,
}

impl Canary {
    /// Whom lists and all that is made of them tell of it.
    fn is_told(&self, who: Who) -> bool {
        let members = if self.is_own { Audience::Network } else { Audience::Affiliates };
        match who {
            Who::Visitor | Who::Citizen => self.audience == Audience::Public,
            Who::Writer | Who::Member | Who::Editor | Who::Animator => self.audience >= members,
        }
    }

    /// Who opens its page. The team reads what its network keeps to itself.
    fn opens(&self, who: Who) -> bool {
        self.is_told(who) || (self.is_own && who == Who::Animator)
    }
}

/// All canaries, in a node that has heard those of another.
fn canaries(bed: &Bed) -> Vec<Canary> {
    let other = bed.elsewhere();
    let mut all = Vec::new();
    for (kind, title, needs, _) in KINDS {
        for audience in Audience::ALL {
            for is_own in [true, false] {
                let home = if is_own { "ici" } else { "ailleurs" };
                let word = format!("Zq{}{}{home}", kind.notation(), audience.as_str());
                let named = format!("Canari {word}");
                let mut fields =
                    vec![(title, named.as_str()), ("audience", audience.as_str()), ("tags", "canari-bleu")];
                fields.extend(needs);
                let iri = if is_own { bed.publish(kind, &fields) } else { other.publish(kind, &fields) };
                all.push(Canary { kind, audience, is_own, word, iri });
            }
        }
    }
    bed.hears(&other);
    all
}

async fn readers(bed: &Bed) -> Vec<(Who, Browser)> {
    let volunteer = bed.structure("Les Bénévoles");
    vec![
        (Who::Visitor, bed.browser()),
        (Who::Citizen, bed.signed_in(&bed.account("Jo", Role::Citizen)).await),
        (Who::Writer, bed.signed_in(&bed.account("Luc", Role::Editor)).await),
        (Who::Member, bed.member("Marie").await),
        (Who::Editor, bed.editor("Ali", &volunteer).await),
        (Who::Animator, bed.animator().await),
    ]
}

/// The doors at which a kind is told: those at which who may see it finds it.
fn doors(kind: Kind, list: &str) -> Vec<String> {
    let mut doors = vec![
        format!("/recherche?q=canari&kind={}", kind.notation()),
        format!("/recherche.atom?q=canari&kind={}", kind.notation()),
        format!("/recherche.csv?q=canari&kind={}", kind.notation()),
        format!("{list}.atom"),
        format!("{list}.csv"),
        "/tag/canari-bleu".to_owned(),
    ];
    match kind {
        Kind::Event => doors.extend(["/agenda?mois=2027-01".to_owned(), "/agenda.ics".to_owned()]),
        _ => doors.push(list.to_owned()),
    }
    if matches!(kind, Kind::Structure | Kind::Exchange | Kind::Job) {
        doors.extend([format!("{list}.geojson"), format!("/recherche.geojson?kind={}", kind.notation())]);
    }
    doors
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_searches_feeds_and_maps_tell_whom_a_record_is_for() {
    let bed = Bed::new().await;
    let all = canaries(&bed);
    for (who, mut browser) in readers(&bed).await {
        for (kind, _, _, list) in KINDS {
            for door in doors(kind, list) {
                let body = browser.get(&door).await.is(200).body.replace("\r\n ", "");
                for canary in &all {
                    let expected = canary.kind == kind && canary.is_told(who);
                    let found = body.contains(&canary.word);
                    assert!(found || !expected, "{who:?} does not find {} at {door}", canary.word);
                    assert!(!found || canary.is_told(who), "{who:?} finds {} at {door}", canary.word);
                }
            }
        }
        // What is chosen for the home page may leave anything out, and shows nothing that is not for them.
        for door in ["/", "/recherche", "/structures", "/agenda", "/sitemap.xml", "/rien", "/ns"] {
            let body = browser.get(door).await.body;
            let out_of_place = all.iter().find(|canary| !canary.is_told(who) && body.contains(&canary.word));
            assert!(out_of_place.is_none(), "{who:?} finds {} at {door}", out_of_place.unwrap().word);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn counts_and_suggestions_tell_of_nothing_else() {
    let bed = Bed::new().await;
    let all = canaries(&bed);
    for (who, mut browser) in readers(&bed).await {
        let page = browser.get("/recherche?q=canari").await.is(200);
        let told = all.iter().filter(|canary| canary.is_told(who)).count();
        assert!(page.says(&format!("{told} résultats")), "{who:?}: {told}");
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for canary in all.iter().filter(|canary| canary.is_told(who)) {
            *counts.entry(canary.kind.notation()).or_default() += 1;
        }
        for (kind, count) in counts {
            let (_, rest) = page.body.split_once(&format!("name=\"kind\" value=\"{kind}\"")).unwrap();
            let counted = rest.split_once("class=\"count\">").unwrap().1.split('<').next().unwrap();
            assert_eq!(counted, count.to_string(), "{who:?}: {kind}");
        }
        // Words and communes are counted among what they may see, and so is what is fresh.
        for (name, value) in [("tag", "canari-bleu"), ("depuis", "semaine")] {
            let page = browser.get("/annonces").await.is(200);
            let of_kind = |canary: &&Canary| canary.kind == Kind::Exchange && canary.is_told(who);
            let expected = all.iter().filter(of_kind).count();
            let told = page.body.split_once(&format!("name=\"{name}\" value=\"{value}\""));
            // One choice that leaves everything is none.
            let counted =
                told.map(|(_, rest)| rest.split_once("class=\"count\">").unwrap().1.split('<').next().unwrap());
            assert!(
                counted.is_none_or(|counted| counted == expected.to_string()),
                "{who:?}: {name} {counted:?} of {expected}"
            );
        }
        for canary in &all {
            let suggestions = browser.get(&format!("/recherche/suggestions?q={}", canary.word)).await.is(200);
            assert_eq!(suggestions.body.contains(&canary.word), canary.is_told(who), "{who:?}: {}", canary.word);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_and_graphs_are_for_whom_a_record_is_for() {
    let bed = Bed::new().await;
    let all = canaries(&bed);
    for (who, mut browser) in readers(&bed).await {
        for canary in &all {
            let page = browser.get(&bed.page(&canary.iri)).await;
            let expected = if canary.opens(who) { 200 } else { 404 };
            assert_eq!(page.status, expected, "{who:?}: {}", canary.word);
            assert_eq!(
                page.body.contains(&canary.word),
                canary.opens(who),
                "{who:?}: an error tells of {}",
                canary.word
            );
            let is_public = canary.audience == Audience::Public;
            assert!(!page.body.contains("application/ld+json\">") || is_public, "{who:?}: {}", canary.word);
            if canary.is_own {
                for media_type in ["text/turtle", "application/ld+json", "application/n-quads"] {
                    let graph = browser.get_as(&bed.page(&canary.iri), media_type).await;
                    assert_eq!(
                        graph.body.contains(&canary.word),
                        is_public,
                        "{who:?}: {} as {media_type}",
                        canary.word
                    );
                }
            }
        }
        let sitemap = browser.get("/sitemap.xml").await.is(200).body;
        for canary in &all {
            let expected = canary.is_own && canary.audience == Audience::Public;
            assert_eq!(sitemap.contains(&canary.iri.to_string()), expected, "{who:?}: {}", canary.word);
        }
    }
}

/// What the team alone may do is no door for others; and what it decides of two structures tells nobody of either.
#[tokio::test(flavor = "multi_thread")]
async fn the_team_s_own_pages_are_for_the_team_and_links_for_whom_both_sides_are() {
    let bed = Bed::new().await;
    let all = canaries(&bed);
    let mut lila = bed.signed_in(&bed.account("Lila", Role::Animator)).await;
    let csrf = lila.get("/reseau").await.value("/reseau/inviter", "csrf").unwrap();
    let structures: Vec<&Canary> = all.iter().filter(|canary| canary.kind == Kind::Structure).collect();
    let open = structures.iter().find(|canary| canary.is_own && canary.audience == Audience::Public).unwrap();
    for other in structures.iter().filter(|canary| canary.iri != open.iri) {
        let form = [
            ("csrf", csrf.clone()),
            ("one", open.iri.to_string()),
            ("other", other.iri.to_string()),
            ("decision", "same".into()),
        ];
        let form = form.map(|(name, value)| (name.to_owned(), value));
        // The same as of one that never was.
        let expected = if other.opens(Who::Animator) { 303 } else { 410 };
        lila.post("/reseau/doublons", &form, &[]).await.is(expected);
    }
    for (who, mut browser) in readers(&bed).await.into_iter().filter(|(who, _)| *who != Who::Animator) {
        let page = browser.get(&bed.page(&open.iri)).await.is(200);
        for other in structures.iter().filter(|canary| canary.iri != open.iri) {
            assert_eq!(page.body.contains(&bed.page(&other.iri)), other.is_told(who), "{who:?}: {}", other.word);
            assert!(!page.body.contains(&other.word) || other.is_told(who), "{who:?}: {}", other.word);
        }
        for door in [
            "/reseau/doublons",
            "/reseau/doublons?vue=liees",
            "/reseau/mots",
            "/reseau/mots/canari-bleu",
            "/reseau/accueil",
        ] {
            let page = browser.get(door).await;
            assert!(page.status == 401 || page.status == 403, "{who:?} at {door}: {}", page.status);
            assert!(!page.body.contains("Zq") && !page.body.contains("#canari-bleu"), "{who:?} at {door}");
        }
    }
    for accord in bed.all(Kind::Accord, pes_store::own_records::Moderation::Published) {
        assert!(!accord.record.title().contains("Zq"), "{}", accord.record.title());
    }
}

/// Another node reads logs, and is brought them: the public one by anybody's hand, the affiliates' one as a member of the circle.
#[tokio::test(flavor = "multi_thread")]
async fn other_nodes_carry_what_is_for_them_and_nothing_else() {
    let bed = Bed::new().await;
    let all = canaries(&bed);
    let node = bed.journal.identity().node_id.clone();
    for (channel, least) in [(Channel::Public, Audience::Public), (Channel::Affiliates, Audience::Affiliates)] {
        let log = Named { node: &node, channel, epoch: 1 };
        let batch = bed.journal.batch(log, 0).unwrap().unwrap();
        let carried: String = batch.items.iter().filter_map(|(_, payload)| payload.as_deref()).map(said).collect();
        for canary in all.iter().filter(|canary| canary.is_own) {
            // What everybody may see travels once.
            assert_eq!(carried.contains(&canary.word), canary.audience == least, "{channel}: {}", canary.word);
        }
        assert!(!carried.contains("ailleurs"), "what others wrote is in their own logs");
        let door = format!("/log/{channel}/1/checkpoint");
        assert_eq!(bed.browser().get(&door).await.status == 200, channel == Channel::Public, "{door}");
    }
}

fn said(payload: &[u8]) -> String {
    String::from_utf8(payload.to_vec()).unwrap()
}
