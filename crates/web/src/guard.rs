//! What keeps strangers from doing harm: headers that every answer carries, and how often something may be tried.

use crate::failure::Failure;
use crate::porch::{Porch, Site, Tiles};
use actix_web::HttpRequest;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{Method, Uri};
use actix_web::middleware::Next;
use governor::clock::{Clock, DefaultClock};
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};
use pes_store::tokens::digest;
use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

type Limiter<K> = RateLimiter<K, DefaultKeyedStateStore<K>, DefaultClock>;

/// How often things may be tried, by whom.
#[derive(Debug)]
pub(crate) struct Limits {
    /// Passwords, by address typed and where they come from: slows guessing one person's down, and a stranger who guesses
    /// locks out nobody but those beside them.
    passwords: Limiter<(String, Network)>,
    /// Passwords, by address typed alone: slows guessing from many networks at once. A browser in which somebody has signed
    /// in to the address before is not counted here, so that its owner comes in whatever others try.
    addresses: Limiter<String>,
    /// Forms, by where they come from.
    forms: Limiter<Network>,
    /// Answers of visitors, each of which sends a mail to an address that they typed, by where they come from.
    letters: Limiter<Network>,
    /// What is said against records, by where it comes from.
    reports: Limiter<Network>,
    /// Requests of a node, by its id.
    nodes: Limiter<String>,
    /// Bodies of requests between nodes that are in memory at once: at most so many batches of 4 MiB.
    pub(crate) bodies: Semaphore,
    /// Passwords that are hashed at once: each takes 19 MiB.
    hashing: Arc<Semaphore>,
    /// Pictures that are drawn anew at once: each takes up to 400 MB.
    pub(crate) drawing: Semaphore,
}

/// What a page may do in a browser: nothing that does not come from this site.
const POLICY: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; \
                      frame-ancestors 'none'; base-uri 'none'";
/// How long somebody waits for their turn to have a password hashed.
const HASHING_TIME: Duration = Duration::from_secs(8);
/// From how many entries on a limiter's table is emptied of those that count for nothing any more.
const FULL: usize = 10_000;

/// Where somebody comes from, as far as limits tell visitors apart: an IPv4 address, or the /64 of IPv6 that one household gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Network(IpAddr);

impl From<IpAddr> for Network {
    fn from(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V6(address) => IpAddr::V6((u128::from(address) & (u128::MAX << 64)).into()),
            address => address,
        })
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            passwords: RateLimiter::keyed(per_minute(10)),
            addresses: RateLimiter::keyed(per_minute(6).allow_burst(at_least_one(30))),
            forms: RateLimiter::keyed(per_minute(120)),
            letters: RateLimiter::keyed(Quota::per_hour(at_least_one(20))),
            reports: RateLimiter::keyed(Quota::per_hour(at_least_one(20))),
            nodes: RateLimiter::keyed(Quota::per_second(at_least_one(200)).allow_burst(at_least_one(2_000))),
            bodies: Semaphore::new(24),
            hashing: Arc::new(Semaphore::new(4)),
            drawing: Semaphore::new(1),
        }
    }
}

fn per_minute(count: u32) -> Quota {
    Quota::per_minute(at_least_one(count))
}

fn at_least_one(count: u32) -> NonZeroU32 {
    NonZeroU32::new(count).unwrap_or(NonZeroU32::MIN)
}

impl Limits {
    /// Counts a try at the password of this address; `is_known` in a browser in which it was right before.
    pub(crate) fn password(&self, address: &str, from: Network, is_known: bool) -> Result<(), Failure> {
        // What was typed may be long; its digest is not.
        let address = digest(&address.trim().to_lowercase());
        is_allowed(&self.passwords, &(address.clone(), from))?;
        if is_known { Ok(()) } else { is_allowed(&self.addresses, &address) }
    }

    /// Counts a form that this visitor sent.
    pub(crate) fn form(&self, from: Network) -> Result<(), Failure> {
        is_allowed(&self.forms, &from)
    }

    /// Counts a mail that this visitor makes us send.
    pub(crate) fn letter(&self, from: Network) -> Result<(), Failure> {
        is_allowed(&self.letters, &from)
    }

    /// Counts what this visitor says against a record.
    pub(crate) fn report(&self, from: Network) -> Result<(), Failure> {
        is_allowed(&self.reports, &from)
    }

    /// The turn to have a password hashed, held until it is dropped.
    pub(crate) async fn hashing(&self) -> Result<OwnedSemaphorePermit, Failure> {
        match tokio::time::timeout(HASHING_TIME, self.hashing.clone().acquire_owned()).await {
            Ok(Ok(turn)) => Ok(turn),
            Ok(Err(_)) | Err(_) => Err(Failure::Busy),
        }
    }

    /// Counts a request of a node.
    pub(crate) fn node(&self, node: &str) -> bool {
        is_allowed(&self.nodes, &node.to_owned()).is_ok()
    }
}

/// Counts one more. Tables are emptied now and then, so that many visitors do not fill the memory.
fn is_allowed<K: Hash + Eq + Clone>(limiter: &Limiter<K>, key: &K) -> Result<(), Failure> {
    if limiter.len() > FULL {
        limiter.retain_recent();
    }
    limiter.check_key(key).map_err(|until| Failure::TooOften(until.wait_time_from(limiter.clock().now())))
}

/// The visitor's network address: the socket's, or what a trusted proxy says it is.
pub(crate) fn address(request: &HttpRequest, porch: &Porch) -> IpAddr {
    let peer = request.peer_addr().map_or(IpAddr::from([0, 0, 0, 0]), |address| address.ip());
    if !porch.site.trusted_proxies.contains(&peer) {
        return peer;
    }
    // The last entry of the last line is the trusted proxy's own; all before it is whatever the visitor wrote.
    let forwarded = request.headers().get_all("X-Forwarded-For").last().and_then(|value| value.to_str().ok());
    forwarded.and_then(|all| all.rsplit(',').next()?.trim().parse().ok()).unwrap_or(peer)
}

/// Whether a path or query holds U+0000, plain or percent-encoded.
pub(crate) fn has_null(text: &str) -> bool {
    text.contains('\0') || text.contains("%00")
}

/// Reads U+0000 in a query as forms read it: as another character that is no text. A list that is asked for a word that nobody can have written is
/// empty, and not absent.
pub(crate) fn read_null_as_no_text(request: &mut ServiceRequest) {
    let uri = request.uri();
    let Some(query) = uri.query().filter(|query| has_null(query)) else { return };
    let asked = format!("{}?{}", uri.path(), query.replace("%00", "%01"));
    let mut parts = uri.clone().into_parts();
    // What an address was stays one where two of its digits change.
    parts.path_and_query = asked.parse().ok();
    if let Ok(uri) = Uri::from_parts(parts) {
        request.head_mut().uri = uri;
    }
}

/// The headers that every answer carries. No script runs on any page, and nothing comes from another host.
pub(crate) fn headers(site: &Site) -> Vec<(&'static str, &'static str)> {
    let mut headers = vec![
        ("Content-Security-Policy", POLICY),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(), geolocation=(self), microphone=()"),
    ];
    if site.origin.starts_with("https://") {
        headers.push(("Strict-Transport-Security", "max-age=31536000"));
    }
    headers
}

/// HEAD is GET without what is in it (RFC 9110, 9.3.2): every page answers both, and the socket leaves the body out.
pub(crate) async fn head_as_get<B: MessageBody>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, actix_web::Error> {
    if request.method() == Method::HEAD {
        request.head_mut().method = Method::GET;
    }
    next.call(request).await
}

/// The policy of a page whose map gets its tiles from elsewhere; Leaflet empties tiles with a `data:` picture. `None` where that is no address.
pub(crate) fn policy_with_tiles(tiles: &Tiles) -> Option<String> {
    let (scheme, rest) = tiles.url.split_once("://").filter(|(scheme, _)| ["https", "http"].contains(scheme))?;
    let host = rest.split('/').next().filter(|host| !host.is_empty())?;
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-:".contains(&byte);
    let host = host.replace("{s}", "*").trim_start_matches('*').to_owned();
    let any = if rest.starts_with("{s}") { "*" } else { "" };
    let is_host = host.bytes().all(is_plain);
    is_host.then(|| POLICY.replace("img-src 'self'", &format!("img-src 'self' data: {scheme}://{any}{host}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(address: &str) -> Network {
        address.parse::<IpAddr>().unwrap().into()
    }

    #[test]
    fn tiles_may_come_from_their_own_address_only() {
        let policy = |url: &str| policy_with_tiles(&Tiles { url: url.into(), attribution: String::new() });
        let allows = |url: &str, what: &str| {
            policy(url).is_some_and(|policy| policy.contains(&format!("img-src 'self' data: {what};")))
        };
        assert!(allows("https://tuiles.example.org/{z}/{x}/{y}.png", "https://tuiles.example.org"));
        assert!(allows("https://{s}.tuiles.example.org/{z}/{x}/{y}.png", "https://*.tuiles.example.org"));
        assert!(allows("http://localhost:8090/{z}/{x}/{y}.png", "http://localhost:8090"));
        for bad in ["", "tuiles", "javascript://x/", "https://a; script-src *", "https:///x", "https://a b/"] {
            assert_eq!(policy(bad), None, "{bad}");
        }
    }

    #[test]
    fn one_household_is_one_visitor() {
        assert_eq!(from("2001:db8:1:2:3::1"), from("2001:db8:1:2:ffff:ffff::2"));
        assert_ne!(from("2001:db8:1:2::1"), from("2001:db8:1:3::1"));
        assert_eq!(from("::ffff:192.0.2.1"), from("192.0.2.1"));
        assert_ne!(from("192.0.2.1"), from("192.0.2.2"));
    }

    #[test]
    fn guessing_from_many_networks_is_slowed_but_not_for_a_known_browser() {
        let limits = Limits::default();
        let network = |number: u32| from(&format!("198.51.100.{number}"));
        let taken = (0..60).filter(|number| limits.password("a@b.fr", network(*number), false).is_ok()).count();
        assert_eq!(taken, 30);
        assert!(limits.password("A@b.fr ", network(80), false).is_err(), "it is the same address");
        assert!(limits.password("a@b.fr", network(80), true).is_ok());
        assert!(limits.password("c@b.fr", network(1), false).is_ok());
    }

    #[tokio::test]
    async fn a_few_passwords_are_hashed_at_once_and_the_next_waits() {
        let limits = Limits::default();
        let mut turns = Vec::new();
        for _ in 0..4 {
            turns.push(limits.hashing().await.unwrap());
        }
        let next = tokio::time::timeout(Duration::from_millis(50), limits.hashing()).await;
        assert!(next.is_err(), "it waits");
        turns.pop();
        drop(limits.hashing().await.unwrap());
    }
}
