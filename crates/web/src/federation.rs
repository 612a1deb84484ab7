//! The addresses at which other nodes ask: each request goes to the desk as it came, and its reply back.

use crate::failure::Failure;
use crate::guard;
use crate::porch::Porch;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, guard as route_guard, web};
use futures_util::{FutureExt, StreamExt};
use pes_domain::Audience;
use pes_sync::desk::{self, Caller, Reply, Request, RequestSignature};
use std::time::Duration;
use time::UtcDateTime;

/// How long the whole body of a request may take.
const BODY_TIME: Duration = Duration::from_secs(60);
/// How long a request may wait for its turn to be read.
const TURN: Duration = Duration::from_secs(5);

/// The most bytes of a body that is taken along with its head.
const SHORT: usize = 32 * 1024;
/// Where one joins: that asks another node first.
const JOIN: &str = "/in/join";

pub(crate) fn configure(app: &mut web::ServiceConfig) {
    app.service(
        web::resource(["/.well-known/pes", "/.well-known/did.json", "/heads", "/log/{rest:.*}", "/mirror/{rest:.*}"])
            .guard(route_guard::Get())
            .to(answer),
    );
    app.service(web::resource("/in/{rest:.*}").guard(route_guard::Post()).to(answer));
}

/// Whether other nodes ask at this path.
pub(crate) fn is_between_nodes(path: &str) -> bool {
    path == "/heads" || ["/.well-known/", "/log/", "/mirror/", "/in/"].iter().any(|begun| path.starts_with(begun))
}

/// As whom a node asks for a file: the audience that a member reads, or nobody in particular. A request that is signed wrongly is refused.
pub(crate) async fn reader(
    porch: &Porch,
    request: &HttpRequest,
) -> Result<Result<Option<Audience>, HttpResponse>, Failure> {
    let asked = match read(request) {
        Ok(asked) if asked.signature.is_some() => asked,
        Ok(_) => return Ok(Ok(None)),
        Err(reply) => return Ok(Err(written(&reply))),
    };
    let (desk, head, now) = (porch.desk.clone(), asked.clone(), UtcDateTime::now());
    let caller = match porch.off(move |_| Ok(desk.caller(&head, now))).await? {
        Ok(caller) if is_allowed(porch, request, &caller, &asked) => caller,
        Ok(_) => return Ok(Err(written(&desk::problem(429, "too-many", "too many requests; wait a moment")))),
        Err(reply) => return Ok(Err(written(&reply))),
    };
    let is_member = porch.off(move |porch| Ok(porch.desk.is_given_ours(&caller)?)).await?;
    Ok(Ok(is_member.then_some(Audience::Affiliates)))
}

async fn answer(porch: web::Data<Porch>, request: HttpRequest, payload: web::Payload) -> Result<HttpResponse, Failure> {
    let replied = serve(&porch, &request, payload).await?;
    Ok(written(&replied.unwrap_or_else(|reply| reply)))
}

/// Who asks is known before any body is read; and it is known from its signature, which has to hold. A body that came along with the head is
/// in memory already: whoever is known is answered in the same go.
async fn serve(
    porch: &Porch,
    request: &HttpRequest,
    mut payload: web::Payload,
) -> Result<Result<Reply, Reply>, Failure> {
    let now = UtcDateTime::now();
    let mut asked = match read(request) {
        Ok(asked) => asked,
        Err(reply) => return Ok(Err(reply)),
    };
    let length = length(request);
    asked.body = came_along(&mut payload, length).await;
    let is_whole = length == Some(asked.body.len());
    let (caller, mut asked) = match porch.off(move |porch| Ok(recognised(porch, asked, is_whole, now))).await? {
        Recognised::Answered(reply) => return Ok(reply),
        Recognised::As(caller, asked) => (caller, asked),
    };
    if !is_allowed(porch, request, &caller, &asked) {
        return Ok(Err(too_often()));
    }
    // Held until the answer is there, so that only so many bodies are in memory at once.
    let mut _turn = None;
    if let Some(most) = porch.desk.room(&caller, &asked) {
        if let Some(away) = porch.desk.turned_away(now) {
            return Ok(Err(away));
        }
        let Ok(Ok(turn)) = tokio::time::timeout(TURN, porch.limits.bodies.acquire()).await else {
            return Ok(Err(later(503, "busy", "too many requests are being read; wait a moment")));
        };
        _turn = Some(turn);
        asked.body = match body(asked.body, payload, most).await {
            Ok(body) => body,
            Err(reply) => return Ok(Err(reply)),
        };
    }
    if let Err(reply) = porch.desk.check_body(&asked) {
        return Ok(Err(reply));
    }
    if asked.path == JOIN {
        return Ok(Ok(porch.desk.join(&caller, &asked, &porch.client, now).await));
    }
    let desk = porch.desk.clone();
    Ok(Ok(porch.off(move |_| Ok(desk.answer(&caller, &asked, now))).await?))
}

/// How far a request comes in one go.
enum Recognised {
    /// To its end.
    Answered(Result<Reply, Reply>),
    /// It is known who asks; the rest is still to be read, or is for those who see to sockets.
    As(Caller, Request),
}

/// Who asks; and, where a member brings something and all of it is here, the answer.
fn recognised(porch: &Porch, asked: Request, is_whole: bool, now: UtcDateTime) -> Recognised {
    let caller = match porch.desk.recognise(&asked, now) {
        Ok(caller) => caller,
        Err(reply) => return Recognised::Answered(Err(reply)),
    };
    let Caller::Known { node, is_member: true } = &caller else { return Recognised::As(caller, asked) };
    let is_brought = is_whole && asked.path != JOIN && porch.desk.room(&caller, &asked).is_some();
    if !is_brought {
        return Recognised::As(caller, asked);
    }
    // Held until the answer is there. Where there is none, it waits as everybody does.
    let Ok(_turn) = porch.limits.bodies.try_acquire() else { return Recognised::As(caller, asked) };
    if !porch.limits.node(&node.id) {
        return Recognised::Answered(Err(too_often()));
    }
    let away = porch.desk.turned_away(now).map_or(Ok(()), Err);
    let answered = away.and_then(|()| porch.desk.check_body(&asked)).map(|()| porch.desk.answer(&caller, &asked, now));
    Recognised::Answered(answered)
}

fn later(status: u16, name: &'static str, detail: &str) -> Reply {
    Reply { retry_after: Some(5), ..desk::problem(status, name, detail) }
}

fn too_often() -> Reply {
    later(429, "too-many", "too many requests; wait a moment")
}

fn is_allowed(porch: &Porch, request: &HttpRequest, caller: &Caller, asked: &Request) -> bool {
    let address = || guard::address(request, porch);
    match caller {
        Caller::Known { node, .. } => porch.limits.node(&node.id),
        _ if asked.path == JOIN => porch.limits.form(address().into()).is_ok(),
        Caller::Anyone | Caller::Stranger(_) | Caller::Renewed(_) => porch.limits.node(&address().to_string()),
    }
}

/// What of a short body came along with its head and is in memory already. Nothing is waited for.
async fn came_along(payload: &mut web::Payload, length: Option<usize>) -> Vec<u8> {
    let mut body = Vec::new();
    let Some(length) = length.filter(|length| *length <= SHORT) else { return body };
    // The server asks for the answer as soon as it has read the head, and hands on what came with it a moment later.
    tokio::task::yield_now().await;
    while body.len() < length
        && let Some(Some(Ok(chunk))) = payload.next().now_or_never()
    {
        body.extend_from_slice(&chunk);
    }
    body
}

/// How long a body is, as its head says.
fn length(request: &HttpRequest) -> Option<usize> {
    field(request, "Content-Length")?.parse().ok()
}

/// The body as it came over the wire, behind what is known of it: nothing is unpacked, so nothing can grow.
async fn body(begun: Vec<u8>, payload: web::Payload, most: usize) -> Result<Vec<u8>, Reply> {
    let most = most.saturating_sub(begun.len());
    match tokio::time::timeout(BODY_TIME, payload.to_bytes_limited(most)).await {
        Ok(Ok(Ok(rest))) => Ok([begun.as_slice(), &rest].concat()),
        Ok(Ok(Err(_))) => Err(desk::problem(400, "malformed", "the body broke off")),
        Ok(Err(_)) => Err(desk::problem(413, "too-large", "a request has at most one batch of 4 MiB")),
        Err(_) => Err(desk::problem(408, "too-slow", "the body took longer than a minute")),
    }
}

fn field(request: &HttpRequest, name: &str) -> Option<String> {
    request.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

/// The request as the desk wants it, without its body.
fn read(request: &HttpRequest) -> Result<Request, Reply> {
    let field = |name: &str| field(request, name);
    if field("Content-Encoding").is_some_and(|encoding| encoding != "identity") {
        return Err(desk::problem(400, "malformed", "a body between nodes is not compressed"));
    }
    let signature = match (field("Content-Digest"), field("Signature-Input"), field("Signature")) {
        (Some(content_digest), Some(signature_input), Some(signature)) => {
            Some(RequestSignature { content_digest, signature_input, signature })
        }
        (_, None, None) => None,
        _ => return Err(desk::problem(401, "signature", "a signed request has all three fields of the profile")),
    };
    Ok(Request {
        method: request.method().to_string(),
        path: request.uri().path_and_query().map_or_else(String::new, ToString::to_string),
        accept: field("Accept").unwrap_or_default(),
        signature,
        body: Vec::new(),
    })
}

fn written(reply: &Reply) -> HttpResponse {
    let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = HttpResponse::build(status);
    let cache = if reply.is_immutable { "public, max-age=31536000, immutable" } else { "no-cache" };
    response.insert_header((header::CACHE_CONTROL, cache));
    // What members see is theirs alone: the same address may be absent to others.
    response.insert_header((header::VARY, "Accept, Signature"));
    if let Some(seconds) = reply.retry_after {
        response.insert_header((header::RETRY_AFTER, seconds.to_string()));
    }
    if reply.is_dated {
        response.insert_header(header::Date(std::time::SystemTime::now().into()));
    }
    if reply.status == 204 {
        return response.finish();
    }
    response.content_type(reply.media_type).body(reply.body.clone())
}
