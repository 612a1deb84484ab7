//! Reads a file as a table of text: its encoding, its separator, and each row with the line on which it begins.
//!
//! A row is kept as it stood, so that rows that did not enter can be given back in their own layout. Lines are counted here and not taken
//! from the reader, which counts a row from the end of the one before: after an empty line it would name a wrong one.

use crate::ImportError;
use crate::fault::NoTable;
use csv::{ByteRecord, ReaderBuilder};
use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

/// What may stand between two cells.
const SEPARATORS: [u8; 3] = [b';', b',', b'\t'];

/// A file, read.
#[derive(Debug, Clone)]
pub struct Table {
    encoding: &'static Encoding,
    has_mark: bool,
    separator: u8,
    /// What stands before the first row: the header, as it stood.
    head: String,
    /// The names of the columns.
    pub header: Vec<String>,
    /// The rows that say anything, in their order.
    pub rows: Vec<Row>,
}

/// One row of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The line on which it begins; the first of the file is 1.
    pub line: u64,
    /// Its cells, trimmed.
    pub cells: Vec<String>,
    /// The row as it stood, without its end of line.
    text: String,
}

impl Table {
    /// Reads a file. It is UTF-8 where that is possible, or what its byte order mark says, and Windows-1252 otherwise.
    ///
    /// # Errors
    /// [`ImportError::NotATable`].
    pub fn read(bytes: &[u8]) -> Result<Self, ImportError> {
        check_text(bytes)?;
        let mark = Encoding::for_bom(bytes);
        let encoding = match mark {
            Some((encoding, _)) => encoding,
            None if std::str::from_utf8(bytes).is_ok() => UTF_8,
            None => WINDOWS_1252,
        };
        let text = encoding.decode(bytes).0.into_owned();
        let (hint, rest) = hinted(&text);
        let separator = hint.unwrap_or_else(|| separator_of(rest));
        let mut rows = rows_of(rest, separator)?.into_iter();
        let header = rows.next().ok_or_else(|| ImportError::NotATable(NoTable::Empty))?;
        let skipped = lines_in(&text[..text.len() - rest.len()]);
        let rows: Vec<Row> =
            rows.filter(Row::says_something).map(|row| Row { line: row.line + skipped, ..row }).collect();
        let mut names = header.cells;
        // Some programs end each row by a separator, and not the header.
        if let Some(width) = common_width(&rows) {
            names.resize(width.max(names.len()), String::new());
        }
        Ok(Self { encoding, has_mark: mark.is_some(), separator, head: header.text, header: names, rows })
    }

    /// The name of its encoding.
    pub fn encoding(&self) -> &'static str {
        self.encoding.name()
    }

    /// What stands between its cells.
    pub fn separator(&self) -> char {
        char::from(self.separator)
    }

    /// A file of some of its rows, in its own layout and encoding, so that they can be mended and imported again.
    pub fn copy_of<'a>(&self, rows: impl IntoIterator<Item = &'a Row>) -> Vec<u8> {
        let mut text = String::new();
        for row in std::iter::once(self.head.as_str()).chain(rows.into_iter().map(|row| row.text.as_str())) {
            text.push_str(row);
            text.push_str("\r\n");
        }
        // What was read as UTF-16 is written as UTF-8: spreadsheets open both.
        let (bytes, encoding, _) = self.encoding.encode(&text);
        let mark: &[u8] = if self.has_mark && encoding == UTF_8 { b"\xef\xbb\xbf" } else { b"" };
        [mark, bytes.as_ref()].concat()
    }
}

impl Row {
    /// A cell; empty where the row is shorter.
    pub fn cell(&self, at: usize) -> &str {
        self.cells.get(at).map_or("", String::as_str)
    }

    /// Whether a cell swallowed rows: one of its lines looks like one, or, where the cells are not those of the columns, like half of one. So it is
    /// after a quotation mark that is not closed.
    pub fn swallowed(&self, columns: usize, separator: char) -> bool {
        let least = if self.cells.len() == columns { columns } else { columns.div_ceil(2) };
        let is_row = |line: &str| columns > 4 && line.matches(separator).count() + 1 >= least;
        self.cells.iter().filter(|cell| cell.contains('\n')).any(|cell| cell.lines().any(is_row))
    }

    fn says_something(&self) -> bool {
        self.cells.iter().any(|cell| !cell.is_empty())
    }
}

/// Says what a file is that people give for a table.
fn check_text(bytes: &[u8]) -> Result<(), ImportError> {
    let why = match bytes {
        [] => NoTable::Empty,
        [b'P', b'K', ..] => NoTable::Spreadsheet,
        [0xd0, 0xcf, 0x11, 0xe0, ..] => NoTable::OldSpreadsheet,
        [0, 1, 0, 0, b'S', ..] => NoTable::Access,
        _ if Encoding::for_bom(bytes).is_none() && bytes.contains(&0) => NoTable::NoText,
        _ => return Ok(()),
    };
    Err(ImportError::NotATable(why))
}

/// The line `sep=;` by which some spreadsheets name their separator, and what follows it.
fn hinted(text: &str) -> (Option<u8>, &str) {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let hint = first.trim_end().strip_prefix("sep=").map(str::as_bytes);
    match hint {
        Some([one]) if SEPARATORS.contains(one) => (Some(*one), rest),
        _ => (None, text),
    }
}

/// The sign that stands most often in the header, outside quotation marks.
fn separator_of(text: &str) -> u8 {
    let header = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |sign: u8| {
        let outside = header.split('"').step_by(2);
        outside.map(|part| part.bytes().filter(|byte| *byte == sign).count()).sum::<usize>()
    };
    // Of several that stand equally often, the first.
    SEPARATORS.into_iter().rev().max_by_key(|sign| count(*sign)).unwrap_or(b';')
}

/// How many cells each row has, where all of several have as many.
fn common_width(rows: &[Row]) -> Option<usize> {
    let width = rows.first()?.cells.len();
    (rows.len() > 1 && rows.iter().all(|row| row.cells.len() == width)).then_some(width)
}

/// All rows, those that say nothing too; the header is the first.
fn rows_of(text: &str, separator: u8) -> Result<Vec<Row>, ImportError> {
    let fault = |why: csv::Error| ImportError::NotATable(NoTable::Broken(why.to_string()));
    let mut reader =
        ReaderBuilder::new().delimiter(separator).has_headers(false).flexible(true).from_reader(text.as_bytes());
    let (mut rows, mut record, mut counted, mut line) = (Vec::new(), ByteRecord::new(), 0, 1);
    while reader.read_byte_record(&mut record).map_err(fault)? {
        let end = offset(reader.position().byte()).min(text.len());
        let from = record.position().map_or(0, |position| offset(position.byte())).min(end);
        // A row's position is where the one before ended: its own line begins after the empty ones between them.
        let begin = from + text[from..end].find(|c| c != '\r' && c != '\n').unwrap_or_default();
        line += lines_in(&text[counted..begin]);
        counted = begin;
        let cells = record.iter().map(|cell| String::from_utf8_lossy(cell).trim().to_owned()).collect();
        rows.push(Row { line, cells, text: text[begin..end].trim_end_matches(['\r', '\n']).to_owned() });
    }
    Ok(rows)
}

fn offset(byte: u64) -> usize {
    usize::try_from(byte).unwrap_or(usize::MAX)
}

/// How many lines end in a text, whatever system ended them.
fn lines_in(text: &str) -> u64 {
    let feeds = text.matches('\n').count();
    let returns = text.matches('\r').count() - text.matches("\r\n").count();
    (feeds + returns) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Table {
        Table::read(text.as_bytes()).unwrap()
    }

    #[test]
    fn encodings_are_found_out() {
        let text = "Nom;Ville\nL’Épicerie d’à côté;Sauzé\n";
        let (old, ..) = WINDOWS_1252.encode(text);
        let marked = [b"\xef\xbb\xbf", text.as_bytes()].concat();
        let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        for (bytes, encoding) in
            [(text.as_bytes(), "UTF-8"), (&marked, "UTF-8"), (old.as_ref(), "windows-1252"), (&wide, "UTF-16LE")]
        {
            let table = Table::read(bytes).unwrap();
            assert_eq!(table.encoding(), encoding);
            assert_eq!((table.header[0].as_str(), table.rows[0].cell(0)), ("Nom", "L’Épicerie d’à côté"), "{encoding}");
        }
    }

    #[test]
    fn separators_are_found_out_also_where_names_have_one() {
        for (text, separator) in [
            ("a;b\n", ';'),
            ("a,b\n", ','),
            ("a\tb\n", '\t'),
            ("\"x, y, z\";b;c\n", ';'),
            ("a\n", ';'),
            ("sep=,\na;b,c\n", ','),
        ] {
            assert_eq!(table(text).separator(), separator, "{text}");
        }
    }

    #[test]
    fn each_row_has_the_line_on_which_it_begins() {
        let text = "Nom;Mots\r\n\"Une\r\nDeux\";x\r\n\r\n\r\n;;\r\nTrois;\"y\"\"z\r\n\"\r\nQuatre\r\n";
        let rows = table(text).rows;
        let lines: Vec<_> = rows.iter().map(|row| (row.line, row.cell(0))).collect();
        assert_eq!(lines, [(2, "Une\r\nDeux"), (7, "Trois"), (9, "Quatre")]);
        assert_eq!((rows[1].cell(1), rows[2].cell(1)), ("y\"z", ""));
        // The same where lines end as on other systems, and behind a hint.
        assert_eq!(table(&text.replace("\r\n", "\n")).rows.iter().map(|row| row.line).collect::<Vec<_>>(), [2, 7, 9]);
        assert_eq!(table(&text.replace("\r\n", "\r")).rows.iter().map(|row| row.line).collect::<Vec<_>>(), [2, 7, 9]);
        assert_eq!(table(&format!("sep=;\n{text}")).rows[2].line, 10);
    }

    #[test]
    fn a_quotation_mark_that_is_not_closed_is_noticed() {
        let text = "a;b;c;d;e\n1;\"open;3;4;5\n1;2;3;4;5\n1;2;3;4;5\n";
        let rows = table(text).rows;
        assert_eq!(rows.len(), 1);
        assert!(rows[0].swallowed(5, ';'));
        let half = table("a;b;c;d;e\n1;\"open;3;4;5\n\"x\";2;3;4;5;6\n").rows;
        assert!(half[0].swallowed(5, ';'), "{half:?}");
        let fine = table("a;b;c;d;e\n1;\"two\nlines; and more\";3;4;5\n").rows;
        assert!(!fine[0].swallowed(5, ';'));
    }

    #[test]
    fn a_separator_at_the_end_of_all_rows_is_no_column() {
        assert_eq!(table("a;b\n1;2;\n3;4;\n").header, ["a", "b", ""]);
        assert_eq!(table("a;b\n1;2;\n3;4\n").header, ["a", "b"]);
        assert_eq!(table("a;b;c\n1;2\n3;4\n").header.len(), 3);
    }

    #[test]
    fn rows_are_given_back_as_they_stood() {
        let text = "N°;\"Nom\"\n1;\"Été; \"\"hiver\"\"\"\n2;x\n3;\"deux\nlignes\"\n";
        let (old, ..) = WINDOWS_1252.encode(text);
        let table = Table::read(&old).unwrap();
        let copy = table.copy_of([&table.rows[0], &table.rows[2]]);
        let back = Table::read(&copy).unwrap();
        assert_eq!(back.encoding(), "windows-1252");
        assert_eq!(back.header, table.header);
        assert_eq!(back.rows[0].cells, table.rows[0].cells);
        assert_eq!(back.rows[1].cells, table.rows[2].cells);
        let marked = Table::read(b"\xef\xbb\xbfa;b\n1;2\n").unwrap();
        assert!(marked.copy_of(&marked.rows).starts_with(b"\xef\xbb\xbfa;b\r\n1;2"));
    }

    #[test]
    fn what_is_no_text_is_named() {
        for (bytes, word) in [
            (&b""[..], "empty"),
            (b"PK\x03\x04", "spreadsheet"),
            (b"\xd0\xcf\x11\xe0", "old spreadsheet"),
            (b"\x00\x01\x00\x00Standard", "Access"),
            (b"a\x00b", "bytes"),
            (b"\n\n", "empty"),
        ] {
            let why = Table::read(bytes).unwrap_err().to_string();
            assert!(why.contains(word), "{word}: {why}");
        }
    }
}
