//! What an animator decides of an entry that waits, and the sentence that its author gets with it.

use crate::problem::{Findings, required};
use crate::{Draft, Problem, Problems, Why};

/// The longest sentence, in characters.
pub const SENTENCE: usize = 1_000;

/// What is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Decision {
    /// It is shown.
    Publish,
    /// Its author is asked for changes.
    SendBack,
    /// It is not shown.
    Refuse,
}

/// A decision with its sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// What is decided.
    pub decision: Decision,
    /// What the author is told. There is one wherever the entry is not shown.
    pub sentence: Option<String>,
}

impl Decision {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Publish, Self::SendBack, Self::Refuse];

    /// The word for it in rows and forms.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Publish => "publish",
            Self::SendBack => "send-back",
            Self::Refuse => "refuse",
        }
    }

    /// Undoes [`Decision::as_str`].
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == name)
    }
}

impl Verdict {
    /// Reads a verdict from a form's `decision` and `sentence`.
    ///
    /// # Errors
    /// A decision that is none; a sentence that is missing, too long or no text.
    pub fn raise(draft: &Draft) -> Result<Self, Problems> {
        let draft = &draft.visible();
        let mut findings = Findings::default();
        let decision = Decision::named(draft.one("decision"));
        findings.note(decision.map(drop).ok_or(Problem::new("decision", Why::NotInList)));
        let decision = decision.unwrap_or(Decision::Publish);
        let sentence = draft.text("sentence");
        if decision != Decision::Publish || sentence.is_some() {
            findings.note(required("sentence", sentence.as_deref().unwrap_or_default(), SENTENCE));
        }
        findings.judge(Self { decision, sentence })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raise(decision: &str, sentence: &str) -> Result<Verdict, Problems> {
        let fields = [("decision", decision), ("sentence", sentence)];
        Verdict::raise(&fields.into_iter().map(|(field, value)| (field.to_owned(), value.to_owned())).collect())
    }

    #[test]
    fn what_is_not_shown_needs_a_sentence_and_what_is_may_have_one() {
        assert_eq!(raise("publish", " "), Ok(Verdict { decision: Decision::Publish, sentence: None }));
        assert_eq!(raise("publish", "Merci !").unwrap().sentence.as_deref(), Some("Merci !"));
        for decision in ["send-back", "refuse"] {
            assert_eq!(raise(decision, "  \r\n "), Err(vec![Problem::new("sentence", Why::Missing)]));
            assert_eq!(
                raise(decision, " Précisez\r\nle lieu. ").unwrap().sentence.as_deref(),
                Some("Précisez\nle lieu.")
            );
        }
    }

    #[test]
    fn a_sentence_is_text_of_some_length_and_a_decision_one_of_three() {
        assert!(raise("refuse", &"é".repeat(SENTENCE)).is_ok());
        for decision in ["publish", "refuse"] {
            let long = raise(decision, &"é".repeat(SENTENCE + 1));
            assert_eq!(long, Err(vec![Problem::new("sentence", Why::TooLong(SENTENCE))]));
            for no_text in ["a\u{1}b", "a\u{202e}b"] {
                assert_eq!(raise(decision, no_text), Err(vec![Problem::new("sentence", Why::NotText)]));
            }
        }
        for other in ["", "Publish", "perhaps"] {
            assert_eq!(raise(other, "x"), Err(vec![Problem::new("decision", Why::NotInList)]));
        }
        for one in Decision::ALL {
            assert_eq!(Decision::named(one.as_str()), Some(one));
        }
    }
}
