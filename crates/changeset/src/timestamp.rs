//! Times as the protocol writes them: UTC, whole seconds, `2026-11-23T22:27:06Z`.

use crate::Fault;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::{PrimitiveDateTime, UtcDateTime};

const FORMAT: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");

/// Writes a time in the one form the protocol knows. Parts of a second are left out.
pub fn write(at: UtcDateTime) -> String {
    at.format(FORMAT).expect("the format names only parts that a date-time has")
}

/// Reads a time in the one form the protocol knows.
///
/// # Errors
/// [`Fault::Malformed`] for any other form, also one that XML Schema would take for the same instant:
/// a signed text has one spelling.
pub fn read(text: &str) -> Result<UtcDateTime, Fault> {
    let fault = || Fault::malformed("time", format!("{text:?} is not of the form 2026-11-23T22:27:06Z"));
    let at = PrimitiveDateTime::parse(text, FORMAT).map_err(|_| fault())?.as_utc();
    if write(at) != text {
        return Err(fault());
    }
    Ok(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_one_spelling() {
        let text = "2026-11-23T22:27:06Z";
        assert_eq!(write(read(text).unwrap()), text);
        for other in [
            "2026-11-23T22:27:06+00:00",
            "2026-11-23T22:27:06.0Z",
            "2026-11-23 22:27:06Z",
            "2026-02-30T00:00:00Z",
            "2026-1-3T00:00:00Z",
            "+2026-11-23T22:27:06Z",
            "",
        ] {
            assert!(read(other).is_err(), "{other} was taken");
        }
    }
}
