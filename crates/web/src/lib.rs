//! The porch: pages for people, addresses for other nodes. It decides nothing; it extracts, calls, and answers.
//!
//! | room | what it holds |
//! |---|---|
//! | [`porch`] | what every answer needs: journal, people, words, settings |
//! | `visit`, `typed`, `parcel`, `consignment` | who comes, what they typed, a picture or file that came with it, a whole file |
//! | `asked` | what is asked of a list by its address |
//! | `window` | pages kept for a moment for those who are not signed in |
//! | `shelf` | records as this visitor may see them |
//! | `views` | records, forms and lists as templates want them |
//! | `pages` | one file a page or a few that belong together; siblings alike |
//! | `federation` | what other nodes ask, given to the desk |
//! | `feeds` | lists for other programs: Atom, CSV, iCalendar |
//! | `linked` | records, code lists and terms for machines |
//! | [`sight`] | what an operator's tools see, on a listener of its own |
//! | [`serving`] | the socket, with TLS or behind a proxy |
//! | [`yardstick`] | what the package costs by itself |
//! | `failure` | what goes wrong, in words and with a status |

mod answered;
mod asked;
mod consignment;
mod failure;
mod federation;
mod feeds;
mod guard;
mod linked;
mod pages;
mod parcel;
pub mod porch;
pub mod serving;
mod shelf;
pub mod sight;
mod typed;
mod views;
mod visit;
mod window;
pub mod yardstick;

pub use porch::{Porch, Site, Tiles};
pub use serving::{Serving, Tls, serve};
pub use sight::Sight;

use crate::failure::Failure;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::{Compress, DefaultHeaders, from_fn};
use actix_web::{App, Error, web};

/// The application of one node: all its addresses, behind the headers that every answer carries.
pub fn app(
    porch: Porch,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl actix_web::body::MessageBody>,
        Error = Error,
        InitError = (),
    >,
> {
    let headers = guard::headers(&porch.site).into_iter().fold(DefaultHeaders::new(), DefaultHeaders::add);
    App::new()
        .app_data(web::Data::new(porch))
        // What is no address of ours is answered in our own words.
        .app_data(web::PathConfig::default().error_handler(|_, _| Failure::Absent.into()))
        .wrap(from_fn(failure::dress))
        .wrap(headers)
        .wrap(Compress::default())
        .wrap(from_fn(guard::head_as_get))
        .configure(federation::configure)
        .configure(linked::configure)
        .configure(feeds::configure)
        .configure(pages::configure)
        .default_service(web::to(pages::nothing_here))
}
