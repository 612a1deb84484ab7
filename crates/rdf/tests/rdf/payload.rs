//! What the protocol asks of a payload, to the byte.

use pes_domain::{List, RecordIri};
use pes_rdf::{Payload, Refusal, thesaurus};
use std::time::Instant;

const RECORD: &str = "https://a.fr/id/job/1b4e28ba-2fa1-4d2a-983f-0016d3cca427";

fn iri() -> RecordIri {
    RecordIri::read(RECORD).unwrap()
}

fn salt() -> String {
    format!("<{RECORD}> <https://w3id.org/pes/ns#salt> \"{}\" .\n", "0".repeat(32))
}

fn with(line: &str) -> Result<Payload, Refusal> {
    let mut lines = [format!("{line}\n"), salt()];
    lines.sort();
    Payload::read(lines.concat().as_bytes(), &iri())
}

#[test]
fn a_payload_is_canonical_lines_about_its_record() {
    assert!(with(&format!("<{RECORD}> <a:p> \"é\" .")).is_ok());
    assert!(with(&format!("<{RECORD}#part> <a:p> <a:_:o> .")).is_ok(), "two signs inside an IRI are no blank node");
    assert!(with(&format!("<{RECORD}> <a:p> \"a _:b \\\" _:c\" .")).is_ok(), "nor are they inside a literal");
    assert!(Payload::read(salt().as_bytes(), &iri()).is_ok());
}

#[test]
fn blank_nodes_are_refused_before_anything_else() {
    for line in [format!("<{RECORD}> <a:p> _:b ."), "_:b <a:p> <a:o> .".into(), format!("<{RECORD}> <a:p> \"x\" _:g .")]
    {
        assert!(matches!(with(&line), Err(Refusal::BlankNode(_))), "{line}");
    }
    // The graph that keeps a canonicaliser busy for a minute: twelve blank nodes, each tied to each of the other side.
    let knot: String =
        (0..6).flat_map(|a| (6..12).map(move |b| format!("_:n{a} <a:p> _:n{b} .\n_:n{b} <a:p> _:n{a} .\n"))).collect();
    let begun = Instant::now();
    assert!(matches!(Payload::read(knot.as_bytes(), &iri()), Err(Refusal::BlankNode(1))));
    assert!(begun.elapsed().as_millis() < 100);
}

/// The parser looks behind the end of its text; spoilt payloads found that out.
#[test]
fn a_line_that_breaks_off_is_refused_wherever_it_does() {
    let whole = format!("<{RECORD}> <a:p> \"x\"^^<a:t> .\n");
    assert!(with(whole.trim_end()).is_ok());
    for end in 1..whole.len() {
        assert!(Payload::read(&whole.as_bytes()[..end], &iri()).is_err(), "cut at {end}");
    }
}

#[test]
fn every_other_spelling_is_refused() {
    for line in [
        format!("<{RECORD}> <a:p> \"\\u0041\" ."),
        format!("<{RECORD}> <a:p>  \"x\" ."),
        format!("<{RECORD}> <a:p> \"x\" . "),
        format!("<{RECORD}> <a:p> \"x\"^^<http://www.w3.org/2001/XMLSchema#string> ."),
        format!("<{RECORD}> <a:p> \"x\" . # why"),
        format!("# why\n<{RECORD}> <a:p> \"x\" ."),
        format!("<{RECORD}> <a:p> \"x\" .\r"),
        format!("VERSION \"1.2\"\n<{RECORD}> <a:p> \"x\" ."),
    ] {
        assert!(with(&line).is_err(), "{line} was taken");
    }
    let twice = format!("<{RECORD}> <a:p> \"x\" .\n<{RECORD}> <a:p> \"x\" .");
    assert!(matches!(with(&twice), Err(Refusal::NotCanonical(_))));
    let reversed = format!("{}<{RECORD}> <a:p> \"x\" .\n", salt());
    assert_eq!(Payload::read(reversed.as_bytes(), &iri()), Err(Refusal::NotCanonical(2)));
    assert!(Payload::read(salt().trim_end().as_bytes(), &iri()).is_err());
}

#[test]
fn what_is_not_rdf_is_refused() {
    for line in [
        "hello",
        "<a:s> <a:p> .",
        "<a:s> \"p\" <a:o> .",
        "<s> <a:p> <a:o> .",
        "<a:s> <a:p> <<( <a:s> <a:p> <a:o> )>> .",
    ] {
        assert!(with(line).is_err(), "{line} was taken");
    }
    assert!(with(&format!("<{RECORD}> <a:p> <<( <a:s> <a:p> <a:o> )>> .")).is_err());
    assert!(with(&format!("<{RECORD}> <a:p> \"x\"@fr--ltr .")).is_err());
    assert!(matches!(Payload::read(&[0xff, b'\n'], &iri()), Err(Refusal::Syntax(_))));
    assert!(Payload::read(b"", &iri()).is_err());
}

#[test]
fn a_payload_speaks_of_its_own_record() {
    for subject in [
        RECORD.replace("a.fr", "b.fr"),
        RECORD.replace("427", "428"),
        format!("{RECORD}/part"),
        format!("{RECORD}#"),
        format!("{RECORD}x"),
        RECORD.replace("https", "HTTPS"),
        RECORD.replace("/id/", "/id/../id/"),
        "a:s".to_owned(),
    ] {
        let refusal = with(&format!("<{subject}> <a:p> \"x\" ."));
        assert!(matches!(refusal, Err(Refusal::NotConfined { .. })), "{subject}: {refusal:?}");
    }
}

#[test]
fn there_is_one_salt() {
    let line = format!("<{RECORD}> <a:p> \"x\" .\n");
    assert_eq!(Payload::read(line.as_bytes(), &iri()), Err(Refusal::Salt));
    let other = salt().replace(&"0".repeat(32), &"1".repeat(32));
    assert_eq!(Payload::read((salt() + &other).as_bytes(), &iri()), Err(Refusal::Salt));
    let zeros = "0".repeat(32);
    for (old, new) in [
        (zeros.as_str(), "00"),
        (&zeros, &"G".repeat(32)),
        (&zeros, &"A".repeat(32)),
        (&format!("\"{zeros}\""), &format!("\"{zeros}\"@fr")),
        (&format!("\"{zeros}\""), &format!("<a:{zeros}>")),
        (&format!("<{RECORD}>"), &format!("<{RECORD}#part>")),
    ] {
        assert_eq!(Payload::read(salt().replace(old, new).as_bytes(), &iri()), Err(Refusal::Salt), "{new}");
    }
}

#[test]
fn sizes_are_bounded_to_the_byte() {
    let literal = |length: usize| with(&format!("<{RECORD}> <a:p> \"{}\" .", "x".repeat(length)));
    assert!(literal(16 * 1024).is_ok());
    assert_eq!(literal(16 * 1024 + 1), Err(Refusal::TooLarge { what: "literal", size: 16_385, limit: 16_384 }));
    let link = |length: usize| with(&format!("<{RECORD}> <a:p> <a:{}> .", "x".repeat(length - 2)));
    assert!(link(2_048).is_ok());
    assert_eq!(link(2_049), Err(Refusal::TooLarge { what: "IRI", size: 2_049, limit: 2_048 }));
    let predicate = |length: usize| with(&format!("<{RECORD}> <a:{}> <a:o> .", "x".repeat(length - 2)));
    assert!(predicate(2_048).is_ok() && predicate(2_049).is_err());
    let datatype = |length: usize| with(&format!("<{RECORD}> <a:p> \"x\"^^<a:{}> .", "x".repeat(length - 2)));
    assert!(datatype(2_048).is_ok() && datatype(2_049).is_err());
    let lines = |count: usize| "\n".repeat(count);
    assert_eq!(
        Payload::read(lines(1_001).as_bytes(), &iri()),
        Err(Refusal::TooLarge { what: "triples", size: 1_001, limit: 1_000 })
    );
    assert!(!matches!(Payload::read(lines(1_000).as_bytes(), &iri()), Err(Refusal::TooLarge { .. })));
    let bytes = |count: usize| "x".repeat(count);
    assert_eq!(
        Payload::read(bytes(65_537).as_bytes(), &iri()),
        Err(Refusal::TooLarge { what: "payload", size: 65_537, limit: 65_536 })
    );
    assert!(!matches!(Payload::read(bytes(65_536).as_bytes(), &iri()), Err(Refusal::TooLarge { .. })));
}

#[test]
fn the_code_lists_are_all_there() {
    let thesaurus = thesaurus();
    let count = |list| thesaurus.list(list).count();
    assert_eq!((count(List::Direction), count(List::ExchangeType), count(List::ExchangeMethod)), (2, 5, 11));
    assert!(count(List::Skill) >= 150 && count(List::Sector) >= 200);
    for list in List::ALL {
        for concept in thesaurus.list(list) {
            assert!(!concept.label.is_empty() && !concept.label_en.is_empty(), "{}", concept.code);
            assert!(concept.broader.as_ref().is_none_or(|above| thesaurus.has(above)), "{}", concept.code);
        }
    }
}

/// What the code counts on in the lists, and the lists in the code: both ways.
#[test]
fn codes_in_the_program_and_in_the_lists_are_the_same() {
    use pes_domain::exchange::{Direction, State};
    let thesaurus = thesaurus();
    let listed = |list| {
        let mut notations: Vec<String> =
            thesaurus.list(list).map(|concept| concept.code.notation().to_owned()).collect();
        notations.sort();
        notations
    };
    let mut directions: Vec<_> = Direction::ALL.map(Direction::notation).to_vec();
    directions.sort_unstable();
    assert_eq!(listed(List::Direction), directions);
    let mut states: Vec<_> = State::ALL.map(State::notation).to_vec();
    states.sort_unstable();
    assert_eq!(listed(List::ExchangeState), states);
    for kind in pes_domain::Kind::ALL {
        assert!(listed(List::Kind).contains(&kind.notation().to_owned()), "{kind:?}");
    }
}

/// The table of exchange methods: what each is made in return for, and which types it fits.
#[test]
fn methods_fit_the_types_of_the_table() {
    let thesaurus = thesaurus();
    for (method, types) in [
        ("euros", "product service"),
        ("gift", "product"),
        ("barter", "product service"),
        ("pooling", "product service skill"),
        ("volunteering", "service skill"),
        ("complementary-currency", "product service"),
        ("employment", "skill"),
        ("civic-service", "skill"),
        ("internship", "service skill"),
        ("loan", "product"),
        ("rental", "product service"),
    ] {
        let concept =
            thesaurus.get(&pes_domain::Code::new(List::ExchangeMethod, method)).unwrap_or_else(|| panic!("{method}"));
        let mut fits: Vec<&str> = concept.applies_to.iter().map(pes_domain::Code::notation).collect();
        fits.sort_unstable();
        assert_eq!(fits.join(" "), types, "{method}");
    }
}
