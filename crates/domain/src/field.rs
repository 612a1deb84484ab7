//! The fields that may be for fewer people than their record.

use serde::{Deserialize, Serialize};

/// A field that its author may narrow. Titles, dates and what places a record in its lists may not be: a record
/// without them would not be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "each is the field of that name in its kind")]
pub enum Field {
    Areas,
    Budget,
    Description,
    Hours,
    Lots,
    Means,
    Notice,
    Pay,
    Place,
    Presentation,
    Sites,
    Team,
    Text,
    Web,
    Workforce,
}

impl Field {
    /// All such fields.
    pub const ALL: [Self; 15] = [
        Self::Areas,
        Self::Budget,
        Self::Description,
        Self::Hours,
        Self::Lots,
        Self::Means,
        Self::Notice,
        Self::Pay,
        Self::Place,
        Self::Presentation,
        Self::Sites,
        Self::Team,
        Self::Text,
        Self::Web,
        Self::Workforce,
    ];

    /// Its name in forms and rows.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Areas => "areas",
            Self::Budget => "budget",
            Self::Description => "description",
            Self::Hours => "hours",
            Self::Lots => "lots",
            Self::Means => "means",
            Self::Notice => "notice",
            Self::Pay => "pay",
            Self::Place => "place",
            Self::Presentation => "presentation",
            Self::Sites => "sites",
            Self::Team => "team",
            Self::Text => "text",
            Self::Web => "web",
            Self::Workforce => "workforce",
        }
    }

    /// Undoes [`Field::as_str`].
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.as_str() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back() {
        for field in Field::ALL {
            assert_eq!(Field::named(field.as_str()), Some(field));
        }
        assert_eq!(Field::named("title"), None);
    }
}
