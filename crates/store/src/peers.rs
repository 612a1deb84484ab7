//! Other nodes as this one deals with them: one row a peer, and what they signed for us.

use crate::logs::signed;
use crate::schema::{erasures, peers, receipts, refusals};
use crate::{Link, StoreError};
use diesel::prelude::*;

/// What a peer is to this node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PeerRole {
    /// The hub that this node follows.
    Hub,
    /// A node that follows this one.
    Affiliate,
}

/// A peer, and how far it has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Peer {
    /// Its node-id.
    pub node: String,
    /// What it is to this node.
    pub role: PeerRole,
    /// It has taken everything that arrived here up to this.
    pub cursor: u64,
    /// It was sent everything urgent that arrived here up to this.
    pub urgent: u64,
    /// How many tries in a row have failed.
    pub failures: u64,
    /// When to try next, in seconds since 1970.
    pub next_try: i64,
    /// When a try last succeeded.
    pub last_success: Option<i64>,
    /// When one last failed.
    pub last_failure: Option<i64>,
    /// Why.
    pub reason: Option<String>,
    /// Whether exchanges with it rest for now.
    pub is_paused: bool,
    /// When it last brought or asked something, to the minute.
    pub last_heard: Option<i64>,
}

impl Peer {
    /// One that has taken nothing, and that nothing is known of yet.
    pub fn new(node: impl Into<String>, role: PeerRole) -> Self {
        Self {
            node: node.into(),
            role,
            cursor: 0,
            urgent: 0,
            failures: 0,
            next_try: 0,
            last_success: None,
            last_failure: None,
            reason: None,
            is_paused: false,
            last_heard: None,
        }
    }
}

#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = peers, treat_none_as_null = true)]
struct Row {
    node: String,
    role: String,
    cursor: i64,
    urgent: i64,
    failures: i64,
    next_try: i64,
    last_success: Option<i64>,
    last_failure: Option<i64>,
    reason: Option<String>,
    is_paused: bool,
    last_heard: Option<i64>,
}

/// A peer's cosignature on the head of a log.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = receipts)]
pub struct Receipt {
    /// The peer.
    pub node: String,
    /// The number of the log.
    pub log: i64,
    /// The size it holds.
    pub size: i64,
    /// Its signature line.
    pub signature: String,
    /// When, by its clock.
    pub given: i64,
}

/// What was refused of a node, and how often.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct RefusalCount {
    /// The node.
    pub node: String,
    /// The kind of refusal.
    pub cause: String,
    /// The newest one, in words.
    pub detail: String,
    /// How many there were.
    pub count: i64,
    /// When the newest one was.
    pub last: i64,
}

impl PeerRole {
    fn as_str(self) -> &'static str {
        match self {
            Self::Hub => "hub",
            Self::Affiliate => "affiliate",
        }
    }
}

/// How much of a log a peer has acknowledged last; 0 where it never has.
///
/// # Errors
/// [`StoreError`].
pub fn acknowledged(link: &mut Link, node: &str, log: i64) -> Result<u64, StoreError> {
    let size = receipts::table.find((node, log)).select(receipts::size).first::<i64>(link).optional()?;
    Ok(size.unwrap_or_default().unsigned_abs())
}

/// Keeps a peer, in the place of what was known of it.
///
/// # Errors
/// [`StoreError`].
pub fn put(link: &mut Link, peer: &Peer) -> Result<(), StoreError> {
    let row = Row::try_from(peer)?;
    if diesel::update(peers::table.find(row.node.clone())).set(&row).execute(link)? == 0 {
        diesel::insert_into(peers::table).values(row).execute(link)?;
    }
    Ok(())
}

/// A peer.
///
/// # Errors
/// [`StoreError`].
pub fn find(link: &mut Link, node: &str) -> Result<Option<Peer>, StoreError> {
    peers::table.find(node).first::<Row>(link).optional()?.map(Peer::try_from).transpose()
}

/// All peers.
///
/// # Errors
/// [`StoreError`].
pub fn all(link: &mut Link) -> Result<Vec<Peer>, StoreError> {
    peers::table.order(peers::node).load::<Row>(link)?.into_iter().map(Peer::try_from).collect()
}

/// Lets a peer go.
///
/// # Errors
/// [`StoreError`].
pub fn remove(link: &mut Link, node: &str) -> Result<(), StoreError> {
    diesel::delete(peers::table.find(node)).execute(link)?;
    Ok(())
}

/// Changes what a peer is to this node.
///
/// # Errors
/// [`StoreError`].
pub fn change_role(link: &mut Link, node: &str, role: PeerRole) -> Result<(), StoreError> {
    diesel::update(peers::table.find(node)).set(peers::role.eq(role.as_str())).execute(link)?;
    Ok(())
}

/// Lets a node go as a peer, with all it acknowledged and all that was refused of it.
///
/// # Errors
/// [`StoreError`].
pub fn remove_all_of(link: &mut Link, node: &str) -> Result<(), StoreError> {
    diesel::delete(receipts::table.filter(receipts::node.eq(node))).execute(link)?;
    diesel::delete(refusals::table.filter(refusals::node.eq(node))).execute(link)?;
    remove(link, node)
}

/// All peers have taken nothing yet.
///
/// # Errors
/// [`StoreError`].
pub fn begin_anew(link: &mut Link) -> Result<(), StoreError> {
    diesel::update(peers::table).set((peers::cursor.eq(0), peers::urgent.eq(0))).execute(link)?;
    Ok(())
}

/// Forgets what anybody acknowledged of a log.
///
/// # Errors
/// [`StoreError`].
pub fn remove_receipts_of_log(link: &mut Link, log: i64) -> Result<(), StoreError> {
    diesel::delete(receipts::table.filter(receipts::log.eq(log))).execute(link)?;
    Ok(())
}

/// What a node acknowledged last of a log.
///
/// # Errors
/// [`StoreError`].
pub fn receipt(link: &mut Link, node: &str, log: i64) -> Result<Option<Receipt>, StoreError> {
    Ok(receipts::table.find((node, log)).first(link).optional()?)
}

/// Keeps a peer's newest receipt for a log.
///
/// # Errors
/// [`StoreError`].
pub fn put_receipt(link: &mut Link, receipt: &Receipt) -> Result<(), StoreError> {
    let place = receipts::table.find((&receipt.node, receipt.log));
    if diesel::update(place).set(receipt).execute(link)? == 0 {
        diesel::insert_into(receipts::table).values(receipt).execute(link)?;
    }
    Ok(())
}

/// All receipts for a log, by peer.
///
/// # Errors
/// [`StoreError`].
pub fn receipts_of(link: &mut Link, log: i64) -> Result<Vec<Receipt>, StoreError> {
    Ok(receipts::table.filter(receipts::log.eq(log)).order(receipts::node).load(link)?)
}

/// Keeps a holder's erasure receipt. Once more is no fault.
///
/// # Errors
/// [`StoreError`].
pub fn put_erasure(link: &mut Link, node: &str, change_set: &str, receipt: &str, given: i64) -> Result<(), StoreError> {
    if erasures::table.find((node, change_set)).select(erasures::node).first::<String>(link).optional()?.is_none() {
        let row = (
            erasures::node.eq(node),
            erasures::change_set.eq(change_set),
            erasures::receipt.eq(receipt),
            erasures::given.eq(given),
        );
        diesel::insert_into(erasures::table).values(row).execute(link)?;
    }
    Ok(())
}

/// The nodes that acknowledged a delete.
///
/// # Errors
/// [`StoreError`].
pub fn erased_by(link: &mut Link, change_set: &str) -> Result<Vec<String>, StoreError> {
    Ok(erasures::table
        .filter(erasures::change_set.eq(change_set))
        .order(erasures::node)
        .select(erasures::node)
        .load(link)?)
}

/// Counts a refusal.
///
/// # Errors
/// [`StoreError`].
pub fn count_refusal(link: &mut Link, node: &str, cause: &str, detail: &str, now: i64) -> Result<(), StoreError> {
    let newest = (refusals::detail.eq(detail), refusals::count.eq(refusals::count + 1), refusals::last.eq(now));
    if diesel::update(refusals::table.find((node, cause))).set(newest).execute(link)? == 0 {
        let row = (
            refusals::node.eq(node),
            refusals::cause.eq(cause),
            refusals::detail.eq(detail),
            refusals::count.eq(1),
            refusals::last.eq(now),
        );
        diesel::insert_into(refusals::table).values(row).execute(link)?;
    }
    Ok(())
}

/// What was refused, the newest first.
///
/// # Errors
/// [`StoreError`].
pub fn all_refusals(link: &mut Link) -> Result<Vec<RefusalCount>, StoreError> {
    Ok(refusals::table.order((refusals::last.desc(), refusals::node, refusals::cause)).load(link)?)
}

impl TryFrom<&Peer> for Row {
    type Error = StoreError;

    fn try_from(peer: &Peer) -> Result<Self, StoreError> {
        Ok(Self {
            node: peer.node.clone(),
            role: peer.role.as_str().to_owned(),
            cursor: signed(peer.cursor)?,
            urgent: signed(peer.urgent)?,
            failures: signed(peer.failures)?,
            next_try: peer.next_try,
            last_success: peer.last_success,
            last_failure: peer.last_failure,
            reason: peer.reason.clone(),
            is_paused: peer.is_paused,
            last_heard: peer.last_heard,
        })
    }
}

impl TryFrom<Row> for Peer {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let role = [PeerRole::Hub, PeerRole::Affiliate].into_iter().find(|role| role.as_str() == row.role);
        Ok(Self {
            role: role.ok_or_else(|| StoreError::damaged("peers", "no such role"))?,
            node: row.node,
            cursor: row.cursor.unsigned_abs(),
            urgent: row.urgent.unsigned_abs(),
            failures: row.failures.unsigned_abs(),
            next_try: row.next_try,
            last_success: row.last_success,
            last_failure: row.last_failure,
            reason: row.reason,
            is_paused: row.is_paused,
            last_heard: row.last_heard,
        })
    }
}
