//! What the program asks of the machine it runs on.

use std::process::Command;

/// A bare machine has neither libpq nor OpenSSL nor SQLite: the program brings along what it needs of them.
#[cfg(target_os = "linux")]
#[test]
fn nothing_but_the_system_is_linked() {
    let output = Command::new("ldd").arg(env!("CARGO_BIN_EXE_pes")).output().unwrap();
    let linked = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && linked.contains("libc.so"), "{linked}");
    for library in ["libpq", "libssl", "libcrypto", "libsqlite"] {
        assert!(!linked.contains(library), "the program links what it should bring along:\n{linked}");
    }
}
