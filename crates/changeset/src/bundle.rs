//! Change-sets and payloads by the bundle: the files that mirrors serve and caches keep.
//!
//! An entry bundle is C2SP `tlog-tiles` to the letter: 256 leaves, each behind its length in two bytes. A
//! payload bundle lies beside it and holds the live payloads of the same leaves, each behind its length in four
//! bytes, or a length of zero where there is none (any more).

use crate::fault::within;
use crate::{ChangeSet, Fault, limits};

/// Leaves in a full bundle.
pub const WIDTH: u64 = limits::BATCH_CHANGE_SETS as u64;

/// Which bundle, and how much of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The bundle's number, from 0.
    pub index: u64,
    /// How many leaves of it: 256, or fewer at the right edge of the log.
    pub width: u64,
}

impl Place {
    /// The bundle in which leaf `seq` of a log of `size` leaves lies.
    ///
    /// # Errors
    /// [`Fault::Malformed`] when the log has no such leaf.
    pub fn of(seq: u64, size: u64) -> Result<Self, Fault> {
        if seq >= size {
            return Err(Fault::malformed("bundle", format!("leaf {seq} lies outside a log of {size}")));
        }
        let index = seq / WIDTH;
        Ok(Self { index, width: (size - index * WIDTH).min(WIDTH) })
    }

    /// The first leaf of the bundle.
    pub fn first(&self) -> u64 {
        self.index * WIDTH
    }

    /// Whether these are the change-sets of the bundle. Were others taken, who gives them could keep a walk going for ever without its
    /// getting anywhere.
    pub fn holds(&self, entries: &[ChangeSet]) -> bool {
        let numbers = self.first()..self.first() + self.width;
        entries.len() as u64 == self.width && entries.iter().map(|entry| entry.header().seq).eq(numbers)
    }

    /// The bundle's path below `tile/entries/` (C2SP `tlog-tiles`): `x001/234`, with `.p/{width}` when partial.
    pub fn path(&self) -> String {
        let mut groups = vec![format!("{:03}", self.index % 1_000)];
        let mut rest = self.index / 1_000;
        while rest > 0 {
            groups.insert(0, format!("x{:03}", rest % 1_000));
            rest /= 1_000;
        }
        let path = groups.join("/");
        if self.width == WIDTH { path } else { format!("{path}.p/{}", self.width) }
    }

    /// Undoes [`Place::path`].
    ///
    /// # Errors
    /// [`Fault::Malformed`] for any other spelling.
    pub fn read(path: &str) -> Result<Self, Fault> {
        let fault = || Fault::malformed("bundle path", format!("{path:.60?} is none of tlog-tiles"));
        let (groups, width) = match path.split_once(".p/") {
            Some((groups, width)) => (groups, width.parse().map_err(|_| fault())?),
            None => (path, WIDTH),
        };
        let digits: String = groups.split('/').map(|group| group.trim_start_matches('x')).collect();
        let place = Self { index: digits.parse().map_err(|_| fault())?, width };
        if place.path() != path || !(1..=WIDTH).contains(&width) || place.index > limits::NUMBER / WIDTH {
            return Err(fault());
        }
        Ok(place)
    }
}

/// Writes leaves as an entry bundle.
///
/// # Errors
/// [`Fault::TooLarge`] for a leaf that is no change-set of this protocol.
pub fn write_entries<'a>(leaves: impl IntoIterator<Item = &'a str>) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::new();
    for leaf in leaves {
        within("change-set", leaf.len(), limits::CHANGE_SET)?;
        let length = u16::try_from(leaf.len()).expect("the limit of a change-set is far below 64 KiB");
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.extend_from_slice(leaf.as_bytes());
    }
    Ok(bytes)
}

/// Reads an entry bundle into its leaves.
///
/// # Errors
/// [`Fault`] when lengths and bytes disagree, a leaf is too large, or is not UTF-8.
pub fn read_entries(mut bytes: &[u8]) -> Result<Vec<&str>, Fault> {
    let mut leaves = Vec::new();
    while let Some((length, rest)) = bytes.split_first_chunk::<2>() {
        let (leaf, rest) = cut(rest, u16::from_be_bytes(*length).into(), limits::CHANGE_SET)?;
        leaves.push(str::from_utf8(leaf).map_err(|_| Fault::malformed("bundle", "a leaf is not UTF-8"))?);
        bytes = rest;
    }
    finished(bytes, leaves)
}

/// Writes payloads, or their absence, as a payload bundle.
///
/// # Errors
/// [`Fault::TooLarge`] for a payload over the limit.
pub fn write_payloads<'a>(payloads: impl IntoIterator<Item = Option<&'a [u8]>>) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::new();
    for payload in payloads.into_iter().map(Option::unwrap_or_default) {
        within("payload", payload.len(), limits::PAYLOAD)?;
        let length = u32::try_from(payload.len()).expect("the limit of a payload is far below 4 GiB");
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.extend_from_slice(payload);
    }
    Ok(bytes)
}

/// Reads a payload bundle.
///
/// # Errors
/// [`Fault`] when lengths and bytes disagree, or a payload is too large.
pub fn read_payloads(mut bytes: &[u8]) -> Result<Vec<Option<&[u8]>>, Fault> {
    let mut payloads = Vec::new();
    while let Some((length, rest)) = bytes.split_first_chunk::<4>() {
        let (payload, rest) = cut(rest, u32::from_be_bytes(*length) as usize, limits::PAYLOAD)?;
        payloads.push((!payload.is_empty()).then_some(payload));
        bytes = rest;
    }
    finished(bytes, payloads)
}

/// Cuts a frame of `length` bytes off, which may not pass `limit`.
pub(crate) fn cut(bytes: &[u8], length: usize, limit: usize) -> Result<(&[u8], &[u8]), Fault> {
    within("frame", length, limit)?;
    bytes.split_at_checked(length).ok_or_else(|| Fault::malformed("bundle", "it ends within a frame"))
}

fn finished<T>(rest: &[u8], read: Vec<T>) -> Result<Vec<T>, Fault> {
    if !rest.is_empty() {
        return Err(Fault::malformed("bundle", "it ends within a length"));
    }
    if read.len() as u64 > WIDTH {
        return Err(Fault::malformed("bundle", "it holds more than 256 leaves"));
    }
    Ok(read)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::PROTOCOL;
    use crate::{Act, Channel, Header, LogId, SecretKey, Target};

    #[test]
    fn paths_are_those_of_tlog_tiles() {
        for (index, width, path) in [
            (0, 256, "000"),
            (7, 256, "007"),
            (999, 256, "999"),
            (1_234, 256, "x001/234"),
            (1_234_067, 256, "x001/x234/067"),
            (1_234_067, 8, "x001/x234/067.p/8"),
            (0, 1, "000.p/1"),
        ] {
            let place = Place { index, width };
            assert_eq!(place.path(), path);
            assert_eq!(Place::read(path).unwrap(), place);
        }
    }

    fn numbered(seq: u64) -> ChangeSet {
        let log = LogId::new("https://pes.example.org".parse().unwrap(), Channel::Public, 1);
        let record = "https://pes.example.org/id/job/1b4e28ba-2fa1-4d2a-983f-0016d3cca427".into();
        let on = Target { record, kind: format!("{}job", crate::terms::KINDS), version: 1 };
        let created = crate::timestamp::read("2026-11-25T09:00:00Z").unwrap();
        let header = Header { protocol: PROTOCOL, log, seq, created, save: None, act: Act::Withdraw { on } };
        ChangeSet::sign(&header, &SecretKey::from_seed(&[2; 32])).unwrap()
    }

    #[test]
    fn a_bundle_holds_the_change_sets_that_its_name_says() {
        let holds = |place: Place, numbers: &[u64]| {
            place.holds(&numbers.iter().map(|number| numbered(*number)).collect::<Vec<_>>())
        };
        let third = Place { index: 2, width: 3 };
        assert!(holds(third, &[512, 513, 514]));
        for others in [&[][..], &[512, 513], &[513, 514, 515], &[512, 514, 513], &[512, 513, 514, 515], &[0, 1, 2]] {
            assert!(!holds(third, others), "{others:?}");
        }
        assert!(!holds(Place { index: 0, width: 1 }, &[1]));
    }

    #[test]
    fn another_spelling_of_a_path_is_refused() {
        let over = Place { index: limits::NUMBER / WIDTH + 1, width: 256 }.path();
        for bad in [
            "",
            "7",
            "0007",
            "x000/007",
            "001/234",
            "x1/234",
            "000.p/0",
            "000.p/256",
            "000.p/257",
            "000.p/08",
            "000.p/",
            "000.p/-1",
            "../000",
            "000/",
            "x001/234/",
            "+07",
            &over,
        ] {
            assert!(Place::read(bad).is_err(), "{bad} was taken");
        }
        assert!(Place::read(&Place { index: limits::NUMBER / WIDTH, width: 256 }.path()).is_ok());
    }

    #[test]
    fn a_leaf_lies_in_one_bundle() {
        assert_eq!(Place::of(0, 1).unwrap(), Place { index: 0, width: 1 });
        assert_eq!(Place::of(255, 256).unwrap(), Place { index: 0, width: 256 });
        assert_eq!(Place::of(255, 257).unwrap(), Place { index: 0, width: 256 });
        assert_eq!(Place::of(256, 300).unwrap(), Place { index: 1, width: 44 });
        assert_eq!(Place { index: 2, width: 1 }.first(), 512);
        assert!(Place::of(1, 1).is_err());
        assert!(Place::of(0, 0).is_err());
    }

    #[test]
    fn bundles_survive_being_written() {
        let leaves = ["", "a", "été"];
        assert_eq!(read_entries(&write_entries(leaves).unwrap()).unwrap(), leaves);
        let payloads = [Some(b"a".as_slice()), None, Some(b"bc")];
        assert_eq!(read_payloads(&write_payloads(payloads).unwrap()).unwrap(), payloads);
        assert_eq!(write_entries(["ab"]).unwrap(), [0, 2, b'a', b'b']);
        assert_eq!(write_payloads([Some(b"ab".as_slice()), None]).unwrap(), [0, 0, 0, 2, b'a', b'b', 0, 0, 0, 0]);
        assert!(read_entries(&[]).unwrap().is_empty());
    }

    #[test]
    fn broken_bundles_are_refused() {
        let broken: [&[u8]; 3] = [&[0], &[0, 2, b'a'], &[0, 1, 0xff]];
        for bytes in broken {
            assert!(read_entries(bytes).is_err(), "{bytes:?} was taken");
        }
        assert!(read_payloads(&[0, 0, 0]).is_err());
        assert!(read_payloads(&[0, 0, 0, 2, b'a']).is_err());
        assert!(read_entries(&write_entries(vec![""; 256]).unwrap()).is_ok());
        assert!(read_entries(&write_entries(vec![""; 257]).unwrap()).is_err());
    }

    #[test]
    fn sizes_are_bounded_to_the_byte() {
        let leaf = "x".repeat(limits::CHANGE_SET);
        assert!(read_entries(&write_entries([leaf.as_str()]).unwrap()).is_ok());
        assert!(write_entries([format!("{leaf}x").as_str()]).is_err());
        let payload = vec![b'x'; limits::PAYLOAD];
        assert!(read_payloads(&write_payloads([Some(payload.as_slice())]).unwrap()).is_ok());
        assert!(write_payloads([Some([payload.as_slice(), b"x"].concat().as_slice())]).is_err());
        assert!(read_payloads(&u32::MAX.to_be_bytes()).is_err());
    }
}
