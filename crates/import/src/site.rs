//! Reads where a structure is, of the cells of a row: one site, with its street, postcode, commune and point.

use crate::address::{self, By, Placed, Postcode};
use crate::cell::in_one_line;
use crate::entry::Reading;
use crate::layout::Role;
use crate::{Remark, What};
use pes_domain::place::Point;

impl Reading<'_> {
    /// Its one site.
    pub(crate) fn place(&mut self) {
        let (column, street) = self.street();
        if !street.is_empty() {
            self.add(column, &street, vec![("site-street", street.clone())]);
        }
        match self.town() {
            Some((column, postcode, city)) => {
                for (field, value) in self.site_in(column, &postcode, &city) {
                    self.add(column, &value, vec![(field, value.clone())]);
                }
            }
            None => self.point_alone(),
        }
        if let Some((_, address)) = &mut self.entry.point {
            *address = format!("{} {address}", street.to_lowercase());
        }
        for (role, field) in [(Role::SiteLabel, "site-label"), (Role::Hours, "site-hours")] {
            if let Some((column, value)) = self.cell(role) {
                self.add(column, value, vec![(field, value.to_owned())]);
            }
        }
    }

    /// The street, and the column it stands in.
    fn street(&mut self) -> (&'static str, String) {
        if let Some((column, cell)) = self.cell(Role::Address) {
            return (column, in_one_line(address::take_apart(self.by.rules.gazetteer, cell).street));
        }
        let cells: Vec<_> = [Role::Street, Role::StreetMore].into_iter().filter_map(|role| self.cell(role)).collect();
        let street: Vec<String> = cells.iter().map(|(_, cell)| in_one_line(cell)).collect();
        (cells.first().map_or("", |(column, _)| column), street.join(", "))
    }

    /// Postcode and town, where there are any, and the column of the town. What is no postcode is told.
    fn town(&mut self) -> Option<(&'static str, String, String)> {
        let (column, typed, city) = match self.cell(Role::Address) {
            Some((column, cell)) => {
                let line = address::take_apart(self.by.rules.gazetteer, cell);
                (column, Some((column, line.postcode)).filter(|(_, postcode)| !postcode.is_empty()), line.city)
            }
            None => {
                let (typed, city) = (self.cell(Role::Postcode), self.cell(Role::City));
                (city.or(typed)?.0, typed, city.map_or("", |(_, city)| city))
            }
        };
        let postcode = typed.map_or_else(String::new, |(column, typed)| self.postcode(column, typed));
        (!postcode.is_empty() || !city.is_empty()).then(|| (column, postcode, city.to_owned()))
    }

    fn postcode(&mut self, column: &'static str, typed: &str) -> String {
        let postcode = Postcode::read(typed);
        match &postcode {
            Postcode::Whole(_) => {}
            Postcode::Regained(now) => {
                self.say_more(Remark::new(self.row.line, column, typed, What::ZeroRegained).with("now", now));
            }
            Postcode::Impossible => self.say(column, typed, What::NotAPostcode),
        }
        postcode.digits().unwrap_or_default().to_owned()
    }

    /// The fields of a site in a commune, with its point; none where the commune is not found.
    fn site_in(&mut self, column: &'static str, postcode: &str, city: &str) -> Vec<(&'static str, String)> {
        let typed = format!("{postcode} {city}").trim().to_owned();
        let found = match address::commune(self.by.rules.gazetteer, postcode, city) {
            Ok(found) => found,
            Err(why) => {
                self.say(column, &typed, What::Rule(why));
                self.point_alone();
                return Vec::new();
            }
        };
        let doubt = match found.by {
            By::Both => None,
            By::Postcode => Some(What::ByPostcode),
            By::Name => Some(What::OtherDepartment),
        };
        if let Some(doubt) = doubt {
            self.say_more(Remark::new(self.row.line, column, typed, doubt).with("commune", found.commune.to_form()));
        }
        let mut site = vec![("site-commune", found.commune.to_form())];
        site.extend((!postcode.is_empty()).then(|| ("site-postcode", postcode.to_owned())));
        if let Some((column, point)) = self.point() {
            let judged = address::judge(&point, found.commune);
            site.extend(self.placed(column, point, judged, &found.commune.name));
        }
        site
    }

    /// The fields of a point that lies where its commune is; what is to be said of another.
    fn placed(
        &mut self,
        column: &'static str,
        point: Point,
        judged: Placed,
        commune: &str,
    ) -> Vec<(&'static str, String)> {
        let value = format!("{} {}", point.longitude, point.latitude);
        let remark = |what: What| Remark::new(self.row.line, column, value.clone(), what);
        let remark = match judged {
            Placed::Well => {
                self.entry.point = Some((point, commune.to_owned()));
                let (latitude, longitude) = (point.latitude.to_string(), point.longitude.to_string());
                return vec![("site-latitude", latitude), ("site-longitude", longitude)];
            }
            Placed::OutsideFrance => remark(What::OutsideFrance),
            Placed::Turned => remark(What::PointTurned),
            Placed::Far(km) => remark(What::FarAway).with("km", km).with("commune", commune),
        };
        self.say_more(remark);
        Vec::new()
    }

    /// The point, longitude first: it is x.
    fn point(&mut self) -> Option<(&'static str, Point)> {
        let (x, y) = (self.cell(Role::Longitude), self.cell(Role::Latitude));
        let (column, _) = x.or(y)?;
        let degrees = |cell: Option<(&'static str, &str)>| address::degrees(cell?.1);
        let point = degrees(y).zip(degrees(x)).and_then(|(latitude, longitude)| Point::new(latitude, longitude));
        if point.is_none() {
            let value = [x, y].map(|cell| cell.map_or("", |(_, cell)| cell)).join(" ");
            self.say(column, value.trim(), What::HalfAPoint);
        }
        point.map(|point| (column, point))
    }

    /// A point without a commune is not kept: a commune is where people look for a structure.
    fn point_alone(&mut self) {
        if let Some((column, point)) = self.point() {
            let nearest = address::nearest(self.by.rules.gazetteer, &point).map(|commune| commune.to_form());
            let value = format!("{} {}", point.longitude, point.latitude);
            let remark = Remark::new(self.row.line, column, value, What::PointAlone);
            self.say_more(remark.with("commune", nearest.unwrap_or_default()));
        }
    }
}
