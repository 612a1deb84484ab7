//! `pes keys renew`, `pes hub invite --anew` and `pes leave` on the terminal.

use std::path::Path;
use std::process::Command;

/// What a command said, and whether it went well.
fn pes(folder: &Path, args: &[&str]) -> (bool, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_pes")).current_dir(folder).args(args).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(said).unwrap())
}

fn with_node() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    assert!(pes(folder.path(), &["init", "--origin", "https://pes.example.org", "--name", "Essai"]).0);
    folder
}

#[test]
fn who_has_keys_does_not_begin_anew_and_who_has_none_does() {
    let folder = with_node();
    let keys = folder.path().join("data/keys");
    let renew = || pes(folder.path(), &["keys", "renew", "--yes"]);
    for left in ["root.key", "log.key"] {
        let (is_well, said) = renew();
        assert!(!is_well && said.contains("pes keys rotate") && said.contains("nothing was changed"), "{left}: {said}");
        std::fs::remove_file(keys.join(left)).unwrap();
    }
    assert!(!pes(folder.path(), &["keys", "renew"]).0, "nobody has agreed");
    assert!(!pes(folder.path(), &["verify"]).0, "without its log key it is of no use");
    let (is_well, said) = renew();
    assert!(is_well && said.contains("Its node-id was") && said.contains("keys/root.key"), "{said}");
    assert!(pes(folder.path(), &["verify"]).0);
    let (is_well, said) = renew();
    assert!(!is_well && said.contains("pes keys rotate"), "{said}");
    assert!(keys.join("heads").exists(), "what it signs is remembered from the first change-set on");
    std::fs::remove_dir_all(&keys).unwrap();
    assert!(renew().0, "without the whole folder too");
    assert!(pes(folder.path(), &["verify"]).0);
}

/// The root key is what counts: by it the others are exchanged, also where they are lost.
#[test]
fn who_has_the_root_key_exchanges_the_keys_that_are_lost() {
    let folder = with_node();
    let keys = folder.path().join("data/keys");
    for lost in ["log.key", "transport.key"] {
        std::fs::remove_file(keys.join(lost)).unwrap();
        let (is_well, said) = pes(folder.path(), &["verify"]);
        assert!(!is_well && said.contains(lost) && said.contains("pes keys rotate"), "{said}");
        let (is_well, said) = pes(folder.path(), &["keys", "rotate"]);
        assert!(is_well && said.contains("were exchanged"), "{said}");
        assert!(pes(folder.path(), &["verify"]).0);
    }
    let root = folder.path().join("printed");
    std::fs::rename(keys.join("root.key"), &root).unwrap();
    std::fs::remove_dir_all(&keys).unwrap();
    let other = folder.path().join("other");
    std::fs::write(&other, pes_changeset::SecretKey::generate().unwrap().expose()).unwrap();
    let with = |key: &Path| pes(folder.path(), &["keys", "new-epoch", "--root-key", key.to_str().unwrap()]);
    let (is_well, said) = with(&other);
    assert!(!is_well && said.contains("not the root key of this node"), "{said}");
    let (is_well, said) = with(&root);
    assert!(is_well && said.contains("All logs begin again"), "{said}");
    assert!(pes(folder.path(), &["verify"]).0);
}

#[test]
fn only_a_member_is_invited_anew_and_only_a_hub_is_left() {
    let folder = with_node();
    let (is_well, said) = pes(folder.path(), &["hub", "invite", "--anew", "Mesclun"]);
    assert!(!is_well && said.contains("no member is called Mesclun"), "{said}");
    let (is_well, said) = pes(folder.path(), &["leave", "https://pes.hub.example", "--yes"]);
    assert!(!is_well && said.contains("follows no hub"), "{said}");
    assert!(!pes(folder.path(), &["leave", "https://x.example", "--stay", "--without-waiting"]).0);
}
