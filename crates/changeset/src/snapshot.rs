//! A snapshot: the state of a log's records before a place of it, as its author committed to it.
//!
//! Its members are the change-sets that brought that state, one for each record that was ever in the log: live, withdrawn, deleted.
//! Each proves itself; that none is missing shows when all are in. So it matters not from whom they come.

use crate::state_digest::StateDigest;
use crate::{Act, ChangeSet, Fault, LogId};

/// What stands for a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Snapshot {
    /// The digest of the state ([`crate::state_digest`]).
    pub digest: [u8; 32],
    /// The number of its lines.
    pub size: u64,
}

/// The members of a snapshot, as they come in.
#[derive(Debug, Clone)]
pub struct Members {
    log: LogId,
    seq: u64,
    expected: Snapshot,
    digest: StateDigest,
    size: u64,
    last: String,
}

impl Members {
    /// Those of the snapshot that this change-set declares; whether it is its author's is for its reader to verify.
    ///
    /// # Errors
    /// [`Fault::Malformed`] when it declares none.
    pub fn of(change_set: &ChangeSet) -> Result<Self, Fault> {
        let header = change_set.header();
        let Act::Snapshot(expected) = header.act else {
            return Err(Fault::malformed("snapshot", "the change-set declares none"));
        };
        Ok(Self {
            log: header.log.clone(),
            seq: header.seq,
            expected,
            digest: StateDigest::default(),
            size: 0,
            last: String::new(),
        })
    }

    /// How many there are to be.
    pub fn expected(&self) -> u64 {
        self.expected.size
    }

    /// How many have been taken.
    pub fn taken(&self) -> u64 {
        self.size
    }

    /// The place in the log of the change-set that declares the snapshot.
    pub fn seq(&self) -> u64 {
        self.seq
    }

    /// Takes the next one: in the order of the names of records, each once.
    ///
    /// # Errors
    /// [`Fault::Malformed`] for one that is out of order, of another log, not before the snapshot, or about no record.
    pub fn take(&mut self, member: &ChangeSet) -> Result<(), Fault> {
        let header = member.header();
        let fault = |why: &str| Fault::malformed("snapshot", format!("{} {why}", header.iri()));
        let target = header.act.target().ok_or_else(|| fault("is about no record"))?;
        if header.log != self.log || header.seq >= self.seq {
            return Err(fault("does not stand before it in its log"));
        }
        if target.record <= self.last {
            return Err(fault("is out of order"));
        }
        self.digest.add_left_by(header);
        self.size += 1;
        self.last.clone_from(&target.record);
        Ok(())
    }

    /// Whether these were all.
    ///
    /// # Errors
    /// [`Fault::Malformed`] where they are not what the author committed to.
    pub fn finish(self) -> Result<(), Fault> {
        let found = Snapshot { digest: self.digest.hash(), size: self.size };
        match found == self.expected {
            true => Ok(()),
            false => {
                let Snapshot { size, .. } = self.expected;
                let why = format!("its {} members are not the {size} that its author committed to", self.size);
                Err(Fault::malformed("snapshot", why))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::PROTOCOL;
    use crate::{Channel, Commitment, Header, SecretKey, Target, timestamp};

    fn signed(channel: Channel, seq: u64, act: Act) -> ChangeSet {
        let log = LogId::new("https://pes.example.org".parse().unwrap(), channel, 1);
        let created = timestamp::read("2026-11-25T09:00:00Z").unwrap();
        let header = Header { protocol: PROTOCOL, log, seq, created, save: None, act };
        ChangeSet::sign(&header, &SecretKey::from_seed(&[2; 32])).unwrap()
    }

    fn target(name: &str) -> Target {
        Target {
            record: format!("https://pes.example.org/id/job/{name}"),
            kind: "https://w3id.org/pes/code/kind/job".into(),
            version: 1,
        }
    }

    fn upsert(seq: u64, name: &str) -> ChangeSet {
        let payload = Commitment::to(name.as_bytes()).unwrap();
        signed(Channel::Public, seq, Act::Upsert { on: target(name), payload, expires: None })
    }

    fn snapshot(seq: u64, members: &[&ChangeSet]) -> ChangeSet {
        let mut digest = StateDigest::default();
        for member in members {
            digest.add_left_by(member.header());
        }
        let size = members.len() as u64;
        signed(Channel::Public, seq, Act::Snapshot(Snapshot { digest: digest.hash(), size }))
    }

    fn taken(declared: &ChangeSet, members: &[&ChangeSet]) -> Result<(), Fault> {
        let mut taking = Members::of(declared)?;
        members.iter().try_for_each(|member| taking.take(member))?;
        taking.finish()
    }

    #[test]
    fn all_members_are_what_was_committed_to() {
        let gone = signed(Channel::Public, 3, Act::Delete { on: target("b"), replaced_by: None });
        let (first, last) = (upsert(2, "a"), upsert(0, "c"));
        let declared = snapshot(4, &[&first, &gone, &last]);
        taken(&declared, &[&first, &gone, &last]).unwrap();
        let members = Members::of(&declared).unwrap();
        assert_eq!((members.expected(), members.taken(), members.seq()), (3, 0, 4));
        let mut begun = members.clone();
        begun.take(&first).unwrap();
        assert_eq!(begun.taken(), 1);
        taken(&snapshot(0, &[]), &[]).unwrap();
    }

    #[test]
    fn one_that_is_missing_or_exchanged_shows_at_the_end() {
        let (first, second) = (upsert(0, "a"), upsert(1, "b"));
        let declared = snapshot(2, &[&first, &second]);
        let why = taken(&declared, &[&first]).unwrap_err().to_string();
        assert!(why.contains("its 1 members are not the 2"), "{why}");
        assert!(taken(&declared, &[&first, &upsert(1, "c")]).is_err());
        assert!(taken(&declared, &[]).is_err());
    }

    #[test]
    fn a_member_stands_before_the_snapshot_in_its_log_and_is_about_a_record() {
        let (first, second) = (upsert(0, "a"), upsert(1, "b"));
        let declared = snapshot(2, &[&first, &second]);
        let refused = |members: &[&ChangeSet], why: &str| {
            let fault = taken(&declared, members).unwrap_err().to_string();
            assert!(fault.contains(why), "{fault}");
        };
        refused(&[&second, &first], "out of order");
        refused(&[&first, &first], "out of order");
        refused(&[&upsert(2, "a")], "does not stand before it");
        let elsewhere = signed(Channel::Affiliates, 0, Act::Withdraw { on: target("a") });
        refused(&[&elsewhere], "does not stand before it");
        refused(&[&snapshot(0, &[])], "about no record");
        assert!(Members::of(&first).is_err());
    }
}
