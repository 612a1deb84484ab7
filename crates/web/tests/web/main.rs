//! Every page and address, asked for as a browser, a program or a stranger would.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod account;
mod animator;
mod answers;
mod audiences;
mod bed;
mod called_off;
mod campaign;
mod canaries;
mod canaries_beside;
mod choices;
mod circle;
mod claims;
mod directory;
mod doubles;
mod federation_addresses;
mod feeds;
mod files;
mod forms;
mod home;
mod import_wizard;
mod linked_data;
mod lists;
mod meant;
mod members;
mod moderation;
mod moving;
mod neighbours;
mod newer_kinds;
mod notices;
mod paper;
mod pictures;
mod places;
mod records;
mod reports;
mod safety;
mod search;
mod sight;
mod tags;
mod territories;
mod texts;
mod unpublished;
mod window;
