//! An event: when it is, once or again and again, where, and who holds it.

use crate::audience::Reader;
use crate::called_off::{self, AHEAD};
use crate::iri::WebLink;
use crate::occurrence::{self, Moment, Occurrence, Recurrence, Span};
use crate::place::{Area, Place};
use crate::problem::{Findings, few, optional, optional_line, required};
use crate::{Code, Draft, Field, List, Picture, Problem, Problems, Reference, Rules, Why};
use serde::{Deserialize, Serialize};

/// An event (*évènement*).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// In a line.
    pub title: String,
    /// In full; Markdown.
    pub description: Option<String>,
    /// When, in the time of [`Event::zone`]: at least once, in ascending order.
    pub occurrences: Vec<Occurrence>,
    /// By which rule the first occurrence comes again.
    pub recurrence: Option<Recurrence>,
    /// Which of its times are called off, by their beginnings, in ascending order: the others take place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub called_off: Vec<Moment>,
    /// The time zone, by its IANA name.
    pub zone: String,
    /// The commune, and the point.
    pub place: Option<Place>,
    /// The house, the room, the street.
    pub venue: Option<String>,
    /// Where it takes place on the web, or tells of itself.
    pub link: Option<WebLink>,
    /// Who holds it.
    pub organisers: Vec<Reference>,
    /// Its sectors.
    pub sectors: Vec<Code>,
    /// In which territories it is of interest.
    pub areas: Vec<Area>,
    /// Whether it takes place.
    pub state: State,
    /// What it looks like.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<Picture>,
}

/// So many of the next times that are called off are told wherever an event is shown, and so many of those to come make it be found.
const TOLD: usize = 6;

/// Whether an event takes place.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It does.
    #[default]
    Planned,
    /// It does not: it is shown so.
    Cancelled,
    /// It will, on a day that is not known yet.
    Postponed,
}

impl State {
    /// All states.
    pub const ALL: [Self; 3] = [Self::Planned, Self::Cancelled, Self::Postponed];

    /// Its notation in the list `event-state`.
    pub fn notation(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Cancelled => "cancelled",
            Self::Postponed => "postponed",
        }
    }

    /// Undoes [`State::notation`].
    pub fn named(notation: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.notation() == notation)
    }
}

impl Event {
    /// What a list calls it.
    pub fn title(&self) -> String {
        self.title.clone()
    }

    /// When it is between two times (seconds since 1970; the second excluded): each span that touches them, in ascending order, at most
    /// [`occurrence::MOST`]; with those that are called off, which say so.
    pub fn between(&self, from: i64, until: i64) -> Vec<Span> {
        let mut spans = occurrence::between((&self.occurrences, self.recurrence.as_ref()), &self.zone, (from, until));
        spans.sort();
        spans.dedup();
        spans.truncate(occurrence::MOST);
        spans.iter_mut().for_each(|span| span.is_called_off = self.is_called_off(span.local.begins));
        spans
    }

    /// Those of [`Event::between`] that take place, as far as is known.
    pub fn held_between(&self, from: i64, until: i64) -> Vec<Span> {
        self.between(from, until).into_iter().filter(|span| !span.is_called_off).collect()
    }

    /// The next times that are called off, from a time on (seconds since 1970): as many as are told wherever the event is shown.
    pub fn called_off_next(&self, now: i64) -> Vec<Span> {
        if self.called_off.is_empty() {
            return Vec::new();
        }
        let ahead = self.between(now, now + AHEAD.whole_seconds());
        ahead.into_iter().filter(|span| span.is_called_off).take(TOLD).collect()
    }

    /// Whether the time that begins then is called off.
    pub fn is_called_off(&self, begins: Moment) -> bool {
        self.called_off.binary_search(&begins).is_ok()
    }

    pub(crate) fn retain(&mut self, shown: &dyn Fn(Field) -> bool, _: Reader) {
        self.description.take_if(|_| !shown(Field::Description));
        self.place.take_if(|_| !shown(Field::Place));
        self.venue.take_if(|_| !shown(Field::Place));
        self.link.take_if(|_| !shown(Field::Web));
        self.areas.retain(|_| shown(Field::Areas));
    }

    pub(crate) fn check(&self, rules: &Rules) -> Problems {
        let mut findings = Findings::default();
        findings.note(required("title", &self.title, 150));
        findings.note(optional("description", self.description.as_deref(), 10_000));
        findings.note(occurrence::check(&self.occurrences, self.recurrence.as_ref(), &self.zone));
        findings.note(called_off::check(&self.called_off));
        findings.note(optional_line("venue", self.venue.as_deref(), 250));
        findings.note(self.check_organisers());
        findings.note(rules.codes("sectors", &self.sectors, List::Sector, 20));
        findings.note(few("areas", self.areas.len(), 50));
        findings.judge(()).err().unwrap_or_default()
    }

    fn check_organisers(&self) -> Result<(), Problem> {
        if self.organisers.is_empty() {
            return Err(Problem::new("organisers", Why::Missing));
        }
        few("organisers", self.organisers.len(), 20)?;
        self.organisers.iter().try_for_each(|one| one.check("organisers"))
    }

    pub(crate) fn raise(draft: &Draft, rules: &Rules) -> Result<Self, Problems> {
        let mut findings = Findings::default();
        let zone = draft.text("zone").unwrap_or_else(|| occurrence::PARIS.to_owned());
        let occurrences = findings.take(Occurrence::raise_all(draft));
        let recurrence = Recurrence::raise(draft, occurrences.first(), &zone);
        let is_known = recurrence.is_ok();
        let recurrence = findings.take(recurrence);
        // Where its times are not known, nothing is said of one of them.
        let is_known = is_known && occurrence::check(&occurrences, recurrence.as_ref(), &zone).is_ok();
        let when = ((occurrences.as_slice(), recurrence.as_ref()), zone.as_str());
        let called_off = if is_known { findings.take(called_off::raise(draft, when)) } else { Vec::new() };
        let event = Self {
            title: draft.one("title").to_owned(),
            description: draft.text("description"),
            occurrences,
            recurrence,
            called_off,
            zone,
            place: findings.take(Place::raise(draft, "place", rules.gazetteer)),
            venue: draft.text("venue"),
            link: findings.take(draft.text("link").map(|t| WebLink::read("link", &t)).transpose()),
            organisers: findings.take(Reference::raise_all(draft, "organisers")),
            sectors: draft.codes("sectors", List::Sector),
            areas: findings.take(Area::raise(draft, "areas", rules.gazetteer)),
            state: findings.take(draft.choice("event-state", State::named)).unwrap_or_default(),
            picture: findings.take(Picture::raise(draft)),
        };
        match findings.judge(()) {
            Ok(()) => Ok(event),
            // What could not be read is missing: that is said once.
            Err(problems) => {
                let said = |found: &Problem| problems.iter().any(|one| one.field == found.field);
                Err(event.check(rules).into_iter().filter(|found| !said(found)).chain(problems.clone()).collect())
            }
        }
    }

    pub(crate) fn lower(&self) -> Draft {
        let mut draft = Draft::default();
        draft.add("title", &self.title);
        draft.add_given("description", self.description.as_ref());
        self.occurrences.iter().for_each(|one| one.lower(&mut draft));
        if let Some(recurrence) = &self.recurrence {
            recurrence.lower(&mut draft);
        }
        called_off::lower(&self.called_off, &mut draft);
        draft.add("zone", &self.zone);
        draft.add_given("place", self.place.as_ref().map(Place::to_form));
        draft.add_given("venue", self.venue.as_ref());
        draft.add_given("link", self.link.as_ref().map(WebLink::as_str));
        self.organisers.iter().for_each(|one| one.lower_line(&mut draft, "organisers"));
        draft.add_codes("sectors", &self.sectors);
        self.areas.iter().for_each(|area| draft.add("areas", area.to_form()));
        draft.add("event-state", self.state.notation());
        if let Some(picture) = &self.picture {
            picture.lower(&mut draft);
        }
        draft
    }
}
