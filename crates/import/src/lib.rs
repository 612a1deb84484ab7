//! Takes over old files: a table becomes drafts, a draft becomes a record by the rules of a form, and what does not fit is told with its
//! line and column.
//!
//! ```text
//! bytes ─ table ─ layout ─ entry ─┐
//!                                 ├─ plan ─ commit   (or nothing: a preview)
//! what is held here and elsewhere ┘    └─ report
//! ```
//!
//! What is decided is decided in [`plan`], which writes nothing; [`commit`] only carries it out. So a preview tells what will happen.
//!
//! | room | what it does |
//! |---|---|
//! | [`table`] | reads a file: its encoding, its separator, each row with the line it begins on |
//! | [`layout`] | knows the columns of the layouts, and which of them a file has |
//! | [`entry`] | reads a row into a draft, and says what it could not take |
//! | `site`, `cell` | the same of the cells that say where it is, and of numbers |
//! | `address` | postcodes that lost their zero, communes, points |
//! | `wordlist` | words of a file as concepts of our lists, or as tags |
//! | [`held`] | what is held here and elsewhere, by number, SIRET, name and commune |
//! | `filling` | fills what is empty, and nothing else |
//! | [`plan`] | decides what becomes of each row |
//! | [`commit`] | carries a plan out, in groups |
//! | [`members`] | declares what another network holds a member of this one |
//! | [`undo`] | takes a run back |
//! | [`remark`] | what is said of a row, a column, a value |
//! | `sentences` | the same in words, for the terminal |
//! | [`report`] | all that is said of a file |
//! | [`turn`] | lets one import at a time decide and write, whichever program does it |
//! | [`workshop`] | imports beside the pages: a file that was uploaded, what it is at, what came of it |

mod address;
mod cell;
pub mod commit;
pub mod entry;
mod fault;
mod filling;
pub mod held;
pub mod layout;
pub mod members;
pub mod plan;
pub mod remark;
pub mod report;
mod sentences;
mod site;
pub mod table;
pub mod turn;
pub mod undo;
mod wordlist;
pub mod workshop;

pub use entry::Choices;
pub use fault::{ImportError, NoTable};
pub use layout::Layout;
pub use plan::{Pass, Plan};
pub use remark::{Remark, Sort, What};
pub use report::Report;
pub use table::Table;
pub use turn::Turn;
pub use workshop::Workshop;
