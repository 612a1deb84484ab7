//! The kinds of record.

use serde::{Deserialize, Serialize};

/// A kind of record this version understands. Records of other kinds are carried and not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A network in a hub's roll (*affiliation*).
    Affiliation,
    /// A call for tenders, projects or partners (*appel*).
    Call,
    /// An offer or a demand (*annonce*).
    Exchange,
    /// A job offer (*offre d'emploi*).
    Job,
    /// A person's part in a structure (*engagement*).
    Membership,
    /// A person (*personne*).
    Person,
    /// A structure (*structure*).
    Structure,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 7] =
        [Self::Affiliation, Self::Call, Self::Exchange, Self::Job, Self::Membership, Self::Person, Self::Structure];

    /// Its notation in the code list `kind`, which is also its part of a record's IRI.
    pub fn notation(self) -> &'static str {
        match self {
            Self::Affiliation => "affiliation",
            Self::Call => "call",
            Self::Exchange => "exchange",
            Self::Job => "job",
            Self::Membership => "membership",
            Self::Person => "person",
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
        assert_eq!(Kind::named("relation"), None);
    }

    #[test]
    fn a_person_is_for_the_network_unless_they_say_otherwise() {
        let narrow: Vec<_> =
            Kind::ALL.into_iter().filter(|k| k.default_audience() != crate::Audience::Public).collect();
        assert_eq!(narrow, [Kind::Person]);
        assert_eq!(Kind::Person.default_audience(), crate::Audience::Network);
    }
}
