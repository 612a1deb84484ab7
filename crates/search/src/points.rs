//! The points of a map.

use crate::fault::Fault;
use crate::filters::{Filters, Fit, PartFilters};
use crate::index::{Index, Inner};
use crate::look::{Outcome, text};
use crate::query::{Facet, Mark, Query};
use crate::sheet::Spot;
use crate::territory;
use crate::view::{Part, View, Visitor};
use pes_domain::place::Area;
use std::collections::{HashMap, HashSet};
use tantivy::{DocId, Score};

impl Index {
    /// The points of what a query finds: at most `limit` of them, and how many there are. Only points that are themselves where
    /// the query looks: of a structure with a site in Nice and one in Paris, the map of Nice shows the one in Nice.
    ///
    /// They come in no order, and which are left out is not said. Hits, counts and order of the query are not looked at.
    ///
    /// # Errors
    /// [`Fault::Index`], when the index's files cannot be read.
    pub fn points(&self, query: &Query, limit: usize) -> Result<(Vec<Mark>, usize), Fault> {
        let view = self.inner.view();
        let (_, (spots, total)) = self.inner.climb(&view, query, |question, ground| {
            let mut chart = Chart::new(&self.inner, query, ground.areas(), limit);
            view.walk(query.sight(), (question, false), &mut chart)?;
            Ok(Outcome { found: chart.found, told: (chart.spots, chart.total) })
        })?;
        Ok((self.inner.marks(&view, spots)?, total))
    }
}

impl Inner {
    fn marks(&self, view: &View, spots: Vec<(u32, DocId, Spot)>) -> tantivy::Result<Vec<Mark>> {
        let mark = |(part, doc, spot): (u32, DocId, Spot)| {
            let stored = view.stored((part, doc))?;
            let [record, title, kind] =
                [self.fields.record, self.fields.title, self.fields.kind].map(|field| text(&stored, field));
            let (point, estimated) = spot.point();
            Ok(Mark { record, title, kind, point, estimated, commune: spot.commune() })
        };
        spots.into_iter().map(mark).collect()
    }
}

/// The points of one walk.
struct Chart<'a> {
    inner: &'a Inner,
    filters: Filters<'a>,
    here: Option<PartFilters<'a>>,
    /// The territories that were chosen, and those that were typed: a point's commune lies in one of each.
    territories: Vec<HashSet<Area>>,
    /// Whether a commune does, for those that were met.
    known: HashMap<u32, bool>,
    limit: usize,
    spots: Vec<(u32, DocId, Spot)>,
    total: usize,
    found: usize,
}

impl<'a> Chart<'a> {
    fn new(inner: &'a Inner, query: &'a Query, place: Option<&[Area]>, limit: usize) -> Self {
        let chosen = query.chosen.iter().filter_map(|(facet, values)| match facet {
            Facet::Territory(kind) => Some(values.iter().map(|value| Area::new(*kind, value))),
            _ => None,
        });
        let chosen: HashSet<Area> = chosen.flatten().collect();
        let typed = place.map(|areas| areas.iter().cloned().collect());
        Self {
            inner,
            filters: Filters::new(inner, query, place),
            here: None,
            territories: typed.into_iter().chain((!chosen.is_empty()).then_some(chosen)).collect(),
            known: HashMap::new(),
            limit,
            spots: Vec::new(),
            total: 0,
            found: 0,
        }
    }

    fn is_sought(&mut self, spot: &Spot) -> bool {
        let (territories, gazetteer) = (&self.territories, self.inner.rules.gazetteer);
        let is_within = |commune: &str| {
            let standing = territory::standing(commune, gazetteer);
            territories.iter().all(|any| standing.iter().any(|area| any.contains(area)))
        };
        self.filters.sought.has(spot)
            && (territories.is_empty() || *self.known.entry(spot.commune).or_insert_with(|| is_within(&spot.commune())))
    }
}

impl Visitor for Chart<'_> {
    fn enter(&mut self, part: Part<'_>) -> tantivy::Result<()> {
        self.here = Some(self.filters.on(part)?);
        Ok(())
    }

    fn visit(&mut self, part: Part<'_>, doc: DocId, _: Score) {
        let fit = self.here.as_ref().map_or(Fit::No, |here| here.judge(part.sheet, doc));
        self.found += usize::from(fit != Fit::Elsewhere);
        if fit != Fit::Yes {
            return;
        }
        for spot in part.sheet.spots.of(doc) {
            if self.is_sought(spot) {
                self.total += 1;
                if self.spots.len() < self.limit {
                    self.spots.push((part.number, doc, *spot));
                }
            }
        }
    }
}
