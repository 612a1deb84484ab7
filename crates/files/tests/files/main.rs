//! Pictures are drawn anew, other files looked at; all are kept and let go.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod drawing;
mod keeping;
mod making;
mod office;
mod telling;
