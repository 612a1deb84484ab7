//! Imports beside the pages: a file that was uploaded, what it is at, and what came of it.
//!
//! There is one bench: a file is looked at and entered, or a run is taken back, before the next one begins. What is entered is decided anew over what is held then, by
//! the code that decided the preview, while nobody else imports. What the bench holds is in memory: after a stop the file is uploaded again,
//! and an interrupted run goes on from where it was.

use crate::commit::Committed;
use crate::plan::{Pass, Progress};
use crate::undo::{Undone, run_to_undo, undo};
use crate::{Choices, ImportError, Plan, Report, Turn};
use pes_journal::Journal;
use pes_store::tokens::new_token;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use time::{Duration, UtcDateTime};

/// The most bytes of a file that is uploaded.
pub const LARGEST: u64 = 20 * 1024 * 1024;
/// How long a file lies there that nobody goes on with.
const KEPT: Duration = Duration::DAY;

/// The bench of one node. Cloning it is shallow.
#[derive(Debug, Clone)]
pub struct Workshop {
    data: PathBuf,
    journal: Journal,
    bench: Arc<Mutex<Option<Arc<Job>>>>,
}

/// A file while it comes in; it is gone when this is dropped.
#[derive(Debug)]
pub struct Upload {
    path: PathBuf,
    file: File,
    size: u64,
}

/// What lies on the bench.
#[derive(Debug)]
pub struct Job {
    /// A name that nobody can guess.
    pub id: String,
    /// What it is about: a file by its name, or a run by its number.
    pub about: About,
    /// Since when it lies there.
    pub since: UtcDateTime,
    upload: Mutex<Option<Upload>>,
    stage: Mutex<Stage>,
    progress: Mutex<(Pass, (u64, u64))>,
}

/// What a job is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// A file, and for whom its records are to be.
    File(String, Choices),
    /// A run that is taken back.
    Run(i64),
}

/// How far a job has come.
#[derive(Debug, Clone)]
pub enum Stage {
    /// The file is looked at.
    Reading,
    /// It was looked at: nothing is written, and somebody decides.
    Read(Arc<Reading>),
    /// It is looked at anew, and entered.
    Entering,
    /// It was entered, and the file is gone.
    Entered(Arc<Reading>, Arc<Committed>),
    /// The run is taken back.
    Undoing,
    /// It was.
    Undone(Arc<Undone>),
    /// It went wrong; the name of the sentence that says how. What is on the bench can be tried again.
    Failed(&'static str),
}

/// What is said of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// What becomes of it, or became.
    pub report: Report,
    /// The rows that do not enter and can be mended.
    pub rejected: Vec<u8>,
    /// Whether an earlier run of it was interrupted, which goes on.
    pub goes_on: bool,
}

impl Workshop {
    /// The bench of the node in this folder. What an earlier program left there is taken away.
    pub fn of(data: &Path, journal: Journal) -> Self {
        // What cannot be taken away now is when the next file comes, or is in nobody's way.
        drop(fs::remove_dir_all(folder_in(data)));
        Self { data: data.to_owned(), journal, bench: Arc::default() }
    }

    /// What lies on the bench.
    pub fn job(&self) -> Option<Arc<Job>> {
        self.bench().clone()
    }

    /// Room for a file that comes in, readable for this program's user alone.
    ///
    /// # Errors
    /// [`ImportError::File`].
    pub fn room(&self) -> Result<Upload, ImportError> {
        let folder = folder_in(&self.data);
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&folder).map_err(|why| ImportError::File(folder.clone(), why))?;
        let path = folder.join(new_token());
        let mut options = File::options();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path).map_err(|why| ImportError::File(path.clone(), why))?;
        Ok(Upload { path, file, size: 0 })
    }

    /// Lays a file on the bench and looks at it, unless it can be seen at once that it is none that is known.
    ///
    /// # Errors
    /// [`ImportError::Busy`], and what [`Plan::check`] says; then the file is gone.
    pub fn begin(
        &self,
        upload: Upload,
        name: &str,
        choices: Choices,
        now: UtcDateTime,
    ) -> Result<Arc<Job>, ImportError> {
        Plan::check(&upload.bytes()?)?;
        let job = Job::new(About::File(name.to_owned(), choices), Some(upload), Stage::Reading, now);
        self.lay(job, move |journal, job| job.read(journal))
    }

    /// Looks at the file on the bench anew, for other people.
    ///
    /// # Errors
    /// [`ImportError::NoRun`] where there is none, [`ImportError::Busy`].
    pub fn choose(&self, id: &str, choices: Choices, now: UtcDateTime) -> Result<Arc<Job>, ImportError> {
        let job = self.job_called(id)?;
        let About::File(name, _) = &job.about else { return Err(nothing()) };
        if job.is_at_work() {
            return Err(ImportError::Busy);
        }
        let upload = job.upload().take().ok_or_else(nothing)?;
        self.begin(upload, name, choices, now)
    }

    /// Enters the file on the bench, once it was looked at. Said twice, it is done once.
    ///
    /// # Errors
    /// [`ImportError::NoRun`] where it is not on the bench.
    pub fn enter(&self, id: &str) -> Result<Arc<Job>, ImportError> {
        let job = self.job_called(id)?;
        if job.goes_on_from(&[Stage::is_read, Stage::is_failed], Stage::Entering) {
            let data = self.data.clone();
            self.work(&job, move |journal, job| job.enter(journal, &data));
        }
        Ok(job)
    }

    /// Takes a run back.
    ///
    /// # Errors
    /// [`ImportError::NoRun`], [`ImportError::Busy`].
    pub fn undo(&self, run: i64, now: UtcDateTime) -> Result<Arc<Job>, ImportError> {
        run_to_undo(&self.journal, Some(run))?;
        let data = self.data.clone();
        let job = Job::new(About::Run(run), None, Stage::Undoing, now);
        self.lay(job, move |journal, job| job.undo(journal, &data, run))
    }

    /// Takes away what lies on the bench, unless work goes on; the file with it.
    pub fn leave(&self, id: &str) {
        let left = self.bench().take_if(|job| job.id == id && !job.is_at_work());
        left.iter().for_each(|job| job.clear());
    }

    /// Takes away what nobody went on with for a day.
    pub fn sweep(&self, now: UtcDateTime) {
        let left = self.bench().take_if(|job| job.since + KEPT < now && !job.is_at_work());
        left.iter().for_each(|job| job.clear());
    }

    fn bench(&self) -> MutexGuard<'_, Option<Arc<Job>>> {
        self.bench.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn job_called(&self, id: &str) -> Result<Arc<Job>, ImportError> {
        self.job().filter(|job| job.id == id).ok_or_else(nothing)
    }

    /// Puts a job in the place of one that rests, and begins with it.
    fn lay(
        &self,
        job: Job,
        work: impl FnOnce(&Journal, &Job) -> Result<Stage, ImportError> + Send + 'static,
    ) -> Result<Arc<Job>, ImportError> {
        let job = Arc::new(job);
        {
            let mut bench = self.bench();
            if bench.as_ref().is_some_and(|job| job.is_at_work()) {
                return Err(ImportError::Busy);
            }
            let before = bench.replace(Arc::clone(&job));
            before.iter().for_each(|job| job.clear());
        }
        self.work(&job, work);
        Ok(job)
    }

    /// Works off the threads that serve people; whatever ends the work, the job does not stay at work.
    fn work(&self, job: &Arc<Job>, work: impl FnOnce(&Journal, &Job) -> Result<Stage, ImportError> + Send + 'static) {
        let (journal, ended) = (self.journal.clone(), Ended(Arc::clone(job)));
        let spawned = thread::Builder::new().name("import".to_owned()).spawn(move || match work(&journal, &ended.0) {
            Ok(stage) => ended.0.set(stage),
            Err(why) => ended.0.fail(why.key()),
        });
        if spawned.is_err() {
            job.fail("import-fault-inner");
        }
    }
}

/// Where files lie that were uploaded.
fn folder_in(data: &Path) -> PathBuf {
    data.join("uploads")
}

fn nothing() -> ImportError {
    ImportError::NoRun("this file is not on the bench any more".into())
}

/// Sees to it that a job whose work broke off does not seem to go on for ever.
struct Ended(Arc<Job>);

impl Drop for Ended {
    fn drop(&mut self) {
        if self.0.is_at_work() {
            self.0.fail("import-fault-inner");
        }
    }
}

impl Upload {
    /// Writes what came next. Whether there is still room: what is more than [`LARGEST`] is not kept.
    ///
    /// # Errors
    /// [`ImportError::File`].
    pub fn write(&mut self, bytes: &[u8]) -> Result<bool, ImportError> {
        self.size += bytes.len() as u64;
        if self.size > LARGEST {
            return Ok(false);
        }
        self.file.write_all(bytes).map_err(|why| ImportError::File(self.path.clone(), why))?;
        Ok(true)
    }

    fn bytes(&self) -> Result<Vec<u8>, ImportError> {
        fs::read(&self.path).map_err(|why| ImportError::File(self.path.clone(), why))
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        // What is left in the way of a fault is taken away with the next start.
        drop(fs::remove_file(&self.path));
    }
}

impl Stage {
    /// Whether something goes on, so that whoever looks should look again.
    pub fn is_at_work(&self) -> bool {
        matches!(self, Self::Reading | Self::Entering | Self::Undoing)
    }

    fn is_read(&self) -> bool {
        matches!(self, Self::Read(_))
    }

    fn is_failed(&self) -> bool {
        matches!(self, Self::Failed(_))
    }
}

impl Job {
    fn new(about: About, upload: Option<Upload>, stage: Stage, since: UtcDateTime) -> Self {
        Self {
            id: new_token(),
            about,
            since,
            upload: Mutex::new(upload),
            stage: Mutex::new(stage),
            progress: Mutex::default(),
        }
    }

    /// How far it has come.
    pub fn stage(&self) -> Stage {
        self.stage.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether something goes on.
    pub fn is_at_work(&self) -> bool {
        self.stage().is_at_work()
    }

    /// Whether its file is still there, so that it can be tried again.
    pub fn has_file(&self) -> bool {
        self.upload().is_some()
    }

    /// What goes on now, and to how many of how many it is done.
    pub fn progress(&self) -> (Pass, (u64, u64)) {
        *self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, stage: Stage) {
        *self.stage.lock().unwrap_or_else(PoisonError::into_inner) = stage;
    }

    /// Ends it with what went wrong. A file that could not be looked at is not kept: nobody enters what nobody has seen.
    fn fail(&self, why: &'static str) {
        if matches!(self.stage(), Stage::Reading) {
            self.clear();
        }
        self.set(Stage::Failed(why));
    }

    /// Takes its file away.
    fn clear(&self) {
        drop(self.upload().take());
    }

    fn upload(&self) -> MutexGuard<'_, Option<Upload>> {
        self.upload.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Goes on to a stage, where it is at one of these; of two who say so at once, one does.
    fn goes_on_from(&self, from: &[fn(&Stage) -> bool], to: Stage) -> bool {
        let mut stage = self.stage.lock().unwrap_or_else(PoisonError::into_inner);
        let may = from.iter().any(|is| is(&stage)) && self.has_file();
        if may {
            *stage = to;
        }
        may
    }

    fn told(&self, pass: Pass, counted: (u64, u64)) {
        *self.progress.lock().unwrap_or_else(PoisonError::into_inner) = (pass, counted);
    }

    fn plan(&self, journal: &Journal, told: Progress<'_>) -> Result<Plan, ImportError> {
        let About::File(name, choices) = &self.about else { return Err(nothing()) };
        let bytes = self.upload().as_ref().ok_or_else(nothing)?.bytes()?;
        Plan::of(journal, (name, &bytes), *choices, UtcDateTime::now(), told)
    }

    fn read(&self, journal: &Journal) -> Result<Stage, ImportError> {
        let plan = self.plan(journal, &mut |pass, counted| self.told(pass, counted))?;
        let goes_on = plan.interrupted(journal)?.is_some();
        Ok(Stage::Read(Arc::new(Reading { rejected: plan.rejected(), goes_on, report: plan.report })))
    }

    fn enter(&self, journal: &Journal, data: &Path) -> Result<Stage, ImportError> {
        let _turn = Turn::take(data)?;
        let mut told = |pass, counted| self.told(pass, counted);
        let plan = self.plan(journal, &mut told)?;
        let committed = plan.commit(journal, UtcDateTime::now(), &mut told)?;
        self.clear();
        let reading = Reading { rejected: plan.rejected(), goes_on: committed.went_on, report: plan.report };
        Ok(Stage::Entered(Arc::new(reading), Arc::new(committed)))
    }

    fn undo(&self, journal: &Journal, data: &Path, run: i64) -> Result<Stage, ImportError> {
        let _turn = Turn::take(data)?;
        let run = run_to_undo(journal, Some(run))?;
        let undone = undo(journal, run, UtcDateTime::now(), &mut |pass, counted| self.told(pass, counted))?;
        Ok(Stage::Undone(Arc::new(undone)))
    }
}
