//! Pages that stand in the window: the same to every visitor, nobody's own, and gone the moment they are no longer true.

use crate::bed::{Bed, Page};
use pes_domain::Kind;
use pes_store::own_records::Moderation;
use time::UtcDateTime;

const PATHS: [&str; 4] = ["/annonces", "/", "/territoire/department/06", "/recherche?q=local"];
const DEMAND: [(&str, &str); 6] = [
    ("direction", "demand"),
    ("type", "service"),
    ("title", "Cherche local"),
    ("author", "Marie"),
    ("skills", "premises"),
    ("place", "Nice"),
];

fn cookies(page: &Page) -> Vec<String> {
    page.headers("set-cookie").into_iter().map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_visitor_has_a_cookie_of_their_own_and_the_page_nobody_s() {
    let bed = Bed::new().await;
    bed.publish(Kind::Exchange, &DEMAND);
    for path in PATHS {
        let (one, other) = (bed.browser().get(path).await.is(200), bed.browser().get(path).await.is(200));
        assert_eq!(one.body, other.body, "{path}");
        assert!(one.body.contains("Cherche local"), "{path}");
        let (mine, theirs) = (cookies(&one), cookies(&other));
        assert_eq!((mine.len(), theirs.len()), (1, 1), "{path}");
        assert_ne!(mine, theirs, "{path}");
        let secret = mine[0].split(['=', ';']).nth(1).unwrap();
        let token = bed.links.token("visitor", secret);
        assert!(!one.body.contains(&token) && !one.body.contains(secret), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_for_members_stands_in_no_window() {
    let bed = Bed::new().await;
    bed.publish(Kind::Exchange, &[DEMAND.as_slice(), &[("audience", "network")]].concat());
    let mut karim = bed.member("Karim").await;
    for path in PATHS {
        for _ in 0..2 {
            assert!(karim.get(path).await.is(200).body.contains("Cherche local"), "{path}");
            let seen = bed.browser().get(path).await.is(200);
            assert!(!seen.body.contains("Cherche local") && !seen.body.contains("Karim"), "{path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_taken_back_is_gone_at_once() {
    let bed = Bed::new().await;
    for ending in ["withdrawn", "deleted", "narrowed"] {
        let iri = bed.publish(Kind::Exchange, &DEMAND);
        for path in PATHS {
            assert!(bed.browser().get(path).await.body.contains("Cherche local"), "{path}");
        }
        let (own, now) = (bed.own(&iri).unwrap(), UtcDateTime::now());
        match ending {
            "withdrawn" => drop(bed.journal.save(own.record, Moderation::Draft, None, now).unwrap()),
            "deleted" => drop(bed.journal.delete(&iri, None, now).unwrap()),
            _ => {
                let record = pes_domain::Record { audience: pes_domain::Audience::Private, ..own.record };
                drop(bed.journal.save(record, Moderation::Published, None, now).unwrap());
            }
        }
        for path in PATHS {
            assert!(!bed.browser().get(path).await.body.contains("Cherche local"), "{ending}: {path}");
        }
    }
}
