//! Every door, by every sort of reader: of each kind and audience, at home here and elsewhere, one record with a word of its own. Whom it is
//! for finds it at each door; at no door anybody else finds the word, is counted it, or is told that there is something.

use crate::bed::{self, Bed, Browser, Mail, Smtp, draft};
use pes_changeset::Channel;
use pes_domain::{Audience, Decision, Kind, Record, RecordIri, Verdict};
use pes_journal::moderation::Decided;
use pes_journal::supply::Named;
use pes_store::accounts::Role;
use pes_store::files;
use pes_store::own_records::Moderation;
use std::collections::BTreeMap;
use time::UtcDateTime;

type Fields = &'static [(&'static str, &'static str)];

/// A kind: the field of its title, what it needs besides, and its list.
const KINDS: [(Kind, &str, Fields, &str); 8] = [
    (Kind::Structure, "name", &[("site-commune", "Nice (06088)")], "/structures"),
    (
        Kind::Exchange,
        "title",
        &[
            ("direction", "demand"),
            ("type", "service"),
            ("author", "Zoé"),
            ("place", "Nice (06088)"),
            ("skills", "masonry"),
        ],
        "/annonces",
    ),
    (
        Kind::Job,
        "title",
        &[("contract", "cdi"), ("employer-label", "La Volière"), ("place", "Nice (06088)")],
        "/emplois",
    ),
    (
        Kind::Call,
        "title",
        &[("call-type", "call-for-partners"), ("bearer-label", "La Volière"), ("skills", "masonry")],
        "/appels",
    ),
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
pub(crate) struct Canary {
    pub(crate) kind: Kind,
    pub(crate) audience: Audience,
    pub(crate) is_own: bool,
    pub(crate) word: String,
    pub(crate) iri: RecordIri,
}

/// Those who look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
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
    pub(crate) fn is_told(&self, who: Who) -> bool {
        let members = if self.is_own { Audience::Network } else { Audience::Affiliates };
        match who {
            Who::Visitor | Who::Citizen => self.audience == Audience::Public,
            Who::Writer | Who::Member | Who::Editor | Who::Animator => self.audience >= members,
        }
    }

    /// Who opens its page. The team reads what its network keeps to itself.
    pub(crate) fn opens(&self, who: Who) -> bool {
        self.is_told(who) || (self.is_own && who == Who::Animator)
    }
}

/// The word of a canary: in no other record, and in no page's own words.
fn word(kind: Kind, audience: Audience, home: &str) -> String {
    format!("Zq{}{}{home}", kind.notation(), audience.as_str())
}

/// What is in a document's file: its word. And what a form carries for it, at home at this origin.
fn file_of(origin: &str, word: &str) -> (Vec<u8>, String) {
    let bytes = format!("{word}\n").into_bytes();
    let digest = files::digest(&bytes);
    let form = format!("{origin}/fichiers/{digest}.txt {digest} text/plain {} {word}.txt", bytes.len());
    (bytes, form)
}

/// All canaries, in a node that has heard those of another.
fn canaries(bed: &Bed) -> Vec<Canary> {
    let other = bed.elsewhere();
    let mut all = Vec::new();
    for (kind, title, needs, _) in KINDS {
        for audience in Audience::ALL {
            for is_own in [true, false] {
                let home = if is_own { "ici" } else { "ailleurs" };
                let word = word(kind, audience, home);
                let named = format!("Canari {word}");
                let mut fields =
                    vec![(title, named.as_str()), ("audience", audience.as_str()), ("tags", "canari-bleu")];
                fields.extend(needs);
                let (bytes, form) = file_of(if is_own { bed.origin() } else { other.origin() }, &word);
                if kind == Kind::Document {
                    fields.push(("file", &form));
                    // Our own is there with its record, as after a form.
                    let (account, origin) = ("canari", bed.origin());
                    let sender = pes_files::Sender { account, origin, most: 1_000, replaced: None };
                    bed.cabinet.take_file(sender, ("canari.txt", &bytes), 0).unwrap();
                }
                let iri = if is_own { bed.publish(kind, &fields) } else { other.publish(kind, &fields) };
                all.push(Canary { kind, audience, is_own, word, iri });
            }
        }
    }
    bed.hears(&other);
    for named in bed.cabinet.due(bed.origin(), UtcDateTime::now().unix_timestamp()).unwrap() {
        let of_record = all.iter().find(|canary| canary.iri.to_string() == named.record).unwrap();
        bed.cabinet.hold(&named, &file_of("", &of_record.word).0).unwrap();
    }
    // What waited with a form is its record's now.
    bed.cabinet.tidy(UtcDateTime::now().unix_timestamp()).unwrap();
    all
}

pub(crate) async fn readers(bed: &Bed) -> Vec<(Who, Browser)> {
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
            let structures = browser.get(&format!("/structures/suggestions?q={}", canary.word)).await.is(200);
            let expected = canary.kind == Kind::Structure && canary.is_told(who);
            assert_eq!(structures.body.contains(&canary.word), expected, "{who:?}: {}", canary.word);
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

/// The door of files, which is nobody's page: by the digest of what is in one, and no list leads there.
#[tokio::test(flavor = "multi_thread")]
async fn files_are_for_whom_their_record_is_for() {
    let bed = Bed::new().await;
    let all = canaries(&bed);
    for (who, mut browser) in readers(&bed).await {
        for canary in all.iter().filter(|canary| canary.kind == Kind::Document) {
            let door = format!("/fichiers/{}.txt", files::digest(&file_of("", &canary.word).0));
            let given = browser.get(&door).await;
            let expected = if canary.opens(who) { 200 } else { 404 };
            assert_eq!(given.status, expected, "{who:?}: {}", canary.word);
            assert_eq!(given.head.contains(&canary.word), canary.opens(who), "{who:?}: what it is called");
            assert_eq!(
                given.body.contains(&canary.word),
                canary.opens(who),
                "{who:?}: an error tells of {}",
                canary.word
            );
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
    for accord in bed.all(Kind::Accord, Moderation::Published) {
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

pub(crate) fn said(payload: &[u8]) -> String {
    String::from_utf8(payload.to_vec()).unwrap()
}

/// Those who look, by the addresses of their accounts: whoever else a mail goes to is nobody in particular.
fn whose(address: &str) -> Who {
    match address.split('@').next().unwrap() {
        "jo" => Who::Citizen,
        "luc" => Who::Writer,
        "marie" => Who::Member,
        "ali" => Who::Editor,
        "nora" => Who::Animator,
        _ => Who::Visitor,
    }
}

/// A mail as its reader's program shows it.
fn shown(mail: &Mail) -> String {
    format!("{}\n{}\n{}", mail.header("Subject").unwrap(), mail.part("text/plain"), mail.part("text/html"))
}

/// All mails that are due and all that are kept, and each of them looked through: none names what its reader does not find on a page.
fn mailed(bed: &Bed, all: &[Canary]) -> Vec<(String, String)> {
    let smtp = Smtp::new();
    let (crier, now) = (bed.crier(&smtp), UtcDateTime::now());
    crier.deliver(now).unwrap();
    crier.fold(now).unwrap();
    let each = |mail: &Mail| (mail.to[0].clone(), shown(mail));
    let mails: Vec<(String, String)> = smtp.take().iter().map(each).collect();
    for (to, text) in &mails {
        let out_of_place = all.iter().find(|canary| text.contains(&canary.word) && !canary.opens(whose(to)));
        assert!(out_of_place.is_none(), "{to} is told of {}", out_of_place.unwrap().word);
    }
    mails
}

/// Whether one of the mails to somebody names a canary.
fn is_told_by_mail(mails: &[(String, String)], who: Who, canary: &Canary) -> bool {
    mails.iter().any(|(to, text)| whose(to) == who && text.contains(&canary.word))
}

/// Everybody declares what the canaries ask for, so that whoever is told of none is told so because of whom it is for.
#[tokio::test(flavor = "multi_thread")]
async fn mails_about_what_concerns_somebody_tell_whom_it_is_for() {
    let bed = Bed::new().await;
    let people = readers(&bed).await.into_iter().filter(|(who, _)| *who != Who::Visitor);
    let mut known = Vec::new();
    for (who, mut browser) in people {
        let sheet = [("given-name", "Zoé"), ("skills", "masonry"), ("place", "Nice (06088)"), ("audience", "private")];
        browser.fill("/nouveau/personne", &sheet).await.is(303);
        known.push(who);
    }
    let all = canaries(&bed);
    let mails = mailed(&bed, &all);
    for who in known {
        for canary in &all {
            let concerns = matches!(canary.kind, Kind::Exchange | Kind::Call) && canary.is_told(who);
            assert_eq!(is_told_by_mail(&mails, who, canary), concerns, "{who:?}: {}", canary.word);
        }
    }
    assert!(mails.iter().all(|(to, _)| whose(to) != Who::Visitor), "nobody without an account is written to");
}

/// Whoever answers what they do not see is answered that there is nothing, and no mail confirms that there was.
#[tokio::test(flavor = "multi_thread")]
async fn mails_about_answers_go_to_whom_a_record_is_for() {
    let bed = Bed::new().await;
    let all = canaries(&bed);
    bed.account("Nora", Role::Animator);
    let answered = [Kind::Structure, Kind::Exchange, Kind::Job, Kind::Call, Kind::Event, Kind::Product];
    let citizen = bed.signed_in(&bed.account("Jo", Role::Citizen)).await;
    for (who, mut browser) in [(Who::Visitor, bed.browser()), (Who::Citizen, citizen)] {
        let any = if who == Who::Visitor { "/connexion" } else { "/mes-preferences" };
        let csrf = browser.get(if who == Who::Visitor { any } else { "/mon-espace" }).await.value(any, "csrf").unwrap();
        for (number, canary) in all.iter().filter(|canary| answered.contains(&canary.kind)).enumerate() {
            let email = format!("visiteur{number}@exemple.example");
            let fields = [("csrf", csrf.as_str()), ("text", "Bonjour"), ("name", "Zoé"), ("email", &email)];
            let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned()));
            let page = browser.post(&format!("{}/repondre", bed.page(&canary.iri)), &fields, &[]).await;
            assert_eq!(page.status == 404, !canary.opens(who), "{who:?}: {}: {}", canary.word, page.status);
        }
    }
    let mails = mailed(&bed, &all);
    for canary in all.iter().filter(|canary| answered.contains(&canary.kind)) {
        let is_public = canary.audience == Audience::Public;
        assert_eq!(is_told_by_mail(&mails, Who::Visitor, canary), is_public, "{}: to be confirmed", canary.word);
        // What the citizen says of a record of this node is told where it is at home.
        let is_heard = is_public && canary.is_own;
        assert_eq!(is_told_by_mail(&mails, Who::Animator, canary), is_heard, "{}: answered", canary.word);
    }
}

/// What waits and what is decided of it is its author's alone, until it is published for those whom it is for.
#[tokio::test(flavor = "multi_thread")]
async fn mails_about_what_is_decided_go_to_the_author_alone() {
    let bed = Bed::new().await;
    for (name, role) in [("Jo", Role::Citizen), ("Ali", Role::Citizen), ("Nora", Role::Animator)] {
        bed.account(name, role);
    }
    let [jo, nora] = ["jo", "nora"].map(|name| bed.people.account_at(&format!("{name}@courriel.example")).unwrap());
    let mut all = Vec::new();
    for (kind, title, needs, _) in KINDS {
        let each = Audience::ALL.into_iter().flat_map(|audience| Decision::ALL.map(|decision| (audience, decision)));
        for (audience, decision) in each {
            let (word, now) = (word(kind, audience, decision.as_str()), UtcDateTime::now());
            let fields = [&[(title, word.as_str()), ("audience", audience.as_str())], needs].concat();
            let iri = RecordIri::mint(bed.origin(), kind);
            let record = Record::raise(kind, (iri.clone(), now), &draft(&fields), now, &bed::rules()).unwrap();
            bed.journal.save(record, Moderation::Proposed, Some(&jo.id), now).unwrap();
            let verdict = Verdict { decision, sentence: Some(format!("Canari {word}")) };
            let seen = (iri.to_string(), bed.own(&iri).unwrap().record.modified);
            let decided = bed.journal.decide((&seen.0, seen.1), &verdict, &nora.id, now).unwrap();
            assert_eq!(decided, Decided::Done, "{word}");
            all.push(Canary { kind, audience, is_own: true, word, iri });
        }
    }
    let mails = mailed(&bed, &[]);
    for canary in &all {
        let told: Vec<&str> =
            mails.iter().filter(|(_, text)| text.contains(&canary.word)).map(|(to, _)| to.as_str()).collect();
        assert_eq!(told, [jo.email.as_str()], "{}", canary.word);
    }
}

/// A letter to a structure that nobody speaks for tells of a sheet that everybody finds, also when a stranger asks for it.
#[tokio::test(flavor = "multi_thread")]
async fn letters_to_structures_tell_of_sheets_that_everybody_sees() {
    let bed = Bed::new().await;
    let mut all = Vec::new();
    for audience in Audience::ALL {
        for home in ["invitee", "demandee"] {
            let (word, address) =
                (word(Kind::Structure, audience, home), format!("{home}@{}.example", audience.as_str()));
            let contact = [("contact-medium", "email"), ("contact-value", &address), ("contact-note", "")];
            let sheet = [("name", word.as_str()), ("audience", audience.as_str()), ("is-unclaimed", "on")];
            let fields = [&sheet[..], &contact, &[("contact-audience", "private")]].concat();
            let iri = bed.publish(Kind::Structure, &fields);
            all.push(Canary { kind: Kind::Structure, audience, is_own: true, word, iri });
        }
    }
    let mut stranger = bed.browser();
    let csrf = ("csrf".to_owned(), stranger.get("/connexion").await.value("/connexion", "csrf").unwrap());
    for canary in all.iter().filter(|canary| canary.word.ends_with("demandee")) {
        let asked =
            stranger.post(&format!("{}/reprendre", bed.page(&canary.iri)), std::slice::from_ref(&csrf), &[]).await;
        assert_eq!(asked.status, if canary.opens(Who::Visitor) { 303 } else { 404 }, "{}", canary.word);
    }
    bed.people.begin_campaign(UtcDateTime::now()).unwrap();
    let mails = mailed(&bed, &all);
    for canary in &all {
        let is_public = canary.audience == Audience::Public;
        assert_eq!(is_told_by_mail(&mails, Who::Visitor, canary), is_public, "{}", canary.word);
    }
}
