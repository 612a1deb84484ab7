//! Counts the values of facets.

use crate::facets::{Counts, Values};
use crate::filters::{Fit, is_in_time};
use crate::query::{Facet, Query};
use crate::sheet::Sheet;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use tantivy::DocId;

/// Counts, so far.
pub(crate) struct Tally<'a> {
    query: &'a Query,
    values: &'a Values,
    /// By item ([`Values::items`]).
    counts: Counts,
    /// By period.
    periods: Vec<usize>,
    counts_values: bool,
    counts_periods: bool,
}

impl<'a> Tally<'a> {
    pub(crate) fn new(query: &'a Query, values: &'a Values) -> Self {
        Self {
            query,
            values,
            counts: values.room(),
            periods: vec![0; query.periods.len()],
            counts_values: query.counted.iter().any(|facet| *facet != Facet::Date),
            counts_periods: query.counted.contains(&Facet::Date),
        }
    }

    /// Counts an entry for the facets that it fits all other choices of.
    pub(crate) fn count(&mut self, sheet: &Sheet, doc: DocId, fit: Fit) {
        let Self { counts, values, .. } = self;
        match fit {
            Fit::Yes if self.counts_values => {
                sheet.facets.of(doc).iter().for_each(|item| counts.add(*item));
            }
            Fit::But(group) if self.counts_values => {
                let own = sheet.facets.of(doc).iter().filter(|item| values.group(**item) == Some(group));
                own.for_each(|item| counts.add(*item));
            }
            _ => {}
        }
        if self.counts_periods && matches!(fit, Fit::Yes | Fit::But(Facet::Date)) {
            for ((_, from, until), count) in self.query.periods.iter().zip(&mut self.periods) {
                *count += usize::from(is_in_time(sheet, doc, (*from, *until)));
            }
        }
    }

    /// What was counted of the facets that were asked for.
    pub(crate) fn told(self) -> BTreeMap<Facet, Vec<(String, usize)>> {
        let Self { query, values, counts, periods, .. } = self;
        let totals = values.totals(counts);
        let of = |facet: Facet| {
            let mut told: Vec<(&str, usize)> = values.told(facet, &totals).collect();
            if !matches!(facet, Facet::List(_)) {
                keep_most(&mut told, query.most_values, query.chosen.get(&facet));
            }
            told.sort_unstable_by_key(order);
            told.into_iter().map(|(value, count)| (value.to_owned(), count)).collect()
        };
        let mut told: BTreeMap<Facet, Vec<_>> = query.counted.iter().map(|facet| (*facet, of(*facet))).collect();
        if let Some(dates) = told.get_mut(&Facet::Date) {
            *dates = query.periods.iter().map(|(name, ..)| name.clone()).zip(periods).collect();
        }
        told
    }
}

/// The most frequent first.
fn order<'a>((value, count): &(&'a str, usize)) -> (Reverse<usize>, &'a str) {
    (Reverse(*count), *value)
}

/// Keeps the first so many, and what was chosen of the others. Of thousands of communes a list shows thirty: the others are not even sorted.
fn keep_most(told: &mut Vec<(&str, usize)>, most: usize, chosen: Option<&Vec<String>>) {
    if told.len() <= most {
        return;
    }
    told.select_nth_unstable_by_key(most, order);
    let rest = told.split_off(most);
    let is_chosen = |value: &str| chosen.is_some_and(|chosen| chosen.iter().any(|one| one == value));
    told.extend(rest.into_iter().filter(|(value, _)| is_chosen(value)));
}
