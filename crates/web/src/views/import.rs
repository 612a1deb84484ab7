//! What is said of an old file on the team's pages: its counts, its first remarks, and how far it is.

use crate::porch::Porch;
use pes_domain::Audience;
use pes_import::commit::Committed;
use pes_import::report::Group;
use pes_import::undo::Undone;
use pes_import::workshop::{About, Job, Reading, Stage};
use pes_import::{Choices, Layout, Pass, Remark, Report, Sort, What};
use serde::Serialize;

/// How many remarks of one sort on one column are shown; all are in the report.
const SHOWN: usize = 5;
/// The most characters of a value that are shown.
const VALUE: usize = 60;

/// A choice of one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Choice {
    pub(crate) value: &'static str,
    pub(crate) label: String,
    pub(crate) is_chosen: bool,
}

/// For whom the records are, and the ways to reach them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct ChoicesView {
    pub(crate) audience: Vec<Choice>,
    pub(crate) contacts: Vec<Choice>,
}

/// Names of columns, under a heading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Columns {
    pub(crate) label: String,
    pub(crate) names: String,
}

/// What lies on the bench.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct JobView {
    pub(crate) id: String,
    pub(crate) title: String,
    /// How far it is, in words.
    pub(crate) stage: String,
    pub(crate) is_at_work: bool,
    pub(crate) is_done: bool,
    pub(crate) is_failed: bool,
    /// Whether nothing is left to be done with it here.
    pub(crate) is_over: bool,
    pub(crate) progress: Option<ProgressView>,
    /// What is to be known besides.
    pub(crate) remarks: Vec<String>,
    pub(crate) said: Option<Said>,
    /// For whom, while it can be chosen.
    pub(crate) choices: Option<ChoicesView>,
    /// What the button says that enters it.
    pub(crate) enter: Option<String>,
    pub(crate) may_be_left: bool,
    /// Where its run is taken back.
    pub(crate) undo: Option<String>,
    /// What a run that was taken back left as it is.
    pub(crate) left: Vec<LeftView>,
    /// What other networks hold, where it may be declared.
    pub(crate) members: Option<MembersView>,
    /// What an animator did a moment ago.
    pub(crate) done: Option<String>,
}

/// Structures of the file that other networks hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct MembersView {
    /// What this network's own sheet is called, and its record, where they are known.
    pub(crate) network: String,
    pub(crate) record: String,
    /// Those that may be chosen.
    pub(crate) open: Vec<MemberView>,
    /// How many more there are than are shown.
    pub(crate) more: Option<String>,
    /// How many are declared already.
    pub(crate) declared: Option<String>,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct MemberView {
    pub(crate) record: String,
    pub(crate) title: String,
    pub(crate) url: String,
    pub(crate) told: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct ProgressView {
    pub(crate) done: u64,
    pub(crate) of: u64,
    pub(crate) words: String,
}

/// What is said of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Said {
    pub(crate) facts: String,
    pub(crate) counts: Vec<String>,
    pub(crate) columns: Vec<Columns>,
    pub(crate) groups: Vec<GroupView>,
    pub(crate) has_remarks: bool,
    pub(crate) has_rejected: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct GroupView {
    /// What follows from its remarks; none where the group before says the same.
    pub(crate) heading: Option<String>,
    pub(crate) column: String,
    /// What they all say.
    pub(crate) what: String,
    /// Whether its remarks are in sight at once: what keeps rows out is.
    pub(crate) is_open: bool,
    pub(crate) count: usize,
    pub(crate) remarks: Vec<RemarkView>,
    pub(crate) more: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct RemarkView {
    pub(crate) line: String,
    pub(crate) value: String,
    pub(crate) problem: String,
    pub(crate) advice: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct LeftView {
    pub(crate) title: String,
    pub(crate) url: String,
    pub(crate) why: String,
}

/// Says a sentence of the catalogue, as reports want it.
pub(crate) fn say(porch: &Porch, name: &str, gaps: &[(&str, String)]) -> String {
    let gaps: Vec<_> = gaps.iter().map(|(gap, value)| (*gap, value.as_str().into())).collect();
    porch.words.catalogue().tell(name, &gaps)
}

/// The choices there are, with those that are made.
pub(crate) fn choices_view(porch: &Porch, chosen: Choices) -> ChoicesView {
    let options = |chosen: Audience| {
        let all = [Audience::Public, Audience::Affiliates, Audience::Network];
        let option = |audience: Audience| Choice {
            value: audience.as_str(),
            label: porch.say(&format!("audience-{}", audience.as_str())),
            is_chosen: audience == chosen,
        };
        all.map(option).into()
    };
    ChoicesView { audience: options(chosen.audience), contacts: options(chosen.contacts) }
}

/// The columns of each layout, for whoever has another file in the hand.
pub(crate) fn layouts() -> Vec<Columns> {
    let names =
        |layout: Layout| layout.columns().iter().map(|column| column.name).collect::<Vec<_>>().join("\u{202f}; ");
    Layout::ALL.map(|layout| Columns { label: layout.title().to_owned(), names: names(layout) }).into()
}

/// What a job is called, in one line.
pub(crate) fn title(porch: &Porch, about: &About) -> String {
    match about {
        About::File(name, _) => tell(porch, "import-of-file", "file", name),
        About::Run(run) => tell(porch, "import-of-run", "run", &run.to_string()),
    }
}

/// A job as its page shows it.
pub(crate) fn job_view(porch: &Porch, job: &Job) -> JobView {
    let stage = job.stage();
    let mut view = JobView {
        id: job.id.clone(),
        title: title(porch, &job.about),
        stage: porch.say(stage_key(&stage)),
        is_at_work: stage.is_at_work(),
        is_done: matches!(stage, Stage::Entered(..) | Stage::Undone(_)),
        is_failed: matches!(stage, Stage::Failed(_)),
        is_over: !stage.is_at_work() && !job.has_file(),
        progress: stage.is_at_work().then(|| progress(porch, job)),
        remarks: Vec::new(),
        said: None,
        choices: None,
        enter: None,
        may_be_left: !stage.is_at_work() && job.has_file(),
        undo: None,
        left: Vec::new(),
        members: None,
        done: None,
    };
    match &stage {
        Stage::Read(reading) => show_preview(porch, job, reading, &mut view),
        Stage::Entered(reading, committed) => show_entered(porch, reading, committed, &mut view),
        Stage::Undone(undone) => show_undone(porch, undone, &mut view),
        Stage::Failed(_) => view.enter = job.has_file().then(|| porch.say("import-again")),
        Stage::Reading | Stage::Entering | Stage::Undoing => {}
    }
    view
}

fn stage_key(stage: &Stage) -> &'static str {
    match stage {
        Stage::Reading => "import-stage-reading",
        Stage::Read(reading) if reading.report.tally.changes() == 0 && !reading.goes_on => "import-stage-read-nothing",
        Stage::Read(_) => "import-stage-read",
        Stage::Entering => "import-stage-entering",
        Stage::Entered(_, committed) if committed.run.is_none() => "import-stage-entered-nothing",
        Stage::Entered(..) => "import-stage-entered",
        Stage::Undoing => "import-stage-undoing",
        Stage::Undone(_) => "import-stage-undone",
        Stage::Failed(key) => key,
    }
}

fn progress(porch: &Porch, job: &Job) -> ProgressView {
    let (pass, (done, of)) = job.progress();
    let gaps = [("done", done.into()), ("of", of.into())];
    ProgressView { done, of: of.max(1), words: porch.words.catalogue().tell(pass_key(pass), &gaps) }
}

/// What is counted: each row is read, and then compared.
fn pass_key(pass: Pass) -> &'static str {
    match pass {
        Pass::Reading => "import-progress-reading",
        Pass::Comparing => "import-progress-comparing",
        Pass::Entering => "import-progress-entering",
        Pass::Undoing => "import-progress-undoing",
    }
}

fn show_preview(porch: &Porch, job: &Job, reading: &Reading, view: &mut JobView) {
    let About::File(_, chosen) = &job.about else { return };
    let changes = reading.report.tally.changes();
    view.remarks.extend(reading.goes_on.then(|| porch.say("import-goes-on")));
    view.choices = Some(choices_view(porch, *chosen));
    view.enter = (changes > 0 || reading.goes_on).then(|| porch.say("import-enter"));
    view.said = Some(said(porch, &reading.report, &reading.rejected));
}

fn show_entered(porch: &Porch, reading: &Reading, committed: &Committed, view: &mut JobView) {
    view.remarks.extend(committed.went_on.then(|| porch.say("import-went-on")));
    for remark in &committed.meanwhile {
        let (problem, advice) = spoken(porch, remark);
        view.remarks.push(format!("{} {problem} {advice}", line_of(porch, remark.line)));
    }
    view.undo = committed.run.map(|run| format!("/reseau/importer/annuler/{run}"));
    view.said = Some(said(porch, &reading.report, &reading.rejected));
}

fn show_undone(porch: &Porch, undone: &Undone, view: &mut JobView) {
    let gaps = [("deleted", undone.deleted.into()), ("restored", undone.restored.into())];
    view.remarks.push(porch.words.catalogue().tell("import-undone", &gaps));
    let as_before = if undone.is_as_before { "import-as-before" } else { "import-not-as-before" };
    view.remarks.push(porch.say(as_before));
    view.left = undone
        .left
        .iter()
        .map(|left| LeftView {
            title: left.title.clone(),
            url: pes_domain::RecordIri::read(&left.iri).map_or_else(String::new, |iri| iri.page_at(&porch.site.origin)),
            why: porch.say(left.why.key()),
        })
        .collect();
}

fn said(porch: &Porch, report: &Report, rejected: &[u8]) -> Said {
    let tally = &report.tally;
    let counts = [
        ("import-count-entered", tally.entered, true),
        ("import-count-filled", tally.filled, true),
        ("import-count-unchanged", tally.unchanged, true),
        ("import-count-elsewhere", tally.elsewhere, tally.elsewhere > 0),
        ("import-count-out", tally.out, true),
        ("import-count-without-place", tally.without_place, tally.without_place > 0),
    ];
    let count = |(key, count, _): (&str, u64, bool)| porch.words.catalogue().tell(key, &[("count", count.into())]);
    let separator = if report.separator == '\t' { "import-tab".to_owned() } else { String::new() };
    let separator = if separator.is_empty() { format!("« {} »", report.separator) } else { porch.say(&separator) };
    let facts = [
        ("layout", report.layout.title().into()),
        ("rows", report.rows.into()),
        ("encoding", report.encoding.into()),
        ("separator", separator.into()),
    ];
    Said {
        facts: porch.words.catalogue().tell("import-facts", &facts),
        counts: counts.into_iter().filter(|(.., is_told)| *is_told).map(count).collect(),
        columns: columns(porch, report),
        groups: groups(porch, report),
        has_remarks: !report.remarks.is_empty(),
        has_rejected: report.tally.out > 0 && !rejected.is_empty(),
    }
}

/// Columns that were not read, that are not there, or of which nothing is kept.
fn columns(porch: &Porch, report: &Report) -> Vec<Columns> {
    let all = [
        ("import-columns-unknown", report.unknown_columns.join("\u{202f}; ")),
        ("import-columns-missing", report.missing_columns.join("\u{202f}; ")),
        ("import-columns-dropped", report.dropped_columns.join("\u{202f}; ")),
    ];
    let some = all.into_iter().filter(|(_, names)| !names.is_empty());
    some.map(|(label, names)| Columns { label: porch.say(label), names }).collect()
}

fn groups(porch: &Porch, report: &Report) -> Vec<GroupView> {
    let mut before = None;
    let group = |group: &Group<'_>| {
        let is_new = before.replace(group.sort) != Some(group.sort);
        let count = group.remarks.len();
        let more = (count.saturating_sub(SHOWN)) as u64;
        GroupView {
            heading: is_new.then(|| porch.say(sort_key(group.sort))),
            column: if group.column.is_empty() { porch.say("import-whole-row") } else { group.column.to_owned() },
            what: what_in_short(porch, group.what),
            is_open: group.sort == Sort::Out,
            count,
            remarks: group.remarks.iter().take(SHOWN).map(|remark| remark_view(porch, remark)).collect(),
            more: (more > 0).then(|| porch.words.catalogue().tell("import-more", &[("count", more.into())])),
        }
    };
    report.groups().iter().map(group).collect()
}

/// What a remark says whatever its row: where its sentence has gaps, a shorter one.
fn what_in_short(porch: &Porch, what: What) -> String {
    let (catalogue, short) = (porch.words.catalogue(), format!("{}-short", what.key()));
    match what {
        What::Rule(why) => catalogue.tell(&what.key(), &[("limit", (why.limit().unwrap_or_default() as u64).into())]),
        _ if catalogue.has(&short) => catalogue.say(&short),
        _ => catalogue.say(&what.key()),
    }
}

fn sort_key(sort: Sort) -> &'static str {
    match sort {
        Sort::Out => "import-sort-out",
        Sort::Left => "import-sort-left",
        Sort::Mended => "import-sort-mended",
        Sort::Doubtful => "import-sort-doubtful",
        Sort::Told => "import-sort-told",
    }
}

fn remark_view(porch: &Porch, remark: &Remark) -> RemarkView {
    let (problem, advice) = spoken(porch, remark);
    let start: String = remark.value.chars().take(VALUE).collect();
    let value = if start.len() < remark.value.len() { format!("{start}…") } else { start };
    RemarkView { line: line_of(porch, remark.line), value, problem, advice }
}

fn spoken(porch: &Porch, remark: &Remark) -> (String, String) {
    remark.spoken(&|name, gaps| say(porch, name, gaps))
}

fn line_of(porch: &Porch, line: u64) -> String {
    tell(porch, "import-at-line", "line", &line.to_string())
}

fn tell(porch: &Porch, name: &str, gap: &str, value: &str) -> String {
    porch.words.catalogue().tell(name, &[(gap, value.into())])
}
