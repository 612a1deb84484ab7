//! Records as this visitor may see them. Who may not see a thing gets what they would get if it did not exist.

use crate::failure::Failure;
use crate::porch::Porch;
use crate::views::{FileView, Filed, PictureView};
use crate::visit::Visit;
use pes_domain::audience::Reader;
use pes_domain::{Audience, Body, Kind, Record, RecordIri};
use pes_search::Found;
use pes_store::files::Copied;
use pes_store::hidden::Hidden;
use pes_store::lists::{self, Query};
use pes_store::own_records::{Moderation, OwnRecord};
use pes_store::records::Sheet;
use pes_store::{Link, files, hidden, nodes, own_records, records};

/// How many records that name one are shown with it.
const NAMING: u64 = 500;
/// The most characters of a network's name that are shown.
const NAME: usize = 100;

/// This node's own copies of what a record names.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Held {
    picture: Option<Copied>,
    file: Option<Copied>,
}

/// A record as it is shown.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Shown {
    /// What this visitor may see of it.
    pub(crate) record: Record,
    /// What is held here of what it names.
    pub(crate) held: Held,
    /// The name of the network it is at home in.
    pub(crate) network: String,
    /// Whether that is this one.
    pub(crate) is_own: bool,
    /// Whether this visitor may change it.
    pub(crate) may_change: bool,
    /// Whether this visitor wrote it.
    pub(crate) is_author: bool,
    /// Where it stands, for those who may change it.
    pub(crate) moderation: Option<Moderation>,
    /// Why it is hidden here, for the animators.
    pub(crate) hidden: Option<Hidden>,
}

impl Shown {
    /// Whether it is a structure of this node that nobody speaks for yet, and stands.
    pub(crate) fn is_unclaimed(&self) -> bool {
        let is_published = self.moderation.is_none_or(|one| one == Moderation::Published);
        let is_unclaimed = matches!(&self.record.body, Body::Structure(one) if one.is_unclaimed);
        self.is_own && is_published && is_unclaimed
    }

    /// Its picture, once it is held here.
    pub(crate) fn picture(&self) -> Option<PictureView> {
        Some(PictureView::of(self.held.picture.as_ref()?, &self.record.body.picture()?.alt))
    }

    /// Its file, with a link once it is held here.
    pub(crate) fn file(&self, porch: &Porch) -> Option<FileView> {
        Some(FileView::of(porch, self.record.body.file()?, self.held.file.as_ref()))
    }

    /// The same for programs, once it is held here.
    pub(crate) fn filed(&self, porch: &Porch) -> Option<Filed> {
        Filed::of(porch, self.record.body.file()?, self.held.file.as_ref())
    }
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct List {
    pub(crate) shown: Vec<Shown>,
    pub(crate) total: u64,
    /// How many of them are spread over pages; the others stand on the first.
    pub(crate) paged: u64,
}

/// A record, if this visitor may see it.
///
/// # Errors
/// [`Failure::Absent`].
pub(crate) fn find(porch: &Porch, visit: &Visit, iri: &RecordIri) -> Result<Shown, Failure> {
    porch.store().read(|link| show(link, porch, visit, iri))?.ok_or(Failure::Absent)
}

/// A record, if this visitor may see it.
fn show(link: &mut Link, porch: &Porch, visit: &Visit, iri: &RecordIri) -> Result<Option<Shown>, Failure> {
    let name = iri.to_string();
    if let Some(own) = own_records::find(link, &name)? {
        return show_own(link, porch, visit, own);
    }
    let reader = visit.reads_foreign();
    let Some(sheet) = records::seen(link, &name, reader.audience())? else { return Ok(None) };
    show_foreign(link, visit, reader, sheet)
}

/// A record by its name, where this visitor sees it.
pub(crate) fn seen(porch: &Porch, visit: &Visit, name: &str) -> Result<Option<Shown>, Failure> {
    let Some(iri) = RecordIri::read(name) else { return Ok(None) };
    match find(porch, visit, &iri) {
        Ok(shown) => Ok(Some(shown)),
        Err(Failure::Absent) => Ok(None),
        Err(failure) => Err(failure),
    }
}

/// What was found, as far as it still is there and this visitor sees it, with how far each is.
pub(crate) fn found(porch: &Porch, visit: &Visit, found: &Found) -> Result<Vec<(Shown, Option<f64>)>, Failure> {
    porch.store().read(|link| {
        let mut shown = Vec::new();
        for hit in &found.hits {
            let Some(iri) = RecordIri::read(&hit.record) else { continue };
            // What is not there went since the index was told.
            shown.extend(show(link, porch, visit, &iri)?.map(|one| (one, hit.distance_km)));
        }
        Ok(shown)
    })
}

fn show_own(link: &mut Link, porch: &Porch, visit: &Visit, own: OwnRecord) -> Result<Option<Shown>, Failure> {
    let may_change = visit.may_change(&own);
    let is_author = visit.viewer.as_ref().is_some_and(|viewer| own.author.as_ref() == Some(&viewer.account.id));
    let is_current = own.moderation == Moderation::Published && !own.record.is_expired(visit.now);
    let Some(record) = own.record.seen_by(visit.reads_own(&own)).filter(|_| is_current || may_change) else {
        return Ok(None);
    };
    Ok(Some(Shown {
        held: held_of(link, &record)?,
        record,
        network: porch.site.name.clone(),
        is_own: true,
        may_change,
        is_author,
        moderation: may_change.then_some(own.moderation),
        hidden: None,
    }))
}

/// What is held here of what a record names.
fn held_of(link: &mut Link, record: &Record) -> Result<Held, Failure> {
    let mut copy_of = |digest: Option<&String>| {
        let Some(digest) = digest else { return Ok::<_, Failure>(None) };
        Ok(files::find(link, &record.iri.to_string(), digest)?.and_then(|named| named.copy))
    };
    Ok(Held {
        picture: copy_of(record.body.picture().map(|one| &one.digest))?,
        file: copy_of(record.body.file().map(|one| &one.digest))?,
    })
}

fn show_foreign(link: &mut Link, visit: &Visit, reader: Reader, sheet: Sheet) -> Result<Option<Shown>, Failure> {
    let is_animator = visit.viewer.as_ref().is_some_and(pes_people::Viewer::is_animator);
    let hidden = hidden::find(link, &sheet.record.iri.to_string())?;
    if sheet.record.is_expired(visit.now) || (hidden.is_some() && !is_animator) {
        return Ok(None);
    }
    let network = nodes::find(link, &sheet.node)?.map_or_else(String::new, |node| short(&node.name));
    let Some(record) = sheet.record.seen_by(reader) else { return Ok(None) };
    Ok(Some(Shown {
        held: held_of(link, &record)?,
        record,
        network,
        is_own: false,
        may_change: false,
        is_author: false,
        moderation: None,
        hidden,
    }))
}

/// A network's name as it is shown: no network's own choice fills a page.
pub(crate) fn short(name: &str) -> String {
    name.chars().take(NAME).collect()
}

/// What narrows a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Narrowing {
    /// Each narrows: a facet, and the values of which one has to be there.
    pub(crate) facets: Vec<(String, Vec<String>)>,
    /// The origin of the node whose records are shown.
    pub(crate) network: Option<String>,
}

/// A page of the records of a kind that this visitor sees, the newest first.
pub(crate) fn list(
    porch: &Porch,
    visit: &Visit,
    kind: Kind,
    narrowing: &Narrowing,
    (offset, limit): (u64, u64),
) -> Result<List, Failure> {
    let reader = visit.reads_foreign();
    porch.store().read(|link| {
        let nodes = nodes::all(link)?;
        let node_at =
            |origin: &String| nodes.iter().find(|node| node.origin.as_str() == origin).map(|node| node.id.clone());
        let query = Query {
            kind,
            reader: reader.audience(),
            now: visit.now.unix_timestamp(),
            facets: narrowing.facets.clone(),
            // An unknown network narrows to nothing, not to everything.
            node: narrowing.network.as_ref().map(|origin| node_at(origin).unwrap_or_default()),
            offset,
            limit,
        };
        let page = lists::shared(link, &query)?;
        let is_plain = *narrowing == Narrowing::default();
        let kept = if is_plain && reader != Reader::Anyone { kept_here(link, porch, visit, kind)? } else { Vec::new() };
        let (total, paged) = (page.total + kept.len() as u64, page.total);
        let mut shown: Vec<Shown> = kept.into_iter().filter(|_| offset == 0).collect();
        for sheet in page.sheets {
            let node = nodes.iter().find(|node| node.id == sheet.node);
            let Some((node, record)) = node.zip(sheet.record.seen_by(reader)) else { continue };
            shown.push(Shown {
                held: held_of(link, &record)?,
                record,
                network: short(&node.name),
                is_own: node.is_own,
                may_change: false,
                is_author: false,
                moderation: None,
                hidden: None,
            });
        }
        Ok(List { shown, total, paged })
    })
}

/// This node's own records that never leave it, as far as this visitor sees them.
fn kept_here(link: &mut Link, porch: &Porch, visit: &Visit, kind: Kind) -> Result<Vec<Shown>, Failure> {
    let kept = lists::kept_here(link, kind)?;
    let for_the_network = kept.into_iter().filter(|own| own.record.audience >= Audience::Network);
    let shown = for_the_network.map(|own| show_own(link, porch, visit, own));
    Ok(shown.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}

/// This node's records of a kind that are in no log, as far as this visitor sees them.
pub(crate) fn kept(porch: &Porch, visit: &Visit, kind: Kind) -> Result<Vec<Shown>, Failure> {
    porch.store().read(|link| {
        let kept = lists::kept_here(link, kind)?;
        let shown = kept.into_iter().map(|own| show_own(link, porch, visit, own));
        Ok(shown.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
    })
}

/// All names that a structure has had: its own, and those of the sheets it takes the place of, once their homes have ended them in its favour.
pub(crate) fn names_of(porch: &Porch, structure: &Record) -> Result<Vec<RecordIri>, Failure> {
    let mut names = vec![structure.iri.clone()];
    if let Body::Structure(one) = &structure.body {
        for former in &one.replaces {
            if porch.journal.successor(former)?.as_ref() == Some(&structure.iri) {
                names.push(former.clone());
            }
        }
    }
    Ok(names)
}

/// What stands in the place of a record that is no more, if this visitor may see it and it says so itself.
pub(crate) fn successor(porch: &Porch, visit: &Visit, former: &RecordIri) -> Result<Option<RecordIri>, Failure> {
    let Some(iri) = porch.journal.successor(former)? else { return Ok(None) };
    match find(porch, visit, &iri) {
        Ok(shown) => {
            let says_so = matches!(&shown.record.body, Body::Structure(one) if one.replaces.contains(former));
            Ok(says_so.then_some(iri))
        }
        Err(Failure::Absent) => Ok(None),
        Err(failure) => Err(failure),
    }
}

/// So many records of a kind that never leave this node are told beside a structure.
const KEPT: usize = 20;

/// The records of a kind that name one of these records, wherever they are at home; those too that never leave this one.
pub(crate) fn naming(porch: &Porch, visit: &Visit, kind: Kind, records: &[RecordIri]) -> Result<Vec<Shown>, Failure> {
    let names =
        |body: &Body| body.names().into_iter().any(|one| one.iri.as_ref().is_some_and(|iri| records.contains(iri)));
    about(porch, visit, kind, ("names", records), names)
}

/// The records of a kind that have one of these records in a facet, and those kept here that are such by what they say.
fn about(
    porch: &Porch,
    visit: &Visit,
    kind: Kind,
    (facet, records): (&str, &[RecordIri]),
    is_such: impl Fn(&Body) -> bool,
) -> Result<Vec<Shown>, Failure> {
    let values = records.iter().map(ToString::to_string).collect();
    let narrowing = Narrowing { facets: vec![(facet.into(), values)], ..Narrowing::default() };
    let mut found = list(porch, visit, kind, &narrowing, (0, NAMING))?.shown;
    if visit.viewer.is_none() {
        return Ok(found);
    }
    // Who may change what is our own is known here.
    for shown in found.iter_mut().filter(|shown| shown.is_own) {
        let own = porch.store().read(|link| own_records::find(link, &shown.record.iri.to_string()))?;
        shown.may_change = own.is_some_and(|own| visit.may_change(&own));
    }
    let kept = porch.store().read(|link| kept_here(link, porch, visit, kind))?.into_iter();
    let kept = kept.filter(|shown| is_such(&shown.record.body) && !shown.record.is_expired(visit.now));
    Ok(found.into_iter().chain(kept).collect())
}

/// The records of a kind that speak in a structure's name, whichever of its names that is: those of that name's own home, where it is known who
/// may; those too that never leave this one, for whom they are. Whoever names it elsewhere speaks for themselves.
pub(crate) fn of_structure(
    porch: &Porch,
    visit: &Visit,
    kind: Kind,
    names: &[RecordIri],
) -> Result<Vec<Shown>, Failure> {
    let mut shown = Vec::new();
    for name in names {
        let narrowing = Narrowing {
            facets: vec![("structure".into(), vec![name.to_string()])],
            network: Some(name.origin().to_owned()),
        };
        shown.extend(list(porch, visit, kind, &narrowing, (0, 20))?.shown);
    }
    if visit.viewer.is_some() {
        let is_own = |iri: &RecordIri| iri.origin() == porch.site.origin && names.contains(iri);
        let kept = porch.store().read(|link| kept_here(link, porch, visit, kind))?.into_iter();
        let speaks =
            |shown: &Shown| shown.record.body.speaks_for().and_then(|one| one.iri.as_ref()).is_some_and(is_own);
        shown.extend(kept.filter(|one| speaks(one) && !one.record.is_expired(visit.now)).take(KEPT));
    }
    Ok(shown)
}

/// The records of a kind that say they speak of a structure by one of its names, wherever they are at home, and those that never leave this one:
/// whoever shows one asks whether it may.
pub(crate) fn speaking(porch: &Porch, visit: &Visit, kind: Kind, names: &[RecordIri]) -> Result<Vec<Shown>, Failure> {
    let speaks =
        |body: &Body| body.speaks_for().and_then(|one| one.iri.as_ref()).is_some_and(|iri| names.contains(iri));
    about(porch, visit, kind, ("structure", names), speaks)
}
