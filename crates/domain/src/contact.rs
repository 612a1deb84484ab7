//! Ways to reach a structure or a person, each with an audience of its own.

use crate::draft::choice;
use crate::iri::WebLink;
use crate::problem::{few, optional_line, required};
use crate::{Audience, Code, Draft, List, Problem, Problems, Rules, Why};
use serde::{Deserialize, Serialize};

/// A way to reach somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// What tells it from the others of its record: the fragment of its IRI, such as `contact-1`.
    pub fragment: String,
    /// How: a code of `contact-medium`.
    pub medium: Code,
    /// Number, address or link, normalised.
    pub value: String,
    /// When, or for what: "le matin", "standard".
    pub note: Option<String>,
    /// For whom. Network unless somebody ticked more.
    pub audience: Audience,
}

/// How many ways to reach somebody one record may tell.
const CONTACTS: usize = 20;

/// Makes contacts of what was typed, line by line; a line without a value is passed over.
///
/// # Errors
/// The first thing that is wrong with them.
pub fn raise(draft: &Draft, fallback: Audience) -> Result<Vec<Contact>, Problem> {
    let lines = 0..draft.all("contact-value").len();
    let filled: Vec<usize> = lines.filter(|at| !draft.line("contact-value", *at).is_empty()).collect();
    few("contacts", filled.len(), CONTACTS)?;
    let contact = |(number, at): (usize, usize)| {
        let medium = Code::new(List::ContactMedium, draft.line("contact-medium", at));
        let value = normalise(&medium, draft.line("contact-value", at))?;
        let note = Some(draft.line("contact-note", at).to_owned()).filter(|note| !note.is_empty());
        let audience = choice("contacts", draft.line("contact-audience", at), Audience::named)?.unwrap_or(fallback);
        Ok(Contact { fragment: format!("contact-{}", number + 1), medium, value, note, audience })
    };
    filled.into_iter().enumerate().map(contact).collect()
}

/// Writes contacts back into a draft.
pub fn lower(contacts: &[Contact], draft: &mut Draft) {
    for contact in contacts {
        draft.add("contact-medium", contact.medium.notation());
        draft.add("contact-value", &contact.value);
        draft.add("contact-note", contact.note.as_deref().unwrap_or_default());
        draft.add("contact-audience", contact.audience.as_str());
    }
}

/// The first mail address among ways to reach somebody, whomever it is shown to.
pub fn address(contacts: &[Contact]) -> Option<&str> {
    contacts.iter().find(|contact| contact.medium.notation() == "email").map(|contact| contact.value.as_str())
}

/// Checks the contacts of a record, typed here or come from afar.
pub fn check(contacts: &[Contact], rules: &Rules) -> Problems {
    let many = few("contacts", contacts.len(), CONTACTS).err();
    let twice =
        contacts.iter().enumerate().any(|(at, one)| contacts[..at].iter().any(|other| other.fragment == one.fragment));
    let twice = twice.then(|| Problem::new("contacts", Why::NotInList));
    many.into_iter().chain(twice).chain(contacts.iter().flat_map(|contact| contact.check(rules))).collect()
}

impl Contact {
    fn check(&self, rules: &Rules) -> Problems {
        let checks = [
            required("contacts", &self.value, 500),
            optional_line("contacts", self.note.as_deref(), 200),
            rules.code("contacts", &self.medium, List::ContactMedium),
            normalise(&self.medium, &self.value).map(drop),
        ];
        checks.into_iter().filter_map(Result::err).collect()
    }
}

/// The one spelling of a number, address or link.
fn normalise(medium: &Code, typed: &str) -> Result<String, Problem> {
    match medium.notation() {
        "phone" | "mobile" | "fax" => phone(typed),
        "email" => email("contacts", typed),
        "skype" | "matrix" | "signal" | "telegram" | "whatsapp" => Ok(typed.trim().to_owned()),
        _ if typed.trim().starts_with('@') => Ok(typed.trim().to_owned()),
        _ => Ok(WebLink::read("contacts", typed)?.as_str().to_owned()),
    }
}

/// A telephone number in the international form of ITU-T E.164: `+33412345678`. A French one may be typed with
/// its ten digits; a foreign one, and one of an overseas department, by `+` or `00` and the country's code.
fn phone(typed: &str) -> Result<String, Problem> {
    let problem = Problem::new("contacts", Why::NotAPhone);
    let plain = typed.trim().replace("(0)", "");
    if plain.chars().any(|c| !(c.is_ascii_digit() || c.is_whitespace() || "+.-/()\u{2011}".contains(c))) {
        return Err(problem);
    }
    let abroad = plain.starts_with('+');
    let digits: String = plain.chars().filter(char::is_ascii_digit).collect();
    let number = match (abroad, digits.strip_prefix("00")) {
        (true, _) => digits,
        (false, Some(rest)) => rest.to_owned(),
        (false, None) if digits.len() == 10 && digits.starts_with('0') => format!("33{}", &digits[1..]),
        // Short numbers, such as 3949 or 115, have no international form.
        (false, None) if (3..=4).contains(&digits.len()) => return Ok(digits),
        (false, None) => return Err(problem),
    };
    let french_length = number.strip_prefix("33").is_none_or(|rest| rest.len() == 9);
    let fits = (8..=15).contains(&number.len()) && !number.starts_with('0') && french_length;
    if fits || (number.len() <= 4 && number == plain) { Ok(format!("+{number}")) } else { Err(problem) }
}

/// An e-mail address, its domain in lower case. Whether it exists is found out by writing to it.
///
/// # Errors
/// [`Why::NotAnEmail`].
pub fn email(field: &'static str, typed: &str) -> Result<String, Problem> {
    let typed = typed.trim().trim_start_matches("mailto:");
    let problem = || Problem::new(field, Why::NotAnEmail);
    let (local, domain) = typed.rsplit_once('@').ok_or_else(problem)?;
    let domain = domain.to_lowercase();
    let word =
        |part: &str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c));
    let label = |part: &str| {
        !part.is_empty()
            && !part.starts_with('-')
            && !part.ends_with('-')
            && part.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    let fits = typed.len() <= 254
        && (1..=64).contains(&local.len())
        && local.split('.').all(word)
        && domain.contains('.')
        && domain.split('.').all(label);
    if fits { Ok(format!("{local}@{domain}")) } else { Err(problem()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Thesaurus;
    use crate::thesaurus::Concept;

    fn typed(medium: &str, value: &str, audience: &str) -> Draft {
        let fields = [("contact-medium", medium), ("contact-value", value), ("contact-audience", audience)];
        fields.map(|(field, value)| (field.to_owned(), value.to_owned())).into_iter().collect()
    }

    fn one(medium: &str, value: &str) -> Contact {
        raise(&typed(medium, value, ""), Audience::Network).unwrap().remove(0)
    }

    fn media() -> Rules {
        let concept = |notation: &str| Concept {
            code: Code::new(List::ContactMedium, notation),
            label: notation.into(),
            label_en: notation.into(),
            alternatives: vec![],
            broader: None,
            applies_to: vec![],
        };
        Rules::new(Thesaurus::new(vec![concept("phone"), concept("email"), concept("website"), concept("mastodon")]))
    }

    #[test]
    fn phones_are_french_foreign_or_short() {
        for (typed, kept) in [
            ("04 91 00 00 00", "+33491000000"),
            ("04.91.00.00.00", "+33491000000"),
            ("+33 (0)4 91 00 00 00", "+33491000000"),
            ("0033491000000", "+33491000000"),
            ("+262 262 00 00 00", "+262262000000"),
            ("+39 010 000 0000", "+390100000000"),
            ("3949", "3949"),
            ("115", "115"),
        ] {
            assert_eq!(phone(typed).as_deref(), Ok(kept), "{typed}");
        }
        for bad in [
            "04 91 00 00",
            "491000000",
            "04 91 00 00 00 00",
            "+33 4 91 00 00",
            "voir site",
            "+1",
            "+0491000000",
            "+1234567890123456",
            "12",
            "",
        ] {
            assert_eq!(phone(bad), Err(Problem::new("contacts", Why::NotAPhone)), "{bad}");
        }
    }

    #[test]
    fn e_mails_have_two_parts_and_a_domain() {
        assert_eq!(email("e", " Marie.Dupont+pes@Exemple.FR ").unwrap(), "Marie.Dupont+pes@exemple.fr");
        assert_eq!(email("e", "mailto:contact@société.fr").unwrap(), "contact@société.fr");
        let long = format!("{}@exemple.fr", "a".repeat(65));
        for bad in [
            "",
            "a",
            "a@",
            "@b.fr",
            "a@b",
            "a@@b.fr",
            "a b@c.fr",
            "a@b..fr",
            ".a@b.fr",
            "a.@b.fr",
            "a@-b.fr",
            "a@b-.fr",
            "a@b.fr\nBcc: x@y.fr",
            &long,
        ] {
            assert_eq!(email("e", bad), Err(Problem::new("e", Why::NotAnEmail)), "{bad:?}");
        }
    }

    #[test]
    fn a_contact_is_for_the_network_unless_somebody_ticked_more() {
        let contact = one("phone", "0491000000");
        assert_eq!((contact.fragment.as_str(), contact.audience), ("contact-1", Audience::Network));
        let ticked = raise(&typed("phone", "0491000000", "public"), Audience::Network).unwrap();
        assert_eq!(ticked[0].audience, Audience::Public);
        let unknown = raise(&typed("phone", "0491000000", "everyone"), Audience::Network);
        assert_eq!(unknown, Err(Problem::new("contacts", Why::NotInList)), "nothing is guessed");
        let mut back = Draft::default();
        lower(&ticked, &mut back);
        assert_eq!(raise(&back, Audience::Private).unwrap(), ticked);
    }

    #[test]
    fn empty_lines_are_passed_over_and_the_rest_is_counted() {
        let mut lines = Draft::default();
        for value in ["", "0491000000", " ", "0491000001"] {
            lines.add("contact-medium", "phone");
            lines.add("contact-value", value);
        }
        let fragments: Vec<_> = raise(&lines, Audience::Network).unwrap().into_iter().map(|c| c.fragment).collect();
        assert_eq!(fragments, ["contact-1", "contact-2"]);
        (0..19).for_each(|_| lines.add("contact-value", "x"));
        assert_eq!(raise(&lines, Audience::Network), Err(Problem::new("contacts", Why::TooMany(CONTACTS))));
    }

    #[test]
    fn each_medium_has_its_form() {
        let value =
            |medium: &str, value: &str| raise(&typed(medium, value, ""), Audience::Network).map(|c| c[0].value.clone());
        assert_eq!(value("website", "exemple.fr").unwrap(), "https://exemple.fr/");
        assert_eq!(value("mastodon", "@pes@exemple.fr").unwrap(), "@pes@exemple.fr");
        assert_eq!(value("signal", " pes.01 ").unwrap(), "pes.01");
        assert!(value("website", "pas un lien").is_err());
        assert!(value("email", "pas une adresse").is_err());
    }

    #[test]
    fn what_comes_from_afar_is_held_to_the_same() {
        let good = one("phone", "0491000000");
        assert!(check(std::slice::from_ref(&good), &media()).is_empty());
        let whys = |contact: Contact| check(&[contact], &media()).into_iter().map(|p| p.why).collect::<Vec<_>>();
        assert_eq!(whys(Contact { value: "x".into(), ..good.clone() }), [Why::NotAPhone]);
        let pigeon = Code::new(List::ContactMedium, "pigeon");
        assert_eq!(whys(Contact { medium: pigeon, value: "exemple.fr".into(), ..good.clone() }), [Why::NotInList]);
        assert_eq!(whys(Contact { medium: Code::new(List::Skill, "phone"), ..good.clone() }), [Why::NotInList]);
        assert_eq!(whys(Contact { note: Some("x".repeat(201)), ..good.clone() }), [Why::TooLong(200)]);
        assert_eq!(check(&[good.clone(), good.clone()], &media()).len(), 1);
        let many: Vec<_> = (0..21).map(|n| Contact { fragment: format!("contact-{n}"), ..good.clone() }).collect();
        assert_eq!(check(&many, &media())[0].why, Why::TooMany(20));
    }
}
