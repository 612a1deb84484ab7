//! A file as pages show it: what it is called, of which sort it is, how heavy, and where it is had.

use crate::porch::Porch;
use pes_domain::File;
use pes_domain::draft::write_tenths;
use pes_domain::file::cleaned;
use pes_files::Sort;
use pes_store::files::{self, Copied};
use serde::Serialize;

/// A file on a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct FileView {
    pub(crate) name: String,
    /// Its sort and size: `PDF, 1,2 Mo`.
    pub(crate) told: String,
    /// Where it is had; none while it is not here.
    pub(crate) href: Option<String>,
}

/// What programs that tell of a page show of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Filed {
    /// Its whole address.
    pub(crate) src: String,
    pub(crate) media_type: String,
    pub(crate) size: u64,
    pub(crate) digest: String,
    pub(crate) name: String,
}

/// The sort of a copy, if it is one of a file: a copy is called by what it is, whatever its record says.
fn sort_of(copy: &Copied) -> Option<Sort> {
    Sort::of_ending(copy.file.rsplit('.').next()?)
}

impl FileView {
    pub(crate) fn of(porch: &Porch, file: &File, copy: Option<&Copied>) -> Self {
        let held = copy.and_then(|copy| Some((copy, sort_of(copy)?)));
        let sort = held.map(|(_, sort)| sort).or_else(|| Sort::of_media_type(&file.media_type));
        let sort_word = sort.map(|sort| porch.say(&format!("file-sort-{}", sort.ending())));
        Self {
            name: held.map_or_else(|| file.name.clone(), |(_, sort)| cleaned(&file.name, sort.ending())),
            told: sort_word.into_iter().chain([weight(porch, file.size)]).collect::<Vec<_>>().join(", "),
            href: held.map(|(copy, _)| format!("/fichiers/{}", copy.file)),
        }
    }

    /// The file that a form is about, as it carries it.
    pub(crate) fn of_form(porch: &Porch, form: &str) -> Option<Self> {
        let file = File::of_form(form)?;
        let here = file.address.rsplit('/').next().unwrap_or_default();
        let named = porch.store().read(|link| files::of_file(link, here)).ok()?;
        Some(Self::of(porch, &file, named.first().and_then(|named| named.copy.as_ref())))
    }
}

impl Filed {
    /// The same for programs elsewhere; none while it is not here.
    pub(crate) fn of(porch: &Porch, file: &File, copy: Option<&Copied>) -> Option<Self> {
        let (copy, sort) = copy.and_then(|copy| Some((copy, sort_of(copy)?)))?;
        Some(Self {
            src: format!("{}/fichiers/{}", porch.site.origin, copy.file),
            media_type: sort.media_type().to_owned(),
            size: file.size,
            digest: file.digest.clone(),
            name: cleaned(&file.name, sort.ending()),
        })
    }
}

/// How heavy something is, in words: tenths of megabytes, whole kilobytes.
fn weight(porch: &Porch, bytes: u64) -> String {
    let (unit, size) = sized(bytes);
    porch.words.catalogue().tell(&format!("file-size-{unit}"), &[("size", size.into())])
}

fn sized(bytes: u64) -> (&'static str, String) {
    match bytes {
        0..=999 => ("bytes", bytes.to_string()),
        // What would be a thousand kilobytes is a megabyte.
        1_000..=999_499 => ("kilo", ((bytes + 500) / 1_000).to_string()),
        _ => ("mega", write_tenths(u32::try_from((bytes + 50_000) / 100_000).unwrap_or(u32::MAX))),
    }
}

#[cfg(test)]
mod tests {
    use super::sized;

    #[test]
    fn a_size_is_told_as_people_tell_it() {
        for (bytes, told) in [
            (1, ("bytes", "1")),
            (999, ("bytes", "999")),
            (1_000, ("kilo", "1")),
            (48_213, ("kilo", "48")),
            (999_499, ("kilo", "999")),
            (999_500, ("mega", "1")),
            (1_234_567, ("mega", "1,2")),
            (9_960_000, ("mega", "10")),
            (10_000_000, ("mega", "10")),
        ] {
            let (unit, size) = sized(bytes);
            assert_eq!((unit, size.as_str()), told, "{bytes}");
        }
    }
}
