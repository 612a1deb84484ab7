//! A pair of a demand and a structure: does the one concern the other?

use super::row::Row;
use super::{Cells, Fault, Judged, Question};
use crate::audience::Reader;
use crate::call::Call;
use crate::concern::{self, Declared, Listener, Reason, Wanted};
use crate::exchange::{Direction, Exchange, State};
use crate::place::{Area, Place};
use crate::structure::{Site, Structure};
use crate::{Audience, Body, Code, Kind, List, Record, RecordIri, Reference, Rules, draft};
use std::collections::BTreeMap;
use time::macros::time;
use time::{Date, UtcDateTime};

/// The columns of a demand that tell its topics, and of a structure.
const TOPICS: [[&str; 2]; 3] = [
    ["demand-skills", "structure-skills"],
    ["demand-sectors", "structure-sectors"],
    ["demand-themes", "structure-themes"],
];
const LISTS: [List; 3] = [List::Skill, List::Sector, List::Theme];

/// Judges whether the demand of a row concerns its structure; `today` where the row names no day.
///
/// # Errors
/// The first cell that cannot be read.
pub fn concern_pair(cells: &Cells, rules: &Rules, today: Date) -> Result<Judged, Fault> {
    let row = Row(cells);
    let pair = Pair::read(row, rules, today)?;
    Judged::new(Question::Concern, &row, pair.judge(rules))
}

/// What a row says.
#[derive(Debug)]
struct Pair {
    demand: Record,
    structure: Record,
    listener: Listener,
    now: UtcDateTime,
}

impl Pair {
    fn read(row: Row<'_>, rules: &Rules, today: Date) -> Result<Self, Fault> {
        let now = UtcDateTime::new(row.date("now")?.unwrap_or(today), time!(12:00));
        let (demand, structure) = (demand(row, rules, now)?, structure(row, rules, now)?);
        let reader = match row.choice("structure-network", &["affiliate", "home", "elsewhere"])? {
            Some("home") => Reader::Member,
            Some("elsewhere") => Reader::Anyone,
            _ => Reader::MemberElsewhere,
        };
        let maker = row.one("demand-structure");
        let edits_its_structure = !maker.is_empty() && maker == row.one("structure-id");
        Ok(Self { demand, structure, listener: Listener { reader, is_author: false, edits_its_structure }, now })
    }

    /// Whether the demand concerns the structure, and by what; or the first thing for which it does not.
    fn judge(&self, rules: &Rules) -> (bool, String) {
        let no = |why: &str| (false, why.to_owned());
        let Some(wanted) = Wanted::of(&self.demand, rules) else {
            return no("the demand sets no skill, sector or theme");
        };
        let declared = Declared::of(&self.structure, rules.gazetteer).unwrap_or_default();
        let Some(reason) = wanted.concerns(&declared, &rules.thesaurus) else {
            return (false, self.unmet(declared, rules));
        };
        if concern::may_tell(&self.demand, &self.listener, self.now) {
            return (true, told(&reason));
        }
        let is_open = concern::may_tell(
            &self.demand,
            &Listener { reader: Reader::Insider, edits_its_structure: false, ..self.listener },
            self.now,
        );
        let may_read = self.listener.reader.sees(self.demand.audience);
        match (is_open, may_read) {
            (false, _) => no("it is not open, or expired"),
            (true, false) => no("its people may not read it"),
            (true, true) => no("it is its own"),
        }
    }

    /// What was not met: a list, or the place.
    fn unmet(&self, declared: Declared, rules: &Rules) -> String {
        let body = &self.demand.body;
        let lists = LISTS.into_iter().zip([body.skills(), body.sectors(), self.demand.themes.as_slice()]);
        let has_met = |wanted: &[Code]| {
            wanted.iter().any(|one| declared.topics.iter().any(|other| rules.thesaurus.meet(one, other)))
        };
        let unmet = lists.into_iter().find(|(_, wanted)| !wanted.is_empty() && !has_met(wanted));
        match unmet {
            Some((list, _)) => format!("no {} meets", list.name()),
            None => format!("no commune is shared, and it is out of reach{}", self.distance(&declared)),
        }
    }

    fn distance(&self, declared: &Declared) -> String {
        let point = self.demand.body.places().first().and_then(|place| place.point);
        let nearest =
            point.and_then(|point| declared.points.iter().map(|site| point.distance_km(site)).min_by(f64::total_cmp));
        nearest.map_or_else(String::new, |km| format!(", {km:.1} km away"))
    }
}

/// A reason in a line.
fn told(reason: &Reason) -> String {
    let meetings =
        reason.meetings.iter().map(|one| format!("{} meets {}", one.wanted.notation(), one.declared.notation()));
    let area = reason.area.iter().map(Area::to_form);
    let distance = reason.distance_km.map(|km| format!("{km:.1} km"));
    meetings.chain(area).chain(distance).collect::<Vec<_>>().join(", ")
}

fn record(kind: Kind, now: UtcDateTime, body: Body) -> Record {
    Record {
        iri: RecordIri::mint("https://judged.invalid", kind),
        created: now,
        published: Some(now),
        modified: now,
        audience: Audience::Public,
        narrowed: BTreeMap::new(),
        expires: None,
        themes: Vec::new(),
        tags: Vec::new(),
        body,
    }
}

fn demand(row: Row<'_>, rules: &Rules, now: UtcDateTime) -> Result<Record, Fault> {
    let [skills, sectors, themes] = topics(row, 0, rules)?;
    let areas = areas(row, "demand-areas", rules)?;
    let deadline = row.date("demand-expires")?;
    let is_call = row.choice("demand-kind", &["exchange", "call"])? == Some("call");
    let (kind, body) = match is_call {
        true => (Kind::Call, Body::Call(call(skills, sectors, areas, deadline))),
        false => (Kind::Exchange, Body::Exchange(exchange(row, rules, [skills, sectors], areas)?)),
    };
    let audience = row.choice("demand-audience", &Audience::ALL.map(Audience::as_str))?;
    Ok(Record {
        audience: audience.and_then(Audience::named).unwrap_or(Audience::Public),
        expires: deadline.and_then(draft::end_of_day),
        themes,
        ..record(kind, now, body)
    })
}

fn exchange(
    row: Row<'_>,
    rules: &Rules,
    [skills, sectors]: [Vec<Code>; 2],
    areas: Vec<Area>,
) -> Result<Exchange, Fault> {
    let place = places(row, "demand-place", rules)?;
    let state = row.choice("demand-state", &State::ALL.map(State::notation))?;
    let direction = row.choice("demand-direction", &["demand", "offer"])?;
    Ok(Exchange {
        direction: direction.and_then(Direction::named).unwrap_or(Direction::Demand),
        kind_of_thing: Code::new(List::ExchangeType, "service"),
        methods: Vec::new(),
        title: String::new(),
        description: None,
        skills,
        sectors,
        place: place.into_iter().next(),
        areas,
        radius_km: Some(row.kilometres("demand-radius")?),
        structure: None,
        author: None,
        state: state.and_then(State::named).unwrap_or_default(),
        purchase: None,
        picture: None,
    })
}

fn call(skills: Vec<Code>, sectors: Vec<Code>, areas: Vec<Area>, deadline: Option<Date>) -> Call {
    Call {
        call_type: Code::new(List::CallType, "call-for-partners"),
        title: String::new(),
        description: None,
        bearer: Reference::named(""),
        sectors,
        skills,
        areas,
        lots: Vec::new(),
        clauses: None,
        deadline,
        notice: None,
        team: None,
    }
}

fn structure(row: Row<'_>, rules: &Rules, now: UtcDateTime) -> Result<Record, Fault> {
    let [skills, sectors, themes] = topics(row, 1, rules)?;
    let places = places(row, "structure-places", rules)?;
    let body = Structure {
        skills,
        sectors,
        sites: places.into_iter().map(|place| Site { place: Some(place), ..Site::default() }).collect(),
        areas: areas(row, "structure-areas", rules)?,
        radius_km: Some(row.kilometres("structure-radius")?),
        ..Structure::default()
    };
    Ok(Record { themes, ..record(Kind::Structure, now, Body::Structure(Box::new(body))) })
}

fn topics(row: Row<'_>, side: usize, rules: &Rules) -> Result<[Vec<Code>; 3], Fault> {
    let [skills, sectors, themes] = TOPICS.map(|columns| columns[side]);
    let [skill, sector, theme] = LISTS;
    Ok([
        row.concepts(skills, skill, rules)?,
        row.concepts(sectors, sector, rules)?,
        row.concepts(themes, theme, rules)?,
    ])
}

fn areas(row: Row<'_>, column: &str, rules: &Rules) -> Result<Vec<Area>, Fault> {
    let read = |typed: &str| {
        Area::read("areas", typed, rules.gazetteer).map_err(|problem| row.of_form(column, typed, &problem))
    };
    row.all(column).map(read).collect()
}

fn places(row: Row<'_>, column: &str, rules: &Rules) -> Result<Vec<Place>, Fault> {
    let read = |typed: &str| {
        Place::find("place", typed, rules.gazetteer).map_err(|problem| row.of_form(column, typed, &problem))
    };
    row.all(column).map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Why;
    use crate::judging::What;
    use crate::thesaurus::tests::small;
    use time::macros::date;

    fn pair(cells: &[(&str, &str)]) -> Result<Judged, Fault> {
        let least = [("id", "c1"), ("expected", "yes"), ("demand-skills", "law"), ("structure-skills", "Droit")];
        let cells = least.iter().chain(cells).map(|(column, cell)| ((*column).to_owned(), (*cell).to_owned()));
        concern_pair(&cells.collect(), &Rules::new(small()), date!(2026 - 12 - 01))
    }

    fn said(cells: &[(&str, &str)]) -> (bool, String) {
        let judged = pair(cells).unwrap();
        (judged.said, judged.because)
    }

    #[test]
    fn a_row_is_judged_by_the_rule() {
        let judged = pair(&[("why", "the same"), ("expected", "no")]).unwrap();
        assert_eq!(
            (judged.id.as_str(), judged.expected, judged.said, judged.why.as_str()),
            ("c1", false, true, "the same")
        );
        assert_eq!(judged.because, "law meets law");
        let near = said(&[("demand-place", "Nice"), ("demand-radius", "30"), ("structure-places", "Cannes (06)|Gap")]);
        assert!(near.0 && near.1.starts_with("law meets law, department:06, 2"), "{near:?}");
        assert!(said(&[("demand-areas", "region:93"), ("structure-areas", "Marseille|department:05")]).0);
    }

    #[test]
    fn the_first_thing_that_fails_is_told() {
        for (cells, why) in [
            (&[("demand-skills", "")][..], "the demand sets no skill, sector or theme"),
            (&[("demand-themes", "short-circuit")], "no theme meets"),
            (&[("structure-skills", "carpentry")], "no skill meets"),
            (&[("demand-place", "Nice"), ("structure-places", "")], "no commune is shared, and it is out of reach"),
            (&[("demand-state", "met")], "it is not open, or expired"),
            (&[("demand-expires", "2026-11-30")], "it is not open, or expired"),
            (&[("demand-audience", "network")], "its people may not read it"),
            (&[("demand-structure", "x"), ("structure-id", "x")], "it is its own"),
        ] {
            assert_eq!(said(cells), (false, why.to_owned()), "{cells:?}");
        }
        let far = said(&[("demand-place", "Nice"), ("structure-places", "Marseille"), ("structure-radius", "100")]);
        assert!(!far.0 && far.1.contains(", 15") && far.1.ends_with(" km away"), "{far:?}");
    }

    #[test]
    fn the_day_the_network_and_the_kind_count() {
        assert!(said(&[("demand-expires", "2026-12-01")]).0, "open through its last day");
        assert!(!said(&[("demand-expires", "2026-12-01"), ("now", "2026-12-02")]).0);
        assert!(said(&[("demand-audience", "network"), ("structure-network", "home")]).0);
        assert!(said(&[("demand-audience", "affiliates")]).0);
        assert!(!said(&[("demand-audience", "affiliates"), ("structure-network", "elsewhere")]).0);
        assert!(said(&[("demand-direction", "offer")]).0);
        let call = [("demand-kind", "call"), ("demand-place", "Nice"), ("demand-radius", "9"), ("demand-state", "met")];
        assert!(said(&call).0, "a call has neither place nor state");
    }

    #[test]
    fn what_cannot_be_read_is_told() {
        for (column, value, what) in [
            ("demand-place", "Atlantis", What::Form(Why::NotACommune)),
            ("structure-places", "Saint-Denis", What::Form(Why::SeveralCommunes)),
            ("demand-areas", "department:999", What::Form(Why::NotInList)),
            ("demand-expires", "demain", What::Form(Why::NotADate)),
            ("structure-radius", "-1", What::Form(Why::NotANumber)),
            ("structure-themes", "zzz", What::NoConcept(List::Theme)),
            ("demand-state", "closed", What::NoneOf(vec!["open", "answered", "met"])),
            ("expected", "same", What::NoneOf(vec!["yes", "no"])),
            ("id", "", What::Missing),
            ("expected", "", What::Missing),
        ] {
            let fault = pair(&[(column, value)]).unwrap_err();
            assert_eq!((fault.column.as_str(), fault.value.as_str(), fault.what), (column, value, what));
        }
    }
}
