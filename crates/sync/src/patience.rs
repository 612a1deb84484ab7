//! How long to wait after a failure: longer each time, and never all at the same moment.

/// The longest wait, in seconds.
pub const LONGEST: i64 = pes_people::letters::LONGEST_WAIT;
/// The shortest wait once the span is the longest: full jitter alone would try a dead peer eight times a day. Those who fell silent at the
/// same moment were scattered on the way here.
const LONG: i64 = 5 * 60 * 60;

/// When to try again after `failures` failures in a row (at least one): a random moment within a span that doubles from two
/// seconds to six hours (full jitter), and from then on in its last hour. `dice` lies between 0 and 1.
pub fn next_try(failures: u64, now: i64, dice: f64) -> i64 {
    let span = 1_i64.checked_shl(u32::try_from(failures).unwrap_or(u32::MAX)).filter(|span| *span > 0);
    let span = span.unwrap_or(LONGEST).min(LONGEST);
    let least = if span == LONGEST { LONG } else { 0 };
    // A span of seconds is far below where f64 loses whole numbers.
    let wait = least + (dice.clamp(0.0, 1.0) * (span - least) as f64).round() as i64;
    now + wait.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_six_hours() {
        let longest = |failures: u64| next_try(failures, 0, 1.0);
        assert_eq!((longest(1), longest(2), longest(3), longest(10)), (2, 4, 8, 1_024));
        assert_eq!((longest(15), longest(63), longest(64), longest(u64::MAX)), (LONGEST, LONGEST, LONGEST, LONGEST));
    }

    #[test]
    fn a_wait_is_never_nothing_and_lies_anywhere_within_its_span() {
        assert_eq!(next_try(10, 100, 0.0), 101);
        assert_eq!(next_try(10, 100, 0.5), 612);
        assert_eq!(next_try(10, 100, 7.0), 1_124);
    }

    /// A peer that is dead for 90 days is asked a few times a day, not a few times a minute, however the dice fall.
    #[test]
    fn a_dead_peer_costs_few_tries() {
        for dice in [0.0, 0.25, 0.5, 0.99] {
            let (mut now, mut failures, mut tries) = (0, 0, 0);
            while now < 90 * 24 * 60 * 60 {
                failures += 1;
                tries += 1;
                now = next_try(failures, now, dice);
            }
            assert!(tries <= 5 * 90, "{tries} with {dice}");
        }
    }
}
