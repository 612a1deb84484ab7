//! A document that is of use to others: a guide, a model, a study.

use crate::audience::Reader;
use crate::iri::WebLink;
use crate::problem::{Findings, optional, optional_line, required};
use crate::{Code, Draft, Field, File, List, Problem, Problems, Reference, Rules, Why};
use serde::{Deserialize, Serialize};

/// A document (*ressource*).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// In a line.
    pub title: String,
    /// In full; Markdown.
    pub description: Option<String>,
    /// What it is: a code of `document-kind`.
    pub sort: Code,
    /// Where it is, if it lies on the web.
    pub link: Option<WebLink>,
    /// The document itself, if it is given here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<File>,
    /// What it costs, in words.
    pub price: Option<String>,
    /// The structure that gives it.
    pub structure: Option<Reference>,
    /// Who wrote it.
    pub author: Option<String>,
}

impl Document {
    /// What a list calls it.
    pub fn title(&self) -> String {
        self.title.clone()
    }

    pub(crate) fn retain(&mut self, shown: &dyn Fn(Field) -> bool, _: Reader) {
        self.description.take_if(|_| !shown(Field::Description));
        self.link.take_if(|_| !shown(Field::Web));
        // Whoever keeps the way to it for fewer keeps the thing itself for them.
        self.file.take_if(|_| !shown(Field::Web));
    }

    pub(crate) fn check(&self, rules: &Rules) -> Problems {
        let mut findings = Findings::default();
        findings.note(required("title", &self.title, 150));
        findings.note(optional("description", self.description.as_deref(), 10_000));
        findings.note(rules.code("document-kind", &self.sort, List::DocumentKind));
        findings.note(optional_line("price", self.price.as_deref(), 250));
        findings.note(self.structure.as_ref().map_or(Ok(()), |structure| structure.check("structure")));
        findings.note(optional_line("author", self.author.as_deref(), 100));
        if self.structure.is_none() && self.author.is_none() {
            findings.note(Err(Problem::new("author", Why::Missing)));
        }
        findings.judge(()).err().unwrap_or_default()
    }

    pub(crate) fn raise(draft: &Draft, rules: &Rules) -> Result<Self, Problems> {
        let mut findings = Findings::default();
        let sort = draft.code("document-kind", List::DocumentKind);
        if sort.is_none() {
            findings.note(Err(Problem::new("document-kind", Why::Missing)));
        }
        let document = Self {
            title: draft.one("title").to_owned(),
            description: draft.text("description"),
            sort: sort.unwrap_or(Code::new(List::DocumentKind, "guide")),
            link: findings.take(draft.text("link").map(|t| WebLink::read("link", &t)).transpose()),
            file: findings.take(File::raise(draft)),
            price: draft.text("price"),
            structure: findings.take(Reference::raise(draft, "structure")),
            author: draft.text("author"),
        };
        match findings.judge(()) {
            Ok(()) => Ok(document),
            Err(problems) => Err(document.check(rules).into_iter().chain(problems).collect()),
        }
    }

    pub(crate) fn lower(&self) -> Draft {
        let mut draft = Draft::default();
        draft.add("title", &self.title);
        draft.add_given("description", self.description.as_ref());
        draft.add("document-kind", self.sort.notation());
        draft.add_given("link", self.link.as_ref().map(WebLink::as_str));
        if let Some(file) = &self.file {
            file.lower(&mut draft);
        }
        draft.add_given("price", self.price.as_ref());
        if let Some(structure) = &self.structure {
            structure.lower(&mut draft, "structure");
        }
        draft.add_given("author", self.author.as_ref());
        draft
    }
}
