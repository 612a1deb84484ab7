//! Inserts that both databases take and diesel does not write for the two of them: several rows in one statement, none where there is one, and one that
//! takes its place.

use crate::{Backend, Link};
use diesel::QueryResult;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Text};

/// The number behind those of all sheets.
#[derive(QueryId)]
pub(crate) struct NextNumber;

impl Expression for NextNumber {
    type SqlType = BigInt;
}

impl<From> AppearsOnTable<From> for NextNumber {}

impl QueryFragment<Backend> for NextNumber {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        out.push_sql("(SELECT COALESCE(MAX(number), 0) + 1 FROM records)");
        Ok(())
    }
}

/// The facets of the sheet that was inserted last, in one statement; there is at least one.
pub(crate) struct Facets<'a>(pub(crate) &'a [(&'static str, String)]);

impl QueryFragment<Backend> for Facets<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        out.push_sql("INSERT INTO facets (sheet, facet, value) VALUES ");
        for (at, (facet, value)) in self.0.iter().enumerate() {
            out.push_sql(if at == 0 { "(" } else { ", (" });
            out.push_sql("(SELECT MAX(number) FROM records), ");
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

/// An insert that puts its row in the place of the one of the same key, where there is one.
#[derive(QueryId)]
pub(crate) struct InPlace<I> {
    /// The insert.
    pub(crate) insert: I,
    /// The column that is the table's key.
    pub(crate) key: &'static str,
    /// The others.
    pub(crate) columns: &'static [&'static str],
}

impl<I: QueryFragment<Backend>> QueryFragment<Backend> for InPlace<I> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        self.insert.walk_ast(out.reborrow())?;
        out.push_sql(" ON CONFLICT (");
        out.push_identifier(self.key)?;
        out.push_sql(") DO UPDATE SET ");
        for (at, column) in self.columns.iter().enumerate() {
            out.push_sql(if at == 0 { "" } else { ", " });
            out.push_identifier(column)?;
            // What the insert does not name is nothing.
            out.push_sql(" = excluded.");
            out.push_identifier(column)?;
        }
        Ok(())
    }
}

impl<I> RunQueryDsl<Link> for InPlace<I> {}
