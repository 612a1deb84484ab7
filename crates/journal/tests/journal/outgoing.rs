//! What goes next to whom: nothing is passed over, whichever way it came.

use crate::bed::{NOW, Node, node};
use pes_changeset::Channel;
use pes_journal::outgoing::{HeldByPeer, Next};
use pes_journal::peers::PeerRole;
use pes_journal::receive::Held;

/// Alliance, a hub that holds its keys, and mesclun, which follows the hub and has everything up to now.
fn three() -> (Node, Node, Node) {
    let (alliance, hub, mesclun) = (node("alliance"), node("paca"), node("mesclun"));
    hub.pins(&alliance);
    hub.pins(&mesclun);
    hub.takes_all_of(&alliance, &alliance);
    hub.journal.add_peer(mesclun.id(), PeerRole::Affiliate).unwrap();
    (alliance, hub, mesclun)
}

fn next(hub: &Node, peer: &Node) -> Next {
    let peer = hub.journal.peer(peer.id()).unwrap().unwrap();
    hub.journal.next_for(&peer, &HeldByPeer::new()).unwrap()
}

/// As the walk does when there is nothing more to send.
fn catch_up(hub: &Node, peer: &Node) {
    let cursor = hub.journal.store().read(pes_store::entries::last_arrival).unwrap();
    hub.journal.change_peer(peer.id(), |peer| peer.cursor = cursor).unwrap();
    assert!(matches!(next(hub, peer), Next::Nothing { .. }));
}

/// A change-set that came ahead of its turn is counted anew when its turn comes. Were it to take the same number, those whose
/// cursor had passed that number in between would never be sent it.
#[test]
fn what_came_early_and_then_in_its_turn_is_sent_in_turn() {
    let (alliance, hub, mesclun) = three();
    alliance.publish(&alliance.demand("Urgent"));
    let early = alliance.journal.urgent_batch(alliance.log(Channel::Public), &[0]).unwrap().unwrap();
    assert_eq!(hub.receive(&alliance, Channel::Public, &early).unwrap(), Held::Early);
    catch_up(&hub, &mesclun);
    hub.takes_all_of(&alliance, &alliance);
    let Next::Send(parcel) = next(&hub, &mesclun) else { panic!("it is passed over") };
    assert_eq!((parcel.node.as_str(), parcel.batch.items.len()), (alliance.id(), 1));
}

#[test]
fn two_that_came_early_are_each_sent_in_turn() {
    let (alliance, hub, mesclun) = three();
    (0..2).for_each(|_| alliance.publish(&alliance.demand("Urgent")));
    let early = alliance.journal.urgent_batch(alliance.log(Channel::Public), &[0, 1]).unwrap().unwrap();
    hub.receive(&alliance, Channel::Public, &early).unwrap();
    catch_up(&hub, &mesclun);
    let whole = alliance.batch(Channel::Public, 0);
    for count in 1..=2 {
        let part = pes_changeset::batch::Batch { items: whole.items[..count].to_vec(), ..whole.clone() };
        hub.receive(&alliance, Channel::Public, &part).unwrap();
        let peer = hub.journal.peer(mesclun.id()).unwrap().unwrap();
        let waiting = hub.journal.store().read(|link| pes_store::entries::count_after(link, peer.cursor, mesclun.id()));
        assert_eq!(waiting.unwrap(), count as u64);
    }
}

/// An urgent change-set that was sent ahead is not sent ahead again, whatever else is on its way.
#[test]
fn what_was_sent_ahead_is_sent_ahead_once() {
    let (alliance, hub, mesclun) = three();
    (0..2).for_each(|_| alliance.publish(&alliance.demand("Urgent")));
    let early = alliance.journal.urgent_batch(alliance.log(Channel::Public), &[1]).unwrap().unwrap();
    hub.receive(&alliance, Channel::Public, &early).unwrap();
    let urgent = |hub: &Node| {
        let peer = hub.journal.peer(mesclun.id()).unwrap().unwrap();
        hub.journal.urgent_for(&peer, None).unwrap()
    };
    let Next::Send(parcel) = urgent(&hub) else { panic!("what came ahead goes on ahead") };
    assert!(parcel.is_urgent());
    hub.journal.change_peer(mesclun.id(), |peer| peer.urgent = parcel.cursor).unwrap();
    assert!(matches!(urgent(&hub), Next::Nothing { .. }));
    hub.takes_all_of(&alliance, &alliance);
    let Next::Nothing { .. } = urgent(&hub) else { panic!("the rest goes in its turn, which is next") };
    assert!(matches!(next(&hub, &mesclun), Next::Send(_)));
}

/// A hub hears of a demand by the urgent lane and a moment later in its turn. While something long is on its way to a peer, the demand still
/// goes ahead of it.
#[test]
fn what_came_ahead_goes_on_ahead_when_its_log_has_caught_up() {
    let (alliance, hub, mesclun) = three();
    alliance.publish(&alliance.demand("Ancienne"));
    hub.takes_all_of(&alliance, &alliance);
    let Next::Send(long) = next(&hub, &mesclun) else { panic!("there is something to send") };
    alliance.publish(&alliance.demand("Urgente"));
    let early = alliance.journal.urgent_batch(alliance.log(Channel::Public), &[1]).unwrap().unwrap();
    hub.receive(&alliance, Channel::Public, &early).unwrap();
    hub.takes_all_of(&alliance, &alliance);
    let peer = hub.journal.peer(mesclun.id()).unwrap().unwrap();
    let Next::Send(ahead) = hub.journal.urgent_for(&peer, Some(&long)).unwrap() else { panic!("it has to wait") };
    let seqs: Vec<u64> = ahead.batch.items.iter().map(|(change_set, _)| change_set.header().seq).collect();
    assert_eq!(seqs, [0, 1], "what is on its way are keys");
    hub.journal.change_peer(mesclun.id(), |peer| peer.urgent = ahead.cursor).unwrap();
    let peer = hub.journal.peer(mesclun.id()).unwrap().unwrap();
    assert!(matches!(hub.journal.urgent_for(&peer, Some(&long)).unwrap(), Next::Nothing { .. }), "it goes once");
}

/// Nobody makes an offer urgent by sending it that way: when its log has caught up it goes on like any other.
#[test]
fn what_is_not_urgent_does_not_stay_on_the_lane() {
    let (alliance, hub, mesclun) = three();
    let mut offer = alliance.demand("Prête un four");
    if let pes_domain::Body::Exchange(one) = &mut offer.body {
        one.direction = pes_domain::exchange::Direction::Offer;
    }
    alliance.publish(&offer);
    let early = alliance.journal.urgent_batch(alliance.log(Channel::Public), &[0]).unwrap().unwrap();
    hub.receive(&alliance, Channel::Public, &early).unwrap();
    let on_the_lane = || {
        let lane = hub.journal.store().read(|link| pes_store::entries::urgent_after(link, 0, mesclun.id(), 10));
        lane.unwrap().into_iter().filter(|entry| entry.text.contains("/log/public/")).count()
    };
    assert_eq!(on_the_lane(), 1);
    hub.takes_all_of(&alliance, &alliance);
    assert_eq!(on_the_lane(), 0);
}

/// A walk takes a peer for served only where what it sends is all that waits: not while a second log waits, nor the rest of a long one.
#[test]
fn what_is_sent_says_whether_it_is_all_that_waits() {
    let (alliance, hub, mesclun) = three();
    let last = || match next(&hub, &mesclun) {
        Next::Send(parcel) => parcel.last,
        Next::Nothing { .. } => panic!("something waits"),
    };
    alliance.publish(&alliance.demand("Une"));
    hub.takes_all_of(&alliance, &alliance);
    assert_eq!(last(), None, "keys and records wait");
    catch_up(&hub, &mesclun);
    alliance.publish(&alliance.demand("Deux"));
    hub.takes_all_of(&alliance, &alliance);
    let arrived = hub.journal.store().read(pes_store::entries::last_arrival).unwrap();
    assert_eq!(last(), Some(arrived));
    (0..256).for_each(|_| alliance.publish(&alliance.demand("Beaucoup")));
    hub.takes_all_of(&alliance, &alliance);
    assert_eq!(last(), None, "more than a batch waits");
}

/// Of what a hub brought, nothing is brought back to it; of what it did not, all.
#[test]
fn what_a_peer_brought_is_not_brought_back() {
    let (alliance, hub, mesclun) = three();
    catch_up(&hub, &mesclun);
    let brings = |from: u64| {
        let author = (alliance.id(), Channel::Public);
        hub.journal.receive_from(Some(mesclun.id()), author, &alliance.batch(Channel::Public, from), NOW)
    };
    alliance.publish(&alliance.demand("Une"));
    assert!(matches!(brings(0).unwrap(), Held::All(_)));
    assert!(matches!(next(&hub, &mesclun), Next::Nothing { .. }));
    alliance.publish(&alliance.demand("Deux"));
    hub.takes_all_of(&alliance, &alliance);
    let Next::Send(parcel) = next(&hub, &mesclun) else { panic!("it did not bring the second") };
    assert_eq!(parcel.batch.items.len(), 1);
    hub.journal.forget_bearer(mesclun.id());
    let Next::Send(parcel) = next(&hub, &mesclun) else { panic!("it may have lost both") };
    assert_eq!(parcel.batch.items.len(), 2);
}

/// What is refused is not held by anybody because of that.
#[test]
fn what_is_refused_of_a_peer_says_nothing_of_what_it_holds() {
    let (alliance, hub, mesclun) = three();
    catch_up(&hub, &mesclun);
    (0..2).for_each(|_| alliance.publish(&alliance.demand("Une")));
    let author = (alliance.id(), Channel::Public);
    let late = alliance.batch(Channel::Public, 1);
    assert!(hub.journal.receive_from(Some(mesclun.id()), author, &late, NOW).is_err(), "the first is missing");
    hub.takes_all_of(&alliance, &alliance);
    let Next::Send(parcel) = next(&hub, &mesclun) else { panic!("it brought nothing") };
    assert_eq!(parcel.batch.items.len(), 2);
}

/// Whoever has nothing to send to a peer still knows that it is there; and one that could not be reached is tried at once.
#[test]
fn a_peer_that_is_heard_of_is_there() {
    let (_, hub, mesclun) = three();
    let (row, hears) = (
        || hub.journal.peer(mesclun.id()).unwrap().unwrap(),
        |now| hub.journal.heard_of(&hub.journal.peer(mesclun.id()).unwrap().unwrap(), now).unwrap(),
    );
    hears(1_000);
    assert_eq!(row().last_heard, Some(1_000));
    hears(1_059);
    assert_eq!(row().last_heard, Some(1_000), "a minute is enough");
    hears(1_060);
    assert_eq!(row().last_heard, Some(1_060));
    hub.journal.change_peer(mesclun.id(), |peer| (peer.failures, peer.next_try) = (3, 9_000)).unwrap();
    let mut bell = hub.journal.store().bell(pes_journal::Bell::Entries);
    bell.mark_unchanged();
    hears(1_061);
    assert_eq!((row().last_heard, row().next_try, row().failures), (Some(1_061), 1_061, 3));
    assert!(bell.has_changed().unwrap());
}
