//! Where the program is called as an operator calls it, and what it then says.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// A folder in which the program is called.
pub struct Desk(tempfile::TempDir);

/// What a command said.
#[derive(Debug)]
pub struct Said {
    pub is_well: bool,
    pub out: String,
    pub err: String,
}

impl From<Output> for Said {
    fn from(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Self { is_well: output.status.success(), out: text(output.stdout), err: text(output.stderr) }
    }
}

impl Desk {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// A desk with a node on it.
    pub fn with_node() -> Self {
        let desk = Self::new();
        assert!(desk.pes(&["init", "--origin", "https://pes.example.org", "--name", "Réseau d’essai"]).is_well);
        desk
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pes"));
        command.current_dir(self.path()).args(args).env_remove("RUST_LOG");
        command
    }

    pub fn pes(&self, args: &[&str]) -> Said {
        self.command(args).output().unwrap().into()
    }

    /// Whether it went well, and all that was said.
    pub fn told(&self, args: &[&str]) -> (bool, String) {
        let said = self.pes(args);
        (said.is_well, said.out + &said.err)
    }

    pub fn pes_with_input(&self, args: &[&str], input: &str) -> Said {
        let mut child =
            self.command(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        child.wait_with_output().unwrap().into()
    }

    pub fn settings(&self, text: &str) {
        std::fs::write(self.path().join("pes.toml"), text).unwrap();
    }
}
