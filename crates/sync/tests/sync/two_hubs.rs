//! Two hubs side by side: a network that follows both, hubs that follow each other. Only what is public crosses.

use crate::bed::{Node, START, node};
use pes_changeset::Channel;
use pes_domain::{Audience, Kind, RecordIri};
use pes_journal::peers::PeerRole;
use pes_journal::roll::{Applicant, Member, Standing};
use pes_journal::{JournalError, Refusal};
use pes_store::own_records::Moderation;
use pes_sync::pull::{HeadEntry, Pull};
use pes_sync::push::{Lane, Push, Step};
use pes_sync::{Answer, Ask};
use std::collections::BTreeMap;

/// *apeas* follows the hub *paca*, *grap* follows the hub *aura*, *mesclun* follows first *paca* and then *aura*.
struct Country {
    nodes: BTreeMap<&'static str, Node>,
    walks: BTreeMap<(&'static str, String), Push>,
    asked: u64,
}

const NAMES: [&str; 5] = ["paca", "aura", "apeas", "mesclun", "grap"];

impl Node {
    fn takes_back(&self, iri: &RecordIri) {
        let own = self.journal.store().read(|link| pes_store::own_records::find(link, &iri.to_string())).unwrap();
        self.journal.save(own.unwrap().record, Moderation::Draft, None, START).unwrap();
    }
}

impl Country {
    fn new() -> Self {
        let nodes = NAMES.into_iter().map(|name| (name, node(name))).collect();
        let mut country = Self { nodes, walks: BTreeMap::new(), asked: 0 };
        for (name, hub) in [("apeas", "paca"), ("mesclun", "paca"), ("mesclun", "aura"), ("grap", "aura")] {
            country.joins(name, hub);
        }
        country.settle();
        country
    }

    /// Joins a hub by invitation, as two desks do.
    fn joins(&self, name: &str, hub: &str) {
        let (node, hub) = (&self.nodes[name], &self.nodes[hub]);
        let (identity, code) = (node.identity(), hub.journal.invite(name, START).unwrap());
        let applicant = Applicant { origin: &identity.origin, node_id: &identity.node_id, name };
        let genesis = node.journal.genesis(&node.id()).unwrap().unwrap();
        hub.journal.admit(applicant, (name, &[genesis]), &code, START).unwrap();
        node.pins(hub);
        node.journal.add_peer(&hub.id(), PeerRole::Hub).unwrap();
    }

    fn publish(&self, name: &str, audience: &str, title: &str) -> RecordIri {
        let fields =
            [("direction", "demand"), ("type", "service"), ("title", title), ("author", "M"), ("audience", audience)];
        let record = self.nodes[name].record(Kind::Exchange, &fields, START);
        self.nodes[name].journal.save(record.clone(), Moderation::Published, None, START).unwrap();
        record.iri
    }

    fn asks(&mut self, asker: &str, ask: &Ask) -> Answer {
        self.asked += 1;
        let name = NAMES.into_iter().find(|name| ask.origin.host() == format!("{name}.test")).unwrap();
        self.nodes[name].answers(self.nodes[asker].identity(), ask, START)
    }

    /// Each node meets the members of the rolls that count for it; tells whether there was any.
    fn meet(&self) -> bool {
        let mut met = false;
        for node in self.nodes.values() {
            for member in node.journal.unmet_members().unwrap() {
                node.pins(self.nodes.values().find(|other| other.id() == member.node_id).unwrap());
                met = true;
            }
        }
        met
    }

    /// Everybody pushes and meets until nobody has anything to do.
    fn settle(&mut self) {
        for round in 0.. {
            assert!(round < 1_000, "the walks do not come to rest");
            let mut moved = self.meet();
            for name in NAMES {
                for peer in self.nodes[name].journal.peers().unwrap() {
                    let key = (name, peer.node.clone());
                    let mut walk = self.walks.remove(&key).unwrap_or_else(|| Push::to(peer.node));
                    for lane in [Lane::Urgent, Lane::InTurn] {
                        // What a peer refused is tried again later.
                        let now = START.unix_timestamp() + i64::from(round) * 60;
                        if let Step::Ask(ask) = walk.step(lane, &self.nodes[name].journal, now).unwrap() {
                            let answer = self.asks(name, &ask);
                            walk.take(lane, &self.nodes[name].journal, Ok(answer), now, 0.5).unwrap();
                            moved = true;
                        }
                    }
                    self.walks.insert(key, walk);
                }
            }
            if !moved {
                return;
            }
        }
    }

    fn pull(&mut self, name: &str, from: &str) {
        let mut walk = Pull::from(self.nodes[from].origin().clone());
        while let Some(ask) = walk.step(&self.nodes[name].journal).unwrap() {
            let answer = self.asks(name, &ask);
            walk.take(&self.nodes[name].journal, Ok(answer), START).unwrap();
        }
    }

    /// The nodes that hold anything of a record.
    fn holding(&self, iri: &RecordIri) -> Vec<&'static str> {
        let holds = |node: &Node| {
            let states = node.journal.store().read(|link| pes_store::states::of_record(link, &iri.to_string()));
            !states.unwrap().is_empty()
        };
        NAMES.into_iter().filter(|name| holds(&self.nodes[name])).collect()
    }

    /// The paths below which a node may look for what another holds of a log, and what it is answered.
    fn is_told(&mut self, asker: &str, holder: &str, author: &str) -> bool {
        let (origin, id) = (self.nodes[holder].origin().clone(), self.nodes[author].id());
        let heads = self.asks(asker, &Ask::get(&origin, "/heads", 1_000_000));
        let heads: Vec<HeadEntry> = serde_json::from_slice(&heads.body).unwrap();
        let is_listed = heads.iter().any(|head| head.node_id == id && head.channel == "affiliates");
        let log = if holder == author { "/log".to_owned() } else { format!("/mirror/{id}") };
        let mut paths = vec![format!("{log}/affiliates"), format!("{log}/affiliates/1/checkpoint")];
        paths
            .extend(["tile/entries/000.p/1", "payloads/000.p/1", "0"].map(|rest| format!("{log}/affiliates/1/{rest}")));
        let told: Vec<bool> =
            paths.iter().map(|path| self.asks(asker, &Ask::get(&origin, path, 1_000_000)).status == 200).collect();
        assert!(told.iter().all(|one| *one == is_listed), "{asker} at {holder} of {author}: {told:?}, {is_listed}");
        is_listed
    }

    fn refusals(&self) -> Vec<String> {
        let of = |node: &Node| {
            node.journal.refusals().unwrap().into_iter().map(|one| format!("{}: {}", one.cause, one.detail))
        };
        self.nodes.values().flat_map(of).collect()
    }
}

#[test]
fn what_is_for_one_circle_never_reaches_the_other() {
    let mut country = Country::new();
    let of_apeas = country.publish("apeas", "affiliates", "Cercle PACA");
    let of_mesclun = country.publish("mesclun", "affiliates", "Aussi du cercle PACA");
    let of_grap = country.publish("grap", "affiliates", "Cercle AURA");
    country.settle();
    for (name, from) in NAMES.into_iter().flat_map(|name| NAMES.map(|from| (name, from))).filter(|(a, b)| a != b) {
        country.pull(name, from);
    }
    country.settle();
    assert_eq!(country.holding(&of_apeas), ["paca", "apeas", "mesclun"]);
    assert_eq!(
        country.holding(&of_mesclun),
        ["paca", "apeas", "mesclun"],
        "its circle is that of the hub it joined first"
    );
    assert_eq!(country.holding(&of_grap), ["aura", "mesclun", "grap"], "it reads both, and passes nothing on");
    for (asker, holder, author, is_told) in [
        ("apeas", "paca", "mesclun", true),
        ("apeas", "mesclun", "mesclun", true),
        ("apeas", "mesclun", "apeas", true),
        ("paca", "mesclun", "apeas", true),
        ("aura", "mesclun", "mesclun", false),
        ("aura", "mesclun", "apeas", false),
        ("grap", "mesclun", "mesclun", false),
        ("grap", "mesclun", "apeas", false),
        ("apeas", "mesclun", "grap", false),
        ("paca", "mesclun", "grap", false),
        ("grap", "mesclun", "grap", true),
    ] {
        assert_eq!(country.is_told(asker, holder, author), is_told, "{asker} asks {holder} for {author}");
    }
    assert_eq!(country.refusals(), Vec::<String>::new());
    let lag = |hub: &str| {
        let journal = &country.nodes["mesclun"].journal;
        journal.unacknowledged(&journal.peer(&country.nodes[hub].id()).unwrap().unwrap()).unwrap()
    };
    assert_eq!((lag("paca"), lag("aura")), (0, 0), "nobody waits for what is not to come");
}

#[test]
fn a_network_of_two_hubs_is_heard_in_both_and_speaks_for_itself_only() {
    let mut country = Country::new();
    let of_mesclun = country.publish("mesclun", "public", "Des deux côtés");
    let of_apeas = country.publish("apeas", "public", "De PACA");
    country.settle();
    assert_eq!(country.holding(&of_mesclun), NAMES);
    assert_eq!(country.holding(&of_apeas), ["paca", "apeas", "mesclun"], "nobody at aura has admitted apeas");
    assert_eq!(country.refusals(), Vec::<String>::new(), "and it is not offered there again and again");
}

/// Hubs that follow each other bring what is public from one circle to the other, and the loop ends.
#[test]
fn hubs_that_follow_each_other_let_the_public_cross_and_come_to_rest() {
    let mut country = Country::new();
    country.joins("aura", "paca");
    country.joins("paca", "aura");
    country.settle();
    let public = [country.publish("apeas", "public", "De PACA"), country.publish("grap", "public", "D’AURA")];
    let circles =
        [country.publish("apeas", "affiliates", "Cercle"), country.publish("aura", "affiliates", "Autre cercle")];
    country.settle();
    for iri in &public {
        assert_eq!(country.holding(iri), NAMES);
    }
    assert_eq!(country.holding(&circles[0]), ["paca", "apeas", "mesclun"]);
    assert_eq!(country.holding(&circles[1]), ["aura", "mesclun", "grap"]);
    for (one, other) in [("paca", "aura"), ("aura", "paca")] {
        let peer = country.nodes[one].journal.peer(&country.nodes[other].id()).unwrap().unwrap();
        assert_eq!(peer.role, PeerRole::Hub, "{one} follows {other}, whoever joined last");
    }
    let asked = country.asked;
    country.settle();
    assert_eq!(country.asked, asked, "what is held already goes nowhere");
    let digest = |name: &str| country.nodes[name].journal.digest(&[Channel::Public]).unwrap();
    assert!(NAMES.iter().all(|name| digest(name) == digest("paca")));
    for node in country.nodes.values() {
        node.journal.verify().unwrap();
    }
}

/// Until its roll has come, nobody at *aura* can know that its new member *paca* is a hub. It knows, and takes nothing of their circle.
#[test]
fn a_hub_declines_the_circle_of_another_also_of_those_who_do_not_know_it_for_one() {
    let mut country = Country::new();
    let of_grap = country.publish("grap", "affiliates", "Cercle AURA");
    country.settle();
    country.joins("paca", "aura");
    country.nodes["paca"].pins(&country.nodes["grap"]);
    country.nodes["grap"].pins(&country.nodes["paca"]);
    country.pull("grap", "aura");
    assert!(country.is_told("paca", "grap", "grap"), "grap takes paca for a network");
    for from in ["grap", "aura"] {
        country.pull("paca", from);
    }
    assert_eq!(country.holding(&of_grap), ["aura", "mesclun", "grap"]);
    // What is brought to it all the same is refused.
    let (grap, paca) = (&country.nodes["grap"], &country.nodes["paca"]);
    let batch = grap.batch(Channel::Affiliates, 0);
    let why = paca.journal.receive(&grap.id(), Channel::Affiliates, &batch, START).unwrap_err();
    assert!(matches!(why, JournalError::Refused(Refusal::OtherCircle(_))), "{why}");
    country.settle();
    assert_eq!(country.holding(&of_grap), ["aura", "mesclun", "grap"]);
    assert!(!country.is_told("paca", "grap", "grap"), "its roll has come");
}

#[test]
fn a_network_that_becomes_a_hub_keeps_nothing_of_the_circle_it_was_in() {
    let mut country = Country::new();
    let reserved = country.publish("apeas", "affiliates", "Cercle PACA");
    let public = country.publish("apeas", "public", "Pour tout le monde");
    country.settle();
    assert_eq!(country.holding(&reserved), ["paca", "apeas", "mesclun"]);
    let from = country.nodes["mesclun"].journal.parts_from().unwrap();
    let ids: Vec<&str> = from.iter().map(|hub| hub.id.as_str()).collect();
    let hubs = ["paca", "aura"].map(|name| country.nodes[name].id());
    assert_eq!((ids.len(), hubs.iter().all(|hub| ids.contains(&hub.as_str()))), (2, true), "it is told before");
    country.joins("grap", "mesclun");
    assert_eq!(country.holding(&reserved), ["paca", "apeas"], "nobody would tell it when that is taken back");
    country.settle();
    for from in ["paca", "apeas"] {
        country.pull("mesclun", from);
    }
    assert_eq!(country.holding(&reserved), ["paca", "apeas"]);
    assert!(country.holding(&public).contains(&"mesclun"), "what is public goes on");
    assert!(country.nodes["mesclun"].journal.parts_from().unwrap().is_empty());
    let own = country.publish("mesclun", "affiliates", "De Mesclun au cercle PACA");
    country.settle();
    assert_eq!(country.holding(&own), ["paca", "apeas", "mesclun"], "its own circle is still the first it came into");
    country.nodes["mesclun"].journal.verify().unwrap();
}

/// Of a member that is a hub itself its members count, and of those nobody's: so nobody makes everybody ask strangers without end.
#[test]
fn the_rolls_of_members_count_one_deep() {
    let mut country = Country::new();
    country.joins("aura", "paca");
    // *grap* publishes a roll too: a stranger that it made up.
    let stranger = node("ailleurs");
    let (id, origin) = (stranger.id(), stranger.origin().to_string());
    let entry = [
        ("network", "ailleurs"),
        ("origin", origin.as_str()),
        ("node-id", id.as_str()),
        ("since", "2026-11-23"),
        ("state", "active"),
    ];
    let grap = &country.nodes["grap"];
    grap.journal.save(grap.record(Kind::Affiliation, &entry, START), Moderation::Published, None, START).unwrap();
    let knows = |country: &Country, name: &str| {
        let members: Vec<Member> = country.nodes[name].journal.members().unwrap();
        let is_member = country.nodes[name].journal.is_member(&stranger.id()).unwrap();
        assert_eq!(is_member, members.iter().any(|member| member.node_id == stranger.id()));
        is_member
    };
    ["aura", "mesclun", "grap"].into_iter().for_each(|name| country.nodes[name].pins(&stranger));
    country.settle();
    assert!(knows(&country, "aura"), "its own member says so");
    assert!(!knows(&country, "paca") && !knows(&country, "apeas"), "a member of a member of a member");
    let demand = country.publish("grap", "affiliates", "Cercle de GRAP");
    country.settle();
    assert_eq!(country.holding(&demand), ["aura", "mesclun", "grap"], "its circle is still the first it came into");
    assert_eq!(country.nodes["grap"].journal.circle().unwrap(), country.nodes["aura"].id());
    assert!(
        country.nodes["apeas"].journal.is_for(&stranger.id(), &country.nodes["grap"].id(), Channel::Public).unwrap()
    );
}

/// What is for members alone passes by whoever is none; but the hub's own word that it is none lies before that, and nothing passes that.
#[test]
fn who_was_suspended_misses_nothing_once_it_is_taken_back() {
    let mut country = Country::new();
    let reserved = country.publish("apeas", "affiliates", "Réservée");
    country.settle();
    let (paca, mesclun) = (country.nodes["paca"].journal.clone(), country.nodes["mesclun"].id());
    let is_shown = |country: &Country| {
        let seen = |link: &mut _| pes_store::records::seen(link, &reserved.to_string(), Audience::Affiliates);
        country.nodes["mesclun"].journal.store().read(seen).unwrap().is_some()
    };
    assert!(is_shown(&country));
    paca.set_standing(&mesclun, Standing::Suspended, START).unwrap();
    country.settle();
    country.nodes["apeas"].takes_back(&reserved);
    country.settle();
    assert!(is_shown(&country), "it hears nothing");
    let peer = paca.peer(&mesclun).unwrap().unwrap();
    paca.set_standing(&mesclun, Standing::Active, START).unwrap();
    assert_eq!(paca.peer(&mesclun).unwrap().unwrap().cursor, peer.cursor);
    country.settle();
    assert!(!is_shown(&country));
}
