//! Two structures side by side, with what speaks for their being one.

use crate::failure::Failure;
use crate::porch::Porch;
use crate::shelf::{self, Shown};
use crate::views::Pager;
use crate::views::same::Said;
use crate::visit::Visit;
use pes_domain::Body;
use pes_domain::duplicate::Ground;
use pes_domain::structure::Structure;
use pes_store::told_apart::ToldApart;
use pes_store::{Link, StoreError, accounts, rights};
use pes_words::dates;
use serde::Serialize;
use time::UtcDateTime;

/// The page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct DoublesView {
    pub(crate) done: Option<String>,
    pub(crate) tabs: Vec<Tab>,
    /// That not everything is compared yet.
    pub(crate) waiting: Option<String>,
    pub(crate) pairs: Vec<PairView>,
    /// That there is none, where that is known.
    pub(crate) empty: Option<String>,
    pub(crate) pager: Pager,
    /// Where one comes back to after a decision.
    pub(crate) which: &'static str,
    pub(crate) page: u64,
}

/// Another part of the page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Tab {
    pub(crate) url: String,
    pub(crate) label: String,
    pub(crate) is_here: bool,
}

/// A pair, by the names of its records.
#[derive(Debug, Clone, Default)]
pub(crate) struct Pair {
    pub(crate) one: String,
    pub(crate) other: String,
    /// Why the rule proposes it.
    pub(crate) grounds: Vec<Ground>,
    /// Who says that they are one.
    pub(crate) said: Vec<Said>,
    /// Who told them apart.
    pub(crate) apart: Option<ToldApart>,
}

/// A pair, as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct PairView {
    pub(crate) one: String,
    pub(crate) other: String,
    pub(crate) sides: Vec<SideView>,
    pub(crate) reasons: Vec<String>,
    /// Who decided, and when.
    pub(crate) notes: Vec<String>,
    /// Whether one may still say that they are one, or two.
    pub(crate) may_link: bool,
    pub(crate) may_part: bool,
    /// Our own accord, which the team may take back.
    pub(crate) accord: Option<String>,
    pub(crate) is_apart: bool,
    /// What tells the buttons of one pair from those of the next.
    pub(crate) called: String,
}

/// One of the two.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct SideView {
    pub(crate) title: String,
    pub(crate) url: String,
    pub(crate) network: String,
    pub(crate) place: String,
    pub(crate) numbers: Vec<String>,
    pub(crate) reach: Vec<String>,
    pub(crate) claimed: String,
}

impl PairView {
    /// A pair as this visitor may see it: nothing where one of the two is not there for them, unless there is an accord of ours to take back.
    pub(crate) fn of(porch: &Porch, visit: &Visit, pair: &Pair) -> Result<Option<Self>, Failure> {
        let (one, other) = (shelf::seen(porch, visit, &pair.one)?, shelf::seen(porch, visit, &pair.other)?);
        let accord = pair.said.iter().find(|said| said.is_own).map(|said| said.accord.to_string());
        let is_whole = one.is_some() && other.is_some();
        if !is_whole && accord.is_none() && pair.apart.is_none() {
            return Ok(None);
        }
        let sides = [one, other].into_iter().flatten().map(|shown| SideView::of(porch, &shown));
        let sides = sides.collect::<Result<Vec<_>, _>>()?;
        let titles: Vec<&str> = sides.iter().map(|side| side.title.as_str()).collect();
        let gone = (!is_whole).then(|| porch.say("doubles-gone"));
        Ok(Some(Self {
            called: titles.join(" – "),
            one: pair.one.clone(),
            other: pair.other.clone(),
            reasons: pair.grounds.iter().map(|ground| porch.say(ground_key(*ground))).collect(),
            notes: gone.into_iter().chain(notes(porch, pair)?).collect(),
            may_link: is_whole && accord.is_none() && pair.apart.is_none(),
            may_part: is_whole && pair.apart.is_none(),
            accord,
            is_apart: pair.apart.is_some(),
            sides,
        }))
    }
}

/// Who says that they are one, and who told them apart.
fn notes(porch: &Porch, pair: &Pair) -> Result<Vec<String>, Failure> {
    let catalogue = porch.words.catalogue();
    let mut networks: Vec<&str> = pair.said.iter().map(|said| said.network.as_str()).collect();
    networks.sort_unstable();
    networks.dedup();
    let said = (!networks.is_empty()).then(|| catalogue.tell("also-said", &[("networks", networks.join(", ").into())]));
    let Some(apart) = &pair.apart else { return Ok(said.into_iter().collect()) };
    let account = porch.store().read(|link| accounts::find(link, &apart.account))?;
    let who = account.map_or_else(|| porch.say("nobody"), |account| account.name);
    let day = UtcDateTime::from_unix_timestamp(apart.since).map_or_else(|_| String::new(), dates::day_of);
    let gaps = [("who", who.into()), ("day", day.into())];
    Ok(said.into_iter().chain([catalogue.tell("doubles-apart-by", &gaps)]).collect())
}

impl SideView {
    fn of(porch: &Porch, shown: &Shown) -> Result<Self, Failure> {
        let record = &shown.record;
        let Body::Structure(structure) = &record.body else { return Err(Failure::Absent) };
        let place = record.body.places().first().map(|place| place.name.clone());
        Ok(Self {
            title: record.title(),
            url: record.iri.page_at(&porch.site.origin),
            network: shown.network.clone(),
            place: place.unwrap_or_else(|| porch.say("doubles-no-place")),
            numbers: numbers(structure),
            reach: reach(structure),
            claimed: claimed(porch, shown, structure)?,
        })
    }
}

fn numbers(structure: &Structure) -> Vec<String> {
    let siret = structure.siret.as_ref().map(|siret| format!("SIRET {}", siret.as_str()));
    let siren = structure.siren.as_ref().map(|siren| format!("SIREN {}", siren.as_str()));
    let rna = structure.rna.as_ref().map(|rna| format!("RNA {}", rna.as_str()));
    siret.or(siren).into_iter().chain(rna).collect()
}

/// How it is reached: what two sheets of one structure often have in common.
fn reach(structure: &Structure) -> Vec<String> {
    let contacts = structure.contacts.iter().map(|contact| contact.value.clone());
    contacts.chain(structure.web.iter().map(|link| link.as_str().to_owned())).take(4).collect()
}

/// Who keeps the sheet.
fn claimed(porch: &Porch, shown: &Shown, structure: &Structure) -> Result<String, Failure> {
    let catalogue = porch.words.catalogue();
    if !shown.is_own {
        let key = if structure.is_unclaimed { "doubles-unclaimed" } else { "doubles-kept-by-network" };
        return Ok(catalogue.tell(key, &[("network", shown.network.as_str().into())]));
    }
    let names = porch.store().read(|link| editors(link, &shown.record.iri.to_string()))?;
    Ok(match names.is_empty() {
        true => porch.say("doubles-unclaimed"),
        false => catalogue.tell("doubles-kept-by", &[("names", names.join(", ").into())]),
    })
}

/// Those who may edit a structure's sheet.
fn editors(link: &mut Link, structure: &str) -> Result<Vec<String>, StoreError> {
    let rights = rights::of_structure(link, structure)?;
    let mut names = Vec::new();
    for right in rights.iter().filter(|right| right.is_confirmed && right.may_edit) {
        names.extend(accounts::find(link, &right.account)?.map(|account| account.name));
    }
    Ok(names)
}

/// The sentence of a ground.
pub(crate) fn ground_key(ground: Ground) -> &'static str {
    match ground {
        Ground::SameRna => "ground-same-rna",
        Ground::SameSiret => "ground-same-siret",
        Ground::SameSiren => "ground-same-siren",
        Ground::SameName => "ground-same-name",
        Ground::NameSpeltOtherwise => "ground-name-spelt-otherwise",
        Ground::NameWithin => "ground-name-within",
        Ground::Initials => "ground-initials",
        Ground::WebNamesTheOther => "ground-web-names-the-other",
        Ground::SameCommune => "ground-same-commune",
        Ground::NearCommune => "ground-near-commune",
        Ground::SameAddress => "ground-same-address",
        Ground::SamePhone => "ground-same-phone",
        Ground::SameEmail => "ground-same-email",
        Ground::SameWeb => "ground-same-web",
        Ground::SameDomain => "ground-same-domain",
    }
}
