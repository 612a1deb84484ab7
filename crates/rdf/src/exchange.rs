//! How an offer or a demand is said: schema.org's Offer and Demand, which share their properties.

use crate::reader::Node;
use crate::writer::Writer;
use crate::{Refusal, picture, place, terms};
use pes_domain::exchange::{Direction, Exchange, Purchase, State};
use pes_domain::{Code, List};

pub(crate) fn write(one: &Exchange, to: &mut Writer) {
    to.is_a(
        "",
        match one.direction {
            Direction::Offer => terms::SCHEMA_OFFER,
            Direction::Demand => terms::SCHEMA_DEMAND,
        },
    );
    to.codes(terms::SORT, [&one.kind_of_thing]);
    to.codes(terms::EXCHANGE_METHOD, &one.methods);
    to.text("", terms::SCHEMA_NAME, Some(&one.title));
    to.text("", terms::SCHEMA_DESCRIPTION, one.description.as_deref());
    to.codes(terms::SKILL, &one.skills);
    to.codes(terms::SECTOR, &one.sectors);
    place::write_part(one.place.as_ref(), terms::AVAILABLE_AT, to);
    place::write_areas(&one.areas, to);
    place::write_radius(one.radius_km, to);
    to.reference(terms::OFFERED_BY, "structure", one.structure.as_ref());
    to.text("", terms::AUTHOR_NAME, one.author.as_deref());
    to.codes(terms::STATE, [&Code::new(List::ExchangeState, one.state.notation())]);
    if let Some(purchase) = &one.purchase {
        to.text("", terms::UNIT, Some(&purchase.unit));
        to.tenths(terms::THRESHOLD, Some(purchase.threshold));
        to.tenths(terms::QUANTITY, purchase.quantity);
    }
    picture::write(one.picture.as_ref(), to);
}

pub(crate) fn read(from: Node<'_>) -> Result<Exchange, Refusal> {
    let direction = match (from.is_a(terms::SCHEMA_OFFER), from.is_a(terms::SCHEMA_DEMAND)) {
        (true, false) => Direction::Offer,
        (false, true) => Direction::Demand,
        (true, true) => return Err(Refusal::TooMany(terms::TYPE)),
        (false, false) => return Err(Refusal::Missing(terms::SCHEMA_DEMAND)),
    };
    let state = from.required_code(terms::STATE)?;
    let state = State::named(state.notation()).filter(|_| state.list() == List::ExchangeState);
    Ok(Exchange {
        direction,
        kind_of_thing: from.required_code(terms::SORT)?,
        methods: from.codes(terms::EXCHANGE_METHOD)?,
        title: from.required_text(terms::SCHEMA_NAME)?,
        description: from.text(terms::SCHEMA_DESCRIPTION)?,
        skills: from.codes(terms::SKILL)?,
        sectors: from.codes(terms::SECTOR)?,
        place: place::read_part(from, terms::AVAILABLE_AT)?,
        areas: place::read_areas(from)?,
        radius_km: place::read_radius(from)?,
        structure: from.reference(terms::OFFERED_BY)?,
        author: from.text(terms::AUTHOR_NAME)?,
        state: state.ok_or(Refusal::WrongType { property: terms::STATE, expected: "the state of an exchange" })?,
        purchase: read_purchase(from)?,
        picture: picture::read(from)?,
    })
}

fn read_purchase(from: Node<'_>) -> Result<Option<Purchase>, Refusal> {
    let Some(threshold) = from.tenths(terms::THRESHOLD)? else { return Ok(None) };
    let (unit, quantity) = (from.required_text(terms::UNIT)?, from.tenths(terms::QUANTITY)?);
    Ok(Some(Purchase { unit, threshold, quantity }))
}
