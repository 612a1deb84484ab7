//! Structures among which somebody chooses, each with what tells it from others of its name, and the question that is asked about them.

use crate::porch::Porch;
use crate::shelf::Shown;
use crate::views::doubles::ground_key;
use pes_domain::duplicate::Ground;
use serde::Serialize;

/// A structure among others.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct LikeView {
    /// Its record.
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) url: String,
    /// Its commune, and its network.
    pub(crate) told: String,
    /// Why it may be the one.
    pub(crate) reasons: Vec<String>,
    /// Where one says that one belongs to it.
    pub(crate) claim: Option<String>,
}

/// What has to be answered before a form is saved.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct QuestionView {
    pub(crate) title: String,
    pub(crate) text: String,
    /// What is shown to be looked at.
    pub(crate) likes: Vec<LikeView>,
    /// What was shown, now or before: whoever sends the form on says that it is none of these.
    pub(crate) known: Vec<String>,
    /// The field in which the answer is chosen.
    pub(crate) field: Option<&'static str>,
    /// What the link says that leads there.
    pub(crate) lead: String,
}

impl LikeView {
    /// A structure as its reader sees it.
    pub(crate) fn of(porch: &Porch, shown: &Shown) -> Self {
        let url = shown.record.iri.page_at(&porch.site.origin);
        let place = shown.record.body.places().first().map(|place| place.name.clone());
        let claim = if shown.is_unclaimed() { format!("{url}#reprendre") } else { format!("{url}/rejoindre") };
        Self {
            name: shown.record.iri.to_string(),
            title: shown.record.title(),
            told: place.into_iter().chain([shown.network.clone()]).collect::<Vec<_>>().join(" · "),
            reasons: Vec::new(),
            claim: (shown.is_own && !shown.may_change).then_some(claim),
            url,
        }
    }

    /// The same with what speaks for its being the one.
    pub(crate) fn because(self, porch: &Porch, grounds: &[Ground]) -> Self {
        Self { reasons: grounds.iter().map(|ground| porch.say(ground_key(*ground))).collect(), ..self }
    }
}
