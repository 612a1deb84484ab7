//! An offer or a demand: *je propose*, *je recherche*.

use crate::audience::Reader;
use crate::draft::write_tenths;
use crate::place::{Area, Place};
use crate::problem::{Findings, few, optional, optional_line, required};
use crate::{Code, Draft, Field, List, Picture, Problem, Problems, Reference, Rules, Why, place};
use serde::{Deserialize, Serialize};

/// An exchange (*annonce*). It is permanent unless its record expires.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Exchange {
    /// Offered or sought.
    pub direction: Direction,
    /// Of what: a code of `exchange-type`.
    pub kind_of_thing: Code,
    /// In return for what: codes of `exchange-method` that fit the type.
    pub methods: Vec<Code>,
    /// In a line.
    pub title: String,
    /// In full; Markdown.
    pub description: Option<String>,
    /// Skills offered or wanted.
    pub skills: Vec<Code>,
    /// Sectors.
    pub sectors: Vec<Code>,
    /// Where.
    pub place: Option<Place>,
    /// In which territories.
    pub areas: Vec<Area>,
    /// How far around, in kilometres.
    pub radius_km: Option<u16>,
    /// The structure that makes it.
    pub structure: Option<Reference>,
    /// The person who makes it, by the name they chose for it.
    pub author: Option<String>,
    /// How far it has come.
    pub state: State,
    /// For a group purchase: from which quantity on it takes place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purchase: Option<Purchase>,
    /// What it looks like.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<Picture>,
}

/// A group purchase: those who take part say so by an accord each, from any network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Purchase {
    /// What is counted: kilograms, pallets, places.
    pub unit: String,
    /// From how much on it takes place, in tenths.
    pub threshold: u32,
    /// How much its author takes, in tenths.
    pub quantity: Option<u32>,
}

/// Which way a thing goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// *Je propose.*
    Offer,
    /// *Je recherche.*
    Demand,
}

/// How far an exchange has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Nobody has answered yet.
    #[default]
    Open,
    /// Somebody has; more may.
    Answered,
    /// It is done.
    Met,
}

impl Direction {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Offer, Self::Demand];

    /// Its notation in the list `direction`.
    pub fn notation(self) -> &'static str {
        match self {
            Self::Offer => "offer",
            Self::Demand => "demand",
        }
    }

    /// Undoes [`Direction::notation`].
    pub fn named(notation: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|direction| direction.notation() == notation)
    }
}

impl State {
    /// All states.
    pub const ALL: [Self; 3] = [Self::Open, Self::Answered, Self::Met];

    /// Its notation in the list `exchange-state`.
    pub fn notation(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Answered => "answered",
            Self::Met => "met",
        }
    }

    /// Undoes [`State::notation`].
    pub fn named(notation: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.notation() == notation)
    }
}

impl Exchange {
    /// What a list calls it.
    pub fn title(&self) -> String {
        self.title.clone()
    }

    pub(crate) fn retain(&mut self, shown: &dyn Fn(Field) -> bool, _: Reader) {
        self.description.take_if(|_| !shown(Field::Description));
        self.place.take_if(|_| !shown(Field::Place));
        self.areas.retain(|_| shown(Field::Areas));
        if !shown(Field::Place) {
            self.radius_km = None;
        }
    }

    pub(crate) fn check(&self, rules: &Rules) -> Problems {
        let mut findings = Findings::default();
        findings.note(required("title", &self.title, 150));
        findings.note(optional("description", self.description.as_deref(), 10_000));
        findings.note(rules.code("type", &self.kind_of_thing, List::ExchangeType));
        findings.note(self.check_methods(rules));
        findings.note(rules.codes("skills", &self.skills, List::Skill, 20));
        findings.note(rules.codes("sectors", &self.sectors, List::Sector, 20));
        findings.note(few("areas", self.areas.len(), 50));
        findings.note(self.structure.as_ref().map_or(Ok(()), |structure| structure.check("structure")));
        findings.note(optional_line("author", self.author.as_deref(), 100));
        findings.note(self.purchase.as_ref().map_or(Ok(()), Purchase::check));
        if self.structure.is_none() && self.author.is_none() {
            findings.note(Err(Problem::new("author", Why::Missing)));
        }
        findings.judge(()).err().unwrap_or_default()
    }

    /// Each method fits some types only; a partnership or a question takes none.
    fn check_methods(&self, rules: &Rules) -> Result<(), Problem> {
        rules.codes("methods", &self.methods, List::ExchangeMethod, 11)?;
        let fits = |method: &Code| {
            rules.thesaurus.get(method).is_some_and(|method| method.applies_to.contains(&self.kind_of_thing))
        };
        match self.methods.iter().all(fits) {
            true => Ok(()),
            false => Err(Problem::new("methods", Why::MethodDoesNotFit)),
        }
    }

    pub(crate) fn raise(draft: &Draft, rules: &Rules) -> Result<Self, Problems> {
        let mut findings = Findings::default();
        let direction = draft
            .choice("direction", Direction::named)
            .and_then(|direction| direction.map(Some).ok_or(Problem::new("direction", Why::Missing)));
        let kind_of_thing = draft.code("type", List::ExchangeType);
        let has_type = kind_of_thing.is_some();
        if !has_type {
            findings.note(Err(Problem::new("type", Why::Missing)));
        }
        let exchange = Self {
            direction: findings.take(direction).unwrap_or(Direction::Demand),
            kind_of_thing: kind_of_thing.unwrap_or(Code::new(List::ExchangeType, "question")),
            // Without a type nothing can be said about the methods.
            methods: if has_type { draft.codes("methods", List::ExchangeMethod) } else { Vec::new() },
            title: draft.one("title").to_owned(),
            description: draft.text("description"),
            skills: draft.codes("skills", List::Skill),
            sectors: draft.codes("sectors", List::Sector),
            place: findings.take(Place::raise(draft, "place", rules.gazetteer)),
            areas: findings.take(Area::raise(draft, "areas", rules.gazetteer)),
            radius_km: findings.take(place::raise_radius(draft)),
            structure: findings.take(Reference::raise(draft, "structure")),
            author: draft.text("author"),
            state: findings.take(draft.choice("state", State::named)).unwrap_or_default(),
            purchase: findings.take(Purchase::raise(draft)),
            picture: findings.take(Picture::raise(draft)),
        };
        // What the parts do not show is shown by the whole, at once with them.
        match findings.judge(()) {
            Ok(()) => Ok(exchange),
            Err(problems) => {
                Err(exchange.check(rules).into_iter().filter(|p| p.field != "type").chain(problems).collect())
            }
        }
    }

    pub(crate) fn lower(&self) -> Draft {
        let mut draft = Draft::default();
        draft.add("direction", self.direction.notation());
        draft.add("type", self.kind_of_thing.notation());
        draft.add_codes("methods", &self.methods);
        draft.add("title", &self.title);
        draft.add_given("description", self.description.as_ref());
        draft.add_codes("skills", &self.skills);
        draft.add_codes("sectors", &self.sectors);
        draft.add_given("place", self.place.as_ref().map(Place::to_form));
        self.areas.iter().for_each(|area| draft.add("areas", area.to_form()));
        draft.add_given("radius", self.radius_km);
        if let Some(structure) = &self.structure {
            structure.lower(&mut draft, "structure");
        }
        draft.add_given("author", self.author.as_ref());
        draft.add("state", self.state.notation());
        if let Some(purchase) = &self.purchase {
            purchase.lower(&mut draft);
        }
        if let Some(picture) = &self.picture {
            picture.lower(&mut draft);
        }
        draft
    }
}

impl Purchase {
    fn check(&self) -> Result<(), Problem> {
        required("unit", &self.unit, 60)?;
        if self.threshold == 0 { Err(Problem::new("threshold", Why::NotANumber)) } else { Ok(()) }
    }

    /// What was typed of a group purchase: it is one when its threshold is told.
    fn raise(draft: &Draft) -> Result<Option<Self>, Problem> {
        let (threshold, quantity) = (draft.tenths("threshold")?, draft.tenths("quantity")?);
        let unit = draft.one("unit").to_owned();
        match threshold {
            Some(threshold) => Ok(Some(Self { unit, threshold, quantity })),
            None if quantity.is_some() || !unit.is_empty() => Err(Problem::new("threshold", Why::Missing)),
            None => Ok(None),
        }
    }

    fn lower(&self, draft: &mut Draft) {
        draft.add("unit", &self.unit);
        draft.add("threshold", write_tenths(self.threshold));
        draft.add_given("quantity", self.quantity.map(write_tenths));
    }
}
