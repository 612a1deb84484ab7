//! Inserts that both databases take and diesel does not write for the two of them: several rows in one statement, and none where there is one.

use crate::{Backend, Link};
use diesel::QueryResult;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Text};

/// The facets of a sheet, in one statement; there is at least one. One that is there already is as good.
pub(crate) struct Facets<'a> {
    /// Log and place of the change-set that brought the sheet.
    pub(crate) place: (i64, i64),
    /// Each facet with its value.
    pub(crate) all: &'a [(&'static str, String)],
}

impl QueryFragment<Backend> for Facets<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        out.push_sql("INSERT INTO facets (log, seq, facet, value) VALUES ");
        for (at, (facet, value)) in self.all.iter().enumerate() {
            out.push_sql(if at == 0 { "(" } else { ", (" });
            out.push_bind_param::<BigInt, _>(&self.place.0)?;
            out.push_sql(", ");
            out.push_bind_param::<BigInt, _>(&self.place.1)?;
            out.push_sql(", ");
            out.push_bind_param::<Text, _>(facet)?;
            out.push_sql(", ");
            out.push_bind_param::<Text, _>(value)?;
            out.push_sql(")");
        }
        out.push_sql(" ON CONFLICT DO NOTHING");
        Ok(())
    }
}

/// The statement's text tells it from others: it depends on how many rows there are.
impl QueryId for Facets<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl RunQueryDsl<Link> for Facets<'_> {}

/// An insert that does nothing where there is such a row.
#[derive(QueryId)]
pub(crate) struct OrNothing<I>(pub(crate) I);

impl<I: QueryFragment<Backend>> QueryFragment<Backend> for OrNothing<I> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        self.0.walk_ast(out.reborrow())?;
        out.push_sql(" ON CONFLICT DO NOTHING");
        Ok(())
    }
}

impl<I> RunQueryDsl<Link> for OrNothing<I> {}
