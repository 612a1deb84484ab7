//! The index: one box over every kind of record.
//!
//! It holds nothing that is not held elsewhere, follows what is written within the second, and may be thrown away and made again.
//! It is told of each record what anyone and what members see of it ([`Entry`]), and tells a reader nothing else, in no hit, no
//! count, no suggestion and no point.
//!
//! | room | what it does |
//! |---|---|
//! | [`Index`] | opened, mended, read; its `look`, `suggest` and `points` are rooms of their own |
//! | [`Follower`], `described` | keeps it at what the database holds; what it is told of a record |
//! | [`Writer`] | puts entries in and takes them out, in groups |
//! | [`Query`], [`Found`] | what is asked, and what is answered |
//! | `analyzer` | French text as words that are compared |
//! | `understanding`, `phrase` | what words mean; what is asked of tantivy |
//! | `schema`, `territory` | how an entry lies in the index, and where |
//! | `view`, `sheet`, `memo` | one state of the index and the only way through it; what of it is held in memory; what was told of it |
//! | `filters`, `facets`, `tally` | what was chosen, what is counted and how |
//! | [`Twins`] | structures that may be one, ours and others' |
//! | `ranking`, `sphere` | in what order, and how far away |
//! | [`yardstick`] | what tantivy costs by itself |

mod analyzer;
mod described;
mod entry;
mod facets;
mod fault;
mod filters;
mod follower;
mod index;
mod look;
mod memo;
mod phrase;
mod points;
mod query;
mod ranking;
mod schema;
mod sheet;
mod sphere;
mod suggestion;
mod tally;
mod territory;
mod twins;
mod understanding;
mod view;
mod writer;
pub mod yardstick;

pub use entry::{Entry, Readers};
pub use fault::Fault;
pub use follower::{Followed, Follower, is_level};
pub use index::Index;
pub use query::{
    Bounds, CommuneMeant, DEEPEST, Facet, Found, Hit, Mark, Near, Query, Reader, Sign, Size, Sort, Suggestion,
    Understood, UnderstoodPlace,
};
pub use twins::{Known, Twin, Twins};
pub use writer::Writer;
