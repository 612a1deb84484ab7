//! Where a structure is, of what an old file says: postcodes that lost their zero, communes as people write them, points.
//!
//! Nothing is guessed: a commune is found by its name and what tells it from others of that name, or it is not found.

use pes_domain::code::fold;
use pes_domain::gazetteer::Commune;
use pes_domain::place::{Area, AreaKind, Point};
use pes_domain::{Gazetteer, Why};

/// A postcode as it was meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Postcode {
    /// As it stands.
    Whole(String),
    /// With the zero that a spreadsheet dropped.
    Regained(String),
    /// None.
    Impossible,
}

impl Postcode {
    /// Reads a postcode.
    pub(crate) fn read(typed: &str) -> Self {
        let digits: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
        let digits = digits.strip_prefix("F-").unwrap_or(&digits);
        let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
        match digits.len() {
            5 if is_number && is_of_a_department(digits) => Self::Whole(digits.to_owned()),
            4 if is_number && !digits.starts_with('0') => Self::Regained(format!("0{digits}")),
            _ => Self::Impossible,
        }
    }

    /// The five digits, where there are.
    pub(crate) fn digits(&self) -> Option<&str> {
        match self {
            Self::Whole(digits) | Self::Regained(digits) => Some(digits),
            Self::Impossible => None,
        }
    }
}

/// Whether a postcode begins with the number of a department or a territory.
fn is_of_a_department(digits: &str) -> bool {
    matches!(digits[..2].parse(), Ok(1..=95_u8 | 97 | 98))
}

/// The departments that a postcode may be of; those of Corsica share one beginning.
fn departments(postcode: &str) -> Vec<&str> {
    match &postcode[..2] {
        "20" => vec!["2A", "2B"],
        "97" | "98" => vec![&postcode[..3]],
        two => vec![two],
    }
}

/// A commune that was found.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Found<'a> {
    pub(crate) commune: &'a Commune,
    pub(crate) by: By,
}

/// What found it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    /// Name and postcode agree, or one of them is all there is.
    Both,
    /// The postcode, and what is like the name, if anything: no commune is called exactly so.
    Postcode,
    /// The name alone: the postcode is of another department.
    Name,
}

/// Finds the commune of an address. Either may be empty, not both.
pub(crate) fn commune<'a>(gazetteer: &'a Gazetteer, postcode: &str, city: &str) -> Result<Found<'a>, Why> {
    let found = |by: By| move |commune: &'a Commune| Found { commune, by };
    let city = without_cedex(city);
    if postcode.is_empty() {
        return only(gazetteer.find(&city)).map(found(By::Both));
    }
    if city.is_empty() {
        return only(gazetteer.find(postcode)).map(found(By::Both));
    }
    let numbers = std::iter::once(postcode).chain(departments(postcode));
    let agreeing = numbers.map(|number| gazetteer.find(&format!("{number} {city}")));
    if let Some(one) = agreeing.filter(|found| found.len() == 1).flatten().next() {
        return Ok(found(By::Both)(one));
    }
    match only(gazetteer.find(&city)) {
        Ok(one) => Ok(found(if is_of(one, postcode) { By::Both } else { By::Name })(one)),
        Err(why) => {
            let with_postcode = gazetteer.find(postcode);
            let alone = only(with_postcode.clone()).or_else(|_| only(alike(&with_postcode, &city, true)));
            let there = departments(postcode)
                .into_iter()
                .flat_map(|code| gazetteer.communes_of(&Area::new(AreaKind::Department, code)).collect::<Vec<_>>());
            let one = alone.or_else(|_| only(alike(&there.collect::<Vec<_>>(), &city, false)));
            one.map(found(By::Postcode)).map_err(|_| why)
        }
    }
}

/// Communes whose name begins like what was typed and has all its words; or, where `both_ways`, of whose name it has all.
fn alike<'a>(communes: &[&'a Commune], city: &str, both_ways: bool) -> Vec<&'a Commune> {
    let typed = words(city);
    let is_like = |commune: &&&Commune| {
        let name = words(&commune.name);
        let has_all = |these: &[String], those: &[String]| these.iter().all(|word| those.contains(word));
        name.first() == typed.first() && (has_all(&typed, &name) || both_ways && has_all(&name, &typed))
    };
    communes.iter().filter(is_like).copied().collect()
}

/// The words of a name that tell it from others.
fn words(name: &str) -> Vec<String> {
    const SMALL: [&str; 16] =
        ["le", "la", "les", "l", "de", "du", "des", "d", "sur", "sous", "en", "et", "a", "au", "aux", "lez"];
    let folded = fold(name);
    let all = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty() && !SMALL.contains(word));
    let spelt = all.map(|word| match word {
        "saint" => "st",
        "sainte" => "ste",
        other => other,
    });
    spelt.map(str::to_owned).collect()
}

/// Whether a commune lies in the department of a postcode.
fn is_of(commune: &Commune, postcode: &str) -> bool {
    departments(postcode).contains(&commune.department.as_str())
}

fn only(found: Vec<&Commune>) -> Result<&Commune, Why> {
    match found.as_slice() {
        [one] => Ok(one),
        [] => Err(Why::NotACommune),
        _ => Err(Why::SeveralCommunes),
    }
}

/// A town as the post office writes it, without its CEDEX and what follows.
fn without_cedex(city: &str) -> String {
    let words: Vec<&str> = city.split_whitespace().collect();
    let at = words.iter().position(|word| fold(word) == "cedex").filter(|at| *at > 0);
    words[..at.unwrap_or(words.len())].join(" ")
}

/// An address in one cell: street, postcode and town.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Line<'a> {
    pub(crate) street: &'a str,
    pub(crate) postcode: &'a str,
    pub(crate) city: &'a str,
}

/// Takes an address in one cell apart, at the last number that is a postcode; one that lost its zero only where a commune follows.
pub(crate) fn take_apart<'a>(gazetteer: &Gazetteer, cell: &'a str) -> Line<'a> {
    let tidy = |part: &'a str| part.trim_matches(|c: char| c.is_whitespace() || ",;-".contains(c));
    let mut short = None;
    for (at, word) in words_with_places(cell).into_iter().rev() {
        let line = Line { street: tidy(&cell[..at]), postcode: word, city: tidy(&cell[at + word.len()..]) };
        match Postcode::read(word) {
            Postcode::Whole(_) if !line.city.is_empty() || line.street.is_empty() => return line,
            Postcode::Regained(digits)
                if short.is_none()
                    && commune(gazetteer, &digits, line.city).is_ok_and(|found| found.by == By::Both) =>
            {
                short = Some(line);
            }
            _ => {}
        }
    }
    let is_town = !gazetteer.find(&without_cedex(cell)).is_empty();
    let whole = tidy(cell);
    let line = if is_town {
        Line { street: "", postcode: "", city: whole }
    } else {
        Line { street: whole, postcode: "", city: "" }
    };
    short.unwrap_or(line)
}

fn words_with_places(text: &str) -> Vec<(usize, &str)> {
    let is_gap = |c: char| c.is_whitespace() || c == ',' || c == ';';
    let words = text.split(is_gap).filter(|word| !word.is_empty());
    words.map(|word| (word.as_ptr() as usize - text.as_ptr() as usize, word)).collect()
}

/// What is to be said of a point.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Placed {
    /// It is near its commune.
    Well,
    /// It lies in no part of France.
    OutsideFrance,
    /// It would lie near its commune if its numbers were exchanged.
    Turned,
    /// It lies so many kilometres from the middle of its commune.
    Far(u64),
}

/// How far a point may lie from the middle of its commune: the largest reach further than this only in Guyane.
const FAR_KM: f64 = 60.0;
const FAR_IN_GUYANE_KM: f64 = 300.0;

/// Judges a point by the commune it is said to lie in.
pub(crate) fn judge(point: &Point, commune: &Commune) -> Placed {
    let Some(middle) = commune.point else {
        return if is_in_france(point) { Placed::Well } else { Placed::OutsideFrance };
    };
    let limit = if commune.department == "973" { FAR_IN_GUYANE_KM } else { FAR_KM };
    let km = point.distance_km(&middle);
    let turned = Point::new(point.longitude, point.latitude);
    match () {
        () if km <= limit => Placed::Well,
        () if turned.is_some_and(|turned| turned.distance_km(&middle) <= limit) => Placed::Turned,
        () if !is_in_france(point) => Placed::OutsideFrance,
        // Kilometres on Earth are few.
        () => Placed::Far(km.round() as u64),
    }
}

/// West, south, east, north of each part of France, generously.
const PARTS: [[f64; 4]; 11] = [
    [-5.6, 41.2, 9.8, 51.3],
    [-63.4, 14.2, -60.6, 18.3],
    [-54.8, 1.9, -51.4, 6.0],
    [55.0, -21.6, 56.0, -20.7],
    [44.8, -13.2, 45.5, -12.4],
    [-56.8, 46.5, -55.9, 47.4],
    [162.8, -23.5, 169.1, -17.5],
    [-156.0, -29.0, -133.0, -6.5],
    [-179.0, -15.0, -175.5, -12.5],
    [39.5, -50.5, 78.0, -37.0],
    [-109.4, 10.1, -109.0, 10.5],
];

/// Whether a point may lie in France.
pub(crate) fn is_in_france(point: &Point) -> bool {
    let (x, y) = (point.longitude, point.latitude);
    PARTS.iter().any(|[west, south, east, north]| (west..=east).contains(&&x) && (south..=north).contains(&&y))
}

/// The commune whose middle is nearest to a point.
pub(crate) fn nearest<'a>(gazetteer: &'a Gazetteer, point: &Point) -> Option<&'a Commune> {
    let departments = gazetteer.areas(AreaKind::Department);
    let communes = departments.iter().flat_map(|(area, _)| gazetteer.communes_of(area));
    let away = communes.filter_map(|commune| Some((commune.point?.distance_km(point), commune)));
    away.min_by(|(one, _), (other, _)| one.total_cmp(other)).map(|(_, commune)| commune)
}

/// A number of degrees, with a point or a comma.
pub(crate) fn degrees(typed: &str) -> Option<f64> {
    typed.trim().trim_end_matches('°').replace(',', ".").parse().ok().filter(|number: &f64| number.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> &'static Gazetteer {
        Gazetteer::embedded()
    }

    fn code(postcode: &str, city: &str) -> Result<(String, By), Why> {
        commune(all(), postcode, city).map(|found| (found.commune.code.clone(), found.by))
    }

    fn is(commune: &str, by: By) -> Result<(String, By), Why> {
        Ok((commune.to_owned(), by))
    }

    #[test]
    fn a_postcode_regains_its_zero_and_an_impossible_one_is_none() {
        for (typed, read) in [
            ("6600", Postcode::Regained("06600".into())),
            ("06600", Postcode::Whole("06600".into())),
            (" 34 070 ", Postcode::Whole("34070".into())),
            ("F-75011", Postcode::Whole("75011".into())),
            ("97400", Postcode::Whole("97400".into())),
            ("1598753", Postcode::Impossible),
            ("00123", Postcode::Impossible),
            ("96000", Postcode::Impossible),
            ("0660", Postcode::Impossible),
            ("750", Postcode::Impossible),
            ("7501A", Postcode::Impossible),
            ("", Postcode::Impossible),
        ] {
            assert_eq!(Postcode::read(typed), read, "{typed}");
        }
        assert_eq!((Postcode::read("6600").digits(), Postcode::read("x").digits()), (Some("06600"), None));
    }

    #[test]
    fn a_commune_is_found_as_old_files_write_it() {
        for (postcode, city, found) in [
            ("06000", "NICE", is("06088", By::Both)),
            ("", "Nice", is("06088", By::Both)),
            ("06000", "", is("06088", By::Both)),
            ("04103", "MANOSQUE CEDEX", is("04112", By::Both)),
            ("06903", "Sophia Antipolis cedex 2", Err(Why::NotACommune)),
            ("75011", "PARIS 11", is("75111", By::Both)),
            ("20260", "CALVI", is("2B050", By::Both)),
            ("97400", "SAINT-DENIS", is("97411", By::Both)),
            ("93210", "Saint-Denis", is("93066", By::Both)),
            ("", "Saint-Denis", Err(Why::SeveralCommunes)),
            ("34725", "Saint-André-de-Sangonis", is("34239", By::Both)),
            ("75011", "Nice", is("06088", By::Name)),
            ("06000", "Nissa la Bella", is("06088", By::Postcode)),
            ("16190", "MONTMOREAU ST CYBARD", is("16230", By::Postcode)),
            ("44150", "ANCENIS", is("44003", By::Postcode)),
            ("44155", "ANCENIS CEDEX", is("44003", By::Postcode)),
            ("17170", "La grève sur le mignon", is("17182", By::Postcode)),
            ("71350", "VERDUN SUR LE DOUBS", Err(Why::NotACommune)),
            ("44150", "Saint", Err(Why::NotACommune)),
            ("", "Atlantis", Err(Why::NotACommune)),
        ] {
            assert_eq!(code(postcode, city), found, "{postcode} {city}");
        }
    }

    #[test]
    fn an_address_in_one_cell_is_taken_apart() {
        let line = |street, postcode, city| Line { street, postcode, city };
        for (cell, expected) in [
            ("84200 CARPENTRAS", line("", "84200", "CARPENTRAS")),
            ("7400 Le Teil", line("", "7400", "Le Teil")),
            (
                "12 rue des Lices, 13001 MARSEILLE 1ER ARRONDISSEMENT",
                line("12 rue des Lices", "13001", "MARSEILLE 1ER ARRONDISSEMENT"),
            ),
            ("1200 route de Grasse, 6600 Antibes", line("1200 route de Grasse", "6600", "Antibes")),
            ("1200 route de Grasse - 06600 Antibes", line("1200 route de Grasse", "06600", "Antibes")),
            ("1200 route de Grasse", line("1200 route de Grasse", "", "")),
            ("Le Teil", line("", "", "Le Teil")),
            ("84200", line("", "84200", "")),
            ("Lieu-dit Le Pault", line("Lieu-dit Le Pault", "", "")),
        ] {
            assert_eq!(take_apart(all(), cell), expected, "{cell}");
        }
    }

    #[test]
    fn points_are_judged_by_their_commune() {
        let at = |code: &str, latitude: f64, longitude: f64| {
            judge(&Point::new(latitude, longitude).unwrap(), all().commune(code).unwrap())
        };
        assert_eq!(at("06088", 43.7, 7.25), Placed::Well);
        assert_eq!(at("06088", 7.25, 43.7), Placed::Turned);
        assert_eq!(at("06088", 52.5, 13.4), Placed::OutsideFrance);
        assert!(matches!(at("06088", 48.85, 2.35), Placed::Far(km) if (600..800).contains(&km)));
        assert_eq!(at("97411", -20.88, 55.45), Placed::Well);
        assert_eq!(at("97353", 3.6, -54.0), Placed::Well, "Maripasoula is as large as a region");
    }

    #[test]
    fn every_commune_lies_in_france() {
        let departments = all().areas(AreaKind::Department);
        for commune in departments.iter().flat_map(|(area, _)| all().communes_of(area)) {
            assert!(commune.point.is_none_or(|point| is_in_france(&point)), "{commune:?}");
        }
    }

    #[test]
    fn the_nearest_commune_is_told() {
        let nice = Point::new(43.7, 7.25).unwrap();
        assert_eq!(nearest(all(), &nice).unwrap().code, "06088");
        for (typed, read) in [("43,7", Some(43.7)), (" -0.5° ", Some(-0.5)), ("", None), ("4°30'", None), ("NaN", None)]
        {
            assert_eq!(degrees(typed), read, "{typed}");
        }
    }
}
