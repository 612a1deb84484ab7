//! A record in a list: what it is, where, of whom.

use crate::porch::Porch;
use crate::shelf::Shown;
use crate::views::contacts::reach_of;
use crate::views::record::{badge, is_placeless, place_of};
use crate::views::{CalledOff, FileView, PictureView, next_called_off, next_of};
use pes_domain::{Body, Record};
use pes_words::{dates, prose};
use serde::Serialize;
use time::UtcDateTime;

/// How many characters of a description a card shows.
const LEAD: usize = 180;

/// A record in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Card {
    pub(crate) title: String,
    pub(crate) url: String,
    pub(crate) badge: String,
    pub(crate) badge_class: &'static str,
    pub(crate) lead: String,
    pub(crate) picture: Option<PictureView>,
    pub(crate) file: Option<FileView>,
    pub(crate) facts: Vec<String>,
    /// The next times of an event that do not take place.
    pub(crate) called_off: Option<CalledOff>,
    /// The network it comes from, if that is another.
    pub(crate) from: Option<String>,
    /// What a map calls it by.
    pub(crate) record: String,
    /// Where it is and how it is reached, for who reads on paper.
    pub(crate) printed: Vec<String>,
}

impl Card {
    pub(crate) fn of(porch: &Porch, shown: &Shown) -> Self {
        let mut card = Self::undated(porch, shown);
        if let Body::Event(event) = &shown.record.body {
            let now = UtcDateTime::now();
            card.facts.splice(0..0, next_of(porch, event, now));
            card.called_off = next_called_off(porch, event, now);
        }
        card
    }

    /// A card that does not say when: that stands above it.
    pub(crate) fn undated(porch: &Porch, shown: &Shown) -> Self {
        let record = &shown.record;
        let (badge, badge_class) = badge(porch, record);
        let tell =
            |name: &str, gap: &'static str, value: String| porch.words.catalogue().tell(name, &[(gap, value.into())]);
        let deadline = record.expires.and_then(|at| at.date().previous_day());
        let until = deadline.map(|day| tell("until", "day", dates::day(day)));
        let place = place_of(record).or_else(|| is_placeless(record).then(|| porch.say("place-none")));
        let facts = [voice_of(record), place, until];
        Self {
            title: record.title(),
            url: record.iri.page_at(&porch.site.origin),
            badge,
            badge_class,
            lead: lead_of(record),
            picture: shown.picture(),
            file: shown.file(porch),
            facts: facts.into_iter().flatten().filter(|fact| !fact.is_empty()).collect(),
            record: record.iri.to_string(),
            called_off: None,
            printed: Vec::new(),
            from: (!shown.is_own).then(|| tell("from-network", "network", shown.network.clone())),
        }
    }
}

impl Card {
    /// The card of a time that does not take place.
    pub(crate) fn called_off(self, porch: &Porch) -> Self {
        Self { badge: porch.say("event-state-cancelled"), badge_class: "cancelled", ..self }
    }

    /// The same with what a link would lead to: paper has none.
    pub(crate) fn printed(mut self, porch: &Porch, shown: &Shown) -> Self {
        self.printed = reach_of(porch, &shown.record);
        self
    }

    /// The same with how far it is, where that is known.
    pub(crate) fn at_distance(mut self, porch: &Porch, km: Option<f64>) -> Self {
        let tell = |km: String| porch.words.catalogue().tell("distance", &[("km", km.into())]);
        self.facts.extend(km.map(|km| match km {
            here if here < 0.05 => porch.say("distance-here"),
            near if near < 10.0 => tell(format!("{near:.1}").replace('.', ",")),
            far => tell(format!("{far:.0}")),
        }));
        self
    }
}

/// In whose name a record speaks.
pub(crate) fn voice_of(record: &Record) -> Option<String> {
    let structure =
        record.body.speaks_for().filter(|_| !matches!(record.body, Body::Membership(_) | Body::Relation(_)));
    structure.map(|one| one.label.clone()).or_else(|| record.body.author().map(str::to_owned))
}

/// The first words of what a record says of itself.
pub(crate) fn lead_of(record: &Record) -> String {
    let short = match &record.body {
        Body::Structure(one) => one.tagline.as_deref(),
        Body::Article(one) => one.summary.as_deref(),
        _ => None,
    };
    let text = short.map_or_else(|| prose::plain(record.body.text().unwrap_or_default()), str::to_owned);
    shorten(&text, LEAD)
}

/// Cuts a text between words, and says so.
pub(crate) fn shorten(text: &str, longest: usize) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() <= longest {
        return text;
    }
    let cut: String = text.chars().take(longest).collect();
    let whole = cut.rsplit_once(' ').map_or(cut.as_str(), |(whole, _)| whole);
    format!("{} …", whole.trim_end_matches([',', ';', '.', ' ']))
}

#[cfg(test)]
mod tests {
    use super::shorten;

    #[test]
    fn a_text_is_cut_between_words() {
        assert_eq!(shorten("Un local\n\nclair.", 20), "Un local clair.");
        assert_eq!(shorten("Un local clair, calme et grand", 18), "Un local clair …");
        assert_eq!(shorten("Électricité", 4), "Élec …");
    }
}
