//! The whole of a record from what its channels carried of it: for who takes it in.

use crate::{Audience, Body, Draft, Field, Record};
use std::collections::BTreeMap;

impl Record {
    /// The record that these two sheets of it were made of, as far as they tell: what everybody may see stays for everybody, and what only the
    /// affiliates' sheet tells stays for affiliates. `None` where there is no sheet.
    pub fn of_sheets(public: Option<&Self>, affiliates: Option<&Self>) -> Option<Self> {
        let (public, wide) = match (public, affiliates) {
            (Some(public), Some(wide)) => (public, wide),
            (one, other) => return one.or(other).cloned(),
        };
        let plain = Self { audience: Audience::Public, narrowed: BTreeMap::new(), ..wide.clone() };
        let is_narrower = |field: &Field| is_narrower(&plain, public, *field);
        let narrowed = Field::ALL.into_iter().filter(is_narrower).map(|field| (field, Audience::Affiliates)).collect();
        let mut whole = Self { narrowed, ..plain.clone() };
        narrow_contacts(&mut whole, public);
        Some(whole)
    }
}

/// Whether a field is told by the affiliates' sheet and is not in the public one.
fn is_narrower(plain: &Record, public: &Record, field: Field) -> bool {
    let hiding = Record { narrowed: BTreeMap::from([(field, Audience::Affiliates)]), ..plain.clone() };
    let Some(hidden) = hiding.projection(Audience::Public) else { return false };
    let (told, without, seen) = (body(plain), body(&hidden), body(public));
    // Contacts have an audience each.
    let fields = told.fields().filter(|(name, _)| !name.starts_with("contact-"));
    let mut changed = fields.filter(|(name, values)| without.all(name) != *values).peekable();
    changed.peek().is_some() && changed.all(|(name, _)| seen.all(name) == without.all(name))
}

fn body(record: &Record) -> Draft {
    Record { narrowed: BTreeMap::new(), audience: Audience::Public, ..record.clone() }.lower()
}

/// Each way to reach somebody is for those who were told of it.
fn narrow_contacts(whole: &mut Record, public: &Record) {
    let known = |body: &Body| match body {
        Body::Structure(one) => one.contacts.clone(),
        Body::Person(one) => one.contacts.clone(),
        _ => Vec::new(),
    };
    let public = known(&public.body);
    let contacts = match &mut whole.body {
        Body::Structure(one) => &mut one.contacts,
        Body::Person(one) => &mut one.contacts,
        _ => return,
    };
    for contact in contacts {
        let is_public = public.iter().any(|one| (&one.medium, &one.value) == (&contact.medium, &contact.value));
        contact.audience = if is_public { Audience::Public } else { Audience::Affiliates };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contact::Contact;
    use crate::iri::WebLink;
    use crate::structure::Structure;
    use crate::{Code, Kind, List, RecordIri};
    use time::macros::utc_datetime;

    const NOW: time::UtcDateTime = utc_datetime!(2026-11-28 09:00);

    fn contact(fragment: &str, value: &str, audience: Audience) -> Contact {
        let medium = Code::new(List::ContactMedium, "phone");
        Contact { fragment: fragment.into(), medium, value: value.into(), note: None, audience }
    }

    fn structure(audience: Audience, narrowed: &[(Field, Audience)]) -> Record {
        let body = Structure {
            name: "La Volière".into(),
            description: Some("Des oiseaux.".into()),
            web: WebLink::read("web", "https://voliere.example").ok(),
            budget: Some(12_000),
            contacts: vec![
                contact("contact-1", "+33493000001", Audience::Public),
                contact("contact-2", "+33639980002", Audience::Affiliates),
                contact("contact-3", "+33639980003", Audience::Network),
            ],
            ..Structure::default()
        };
        Record {
            iri: RecordIri::mint("https://pes.example.org", Kind::Structure),
            created: NOW,
            published: Some(NOW),
            modified: NOW,
            audience,
            narrowed: narrowed.iter().copied().collect(),
            expires: None,
            themes: Vec::new(),
            tags: Vec::new(),
            body: Body::Structure(Box::new(body)),
        }
    }

    /// What is gathered from both sheets makes the same two sheets again.
    fn comes_back(record: &Record) -> Record {
        let sheets = || [Audience::Public, Audience::Affiliates].map(|channel| record.projection(channel));
        let [public, affiliates] = sheets();
        let whole = Record::of_sheets(public.as_ref(), affiliates.as_ref()).unwrap();
        let again = [Audience::Public, Audience::Affiliates].map(|channel| whole.projection(channel));
        assert_eq!(again, [public, affiliates]);
        whole
    }

    #[test]
    fn what_was_for_affiliates_stays_for_affiliates_and_no_wider() {
        let fields = [(Field::Description, Audience::Affiliates), (Field::Budget, Audience::Affiliates)];
        let whole = comes_back(&structure(Audience::Public, &fields));
        assert_eq!(whole.narrowed, BTreeMap::from(fields));
        let Body::Structure(one) = &whole.body else { panic!("no structure") };
        let told: Vec<_> = one.contacts.iter().map(|contact| contact.audience).collect();
        assert_eq!(told, [Audience::Public, Audience::Affiliates], "the third never left its home");
    }

    #[test]
    fn what_never_left_its_home_is_not_there_and_what_is_public_stays_so() {
        let whole = comes_back(&structure(Audience::Public, &[(Field::Budget, Audience::Network)]));
        assert_eq!((whole.audience, whole.narrowed.len()), (Audience::Public, 0));
        let Body::Structure(one) = &whole.body else { panic!("no structure") };
        assert_eq!((one.budget, one.web.is_some()), (None, true));
    }

    #[test]
    fn a_record_of_one_sheet_is_that_sheet() {
        let whole = comes_back(&structure(Audience::Affiliates, &[]));
        assert_eq!(whole.audience, Audience::Affiliates);
        assert_eq!(Record::of_sheets(None, None), None);
    }
}
