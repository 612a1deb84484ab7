//! A form that may bring a picture or a file: `multipart/form-data`, read as it comes and never unpacked into more than was asked for.
//!
//! The same form without a file may come as any other: browsers and programs that know no files stay welcome.

use crate::failure::Failure;
use crate::guard::{self, Network};
use crate::porch::Porch;
use crate::typed::{FORM, Typed};
use crate::visit::Visit;
use actix_multipart::{Field, Multipart};
use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest, web};
use futures_util::TryStreamExt;
use pes_domain::{Draft, file, picture};
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;
use tokio::sync::SemaphorePermit;

/// The field in which a picture comes.
const PICTURE: &str = "picture-file";
/// The field in which another file comes.
const FILE: &str = "document-file";
/// The most bytes of a whole form with its files. What is too heavy is read to its end, up to here, so that what was typed behind it
/// is not lost.
const PARCEL: usize = 32 * 1024 * 1024;
/// How long one may take to arrive.
const PARCEL_TIME: Duration = Duration::from_secs(180);

/// How long a picture may wait for its turn to be drawn.
const TURN: Duration = Duration::from_secs(20);

/// A form that was checked to be the visitor's own, and the picture and the file that came with it.
#[derive(Debug)]
pub(crate) struct Parcel {
    pub(crate) typed: Typed,
    pub(crate) picture: Option<Sent>,
    /// What it is called where it comes from, and its bytes.
    pub(crate) file: Option<(String, Sent)>,
}

impl Parcel {
    /// The turn to have its picture drawn anew, held until that is done; none where there is no picture.
    ///
    /// # Errors
    /// [`Failure::Busy`] where too many others wait.
    pub(crate) async fn turn<'a>(&self, porch: &'a Porch) -> Result<Option<SemaphorePermit<'a>>, Failure> {
        if self.picture.is_none() {
            return Ok(None);
        }
        match tokio::time::timeout(TURN, porch.limits.drawing.acquire()).await {
            Ok(Ok(turn)) => Ok(Some(turn)),
            Ok(Err(_)) | Err(_) => Err(Failure::Busy),
        }
    }
}

/// A picture or a file as it was sent.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Sent {
    Bytes(Vec<u8>),
    /// It had more bytes than it may have; they were let go.
    TooHeavy,
}

impl FromRequest for Parcel {
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Failure>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let mut payload = payload.take();
        Box::pin(async move {
            if !is_multipart(&request) {
                return Ok(Self {
                    typed: Typed::from_request(&request, &mut payload).await?,
                    picture: None,
                    file: None,
                });
            }
            let porch = request.app_data::<web::Data<Porch>>().ok_or(Failure::Inner("no porch".into()))?.clone();
            let from = Network::from(guard::address(&request, &porch));
            porch.limits.form(from)?;
            let visit = Visit::from_request(&request, &mut Payload::None).await?;
            // Nobody else has anything to bring.
            visit.viewer()?;
            let payload = web::Payload::from_request(&request, &mut payload).await.map_err(|_| Failure::Form)?;
            let parts = Multipart::new(request.headers(), payload);
            let Read { draft, picture, file } =
                tokio::time::timeout(PARCEL_TIME, read(parts)).await.map_err(|_| Failure::Form)??;
            Ok(Self { typed: Typed::checked(&request, visit, draft, from)?, picture, file })
        })
    }
}

fn is_multipart(request: &HttpRequest) -> bool {
    let media_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    media_type.is_some_and(|media_type| media_type.trim_start().to_ascii_lowercase().starts_with("multipart/form-data"))
}

/// A form as it came.
#[derive(Default)]
struct Read {
    draft: Draft,
    picture: Option<Sent>,
    file: Option<(String, Sent)>,
}

/// Fields as often as they come, the first picture and the first file; a file that nobody asked for is let go.
async fn read(mut parts: Multipart) -> Result<Read, Failure> {
    let mut all = Read::default();
    let (mut room, mut rest) = (FORM, PARCEL);
    while let Some(mut part) = parts.try_next().await.map_err(|_| Failure::Form)? {
        let name = part.name().ok_or(Failure::Form)?.to_owned();
        let filename = part.content_disposition().and_then(|told| told.get_filename()).map(str::to_owned);
        let most = if filename.is_some() { most_of(&name) } else { room };
        let read = bytes(&mut part, most, &mut rest).await?;
        match (filename, read) {
            (Some(filename), read) => all.keep(&name, filename, read),
            (None, Some(bytes)) => {
                room = room.checked_sub(bytes.len() + name.len()).ok_or(Failure::TooLarge)?;
                all.draft.add(name, text(bytes)?);
            }
            (None, None) => return Err(Failure::TooLarge),
        }
    }
    Ok(all)
}

/// The most bytes that are kept of a file in this field.
fn most_of(field: &str) -> usize {
    let most = match field {
        PICTURE => picture::BYTES,
        FILE => file::BYTES,
        _ => 0,
    };
    usize::try_from(most).unwrap_or(FORM)
}

impl Read {
    /// Keeps a file that was asked for. Where none was chosen, browsers send an empty one without a name; one with a name is empty.
    fn keep(&mut self, field: &str, filename: String, read: Option<Vec<u8>>) {
        let is_empty = read.as_ref().is_some_and(Vec::is_empty);
        let sent = read.map_or(Sent::TooHeavy, Sent::Bytes);
        match field {
            PICTURE if !is_empty && self.picture.is_none() => self.picture = Some(sent),
            FILE if !(is_empty && filename.is_empty()) && self.file.is_none() => self.file = Some((filename, sent)),
            _ => {}
        }
    }
}

/// What is in a part, read to its end; `None` where that is more than `most` bytes.
async fn bytes(part: &mut Field, most: usize, rest: &mut usize) -> Result<Option<Vec<u8>>, Failure> {
    let mut read = Some(Vec::new());
    while let Some(chunk) = part.try_next().await.map_err(|_| Failure::Form)? {
        *rest = rest.checked_sub(chunk.len()).ok_or(Failure::TooHeavy)?;
        read = read.filter(|read| read.len() + chunk.len() <= most);
        if let Some(read) = &mut read {
            read.extend_from_slice(&chunk);
        }
    }
    Ok(read)
}

/// U+0000 is read as another character that is no text, as in any other form.
fn text(bytes: Vec<u8>) -> Result<String, Failure> {
    String::from_utf8(bytes).map(|text| text.replace('\0', "\u{1}")).map_err(|_| Failure::Form)
}
