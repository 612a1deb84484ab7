//! What lists, choices and notices ask of a record whatever its kind: what it is about, where it is, in whose name it speaks.
//!
//! A kind is added here once; nobody downstream tells kinds apart for this.

use crate::file::Attached;
use crate::place::{Area, AreaKind, Place};
use crate::{Body, Code, File, List, Picture, Record, Reference};

impl Record {
    /// Whether a network says of a structure of another that it is a member of it: such a relation lies at the home of its object, and its subject
    /// answers it. Of all others the subject's home tells.
    pub fn is_told_by_network(&self) -> bool {
        let Body::Relation(one) = &self.body else { return false };
        let is_here = |to: &Reference| to.iri.as_ref().is_some_and(|iri| iri.origin() == self.iri.origin());
        one.sort.notation() == "member-of-network"
            && is_here(&one.object)
            && one.subject.iri.is_some()
            && !is_here(&one.subject)
    }

    /// Whether it lies at the home of the structure it speaks for: only there it is known who may. What names a structure of another
    /// home speaks for itself alone.
    pub fn speaks_at_home(&self) -> bool {
        let home = self.body.speaks_for().and_then(|one| one.iri.as_ref()).map(crate::RecordIri::origin);
        home.is_some_and(|home| home == self.iri.origin())
    }
}

impl Body {
    /// The skills it offers or seeks.
    pub fn skills(&self) -> &[Code] {
        match self {
            Self::Call(one) => &one.skills,
            Self::Exchange(one) => &one.skills,
            Self::Person(one) => &one.skills,
            Self::Structure(one) => &one.skills,
            _ => &[],
        }
    }

    /// Its sectors.
    pub fn sectors(&self) -> &[Code] {
        match self {
            Self::Call(one) => &one.sectors,
            Self::Event(one) => &one.sectors,
            Self::Exchange(one) => &one.sectors,
            Self::Person(one) => &one.sectors,
            Self::Product(one) => &one.sectors,
            Self::Structure(one) => &one.sectors,
            _ => &[],
        }
    }

    /// The concepts by which its kind is sorted, whatever their list: type, legal form, label, state.
    pub fn sorts(&self) -> Vec<Code> {
        let of = |list: List, notation: &str| vec![Code::new(list, notation)];
        match self {
            Self::Accord(one) => of(List::AccordAnswer, one.answer.notation()),
            Self::Affiliation(one) => vec![one.state.clone()],
            Self::Article(one) => one.category.iter().chain(&one.reach).cloned().collect(),
            Self::Call(one) => vec![one.call_type.clone()],
            Self::Document(one) => vec![one.sort.clone()],
            Self::Event(one) => of(List::EventState, one.state.notation()),
            Self::Exchange(one) => {
                let direction = of(List::Direction, one.direction.notation());
                direction.into_iter().chain([one.kind_of_thing.clone()]).chain(one.methods.iter().cloned()).collect()
            }
            Self::Job(one) => vec![one.contract.clone()],
            Self::Membership(_) | Self::Person(_) => Vec::new(),
            Self::Product(one) => one.publics.clone(),
            Self::Relation(one) => vec![one.sort.clone()],
            Self::Structure(one) => {
                let stage = one.project.as_ref().map(|project| &project.stage);
                let labels = one.labels.iter().map(|held| &held.label);
                let one_each = one.legal_form.iter().chain(&one.integration).chain(stage);
                one_each.chain(&one.categories).chain(labels).cloned().collect()
            }
        }
    }

    /// Where it is; the first is the main place.
    pub fn places(&self) -> Vec<&Place> {
        match self {
            Self::Event(one) => one.place.iter().collect(),
            Self::Exchange(one) => one.place.iter().collect(),
            Self::Job(one) => one.place.iter().collect(),
            Self::Person(one) => one.place.iter().collect(),
            Self::Structure(one) => one.sites.iter().filter_map(|site| site.place.as_ref()).collect(),
            _ => Vec::new(),
        }
    }

    /// Where it counts.
    pub fn areas(&self) -> &[Area] {
        match self {
            Self::Article(one) => &one.areas,
            Self::Call(one) => &one.areas,
            Self::Event(one) => &one.areas,
            Self::Exchange(one) => &one.areas,
            Self::Person(one) => &one.areas,
            Self::Product(one) => &one.areas,
            Self::Structure(one) => &one.areas,
            _ => &[],
        }
    }

    /// Where it counts, and the communes where it is.
    pub fn territories(&self) -> Vec<Area> {
        let communes = self.places().into_iter().map(|place| Area::new(AreaKind::Commune, &place.commune));
        self.areas().iter().cloned().chain(communes).collect()
    }

    /// How far around it counts, in kilometres.
    pub fn radius_km(&self) -> Option<u16> {
        match self {
            Self::Exchange(one) => one.radius_km,
            Self::Person(one) => one.radius_km,
            Self::Product(one) => one.radius_km,
            Self::Structure(one) => one.radius_km,
            _ => None,
        }
    }

    /// The structure in whose name it speaks.
    pub fn speaks_for(&self) -> Option<&Reference> {
        match self {
            Self::Accord(one) => Some(&one.by),
            Self::Article(one) => one.structure.as_ref(),
            Self::Call(one) => Some(&one.bearer),
            Self::Document(one) => one.structure.as_ref(),
            Self::Event(one) => one.organisers.first(),
            Self::Exchange(one) => one.structure.as_ref(),
            Self::Job(one) => Some(&one.employer),
            Self::Membership(one) => Some(&one.structure),
            Self::Product(one) => Some(&one.provider),
            Self::Relation(one) => Some(&one.subject),
            Self::Affiliation(_) | Self::Person(_) | Self::Structure(_) => None,
        }
    }

    /// Other records that it names: whoever shows one of those shows it there too.
    pub fn names(&self) -> Vec<&Reference> {
        match self {
            Self::Accord(one) => vec![&one.about],
            Self::Event(one) => one.organisers.iter().skip(1).collect(),
            Self::Membership(one) => vec![&one.person],
            Self::Relation(one) => vec![&one.object],
            Self::Structure(one) => one.project.iter().filter_map(|project| project.bearer.as_ref()).collect(),
            _ => Vec::new(),
        }
    }

    /// The name of the person who speaks, as they chose it.
    pub fn author(&self) -> Option<&str> {
        match self {
            Self::Article(one) => one.author.as_deref(),
            Self::Document(one) => one.author.as_deref(),
            Self::Exchange(one) => one.author.as_deref(),
            _ => None,
        }
    }

    /// Its picture.
    pub fn picture(&self) -> Option<&Picture> {
        match self {
            Self::Article(one) => one.picture.as_ref(),
            Self::Event(one) => one.picture.as_ref(),
            Self::Exchange(one) => one.picture.as_ref(),
            Self::Product(one) => one.picture.as_ref(),
            Self::Structure(one) => one.picture.as_ref(),
            _ => None,
        }
    }

    /// Its file.
    pub fn file(&self) -> Option<&File> {
        if let Self::Document(one) = self { one.file.as_ref() } else { None }
    }

    /// All that it names and does not hold, to be fetched by whoever shows it: its picture, its file.
    pub fn attached(&self) -> impl Iterator<Item = Attached<'_>> {
        self.picture().map(Attached::from).into_iter().chain(self.file().map(Attached::from))
    }

    /// What it says in full.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Accord(one) => one.detail.as_deref(),
            Self::Affiliation(_) => None,
            Self::Article(one) => one.text.as_deref(),
            Self::Call(one) => one.description.as_deref(),
            Self::Document(one) => one.description.as_deref(),
            Self::Event(one) => one.description.as_deref(),
            Self::Exchange(one) => one.description.as_deref(),
            Self::Job(one) => one.description.as_deref(),
            Self::Membership(one) => one.detail.as_deref(),
            Self::Person(one) => one.presentation.as_deref(),
            Self::Product(one) => one.description.as_deref(),
            Self::Relation(one) => one.detail.as_deref(),
            Self::Structure(one) => one.description.as_deref(),
        }
    }
}
