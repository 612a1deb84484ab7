//! Records become graphs and graphs become records; what a graph says of confidential things stays home.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod canaries;
mod concern;
mod judged;
mod ontology;
mod payload;
mod records;
mod samples;
#[path = "../../../domain/tests/domain/separated/mod.rs"]
mod separated;
mod thesaurus;
