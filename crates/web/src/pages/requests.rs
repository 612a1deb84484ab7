//! "I belong to this structure": somebody asks, the animators or those who edit it confirm.

use crate::answered::Answered;
use crate::failure::Failure;
use crate::pages::{Leaf, RecordPath, own_iri};
use crate::porch::Porch;
use crate::shelf;
use crate::typed::Typed;
use crate::views::{Form, form_of};
use crate::visit::Visit;
use actix_web::web;
use pes_domain::{Body, Draft, Kind, Record, RecordIri};
use pes_store::accounts::Account;
use pes_store::lists;
use pes_store::own_records::Moderation;
use pes_store::rights::{self, Right};

/// The fields of the form.
const OFFERED: [&str; 5] = ["role", "detail", "from", "until", "person-agrees"];

pub(crate) fn configure(app: &mut web::ServiceConfig) {
    app.route("/id/{kind}/{uuid}/rejoindre", web::get().to(ask));
    app.route("/id/{kind}/{uuid}/rejoindre", web::post().to(request));
}

async fn ask(porch: web::Data<Porch>, visit: Visit, path: web::Path<RecordPath>) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            let (iri, name) = structure(porch, &visit, &path)?;
            show(porch, &visit, (&iri, &name), &Draft::default(), &[])
        })
        .await
}

async fn request(porch: web::Data<Porch>, typed: Typed, path: web::Path<RecordPath>) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            let visit = &typed.visit;
            let (structure, name) = structure(porch, visit, &path)?;
            let account = &visit.viewer()?.account;
            let _turn = porch.turn();
            let draft = asked_by(account, (&structure, &name), &typed.draft);
            let before = asked_before(porch, &account.id, &structure)?;
            let iri = before.unwrap_or_else(|| RecordIri::mint(&porch.site.origin, Kind::Membership));
            match Record::raise(Kind::Membership, (iri, visit.now), &draft, visit.now, porch.rules()) {
                Ok(record) => {
                    ask_right(porch, &account.id, &structure)?;
                    porch.journal.save(record, Moderation::Proposed, Some(&account.id), visit.now)?;
                    Ok(Answered::see(&format!("{}?fait=demande", structure.page_at(&porch.site.origin))))
                }
                Err(problems) => {
                    let mut page = show(porch, visit, (&structure, &name), &typed.draft, &problems)?;
                    page.status = actix_web::http::StatusCode::UNPROCESSABLE_ENTITY;
                    Ok(page)
                }
            }
        })
        .await
}

/// What the form offers, and nothing else that was sent; who asks, and for which structure, is known here.
fn asked_by(account: &Account, (structure, name): (&RecordIri, &str), typed: &Draft) -> Draft {
    let mut draft = Draft::default();
    for field in OFFERED {
        draft.add_given(field, typed.text(field));
    }
    draft.add("person-label", &account.name);
    draft.add_given("person", account.person.as_ref());
    draft.add("structure", structure.to_string());
    draft.add("structure-label", name);
    draft.add("audience", "private");
    draft
}

/// The request of the same person that still waits: asking again says it anew, so that one answer settles one request.
fn asked_before(porch: &Porch, account: &str, structure: &RecordIri) -> Result<Option<RecordIri>, Failure> {
    let proposed = porch.store().read(lists::proposed)?;
    let same = proposed.into_iter().find(|own| match &own.record.body {
        Body::Membership(one) => {
            own.author.as_deref() == Some(account) && one.structure.iri.as_ref() == Some(structure)
        }
        _ => false,
    });
    Ok(same.map(|own| own.record.iri))
}

/// A structure of this node that this visitor sees.
fn structure(porch: &Porch, visit: &Visit, path: &RecordPath) -> Result<(RecordIri, String), Failure> {
    visit.viewer()?;
    let iri = own_iri(porch, (&path.kind, &path.uuid))?;
    let shown = shelf::find(porch, visit, &iri)?;
    if shown.record.kind() == Kind::Structure { Ok((iri, shown.record.title())) } else { Err(Failure::Absent) }
}

/// Asks for a right. It counts for nothing before it is confirmed, and asking again takes nothing away.
fn ask_right(porch: &Porch, account: &str, structure: &RecordIri) -> Result<(), Failure> {
    porch.store().write(|link| {
        let structure = structure.to_string();
        if rights::find(link, account, &structure)?.is_none() {
            let account = account.to_owned();
            let right = Right {
                account,
                structure,
                is_confirmed: false,
                may_edit: false,
                wants_notices: false,
                is_of_company: false,
            };
            rights::put(link, &right)?;
        }
        Ok(())
    })
}

fn show(
    porch: &Porch,
    visit: &Visit,
    (iri, name): (&RecordIri, &str),
    draft: &Draft,
    problems: &[pes_domain::Problem],
) -> Result<Answered, Failure> {
    let page = iri.page_at(&porch.site.origin);
    let form = Form::new(porch, draft, problems, "new-membership", &format!("{page}/rejoindre"));
    let mut view = form_of(form, Kind::Membership, &[], visit.viewer()?).finish();
    view.title = porch.words.catalogue().tell("new-membership-title", &[("structure", name.into())]);
    view.cancel = Some(page);
    Leaf::new("form", &view.title.clone()).page(porch, visit, &view)
}
