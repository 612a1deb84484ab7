//! `pes judge` as anybody meets it who has pairs in a file: the figures, each miss, and what is said of a file that cannot be read.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Where the files lie whose rows are named; `None` where they are not there.
fn data() -> Option<PathBuf> {
    let shared = std::env::var_os("PES_SHARED").map_or_else(|| "../shared".into(), PathBuf::from);
    let data = root().join(shared).join("data");
    let is_there = data.join("bdis-2012.csv").exists();
    assert!(is_there || std::env::var("CI").as_deref() != Ok("true"), "{} is missing", data.display());
    is_there.then_some(data)
}

fn judge(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_pes")).arg("judge").args(arguments).current_dir(root()).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn complained(output: &Output) -> String {
    assert!(!output.status.success(), "{}", said(output));
    assert_eq!(said(output), "", "where something cannot be read, nothing is judged");
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// The figure that is told under a name.
fn figure(said: &str, name: &str) -> f64 {
    let line = said.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_else(|| panic!("no {name}: {said}"));
    line.split_whitespace().next().unwrap().parse().unwrap()
}

/// Judges lines below a header.
fn judge_lines(question: &str, header: &str, lines: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pairs.csv");
    std::fs::write(&file, format!("{header}\n{}\n", lines.join("\n"))).unwrap();
    judge(&[question, file.to_str().unwrap()])
}

#[test]
fn a_demand_concerns_whom_it_should() {
    let said = said(&judge(&["concern", "tests/judged/concern.csv"]));
    assert!(said.contains("221 pairs"), "{said}");
    assert!(figure(&said, "precision") >= 0.95 && figure(&said, "recall") >= 0.95, "{said}");
}

#[test]
fn structures_with_noise_are_told_apart() {
    let said = said(&judge(&["duplicates", "tests/judged/duplicates-noise.csv"]));
    assert!(said.contains("300 pairs"), "{said}");
    assert!(figure(&said, "precision") >= 0.97 && figure(&said, "recall") >= 0.9, "{said}");
}

#[test]
fn rows_of_the_old_base_are_told_apart() {
    let Some(data) = data() else { return };
    let said = said(&judge(&["duplicates", "tests/judged/duplicates-bdis.csv", "--folder", data.to_str().unwrap()]));
    assert!(said.contains("280 pairs"), "{said}");
    assert!(figure(&said, "precision") >= 0.97 && figure(&said, "recall") >= 0.9, "{said}");
}

#[test]
fn each_miss_is_told_with_its_reason() {
    let header = "id,expected,why,a-name,a-commune,b-name,b-commune,unknown";
    let lines = [
        "m1,same,\"renamed, they say\",Le Phare,Nice,La Lanterne,Nice,x",
        "m2,same,equal,Le Phare,Nice,Le Phare,Nice,",
        "m3,different,two houses,Le Phare des Baous,Vence,Le Phare des Baous,Vence,",
    ];
    let output = judge_lines("duplicates", header, &lines);
    let said = said(&output);
    assert!(output.status.success(), "a miss is no failure: {said}");
    assert!(said.contains("m1: expected same, said different") && said.contains("; renamed, they say"), "{said}");
    assert!(said.contains("m3: expected different, said same") && !said.contains("m2:"), "{said}");
    assert!(said.contains("3 pairs\nprecision 0.500 (1/2)\nrecall 0.500 (1/2)"), "{said}");
}

#[test]
fn what_cannot_be_read_is_told_with_its_line_and_nothing_is_judged() {
    let header = "id,expected,demand-skills,structure-skills,demand-place";
    let lines = ["a,yes,joinery,joinery,Nice", "b,yes,flying,joinery,Nice", "a,no,joinery,joinery,Nice", "c,maybe,,,"];
    let why = complained(&judge_lines("concern", header, &lines));
    for part in ["line 3, column demand-skills, “flying”", "line 4, column id, “a”", "line 5, column expected, “maybe”"]
    {
        assert!(why.contains(part), "{part}: {why}");
    }
    let row = "id,expected,a-file,a-row,b-name";
    for (line, part) in [
        ("a,same,nowhere.csv,2,Le Phare", "nowhere.csv"),
        ("a,same,../secret.csv,2,Le Phare", "is no name of a file"),
        ("a,same,bdis-2012.csv,zwei,Le Phare", "column a-row"),
    ] {
        let why = complained(&judge_lines("duplicates", row, &[line]));
        assert!(why.contains(part), "{part}: {why}");
    }
    let why = complained(&judge(&["concern", "nowhere.csv"]));
    assert!(why.contains("nowhere.csv"), "{why}");
}
