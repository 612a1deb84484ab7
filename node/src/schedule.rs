//! What is done each minute, hour and day. The work itself is rows: what a stop prevents is done the next time.

use crate::NodeError;
use crate::house::{House, complain};
use pes_journal::{Journal, snapshots};
use pes_notify::Crier;
use pes_people::People;
use pes_sync::drive::Reconciler;
use std::sync::Arc;
use time::UtcDateTime;
use tokio_cron_scheduler::{Job, JobScheduler, JobSchedulerError};

/// What is cleared away within a minute of being erased is in neither database file nor write-ahead log.
const EACH_MINUTE: &str = "50 * * * * *";
/// A node that makes ten change-sets a second writes its write-ahead log full in half a minute.
const NOW_AND_THEN: &str = "0/20 * * * * *";
const EACH_HOUR: &str = "40 17 * * * *";

/// The schedule; it ends when this is dropped. The library keeps what it was given for as long as the program runs, also after its shutdown: so what
/// the tasks work on is held here, and by them only while they work.
pub(crate) struct Schedule {
    scheduler: Option<JobScheduler>,
    _tasks: Arc<Tasks>,
}

/// What is done, and on what.
struct Tasks {
    journal: Journal,
    people: People,
    crier: Option<Arc<Crier>>,
    reconciler: Reconciler,
    publish_after_days: u32,
}

impl std::fmt::Debug for Schedule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Schedule")
    }
}

impl Drop for Schedule {
    fn drop(&mut self) {
        if let (Some(mut scheduler), Ok(runtime)) = (self.scheduler.take(), tokio::runtime::Handle::try_current()) {
            runtime.spawn(async move { drop(scheduler.shutdown().await) });
        }
    }
}

/// Keeps the schedule of a node.
pub(crate) async fn keep(
    house: &House,
    crier: Option<Arc<Crier>>,
    reconciler: Reconciler,
) -> Result<Schedule, NodeError> {
    let fault = |e: JobSchedulerError| NodeError::Schedule(e.to_string());
    let scheduler = JobScheduler::new().await.map_err(fault)?;
    let (journal, people, config) = (house.journal.clone(), house.people.clone(), &house.config);
    let publish_after_days = config.publish_after_days;
    let tasks = Arc::new(Tasks { journal, people, crier, reconciler, publish_after_days });
    let jobs = [
        job(NOW_AND_THEN, &tasks, Tasks::take_over),
        job(EACH_MINUTE, &tasks, Tasks::settle),
        job(EACH_HOUR, &tasks, Tasks::tidy),
        job(&config.reconcile_at, &tasks, Tasks::reconcile),
        job(&config.fold_mails_at, &tasks, Tasks::fold),
    ];
    for job in jobs {
        scheduler.add(job.map_err(fault)?).await.map_err(fault)?;
    }
    scheduler.start().await.map_err(fault)?;
    Ok(Schedule { scheduler: Some(scheduler), _tasks: tasks })
}

/// Whether a time of day is one.
pub(crate) fn check(at: &str) -> Result<(), String> {
    Job::new_async(at, |_, _| Box::pin(async {})).map(drop).map_err(|_| "it is no schedule".to_owned())
}

/// Work for the database, off the threads that carry bytes; none once the schedule is dropped.
fn job(at: &str, tasks: &Arc<Tasks>, work: fn(&Tasks)) -> Result<Job, JobSchedulerError> {
    let tasks = Arc::downgrade(tasks);
    Job::new_async(at, move |_, _| {
        let tasks = tasks.upgrade();
        Box::pin(async move {
            let Some(tasks) = tasks else { return };
            if let Err(error) = tokio::task::spawn_blocking(move || work(&tasks)).await {
                tracing::error!(%error, "a scheduled task was interrupted");
            }
        })
    })
}

impl Tasks {
    fn take_over(&self) {
        if let Err(error) = self.journal.store().take_over() {
            tracing::debug!(%error, "the write-ahead log is taken over later");
        }
    }

    fn settle(&self) {
        if let Err(error) = self.journal.store().settle() {
            tracing::warn!(%error, "the write-ahead log could not be emptied; it is tried again in a minute");
        }
    }

    /// What a log says in many change-sets is said in few, for those who come new or were away for long; and heads are compared.
    fn reconcile(&self) {
        match self.journal.write_snapshots(snapshots::EVERY, UtcDateTime::now()) {
            Ok(written) => tracing::debug!(written, "snapshots"),
            Err(error) => tracing::warn!(%error, "no snapshot was written; it is tried again tomorrow"),
        }
        self.reconciler.reconcile();
    }

    fn fold(&self) {
        if let Some(Err(error)) = self.crier.as_ref().map(|crier| crier.fold(UtcDateTime::now())) {
            complain(&error);
        }
    }

    /// Erases what is kept no longer, and publishes what nobody looked at in time.
    fn tidy(&self) {
        let now = UtcDateTime::now();
        let done = || -> Result<(usize, usize, usize), NodeError> {
            self.people.clear_reports(now)?;
            self.people.clear_claims(now)?;
            let (expired, conversations) = (self.journal.delete_expired(now)?, self.people.clear(now)?);
            Ok((expired, conversations, self.journal.publish_waiting(self.publish_after_days, now)?))
        };
        match done() {
            Ok((expired, conversations, published)) => {
                tracing::debug!(expired, conversations, published, "tidied");
            }
            Err(error) => tracing::error!(%error, "tidying failed; it is tried again in an hour"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::house;
    use crate::{Config, House};
    use pes_domain::{Draft, Kind, Record, RecordIri};
    use pes_store::own_records::{self, Moderation};
    use time::Duration;
    use time::macros::utc_datetime;

    const NOW: UtcDateTime = utc_datetime!(2026-11-24 09:00);

    fn node(folder: &std::path::Path) -> House {
        let config = Config { data: folder.join("data"), ..Config::default() };
        house::init(&config, &"https://pes.example.org".parse().unwrap(), "x", true).unwrap();
        House::open(config).unwrap()
    }

    fn propose(journal: &Journal, kind: Kind, fields: &[(&str, &str)], at: UtcDateTime) -> RecordIri {
        let draft: Draft = fields.iter().map(|(field, value)| ((*field).to_owned(), (*value).to_owned())).collect();
        let iri = RecordIri::mint("https://pes.example.org", kind);
        let record = Record::raise(kind, (iri.clone(), at), &draft, at, &house::rules()).unwrap();
        journal.save(record, Moderation::Proposed, None, at).unwrap();
        iri
    }

    fn moderation(journal: &Journal, iri: &RecordIri) -> Moderation {
        let own = journal.store().read(|link| own_records::find(link, &iri.to_string())).unwrap();
        own.unwrap().moderation
    }

    const OFFER: &[(&str, &str)] = &[("direction", "offer"), ("type", "service"), ("title", "x"), ("author", "M")];

    #[test]
    fn what_nobody_looked_at_is_published_after_its_days_and_not_before() {
        let folder = tempfile::tempdir().unwrap();
        let journal = node(folder.path()).journal;
        let old = propose(&journal, Kind::Exchange, OFFER, NOW - Duration::days(4));
        let recent = propose(&journal, Kind::Exchange, OFFER, NOW - Duration::days(2));
        let both = [("person-label", "Colette"), ("structure-label", "La Volière")];
        let membership = propose(
            &journal,
            Kind::Membership,
            &[both.as_slice(), &[("audience", "private")]].concat(),
            NOW - Duration::days(40),
        );
        assert_eq!(journal.publish_waiting(0, NOW).unwrap(), 0, "0 is never");
        assert_eq!(journal.publish_waiting(3, NOW).unwrap(), 1);
        assert_eq!(moderation(&journal, &old), Moderation::Published);
        assert_eq!(moderation(&journal, &recent), Moderation::Proposed);
        assert_eq!(moderation(&journal, &membership), Moderation::Proposed, "somebody has to confirm it");
        assert_eq!(journal.publish_waiting(3, NOW).unwrap(), 0);
    }

    #[tokio::test]
    async fn a_schedule_that_cannot_be_read_is_refused_with_its_reason() {
        let folder = tempfile::tempdir().unwrap();
        let mut house = node(folder.path());
        house.config.reconcile_at = "each morning".into();
        let drive = pes_sync::Drive::new(house.journal.clone(), house.people.clone(), house.client.clone());
        let driving = drive.start(None);
        let refused = keep(&house, None, driving.reconciler()).await.unwrap_err();
        assert!(refused.to_string().contains("schedule"), "{refused}");
        house.config.reconcile_at = Config::default().reconcile_at;
        keep(&house, None, driving.reconciler()).await.unwrap();
    }

    #[tokio::test]
    async fn a_schedule_that_ended_keeps_nothing_open() {
        let folder = tempfile::tempdir().unwrap();
        let house = node(folder.path());
        let store = house.journal.store().clone();
        let drive = pes_sync::Drive::new(house.journal.clone(), house.people.clone(), house.client.clone());
        let driving = drive.start(None);
        let schedule = keep(&house, None, driving.reconciler()).await.unwrap();
        drop((house, driving, schedule));
        let begun = std::time::Instant::now();
        while store.is_shared() {
            assert!(begun.elapsed().as_secs() < 60, "somebody keeps the database open");
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    }
}
