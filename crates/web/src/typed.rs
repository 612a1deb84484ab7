//! What a visitor typed: a form of ours, sent by the visitor it was made for.

use crate::failure::Failure;
use crate::guard::{self, Network};
use crate::porch::Porch;
use crate::visit::Visit;
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use pes_domain::Draft;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

/// The most bytes of a form.
pub(crate) const FORM: usize = 256 * 1024;
/// How long a form may take to arrive.
const FORM_TIME: Duration = Duration::from_secs(60);

/// A form that was checked to be the visitor's own, and who they are.
#[derive(Debug)]
pub(crate) struct Typed {
    pub(crate) visit: Visit,
    pub(crate) draft: Draft,
    /// Where it comes from.
    pub(crate) from: Network,
}

impl FromRequest for Typed {
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Failure>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let mut payload = payload.take();
        Box::pin(async move {
            let porch = request.app_data::<web::Data<Porch>>().ok_or(Failure::Inner("no porch".into()))?.clone();
            let from = Network::from(guard::address(&request, &porch));
            porch.limits.form(from)?;
            let visit = Visit::from_request(&request, &mut Payload::None).await?;
            let payload = web::Payload::from_request(&request, &mut payload).await.map_err(|_| Failure::Form)?;
            let bytes = body(payload).await?;
            let draft = read(&bytes).ok_or(Failure::Form)?;
            Self::checked(&request, visit, draft, from)
        })
    }
}

/// A form that another site made a browser send brings back no token, or says where it comes from.
pub(crate) fn check_ours(request: &HttpRequest, visit: &Visit, token: &str) -> Result<(), Failure> {
    let comes_from = request.headers().get("Sec-Fetch-Site").and_then(|value| value.to_str().ok());
    let is_forged = token != visit.csrf || matches!(comes_from, Some("cross-site" | "same-site"));
    if is_forged { Err(Failure::Stale) } else { Ok(()) }
}

impl Typed {
    /// A form that was read, if it is the visitor's own.
    ///
    /// # Errors
    /// As [`check_ours`].
    pub(crate) fn checked(request: &HttpRequest, visit: Visit, draft: Draft, from: Network) -> Result<Self, Failure> {
        check_ours(request, &visit, draft.one("csrf"))?;
        Ok(Self { visit, draft, from })
    }
}

/// The form as it came: nothing is unpacked, so nothing can grow.
async fn body(payload: web::Payload) -> Result<web::Bytes, Failure> {
    match tokio::time::timeout(FORM_TIME, payload.to_bytes_limited(FORM)).await {
        Ok(Ok(Ok(bytes))) => Ok(bytes),
        Ok(Err(_)) => Err(Failure::TooLarge),
        Ok(Ok(Err(_))) | Err(_) => Err(Failure::Form),
    }
}

/// Reads `application/x-www-form-urlencoded`, a field as often as it comes. U+0000, which PostgreSQL could not keep, is read as
/// another character that is no text, so that whoever checks the field says what is wrong with it.
fn read(bytes: &[u8]) -> Option<Draft> {
    let text = str::from_utf8(bytes).ok()?.replace('\0', "%00").replace("%00", "%01");
    web::Query::<Vec<(String, String)>>::from_query(&text).ok().map(|pairs| pairs.into_inner().into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_read_as_often_as_it_comes() {
        let draft = read(b"title=L%27%C3%89tabli+%26+co&skills=a&skills=b&empty=").unwrap();
        assert_eq!(draft.one("title"), "L'Établi & co");
        assert_eq!(draft.all("skills"), ["a", "b"]);
        assert_eq!(draft.one("empty"), "");
        assert!(read(&[0xff]).is_none());
        for null in [&b"title=a%00b"[..], b"title=a\0b"] {
            assert_eq!(read(null).unwrap().one("title"), "a\u{1}b", "no text either, and it can be kept");
        }
    }
}
