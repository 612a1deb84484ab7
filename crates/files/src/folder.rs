//! Files, each called by the digest of what is in it and its ending: the same picture is one file, and a name never means another.

use crate::sort::Sort;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// The endings of pictures.
const PICTURES: [&str; 3] = ["jpg", "png", "webp"];
/// What is being written, or was when the power went.
const UNFINISHED: &str = "part";

/// A folder of pictures and other files.
#[derive(Debug, Clone)]
pub struct Folder(PathBuf);

impl Folder {
    /// The folder at a path; it is made with the first picture.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// The same, and what lies in a folder of a former name is taken along: a move, once.
    ///
    /// # Errors
    /// Whatever the disk says.
    pub fn moved(from: &Path, to: PathBuf) -> io::Result<Self> {
        if !to.exists() {
            none_there(fs::rename(from, &to))?;
        }
        Ok(Self::at(to))
    }

    /// Whether a name is one that a file here may have. No other reaches the disk.
    pub fn is_name(name: &str) -> bool {
        let is_digest =
            |text: &str| text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        name.split_once('.').is_some_and(|(digest, ending)| is_digest(digest) && is_ending(ending))
    }

    /// Keeps bytes under their name, whole or not at all. Once more is no fault.
    ///
    /// # Errors
    /// Whatever the disk says.
    pub fn keep(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let path = self.path(name)?;
        if fs::metadata(&path).is_ok_and(|there| there.len() == bytes.len() as u64) {
            return Ok(());
        }
        fs::create_dir_all(&self.0)?;
        let unfinished = path.with_extension(UNFINISHED);
        let mut file = File::create(&unfinished)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&unfinished, &path)?;
        File::open(&self.0)?.sync_all()
    }

    /// Whether there is a file of this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.path(name).is_ok_and(|path| path.is_file())
    }

    /// What is in a file; `None` where there is none of this name.
    ///
    /// # Errors
    /// Whatever the disk says.
    pub fn open(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        let Ok(path) = self.path(name) else { return Ok(None) };
        none_there(fs::read(path))
    }

    /// Takes a file away; where there is none, nothing.
    ///
    /// # Errors
    /// Whatever the disk says.
    pub fn remove(&self, name: &str) -> io::Result<()> {
        none_there(fs::remove_file(self.path(name)?)).map(drop)
    }

    /// The names of all files that are older than this, those included that were never finished.
    ///
    /// # Errors
    /// Whatever the disk says.
    pub fn older_than(&self, age: Duration) -> io::Result<Vec<String>> {
        let Some(entries) = none_there(fs::read_dir(&self.0))? else { return Ok(Vec::new()) };
        let mut names = Vec::new();
        for entry in entries {
            let entry = entry?;
            let written = entry.metadata()?.modified()?;
            let is_old = SystemTime::now().duration_since(written).is_ok_and(|since| since >= age);
            names.extend(entry.file_name().into_string().ok().filter(|_| is_old));
        }
        Ok(names)
    }

    /// Takes away what was never finished.
    ///
    /// # Errors
    /// Whatever the disk says.
    pub(crate) fn remove_unfinished(&self, name: &str) -> io::Result<()> {
        match Path::new(name).extension().is_some_and(|ending| ending == UNFINISHED) {
            true => none_there(fs::remove_file(self.0.join(name))).map(drop),
            false => Ok(()),
        }
    }

    fn path(&self, name: &str) -> io::Result<PathBuf> {
        match Self::is_name(name) {
            true => Ok(self.0.join(name)),
            false => Err(io::Error::new(io::ErrorKind::InvalidInput, "not the name of a file of ours")),
        }
    }
}

fn is_ending(ending: &str) -> bool {
    PICTURES.contains(&ending) || Sort::of_ending(ending).is_some()
}

fn none_there<T>(found: io::Result<T>) -> io::Result<Option<T>> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(ending: &str) -> String {
        format!("{}.{ending}", "0a".repeat(32))
    }

    #[test]
    fn what_is_kept_is_there_whole_and_once() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::at(place.path().join("files"));
        assert_eq!(folder.open(&name("jpg")).unwrap(), None, "no folder yet");
        assert!(folder.older_than(Duration::ZERO).unwrap().is_empty());
        folder.keep(&name("jpg"), b"points").unwrap();
        folder.keep(&name("jpg"), b"points").unwrap();
        assert_eq!(folder.open(&name("jpg")).unwrap().unwrap(), b"points");
        assert_eq!(folder.older_than(Duration::ZERO).unwrap(), [name("jpg")]);
        assert!(folder.older_than(Duration::from_secs(60)).unwrap().is_empty());
        folder.remove(&name("jpg")).unwrap();
        folder.remove(&name("jpg")).unwrap();
        assert_eq!(folder.open(&name("jpg")).unwrap(), None);
    }

    #[test]
    fn what_lies_in_a_former_folder_is_taken_along_once() {
        let place = tempfile::tempdir().unwrap();
        let (former, now) = (place.path().join("pictures"), place.path().join("files"));
        assert_eq!(Folder::moved(&former, now.clone()).unwrap().open(&name("jpg")).unwrap(), None, "nothing there yet");
        Folder::at(&former).keep(&name("jpg"), b"points").unwrap();
        let folder = Folder::moved(&former, now.clone()).unwrap();
        assert_eq!(folder.open(&name("jpg")).unwrap().unwrap(), b"points");
        Folder::at(&former).keep(&name("png"), b"later").unwrap();
        assert_eq!(Folder::moved(&former, now).unwrap().open(&name("png")).unwrap(), None, "once");
    }

    #[test]
    fn half_a_file_is_written_again_and_tidied_away() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::at(place.path());
        fs::write(place.path().join(name("png")), b"poi").unwrap();
        folder.keep(&name("png"), b"points").unwrap();
        assert_eq!(folder.open(&name("png")).unwrap().unwrap(), b"points");
        fs::write(place.path().join(name(UNFINISHED)), b"poi").unwrap();
        folder.remove_unfinished(&name("png")).unwrap();
        folder.remove_unfinished(&name(UNFINISHED)).unwrap();
        assert_eq!(folder.older_than(Duration::ZERO).unwrap(), [name("png")]);
    }

    #[test]
    fn no_other_name_reaches_the_disk() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::at(place.path().join("files"));
        fs::write(place.path().join("secret.jpg"), b"secret").unwrap();
        let upper = name("jpg").to_uppercase();
        for bad in [
            "",
            "../secret.jpg",
            "secret.jpg",
            &name("svg"),
            &name("html"),
            &name("docm"),
            &name("part"),
            &upper,
            &format!("/{}", name("jpg")),
        ] {
            assert!(!Folder::is_name(bad), "{bad}");
            assert_eq!(folder.open(bad).unwrap(), None);
            assert!(folder.keep(bad, b"x").is_err() && folder.remove(bad).is_err(), "{bad}");
        }
        assert!(["jpg", "png", "webp", "pdf", "odt", "txt"].iter().all(|ending| Folder::is_name(&name(ending))));
    }
}
