//! Pictures of records: made anew from what was sent or fetched, kept as files beside the database, dropped when no record names them.
//!
//! Nothing that came from outside is ever served: what is served was drawn here, point by point, without whatever else the file held.
//!
//! | room | what it holds |
//! |---|---|
//! | [`made`] | a picture decoded within limits, turned upright, drawn smaller, written anew |
//! | [`folder`] | files, each called by the digest of what is in it |
//! | [`motif`] | drawings by code, for the demonstration and for tests |
//! | [`album`] | which file is whose: what comes in, what goes out again |

pub mod album;
pub mod folder;
pub mod made;
pub mod motif;

pub use album::{Album, AlbumError};
pub use folder::Folder;
pub use made::{Made, Refused};
pub use pes_store::pictures::Named;
