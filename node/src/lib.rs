//! The program `pes`: one process is one node, and a hub is a node that others follow.
//!
//! | room | what it holds |
//! |---|---|
//! | [`config`] | the settings: one TOML file, every key also from the environment |
//! | [`keys`] | the key files |
//! | [`house`] | a node, opened, and running |
//! | [`download`] | a log, a snapshot or a change-set as files, and what they prove |
//! | `schedule` | what is done each minute, hour and day |
//! | [`commands`] | what the program is told to do |
//! | [`bench`] | what it costs, measured |
//! | [`demo`] | a hub and three networks in one process, with invented data |

pub mod bench;
pub mod commands;
pub mod config;
pub mod demo;
pub mod download;
mod fault;
pub mod house;
mod index;
pub mod keys;
mod schedule;

pub use config::Config;
pub use fault::NodeError;
pub use house::{House, Running};
