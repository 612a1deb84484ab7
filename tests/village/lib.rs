//! The village.
