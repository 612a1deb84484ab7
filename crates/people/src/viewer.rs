//! Who somebody is to this node, and how far they see.

use pes_domain::audience::Reader;
use pes_domain::{Audience, Body, RecordIri};
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
    /// The accounts of those who write for the network or work for it, for one who writes for it; otherwise empty.
    pub team: Vec<String>,
}

impl Viewer {
    /// Whether they work for the network.
    pub fn is_animator(&self) -> bool {
        self.account.role >= Role::Animator
    }

    /// Whether they write for the network: what they write is shown at once.
    pub fn is_editor(&self) -> bool {
        self.account.role >= Role::Editor
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

    /// Whether they wrote a record of this node.
    pub fn is_author(&self, own: &OwnRecord) -> bool {
        own.author.as_deref() == Some(self.account.id.as_str())
    }

    /// Whether they may change a record of this node: its author, who may edit it, the animators, and of what is the network's own its editors.
    pub fn may_change(&self, own: &OwnRecord) -> bool {
        self.is_animator() || self.is_author(own) || self.edits(&own.record.iri) || self.edits_for_the_network(own)
    }

    /// Whether a record is the network's own and theirs to look after: news, an event or a document that one of its team wrote, in no
    /// structure's name, and not for its author's eyes alone.
    fn edits_for_the_network(&self, own: &OwnRecord) -> bool {
        let is_of_its_kinds = matches!(own.record.body, Body::Article(_) | Body::Event(_) | Body::Document(_));
        let speaks_for_none = own.record.body.speaks_for().is_none_or(|structure| structure.iri.is_none());
        let is_of_the_team = own.author.as_ref().is_some_and(|author| self.team.contains(author));
        is_of_its_kinds && speaks_for_none && is_of_the_team && own.record.audience > Audience::Private
    }

    /// Whether they may know what was decided of a record, and in which words: its author, those who edit the structure it speaks for, and the
    /// animators.
    pub fn hears_of(&self, own: &OwnRecord) -> bool {
        let speaks_for = own.record.body.speaks_for().and_then(|structure| structure.iri.as_ref());
        let edits = self.edits(&own.record.iri) || speaks_for.is_some_and(|structure| self.edits(structure));
        self.is_animator() || self.is_author(own) || edits
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
