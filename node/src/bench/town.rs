//! Invented structures of all France, as many as are wanted, the same each time: names, places, what they do and for whom, spread as in a
//! real directory.

use crate::NodeError;
use crate::house::rules;
use pes_changeset::Origin;
use pes_domain::{Draft, Gazetteer, Kind, List, Record, RecordIri, Rules, place::AreaKind};
use std::sync::Arc;
use time::UtcDateTime;

/// What structures are made of.
#[derive(Debug)]
pub(super) struct Town {
    origin: Origin,
    now: UtcDateTime,
    rules: Arc<Rules>,
    state: u64,
    /// Communes as a form names them, and the inhabitants of all up to each.
    communes: Vec<(String, u64)>,
    departments: Vec<String>,
}

impl Town {
    pub(super) fn new(origin: Origin, now: UtcDateTime) -> Self {
        let (gazetteer, mut inhabitants) = (Gazetteer::embedded(), 0);
        let all = gazetteer.areas(AreaKind::Region).into_iter().flat_map(|(region, _)| gazetteer.communes_of(region));
        let communes = all.filter(|commune| commune.parent.is_none()).map(|commune| {
            inhabitants += u64::from(commune.population);
            (format!("{} ({})", commune.name, commune.code), inhabitants)
        });
        let departments = gazetteer.areas(AreaKind::Department).into_iter().map(|(area, _)| area.to_form());
        let communes: Vec<_> = communes.collect();
        Self { origin, now, rules: rules(), state: 42, communes, departments: departments.collect() }
    }

    fn below(&mut self, limit: usize) -> usize {
        self.state = self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.state >> 33) as usize % limit.max(1)
    }

    fn word(&mut self, words: &str) -> String {
        let count = words.split_whitespace().count();
        words.split_whitespace().nth(self.below(count)).unwrap_or_default().to_owned()
    }

    fn text(&mut self, count: usize) -> String {
        (0..count).map(|_| self.word(WORDS)).collect::<Vec<_>>().join(" ")
    }

    /// Somewhere, where many people live more often.
    fn commune(&mut self) -> String {
        let all = self.communes.last().map_or(0, |(_, upto)| *upto);
        let at = (self.below(1 << 30) as u64 * all) >> 30;
        let found = self.communes.partition_point(|(_, upto)| *upto <= at);
        self.communes[found].0.clone()
    }

    fn code(&mut self, list: List) -> String {
        let rules = Arc::clone(&self.rules);
        let count = rules.thesaurus.list(list).count();
        rules.thesaurus.list(list).nth(self.below(count)).map_or_else(String::new, |one| one.code.notation().to_owned())
    }

    /// Another structure of this node.
    pub(super) fn structure(&mut self) -> Result<Record, NodeError> {
        let (kind, commune, text) = (self.word(KINDS), self.commune(), self.text(40));
        let mut draft = Draft::default();
        draft.add("name", format!("{kind} {} {}", self.word(WORDS), commune.split(" (").next().unwrap_or_default()));
        draft.add("tagline", self.text(6));
        draft.add("description", text);
        draft.add("site-commune", commune);
        for (field, list, most) in
            [("sectors", List::Sector, 3), ("skills", List::Skill, 4), ("legal-form", List::LegalForm, 1)]
        {
            for _ in 0..=self.below(most) {
                draft.add(field, self.code(list));
            }
        }
        // One in five acts elsewhere too.
        if self.below(5) == 0 {
            let at = self.below(self.departments.len());
            draft.add("areas", self.departments[at].clone());
        }
        self.raise(Kind::Structure, &draft)
    }

    /// A demand for a skill somewhere.
    pub(super) fn demand(&mut self) -> Result<Record, NodeError> {
        let mut draft = Draft::default();
        for (field, value) in
            [("direction", "demand"), ("type", "service"), ("title", "Cherche"), ("author", "Colette")]
        {
            draft.add(field, value);
        }
        draft.add("skills", self.code(List::Skill));
        draft.add("place", self.commune());
        self.raise(Kind::Exchange, &draft)
    }

    fn raise(&self, kind: Kind, draft: &Draft) -> Result<Record, NodeError> {
        let iri = RecordIri::mint(self.origin.as_str(), kind);
        Record::raise(kind, (iri, self.now), draft, self.now, &self.rules).map_err(|problems| {
            let all: Vec<String> = problems.iter().map(ToString::to_string).collect();
            NodeError::Said(format!("an invented record is not right: {}", all.join("; ")))
        })
    }
}

const KINDS: &str = "Association Ressourcerie Épicerie Amap Jardin Coopérative Café Atelier Fournil Régie Crèche Garage Compagnie Librairie \
                     Ferme Maison Collectif Réseau Recyclerie Cantine";

pub(super) const WORDS: &str = "solidaire projet local atelier accueil public territoire emploi insertion formation accompagnement quartier \
    habitants épicerie jardin partagé ressourcerie réemploi vélo réparation cuisine alimentation circuit court maraîchage pain légumes fruits \
    panier ferme paysan élevage fromage miel semences compost déchets recyclage énergie bois menuiserie charpente maçonnerie peinture isolation \
    logement habitat coopérative salariés bénévoles adhérents gouvernance culture théâtre musique concert livres lecture école enfants jeunesse \
    famille santé handicap prévention sport nature randonnée forêt rivière mobilité transport livraison numérique informatique communication \
    graphisme radio journal finance épargne crédit monnaie comptabilité gestion droit conseil recherche animation rencontre échange savoir \
    entraide troc prêt location vente achat boutique marché restaurant traiteur boulangerie brasserie textile couture artisanat métal garage";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_structures_come_each_time_and_no_two_are_alike() {
        let town = || Town::new("https://ville.example".parse().unwrap(), UtcDateTime::now());
        let told = |mut town: Town| (0..40).map(|_| town.structure().unwrap().title()).collect::<Vec<_>>();
        let (one, other) = (told(town()), told(town()));
        assert_eq!(one, other);
        let different: std::collections::HashSet<_> = one.iter().collect();
        assert!(different.len() > 35, "{one:?}");
    }

    #[test]
    fn a_demand_seeks_a_skill_somewhere() {
        let mut town = Town::new("https://ville.example".parse().unwrap(), UtcDateTime::now());
        let demand = town.demand().unwrap();
        assert!(!demand.body.skills().is_empty() && !demand.body.places().is_empty());
    }
}
