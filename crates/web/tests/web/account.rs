//! Accounts at the door: signing up, in and out, forged forms, cookies, and the mails one no longer wants.

use crate::bed::{self, Bed, Browser, PASSWORD, Page};
use pes_store::accounts::{self, Account, Role};

fn accounts(bed: &Bed) -> Vec<Account> {
    bed.journal.store().read(accounts::all).unwrap()
}

fn pair(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

/// What somebody sends who makes up a form, with this token.
fn sign_up(csrf: Option<&str>) -> Vec<(String, String)> {
    let fields = [pair("name", "Zoé"), pair("email", "zoe@courriel.example"), pair("password", PASSWORD)];
    fields.into_iter().chain(csrf.map(|csrf| pair("csrf", csrf))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_signs_up_is_welcomed_and_no_member_yet() {
    let bed = Bed::new().await;
    let mut zoe = bed.browser();
    let fields = [("name", "Zoé Arnaud"), ("email", "Zoe@Courriel.example"), ("password", PASSWORD)];
    let space = zoe.follow("/inscription", &fields).await.is(200);
    assert!(space.says("Bienvenue ! Votre compte est ouvert."));
    assert!(space.says("Bonjour Zoé Arnaud"));
    assert!(space.says("Votre compte n’est pas encore rattaché au réseau"));
    let made = accounts(&bed);
    assert_eq!(
        (made[0].email.as_str(), made[0].role, made[0].is_accepted),
        ("zoe@courriel.example", Role::Citizen, false)
    );
    assert!(made[0].password.starts_with("$argon2id$"));
}

#[tokio::test(flavor = "multi_thread")]
async fn each_bad_sign_up_keeps_what_was_typed_and_says_what_to_do_in_french() {
    let bed = Bed::new().await;
    bed.account("Marie", Role::Citizen);
    let long = ("é".repeat(101), "x".repeat(201));
    let cases = [
        ("", "a@b.example", PASSWORD, "Ce champ est obligatoire."),
        (&long.0, "a@b.example", PASSWORD, "Trop long : 100 caractères au plus."),
        ("Zoé", "pas une adresse", PASSWORD, "Ce n’est pas une adresse de courriel."),
        ("Zoé", "", PASSWORD, "Ce n’est pas une adresse de courriel."),
        ("Zoé", "a@b.example", "neuf lett", "Il faut dix caractères au moins."),
        ("Zoé", "a@b.example", &long.1, "Trop long : 200 caractères au plus."),
        ("Zoé", "MARIE@courriel.example", PASSWORD, "Un compte existe déjà à cette adresse."),
    ];
    for (name, email, password, sentence) in cases {
        let fields = [("name", name), ("email", email), ("password", password)];
        let page = bed.browser().fill("/inscription", &fields).await.is(422);
        assert!(page.says(sentence), "{sentence}: {}", page.body);
        assert_eq!(page.value("/inscription", "name").as_deref(), Some(name));
        assert_eq!(page.value("/inscription", "email").as_deref(), Some(email));
        assert_eq!(page.value("/inscription", "password").as_deref(), Some(""), "a password is never sent back");
        assert!(page.header("set-cookie").is_none(), "nobody is signed in");
    }
    assert_eq!(accounts(&bed).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn all_that_is_wrong_with_a_sign_up_is_said_at_once() {
    let bed = Bed::new().await;
    let page = bed.browser().fill("/inscription", &[("name", ""), ("email", "x"), ("password", "x")]).await.is(422);
    for field in ["name", "email", "password"] {
        assert!(page.body.contains(&format!("<a href=\"#champ-{field}\">")), "{field}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_does_not_tell_whether_address_or_password_is_wrong() {
    let bed = Bed::new().await;
    bed.account("Marie", Role::Citizen);
    let mut stranger = bed.browser();
    let known =
        stranger.fill("/connexion", &[("email", "marie@courriel.example"), ("password", "faux, faux, faux")]).await;
    let unknown = stranger.fill("/connexion", &[("email", "jean@courriel.example"), ("password", PASSWORD)]).await;
    assert!(known.clone().is(422).says("L’adresse ou le mot de passe n’est pas le bon."));
    assert_eq!(known.value("/connexion", "email").as_deref(), Some("marie@courriel.example"));
    assert_eq!(known.body.replace("marie@", "jean@"), unknown.body);
    assert_eq!(known.status, unknown.status);
    stranger.get("/mon-espace").await.is(401);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_signs_in_however_it_is_capitalised() {
    let bed = Bed::new().await;
    bed.account("Marie", Role::Citizen);
    let mut marie = bed.browser();
    let fields = [("email", " MARIE@Courriel.Example "), ("password", PASSWORD)];
    assert!(marie.follow("/connexion", &fields).await.is(200).says("Bonjour Marie"));
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_ends_the_session_here_and_on_the_server() {
    let bed = Bed::new().await;
    let mut marie = bed.citizen("Marie").await;
    let mut copy = marie.clone();
    let space = marie.get("/mon-espace").await.is(200);
    marie.send(&space, "/deconnexion", &[]).await.to("/");
    assert!(!marie.cookies.keys().any(|name| name.contains("session")));
    marie.get("/mon-espace").await.is(401);
    copy.get("/mon-espace").await.is(401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_without_its_token_or_with_another_visitor_s_does_nothing() {
    let bed = Bed::new().await;
    let other = bed.browser().get("/inscription").await.value("/inscription", "csrf").unwrap();
    let mut zoe = bed.browser();
    zoe.get("/inscription").await.is(200);
    for csrf in [None, Some(""), Some(other.as_str())] {
        let page = zoe.post("/inscription", &sign_up(csrf), &[]).await.is(403);
        assert!(page.says("Le formulaire a expiré"), "{csrf:?}");
        assert!(page.says("Revenez en arrière"), "{csrf:?}");
    }
    assert!(accounts(&bed).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_s_form_takes_no_token_but_the_member_s_own() {
    let bed = Bed::new().await;
    let (mut marie, mut paul) = (bed.citizen("Marie").await, bed.citizen("Paul").await);
    let token = paul.get("/mon-espace").await.value("/mes-preferences", "csrf").unwrap();
    marie.post("/mes-preferences", &[pair("csrf", &token), pair("mails", "never")], &[]).await.is(403);
    assert!(accounts(&bed).iter().all(|account| account.wants_mail));
    let own = marie.get("/mon-espace").await.value("/mes-preferences", "csrf").unwrap();
    marie
        .post("/mes-preferences", &[pair("csrf", &own), pair("mails", "never")], &[])
        .await
        .to("/mon-espace?fait=preferences");
    let wants: Vec<bool> = accounts(&bed).iter().map(|account| account.wants_mail).collect();
    assert_eq!(wants, [false, true], "Marie's is off, Paul's is not");
}

#[tokio::test(flavor = "multi_thread")]
async fn how_often_one_is_written_to_is_chosen_shown_and_never_guessed() {
    let bed = Bed::new().await;
    let mut marie = bed.citizen("Marie").await;
    let chosen = |page: &Page| {
        let ticked = page.body.lines().filter(|line| line.contains("name=\"mails\"") && line.contains(" checked"));
        ticked
            .map(|line| line.split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let space = marie.get("/mon-espace").await;
    assert_eq!(chosen(&space), ["at-once"]);
    for rhythm in ["daily", "weekly", "at-once", "never"] {
        marie.send(&space, "/mes-preferences", &[("mails", rhythm)]).await.to("/mon-espace?fait=preferences");
        let after = marie.get("/mon-espace?fait=preferences").await;
        assert!(after.says("Votre choix est enregistré") && chosen(&after) == [rhythm], "{}", after.body);
        assert_eq!(accounts(&bed)[0].wants_mail, rhythm != "never");
    }
    for nonsense in ["", "hourly", "Never"] {
        marie.send(&space, "/mes-preferences", &[("mails", nonsense)]).await.is(422);
    }
    assert_eq!(chosen(&marie.get("/mon-espace").await), ["never"], "nothing was guessed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_another_site_sent_is_refused_even_with_the_right_token() {
    let bed = Bed::new().await;
    let mut zoe = bed.browser();
    let csrf = zoe.get("/inscription").await.value("/inscription", "csrf").unwrap();
    for from in ["cross-site", "same-site"] {
        zoe.post("/inscription", &sign_up(Some(&csrf)), &[("Sec-Fetch-Site", from)]).await.is(403);
    }
    assert!(accounts(&bed).is_empty());
    zoe.post("/inscription", &sign_up(Some(&csrf)), &[("Sec-Fetch-Site", "same-origin")]).await.is(303);
    assert_eq!(accounts(&bed).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_passwords_a_minute_may_be_tried_for_an_address_and_then_not_even_the_right_one() {
    let bed = Bed::new().await;
    bed.account("Marie", Role::Citizen);
    bed.account("Paul", Role::Citizen);
    let mut browser = bed.browser();
    let page = browser.get("/connexion").await;
    let tries = (0..20).map(|number| {
        let (mut browser, page) = (browser.clone(), page.clone());
        let email = if number % 2 == 0 { "marie@courriel.example" } else { " Marie@Courriel.example" };
        let fields = [("email", email), ("password", PASSWORD)];
        tokio::spawn(async move { browser.send(&page, "/connexion", &fields).await })
    });
    let mut refused = 0;
    for one in tries.collect::<Vec<_>>() {
        let answer = one.await.unwrap();
        match answer.status {
            429 => assert!(answer.says("Attendez une minute")),
            status => assert_eq!(status, 303),
        }
        refused += u32::from(answer.status == 429);
    }
    // One more is allowed every six seconds.
    assert!((5..=10).contains(&refused), "{refused} of 20");
    browser.send(&page, "/connexion", &[("email", "paul@courriel.example"), ("password", PASSWORD)]).await.is(303);
}

/// Tries to sign in to Marie's account from a network.
async fn try_from(browser: &mut Browser, page: &Page, password: &str, from: &str) -> u16 {
    let mut fields = page.form("/connexion");
    fields.retain(|(name, _)| name != "email" && name != "password");
    fields.extend([pair("email", "marie@courriel.example"), pair("password", password)]);
    browser.post("/connexion", &fields, &[("X-Forwarded-For", from)]).await.status
}

/// Nobody locks the owner of an account out by guessing: not from another network, and in a browser that is known not even
/// from many.
#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_s_guesses_do_not_lock_the_owner_out() {
    let bed = Bed::behind_a_proxy().await;
    bed.account("Marie", Role::Citizen);
    let (mut marie, mut stranger) = (bed.browser(), bed.browser());
    let (hers, page) = (marie.get("/connexion").await, stranger.get("/connexion").await);
    // One that is longer than any password costs no hashing.
    let wrong = "x".repeat(201);
    for _ in 0..10 {
        assert_eq!(try_from(&mut stranger, &page, &wrong, "203.0.113.1").await, 422);
    }
    assert_eq!(try_from(&mut stranger, &page, &wrong, "203.0.113.1").await, 429);
    assert_eq!(try_from(&mut marie, &hers, PASSWORD, "198.51.100.1").await, 303);
    marie.cookies.retain(|name, _| !name.ends_with("-session"));
    let from_many = |number: u32| format!("203.0.113.{}", number + 2);
    let mut last = 0;
    for number in 0..60 {
        last = try_from(&mut stranger, &page, &wrong, &from_many(number)).await;
    }
    assert_eq!(last, 429, "many networks together are slowed");
    let hers = marie.get("/connexion").await;
    assert_eq!(try_from(&mut marie, &hers, PASSWORD, "198.51.100.2").await, 303, "her browser is known");
    assert_eq!(try_from(&mut marie, &hers, &wrong, "203.0.113.1").await, 403, "the form was made for another visit");
}

#[tokio::test(flavor = "multi_thread")]
async fn cookies_are_the_server_s_alone_and_bear_the_node_s_name() {
    let bed = Bed::new().await;
    bed.account("Marie", Role::Citizen);
    let mut marie = bed.browser();
    let first = marie.get("/").await;
    assert_cookie(&first, "pes-1a2b3c4d-visite=", false);
    let signed_in = marie.fill("/connexion", &[("email", "marie@courriel.example"), ("password", PASSWORD)]).await;
    assert_cookie(&signed_in, "pes-1a2b3c4d-session=", false);
    assert!(marie.get("/").await.header("set-cookie").is_none(), "who has one gets no other");
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_https_cookies_are_bound_to_host_and_https() {
    let bed = Bed::at(Some("https://ici.test")).await;
    bed.account("Marie", Role::Citizen);
    let mut marie = bed.browser();
    assert_cookie(&marie.get("/").await, "__Host-pes-1a2b3c4d-visite=", true);
    let signed_in = marie.fill("/connexion", &[("email", "marie@courriel.example"), ("password", PASSWORD)]).await;
    assert_cookie(&signed_in, "__Host-pes-1a2b3c4d-session=", true);
    marie.get("/mon-espace").await.is(200);
}

fn assert_cookie(page: &Page, start: &str, is_secure: bool) {
    let cookie = page.header("set-cookie").unwrap();
    assert!(cookie.starts_with(start), "{cookie}");
    assert!(
        cookie.contains("; HttpOnly") && cookie.contains("; SameSite=Lax") && cookie.contains("; Path=/"),
        "{cookie}"
    );
    assert!(!cookie.contains("Domain"), "{cookie}");
    assert_eq!(cookie.contains("; Secure"), is_secure, "{cookie}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_link_that_stops_mails_only_asks_and_its_button_does_it() {
    let bed = Bed::new().await;
    let marie = bed.account("Marie", Role::Citizen);
    let path = format!("/sans-mails/{}/{}", marie.id, bed.links.token("unsubscribe", &marie.id));
    let mut scanner = bed.browser();
    let asked = scanner.get(&path).await.is(200);
    assert!(asked.says("Ne plus m’écrire"));
    assert!(accounts(&bed)[0].wants_mail, "a mail scanner opens links");
    assert!(scanner.send(&asked, &path, &[]).await.is(200).says("Nous ne vous écrirons plus"));
    assert!(!accounts(&bed)[0].wants_mail);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_program_s_own_button_needs_no_cookie() {
    let bed = Bed::new().await;
    let marie = bed.account("Marie", Role::Citizen);
    let path = format!("/sans-mails/{}/{}", marie.id, bed.links.token("unsubscribe", &marie.id));
    bed.browser().post(&path, &[pair("List-Unsubscribe", "One-Click")], &[]).await.is(200);
    assert!(!accounts(&bed)[0].wants_mail);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_stops_mails_works_for_no_other_account() {
    let bed = Bed::new().await;
    let (marie, paul) = (bed.account("Marie", Role::Citizen), bed.account("Paul", Role::Citizen));
    let tokens = [bed.links.token("unsubscribe", &paul.id), bed.links.token("conversation", &marie.id), "0".repeat(64)];
    for token in tokens {
        let path = format!("/sans-mails/{}/{token}", marie.id);
        bed.browser().get(&path).await.is(404);
        bed.browser().post(&path, &[], &[]).await.is(404);
    }
    let nobody = format!("/sans-mails/nobody/{}", bed.links.token("unsubscribe", "nobody"));
    bed.browser().post(&nobody, &[], &[]).await.is(404);
    assert!(accounts(&bed).iter().all(|account| account.wants_mail));
}

/// The path of a link on a page that begins so.
fn link(page: &Page, beginning: &str) -> String {
    let (_, rest) = page.body.split_once(&format!("href=\"{beginning}")).unwrap();
    bed::browser::unescaped(&format!("{beginning}{}", rest.split('"').next().unwrap()))
}

#[tokio::test(flavor = "multi_thread")]
async fn who_had_to_sign_in_or_up_comes_to_the_page_they_asked_for() {
    let bed = Bed::new().await;
    bed.account("Marie", Role::Citizen);
    let (mut marie, mut zoe) = (bed.browser(), bed.browser());
    let asked = marie.get("/nouveau/annonce").await.is(401);
    let form = marie.get(&link(&asked, "/connexion?")).await.is(200);
    let wrong = [("email", "marie@courriel.example"), ("password", "faux, faux, faux")];
    let again = marie.send(&form, "/connexion", &wrong).await.is(422);
    let right = [("email", "marie@courriel.example"), ("password", PASSWORD)];
    marie.send(&again, "/connexion", &right).await.to("/nouveau/annonce");
    let asked = zoe.get("/mes-avis").await.is(401);
    let form = zoe.get(&link(&asked, "/inscription?")).await.is(200);
    assert!(link(&form, "/connexion?").contains("mes-avis"), "who has an account after all is led there too");
    let fields = [("name", "Zoé"), ("email", "zoe@courriel.example"), ("password", PASSWORD)];
    zoe.send(&form, "/inscription", &fields).await.to("/mes-avis");
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_leads_to_no_other_site() {
    let bed = Bed::new().await;
    bed.account("Marie", Role::Citizen);
    for back in ["//evil.example/", "/\\evil.example", "https://evil.example/", "evil", "/a\r\nSet-Cookie: a=b", "/é"]
    {
        let fields = [("email", "marie@courriel.example"), ("password", PASSWORD), ("retour", back)];
        bed.browser().fill("/connexion", &fields).await.to("/mon-espace");
        let path = format!("/connexion?retour={}", bed::browser::encoded(back));
        assert!(!bed.browser().get(&path).await.is(200).body.contains("evil"), "{back}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_new_password_comes_with_advice_and_is_made_up_by_the_browser() {
    let bed = Bed::new().await;
    let (sign_up, sign_in) = (bed.browser().get("/inscription").await, bed.browser().get("/connexion").await);
    assert!(sign_up.says("Dix caractères au moins") && sign_up.body.contains("autocomplete=\"new-password\""));
    assert!(!sign_in.says("Dix caractères au moins") && sign_in.body.contains("autocomplete=\"current-password\""));
}
