//! The columns of the layouts, what each says, and which of them a file has.

use crate::{ImportError, Table};
use pes_domain::code::fold;

/// How a file's columns are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// The base of 2012, as it was given out for the first PES.
    Bdis2012,
    /// The base of 2014.
    Bdis2014,
}

/// A column of a layout.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Its name, as files have it.
    pub name: &'static str,
    /// What it says.
    pub role: Role,
}

/// What a column says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is what its name says")]
pub enum Role {
    Number,
    Name,
    Acronym,
    Founded,
    LegalForm,
    Category,
    Integration,
    Specifics,
    Web,
    Siret,
    Budget,
    Tagline,
    Presentation,
    SocialValue,
    WorkforceTotal,
    WorkforceProduction,
    WorkforceSupervision,
    WorkforceIntegration,
    PeopleInIntegration,
    Keywords,
    Themes,
    Activities,
    SiteLabel,
    Street,
    StreetMore,
    Postcode,
    City,
    Address,
    Hours,
    Longitude,
    Latitude,
    Email,
    Phone,
    Fax,
    Mobile,
    Counterpart,
    Status,
    /// How and when the sheet came into the old base: nothing a record keeps.
    Transmission,
}

/// A layout as one file has it.
#[derive(Debug, Clone)]
pub struct Shape {
    /// Which it is.
    pub layout: Layout,
    /// Where each known column stands.
    places: Vec<(Column, usize)>,
    /// How many columns the file has.
    pub width: usize,
    /// Columns that the layout does not know, by their names.
    pub unknown: Vec<String>,
    /// Columns of the layout that the file does not have.
    pub missing: Vec<&'static str>,
}

macro_rules! columns {
    ($($name:literal = $role:ident;)*) => { &[$(Column { name: $name, role: Role::$role },)*] };
}

const COLUMNS_2012: &[Column] = columns! {
    "Identifiant BDIS" = Number;
    "Raison sociale" = Name;
    "Sigle" = Acronym;
    "Date de création (JJ/MM/AAAA)" = Founded;
    "Statut juridique" = LegalForm;
    "Type de structure ESS" = Category;
    "Type de structure IAE" = Integration;
    "Site web" = Web;
    "N° SIRET" = Siret;
    "CA annuel" = Budget;
    "Description succincte" = Tagline;
    "Présentation générale" = Presentation;
    "Effectif total (ETP)" = WorkforceTotal;
    "Effectif de production (ETP)" = WorkforceProduction;
    "Effectif d'encadrement (ETP)" = WorkforceSupervision;
    "Effectif en insertion (ETP)" = WorkforceIntegration;
    "Nombre de personnes en insertion par an" = PeopleInIntegration;
    "mots-clés" = Keywords;
    "libellé adresse" = SiteLabel;
    "Adresse 1" = Street;
    "Adresse 2" = StreetMore;
    "Code postal" = Postcode;
    "Ville" = City;
    "Jours d'ouverture" = Hours;
    "longitude" = Longitude;
    "latitude" = Latitude;
    "Email" = Email;
    "Téléphone" = Phone;
    "Fax" = Fax;
    "Mobile" = Mobile;
};

const COLUMNS_2014: &[Column] = columns! {
    "Numéro BDIS" = Number;
    "Nom" = Name;
    "Sigle" = Acronym;
    "Présentation libre" = Presentation;
    "plue value sociale" = SocialValue;
    "Spécificités" = Specifics;
    "type ess" = Category;
    "mots clés" = Keywords;
    "Thématiques" = Themes;
    "Adresse" = Address;
    "Siret" = Siret;
    "Budget" = Budget;
    "Nombre de salariés (ETP)" = WorkforceTotal;
    "activités économiques" = Activities;
    "Code Statut de la fiche" = Status;
    "Mode de transmission" = Transmission;
    "Date transmission" = Transmission;
    "Correspondance BDis / Structure" = Counterpart;
};

impl Layout {
    /// All layouts.
    pub const ALL: [Self; 2] = [Self::Bdis2012, Self::Bdis2014];

    /// Its name in rows: `bdis-2012`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bdis2012 => "bdis-2012",
            Self::Bdis2014 => "bdis-2014",
        }
    }

    /// Its name for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Bdis2012 => "BDIS 2012",
            Self::Bdis2014 => "BDIS 2014",
        }
    }

    /// Its columns, in the order in which files have them.
    pub fn columns(self) -> &'static [Column] {
        match self {
            Self::Bdis2012 => COLUMNS_2012,
            Self::Bdis2014 => COLUMNS_2014,
        }
    }

    /// The layout of which a file has the name and most other columns, in whatever order they stand.
    ///
    /// # Errors
    /// [`ImportError::NoLayout`].
    pub fn detect(table: &Table) -> Result<Shape, ImportError> {
        let shapes = Self::ALL.map(|layout| Shape::of(layout, &table.header));
        let fits = shapes.into_iter().filter(|shape| shape.at(Role::Name).is_some() && shape.places.len() >= 4);
        fits.max_by_key(|shape| shape.places.len()).ok_or_else(|| ImportError::NoLayout { found: found(table) })
    }
}

impl Shape {
    fn of(layout: Layout, header: &[String]) -> Self {
        let names: Vec<String> = header.iter().map(|name| plain(name)).collect();
        let place = |column: &Column| names.iter().position(|name| *name == plain(column.name));
        let places: Vec<(Column, usize)> =
            layout.columns().iter().filter_map(|column| Some((*column, place(column)?))).collect();
        let is_known = |at: usize| places.iter().any(|(_, place)| *place == at);
        let unknown = header.iter().enumerate().filter(|(at, name)| !is_known(*at) && !name.is_empty());
        let is_missing = |column: &&Column| places.iter().all(|(known, _)| known.name != column.name);
        Self {
            layout,
            width: header.len(),
            unknown: unknown.map(|(_, name)| name.clone()).collect(),
            missing: layout.columns().iter().filter(is_missing).map(|column| column.name).collect(),
            places,
        }
    }

    /// Where a column stands, and its name; of several of one role the first.
    pub fn at(&self, role: Role) -> Option<(usize, &'static str)> {
        self.places.iter().find(|(column, _)| column.role == role).map(|(column, at)| (*at, column.name))
    }
}

/// What a file has instead of a layout's columns.
fn found(table: &Table) -> String {
    let names: Vec<&str> = table.header.iter().take(12).map(String::as_str).collect();
    let more = if table.header.len() > 12 { " …" } else { "" };
    format!(
        "The first row, read as {} with {:?} between cells, is: {}{more}.",
        table.encoding(),
        table.separator(),
        names.join("; ")
    )
}

/// A column's name as it is compared: without accents, capitals and signs.
fn plain(name: &str) -> String {
    let folded = fold(name).replace('°', "");
    folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(header: &str) -> Result<Shape, ImportError> {
        Layout::detect(&Table::read(format!("{header}\n").as_bytes()).unwrap())
    }

    fn whole(layout: Layout) -> String {
        layout.columns().iter().map(|column| column.name).collect::<Vec<_>>().join(";")
    }

    #[test]
    fn each_layout_is_known_by_its_columns() {
        for layout in Layout::ALL {
            let shape = shape(&whole(layout)).unwrap();
            assert_eq!(shape.layout, layout);
            assert!(shape.unknown.is_empty() && shape.missing.is_empty(), "{shape:?}");
            assert_eq!(shape.width, layout.columns().len());
            assert_eq!(shape.at(Role::Number).unwrap().0, 0);
        }
        assert_eq!(shape(&whole(Layout::Bdis2012)).unwrap().at(Role::Status), None);
    }

    #[test]
    fn order_capitals_accents_and_apostrophes_do_not_matter() {
        let shape =
            shape("LATITUDE;longitude;effectif d’encadrement (etp);RAISON  SOCIALE;Presentation generale").unwrap();
        assert_eq!(shape.layout, Layout::Bdis2012);
        assert_eq!(shape.at(Role::Name), Some((3, "Raison sociale")));
        assert_eq!(shape.at(Role::Latitude), Some((0, "latitude")));
        assert_eq!(shape.missing.len(), 25);
    }

    #[test]
    fn columns_that_nobody_knows_are_listed_and_doubled_ones_too() {
        let shape = shape("Nom;Sigle;Siret;Budget;Couleur;;Nom").unwrap();
        assert_eq!(shape.layout, Layout::Bdis2014);
        assert_eq!(shape.unknown, ["Couleur", "Nom"]);
        assert_eq!(shape.at(Role::Name), Some((0, "Nom")));
    }

    #[test]
    fn a_file_of_another_layout_is_refused_with_what_it_has() {
        for header in ["id;name;city;country", "Sigle;Siret;Budget;Adresse;type ess", "Nom;Prénom;Ville"] {
            let why = shape(header).unwrap_err().to_string();
            assert!(why.contains(header.split(';').next().unwrap()) && why.contains("Raison sociale"), "{why}");
        }
        let long = (0..20).map(|at| format!("c{at}")).collect::<Vec<_>>().join(";");
        assert!(shape(&long).unwrap_err().to_string().contains("c11 …"));
    }
}
