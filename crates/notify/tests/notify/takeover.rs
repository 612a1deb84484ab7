//! Letters to structures that nobody speaks for: what they say, that each goes once and at a gentle pace, and what keeps one from going out at all.

use crate::bed::{Bed, Smtp};
use pes_domain::{Audience, Body, Kind, Record, RecordIri};
use pes_notify::{Delivered, NotifyError};
use pes_store::claims::{self, ASKED, ClaimLetter, Standing};
use pes_store::own_records::Moderation;
use time::{Duration, UtcDateTime};

const NONE: Delivered = Delivered { sent: 0, refused: 0 };

fn sent(count: u64) -> Delivered {
    Delivered { sent: count, refused: 0 }
}

fn now() -> UtcDateTime {
    UtcDateTime::now()
}

impl Bed {
    /// A structure that an import made, with an address that is for the network alone.
    fn unclaimed(&self, name: &str, address: &str) -> RecordIri {
        let fields = [("name", name), ("is-unclaimed", "on"), ("contact-medium", "email"), ("contact-value", address)];
        self.publish(Kind::Structure, &[&fields[..], &[("contact-note", ""), ("contact-audience", "network")]].concat())
    }

    /// So many of them, written to by a campaign.
    fn campaign(&self, count: usize) {
        (0..count).for_each(|at| drop(self.unclaimed(&format!("N° {at}"), &format!("n{at}@etabli.example"))));
        assert_eq!(self.people.begin_campaign(now()).unwrap(), count);
    }

    fn letters(&self) -> Vec<ClaimLetter> {
        self.journal.store().read(claims::all).unwrap()
    }

    fn standings(&self, standing: Standing) -> usize {
        self.letters().iter().filter(|letter| letter.standing == standing).count()
    }

    /// Changes a record and saves it.
    fn change(&self, iri: &RecordIri, moderation: Moderation, change: impl FnOnce(&mut Record)) {
        let mut record = self.own(iri).record;
        change(&mut record);
        self.journal.save(record, moderation, None, now()).unwrap();
    }
}

#[test]
fn the_invitation_says_what_it_is_about_and_how_to_get_no_more() {
    let smtp = Smtp::new();
    let bed = Bed::new(&smtp);
    let iri = bed.unclaimed("L’Établi", "contact@etabli.example");
    bed.people.begin_campaign(now()).unwrap();
    assert_eq!(bed.crier.deliver(now()).unwrap(), sent(1));
    assert_eq!(bed.crier.deliver(now() + Duration::HOUR).unwrap(), NONE, "once");
    let mail = smtp.only();
    let letter = bed.letters().remove(0);
    assert_eq!(mail.to, ["contact@etabli.example"]);
    assert_eq!(mail.header("Subject").unwrap(), "L’Établi : votre fiche est en ligne, reprenez-la");
    let link = format!("https://ici.test{}", claims::path(&bed.links, &letter.id));
    let stop = format!("https://ici.test{}", claims::stop_path(&bed.links, &letter.address));
    let sheet = format!("https://ici.test/id/structure/{}", iri.uuid());
    for part in ["text/plain", "text/html"] {
        let text = mail.part(part);
        for words in [&link, &stop, &sheet, "est en ligne sur Réseau d’ici", "90 jours", "Ce n’est pas nous"] {
            assert!(text.contains(words), "{part}: {words}\n{text}");
        }
    }
    assert_eq!(mail.header("List-Unsubscribe"), Some(format!("<{stop}>")));
    assert_eq!(mail.header("List-Unsubscribe-Post").as_deref(), Some("List-Unsubscribe=One-Click"));
    assert!(letter.standing == Standing::Sent && letter.told.is_some());
}

#[test]
fn a_letter_that_somebody_asked_for_says_so_and_goes_at_once() {
    let smtp = Smtp::new();
    let bed = Bed::new(&smtp);
    let iri = bed.unclaimed("L’Établi", "contact@etabli.example");
    bed.people.ask_for_claim(&iri.to_string(), now()).unwrap();
    assert_eq!(bed.crier.deliver(now()).unwrap(), sent(1));
    let mail = smtp.only();
    assert_eq!(mail.header("Subject").unwrap(), "Reprendre la fiche « L’Établi »");
    let text = mail.part("text/plain");
    for words in ["Quelqu’un a demandé", "14 jours", "ne sert qu’une fois", "ne faites rien"] {
        assert!(text.contains(words), "{words}\n{text}");
    }
}

#[test]
fn a_campaign_goes_at_sixty_a_minute_and_whoever_asks_does_not_wait_for_it() {
    let smtp = Smtp::new();
    let bed = Bed::new(&smtp);
    bed.campaign(70);
    let start = now();
    for _ in 0..3 {
        assert_eq!(bed.crier.deliver(start).unwrap(), sent(20), "in portions");
    }
    assert_eq!(bed.crier.deliver(start + Duration::seconds(30)).unwrap(), NONE, "that was a minute's worth");
    let iri = bed.unclaimed("L’Établi", "contact@etabli.example");
    bed.people.ask_for_claim(&iri.to_string(), start).unwrap();
    assert_eq!(bed.crier.deliver(start + Duration::seconds(31)).unwrap(), sent(1));
    assert_eq!(smtp.mails().last().unwrap().to, ["contact@etabli.example"]);
    assert_eq!(bed.crier.deliver(start + Duration::seconds(62)).unwrap(), sent(10));
    let mut all: Vec<String> = smtp.mails().into_iter().flat_map(|mail| mail.to).collect();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 71, "each once");
}

/// What happened meanwhile counts, not what was so when the team pressed the button.
#[test]
fn what_changed_meanwhile_keeps_a_letter_from_going_out() {
    let smtp = Smtp::new();
    let bed = Bed::new(&smtp);
    let names = ["claimed", "withdrawn", "narrowed", "moved", "deleted", "refused", "as it was"];
    let iris = names.map(|name| bed.unclaimed(name, &format!("{}@etabli.example", name.replace(' ', ""))));
    assert_eq!(bed.people.begin_campaign(now()).unwrap(), 7);
    let change = |at: usize, moderation, change: fn(&mut Record)| bed.change(&iris[at], moderation, change);
    change(0, Moderation::Published, |record| {
        if let Body::Structure(one) = &mut record.body {
            one.is_unclaimed = false;
        }
    });
    change(1, Moderation::Blocked, |_| ());
    change(2, Moderation::Published, |record| record.audience = Audience::Network);
    change(3, Moderation::Published, |record| {
        if let Body::Structure(one) = &mut record.body {
            one.contacts[0].value = "autre@etabli.example".into();
        }
    });
    bed.journal.delete(&iris[4], None, now()).unwrap();
    let address = claims::digest_of(&bed.links, "refused@etabli.example");
    bed.journal.store().write(|link| claims::refuse(link, &address, 1)).unwrap();
    assert_eq!(bed.crier.deliver(now()).unwrap(), sent(1));
    assert_eq!(smtp.only().to, ["asitwas@etabli.example"]);
    assert_eq!((bed.standings(Standing::Dropped), bed.standings(Standing::Due)), (5, 0));
    assert_eq!(bed.people.begin_campaign(now()).unwrap(), 1, "the one that moved can be written to at its new address");
}

#[test]
fn a_letter_whose_time_is_up_before_it_could_go_is_no_news() {
    let smtp = Smtp::new();
    let bed = Bed::new(&smtp);
    let iri = bed.unclaimed("L’Établi", "contact@etabli.example");
    bed.people.ask_for_claim(&iri.to_string(), now() - Duration::days(15)).unwrap();
    assert_eq!(bed.crier.deliver(now()).unwrap(), NONE);
    assert_eq!(bed.letters()[0].standing, Standing::Dropped);
}

#[test]
fn an_address_that_is_refused_is_counted_and_holds_up_nobody() {
    let smtp = Smtp::new();
    let bed = Bed::new(&smtp);
    bed.campaign(3);
    smtp.replies_to("n1@etabli.example", Some("550 no such person"));
    assert_eq!(bed.crier.deliver(now()).unwrap(), Delivered { sent: 2, refused: 1 });
    assert_eq!(bed.crier.deliver(now() + Duration::HOUR).unwrap(), NONE, "it is not tried again by itself");
    assert_eq!((bed.standings(Standing::Sent), bed.standings(Standing::Refused)), (2, 1));
}

#[test]
fn while_the_server_is_away_letters_stay_due_and_go_once_when_it_is_back() {
    let smtp = Smtp::new();
    let bed = Bed::new(&smtp);
    bed.campaign(2);
    let address = smtp.stop();
    assert!(matches!(bed.crier.deliver(now()), Err(NotifyError::Later(_))));
    assert_eq!(bed.standings(Standing::Due), 2);
    assert!(bed.letters().iter().all(|letter| letter.told.is_none()));
    let smtp = Smtp::at(address);
    assert_eq!(bed.crier.deliver(now()).unwrap(), sent(2));
    assert_eq!(smtp.mails().len(), 2);
}

#[test]
fn letters_to_people_do_not_wait_for_a_campaign() {
    let smtp = Smtp::new();
    let bed = Bed::new(&smtp);
    bed.concerned("Marie");
    bed.campaign(1);
    bed.demand("Monter un mur", &[]);
    assert_eq!(bed.crier.deliver(now()).unwrap(), sent(2));
    let to: Vec<Vec<String>> = smtp.mails().into_iter().map(|mail| mail.to).collect();
    assert_eq!(to, [["marie@courriel.example"], ["n0@etabli.example"]]);
    assert_ne!(bed.letters()[0].campaign, ASKED);
}

/// A name from an old file is whatever it is: it makes no header and no mark-up.
#[test]
fn a_hostile_name_stays_a_name() {
    let smtp = Smtp::new();
    let bed = Bed::new(&smtp);
    bed.unclaimed("<b>X</b> { $origin } \"y\"", "contact@etabli.example");
    bed.people.begin_campaign(now()).unwrap();
    assert_eq!(bed.crier.deliver(now()).unwrap(), sent(1));
    let mail = smtp.only();
    assert!(mail.header("Subject").unwrap().starts_with("<b>X</b> { $origin } \"y\" : votre fiche"));
    assert!(!mail.part("text/html").contains("<b>X</b>") && mail.part("text/plain").contains("<b>X</b>"));
}
