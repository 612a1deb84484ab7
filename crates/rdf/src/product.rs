//! How a product or service is said: schema.org's Product.

use crate::reader::Node;
use crate::writer::Writer;
use crate::{Refusal, picture, place, terms};
use pes_domain::product::Product;

pub(crate) fn write(one: &Product, to: &mut Writer) {
    to.is_a("", terms::SCHEMA_PRODUCT);
    to.text("", terms::SCHEMA_NAME, Some(&one.title));
    to.text("", terms::SCHEMA_DESCRIPTION, one.description.as_deref());
    to.reference(terms::PROVIDER, "provider", Some(&one.provider));
    to.codes(terms::SECTOR, &one.sectors);
    to.codes(terms::TARGET_PUBLIC, &one.publics);
    to.text("", terms::MEANS, one.means.as_deref());
    place::write_areas(&one.areas, to);
    place::write_radius(one.radius_km, to);
    picture::write(one.picture.as_ref(), to);
}

pub(crate) fn read(from: Node<'_>) -> Result<Product, Refusal> {
    from.check_is_a(terms::SCHEMA_PRODUCT)?;
    Ok(Product {
        title: from.required_text(terms::SCHEMA_NAME)?,
        description: from.text(terms::SCHEMA_DESCRIPTION)?,
        provider: from.reference(terms::PROVIDER)?.ok_or(Refusal::Missing(terms::PROVIDER))?,
        sectors: from.codes(terms::SECTOR)?,
        publics: from.codes(terms::TARGET_PUBLIC)?,
        means: from.text(terms::MEANS)?,
        areas: place::read_areas(from)?,
        radius_km: place::read_radius(from)?,
        picture: picture::read(from)?,
    })
}
