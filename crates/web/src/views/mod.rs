//! Records, forms and lists as templates want them: every text ready to be shown, every link whole.

mod accords;
mod alike;
mod card;
mod contacts;
mod criteria;
mod difference;
pub(crate) mod doubles;
mod fields;
mod file;
mod filters;
mod form;
pub(crate) mod import;
mod map;
mod notice;
mod picture;
mod record;
mod rows;
mod said;
pub(crate) mod same;
mod schema_org;
mod sheet;
mod understood;
mod when;
#[cfg(test)]
mod wording;

pub(crate) use accords::{PurchaseView, RelationView, accord, asked_of, purchase_of, relations_of};
pub(crate) use alike::{LikeView, QuestionView};
pub(crate) use card::{Card, lead_of, voice_of};
pub(crate) use contacts::contacts_of;
pub(crate) use criteria::of as criteria;
pub(crate) use difference::{Change, Line, changes, lines_of};
pub(crate) use fields::OptionView;
pub(crate) use file::{FileView, Filed};
pub(crate) use filters::of as filters;
pub(crate) use filters::{Filters, Labels, Pager, chosen_of, query, sign};
pub(crate) use form::{Conflict, Form, FormView, problem_sentence};
pub(crate) use map::MapView;
pub(crate) use notice::{Notice, is_ours, with_back};
pub(crate) use picture::{PictureView, Pictured};
pub(crate) use record::{RecordView, Related, badge, kind_word, paragraphs, takes_answers};
pub(crate) use said::{SaidView, said_of};
pub(crate) use schema_org::{is_centre, of as schema_org};
pub(crate) use sheet::form_of;
pub(crate) use understood::{Offer, offers, understood};
pub(crate) use when::{CalledOff, hours, next_called_off, next_of, when};

/// The templates, by name; `layout` is around all pages.
pub(crate) const TEMPLATES: &[(&str, &str)] = &[
    ("layout", include_str!("../../templates/layout.hbs")),
    ("tags", include_str!("../../templates/tags.hbs")),
    ("tag", include_str!("../../templates/tag.hbs")),
    ("doubles", include_str!("../../templates/doubles.hbs")),
    ("card", include_str!("../../templates/card.hbs")),
    ("filters", include_str!("../../templates/filters.hbs")),
    ("field", include_str!("../../templates/field.hbs")),
    ("agenda", include_str!("../../templates/agenda.hbs")),
    ("home", include_str!("../../templates/home.hbs")),
    ("booklet", include_str!("../../templates/booklet.hbs")),
    ("list", include_str!("../../templates/list.hbs")),
    ("record", include_str!("../../templates/record.hbs")),
    ("form", include_str!("../../templates/form.hbs")),
    ("notice", include_str!("../../templates/notice.hbs")),
    ("account", include_str!("../../templates/account.hbs")),
    ("conversation", include_str!("../../templates/conversation.hbs")),
    ("space", include_str!("../../templates/space.hbs")),
    ("notices", include_str!("../../templates/notices.hbs")),
    ("moves", include_str!("../../templates/moves.hbs")),
    ("network", include_str!("../../templates/network.hbs")),
    ("said", include_str!("../../templates/said.hbs")),
    ("pager", include_str!("../../templates/pager.hbs")),
    ("moderation", include_str!("../../templates/moderation.hbs")),
    ("roster", include_str!("../../templates/roster.hbs")),
    ("reports", include_str!("../../templates/reports.hbs")),
    ("campaign", include_str!("../../templates/campaign.hbs")),
    ("import", include_str!("../../templates/import.hbs")),
    ("importing", include_str!("../../templates/importing.hbs")),
    ("territory", include_str!("../../templates/territory.hbs")),
    ("terms", include_str!("../../templates/terms.hbs")),
];
