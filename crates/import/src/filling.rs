//! Fills what is empty in a structure that stands, and nothing else: what somebody wrote stays, and what somebody emptied stays empty.

use crate::held::name_key;
use pes_domain::code::fold;
use pes_domain::{Draft, Gazetteer};
use pes_journal::sha256_hex;
use std::collections::BTreeSet;

/// What came of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Filled {
    /// The structure as it is now.
    pub(crate) draft: Draft,
    /// Whether anything was filled.
    pub(crate) is_changed: bool,
    /// Fields that have another value, which stays: the field, the file's value and the one that stands.
    pub(crate) kept: Vec<(String, String, String)>,
}

const CONTACT: [&str; 4] = ["contact-medium", "contact-value", "contact-note", "contact-audience"];
const SITE: [&str; 7] =
    ["site-label", "site-street", "site-postcode", "site-commune", "site-latitude", "site-longitude", "site-hours"];
/// Cells of a site that can be filled one by one; a point is both its numbers or none.
const CELLS: [&[&str]; 5] = [&["site-label"], &["site-street"], &["site-hours"], &["site-postcode"], &POINT];
const POINT: [&str; 2] = ["site-latitude", "site-longitude"];
/// Fields that follow from others, or that an import has no say in.
const NOT_FILLED: [&str; 4] = ["audience", "confirmed", "shows-acronym", "siren"];

/// Fills the empty fields of a structure from a row. `past` are the fields that had something when an import last saw it: where one is
/// empty now, somebody emptied it.
pub(crate) fn fill(gazetteer: &Gazetteer, held: &Draft, row: &Draft, past: Option<&BTreeSet<String>>) -> Filled {
    let was_emptied = |field: &str| past.is_some_and(|past| past.contains(field));
    let mut filled = Filled { draft: without_empty(held), ..Filled::default() };
    for (field, values) in row.fields() {
        let is_line = CONTACT.contains(&field) || SITE.contains(&field);
        if is_line || NOT_FILLED.contains(&field) || values.iter().all(String::is_empty) {
            continue;
        }
        if says_something(held, field) {
            filled.keep_other(field, &values.join(", "), &held.all(field).join(", "));
        } else if !was_emptied(field) {
            values.iter().for_each(|value| filled.draft.add(field, value));
            filled.is_changed = true;
        }
    }
    filled.fill_contacts(row, &was_emptied);
    filled.fill_site(gazetteer, row, &was_emptied);
    filled
}

/// The fields of a structure that say something: of contacts the media, of its first site the cells.
pub(crate) fn filled_fields(draft: &Draft) -> Vec<String> {
    let plain =
        draft.fields().map(|(field, _)| field).filter(|field| !CONTACT.contains(field) && !SITE.contains(field));
    let plain = plain.filter(|field| says_something(draft, field)).map(str::to_owned);
    let media = draft.all("contact-medium").iter().map(|medium| contact(medium));
    let cells = SITE.into_iter().filter(|cell| !draft.line(cell, 0).is_empty()).map(str::to_owned);
    plain.chain(media).chain(cells).collect()
}

/// The digest of a structure as a form would have it: the same as long as nobody changes it.
pub(crate) fn digest(draft: &Draft) -> String {
    let mut text = String::new();
    for (field, values) in draft.fields().filter(|(field, _)| says_something(draft, field)) {
        values.iter().for_each(|value| text.push_str(&format!("{field} {} {value}\n", value.len())));
    }
    sha256_hex(text.as_bytes())
}

/// A draft without the fields that say nothing; an empty cell of a line has its place.
fn without_empty(draft: &Draft) -> Draft {
    let is_line = |field: &str| CONTACT.contains(&field) || SITE.contains(&field);
    let kept = draft.fields().filter(|(field, _)| is_line(field) || says_something(draft, field));
    kept.flat_map(|(field, values)| values.iter().map(move |value| (field.to_owned(), value.clone()))).collect()
}

fn says_something(draft: &Draft, field: &str) -> bool {
    draft.all(field).iter().any(|value| !value.trim().is_empty())
}

fn contact(medium: &str) -> String {
    format!("contact:{medium}")
}

impl Filled {
    /// Notes that another value stands. The same words in another order, with other accents or capitals, are not another value.
    fn keep_other(&mut self, field: &str, row: &str, held: &str) {
        let words = |text: &str| match field {
            "name" | "legal-name" => BTreeSet::from([name_key(text)]),
            _ => text.split(", ").map(fold).collect::<BTreeSet<_>>(),
        };
        if !words(row).is_subset(&words(held)) {
            self.kept.push((field.to_owned(), row.to_owned(), held.to_owned()));
        }
    }

    /// A number or address of each medium of which there is none.
    fn fill_contacts(&mut self, row: &Draft, was_emptied: &dyn Fn(&str) -> bool) {
        let held: Vec<(String, String)> = contacts(&self.draft).collect();
        for (at, (medium, value)) in contacts(row).enumerate() {
            let same: Vec<&str> =
                held.iter().filter(|(own, _)| *own == medium).map(|(_, value)| value.as_str()).collect();
            if same.is_empty() && !was_emptied(&contact(&medium)) {
                CONTACT.iter().for_each(|column| self.draft.add(*column, row.line(column, at)));
                self.is_changed = true;
            } else if !same.is_empty() && !same.contains(&value.as_str()) {
                self.keep_other(&contact(&medium), &value, &same.join(", "));
            }
        }
    }

    /// The empty cells of the site in the same commune; a site where there is none at all.
    fn fill_site(&mut self, gazetteer: &Gazetteer, row: &Draft, was_emptied: &dyn Fn(&str) -> bool) {
        if SITE.iter().all(|cell| row.line(cell, 0).is_empty()) {
            return;
        }
        let count = SITE.iter().map(|cell| self.draft.all(cell).len()).max().unwrap_or_default();
        let commune = row.line("site-commune", 0);
        if count == 0 {
            if !SITE.iter().any(|cell| was_emptied(cell)) {
                SITE.iter().for_each(|cell| self.draft.add(*cell, row.line(cell, 0)));
                self.is_changed = true;
            }
            return;
        }
        let same =
            (0..count).find(|at| self.draft.line("site-commune", *at) == commune || (commune.is_empty() && count == 1));
        match same {
            Some(at) => self.fill_cells(gazetteer, row, at, was_emptied),
            None => self.keep_other("site-commune", commune, self.draft.line("site-commune", 0).to_owned().as_str()),
        }
    }

    fn fill_cells(&mut self, gazetteer: &Gazetteer, row: &Draft, at: usize, was_emptied: &dyn Fn(&str) -> bool) {
        // The middle of a commune is what is shown where nobody said more.
        let is_middle = self.draft.line("site-latitude", at) == middle(gazetteer, self.draft.line("site-commune", at));
        let free = |draft: &Draft, cell: &&str| match POINT.contains(cell) && is_middle {
            true => true,
            false => draft.line(cell, at).is_empty() && !(at == 0 && was_emptied(cell)),
        };
        for cells in CELLS {
            let is_news = cells.iter().any(|cell| ![self.draft.line(cell, at), ""].contains(&row.line(cell, 0)));
            if is_news && cells.iter().all(|cell| free(&self.draft, cell)) {
                cells.iter().for_each(|cell| self.draft = with_line(&self.draft, cell, at, row.line(cell, 0)));
                self.is_changed = true;
            }
        }
    }
}

/// The latitude of the middle of a commune, as a form has it; empty where nobody knows it.
fn middle(gazetteer: &Gazetteer, commune: &str) -> String {
    let known = gazetteer.find(commune).first().and_then(|commune| commune.point);
    known.map_or_else(String::new, |point| point.latitude.to_string())
}

fn contacts(draft: &Draft) -> impl Iterator<Item = (String, String)> {
    let pairs = draft.all("contact-medium").iter().zip(draft.all("contact-value"));
    pairs.map(|(medium, value)| (medium.clone(), value.clone()))
}

/// A draft with another value in line `at` of a field.
fn with_line(draft: &Draft, field: &str, at: usize, value: &str) -> Draft {
    let put = |name: &str, number: usize, old: &String| {
        if name == field && number == at { value.to_owned() } else { old.clone() }
    };
    let pairs = draft.fields().flat_map(|(name, values)| {
        values.iter().enumerate().map(move |(number, old)| (name.to_owned(), put(name, number, old)))
    });
    pairs.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(held: &Draft, row: &Draft, past: Option<&BTreeSet<String>>) -> Filled {
        super::fill(Gazetteer::embedded(), held, row, past)
    }

    fn draft(fields: &[(&str, &str)]) -> Draft {
        fields.iter().map(|(field, value)| ((*field).to_owned(), (*value).to_owned())).collect()
    }

    fn contact_line(medium: &'static str, value: &'static str) -> [(&'static str, &'static str); 4] {
        [("contact-medium", medium), ("contact-value", value), ("contact-note", ""), ("contact-audience", "network")]
    }

    fn site<'a>(street: &'a str, commune: &'a str, latitude: &'a str) -> Vec<(&'a str, &'a str)> {
        let longitude = if latitude.is_empty() { "" } else { "7" };
        vec![
            ("site-label", ""),
            ("site-street", street),
            ("site-postcode", ""),
            ("site-commune", commune),
            ("site-latitude", latitude),
            ("site-longitude", longitude),
            ("site-hours", ""),
        ]
    }

    #[test]
    fn what_is_empty_is_filled_and_nothing_is_overwritten() {
        let held =
            draft(&[("name", "La Fabrique"), ("tagline", ""), ("web", "https://a.example/"), ("audience", "network")]);
        let row = draft(&[
            ("name", "LA FABRIQUE-"),
            ("tagline", "Réparer"),
            ("web", "https://b.example/"),
            ("audience", "public"),
            ("tags", "velo"),
        ]);
        let filled = fill(&held, &row, None);
        assert!(filled.is_changed);
        assert_eq!(
            (filled.draft.text("tagline").as_deref(), filled.draft.one("tags"), filled.draft.one("audience")),
            (Some("Réparer"), "velo", "network")
        );
        assert_eq!(filled.draft.one("name"), "La Fabrique");
        let kept = ("web".to_owned(), "https://b.example/".to_owned(), "https://a.example/".to_owned());
        assert_eq!(filled.kept, [kept], "the name differs by capitals and signs alone");
        let again = fill(&filled.draft, &row, None);
        assert!(!again.is_changed && again.draft == filled.draft);
    }

    #[test]
    fn what_somebody_emptied_stays_empty() {
        let row = draft(&[("tagline", "Réparer"), ("acronym", "LF")]);
        let past: BTreeSet<String> =
            filled_fields(&draft(&[("tagline", "Réparer"), ("name", "x")])).into_iter().collect();
        let filled = fill(&draft(&[("name", "x")]), &row, Some(&past));
        assert_eq!((filled.draft.one("tagline"), filled.draft.one("acronym")), ("", "LF"));
    }

    #[test]
    fn a_contact_is_added_where_there_is_none_of_its_medium() {
        let held = draft(&contact_line("phone", "+33491000000"));
        let row: Vec<_> = [contact_line("phone", "+33491000001"), contact_line("email", "a@b.example")].concat();
        let filled = fill(&held, &draft(&row), None);
        assert_eq!(filled.draft.all("contact-value"), ["+33491000000", "a@b.example"]);
        assert_eq!(filled.draft.all("contact-audience").len(), 2);
        assert_eq!(filled.kept[0].0, "contact:phone");
        let past: BTreeSet<String> = filled_fields(&filled.draft).into_iter().collect();
        assert!(past.contains("contact:email"));
        assert!(!fill(&held, &draft(&row), Some(&past)).is_changed, "the mail address was taken away by somebody");
    }

    #[test]
    fn a_site_is_filled_in_the_same_commune_and_never_moved() {
        let held = draft(&[site("", "Nice (06088)", ""), site("2 quai", "Toulon (83137)", "")].concat());
        let there = fill(&held, &draft(&site("1 rue", "Nice (06088)", "43.7")), None);
        assert_eq!(there.draft.all("site-street"), ["1 rue", "2 quai"]);
        assert_eq!((there.draft.line("site-latitude", 0), there.draft.line("site-longitude", 0)), ("43.7", "7"));
        let other = fill(&there.draft, &draft(&site("9 rue", "Nice (06088)", "43.8")), None);
        assert!(!other.is_changed, "{other:?}");
        let elsewhere = fill(&held, &draft(&site("1 rue", "Grasse (06069)", "")), None);
        assert!(!elsewhere.is_changed);
        assert_eq!(elsewhere.kept, [("site-commune".into(), "Grasse (06069)".into(), "Nice (06088)".into())]);
    }

    #[test]
    fn the_middle_of_a_commune_gives_way_to_a_point_that_somebody_knows() {
        let nice = Gazetteer::embedded().commune("06088").unwrap().point.unwrap().latitude.to_string();
        let middle = draft(&site("1 rue", "Nice (06088)", &nice));
        let known = draft(&site("", "Nice (06088)", "43.71"));
        assert_eq!(fill(&middle, &known, None).draft.line("site-latitude", 0), "43.71");
        assert!(!fill(&known, &middle, None).draft.all("site-latitude").contains(&nice));
        assert!(!fill(&middle, &middle, None).is_changed);
    }

    #[test]
    fn a_site_is_made_where_there_is_none() {
        let row = draft(&site("1 rue", "Nice (06088)", ""));
        let made = fill(&draft(&[("name", "x")]), &row, None);
        assert_eq!((made.draft.line("site-street", 0), made.draft.line("site-commune", 0)), ("1 rue", "Nice (06088)"));
        let past: BTreeSet<String> = filled_fields(&made.draft).into_iter().collect();
        assert!(!fill(&draft(&[("name", "x")]), &row, Some(&past)).is_changed, "somebody took the site away");
    }

    #[test]
    fn a_digest_knows_every_change_and_no_empty_field() {
        let one = draft(&[("name", "x"), ("tagline", "")]);
        assert_eq!(digest(&one), digest(&draft(&[("name", "x")])));
        for other in
            [draft(&[("name", "y")]), draft(&[("name", "x"), ("tags", "a")]), draft(&[("name", "x"), ("name", "x")])]
        {
            assert_ne!(digest(&one), digest(&other));
        }
    }
}
