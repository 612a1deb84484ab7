//! How an entry lies in the index: its fields, and what is written into each.

use crate::analyzer::{self, FORMS, STEMS, STOPS};
use crate::query::{Facet, Sign};
use crate::{Entry, Readers, territory};
use pes_domain::place::{AreaKind, Place, Point};
use pes_domain::{List, Rules};
use std::hash::{DefaultHasher, Hash, Hasher};
use tantivy::TantivyDocument;
use tantivy::schema::{FAST, Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions};

/// To be raised with each change to what is written, so that no index of another making is read.
const VERSION: u32 = 2;

/// What stands before the name of an entry, where the whole name is meant.
pub(crate) const WHOLE: char = '^';
/// What stands before the rest of a name that begins within.
pub(crate) const INNER: char = ' ';

/// The fields.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields {
    /// The record's IRI; given back with a hit.
    pub(crate) record: Field,
    /// Given back with a suggestion and a mark.
    pub(crate) title: Field,
    /// The same.
    pub(crate) kind: Field,
    /// Stems of its names.
    pub(crate) heading: Field,
    /// Stems of all there is to find, names too.
    pub(crate) words: Field,
    /// The same as it is written: what typing errors are compared with. No stop word: who types *jeux* does not mean *ceux*.
    pub(crate) forms: Field,
    /// Its stop words: whoever types nothing else looks for them.
    pub(crate) stops: Field,
    /// Its names from each of their words on ([`WHOLE`], [`INNER`]): what suggestions begin with.
    pub(crate) starts: Field,
    /// Values of facets ([`Facet::key`]). A concept with all above it.
    pub(crate) facets: Field,
    /// Where it acts ([`territory::written`]).
    pub(crate) acts: Field,
    /// Where somebody looks for it who names a place: where it is; for what is nowhere, where it counts, and where its voice is.
    pub(crate) here: Field,
    /// Where it counts, of what is nowhere ([`territory::written`]).
    pub(crate) counts: Field,
    /// In whose name it speaks.
    pub(crate) voice: Field,
    sort_name: Field,
    readers: Field,
    expires: Field,
    modified: Field,
    published: Field,
    tie: Field,
    begins: Field,
    ends: Field,
    points: Field,
    communes: Field,
}

/// The schema, and its fields.
pub(crate) fn schema() -> (Schema, Fields) {
    let mut schema = Schema::builder();
    let text = |analyzer: &str, option, norms| {
        let indexing = TextFieldIndexing::default().set_tokenizer(analyzer).set_index_option(option);
        TextOptions::default().set_indexing_options(indexing.set_fieldnorms(norms))
    };
    let stems = || text(STEMS, IndexRecordOption::WithFreqs, true);
    let raw = || text("raw", IndexRecordOption::Basic, false);
    let fields = Fields {
        record: schema.add_text_field("record", STRING | STORED),
        title: schema.add_text_field("title", STORED),
        kind: schema.add_text_field("kind", STORED),
        heading: schema.add_text_field("heading", stems()),
        words: schema.add_text_field("words", stems()),
        forms: schema.add_text_field("forms", text(FORMS, IndexRecordOption::Basic, false)),
        stops: schema.add_text_field("stops", text(STOPS, IndexRecordOption::Basic, false)),
        starts: schema.add_text_field("starts", raw()),
        facets: schema.add_text_field("facets", raw().set_fast("raw")),
        acts: schema.add_text_field("acts", raw()),
        here: schema.add_text_field("here", raw()),
        counts: schema.add_text_field("counts", raw()),
        voice: schema.add_text_field("voice", raw()),
        sort_name: schema.add_text_field("sort_name", TextOptions::default().set_fast("raw")),
        readers: schema.add_u64_field("readers", FAST),
        expires: schema.add_i64_field("expires", FAST),
        modified: schema.add_i64_field("modified", FAST),
        published: schema.add_i64_field("published", FAST),
        tie: schema.add_u64_field("tie", FAST),
        begins: schema.add_i64_field("begins", FAST),
        ends: schema.add_i64_field("ends", FAST),
        points: schema.add_u64_field("points", FAST),
        communes: schema.add_u64_field("communes", FAST),
    };
    (schema.build(), fields)
}

impl Fields {
    /// What is written of an entry of a record.
    pub(crate) fn document(&self, record: &str, entry: &Entry, rules: &Rules) -> TantivyDocument {
        let mut document = TantivyDocument::new();
        document.add_text(self.record, record);
        document.add_text(self.title, &entry.title);
        document.add_text(self.kind, &entry.kind);
        self.add_words(&mut document, entry, rules);
        keys(entry, rules).iter().for_each(|key| document.add_text(self.facets, key));
        self.add_territories(&mut document, entry, rules);
        let sort_name = if entry.sort_name.is_empty() { &entry.title } else { &entry.sort_name };
        document.add_text(self.sort_name, cut(&analyzer::line(sort_name), 120));
        document.add_u64(self.readers, mask(entry.readers));
        document.add_i64(self.expires, entry.expires.unwrap_or(i64::MAX));
        document.add_i64(self.modified, entry.modified);
        document.add_i64(self.published, entry.published);
        document.add_u64(self.tie, hash(record));
        for (begin, end) in &entry.occurrences {
            document.add_i64(self.begins, *begin);
            document.add_i64(self.ends, *end);
        }
        entry.voice.iter().for_each(|voice| document.add_text(self.voice, voice));
        for (place, point) in entry.found_at().iter().filter_map(|place| Some((place, place.point?))) {
            // That it takes place where its voice is was not said.
            document.add_u64(self.points, pack_point(point, place.estimated || entry.places.is_empty()));
            document.add_u64(self.communes, pack_commune(&place.commune));
        }
        document
    }

    fn add_words(&self, document: &mut TantivyDocument, entry: &Entry, rules: &Rules) {
        for name in names(entry) {
            document.add_text(self.heading, name);
            starts(name).iter().for_each(|start| document.add_text(self.starts, start));
        }
        let labels = entry.concepts.iter().map(|code| rules.thesaurus.label(code));
        let tags = entry.tags.iter().map(String::as_str);
        let communes = entry.found_at().iter().map(|place: &Place| place.name.as_str());
        let texts = names(entry).chain([entry.summary.as_str(), &entry.text]).chain(tags).chain(labels).chain(communes);
        for text in texts.filter(|text| !text.is_empty()) {
            document.add_text(self.words, text);
            document.add_text(self.forms, text);
            document.add_text(self.stops, text);
        }
    }

    fn add_territories(&self, document: &mut TantivyDocument, entry: &Entry, rules: &Rules) {
        let mut acts: Vec<String> =
            entry.acts_in.iter().flat_map(|area| territory::written(area, rules.gazetteer)).collect();
        sort(&mut acts);
        let mut here: Vec<String> = entry
            .found_at()
            .iter()
            .flat_map(|place| territory::standing(&place.commune, rules.gazetteer))
            .map(|area| area.to_form())
            .collect();
        acts.iter().for_each(|word| document.add_text(self.acts, word));
        let counts = entry.counts_in.iter().flat_map(|area| territory::written(area, rules.gazetteer));
        let mut counts: Vec<String> = counts.collect();
        sort(&mut counts);
        counts.iter().for_each(|word| document.add_text(self.counts, word));
        if entry.places.is_empty() {
            here.extend(acts.into_iter().chain(counts));
        }
        sort(&mut here);
        here.iter().for_each(|word| document.add_text(self.here, word));
    }
}

/// Changes with all that an index depends on: what is written, the thesaurus, the communes, tantivy.
pub(crate) fn fingerprint(rules: &Rules) -> String {
    let mut hasher = DefaultHasher::new();
    (VERSION, tantivy::version_string()).hash(&mut hasher);
    for concept in List::ALL.into_iter().flat_map(|list| rules.thesaurus.list(list)) {
        (&concept.code, &concept.label, &concept.broader).hash(&mut hasher);
    }
    for (region, name) in rules.gazetteer.areas(AreaKind::Region) {
        name.hash(&mut hasher);
        for commune in rules.gazetteer.communes_of(region) {
            (&commune.code, &commune.department, &commune.epci, &commune.parent).hash(&mut hasher);
        }
    }
    format!("pes-search {VERSION} {:016x}\n", hasher.finish())
}

/// The bits of the readers who see an entry: the lowest is anyone's, the next a member's.
fn mask(readers: Readers) -> u64 {
    match readers {
        Readers::Anyone => 0b01,
        Readers::Members => 0b10,
        Readers::Both => 0b11,
    }
}

fn names(entry: &Entry) -> impl Iterator<Item = &str> {
    let alternatives = entry.alternatives.iter().map(String::as_str);
    std::iter::once(entry.title.as_str()).chain(alternatives).filter(|name| !name.is_empty())
}

/// All values of facets that an entry has.
fn keys(entry: &Entry, rules: &Rules) -> Vec<String> {
    let concepts = entry.concepts.iter().flat_map(|code| rules.thesaurus.path(code));
    let concepts = concepts.map(|code| Facet::List(code.list()).key(code.notation()));
    let communes = entry.found_at().iter().flat_map(|place| territory::standing(&place.commune, rules.gazetteer));
    // What is nowhere is in what it counts in, and in all that holds that.
    let said = entry.counts_in.iter().flat_map(|area| territory::holding(area, rules.gazetteer));
    let territories = communes.chain(said).map(|area| Facet::Territory(area.kind).key(&area.code));
    let signs = entry.signs.iter().map(|sign| Facet::Sign(*sign).key(Sign::BORNE));
    let tags = entry.tags.iter().map(|tag| Facet::Tag.key(tag));
    let own = [Facet::List(List::Kind).key(&entry.kind), Facet::Network.key(&entry.network)];
    let mut keys: Vec<String> = concepts.chain(territories).chain(tags).chain(signs).chain(own).collect();
    sort(&mut keys);
    keys
}

fn sort(words: &mut Vec<String>) {
    words.sort_unstable();
    words.dedup();
}

/// A name as it is looked up whole.
pub(crate) fn whole(line: &str) -> String {
    format!("{WHOLE}{}", cut(line, 80))
}

/// A name whole, and from each word that says something on.
fn starts(name: &str) -> Vec<String> {
    let line = analyzer::line(name);
    let within = line.match_indices(' ').map(|(at, _)| &line[at + 1..]);
    let within = within.filter(|rest| !analyzer::is_stop_word(rest.split(' ').next().unwrap_or_default()));
    let within: Vec<String> = within.map(|rest| format!("{INNER}{}", cut(rest, 40))).collect();
    (!line.is_empty()).then(|| whole(&line)).into_iter().chain(within).collect()
}

/// At most so many bytes of a text, whole letters of it.
pub(crate) fn cut(text: &str, most: usize) -> &str {
    let end = (0..=most.min(text.len())).rev().find(|at| text.is_char_boundary(*at));
    &text[..end.unwrap_or_default()]
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

/// Millionths of a degree: a tenth of a metre.
const FINENESS: f64 = 1e6;

/// A point in 58 bits.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a point lies on Earth: 0 to 360 million")]
fn pack_point(point: Point, estimated: bool) -> u64 {
    let north = ((point.latitude + 90.0) * FINENESS).round() as u64;
    let east = ((point.longitude + 180.0) * FINENESS).round() as u64;
    (north << 30) | (east << 1) | u64::from(estimated)
}

/// Undoes [`pack_point`], to a tenth of a metre.
#[expect(clippy::cast_precision_loss, reason = "29 bits fit a double")]
pub(crate) fn unpack_point(packed: u64) -> (Point, bool) {
    let (north, east) = (packed >> 30, (packed >> 1) & ((1 << 29) - 1));
    let latitude = north as f64 / FINENESS - 90.0;
    (Point { latitude, longitude: east as f64 / FINENESS - 180.0 }, packed & 1 == 1)
}

/// A commune's code as a number; 0 for what is none.
fn pack_commune(code: &str) -> u64 {
    if code.len() == 5 { u64::from_str_radix(code, 36).unwrap_or_default() } else { 0 }
}

/// Undoes [`pack_commune`].
pub(crate) fn unpack_commune(packed: u64) -> String {
    let digit =
        |place: u32| std::char::from_digit(u32::try_from(packed / 36_u64.pow(place) % 36).unwrap_or_default(), 36);
    (0..5).rev().filter_map(digit).map(|digit| digit.to_ascii_uppercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_and_communes_lead_back() {
        for (latitude, longitude) in [(43.703_4, 7.266_3), (-90.0, -180.0), (90.0, 180.0), (-21.1, 55.5)] {
            for estimated in [true, false] {
                let point = Point { latitude, longitude };
                let (read, was_estimated) = unpack_point(pack_point(point, estimated));
                assert!(read.distance_km(&point) < 0.001, "{point:?} became {read:?}");
                assert_eq!(was_estimated, estimated);
            }
        }
        for code in ["06088", "2A004", "97411", "01001"] {
            assert_eq!(unpack_commune(pack_commune(code)), code);
        }
        assert_eq!(unpack_commune(pack_commune("Nice, sans doute")), "00000");
    }

    #[test]
    fn a_name_begins_at_each_of_its_words_but_not_at_stop_words() {
        assert_eq!(starts("L’Atelier du Vieux-Port"), ["^atelier du vieux port", " vieux port", " port"]);
        assert_eq!(starts("S.C.I.C. Mesclun"), ["^scic mesclun", " mesclun"]);
        assert_eq!(starts("…"), [""; 0]);
    }

    #[test]
    fn texts_are_cut_between_letters() {
        assert_eq!(cut("été", 4), "ét");
        assert_eq!(cut("été", 2), "é");
        assert_eq!(cut("été", 1), "");
        assert_eq!(cut("été", 99), "été");
    }

    #[test]
    fn another_thesaurus_is_another_fingerprint() {
        let rules = |label: &str| {
            Rules::new(pes_domain::Thesaurus::new(vec![pes_domain::thesaurus::Concept {
                code: pes_domain::Code::new(List::Skill, "building"),
                label: label.into(),
                label_en: String::new(),
                alternatives: Vec::new(),
                broader: None,
                applies_to: Vec::new(),
            }]))
        };
        assert_eq!(fingerprint(&rules("Bâtiment")), fingerprint(&rules("Bâtiment")));
        assert_ne!(fingerprint(&rules("Bâtiment")), fingerprint(&rules("Construction")));
    }
}
