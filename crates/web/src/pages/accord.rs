//! Answering a record with an accord: taking part in a group purchase, confirming a relation; and taking it back.

use crate::answered::Answered;
use crate::failure::Failure;
use crate::pages::saving::structures;
use crate::porch::Porch;
use crate::shelf;
use crate::typed::Typed;
use crate::views::asked_of;
use crate::visit::Visit;
use actix_web::web;
use pes_domain::accord::Answer;
use pes_domain::{Audience, Body, Draft, Kind, Record, RecordIri};
use pes_people::Viewer;
use pes_store::lists;
use pes_store::own_records::{self, Moderation, OwnRecord};

pub(crate) fn configure(app: &mut web::ServiceConfig) {
    app.route("/accord", web::post().to(answer));
    app.route("/accord/retirer", web::post().to(take_back));
}

/// Answers a record in the name of one of one's structures, or in one's own. A second answer takes the place of the first.
async fn answer(porch: web::Data<Porch>, typed: Typed) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            let _turn = porch.turn();
            let viewer = typed.visit.viewer()?;
            let iri = RecordIri::read(typed.draft.one("record")).ok_or(Failure::Absent)?;
            let about = shelf::find(porch, &typed.visit, &iri)?.record;
            let draft = drafted(porch, viewer, &about, &typed.draft)?;
            let before = before(porch, &typed.visit, &iri, &draft)?;
            let (name, created) = match &before {
                Some(before) => (before.record.iri.clone(), before.record.created),
                None => (RecordIri::mint(&porch.site.origin, Kind::Accord), typed.visit.now),
            };
            // The fields of this form are choices and a number: what is wrong with them is said in one sentence.
            let page = iri.page_at(&porch.site.origin);
            let raised = Record::raise(Kind::Accord, (name, created), &draft, typed.visit.now, porch.rules());
            let record = raised.ok().filter(|record| !is_of_nothing(record));
            let Some(record) = record else { return Ok(Answered::see(&format!("{page}?fait=accord-illisible"))) };
            let moderation =
                if viewer.is_member() || viewer.is_editor() { Moderation::Published } else { Moderation::Proposed };
            porch.journal.save(record, moderation, Some(&viewer.account.id), typed.visit.now)?;
            let told = if moderation == Moderation::Published { "accord" } else { "accord-propose" };
            Ok(Answered::see(&format!("{page}?fait={told}")))
        })
        .await
}

/// Whether somebody would take part with nothing.
fn is_of_nothing(record: &Record) -> bool {
    let Body::Accord(one) = &record.body else { return false };
    let is_purchase = one.about.iri.as_ref().is_some_and(|iri| iri.kind() == Some(Kind::Exchange));
    one.answer == Answer::TakesPart && is_purchase && one.quantity.unwrap_or_default() == 0
}

/// The accord that was typed: of a structure only those may speak who edit it, and a relation only the side that does not tell it answers.
fn drafted(porch: &Porch, viewer: &Viewer, about: &Record, typed: &Draft) -> Result<Draft, Failure> {
    let answer = Answer::named(typed.one("answer")).filter(|answer| answer.fits(about.kind()));
    let answer = answer.ok_or(Failure::Form)?;
    let mut draft = Draft::default();
    draft.add("about", about.iri.to_string());
    draft.add("about-label", about.title().chars().take(250).collect::<String>());
    draft.add("answer", answer.notation());
    draft.add("audience", about.audience.max(Audience::Network).as_str());
    draft.add("detail", typed.one("detail"));
    if answer == Answer::TakesPart {
        draft.add("quantity", typed.one("quantity"));
    }
    let by = match &about.body {
        Body::Relation(one) => asked_of(about, one).iri.as_ref().map(ToString::to_string).unwrap_or_default(),
        _ => typed.one("by").to_owned(),
    };
    if by.is_empty() {
        let given = viewer.account.name.split_whitespace().next().unwrap_or_default();
        draft.add("by-label", given);
        return if matches!(about.body, Body::Relation(_)) { Err(Failure::Forbidden) } else { Ok(draft) };
    }
    let own = structures(porch, viewer)?.into_iter().find(|(iri, _)| *iri == by);
    let (iri, label) = own.ok_or(Failure::Forbidden)?;
    draft.add("by", iri);
    draft.add("by-label", label);
    Ok(draft)
}

/// The accord that stands already: of the same structure, or of the same person, about the same record.
fn before(porch: &Porch, visit: &Visit, about: &RecordIri, draft: &Draft) -> Result<Option<OwnRecord>, Failure> {
    let account = &visit.viewer()?.account.id;
    let published = shelf::naming(porch, visit, Kind::Accord, std::slice::from_ref(about))?
        .into_iter()
        .filter(|shown| shown.is_own);
    let names: Vec<String> = published.map(|shown| shown.record.iri.to_string()).collect();
    let mine = porch.store().read(|link| {
        let mut all = lists::of_author(link, account)?;
        for name in &names {
            all.extend(own_records::find(link, name)?);
        }
        Ok::<_, Failure>(all)
    })?;
    let is_same = |own: &OwnRecord| match &own.record.body {
        Body::Accord(one) if one.about.iri.as_ref() == Some(about) => match &one.by.iri {
            Some(iri) => iri.to_string() == draft.one("by"),
            None => draft.one("by").is_empty() && own.author.as_ref() == Some(account),
        },
        _ => false,
    };
    Ok(mine.into_iter().find(is_same))
}

/// Takes an accord back: whoever gave it, and those who edit the structure it speaks for.
async fn take_back(porch: web::Data<Porch>, typed: Typed) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            let _turn = porch.turn();
            let viewer = typed.visit.viewer()?;
            let own = porch.store().read(|link| own_records::find(link, typed.draft.one("accord")))?;
            let own = own.ok_or(Failure::Absent)?;
            let Body::Accord(accord) = &own.record.body else { return Err(Failure::Absent) };
            let edits = accord.by.iri.as_ref().is_some_and(|iri| viewer.edits(iri));
            if !edits && !viewer.may_change(&own) {
                return Err(Failure::Absent);
            }
            let about = accord.about.iri.clone().ok_or(Failure::Absent)?;
            porch.journal.delete(&own.record.iri, None, typed.visit.now)?;
            Ok(Answered::see(&format!("{}?fait=accord-retire", about.page_at(&porch.site.origin))))
        })
        .await
}
