//! Much that is written at once, and those who wait meanwhile.

use crate::bed::file_bed;
use pes_store::{Link, Store, StoreError, Waiting, settings};
use std::ops::ControlFlow;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

fn get(store: &Store, name: &str) -> Option<String> {
    store.read(|link| settings::get(link, name)).unwrap()
}

/// Until somebody waits, or it is plain that nobody will.
fn somebody_waits(waiting: &Waiting<'_>) -> bool {
    let begun = Instant::now();
    while !waiting.is_anybody() && begun.elapsed() < Duration::from_secs(30) {
        std::thread::yield_now();
    }
    waiting.is_anybody()
}

#[test]
fn who_waits_writes_before_who_wrote_goes_on() {
    let bed = file_bed();
    for round in 0..20 {
        let name = format!("urgent {round}");
        let (begun, begins) = channel();
        let (mut turns, store, urgent) = (0, bed.store.clone(), name.clone());
        let seen = std::thread::scope(|scope| {
            scope.spawn(move || {
                begins.recv().unwrap();
                store.write(|link| settings::put(link, &urgent, "was written")).unwrap();
            });
            bed.store.write_by_turns(|link, waiting| {
                turns += 1;
                if turns > 1 {
                    return Ok::<_, StoreError>(ControlFlow::Break(settings::get(link, &name)?));
                }
                settings::put(link, "much", "the first part")?;
                assert!(!waiting.is_anybody(), "nobody waits yet");
                begun.send(()).unwrap();
                assert!(somebody_waits(waiting));
                Ok(ControlFlow::Continue(()))
            })
        });
        assert_eq!(seen.unwrap().as_deref(), Some("was written"), "round {round}");
    }
}

#[test]
fn who_writes_much_too_waits_until_all_is_written() {
    let bed = file_bed();
    let (begun, begins) = channel();
    let (mut turns, parts, store) = (0, 3, bed.store.clone());
    std::thread::scope(|scope| {
        scope.spawn(move || {
            begins.recv().unwrap();
            let much = |link: &mut Link, _: &Waiting<'_>| -> Result<_, StoreError> {
                assert_eq!(settings::get(link, "parts")?.as_deref(), Some("3"), "all of the first is written");
                Ok(ControlFlow::Break(()))
            };
            store.write_by_turns(much).unwrap();
        });
        let much = |link: &mut Link, waiting: &Waiting<'_>| -> Result<_, StoreError> {
            turns += 1;
            settings::put(link, "parts", &turns.to_string())?;
            if turns == 1 {
                begun.send(()).unwrap();
                std::thread::sleep(Duration::from_millis(100));
            }
            assert!(!waiting.is_anybody(), "who has time makes nobody hurry");
            Ok(if turns < parts { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
        };
        bed.store.write_by_turns(much).unwrap();
    });
}

#[test]
fn of_a_part_that_fails_nothing_is_written() {
    let bed = file_bed();
    let mut turns = 0;
    let failed = bed.store.write_by_turns(|link, _| {
        turns += 1;
        settings::put(link, &format!("part {turns}"), "")?;
        let fault = || StoreError::Open { url: "a test".into(), why: "it ends here".into() };
        if turns == 1 { Ok(ControlFlow::<()>::Continue(())) } else { Err(fault()) }
    });
    assert!(failed.is_err());
    assert_eq!((get(&bed.store, "part 1").is_some(), get(&bed.store, "part 2")), (true, None));
    bed.store.write(|link| settings::put(link, "after", "")).unwrap();
    assert!(get(&bed.store, "after").is_some(), "the next writes as ever");
}
