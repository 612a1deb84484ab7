//! What time does where nobody does anything: a proposal that nobody looked at is published after its days, in every network; and a week's
//! announcements come on Monday. The clock is moved by hand.

use pes_domain::RecordIri;
use pes_domain::audience::Reader;
use pes_store::accounts::Role;
use pes_store::lists;
use time::macros::time;
use time::{Duration, UtcDateTime, Weekday};
use village::{NAMES, Scene, eventually, plain, shown};

const QUEUE: &str = "/reseau/a-relire";

fn waiting(scene: &Scene) -> Option<RecordIri> {
    let proposed = scene.village.house("mesclun").journal.store().read(lists::proposed).unwrap();
    proposed.into_iter().next().map(|own| own.record.iri)
}

/// What Mesclun publishes by itself at a time: how many.
fn published(scene: &Scene, now: UtcDateTime) -> usize {
    let house = scene.village.house("mesclun");
    house.journal.publish_waiting(house.config.publish_after_days, now).unwrap()
}

/// How many mails with these words somebody had.
fn mailed(scene: &Scene, to: &str, words: &str) -> usize {
    scene.catcher.mails().iter().filter(|mail| mail.to == [to] && plain(&mail.text()).contains(words)).count()
}

/// What Mesclun kept for a day's or a week's mail is looked at, as it is each morning.
async fn morning(scene: &Scene, at: UtcDateTime) -> u64 {
    let crier = scene.village.house("mesclun").crier().unwrap().unwrap();
    tokio::task::spawn_blocking(move || crier.fold(at).unwrap().sent).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_looks_at_is_everywhere_after_three_days() {
    let scene = Scene::open().await;
    scene.account("mesclun", "zoe@mesclun.example", Role::Citizen);
    scene.account("mesclun", "equipe@mesclun.example", Role::Animator);
    let mut zoe = scene.browser("mesclun", "zoe@mesclun.example").await;
    let offer = [("direction", "offer"), ("type", "product"), ("title", "Un vélo"), ("author", "Zoé")];
    zoe.fill("/nouveau/annonce", &offer).await.unwrap();
    let iri = waiting(&scene).unwrap();
    let mut team = scene.browser("mesclun", "equipe@mesclun.example").await;
    shown(&mut team, QUEUE, "se publie d’elle-même le").await;
    let now = UtcDateTime::now();
    assert_eq!(published(&scene, now + Duration::days(3) - Duration::MINUTE), 0, "not before");
    assert!(!scene.shows("alliance", &iri, Reader::Anyone));
    assert_eq!(published(&scene, now + Duration::days(3) + Duration::MINUTE), 1);
    assert_eq!(published(&scene, now + Duration::days(4)), 0, "and once");
    eventually("it is everywhere", || NAMES.iter().all(|name| scene.shows(name, &iri, Reader::Anyone))).await;
    eventually("she is told by mail", || mailed(&scene, "zoe@mesclun.example", "« Un vélo » est publiée") == 1).await;
    assert_eq!(waiting(&scene), None);
    let page = team.get(QUEUE).await.unwrap();
    assert!(!page.body.contains("Un vélo"), "nothing waits any more: {}", page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_week_s_announcements_come_on_monday_and_once() {
    let scene = Scene::open().await;
    let fields = [("name", "La Maison"), ("skills", "premises"), ("site-commune", "Nice (06088)")];
    let lieu = "lieu@mesclun.example";
    scene.structure_of("mesclun", lieu, &fields);
    let mut browser = scene.browser("mesclun", lieu).await;
    let csrf = browser.get("/mon-espace").await.unwrap().hidden("csrf").unwrap();
    browser.send("/mes-preferences", &[("csrf", csrf), ("mails", "weekly".into())]).await.unwrap();
    for title in ["Un local à Nice", "Une cave à Nice"] {
        scene.demand("alliance", title);
        shown(&mut browser, "/mes-avis", title).await;
    }
    let today = UtcDateTime::now().replace_time(time!(05:30));
    let monday = (1..=7).map(|days| today + Duration::days(days)).find(|at| at.weekday() == Weekday::Monday).unwrap();
    for days in 1..(monday - today).whole_days() {
        assert_eq!(morning(&scene, today + Duration::days(days)).await, 0, "the week is not over");
    }
    assert_eq!(mailed(&scene, lieu, ""), 0);
    assert_eq!(morning(&scene, monday).await, 1);
    eventually("one mail", || mailed(&scene, lieu, "un message par semaine") == 1).await;
    assert_eq!(mailed(&scene, lieu, "Un local à Nice"), 1);
    assert_eq!(mailed(&scene, lieu, "Une cave à Nice"), 1, "both in one");
    assert_eq!(morning(&scene, monday + Duration::WEEK).await, 0, "nothing twice, nothing empty");
}
