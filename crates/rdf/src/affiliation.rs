//! How a network in a hub's roll is said.

use crate::reader::Node;
use crate::writer::Writer;
use crate::{Refusal, terms};
use pes_domain::affiliation::Affiliation;

pub(crate) fn write(one: &Affiliation, to: &mut Writer) {
    to.is_a("", terms::AFFILIATION);
    to.text("", terms::SCHEMA_NAME, Some(&one.network));
    to.link("", terms::NODE_ORIGIN, &one.origin);
    to.text("", terms::NODE_ID, Some(&one.node_id));
    to.date(terms::START_DATE, Some(one.since));
    to.codes(terms::STATE, [&one.state]);
    to.text("", terms::REPLACES_NODE, one.replaces.as_deref());
}

pub(crate) fn read(from: Node<'_>) -> Result<Affiliation, Refusal> {
    from.check_is_a(terms::AFFILIATION)?;
    Ok(Affiliation {
        network: from.required_text(terms::SCHEMA_NAME)?,
        origin: from.link(terms::NODE_ORIGIN)?.ok_or(Refusal::Missing(terms::NODE_ORIGIN))?.to_owned(),
        node_id: from.required_text(terms::NODE_ID)?,
        since: from.date(terms::START_DATE)?.ok_or(Refusal::Missing(terms::START_DATE))?,
        state: from.required_code(terms::STATE)?,
        replaces: from.text(terms::REPLACES_NODE)?,
    })
}
