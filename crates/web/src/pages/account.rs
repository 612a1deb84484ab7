//! Signing up, in and out.

use crate::answered::Answered;
use crate::failure::Failure;
use crate::pages::Leaf;
use crate::porch::Porch;
use crate::typed::Typed;
use crate::views::{Form, is_ours};
use crate::visit::{Visit, is_known_here, known_here, session_of, signed_in, signed_out};
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use pes_domain::{Draft, Problem, Why};
use pes_people::PeopleError;
use pes_people::sign_in::SignedIn;

pub(crate) fn configure(app: &mut web::ServiceConfig) {
    app.route("/inscription", web::get().to(sign_up_form));
    app.route("/inscription", web::post().to(sign_up));
    app.route("/connexion", web::get().to(sign_in_form));
    app.route("/connexion", web::post().to(sign_in));
    app.route("/deconnexion", web::post().to(sign_out));
}

type Query = web::Query<Vec<(String, String)>>;

async fn sign_up_form(porch: web::Data<Porch>, visit: Visit, asked: Query) -> Result<Answered, Failure> {
    show(&porch, &visit, "sign-up", &asked.into_inner().into_iter().collect(), &[])
}

async fn sign_in_form(porch: web::Data<Porch>, visit: Visit, asked: Query) -> Result<Answered, Failure> {
    show(&porch, &visit, "sign-in", &asked.into_inner().into_iter().collect(), &[])
}

/// Where one goes on: back to the page that asked one to sign in, or to one's space.
fn next(draft: &Draft, otherwise: &str) -> String {
    let back = draft.one("retour");
    if is_ours(back) { back.to_owned() } else { otherwise.to_owned() }
}

async fn sign_up(porch: web::Data<Porch>, typed: Typed) -> Result<Answered, Failure> {
    let turn = porch.limits.hashing().await?;
    porch
        .off(move |porch| {
            let _turn = turn;
            let taken = || vec![Problem::new("email", Why::NotInList)];
            let problems = match porch.people.sign_up(&typed.draft, typed.visit.now) {
                Ok(account) => {
                    let next = next(&typed.draft, "/mon-espace?fait=bienvenue");
                    let session = porch.people.begin(&account.id, typed.visit.now)?;
                    return Ok(with_session(porch, &typed, &session, &next));
                }
                Err(PeopleError::Typed(problems)) => problems,
                Err(PeopleError::Taken) => taken(),
                Err(error) => return Err(error.into()),
            };
            refused(show(porch, &typed.visit, "sign-up", &typed.draft, &problems))
        })
        .await
}

async fn sign_in(porch: web::Data<Porch>, typed: Typed, request: HttpRequest) -> Result<Answered, Failure> {
    let address = typed.draft.one("email");
    porch.limits.password(address, typed.from, is_known_here(&request, &porch, address))?;
    let turn = porch.limits.hashing().await?;
    porch
        .off(move |porch| {
            let _turn = turn;
            let (address, password) = (typed.draft.one("email"), typed.draft.all("password").first());
            let password = password.map_or("", String::as_str);
            match porch.people.sign_in(address, password, typed.visit.now) {
                Ok(session) => Ok(with_session(porch, &typed, &session, &next(&typed.draft, "/mon-espace"))),
                Err(PeopleError::Unknown) => {
                    let problems = [Problem::new("password", Why::NotInList)];
                    refused(show(porch, &typed.visit, "sign-in", &typed.draft, &problems))
                }
                Err(error) => Err(error.into()),
            }
        })
        .await
}

async fn sign_out(porch: web::Data<Porch>, _: Typed, request: HttpRequest) -> Result<Answered, Failure> {
    let token = session_of(&request, &porch);
    porch
        .off(move |porch| {
            if let Some(token) = token {
                porch.people.sign_out(&token)?;
            }
            Ok(Answered::see("/").cookie(signed_out(porch)))
        })
        .await
}

fn with_session(porch: &Porch, typed: &Typed, session: &SignedIn, next: &str) -> Answered {
    let known = known_here(porch, typed.draft.one("email"), typed.visit.now);
    Answered::see(next).cookie(signed_in(porch, session)).cookie(known)
}

fn show(porch: &Porch, visit: &Visit, key: &str, draft: &Draft, problems: &[Problem]) -> Result<Answered, Failure> {
    let action = if key == "sign-up" { "/inscription" } else { "/connexion" };
    let form = Form::new(porch, draft, problems, key, action);
    let mut view = match key {
        "sign-up" => form.required("name").email("email").new_password("password").finish(),
        _ => form.email("email").password("password").finish(),
    };
    let back = next(draft, "");
    if !porch.site.sends_mail && view.intro.is_some() {
        view.intro = Some(porch.say("sign-up-intro-without-mail"));
    }
    let account = serde_json::json!({ "form": view, "is_sign_up": key == "sign-up", "back": back });
    Leaf::new("account", &view.title.clone()).back(&back).page(porch, visit, &account)
}

fn refused(page: Result<Answered, Failure>) -> Result<Answered, Failure> {
    let mut page = page?;
    page.status = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(page)
}
