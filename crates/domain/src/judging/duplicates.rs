//! A pair of two structures: are they one?

use super::row::Row;
use super::{Cells, Fault, Judged, Question, What};
use crate::duplicate::{Ground, Rarity, Traits, Verdict, compare};
use crate::structure::Structure;
use crate::{Draft, List, Problem, Problems, Rules, Why};

/// Judges whether the two structures of a row are one. `of_row` reads a row of a file as a form would have it: by the name
/// of the file and the number of the line on which it begins.
///
/// # Errors
/// The first cell that cannot be read.
pub fn duplicate_pair(
    cells: &Cells,
    rules: &Rules,
    mut of_row: impl FnMut(&str, u64) -> Result<Draft, String>,
) -> Result<Judged, Fault> {
    let row = Row(cells);
    let mut traits =
        |side: &str| -> Result<Traits, Fault> { Ok(Traits::of(&structure(row, side, rules, &mut of_row)?, rules)) };
    let (one, other) = (traits("a-")?, traits("b-")?);
    // The pairs of a file are no sample of what is known: only the built-in words are common here.
    let said = match compare(&one, &other, &Rarity::default()) {
        Verdict::Same(grounds) => (true, grounds.into_iter().map(Ground::key).collect::<Vec<_>>().join(", ")),
        Verdict::Different(obstacle) => (false, obstacle.key().to_owned()),
    };
    Judged::new(Question::Duplicates, &row, said)
}

fn structure(
    row: Row<'_>,
    side: &str,
    rules: &Rules,
    of_row: &mut impl FnMut(&str, u64) -> Result<Draft, String>,
) -> Result<Structure, Fault> {
    let column = |name: &str| format!("{side}{name}");
    let file = row.one(&column("file"));
    if file.is_empty() {
        return Fields { row, side }.structure(rules);
    }
    let at = column("row");
    let line: u64 = row.given(&at)?.parse().map_err(|_| row.fault(&at, What::Form(Why::NotANumber)))?;
    let draft = of_row(file, line).map_err(|why| row.fault(&at, What::NoRow(why)))?;
    let wrong = |problems: Problems| problems.iter().map(|one| format!("{}: {}", one.field, one.why.key())).collect();
    let said = |all: Vec<String>| row.fault(&at, What::NoRow(format!("is no structure ({})", all.join(", "))));
    Structure::raise(&draft, rules).map_err(|problems| said(wrong(problems)))
}

/// Columns that are a field of the form as they stand.
const PLAIN: [(&str, &str); 9] = [
    ("name", "name"),
    ("legal-name", "legal-name"),
    ("acronym", "acronym"),
    ("siret", "siret"),
    ("siren", "siren"),
    ("rna", "rna"),
    ("commune", "site-commune"),
    ("postcode", "site-postcode"),
    ("street", "site-street"),
];

/// A side of a pair that stands in the row itself.
struct Fields<'a> {
    row: Row<'a>,
    side: &'a str,
}

impl<'a> Fields<'a> {
    fn column(&self, name: &str) -> String {
        format!("{}{name}", self.side)
    }

    fn one(&self, name: &str) -> &'a str {
        self.row.one(&self.column(name))
    }

    /// What a form would make of it.
    fn structure(&self, rules: &Rules) -> Result<Structure, Fault> {
        self.row.given(&self.column("name"))?;
        let draft = self.draft(rules)?;
        Structure::raise(&draft, rules).map_err(|problems| {
            let problem = problems.into_iter().next().unwrap_or(Problem::new("name", Why::Missing));
            let column = self.column(blamed(&problem));
            self.row.of_form(&column, self.row.one(&column), &problem)
        })
    }

    fn draft(&self, rules: &Rules) -> Result<Draft, Fault> {
        let mut draft = Draft::default();
        for (column, field) in PLAIN {
            draft.add(field, self.one(column));
        }
        // Degrees without a commune are no place: a form would not take them either.
        if !self.one("commune").is_empty() || !self.one("postcode").is_empty() {
            draft.add("site-latitude", self.one("latitude"));
            draft.add("site-longitude", self.one("longitude"));
        }
        let (form, column) = (self.one("legal-form"), self.column("legal-form"));
        if !form.is_empty() {
            draft.add("legal-form", self.row.concept(&column, form, List::LegalForm, rules)?.notation());
        }
        for (column, medium) in [("phone", "phone"), ("email", "email"), ("web", "website")] {
            for value in self.row.all(&self.column(column)) {
                draft.add("contact-medium", medium);
                draft.add("contact-value", value);
            }
        }
        Ok(draft)
    }
}

/// The column that a problem of the form is about.
fn blamed(problem: &Problem) -> &'static str {
    match (problem.field, problem.why) {
        (_, Why::NotAPoint) => "latitude",
        ("sites", _) => "commune",
        ("contacts", Why::NotAPhone) => "phone",
        ("contacts", Why::NotAnEmail) => "email",
        ("contacts", _) => "web",
        (field, _) => field,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::thesaurus::tests::small;

    fn pair(cells: &[(&str, &str)]) -> Result<Judged, Fault> {
        let least =
            [("id", "d1"), ("expected", "same"), ("a-name", "La Bobine à vapeur"), ("b-name", "La Bobine à vapeur")];
        let cells = least.iter().chain(cells).map(|(column, cell)| ((*column).to_owned(), (*cell).to_owned()));
        duplicate_pair(&cells.collect(), &Rules::new(small()), |file, line| match (file, line) {
            ("x.csv", 7) => Ok([("name".to_owned(), "La Bobine à vapeur".to_owned())].into_iter().collect()),
            _ => Err(format!("{file} has no line {line}")),
        })
    }

    #[test]
    fn two_sides_are_read_and_compared() {
        let same = pair(&[
            ("a-commune", "Laon"),
            ("b-commune", "02000 Laon"),
            ("a-phone", "03 53 01 00 00|0353010001"),
            ("b-phone", "0353010001"),
        ]);
        let same = same.unwrap();
        assert!(same.said && same.expected);
        assert_eq!(same.because, "same-name, same-commune, same-phone");
        let other = pair(&[("b-name", "Le Renard pêcheur"), ("expected", "different"), ("why", "two names")]).unwrap();
        assert_eq!(
            (other.said, other.expected, other.because.as_str(), other.why.as_str()),
            (false, false, "other-name", "two names")
        );
        let number = pair(&[("b-name", "Autre"), ("a-siret", "732 829 320 00074"), ("b-siren", "732829320")]).unwrap();
        assert_eq!(number.because, "same-siren");
    }

    #[test]
    fn a_side_may_stand_in_a_file() {
        let row = pair(&[("a-name", ""), ("a-file", "x.csv"), ("a-row", "7")]).unwrap();
        assert_eq!((row.said, row.because.as_str()), (true, "same-name"));
        let fault = pair(&[("b-file", "x.csv"), ("b-row", "8")]).unwrap_err();
        assert_eq!(fault.to_string(), "column b-row, “8”: x.csv has no line 8");
        assert_eq!(pair(&[("b-file", "x.csv"), ("b-row", "")]).unwrap_err().what, What::Missing);
        assert_eq!(pair(&[("b-file", "x.csv"), ("b-row", "x")]).unwrap_err().what, What::Form(Why::NotANumber));
    }

    #[test]
    fn what_cannot_be_read_is_told_with_its_column() {
        for (column, value, what) in [
            ("a-name", "", What::Missing),
            ("b-siren", "123", What::Form(Why::NotASiren)),
            ("a-siret", "123", What::Form(Why::NotASiret)),
            ("a-rna", "123", What::Form(Why::NotAnRna)),
            ("a-commune", "Atlantis", What::Form(Why::NotACommune)),
            ("b-phone", "12", What::Form(Why::NotAPhone)),
            ("b-email", "x", What::Form(Why::NotAnEmail)),
            ("b-web", "javascript:x", What::Form(Why::NotALink)),
            ("a-legal-form", "zzz", What::NoConcept(List::LegalForm)),
            ("expected", "yes", What::NoneOf(vec!["same", "different"])),
        ] {
            let fault = pair(&[(column, value)]).unwrap_err();
            assert_eq!((fault.column.as_str(), fault.value.as_str(), fault.what), (column, value, what));
        }
        let fault = pair(&[("a-commune", "Laon"), ("a-latitude", "95"), ("a-longitude", "3")]).unwrap_err();
        assert_eq!((fault.column.as_str(), fault.what), ("a-latitude", What::Form(Why::NotAPoint)));
        assert!(pair(&[("a-latitude", "49.5"), ("a-longitude", "3.6")]).is_ok(), "degrees alone say nothing");
    }
}
