//! A field of a form: its words, what was typed, what is wrong with it, and who will see it.

use crate::pages::points::{COMMUNES, STRUCTURES};
use crate::views::{FileView, PictureView};
use serde::Serialize;

/// A field.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct FieldView {
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) help: Option<String>,
    pub(crate) is_required: bool,
    /// What was typed.
    pub(crate) value: String,
    pub(crate) error: Option<String>,
    /// The sort of control; each template branch asks for one.
    pub(crate) control: Control,
    pub(crate) autocomplete: Option<&'static str>,
    pub(crate) options: Vec<OptionView>,
    pub(crate) groups: Vec<GroupView>,
    /// The picture that stands there.
    pub(crate) picture: Option<PictureView>,
    /// The file that stands there.
    pub(crate) file: Option<FileView>,
    /// Lines of a table of contacts or sites.
    pub(crate) lines: Vec<LineView>,
    /// Where a script asks what somebody may be about to type.
    pub(crate) suggest: Option<Suggest>,
    /// Who will see it, where that may be chosen for this field.
    pub(crate) audience: Option<AudienceView>,
}

/// The sorts of control. One is true.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Control {
    pub(crate) is_text: bool,
    pub(crate) is_area: bool,
    pub(crate) is_select: bool,
    pub(crate) is_radios: bool,
    pub(crate) is_checks: bool,
    pub(crate) is_tick: bool,
    pub(crate) is_tree: bool,
    pub(crate) is_lines: bool,
    pub(crate) is_communes: bool,
    pub(crate) is_picture: bool,
    pub(crate) is_file: bool,
    /// The record behind a name that is typed in another field; or the choice between several.
    pub(crate) is_link: bool,
    /// The type of the input element.
    pub(crate) input: &'static str,
}

/// Suggestions for a field.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Suggest {
    /// What is asked.
    pub(crate) url: &'static str,
    /// The field that keeps the record of what is chosen.
    pub(crate) into: Option<String>,
}

/// One choice.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct OptionView {
    pub(crate) value: String,
    pub(crate) label: String,
    pub(crate) is_chosen: bool,
    /// How deep it lies below its group, from 0.
    pub(crate) depth: usize,
}

/// Choices under one heading, folded unless one is chosen.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct GroupView {
    pub(crate) label: String,
    pub(crate) is_open: bool,
    pub(crate) options: Vec<OptionView>,
}

/// A line of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct LineView {
    pub(crate) number: usize,
    pub(crate) cells: Vec<FieldView>,
}

/// Who will see a field.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct AudienceView {
    pub(crate) name: String,
    pub(crate) options: Vec<OptionView>,
}

impl Suggest {
    /// What is suggested for a field of this name: for those in which a commune is typed, communes.
    pub(crate) fn of(field: &str) -> Option<Self> {
        let is_commune = matches!(field, "place" | "site-commune");
        is_commune.then_some(Self { url: COMMUNES, into: None })
    }

    /// Structures; `into` keeps the one that is chosen.
    pub(crate) fn structures(into: &str) -> Self {
        Self { url: STRUCTURES, into: Some(into.to_owned()) }
    }
}

impl OptionView {
    pub(crate) fn new(value: impl Into<String>, label: impl Into<String>, is_chosen: bool) -> Self {
        Self { value: value.into(), label: label.into(), is_chosen, depth: 0 }
    }
}
