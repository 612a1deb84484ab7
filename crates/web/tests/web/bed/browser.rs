//! A browser for tests: HTTP/1.1 over TCP, cookies, and forms sent as they stand on the page; no scripts.

use pes_search::Follower;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use time::UtcDateTime;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Somebody's browser.
#[derive(Debug, Clone)]
pub struct Browser {
    address: String,
    origin: String,
    pub cookies: BTreeMap<String, String>,
    follower: Option<Arc<Mutex<Follower>>>,
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Page {
    pub status: u16,
    pub head: String,
    pub body: String,
    /// The body as it came, where it is no text.
    pub bytes: Vec<u8>,
}

impl Page {
    /// A field of the head.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers(name).first().copied()
    }

    /// A field of the head, as often as it stands there.
    pub fn headers(&self, name: &str) -> Vec<&str> {
        let fields = self.head.lines().filter_map(|line| line.split_once(':'));
        fields.filter(|(field, _)| field.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim()).collect()
    }

    /// Whether people read this on it, whatever keeps its words on one line.
    pub fn says(&self, words: &str) -> bool {
        plain(&unescaped(&self.body)).contains(&plain(words))
    }

    /// The form that is sent to this path, as it would be sent untouched.
    pub fn form(&self, action: &str) -> Vec<(String, String)> {
        let start = format!("method=\"post\" action=\"{action}\"");
        let (_, rest) = self.body.split_once(&start).unwrap_or_else(|| panic!("no form for {action}: {}", self.body));
        fields(rest.split("</form>").next().unwrap())
    }

    /// What stands in a field of the page's form.
    pub fn value(&self, action: &str, name: &str) -> Option<String> {
        self.form(action).into_iter().find(|(field, _)| field == name).map(|(_, value)| value)
    }

    /// Asserts that this page leads there.
    pub fn to(self, path: &str) -> Self {
        assert_eq!((self.status, self.header("location")), (303, Some(path)), "{}", self.body);
        self
    }

    /// Asserts a status.
    pub fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}\n{}", self.head, self.body);
        self
    }
}

impl Browser {
    pub fn at(address: &str, origin: &str) -> Self {
        Self { address: address.to_owned(), origin: origin.to_owned(), cookies: BTreeMap::new(), follower: None }
    }

    /// A browser before which the site's index is at what is held.
    pub fn following(self, follower: &Arc<Mutex<Follower>>) -> Self {
        Self { follower: Some(Arc::clone(follower)), ..self }
    }

    /// The same, and nobody keeps the index any more.
    pub fn without_follower(self) -> Self {
        Self { follower: None, ..self }
    }

    pub async fn get(&mut self, path: &str) -> Page {
        self.request("GET", path, &[], b"").await
    }

    pub async fn get_as(&mut self, path: &str, accept: &str) -> Page {
        self.request("GET", path, &[("Accept", accept)], b"").await
    }

    /// Opens the page of a form, fills these fields in, leaves the others as they stand, and sends it to its own path.
    pub async fn fill(&mut self, path: &str, changes: &[(&str, &str)]) -> Page {
        let page = self.get(path).await.is(200);
        self.send(&page, path, changes).await
    }

    /// Fills in the form on a page that is already open, and sends it.
    pub async fn send(&mut self, page: &Page, action: &str, changes: &[(&str, &str)]) -> Page {
        let mut all = page.form(action);
        all.retain(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
        all.extend(changes.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        self.post(action, &all, &[]).await
    }

    /// Fills in a form and goes where it leads.
    pub async fn follow(&mut self, path: &str, changes: &[(&str, &str)]) -> Page {
        let sent = self.fill(path, changes).await;
        let next = sent.is(303).header("location").unwrap().to_owned();
        self.get(&next).await
    }

    /// Fills in the form on a page that is already open, and sends it with a file, as a browser does: its parts in the order of the form.
    pub async fn send_file(
        &mut self,
        page: &Page,
        action: &str,
        changes: &[(&str, &str)],
        (field, name, bytes): (&str, &str, &[u8]),
    ) -> Page {
        let start = format!("action=\"{action}\" enctype=\"multipart/form-data\"");
        assert!(page.body.contains(&start), "the form brings no files: {}", page.body);
        let mut all = page.form(action);
        all.retain(|(name, _)| name != field && !changes.iter().any(|(changed, _)| changed == name));
        all.extend(changes.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let part = |name: &str| format!("--limite\r\nContent-Disposition: form-data; name=\"{name}\"");
        let mut body = Vec::new();
        let (before, after) = all.split_at(all.len() / 2);
        let text = |(name, value): &(String, String)| format!("{}\r\n\r\n{value}\r\n", part(name)).into_bytes();
        before.iter().for_each(|field| body.extend(text(field)));
        body.extend(format!("{}; filename=\"{name}\"\r\nContent-Type: image/jpeg\r\n\r\n", part(field)).bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
        after.iter().for_each(|field| body.extend(text(field)));
        body.extend_from_slice(b"--limite--\r\n");
        self.request("POST", action, &[("Content-Type", "multipart/form-data; boundary=limite")], &body).await
    }

    /// Sends fields as they are.
    pub async fn post(&mut self, path: &str, fields: &[(String, String)], headers: &[(&str, &str)]) -> Page {
        let pairs: Vec<String> =
            fields.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
        let headers = [&[("Content-Type", "application/x-www-form-urlencoded")], headers].concat();
        self.request("POST", path, &headers, pairs.join("&").as_bytes()).await
    }

    pub async fn request(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Page {
        if let Some(follower) = self.follower.as_ref().filter(|_| method == "GET") {
            follower.lock().unwrap().catch_up(UtcDateTime::now()).unwrap();
        }
        let host = self.origin.split("://").nth(1).unwrap();
        let mut head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {}\r\n",
            body.len()
        );
        if !self.cookies.is_empty() {
            let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            head.push_str(&format!("Cookie: {}\r\n", cookies.join("; ")));
        }
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        let request = [head.as_bytes(), b"\r\n", body].concat();
        let page = exchange(&self.address, &request).await;
        self.keep_cookies(&page);
        page
    }

    fn keep_cookies(&mut self, page: &Page) {
        for cookie in page.headers("set-cookie") {
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            match value {
                "" => drop(self.cookies.remove(name)),
                _ => drop(self.cookies.insert(name.to_owned(), value.to_owned())),
            }
        }
    }
}

async fn exchange(address: &str, request: &[u8]) -> Page {
    let mut stream = TcpStream::connect(address).await.unwrap();
    // A server that has heard enough answers before all is sent.
    drop(stream.write_all(request).await);
    let mut raw = Vec::new();
    let read = stream.read_to_end(&mut raw).await;
    assert!(read.is_ok() || !raw.is_empty(), "no answer: {read:?}");
    let text = String::from_utf8_lossy(&raw);
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no HTTP: {text}"));
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    let is_chunked = head.to_lowercase().contains("transfer-encoding: chunked");
    let body = if is_chunked { unchunked(body) } else { body.to_owned() };
    let bytes = raw.windows(4).position(|end| end == b"\r\n\r\n").map_or_else(Vec::new, |at| raw[at + 4..].to_vec());
    Page { status, head: head.to_owned(), body, bytes }
}

fn unchunked(mut rest: &str) -> String {
    let mut body = String::new();
    while let Some((size, after)) = rest.split_once("\r\n") {
        let size = usize::from_str_radix(size.trim(), 16).unwrap();
        if size == 0 {
            break;
        }
        body.push_str(&after[..size]);
        rest = &after[size + 2..];
    }
    body
}

/// The fields of a form that a browser would send.
fn fields(form: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (at, _) in form.match_indices('<') {
        let rest = &form[at..];
        let tag = rest.split('>').next().unwrap();
        let Some(name) = attribute(tag, "name") else { continue };
        let value = match tag.split_whitespace().next().unwrap() {
            "<input" if is_unticked(tag) => continue,
            "<input" => attribute(tag, "value").unwrap_or_default(),
            "<textarea" => inside(rest, "</textarea>").trim_start_matches('\n').to_owned(),
            "<select" => chosen(&inside(rest, "</select>")),
            _ => continue,
        };
        found.push((name, unescaped(&value)));
    }
    found
}

fn is_unticked(tag: &str) -> bool {
    (tag.contains("type=\"checkbox\"") || tag.contains("type=\"radio\"")) && !tag.ends_with(" checked")
}

fn inside(rest: &str, end: &str) -> String {
    let text = rest.split(end).next().unwrap();
    text.split_once('>').unwrap().1.to_owned()
}

/// The value of the option that is selected, or of the first.
fn chosen(options: &str) -> String {
    let options: Vec<&str> = options.split("<option").skip(1).map(|option| option.split('>').next().unwrap()).collect();
    let chosen = options.iter().find(|option| option.ends_with(" selected")).or(options.first());
    chosen.and_then(|option| attribute(option, "value")).unwrap_or_default()
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    Some(rest.split('"').next()?.to_owned())
}

/// A text of a page as people read it.
pub fn unescaped(text: &str) -> String {
    let marks = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#x27;", "'"), ("&#x3D;", "="), ("&#x60;", "`")];
    let text = marks.iter().fold(text.to_owned(), |text, (mark, letter)| text.replace(mark, letter));
    text.replace("&nbsp;", "\u{a0}").replace("&amp;", "&")
}

/// A text with the spaces that authors type in the place of those at which no line is broken.
pub fn plain(text: &str) -> String {
    text.replace(['\u{a0}', '\u{202f}'], " ")
}

pub fn encoded(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(byte).collect()
}
