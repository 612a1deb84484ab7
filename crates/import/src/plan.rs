//! Decides what becomes of each row, over what is held now. It writes nothing: a preview is a plan that nobody carries out.

use crate::entry::{Choices, Entry, Reader};
use crate::filling::{Filled, fill};
use crate::held::{Held, Keys, Match, is_placed};
use crate::layout::{Role, Shape};
use crate::report::{Elsewhere, Report, Tally};
use crate::{ImportError, Layout, Remark, Table, What};
use pes_domain::{Body, Draft, Kind, Problems, Record, RecordIri, Rules};
use pes_journal::{Journal, sha256_hex};
use pes_store::own_records::Moderation;
use std::collections::BTreeMap;
use time::{Duration, UtcDateTime};

/// Hears what is done, and to how many of how many it is done.
pub type Progress<'a> = &'a mut dyn FnMut(Pass, (u64, u64));

/// What is done to each row, one pass after the other.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Pass {
    /// It is read.
    #[default]
    Reading,
    /// It is held against what is here.
    Comparing,
    /// What became of it is written.
    Entering,
    /// That is taken back.
    Undoing,
}

/// What becomes of a file.
#[derive(Debug)]
pub struct Plan {
    /// What is said of it.
    pub report: Report,
    /// What becomes of each row that is or becomes a record, in the order of the file.
    pub steps: Vec<Step>,
    /// The file's name.
    pub(crate) file: String,
    /// The file's digest.
    pub(crate) sha256: String,
    /// How its columns are laid out.
    pub(crate) layout: Layout,
    /// The table, for the rows that do not enter.
    table: Table,
    /// Which rows those are.
    rejected: Vec<usize>,
}

/// What becomes of one row.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The line on which it begins.
    pub line: u64,
    /// Who it is in the source.
    pub source: String,
    /// A digest of the name it has there.
    pub called: String,
    /// What becomes of it.
    pub change: Change,
}

/// A change of one record.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// A new one.
    New(Box<Record>, Moderation),
    /// One that stands is filled.
    Fill {
        /// As it stands, by its form.
        before: Draft,
        /// As it will.
        after: Box<Record>,
    },
    /// Nothing: it has all that the row says.
    Same(RecordIri, Draft),
}

impl Plan {
    /// Decides what becomes of a file's rows.
    ///
    /// # Errors
    /// [`ImportError::NotATable`], [`ImportError::NoLayout`], [`ImportError::Store`].
    pub fn of(
        journal: &Journal,
        (file, bytes): (&str, &[u8]),
        choices: Choices,
        now: UtcDateTime,
        told: Progress<'_>,
    ) -> Result<Self, ImportError> {
        // Times of records are whole seconds.
        let now = now - Duration::nanoseconds(now.nanosecond().into());
        let table = Table::read(bytes)?;
        let shape = Layout::detect(&table)?;
        let reader = Reader { rules: journal.rules(), shape: &shape, separator: table.separator(), choices, now };
        let of = table.rows.len() as u64;
        let mut entries = Vec::with_capacity(table.rows.len());
        for row in &table.rows {
            entries.push(reader.read(row));
            told(Pass::Reading, (entries.len() as u64, of));
        }
        note_shared_points(&mut entries, &shape);
        let origin = journal.identity().origin.as_str();
        let mut decider = Decider {
            held: Held::load(journal)?,
            rules: journal.rules(),
            origin,
            now,
            tally: Tally::default(),
            steps: Vec::new(),
            elsewhere: Vec::new(),
        };
        let mut rejected = Vec::new();
        for (at, entry) in entries.iter_mut().enumerate() {
            if !decider.decide(entry) {
                rejected.push(at);
            }
            told(Pass::Comparing, (at as u64 + 1, of));
        }
        let Decider { tally, steps, elsewhere, .. } = decider;
        let report = Report::of(file, &table, &shape, (tally, elsewhere), entries);
        Ok(Self {
            report,
            steps,
            file: file.to_owned(),
            sha256: sha256_hex(bytes),
            layout: shape.layout,
            table,
            rejected,
        })
    }

    /// Whether a file is a table of a layout that is known: what is refused is refused before anything else is done.
    ///
    /// # Errors
    /// [`ImportError::NotATable`], [`ImportError::NoLayout`].
    pub fn check(bytes: &[u8]) -> Result<(), ImportError> {
        Layout::detect(&Table::read(bytes)?).map(drop)
    }

    /// The rows that did not enter and can be mended, in their own layout.
    pub fn rejected(&self) -> Vec<u8> {
        self.table.copy_of(self.rejected.iter().filter_map(|at| self.table.rows.get(*at)))
    }
}

/// Decides row by row; what a row makes is held for those after it.
struct Decider<'a> {
    held: Held,
    rules: &'a Rules,
    origin: &'a str,
    now: UtcDateTime,
    tally: Tally,
    steps: Vec<Step>,
    elsewhere: Vec<Elsewhere>,
}

impl Decider<'_> {
    /// Decides a row. Whether it enters, is here already, or is another network's: what is none of these can be mended.
    fn decide(&mut self, entry: &mut Entry) -> bool {
        let read = entry.draft.as_ref().and_then(|draft| self.raise(draft, self.fresh()).ok());
        let keys = read.as_ref().and_then(|record| Keys::of(record, self.rules.gazetteer));
        let Some((record, keys)) = read.zip(keys) else {
            self.tally.out += 1;
            return false;
        };
        match self.held.find((&entry.source, &entry.called), &keys) {
            Match::Own { iri, by_number } => self.meet(entry, &record, (&iri, by_number)),
            Match::None => self.make(entry, record, &keys),
            Match::Elsewhere { network, record } => {
                self.tally.elsewhere += 1;
                entry.say(What::HeldElsewhere, &[("network", &network)]);
                self.elsewhere.push(Elsewhere { line: entry.line, record });
                true
            }
            Match::Gone => self.leave_out(entry, What::DeletedHere, &[]),
            Match::Several(count) => self.leave_out(entry, What::SeveralHeld, &[("held", &count.to_string())]),
        }
    }

    fn leave_out(&mut self, entry: &mut Entry, what: What, gaps: &[(&'static str, &str)]) -> bool {
        self.tally.out += 1;
        entry.say(what, gaps);
        false
    }

    fn make(&mut self, entry: &mut Entry, mut record: Record, keys: &Keys) -> bool {
        // Nobody speaks for it yet, and its page says so.
        if let Body::Structure(structure) = &mut record.body {
            structure.is_unclaimed = true;
        }
        if let Some(other) = self.held.namesake(&entry.source, keys) {
            let held = told_of(&other.record);
            entry.say(What::Namesake, &[("held", &held)]);
        }
        self.tally.entered += 1;
        self.count_place(&record);
        self.held.put(&record, (&entry.source, &entry.called, entry.line), self.rules.gazetteer);
        let moderation = if entry.is_validated { Moderation::Published } else { Moderation::Proposed };
        self.step(entry, Change::New(Box::new(record), moderation));
        true
    }

    /// A row that is a structure of ours: what is empty in that is filled.
    fn meet(&mut self, entry: &mut Entry, row: &Record, (iri, by_number): (&str, bool)) -> bool {
        let Some(own) = self.held.own(iri).cloned() else { return false };
        if own.moderation != Moderation::Published && own.past.is_none() && own.line.is_none() {
            return self.leave_out(entry, What::NotPublished, &[("state", own.moderation.as_str())]);
        }
        if let Some(line) = own.line {
            let what = if by_number && entry.is_numbered() { What::SameNumber } else { What::SameRow };
            entry.say(what, &[("line", &line.to_string())]);
        }
        let before = own.record.lower();
        let (filled, record) =
            self.fill(entry, &own.record, &fill(self.rules.gazetteer, &before, &row.lower(), own.past.as_ref()), row);
        for (field, value, stands) in &filled.kept {
            entry.keep(field, value, stands);
        }
        match record {
            Some(record) => {
                self.tally.filled += 1;
                self.count_place(&record);
                self.held.put(&record, (&entry.source, &entry.called, entry.line), self.rules.gazetteer);
                self.step(entry, Change::Fill { before, after: Box::new(record) });
            }
            None => {
                self.tally.unchanged += 1;
                self.count_place(&own.record);
                self.step(entry, Change::Same(own.record.iri.clone(), before));
            }
        }
        true
    }

    /// The structure with what was filled in. Where that does not go together with what stands, the field at fault is left out.
    fn fill(&self, entry: &mut Entry, own: &Record, filled: &Filled, row: &Record) -> (Filled, Option<Record>) {
        let (mut filled, mut row) = (filled.clone(), row.lower());
        while filled.is_changed {
            let problems = match self.raise(&filled.draft, (own.iri.clone(), own.created)) {
                Ok(record) => return (filled, Some(record)),
                Err(problems) => problems,
            };
            let at_fault: Vec<&'static str> = problems.iter().map(|problem| problem.field).collect();
            for problem in &problems {
                entry.keep_out(problem, &row.all(problem.field).join(", "));
            }
            let rest = row.fields().filter(|(field, _)| !at_fault.iter().any(|fault| is_of(field, fault)));
            let rest: Draft =
                rest.flat_map(|(field, values)| values.iter().map(|value| (field.to_owned(), value.clone()))).collect();
            // What stands is at fault itself: nothing is filled.
            if rest == row {
                return (Filled { is_changed: false, ..filled }, None);
            }
            let past = self.held.own(&own.iri.to_string()).and_then(|own| own.past.as_ref());
            (filled, row) = (fill(self.rules.gazetteer, &own.lower(), &rest, past), rest);
        }
        (filled, None)
    }

    fn fresh(&self) -> (RecordIri, UtcDateTime) {
        (RecordIri::mint(self.origin, Kind::Structure), self.now)
    }

    fn raise(&self, draft: &Draft, born: (RecordIri, UtcDateTime)) -> Result<Record, Problems> {
        Record::raise(Kind::Structure, born, draft, self.now, self.rules)
    }

    fn count_place(&mut self, record: &Record) {
        let is_placed = matches!(&record.body, Body::Structure(one) if is_placed(one));
        self.tally.without_place += u64::from(!is_placed);
    }

    fn step(&mut self, entry: &Entry, change: Change) {
        self.steps.push(Step { line: entry.line, source: entry.source.clone(), called: entry.called.clone(), change });
    }
}

impl Entry {
    /// Says something of the whole row.
    fn say(&mut self, what: What, gaps: &[(&'static str, &str)]) {
        let column = self.columns.get("name").copied().unwrap_or_default();
        let value = self.draft.as_ref().map_or("", |draft| draft.one("name")).to_owned();
        let remark = Remark::new(self.line, column, value, what);
        self.remarks.push(gaps.iter().fold(remark, |remark, (gap, value)| remark.with(gap, value)));
    }

    /// Says that another value stands.
    fn keep(&mut self, field: &str, value: &str, stands: &str) {
        let mut short: String = stands.chars().take(80).collect();
        if short.len() < stands.len() {
            short.push('…');
        }
        let remark = Remark::new(self.line, self.column_of(field), value, What::Kept);
        self.remarks.push(remark.with("held", short));
    }

    /// Says that a value does not go together with what stands.
    fn keep_out(&mut self, problem: &pes_domain::Problem, value: &str) {
        self.remarks.push(Remark::new(self.line, self.column_of(problem.field), value, What::Rule(problem.why)));
    }

    fn column_of(&self, field: &str) -> &'static str {
        let plain = if field.starts_with("contact:") { "contact-value" } else { field };
        let of = |name: &str| self.columns.get(name).copied();
        of(plain)
            .or_else(|| self.columns.iter().find(|(own, _)| is_of(own, field)).map(|(_, column)| *column))
            .unwrap_or_default()
    }
}

/// Whether a field is the one that a problem names, or a cell of the list that it names.
fn is_of(field: &str, named: &str) -> bool {
    let prefix = match named {
        "sites" => "site-",
        "contacts" => "contact-",
        "labels" => "label",
        _ => return field == named,
    };
    field.starts_with(prefix)
}

/// A structure in a few words: its name, and where it is.
fn told_of(record: &Record) -> String {
    let place = match &record.body {
        Body::Structure(one) => one.sites.iter().find_map(|site| site.place.as_ref()),
        _ => None,
    };
    place.map_or_else(|| record.title(), |place| format!("{}, {}", record.title(), place.name))
}

/// The fewest rows with one point that are told of.
const MANY: usize = 3;

/// Notes points that many rows share while their addresses differ: whoever placed them may have placed what they did not find.
fn note_shared_points(entries: &mut [Entry], shape: &Shape) {
    let key =
        |entry: &Entry| entry.point.as_ref().map(|(point, _)| (point.longitude.to_bits(), point.latitude.to_bits()));
    let mut sharing: BTreeMap<(u64, u64), Vec<usize>> = BTreeMap::new();
    for (at, entry) in entries.iter().enumerate() {
        if let Some(key) = key(entry) {
            sharing.entry(key).or_default().push(at);
        }
    }
    let column = shape.at(Role::Longitude).map_or("", |(_, column)| column);
    for rows in sharing.into_values().filter(|rows| rows.len() >= MANY) {
        let address = |at: &usize| entries[*at].point.as_ref().map(|(_, address)| address.clone());
        let first = address(&rows[0]);
        if rows.iter().all(|at| address(at) == first) {
            continue;
        }
        for at in &rows {
            let entry = &mut entries[*at];
            let value = entry.point.as_ref().map(|(point, _)| format!("{} {}", point.longitude, point.latitude));
            let remark = Remark::new(entry.line, column, value.unwrap_or_default(), What::SamePoint);
            entry.remarks.push(remark.with("rows", rows.len()));
        }
    }
}
