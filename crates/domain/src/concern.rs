//! Decides whom a demand concerns, and why.
//!
//! A demand, an offer or a call concerns a structure or a person when topic, place and state all fit, and they
//! are not its author. Of the lists the record sets among skills, sectors and themes, each must meet one of
//! theirs; two concepts meet when they are the same or one is above the other, never as siblings. A record that
//! sets none of the three concerns nobody.

use crate::audience::Reader;
use crate::exchange::State;
use crate::place::{Area, AreaKind, Point};
use crate::whereabouts::{Numbers, Surroundings};
use crate::{Body, Code, Gazetteer, Record, Rules, Thesaurus};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use time::{Duration, UtcDateTime};

/// How long a record is news to those who did not know it.
pub const NEWS: Duration = Duration::days(7);

/// What a record looks for, and where; made ready once to be held against many declarations.
#[derive(Debug)]
pub struct Wanted {
    /// The lists the record sets; none of them is empty.
    topics: Vec<Vec<Code>>,
    point: Option<Point>,
    radius_km: f64,
    /// All territories that share a commune with the record's; `None` where it has no place.
    touched: Option<HashSet<Area>>,
}

/// What a structure or a person has declared.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Declared {
    /// Skills, sectors and themes.
    pub topics: Vec<Code>,
    /// Where their sites are.
    pub points: Vec<Point>,
    /// Where they act; the department of the main site where they declared nothing.
    pub areas: Vec<Area>,
    /// How far around their sites they act, in kilometres.
    pub radius_km: f64,
}

/// Why somebody is concerned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    /// For each list the record sets, the first meeting of its concepts with theirs.
    pub meetings: Vec<Meeting>,
    /// Their territory that shares a commune with the record's.
    pub area: Option<Area>,
    /// How far the nearest of their sites is, in kilometres, where both points are known.
    pub distance_km: Option<f64>,
}

/// A concept of the record that met one of theirs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meeting {
    /// What the record looks for.
    pub wanted: Code,
    /// What they declared.
    pub declared: Code,
}

/// Somebody who may be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listener {
    /// How far they see.
    pub reader: Reader,
    /// Whether they wrote the record.
    pub is_author: bool,
    /// Whether they may edit the structure that the record comes from.
    pub edits_its_structure: bool,
}

impl Wanted {
    /// What a record looks for. `None` for a kind that looks for nobody, and where no list is set.
    pub fn of(record: &Record, rules: &Rules) -> Option<Self> {
        let body = &record.body;
        if !matches!(body, Body::Exchange(_) | Body::Call(_)) {
            return None;
        }
        let lists = [body.skills(), body.sectors(), &record.themes];
        let topics: Vec<Vec<Code>> = lists.into_iter().filter(|list| !list.is_empty()).map(<[Code]>::to_vec).collect();
        if topics.is_empty() {
            return None;
        }
        let territories = body.territories();
        Some(Self {
            topics,
            point: body.places().first().and_then(|place| place.point),
            radius_km: body.radius_km().map_or(0.0, f64::from),
            touched: (!territories.is_empty()).then(|| rules.gazetteer.touched_by(&territories)),
        })
    }

    /// The lists the record sets; none of them is empty.
    pub(crate) fn topics(&self) -> &[Vec<Code>] {
        &self.topics
    }

    /// Where it looks; `None` where that is everywhere.
    pub(crate) fn surroundings(&self, numbers: &Numbers) -> Option<Surroundings> {
        let touched = self.touched.as_ref()?;
        Some(Surroundings::new(self.point.as_ref(), self.radius_km, touched, numbers))
    }

    /// Whether somebody who declared this is concerned, and why.
    pub fn concerns(&self, declared: &Declared, thesaurus: &Thesaurus) -> Option<Reason> {
        // The place first: of many who know the same, it is told more quickly who is far away.
        let distance_km = self.distance_km(declared);
        let area = match &self.touched {
            None => None,
            Some(touched) => {
                let area = declared.areas.iter().find(|area| touched.contains(area));
                let is_near = distance_km.is_some_and(|distance| distance <= self.radius_km + declared.radius_km);
                if area.is_none() && !is_near {
                    return None;
                }
                area.cloned()
            }
        };
        let meeting = |list: &Vec<Code>| meeting(list, &declared.topics, thesaurus);
        let meetings = self.topics.iter().map(meeting).collect::<Option<_>>()?;
        Some(Reason { meetings, area, distance_km })
    }

    fn distance_km(&self, declared: &Declared) -> Option<f64> {
        let point = self.point?;
        declared.points.iter().map(|site| point.distance_km(site)).min_by(f64::total_cmp)
    }
}

impl Declared {
    /// What a structure or a person declared; `None` for records of other kinds.
    pub fn of(record: &Record, gazetteer: &Gazetteer) -> Option<Self> {
        matches!(record.body, Body::Structure(_) | Body::Person(_)).then(|| Self::by(record, gazetteer))
    }

    /// What an exchange declares that is held against one of the other direction; `None` for records of other kinds.
    pub fn of_proposal(record: &Record, gazetteer: &Gazetteer) -> Option<Self> {
        matches!(record.body, Body::Exchange(_)).then(|| Self::by(record, gazetteer))
    }

    fn by(record: &Record, gazetteer: &Gazetteer) -> Self {
        let body = &record.body;
        let (places, areas) = (body.places(), body.areas());
        let main = places.first().and_then(|place| gazetteer.commune(&place.commune));
        let department = main.map(|commune| Area::new(AreaKind::Department, &commune.department));
        Self {
            topics: body.skills().iter().chain(body.sectors()).chain(&record.themes).cloned().collect(),
            points: places.into_iter().filter_map(|place| place.point).collect(),
            areas: if areas.is_empty() { department.into_iter().collect() } else { areas.to_vec() },
            radius_km: body.radius_km().map_or(0.0, f64::from),
        }
    }
}

/// Whether the record is there to be answered, and this listener is one to be told of it.
pub fn may_tell(record: &Record, listener: &Listener, now: UtcDateTime) -> bool {
    let is_open = match &record.body {
        Body::Exchange(one) => one.state == State::Open,
        _ => true,
    };
    let is_own = listener.is_author || listener.edits_its_structure;
    is_open && !record.is_expired(now) && listener.reader.sees(record.audience) && !is_own
}

/// Whether a record is recent enough to tell anybody of. One that arrives here for the first time is judged by
/// its first publication, so that joining, a rebuild or a long absence tells nobody of what is old; a new version of
/// one already known is judged by that version's own time.
pub fn is_news(record: &Record, was_known: bool, now: UtcDateTime) -> bool {
    let since = if was_known { Some(record.modified) } else { record.published };
    since.is_some_and(|since| now - since <= NEWS)
}

/// The first concept of a list that was declared, or else the first that meets one that was: the plainest reason.
fn meeting(list: &[Code], declared: &[Code], thesaurus: &Thesaurus) -> Option<Meeting> {
    let same = list.iter().find(|wanted| declared.contains(wanted));
    if let Some(same) = same {
        return Some(Meeting { wanted: same.clone(), declared: same.clone() });
    }
    list.iter().find_map(|wanted| {
        let declared = declared.iter().find(|one| thesaurus.meet(wanted, one))?;
        Some(Meeting { wanted: wanted.clone(), declared: declared.clone() })
    })
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::exchange::{Direction, Exchange};
    use crate::place::Place;
    use crate::structure::{Site, Structure};
    use crate::thesaurus::tests::small;
    use crate::{Audience, Kind, List, RecordIri};
    use std::collections::BTreeMap;
    use time::macros::utc_datetime;

    const NOW: UtcDateTime = utc_datetime!(2026-11-23 12:00);

    fn rules() -> Rules {
        Rules::new(small())
    }

    fn code(list: List, notation: &str) -> Code {
        Code::new(list, notation)
    }

    fn skills(notations: &[&str]) -> Vec<Code> {
        notations.iter().map(|notation| code(List::Skill, notation)).collect()
    }

    fn place(commune: &str) -> Option<Place> {
        Gazetteer::embedded().commune(commune).map(Place::of)
    }

    fn record(kind: Kind, body: Body) -> Record {
        Record {
            iri: RecordIri::mint("https://pes.example.org", kind),
            created: NOW,
            published: Some(NOW),
            modified: NOW,
            audience: Audience::Public,
            narrowed: BTreeMap::new(),
            expires: None,
            themes: vec![],
            tags: vec![],
            body,
        }
    }

    pub(crate) fn demand(wanted: &[&str], commune: Option<&str>, radius_km: u16) -> Record {
        let body = Exchange {
            direction: Direction::Demand,
            kind_of_thing: code(List::ExchangeType, "skill"),
            methods: vec![],
            title: "Cherche".into(),
            description: None,
            skills: skills(wanted),
            sectors: vec![],
            place: commune.and_then(place),
            areas: vec![],
            radius_km: Some(radius_km),
            structure: None,
            author: Some("Marie".into()),
            state: State::Open,
            purchase: None,
            picture: None,
        };
        record(Kind::Exchange, Body::Exchange(body))
    }

    fn structure(known: &[&str], commune: Option<&str>, radius_km: u16) -> Record {
        let sites = commune.map(|commune| Site { place: place(commune), ..Site::default() }).into_iter().collect();
        let body = Structure { skills: skills(known), sites, radius_km: Some(radius_km), ..Structure::default() };
        record(Kind::Structure, Body::Structure(Box::new(body)))
    }

    fn reason(demand: &Record, structure: &Record) -> Option<Reason> {
        let rules = rules();
        let declared = Declared::of(structure, rules.gazetteer)?;
        Wanted::of(demand, &rules)?.concerns(&declared, &rules.thesaurus)
    }

    fn exchange(demand: &mut Record) -> &mut Exchange {
        let Body::Exchange(one) = &mut demand.body else { panic!("no exchange") };
        one
    }

    const NICE: Option<&str> = Some("06088");
    const CANNES: Option<&str> = Some("06029");
    const MARSEILLE: Option<&str> = Some("13055");

    #[test]
    fn topics_meet_up_and_down_never_sideways() {
        let met =
            |wanted: &[&str], known: &[&str]| reason(&demand(wanted, None, 0), &structure(known, None, 0)).is_some();
        assert!(met(&["carpentry"], &["carpentry"]));
        assert!(met(&["building"], &["carpentry"]));
        assert!(met(&["thatching"], &["building"]));
        assert!(!met(&["carpentry"], &["roofing"]));
        assert!(!met(&["carpentry"], &["law"]));
        assert!(!met(&["carpentry"], &[]));
        assert!(met(&["law", "carpentry"], &["carpentry"]), "one of a list is enough");
    }

    #[test]
    fn every_list_the_record_sets_must_meet() {
        let mut both = demand(&["carpentry"], None, 0);
        both.themes = vec![code(List::Theme, "short-circuit")];
        let mut skilled = structure(&["carpentry"], None, 0);
        assert_eq!(reason(&both, &skilled), None);
        skilled.themes = vec![code(List::Theme, "short-circuit")];
        let told = reason(&both, &skilled).unwrap();
        assert_eq!(told.meetings.len(), 2);
        exchange(&mut both).sectors = vec![code(List::Sector, "building")];
        assert_eq!(reason(&both, &skilled), None, "a sector is not met by a skill of the same name");
    }

    #[test]
    fn a_record_that_sets_no_list_concerns_nobody() {
        assert!(Wanted::of(&demand(&[], NICE, 10), &rules()).is_none());
        assert!(Wanted::of(&structure(&["law"], NICE, 10), &rules()).is_none());
        assert!(Declared::of(&demand(&["law"], NICE, 10), Gazetteer::embedded()).is_none());
    }

    #[test]
    fn the_reason_names_what_met_and_how_far() {
        let told = reason(&demand(&["building"], NICE, 0), &structure(&["law", "carpentry"], CANNES, 0)).unwrap();
        assert_eq!(
            told.meetings,
            [Meeting { wanted: code(List::Skill, "building"), declared: code(List::Skill, "carpentry") }]
        );
        assert_eq!(told.area, Some(Area::new(AreaKind::Department, "06")));
        assert!((20.0..30.0).contains(&told.distance_km.unwrap()), "{:?}", told.distance_km);
    }

    #[test]
    fn a_demand_without_a_place_is_for_everywhere() {
        let told = reason(&demand(&["law"], None, 0), &structure(&["law"], MARSEILLE, 0)).unwrap();
        assert_eq!((told.area, told.distance_km), (None, None));
        assert!(reason(&demand(&["law"], None, 0), &structure(&["law"], None, 0)).is_some());
    }

    #[test]
    fn who_declares_no_area_has_the_department_of_their_main_site() {
        assert!(reason(&demand(&["law"], NICE, 0), &structure(&["law"], CANNES, 0)).is_some());
        assert!(reason(&demand(&["law"], NICE, 0), &structure(&["law"], MARSEILLE, 0)).is_none());
        assert!(reason(&demand(&["law"], NICE, 0), &structure(&["law"], None, 0)).is_none());
        let mut elsewhere = structure(&["law"], CANNES, 0);
        let Body::Structure(one) = &mut elsewhere.body else { panic!() };
        one.areas = vec![Area::new(AreaKind::Department, "13")];
        assert!(reason(&demand(&["law"], NICE, 0), &elsewhere).is_none(), "a declared area stands instead");
    }

    #[test]
    fn areas_that_share_a_commune_meet() {
        let mut wide = demand(&["law"], None, 0);
        exchange(&mut wide).areas = vec![Area::new(AreaKind::Region, "93")];
        assert!(reason(&wide, &structure(&["law"], MARSEILLE, 0)).is_some());
        exchange(&mut wide).areas = vec![Area::new(AreaKind::Region, "84")];
        assert!(reason(&wide, &structure(&["law"], MARSEILLE, 0)).is_none());
        exchange(&mut wide).areas.push(Area::new(AreaKind::Commune, "13055"));
        assert!(reason(&wide, &structure(&["law"], MARSEILLE, 0)).is_some());
    }

    #[test]
    fn the_two_radii_add_up() {
        let far = |demanded: u16, declared: u16| {
            reason(&demand(&["law"], NICE, demanded), &structure(&["law"], MARSEILLE, declared)).is_some()
        };
        assert!(far(100, 60));
        assert!(far(0, 160) && far(160, 0));
        assert!(!far(100, 50) && !far(0, 0));
    }

    #[test]
    fn the_nearest_site_counts() {
        let mut two = structure(&["law"], MARSEILLE, 0);
        let Body::Structure(one) = &mut two.body else { panic!() };
        one.sites.push(Site { place: place("06029"), ..Site::default() });
        let told = reason(&demand(&["law"], NICE, 40), &two).unwrap();
        assert!(told.distance_km.unwrap() < 40.0);
        assert_eq!(told.area, None, "the department is the main site's");
    }

    #[test]
    fn people_and_calls_follow_the_same_rule() {
        let person = crate::person::Person { skills: skills(&["law"]), place: place("06029"), ..Default::default() };
        let person = record(Kind::Person, Body::Person(person));
        assert!(reason(&demand(&["law"], NICE, 0), &person).is_some());
        let call = crate::call::Call {
            call_type: code(List::CallType, "call-for-partners"),
            title: "Appel".into(),
            description: None,
            bearer: crate::Reference::named("x"),
            sectors: vec![],
            skills: skills(&["law"]),
            areas: vec![Area::new(AreaKind::Department, "06")],
            lots: vec![],
            clauses: None,
            deadline: None,
            notice: None,
            team: None,
        };
        let call = record(Kind::Call, Body::Call(call));
        assert!(reason(&call, &person).is_some());
        assert!(reason(&call, &structure(&["law"], MARSEILLE, 0)).is_none());
        assert!(may_tell(&call, &anyone(), NOW));
    }

    fn anyone() -> Listener {
        Listener { reader: Reader::Anyone, is_author: false, edits_its_structure: false }
    }

    #[test]
    fn only_open_demands_tell_and_never_their_own() {
        let mut open = demand(&["law"], None, 0);
        assert!(may_tell(&open, &anyone(), NOW));
        assert!(!may_tell(&open, &Listener { is_author: true, ..anyone() }, NOW));
        assert!(!may_tell(&open, &Listener { edits_its_structure: true, ..anyone() }, NOW));
        open.expires = Some(NOW);
        assert!(!may_tell(&open, &anyone(), NOW));
        open.expires = Some(NOW + Duration::SECOND);
        assert!(may_tell(&open, &anyone(), NOW));
        for state in [State::Answered, State::Met] {
            exchange(&mut open).state = state;
            assert!(!may_tell(&open, &anyone(), NOW), "{state:?}");
        }
    }

    #[test]
    fn nobody_hears_of_what_they_may_not_read() {
        let mut closed = demand(&["law"], None, 0);
        closed.audience = Audience::Affiliates;
        assert!(!may_tell(&closed, &anyone(), NOW));
        assert!(may_tell(&closed, &Listener { reader: Reader::MemberElsewhere, ..anyone() }, NOW));
        assert!(may_tell(&closed, &Listener { reader: Reader::Member, ..anyone() }, NOW));
    }

    #[test]
    fn old_records_tell_nobody_by_arriving() {
        let mut old = demand(&["law"], None, 0);
        old.published = Some(NOW - NEWS);
        assert!(is_news(&old, false, NOW));
        old.published = Some(NOW - NEWS - Duration::SECOND);
        assert!(!is_news(&old, false, NOW));
        assert!(is_news(&old, true, NOW), "an edit of today is news to those who know the record");
        old.modified = NOW - NEWS - Duration::SECOND;
        assert!(!is_news(&old, true, NOW));
        old.published = None;
        assert!(!is_news(&old, false, NOW));
    }

    /// An offer and a demand suit each other by the rule that tells whom either concerns.
    #[test]
    fn the_other_direction_is_held_against_the_same_rule() {
        let offer = |notations: &[&str], commune: Option<&str>| {
            let mut offer = demand(notations, commune, 0);
            exchange(&mut offer).direction = Direction::Offer;
            offer
        };
        let (rules, demand) = (rules(), demand(&["roofing"], NICE, 0));
        let wanted = Wanted::of(&demand, &rules).unwrap();
        let suits = |offer: &Record| {
            let declared = Declared::of_proposal(offer, rules.gazetteer).unwrap();
            wanted.concerns(&declared, &rules.thesaurus).is_some()
        };
        assert!(suits(&offer(&["roofing"], NICE)));
        assert!(suits(&offer(&["building"], CANNES)), "in the same department, and above it");
        assert!(!suits(&offer(&["carpentry"], NICE)), "a sibling");
        assert!(!suits(&offer(&["roofing"], MARSEILLE)), "far away");
        assert!(!suits(&offer(&[], NICE)));
        let structure = structure(&["roofing"], NICE, 0);
        assert_eq!(Declared::of_proposal(&structure, rules.gazetteer), None, "a structure proposes nothing");
        assert!(
            Declared::of(&demand, rules.gazetteer).is_none(),
            "and nobody is told of a demand as if it were somebody"
        );
    }
}
