//! Saying that something is wrong with a record, which anybody may; and what animators do about it.

use crate::answered::Answered;
use crate::failure::Failure;
use crate::pages::{Leaf, RecordPath, iri_of};
use crate::porch::Porch;
use crate::shelf::{self, Shown};
use crate::typed::Typed;
use crate::views::{Form, Pager, kind_word, paragraphs, problem_sentence};
use crate::visit::Visit;
use actix_web::http::StatusCode;
use actix_web::web;
use pes_domain::report::{Cause, Report};
use pes_domain::{Draft, Problem, RecordIri};
use pes_journal::moderation::has_form;
use pes_people::PeopleError;
use pes_store::own_records::Moderation;
use pes_store::reports::{self, Filed};
use pes_words::dates::moment_at;
use serde::Serialize;

const PATH: &str = "/reseau/signalements";
/// How many records a page has, and how many reports that were closed it names.
const PAGE: u64 = 20;
const CLOSED: u64 = 20;

pub(crate) fn configure(app: &mut web::ServiceConfig) {
    for path in ["/id/{kind}/{uuid}/signaler", "/chez/{host}/{kind}/{uuid}/signaler"] {
        app.route(path, web::get().to(blank));
        app.route(path, web::post().to(report));
    }
    app.route(PATH, web::get().to(reported));
    app.route(PATH, web::post().to(close));
}

async fn blank(porch: web::Data<Porch>, visit: Visit, path: web::Path<RecordPath>) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            let shown = shelf::find(porch, &visit, &iri_of(porch, &path)?)?;
            show_form(porch, &visit, &shown, &Draft::default(), &[])
        })
        .await
}

/// Takes what somebody says against a record that they see. Nothing of who they are is kept.
async fn report(porch: web::Data<Porch>, typed: Typed, path: web::Path<RecordPath>) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            let visit = &typed.visit;
            let shown = shelf::find(porch, visit, &iri_of(porch, &path)?)?;
            let said = match Report::raise(&typed.draft) {
                Ok(said) => said,
                Err(problems) => {
                    let page = show_form(porch, visit, &shown, &typed.draft, &problems)?;
                    return Ok(page.status(StatusCode::UNPROCESSABLE_ENTITY));
                }
            };
            // What is no report yet counts as a form, like any other, and not as one of the few that the team hears of one visitor.
            porch.limits.report(typed.from)?;
            let iri = &shown.record.iri;
            porch.people.report(&iri.to_string(), &said, visit.now)?;
            Ok(Answered::see(&format!("{}?fait=signale", iri.page_at(&porch.site.origin))))
        })
        .await
}

fn show_form(
    porch: &Porch,
    visit: &Visit,
    shown: &Shown,
    draft: &Draft,
    problems: &[Problem],
) -> Result<Answered, Failure> {
    let page = shown.record.iri.page_at(&porch.site.origin);
    let causes = Cause::ALL.map(|cause| (cause.as_str().to_owned(), cause_word(porch, cause)));
    let form = Form::new(porch, draft, problems, "report", &format!("{page}/signaler"));
    let mut view = form.radios("cause", causes.into()).required_area("sentence").finish();
    view.title = porch.words.catalogue().tell("report-title", &[("title", shown.record.title().into())]);
    view.cancel = Some(page);
    Leaf::new("form", &view.title.clone()).page(porch, visit, &view)
}

fn cause_word(porch: &Porch, cause: Cause) -> String {
    porch.say(&format!("cause-{}", cause.as_str()))
}

#[derive(Debug, Serialize)]
struct ReportsView {
    done: Vec<String>,
    summary: String,
    records: Vec<ReportedView>,
    pager: Pager,
    page: u64,
    closed: Vec<ClosedView>,
}

/// A record that something is said against.
#[derive(Debug, Serialize)]
struct ReportedView {
    number: usize,
    record: String,
    title: String,
    url: String,
    kind: String,
    network: Option<String>,
    /// What is to be known of it: that it is not shown any more.
    remark: Option<String>,
    reports: Vec<ReportView>,
    may_be_hidden: bool,
    edit_url: Option<String>,
    withdraw_url: Option<String>,
    /// What was typed before something was wrong with it.
    typed: String,
    error: Option<String>,
}

#[derive(Debug, Serialize)]
struct ReportView {
    id: String,
    cause: String,
    paragraphs: Vec<Vec<String>>,
    when: String,
}

#[derive(Debug, Serialize)]
struct ClosedView {
    title: String,
    url: String,
    cause: String,
    answer: Option<String>,
    when: String,
}

async fn reported(
    porch: web::Data<Porch>,
    visit: Visit,
    chosen: web::Query<Vec<(String, String)>>,
) -> Result<Answered, Failure> {
    let chosen: Draft = chosen.into_inner().into_iter().collect();
    porch.off(move |porch| show(porch, &visit, &chosen, &[])).await
}

fn show(porch: &Porch, visit: &Visit, chosen: &Draft, problems: &[Problem]) -> Result<Answered, Failure> {
    let view = view(porch, visit, chosen, problems)?;
    Leaf::new("reports", &porch.say("reports-title")).page(porch, visit, &view)
}

/// The page; `chosen` is also the form whose sentence was not right, where there is one.
fn view(porch: &Porch, visit: &Visit, chosen: &Draft, problems: &[Problem]) -> Result<ReportsView, Failure> {
    visit.animator()?;
    let (names, total, closed) = porch.store().read(|link| {
        let total = reports::waiting(link)?;
        let page = page(chosen, total);
        let names = reports::records(link, ((page - 1) * PAGE, PAGE))?;
        Ok::<_, Failure>((names, total, reports::closed(link, CLOSED)?))
    })?;
    let page = page(chosen, total);
    let records = names.iter().enumerate().map(|(at, name)| {
        let view = reported_view(porch, visit, (at + 1, name))?;
        let is_tried = !problems.is_empty() && chosen.one("record") == name;
        let error = problems.first().filter(|_| is_tried).map(|problem| problem_sentence(porch, problem));
        let typed = if is_tried { chosen.all("sentence").first().cloned() } else { None };
        Ok(ReportedView { error, typed: typed.unwrap_or_default(), ..view })
    });
    let done = if chosen.one("fait") == "clos" { vec![porch.say("done-signalement-clos")] } else { Vec::new() };
    Ok(ReportsView {
        done,
        summary: porch.words.catalogue().tell("network-reported-count", &[("count", total.into())]),
        records: records.collect::<Result<_, Failure>>()?,
        pager: Pager::of(PATH, &Draft::default(), page, total, PAGE),
        page,
        closed: closed.iter().map(|filed| closed_view(porch, visit, filed)).collect::<Result<_, _>>()?,
    })
}

fn page(chosen: &Draft, total: u64) -> u64 {
    chosen.one("page").parse().unwrap_or(1).clamp(1, total.div_ceil(PAGE).max(1))
}

fn reported_view(porch: &Porch, visit: &Visit, (number, name): (usize, &str)) -> Result<ReportedView, Failure> {
    let iri = RecordIri::read(name);
    let shown = iri.as_ref().map(|iri| seen(porch, visit, iri)).transpose()?.flatten();
    let filed = porch.store().read(|link| reports::of_record(link, name))?;
    let url = iri.as_ref().map_or_else(String::new, |iri| iri.page_at(&porch.site.origin));
    let own = shown.as_ref().filter(|shown| shown.is_own && has_form(shown.record.kind()));
    let is_published = own.is_some_and(|shown| shown.moderation == Some(Moderation::Published));
    let is_hidden = shown.as_ref().is_some_and(|shown| shown.hidden.is_some());
    let remark = match &shown {
        None => Some("reports-gone"),
        Some(_) if is_hidden => Some("reports-hidden"),
        Some(shown) if shown.is_own && shown.moderation != Some(Moderation::Published) => Some("reports-withdrawn"),
        Some(_) => None,
    };
    Ok(ReportedView {
        number,
        record: name.to_owned(),
        title: title_of(porch, shown.as_ref()),
        kind: iri.as_ref().map_or_else(String::new, |iri| kind_word_of(porch, iri)),
        network: shown
            .as_ref()
            .filter(|shown| !shown.is_own)
            .map(|shown| porch.words.catalogue().tell("from-network", &[("network", shown.network.as_str().into())])),
        remark: remark.map(|key| porch.say(key)),
        reports: filed.iter().map(|filed| report_view(porch, filed)).collect(),
        may_be_hidden: shown.as_ref().is_some_and(|shown| !shown.is_own) && !is_hidden,
        edit_url: own.map(|_| format!("{url}/modifier")),
        withdraw_url: is_published.then(|| format!("{url}/retirer")),
        url,
        typed: String::new(),
        error: None,
    })
}

/// A record as the animators see it; `None` where it is no more.
fn seen(porch: &Porch, visit: &Visit, iri: &RecordIri) -> Result<Option<Shown>, Failure> {
    match shelf::find(porch, visit, iri) {
        Ok(shown) => Ok(Some(shown)),
        Err(Failure::Absent) => Ok(None),
        Err(failure) => Err(failure),
    }
}

fn title_of(porch: &Porch, shown: Option<&Shown>) -> String {
    shown.map_or_else(|| porch.say("reports-untitled"), |shown| shown.record.title())
}

fn kind_word_of(porch: &Porch, iri: &RecordIri) -> String {
    pes_domain::Kind::named(iri.kind_notation()).map_or_else(String::new, |kind| kind_word(porch, kind))
}

fn report_view(porch: &Porch, filed: &Filed) -> ReportView {
    ReportView {
        id: filed.id.clone(),
        cause: cause_word(porch, filed.report.cause),
        paragraphs: paragraphs(&filed.report.sentence),
        when: moment_at(filed.at),
    }
}

fn closed_view(porch: &Porch, visit: &Visit, filed: &Filed) -> Result<ClosedView, Failure> {
    let iri = RecordIri::read(&filed.record);
    let shown = iri.as_ref().map(|iri| seen(porch, visit, iri)).transpose()?.flatten();
    let closing = filed.closing.as_ref();
    Ok(ClosedView {
        title: title_of(porch, shown.as_ref()),
        url: iri.map_or_else(String::new, |iri| iri.page_at(&porch.site.origin)),
        cause: cause_word(porch, filed.report.cause),
        answer: closing.and_then(|closing| closing.answer.clone()),
        when: closing.map_or_else(String::new, |closing| moment_at(closing.at)),
    })
}

/// Leaves a record as it is: the reports that were seen are closed, and no others.
async fn close(porch: web::Data<Porch>, typed: Typed) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            let by = &typed.visit.animator()?.account.id;
            let draft = &typed.draft;
            let ids = draft.all("report");
            if ids.is_empty() || ids.len() as u64 > reports::KEPT {
                return Err(Failure::Form);
            }
            match porch.people.close_reports(ids, (by, draft), typed.visit.now) {
                Ok(_) => {
                    let page: u64 = draft.one("page").parse().unwrap_or(1);
                    Ok(Answered::see(&format!("{PATH}?page={page}&fait=clos")))
                }
                Err(PeopleError::Typed(problems)) => {
                    Ok(show(porch, &typed.visit, draft, &problems)?.status(StatusCode::UNPROCESSABLE_ENTITY))
                }
                Err(error) => Err(error.into()),
            }
        })
        .await
}
