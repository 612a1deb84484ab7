//! Records, forms and lists as templates want them: every text ready to be shown, every link whole.

mod accords;
mod card;
mod contacts;
mod fields;
mod filters;
mod form;
mod map;
mod notice;
mod picture;
mod record;
mod rows;
mod schema_org;
mod sheet;
mod when;
#[cfg(test)]
mod wording;

pub(crate) use accords::{PurchaseView, RelationView, purchase_of, relations_of};
pub(crate) use card::Card;
pub(crate) use filters::of as filters;
pub(crate) use filters::{Filters, Pager, literal, query, understood};
pub(crate) use form::{Conflict, Form, FormView};
pub(crate) use map::MapView;
pub(crate) use notice::{Notice, is_ours, with_back};
pub(crate) use picture::{PictureView, Pictured};
pub(crate) use record::{RecordView, Related, paragraphs, takes_answers};
pub(crate) use schema_org::{is_centre, of as schema_org};
pub(crate) use sheet::form_of;
pub(crate) use when::{hours, next_of};

/// The templates, by name; `layout` is around all pages.
pub(crate) const TEMPLATES: &[(&str, &str)] = &[
    ("layout", include_str!("../../templates/layout.hbs")),
    ("card", include_str!("../../templates/card.hbs")),
    ("filters", include_str!("../../templates/filters.hbs")),
    ("field", include_str!("../../templates/field.hbs")),
    ("agenda", include_str!("../../templates/agenda.hbs")),
    ("home", include_str!("../../templates/home.hbs")),
    ("list", include_str!("../../templates/list.hbs")),
    ("record", include_str!("../../templates/record.hbs")),
    ("form", include_str!("../../templates/form.hbs")),
    ("notice", include_str!("../../templates/notice.hbs")),
    ("account", include_str!("../../templates/account.hbs")),
    ("conversation", include_str!("../../templates/conversation.hbs")),
    ("space", include_str!("../../templates/space.hbs")),
    ("notices", include_str!("../../templates/notices.hbs")),
    ("network", include_str!("../../templates/network.hbs")),
    ("territory", include_str!("../../templates/territory.hbs")),
    ("terms", include_str!("../../templates/terms.hbs")),
];
