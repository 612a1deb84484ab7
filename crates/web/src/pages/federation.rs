//! What animators see and decide of the exchanges with other networks: members of the regional platform, pauses, what is missing.

use crate::answered::Answered;
use crate::failure::Failure;
use crate::porch::Porch;
use crate::typed::Typed;
use actix_web::web;
use pes_journal::roll::Standing;
use pes_words::dates;
use serde::Serialize;
use time::UtcDateTime;

pub(crate) fn configure(app: &mut web::ServiceConfig) {
    app.route("/reseau/membre", web::post().to(member));
    app.route("/reseau/pause", web::post().to(pause));
}

/// What the animators' page says of the exchanges.
#[derive(Debug, Serialize)]
pub(crate) struct FederationView {
    /// What this network shows of others, in words.
    takes: String,
    /// How many records are not shown because their content has not come.
    missing: Option<String>,
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
        missing: (missing > 0).then(|| told(missing)),
        members: members.collect(),
        accused: accused.collect(),
    })
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
