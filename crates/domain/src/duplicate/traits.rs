//! What is compared of a structure, made ready once.

use super::locality::{Spot, department_name, place_words};
use super::name::{Department, Name};
use super::reach::Reach;
use crate::Rules;
use crate::code::Code;
use crate::identifier::{Rna, Siren, Siret};
use crate::structure::Structure;

/// What is compared of a structure.
#[derive(Debug, Clone, PartialEq)]
pub struct Traits {
    pub(super) siren: Option<Siren>,
    pub(super) siret: Option<Siret>,
    pub(super) rna: Option<Rna>,
    /// The name it goes by, and the one in its statutes, where that is another.
    pub(super) names: Vec<Name>,
    /// Its acronym, in letters.
    pub(super) acronym: Option<String>,
    pub(super) spots: Vec<Spot>,
    /// The words by which names say where it is.
    pub(super) place_words: Vec<String>,
    pub(super) reach: Reach,
    /// What sort of legal form it has.
    pub(super) form: Option<Form>,
}

/// A sort of legal form, as far as one tells two structures apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Association,
    Cooperative,
    Company,
    Foundation,
}

impl Traits {
    /// What is compared of a structure.
    pub fn of(structure: &Structure, rules: &Rules) -> Self {
        let gazetteer = rules.gazetteer;
        let spots = Spot::all(structure, gazetteer);
        let code = spots.iter().find_map(|spot| spot.department.as_deref());
        let department = code.and_then(|code| Some(Department { code, name: department_name(code, gazetteer)? }));
        let of_acronym = structure.acronym.as_ref().map(|acronym| Name::of(acronym, None).whole);
        let mut name = Name::of(&structure.name, department);
        let mut acronym = of_acronym.filter(|letters| !letters.is_empty());
        if let Some((told, rest)) = name.without_acronym() {
            acronym.get_or_insert(told);
            name = rest;
        }
        let legal = structure.legal_name.as_ref().map(|legal| Name::of(legal, department));
        let names = std::iter::once(name).chain(legal).collect();
        Self {
            siren: structure.siren.clone().or_else(|| structure.siret.as_ref().map(Siret::siren)),
            siret: structure.siret.clone(),
            rna: structure.rna.clone(),
            names,
            acronym,
            place_words: place_words(&spots, gazetteer),
            spots,
            reach: Reach::of(structure),
            form: structure.legal_form.as_ref().and_then(|code| Form::of(code, rules)),
        }
    }
}

impl Form {
    fn of(code: &Code, rules: &Rules) -> Option<Self> {
        let top = rules.thesaurus.path(code).last()?;
        match top.notation() {
            "association" => Some(Self::Association),
            "cooperative" => Some(Self::Cooperative),
            "company" => Some(Self::Company),
            "foundation" => Some(Self::Foundation),
            _ => None,
        }
    }

    /// Whether one cannot well have both: a cooperative may be a company too.
    pub(super) fn excludes(self, other: Self) -> bool {
        let is_company = |form: Self| matches!(form, Self::Cooperative | Self::Company);
        self != other && !(is_company(self) && is_company(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::structure::Site;
    use crate::thesaurus::Concept;
    use crate::{Gazetteer, List, Thesaurus, place::Place};

    fn rules() -> Rules {
        let concept = |notation: &str, broader: Option<&str>| Concept {
            code: Code::new(List::LegalForm, notation),
            label: notation.into(),
            label_en: notation.into(),
            alternatives: vec![],
            broader: broader.map(|above| Code::new(List::LegalForm, above)),
            applies_to: vec![],
        };
        Rules::new(Thesaurus::new(vec![
            concept("cooperative", None),
            concept("scop", Some("cooperative")),
            concept("scop-sarl", Some("scop")),
            concept("informal", None),
        ]))
    }

    #[test]
    fn what_is_compared_is_made_ready() {
        let commune = Gazetteer::embedded().commune("05061").map(Place::of);
        let structure = Structure {
            name: "UDAF 05".into(),
            legal_name: Some("Union des Loriots".into()),
            acronym: Some("U.D.A.F.".into()),
            siret: Some(Siret::read("siret", "73282932000074").unwrap()),
            legal_form: Some(Code::new(List::LegalForm, "scop-sarl")),
            sites: vec![Site { place: commune, ..Site::default() }],
            ..Structure::default()
        };
        let traits = Traits::of(&structure, &rules());
        let words: Vec<&str> = traits.names[0].own().map(|word| word.stem.as_str()).collect();
        assert_eq!((traits.names.len(), words), (2, vec!["udaf", "haute", "alpe"]));
        assert_eq!((traits.acronym.as_deref(), traits.form), (Some("udaf"), Some(Form::Cooperative)));
        assert_eq!(traits.siren.unwrap().as_str(), "732829320");
        assert!(traits.place_words.contains(&"gap".to_owned()));
    }

    #[test]
    fn an_acronym_in_the_name_is_taken_from_it() {
        let of = |acronym: Option<&str>| {
            let name = "GRIP – Groupement régional d’initiatives paysannes".to_owned();
            Traits::of(&Structure { name, acronym: acronym.map(str::to_owned), ..Structure::default() }, &rules())
        };
        assert_eq!((of(None).acronym.as_deref(), of(None).names[0].bare.len()), (Some("grip"), 38));
        assert_eq!(of(Some("Grip05")).acronym.as_deref(), Some("grip05"), "the one that is told stands");
        assert_eq!(of(Some("!")).acronym.as_deref(), Some("grip"));
    }

    #[test]
    fn forms_exclude_each_other() {
        assert!(Form::Association.excludes(Form::Cooperative) && Form::Foundation.excludes(Form::Association));
        assert!(!Form::Cooperative.excludes(Form::Company) && !Form::Company.excludes(Form::Company));
        let form = |notation: &str| Form::of(&Code::new(List::LegalForm, notation), &rules());
        assert_eq!((form("informal"), form("later")), (None, None));
    }
}
