//! Where those are who declared something, in few bytes each: of many who know the same, most are far away, and are passed by without a look
//! at what they declared.
//!
//! It decides nothing. Who may be near is asked by [`Wanted::concerns`](crate::concern::Wanted::concerns); who is passed by here would be told
//! by it that they are too far away. In doubt somebody may be near.

use crate::concern::Declared;
use crate::place::{Area, Point};
use std::collections::{HashMap, HashSet};

/// What single precision may be wrong by, and more than that, in kilometres.
const DOUBT_KM: f64 = 0.1;

/// Somebody's place: their only point and their only territory. Who has several of either is always asked.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Whereabouts {
    direction: Option<Direction>,
    radius_km: f32,
    area: Option<u32>,
    has_several: bool,
}

/// The territories that were declared, numbered.
#[derive(Debug, Default)]
pub(crate) struct Numbers(HashMap<Area, u32>);

/// Where a record looks.
#[derive(Debug)]
pub(crate) struct Surroundings {
    direction: Option<Direction>,
    radius_km: f64,
    /// By number, whether a territory shares a commune with the record's.
    touched: Vec<bool>,
}

/// A vector of length 1 from the Earth's centre.
type Direction = [f32; 3];

impl Whereabouts {
    pub(crate) fn of(declared: &Declared, numbers: &mut Numbers) -> Self {
        Self {
            direction: declared.points.first().map(direction),
            radius_km: rounded(declared.radius_km),
            area: declared.areas.first().map(|area| numbers.number(area)),
            has_several: declared.points.len() > 1 || declared.areas.len() > 1,
        }
    }
}

impl Numbers {
    fn number(&mut self, area: &Area) -> u32 {
        let next = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
        *self.0.entry(area.clone()).or_insert(next)
    }
}

impl Surroundings {
    pub(crate) fn new(point: Option<&Point>, radius_km: f64, touched: &HashSet<Area>, numbers: &Numbers) -> Self {
        let mut known = vec![false; numbers.0.len()];
        for number in touched.iter().filter_map(|area| numbers.0.get(area)) {
            known[*number as usize] = true;
        }
        Self { direction: point.map(direction), radius_km, touched: known }
    }

    /// Whether somebody may be near, or act where the record looks.
    pub(crate) fn may_hold(&self, one: &Whereabouts) -> bool {
        let is_touched = |area: u32| self.touched.get(area as usize).is_none_or(|is_touched| *is_touched);
        one.has_several || one.area.is_some_and(is_touched) || self.is_near(one)
    }

    fn is_near(&self, one: &Whereabouts) -> bool {
        let (Some(here), Some(there)) = (self.direction, one.direction) else { return false };
        let square: f32 = here.iter().zip(there).map(|(here, there)| (here - there) * (here - there)).sum();
        // The straight line is shorter than the way along the surface.
        f64::from(square.sqrt()) * Point::EARTH <= self.radius_km + f64::from(one.radius_km) + DOUBT_KM
    }
}

fn direction(point: &Point) -> Direction {
    let (north, east) = (point.latitude.to_radians(), point.longitude.to_radians());
    [north.cos() * east.cos(), north.cos() * east.sin(), north.sin()].map(rounded)
}

#[expect(clippy::cast_possible_truncation, reason = "what is lost is less than the doubt")]
fn rounded(number: f64) -> f32 {
    number as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::place::AreaKind;

    fn declared(points: &[(f64, f64)], departments: &[&str], radius_km: f64) -> Declared {
        Declared {
            points: points.iter().map(|(north, east)| Point::new(*north, *east).unwrap()).collect(),
            areas: departments.iter().map(|code| Area::new(AreaKind::Department, *code)).collect(),
            radius_km,
            ..Declared::default()
        }
    }

    fn may_hold(point: Option<(f64, f64)>, radius_km: f64, departments: &[&str], one: &Declared) -> bool {
        let mut numbers = Numbers::default();
        let one = Whereabouts::of(one, &mut numbers);
        let touched = departments.iter().map(|code| Area::new(AreaKind::Department, *code)).collect();
        let point = point.map(|(north, east)| Point::new(north, east).unwrap());
        Surroundings::new(point.as_ref(), radius_km, &touched, &numbers).may_hold(&one)
    }

    const NICE: (f64, f64) = (43.7, 7.27);
    const CANNES: (f64, f64) = (43.55, 7.01);
    const LILLE: (f64, f64) = (50.63, 3.06);

    #[test]
    fn who_is_far_and_acts_elsewhere_is_passed_by() {
        assert!(!may_hold(Some(NICE), 10.0, &["06"], &declared(&[LILLE], &["59"], 10.0)));
        assert!(!may_hold(Some(NICE), 10.0, &["06"], &declared(&[LILLE], &[], 10.0)));
        assert!(!may_hold(Some(NICE), 10.0, &["06"], &declared(&[], &["59"], 10.0)));
        assert!(!may_hold(None, 10.0, &["06"], &declared(&[NICE], &["59"], 10.0)), "from where?");
        assert!(may_hold(Some(NICE), 10.0, &["06"], &declared(&[LILLE], &["06"], 0.0)));
        assert!(may_hold(Some(NICE), 10.0, &[], &declared(&[CANNES], &["59"], 20.0)));
        assert!(!may_hold(Some(NICE), 10.0, &[], &declared(&[CANNES], &["59"], 10.0)));
    }

    #[test]
    fn who_has_several_places_is_asked() {
        assert!(may_hold(Some(NICE), 0.0, &["06"], &declared(&[LILLE, NICE], &["59"], 0.0)));
        assert!(may_hold(Some(NICE), 0.0, &["06"], &declared(&[LILLE], &["59", "06"], 0.0)));
    }

    #[test]
    fn at_the_very_edge_nobody_is_passed_by() {
        let nice = Point::new(NICE.0, NICE.1).unwrap();
        for (north, east) in [CANNES, LILLE, (-13.3, -176.2), (-43.7, -172.73), (43.7, 7.2701), NICE] {
            let far = nice.distance_km(&Point::new(north, east).unwrap());
            for radius in [0.0, far / 3.0, far] {
                let one = declared(&[(north, east)], &[], far - radius);
                assert!(may_hold(Some(NICE), radius, &[], &one), "{far} km, {radius} of it ours");
            }
        }
    }
}
