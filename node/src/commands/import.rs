//! `pes import`: takes over an old file, tells what became of it, and takes a run back.

use crate::{Config, House, NodeError};
use clap::{Args, Subcommand, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use pes_domain::{Audience, Kind};
use pes_import::commit::Committed;
use pes_import::report::Group;
use pes_import::undo::{run_to_undo, undo};
use pes_import::{Choices, Pass, Plan, Report, Sort, Turn, What};
use pes_journal::Journal;
use pes_store::imports::{self, Run};
use pes_words::Catalogue;
use std::path::{Path, PathBuf};
use time::UtcDateTime;

/// How many remarks of one sort on one column are told on the terminal; the rest is in the report.
const TOLD: usize = 3;
/// How many words that our lists do not have.
const WORDS: usize = 40;

#[derive(Debug, Subcommand)]
pub(super) enum ImportCommand {
    /// Take over the structures of a file of the BDIS, as it was laid out in 2012 or in 2014. A second time changes nothing.
    Bdis(BdisArgs),
    /// All runs: number, file, when, how many sheets and relations of it there are now.
    Runs,
    /// Take a run back: delete what it made and put back what it filled, as far as nobody changed it since.
    Undo {
        /// The run's number; the newest that is not undone where it is not said.
        run: Option<i64>,
    },
}

#[derive(Debug, Args)]
pub(super) struct BdisArgs {
    /// The file, in CSV: encoding, separator and layout are found out.
    file: PathBuf,
    /// Tell what would become of it, by the same code, and write nothing into the database.
    #[arg(long)]
    preview: bool,
    /// For whom the records are; as `pes gives` says where it is not said.
    #[arg(long, value_enum)]
    audience: Option<AudienceName>,
    /// For whom phone numbers and mail addresses are; never more people than the records.
    #[arg(long, value_enum, default_value = "network")]
    contacts: AudienceName,
    /// Write each remark with its line, column and value into this file, and the rows that did not enter into FILE-rejected.csv beside it.
    #[arg(long, value_name = "FILE.csv")]
    report: Option<PathBuf>,
    /// The language of that file.
    #[arg(long, value_enum, default_value = "en")]
    language: Language,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum AudienceName {
    /// Members of this network.
    Network,
    /// Members of this network and of the affiliates.
    Affiliates,
    /// Everybody.
    Public,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Language {
    /// English, with commas.
    En,
    /// French, as a French spreadsheet opens it.
    Fr,
}

impl From<AudienceName> for Audience {
    fn from(name: AudienceName) -> Self {
        match name {
            AudienceName::Network => Self::Network,
            AudienceName::Affiliates => Self::Affiliates,
            AudienceName::Public => Self::Public,
        }
    }
}

pub(super) fn run(config: Config, command: ImportCommand) -> Result<(), NodeError> {
    match command {
        ImportCommand::Bdis(args) => bdis(config, &args),
        ImportCommand::Runs => runs(&House::open(config)?.journal),
        ImportCommand::Undo { run } => take_back(config, run),
    }
}

fn bdis(config: Config, args: &BdisArgs) -> Result<(), NodeError> {
    let bytes = std::fs::read(&args.file).map_err(|e| NodeError::file(&args.file, e))?;
    let journal = House::open(config.clone())?.journal;
    let _turn = Turn::take(&config.data)?;
    let name = args.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let audience = match args.audience {
        Some(audience) => audience.into(),
        None => journal.gives()?.audience(Kind::Structure),
    };
    let choices = Choices { audience, contacts: args.contacts.into() };
    let now = UtcDateTime::now();
    let plan = with_bar(|told| Plan::of(&journal, (&name, &bytes), choices, now, told))
        .map_err(|why| NodeError::Said(format!("{}: {why}", args.file.display())))?;
    let committed = match args.preview {
        true => None,
        false => Some(with_bar(|told| plan.commit(&journal, now, told))?),
    };
    print!("{}", summary(&plan.report));
    if let Some(report) = &args.report {
        write_report(&plan, report, args.language)?;
    }
    println!("{}", end(committed.as_ref(), &plan.report));
    Ok(())
}

/// Shows a bar while something goes on; none where nobody looks.
fn with_bar<T>(work: impl FnOnce(&mut dyn FnMut(Pass, (u64, u64))) -> T) -> T {
    let bar = ProgressBar::new(0);
    let style = ProgressStyle::with_template("{msg:>9} {bar:40} {pos}/{len}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    let done = work(&mut |pass, (position, of)| {
        bar.set_message(pass_name(pass));
        bar.set_length(of);
        bar.set_position(position);
    });
    bar.finish_and_clear();
    done
}

fn pass_name(pass: Pass) -> &'static str {
    match pass {
        Pass::Reading => "reading",
        Pass::Comparing => "comparing",
        Pass::Entering => "entering",
        Pass::Undoing => "undoing",
    }
}

/// All that is said of a file, for the terminal.
fn summary(report: &Report) -> String {
    let tally = &report.tally;
    let mut text = format!(
        "{}: {}, read as {} with {:?} between cells; {} rows\n",
        report.file,
        report.layout.title(),
        report.encoding,
        report.separator,
        report.rows
    );
    let counts = [
        ("entered", tally.entered),
        ("filled", tally.filled),
        ("unchanged", tally.unchanged),
        ("held elsewhere", tally.elsewhere),
        ("not entered", tally.out),
        ("without a place", tally.without_place),
    ];
    counts.iter().for_each(|(what, count)| text.push_str(&format!("{count:>8}  {what}\n")));
    let columns = [
        ("Columns that this layout does not know; they were not read", report.unknown_columns.join("; ")),
        ("Columns of this layout that the file does not have", report.missing_columns.join("; ")),
        ("Columns of which a record keeps nothing", report.dropped_columns.join("; ")),
    ];
    for (what, names) in columns.iter().filter(|(_, names)| !names.is_empty()) {
        text.push_str(&format!("{what}: {names}.\n"));
    }
    let mut sort = None;
    for group in report.groups() {
        if sort.replace(group.sort) != Some(group.sort) {
            text.push_str(&format!("\n{}\n", heading(group.sort)));
        }
        text.push_str(&told(&group));
    }
    text
}

fn heading(sort: Sort) -> &'static str {
    match sort {
        Sort::Out => "Rows that did not enter",
        Sort::Left => "Left out of rows that entered",
        Sort::Mended => "Set right",
        Sort::Doubtful => "To be looked at",
        Sort::Told => "To be known",
    }
}

/// A group of remarks, the first of them in full.
fn told(group: &Group<'_>) -> String {
    let count = group.remarks.len();
    let column = if group.column.is_empty() { "whole row" } else { group.column };
    let mut text = format!("  {column}: {count}\n");
    let is_words = group.remarks.iter().all(|remark| remark.what == What::UnknownWord);
    let limit = if is_words { WORDS } else { TOLD };
    for remark in group.remarks.iter().take(limit) {
        let advice = Some(remark.advice()).filter(|advice| !advice.starts_with("nothing") && !is_words);
        let advice = advice.map_or_else(String::new, |advice| format!("; {advice}"));
        text.push_str(&format!("    line {} {:?}: {}{advice}\n", remark.line, short(&remark.value), remark.problem()));
    }
    if count > limit {
        text.push_str(&format!("    and {} more\n", count - limit));
    }
    text
}

fn short(value: &str) -> String {
    let start: String = value.chars().take(60).collect();
    if start.len() < value.len() { format!("{start}…") } else { start }
}

fn end(committed: Option<&Committed>, report: &Report) -> String {
    let changes = report.tally.changes();
    let Some(committed) = committed else {
        return format!("\nThis was a preview: {changes} records would change, and nothing was written.");
    };
    let mut text = String::new();
    for remark in &committed.meanwhile {
        text.push_str(&format!("\nline {}: {}; {}", remark.line, remark.problem(), remark.advice()));
    }
    if committed.went_on {
        text.push_str("\nThis run had been interrupted; what was missing has entered now.");
    }
    match committed.run {
        Some(run) => format!("{text}\n{changes} changes. `pes import undo {run}` takes them back."),
        None => format!("{text}\n0 changes: what the file says is here already, or did not enter."),
    }
}

/// Writes the remarks, and beside them the rows that did not enter and can be mended.
fn write_report(plan: &Plan, path: &Path, language: Language) -> Result<(), NodeError> {
    let table = match language {
        Language::En => {
            let header = ["file", "line", "column", "value", "problem", "advice"];
            plan.report.table(header, ',', &|remark| (remark.problem(), remark.advice()))?
        }
        Language::Fr => {
            let catalogue = Catalogue::french();
            plan.report.spoken(&|name, gaps| say(&catalogue, name, gaps))?
        }
    };
    let rejected = beside(path);
    std::fs::write(path, table).map_err(|e| NodeError::file(path, e))?;
    std::fs::write(&rejected, plan.rejected()).map_err(|e| NodeError::file(&rejected, e))?;
    println!(
        "\nEach remark with its line is in {}, rows that did not enter and can be mended in {}.",
        path.display(),
        rejected.display()
    );
    Ok(())
}

/// `report.csv` has `report-rejected.csv` beside it.
fn beside(path: &Path) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!("{stem}-rejected.csv"))
}

/// A sentence of the French catalogue.
fn say(catalogue: &Catalogue, name: &str, gaps: &[(&str, String)]) -> String {
    let gaps: Vec<_> = gaps.iter().map(|(gap, value)| (*gap, value.as_str().into())).collect();
    catalogue.tell(name, &gaps)
}

/// One run a line, its parts apart by tabs.
fn runs(journal: &Journal) -> Result<(), NodeError> {
    for run in journal.store().read(imports::runs)? {
        let (sheets, relations) = journal.store().read(|link| {
            let mut count = |kind| imports::count(link, run.id, kind);
            Ok::<_, NodeError>((count(Kind::Structure)?, count(Kind::Relation)?))
        })?;
        let standing = standing(&run);
        println!("{}\t{}\t{}\t{standing}\t{sheets} records\t{relations} relations", run.id, run.file, run.layout);
    }
    Ok(())
}

fn standing(run: &Run) -> String {
    let day =
        |at: i64| UtcDateTime::from_unix_timestamp(at).map_or_else(|_| at.to_string(), |at| at.date().to_string());
    match (run.undone, run.finished) {
        (Some(at), _) => format!("undone {}", day(at)),
        (None, Some(at)) => format!("finished {}", day(at)),
        (None, None) => format!("begun {}, not finished: import the same file again", day(run.started)),
    }
}

fn take_back(config: Config, number: Option<i64>) -> Result<(), NodeError> {
    let journal = House::open(config.clone())?.journal;
    let _turn = Turn::take(&config.data)?;
    let run = run_to_undo(&journal, number)?;
    let undone = with_bar(|told| undo(&journal, run, UtcDateTime::now(), told))?;
    println!(
        "Run {} ({}): {} records deleted, {} put back as they were.",
        undone.run.id, undone.run.file, undone.deleted, undone.restored
    );
    if !undone.left.is_empty() {
        println!("{} are left as they are:", undone.left.len());
    }
    for left in &undone.left {
        println!("  {}: {} ({})", left.title, left.why.words(), left.iri);
    }
    println!(
        "digest of this node's own records before the run: {}\nnow: {}",
        undone.run.digest,
        journal.digest_of_own()?
    );
    match undone.is_as_before {
        true => println!(
            "All is as it was. The ends of what was deleted stay in the logs, so that it comes back from nowhere."
        ),
        false => println!("Other records were made, changed or left since; so it is another."),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use pes_domain::Why;
    use pes_import::Remark;

    #[test]
    fn every_remark_is_said_in_french_and_no_gap_stays_open() {
        let catalogue = Catalogue::french();
        let rules = [Why::Missing, Why::TooLong(60), Why::NotALink, Why::SeveralCommunes].map(What::Rule);
        for what in What::ALL.iter().copied().chain(rules) {
            let gaps = ["now", "network", "km", "commune", "rows", "line", "count", "tag", "held", "cells", "columns"];
            let remark = gaps.iter().fold(Remark::new(3, "Ville", "x", what), |remark, gap| remark.with(gap, "7777"));
            let remark = remark.with("state", "draft");
            let remark = if what == What::TooManyWords { remark.with("limit", 20) } else { remark };
            let (problem, advice) = remark.spoken(&|name, gaps| say(&catalogue, name, gaps));
            for said in [&problem, &advice] {
                assert!(said.contains(' ') && !said.contains('{') && !said.starts_with("import-"), "{what:?}: {said}");
            }
            let english = [remark.problem(), remark.advice()].concat();
            assert!(!english.contains('{'), "{what:?}: {english}");
            let said = |value: &str| [problem.contains(value), english.contains(value)];
            assert!(
                said("7777")[0] == said("7777")[1],
                "{what:?} fills other gaps in one language: {problem} / {english}"
            );
        }
        let draft = Remark::new(1, "", "", What::NotPublished).with("state", "draft");
        assert!(draft.spoken(&|name, gaps| say(&catalogue, name, gaps)).0.contains("brouillon"));
    }

    #[test]
    fn the_rejected_rows_lie_beside_the_report() {
        assert_eq!(beside(Path::new("a/rapport.csv")), Path::new("a/rapport-rejected.csv"));
        assert_eq!(beside(Path::new("rapport")), Path::new("rapport-rejected.csv"));
    }

    #[test]
    fn long_values_are_cut_for_the_terminal() {
        assert_eq!(short("été"), "été");
        assert_eq!(short(&"é".repeat(61)), format!("{}…", "é".repeat(60)));
    }

    fn report(remarks: Vec<Remark>) -> Report {
        Report {
            file: "vieux.csv".into(),
            layout: pes_import::Layout::Bdis2014,
            encoding: "windows-1252",
            separator: ';',
            rows: 5,
            tally: pes_import::report::Tally { entered: 3, out: 1, ..Default::default() },
            unknown_columns: vec!["Couleur".into()],
            missing_columns: vec![],
            dropped_columns: vec!["Mode de transmission"],
            elsewhere: vec![],
            remarks,
        }
    }

    #[test]
    fn the_summary_tells_counts_columns_and_the_first_of_each_sort() {
        let many = (2..7).map(|line| Remark::new(line, "Téléphone", "x", What::Rule(Why::NotAPhone)));
        let nameless = Remark::new(9, "Nom", "", What::NoName);
        let said = summary(&report(many.chain([nameless]).collect()));
        for words in [
            "vieux.csv: BDIS 2014, read as windows-1252 with ';' between cells; 5 rows\n",
            "       3  entered\n",
            "Columns that this layout does not know; they were not read: Couleur.\n",
            "Columns of which a record keeps nothing: Mode de transmission.\n",
            "\nRows that did not enter\n  Nom: 1\n    line 9 \"\": the row has no name; write the name",
            "  Téléphone: 5\n    line 2 \"x\": it is no telephone number",
            "    and 2 more\n",
        ] {
            assert!(said.contains(words), "{words}: {said}");
        }
        assert!(!said.contains("does not have:") && !said.contains("line 5"), "{said}");
    }

    #[test]
    fn words_are_listed_with_how_often_they_occur() {
        let word = |at: u64| {
            let remark = Remark::new(at, "mots clés", format!("mot {at}"), What::UnknownWord);
            remark.with("count", at).with("tag", format!("mot-{at}"))
        };
        let said = summary(&report((2..50).map(word).collect()));
        assert!(said.contains("it is kept as the tag mot-17, in 17 rows\n"), "{said}");
        assert!(said.contains("and 8 more"), "{said}");
    }

    #[test]
    fn the_end_tells_what_was_done() {
        let report = report(vec![]);
        assert!(end(None, &report).contains("preview: 3 records would change, and nothing was written"));
        let done = |run, went_on, meanwhile| end(Some(&Committed { run, went_on, meanwhile }), &report);
        assert!(done(Some(7), false, vec![]).contains("3 changes. `pes import undo 7` takes them back."));
        assert!(done(Some(7), true, vec![]).contains("had been interrupted"));
        assert!(done(None, false, vec![]).contains("0 changes"));
        let changed = Remark::new(4, "", "", What::ChangedMeanwhile);
        assert!(done(Some(7), false, vec![changed]).contains("line 4: somebody changed this structure"));
    }

    #[test]
    fn a_run_stands_where_it_stands() {
        let run = |finished, undone| Run {
            id: 1,
            file: "vieux.csv".into(),
            sha256: String::new(),
            layout: "bdis-2012".into(),
            digest: String::new(),
            started: 0,
            finished,
            undone,
        };
        assert_eq!(standing(&run(Some(86_400), None)), "finished 1970-01-02");
        assert_eq!(standing(&run(Some(86_400), Some(172_800))), "undone 1970-01-03");
        assert!(standing(&run(None, None)).contains("import the same file again"));
    }
}
