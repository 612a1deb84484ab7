//! The roll: who is a member, how one becomes one, and whose word about it counts.

use crate::bed::{NOW, Node, node};
use pes_changeset::Channel;
use pes_domain::affiliation::Affiliation;
use pes_domain::{Audience, Body, Code, Kind, List, Record};
use pes_journal::JournalError;
use pes_journal::peers::PeerRole;
use pes_journal::roll::{Applicant, Standing};
use pes_store::own_records::Moderation;
use std::collections::BTreeMap;

fn applicant(node: &Node) -> Applicant<'_> {
    let identity = node.journal.identity();
    Applicant { origin: &identity.origin, node_id: &identity.node_id, name: &identity.name }
}

/// What a hub does with a node that it has heard at its own address.
fn admits(hub: &Node, node: &Node, code: &str) -> Result<(), JournalError> {
    let genesis = node.journal.genesis(node.id()).unwrap().unwrap();
    hub.journal.admit(applicant(node), (&node.journal.identity().name, &[genesis]), code, NOW)
}

/// A hub that has admitted a network.
fn admitted() -> (Node, Node, String) {
    let (hub, apeas) = (node("paca"), node("apeas"));
    let code = hub.journal.invite("APEAS", NOW).unwrap();
    admits(&hub, &apeas, &code).unwrap();
    (hub, apeas, code)
}

/// An entry of a roll, as somebody publishes it.
fn publishes_member(by: &Node, of: &Node, state: &str) {
    let identity = of.journal.identity();
    let affiliation = Affiliation {
        network: identity.name.clone(),
        origin: identity.origin.to_string(),
        node_id: identity.node_id.clone(),
        since: NOW.date(),
        state: Code::new(List::AffiliationState, state),
        replaces: None,
    };
    let record = Record {
        iri: by.mint(Kind::Affiliation),
        created: NOW,
        published: None,
        modified: NOW,
        audience: Audience::Public,
        narrowed: BTreeMap::new(),
        expires: None,
        themes: Vec::new(),
        tags: Vec::new(),
        body: Body::Affiliation(affiliation),
    };
    by.journal.save(record, Moderation::Published, None, NOW).unwrap();
}

#[test]
fn an_invitation_serves_one_network_however_often_it_asks() {
    let (hub, apeas, code) = admitted();
    admits(&hub, &apeas, &code).unwrap();
    assert_eq!(hub.journal.members().unwrap().len(), 1);
    assert_eq!(hub.size(&hub, Channel::Public), 1, "the second time wrote nothing");
    let mesclun = node("mesclun");
    hub.pins(&mesclun);
    assert!(hub.journal.invites(&code, apeas.id()).unwrap());
    assert!(!hub.journal.invites(&code, mesclun.id()).unwrap());
    assert!(admits(&hub, &mesclun, &code).is_err());
    assert!(hub.journal.peer(mesclun.id()).unwrap().is_none());
}

/// As where an answer was late and the network asked again meanwhile.
#[test]
fn who_asks_twice_at_once_has_one_entry() {
    let (hub, apeas) = (node("paca"), node("apeas"));
    let code = hub.journal.invite("APEAS", NOW).unwrap();
    std::thread::scope(|scope| (0..8).for_each(|_| drop(scope.spawn(|| admits(&hub, &apeas, &code).unwrap()))));
    assert_eq!(hub.journal.roll().unwrap().len(), 1);
    hub.journal.set_standing(apeas.id(), Standing::Suspended, NOW).unwrap();
    assert!(!hub.journal.is_member(apeas.id()).unwrap());
}

#[test]
fn a_code_that_was_never_made_invites_nobody() {
    let (hub, apeas) = (node("paca"), node("apeas"));
    hub.pins(&apeas);
    for code in ["", "x", &"0".repeat(32)] {
        assert!(!hub.journal.invites(code, apeas.id()).unwrap());
        assert!(admits(&hub, &apeas, code).is_err());
    }
    assert!(hub.journal.members().unwrap().is_empty());
}

/// Who has no right to join is not even pinned: nothing of it is taken.
#[test]
fn a_node_that_is_not_admitted_is_not_pinned() {
    let (hub, apeas, code) = admitted();
    let mesclun = node("mesclun");
    assert!(admits(&hub, &mesclun, &code).is_err());
    assert!(hub.journal.pinned(mesclun.id()).is_err() && hub.journal.pinned(apeas.id()).is_ok());
}

#[test]
fn a_member_is_suspended_and_comes_back() {
    let (hub, apeas, _) = admitted();
    let (network, peer) = (apeas.id(), hub.journal.peer(apeas.id()).unwrap().unwrap());
    assert!(hub.journal.is_member(network).unwrap() && hub.journal.is_carried(&peer).unwrap());
    for (state, is_member) in [(Standing::Suspended, false), (Standing::Active, true), (Standing::Left, false)] {
        hub.journal.set_standing(network, state, NOW).unwrap();
        assert_eq!(hub.journal.is_member(network).unwrap(), is_member, "{state:?}");
        assert_eq!(hub.journal.is_carried(&peer).unwrap(), is_member);
        assert_eq!(hub.journal.carried_peers().unwrap().len(), usize::from(is_member), "nor is it asked for anything");
        assert_eq!(hub.journal.members().unwrap().len(), usize::from(is_member));
        assert_eq!(hub.journal.roll().unwrap().iter().map(|one| one.1).collect::<Vec<_>>(), [state]);
    }
    let size = hub.size(&hub, Channel::Public);
    hub.journal.set_standing(network, Standing::Left, NOW).unwrap();
    assert_eq!(hub.size(&hub, Channel::Public), size, "the same again writes nothing");
    assert!(hub.journal.set_standing(&"0".repeat(64), Standing::Suspended, NOW).is_err());
    // A new invitation makes it a member again.
    let code = hub.journal.invite("APEAS", NOW).unwrap();
    admits(&hub, &apeas, &code).unwrap();
    assert!(hub.journal.is_member(network).unwrap());
}

#[test]
fn exchanges_with_a_neighbour_are_paused_and_go_on() {
    let (hub, apeas, _) = admitted();
    hub.journal.pause(apeas.id(), true).unwrap();
    let paused = hub.journal.peer(apeas.id()).unwrap().unwrap();
    assert!(paused.is_paused && !hub.journal.is_carried(&paused).unwrap());
    assert!(hub.journal.is_member(apeas.id()).unwrap(), "it is a member all the same");
    hub.journal.pause(apeas.id(), false).unwrap();
    assert!(hub.journal.is_carried(&hub.journal.peer(apeas.id()).unwrap().unwrap()).unwrap());
}

#[test]
fn codes_are_long_and_never_the_same() {
    let hub = node("paca");
    let (one, other) = (hub.journal.invite("A", NOW).unwrap(), hub.journal.invite("A", NOW).unwrap());
    assert_ne!(one, other);
    assert!(one.len() == 32 && one.bytes().all(|b| b.is_ascii_hexdigit()));
}

/// Members are those of the hubs one follows, and one's own if one is a hub; nobody else's roll counts.
#[test]
fn only_the_roll_of_a_hub_that_is_followed_counts() {
    let (hub, apeas, _) = admitted();
    let (alliance, stranger) = (node("alliance"), node("ailleurs"));
    for other in [&hub, &stranger] {
        alliance.pins(other);
    }
    publishes_member(&stranger, &node("invente"), "active");
    alliance.takes_all_of(&stranger, &stranger);
    alliance.takes_all_of(&hub, &hub);
    assert!(alliance.journal.members().unwrap().is_empty(), "it follows nobody yet");
    alliance.journal.add_peer(hub.id(), PeerRole::Hub).unwrap();
    let members = alliance.journal.members().unwrap();
    assert_eq!(members.iter().map(|member| member.node_id.as_str()).collect::<Vec<_>>(), [apeas.id()]);
    assert_eq!(members[0].network, "apeas");
}

#[test]
fn members_that_are_suspended_or_left_do_not_count() {
    let hub = node("paca");
    let (active, suspended, left) = (node("a"), node("b"), node("c"));
    publishes_member(&hub, &active, "active");
    publishes_member(&hub, &suspended, "suspended");
    publishes_member(&hub, &left, "left");
    let members = hub.journal.members().unwrap();
    assert_eq!(members.iter().map(|member| member.node_id.as_str()).collect::<Vec<_>>(), [active.id()]);
    assert!(hub.journal.is_member(active.id()).unwrap());
    assert!(!hub.journal.is_member(suspended.id()).unwrap());
}

#[test]
fn members_are_unmet_until_they_are_pinned_and_oneself_is_none() {
    let (hub, apeas, _) = admitted();
    let mesclun = node("mesclun");
    publishes_member(&hub, &mesclun, "active");
    apeas.pins(&hub);
    apeas.journal.add_peer(hub.id(), PeerRole::Hub).unwrap();
    apeas.takes_all_of(&hub, &hub);
    let unmet = apeas.journal.unmet_members().unwrap();
    assert_eq!(unmet.iter().map(|member| member.node_id.as_str()).collect::<Vec<_>>(), [mesclun.id()]);
    apeas.pins(&mesclun);
    assert!(apeas.journal.unmet_members().unwrap().is_empty());
    assert!(apeas.journal.is_member(mesclun.id()).unwrap());
    assert!(apeas.journal.is_member(hub.id()).unwrap(), "a peer is one");
}

/// A hub cannot change a member's key: another node-id at the same origin is not pinned by its word.
#[test]
fn a_pinned_origin_keeps_its_node_id() {
    let (apeas, hub) = (node("apeas"), node("paca"));
    hub.pins(&apeas);
    let genesis = apeas.journal.genesis(apeas.id()).unwrap().unwrap();
    let identity = apeas.journal.identity();
    let other_id = "0".repeat(64);
    assert!(hub.journal.pin((&other_id, &identity.origin), "apeas", std::slice::from_ref(&genesis), NOW).is_err());
    let elsewhere = "https://elsewhere.test".parse().unwrap();
    assert!(hub.journal.pin((apeas.id(), &elsewhere), "apeas", std::slice::from_ref(&genesis), NOW).is_err());
    assert_eq!(hub.journal.pinned(apeas.id()).unwrap().origin, identity.origin);
}
