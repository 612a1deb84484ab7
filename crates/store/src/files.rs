//! Files that records name, pictures and others: what is wanted, what was tried, what is held. The bytes themselves lie beside the database.
//!
//! A row is one record and one file. It is made where a record that names it is kept, and doubted where one is changed or goes; whoever
//! looks after files settles the doubt ([`settle`]), so that no save waits for a disk.

use crate::logs::signed;
use crate::outbox::LONGEST_WAIT;
use crate::schema::{files, own_records as ours, records};
use crate::{Link, StoreError, own_records, records as sheets};
use diesel::dsl::exists;
use diesel::prelude::*;
use pes_changeset::Channel;
use pes_changeset::commitment::sha256_hex;
use pes_domain::{Attached, Record};
use std::collections::BTreeMap;

/// What stands before an account's id where a file came with a form and no record names it yet.
const ACCOUNT: &str = "account:";

/// How many files of one account wait for a record at once.
const WAITING: i64 = 20;

/// The most bytes that are fetched of one foreign home: a gigabyte.
const OF_ONE_HOME: u64 = 1_000_000_000;

/// A file that a record names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The record, or the account whose form it came with.
    pub record: String,
    /// Its digest, as its home says.
    pub digest: String,
    /// Where its home serves it.
    pub address: String,
    /// Its media type, as its home says.
    pub media_type: String,
    /// How many bytes it has there.
    pub size: u64,
    /// What is held of it here.
    pub copy: Option<Copied>,
    /// How often it could not be fetched.
    pub failures: u64,
}

/// This node's own copies of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Copied {
    /// The file's name: the digest of what is in it, and its ending.
    pub file: String,
    /// The name of a smaller one; the same where it is small already, or no picture.
    pub small: String,
    /// How many points it is wide; 0 where it is no picture.
    pub width: u32,
    /// How many points it is high; 0 where it is no picture.
    pub height: u32,
}

#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = files, treat_none_as_default_value = false, treat_none_as_null = true)]
struct Row {
    record: String,
    digest: String,
    address: String,
    media_type: String,
    size: i64,
    file: Option<String>,
    small: Option<String>,
    width: i64,
    height: i64,
    failures: i64,
    next_try: i64,
    why: Option<String>,
    is_doubted: bool,
    uploaded: Option<i64>,
}

/// The name by which bytes are known: their SHA-256, in hexadecimal.
pub fn digest(bytes: &[u8]) -> String {
    sha256_hex(bytes)
}

/// Notes all that a record names.
///
/// # Errors
/// [`StoreError`].
pub fn name_all(link: &mut Link, record: &Record) -> Result<(), StoreError> {
    let name = record.iri.to_string();
    record.body.attached().try_for_each(|one| self::name(link, &name, one))
}

/// Notes that a record names a file. Where the same is held for another record of that home, it is held for this one too.
///
/// # Errors
/// [`StoreError`].
pub fn name(link: &mut Link, record: &str, wanted: Attached<'_>) -> Result<(), StoreError> {
    let place = files::table.find((record, wanted.digest));
    if place.select(files::address).first::<String>(link).optional()?.is_some_and(|known| known == wanted.address) {
        diesel::update(place).set(files::is_doubted.eq(false)).execute(link)?;
        return Ok(());
    }
    diesel::delete(place).execute(link)?;
    let same = files::table
        .filter(files::digest.eq(wanted.digest).and(files::address.eq(wanted.address)))
        .filter(files::file.is_not_null())
        .first::<Row>(link)
        .optional()?;
    let wanted = Row::of(record, wanted)?;
    let row = match same {
        Some(same) => Row { file: same.file, small: same.small, width: same.width, height: same.height, ..wanted },
        None => wanted,
    };
    diesel::insert_into(files::table).values(row).execute(link)?;
    Ok(())
}

/// Notes that a record may no longer name what it named.
///
/// # Errors
/// [`StoreError`].
pub fn doubt(link: &mut Link, record: &str) -> Result<(), StoreError> {
    let of_record = files::table.filter(files::record.eq(record));
    diesel::update(of_record).set(files::is_doubted.eq(true)).execute(link)?;
    Ok(())
}

/// The same of every record.
///
/// # Errors
/// [`StoreError`].
pub fn doubt_all(link: &mut Link) -> Result<(), StoreError> {
    let named = files::table.filter(files::uploaded.is_null());
    diesel::update(named).set(files::is_doubted.eq(true)).execute(link)?;
    Ok(())
}

/// Whether there is anything to [`settle`]: it is asked often, and a look costs nobody else their turn to write.
///
/// # Errors
/// [`StoreError`].
pub fn is_settled(link: &mut Link, stale: i64) -> Result<bool, StoreError> {
    let loose = files::table.filter(files::is_doubted.eq(true).or(files::uploaded.lt(stale).assume_not_null()));
    Ok(loose.select(files::record).first::<String>(link).optional()?.is_none())
}

/// Settles at most `limit` doubts, and forgets what came with a form before `stale` (seconds since 1970) and was named by no record since.
/// Tells which files may have lost their last name.
///
/// # Errors
/// [`StoreError`].
pub fn settle(link: &mut Link, stale: i64, limit: u64) -> Result<Vec<String>, StoreError> {
    let doubted = files::table.filter(files::is_doubted.eq(true)).limit(signed(limit)?).load::<Row>(link)?;
    let left = files::table.filter(files::uploaded.lt(stale)).limit(signed(limit)?).load::<Row>(link)?;
    let mut loose = Vec::new();
    for row in doubted.into_iter().chain(left) {
        let place = files::table.find((row.record.clone(), row.digest.clone()));
        if row.uploaded.is_none() && names(link, &row.record, &row.digest)? {
            diesel::update(place).set(files::is_doubted.eq(false)).execute(link)?;
        } else {
            diesel::delete(place).execute(link)?;
            loose.extend([row.file, row.small].into_iter().flatten());
        }
    }
    loose.sort_unstable();
    loose.dedup();
    Ok(loose)
}

/// Whether a record still names a file, in whatever is kept of it here.
fn names(link: &mut Link, record: &str, digest: &str) -> Result<bool, StoreError> {
    if own_records::find(link, record)?.is_some_and(|own| is_it(&own.record, digest)) {
        return Ok(true);
    }
    for channel in [Channel::Public, Channel::Affiliates] {
        if sheets::of_channel(link, record, channel)?.is_some_and(|sheet| is_it(&sheet.record, digest)) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn is_it(record: &Record, digest: &str) -> bool {
    record.body.attached().any(|one| one.digest == digest)
}

/// Whether any row names a file.
///
/// # Errors
/// [`StoreError`].
pub fn is_used(link: &mut Link, file: &str) -> Result<bool, StoreError> {
    Ok(!of_file(link, file)?.is_empty())
}

/// All that is known under a file's name.
///
/// # Errors
/// [`StoreError`].
pub fn of_file(link: &mut Link, file: &str) -> Result<Vec<Named>, StoreError> {
    let rows = files::table
        .filter(files::file.eq(file).or(files::small.eq(file)))
        .order((files::record, files::digest))
        .load::<Row>(link)?;
    Ok(rows.into_iter().map(Named::from).collect())
}

/// A file that a record names.
///
/// # Errors
/// [`StoreError`].
pub fn find(link: &mut Link, record: &str, digest: &str) -> Result<Option<Named>, StoreError> {
    Ok(files::table.find((record, digest)).first::<Row>(link).optional()?.map(Named::from))
}

/// Under what a file that came with a form of somebody stands, until a record names it.
pub fn of_account(account: &str) -> String {
    format!("{ACCOUNT}{account}")
}

/// Keeps what came with a form ([`of_account`]) until a record names it; of one account only the last few wait.
///
/// # Errors
/// [`StoreError`].
pub fn keep_upload(link: &mut Link, named: &Named, now: i64) -> Result<(), StoreError> {
    let copy = named.copy.clone().unwrap_or_default();
    let row = Row {
        record: named.record.clone(),
        digest: named.digest.clone(),
        address: named.address.clone(),
        media_type: named.media_type.clone(),
        size: signed(named.size)?,
        file: Some(copy.file),
        small: Some(copy.small),
        width: copy.width.into(),
        height: copy.height.into(),
        failures: 0,
        next_try: 0,
        why: None,
        is_doubted: false,
        uploaded: Some(now),
    };
    diesel::delete(files::table.find((&named.record, &named.digest))).execute(link)?;
    diesel::insert_into(files::table).values(row).execute(link)?;
    // Nobody fills the disk by sending and never saving.
    let of_account = files::record.eq(&named.record);
    let older = files::table.filter(of_account).order((files::uploaded.desc(), files::digest));
    let older: Vec<String> = older.select(files::digest).offset(WAITING).limit(WAITING).load(link)?;
    diesel::update(files::table.filter(of_account.and(files::digest.eq_any(older))))
        .set(files::uploaded.eq(i64::MIN))
        .execute(link)?;
    Ok(())
}

/// Makes room among the files of one account, those of its records and those that wait, pictures apart, for one more of this digest and size, so
/// that all together have at most `most` bytes. The oldest that wait give way; `replaced` names the record whose file goes when this one is saved.
/// Tells whether there is room: if not, nothing is changed. The same bytes once more need none.
///
/// # Errors
/// [`StoreError`].
pub fn make_room(
    link: &mut Link,
    account: &str,
    (digest, size): (&str, u64),
    (most, replaced): (u64, Option<&str>),
) -> Result<bool, StoreError> {
    let others = files::digest.ne(digest).and(files::media_type.not_like("image/%"));
    let records = ours::table.filter(ours::author.eq(account)).select(ours::record);
    let kept = files::table
        .filter(others.and(files::record.eq_any(records)).and(files::is_doubted.eq(false)))
        .filter(files::record.ne(replaced.unwrap_or_default()))
        .select(files::size)
        .load::<i64>(link)?;
    let Some(mut room) = most.checked_sub(sum(kept).saturating_add(size)) else { return Ok(false) };
    let waiting = files::record.eq(of_account(account));
    let newest_first = files::table
        .filter(others.and(waiting.clone()).and(files::uploaded.gt(i64::MIN).assume_not_null()))
        .order((files::uploaded.desc(), files::digest))
        .select((files::digest, files::size))
        .load::<(String, i64)>(link)?;
    let mut gone = Vec::new();
    for (digest, size) in newest_first {
        match room.checked_sub(size.unsigned_abs()) {
            Some(left) => room = left,
            None => gone.push(digest),
        }
    }
    let gone = files::table.filter(waiting.and(files::digest.eq_any(gone)));
    diesel::update(gone).set(files::uploaded.eq(i64::MIN)).execute(link)?;
    Ok(true)
}

fn sum(sizes: Vec<i64>) -> u64 {
    sizes.into_iter().fold(0, |sum, size| sum.saturating_add(size.unsigned_abs()))
}

/// What came with a form of an account and waits for a record still.
///
/// # Errors
/// [`StoreError`].
pub fn waiting(link: &mut Link, account: &str, digest: &str) -> Result<Option<Named>, StoreError> {
    let place = files::table.find((of_account(account), digest));
    let row = place.filter(files::uploaded.gt(i64::MIN).assume_not_null()).first::<Row>(link).optional()?;
    Ok(row.map(Named::from))
}

/// Forgets what came with a form ([`of_account`]): a record names it now.
///
/// # Errors
/// [`StoreError`].
pub fn let_go(link: &mut Link, account: &str, digest: &str) -> Result<(), StoreError> {
    diesel::delete(files::table.find((of_account(account), digest))).execute(link)?;
    Ok(())
}

/// Files that are to be fetched: those of records that are shown here and have another home than `own` (its origin), at most `limit`. Of one home
/// a gigabyte is held at most: what would be more is passed over, and others are not kept waiting by it.
///
/// # Errors
/// [`StoreError`].
pub fn due(link: &mut Link, own: &str, now: i64, limit: u64) -> Result<Vec<Named>, StoreError> {
    let mut passed = vec![own.to_owned()];
    loop {
        let wanted = wanted(link, &passed, now, limit)?;
        let mut homes: BTreeMap<String, u64> = BTreeMap::new();
        let (mut due, mut full) = (Vec::new(), Vec::new());
        for one in wanted {
            let home = origin_of(&one.address).to_owned();
            let held = match homes.get(&home) {
                Some(held) => *held,
                None => held_of(link, &home)?,
            };
            let with_it = held.saturating_add(one.size);
            homes.insert(home.clone(), if with_it > OF_ONE_HOME { held } else { with_it });
            if with_it > OF_ONE_HOME { full.push(home) } else { due.push(one) }
        }
        // All that was seen is of homes that are full: others come behind them.
        if !due.is_empty() || full.is_empty() {
            return Ok(due);
        }
        full.sort_unstable();
        full.dedup();
        passed.extend(full);
    }
}

/// What records that are shown here name and is not held, but for what lies at these origins.
fn wanted(link: &mut Link, passed: &[String], now: i64, limit: u64) -> Result<Vec<Named>, StoreError> {
    let shown = records::table.filter(records::record.eq(files::record).and(records::is_taken.eq(true)));
    let is_due = files::next_try.le(now).or(files::next_try.gt(now.saturating_add(LONGEST_WAIT)));
    let mut wanted = files::table
        .filter(files::file.is_null().and(is_due).and(files::is_doubted.eq(false)))
        .filter(exists(shown))
        .order((files::next_try, files::record))
        .limit(signed(limit)?)
        .into_boxed();
    for origin in passed {
        wanted = wanted.filter(files::address.not_like(format!("{origin}/%")));
    }
    Ok(wanted.load::<Row>(link)?.into_iter().map(Named::from).collect())
}

/// How many bytes are held of what lies at an origin: a file that several records name counts once.
fn held_of(link: &mut Link, origin: &str) -> Result<u64, StoreError> {
    let held = files::table.filter(files::file.is_not_null().and(files::address.like(format!("{origin}/%"))));
    let each = held.select((files::digest, files::size)).distinct().load::<(String, i64)>(link)?;
    Ok(sum(each.into_iter().map(|(_, size)| size).collect()))
}

/// The origin of an address; of what has none, the whole.
fn origin_of(address: &str) -> &str {
    let begin = address.find("://").map_or(0, |at| at + "://".len());
    address[begin..].find('/').map_or(address, |length| &address[..begin + length])
}

/// Whether everybody may see a file that a record names, so that its home gives it to whoever asks.
///
/// # Errors
/// [`StoreError`].
pub fn is_open(link: &mut Link, named: &Named) -> Result<bool, StoreError> {
    let sheet = sheets::of_channel(link, &named.record, Channel::Public)?;
    Ok(sheet.is_some_and(|sheet| is_it(&sheet.record, &named.digest)))
}

/// Notes that a file is held, for all records of its home that name it.
///
/// # Errors
/// [`StoreError`].
pub fn hold(link: &mut Link, named: &Named, copy: &Copied) -> Result<(), StoreError> {
    let change = (
        files::file.eq(&copy.file),
        files::small.eq(&copy.small),
        files::width.eq(i64::from(copy.width)),
        files::height.eq(i64::from(copy.height)),
        files::why.eq(None::<String>),
    );
    let same = files::digest.eq(&named.digest).and(files::address.eq(&named.address));
    diesel::update(files::table.filter(same)).set(change).execute(link)?;
    Ok(())
}

/// The names of all large files that rows count on, but for those of this node's own: nobody else has those.
///
/// # Errors
/// [`StoreError`].
pub fn fetched(link: &mut Link, own: &str) -> Result<Vec<String>, StoreError> {
    let held = files::table.filter(files::file.is_not_null().and(files::address.not_like(format!("{own}/%"))));
    let files = held.select(files::file).distinct().load::<Option<String>>(link)?;
    Ok(files.into_iter().flatten().collect())
}

/// Notes that a file is not there any more: what lay in it is fetched again.
///
/// # Errors
/// [`StoreError`].
pub fn lose(link: &mut Link, file: &str) -> Result<(), StoreError> {
    let change =
        (files::file.eq(None::<String>), files::small.eq(None::<String>), files::failures.eq(0), files::next_try.eq(0));
    diesel::update(files::table.filter(files::file.eq(file))).set(change).execute(link)?;
    Ok(())
}

/// Notes that a file could not be fetched, why, and when to try again.
///
/// # Errors
/// [`StoreError`].
pub fn fail(link: &mut Link, named: &Named, why: &str, next_try: i64) -> Result<(), StoreError> {
    let change = (
        files::failures.eq(signed(named.failures + 1)?),
        files::next_try.eq(next_try),
        files::why.eq(Some(why.to_owned())),
    );
    let same = files::digest.eq(&named.digest).and(files::address.eq(&named.address));
    diesel::update(files::table.filter(same)).set(change).execute(link)?;
    Ok(())
}

impl Named {
    /// Whether it is a picture's, by what its home says: then it is drawn anew.
    pub fn is_picture(&self) -> bool {
        self.media_type.starts_with("image/")
    }
}

impl Row {
    /// A file that is wanted and not held.
    fn of(record: &str, wanted: Attached<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            record: record.to_owned(),
            digest: wanted.digest.to_owned(),
            address: wanted.address.to_owned(),
            media_type: wanted.media_type.to_owned(),
            size: signed(wanted.size)?,
            file: None,
            small: None,
            width: 0,
            height: 0,
            failures: 0,
            next_try: 0,
            why: None,
            is_doubted: false,
            uploaded: None,
        })
    }
}

impl From<Row> for Named {
    fn from(row: Row) -> Self {
        let points = |count: i64| u32::try_from(count).unwrap_or_default();
        let (width, height) = (points(row.width), points(row.height));
        Self {
            record: row.record,
            digest: row.digest,
            address: row.address,
            media_type: row.media_type,
            size: row.size.unsigned_abs(),
            copy: row.file.zip(row.small).map(|(file, small)| Copied { file, small, width, height }),
            failures: row.failures.unsigned_abs(),
        }
    }
}
