//! One door: what enters is whole, proved and written once; what stops in the middle is as if it had not begun.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod bed;
mod choices;
mod declarations;
mod disk;
mod evidence;
mod gaps;
mod group;
mod in_turn;
mod leaving;
mod messages;
mod moderation;
mod notices;
mod outgoing;
mod publish;
mod rebuild;
mod receive;
mod renewal;
mod roll;
mod rotation;
mod signed_heads;
mod snapshots;
mod stops;
