//! The crier: takes the notices and words that are due, writes them out as mails, and marks them sent.
//!
//! What is due is a row, so nothing is forgotten over a stop; it is marked after the mail server took it, so a crash in between
//! sends twice rather than never.
//!
//! | room | what it does |
//! |---|---|
//! | [`crier`] | what is due at once, to whom, and how many a day |
//! | `digest` | what goes out in one mail: each day, each week |
//! | `takeover` | letters to structures that nobody speaks for, at a gentle pace |
//! | [`letter`] | a mail before it is written out: sentences and links |
//! | [`post`] | writes a mail out, and gives it to the mail server |

pub mod crier;
mod digest;
mod fault;
pub mod letter;
pub mod post;
mod takeover;

pub use crier::{Crier, Delivered};
pub use fault::NotifyError;
pub use post::{Post, Sender};
