//! The code lists: labels, what is above what, and which method fits which type.

use crate::code::{Code, List, fold};
use std::collections::HashMap;

/// A concept of one list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Concept {
    /// What it is.
    pub code: Code,
    /// Its French label.
    pub label: String,
    /// Its English label.
    pub label_en: String,
    /// Words people type for it.
    pub alternatives: Vec<String>,
    /// The concept directly above it.
    pub broader: Option<Code>,
    /// For an exchange method, the exchange types it fits.
    pub applies_to: Vec<Code>,
}

/// All concepts of all lists. Read once, at start, from `ontology/codes`.
#[derive(Debug, Default)]
pub struct Thesaurus {
    concepts: HashMap<Code, Concept>,
    /// Top concepts first, each followed by those below it, in the order of their labels.
    order: HashMap<List, Vec<Code>>,
    /// Labels and alternatives, folded.
    words: HashMap<(List, String), Code>,
}

impl Thesaurus {
    /// Builds the thesaurus. Of two concepts of one list that share a word, the preferred label wins.
    pub fn new(concepts: Vec<Concept>) -> Self {
        let mut words = HashMap::new();
        for concept in &concepts {
            for word in &concept.alternatives {
                words.entry((concept.code.list(), fold(word))).or_insert_with(|| concept.code.clone());
            }
        }
        for concept in &concepts {
            words.insert((concept.code.list(), fold(&concept.label)), concept.code.clone());
        }
        let concepts: HashMap<_, _> = concepts.into_iter().map(|concept| (concept.code.clone(), concept)).collect();
        let order = List::ALL.into_iter().map(|list| (list, in_tree_order(&concepts, list))).collect();
        Self { concepts, order, words }
    }

    /// A concept, if its list has it.
    pub fn get(&self, code: &Code) -> Option<&Concept> {
        self.concepts.get(code)
    }

    /// Whether its list has it.
    pub fn has(&self, code: &Code) -> bool {
        self.concepts.contains_key(code)
    }

    /// The French label; the notation where the concept is not (or no longer) ours.
    pub fn label<'a>(&'a self, code: &'a Code) -> &'a str {
        self.get(code).map_or(code.notation(), |concept| &concept.label)
    }

    /// The concepts of a list: each top concept followed by what is below it.
    pub fn list(&self, list: List) -> impl Iterator<Item = &Concept> {
        self.order.get(&list).into_iter().flatten().filter_map(|code| self.concepts.get(code))
    }

    /// The concept and all above it, nearest first. At most three levels, so that a circle would end.
    pub fn path<'a>(&'a self, code: &'a Code) -> impl Iterator<Item = &'a Code> {
        std::iter::successors(Some(code), |code| self.get(code)?.broader.as_ref()).take(4)
    }

    /// Whether two concepts meet: the same, or one above the other; never as siblings.
    pub fn meet(&self, one: &Code, other: &Code) -> bool {
        self.path(one).any(|above| above == other) || self.path(other).any(|above| above == one)
    }

    /// How deep a concept lies: 0 for a top concept.
    pub fn depth(&self, code: &Code) -> usize {
        self.path(code).count() - 1
    }

    /// The concept whose label or alternative is this word, accents and case apart.
    pub fn find(&self, list: List, word: &str) -> Option<&Code> {
        self.words.get(&(list, fold(word.trim())))
    }
}

fn in_tree_order(concepts: &HashMap<Code, Concept>, list: List) -> Vec<Code> {
    let mut below: HashMap<Option<&Code>, Vec<&Concept>> = HashMap::new();
    for concept in concepts.values().filter(|concept| concept.code.list() == list) {
        below.entry(concept.broader.as_ref()).or_default().push(concept);
    }
    for siblings in below.values_mut() {
        siblings.sort_by_key(|concept| fold(&concept.label));
    }
    let mut order = Vec::new();
    let mut waiting: Vec<&Concept> = below.get(&None).into_iter().flatten().rev().copied().collect();
    while let Some(concept) = waiting.pop() {
        order.push(concept.code.clone());
        waiting.extend(below.get(&Some(&concept.code)).into_iter().flatten().rev());
    }
    order
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A small invented thesaurus: building > {carpentry, roofing > thatching}, law; and the theme short-circuit.
    pub(crate) fn small() -> Thesaurus {
        let concept = |list, notation: &str, label: &str, broader: Option<&str>, alternatives: &[&str]| Concept {
            code: Code::new(list, notation),
            label: label.into(),
            label_en: notation.into(),
            alternatives: alternatives.iter().map(ToString::to_string).collect(),
            broader: broader.map(|above| Code::new(list, above)),
            applies_to: Vec::new(),
        };
        Thesaurus::new(vec![
            concept(List::Skill, "building", "Bâtiment", None, &["BTP"]),
            concept(List::Skill, "carpentry", "Menuiserie", Some("building"), &["menuisier", "Droit"]),
            concept(List::Skill, "roofing", "Couverture", Some("building"), &["couvreur"]),
            concept(List::Skill, "thatching", "Chaume", Some("roofing"), &[]),
            concept(List::Skill, "law", "Droit", None, &[]),
            concept(List::Theme, "short-circuit", "Circuit court", None, &[]),
            concept(List::Sector, "building", "Bâtiment", None, &[]),
        ])
    }

    fn skill(notation: &str) -> Code {
        Code::new(List::Skill, notation)
    }

    #[test]
    fn concepts_meet_up_and_down_never_sideways() {
        let thesaurus = small();
        assert!(thesaurus.meet(&skill("carpentry"), &skill("carpentry")));
        assert!(thesaurus.meet(&skill("building"), &skill("carpentry")));
        assert!(thesaurus.meet(&skill("thatching"), &skill("building")));
        assert!(!thesaurus.meet(&skill("carpentry"), &skill("roofing")));
        assert!(!thesaurus.meet(&skill("carpentry"), &skill("law")));
        assert!(!thesaurus.meet(&skill("building"), &Code::new(List::Sector, "building")));
        assert!(thesaurus.meet(&skill("unknown"), &skill("unknown")));
    }

    #[test]
    fn a_list_is_told_as_a_tree() {
        let thesaurus = small();
        let told: Vec<_> = thesaurus.list(List::Skill).map(|concept| concept.code.notation()).collect();
        assert_eq!(told, ["building", "roofing", "thatching", "carpentry", "law"]);
        assert_eq!(thesaurus.depth(&skill("thatching")), 2);
        assert_eq!(thesaurus.depth(&skill("law")), 0);
    }

    #[test]
    fn words_lead_to_concepts_and_labels_come_first() {
        let thesaurus = small();
        assert_eq!(thesaurus.find(List::Skill, " batiment "), Some(&skill("building")));
        assert_eq!(thesaurus.find(List::Skill, "btp"), Some(&skill("building")));
        assert_eq!(thesaurus.find(List::Skill, "droit"), Some(&skill("law")));
        assert_eq!(thesaurus.find(List::Theme, "btp"), None);
        assert_eq!(thesaurus.label(&skill("building")), "Bâtiment");
        assert_eq!(thesaurus.label(&skill("later")), "later");
        assert!(thesaurus.has(&skill("law")) && !thesaurus.has(&skill("later")));
    }
}
