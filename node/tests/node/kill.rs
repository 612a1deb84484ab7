//! Real processes, killed with `kill -9` at random moments under load: every entry that was acknowledged is everywhere soon
//! after the last start, and the digests are equal.
//!
//! `PES_KILLS` says how often (100 for the full run), `PES_SEED` replays a run; both are printed.

use pes_changeset::{Channel, Origin};
use pes_domain::audience::Reader;
use pes_domain::{Draft, RecordIri};
use pes_node::demo::browser::{Browser, Page};
use pes_node::demo::story::canonical;
use pes_node::{Config, House, house};
use pes_store::accounts::Role;
use std::collections::{BTreeMap, HashSet};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use time::UtcDateTime;

const NAMES: [&str; 4] = ["paca", "apeas", "alliance", "mesclun"];
const PASSWORD: &str = "une petite phrase";

/// A small generator of numbers (SplitMix64): a seed replays the choices.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % limit
    }
}

/// A node as a process.
struct Process {
    config: Config,
    file: PathBuf,
    origin: Origin,
    child: Option<Child>,
}

impl Process {
    fn make(folder: &std::path::Path, name: &str) -> Self {
        let listen = free_address();
        let origin: Origin = format!("http://localhost:{}", listen.port()).parse().unwrap();
        let data = folder.join(name);
        let config = Config { data: data.clone(), listen, allow_private_peers: true, ..Config::default() };
        house::init(&config, &origin, name, true).unwrap();
        let file = folder.join(format!("{name}.toml"));
        let settings = format!("data = {data:?}\nlisten = \"{listen}\"\nallow_private_peers = true\nlog = \"warn\"\n");
        std::fs::write(&file, settings).unwrap();
        let people = House::open(config.clone()).unwrap().people;
        let fields = [("name", "Marie"), ("email", "marie@exemple.example"), ("password", PASSWORD)];
        let draft: Draft = fields.into_iter().map(|(field, value)| (field.into(), value.into())).collect();
        people.create(&draft, Role::Animator, UtcDateTime::now()).unwrap();
        Self { config, file, origin, child: None }
    }

    fn pes(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pes"));
        command.arg("--config").arg(&self.file);
        command
    }

    async fn start(&mut self) {
        self.child = Some(self.pes().arg("serve").stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
        let begun = Instant::now();
        while Browser::at(&self.origin).get("/.well-known/pes").await.is_err() {
            assert!(begun.elapsed() < Duration::from_secs(20), "{} does not start", self.origin);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// `kill -9`: nothing is said to the process, it is gone.
    fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// The digest of what the node holds, if it holds all of these; the file is opened beside the running process.
    fn digest_with(&self, all: &[RecordIri]) -> Option<String> {
        let journal = House::open(self.config.clone()).unwrap().journal;
        let reader = Reader::Anyone.audience();
        let held = |iri: &RecordIri| {
            journal.store().read(|link| pes_store::records::seen(link, &iri.to_string(), reader)).unwrap().is_some()
        };
        all.iter().all(held).then(|| journal.digest(&[Channel::Public, Channel::Affiliates]).unwrap())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

fn free_address() -> SocketAddr {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap()
}

/// Makes the nodes, starts them, and joins them by the program's own commands.
async fn village(folder: &std::path::Path) -> BTreeMap<&'static str, Process> {
    let mut nodes: BTreeMap<_, _> = NAMES.into_iter().map(|name| (name, Process::make(folder, name))).collect();
    for node in nodes.values_mut() {
        node.start().await;
    }
    for name in &NAMES[1..] {
        let invited = nodes["paca"].pes().args(["hub", "invite", name]).output().unwrap();
        let line = String::from_utf8(invited.stdout).unwrap();
        let join: Vec<&str> =
            line.lines().find(|line| line.contains("pes join")).unwrap().split_whitespace().skip(2).collect();
        let joined = nodes[name].pes().arg("join").args(join).arg("--yes").output().unwrap();
        assert!(joined.status.success(), "{}", String::from_utf8_lossy(&joined.stderr));
    }
    nodes
}

/// Enters a demand by the form. What is acknowledged, by its page, counts; what is not may be there or not.
async fn enter(browser: &mut Browser, number: u64) -> Option<RecordIri> {
    let title = format!("Demande {number}");
    let fields = [
        ("direction", "demand"),
        ("type", "service"),
        ("title", title.as_str()),
        ("author", "Marie"),
        ("skills", "premises"),
    ];
    let page: Page = browser.fill("/nouveau/annonce", &fields).await.ok()?;
    RecordIri::read(&canonical(&page))
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_was_acknowledged_survives_being_killed() {
    let number =
        |name: &str, fallback: u64| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(fallback);
    let kills = number("PES_KILLS", 8);
    let seed = number("PES_SEED", UtcDateTime::now().unix_timestamp().unsigned_abs());
    println!("PES_KILLS={kills} PES_SEED={seed}");
    let mut dice = Dice(seed);
    let folder = tempfile::tempdir().unwrap();
    let mut nodes = village(folder.path()).await;
    let mut acknowledged = Vec::new();
    let mut browsers = BTreeMap::new();
    for (name, node) in &nodes {
        let mut browser = Browser::at(&node.origin);
        browser.sign_in("marie@exemple.example", PASSWORD).await.unwrap();
        browsers.insert(*name, browser);
    }
    for kill in 0..kills {
        for entry in 0..1 + dice.below(3) {
            let writer = NAMES[usize::try_from(dice.below(4)).unwrap()];
            acknowledged.extend(enter(browsers.get_mut(writer).unwrap(), kill * 10 + entry).await);
        }
        let victim = NAMES[usize::try_from(dice.below(4)).unwrap()];
        // Somebody writes while it is killed: it may be acknowledged, or lost with its page.
        let mut browser = browsers[victim].clone();
        let writing = tokio::spawn(async move { enter(&mut browser, kill * 10 + 9).await });
        tokio::time::sleep(Duration::from_millis(dice.below(60))).await;
        nodes.get_mut(victim).unwrap().kill();
        acknowledged.extend(writing.await.unwrap());
        nodes.get_mut(victim).unwrap().start().await;
    }
    converge(&nodes, &acknowledged).await;
}

async fn converge(nodes: &BTreeMap<&'static str, Process>, acknowledged: &[RecordIri]) {
    let begun = Instant::now();
    let everywhere = || {
        let digests: HashSet<_> = nodes.values().map(|node| node.digest_with(acknowledged)).collect();
        digests.len() == 1 && !digests.contains(&None)
    };
    while !everywhere() {
        assert!(begun.elapsed() < Duration::from_secs(10), "{} entries are not everywhere", acknowledged.len());
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    println!("{} acknowledged entries are everywhere after {:?}", acknowledged.len(), begun.elapsed());
    assert!(!acknowledged.is_empty());
    for node in nodes.values() {
        let verified = node.pes().arg("verify").output().unwrap();
        assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
    }
}
