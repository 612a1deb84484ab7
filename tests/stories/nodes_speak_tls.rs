//! Two nodes speak TLS from certificate files, without a proxy; a certificate that nobody vouches for is not believed.

use pes_changeset::Origin;
use pes_domain::{Kind, Record, RecordIri};
use pes_node::house::{self, rules};
use pes_node::{Config, House, Running};
use pes_store::own_records::Moderation;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use time::UtcDateTime;
use village::{draft, eventually};

/// A certificate for `localhost` and its key, as files.
fn certificate(folder: &Path) -> (PathBuf, PathBuf) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let (certificate, key) = (folder.join("cert.pem"), folder.join("key.pem"));
    std::fs::write(&certificate, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    (certificate, key)
}

/// A node at `https://localhost`, and the socket at which it will be served.
fn node(
    folder: &Path,
    name: &str,
    extra_roots: Vec<PathBuf>,
    pair: &(PathBuf, PathBuf),
) -> (House, Origin, TcpListener) {
    let socket = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let origin: Origin = format!("https://localhost:{}", socket.local_addr().unwrap().port()).parse().unwrap();
    let config = Config {
        data: folder.join(name),
        allow_private_peers: true,
        tls_certificate: Some(pair.0.clone()),
        tls_key: Some(pair.1.clone()),
        extra_roots,
        ..Config::default()
    };
    house::init(&config, &origin, name, true).unwrap();
    (House::open(config).unwrap(), origin, socket)
}

fn publish(house: &House) -> RecordIri {
    let now = UtcDateTime::now();
    let iri = RecordIri::mint(house.journal.identity().origin.as_str(), Kind::Exchange);
    let fields = [("direction", "demand"), ("type", "service"), ("title", "Par TLS"), ("author", "M")];
    let record = Record::raise(Kind::Exchange, (iri.clone(), now), &draft(&fields), now, &rules()).unwrap();
    house.journal.save(record, Moderation::Published, None, now).unwrap();
    iri
}

fn holds(running: &Running, iri: &RecordIri) -> bool {
    let store = running.house.journal.store();
    store.read(|link| pes_store::records::seen(link, &iri.to_string(), pes_domain::Audience::Public)).unwrap().is_some()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_demand_travels_by_tls() {
    let folder = tempfile::tempdir().unwrap();
    let pair = certificate(folder.path());
    let roots = vec![pair.0.clone()];
    let (hub, hub_origin, hub_socket) = node(folder.path(), "paca", roots.clone(), &pair);
    let (apeas, _, socket) = node(folder.path(), "apeas", roots, &pair);
    let hub = hub.start(hub_socket).await.unwrap();
    let apeas = apeas.start(socket).await.unwrap();
    let code = hub.house.journal.invite("APEAS", UtcDateTime::now()).unwrap();
    apeas.house.join(&hub_origin, &code).await.unwrap();
    let demand = publish(&apeas.house);
    eventually("the hub has it", || holds(&hub, &demand)).await;
    hub.stop().await;
    apeas.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_nobody_vouches_for_is_not_believed() {
    let folder = tempfile::tempdir().unwrap();
    let pair = certificate(folder.path());
    let (hub, hub_origin, socket) = node(folder.path(), "paca", vec![pair.0.clone()], &pair);
    let (apeas, ..) = node(folder.path(), "apeas", Vec::new(), &pair);
    let hub = hub.start(socket).await.unwrap();
    let refused = apeas.join(&hub_origin, "code").await.unwrap_err().to_string();
    assert!(refused.contains("was not heard") && refused.to_lowercase().contains("certificate"), "{refused}");
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_file_that_is_none_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let pair = certificate(folder.path());
    std::fs::write(&pair.0, "no certificate").unwrap();
    let (house, _, socket) = node(folder.path(), "paca", Vec::new(), &pair);
    assert!(house.start(socket).await.unwrap_err().to_string().contains("cert.pem"));
}
