//! What keeps strangers from doing harm: headers that every answer carries, and how often something may be tried.

use crate::failure::Failure;
use crate::porch::{Porch, Site};
use actix_web::HttpRequest;
use governor::clock::DefaultClock;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};
use std::net::IpAddr;
use std::num::NonZeroU32;
use tokio::sync::Semaphore;

type Limiter<K> = RateLimiter<K, DefaultKeyedStateStore<K>, DefaultClock>;

/// How often things may be tried, by whom.
#[derive(Debug)]
pub(crate) struct Limits {
    /// Passwords, by address typed: slows guessing one person's down.
    passwords: Limiter<String>,
    /// Forms, by the visitor's network address.
    forms: Limiter<IpAddr>,
    /// Requests of a node, by its id.
    nodes: Limiter<String>,
    /// Bodies of requests between nodes that are in memory at once: at most so many batches of 4 MiB.
    pub(crate) bodies: Semaphore,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            passwords: RateLimiter::keyed(per_minute(10)),
            forms: RateLimiter::keyed(per_minute(120)),
            nodes: RateLimiter::keyed(Quota::per_second(at_least_one(200)).allow_burst(at_least_one(2_000))),
            bodies: Semaphore::new(24),
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
    /// Counts a try at the password of this address.
    pub(crate) fn password(&self, address: &str) -> Result<(), Failure> {
        self.passwords.check_key(&address.to_lowercase()).map_err(|_| Failure::TooOften)
    }

    /// Counts a form that this visitor sent.
    pub(crate) fn form(&self, from: IpAddr) -> Result<(), Failure> {
        // The tables of who came when are emptied now and then, so that many visitors do not fill the memory.
        if self.forms.len() > 10_000 {
            self.forms.retain_recent();
            self.passwords.retain_recent();
        }
        self.forms.check_key(&from).map_err(|_| Failure::TooOften)
    }

    /// Counts a request of a node.
    pub(crate) fn node(&self, node: &str) -> bool {
        if self.nodes.len() > 10_000 {
            self.nodes.retain_recent();
        }
        self.nodes.check_key(&node.to_owned()).is_ok()
    }
}

/// The visitor's network address: the socket's, or what a trusted proxy says it is.
pub(crate) fn address(request: &HttpRequest, porch: &Porch) -> IpAddr {
    let peer = request.peer_addr().map_or(IpAddr::from([0, 0, 0, 0]), |address| address.ip());
    if !porch.site.trusted_proxies.contains(&peer) {
        return peer;
    }
    let forwarded = request.headers().get("X-Forwarded-For").and_then(|value| value.to_str().ok());
    // The last entry is the trusted proxy's own; those before it are whatever the visitor wrote.
    forwarded.and_then(|all| all.rsplit(',').next()?.trim().parse().ok()).unwrap_or(peer)
}

/// Whether a path, query or form holds U+0000, plain or percent-encoded.
pub(crate) fn has_null(text: &str) -> bool {
    text.contains('\0') || text.contains("%00")
}

/// The headers that every answer carries. No script runs on any page, and nothing comes from another host.
pub(crate) fn headers(site: &Site) -> Vec<(&'static str, &'static str)> {
    let mut headers = vec![
        (
            "Content-Security-Policy",
            "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
        ),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
    ];
    if site.origin.starts_with("https://") {
        headers.push(("Strict-Transport-Security", "max-age=31536000"));
    }
    headers
}
