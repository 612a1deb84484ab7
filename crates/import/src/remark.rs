//! What is said of a row, a column, a value: a code with what fills its gaps. The words are chosen where it is read: English on the
//! terminal ([`Remark::problem`], [`Remark::advice`]), French on pages and in reports by [`What::key`].

use crate::sentences;
use pes_domain::Why;
use std::collections::BTreeMap;

/// One thing to be said of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// The line on which the row begins; the first of the file is 1.
    pub line: u64,
    /// The column's name; empty where the whole row is meant.
    pub column: &'static str,
    /// The value, as it stands in the file.
    pub value: String,
    /// What is said of it.
    pub what: What,
    /// What fills the gaps of the sentence.
    pub gaps: BTreeMap<&'static str, String>,
}

/// What follows from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sort {
    /// The row did not enter.
    Out,
    /// The row entered without the value.
    Left,
    /// The value was set right.
    Mended,
    /// Somebody should look at it.
    Doubtful,
    /// Nothing has to be done.
    Told,
}

macro_rules! whats {
    ($($sort:ident { $($(#[$doc:meta])* $what:ident = $name:literal;)* })*) => {
        /// What can be said.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum What {
            $($($(#[$doc])* $what,)*)*
            /// A rule of a form, which the value does not hold to.
            Rule(Why),
        }

        impl What {
            /// All but the rules of a form.
            pub const ALL: &[Self] = &[$($(Self::$what,)*)*];

            /// Its name; of a rule, the rule's.
            pub fn name(self) -> &'static str {
                match self {
                    $($(Self::$what => $name,)*)*
                    Self::Rule(why) => why.key(),
                }
            }

            /// What follows from it.
            pub fn sort(self) -> Sort {
                match self {
                    $($(Self::$what => Sort::$sort,)*)*
                    Self::Rule(_) => Sort::Left,
                }
            }
        }
    };
}

whats! {
    Out {
        /// The row has no name.
        NoName = "no-name";
        /// The name cannot be one.
        UnfitName = "unfit-name";
        /// More cells than the header has columns.
        TooManyCells = "too-many-cells";
        /// A quotation mark that is not closed swallowed the rows that follow.
        OpenQuotation = "open-quotation";
        /// Several structures that are held fit the row equally.
        SeveralHeld = "several-held";
        /// The structure was deleted here since it was imported.
        DeletedHere = "deleted-here";
        /// The structure is held here and not published: it is somebody's draft, or an animator has decided about it.
        NotPublished = "not-published";
        /// Another network holds it.
        HeldElsewhere = "held-elsewhere";
        /// Somebody changed it while the import went on.
        ChangedMeanwhile = "changed-meanwhile";
    }
    Left {
        /// Not a postcode.
        NotAPostcode = "not-a-postcode";
        /// One of the two numbers of a point is missing.
        HalfAPoint = "half-a-point";
        /// A point without a commune.
        PointAlone = "point-alone";
        /// A point outside France.
        OutsideFrance = "outside-france";
        /// Longitude and latitude are exchanged.
        PointTurned = "point-turned";
        /// A point far from the commune.
        FarAway = "far-away";
        /// The source does not tell.
        NotDisclosed = "not-disclosed";
        /// An activity of the nomenclature that ended in 2007.
        OldActivity = "old-activity";
        /// More words than a record takes.
        TooManyWords = "too-many-words";
        /// A word that fits no field and no tag.
        WordLeft = "word-left";
    }
    Mended {
        /// A zero that a spreadsheet dropped.
        ZeroRegained = "zero-regained";
        /// Too long for one line: it is in the description.
        Moved = "moved";
    }
    Doubtful {
        /// The postcode told the commune: none is called exactly so.
        ByPostcode = "by-postcode";
        /// Postcode and commune are not of one department.
        OtherDepartment = "other-department";
        /// Many rows have this point and not one address.
        SamePoint = "same-point";
        /// Another row of the file has this number.
        SameNumber = "same-number";
        /// A structure of this name is held, and nothing tells whether it is the same.
        Namesake = "namesake";
        /// The old base had not validated the sheet.
        NotValidated = "not-validated";
    }
    Told {
        /// Another row of the file is the same structure.
        SameRow = "same-row";
        /// The record has another value, which stays.
        Kept = "kept";
        /// A word that our lists do not have, kept as a tag.
        UnknownWord = "unknown-word";
    }
}

impl What {
    /// The name of its sentence in the catalogue of pages.
    pub fn key(self) -> String {
        match self {
            Self::Rule(why) => format!("problem-{}", why.key()),
            what => format!("import-{}", what.name()),
        }
    }

    /// The same in the English sentences of this room.
    fn key_here(self) -> String {
        match self {
            Self::Rule(why) => format!("rule-{}", why.key()),
            what => what.name().to_owned(),
        }
    }

    /// The name of the sentence that says what to do.
    pub fn advice_key(self) -> String {
        match self {
            Self::Rule(_) => "import-rule-advice".to_owned(),
            what => format!("import-{}-advice", what.name()),
        }
    }
}

impl Remark {
    /// Something to be said of a value.
    pub fn new(line: u64, column: &'static str, value: impl Into<String>, what: What) -> Self {
        let limit = match what {
            What::Rule(why) => why.limit(),
            _ => None,
        };
        let gaps = limit.map(|limit| ("limit", limit.to_string())).into_iter().collect();
        Self { line, column, value: value.into(), what, gaps }
    }

    /// The same, with a gap filled.
    pub fn with(mut self, gap: &'static str, value: impl ToString) -> Self {
        self.gaps.insert(gap, value.to_string());
        self
    }

    /// What is wrong, in English.
    pub fn problem(&self) -> String {
        let other = || sentences::say("rule-other").unwrap_or_default();
        self.filled(sentences::say(&self.what.key_here()).unwrap_or_else(other))
    }

    /// What to do, in English.
    pub fn advice(&self) -> String {
        self.filled(sentences::say(self.what.advice_key().trim_start_matches("import-")).unwrap_or_default())
    }

    fn filled(&self, sentence: &str) -> String {
        let all = self.gaps.iter().chain([(&"value", &self.value)]);
        all.fold(sentence.to_owned(), |said, (gap, value)| said.replace(&format!("{{ ${gap} }}"), value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn each_remark_has_its_own_sentence_and_advice() {
        let mut keys = BTreeSet::new();
        for what in What::ALL {
            let remark = Remark::new(1, "Ville", "x", *what);
            assert!(sentences::say(what.name()).is_some(), "{what:?} is not said");
            assert!(!remark.advice().is_empty(), "{what:?} has no advice");
            assert!(keys.insert(what.key()), "{what:?} is said like another");
        }
        assert_eq!(keys.len(), What::ALL.len());
    }

    #[test]
    fn gaps_are_filled_and_a_rule_names_its_limit() {
        let far = Remark::new(3, "longitude", "5,1", What::FarAway).with("km", 120).with("commune", "Nice");
        assert!(far.problem().contains("120 km from Nice"), "{}", far.problem());
        let long = Remark::new(3, "Sigle", "…", What::Rule(Why::TooLong(60)));
        assert!(long.problem().contains("60 characters"), "{}", long.problem());
        assert!(long.advice().contains("import that again"));
        assert_eq!((long.what.key().as_str(), long.what.sort()), ("problem-too-long", Sort::Left));
        assert_eq!(long.what.advice_key(), "import-rule-advice");
        assert_eq!(Remark::new(1, "", "", What::Rule(Why::Over)).problem(), "it does not fit here");
    }

    #[test]
    fn rows_that_did_not_enter_come_first() {
        let sorts: Vec<Sort> = What::ALL.iter().map(|what| what.sort()).collect();
        assert!(sorts.is_sorted() && sorts[0] == Sort::Out && sorts.last() == Some(&Sort::Told));
    }
}
