//! A small text that is made lasting again and again: two copies in one file, overwritten by turns where they lie.
//!
//! Each copy ends with a seal, its turn and the digest of what stands before; the newer one that is whole counts. What breaks off while a copy is
//! written leaves the other. The road not taken is a new file that takes the place of the old: it waits for the file system's own journal, for its folder as
//! well as for itself, each time anew.

use pes_changeset::commitment::sha256_hex;
use std::fs::File;
use std::io::{Error, ErrorKind, Read as _, Result, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

/// The fewest bytes of a copy: what a file system writes at once.
const LEAST: usize = 4_096;
/// How the line of a seal begins. No line of the text does.
const SEAL: &str = "# ";

/// The file.
#[derive(Debug)]
pub(crate) struct Copies(PathBuf);

/// A copy that is whole.
struct Copy<'a> {
    turn: u64,
    text: &'a str,
}

impl Copies {
    /// In the file at this path; it need not be there.
    pub(crate) fn at(path: PathBuf) -> Self {
        Self(path)
    }

    /// Where they lie.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// The text. A file without any seal is one that somebody else wrote, and is the text.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidData`] where neither copy is whole.
    pub(crate) fn read(&self) -> Result<Option<String>> {
        let Some(all) = self.all()? else { return Ok(None) };
        match newest(&all) {
            Some((copy, _)) => Ok(Some(copy.text.to_owned())),
            None if all.lines().any(|line| line.starts_with(SEAL)) => {
                Err(Error::new(ErrorKind::InvalidData, "neither of its copies is whole"))
            }
            None => Ok(Some(all)),
        }
    }

    /// Puts a text in the place of the one before; when this returns, it lasts.
    ///
    /// # Errors
    /// What the file system says; then the text before is still there.
    pub(crate) fn write(&self, text: &str) -> Result<()> {
        let all = self.all()?.unwrap_or_default();
        let room = all.len() / 2;
        let newest = newest(&all);
        // It is there. Whether it lasts is not known: whoever wrote it may have been stopped.
        if newest.as_ref().is_some_and(|(copy, _)| copy.text == text) {
            return File::open(&self.0)?.sync_data();
        }
        let (turn, is_first) = newest.map_or((0, false), |(copy, is_first)| (copy.turn, is_first));
        match (turn, sealed(text, turn + 1, room)) {
            (1.., Some(copy)) => {
                let mut file = File::options().write(true).open(&self.0)?;
                file.seek(SeekFrom::Start(if is_first { room as u64 } else { 0 }))?;
                file.write_all(copy.as_bytes())?;
                file.sync_data()
            }
            _ => self.begin(text, turn + 1),
        }
    }

    /// Makes the file anew, with room for twice as much.
    fn begin(&self, text: &str, turn: u64) -> Result<()> {
        let room = (text.len() * 2).next_multiple_of(LEAST);
        let copy = sealed(text, turn, room).ok_or_else(|| Error::other("it has no room for a text of this length"))?;
        let new = self.0.with_extension("new");
        let mut file = private(&new)?;
        file.write_all(copy.as_bytes())?;
        file.write_all(copy.as_bytes())?;
        file.sync_all()?;
        std::fs::rename(&new, &self.0)?;
        // Without it the old file might be there again after a power cut.
        #[cfg(unix)]
        File::open(self.0.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")))?
            .sync_all()?;
        Ok(())
    }

    fn all(&self) -> Result<Option<String>> {
        let mut all = Vec::new();
        match File::open(&self.0) {
            Ok(mut file) => file.read_to_end(&mut all)?,
            Err(e) if e.kind() == ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(e),
        };
        // A copy that broke off may be no text; the halves stay as long as they are.
        Ok(Some(all.iter().map(|byte| if byte.is_ascii() { char::from(*byte) } else { '?' }).collect()))
    }
}

/// The newer copy that is whole, and whether it is the first in the file.
fn newest(all: &str) -> Option<(Copy<'_>, bool)> {
    let (first, second) = all.split_at(all.len() / 2);
    match (whole(first), whole(second)) {
        (Some(first), Some(second)) if second.turn > first.turn => Some((second, false)),
        (Some(first), _) => Some((first, true)),
        (None, second) => second.map(|copy| (copy, false)),
    }
}

/// What a copy says, if its seal holds.
fn whole(copy: &str) -> Option<Copy<'_>> {
    let (before, seal) = copy.trim_end().rsplit_once(SEAL)?;
    let (turn, digest) = seal.split_once(' ')?;
    (digest == digest_of(before, turn)).then_some(Copy { turn: turn.parse().ok()?, text: before })
}

/// A text with its seal, as long as its room; `None` where that is too small.
fn sealed(text: &str, turn: u64, room: usize) -> Option<String> {
    let digest = digest_of(text, &turn.to_string());
    let sealed = format!("{text}{SEAL}{turn} {digest}\n");
    (sealed.len() <= room).then(|| format!("{sealed:room$}"))
}

fn digest_of(text: &str, turn: &str) -> String {
    sha256_hex(format!("{text}{turn}").as_bytes())
}

/// A new file that its owner alone reads.
pub(crate) fn private(path: &Path) -> Result<File> {
    let mut options = File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn copies() -> (tempfile::TempDir, Copies) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("heads");
        (folder, Copies::at(file))
    }

    fn read(copies: &Copies) -> Option<String> {
        copies.read().unwrap()
    }

    #[test]
    fn what_was_written_last_is_read_and_the_file_stays_as_it_is() {
        let (_folder, copies) = copies();
        assert_eq!(read(&copies), None);
        copies.write("a 0\n").unwrap();
        let length = std::fs::metadata(copies.path()).unwrap().len();
        for number in 1..=5 {
            copies.write(&format!("a {number}\n")).unwrap();
            assert_eq!(read(&copies), Some(format!("a {number}\n")));
        }
        assert_eq!(std::fs::metadata(copies.path()).unwrap().len(), length, "overwritten where it lies");
        assert!(!copies.path().with_extension("new").exists());
    }

    /// A power cut at whatever byte: the text before or the new one, and the next is written over what is broken.
    #[test]
    fn a_copy_that_breaks_off_leaves_the_one_before() {
        let (_folder, copies) = copies();
        copies.write("a 1\n").unwrap();
        for number in 2..=3 {
            let old = std::fs::read(copies.path()).unwrap();
            copies.write(&format!("a {number}\n")).unwrap();
            let new = std::fs::read(copies.path()).unwrap();
            for cut in 0..old.len() {
                let torn: Vec<u8> = [&new[..cut], &old[cut..]].concat();
                std::fs::write(copies.path(), &torn).unwrap();
                let expected = if torn == new { number } else { number - 1 };
                assert_eq!(read(&copies), Some(format!("a {expected}\n")), "cut at {cut}");
            }
            let mut torn = old.clone();
            torn[if number == 2 { LEAST } else { 0 }] = 0xff;
            std::fs::write(copies.path(), &torn).unwrap();
            copies.write(&format!("a {number}\n")).unwrap();
            assert_eq!(read(&copies), Some(format!("a {number}\n")));
        }
    }

    #[test]
    fn what_is_there_already_is_not_written_again() {
        let (_folder, copies) = copies();
        copies.write("a\n").unwrap();
        let before = std::fs::read(copies.path()).unwrap();
        copies.write("a\n").unwrap();
        assert_eq!(std::fs::read(copies.path()).unwrap(), before);
    }

    #[test]
    fn a_text_that_outgrows_its_room_gets_more() {
        let (_folder, copies) = copies();
        copies.write("a\n").unwrap();
        for length in [3_000, 5_000, 20_000, 1] {
            let text = "a".repeat(length) + "\n";
            copies.write(&text).unwrap();
            assert_eq!(read(&copies), Some(text));
        }
    }

    #[test]
    fn a_plain_text_is_read_and_a_broken_seal_is_not() {
        let (_folder, copies) = copies();
        std::fs::write(copies.path(), "by hand\n").unwrap();
        assert_eq!(read(&copies), Some("by hand\n".into()));
        copies.write("sealed\n").unwrap();
        assert_eq!(read(&copies), Some("sealed\n".into()));
        let text = std::fs::read_to_string(copies.path()).unwrap().replace("sealed", "broken");
        std::fs::write(copies.path(), text).unwrap();
        assert_eq!(copies.read().unwrap_err().kind(), ErrorKind::InvalidData);
    }
}
