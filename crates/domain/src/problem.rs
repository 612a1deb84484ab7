//! What is wrong with what somebody typed, or with what came from afar.

use std::fmt;

/// One thing that is wrong, and where. The words for people are chosen at the porch by [`Why::key`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The field's name in form and draft; for a list, of the list.
    pub field: &'static str,
    /// What is wrong with it.
    pub why: Why,
}

/// All that is wrong with one record. Empty means nothing is.
pub type Problems = Vec<Problem>;

/// What can be wrong with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Nothing was given.
    Missing,
    /// More than this many characters.
    TooLong(usize),
    /// Fewer than this many characters.
    TooShort(usize),
    /// More than this many entries.
    TooMany(usize),
    /// A control character, which no keyboard makes; in a title or name, also one that turns the direction of writing.
    NotText,
    /// A code that its list does not have.
    NotInList,
    /// A method that its type of exchange does not take.
    MethodDoesNotFit,
    /// Not an address on the web.
    NotALink,
    /// Not an e-mail address.
    NotAnEmail,
    /// Not a telephone number.
    NotAPhone,
    /// Not a SIREN: nine digits with their check digit.
    NotASiren,
    /// Not a SIRET: fourteen digits with their check digit.
    NotASiret,
    /// A SIRET that does not begin with the SIREN beside it.
    SiretOfAnother,
    /// Not an RNA number: W and nine digits, or letters.
    NotAnRna,
    /// Not a NAF code.
    NotANaf,
    /// Not a ROME code.
    NotARome,
    /// Not a date.
    NotADate,
    /// Not a time of day, or one that the clocks leave out.
    NotATime,
    /// Not a rule by which something comes again.
    NotARule,
    /// Not one of the times at which something is.
    NotAmongTimes,
    /// A date before another that it should follow.
    TooEarly,
    /// A last day that is over already.
    Over,
    /// A date that has not come yet.
    NotYet,
    /// Not a number, or one out of bounds.
    NotANumber,
    /// No commune of that name or postcode.
    NotACommune,
    /// Several communes of that name: one has to be chosen.
    SeveralCommunes,
    /// A point that lies nowhere on Earth.
    NotAPoint,
    /// Wider than the record it belongs to.
    WiderThanRecord,
    /// An address that is not a record's.
    NotARecord,
    /// An answer that the kind of record does not take.
    AnswerDoesNotFit,
    /// Itself, where another is asked for.
    ItsOwn,
    /// Not a picture that can be shown.
    NotAPicture,
    /// Not a file of one of the sorts that are taken.
    NotAFile,
    /// A file with nothing in it.
    EmptyFile,
    /// A file that its name says to be of another sort than it is.
    FileDisagrees,
    /// A file that is called a text and is none that is taken.
    NotPlainText,
    /// One that was sent before and is not there any more.
    ChooseAgain,
    /// A file that brings a program along.
    FileHasMacros,
    /// A file for which there is no room: all that its author gave have this many megabytes at most.
    NoRoom(usize),
    /// A file of more than this many megabytes.
    TooHeavy(usize),
    /// A picture of more than this many millions of points.
    TooManyPoints(usize),
}

impl Problem {
    /// A problem of a field.
    pub fn new(field: &'static str, why: Why) -> Self {
        Self { field, why }
    }
}

impl Why {
    /// The key of its sentence in the catalogue.
    pub fn key(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::TooLong(_) => "too-long",
            Self::TooShort(_) => "too-short",
            Self::TooMany(_) => "too-many",
            Self::NotText => "not-text",
            Self::NotInList => "not-in-list",
            Self::MethodDoesNotFit => "method-does-not-fit",
            Self::NotALink => "not-a-link",
            Self::NotAnEmail => "not-an-email",
            Self::NotAPhone => "not-a-phone",
            Self::NotASiren => "not-a-siren",
            Self::NotASiret => "not-a-siret",
            Self::SiretOfAnother => "siret-of-another",
            Self::NotAnRna => "not-an-rna",
            Self::NotANaf => "not-a-naf",
            Self::NotARome => "not-a-rome",
            Self::NotADate => "not-a-date",
            Self::NotATime => "not-a-time",
            Self::NotARule => "not-a-rule",
            Self::NotAmongTimes => "not-among-times",
            Self::TooEarly => "too-early",
            Self::Over => "over",
            Self::NotYet => "not-yet",
            Self::NotANumber => "not-a-number",
            Self::NotACommune => "not-a-commune",
            Self::SeveralCommunes => "several-communes",
            Self::NotAPoint => "not-a-point",
            Self::WiderThanRecord => "wider-than-record",
            Self::NotARecord => "not-a-record",
            Self::AnswerDoesNotFit => "answer-does-not-fit",
            Self::ItsOwn => "its-own",
            Self::NotAPicture => "not-a-picture",
            Self::NotAFile => "not-a-file",
            Self::EmptyFile => "empty-file",
            Self::FileDisagrees => "file-disagrees",
            Self::NotPlainText => "not-plain-text",
            Self::ChooseAgain => "choose-again",
            Self::FileHasMacros => "file-has-macros",
            Self::NoRoom(_) => "no-room",
            Self::TooHeavy(_) => "too-heavy",
            Self::TooManyPoints(_) => "too-many-points",
        }
    }

    /// The number that its sentence names.
    pub fn limit(self) -> Option<usize> {
        match self {
            Self::TooLong(limit) | Self::TooShort(limit) | Self::TooMany(limit) => Some(limit),
            Self::NoRoom(limit) | Self::TooHeavy(limit) | Self::TooManyPoints(limit) => Some(limit),
            _ => None,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.why.key())?;
        self.why.limit().map_or(Ok(()), |limit| write!(f, " ({limit})"))
    }
}

/// Gathers the problems of many fields, so that people hear of all of them at once.
#[derive(Debug, Default)]
pub struct Findings(Problems);

impl Findings {
    /// Keeps the value, or notes the problem and gives the value's default.
    pub fn take<T: Default>(&mut self, found: Result<T, Problem>) -> T {
        found.unwrap_or_else(|problem| {
            self.0.push(problem);
            T::default()
        })
    }

    /// Notes a problem where there is one.
    pub fn note(&mut self, found: Result<(), Problem>) {
        self.0.extend(found.err());
    }

    /// Notes several problems.
    pub fn extend(&mut self, problems: Problems) {
        self.0.extend(problems);
    }

    /// All that was found, and these.
    pub fn with(mut self, problems: Problems) -> Problems {
        self.0.extend(problems);
        self.0
    }

    /// The value, if nothing was found.
    ///
    /// # Errors
    /// All that was found.
    pub fn judge<T>(self, value: T) -> Result<T, Problems> {
        if self.0.is_empty() { Ok(value) } else { Err(self.0) }
    }
}

/// Text that must be there: at most `limit` characters.
pub(crate) fn required(field: &'static str, text: &str, limit: usize) -> Result<(), Problem> {
    if text.trim().is_empty() {
        return Err(Problem::new(field, Why::Missing));
    }
    line(field, text, limit)
}

/// Text that may be there.
pub(crate) fn optional(field: &'static str, text: Option<&str>, limit: usize) -> Result<(), Problem> {
    text.map_or(Ok(()), |text| bounded(field, text, limit))
}

/// A name or title that may be there.
pub(crate) fn optional_line(field: &'static str, text: Option<&str>, limit: usize) -> Result<(), Problem> {
    text.map_or(Ok(()), |text| line(field, text, limit))
}

/// Whether a character turns the direction of writing for all that follows: a name could end in what stands beside it.
pub fn turns_writing(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A list of at most `limit` entries.
pub(crate) fn few(field: &'static str, count: usize, limit: usize) -> Result<(), Problem> {
    if count > limit { Err(Problem::new(field, Why::TooMany(limit))) } else { Ok(()) }
}

/// What stands in one line with other words.
fn line(field: &'static str, text: &str, limit: usize) -> Result<(), Problem> {
    bounded(field, text, limit)?;
    if text.contains(turns_writing) { Err(Problem::new(field, Why::NotText)) } else { Ok(()) }
}

/// The protocol bounds a literal in bytes; no character of a text within `limit` characters takes more than four.
fn bounded(field: &'static str, text: &str, limit: usize) -> Result<(), Problem> {
    if text.chars().count() > limit || text.len() > 16 * 1024 {
        return Err(Problem::new(field, Why::TooLong(limit)));
    }
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
        return Err(Problem::new(field, Why::NotText));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_problems_are_told_at_once() {
        let mut findings = Findings::default();
        assert_eq!(findings.take::<u8>(Ok(3)), 3);
        assert_eq!(findings.take::<u8>(Err(Problem::new("a", Why::Missing))), 0);
        findings.note(Err(Problem::new("b", Why::TooLong(5))));
        findings.note(Ok(()));
        let told = findings.judge(()).unwrap_err();
        assert_eq!(told.iter().map(ToString::to_string).collect::<Vec<_>>(), ["a: missing", "b: too-long (5)"]);
        assert_eq!(Findings::default().judge(1), Ok(1));
    }

    #[test]
    fn text_is_counted_in_characters_and_bounded_in_bytes() {
        assert!(required("t", "ééé", 3).is_ok());
        assert_eq!(required("t", "éééé", 3), Err(Problem::new("t", Why::TooLong(3))));
        assert_eq!(required("t", " \n", 3), Err(Problem::new("t", Why::Missing)));
        assert_eq!(required("t", "a\u{7}", 3), Err(Problem::new("t", Why::NotText)));
        assert!(required("t", "a\nb", 3).is_ok());
        assert!(optional("t", None, 0).is_ok());
        assert!(optional("t", Some(&"é".repeat(8_192)), 10_000).is_ok());
        assert!(optional("t", Some(&"é".repeat(8_193)), 10_000).is_err());
        for turning in ['\u{202a}', '\u{202e}', '\u{2066}', '\u{2069}'] {
            let name = format!("facture{turning}gpj.exe");
            assert_eq!(required("t", &name, 30), Err(Problem::new("t", Why::NotText)));
            assert_eq!(optional_line("t", Some(&name), 30), Err(Problem::new("t", Why::NotText)));
            assert!(optional("t", Some(&name), 30).is_ok(), "a paragraph stands by itself");
        }
        assert!(required("t", "عربي\u{200f}", 30).is_ok(), "letters of other scripts are letters");
        assert!(few("l", 2, 2).is_ok());
        assert_eq!(few("l", 3, 2), Err(Problem::new("l", Why::TooMany(2))));
    }
}
