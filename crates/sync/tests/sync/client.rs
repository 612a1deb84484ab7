//! The guarded client against real sockets: where it does not go, what it does not follow, how much it takes, and that each
//! request proves whose it is.

use crate::bed::node;
use pes_changeset::Origin;
use pes_changeset::request::{Claim, RequestSignature};
use pes_journal::signed_heads::SignedHeads;
use pes_journal::{Identity, JournalError};
use pes_sync::SyncError;
use pes_sync::client::Reach;
use pes_sync::join::{JoinError, join};
use pes_sync::{Ask, Client, ask};
use std::sync::{Arc, Mutex};
use time::UtcDateTime;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// A site that answers every request with the same bytes, and keeps what it was asked.
struct Site {
    origin: Origin,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Site {
    async fn answering(answer: Vec<u8>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://localhost:{}", listener.local_addr().unwrap().port()).parse().unwrap();
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let kept = Arc::clone(&asked);
        tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let (answer, kept) = (answer.clone(), Arc::clone(&kept));
                tokio::spawn(async move {
                    let mut request = vec![0; 64 * 1024];
                    let length = stream.read(&mut request).await.unwrap_or_default();
                    kept.lock().unwrap().push(String::from_utf8_lossy(&request[..length]).into_owned());
                    drop(stream.write_all(&answer).await);
                    drop(stream.shutdown().await);
                });
            }
        });
        Self { origin, asked }
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

fn identity() -> Identity {
    node("apeas").journal.identity().clone()
}

/// A client as demonstrations have it: private peers allowed.
fn open() -> Client {
    Client::new(&identity(), &Reach { private_peers: true, extra_roots: Vec::new() }).unwrap()
}

/// A client as the world has it.
fn guarded() -> Client {
    Client::new(&identity(), &Reach::default()).unwrap()
}

fn field(request: &str, name: &str) -> String {
    let line = request.lines().find(|line| line.to_lowercase().starts_with(&format!("{}:", name.to_lowercase())));
    line.unwrap().split_once(':').unwrap().1.trim().to_owned()
}

#[tokio::test]
async fn every_request_proves_whose_it_is() {
    let site = Site::answering(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".to_vec()).await;
    let client = open();
    let answer = client.carry(&Ask::get(&site.origin, "/heads", 100)).await.unwrap();
    assert_eq!((answer.status, answer.body.as_slice()), (200, b"ok".as_slice()));
    client.carry(&Ask::post(&site.origin, "/in/messages", ask::JSON, b"{}".to_vec())).await.unwrap();
    for (request, method, path, body) in site
        .asked()
        .iter()
        .zip([("GET", "/heads", ""), ("POST", "/in/messages", "{}")])
        .map(|(r, (m, p, b))| (r, m, p, b))
    {
        let signature = RequestSignature {
            content_digest: field(request, "content-digest"),
            signature_input: field(request, "signature-input"),
            signature: field(request, "signature"),
        };
        let claim = Claim::read(method, &format!("{}{path}", site.origin), &signature).unwrap();
        claim.verify(UtcDateTime::now().unix_timestamp()).unwrap();
        claim.check_body(body.as_bytes()).unwrap();
        assert_eq!(claim.origin.as_str(), "https://apeas.test");
    }
    assert!(site.asked()[1].contains("application/activity+json"));
}

#[tokio::test]
async fn an_answer_is_cut_off_at_the_size_that_was_asked_for() {
    let body = vec![b'x'; 10_000];
    let answer = [b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".as_slice(), &body].concat();
    let site = Site::answering(answer).await;
    assert_eq!(open().carry(&Ask::get(&site.origin, "/", 10_000)).await.unwrap().body.len(), 10_000);
    let why = open().carry(&Ask::get(&site.origin, "/", 9_999)).await.unwrap_err();
    assert!(why.contains("more than 9999 bytes"), "{why}");
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_is_not_followed() {
    let elsewhere = Site::answering(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".to_vec()).await;
    let answer = format!("HTTP/1.1 302 Found\r\nLocation: {}/\r\nContent-Length: 0\r\n\r\n", elsewhere.origin);
    let site = Site::answering(answer.into_bytes()).await;
    assert_eq!(open().carry(&Ask::get(&site.origin, "/", 100)).await.unwrap().status, 302);
    assert!(elsewhere.asked().is_empty());
}

#[tokio::test]
async fn the_guarded_client_goes_to_no_private_address_and_by_https_only() {
    let site = Site::answering(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".to_vec()).await;
    let port = site.origin.as_str().rsplit(':').next().unwrap().to_owned();
    let origins = [
        format!("http://localhost:{port}"),
        format!("https://localhost:{port}"),
        format!("https://127.0.0.1:{port}"),
        format!("https://[::1]:{port}"),
        "https://169.254.169.254".to_owned(),
        "https://10.0.0.1".to_owned(),
    ];
    for origin in origins {
        let Ok(parsed) = origin.parse::<Origin>() else { continue };
        let why = guarded().carry(&Ask::get(&parsed, "/", 100)).await.unwrap_err();
        assert!(why.contains("not public") || why.contains("scheme is not allowed"), "{origin}: {why}");
    }
    assert!(site.asked().is_empty());
}

#[tokio::test]
async fn what_keeps_an_answer_away_is_said() {
    let why = open().carry(&Ask::get(&"http://localhost:1".parse().unwrap(), "/", 100)).await.unwrap_err();
    assert!(why.to_lowercase().contains("connection refused"), "{why}");
    let site = Site::answering(b"nonsense".to_vec()).await;
    assert!(open().carry(&Ask::get(&site.origin, "/", 100)).await.is_err());
}

#[test]
fn a_root_certificate_that_is_none_is_refused() {
    let reach = Reach {
        private_peers: false,
        extra_roots: vec![b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".to_vec()],
    };
    assert!(Client::new(&identity(), &reach).is_err());
}

/// A hub that has admitted a node which may not sign would wait for what it gives, and its invitation be used up.
#[tokio::test]
async fn who_may_not_sign_asks_no_hub_to_be_joined() {
    let (apeas, desk, hub) = (node("apeas"), tempfile::tempdir().unwrap(), Site::answering(Vec::new()).await);
    std::fs::write(desk.path().join("heads"), "apeas.test/log/public/1 9 ff\n").unwrap();
    let journal = apeas.journal.clone().remembering(SignedHeads::at(desk.path().join("heads"))).unwrap();
    let refused = join(&open(), &journal, &hub.origin, "code").await.unwrap_err();
    assert!(matches!(refused, JoinError::Here(SyncError::Journal(JournalError::Uncertain))), "{refused}");
    assert_eq!(hub.asked.lock().unwrap().len(), 0);
    assert!(matches!(
        join(&open(), &node("mesclun").journal, &hub.origin, "code").await,
        Err(JoinError::Unheard { .. })
    ));
}
