//! The walks on real sockets: what is urgent overtakes what is slow.

use crate::bed::{Node, START, keys, node, node_at};
use pes_changeset::Channel;
use pes_changeset::batch::Batch;
use pes_changeset::request::RequestSignature;
use pes_domain::Kind;
use pes_journal::roll::Applicant;
use pes_journal::rotation::Exchange;
use pes_journal::signed_heads::SignedHeads;
use pes_store::own_records::Moderation;
use pes_sync::client::Reach;
use pes_sync::desk::Request;
use pes_sync::push::{Lane, Push, Step};
use pes_sync::{Client, Drive};
use std::fs::File;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};
use time::UtcDateTime;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Much less than the time after which a walk looks without having been woken.
const SOON: Duration = Duration::from_secs(2);

/// A hub on a socket, which can be told to be slow: then it lets wait whoever brings something in turn.
#[derive(Clone)]
struct Hub {
    node: Arc<Node>,
    is_slow: Arc<AtomicBool>,
    /// For each batch that was brought, whether it was urgent.
    brought: Arc<Mutex<Vec<bool>>>,
}

/// A socket, and its origin.
async fn socket() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://localhost:{}", listener.local_addr().unwrap().port());
    (listener, origin)
}

/// A node that hears whoever asks, and never answers.
async fn silent() -> (Node, TcpListener) {
    let (listener, origin) = socket().await;
    (node_at(&origin, "silent", &keys("silent")), listener)
}

fn drive(node: &Node) -> Drive {
    let client = Client::new(node.identity(), &Reach { private_peers: true, extra_roots: Vec::new() }).unwrap();
    Drive::new(node.journal.clone(), node.people.clone(), client)
}

/// Whether it is so within a while.
async fn comes(is_so: impl Fn() -> bool) -> bool {
    let begun = Instant::now();
    while !is_so() && begun.elapsed() < Duration::from_secs(20) {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    is_so()
}

impl Hub {
    async fn open() -> Self {
        let (listener, origin) = socket().await;
        let node = Arc::new(node_at(&origin, "paca", &keys("paca")));
        let hub = Self { node, is_slow: Arc::default(), brought: Arc::default() };
        let serving = hub.clone();
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(serving.clone().serve(stream));
            }
        });
        hub
    }

    async fn serve(self, mut stream: TcpStream) {
        let Some(request) = read(&mut stream).await else { return };
        if request.method == "POST" {
            let is_urgent = Batch::read(&request.body).unwrap().checkpoint.is_none();
            self.brought.lock().unwrap().push(is_urgent);
            while !is_urgent && self.is_slow.load(Ordering::Relaxed) {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }
        let node = Arc::clone(&self.node);
        let reply = tokio::task::spawn_blocking(move || node.replies(&request, UtcDateTime::now())).await.unwrap();
        let head =
            format!("HTTP/1.1 {} X\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", reply.status, reply.body.len());
        drop(stream.write_all(&[head.as_bytes(), &reply.body].concat()).await);
    }

    /// Whether so many batches have come that were urgent, or were not, within a while.
    async fn was_brought(&self, count: usize, urgent: bool, within: Duration) -> bool {
        let begun = Instant::now();
        while begun.elapsed() < within {
            if self.brought.lock().unwrap().iter().filter(|one| **one == urgent).count() >= count {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        false
    }

    fn count(&self, urgent: bool) -> usize {
        self.brought.lock().unwrap().iter().filter(|one| **one == urgent).count()
    }
}

async fn read(stream: &mut TcpStream) -> Option<Request> {
    let mut bytes = Vec::new();
    loop {
        let mut part = vec![0; 64 * 1024];
        let length = stream.read(&mut part).await.ok().filter(|length| *length > 0)?;
        bytes.extend_from_slice(&part[..length]);
        let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let field = |name: &str| {
            let mut fields = head.lines().filter_map(|line| line.split_once(": "));
            fields.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned())
        };
        let length = field("Content-Length").map_or(0, |length| length.parse().unwrap());
        if bytes.len() < end + 4 + length {
            continue;
        }
        let mut words = head.split(' ');
        return Some(Request {
            method: words.next()?.into(),
            path: words.next()?.into(),
            accept: String::new(),
            signature: Some(RequestSignature {
                content_digest: field("Content-Digest")?,
                signature_input: field("Signature-Input")?,
                signature: field("Signature")?,
            }),
            body: bytes[end + 4..].to_vec(),
        });
    }
}

fn offer(author: &Node) {
    let now = UtcDateTime::now();
    let fields = [("direction", "offer"), ("type", "service"), ("title", "Offre"), ("author", "Ali")];
    let record = author.record(Kind::Exchange, &fields, now);
    author.journal.save(record, Moderation::Published, None, now).unwrap();
}

/// An offer is on its way, and the hub takes its time. The demand that comes then does not wait for it, nor for the next look.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_demand_overtakes_what_is_slow() {
    let (hub, apeas) = (Hub::open().await, node("apeas"));
    apeas.follows(&hub.node);
    let driving = drive(&apeas).start(None);
    assert!(hub.was_brought(1, false, Duration::from_secs(20)).await, "its keys come first");
    // Until both lanes rest.
    tokio::time::sleep(Duration::from_millis(500)).await;
    hub.is_slow.store(true, Ordering::Relaxed);
    let before = hub.count(false);
    offer(&apeas);
    assert!(hub.was_brought(before + 1, false, Duration::from_secs(20)).await);
    apeas.demand("Cherche local à Nice");
    assert!(hub.was_brought(1, true, SOON).await, "the demand waits for the offer");
    hub.is_slow.store(false, Ordering::Relaxed);
    drop(driving);
}

/// F15: who never answers keeps only its own waiting: a node that lives on its polls goes on hearing from its hub.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_silent_keeps_no_other_from_being_pulled_from() {
    let (hub, apeas, (silent, socket)) = (Hub::open().await, node("apeas"), silent().await);
    apeas.follows(&hub.node);
    silent.follows(&apeas);
    let _driving = drive(&apeas).start(Some(Duration::from_millis(100)));
    let knocks = tokio::time::timeout(Duration::from_secs(20), socket.accept()).await;
    assert!(knocks.is_ok(), "it is asked");
    for size in 1..=3 {
        hub.node.demand("Entre-temps");
        let id = hub.node.id();
        let held = || apeas.journal.held(apeas.log(&id, Channel::Public)).unwrap().map(|(_, held)| held);
        assert!(comes(|| held() == Some(size)).await, "{:?} of {size}", held());
    }
}

/// What it signs is written down in this folder.
fn remembering(node: Node, desk: &Path) -> Node {
    let journal = node.journal.clone().remembering(SignedHeads::at(desk.join("heads"))).unwrap();
    Node { journal, ..node }
}

/// F13: a demand reached the hub ahead of its turn. It comes back without its payload, and that as soon as the hub holds the demand in its turn.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_taken_back_without_its_payload_gets_it_soon() {
    let (hub, desk) = (Hub::open().await, tempfile::tempdir().unwrap());
    let apeas = remembering(node("apeas"), desk.path());
    let demand = apeas.demand("D’hier");
    hub.node.pins(&apeas);
    let early = apeas.journal.urgent_batch(apeas.log(&apeas.id(), Channel::Public), &[0]).unwrap().unwrap();
    hub.node.journal.receive(&apeas.id(), Channel::Public, &early, START).unwrap();
    let restored = node("apeas");
    restored.follows(&hub.node);
    let restored = remembering(restored, desk.path());
    hub.is_slow.store(true, Ordering::Relaxed);
    let _driving = drive(&restored).start(None);
    assert!(comes(|| restored.journal.doubt().is_none()).await, "the hub has given it back");
    // Longer than until the round that follows.
    tokio::time::sleep(Duration::from_secs(7)).await;
    hub.is_slow.store(false, Ordering::Relaxed);
    let own = |link: &mut _| pes_store::own_records::find(link, &demand.iri.to_string());
    let is_back = || restored.journal.store().read(own).unwrap().is_some();
    assert!(comes(is_back).await, "in doubt: {:?}; gaps: {:?}", restored.journal.doubt(), restored.journal.gaps(9));
}

/// F13: a network that follows nobody has nobody to ask, and may begin again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_has_nobody_to_ask_may_begin_again() {
    let desk = tempfile::tempdir().unwrap();
    let apeas = remembering(node("apeas"), desk.path());
    apeas.demand("D’hier");
    let restored = remembering(node("apeas"), desk.path());
    let exchange = Exchange { keys: &keys("apeas"), next_root: None, begins_again: true, is_unasked: false };
    let begun = AtomicBool::new(false);
    let begins_again = || {
        let may = restored.journal.exchange_keys(&exchange, UtcDateTime::now()).is_ok();
        begun.fetch_or(may, Ordering::Relaxed) || may
    };
    assert!(!begins_again(), "it was not looked whom to ask");
    let _driving = drive(&restored).start(None);
    assert!(comes(|| begun.load(Ordering::Relaxed) || begins_again()).await);
}

/// F13, F15: whoever holds what a restored node has signed gives it back, while its hub hears and does not answer.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_in_doubt_asks_the_others_though_its_hub_is_silent() {
    let (other, (silent, _socket)) = (Hub::open().await, silent().await);
    let desk = tempfile::tempdir().unwrap();
    let apeas = remembering(node("apeas"), desk.path());
    apeas.demand("D’hier");
    other.node.pins(&apeas);
    let all = apeas.batch(Channel::Public, 0);
    other.node.journal.receive(&apeas.id(), Channel::Public, &all, START).unwrap();
    let restored = node("apeas");
    restored.follows(&silent);
    restored.pins(&other.node);
    let (genesis, id) = (other.node.journal.genesis(&other.node.id()).unwrap().unwrap(), other.node.id());
    let code = silent.journal.invite("Un réseau", START).unwrap();
    let applicant = Applicant { origin: other.node.origin(), node_id: &id, name: "Un réseau" };
    silent.journal.admit(applicant, ("Un réseau", &[genesis]), &code, START).unwrap();
    restored.journal.receive(&silent.id(), Channel::Public, &silent.batch(Channel::Public, 0), START).unwrap();
    let restored = remembering(restored, desk.path());
    assert!(restored.journal.doubt().is_some());
    let _driving = drive(&restored).start(None);
    assert!(comes(|| restored.journal.doubt().is_none()).await, "it waits for the silent one");
    let (_, size) = restored.journal.held(restored.log(&restored.id(), Channel::Public)).unwrap().unwrap();
    assert_eq!(size, 1, "what it said yesterday is back");
}

/// F15: neither does a member that does not say who it is keep the others from being met.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_silent_keeps_no_other_from_being_met() {
    let (hub, other, apeas, (silent, socket)) = (Hub::open().await, Hub::open().await, node("apeas"), silent().await);
    apeas.follows(&hub.node);
    let admit = |member: &Node| {
        let genesis = member.journal.genesis(&member.id()).unwrap().unwrap();
        let code = hub.node.journal.invite("Un réseau", START).unwrap();
        let id = member.id();
        let applicant = Applicant { origin: member.origin(), node_id: &id, name: "Un réseau" };
        hub.node.journal.admit(applicant, ("Un réseau", &[genesis]), &code, START).unwrap();
    };
    admit(&silent);
    let _driving = drive(&apeas).start(Some(Duration::from_millis(100)));
    let knocks = tokio::time::timeout(Duration::from_secs(20), socket.accept()).await;
    assert!(knocks.is_ok(), "it is asked who it is");
    admit(&other.node);
    assert!(comes(|| apeas.journal.pinned(&other.node.id()).is_ok()).await, "it waits for the silent one");
}

/// What is signed leaves the house only once it is in the file beside the keys, by which a restored backup knows of it: whoever finds a head
/// that is being written down waits for that.
#[test]
fn no_head_leaves_the_house_before_it_is_written_down() {
    let (hub, apeas) = (node("paca"), node("apeas"));
    let file = apeas.folder.path().join("heads");
    let journal = apeas.journal.clone().remembering(SignedHeads::at(file.clone())).unwrap();
    apeas.follows(&hub);
    let slow = File::options().write(true).open(file.with_extension("lock")).unwrap();
    slow.lock().unwrap();
    let apeas = Node { journal: journal.clone(), ..apeas };
    let (id, log) = (hub.id(), pes_journal::supply::Named { node: &apeas.id(), channel: Channel::Public, epoch: 1 });
    std::thread::scope(|threads| {
        threads.spawn(|| offer(&apeas));
        while journal.held(log).unwrap().is_none_or(|(_, size)| size == 0) {
            std::thread::sleep(Duration::from_millis(5));
        }
        let (told, heard) = mpsc::channel();
        let (journal, file) = (&journal, &file);
        threads.spawn(move || {
            let step = Push::to(id).step(Lane::InTurn, journal, UtcDateTime::now().unix_timestamp());
            told.send((step, std::fs::read_to_string(file).unwrap())).unwrap();
        });
        let early = heard.recv_timeout(Duration::from_millis(300));
        slow.unlock().unwrap();
        assert!(early.is_err(), "it left before it was written down");
        let (step, written) = heard.recv_timeout(SOON).unwrap();
        assert!(matches!(step, Ok(Step::Ask(_))), "{step:?}");
        assert!(written.contains("/log/public/1 1 "), "{written}");
    });
}
