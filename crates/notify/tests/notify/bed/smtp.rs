//! A mail server for tests: it speaks SMTP, refuses whom it is told to refuse, and delivers to nobody.

use super::Mail;
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

/// What the server keeps.
#[derive(Default)]
struct Kept {
    mails: Mutex<Vec<Mail>>,
    /// What is said to those who write to an address.
    replies: Mutex<HashMap<String, String>>,
    is_stopped: AtomicBool,
}

/// A mail server at a port of its own.
pub struct Smtp {
    address: SocketAddr,
    kept: Arc<Kept>,
    thread: thread::JoinHandle<()>,
}

impl Smtp {
    pub fn new() -> Self {
        Self::at("127.0.0.1:0".parse().unwrap())
    }

    pub fn at(address: SocketAddr) -> Self {
        let socket = TcpListener::bind(address).unwrap();
        let (address, kept) = (socket.local_addr().unwrap(), Arc::new(Kept::default()));
        let keeper = Arc::clone(&kept);
        let thread = thread::spawn(move || {
            for stream in socket.incoming() {
                if keeper.is_stopped.load(Ordering::SeqCst) {
                    return;
                }
                // A client that goes away in the middle has sent nothing.
                drop(talk(&stream.unwrap(), &keeper));
            }
        });
        Self { address, kept, thread }
    }

    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// Closes the port; nobody is there any more.
    pub fn stop(self) -> SocketAddr {
        self.kept.is_stopped.store(true, Ordering::SeqCst);
        drop(TcpStream::connect(self.address).unwrap());
        self.thread.join().unwrap();
        self.address
    }

    /// What to say from now on when a mail is for this address.
    pub fn replies_to(&self, address: &str, reply: Option<&str>) {
        let mut replies = self.kept.replies.lock().unwrap();
        match reply {
            Some(reply) => replies.insert(address.to_owned(), reply.to_owned()),
            None => replies.remove(address),
        };
    }

    pub fn mails(&self) -> Vec<Mail> {
        self.kept.mails.lock().unwrap().clone()
    }

    /// The mails so far; the server forgets them.
    pub fn take(&self) -> Vec<Mail> {
        std::mem::take(&mut *self.kept.mails.lock().unwrap())
    }

    /// The one mail there is.
    pub fn only(&self) -> Mail {
        let mut mails = self.mails();
        assert_eq!(mails.len(), 1, "{mails:?}");
        mails.remove(0)
    }
}

fn talk(stream: &TcpStream, kept: &Kept) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream);
    let say = |reply: &str| write!(&mut &*stream, "{reply}\r\n");
    say("220 courrier.example")?;
    let mut to = Vec::new();
    loop {
        let mut line = String::new();
        if lines.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let word: String = line.chars().take_while(char::is_ascii_alphabetic).collect();
        match word.to_uppercase().as_str() {
            "EHLO" => say("250-courrier.example\r\n250 8BITMIME")?,
            "RCPT" => {
                let address = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
                let reply = kept.replies.lock().unwrap().get(&address).cloned();
                say(reply.as_deref().unwrap_or("250 ok"))?;
                to.push(address);
            }
            "DATA" => {
                say("354 go on")?;
                let raw = data(&mut lines)?;
                kept.mails.lock().unwrap().push(Mail { to: std::mem::take(&mut to), raw });
                say("250 taken")?;
            }
            "QUIT" => return say("221 bye"),
            _ => say("250 ok")?,
        }
    }
}

/// A mail up to its lone dot.
fn data(lines: &mut impl BufRead) -> std::io::Result<String> {
    let mut raw = String::new();
    loop {
        let mut line = String::new();
        lines.read_line(&mut line)?;
        match line.as_str() {
            ".\r\n" | "" => return Ok(raw),
            _ => raw.push_str(line.strip_prefix('.').unwrap_or(&line)),
        }
    }
}
