//! Inserts that both databases take and diesel does not write for the two of them: several rows in one statement, and none where there is one.

use crate::{Backend, Link};
use diesel::QueryResult;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::Text;

/// Rows of texts, in one statement. There is at least one, and all are as long as the list of columns.
pub(crate) struct Rows<'a, const N: usize> {
    /// The table and its columns: `facets (record, channel)`.
    pub(crate) into: &'static str,
    /// The rows.
    pub(crate) rows: Vec<[&'a str; N]>,
}

impl<const N: usize> QueryFragment<Backend> for Rows<'_, N> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        out.push_sql("INSERT INTO ");
        out.push_sql(self.into);
        out.push_sql(" VALUES ");
        for (at, row) in self.rows.iter().enumerate() {
            out.push_sql(if at == 0 { "(" } else { ", (" });
            for (at, text) in row.iter().enumerate() {
                out.push_sql(if at == 0 { "" } else { ", " });
                out.push_bind_param::<Text, _>(text)?;
            }
            out.push_sql(")");
        }
        Ok(())
    }
}

/// The statement's text tells it from others: it depends on how many rows there are.
impl<const N: usize> QueryId for Rows<'_, N> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<const N: usize> RunQueryDsl<Link> for Rows<'_, N> {}

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
