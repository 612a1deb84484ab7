//! What the home page shows of the other networks: which kinds, on which themes, where.

use crate::place::Area;
use crate::problem::Findings;
use crate::{Code, Draft, Kind, List, Problem, Problems, Rules, Why};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The choice of a network. As with [`crate::Takes`], the kinds that are left out are named, so that one that comes later is shown; of themes and
/// territories none chosen means all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FrontPage {
    /// The kinds that are left out.
    pub without_kinds: BTreeSet<Kind>,
    /// Themes, one of which a record has.
    pub themes: Vec<Code>,
    /// Territories, in one of which a record is.
    pub areas: Vec<Area>,
}

impl Default for FrontPage {
    /// All that is news. That a structure has a sheet is none.
    fn default() -> Self {
        Self { without_kinds: [Kind::Structure].into(), themes: Vec::new(), areas: Vec::new() }
    }
}

impl FrontPage {
    /// The kinds that may be shown. What is about people stays where one looks for people.
    pub const KINDS: [Kind; 8] = [
        Kind::Exchange,
        Kind::Job,
        Kind::Call,
        Kind::Event,
        Kind::Article,
        Kind::Product,
        Kind::Document,
        Kind::Structure,
    ];

    /// The kinds that are shown.
    pub fn kinds(&self) -> impl Iterator<Item = Kind> {
        Self::KINDS.into_iter().filter(|kind| !self.without_kinds.contains(kind))
    }

    /// What was chosen in a form, which names the kinds that are shown.
    ///
    /// # Errors
    /// All problems found.
    pub fn raise(draft: &Draft, rules: &Rules) -> Result<Self, Problems> {
        let mut findings = Findings::default();
        let themes = draft.codes("themes", List::Theme);
        findings.note(rules.codes("themes", &themes, List::Theme, 100));
        let kinds = draft.all("front-kinds").iter();
        let kinds = kinds.map(|name| Kind::named(name).filter(|kind| Self::KINDS.contains(kind)));
        let kinds: Option<BTreeSet<Kind>> = kinds.collect();
        if kinds.is_none() {
            findings.note(Err(Problem::new("front-kinds", Why::NotInList)));
        }
        let kinds = kinds.unwrap_or_default();
        let front_page = Self {
            without_kinds: Self::KINDS.into_iter().filter(|kind| !kinds.contains(kind)).collect(),
            themes,
            areas: findings.take(Area::raise(draft, "areas", rules.gazetteer)),
        };
        findings.judge(front_page)
    }

    /// Writes the choice back into a draft, for a form that changes it.
    pub fn lower(&self) -> Draft {
        let mut draft = Draft::default();
        self.kinds().for_each(|kind| draft.add("front-kinds", kind.notation()));
        draft.add_codes("themes", &self.themes);
        self.areas.iter().for_each(|area| draft.add("areas", area.to_form()));
        draft
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::place::AreaKind;
    use crate::thesaurus::tests::small;

    fn raised(fields: &[(&str, &str)]) -> Result<FrontPage, Problems> {
        let draft = fields.iter().map(|(field, value)| ((*field).to_owned(), (*value).to_owned())).collect();
        FrontPage::raise(&draft, &Rules::new(small()))
    }

    #[test]
    fn at_first_everything_is_shown_that_is_news() {
        let kinds: Vec<Kind> = FrontPage::default().kinds().collect();
        assert_eq!(kinds.len(), FrontPage::KINDS.len() - 1);
        assert!(!kinds.contains(&Kind::Structure));
        let stored: FrontPage = serde_json::from_str("{}").unwrap();
        assert_eq!(stored, FrontPage::default(), "a row of an older version");
    }

    #[test]
    fn a_choice_leads_back_through_a_form_and_a_row() {
        let all = [
            ("front-kinds", "event"),
            ("front-kinds", "structure"),
            ("themes", "short-circuit"),
            ("areas", "department:06"),
            ("areas", "Menton"),
        ];
        let chosen = raised(&all).unwrap();
        assert_eq!(chosen.kinds().collect::<Vec<_>>(), [Kind::Event, Kind::Structure]);
        assert_eq!(chosen.areas.len(), 2);
        assert_eq!(FrontPage::raise(&chosen.lower(), &Rules::new(small())), Ok(chosen.clone()));
        let stored = serde_json::to_string(&chosen).unwrap();
        assert_eq!(serde_json::from_str::<FrontPage>(&stored).unwrap(), chosen);
        assert_eq!(raised(&[]).unwrap().kinds().count(), 0, "nothing ticked is nothing shown");
    }

    #[test]
    fn an_intercommunality_is_named_as_people_call_it() {
        let metropolis = Area::new(AreaKind::Epci, "200030195");
        for typed in ["Métropole Nice Côte d'Azur", "métropole nice côte d’azur", "x (200030195)", "epci:200030195"]
        {
            assert_eq!(
                raised(&[("areas", typed)]).unwrap().areas.as_slice(),
                std::slice::from_ref(&metropolis),
                "{typed}"
            );
        }
    }

    #[test]
    fn what_is_no_choice_is_told() {
        for (field, bad, why) in [
            ("front-kinds", "affiliation", Why::NotInList),
            ("front-kinds", "person", Why::NotInList),
            ("front-kinds", "", Why::NotInList),
            ("themes", "x", Why::NotInList),
            ("areas", "epci:1", Why::NotInList),
            ("areas", "Nulle-Part", Why::NotACommune),
            ("areas", "x (999999999)", Why::NotACommune),
        ] {
            assert_eq!(raised(&[(field, bad)]).unwrap_err(), [Problem::new(field, why)], "{bad}");
        }
    }
}
