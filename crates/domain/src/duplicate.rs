//! Finds structures that are one, within a network and across networks, and says by what.
//!
//! It proposes, people decide: `Same` means that an animator is asked, or that a row of a file need not be entered again. The principles
//! stand in `docs/JUDGING.md`. In this order:
//!
//! 1. **Numbers.** A structure is who has a number: the same RNA or SIREN is one structure whatever its name, two are two.
//! 2. **Names.** What one name is of the other: the whole, spelt otherwise; the part before a subtitle; a label before the name; initials;
//!    a part of it with words beyond; or another name. See `likeness`.
//! 3. **Place and contacts.** The less sure the names, the more has to bear them out, and the less may speak against them. A name alone is
//!    nobody: one made of words that any structure may use needs the commune, and far away even a rare one needs the same phone or address.
//!
//! What is shared beside the name never makes two names one, for houses are shared, and telephones, and bookkeepers; but for a page that is
//! called as the other is, and for all three ways to be reached at once.
//!
//! Roads not taken: a sum of weights, which nobody could explain to those whom it calls one; and weights learnt from pairs, for want of pairs.
//!
//! The verdict is the same whichever of the two comes first.

mod fit;
mod index;
mod likeness;
mod locality;
mod name;
mod rarity;
mod reach;
mod spelling;
mod traits;
mod words;

pub use index::Index;
pub use rarity::Rarity;
pub(crate) use spelling::distance;
pub use traits::Traits;

use likeness::{Certainty, How, Likeness};
use locality::Nearness;
use reach::Agreement;
use traits::Form;

/// Whether two structures are one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// They are, by this; the strongest first.
    Same(Vec<Ground>),
    /// They are not, or nothing tells that they are.
    Different(Obstacle),
}

/// By what two structures are taken for one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ground {
    /// One number in the register of associations.
    SameRna,
    /// One establishment.
    SameSiret,
    /// One legal unit.
    SameSiren,
    /// The same name, but for signs, small words and legal form.
    SameName,
    /// The same name, but for a typing error or an abbreviation.
    NameSpeltOtherwise,
    /// One name is a part or a label of the other.
    NameWithin,
    /// One goes by the initials of the other.
    Initials,
    /// The web name of one is the name of the other.
    WebNamesTheOther,
    /// One commune, or one address.
    SameCommune,
    /// Neighbouring communes.
    NearCommune,
    /// One address.
    SameAddress,
    /// One telephone.
    SamePhone,
    /// One e-mail address.
    SameEmail,
    /// One page or site on the web.
    SameWeb,
    /// A domain of their own is in the addresses of both.
    SameDomain,
}

/// What stands first against taking two structures for one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Obstacle {
    /// Two numbers in the register of associations.
    TwoRna,
    /// Two legal units.
    TwoSiren,
    /// Other names.
    OtherName,
    /// A further word makes another name.
    FurtherWord,
    /// One is a union, a section, a circle of the other.
    OtherRank,
    /// The name is one that many have.
    CommonName,
    /// The names are alike, and what else is known does not bear them out.
    NotBorneOut,
    /// Far from each other.
    FarApart,
    /// Legal forms that one cannot both have.
    OtherForm,
}

/// Whether two structures are one. `rarity` tells which words many have in their names; [`Rarity::default`] knows only the built-in ones.
pub fn compare(one: &Traits, other: &Traits, rarity: &Rarity) -> Verdict {
    if let Some(verdict) = by_number(one, other) {
        return verdict;
    }
    // One order, so that pairing words by turns cannot make a difference.
    let in_order = one.names.first().map(|name| &name.spelt) <= other.names.first().map(|name| &name.spelt);
    let (one, other) = if in_order { (one, other) } else { (other, one) };
    let nearness = locality::nearness(&one.spots, &other.spots);
    let case = Case {
        nearness,
        likeness: Likeness::of(one, other, nearness, rarity),
        agreement: Agreement::of(&one.reach, &other.reach, locality::share_address(&one.spots, &other.spots)),
        is_named_by_host: reach::is_named_by_host((&one.reach, &one.names), (&other.reach, &other.names)),
        forms_exclude: one.form.zip(other.form).is_some_and(|(one, other)| one.excludes(other)),
        are_cooperatives: one.form == Some(Form::Cooperative) && one.form == other.form,
        is_commune_told: locality::share_told_commune(&one.spots, &other.spots),
    };
    match case.obstacle() {
        None => Verdict::Same(case.grounds()),
        Some(obstacle) => Verdict::Different(obstacle),
    }
}

/// What numbers say. A common RNA number comes before two SIREN: one association may have been given two.
fn by_number(one: &Traits, other: &Traits) -> Option<Verdict> {
    let differ = |ground: Ground, obstacle: Obstacle, is_one: bool| match is_one {
        true => Verdict::Same(vec![ground]),
        false => Verdict::Different(obstacle),
    };
    if let Some((one, other)) = one.rna.as_ref().zip(other.rna.as_ref()) {
        return Some(differ(Ground::SameRna, Obstacle::TwoRna, one == other));
    }
    let siret = one.siret.is_some() && one.siret == other.siret;
    let ground = if siret { Ground::SameSiret } else { Ground::SameSiren };
    one.siren.as_ref().zip(other.siren.as_ref()).map(|(one, other)| differ(ground, Obstacle::TwoSiren, one == other))
}

/// All that is known of two structures together.
#[derive(Debug)]
struct Case {
    likeness: Likeness,
    nearness: Nearness,
    agreement: Agreement,
    is_named_by_host: bool,
    forms_exclude: bool,
    are_cooperatives: bool,
    is_commune_told: bool,
}

impl Case {
    /// What stands against their being one, if anything does.
    fn obstacle(&self) -> Option<Obstacle> {
        if self.is_named_by_host && matches!(self.nearness, Nearness::Same | Nearness::Near(_)) {
            return None;
        }
        match self.likeness.how {
            How::Whole => self.against_whole(),
            How::Part | How::Label | How::LabelBehind => self.against_label(),
            How::Initials { letters, is_told } => self.against_initials(letters, is_told),
            How::Within => self.against_within(),
            How::Rank => Some(Obstacle::OtherRank),
            How::Crossing => Some(Obstacle::OtherName),
            How::Apart => self.against_apart(),
        }
    }

    /// The same name.
    fn against_whole(&self) -> Option<Obstacle> {
        let (own, certainty) = (self.likeness.own(), self.likeness.certainty);
        let (agreement, is_reached) = (&self.agreement, self.agreement.ways() > 0);
        let unless = |is_right: bool, obstacle: Obstacle| (!is_right).then_some(obstacle);
        match self.nearness {
            Nearness::Same if certainty == Certainty::Letter => unless(agreement.is_any(), Obstacle::NotBorneOut),
            Nearness::Same if certainty == Certainty::Spelling => self.unless_spoken_against(),
            Nearness::Same if own == 0 => self.unless_spoken_against().map(|_| Obstacle::CommonName),
            Nearness::Same => None,
            // Who moved far shows it by what moves along. A site does not: branches share one.
            Nearness::Far if own == 0 => Some(Obstacle::CommonName),
            Nearness::Far => unless(
                certainty == Certainty::Sure && (agreement.phone == Some(true) || agreement.email == Some(true)),
                Obstacle::FarApart,
            ),
            _ if is_reached => None,
            _ if certainty != Certainty::Sure => Some(Obstacle::NotBorneOut),
            _ if own == 0 => Some(Obstacle::CommonName),
            Nearness::Near(km) => {
                let is_open = !agreement.differ() || self.are_cooperatives;
                unless(is_open, Obstacle::NotBorneOut).or(unless(own >= 2 || km <= 8.0, Obstacle::CommonName))
            }
            Nearness::Unknown if own >= 2 => None,
            Nearness::Unknown if self.forms_exclude => Some(Obstacle::OtherForm),
            Nearness::Unknown => unless(!agreement.differ(), Obstacle::NotBorneOut),
        }
    }

    /// A part of the name, or the name with a label.
    fn against_label(&self) -> Option<Obstacle> {
        let (own, is_reached) = (self.likeness.own(), self.agreement.ways() > 0);
        let is_borne_out = match self.nearness {
            Nearness::Same => {
                let is_guess = self.likeness.certainty != Certainty::Sure && self.agreement.against() > 0;
                // Two that are called so beside each other have each their own site.
                let is_branch = self.likeness.how == How::LabelBehind && self.agreement.differ();
                !is_guess && (is_reached || own > 0 && !is_branch)
            }
            Nearness::Near(_) | Nearness::Unknown => own > 0 && is_reached,
            Nearness::Far => return Some(Obstacle::FarApart),
        };
        let obstacle = if own == 0 { Obstacle::CommonName } else { Obstacle::NotBorneOut };
        (!is_borne_out).then_some(obstacle)
    }

    /// Initials: the fewer, the more structures have them.
    fn against_initials(&self, letters: usize, is_told: bool) -> Option<Obstacle> {
        let is_reached = self.agreement.ways() > 0;
        match self.nearness {
            Nearness::Same if letters > 2 => {
                let is_sure = (letters > 3 || is_told) && self.agreement.against() <= 1;
                if is_sure { None } else { self.unless_spoken_against() }
            }
            Nearness::Far => Some(Obstacle::FarApart),
            _ if is_reached => None,
            Nearness::Near(_) if is_told && letters >= 4 => None,
            Nearness::Unknown if is_told && letters >= 5 => None,
            _ => Some(Obstacle::NotBorneOut),
        }
    }

    /// A name with words beyond the other: an association and the cooperative beside it are called so, and share what they have.
    fn against_within(&self) -> Option<Obstacle> {
        let (own, agreement) = (self.likeness.own(), &self.agreement);
        if self.forms_exclude {
            return Some(Obstacle::OtherForm);
        }
        let is_borne_out = match self.nearness {
            Nearness::Same if own == 0 => {
                agreement.ways() >= 2 && (agreement.street == Some(true) || self.likeness.shared >= 2)
            }
            Nearness::Same => agreement.ways() >= 2,
            Nearness::Near(_) => own > 0 && agreement.phone == Some(true) && agreement.email == Some(true),
            Nearness::Unknown => own > 0 && self.is_named_by_host,
            Nearness::Far => return Some(Obstacle::FarApart),
        };
        (!is_borne_out).then_some(Obstacle::FurtherWord)
    }

    /// No word in common: who took another name and kept all else.
    fn against_apart(&self) -> Option<Obstacle> {
        let kept_all = self.nearness == Nearness::Same && self.agreement.ways() >= 3 && !self.forms_exclude;
        (!kept_all).then_some(Obstacle::OtherName)
    }

    fn unless_spoken_against(&self) -> Option<Obstacle> {
        (self.agreement.against() > 0 && !self.agreement.is_any()).then_some(Obstacle::NotBorneOut)
    }

    /// All that they have in common.
    fn grounds(&self) -> Vec<Ground> {
        let name = match self.likeness.how {
            How::Whole if self.likeness.certainty == Certainty::Sure => Some(Ground::SameName),
            How::Whole => Some(Ground::NameSpeltOtherwise),
            How::Part | How::Label | How::LabelBehind | How::Within => Some(Ground::NameWithin),
            How::Initials { .. } => Some(Ground::Initials),
            How::Rank | How::Crossing | How::Apart => None,
        };
        let place = match self.nearness {
            // A commune that was only read in a street is nothing the sheets say.
            Nearness::Same => self.is_commune_told.then_some(Ground::SameCommune),
            Nearness::Near(_) => Some(Ground::NearCommune),
            Nearness::Far | Nearness::Unknown => None,
        };
        let agreement = &self.agreement;
        let others = [
            (self.is_named_by_host, Ground::WebNamesTheOther),
            (agreement.street == Some(true), Ground::SameAddress),
            (agreement.phone == Some(true), Ground::SamePhone),
            (agreement.email == Some(true), Ground::SameEmail),
            (agreement.web == Some(true), Ground::SameWeb),
            (agreement.domain, Ground::SameDomain),
        ];
        let others = others.into_iter().filter(|(holds, _)| *holds).map(|(_, ground)| ground);
        let mut grounds: Vec<Ground> = name.into_iter().chain(place).chain(others).collect();
        grounds.sort_unstable();
        grounds
    }
}

impl Verdict {
    /// Whether they are one.
    pub fn is_same(&self) -> bool {
        matches!(self, Self::Same(_))
    }
}

impl Ground {
    /// All grounds, the strongest first.
    pub const ALL: [Self; 15] = [
        Self::SameRna,
        Self::SameSiret,
        Self::SameSiren,
        Self::SameName,
        Self::NameSpeltOtherwise,
        Self::NameWithin,
        Self::Initials,
        Self::WebNamesTheOther,
        Self::SameCommune,
        Self::NearCommune,
        Self::SameAddress,
        Self::SamePhone,
        Self::SameEmail,
        Self::SameWeb,
        Self::SameDomain,
    ];

    /// The key of its sentence in the catalogue.
    pub fn key(self) -> &'static str {
        match self {
            Self::SameRna => "same-rna",
            Self::SameSiret => "same-siret",
            Self::SameSiren => "same-siren",
            Self::SameName => "same-name",
            Self::NameSpeltOtherwise => "name-spelt-otherwise",
            Self::NameWithin => "name-within",
            Self::Initials => "initials",
            Self::WebNamesTheOther => "web-names-the-other",
            Self::SameCommune => "same-commune",
            Self::NearCommune => "near-commune",
            Self::SameAddress => "same-address",
            Self::SamePhone => "same-phone",
            Self::SameEmail => "same-email",
            Self::SameWeb => "same-web",
            Self::SameDomain => "same-domain",
        }
    }

    /// Undoes [`Ground::key`].
    pub fn named(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ground| ground.key() == key)
    }
}

impl Obstacle {
    /// Its key.
    pub fn key(self) -> &'static str {
        match self {
            Self::TwoRna => "two-rna",
            Self::TwoSiren => "two-siren",
            Self::OtherName => "other-name",
            Self::FurtherWord => "further-word",
            Self::OtherRank => "other-rank",
            Self::CommonName => "common-name",
            Self::NotBorneOut => "not-borne-out",
            Self::FarApart => "far-apart",
            Self::OtherForm => "other-form",
        }
    }
}
