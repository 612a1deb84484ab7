//! How a record tells of its file: a part of it, told as a picture is, with a name in the place of words for those who do not see it.

use crate::reader::Node;
use crate::writer::Writer;
use crate::{Refusal, terms};
use pes_domain::File;

/// The part's name.
const PART: &str = "file";

pub(crate) fn write(file: Option<&File>, to: &mut Writer) {
    let Some(one) = file else { return };
    let name = to.name(PART);
    to.link("", terms::FILE, name);
    to.link(PART, terms::CONTENT_URL, &one.address);
    to.text(PART, terms::SHA_256, Some(&one.digest));
    to.text(PART, terms::ENCODING_FORMAT, Some(&one.media_type));
    to.typed(PART, terms::CONTENT_SIZE, terms::XSD_INTEGER, Some(one.size));
    to.text(PART, terms::SCHEMA_NAME, Some(&one.name));
}

pub(crate) fn read(from: Node<'_>) -> Result<Option<File>, Refusal> {
    let Some(part) = from.part(terms::FILE)? else { return Ok(None) };
    Ok(Some(File {
        address: part.link(terms::CONTENT_URL)?.ok_or(Refusal::Missing(terms::CONTENT_URL))?.to_owned(),
        digest: part.required_text(terms::SHA_256)?,
        media_type: part.required_text(terms::ENCODING_FORMAT)?,
        size: part.integer(terms::CONTENT_SIZE)?.ok_or(Refusal::Missing(terms::CONTENT_SIZE))?,
        name: part.required_text(terms::SCHEMA_NAME)?,
    }))
}
