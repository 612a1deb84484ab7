//! Public conformance suites, read in place from the folder that `PES_SHARED` names.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use pes_changeset::tree_proof::{verify_consistency, verify_inclusion};
use pes_changeset::{PublicKey, SecretKey};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// A folder of the suites, or `None` where they are absent: said aloud, and a failure under `CI=true`.
fn suite(name: &str) -> Option<PathBuf> {
    let shared = std::env::var("PES_SHARED").unwrap_or_else(|_| "../shared".into());
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = root.join(shared).join("suites").join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(std::env::var("CI").as_deref() != Ok("true"), "{} is missing", folder.display());
    eprintln!("SKIPPED: {} is missing; PES_SHARED tells where it is", folder.display());
    None
}

fn json_files(folder: &Path) -> Vec<(PathBuf, Value)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(json_files(&path));
        } else {
            let text = std::fs::read_to_string(&path).unwrap();
            found.push((path, serde_json::from_str(&text).unwrap()));
        }
    }
    found
}

/// A hash of the suite. Some cases hold a word in place of a hash: its own hash stands in for it. Some hold
/// nothing at all: `None`, which our types cannot pass on and which counts as refused.
fn hash(value: &Value) -> Option<[u8; 32]> {
    let bytes = BASE64.decode(value.as_str().unwrap()).unwrap();
    match bytes.len() {
        0 => None,
        32 => bytes.try_into().ok(),
        _ => Some(Sha256::digest(&bytes).into()),
    }
}

fn proof(value: &Value) -> Option<Vec<[u8; 32]>> {
    value.as_array().map(Vec::as_slice).unwrap_or_default().iter().map(hash).collect()
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or_else(|| panic!("{value} is no number"))
}

#[test]
fn merkle_inclusion() {
    let Some(folder) = suite("merkle/inclusion") else { return };
    let cases = json_files(&folder);
    assert!(cases.len() >= 90, "only {} cases", cases.len());
    for (path, case) in cases {
        let (index, size) = (number(&case["leafIdx"]), number(&case["treeSize"]));
        let verdict = || {
            let (leaf, root) = (hash(&case["leafHash"])?, hash(&case["root"])?);
            verify_inclusion(index, size, &leaf, &proof(&case["proof"])?, &root).ok()
        };
        assert_eq!(verdict().is_some(), case["wantErr"] == false, "{}", path.display());
    }
}

#[test]
fn merkle_consistency() {
    let Some(folder) = suite("merkle/consistency") else { return };
    let cases = json_files(&folder);
    assert!(cases.len() >= 90, "only {} cases", cases.len());
    for (path, case) in cases {
        let verdict = || {
            let (old, new) = (hash(&case["root1"])?, hash(&case["root2"])?);
            let (old, new) = ((number(&case["size1"]), &old), (number(&case["size2"]), &new));
            verify_consistency(old, new, &proof(&case["proof"])?).ok()
        };
        assert_eq!(verdict().is_some(), case["wantErr"] == false, "{}", path.display());
    }
}

/// The intermediate values of the W3C's test vectors: the hashes, their order, and the signature over them.
#[test]
fn eddsa_rdfc_2022() {
    let Some(folder) = suite("eddsa-rdfc-2022") else { return };
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    let keys: Value = serde_json::from_str(&read("keyPair.json")).unwrap();
    let secret: SecretKey = keys["privateKeyMultibase"].as_str().unwrap().parse().unwrap();
    let public: PublicKey = keys["publicKeyMultibase"].as_str().unwrap().parse().unwrap();
    assert_eq!(secret.public(), public);
    let hex = |bytes: &[u8]| bytes.iter().map(|b| format!("{b:02x}")).collect::<String>();
    let sha256 = |name: &str| Sha256::digest(read(name).as_bytes());
    let (options, document) = (sha256("employ/proofCanonDataInt.txt"), sha256("employ/canonDocDataInt.txt"));
    assert_eq!(hex(&options), read("employ/proofHashDataInt.txt").trim());
    assert_eq!(hex(&document), read("employ/docHashDataInt.txt").trim());
    let data = [options, document].concat();
    assert_eq!(hex(&data), read("employ/combinedHashDataInt.txt").trim());
    let signature = secret.sign(&data);
    assert_eq!(hex(&signature), read("employ/sigHexDataInt.txt").trim());
    public.verify("vector", &data, &signature).unwrap();
}
