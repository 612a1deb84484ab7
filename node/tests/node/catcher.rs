//! The mail catcher and the browser of the demonstration, by real conversations.

use pes_node::demo::browser::Browser;
use pes_node::demo::catcher::{Catcher, Mail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Says lines to the mail server, and returns all it answered.
async fn converse(catcher: &Catcher, lines: &[&str]) -> String {
    let address = catcher.smtp().url().replace("smtp://", "");
    let mut stream = TcpStream::connect(address).await.unwrap();
    for line in lines {
        stream.write_all(format!("{line}\r\n").as_bytes()).await.unwrap();
    }
    let mut answers = String::new();
    stream.read_to_string(&mut answers).await.unwrap();
    answers
}

#[tokio::test]
async fn a_mail_is_caught_as_it_was_sent() {
    let catcher = Catcher::start(0).await.unwrap();
    let lines = [
        "EHLO test",
        "MAIL FROM:<a@b.example>",
        "RCPT TO:<marie@c.example>",
        "RCPT TO:<paul@c.example>",
        "DATA",
        "Subject: Bonjour",
        "",
        "..un point",
        "fin",
        ".",
        "QUIT",
    ];
    let answers = converse(&catcher, &lines).await;
    assert!(answers.starts_with("220 ") && answers.contains("354 ") && answers.ends_with("221 bye\r\n"), "{answers}");
    let expected = Mail {
        to: vec!["marie@c.example".into(), "paul@c.example".into()],
        raw: "Subject: Bonjour\r\n\r\n.un point\r\nfin\r\n".into(),
    };
    assert_eq!(catcher.mails(), [expected]);
}

#[tokio::test]
async fn a_mail_that_breaks_off_is_none() {
    let catcher = Catcher::start(0).await.unwrap();
    let address = catcher.smtp().url().replace("smtp://", "");
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"RCPT TO:<x@y.example>\r\nDATA\r\nSubject: half").await.unwrap();
    stream.shutdown().await.unwrap();
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).await.unwrap();
    assert!(catcher.mails().is_empty());
}

#[tokio::test]
async fn mails_are_read_on_a_page() {
    let catcher = Catcher::start(0).await.unwrap();
    let mut browser = Browser::at(catcher.page());
    assert!(browser.get("/").await.unwrap().body.contains("0 mails"));
    let mail = [
        "RCPT TO:<marie@c.example>",
        "DATA",
        "Subject: <b>Gras</b>",
        "Content-Type: text/plain; charset=utf-8",
        "",
        "Bonjour Marie",
        ".",
        "QUIT",
    ];
    converse(&catcher, &mail).await;
    let list = browser.get("/").await.unwrap().body;
    assert!(list.contains("1 mails") && list.contains("&lt;b>Gras") && !list.contains("<b>Gras"), "{list}");
    assert!(browser.get("/0/text").await.unwrap().body.contains("Bonjour Marie"));
    assert!(browser.get("/0/source").await.unwrap().body.starts_with("Subject: <b>Gras</b>\r\n"));
    for absent in ["/7", "/7/source", "/0/other", "/x"] {
        assert_eq!(browser.get(absent).await.unwrap().status, 404, "{absent}");
    }
}

/// A site that answers once, as it is told.
async fn site(answer: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://localhost:{}", listener.local_addr().unwrap().port());
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = vec![0; 4_096];
            let length = stream.read(&mut request).await.unwrap();
            let asked = String::from_utf8_lossy(&request[..length]).into_owned();
            let body = format!("{answer}{asked}");
            drop(stream.write_all(body.as_bytes()).await);
        }
    });
    origin
}

#[tokio::test]
async fn the_browser_keeps_cookies_and_gives_them_back() {
    let answer = "HTTP/1.1 200 OK\r\nSet-Cookie: a=1; Path=/\r\nset-cookie: b=2\r\n\r\n";
    let mut browser = Browser::at(site(answer).await);
    assert!(!browser.get("/").await.unwrap().body.contains("Cookie:"));
    assert!(browser.get("/").await.unwrap().body.contains("Cookie: a=1; b=2"));
    let gone = "HTTP/1.1 200 OK\r\nSet-Cookie: a=; Max-Age=0\r\n\r\n";
    let mut browser = Browser::at(site(gone).await);
    browser.get("/").await.unwrap();
    assert!(!browser.get("/").await.unwrap().body.contains("Cookie:"));
}

#[tokio::test]
async fn the_browser_sends_forms_encoded_and_reads_chunks() {
    let mut browser = Browser::at(site("HTTP/1.1 200 OK\r\n\r\n").await);
    let sent = browser.send("/form", &[("titre", "L’été & co".into()), ("titre", "a b".into())]).await.unwrap();
    assert!(sent.body.contains("POST /form HTTP/1.1"));
    assert!(sent.body.ends_with("titre=L%E2%80%99%C3%A9t%C3%A9%20%26%20co&titre=a%20b"), "{}", sent.body);
    let chunks = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nBonjo\r\n2\r\nur\r\n0\r\n\r\n";
    assert_eq!(Browser::at(site(chunks).await).get("/").await.unwrap().body, "Bonjour");
}

#[tokio::test]
async fn the_browser_says_where_nobody_answers() {
    let error = Browser::at("http://localhost:1").get("/").await.unwrap_err().to_string();
    assert!(error.contains("http://localhost:1 cannot be reached"), "{error}");
    let nonsense = Browser::at(site("nonsense").await).get("/").await;
    assert!(nonsense.is_err());
}
