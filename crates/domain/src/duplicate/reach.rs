//! How a structure is reached, and whether two are reached in the same way.

use crate::code::fold;
use crate::structure::Structure;
use std::collections::BTreeSet;
use url::Url;

/// Where anybody has a mailbox: a domain of these is nobody's own.
const MAILBOXES: &str = "aol.com bbox.fr free.fr gmail.com gmx.fr hotmail.com hotmail.fr icloud.com laposte.net live.fr mailo.com neuf.fr
    numericable.fr orange.fr outlook.com outlook.fr proton.me protonmail.com riseup.net sfr.fr wanadoo.fr yahoo.com yahoo.fr zaclys.net";

/// Where anybody has a page: one of these is told from others by its path.
const PLATFORMS: &str = "blogspot.com e-monsite.com facebook.com framasite.org free.fr google.com helloasso.com instagram.com jimdo.com
    laruchequiditoui.fr linkedin.com linktr.ee over-blog.com pagesperso-orange.fr twitter.com wixsite.com wordpress.com x.com youtube.com";

/// How a structure is reached.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Reach {
    pub phones: BTreeSet<String>,
    pub emails: BTreeSet<String>,
    /// Host without `www.`, and path.
    pub pages: BTreeSet<(String, String)>,
}

/// Whether two are reached in the same way: of each way, whether they share one, or have different ones; `None` where one of them has none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Agreement {
    pub phone: Option<bool>,
    pub email: Option<bool>,
    pub web: Option<bool>,
    /// Whether the domain of an e-mail address is that of the other's address or page.
    pub domain: bool,
    pub street: Option<bool>,
}

impl Reach {
    /// How a structure is reached.
    pub(super) fn of(structure: &Structure) -> Self {
        let mut reach = Self::default();
        for contact in &structure.contacts {
            let value = contact.value.as_str();
            match contact.medium.notation() {
                "phone" | "mobile" => drop(reach.phones.insert(value.to_owned())),
                "email" => drop(reach.emails.insert(value.to_lowercase())),
                _ => reach.pages.extend(page(value)),
            }
        }
        reach.pages.extend(structure.web.as_ref().and_then(|link| page(link.as_str())));
        reach
    }

    /// Hosts that are its own.
    pub(super) fn hosts(&self) -> impl Iterator<Item = &str> {
        self.pages.iter().map(|(host, _)| host.as_str()).filter(|host| !is_platform(host))
    }

    /// Domains that are its own: of its hosts and addresses.
    pub(super) fn domains(&self) -> BTreeSet<&str> {
        self.hosts().chain(self.mail_domains()).collect()
    }

    fn mail_domains(&self) -> impl Iterator<Item = &str> {
        let all = self.emails.iter().filter_map(|address| address.rsplit_once('@')).map(|(_, domain)| domain);
        all.filter(|domain| !MAILBOXES.split_whitespace().any(|mailbox| mailbox == *domain))
    }

    /// What its hosts are called: the letters of the part before the ending.
    pub(super) fn host_names(&self) -> impl Iterator<Item = String> {
        self.hosts().map(|host| {
            let label = host.rsplit('.').nth(1).unwrap_or(host);
            fold(label).chars().filter(char::is_ascii_alphanumeric).collect()
        })
    }

    /// Whether they have a page in common. Two pages of one host are of two, but the first page of a host may be of either.
    fn share_page(&self, other: &Self) -> bool {
        let is_one = |(host, path): &(String, String), (host_there, path_there): &(String, String)| {
            // A host of one's own below a platform is a place of one's own: *loriots.free.fr*.
            let is_same = path == path_there && (!path.is_empty() || !is_platform_itself(host));
            host == host_there && (is_same || !is_platform(host) && (path.is_empty() || path_there.is_empty()))
        };
        self.pages.iter().any(|page| other.pages.iter().any(|there| is_one(page, there)))
    }
}

impl Agreement {
    /// Whether two are reached in the same way, and where.
    pub(super) fn of(one: &Reach, other: &Reach, street: Option<bool>) -> Self {
        let hosts = |reach: &Reach| reach.pages.iter().map(|(host, _)| host.clone()).collect::<BTreeSet<_>>();
        let web = match one.share_page(other) {
            true => Some(true),
            // Two pages of one host say neither.
            false => agree(&hosts(one), &hosts(other)).filter(|shared| !shared),
        };
        let (phone, email) = (agree(&one.phones, &other.phones), agree(&one.emails, &other.emails));
        let mine = |reach: &Reach| reach.mail_domains().map(str::to_owned).collect::<BTreeSet<_>>();
        let has = |mail: &Reach, all: &Reach| mine(mail).iter().any(|domain| all.domains().contains(domain.as_str()));
        let domain = web != Some(true) && email != Some(true) && (has(one, other) || has(other, one));
        Self { phone, email, web, domain, street }
    }

    /// How many ways to be reached they share.
    pub(super) fn ways(&self) -> usize {
        [self.phone, self.email, self.web].iter().filter(|way| **way == Some(true)).count() + usize::from(self.domain)
    }

    /// Whether they share anything at all.
    pub(super) fn is_any(&self) -> bool {
        self.ways() > 0 || self.street == Some(true)
    }

    /// In how many ways they differ.
    pub(super) fn against(&self) -> usize {
        [self.phone, self.email, self.web, self.street].iter().filter(|way| **way == Some(false)).count()
    }

    /// Whether they are reached in different ways, wherever they are.
    pub(super) fn differ(&self) -> bool {
        [self.phone, self.email, self.web].contains(&Some(false))
    }
}

fn agree<T: Ord>(one: &BTreeSet<T>, other: &BTreeSet<T>) -> Option<bool> {
    (!one.is_empty() && !other.is_empty()).then(|| !one.is_disjoint(other))
}

fn page(link: &str) -> Option<(String, String)> {
    let url = Url::parse(link).ok()?;
    let host = url.host_str()?.to_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host).to_owned();
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    Some((host, format!("{}{query}", url.path().trim_matches('/'))))
}

/// Whether a host is one on which anybody has a page, or below it.
fn is_platform(host: &str) -> bool {
    let is_below =
        |platform: &str| host.strip_suffix(platform).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    PLATFORMS.split_whitespace().any(is_below)
}

fn is_platform_itself(host: &str) -> bool {
    PLATFORMS.split_whitespace().any(|platform| platform == host)
}

/// Whether the web name of one is the other's name, and not its own: who took another name keeps the old one's page, or has the new one's
/// already. A page that both have says nothing of that.
pub(super) fn is_named_by_host(one: (&Reach, &[super::name::Name]), other: (&Reach, &[super::name::Name])) -> bool {
    let names = |(reach, own): (&Reach, &[super::name::Name]), (reach_there, there): (&Reach, &[super::name::Name])| {
        let is_own = |host: &String| own.iter().any(|name| [&name.bare, &name.spelt, &name.whole].contains(&host));
        let is_theirs = |host: &String| there.iter().any(|name| [&name.bare, &name.spelt, &name.whole].contains(&host));
        let is_shared = reach.hosts().any(|host| reach_there.hosts().any(|other| other == host));
        !is_shared && reach.host_names().any(|host| host.len() >= 5 && is_theirs(&host) && !is_own(&host))
    };
    names(one, other) || names(other, one)
}

/// The sign of a page in an index: a host of its own, or a page of a platform.
pub(super) fn page_sign((host, path): &(String, String)) -> String {
    if is_platform(host) { format!("{host}/{path}") } else { host.clone() }
}

#[cfg(test)]
mod tests {
    use super::super::name::Name;
    use super::*;
    use crate::contact::Contact;
    use crate::iri::WebLink;
    use crate::{Audience, Code, List};

    fn reach(web: &str, contacts: &[(&str, &str)]) -> Reach {
        let contact = |(medium, value): &(&str, &str)| Contact {
            fragment: "contact-1".into(),
            medium: Code::new(List::ContactMedium, *medium),
            value: (*value).into(),
            note: None,
            audience: Audience::Public,
        };
        let contacts = contacts.iter().map(contact).collect();
        Reach::of(&Structure { web: WebLink::read("web", web).ok(), contacts, ..Structure::default() })
    }

    fn agreement(one: &Reach, other: &Reach) -> Agreement {
        let there = Agreement::of(one, other, None);
        assert_eq!(there, Agreement::of(other, one, None));
        there
    }

    #[test]
    fn a_page_is_shared_where_host_and_path_are() {
        let web = |one: &str, other: &str| agreement(&reach(one, &[]), &reach(other, &[])).web;
        for (one, other, shared) in [
            ("https://www.loriots.example/", "http://loriots.example", Some(true)),
            ("https://loriots.example/", "https://loriots.example/contact", Some(true)),
            ("https://ville.example/nord", "https://ville.example/sud", None),
            ("https://www.facebook.com/loriots", "https://facebook.com/loriots/", Some(true)),
            ("https://www.facebook.com/", "https://facebook.com/loriots", None),
            ("https://loriots.example/", "https://merles.example/", Some(false)),
            ("https://loriots.free.fr/", "http://loriots.free.fr", Some(true)),
            ("https://loriots.example/?p=1", "https://loriots.example/?p=2", None),
            ("https://loriots.example/", "", None),
        ] {
            assert_eq!(web(one, other), shared, "{one} {other}");
        }
    }

    #[test]
    fn phones_and_addresses_are_shared_or_differ() {
        let one = reach("", &[("phone", "+33491000000"), ("email", "Contact@loriots.example")]);
        let same = agreement(&one, &reach("", &[("mobile", "+33491000000"), ("email", "contact@loriots.example")]));
        assert_eq!((same.phone, same.email, same.ways(), same.against()), (Some(true), Some(true), 2, 0));
        let other = agreement(&one, &reach("", &[("phone", "+33491000001"), ("email", "contact@merles.example")]));
        assert_eq!((other.phone, other.email, other.ways(), other.against()), (Some(false), Some(false), 0, 2));
        assert!(other.differ() && !other.is_any());
        assert_eq!(agreement(&one, &reach("", &[])), Agreement::default());
    }

    #[test]
    fn a_domain_of_ones_own_is_a_way_too() {
        let page = reach("https://loriots.example/", &[]);
        assert!(agreement(&page, &reach("", &[("email", "a@loriots.example")])).domain);
        let twice =
            agreement(&reach("", &[("email", "a@loriots.example")]), &reach("", &[("email", "b@loriots.example")]));
        assert!(twice.domain && twice.email == Some(false) && twice.ways() == 1);
        let mailbox = agreement(&reach("", &[("email", "a@orange.fr")]), &reach("", &[("email", "b@orange.fr")]));
        assert!(!mailbox.domain);
        let both = reach("https://loriots.example/", &[("email", "a@loriots.example")]);
        assert_eq!(agreement(&both, &both).ways(), 2, "the domain of what is shared already is not counted again");
    }

    #[test]
    fn a_host_may_be_called_as_the_other_is() {
        let names = |text: &str| vec![Name::of(text, None)];
        let named = |one: (&str, &str), other: (&str, &str)| {
            let (a, b) = ((reach(one.1, &[]), names(one.0)), (reach(other.1, &[]), names(other.0)));
            let there = is_named_by_host((&a.0, &a.1), (&b.0, &b.1));
            assert_eq!(there, is_named_by_host((&b.0, &b.1), (&a.0, &a.1)));
            there
        };
        assert!(named(("Sicaloriot", "https://fermesduloriot.example/"), ("Fermes du Loriot", "")));
        assert!(
            !named(("Fermes du Loriot", "https://fermesduloriot.example/"), ("Fermes du Loriot Services", "")),
            "its own name"
        );
        assert!(
            !named(("Loriot Services", "https://loriot.example/"), ("Loriot", "https://loriot.example/")),
            "both have it"
        );
        assert!(!named(("Sica", "https://lori.example/"), ("Lori", "")), "four letters are anybody's");
        assert!(!named(("Sica", "https://facebook.com/x"), ("Facebook", "")));
    }

    #[test]
    fn a_page_of_a_platform_is_told_by_its_path() {
        let sign = |host: &str, path: &str| page_sign(&(host.to_owned(), path.to_owned()));
        assert_eq!(
            (sign("facebook.com", "x").as_str(), sign("x.example", "y").as_str()),
            ("facebook.com/x", "x.example")
        );
        assert!(is_platform("x.wordpress.com") && !is_platform("notwordpress.com"));
    }
}
