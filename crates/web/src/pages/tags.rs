//! The free words that people use, and the concepts to which the team aligns them.

use crate::answered::Answered;
use crate::asked;
use crate::failure::Failure;
use crate::pages::Leaf;
use crate::porch::Porch;
use crate::typed::Typed;
use crate::views::{OptionView, Pager};
use crate::visit::Visit;
use actix_web::http::StatusCode;
use actix_web::web;
use pes_domain::code::fold;
use pes_domain::thesaurus::Concept;
use pes_domain::{Code, Draft, List, Tag};
use pes_search::{Facet, Query};
use pes_store::Bell;
use pes_store::aligned_tags::{self, Aligned};
use serde::Serialize;

const PATH: &str = "/reseau/mots";
/// How many words a page has.
const PAGE: u64 = 50;
/// The lists to which a word may be aligned: those that say what something is about.
const LISTS: [List; 3] = [List::Theme, List::Sector, List::Skill];

#[derive(Debug, Serialize)]
struct TagsView {
    done: Option<String>,
    /// What was looked for among the words.
    typed: String,
    words: Vec<WordView>,
    empty: String,
    pager: Pager,
}

/// A word.
#[derive(Debug, Serialize)]
struct WordView {
    word: String,
    url: String,
    /// How many records have it.
    count: String,
    edit: String,
    concept: Option<ConceptLink>,
}

/// A concept, with where what has it is found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct ConceptLink {
    pub(crate) label: String,
    /// What list it is of, in a word.
    pub(crate) list: String,
    pub(crate) url: String,
}

#[derive(Debug, Serialize)]
struct TagView {
    title: String,
    word: String,
    path: String,
    url: String,
    typed: String,
    concept: Option<ConceptLink>,
    groups: Vec<Group>,
    error: Option<String>,
}

/// The concepts of a list that may have been meant.
#[derive(Debug, Serialize)]
struct Group {
    label: String,
    options: Vec<OptionView>,
}

pub(crate) fn configure(app: &mut web::ServiceConfig) {
    app.route(PATH, web::get().to(all));
    app.route("/reseau/mots/{slug}", web::get().to(one));
    app.route("/reseau/mots/{slug}", web::post().to(align));
}

type Chosen = web::Query<Vec<(String, String)>>;

async fn all(porch: web::Data<Porch>, visit: Visit, chosen: Chosen) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            visit.animator()?;
            let view = tags_view(porch, &visit, &chosen.into_inner().into_iter().collect())?;
            Leaf::new("tags", &porch.say("tags-title")).page(porch, &visit, &view)
        })
        .await
}

fn tags_view(porch: &Porch, visit: &Visit, chosen: &Draft) -> Result<TagsView, Failure> {
    let aligned = porch.store().read(aligned_tags::all)?;
    let mut words = in_use(porch, visit)?;
    let known: Vec<String> = words.iter().map(|(word, _)| word.clone()).collect();
    // A word that nobody uses any more can still be let go.
    words.extend(
        aligned.iter().map(|one| one.tag.as_str().to_owned()).filter(|tag| !known.contains(tag)).map(|tag| (tag, 0)),
    );
    let typed = chosen.one("q");
    let wanted = Tag::of(typed);
    words.retain(|(word, _)| wanted.as_ref().is_none_or(|wanted| word.contains(wanted.as_str())));
    let total = words.len() as u64;
    let number = chosen.one("page").parse::<u64>().unwrap_or(1).clamp(1, total.div_ceil(PAGE).max(1));
    let here = words.iter().skip(usize::try_from((number - 1) * PAGE).unwrap_or(usize::MAX)).take(PAGE as usize);
    let view = |(word, count): &(String, usize)| WordView {
        word: word.clone(),
        url: format!("/tag/{word}"),
        count: porch.words.catalogue().tell("tags-count", &[("count", (*count as u64).into())]),
        edit: format!("{PATH}/{word}"),
        concept: aligned.iter().find(|one| one.tag.as_str() == word).map(|one| link_of(porch, &one.concept)),
    };
    let told = chosen.one("fait");
    let kept: Draft = [("q".to_owned(), typed.to_owned())].into_iter().collect();
    Ok(TagsView {
        done: ["rattache", "detache"].contains(&told).then(|| porch.say(&format!("done-mots-{told}"))),
        typed: typed.to_owned(),
        words: here.map(view).collect(),
        empty: porch.say(if typed.is_empty() { "tags-none" } else { "tags-none-found" }),
        pager: Pager::of(PATH, &kept, number, total, PAGE),
    })
}

/// The words that this visitor may see in use, each with how often; the most frequent first.
fn in_use(porch: &Porch, visit: &Visit) -> Result<Vec<(String, usize)>, Failure> {
    let query = Query::new(asked::sees(visit), visit.now.unix_timestamp()).count(Facet::Tag);
    let found = porch.index.look(&Query { limit: 1, ..query })?;
    Ok(found.facets.get(&Facet::Tag).cloned().unwrap_or_default())
}

/// A concept as a link to what has it.
pub(crate) fn link_of(porch: &Porch, concept: &Code) -> ConceptLink {
    let list = concept.list().name();
    ConceptLink {
        label: porch.rules().thesaurus.label(concept).to_owned(),
        list: porch.say(&format!("filter-{list}")),
        url: format!("/recherche?{list}={}", concept.notation()),
    }
}

async fn one(
    porch: web::Data<Porch>,
    visit: Visit,
    slug: web::Path<String>,
    chosen: Chosen,
) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            visit.animator()?;
            let tag = tag(porch, &visit, &slug)?;
            let chosen: Draft = chosen.into_inner().into_iter().collect();
            // At first one looks for the word itself.
            let typed = chosen.all("q").first().cloned().unwrap_or_else(|| tag.as_str().replace('-', " "));
            show(porch, &visit, &tag, &typed, None)
        })
        .await
}

/// A word that is in use, or was when it was aligned.
fn tag(porch: &Porch, visit: &Visit, slug: &str) -> Result<Tag, Failure> {
    let tag = Tag::read(slug).ok_or(Failure::Absent)?;
    let is_aligned = porch.store().read(aligned_tags::all)?.iter().any(|one| one.tag == tag);
    let is_used = is_aligned || in_use(porch, visit)?.iter().any(|(word, _)| word == tag.as_str());
    is_used.then_some(tag).ok_or(Failure::Absent)
}

fn show(porch: &Porch, visit: &Visit, tag: &Tag, typed: &str, error: Option<String>) -> Result<Answered, Failure> {
    let all = porch.store().read(aligned_tags::all)?;
    let aligned = all.into_iter().find(|one| one.tag == *tag).map(|one| one.concept);
    let view = TagView {
        title: porch.words.catalogue().tell("tag-title", &[("tag", tag.as_str().into())]),
        word: tag.as_str().to_owned(),
        path: format!("{PATH}/{}", tag.as_str()),
        url: format!("/tag/{}", tag.as_str()),
        typed: typed.to_owned(),
        groups: groups(porch, typed, aligned.as_ref()),
        concept: aligned.map(|concept| link_of(porch, &concept)),
        error,
    };
    Leaf::new("tag", &view.title).page(porch, visit, &view)
}

/// The concepts that somebody may mean by what they typed, list by list; all of them where nothing was typed.
fn groups(porch: &Porch, typed: &str, aligned: Option<&Code>) -> Vec<Group> {
    let thesaurus = &porch.rules().thesaurus;
    let words: Vec<String> = fold(typed).split_whitespace().map(stem).collect();
    let is_meant = |concept: &Concept| {
        let names: Vec<String> = concept.alternatives.iter().chain([&concept.label]).map(|name| fold(name)).collect();
        words.iter().all(|word| names.iter().any(|name| name.contains(word.as_str())))
    };
    let group = |list: List| {
        let meant = thesaurus.list(list).filter(|concept| is_meant(concept));
        let options = meant.map(|concept| {
            let option = OptionView::new(concept.code.to_string(), &concept.label, aligned == Some(&concept.code));
            OptionView { depth: thesaurus.depth(&concept.code), ..option }
        });
        Group { label: porch.say(&format!("filter-{}", list.name())), options: options.collect() }
    };
    LISTS.map(group).into_iter().filter(|group| !group.options.is_empty()).collect()
}

/// A word without what makes it plural, so that *vélos* finds *vélo*.
fn stem(word: &str) -> String {
    let bare = word.trim_end_matches(['s', 'x']);
    if bare.len() >= 3 { bare.to_owned() } else { word.to_owned() }
}

/// Aligns a word to a concept, or lets it go.
async fn align(porch: web::Data<Porch>, typed: Typed, slug: web::Path<String>) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            let visit = &typed.visit;
            let account = visit.animator()?.account.id.clone();
            let tag = tag(porch, visit, &slug)?;
            let done = match typed.draft.one("decision") {
                "unalign" => {
                    porch.store().write(|link| aligned_tags::remove(link, &tag))?;
                    "detache"
                }
                "align" => {
                    let Some(concept) = concept(porch, typed.draft.one("concept")) else {
                        let page = show(porch, visit, &tag, typed.draft.one("q"), Some(porch.say("tag-problem")))?;
                        return Ok(page.status(StatusCode::UNPROCESSABLE_ENTITY));
                    };
                    let one = Aligned { tag, concept, account, since: visit.now.unix_timestamp() };
                    porch.store().write(|link| aligned_tags::put(link, &one))?;
                    "rattache"
                }
                _ => return Err(Failure::Form),
            };
            // The index looks again at what bears the word.
            porch.store().ring(Bell::Shown);
            Ok(Answered::see(&format!("{PATH}?fait={done}")))
        })
        .await
}

/// A concept that a word may be aligned to.
fn concept(porch: &Porch, typed: &str) -> Option<Code> {
    Code::read(typed).filter(|code| LISTS.contains(&code.list()) && porch.rules().thesaurus.has(code))
}

#[cfg(test)]
mod tests {
    use super::stem;

    #[test]
    fn a_plural_finds_the_singular() {
        assert_eq!([stem("velos"), stem("jeux"), stem("bus"), stem("bois")], ["velo", "jeu", "bus", "boi"]);
    }
}
