//! Long texts, as their writers mean them: formatted on their own page, plain everywhere else, and harmless wherever they come from.

use crate::bed::{Bed, Page};
use pes_domain::Kind;

const TEXT: &str = "# Dix ans\n\nUne **fête**, avec :\n\n- un bal\n- [le programme](https://exemple.example/bal?a=1&b=2)\n\nÉcrire à zoe@exemple.example.";
const PLAIN: &str = "Dix ans Une fête, avec : un bal le programme Écrire à zoe@exemple.example.";

/// What no page says of a text that is written so.
fn has_signs(page: &Page) -> bool {
    ["# Dix ans", "**fête**", "- un bal", "](https:", "](https&#x3D;"].iter().any(|sign| page.body.contains(sign))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_is_formatted_on_its_page_and_plain_everywhere_else() {
    let bed = Bed::new().await;
    let article = bed.publish(Kind::Article, &[("title", "Fête"), ("author", "Zoé"), ("text", TEXT), ("tags", "bal")]);
    let mut visitor = bed.browser();
    let page = visitor.get(&bed.page(&article)).await.is(200);
    assert!(!has_signs(&page), "{}", page.body);
    assert!(page.body.contains("<h2>Dix ans</h2>\n<p>Une <strong>fête</strong>, avec :</p>\n<ul>\n<li>un bal</li>"));
    let link = "<a href=\"https://exemple.example/bal?a=1&amp;b=2\" rel=\"nofollow noopener ugc\">le programme</a>";
    assert!(page.body.contains(link), "{}", page.body);
    assert!(page.body.contains("<a href=\"mailto:zoe@exemple.example\" rel=\"nofollow noopener ugc\">"));
    assert!(page.says(&format!("name=\"description\" content=\"{PLAIN}\"")), "{}", page.body);
    assert!(page.body.contains(&format!("\"description\":\"{PLAIN}\"")), "search engines read it too: {}", page.body);
    for path in [
        "/",
        "/actualites",
        "/actualites/imprimer",
        "/recherche?q=programme",
        "/tag/bal",
        "/actualites.atom",
        "/actualites.csv",
    ] {
        let page = visitor.get(path).await.is(200);
        assert!(page.says(PLAIN) && !has_signs(&page), "{path}: {}", page.body);
    }
    let nora = bed.animator().await.get(&format!("{}/modifier", bed.page(&article))).await.is(200);
    assert!(nora.says("**fête**"), "whoever writes sees what they wrote");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_s_text_does_nothing_to_a_page() {
    let bed = Bed::new().await;
    let other = bed.elsewhere();
    let attack = "<script>alert(1)</script>\n\n<img src=x onerror=alert(1)>\n\n[a](javascript:alert(1)) [b](data:text/html,x)\n\n\
        ![c](https://exemple.example/espion.png)\n\n[d][e]\n\n[e]: java&#10;script:alert(1)\n\n<https://exemple.example/\"onclick=alert(1)>";
    let kinds: [(Kind, &[(&str, &str)]); 4] = [
        (Kind::Structure, &[("name", "Le Piège"), ("description", attack)]),
        (Kind::Article, &[("title", "Piège"), ("author", "Zoé"), ("text", attack)]),
        (Kind::Job, &[("title", "Piégeur"), ("contract", "cdi"), ("employer-label", "X"), ("description", attack)]),
        (
            Kind::Call,
            &[("title", "Appel"), ("call-type", "call-for-tenders"), ("bearer-label", "X"), ("description", attack)],
        ),
    ];
    for (kind, fields) in kinds {
        let iri = other.publish(kind, fields);
        bed.hears(&other);
        let page = bed.browser().get(&bed.page(&iri)).await.is(200);
        let (_, text) = page.body.split_once("<div class=\"prose\">").unwrap_or_else(|| panic!("{kind:?}"));
        let text = text.split("</div>").next().unwrap();
        for bad in ["<script", "<img", "href=\"javascript", "href=\"data", "href=\"java", "\"onclick"] {
            assert!(!text.contains(bad), "{kind:?}: {bad} in {text}");
        }
        assert!(text.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), "it is shown as it was typed: {text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_says_what_can_be_written() {
    let bed = Bed::new().await;
    let mut marie = bed.citizen("Marie").await;
    for slug in
        ["annonce", "structure", "evenement", "emploi", "appel", "produit", "ressource", "personne", "actualite"]
    {
        let form = marie.get(&format!("/nouveau/{slug}")).await.is(200);
        assert!(form.says("« - » au début d’une ligne pour une liste"), "{slug}: {}", form.body);
    }
    let form = marie.get("/nouveau/actualite").await.is(200);
    assert!(form.says("Texte de l’article") && !form.says("Votre message"), "{}", form.body);
    let too_long =
        marie.fill("/nouveau/actualite", &[("title", "x"), ("author", "x"), ("text", &"x".repeat(10_001))]).await;
    assert!(too_long.is(422).says("Texte de l’article"), "what is wrong is called so too");
    let answer = marie.get(&format!("{}/repondre", bed.page(&bed.demand("Un local")))).await.is(200);
    assert!(answer.says("Votre message") && answer.says("a publié l’annonce"));
    let answer = marie.get(&format!("{}/repondre", bed.page(&bed.structure("La Volière")))).await.is(200);
    assert!(answer.says("Écrire à « La Volière »") && !answer.says("l’annonce"), "{}", answer.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_label_that_has_ended_is_not_shown_as_one_that_is_held() {
    let bed = Bed::new().await;
    let labels = [
        ("name", "La Volière"),
        ("label", "esus"),
        ("label-from", "2020-01-01"),
        ("label-until", "2023-06-30"),
        ("label", "demeter"),
        ("label-from", "2022-01-01"),
        ("label-until", ""),
    ];
    let iri = bed.publish(Kind::Structure, &labels);
    let page = bed.browser().get(&bed.page(&iri)).await.is(200);
    let row = |head: &str| {
        page.body.split_once(&format!("<dt>{head}</dt>")).unwrap().1.split("</dd>").next().unwrap().to_owned()
    };
    assert!(row("Labels").contains("Demeter") && !row("Labels").contains("ESUS"), "{}", row("Labels"));
    assert!(row("Labels échus").contains("ESUS") && row("Labels échus").contains("2023"), "{}", row("Labels échus"));
}
