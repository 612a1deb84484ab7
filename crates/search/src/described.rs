//! What the index is told of a record, for each class of readers: what they would see on its page, and nothing else.

use crate::{Entry, Readers, Sign};
use pes_domain::article::Article;
use pes_domain::audience::Reader;
use pes_domain::occurrence::Span;
use pes_domain::place::{Area, AreaKind, Place};
use pes_domain::{Body, Code, Gazetteer, Kind, List, Record, RecordIri};
use pes_store::own_records::Moderation;
use pes_store::{Link, StoreError, aligned_tags, hidden, lists, own_records, records};
use std::collections::BTreeSet;
use time::{Date, Duration, UtcDateTime};

/// How far ahead the times of what comes again are written down.
const AHEAD: Duration = Duration::days(400);
/// The first and the last second that are written down: years 1900 and 9999.
const EARLIEST: i64 = -2_208_988_800;
const LATEST: i64 = 253_370_764_800;
/// Nobody looks for these by themselves: they are shown with what they are about.
const WITHOUT_ENTRY: [Kind; 4] = [Kind::Accord, Kind::Affiliation, Kind::Membership, Kind::Relation];

/// The kinds that stand where the structure is that speaks in them, where they have no place of their own.
const LENT_A_PLACE: [Kind; 7] =
    [Kind::Article, Kind::Call, Kind::Document, Kind::Event, Kind::Exchange, Kind::Job, Kind::Product];

/// The entries of a record, as the database holds it now: none where nobody sees it.
pub(crate) fn entries_of(link: &mut Link, name: &str, now: UtcDateTime) -> Result<Vec<Entry>, StoreError> {
    let has_entry = RecordIri::read(name).and_then(|iri| iri.kind()).is_some_and(|kind| !WITHOUT_ENTRY.contains(&kind));
    if !has_entry {
        return Ok(Vec::new());
    }
    let (anyone, member) = seen(link, name)?;
    let mut entry = |record: Option<Record>, readers| {
        let Some(record) = record else { return Ok(None) };
        let aligned = aligned_tags::concepts(link, &record.tags)?;
        let lent = lent(link, &record, readers)?;
        Ok::<_, StoreError>(Some(described(&record, (aligned, lent), now)))
    };
    let (anyone, member) = (entry(anyone, Readers::Anyone)?, entry(member, Readers::Members)?);
    Ok(match (anyone, member) {
        (Some(one), Some(other)) if one == other => vec![one],
        (one, other) => {
            let for_readers = |entry: Option<Entry>, readers| entry.map(|entry| Entry { readers, ..entry });
            for_readers(one, Readers::Anyone).into_iter().chain(for_readers(other, Readers::Members)).collect()
        }
    })
}

/// A record as anyone and as members see it here.
fn seen(link: &mut Link, name: &str) -> Result<(Option<Record>, Option<Record>), StoreError> {
    if hidden::find(link, name)?.is_some() {
        return Ok((None, None));
    }
    Ok(match own_records::find(link, name)? {
        Some(own) if own.moderation == Moderation::Published => {
            (own.record.seen_by(Reader::Anyone), own.record.seen_by(Reader::Member))
        }
        Some(_) => (None, None),
        None => (shared(link, name, Reader::Anyone)?, shared(link, name, Reader::MemberElsewhere)?),
    })
}

fn shared(link: &mut Link, name: &str, reader: Reader) -> Result<Option<Record>, StoreError> {
    Ok(records::seen(link, name, reader.audience())?.and_then(|sheet| sheet.record.seen_by(reader)))
}

/// Where the structure is that speaks in a record without a place of its own, as these readers see that structure.
fn lent(link: &mut Link, record: &Record, readers: Readers) -> Result<Vec<Place>, StoreError> {
    if !LENT_A_PLACE.contains(&record.kind()) || !record.body.places().is_empty() {
        return Ok(Vec::new());
    }
    let Some(structure) = record.body.speaks_for().and_then(|one| one.iri.as_ref()) else { return Ok(Vec::new()) };
    let (anyone, member) = seen(link, &structure.to_string())?;
    let structure = if readers == Readers::Anyone { anyone } else { member };
    Ok(structure.map_or_else(Vec::new, |one| one.body.places().into_iter().cloned().collect()))
}

/// What may stand where one of these records is, and is to be looked at again when that has changed.
pub(crate) fn borrowers<'a>(
    link: &mut Link,
    changed: impl Iterator<Item = &'a String>,
) -> Result<Vec<String>, StoreError> {
    let is_structure = |name: &&String| RecordIri::read(name).and_then(|iri| iri.kind()) == Some(Kind::Structure);
    let structures: BTreeSet<&String> = changed.filter(is_structure).collect();
    let mut all = Vec::new();
    for structure in &structures {
        all.extend(records::with_facet(link, "structure", structure)?);
    }
    // Of what is kept here no facet is written.
    for kind in LENT_A_PLACE.into_iter().filter(|_| !structures.is_empty()) {
        for own in lists::kept_here(link, kind)? {
            let speaks_for = own.record.body.speaks_for().and_then(|one| one.iri.as_ref()).map(ToString::to_string);
            all.extend(speaks_for.filter(|one| structures.contains(one)).map(|_| own.record.iri.to_string()));
        }
    }
    Ok(all)
}

/// A record as somebody sees it, in the index's words: with the concepts that it declares and those to which its free words are aligned here. It
/// is found by the latter and concerns nobody by them: whom something is for is told by what people declared, and by nothing that a third
/// person thought of their words.
fn described(record: &Record, (aligned, lent): (Vec<Code>, Vec<Place>), now: UtcDateTime) -> Entry {
    let body = &record.body;
    let (alternatives, summary) = names(body);
    let topics = body.skills().iter().chain(body.sectors()).chain(&record.themes).cloned();
    let declared = topics.chain(body.sorts().into_iter().filter(|code| is_so_on(body, code, now.date())));
    Entry {
        readers: Readers::Both,
        kind: record.kind().notation().to_owned(),
        title: record.title(),
        alternatives,
        summary,
        text: texts(record).join("\n"),
        network: record.iri.origin().to_owned(),
        concepts: declared.chain(aligned).collect(),
        tags: record.tags.iter().map(|tag| tag.as_str().to_owned()).collect(),
        places: body.places().into_iter().cloned().collect(),
        acts_in: body.areas().to_vec(),
        counts_in: counts_in(record, &lent),
        lent,
        voice: voice(record),
        signs: signs(body),
        occurrences: occurrences(body, now),
        expires: record.expires.map(UtcDateTime::unix_timestamp),
        modified: record.modified.unix_timestamp(),
        published: record.published.unwrap_or(record.created).unix_timestamp(),
        sort_name: String::new(),
    }
}

/// Whether a concept tells of a record what is so that day: a label that has ended, or has not begun, is on the page with its dates and is found by
/// nobody. All that have labels are described anew each day ([`lists::names_of_dated`]).
fn is_so_on(body: &Body, code: &Code, day: Date) -> bool {
    match body {
        Body::Structure(one) if code.list() == List::Label => {
            one.labels.iter().any(|held| held.label == *code && held.holds_on(day))
        }
        _ => true,
    }
}

/// Where something that is nowhere counts: in its areas; or of news, which may say only how far it carries, in as much around its voice.
fn counts_in(record: &Record, lent: &[Place]) -> Vec<Area> {
    if !LENT_A_PLACE.contains(&record.kind()) || !record.body.places().is_empty() {
        return Vec::new();
    }
    let areas = record.body.areas();
    let Body::Article(Article { reach: Some(reach), .. }) = &record.body else { return areas.to_vec() };
    let kind = match reach.notation() {
        _ if !areas.is_empty() => return areas.to_vec(),
        "departmental" => AreaKind::Department,
        "regional" => AreaKind::Region,
        // Around its voice it is found anyway; and what carries everywhere is nowhere in particular.
        _ => return Vec::new(),
    };
    let around = lent.iter().filter_map(|place| Gazetteer::embedded().commune(&place.commune));
    around.flat_map(|commune| commune.areas().filter(|area| area.kind == kind).collect::<Vec<_>>()).collect()
}

/// In whose name a record speaks; a structure speaks in its own.
fn voice(record: &Record) -> Option<String> {
    match &record.body {
        Body::Structure(_) => Some(record.iri.to_string()),
        body => body.speaks_for().and_then(|one| one.iri.as_ref()).map(ToString::to_string),
    }
}

fn signs(body: &Body) -> Vec<Sign> {
    let is_company = matches!(body, Body::Structure(one) if one.is_company);
    let is_unmapped = body.places().into_iter().all(|place| place.point.is_none());
    let both = [(Sign::Company, is_company), (Sign::Unmapped, is_unmapped)];
    both.into_iter().filter(|(_, is_so)| *is_so).map(|(sign, _)| sign).collect()
}

/// Other names, and what it is in a line.
fn names(body: &Body) -> (Vec<String>, String) {
    match body {
        Body::Structure(one) => {
            let names = [Some(&one.name), one.acronym.as_ref(), one.legal_name.as_ref()];
            let others = names.into_iter().flatten().filter(|name| **name != one.title());
            (others.cloned().collect(), one.tagline.clone().unwrap_or_default())
        }
        Body::Article(one) => (Vec::new(), one.summary.clone().unwrap_or_default()),
        _ => (Vec::new(), String::new()),
    }
}

/// All else that can be found: what it says, who speaks, where.
fn texts(record: &Record) -> Vec<String> {
    let body = &record.body;
    let voices = body.speaks_for().into_iter().chain(body.names()).map(|one| one.label.clone());
    let words = record.tags.iter().map(|tag| tag.as_str().replace('-', " "));
    let places = body.places().into_iter().map(|place| place.name.clone());
    let more = match body {
        Body::Call(one) => one.lots.iter().chain(&one.clauses).cloned().collect(),
        Body::Document(one) => one.file.iter().map(|file| file.name.clone()).collect(),
        Body::Event(one) => one.venue.iter().cloned().collect(),
        Body::Product(one) => one.means.iter().cloned().collect(),
        Body::Structure(one) => {
            one.sites.iter().flat_map(|site| site.label.iter().chain(&site.street)).cloned().collect()
        }
        _ => Vec::new(),
    };
    let text = body.text().map(str::to_owned).into_iter();
    text.chain(voices).chain(body.author().map(str::to_owned)).chain(words).chain(places).chain(more).collect()
}

/// When it takes place. Of what comes again, the times from a year back, as far ahead as times are written down, and from the next one behind
/// that on as if it went on for ever: where it is asked for a time so far ahead, it has to be looked at again.
///
/// What is to come and called off is found as far as that is told wherever the event is shown: nobody is sent to a closed door.
fn occurrences(body: &Body, now: UtcDateTime) -> Vec<(i64, i64)> {
    let Body::Event(event) = body else { return Vec::new() };
    let told = event.called_off_next(now.unix_timestamp());
    let is_found = |span: &Span| !span.is_called_off || span.ends < now.unix_timestamp() || told.contains(span);
    let times = |from: i64, until: i64| {
        event.between(from, until).into_iter().filter(is_found).map(|span| (span.begins, span.ends))
    };
    if event.recurrence.is_none() {
        return times(EARLIEST, LATEST).collect();
    }
    let (from, until) = ((now - Duration::days(366)).unix_timestamp(), (now + AHEAD).unix_timestamp());
    let later = times(until, until + 2 * AHEAD.whole_seconds()).next();
    times(from, until).chain(later.map(|(begins, _)| (begins, LATEST))).collect()
}
