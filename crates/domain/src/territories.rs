//! Territories as people type them: communes, intercommunalities, departments and regions, in one box.

use crate::Gazetteer;
use crate::gazetteer::{Commune, fold_name};
use crate::place::{Area, AreaKind};
use std::collections::HashSet;

/// Regions by the short names that everybody uses.
pub const REGIONS: &[(&str, &str)] = &[("aura", "84"), ("bfc", "27"), ("hdf", "32"), ("idf", "11"), ("paca", "93")];

/// The kinds that have names beside those of communes, the largest first.
const LARGER: [AreaKind; 3] = [AreaKind::Region, AreaKind::Department, AreaKind::Epci];

impl Gazetteer {
    /// The territories that somebody may mean who typed this: communes first, the largest first of them. What has the communes of another that
    /// is found too is not named twice: Paris is a department, and La Réunion a region and a department.
    pub fn find_areas(&self, typed: &str) -> Vec<Area> {
        let typed = typed.trim();
        if let Some(area) = self.sent_back(typed) {
            return vec![area];
        }
        let communes = self.find(typed);
        let mut found: Vec<Area> = communes.iter().map(|commune| whole(commune)).collect();
        let name = fold_name(typed);
        if name.is_empty() {
            return found;
        }
        let is_meant = |area: &Area, called: &str| {
            let is_number = area.kind == AreaKind::Department && area.code.to_lowercase() == name;
            let is_short = area.kind == AreaKind::Region && REGIONS.contains(&(&name, &area.code));
            is_number || is_short || fold_name(called) == name
        };
        for kind in LARGER {
            let named = self.areas(kind).into_iter().filter(|(area, called)| is_meant(area, called));
            let new: Vec<Area> =
                named.map(|(area, _)| area.clone()).filter(|area| !self.is_told(area, &found)).collect();
            found.extend(new);
        }
        found
    }

    /// At most so many territories whose names begin so: what is meant exactly first, then larger ones, then communes.
    pub fn suggest_areas(&self, typed: &str, limit: usize) -> Vec<Area> {
        let name = fold_name(typed);
        let mut found = self.find_areas(typed);
        if !name.is_empty() {
            let begins = |called: &str| {
                fold_name(called).split(' ').any(|word| word == name) || fold_name(called).starts_with(&name)
            };
            for kind in LARGER {
                let named = self.areas(kind).into_iter().filter(|(_, called)| begins(called));
                found.extend(named.map(|(area, _)| area.clone()));
            }
            found.extend(self.suggest(typed, limit).into_iter().map(whole));
        }
        let mut told = HashSet::new();
        found.retain(|area| told.insert(area.clone()));
        found.truncate(limit);
        found
    }

    /// What a box holds that means this territory and no other: its name and its code.
    pub fn area_to_form(&self, area: &Area) -> String {
        format!("{} ({})", self.area_name(area).unwrap_or_default(), area.code)
    }

    /// What [`Gazetteer::area_to_form`] wrote.
    fn sent_back(&self, typed: &str) -> Option<Area> {
        let (name, code) = typed.strip_suffix(')')?.rsplit_once('(')?;
        let areas = LARGER.into_iter().map(|kind| Area::new(kind, code));
        let is_it = |area: &Area| self.area_name(area).is_some_and(|called| fold_name(called) == fold_name(name));
        areas.into_iter().find(is_it)
    }

    /// Whether a territory has just the communes of what was found already.
    fn is_told(&self, area: &Area, found: &[Area]) -> bool {
        found.iter().any(|other| match other.kind {
            AreaKind::Commune => self.communes_of(area).all(|one| one.areas().any(|area| area == *other)),
            _ => {
                self.communes_of(area).count() == self.communes_of(other).count()
                    && self.communes_of(area).all(|one| one.areas().any(|area| area == *other))
            }
        })
    }
}

fn whole(commune: &Commune) -> Area {
    Area::new(AreaKind::Commune, &commune.code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(typed: &str) -> Vec<String> {
        Gazetteer::embedded().find_areas(typed).iter().map(Area::to_form).collect()
    }

    #[test]
    fn territories_of_every_kind_are_found_as_people_type_them() {
        for (typed, meant) in [
            ("Nice", "commune:06088"),
            ("06000", "commune:06088"),
            ("alpes maritimes", "department:06"),
            ("06", "department:06"),
            ("2a", "department:2A"),
            ("Provence-Alpes-Côte d’Azur", "region:93"),
            ("PACA", "region:93"),
            ("occitanie", "region:76"),
            ("Métropole Nice Côte d'Azur", "epci:200030195"),
            ("Paris", "commune:75056"),
        ] {
            assert_eq!(found(typed), [meant], "{typed}");
        }
        assert_eq!(
            found("La Réunion"),
            ["commune:47222", "region:04"],
            "where several are called so, all of them are told"
        );
        for nowhere in ["Atlantis", "", " ", "?", "999"] {
            assert_eq!(found(nowhere), [""; 0], "{nowhere}");
        }
    }

    #[test]
    fn what_may_be_several_is_several_and_each_leads_back() {
        let table = Gazetteer::embedded();
        let vienne = table.find_areas("Vienne");
        assert!(vienne.iter().any(|area| area.kind == AreaKind::Commune), "{vienne:?}");
        assert!(vienne.contains(&Area::new(AreaKind::Department, "86")));
        for area in vienne.iter().chain(&table.find_areas("Saint-Denis")).chain(&table.find_areas("PACA")) {
            assert_eq!(table.find_areas(&table.area_to_form(area)), std::slice::from_ref(area));
        }
    }

    #[test]
    fn suggestions_hold_every_kind_each_once() {
        let table = Gazetteer::embedded();
        let kinds = |typed: &str| -> Vec<&str> {
            table.suggest_areas(typed, 8).iter().map(|area| area.kind.as_str()).collect()
        };
        let alpes = table.suggest_areas("alpes-m", 8);
        assert_eq!(alpes[0], Area::new(AreaKind::Department, "06"), "{alpes:?}");
        assert!(kinds("nice").contains(&"epci") && kinds("nice")[0] == "commune", "{:?}", kinds("nice"));
        let all = table.suggest_areas("sain", 8);
        assert_eq!((all.len(), all.iter().collect::<HashSet<_>>().len()), (8, 8));
        assert!(table.suggest_areas("", 8).is_empty());
    }
}
