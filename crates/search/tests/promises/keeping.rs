//! How the index is kept: replaced, removed, committed with a cursor, opened again, damaged, thrown away.

use crate::bed::{anyone, found, iri, rules, structure, thesaurus};
use pes_domain::Rules;
use pes_search::{Fault, Index};
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;

fn total(index: &Index, typed: &str) -> usize {
    index.look(&anyone(typed)).unwrap().total
}

/// A folder with an index of two records, written in two commits.
fn filled() -> TempDir {
    let folder = TempDir::new().unwrap();
    let index = Index::open(folder.path(), rules()).unwrap();
    let mut writer = index.writer().unwrap();
    for (number, name) in ["Mesclun", "Amap"].into_iter().enumerate() {
        writer.replace(&iri(&number.to_string()), &[structure(name)]).unwrap();
        writer.commit(&format!("cursor {number}")).unwrap();
    }
    folder
}

#[test]
fn a_commit_is_seen_at_once_and_what_is_not_committed_is_not() {
    let index = Index::in_memory(rules()).unwrap();
    let other = index.clone();
    let mut writer = index.writer().unwrap();
    writer.replace(&iri("0"), &[structure("Mesclun")]).unwrap();
    assert_eq!(total(&other, "mesclun"), 0);
    writer.commit("1").unwrap();
    assert_eq!((total(&other, "mesclun"), other.cursor().as_deref()), (1, Some("1")));
}

#[test]
fn replacing_leaves_nothing_of_what_was() {
    let index = Index::in_memory(rules()).unwrap();
    let mut writer = index.writer().unwrap();
    writer.replace(&iri("0"), &[structure("Mesclun")]).unwrap();
    writer.replace(&iri("1"), &[structure("Amap")]).unwrap();
    writer.commit("1").unwrap();
    writer.replace(&iri("0"), &[structure("Ressourcerie")]).unwrap();
    writer.replace(&iri("0"), &[structure("Jardin")]).unwrap();
    writer.commit("2").unwrap();
    let totals = ["mesclun", "ressourcerie", "jardin", "amap"].map(|typed| total(&index, typed));
    assert_eq!(totals, [0, 0, 1, 1]);
    writer.replace(&iri("0"), &[]).unwrap();
    writer.remove(&iri("1"));
    writer.commit("3").unwrap();
    assert_eq!((total(&index, ""), index.size().unwrap().entries), (0, 0));
}

#[test]
fn what_was_removed_is_in_no_suggestion_or_count() {
    let folder = filled();
    let index = Index::open(folder.path(), rules()).unwrap();
    let mut writer = index.writer().unwrap();
    writer.remove(&iri("0"));
    writer.commit("gone").unwrap();
    assert_eq!(index.suggest(pes_search::Reader::Anyone, 0, "mesc", 5).unwrap(), []);
    let kinds = pes_search::Facet::List(pes_domain::List::Kind);
    let counted = index.look(&anyone("").count(kinds)).unwrap();
    assert_eq!(counted.facets[&kinds], [("structure".to_owned(), 1)]);
}

#[test]
fn opened_again_it_goes_on_where_it_was() {
    let folder = filled();
    let index = Index::open(folder.path(), rules()).unwrap();
    assert_eq!((index.is_new(), index.cursor().as_deref(), total(&index, "")), (false, Some("cursor 1"), 2));
}

#[test]
fn without_a_commit_neither_entries_nor_cursor_are_kept() {
    let folder = filled();
    {
        let index = Index::open(folder.path(), rules()).unwrap();
        let mut writer = index.writer().unwrap();
        writer.replace(&iri("2"), &[structure("Perdu")]).unwrap();
        writer.remove(&iri("0"));
    }
    let index = Index::open(folder.path(), rules()).unwrap();
    assert_eq!((index.cursor().as_deref(), total(&index, ""), total(&index, "perdu")), (Some("cursor 1"), 2, 0));
}

#[test]
fn there_is_one_writer_at_a_time() {
    let index = Index::in_memory(rules()).unwrap();
    let writer = index.writer().unwrap();
    assert!(matches!(index.writer(), Err(Fault::Busy)));
    drop(writer);
    assert!(index.writer().is_ok());
}

#[test]
fn a_folder_is_made_and_is_new_until_something_was_committed() {
    let folder = TempDir::new().unwrap();
    let inner = folder.path().join("data").join("search");
    let index = Index::open(&inner, rules()).unwrap();
    assert_eq!((index.is_new(), index.cursor()), (true, None));
    drop(index);
    assert!(Index::open(&inner, rules()).unwrap().is_new());
}

#[test]
fn an_index_of_another_making_is_thrown_away() {
    let folder = filled();
    let other = Arc::new(Rules::new(thesaurus("Charpente")));
    let index = Index::open(folder.path(), Arc::clone(&other)).unwrap();
    assert_eq!((index.is_new(), index.cursor(), total(&index, "")), (true, None, 0));
    index.writer().unwrap().commit("again").unwrap();
    drop(index);
    assert!(!Index::open(folder.path(), other).unwrap().is_new());
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    all.sort();
    all
}

/// What becomes of a file's bytes; `None`: it is gone.
type Damage = fn(Vec<u8>) -> Option<Vec<u8>>;

/// Ways in which a file may be damaged.
const DAMAGES: [Damage; 5] = [
    |_| None,
    |_| Some(Vec::new()),
    |bytes| Some(bytes[..bytes.len() / 2].to_vec()),
    |bytes| Some(bytes.iter().map(|byte| byte ^ 0x55).collect()),
    |mut bytes| {
        let at = bytes.len() / 2;
        *bytes.get_mut(at)? ^= 1;
        Some(bytes)
    },
];

/// A copy of a folder in which one file was damaged.
fn damaged(whole: &Path, name: &OsStr, damage: Damage) -> TempDir {
    let copy = TempDir::new().unwrap();
    for path in files(whole) {
        let to = copy.path().join(path.file_name().unwrap());
        let bytes = fs::read(&path).unwrap();
        if let Some(bytes) = if to.file_name() == Some(name) { damage(bytes) } else { Some(bytes) } {
            fs::write(to, bytes).unwrap();
        }
    }
    copy
}

#[test]
fn a_damaged_folder_is_whole_or_new_but_never_half() {
    let whole = filled();
    let names: Vec<_> = files(whole.path()).iter().map(|path| path.file_name().unwrap().to_owned()).collect();
    let mut were_new = 0;
    for (number, damage) in DAMAGES.iter().enumerate() {
        for name in &names {
            let folder = damaged(whole.path(), name, *damage);
            let index = Index::open(folder.path(), rules()).unwrap();
            let state = (index.is_new(), index.cursor(), total(&index, ""));
            let is_whole = state == (false, Some("cursor 1".to_owned()), 2);
            assert!(is_whole || state == (true, None, 0), "{number} {name:?}: {state:?}");
            were_new += usize::from(!is_whole);
            if number == 0 {
                let mut writer = index.writer().unwrap();
                writer.replace(&iri("9"), &[structure("Neuf")]).unwrap();
                writer.commit("9").unwrap();
                assert_eq!(found(&index, "neuf"), [9], "{name:?}");
            }
        }
    }
    assert!(were_new > names.len(), "{were_new} of {} files", names.len());
}

#[test]
fn who_looks_while_somebody_writes_sees_one_state_or_the_next() {
    let index = Index::in_memory(rules()).unwrap();
    let mut writer = index.writer().unwrap();
    let other = index.clone();
    let looking = std::thread::spawn(move || {
        let mut seen = 0;
        while seen < 10 {
            let query = anyone("").count(pes_search::Facet::Network);
            let found = other.look(&query).unwrap();
            let counted: usize = found.facets[&pes_search::Facet::Network].iter().map(|(_, count)| count).sum();
            assert_eq!((found.total, found.total % 2), (counted, 0));
            assert!(found.total >= seen, "nothing is taken back");
            seen = found.total;
        }
    });
    for number in (0..10).step_by(2) {
        for number in [number, number + 1] {
            writer.replace(&iri(&number.to_string()), &[structure("Mesclun")]).unwrap();
        }
        writer.commit("on").unwrap();
    }
    looking.join().unwrap();
}

#[test]
fn a_folder_of_something_else_is_left_as_it_is() {
    let folder = TempDir::new().unwrap();
    let letter = folder.path().join("letter.txt");
    fs::write(&letter, "Chère Marie").unwrap();
    assert!(matches!(Index::open(folder.path(), rules()), Err(Fault::NotOurs(_))));
    assert_eq!(fs::read_to_string(letter).unwrap(), "Chère Marie");
}

#[test]
fn a_file_in_the_place_of_the_folder_is_told() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "x").unwrap();
    assert!(matches!(Index::open(&file, rules()), Err(Fault::Folder(_))));
}

#[test]
fn compacted_it_says_the_same() {
    let folder = filled();
    let index = Index::open(folder.path(), rules()).unwrap();
    let mut writer = index.writer().unwrap();
    let before = index.size().unwrap();
    writer = writer.compact().unwrap();
    let after = index.size().unwrap();
    assert_eq!((before.segments, after.segments, after.entries), (2, 1, 2));
    assert!(after.file_bytes > 0 && after.memory_bytes > 0);
    assert_eq!((total(&index, "amap"), index.cursor().as_deref()), (1, Some("cursor 1")));
    drop((writer, index));
    assert_eq!(Index::open(folder.path(), rules()).unwrap().cursor().as_deref(), Some("cursor 1"));
}

#[test]
fn compacted_it_holds_nothing_any_more_of_what_was_removed() {
    let folder = filled();
    let holds = |text: &str| {
        let all = files(folder.path()).into_iter().map(|path| fs::read(path).unwrap());
        all.into_iter().any(|bytes| bytes.windows(text.len()).any(|some| some == text.as_bytes()))
    };
    let index = Index::open(folder.path(), rules()).unwrap();
    let mut writer = index.writer().unwrap();
    writer = writer.compact().unwrap();
    assert!(holds("Mesclun") && holds("Amap"));
    writer.remove(&iri("0"));
    writer.commit("gone").unwrap();
    writer = writer.compact().unwrap();
    assert!(!holds("Mesclun") && !holds(&iri("0")) && holds("Amap"));
    writer.remove(&iri("1"));
    writer.commit("all gone").unwrap();
    drop(writer.compact().unwrap());
    assert!(!holds("Amap"));
    assert_eq!((total(&index, ""), index.cursor().as_deref()), (0, Some("all gone")));
}

#[test]
fn cleared_it_is_filled_again() {
    let folder = filled();
    let index = Index::open(folder.path(), rules()).unwrap();
    let mut writer = index.writer().unwrap();
    writer.clear().unwrap();
    writer.replace(&iri("7"), &[structure("Sept")]).unwrap();
    assert_eq!(total(&index, ""), 2, "until it is committed");
    writer.commit("begun again").unwrap();
    assert_eq!((total(&index, ""), index.cursor().as_deref()), (1, Some("begun again")));
}

#[test]
fn faults_tell_where_and_what() {
    let told = Fault::NotOurs(PathBuf::from("/somewhere")).to_string();
    assert_eq!(told, "/somewhere holds something that is not an index");
    assert_eq!(Fault::Busy.to_string(), "the index has a writer already");
}
