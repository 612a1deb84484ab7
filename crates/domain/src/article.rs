//! An article: news of a network or of a structure.

use crate::audience::Reader;
use crate::place::Area;
use crate::problem::{Findings, few, optional, optional_line, required};
use crate::{Code, Draft, Field, List, Picture, Problem, Problems, Reference, Rules, Why};
use serde::{Deserialize, Serialize};

/// An article (*actualité*).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Article {
    /// In a line.
    pub title: String,
    /// What it says, in a few lines.
    pub summary: Option<String>,
    /// In full; Markdown.
    pub text: Option<String>,
    /// What sort of news: a code of `article-category`.
    pub category: Option<Code>,
    /// How far it is of interest: a code of `reach`.
    pub reach: Option<Code>,
    /// In which territories.
    pub areas: Vec<Area>,
    /// The structure in whose name it speaks.
    pub structure: Option<Reference>,
    /// Who wrote it, by the name they chose for it.
    pub author: Option<String>,
    /// What it looks like.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<Picture>,
}

impl Article {
    /// What a list calls it.
    pub fn title(&self) -> String {
        self.title.clone()
    }

    pub(crate) fn retain(&mut self, shown: &dyn Fn(Field) -> bool, _: Reader) {
        self.text.take_if(|_| !shown(Field::Text));
        self.areas.retain(|_| shown(Field::Areas));
    }

    pub(crate) fn check(&self, rules: &Rules) -> Problems {
        let mut findings = Findings::default();
        findings.note(required("title", &self.title, 150));
        findings.note(optional("summary", self.summary.as_deref(), 1_000));
        findings.note(optional("text", self.text.as_deref(), 10_000));
        let code =
            |field, code: &Option<Code>, list| code.as_ref().map_or(Ok(()), |code| rules.code(field, code, list));
        findings.note(code("article-category", &self.category, List::ArticleCategory));
        findings.note(code("reach", &self.reach, List::Reach));
        findings.note(few("areas", self.areas.len(), 50));
        findings.note(self.structure.as_ref().map_or(Ok(()), |structure| structure.check("structure")));
        findings.note(optional_line("author", self.author.as_deref(), 100));
        if self.structure.is_none() && self.author.is_none() {
            findings.note(Err(Problem::new("author", Why::Missing)));
        }
        findings.judge(()).err().unwrap_or_default()
    }

    pub(crate) fn raise(draft: &Draft, rules: &Rules) -> Result<Self, Problems> {
        let mut findings = Findings::default();
        let article = Self {
            title: draft.one("title").to_owned(),
            summary: draft.text("summary"),
            text: draft.text("text"),
            category: draft.code("article-category", List::ArticleCategory),
            reach: draft.code("reach", List::Reach),
            areas: findings.take(Area::raise(draft, "areas", rules.gazetteer)),
            structure: findings.take(Reference::raise(draft, "structure")),
            author: draft.text("author"),
            picture: findings.take(Picture::raise(draft)),
        };
        match findings.judge(()) {
            Ok(()) => Ok(article),
            Err(problems) => Err(article.check(rules).into_iter().chain(problems).collect()),
        }
    }

    pub(crate) fn lower(&self) -> Draft {
        let mut draft = Draft::default();
        draft.add("title", &self.title);
        draft.add_given("summary", self.summary.as_ref());
        draft.add_given("text", self.text.as_ref());
        draft.add_given("article-category", self.category.as_ref().map(Code::notation));
        draft.add_given("reach", self.reach.as_ref().map(Code::notation));
        self.areas.iter().for_each(|area| draft.add("areas", area.to_form()));
        if let Some(structure) = &self.structure {
            structure.lower(&mut draft, "structure");
        }
        draft.add_given("author", self.author.as_ref());
        if let Some(picture) = &self.picture {
            picture.lower(&mut draft);
        }
        draft
    }
}
