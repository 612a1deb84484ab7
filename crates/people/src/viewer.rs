//! Who somebody is to this node, and how far they see.

use pes_domain::RecordIri;
use pes_domain::audience::Reader;
use pes_store::accounts::{Account, Role};
use pes_store::own_records::OwnRecord;
use pes_store::rights::Right;

/// Somebody who is signed in, with what they may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewer {
    /// Their account.
    pub account: Account,
    /// What they may do for structures.
    pub rights: Vec<Right>,
    /// What each of their forms has to bring back.
    pub csrf: String,
}

impl Viewer {
    /// Whether they work for the network.
    pub fn is_animator(&self) -> bool {
        self.account.role >= Role::Animator
    }

    /// Whether the network has accepted them.
    pub fn is_member(&self) -> bool {
        self.account.is_member(&self.rights)
    }

    /// Whether they may edit a structure's sheet, and write in its name.
    pub fn edits(&self, structure: &RecordIri) -> bool {
        let structure = structure.to_string();
        self.rights.iter().any(|right| right.may_edit && right.is_confirmed && right.structure == structure)
    }

    /// Whether they may change a record of this node: its author, who may edit it, and the animators.
    pub fn may_change(&self, own: &OwnRecord) -> bool {
        let is_author = own.author.as_deref() == Some(self.account.id.as_str());
        self.is_animator() || is_author || self.edits(&own.record.iri)
    }

    /// How far they see of a record of this node.
    pub fn reads_own(&self, own: &OwnRecord) -> Reader {
        if self.may_change(own) {
            Reader::Insider
        } else if self.is_member() {
            Reader::Member
        } else {
            Reader::Anyone
        }
    }

    /// How far they see of records of other nodes.
    pub fn reads_foreign(&self) -> Reader {
        if self.is_member() { Reader::MemberElsewhere } else { Reader::Anyone }
    }
}
