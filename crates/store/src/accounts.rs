//! People who sign in here.

use crate::rights::Right;
use crate::schema::accounts;
use crate::{Link, StoreError, conversations, own_records};
use diesel::prelude::*;

/// What an account may do on the whole node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Signed up, and no more: a citizen, or a company.
    Citizen,
    /// Writes for the network, and no more: what they write is shown at once.
    Editor,
    /// Works for the network: moderates, hides, decides what leaves.
    Animator,
    /// Also keeps the node.
    Administrator,
}

/// How often somebody is written to about what concerns them, while they want mails at all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Rhythm {
    /// As soon as it is known here.
    #[default]
    AtOnce,
    /// Once a day, all in one.
    Daily,
    /// On Mondays, all in one.
    Weekly,
}

/// A person who signs in here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// A UUID.
    pub id: String,
    /// Where they are written to; kept in lower case, unique.
    pub email: String,
    /// What they are called.
    pub name: String,
    /// The argon2 hash of their password (PHC string).
    pub password: String,
    /// What they may do on the whole node.
    pub role: Role,
    /// Whether the animators accepted them into the network, one by one.
    pub is_accepted: bool,
    /// Whether notices are mailed to them; never otherwise.
    pub wants_mail: bool,
    /// How often, then.
    pub rhythm: Rhythm,
    /// Their own record, if they have one.
    pub person: Option<String>,
    /// When they signed up, in seconds since 1970.
    pub created: i64,
}

#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = accounts, treat_none_as_null = true)]
struct Row {
    id: String,
    email: String,
    name: String,
    password: String,
    role: String,
    is_accepted: bool,
    wants_mail: bool,
    person: Option<String>,
    created: i64,
    rhythm: String,
}

impl Role {
    /// All roles, the least first.
    pub const ALL: [Self; 4] = [Self::Citizen, Self::Editor, Self::Animator, Self::Administrator];

    /// The word for it in rows and on the terminal.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Citizen => "citizen",
            Self::Editor => "editor",
            Self::Animator => "animator",
            Self::Administrator => "administrator",
        }
    }

    /// Undoes [`Role::as_str`].
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }
}

impl Rhythm {
    /// All of them, the quickest first.
    pub const ALL: [Self; 3] = [Self::AtOnce, Self::Daily, Self::Weekly];

    /// The word for it in rows and forms.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AtOnce => "at-once",
            Self::Daily => "daily",
            Self::Weekly => "weekly",
        }
    }

    /// Undoes [`Rhythm::as_str`].
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rhythm| rhythm.as_str() == name)
    }
}

impl Account {
    /// Whether the network has accepted this person: an animator (who only writes for it is none by that), somebody accepted one by one, or with a
    /// confirmed role in one of its structures. A citizen's or a company's account is not membership ([`Right::makes_member`]).
    pub fn is_member<'a>(&self, own: impl IntoIterator<Item = &'a Right>) -> bool {
        self.role >= Role::Animator || self.is_accepted || own.into_iter().any(Right::makes_member)
    }
}

/// Makes an account.
///
/// # Errors
/// [`StoreError::Query`], also when the address is taken.
pub fn insert(link: &mut Link, account: &Account) -> Result<(), StoreError> {
    diesel::insert_into(accounts::table).values(Row::from(account)).execute(link)?;
    Ok(())
}

/// Keeps what has changed about an account.
///
/// # Errors
/// [`StoreError`].
pub fn update(link: &mut Link, account: &Account) -> Result<(), StoreError> {
    diesel::update(accounts::table.find(&account.id)).set(Row::from(account)).execute(link)?;
    Ok(())
}

/// The account of this id.
///
/// # Errors
/// [`StoreError`].
pub fn find(link: &mut Link, id: &str) -> Result<Option<Account>, StoreError> {
    accounts::table.find(id).first::<Row>(link).optional()?.map(Account::try_from).transpose()
}

/// The account with this address, whatever its case.
///
/// # Errors
/// [`StoreError`].
pub fn by_email(link: &mut Link, email: &str) -> Result<Option<Account>, StoreError> {
    let row = accounts::table.filter(accounts::email.eq(email.to_lowercase())).first::<Row>(link).optional()?;
    row.map(Account::try_from).transpose()
}

/// How many accounts there are.
///
/// # Errors
/// [`StoreError`].
pub fn count(link: &mut Link) -> Result<u64, StoreError> {
    Ok(accounts::table.count().get_result::<i64>(link)?.unsigned_abs())
}

/// The ids of those who write for the network, or work for it.
///
/// # Errors
/// [`StoreError`].
pub fn team(link: &mut Link) -> Result<Vec<String>, StoreError> {
    let roles = Role::ALL.into_iter().filter(|role| *role >= Role::Editor).map(Role::as_str);
    let team = accounts::table.filter(accounts::role.eq_any(roles)).order(accounts::id).select(accounts::id);
    Ok(team.load(link)?)
}

/// All accounts, by address.
///
/// # Errors
/// [`StoreError`].
pub fn all(link: &mut Link) -> Result<Vec<Account>, StoreError> {
    accounts::table.order(accounts::email).load::<Row>(link)?.into_iter().map(Account::try_from).collect()
}

/// Erases an account and all that hangs on it, also what it said and is still on its way. The records it wrote stay, and are nobody's.
///
/// # Errors
/// [`StoreError`].
pub fn erase(link: &mut Link, id: &str) -> Result<(), StoreError> {
    own_records::forget_author(link, id)?;
    conversations::take_back_of(link, id)?;
    diesel::delete(accounts::table.find(id)).execute(link)?;
    Ok(())
}

impl From<&Account> for Row {
    fn from(account: &Account) -> Self {
        Self {
            id: account.id.clone(),
            email: account.email.to_lowercase(),
            name: account.name.clone(),
            password: account.password.clone(),
            role: account.role.as_str().to_owned(),
            is_accepted: account.is_accepted,
            wants_mail: account.wants_mail,
            person: account.person.clone(),
            created: account.created,
            rhythm: account.rhythm.as_str().to_owned(),
        }
    }
}

impl TryFrom<Row> for Account {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            role: Role::named(&row.role).ok_or_else(|| StoreError::damaged("accounts", "no such role"))?,
            rhythm: Rhythm::named(&row.rhythm).ok_or_else(|| StoreError::damaged("accounts", "no such rhythm"))?,
            id: row.id,
            email: row.email,
            name: row.name,
            password: row.password,
            is_accepted: row.is_accepted,
            wants_mail: row.wants_mail,
            person: row.person,
            created: row.created,
        })
    }
}
