//! A mail as its reader's program shows it: unfolded, decoded, part by part.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// A mail, and whom the envelope names.
#[derive(Debug, Clone)]
pub struct Mail {
    pub to: Vec<String>,
    pub raw: String,
}

impl Mail {
    /// A field of the head, decoded.
    pub fn header(&self, name: &str) -> Option<String> {
        let (head, _) = self.raw.split_once("\r\n\r\n").unwrap();
        field(head, name).map(|field| plain(&field))
    }

    /// The part of this media type, decoded.
    pub fn part(&self, media_type: &str) -> String {
        let boundary = self.header("Content-Type").unwrap();
        let boundary = boundary.split("boundary=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let line = format!("--{boundary}");
        let parts = self.raw.split(&line).skip(1);
        let part = parts.map(|part| part.trim_start_matches("\r\n").split_once("\r\n\r\n").unwrap_or_default());
        let mut of_type =
            part.filter(|(head, _)| field(head, "Content-Type").is_some_and(|t| t.starts_with(media_type)));
        let (head, body) = of_type.next().unwrap_or_else(|| panic!("no {media_type} in {}", self.raw));
        let bytes = match field(head, "Content-Transfer-Encoding").unwrap_or_default().as_str() {
            "base64" => STANDARD.decode(body.split_whitespace().collect::<String>()).unwrap(),
            "quoted-printable" => quoted(&body.replace("=\r\n", "")),
            _ => body.as_bytes().to_vec(),
        };
        plain(&String::from_utf8(bytes).unwrap()).replace("\r\n", "\n")
    }
}

/// A text with the spaces that authors type in the place of those at which no line is broken.
fn plain(text: &str) -> String {
    text.replace(['\u{a0}', '\u{202f}'], " ")
}

/// A field of a head: its lines in one, its encoded words (RFC 2047) decoded.
fn field(head: &str, name: &str) -> Option<String> {
    let unfolded = head.replace("\r\n ", " ").replace("\r\n\t", " ");
    let mut fields = unfolded.lines().filter_map(|line| line.split_once(':'));
    let (_, value) = fields.find(|(field, _)| field.eq_ignore_ascii_case(name))?;
    Some(words(value.trim()))
}

/// Decodes encoded words; the space between two of them is not part of the text.
fn words(value: &str) -> String {
    let value = value.replace("?= =?", "?==?");
    let (mut text, mut rest) = (String::new(), value.as_str());
    while let Some((before, word)) = rest.split_once("=?") {
        let mut parts = word.splitn(4, '?');
        let mut next = || parts.next().unwrap();
        let (_, encoding, coded, after) = (next(), next(), next(), next());
        let bytes = match encoding.to_lowercase().as_str() {
            "b" => STANDARD.decode(coded).unwrap(),
            _ => quoted(&coded.replace('_', " ")),
        };
        text.push_str(before);
        text.push_str(&String::from_utf8(bytes).unwrap());
        rest = after.strip_prefix('=').unwrap();
    }
    text + rest
}

/// Undoes quoted-printable.
fn quoted(text: &str) -> Vec<u8> {
    let mut pieces = text.split('=');
    let mut bytes = pieces.next().unwrap_or_default().as_bytes().to_vec();
    for piece in pieces {
        bytes.push(u8::from_str_radix(&piece[..2], 16).unwrap());
        bytes.extend_from_slice(&piece.as_bytes()[2..]);
    }
    bytes
}
