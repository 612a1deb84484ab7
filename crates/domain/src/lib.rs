//! The words and rules of the networks: what a record is, who may see it, and whom it concerns.
//!
//! Pure: no file, no socket, no clock. What is typed becomes a draft, a draft becomes a record or a list of
//! problems; nothing downstream checks again.
//!
//! | room | what it holds |
//! |---|---|
//! | [`record`] | what every record has, whatever its kind |
//! | [`structure`], [`person`], [`membership`], [`relation`], [`accord`], [`exchange`], [`product`], [`job`], [`call`], [`event`], [`article`], [`document`], [`affiliation`] | the kinds |
//! | [`duplicate`] | which structures are one, and by what |
//! | [`judging`] | how often that, and [`concern`], are right |
//! | [`picture`], [`file`] | what a record tells of its picture, of its file |
//! | [`occurrence`] | when an event is, and when again |
//! | `sheets` | the whole of a record, from what its channels carried of it |
//! | [`aspect`] | what is asked of a record whatever its kind |
//! | [`draft`] | what was typed, before it is a record |
//! | [`audience`], [`field`] | who may see what |
//! | [`thesaurus`], [`code`] | the code lists |
//! | [`gazetteer`], [`territories`], [`place`] | communes and territories, found without the network |
//! | [`identifier`], [`contact`], [`iri`] | numbers, addresses and names, validated |
//! | [`rules`] | what validation looks things up in |
//! | [`problem`] | what is wrong with what was typed |
//! | [`concern`], [`declarations`], `whereabouts` | whom a demand concerns, and why; of many at once; and who is near enough to be asked |
//! | [`verdict`], [`report`] | what animators decide of an entry, and what anybody says against a record |
//! | [`takes`], [`gives`], [`front_page`] | what a network shows of others, for whom what it writes is at first, and what its home page shows of others |

pub mod accord;
pub mod affiliation;
pub mod article;
pub mod aspect;
pub mod audience;
pub mod call;
pub mod called_off;
pub mod code;
pub mod concern;
pub mod contact;
pub mod declarations;
pub mod document;
pub mod draft;
pub mod duplicate;
pub mod event;
pub mod exchange;
pub mod field;
pub mod file;
pub mod front_page;
pub mod gazetteer;
pub mod gives;
pub mod identifier;
pub mod iri;
pub mod job;
pub mod judging;
pub mod kind;
pub mod membership;
pub mod occurrence;
pub mod person;
pub mod picture;
pub mod place;
pub mod problem;
pub mod product;
pub mod record;
pub mod reference;
pub mod relation;
pub mod report;
pub mod rules;
mod sheets;
pub mod structure;
pub mod takes;
pub mod territories;
pub mod thesaurus;
pub mod verdict;
mod whereabouts;

pub use audience::Audience;
pub use code::{Code, List, Tag};
pub use draft::Draft;
pub use field::Field;
pub use file::{Attached, File};
pub use front_page::FrontPage;
pub use gazetteer::Gazetteer;
pub use gives::Gives;
pub use iri::RecordIri;
pub use kind::Kind;
pub use picture::Picture;
pub use problem::{Problem, Problems, Why};
pub use record::{Body, Record};
pub use reference::Reference;
pub use rules::Rules;
pub use takes::Takes;
pub use thesaurus::Thesaurus;
pub use verdict::{Decision, Verdict};
