//! Holds the house against its plan: who may use whom, where each outside package lives, how large rooms may grow.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The plan of `docs/ARCHITECTURE.md`: each crate, its floor, and whom it may use.
const PLAN: &[(&str, u8, &[&str])] = &[
    ("domain", 1, &[]),
    ("changeset", 1, &[]),
    ("words", 1, &[]),
    ("store", 2, &["domain", "changeset"]),
    ("rdf", 2, &["domain"]),
    ("journal", 3, &["domain", "changeset", "rdf", "store"]),
    ("people", 3, &["domain", "store"]),
    ("files", 3, &["store"]),
    ("notify", 3, &["domain", "store", "words"]),
    ("search", 3, &["domain", "store"]),
    ("sync", 4, &["changeset", "journal", "people", "files"]),
    ("import", 4, &["domain", "journal", "store"]),
    ("web", 5, &["domain", "store", "journal", "people", "files", "search", "sync", "import", "words"]),
];

/// Outside packages that one crate alone may name.
const HOMES: &[(&str, &str)] = &[
    ("actix-multipart", "web"),
    ("actix-web", "web"),
    ("argon2", "people"),
    ("atom_syndication", "web"),
    ("bs58", "changeset"),
    ("csv", "import"),
    ("diesel", "store"),
    ("ed25519-dalek", "changeset"),
    ("clap", "node"),
    ("encoding_rs", "import"),
    ("figment", "node"),
    ("flate2", "domain"),
    ("fluent-bundle", "words"),
    ("futures-util", "web"),
    ("governor", "web"),
    ("handlebars", "words"),
    ("icalendar", "web"),
    ("image", "files"),
    ("indicatif", "node"),
    ("lettre", "notify"),
    ("linkify", "words"),
    ("oxjsonld", "rdf"),
    ("prometheus", "web"),
    ("pulldown-cmark", "words"),
    ("reqwest", "sync"),
    ("rustix", "node"),
    ("sfv", "changeset"),
    ("sha2", "changeset"),
    ("sophia", "rdf"),
    ("tantivy", "search"),
    ("tokio-cron-scheduler", "node"),
    ("url", "domain"),
];

const FILE_LINES: usize = 600;
const FUNCTION_LINES_P90: usize = 30;
const ARROWS_PER_CRATE: f64 = 2.4;
const TESTS_PER_SOURCE: f64 = 0.9;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// The normal dependencies of each crate of ours, by folder.
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let normal = |package: &Value| {
        let all = package["dependencies"].as_array().unwrap();
        all.iter().filter(|one| one["kind"].is_null()).map(|one| text(&one["name"])).collect()
    };
    let packages = metadata["packages"].as_array().unwrap();
    packages.iter().map(|package| (text(&package["name"]).replace("pes-", ""), normal(package))).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// The crates that exist so far: the plan, less what is not built yet.
fn built() -> Vec<(&'static str, u8, BTreeSet<String>)> {
    let all = dependencies();
    let ours = |name: &str| {
        all.get(name).map(|names| names.iter().filter_map(|one| one.strip_prefix("pes-").map(str::to_owned)).collect())
    };
    PLAN.iter().filter_map(|(name, floor, _)| Some((*name, *floor, ours(name)?))).collect()
}

#[test]
fn every_crate_has_a_place_in_the_plan() {
    let outside_the_plan = ["node", "tests", "examples"];
    for name in dependencies().keys() {
        let known = PLAN.iter().any(|(planned, ..)| planned == name) || outside_the_plan.contains(&name.as_str());
        assert!(known, "the crate {name} has no place in the plan");
    }
}

#[test]
fn arrows_are_those_of_the_plan_and_run_downwards() {
    let floor = |name: &str| PLAN.iter().find(|(planned, ..)| *planned == name).unwrap().1;
    for (name, own_floor, uses) in built() {
        let allowed = PLAN.iter().find(|(planned, ..)| *planned == name).unwrap().2;
        for used in uses {
            assert!(allowed.contains(&used.as_str()), "{name} may not use {used}");
            assert!(floor(&used) < own_floor, "the arrow from {name} to {used} does not run downwards");
        }
    }
}

#[test]
fn arrows_are_few() {
    let crates = built();
    let arrows: usize = crates.iter().map(|(.., uses)| uses.len()).sum();
    let each = arrows as f64 / crates.len() as f64;
    assert!(each <= ARROWS_PER_CRATE, "{each:.2} arrows a crate");
}

#[test]
fn each_outside_package_has_one_home() {
    for (name, uses) in dependencies() {
        for (package, home) in HOMES {
            assert!(!uses.contains(*package) || name == *home, "{package} is at home in {home}, not in {name}");
        }
    }
}

/// All Rust files below a folder, with their text.
fn rust_files(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let Ok(entries) = std::fs::read_dir(folder) else { return found };
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() && !path.ends_with("target") && !path.ends_with("node_modules") {
            found.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            found.push((path, text));
        }
    }
    found
}

fn all_files() -> Vec<(PathBuf, String)> {
    ["crates", "node", "tests", "examples"].iter().flat_map(|folder| rust_files(&root().join(folder))).collect()
}

/// Whether a whole file is test code: below a `tests` folder.
fn is_test_file(path: &Path) -> bool {
    let inside = path.strip_prefix(root()).unwrap();
    inside.components().any(|part| part.as_os_str() == "tests")
}

/// A file's source, and its test module at the bottom.
fn split(text: &str) -> (&str, &str) {
    text.find("#[cfg(test)]\n").map_or((text, ""), |at| text.split_at(at))
}

#[test]
fn no_file_is_too_long() {
    for (path, text) in all_files() {
        let lines = text.lines().count();
        assert!(lines <= FILE_LINES, "{} has {lines} lines", path.display());
    }
}

#[test]
fn files_open_by_telling_their_job_and_are_nouns() {
    for (path, text) in all_files() {
        let is_room = path.components().any(|part| part.as_os_str() == "src") || is_test_file(&path);
        assert!(!is_room || text.starts_with("//!"), "{} does not open by telling its one job", path.display());
        let name = path.file_stem().unwrap().to_str().unwrap();
        assert!(
            !["utils", "util", "common", "helpers", "helper", "manager", "misc"].contains(&name),
            "{}",
            path.display()
        );
    }
}

/// A file of tests that no `mod` names is not compiled, and nobody would miss it.
#[test]
fn every_file_of_tests_is_run() {
    let files = all_files();
    let below = |folder: &Path| {
        files.iter().filter(|(path, _)| path.starts_with(folder)).map(|(_, text)| text.as_str()).collect::<String>()
    };
    for (main, _) in files.iter().filter(|(path, _)| is_test_file(path) && path.ends_with("main.rs")) {
        let folder = main.parent().unwrap();
        let named = below(folder);
        for (path, _) in files.iter().filter(|(path, _)| path.starts_with(folder) && path != main) {
            let file = if path.ends_with("mod.rs") { path.parent().unwrap() } else { path };
            let name = file.file_stem().unwrap().to_str().unwrap();
            assert!(named.contains(&format!("mod {name};")), "no `mod` names {}", path.display());
        }
    }
    for (path, _) in files.iter().filter(|(path, _)| path.parent().is_some_and(|folder| folder.ends_with("tests"))) {
        let is_alone = path.strip_prefix(root()).unwrap().starts_with("tests");
        assert!(
            is_alone,
            "{} would be a program of its own: its place is beside the main.rs of its crate's tests",
            path.display()
        );
    }
}

/// The lengths of all functions of a source, in lines from `fn` to the closing brace.
fn function_lengths(source: &str) -> Vec<usize> {
    let lines: Vec<&str> = source.lines().collect();
    let starts = |line: &str| {
        let rest = line.trim_start();
        let rest = ["pub ", "pub(crate) ", "pub(super) ", "async ", "const "]
            .iter()
            .fold(rest, |rest, word| rest.strip_prefix(word).unwrap_or(rest));
        rest.starts_with("fn ")
    };
    let mut lengths = Vec::new();
    for (at, line) in lines.iter().enumerate().filter(|(_, line)| starts(line)) {
        let indent = line.len() - line.trim_start().len();
        let closing = format!("{}}}", " ".repeat(indent));
        if line.trim_end().ends_with('}') {
            lengths.push(1);
        } else if let Some(length) = lines[at..].iter().position(|line| line.trim_end() == closing) {
            lengths.push(length + 1);
        }
    }
    lengths
}

#[test]
fn functions_fit_a_glance() {
    let files = all_files();
    let sources = files.iter().filter(|(path, _)| !is_test_file(path)).map(|(_, text)| split(text).0);
    let mut lengths: Vec<usize> = sources.flat_map(function_lengths).collect();
    lengths.sort_unstable();
    let p90 = lengths[lengths.len() * 9 / 10];
    assert!(p90 <= FUNCTION_LINES_P90, "the 90th percentile of {} functions is {p90} lines", lengths.len());
}

/// Lines of code: blank lines and comments are not counted, so that nobody is kept from explaining.
fn code_lines(text: &str) -> usize {
    text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//")).count()
}

#[test]
fn tests_keep_up_with_the_source() {
    let (mut source, mut tests) = (0, 0);
    // What measures is neither.
    for (path, text) in
        all_files().into_iter().filter(|(path, _)| !path.components().any(|part| part.as_os_str() == "benches"))
    {
        let (own, module) = if is_test_file(&path) { ("", text.as_str()) } else { split(&text) };
        source += code_lines(own);
        tests += code_lines(module);
    }
    let ratio = tests as f64 / source as f64;
    println!("{source} source lines, {tests} test lines, {ratio:.2} a line");
    assert!(ratio >= TESTS_PER_SOURCE, "{tests} test lines for {source} source lines: {ratio:.2}");
}
