//! What the index is told of a record, for each class of readers: what they would see on its page, and nothing else.

use crate::{Entry, Readers};
use pes_domain::audience::Reader;
use pes_domain::{Body, Code, Kind, Record, RecordIri};
use pes_store::own_records::Moderation;
use pes_store::{Link, StoreError, aligned_tags, hidden, own_records, records};
use time::{Duration, UtcDateTime};

/// How far ahead the times of what comes again are written down.
const AHEAD: Duration = Duration::days(400);
/// The first and the last second that are written down: years 1900 and 9999.
const EARLIEST: i64 = -2_208_988_800;
const LATEST: i64 = 253_370_764_800;
/// Nobody looks for these by themselves: they are shown with what they are about.
const WITHOUT_ENTRY: [Kind; 4] = [Kind::Accord, Kind::Affiliation, Kind::Membership, Kind::Relation];

/// The entries of a record, as the database holds it now: none where nobody sees it.
pub(crate) fn entries_of(link: &mut Link, name: &str, now: UtcDateTime) -> Result<Vec<Entry>, StoreError> {
    let has_entry = RecordIri::read(name).and_then(|iri| iri.kind()).is_some_and(|kind| !WITHOUT_ENTRY.contains(&kind));
    if !has_entry || hidden::find(link, name)?.is_some() {
        return Ok(Vec::new());
    }
    let (anyone, member) = match own_records::find(link, name)? {
        Some(own) if own.moderation == Moderation::Published => {
            (own.record.seen_by(Reader::Anyone), own.record.seen_by(Reader::Member))
        }
        Some(_) => (None, None),
        None => (seen(link, name, Reader::Anyone)?, seen(link, name, Reader::MemberElsewhere)?),
    };
    let mut entry = |record: Option<Record>| {
        let Some(record) = record else { return Ok(None) };
        let aligned = aligned_tags::concepts(link, &record.tags)?;
        Ok::<_, StoreError>(Some(described(&record, aligned, now)))
    };
    let (anyone, member) = (entry(anyone)?, entry(member)?);
    Ok(match (anyone, member) {
        (Some(one), Some(other)) if one == other => vec![one],
        (one, other) => {
            let for_readers = |entry: Option<Entry>, readers| entry.map(|entry| Entry { readers, ..entry });
            for_readers(one, Readers::Anyone).into_iter().chain(for_readers(other, Readers::Members)).collect()
        }
    })
}

fn seen(link: &mut Link, name: &str, reader: Reader) -> Result<Option<Record>, StoreError> {
    Ok(records::seen(link, name, reader.audience())?.and_then(|sheet| sheet.record.seen_by(reader)))
}

/// A record as somebody sees it, in the index's words: with the concepts that it declares and those to which its free words are aligned here. It
/// is found by the latter and concerns nobody by them: whom something is for is told by what people declared, and by nothing that a third
/// person thought of their words.
fn described(record: &Record, aligned: Vec<Code>, now: UtcDateTime) -> Entry {
    let body = &record.body;
    let (alternatives, summary) = names(body);
    let declared = body.skills().iter().chain(body.sectors()).chain(&record.themes).cloned().chain(body.sorts());
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
        occurrences: occurrences(body, now),
        expires: record.expires.map(UtcDateTime::unix_timestamp),
        modified: record.modified.unix_timestamp(),
        published: record.published.unwrap_or(record.created).unix_timestamp(),
        sort_name: String::new(),
    }
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
fn occurrences(body: &Body, now: UtcDateTime) -> Vec<(i64, i64)> {
    let Body::Event(event) = body else { return Vec::new() };
    let times = |from: i64, until: i64| event.between(from, until).into_iter().map(|span| (span.begins, span.ends));
    if event.recurrence.is_none() {
        return times(EARLIEST, LATEST).collect();
    }
    let (from, until) = ((now - Duration::days(366)).unix_timestamp(), (now + AHEAD).unix_timestamp());
    let later = times(until, until + 2 * AHEAD.whole_seconds()).next();
    times(from, until).chain(later.map(|(begins, _)| (begins, LATEST))).collect()
}
