//! Who may see a record or a field, and how far a reader sees.

use serde::{Deserialize, Serialize};

/// For whom a record or a field is, narrowest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Audience {
    /// The author, who may edit, and the network's animators.
    Private,
    /// People the network has accepted.
    Network,
    /// The same, at any network of the roll.
    Affiliates,
    /// Everybody.
    Public,
}

impl Audience {
    /// All audiences, narrowest first.
    pub const ALL: [Self; 4] = [Self::Private, Self::Network, Self::Affiliates, Self::Public];

    /// The word for it in forms, rows and configuration.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Private => "private",
            Self::Network => "network",
            Self::Affiliates => "affiliates",
            Self::Public => "public",
        }
    }

    /// Undoes [`Audience::as_str`].
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|audience| audience.as_str() == name)
    }

    /// Whether it may enter a change-set at all.
    pub fn leaves_home(self) -> bool {
        self >= Self::Affiliates
    }
}

/// How far somebody sees. A reader sees every thing whose audience is at least as wide as this.
///
/// Narrower than [`Audience`] in one respect: the author of a private record is known only record by record,
/// so whoever asks for a reader's view of one record says whether they are its author.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reader {
    /// Sees what is private too: the author, who may edit, or an animator of the record's home.
    Insider,
    /// A person the record's own network has accepted.
    Member,
    /// A person another network of the roll has accepted.
    MemberElsewhere,
    /// Anybody, with or without an account.
    Anyone,
}

impl Reader {
    /// The narrowest audience this reader belongs to.
    pub fn audience(self) -> Audience {
        match self {
            Self::Insider => Audience::Private,
            Self::Member => Audience::Network,
            Self::MemberElsewhere => Audience::Affiliates,
            Self::Anyone => Audience::Public,
        }
    }

    /// Whether the reader sees a thing that is for `audience`.
    pub fn sees(self, audience: Audience) -> bool {
        audience >= self.audience()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reader_sees_as_far_as_their_audience() {
        let seen = |reader: Reader| Audience::ALL.into_iter().filter(move |a| reader.sees(*a)).count();
        assert_eq!(seen(Reader::Insider), 4);
        assert_eq!(seen(Reader::Member), 3);
        assert_eq!(seen(Reader::MemberElsewhere), 2);
        assert_eq!(seen(Reader::Anyone), 1);
    }

    #[test]
    fn only_two_audiences_leave_home() {
        let leaving: Vec<_> = Audience::ALL.into_iter().filter(|a| a.leaves_home()).collect();
        assert_eq!(leaving, [Audience::Affiliates, Audience::Public]);
    }

    #[test]
    fn names_lead_back() {
        for audience in Audience::ALL {
            assert_eq!(Audience::named(audience.as_str()), Some(audience));
        }
        assert_eq!(Audience::named("everyone"), None);
    }
}
