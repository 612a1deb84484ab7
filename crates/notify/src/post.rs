//! Writes a mail out, in text and HTML, and gives it to the mail server.

use crate::NotifyError;
use crate::letter::Letter;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::{Message, SmtpTransport, Transport};
use pes_words::engine::Escape;
use pes_words::{Catalogue, Engine};
use std::fmt;
use std::sync::Arc;

const TEXT: &[(&str, &str)] = &[("mail", include_str!("../templates/mail.txt.hbs"))];
const HTML: &[(&str, &str)] = &[("mail", include_str!("../templates/mail.html.hbs"))];

/// Who writes: the network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    /// The network's name.
    pub name: String,
    /// Its sending address; no person's.
    pub address: String,
    /// The node's origin, to which all links lead.
    pub origin: String,
}

/// The way to the mail server.
pub struct Post {
    server: SmtpTransport,
    sender: Sender,
    text: Engine,
    html: Engine,
}

impl Post {
    /// A way to the mail server at this address: `smtps://user:password@host`, `smtp://host:25`, `smtp://host?tls=required`.
    ///
    /// # Errors
    /// [`NotifyError::Settings`].
    pub fn to(server: &str, sender: Sender, catalogue: Arc<Catalogue>) -> Result<Self, NotifyError> {
        let settings = |e: String| NotifyError::Settings(e);
        let server = SmtpTransport::from_url(server).map_err(|e| settings(e.to_string()))?.build();
        sender.address.parse::<lettre::Address>().map_err(|e| settings(format!("{}: {e}", sender.address)))?;
        let text = Engine::new(TEXT, Escape::Plain, Arc::clone(&catalogue))?;
        let html = Engine::new(HTML, Escape::Html, catalogue)?;
        Ok(Self { server, sender, text, html })
    }

    /// Whether this can be the address of a mail server.
    ///
    /// # Errors
    /// In words, why not.
    pub fn check_server(server: &str) -> Result<(), String> {
        SmtpTransport::from_url(server).map(drop).map_err(|e| e.to_string())
    }

    /// Whether mails can come from this address.
    ///
    /// # Errors
    /// In words, why not.
    pub fn check_address(address: &str) -> Result<(), String> {
        address.parse::<lettre::Address>().map(drop).map_err(|e| e.to_string())
    }

    /// Who writes.
    pub fn sender(&self) -> &Sender {
        &self.sender
    }

    /// Gives a mail to the mail server.
    ///
    /// # Errors
    /// [`NotifyError::Later`] when the server is not there or says "later", [`NotifyError::Refused`] when it refuses.
    pub fn send(&self, letter: &Letter) -> Result<(), NotifyError> {
        let message = self.write(letter)?;
        self.server.send(&message).map(drop).map_err(|error| match error.is_permanent() {
            true => refused(letter, error.to_string()),
            false => NotifyError::Later(error.to_string()),
        })
    }

    fn write(&self, letter: &Letter) -> Result<Message, NotifyError> {
        let fault = |e: &dyn fmt::Display| refused(letter, e.to_string());
        let from = Mailbox::new(Some(one_line(&self.sender.name)), self.sender.address.parse().map_err(|e| fault(&e))?);
        let name = Some(one_line(&letter.to_name)).filter(|name| !name.is_empty());
        let to = Mailbox::new(name, letter.to_address.parse().map_err(|e| fault(&e))?);
        let host = self.sender.address.rsplit('@').next().unwrap_or_default();
        let mut message = Message::builder()
            .from(from)
            .to(to)
            .subject(one_line(&letter.subject))
            .message_id(Some(format!("<{}@{host}>", letter.id)));
        // A machine wrote it: nobody's absence notice shall answer (RFC 3834).
        message = message.raw_header(header("Auto-Submitted", "auto-generated"));
        if let Some(link) = &letter.unsubscribe {
            // RFC 8058: the mail program's own button, which posts.
            message = message
                .raw_header(header("List-Unsubscribe", &format!("<{link}>")))
                .raw_header(header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"));
        }
        let parts =
            MultiPart::alternative_plain_html(self.text.render("mail", letter)?, self.html.render("mail", letter)?);
        message.multipart(parts).map_err(|e| fault(&e))
    }
}

/// A text for the head of a mail: no line break and nothing unprintable, whatever somebody typed.
fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

fn header(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

fn refused(letter: &Letter, why: String) -> NotifyError {
    let domain = letter.to_address.rsplit('@').next().unwrap_or_default();
    NotifyError::Refused { to: domain.to_owned(), why }
}

impl fmt::Debug for Post {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Post").field("sender", &self.sender).finish_non_exhaustive()
    }
}
