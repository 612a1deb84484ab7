//! A departing network brings each holder the end of its logs, from wherever they stand, and keeps their receipts.

use crate::bed::{Node, START, node};
use pes_changeset::Channel;
use pes_journal::leaving::Holder;
use pes_journal::peers::PeerRole;
use pes_journal::roll::Applicant;
use pes_store::own_records::Moderation;
use pes_sync::Answer;
use pes_sync::farewell::Farewell;

/// The hub, and *apeas*, which has given it something reserved and now leaves it.
fn leaving() -> (Node, Node) {
    let (paca, apeas) = (node("paca"), node("apeas"));
    let code = paca.journal.invite("apeas", START).unwrap();
    let genesis = apeas.journal.genesis(&apeas.id()).unwrap().unwrap();
    let applicant = Applicant { origin: apeas.origin(), node_id: &apeas.id(), name: "apeas" };
    paca.journal.admit(applicant, ("apeas", &[genesis]), &code, START).unwrap();
    apeas.pins(&paca);
    apeas.journal.add_peer(&paca.id(), PeerRole::Hub).unwrap();
    for number in 0..3 {
        let title = format!("Réservé {number}");
        let fields = [("direction", "offer"), ("type", "service"), ("title", &title), ("author", "M")];
        let fields = [fields.as_slice(), &[("audience", "affiliates")]].concat();
        let record = apeas.record(pes_domain::Kind::Exchange, &fields, START);
        apeas.journal.save(record, Moderation::Published, None, START).unwrap();
    }
    apeas.journal.leave(&paca.id(), false, START).unwrap();
    (paca, apeas)
}

fn holder(apeas: &Node) -> Holder {
    apeas.journal.farewells().unwrap()[0].holders[0].clone()
}

#[test]
fn who_holds_nothing_yet_says_so_takes_it_and_signs() {
    let (paca, apeas) = leaving();
    let mut walk = Farewell::to(&holder(&apeas));
    let mut asked = 0;
    while let Some(ask) = walk.step(&apeas.journal).unwrap() {
        asked += 1;
        walk.take(&apeas.journal, Ok(paca.answers(apeas.identity(), &ask, START))).unwrap();
    }
    assert_eq!(asked, 2, "the end, and then all from the beginning");
    assert!(holder(&apeas).waits_for.is_empty() && holder(&apeas).acknowledged.is_some());
    assert_eq!(paca.journal.held(paca.log(&apeas.id(), Channel::Affiliates)).unwrap().unwrap().1, 6);
    apeas.journal.settle_leaving(START).unwrap();
    assert!(apeas.journal.farewells().unwrap().is_empty(), "it never heard the roll, so there is no entry to tell of");
}

#[test]
fn an_answer_that_is_no_receipt_is_none_and_nobody_is_asked_for_ever() {
    let (_, apeas) = leaving();
    let answer = |status: u16, body: &str| Ok(Answer { status, body: body.as_bytes().to_vec() });
    let mut walk = Farewell::to(&holder(&apeas));
    walk.step(&apeas.journal).unwrap().unwrap();
    assert!(walk.take(&apeas.journal, Err("connection refused".into())).unwrap_err().contains("refused"));
    assert!(walk.take(&apeas.journal, answer(403, "no member")).unwrap_err().contains("status 403"));
    assert!(walk.take(&apeas.journal, answer(200, "thanks")).is_err());
    let mut tries = 0;
    while walk.take(&apeas.journal, answer(409, "1")).is_ok() {
        walk.step(&apeas.journal).unwrap().unwrap();
        tries += 1;
        assert!(tries < 100, "a holder that says the same for ever");
    }
    assert!(!holder(&apeas).waits_for.is_empty());
    let mut walk = Farewell::to(&holder(&apeas));
    let mut tries = 0;
    for held in (0..=200).flat_map(|held| [0, held]) {
        walk.step(&apeas.journal).unwrap().unwrap();
        if walk.take(&apeas.journal, answer(202, &held.to_string())).is_err() {
            break;
        }
        tries += 1;
    }
    assert!((64..100).contains(&tries), "{tries}: it goes back and forth, and says that it has more than there is");
}

/// A long log is brought in many portions: who takes each of them is asked again and again.
#[test]
fn who_takes_more_each_time_is_asked_on() {
    let (_, apeas) = leaving();
    for _ in 0..100 {
        let fields = [("direction", "offer"), ("type", "service"), ("title", "Une"), ("author", "M")];
        apeas
            .journal
            .save(apeas.record(pes_domain::Kind::Exchange, &fields, START), Moderation::Published, None, START)
            .unwrap();
    }
    let (log, size) = apeas.journal.held(apeas.log(&apeas.id(), Channel::Public)).unwrap().unwrap();
    let mut walk = Farewell::to(&Holder { waits_for: vec![(log, size)], ..holder(&apeas) });
    for held in 0..size {
        walk.step(&apeas.journal).unwrap().unwrap();
        let answer = Answer { status: 202, body: held.to_string().into_bytes() };
        walk.take(&apeas.journal, Ok(answer)).expect("it takes one more each time");
    }
}
