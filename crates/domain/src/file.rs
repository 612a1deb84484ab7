//! A file of a record: where its home serves it, what it is known by, and what it is called.

use crate::draft::visible;
use crate::problem::{Findings, required, turns_writing};
use crate::{Draft, Picture, Problem, Problems, RecordIri, Why};
use serde::{Deserialize, Serialize};

/// The most bytes of a file: ten megabytes.
pub const BYTES: u64 = 10_000_000;
/// The most characters of its name.
pub const NAME: usize = 120;

/// The longest address, in bytes: the protocol's limit of an IRI.
const ADDRESS: usize = 2 * 1024;
/// The longest media type, in bytes.
const MEDIA_TYPE: usize = 100;
/// What a file is called of whose name nothing is left.
const NAMELESS: &str = "document";

/// A file (*fichier*). A record tells of it and does not hold it: whoever gives it to visitors fetches it once from its home.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Where its home serves it: an address of the record's own origin.
    pub address: String,
    /// The SHA-256 of its bytes, in lower-case hexadecimal.
    pub digest: String,
    /// Its media type, as its home says. Who fetches it looks at the bytes.
    pub media_type: String,
    /// How many bytes it has.
    pub size: u64,
    /// What it is called, with its ending: a name and no path.
    pub name: String,
}

/// Bytes that a record names and does not hold, a picture's or a file's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attached<'a> {
    /// Where the record's home serves them.
    pub address: &'a str,
    /// Their SHA-256, in lower-case hexadecimal.
    pub digest: &'a str,
    /// Their media type, as their home says; a picture's, and no other, begins with `image/`.
    pub media_type: &'a str,
    /// How many they are.
    pub size: u64,
}

impl File {
    /// Everything the rules ask of the file of this record. Which sorts of files are taken is not asked here: a later version may take more, and
    /// whoever fetches one looks at its bytes.
    pub(crate) fn check(&self, record: &RecordIri) -> Problems {
        let mut findings = Findings::default();
        let is_sound = is_at_home(&self.address, record) && is_digest(&self.digest) && is_type(&self.media_type);
        let is_sound = is_sound && !self.name.contains(is_unfit);
        findings.note(if is_sound { Ok(()) } else { Err(Problem::new("file", Why::NotAFile)) });
        let fits = (1..=BYTES).contains(&self.size);
        findings.note(if fits { Ok(()) } else { Err(Problem::new("file", Why::TooHeavy(10))) });
        findings.note(required("file", &self.name, NAME));
        findings.with(Problems::new())
    }

    /// What a form carries for it.
    pub fn to_form(&self) -> String {
        format!("{} {} {} {} {}", self.address, self.digest, self.media_type, self.size, self.name)
    }

    /// What was typed of a file.
    pub(crate) fn raise(draft: &Draft) -> Result<Option<Self>, Problem> {
        let Some(form) = draft.text("file") else { return Ok(None) };
        Self::of_form(&form).map(Some).ok_or(Problem::new("file", Why::NotAFile))
    }

    /// The file that a form carries; `None` where that is none.
    pub fn of_form(form: &str) -> Option<Self> {
        let mut parts = form.splitn(5, ' ').map(str::to_owned);
        let (address, digest, media_type) = (parts.next()?, parts.next()?, parts.next()?);
        Some(Self { address, digest, media_type, size: parts.next()?.parse().ok()?, name: parts.next()? })
    }

    pub(crate) fn lower(&self, draft: &mut Draft) {
        draft.add("file", self.to_form());
    }
}

impl<'a> From<&'a File> for Attached<'a> {
    fn from(one: &'a File) -> Self {
        Self { address: &one.address, digest: &one.digest, media_type: &one.media_type, size: one.size }
    }
}

impl<'a> From<&'a Picture> for Attached<'a> {
    fn from(one: &'a Picture) -> Self {
        Self { address: &one.address, digest: &one.digest, media_type: &one.media_type, size: one.size }
    }
}

/// A file's name as somebody's own machine has it, without its path, without what no name needs, and with this ending: nothing in it hides what
/// the file is.
pub fn cleaned(name: &str, ending: &str) -> String {
    let name = visible(name);
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String =
        name.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|c| !is_unfit(*c)).collect();
    let plain = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    let stem = match plain.rsplit_once('.') {
        Some((stem, own)) if own.eq_ignore_ascii_case(ending) => stem,
        _ => &plain,
    };
    let stem: String = stem.trim_matches(['.', ' ', '~']).chars().take(NAME - 1 - ending.len()).collect();
    let stem = stem.trim_end();
    format!("{}.{ending}", if stem.is_empty() { NAMELESS } else { stem })
}

/// What no name of a file holds: what ends a path's part somewhere, what no keyboard makes, what turns the writing or is not seen at all.
fn is_unfit(c: char) -> bool {
    let is_unseen = matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}' | '\u{2029}' | '\u{2060}' | '\u{feff}' | '\u{ad}');
    c.is_control() || turns_writing(c) || is_unseen || matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|')
}

/// Whether an address is one of a record's own home. Nobody makes a node ask another.
pub(crate) fn is_at_home(address: &str, record: &RecordIri) -> bool {
    let path = address.strip_prefix(record.origin()).and_then(|path| path.strip_prefix('/'));
    let is_plain = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'~' | b'-'))
    };
    address.len() <= ADDRESS && path.is_some_and(|path| path.split('/').all(is_plain))
}

pub(crate) fn is_digest(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// Whether a text is a media type, and no picture's: that is told as a picture, and drawn anew.
fn is_type(text: &str) -> bool {
    let may_stand = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'+' | b'-');
    let is_name = |name: &str| !name.is_empty() && name.bytes().all(may_stand);
    let (sort, name) = text.split_once('/').unwrap_or_default();
    text.len() <= MEDIA_TYPE && sort != "image" && is_name(sort) && is_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIGEST: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    fn record() -> RecordIri {
        RecordIri::read("https://pes.example.org/id/document/1b4e28ba-2fa1-4d2a-983f-0016d3cca427").unwrap()
    }

    fn file() -> File {
        File {
            address: format!("https://pes.example.org/fichiers/{DIGEST}.pdf"),
            digest: DIGEST.into(),
            media_type: "application/pdf".into(),
            size: 48_213,
            name: "Guide du vélo.pdf".into(),
        }
    }

    fn wrong(change: impl Fn(&mut File)) -> Vec<String> {
        let mut one = file();
        change(&mut one);
        one.check(&record()).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_file_lies_at_the_home_of_its_record_and_is_what_it_says() {
        assert!(file().check(&record()).is_empty());
        for elsewhere in
            ["https://evil.test/a.pdf", "https://pes.example.org", "https://pes.example.org/a?x=1", "/a.pdf", ""]
        {
            assert_eq!(wrong(|one| one.address = elsewhere.into()), ["file: not-a-file"], "{elsewhere}");
        }
        for digest in ["", &DIGEST[1..], &DIGEST.to_uppercase()] {
            assert_eq!(wrong(|one| one.digest = digest.into()), ["file: not-a-file"], "{digest}");
        }
        let long = format!("application/{}", "a".repeat(89));
        for media_type in [
            "",
            "pdf",
            "application/",
            "/pdf",
            "application/PDF",
            "text/plain; charset=utf-8",
            "a/b/c",
            "image/png",
            &long,
        ] {
            assert_eq!(wrong(|one| one.media_type = media_type.into()), ["file: not-a-file"], "{media_type}");
        }
        assert!(wrong(|one| one.media_type = "audio/ogg".into()).is_empty(), "of a later version: the bytes decide");
        assert!(wrong(|one| one.size = BYTES).is_empty());
        for size in [0, BYTES + 1, u64::MAX] {
            assert_eq!(wrong(|one| one.size = size), ["file: too-heavy (10)"], "{size}");
        }
    }

    #[test]
    fn its_name_is_a_name_and_no_path_and_hides_nothing() {
        for name in ["../guide.pdf", "a\\b.pdf", "a\nb.pdf", "guide\u{200b}.pdf", "facture\u{202e}fdp.exe", "a:b.pdf"] {
            assert!(wrong(|one| one.name = name.into()).contains(&"file: not-a-file".to_owned()), "{name}");
        }
        assert_eq!(wrong(|one| one.name = " ".into()), ["file: missing"]);
        assert_eq!(wrong(|one| one.name = "é".repeat(121)), ["file: too-long (120)"]);
        assert!(wrong(|one| one.name = "é".repeat(120)).is_empty());
    }

    #[test]
    fn a_name_from_somebody_s_machine_is_cleaned() {
        for (name, ending, clean) in [
            ("Guide du vélo.PDF", "pdf", "Guide du vélo.pdf"),
            ("C:\\Users\\Marie\\mes docs\\guide.pdf", "pdf", "guide.pdf"),
            ("/mes docs/../guide.odt", "odt", "guide.odt"),
            ("facture\u{202e}fdp.exe", "pdf", "facturefdp.exe.pdf"),
            (" a \t b\n.csv", "csv", "a b.csv"),
            ("...", "pdf", "document.pdf"),
            ("", "txt", "document.txt"),
            (".pdf", "pdf", "document.pdf"),
            ("\u{3164}\u{2060}.pdf", "pdf", "document.pdf"),
            ("a:b*c?\"d\"<e>|f.pdf", "pdf", "abcdef.pdf"),
            ("guide", "pdf", "guide.pdf"),
            ("guide v1.2", "pdf", "guide v1.2.pdf"),
        ] {
            assert_eq!(cleaned(name, ending), clean, "{name}");
        }
        let long = cleaned(&format!("{}.pdf", "é".repeat(300)), "pdf");
        assert!(long.chars().count() == NAME && long.ends_with("é.pdf"));
        for name in ["é".repeat(300), "a\u{feff}/".into(), "x".into(), "👩🏽\u{200d}🌾.pdf".into()] {
            let named = File { name: cleaned(&name, "pdf"), ..file() };
            assert!(named.check(&record()).is_empty(), "what was cleaned is kept: {name}");
        }
    }

    #[test]
    fn a_form_carries_it_there_and_back() {
        let mut draft = Draft::default();
        file().lower(&mut draft);
        assert_eq!(File::raise(&draft), Ok(Some(file())));
        assert_eq!(File::raise(&Draft::default()), Ok(None));
        for spoilt in ["a", "a b c 1", "a b c d e", "a b c -1 e"] {
            let draft = [("file".to_owned(), spoilt.to_owned())].into_iter().collect();
            assert_eq!(File::raise(&draft).unwrap_err().to_string(), "file: not-a-file", "{spoilt}");
        }
    }
}
