//! What every record has, whatever its kind; and what a given reader sees of it.

use crate::accord::Accord;
use crate::affiliation::Affiliation;
use crate::article::Article;
use crate::audience::Reader;
use crate::call::Call;
use crate::document::Document;
use crate::event::Event;
use crate::exchange::Exchange;
use crate::job::Job;
use crate::membership::Membership;
use crate::person::Person;
use crate::problem::{Findings, few};
use crate::product::Product;
use crate::relation::Relation;
use crate::structure::{Founding, Structure};
use crate::{Audience, Code, Draft, Field, Kind, List, Problem, Problems, RecordIri, Rules, Tag, Why, draft};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use time::UtcDateTime;

/// A record, whole, as its home knows it; or what one channel brought of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Its name.
    pub iri: RecordIri,
    /// When it was first saved; whole seconds.
    pub created: UtcDateTime,
    /// When it was first published, if it was; whole seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<UtcDateTime>,
    /// When it was last saved; whole seconds.
    pub modified: UtcDateTime,
    /// For whom it is.
    pub audience: Audience,
    /// Fields that are for fewer people than the record.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub narrowed: BTreeMap<Field, Audience>,
    /// From when on it is shown nowhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<UtcDateTime>,
    /// Themes, in ascending order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub themes: Vec<Code>,
    /// Free words, in ascending order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<Tag>,
    /// What its kind adds.
    pub body: Body,
}

/// What a kind adds to a record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
#[expect(missing_docs, reason = "each is its kind")]
pub enum Body {
    Accord(Accord),
    Affiliation(Affiliation),
    Article(Article),
    Call(Call),
    Document(Document),
    Event(Event),
    Exchange(Exchange),
    Job(Job),
    Membership(Membership),
    Person(Person),
    Product(Product),
    Relation(Relation),
    Structure(Box<Structure>),
}

/// Calls the same function of whichever body there is.
macro_rules! each_body {
    ($body:expr, $one:ident => $call:expr) => {
        match $body {
            Body::Accord($one) => $call,
            Body::Affiliation($one) => $call,
            Body::Article($one) => $call,
            Body::Call($one) => $call,
            Body::Document($one) => $call,
            Body::Event($one) => $call,
            Body::Exchange($one) => $call,
            Body::Job($one) => $call,
            Body::Membership($one) => $call,
            Body::Person($one) => $call,
            Body::Product($one) => $call,
            Body::Relation($one) => $call,
            Body::Structure($one) => $call,
        }
    };
}

impl Record {
    /// Makes a record of what was typed, without what nobody sees of it. A record that stands already keeps its name and its birth.
    ///
    /// # Errors
    /// All problems found.
    pub fn raise(
        kind: Kind,
        (iri, created): (RecordIri, UtcDateTime),
        draft: &Draft,
        now: UtcDateTime,
        rules: &Rules,
    ) -> Result<Self, Problems> {
        let draft = &draft.visible();
        let mut findings = Findings::default();
        let expires = findings.take(draft.date("expires")).and_then(draft::end_of_day);
        let audience = findings.take(draft.choice("audience", Audience::named));
        let narrowed = findings.take(narrowed(kind, draft));
        let tags = findings.take(tags(draft));
        let body = match Body::raise(kind, draft, rules) {
            Ok(body) => body,
            Err(problems) => return Err(findings.with(problems)),
        };
        let record = Self {
            iri,
            created,
            published: None,
            modified: now,
            audience: audience.unwrap_or(kind.default_audience()),
            narrowed,
            // A record with a deadline expires with it, whatever it expired with before.
            expires: body.deadline().or(expires),
            themes: draft.codes("themes", List::Theme),
            tags,
            body,
        };
        findings.extend(record.check(rules).err().unwrap_or_default());
        findings.judge(record)
    }

    /// Writes the record back into a draft, for a form that changes it.
    pub fn lower(&self) -> Draft {
        let mut draft = each_body!(&self.body, one => one.lower());
        draft.add("audience", self.audience.as_str());
        for (field, audience) in &self.narrowed {
            draft.add(format!("audience-of-{}", field.as_str()), audience.as_str());
        }
        draft.add_codes("themes", &self.themes);
        draft.add_given(
            "tags",
            (!self.tags.is_empty()).then(|| self.tags.iter().map(Tag::as_str).collect::<Vec<_>>().join(", ")),
        );
        let own_end = self.expires.filter(|at| self.body.deadline() != Some(*at));
        let last_day = own_end.and_then(|at| at.date().previous_day());
        draft.add_given("expires", last_day.map(draft::write_date));
        draft
    }

    /// The record's kind.
    pub fn kind(&self) -> Kind {
        self.body.kind()
    }

    /// What a list calls it.
    pub fn title(&self) -> String {
        each_body!(&self.body, one => one.title())
    }

    /// Whether its time is over.
    pub fn is_expired(&self, now: UtcDateTime) -> bool {
        self.expires.is_some_and(|at| at <= now)
    }

    /// The audience of a field: never wider than the record's.
    pub fn audience_of(&self, field: Field) -> Audience {
        self.narrowed.get(&field).map_or(self.audience, |own| self.audience.min(*own))
    }

    /// What a reader sees of it: `None` where they are not to know that it exists.
    ///
    /// This one function serves pages, change-sets and everything else: what it leaves out was never there.
    pub fn seen_by(&self, reader: Reader) -> Option<Self> {
        if !reader.sees(self.audience) {
            return None;
        }
        if reader == Reader::Insider {
            return Some(self.clone());
        }
        let mut seen = self.clone();
        let shown = |field: Field| reader.sees(self.audience_of(field));
        each_body!(&mut seen.body, one => one.retain(&shown, reader));
        seen.narrowed.clear();
        Some(seen)
    }

    /// What a channel of this audience carries of it: whole, never a difference. `None` where it carries nothing.
    ///
    /// A record that is the same for affiliates as for everybody travels in the public channel alone.
    pub fn projection(&self, channel: Audience) -> Option<Self> {
        let reader = match channel {
            Audience::Public => Reader::Anyone,
            Audience::Affiliates => Reader::MemberElsewhere,
            Audience::Private | Audience::Network => return None,
        };
        let mut seen = self.seen_by(reader)?;
        seen.audience = channel;
        if channel == Audience::Affiliates
            && let Some(public) = self.projection(Audience::Public)
            && public.body == seen.body
        {
            return None;
        }
        Some(seen)
    }

    /// Everything the rules ask of a record, whether typed here or come from afar.
    ///
    /// # Errors
    /// All problems found.
    pub fn check(&self, rules: &Rules) -> Result<(), Problems> {
        let mut findings = Findings::default();
        if self.iri.kind() != Some(self.kind()) {
            findings.note(Err(Problem::new("iri", Why::NotARecord)));
        }
        findings.note(rules.codes("themes", &self.themes, List::Theme, 20));
        findings.note(few("tags", self.tags.len(), 20));
        if matches!(&self.body, Body::Membership(one) if self.audience.leaves_home() && !one.may_leave()) {
            findings.note(Err(Problem::new("audience", Why::WiderThanRecord)));
        }
        if self.modified < self.created {
            findings.note(Err(Problem::new("modified", Why::TooEarly)));
        }
        if self.narrowed.values().any(|own| *own > self.audience) {
            findings.note(Err(Problem::new("audience", Why::WiderThanRecord)));
        }
        findings.extend(each_body!(&self.body, one => one.check(rules)));
        findings.extend(self.body.picture().map(|picture| picture.check(&self.iri)).unwrap_or_default());
        findings.extend(self.body.file().map(|file| file.check(&self.iri)).unwrap_or_default());
        findings.judge(())
    }
}

/// What only holds at the moment of typing: a last day that is newly set is still to come, and nothing was founded in a year to
/// come. What stood before stays as it was, so that a record whose time is over can be edited.
pub fn check_dates(kind: Kind, typed: &Draft, before: Option<&Record>, now: UtcDateTime) -> Problems {
    let stood = before.map(Record::lower).unwrap_or_default();
    let mut findings = Findings::default();
    let field = if matches!(kind, Kind::Call | Kind::Job) { "deadline" } else { "expires" };
    let last_day = |draft: &Draft| draft.date(field).ok().flatten().and_then(draft::end_of_day);
    if last_day(typed) != last_day(&stood) && last_day(typed).is_some_and(|end| end <= now) {
        findings.note(Err(Problem::new(field, Why::Over)));
    }
    // Where it is the next day already, that day has come.
    let latest = (now + time::Duration::days(1)).date();
    let founded = |draft: &Draft| Founding::raise(draft).ok().flatten();
    if founded(typed) != founded(&stood) && founded(typed).is_some_and(|founded| founded.is_after(latest)) {
        findings.note(Err(Problem::new("founded", Why::NotYet)));
    }
    findings.with(Problems::new())
}

impl Body {
    fn raise(kind: Kind, draft: &Draft, rules: &Rules) -> Result<Self, Problems> {
        match kind {
            Kind::Accord => Accord::raise(draft, rules).map(Self::Accord),
            Kind::Affiliation => Affiliation::raise(draft, rules).map(Self::Affiliation),
            Kind::Article => Article::raise(draft, rules).map(Self::Article),
            Kind::Call => Call::raise(draft, rules).map(Self::Call),
            Kind::Document => Document::raise(draft, rules).map(Self::Document),
            Kind::Event => Event::raise(draft, rules).map(Self::Event),
            Kind::Exchange => Exchange::raise(draft, rules).map(Self::Exchange),
            Kind::Job => Job::raise(draft, rules).map(Self::Job),
            Kind::Membership => Membership::raise(draft, rules).map(Self::Membership),
            Kind::Person => Person::raise(draft, rules).map(Self::Person),
            Kind::Product => Product::raise(draft, rules).map(Self::Product),
            Kind::Relation => Relation::raise(draft, rules).map(Self::Relation),
            Kind::Structure => Structure::raise(draft, rules).map(|one| Self::Structure(Box::new(one))),
        }
    }

    /// The end of the day on which it is over by its own nature: the deadline of a job or a call.
    fn deadline(&self) -> Option<UtcDateTime> {
        match self {
            Self::Call(call) => call.deadline.and_then(draft::end_of_day),
            Self::Job(job) => job.deadline.and_then(draft::end_of_day),
            _ => None,
        }
    }

    /// Its kind.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Accord(_) => Kind::Accord,
            Self::Affiliation(_) => Kind::Affiliation,
            Self::Article(_) => Kind::Article,
            Self::Call(_) => Kind::Call,
            Self::Document(_) => Kind::Document,
            Self::Event(_) => Kind::Event,
            Self::Exchange(_) => Kind::Exchange,
            Self::Job(_) => Kind::Job,
            Self::Membership(_) => Kind::Membership,
            Self::Person(_) => Kind::Person,
            Self::Product(_) => Kind::Product,
            Self::Relation(_) => Kind::Relation,
            Self::Structure(_) => Kind::Structure,
        }
    }
}

/// Fields are for as many people as the record, but for those whose author said less, and a person's place.
fn narrowed(kind: Kind, draft: &Draft) -> Result<BTreeMap<Field, Audience>, Problem> {
    let fallback = |field: Field| (kind == Kind::Person && field == Field::Place).then_some(Audience::Private);
    let own = |field: Field| {
        let typed = draft.one(&format!("audience-of-{}", field.as_str()));
        let chosen = draft::choice(field.as_str(), typed, Audience::named)?;
        Ok(chosen.or(fallback(field)).map(|audience| (field, audience)))
    };
    Field::ALL.into_iter().filter_map(|field| own(field).transpose()).collect()
}

/// Free words, typed with commas between them. One that cannot be kept is told, never dropped.
fn tags(draft: &Draft) -> Result<Vec<Tag>, Problem> {
    let words = draft.all("tags").iter().flat_map(|typed| typed.split([',', ';', '\n']));
    let mut tags: Vec<Tag> = words.map(str::trim).filter(|word| !word.is_empty()).map(tag).collect::<Result<_, _>>()?;
    tags.sort();
    tags.dedup();
    Ok(tags)
}

fn tag(word: &str) -> Result<Tag, Problem> {
    let is_long = word.chars().count() > Tag::LENGTH;
    let why = if is_long { Why::TooLong(Tag::LENGTH) } else { Why::NotText };
    Tag::of(word).ok_or(Problem::new("tags", why))
}
