//! How a person is said: FOAF and schema.org.

use crate::reader::Node;
use crate::structure::read_web;
use crate::writer::Writer;
use crate::{Refusal, contact, place, terms};
use pes_domain::Audience;
use pes_domain::person::Person;

pub(crate) fn write(one: &Person, to: &mut Writer) {
    to.is_a("", terms::FOAF_PERSON);
    to.is_a("", terms::SCHEMA_PERSON);
    to.text("", terms::GIVEN_NAME, Some(&one.given_name));
    to.text("", terms::FAMILY_NAME, one.family_name.as_deref());
    to.text("", terms::DESCRIPTION, one.presentation.as_deref());
    one.web.iter().for_each(|web| to.link("", terms::HOMEPAGE, web.as_str()));
    place::write_part(one.place.as_ref(), terms::HOME_LOCATION, to);
    place::write_areas(&one.areas, to);
    place::write_radius(one.radius_km, to);
    to.codes(terms::SECTOR, &one.sectors);
    to.codes(terms::SKILL, &one.skills);
    contact::write(&one.contacts, to);
}

pub(crate) fn read(from: Node<'_>, audience: Audience) -> Result<Person, Refusal> {
    from.check_is_a(terms::FOAF_PERSON)?;
    Ok(Person {
        given_name: from.required_text(terms::GIVEN_NAME)?,
        family_name: from.text(terms::FAMILY_NAME)?,
        presentation: from.text(terms::DESCRIPTION)?,
        web: read_web(from)?,
        place: place::read_part(from, terms::HOME_LOCATION)?,
        areas: place::read_areas(from)?,
        radius_km: place::read_radius(from)?,
        sectors: from.codes(terms::SECTOR)?,
        skills: from.codes(terms::SKILL)?,
        contacts: contact::read(from, audience)?,
    })
}
