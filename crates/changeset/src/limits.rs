//! The limits of protocol 1, in one place. All in bytes unless said otherwise.

/// The header lines of a change-set.
pub const HEADER: usize = 4 * 1024;
/// A whole change-set: header, proof options and proof value.
pub const CHANGE_SET: usize = 8 * 1024;
/// A payload.
pub const PAYLOAD: usize = 64 * 1024;
/// Triples in a payload.
pub const PAYLOAD_TRIPLES: usize = 1_000;
/// One literal of a payload, unescaped.
pub const LITERAL: usize = 16 * 1024;
/// One IRI.
pub const IRI: usize = 2 * 1024;
/// Change-sets in one batch, and in one bundle (C2SP `tlog-tiles`, full width).
pub const BATCH_CHANGE_SETS: usize = 256;
/// Change-sets of one log that are kept ahead of their turn.
pub const EARLY: u64 = 1_024;
/// A batch, framing included.
pub const BATCH: usize = 4 * 1024 * 1024;
/// A signed note: checkpoint, cosignature or erasure receipt.
pub const NOTE: usize = 8 * 1024;
/// An origin, such as `https://pes.example.org`: the longest DNS name, a scheme and a port.
pub const ORIGIN: usize = 268;
/// Seconds between the clocks of two nodes.
pub const CLOCK_SKEW_SECONDS: i64 = 300;
/// The largest number a header may hold: what JSON readers still take exactly (RFC 8259 §6).
pub const NUMBER: u64 = (1 << 53) - 1;

#[cfg(test)]
mod tests {
    /// The table of PROTOCOL.md, in figures: a limit is part of the protocol.
    #[test]
    fn limits_are_those_of_the_protocol() {
        let sizes =
            [super::HEADER, super::CHANGE_SET, super::PAYLOAD, super::LITERAL, super::IRI, super::BATCH, super::NOTE];
        assert_eq!(sizes, [4_096, 8_192, 65_536, 16_384, 2_048, 4_194_304, 8_192]);
        assert_eq!((super::PAYLOAD_TRIPLES, super::BATCH_CHANGE_SETS), (1_000, 256));
        assert_eq!((super::NUMBER, super::CLOCK_SKEW_SECONDS), (9_007_199_254_740_991, 300));
    }
}
