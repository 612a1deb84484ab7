//! What goes wrong, in words and with a status. What went wrong inside is for the operator's log; people get a sentence
//! and what to do.

use crate::federation;
use crate::guard;
use crate::pages::{Leaf, style};
use crate::porch::Porch;
use crate::views::Notice;
use crate::visit::Visit;
use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{Method, StatusCode, header};
use actix_web::middleware::Next;
use actix_web::{Error, FromRequest, HttpRequest, HttpResponse, ResponseError, web};
use pes_journal::JournalError;
use pes_people::PeopleError;
use pes_store::StoreError;
use pes_words::WordsError;
use std::fmt;
use std::time::Duration;

/// How long one waits at most for what may be done so often a day.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A failure of a page.
#[derive(Debug)]
pub(crate) enum Failure {
    /// There is nothing at this address, for this visitor.
    Absent,
    /// One has to be signed in for it.
    SignIn,
    /// It is not this visitor's to do.
    Forbidden,
    /// The form is not one of ours, or too old.
    Stale,
    /// The form is none of ours: a field it lacks, or bytes that are no text.
    Form,
    /// The form has more bytes than any form has.
    TooLarge,
    /// What comes with the form has more bytes than are read to their end.
    TooHeavy,
    /// Too often in too short a time; how long until it may be tried again, at most.
    TooOften(Duration),
    /// More people at once than there is memory for.
    Busy,
    /// Nothing can be saved for a moment.
    NotYet,
    /// The database may be a backup, which shows what has been deleted since: nothing is shown before it is known what that is.
    Returning,
    /// Nothing can be saved until the operator has made room; what is wrong, for them.
    Full(String),
    /// The disk does not keep what is written; what is wrong, for the operator.
    Unkept(String),
    /// Something inside.
    Inner(String),
}

impl Failure {
    /// The name of its words in the catalogue.
    fn key(&self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::SignIn => "sign-in",
            Self::Forbidden => "forbidden",
            Self::Stale => "stale",
            Self::Form | Self::TooLarge => "form",
            Self::TooHeavy => "heavy",
            Self::TooOften(_) => "too-often",
            Self::Busy => "busy",
            Self::NotYet => "not-yet",
            Self::Returning => "returning",
            Self::Full(_) => "full",
            Self::Unkept(_) => "unkept",
            Self::Inner(_) => "inner",
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full(why) | Self::Unkept(why) | Self::Inner(why) => f.write_str(why),
            other => f.write_str(other.key()),
        }
    }
}

impl ResponseError for Failure {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::Absent => StatusCode::NOT_FOUND,
            Self::SignIn => StatusCode::UNAUTHORIZED,
            Self::Forbidden | Self::Stale => StatusCode::FORBIDDEN,
            Self::Form => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooLarge | Self::TooHeavy => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooOften(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Busy | Self::NotYet | Self::Returning | Self::Full(_) | Self::Unkept(_) => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::Inner(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Full(_) => Self::Full(error.to_string()),
            StoreError::Lost(_) => Self::Unkept(error.to_string()),
            other => Self::Inner(other.to_string()),
        }
    }
}

impl From<pes_search::Fault> for Failure {
    fn from(error: pes_search::Fault) -> Self {
        Self::Inner(error.to_string())
    }
}

impl From<pes_import::ImportError> for Failure {
    fn from(error: pes_import::ImportError) -> Self {
        match error {
            pes_import::ImportError::NoRun(_) => Self::Absent,
            pes_import::ImportError::Journal(error) => error.into(),
            pes_import::ImportError::Store(error) => error.into(),
            other => Self::Inner(other.to_string()),
        }
    }
}

impl From<WordsError> for Failure {
    fn from(error: WordsError) -> Self {
        Self::Inner(error.to_string())
    }
}

impl From<JournalError> for Failure {
    fn from(error: JournalError) -> Self {
        match error {
            JournalError::NotOurs(_) => Self::Absent,
            JournalError::Uncertain => Self::NotYet,
            JournalError::Store(error) => error.into(),
            other => Self::Inner(other.to_string()),
        }
    }
}

impl From<PeopleError> for Failure {
    fn from(error: PeopleError) -> Self {
        match error {
            PeopleError::Unknown => Self::Absent,
            // So many in any twenty-four hours.
            PeopleError::TooOften => Self::TooOften(DAY),
            PeopleError::Forbidden => Self::Forbidden,
            PeopleError::Store(error) => error.into(),
            other => Self::Inner(other.to_string()),
        }
    }
}

/// Puts a failure into a page of the site's own, with its words and what to do.
pub(crate) async fn dress<B: MessageBody + 'static>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    guard::read_null_as_no_text(&mut request);
    if let Some(failure) = refused(&request) {
        let (request, _) = request.into_parts();
        let response = dressed(&request, &failure).await.unwrap_or_else(|| failure.error_response());
        return Ok(ServiceResponse::new(request, response).map_into_right_body());
    }
    let response = next.call(request).await?;
    let Some(failure) = response.response().error().and_then(|error| error.as_error::<Failure>()) else {
        return Ok(response.map_into_left_body());
    };
    match dressed(response.request(), failure).await {
        Some(dressed) => Ok(response.into_response(dressed).map_into_right_body()),
        None => Ok(response.map_into_left_body()),
    }
}

/// What is answered whatever is asked.
fn refused(request: &ServiceRequest) -> Option<Failure> {
    // No name has U+0000, and PostgreSQL could not be asked for it.
    if guard::has_null(request.path()) {
        return Some(Failure::Absent);
    }
    let porch = request.app_data::<web::Data<Porch>>()?;
    // What others need to help it back, and what its page looks like, is there all the same.
    let is_open = federation::is_between_nodes(request.path()) || style::is_asset(request.path());
    (porch.journal.doubt().is_some() && !is_open).then_some(Failure::Returning)
}

async fn dressed(request: &HttpRequest, failure: &Failure) -> Option<HttpResponse> {
    let porch = request.app_data::<web::Data<Porch>>().cloned()?;
    let visit = Visit::extract(request).await.ok()?;
    if let Failure::Full(why) | Failure::Unkept(why) | Failure::Inner(why) = failure {
        tracing::error!(path = request.path(), why, "a page failed");
    }
    // Only a page can be come back to; what a form did would have to be done again.
    let back = if request.method() == Method::GET { visit.path.clone() } else { String::new() };
    let view = match failure {
        Failure::SignIn => Notice::signing_in(&porch, "failure-sign-in", &back).and("/".into(), "go-home", &porch),
        Failure::TooOften(wait) => Notice::waiting(&porch, failure.key(), &wait_of(&porch, *wait)),
        other => Notice::of_failure(&porch, other.key()),
    };
    let back = if matches!(failure, Failure::SignIn) { back } else { String::new() };
    let status = failure.status_code();
    Some(match Leaf::new("notice", &view.title.clone()).back(&back).page(&porch, &visit, &view) {
        Ok(page) => match failure {
            // In whole seconds, and none too few (RFC 9110, 10.2.3).
            Failure::TooOften(wait) => page.header(header::RETRY_AFTER, (wait.as_secs() + 1).to_string()),
            Failure::Returning => page.header(header::RETRY_AFTER, "60"),
            _ => page,
        }
        .status(status)
        .response(),
        Err(error) => {
            tracing::error!(%error, "the page of a failure failed");
            HttpResponse::new(status)
        }
    })
}

/// How long one waits, in words.
fn wait_of(porch: &Porch, wait: Duration) -> String {
    let minutes = wait.as_secs().div_ceil(60).max(1);
    let (key, count) = match minutes {
        0..=59 => ("wait-minutes", minutes),
        60..=1_439 => ("wait-hours", minutes.div_ceil(60)),
        _ => ("wait-day", 1),
    };
    porch.words.catalogue().tell(key, &[("count", count.into())])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Wherever the disk is full, people are told that nothing was saved, and the operator why.
    #[test]
    fn a_full_disk_is_said_as_such() {
        let full = || StoreError::Full("database or disk is full".into());
        let failures: [Failure; 3] =
            [full().into(), JournalError::from(full()).into(), PeopleError::from(full()).into()];
        for failure in failures {
            assert_eq!((failure.key(), failure.status_code()), ("full", StatusCode::SERVICE_UNAVAILABLE));
            assert!(failure.to_string().contains("Free some of its disk"));
        }
        let lost = Failure::from(JournalError::from(StoreError::Lost("input/output error".into())));
        assert_eq!((lost.key(), lost.status_code()), ("unkept", StatusCode::SERVICE_UNAVAILABLE));
        assert!(lost.to_string().contains("look after the disk"));
        let other = StoreError::Transfer("x".into());
        assert_eq!(Failure::from(JournalError::from(other)).key(), "inner");
    }
}
