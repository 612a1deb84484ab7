//! Pictures are drawn anew, kept and let go.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod drawing;
mod keeping;
mod making;
