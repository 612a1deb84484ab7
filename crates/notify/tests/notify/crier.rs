//! Mails from rows to a mail server: real conversations over TCP, what goes out, what waits, what never leaves.

use crate::bed::{self, Bed, Smtp};
use pes_domain::Kind;
use pes_notify::{Delivered, NotifyError};
use pes_people::conversations::Subject;
use pes_store::accounts::Account;
use pes_store::conversations::{self, Side};
use pes_store::hidden::{self, Hidden};
use pes_store::notices::{self, Mail};
use pes_store::own_records::Moderation;
use time::{Duration, UtcDateTime};

const NONE: Delivered = Delivered { sent: 0, refused: 0 };

fn sent(count: u64) -> Delivered {
    Delivered { sent: count, refused: 0 }
}

fn now() -> UtcDateTime {
    UtcDateTime::now()
}

/// How the mails of somebody's notices stand.
fn mails(bed: &Bed, account: &Account) -> Vec<Mail> {
    let notices = bed.journal.store().read(|link| notices::of_account(link, &account.id, 100)).unwrap();
    notices.into_iter().map(|notice| notice.mail).collect()
}

#[test]
fn a_due_notice_becomes_one_mail_in_text_and_html_that_says_why() {
    let smtp = Smtp::new();
    let bed = Bed::new(&smtp);
    let marie = bed.concerned("Marie");
    let iri = bed.demand("Monter un mur", &[("place", "Nice")]);
    assert_eq!(bed.crier.deliver(now()).unwrap(), sent(1));
    assert_eq!(bed.crier.deliver(now()).unwrap(), NONE, "once");
    let mail = smtp.only();
    assert_eq!(mail.to, ["marie@courriel.example"]);
    assert_eq!(mail.header("Subject").unwrap(), "On cherche : Monter un mur");
    assert_eq!(mail.header("Auto-Submitted").as_deref(), Some("auto-generated"));
    assert!(mail.header("From").unwrap().contains("<avis@ici.example>"));
    let page = format!("https://ici.test/id/exchange/{}", iri.uuid());
    for part in ["text/plain", "text/html"] {
        let text = mail.part(part);
        for words in [
            "Bonjour Marie,",
            "Monter un mur",
            "Parce que la fiche de Les Maçons de Marie indique « Maçonnerie », à moins d’un kilomètre.",
            "Publié par Réseau d’ici",
            page.as_str(),
            "parce que vous avez un compte sur Réseau d’ici (https://ici.test)",
        ] {
            assert!(text.contains(words), "{part}: {words}\n{text}");
        }
    }
    assert_eq!(mails(&bed, &marie), [Mail::Sent]);
}

#[test]
fn a_notice_s_mail_can_be_stopped_by_the_mail_program_s_own_button() {
    let smtp = Smtp::new();
    let bed = Bed::new(&smtp);
    let marie = bed.concerned("Marie");
    bed.demand("Monter un mur", &[]);
    bed.crier.deliver(now()).unwrap();
    let mail = smtp.only();
    let token = bed.links.token("unsubscribe", &marie.id);
    let link = format!("https://ici.test/sans-mails/{}/{token}", marie.id);
    assert_eq!(mail.header("List-Unsubscribe"), Some(format!("<{link}>")));
    assert_eq!(mail.header("List-Unsubscribe-Post").as_deref(), Some("List-Unsubscribe=One-Click"));
    assert!(mail.part("text/plain").contains(&link) && mail.part("text/html").contains(&link));
}

#[test]
fn each_kind_of_record_has_its_subject() {
    let smtp = Smtp::new();
    let bed = Bed::new(&smtp);
    bed.concerned("Marie");
    bed.demand("Un mur", &[("direction", "offer")]);
    let call = [("title", "Chantier"), ("call-type", "group-purchase"), ("bearer-label", "x"), ("skills", "masonry")];
    bed.publish(Kind::Call, &call);
    assert_eq!(bed.crier.deliver(now()).unwrap(), sent(2));
    let mut subjects: Vec<_> = smtp.mails().iter().map(|mail| mail.header("Subject").unwrap()).collect();
    subjects.sort();
    assert_eq!(subjects, ["Appel : Chantier", "On propose : Un mur"]);
}

#[test]
fn after_five_mails_a_day_the_rest_waits_and_comes_in_one() {
    let smtp = Smtp::new();
    let bed = Bed::new(&smtp);
    let marie = bed.concerned("Marie");
    (1..=8).for_each(|number| drop(bed.demand(&format!("Mur n° {number}"), &[])));
    assert_eq!(bed.crier.deliver(now()).unwrap(), sent(5));
    assert_eq!(bed.crier.deliver(now() + Duration::HOUR).unwrap(), NONE);
    let told: String = smtp.take().iter().map(|mail| mail.header("Subject").unwrap()).collect();
    assert_eq!(bed.crier.fold(now()).unwrap(), sent(1));
    let folded = smtp.only();
    assert_eq!(folded.header("Subject").unwrap(), "3 annonces vous concernent");
    for number in 1..=8 {
        let title = format!("Mur n° {number}");
        assert_ne!(told.contains(&title), folded.part("text/plain").contains(&title), "{title} comes once");
    }
    assert!(folded.header("List-Unsubscribe").is_some());
    assert!(folded.part("text/plain").contains("https://ici.test/mes-avis"));
    assert_eq!(mails(&bed, &marie).iter().filter(|mail| **mail == Mail::Folded).count(), 3);
    assert_eq!((bed.crier.fold(now()).unwrap(), bed.crier.deliver(now()).unwrap()), (NONE, NONE));
}

#[test]
fn five_a_day_are_counted_for_each_person_and_anew_after_a_day() {
    let smtp = Smtp::new();
    let bed = Bed::new(&smtp);
    let (marie, paul) = (bed.concerned("Marie"), bed.concerned("Paul"));
    (1..=5).for_each(|number| drop(bed.demand(&format!("Mur n° {number}"), &[])));
    assert_eq!(bed.crier.deliver(now()).unwrap(), sent(10));
    bed.demand("Mur n° 6", &[]);
    assert_eq!(bed.crier.deliver(now() + Duration::days(1) + Duration::MINUTE).unwrap(), sent(2));
    for account in [marie, paul] {
        assert_eq!(mails(&bed, &account), [Mail::Sent; 6]);
        assert_eq!(smtp.mails().iter().filter(|mail| mail.to == [account.email.clone()]).count(), 6);
    }
}

#[test]
fn who_wants_no_mails_gets_none_not_even_later() {
    let smtp = Smtp::new();
    let bed = Bed::new(&smtp);
    let marie = bed.concerned("Marie");
    bed.demand("Monter un mur", &[]);
    bed.people.change(&marie.id, |account| account.wants_mail = false).unwrap();
    bed.demand("Un autre mur", &[]);
    assert_eq!(bed.crier.deliver(now()).unwrap(), NONE);
    assert_eq!(bed.crier.fold(now()).unwrap(), NONE);
    assert_eq!(mails(&bed, &marie), [Mail::None, Mail::None]);
    bed.people.change(&marie.id, |account| account.wants_mail = true).unwrap();
    assert_eq!(bed.crier.deliver(now()).unwrap(), NONE);
    assert!(smtp.mails().is_empty());
}

#[test]
fn nobody_is_told_of_what_is_hidden_withdrawn_deleted_expired_or_no_longer_theirs() {
    let smtp = Smtp::new();
    let bed = Bed::new(&smtp);
    let marie = bed.concerned("Marie");
    let hidden = bed.demand("Masquée", &[]);
    let one = Hidden { record: hidden.to_string(), reason: "x".into(), account: marie.id.clone(), since: 0 };
    bed.journal.store().write(|link| hidden::put(link, &one)).unwrap();
    let withdrawn = bed.own(&bed.demand("Retirée", &[]));
    bed.journal.save(withdrawn.record, Moderation::Draft, None, now()).unwrap();
    bed.journal.delete(&bed.demand("Supprimée", &[]), None, now()).unwrap();
    let mut private = bed.own(&bed.demand("Devenue privée", &[]));
    private.record.audience = pes_domain::Audience::Private;
    bed.journal.save(private.record, Moderation::Published, None, now()).unwrap();
    let tomorrow = pes_domain::draft::write_date((now() + Duration::DAY).date());
    bed.demand("Expirée", &[("expires", &tomorrow)]);
    assert_eq!(bed.crier.deliver(now() + Duration::days(3)).unwrap(), NONE);
    assert_eq!(bed.crier.fold(now() + Duration::days(3)).unwrap(), NONE);
    assert!(smtp.mails().is_empty());
    assert_eq!(mails(&bed, &marie), [Mail::None; 4], "the deleted one's is gone");
}

#[test]
fn what_is_a_week_old_is_no_news() {
    let smtp = Smtp::new();
    let bed = Bed::new(&smtp);
    let marie = bed.concerned("Marie");
    bed.demand("Monter un mur", &[]);
    assert_eq!(bed.crier.deliver(now() + Duration::days(8)).unwrap(), NONE);
    assert_eq!(mails(&bed, &marie), [Mail::None]);
    assert!(smtp.mails().is_empty());
}

#[test]
fn while_the_mail_server_is_away_all_stays_due_and_goes_out_later() {
    let smtp = Smtp::new();
    let bed = Bed::new(&smtp);
    let (marie, paul) = (bed.concerned("Marie"), bed.concerned("Paul"));
    bed.demand("Monter un mur", &[]);
    let address = smtp.stop();
    assert!(matches!(bed.crier.deliver(now()), Err(NotifyError::Later(_))));
    assert_eq!((mails(&bed, &marie), mails(&bed, &paul)), (vec![Mail::Due], vec![Mail::Due]));
    let smtp = Smtp::at(address);
    assert_eq!(bed.crier.deliver(now()).unwrap(), sent(2));
    assert_eq!(smtp.mails().len(), 2);
}

#[test]
fn a_server_that_says_later_is_asked_again() {
    let smtp = Smtp::new();
    let bed = Bed::new(&smtp);
    let marie = bed.concerned("Marie");
    bed.demand("Monter un mur", &[]);
    smtp.replies_to("marie@courriel.example", Some("451 4.7.1 greylisted"));
    assert!(matches!(bed.crier.deliver(now()), Err(NotifyError::Later(_))));
    assert_eq!(mails(&bed, &marie), [Mail::Due]);
    smtp.replies_to("marie@courriel.example", None);
    assert_eq!(bed.crier.deliver(now()).unwrap(), sent(1));
}

#[test]
fn one_refused_recipient_holds_up_nobody_and_is_tried_again_ever_more_rarely() {
    let smtp = Smtp::new();
    let bed = Bed::new(&smtp);
    let accounts = ["Marie", "Paul", "Zoe"].map(|name| bed.concerned(name));
    smtp.replies_to("marie@courriel.example", Some("550 5.1.1 no such user"));
    bed.demand("Monter un mur", &[]);
    let start = now();
    assert_eq!(bed.crier.deliver(start).unwrap(), Delivered { sent: 2, refused: 1 });
    assert_eq!(mails(&bed, &accounts[0]), [Mail::Due]);
    assert_eq!(bed.crier.deliver(start + Duration::MINUTE).unwrap(), NONE, "not at once again");
    let later = start + Duration::minutes(3);
    assert_eq!(bed.crier.deliver(later).unwrap(), Delivered { sent: 0, refused: 1 });
    assert_eq!(bed.crier.deliver(later + Duration::minutes(3)).unwrap(), NONE);
    smtp.replies_to("marie@courriel.example", None);
    assert_eq!(bed.crier.deliver(later + Duration::minutes(5)).unwrap(), sent(1));
    assert_eq!(smtp.mails().len(), 3);
}

fn subject(bed: &Bed, title: &str) -> Subject {
    Subject { record: bed.demand(title, &[("skills", "plumbing-heating")]), title: title.to_owned() }
}

const VISITOR: [(&str, &str); 3] =
    [("text", "Me voici, au 06 39 98 00 01."), ("name", "Ines"), ("email", "ines@visite.example")];

#[test]
fn a_visitor_is_asked_to_confirm_and_the_author_told_only_then() {
    let smtp = Smtp::new();
    let bed = Bed::new(&smtp);
    let marie = bed.concerned("Marie");
    let subject = Subject { record: bed.written_by(&marie, "Cherche local"), title: "Cherche local".into() };
    let begun = bed.people.answer(&subject, &bed::draft(&VISITOR), None, now()).unwrap();
    assert_eq!(bed.crier.deliver(now()).unwrap(), sent(1));
    let asked = smtp.take().remove(0);
    assert_eq!(asked.to, ["ines@visite.example"]);
    assert_eq!(asked.header("Subject").unwrap(), "Confirmez votre réponse : Cherche local");
    let token = bed.people.link_to(&begun.conversation, Side::Answerer);
    assert!(asked.part("text/plain").contains(&format!("https://ici.test/reponses/{token}")));
    assert!(asked.part("text/plain").contains("Elle reste chez nous et n’est montrée à personne."));
    assert_eq!(asked.header("List-Unsubscribe"), None, "there is nothing to stop");
    assert!(asked.part("text/plain").starts_with("Bonjour,"), "a stranger may have typed the name");
    assert!(!asked.raw.contains("Ines") && !asked.part("text/html").contains("Ines"), "{}", asked.raw);
    bed.people.confirm(&token, now()).unwrap();
    assert_eq!(bed.crier.deliver(now()).unwrap(), sent(1));
    let told = smtp.only();
    assert_eq!(told.to, ["marie@courriel.example"]);
    assert_eq!(told.header("Subject").unwrap(), "Vous avez une réponse : Cherche local");
    assert_no_address_of_the_other(&asked, "marie@");
    assert_no_address_of_the_other(&told, "ines@");
    assert!(!told.part("text/plain").contains("Me voici"), "the word itself is read on the page");
    assert_eq!(bed.crier.deliver(now()).unwrap(), NONE);
}

fn assert_no_address_of_the_other(mail: &bed::Mail, address: &str) {
    for text in [mail.raw.clone(), mail.part("text/plain"), mail.part("text/html")] {
        assert!(!text.contains(address) && !text.contains("06 39 98 00 01"), "{text}");
    }
}

#[test]
fn both_sides_of_a_conversation_are_told_of_words_and_never_of_addresses() {
    let smtp = Smtp::new();
    let bed = Bed::new(&smtp);
    let (marie, paul) = (bed.concerned("Marie"), bed.concerned("Paul"));
    let subject = Subject { record: bed.written_by(&marie, "Cherche local"), title: "Cherche local".into() };
    let begun = bed.people.answer(&subject, &bed::draft(&VISITOR[..1]), Some(&paul), now()).unwrap();
    let (home, answerer) =
        (bed.people.link_to(&begun.conversation, Side::Home), bed.people.link_to(&begun.conversation, Side::Answerer));
    bed.people.say(&home, &bed::draft(&[("text", "Quand ?")]), now()).unwrap();
    assert_eq!(bed.crier.deliver(now()).unwrap(), sent(2));
    for mail in smtp.mails() {
        let (own, other, link) =
            if mail.to == ["marie@courriel.example"] { ("Marie", "Paul", &home) } else { ("Paul", "Marie", &answerer) };
        let text = mail.part("text/plain");
        assert!(text.contains(&format!("Bonjour {own},")) && text.contains(&format!("{other} vous a écrit")), "{text}");
        assert!(text.contains(&format!("/reponses/{link}")));
        assert_no_address_of_the_other(&mail, &format!("{}@", other.to_lowercase()));
    }
}

#[test]
fn words_are_told_even_to_those_who_want_no_notices() {
    let smtp = Smtp::new();
    let bed = Bed::new(&smtp);
    let (marie, paul) = (bed.concerned("Marie"), bed.concerned("Paul"));
    bed.people.change(&marie.id, |account| account.wants_mail = false).unwrap();
    let subject = Subject { record: bed.written_by(&marie, "Cherche local"), title: "Cherche local".into() };
    bed.people.answer(&subject, &bed::draft(&VISITOR[..1]), Some(&paul), now()).unwrap();
    assert_eq!(bed.crier.deliver(now()).unwrap(), sent(1));
    assert_eq!(smtp.only().header("List-Unsubscribe"), None);
}

#[test]
fn whoever_closed_a_conversation_is_told_nothing_more() {
    let smtp = Smtp::new();
    let bed = Bed::new(&smtp);
    let (marie, paul) = (bed.concerned("Marie"), bed.concerned("Paul"));
    let subject = Subject { record: bed.written_by(&marie, "Cherche local"), title: "Cherche local".into() };
    let begun = bed.people.answer(&subject, &bed::draft(&VISITOR[..1]), Some(&paul), now()).unwrap();
    bed.people.close(&bed.people.link_to(&begun.conversation, Side::Home)).unwrap();
    assert_eq!(bed.crier.deliver(now()).unwrap(), NONE);
    assert!(bed.journal.store().read(conversations::to_tell).unwrap().is_empty());
}

#[test]
fn who_wrote_a_word_that_does_not_arrive_is_told() {
    let smtp = Smtp::new();
    let bed = Bed::new(&smtp);
    let marie = bed.concerned("Marie");
    let away = pes_domain::RecordIri::mint("https://ailleurs.test", Kind::Exchange);
    let subject = Subject { record: away, title: "Cherche local".into() };
    bed.people.answer(&subject, &bed::draft(&VISITOR[..1]), Some(&marie), now()).unwrap();
    assert_eq!(bed.crier.deliver(now()).unwrap(), NONE);
    let letters = bed.people.letters_due(now()).unwrap();
    assert_eq!(letters.len(), 1);
    let id = bed.journal.store().read(pes_store::outbox::all).unwrap().remove(0).id;
    bed.journal.store().write(|link| conversations::mark_late(link, &id)).unwrap();
    assert_eq!(bed.crier.deliver(now()).unwrap(), sent(1));
    let mail = smtp.only();
    assert_eq!(mail.to, ["marie@courriel.example"]);
    assert_eq!(mail.header("Subject").unwrap(), "Votre message n’est pas encore arrivé : Cherche local");
    assert!(mail.part("text/plain").contains("Nous l’avons gardé."));
}

/// A visitor's answer under a name that no form takes, as an older program may have kept it.
fn answered_as(bed: &Bed, subject: &Subject, name: &str) {
    let fields = [VISITOR[0], VISITOR[2], ("name", "Ines")];
    let begun = bed.people.answer(subject, &bed::draft(&fields), None, now()).unwrap();
    let rename = |link: &mut pes_store::Link| {
        let found = conversations::find(link, &begun.conversation, Side::Answerer)?;
        let renamed = conversations::Conversation { name: name.into(), ..found.unwrap() };
        conversations::update(link, &renamed)
    };
    bed.journal.store().write(rename).unwrap();
}

#[test]
fn line_breaks_in_titles_and_names_become_no_header() {
    let smtp = Smtp::new();
    let bed = Bed::new(&smtp);
    let title = "Local\r\nBcc: espion@mal.example\r\n\r\nAchetez";
    let subject = Subject { title: title.into(), ..subject(&bed, "Local") };
    answered_as(&bed, &subject, "Ines\r\nBcc: espion@mal.example\r\nX: ");
    bed.crier.deliver(now()).unwrap();
    let mail = smtp.only();
    assert_eq!(mail.to, ["ines@visite.example"]);
    assert_eq!(mail.header("Bcc"), None, "{}", mail.raw);
    assert_eq!(mail.header("X"), None, "{}", mail.raw);
    assert!(mail.header("Subject").unwrap().starts_with("Confirmez votre réponse : Local Bcc: espion"), "{}", mail.raw);
    assert!(mail.header("Auto-Submitted").is_some(), "the head has not ended early");
}

#[test]
fn no_character_of_a_name_stops_the_crier() {
    let smtp = Smtp::new();
    let bed = Bed::new(&smtp);
    let subject = subject(&bed, "Local");
    let names = ["\u{1}", "a\u{1b}[31mb", "\u{7f}", "\u{85}x\u{2028}y", "\"<a@b.example>, \"", "é\tà", "\\", "🚲 🚲"];
    for name in names {
        answered_as(&bed, &subject, name);
    }
    assert_eq!(bed.crier.deliver(now()).unwrap(), sent(names.len() as u64));
    assert!(smtp.mails().iter().all(|mail| mail.to == ["ines@visite.example"]));
}

#[test]
fn markup_in_a_title_is_text_in_the_html_part() {
    let smtp = Smtp::new();
    let bed = Bed::new(&smtp);
    bed.concerned("Marie");
    bed.demand("<img src=x onerror=alert(1)> & « murs »", &[]);
    bed.crier.deliver(now()).unwrap();
    let mail = smtp.only();
    assert!(!mail.part("text/html").contains("<img"), "{}", mail.part("text/html"));
    assert!(mail.part("text/html").contains("&lt;img"));
    assert!(mail.part("text/plain").contains("* <img src=x onerror=alert(1)> & « murs »"));
}
