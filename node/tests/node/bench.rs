//! `pes bench federation` and `pes bench site` work: each measurement, at the smallest size there is. What it measures there says nothing.

use serde_json::Value;
use std::process::Command;

/// The figures of one measurement, by name.
fn measured(measure: &str) -> Vec<(String, f64, bool)> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("figures.json");
    let mut command = Command::new(env!("CARGO_BIN_EXE_pes"));
    command.current_dir(folder.path()).env("TMPDIR", folder.path()).env_remove("RUST_LOG");
    match measure {
        "site" => command.args(["bench", "site"]),
        _ => command.args(["bench", "federation", "--only", measure]),
    };
    command.args(["--portion", "0.001", "--json"]).arg(&file);
    let output = command.output().unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let told: Value = serde_json::from_slice(&std::fs::read(&file).unwrap_or_else(|_| panic!("{out}{err}"))).unwrap();
    assert!(out.starts_with("| measure | what | value | bound | |\n"), "{out}");
    assert_eq!((told["database"].as_str(), told["portion"].as_f64()), (Some("sqlite"), Some(0.001)));
    let figure = |figure: &Value| {
        assert_eq!(figure["measure"], measure);
        let what = figure["what"].as_str().unwrap().to_owned();
        (what, figure["value"].as_f64().unwrap_or(f64::NAN), figure.get("bound").is_some())
    };
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["figures.json"], "nothing is left behind");
    told["figures"].as_array().unwrap().iter().map(figure).collect()
}

fn value(figures: &[(String, f64, bool)], what: &str) -> f64 {
    figures.iter().find(|(one, ..)| one.starts_with(what)).unwrap_or_else(|| panic!("{what}: {figures:?}")).1
}

#[test]
fn bulk_is_held_to_its_parts() {
    let figures = measured("bulk");
    assert!(value(&figures, "records a second") > 0.0);
    assert!((28.0..=32.0).contains(&value(&figures, "triples a record")));
    let inserts = value(&figures, "inserts a change-set");
    assert!((4.0..=6.0).contains(&inserts), "{inserts}");
    let held: Vec<&str> = figures.iter().filter(|(.., held)| *held).map(|(what, ..)| what.as_str()).collect();
    assert_eq!(held, ["inserts a change-set", "share of what the parts allow"]);
}

#[test]
fn a_demand_becomes_a_notice_idle_and_with_a_backlog() {
    let figures = measured("latency");
    let least = value(&figures, "three commits and four round trips");
    assert!(least > 0.0 && value(&figures, "demand to notice, p99") > 0.0, "{figures:?}");
    assert!(value(&figures, "fsync, median") > 0.0);
    assert!(figures.iter().any(|(what, ..)| what == "with a backlog, p99"));
}

#[test]
fn affiliates_acknowledge_and_the_dead_cost_little() {
    let figures = measured("scale");
    assert_eq!(value(&figures, "acknowledgements"), 1.0);
    assert_eq!(value(&figures, "rows an affiliate"), 1.0);
    let tries = value(&figures, "tries a day");
    assert!((1.0..=5.0).contains(&tries), "{tries}");
}

#[test]
fn a_log_is_opened_proven_served_and_rebuilt() {
    let figures = measured("log");
    assert!(figures.iter().any(|(what, value, _)| what == "change-sets" && *value >= 1_000.0), "{figures:?}");
    assert!(value(&figures, "bytes an entry, as it travels") > 2_000.0);
    for what in ["to rebuild", "to open", "to serve a bundle", "to prove inclusion"] {
        assert!(value(&figures, what) > 0.0, "{what}");
    }
}

#[test]
fn a_node_at_rest_has_some_memory() {
    let figures = measured("rest");
    assert!((5.0..1_000.0).contains(&value(&figures, "resident memory")));
}

#[test]
fn a_site_is_searched_and_looked_at() {
    let figures = measured("site");
    assert_eq!(value(&figures, "structures"), 100.0);
    for what in ["search with ten facets, p99", "suggestion, p99", "map of a department, p99", "matching a demand, p99"]
    {
        assert!(value(&figures, what) > 0.0, "{what}");
    }
    for what in ["tantivy alone, one word, median", "handlebars alone", "first byte", "directory, a crowd"] {
        assert!(value(&figures, what) > 0.0, "{what}");
    }
    assert!((10.0..150.0).contains(&value(&figures, "largest page")), "{figures:?}");
}
