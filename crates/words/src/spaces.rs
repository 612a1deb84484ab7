//! The spaces that French typography asks for, and at which no line is broken: authors type plain ones, readers get the right ones.
//!
//! Only what the catalogue itself says is spaced so: what people typed, addresses and code come through gaps, and stay as they are.

/// Before `;`, `!`, `?` and inside quotation marks.
const NARROW: char = '\u{202f}';
/// Before `:`, and between a number and its unit.
const WHOLE: char = '\u{a0}';
/// Units that stand behind a number.
const UNITS: [&str; 6] = ["km", "ko", "Mo", "Go", "€", "%"];

/// A file of the catalogue, as its readers are to see it.
pub(crate) fn spaced(file: &str) -> String {
    let mut spaced = String::with_capacity(file.len());
    for line in file.split_inclusive('\n') {
        match line.starts_with('#') {
            true => spaced.push_str(line),
            false => space(line, &mut spaced),
        }
    }
    spaced
}

fn space(line: &str, spaced: &mut String) {
    let mut before = None;
    for (at, sign) in line.char_indices() {
        let written = match (sign, before) {
            (' ', Some(before)) => between(before, &line[at + 1..]),
            _ => sign,
        };
        spaced.push(written);
        before = Some(sign);
    }
}

/// The space between a sign and what follows. Behind `=` and `]` a sentence begins: that space is the catalogue's own, as those at the beginning of a
/// line are.
fn between(before: char, rest: &str) -> char {
    let mut following = rest.chars();
    let (next, after) = (following.next(), following.next());
    match next {
        _ if matches!(before, '=' | ']') || before.is_whitespace() => ' ',
        _ if before == '«' => NARROW,
        Some(';' | '!' | '?' | '»') => NARROW,
        // Neither a time nor an address.
        Some(':') if after.is_none_or(|sign| !sign.is_ascii_digit() && sign != '/') => WHOLE,
        // A gap may hold a number.
        _ if (before.is_ascii_digit() || before == '}') && begins_with_unit(rest) => WHOLE,
        _ => ' ',
    }
}

fn begins_with_unit(rest: &str) -> bool {
    let is_one = |unit| rest.strip_prefix(unit).is_some_and(|rest: &str| !rest.starts_with(char::is_alphanumeric));
    UNITS.into_iter().any(is_one)
}

#[cfg(test)]
mod tests {
    use super::spaced;

    #[test]
    fn punctuation_and_units_keep_with_their_words() {
        for (typed, read) in [
            ("a = Vraiment ? Oui !", "a = Vraiment\u{202f}? Oui\u{202f}!"),
            ("a = Ici ; là : « Nice »", "a = Ici\u{202f}; là\u{a0}: «\u{202f}Nice\u{202f}»"),
            ("a = La fiche de « { $title } » :", "a = La fiche de «\u{202f}{ $title }\u{202f}»\u{a0}:"),
            ("a = à { $km } km, 5 Mo, 20 % et 12 €", "a = à { $km }\u{a0}km, 5\u{a0}Mo, 20\u{a0}% et 12\u{a0}€"),
            ("    [one] { $count } fiche ?", "    [one] { $count } fiche\u{202f}?"),
        ] {
            assert_eq!(spaced(typed), read);
        }
    }

    #[test]
    fn what_is_no_punctuation_stays() {
        for line in [
            "# Un commentaire : « a » ?\n",
            "a = 18:30, https://exemple.fr/?a=b, deux { $limit } mots, 5 m et 3 kmh",
            "a = : au début\n    ; d’une ligne",
            "a = { $count ->\n    [one] ! rien\n   *[other] x\n}",
            "a = le port :8080 et l’adresse ://x",
        ] {
            assert_eq!(spaced(line), line);
        }
    }
}
