//! How ways to reach somebody are said.

use crate::reader::Node;
use crate::writer::Writer;
use crate::{Refusal, terms};
use pes_domain::Audience;
use pes_domain::contact::Contact;

pub(crate) fn write(contacts: &[Contact], to: &mut Writer) {
    for contact in contacts {
        let part = contact.fragment.as_str();
        let name = to.name(part);
        to.link("", terms::CONTACT_POINT, name);
        to.is_a(part, terms::SCHEMA_CONTACT);
        to.link(part, terms::MEDIUM, &contact.medium);
        to.text(part, terms::VALUE, Some(&contact.value));
        to.text(part, terms::COMMENT, contact.note.as_deref());
    }
}

/// A contact that travelled is for the audience of the channel that brought it.
pub(crate) fn read(from: Node<'_>, audience: Audience) -> Result<Vec<Contact>, Refusal> {
    let contact = |part: Node<'_>| {
        Ok(Contact {
            fragment: part.fragment(),
            medium: part.required_code(terms::MEDIUM)?,
            value: part.required_text(terms::VALUE)?,
            note: part.text(terms::COMMENT)?,
            audience,
        })
    };
    from.parts(terms::CONTACT_POINT)?.into_iter().map(contact).collect()
}
