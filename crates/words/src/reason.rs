//! Why a record concerns somebody, in one sentence: "because you declared …, 12 km away".

use crate::catalogue::Catalogue;

/// A concept that was looked for, and the declared one that met it, by their labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Met<'a> {
    /// What the record looks for.
    pub wanted: &'a str,
    /// What was declared.
    pub declared: &'a str,
}

/// Where record and declaration meet.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Where<'a> {
    /// The territory that both share.
    pub area: Option<&'a str>,
    /// The distance in kilometres.
    pub distance_km: Option<f64>,
}

/// The sentence. `structure` is the name of the structure that declared it; none where it was the reader.
pub fn sentence(catalogue: &Catalogue, structure: Option<&str>, met: &[Met<'_>], place: Where<'_>) -> String {
    let concepts: Vec<String> = met.iter().map(|met| concept(catalogue, *met)).collect();
    let concepts = concepts.join(&catalogue.say("reason-and"));
    let because = match structure {
        Some(structure) => {
            catalogue.tell("reason-structure", &[("structure", structure.into()), ("concepts", concepts.into())])
        }
        None => catalogue.tell("reason-person", &[("concepts", concepts.into())]),
    };
    let place = match (place.distance_km, place.area) {
        (Some(km), _) if km < 1.0 => catalogue.say("reason-nearby"),
        // Distances that people are told are whole kilometres, far below any limit.
        (Some(km), _) => catalogue.tell("reason-distance", &[("km", (km.round() as u64).into())]),
        (None, Some(area)) => catalogue.tell("reason-area", &[("area", area.into())]),
        (None, None) => String::new(),
    };
    format!("{because}{place}.")
}

fn concept(catalogue: &Catalogue, met: Met<'_>) -> String {
    if met.wanted == met.declared {
        return catalogue.tell("reason-same", &[("concept", met.declared.into())]);
    }
    catalogue.tell("reason-related", &[("wanted", met.wanted.into()), ("declared", met.declared.into())])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tell(structure: Option<&str>, met: &[Met<'_>], place: Where<'_>) -> String {
        // With the spaces that authors type.
        sentence(&Catalogue::french(), structure, met, place).replace(['\u{a0}', '\u{202f}'], " ")
    }

    #[test]
    fn it_names_the_concept_whose_declaration_it_met_and_the_distance() {
        let met = [Met { wanted: "Locaux", declared: "Locaux" }];
        let place = Where { area: Some("Var"), distance_km: Some(12.4) };
        assert_eq!(
            tell(Some("L’Établi"), &met, place),
            "Parce que la fiche de L’Établi indique « Locaux », à 12 km environ."
        );
    }

    #[test]
    fn it_says_so_where_the_concepts_differ_or_the_place_is_a_territory() {
        let met = [Met { wanted: "Locaux", declared: "Bureaux" }, Met { wanted: "Culture", declared: "Culture" }];
        let place = Where { area: Some("Alpes-Maritimes"), distance_km: None };
        assert_eq!(
            tell(None, &met, place),
            "Parce que votre fiche indique « Bureaux » (proche de « Locaux ») et « Culture », dans votre territoire (Alpes-Maritimes)."
        );
    }

    #[test]
    fn it_says_nothing_of_a_place_where_there_is_none() {
        let met = [Met { wanted: "Culture", declared: "Culture" }];
        assert_eq!(tell(None, &met, Where::default()), "Parce que votre fiche indique « Culture ».");
        let near = Where { area: None, distance_km: Some(0.4) };
        assert!(tell(None, &met, near).ends_with(", à moins d’un kilomètre."));
    }
}
