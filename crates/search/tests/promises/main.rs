//! What the index promises, a test a promise, over a few invented structures.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod bed;
mod facets;
mod keeping;
mod lists;
mod models;
mod order;
mod places;
mod points;
mod readers;
mod searches;
mod suggestions;
mod voices;
mod words;
