//! A picture of a record: where its home serves it, what it is known by, and what it says to those who do not see it.

use crate::file::{is_at_home, is_digest};
use crate::problem::{Findings, required};
use crate::{Draft, Problem, Problems, RecordIri, Why};
use serde::{Deserialize, Serialize};

/// The most bytes of a picture as it travels: five megabytes.
pub const BYTES: u64 = 5_000_000;
/// The most characters of an alternative text.
pub const ALT: usize = 300;

/// A picture (*image*). A record tells of it and does not hold it: whoever shows it fetches it once from its home.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// Where its home serves it: an address of the record's own origin.
    pub address: String,
    /// The SHA-256 of its bytes, in lower-case hexadecimal.
    pub digest: String,
    /// Its media type, as its home says: `image/…`. Who fetches it looks at the bytes.
    pub media_type: String,
    /// How many bytes it has.
    pub size: u64,
    /// What it shows, in words.
    pub alt: String,
}

impl Picture {
    /// Everything the rules ask of the picture of this record.
    pub(crate) fn check(&self, record: &RecordIri) -> Problems {
        let mut findings = Findings::default();
        let is_sound = is_at_home(&self.address, record) && is_digest(&self.digest) && is_picture(&self.media_type);
        findings.note(if is_sound { Ok(()) } else { Err(Problem::new("picture", Why::NotAPicture)) });
        let fits = (1..=BYTES).contains(&self.size);
        findings.note(if fits { Ok(()) } else { Err(Problem::new("picture", Why::TooHeavy(5))) });
        findings.note(required("picture-alt", &self.alt, ALT));
        findings.with(Problems::new())
    }

    /// The path of its address behind its home's origin, with its slash.
    pub fn path(&self) -> &str {
        let rest = self.address.split_once("://").map_or("", |(_, rest)| rest);
        rest.find('/').map_or("/", |at| &rest[at..])
    }

    /// What a form carries for it: all but its alternative text.
    pub fn to_form(&self) -> String {
        format!("{} {} {} {}", self.address, self.digest, self.media_type, self.size)
    }

    /// What was typed of a picture: the words are asked for where there is one, and the picture where there are words.
    pub(crate) fn raise(draft: &Draft) -> Result<Option<Self>, Problem> {
        let alt = draft.text("picture-alt");
        let Some(form) = draft.text("picture") else {
            return if alt.is_none() { Ok(None) } else { Err(Problem::new("picture", Why::Missing)) };
        };
        let not_one = || Problem::new("picture", Why::NotAPicture);
        let [address, digest, media_type, size] = form.split(' ').collect::<Vec<_>>()[..] else {
            return Err(not_one());
        };
        Ok(Some(Self {
            address: address.to_owned(),
            digest: digest.to_owned(),
            media_type: media_type.to_owned(),
            size: size.parse().map_err(|_| not_one())?,
            alt: alt.ok_or(Problem::new("picture-alt", Why::Missing))?,
        }))
    }

    pub(crate) fn lower(&self, draft: &mut Draft) {
        draft.add("picture", self.to_form());
        draft.add("picture-alt", &self.alt);
    }
}

fn is_picture(media_type: &str) -> bool {
    let name = media_type.strip_prefix("image/").unwrap_or_default();
    let may_stand = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'+' | b'-');
    (1..=60).contains(&name.len()) && name.bytes().all(may_stand)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIGEST: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    fn record() -> RecordIri {
        RecordIri::read("https://pes.example.org/id/article/1b4e28ba-2fa1-4d2a-983f-0016d3cca427").unwrap()
    }

    fn picture() -> Picture {
        Picture {
            address: format!("https://pes.example.org/images/{DIGEST}.jpg"),
            digest: DIGEST.into(),
            media_type: "image/jpeg".into(),
            size: 48_213,
            alt: "Des bénévoles repeignent un local".into(),
        }
    }

    fn wrong(change: impl FnOnce(&mut Picture)) -> Vec<String> {
        let mut one = picture();
        change(&mut one);
        one.check(&record()).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_picture_lies_at_the_home_of_its_record() {
        assert!(picture().check(&record()).is_empty());
        assert_eq!(picture().path(), format!("/images/{DIGEST}.jpg"));
        for elsewhere in [
            "https://pes.example.org",
            "https://pes.example.org/",
            "https://pes.example.org.evil.test/images/a.jpg",
            "https://pes.example.org@evil.test/images/a.jpg",
            "https://pes.example.org:444/images/a.jpg",
            "http://pes.example.org/images/a.jpg",
            "https://evil.test/images/a.jpg",
            "https://pes.example.org//evil.test/a.jpg",
            "https://pes.example.org/images/a.jpg?x=1",
            "https://pes.example.org/images/a b.jpg",
            "https://pes.example.org/images\\a.jpg",
            "/images/a.jpg",
            "",
        ] {
            assert_eq!(wrong(|one| one.address = elsewhere.into()), ["picture: not-a-picture"], "{elsewhere}");
        }
        assert_eq!(wrong(|one| one.address.push_str(&"a".repeat(2_048))), ["picture: not-a-picture"]);
    }

    #[test]
    fn digest_type_and_size_are_what_they_say() {
        for digest in ["", &DIGEST[1..], &DIGEST.to_uppercase(), &DIGEST.replace('9', "g")] {
            assert_eq!(wrong(|one| one.digest = digest.into()), ["picture: not-a-picture"], "{digest}");
        }
        for media_type in
            ["", "image/", "text/html", "image/svg xml", "image/JPEG", &format!("image/{}", "a".repeat(61))]
        {
            assert_eq!(wrong(|one| one.media_type = media_type.into()), ["picture: not-a-picture"], "{media_type}");
        }
        assert!(wrong(|one| one.media_type = "image/avif".into()).is_empty(), "of a later version: the bytes decide");
        assert!(wrong(|one| one.size = BYTES).is_empty());
        for size in [0, BYTES + 1, u64::MAX] {
            assert_eq!(wrong(|one| one.size = size), ["picture: too-heavy (5)"], "{size}");
        }
    }

    #[test]
    fn a_picture_says_something_to_those_who_do_not_see_it() {
        assert_eq!(wrong(|one| one.alt = " ".into()), ["picture-alt: missing"]);
        assert_eq!(wrong(|one| one.alt = "é".repeat(301)), ["picture-alt: too-long (300)"]);
        assert!(wrong(|one| one.alt = "é".repeat(300)).is_empty());
        assert_eq!(wrong(|one| one.alt = "a\u{202e}b".into()), ["picture-alt: not-text"]);
    }

    #[test]
    fn a_form_carries_it_there_and_back() {
        let mut draft = Draft::default();
        picture().lower(&mut draft);
        assert_eq!(Picture::raise(&draft), Ok(Some(picture())));
        assert_eq!(Picture::raise(&Draft::default()), Ok(None));
        let typed = |picture: &str, alt: &str| {
            let pairs = [("picture".to_owned(), picture.to_owned()), ("picture-alt".to_owned(), alt.to_owned())];
            Picture::raise(&pairs.into_iter().collect()).unwrap_err().to_string()
        };
        assert_eq!(typed("", "Un local"), "picture: missing");
        assert_eq!(typed(&picture().to_form(), " "), "picture-alt: missing");
        for spoilt in ["a", "a b c", "a b c d", "a b c 1 e", "a b c -1"] {
            assert_eq!(typed(spoilt, "Un local"), "picture: not-a-picture", "{spoilt}");
        }
    }
}
