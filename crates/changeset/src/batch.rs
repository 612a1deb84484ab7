//! Change-sets on their way to a peer, in one request body.
//!
//! A batch is a row of frames, each behind its length in four bytes, big-endian: the checkpoint, then for each
//! change-set its text and its payload. A frame of length zero says "none": a payload that is not live (any
//! more), or, in place of the checkpoint, that the batch is of the urgent lane and its change-sets need not
//! follow what the receiver holds.

use crate::bundle::cut;
use crate::fault::within;
use crate::note::Note;
use crate::{ChangeSet, Fault, limits};

/// A change-set with its payload, where it has one to give.
pub type Item = (ChangeSet, Option<Vec<u8>>);

/// A batch, read and within its limits; signatures are not yet verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// The head of the log after (or beyond) these change-sets; `None` on the urgent lane.
    pub checkpoint: Option<Note>,
    /// Change-sets of one log with their payloads, in ascending order.
    pub items: Vec<Item>,
}

impl Batch {
    /// Writes the batch.
    ///
    /// # Errors
    /// [`Fault`] when it passes a limit, or could not be read back.
    pub fn write(&self) -> Result<Vec<u8>, Fault> {
        let mut bytes = Vec::new();
        let checkpoint = self.checkpoint.as_ref().map(Note::write).unwrap_or_default();
        frame(&mut bytes, checkpoint.as_bytes());
        for (change_set, payload) in &self.items {
            frame(&mut bytes, change_set.text().as_bytes());
            frame(&mut bytes, payload.as_deref().unwrap_or_default());
        }
        self.check()?;
        within("batch", bytes.len(), limits::BATCH)?;
        Ok(bytes)
    }

    /// Reads a batch.
    ///
    /// # Errors
    /// [`Fault`] when it passes a limit, is malformed anywhere, mixes logs, or stands out of order.
    pub fn read(bytes: &[u8]) -> Result<Self, Fault> {
        within("batch", bytes.len(), limits::BATCH)?;
        let (checkpoint, mut rest) = unframe(bytes, limits::NOTE)?;
        let checkpoint = if checkpoint.is_empty() { None } else { Some(Note::read(utf8(checkpoint)?)?) };
        let mut items = Vec::new();
        while !rest.is_empty() {
            let (text, after) = unframe(rest, limits::CHANGE_SET)?;
            let (payload, after) = unframe(after, limits::PAYLOAD)?;
            items.push((ChangeSet::read(utf8(text)?)?, (!payload.is_empty()).then(|| payload.to_vec())));
            rest = after;
        }
        let batch = Self { checkpoint, items };
        batch.check()?;
        Ok(batch)
    }

    fn check(&self) -> Result<(), Fault> {
        let fault = |why| Err(Fault::malformed("batch", why));
        if self.items.len() > limits::BATCH_CHANGE_SETS {
            return fault("it holds more than 256 change-sets");
        }
        if self.items.is_empty() && self.checkpoint.is_none() {
            return fault("it holds nothing");
        }
        let headers: Vec<_> = self.items.iter().map(|(change_set, _)| change_set.header()).collect();
        for pair in headers.windows(2) {
            if pair[0].log != pair[1].log {
                return fault("it holds change-sets of two logs");
            }
            let urgent = self.checkpoint.is_none();
            let follows = if urgent { pair[0].seq < pair[1].seq } else { pair[0].seq + 1 == pair[1].seq };
            if !follows {
                return fault("its change-sets do not follow one another");
            }
        }
        Ok(())
    }
}

fn frame(bytes: &mut Vec<u8>, body: &[u8]) {
    let length = u32::try_from(body.len()).unwrap_or(u32::MAX);
    bytes.extend_from_slice(&length.to_be_bytes());
    bytes.extend_from_slice(body);
}

fn unframe(bytes: &[u8], limit: usize) -> Result<(&[u8], &[u8]), Fault> {
    let (length, rest) =
        bytes.split_first_chunk::<4>().ok_or_else(|| Fault::malformed("batch", "it ends within a length"))?;
    cut(rest, u32::from_be_bytes(*length) as usize, limit)
}

fn utf8(bytes: &[u8]) -> Result<&str, Fault> {
    str::from_utf8(bytes).map_err(|_| Fault::malformed("batch", "a text is not UTF-8"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::PROTOCOL;
    use crate::{Act, Channel, Checkpoint, Commitment, Header, LogId, SecretKey, Target, timestamp};

    fn item(log: &str, seq: u64) -> (ChangeSet, Option<Vec<u8>>) {
        let payload = format!("payload {seq}").into_bytes();
        let header = Header {
            protocol: PROTOCOL,
            log: LogId::new(log.parse().unwrap(), Channel::Public, 1),
            seq,
            created: timestamp::read("2026-11-23T22:27:06Z").unwrap(),
            save: None,
            act: Act::Upsert {
                on: Target { record: format!("{log}/id/job/{seq}"), kind: "a:job".into(), version: 1 },
                payload: Commitment::to(&payload).unwrap(),
                expires: None,
            },
        };
        (ChangeSet::sign(&header, &SecretKey::from_seed(&[7; 32])).unwrap(), Some(payload))
    }

    fn head() -> Option<Note> {
        let checkpoint = Checkpoint { log: "pes.example.org/log/public/1".into(), size: 9, root: [3; 32] };
        checkpoint.sign(&SecretKey::from_seed(&[7; 32])).ok()
    }

    const LOG: &str = "https://pes.example.org";

    #[test]
    fn a_batch_survives_the_journey() {
        let mut second = item(LOG, 4);
        second.1 = None;
        for batch in [
            Batch { checkpoint: head(), items: vec![item(LOG, 3), second] },
            Batch { checkpoint: head(), items: vec![] },
            Batch { checkpoint: None, items: vec![item(LOG, 3), item(LOG, 8)] },
        ] {
            assert_eq!(Batch::read(&batch.write().unwrap()).unwrap(), batch);
        }
    }

    #[test]
    fn a_batch_is_of_one_log_and_in_order() {
        let refused =
            |checkpoint: Option<Note>, items: Vec<_>| Batch { checkpoint, items }.write().unwrap_err().to_string();
        assert!(refused(head(), vec![item(LOG, 3), item("https://other.test", 4)]).contains("two logs"));
        assert!(refused(head(), vec![item(LOG, 3), item(LOG, 5)]).contains("follow one another"));
        assert!(refused(head(), vec![item(LOG, 3), item(LOG, 3)]).contains("follow one another"));
        assert!(refused(None, vec![item(LOG, 3), item(LOG, 3)]).contains("follow one another"));
        assert!(refused(None, vec![item(LOG, 4), item(LOG, 3)]).contains("follow one another"));
        assert!(refused(None, vec![]).contains("holds nothing"));
    }

    #[test]
    fn a_batch_is_bounded() {
        let items: Vec<_> = (0..257).map(|seq| item(LOG, seq)).collect();
        let of = |count: usize| Batch { checkpoint: head(), items: items[..count].to_vec() };
        assert!(of(256).write().is_ok());
        assert!(of(257).write().unwrap_err().to_string().contains("256"));
        let fat = |payload: usize| {
            let items = items[..70].iter().map(|(c, _)| (c.clone(), Some(vec![b'x'; payload]))).collect();
            Batch { checkpoint: head(), items }
        };
        assert!(matches!(fat(limits::PAYLOAD).write(), Err(Fault::TooLarge { what: "batch", .. })));
        let padding = vec![0; limits::BATCH + 1];
        assert!(matches!(Batch::read(&padding), Err(Fault::TooLarge { what: "batch", .. })));
        assert!(!matches!(Batch::read(&padding[1..]), Err(Fault::TooLarge { what: "batch", .. })));
    }

    #[test]
    fn a_batch_cut_anywhere_is_refused() {
        let bytes = Batch { checkpoint: head(), items: vec![item(LOG, 3)] }.write().unwrap();
        let empty = 4 + head().unwrap().write().len();
        for end in (0..bytes.len()).filter(|end| *end != empty) {
            assert!(Batch::read(&bytes[..end]).is_err(), "cut at {end}");
        }
        let mut not_text = bytes.clone();
        not_text[10] = 0xff;
        assert!(Batch::read(&not_text).is_err());
    }
}
