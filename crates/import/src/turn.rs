//! The turn to import: over one node, one import at a time decides over what is held and writes. The node may run beside it.

use crate::ImportError;
use std::fs::{File, TryLockError};
use std::path::Path;

/// The turn, held until it is dropped, and given back by the system where its program ends.
#[derive(Debug)]
pub struct Turn {
    _file: File,
}

impl Turn {
    /// Takes the turn of the node in this folder. Whoever asks, another program or another page, has to wait for its end.
    ///
    /// # Errors
    /// [`ImportError::Busy`], [`ImportError::File`].
    pub fn take(data: &Path) -> Result<Self, ImportError> {
        let path = data.join("import.lock");
        let file = File::create(&path).map_err(|why| ImportError::File(path.clone(), why))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(ImportError::Busy),
            Err(TryLockError::Error(why)) => Err(ImportError::File(path, why)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_has_it_at_a_time_and_gives_it_back() {
        let folder = tempfile::tempdir().unwrap();
        let turn = Turn::take(folder.path()).unwrap();
        assert!(matches!(Turn::take(folder.path()), Err(ImportError::Busy)));
        drop(turn);
        drop(Turn::take(folder.path()).unwrap());
        assert!(matches!(Turn::take(&folder.path().join("nowhere")), Err(ImportError::File(..))));
    }
}
