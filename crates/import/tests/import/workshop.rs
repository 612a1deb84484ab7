//! The workshop: one job at a time on the bench, files that are gone when nobody needs them, and work that never seems to go on for ever.

use crate::bed::{NOW, Node, node};
use pes_domain::Audience;
use pes_import::undo::Why;
use pes_import::workshop::{About, Job, LARGEST, Stage, Upload, Workshop};
use pes_import::{Choices, ImportError, NoTable, Pass, Turn};
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration as Wait;
use time::Duration;

const FILE: &str = "Numéro BDIS;Nom;Présentation libre;mots clés;Adresse\n1;L’Établi;;;\n2;La Volière;;;\n";

/// A node, and the bench in its folder.
struct Shop {
    node: Node,
    bench: Workshop,
    data: tempfile::TempDir,
}

fn shop() -> Shop {
    let (node, data) = (node("apeas"), tempfile::tempdir().unwrap());
    let bench = Workshop::of(data.path(), node.journal.clone());
    Shop { node, bench, data }
}

impl Shop {
    fn room(&self, text: impl AsRef<[u8]>) -> Upload {
        let mut upload = self.bench.room().unwrap();
        assert!(upload.write(text.as_ref()).unwrap());
        upload
    }

    fn begin(&self, text: &str) -> Result<Arc<Job>, ImportError> {
        self.bench.begin(self.room(text), "vieux.csv", Choices::default(), NOW)
    }

    fn files(&self) -> Vec<PathBuf> {
        let folder = fs::read_dir(self.data.path().join("uploads"));
        folder.map(|all| all.map(|one| one.unwrap().path()).collect()).unwrap_or_default()
    }
}

/// Where a job comes to rest.
fn rest(job: &Job) -> Stage {
    for _ in 0..2_000 {
        let stage = job.stage();
        if !stage.is_at_work() {
            return stage;
        }
        std::thread::sleep(Wait::from_millis(10));
    }
    panic!("it goes on for ever: {job:?}");
}

#[test]
fn a_file_is_looked_at_entered_and_gone_and_its_run_is_taken_back() {
    let shop = shop();
    let job = shop.begin(FILE).unwrap();
    let Stage::Read(reading) = rest(&job) else { panic!("{job:?}") };
    assert_eq!(job.progress(), (Pass::Comparing, (2, 2)), "each pass counts each row once");
    assert_eq!((reading.report.tally.entered, reading.goes_on), (2, false));
    assert!(shop.node.structures().is_empty() && shop.files().len() == 1);
    assert_eq!(job.about, About::File("vieux.csv".into(), Choices::default()));
    let same = shop.bench.enter(&job.id).unwrap();
    assert_eq!(same.id, job.id);
    let Stage::Entered(reading, committed) = rest(&job) else { panic!("{job:?}") };
    assert_eq!((reading.report.tally.entered, committed.run), (2, Some(1)));
    assert_eq!(job.progress(), (Pass::Entering, (2, 2)));
    assert!(shop.node.structures().len() == 2 && shop.files().is_empty() && !job.has_file());
    rest(&shop.bench.enter(&job.id).unwrap());
    assert_eq!(shop.node.structures().len(), 2, "said again, nothing is done");
    let job = shop.bench.undo(1, NOW).unwrap();
    let Stage::Undone(undone) = rest(&job) else { panic!("{job:?}") };
    assert!(undone.deleted == 2 && undone.is_as_before && shop.node.structures().is_empty());
    assert!(matches!(shop.bench.undo(1, NOW), Err(ImportError::NoRun(_))), "once");
    assert!(matches!(shop.bench.undo(7, NOW), Err(ImportError::NoRun(_))));
}

#[test]
fn what_is_no_table_of_ours_does_not_come_onto_the_bench() {
    let shop = shop();
    let kept = shop.begin(FILE).unwrap();
    assert!(matches!(shop.begin("a;b\n1;2\n"), Err(ImportError::NoLayout { .. })));
    assert!(matches!(shop.begin("PK\u{3}\u{4}"), Err(ImportError::NotATable(NoTable::Spreadsheet))));
    assert!(matches!(shop.begin("\n"), Err(ImportError::NotATable(NoTable::Empty))));
    assert_eq!(shop.files().len(), 1);
    assert_eq!(shop.bench.job().unwrap().id, kept.id, "what lay there still does");
}

/// While one imports, the next waits: here, and beside it.
#[test]
fn one_thing_is_done_at_a_time() {
    let shop = shop();
    let job = shop.begin(FILE).unwrap();
    rest(&job);
    let turn = Turn::take(shop.data.path()).unwrap();
    let same = shop.bench.enter(&job.id).unwrap();
    let Stage::Failed(why) = rest(&same) else { panic!("{same:?}") };
    assert_eq!((why, ImportError::Busy.key(), job.has_file()), ("import-fault-busy", why, true));
    drop(turn);
    shop.bench.enter(&job.id).unwrap();
    assert!(matches!(rest(&job), Stage::Entered(..)), "it can be tried again");
    let turn = Turn::take(shop.data.path()).unwrap();
    let undoing = shop.bench.undo(1, NOW).unwrap();
    assert!(matches!(rest(&undoing), Stage::Failed("import-fault-busy")));
    assert!(!undoing.has_file() && shop.node.structures().len() == 2);
    drop(turn);
}

#[test]
fn while_work_goes_on_the_bench_is_taken() {
    let shop = shop();
    let rows: String = (3..3_000).map(|number| format!("{number};Structure {number};;;\n")).collect();
    let job = shop.begin(&format!("{FILE}{rows}")).unwrap();
    assert!(job.is_at_work());
    assert!(matches!(shop.begin(FILE), Err(ImportError::Busy)));
    assert!(matches!(shop.bench.choose(&job.id, Choices::default(), NOW), Err(ImportError::Busy)));
    shop.bench.leave(&job.id);
    shop.bench.sweep(NOW + Duration::days(9));
    assert!(shop.bench.job().is_some(), "what is at work is not taken away");
    shop.bench.enter(&job.id).unwrap();
    assert!(matches!(rest(&job), Stage::Read(_)), "it is not entered before it was looked at");
    assert_eq!(shop.files().len(), 1, "the file that found no room is gone");
}

#[test]
fn a_file_is_looked_at_anew_for_other_people() {
    let shop = shop();
    let job = shop.begin(FILE).unwrap();
    rest(&job);
    let choices = Choices { audience: Audience::Network, contacts: Audience::Network };
    let anew = shop.bench.choose(&job.id, choices, NOW).unwrap();
    assert!(matches!(rest(&anew), Stage::Read(_)) && anew.id != job.id);
    assert_eq!(anew.about, About::File("vieux.csv".into(), choices));
    assert!(matches!(shop.bench.choose(&job.id, choices, NOW), Err(ImportError::NoRun(_))));
    shop.bench.enter(&anew.id).unwrap();
    rest(&anew);
    assert!(shop.node.structures().iter().all(|own| own.record.audience == Audience::Network));
    assert!(matches!(shop.bench.choose(&anew.id, choices, NOW), Err(ImportError::NoRun(_))), "its file is gone");
}

#[test]
fn files_are_gone_when_they_are_left_forgotten_replaced_or_of_an_earlier_program() {
    let shop = shop();
    let job = shop.begin(FILE).unwrap();
    rest(&job);
    shop.bench.leave("another");
    assert_eq!(shop.files().len(), 1);
    let id = job.id.clone();
    drop(job);
    shop.bench.leave(&id);
    assert!(shop.files().is_empty() && shop.bench.job().is_none());
    let first = shop.begin(FILE).unwrap();
    rest(&first);
    drop(first);
    let second = shop.begin(FILE).unwrap();
    rest(&second);
    assert_eq!(shop.files().len(), 1, "one is in the place of the other");
    drop(second);
    shop.bench.sweep(NOW + Duration::DAY);
    assert_eq!(shop.files().len(), 1);
    shop.bench.sweep(NOW + Duration::DAY + Duration::SECOND);
    assert!(shop.files().is_empty());
    drop(shop.room("half a file"));
    assert!(shop.files().is_empty(), "a file that did not come to its end is gone");
    fs::write(shop.data.path().join("uploads/left"), "by an earlier program").unwrap();
    drop(Workshop::of(shop.data.path(), shop.node.journal.clone()));
    assert!(shop.files().is_empty());
}

#[cfg(unix)]
#[test]
fn files_are_readable_for_the_node_alone() {
    use std::os::unix::fs::PermissionsExt;
    let shop = shop();
    let upload = shop.room("x");
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&shop.files()[0]), mode(&shop.data.path().join("uploads"))), (0o600, 0o700));
    let name = shop.files()[0].file_name().unwrap().to_string_lossy().into_owned();
    assert!(name.len() == 64 && name.bytes().all(|byte| byte.is_ascii_hexdigit()), "{name}");
    drop(upload);
}

#[test]
fn more_than_twenty_megabytes_find_no_room() {
    let shop = shop();
    let mut upload = shop.bench.room().unwrap();
    let portion = vec![b'x'; 1024 * 1024];
    for _ in 0..20 {
        assert!(upload.write(&portion).unwrap());
    }
    assert!(!upload.write(b"x").unwrap());
    assert_eq!(fs::metadata(&shop.files()[0]).unwrap().len(), LARGEST);
}

#[test]
fn a_run_that_was_interrupted_is_told_before_it_goes_on() {
    let shop = shop();
    let run = pes_store::imports::Run {
        id: 0,
        file: "vieux.csv".into(),
        sha256: pes_journal::sha256_hex(FILE.as_bytes()),
        layout: "bdis-2014".into(),
        digest: String::new(),
        started: 1,
        finished: None,
        undone: None,
    };
    shop.node.journal.store().write(|link| pes_store::imports::begin(link, run)).unwrap();
    let job = shop.begin(FILE).unwrap();
    let Stage::Read(reading) = rest(&job) else { panic!("{job:?}") };
    assert!(reading.goes_on);
    shop.bench.enter(&job.id).unwrap();
    let Stage::Entered(_, committed) = rest(&job) else { panic!("{job:?}") };
    assert!(committed.went_on && committed.run == Some(1));
}

/// Every fault has its sentence, and each is another where something else is to be done.
#[test]
fn every_fault_has_its_sentence() {
    let no_table = |what| ImportError::NotATable(what).key();
    assert_eq!(no_table(NoTable::Spreadsheet), no_table(NoTable::OldSpreadsheet));
    assert_eq!(no_table(NoTable::NoText), no_table(NoTable::Broken("x".into())));
    let mut keys = vec![
        no_table(NoTable::Empty),
        no_table(NoTable::Spreadsheet),
        no_table(NoTable::Access),
        no_table(NoTable::NoText),
        ImportError::NoLayout { found: String::new() }.key(),
        ImportError::NoRun(String::new()).key(),
        ImportError::Busy.key(),
        ImportError::Report(String::new()).key(),
    ];
    let reasons = [Why::Changed, Why::Claimed, Why::Named].map(Why::key);
    keys.extend(reasons);
    let count = keys.len();
    keys.sort_unstable();
    keys.dedup();
    assert!(keys.len() == count && keys.iter().all(|key| key.starts_with("import-")));
}
