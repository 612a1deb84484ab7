//! From a form with a picture to a draft that names it: the one that came with it, one that came before, the one that stood there, or none.

use crate::failure::Failure;
use crate::pages::saving::without;
use crate::parcel::{Parcel, Sent};
use crate::porch::Porch;
use crate::typed::Typed;
use crate::visit::Visit;
use pes_domain::{Draft, Picture, Problem, Problems, Why};
use pes_pictures::{AlbumError, Refused};
use pes_store::own_records::OwnRecord;
use pes_store::pictures::{self, Named};

/// What only the form knows of a picture.
const OF_THE_FORM: [&str; 3] = ["picture", "picture-file", "picture-remove"];

/// What was typed, with the picture that stands behind it, and what is wrong with one that came. It is kept while the form is shown again.
///
/// # Errors
/// [`Failure::Full`] where there is no room for it; what is no picture is no failure.
pub(crate) fn settle(porch: &Porch, before: Option<&OwnRecord>, parcel: Parcel) -> Result<(Typed, Problems), Failure> {
    let Parcel { mut typed, picture } = parcel;
    let account = typed.visit.viewer()?.account.id.clone();
    let (named, is_removed) = (typed.draft.one("picture").to_owned(), typed.draft.is_ticked("picture-remove"));
    typed.draft = without(&typed.draft, &OF_THE_FORM);
    let (sent, problems) = match picture {
        None => (None, Problems::new()),
        Some(sent) => match take(porch, &account, &sent, typed.visit.now.unix_timestamp())? {
            Ok(kept) => (Some(form_of(&kept)), Problems::new()),
            Err(why) => (None, vec![Problem::new("picture", why)]),
        },
    };
    let picture = match sent {
        Some(sent) => Some(sent),
        None if is_removed => None,
        None => known(porch, &account, before, &named)?,
    };
    if is_removed && picture.is_none() {
        typed.draft = without(&typed.draft, &["picture-alt"]);
    }
    typed.draft.add_given("picture", picture);
    Ok((typed, problems))
}

/// Keeps what was sent, or says why it is none.
fn take(porch: &Porch, account: &str, sent: &Sent, now: i64) -> Result<Result<Named, Why>, Failure> {
    let Sent::Bytes(bytes) = sent else { return Ok(Err(Why::TooHeavy(5))) };
    match porch.album.take((account, &porch.site.origin), bytes, now) {
        Ok(named) => Ok(Ok(named)),
        Err(AlbumError::Refused(Refused::TooHeavy)) => Ok(Err(Why::TooHeavy(5))),
        Err(AlbumError::Refused(Refused::TooManyPoints)) => Ok(Err(Why::TooManyPoints(40))),
        Err(AlbumError::Refused(Refused::NotOne(_)) | AlbumError::OtherDigest) => Ok(Err(Why::NotAPicture)),
        Err(AlbumError::Store(error)) => Err(error.into()),
        Err(AlbumError::Disk(error)) => Err(Failure::Full(format!("a picture cannot be kept: {error}"))),
    }
}

/// What a form names, if it may: the picture that stood there, or one that this person sent before. Nobody shows another's picture by its name.
fn known(porch: &Porch, account: &str, before: Option<&OwnRecord>, named: &str) -> Result<Option<String>, Failure> {
    let stood = before.and_then(|own| own.record.body.picture()).map(Picture::to_form);
    if stood.as_deref() == Some(named) {
        return Ok(stood);
    }
    let Some(digest) = named.split(' ').nth(1) else { return Ok(None) };
    let waiting = porch.store().read(|link| pictures::find(link, &pictures::of_account(account), digest))?;
    Ok(waiting.map(|waiting| form_of(&waiting)).filter(|form| form == named))
}

/// What came with a form is named by a record now.
pub(crate) fn done(porch: &Porch, visit: &Visit, draft: &Draft) -> Result<(), Failure> {
    let Some(digest) = draft.one("picture").split(' ').nth(1) else { return Ok(()) };
    Ok(porch.album.let_go(&visit.viewer()?.account.id, digest)?)
}

fn form_of(named: &Named) -> String {
    picture_of(named, "").to_form()
}

/// What a record says of a picture that is held here.
pub(crate) fn picture_of(named: &Named, alt: &str) -> Picture {
    let Named { address, digest, media_type, size, .. } = named.clone();
    Picture { address, digest, media_type, size, alt: alt.to_owned() }
}

/// The file that a form shows: of its picture, if it is held here.
pub(crate) fn file_of(draft: &Draft) -> Option<&str> {
    draft.one("picture").split(' ').next()?.rsplit('/').next().filter(|file| !file.is_empty())
}
