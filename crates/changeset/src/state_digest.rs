//! The digest of a state: two nodes that hold the same logs have the same.

use crate::commitment::hex;
use crate::{Channel, Commitment, Header};
use sha2::{Digest, Sha256};

/// Takes the lines of a state in ascending order, live records and deleted ones.
#[derive(Debug, Clone, Default)]
pub struct StateDigest(Sha256);

/// What stands of one record in one channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StateLine<'a> {
    /// The record's IRI.
    pub record: &'a str,
    /// The channel.
    pub channel: Channel,
    /// Epoch and place of the change-set that brought the state.
    pub place: (u64, u64),
    /// The operation's IRI.
    pub operation: &'a str,
    /// The commitment as the header writes it; `-` where there is none.
    pub commitment: &'a str,
}

impl StateDigest {
    /// Takes the next line. Lines are ordered by record, then by the channel's name.
    pub fn add(&mut self, line: StateLine<'_>) {
        let StateLine { record, channel, place: (epoch, seq), operation, commitment } = line;
        self.0.update(format!("{record} {channel} {epoch} {seq} {operation} {commitment}\n"));
    }

    /// Takes the line of what a change-set leaves; one that is about no record leaves none.
    pub fn add_left_by(&mut self, header: &Header) {
        let Some(target) = header.act.target() else { return };
        self.add(StateLine {
            record: &target.record,
            channel: header.log.channel,
            place: (header.log.epoch, header.seq),
            operation: header.act.operation(),
            commitment: &header.act.payload().map_or_else(|| "-".to_owned(), Commitment::digest_text),
        });
    }

    /// The SHA-256 of all lines, in hexadecimal.
    pub fn finish(self) -> String {
        hex(&self.hash())
    }

    /// The SHA-256 of all lines.
    pub fn hash(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_that_of_its_lines() {
        let line =
            StateLine { record: "a:r", channel: Channel::Public, place: (1, 7), operation: "a:op", commitment: "-" };
        let mut digest = StateDigest::default();
        digest.add(line);
        digest.add(StateLine { commitment: "zQm", ..line });
        let lines = "a:r public 1 7 a:op -\na:r public 1 7 a:op zQm\n";
        let expected: String = Sha256::digest(lines).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(digest.finish(), expected);
    }

    #[test]
    fn nothing_has_the_digest_of_nothing() {
        assert!(StateDigest::default().finish().starts_with("e3b0c44298fc1c14"));
    }
}
