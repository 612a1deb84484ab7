//! How a record tells of its picture: a part of it, with what schema.org says of a file.

use crate::reader::Node;
use crate::writer::Writer;
use crate::{Refusal, terms};
use pes_domain::Picture;

/// The part's name.
const PART: &str = "picture";

pub(crate) fn write(picture: Option<&Picture>, to: &mut Writer) {
    let Some(one) = picture else { return };
    let name = to.name(PART);
    to.link("", terms::PICTURE, name);
    to.link(PART, terms::CONTENT_URL, &one.address);
    to.text(PART, terms::SHA_256, Some(&one.digest));
    to.text(PART, terms::ENCODING_FORMAT, Some(&one.media_type));
    to.typed(PART, terms::CONTENT_SIZE, terms::XSD_INTEGER, Some(one.size));
    to.text(PART, terms::ALTERNATIVE_TEXT, Some(&one.alt));
}

pub(crate) fn read(from: Node<'_>) -> Result<Option<Picture>, Refusal> {
    let Some(part) = from.part(terms::PICTURE)? else { return Ok(None) };
    Ok(Some(Picture {
        address: part.link(terms::CONTENT_URL)?.ok_or(Refusal::Missing(terms::CONTENT_URL))?.to_owned(),
        digest: part.required_text(terms::SHA_256)?,
        media_type: part.required_text(terms::ENCODING_FORMAT)?,
        size: part.integer(terms::CONTENT_SIZE)?.ok_or(Refusal::Missing(terms::CONTENT_SIZE))?,
        alt: part.required_text(terms::ALTERNATIVE_TEXT)?,
    }))
}
