//! A browser for stories and tests: real sockets, cookies, forms with their hidden fields, no scripts.

use crate::NodeError;
use std::collections::BTreeMap;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Somebody's browser, at one site.
#[derive(Debug, Clone)]
pub struct Browser {
    origin: String,
    cookies: BTreeMap<String, String>,
    /// What it was sent and what it sent, for those who look for what should not be there.
    pub seen: Vec<u8>,
}

/// A page.
#[derive(Debug, Clone)]
pub struct Page {
    /// The status code.
    pub status: u16,
    /// The head, as it came.
    pub head: String,
    /// The body.
    pub body: String,
}

impl Page {
    /// A field of the head.
    pub fn header(&self, name: &str) -> Option<&str> {
        let field = |line: &&str| line.to_lowercase().starts_with(&format!("{}:", name.to_lowercase()));
        self.head.lines().find(field).and_then(|line| line.split_once(':')).map(|(_, value)| value.trim())
    }

    /// The value of a hidden field of its first form that has it.
    pub fn hidden(&self, name: &str) -> Option<String> {
        let (_, rest) = self.body.split_once(&format!("name=\"{name}\" value=\""))?;
        Some(rest.split('"').next()?.replace("&amp;", "&").replace("&#x3D;", "="))
    }
}

impl Browser {
    /// A browser at a site, without cookies.
    pub fn at(origin: impl ToString) -> Self {
        Self { origin: origin.to_string(), cookies: BTreeMap::new(), seen: Vec::new() }
    }

    /// The site.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Opens a page.
    ///
    /// # Errors
    /// [`NodeError::Said`] when the site cannot be reached.
    pub async fn get(&mut self, path: &str) -> Result<Page, NodeError> {
        self.request("GET", path, &[], "").await
    }

    /// Opens an address with a header, as `curl -H` does.
    ///
    /// # Errors
    /// As [`Browser::get`].
    pub async fn get_with(&mut self, path: &str, header: (&str, &str)) -> Result<Page, NodeError> {
        self.request("GET", path, &[header], "").await
    }

    /// Opens the page of a form, fills it in, sends it, and goes where it leads.
    ///
    /// # Errors
    /// As [`Browser::get`].
    pub async fn fill(&mut self, path: &str, fields: &[(&str, &str)]) -> Result<Page, NodeError> {
        let form = self.get(path).await?;
        let mut fields: Vec<(&str, String)> = fields.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        for name in ["csrf", "version"] {
            fields.extend(form.hidden(name).map(|value| (name, value)));
        }
        let sent = self.send(path, &fields).await?;
        match sent.header("location").map(str::to_owned) {
            Some(next) => self.get(&next).await,
            None => Ok(sent),
        }
    }

    /// Sends a form as it is, and goes nowhere.
    ///
    /// # Errors
    /// As [`Browser::get`].
    pub async fn send(&mut self, path: &str, fields: &[(&str, String)]) -> Result<Page, NodeError> {
        let pairs: Vec<String> =
            fields.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
        let form = ("Content-Type", "application/x-www-form-urlencoded");
        self.request("POST", path, &[form], &pairs.join("&")).await
    }

    /// Posts bytes as they are, with these headers, as another program does.
    ///
    /// # Errors
    /// As [`Browser::get`].
    pub async fn post(&mut self, path: &str, headers: &[(&str, &str)], body: &str) -> Result<Page, NodeError> {
        self.request("POST", path, headers, body).await
    }

    /// Signs in.
    ///
    /// # Errors
    /// As [`Browser::get`], and when the password is not the right one.
    pub async fn sign_in(&mut self, email: &str, password: &str) -> Result<(), NodeError> {
        let page = self.fill("/connexion", &[("email", email), ("password", password)]).await?;
        if page.status == 200 {
            Ok(())
        } else {
            Err(NodeError::Said(format!("{email} cannot sign in: {}", page.status)))
        }
    }

    async fn request(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Result<Page, NodeError> {
        let path = path.strip_prefix(&self.origin).unwrap_or(path);
        let host = self.origin.split("://").nth(1).unwrap_or_default();
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {}\r\n",
            body.len()
        );
        if !cookies.is_empty() {
            head.push_str(&format!("Cookie: {}\r\n", cookies.join("; ")));
        }
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        let raw = exchange(host, format!("{head}\r\n{body}").as_bytes()).await;
        let raw = raw.map_err(|e| NodeError::Said(format!("{} cannot be reached: {e}", self.origin)))?;
        self.seen.extend_from_slice(&raw);
        let page = read(&raw).ok_or_else(|| NodeError::Said(format!("{} answered no HTTP", self.origin)))?;
        self.keep_cookies(&page.head);
        Ok(page)
    }

    fn keep_cookies(&mut self, head: &str) {
        for line in head.lines().filter(|line| line.to_lowercase().starts_with("set-cookie:")) {
            let pair = line["set-cookie:".len()..].split(';').next().unwrap_or_default().trim();
            let Some((name, value)) = pair.split_once('=') else { continue };
            match value {
                "" => drop(self.cookies.remove(name)),
                _ => drop(self.cookies.insert(name.to_owned(), value.to_owned())),
            }
        }
    }
}

async fn exchange(host: &str, request: &[u8]) -> std::io::Result<Vec<u8>> {
    // The nodes of a demonstration listen at 127.0.0.1, whatever localhost means here.
    let address = host.replace("localhost", "127.0.0.1");
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(request).await?;
    let mut raw = Vec::new();
    stream.read_to_end(&mut raw).await?;
    Ok(raw)
}

fn read(raw: &[u8]) -> Option<Page> {
    let text = String::from_utf8_lossy(raw);
    let (head, body) = text.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let is_chunked = head.to_lowercase().contains("transfer-encoding: chunked");
    let body = if is_chunked { unchunked(body) } else { body.to_owned() };
    Some(Page { status, head: head.to_owned(), body })
}

fn unchunked(mut rest: &str) -> String {
    let mut body = String::new();
    while let Some((size, after)) = rest.split_once("\r\n") {
        let size = usize::from_str_radix(size.trim(), 16).unwrap_or_default();
        let Some(chunk) = after.get(..size).filter(|_| size > 0) else { break };
        body.push_str(chunk);
        rest = after.get(size + 2..).unwrap_or_default();
    }
    body
}

fn encoded(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_with_their_head_and_hidden_fields() {
        let raw =
            b"HTTP/1.1 303 See Other\r\nLocation: /next\r\n\r\n<input type=\"hidden\" name=\"csrf\" value=\"a&amp;b\">";
        let page = read(raw).unwrap();
        assert_eq!((page.status, page.header("location")), (303, Some("/next")));
        assert_eq!((page.hidden("csrf").as_deref(), page.hidden("other")), (Some("a&b"), None));
        assert!(read(b"nonsense").is_none());
    }

    #[test]
    fn chunks_are_put_together_and_half_a_chunk_is_left_out() {
        assert_eq!(unchunked("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"), "abcde");
        assert_eq!(unchunked("9\r\nabc"), "");
        assert_eq!(unchunked("zz\r\n"), "");
    }

    #[test]
    fn what_is_sent_is_percent_encoded() {
        assert_eq!(encoded("a-b_c.d é&="), "a-b_c.d%20%C3%A9%26%3D");
    }

    #[test]
    fn cookies_are_kept_until_they_are_taken_away() {
        let mut browser = Browser::at("http://localhost:1");
        browser.keep_cookies("Set-Cookie: a=1; Path=/\r\nX: y\r\nset-cookie: b=2");
        browser.keep_cookies("Set-Cookie: a=; Max-Age=0");
        assert_eq!(browser.cookies.iter().collect::<Vec<_>>(), [(&"b".to_owned(), &"2".to_owned())]);
    }
}
