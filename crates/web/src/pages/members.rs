//! What an old file names and another network holds: the team may declare it a member of this network, by a relation that it may confirm.

use crate::answered::Answered;
use crate::failure::Failure;
use crate::pages::confided::audience_of;
use crate::pages::importing::{HERE, on_bench};
use crate::porch::Porch;
use crate::shelf;
use crate::typed::Typed;
use crate::views::LikeView;
use crate::views::import::{MemberView, MembersView};
use crate::visit::Visit;
use actix_web::web;
use pes_domain::code::fold;
use pes_domain::{Audience, Draft, Kind, RecordIri, Reference};
use pes_import::members::{Member, declare, declared};
use pes_import::report::Elsewhere;
use pes_import::workshop::{Job, Stage};
use pes_store::own_records::{self, Moderation};
use std::collections::HashSet;

/// How many are shown to be chosen among; all may be declared at once.
const SHOWN: usize = 200;

pub(crate) fn configure(app: &mut web::ServiceConfig) {
    app.route("/reseau/importer/{job}/membres", web::post().to(settle));
}

/// The rows of a job that other networks hold, and the run in which they may be taken back: once the file is in, or brings nothing else.
fn held_elsewhere(job: &Job) -> (Vec<Elsewhere>, Option<i64>) {
    match job.stage() {
        Stage::Entered(reading, committed) => (reading.report.elsewhere.clone(), committed.run),
        Stage::Read(reading) if reading.report.tally.changes() == 0 && !reading.goes_on => {
            (reading.report.elsewhere.clone(), None)
        }
        _ => (Vec::new(), None),
    }
}

/// What is offered of a job; nothing where other networks hold nothing of it.
pub(crate) fn of_job(porch: &Porch, visit: &Visit, job: &Job) -> Result<Option<MembersView>, Failure> {
    let (rows, _) = held_elsewhere(job);
    if rows.is_empty() {
        return Ok(None);
    }
    let network = own_sheet(porch, &porch.site.name)?;
    let known = match network.as_ref().and_then(|one| one.iri.as_ref()) {
        Some(network) => declared(&porch.journal, network)?,
        None => HashSet::new(),
    };
    let mut seen = HashSet::new();
    let all: Vec<&RecordIri> = rows.iter().map(|row| &row.record).filter(|record| seen.insert(*record)).collect();
    let (done, open): (Vec<&RecordIri>, Vec<&RecordIri>) = all.into_iter().partition(|record| known.contains(record));
    let count = |key: &str, count: usize| {
        (count > 0).then(|| porch.words.catalogue().tell(key, &[("count", (count as u64).into())]))
    };
    let mut views = Vec::new();
    for record in open.iter().take(SHOWN) {
        if let Some(shown) = shelf::seen(porch, visit, &record.to_string())? {
            let LikeView { name: record, title, url, told, .. } = LikeView::of(porch, &shown);
            views.push(MemberView { record, title, url, told });
        }
    }
    let (network, record) = network.map_or_else(Default::default, |one| (one.label, one.iri));
    Ok(Some(MembersView {
        network,
        record: record.map(|iri| iri.to_string()).unwrap_or_default(),
        open: views,
        more: count("import-members-more", open.len().saturating_sub(SHOWN)),
        declared: count("import-members-declared", done.len()),
    }))
}

/// What an animator declared a moment ago, as the address tells.
pub(crate) fn done(porch: &Porch, visit: &Visit) -> Option<String> {
    let (told, count) = visit.path.split_once("?fait=membres-")?.1.split_once('-')?;
    match told {
        "declares" => {
            Some(porch.words.catalogue().tell("done-membres", &[("count", count.parse::<u64>().ok()?.into())]))
        }
        "sans" => Some(porch.say("done-membres-sans")),
        _ => None,
    }
}

/// Declares those that were ticked, or all. A button that is pressed twice declares nothing twice.
async fn settle(porch: web::Data<Porch>, typed: Typed, path: web::Path<String>) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            let author = typed.visit.animator()?.account.id.clone();
            let job = on_bench(porch, &path).ok_or(Failure::Absent)?;
            let _turn = porch.turn();
            let (rows, run) = held_elsewhere(&job);
            let Some(network) = network(porch, &typed.draft)? else {
                return Ok(Answered::see(&format!("{HERE}/{}?fait=membres-sans-0", job.id)));
            };
            let members = chosen(porch, &typed, &rows)?;
            let count = declare(&porch.journal, (&network, &author), run, &members, typed.visit.now)?;
            Ok(Answered::see(&format!("{HERE}/{}?fait=membres-declares-{count}", job.id)))
        })
        .await
}

/// The rows that were chosen, each with what it is called, and for whom it is.
fn chosen(porch: &Porch, typed: &Typed, rows: &[Elsewhere]) -> Result<Vec<Member>, Failure> {
    let is_all = typed.draft.one("which") == "all";
    let ticked: HashSet<&String> = typed.draft.all("member").iter().collect();
    let mut members = Vec::new();
    for row in rows.iter().filter(|row| is_all || ticked.contains(&row.record.to_string())) {
        let Some(shown) = shelf::seen(porch, &typed.visit, &row.record.to_string())? else { continue };
        let (record, name) = (row.record.clone(), shown.record.title());
        // A relation to what is not for everybody is not for everybody either: it tells its name.
        members.push(Member { line: row.line, record, name, audience: audience_of(porch, &typed.visit, &shown)? });
    }
    Ok(members)
}

/// The sheet of this network that was named: one of ours, published, and for everybody: the relations tell its name.
fn network(porch: &Porch, typed: &Draft) -> Result<Option<Reference>, Failure> {
    let own = porch.store().read(|link| own_records::find(link, typed.one("network")))?;
    let is_out = |own: &own_records::OwnRecord| own.moderation == Moderation::Published && is_for_all(own);
    match own.filter(|own| own.record.kind() == Kind::Structure && is_out(own)) {
        Some(own) => Ok(Some(Reference::to(own.record.iri.clone(), own.record.title()))),
        None => own_sheet(porch, typed.one("network-label")),
    }
}

fn is_for_all(own: &own_records::OwnRecord) -> bool {
    own.record.audience == Audience::Public
}

/// The one sheet of ours that is called so.
fn own_sheet(porch: &Porch, name: &str) -> Result<Option<Reference>, Failure> {
    let all = porch.store().read(|link| own_records::of_kind(link, Kind::Structure, Moderation::Published))?;
    let mut called_so = all.into_iter().filter(|own| is_for_all(own) && fold(&own.record.title()) == fold(name));
    let one = called_so.next().filter(|_| called_so.next().is_none());
    Ok(one.map(|own| Reference::to(own.record.iri.clone(), own.record.title())))
}
