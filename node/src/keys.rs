//! The key files: 0600, beside the database and never in it, nor in its backup.

use crate::NodeError;
use pes_changeset::{PublicKey, SecretKey};
use pes_journal::identity::NewKeys;
use pes_store::tokens::{LinkSecret, new_token};
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

const LOG: &str = "log.key";
const TRANSPORT: &str = "transport.key";

/// The keys a running node needs.
#[derive(Debug)]
pub struct Keys {
    /// Signs change-sets, heads and receipts.
    pub log: SecretKey,
    /// Signs requests.
    pub transport: SecretKey,
    /// Makes the tokens of mailed links.
    pub links: LinkSecret,
}

/// The root key's file, where it was not taken away.
pub fn root_file(folder: &Path) -> PathBuf {
    folder.join("root.key")
}

/// Writes the keys of a new node; the root key too unless it is to be printed and forgotten.
///
/// # Errors
/// [`NodeError::File`], also where there are keys already: they are never overwritten.
pub fn write(folder: &Path, keys: &NewKeys, keeps_root: bool) -> Result<(), NodeError> {
    if let Some(file) = found(folder) {
        return Err(NodeError::file(&file, "there are keys already, and keys are never overwritten"));
    }
    private_folder(folder)?;
    let root = keeps_root.then(|| ("root.key", keys.root.expose()));
    let others = [(LOG, keys.log.expose()), (TRANSPORT, keys.transport.expose()), ("links.key", new_token())];
    others.into_iter().chain(root).try_for_each(|(name, text)| write_one(&folder.join(name), &text))
}

/// All key files.
const FILES: [&str; 4] = [LOG, TRANSPORT, "links.key", "root.key"];

/// A key file that is there.
pub fn found(folder: &Path) -> Option<PathBuf> {
    FILES.map(|name| folder.join(name)).into_iter().find(|file| file.exists())
}

/// Takes back the keys of a node that could not be made. Only who has just written them may call this.
pub fn take_back(folder: &Path) {
    for name in FILES {
        drop(fs::remove_file(folder.join(name)));
    }
    // It goes only where nothing else is in it.
    drop(fs::remove_dir(folder));
}

/// Makes a folder that only its owner enters; one that is there already stays as it is.
///
/// # Errors
/// [`NodeError::File`].
pub fn private_folder(folder: &Path) -> Result<(), NodeError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|e| NodeError::file(folder, e))
}

/// Reads the keys of a node.
///
/// # Errors
/// [`NodeError::Key`] with the file and what is wrong with it.
pub fn read(folder: &Path) -> Result<Keys, NodeError> {
    if let Some(name) = [LOG, TRANSPORT].into_iter().find(|name| !folder.join(name).exists()) {
        let why = "it is lost; whoever has the root key exchanges it with `pes keys rotate`, else `pes keys renew` begins anew";
        return Err(NodeError::Key { file: folder.join(name), why: why.into() });
    }
    let links = read_text(&folder.join("links.key"))?;
    if links.len() < 64 {
        return Err(NodeError::Key { file: folder.join("links.key"), why: "it has fewer than 64 characters".into() });
    }
    Ok(Keys {
        log: read_key(&folder.join(LOG))?,
        transport: read_key(&folder.join(TRANSPORT))?,
        links: LinkSecret::new(links),
    })
}

/// Whether a key is lost that the root key can have exchanged: its file is not there.
pub fn is_mislaid(folder: &Path) -> bool {
    [LOG, TRANSPORT].iter().any(|name| !folder.join(name).exists())
}

/// Makes the folder and what else is lost of it, but for the keys that are exchanged. Links that were mailed before count no more.
///
/// # Errors
/// [`NodeError::File`].
pub fn mend(folder: &Path) -> Result<(), NodeError> {
    private_folder(folder)?;
    let links = folder.join("links.key");
    if links.exists() { Ok(()) } else { write_one(&links, &new_token()) }
}

/// Puts new keys beside those in use, while they are being declared.
///
/// # Errors
/// [`NodeError::File`].
pub fn stage(folder: &Path, log: &SecretKey, transport: &SecretKey) -> Result<(), NodeError> {
    // What an exchange that came to nothing left behind.
    unstage(folder)?;
    write_one(&staged(folder, LOG), &log.expose())?;
    write_one(&staged(folder, TRANSPORT), &transport.expose())
}

/// Checks that the keys of a node are lost: that neither its root key nor its log key is in the folder.
///
/// # Errors
/// [`NodeError::Said`] with what to do with the keys that are there.
pub fn check_lost(folder: &Path, log: &PublicKey) -> Result<(), NodeError> {
    let has_log = read_key(&folder.join(LOG)).is_ok_and(|key| key.public() == *log);
    if !has_log && !root_file(folder).exists() {
        return Ok(());
    }
    Err(NodeError::Said(format!(
        "the keys of this node are in {}: exchange them with `pes keys rotate`, or, where somebody else signed, with `pes keys new-epoch`. \
         If the root key is lost and the log key is in other hands, move the folder away first; nothing was changed",
        folder.display()
    )))
}

/// Puts all keys of a node that begins anew beside those in use, if there are any. What the lost log key signed is remembered no longer.
///
/// # Errors
/// [`NodeError::File`].
pub fn stage_all(folder: &Path, keys: &NewKeys, keeps_root: bool) -> Result<(), NodeError> {
    mend(folder)?;
    stage(folder, &keys.log, &keys.transport)?;
    let heads = folder.join("heads");
    if heads.exists() {
        fs::remove_file(&heads).map_err(|e| NodeError::file(&heads, e))?;
    }
    if keeps_root { write_one(&root_file(folder), &keys.root.expose()) } else { Ok(()) }
}

/// Takes back what [`stage_all`] put there, where it was not declared.
///
/// # Errors
/// [`NodeError::File`].
pub fn unstage_all(folder: &Path, kept_root: bool) -> Result<(), NodeError> {
    if kept_root {
        let file = root_file(folder);
        fs::remove_file(&file).map_err(|e| NodeError::file(&file, e))?;
    }
    unstage(folder)
}

/// Takes new keys away that were not declared. Only who has just staged them may call this: another program may be declaring its own.
///
/// # Errors
/// [`NodeError::File`].
pub fn unstage(folder: &Path) -> Result<(), NodeError> {
    for file in [staged(folder, TRANSPORT), staged(folder, LOG)] {
        if file.exists() {
            fs::remove_file(&file).map_err(|e| NodeError::file(&file, e))?;
        }
    }
    Ok(())
}

/// Ends an exchange of keys, also one that was interrupted: new keys are put in use if the database declares them. If not, they are left
/// alone, since they may be about to be.
///
/// # Errors
/// [`NodeError::Key`], [`NodeError::File`].
pub fn settle(folder: &Path, declared: &PublicKey) -> Result<(), NodeError> {
    let new = staged(folder, LOG);
    if !new.exists() || read_key(&new)?.public() != *declared {
        return Ok(());
    }
    // The log key last: as long as it is staged, the exchange is known to be unfinished.
    for name in [TRANSPORT, LOG] {
        let (file, new) = (folder.join(name), staged(folder, name));
        if new.exists() {
            fs::rename(&new, &file).map_err(|e| NodeError::file(&new, e))?;
        }
    }
    Ok(())
}

fn staged(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.new"))
}

/// Reads a secret key as somebody typed it or a file holds it.
///
/// # Errors
/// [`NodeError::Said`].
pub fn secret(text: &str) -> Result<SecretKey, NodeError> {
    text.trim().parse().map_err(|e: pes_changeset::Fault| NodeError::Said(format!("this is no root key: {e}")))
}

fn read_key(file: &Path) -> Result<SecretKey, NodeError> {
    let why = |e: pes_changeset::Fault| NodeError::Key { file: file.to_owned(), why: e.to_string() };
    read_text(file)?.parse().map_err(why)
}

fn read_text(file: &Path) -> Result<String, NodeError> {
    let text = fs::read_to_string(file).map_err(|e| NodeError::Key { file: file.to_owned(), why: e.to_string() })?;
    Ok(text.trim().to_owned())
}

/// A new file that only its owner reads, on disk when this returns.
fn write_one(file: &Path, text: &str) -> Result<(), NodeError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(file).and_then(|mut open| {
        writeln!(open, "{text}")?;
        open.sync_all()
    });
    written.map_err(|e| NodeError::file(file, e))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_and_is_its_owner_s_alone() {
        let folder = tempfile::tempdir().unwrap();
        let keys = NewKeys::generate().unwrap();
        write(folder.path(), &keys, false).unwrap();
        let read = read(folder.path()).unwrap();
        assert_eq!((read.log.public(), read.transport.public()), (keys.log.public(), keys.transport.public()));
        assert!(!root_file(folder.path()).exists());
        #[cfg(unix)]
        for file in fs::read_dir(folder.path()).unwrap() {
            let mode = std::os::unix::fs::PermissionsExt::mode(&file.unwrap().metadata().unwrap().permissions());
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_of_a_node_is_its_owner_s_alone() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("deep/data");
        private_folder(&data).unwrap();
        private_folder(&data).unwrap();
        let mode = std::os::unix::fs::PermissionsExt::mode(&data.metadata().unwrap().permissions());
        assert_eq!(mode & 0o777, 0o700);
        assert!(private_folder(Path::new("/dev/null/data")).is_err());
    }

    /// Whenever the program is stopped in an exchange, what the database declares decides which keys are in use.
    #[test]
    fn an_exchange_of_keys_ends_as_the_database_says() {
        let folder = tempfile::tempdir().unwrap();
        let (old, new) = (NewKeys::generate().unwrap(), NewKeys::generate().unwrap());
        write(folder.path(), &old, false).unwrap();
        let in_use = || read(folder.path()).unwrap();
        stage(folder.path(), &new.log, &new.transport).unwrap();
        settle(folder.path(), &old.log.public()).unwrap();
        assert_eq!(in_use().log.public(), old.log.public(), "it was not declared");
        settle(folder.path(), &new.log.public()).unwrap();
        assert_eq!(in_use().log.public(), new.log.public(), "whoever looked in before has not taken it away");
        stage(folder.path(), &old.log, &old.transport).unwrap();
        unstage(folder.path()).unwrap();
        settle(folder.path(), &old.log.public()).unwrap();
        assert_eq!(in_use().log.public(), new.log.public());
        stage(folder.path(), &new.log, &new.transport).unwrap();
        settle(folder.path(), &new.log.public()).unwrap();
        assert_eq!((in_use().log.public(), in_use().transport.public()), (new.log.public(), new.transport.public()));
        settle(folder.path(), &new.log.public()).unwrap();
        assert!(secret("nonsense").unwrap_err().to_string().contains("no root key"));
        assert_eq!(secret(&format!(" {}\n", old.root.expose())).unwrap().public(), old.root.public());
    }

    #[test]
    fn keys_are_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let keys = NewKeys::generate().unwrap();
        write(folder.path(), &keys, true).unwrap();
        assert!(root_file(folder.path()).exists());
        assert!(write(folder.path(), &NewKeys::generate().unwrap(), true).is_err());
        assert_eq!(read(folder.path()).unwrap().log.public(), keys.log.public());
        // One that is left is enough: what it signed is still around.
        fs::remove_file(folder.path().join("log.key")).unwrap();
        assert!(write(folder.path(), &NewKeys::generate().unwrap(), false).is_err());
        assert!(!folder.path().join("log.key").exists(), "nothing is half written");
    }

    #[test]
    fn keys_that_are_taken_back_leave_nothing_but_what_was_there_before() {
        let folder = tempfile::tempdir().unwrap();
        let keys = folder.path().join("data/keys");
        write(&keys, &NewKeys::generate().unwrap(), true).unwrap();
        take_back(&keys);
        assert!(!keys.exists());
        write(&keys, &NewKeys::generate().unwrap(), true).unwrap();
        fs::write(keys.join("other"), "").unwrap();
        take_back(&keys);
        assert!(found(&keys).is_none() && keys.join("other").exists());
    }

    #[test]
    fn a_spoilt_or_missing_file_is_named() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &NewKeys::generate().unwrap(), false).unwrap();
        fs::write(folder.path().join("log.key"), "nonsense").unwrap();
        assert!(read(folder.path()).unwrap_err().to_string().contains("log.key"));
        fs::remove_file(folder.path().join("links.key")).unwrap();
        assert!(read(folder.path()).unwrap_err().to_string().contains("links.key"));
    }
}
