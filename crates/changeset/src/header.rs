//! The header of a change-set: the dozen RDF lines that say what it does, and that are signed.
//!
//! One header is one operation on one record, or one key event. Every statement has the change-set's own IRI
//! as subject. Properties and operations that this version does not know are kept in the text, hashed and
//! passed on; they are not applied. So the protocol can grow without leaving anyone behind.

use crate::commitment::Commitment;
use crate::fault::within;
use crate::fields::Fields;
use crate::key_event::{KeyChange, KeySet};
use crate::line::{Line, check_ascending};
use crate::snapshot::Snapshot;
use crate::{Fault, LogId, limits, terms};
use time::UtcDateTime;

/// The protocol that this crate speaks.
pub const PROTOCOL: u64 = 1;

/// What a change-set says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The protocol's number. For any other than [`PROTOCOL`], `act` is [`Act::Unknown`].
    pub protocol: u64,
    /// The log it stands in.
    pub log: LogId,
    /// Its index in that log, from 0.
    pub seq: u64,
    /// When its author says it was made. Order never depends on it.
    pub created: UtcDateTime,
    /// Shared by the change-sets of one save; a random word.
    pub save: Option<String>,
    /// What it does.
    pub act: Act,
}

/// What is done, and to what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// The record's projection for this channel is now the payload, whole.
    Upsert {
        /// The record.
        on: Target,
        /// What stands for the payload.
        payload: Commitment,
        /// From when on every node hides the record.
        expires: Option<UtcDateTime>,
    },
    /// The record is no longer for this channel's audience.
    Withdraw {
        /// The record.
        on: Target,
    },
    /// The record is no more.
    Delete {
        /// The record.
        on: Target,
        /// The record that takes its place, at another home.
        replaced_by: Option<String>,
    },
    /// The node declares its keys: the first event of its `keys` channel.
    Genesis(Box<KeySet>),
    /// The node exchanges keys for others.
    Rotation(Box<KeyChange>),
    /// The node exchanges keys and begins logs again, in new trees.
    NewEpoch(Box<KeyChange>),
    /// The state of the log's records before this change-set, in short.
    Snapshot(Snapshot),
    /// An operation of a later version: kept, passed on, not applied.
    Unknown {
        /// The operation's IRI.
        operation: String,
    },
}

/// One version of one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The record's IRI.
    pub record: String,
    /// The IRI of its kind, such as `https://w3id.org/pes/code/kind/exchange`.
    pub kind: String,
    /// The record's version, from 1, counted by its home across channels.
    pub version: u64,
}

impl Act {
    /// The record this is about, if it is about one.
    pub fn target(&self) -> Option<&Target> {
        match self {
            Self::Upsert { on, .. } | Self::Withdraw { on } | Self::Delete { on, .. } => Some(on),
            _ => None,
        }
    }

    /// Whether it is a key event.
    pub fn is_key_event(&self) -> bool {
        matches!(self, Self::Genesis(_) | Self::Rotation(_) | Self::NewEpoch(_))
    }

    /// What stands for the payload, if there is one.
    pub fn payload(&self) -> Option<&Commitment> {
        match self {
            Self::Upsert { payload, .. } => Some(payload),
            _ => None,
        }
    }

    /// The operation's IRI.
    pub fn operation(&self) -> &str {
        match self {
            Self::Upsert { .. } => terms::UPSERT,
            Self::Withdraw { .. } => terms::WITHDRAW,
            Self::Delete { .. } => terms::DELETE,
            Self::Genesis(_) => terms::GENESIS,
            Self::Rotation(_) => terms::ROTATION,
            Self::NewEpoch(_) => terms::NEW_EPOCH,
            Self::Snapshot(_) => terms::SNAPSHOT,
            Self::Unknown { operation } => operation,
        }
    }
}

impl Target {
    /// The kind's notation, such as `exchange`, where it is one of our list.
    pub fn kind_notation(&self) -> Option<&str> {
        self.kind.strip_prefix(terms::KINDS)
    }
}

impl Header {
    /// The change-set's IRI: `{origin}/log/{channel}/{epoch}/{seq}`.
    pub fn iri(&self) -> String {
        self.log.change_set_iri(self.seq)
    }

    /// The canonical N-Quads of the header, a line feed after each line: what is signed.
    ///
    /// # Errors
    /// [`Fault`] when a field does not fit the protocol: an IRI that is none, a word that is too long, keys that
    /// may not be declared, or more than [`limits::HEADER`] in all.
    pub fn write(&self) -> Result<String, Fault> {
        let iri = self.iri();
        let mut lines: Vec<String> = crate::fields::statements(self)
            .into_iter()
            .map(|(predicate, object)| Line { subject: &iri, predicate, object }.write())
            .collect();
        lines.sort_unstable();
        let text = lines.concat();
        // What is written is what will be read: one reader judges both.
        match Self::read(&text)? {
            read if read == *self => Ok(text),
            _ => Err(Fault::malformed("header", "a field does not survive being written")),
        }
    }

    /// Reads the canonical N-Quads of a header.
    ///
    /// # Errors
    /// [`Fault`] for everything that [`Header::write`] would not have written, unknown properties apart.
    pub fn read(text: &str) -> Result<Self, Fault> {
        within("header", text.len(), limits::HEADER)?;
        let body = text.strip_suffix('\n').ok_or_else(|| Fault::malformed("header", "its last line has no end"))?;
        let lines: Vec<&str> = body.split('\n').collect();
        check_ascending("header", &lines)?;
        let mut fields = Fields::default();
        let mut subject = None;
        for line in lines {
            let line = Line::read(line)?;
            if *subject.get_or_insert(line.subject) != line.subject {
                return Err(Fault::malformed("header", "it speaks of another thing than the change-set"));
            }
            fields.add(line.predicate, line.object);
        }
        fields.header(subject.unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key_event::Position;
    use crate::{Channel, SecretKey, timestamp};

    fn header(channel: Channel, act: Act) -> Header {
        let log = LogId::new("https://pes.example.org".parse().unwrap(), channel, 1);
        let created = timestamp::read("2026-11-23T22:27:06Z").unwrap();
        Header { protocol: PROTOCOL, log, seq: 3, created, save: None, act }
    }

    fn target() -> Target {
        Target {
            record: "https://pes.example.org/id/exchange/1b4e28ba-2fa1-4d2a-983f-0016d3cca427".into(),
            kind: "https://w3id.org/pes/code/kind/exchange".into(),
            version: 2,
        }
    }

    fn upsert() -> Header {
        let payload = Commitment::to(b"payload").unwrap();
        header(Channel::Public, Act::Upsert { on: target(), payload, expires: None })
    }

    fn genesis() -> Header {
        let key = |seed| SecretKey::from_seed(&[seed; 32]).public();
        let prefixes = vec!["https://pes.example.org/a/".into(), "https://pes.example.org/id/".into()];
        let keys = KeySet { root: key(1), log: key(2), transport: key(3), prefixes, next_root: None };
        header(Channel::Keys, Act::Genesis(Box::new(keys)))
    }

    /// Other keys, valid from the 18th change-set of the public log on, and what else begins again.
    fn change(complete_from: &[(Channel, u64, u64)]) -> KeyChange {
        let Act::Genesis(keys) = genesis().act else { unreachable!() };
        let log = |channel, epoch| LogId::new("https://pes.example.org".parse().unwrap(), channel, epoch);
        KeyChange {
            keys: KeySet { log: SecretKey::from_seed(&[12; 32]).public(), ..*keys },
            valid_from: vec![Position::new(log(Channel::Public, 1), 17)],
            complete_from: complete_from
                .iter()
                .map(|(channel, epoch, seq)| Position::new(log(*channel, *epoch), *seq))
                .collect(),
        }
    }

    fn every_shape() -> Vec<Header> {
        let expires = timestamp::read("2027-01-01T00:00:00Z").ok();
        let payload = Commitment::to(b"payload").unwrap();
        let Act::Genesis(keys) = genesis().act else { unreachable!() };
        vec![
            upsert(),
            Header { save: Some("a-Word-1".into()), ..upsert() },
            header(Channel::Affiliates, Act::Upsert { on: target(), payload, expires }),
            header(Channel::Public, Act::Withdraw { on: target() }),
            header(Channel::Public, Act::Delete { on: target(), replaced_by: None }),
            header(Channel::Public, Act::Delete { on: target(), replaced_by: Some("https://other.test/id/x".into()) }),
            header(Channel::Public, Act::Unknown { operation: "https://w3id.org/pes/ns#Later".into() }),
            header(Channel::Public, Act::Snapshot(Snapshot { digest: [7; 32], size: 12 })),
            header(Channel::Keys, Act::Rotation(Box::new(change(&[])))),
            header(Channel::Keys, Act::NewEpoch(Box::new(change(&[(Channel::Public, 2, 40)])))),
            genesis(),
            header(Channel::Keys, Act::Genesis(Box::new(KeySet { next_root: Some([1; 32]), ..*keys }))),
        ]
    }

    /// The text with one line exchanged, its lines sorted again.
    fn with_line(header: &Header, old: &str, new: &str) -> Result<Header, Fault> {
        let text = header.write().unwrap();
        assert_eq!(text.matches(old).count(), 1, "{old} is not once in\n{text}");
        let text = text.replace(old, new);
        let mut lines: Vec<&str> = text.split_terminator('\n').filter(|line| !line.is_empty()).collect();
        lines.sort_unstable();
        Header::read(&(lines.join("\n") + "\n"))
    }

    #[track_caller]
    fn refused(header: &Header, old: &str, new: &str, why: &str) {
        let fault = with_line(header, old, new).expect_err("the header was taken").to_string();
        assert!(fault.contains(why), "{fault}");
    }

    #[test]
    fn every_shape_survives_being_written() {
        for header in every_shape() {
            assert_eq!(Header::read(&header.write().unwrap()).unwrap(), header);
        }
    }

    #[test]
    fn an_act_tells_its_record_and_payload() {
        assert_eq!(upsert().act.target(), Some(&target()));
        assert!(upsert().act.payload().is_some());
        assert_eq!(genesis().act.target(), None);
        assert_eq!(header(Channel::Public, Act::Withdraw { on: target() }).act.payload(), None);
        assert_eq!(target().kind_notation(), Some("exchange"));
        assert_eq!(Target { kind: "https://other.test/kind".into(), ..target() }.kind_notation(), None);
        assert_eq!(upsert().iri(), "https://pes.example.org/log/public/1/3");
    }

    #[test]
    fn what_a_later_version_adds_is_carried_and_left_alone() {
        let known = upsert();
        let text = known.write().unwrap();
        let added = format!("{text}<{}> <https://w3id.org/pes/ns#zzz> \"new\"@fr .\n", known.iri());
        assert_eq!(Header::read(&added).unwrap(), known);
        let later = with_line(&known, "protocol> \"1\"", "protocol> \"2\"").unwrap();
        assert_eq!(later.act, Act::Unknown { operation: terms::UPSERT.into() });
        assert_eq!(later.protocol, 2);
    }

    #[test]
    fn a_header_speaks_of_itself_only() {
        refused(
            &upsert(),
            "3> <https://w3id.org/pes/ns#version>",
            "4> <https://w3id.org/pes/ns#version>",
            "another thing",
        );
        refused(&upsert(), "seq> \"3\"", "seq> \"4\"", "another number");
        refused(&upsert(), "epoch> \"1\"", "epoch> \"2\"", "another log");
        refused(&upsert(), "log> \"pes.example.org/", "log> \"pes.example.com/", "another log");
        refused(&upsert(), "ns#ChangeSet>", "ns#Other>", "no change-set");
    }

    #[test]
    fn each_field_is_there_once_and_of_its_type() {
        let iri = upsert().iri();
        let version =
            format!("<{iri}> <https://w3id.org/pes/ns#version> \"2\"^^<http://www.w3.org/2001/XMLSchema#integer> .");
        refused(&upsert(), &version, "", "version>: it is missing");
        refused(&upsert(), &version, &format!("{version}\n{}", version.replace("\"2\"", "\"1\"")), "more than once");
        refused(&upsert(), "version> \"2\"", "version> \"0\"", "count from 1");
        refused(&upsert(), "version> \"2\"", "version> \"02\"", "whole number");
        refused(
            &upsert(),
            "version> \"2\"^^<http://www.w3.org/2001/XMLSchema#integer>",
            "version> \"2\"",
            "another datatype",
        );
        refused(
            &upsert(),
            "version> \"2\"^^<http://www.w3.org/2001/XMLSchema#integer>",
            "version> \"2\"^^<http://www.w3.org/2001/XMLSchema#int>",
            "another datatype",
        );
        refused(&upsert(), "payloadLength> \"7\"", "payloadLength> \"0\"", "between 1");
        refused(&upsert(), "payloadLength> \"7\"", "payloadLength> \"65537\"", "between 1");
        assert!(with_line(&upsert(), "payloadLength> \"7\"", "payloadLength> \"65536\"").is_ok());
        refused(&upsert(), "payloadLength> \"7\"", "payloadLength> \"4294967297\"", "between 1");
        refused(&upsert(), "ns#Upsert>", "ns#Genesis>", "missing");
        refused(&upsert(), "commitment> \"zQm", "commitment> \"zQn", "malformed digest");
        refused(
            &upsert(),
            "log> \"pes.example.org/log/public/1\"",
            "log> \"pes.example.org/log/public/1\"@fr",
            "no plain string",
        );
        refused(&upsert(), "log> \"pes.example.org/log/public/1\"", "log> <a:b>", "no plain string");
        refused(
            &upsert(),
            "record> <https://pes.example.org/id/exchange/1b4e28ba-2fa1-4d2a-983f-0016d3cca427>",
            "record> \"x\"",
            "no IRI",
        );
        refused(&upsert(), "2026-11-23T22:27:06Z", "2026-11-23T22:27:06+00:00", "not of the form");
    }

    #[test]
    fn a_save_is_a_short_word() {
        let long = |length: usize| Header { save: Some("x".repeat(length)), ..upsert() };
        assert!(long(64).write().is_ok());
        for bad in [long(65), long(0), Header { save: Some("two words".into()), ..upsert() }] {
            assert!(bad.write().unwrap_err().to_string().contains("ns#save"));
        }
    }

    #[test]
    fn key_events_stand_in_the_channel_keys_alone() {
        let Act::Genesis(keys) = genesis().act else { unreachable!() };
        assert!(header(Channel::Public, Act::Genesis(keys)).write().unwrap_err().to_string().contains("channel keys"));
        assert!(
            header(Channel::Keys, Act::Withdraw { on: target() })
                .write()
                .unwrap_err()
                .to_string()
                .contains("channel keys")
        );
        assert!(header(Channel::Keys, Act::Unknown { operation: "a:later".into() }).write().is_ok());
    }

    #[test]
    fn a_change_of_keys_names_places_in_logs_of_records() {
        let rotation = header(Channel::Keys, Act::Rotation(Box::new(change(&[]))));
        for (new, why) in [
            ("<https://pes.example.com/log/public/1/17>", "no log of records of this node"),
            ("<https://pes.example.org/log/keys/1/17>", "no log of records of this node"),
            ("<https://pes.example.org/log/public/1>", "malformed change-set IRI"),
            ("\"17\"", "no IRI"),
        ] {
            refused(&rotation, "<https://pes.example.org/log/public/1/17>", new, why);
        }
        refused(&rotation, "ns#Rotation>", "ns#NewEpoch>", "which log begins again");
        let from_two = header(Channel::Keys, Act::NewEpoch(Box::new(change(&[(Channel::Public, 2, 0)]))));
        refused(&from_two, "ns#NewEpoch>", "ns#Rotation>", "begins no log again");
        refused(&from_two, "log/public/2/0>", "log/public/1/0>", "first epoch");
        let twice = change(&[(Channel::Public, 2, 0), (Channel::Public, 3, 0)]);
        assert!(header(Channel::Keys, Act::NewEpoch(Box::new(twice))).write().is_err());
        let twice = KeyChange { valid_from: vec![change(&[]).valid_from[0].clone(); 2], ..change(&[]) };
        assert!(header(Channel::Keys, Act::Rotation(Box::new(twice))).write().is_err());
    }

    #[test]
    fn a_snapshot_stands_among_the_records() {
        let snapshot = || Act::Snapshot(Snapshot { digest: [7; 32], size: 12 });
        assert_eq!(header(Channel::Public, snapshot()).act.target(), None);
        assert!(header(Channel::Keys, snapshot()).write().unwrap_err().to_string().contains("channel keys"));
        refused(&header(Channel::Public, snapshot()), "stateDigest> \"zQm", "stateDigest> \"zQn", "malformed digest");
        refused(&header(Channel::Public, snapshot()), "stateSize> \"12\"", "stateSize> \"-1\"", "whole number");
    }

    #[test]
    fn a_key_event_with_a_foreign_prefix_is_refused() {
        refused(&genesis(), "<https://pes.example.org/a/>", "<https://other.test/id/>", "does not lie under");
        refused(&genesis(), "<https://pes.example.org/a/>", "\"https://pes.example.org/a/\"", "no IRI");
    }

    #[test]
    fn what_cannot_be_read_back_is_not_written() {
        let bad = Header { act: Act::Withdraw { on: Target { record: "a b".into(), ..target() } }, ..upsert() };
        assert!(bad.write().is_err());
        let in_disguise = Header { act: Act::Unknown { operation: terms::WITHDRAW.into() }, ..upsert() };
        assert!(in_disguise.write().is_err());
        let Act::Genesis(keys) = genesis().act else { unreachable!() };
        let prefixes = keys.prefixes.iter().rev().cloned().collect();
        let unsorted = Box::new(KeySet { prefixes, ..*keys });
        assert!(header(Channel::Keys, Act::Genesis(unsorted)).write().unwrap_err().to_string().contains("survive"));
    }

    #[test]
    fn a_header_is_canonical_text_of_bounded_size() {
        let text = upsert().write().unwrap();
        assert!(Header::read(text.trim_end()).unwrap_err().to_string().contains("no end"));
        assert!(Header::read(&format!("{text}\n")).is_err());
        assert!(Header::read("").is_err());
        let padding = |length: usize| {
            let base = format!("{text}<{}> <https://w3id.org/pes/ns#zzz> \"\" .\n", upsert().iri());
            base.replace("zzz> \"\"", &format!("zzz> \"{}\"", "x".repeat(length - base.len())))
        };
        assert!(Header::read(&padding(limits::HEADER)).is_ok());
        assert!(matches!(Header::read(&padding(limits::HEADER + 1)), Err(Fault::TooLarge { .. })));
    }
}
