//! Who comes: a visitor, or somebody who is signed in.

use crate::failure::Failure;
use crate::porch::Porch;
use actix_web::cookie::time::OffsetDateTime;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use pes_domain::audience::Reader;
use pes_people::Viewer;
use pes_people::sign_in::SignedIn;
use pes_store::own_records::OwnRecord;
use pes_store::tokens::new_token;
use std::future::Future;
use std::pin::Pin;
use time::{Duration, UtcDateTime};

/// A visit: who, when, where.
#[derive(Debug, Clone)]
pub(crate) struct Visit {
    /// Who is signed in.
    pub(crate) viewer: Option<Viewer>,
    /// What each form of this visitor has to bring back.
    pub(crate) csrf: String,
    /// How many of their notices they have not seen.
    pub(crate) unread: u64,
    /// The cookie of a visitor who had none: without it their forms could not be told from forged ones.
    pub(crate) new_cookie: Option<Cookie<'static>>,
    /// The path that is visited, with its query.
    pub(crate) path: String,
    /// When.
    pub(crate) now: UtcDateTime,
}

impl Visit {
    /// Who is signed in.
    ///
    /// # Errors
    /// [`Failure::SignIn`].
    pub(crate) fn viewer(&self) -> Result<&Viewer, Failure> {
        self.viewer.as_ref().ok_or(Failure::SignIn)
    }

    /// Who is signed in, if they work for the network.
    ///
    /// # Errors
    /// [`Failure::SignIn`], [`Failure::Forbidden`].
    pub(crate) fn animator(&self) -> Result<&Viewer, Failure> {
        let viewer = self.viewer()?;
        if viewer.is_animator() { Ok(viewer) } else { Err(Failure::Forbidden) }
    }

    /// How far they see of records of other nodes, and of lists.
    pub(crate) fn reads_foreign(&self) -> Reader {
        self.viewer.as_ref().map_or(Reader::Anyone, Viewer::reads_foreign)
    }

    /// How far they see of a record of this node.
    pub(crate) fn reads_own(&self, own: &OwnRecord) -> Reader {
        self.viewer.as_ref().map_or(Reader::Anyone, |viewer| viewer.reads_own(own))
    }

    /// Whether they may change a record of this node.
    pub(crate) fn may_change(&self, own: &OwnRecord) -> bool {
        self.viewer.as_ref().is_some_and(|viewer| viewer.may_change(own))
    }
}

impl FromRequest for Visit {
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Failure>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let porch = request.app_data::<web::Data<Porch>>().ok_or(Failure::Inner("no porch".into()))?.clone();
            let now = UtcDateTime::now();
            let path = request.uri().path_and_query().map_or_else(String::new, ToString::to_string);
            if let Some(cookie) = request.cookie(&session_cookie(&porch)) {
                let token = cookie.value().to_owned();
                let known = porch.off(move |porch| known(porch, &token, now)).await?;
                if let Some((viewer, unread)) = known {
                    let csrf = viewer.csrf.clone();
                    return Ok(Self { viewer: Some(viewer), csrf, unread, new_cookie: None, path, now });
                }
            }
            let known = request.cookie(&visitor_cookie(&porch)).map(|cookie| cookie.value().to_owned());
            let (secret, new_cookie) = match known.filter(|secret| secret.len() == 64) {
                Some(secret) => (secret, None),
                None => {
                    let secret = new_token();
                    let cookie = cookie(&porch, visitor_cookie(&porch), secret.clone());
                    (secret, Some(cookie))
                }
            };
            Ok(Self { viewer: None, csrf: porch.links.token("visitor", &secret), unread: 0, new_cookie, path, now })
        })
    }
}

/// Who comes with a session's token, and how many notices wait for them.
fn known(porch: &Porch, token: &str, now: UtcDateTime) -> Result<Option<(Viewer, u64)>, Failure> {
    let Some(viewer) = porch.people.viewer(token, now)? else { return Ok(None) };
    let unread = porch.store().read(|link| pes_store::notices::unread(link, &viewer.account.id))?;
    Ok(Some((viewer, unread)))
}

fn session_cookie(porch: &Porch) -> String {
    prefixed(porch, "session")
}

fn visitor_cookie(porch: &Porch) -> String {
    prefixed(porch, "visite")
}

/// `__Host-` binds a cookie to this host, https and the whole site (RFC 6265bis). Ports do not separate cookies, names do.
fn prefixed(porch: &Porch, name: &str) -> String {
    let prefix = if porch.is_secure() { "__Host-" } else { "" };
    format!("{prefix}{}-{name}", porch.site.cookie)
}

fn cookie(porch: &Porch, name: String, value: String) -> Cookie<'static> {
    Cookie::build(name, value).path("/").http_only(true).secure(porch.is_secure()).same_site(SameSite::Lax).finish()
}

/// The cookie of somebody who has just signed in.
pub(crate) fn signed_in(porch: &Porch, session: &SignedIn) -> Cookie<'static> {
    let mut cookie = cookie(porch, session_cookie(porch), session.token.clone());
    cookie.set_expires(OffsetDateTime::from(session.expires));
    cookie
}

/// The cookie that takes the session away.
pub(crate) fn signed_out(porch: &Porch) -> Cookie<'static> {
    let mut cookie = cookie(porch, session_cookie(porch), String::new());
    cookie.make_removal();
    cookie
}

/// How long a browser counts as one in which an address was signed in to.
const KNOWN: Duration = Duration::days(365);

/// The cookie that tells later that the right password of this address was typed in this browser. It opens nothing.
pub(crate) fn known_here(porch: &Porch, address: &str, now: UtcDateTime) -> Cookie<'static> {
    let mut cookie = cookie(porch, prefixed(porch, "connu"), known_token(porch, address));
    cookie.set_expires(OffsetDateTime::from(now + KNOWN));
    cookie
}

/// Whether the right password of this address was typed before in the browser a request comes from.
pub(crate) fn is_known_here(request: &HttpRequest, porch: &Porch, address: &str) -> bool {
    request.cookie(&prefixed(porch, "connu")).is_some_and(|cookie| cookie.value() == known_token(porch, address))
}

fn known_token(porch: &Porch, address: &str) -> String {
    porch.links.token("known", &address.trim().to_lowercase())
}

/// The token of the session a request comes with.
pub(crate) fn session_of(request: &HttpRequest, porch: &Porch) -> Option<String> {
    request.cookie(&session_cookie(porch)).map(|cookie| cookie.value().to_owned())
}
