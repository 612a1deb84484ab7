//! Names of records, and links that people type. Compared parsed, never by string prefix.

use crate::{Kind, Problem, Why};
use serde::{Deserialize, Serialize};
use std::fmt;
use url::Url;
use uuid::Uuid;

/// The name of a record: `{origin}/id/{kind}/{uuid v4}`. It never changes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct RecordIri {
    origin: String,
    kind: String,
    uuid: Uuid,
}

impl RecordIri {
    /// A new name below a node's origin.
    pub fn mint(origin: &str, kind: Kind) -> Self {
        Self { origin: origin.to_owned(), kind: kind.notation().to_owned(), uuid: Uuid::new_v4() }
    }

    /// Reads a record's IRI, in its one spelling.
    pub fn read(iri: &str) -> Option<Self> {
        let url = Url::parse(iri).ok()?;
        let mut path = url.path_segments()?;
        let (Some("id"), Some(kind), Some(uuid), None) = (path.next(), path.next(), path.next(), path.next()) else {
            return None;
        };
        let well_formed = !kind.is_empty() && kind.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
        let uuid = Uuid::try_parse(uuid).ok().filter(|uuid| uuid.get_version_num() == 4)?;
        let read = Self { origin: url.origin().ascii_serialization(), kind: kind.to_owned(), uuid };
        (well_formed && matches!(url.scheme(), "http" | "https") && read.to_string() == iri).then_some(read)
    }

    /// The home's origin.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The kind's notation, which may be one of a later version.
    pub fn kind_notation(&self) -> &str {
        &self.kind
    }

    /// The kind, where this version knows it.
    pub fn kind(&self) -> Option<Kind> {
        Kind::named(&self.kind)
    }

    /// What tells it from others of its kind and home.
    pub fn uuid(&self) -> Uuid {
        self.uuid
    }

    /// The path of its page on the node at this origin: its own name at home, and elsewhere one that says where it is at
    /// home.
    pub fn page_at(&self, origin: &str) -> String {
        let rest = format!("{}/{}", self.kind, self.uuid);
        match self.origin == origin {
            true => format!("/id/{rest}"),
            false => format!("/chez/{}/{rest}", self.origin.split("://").nth(1).unwrap_or_default()),
        }
    }

    /// Whether it lies below a prefix that its home declared: same scheme, host and port, and a path that begins
    /// with the prefix's segments.
    pub fn lies_under(&self, prefix: &str) -> bool {
        let (Ok(own), Ok(prefix)) = (Url::parse(&self.to_string()), Url::parse(prefix)) else {
            return false;
        };
        let segments = |url: &Url| url.path().split('/').map(str::to_owned).collect::<Vec<_>>();
        let mut above = segments(&prefix);
        above.pop_if(|last| last.is_empty());
        own.origin() == prefix.origin() && segments(&own).starts_with(&above)
    }
}

impl fmt::Display for RecordIri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/id/{}/{}", self.origin, self.kind, self.uuid)
    }
}

impl From<RecordIri> for String {
    fn from(iri: RecordIri) -> Self {
        iri.to_string()
    }
}

impl TryFrom<String> for RecordIri {
    type Error = String;

    fn try_from(iri: String) -> Result<Self, String> {
        Self::read(&iri).ok_or_else(|| format!("{iri} is not the IRI of a record"))
    }
}

/// An address on the web that people typed: http or https, with a host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WebLink(String);

impl WebLink {
    /// The longest link taken, in bytes: the protocol's limit of an IRI.
    pub const LENGTH: usize = 2 * 1024;

    /// Reads a link as people type it; `www.example.org` is taken for `https://www.example.org`.
    ///
    /// # Errors
    /// [`Why::NotALink`].
    pub fn read(field: &'static str, typed: &str) -> Result<Self, Problem> {
        let typed = typed.trim();
        let whole = if typed.contains("://") { typed.to_owned() } else { format!("https://{typed}") };
        // The parser mends what browsers mend: too many slashes, a name before the host. Nobody means those.
        let host = whole.split_once("://").map_or("", |(_, rest)| rest);
        let is_plain =
            !host.starts_with(['/', '\\']) && !host.split(['/', '?', '#']).next().unwrap_or("").contains('@');
        Url::parse(&whole)
            .ok()
            .filter(|_| is_plain)
            .filter(|url| matches!(url.scheme(), "http" | "https"))
            .filter(|url| url.host_str().is_some_and(|host| host.contains('.') || host == "localhost"))
            .filter(|url| url.username().is_empty() && url.password().is_none())
            // RDF forbids in IRIs what URLs let stand in query and fragment.
            .map(|url| url.as_str().replace('|', "%7C").replace('^', "%5E").replace('`', "%60"))
            .map(|url| url.replace('{', "%7B").replace('}', "%7D").replace('\\', "%5C"))
            .filter(|url| url.len() <= Self::LENGTH)
            .map(Self)
            .ok_or(Problem::new(field, Why::NotALink))
    }

    /// The link, normalised.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_elsewhere_says_where_its_record_is_at_home() {
        let iri = RecordIri::read("http://localhost:8081/id/job/6f9619ff-8b86-4011-b42d-00c04fc964ff").unwrap();
        assert_eq!(iri.page_at("http://localhost:8081"), "/id/job/6f9619ff-8b86-4011-b42d-00c04fc964ff");
        assert_eq!(
            iri.page_at("http://localhost:8082"),
            "/chez/localhost:8081/job/6f9619ff-8b86-4011-b42d-00c04fc964ff"
        );
    }

    const IRI: &str = "https://pes.example.org/id/exchange/1b4e28ba-2fa1-4d2a-983f-0016d3cca427";

    #[test]
    fn a_record_iri_has_one_spelling() {
        let read = RecordIri::read(IRI).unwrap();
        assert_eq!(
            (read.origin(), read.kind(), read.to_string().as_str()),
            ("https://pes.example.org", Some(Kind::Exchange), IRI)
        );
        assert_eq!(RecordIri::read(&IRI.replace("exchange", "later-kind")).unwrap().kind(), None);
        for (old, new) in [
            ("https", "HTTPS"),
            ("pes.", "PES."),
            (".org", ".org:443"),
            ("/id/", "/ID/"),
            ("/id/", "//id/"),
            ("exchange", "Exchange"),
            ("exchange", ""),
            ("exchange", "ex%63hange"),
            ("1b4e", "1B4E"),
            ("-4d2a-", "-1d2a-"),
            ("427", "427/"),
            ("427", "427?x"),
            ("427", "427#x"),
            ("pes.", "u@pes."),
            ("/id/", "/x/../id/"),
            ("https", "ftp"),
            ("427", "42"),
        ] {
            let other = IRI.replacen(old, new, 1);
            assert_eq!(RecordIri::read(&other), None, "{other} was taken");
        }
    }

    #[test]
    fn minted_names_differ_and_are_read_back() {
        let (one, two) = (RecordIri::mint("https://a.test", Kind::Job), RecordIri::mint("https://a.test", Kind::Job));
        assert_ne!(one, two);
        assert_eq!(RecordIri::read(&one.to_string()), Some(one.clone()));
        assert_eq!(one.uuid().get_version_num(), 4);
    }

    /// F12: nobody writes another's record, whatever its address is made to look like.
    #[test]
    fn a_record_lies_under_prefixes_of_its_own_home_only() {
        let iri = RecordIri::read(IRI).unwrap();
        for prefix in
            ["https://pes.example.org/id/", "https://pes.example.org/", "https://pes.example.org/id/exchange/"]
        {
            assert!(iri.lies_under(prefix), "{prefix}");
        }
        for prefix in [
            "https://pes.example.org/i",
            "https://pes.example.or",
            "https://pes.example.org/id/ex",
            "http://pes.example.org/id/",
            "https://pes.example.org:444/id/",
            "https://example.org/id/",
            "https://evil.test/?https://pes.example.org/id/",
            "/id/",
            "",
        ] {
            assert!(!iri.lies_under(prefix), "{prefix}");
        }
    }

    #[test]
    fn names_survive_rows() {
        let json = serde_json::to_string(&RecordIri::read(IRI).unwrap()).unwrap();
        assert_eq!(serde_json::from_str::<RecordIri>(&json).unwrap().to_string(), IRI);
        assert!(serde_json::from_str::<RecordIri>("\"https://x\"").is_err());
    }

    #[test]
    fn links_are_taken_as_people_type_them() {
        let read = |typed: &str| WebLink::read("web", typed).map(|link| link.as_str().to_owned());
        assert_eq!(read(" www.example.org ").unwrap(), "https://www.example.org/");
        assert_eq!(read("http://example.org/é?a={b}|c").unwrap(), "http://example.org/%C3%A9?a=%7Bb%7D%7Cc");
        for mended in ["//a.fr", "https:////a.fr", "https://@a.fr", "https://moi@a.fr/", "\\\\a.fr"] {
            assert!(read(mended).is_err(), "{mended}");
        }
        assert!(read("https://a.fr/@moi").is_ok(), "a name in the path is one");
        let too_long = format!("https://example.org/{}", "x".repeat(WebLink::LENGTH));
        for bad in [
            "",
            "example",
            "javascript:alert(1)",
            "ftp://example.org",
            "https://user:secret@example.org",
            "https://",
            &too_long,
        ] {
            assert_eq!(read(bad), Err(Problem::new("web", Why::NotALink)), "{bad:.40}");
        }
    }
}
