//! What animators see and decide of the exchanges with other networks: members of the regional platform, pauses, what is missing.

use crate::answered::Answered;
use crate::failure::Failure;
use crate::pages::animator::done_at;
use crate::pages::leaving::{self, LeavingView};
use crate::porch::Porch;
use crate::shelf::short;
use crate::typed::Typed;
use actix_web::web;
use pes_journal::peers::PeerRole;
use pes_journal::renewal::Returning;
use pes_journal::roll::Standing;
use pes_words::dates;
use serde::Serialize;
use time::UtcDateTime;

pub(crate) fn configure(app: &mut web::ServiceConfig) {
    app.route("/reseau/membre", web::post().to(member));
    app.route("/reseau/pause", web::post().to(pause));
    app.route("/reseau/retour", web::post().to(agree));
}

/// What the animators' page says of the exchanges.
#[derive(Debug, Serialize)]
pub(crate) struct FederationView {
    /// What this network shows of others, in words.
    takes: String,
    /// How many records are not shown because their content has not come.
    missing: Option<String>,
    /// To whom what is for affiliates goes, where more than one platform is followed.
    circle: Option<String>,
    leaving: Vec<LeavingView>,
    returning: Vec<ReturningView>,
    /// What tells this site's keys from all others'.
    fingerprint: String,
    members: Vec<MemberView>,
    accused: Vec<AccusedView>,
}

/// A member of the regional platform that this site is.
#[derive(Debug, Serialize)]
struct MemberView {
    id: String,
    name: String,
    origin: String,
    state: String,
    since: String,
    is_active: bool,
    has_left: bool,
}

/// A network that comes back with other keys.
#[derive(Debug, Serialize)]
struct ReturningView {
    old: String,
    new: String,
    name: String,
    origin: String,
    fingerprint: String,
    is_agreed: bool,
    is_followed: bool,
}

/// A network that signed two histories.
#[derive(Debug, Serialize)]
struct AccusedView {
    name: String,
    when: String,
    is_over: bool,
    proof: String,
}

/// How many missing contents are counted.
const MISSING: u64 = 10_000;

pub(crate) fn view(porch: &Porch) -> Result<FederationView, Failure> {
    let missing = porch.journal.gaps(MISSING)?.len();
    let told = |count: usize| porch.words.catalogue().tell("network-missing", &[("count", (count as u64).into())]);
    let members = porch.journal.roll()?.into_iter().map(|(member, standing)| MemberView {
        state: porch.say(&format!("member-{}", standing.notation())),
        since: dates::day(member.since),
        is_active: standing == Standing::Active,
        has_left: standing == Standing::Left,
        id: member.node_id,
        name: member.network,
        origin: member.origin,
    });
    let accused = porch.journal.accused()?.into_iter().map(|found| AccusedView {
        name: porch.journal.pinned(&found.node).map_or(found.node, |node| node.name),
        when: dates::moment(UtcDateTime::from_unix_timestamp(found.found).unwrap_or(UtcDateTime::UNIX_EPOCH)),
        is_over: found.lifted.is_some(),
        proof: found.text,
    });
    let takes = if porch.journal.takes()?.is_everything() { "network-takes-all" } else { "network-takes-some" };
    Ok(FederationView {
        takes: porch.say(takes),
        circle: circle(porch)?,
        leaving: leaving::views(porch)?,
        returning: porch.journal.returning()?.into_iter().map(returning).collect(),
        fingerprint: fingerprint(&porch.journal.identity().node_id),
        missing: (missing > 0).then(|| told(missing)),
        members: members.collect(),
        accused: accused.collect(),
    })
}

/// To whom what is for affiliates goes, where more than one platform is followed.
fn circle(porch: &Porch) -> Result<Option<String>, Failure> {
    let hubs = porch.journal.peers()?.into_iter().filter(|peer| peer.role == PeerRole::Hub).count();
    let Ok(circle) = porch.journal.pinned(&porch.journal.circle()?) else { return Ok(None) };
    let gaps = [("hub", short(&circle.name).into())];
    Ok((hubs > 1).then(|| porch.words.catalogue().tell("network-circle", &gaps)))
}

fn returning(one: Returning) -> ReturningView {
    ReturningView {
        name: short(&one.old.name),
        origin: one.old.origin.to_string(),
        old: one.old.id,
        fingerprint: fingerprint(&one.new.node_id),
        new: one.new.node_id,
        is_agreed: one.is_agreed,
        is_followed: one.is_followed,
    }
}

/// The beginning of a node-id, as one reads it to somebody on the telephone.
fn fingerprint(node_id: &str) -> String {
    let groups: Vec<&str> = (0..6).filter_map(|at| node_id.get(at * 4..at * 4 + 4)).collect();
    groups.join(" ")
}

/// Agrees that a network's new keys take the place of those that are known here.
async fn agree(porch: web::Data<Porch>, typed: Typed) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            typed.visit.animator()?;
            let (old, new) = (typed.draft.one("old"), typed.draft.one("new"));
            let is_one = |one: &Returning| one.old.id == old && one.new.node_id == new && !one.is_followed;
            if !porch.journal.returning()?.iter().any(is_one) {
                return Err(Failure::Absent);
            }
            porch.journal.agree(old, new, typed.visit.now)?;
            Ok(done_at("accepte"))
        })
        .await
}

/// Suspends a member of this platform, takes it back, or notes that it has left.
async fn member(porch: web::Data<Porch>, typed: Typed) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            typed.visit.animator()?;
            let standing = Standing::named(typed.draft.one("decision")).ok_or(Failure::Form)?;
            let member = typed.draft.one("member");
            let known = porch.journal.roll()?.into_iter().any(|(one, _)| one.node_id == member);
            if !known {
                return Err(Failure::Absent);
            }
            porch.journal.set_standing(member, standing, typed.visit.now)?;
            Ok(Answered::see("/reseau"))
        })
        .await
}

/// Lets exchanges with a neighbour rest, or go on.
async fn pause(porch: web::Data<Porch>, typed: Typed) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            typed.visit.animator()?;
            let neighbour = typed.draft.one("neighbour");
            porch.journal.peer(neighbour)?.ok_or(Failure::Absent)?;
            porch.journal.pause(neighbour, typed.draft.one("decision") == "pause")?;
            Ok(Answered::see("/reseau"))
        })
        .await
}
