//! Taking over a sheet that nobody speaks for yet: the letters that go to its own address, and whom their links let in.
//!
//! Whoever asks for a letter learns nothing, not even whether there is an address: the same is written and said in every case. A link opens only
//! what it was sent for: while the sheet is unclaimed, still has that address, and the time is not up.

use crate::{People, PeopleError};
use pes_domain::{Audience, Body, Record};
use pes_store::accounts::Account;
use pes_store::claims::{self, ASKED, ClaimLetter, Standing, address_of, digest_of};
use pes_store::own_records::{Moderation, OwnRecord};
use pes_store::rights::{self, Right};
use pes_store::tokens::LinkSecret;
use pes_store::{Bell, Link, StoreError, own_records};
use std::collections::BTreeMap;
use time::{Duration, UtcDateTime};
use uuid::Uuid;

/// How long a structure is left alone after a campaign wrote to it.
pub const LEFT_ALONE: Duration = Duration::days(90);
/// How long it is known that a letter was sent.
const KEPT: Duration = Duration::days(730);

/// What a link leads to.
#[derive(Debug, Clone, PartialEq)]
pub enum Claim {
    /// A sheet that may be taken over.
    Open(Box<OwnRecord>),
    /// One that may not be any more by this link: it is taken, or the link is too old, or its address is another now.
    Over(Box<OwnRecord>),
}

/// Who could be written to, and how earlier campaigns went.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Outlook {
    /// How many structures nobody speaks for, as far as their sheets are online for everybody.
    pub unclaimed: u64,
    /// How many of them have a mail address.
    pub with_address: u64,
    /// How many of these asked for no more letters.
    pub refused: u64,
    /// How many of these were written to not long ago, or are about to be.
    pub recent: u64,
    /// Those that can be written to now.
    pub ready: Vec<Record>,
    /// What was sent, the newest first.
    pub campaigns: Vec<Campaign>,
    /// How many letters somebody asked for on a structure's page were sent, and after how many of them its sheet was taken over.
    pub asked: (u64, u64),
}

/// How one campaign went.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Campaign {
    /// When it began, in seconds since 1970.
    pub begun: i64,
    /// When the last of its letters went out, so far.
    pub last: Option<i64>,
    /// How many letters are still to be sent.
    pub due: u64,
    /// How many were sent.
    pub sent: u64,
    /// How many the mail server refused.
    pub refused: u64,
    /// After how many of them the sheet was taken over.
    pub taken: u64,
}

impl People {
    /// Asks for a letter to a structure's own address, which lets whoever reads it take the sheet over. At most one a day about each structure;
    /// nothing tells whether any went out.
    ///
    /// # Errors
    /// [`PeopleError::Unknown`] where somebody speaks for it, or there is no such sheet.
    pub fn ask_for_claim(&self, structure: &str, now: UtcDateTime) -> Result<(), PeopleError> {
        self.store.write(|link| {
            let own = own_records::find(link, structure)?.filter(is_open).ok_or(PeopleError::Unknown)?;
            let letters = claims::of_structure(link, structure)?;
            let day_ago = (now - Duration::DAY).unix_timestamp();
            if letters.iter().any(|letter| letter.campaign == ASKED && letter.created > day_ago) {
                return Ok(());
            }
            let address = address_of(&own).map(|address| digest_of(&self.links, address));
            let is_wanted = match &address {
                Some(address) => !claims::is_refused(link, address)?,
                None => false,
            };
            // A row is written in every case, so that the answer takes as long.
            let standing = if is_wanted { Standing::Due } else { Standing::Dropped };
            let letter = letter(structure, (ASKED, address.unwrap_or_default()), now);
            Ok::<_, PeopleError>(claims::insert(link, &ClaimLetter { standing, ..letter })?)
        })?;
        self.store.ring(Bell::Errands);
        Ok(())
    }

    /// Where a letter's link leads.
    ///
    /// # Errors
    /// [`PeopleError::Unknown`] for a link of nobody's.
    pub fn claim(&self, id: &str, token: &str, now: UtcDateTime) -> Result<Claim, PeopleError> {
        self.store.read(|link| open(link, &self.links, (id, token), now))
    }

    /// Who could be written to now, and how it went before.
    ///
    /// # Errors
    /// [`PeopleError::Store`].
    pub fn outlook(&self, now: UtcDateTime) -> Result<Outlook, PeopleError> {
        Ok(self.store.read(|link| outlook(link, &self.links, now))?)
    }

    /// Writes to all that can be written to now: a row each, which the crier takes at its pace. Returns how many; a second time at once finds none.
    ///
    /// # Errors
    /// [`PeopleError::Store`].
    pub fn begin_campaign(&self, now: UtcDateTime) -> Result<usize, PeopleError> {
        let count = self.store.write(|link| {
            let ready = outlook(link, &self.links, now)?.ready;
            for record in &ready {
                let Body::Structure(one) = &record.body else { continue };
                let address = pes_domain::contact::address(&one.contacts).unwrap_or_default();
                let campaign = (now.unix_timestamp(), digest_of(&self.links, address));
                claims::insert(link, &letter(&record.iri.to_string(), campaign, now))?;
            }
            Ok::<_, StoreError>(ready.len())
        })?;
        self.store.ring(Bell::Errands);
        Ok(count)
    }

    /// Takes back the letters that no campaign has sent yet. Returns how many.
    ///
    /// # Errors
    /// [`PeopleError::Store`].
    pub fn stop_campaigns(&self, now: UtcDateTime) -> Result<usize, PeopleError> {
        Ok(self.store.write(|link| claims::drop_due(link, now.unix_timestamp()))?)
    }

    /// Never writes such letters to an address again. Of it no more than its digest is kept, and no account is needed.
    ///
    /// # Errors
    /// [`PeopleError::Unknown`] for a link of nobody's.
    pub fn refuse_claim_letters(&self, address: &str, token: &str, now: UtcDateTime) -> Result<(), PeopleError> {
        self.check_stop(address, token)?;
        Ok(self.store.write(|link| claims::refuse(link, address, now.unix_timestamp()))?)
    }

    /// Whether a link by which an address asks for no more letters is one.
    ///
    /// # Errors
    /// [`PeopleError::Unknown`].
    pub fn check_stop(&self, address: &str, token: &str) -> Result<(), PeopleError> {
        let is_ours = claims::stop_path(&self.links, address).rsplit('/').next() == Some(token);
        if is_ours { Ok(()) } else { Err(PeopleError::Unknown) }
    }

    /// Forgets letters after two years; which addresses want none is known for ever. Returns how many.
    ///
    /// # Errors
    /// [`PeopleError::Store`].
    pub fn clear_claims(&self, now: UtcDateTime) -> Result<usize, PeopleError> {
        Ok(self.store.write(|link| claims::forget(link, (now - KEPT).unix_timestamp()))?)
    }
}

/// Where a letter's link leads, within the transaction that may act on it.
///
/// # Errors
/// [`PeopleError::Unknown`] for a link of nobody's.
pub fn open(
    link: &mut Link,
    links: &LinkSecret,
    (id, token): (&str, &str),
    now: UtcDateTime,
) -> Result<Claim, PeopleError> {
    if claims::path(links, id).rsplit('/').next() != Some(token) {
        return Err(PeopleError::Unknown);
    }
    let letter = claims::find(link, id)?.ok_or(PeopleError::Unknown)?;
    let own = own_records::find(link, &letter.structure)?.ok_or(PeopleError::Unknown)?;
    let is_same = address_of(&own).is_some_and(|address| digest_of(links, address) == letter.address);
    let is_open = is_same && letter.taken.is_none() && letter.counts(now);
    Ok(if is_open { Claim::Open(Box::new(own)) } else { Claim::Over(Box::new(own)) })
}

/// Gives somebody the right to speak for a structure, and tells the letters about it that this was done.
///
/// # Errors
/// [`StoreError`].
pub fn give(link: &mut Link, account: &Account, structure: &str, now: UtcDateTime) -> Result<(), StoreError> {
    let (account, name) = (account.id.clone(), structure.to_owned());
    let right = Right {
        account,
        structure: name,
        is_confirmed: true,
        may_edit: true,
        wants_notices: true,
        is_of_company: false,
    };
    rights::put(link, &right)?;
    claims::taken(link, structure, now.unix_timestamp())
}

/// Whether a sheet is shown and nobody speaks for it.
pub fn is_open(own: &OwnRecord) -> bool {
    let is_unclaimed = matches!(&own.record.body, Body::Structure(one) if one.is_unclaimed);
    is_unclaimed && own.moderation == Moderation::Published
}

fn letter(structure: &str, (campaign, address): (i64, String), now: UtcDateTime) -> ClaimLetter {
    ClaimLetter {
        id: Uuid::new_v4().to_string(),
        structure: structure.to_owned(),
        campaign,
        address,
        created: now.unix_timestamp(),
        standing: Standing::Due,
        told: None,
        taken: None,
    }
}

fn outlook(link: &mut Link, links: &LinkSecret, now: UtcDateTime) -> Result<Outlook, StoreError> {
    let written = claims::written_to_since(link, (now - LEFT_ALONE).unix_timestamp())?;
    let refusals = claims::refusals(link)?;
    let mut outlook = counted(claims::all(link)?);
    let all = own_records::of_kind(link, pes_domain::Kind::Structure, Moderation::Published)?;
    // "Your sheet is online" is said only where whoever reads it can see so.
    let is_online = |own: &OwnRecord| own.record.audience == Audience::Public && !own.record.is_expired(now);
    for own in all.into_iter().filter(|own| is_open(own) && is_online(own)) {
        outlook.unclaimed += 1;
        let Some(address) = address_of(&own).map(|address| digest_of(links, address)) else { continue };
        outlook.with_address += 1;
        match () {
            () if refusals.contains(&address) => outlook.refused += 1,
            () if written.contains(&own.record.iri.to_string()) => outlook.recent += 1,
            () => outlook.ready.push(own.record),
        }
    }
    Ok(outlook)
}

/// How the letters so far went.
fn counted(letters: Vec<ClaimLetter>) -> Outlook {
    let mut outlook = Outlook::default();
    let mut campaigns: BTreeMap<i64, Campaign> = BTreeMap::new();
    for letter in letters {
        let is_sent = letter.standing == Standing::Sent;
        let is_taken = u64::from(letter.taken.is_some());
        if letter.campaign == ASKED {
            outlook.asked = (outlook.asked.0 + u64::from(is_sent), outlook.asked.1 + is_taken);
            continue;
        }
        let begun = letter.campaign;
        let campaign = campaigns.entry(begun).or_insert(Campaign { begun, ..Campaign::default() });
        campaign.due += u64::from(letter.standing == Standing::Due);
        campaign.sent += u64::from(is_sent);
        campaign.refused += u64::from(letter.standing == Standing::Refused);
        campaign.taken += is_taken;
        campaign.last = campaign.last.max(letter.told.filter(|_| is_sent));
    }
    outlook.campaigns = campaigns.into_values().rev().collect();
    outlook
}
