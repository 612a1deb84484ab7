//! All that is said to people: the French catalogue, the template engine that pages and mails are written with, and what people write at length.
//!
//! | room | what it holds |
//! |---|---|
//! | [`catalogue`] | each sentence by its name, in French |
//! | [`engine`] | templates, filled in with what a page shows |
//! | [`dates`] | days and times as the French write them |
//! | [`prose`] | the long texts of records: Markdown as HTML, and as plain text |
//! | [`reason`] | why a record concerns somebody |
//! | `spaces` | the spaces at which no line is broken |
//! | [`yardstick`] | what handlebars costs by itself |
//! | [`takeover`] | what is written to a structure that nobody speaks for yet |

pub mod catalogue;
pub mod dates;
pub mod engine;
pub mod prose;
pub mod reason;
mod spaces;
pub mod takeover;
pub mod yardstick;

pub use catalogue::{Catalogue, Value};
pub use engine::{Engine, WordsError};
