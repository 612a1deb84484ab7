//! What is held, here and of other networks, and which of it a row is.
//!
//! By the number it has in its source, then by SIRET, then by name and commune. A name alone is nobody.

use crate::{ImportError, Layout};
use pes_domain::code::fold;
use pes_domain::structure::Structure;
use pes_domain::{Body, Gazetteer, Kind, Record, RecordIri};
use pes_journal::Journal;
use pes_store::own_records::{Moderation, OwnRecord};
use pes_store::{Link, StoreError, imports, nodes, own_records, records};
use std::collections::{BTreeSet, HashMap, HashSet};

/// How many rows are looked at at once.
const PORTION: u64 = 1_000;

/// All structures that a row may be.
#[derive(Debug, Default)]
pub struct Held {
    own: HashMap<String, Own>,
    by_row: HashMap<RowName, String>,
    by_source: HashMap<String, Vec<String>>,
    by_siret: HashMap<String, String>,
    by_place: HashMap<Place, Vec<String>>,
    by_name: HashMap<String, Vec<String>>,
    /// Rows that became records which are here no longer.
    gone: HashSet<RowName>,
    elsewhere: Elsewhere,
}

/// A structure of this node.
#[derive(Debug, Clone)]
pub struct Own {
    /// It.
    pub record: Record,
    /// How far it has come.
    pub moderation: Moderation,
    /// The fields that had something when an import last saw it.
    pub past: Option<BTreeSet<String>>,
    /// The line of the row of this file that made or filled it, where one did.
    pub line: Option<u64>,
    /// The numbers it has in its sources.
    sources: Vec<String>,
}

/// Structures of other networks.
#[derive(Debug, Default)]
struct Elsewhere {
    by_number: HashMap<String, Theirs>,
    by_place: HashMap<Place, Theirs>,
}

/// The name of a network, and a record of it.
type Theirs = (String, RecordIri);

/// The number of a row in its source, and the digest of the name it has there.
type RowName = (String, String);
/// A name and a commune.
type Place = (String, String);

/// By what a row is known.
#[derive(Debug, Clone, Default)]
pub(crate) struct Keys {
    siret: Option<String>,
    siren: Option<String>,
    rna: Option<String>,
    name: String,
    communes: Vec<String>,
}

/// Which of what is held a row is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Match {
    /// This structure of ours.
    Own {
        iri: String,
        /// Whether its number in the source told.
        by_number: bool,
    },
    /// One of so many that are equal in name and commune.
    Several(usize),
    /// One that was imported and is here no longer.
    Gone,
    /// One that another network holds.
    Elsewhere {
        /// What the network is called.
        network: String,
        /// Its record there.
        record: RecordIri,
    },
    /// None.
    None,
}

impl Held {
    /// All that is held now.
    ///
    /// # Errors
    /// [`ImportError::Store`].
    pub fn load(journal: &Journal) -> Result<Self, ImportError> {
        let node = &journal.identity().node_id;
        let gazetteer = journal.rules().gazetteer;
        journal.store().read(|link| {
            let mut held = Self::default();
            for moderation in Moderation::ALL {
                for own in own_records::of_kind(link, Kind::Structure, moderation)? {
                    held.take(own, gazetteer);
                }
            }
            for row in imports::rows(link)? {
                held.remember(row);
            }
            held.elsewhere = Elsewhere::load(link, node, gazetteer)?;
            Ok(held)
        })
    }

    /// A structure of ours, by its name.
    pub fn own(&self, iri: &str) -> Option<&Own> {
        self.own.get(iri)
    }

    /// Takes a structure that a row of this file made or filled.
    pub(crate) fn put(&mut self, record: &Record, (source, called, line): (&str, &str, u64), gazetteer: &Gazetteer) {
        let iri = record.iri.to_string();
        let before = self.own.remove(&iri);
        let moderation = before.as_ref().map_or(Moderation::Published, |own| own.moderation);
        self.take(OwnRecord { moderation, author: None, version: 0, record: record.clone() }, gazetteer);
        if let Some(own) = self.own.get_mut(&iri) {
            own.line = Some(line);
            (own.past, own.sources) = before.map_or_else(Default::default, |own| (own.past, own.sources));
        }
        self.name_row(source, called, &iri);
    }

    fn take(&mut self, own: OwnRecord, gazetteer: &Gazetteer) {
        let Some(keys) = Keys::of(&own.record, gazetteer) else { return };
        let iri = own.record.iri.to_string();
        if let Some(siret) = keys.siret.clone() {
            self.by_siret.entry(siret).or_insert_with(|| iri.clone());
        }
        for place in keys.places() {
            note(self.by_place.entry(place).or_default(), &iri);
        }
        note(self.by_name.entry(keys.name).or_default(), &iri);
        let (record, moderation) = (own.record, own.moderation);
        self.own.insert(iri, Own { record, moderation, past: None, line: None, sources: Vec::new() });
    }

    fn remember(&mut self, row: imports::Row) {
        match self.own.get_mut(&row.record) {
            Some(own) => {
                own.past = Some(row.filled.into_iter().collect());
                self.name_row(&row.source, &row.called, &row.record);
            }
            None => drop(self.gone.insert((row.source, row.called))),
        }
    }

    fn name_row(&mut self, source: &str, called: &str, iri: &str) {
        self.by_row.insert((source.to_owned(), called.to_owned()), iri.to_owned());
        note(self.by_source.entry(source.to_owned()).or_default(), iri);
        if let Some(own) = self.own.get_mut(iri) {
            note(&mut own.sources, source);
        }
    }

    /// Which of what is held a row is.
    pub(crate) fn find(&self, (source, called): (&str, &str), keys: &Keys) -> Match {
        let row = (source.to_owned(), called.to_owned());
        if let Some(iri) = self.by_row.get(&row).cloned().or_else(|| self.by_number(source, keys)) {
            return Match::Own { iri, by_number: true };
        }
        if let Some(iri) = keys.siret.as_ref().and_then(|siret| self.by_siret.get(siret)) {
            return Match::Own { iri: iri.clone(), by_number: false };
        }
        let mut same: Vec<&String> =
            keys.places().flat_map(|place| self.by_place.get(&place).into_iter().flatten()).collect();
        same.retain(|iri| self.may_be(iri, keys) && !self.has_another_number(iri, source));
        same.dedup();
        match same.as_slice() {
            [] => match self.elsewhere.find(keys) {
                Some((network, record)) => Match::Elsewhere { network, record },
                None if self.gone.contains(&row) => Match::Gone,
                None => Match::None,
            },
            [iri] => Match::Own { iri: (*iri).clone(), by_number: false },
            several => Match::Several(several.len()),
        }
    }

    /// A structure of ours with the same name of which nothing tells whether it is the same: one of the two has no commune, or their base has
    /// both under two numbers.
    pub(crate) fn namesake(&self, source: &str, keys: &Keys) -> Option<&Own> {
        let is_open = |iri: &&String| {
            let body = self.own.get(*iri).map(|own| &own.record.body);
            let Some(Body::Structure(one)) = body else { return false };
            let has_numbers = one.siren.is_some() && keys.siren.is_some();
            let is_told_apart = is_placed(one) && !keys.communes.is_empty() && !self.is_near(iri, keys);
            !has_numbers && !is_told_apart && (!self.is_near(iri, keys) || self.has_another_number(iri, source))
        };
        let same = self.by_name.get(&keys.name).into_iter().flatten();
        same.filter(is_open).find_map(|iri| self.own.get(iri))
    }

    /// Whether a structure of ours is where the row's is, and is called so.
    fn is_near(&self, iri: &str, keys: &Keys) -> bool {
        keys.places().any(|place| self.by_place.get(&place).is_some_and(|all| all.iter().any(|one| one == iri)))
    }

    /// Whether a structure of ours has another number in the row's base: there the two are not one.
    fn has_another_number(&self, iri: &str, source: &str) -> bool {
        let Some((base, number)) = source.split_once(':') else { return false };
        if number.starts_with('=') {
            return false;
        }
        let own = self.own.get(iri).map(|own| own.sources.as_slice()).unwrap_or_default();
        let same_base = own.iter().filter(|other| other.split_once(':').is_some_and(|(of, _)| of == base));
        same_base.clone().count() > 0 && same_base.clone().all(|other| other != source)
    }

    /// The structure that a row with this number became. A number of the other layout counts where the name is the same too, and so does
    /// one that a row of this file has had before.
    fn by_number(&self, source: &str, keys: &Keys) -> Option<String> {
        let (_, number) = source.split_once(':')?;
        let has_name = |iri: &&String| self.own.get(*iri).is_some_and(|own| name_key(name(&own.record)) == keys.name);
        let own = self.by_source.get(source).map(Vec::as_slice).unwrap_or_default();
        let is_of_this_file = |iri: &String| self.own.get(iri).is_some_and(|own| own.line.is_some());
        let same = own.iter().find(has_name);
        let renamed = || own.iter().find(|iri| own.len() == 1 && !is_of_this_file(iri));
        let others = Layout::ALL.map(|layout| format!("{}:{number}", layout.name()));
        let other = || others.iter().filter_map(|other| self.by_source.get(other)).flatten().find(has_name);
        same.or_else(renamed).or_else(other).cloned()
    }

    /// Whether a structure of the same name and commune may be the row's: not where their numbers say that they are two.
    fn may_be(&self, iri: &str, keys: &Keys) -> bool {
        let held = self.own.get(iri).map(|own| &own.record.body);
        let Some(Body::Structure(one)) = held else { return false };
        one.siren.as_ref().zip(keys.siren.as_ref()).is_none_or(|(own, row)| own.as_str() == row)
    }
}

impl Elsewhere {
    fn load(link: &mut Link, node: &str, gazetteer: &Gazetteer) -> Result<Self, StoreError> {
        let mut elsewhere = Self::default();
        let names: HashMap<String, String> = nodes::all(link)?.into_iter().map(|node| (node.id, node.name)).collect();
        let (mut record, mut channel) = (String::new(), String::new());
        loop {
            let portion = records::of_others(link, (node, Kind::Structure), (&record, &channel), PORTION)?;
            let Some(last) = portion.last() else { return Ok(elsewhere) };
            (record, channel) = (last.record.iri.to_string(), last.channel.to_string());
            for sheet in &portion {
                let network = names.get(&sheet.node).unwrap_or(&sheet.node);
                elsewhere.take(&sheet.record, network, gazetteer);
            }
        }
    }

    fn take(&mut self, record: &Record, network: &str, gazetteer: &Gazetteer) {
        let Some(keys) = Keys::of(record, gazetteer) else { return };
        let theirs = || (network.to_owned(), record.iri.clone());
        for number in keys.siret.iter().chain(&keys.rna) {
            self.by_number.entry(number.clone()).or_insert_with(theirs);
        }
        for place in keys.places() {
            self.by_place.entry(place).or_insert_with(theirs);
        }
    }

    fn find(&self, keys: &Keys) -> Option<Theirs> {
        let by_number = keys.siret.iter().chain(&keys.rna).find_map(|number| self.by_number.get(number));
        by_number.or_else(|| keys.places().find_map(|place| self.by_place.get(&place))).cloned()
    }
}

impl Keys {
    /// What a structure is known by.
    pub(crate) fn of(record: &Record, gazetteer: &Gazetteer) -> Option<Self> {
        let Body::Structure(one) = &record.body else { return None };
        // An arrondissement and its commune are one place: an address has the one or the other.
        let whole = |code: &String| {
            gazetteer.commune(code).and_then(|commune| commune.parent.clone()).unwrap_or_else(|| code.clone())
        };
        Some(Self {
            siret: one.siret.as_ref().map(|siret| siret.as_str().to_owned()),
            siren: one.siren.as_ref().map(|siren| siren.as_str().to_owned()),
            rna: one.rna.as_ref().map(|rna| rna.as_str().to_owned()),
            name: name_key(&one.name),
            communes: one
                .sites
                .iter()
                .filter_map(|site| site.place.as_ref())
                .map(|place| whole(&place.commune))
                .collect(),
        })
    }

    fn places(&self) -> impl Iterator<Item = Place> {
        self.communes.iter().map(|commune| (self.name.clone(), commune.clone()))
    }
}

/// A name as it is compared: without accents, capitals and signs.
pub(crate) fn name_key(name: &str) -> String {
    let folded = fold(name);
    folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn name(record: &Record) -> &str {
    match &record.body {
        Body::Structure(one) => &one.name,
        _ => "",
    }
}

/// Whether a structure says in which commune it is.
pub(crate) fn is_placed(structure: &Structure) -> bool {
    structure.sites.iter().any(|site| site.place.is_some())
}

fn note(list: &mut Vec<String>, iri: &str) {
    if list.iter().all(|known| known != iri) {
        list.push(iri.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pes_domain::{Draft, RecordIri, Rules};
    use std::sync::OnceLock;
    use time::macros::utc_datetime;

    fn rules() -> &'static Rules {
        static RULES: OnceLock<Rules> = OnceLock::new();
        RULES.get_or_init(pes_rdf::rules)
    }

    fn structure(fields: &[(&str, &str)]) -> Record {
        let draft: Draft = fields.iter().map(|(field, value)| ((*field).to_owned(), (*value).to_owned())).collect();
        let (iri, now) = (RecordIri::mint("https://a.test", Kind::Structure), utc_datetime!(2026-11-28 12:00));
        Record::raise(Kind::Structure, (iri, now), &draft, now, rules()).unwrap()
    }

    fn keys(fields: &[(&str, &str)]) -> Keys {
        Keys::of(&structure(fields), rules().gazetteer).unwrap()
    }

    fn held(records: &[&Record]) -> Held {
        let mut held = Held::default();
        for record in records {
            let record = (*record).clone();
            held.take(
                OwnRecord { moderation: Moderation::Published, author: None, version: 0, record },
                rules().gazetteer,
            );
        }
        held
    }

    fn row(source: &str, record: &Record) -> imports::Row {
        imports::Row {
            run: 1,
            line: 2,
            source: source.into(),
            called: "x".into(),
            record: record.iri.to_string(),
            is_new: true,
            before: None,
            after: String::new(),
            filled: vec!["name".into()],
        }
    }

    fn own(record: &Record, by_number: bool) -> Match {
        Match::Own { iri: record.iri.to_string(), by_number }
    }

    const NICE: (&str, &str) = ("site-commune", "Nice");

    #[test]
    fn a_row_is_known_by_number_then_siret_then_name_and_commune() {
        let one = structure(&[("name", "La Fabrique"), NICE]);
        let other = structure(&[("name", "L’Établi"), ("siret", "73282932000074")]);
        let mut held = held(&[&one, &other]);
        held.remember(row("bdis-2012:7", &one));
        let siret = keys(&[("name", "Tout autre nom"), ("siret", "732 829 320 00074")]);
        assert_eq!(held.find(("bdis-2012:7", "y"), &siret), own(&one, true), "the number comes first");
        assert_eq!(held.find(("bdis-2012:8", "y"), &siret), own(&other, false));
        assert_eq!(
            held.find(("", "y"), &keys(&[("name", "LA FABRIQUE !"), ("site-commune", "06300 Nice")])),
            own(&one, false)
        );
        for stranger in [keys(&[("name", "La Fabrique")]), keys(&[("name", "La Fabrique"), ("site-commune", "Toulon")])]
        {
            assert_eq!(held.find(("", "y"), &stranger), Match::None);
        }
        assert_eq!(held.own(&one.iri.to_string()).unwrap().past, Some(BTreeSet::from(["name".to_owned()])));
    }

    #[test]
    fn a_row_that_has_been_here_is_known_whatever_it_is_called_now() {
        let (one, two) = (structure(&[("name", "La Fabrique")]), structure(&[("name", "L’Établi")]));
        let mut held = held(&[&one, &two]);
        held.remember(row("bdis-2012:7", &one));
        held.remember(imports::Row { called: "z".into(), ..row("bdis-2012:7", &two) });
        let other = keys(&[("name", "Tout autre nom")]);
        assert_eq!(held.find(("bdis-2012:7", "x"), &other), own(&one, true));
        assert_eq!(held.find(("bdis-2012:7", "z"), &other), own(&two, true));
        assert_eq!(
            held.find(("bdis-2012:7", "y"), &other),
            Match::None,
            "two have this number, and it is called like neither"
        );
    }

    #[test]
    fn the_number_of_the_other_layout_counts_with_the_same_name_only() {
        let one = structure(&[("name", "La Fabrique")]);
        let mut held = held(&[&one]);
        held.remember(row("bdis-2012:7", &one));
        assert_eq!(held.find(("bdis-2014:7", "y"), &keys(&[("name", "la fabrique")])), own(&one, true));
        assert_eq!(held.find(("bdis-2014:7", "y"), &keys(&[("name", "Autre")])), Match::None);
    }

    #[test]
    fn two_rows_of_one_file_with_one_number_are_one_where_their_names_are() {
        let one = structure(&[("name", "La Fabrique")]);
        let mut held = Held::default();
        held.put(&one, ("bdis-2012:7", "x", 2), rules().gazetteer);
        assert_eq!(held.find(("bdis-2012:7", "y"), &keys(&[("name", "La Fabrique")])), own(&one, true));
        assert_eq!(held.find(("bdis-2012:7", "y"), &keys(&[("name", "Autre")])), Match::None);
    }

    #[test]
    fn equal_names_in_one_commune_are_two_where_their_sirens_differ_and_open_where_several_fit() {
        let one = structure(&[("name", "KAZ"), NICE, ("siren", "732829320")]);
        let two = structure(&[("name", "Kaz"), NICE]);
        let both = held(&[&one, &two]);
        assert_eq!(both.find(("", "y"), &keys(&[("name", "kaz"), NICE])), Match::Several(2));
        let other_siren = keys(&[("name", "kaz"), NICE, ("siren", "552100554")]);
        assert_eq!(both.find(("", "y"), &other_siren), own(&two, false));
        assert_eq!(held(&[&one]).find(("", "y"), &other_siren), Match::None);
    }

    #[test]
    fn an_arrondissement_and_its_town_are_one_place() {
        let one = structure(&[("name", "Le Comptoir"), ("site-commune", "Paris")]);
        assert_eq!(
            held(&[&one]).find(("", "y"), &keys(&[("name", "Le Comptoir"), ("site-commune", "Paris 11e")])),
            own(&one, false)
        );
    }

    #[test]
    fn a_name_alone_is_a_namesake() {
        let here = structure(&[("name", "L’Alternateur"), NICE]);
        let held = held(&[&here]);
        assert!(held.namesake("", &keys(&[("name", "l'alternateur")])).is_some());
        assert!(held.namesake("", &keys(&[("name", "l'alternateur"), ("site-commune", "Toulon")])).is_none());
        assert!(held.namesake("", &keys(&[("name", "autre")])).is_none());
    }

    #[test]
    fn what_one_base_has_under_two_numbers_is_two() {
        let one = structure(&[("name", "Is’Eau"), NICE]);
        let mut held = held(&[&one]);
        held.remember(row("bdis-2012:7", &one));
        let same = keys(&[("name", "Is'Eau"), NICE]);
        assert_eq!(held.find(("bdis-2012:8", "y"), &same), Match::None);
        assert_eq!(held.namesake("bdis-2012:8", &same).map(|own| &own.record), Some(&one));
        for source in ["bdis-2014:8", ""] {
            assert_eq!(held.find((source, "y"), &same), own(&one, false), "another base, or none, has no say in it");
        }
    }

    #[test]
    fn what_was_deleted_is_gone_and_what_others_hold_is_elsewhere() {
        let deleted = structure(&[("name", "Parti")]);
        let mut held = Held::default();
        held.remember(row("bdis-2012:9", &deleted));
        let parti = keys(&[("name", "Parti")]);
        assert_eq!(held.find(("bdis-2012:9", "x"), &parti), Match::Gone);
        assert_eq!(held.find(("bdis-2012:9", "y"), &parti), Match::None, "another that has its number");
        let theirs = structure(&[("name", "Là-bas"), NICE, ("siret", "73282932000074"), ("rna", "W832023177")]);
        held.elsewhere.take(&theirs, "Mesclun", rules().gazetteer);
        for known in [
            [("name", "x"), ("siret", "73282932000074")],
            [("name", "x"), ("rna", "W832023177")],
            [("name", "la bas"), NICE],
        ] {
            let found = Match::Elsewhere { network: "Mesclun".into(), record: theirs.iri.clone() };
            assert_eq!(held.find(("", "y"), &keys(&known)), found);
        }
        assert_eq!(held.find(("", "y"), &keys(&[("name", "la bas")])), Match::None);
    }
}
