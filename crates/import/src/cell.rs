//! What stands in one cell, as a form would have it: numbers with the zeros that spreadsheets drop, and without those they add.

use pes_domain::identifier::Siret;
use pes_domain::{Audience, Draft, Problems, contact};

/// The one spelling of a number or address, as a form reads it; of a French number that lost its zero, with it.
pub(crate) fn reached(medium: &str, typed: &str) -> Result<String, Problems> {
    let try_it = |value: &str| {
        let line = [("contact-medium", medium), ("contact-value", value)];
        let draft: Draft = line.into_iter().map(|(field, value)| (field.to_owned(), value.to_owned())).collect();
        contact::raise(&draft, Audience::Network)
    };
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    let is_short = medium != "email" && digits.len() == 9 && !digits.starts_with('0') && !typed.contains('+');
    let whole = if is_short { format!("0{digits}") } else { typed.to_owned() };
    try_it(&whole).map(|_| whole).map_err(|problem| vec![problem])
}

pub(crate) fn in_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A number without the decimals that say nothing: `2,50` is 2,5 and `12 000,00` is 12 000. A whole number is rounded down.
pub(crate) fn without_zeros(typed: &str, is_whole: bool) -> String {
    let Some((whole, decimals)) = typed.rsplit_once([',', '.']) else { return typed.to_owned() };
    let decimals = decimals.trim_end_matches(|c: char| c.is_whitespace() || c == '€');
    let is_number = (1..=2).contains(&decimals.len()) && decimals.bytes().all(|byte| byte.is_ascii_digit());
    let rest = decimals.trim_end_matches('0');
    match is_number {
        true if is_whole || rest.is_empty() => whole.to_owned(),
        true => format!("{whole},{rest}"),
        false => typed.to_owned(),
    }
}

/// Three digits and a letter, as activities were written until 2007: `74.8B`.
pub(crate) fn is_old_activity(word: &str) -> bool {
    let plain: Vec<u8> = word.bytes().filter(|byte| *byte != b'.').collect();
    matches!(plain.as_slice(), [digits @ .., letter] if digits.len() == 3 && digits.iter().all(u8::is_ascii_digit) && letter.is_ascii_uppercase())
}

/// A SIRET without its spaces, and whether it regained its zero.
pub(crate) fn siret(typed: &str) -> (String, bool) {
    let digits: String = typed.split_whitespace().collect();
    let whole = format!("0{digits}");
    match digits.len() == 13 && Siret::read("siret", &whole).is_ok() {
        true => (whole, true),
        false => (digits, false),
    }
}

/// What stands in a cell side by side: `04 93 00 00 00 / 04 93 00 00 01`.
pub(crate) fn pieces(cell: &str) -> impl Iterator<Item = &str> {
    let pieces = cell.split(['/', ';', ',', '\n']).flat_map(|piece| piece.split(" ou "));
    pieces.map(str::trim).filter(|piece| !piece.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_lose_the_decimals_that_say_nothing() {
        for (typed, kept) in [
            ("4,50", "4,5"),
            ("4.5", "4,5"),
            ("4,00", "4"),
            ("4", "4"),
            ("12 000,00 €", "12 000"),
            ("1,234", "1,234"),
            ("beaucoup, vraiment", "beaucoup, vraiment"),
            ("", ""),
        ] {
            assert_eq!(without_zeros(typed, false), kept, "{typed}");
        }
        assert_eq!(
            (without_zeros("120000,75", true), without_zeros("120000", true)),
            ("120000".into(), "120000".into())
        );
    }

    #[test]
    fn a_siret_regains_its_zero_where_its_last_digit_agrees() {
        assert_eq!(siret("622 011 990 0031"), ("06220119900031".into(), true));
        assert_eq!(siret("6220119900032"), ("6220119900032".into(), false));
        assert_eq!(siret("732 829 320 00074"), ("73282932000074".into(), false));
    }

    #[test]
    fn a_number_regains_its_zero_and_a_foreign_one_has_none() {
        for (medium, typed, whole) in [
            ("phone", "493000001", "0493000001"),
            ("phone", "4 93 00 00 01", "0493000001"),
            ("mobile", "06 00 00 00 00", "06 00 00 00 00"),
            ("phone", "+39 333 000", "+39 333 000"),
            ("email", "a@b.example", "a@b.example"),
        ] {
            assert_eq!(reached(medium, typed), Ok(whole.to_owned()), "{typed}");
        }
        for (medium, typed) in [("phone", "appelez-nous"), ("email", "a@b"), ("phone", "12345678")] {
            assert_eq!(reached(medium, typed).unwrap_err().len(), 1, "{typed}");
        }
    }

    #[test]
    fn what_stands_side_by_side_is_taken_apart() {
        assert_eq!(pieces("04 / 05; 06 ou 07,,\n08").collect::<Vec<_>>(), ["04", "05", "06", "07", "08"]);
        assert_eq!(in_one_line("  La\u{a0}Fabrique\n à  Neuf "), "La Fabrique à Neuf");
    }

    #[test]
    fn activities_of_before_2008_have_three_digits() {
        for old in ["74.8B", "748B"] {
            assert!(is_old_activity(old), "{old}");
        }
        for other in ["62.01Z", "748", "AB.CD", "7.4.8b", ""] {
            assert!(!is_old_activity(other), "{other}");
        }
    }
}
