//! Carries a plan out, in groups: each is one transaction, so what is interrupted leaves whole groups, and the same file goes on from there.

use crate::filling::{digest, filled_fields};
use crate::plan::{Change, Pass, Plan, Progress, Step};
use crate::{ImportError, Remark, What};
use pes_domain::{Draft, Record};
use pes_journal::Journal;
use pes_journal::group::Group;
use pes_store::imports::{self, Row, Run};
use pes_store::own_records;
use time::UtcDateTime;

/// How many rows are one transaction.
pub const GROUP: usize = 100;

/// What was done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Committed {
    /// The run's number; none where nothing was to be done.
    pub run: Option<i64>,
    /// Whether an earlier run of the same file, which was interrupted, went on.
    pub went_on: bool,
    /// Structures that somebody changed meanwhile: they are left as they are.
    pub meanwhile: Vec<Remark>,
}

impl Plan {
    /// Carries it out.
    ///
    /// # Errors
    /// [`ImportError::Journal`], [`ImportError::Store`]: what entered until then stays, and the same file goes on from there.
    pub fn commit(&self, journal: &Journal, now: UtcDateTime, told: Progress<'_>) -> Result<Committed, ImportError> {
        let interrupted = self.interrupted(journal)?;
        let went_on = interrupted.is_some();
        if self.report.tally.changes() == 0 && interrupted.is_none() {
            return Ok(Committed::default());
        }
        let run = match interrupted {
            Some(run) => run,
            None => self.begin(journal, now)?,
        };
        let (mut done, mut meanwhile) = (0, Vec::new());
        for steps in self.steps.chunks(GROUP) {
            meanwhile.extend(commit_group(journal, (&run, steps), now)?);
            done += steps.len() as u64;
            told(Pass::Entering, (done, self.steps.len() as u64));
        }
        journal.store().write(|link| imports::finish(link, run.id, now.unix_timestamp()))?;
        Ok(Committed { run: Some(run.id), went_on, meanwhile })
    }

    /// The run of the same file that did not come to its end, if there is one: it goes on.
    ///
    /// # Errors
    /// [`ImportError::Store`].
    pub fn interrupted(&self, journal: &Journal) -> Result<Option<Run>, ImportError> {
        let runs = journal.store().read(imports::runs)?;
        let is_same = |run: &Run| run.sha256 == self.sha256 && run.layout == self.layout.name();
        Ok(runs.into_iter().find(|run| is_same(run) && run.finished.is_none() && run.undone.is_none()))
    }

    fn begin(&self, journal: &Journal, now: UtcDateTime) -> Result<Run, ImportError> {
        let run = Run {
            id: 0,
            file: self.file.clone(),
            sha256: self.sha256.clone(),
            layout: self.layout.name().to_owned(),
            digest: journal.digest_of_own()?,
            started: now.unix_timestamp(),
            finished: None,
            undone: None,
        };
        Ok(journal.store().write(|link| imports::begin(link, run))?)
    }
}

/// Enters a group of rows, with what is remembered of them. Tells of those that somebody changed since the plan was made.
fn commit_group(
    journal: &Journal,
    (run, steps): (&Run, &[Step]),
    now: UtcDateTime,
) -> Result<Vec<Remark>, ImportError> {
    journal.gather(now, |group| {
        let mut meanwhile = Vec::new();
        for step in steps {
            if !enter(group, run, step)? {
                meanwhile.push(Remark::new(step.line, "", &step.source, What::ChangedMeanwhile));
            }
        }
        Ok(meanwhile)
    })
}

/// Enters one row; whether the record was still as the plan found it.
fn enter(group: &mut Group<'_>, run: &Run, step: &Step) -> Result<bool, ImportError> {
    match &step.change {
        Change::New(record, moderation) => {
            remember(group, run, step, (record, &record.lower()), None)?;
            group.save((**record).clone(), *moderation, None)?;
        }
        Change::Fill { before, after } => {
            let Some(own) = own_records::find(group.link(), &after.iri.to_string())? else { return Ok(false) };
            if digest(&own.record.lower()) != digest(before) {
                return Ok(false);
            }
            remember(group, run, step, (after, &after.lower()), Some(own.record))?;
            group.save((**after).clone(), own.moderation, None)?;
        }
        Change::Same(iri, draft) => {
            let row = row(run, step, &iri.to_string(), draft);
            imports::note(group.link(), &row)?;
        }
    }
    Ok(true)
}

fn remember(
    group: &mut Group<'_>,
    run: &Run,
    step: &Step,
    (record, draft): (&Record, &Draft),
    before: Option<Record>,
) -> Result<(), ImportError> {
    let is_new = before.is_none();
    let row = Row { is_new, before, ..row(run, step, &record.iri.to_string(), draft) };
    Ok(imports::note(group.link(), &row)?)
}

fn row(run: &Run, step: &Step, record: &str, draft: &Draft) -> Row {
    Row {
        run: run.id,
        line: step.line,
        source: step.source.clone(),
        called: step.called.clone(),
        record: record.to_owned(),
        is_new: false,
        before: None,
        after: digest(draft),
        filled: filled_fields(draft),
    }
}
