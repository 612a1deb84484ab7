//! The sorts of files that are taken, told by what is in them and not by what they are called alone.
//!
//! What is taken is given on as it came: it cannot be drawn anew as a picture can. So it is of a few sorts that are read and not run. Of archives,
//! those are refused that list a place in which programs are kept; what lies packed inside is not read. A PDF may hold scripts and files, packed too:
//! nobody looks for them here, and what opens it asks before it runs any (decision 0030).

use crate::archive;
use thiserror::Error;

/// The most bytes of a file: ten megabytes.
pub const BYTES: usize = 10_000_000;

/// A sort of file that is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// A document as it is printed (ISO 32000).
    Pdf,
    /// OpenDocument (ISO/IEC 26300): a text.
    Odt,
    /// OpenDocument: a spreadsheet.
    Ods,
    /// OpenDocument: a presentation.
    Odp,
    /// Office Open XML (ISO/IEC 29500): a text.
    Docx,
    /// Office Open XML: a spreadsheet.
    Xlsx,
    /// Office Open XML: a presentation.
    Pptx,
    /// A book.
    Epub,
    /// A table (RFC 4180). By its bytes it is any text.
    Csv,
    /// Plain text.
    Text,
}

/// Why a file is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Unfit {
    /// Nothing is in it.
    #[error("an empty file")]
    Empty,
    /// More than [`BYTES`].
    #[error("a file has at most {BYTES} bytes")]
    TooHeavy,
    /// Of another sort, or a broken one.
    #[error("not of a sort that is taken")]
    NotTaken,
    /// Of another sort than it is said to be.
    #[error("not of the sort that it is said to be")]
    Disagrees,
    /// It is called a text and is none that is taken.
    #[error("not a text in UTF-8 or Windows-1252, or a page")]
    NotPlain,
    /// It brings a program along, or what may hold one.
    #[error("a program comes with it")]
    Macros,
}

/// How names end of office files that bring programs along.
const WITH_MACROS: [&str; 7] = ["docm", "dotm", "xlsm", "xltm", "xlam", "pptm", "ppsm"];
/// What office files keep their programs in.
const MACROS: [&str; 5] = ["vbaproject.bin", "/macrosheets/", "/activex/", "/vbadata.xml", "/dialogsheets/"];
/// The same of OpenDocument: folders at its root, and at that of each object in it.
const FOLDERS: [&str; 2] = ["/basic/", "/scripts/"];
/// How names end of what a machine runs.
const PROGRAMS: [&str; 14] =
    [".exe", ".dll", ".bat", ".cmd", ".js", ".jse", ".vbs", ".vbe", ".ps1", ".msi", ".scr", ".jar", ".hta", ".lnk"];
/// What no plain text begins with: pages and pictures in XML, programs, other formats that are written as text.
const NOT_PLAIN: [&[u8]; 4] = [b"<", b"#!", b"{\\rtf", b"%!"];

impl Sort {
    /// All that are taken.
    pub const ALL: [Self; 10] = [
        Self::Pdf,
        Self::Odt,
        Self::Ods,
        Self::Odp,
        Self::Docx,
        Self::Xlsx,
        Self::Pptx,
        Self::Epub,
        Self::Csv,
        Self::Text,
    ];

    /// How its files end.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Odt => "odt",
            Self::Ods => "ods",
            Self::Odp => "odp",
            Self::Docx => "docx",
            Self::Xlsx => "xlsx",
            Self::Pptx => "pptx",
            Self::Epub => "epub",
            Self::Csv => "csv",
            Self::Text => "txt",
        }
    }

    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Odt => "application/vnd.oasis.opendocument.text",
            Self::Ods => "application/vnd.oasis.opendocument.spreadsheet",
            Self::Odp => "application/vnd.oasis.opendocument.presentation",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Pptx => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            Self::Epub => "application/epub+zip",
            Self::Csv => "text/csv",
            Self::Text => "text/plain",
        }
    }

    /// The sort whose files end like this.
    pub fn of_ending(ending: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.ending() == ending)
    }

    /// The sort of this media type.
    pub fn of_media_type(media_type: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.media_type() == media_type)
    }

    /// What somebody's file is, by its bytes, which its name must not deny. A name without an ending denies nothing.
    ///
    /// # Errors
    /// [`Unfit`].
    pub fn sent(name: &str, bytes: &[u8]) -> Result<Self, Unfit> {
        let ending = name.rsplit_once('.').map(|(_, ending)| ending.trim().to_lowercase());
        let said = match ending.as_deref() {
            None => None,
            Some(ending) if WITH_MACROS.contains(&ending) => return Err(Unfit::Macros),
            Some(ending) => Some(Self::of_ending(ending).ok_or(Unfit::NotTaken)?),
        };
        told(bytes, said)
    }

    /// What a file is that was fetched and is said to be of this media type: that, or it is not taken.
    ///
    /// # Errors
    /// [`Unfit`].
    pub fn fetched(media_type: &str, bytes: &[u8]) -> Result<Self, Unfit> {
        told(bytes, Some(Self::of_media_type(media_type).ok_or(Unfit::NotTaken)?))
    }
}

fn told(bytes: &[u8], said: Option<Sort>) -> Result<Sort, Unfit> {
    match bytes.len() {
        0 => return Err(Unfit::Empty),
        1..=BYTES => {}
        _ => return Err(Unfit::TooHeavy),
    }
    let found = match bytes {
        pdf if pdf.starts_with(b"%PDF-") => Some(Sort::Pdf),
        zip if zip.starts_with(b"PK\x03\x04") => of_archive(zip)?,
        text if is_plain_text(text) => Some(said.filter(|said| *said == Sort::Csv).unwrap_or(Sort::Text)),
        _ => None,
    };
    match (found, said) {
        (Some(found), None) => Ok(found),
        (Some(found), Some(said)) if found == said => Ok(found),
        (None, Some(Sort::Csv | Sort::Text)) => Err(Unfit::NotPlain),
        (_, Some(_)) => Err(Unfit::Disagrees),
        (None, None) => Err(Unfit::NotTaken),
    }
}

/// What an archive is, by its first file or by the names of its files.
fn of_archive(bytes: &[u8]) -> Result<Option<Sort>, Unfit> {
    let Some(entries) = archive::entries(bytes) else { return Ok(None) };
    let names = || entries.iter().map(|entry| entry.name.as_str());
    if names().any(is_program) {
        return Err(Unfit::Macros);
    }
    if let Some(first) = entries.first().filter(|first| first.name == "mimetype") {
        let told = archive::plain(bytes, first).map(<[u8]>::trim_ascii);
        let of_those = |sort: &Sort| matches!(sort, Sort::Odt | Sort::Ods | Sort::Odp | Sort::Epub);
        let named = |sort: &Sort| told == Some(sort.media_type().as_bytes());
        return Ok(Sort::ALL.into_iter().filter(of_those).find(named));
    }
    let has = |start: &str| names().any(|name| name.starts_with(start) && name.ends_with(".xml"));
    let parts = [("word/document", Sort::Docx), ("xl/workbook", Sort::Xlsx), ("ppt/presentation", Sort::Pptx)];
    let mut found = parts.into_iter().filter(|(start, _)| has(start)).map(|(_, sort)| sort);
    let is_office = names().any(|name| name == "[content_types].xml");
    // What is two things at once is neither.
    let sort = found.next().filter(|_| is_office && found.next().is_none());
    if sort.is_some() && names().any(is_opaque) {
        return Err(Unfit::Macros);
    }
    Ok(sort)
}

/// Whether a part of an office file may hold anything under whatever name: which part is the programs' is told where it is packed. What a printer
/// was set to is in nearly every spreadsheet; fonts and objects in other formats than these end otherwise.
fn is_opaque(name: &str) -> bool {
    let last = name.rsplit('/').next().unwrap_or_default();
    last.ends_with(".bin") && !last.starts_with("printersettings")
}

/// Whether a file of an archive is a program, or holds some.
fn is_program(name: &str) -> bool {
    let steps = name.split('/').filter(|step| !step.is_empty() && *step != ".");
    let path: String = steps.flat_map(|step| ["/", step]).collect();
    let ending = path.rsplit_once('.').map(|(_, ending)| ending);
    MACROS.iter().chain(&FOLDERS).any(|part| path.contains(part))
        || PROGRAMS.iter().any(|ending| path.ends_with(ending))
        || ending.is_some_and(|ending| WITH_MACROS.contains(&ending))
}

/// Whether bytes are a text and nothing else: in UTF-8, or in the Windows-1252 in which spreadsheets still write.
fn is_plain_text(bytes: &[u8]) -> bool {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    let is_sign = |byte: &u8| matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x20..=0x7e | 0x80..);
    let is_unused = |byte: &u8| matches!(byte, 0x81 | 0x8d | 0x8f | 0x90 | 0x9d);
    bytes.iter().all(is_sign)
        && !NOT_PLAIN.iter().any(|start| text.starts_with(start))
        && (str::from_utf8(bytes).is_ok() || !bytes.iter().any(is_unused))
}
