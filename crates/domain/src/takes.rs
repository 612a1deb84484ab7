//! What a network takes of what others publish: what it shows, finds and tells of. It receives everything all the same.

use crate::place::Area;
use crate::problem::Findings;
use crate::{Code, Draft, Kind, List, Problem, Problems, Record, Rules, Why};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The choice of a network. What is left out is named, and not what is taken: a kind or a network that comes later is
/// taken until somebody says otherwise. Of themes, sectors and territories none chosen means all.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Takes {
    /// The kinds that are left out.
    pub without_kinds: BTreeSet<Kind>,
    /// The origins of the networks that are left out.
    pub without_networks: BTreeSet<String>,
    /// Themes and sectors.
    pub topics: Vec<Code>,
    /// Territories.
    pub areas: Vec<Area>,
}

impl Takes {
    /// The kinds that may be left out. The roll may not: nobody would know whom to hear any more.
    pub const KINDS: [Kind; 10] = [
        Kind::Structure,
        Kind::Exchange,
        Kind::Product,
        Kind::Job,
        Kind::Call,
        Kind::Event,
        Kind::Article,
        Kind::Document,
        Kind::Person,
        Kind::Membership,
    ];

    /// Whether everything is taken.
    pub fn is_everything(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a record from elsewhere is taken, by what it says of itself. Of what it does not say nothing is held against it: a record
    /// without theme or sector is taken, and so is one without a place.
    pub fn takes(&self, record: &Record, rules: &Rules) -> bool {
        if record.kind() == Kind::Affiliation {
            return true;
        }
        !self.without_kinds.contains(&record.kind())
            && !self.without_networks.contains(record.iri.origin())
            && self.meets_topics(record, rules)
            && self.meets_areas(record, rules)
    }

    fn meets_topics(&self, record: &Record, rules: &Rules) -> bool {
        let declared: Vec<&Code> = record.body.sectors().iter().chain(&record.themes).collect();
        let meets = |chosen: &Code| declared.iter().any(|one| rules.thesaurus.meet(chosen, one));
        self.topics.is_empty() || declared.is_empty() || self.topics.iter().any(meets)
    }

    fn meets_areas(&self, record: &Record, rules: &Rules) -> bool {
        if self.areas.is_empty() {
            return true;
        }
        let declared = record.body.territories();
        // From the record's side, which names few communes where a choice may name a whole region.
        let touched = rules.gazetteer.touched_by(&declared);
        declared.is_empty() || self.areas.iter().any(|area| touched.contains(area))
    }

    /// What was chosen in a form, which names the kinds that are taken and the networks that are not.
    ///
    /// # Errors
    /// All problems found.
    pub fn raise(draft: &Draft, rules: &Rules) -> Result<Self, Problems> {
        let mut findings = Findings::default();
        let topics = [draft.codes("themes", List::Theme), draft.codes("sectors", List::Sector)].concat();
        findings.note(rules.codes("themes", &draft.codes("themes", List::Theme), List::Theme, 100));
        findings.note(rules.codes("sectors", &draft.codes("sectors", List::Sector), List::Sector, 300));
        let kinds = draft.all("kinds").iter().map(|name| Kind::named(name).filter(|kind| Self::KINDS.contains(kind)));
        let kinds: Option<BTreeSet<Kind>> = kinds.collect();
        if kinds.is_none() {
            findings.note(Err(Problem::new("kinds", Why::NotInList)));
        }
        let kinds = kinds.unwrap_or_default();
        let takes = Self {
            without_kinds: Self::KINDS.into_iter().filter(|kind| !kinds.contains(kind)).collect(),
            without_networks: draft.all("without-networks").iter().cloned().collect(),
            topics,
            areas: findings.take(Area::raise(draft, "areas", rules.gazetteer)),
        };
        findings.judge(takes)
    }

    /// Writes the choice back into a draft, for a form that changes it.
    pub fn lower(&self) -> Draft {
        let mut draft = Draft::default();
        let taken = Self::KINDS.into_iter().filter(|kind| !self.without_kinds.contains(kind));
        taken.for_each(|kind| draft.add("kinds", kind.notation()));
        self.without_networks.iter().for_each(|origin| draft.add("without-networks", origin.clone()));
        for code in &self.topics {
            let field = if code.list() == List::Theme { "themes" } else { "sectors" };
            draft.add(field, code.notation());
        }
        self.areas.iter().for_each(|area| draft.add("areas", area.to_form()));
        draft
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::thesaurus::tests::small;
    use crate::{Body, RecordIri};
    use time::macros::utc_datetime;

    fn rules() -> Rules {
        Rules::new(small())
    }

    fn draft(fields: &[(&str, &str)]) -> Draft {
        fields.iter().map(|(field, value)| ((*field).to_owned(), (*value).to_owned())).collect()
    }

    fn record(kind: Kind, fields: &[(&str, &str)]) -> Record {
        let (iri, now) = (RecordIri::mint("https://mesclun.example", kind), utc_datetime!(2026-11-25 09:00));
        Record::raise(kind, (iri, now), &draft(fields), now, &rules()).unwrap()
    }

    fn structure(fields: &[(&str, &str)]) -> Record {
        record(Kind::Structure, &[&[("name", "La Volière")], fields].concat())
    }

    fn chosen(fields: &[(&str, &str)]) -> Takes {
        let kinds = Takes::KINDS.map(|kind| ("kinds", kind.notation()));
        Takes::raise(&draft(&[&kinds, fields].concat()), &rules()).unwrap()
    }

    #[test]
    fn everything_is_taken_unless_somebody_says_otherwise() {
        assert!(chosen(&[]).is_everything());
        assert!(Takes::default().takes(&structure(&[]), &rules()));
        let stored: Takes = serde_json::from_str("{}").unwrap();
        assert!(stored.is_everything(), "a row of an older version");
    }

    #[test]
    fn a_kind_and_a_network_are_left_out_by_name() {
        let voliere = structure(&[]);
        let takes = Takes::raise(&draft(&[("kinds", "job")]), &rules()).unwrap();
        assert!(!takes.takes(&voliere, &rules()));
        assert_eq!(takes.without_kinds.len(), Takes::KINDS.len() - 1);
        assert!(!chosen(&[("without-networks", "https://mesclun.example")]).takes(&voliere, &rules()));
        assert!(chosen(&[("without-networks", "https://mesclun.example:8443")]).takes(&voliere, &rules()));
    }

    #[test]
    fn themes_and_sectors_meet_and_silence_is_taken() {
        let takes = chosen(&[("themes", "short-circuit")]);
        assert!(takes.takes(&structure(&[("themes", "short-circuit")]), &rules()));
        assert!(!takes.takes(&structure(&[("sectors", "building")]), &rules()));
        assert!(takes.takes(&structure(&[("sectors", "building"), ("themes", "short-circuit")]), &rules()));
        assert!(takes.takes(&structure(&[("skills", "carpentry")]), &rules()), "it says nothing of either");
        assert!(chosen(&[("sectors", "building")]).takes(&structure(&[("sectors", "building")]), &rules()));
    }

    #[test]
    fn territories_meet_where_they_share_a_commune_and_silence_is_taken() {
        let takes = chosen(&[("areas", "department:06")]);
        let at = |commune: &str| structure(&[("site-commune", commune)]);
        assert!(takes.takes(&at("Nice (06088)"), &rules()));
        assert!(!takes.takes(&at("Marseille (13055)"), &rules()));
        assert!(takes.takes(&structure(&[("areas", "region:93")]), &rules()), "the region holds the department");
        assert!(!takes.takes(&structure(&[("areas", "region:84")]), &rules()));
        assert!(takes.takes(&structure(&[]), &rules()));
    }

    #[test]
    fn the_roll_is_always_taken() {
        let nothing = Takes::raise(&Draft::default(), &rules()).unwrap();
        assert_eq!(nothing.without_kinds.len(), Takes::KINDS.len());
        let mut roll = structure(&[]);
        roll.body = Body::Affiliation(crate::affiliation::Affiliation {
            network: "x".into(),
            origin: "https://x.example".into(),
            node_id: "0".repeat(64),
            since: time::macros::date!(2026 - 11 - 25),
            state: Code::new(List::AffiliationState, "active"),
            replaces: None,
        });
        assert!(nothing.takes(&roll, &rules()) && !nothing.takes(&structure(&[]), &rules()));
    }

    #[test]
    fn a_choice_leads_back_and_a_wrong_one_is_told() {
        let takes = chosen(&[("areas", "department:06"), ("without-networks", "https://x.example")]);
        assert_eq!(Takes::raise(&takes.lower(), &rules()), Ok(takes.clone()));
        let stored = serde_json::to_string(&takes).unwrap();
        assert_eq!(serde_json::from_str::<Takes>(&stored).unwrap(), takes);
        for (field, bad) in [("kinds", "affiliation"), ("kinds", "x"), ("themes", "x"), ("areas", "department:999")] {
            let problems = Takes::raise(&draft(&[(field, bad)]), &rules()).unwrap_err();
            assert_eq!(problems, [Problem::new(field, Why::NotInList)], "{bad}");
        }
    }
}
