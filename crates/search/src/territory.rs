//! By which words a territory is written into the index, and by which it is asked for.
//!
//! An entry is written under its territory and all larger ones it touches, and with a sign under its very own. Who asks for a
//! territory asks for what is written under it, and for what bears the sign of a larger one that it touches. So both *acts in
//! Nice* and *acts in the region* are found by the department, with a handful of words instead of a word a commune.

use pes_domain::Gazetteer;
use pes_domain::place::{Area, AreaKind, Point};

/// The words of an entry that acts in a territory.
pub(crate) fn written(area: &Area, gazetteer: &Gazetteer) -> Vec<String> {
    let under = touched(area, gazetteer).into_iter().map(|area| area.to_form());
    under.chain([whole(area)]).collect()
}

/// The words of an entry that is in a commune: all that it lies in.
pub(crate) fn standing(commune: &str, gazetteer: &Gazetteer) -> Vec<Area> {
    let known = gazetteer.commune(commune).map(|commune| commune.areas().collect());
    known.unwrap_or_else(|| vec![Area::new(AreaKind::Commune, commune)])
}

/// The territory, and those that hold all of it as far as is known without looking at each commune.
pub(crate) fn holding(area: &Area, gazetteer: &Gazetteer) -> Vec<Area> {
    if area.kind == AreaKind::Commune {
        return standing(&area.code, gazetteer);
    }
    let region = gazetteer.communes_of(area).next().map(|one| Area::new(AreaKind::Region, &one.region));
    [area.clone()].into_iter().chain(region.filter(|region| region != area)).collect()
}

/// The words to look for: any of them.
pub(crate) fn asked(area: &Area, gazetteer: &Gazetteer) -> Vec<String> {
    let larger = touched(area, gazetteer).into_iter().filter(|other| other.kind > area.kind);
    larger.map(|other| whole(&other)).chain([area.to_form()]).collect()
}

/// The middle of the first of some territories: of a commune its point, of a larger one where its people live on average. `None` where no point is
/// known.
pub(crate) fn middle(areas: &[Area], gazetteer: &Gazetteer) -> Option<Point> {
    let communes = gazetteer.communes_of(areas.first()?);
    let weighed = communes.filter_map(|commune| Some((commune.point?, f64::from(commune.population.max(1)))));
    let sum = weighed.fold((0.0, 0.0, 0.0), |(north, east, people), (point, weight)| {
        (north + point.latitude * weight, east + point.longitude * weight, people + weight)
    });
    let (north, east, people) = sum;
    (people > 0.0).then(|| Point::new(north / people, east / people))?
}

fn whole(area: &Area) -> String {
    format!("={}", area.to_form())
}

/// The territory, and those at least as large that share a commune with it.
fn touched(area: &Area, gazetteer: &Gazetteer) -> Vec<Area> {
    // A region has thousands of communes, all of which say the same.
    let region = || gazetteer.communes_of(area).next().map(|one| Area::new(AreaKind::Region, &one.region));
    let mut all: Vec<Area> = match area.kind {
        AreaKind::Region => Vec::new(),
        AreaKind::Department => region().into_iter().collect(),
        kind => gazetteer.touched_by([area]).into_iter().filter(|other| other.kind >= kind).collect(),
    };
    all.push(area.clone());
    all.sort();
    all.dedup();
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meet(entry: &str, sought: &str) -> bool {
        let area = |text: &str| {
            let (kind, code) = text.split_once(':').expect("kind:code");
            Area::new(AreaKind::named(kind).expect("a kind"), code)
        };
        let gazetteer = Gazetteer::embedded();
        let words = written(&area(entry), gazetteer);
        asked(&area(sought), gazetteer).iter().any(|word| words.contains(word))
    }

    #[test]
    fn territories_meet_where_they_share_a_commune() {
        let nice_metropolis = Gazetteer::embedded().commune("06088").unwrap().epci.clone().unwrap();
        let epci = format!("epci:{nice_metropolis}");
        let around_nice = ["commune:06088", epci.as_str(), "department:06", "region:93"];
        for (one, other) in around_nice.iter().flat_map(|one| around_nice.map(|other| (*one, other))) {
            assert!(meet(one, other), "{one} and {other}");
        }
        for elsewhere in ["commune:13055", "department:13", "region:84"] {
            assert!(!meet(elsewhere, "commune:06088") && !meet("department:06", elsewhere), "{elsewhere}");
        }
        assert!(meet("department:13", "region:93") && !meet("department:13", "department:83"));
    }

    #[test]
    fn a_quarter_and_its_town_meet_and_two_quarters_do_not() {
        assert!(meet("commune:13201", "commune:13055") && meet("commune:13055", "commune:13201"));
        assert!(!meet("commune:13201", "commune:13202"));
        assert!(meet("commune:13201", "department:13") && meet("department:13", "commune:13201"));
    }

    #[test]
    fn a_few_words_are_enough_for_a_whole_region() {
        let gazetteer = Gazetteer::embedded();
        assert_eq!(written(&Area::new(AreaKind::Region, "84"), gazetteer).len(), 2);
        assert_eq!(asked(&Area::new(AreaKind::Region, "84"), gazetteer).len(), 1);
        assert_eq!(written(&Area::new(AreaKind::Commune, "99999"), gazetteer), ["commune:99999", "=commune:99999"]);
        assert_eq!(standing("99999", gazetteer), [Area::new(AreaKind::Commune, "99999")]);
    }
}
