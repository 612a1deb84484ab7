//! Holds the patches of `tests/broken` to their word: each row of docs/RELIABILITY.md has one, which applies to the tree as it is, and
//! names a test that is there. That the test then fails is seen by `tests/broken/run`, on demand: each patch is compiled.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::path::{Path, PathBuf};
use std::process::Command;

const ROWS: usize = 18;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// All patches in the order of their rows, with their text.
fn patches() -> Vec<(PathBuf, String)> {
    let all = std::fs::read_dir(root().join("tests/broken")).unwrap().map(|entry| entry.unwrap().path());
    let mut all: Vec<PathBuf> = all.filter(|path| path.extension().is_some_and(|ending| ending == "patch")).collect();
    all.sort();
    all.into_iter().map(|path| (path.clone(), std::fs::read_to_string(path).unwrap())).collect()
}

/// A line of a patch's head.
fn head<'a>(text: &'a str, name: &str) -> &'a str {
    let line = text.lines().take_while(|line| !line.is_empty()).find_map(|line| line.strip_prefix(name));
    line.and_then(|rest| rest.strip_prefix(": ")).unwrap_or_else(|| panic!("no {name} in {text}"))
}

#[test]
fn each_row_has_a_patch_that_is_small_and_said_in_words() {
    let page = std::fs::read_to_string(root().join("docs/RELIABILITY.md")).unwrap();
    let patches = patches();
    let rows: Vec<&str> = patches.iter().map(|(_, text)| head(text, "Row")).collect();
    assert_eq!(rows, (1..=ROWS).map(|row| format!("F{row}")).collect::<Vec<_>>());
    for (path, text) in &patches {
        let name = path.file_name().unwrap().to_str().unwrap();
        assert!(page.contains(&format!("broken/{name}")), "docs/RELIABILITY.md does not list {name}");
        assert!(page.contains(head(text, "Promise")), "{name} promises something else");
        assert!(head(text, "Broken").ends_with('.'), "{name}");
        let changed = text
            .lines()
            .filter(|line| line.starts_with(['+', '-']) && !line.starts_with("+++") && !line.starts_with("---"));
        assert!((1..=12).contains(&changed.count()), "{name} is not small");
        assert!(
            text.lines().filter(|line| line.starts_with("+++ ")).all(|line| line.contains("/src/")),
            "{name} breaks no product"
        );
    }
}

#[test]
fn each_patch_applies() {
    for (path, _) in patches() {
        let git = Command::new("git").args(["apply", "--check"]).arg(&path).current_dir(root()).output().unwrap();
        assert!(git.status.success(), "{}: {}", path.display(), String::from_utf8_lossy(&git.stderr));
    }
}

#[test]
fn each_named_test_is_there() {
    let page = std::fs::read_to_string(root().join("docs/RELIABILITY.md")).unwrap();
    for (path, text) in patches() {
        let words: Vec<&str> = head(&text, "Test").split(' ').collect();
        let ["cargo", "test", "-p", package, "--test", target, name] = words[..] else { panic!("{}", path.display()) };
        let tests = root().join("crates").join(package.trim_start_matches("pes-")).join("tests");
        let file = match name.rsplit_once("::") {
            Some((module, _)) => tests.join(target).join(module).with_extension("rs"),
            None => tests.join(target).with_extension("rs"),
        };
        let name = name.rsplit("::").next().unwrap();
        let code = std::fs::read_to_string(&file).unwrap_or_else(|_| panic!("{} is not there", file.display()));
        assert!(code.contains(&format!("#[test]\nfn {name}()")), "{} has no test {name}", file.display());
        assert!(page.contains(&format!("`{name}`")), "docs/RELIABILITY.md does not name {name}");
    }
}

/// Whatever test docs/RELIABILITY.md names is there.
#[test]
fn tests_of_the_page_are_tests_of_the_house() {
    let page = std::fs::read_to_string(root().join("docs/RELIABILITY.md")).unwrap();
    let mut code = String::new();
    let mut folders: Vec<PathBuf> = ["crates", "node", "tests"].map(|folder| root().join(folder)).to_vec();
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            match path.extension() {
                _ if path.is_dir() && !path.ends_with("node_modules") => folders.push(path),
                Some(ending) if ending == "rs" => code += &std::fs::read_to_string(path).unwrap(),
                _ => {}
            }
        }
    }
    let named = page.split('`').skip(1).step_by(2);
    let tests: Vec<&str> =
        named.filter(|word| word.matches('_').count() >= 3 && !word.contains(['/', ' ', '='])).collect();
    assert!(tests.len() > ROWS);
    for test in tests {
        assert!(code.contains(&format!("fn {test}(")), "there is no test {test}");
    }
}
