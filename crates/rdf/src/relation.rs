//! How a relation between structures is said: a thing of its own, since it has dates and is confirmed.

use crate::reader::Node;
use crate::writer::Writer;
use crate::{Refusal, terms};
use pes_domain::relation::Relation;

pub(crate) fn write(one: &Relation, to: &mut Writer) {
    to.is_a("", terms::RELATION);
    to.codes(terms::SORT, [&one.sort]);
    to.reference(terms::RELATION_SUBJECT, "subject", Some(&one.subject));
    to.reference(terms::RELATION_OBJECT, "object", Some(&one.object));
    to.text("", terms::DESCRIPTION, one.detail.as_deref());
    to.date(terms::START_DATE, one.from);
    to.date(terms::END_DATE, one.until);
}

pub(crate) fn read(from: Node<'_>) -> Result<Relation, Refusal> {
    from.check_is_a(terms::RELATION)?;
    let side = |property| from.reference(property)?.ok_or(Refusal::Missing(property));
    Ok(Relation {
        sort: from.required_code(terms::SORT)?,
        subject: side(terms::RELATION_SUBJECT)?,
        object: side(terms::RELATION_OBJECT)?,
        detail: from.text(terms::DESCRIPTION)?,
        from: from.date(terms::START_DATE)?,
        until: from.date(terms::END_DATE)?,
    })
}
