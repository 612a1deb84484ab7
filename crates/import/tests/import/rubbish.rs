//! Files that nobody meant: whatever stands in them, every row is counted once, every remark names a line and a column that are there, and what
//! is previewed is what follows. A seed replays a run.

use crate::bed::{self, node, rules};
use pes_import::{Choices, Layout, Plan, Table};
use std::collections::HashSet;

/// A small generator of numbers (SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % limit as u64).unwrap()
    }

    fn of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.below(all.len())]
    }
}

/// Invented cells, right and wrong, that may stand in any column.
const CELLS: [&str; 40] = [
    "",
    "",
    "",
    "",
    "",
    "La Fabrique",
    "L’Établi",
    "1613",
    "1613",
    "1147",
    "Association",
    "SCOP SARL",
    "9260",
    "Zorglub",
    "a;b|c",
    "06000",
    "6000",
    "1598753",
    "Nice",
    "PARIS CEDEX 11",
    "84200 CARPENTRAS",
    "12 rue, 7400 Le Teil",
    "7,25",
    "43,7",
    "-0,81",
    "999",
    "NaN",
    "1e5",
    "73282932000074",
    "6220119900031",
    "W832023177",
    "62.01Z",
    "74.8B",
    "04 93 00 00 00 / 5",
    "a@b.example",
    "http://",
    "www.a.example",
    "[ND]",
    "01/05/2003",
    "\u{202e}\u{1}\u{7}",
];

fn seed() -> u64 {
    let chosen = std::env::var("PES_SEED").ok().and_then(|text| text.parse().ok());
    let seed = chosen.unwrap_or(1);
    println!("PES_SEED={seed}");
    seed
}

/// A file of a layout whose cells are taken at random; now and then a cell too many, a bare quotation mark, an empty line.
fn rubbish(dice: &mut Dice, layout: Layout, rows: usize) -> String {
    let names: Vec<&str> = layout.columns().iter().map(|column| column.name).collect();
    let mut text = names.join(";");
    for _ in 0..rows {
        text.push_str(dice.of(&["\n", "\r\n", "\n\n"]));
        let width = names.len() + usize::from(dice.below(20) == 0);
        let cells: Vec<String> = (0..width).map(|_| format!("\"{}\"", dice.of(&CELLS))).collect();
        text.push_str(&cells.join(";"));
        if dice.below(30) == 0 {
            text.push('"');
        }
    }
    text
}

fn check(plan: &Plan, text: &str) {
    let (report, tally) = (&plan.report, plan.report.tally);
    let counted = tally.entered + tally.filled + tally.unchanged + tally.elsewhere + tally.out;
    assert_eq!(counted, report.rows, "every row is counted once");
    let lines = text.split('\n').count() as u64;
    let columns: HashSet<&str> = report.layout.columns().iter().map(|column| column.name).collect();
    for remark in &report.remarks {
        assert!((2..=lines).contains(&remark.line), "{remark:?}");
        assert!(remark.column.is_empty() || columns.contains(remark.column), "{remark:?}");
        assert!(!remark.problem().contains("{ $"), "{}", remark.problem());
    }
    let out = report.remarks.iter().filter(|remark| remark.what.sort() == pes_import::Sort::Out);
    let told: HashSet<u64> = out.map(|remark| remark.line).collect();
    assert_eq!(told.len() as u64, tally.out + tally.elsewhere, "each row that does not enter is told, once");
    let back = Table::read(&plan.rejected()).unwrap();
    assert!(back.rows.len() as u64 <= tally.out, "rows that were swallowed come back with the one that swallowed them");
}

#[test]
fn whatever_stands_in_a_file_every_row_is_counted_and_every_remark_has_its_place() {
    let mut dice = Dice(seed());
    for layout in Layout::ALL {
        let node = node("apeas");
        for turn in 0..3 {
            let text = rubbish(&mut dice, layout, 60);
            let preview = node.plan("rubbish.csv", &text);
            check(&preview, &text);
            let (plan, committed) = node.import("rubbish.csv", &text);
            assert_eq!(plan.report, preview.report, "turn {turn}");
            assert!(committed.meanwhile.is_empty());
            let again = node.plan("rubbish.csv", &text);
            assert_eq!(again.report.tally.changes(), 0, "turn {turn}: {:?}", again.report.tally);
            for own in node.structures() {
                own.record.check(&rules()).unwrap();
            }
        }
        node.journal.verify().unwrap();
        while pes_import::undo::run_to_undo(&node.journal, None).is_ok() {
            node.undo(None);
        }
        assert!(node.structures().is_empty(), "newest first, all of them are taken back");
    }
}

#[test]
fn bytes_that_are_no_file_are_refused_or_read_and_nothing_falls() {
    let mut dice = Dice(seed());
    let node = node("apeas");
    let real = rubbish(&mut dice, Layout::Bdis2012, 3).into_bytes();
    for _ in 0..400 {
        let mut bytes = real.clone();
        for _ in 0..1 + dice.below(40) {
            let at = dice.below(bytes.len().max(1));
            match dice.below(4) {
                _ if bytes.is_empty() => break,
                0 => bytes[at] = u8::try_from(dice.below(256)).unwrap(),
                1 => bytes.insert(at, [b'"', b';', b'\n', b'\r', 0xc3, 0xff][dice.below(6)]),
                2 => drop(bytes.remove(at)),
                _ => bytes.truncate(at.max(1)),
            }
        }
        if let Ok(table) = Table::read(&bytes) {
            assert!(table.rows.is_sorted_by_key(|row| row.line));
            drop(table.copy_of(&table.rows));
        }
        let told = &mut |_, (done, of)| assert!(done <= of);
        drop(Plan::of(&node.journal, ("spoilt.csv", &bytes), Choices::default(), bed::NOW, told));
    }
}
