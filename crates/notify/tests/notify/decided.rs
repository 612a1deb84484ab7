//! People are told what was decided of what they wrote: once, in plain words, while it still holds.

use crate::bed::{self, Bed, Smtp};
use pes_domain::{Decision, Draft, Kind, Record, RecordIri, Verdict};
use pes_journal::moderation::Decided;
use pes_notify::{Delivered, NotifyError};
use pes_store::accounts::{Account, Role};
use pes_store::notices::Mail;
use pes_store::own_records::Moderation;
use pes_store::remarks;
use time::{Duration, UtcDateTime};

const NONE: Delivered = Delivered { sent: 0, refused: 0 };
const ONE: Delivered = Delivered { sent: 1, refused: 0 };

fn now() -> UtcDateTime {
    UtcDateTime::now()
}

impl Bed {
    fn account(&self, name: &str, role: Role) -> Account {
        let email = format!("{}@courriel.example", name.to_lowercase());
        let fields = bed::draft(&[("name", name), ("email", &email), ("password", "un long mot de passe")]);
        self.people.create(&fields, role, now()).unwrap()
    }

    /// What somebody proposes, and an animator decides.
    fn decided(&self, author: &Account, title: &str, decision: Decision, sentence: Option<&str>) -> RecordIri {
        let iri = self.proposed(author, title);
        self.decide(&iri, decision, sentence);
        iri
    }

    fn proposed(&self, author: &Account, title: &str) -> RecordIri {
        let iri = RecordIri::mint("https://ici.test", Kind::Exchange);
        let draft: Draft =
            bed::draft(&[("direction", "demand"), ("type", "service"), ("title", title), ("author", "Z")]);
        let record = Record::raise(Kind::Exchange, (iri.clone(), now()), &draft, now(), self.journal.rules()).unwrap();
        self.journal.save(record, Moderation::Proposed, Some(&author.id), now()).unwrap();
        iri
    }

    fn decide(&self, iri: &RecordIri, decision: Decision, sentence: Option<&str>) {
        let nora = self.people.account_at("nora@courriel.example").unwrap();
        let verdict = Verdict { decision, sentence: sentence.map(str::to_owned) };
        let seen = (iri.to_string(), self.own(iri).record.modified);
        let decided = self.journal.decide((&seen.0, seen.1), &verdict, &nora.id, now()).unwrap();
        assert_eq!(decided, Decided::Done);
    }

    fn mails(&self, iri: &RecordIri) -> Vec<Mail> {
        let said = self.journal.store().read(|link| remarks::of_record(link, &iri.to_string())).unwrap();
        said.into_iter().map(|remark| remark.mail).collect()
    }
}

fn with_people(smtp: &Smtp) -> (Bed, Account) {
    let bed = Bed::new(smtp);
    bed.account("Nora", Role::Animator);
    let zoe = bed.account("Zoe", Role::Citizen);
    (bed, zoe)
}

#[test]
fn each_decision_is_one_mail_with_its_sentence_and_the_way_to_the_record() {
    let smtp = Smtp::new();
    let (bed, zoe) = with_people(&smtp);
    let expected = [
        (Decision::Publish, "C’est publié : Un vélo", "est publiée"),
        (Decision::SendBack, "À compléter : Un vélo", "nous vous demandons quelques modifications"),
        (Decision::Refuse, "Non retenue : Un vélo", "ne l’avons pas retenue"),
    ];
    for (decision, subject, words) in expected {
        let iri = bed.decided(&zoe, "Un vélo", decision, Some("Merci <beaucoup>.\n\nÀ bientôt."));
        assert_eq!(bed.crier.deliver(now()).unwrap(), ONE);
        assert_eq!(bed.crier.deliver(now()).unwrap(), NONE, "once");
        let mail = smtp.take().remove(0);
        assert_eq!(mail.to, ["zoe@courriel.example"]);
        assert_eq!(mail.header("Subject").unwrap(), subject);
        let page = format!("https://ici.test/id/exchange/{}", iri.uuid());
        for said in ["Bonjour Zoe,", words, "Merci <beaucoup>.", "À bientôt.", page.as_str()] {
            assert!(mail.part("text/plain").contains(said), "{said}: {}", mail.part("text/plain"));
        }
        assert!(mail.part("text/html").contains("Merci &lt;beaucoup&gt;.") && mail.part("text/html").contains(&page));
        assert!(!mail.part("text/plain").contains("nora"), "the team decides, nobody of it by name");
        assert!(mail.header("List-Unsubscribe").is_some());
        assert_eq!(bed.mails(&iri), [Mail::Sent]);
    }
}

#[test]
fn without_a_sentence_the_mail_announces_none() {
    let smtp = Smtp::new();
    let (bed, zoe) = with_people(&smtp);
    bed.decided(&zoe, "Un vélo", Decision::Publish, None);
    bed.crier.deliver(now()).unwrap();
    assert!(!smtp.only().part("text/plain").contains("Voici ce que nous vous en disons"));
}

#[test]
fn what_is_published_by_itself_is_told_too() {
    let smtp = Smtp::new();
    let (bed, zoe) = with_people(&smtp);
    bed.proposed(&zoe, "Un vélo");
    assert_eq!(bed.journal.publish_waiting(3, now() + Duration::days(4)).unwrap(), 1);
    assert_eq!(bed.crier.deliver(now() + Duration::days(4)).unwrap(), ONE);
    assert_eq!(smtp.only().header("Subject").unwrap(), "C’est publié : Un vélo");
}

#[test]
fn who_turned_mails_off_gets_none_not_even_later() {
    let smtp = Smtp::new();
    let (bed, zoe) = with_people(&smtp);
    bed.people.change(&zoe.id, |account| account.wants_mail = false).unwrap();
    let iri = bed.decided(&zoe, "Un vélo", Decision::Refuse, Some("Non."));
    assert_eq!(bed.crier.deliver(now()).unwrap(), NONE);
    bed.people.change(&zoe.id, |account| account.wants_mail = true).unwrap();
    assert_eq!(bed.crier.deliver(now()).unwrap(), NONE);
    assert!(smtp.mails().is_empty() && bed.mails(&iri) == [Mail::None]);
}

#[test]
fn what_no_longer_holds_is_not_told() {
    let smtp = Smtp::new();
    let (bed, zoe) = with_people(&smtp);
    let again = bed.decided(&zoe, "Proposée de nouveau", Decision::SendBack, Some("Le lieu ?"));
    bed.journal.save(bed.own(&again).record, Moderation::Proposed, None, now()).unwrap();
    let gone = bed.decided(&zoe, "Supprimée", Decision::Refuse, Some("Non."));
    bed.journal.delete(&gone, None, now()).unwrap();
    let old = bed.decided(&zoe, "D’il y a longtemps", Decision::Refuse, Some("Non."));
    assert_eq!(bed.crier.deliver(now() + Duration::days(8)).unwrap(), NONE);
    assert_eq!((bed.mails(&again), bed.mails(&gone), bed.mails(&old)), (vec![Mail::None], vec![], vec![Mail::None]));
    let twice = bed.decided(&zoe, "Deux fois", Decision::SendBack, Some("Le lieu ?"));
    bed.journal.save(bed.own(&twice).record, Moderation::Proposed, None, now()).unwrap();
    bed.decide(&twice, Decision::Publish, Some("Merci."));
    assert_eq!(bed.crier.deliver(now()).unwrap(), ONE);
    assert_eq!(smtp.only().header("Subject").unwrap(), "C’est publié : Deux fois");
}

/// Decisions are answers: they come beside the five mails a day, and each by itself.
#[test]
fn many_decisions_are_as_many_mails_and_take_no_notice_s_place() {
    let smtp = Smtp::new();
    let (bed, zoe) = with_people(&smtp);
    for number in 0..7 {
        bed.decided(&zoe, &format!("n° {number}"), Decision::Publish, None);
    }
    assert_eq!(bed.crier.deliver(now()).unwrap(), Delivered { sent: 7, refused: 0 });
    bed.concerned("Marie");
    bed.demand("Monter un mur", &[]);
    assert_eq!(bed.crier.deliver(now()).unwrap(), ONE);
}

#[test]
fn while_the_mail_server_is_away_the_mail_waits_and_goes_out_once_it_is_back() {
    let smtp = Smtp::new();
    let (bed, zoe) = with_people(&smtp);
    let iri = bed.decided(&zoe, "Un vélo", Decision::Refuse, Some("Non."));
    smtp.replies_to("zoe@courriel.example", Some("451 later"));
    assert!(matches!(bed.crier.deliver(now()), Err(NotifyError::Later(_))));
    assert_eq!(bed.mails(&iri), [Mail::Due]);
    smtp.replies_to("zoe@courriel.example", Some("550 no such box"));
    assert_eq!(bed.crier.deliver(now()).unwrap(), Delivered { sent: 0, refused: 1 });
    assert_eq!(bed.crier.deliver(now()).unwrap(), NONE, "not at every round");
    assert_eq!(bed.mails(&iri), [Mail::Due]);
    smtp.replies_to("zoe@courriel.example", None);
    let later = now() + Duration::HOUR;
    assert_eq!(bed.crier.deliver(later).unwrap(), ONE);
    assert_eq!(bed.mails(&iri), [Mail::Sent]);
}
