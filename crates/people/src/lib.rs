//! People: who signs in here, what they may do, what they wrote to each other. Ours alone; nothing of it federates.
//!
//! | room | what it does |
//! |---|---|
//! | [`sign_up`] | makes accounts |
//! | [`sign_in`] | passwords and sessions |
//! | [`roster`] | accounts as animators see to them: found, accepted, given roles |
//! | [`reports`] | what visitors say against records |
//! | [`claims`] | taking over a sheet that nobody speaks for: letters to its own address, and their links |
//! | [`conversations`] | answers to records, and what follows |
//! | [`letters`] | messages on their way to other nodes |
//! | [`upkeep`] | what the operator does with accounts |
//! | [`viewer`] | who somebody is to this node, and how far they see |

pub mod claims;
pub mod conversations;
mod fault;
pub mod letters;
pub mod password;
pub mod reports;
pub mod roster;
pub mod sign_in;
pub mod sign_up;
pub mod upkeep;
pub mod viewer;

pub use fault::PeopleError;
pub use viewer::Viewer;

use pes_store::Store;
use pes_store::tokens::LinkSecret;

/// A handle to the people of one node. Cloning it is shallow.
#[derive(Debug, Clone)]
pub struct People {
    pub(crate) store: Store,
    /// The origin of this node.
    pub(crate) origin: String,
    pub(crate) links: LinkSecret,
}

impl People {
    /// The people of the node at this origin, whose database this is; `links` makes the tokens of mailed links.
    pub fn new(store: Store, origin: impl Into<String>, links: LinkSecret) -> Self {
        Self { store, origin: origin.into(), links }
    }

    /// The database, for reading.
    pub fn store(&self) -> &Store {
        &self.store
    }
}
