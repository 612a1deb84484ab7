//! Sites and ways to reach somebody, as far as the visitor may see them.

use crate::pages::territory::path_of;
use crate::porch::Porch;
use pes_domain::contact::Contact;
use pes_domain::place::{Area, AreaKind};
use pes_domain::structure::Site;
use pes_domain::{Body, Record};
use serde::Serialize;

/// A site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct SiteView {
    pub(crate) label: Option<String>,
    pub(crate) street: Option<String>,
    pub(crate) commune: Option<String>,
    /// Where all is that is there.
    pub(crate) around: Option<String>,
    pub(crate) hours: Vec<String>,
    /// Whether its point is only that of its commune.
    pub(crate) is_estimated: bool,
}

/// A way to reach somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct ContactView {
    pub(crate) medium: String,
    pub(crate) value: String,
    pub(crate) href: Option<String>,
    pub(crate) note: Option<String>,
}

pub(crate) fn sites_of(porch: &Porch, record: &Record) -> Vec<SiteView> {
    let Body::Structure(structure) = &record.body else { return Vec::new() };
    structure.sites.iter().map(|site| site_of(porch, site)).collect()
}

fn site_of(porch: &Porch, site: &Site) -> SiteView {
    let place = site.place.as_ref();
    let commune = place.map(|place| {
        let department = porch.rules().gazetteer.commune(&place.commune).map(|commune| commune.department.clone());
        let number = site.postcode.clone().or(department.map(|code| format!("({code})"))).unwrap_or_default();
        if number.starts_with('(') { format!("{} {number}", place.name) } else { format!("{number} {}", place.name) }
    });
    SiteView {
        label: site.label.clone(),
        street: site.street.clone(),
        commune,
        around: place.map(|place| path_of(&Area::new(AreaKind::Commune, &place.commune))),
        hours: site.hours.as_deref().unwrap_or_default().lines().map(str::to_owned).collect(),
        is_estimated: place.is_some_and(|place| place.estimated && place.point.is_some()),
    }
}

pub(crate) fn contacts_of(porch: &Porch, record: &Record) -> Vec<ContactView> {
    let contacts = match &record.body {
        Body::Structure(one) => &one.contacts,
        Body::Person(one) => &one.contacts,
        _ => return Vec::new(),
    };
    contacts.iter().map(|contact| contact_of(porch, contact)).collect()
}

fn contact_of(porch: &Porch, contact: &Contact) -> ContactView {
    let value = &contact.value;
    let href = match contact.medium.notation() {
        "email" => Some(format!("mailto:{value}")),
        "phone" | "mobile" => Some(format!("tel:{value}")),
        _ if value.starts_with("https://") || value.starts_with("http://") => Some(value.clone()),
        _ => None,
    };
    ContactView {
        medium: porch.rules().thesaurus.label(&contact.medium).to_owned(),
        value: readable(value),
        href,
        note: contact.note.clone(),
    }
}

/// Where a structure is and how it is reached, a line each: for paper, on which no link leads further.
pub(crate) fn reach_of(porch: &Porch, record: &Record) -> Vec<String> {
    let address = |site: SiteView| [site.street, site.commune].into_iter().flatten().collect::<Vec<_>>().join(", ");
    let sites = sites_of(porch, record).into_iter().map(address).filter(|line| !line.is_empty());
    let contacts = contacts_of(porch, record).into_iter().map(|contact| match contact.note {
        Some(note) => format!("{} ({note})", contact.value),
        None => contact.value,
    });
    let web = match &record.body {
        Body::Structure(one) => one.web.as_ref().map(|web| readable(web.as_str())),
        _ => None,
    };
    sites.chain(contacts).chain(web).collect()
}

/// A French number in pairs, as one reads it aloud; an address without its scheme.
fn readable(value: &str) -> String {
    if let Some(rest) =
        value.strip_prefix("+33").filter(|rest| rest.len() == 9 && rest.bytes().all(|b| b.is_ascii_digit()))
    {
        let digits = format!("0{rest}");
        let pairs: Vec<&str> = (0..5).map(|pair| &digits[pair * 2..pair * 2 + 2]).collect();
        return pairs.join("\u{202f}");
    }
    value.trim_start_matches("https://").trim_start_matches("http://").trim_end_matches('/').to_owned()
}

#[cfg(test)]
mod tests {
    use super::readable;

    #[test]
    fn french_numbers_are_shown_in_pairs() {
        assert_eq!(readable("+33465710001"), "04\u{202f}65\u{202f}71\u{202f}00\u{202f}01");
        assert_eq!(readable("+3227901234"), "+3227901234");
        assert_eq!(readable("https://exemple.example/"), "exemple.example");
    }
}
