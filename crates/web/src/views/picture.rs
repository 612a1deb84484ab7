//! A picture as pages show it: with its size, so that nothing jumps when it comes, and what it says to those who do not see it.

use crate::porch::Porch;
use pes_files::made::{SMALL, media_type};
use pes_store::files::{self, Copied};
use serde::Serialize;

/// A picture on a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct PictureView {
    pub(crate) src: String,
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// The same for lists.
    pub(crate) small: String,
    pub(crate) small_width: u32,
    pub(crate) small_height: u32,
    pub(crate) alt: String,
}

/// What programs that tell of a page show of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Pictured {
    /// Its whole address.
    pub(crate) src: String,
    pub(crate) media_type: &'static str,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) alt: String,
}

impl PictureView {
    pub(crate) fn of(copy: &Copied, alt: &str) -> Self {
        let long = copy.width.max(copy.height);
        let shorter = |side: u32| match long > SMALL {
            true => ((u64::from(side) * u64::from(SMALL) + u64::from(long) / 2) / u64::from(long)).max(1) as u32,
            false => side,
        };
        Self {
            src: format!("/images/{}", copy.file),
            width: copy.width,
            height: copy.height,
            small: format!("/images/{}", copy.small),
            small_width: shorter(copy.width),
            small_height: shorter(copy.height),
            alt: alt.to_owned(),
        }
    }

    /// The picture that a form is about, by its file.
    pub(crate) fn of_form(porch: &Porch, file: &str, alt: &str) -> Option<Self> {
        let named = porch.store().read(|link| files::of_file(link, file)).ok()?;
        Some(Self::of(named.first()?.copy.as_ref()?, alt))
    }

    /// The same for programs elsewhere.
    pub(crate) fn told(&self, porch: &Porch) -> Pictured {
        Pictured {
            src: format!("{}{}", porch.site.origin, self.src),
            media_type: media_type(self.src.rsplit('.').next().unwrap_or_default()),
            width: self.width,
            height: self.height,
            alt: self.alt.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_small_one_has_the_same_shape() {
        let copy = |width, height| Copied { file: "a.jpg".into(), small: "b.jpg".into(), width, height };
        let small = |width, height| {
            let view = PictureView::of(&copy(width, height), "Un local");
            (view.small_width, view.small_height)
        };
        assert_eq!((small(1_600, 1_067), small(1_067, 1_600)), ((480, 320), (320, 480)));
        assert_eq!((small(480, 100), small(1_600, 1)), ((480, 100), (480, 1)));
        assert_eq!(PictureView::of(&copy(9, 9), "Un local").src, "/images/a.jpg");
    }
}
