//! A day's or a week's notices in one mail, over real conversations with a mail server: nothing empty, nothing twice, nobody else's.

use crate::bed::{Bed, Smtp};
use pes_notify::{Delivered, NotifyError};
use pes_store::accounts::{Account, Rhythm};
use pes_store::notices::{self, Mail};
use time::{Duration, UtcDateTime, Weekday};

const NONE: Delivered = Delivered { sent: 0, refused: 0 };
const ONE: Delivered = Delivered { sent: 1, refused: 0 };

fn mails(bed: &Bed, account: &Account) -> Vec<Mail> {
    let notices = bed.journal.store().read(|link| notices::of_account(link, &account.id, 1_000)).unwrap();
    notices.into_iter().map(|notice| notice.mail).collect()
}

fn who_chose(bed: &Bed, name: &str, rhythm: Rhythm) -> Account {
    let account = bed.concerned(name);
    bed.people.prefer(&account.id, Some(rhythm)).unwrap()
}

/// The next day of the week after today, in the morning.
fn next(day: Weekday) -> UtcDateTime {
    let morning = UtcDateTime::now().replace_time(time::macros::time!(06:30));
    (1..=7).map(|days| morning + Duration::days(days)).find(|at| at.weekday() == day).unwrap()
}

#[test]
fn a_day_s_notices_come_in_one_mail_and_not_before() {
    let smtp = Smtp::new();
    let bed = Bed::new(&smtp);
    let marie = who_chose(&bed, "Marie", Rhythm::Daily);
    (1..=7).for_each(|number| drop(bed.demand(&format!("Mur n° {number}"), &[])));
    let now = UtcDateTime::now();
    assert_eq!(bed.crier.deliver(now).unwrap(), NONE, "nothing at once");
    assert_eq!(mails(&bed, &marie), [Mail::Kept; 7]);
    assert_eq!(bed.crier.fold(now).unwrap(), ONE);
    let mail = smtp.only();
    assert_eq!(mail.header("Subject").unwrap(), "7 annonces vous concernent");
    for part in ["text/plain", "text/html"] {
        let text = mail.part(part);
        assert!(text.contains("Vous avez choisi un message par jour"), "{text}");
        assert!((1..=7).all(|number| text.contains(&format!("Mur n° {number}"))), "{text}");
        assert!(text.contains("Parce que la fiche de Les Maçons de Marie indique « Maçonnerie »"), "{text}");
    }
    assert!(mail.header("List-Unsubscribe").is_some());
    assert_eq!(mails(&bed, &marie), [Mail::Folded; 7]);
    for later in [Duration::ZERO, Duration::DAY, Duration::days(8)] {
        assert_eq!(bed.crier.fold(now + later).unwrap(), NONE, "nothing empty, nothing twice");
    }
}

#[test]
fn a_week_s_notices_come_on_monday() {
    let smtp = Smtp::new();
    let bed = Bed::new(&smtp);
    let marie = who_chose(&bed, "Marie", Rhythm::Weekly);
    bed.demand("Monter un mur", &[]);
    let monday = next(Weekday::Monday);
    let before = std::iter::successors(Some(monday - Duration::DAY), |at| Some(*at - Duration::DAY));
    for at in before.take_while(|at| *at > UtcDateTime::now()) {
        assert_eq!(bed.crier.fold(at).unwrap(), NONE, "not on {}", at.weekday());
    }
    assert_eq!(bed.crier.fold(monday).unwrap(), ONE);
    assert!(smtp.only().part("text/plain").contains("un message par semaine"));
    assert_eq!(bed.crier.fold(monday + Duration::WEEK).unwrap(), NONE);
    assert_eq!(mails(&bed, &marie), [Mail::Folded]);
}

#[test]
fn a_node_that_slept_on_monday_makes_up_for_it() {
    let smtp = Smtp::new();
    let bed = Bed::new(&smtp);
    who_chose(&bed, "Marie", Rhythm::Weekly);
    bed.demand("Monter un mur", &[]);
    let thursday = next(Weekday::Monday) + Duration::days(3);
    assert_eq!(bed.crier.fold(thursday).unwrap(), ONE);
    assert_eq!(bed.crier.fold(thursday + Duration::days(4)).unwrap(), NONE);
}

#[test]
fn what_is_no_longer_theirs_to_read_makes_no_mail_and_no_line() {
    let smtp = Smtp::new();
    let bed = Bed::new(&smtp);
    let marie = who_chose(&bed, "Marie", Rhythm::Daily);
    let gone = bed.demand("Retirée", &[]);
    let own = bed.own(&gone);
    bed.journal.save(own.record, pes_store::own_records::Moderation::Draft, None, UtcDateTime::now()).unwrap();
    assert_eq!(bed.crier.fold(UtcDateTime::now()).unwrap(), NONE, "an empty mail");
    assert_eq!(mails(&bed, &marie), [Mail::None]);
    let again = bed.demand("Retirée aussi", &[]);
    bed.demand("Restée", &[]);
    bed.journal.delete(&again, None, UtcDateTime::now()).unwrap();
    assert_eq!(bed.crier.fold(UtcDateTime::now()).unwrap(), ONE);
    let mail = smtp.only();
    assert_eq!(mail.header("Subject").unwrap(), "Une annonce vous concerne");
    assert!(mail.part("text/plain").contains("Restée") && !mail.raw.contains("Retirée"));
}

#[test]
fn who_changes_their_mind_takes_along_what_waits() {
    let smtp = Smtp::new();
    let bed = Bed::new(&smtp);
    let marie = who_chose(&bed, "Marie", Rhythm::Weekly);
    bed.demand("Premier", &[]);
    bed.people.prefer(&marie.id, Some(Rhythm::AtOnce)).unwrap();
    assert_eq!(mails(&bed, &marie), [Mail::Due]);
    bed.people.prefer(&marie.id, Some(Rhythm::Daily)).unwrap();
    assert_eq!(bed.crier.deliver(UtcDateTime::now()).unwrap(), NONE);
    bed.people.prefer(&marie.id, None).unwrap();
    assert_eq!(mails(&bed, &marie), [Mail::None]);
    bed.demand("Deuxième", &[]);
    bed.people.prefer(&marie.id, Some(Rhythm::AtOnce)).unwrap();
    assert_eq!(bed.crier.deliver(UtcDateTime::now()).unwrap(), NONE, "what came while it was off stays unsaid");
    bed.demand("Troisième", &[]);
    assert_eq!(bed.crier.deliver(UtcDateTime::now()).unwrap(), ONE);
    assert!(smtp.only().part("text/plain").contains("Troisième"));
}

#[test]
fn each_gets_their_own_as_they_chose_and_nobody_waits_for_another() {
    let smtp = Smtp::new();
    let bed = Bed::new(&smtp);
    let marie = who_chose(&bed, "Marie", Rhythm::Daily);
    (1..=510).for_each(|number| drop(bed.demand(&format!("Mur n° {number}"), &[])));
    let paul = bed.concerned("Paul");
    bed.demand("Le dernier mur", &[]);
    assert_eq!(bed.crier.deliver(UtcDateTime::now()).unwrap(), ONE, "Paul's, past all that is kept for Marie");
    assert_eq!(smtp.take()[0].to, std::slice::from_ref(&paul.email));
    assert_eq!(bed.crier.fold(UtcDateTime::now()).unwrap(), ONE);
    let mail = smtp.only();
    assert_eq!(mail.to, std::slice::from_ref(&marie.email));
    assert_eq!(mail.header("Subject").unwrap(), "511 annonces vous concernent");
    let text = mail.part("text/plain");
    assert!(text.contains("les 50 premières") && text.matches("Mur n° ").count() == 50, "{text}");
    assert!(mails(&bed, &marie).iter().all(|mail| *mail == Mail::Folded), "all are told of, by number");
}

#[test]
fn while_the_mail_server_is_away_all_is_kept() {
    let smtp = Smtp::new();
    let bed = Bed::new(&smtp);
    let marie = who_chose(&bed, "Marie", Rhythm::Daily);
    bed.demand("Monter un mur", &[]);
    let address = smtp.stop();
    assert!(matches!(bed.crier.fold(UtcDateTime::now()), Err(NotifyError::Later(_))));
    assert_eq!(mails(&bed, &marie), [Mail::Kept]);
    let smtp = Smtp::at(address);
    assert_eq!(bed.crier.fold(UtcDateTime::now() + Duration::days(10)).unwrap(), ONE);
    assert_eq!(smtp.mails().len(), 1);
    bed.demand("Un autre mur", &[]);
    assert_eq!(bed.crier.fold(UtcDateTime::now() + Duration::days(15)).unwrap(), NONE, "by then it is no news");
}
