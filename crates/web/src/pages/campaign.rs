//! "Votre fiche est en ligne, reprenez-la": the team writes to all structures that nobody speaks for, once, after it has seen what will be written.

use crate::answered::Answered;
use crate::failure::Failure;
use crate::pages::Leaf;
use crate::porch::Porch;
use crate::typed::Typed;
use crate::visit::Visit;
use actix_web::web;
use pes_people::claims::{Campaign, LEFT_ALONE, Outlook};
use pes_words::dates::moment_at;
use pes_words::takeover::{About, Sort, Wording, wording};
use serde::Serialize;

/// For how many days the link of a campaign's letter counts, and a structure is left alone afterwards.
const DAYS: u64 = LEFT_ALONE.whole_days().unsigned_abs();

pub(crate) fn configure(app: &mut web::ServiceConfig) {
    app.route("/reseau/reprise", web::get().to(look));
    app.route("/reseau/reprise", web::post().to(write));
}

#[derive(Debug, Serialize)]
struct CampaignPage {
    done: Vec<String>,
    /// How many structures stand where, in words.
    counts: Vec<String>,
    campaigns: Vec<CampaignView>,
    asked: Option<String>,
    /// Why nobody can be written to, where it is so.
    hindered: Option<String>,
    preview: Option<Preview>,
}

#[derive(Debug, Serialize)]
struct CampaignView {
    begun: String,
    counts: Vec<String>,
    is_going_on: bool,
}

/// The letter to the first of them, word for word.
#[derive(Debug, Serialize)]
struct Preview {
    button: String,
    structure: String,
    sheet: String,
    subject: String,
    lines: Vec<String>,
    link: String,
    closing: Vec<String>,
    footer: String,
    stop: String,
}

async fn look(porch: web::Data<Porch>, visit: Visit) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            visit.animator()?;
            let outlook = porch.people.outlook(visit.now)?;
            let view = view(porch, &visit, &outlook);
            Leaf::new("campaign", &porch.say("campaign-title")).page(porch, &visit, &view)
        })
        .await
}

/// Writes to all that can be written to, or takes back what has not gone out yet.
async fn write(porch: web::Data<Porch>, typed: Typed) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            typed.visit.animator()?;
            if !porch.site.sends_mail {
                return Err(Failure::Absent);
            }
            let done = match typed.draft.one("decision") {
                "write" => {
                    porch.people.begin_campaign(typed.visit.now)?;
                    "ecrit"
                }
                "stop" => {
                    porch.people.stop_campaigns(typed.visit.now)?;
                    "arrete"
                }
                _ => return Err(Failure::Form),
            };
            Ok(Answered::see(&format!("/reseau/reprise?fait={done}")))
        })
        .await
}

fn view(porch: &Porch, visit: &Visit, outlook: &Outlook) -> CampaignPage {
    let told = visit.path.split_once("?fait=").map_or("", |(_, told)| told);
    let done = ["ecrit", "arrete"].into_iter().find(|done| *done == told);
    let counts = [
        ("campaign-unclaimed", outlook.unclaimed),
        ("campaign-with-address", outlook.with_address),
        ("campaign-recent", outlook.recent),
        ("campaign-refused", outlook.refused),
    ];
    let hindered = match (porch.site.sends_mail, outlook.ready.is_empty()) {
        (false, _) => Some("campaign-without-mail"),
        (true, true) => Some("campaign-nobody"),
        (true, false) => None,
    };
    let is_asked = outlook.asked.0 > 0;
    CampaignPage {
        done: done.map(|done| porch.say(&format!("done-reprise-{done}"))).into_iter().collect(),
        counts: counts.into_iter().map(|(key, count)| count_of(porch, key, count)).collect(),
        campaigns: outlook.campaigns.iter().map(|one| campaign(porch, one)).collect(),
        asked: is_asked.then(|| {
            let gaps = [("sent", outlook.asked.0.into()), ("taken", outlook.asked.1.into())];
            porch.words.catalogue().tell("campaign-asked", &gaps)
        }),
        preview: if hindered.is_none() { preview(porch, outlook) } else { None },
        hindered: hindered.map(|key| porch.say(key)),
    }
}

fn campaign(porch: &Porch, one: &Campaign) -> CampaignView {
    let counts = [
        ("campaign-sent", one.sent, true),
        ("campaign-due", one.due, one.due > 0),
        ("campaign-undeliverable", one.refused, one.refused > 0),
        ("campaign-taken", one.taken, true),
    ];
    let mut counts: Vec<String> = counts
        .into_iter()
        .filter(|(.., is_told)| *is_told)
        .map(|(key, count, _)| count_of(porch, key, count))
        .collect();
    if let Some(last) = one.last {
        counts.push(porch.words.catalogue().tell("campaign-last", &[("when", moment_at(last).into())]));
    }
    let begun = porch.words.catalogue().tell("campaign-begun", &[("when", moment_at(one.begun).into())]);
    CampaignView { begun, counts, is_going_on: one.due > 0 }
}

fn preview(porch: &Porch, outlook: &Outlook) -> Option<Preview> {
    let record = outlook.ready.first()?;
    let title = record.title();
    let catalogue = porch.words.catalogue();
    let about = About { structure: &title, network: &porch.site.name, origin: &porch.site.origin, days: DAYS };
    let Wording { subject, greeting, lines, button, closing, footer, stop } = wording(catalogue, Sort::Campaign, about);
    Some(Preview {
        button: catalogue.tell("campaign-go", &[("count", (outlook.ready.len() as u64).into())]),
        sheet: record.iri.page_at(&porch.site.origin),
        structure: title,
        subject,
        lines: std::iter::once(greeting).chain(lines).collect(),
        link: button,
        closing: closing.into(),
        footer,
        stop,
    })
}

fn count_of(porch: &Porch, key: &str, count: u64) -> String {
    porch.words.catalogue().tell(key, &[("count", count.into())])
}
