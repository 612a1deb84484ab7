//! A change-set as JSON-LD, for any verifier of W3C Data Integrity.
//!
//! A rendering at the edge: nothing between nodes reads it. Its context stands in the document, but for the
//! W3C's own, so that a verifier needs to fetch nothing of ours. Turned into RDF it is the signed text again.

use crate::change_set::ChangeSet;
use crate::line::{Line, Object};
use crate::{Fault, terms, timestamp};
use serde_json::{Map, Value, json};

/// The context of W3C Data Integrity, version 2.
pub const DATA_INTEGRITY_CONTEXT: &str = "https://w3id.org/security/data-integrity/v2";

/// Renders a change-set with its proof.
///
/// # Errors
/// [`Fault::Malformed`] never occurs for a change-set that was read; the type says what reading its lines can say.
pub fn render(change_set: &ChangeSet) -> Result<Value, Fault> {
    let mut document = Map::new();
    document.insert("@context".into(), json!([DATA_INTEGRITY_CONTEXT, context()]));
    document.insert("id".into(), change_set.header().iri().into());
    for line in change_set.document().split_terminator('\n') {
        let line = Line::read(line)?;
        let (key, value) = member(&line);
        match document.get_mut(&key) {
            Some(Value::Array(values)) => values.push(value),
            Some(first) => *first = json!([first.take(), value]),
            None => drop(document.insert(key, value)),
        }
    }
    document.insert("proof".into(), proof(change_set));
    Ok(Value::Object(document))
}

/// Short names of our properties and how their values are typed. Properties of a later version are not in it;
/// they are written out in full.
fn context() -> Value {
    let term = |iri: &str, kind: &str| json!({ "@id": iri, "@type": kind });
    let mut context = Map::from_iter([("ChangeSet".to_owned(), Value::from(terms::CHANGE_SET))]);
    for (iri, kind) in TYPED {
        context.insert(name(iri).to_owned(), term(iri, kind));
    }
    for iri in PLAIN {
        context.insert(name(iri).to_owned(), (*iri).into());
    }
    Value::Object(context)
}

const TYPED: &[(&str, &str)] = &[
    (terms::COMMITMENT, terms::MULTIBASE),
    (terms::CREATED, terms::DATE_TIME),
    (terms::EPOCH, terms::INTEGER),
    (terms::EXPIRES, terms::DATE_TIME),
    (terms::IS_REPLACED_BY, "@id"),
    (terms::KIND, "@id"),
    (terms::LOG_KEY, terms::MULTIBASE),
    (terms::NEXT_ROOT_KEY, terms::MULTIBASE),
    (terms::OPERATION, "@id"),
    (terms::PAYLOAD_LENGTH, terms::INTEGER),
    (terms::PREFIX, "@id"),
    (terms::PROTOCOL_NUMBER, terms::INTEGER),
    (terms::RECORD, "@id"),
    (terms::ROOT_KEY, terms::MULTIBASE),
    (terms::SEQ, terms::INTEGER),
    (terms::TRANSPORT_KEY, terms::MULTIBASE),
    (terms::VERSION, terms::INTEGER),
];
const PLAIN: &[&str] = &[terms::LOG, terms::SAVE];

/// The part of an IRI behind its last `#` or `/`.
fn name(iri: &str) -> &str {
    iri.rsplit(['#', '/']).next().unwrap_or(iri)
}

fn member(line: &Line<'_>) -> (String, Value) {
    if line.predicate == terms::TYPE {
        return match line.object {
            Object::Iri(terms::CHANGE_SET) => ("type".into(), "ChangeSet".into()),
            Object::Iri(iri) => ("type".into(), iri.into()),
            Object::Literal { .. } => (terms::TYPE.into(), in_full(&line.object)),
        };
    }
    let kind = TYPED.iter().find(|(iri, _)| *iri == line.predicate).map(|(_, kind)| *kind);
    match (&line.object, kind) {
        (Object::Iri(iri), Some("@id")) => (name(line.predicate).into(), (*iri).into()),
        (Object::Literal { text, datatype: Some(datatype), .. }, Some(kind)) if *datatype == kind => {
            (name(line.predicate).into(), text.as_ref().into())
        }
        (Object::Literal { text, datatype: None, language: None }, None) if PLAIN.contains(&line.predicate) => {
            (name(line.predicate).into(), text.as_ref().into())
        }
        _ => (line.predicate.into(), in_full(&line.object)),
    }
}

fn in_full(object: &Object<'_>) -> Value {
    match object {
        Object::Iri(iri) => json!({ "@id": iri }),
        Object::Literal { text, datatype: Some(datatype), .. } => json!({ "@value": text, "@type": datatype }),
        Object::Literal { text, language: Some(language), .. } => json!({ "@value": text, "@language": language }),
        Object::Literal { text, .. } => json!({ "@value": text }),
    }
}

fn proof(change_set: &ChangeSet) -> Value {
    let header = change_set.header();
    json!({
        "id": format!("{}#proof", header.iri()),
        "type": "DataIntegrityProof",
        "created": timestamp::write(change_set.signed_at()),
        "cryptosuite": "eddsa-rdfc-2022",
        "proofPurpose": "assertionMethod",
        "verificationMethod": header.log.origin.key_iri(change_set.key()),
        "proofValue": change_set.proof_value(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::PROTOCOL;
    use crate::{Act, Channel, Header, KeySet, LogId, SecretKey};

    fn genesis() -> ChangeSet {
        let key = |seed: u8| SecretKey::from_seed(&[seed; 32]);
        let prefixes = vec!["https://pes.example.org/a/".into(), "https://pes.example.org/id/".into()];
        let (root, log, transport) = (key(1).public(), key(2).public(), key(3).public());
        let header = Header {
            protocol: PROTOCOL,
            log: LogId::new("https://pes.example.org".parse().unwrap(), Channel::Keys, 1),
            seq: 0,
            created: timestamp::read("2026-11-23T22:27:06Z").unwrap(),
            save: Some("word".into()),
            act: Act::Genesis(Box::new(KeySet { root, log, transport, prefixes, next_root: None })),
        };
        ChangeSet::sign(&header, &key(1)).unwrap()
    }

    #[test]
    fn a_change_set_reads_well_as_json() {
        let json = render(&genesis()).unwrap();
        assert_eq!(json["id"], "https://pes.example.org/log/keys/1/0");
        assert_eq!(json["type"], "ChangeSet");
        assert_eq!(json["seq"], "0");
        assert_eq!(json["save"], "word");
        assert_eq!(json["operation"], terms::GENESIS);
        assert_eq!(json["prefix"], json!(["https://pes.example.org/a/", "https://pes.example.org/id/"]));
        assert_eq!(json["proof"]["proofValue"], genesis().proof_value());
        assert_eq!(json["@context"][1]["seq"], json!({ "@id": terms::SEQ, "@type": terms::INTEGER }));
        assert_eq!(json["@context"][1]["log"], terms::LOG);
    }

    #[test]
    fn what_a_later_version_says_is_written_in_full() {
        let iri = "https://w3id.org/pes/ns#later";
        let said = |object: &str| {
            let line = format!("<a:s> <{iri}> {object} .");
            let (key, value) = member(&Line::read(&line).unwrap());
            assert_eq!(key, iri);
            value
        };
        assert_eq!(said("<a:o>"), json!({ "@id": "a:o" }));
        assert_eq!(said("\"x\""), json!({ "@value": "x" }));
        assert_eq!(said("\"x\"@fr"), json!({ "@value": "x", "@language": "fr" }));
        assert_eq!(said("\"1\"^^<a:t>"), json!({ "@value": "1", "@type": "a:t" }));
    }

    #[test]
    fn a_short_name_is_used_for_its_own_type_only() {
        let key = |line: &str| member(&Line::read(line).unwrap()).0;
        let version = terms::VERSION;
        assert_eq!(key(&format!("<a:s> <{version}> \"1\"^^<{}> .", terms::INTEGER)), "version");
        assert_eq!(key(&format!("<a:s> <{version}> \"1\" .")), version);
        assert_eq!(key(&format!("<a:s> <{version}> \"1\"^^<a:t> .")), version);
        assert_eq!(key(&format!("<a:s> <{}> \"x\"@fr .", terms::SAVE)), terms::SAVE);
        assert_eq!(key(&format!("<a:s> <{}> \"x\" .", terms::RECORD)), terms::RECORD);
        assert_eq!(
            member(&Line::read(&format!("<a:s> <{}> <a:Later> .", terms::TYPE)).unwrap()),
            ("type".into(), "a:Later".into())
        );
        assert_eq!(key(&format!("<a:s> <{}> \"x\" .", terms::TYPE)), terms::TYPE);
    }
}
