//! What a network gives: for whom a new record of each kind is, unless its author says otherwise.

use crate::{Audience, Draft, Kind, Problem, Problems, Why};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The network's own beginnings, where they are other than those of the platform.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gives(BTreeMap<Kind, Audience>);

impl Gives {
    /// The kinds one writes by a form in which the audience is chosen. Of a membership both sides decide, the roll is for everybody.
    pub const KINDS: [Kind; 9] = [
        Kind::Structure,
        Kind::Exchange,
        Kind::Product,
        Kind::Job,
        Kind::Call,
        Kind::Event,
        Kind::Article,
        Kind::Document,
        Kind::Person,
    ];

    /// For whom a new record of this kind is, unless its author says otherwise.
    pub fn audience(&self, kind: Kind) -> Audience {
        self.0.get(&kind).copied().unwrap_or(kind.default_audience()).min(kind.default_audience())
    }

    /// What may be chosen for a kind: never wider than what the platform begins with. So a person's sheet is not published before
    /// that person said so themselves.
    pub fn choices(kind: Kind) -> impl Iterator<Item = Audience> {
        Audience::ALL.into_iter().rev().filter(move |audience| *audience <= kind.default_audience())
    }

    /// What was chosen in a form; a kind that is not in it stays as it was.
    ///
    /// # Errors
    /// [`Why::NotInList`] for what is no choice.
    pub fn raise(&self, draft: &Draft) -> Result<Self, Problems> {
        let mut gives = self.clone();
        for kind in Self::KINDS {
            let typed = draft.one(&field(kind));
            if typed.is_empty() {
                continue;
            }
            let chosen = Self::choices(kind).find(|audience| audience.as_str() == typed);
            let chosen = chosen.ok_or_else(|| vec![Problem::new("audience", Why::NotInList)])?;
            gives.0.remove(&kind);
            if chosen != kind.default_audience() {
                gives.0.insert(kind, chosen);
            }
        }
        Ok(gives)
    }
}

/// The field of a form in which the audience of a kind is chosen.
pub fn field(kind: Kind) -> String {
    format!("gives-{}", kind.notation())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raised(kind: Kind, typed: &str) -> Result<Gives, Problems> {
        let draft = [(field(kind), typed.to_owned())].into_iter().collect();
        Gives::default().raise(&draft)
    }

    #[test]
    fn nothing_changes_unless_somebody_says_otherwise() {
        for kind in Kind::ALL {
            assert_eq!(Gives::default().audience(kind), kind.default_audience());
        }
        assert_eq!(raised(Kind::Job, ""), Ok(Gives::default()));
        assert_eq!(raised(Kind::Job, "public"), Ok(Gives::default()), "what is the same anyway is not kept");
    }

    #[test]
    fn a_kind_begins_as_the_network_chose() {
        let gives = raised(Kind::Exchange, "affiliates").unwrap();
        assert_eq!(gives.audience(Kind::Exchange), Audience::Affiliates);
        assert_eq!(gives.audience(Kind::Job), Audience::Public);
        let stored = serde_json::to_string(&gives).unwrap();
        assert_eq!(serde_json::from_str::<Gives>(&stored).unwrap(), gives);
    }

    #[test]
    fn nobody_s_sheet_is_published_by_a_default() {
        let choices: Vec<_> = Gives::choices(Kind::Person).collect();
        assert_eq!(choices, [Audience::Network, Audience::Private]);
        assert!(raised(Kind::Person, "public").is_err() && raised(Kind::Person, "affiliates").is_err());
        assert!(raised(Kind::Job, "everybody").is_err());
        let forged: Gives = serde_json::from_str("{\"person\":\"public\"}").unwrap();
        assert_eq!(forged.audience(Kind::Person), Audience::Network);
    }
}
