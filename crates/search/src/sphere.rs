//! Distances, for many points at once: a point as a direction from the Earth's centre, so that comparing two takes no sine.

use pes_domain::place::Point;

/// The Earth's mean radius in kilometres, as [`Point::distance_km`] has it.
const EARTH: f64 = 6_371.0;

/// A direction from the Earth's centre: a vector of length 1.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Direction([f64; 3]);

impl Direction {
    /// The direction of a point.
    pub(crate) fn of(point: Point) -> Self {
        let (north, east) = (point.latitude.to_radians(), point.longitude.to_radians());
        Self([north.cos() * east.cos(), north.cos() * east.sin(), north.sin()])
    }

    /// How far two directions lie apart, as the square of the straight line between them: greater means further.
    pub(crate) fn apart(&self, other: &Self) -> f64 {
        let squares = self.0.iter().zip(other.0).map(|(one, other)| (one - other).powi(2));
        squares.sum()
    }
}

/// Kilometres along the surface of what lies so far apart.
pub(crate) fn to_km(apart: f64) -> f64 {
    2.0 * EARTH * (apart.sqrt() / 2.0).min(1.0).asin()
}

/// Undoes [`to_km`], up to half the way around.
pub(crate) fn from_km(km: f64) -> f64 {
    (2.0 * (km / EARTH / 2.0).clamp(0.0, std::f64::consts::FRAC_PI_2).sin()).powi(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_those_of_the_domain() {
        let points =
            [(43.7034, 7.2663), (43.7035, 7.2664), (43.297, 5.3811), (-21.1, 55.5), (90.0, 0.0), (-43.7, -172.7)];
        let points = points.map(|(latitude, longitude)| Point { latitude, longitude });
        for (one, other) in points.iter().flat_map(|one| points.map(|other| (*one, other))) {
            let (km, apart) = (one.distance_km(&other), Direction::of(one).apart(&Direction::of(other)));
            assert!((to_km(apart) - km).abs() < 0.001, "{one:?} to {other:?}: {} is not {km}", to_km(apart));
            assert!((to_km(from_km(km)) - km).abs() < 0.001, "{km}");
        }
    }

    #[test]
    fn no_radius_is_greater_than_the_earth() {
        assert!(
            from_km(1e9)
                >= Direction::of(Point { latitude: 90.0, longitude: 0.0 })
                    .apart(&Direction::of(Point { latitude: -90.0, longitude: 0.0 }))
        );
        assert_eq!(from_km(-1.0), 0.0);
    }
}
