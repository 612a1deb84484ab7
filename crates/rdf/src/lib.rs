//! Domain records as graphs, and back.
//!
//! A payload is written by [`write`] and read in two steps: [`Payload::read`] asks what the protocol asks and judges no
//! content; [`Payload::record`] is the one typed reader, run before signing and before showing. Properties it does not
//! know stay in the bytes and are ignored.
//!
//! | room | what it holds |
//! |---|---|
//! | [`terms`] | the IRIs we use, each with one meaning |
//! | [`payload`] | canonical N-Triples, confinement, salt |
//! | `writer`, `reader` | statements of one record, out and in |
//! | `record`, `place`, `contact`, `picture`, `file` and one file a kind | how each is said |
//! | [`thesaurus`] | the code lists of `ontology/` |
//! | [`yardstick`] | what the packages cost by themselves |

mod accord;
mod affiliation;
mod article;
mod call;
mod contact;
mod document;
mod event;
mod exchange;
mod file;
mod job;
mod membership;
pub mod payload;
mod person;
mod picture;
mod place;
mod product;
mod reader;
mod record;
mod refusal;
mod relation;
mod rendering;
mod structure;
mod term;
pub mod terms;
pub mod thesaurus;
mod writer;
pub mod yardstick;

pub use payload::Payload;
pub use record::write;
pub use refusal::Refusal;
pub use thesaurus::{rules, thesaurus};
