//! `pes keys renew`, `pes hub invite --anew` and `pes leave` on the terminal.

use crate::desk::Desk;
use std::path::Path;

#[test]
fn who_has_keys_does_not_begin_anew_and_who_has_none_does() {
    let desk = Desk::with_node();
    let keys = desk.path().join("data/keys");
    let renew = || desk.told(&["keys", "renew", "--yes"]);
    for left in ["root.key", "log.key"] {
        let (is_well, said) = renew();
        assert!(!is_well && said.contains("pes keys rotate") && said.contains("nothing was changed"), "{left}: {said}");
        std::fs::remove_file(keys.join(left)).unwrap();
    }
    assert!(!desk.told(&["keys", "renew"]).0, "nobody has agreed");
    assert!(!desk.told(&["verify"]).0, "without its log key it is of no use");
    let (is_well, said) = renew();
    assert!(is_well && said.contains("Its node-id was") && said.contains("keys/root.key"), "{said}");
    assert!(desk.told(&["verify"]).0);
    let (is_well, said) = renew();
    assert!(!is_well && said.contains("pes keys rotate"), "{said}");
    assert!(keys.join("heads").exists(), "what it signs is remembered from the first change-set on");
    std::fs::remove_dir_all(&keys).unwrap();
    assert!(renew().0, "without the whole folder too");
    assert!(desk.told(&["verify"]).0);
}

/// The root key is what counts: by it the others are exchanged, also where they are lost.
#[test]
fn who_has_the_root_key_exchanges_the_keys_that_are_lost() {
    let desk = Desk::with_node();
    let keys = desk.path().join("data/keys");
    for lost in ["log.key", "transport.key"] {
        std::fs::remove_file(keys.join(lost)).unwrap();
        let (is_well, said) = desk.told(&["verify"]);
        assert!(!is_well && said.contains(lost) && said.contains("pes keys rotate"), "{said}");
        let (is_well, said) = desk.told(&["keys", "rotate"]);
        assert!(is_well && said.contains("were exchanged"), "{said}");
        assert!(desk.told(&["verify"]).0);
    }
    let root = desk.path().join("printed");
    std::fs::rename(keys.join("root.key"), &root).unwrap();
    std::fs::remove_dir_all(&keys).unwrap();
    let other = desk.path().join("other");
    std::fs::write(&other, pes_changeset::SecretKey::generate().unwrap().expose()).unwrap();
    let with = |key: &Path| desk.told(&["keys", "new-epoch", "--root-key", key.to_str().unwrap()]);
    let (is_well, said) = with(&other);
    assert!(!is_well && said.contains("not the root key of this node"), "{said}");
    let (is_well, said) = with(&root);
    assert!(is_well && said.contains("All logs begin again"), "{said}");
    assert!(desk.told(&["verify"]).0);
}

#[test]
fn only_a_member_is_invited_anew_and_only_a_hub_is_left() {
    let desk = Desk::with_node();
    let (is_well, said) = desk.told(&["hub", "invite", "--anew", "Mesclun"]);
    assert!(!is_well && said.contains("no member is called Mesclun"), "{said}");
    let (is_well, said) = desk.told(&["leave", "https://pes.hub.example", "--yes"]);
    assert!(!is_well && said.contains("follows no hub"), "{said}");
    assert!(!desk.told(&["leave", "https://x.example", "--stay", "--without-waiting"]).0);
}
