//! Who writes, and in which of its logs: origin, channel, epoch.

use crate::fault::within;
use crate::{Fault, limits};
use std::fmt;
use std::str::FromStr;

/// The public origin of a node (RFC 6454), such as `https://pes.example.org`: scheme, host in lower
/// case, and a port only where it is not the scheme's own. Set once, when the node is made.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Origin(String);

impl Origin {
    /// The origin as text, without a slash at the end.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Host, and port where one is written: the first part of a C2SP origin line.
    pub fn host_port(&self) -> &str {
        self.0.split_once("://").map_or("", |(_, rest)| rest)
    }

    /// The host alone.
    pub fn host(&self) -> &str {
        self.host_port().rsplit_once(':').map_or(self.host_port(), |(host, _)| host)
    }

    /// Whether bytes from this origin come over TLS.
    pub fn is_https(&self) -> bool {
        self.0.starts_with("https://")
    }

    /// The name under which this node signs notes that are not heads of its own logs.
    pub fn note_name(&self) -> String {
        format!("{}/node", self.host_port())
    }

    /// The IRI of one of this node's keys: the `verificationMethod` of a proof and the `keyid` of a request.
    pub fn key_iri(&self, key: &crate::PublicKey) -> String {
        format!("{}/node#{key}", self.0)
    }
}

impl FromStr for Origin {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        let fault = |why: &str| Fault::malformed("origin", format!("{text:?}: {why}"));
        within("origin", text.len(), limits::ORIGIN)?;
        let (scheme, rest) = text.split_once("://").ok_or_else(|| fault("it does not begin with https://"))?;
        let own_port = match scheme {
            "https" => "443",
            "http" => "80",
            _ => return Err(fault("it does not begin with https://")),
        };
        let (host, port) = rest.split_once(':').map_or((rest, None), |(host, port)| (host, Some(port)));
        if !is_host(host) {
            return Err(fault("the host is not a name in lower case, and nothing may follow it but a port"));
        }
        if port.is_some_and(|port| port == own_port || !is_port(port)) {
            return Err(fault("the port is the scheme's own, or not a port"));
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_host(host: &str) -> bool {
    let label = |part: &str| {
        !part.is_empty()
            && part.len() <= 63
            && !part.starts_with('-')
            && !part.ends_with('-')
            && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    host.len() <= 253 && host.split('.').all(label) && !is_number_in_disguise(host)
}

/// Whether resolvers may take a host for an address though it is not written as one: `2130706433`, `0x7f.1`, `127.1` (WHATWG URL,
/// *ends in a number*). An address in its usual spelling is none.
fn is_number_in_disguise(host: &str) -> bool {
    let last = host.rsplit('.').next().unwrap_or(host);
    let is_hexadecimal = last.strip_prefix("0x").is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_hexdigit()));
    let ends_in_a_number = is_hexadecimal || last.bytes().all(|b| b.is_ascii_digit());
    ends_in_a_number && host.parse::<std::net::Ipv4Addr>().is_err()
}

fn is_port(port: &str) -> bool {
    !port.starts_with('0') && port.bytes().all(|b| b.is_ascii_digit()) && port.parse::<u16>().is_ok()
}

/// To whom a log goes. Everybody in a channel's audience receives the whole log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Channel {
    /// The node's key events: for everybody.
    Keys,
    /// What everybody may read.
    Public,
    /// What the members of the hub's roll may read.
    Affiliates,
}

impl Channel {
    /// All channels of protocol 1, in the order in which they are brought to a peer: keys first.
    pub const ALL: [Self; 3] = [Self::Keys, Self::Public, Self::Affiliates];

    /// The channel's name in log names and addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Keys => "keys",
            Self::Public => "public",
            Self::Affiliates => "affiliates",
        }
    }

    /// Whether the channel is served to members of the roll only.
    pub fn is_for_members(self) -> bool {
        self == Self::Affiliates
    }
}

impl FromStr for Channel {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        Self::ALL
            .into_iter()
            .find(|channel| channel.as_str() == text)
            .ok_or_else(|| Fault::malformed("channel", format!("{text:?} is none of keys, public, affiliates")))
    }
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One log: all that one node says in one channel during one epoch.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LogId {
    /// The node that writes the log.
    pub origin: Origin,
    /// Its audience.
    pub channel: Channel,
    /// From 1; the next epoch is the only legal discontinuity.
    pub epoch: u64,
}

impl LogId {
    /// A log of the given node.
    pub fn new(origin: Origin, channel: Channel, epoch: u64) -> Self {
        Self { origin, channel, epoch }
    }

    /// The log's name, which is the origin line of its checkpoints (C2SP `tlog-checkpoint`):
    /// `{host[:port]}/log/{channel}/{epoch}`.
    pub fn name(&self) -> String {
        format!("{}/log/{}/{}", self.origin.host_port(), self.channel, self.epoch)
    }

    /// The IRI of the change-set at index `seq`.
    pub fn change_set_iri(&self, seq: u64) -> String {
        format!("{}/log/{}/{}/{seq}", self.origin, self.channel, self.epoch)
    }

    /// The log of this node that bears a name.
    ///
    /// # Errors
    /// [`Fault::Malformed`] for another node's, or a name of another form.
    pub fn named(origin: &Origin, name: &str) -> Result<Self, Fault> {
        let fault = || Fault::malformed("log name", format!("{name:.100} is none of a log of {origin}"));
        let path = name.strip_prefix(origin.host_port()).ok_or_else(fault)?;
        let (log, _) = Self::of_change_set(&format!("{origin}{path}/0")).map_err(|_| fault())?;
        if log.origin == *origin { Ok(log) } else { Err(fault()) }
    }

    /// Reads the IRI of a change-set into its log and index.
    ///
    /// # Errors
    /// [`Fault::Malformed`] when it is not of the form `{origin}/log/{channel}/{epoch}/{seq}`.
    pub fn of_change_set(iri: &str) -> Result<(Self, u64), Fault> {
        let fault = || {
            Fault::malformed("change-set IRI", format!("{iri:?} is not {{origin}}/log/{{channel}}/{{epoch}}/{{seq}}"))
        };
        let (origin, path) = iri.split_once("/log/").ok_or_else(fault)?;
        let mut parts = path.split('/');
        let (Some(channel), Some(epoch), Some(seq), None) = (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(fault());
        };
        let log = Self::new(origin.parse()?, channel.parse()?, number(epoch)?);
        if log.epoch == 0 {
            return Err(fault());
        }
        Ok((log, number(seq)?))
    }
}

impl fmt::Display for LogId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name())
    }
}

/// Reads a number in its one spelling: decimal, without a sign and without a leading zero.
///
/// # Errors
/// [`Fault::Malformed`] for another spelling, or above [`limits::NUMBER`].
pub(crate) fn number(text: &str) -> Result<u64, Fault> {
    let fault = || Fault::malformed("number", format!("{text:?} is not a whole number from 0 to 2^53 - 1"));
    let value: u64 = text.parse().map_err(|_| fault())?;
    if value > limits::NUMBER || value.to_string() != text {
        return Err(fault());
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_is_found_by_its_name() {
        let origin: Origin = "https://pes.example.org:8443".parse().unwrap();
        for channel in Channel::ALL {
            let log = LogId::new(origin.clone(), channel, 7);
            assert_eq!(LogId::named(&origin, &log.name()).unwrap(), log);
        }
        for bad in [
            "",
            "pes.example.org/log/public/1",
            "pes.example.org:8443/log/public",
            "pes.example.org:8443/log/public/0",
            "pes.example.org:8443/log/public/01",
            "pes.example.org:84434/log/public/1",
            "pes.example.org:8443.evil.test/log/public/1",
            "pes.example.org:8443/log/secret/1",
            "other.test/log/public/1",
        ] {
            assert!(LogId::named(&origin, bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_origin_has_one_spelling() {
        for good in [
            "https://pes.example.org",
            "https://pes.example.org:8443",
            "http://localhost:8081",
            "https://sel-05.example",
            "http://127.0.0.1:80800",
        ] {
            let taken = good.parse::<Origin>();
            assert_eq!(taken.is_ok(), !good.ends_with("80800"), "{good}");
        }
        for bad in [
            "",
            "pes.example.org",
            "ftp://pes.example.org",
            "https://",
            "https://Pes.example.org",
            "https://pes.example.org/",
            "https://pes.example.org:443",
            "http://pes.example.org:80",
            "https://pes.example.org:",
            "https://pes.example.org:0",
            "https://pes.example.org:08",
            "https://pes.example.org:+1",
            "https://user@pes.example.org",
            "https://pes..org",
            "https://-pes.org",
            "https://pes-.org",
            "https://pes.example.org?x",
            "https://pes.example.org#x",
            "https://p\u{e9}s.org",
            "https://[::1]",
            "https://2130706433",
            "https://0x7f000001",
            "https://127.1",
            "https://0177.0.0.1",
            "https://pes.0x1",
        ] {
            assert!(bad.parse::<Origin>().is_err(), "{bad} was taken");
        }
        let label = "a".repeat(63);
        assert!(format!("https://{label}.org").parse::<Origin>().is_ok());
        assert!(format!("https://{label}a.org").parse::<Origin>().is_err());
        let host = format!("{label}.{label}.{label}.{}", "a".repeat(61));
        assert!(format!("https://{host}").parse::<Origin>().is_ok());
        assert!(format!("https://{host}a").parse::<Origin>().is_err());
    }

    #[test]
    fn the_parts_of_an_origin() {
        let origin: Origin = "https://pes.example.org:8443".parse().unwrap();
        assert_eq!(origin.host_port(), "pes.example.org:8443");
        assert_eq!(origin.host(), "pes.example.org");
        assert_eq!(origin.note_name(), "pes.example.org:8443/node");
        assert_eq!(origin.to_string(), origin.as_str());
        assert!(origin.is_https());
        let plain: Origin = "http://localhost".parse().unwrap();
        assert_eq!(plain.host(), "localhost");
        assert!(!plain.is_https());
    }

    #[test]
    fn a_change_set_iri_leads_back_to_its_log() {
        let log = LogId::new("https://pes.example.org".parse().unwrap(), Channel::Affiliates, 2);
        assert_eq!(log.name(), "pes.example.org/log/affiliates/2");
        assert_eq!(log.to_string(), log.name());
        let iri = log.change_set_iri(17);
        assert_eq!(iri, "https://pes.example.org/log/affiliates/2/17");
        assert_eq!(LogId::of_change_set(&iri).unwrap(), (log, 17));
        for bad in [
            "https://pes.example.org/log/public/1",
            "https://pes.example.org/log/public/1/2/3",
            "https://pes.example.org/log/secret/1/2",
            "https://pes.example.org/log/public/0/2",
            "https://pes.example.org/log/public/1/02",
            "https://pes.example.org/x/log/public/1/2",
            "https://pes.example.org/log/public/1/-2",
            "https://pes.example.org/log/public/1/9007199254740992",
        ] {
            assert!(LogId::of_change_set(bad).is_err(), "{bad} was taken");
        }
        assert_eq!(number("9007199254740991").unwrap(), limits::NUMBER);
    }

    #[test]
    fn only_the_circle_of_a_hub_is_for_members() {
        let closed: Vec<_> = Channel::ALL.into_iter().filter(|c| c.is_for_members()).collect();
        assert_eq!(closed, [Channel::Affiliates]);
        assert_eq!(Channel::Keys.to_string().parse::<Channel>().unwrap(), Channel::Keys);
        assert!("affiliates-2".parse::<Channel>().is_err());
    }
}
