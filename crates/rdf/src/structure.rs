//! How a structure is said: the W3C's Organization Ontology, Registered Organization Vocabulary, and schema.org.

use crate::reader::Node;
use crate::writer::Writer;
use crate::{Refusal, contact, picture, place, terms};
use pes_domain::draft::write_date;
use pes_domain::identifier::{Naf, Rna, Siren, Siret};
use pes_domain::iri::WebLink;
use pes_domain::structure::{Founding, Held, Project, Site, Structure, Workforce};
use pes_domain::{Audience, RecordIri};

/// ISO 6523 names of the two French registers.
const SIREN: &str = "0002:";
const SIRET: &str = "0009:";

pub(crate) fn write(one: &Structure, to: &mut Writer) {
    to.is_a("", terms::ORGANIZATION);
    to.is_a("", terms::INITIATIVE);
    to.is_a("", terms::SCHEMA_ORGANIZATION);
    if one.siren.is_some() || one.rna.is_some() {
        to.is_a("", terms::REGISTERED);
    }
    to.text("", terms::PREF_LABEL, Some(&one.name));
    to.text("", terms::LEGAL_NAME, one.legal_name.as_deref());
    to.text("", terms::ALT_LABEL, one.acronym.as_deref());
    to.typed("", terms::SHOWS_ACRONYM, terms::XSD_BOOLEAN, one.shows_acronym.then_some(true));
    to.text("", terms::ABSTRACT, one.tagline.as_deref());
    to.text("", terms::DESCRIPTION, one.description.as_deref());
    to.codes(terms::ORG_TYPE, &one.legal_form);
    to.codes(terms::CATEGORY, &one.categories);
    to.codes(terms::INTEGRATION_TYPE, &one.integration);
    one.labels.iter().enumerate().for_each(|(at, held)| write_held(held, &format!("label-{}", at + 1), to));
    if let Some(project) = &one.project {
        to.codes(terms::STAGE, [&project.stage]);
        to.reference(terms::BEARER, "bearer", project.bearer.as_ref());
    }
    to.typed("", terms::IS_COMPANY, terms::XSD_BOOLEAN, one.is_company.then_some(true));
    to.typed("", terms::IS_UNCLAIMED, terms::XSD_BOOLEAN, one.is_unclaimed.then_some(true));
    to.text("", terms::ISO_6523, one.siren.as_ref().map(|siren| format!("{SIREN}{}", siren.as_str())).as_deref());
    to.text("", terms::ISO_6523, one.siret.as_ref().map(|siret| format!("{SIRET}{}", siret.as_str())).as_deref());
    to.text("", terms::RNA, one.rna.as_ref().map(Rna::as_str));
    to.text("", terms::NAF, one.naf.as_ref().map(Naf::as_str));
    write_founding(one.founded, to);
    one.web.iter().for_each(|web| to.link("", terms::HOMEPAGE, web.as_str()));
    one.sites.iter().for_each(|site| write_site(site, to));
    place::write_areas(&one.areas, to);
    place::write_radius(one.radius_km, to);
    to.codes(terms::SECTOR, &one.sectors);
    to.codes(terms::SKILL, &one.skills);
    to.typed("", terms::BUDGET, terms::XSD_INTEGER, one.budget);
    write_workforce(one.workforce, to);
    contact::write(&one.contacts, to);
    to.date(terms::CONFIRMED, one.confirmed);
    one.replaces.iter().for_each(|iri| to.link("", terms::REPLACES, iri));
    picture::write(one.picture.as_ref(), to);
}

pub(crate) fn read(from: Node<'_>, audience: Audience) -> Result<Structure, Refusal> {
    from.check_is_a(terms::ORGANIZATION)?;
    let number = |property, expected| move |_| Refusal::WrongType { property, expected };
    let (siren, siret) = read_numbers(from)?;
    Ok(Structure {
        name: from.required_text(terms::PREF_LABEL)?,
        legal_name: from.text(terms::LEGAL_NAME)?,
        acronym: from.text(terms::ALT_LABEL)?,
        shows_acronym: from.boolean(terms::SHOWS_ACRONYM)?,
        tagline: from.text(terms::ABSTRACT)?,
        description: from.text(terms::DESCRIPTION)?,
        legal_form: from.code(terms::ORG_TYPE)?,
        categories: from.codes(terms::CATEGORY)?,
        integration: from.code(terms::INTEGRATION_TYPE)?,
        labels: from.parts(terms::HOLDS)?.into_iter().map(read_held).collect::<Result<_, _>>()?,
        project: read_project(from)?,
        is_company: from.boolean(terms::IS_COMPANY)?,
        is_unclaimed: from.boolean(terms::IS_UNCLAIMED)?,
        siren,
        siret,
        rna: from
            .text(terms::RNA)?
            .map(|t| Rna::read("rna", &t))
            .transpose()
            .map_err(number(terms::RNA, "an RNA number"))?,
        naf: from
            .text(terms::NAF)?
            .map(|t| Naf::read("naf", &t))
            .transpose()
            .map_err(number(terms::NAF, "a NAF code"))?,
        founded: read_founding(from)?,
        web: read_web(from)?,
        sites: from.parts(terms::ORG_HAS_SITE)?.into_iter().map(read_site).collect::<Result<_, _>>()?,
        areas: place::read_areas(from)?,
        radius_km: place::read_radius(from)?,
        sectors: from.codes(terms::SECTOR)?,
        skills: from.codes(terms::SKILL)?,
        budget: from.integer(terms::BUDGET)?,
        workforce: read_workforce(from)?,
        contacts: contact::read(from, audience)?,
        confirmed: from.date(terms::CONFIRMED)?,
        replaces: read_replaced(from)?,
        picture: picture::read(from)?,
    })
}

fn read_replaced(from: Node<'_>) -> Result<Vec<RecordIri>, Refusal> {
    let wrong = Refusal::WrongType { property: terms::REPLACES, expected: "a record" };
    let read = |name: &str| RecordIri::read(name).ok_or_else(|| wrong.clone());
    let mut all = from.links(terms::REPLACES)?.into_iter().map(read).collect::<Result<Vec<_>, _>>()?;
    all.sort();
    Ok(all)
}

fn write_held(held: &Held, part: &str, to: &mut Writer) {
    let name = to.name(part);
    to.link("", terms::HOLDS, name);
    to.link(part, terms::LABEL_HELD, &held.label);
    to.typed(part, terms::START_DATE, terms::XSD_DATE, held.from.map(write_date));
    to.typed(part, terms::END_DATE, terms::XSD_DATE, held.until.map(write_date));
}

fn read_held(part: Node<'_>) -> Result<Held, Refusal> {
    Ok(Held {
        label: part.required_code(terms::LABEL_HELD)?,
        from: part.date(terms::START_DATE)?,
        until: part.date(terms::END_DATE)?,
    })
}

/// An initiative is a project when its stage is told.
fn read_project(from: Node<'_>) -> Result<Option<Project>, Refusal> {
    let Some(stage) = from.code(terms::STAGE)? else { return Ok(None) };
    Ok(Some(Project { stage, bearer: from.reference(terms::BEARER)? }))
}

/// The two numbers share a property; the register before the colon tells them apart.
fn read_numbers(from: Node<'_>) -> Result<(Option<Siren>, Option<Siret>), Refusal> {
    let wrong = Refusal::WrongType { property: terms::ISO_6523, expected: "a SIREN or SIRET" };
    let (mut siren, mut siret) = (None, None);
    for code in from.texts(terms::ISO_6523)? {
        if let Some(number) = code.strip_prefix(SIREN) {
            siren = Some(Siren::read("siren", number).map_err(|_| wrong.clone())?);
        } else if let Some(number) = code.strip_prefix(SIRET) {
            siret = Some(Siret::read("siret", number).map_err(|_| wrong.clone())?);
        } else {
            return Err(wrong);
        }
    }
    Ok((siren, siret))
}

pub(crate) fn read_web(from: Node<'_>) -> Result<Option<WebLink>, Refusal> {
    let wrong = |_| Refusal::WrongType { property: terms::HOMEPAGE, expected: "an address on the web" };
    from.link(terms::HOMEPAGE)?.map(|link| WebLink::read("web", link)).transpose().map_err(wrong)
}

fn write_founding(founded: Option<Founding>, to: &mut Writer) {
    match founded {
        Some(Founding::Year(year)) => to.typed("", terms::FOUNDING_DATE, terms::XSD_YEAR, Some(year)),
        Some(Founding::Day(day)) => to.typed("", terms::FOUNDING_DATE, terms::XSD_DATE, Some(write_date(day))),
        None => {}
    }
}

fn read_founding(from: Node<'_>) -> Result<Option<Founding>, Refusal> {
    if from.has_year(terms::FOUNDING_DATE) {
        return Ok(from.year(terms::FOUNDING_DATE)?.map(Founding::Year));
    }
    Ok(from.date(terms::FOUNDING_DATE)?.map(Founding::Day))
}

/// Full-time equivalents and their properties, in the order of the fields.
const WORKFORCE: [&str; 4] =
    [terms::WORKFORCE, terms::WORKFORCE_PRODUCTION, terms::WORKFORCE_SUPERVISION, terms::WORKFORCE_INTEGRATION];

fn write_workforce(workforce: Workforce, to: &mut Writer) {
    let values = [workforce.total, workforce.production, workforce.supervision, workforce.integration];
    for (property, tenths) in WORKFORCE.into_iter().zip(values) {
        to.typed("", property, terms::XSD_DECIMAL, tenths.map(|tenths| format!("{}.{}", tenths / 10, tenths % 10)));
    }
}

fn read_workforce(from: Node<'_>) -> Result<Workforce, Refusal> {
    let [total, production, supervision, integration] = WORKFORCE.map(|property| from.tenths(property));
    Ok(Workforce { total: total?, production: production?, supervision: supervision?, integration: integration? })
}

fn write_site(site: &Site, to: &mut Writer) {
    let part = site.fragment.as_str();
    let name = to.name(part);
    to.link("", terms::ORG_HAS_SITE, name);
    to.is_a(part, terms::ORG_SITE);
    to.text(part, terms::LABEL, site.label.as_deref());
    to.text(part, terms::OPENING_HOURS, site.hours.as_deref());
    if let Some(place) = &site.place {
        place::write(place, part, to);
    }
    if site.street.is_some() || site.postcode.is_some() {
        let address = format!("{part}-address");
        let name = to.name(&address);
        to.link(part, terms::ORG_SITE_ADDRESS, name);
        to.is_a(&address, terms::ADDRESS);
        to.text(&address, terms::THOROUGHFARE, site.street.as_deref());
        to.text(&address, terms::POST_CODE, site.postcode.as_deref());
    }
}

fn read_site(part: Node<'_>) -> Result<Site, Refusal> {
    part.check_is_a(terms::ORG_SITE)?;
    let address = part.part(terms::ORG_SITE_ADDRESS)?;
    let said = |property| address.map_or(Ok(None), |address| address.text(property));
    Ok(Site {
        fragment: part.fragment(),
        label: part.text(terms::LABEL)?,
        street: said(terms::THOROUGHFARE)?,
        postcode: said(terms::POST_CODE)?,
        place: place::read(part)?,
        hours: part.text(terms::OPENING_HOURS)?,
    })
}
