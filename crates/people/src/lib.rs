//! People: who signs in here, what they may do, what they wrote to each other. Ours alone; nothing of it federates.
//!
//! | room | what it does |
//! |---|---|
//! | [`sign_up`] | makes accounts |
//! | [`sign_in`] | passwords and sessions |
//! | [`viewer`] | who somebody is to this node, and how far they see |

mod fault;
pub mod password;
pub mod sign_in;
pub mod sign_up;
pub mod viewer;

pub use fault::PeopleError;
pub use viewer::Viewer;

use pes_store::Store;

/// A handle to the people of one node. Cloning it is shallow.
#[derive(Debug, Clone)]
pub struct People {
    pub(crate) store: Store,
}

impl People {
    /// The people of the node whose database this is.
    pub fn new(store: Store) -> Self {
        Self { store }
    }
}
