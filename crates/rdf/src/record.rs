//! What is said of every record, whatever its kind.

use crate::reader::{Graph, Node, modern};
use crate::writer::Writer;
use crate::{Payload, Refusal, terms};
use crate::{
    accord, affiliation, article, call, document, event, exchange, job, membership, person, product, relation,
    structure,
};
use pes_domain::code::TAG_BASE;
use pes_domain::{Audience, Body, Code, Kind, Record, RecordIri, Rules, Tag};
use std::collections::BTreeMap;

/// Writes the payload of a record: its canonical N-Triples, with the salt among them.
pub fn write(record: &Record, salt: &str) -> String {
    let mut to = Writer::of(&record.iri);
    to.date_time(terms::CREATED, Some(record.created));
    to.date_time(terms::ISSUED, record.published);
    to.date_time(terms::MODIFIED, Some(record.modified));
    to.date_time(terms::EXPIRES, record.expires);
    to.codes(terms::SUBJECT, &record.themes);
    for tag in &record.tags {
        to.link("", terms::SUBJECT, format!("{TAG_BASE}{}", tag.as_str()));
    }
    match &record.body {
        Body::Accord(one) => accord::write(one, &mut to),
        Body::Affiliation(one) => affiliation::write(one, &mut to),
        Body::Article(one) => article::write(one, &mut to),
        Body::Call(one) => call::write(one, &mut to),
        Body::Document(one) => document::write(one, &mut to),
        Body::Event(one) => event::write(one, &mut to),
        Body::Exchange(one) => exchange::write(one, &mut to),
        Body::Job(one) => job::write(one, &mut to),
        Body::Membership(one) => membership::write(one, &mut to),
        Body::Person(one) => person::write(one, &mut to),
        Body::Product(one) => product::write(one, &mut to),
        Body::Relation(one) => relation::write(one, &mut to),
        Body::Structure(one) => structure::write(one, &mut to),
    }
    to.text("", terms::SALT, Some(salt));
    to.finish()
}

impl Payload {
    /// The record this payload makes, for the audience of the channel that brought it: the one typed reader. Properties it
    /// does not know are ignored; those it knows have to be right.
    ///
    /// # Errors
    /// [`Refusal`] with the property at fault, or with all that the rules of the domain find.
    pub fn record(&self, kind: Kind, audience: Audience, rules: &Rules) -> Result<Record, Refusal> {
        let statements = modern(&self.statements);
        let graph = Graph::new(&self.record, &statements);
        let record = read(graph.record(), (&self.record, kind), audience)?;
        record.check(rules).map_err(Refusal::Problems)?;
        Ok(record)
    }
}

fn read(from: Node<'_>, (iri, kind): (&RecordIri, Kind), audience: Audience) -> Result<Record, Refusal> {
    let (themes, tags) = subjects(from)?;
    Ok(Record {
        iri: iri.clone(),
        created: from.date_time(terms::CREATED)?.ok_or(Refusal::Missing(terms::CREATED))?,
        published: Some(from.date_time(terms::ISSUED)?.ok_or(Refusal::Missing(terms::ISSUED))?),
        modified: from.date_time(terms::MODIFIED)?.ok_or(Refusal::Missing(terms::MODIFIED))?,
        audience,
        narrowed: BTreeMap::new(),
        expires: from.date_time(terms::EXPIRES)?,
        themes,
        tags,
        body: body(from, kind, audience)?,
    })
}

fn body(from: Node<'_>, kind: Kind, audience: Audience) -> Result<Body, Refusal> {
    Ok(match kind {
        Kind::Accord => Body::Accord(accord::read(from)?),
        Kind::Affiliation => Body::Affiliation(affiliation::read(from)?),
        Kind::Article => Body::Article(article::read(from)?),
        Kind::Call => Body::Call(call::read(from)?),
        Kind::Document => Body::Document(document::read(from)?),
        Kind::Event => Body::Event(event::read(from)?),
        Kind::Exchange => Body::Exchange(exchange::read(from)?),
        Kind::Job => Body::Job(job::read(from)?),
        Kind::Membership => Body::Membership(membership::read(from)?),
        Kind::Person => Body::Person(person::read(from, audience)?),
        Kind::Product => Body::Product(product::read(from)?),
        Kind::Relation => Body::Relation(relation::read(from)?),
        Kind::Structure => Body::Structure(Box::new(structure::read(from, audience)?)),
    })
}

/// Themes and free words share a property.
fn subjects(from: Node<'_>) -> Result<(Vec<Code>, Vec<Tag>), Refusal> {
    let (mut themes, mut tags) = (Vec::new(), Vec::new());
    let wrong = Refusal::WrongType { property: terms::SUBJECT, expected: "a theme or a tag" };
    for iri in from.links(terms::SUBJECT)? {
        match iri.strip_prefix(TAG_BASE) {
            Some(slug) => tags.push(Tag::read(slug).ok_or_else(|| wrong.clone())?),
            None => themes.push(Code::read(iri).ok_or_else(|| wrong.clone())?),
        }
    }
    themes.sort();
    tags.sort();
    Ok((themes, tags))
}
