//! Pictures and other files, served only while a record that this reader may see names them. The same check as the record's own page; what it hides
//! is absent.
//!
//! A picture was drawn here and is shown in pages. Another file is given on as it came: to be kept, never to be opened in a page of ours.

use crate::answered::Answered;
use crate::failure::Failure;
use crate::federation;
use crate::pages::Leaf;
use crate::porch::Porch;
use crate::shelf;
use crate::views::Notice;
use crate::visit::Visit;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    self, Charset, ContentDisposition, ContentEncoding, DispositionParam, DispositionType, ExtendedValue,
};
use actix_web::{HttpRequest, HttpResponse, web};
use pes_domain::file::cleaned;
use pes_domain::{Audience, Record, RecordIri};
use pes_files::made::media_type;
use pes_files::{Folder, Sort};
use pes_store::files::{self, Named};
use pes_store::records;

/// What everybody sees. Browsers keep it, since a name never means another file; caches that many share do not: they would go on showing what its
/// author has taken back.
const KEPT: &str = "private, max-age=31536000, immutable";
/// What depends on who asks.
const ASKED_EACH_TIME: &str = "private, no-cache";
/// Whatever a file holds, if a browser shows it after all: nothing in it runs, asks for anything or is of this site.
const SANDBOX: &str = "sandbox; default-src 'none'; frame-ancestors 'none'";

/// Who asks for which file: a visitor, or a node that may have it as this audience.
struct Request<'a> {
    visit: &'a Visit,
    reader: Option<Audience>,
    file: &'a str,
}

/// A file that may be given, and in whose name.
struct Opened {
    bytes: Vec<u8>,
    /// What it is called there; blank for pictures.
    name: String,
    /// Whether everybody may have it.
    is_open: bool,
}

/// A record that names a file, and what the file is called in it.
struct Naming {
    /// None where somebody has just sent it with a form.
    record: Option<RecordIri>,
    name: String,
}

pub(crate) fn configure(app: &mut web::ServiceConfig) {
    app.route("/images/{file}", web::get().to(image));
    app.route("/fichiers/{file}", web::get().to(file));
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
    if sort_of(&file).is_some() {
        return Err(Failure::Absent);
    }
    let media_type = media_type(file.rsplit('.').next().unwrap_or_default());
    let opened = porch.off(move |porch| open(porch, &Request { visit: &visit, reader, file: &file })).await?;
    let opened = opened.map_err(|_| Failure::Absent)?;
    Ok(kept(&opened).content_type(media_type).body(opened.bytes))
}

async fn file(
    porch: web::Data<Porch>,
    visit: Visit,
    request: HttpRequest,
    file: web::Path<String>,
) -> Result<HttpResponse, Failure> {
    let reader = match federation::reader(&porch, &request).await? {
        Ok(reader) => reader,
        Err(refused) => return Ok(refused),
    };
    let sort = sort_of(&file).ok_or(Failure::Absent)?;
    let given = porch.off(move |porch| {
        let asked = Request { visit: &visit, reader, file: &file };
        open(porch, &asked)?.map_or_else(|lost| missing(porch, &visit, &lost).map(Err), |opened| Ok(Ok(opened)))
    });
    Ok(match given.await? {
        Ok(opened) => whole(opened, sort),
        Err(page) => page.response(),
    })
}

/// A file as it came, to be saved under its name.
fn whole(opened: Opened, sort: Sort) -> HttpResponse {
    let mut response = kept(&opened);
    response.insert_header(saved_as(&cleaned(&opened.name, sort.ending())));
    response.insert_header((header::CONTENT_SECURITY_POLICY, SANDBOX));
    // All but plain text is packed already: to pack it again for each who asks costs much and saves nothing.
    if !matches!(sort, Sort::Csv | Sort::Text) {
        response.insert_header(ContentEncoding::Identity);
    }
    response.content_type(sort.media_type()).body(opened.bytes)
}

/// The sort of a file by its name here; none for pictures.
fn sort_of(file: &str) -> Option<Sort> {
    Sort::of_ending(file.rsplit('.').next()?)
}

fn kept(opened: &Opened) -> actix_web::HttpResponseBuilder {
    let mut response = HttpResponse::Ok();
    response.insert_header((header::CACHE_CONTROL, if opened.is_open { KEPT } else { ASKED_EACH_TIME }));
    response.insert_header((header::VARY, "Cookie, Signature"));
    response
}

/// To be saved under this name (RFC 6266): in full, and for old programs in the letters that they know.
fn saved_as(name: &str) -> ContentDisposition {
    let plain = name.chars().map(|c| if c.is_ascii_alphanumeric() || " .-_()".contains(c) { c } else { '_' });
    let whole = ExtendedValue { charset: Charset::Ext("UTF-8".into()), language_tag: None, value: name.into() };
    let parameters = vec![DispositionParam::Filename(plain.collect()), DispositionParam::FilenameExt(whole)];
    ContentDisposition { disposition: DispositionType::Attachment, parameters }
}

/// A file that its record names, and that is not on this machine: where else it may be.
fn missing(porch: &Porch, visit: &Visit, lost: &Naming) -> Result<Answered, Failure> {
    let record = lost.record.as_ref().ok_or(Failure::Absent)?;
    let view = Notice::of(porch, "file-missing", &record.to_string(), "file-go-record");
    Ok(Leaf::new("notice", &view.title.clone()).page(porch, visit, &view)?.status(StatusCode::NOT_FOUND))
}

/// What is in the file, for whoever may have it; or who names it, where it is lost.
fn open(porch: &Porch, asked: &Request<'_>) -> Result<Result<Opened, Naming>, Failure> {
    if !Folder::is_name(asked.file) {
        return Err(Failure::Absent);
    }
    let named = porch.store().read(|link| files::of_file(link, asked.file))?;
    let anyone = Visit { viewer: None, ..asked.visit.clone() };
    let open = shown_to(porch, &anyone, &named)?;
    let is_open = open.is_some();
    let naming = match (open, asked.reader) {
        (Some(naming), _) => Some(naming),
        (None, Some(audience)) => given_to(porch, audience, asked.visit, &named)?,
        (None, None) => shown_to(porch, asked.visit, &named)?,
    };
    let naming = naming.ok_or(Failure::Absent)?;
    let bytes = porch.cabinet.open(asked.file).map_err(|e| Failure::Inner(e.to_string()))?;
    Ok(bytes.map(|bytes| Opened { bytes, name: naming.name.clone(), is_open }).ok_or(naming))
}

/// A record that this visitor sees and that names the file, or that they have just sent it with a form.
fn shown_to(porch: &Porch, visit: &Visit, named: &[Named]) -> Result<Option<Naming>, Failure> {
    let account = visit.viewer.as_ref().map(|viewer| files::of_account(&viewer.account.id));
    for one in named {
        if account.as_ref() == Some(&one.record) {
            return Ok(Some(Naming { record: None, name: String::new() }));
        }
        let Some(iri) = RecordIri::read(&one.record) else { continue };
        match shelf::find(porch, visit, &iri) {
            Ok(shown) => match naming(&shown.record, one) {
                None => {}
                found => return Ok(found),
            },
            Err(Failure::Absent) => {}
            Err(failure) => return Err(failure),
        }
    }
    Ok(None)
}

/// A record of ours that goes out to this audience and names the file. What another network gave us is that one's to give.
fn given_to(porch: &Porch, audience: Audience, visit: &Visit, named: &[Named]) -> Result<Option<Naming>, Failure> {
    porch.store().read(|link| {
        for one in named {
            let is_ours = RecordIri::read(&one.record).is_some_and(|iri| iri.origin() == porch.site.origin);
            let sheet = if is_ours { records::seen(link, &one.record, audience)? } else { None };
            let current = sheet.filter(|sheet| !sheet.record.is_expired(visit.now));
            if let Some(found) = current.and_then(|sheet| naming(&sheet.record, one)) {
                return Ok(Some(found));
            }
        }
        Ok(None)
    })
}

fn naming(record: &Record, named: &Named) -> Option<Naming> {
    let is_it = record.body.attached().any(|one| one.digest == named.digest);
    let file = record.body.file().filter(|file| file.digest == named.digest);
    let name = file.map(|file| file.name.clone()).unwrap_or_default();
    is_it.then(|| Naming { record: Some(record.iri.clone()), name })
}

#[cfg(test)]
mod tests {
    use super::saved_as;

    #[test]
    fn a_name_is_told_in_full_and_in_plain_letters() {
        let told = saved_as("Été \"à\" l’atelier; a=b.pdf").to_string();
        assert!(told.starts_with("attachment; filename=\"_t_ ___ l_atelier_ a_b.pdf\"; filename*=UTF-8''"), "{told}");
        assert!(told.contains("%C3%89t%C3%A9") && told.is_ascii(), "{told}");
    }
}
