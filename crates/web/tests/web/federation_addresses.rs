//! What other nodes ask for, and the pages of what they sent.

use crate::bed::{Bed, demand};
use pes_domain::Kind;
use serde_json::Value;

const FOREIGN: [(&str, &str); 8] = [
    ("name", "La Halte"),
    ("contact-medium", "phone"),
    ("contact-value", "06 39 98 00 01"),
    ("contact-audience", "public"),
    ("contact-medium", "phone"),
    ("contact-value", "07 39 98 00 01"),
    ("contact-note", ""),
    ("contact-audience", "affiliates"),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_record_from_elsewhere_names_its_network_and_its_home() {
    let bed = Bed::new().await;
    let other = bed.elsewhere();
    let iri = other.publish(Kind::Exchange, &demand("Cherche local"));
    bed.hears(&other);
    let path = format!("/chez/ailleurs.test/exchange/{}", iri.uuid());
    assert_eq!(bed.page(&iri), path);
    let page = bed.browser().get(&path).await.is(200);
    assert!(page.body.contains(&format!("<link rel=\"canonical\" href=\"{iri}\">")));
    assert!(page.says("Par le réseau Réseau d’ailleurs"));
    assert!(page.says("Cette fiche est tenue par le réseau Réseau d’ailleurs."));
    assert!(page.body.contains(&format!("<a href=\"{iri}\">")), "the way to its home");
    assert_eq!(page.header("link"), None, "its graphs are at home");
    assert!(!page.body.contains("/modifier"));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_here_edits_what_is_at_home_elsewhere() {
    let bed = Bed::new().await;
    let other = bed.elsewhere();
    let iri = other.publish(Kind::Exchange, &demand("Cherche local"));
    bed.hears(&other);
    let mut nora = bed.animator().await;
    for way in ["modifier", "supprimer", "rejoindre"] {
        nora.get(&format!("{}/{way}", bed.page(&iri))).await.is(404);
        nora.get(&format!("/id/exchange/{}/{way}", iri.uuid())).await.is(404);
    }
    nora.get(&format!("/id/exchange/{}", iri.uuid())).await.is(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_record_from_elsewhere_members_see_more_than_visitors() {
    let bed = Bed::new().await;
    let other = bed.elsewhere();
    let structure = other.publish(Kind::Structure, &FOREIGN);
    let kept = [&demand("Entre réseaux")[..], &[("audience", "affiliates")]].concat();
    let exchange = other.publish(Kind::Exchange, &kept);
    bed.hears(&other);
    let readers = [(bed.browser(), false), (bed.citizen("Zoé").await, false), (bed.member("Marie").await, true)];
    for (mut one, is_member) in readers {
        let sheet = one.get(&bed.page(&structure)).await.is(200);
        assert!(sheet.says("06\u{202f}39\u{202f}98"));
        assert_eq!(sheet.says("07\u{202f}39\u{202f}98"), is_member);
        one.get(&bed.page(&exchange)).await.is(if is_member { 200 } else { 404 });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_its_home_withdraws_is_gone_here() {
    let bed = Bed::new().await;
    let other = bed.elsewhere();
    let iri = other.publish(Kind::Exchange, &demand("Cherche local"));
    bed.hears(&other);
    bed.browser().get(&bed.page(&iri)).await.is(200);
    other.journal.delete(&iri, None, time::UtcDateTime::now()).unwrap();
    bed.hears(&other);
    bed.browser().get(&bed.page(&iri)).await.is(404);
    assert!(!bed.browser().get("/annonces").await.says("Cherche local"));
}

#[tokio::test(flavor = "multi_thread")]
async fn networks_and_records_nobody_knows_are_absent() {
    let bed = Bed::new().await;
    let other = bed.elsewhere();
    let uuid = "00000000-0000-4000-8000-000000000000";
    drop(other);
    for path in [
        format!("/chez/ailleurs.test/exchange/{uuid}"),
        format!("/chez/inconnu.test/exchange/{uuid}"),
        format!("/chez/ailleurs.test/nothing/{uuid}"),
        "/chez/ailleurs.test/exchange/x".to_owned(),
    ] {
        bed.browser().get(&path).await.is(404);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_introduces_itself_to_anybody() {
    let bed = Bed::new().await;
    let mut anybody = bed.browser();
    for path in ["/.well-known/pes", "/.well-known/did.json"] {
        let answer = anybody.get(path).await.is(200);
        let json: Value = serde_json::from_str(&answer.body).unwrap();
        assert!(json.is_object(), "{path}");
        assert!(answer.body.contains("localhost"), "{path}: {}", answer.body);
        assert!(answer.header("content-type").unwrap().contains("json"), "{path}");
        assert_eq!(answer.header("vary"), Some("Accept, Signature"), "{path}");
        assert!(answer.header("set-cookie").is_none(), "{path}: a node is no visitor");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_public_log_is_anybody_s_and_the_members_log_is_not() {
    let bed = Bed::new().await;
    let iri = bed.demand("Cherche local");
    bed.publish(Kind::Exchange, &[&demand("Entre réseaux")[..], &[("audience", "affiliates")]].concat());
    let mut anybody = bed.browser();
    let checkpoint = anybody.get("/log/public/1/checkpoint").await.is(200);
    assert_eq!(checkpoint.header("cache-control"), Some("no-cache"));
    let change_set = anybody.get("/log/public/1/0").await.is(200);
    assert!(change_set.body.contains(&iri.to_string()), "{}", change_set.body);
    let linked = anybody.get_as("/log/public/1/0", "application/ld+json").await.is(200);
    assert_eq!(linked.header("content-type"), Some("application/ld+json"));
    for path in ["/log/affiliates/1/checkpoint", "/log/affiliates/1/0"] {
        let refused = anybody.get(path).await;
        assert!(matches!(refused.status, 401 | 403 | 404), "{path}: {}", refused.status);
    }
    for path in ["/log/public/1/7", "/log/public/2/checkpoint", "/log/x", "/log/", "/mirror/x/public/1/0"] {
        let absent = anybody.get(path).await;
        assert!(matches!(absent.status, 400..=404), "{path}: {}", absent.status);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_brings_anything_in_without_a_signature() {
    let bed = Bed::new().await;
    let node = bed.journal.identity().node_id.clone();
    let before = bed.journal.heads().unwrap();
    let mut stranger = bed.browser();
    for path in [format!("/in/{node}/public"), "/in/join".into(), "/in/messages".into(), "/in/".into()] {
        let refused = stranger.request("POST", &path, &[], b"{}").await;
        assert!(matches!(refused.status, 400..=404), "{path}: {} {}", refused.status, refused.body);
    }
    let half = [("Signature", "pes=:AAAA:"), ("Content-Digest", "sha-256=:AAAA:")];
    let refused = stranger.request("POST", "/in/join", &half, b"{}").await.is(401);
    assert!(refused.body.contains("all three fields"), "{}", refused.body);
    let packed = [("Content-Encoding", "gzip")];
    assert!(stranger.request("POST", "/in/join", &packed, b"{}").await.is(400).body.contains("not compressed"));
    assert_eq!(bed.journal.heads().unwrap().len(), before.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_body_of_a_stranger_is_not_read() {
    let bed = Bed::new().await;
    let body = vec![b'x'; pes_sync::desk::BODY + 1];
    for path in ["/in/join", "/in/messages", "/in/x/public"] {
        bed.browser().request("POST", path, &[], &body).await.is(401);
    }
}

/// What is packed is neither unpacked nor read: a few bytes could fill the memory.
#[tokio::test(flavor = "multi_thread")]
async fn a_packed_body_is_not_unpacked() {
    let bed = Bed::new().await;
    let packed = [("Content-Encoding", "gzip")];
    for path in ["/in/join", "/in/messages"] {
        bed.browser().request("POST", path, &packed, &[0x1f, 0x8b, 8, 0]).await.is(400);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_between_nodes_take_their_own_method_only() {
    let bed = Bed::new().await;
    let mut stranger = bed.browser();
    for (method, path) in [("POST", "/heads"), ("DELETE", "/log/public/1/0"), ("GET", "/in/join"), ("PUT", "/in/join")]
    {
        let refused = stranger.request(method, path, &[], b"").await;
        assert!(matches!(refused.status, 404 | 405), "{method} {path}: {}", refused.status);
    }
}
