//! For whom a record is: who says nothing of it tells nobody more than they did before, or than the network gives.

use crate::bed::Bed;
use pes_domain::{Audience, Field, Kind};
use pes_store::own_records::Moderation;

const NEW: &str = "/nouveau/structure";

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_that_does_not_say_for_whom_leaves_it_as_it_stood() {
    let bed = Bed::new().await;
    let narrow = [
        ("name", "La Réserve"),
        ("audience", "network"),
        ("web", "https://reserve.example"),
        ("audience-of-web", "private"),
    ];
    let iri = bed.publish(Kind::Structure, &narrow);
    let edit = format!("{}/modifier", bed.page(&iri));
    let mut nora = bed.animator().await;
    for (tagline, sent) in [("un", None), ("deux", Some("")), ("trois", Some(" \t"))] {
        let mut fields = nora.get(&edit).await.is(200).form(&edit);
        fields.retain(|(name, _)| !name.starts_with("audience") && name != "tagline");
        fields.push(("tagline".into(), tagline.into()));
        fields.extend(sent.map(|blank| ("audience".to_owned(), blank.to_owned())));
        nora.post(&edit, &fields, &[]).await.is(303);
        let record = bed.own(&iri).unwrap().record;
        assert_eq!(
            (record.audience, record.audience_of(Field::Web)),
            (Audience::Network, Audience::Private),
            "{sent:?}"
        );
        assert!(record.title() == "La Réserve" && bed.browser().get(&bed.page(&iri)).await.status == 404);
    }
    // Who says it is heard, also that a part of it is for whom the rest is.
    nora.fill(&edit, &[("audience", "public"), ("audience-of-web", "")]).await.is(303);
    let record = bed.own(&iri).unwrap().record;
    assert_eq!((record.audience, record.audience_of(Field::Web)), (Audience::Public, Audience::Public));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_record_that_does_not_say_for_whom_is_for_whom_the_network_gives() {
    let bed = Bed::new().await;
    let mut nora = bed.animator().await;
    let form = nora.get(NEW).await.is(200);
    let given = form.value(NEW, "audience").unwrap();
    for (name, sent) in [("Un", None), ("Deux", Some("")), ("Trois", Some(" "))] {
        let mut fields = form.form(NEW);
        fields.retain(|(field, _)| field != "audience" && field != "name");
        fields.push(("name".into(), name.into()));
        fields.extend(sent.map(|blank| ("audience".to_owned(), blank.to_owned())));
        nora.post(NEW, &fields, &[]).await.is(303);
    }
    let all = bed.all(Kind::Structure, Moderation::Published);
    assert_eq!(all.len(), 3);
    assert!(all.iter().all(|own| own.record.audience.as_str() == given));
    nora.fill(NEW, &[("name", "Quatre"), ("audience", "tout-le-monde")]).await.is(422);
}

/// What is right in each part and too much as a whole is said beside what most of it is made of, and nothing is lost.
#[tokio::test(flavor = "multi_thread")]
async fn more_dates_than_fit_are_said_to_be_too_many() {
    let bed = Bed::new().await;
    let voliere = bed.structure("La Volière");
    let (mut marie, voliere) = (bed.editor("Marie", &voliere).await, voliere.to_string());
    let new = "/nouveau/evenement";
    let mut fields = marie.get(new).await.is(200).form(new);
    fields.retain(|(name, _)| !["title", "organisers"].contains(&name.as_str()) && !name.starts_with("occurrence"));
    fields.extend([("title".into(), "Permanences".into()), ("organisers".into(), voliere)]);
    let day = |at: i64| (time::macros::date!(2027 - 01 - 01) + time::Duration::days(at)).to_string();
    fields.extend((0..120).map(|at| ("occurrence-date".to_owned(), day(at))));
    let refused = marie.post(new, &fields, &[]).await.is(422);
    for kept in ["Trop d’éléments : 50 au plus", "Permanences", &day(119)] {
        assert!(
            refused.says(kept),
            "{kept}: {}",
            refused.body.lines().filter(|line| line.contains("error")).collect::<String>()
        );
    }
    assert!(bed.all(Kind::Event, Moderation::Published).is_empty());
    let mut left = 50;
    fields.retain(|(name, _)| {
        left -= i32::from(name == "occurrence-date");
        name != "occurrence-date" || left >= 0
    });
    marie.post(new, &fields, &[]).await.is(303);
}

/// What never leaves this network stands beside its structure for whom it is, as what does.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_for_the_network_stands_beside_its_structure_for_its_people() {
    let bed = Bed::new().await;
    let (voliere, autre) = (bed.structure("La Volière"), bed.structure("L’Autre"));
    let voice = voliere.to_string();
    let offer = |title: &str, audience: &str, more: &[(&str, &str)]| {
        let fields = [("direction", "offer"), ("type", "product"), ("title", title), ("audience", audience)];
        let voice = [("structure", voice.as_str()), ("structure-label", "La Volière")];
        bed.publish(Kind::Exchange, &[&fields[..], &voice, more].concat());
    };
    offer("Des nichoirs", "public", &[]);
    offer("Des mangeoires", "network", &[]);
    offer("Des perchoirs", "private", &[]);
    offer("Des graines", "network", &[("expires", "2020-01-01")]);
    let shown = |page: &crate::bed::Page| {
        let all = ["nichoirs", "mangeoires", "perchoirs", "graines"];
        all.into_iter().filter(|word| page.says(&format!("Des {word}"))).collect::<Vec<_>>()
    };
    let (mut zoe, mut marie) = (bed.citizen("Zoé").await, bed.member("Marie").await);
    for other in [&mut bed.browser(), &mut zoe] {
        assert_eq!(shown(&other.get(&bed.page(&voliere)).await.is(200)), ["nichoirs"]);
    }
    assert_eq!(shown(&marie.get(&bed.page(&voliere)).await.is(200)), ["nichoirs", "mangeoires"]);
    assert!(shown(&marie.get(&bed.page(&autre)).await.is(200)).is_empty());
}
