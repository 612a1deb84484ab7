//! The people who have an account here: found, accepted into the network, given roles.

use crate::answered::Answered;
use crate::failure::Failure;
use crate::pages::Leaf;
use crate::porch::Porch;
use crate::typed::Typed;
use crate::views::{Pager, query};
use crate::visit::Visit;
use actix_web::http::StatusCode;
use actix_web::web;
use pes_domain::Draft;
use pes_people::PeopleError;
use pes_people::roster::{Entry, may_give};
use pes_store::accounts::{Account, Role};
use pes_words::dates;
use serde::Serialize;
use time::UtcDateTime;

const PATH: &str = "/reseau/personnes";
/// How many people a page has.
const PAGE: u64 = 50;
/// What can be done here, as the address tells it afterwards.
const DONE: [&str; 3] = ["accueilli", "retire", "role"];

pub(crate) fn configure(app: &mut web::ServiceConfig) {
    app.route(PATH, web::get().to(roster));
    app.route(PATH, web::post().to(change));
}

#[derive(Debug, Serialize)]
struct RosterView {
    done: Vec<String>,
    problem: Option<String>,
    words: String,
    summary: String,
    people: Vec<PersonView>,
    pager: Pager,
    page: u64,
}

#[derive(Debug, Serialize)]
struct PersonView {
    id: String,
    name: String,
    email: String,
    role: String,
    standing: String,
    since: String,
    is_oneself: bool,
    /// Whether they belong to the network by working for it: there is nothing to accept.
    is_team: bool,
    is_accepted: bool,
    /// The roles that this visitor may give them.
    roles: Vec<RoleView>,
}

#[derive(Debug, Serialize)]
struct RoleView {
    name: &'static str,
    label: String,
    is_held: bool,
}

async fn roster(
    porch: web::Data<Porch>,
    visit: Visit,
    chosen: web::Query<Vec<(String, String)>>,
) -> Result<Answered, Failure> {
    let chosen: Draft = chosen.into_inner().into_iter().collect();
    porch.off(move |porch| show(porch, &visit, &chosen, None)).await
}

fn show(porch: &Porch, visit: &Visit, chosen: &Draft, problem: Option<String>) -> Result<Answered, Failure> {
    let view = RosterView { problem, ..view(porch, visit, chosen)? };
    Leaf::new("roster", &porch.say("roster-title")).page(porch, visit, &view)
}

fn view(porch: &Porch, visit: &Visit, chosen: &Draft) -> Result<RosterView, Failure> {
    let me = &visit.animator()?.account;
    let words: String = chosen.one("q").chars().filter(|c| !c.is_control()).take(100).collect();
    let (page, people, total) = page(porch, &words, chosen.one("page").parse().unwrap_or(1))?;
    let mut asked = Draft::default();
    asked.add("q", &words);
    let told = DONE.into_iter().find(|done| *done == chosen.one("fait"));
    Ok(RosterView {
        done: told.map(|done| porch.say(&format!("done-personne-{done}"))).into_iter().collect(),
        problem: None,
        summary: porch.words.catalogue().tell("roster-count", &[("count", total.into())]),
        people: people.iter().map(|entry| person(porch, me, entry)).collect(),
        pager: Pager::of(PATH, &asked, page, total, PAGE),
        words,
        page,
    })
}

/// The page that was asked for, or the last: its number, its people, and how many there are on all.
fn page(porch: &Porch, words: &str, number: u64) -> Result<(u64, Vec<Entry>, u64), Failure> {
    let look = |number: u64| {
        let offset = usize::try_from((number - 1).saturating_mul(PAGE)).unwrap_or(usize::MAX);
        let (people, total) = porch.people.roster(words, (offset, PAGE as usize))?;
        Ok::<_, Failure>((number, people, total as u64))
    };
    let found = look(number.max(1))?;
    let last = found.2.div_ceil(PAGE).max(1);
    if found.0 > last { look(last) } else { Ok(found) }
}

fn person(porch: &Porch, me: &Account, entry: &Entry) -> PersonView {
    let account = &entry.account;
    let at = UtcDateTime::from_unix_timestamp(account.created).unwrap_or(UtcDateTime::UNIX_EPOCH);
    let standing = match (entry.is_member(), account.is_accepted, account.role >= Role::Animator) {
        (false, ..) if entry.rights.iter().any(|right| right.is_confirmed) => "standing-company",
        (false, ..) => "standing-outside",
        (true, _, true) => "standing-team",
        (true, true, _) => "standing-accepted",
        (true, false, _) => "standing-structure",
    };
    let label = |role: Role| porch.say(&format!("role-{}", role.as_str()));
    let given = Role::ALL.into_iter().filter(|role| may_give(me, account, *role));
    let role = |role: Role| RoleView { name: role.as_str(), label: label(role), is_held: role == account.role };
    PersonView {
        id: account.id.clone(),
        name: account.name.clone(),
        email: account.email.clone(),
        role: label(account.role),
        standing: porch.say(standing),
        since: porch.words.catalogue().tell("roster-since", &[("day", dates::day_of(at).into())]),
        is_oneself: account.id == me.id,
        is_team: account.role >= Role::Animator,
        is_accepted: account.is_accepted,
        roles: given.map(role).collect(),
    }
}

/// Accepts somebody, takes that back, or gives a role.
async fn change(porch: web::Data<Porch>, typed: Typed) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            let me = &typed.visit.animator()?.account.id;
            let (draft, account) = (&typed.draft, typed.draft.one("account"));
            let changed = match draft.one("decision") {
                "accept" => porch.people.accept(account, true).map(|_| "accueilli"),
                "dismiss" => porch.people.accept(account, false).map(|_| "retire"),
                "role" => {
                    let role = Role::named(draft.one("role")).ok_or(Failure::Form)?;
                    porch.people.give_role(me, account, role).map(|_| "role")
                }
                _ => return Err(Failure::Form),
            };
            match changed {
                Ok(done) => {
                    let kept = query(draft, &["csrf", "account", "decision", "role"]);
                    Ok(Answered::see(&format!("{PATH}?{kept}fait={done}")))
                }
                Err(PeopleError::LastAdministrator) => {
                    let page = show(porch, &typed.visit, draft, Some(porch.say("roster-last-administrator")))?;
                    Ok(page.status(StatusCode::UNPROCESSABLE_ENTITY))
                }
                Err(error) => Err(error.into()),
            }
        })
        .await
}
