//! Communes and territories of France, embedded, so that a place is found without the network.
//!
//! What the table holds, where it comes from and how far its points reach is told in `data/README.md`.

use crate::code::fold;
use crate::duplicate::distance;
use crate::place::{Area, AreaKind, Point};
use flate2::read::GzDecoder;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::Read as _;
use std::sync::OnceLock;

static COMMUNES: &[u8] = include_bytes!("../data/communes.tsv.gz");
static FORMER: &[u8] = include_bytes!("../data/former-communes.tsv.gz");
static TERRITORIES: &[u8] = include_bytes!("../data/territories.tsv.gz");

/// A commune, or an arrondissement of Paris, Lyon or Marseille.
#[derive(Debug, Clone, PartialEq)]
pub struct Commune {
    /// INSEE code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Postcodes.
    pub postcodes: Vec<String>,
    /// Department's number.
    pub department: String,
    /// Region's number.
    pub region: String,
    /// SIREN of the intercommunality, if there is one.
    pub epci: Option<String>,
    /// Inhabitants.
    pub population: u32,
    /// Its centre, if known.
    pub point: Option<Point>,
    /// Whether the centre was estimated from its surroundings.
    pub estimated: bool,
    /// For an arrondissement, its commune.
    pub parent: Option<String>,
}

impl Commune {
    /// What a form shows and sends back: name and INSEE code.
    pub fn to_form(&self) -> String {
        format!("{} ({})", self.name, self.code)
    }

    /// The same with its department, for those who choose between communes of one name; a form may send it back as it is.
    pub fn to_choice(&self, gazetteer: &Gazetteer) -> String {
        let department = Area::new(AreaKind::Department, &self.department);
        match gazetteer.area_name(&department) {
            Some(department) => format!("{}, {department} ({})", self.name, self.code),
            None => self.to_form(),
        }
    }

    /// The territories it lies in: itself, and for an arrondissement its commune, intercommunality, department, region.
    pub fn areas(&self) -> impl Iterator<Item = Area> {
        let communes = [Some(&self.code), self.parent.as_ref()].into_iter().flatten();
        let communes = communes.map(|code| Area::new(AreaKind::Commune, code));
        let epci = self.epci.iter().map(|code| Area::new(AreaKind::Epci, code));
        let wide = [Area::new(AreaKind::Department, &self.department), Area::new(AreaKind::Region, &self.region)];
        communes.chain(epci).chain(wide)
    }
}

/// All communes, by code, name, postcode and territory.
#[derive(Debug)]
pub struct Gazetteer {
    communes: Vec<Commune>,
    by_code: HashMap<String, usize>,
    /// Folded names, and former names, in alphabetical order for suggestions.
    by_name: BTreeMap<String, Vec<usize>>,
    by_postcode: HashMap<String, Vec<usize>>,
    by_area: HashMap<Area, Vec<usize>>,
    names: HashMap<Area, String>,
}

impl Gazetteer {
    /// The embedded table, read once.
    pub fn embedded() -> &'static Self {
        static TABLE: OnceLock<Gazetteer> = OnceLock::new();
        TABLE.get_or_init(|| Self::new(&unpack(COMMUNES), &unpack(FORMER), &unpack(TERRITORIES)))
    }

    /// A commune by its INSEE code.
    pub fn commune(&self, code: &str) -> Option<&Commune> {
        self.by_code.get(code).map(|at| &self.communes[*at])
    }

    /// The communes that somebody means by a name, a postcode, or both (`06000 Nice`, `Nice (06)`), or that a form
    /// sends back (`Nice (06088)`). Several where the words fit several; the largest first.
    ///
    /// Five digits alone are a postcode: that is what people type. INSEE codes look the same and mean other places.
    pub fn find(&self, typed: &str) -> Vec<&Commune> {
        let sent_back = typed.trim().strip_suffix(')').and_then(|rest| rest.rsplit_once('('));
        if let Some(commune) = sent_back.filter(|(_, code)| code.len() == 5).and_then(|(_, code)| self.commune(code)) {
            return vec![commune];
        }
        let (numbers, name) = split_typed(typed);
        let named = || self.by_name.get(&name).into_iter().flatten().copied();
        let mut found: Vec<usize> = match numbers.as_deref() {
            None => named().collect(),
            Some(number) if name.is_empty() => self.with_postcode(number),
            Some(number) => named().filter(|at| self.communes[*at].answers_to(number)).collect(),
        };
        if found.is_empty() {
            found.extend(arrondissement(typed).and_then(|name| self.by_name.get(&name)).into_iter().flatten());
        }
        found.sort_by_key(|at| std::cmp::Reverse(self.communes[*at].population));
        found.dedup();
        found.into_iter().map(|at| &self.communes[at]).collect()
    }

    /// At most `limit` communes that have the postcode, or whose name is or begins with what was typed: those that are called just so first, at
    /// most half where there are others; then the largest.
    pub fn suggest(&self, typed: &str, limit: usize) -> Vec<&Commune> {
        let exact = self.find(typed);
        let (numbers, name) = split_typed(typed);
        if name.is_empty() || (numbers.is_some() && !exact.is_empty()) {
            return exact.into_iter().take(limit).collect();
        }
        let beginning = self.by_name.range(name.clone()..).take_while(|(other, _)| other.starts_with(&name));
        let mut longer: Vec<usize> = beginning.flat_map(|(_, at)| at).copied().collect();
        longer.sort_by_key(|at| (std::cmp::Reverse(self.communes[*at].population), *at));
        longer.dedup();
        let mut longer: Vec<&Commune> = longer.into_iter().map(|at| &self.communes[at]).collect();
        longer.retain(|one| !exact.iter().any(|other| other.code == one.code));
        let first = limit.saturating_sub(longer.len()).max(limit.div_ceil(2));
        exact.into_iter().take(first).chain(longer).take(limit).collect()
    }

    /// The commune whose point is nearest to a point; of arrondissements and their town, the town.
    pub fn nearest(&self, point: Point) -> Option<&Commune> {
        let whole = self.communes.iter().filter(|commune| commune.parent.is_none());
        let apart = whole.filter_map(|commune| Some((commune.point?.distance_km(&point), commune)));
        apart.min_by(|(one, _), (other, _)| one.total_cmp(other)).map(|(_, commune)| commune)
    }

    /// The communes that somebody may have meant whose name has at most so many typing errors, none in its first letter: the nearest names first,
    /// of one name the largest.
    pub fn resembling(&self, typed: &str, errors: usize) -> Vec<&Commune> {
        let name = fold_name(typed);
        let Some(first) = name.get(..1).filter(|_| errors > 0) else { return Vec::new() };
        let alike = self.by_name.range(first.to_owned()..).take_while(|(other, _)| other.starts_with(first));
        let alike = alike.filter(|(other, _)| other.len().abs_diff(name.len()) <= errors);
        let near = alike.map(|(other, all)| (distance(name.as_bytes(), other.as_bytes()), all));
        let near = near.filter(|(distance, _)| (1..=errors).contains(distance));
        let mut found: Vec<(usize, usize)> =
            near.flat_map(|(distance, all)| all.iter().map(move |at| (distance, *at))).collect();
        found.sort_by_key(|(distance, at)| (*distance, std::cmp::Reverse(self.communes[*at].population), *at));
        found.into_iter().map(|(_, at)| &self.communes[at]).collect()
    }

    /// The intercommunality of a name, or of a name and its SIREN as a form sends it back (`… (200030195)`); none where several are called so.
    pub fn find_epci(&self, typed: &str) -> Option<&Area> {
        let sent_back = typed.trim().strip_suffix(')').and_then(|rest| rest.rsplit_once('('));
        let epcis = self.areas(AreaKind::Epci);
        if let Some((_, siren)) = sent_back {
            return epcis.into_iter().map(|(area, _)| area).find(|area| area.code == siren);
        }
        let name = fold(typed.trim());
        let mut same = epcis.into_iter().filter(|(_, other)| fold(other) == name).map(|(area, _)| area);
        same.next().filter(|_| same.next().is_none())
    }

    /// The communes of a territory.
    pub fn communes_of(&self, area: &Area) -> impl Iterator<Item = &Commune> {
        self.by_area.get(area).into_iter().flatten().map(|at| &self.communes[*at])
    }

    /// All territories that share a commune with one of these. Whether another territory shares one is then a look-up.
    pub fn touched_by<'a>(&self, areas: impl IntoIterator<Item = &'a Area>) -> HashSet<Area> {
        areas.into_iter().flat_map(|area| self.communes_of(area)).flat_map(Commune::areas).collect()
    }

    /// The name of a territory.
    pub fn area_name(&self, area: &Area) -> Option<&str> {
        match area.kind {
            AreaKind::Commune => self.commune(&area.code).map(|commune| commune.name.as_str()),
            _ => self.names.get(area).map(String::as_str),
        }
    }

    /// All territories of a kind above the communes, in the order of their names.
    pub fn areas(&self, kind: AreaKind) -> Vec<(&Area, &str)> {
        let mut all: Vec<_> =
            self.names.iter().filter(|(area, _)| area.kind == kind).map(|(area, name)| (area, name.as_str())).collect();
        all.sort_by_key(|(area, name)| (fold(name), area.code.clone()));
        all
    }

    /// The communes of a postcode; where it is that of an arrondissement, the arrondissement alone.
    fn with_postcode(&self, postcode: &str) -> Vec<usize> {
        let found = self.by_postcode.get(postcode).cloned().unwrap_or_default();
        let parents: HashSet<&String> = found.iter().filter_map(|at| self.communes[*at].parent.as_ref()).collect();
        found.into_iter().filter(|at| !parents.contains(&self.communes[*at].code)).collect()
    }

    fn new(communes: &str, former: &str, territories: &str) -> Self {
        let communes: Vec<Commune> = communes.lines().skip(1).filter_map(read_commune).collect();
        let mut table = Self {
            by_code: communes.iter().enumerate().map(|(at, commune)| (commune.code.clone(), at)).collect(),
            by_name: BTreeMap::new(),
            by_postcode: HashMap::new(),
            by_area: HashMap::new(),
            names: territories.lines().skip(1).filter_map(read_territory).collect(),
            communes: Vec::new(),
        };
        for (at, commune) in communes.iter().enumerate() {
            table.by_name.entry(fold_name(&commune.name)).or_default().push(at);
            for postcode in &commune.postcodes {
                table.by_postcode.entry(postcode.clone()).or_default().push(at);
            }
            for area in commune.areas() {
                table.by_area.entry(area).or_default().push(at);
            }
        }
        for line in former.lines().skip(1) {
            let [_, name, current] = columns(line);
            if let Some(at) = table.by_code.get(current) {
                let known = table.by_name.entry(fold_name(name)).or_default();
                if !known.contains(at) {
                    known.push(*at);
                }
            }
        }
        table.communes = communes;
        table
    }
}

impl Commune {
    /// Whether a number typed beside its name is its postcode, department or INSEE code.
    fn answers_to(&self, number: &str) -> bool {
        self.code == number || self.department == number || self.postcodes.iter().any(|postcode| postcode == number)
    }
}

/// Number and folded name, in whatever order and with whatever signs between them.
fn split_typed(typed: &str) -> (Option<String>, String) {
    let is_number = |word: &&str| {
        let digits = word
            .strip_prefix("2A")
            .or(word.strip_prefix("2B"))
            .map_or(*word, |rest| if rest.is_empty() { "20" } else { rest });
        (2..=5).contains(&word.len()) && digits.bytes().all(|b| b.is_ascii_digit())
    };
    let words = typed.split(|c: char| c.is_whitespace() || "(),;".contains(c)).filter(|word| !word.is_empty());
    let (numbers, name): (Vec<&str>, Vec<&str>) = words.partition(is_number);
    match numbers.as_slice() {
        [number] => (Some((*number).to_owned()), fold_name(&name.join(" "))),
        _ => (None, fold_name(typed)),
    }
}

/// The name of an arrondissement, as the table writes it, of how people do: `Paris 11e`, `Marseille 3`, `Lyon 1er arr.`
fn arrondissement(typed: &str) -> Option<String> {
    let name = fold_name(typed);
    let short = ["arrondissement", "arrdt", "arr"].iter().find_map(|word| name.strip_suffix(word)).unwrap_or(&name);
    let (town, number) = short.trim_end().rsplit_once(' ')?;
    let digits = number.trim_end_matches(|c: char| c.is_ascii_lowercase());
    let is_one = ["", "e", "er", "eme"].contains(&&number[digits.len()..]);
    let number = digits.parse::<u8>().ok().filter(|_| is_one)?;
    Some(format!("{town} {number}{} arrondissement", if number == 1 { "er" } else { "e" }))
}

/// A name as it is compared: folded, every sign a space, `St` for `Saint`.
pub(crate) fn fold_name(name: &str) -> String {
    let folded = fold(name);
    let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let spelt = words.map(|word| match word {
        "saint" => "st",
        "sainte" => "ste",
        other => other,
    });
    spelt.collect::<Vec<_>>().join(" ")
}

fn unpack(packed: &[u8]) -> String {
    let mut text = String::new();
    GzDecoder::new(packed).read_to_string(&mut text).expect("the embedded table was packed by its generator");
    text
}

fn columns<const N: usize>(line: &str) -> [&str; N] {
    let mut cells = line.split('\t');
    std::array::from_fn(|_| cells.next().unwrap_or_default())
}

fn read_commune(line: &str) -> Option<Commune> {
    let [code, name, postcodes, department, region, epci, population, latitude, longitude, estimated, parent] =
        columns(line);
    let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Some(Commune {
        code: given(code)?,
        name: name.to_owned(),
        postcodes: postcodes.split(',').filter_map(given).collect(),
        department: department.to_owned(),
        region: region.to_owned(),
        epci: given(epci),
        population: population.parse().unwrap_or_default(),
        point: latitude.parse().ok().zip(longitude.parse().ok()).and_then(|(lat, lon)| Point::new(lat, lon)),
        estimated: !estimated.is_empty(),
        parent: given(parent),
    })
}

fn read_territory(line: &str) -> Option<(Area, String)> {
    let [kind, code, name] = columns(line);
    Some((Area::new(AreaKind::named(kind)?, code), name.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(typed: &str) -> Vec<&str> {
        Gazetteer::embedded().find(typed).into_iter().map(|commune| commune.code.as_str()).collect()
    }

    #[test]
    fn people_find_their_commune_as_they_type_it() {
        for typed in [
            "Nice",
            "nice",
            " NICE ",
            "06000 Nice",
            "Nice (06)",
            "Nice 06300",
            "Nice (06088)",
            "Ancien nom (06088)",
            "06200",
        ] {
            assert_eq!(codes(typed), ["06088"], "{typed}");
        }
        assert_eq!(codes("St Remy de Provence"), codes("Saint-Rémy-de-Provence"));
        assert_eq!(codes("Atlantis"), [""; 0]);
        assert_eq!(codes(""), [""; 0]);
        assert_eq!(codes("Ajaccio 2A"), codes("Ajaccio (2A004)"));
        assert_eq!(codes("Marseille 1er Arrondissement"), ["13201"]);
    }

    #[test]
    fn a_name_of_several_communes_gives_them_all_the_largest_first() {
        let found = Gazetteer::embedded().find("Saint-Denis");
        assert!(found.len() > 1);
        assert!(found.is_sorted_by_key(|commune| std::cmp::Reverse(commune.population)));
        assert_eq!(codes("Saint-Denis 93").len(), 1);
    }

    #[test]
    fn a_postcode_of_a_large_town_finds_its_arrondissement() {
        assert_eq!(codes("13001"), ["13201"], "and not Aix-en-Provence, whose INSEE code it is");
        assert_eq!(codes("13001 Marseille"), ["13055"]);
        assert!(codes("04300").len() > 1, "one postcode, several villages");
    }

    #[test]
    fn an_arrondissement_is_found_as_people_write_it() {
        for typed in ["Paris 11e", "paris 11", "Paris 11ème", "PARIS 11E ARRONDISSEMENT", "Paris, 11e arr."] {
            assert_eq!(codes(typed), ["75111"], "{typed}");
        }
        assert_eq!(
            (codes("Marseille 3e"), codes("Lyon 1er"), codes("Lyon 1")),
            (vec!["13203"], vec!["69381"], vec!["69381"])
        );
        for typed in ["Paris 21e", "Nice 3e", "Paris 11x", "11e"] {
            assert_eq!(codes(typed), [""; 0], "{typed}");
        }
        assert_eq!(codes("Paris 75"), ["75056"], "a department's number is one");
    }

    #[test]
    fn a_choice_names_the_department_and_may_be_sent_back() {
        let table = Gazetteer::embedded();
        let choices: Vec<String> = table.find("Saint-Denis").iter().map(|commune| commune.to_choice(table)).collect();
        assert!(choices.contains(&"Saint-Denis, Seine-Saint-Denis (93066)".to_owned()), "{choices:?}");
        for (choice, commune) in choices.iter().zip(table.find("Saint-Denis")) {
            assert_eq!(codes(choice), [commune.code.as_str()]);
        }
    }

    #[test]
    fn former_names_lead_to_the_commune_of_today() {
        assert_eq!(codes("Annecy-le-Vieux"), codes("Annecy"));
    }

    #[test]
    fn a_name_that_was_typed_wrong_is_near_one_that_is_right() {
        let near = |typed: &str, errors| {
            let all = Gazetteer::embedded().resembling(typed, errors);
            all.first().map(|commune| commune.name.as_str())
        };
        assert_eq!(near("marseile", 1), Some("Marseille"));
        assert_eq!(near("Mraseille", 2), Some("Marseille"));
        assert_eq!(near("aix en provnce", 2), Some("Aix-en-Provence"));
        assert_eq!(near("saint etiene", 2), Some("Saint-Étienne"));
        assert_eq!((near("marseile", 0), near("", 2), near("!", 2), near("é", 2)), (None, None, None, near("e", 2)));
        assert_eq!(near("xylophone", 2), None);
        assert_ne!(near("marseille", 2), Some("Marseille"), "that is no error");
    }

    #[test]
    fn suggestions_begin_with_what_was_typed() {
        let names: Vec<_> = Gazetteer::embedded().suggest("Aix-en-P", 5).into_iter().map(|c| c.name.as_str()).collect();
        assert_eq!(names[0], "Aix-en-Provence");
        let mars: Vec<_> = Gazetteer::embedded().suggest("mars", 4)[..3].iter().map(|c| c.name.as_str()).collect();
        assert_eq!(mars, ["Mars", "Mars", "Marseille"], "a name that is one, and one that is not yet typed");
        let postcode = |typed| Gazetteer::embedded().suggest(typed, 4)[0].name.as_str();
        assert_eq!([postcode("13001 mars"), postcode("06000"), postcode("06000 Nice")], ["Marseille", "Nice", "Nice"]);
        assert!(Gazetteer::embedded().suggest("saint", 7).len() == 7);
        assert!(Gazetteer::embedded().suggest("?", 7).is_empty());
    }

    #[test]
    fn every_point_is_nearest_to_some_commune() {
        let nearest = |latitude, longitude| {
            let commune = Gazetteer::embedded().nearest(Point::new(latitude, longitude).unwrap());
            commune.map(|commune| commune.name.as_str())
        };
        assert_eq!(nearest(43.70, 7.27), Some("Nice"));
        assert_eq!(nearest(43.30, 5.37), Some("Marseille"), "the town, and no arrondissement");
        assert_eq!(nearest(-20.88, 55.45), Some("Saint-Denis"));
        assert!(nearest(0.0, -140.0).is_some(), "in the middle of the sea");
    }

    #[test]
    fn territories_hold_communes_and_have_names() {
        let table = Gazetteer::embedded();
        let alps = Area::new(AreaKind::Department, "06");
        assert_eq!(table.area_name(&alps), Some("Alpes-Maritimes"));
        assert!(table.communes_of(&alps).any(|commune| commune.code == "06088"));
        assert!(table.communes_of(&alps).all(|commune| commune.department == "06"));
        assert_eq!(table.area_name(&Area::new(AreaKind::Region, "93")), Some("Provence-Alpes-Côte d'Azur"));
        assert_eq!(table.area_name(&Area::new(AreaKind::Commune, "06088")), Some("Nice"));
        assert_eq!(table.area_name(&Area::new(AreaKind::Region, "999")), None);
        assert!(table.areas(AreaKind::Department).len() >= 100);
        assert!(Area::read("areas", "department:06", table).is_ok());
        assert!(Area::read("areas", "department:999", table).is_err());
        assert!(Area::read("areas", "06", table).is_err());
    }

    #[test]
    fn touching_is_sharing_a_commune() {
        let table = Gazetteer::embedded();
        let touched = table.touched_by(&[Area::new(AreaKind::Commune, "06088")]);
        assert!(touched.contains(&Area::new(AreaKind::Department, "06")));
        assert!(touched.contains(&Area::new(AreaKind::Region, "93")));
        assert!(!touched.contains(&Area::new(AreaKind::Department, "13")));
        assert!(!touched.contains(&Area::new(AreaKind::Commune, "06029")));
        let region = table.touched_by(&[Area::new(AreaKind::Region, "93")]);
        assert!(region.contains(&Area::new(AreaKind::Commune, "13055")));
        assert!(!region.contains(&Area::new(AreaKind::Region, "84")));
    }

    #[test]
    fn known_places_lie_where_they_lie() {
        for (code, latitude, longitude) in [
            ("06088", 43.70, 7.27),
            ("13055", 43.30, 5.38),
            ("83137", 43.12, 5.93),
            ("84007", 43.95, 4.81),
            ("05061", 44.56, 6.08),
        ] {
            let commune = Gazetteer::embedded().commune(code).unwrap();
            let distance = commune.point.unwrap().distance_km(&Point::new(latitude, longitude).unwrap());
            assert!(distance < 6.0 && !commune.estimated, "{} is {distance} km away", commune.name);
        }
    }
}
