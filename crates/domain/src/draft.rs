//! What somebody typed, field by field, kept as it was typed until it has become a record.

use crate::code::Code;
use crate::{List, Problem, Why};
use std::collections::BTreeMap;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::{Date, UtcDateTime};

const DATE: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");
const FRENCH_DATE: &[BorrowedFormatItem<'_>] = format_description!("[day]/[month]/[year]");

/// The fields of a form, each with its values in the order in which they stood.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft(BTreeMap<String, Vec<String>>);

impl Draft {
    /// The first value of a field, trimmed; empty where there is none.
    pub fn one(&self, field: &str) -> &str {
        self.all(field).first().map_or("", |value| value.trim())
    }

    /// All values of a field.
    pub fn all(&self, field: &str) -> &[String] {
        self.0.get(field).map_or(&[], Vec::as_slice)
    }

    /// Value number `at` of a field that is repeated line by line.
    pub fn line(&self, field: &str, at: usize) -> &str {
        self.all(field).get(at).map_or("", |value| value.trim())
    }

    /// Whether a box was ticked.
    pub fn is_ticked(&self, field: &str) -> bool {
        !self.one(field).is_empty()
    }

    /// Adds a value to a field.
    pub fn add(&mut self, field: impl Into<String>, value: impl Into<String>) {
        self.0.entry(field.into()).or_default().push(value.into());
    }

    /// Adds a value where there is one.
    pub fn add_given(&mut self, field: &str, value: Option<impl ToString>) {
        if let Some(value) = value {
            self.add(field, value.to_string());
        }
    }

    /// Adds a box that is ticked, or nothing.
    pub fn tick(&mut self, field: &str, ticked: bool) {
        if ticked {
            self.add(field, "on");
        }
    }

    /// The same without signs that nobody sees ([`visible`]).
    #[must_use]
    pub fn visible(&self) -> Self {
        let seen = |values: &Vec<String>| values.iter().map(|value| visible(value)).collect();
        Self(self.0.iter().map(|(field, values)| (field.clone(), seen(values))).collect())
    }

    /// All fields with their values.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.0.iter().map(|(field, values)| (field.as_str(), values.as_slice()))
    }

    /// Text, if any was typed: trimmed, with plain line feeds.
    pub fn text(&self, field: &str) -> Option<String> {
        let typed = self.one(field).replace("\r\n", "\n").replace('\r', "\n");
        (!typed.is_empty()).then_some(typed)
    }

    /// What was chosen of a few words, if anything was.
    ///
    /// # Errors
    /// [`Why::NotInList`] for any other word: nothing is guessed.
    pub fn choice<T>(&self, field: &'static str, named: impl Fn(&str) -> Option<T>) -> Result<Option<T>, Problem> {
        choice(field, self.one(field), named)
    }

    /// One code of a list, if one was chosen.
    pub fn code(&self, field: &str, list: List) -> Option<Code> {
        self.text(field).map(|notation| Code::new(list, notation))
    }

    /// Codes of a list: each once, in ascending order.
    pub fn codes(&self, field: &str, list: List) -> Vec<Code> {
        let notations = self.all(field).iter().map(|value| value.trim()).filter(|value| !value.is_empty());
        let mut codes: Vec<Code> = notations.map(|notation| Code::new(list, notation)).collect();
        codes.sort();
        codes.dedup();
        codes
    }

    /// Adds the notations of codes.
    pub fn add_codes(&mut self, field: &str, codes: &[Code]) {
        for code in codes {
            self.add(field, code.notation());
        }
    }

    /// A day, as browsers send it or as French people write it.
    ///
    /// # Errors
    /// [`Why::NotADate`].
    pub fn date(&self, field: &'static str) -> Result<Option<Date>, Problem> {
        let Some(typed) = self.text(field) else { return Ok(None) };
        Date::parse(&typed, DATE)
            .or_else(|_| Date::parse(&typed, FRENCH_DATE))
            .ok()
            .filter(|date| (1..=9999).contains(&date.year()))
            .map(Some)
            .ok_or(Problem::new(field, Why::NotADate))
    }

    /// A whole number between bounds.
    ///
    /// # Errors
    /// [`Why::NotANumber`].
    pub fn number(&self, field: &'static str, bounds: std::ops::RangeInclusive<u64>) -> Result<Option<u64>, Problem> {
        let Some(typed) = self.text(field) else { return Ok(None) };
        let number = digits_of(&typed).parse().ok().filter(|number| bounds.contains(number));
        number.map(Some).ok_or(Problem::new(field, Why::NotANumber))
    }

    /// A number with at most one decimal, in tenths: `2,5` is 25.
    ///
    /// # Errors
    /// [`Why::NotANumber`].
    pub fn tenths(&self, field: &'static str) -> Result<Option<u32>, Problem> {
        let Some(typed) = self.text(field).map(|typed| digits_of(&typed)) else { return Ok(None) };
        let problem = Problem::new(field, Why::NotANumber);
        let (whole, tenth) = typed.split_once([',', '.']).unwrap_or((&typed, "0"));
        let digits = |part: &str, most: usize| {
            let fits = (1..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
            fits.then(|| part.parse::<u32>().ok()).flatten()
        };
        let (whole, tenth) = (digits(whole, 7).ok_or_else(|| problem.clone())?, digits(tenth, 1).ok_or(problem)?);
        Ok(Some(whole * 10 + tenth))
    }
}

/// One of a few words, or nothing.
///
/// # Errors
/// [`Why::NotInList`].
pub(crate) fn choice<T>(
    field: &'static str,
    typed: &str,
    named: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, Problem> {
    match typed {
        "" => Ok(None),
        word => named(word).map(Some).ok_or(Problem::new(field, Why::NotInList)),
    }
}

/// A number without the spaces between its thousands, and without the sign of the euro.
fn digits_of(typed: &str) -> String {
    typed.trim_end_matches('€').chars().filter(|c| !c.is_whitespace()).collect()
}

impl FromIterator<(String, String)> for Draft {
    fn from_iter<T: IntoIterator<Item = (String, String)>>(pairs: T) -> Self {
        let mut draft = Self::default();
        pairs.into_iter().for_each(|(field, value)| draft.add(field, value));
        draft
    }
}

/// A day as forms and the protocol write it.
pub fn write_date(date: Date) -> String {
    date.format(DATE).expect("the format names only parts that a date has")
}

/// The end of a day, from which on what expires with it is no longer shown.
pub fn end_of_day(date: Date) -> Option<UtcDateTime> {
    Some(UtcDateTime::new(date.next_day()?, time::Time::MIDNIGHT))
}

/// Tenths as French people write them.
pub fn write_tenths(tenths: u32) -> String {
    match tenths % 10 {
        0 => (tenths / 10).to_string(),
        rest => format!("{},{rest}", tenths / 10),
    }
}

/// A text that somebody typed or pasted, without the signs that nobody sees: two names that look alike are alike, and one that looks empty is.
///
/// Those are the ignorable ones that RFC 8264 (9.13) leaves out of free text, but for what pictograms and marks of direction are written with.
/// A joiner stays between signs of the scripts that need it (RFC 5892, A.1 and A.2), and within pictograms. What turns the writing is not
/// dropped: whoever typed it is told ([`turns_writing`](crate::problem::turns_writing)).
pub fn visible(text: &str) -> String {
    let mut seen = String::with_capacity(text.len());
    let mut signs = text.chars().filter(|sign| !is_unseen(*sign)).peekable();
    while let Some(sign) = signs.next() {
        let joins = |beside: Option<char>| beside.is_some_and(|beside| beside >= FIRST_JOINED);
        if !is_joiner(sign) || joins(seen.chars().next_back()) && joins(signs.peek().copied()) {
            seen.push(sign);
        }
    }
    seen
}

/// The first of the scripts whose letters take other shapes where they meet; Latin, Greek and Cyrillic lie before them.
const FIRST_JOINED: char = '\u{590}';

fn is_joiner(sign: char) -> bool {
    matches!(sign, '\u{200c}' | '\u{200d}')
}

/// Signs without a shape: hyphens that may be, fillers, spaces of no width, marks of byte order and of what was annotated.
fn is_unseen(sign: char) -> bool {
    matches!(
        sign,
        '\u{ad}'
            | '\u{115f}'
            | '\u{1160}'
            | '\u{180e}'
            | '\u{200b}'
            | '\u{2060}'..='\u{2064}'
            | '\u{206a}'..='\u{206f}'
            | '\u{3164}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff9}'..='\u{fffb}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::{date, utc_datetime};

    fn draft(pairs: &[(&str, &str)]) -> Draft {
        pairs.iter().map(|(field, value)| ((*field).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn fields_keep_what_was_typed() {
        let typed = draft(&[("a", " one "), ("a", "two"), ("b", " \r\n"), ("c", "x\r\ny\rz")]);
        assert_eq!((typed.one("a"), typed.line("a", 1), typed.line("a", 2), typed.one("none")), ("one", "two", "", ""));
        assert_eq!(typed.all("a"), [" one ", "two"]);
        assert_eq!((typed.text("b"), typed.text("c").unwrap().as_str()), (None, "x\ny\nz"));
        assert!(typed.is_ticked("a") && !typed.is_ticked("b"));
        assert_eq!(typed.fields().count(), 3);
        let mut other = Draft::default();
        other.tick("yes", true);
        other.tick("no", false);
        other.add_given("given", Some(3));
        other.add_given("absent", None::<u8>);
        assert_eq!(other.fields().map(|(field, _)| field).collect::<Vec<_>>(), ["given", "yes"]);
    }

    #[test]
    fn codes_stand_once_and_in_order() {
        let typed = draft(&[("s", "b"), ("s", " a "), ("s", "b"), ("s", "")]);
        let codes = typed.codes("s", List::Skill);
        assert_eq!(codes, [Code::new(List::Skill, "a"), Code::new(List::Skill, "b")]);
        let mut back = Draft::default();
        back.add_codes("s", &codes);
        assert_eq!(back.all("s"), ["a", "b"]);
        assert_eq!(typed.code("s", List::Theme), Some(Code::new(List::Theme, "b")));
        assert_eq!(typed.code("none", List::Theme), None);
    }

    #[test]
    fn a_choice_is_one_of_its_words_or_none_and_never_guessed() {
        let read = |typed: &str| draft(&[("a", typed)]).choice("a", crate::Audience::named);
        assert_eq!(read("network"), Ok(Some(crate::Audience::Network)));
        assert_eq!(read(" "), Ok(None));
        for bad in ["zzz", "Public", "public,private"] {
            assert_eq!(read(bad), Err(Problem::new("a", Why::NotInList)), "{bad}");
        }
    }

    #[test]
    fn what_nobody_sees_is_dropped_and_what_scripts_need_is_kept() {
        for (typed, seen) in [
            ("La\u{200b} Vo\u{ad}lière\u{feff}", "La Volière"),
            ("\u{feff}\u{2060}\u{3164}\u{200d}", ""),
            ("Vo\u{200d}lière\u{200c}", "Volière"),
            ("a\u{206a}b\u{fff9}c\u{180e}d", "abcd"),
            ("می\u{200c}خواهم", "می\u{200c}خواهم"),
            ("👩\u{200d}🌾 ❤\u{fe0f}\u{200d}🔥", "👩\u{200d}🌾 ❤\u{fe0f}\u{200d}🔥"),
            ("عربي\u{200f}", "عربي\u{200f}"),
            ("L’été à Châteauneuf", "L’été à Châteauneuf"),
            ("facture\u{202e}gpj", "facture\u{202e}gpj"),
        ] {
            assert_eq!(visible(typed), seen, "{typed:?}");
        }
        let draft = draft(&[("title", "a\u{200b}"), ("title", "b"), ("x", "\u{feff}")]).visible();
        assert_eq!((draft.all("title"), draft.one("x")), (["a".to_owned(), "b".to_owned()].as_slice(), ""));
    }

    #[test]
    fn dates_are_taken_as_browsers_and_people_write_them() {
        let read = |typed: &str| draft(&[("d", typed)]).date("d");
        assert_eq!(read("2026-11-23"), Ok(Some(date!(2026 - 11 - 23))));
        assert_eq!(read("23/11/2026"), Ok(Some(date!(2026 - 11 - 23))));
        assert_eq!(read(""), Ok(None));
        for bad in ["2026-02-30", "23.11.2026", "demain", "0000-01-01", "-2026-01-01"] {
            assert_eq!(read(bad), Err(Problem::new("d", Why::NotADate)), "{bad}");
        }
        assert_eq!(write_date(date!(2026 - 1 - 2)), "2026-01-02");
        assert_eq!(end_of_day(date!(2026 - 12 - 31)), Some(utc_datetime!(2027-01-01 00:00)));
        assert_eq!(end_of_day(Date::MAX), None);
    }

    #[test]
    fn numbers_are_whole_or_have_one_decimal() {
        let typed = |value: &str| draft(&[("n", value)]);
        for thousands in ["1 250", "1\u{a0}250", "1\u{202f}250", "1250 €"] {
            assert_eq!(typed(thousands).number("n", 1..=2_000), Ok(Some(1_250)), "{thousands}");
        }
        assert_eq!(typed("1 200,5").tenths("n"), Ok(Some(12_005)));
        assert_eq!(typed("").number("n", 1..=2), Ok(None));
        for bad in ["0", "3", "-1", "1,5", "x"] {
            assert_eq!(typed(bad).number("n", 1..=2), Err(Problem::new("n", Why::NotANumber)), "{bad}");
        }
        for (value, tenths) in [("2", 20), ("2,5", 25), ("2.5", 25), ("0,1", 1), ("9999999", 99_999_990)] {
            assert_eq!(typed(value).tenths("n"), Ok(Some(tenths)), "{value}");
            assert_eq!(typed(&write_tenths(tenths)).tenths("n"), Ok(Some(tenths)));
        }
        assert_eq!(typed("").tenths("n"), Ok(None));
        for bad in ["2,55", ",5", "2,", "-1", "+1", "99999999", "x"] {
            assert_eq!(typed(bad).tenths("n"), Err(Problem::new("n", Why::NotANumber)), "{bad}");
        }
    }
}
