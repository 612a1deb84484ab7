//! How an article is said: schema.org's NewsArticle.

use crate::reader::Node;
use crate::writer::Writer;
use crate::{Refusal, picture, place, terms};
use pes_domain::article::Article;

pub(crate) fn write(one: &Article, to: &mut Writer) {
    to.is_a("", terms::NEWS_ARTICLE);
    to.text("", terms::HEADLINE, Some(&one.title));
    to.text("", terms::ABSTRACT, one.summary.as_deref());
    to.text("", terms::ARTICLE_BODY, one.text.as_deref());
    to.codes(terms::SORT, &one.category);
    to.codes(terms::REACH, &one.reach);
    place::write_areas(&one.areas, to);
    to.reference(terms::PUBLISHER, "structure", one.structure.as_ref());
    to.text("", terms::AUTHOR_NAME, one.author.as_deref());
    picture::write(one.picture.as_ref(), to);
}

pub(crate) fn read(from: Node<'_>) -> Result<Article, Refusal> {
    from.check_is_a(terms::NEWS_ARTICLE)?;
    Ok(Article {
        title: from.required_text(terms::HEADLINE)?,
        summary: from.text(terms::ABSTRACT)?,
        text: from.text(terms::ARTICLE_BODY)?,
        category: from.code(terms::SORT)?,
        reach: from.code(terms::REACH)?,
        areas: place::read_areas(from)?,
        structure: from.reference(terms::PUBLISHER)?,
        author: from.text(terms::AUTHOR_NAME)?,
        picture: picture::read(from)?,
    })
}
