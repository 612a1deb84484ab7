//! What a record says, field by field in the words of its form, and how that differs from what it said before. A form has all that people
//! can change, so nothing passes unseen.

use crate::failure::Failure;
use crate::porch::Porch;
use crate::views::fields::{FieldView, LineView};
use crate::views::form::{Form, FormView};
use crate::views::rows::rows_of;
use crate::views::{FileView, form_of};
use pes_domain::{Problem, Record};
use pes_journal::moderation::has_form;
use pes_people::Viewer;
use pes_words::dates;
use serde::Serialize;
use time::Date;
use time::macros::format_description;

/// So much of a picture's or file's digest tells it from another to the eye.
const SHORT: usize = 12;

/// A field and what it says: an entry of a list each, or a line of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Line {
    pub(crate) label: String,
    pub(crate) values: Vec<String>,
    /// What tells it from another of the same label.
    name: String,
}

/// What has changed in a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Change {
    pub(crate) label: String,
    pub(crate) removed: Vec<String>,
    pub(crate) added: Vec<String>,
}

/// All that a record says. `beside` is another version of it, whose choices are known too.
pub(crate) fn lines_of(
    porch: &Porch,
    viewer: &Viewer,
    record: &Record,
    beside: Option<&Record>,
) -> Result<Vec<Line>, Failure> {
    if !has_form(record.kind()) {
        return Ok(shown_lines(porch, record));
    }
    let draft = record.lower();
    let none: [Problem; 0] = [];
    let form = Form::new(porch, &draft, &none, &format!("edit-{}", record.kind().notation()), "").of(record.kind());
    let view = form_of(form, record.kind(), &structures(record, beside), viewer).finish();
    Ok(form_lines(porch, &view))
}

/// The fields in which two versions differ, in the order of the form.
pub(crate) fn changes(before: &[Line], now: &[Line]) -> Vec<Change> {
    let gone = before.iter().filter(|line| now.iter().all(|other| other.name != line.name));
    let gone = gone.map(|line| Change { label: line.label.clone(), removed: line.values.clone(), added: Vec::new() });
    let differ = now.iter().filter_map(|line| {
        let stood = before.iter().find(|other| other.name == line.name).map_or(&[][..], |other| &other.values);
        change(&line.label, stood, &line.values)
    });
    differ.chain(gone).collect()
}

fn change(label: &str, before: &[String], now: &[String]) -> Option<Change> {
    if before == now {
        return None;
    }
    let without = |some: &[String], others: &[String]| -> Vec<String> {
        some.iter().filter(|one| !others.contains(one)).cloned().collect()
    };
    let (mut removed, mut added) = (without(before, now), without(now, before));
    // The same in another order.
    if removed.is_empty() && added.is_empty() {
        (removed, added) = (before.to_vec(), now.to_vec());
    }
    Some(Change { label: label.to_owned(), removed, added })
}

/// The structures that two versions name: in a form they are choices, and have their names from there.
fn structures(record: &Record, beside: Option<&Record>) -> Vec<(String, String)> {
    let bodies = [Some(record), beside].into_iter().flatten().map(|record| &record.body);
    let named = bodies.flat_map(|body| body.speaks_for().into_iter().chain(body.names()));
    let mut all: Vec<(String, String)> =
        named.filter_map(|to| Some((to.iri.as_ref()?.to_string(), to.label.clone()))).collect();
    all.sort();
    all.dedup_by(|one, other| one.0 == other.0);
    all
}

/// What has no form is told as its page tells it.
fn shown_lines(porch: &Porch, record: &Record) -> Vec<Line> {
    let text = record.body.text().map(|text| Line {
        label: porch.say("field-detail"),
        values: text_lines(text),
        name: "detail".into(),
    });
    let rows = rows_of(porch, record).into_iter().map(|row| Line {
        name: row.label.clone(),
        label: row.label,
        values: row.values.into_iter().map(|value| value.text).collect(),
    });
    rows.chain(text).collect()
}

fn form_lines(porch: &Porch, view: &FormView) -> Vec<Line> {
    let fields = view.sections.iter().flat_map(|section| &section.fields);
    let lines = fields.flat_map(|field| {
        let said = Line { label: field.label.clone(), values: words(porch, field), name: field.name.clone() };
        [Some(said), audience(porch, field)].into_iter().flatten()
    });
    lines.filter(|line| !line.values.is_empty()).collect()
}

/// For whom a field is, where it is for fewer than the whole.
fn audience(porch: &Porch, field: &FieldView) -> Option<Line> {
    let audience = field.audience.as_ref()?;
    let chosen = audience.options.iter().find(|option| option.is_chosen && !option.value.is_empty())?;
    let label = format!("{} – {}", field.label, porch.say("who-sees-field"));
    Some(Line { label, values: vec![chosen.label.clone()], name: audience.name.clone() })
}

/// What a field says.
fn words(porch: &Porch, field: &FieldView) -> Vec<String> {
    let control = &field.control;
    if control.is_lines {
        return field.lines.iter().filter_map(|line| entry(porch, line)).collect();
    }
    if control.is_picture {
        // Another picture with the same words is another one.
        let file = field.picture.as_ref().and_then(|picture| picture.src.rsplit('/').next());
        return file.map(|file| file.chars().take(SHORT).collect()).into_iter().collect();
    }
    if control.is_file {
        // Another file of the same name is another one.
        let short = |digest: &str| digest.chars().take(SHORT).collect::<String>();
        let told = |file: &FileView| {
            format!("{} ({})", file.name, field.value.split(' ').nth(1).map_or_else(String::new, short))
        };
        return field.file.as_ref().map(told).into_iter().collect();
    }
    if control.is_tick {
        return (!field.value.is_empty()).then(|| porch.say("said-yes")).into_iter().collect();
    }
    if control.is_text {
        return typed(field).into_iter().collect();
    }
    if control.is_area {
        return text_lines(&field.value);
    }
    let groups = field.groups.iter().flat_map(|group| &group.options);
    let chosen = field.options.iter().chain(groups).filter(|option| option.is_chosen && !option.value.is_empty());
    let communes = field.options.iter().filter(|option| control.is_communes && !option.value.is_empty());
    chosen.map(|option| option.label.clone()).chain(communes.map(|option| option.value.clone())).collect()
}

fn text_lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// A line of a table, in which something is given.
fn entry(porch: &Porch, line: &LineView) -> Option<String> {
    if line.cells.iter().all(|cell| cell.value.is_empty()) {
        return None;
    }
    let cells = line.cells.iter().flat_map(|cell| match cell.control.is_select {
        true => words(porch, cell),
        false => typed(cell).into_iter().collect(),
    });
    Some(cells.collect::<Vec<_>>().join(" · "))
}

/// What stands in an input; days as the French write them.
fn typed(field: &FieldView) -> Option<String> {
    let day = (field.control.input == "date")
        .then(|| Date::parse(&field.value, format_description!("[year]-[month]-[day]")).ok())
        .flatten();
    let said = day.map_or_else(|| field.value.clone(), dates::day);
    (!said.is_empty()).then_some(said)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(name: &str, values: &[&str]) -> Line {
        let values = values.iter().map(|value| (*value).to_owned()).collect();
        Line { label: name.to_uppercase(), values, name: name.into() }
    }

    fn told(changes: &[Change]) -> Vec<String> {
        let one = |change: &Change| format!("{} -{:?} +{:?}", change.label, change.removed, change.added);
        changes.iter().map(one).collect()
    }

    #[test]
    fn what_is_the_same_is_not_told() {
        let said = [line("title", &["Un vélo"]), line("skills", &["Maçonnerie", "Plomberie"])];
        assert_eq!(changes(&said, &said), []);
        assert_eq!(changes(&[], &[]), []);
    }

    #[test]
    fn of_a_list_what_went_and_what_came_is_told_and_of_a_text_its_lines() {
        let before = [line("skills", &["Maçonnerie", "Plomberie"]), line("text", &["Bonjour.", "À bientôt."])];
        let now = [line("skills", &["Maçonnerie", "Peinture"]), line("text", &["Bonjour.", "Venez !", "À bientôt."])];
        assert_eq!(
            told(&changes(&before, &now)),
            [r#"SKILLS -["Plomberie"] +["Peinture"]"#, r#"TEXT -[] +["Venez !"]"#]
        );
    }

    #[test]
    fn a_field_that_came_or_went_is_told_and_an_order_that_changed() {
        let before = [line("place", &["Nice"]), line("organisers", &["A", "B"])];
        let now = [line("organisers", &["B", "A"]), line("radius", &["20"])];
        let expected = [r#"ORGANISERS -["A", "B"] +["B", "A"]"#, r#"RADIUS -[] +["20"]"#, r#"PLACE -["Nice"] +[]"#];
        assert_eq!(told(&changes(&before, &now)), expected);
    }
}
