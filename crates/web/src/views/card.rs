//! A record in a list: what it is, where, of whom.

use crate::porch::Porch;
use crate::shelf::Shown;
use crate::views::record::{badge, place_of};
use pes_domain::{Body, Record};
use pes_words::dates;
use serde::Serialize;

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
    pub(crate) facts: Vec<String>,
    /// The network it comes from, if that is another.
    pub(crate) from: Option<String>,
}

impl Card {
    pub(crate) fn of(porch: &Porch, shown: &Shown) -> Self {
        let record = &shown.record;
        let (badge, badge_class) = badge(porch, record);
        let tell =
            |name: &str, gap: &'static str, value: String| porch.words.catalogue().tell(name, &[(gap, value.into())]);
        let deadline = record.expires.and_then(|at| at.date().previous_day());
        let until = deadline.map(|day| tell("until", "day", dates::day(day)));
        let facts = [structure_of(record), place_of(record), until];
        Self {
            title: record.title(),
            url: record.iri.page_at(&porch.site.origin),
            badge,
            badge_class,
            lead: lead(record),
            facts: facts.into_iter().flatten().filter(|fact| !fact.is_empty()).collect(),
            from: (!shown.is_own).then(|| tell("from-network", "network", shown.network.clone())),
        }
    }
}

fn structure_of(record: &Record) -> Option<String> {
    match &record.body {
        Body::Exchange(one) => one.structure.as_ref().map(|one| one.label.clone()).or_else(|| one.author.clone()),
        Body::Job(one) => Some(one.employer.label.clone()),
        Body::Call(one) => Some(one.bearer.label.clone()),
        _ => None,
    }
}

/// The first words of what a record says of itself.
fn lead(record: &Record) -> String {
    let text = match &record.body {
        Body::Exchange(one) => one.description.as_deref(),
        Body::Job(one) => one.description.as_deref(),
        Body::Call(one) => one.description.as_deref(),
        Body::Structure(one) => one.tagline.as_deref().or(one.description.as_deref()),
        Body::Person(one) => one.presentation.as_deref(),
        Body::Membership(_) | Body::Affiliation(_) => None,
    };
    shorten(text.unwrap_or_default(), LEAD)
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
