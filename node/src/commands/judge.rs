//! `pes judge`: how often the program's rules are right, over pairs that somebody decided. It needs no node.

use crate::NodeError;
use crate::house::rules;
use clap::{Args, Subcommand};
use pes_domain::judging::{Cells, Question, Score, concern_pair, duplicate_pair};
use pes_domain::{Draft, Rules};
use pes_import::Table;
use pes_import::entry::drafts_of;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use time::UtcDateTime;

#[derive(Debug, Subcommand)]
pub(super) enum JudgeCommand {
    /// Does this demand concern this structure? The columns are told in docs/JUDGING.md.
    Concern {
        /// The pairs, in CSV.
        file: PathBuf,
    },
    /// Are these two structures one? The columns are told in docs/JUDGING.md.
    Duplicates(DuplicatesArgs),
}

#[derive(Debug, Args)]
pub(super) struct DuplicatesArgs {
    /// The pairs, in CSV.
    file: PathBuf,
    /// Where the files lie whose rows it names; `data` below the folder that `PES_SHARED` names, where it is not said.
    #[arg(long, value_name = "FOLDER")]
    folder: Option<PathBuf>,
}

pub(super) fn run(command: &JudgeCommand) -> Result<(), NodeError> {
    let rules = rules();
    let score = match command {
        JudgeCommand::Concern { file } => {
            let today = UtcDateTime::now().date();
            judge(file, Question::Concern, |cells| concern_pair(cells, &rules, today))?
        }
        JudgeCommand::Duplicates(args) => {
            let mut files = Files { folder: args.folder.clone().unwrap_or_else(usual_folder), read: BTreeMap::new() };
            judge(&args.file, Question::Duplicates, |cells| {
                duplicate_pair(cells, &rules, |name, line| files.draft((name, line), &rules))
            })?
        }
    };
    println!("{score}");
    Ok(())
}

/// Judges all pairs of a file. What cannot be read is told with its line, and nothing is judged: a pair left out would change the figures.
fn judge(
    file: &Path,
    question: Question,
    mut pair: impl FnMut(&Cells) -> Result<pes_domain::judging::Judged, pes_domain::judging::Fault>,
) -> Result<Score, NodeError> {
    let bytes = std::fs::read(file).map_err(|e| NodeError::file(file, e))?;
    let table = Table::read(&bytes).map_err(|e| NodeError::file(file, e))?;
    let (mut score, mut faults) = (Score::new(question), Vec::new());
    for row in &table.rows {
        let cells: Cells = table.header.iter().cloned().zip(row.cells.iter().cloned()).collect();
        if let Err(fault) = pair(&cells).and_then(|judged| score.note(judged)) {
            faults.push(format!("line {}, {fault}", row.line));
        }
    }
    match faults.as_slice() {
        [] => Ok(score),
        some => Err(NodeError::file(file, format!("nothing was judged\n{}", some.join("\n")))),
    }
}

fn usual_folder() -> PathBuf {
    std::env::var_os("PES_SHARED").map_or_else(|| "../shared".into(), PathBuf::from).join("data")
}

/// The files whose rows are named, each read once.
struct Files {
    folder: PathBuf,
    read: BTreeMap<String, BTreeMap<u64, Option<Draft>>>,
}

impl Files {
    /// What the row says that begins on a line.
    fn draft(&mut self, (name, line): (&str, u64), rules: &Rules) -> Result<Draft, String> {
        if !self.read.contains_key(name) {
            // A name, and no way out of the folder.
            let file = Path::new(name).file_name().filter(|file| *file == name);
            let path = self.folder.join(file.ok_or("is no name of a file in the folder")?);
            let bytes = std::fs::read(&path).map_err(|e| format!("{}: {e}", path.display()))?;
            let drafts =
                drafts_of(&bytes, rules, UtcDateTime::now()).map_err(|e| format!("{}: {e}", path.display()))?;
            self.read.insert(name.to_owned(), drafts);
        }
        let draft = self.read[name].get(&line).ok_or_else(|| format!("no row of {name} begins on that line"))?;
        draft.clone().ok_or_else(|| format!("the row of {name} cannot enter"))
    }
}
