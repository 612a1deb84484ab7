//! What waits to be looked at: each entry with what is new in it, and the decision about one or about many.

use crate::answered::Answered;
use crate::failure::Failure;
use crate::pages::Leaf;
use crate::pages::upload::file_of;
use crate::porch::Porch;
use crate::typed::Typed;
use crate::views::{
    Change, FileView, Line, Pager, PictureView, SaidView, badge, changes, kind_word, lead_of, lines_of,
    problem_sentence,
};
use crate::visit::Visit;
use actix_web::http::StatusCode;
use actix_web::web;
use pes_domain::{Decision, Draft, Problem, Problems, Verdict, Why};
use pes_journal::moderation::{Decided, has_form};
use pes_people::Viewer;
use pes_store::own_records::{Moderation, OwnRecord};
use pes_store::remarks::Remark;
use pes_store::{accounts, lists, remarks, stood};
use pes_words::dates;
use serde::Serialize;
use std::collections::HashSet;
use time::{Duration, UtcDateTime};

const PATH: &str = "/reseau/a-relire";
/// How many entries a page has, and how many of those that wait for their authors are named.
const PAGE: u64 = 20;
const SENT_BACK: u64 = 50;
/// How many entries are decided of at once: more than a page ticks.
const AT_ONCE: usize = 100;

pub(crate) fn configure(app: &mut web::ServiceConfig) {
    app.route(PATH, web::get().to(queue));
    app.route(PATH, web::post().to(decide));
}

#[derive(Debug, Serialize)]
struct QueueView {
    done: Vec<String>,
    /// How authors hear of what is decided.
    intro: String,
    /// What is wrong, each with where.
    problems: Vec<Wrong>,
    summary: String,
    entries: Vec<EntryView>,
    pager: Pager,
    page: u64,
    tick_all: String,
    /// The sentence for all that is ticked.
    bulk: Sentence,
    sent_back: Vec<SentBack>,
    more_sent_back: Option<String>,
}

#[derive(Debug, Serialize)]
struct Wrong {
    anchor: String,
    sentence: String,
}

/// What was typed for the author, and what is wrong with it.
#[derive(Debug, Default, Serialize)]
struct Sentence {
    typed: String,
    error: Option<String>,
}

#[derive(Debug, Serialize)]
struct EntryView {
    number: usize,
    /// Its name and version, as a form brings them back.
    value: String,
    title: String,
    url: String,
    kind: String,
    by: String,
    /// When it publishes itself.
    by_itself: Option<String>,
    lead: String,
    /// What the team said of it before.
    said: Vec<SaidView>,
    /// Whether it was shown before.
    is_known: bool,
    changes: Vec<Change>,
    whole: Vec<Line>,
    /// Its picture: what is published with it.
    picture: Option<PictureView>,
    /// Its file: the same.
    file: Option<FileView>,
    may_be_sent_back: bool,
    is_ticked: bool,
    sentence: Sentence,
}

/// What waits for its author.
#[derive(Debug, Serialize)]
struct SentBack {
    title: String,
    url: String,
    by: String,
    said: Option<SaidView>,
}

/// A form that was sent and said something that is not right.
#[derive(Default)]
struct Tried<'a> {
    problems: &'a [Problem],
    /// The entries it was about.
    records: HashSet<&'a str>,
    sentence: &'a str,
    is_bulk: bool,
}

async fn queue(
    porch: web::Data<Porch>,
    visit: Visit,
    chosen: web::Query<Vec<(String, String)>>,
) -> Result<Answered, Failure> {
    let chosen: Draft = chosen.into_inner().into_iter().collect();
    porch.off(move |porch| show(porch, &visit, &chosen, &Tried::default())).await
}

fn show(porch: &Porch, visit: &Visit, chosen: &Draft, tried: &Tried<'_>) -> Result<Answered, Failure> {
    let view = view(porch, visit, chosen, tried)?;
    Leaf::new("moderation", &porch.say("moderation-title")).page(porch, visit, &view)
}

fn view(porch: &Porch, visit: &Visit, chosen: &Draft, tried: &Tried<'_>) -> Result<QueueView, Failure> {
    let viewer = visit.animator()?;
    let (page, waiting, total) = page(porch, chosen.one("page").parse().unwrap_or(1))?;
    let has_all = chosen.one("coche") == "tout";
    let entries = waiting.iter().enumerate().map(|(at, own)| {
        let view = entry(porch, viewer, (at + 1, own))?;
        let is_tried = tried.records.contains(view.value.as_str());
        let sentence = if is_tried && !tried.is_bulk { typed(porch, tried) } else { Sentence::default() };
        Ok(EntryView { is_ticked: has_all || (is_tried && tried.is_bulk), sentence, ..view })
    });
    let entries = entries.collect::<Result<Vec<_>, Failure>>()?;
    let (sent_back, more_sent_back) = sent_back(porch)?;
    Ok(QueueView {
        done: done(porch, chosen),
        intro: porch.say(if porch.site.sends_mail { "moderation-intro" } else { "moderation-intro-without-mail" }),
        problems: wrong(porch, tried, &entries),
        summary: porch.words.catalogue().tell("moderation-count", &[("count", total.into())]),
        entries,
        pager: Pager::of(PATH, &Draft::default(), page, total, PAGE),
        page,
        tick_all: format!("{PATH}?page={page}&coche=tout"),
        bulk: if tried.is_bulk { typed(porch, tried) } else { Sentence::default() },
        sent_back,
        more_sent_back,
    })
}

/// The page that was asked for, or the last: its number, its entries, and how many there are on all.
fn page(porch: &Porch, number: u64) -> Result<(u64, Vec<OwnRecord>, u64), Failure> {
    porch.store().read(|link| {
        let total = lists::count_entries(link, Moderation::Proposed)?;
        let number = number.clamp(1, total.div_ceil(PAGE).max(1));
        let (waiting, total) = lists::entries(link, Moderation::Proposed, ((number - 1) * PAGE, PAGE))?;
        Ok((number, waiting, total))
    })
}

/// What was typed, with what is wrong with it.
fn typed(porch: &Porch, tried: &Tried<'_>) -> Sentence {
    let problem = tried.problems.iter().find(|problem| problem.field == "sentence");
    Sentence { typed: tried.sentence.to_owned(), error: problem.map(|problem| problem_sentence(porch, problem)) }
}

fn wrong(porch: &Porch, tried: &Tried<'_>, entries: &[EntryView]) -> Vec<Wrong> {
    let tried_on = entries.iter().find(|entry| entry.sentence.error.is_some());
    let own = tried_on.map_or_else(|| "mot".to_owned(), |entry| format!("mot-{}", entry.number));
    let one = |problem: &Problem| {
        let anchor = if problem.field == "sentence" { own.clone() } else { "ensemble".into() };
        Wrong { anchor, sentence: problem_sentence(porch, problem) }
    };
    tried.problems.iter().map(one).collect()
}

/// An entry with all that is to be known of it, before anything was typed about it.
fn entry(porch: &Porch, viewer: &Viewer, (number, own): (usize, &OwnRecord)) -> Result<EntryView, Failure> {
    let name = own.record.iri.to_string();
    let (stood, remarks) =
        porch.store().read(|link| Ok::<_, Failure>((stood::find(link, &name)?, remarks::of_record(link, &name)?)))?;
    let whole = lines_of(porch, viewer, &own.record, stood.as_ref())?;
    let before = match &stood {
        Some(stood) => Some(lines_of(porch, viewer, stood, Some(&own.record))?),
        None => None,
    };
    let days = porch.site.publish_after_days;
    let day = dates::day_of(own.record.modified + Duration::days(i64::from(days)));
    let by_itself = (days > 0).then(|| porch.words.catalogue().tell("moderation-by-itself", &[("day", day.into())]));
    Ok(EntryView {
        number,
        value: value_of(own),
        title: own.record.title(),
        url: own.record.iri.page_at(&porch.site.origin),
        kind: kind(porch, own),
        by: by(porch, own)?,
        by_itself,
        lead: lead_of(&own.record),
        said: remarks.iter().filter_map(|remark: &Remark| SaidView::of(porch, remark)).take(3).collect(),
        is_known: before.is_some(),
        changes: before.map_or_else(Vec::new, |before| changes(&before, &whole)),
        whole,
        picture: own.record.body.picture().and_then(|one| {
            let draft = own.record.lower();
            PictureView::of_form(porch, file_of(&draft)?, &one.alt)
        }),
        file: own.record.body.file().and_then(|one| FileView::of_form(porch, &one.to_form())),
        may_be_sent_back: has_form(own.record.kind()),
        is_ticked: false,
        sentence: Sentence::default(),
    })
}

/// What an entry is: its kind, and of which sort.
fn kind(porch: &Porch, own: &OwnRecord) -> String {
    let (kind, (badge, _)) = (kind_word(porch, own.record.kind()), badge(porch, &own.record));
    if kind == badge { kind } else { format!("{kind} · {badge}") }
}

/// Of whom an entry is, and since when it waits.
fn by(porch: &Porch, own: &OwnRecord) -> Result<String, Failure> {
    let author = porch.store().read(|link| match &own.author {
        Some(author) => accounts::find(link, author),
        None => Ok(None),
    })?;
    let author = author.map_or_else(|| porch.say("nobody"), |author| author.name);
    let gaps = [("author", author.into()), ("when", dates::moment(own.record.modified).into())];
    Ok(porch.words.catalogue().tell("moderation-by", &gaps))
}

/// What the authors were asked to change, and how many more there are.
fn sent_back(porch: &Porch) -> Result<(Vec<SentBack>, Option<String>), Failure> {
    let (all, total) = porch.store().read(|link| lists::entries(link, Moderation::Incomplete, (0, SENT_BACK)))?;
    let one = |own: &OwnRecord| {
        let remarks = porch.store().read(|link| remarks::of_record(link, &own.record.iri.to_string()))?;
        Ok(SentBack {
            title: own.record.title(),
            url: own.record.iri.page_at(&porch.site.origin),
            by: by(porch, own)?,
            said: remarks.first().and_then(|remark| SaidView::of(porch, remark)),
        })
    };
    let named = all.iter().map(one).collect::<Result<Vec<_>, Failure>>()?;
    let left = total.saturating_sub(named.len() as u64);
    let more = (left > 0).then(|| porch.words.catalogue().tell("moderation-more", &[("count", left.into())]));
    Ok((named, more))
}

fn value_of(own: &OwnRecord) -> String {
    format!("{} {}", own.record.iri, own.record.modified.unix_timestamp_nanos())
}

fn seen(value: &str) -> Option<(&str, UtcDateTime)> {
    let (record, version) = value.split_once(' ')?;
    Some((record, UtcDateTime::from_unix_timestamp_nanos(version.parse().ok()?).ok()?))
}

/// Decides of one entry, or of all that are ticked.
async fn decide(porch: web::Data<Porch>, typed: Typed) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            let by = &typed.visit.animator()?.account.id;
            let draft = &typed.draft;
            let records = draft.all("record");
            // A decision that is none comes from no form of ours.
            if Decision::named(draft.one("decision")).is_none() || records.len() > AT_ONCE {
                return Err(Failure::Form);
            }
            let verdict = match verdict(draft) {
                Ok(verdict) => verdict,
                Err(problems) => return again(porch, &typed, &problems),
            };
            let records: Vec<_> =
                records.iter().map(|value| seen(value).ok_or(Failure::Form)).collect::<Result<_, _>>()?;
            let _turn = porch.turn();
            let mut told = Told::default();
            for seen in records {
                told.count(porch.journal.decide(seen, &verdict, by, typed.visit.now)?);
            }
            Ok(Answered::see(&told.address(verdict.decision, draft.one("page"))))
        })
        .await
}

fn verdict(draft: &Draft) -> Result<Verdict, Problems> {
    let nothing = draft.all("record").is_empty().then(|| Problem::new("record", Why::Missing));
    match (Verdict::raise(draft), nothing) {
        (Ok(verdict), None) => Ok(verdict),
        (found, nothing) => Err(nothing.into_iter().chain(found.err().into_iter().flatten()).collect()),
    }
}

/// The page again, with all that was typed and ticked.
fn again(porch: &Porch, typed: &Typed, problems: &[Problem]) -> Result<Answered, Failure> {
    let draft = &typed.draft;
    let tried = Tried {
        problems,
        records: draft.all("record").iter().map(String::as_str).collect(),
        sentence: draft.all("sentence").first().map_or("", String::as_str),
        is_bulk: draft.is_ticked("ensemble"),
    };
    let mut chosen = Draft::default();
    chosen.add("page", draft.one("page"));
    Ok(show(porch, &typed.visit, &chosen, &tried)?.status(StatusCode::UNPROCESSABLE_ENTITY))
}

/// What became of the entries that were decided of.
#[derive(Default)]
struct Told {
    done: u64,
    already: u64,
    changed: u64,
    unfit: u64,
}

impl Told {
    fn count(&mut self, decided: Decided) {
        *match decided {
            Decided::Done => &mut self.done,
            Decided::Already => &mut self.already,
            Decided::Changed => &mut self.changed,
            Decided::Unfit => &mut self.unfit,
        } += 1;
    }

    /// The page that tells it.
    fn address(&self, decision: Decision, page: &str) -> String {
        let page: u64 = page.parse().unwrap_or(1);
        let counts = [("deja", self.already), ("changees", self.changed), ("inaptes", self.unfit)];
        let more: String =
            counts.iter().filter(|(_, count)| *count > 0).map(|(name, count)| format!("&{name}={count}")).collect();
        format!("{PATH}?page={page}&{}={}{more}", decision.as_str(), self.done)
    }
}

/// What was done a moment ago, as the address tells it.
fn done(porch: &Porch, chosen: &Draft) -> Vec<String> {
    let keys = [
        ("publish", "moderation-done-publish"),
        ("send-back", "moderation-done-send-back"),
        ("refuse", "moderation-done-refuse"),
        ("deja", "moderation-already"),
        ("changees", "moderation-changed"),
        ("inaptes", "moderation-unfit"),
    ];
    let told = keys.into_iter().filter_map(|(name, key)| {
        let count = chosen.one(name).parse::<u64>().ok().filter(|count| (1..=AT_ONCE as u64).contains(count))?;
        Some(porch.words.catalogue().tell(key, &[("count", count.into())]))
    });
    told.collect()
}

/// How many entries wait.
pub(crate) fn waiting(porch: &Porch) -> Result<u64, Failure> {
    Ok(porch.store().read(|link| lists::count_entries(link, Moderation::Proposed))?)
}
