//! All that is said of a file: how many rows became what, and each remark with its line, column and value.

use crate::entry::Entry;
use crate::layout::{Role, Shape};
use crate::{ImportError, Layout, Remark, Sort, Table, What};
use csv::WriterBuilder;
use pes_domain::RecordIri;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// What is said of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The file's name.
    pub file: String,
    /// How its columns are laid out.
    pub layout: Layout,
    /// Its encoding.
    pub encoding: &'static str,
    /// What stands between its cells.
    pub separator: char,
    /// How many rows it has that say anything.
    pub rows: u64,
    /// How many of them became what.
    pub tally: Tally,
    /// Columns that the layout does not know.
    pub unknown_columns: Vec<String>,
    /// Columns of the layout that the file does not have.
    pub missing_columns: Vec<&'static str>,
    /// Columns that say how the old base got its sheets: nothing a record keeps.
    pub dropped_columns: Vec<&'static str>,
    /// The rows that other networks hold.
    pub elsewhere: Vec<Elsewhere>,
    /// Everything else, in the order of the lines.
    pub remarks: Vec<Remark>,
}

/// A row that another network holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Elsewhere {
    /// Where it begins.
    pub line: u64,
    /// Its record there.
    pub record: RecordIri,
}

/// How many rows became what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// New structures.
    pub entered: u64,
    /// Structures that stood, in which something was filled.
    pub filled: u64,
    /// Structures that have all that the row says.
    pub unchanged: u64,
    /// Structures that another network holds.
    pub elsewhere: u64,
    /// Rows that did not enter and can be mended.
    pub out: u64,
    /// Of those that are here now, structures that say of no commune.
    pub without_place: u64,
}

/// Remarks that say one thing of one column, counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group<'a> {
    /// What follows from them.
    pub sort: Sort,
    /// What they say.
    pub what: What,
    /// The column; empty where whole rows are meant.
    pub column: &'static str,
    /// All of them.
    pub remarks: Vec<&'a Remark>,
}

/// What a remark is in words: what is wrong, and what to do.
pub type Words<'a> = &'a dyn Fn(&Remark) -> (String, String);

/// Says a sentence of the catalogue by its name, with what fills its gaps.
pub type Say<'a> = &'a dyn Fn(&str, &[(&str, String)]) -> String;

impl Report {
    pub(crate) fn of(
        file: &str,
        table: &Table,
        shape: &Shape,
        (tally, elsewhere): (Tally, Vec<Elsewhere>),
        entries: Vec<Entry>,
    ) -> Self {
        let words = words(&entries);
        let mut remarks: Vec<Remark> = entries.into_iter().flat_map(|entry| entry.remarks).chain(words).collect();
        remarks.sort_by_key(|remark| remark.line);
        let transmission = shape.layout.columns().iter().filter(|column| column.role == Role::Transmission);
        Self {
            file: file.to_owned(),
            layout: shape.layout,
            encoding: table.encoding(),
            separator: table.separator(),
            rows: table.rows.len() as u64,
            tally,
            unknown_columns: shape.unknown.clone(),
            missing_columns: shape.missing.clone(),
            dropped_columns: transmission.map(|column| column.name).collect(),
            elsewhere,
            remarks,
        }
    }

    /// The remarks by what follows from them and by column: what is gravest first, then what is most frequent.
    pub fn groups<'a>(&'a self) -> Vec<Group<'a>> {
        let mut groups: BTreeMap<(Sort, String, &'static str), Vec<&Remark>> = BTreeMap::new();
        for remark in &self.remarks {
            groups.entry((remark.what.sort(), remark.what.key(), remark.column)).or_default().push(remark);
        }
        let group = |((sort, _, column), remarks): ((Sort, String, &'static str), Vec<&'a Remark>)| {
            Some(Group { sort, what: remarks.first()?.what, column, remarks })
        };
        let mut groups: Vec<Group<'_>> = groups.into_iter().filter_map(group).collect();
        groups.sort_by_key(|group| (group.sort, std::cmp::Reverse(group.remarks.len())));
        groups
    }

    /// The remarks as a table: file, line, column, value, problem, advice.
    ///
    /// # Errors
    /// [`ImportError::Report`].
    pub fn table(&self, header: [&str; 6], separator: char, words: Words<'_>) -> Result<Vec<u8>, ImportError> {
        let fault = |why: String| ImportError::Report(why);
        let separator = u8::try_from(separator).map_err(|why| fault(why.to_string()))?;
        let mut writer = WriterBuilder::new().delimiter(separator).from_writer(Vec::new());
        writer.write_record(header).map_err(|why| fault(why.to_string()))?;
        for remark in &self.remarks {
            let (problem, advice) = words(remark);
            let line = remark.line.to_string();
            let cells = [&self.file, &line, remark.column, &remark.value, &problem, &advice];
            writer.write_record(cells.map(|cell| plain(cell).into_owned())).map_err(|why| fault(why.to_string()))?;
        }
        writer.into_inner().map_err(|why| fault(why.to_string()))
    }

    /// The same table in the language of pages, as French spreadsheets open it: marked as UTF-8, with semicolons. `say` knows the catalogue.
    ///
    /// # Errors
    /// [`ImportError::Report`].
    pub fn spoken(&self, say: Say<'_>) -> Result<Vec<u8>, ImportError> {
        let header = ["file", "line", "column", "value", "problem", "what-to-do"];
        let header = header.map(|name| say(&format!("import-{name}"), &[]));
        let table = self.table(header.each_ref().map(String::as_str), ';', &|remark| remark.spoken(say))?;
        Ok([b"\xef\xbb\xbf", table.as_slice()].concat())
    }
}

impl Remark {
    /// What is wrong and what to do, in the language of pages. `say` knows the catalogue.
    pub fn spoken(&self, say: Say<'_>) -> (String, String) {
        let gap = |(gap, value): (&&'static str, &String)| match *gap {
            "state" => (*gap, say(&format!("stands-{value}"), &[])),
            _ => (*gap, value.clone()),
        };
        let gaps: Vec<(&str, String)> = self.gaps.iter().map(gap).collect();
        (say(&self.what.key(), &gaps), say(&self.what.advice_key(), &gaps))
    }
}

impl Tally {
    /// How many records an import changes.
    pub fn changes(&self) -> u64 {
        self.entered + self.filled
    }
}

/// One remark for each word that no list has, at the first line on which it stands.
/// What a spreadsheet would take for a formula gets an apostrophe before it.
pub fn plain(cell: &str) -> Cow<'_, str> {
    let is_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err();
    if is_formula { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

fn words(entries: &[Entry]) -> Vec<Remark> {
    let mut counted: BTreeMap<(&'static str, &str), (u64, u64, Option<&str>)> = BTreeMap::new();
    for entry in entries {
        for (column, word, tag) in &entry.words {
            let (_, count, kept) = counted.entry((*column, word)).or_insert((entry.line, 0, None));
            *count += 1;
            *kept = kept.or(tag.as_ref().map(|tag| tag.as_str()));
        }
    }
    let remark = |((column, word), (line, count, tag)): ((&'static str, &str), (u64, u64, Option<&str>))| {
        let what = if tag.is_some() { What::UnknownWord } else { What::WordLeft };
        Remark::new(line, column, word, what).with("count", count).with("tag", tag.unwrap_or_default())
    };
    counted.into_iter().map(remark).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use pes_domain::Why;

    fn report(remarks: Vec<Remark>) -> Report {
        Report {
            file: "vieux.csv".into(),
            layout: Layout::Bdis2012,
            encoding: "UTF-8",
            separator: ';',
            rows: 9,
            tally: Tally::default(),
            unknown_columns: vec![],
            missing_columns: vec![],
            dropped_columns: vec![],
            elsewhere: vec![],
            remarks,
        }
    }

    #[test]
    fn what_is_gravest_is_told_first_then_what_is_most_frequent() {
        let remark = |line, column, what| Remark::new(line, column, "x", what);
        let report = report(vec![
            remark(2, "Site web", What::Rule(Why::NotALink)),
            remark(3, "Code postal", What::ZeroRegained),
            remark(4, "Téléphone", What::Rule(Why::NotAPhone)),
            remark(5, "Téléphone", What::Rule(Why::NotAPhone)),
            remark(6, "Raison sociale", What::NoName),
            remark(7, "Code postal", What::NotAPostcode),
            remark(7, "Téléphone", What::ZeroRegained),
        ]);
        let groups = report.groups();
        let told: Vec<_> = groups.iter().map(|group| (group.sort, group.column, group.remarks.len())).collect();
        assert_eq!(told[0], (Sort::Out, "Raison sociale", 1));
        assert_eq!(told[1], (Sort::Left, "Téléphone", 2));
        assert_eq!(told.len(), 6, "one sort on two columns is two groups: {told:?}");
        assert_eq!(groups[1].remarks.iter().map(|remark| remark.line).collect::<Vec<_>>(), [4, 5]);
    }

    #[test]
    fn values_with_separators_quotes_and_lines_stay_one_cell() {
        let value = "a;b,\"c\"\nd";
        let report = report(vec![Remark::new(2, "Ville", value, What::Moved)]);
        let header = ["1", "2", "3", "4", "5", "6"];
        for separator in [',', ';'] {
            let table = report.table(header, separator, &|_| ("wrong".into(), "mend".into())).unwrap();
            let back = Table::read(&table).unwrap();
            assert_eq!(back.rows[0].cells, ["vieux.csv", "2", "Ville", value, "wrong", "mend"]);
        }
        assert!(report.table(header, '→', &|_| Default::default()).is_err());
    }

    #[test]
    fn no_value_becomes_a_formula() {
        let values = ["=1+1", "+33 4 93", "@x", "-1.5", "plain"];
        let report = report(values.map(|value| Remark::new(2, "Ville", value, What::Moved)).into());
        let words = |_: &Remark| ("wrong".to_owned(), "mend".to_owned());
        let table = report.table(["a", "b", "c", "d", "e", "f"], ',', &words).unwrap();
        let told = String::from_utf8(table).unwrap();
        let cells: Vec<&str> = told.lines().skip(1).filter_map(|line| line.split(',').nth(3)).collect();
        assert_eq!(cells, ["'=1+1", "'+33 4 93", "'@x", "-1.5", "plain"]);
    }

    #[test]
    fn changes_are_what_entered_and_what_was_filled() {
        let tally = Tally { entered: 3, filled: 2, unchanged: 5, elsewhere: 7, out: 1, without_place: 4 };
        assert_eq!((tally.changes(), Tally::default().changes()), (5, 0));
    }
}
