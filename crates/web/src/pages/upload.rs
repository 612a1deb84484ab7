//! From a form with a picture or a file to a draft that names it: the one that came with it, one that came before, the one that stood there, or none.

use crate::failure::Failure;
use crate::pages::saving::without;
use crate::parcel::{Parcel, Sent};
use crate::porch::Porch;
use crate::typed::Typed;
use crate::visit::Visit;
use pes_domain::file::cleaned;
use pes_domain::{Draft, File, Picture, Problem, Problems, Why};
use pes_files::{CabinetError, Refused, Sender, Sort, Unfit};
use pes_store::files::{self, Named};
use pes_store::own_records::OwnRecord;

/// What only the form knows of a picture and of a file.
const OF_THE_FORM: [&str; 6] = ["picture", "picture-file", "picture-remove", "file", "document-file", "file-remove"];

/// How many megabytes all files of one of the team have at most, who writes for the whole network; of a member; and of an account that nobody has
/// accepted.
const OF_TEAM: usize = 500;
const OF_MEMBERS: usize = 100;
const OF_STRANGERS: usize = 10;

/// What became of what came with a form: what the form carries for it from now on, or why it is not taken.
type Taken = Result<String, Why>;

/// What was typed, with the picture and the file that stand behind it, and what is wrong with what came. It is kept while the form is shown again.
///
/// # Errors
/// [`Failure::Full`] where there is no room for it; what is not taken is no failure.
pub(crate) fn settle(porch: &Porch, before: Option<&OwnRecord>, parcel: Parcel) -> Result<(Typed, Problems), Failure> {
    let Parcel { mut typed, picture, file } = parcel;
    let viewer = typed.visit.viewer()?;
    let most = match (viewer.is_editor(), viewer.is_member()) {
        (true, _) => OF_TEAM,
        (false, true) => OF_MEMBERS,
        (false, false) => OF_STRANGERS,
    };
    let record = before.map(|own| own.record.iri.to_string());
    let (account, draft) = (viewer.account.id.clone(), typed.draft.clone());
    let desk = Desk { porch, account: &account, typed: &draft, most, record: record.as_deref() };
    let now = typed.visit.now.unix_timestamp();
    typed.draft = without(&typed.draft, &OF_THE_FORM);
    let body = before.map(|own| &own.record.body);
    let came = picture.map(|sent| desk.take_picture(&sent, now)).transpose()?;
    let stood = body.and_then(|body| body.picture()).map(Picture::to_form);
    let (picture, mut problems) = desk.chosen("picture", came, stood)?;
    if picture.is_none() && desk.typed.is_ticked("picture-remove") {
        typed.draft = without(&typed.draft, &["picture-alt"]);
    }
    typed.draft.add_given("picture", picture);
    let came = file.map(|(name, sent)| desk.take_file(&name, &sent, now)).transpose()?;
    let (file, wrong) = desk.chosen("file", came, body.and_then(|body| body.file()).map(File::to_form))?;
    typed.draft.add_given("file", file);
    problems.extend(wrong);
    Ok((typed, problems))
}

/// Where what somebody sent is looked at.
struct Desk<'a> {
    porch: &'a Porch,
    account: &'a str,
    typed: &'a Draft,
    /// How many megabytes all their files may have.
    most: usize,
    /// The record that is changed.
    record: Option<&'a str>,
}

impl Desk<'_> {
    /// What stands in a field, as the form carries it, and what is wrong with what came for it.
    fn chosen(
        &self,
        field: &'static str,
        came: Option<Taken>,
        stood: Option<String>,
    ) -> Result<(Option<String>, Problems), Failure> {
        let mut problems = match came {
            Some(Ok(form)) => return Ok((Some(form), Problems::new())),
            Some(Err(why)) => vec![Problem::new(field, why)],
            None => Problems::new(),
        };
        if self.typed.is_ticked(&format!("{field}-remove")) {
            return Ok((None, problems));
        }
        let named = self.typed.one(field);
        match self.known(stood.clone(), named)? {
            // It was sent before, and is gone: that is said once, and nothing is saved without it.
            None if !named.trim().is_empty() => {
                if problems.is_empty() {
                    problems.push(Problem::new(field, Why::ChooseAgain));
                }
                Ok((stood, problems))
            }
            known => Ok((known, problems)),
        }
    }

    /// What a form names, if it may: what stood there, or what this person sent before. Nobody shows another's by its name.
    fn known(&self, stood: Option<String>, named: &str) -> Result<Option<String>, Failure> {
        if stood.as_deref() == Some(named) {
            return Ok(stood);
        }
        let Some(digest) = named.split(' ').nth(1) else { return Ok(None) };
        let waiting = self.porch.store().read(|link| files::waiting(link, self.account, digest))?;
        let Some(waiting) = waiting else { return Ok(None) };
        let form = match (waiting.is_picture(), File::of_form(named)) {
            (false, Some(file)) => file_of_named(&waiting, &file.name).map(|file| file.to_form()),
            _ => Some(form_of(&waiting)),
        };
        Ok(form.filter(|form| form == named))
    }

    /// Keeps the picture that was sent, or says why it is none.
    fn take_picture(&self, sent: &Sent, now: i64) -> Result<Taken, Failure> {
        let Sent::Bytes(bytes) = sent else { return Ok(Err(Why::TooHeavy(5))) };
        match self.porch.cabinet.take((self.account, &self.porch.site.origin), bytes, now) {
            Ok(named) => Ok(Ok(form_of(&named))),
            Err(CabinetError::Refused(Refused::TooHeavy)) => Ok(Err(Why::TooHeavy(5))),
            Err(CabinetError::Refused(Refused::TooManyPoints)) => Ok(Err(Why::TooManyPoints(40))),
            Err(CabinetError::Refused(_) | CabinetError::Unfit(_) | CabinetError::OtherDigest) => {
                Ok(Err(Why::NotAPicture))
            }
            Err(error) => Err(of_cabinet(error)),
        }
    }

    /// Keeps the file that was sent under this name, or says why it is not taken.
    fn take_file(&self, name: &str, sent: &Sent, now: i64) -> Result<Taken, Failure> {
        let Sent::Bytes(bytes) = sent else { return Ok(Err(Why::TooHeavy(10))) };
        let (account, origin) = (self.account, self.porch.site.origin.as_str());
        let sender = Sender { account, origin, most: self.most as u64 * 1_000_000, replaced: self.record };
        match self.porch.cabinet.take_file(sender, (name, bytes), now) {
            Ok(named) => Ok(file_of_named(&named, name).map(|file| file.to_form()).ok_or(Why::NotAFile)),
            Err(CabinetError::Unfit(why)) => Ok(Err(match why {
                Unfit::Empty => Why::EmptyFile,
                Unfit::TooHeavy => Why::TooHeavy(10),
                Unfit::NotTaken => Why::NotAFile,
                Unfit::Disagrees => Why::FileDisagrees,
                Unfit::NotPlain => Why::NotPlainText,
                Unfit::Macros => Why::FileHasMacros,
            })),
            Err(CabinetError::NoRoom) => Ok(Err(Why::NoRoom(self.most))),
            Err(CabinetError::Refused(_) | CabinetError::OtherDigest) => Ok(Err(Why::NotAFile)),
            Err(error) => Err(of_cabinet(error)),
        }
    }
}

/// What is nobody's fault who sends something.
fn of_cabinet(error: CabinetError) -> Failure {
    match error {
        CabinetError::Store(error) => error.into(),
        CabinetError::Disk(error) => Failure::Full(format!("a file cannot be kept: {error}")),
        other => Failure::Inner(other.to_string()),
    }
}

/// What came with a form is named by a record now.
pub(crate) fn done(porch: &Porch, visit: &Visit, draft: &Draft) -> Result<(), Failure> {
    for digest in ["picture", "file"].iter().filter_map(|field| draft.one(field).split(' ').nth(1)) {
        porch.cabinet.let_go(&visit.viewer()?.account.id, digest)?;
    }
    Ok(())
}

fn form_of(named: &Named) -> String {
    picture_of(named, "").to_form()
}

/// What a record says of a picture that is held here.
pub(crate) fn picture_of(named: &Named, alt: &str) -> Picture {
    let Named { address, digest, media_type, size, .. } = named.clone();
    Picture { address, digest, media_type, size, alt: alt.to_owned() }
}

/// What a record says of a file that is held here, with a name that hides nothing of what it is.
fn file_of_named(named: &Named, name: &str) -> Option<File> {
    let Named { address, digest, media_type, size, .. } = named.clone();
    let name = cleaned(name, Sort::of_media_type(&media_type)?.ending());
    Some(File { address, digest, media_type, size, name })
}

/// The file that a form shows: of its picture, if it is held here.
pub(crate) fn file_of(draft: &Draft) -> Option<&str> {
    draft.one("picture").split(' ').next()?.rsplit('/').next().filter(|file| !file.is_empty())
}
