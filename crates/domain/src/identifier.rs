//! Numbers that the French administration gives: SIREN, SIRET, RNA, NAF, ROME.
//!
//! Each is optional everywhere: an informal group has none.

use crate::{Problem, Why};
use serde::{Deserialize, Serialize};

macro_rules! identifier {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The number, without spaces.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
    };
}

identifier! {
    /// The nine digits of a legal unit.
    Siren
}
identifier! {
    /// The fourteen digits of an establishment: its SIREN and five more.
    Siret
}
identifier! {
    /// The number of an association: `W` and nine digits, or, in older registers, letters among them.
    Rna
}
identifier! {
    /// The code of a main activity, such as `94.99Z`.
    Naf
}
identifier! {
    /// The code of a trade, such as `K1206`.
    Rome
}

/// La Poste: its establishments do not follow the check digit.
const LA_POSTE: &str = "356000000";

impl Siren {
    /// Reads a SIREN; spaces are passed over.
    ///
    /// # Errors
    /// [`Why::NotASiren`].
    pub fn read(field: &'static str, typed: &str) -> Result<Self, Problem> {
        let digits = without_spaces(typed);
        match is_digits(&digits, 9) && luhn(&digits).is_multiple_of(10) {
            true => Ok(Self(digits)),
            false => Err(Problem::new(field, Why::NotASiren)),
        }
    }
}

impl Siret {
    /// Reads a SIRET; spaces are passed over. Those of La Poste need a digit sum that five divides, but for its
    /// head office, which follows the common rule.
    ///
    /// # Errors
    /// [`Why::NotASiret`].
    pub fn read(field: &'static str, typed: &str) -> Result<Self, Problem> {
        let digits = without_spaces(typed);
        let fits = is_digits(&digits, 14) && (luhn(&digits).is_multiple_of(10) || is_of_la_poste(&digits));
        if fits { Ok(Self(digits)) } else { Err(Problem::new(field, Why::NotASiret)) }
    }

    /// The SIREN it begins with.
    pub fn siren(&self) -> Siren {
        Siren(self.0[..9].to_owned())
    }
}

impl Rna {
    /// Reads an RNA number, in either case.
    ///
    /// # Errors
    /// [`Why::NotAnRna`].
    pub fn read(field: &'static str, typed: &str) -> Result<Self, Problem> {
        let number = without_spaces(typed).to_ascii_uppercase();
        let fits = number.len() == 10
            && number.starts_with('W')
            && number[1..].bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
            && number[4..].bytes().all(|b| b.is_ascii_digit());
        if fits { Ok(Self(number)) } else { Err(Problem::new(field, Why::NotAnRna)) }
    }
}

impl Naf {
    /// Reads a NAF code, with or without its point.
    ///
    /// # Errors
    /// [`Why::NotANaf`].
    pub fn read(field: &'static str, typed: &str) -> Result<Self, Problem> {
        let code = without_spaces(typed).replace('.', "").to_ascii_uppercase();
        let fits = code.len() == 5 && is_digits(&code[..4], 4) && code.as_bytes()[4].is_ascii_uppercase();
        if fits { Ok(Self(format!("{}.{}", &code[..2], &code[2..]))) } else { Err(Problem::new(field, Why::NotANaf)) }
    }
}

impl Rome {
    /// Reads a ROME code.
    ///
    /// # Errors
    /// [`Why::NotARome`].
    pub fn read(field: &'static str, typed: &str) -> Result<Self, Problem> {
        let code = without_spaces(typed).to_ascii_uppercase();
        let fits = code.len() == 5 && code.as_bytes()[0].is_ascii_uppercase() && is_digits(&code[1..], 4);
        if fits { Ok(Self(code)) } else { Err(Problem::new(field, Why::NotARome)) }
    }
}

/// Without the spaces, visible or not, that come along when one copies a number. What else is not ASCII makes it none.
fn without_spaces(typed: &str) -> String {
    let is_space = |c: &char| c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}');
    let plain: String = typed.chars().filter(|c| !is_space(c)).collect();
    if plain.is_ascii() { plain } else { String::new() }
}

fn is_digits(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|b| b.is_ascii_digit())
}

/// The sum of Luhn's rule: every second digit from the right counts double, less nine where that passes nine.
fn luhn(digits: &str) -> u32 {
    let doubled = |digit: u32| if digit > 4 { 2 * digit - 9 } else { 2 * digit };
    let values = digits.bytes().rev().map(|b| u32::from(b - b'0'));
    values.enumerate().map(|(at, digit)| if at % 2 == 1 { doubled(digit) } else { digit }).sum()
}

fn is_of_la_poste(digits: &str) -> bool {
    digits.starts_with(LA_POSTE) && digits.bytes().map(|b| u32::from(b - b'0')).sum::<u32>().is_multiple_of(5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_are_passed_over_and_other_signs_are_not() {
        assert_eq!(Rome::read("rome", "K\u{202f}1206\u{feff}").unwrap().as_str(), "K1206");
        for typed in ["Ké1206", "K120６", "Kœ206"] {
            assert!(Rome::read("rome", typed).is_err(), "{typed}");
        }
        assert!(Naf::read("naf", "94.99Zé").is_err());
        assert!(Rna::read("rna", "Wé123456789").is_err());
    }

    #[test]
    fn sirens_have_a_check_digit() {
        assert_eq!(Siren::read("siren", "732 829 320").unwrap().as_str(), "732829320");
        for bad in ["732829321", "73282932", "7328293200", "73282932A", "", "７３２８２９３２０"] {
            assert_eq!(Siren::read("siren", bad), Err(Problem::new("siren", Why::NotASiren)), "{bad}");
        }
    }

    #[test]
    fn sirets_have_a_check_digit_except_at_la_poste() {
        assert_eq!(Siret::read("siret", "732 829 320 00074").unwrap().siren().as_str(), "732829320");
        assert!(Siret::read("siret", "73282932000075").is_err());
        // The head office follows the common rule, a post office the digit sum (here 35), another neither.
        assert!(Siret::read("siret", "35600000000048").is_ok());
        assert!(Siret::read("siret", "35600000049837").is_ok());
        assert!(Siret::read("siret", "35600000049838").is_err());
        // The exception is La Poste's alone.
        assert!(Siret::read("siret", "35600000100000").is_err());
        assert!(Siret::read("siret", "7328293200007").is_err());
        assert!(Siret::read("siret", "7328293200007X").is_err());
    }

    #[test]
    fn associations_have_a_number_of_ten() {
        assert_eq!(Rna::read("rna", "w 832 023 177").unwrap().as_str(), "W832023177");
        assert_eq!(Rna::read("rna", "W9R2001234").unwrap().as_str(), "W9R2001234");
        for bad in ["832023177", "W83202317", "W8320231777", "X832023177", "W83202317A", "W83-023177"] {
            assert_eq!(Rna::read("rna", bad), Err(Problem::new("rna", Why::NotAnRna)), "{bad}");
        }
    }

    #[test]
    fn activities_and_trades_have_a_shape() {
        assert_eq!(Naf::read("naf", "9499z").unwrap().as_str(), "94.99Z");
        assert_eq!(Naf::read("naf", "94.99Z").unwrap().as_str(), "94.99Z");
        for bad in ["94.99", "94.999", "A4.99Z", "94.99é", ""] {
            assert_eq!(Naf::read("naf", bad), Err(Problem::new("naf", Why::NotANaf)), "{bad}");
        }
        assert_eq!(Rome::read("rome", "k1206").unwrap().as_str(), "K1206");
        for bad in ["1206K", "K120", "K12O6", "K12066"] {
            assert_eq!(Rome::read("rome", bad), Err(Problem::new("rome", Why::NotARome)), "{bad}");
        }
    }
}
