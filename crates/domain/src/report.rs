//! What anybody may say against a record: why, in one of a few words and in a sentence.

use crate::problem::{Findings, optional_line, required};
use crate::{Draft, Problem, Problems, Why};

/// The longest sentence, in characters.
pub const SENTENCE: usize = 1_000;

/// What is wrong with a record, in one of a few words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cause {
    /// It says what is not so.
    Inexact,
    /// It says what is so no longer.
    Outdated,
    /// It is against the network's rules, or the law.
    AgainstRules,
    /// It tells of somebody what they did not give.
    PersonalData,
    /// Something else, which the sentence tells.
    Other,
}

/// What somebody says against a record. Nothing of who says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// What is wrong.
    pub cause: Cause,
    /// In their words.
    pub sentence: String,
}

impl Cause {
    /// All of them, in the order of the form.
    pub const ALL: [Self; 5] = [Self::Inexact, Self::Outdated, Self::AgainstRules, Self::PersonalData, Self::Other];

    /// The word for it in rows and forms.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Inexact => "inexact",
            Self::Outdated => "outdated",
            Self::AgainstRules => "against-rules",
            Self::PersonalData => "personal-data",
            Self::Other => "other",
        }
    }

    /// Undoes [`Cause::as_str`].
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == name)
    }
}

impl Report {
    /// Reads a report from a form's `cause` and `sentence`.
    ///
    /// # Errors
    /// What is missing, too long or no text, and a cause that is none; all of it at once.
    pub fn raise(draft: &Draft) -> Result<Self, Problems> {
        let draft = &draft.visible();
        let mut findings = Findings::default();
        let why = if draft.one("cause").is_empty() { Why::Missing } else { Why::NotInList };
        let cause = Cause::named(draft.one("cause"));
        findings.note(cause.map(drop).ok_or(Problem::new("cause", why)));
        let sentence = draft.text("sentence").unwrap_or_default();
        findings.note(required("sentence", &sentence, SENTENCE));
        findings.judge(Self { cause: cause.unwrap_or(Cause::Other), sentence })
    }
}

/// What whoever closes a report notes about it, if anything: a form's `sentence`.
///
/// # Errors
/// A sentence that is too long or no text.
pub fn answer(draft: &Draft) -> Result<Option<String>, Problems> {
    let sentence = draft.text("sentence");
    optional_line("sentence", sentence.as_deref(), SENTENCE).map_err(|problem| vec![problem])?;
    Ok(sentence)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raise(cause: &str, sentence: &str) -> Result<Report, Problems> {
        let fields = [("cause", cause), ("sentence", sentence)];
        Report::raise(&fields.into_iter().map(|(field, value)| (field.to_owned(), value.to_owned())).collect())
    }

    #[test]
    fn a_report_has_a_cause_and_a_sentence() {
        for cause in Cause::ALL {
            let report = raise(cause.as_str(), " Ce local n’existe pas. ").unwrap();
            assert_eq!(report, Report { cause, sentence: "Ce local n’existe pas.".into() });
        }
    }

    #[test]
    fn whoever_closes_a_report_may_say_nothing_but_no_rubbish() {
        let note = |text: &str| answer(&[("sentence".to_owned(), text.to_owned())].into_iter().collect());
        assert_eq!(note("  "), Ok(None));
        assert_eq!(note(" Vérifié par téléphone. "), Ok(Some("Vérifié par téléphone.".into())));
        assert_eq!(note("a\u{1}"), Err(vec![Problem::new("sentence", Why::NotText)]));
        assert_eq!(note(&"é".repeat(SENTENCE + 1)), Err(vec![Problem::new("sentence", Why::TooLong(SENTENCE))]));
    }

    #[test]
    fn all_that_is_wrong_with_it_is_told_at_once() {
        let (cause, sentence) = (|why| Problem::new("cause", why), |why| Problem::new("sentence", why));
        assert_eq!(raise("", ""), Err(vec![cause(Why::Missing), sentence(Why::Missing)]));
        assert_eq!(raise("king", "x"), Err(vec![cause(Why::NotInList)]));
        assert_eq!(raise("other", "a\u{1}"), Err(vec![sentence(Why::NotText)]));
        assert!(raise("other", &"é".repeat(SENTENCE)).is_ok());
        assert_eq!(raise("other", &"é".repeat(SENTENCE + 1)), Err(vec![sentence(Why::TooLong(SENTENCE))]));
    }
}
