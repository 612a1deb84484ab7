//! What is held in memory of one part of the index, entry by entry: whatever each query looks at.
//!
//! The files have all of it too, packed. Counting reads it a million times a query, and unpacked it is read several times faster;
//! so it is unpacked once, when the part is opened. A part never changes, what is deleted apart, so its sheet is made once.

use crate::facets::Values;
use crate::query::Reader;
use crate::schema::{unpack_commune, unpack_point};
use crate::sphere::Direction;
use pes_domain::Rules;
use pes_domain::place::Point;
use tantivy::columnar::{Column, StrColumn};
use tantivy::{DocId, SegmentReader};

/// Who looks, and when. Everything that is told of entries passes by [`Sheet::shows`] with one of these.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sight {
    pub(crate) reader: Reader,
    pub(crate) now: i64,
}

/// A point where an entry is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spot {
    pub(crate) direction: Direction,
    packed: u64,
    /// Its commune's code, packed.
    pub(crate) commune: u32,
}

impl Spot {
    /// The point, and whether it was estimated.
    pub(crate) fn point(&self) -> (Point, bool) {
        unpack_point(self.packed)
    }

    /// INSEE code of the commune.
    pub(crate) fn commune(&self) -> String {
        unpack_commune(u64::from(self.commune))
    }
}

/// Any number of items for each entry, in one stretch of memory.
#[derive(Debug)]
pub(crate) struct Rows<T> {
    starts: Vec<u32>,
    items: Vec<T>,
}

impl<T> Rows<T> {
    fn new(count: DocId, mut items_of: impl FnMut(DocId, &mut Vec<T>)) -> Self {
        let mut rows = Self { starts: vec![0], items: Vec::new() };
        for doc in 0..count {
            items_of(doc, &mut rows.items);
            rows.starts.push(u32::try_from(rows.items.len()).expect("a part has fewer than four billion items"));
        }
        rows.items.shrink_to_fit();
        rows
    }

    /// The items of an entry.
    pub(crate) fn of(&self, doc: DocId) -> &[T] {
        let at = doc as usize;
        &self.items[self.starts[at] as usize..self.starts[at + 1] as usize]
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    fn bytes(&self) -> usize {
        self.starts.len() * size_of::<u32>() + self.items.len() * size_of::<T>()
    }
}

/// One part of the index in memory.
#[derive(Debug)]
pub(crate) struct Sheet {
    readers: Vec<u8>,
    expires: Vec<i64>,
    pub(crate) modified: Vec<i64>,
    pub(crate) published: Vec<i64>,
    /// What tells entries of one name apart, the same wherever they lie.
    pub(crate) ties: Vec<u64>,
    /// Where its name stands among those of this part.
    pub(crate) names: Vec<u32>,
    name_column: Option<StrColumn>,
    /// What it counts for ([`Values::items`]).
    pub(crate) facets: Rows<u32>,
    pub(crate) spots: Rows<Spot>,
    pub(crate) occurrences: Rows<(i64, i64)>,
}

impl Sheet {
    /// Reads a part. Values that are new get numbers.
    pub(crate) fn read(segment: &SegmentReader, values: &mut Values, rules: &Rules) -> tantivy::Result<Self> {
        let (count, fast) = (segment.max_doc(), segment.fast_fields());
        let times = |field: &str| -> tantivy::Result<Vec<i64>> {
            let column = fast.i64(field)?;
            Ok((0..count).map(|doc| column.first(doc).unwrap_or_default()).collect())
        };
        let (readers, ties) = (fast.u64("readers")?, fast.u64("tie")?);
        let name_column = fast.str("sort_name")?;
        let name = |doc| name_column.as_ref().and_then(|column| column.ords().first(doc)).unwrap_or_default();
        Ok(Self {
            readers: (0..count)
                .map(|doc| u8::try_from(readers.first(doc).unwrap_or_default()).unwrap_or_default())
                .collect(),
            expires: times("expires")?,
            modified: times("modified")?,
            published: times("published")?,
            ties: (0..count).map(|doc| ties.first(doc).unwrap_or_default()).collect(),
            names: (0..count).map(|doc| u32::try_from(name(doc)).unwrap_or(u32::MAX)).collect(),
            facets: facets(count, fast.str("facets")?, values, rules)?,
            spots: spots(count, &fast.u64("points")?, &fast.u64("communes")?),
            occurrences: pairs(count, &fast.i64("begins")?, &fast.i64("ends")?),
            name_column,
        })
    }

    /// Whether an entry is there for somebody: it is for them, and has not expired.
    pub(crate) fn shows(&self, doc: DocId, sight: Sight) -> bool {
        self.is_for(doc, sight.reader) && self.expires[doc as usize] > sight.now
    }

    /// When an entry expires, if ever.
    pub(crate) fn expires(&self, doc: DocId) -> Option<i64> {
        Some(self.expires[doc as usize]).filter(|time| *time != i64::MAX)
    }

    /// Whether an entry is for a reader, expired or not.
    pub(crate) fn is_for(&self, doc: DocId, reader: Reader) -> bool {
        let bit = match reader {
            Reader::Anyone => 0b01,
            Reader::Member => 0b10,
        };
        self.readers[doc as usize] & bit != 0
    }

    /// The names at these places among those of this part ([`Sheet::names`]), which are in order.
    pub(crate) fn names_of(&self, places: impl Iterator<Item = u32>) -> Vec<String> {
        let (places, mut names) = (places.map(u64::from).collect::<Vec<_>>(), Vec::new());
        if let Some(column) = &self.name_column {
            // A name that cannot be read sorts first: an order is not worth a failure.
            let push = |name: &[u8]| names.push(String::from_utf8_lossy(name).into_owned());
            let _ = column.dictionary().sorted_ords_to_term_cb(&places, push);
        }
        names.resize(places.len(), String::new());
        names
    }

    /// How far apart the nearest of its points lies ([`Direction::apart`]).
    pub(crate) fn apart(&self, doc: DocId, from: &Direction) -> Option<f64> {
        self.spots.of(doc).iter().map(|spot| spot.direction.apart(from)).min_by(f64::total_cmp)
    }

    /// Bytes of memory it takes.
    pub(crate) fn bytes(&self) -> usize {
        let rows = self.facets.bytes() + self.spots.bytes() + self.occurrences.bytes();
        rows + self.readers.len() * (size_of::<u8>() + 3 * size_of::<i64>() + size_of::<u64>() + size_of::<u32>())
    }
}

fn facets(count: DocId, column: Option<StrColumn>, values: &mut Values, rules: &Rules) -> tantivy::Result<Rows<u32>> {
    let Some(column) = column else { return Ok(Rows::new(count, |_, _| {})) };
    let mut numbers = Vec::with_capacity(column.num_terms());
    let mut keys = column.dictionary().stream()?;
    while keys.advance() {
        numbers.push(values.number(&String::from_utf8_lossy(keys.key()), rules));
    }
    let number = |ord: u64| usize::try_from(ord).ok().and_then(|ord| numbers.get(ord)).copied();
    Ok(Rows::new(count, |doc, items| values.items(column.term_ords(doc).filter_map(number).collect(), items)))
}

/// Points and communes are written side by side, and columns keep their order.
fn spots(count: DocId, points: &Column<u64>, communes: &Column<u64>) -> Rows<Spot> {
    Rows::new(count, |doc, items| {
        let both = points.values_for_doc(doc).zip(communes.values_for_doc(doc));
        items.extend(both.map(|(packed, commune)| {
            let direction = Direction::of(unpack_point(packed).0);
            Spot { direction, packed, commune: u32::try_from(commune).unwrap_or_default() }
        }));
    })
}

fn pairs(count: DocId, begins: &Column<i64>, ends: &Column<i64>) -> Rows<(i64, i64)> {
    Rows::new(count, |doc, items| items.extend(begins.values_for_doc(doc).zip(ends.values_for_doc(doc))))
}
