//! Strangers at the door of a running node: what is refused on the wire, in which words, and that nothing is changed by it.

use pes_changeset::{Channel, request};
use pes_journal::supply::Named;
use std::net::SocketAddr;
use std::time::Duration;
use time::UtcDateTime;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use village::{NAMES, Scene, eventually};

const CHANGE_SETS: (&str, &str) = ("Content-Type", "application/vnd.pes.changeset; v=1");

#[tokio::test(flavor = "multi_thread")]
async fn what_is_unsigned_too_large_or_packed_is_refused_and_changes_nothing() {
    let scene = Scene::open().await;
    scene.demand("apeas", "Avant");
    scene.agree().await;
    let before = scene.digest("paca");
    let node = scene.village.house("apeas").journal.identity().node_id.clone();
    let push = format!("/in/{node}/public");
    let mut stranger = scene.visitor("paca");
    let unsigned = stranger.post(&push, &[CHANGE_SETS], "x").await.unwrap();
    assert_eq!((unsigned.status, unsigned.header("content-type")), (401, Some("application/problem+json")));
    let packed = stranger.post(&push, &[CHANGE_SETS, ("Content-Encoding", "gzip")], "x").await.unwrap();
    assert!(packed.status == 400 && packed.body.contains("malformed"), "{}", packed.body);
    let half = stranger.post(&push, &[CHANGE_SETS, ("Signature", "pes=:AA==:")], "x").await.unwrap();
    assert!(half.status == 401 && half.body.contains("all three fields"), "{}", half.body);
    let large = stranger.post(&push, &[CHANGE_SETS], &"x".repeat(5 * 1024 * 1024)).await;
    assert!(large.is_err() || large.is_ok_and(|page| page.status == 401), "nobody reads it");
    let message = stranger.post("/in/messages", &[("Content-Type", "application/activity+json")], "{}").await.unwrap();
    assert_eq!(message.status, 401);
    let join = stranger.post("/in/join", &[("Content-Type", "application/json")], "{\"code\":\"x\"}").await.unwrap();
    assert!(join.status == 401 && join.body.contains("a request to join is signed"), "{}", join.body);
    assert_eq!(scene.digest("paca"), before);
    // And the next good one goes through.
    let after = scene.demand("apeas", "Après");
    eventually("it goes through", || scene.shows("paca", &after, pes_domain::audience::Reader::Anyone)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cookies_of_nodes_on_one_host_do_not_mix() {
    let scene = Scene::open().await;
    let mut names = std::collections::BTreeSet::new();
    for name in NAMES {
        let page = scene.visitor(name).get("/connexion").await.unwrap();
        let cookie = page.header("set-cookie").unwrap().to_owned();
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
        names.insert(cookie.split('=').next().unwrap().to_owned());
    }
    assert_eq!(names.len(), NAMES.len(), "ports do not separate cookies, names do");
}

/// A node behind a proxy that rewrites `Host` still verifies what was signed for its origin.
#[tokio::test(flavor = "multi_thread")]
async fn what_host_a_request_names_does_not_matter() {
    let scene = Scene::open().await;
    let mut browser = scene.visitor("apeas");
    for host in ["evil.example", "localhost:1", ""] {
        let page = browser.get_with("/.well-known/pes", ("X-Forwarded-Host", host)).await.unwrap();
        assert!(page.body.contains(scene.village.origin("apeas").as_str()), "{host}");
        let home = browser.get_with("/", ("X-Forwarded-Host", host)).await.unwrap();
        assert!(host.is_empty() || !home.body.contains(host), "{host}");
    }
}

/// What search engines read of a record is no script, though its element is called one.
const DATA: &str = " type=\"application/ld+json\">";

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_carries_its_guards_and_no_page_calls_elsewhere() {
    let scene = Scene::open().await;
    let mut visitor = scene.visitor("apeas");
    for path in [
        "/",
        "/annonces",
        "/structures",
        "/recherche?q=four",
        "/connexion",
        "/rien",
        "/heads",
        "/icon.svg",
        "/code/skill",
        "/ns",
    ] {
        let page = visitor.get(path).await.unwrap();
        let policy = page.header("content-security-policy").unwrap_or_default();
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{path}");
        assert_eq!(page.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert!(page.body.len() <= 150_000, "{path} has {} bytes", page.body.len());
        if page.header("content-type").is_some_and(|kind| kind.starts_with("text/html")) {
            let scripts = page.body.split("<script").skip(1);
            let are_ours =
                scripts.into_iter().all(|rest| rest.starts_with(" src=\"/assets/") || rest.starts_with(DATA));
            assert!(are_ours && !page.body.contains("style=\""), "{path}");
            let fetched = ["src=\"http", "rel=\"stylesheet\" href=\"http", "url(http"];
            assert!(fetched.iter().all(|call| !page.body.contains(call)), "{path} calls elsewhere");
        }
    }
}

/// What a member brings is answered in one go where it came along with its head, and otherwise when it is there: the answer is the same, and it is
/// never another body that is taken.
#[tokio::test(flavor = "multi_thread")]
async fn a_body_comes_with_its_head_after_it_or_in_pieces() {
    let scene = Scene::open().await;
    scene.demand("apeas", "Avant");
    scene.agree().await;
    let journal = &scene.village.house("apeas").journal;
    let node = journal.identity();
    let named = Named { node: &node.node_id, channel: Channel::Public, epoch: 1 };
    let mut body = journal.batch(named, 0).unwrap().unwrap().write().unwrap();
    let path = format!("/in/{}/public", node.node_id);
    let target = format!("{}{path}", scene.village.origin("paca"));
    let now = UtcDateTime::now().unix_timestamp();
    let signature = request::sign(&node.origin, &node.transport_key, now, ("POST", &target, &body));
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: paca\r\nConnection: close\r\nContent-Length: {}\r\nContent-Digest: {}\r\n\
         Signature-Input: {}\r\nSignature: {}\r\n\r\n",
        body.len(),
        signature.content_digest,
        signature.signature_input,
        signature.signature
    );
    let paca = scene.village.listens("paca");
    let length = head.len();
    for cuts in [vec![], vec![length], vec![length + 9], vec![length, length + 9], vec![9, length + 9]] {
        let answer = said_in_pieces(paca, &[head.as_bytes(), &body].concat(), &cuts).await;
        assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains("\u{2014} "), "{cuts:?}: {answer}");
    }
    *body.last_mut().unwrap() ^= 1;
    for cuts in [vec![], vec![length], vec![length + 9]] {
        let answer = said_in_pieces(paca, &[head.as_bytes(), &body].concat(), &cuts).await;
        assert!(answer.starts_with("HTTP/1.1 401 ") && answer.contains("problem/signature"), "{cuts:?}: {answer}");
    }
}

/// What is answered to a request that is cut at these places, with a moment between the pieces.
async fn said_in_pieces(to: SocketAddr, request: &[u8], cuts: &[usize]) -> String {
    let mut stream = TcpStream::connect(to).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let ends = cuts.iter().copied().chain([request.len()]);
    for (begin, end) in [0].into_iter().chain(cuts.iter().copied()).zip(ends) {
        stream.write_all(&request[begin..end]).await.unwrap();
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}
