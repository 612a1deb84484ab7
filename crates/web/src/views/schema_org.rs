//! A record in the words of schema.org, for search engines: what everybody may see of it, and nothing else.

use crate::porch::Porch;
use crate::shelf::Shown;
use crate::views::card::shorten;
use crate::views::{Filed, Pictured};
use pes_domain::audience::Reader;
use pes_domain::contact::Contact;
use pes_domain::event::State;
use pes_domain::exchange::Direction;
use pes_domain::gazetteer::Commune;
use pes_domain::place::{Place, Point};
use pes_domain::structure::{Site, Structure};
use pes_domain::{Body, Record, Reference};
use pes_words::prose;
use serde_json::{Map, Value, json};
use time::UtcDateTime;
use time::format_description::well_known::Rfc3339;

/// What does not take place.
const CANCELLED: &str = "https://schema.org/EventCancelled";
/// The most times of an event that are told.
const TIMES: usize = 20;

/// The record as JSON-LD between two tags of HTML; `None` where not everybody may see it, or it is no thing that is looked for.
pub(crate) fn of(porch: &Porch, shown: &Shown, url: &str, now: UtcDateTime) -> Option<String> {
    let record = shown.record.seen_by(Reader::Anyone)?;
    let mut thing = match &record.body {
        Body::Event(_) => event(&record, now)?,
        body => Map::from_iter([("@type".to_owned(), json!(sort_of(body)?))]),
    };
    let mut add = |name: &str, value: Option<Value>| drop(value.map(|value| thing.insert(name.to_owned(), value)));
    add("@context", Some(json!("https://schema.org")));
    add("@id", Some(json!(record.iri.to_string())));
    add("url", Some(json!(url)));
    add(name_of(&record.body), Some(json!(record.title())));
    add("description", record.body.text().map(|text| json!(shorten(&prose::plain(text), 1_000))));
    add("image", shown.picture().map(|picture| picture_of(&picture.told(porch))));
    add("encoding", shown.filed(porch).as_ref().map(file_of));
    add("datePublished", record.published.map(date));
    add("dateModified", Some(date(record.modified)));
    details(porch, &record, &mut add);
    // Nothing in it ends the element it stands in.
    Some(Value::Object(thing).to_string().replace('<', "\\u003c"))
}

fn sort_of(body: &Body) -> Option<&'static str> {
    Some(match body {
        Body::Article(_) => "NewsArticle",
        Body::Document(_) => "DigitalDocument",
        // It has no call for tenders or for projects; a *Demand* is somebody's public announcement that they seek something, which every
        // call is. A *Grant* is money that is given, which few are.
        Body::Call(_) => "Demand",
        Body::Exchange(one) if one.direction == Direction::Offer => "Offer",
        Body::Exchange(_) => "Demand",
        Body::Job(_) => "JobPosting",
        Body::Product(_) => "Product",
        Body::Structure(one) if one.project.is_some() => "Project",
        Body::Structure(_) => "Organization",
        _ => return None,
    })
}

fn name_of(body: &Body) -> &'static str {
    match body {
        Body::Article(_) => "headline",
        Body::Job(_) => "title",
        _ => "name",
    }
}

/// What a kind tells besides.
fn details(porch: &Porch, record: &Record, add: &mut impl FnMut(&str, Option<Value>)) {
    let speaker = record.body.speaks_for().map(organization);
    let gazetteer = porch.rules().gazetteer;
    let areas = record.body.areas().iter().filter_map(|area| gazetteer.area_name(area).map(str::to_owned));
    match &record.body {
        Body::Structure(one) => {
            add("legalName", one.legal_name.as_ref().map(|name| json!(name)));
            add("slogan", one.tagline.as_ref().map(|line| json!(line)));
            let sites: Vec<Value> = one.sites.iter().map(|site| site_of(porch, site)).collect();
            add("address", sites.first().map(|site| site["address"].clone()));
            add("location", Some(sites.into()));
            add("telephone", contacts(one, |contact| ["phone", "mobile"].contains(&contact.medium.notation())));
            add("email", contacts(one, |contact| contact.medium.notation() == "email"));
            let web = one.web.iter().map(|link| link.as_str().to_owned());
            let others = one.contacts.iter().map(|contact| contact.value.clone());
            let others = others.filter(|value| value.starts_with("https://") || value.starts_with("http://"));
            add("sameAs", several(web.chain(others).collect()));
        }
        Body::Job(_) => {
            add("datePosted", record.published.map(date));
            add("validThrough", record.expires.map(date));
            add("hiringOrganization", speaker);
            add("jobLocation", record.body.places().first().map(|place| place_of(porch, place, None)));
        }
        Body::Event(one) => {
            add("organizer", Some(one.organisers.iter().map(organization).collect()));
            add("location", one.place.as_ref().map(|place| place_of(porch, place, one.venue.as_deref())));
        }
        Body::Call(one) => {
            add("@reverse", speaker.map(sought));
            add("availabilityEnds", one.deadline.map(|day| json!(day.to_string())));
            add("areaServed", several(areas.collect()));
        }
        Body::Exchange(one) => {
            let is_offer = one.direction == Direction::Offer;
            add("offeredBy", speaker.clone().filter(|_| is_offer));
            add("@reverse", speaker.filter(|_| !is_offer).map(sought));
            add("availableAtOrFrom", record.body.places().first().map(|place| place_of(porch, place, None)));
            add("availabilityEnds", record.expires.map(date));
        }
        Body::Product(_) => add("brand", speaker),
        _ => add("author", speaker),
    }
}

fn event(record: &Record, now: UtcDateTime) -> Option<Map<String, Value>> {
    let Body::Event(event) = &record.body else { return None };
    let (from, until) = (now.unix_timestamp(), (now + time::Duration::days(366)).unix_timestamp());
    let times = event.between(from, until);
    let held = times.iter().find(|span| !span.is_called_off).map(|span| span.local);
    let first = held.or(event.occurrences.last().copied())?;
    let day = |moment: pes_domain::occurrence::Moment| match moment.time {
        Some(time) => format!("{}T{:02}:{:02}", moment.date, time.hour(), time.minute()),
        None => moment.date.to_string(),
    };
    let state = match event.state {
        _ if event.is_called_off(first.begins) => CANCELLED,
        State::Cancelled => CANCELLED,
        State::Postponed => "https://schema.org/EventPostponed",
        State::Planned => "https://schema.org/EventScheduled",
    };
    let more = times.iter().filter(|span| span.local != first).take(TIMES).map(|span| {
        let mut one = json!({ "@type": "Event", "startDate": day(span.local.begins) });
        if span.is_called_off {
            one["eventStatus"] = json!(CANCELLED);
        }
        one
    });
    let value = json!({
        "@type": "Event",
        "startDate": day(first.begins),
        "eventStatus": state,
        "subEvent": more.collect::<Vec<_>>(),
    });
    let Value::Object(mut thing) = value else { return None };
    if let Some(end) = first.ends {
        thing.insert("endDate".into(), json!(day(end)));
    }
    Some(thing)
}

fn picture_of(picture: &Pictured) -> Value {
    json!({
        "@type": "ImageObject", "url": picture.src, "width": picture.width, "height": picture.height,
        "caption": picture.alt,
    })
}

fn file_of(file: &Filed) -> Value {
    json!({
        "@type": "MediaObject", "contentUrl": file.src, "encodingFormat": file.media_type,
        "contentSize": file.size.to_string(), "sha256": file.digest, "name": file.name,
    })
}

fn organization(one: &Reference) -> Value {
    json!({ "@type": "Organization", "name": one.label })
}

/// Who seeks what is told of: schema.org says it only from their side.
fn sought(by: Value) -> Value {
    json!({ "seeks": by })
}

/// One value, or a list of several; nothing where there is none.
fn several(mut values: Vec<String>) -> Option<Value> {
    match values.len() {
        0 => None,
        1 => values.pop().map(Value::from),
        _ => Some(values.into()),
    }
}

fn contacts(structure: &Structure, is_wanted: impl Fn(&Contact) -> bool) -> Option<Value> {
    several(structure.contacts.iter().filter(|one| is_wanted(one)).map(|one| one.value.clone()).collect())
}

/// A site of a structure. Its hours are told as people wrote them: as *openingHours* they would have to be in a code that nobody types.
fn site_of(porch: &Porch, site: &Site) -> Value {
    let nowhere = || json!({ "@type": "Place", "address": { "@type": "PostalAddress", "addressCountry": "FR" } });
    let place = site.place.as_ref();
    let mut value = place.map_or_else(nowhere, |place| place_of(porch, place, site.label.as_deref()));
    for (name, given) in [("streetAddress", &site.street), ("postalCode", &site.postcode)] {
        if let Some(given) = given {
            value["address"][name] = json!(given);
        }
    }
    if let Some(hours) = &site.hours {
        value["openingHoursSpecification"] = json!({ "@type": "OpeningHoursSpecification", "description": hours });
    }
    value
}

fn place_of(porch: &Porch, place: &Place, venue: Option<&str>) -> Value {
    let commune = porch.rules().gazetteer.commune(&place.commune);
    // Of several postcodes nobody said which.
    let postcode = commune.filter(|commune| commune.postcodes.len() == 1).map(|commune| commune.postcodes[0].clone());
    let mut value = json!({
        "@type": "Place",
        "name": venue.unwrap_or(&place.name),
        "address": {
            "@type": "PostalAddress", "addressLocality": place.name, "postalCode": postcode, "addressCountry": "FR",
        },
    });
    let is_exact = |point: &Point| !place.estimated && !commune.is_some_and(|commune| is_centre(commune, *point));
    if let Some(point) = place.point.filter(is_exact) {
        value["geo"] = json!({ "@type": "GeoCoordinates", "latitude": point.latitude, "longitude": point.longitude });
    }
    value
}

/// Whether a point is only the centre of its commune, which stands for it where nobody said more.
pub(crate) fn is_centre(commune: &Commune, point: Point) -> bool {
    let is_near = |one: f64, other: f64| (one - other).abs() < 5e-5;
    let at = |centre: Point| is_near(centre.latitude, point.latitude) && is_near(centre.longitude, point.longitude);
    commune.point.is_some_and(at)
}

fn date(at: UtcDateTime) -> Value {
    json!(at.replace_nanosecond(0).unwrap_or(at).format(&Rfc3339).unwrap_or_default())
}
