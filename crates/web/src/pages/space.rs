//! My space: what I wrote, my structures, my answers, my notices, my preferences.

use crate::answered::Answered;
use crate::failure::Failure;
use crate::pages::Leaf;
use crate::porch::Porch;
use crate::shelf::short;
use crate::typed::Typed;
use crate::views::{Notice, SaidView, said_of};
use crate::visit::Visit;
use actix_web::web;
use pes_domain::RecordIri;
use pes_domain::concern::Reason;
use pes_people::Viewer;
use pes_store::accounts::{Account, Rhythm};
use pes_store::conversations::Side;
use pes_store::notices::{self, Notice as Row};
use pes_store::own_records::{Moderation, OwnRecord};
use pes_store::{Link, conversations, hidden, lists, nodes, own_records, records};
use pes_words::dates::moment_at;
use pes_words::reason::{Met, Where, sentence};
use serde::Serialize;
use time::UtcDateTime;

/// How many notices are shown.
const NOTICES: u64 = 100;

pub(crate) fn configure(app: &mut web::ServiceConfig) {
    app.route("/mon-espace", web::get().to(space));
    app.route("/mes-preferences", web::post().to(prefer));
    app.route("/mes-avis", web::get().to(my_notices));
    app.route("/sans-mails/{account}/{token}", web::get().to(ask_unsubscribe));
    app.route("/sans-mails/{account}/{token}", web::post().to(unsubscribe));
}

/// What was done a moment ago, as the address tells it.
const DONE: [&str; 2] = ["bienvenue", "preferences"];
/// In a form: no mails at all.
const NEVER: &str = "never";

#[derive(Debug, Serialize)]
struct SpaceView {
    name: String,
    is_member: bool,
    /// Whether they write for the network.
    is_editor: bool,
    sends_mail: bool,
    mails: Vec<Choice>,
    person_url: Option<String>,
    structures: Vec<Mine>,
    records: Vec<Mine>,
    conversations: Vec<Mine>,
    done: Vec<String>,
}

/// Something of mine: its page, its name, and where it stands.
#[derive(Debug, Serialize)]
struct Mine {
    title: String,
    url: String,
    note: String,
    /// What the team said of it.
    said: Option<SaidView>,
}

/// How often one may be written to.
#[derive(Debug, Serialize)]
struct Choice {
    value: &'static str,
    label: String,
    is_chosen: bool,
}

#[derive(Debug, Serialize)]
struct NoticeView {
    title: String,
    url: String,
    why: String,
    from: String,
    when: String,
    is_new: bool,
}

async fn space(porch: web::Data<Porch>, visit: Visit) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            let view = space_view(porch, &visit)?;
            Leaf::new("space", &porch.say("space-title")).page(porch, &visit, &view)
        })
        .await
}

fn space_view(porch: &Porch, visit: &Visit) -> Result<SpaceView, Failure> {
    let viewer = visit.viewer()?;
    let account = &viewer.account;
    let (own, talks) = porch.store().read(|link| {
        Ok::<_, Failure>((lists::of_author(link, &account.id)?, conversations::of_account(link, &account.id)?))
    })?;
    let talk = |talk: &conversations::Conversation| {
        let side = if talk.side == Side::Home.as_str() { Side::Home } else { Side::Answerer };
        Mine {
            title: talk.title.clone(),
            url: format!("/reponses/{}", porch.people.link_to(&talk.id, side)),
            note: moment_at(talk.last_word),
            said: None,
        }
    };
    let person = account.person.as_deref().and_then(RecordIri::read);
    let told = DONE.into_iter().find(|told| visit.path.ends_with(&format!("?fait={told}")));
    let done = told.map(|told| porch.say(&format!("done-{told}"))).into_iter().collect();
    let records = own.iter().filter(|own| !is_person(own)).map(|own| mine(porch, viewer, own));
    Ok(SpaceView {
        name: account.name.clone(),
        is_member: viewer.is_member(),
        sends_mail: porch.site.sends_mail,
        mails: mails(porch, account),
        person_url: person.map(|iri| iri.page_at(&porch.site.origin)),
        structures: my_structures(porch, viewer)?,
        records: records.collect::<Result<_, _>>()?,
        is_editor: viewer.is_editor(),
        conversations: talks.iter().map(talk).collect(),
        done,
    })
}

/// How often one may be written to, and what is chosen.
fn mails(porch: &Porch, account: &Account) -> Vec<Choice> {
    let chosen = if account.wants_mail { account.rhythm.as_str() } else { NEVER };
    let values = Rhythm::ALL.into_iter().map(Rhythm::as_str).chain([NEVER]);
    let choice =
        |value| Choice { value, label: porch.say(&format!("space-mails-{value}")), is_chosen: value == chosen };
    values.map(choice).collect()
}

fn is_person(own: &OwnRecord) -> bool {
    own.record.kind() == pes_domain::Kind::Person
}

fn mine(porch: &Porch, viewer: &Viewer, own: &OwnRecord) -> Result<Mine, Failure> {
    let stands = if own.record.is_expired(UtcDateTime::now()) { "expired" } else { own.moderation.as_str() };
    Ok(Mine {
        title: own.record.title(),
        url: own.record.iri.page_at(&porch.site.origin),
        note: porch.say(&format!("stands-{stands}")),
        said: said_of(porch, Some(viewer), own)?,
    })
}

fn my_structures(porch: &Porch, viewer: &Viewer) -> Result<Vec<Mine>, Failure> {
    porch.store().read(|link| {
        let mut mine = Vec::new();
        for right in &viewer.rights {
            let Some(own) = own_records::find(link, &right.structure)? else { continue };
            let note = match (right.is_confirmed, right.may_edit) {
                (false, _) => "right-asked",
                (true, true) => "right-edit",
                (true, false) => "right-member",
            };
            let (title, url) = (own.record.title(), own.record.iri.page_at(&porch.site.origin));
            mine.push(Mine { title, url, note: porch.say(note), said: None });
        }
        Ok(mine)
    })
}

async fn prefer(porch: web::Data<Porch>, typed: Typed) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            let chosen = typed.draft.one("mails");
            let rhythm = Rhythm::named(chosen);
            if rhythm.is_none() && chosen != NEVER {
                return Err(Failure::Form);
            }
            porch.people.prefer(&typed.visit.viewer()?.account.id, rhythm)?;
            Ok(Answered::see("/mon-espace?fait=preferences"))
        })
        .await
}

async fn my_notices(porch: web::Data<Porch>, visit: Visit) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            let account = visit.viewer()?.account.id.clone();
            let rows = porch.store().read(|link| notices::of_account(link, &account, NOTICES))?;
            let mut views = Vec::new();
            for row in rows {
                views.extend(porch.store().read(|link| notice_view(link, porch, &visit, &row))?);
            }
            let page = Leaf::new("notices", &porch.say("notices-title")).page(
                porch,
                &visit,
                &serde_json::json!({ "notices": views }),
            )?;
            // They have been shown now.
            porch.store().write(|link| notices::mark_read(link, &account))?;
            Ok(page)
        })
        .await
}

/// A notice, if its record is still there for this reader.
fn notice_view(link: &mut Link, porch: &Porch, visit: &Visit, row: &Row) -> Result<Option<NoticeView>, Failure> {
    let Some(iri) = RecordIri::read(&row.record) else { return Ok(None) };
    if hidden::find(link, &row.record)?.is_some() {
        return Ok(None);
    }
    let record = match own_records::find(link, &row.record)? {
        Some(own) if own.moderation == Moderation::Published => own.record.seen_by(visit.reads_own(&own)),
        // Withdrawn, refused or blocked since: it is not shown anywhere else either.
        Some(_) => None,
        None => records::seen(link, &row.record, visit.reads_foreign().audience())?.map(|sheet| sheet.record),
    };
    let Some(record) = record.filter(|record| !record.is_expired(visit.now)) else { return Ok(None) };
    let structure = match &row.structure {
        Some(structure) => own_records::find(link, structure)?.map(|own| own.record.title()),
        None => None,
    };
    let network = nodes::all(link)?.into_iter().find(|node| node.origin.as_str() == iri.origin());
    let from = network.map_or_else(String::new, |node| {
        porch.words.catalogue().tell("from-network", &[("network", short(&node.name).into())])
    });
    Ok(Some(NoticeView {
        title: record.title(),
        url: iri.page_at(&porch.site.origin),
        why: why(porch, row, structure.as_deref()),
        from,
        when: moment_at(row.created),
        is_new: !row.is_read,
    }))
}

fn why(porch: &Porch, row: &Row, structure: Option<&str>) -> String {
    let Ok(reason) = serde_json::from_str::<Reason>(&row.reason) else { return String::new() };
    let (thesaurus, gazetteer) = (&porch.rules().thesaurus, porch.rules().gazetteer);
    let met = reason
        .meetings
        .iter()
        .map(|meeting| Met { wanted: thesaurus.label(&meeting.wanted), declared: thesaurus.label(&meeting.declared) });
    let area = reason.area.as_ref().and_then(|area| gazetteer.area_name(area));
    let place = Where { area, distance_km: reason.distance_km };
    sentence(porch.words.catalogue(), structure, &met.collect::<Vec<_>>(), place)
}

/// The link in a mail: opening it does nothing, its button does.
async fn ask_unsubscribe(
    porch: web::Data<Porch>,
    visit: Visit,
    path: web::Path<(String, String)>,
) -> Result<Answered, Failure> {
    check_link(&porch, &path)?;
    let mut view = Notice::asking(&porch, "unsubscribe", format!("/sans-mails/{}/{}", path.0, path.1), "/".into());
    if let Some(action) = &mut view.action {
        action.is_grave = false;
    }
    Leaf::new("notice", &view.title.clone()).page(&porch, &visit, &view)
}

/// The button, or the mail program's own (RFC 8058), which brings no cookie: the link's token is enough.
async fn unsubscribe(
    porch: web::Data<Porch>,
    visit: Visit,
    path: web::Path<(String, String)>,
) -> Result<Answered, Failure> {
    check_link(&porch, &path)?;
    porch
        .off(move |porch| {
            porch.people.prefer(&path.0, None)?;
            let view = Notice::of(porch, "unsubscribed", "/mon-espace", "go-space");
            Leaf::new("notice", &view.title.clone()).page(porch, &visit, &view)
        })
        .await
}

fn check_link(porch: &Porch, (account, token): &(String, String)) -> Result<(), Failure> {
    if porch.links.token("unsubscribe", account) == *token { Ok(()) } else { Err(Failure::Absent) }
}
