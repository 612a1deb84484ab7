//! The story that the demonstration tells, through the real pages: a demand, a job offer, a call, an answer.
//!
//! Each hop is timed. What is told at the end is JSON, so that a stranger can check it with curl.

use crate::NodeError;
use crate::demo::browser::{Browser, Page};
use crate::demo::catcher::{Catcher, Mail};
use crate::demo::data::PASSWORD;
use crate::demo::village::Village;
use serde::Serialize;
use std::collections::HashSet;
use std::time::{Duration, Instant};

/// How long a record may take to be seen on another node, and a mail to be in the catcher.
const SEEN_WITHIN: Duration = Duration::from_secs(2);
const MAILED_WITHIN: Duration = Duration::from_secs(5);
/// How long is waited before a hop counts as lost.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long is waited for mails that should not come.
const QUIET: Duration = Duration::from_secs(2);

/// What was told.
#[derive(Debug, Serialize)]
struct Told {
    /// Whether all arrived where it should, nowhere else, and in time.
    is_well: bool,
    chapters: Vec<Chapter>,
    /// What went wrong, in words.
    faults: Vec<String>,
    /// What arrived, but later than it should: on a busy machine nothing need be wrong.
    late: Vec<String>,
}

/// One record and where it went.
#[derive(Debug, Serialize)]
struct Chapter {
    title: &'static str,
    record: String,
    seen: Vec<Seen>,
    mails: Vec<Mailed>,
}

/// A record on another node.
#[derive(Debug, Serialize)]
struct Seen {
    node: String,
    url: String,
    milliseconds: u128,
}

/// A mail that told somebody.
#[derive(Debug, Serialize)]
struct Mailed {
    to: String,
    id: String,
    subject: String,
    reason: String,
    milliseconds: u128,
}

/// A teller: the village, the mails, and what went wrong so far.
struct Teller<'a> {
    village: &'a Village,
    catcher: &'a Catcher,
    /// The mails that were accounted for, by their ids.
    expected: HashSet<String>,
    faults: Vec<String>,
    late: Vec<String>,
}

/// Tells the story. Prints each hop, and JSON at the end; true if all arrived where it should and nowhere else.
///
/// # Errors
/// [`NodeError`] when a site cannot be reached.
pub async fn tell(village: &Village, catcher: &Catcher) -> Result<bool, NodeError> {
    let mut teller = Teller { village, catcher, expected: HashSet::new(), faults: Vec::new(), late: Vec::new() };
    let demand = teller.demand().await?;
    let chapters = vec![teller.job().await?, teller.call().await?, teller.answer(&demand.record).await?];
    tokio::time::sleep(QUIET).await;
    teller.nothing_else();
    let chapters: Vec<Chapter> = [demand].into_iter().chain(chapters).collect();
    let is_well = teller.faults.is_empty() && teller.late.is_empty();
    let told = Told { is_well, chapters, faults: teller.faults, late: teller.late };
    println!("{}", serde_json::to_string_pretty(&told).expect("a story has only texts and numbers"));
    Ok(told.is_well)
}

impl Teller<'_> {
    /// Marie of Alliance Provence seeks premises in Nice.
    async fn demand(&mut self) -> Result<Chapter, NodeError> {
        say("Marie of Alliance Provence seeks premises in Nice.");
        let mut marie = self.signed_in("alliance", "marie@alliance.example").await?;
        let structure = first_choice(&marie.get("/nouveau/annonce").await?);
        let fields = [
            ("direction", "demand"),
            ("type", "product"),
            ("methods", "rental"),
            ("methods", "pooling"),
            ("title", "Cherche un local à partager à Nice"),
            ("description", "Une quarantaine de mètres carrés pour préparer les paniers, deux jours par semaine."),
            ("structure", structure.as_str()),
            ("skills", "premises"),
            ("place", "Nice"),
            ("radius", "15"),
            ("audience", "public"),
        ];
        let readers = ["ines@apeas.example", "karim@mesclun.example"];
        self.publish(&mut marie, "/nouveau/annonce", &fields, "a demand typed at alliance", &readers).await
    }

    /// APEAS offers a job.
    async fn job(&mut self) -> Result<Chapter, NodeError> {
        say("Léa of a cooperative at APEAS offers a job.");
        let mut lea = self.signed_in("apeas", "lea@apeas.example").await?;
        let employer = first_choice(&lea.get("/nouveau/emploi").await?);
        let fields = [
            ("title", "Chargée ou chargé d’accompagnement au logiciel libre"),
            ("contract", "cdi"),
            ("employer", employer.as_str()),
            ("description", "Former les associations à leurs outils, en atelier et à distance."),
            ("hours", "32 h par semaine"),
            ("place", "Aix-en-Provence"),
            ("audience", "public"),
        ];
        self.publish(&mut lea, "/nouveau/emploi", &fields, "a job offer typed at apeas", &[]).await
    }

    /// An association seeks partners on the regional platform itself.
    async fn call(&mut self) -> Result<Chapter, NodeError> {
        say("Samir seeks partners for a call for tenders, on the regional platform itself.");
        let mut samir = self.signed_in("paca", "samir@paca.example").await?;
        let bearer = first_choice(&samir.get("/nouveau/appel").await?);
        let fields = [
            ("call-type", "call-for-partners"),
            ("title", "Répondre ensemble : signalétique des sentiers du littoral"),
            ("description", "Nous montons une équipe pour répondre à l’appel d’offres du département."),
            ("bearer", bearer.as_str()),
            ("skills", "graphic-design"),
            ("areas", "region:93"),
            ("audience", "public"),
        ];
        self.publish(&mut samir, "/nouveau/appel", &fields, "a call typed on paca", &["paul@mesclun.example"]).await
    }

    /// Karim of Mesclun answers Marie, from his own network's site; she answers back.
    async fn answer(&mut self, demand: &str) -> Result<Chapter, NodeError> {
        say("Karim of Mesclun answers Marie from his own network's site; she answers back.");
        let mut karim = self.signed_in("mesclun", "karim@mesclun.example").await?;
        let begun = Instant::now();
        let form = format!("{}/repondre", self.page_at("mesclun", demand));
        let sent = karim.fill(&form, &[("text", "Bonjour, une salle se libère chez nous le mardi.")]).await?;
        self.check(sent.status == 200, "the answer was not taken");
        let to_marie = self.mail("marie@alliance.example", begun).await;
        let mut marie = Browser::at(self.village.origin("alliance"));
        let link = to_marie.as_ref().map_or_else(String::new, |(mail, _)| link_in(mail, "/reponses/"));
        let page = marie.get(&link).await?;
        self.check(page.body.contains("une salle se libère"), "Marie does not read the answer behind the mailed link");
        let back = Instant::now();
        marie.fill(&link, &[("text", "Merci ! Je passe mardi à dix heures.")]).await?;
        let to_karim = self.mail("karim@mesclun.example", back).await;
        let link = to_karim.as_ref().map_or_else(String::new, |(mail, _)| link_in(mail, "/reponses/"));
        let page = Browser::at(self.village.origin("mesclun")).get(&link).await?;
        self.check(page.body.contains("mardi à dix heures"), "Karim does not read what Marie answered");
        let mails = [to_marie, to_karim].into_iter().flatten().map(|(mail, after)| mailed(&mail, after)).collect();
        Ok(Chapter {
            title: "an answer from one network to another, and back",
            record: demand.to_owned(),
            seen: Vec::new(),
            mails,
        })
    }

    async fn signed_in(&self, node: &str, email: &str) -> Result<Browser, NodeError> {
        let mut browser = Browser::at(self.village.origin(node));
        browser.sign_in(email, PASSWORD).await?;
        Ok(browser)
    }

    /// Sends a form, and follows the record to the other nodes and the mails to their readers.
    async fn publish(
        &mut self,
        browser: &mut Browser,
        form: &str,
        fields: &[(&str, &str)],
        title: &'static str,
        readers: &[&str],
    ) -> Result<Chapter, NodeError> {
        let begun = Instant::now();
        let page = browser.fill(form, fields).await?;
        let record = canonical(&page);
        self.check(page.status == 200 && record.contains("/id/"), "the form was not taken");
        let mut seen = Vec::new();
        for node in self.village.names() {
            if self.village.origin(&node).as_str() != browser.origin() {
                seen.extend(self.seen(&node, &record, begun).await?);
            }
        }
        let mut mails = Vec::new();
        for reader in readers {
            mails.extend(self.mail(reader, begun).await.map(|(mail, after)| mailed(&mail, after)));
        }
        let unexplained = mails.iter().any(|mail| !mail.reason.starts_with("Parce que"));
        self.check(!unexplained, "a mail gives no reason");
        Ok(Chapter { title, record, seen, mails })
    }

    /// The path of a record's page on another node.
    fn page_at(&self, node: &str, record: &str) -> String {
        let path = record.split("://").nth(1).unwrap_or_default().replacen("/id/", "/", 1);
        let own = format!("{}/id/", self.village.origin(node));
        if record.starts_with(&own) { record.to_owned() } else { format!("/chez/{path}") }
    }

    /// Waits until a node shows a record.
    async fn seen(&mut self, node: &str, record: &str, begun: Instant) -> Result<Option<Seen>, NodeError> {
        let mut browser = Browser::at(self.village.origin(node));
        let path = self.page_at(node, record);
        while begun.elapsed() < PATIENCE {
            if browser.get(&path).await?.status == 200 {
                let after = begun.elapsed();
                say(&format!("  {node} shows it after {} ms", after.as_millis()));
                self.time(after, SEEN_WITHIN, &format!("{node} showed {record}"));
                let url = format!("{}{path}", self.village.origin(node));
                return Ok(Some(Seen { node: node.to_owned(), url, milliseconds: after.as_millis() }));
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        self.check(false, &format!("{node} never showed {record}"));
        Ok(None)
    }

    /// Waits for the next mail to somebody.
    async fn mail(&mut self, to: &str, begun: Instant) -> Option<(Mail, Duration)> {
        while begun.elapsed() < PATIENCE {
            let is_new = |mail: &Mail| mail.to == [to] && !self.expected.contains(&mail.header("Message-ID"));
            if let Some(mail) = self.catcher.mails().into_iter().find(is_new) {
                let after = begun.elapsed();
                say(&format!("  the mail to {to} is there after {} ms: {}", after.as_millis(), mail.header("Subject")));
                self.time(after, MAILED_WITHIN, &format!("the mail to {to} came"));
                self.expected.insert(mail.header("Message-ID"));
                return Some((mail, after));
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        self.check(false, &format!("no mail came to {to}"));
        None
    }

    /// Nobody else was written to.
    fn nothing_else(&mut self) {
        let mails = self.catcher.mails();
        let all: Vec<String> =
            mails.iter().map(|mail| format!("{} → {}", mail.header("Subject"), mail.to.join(","))).collect();
        let expected = self.expected.len();
        self.check(all.len() == expected, &format!("{expected} mails were expected, these came: {all:?}"));
    }

    /// Notes what came later than it should, and by which bound.
    fn time(&mut self, after: Duration, within: Duration, what: &str) {
        if after > within {
            let late = format!("{what} after {} ms, which is more than {} s", after.as_millis(), within.as_secs());
            say(&format!("  LATE: {late}"));
            self.late.push(late);
        }
    }

    fn check(&mut self, holds: bool, otherwise: &str) {
        if !holds {
            say(&format!("  WRONG: {otherwise}"));
            self.faults.push(otherwise.to_owned());
        }
    }
}

fn say(what: &str) {
    eprintln!("{what}");
}

fn mailed(mail: &Mail, after: Duration) -> Mailed {
    let text = mail.text().replace("\r\n", "\n");
    let reason = text.lines().map(str::trim).find(|line| line.starts_with("Parce que")).unwrap_or_default();
    Mailed {
        to: mail.to.join(", "),
        id: mail.header("Message-ID"),
        subject: mail.header("Subject"),
        reason: reason.to_owned(),
        milliseconds: after.as_millis(),
    }
}

/// The record whose page this is, by its canonical link.
pub fn canonical(page: &Page) -> String {
    let link = page.body.split_once("<link rel=\"canonical\" href=\"").map_or("", |(_, rest)| rest);
    link.split('"').next().unwrap_or_default().to_owned()
}

/// The first address in a mail that has this in its path.
pub fn link_in(mail: &Mail, part: &str) -> String {
    let text = mail.text();
    let mut words = text.split_whitespace();
    words.find(|word| word.starts_with("http") && word.contains(part)).unwrap_or_default().to_owned()
}

/// The first structure in whose name a form lets one write.
pub fn first_choice(page: &Page) -> String {
    let structure = page.body.split("<option value=\"").skip(1).filter_map(|rest| rest.split('"').next());
    structure
        .map(|value| value.replace("&#x3D;", "="))
        .find(|value| value.contains("/id/structure/"))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(body: &str) -> Page {
        Page { status: 200, head: String::new(), body: body.into() }
    }

    #[test]
    fn a_record_s_page_names_it_by_its_canonical_link() {
        let body = "<link rel=\"canonical\" href=\"http://localhost:1/id/job/x\"><link rel=\"icon\" href=\"/y\">";
        assert_eq!(canonical(&page(body)), "http://localhost:1/id/job/x");
        assert_eq!(canonical(&page("<p>none</p>")), "");
    }

    #[test]
    fn the_link_of_a_mail_is_the_one_that_leads_there() {
        let raw = "Subject: x\r\n\r\nContent-Type: text/plain\r\n\r\nhttp://a.example/ et http://a.example/reponses/b puis\r\n";
        let mail = Mail { to: vec!["x@y.example".into()], raw: raw.into() };
        assert_eq!(link_in(&mail, "/reponses/"), "http://a.example/reponses/b");
        assert_eq!(link_in(&mail, "/sans-mails/"), "");
    }

    #[test]
    fn a_form_s_first_structure_is_chosen_and_not_oneself() {
        let body = "<option value=\"\">moi</option><option value=\"http://a/id/structure/x\">X</option>";
        assert_eq!(first_choice(&page(body)), "http://a/id/structure/x");
        assert_eq!(first_choice(&page("<option value=\"\">moi</option>")), "");
    }

    #[tokio::test]
    async fn what_is_late_is_told_with_its_bound_and_is_not_called_wrong() {
        let folder = tempfile::tempdir().unwrap();
        let catcher = Catcher::start(0).await.unwrap();
        let database = pes_store::Database::of_test(folder.path());
        let ground = (&crate::demo::village::Ports::Free, &database);
        let village = Village::build(folder.path(), &[], ground, None).await.unwrap();
        let mut teller = Teller {
            village: &village,
            catcher: &catcher,
            expected: HashSet::new(),
            faults: Vec::new(),
            late: Vec::new(),
        };
        teller.time(SEEN_WITHIN, SEEN_WITHIN, "x");
        teller.time(Duration::from_millis(2_001), SEEN_WITHIN, "apeas showed it");
        teller.check(false, "nothing came");
        assert_eq!(teller.late, ["apeas showed it after 2001 ms, which is more than 2 s"]);
        assert_eq!(teller.faults, ["nothing came"]);
    }

    #[test]
    fn a_mail_s_reason_is_told_with_its_id_and_time() {
        let raw = "Message-ID: <1@a.example>\r\nSubject: S\r\n\r\nContent-Type: text/plain\r\n\r\n  Parce que oui.\r\n";
        let told = mailed(&Mail { to: vec!["x@y.example".into()], raw: raw.into() }, Duration::from_millis(7));
        assert_eq!((told.id.as_str(), told.reason.as_str(), told.milliseconds), ("<1@a.example>", "Parce que oui.", 7));
    }
}
