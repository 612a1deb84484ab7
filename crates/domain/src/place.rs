//! Where something is, and where it acts.

use crate::{Draft, Gazetteer, Problem, Why};
use serde::{Deserialize, Serialize};

/// A point on Earth, WGS84.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
}

impl Point {
    /// The Earth's mean radius, in kilometres.
    pub(crate) const EARTH: f64 = 6_371.0;

    /// A point, if it lies on Earth.
    pub fn new(latitude: f64, longitude: f64) -> Option<Self> {
        let on_earth = (-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude);
        on_earth.then_some(Self { latitude, longitude })
    }

    /// The distance along the Earth's surface, in kilometres (haversine).
    pub fn distance_km(&self, other: &Self) -> f64 {
        let (from, to) = (self.latitude.to_radians(), other.latitude.to_radians());
        let half = |difference: f64| (difference / 2.0).sin().powi(2);
        let across = half((other.longitude - self.longitude).to_radians());
        let chord = half(to - from) + from.cos() * to.cos() * across;
        2.0 * Self::EARTH * chord.sqrt().min(1.0).asin()
    }
}

/// A commune, and perhaps the very point.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// INSEE code of the commune.
    pub commune: String,
    /// Its name.
    pub name: String,
    /// Where, if it is known.
    pub point: Option<Point>,
    /// Whether the point was estimated from the commune's surroundings: it is shown so.
    pub estimated: bool,
}

impl Place {
    /// Whether the code has the form of a commune's: five digits, of which the second may be A or B (Corsica).
    pub fn has_code(&self) -> bool {
        let code = self.commune.as_bytes();
        let is_right = |(at, byte): (usize, &u8)| byte.is_ascii_digit() || (at == 1 && matches!(byte, b'A' | b'B'));
        code.len() == 5 && code.iter().enumerate().all(is_right)
    }

    /// Whether the name is one line of 1 to 100 characters.
    pub fn has_name(&self) -> bool {
        let name = &self.name;
        !name.trim().is_empty() && name.chars().count() <= 100 && !name.contains(char::is_control)
    }

    /// What a form shows and sends back.
    pub fn to_form(&self) -> String {
        format!("{} ({})", self.name, self.commune)
    }

    /// Finds the place somebody typed: a commune's name, a postcode, or both.
    ///
    /// # Errors
    /// [`Why::NotACommune`], [`Why::SeveralCommunes`].
    pub fn find(field: &'static str, typed: &str, gazetteer: &Gazetteer) -> Result<Self, Problem> {
        match gazetteer.find(typed).as_slice() {
            [] => Err(Problem::new(field, Why::NotACommune)),
            [commune] => Ok(Self::of(commune)),
            _ => Err(Problem::new(field, Why::SeveralCommunes)),
        }
    }

    /// The place that was typed, if any.
    ///
    /// # Errors
    /// As [`Place::find`].
    pub fn raise(draft: &Draft, field: &'static str, gazetteer: &Gazetteer) -> Result<Option<Self>, Problem> {
        draft.text(field).map(|typed| Self::find(field, &typed, gazetteer)).transpose()
    }

    /// The place of a whole commune.
    pub fn of(commune: &crate::gazetteer::Commune) -> Self {
        Self {
            commune: commune.code.clone(),
            name: commune.name.clone(),
            point: commune.point,
            estimated: commune.estimated,
        }
    }
}

/// A kind of territory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AreaKind {
    /// A commune, by INSEE code.
    Commune,
    /// An intercommunality, by SIREN.
    Epci,
    /// A department, by number.
    Department,
    /// A region, by number.
    Region,
}

impl AreaKind {
    /// All kinds, smallest first.
    pub const ALL: [Self; 4] = [Self::Commune, Self::Epci, Self::Department, Self::Region];

    /// Its name in forms and rows.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Commune => "commune",
            Self::Epci => "epci",
            Self::Department => "department",
            Self::Region => "region",
        }
    }

    /// Undoes [`AreaKind::as_str`].
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// A territory in which somebody acts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Area {
    /// What kind of territory.
    pub kind: AreaKind,
    /// Its code.
    pub code: String,
}

impl Area {
    /// A territory by its code.
    pub fn new(kind: AreaKind, code: impl Into<String>) -> Self {
        Self { kind, code: code.into() }
    }

    /// Reads what a form holds: `department:06`, or the name of a commune or an intercommunality as somebody typed it.
    ///
    /// # Errors
    /// [`Why::NotInList`] when the gazetteer knows no such territory, and what [`Place::find`] says of a commune.
    pub fn read(field: &'static str, typed: &str, gazetteer: &Gazetteer) -> Result<Self, Problem> {
        let Some(chosen) = typed.split_once(':') else {
            let commune = Place::find(field, typed, gazetteer).map(|place| Self::new(AreaKind::Commune, place.commune));
            return commune.or_else(|problem| gazetteer.find_epci(typed).cloned().ok_or(problem));
        };
        Some(chosen)
            .and_then(|(kind, code)| Some(Self::new(AreaKind::named(kind)?, code)))
            .filter(|area| gazetteer.area_name(area).is_some())
            .ok_or(Problem::new(field, Why::NotInList))
    }

    /// The territories that were chosen.
    ///
    /// # Errors
    /// As [`Area::read`].
    pub fn raise(draft: &Draft, field: &'static str, gazetteer: &Gazetteer) -> Result<Vec<Self>, Problem> {
        let chosen = draft.all(field).iter().map(|typed| typed.trim()).filter(|typed| !typed.is_empty());
        let mut areas: Vec<Self> = chosen.map(|typed| Self::read(field, typed, gazetteer)).collect::<Result<_, _>>()?;
        areas.sort();
        areas.dedup();
        Ok(areas)
    }

    /// What a form holds.
    pub fn to_form(&self) -> String {
        format!("{}:{}", self.kind.as_str(), self.code)
    }
}

/// How far around somebody acts, from 0 to 1 000 km.
pub(crate) fn raise_radius(draft: &Draft) -> Result<Option<u16>, Problem> {
    let radius = draft.number("radius", 0..=1_000)?;
    Ok(radius.and_then(|km| u16::try_from(km).ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_those_of_the_map() {
        let nice = Point::new(43.7034, 7.2663).unwrap();
        let marseille = Point::new(43.2970, 5.3811).unwrap();
        let distance = nice.distance_km(&marseille);
        assert!((158.0..160.0).contains(&distance), "{distance}");
        assert!((distance - marseille.distance_km(&nice)).abs() < 1e-9);
        assert_eq!(nice.distance_km(&nice), 0.0);
        let (pole, other_pole) = (Point::new(90.0, 0.0).unwrap(), Point::new(-90.0, 0.0).unwrap());
        assert!((pole.distance_km(&other_pole) - std::f64::consts::PI * Point::EARTH).abs() < 1e-6);
    }

    #[test]
    fn points_lie_on_earth() {
        assert!(Point::new(90.0, -180.0).is_some());
        for (latitude, longitude) in [(90.1, 0.0), (-90.1, 0.0), (0.0, 180.1), (0.0, -180.1), (f64::NAN, 0.0)] {
            assert_eq!(Point::new(latitude, longitude), None);
        }
    }

    #[test]
    fn area_kinds_lead_back() {
        for kind in AreaKind::ALL {
            assert_eq!(AreaKind::named(kind.as_str()), Some(kind));
        }
        assert_eq!(AreaKind::named("planet"), None);
        assert_eq!(Area::new(AreaKind::Department, "06").to_form(), "department:06");
    }
}
