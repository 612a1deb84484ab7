//! The forms by which one writes a record, changes it, withdraws it, deletes it.

use crate::answered::Answered;
use crate::failure::Failure;
use crate::pages::saving::{self, AUDIENCE, Outcome};
use crate::pages::{Leaf, RecordPath, alike, confided, kind_named, meant, own_iri, upload};
use crate::parcel::Parcel;
use crate::porch::Porch;
use crate::typed::Typed;
use crate::views::{Conflict, Form, FormView, LikeView, Notice, form_of, said_of};
use crate::visit::Visit;
use actix_web::web;
use pes_domain::occurrence::PARIS;
use pes_domain::{Draft, Kind, Problem, Problems, RecordIri};
use pes_journal::moderation::has_form;
use pes_store::accounts;
use pes_store::own_records::{self, Moderation, OwnRecord};
use std::collections::{HashMap, HashSet};

pub(crate) fn configure(app: &mut web::ServiceConfig) {
    app.route("/nouveau/{kind}", web::get().to(blank));
    app.route("/nouveau/{kind}", web::post().to(create));
    app.route("/id/{kind}/{uuid}/modifier", web::get().to(filled));
    app.route("/id/{kind}/{uuid}/modifier", web::post().to(change));
    app.route("/id/{kind}/{uuid}/retirer", web::post().to(withdraw));
    app.route("/id/{kind}/{uuid}/supprimer", web::get().to(ask_delete));
    app.route("/id/{kind}/{uuid}/supprimer", web::post().to(delete));
}

async fn blank(porch: web::Data<Porch>, visit: Visit, slug: web::Path<String>) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            let kind = writable(&visit, kind_named(&slug)?)?;
            if let Some(sheet) = sheet_of_one_s_own(porch, &visit, kind)? {
                return Ok(Answered::see(&sheet));
            }
            let draft = starting(porch, &visit, kind)?;
            show(porch, &visit, kind, &Filled::new(&draft, &format!("/nouveau/{slug}")))
        })
        .await
}

async fn create(porch: web::Data<Porch>, parcel: Parcel, slug: web::Path<String>) -> Result<Answered, Failure> {
    let _drawing = parcel.turn(&porch).await?;
    porch
        .off(move |porch| {
            let kind = writable(&parcel.typed.visit, kind_named(&slug)?)?;
            let (typed, found) = upload::settle(porch, None, parcel)?;
            let action = format!("/nouveau/{slug}");
            if let Some(asked) = asked_of_new(porch, (&typed, &found), kind, &action)? {
                return Ok(asked);
            }
            let _turn = porch.turn();
            if let Some(sheet) = sheet_of_one_s_own(porch, &typed.visit, kind)? {
                return Ok(Answered::see(&sheet));
            }
            saved(porch, (&typed, found), kind, None, &action)
        })
        .await
}

async fn filled(porch: web::Data<Porch>, visit: Visit, path: web::Path<RecordPath>) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            let own = changeable(porch, &visit, &path)?;
            let (draft, action) = (own.record.lower(), format!("/id/{}/{}/modifier", path.kind, path.uuid));
            show(porch, &visit, own.record.kind(), &Filled { own: Some(&own), ..Filled::new(&draft, &action) })
        })
        .await
}

async fn change(porch: web::Data<Porch>, parcel: Parcel, path: web::Path<RecordPath>) -> Result<Answered, Failure> {
    let _drawing = parcel.turn(&porch).await?;
    porch
        .off(move |porch| {
            let own = changeable(porch, &parcel.typed.visit, &path)?;
            let (typed, found) = upload::settle(porch, Some(&own), parcel)?;
            let _turn = porch.turn();
            // As it is now: a picture takes a while to draw.
            let own = changeable(porch, &typed.visit, &path)?;
            let action = format!("/id/{}/{}/modifier", path.kind, path.uuid);
            saved(porch, (&typed, found), own.record.kind(), Some(&own), &action)
        })
        .await
}

/// Takes a record back from everybody: it becomes a draft.
async fn withdraw(porch: web::Data<Porch>, typed: Typed, path: web::Path<RecordPath>) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            let _turn = porch.turn();
            let own = changeable(porch, &typed.visit, &path)?;
            let page = own.record.iri.page_at(&porch.site.origin);
            let name = own.record.iri.to_string();
            porch.journal.save(own.record, Moderation::Draft, None, typed.visit.now)?;
            // What was said against it is dealt with, where somebody of the team takes it back.
            if let Ok(animator) = typed.visit.animator() {
                porch.people.close_reports_of(&name, &animator.account.id, typed.visit.now)?;
            }
            Ok(Answered::see(&format!("{page}?fait=retire")))
        })
        .await
}

async fn ask_delete(porch: web::Data<Porch>, visit: Visit, path: web::Path<RecordPath>) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            let own = changeable(porch, &visit, &path)?;
            let page = own.record.iri.page_at(&porch.site.origin);
            let mut view = Notice::asking(porch, "delete", format!("{page}/supprimer"), page);
            view.lines.insert(0, own.record.title());
            Leaf::new("notice", &view.title.clone()).page(porch, &visit, &view)
        })
        .await
}

async fn delete(porch: web::Data<Porch>, typed: Typed, path: web::Path<RecordPath>) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            let _turn = porch.turn();
            let own = changeable(porch, &typed.visit, &path)?;
            porch.journal.delete(&own.record.iri, None, typed.visit.now)?;
            let view = Notice::of(porch, "deleted", "/mon-espace", "go-space");
            Leaf::new("notice", &view.title.clone()).page(porch, &typed.visit, &view)
        })
        .await
}

/// What is asked before a new structure is saved, where it may be one that is there: with all that was typed. Nobody waits for it in turn.
fn asked_of_new(
    porch: &Porch,
    (typed, found): (&Typed, &Problems),
    kind: Kind,
    action: &str,
) -> Result<Option<Answered>, Failure> {
    if kind != Kind::Structure || !found.is_empty() {
        return Ok(None);
    }
    let draft = begun(porch, kind, typed.draft.clone())?;
    let Some(question) = alike::question(porch, &typed.visit, &draft)? else { return Ok(None) };
    let mut view = form(porch, &typed.visit, kind, &Filled::new(&draft, action))?;
    view.question = Some(question);
    view.submit = porch.say("alike-go");
    Leaf::new("form", &view.title.clone()).page(porch, &typed.visit, &view).map(Some)
}

/// Saves, and goes on to the record's page; or shows the form again, with all that was typed.
fn saved(
    porch: &Porch,
    (typed, found): (&Typed, Problems),
    kind: Kind,
    before: Option<&OwnRecord>,
    action: &str,
) -> Result<Answered, Failure> {
    let visit = &typed.visit;
    let merged = match before {
        Some(before) => {
            let stood = before.record.lower();
            let fields =
                form_fields(&form(porch, visit, kind, &Filled { own: Some(before), ..Filled::new(&stood, action) })?);
            saving::over(&stood, &typed.draft, &fields)
        }
        None => begun(porch, kind, typed.draft.clone())?,
    };
    let (merged, likes) = match kind {
        Kind::Relation => meant::settle(porch, visit, before, &merged)?,
        _ => (merged, Vec::new()),
    };
    if kind == Kind::Relation
        && let Some(mut view) = asked_of_relation(porch, visit, (before, &merged, &likes), action)?
    {
        typed.draft.one("version").clone_into(&mut view.version);
        return Leaf::new("form", &view.title.clone()).page(porch, visit, &view);
    }
    match saving::save(porch, visit, (kind, before), &merged, found)? {
        Outcome::Saved(iri, moderation) => {
            remember_person(porch, visit, kind, &iri)?;
            upload::done(porch, visit, &merged)?;
            let told = match (moderation, before.map(|before| before.moderation)) {
                (Moderation::Proposed, _) => "propose",
                (_, Some(Moderation::Published)) => "enregistre",
                // What was withdrawn, refused or waiting is published now.
                (_, Some(_) | None) => "publie",
            };
            Ok(Answered::see(&format!("{}?fait={told}", iri.page_at(&porch.site.origin))))
        }
        Outcome::Wrong(problems) => {
            let filled = Filled { own: before, problems: &problems, ..Filled::new(&merged, action) };
            let mut page = show(porch, visit, kind, &filled)?;
            page.status = actix_web::http::StatusCode::UNPROCESSABLE_ENTITY;
            Ok(page)
        }
        Outcome::Overtaken(theirs, version) => {
            let filled = Filled { own: before, theirs: Some((&theirs, &version)), ..Filled::new(&merged, action) };
            let mut page = show(porch, visit, kind, &filled)?;
            page.status = actix_web::http::StatusCode::CONFLICT;
            Ok(page)
        }
    }
}

/// The form of a relation with what is asked before it is saved: which structure is meant; then, who is to read the name of one that few read.
fn asked_of_relation(
    porch: &Porch,
    visit: &Visit,
    (before, draft, likes): (Option<&OwnRecord>, &Draft, &[LikeView]),
    action: &str,
) -> Result<Option<FormView>, Failure> {
    let view =
        |draft: &Draft| form(porch, visit, Kind::Relation, &Filled { own: before, ..Filled::new(draft, action) });
    if !likes.is_empty() {
        let mut view = view(draft)?;
        meant::ask(porch, &mut view, likes);
        return Ok(Some(view));
    }
    let Some((narrowed, question)) = confided::question(porch, visit, before, draft)? else { return Ok(None) };
    Ok(Some(FormView { question: Some(question), ..view(&narrowed)? }))
}

/// What a form is filled with.
struct Filled<'a> {
    draft: &'a Draft,
    action: &'a str,
    own: Option<&'a OwnRecord>,
    problems: &'a [Problem],
    /// What somebody else saved meanwhile, and its version.
    theirs: Option<(&'a Draft, &'a str)>,
}

impl<'a> Filled<'a> {
    fn new(draft: &'a Draft, action: &'a str) -> Self {
        Self { draft, action, own: None, problems: &[], theirs: None }
    }
}

fn show(porch: &Porch, visit: &Visit, kind: Kind, filled: &Filled<'_>) -> Result<Answered, Failure> {
    let view = form(porch, visit, kind, filled)?;
    Leaf::new("form", &view.title.clone()).page(porch, visit, &view)
}

fn form(porch: &Porch, visit: &Visit, kind: Kind, filled: &Filled<'_>) -> Result<FormView, Failure> {
    let viewer = visit.viewer()?;
    let structures = saving::structures(porch, viewer)?;
    let key = format!("{}-{}", if filled.own.is_some() { "edit" } else { "new" }, kind.notation());
    let form = Form::new(porch, filled.draft, filled.problems, &key, filled.action);
    let mut view = form_of(form, kind, &structures, viewer).finish();
    // What it says of who sees such records holds for the platform's own beginning only.
    if porch.journal.gives()?.audience(kind) != kind.default_audience() {
        view.intro = None;
    }
    if let Some(own) = filled.own {
        let page = own.record.iri.page_at(&porch.site.origin);
        view.version = saving::version(own);
        view.delete_url = Some(format!("{page}/supprimer"));
        view.withdraw_url = (own.moderation == Moderation::Published).then(|| format!("{page}/retirer"));
        view.cancel = Some(page);
        view.said = said_of(porch, visit.viewer.as_ref(), own)?;
    }
    if let Some((theirs, version)) = filled.theirs {
        view.version = version.to_owned();
        view.conflict = differences(porch, &view, theirs, filled.draft);
    }
    Ok(view)
}

/// The fields of a form that nobody typed.
const HIDDEN: [&str; 2] = ["csrf", "version"];

/// The fields in which two versions differ.
fn differences(porch: &Porch, view: &FormView, theirs: &Draft, ours: &Draft) -> Vec<Conflict> {
    let mut names: Vec<String> = form_fields(view).into_iter().collect();
    names.sort();
    let is_typed = |name: &String| !HIDDEN.contains(&name.as_str());
    let differ = names.into_iter().filter(|name| is_typed(name) && theirs.all(name) != ours.all(name));
    differ.map(|name| difference(porch, view, &name, theirs.all(&name))).collect()
}

/// A field as another saved it, by the words of its choices.
fn difference(porch: &Porch, view: &FormView, name: &str, theirs: &[String]) -> Conflict {
    let choices = labels(view, name);
    let word = |value: &String| match name {
        "picture" => porch.say("picture-another"),
        "file" => porch.say("file-another"),
        _ => choices.get(value.as_str()).map_or(value.as_str(), |label| label).to_owned(),
    };
    let label = porch.say(&format!("field-{}", name.trim_start_matches("audience-of-")));
    let label = match name.starts_with("audience-of-") {
        true => format!("{label} – {}", porch.say("who-sees-field")),
        false => label,
    };
    Conflict { label, theirs: theirs.iter().map(word).collect::<Vec<_>>().join(", ") }
}

/// What a field's choices are called, by what is sent for them.
fn labels<'a>(view: &'a FormView, name: &str) -> HashMap<&'a str, &'a str> {
    let fields = view.sections.iter().flat_map(|section| &section.fields);
    let cells = fields.clone().flat_map(|field| field.lines.iter().flat_map(|line| &line.cells));
    let own = fields.clone().chain(cells).filter(|field| field.name == name);
    let own = own.flat_map(|field| field.options.iter().chain(field.groups.iter().flat_map(|group| &group.options)));
    let audiences = fields.filter_map(|field| field.audience.as_ref()).filter(|audience| audience.name == name);
    let all = own.chain(audiences.flat_map(|audience| &audience.options));
    all.map(|option| (option.value.as_str(), option.label.as_str())).collect()
}

/// The names of all fields of a form.
fn form_fields(view: &FormView) -> HashSet<String> {
    let fields = view.sections.iter().flat_map(|section| &section.fields);
    let mut names: HashSet<String> = HIDDEN.map(str::to_owned).into();
    for field in fields {
        names.insert(field.name.clone());
        names.extend(field.audience.as_ref().map(|audience| audience.name.clone()));
        names.extend(field.lines.iter().flat_map(|line| &line.cells).map(|cell| cell.name.clone()));
    }
    names
}

/// A record of this node that this visitor may change.
fn changeable(porch: &Porch, visit: &Visit, path: &RecordPath) -> Result<OwnRecord, Failure> {
    let viewer = visit.viewer()?;
    let iri = own_iri(porch, (&path.kind, &path.uuid))?;
    let own = porch.store().read(|link| own_records::find(link, &iri.to_string()))?.ok_or(Failure::Absent)?;
    if viewer.may_change(&own) && has_form(own.record.kind()) { Ok(own) } else { Err(Failure::Absent) }
}

/// The kinds one may write by a form, once signed in.
fn writable(visit: &Visit, kind: Kind) -> Result<Kind, Failure> {
    visit.viewer()?;
    if kind == Kind::Membership { Err(Failure::Absent) } else { Ok(kind) }
}

/// The page of the sheet that somebody has already: each has one.
fn sheet_of_one_s_own(porch: &Porch, visit: &Visit, kind: Kind) -> Result<Option<String>, Failure> {
    let account = &visit.viewer()?.account.id;
    if kind != Kind::Person {
        return Ok(None);
    }
    let own = porch.store().read(|link| {
        // As it is now: another form of theirs may have come in between.
        let person = accounts::find(link, account)?.and_then(|account| account.person);
        // One that was deleted since is no sheet.
        Ok::<_, Failure>(person.map(|person| own_records::find(link, &person)).transpose()?.flatten())
    })?;
    Ok(own.map(|own| own.record.iri.page_at(&porch.site.origin)))
}

/// What a new form begins with.
fn starting(porch: &Porch, visit: &Visit, kind: Kind) -> Result<Draft, Failure> {
    let viewer = visit.viewer()?;
    let mut draft = begun(porch, kind, Draft::default())?;
    let (given, family) = viewer.account.name.split_once(' ').unwrap_or((&viewer.account.name, ""));
    match kind {
        Kind::Person => {
            draft.add("given-name", given);
            draft.add("family-name", family);
            draft.add("audience-of-place", "private");
        }
        Kind::Article | Kind::Document => draft.add("author", given),
        Kind::Event => {
            draft.add("zone", PARIS);
            draft.add("event-state", "planned");
        }
        Kind::Exchange => {
            draft.add("author", given);
            draft.add("state", "open");
        }
        _ => {}
    }
    Ok(draft)
}

/// A new record is for those for whom the network begins such records, unless something else was chosen.
fn begun(porch: &Porch, kind: Kind, mut draft: Draft) -> Result<Draft, Failure> {
    if draft.one(AUDIENCE).trim().is_empty() {
        draft = saving::without(&draft, &[AUDIENCE]);
        draft.add(AUDIENCE, porch.journal.gives()?.audience(kind).as_str());
    }
    Ok(draft)
}

/// Somebody's own sheet is remembered with their account.
fn remember_person(porch: &Porch, visit: &Visit, kind: Kind, iri: &RecordIri) -> Result<(), Failure> {
    let viewer = visit.viewer()?;
    if kind == Kind::Person && sheet_of_one_s_own(porch, visit, kind)?.is_none() {
        porch.people.change(&viewer.account.id, |account| account.person = Some(iri.to_string()))?;
    }
    Ok(())
}
