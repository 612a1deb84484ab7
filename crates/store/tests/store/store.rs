//! The database file: opened, opened again, written in one transaction or not at all, read while it is written.

use crate::bed::{Bed, file_bed, node};
use diesel::connection::SimpleConnection;
use pes_store::{Bell, Link, Store, StoreError, nodes, settings};
use std::sync::mpsc::channel;
use std::time::Duration;

fn get(store: &Store, name: &str) -> Option<String> {
    store.read(|link| settings::get(link, name)).unwrap()
}

fn put(store: &Store, name: &str, value: &str) {
    store.write(|link| settings::put(link, name, value)).unwrap();
}

#[test]
fn a_setting_takes_the_place_of_the_one_before() {
    let bed = file_bed();
    assert_eq!(get(&bed.store, "name"), None);
    put(&bed.store, "name", "Apeas");
    put(&bed.store, "other", "");
    put(&bed.store, "name", "Apéas");
    assert_eq!(get(&bed.store, "name").as_deref(), Some("Apéas"));
    assert_eq!(get(&bed.store, "other").as_deref(), Some(""), "an empty fact is a fact");
}

#[test]
fn what_was_written_is_there_when_the_file_is_opened_again() {
    let bed = file_bed();
    put(&bed.store, "name", "Apéas");
    let again = Store::open(bed.path().as_path()).unwrap();
    assert_eq!(get(&again, "name").as_deref(), Some("Apéas"));
    put(&again, "name", "Mesclun");
    assert_eq!(get(&bed.store, "name").as_deref(), Some("Mesclun"), "two handles see one file");
}

#[test]
fn a_store_says_little_of_itself() {
    assert_eq!(format!("{:?}", file_bed().store), "Store");
}

#[track_caller]
fn why_not(path: &std::path::Path) -> String {
    match Store::open(path) {
        Err(fault @ StoreError::Open { .. }) => fault.to_string(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_cannot_be_opened_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("notes.txt");
    std::fs::write(&file, "no database, and long enough to be told from an empty one".repeat(20)).unwrap();
    let paths = [folder.path().to_owned(), folder.path().join("none/pes.sqlite"), file.join("pes.sqlite"), file];
    for path in paths {
        let why = why_not(&path);
        assert!(why.starts_with(&format!("cannot open the database {}: ", path.display())), "{why}");
    }
}

#[test]
fn a_file_that_is_no_database_is_left_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("notes.txt");
    let text = "no database, and long enough to be told from an empty one".repeat(20);
    std::fs::write(&file, &text).unwrap();
    assert!(why_not(&file).contains("not a database"));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
}

#[test]
fn a_table_that_stands_in_the_way_of_a_migration_is_a_failure_to_migrate() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pes.sqlite");
    let mut link: Link = diesel::Connection::establish(path.to_str().unwrap()).unwrap();
    link.batch_execute("CREATE TABLE accounts (foreign_to_us TEXT)").unwrap();
    let Err(fault @ StoreError::Migrate(_)) = Store::open(path.as_path()) else { panic!() };
    assert!(fault.to_string().contains("accounts"), "{fault}");
    link.batch_execute("DROP TABLE accounts").unwrap();
    put(&Store::open(path.as_path()).unwrap(), "name", "mended");
}

#[test]
fn an_error_undoes_all_that_was_written_before_it() {
    let bed = file_bed();
    put(&bed.store, "name", "before");
    let failed = bed.store.write(|link| {
        settings::put(link, "name", "after")?;
        nodes::insert(link, &node("paca"))?;
        nodes::insert(link, &node("paca"))
    });
    assert!(matches!(failed, Err(StoreError::Query(_))));
    assert_eq!(get(&bed.store, "name").as_deref(), Some("before"));
    assert_eq!(bed.read(nodes::all), vec![]);
}

#[test]
fn the_caller_s_own_error_undoes_too_and_comes_back_unchanged() {
    #[derive(Debug)]
    enum Fault {
        Mine,
        Store,
    }
    impl From<StoreError> for Fault {
        fn from(_: StoreError) -> Self {
            Self::Store
        }
    }
    let bed = file_bed();
    let failed: Result<(), Fault> = bed.store.write(|link| {
        settings::put(link, "name", "after")?;
        Err(Fault::Mine)
    });
    assert!(matches!(failed, Err(Fault::Mine)));
    assert_eq!(get(&bed.store, "name"), None);
    let failed: Result<(), Fault> =
        bed.store.write(|link| Ok(link.batch_execute("no SQL").map_err(StoreError::from)?));
    assert!(matches!(failed, Err(Fault::Store)));
}

#[test]
fn a_panic_undoes_its_transaction_and_the_next_write_goes_through() {
    let bed = file_bed();
    let store = bed.store.clone();
    let panicked = std::thread::spawn(move || {
        store.write(|link| -> Result<(), StoreError> {
            settings::put(link, "name", "half")?;
            panic!("a test's own panic");
        })
    });
    assert!(panicked.join().is_err());
    assert_eq!(get(&bed.store, "name"), None);
    put(&bed.store, "other", "written");
    let again = Store::open(bed.path().as_path()).unwrap();
    assert_eq!((get(&again, "name"), get(&again, "other").as_deref()), (None, Some("written")));
}

#[test]
fn a_panic_while_reading_costs_no_connection() {
    let bed = file_bed();
    for _ in 0..10 {
        let store = bed.store.clone();
        let read = move || store.read(|_| -> Result<(), StoreError> { panic!("a test's own panic") });
        assert!(std::thread::spawn(read).join().is_err());
    }
    assert_eq!(get(&bed.store, "name"), None);
}

#[test]
fn a_full_disk_is_an_error_and_loses_nothing_that_was_there() {
    let bed = file_bed();
    put(&bed.store, "name", "before");
    bed.tamper("PRAGMA max_page_count = 1");
    let too_much = "x".repeat(1 << 20);
    let why = bed.refused(|link| {
        settings::put(link, "name", "after")?;
        settings::put(link, "ballast", &too_much)
    });
    assert!(why.contains("disk is full") && why.contains("Free some of its disk"), "{why}");
    assert_eq!(get(&bed.store, "name").as_deref(), Some("before"));
    bed.tamper("PRAGMA max_page_count = 1073741823");
    put(&bed.store, "ballast", &too_much);
    assert_eq!(get(&bed.store, "ballast"), Some(too_much));
}

#[test]
fn who_may_not_write_is_told_so_and_reads_on() {
    let bed = file_bed();
    put(&bed.store, "name", "before");
    bed.tamper("PRAGMA query_only = ON");
    let failed = bed.store.write(|link| settings::put(link, "name", "after"));
    assert!(matches!(failed, Err(StoreError::Full(_))), "{failed:?}");
    assert_eq!(get(&bed.store, "name").as_deref(), Some("before"));
}

#[test]
fn readers_do_not_wait_for_the_writer_and_see_only_what_is_done() {
    let bed = file_bed();
    put(&bed.store, "name", "before");
    bed.write(|link| {
        settings::put(link, "name", "after")?;
        let seen: Vec<_> = std::thread::scope(|scope| {
            let readers: Vec<_> = (0..20).map(|_| scope.spawn(|| get(&bed.store, "name"))).collect();
            readers.into_iter().map(|reader| reader.join().unwrap()).collect()
        });
        assert_eq!(seen, vec![Some("before".to_owned()); 20]);
        Ok(())
    });
    assert_eq!(get(&bed.store, "name").as_deref(), Some("after"));
}

#[test]
fn a_reader_has_one_view_however_much_is_written_meanwhile() {
    let bed = file_bed();
    put(&bed.store, "name", "before");
    bed.read(|link| {
        assert_eq!(settings::get(link, "name")?.as_deref(), Some("before"));
        put(&bed.store, "name", "after");
        assert_eq!(settings::get(link, "name")?.as_deref(), Some("before"));
        Ok(())
    });
    assert_eq!(get(&bed.store, "name").as_deref(), Some("after"));
}

#[test]
fn writers_take_turns_and_none_is_lost() {
    let bed = file_bed();
    put(&bed.store, "count", "0");
    let add = |store: &Store| {
        store.write(|link| {
            let count: u32 = settings::get(link, "count")?.unwrap().parse().unwrap();
            settings::put(link, "count", &(count + 1).to_string())
        })
    };
    let other = Store::open(bed.path().as_path()).unwrap();
    std::thread::scope(|scope| {
        for store in [&bed.store, &other, &bed.store, &other] {
            scope.spawn(move || (0..25).for_each(|_| add(store).unwrap()));
        }
    });
    assert_eq!(get(&bed.store, "count").as_deref(), Some("100"));
}

#[test]
fn two_at_once_may_bring_a_file_to_this_version() {
    for _ in 0..10 {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pes.sqlite");
        let mut link: Link = diesel::Connection::establish(path.to_str().unwrap()).unwrap();
        link.batch_execute("PRAGMA journal_mode = WAL").unwrap();
        std::thread::scope(|scope| {
            let open = || put(&Store::open(path.as_path()).unwrap(), "name", "Apéas");
            let both = [scope.spawn(open), scope.spawn(open)];
            both.into_iter().for_each(|one| one.join().unwrap());
        });
    }
}

/// SQLite's write-ahead log: its length, and whether anything stands in it.
fn log_of_writes(bed: &Bed) -> (u64, bool) {
    let log = std::fs::read(bed.folder.path().join("pes.sqlite-wal")).unwrap();
    (log.len() as u64, log.iter().any(|byte| *byte != 0))
}

#[test]
fn settling_empties_the_log_of_writes() {
    let bed = file_bed();
    put(&bed.store, "name", "Apéas");
    assert!(log_of_writes(&bed).1);
    bed.store.settle().unwrap();
    assert!(!log_of_writes(&bed).1);
    assert_eq!(get(&bed.store, "name").as_deref(), Some("Apéas"));
}

/// Room for so many frames.
fn room(frames: u64) -> u64 {
    32 + frames * (24 + 4_096)
}

#[test]
fn the_log_of_writes_has_its_length_before_it_is_needed() {
    let bed = file_bed();
    bed.store.prepare().unwrap();
    assert_eq!(log_of_writes(&bed), (room(8_192), false));
    // As little was written as always is.
    put(&bed.store, "name", "Apéas");
    assert_eq!(log_of_writes(&bed), (room(8_192), true));
    bed.store.settle().unwrap();
    assert_eq!(log_of_writes(&bed), (room(256), false));
    // Nothing was written: it is as it was.
    bed.store.settle().unwrap();
    assert_eq!(log_of_writes(&bed), (room(256), false));
    for number in 0..300 {
        put(&bed.store, "name", &number.to_string());
    }
    let (grown, _) = log_of_writes(&bed);
    assert!(grown > room(256), "it grows where that was too little");
    bed.store.settle().unwrap();
    let (length, is_used) = log_of_writes(&bed);
    assert!((room(600)..room(1_300)).contains(&length) && !is_used, "twice what was used: {length}");
    assert_eq!(get(&bed.store, "name").as_deref(), Some("299"));
}

#[test]
fn what_is_taken_over_now_and_then_does_not_make_the_log_longer() {
    let bed = file_bed();
    bed.store.settle().unwrap();
    for number in 0..400 {
        put(&bed.store, "name", &number.to_string());
        if number % 20 == 0 {
            bed.store.take_over().unwrap();
        }
    }
    assert_eq!(log_of_writes(&bed), (room(256), true));
    assert_eq!(get(&bed.store, "name").as_deref(), Some("399"));
}

/// A stop, and what it left in the log.
#[test]
fn zeros_behind_what_was_written_are_no_writes() {
    let bed = file_bed();
    bed.store.prepare().unwrap();
    put(&bed.store, "name", "Apéas");
    let copy = tempfile::tempdir().unwrap();
    for name in ["pes.sqlite", "pes.sqlite-wal"] {
        std::fs::copy(bed.folder.path().join(name), copy.path().join(name)).unwrap();
    }
    let store = Store::open(copy.path().join("pes.sqlite").as_path()).unwrap();
    assert_eq!(get(&store, "name").as_deref(), Some("Apéas"));
    put(&store, "name", "Mesclun");
    assert_eq!(get(&store, "name").as_deref(), Some("Mesclun"));
}

/// Settles while somebody reads, from before the last write and for this long.
fn settle_while_reading(bed: &Bed, reading: Duration) -> Result<(), StoreError> {
    put(&bed.store, "name", "before");
    let (begun, begins) = channel();
    std::thread::scope(|scope| {
        let store = bed.store.clone();
        scope.spawn(move || {
            let look = |link: &mut Link| settings::get(link, "name").inspect(|_| begun.send(()).unwrap());
            store.read(|link| look(link).inspect(|_| std::thread::sleep(reading))).unwrap();
        });
        begins.recv().unwrap();
        put(&bed.store, "name", "after");
        bed.store.settle()
    })
}

#[test]
fn settling_waits_for_a_reader_who_still_sees_the_past() {
    let bed = file_bed();
    settle_while_reading(&bed, Duration::from_millis(300)).unwrap();
    assert!(!log_of_writes(&bed).1);
}

#[test]
fn settling_says_so_when_a_reader_does_not_end() {
    let bed = file_bed();
    bed.tamper("PRAGMA busy_timeout = 10");
    let fault = settle_while_reading(&bed, Duration::from_millis(300)).unwrap_err();
    assert_eq!(fault.to_string(), "the database refused: the write-ahead log is still being read");
    bed.store.settle().unwrap();
}

#[test]
fn a_bell_wakes_who_waits_for_it_and_nobody_else() {
    let bed = file_bed();
    let (entries, errands) = (bed.store.bell(Bell::Entries), bed.store.bell(Bell::Errands));
    bed.store.clone().ring(Bell::Entries);
    assert!(entries.has_changed().unwrap(), "a clone rings the same bells");
    assert!(!errands.has_changed().unwrap());
    assert!(!bed.store.bell(Bell::Entries).has_changed().unwrap(), "who comes later did not hear it");
}

/// How a link makes its transactions durable, as SQLite numbers it: 1 soon, 2 when they end.
fn durability(link: &mut Link) -> Result<i32, StoreError> {
    #[derive(diesel::QueryableByName)]
    struct Level {
        #[diesel(sql_type = diesel::sql_types::Integer)]
        synchronous: i32,
    }
    let level: Level = diesel::RunQueryDsl::get_result(diesel::sql_query("PRAGMA synchronous"), link)?;
    Ok(level.synchronous)
}

#[test]
fn only_what_was_written_soon_may_be_durable_late() {
    let bed = file_bed();
    assert_eq!(bed.write(durability), 2);
    for _ in 0..2 {
        assert_eq!(bed.store.write_soon(durability).unwrap(), 1);
    }
    assert_eq!(bed.write(durability), 2);
    bed.store.write_soon(|link| settings::put(link, "name", "Apéas")).unwrap();
    let refused = bed.store.write_soon(|link| {
        settings::put(link, "name", "Mesclun")?;
        Err::<(), _>(StoreError::Query(diesel::result::Error::NotFound))
    });
    assert!(refused.is_err());
    assert_eq!(get(&bed.store, "name").as_deref(), Some("Apéas"), "all of it or nothing");
    // A panic in such a write leaves nothing behind that a later one would take for durable.
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        drop(bed.store.write_soon(|_| -> Result<(), StoreError> { panic!("for the test") }));
    }));
    assert!(panicked.is_err());
    assert_eq!(bed.write(durability), 2);
}

#[test]
fn what_is_written_ahead_is_seen_at_once_and_flushed_later() {
    let bed = file_bed();
    assert_eq!(bed.store.write_ahead(durability).unwrap(), 2, "beside a program that serves");
    bed.store.prepare().unwrap();
    assert_eq!(bed.store.write_ahead(durability).unwrap(), 1, "it does not wait for the disk");
    assert_eq!(bed.write(durability), 2);
    bed.store.write_ahead(|link| settings::put(link, "name", "Apéas")).unwrap();
    assert_eq!(get(&bed.store, "name").as_deref(), Some("Apéas"));
    bed.store.flush().unwrap();
    // Where all of it lies in the database file already, there is nothing to flush.
    bed.store.settle().unwrap();
    bed.store.flush().unwrap();
}

#[test]
fn where_the_disk_keeps_nothing_nothing_more_is_written() {
    let bed = file_bed();
    bed.store.prepare().unwrap();
    bed.store.write_ahead(|link| settings::put(link, "name", "Apéas")).unwrap();
    bed.store.fail_to_keep();
    let fault = bed.store.flush().unwrap_err();
    assert!(matches!(fault, StoreError::Lost(_)), "{fault}");
    let lost = |fault: Result<(), StoreError>| assert!(matches!(fault, Err(StoreError::Lost(_))), "{fault:?}");
    let change = |link: &mut Link| settings::put(link, "name", "Mesclun");
    lost(bed.store.flush());
    lost(bed.store.check_kept());
    lost(bed.store.write(change));
    lost(bed.store.write_ahead(change));
    lost(bed.store.write_soon(change));
    assert_eq!(get(&bed.store, "name").as_deref(), Some("Apéas"), "reading goes on");
    let anew = Store::open(bed.folder.path().join("pes.sqlite").as_path()).unwrap();
    put(&anew, "name", "Mesclun");
    assert_eq!(get(&anew, "name").as_deref(), Some("Mesclun"), "the next start reads what there is, and goes on");
}

/// By this lock another program that closes the database, such as `sqlite3` that made a backup, sees that it is not the last, and leaves the write-ahead log
/// where it is. A program loses it (POSIX) when it closes the file by whatever other way it had it open.
#[cfg(target_os = "linux")]
#[test]
fn others_see_that_the_database_is_in_use() {
    let bed = file_bed();
    for _ in 0..3 {
        drop(Store::open(bed.folder.path().join("pes.sqlite").as_path()).unwrap());
        put(&bed.store, "name", "Apéas");
        assert_eq!(get(&bed.store, "name").as_deref(), Some("Apéas"));
    }
    let inode = std::os::unix::fs::MetadataExt::ino(&std::fs::metadata(bed.folder.path().join("pes.sqlite")).unwrap());
    let locks = std::fs::read_to_string("/proc/locks").unwrap();
    let is_ours = |line: &&str| line.contains(&format!(":{inode} 1073741826 1073742335"));
    assert!(locks.lines().any(|line| is_ours(&line)), "inode {inode}\n{locks}");
}

/// A transaction that was too large for memory, and given up: it has begun the log anew, and what was erased before stands behind that.
#[test]
fn settling_empties_a_log_that_somebody_began_and_gave_up() {
    let bed = file_bed();
    put(&bed.store, "secret", &"s3cr3t".repeat(1_000));
    bed.write(|link| settings::put(link, "secret", "-"));
    for number in 0..50 {
        put(&bed.store, "name", &number.to_string());
    }
    bed.store.take_over().unwrap();
    let given_up = bed.store.write(|link| {
        for number in 0..6_000 {
            settings::put(link, &format!("large {number}"), &"x".repeat(4_000))?;
        }
        Err::<(), _>(StoreError::Query(diesel::result::Error::NotFound))
    });
    assert!(given_up.is_err());
    bed.store.settle().unwrap();
    assert!(!log_of_writes(&bed).1);
}
