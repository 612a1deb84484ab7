//! Who this node is: its origin, its node-id, and the keys it signs with.

use pes_changeset::{Fault, Origin, SecretKey};

/// This node, able to sign. The root key is not part of it: it lies away from the machine.
#[derive(Debug, Clone)]
pub struct Identity {
    /// The SHA-256 of the first key event, in hexadecimal.
    pub node_id: String,
    /// The origin, set once when the node was made.
    pub origin: Origin,
    /// The network's name.
    pub name: String,
    /// Signs change-sets, heads and receipts.
    pub log_key: SecretKey,
    /// Signs requests.
    pub transport_key: SecretKey,
}

/// The three keys of a new node.
#[derive(Debug)]
pub struct NewKeys {
    /// Signs key events; to be printed and kept away from the machine.
    pub root: SecretKey,
    /// Signs change-sets, heads and receipts.
    pub log: SecretKey,
    /// Signs requests.
    pub transport: SecretKey,
}

impl NewKeys {
    /// Three new keys from the system's randomness.
    ///
    /// # Errors
    /// [`Fault`] when the system has no randomness to give.
    pub fn generate() -> Result<Self, Fault> {
        Ok(Self { root: SecretKey::generate()?, log: SecretKey::generate()?, transport: SecretKey::generate()? })
    }
}
