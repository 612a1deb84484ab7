//! What an operator's tools see of a node: whether it lives, whether it is ready, and numbers for Prometheus. On a listener of its own,
//! which is there before the database is opened: a node that is being brought to a new version lives and is not ready.

use crate::serving::{Serving, ServingError};
use actix_web::http::header::ContentType;
use actix_web::{App, HttpResponse, HttpServer, web};
use pes_journal::{Journal, JournalError};
use pes_store::{entries, outbox};
use prometheus::{Encoder, IntGaugeVec, Opts, Registry, TextEncoder};
use std::net::TcpListener;
use std::sync::{Arc, OnceLock};
use time::UtcDateTime;

/// What is shown: nothing, until the node is opened. Cloning it is shallow.
#[derive(Debug, Clone, Default)]
pub struct Sight(Arc<OnceLock<Journal>>);

impl Sight {
    /// The node is open: from now on it is shown.
    pub fn show(&self, journal: Journal) {
        drop(self.0.set(journal));
    }

    /// Serves `/livez`, `/readyz` and `/metrics` at a socket that is already open, from within a tokio runtime.
    ///
    /// # Errors
    /// [`ServingError::Socket`].
    pub fn serve(&self, socket: TcpListener) -> Result<Serving, ServingError> {
        let sight = web::Data::new(self.clone());
        let app = move || App::new().app_data(sight.clone()).configure(configure);
        Ok(Serving::run(HttpServer::new(app).workers(1).disable_signals().listen(socket)?.run()))
    }
}

fn configure(app: &mut web::ServiceConfig) {
    app.route("/livez", web::get().to(alive));
    app.route("/readyz", web::get().to(ready));
    app.route("/metrics", web::get().to(metrics));
}

async fn alive() -> HttpResponse {
    HttpResponse::Ok().content_type(ContentType::plaintext()).body("alive\n")
}

async fn ready(sight: web::Data<Sight>) -> HttpResponse {
    match web::block(move || why_not_ready(&sight)).await {
        Ok(None) => HttpResponse::Ok().content_type(ContentType::plaintext()).body("ready\n"),
        Ok(Some(why)) => HttpResponse::ServiceUnavailable().content_type(ContentType::plaintext()).body(why),
        Err(_) => HttpResponse::ServiceUnavailable().finish(),
    }
}

/// Why the node does not take requests as it should; `None` when it does.
fn why_not_ready(sight: &Sight) -> Option<String> {
    let Some(journal) = sight.0.get() else { return Some("the database is being opened\n".into()) };
    if journal.doubt().is_some() {
        return Some("those who hold this node's logs are being asked what it signed\n".into());
    }
    if let Err(error) = journal.store().check_kept() {
        return Some(format!("{error}\n"));
    }
    journal.peers().err().map(|error| format!("the database does not answer: {error}\n"))
}

async fn metrics(sight: web::Data<Sight>) -> HttpResponse {
    let Some(journal) = sight.0.get().cloned() else { return HttpResponse::ServiceUnavailable().finish() };
    match web::block(move || gather(&journal, UtcDateTime::now())).await {
        Ok(Ok(text)) => HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(text),
        Ok(Err(error)) => {
            tracing::error!(%error, "cannot gather the metrics");
            HttpResponse::ServiceUnavailable().finish()
        }
        Err(_) => HttpResponse::ServiceUnavailable().finish(),
    }
}

/// The families of numbers, each by its labels.
struct Families {
    registry: Registry,
}

impl Families {
    /// Adds a family with its samples. A name or label that is none is a mistake of ours, and leaves its family out.
    fn add<const N: usize>(
        &self,
        (name, help): (&str, &str),
        labels: [&str; N],
        samples: impl IntoIterator<Item = ([String; N], i64)>,
    ) {
        let Ok(family) = IntGaugeVec::new(Opts::new(name, help), &labels) else { return };
        for (values, number) in samples {
            let values: Vec<&str> = values.iter().map(String::as_str).collect();
            if let Ok(gauge) = family.get_metric_with_label_values(&values) {
                gauge.set(number);
            }
        }
        if let Err(error) = self.registry.register(Box::new(family)) {
            tracing::error!(name, %error, "a metric cannot be shown");
        }
    }
}

/// What is known of one peer.
struct PeerSight {
    name: String,
    queue: i64,
    lag: i64,
    outstanding: i64,
    peer: pes_journal::peers::Peer,
}

fn gather(journal: &Journal, now: UtcDateTime) -> Result<String, JournalError> {
    let families = Families { registry: Registry::new() };
    let peers = peers(journal, now)?;
    let by_peer = |number: fn(&PeerSight) -> i64| peers.iter().map(move |one| ([one.name.clone()], number(one)));
    families.add(("pes_peer_queue", "Change-sets the peer has not taken yet"), ["peer"], by_peer(|one| one.queue));
    families.add(
        ("pes_peer_lag_seconds", "Since when nothing was taken while something waits; 0 where nothing waits"),
        ["peer"],
        by_peer(|one| one.lag),
    );
    families.add(
        ("pes_peer_receipts_outstanding", "Change-sets of this node that the peer has not acknowledged"),
        ["peer"],
        by_peer(|one| one.outstanding),
    );
    families.add(
        ("pes_peer_last_success_timestamp_seconds", "When the peer was last reached; 0 if never"),
        ["peer"],
        by_peer(|one| one.peer.last_success.unwrap_or_default()),
    );
    families.add(
        ("pes_peer_failures", "Tries in a row that have failed"),
        ["peer"],
        by_peer(|one| i64::try_from(one.peer.failures).unwrap_or(i64::MAX)),
    );
    families.add(
        ("pes_peer_paused", "Whether exchanges with the peer are paused"),
        ["peer"],
        by_peer(|one| one.peer.is_paused.into()),
    );
    of_logs(journal, &families)?;
    let mut text = Vec::new();
    if let Err(error) = TextEncoder::new().encode(&families.registry.gather(), &mut text) {
        tracing::error!(%error, "cannot write the metrics");
    }
    Ok(String::from_utf8_lossy(&text).into_owned())
}

fn of_logs(journal: &Journal, families: &Families) -> Result<(), JournalError> {
    let name = |node: String| journal.pinned(&node).map_or(node, |node| node.origin.to_string());
    let refusals = journal.refusals()?.into_iter().map(|one| ([name(one.node), one.cause], one.count));
    families.add(("pes_refusals_total", "Refusals, by node and cause"), ["node", "cause"], refusals);
    let heads = journal.heads()?.into_iter().map(|head| {
        let labels = [head.node.origin.to_string(), head.channel.to_string(), head.epoch.to_string()];
        (labels, i64::try_from(head.size).unwrap_or(i64::MAX))
    });
    families.add(("pes_log_size", "Change-sets held of a log"), ["node", "channel", "epoch"], heads);
    let count = |count: usize| [([], i64::try_from(count).unwrap_or(i64::MAX))];
    let gaps = journal.gaps(10_000)?.len();
    families.add(("pes_payloads_missing", "Live versions whose payload is not held"), [], count(gaps));
    let quarantined = journal.quarantined()?.len();
    families.add(("pes_nodes_quarantined", "Nodes that signed two histories"), [], count(quarantined));
    let letters = journal.store().read(outbox::count)?;
    families.add(("pes_messages_waiting", "Messages on their way to other nodes"), [], [([], letters)]);
    Ok(())
}

fn peers(journal: &Journal, now: UtcDateTime) -> Result<Vec<PeerSight>, JournalError> {
    let mut seen = Vec::new();
    for peer in journal.peers()? {
        let queue = journal.store().read(|link| entries::count_after(link, peer.cursor, &peer.node))?;
        let since = peer.last_success.unwrap_or(now.unix_timestamp());
        seen.push(PeerSight {
            name: journal.pinned(&peer.node)?.origin.to_string(),
            queue: i64::try_from(queue).unwrap_or(i64::MAX),
            lag: if queue == 0 { 0 } else { (now.unix_timestamp() - since).max(0) },
            outstanding: i64::try_from(journal.unacknowledged(&peer)?).unwrap_or(i64::MAX),
            peer,
        });
    }
    Ok(seen)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn before_the_node_is_open_it_is_not_ready() {
        let why = why_not_ready(&Sight::default()).unwrap();
        assert!(why.contains("being opened"), "{why}");
    }
}
