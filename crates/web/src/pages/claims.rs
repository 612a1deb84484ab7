//! "C'est votre structure ?": a letter to the structure's own address, whose link lets whoever reads it take the sheet over; and the link by which no more
//! letters come.

use crate::answered::Answered;
use crate::failure::Failure;
use crate::pages::animator::settle_membership;
use crate::pages::{Leaf, RecordPath, own_iri};
use crate::porch::Porch;
use crate::shelf;
use crate::typed::Typed;
use crate::views::Notice;
use crate::visit::Visit;
use actix_web::http::StatusCode;
use actix_web::web;
use pes_domain::{Body, Kind, Record};
use pes_journal::group::Group;
use pes_people::claims::{self, Claim};
use pes_store::own_records::{self, OwnRecord};
use time::UtcDateTime;

/// The parts of a letter's link.
type LinkPath = web::Path<(String, String)>;

pub(crate) fn configure(app: &mut web::ServiceConfig) {
    app.route("/id/{kind}/{uuid}/reprendre", web::post().to(ask));
    app.route("/reprendre/{letter}/{token}", web::get().to(open));
    app.route("/reprendre/{letter}/{token}", web::post().to(take));
    app.route("/ne-plus-nous-ecrire/{address}/{token}", web::get().to(ask_stop));
    app.route("/ne-plus-nous-ecrire/{address}/{token}", web::post().to(stop));
}

/// Asks for a letter. The answer is the same whether the structure has an address or not, was written to today, or wants no letters.
async fn ask(porch: web::Data<Porch>, typed: Typed, path: web::Path<RecordPath>) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            let iri = own_iri(porch, (&path.kind, &path.uuid))?;
            let shown = shelf::find(porch, &typed.visit, &iri)?;
            if !porch.site.sends_mail || shown.record.kind() != Kind::Structure {
                return Err(Failure::Absent);
            }
            if !shown.is_unclaimed() {
                return claimed(porch, &typed.visit, &shown.record);
            }
            porch.limits.letter(typed.from)?;
            porch.people.ask_for_claim(&iri.to_string(), typed.visit.now)?;
            Ok(Answered::see(&format!("{}?fait=reprise-demandee", iri.page_at(&porch.site.origin))))
        })
        .await
}

/// What is said to who asks for a letter about a sheet that somebody has taken over meanwhile; whoever it was, to them it is theirs.
fn claimed(porch: &Porch, visit: &Visit, record: &Record) -> Result<Answered, Failure> {
    let page = record.iri.page_at(&porch.site.origin);
    if visit.viewer.as_ref().is_some_and(|viewer| viewer.edits(&record.iri)) {
        return Ok(Answered::see(&page));
    }
    let mut view = Notice::of(porch, "claim-taken", &format!("{page}/rejoindre"), "claim-over-ask");
    view.lines.insert(0, porch.words.catalogue().tell("claim-taken-intro", &[("structure", record.title().into())]));
    let view = view.and(page, "claim-taken-page", porch);
    Ok(Leaf::new("notice", &view.title.clone()).page(porch, visit, &view)?.status(StatusCode::CONFLICT))
}

/// The link in a letter: opening it does nothing, its button does.
async fn open(porch: web::Data<Porch>, visit: Visit, path: LinkPath) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            let own = match porch.people.claim(&path.0, &path.1, visit.now)? {
                Claim::Open(own) => own,
                Claim::Over(own) => return over(porch, &visit, &own),
            };
            let here = format!("/reprendre/{}/{}", path.0, path.1);
            let mut view = match &visit.viewer {
                Some(_) => {
                    Notice::asking(porch, "claim-take", here.clone(), own.record.iri.page_at(&porch.site.origin))
                }
                None => Notice::signing_in(porch, "claim-sign-in", &here),
            };
            if let Some(action) = &mut view.action {
                action.is_grave = false;
            }
            view.title = tell(porch, "claim-take-title", &own);
            view.lines.insert(0, tell(porch, "claim-take-intro", &own));
            Leaf::new("notice", &view.title.clone()).back(&here).page(porch, &visit, &view)
        })
        .await
}

/// What is said where a link opens nothing any more: to whoever took the sheet over by it, that they did.
fn over(porch: &Porch, visit: &Visit, own: &OwnRecord) -> Result<Answered, Failure> {
    if matches!(shelf::find(porch, visit, &own.record.iri), Err(Failure::Absent)) {
        let view =
            Notice::of(porch, "claim-gone", "/nouveau/structure", "create-structure").and("/".into(), "go-home", porch);
        return Ok(Leaf::new("notice", &view.title.clone()).page(porch, visit, &view)?.status(StatusCode::GONE));
    }
    let page = own.record.iri.page_at(&porch.site.origin);
    if visit.viewer.as_ref().is_some_and(|viewer| viewer.edits(&own.record.iri)) {
        return Ok(Answered::see(&format!("{page}?fait=repris")));
    }
    let mut view = Notice::of(porch, "claim-over", &format!("{page}/rejoindre"), "claim-over-ask");
    view.lines.insert(0, tell(porch, "claim-over-intro", own));
    Ok(Leaf::new("notice", &view.title.clone()).page(porch, visit, &view)?.status(StatusCode::GONE))
}

/// The button: somebody speaks for the structure from now on.
async fn take(porch: web::Data<Porch>, typed: Typed, path: LinkPath) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            let visit = &typed.visit;
            let account = &visit.viewer()?.account;
            let _turn = porch.turn();
            let taken = porch.journal.gather(visit.now, |group| {
                let own = match claims::open(group.link(), &porch.links, (&path.0, &path.1), visit.now)? {
                    Claim::Open(own) => *own,
                    Claim::Over(own) => return Ok::<_, Failure>(Err(own)),
                };
                claims::give(group.link(), account, &own.record.iri.to_string(), visit.now)?;
                let iri = own.record.iri.clone();
                speak_for(group, own, visit.now)?;
                Ok(Ok(iri))
            })?;
            let iri = match taken {
                Ok(iri) => iri,
                Err(own) => return over(porch, visit, &own),
            };
            settle_membership(porch, (&account.id, &iri.to_string()), true, visit.now)?;
            Ok(Answered::see(&format!("{}?fait=repris", iri.page_at(&porch.site.origin))))
        })
        .await
}

/// From now on somebody speaks for a structure that was taken over from an older base: an animator decided so.
pub(super) fn claim(porch: &Porch, structure: &str, now: UtcDateTime) -> Result<(), Failure> {
    porch.journal.gather(now, |group| {
        let Some(own) = own_records::find(group.link(), structure)? else { return Ok(()) };
        pes_store::claims::taken(group.link(), structure, now.unix_timestamp())?;
        speak_for(group, own, now)
    })
}

/// Marks a sheet as one that somebody speaks for.
fn speak_for(group: &mut Group<'_>, own: OwnRecord, now: UtcDateTime) -> Result<(), Failure> {
    let Body::Structure(mut body) = own.record.body else { return Ok(()) };
    if body.is_unclaimed {
        body.is_unclaimed = false;
        let record = Record { modified: now, body: Body::Structure(body), ..own.record };
        group.save(record, own.moderation, None)?;
    }
    Ok(())
}

/// The link by which no more letters come: opening it does nothing, its button does.
async fn ask_stop(porch: web::Data<Porch>, visit: Visit, path: LinkPath) -> Result<Answered, Failure> {
    porch.people.check_stop(&path.0, &path.1)?;
    let here = format!("/ne-plus-nous-ecrire/{}/{}", path.0, path.1);
    let mut view = Notice::asking(&porch, "claim-stop", here, "/".into());
    if let Some(action) = &mut view.action {
        action.is_grave = false;
    }
    Leaf::new("notice", &view.title.clone()).page(&porch, &visit, &view)
}

/// The button, or the mail program's own (RFC 8058), which brings no cookie: the link's token is enough, and no account is needed.
async fn stop(porch: web::Data<Porch>, visit: Visit, path: LinkPath) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            porch.people.refuse_claim_letters(&path.0, &path.1, visit.now)?;
            let view = Notice::of(porch, "claim-stopped", "/", "go-home");
            Leaf::new("notice", &view.title.clone()).page(porch, &visit, &view)
        })
        .await
}

fn tell(porch: &Porch, key: &str, own: &OwnRecord) -> String {
    porch.words.catalogue().tell(key, &[("structure", own.record.title().into())])
}
