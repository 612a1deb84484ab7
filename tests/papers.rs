//! Holds the papers of the house to their word: links lead somewhere, commands exist, decisions are numbered, words of the
//! glossary are words of the code.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn read(path: impl AsRef<Path>) -> String {
    std::fs::read_to_string(root().join(path)).unwrap()
}

/// All files of the project below a folder, built and fetched things left out.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name == ".git" {
            // In a second work tree it is a file, which says where the first one lies.
            continue;
        }
        if path.is_dir() && !["target", "node_modules", "python"].contains(&name.as_str()) {
            found.extend(files(&path));
        } else if path.is_file() {
            found.push(path);
        }
    }
    found
}

fn with_ending(folder: &str, ending: &str) -> Vec<(PathBuf, String)> {
    let all = files(&root().join(folder)).into_iter().filter(|path| path.to_string_lossy().ends_with(ending));
    all.map(|path| (path.clone(), std::fs::read_to_string(path).unwrap())).collect()
}

fn papers() -> Vec<(PathBuf, String)> {
    with_ending("", ".md")
}

#[test]
fn every_link_of_a_paper_leads_to_a_file() {
    let mut links = 0;
    for (path, text) in papers() {
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let target = target.split('#').next().unwrap();
            if target.is_empty() || target.contains("://") {
                continue;
            }
            links += 1;
            assert!(path.parent().unwrap().join(target).exists(), "{} links to {target}", path.display());
        }
    }
    assert!(links > 10);
}

#[test]
fn the_readme_s_commands_are_there() {
    let readme = read("README.md");
    let commands = read("node/src/commands/mod.rs");
    for command in ["init", "serve", "join", "rebuild", "verify", "demo"] {
        let variant = format!("{}{}", command[..1].to_uppercase(), &command[1..]);
        assert!(commands.contains(&format!("    {variant}")), "{command}");
        assert!(readme.contains(command), "the README does not tell of {command}");
    }
    for script in ["tests/run", ".ci/run"] {
        let file = root().join(script);
        assert!(file.exists(), "{script}");
        #[cfg(unix)]
        assert!(
            std::os::unix::fs::PermissionsExt::mode(&file.metadata().unwrap().permissions()) & 0o111 != 0,
            "{script}"
        );
    }
    assert!(read(".ci/run").contains("tests/run"), "continuous integration calls the README's command");
}

#[test]
fn decisions_are_numbered_without_a_gap_and_say_when() {
    let mut numbers = Vec::new();
    for (path, text) in with_ending("docs/decisions", ".md") {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let number: u32 = name[..4].parse().unwrap();
        assert!(text.starts_with(&format!("# {} ", &name[..4])), "{name}");
        assert!(text.contains("*Accepted, 20"), "{name} does not say when");
        numbers.push(number);
    }
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=u32::try_from(numbers.len()).unwrap()).collect::<Vec<_>>());
}

#[test]
fn every_crate_is_in_the_map() {
    let map = read("docs/ARCHITECTURE.md");
    for entry in std::fs::read_dir(root().join("crates")).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        assert!(map.contains(&format!("| `{name}` |")), "{name}");
    }
    assert!(!map.contains("to come"), "the map shows what is there");
}

#[test]
fn types_of_the_glossary_are_types_of_the_code() {
    let code: String = with_ending("crates", ".rs").into_iter().map(|(_, text)| text).collect();
    let glossary = read("docs/GLOSSARY.md");
    let rows = glossary.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| français"));
    let mut types = BTreeSet::new();
    for row in rows {
        let cell = row.split('|').nth(2).unwrap();
        let named = cell.split('`').skip(1).step_by(2);
        types.extend(named.filter(|word| word.starts_with(|c: char| c.is_ascii_uppercase())).map(str::to_owned));
    }
    assert!(types.len() > 5);
    for name in types {
        let is_type = [format!("struct {name}"), format!("enum {name}")].iter().any(|one| code.contains(one));
        assert!(is_type, "{name} is in the glossary and not in the code");
    }
}

/// What stands in the project stands there for everybody: no path of one machine, no name of what made it.
#[test]
fn no_file_names_a_path_of_one_machine() {
    // Put together here, so that this file is held to the same rule.
    let mut words = ["home", "root", "work", "Users"].map(|folder| format!("/{folder}/")).to_vec();
    words.push(["C:", "Users"].join("\\"));
    words.push(root().display().to_string());
    for path in files(&root()) {
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        for word in &words {
            assert!(!text.contains(word), "{} has {word}", path.display());
        }
    }
}

#[test]
fn the_licence_is_named_where_it_has_to_be() {
    assert!(read("LICENSE").contains("GNU AFFERO GENERAL PUBLIC LICENSE"));
    assert!(read("Cargo.toml").contains("license = \"AGPL-3.0-or-later\""));
    for (path, text) in with_ending("crates", "Cargo.toml") {
        assert!(text.contains("license.workspace = true"), "{}", path.display());
        assert!(text.contains("[lints]\nworkspace = true"), "{} has lints of its own", path.display());
    }
}

/// Samples are invented and say so.
#[test]
fn samples_say_that_they_are_invented() {
    assert!(read("node/demo/README.md").contains("invented"));
    for (path, text) in with_ending("ontology/samples", ".ttl") {
        assert!(text.to_lowercase().contains("invented"), "{}", path.display());
    }
}
