//! How a document is said: schema.org's DigitalDocument.

use crate::reader::Node;
use crate::writer::Writer;
use crate::{Refusal, file, terms};
use pes_domain::document::Document;
use pes_domain::iri::WebLink;

pub(crate) fn write(one: &Document, to: &mut Writer) {
    to.is_a("", terms::DIGITAL_DOCUMENT);
    to.text("", terms::SCHEMA_NAME, Some(&one.title));
    to.text("", terms::SCHEMA_DESCRIPTION, one.description.as_deref());
    to.codes(terms::SORT, [&one.sort]);
    one.link.iter().for_each(|link| to.link("", terms::SCHEMA_URL, link.as_str()));
    file::write(one.file.as_ref(), to);
    to.text("", terms::PRICE, one.price.as_deref());
    to.reference(terms::PUBLISHER, "structure", one.structure.as_ref());
    to.text("", terms::AUTHOR_NAME, one.author.as_deref());
}

pub(crate) fn read(from: Node<'_>) -> Result<Document, Refusal> {
    from.check_is_a(terms::DIGITAL_DOCUMENT)?;
    let wrong = |_| Refusal::WrongType { property: terms::SCHEMA_URL, expected: "an address on the web" };
    Ok(Document {
        title: from.required_text(terms::SCHEMA_NAME)?,
        description: from.text(terms::SCHEMA_DESCRIPTION)?,
        sort: from.required_code(terms::SORT)?,
        link: from.link(terms::SCHEMA_URL)?.map(|link| WebLink::read("link", link)).transpose().map_err(wrong)?,
        file: file::read(from)?,
        price: from.text(terms::PRICE)?,
        structure: from.reference(terms::PUBLISHER)?,
        author: from.text(terms::AUTHOR_NAME)?,
    })
}
