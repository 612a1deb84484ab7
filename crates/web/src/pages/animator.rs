//! The animators' page: what waits for them, and whether every neighbour is up to date, in plain words.

use crate::answered::Answered;
use crate::failure::Failure;
use crate::pages::Leaf;
use crate::porch::Porch;
use crate::typed::Typed;
use crate::views::Notice;
use crate::visit::Visit;
use actix_web::web;
use pes_domain::{Audience, Body, Draft, Kind, Record, RecordIri};
use pes_journal::peers::{Peer, PeerRole};
use pes_store::hidden::Hidden;
use pes_store::own_records::{Moderation, OwnRecord};
use pes_store::{accounts, entries, hidden, lists, own_records, rights};
use pes_words::dates;
use serde::Serialize;
use time::UtcDateTime;

pub(crate) fn configure(app: &mut web::ServiceConfig) {
    app.route("/reseau", web::get().to(network));
    app.route("/reseau/annonce", web::post().to(moderate));
    app.route("/reseau/droit", web::post().to(confirm_right));
    app.route("/reseau/personne", web::post().to(accept));
    app.route("/reseau/masquer", web::post().to(hide));
    app.route("/reseau/inviter", web::post().to(invite));
}

#[derive(Debug, Serialize)]
struct NetworkView {
    /// Whether the root key still lies on this machine.
    keeps_root_key: bool,
    neighbours: Vec<Neighbour>,
    unmet: Vec<String>,
    refusals: Vec<RefusalView>,
    proposed: Vec<Waiting>,
    requests: Vec<Waiting>,
    people: Vec<Waiting>,
    unclaimed: Vec<Unclaimed>,
    hidden: Vec<HiddenView>,
}

/// A neighbour, in plain words.
#[derive(Debug, Serialize)]
struct Neighbour {
    name: String,
    origin: String,
    role: String,
    is_well: bool,
    state: String,
    last: String,
    waiting: String,
    reason: Option<String>,
}

#[derive(Debug, Serialize)]
struct RefusalView {
    network: String,
    what: String,
    detail: String,
    when: String,
}

/// Something that waits for an animator.
#[derive(Debug, Serialize)]
struct Waiting {
    id: String,
    title: String,
    url: String,
    note: String,
}

#[derive(Debug, Serialize)]
struct Unclaimed {
    title: String,
    url: String,
    structures: String,
}

#[derive(Debug, Serialize)]
struct HiddenView {
    record: String,
    reason: String,
    url: String,
}

async fn network(porch: web::Data<Porch>, visit: Visit) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            visit.animator()?;
            let view = view(porch)?;
            Leaf::new("network", &porch.say("network-title")).page(porch, &visit, &view)
        })
        .await
}

fn view(porch: &Porch) -> Result<NetworkView, Failure> {
    let peers = porch.journal.peers()?;
    let neighbours = peers.iter().map(|peer| neighbour(porch, peer)).collect::<Result<_, _>>()?;
    let unmet = porch.journal.unmet_members()?.into_iter().map(|member| member.network).collect();
    Ok(NetworkView {
        keeps_root_key: porch.site.root_key.as_ref().is_some_and(|file| file.exists()),
        neighbours,
        unmet,
        refusals: refusals(porch)?,
        proposed: proposed(porch)?,
        requests: requests(porch)?,
        people: people(porch)?,
        unclaimed: unclaimed(porch)?,
        hidden: hidden_here(porch)?,
    })
}

fn neighbour(porch: &Porch, peer: &Peer) -> Result<Neighbour, Failure> {
    let node = porch.journal.pinned(&peer.node)?;
    let waiting = porch.store().read(|link| entries::count_after(link, peer.cursor, &peer.node))?;
    let catalogue = porch.words.catalogue();
    let is_well = peer.failures == 0;
    let state = match (is_well, waiting) {
        (true, 0) => "neighbour-up-to-date",
        (true, _) => "neighbour-receiving",
        (false, _) => "neighbour-silent",
    };
    Ok(Neighbour {
        name: node.name,
        origin: node.origin.to_string(),
        role: porch.say(if peer.role == PeerRole::Hub { "neighbour-hub" } else { "neighbour-affiliate" }),
        is_well,
        state: porch.say(state),
        last: peer.last_success.map_or_else(|| porch.say("never"), moment),
        waiting: catalogue.tell("waiting", &[("count", waiting.into())]),
        reason: peer.reason.clone(),
    })
}

fn refusals(porch: &Porch) -> Result<Vec<RefusalView>, Failure> {
    let view = |refusal: pes_journal::peers::RefusalCount| {
        let key = format!("refusal-{}", refusal.cause);
        let catalogue = porch.words.catalogue();
        let key = if catalogue.has(&key) { key } else { "refusal-other".to_owned() };
        let count = refusal.count.unsigned_abs();
        Ok(RefusalView {
            network: porch.journal.pinned(&refusal.node).map_or(refusal.node, |node| node.name),
            what: catalogue.tell(&key, &[("count", count.into())]),
            detail: refusal.detail,
            when: moment(refusal.last),
        })
    };
    porch.journal.refusals()?.into_iter().map(view).collect()
}

fn proposed(porch: &Porch) -> Result<Vec<Waiting>, Failure> {
    let proposed = porch.store().read(lists::proposed)?;
    let is_entry = |own: &&OwnRecord| own.record.kind() != Kind::Membership;
    Ok(proposed.iter().filter(is_entry).map(|own| waiting(porch, own)).collect())
}

fn waiting(porch: &Porch, own: &OwnRecord) -> Waiting {
    Waiting {
        id: own.record.iri.to_string(),
        title: own.record.title(),
        url: own.record.iri.page_at(&porch.site.origin),
        note: dates::moment(own.record.modified),
    }
}

/// Who asked to belong to a structure.
fn requests(porch: &Porch) -> Result<Vec<Waiting>, Failure> {
    porch.store().read(|link| {
        let mut waiting = Vec::new();
        for right in rights::all(link)?.into_iter().filter(|right| !right.is_confirmed) {
            let account = accounts::find(link, &right.account)?;
            let structure = own_records::find(link, &right.structure)?;
            let (Some(account), Some(structure)) = (account, structure) else { continue };
            waiting.push(Waiting {
                id: format!("{} {}", right.account, right.structure),
                title: account.name,
                url: structure.record.iri.page_at(&porch.site.origin),
                note: structure.record.title(),
            });
        }
        Ok(waiting)
    })
}

/// Accounts that belong to nobody's structure and were not accepted one by one.
fn people(porch: &Porch) -> Result<Vec<Waiting>, Failure> {
    porch.store().read(|link| {
        let rights = rights::all(link)?;
        let accounts = accounts::all(link)?.into_iter();
        let outside =
            accounts.filter(|account| !account.is_member(rights.iter().filter(|right| right.account == account.id)));
        let view = |account: accounts::Account| Waiting {
            id: account.id,
            title: account.name,
            url: String::new(),
            note: moment(account.created),
        };
        Ok(outside.map(view).collect())
    })
}

/// Records that concern structures nobody has claimed: to be passed on by hand.
fn unclaimed(porch: &Porch) -> Result<Vec<Unclaimed>, Failure> {
    porch.store().read(|link| {
        let mut found = Vec::new();
        for record in pes_store::notices::unclaimed_records(link, 50)? {
            let Some(iri) = RecordIri::read(&record) else { continue };
            let title = pes_store::records::seen(link, &record, Audience::Affiliates)?;
            let Some(title) = title.map(|sheet| sheet.record.title()) else { continue };
            let mut names = Vec::new();
            for (structure, _) in pes_store::notices::unclaimed_of(link, &record)? {
                names.extend(own_records::find(link, &structure)?.map(|own| own.record.title()));
            }
            found.push(Unclaimed { title, url: iri.page_at(&porch.site.origin), structures: names.join(", ") });
        }
        Ok(found)
    })
}

fn hidden_here(porch: &Porch) -> Result<Vec<HiddenView>, Failure> {
    let all = porch.store().read(hidden::all)?;
    let view = |one: Hidden| {
        let url = RecordIri::read(&one.record).map_or_else(String::new, |iri| iri.page_at(&porch.site.origin));
        HiddenView { record: one.record, reason: one.reason, url }
    };
    Ok(all.into_iter().map(view).collect())
}

/// Publishes or refuses what somebody proposed.
async fn moderate(porch: web::Data<Porch>, typed: Typed) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            typed.visit.animator()?;
            let _turn = porch.turn();
            let own = porch.store().read(|link| own_records::find(link, typed.draft.one("record")))?;
            let own = own.ok_or(Failure::Absent)?;
            let moderation = match typed.draft.one("decision") {
                "publish" => Moderation::Published,
                "refuse" => Moderation::Refused,
                _ => return Err(Failure::Form),
            };
            porch.journal.save(own.record, moderation, None, typed.visit.now)?;
            Ok(Answered::see("/reseau"))
        })
        .await
}

/// Confirms that somebody belongs to a structure, and whether they may edit its sheet; or says no.
async fn confirm_right(porch: web::Data<Porch>, typed: Typed) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            typed.visit.animator()?;
            let draft = &typed.draft;
            let (account, structure) = draft.one("right").split_once(' ').ok_or(Failure::Form)?;
            let is_confirmed = draft.one("decision") == "confirm";
            porch.store().write(|link| {
                let mut right = rights::find(link, account, structure)?.ok_or(Failure::Absent)?;
                if !is_confirmed {
                    return Ok::<_, Failure>(rights::remove(link, account, structure)?);
                }
                (right.is_confirmed, right.may_edit) = (true, draft.is_ticked("may-edit"));
                right.wants_notices = true;
                Ok(rights::put(link, &right)?)
            })?;
            settle_membership(porch, (account, structure), is_confirmed, typed.visit.now)?;
            Ok(Answered::see("/reseau"))
        })
        .await
}

/// The membership that was asked for: shown to all if the person said so, to the network otherwise; deleted on a no.
fn settle_membership(
    porch: &Porch,
    (account, structure): (&str, &str),
    is_confirmed: bool,
    now: UtcDateTime,
) -> Result<(), Failure> {
    for own in porch.store().read(lists::proposed)? {
        let Body::Membership(membership) = &own.record.body else { continue };
        let is_it = own.author.as_deref() == Some(account)
            && membership.structure.iri.as_ref().is_some_and(|iri| iri.to_string() == structure);
        if !is_it {
            continue;
        }
        if !is_confirmed {
            porch.journal.delete(&own.record.iri, None, now)?;
            continue;
        }
        let mut membership = membership.clone();
        membership.structure_agrees = true;
        let audience = if membership.may_leave() { Audience::Public } else { Audience::Network };
        let record = Record { audience, modified: now, body: Body::Membership(membership), ..own.record };
        porch.journal.save(record, Moderation::Published, None, now)?;
    }
    Ok(())
}

async fn accept(porch: web::Data<Porch>, typed: Typed) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            typed.visit.animator()?;
            porch.people.change(typed.draft.one("account"), |account| account.is_accepted = true)?;
            Ok(Answered::see("/reseau"))
        })
        .await
}

/// Hides a record from elsewhere here, with a reason that its home is told; or shows it again.
async fn hide(porch: web::Data<Porch>, typed: Typed) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            let animator = typed.visit.animator()?;
            let draft: &Draft = &typed.draft;
            let iri = RecordIri::read(draft.one("record")).ok_or(Failure::Absent)?;
            // What is our own is withdrawn or refused, not hidden.
            if iri.origin() == porch.site.origin {
                return Err(Failure::Absent);
            }
            let page = iri.page_at(&porch.site.origin);
            if draft.one("decision") == "show" {
                porch.store().write(|link| hidden::remove(link, &iri.to_string()))?;
                return Ok(Answered::see(&page));
            }
            let reason: String = draft.one("reason").chars().take(500).collect();
            let reason = if reason.is_empty() { porch.say("hidden-without-reason") } else { reason };
            let one = Hidden {
                record: iri.to_string(),
                reason: reason.clone(),
                account: animator.account.id.clone(),
                since: typed.visit.now.unix_timestamp(),
            };
            porch.store().write(|link| hidden::put(link, &one))?;
            porch.journal.tell_hidden(&iri, &reason, typed.visit.now)?;
            Ok(Answered::see(&page))
        })
        .await
}

/// Makes an invitation for a network to join this node; its code is shown once.
async fn invite(porch: web::Data<Porch>, typed: Typed) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            typed.visit.animator()?;
            let name = typed.draft.text("name").ok_or(Failure::Form)?;
            let code = porch.journal.invite(&name, typed.visit.now)?;
            let mut view = Notice::of(porch, "invited", "/reseau", "go-back");
            view.lines.push(format!("pes join {} {code}", porch.site.origin));
            Leaf::new("notice", &view.title.clone()).page(porch, &typed.visit, &view)
        })
        .await
}

fn moment(at: i64) -> String {
    dates::moment(UtcDateTime::from_unix_timestamp(at).unwrap_or(UtcDateTime::UNIX_EPOCH))
}
