//! The guarded HTTP client: the only way out of the house.
//!
//! It asks pinned origins and those that a hub or the roll names: by https, through no proxy, following no redirect. Names
//! are resolved by it, the addresses checked and then used, so that no name leads into the operator's own network; answers are
//! cut off at the size that was asked for. Private peers, for demonstrations and tests, lift the checks of scheme and address only.

use crate::{Answer, Ask, Outcome};
use pes_changeset::request;
use pes_journal::Identity;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use thiserror::Error;
use time::UtcDateTime;

const CONNECT: Duration = Duration::from_secs(10);
const WHOLE: Duration = Duration::from_secs(60);
/// How many bytes a second are awaited of an answer for which nothing waits.
const SLOWEST: usize = 50_000;

/// The client could not be made.
#[derive(Debug, Error)]
#[error("the HTTP client cannot be made: {0}")]
pub struct ClientError(String);

/// How far the client may go.
#[derive(Debug, Clone, Default)]
pub struct Reach {
    /// Whether http and private addresses are allowed, for demonstrations and tests.
    pub private_peers: bool,
    /// Certificates to trust beside the system's, in PEM.
    pub extra_roots: Vec<Vec<u8>>,
}

/// Asks other nodes, signing each request. Cloning it is shallow.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    identity: Arc<Identity>,
    private_peers: bool,
}

impl Client {
    /// A client that signs as this node.
    ///
    /// # Errors
    /// [`ClientError`] when a certificate cannot be read, or the system's cannot be loaded.
    pub fn new(identity: &Identity, reach: &Reach) -> Result<Self, ClientError> {
        // reqwest takes the process's provider; whoever came first has set the same one.
        drop(rustls::crypto::ring::default_provider().install_default());
        let fault = |e: reqwest::Error| ClientError(e.to_string());
        let mut builder = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .https_only(!reach.private_peers)
            .connect_timeout(CONNECT)
            .timeout(WHOLE)
            .user_agent(concat!("pes/", env!("CARGO_PKG_VERSION")));
        if !reach.private_peers {
            builder = builder.dns_resolver(Arc::new(PublicOnly));
        }
        let roots = reach.extra_roots.iter().map(|pem| reqwest::Certificate::from_pem_bundle(pem));
        let roots = roots.collect::<Result<Vec<_>, _>>().map_err(fault)?;
        let http = builder.tls_certs_merge(roots.into_iter().flatten()).build().map_err(fault)?;
        Ok(Self { http, identity: Arc::new(identity.clone()), private_peers: reach.private_peers })
    }

    /// Carries a request and brings the answer back.
    ///
    /// # Errors
    /// In words, whatever kept the answer away.
    pub async fn carry(&self, ask: &Ask) -> Outcome {
        self.send(ask, true).await
    }

    /// Asks for what everybody may have, as anybody does: without a signature.
    ///
    /// # Errors
    /// As [`Client::carry`].
    pub async fn look(&self, ask: &Ask) -> Outcome {
        self.send(ask, false).await
    }

    async fn send(&self, ask: &Ask, is_signed: bool) -> Outcome {
        let target_uri = ask.target_uri();
        self.check_address(ask)?;
        let (media_type, body) = ask.body.clone().unwrap_or_default();
        let now = UtcDateTime::now().unix_timestamp();
        let what = (ask.method(), target_uri.as_str(), body.as_slice());
        let signature =
            is_signed.then(|| request::sign(&self.identity.origin, &self.identity.transport_key, now, what));
        let request = match ask.body {
            Some(_) => self.http.post(&target_uri).header("Content-Type", media_type).body(body),
            None => self.http.get(&target_uri),
        };
        let request = match signature {
            Some(signature) => request
                .header("Content-Digest", signature.content_digest)
                .header("Signature-Input", signature.signature_input)
                .header("Signature", signature.signature),
            None => request,
        };
        let mut response = request.timeout(patience(ask)).send().await.map_err(|e| in_words(&e))?;
        let status = response.status().as_u16();
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|e| in_words(&e))? {
            if body.len() + chunk.len() > ask.limit {
                return Err(format!("the answer has more than {} bytes", ask.limit));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { status, body })
    }

    /// An address written as numbers is not resolved, so it is checked here.
    fn check_address(&self, ask: &Ask) -> Result<(), String> {
        let host = ask.origin.host().trim_start_matches('[').trim_end_matches(']');
        match host.parse::<IpAddr>() {
            Ok(address) if !self.private_peers && !is_public(address) => Err(not_public(host)),
            _ => Ok(()),
        }
    }
}

/// How long a whole answer may take.
fn patience(ask: &Ask) -> Duration {
    match ask.is_patient {
        true => WHOLE.max(Duration::from_secs((ask.limit / SLOWEST) as u64)),
        false => WHOLE,
    }
}

/// The whole chain of causes: "error sending request" alone helps nobody.
fn in_words(error: &reqwest::Error) -> String {
    let mut words = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        words = format!("{words}: {inner}");
        cause = inner.source();
    }
    words
}

fn not_public(host: &str) -> String {
    format!("{host} has an address that is not public; for a demonstration, allow private peers")
}

/// Resolves names, and refuses those of which any address is not public.
#[derive(Debug)]
struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let host = name.as_str().to_owned();
            let addresses: Vec<SocketAddr> = tokio::net::lookup_host((host.as_str(), 0)).await?.collect();
            if addresses.iter().any(|address| !is_public(address.ip())) {
                return Err(not_public(&host).into());
            }
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

/// Whether an address is one of the public internet (the special ranges of RFC 6890 left out).
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = matches!((a, b, c), (0 | 10 | 127, ..) | (100, 64..=127, _) | (192, 0, 0) | (192, 88, 99))
        || matches!((a, b), (198, 18..=19))
        || a >= 224;
    !special && !address.is_private() && !address.is_link_local() && !address.is_documentation()
}

/// Only global unicast, and of it nothing that wraps or documents other addresses.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let [a, b, ..] = address.segments();
    let wraps = a == 0x2002 || (a == 0x2001 && b < 0x0200);
    let documents = (a == 0x2001 && b == 0x0db8) || (a == 0x3fff && b < 0x1000);
    (a & 0xe000) == 0x2000 && !wraps && !documents
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_special_and_wrapped_addresses_are_not_public() {
        let private = [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "0.0.0.0",
            "100.64.0.1",
            "192.0.0.8",
            "192.0.2.1",
            "198.18.0.1",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "255.255.255.255",
            "192.88.99.1",
            "::1",
            "::",
            "::ffff:8.8.8.8",
            "::8.8.8.8",
            "64:ff9b::808:808",
            "fe80::1",
            "fc00::1",
            "fd12::1",
            "ff02::1",
            "2001:db8::1",
            "2002:808:808::1",
            "2001::1",
            "3fff::1",
            "100::1",
        ];
        for address in private {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn only_what_nothing_waits_for_takes_its_time() {
        let origin = "https://pes.example.org".parse().unwrap();
        let ask = |limit| Ask::get(&origin, "/fichiers/a.pdf", limit);
        assert_eq!(patience(&ask(10_000_000)), WHOLE);
        assert_eq!(patience(&ask(10_000_000).patient()), Duration::from_secs(200));
        assert_eq!(patience(&ask(1_000).patient()), WHOLE, "a small one is not cut short");
    }

    #[test]
    fn ordinary_addresses_are_public() {
        for address in
            ["8.8.8.8", "100.63.0.1", "172.32.0.1", "198.20.0.1", "223.255.255.255", "2a01:e0a::1", "2001:4860::8888"]
        {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
    }
}
