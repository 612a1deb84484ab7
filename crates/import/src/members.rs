//! What another network holds, declared a member of this one: a relation of ours to its record, which it may confirm. Its sheet stays where it is.

use crate::ImportError;
use crate::commit::GROUP;
use crate::filling::digest;
use pes_domain::{Audience, Body, Draft, Kind, Record, RecordIri, Reference};
use pes_journal::Journal;
use pes_store::imports::{self, Row};
use pes_store::own_records::{self, Moderation};
use std::collections::HashSet;
use time::UtcDateTime;

/// What a member is to a network: a code of `relation-kind`.
const SORT: &str = "member-of-network";

/// A structure that is declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The line of the file that says so.
    pub line: u64,
    /// Its record, at its home.
    pub record: RecordIri,
    /// What it is called there.
    pub name: String,
    /// For whom both are.
    pub audience: Audience,
}

/// The structures that are declared members of this network already.
///
/// # Errors
/// [`ImportError::Store`].
pub fn declared(journal: &Journal, network: &RecordIri) -> Result<HashSet<RecordIri>, ImportError> {
    let all = journal.store().read(|link| own_records::of_kind(link, Kind::Relation, Moderation::Published))?;
    let member = |record: Record| match record.body {
        Body::Relation(one) if one.sort.notation() == SORT && one.object.iri.as_ref() == Some(network) => {
            one.subject.iri
        }
        _ => None,
    };
    Ok(all.into_iter().filter_map(|own| member(own.record)).collect())
}

/// Declares them, each once; `network` is this network's own sheet. What is declared with a run is taken back with it. How many are new.
///
/// # Errors
/// [`ImportError::Journal`], [`ImportError::Store`]: what was declared until then stays.
pub fn declare(
    journal: &Journal,
    (network, author): (&Reference, &str),
    run: Option<i64>,
    members: &[Member],
    now: UtcDateTime,
) -> Result<u64, ImportError> {
    let Some(object) = &network.iri else { return Ok(0) };
    let mut known = declared(journal, object)?;
    let new: Vec<&Member> = members.iter().filter(|one| known.insert(one.record.clone())).collect();
    let mut count = 0;
    for portion in new.chunks(GROUP) {
        count += journal.gather(now, |group| {
            let noted = run.map_or(Ok(Vec::new()), |run| imports::of_run(group.link(), run))?;
            let mut count = 0;
            for member in portion {
                // What a form would not take, of a name that is too long, is not declared.
                let Some(record) = relation(journal, network, member, now) else { continue };
                if let Some(run) = run {
                    // One that was declared by this line and deleted since.
                    for gone in noted.iter().filter(|row| row.line == member.line) {
                        imports::forget_in_run(group.link(), run, &gone.record)?;
                    }
                    imports::note(group.link(), &row(run, member.line, &record))?;
                }
                group.save(record, Moderation::Published, Some(author))?;
                count += 1;
            }
            Ok::<u64, ImportError>(count)
        })?;
    }
    Ok(count)
}

fn relation(journal: &Journal, network: &Reference, member: &Member, now: UtcDateTime) -> Option<Record> {
    let fields = [
        ("relation-kind", SORT.to_owned()),
        ("subject", member.record.to_string()),
        ("subject-label", member.name.clone()),
        ("object", network.iri.as_ref()?.to_string()),
        ("object-label", network.label.clone()),
        ("audience", member.audience.as_str().to_owned()),
    ];
    let draft: Draft = fields.into_iter().map(|(field, value)| (field.to_owned(), value)).collect();
    let iri = RecordIri::mint(journal.identity().origin.as_str(), Kind::Relation);
    Record::raise(Kind::Relation, (iri, now), &draft, now, journal.rules()).ok()
}

/// The relation is a row of the run, in the name of no row of the file: it tells nothing of who that is.
fn row(run: i64, line: u64, record: &Record) -> Row {
    Row {
        run,
        line,
        source: record.iri.to_string(),
        called: String::new(),
        record: record.iri.to_string(),
        is_new: true,
        before: None,
        after: digest(&record.lower()),
        filled: Vec::new(),
    }
}
