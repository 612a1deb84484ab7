//! An answer before it is one of actix: made on a thread for database work, it can be brought to the one that keeps the
//! socket.

use actix_web::body::BoxBody;
use actix_web::cookie::Cookie;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, Responder};

/// An answer.
#[derive(Debug, Clone)]
pub(crate) struct Answered {
    pub(crate) status: StatusCode,
    headers: Vec<(header::HeaderName, String)>,
    cookies: Vec<Cookie<'static>>,
    body: Vec<u8>,
}

impl Answered {
    /// A document of this media type.
    pub(crate) fn document(media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let headers = vec![(header::CONTENT_TYPE, media_type.to_owned())];
        Self { status: StatusCode::OK, headers, cookies: Vec::new(), body: body.into() }
    }

    /// Goes on to another page after something was done.
    pub(crate) fn see(path: &str) -> Self {
        let headers = vec![(header::LOCATION, path.to_owned())];
        Self { status: StatusCode::SEE_OTHER, headers, cookies: Vec::new(), body: Vec::new() }
    }

    /// What was asked for is elsewhere, for good.
    pub(crate) fn moved(path: &str) -> Self {
        Self::see(path).status(StatusCode::MOVED_PERMANENTLY)
    }

    pub(crate) fn header(mut self, name: header::HeaderName, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub(crate) fn cookie(mut self, cookie: Cookie<'static>) -> Self {
        self.cookies.push(cookie);
        self
    }

    pub(crate) fn status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    /// The same as an answer of actix.
    pub(crate) fn response(self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        for (name, value) in self.headers {
            response.insert_header((name, value));
        }
        for cookie in self.cookies {
            response.cookie(cookie);
        }
        response.body(self.body)
    }
}

impl Responder for Answered {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        self.response()
    }
}
