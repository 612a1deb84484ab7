//! The animators' page: what waits for them, and whether every neighbour is up to date, in plain words.

use crate::answered::Answered;
use crate::failure::Failure;
use crate::pages::Leaf;
use crate::pages::claims::claim;
use crate::pages::federation::{self, FederationView};
use crate::pages::moderation;
use crate::pages::moving;
use crate::porch::Porch;
use crate::shelf::short;
use crate::typed::Typed;
use crate::views::Notice;
use crate::visit::Visit;
use actix_web::web;
use pes_domain::membership::Membership;
use pes_domain::{Audience, Body, Draft, Record, RecordIri};
use pes_journal::peers::{Peer, PeerRole, RefusalCount};
use pes_store::hidden::Hidden;
use pes_store::nodes::{self, Node};
use pes_store::own_records::Moderation;
use pes_store::reports::Closing;
use pes_store::{Bell, accounts, entries, hidden, lists, own_records, reports, rights};
use pes_words::dates::moment_at;
use serde::Serialize;
use time::UtcDateTime;

/// For how long after a network was met it counts as joining, in seconds.
const JOINING: i64 = 3_600;
/// How many accounts outside the network are named here; all are on a page of their own.
const NEWCOMERS: usize = 20;

pub(crate) fn configure(app: &mut web::ServiceConfig) {
    app.route("/reseau", web::get().to(network));
    app.route("/reseau/droit", web::post().to(confirm_right));
    app.route("/reseau/personne", web::post().to(accept));
    app.route("/reseau/masquer", web::post().to(hide));
    app.route("/reseau/inviter", web::post().to(invite));
}

/// What can be done on this page, as its address tells it afterwards.
const DONE: [&str; 10] =
    ["rattache", "ecarte", "accueilli", "montre", "donne", "depart", "reste", "parti", "accepte", "accueil"];

#[derive(Debug, Serialize)]
struct NetworkView {
    /// What was just done, in words.
    done: Vec<String>,
    /// Whether the root key still lies on this machine.
    keeps_root_key: bool,
    neighbours: Vec<Neighbour>,
    unmet: Vec<String>,
    federation: FederationView,
    refusals: Vec<RefusalView>,
    /// How many entries wait, how many records somebody says something against, and how many people have an account.
    proposed: String,
    reported: String,
    everybody: String,
    requests: Vec<Waiting>,
    people: Vec<Waiting>,
    unclaimed: Vec<Unclaimed>,
    hidden: Vec<HiddenView>,
    /// Structures of ours that other networks ask for, in words; nothing where there are none.
    moves: String,
    /// What inviting a first network means, where it means to lose something.
    parting: Vec<String>,
}

/// A neighbour, in plain words.
#[derive(Debug, Serialize)]
struct Neighbour {
    id: String,
    is_paused: bool,
    /// Whether it is a platform that this network follows, and may leave.
    may_be_left: bool,
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
            let view = NetworkView { done: done(porch, &visit), moves: moves(porch, &visit)?, ..view(porch)? };
            Leaf::new("network", &porch.say("network-title")).page(porch, &visit, &view)
        })
        .await
}

fn moves(porch: &Porch, visit: &Visit) -> Result<String, Failure> {
    let count = moving::asked_for(porch, visit)? as u64;
    let tell = || porch.words.catalogue().tell("network-moves-asked", &[("count", count.into())]);
    Ok(if count == 0 { String::new() } else { tell() })
}

/// What an animator did a moment ago, as the address tells.
fn done(porch: &Porch, visit: &Visit) -> Vec<String> {
    let told = visit.path.split_once("?fait=").map_or("", |(_, told)| told);
    let known = DONE.into_iter().find(|done| *done == told);
    known.map(|done| porch.say(&format!("done-reseau-{done}"))).into_iter().collect()
}

pub(crate) fn done_at(done: &str) -> Answered {
    debug_assert!(DONE.contains(&done), "{done} has no sentence");
    Answered::see(&format!("/reseau?fait={done}"))
}

fn view(porch: &Porch) -> Result<NetworkView, Failure> {
    let peers = porch.journal.peers()?;
    let neighbours = peers.iter().map(|peer| neighbour(porch, peer)).collect::<Result<_, _>>()?;
    let count = |key: &str, count: u64| porch.words.catalogue().tell(key, &[("count", count.into())]);
    let unmet = porch.journal.unmet_members()?.into_iter().map(|member| member.network).collect();
    Ok(NetworkView {
        done: Vec::new(),
        keeps_root_key: porch.site.root_key.as_ref().is_some_and(|file| file.exists()),
        neighbours,
        unmet,
        federation: federation::view(porch)?,
        refusals: refusals(porch, &peers)?,
        proposed: count("network-proposed-count", moderation::waiting(porch)?),
        reported: count("network-reported-count", porch.store().read(reports::waiting)?),
        everybody: count("network-everybody", porch.store().read(accounts::count)?),
        requests: requests(porch)?,
        people: people(porch)?,
        unclaimed: unclaimed(porch)?,
        hidden: hidden_here(porch)?,
        moves: String::new(),
        parting: parting(porch)?,
    })
}

/// What is lost by becoming a platform that others follow, while this network is in the circle of one.
fn parting(porch: &Porch) -> Result<Vec<String>, Failure> {
    let catalogue = porch.words.catalogue();
    let told = |hub: Node| catalogue.tell("network-invite-parting", &[("hub", short(&hub.name).into())]);
    Ok(porch.journal.parts_from()?.into_iter().map(told).collect())
}

fn neighbour(porch: &Porch, peer: &Peer) -> Result<Neighbour, Failure> {
    let node = porch.journal.pinned(&peer.node)?;
    let waiting = porch.store().read(|link| entries::count_after(link, peer.cursor, &peer.node))?;
    let catalogue = porch.words.catalogue();
    let is_well = peer.failures == 0;
    let state = match (is_well, waiting) {
        _ if peer.is_paused => "neighbour-paused",
        _ if !porch.journal.is_carried(peer)? => "neighbour-put-out",
        (true, 0) => "neighbour-up-to-date",
        (true, _) => "neighbour-receiving",
        (false, _) => "neighbour-silent",
    };
    Ok(Neighbour {
        id: peer.node.clone(),
        is_paused: peer.is_paused,
        may_be_left: peer.role == PeerRole::Hub && porch.journal.farewells()?.iter().all(|one| one.hub.id != peer.node),
        name: short(&node.name),
        origin: node.origin.to_string(),
        role: porch.say(if peer.role == PeerRole::Hub { "neighbour-hub" } else { "neighbour-affiliate" }),
        is_well,
        state: porch.say(state),
        last: peer.last_success.max(peer.last_heard).map_or_else(|| porch.say("never"), moment_at),
        waiting: catalogue.tell("waiting", &[("count", waiting.into())]),
        reason: peer.reason.clone(),
    })
}

/// While a network joins, the others do not know it yet for a moment_at, and what it published before comes from itself: that is
/// as it should be, and settles by itself.
fn is_of_joining(refusal: &RefusalCount, peers: &[Peer], nodes: &[Node]) -> bool {
    match refusal.cause.as_str() {
        "unknown-node" => {
            let peer = peers.iter().find(|peer| peer.node == refusal.node);
            peer.is_some_and(|peer| peer.last_success.is_some_and(|last| last >= refusal.last))
        }
        "held-back" => {
            let is_author =
                |node: &&Node| refusal.node == node.id || refusal.detail.ends_with(&format!(" {}", node.origin));
            nodes.iter().filter(is_author).any(|node| refusal.last <= node.pinned_at + JOINING)
        }
        _ => false,
    }
}

fn refusals(porch: &Porch, peers: &[Peer]) -> Result<Vec<RefusalView>, Failure> {
    let nodes = porch.store().read(nodes::all)?;
    let view = |refusal: RefusalCount| {
        let key = format!("refusal-{}", refusal.cause);
        let catalogue = porch.words.catalogue();
        let key = if catalogue.has(&key) { key } else { "refusal-other".to_owned() };
        let count = refusal.count.unsigned_abs();
        Ok(RefusalView {
            network: porch.journal.pinned(&refusal.node).map_or(refusal.node, |node| short(&node.name)),
            what: catalogue.tell(&key, &[("count", count.into())]),
            detail: refusal.detail,
            when: moment_at(refusal.last),
        })
    };
    let all = porch.journal.refusals()?.into_iter();
    all.filter(|refusal| !is_of_joining(refusal, peers, &nodes)).map(view).collect()
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

/// The newest accounts that belong to nobody's structure and were not accepted one by one.
fn people(porch: &Porch) -> Result<Vec<Waiting>, Failure> {
    porch.store().read(|link| {
        let rights = rights::all(link)?;
        let accounts = accounts::all(link)?.into_iter();
        let mut outside: Vec<_> = accounts
            .filter(|account| !account.is_member(rights.iter().filter(|right| right.account == account.id)))
            .collect();
        outside.sort_by_key(|account| std::cmp::Reverse(account.created));
        let view = |account: accounts::Account| Waiting {
            id: account.id,
            title: account.name,
            url: String::new(),
            note: moment_at(account.created),
        };
        Ok(outside.into_iter().take(NEWCOMERS).map(view).collect())
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

/// Confirms that somebody belongs to a structure, and whether they may edit its sheet; or says no.
async fn confirm_right(porch: web::Data<Porch>, typed: Typed) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            typed.visit.animator()?;
            let draft = &typed.draft;
            let (account, structure) = draft.one("right").split_once(' ').ok_or(Failure::Form)?;
            let is_confirmed = draft.one("decision") == "confirm";
            let _turn = porch.turn();
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
            if is_confirmed && draft.is_ticked("may-edit") {
                claim(porch, structure, typed.visit.now)?;
            }
            Ok(done_at(if is_confirmed { "rattache" } else { "ecarte" }))
        })
        .await
}

/// The membership that was asked for: shown to all if the person said so, to the network otherwise; deleted on a no, or when
/// it is in a name other than that of the account that the animator was shown.
pub(super) fn settle_membership(
    porch: &Porch,
    (account, structure): (&str, &str),
    is_confirmed: bool,
    now: UtcDateTime,
) -> Result<(), Failure> {
    let (proposed, account) = porch.store().read(|link| {
        Ok::<_, Failure>((lists::proposed(link)?, accounts::find(link, account)?.ok_or(Failure::Absent)?))
    })?;
    let mut is_settled = !is_confirmed;
    // The newest is what the person said last.
    for own in proposed.into_iter().rev().filter(|own| own.author.as_ref() == Some(&account.id)) {
        let Body::Membership(membership) = &own.record.body else { continue };
        if membership.structure.iri.as_ref().is_none_or(|iri| iri.to_string() != structure) {
            continue;
        }
        if is_settled || !is_of(membership, &account) {
            porch.journal.delete(&own.record.iri, None, now)?;
            continue;
        }
        let mut membership = membership.clone();
        membership.structure_agrees = true;
        let audience = if membership.may_leave() { Audience::Public } else { Audience::Network };
        let record = Record { audience, modified: now, body: Body::Membership(membership), ..own.record };
        porch.journal.save(record, Moderation::Published, None, now)?;
        is_settled = true;
    }
    Ok(())
}

/// Whether a membership is this person's, by their sheet or by their name.
fn is_of(membership: &Membership, account: &accounts::Account) -> bool {
    let sheet = membership.person.iri.as_ref().map(ToString::to_string);
    membership.person.label == account.name && (sheet.is_none() || sheet == account.person)
}

async fn accept(porch: web::Data<Porch>, typed: Typed) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            typed.visit.animator()?;
            porch.people.change(typed.draft.one("account"), |account| account.is_accepted = true)?;
            Ok(done_at("accueilli"))
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
                porch.store().ring(Bell::Shown);
                return Ok(Answered::see(&page));
            }
            let reason: String = draft.one("reason").chars().filter(|c| !c.is_control()).take(500).collect();
            let reason = if reason.is_empty() { porch.say("hidden-without-reason") } else { reason };
            let one = Hidden {
                record: iri.to_string(),
                reason: reason.clone(),
                account: animator.account.id.clone(),
                since: typed.visit.now.unix_timestamp(),
            };
            let is_new = porch.store().write(|link| {
                let before = hidden::find(link, &one.record)?;
                hidden::put(link, &one)?;
                // What was said against it is dealt with.
                let said: Vec<String> = reports::of_record(link, &one.record)?.into_iter().map(|one| one.id).collect();
                let closing = Closing { account: Some(one.account.clone()), answer: None, at: one.since };
                reports::close(link, &said, &closing)?;
                Ok::<_, Failure>(before.is_none())
            })?;
            // The index follows.
            porch.store().ring(Bell::Shown);
            // Its home is told once, however often the reason is changed.
            if is_new {
                porch.journal.tell_hidden(&iri, &reason, typed.visit.now)?;
            }
            Ok(Answered::see(&page))
        })
        .await
}

/// Makes an invitation for a network to join this node, or for a member that lost its keys to join anew; its code is shown once.
async fn invite(porch: web::Data<Porch>, typed: Typed) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            typed.visit.animator()?;
            let member = typed.draft.one("replaces");
            let (code, key) = match member.is_empty() {
                true => {
                    let name = typed.draft.text("name").ok_or(Failure::Form)?;
                    (porch.journal.invite(&name, typed.visit.now)?, "invited")
                }
                false => {
                    let known = porch.journal.roll()?.into_iter().any(|(one, _)| one.node_id == member);
                    if !known {
                        return Err(Failure::Absent);
                    }
                    (porch.journal.invite_anew(member, typed.visit.now)?, "invited-anew")
                }
            };
            let mut view = Notice::of(porch, key, "/reseau", "go-back");
            view.lines.push(format!("pes join {} {code}", porch.site.origin));
            Leaf::new("notice", &view.title.clone()).page(porch, &typed.visit, &view)
        })
        .await
}
