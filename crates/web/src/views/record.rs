//! A record on its own page.

use crate::porch::Porch;
use crate::shelf::Shown;
use crate::views::contacts::{ContactView, SiteView, contacts_of, sites_of};
use crate::views::rows::{Row, rows_of};
use crate::views::{Card, FileView, PictureView};
use pes_domain::event::State;
use pes_domain::exchange::Direction;
use pes_domain::{Body, Code, Kind, List, Record};
use pes_store::own_records::Moderation;
use pes_words::{dates, prose};
use serde::Serialize;
use time::UtcDateTime;

/// A record on its own page.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct RecordView {
    pub(crate) title: String,
    pub(crate) badge: String,
    pub(crate) badge_class: &'static str,
    pub(crate) tagline: Option<String>,
    pub(crate) picture: Option<PictureView>,
    pub(crate) file: Option<FileView>,
    /// What it says in full, as HTML that was made safe.
    pub(crate) description: String,
    pub(crate) rows: Vec<Row>,
    pub(crate) sites: Vec<SiteView>,
    /// Whether it is a structure of which nobody said where it is.
    pub(crate) is_placeless: bool,
    pub(crate) contacts: Vec<ContactView>,
    pub(crate) themes: Vec<String>,
    pub(crate) tags: Vec<TagLink>,
    /// What belongs to it: a structure's offers, demands, jobs, people.
    pub(crate) related: Vec<Related>,
    pub(crate) network: String,
    /// Its page at home, if that is elsewhere.
    pub(crate) home: Option<String>,
    pub(crate) published: String,
    /// What those who may change it have to know: draft, proposed, expired.
    pub(crate) remarks: Vec<String>,
    pub(crate) answer_url: Option<String>,
    /// What the button says that leads there.
    pub(crate) answer_label: String,
    pub(crate) edit_url: Option<String>,
    /// For visitors of a structure of this node who could belong to it.
    pub(crate) claim_url: Option<String>,
    /// Where the team takes a structure of another network in.
    pub(crate) take_in_url: Option<String>,
    /// Where nobody speaks for it yet.
    pub(crate) unclaimed: Option<Unclaimed>,
    pub(crate) hiding: Option<Hiding>,
    /// Where one says that something is wrong with it.
    pub(crate) report_url: String,
}

/// A free tag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct TagLink {
    pub(crate) word: String,
    pub(crate) url: String,
}

/// Records that belong to one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Related {
    pub(crate) title: String,
    pub(crate) cards: Vec<Card>,
}

/// How somebody takes over a sheet that nobody speaks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Unclaimed {
    /// Where a letter to its own address is asked for. It is the same whether there is an address: who may not see it learns nothing.
    pub(crate) letter: Option<String>,
    /// Where the team is asked.
    pub(crate) request: String,
}

/// What an animator may do with a record from elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Hiding {
    pub(crate) record: String,
    pub(crate) is_hidden: bool,
    pub(crate) reason: String,
}

impl RecordView {
    pub(crate) fn of(porch: &Porch, shown: &Shown, related: Vec<Related>, is_animator: bool) -> Self {
        let record = &shown.record;
        let (badge, badge_class) = badge(porch, record);
        let page = record.iri.page_at(&porch.site.origin);
        let (thesaurus, is_structure) = (&porch.rules().thesaurus, matches!(record.body, Body::Structure(_)));
        Self {
            title: record.title(),
            badge,
            badge_class,
            tagline: tagline(record),
            picture: shown.picture(),
            file: shown.file(porch),
            description: prose::html(record.body.text().unwrap_or_default(), 1),
            rows: rows_of(porch, record),
            sites: sites_of(porch, record),
            is_placeless: is_placeless(record),
            contacts: contacts_of(porch, record),
            themes: record.themes.iter().map(|theme| thesaurus.label(theme).to_owned()).collect(),
            tags: record
                .tags
                .iter()
                .map(|tag| TagLink { word: tag.as_str().into(), url: format!("/tag/{}", tag.as_str()) })
                .collect(),
            related,
            network: shown.network.clone(),
            home: (!shown.is_own).then(|| record.iri.to_string()),
            published: since(porch, shown),
            remarks: remarks(porch, shown),
            report_url: format!("{page}/signaler"),
            answer_url: may_be_answered(shown).then(|| format!("{page}/repondre")),
            answer_label: porch.say(if is_structure { "answer-structure" } else { "answer" }),
            edit_url: shown.may_change.then(|| format!("{page}/modifier")),
            take_in_url: (is_animator && !shown.is_own && is_structure).then(|| format!("{page}/accueillir")),
            claim_url: (shown.is_own && is_structure && !shown.is_unclaimed()).then(|| format!("{page}/rejoindre")),
            unclaimed: shown.is_unclaimed().then(|| Unclaimed {
                letter: porch.site.sends_mail.then(|| format!("{page}/reprendre")),
                request: format!("{page}/rejoindre"),
            }),
            hiding: (is_animator && !shown.is_own).then(|| Hiding {
                record: record.iri.to_string(),
                is_hidden: shown.hidden.is_some(),
                reason: shown.hidden.as_ref().map_or_else(String::new, |hidden| hidden.reason.clone()),
            }),
        }
    }
}

/// What a record is, in one or two words, and the class of its colour.
pub(crate) fn badge(porch: &Porch, record: &Record) -> (String, &'static str) {
    let thesaurus = &porch.rules().thesaurus;
    match &record.body {
        Body::Exchange(one) if one.direction == Direction::Offer => (porch.say("badge-offer"), "offer"),
        Body::Exchange(_) => (porch.say("badge-demand"), "demand"),
        Body::Job(one) => (thesaurus.label(&one.contract).to_owned(), "job"),
        Body::Call(one) => (thesaurus.label(&one.call_type).to_owned(), "call"),
        Body::Accord(one) => {
            (thesaurus.label(&Code::new(List::AccordAnswer, one.answer.notation())).to_owned(), "person")
        }
        Body::Article(one) => {
            let category = one.category.as_ref().map(|category| thesaurus.label(category).to_owned());
            (category.unwrap_or_else(|| porch.say("badge-article")), "article")
        }
        Body::Document(one) => (thesaurus.label(&one.sort).to_owned(), "article"),
        Body::Event(one) if one.state == State::Planned => (porch.say("badge-event"), "event"),
        Body::Event(one) => (porch.say(&format!("event-state-{}", one.state.notation())), "cancelled"),
        Body::Product(_) => (porch.say("badge-product"), "offer"),
        Body::Relation(one) => (thesaurus.label(&one.sort).to_owned(), "structure"),
        Body::Structure(one) if one.project.is_some() => (porch.say("badge-project"), "structure"),
        Body::Structure(one) if one.is_company => (porch.say("badge-company"), "structure"),
        Body::Structure(one) => {
            let form = one.legal_form.as_ref().map(|form| thesaurus.label(form).to_owned());
            (form.unwrap_or_else(|| porch.say("badge-structure")), "structure")
        }
        Body::Person(_) => (porch.say("badge-person"), "person"),
        Body::Membership(_) => (porch.say("badge-membership"), "person"),
        Body::Affiliation(_) => (porch.say("badge-affiliation"), "structure"),
    }
}

/// What the records of a kind are called.
pub(crate) fn kind_word(porch: &Porch, kind: Kind) -> String {
    porch.rules().thesaurus.label(&Code::new(List::Kind, kind.notation())).to_owned()
}

/// Where a record is, by the name of its commune.
pub(crate) fn place_of(record: &Record) -> Option<String> {
    record.body.places().first().map(|place| place.name.clone())
}

/// Whether nobody said where a structure is: it is shown so, for it is on no map and in no territory.
pub(crate) fn is_placeless(record: &Record) -> bool {
    matches!(record.body, Body::Structure(_)) && record.body.places().is_empty()
}

/// What stands in large under the title.
fn tagline(record: &Record) -> Option<String> {
    match &record.body {
        Body::Structure(one) => one.tagline.clone(),
        Body::Article(one) => one.summary.clone(),
        _ => None,
    }
}

/// Splits a text at its empty lines, and each part at its lines.
pub(crate) fn paragraphs(text: &str) -> Vec<Vec<String>> {
    let mut all: Vec<Vec<String>> = vec![Vec::new()];
    for line in text.lines().map(str::trim) {
        match (line.is_empty(), all.last_mut()) {
            (false, Some(last)) => last.push(line.to_owned()),
            _ => all.push(Vec::new()),
        }
    }
    all.retain(|paragraph| !paragraph.is_empty());
    all
}

/// Whether it is shown to those it is for: not while it waits, nor refused, withdrawn or expired.
fn is_current(shown: &Shown) -> bool {
    let is_published = shown.moderation.is_none_or(|moderation| moderation == Moderation::Published);
    is_published && !shown.record.is_expired(UtcDateTime::now())
}

/// Since when it is there, in words that hold for where it stands.
fn since(porch: &Porch, shown: &Shown) -> String {
    let record = &shown.record;
    let tell = |name: &str, day: String| porch.words.catalogue().tell(name, &[("day", day.into())]);
    let last_day = record.expires.and_then(|at| at.date().previous_day());
    match (is_current(shown), shown.moderation, last_day) {
        (true, ..) => tell("published-on", dates::day_of(record.published.unwrap_or(record.created))),
        (false, Some(Moderation::Published), Some(day)) => tell("ended-on", dates::day(day)),
        (false, ..) => tell("entered-on", dates::day_of(record.created)),
    }
}

/// One does not answer oneself.
fn may_be_answered(shown: &Shown) -> bool {
    takes_answers(shown) && !shown.is_author
}

/// Whether a record is of those that are answered, and stands.
pub(crate) fn takes_answers(shown: &Shown) -> bool {
    let has_answers = matches!(
        shown.record.body,
        Body::Exchange(_) | Body::Job(_) | Body::Call(_) | Body::Structure(_) | Body::Event(_) | Body::Product(_)
    );
    has_answers && is_current(shown)
}

fn remarks(porch: &Porch, shown: &Shown) -> Vec<String> {
    let mut remarks = Vec::new();
    if let Some(moderation) = shown.moderation.filter(|moderation| *moderation != Moderation::Published) {
        remarks.push(porch.say(&format!("remark-{}", moderation.as_str())));
    }
    if matches!(&shown.record.body, Body::Structure(one) if one.is_unclaimed) {
        remarks.push(porch.say("remark-unclaimed"));
    }
    let is_published = shown.moderation == Some(Moderation::Published);
    if shown.may_change && is_published && shown.record.is_expired(UtcDateTime::now()) {
        remarks.push(porch.say("remark-expired"));
    }
    let audience = shown.record.audience.as_str();
    match (shown.may_change, is_current(shown), shown.moderation) {
        (true, true, _) => remarks.push(porch.say(&format!("remark-audience-{audience}"))),
        (true, false, Some(Moderation::Proposed | Moderation::Incomplete)) => {
            let audience = porch.say(&format!("audience-{audience}"));
            remarks.push(porch.words.catalogue().tell("remark-once-published", &[("audience", audience.into())]));
        }
        _ => {}
    }
    if let Some(hidden) = &shown.hidden {
        remarks.push(porch.words.catalogue().tell("remark-hidden", &[("reason", hidden.reason.as_str().into())]));
    }
    remarks
}

#[cfg(test)]
mod tests {
    use super::paragraphs;

    #[test]
    fn a_text_becomes_paragraphs_of_lines() {
        assert_eq!(paragraphs("Un\ndeux\n\n\n trois \n"), vec![vec!["Un", "deux"], vec!["trois"]]);
        assert!(paragraphs("\n \n").is_empty());
    }
}
