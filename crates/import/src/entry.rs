//! Reads a row into a draft, cell by cell, and says what it could not take.
//!
//! What a form would refuse is refused here by the same code: a draft is raised as a form's is, and where that fails each cell is tried for
//! itself, so that the one at fault is named and the others enter.

use crate::cell::{in_one_line, is_old_activity, pieces, reached, siret, without_zeros};
use crate::held::name_key;
use crate::layout::{Role, Shape};
use crate::table::Row;
use crate::wordlist::{self, Meaning, Target, Words};
use crate::{ImportError, Layout, Remark, Table, What};
use pes_domain::identifier::{Naf, Rna};
use pes_domain::place::Point;
use pes_domain::record::check_dates;
use pes_domain::{Audience, Draft, Kind, Problems, Record, RecordIri, Rules, Tag};
use pes_journal::sha256_hex;
use std::collections::BTreeMap;
use time::UtcDateTime;

/// For whom what is imported is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choices {
    /// The records.
    pub audience: Audience,
    /// Phone numbers and mail addresses; never more people than the record.
    pub contacts: Audience,
}

impl Default for Choices {
    fn default() -> Self {
        Self { audience: Audience::Public, contacts: Audience::Network }
    }
}

/// A row, read.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The line on which it begins.
    pub line: u64,
    /// Who it is in the source: `bdis-2012:1147`, or a digest of what it says where it has no number there.
    pub source: String,
    /// A digest of the name it has there.
    pub called: String,
    /// What it says, as a form would have it; `None` where it cannot enter.
    pub draft: Option<Draft>,
    /// Whether the old base had validated it.
    pub is_validated: bool,
    /// Its point, and the address it belongs to.
    pub(crate) point: Option<(Point, String)>,
    /// Words that no list has: by column, with the tag that each became.
    pub(crate) words: Vec<(&'static str, String, Option<Tag>)>,
    /// Which column a field came from.
    pub(crate) columns: BTreeMap<&'static str, &'static str>,
    /// What is to be said of it.
    pub remarks: Vec<Remark>,
}

/// What each row of a file says, as a form would have it, by the line on which it begins; `None` where it cannot enter.
///
/// # Errors
/// [`ImportError::NotATable`], [`ImportError::NoLayout`].
pub fn drafts_of(bytes: &[u8], rules: &Rules, now: UtcDateTime) -> Result<BTreeMap<u64, Option<Draft>>, ImportError> {
    let table = Table::read(bytes)?;
    let shape = Layout::detect(&table)?;
    let reader = Reader { rules, shape: &shape, separator: table.separator(), choices: Choices::default(), now };
    Ok(table.rows.iter().map(|row| (row.line, reader.read(row).draft)).collect())
}

/// What entries are read by.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reader<'a> {
    pub(crate) rules: &'a Rules,
    pub(crate) shape: &'a Shape,
    pub(crate) separator: char,
    pub(crate) choices: Choices,
    pub(crate) now: UtcDateTime,
}

/// What one column says, as fields of a form.
#[derive(Debug, Clone)]
struct Part {
    column: &'static str,
    value: String,
    fields: Vec<(&'static str, String)>,
}

/// Columns that are one field as they stand.
const PLAIN: [(Role, &str); 4] =
    [(Role::Name, "name"), (Role::Acronym, "acronym"), (Role::Founded, "founded"), (Role::Web, "web")];

const NUMBERS: [(Role, &str); 5] = [
    (Role::Budget, "budget"),
    (Role::WorkforceTotal, "workforce-total"),
    (Role::WorkforceProduction, "workforce-production"),
    (Role::WorkforceSupervision, "workforce-supervision"),
    (Role::WorkforceIntegration, "workforce-integration"),
];

const LISTS: [(Role, &[Target]); 6] = [
    (Role::LegalForm, wordlist::LEGAL_FORM),
    (Role::Specifics, wordlist::SPECIFICS),
    (Role::Category, wordlist::CATEGORY),
    (Role::Integration, wordlist::INTEGRATION),
    (Role::Themes, wordlist::THEMES),
    (Role::Keywords, wordlist::KEYWORDS),
];

const MEDIA: [(Role, &str); 4] =
    [(Role::Email, "email"), (Role::Phone, "phone"), (Role::Fax, "fax"), (Role::Mobile, "mobile")];

/// A tagline is one line.
const TAGLINE: usize = 250;

impl Reader<'_> {
    /// Reads a row.
    pub(crate) fn read(&self, row: &Row) -> Entry {
        let mut reading = Reading::of(self, row);
        if reading.is_sound() {
            reading.plain();
            reading.numbers();
            reading.texts();
            reading.lists();
            reading.place();
            reading.contacts();
            reading.old_base();
        }
        reading.end()
    }

    /// What a form would say of a draft.
    fn problems(&self, draft: &Draft) -> Problems {
        let late = check_dates(Kind::Structure, draft, None, self.now);
        let iri = RecordIri::mint("https://import.invalid", Kind::Structure);
        let raised = Record::raise(Kind::Structure, (iri, self.now), draft, self.now, self.rules);
        raised.err().unwrap_or_default().into_iter().chain(late).collect()
    }
}

/// A row while it is read.
pub(crate) struct Reading<'a> {
    pub(crate) by: &'a Reader<'a>,
    pub(crate) row: &'a Row,
    parts: Vec<Part>,
    pub(crate) entry: Entry,
    is_out: bool,
}

impl<'a> Reading<'a> {
    fn of(by: &'a Reader<'a>, row: &'a Row) -> Self {
        let name = by.shape.at(Role::Name).map_or("", |(at, _)| row.cell(at));
        let number = by.shape.at(Role::Number).map_or("", |(at, _)| row.cell(at));
        // A row without a number is known by what it says: the same row is the same structure the next time.
        let number = if number.is_empty() { unnumbered(row) } else { number.to_owned() };
        let source = format!("{}:{number}", by.shape.layout.name());
        let entry = Entry {
            line: row.line,
            source,
            called: sha256_hex(name_key(name).as_bytes())[..16].to_owned(),
            draft: None,
            is_validated: true,
            point: None,
            words: Vec::new(),
            columns: BTreeMap::new(),
            remarks: Vec::new(),
        };
        Self { by, row, parts: Vec::new(), entry, is_out: false }
    }

    /// What a column says, where it says something, and its name.
    pub(crate) fn cell(&mut self, role: Role) -> Option<(&'static str, &'a str)> {
        let (at, column) = self.by.shape.at(role)?;
        let value = self.row.cell(at);
        if value == "[ND]" {
            self.say(column, value, What::NotDisclosed);
            return None;
        }
        (!value.is_empty()).then_some((column, value))
    }

    pub(crate) fn say(&mut self, column: &'static str, value: &str, what: What) {
        self.say_more(Remark::new(self.row.line, column, value, what));
    }

    /// A cell that is looked at twice is told of once.
    pub(crate) fn say_more(&mut self, remark: Remark) {
        if !self.entry.remarks.contains(&remark) {
            self.entry.remarks.push(remark);
        }
    }

    fn out(&mut self, remark: Remark) -> bool {
        self.say_more(remark);
        self.is_out = true;
        false
    }

    pub(crate) fn add(&mut self, column: &'static str, value: &str, fields: Vec<(&'static str, String)>) {
        for (field, _) in &fields {
            self.entry.columns.entry(field).or_insert(column);
        }
        self.parts.push(Part { column, value: value.to_owned(), fields });
    }

    /// Whether its cells are those of its columns, and it has a name.
    fn is_sound(&mut self) -> bool {
        let (line, width) = (self.row.line, self.by.shape.width);
        let (_, column) = self.by.shape.at(Role::Name).unwrap_or_default();
        if self.row.swallowed(width, self.by.separator) {
            return self.out(Remark::new(line, "", self.row.cell(0), What::OpenQuotation));
        }
        if self.row.cells.len() > width {
            let remark = Remark::new(line, "", self.row.cell(0), What::TooManyCells);
            return self.out(remark.with("cells", self.row.cells.len()).with("columns", width));
        }
        match self.cell(Role::Name) {
            Some(_) => true,
            None => self.out(Remark::new(line, column, "", What::NoName)),
        }
    }

    fn plain(&mut self) {
        for (role, field) in PLAIN {
            if let Some((column, value)) = self.cell(role) {
                self.add(column, value, vec![(field, in_one_line(value))]);
            }
        }
        if let Some((column, value)) = self.cell(Role::Siret) {
            let (whole, is_regained) = siret(value);
            if is_regained {
                self.say_more(Remark::new(self.row.line, column, value, What::ZeroRegained).with("now", &whole));
            }
            self.add(column, value, vec![("siret", whole)]);
        }
    }

    fn numbers(&mut self) {
        for (role, field) in NUMBERS {
            if let Some((column, value)) = self.cell(role) {
                self.add(column, value, vec![(field, without_zeros(value, role == Role::Budget))]);
            }
        }
    }

    /// The tagline and the description, which takes all that has no field of its own.
    fn texts(&mut self) {
        let mut texts: Vec<(&'static str, String)> = Vec::new();
        if let Some((column, value)) = self.cell(Role::Tagline) {
            if value.chars().count() > TAGLINE {
                self.say(column, value, What::Moved);
                texts.push((column, value.to_owned()));
            } else {
                self.add(column, value, vec![("tagline", in_one_line(value))]);
            }
        }
        for role in [Role::Presentation, Role::SocialValue] {
            texts.extend(self.cell(role).map(|(column, value)| (column, value.to_owned())));
        }
        let people = self.cell(Role::PeopleInIntegration);
        texts.extend(people.map(|(column, value)| (column, format!("Personnes en insertion par an : {value}"))));
        if let Some(column) = texts.first().map(|(column, _)| *column) {
            let whole: Vec<String> = texts.into_iter().map(|(_, text)| text).collect();
            let whole = whole.join("\n\n");
            self.add(column, &whole, vec![("description", whole.clone())]);
        }
    }

    fn lists(&mut self) {
        let mut words = Words::default();
        if let Some((column, value)) = self.cell(Role::Activities) {
            for word in wordlist::words(value) {
                self.activity(&mut words, column, word);
            }
        }
        for (role, targets) in LISTS {
            if let Some((column, value)) = self.cell(role) {
                for word in wordlist::words(value) {
                    self.word(&mut words, (column, targets), word);
                }
            }
        }
        for (field, (column, values)) in words.0 {
            let value = values.join(", ");
            self.add(column, &value, values.into_iter().map(|value| (field, value)).collect());
        }
    }

    /// The code of an activity: INSEE's, or a word of the list of sectors.
    fn activity(&mut self, words: &mut Words, column: &'static str, word: &str) {
        if Naf::read("naf", word).is_ok() {
            words.0.entry("naf").or_insert((column, vec![word.to_owned()]));
        } else if is_old_activity(word) {
            self.say(column, word, What::OldActivity);
        } else {
            self.word(words, (column, wordlist::ACTIVITIES), word);
        }
    }

    fn word(&mut self, words: &mut Words, (column, targets): (&'static str, &[Target]), word: &str) {
        for (part, meaning) in wordlist::meanings(&self.by.rules.thesaurus, targets, word) {
            let limit = match meaning {
                Meaning::Concept(field, code) => words.take(self.by.rules, column, field, &code),
                Meaning::Tag(tag) => {
                    let limit = words.keep(column, "tags", tag.as_str());
                    if limit.is_none() {
                        self.entry.words.push((column, part.clone(), Some(tag)));
                    }
                    limit
                }
                Meaning::Nothing => {
                    self.entry.words.push((column, part.clone(), None));
                    None
                }
            };
            if let Some(limit) = limit {
                self.say_more(Remark::new(self.row.line, column, part, What::TooManyWords).with("limit", limit));
            }
        }
    }

    fn contacts(&mut self) {
        for (role, medium) in MEDIA {
            if let Some((column, cell)) = self.cell(role) {
                self.contact(column, medium, cell);
            }
        }
    }

    /// The numbers or addresses of a cell: the whole of it, or, where that is none, what stands in it side by side.
    fn contact(&mut self, column: &'static str, medium: &'static str, cell: &str) {
        let all = if reached(medium, cell).is_ok() { vec![cell] } else { pieces(cell).collect() };
        for piece in all {
            match reached(medium, piece) {
                Ok(value) => {
                    if value.starts_with('0') && medium != "email" && value != piece {
                        let remark = Remark::new(self.row.line, column, piece, What::ZeroRegained);
                        self.say_more(remark.with("now", &value));
                    }
                    let audience = self.by.choices.contacts.min(self.by.choices.audience).as_str().to_owned();
                    let line = [
                        ("contact-medium", medium.to_owned()),
                        ("contact-value", value),
                        ("contact-note", String::new()),
                        ("contact-audience", audience),
                    ];
                    self.add(column, piece, line.to_vec());
                }
                Err(problems) => problems.iter().for_each(|problem| self.say(column, piece, What::Rule(problem.why))),
            }
        }
    }

    /// What the old base said of its own sheet.
    fn old_base(&mut self) {
        if let Some((column, value)) = self.cell(Role::Counterpart) {
            match Rna::read("rna", value) {
                Ok(rna) => self.add(column, value, vec![("rna", rna.as_str().to_owned())]),
                Err(problem) => self.say(column, value, What::Rule(problem.why)),
            }
        }
        if let Some((column, value)) = self.cell(Role::Status).filter(|(_, value)| !value.eq_ignore_ascii_case("v")) {
            self.say(column, value, What::NotValidated);
            self.entry.is_validated = false;
        }
    }

    /// The draft, without the parts that a form would refuse.
    fn end(mut self) -> Entry {
        if self.is_out {
            return self.entry;
        }
        self.drop_wrong_parts();
        // What is wrong only together with others: at most as often as there are parts.
        while !self.is_out {
            let problems = self.by.problems(&self.draft(&self.parts));
            let Some(problem) = problems.first() else { break };
            // Whatever is at fault, a row with a name enters.
            let at = self.parts.iter().rposition(|part| part.is_of(problem.field)).unwrap_or(self.parts.len() - 1);
            let part = self.parts.remove(at);
            self.is_out = part.is_of("name");
            self.say(part.column, &part.value, if self.is_out { What::UnfitName } else { What::Rule(problem.why) });
        }
        self.entry.draft = (!self.is_out).then(|| self.draft(&self.parts));
        self.entry
    }

    /// Tries each part for itself, where not all of them are right.
    fn drop_wrong_parts(&mut self) {
        if self.by.problems(&self.draft(&self.parts)).is_empty() {
            return;
        }
        let (names, others): (Vec<Part>, Vec<Part>) =
            std::mem::take(&mut self.parts).into_iter().partition(|part| part.is_of("name"));
        self.parts.clone_from(&names);
        if !self.by.problems(&self.draft(&names)).is_empty() {
            return;
        }
        for part in others {
            let alone: Vec<Part> = names.iter().chain([&part]).cloned().collect();
            let needs_commune = part.fields.iter().any(|(field, _)| NEED_COMMUNE.contains(field));
            let problems = if needs_commune { Vec::new() } else { self.by.problems(&self.draft(&alone)) };
            problems.iter().for_each(|problem| self.say(part.column, &part.value, What::Rule(problem.why)));
            if problems.is_empty() {
                self.parts.push(part);
            }
        }
    }

    fn draft(&self, parts: &[Part]) -> Draft {
        let fields = parts.iter().flat_map(|part| part.fields.iter().cloned());
        let audience = ("audience", self.by.choices.audience.as_str().to_owned());
        fields.chain([audience]).map(|(field, value)| (field.to_owned(), value)).collect()
    }
}

/// What stands before the digest of a row without a number.
const UNNUMBERED: char = '=';

fn unnumbered(row: &Row) -> String {
    format!("{UNNUMBERED}{}", &sha256_hex(row.cells.join("\n").as_bytes())[..32])
}

impl Entry {
    /// Whether its base gave it a number.
    pub(crate) fn is_numbered(&self) -> bool {
        !self.source.contains(UNNUMBERED)
    }
}

/// Fields that say nothing, or something else, without the commune beside them. What they hold was checked before.
const NEED_COMMUNE: [&str; 3] = ["site-postcode", "site-latitude", "site-longitude"];

impl Part {
    /// Whether a problem of this field is of this part.
    fn is_of(&self, field: &str) -> bool {
        let of_list = [("sites", "site-"), ("contacts", "contact-"), ("labels", "label")];
        let prefix = of_list.iter().find(|(list, _)| *list == field).map(|(_, prefix)| *prefix);
        self.fields.iter().any(|(own, _)| *own == field || prefix.is_some_and(|prefix| own.starts_with(prefix)))
    }
}
