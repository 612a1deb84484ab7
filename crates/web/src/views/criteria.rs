//! What a list was narrowed by, in one line: on paper nobody sees what is ticked.

use crate::views::filters::Filters;

/// What was asked, in words; nothing where nothing was.
pub(crate) fn of(filters: &Filters) -> String {
    let words = filters.words.trim();
    let words = (!words.is_empty()).then(|| format!("« {words} »"));
    let chips = filters.chips.iter().map(|chip| chip.label.clone());
    words.into_iter().chain(chips).collect::<Vec<_>>().join(" · ")
}
