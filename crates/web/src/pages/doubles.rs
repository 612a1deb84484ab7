//! Structures that may be one: what the rule proposes, with its reasons; people say that they are, or that they are two, and may take both back.

use crate::answered::Answered;
use crate::failure::Failure;
use crate::pages::{Leaf, moving};
use crate::porch::Porch;
use crate::shelf::{self, Shown};
use crate::typed::Typed;
use crate::views::same::{Said, all_said, in_order};
use crate::views::{Notice, Pager, doubles};
use crate::visit::Visit;
use actix_web::http::StatusCode;
use actix_web::web;
use pes_domain::accord::Answer;
use pes_domain::{Audience, Body, Draft, Kind, Record, RecordIri};
use pes_store::own_records::{self, Moderation};
use pes_store::told_apart;
use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

pub(crate) const PATH: &str = "/reseau/doublons";
/// How many pairs a page has.
const PAGE: u64 = 10;
/// How long somebody waits for what is being compared; what comes later is there when they look again.
const PATIENCE: Duration = Duration::from_millis(1_500);

pub(crate) fn configure(app: &mut web::ServiceConfig) {
    app.route(PATH, web::get().to(ask));
    app.route(PATH, web::post().to(decide));
}

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which {
    /// What the rule proposes and nobody has decided.
    Proposed,
    /// What somebody said to be one.
    Linked,
    /// What the team told apart.
    Apart,
}

impl Which {
    const ALL: [Self; 3] = [Self::Proposed, Self::Linked, Self::Apart];

    /// What addresses call it.
    fn key(self) -> &'static str {
        match self {
            Self::Proposed => "proposees",
            Self::Linked => "liees",
            Self::Apart => "distinguees",
        }
    }

    /// The sentences that say how many there are, and that there are none.
    fn sentences(self) -> (&'static str, &'static str) {
        match self {
            Self::Proposed => ("doubles-proposees", "doubles-none-proposees"),
            Self::Linked => ("doubles-liees", "doubles-none-liees"),
            Self::Apart => ("doubles-distinguees", "doubles-none-distinguees"),
        }
    }

    /// Whether it is known what there is of it: what the rule proposes only once everything is compared.
    fn is_known(self, is_all: bool) -> bool {
        is_all || self != Self::Proposed
    }

    fn named(key: &str) -> Self {
        Self::ALL.into_iter().find(|which| which.key() == key).unwrap_or(Self::Proposed)
    }
}

/// All pairs of a sort, without having looked at any record.
struct Pairs {
    proposed: Vec<doubles::Pair>,
    linked: Vec<doubles::Pair>,
    apart: Vec<doubles::Pair>,
    /// Whether everything is compared.
    is_all: bool,
}

async fn ask(
    porch: web::Data<Porch>,
    visit: Visit,
    chosen: web::Query<Vec<(String, String)>>,
) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            visit.animator()?;
            let view = view(porch, &visit, &chosen.into_inner().into_iter().collect())?;
            Leaf::new("doubles", &porch.say("doubles-title")).page(porch, &visit, &view)
        })
        .await
}

fn view(porch: &Porch, visit: &Visit, chosen: &Draft) -> Result<doubles::DoublesView, Failure> {
    let which = Which::named(chosen.one("vue"));
    let pairs = pairs(porch, visit)?;
    let of = |which: Which| match which {
        Which::Proposed => &pairs.proposed,
        Which::Linked => &pairs.linked,
        Which::Apart => &pairs.apart,
    };
    let tabs = Which::ALL.map(|one| {
        let count = [("count", (of(one).len() as u64).into())];
        let label = porch.words.catalogue().tell(one.sentences().0, &count);
        doubles::Tab { url: address(one, 1, ""), label, is_here: one == which }
    });
    let all = of(which);
    let last = (all.len() as u64).div_ceil(PAGE).max(1);
    let number = chosen.one("page").parse::<u64>().unwrap_or(1).clamp(1, last);
    let here = all.iter().skip(usize::try_from((number - 1) * PAGE).unwrap_or(usize::MAX)).take(PAGE as usize);
    let views = here.map(|pair| doubles::PairView::of(porch, visit, pair)).collect::<Result<Vec<_>, _>>()?;
    let waiting = if views.iter().any(Option::is_some) { "doubles-waiting" } else { "doubles-waiting-none" };
    let kept: Draft = [("vue".to_owned(), which.key().to_owned())].into_iter().collect();
    Ok(doubles::DoublesView {
        done: done(porch, chosen),
        tabs: tabs.into(),
        waiting: (!pairs.is_all).then(|| porch.say(waiting)),
        pairs: views.into_iter().flatten().collect(),
        empty: which.is_known(pairs.is_all).then(|| porch.say(which.sentences().1)),
        pager: Pager::of(PATH, &kept, number, all.len() as u64, PAGE),
        which: which.key(),
        page: number,
    })
}

/// What an animator did a moment ago, as the address tells.
fn done(porch: &Porch, chosen: &Draft) -> Option<String> {
    let told = chosen.one("fait");
    ["lie", "distingue", "delie", "repropose"].contains(&told).then(|| porch.say(&format!("done-doublons-{told}")))
}

fn address(which: Which, page: u64, done: &str) -> String {
    let done = if done.is_empty() { String::new() } else { format!("&fait={done}") };
    format!("{PATH}?vue={}&page={page}{done}", which.key())
}

/// All pairs: what was decided is proposed no more, and neither is a structure with its own sheet in the network it moves to.
fn pairs(porch: &Porch, visit: &Visit) -> Result<Pairs, Failure> {
    let known = porch.twins.known(PATIENCE)?;
    let apart = porch.store().read(told_apart::all)?;
    let told: HashSet<(String, String)> = apart.iter().map(|one| (one.one.clone(), one.other.clone())).collect();
    let mut linked: BTreeMap<(String, String), Vec<Said>> = BTreeMap::new();
    for said in all_said(porch, visit)? {
        let is_ours = [&said.by, &said.about].into_iter().any(|iri| iri.origin() == porch.site.origin);
        if is_ours && !told.contains(&said.pair()) {
            linked.entry(said.pair()).or_default().push(said);
        }
    }
    let moving = moving::under_way(porch)?;
    let proposed = known.twins.iter().filter_map(|twin| {
        let pair = in_order(twin.own.clone(), twin.other.clone());
        let is_open = !linked.contains_key(&pair) && !told.contains(&pair) && !moving.contains(&pair);
        is_open.then(|| doubles::Pair {
            one: twin.own.clone(),
            other: twin.other.clone(),
            grounds: twin.grounds.clone(),
            ..doubles::Pair::default()
        })
    });
    let proposed = proposed.collect();
    let linked =
        linked.into_iter().map(|((one, other), said)| doubles::Pair { one, other, said, ..doubles::Pair::default() });
    let apart = apart.into_iter().map(|one| doubles::Pair {
        one: one.one.clone(),
        other: one.other.clone(),
        apart: Some(one),
        ..doubles::Pair::default()
    });
    Ok(Pairs { proposed, linked: linked.collect(), apart: apart.collect(), is_all: known.is_all })
}

/// What an animator decides of a pair. A button that is pressed twice says the same twice, and nothing more.
async fn decide(porch: web::Data<Porch>, typed: Typed) -> Result<Answered, Failure> {
    porch
        .off(move |porch| {
            typed.visit.animator()?;
            let _turn = porch.turn();
            let done = match typed.draft.one("decision") {
                "same" | "apart" if is_gone(porch, &typed)? => return gone(porch, &typed.visit),
                "same" => link(porch, &typed)?,
                "apart" => tell_apart(porch, &typed)?,
                "unlink" => unlink(porch, &typed)?,
                "again" => propose_again(porch, &typed)?,
                _ => return Err(Failure::Form),
            };
            let page = typed.draft.one("page").parse().unwrap_or(1);
            Ok(Answered::see(&address(Which::named(typed.draft.one("vue")), page, done)))
        })
        .await
}

/// Whether one of the two structures that were typed went since the page was opened: deleted, or taken back.
fn is_gone(porch: &Porch, typed: &Typed) -> Result<bool, Failure> {
    for field in ["one", "other"] {
        let iri = structure(typed, field)?;
        match shelf::find(porch, &typed.visit, &iri) {
            Ok(shown) if is_out(&shown) => {}
            Ok(_) | Err(Failure::Absent) => return Ok(true),
            Err(failure) => return Err(failure),
        }
    }
    Ok(false)
}

fn gone(porch: &Porch, visit: &Visit) -> Result<Answered, Failure> {
    let view = Notice::of(porch, "pair-gone", PATH, "pair-gone-go");
    Ok(Leaf::new("notice", &view.title.clone()).page(porch, visit, &view)?.status(StatusCode::GONE))
}

/// The structure that a field names.
fn structure(typed: &Typed, field: &str) -> Result<RecordIri, Failure> {
    let iri = RecordIri::read(typed.draft.one(field)).filter(|iri| iri.kind() == Some(Kind::Structure));
    iri.ok_or(Failure::Absent)
}

fn is_out(shown: &Shown) -> bool {
    shown.moderation.is_none_or(|moderation| moderation == Moderation::Published)
}

/// The pair that was typed: two structures that this visitor sees, the first one of ours and published.
fn pair(porch: &Porch, typed: &Typed) -> Result<(Shown, Shown), Failure> {
    let find = |field: &str| shelf::find(porch, &typed.visit, &structure(typed, field)?);
    let (one, other) = (find("one")?, find("other")?);
    let (own, other) = if one.is_own { (one, other) } else { (other, one) };
    let is_pair = own.is_own && own.record.iri != other.record.iri && is_out(&own) && is_out(&other);
    is_pair.then_some((own, other)).ok_or(Failure::Absent)
}

/// For whom both are. What a record is for is not told by the sheet that this reader sees of it: affiliates may have one of their own.
fn for_both(porch: &Porch, visit: &Visit, both: [&Shown; 2]) -> Audience {
    let visitor = Visit { viewer: None, ..visit.clone() };
    let is_open = |shown: &Shown| shelf::find(porch, &visitor, &shown.record.iri).is_ok();
    let [one, other] = both.map(|shown| if is_open(shown) { Audience::Public } else { shown.record.audience });
    one.min(other)
}

/// Says that the two are one: an accord of ours about the other, for those who may see both.
///
/// It calls the two by the names of their networks. By their own, an accord that stays while one of them is narrowed or deleted would tell what
/// it was called.
fn link(porch: &Porch, typed: &Typed) -> Result<&'static str, Failure> {
    let (own, other) = pair(porch, typed)?;
    let names = in_order(own.record.iri.to_string(), other.record.iri.to_string());
    let said = all_said(porch, &typed.visit)?;
    if !said.iter().any(|said| said.is_own && said.pair() == names) {
        let audience = for_both(porch, &typed.visit, [&own, &other]);
        let fields = [
            ("about", other.record.iri.to_string()),
            ("about-label", other.network),
            ("by", own.record.iri.to_string()),
            ("by-label", own.network),
            ("answer", Answer::IsTheSame.notation().to_owned()),
            ("audience", audience.as_str().to_owned()),
        ];
        let draft: Draft = fields.into_iter().map(|(field, value)| (field.to_owned(), value)).collect();
        let (iri, now) = (RecordIri::mint(&porch.site.origin, Kind::Accord), typed.visit.now);
        let accord = Record::raise(Kind::Accord, (iri, now), &draft, now, porch.rules());
        let accord = accord.map_err(|problems| Failure::Inner(format!("no accord: {problems:?}")))?;
        let author = &typed.visit.viewer()?.account.id;
        porch.journal.save(accord, Moderation::Published, Some(author), now)?;
    }
    porch.store().write(|link| told_apart::remove(link, (&names.0, &names.1)))?;
    Ok("lie")
}

/// Says that the two are two, and takes back what we said otherwise.
fn tell_apart(porch: &Porch, typed: &Typed) -> Result<&'static str, Failure> {
    let (own, other) = pair(porch, typed)?;
    let names = in_order(own.record.iri.to_string(), other.record.iri.to_string());
    for said in all_said(porch, &typed.visit)?.iter().filter(|said| said.is_own && said.pair() == names) {
        porch.journal.delete(&said.accord, None, typed.visit.now)?;
    }
    let (account, since) = (&typed.visit.viewer()?.account.id, typed.visit.now.unix_timestamp());
    porch.store().write(|link| told_apart::put(link, (&names.0, &names.1), account, since))?;
    Ok("distingue")
}

/// Takes an accord of ours back. What another network says is its own to take back.
fn unlink(porch: &Porch, typed: &Typed) -> Result<&'static str, Failure> {
    let is_ours = |iri: &RecordIri| iri.origin() == porch.site.origin && iri.kind() == Some(Kind::Accord);
    let accord = RecordIri::read(typed.draft.one("accord")).filter(is_ours).ok_or(Failure::Absent)?;
    let own = porch.store().read(|link| own_records::find(link, &accord.to_string()))?;
    // Somebody did it a moment ago: of an accord that never left this network no trace is kept.
    let Some(own) = own else { return Ok("delie") };
    let is_same = matches!(&own.record.body, Body::Accord(accord) if accord.answer == Answer::IsTheSame);
    if !is_same {
        return Err(Failure::Absent);
    }
    porch.journal.delete(&own.record.iri, None, typed.visit.now)?;
    Ok("delie")
}

fn propose_again(porch: &Porch, typed: &Typed) -> Result<&'static str, Failure> {
    let names = (structure(typed, "one")?.to_string(), structure(typed, "other")?.to_string());
    porch.store().write(|link| told_apart::remove(link, (&names.0, &names.1)))?;
    Ok("repropose")
}

#[cfg(test)]
mod tests {
    use super::Which;

    #[test]
    fn nothing_is_said_to_be_in_order_while_it_is_still_compared() {
        let known = |is_all| Which::ALL.map(|which| which.is_known(is_all));
        assert_eq!((known(false), known(true)), ([false, true, true], [true; 3]));
    }
}
