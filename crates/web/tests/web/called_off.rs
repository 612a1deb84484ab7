//! One date of a series is called off: it is shown as such wherever the series is, and nobody is sent there.

use crate::bed::browser::{plain, unescaped};
use crate::bed::{Bed, Browser, Page};
use pes_domain::event::Event;
use pes_domain::{Body, Kind, RecordIri};
use pes_words::dates;
use serde_json::Value;
use time::macros::time;
use time::{Date, Duration, UtcDateTime};

/// So many days from now.
fn day(ahead: i64) -> Date {
    (UtcDateTime::now() + Duration::days(ahead)).date()
}

fn at(day: Date) -> String {
    format!("{day}T18:00")
}

/// Once a week from in three days on, in the evening.
fn weekly(bed: &Bed, called_off: &[i64]) -> RecordIri {
    let begins = day(3).to_string();
    let off: Vec<String> = called_off.iter().map(|ahead| at(day(*ahead))).collect();
    let fields = [
        ("title", "Repair café"),
        ("organisers-label", "La Volière"),
        ("occurrence-date", begins.as_str()),
        ("occurrence-time", "18:00"),
        ("occurrence-end-time", "20:30"),
        ("repeats", "weekly"),
        ("place", "Nice (06088)"),
    ];
    let off = off.iter().map(|one| ("called-off", one.as_str()));
    bed.publish(Kind::Event, &fields.into_iter().chain(off).collect::<Vec<_>>())
}

fn event(bed: &Bed, iri: &RecordIri) -> Event {
    let Body::Event(event) = bed.own(iri).unwrap().record.body else { panic!() };
    event
}

/// The evening of a day as pages say it.
fn evening(day: Date) -> String {
    let hours = [time!(18:00), time!(20:30)].map(dates::time);
    format!("{}, de {} à {}", dates::named_day(day), hours[0], hours[1])
}

/// What is struck out on a page.
fn struck(page: &Page) -> Vec<String> {
    page.body.split("<s>").skip(1).filter_map(|rest| rest.split_once("</s>")).map(|(text, _)| unescaped(text)).collect()
}

/// The part of the agenda that tells of a day.
fn of_day(page: &Page, day: Date) -> String {
    let heading = format!("<h3>{}</h3>", dates::named_day(day));
    let (_, rest) = page.body.split_once(&heading).unwrap_or_else(|| panic!("nothing on {day}: {}", page.body));
    rest.split("</section>").next().unwrap().to_owned()
}

async fn sent(nora: &mut Browser, path: &str, called_off: &[&str]) -> Page {
    let page = nora.get(path).await.is(200);
    let mut all = page.form(path);
    all.retain(|(name, _)| name != "called-off");
    all.extend(called_off.iter().map(|one| ("called-off".to_owned(), (*one).to_owned())));
    nora.post(path, &all, &[]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_edit_ticks_a_date_and_everybody_sees_it_struck() {
    let bed = Bed::new().await;
    let repair = weekly(&bed, &[]);
    let mut nora = bed.animator().await;
    let path = format!("{}/modifier", bed.page(&repair));
    let form = nora.get(&path).await.is(200);
    assert!(form.says("Dates annulées") && form.says(&evening(day(10))), "{}", form.body);
    assert!(form.form(&path).iter().all(|(name, _)| name != "called-off"), "nothing is ticked yet");
    sent(&mut nora, &path, &[&at(day(10))]).await.is(303);
    assert_eq!(event(&bed, &repair).called_off.len(), 1);

    let mut visitor = bed.browser();
    let page = visitor.get(&bed.page(&repair)).await.is(200);
    assert_eq!(struck(&page), [evening(day(10))]);
    assert!(page.says("Dates annulées") && page.says("(annulée)"), "in words too: {}", page.body);
    let agenda = visitor.get("/agenda").await.is(200);
    let told = of_day(&agenda, day(10));
    assert!(told.contains("<s>de 18") && told.contains("Annulé à cette date"), "{told}");
    assert!(told.contains("card cancelled") && told.contains(">Annulé<"), "{told}");
    for held in [3, 17] {
        let told = of_day(&agenda, day(held));
        assert!(!told.contains("<s>") && !told.contains("Annulé"), "{told}");
    }
    // The same form again, opened and saved, keeps it; ticked no more, it takes place.
    nora.follow(&path, &[]).await.is(200);
    assert_eq!(event(&bed, &repair).called_off.len(), 1);
    sent(&mut nora, &path, &[]).await.is(303);
    assert_eq!(event(&bed, &repair).called_off, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_month_at_a_glance_strikes_a_day_on_which_nothing_takes_place() {
    let bed = Bed::new().await;
    weekly(&bed, &[10]);
    let month = day(10).to_string();
    let page = bed.browser().get(&format!("/agenda?mois={}", &month[..7])).await.is(200);
    let square = format!("<s>{}</s><span class=\"hidden\"> (annulée)</span>", day(10).day());
    assert_eq!(page.body.matches(&square).count(), 1, "{}", page.body);
    let begins = day(10).to_string();
    let other = [("title", "Bal"), ("organisers-label", "La Volière"), ("occurrence-date", begins.as_str())];
    bed.publish(Kind::Event, &other);
    let page = bed.browser().get(&format!("/agenda?mois={}", &month[..7])).await.is(200);
    assert!(!page.body.contains(&square), "something takes place: {}", page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_date_of_the_series_is_told_in_a_sentence_and_kept() {
    let bed = Bed::new().await;
    let repair = weekly(&bed, &[]);
    let mut nora = bed.animator().await;
    let path = format!("{}/modifier", bed.page(&repair));
    let page = sent(&mut nora, &path, &[&at(day(11))]).await.is(422);
    assert!(page.says("Une des dates cochées n’est pas une date de cet évènement."), "{}", page.body);
    assert!(page.body.contains("id=\"e-called-off\""), "{}", page.body);
    let lost = format!("{} à {}", dates::named_day(day(11)), dates::time(time!(18:00)));
    assert!(page.says(&format!("{lost} – ce n’est plus une date de l’évènement")), "{}", page.body);
    assert_eq!(page.value(&path, "called-off"), Some(at(day(11))), "it stays ticked until somebody says otherwise");
    let page = sent(&mut nora, &path, &["bientôt"]).await.is(422);
    assert!(page.says("Ce n’est pas une date."), "{}", page.body);
    assert_eq!(event(&bed, &repair).called_off, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_series_that_moves_to_another_hour_keeps_what_is_called_off_and_one_that_moves_to_another_day_tells() {
    let bed = Bed::new().await;
    let repair = weekly(&bed, &[10]);
    let mut nora = bed.animator().await;
    let path = format!("{}/modifier", bed.page(&repair));
    nora.follow(&path, &[("occurrence-time", "19:00")]).await.is(200);
    assert_eq!(event(&bed, &repair).called_off[0].time.unwrap().hour(), 19);
    let later = day(4).to_string();
    let page = nora.fill(&path, &[("occurrence-date", &later)]).await.is(422);
    assert!(page.says("Une des dates cochées n’est pas une date de cet évènement."), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_tells_the_next_date_that_takes_place_and_what_is_called_off() {
    let bed = Bed::new().await;
    weekly(&bed, &[3, 17]);
    let page = bed.browser().get("/recherche?q=repair").await.is(200);
    assert_eq!(struck(&page), [3, 17].map(|ahead| dates::named_day(day(ahead))));
    assert!(page.says(&format!("<span>{}</span>", evening(day(10)))), "the next that takes place: {}", page.body);
    assert!(page.says("Dates annulées :"), "{}", page.body);
    let table = bed.browser().get("/agenda.csv").await.is(200);
    assert!(table.body.contains(&format!("{} 18:00", day(10))), "{}", table.body);
}

/// Who asks for a weekend on which it is called off finds it called off; and what is too far ahead to be told on a card is not found there.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_sent_to_a_closed_door() {
    let bed = Bed::new().await;
    let all: Vec<i64> = (0..12).map(|week| 3 + 7 * week).skip(1).collect();
    weekly(&bed, &all);
    let mut visitor = bed.browser();
    let mut on = async |ahead: i64| {
        let day = day(ahead);
        visitor.get(&format!("/agenda?du={day}&au={day}")).await.is(200)
    };
    let held = on(3).await;
    assert!(held.says("Repair café") && struck(&held).is_empty(), "{}", held.body);
    let told = on(10).await;
    assert!(told.says("Repair café") && told.says("Annulé à cette date"), "{}", told.body);
    let far = on(3 + 7 * 10).await;
    assert!(!far.says("Repair café"), "{}", far.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn calendars_and_search_engines_are_told() {
    let bed = Bed::new().await;
    let repair = weekly(&bed, &[3, 17]);
    let calendar = plain(&bed.browser().get("/agenda.ics").await.is(200).body.replace("\r\n ", ""));
    let entries: Vec<&str> = calendar.split("BEGIN:VEVENT").skip(1).collect();
    let (off, held): (Vec<&str>, Vec<&str>) = entries.iter().partition(|entry| entry.contains("STATUS:CANCELLED"));
    assert_eq!(off.len(), 2, "{calendar}");
    assert!(off.iter().all(|entry| entry.contains("SUMMARY:Annulé : Repair café\r\n")), "{off:?}");
    assert!(held.len() > 40 && held.iter().all(|entry| entry.contains("SUMMARY:Repair café\r\n")), "{calendar}");
    // Under the same name as before: a calendar that has it sees it change.
    let uid = |entry: &&str| entry.lines().find(|line| line.starts_with("UID:")).map(str::to_owned);
    let called_off: Vec<Option<String>> = off.iter().map(uid).collect();
    let mut nora = bed.animator().await;
    sent(&mut nora, &format!("{}/modifier", bed.page(&repair)), &[]).await.is(303);
    let again = bed.browser().get("/agenda.ics").await.is(200).body.replace("\r\n ", "");
    assert!(called_off.iter().flatten().all(|uid| again.contains(uid)) && !again.contains("CANCELLED"), "{again}");

    sent(&mut nora, &format!("{}/modifier", bed.page(&repair)), &[&at(day(3))]).await.is(303);
    let page = bed.browser().get(&bed.page(&repair)).await.is(200);
    let (_, rest) = page.body.split_once("<script type=\"application/ld+json\">").unwrap();
    let thing: Value = serde_json::from_str(rest.split("</script>").next().unwrap()).unwrap();
    assert_eq!(thing["startDate"], at(day(10)), "{thing}");
    assert_eq!(thing["eventStatus"], "https://schema.org/EventScheduled");
    let first = &thing["subEvent"][0];
    assert_eq!(
        (&first["startDate"], &first["eventStatus"]),
        (&at(day(3)).into(), &"https://schema.org/EventCancelled".into())
    );
    assert!(thing["subEvent"][1].get("eventStatus").is_none(), "{thing}");
}

/// Where the whole event is cancelled, that is said, and not of each date.
#[tokio::test(flavor = "multi_thread")]
async fn of_one_date_the_whole_event_is_called_off() {
    let bed = Bed::new().await;
    let begins = day(5).to_string();
    let fields = [("title", "Bal"), ("organisers-label", "La Volière"), ("occurrence-date", begins.as_str())];
    let ball = bed.publish(Kind::Event, &fields);
    let mut nora = bed.animator().await;
    let form = nora.get(&format!("{}/modifier", bed.page(&ball))).await.is(200);
    assert!(!form.says("Dates annulées"), "{}", form.body);
}
