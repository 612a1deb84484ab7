//! How a call is said: a schema.org Demand of a type of its own.

use crate::reader::Node;
use crate::writer::Writer;
use crate::{Refusal, place, terms};
use pes_domain::call::Call;
use pes_domain::iri::WebLink;

pub(crate) fn write(one: &Call, to: &mut Writer) {
    to.is_a("", terms::CALL);
    to.is_a("", terms::SCHEMA_DEMAND);
    to.codes(terms::SORT, [&one.call_type]);
    to.text("", terms::SCHEMA_NAME, Some(&one.title));
    to.text("", terms::SCHEMA_DESCRIPTION, one.description.as_deref());
    to.reference(terms::BEARER, "bearer", Some(&one.bearer));
    to.codes(terms::SECTOR, &one.sectors);
    to.codes(terms::SKILL, &one.skills);
    place::write_areas(&one.areas, to);
    // Lots have an order, which statements do not: they are one text, a line each.
    to.text("", terms::LOTS, (!one.lots.is_empty()).then(|| one.lots.join("\n")).as_deref());
    to.text("", terms::SOCIAL_CLAUSES, one.clauses.as_deref());
    to.date(terms::VALID_THROUGH, one.deadline);
    one.notice.iter().for_each(|notice| to.link("", terms::SCHEMA_URL, notice.as_str()));
    to.text("", terms::TEAM, one.team.as_deref());
}

pub(crate) fn read(from: Node<'_>) -> Result<Call, Refusal> {
    from.check_is_a(terms::CALL)?;
    let wrong = |_| Refusal::WrongType { property: terms::SCHEMA_URL, expected: "an address on the web" };
    Ok(Call {
        call_type: from.required_code(terms::SORT)?,
        title: from.required_text(terms::SCHEMA_NAME)?,
        description: from.text(terms::SCHEMA_DESCRIPTION)?,
        bearer: from.reference(terms::BEARER)?.ok_or(Refusal::Missing(terms::BEARER))?,
        sectors: from.codes(terms::SECTOR)?,
        skills: from.codes(terms::SKILL)?,
        areas: place::read_areas(from)?,
        lots: from.text(terms::LOTS)?.map(|lots| lots.lines().map(str::to_owned).collect()).unwrap_or_default(),
        clauses: from.text(terms::SOCIAL_CLAUSES)?,
        deadline: from.date(terms::VALID_THROUGH)?,
        notice: from.link(terms::SCHEMA_URL)?.map(|link| WebLink::read("notice", link)).transpose().map_err(wrong)?,
        team: from.text(terms::TEAM)?,
    })
}
