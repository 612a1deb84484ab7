//! How a person's part in a structure is said: the W3C's Organization Ontology.

use crate::reader::Node;
use crate::writer::Writer;
use crate::{Refusal, terms};
use pes_domain::membership::Membership;

pub(crate) fn write(one: &Membership, to: &mut Writer) {
    to.is_a("", terms::ORG_MEMBERSHIP);
    to.reference(terms::ORG_MEMBER, "person", Some(&one.person));
    to.reference(terms::ORG_OF, "structure", Some(&one.structure));
    to.codes(terms::ORG_ROLE, &one.role);
    to.text("", terms::DESCRIPTION, one.detail.as_deref());
    to.date(terms::START_DATE, one.from);
    to.date(terms::END_DATE, one.until);
}

/// A membership travels only when both sides said so: one that arrived was agreed to by both.
pub(crate) fn read(from: Node<'_>) -> Result<Membership, Refusal> {
    from.check_is_a(terms::ORG_MEMBERSHIP)?;
    Ok(Membership {
        person: from.reference(terms::ORG_MEMBER)?.ok_or(Refusal::Missing(terms::ORG_MEMBER))?,
        structure: from.reference(terms::ORG_OF)?.ok_or(Refusal::Missing(terms::ORG_OF))?,
        role: from.code(terms::ORG_ROLE)?,
        detail: from.text(terms::DESCRIPTION)?,
        from: from.date(terms::START_DATE)?,
        until: from.date(terms::END_DATE)?,
        person_agrees: true,
        structure_agrees: true,
    })
}
