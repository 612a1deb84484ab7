//! The addresses at which other nodes ask: each request goes to the desk as it came, and its reply back.

use crate::failure::Failure;
use crate::guard;
use crate::porch::Porch;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, guard as route_guard, web};
use pes_sync::desk::{self, Caller, Reply, Request, RequestSignature};
use time::UtcDateTime;

pub(crate) fn configure(app: &mut web::ServiceConfig) {
    let payload = web::PayloadConfig::new(desk::BODY);
    app.service(
        web::resource(["/.well-known/pes", "/.well-known/did.json", "/heads", "/log/{rest:.*}", "/mirror/{rest:.*}"])
            .guard(route_guard::Get())
            .to(answer),
    );
    app.service(web::resource("/in/{rest:.*}").guard(route_guard::Post()).app_data(payload).to(answer));
}

async fn answer(
    porch: web::Data<Porch>,
    request: HttpRequest,
    body: Result<web::Bytes, actix_web::Error>,
) -> Result<HttpResponse, Failure> {
    if field(&request, "Content-Encoding").is_some_and(|encoding| encoding != "identity") {
        return Ok(written(&desk::problem(400, "malformed", "a body between nodes is not compressed")));
    }
    let Ok(body) = body else {
        return Ok(written(&desk::problem(413, "too-large", "a request has at most one batch of 4 MiB")));
    };
    let asked = match read(&request, &body) {
        Ok(asked) => asked,
        Err(reply) => return Ok(written(&reply)),
    };
    let now = UtcDateTime::now();
    let (desk, heard) = (porch.desk.clone(), asked.clone());
    let caller = match porch.off(move |_| Ok(desk.caller(&heard, now))).await? {
        Ok(caller) => caller,
        Err(reply) => return Ok(written(&reply)),
    };
    let is_allowed = match &caller {
        Caller::Known { node, .. } => porch.limits.node(&node.id),
        Caller::Anyone | Caller::Stranger(_) | Caller::Renewed(_) => {
            porch.limits.node(&guard::address(&request, &porch).to_string())
        }
    };
    if !is_allowed {
        let busy = desk::problem(429, "too-many", "too many requests; wait a moment");
        return Ok(written(&Reply { retry_after: Some(5), ..busy }));
    }
    if asked.path == "/in/join" {
        return Ok(written(&porch.desk.join(&caller, &asked, &porch.client, now).await));
    }
    let desk = porch.desk.clone();
    let reply = porch.off(move |_| Ok(desk.answer(&caller, &asked, now))).await?;
    Ok(written(&reply))
}

fn field(request: &HttpRequest, name: &str) -> Option<String> {
    request.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

/// The request as the desk wants it, its body as it was signed.
fn read(request: &HttpRequest, body: &web::Bytes) -> Result<Request, Reply> {
    let field = |name: &str| field(request, name);
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
        body: body.to_vec(),
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
