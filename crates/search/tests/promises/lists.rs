//! The published code lists, read just well enough to search by them: what reads them in earnest lives in another room.

use pes_domain::thesaurus::Concept;
use pes_domain::{Code, List, Thesaurus};
use std::path::Path;

/// All of them.
pub fn published() -> Thesaurus {
    let read = |list: List| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../ontology/codes/{}.ttl", list.name()));
        let text = std::fs::read_to_string(path).unwrap();
        text.split("\n\n").filter_map(|block| concept(list, block)).collect::<Vec<_>>()
    };
    Thesaurus::new(List::ALL.into_iter().flat_map(read).collect())
}

fn concept(list: List, block: &str) -> Option<Concept> {
    let notation = |line: &str| Some(line.rsplit_once('/')?.1.split_once('>')?.0.to_owned());
    let line = |word: &str| block.lines().find(|line| line.trim_start().starts_with(word));
    let french = |line: &str| -> Vec<String> {
        let pieces: Vec<&str> = line.split('"').collect();
        pieces.windows(2).filter(|pair| pair[1].starts_with("@fr")).map(|pair| pair[0].to_owned()).collect()
    };
    Some(Concept {
        code: Code::new(list, notation(block.lines().find(|line| line.ends_with("a skos:Concept ;"))?)?),
        label: french(line("skos:prefLabel")?).first()?.clone(),
        label_en: String::new(),
        alternatives: line("skos:altLabel").map(french).unwrap_or_default(),
        broader: line("skos:broader ").and_then(notation).map(|above| Code::new(list, above)),
        applies_to: Vec::new(),
    })
}
