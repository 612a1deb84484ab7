//! Pictures, served only while a record that this reader may see names them. The same check as the record's own page; what it hides is absent.

use crate::failure::Failure;
use crate::federation;
use crate::porch::Porch;
use crate::shelf;
use crate::visit::Visit;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use pes_domain::{Audience, Record, RecordIri};
use pes_pictures::Folder;
use pes_pictures::made::media_type;
use pes_store::pictures::{self, Named};
use pes_store::records;

/// What everybody sees. Browsers keep it, since a name never means another picture; caches that many share do not: they would go on showing what
/// its author has taken back.
const KEPT: &str = "private, max-age=31536000, immutable";
/// What depends on who asks.
const ASKED_EACH_TIME: &str = "private, no-cache";

pub(crate) fn configure(app: &mut web::ServiceConfig) {
    app.route("/images/{file}", web::get().to(image));
}

async fn image(
    porch: web::Data<Porch>,
    visit: Visit,
    request: HttpRequest,
    file: web::Path<String>,
) -> Result<HttpResponse, Failure> {
    let reader = match federation::reader(&porch, &request).await? {
        Ok(reader) => reader,
        Err(refused) => return Ok(refused),
    };
    let media_type = media_type(file.rsplit('.').next().unwrap_or_default());
    let (bytes, is_open) = porch.off(move |porch| open(porch, &visit, reader, &file)).await?;
    let mut response = HttpResponse::Ok();
    response.insert_header((header::CACHE_CONTROL, if is_open { KEPT } else { ASKED_EACH_TIME }));
    response.insert_header((header::VARY, "Cookie, Signature"));
    Ok(response.content_type(media_type).body(bytes))
}

/// What is in the file, to a node that may have it as this audience or to a visitor, and whether everybody may.
fn open(porch: &Porch, visit: &Visit, reader: Option<Audience>, file: &str) -> Result<(Vec<u8>, bool), Failure> {
    if !Folder::is_name(file) {
        return Err(Failure::Absent);
    }
    let named = porch.store().read(|link| pictures::of_file(link, file))?;
    let anyone = Visit { viewer: None, ..visit.clone() };
    let is_open = is_shown_to(porch, &anyone, &named)?;
    let may_have = match reader {
        _ if is_open => true,
        Some(audience) => is_given_to(porch, audience, visit, &named)?,
        None => is_shown_to(porch, visit, &named)?,
    };
    let bytes = if may_have { porch.album.open(file).map_err(|e| Failure::Inner(e.to_string()))? } else { None };
    Ok((bytes.ok_or(Failure::Absent)?, is_open))
}

/// Whether this visitor sees a record that names the picture, or has just sent it with a form.
fn is_shown_to(porch: &Porch, visit: &Visit, named: &[Named]) -> Result<bool, Failure> {
    let account = visit.viewer.as_ref().map(|viewer| pictures::of_account(&viewer.account.id));
    for one in named {
        if account.as_ref() == Some(&one.record) {
            return Ok(true);
        }
        let Some(iri) = RecordIri::read(&one.record) else { continue };
        match shelf::find(porch, visit, &iri) {
            Ok(shown) if names(&shown.record, one) => return Ok(true),
            Ok(_) | Err(Failure::Absent) => {}
            Err(failure) => return Err(failure),
        }
    }
    Ok(false)
}

/// Whether a record of ours that goes out to this audience names the picture. What another network gave us is that one's to give.
fn is_given_to(porch: &Porch, audience: Audience, visit: &Visit, named: &[Named]) -> Result<bool, Failure> {
    porch.store().read(|link| {
        for one in named {
            let is_ours = RecordIri::read(&one.record).is_some_and(|iri| iri.origin() == porch.site.origin);
            let sheet = if is_ours { records::seen(link, &one.record, audience)? } else { None };
            if sheet.is_some_and(|sheet| names(&sheet.record, one) && !sheet.record.is_expired(visit.now)) {
                return Ok(true);
            }
        }
        Ok(false)
    })
}

fn names(record: &Record, named: &Named) -> bool {
    record.body.picture().is_some_and(|picture| picture.digest == named.digest)
}
