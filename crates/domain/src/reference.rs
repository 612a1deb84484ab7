//! Another thing, by its record where it has one.

use crate::problem::required;
use crate::{Draft, Problem, RecordIri, Why};
use serde::{Deserialize, Serialize};

/// A record of this node, a record of another, or only a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    /// The record.
    pub iri: Option<RecordIri>,
    /// What it was called when the reference was made.
    pub label: String,
}

impl Reference {
    /// Only a name.
    pub fn named(label: impl Into<String>) -> Self {
        Self { iri: None, label: label.into() }
    }

    /// A record, and what it is called.
    pub fn to(iri: RecordIri, label: impl Into<String>) -> Self {
        Self { iri: Some(iri), label: label.into() }
    }

    pub(crate) fn check(&self, field: &'static str) -> Result<(), Problem> {
        required(field, &self.label, 250)
    }

    /// The IRI typed in `field` and the name in `{field}-label`, or the name alone; nothing where neither was given.
    pub(crate) fn raise(draft: &Draft, field: &'static str) -> Result<Option<Self>, Problem> {
        let label = draft.one(&format!("{field}-label"));
        match draft.one(field) {
            "" if label.is_empty() => Ok(None),
            "" => Ok(Some(Self::named(label))),
            iri => match RecordIri::read(iri) {
                Some(iri) => Ok(Some(Self::to(iri, label))),
                None => Err(Problem::new(field, Why::NotARecord)),
            },
        }
    }

    /// Several, line by line: the IRI typed in `field` and the name in `{field}-label`. A line in which nothing was typed is passed over.
    pub(crate) fn raise_all(draft: &Draft, field: &'static str) -> Result<Vec<Self>, Problem> {
        let labels = format!("{field}-label");
        let lines = draft.all(field).len().max(draft.all(&labels).len());
        let line = |at: usize| {
            let mut one = Draft::default();
            one.add(field, draft.line(field, at));
            one.add(labels.clone(), draft.line(&labels, at));
            Self::raise(&one, field).transpose()
        };
        (0..lines).filter_map(line).collect()
    }

    /// One line of several.
    pub(crate) fn lower_line(&self, draft: &mut Draft, field: &str) {
        draft.add(field, self.iri.as_ref().map(ToString::to_string).unwrap_or_default());
        draft.add(format!("{field}-label"), &self.label);
    }

    pub(crate) fn lower(&self, draft: &mut Draft, field: &str) {
        draft.add_given(field, self.iri.as_ref());
        draft.add(format!("{field}-label"), &self.label);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const IRI: &str = "https://pes.example.org/id/structure/1b4e28ba-2fa1-4d2a-983f-0016d3cca427";

    fn typed(iri: &str, label: &str) -> Result<Option<Reference>, Problem> {
        let fields = [("bearer", iri), ("bearer-label", label)];
        let draft: Draft = fields.map(|(field, value)| (field.to_owned(), value.to_owned())).into_iter().collect();
        Reference::raise(&draft, "bearer")
    }

    #[test]
    fn a_thing_is_a_record_or_a_name() {
        let record = typed(IRI, "La Fabrique").unwrap().unwrap();
        assert_eq!(record, Reference::to(RecordIri::read(IRI).unwrap(), "La Fabrique"));
        assert_eq!(typed("", "La Fabrique"), Ok(Some(Reference::named("La Fabrique"))));
        assert_eq!(typed("", " "), Ok(None));
        assert_eq!(typed("la-fabrique", "La Fabrique"), Err(Problem::new("bearer", Why::NotARecord)));
        let mut draft = Draft::default();
        record.lower(&mut draft, "bearer");
        assert_eq!(Reference::raise(&draft, "bearer"), Ok(Some(record)));
    }

    #[test]
    fn a_thing_without_a_name_cannot_be_shown() {
        assert_eq!(typed(IRI, "").unwrap().unwrap().check("bearer"), Err(Problem::new("bearer", Why::Missing)));
        assert_eq!(Reference::named("x").check("bearer"), Ok(()));
    }
}
