//! Each sentence by its name. A name that is not in the catalogue is shown as it is, and a test finds it.

use crate::spaces::spaced;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use std::fmt;
use unic_langid::LanguageIdentifier;

/// The French texts, one file a part of the house.
const FRENCH: &[(&str, &str)] = &[
    ("common", include_str!("../fr/common.ftl")),
    ("fields", include_str!("../fr/fields.ftl")),
    ("pages", include_str!("../fr/pages.ftl")),
    ("moderation", include_str!("../fr/moderation.ftl")),
    ("mails", include_str!("../fr/mails.ftl")),
    ("import", include_str!("../fr/import.ftl")),
    ("moving", include_str!("../fr/moving.ftl")),
    ("takeover", include_str!("../fr/takeover.ftl")),
    ("links", include_str!("../fr/links.ftl")),
    ("pictures", include_str!("../fr/pictures.ftl")),
    ("files", include_str!("../fr/files.ftl")),
];

/// What fills a gap in a sentence.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A text.
    Text(String),
    /// A number: French has one form for 0 and 1, and another from 2 on.
    Number(f64),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<u64> for Value {
    fn from(number: u64) -> Self {
        // Numbers shown to people lie far below where f64 loses whole numbers.
        Self::Number(number as f64)
    }
}

/// The catalogue of one language.
pub struct Catalogue(FluentBundle<FluentResource>);

impl Catalogue {
    /// The French catalogue.
    pub fn french() -> Self {
        let mut bundle = FluentBundle::new_concurrent(vec![french()]);
        // Marks around what is filled in would be copied along with links and mail texts.
        bundle.set_use_isolating(false);
        bundle.set_formatter(Some(|value, _| match value {
            FluentValue::Number(number) if number.value.abs() >= 1_000.0 && number.value.fract() == 0.0 => {
                Some(group(&format!("{:.0}", number.value)))
            }
            _ => None,
        }));
        for (file, text) in FRENCH {
            // A spoilt line is left out; the test that reads every file finds it.
            let resource = FluentResource::try_new(spaced(text)).unwrap_or_else(|(resource, _)| resource);
            if let Err(errors) = bundle.add_resource(resource) {
                debug_assert!(errors.is_empty(), "{file}: {errors:?}");
            }
        }
        Self(bundle)
    }

    /// Whether a sentence has this name.
    pub fn has(&self, name: &str) -> bool {
        self.0.get_message(name).is_some_and(|message| message.value().is_some())
    }

    /// A sentence without gaps.
    pub fn say(&self, name: &str) -> String {
        self.tell(name, &[])
    }

    /// A sentence, its gaps filled.
    pub fn tell(&self, name: &str, gaps: &[(&str, Value)]) -> String {
        let Some(pattern) = self.0.get_message(name).and_then(|message| message.value()) else {
            return name.to_owned();
        };
        let args: FluentArgs<'_> = gaps.iter().map(|(gap, value)| (*gap, FluentValue::from(value))).collect();
        self.0.format_pattern(pattern, Some(&args), &mut Vec::new()).into_owned()
    }
}

impl<'a> From<&'a Value> for FluentValue<'a> {
    fn from(value: &'a Value) -> Self {
        match value {
            Value::Text(text) => FluentValue::from(text.as_str()),
            Value::Number(number) => FluentValue::from(*number),
        }
    }
}

/// A count as the French write it: in groups of three digits, a narrow space between them that no line is broken at.
pub fn grouped(count: usize) -> String {
    group(&count.to_string())
}

fn group(digits: &str) -> String {
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |rest| ("-", rest));
    let mut written = sign.to_owned();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            written.push('\u{202f}');
        }
        written.push(digit);
    }
    written
}

/// French, as plural rules know it.
fn french() -> LanguageIdentifier {
    "fr".parse().expect("two letters are a language tag")
}

impl fmt::Debug for Catalogue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Catalogue")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_well_formed_and_no_name_is_given_twice() {
        let mut bundle = FluentBundle::new_concurrent(vec![french()]);
        for (file, text) in FRENCH {
            let resource = FluentResource::try_new(spaced(text)).map_err(|(_, errors)| errors);
            let resource = resource.unwrap_or_else(|errors| panic!("{file}: {errors:?}"));
            bundle.add_resource(resource).unwrap_or_else(|errors| panic!("{file}: {errors:?}"));
        }
    }

    #[test]
    fn french_counts_nothing_as_one() {
        let french = Catalogue::french();
        let count = |number: u64| french.tell("results", &[("count", number.into())]);
        assert_eq!((count(0), count(1), count(2)), ("0 résultat".into(), "1 résultat".into(), "2 résultats".into()));
    }

    #[test]
    fn large_counts_are_written_in_groups_of_three() {
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(4_301), "4\u{202f}301");
        assert_eq!(grouped(1_234_567), "1\u{202f}234\u{202f}567");
        let french = Catalogue::french();
        assert_eq!(french.tell("results", &[("count", 4_301_u64.into())]), "4\u{202f}301 résultats");
        assert_eq!(french.tell("results", &[("count", 999_u64.into())]), "999 résultats");
    }

    #[test]
    fn a_gap_is_filled_with_the_text_alone() {
        let french = Catalogue::french();
        assert_eq!(french.tell("from-network", &[("network", "APEAS".into())]), "Par le réseau APEAS");
    }

    #[test]
    fn an_unknown_name_is_shown_as_it_is() {
        let french = Catalogue::french();
        assert!(!french.has("no-such-sentence"));
        assert_eq!(french.say("no-such-sentence"), "no-such-sentence");
    }
}
