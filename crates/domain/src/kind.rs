//! The kinds of record.

use serde::{Deserialize, Serialize};

/// A kind of record this version understands. Records of other kinds are carried and not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The other side's answer (*accord*).
    Accord,
    /// A network in a hub's roll (*affiliation*).
    Affiliation,
    /// News (*actualité*).
    Article,
    /// A call for tenders, projects or partners (*appel*).
    Call,
    /// A document (*ressource*).
    Document,
    /// An event (*évènement*).
    Event,
    /// An offer or a demand (*annonce*).
    Exchange,
    /// A job offer (*offre d'emploi*).
    Job,
    /// A person's part in a structure (*engagement*).
    Membership,
    /// A person (*personne*).
    Person,
    /// A product or service (*produit ou service*).
    Product,
    /// What one structure is to another (*relation*).
    Relation,
    /// A structure (*structure*).
    Structure,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 13] = [
        Self::Accord,
        Self::Affiliation,
        Self::Article,
        Self::Call,
        Self::Document,
        Self::Event,
        Self::Exchange,
        Self::Job,
        Self::Membership,
        Self::Person,
        Self::Product,
        Self::Relation,
        Self::Structure,
    ];

    /// Its notation in the code list `kind`, which is also its part of a record's IRI.
    pub fn notation(self) -> &'static str {
        match self {
            Self::Accord => "accord",
            Self::Affiliation => "affiliation",
            Self::Article => "article",
            Self::Call => "call",
            Self::Document => "document",
            Self::Event => "event",
            Self::Exchange => "exchange",
            Self::Job => "job",
            Self::Membership => "membership",
            Self::Person => "person",
            Self::Product => "product",
            Self::Relation => "relation",
            Self::Structure => "structure",
        }
    }

    /// Undoes [`Kind::notation`].
    pub fn named(notation: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.notation() == notation)
    }

    /// The IRI of its concept.
    pub fn iri(self) -> String {
        format!("https://w3id.org/pes/code/kind/{}", self.notation())
    }

    /// The audience a new record of this kind has unless its author says otherwise.
    pub fn default_audience(self) -> crate::Audience {
        match self {
            Self::Person => crate::Audience::Network,
            _ => crate::Audience::Public,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notations_lead_back() {
        for kind in Kind::ALL {
            assert_eq!(Kind::named(kind.notation()), Some(kind));
            assert!(kind.iri().ends_with(kind.notation()));
        }
        assert_eq!(Kind::named("space"), None);
    }

    #[test]
    fn a_person_is_for_the_network_unless_they_say_otherwise() {
        let narrow: Vec<_> =
            Kind::ALL.into_iter().filter(|k| k.default_audience() != crate::Audience::Public).collect();
        assert_eq!(narrow, [Kind::Person]);
        assert_eq!(Kind::Person.default_audience(), crate::Audience::Network);
    }
}
