//! A record in the syntaxes people ask for. The salt is left out of each.

use crate::Payload;
use crate::payload::Statement;
use crate::term::Value;
use crate::terms::PREFIXES;
use oxjsonld::JsonLdSerializer;
use oxrdf::{GraphName, Literal, NamedNode, Triple};
use sophia::api::prefix::Prefix;
use sophia::api::prelude::*;
use sophia::turtle::parser::nt;
use sophia::turtle::serializer::turtle::{TurtleConfig, TurtleSerializer};

impl Payload {
    /// The record as N-Quads (all in the default graph).
    pub fn n_quads(&self) -> String {
        self.shown().map(Statement::line).collect()
    }

    /// The record as Turtle.
    pub fn turtle(&self) -> String {
        let prefixes = PREFIXES
            .iter()
            .filter_map(|(prefix, iri)| Some((Prefix::new(Box::from(*prefix)).ok()?, Iri::new(Box::from(*iri)).ok()?)));
        let config = TurtleConfig::new().with_pretty(true).with_own_prefix_map(prefixes.collect());
        let mut serializer = TurtleSerializer::new_stringifier_with_config(config);
        let triples = self.n_quads();
        match serializer.serialize_triples(nt::parse_str(&triples)) {
            Ok(written) => written.to_string(),
            // What was read as N-Triples is Turtle too.
            Err(_) => triples,
        }
    }

    /// The record as JSON-LD.
    pub fn json_ld(&self) -> String {
        let mut serializer = JsonLdSerializer::new();
        for (prefix, iri) in PREFIXES {
            serializer = match serializer.with_prefix(*prefix, *iri) {
                Ok(serializer) => serializer,
                Err(_) => return "{}".to_owned(),
            };
        }
        let mut writer = serializer.for_writer(Vec::new());
        for statement in self.shown() {
            if writer.serialize_quad(&triple(statement).in_graph(GraphName::DefaultGraph)).is_err() {
                break;
            }
        }
        writer.finish().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_else(|| "{}".to_owned())
    }
}

fn triple(statement: &Statement) -> Triple {
    let name = |iri: &str| NamedNode::new_unchecked(iri);
    let (subject, predicate) = (name(&statement.subject), name(&statement.predicate));
    match &statement.value {
        Value::Iri(iri) => Triple::new(subject, predicate, name(iri)),
        Value::Literal { text, language: Some(language), .. } => {
            Triple::new(subject, predicate, Literal::new_language_tagged_literal_unchecked(text, language))
        }
        Value::Literal { text, datatype, .. } => {
            Triple::new(subject, predicate, Literal::new_typed_literal(text, name(datatype)))
        }
    }
}
