//! A form with a file: what was typed, and the file on its way to the workshop, never whole in memory.

use crate::failure::Failure;
use crate::guard::{self, Network};
use crate::porch::Porch;
use crate::typed::check_ours;
use crate::visit::Visit;
use actix_multipart::{Field, Multipart};
use actix_web::{HttpRequest, web};
use futures_util::StreamExt;
use pes_domain::Draft;
use pes_import::workshop::Upload;
use std::time::Duration;

/// The most bytes of a field that is no file.
const FIELD: usize = 1_000;
/// The most fields of a form with a file.
const FIELDS: usize = 10;
/// How many bytes more than a file may have are still heard, so that a browser hears why it is not taken.
const HEARD: u64 = 100 * 1024 * 1024;
/// How long a file may take to arrive.
const FILE_TIME: Duration = Duration::from_secs(600);
/// The most characters of a file's name.
const NAME: usize = 120;

/// A form with a file, checked to be the visitor's own.
#[derive(Debug)]
pub(crate) struct Consignment {
    pub(crate) draft: Draft,
    /// The file and its name; none where no file was chosen.
    pub(crate) file: Option<(Upload, String)>,
    /// Whether it had more bytes than a file may have; then there is no file.
    pub(crate) is_too_large: bool,
}

/// What became of a file that came.
enum Came {
    Whole(Upload),
    TooLarge,
    Nothing,
}

impl Consignment {
    /// Takes in a form with a file, of a visitor of whom it was found out that they may send one. The token comes first: nothing is written before it was seen.
    ///
    /// # Errors
    /// [`Failure::Stale`], [`Failure::Form`], [`Failure::TooLarge`], [`Failure::TooOften`].
    pub(crate) async fn receive(
        porch: &Porch,
        visit: &Visit,
        request: &HttpRequest,
        payload: web::Payload,
    ) -> Result<Self, Failure> {
        porch.limits.form(Network::from(guard::address(request, porch)))?;
        let form = Multipart::new(request.headers(), payload);
        match tokio::time::timeout(FILE_TIME, Self::unpacked(porch, visit, request, form)).await {
            Ok(consignment) => consignment,
            Err(_) => Err(Failure::Form),
        }
    }

    async fn unpacked(
        porch: &Porch,
        visit: &Visit,
        request: &HttpRequest,
        mut form: Multipart,
    ) -> Result<Self, Failure> {
        let mut consignment = Self { draft: Draft::default(), file: None, is_too_large: false };
        let mut is_ours = false;
        for _ in 0..FIELDS {
            let Some(field) = form.next().await else { break };
            let mut field = field.map_err(|_| Failure::Form)?;
            let name = field.name().unwrap_or_default().to_owned();
            if name == "file" && is_ours {
                let called = called(&field);
                match take_in(porch, &mut field).await? {
                    Came::Whole(upload) => consignment.file = Some((upload, called)),
                    Came::TooLarge => consignment.is_too_large = true,
                    Came::Nothing => {}
                }
                continue;
            }
            let bytes = field.bytes(FIELD).await.map_err(|_| Failure::TooLarge)?.map_err(|_| Failure::Form)?;
            let text = str::from_utf8(&bytes).map_err(|_| Failure::Form)?.replace('\0', "\u{1}");
            if name == "csrf" {
                check_ours(request, visit, &text)?;
                is_ours = true;
            }
            consignment.draft.add(name, text);
        }
        if is_ours { Ok(consignment) } else { Err(Failure::Stale) }
    }
}

/// Writes a file down as it comes. What is too much is heard to its end, within reason, and not kept.
async fn take_in(porch: &Porch, field: &mut Field) -> Result<Came, Failure> {
    let mut upload = Some(porch.off(|porch| Ok(porch.workshop.room()?)).await?);
    let mut heard = 0;
    while let Some(bytes) = field.next().await {
        let bytes = bytes.map_err(|_| Failure::Form)?;
        heard += bytes.len() as u64;
        if heard > HEARD {
            return Err(Failure::TooLarge);
        }
        upload = match upload {
            Some(mut upload) => {
                let written = web::block(move || upload.write(&bytes).map(|has_room| has_room.then_some(upload))).await;
                written.map_err(|why| Failure::Inner(why.to_string()))??
            }
            None => None,
        };
    }
    Ok(match upload {
        Some(_) if heard == 0 => Came::Nothing,
        Some(upload) => Came::Whole(upload),
        None => Came::TooLarge,
    })
}

/// What a file is called.
fn called(field: &Field) -> String {
    plain(field.content_disposition().and_then(|one| one.get_filename()).unwrap_or_default())
}

/// A file's name without the folders some browsers tell, fit to be shown and kept.
fn plain(name: &str) -> String {
    let name: String =
        name.rsplit(['/', '\\']).next().unwrap_or_default().chars().filter(|c| !c.is_control()).collect();
    let name: String = name.trim().chars().take(NAME).collect();
    if name.is_empty() { "import.csv".into() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_s_name_is_its_last_part_and_short() {
        for (told, kept) in [
            ("vieux.csv", "vieux.csv"),
            ("C:\\fakepath\\vieux.csv", "vieux.csv"),
            ("../../etc/passwd", "passwd"),
            ("  l’annuaire 2012.csv ", "l’annuaire 2012.csv"),
            ("a\0b\r\nc.csv", "abc.csv"),
            ("", "import.csv"),
            ("/", "import.csv"),
        ] {
            assert_eq!(plain(told), kept, "{told:?}");
        }
        assert_eq!(plain(&"é".repeat(500)).chars().count(), NAME);
    }
}
