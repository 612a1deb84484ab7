//! How a job offer is said: schema.org's JobPosting.

use crate::reader::Node;
use crate::writer::Writer;
use crate::{Refusal, place, terms};
use pes_domain::identifier::Rome;
use pes_domain::job::Job;

pub(crate) fn write(one: &Job, to: &mut Writer) {
    to.is_a("", terms::SCHEMA_JOB);
    to.text("", terms::SCHEMA_TITLE, Some(&one.title));
    to.text("", terms::SCHEMA_DESCRIPTION, one.description.as_deref());
    to.codes(terms::EMPLOYMENT_TYPE, [&one.contract]);
    to.text("", terms::OCCUPATION, one.rome.as_ref().map(Rome::as_str));
    to.text("", terms::WORK_HOURS, one.hours.as_deref());
    to.text("", terms::PAY, one.pay.as_deref());
    place::write_part(one.place.as_ref(), terms::JOB_LOCATION, to);
    to.reference(terms::HIRING, "employer", Some(&one.employer));
    to.date(terms::VALID_THROUGH, one.deadline);
}

pub(crate) fn read(from: Node<'_>) -> Result<Job, Refusal> {
    from.check_is_a(terms::SCHEMA_JOB)?;
    let wrong = |_| Refusal::WrongType { property: terms::OCCUPATION, expected: "a ROME code" };
    Ok(Job {
        title: from.required_text(terms::SCHEMA_TITLE)?,
        description: from.text(terms::SCHEMA_DESCRIPTION)?,
        contract: from.required_code(terms::EMPLOYMENT_TYPE)?,
        rome: from.text(terms::OCCUPATION)?.map(|t| Rome::read("rome", &t)).transpose().map_err(wrong)?,
        hours: from.text(terms::WORK_HOURS)?,
        pay: from.text(terms::PAY)?,
        place: place::read_part(from, terms::JOB_LOCATION)?,
        employer: from.reference(terms::HIRING)?.ok_or(Refusal::Missing(terms::HIRING))?,
        deadline: from.date(terms::VALID_THROUGH)?,
    })
}
