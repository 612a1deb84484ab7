//! How places and territories are said: INSEE codes, WGS84, and the same point as WKT for maps.

use crate::reader::Node;
use crate::writer::Writer;
use crate::{Refusal, terms};
use pes_domain::place::{Area, AreaKind, Place, Point};

/// The INSEE's names of territories.
const AREAS: [(AreaKind, &str); 4] = [
    (AreaKind::Commune, "http://id.insee.fr/geo/commune/"),
    (AreaKind::Epci, "http://id.insee.fr/geo/intercommunalite/"),
    (AreaKind::Department, "http://id.insee.fr/geo/departement/"),
    (AreaKind::Region, "http://id.insee.fr/geo/region/"),
];

/// Says a place as a part of the record, and links it by `predicate`.
pub(crate) fn write_part(place: Option<&Place>, predicate: &str, to: &mut Writer) {
    let Some(place) = place else { return };
    let name = to.name("place");
    to.link("", predicate, name);
    to.is_a("place", terms::SCHEMA_PLACE);
    write(place, "place", to);
}

/// Says where a part is.
pub(crate) fn write(place: &Place, part: &str, to: &mut Writer) {
    to.text(part, terms::INSEE_CODE, Some(&place.commune));
    to.text(part, terms::INSEE_NAME, Some(&place.name));
    if let Some(point) = place.point {
        let (latitude, longitude) = (degrees(point.latitude), degrees(point.longitude));
        to.typed(part, terms::AS_WKT, terms::WKT_LITERAL, Some(format!("POINT({longitude} {latitude})")));
        to.typed(part, terms::LATITUDE, terms::XSD_DECIMAL, Some(latitude));
        to.typed(part, terms::LONGITUDE, terms::XSD_DECIMAL, Some(longitude));
        to.typed(part, terms::ESTIMATED, terms::XSD_BOOLEAN, place.estimated.then_some(true));
    }
}

pub(crate) fn read_part(from: Node<'_>, predicate: &'static str) -> Result<Option<Place>, Refusal> {
    from.part(predicate)?.map(read).transpose().map(Option::flatten)
}

/// Where a part is; `None` where it names no commune.
pub(crate) fn read(from: Node<'_>) -> Result<Option<Place>, Refusal> {
    let Some(commune) = from.text(terms::INSEE_CODE)? else { return Ok(None) };
    let point = match (from.degrees(terms::LATITUDE)?, from.degrees(terms::LONGITUDE)?) {
        (None, None) => None,
        (Some(latitude), Some(longitude)) => {
            let wrong = Refusal::WrongType { property: terms::LATITUDE, expected: "a point on Earth" };
            Some(Point::new(latitude, longitude).ok_or(wrong)?)
        }
        (None, Some(_)) => return Err(Refusal::Missing(terms::LATITUDE)),
        (Some(_), None) => return Err(Refusal::Missing(terms::LONGITUDE)),
    };
    let estimated = from.boolean(terms::ESTIMATED)?;
    let place = Place { commune, name: from.required_text(terms::INSEE_NAME)?, point, estimated };
    if !place.has_code() {
        return Err(Refusal::WrongType { property: terms::INSEE_CODE, expected: "the INSEE code of a commune" });
    }
    if !place.has_name() {
        return Err(Refusal::WrongType { property: terms::INSEE_NAME, expected: "the name of a commune" });
    }
    Ok(Some(place))
}

pub(crate) fn write_areas(areas: &[Area], to: &mut Writer) {
    for area in areas {
        let base = AREAS.iter().find(|(kind, _)| *kind == area.kind).map_or("", |(_, base)| base);
        to.link("", terms::AREA_SERVED, format!("{base}{}", area.code));
    }
}

pub(crate) fn read_areas(from: Node<'_>) -> Result<Vec<Area>, Refusal> {
    let area = |iri: &str| {
        let found = AREAS.iter().find_map(|(kind, base)| Some(Area::new(*kind, iri.strip_prefix(base)?)));
        found.ok_or(Refusal::WrongType { property: terms::AREA_SERVED, expected: "a territory of France" })
    };
    let mut areas: Vec<Area> = from.links(terms::AREA_SERVED)?.into_iter().map(area).collect::<Result<_, _>>()?;
    areas.sort();
    Ok(areas)
}

pub(crate) fn write_radius(radius_km: Option<u16>, to: &mut Writer) {
    to.typed("", terms::RADIUS, terms::XSD_INTEGER, radius_km);
}

pub(crate) fn read_radius(from: Node<'_>) -> Result<Option<u16>, Refusal> {
    let wrong = Refusal::WrongType { property: terms::RADIUS, expected: "a number of kilometres up to 1 000" };
    let radius = |km: u64| u16::try_from(km).ok().filter(|km| *km <= 1_000).ok_or(wrong);
    from.integer(terms::RADIUS)?.map(radius).transpose()
}

/// Degrees as a decimal with at most six digits behind the point (a tenth of a metre), and at least one, as XSD writes it.
fn degrees(value: f64) -> String {
    let text = format!("{value:.6}");
    let short = text.trim_end_matches('0');
    if short.ends_with('.') { format!("{short}0") } else { short.to_owned() }
}
