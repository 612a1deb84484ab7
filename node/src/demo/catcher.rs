//! Catches mails: a mail server that delivers to nobody, and a page to read what it took. For demonstrations and tests.

use crate::NodeError;
use crate::demo::village::PORT;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// The most bytes of a mail.
const LONGEST: usize = 4 * 1024 * 1024;

/// A mail that was caught.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// Whom it was for, by the envelope.
    pub to: Vec<String>,
    /// The mail as it was sent.
    pub raw: String,
}

/// Where mails are given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Smtp(SocketAddr);

impl Smtp {
    /// The address as settings have it.
    pub fn url(&self) -> String {
        format!("smtp://{}", self.0)
    }
}

/// The catcher; it stops when this is dropped.
#[derive(Debug)]
pub struct Catcher {
    smtp: SocketAddr,
    page: SocketAddr,
    mails: Arc<Mutex<Vec<Mail>>>,
    _tasks: JoinSet<()>,
}

impl Catcher {
    /// Starts a catcher whose page is at this port (0: a free one) and whose mail server is at a free one.
    ///
    /// # Errors
    /// [`NodeError::Listen`].
    pub async fn start(port: u16) -> Result<Self, NodeError> {
        let (smtp, page) = (open(0).await?, open(port).await?);
        let mails: Arc<Mutex<Vec<Mail>>> = Arc::default();
        let fault = |e: std::io::Error| NodeError::Said(e.to_string());
        let addresses = (smtp.local_addr().map_err(fault)?, page.local_addr().map_err(fault)?);
        let mut tasks = JoinSet::new();
        let (kept, shown) = (Arc::clone(&mails), Arc::clone(&mails));
        tasks.spawn(async move {
            while let Ok((stream, _)) = smtp.accept().await {
                tokio::spawn(take(stream, Arc::clone(&kept)));
            }
        });
        tasks.spawn(async move {
            while let Ok((stream, _)) = page.accept().await {
                tokio::spawn(show(stream, Arc::clone(&shown)));
            }
        });
        Ok(Self { smtp: addresses.0, page: addresses.1, mails, _tasks: tasks })
    }

    /// Where mails are given up.
    pub fn smtp(&self) -> Smtp {
        Smtp(self.smtp)
    }

    /// The address of the page.
    pub fn page(&self) -> String {
        format!("http://localhost:{}", self.page.port())
    }

    /// All mails so far, in the order in which they came.
    pub fn mails(&self) -> Vec<Mail> {
        lock(&self.mails).clone()
    }
}

impl Mail {
    /// A field of its head, unfolded and decoded (RFC 2047).
    pub fn header(&self, name: &str) -> String {
        let head = self.raw.split("\r\n\r\n").next().unwrap_or_default().replace("\r\n ", " ");
        let field = head.lines().find(|line| line.to_lowercase().starts_with(&format!("{}:", name.to_lowercase())));
        field.and_then(|line| line.split_once(':')).map_or_else(String::new, |(_, value)| decoded_words(value.trim()))
    }

    /// Its text part, decoded.
    pub fn text(&self) -> String {
        self.part("text/plain")
    }

    /// Its HTML part, decoded.
    pub fn html(&self) -> String {
        self.part("text/html")
    }

    /// The line that ends a part of a multipart (RFC 2046, 5.1.1).
    fn boundary(&self) -> Option<String> {
        let kind = self.header("Content-Type");
        let (_, rest) = kind.split_once("boundary=")?;
        let boundary = rest.trim_start_matches('"').split(['"', ';']).next()?;
        Some(format!("\r\n--{boundary}"))
    }

    fn part(&self, media_type: &str) -> String {
        let Some(at) = self.raw.find(&format!("Content-Type: {media_type}")) else { return String::new() };
        let part = &self.raw[at..];
        let (head, body) = part.split_once("\r\n\r\n").unwrap_or((part, ""));
        // Only the mail's own boundary ends a part: "-- " begins many a signature.
        let body = self.boundary().and_then(|line| body.split_once(&line)).map_or(body, |(body, _)| body);
        match head.to_lowercase() {
            head if head.contains("quoted-printable") => quoted_printable(body),
            head if head.contains("base64") => base64(body),
            _ => body.to_owned(),
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn open(port: u16) -> Result<TcpListener, NodeError> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    TcpListener::bind(address).await.map_err(|e| NodeError::listen(address, &e, PORT))
}

/// Takes mails by as much of RFC 5321 as a client needs.
async fn take(stream: TcpStream, mails: Arc<Mutex<Vec<Mail>>>) {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read);
    let mut to = Vec::new();
    if write.write_all(b"220 catcher\r\n").await.is_err() {
        return;
    }
    let mut line = String::new();
    while {
        line.clear();
        lines.read_line(&mut line).await.is_ok_and(|read| read > 0)
    } {
        let verb = line.trim().to_uppercase();
        let reply = if verb.starts_with("RCPT TO:") {
            to.extend(line.split(['<', '>']).nth(1).map(str::to_owned));
            "250 ok\r\n"
        } else if verb == "DATA" {
            if write.write_all(b"354 go on\r\n").await.is_err() {
                return;
            }
            let Some(raw) = data(&mut lines).await else { return };
            lock(&mails).push(Mail { to: std::mem::take(&mut to), raw });
            "250 taken\r\n"
        } else if verb == "QUIT" {
            "221 bye\r\n"
        } else {
            "250 ok\r\n"
        };
        if write.write_all(reply.as_bytes()).await.is_err() || verb == "QUIT" {
            return;
        }
    }
}

/// A mail up to the line with a single dot.
async fn data(lines: &mut (impl AsyncBufReadExt + Unpin)) -> Option<String> {
    let (mut raw, mut line) = (String::new(), String::new());
    loop {
        line.clear();
        if lines.read_line(&mut line).await.ok()? == 0 || raw.len() > LONGEST {
            return None;
        }
        if line == ".\r\n" {
            return Some(raw);
        }
        raw.push_str(line.strip_prefix('.').unwrap_or(&line));
    }
}

/// Shows the mails: a list, and each one as HTML, as text, or as it was sent, with its head.
async fn show(mut stream: TcpStream, mails: Arc<Mutex<Vec<Mail>>>) {
    let mut head = vec![0; 8 * 1024];
    let Ok(length) = stream.read(&mut head).await else { return };
    let head = String::from_utf8_lossy(&head[..length]).into_owned();
    let path = head.split(' ').nth(1).unwrap_or("/").to_owned();
    let all = lock(&mails).clone();
    let (status, kind, body) = page(&path, &all);
    let answer = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}; charset=utf-8\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    drop(stream.write_all(answer.as_bytes()).await);
}

fn page(path: &str, mails: &[Mail]) -> (&'static str, &'static str, String) {
    let (number, view) = path.trim_start_matches('/').split_once('/').unwrap_or((path.trim_start_matches('/'), ""));
    match (view, number.parse::<usize>().ok().and_then(|number| mails.get(number))) {
        ("", None) if path == "/" => ("200 OK", "text/html", list(mails)),
        ("", Some(mail)) => ("200 OK", "text/html", mail.html()),
        ("text", Some(mail)) => ("200 OK", "text/plain", mail.text()),
        ("source", Some(mail)) => ("200 OK", "text/plain", mail.raw.clone()),
        _ => ("404 Not Found", "text/plain", "there is no such mail".into()),
    }
}

fn list(mails: &[Mail]) -> String {
    let row = |(number, mail): (usize, &Mail)| {
        format!(
            "<li><a href=\"/{number}\">{}</a> → {} <a href=\"/{number}/text\">text</a> <a href=\"/{number}/source\">source</a></li>",
            escaped(&mail.header("Subject")),
            escaped(&mail.to.join(", "))
        )
    };
    let rows: String = mails.iter().enumerate().rev().map(row).collect();
    format!(
        "<!DOCTYPE html><html lang=\"en\"><meta charset=\"utf-8\"><meta http-equiv=\"refresh\" content=\"5\">\
         <title>Mails</title><body style=\"font:16px system-ui;max-width:50em;margin:2em auto;padding:0 1em\">\
         <h1>{} mails caught</h1><p>They were delivered to nobody.</p><ul>{rows}</ul>",
        mails.len()
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

/// RFC 2047 words, as mail programs write them in UTF-8.
fn decoded_words(value: &str) -> String {
    let mut decoded = String::new();
    let mut rest = value;
    while let Some((before, word)) = rest.split_once("=?utf-8?") {
        // White space between two encoded words is not part of the text.
        if !(decoded.is_empty() || before.trim().is_empty()) || decoded.is_empty() {
            decoded.push_str(before);
        }
        let (encoding, word) = word.split_once('?').unwrap_or(("q", word));
        let (word, after) = word.split_once("?=").unwrap_or((word, ""));
        decoded.push_str(&if encoding == "b" { base64(word) } else { quoted_printable(&word.replace('_', " ")) });
        rest = after;
    }
    decoded + rest
}

fn quoted_printable(text: &str) -> String {
    let text = text.replace("=\r\n", "");
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let escaped = after.get(..2).filter(|_| *first == b'=').and_then(|hex| str::from_utf8(hex).ok());
        match escaped.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn base64(text: &str) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let values = text.bytes().filter_map(|byte| LETTERS.iter().position(|letter| *letter == byte));
    let values: Vec<usize> = values.collect();
    let mut bytes = Vec::new();
    for four in values.chunks(4) {
        let joined = four.iter().fold(0, |joined, value| (joined << 6) | value) << (6 * (4 - four.len()));
        let three = [(joined >> 16) & 255, (joined >> 8) & 255, joined & 255];
        bytes.extend(three.into_iter().take(four.len().saturating_sub(1)).filter_map(|byte| u8::try_from(byte).ok()));
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encoded_heads_and_bodies_are_read() {
        assert_eq!(decoded_words("=?utf-8?b?w4AgTmljZQ==?= =?utf-8?q?, =C3=A9t=C3=A9?="), "À Nice, été");
        assert_eq!(decoded_words("On cherche"), "On cherche");
        assert_eq!(quoted_printable("=C3=A9t=C3=\r\n=A9 =ZZ"), "été =ZZ");
        assert_eq!((base64("Zm9v").as_str(), base64("Zm8=").as_str(), base64("Zg==").as_str()), ("foo", "fo", "f"));
    }

    #[test]
    fn a_mail_tells_its_parts() {
        let raw = "Subject: A\r\n B\r\nTo: x\r\nContent-Type: multipart/alternative;\r\n boundary=\"1\"\r\n\r\n--1\r\nContent-Type: text/plain; charset=utf-8\r\n\
                   Content-Transfer-Encoding: quoted-printable\r\n\r\n=C3=A0\r\n-- \r\nL\r\n--1\r\nContent-Type: text/html\r\n\r\n<p>\r\n--1--\r\n";
        let mail = Mail { to: vec!["x@y.example".into()], raw: raw.into() };
        assert_eq!(
            (mail.header("subject").as_str(), mail.text().as_str(), mail.html().as_str()),
            ("A B", "à\r\n-- \r\nL", "<p>")
        );
        assert!(list(&[mail]).contains("x@y.example"));
    }
}
