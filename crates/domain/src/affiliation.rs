//! A network in a hub's roll: who is a member, under which node-id, since when.

use crate::audience::Reader;
use crate::problem::{Findings, required};
use crate::{Code, Draft, Field, List, Problem, Problems, Rules, Why, draft};
use serde::{Deserialize, Serialize};
use time::Date;

/// An affiliation (*affiliation d'un réseau*), written by the hub about a member. Nobody believes it for itself: a
/// node pins a member only when the member's own address names the same node-id.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Affiliation {
    /// The network's name.
    pub network: String,
    /// Its node's origin.
    pub origin: String,
    /// The SHA-256 of its first key event, in hexadecimal.
    pub node_id: String,
    /// Since when it is a member.
    pub since: Date,
    /// Active, suspended or left: a code of `affiliation-state`.
    pub state: Code,
    /// The node-id it had before it lost its keys and joined anew.
    pub replaces: Option<String>,
}

impl Affiliation {
    /// What a list calls it.
    pub fn title(&self) -> String {
        self.network.clone()
    }

    /// Whether the member takes part now.
    pub fn is_active(&self) -> bool {
        self.state.notation() == "active"
    }

    pub(crate) fn retain(&mut self, _: &dyn Fn(Field) -> bool, _: Reader) {}

    pub(crate) fn check(&self, rules: &Rules) -> Problems {
        let mut findings = Findings::default();
        findings.note(required("network", &self.network, 100));
        findings.note(required("origin", &self.origin, 268));
        findings.note(rules.code("state", &self.state, List::AffiliationState));
        for node_id in [Some(&self.node_id), self.replaces.as_ref()].into_iter().flatten() {
            if node_id.len() != 64 || !node_id.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)) {
                findings.note(Err(Problem::new("node-id", Why::NotInList)));
            }
        }
        findings.judge(()).err().unwrap_or_default()
    }

    pub(crate) fn raise(draft: &Draft, _: &Rules) -> Result<Self, Problems> {
        let mut findings = Findings::default();
        let since = findings.take(draft.date("since"));
        if since.is_none() {
            findings.note(Err(Problem::new("since", Why::Missing)));
        }
        let affiliation = Self {
            network: draft.one("network").to_owned(),
            origin: draft.one("origin").to_owned(),
            node_id: draft.one("node-id").to_owned(),
            since: since.unwrap_or(Date::MIN),
            state: Code::new(List::AffiliationState, draft.one("state")),
            replaces: draft.text("replaces"),
        };
        findings.judge(affiliation)
    }

    pub(crate) fn lower(&self) -> Draft {
        let mut draft = Draft::default();
        draft.add("network", &self.network);
        draft.add("origin", &self.origin);
        draft.add("node-id", &self.node_id);
        draft.add("since", draft::write_date(self.since));
        draft.add("state", self.state.notation());
        draft.add_given("replaces", self.replaces.as_ref());
        draft
    }
}
