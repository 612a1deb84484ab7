//! What records name and do not hold, pictures and other files: looked at when it was sent or fetched, kept beside the database, dropped when no
//! record names it.
//!
//! No picture that came from outside is ever served: what is served was drawn here, point by point, without whatever else the file held. Other files
//! are given on as they came, so only a few sorts are taken, none of which a browser runs.
//!
//! | room | what it holds |
//! |---|---|
//! | [`made`] | a picture decoded within limits, turned upright, drawn smaller, written anew |
//! | [`sort`] | which sorts of files are taken, and how each is told |
//! | `archive` | what a ZIP archive lists |
//! | [`folder`] | files, each called by the digest of what is in it |
//! | [`motif`] | drawings by code, for the demonstration and for tests |
//! | [`cabinet`] | which file is whose: what comes in, what goes out again |

mod archive;
pub mod cabinet;
pub mod folder;
pub mod made;
pub mod motif;
pub mod sort;

pub use cabinet::{Cabinet, CabinetError, Sender};
pub use folder::Folder;
pub use made::{Made, Refused};
pub use pes_store::files::Named;
pub use sort::{Sort, Unfit};
