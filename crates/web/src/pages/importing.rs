//! The take-over of an old file by the team: upload, preview, import, and taking it back. The workshop does it beside the pages; they tell how far it is.

use crate::answered::Answered;
use crate::consignment::Consignment;
use crate::failure::Failure;
use crate::pages::{Leaf, members};
use crate::porch::Porch;
use crate::typed::Typed;
use crate::views::Notice;
use crate::views::import::{self, ChoicesView, Columns, choices_view, job_view, layouts};
use crate::visit::Visit;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, web};
use pes_domain::{Audience, Draft, Kind};
use pes_import::undo::run_to_undo;
use pes_import::workshop::{About, Job, Reading, Stage};
use pes_import::{Choices, ImportError, Layout};
use pes_store::imports::{self, Run};
use pes_words::dates;
use serde::Serialize;
use std::sync::Arc;
use time::UtcDateTime;

pub(crate) const HERE: &str = "/reseau/importer";
/// After how many seconds a page is asked for again that tells how far something is.
const AGAIN: &str = "2";

pub(crate) fn configure(app: &mut web::ServiceConfig) {
    app.route("/reseau/importer", web::get().to(form));
    app.route("/reseau/importer", web::post().to(upload));
    app.route("/reseau/importer/annuler/{run}", web::get().to(ask_undo));
    app.route("/reseau/importer/annuler/{run}", web::post().to(undo));
    app.route("/reseau/importer/{job}", web::get().to(look));
    app.route("/reseau/importer/{job}/choisir", web::post().to(choose));
    app.route("/reseau/importer/{job}/importer", web::post().to(enter));
    app.route("/reseau/importer/{job}/laisser", web::post().to(leave));
    app.route("/reseau/importer/{job}/rapport.csv", web::get().to(report));
    app.route("/reseau/importer/{job}/lignes.csv", web::get().to(rejected));
}

#[derive(Debug, Serialize)]
struct ImportPage {
    done: Vec<String>,
    /// What is wrong with the file that was chosen.
    problem: Option<String>,
    /// Which columns are expected, where it has others.
    expected: Vec<Columns>,
    choices: ChoicesView,
    /// What lies on the bench.
    bench: Option<Bench>,
    runs: Vec<RunView>,
}

#[derive(Debug, Serialize)]
struct Bench {
    title: String,
    /// What its link says.
    go: String,
    url: String,
}

/// A run that was done.
#[derive(Debug, Serialize)]
struct RunView {
    file: String,
    layout: String,
    standing: String,
    /// How many sheets it brought or completed, in words.
    rows: String,
    /// How many members were declared with it.
    relations: Option<String>,
    /// Where it is taken back.
    undo: Option<String>,
}

async fn form(porch: web::Data<Porch>, visit: Visit) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            visit.animator()?;
            show(porch, &visit, usual(porch)?, None)
        })
        .await
}

/// Takes a file in and looks at it; what is no file of ours is told at once.
async fn upload(
    porch: web::Data<Porch>,
    visit: Visit,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<Answered, Failure> {
    visit.animator()?;
    let consignment = Consignment::receive(&porch, &visit, &request, payload).await?;
    porch
        .off(move |porch| {
            let choices = chosen(&consignment.draft)?;
            let refused = |key: &'static str| refused(porch, &visit, choices, key);
            let Some((upload, name)) = consignment.file else {
                return refused(if consignment.is_too_large { "import-fault-large" } else { "import-fault-none" });
            };
            match porch.workshop.begin(upload, &name, choices, visit.now) {
                Ok(job) => Ok(to(&job)),
                Err(error @ (ImportError::NotATable(_) | ImportError::NoLayout { .. } | ImportError::Busy)) => {
                    refused(error.key())
                }
                Err(error) => Err(error.into()),
            }
        })
        .await
}

fn refused(porch: &Porch, visit: &Visit, choices: Choices, key: &'static str) -> Result<Answered, Failure> {
    Ok(show(porch, visit, choices, Some(key))?.status(StatusCode::UNPROCESSABLE_ENTITY))
}

fn show(porch: &Porch, visit: &Visit, choices: Choices, problem: Option<&'static str>) -> Result<Answered, Failure> {
    let told = visit.path.split_once("?fait=").map_or("", |(_, told)| told);
    let done = ["laisse", "absent"].into_iter().find(|done| *done == told);
    let job = porch.workshop.job();
    let view = ImportPage {
        done: done.map(|done| porch.say(&format!("done-import-{done}"))).into_iter().collect(),
        problem: problem.map(|key| porch.say(key)),
        expected: if problem == Some("import-fault-no-layout") { layouts() } else { Vec::new() },
        choices: choices_view(porch, choices),
        bench: job.map(|job| bench(porch, &job)),
        runs: runs(porch)?,
    };
    Leaf::new("import", &porch.say("import-title")).page(porch, visit, &view)
}

fn bench(porch: &Porch, job: &Job) -> Bench {
    let is_done = matches!(job.stage(), Stage::Entered(..) | Stage::Undone(_));
    let go = porch.say(if is_done { "import-bench-done" } else { "import-bench" });
    Bench { title: import::title(porch, &job.about), go, url: path(job) }
}

fn runs(porch: &Porch) -> Result<Vec<RunView>, Failure> {
    porch.store().read(|link| {
        let mut views = Vec::new();
        for run in imports::runs(link)? {
            let sheets = imports::count(link, run.id, Kind::Structure)?;
            let relations = imports::count(link, run.id, Kind::Relation)?;
            let layout = Layout::ALL.into_iter().find(|layout| layout.name() == run.layout);
            views.push(RunView {
                layout: layout.map_or_else(|| run.layout.clone(), |layout| layout.title().to_owned()),
                standing: standing(porch, &run),
                rows: porch.words.catalogue().tell("import-rows", &[("count", sheets.into())]),
                relations: (relations > 0)
                    .then(|| porch.words.catalogue().tell("import-relations", &[("count", relations.into())])),
                undo: run.undone.is_none().then(|| format!("{HERE}/annuler/{}", run.id)),
                file: run.file,
            });
        }
        Ok(views)
    })
}

fn standing(porch: &Porch, run: &Run) -> String {
    let (key, at) = match (run.undone, run.finished) {
        (Some(at), _) => ("import-run-undone", at),
        (None, Some(at)) => ("import-run-finished", at),
        (None, None) => ("import-run-begun", run.started),
    };
    let when = dates::moment(UtcDateTime::from_unix_timestamp(at).unwrap_or(UtcDateTime::UNIX_EPOCH));
    porch.words.catalogue().tell(key, &[("when", when.into())])
}

/// What is chosen at first: as the network gives its structures, and contacts for the network.
fn usual(porch: &Porch) -> Result<Choices, Failure> {
    Ok(Choices { audience: porch.journal.gives()?.audience(Kind::Structure), ..Choices::default() })
}

/// What was chosen: of the three audiences that the form offers.
fn chosen(draft: &Draft) -> Result<Choices, Failure> {
    let audience =
        |field: &str| Audience::named(draft.one(field)).filter(|one| *one > Audience::Private).ok_or(Failure::Form);
    Ok(Choices { audience: audience("audience")?, contacts: audience("contacts")? })
}

/// How far it is. While something goes on, the page comes again by itself.
async fn look(porch: web::Data<Porch>, visit: Visit, path: web::Path<String>) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            visit.animator()?;
            let Some(job) = on_bench(porch, &path) else { return Ok(absent()) };
            let mut view = job_view(porch, &job);
            view.members = members::of_job(porch, &visit, &job)?;
            view.done = members::done(porch, &visit);
            let answered = Leaf::new("importing", &view.title).page(porch, &visit, &view)?;
            Ok(if view.is_at_work { answered.header(header::REFRESH, AGAIN) } else { answered })
        })
        .await
}

/// Looks at the file anew, for other people.
async fn choose(porch: web::Data<Porch>, typed: Typed, path: web::Path<String>) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            typed.visit.animator()?;
            match porch.workshop.choose(&path, chosen(&typed.draft)?, typed.visit.now) {
                Ok(job) => Ok(to(&job)),
                Err(ImportError::Busy) => busy(porch, &typed.visit),
                Err(ImportError::NoRun(_)) => Ok(absent()),
                Err(error) => Err(error.into()),
            }
        })
        .await
}

/// Enters the file; a second time it is on its way already.
async fn enter(porch: web::Data<Porch>, typed: Typed, path: web::Path<String>) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            typed.visit.animator()?;
            match porch.workshop.enter(&path) {
                Ok(job) => Ok(to(&job)),
                Err(ImportError::NoRun(_)) => Ok(absent()),
                Err(error) => Err(error.into()),
            }
        })
        .await
}

async fn leave(porch: web::Data<Porch>, typed: Typed, path: web::Path<String>) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            typed.visit.animator()?;
            porch.workshop.leave(&path);
            Ok(Answered::see(&format!("{HERE}?fait=laisse")))
        })
        .await
}

async fn ask_undo(porch: web::Data<Porch>, visit: Visit, path: web::Path<i64>) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            visit.animator()?;
            let run = match run_to_undo(&porch.journal, Some(*path)) {
                Err(ImportError::NoRun(_)) => return undone(porch, &visit, *path),
                found => found?,
            };
            let mut view = Notice::asking(porch, "import-undo", format!("{HERE}/annuler/{}", run.id), HERE.into());
            let gaps = [("file", run.file.as_str().into())];
            view.lines.insert(0, porch.words.catalogue().tell("import-undo-intro", &gaps));
            Leaf::new("notice", &view.title.clone()).page(porch, &visit, &view)
        })
        .await
}

async fn undo(porch: web::Data<Porch>, typed: Typed, path: web::Path<i64>) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            typed.visit.animator()?;
            if let Some(job) = undoing(porch, *path) {
                return Ok(to(&job));
            }
            match porch.workshop.undo(*path, typed.visit.now) {
                Ok(job) => Ok(to(&job)),
                Err(ImportError::Busy) => busy(porch, &typed.visit),
                Err(ImportError::NoRun(_)) => undone(porch, &typed.visit, *path),
                Err(error) => Err(error.into()),
            }
        })
        .await
}

/// What takes this run back now, or did a moment ago: pressed twice, it is done once, and both are shown how far it is.
fn undoing(porch: &Porch, run: i64) -> Option<Arc<Job>> {
    let is_it = |job: &Arc<Job>| job.about == About::Run(run);
    porch.workshop.job().filter(is_it).filter(|job| matches!(job.stage(), Stage::Undoing | Stage::Undone(_)))
}

/// What is said of a run that was taken back before, perhaps by somebody else.
fn undone(porch: &Porch, visit: &Visit, run: i64) -> Result<Answered, Failure> {
    let runs = porch.store().read(imports::runs)?;
    let run = runs.into_iter().find(|one| one.id == run && one.undone.is_some()).ok_or(Failure::Absent)?;
    let mut view = Notice::of(porch, "import-undone-before", HERE, "import-undone-go");
    let gaps = [("file", run.file.as_str().into()), ("standing", standing(porch, &run).into())];
    view.lines = vec![porch.words.catalogue().tell("import-undone-before", &gaps)];
    Ok(Leaf::new("notice", &view.title.clone()).page(porch, visit, &view)?.status(StatusCode::GONE))
}

/// What is said while the bench is taken.
fn busy(porch: &Porch, visit: &Visit) -> Result<Answered, Failure> {
    let view = Notice::of(porch, "import-fault-busy", HERE, "go-back");
    Ok(Leaf::new("notice", &view.title.clone()).page(porch, visit, &view)?.status(StatusCode::CONFLICT))
}

/// All remarks, as French spreadsheets open them.
async fn report(porch: web::Data<Porch>, visit: Visit, path: web::Path<String>) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            visit.animator()?;
            let reading = match reading(porch, &path) {
                Ok(reading) => reading,
                Err(elsewhere) => return Ok(elsewhere),
            };
            let table = reading.report.spoken(&|name, gaps| import::say(porch, name, gaps))?;
            Ok(table_of("text/csv; charset=utf-8", "rapport.csv", table))
        })
        .await
}

/// The rows that do not enter and can be mended, as they stood.
async fn rejected(porch: web::Data<Porch>, visit: Visit, path: web::Path<String>) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            visit.animator()?;
            Ok(match reading(porch, &path) {
                Ok(reading) => table_of("text/csv", "lignes.csv", reading.rejected.clone()),
                Err(elsewhere) => elsewhere,
            })
        })
        .await
}

fn table_of(media_type: &str, name: &str, table: Vec<u8>) -> Answered {
    Answered::document(media_type, table)
        .header(header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\""))
        .header(header::CACHE_CONTROL, "private, no-store")
}

/// What is said of a file, or where one is told that there is nothing to say of it.
fn reading(porch: &Porch, id: &str) -> Result<Arc<Reading>, Answered> {
    let job = on_bench(porch, id).ok_or_else(absent)?;
    match job.stage() {
        Stage::Read(reading) | Stage::Entered(reading, _) => Ok(reading),
        _ => Err(to(&job)),
    }
}

/// To where a file is chosen: this one is not there any more.
fn absent() -> Answered {
    Answered::see(&format!("{HERE}?fait=absent"))
}

pub(crate) fn on_bench(porch: &Porch, id: &str) -> Option<Arc<Job>> {
    porch.workshop.job().filter(|job| job.id == id)
}

fn path(job: &Job) -> String {
    format!("{HERE}/{}", job.id)
}

fn to(job: &Job) -> Answered {
    Answered::see(&path(job))
}
