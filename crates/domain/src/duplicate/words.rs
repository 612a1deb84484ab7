//! What French words say of a name: which are small, which tell a legal form, which only a kind, a branch or a rank.
//!
//! These lists are small on purpose, and hold no name of anybody but brands under which many go. What they lack is
//! learnt from the names that are known: see [`super::Rarity`].

use std::collections::HashMap;
use std::sync::LazyLock;

/// Words between words.
const SMALL: &str = "le la les l un une de du des d et a au aux en avec pour par sur sous dans chez qu the of and 1";

/// Words for a legal form, which a name may have or not.
const FORMS: &str = "association assoc asso ass associations loi 1901 1908 scop scic arl sarl sas sasu sa eurl snc scs selarl ei gaec earl scea
    cae coop cooperative cooperatives cooperatif societe soc esus";

/// The same in several words; the longer first.
const PHRASES: [&str; 17] = [
    "loi du 1er juillet 1901",
    "societe cooperative ouvriere de production",
    "societe cooperative d interet collectif",
    "societe cooperative et participative",
    "societe cooperative de production",
    "cooperative d activites et d emplois",
    "cooperative d activites et d emploi",
    "cooperative d activite et d emploi",
    "union de cooperatives agricoles",
    "union cooperative agricole",
    "a responsabilite limitee",
    "par actions simplifiee",
    "d interet collectif",
    "a capital variable",
    "a but non lucratif",
    "cooperative agricole",
    "loi de 1901",
];

/// Words for what sort of structure one is or what it does. A name made of them alone is a common one, and one of them before a name is a
/// label: *Café associatif Le Repaire*.
const KINDS: &str = "accorderie accueil aci agence agricole agriculture ai aide alimentation alliance alternatif alternatives amap apiculture art
    artisan artisanal associatif association atelier auberge autopartage banque bar bibliotheque bio biocoop biologique boulanger boulangerie
    boutique brasserie cabane cafe campus cantine carrefour centre cercle chambre chant chantier chorale cigales cinema citoyen citoyenne civam
    club cocagne coiffure collectif collective college commun commune communaute communautaire communication compagnie comptoir conserverie
    consulting coop cooperative cooperatif couveuse coworking cpie creation creche cress csc culture culturel cuma cyclo danse data debat
    digital domicile durable echange ecole ecologie ecologique ecolieu economie elevage emmaus emploi enercoop energie enfant ensemble
    entraide entreprise entrepreneur environnement epicerie epi epn equitable espace est etti etude etudiant fab fablab fabrique famille
    familial fanfare femme ferme festival foot football foret formation fournil foyer francais francaise france friperie fromagerie gab garage
    garderie geiq gem gestion gite grand groupe habitant habitat halle handicap hebergement histoire hotel hub imprimerie incubateur
    informatique information initiative innovation insertion institut international internet jardin jeu jeune jeunesse jouet judo lab
    laboratoire librairie libre lieu local locale logement logiciel loisir ludotheque maison maraicher maraichage marche media mediatheque
    memoire menuiserie mission mjc mobilite monde monnaie moulin multimedia musee musique mutuelle national nationale nature net nord nouveau
    nouvelle numerique observatoire office orchestre ouest outil ouvroir panier parent partage participatif passerelle patrimoine paysan
    paysanne pepiniere personne petit petite place plateforme point pole potager poterie producteur production projet promotion ptce public
    quartier radio randonnee recherche recyclerie regie regional regionale relais rencontre repair repas rers reseau residence ressource
    ressourcerie restaurant restauration resto ruche rucher rural rurale sante savoir savonnerie scene sel senior service social sociale
    solidaire solidarite solution soutien sport sportif studio sud supermarche systeme tech technique technologie temps tennis terre
    territoire test theatre tiers toit tourisme traiteur transition travail udaf union universite urscop vacances velo verger vie village
    ville voyage web";

/// Words that the structure beside another takes for its name: *X Formation*, *X Services*.
const BRANCHES: &str = "boutique conseil conseils consulting developpement diffusion digital distribution edition editions emploi energie
    evenement evenements finance finances formation formations gestion holding immobilier ingenierie insertion international invest
    investissement jeunes jeunesse junior lab location logistique magasin numerique participation participations production productions
    projet projets restauration seniors service services solutions sport studio traiteur transport transports travaux";

/// Words that tell a whole from its parts, or a circle of people from what they gather round.
const RANKS: &str = "ami amicale amis anciens antenne ce comite confederation cse delegation departemental departementale departementaux dotation
    eleves fede federation filiale fondation fonds gie groupement intercommunale interdepartementale interregionale national nationale
    nationaux parents personnel regional regionale regionaux sci section syndicat union usagers";

/// Short ways to write a word that do not come about by cutting it off.
const SHORT: &str = "asso association assoc association ass association cie compagnie co compagnie ctr centre ctre centre gd grand gde grande
    pt petit pte petite ptit petit ptite petite st saint ste sainte th theatre";

/// Numbers, which some write in letters.
const NUMBERS: &str = "zero 0 deux 2 trois 3 quatre 4 cinq 5 six 6 sept 7 huit 8 neuf 9 dix 10 onze 11 douze 12 treize 13 quatorze 14 quinze 15
    seize 16 vingt 20 trente 30 quarante 40 cent 100 cents 100 mille 1000";

const GENERAL: u8 = 1;
const BRANCH: u8 = 2;
const RANK: u8 = 4;

static SORTS: LazyLock<HashMap<&'static str, u8>> = LazyLock::new(|| {
    let lists = [(KINDS, GENERAL), (BRANCHES, GENERAL | BRANCH), (RANKS, GENERAL | RANK)];
    let mut sorts = HashMap::new();
    for (word, sort) in lists.into_iter().flat_map(|(list, sort)| list.split_whitespace().map(move |word| (word, sort)))
    {
        *sorts.entry(word).or_default() |= sort;
    }
    sorts
});

static SPELT: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
    let pairs = |list: &'static str| list.split_whitespace().zip(list.split_whitespace().skip(1)).step_by(2);
    pairs(SHORT).chain(pairs(NUMBERS)).collect()
});

static LEGAL: LazyLock<Vec<Vec<&'static str>>> =
    LazyLock::new(|| PHRASES.iter().map(|phrase| phrase.split(' ').collect()).collect());

/// What a word says, besides being a word.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Sort(u8);

impl Sort {
    /// Of a word as typed, and spelt out.
    pub(super) fn of(raw: &str, stem: &str) -> Self {
        Self([raw, stem].into_iter().filter_map(|word| SORTS.get(word)).fold(0, |all, one| all | one))
    }

    /// Whether it tells nobody from others.
    pub(super) fn is_general(self) -> bool {
        self.0 & GENERAL != 0
    }

    pub(super) fn is_branch(self) -> bool {
        self.0 & BRANCH != 0
    }

    pub(super) fn is_rank(self) -> bool {
        self.0 & RANK != 0
    }
}

pub(super) fn is_small(word: &str) -> bool {
    SMALL.split(' ').any(|small| small == word)
}

pub(super) fn is_form(word: &str) -> bool {
    FORMS.split_whitespace().any(|form| form == word)
}

/// The phrases for a legal form, in words.
pub(super) fn phrases() -> &'static [Vec<&'static str>] {
    &LEGAL
}

/// A word spelt out, numbers in digits, without the sign of a plural.
pub(super) fn stem(word: &str) -> &str {
    let spelt = SPELT.get(word).copied().unwrap_or(word);
    let is_plural = spelt.len() > 3 && spelt.ends_with(['s', 'x']) && !spelt.ends_with("ss") && spelt != "sans";
    if is_plural { &spelt[..spelt.len() - 1] } else { spelt }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_spelt_out() {
        for (word, spelt) in [
            ("cie", "compagnie"),
            ("quatre", "4"),
            ("jardins", "jardin"),
            ("reseaux", "reseau"),
            ("bas", "bas"),
            ("sans", "sans"),
            ("express", "express"),
            ("loriot", "loriot"),
        ] {
            assert_eq!(stem(word), spelt, "{word}");
        }
    }

    #[test]
    fn a_word_may_be_of_several_sorts() {
        let sort = |word: &str| Sort::of(word, stem(word));
        assert!(sort("formation").is_general() && sort("formation").is_branch() && !sort("formation").is_rank());
        assert!(sort("federation").is_rank() && sort("federation").is_general());
        assert!(sort("epiceries").is_general() && !sort("epiceries").is_branch());
        assert_eq!(sort("loriots"), Sort::default());
    }

    #[test]
    fn no_list_holds_a_word_that_could_not_be_met() {
        let lists = [SMALL, FORMS, KINDS, BRANCHES, RANKS, SHORT, NUMBERS];
        for word in lists.iter().flat_map(|list| list.split_whitespace()) {
            assert_eq!(word, crate::code::fold(word));
            assert!(word.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{word}");
        }
        assert!(SORTS.len() > 250 && SPELT.len() > 30);
        assert!(is_small("des") && !is_small("desert") && is_form("scop") && !is_form("scopti"));
        for (at, phrase) in phrases().iter().enumerate() {
            assert!(phrases()[..at].iter().all(|before| !phrase.starts_with(before)), "{phrase:?} is never met");
        }
    }
}
