//! The real files of the old base, read in place: the figures that the take-over is held to.

use crate::bed::{Node, node, real, structure};
use pes_import::{Layout, Plan, Remark, What};
use std::time::{Duration, Instant};

const MINUTE: Duration = Duration::from_secs(60);

fn all(plan: &Plan, what: What) -> Vec<&Remark> {
    plan.report.remarks.iter().filter(|remark| remark.what == what).collect()
}

/// Imports a file, sees that a second time changes nothing, and takes it back.
fn there_and_back(node: &Node, file: &str, bytes: &[u8]) -> Plan {
    let before = node.journal.digest_of_own().unwrap();
    let begun = Instant::now();
    let (plan, committed) = node.import(file, bytes);
    let took = begun.elapsed();
    println!("{file}: {:?} in {took:?}", plan.report.tally);
    assert!(took < MINUTE, "{took:?}");
    assert!(committed.meanwhile.is_empty() && !committed.went_on);
    let tally = plan.report.tally;
    assert_eq!(node.structures().len() as u64, tally.entered);
    let again = node.plan(file, bytes);
    assert_eq!((again.report.tally.changes(), again.report.tally.unchanged), (0, tally.entered));
    assert_eq!(node.commit(&again).run, None, "a run that changes nothing is none");
    node.journal.verify().unwrap();
    let undone = node.undo(committed.run);
    assert_eq!((undone.deleted, undone.restored, undone.left.len()), (tally.entered, 0, 0));
    assert!(undone.is_as_before && node.journal.digest_of_own().unwrap() == before);
    assert!(node.sheets().is_empty());
    plan
}

#[test]
fn the_file_of_2012_enters_but_for_the_row_without_a_name() {
    let Some(bytes) = real("bdis-2012.csv") else { return };
    let node = node("apeas");
    let plan = there_and_back(&node, "bdis-2012.csv", &bytes);
    let report = &plan.report;
    assert_eq!((report.layout, report.encoding, report.separator), (Layout::Bdis2012, "windows-1252", ';'));
    assert_eq!((report.rows, report.tally.entered, report.tally.out), (612, 611, 1));
    assert!(report.unknown_columns.is_empty() && report.missing_columns.is_empty());
    let nameless = all(&plan, What::NoName);
    assert_eq!((nameless.len(), nameless[0].line), (1, 148), "row 1147 stands on line 148");
    assert!(String::from_utf8_lossy(&plan.rejected()).lines().nth(1).unwrap().starts_with("1147;"));
    let regained = all(&plan, What::ZeroRegained);
    assert_eq!(regained.len(), 14);
    assert!(regained.iter().all(|remark| remark.column == "Code postal"));
    let impossible = all(&plan, What::NotAPostcode);
    assert_eq!((impossible.len(), impossible[0].value.as_str()), (1, "1598753"));
    assert!(all(&plan, What::SamePoint).len() > 10, "many rows were placed on one point");
}

#[test]
fn the_row_with_an_impossible_postcode_enters_without_it_and_points_are_where_they_were() {
    let Some(bytes) = real("bdis-2012.csv") else { return };
    let node = node("apeas");
    node.import("bdis-2012.csv", &bytes);
    let all = node.structures();
    let named = |name: &str| all.iter().find(|own| own.record.title() == name).unwrap();
    let rennes = all.iter().filter(|own| {
        let one = structure(own);
        one.sites
            .iter()
            .any(|site| site.postcode.is_none() && site.place.as_ref().is_some_and(|place| place.name == "Rennes"))
    });
    assert_eq!(rennes.count(), 1);
    let point = structure(named("A l'essentiel")).sites[0].place.as_ref().unwrap().point.unwrap();
    assert_eq!((point.longitude, point.latitude), (0.10912, 46.13373), "the longitude is x");
    let exact = all.iter().filter(|own| structure(own).points().next().is_some());
    assert!(exact.count() > 560);
}

#[test]
fn the_file_of_2014_enters_whole_and_most_of_it_without_a_place() {
    let Some(bytes) = real("bdis-2014.csv") else { return };
    let node = node("apeas");
    let plan = there_and_back(&node, "bdis-2014.csv", &bytes);
    let report = &plan.report;
    assert_eq!((report.layout, report.encoding, report.separator), (Layout::Bdis2014, "UTF-8", ';'));
    assert_eq!((report.rows, report.tally.entered, report.tally.out), (3_667, 3_667, 0));
    assert_eq!(report.tally.without_place, 3_627);
    let words = all(&plan, What::UnknownWord);
    let told: Vec<_> = words.iter().map(|word| (word.value.as_str(), word.gaps["count"].as_str())).collect();
    assert!(told.contains(&("dev_logiciel", "1151")), "{told:?}");
    let old: Vec<_> = all(&plan, What::OldActivity).iter().map(|remark| remark.value.as_str()).collect();
    assert_eq!(old, ["45.2R", "74.8B", "64.2B"]);
}

#[test]
fn the_second_file_fills_what_the_first_left_empty() {
    let (Some(first), Some(second)) = (real("bdis-2012.csv"), real("bdis-2014.csv")) else { return };
    let node = node("apeas");
    node.import("bdis-2012.csv", &first);
    let before = (node.journal.digest_of_own().unwrap(), node.sheets());
    let (plan, committed) = node.import("bdis-2014.csv", &second);
    let tally = plan.report.tally;
    println!("{tally:?}");
    assert_eq!(tally.entered + tally.filled, 3_667);
    assert!(tally.filled >= 35, "most of the rows with an address stand in both");
    let both = structure(&node.called("Le tiers lieu de carpentras")).clone();
    assert!(both.siret.is_some() && both.points().next().is_some(), "its number is of 2014, its point of 2012");
    for (file, bytes) in [("bdis-2012.csv", &first), ("bdis-2014.csv", &second)] {
        assert_eq!(node.plan(file, bytes).report.tally.changes(), 0, "{file}");
    }
    let undone = node.undo(committed.run);
    assert_eq!((undone.deleted, undone.restored, undone.left.len()), (tally.entered, tally.filled, 0));
    assert!(undone.is_as_before);
    assert_eq!((node.journal.digest_of_own().unwrap(), node.sheets()), before);
}
