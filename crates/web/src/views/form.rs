//! Builds forms: fields in their order, with what was typed and what is wrong.

use crate::pages::upload::file_of;
use crate::porch::Porch;
use crate::views::fields::{AudienceView, Control, FieldView, GroupView, LineView, OptionView, Suggest};
use crate::views::{FileView, PictureView, QuestionView, SaidView};
use pes_domain::place::{Area, AreaKind};
use pes_domain::{Audience, Code, Draft, Field, Kind, List, Problem, Why};
use serde::Serialize;
use std::collections::HashSet;

/// A form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct FormView {
    pub(crate) title: String,
    pub(crate) intro: Option<String>,
    /// Who will see what is typed.
    pub(crate) audience_note: Option<String>,
    pub(crate) action: String,
    /// Whether files come with it, which browsers have to be told.
    pub(crate) brings_files: bool,
    pub(crate) sections: Vec<Section>,
    pub(crate) submit: String,
    /// What is wrong, each with the field it is about.
    pub(crate) problems: Vec<Wrong>,
    pub(crate) cancel: Option<String>,
    pub(crate) delete_url: Option<String>,
    pub(crate) withdraw_url: Option<String>,
    /// What a later save by somebody else made of it, where this one came too late.
    pub(crate) conflict: Vec<Conflict>,
    /// What has to be answered before it is saved.
    pub(crate) question: Option<QuestionView>,
    /// What the team said when it decided of it.
    pub(crate) said: Option<SaidView>,
    /// The version this form was made from.
    pub(crate) version: String,
}

/// Fields under one heading.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Section {
    pub(crate) title: String,
    pub(crate) fields: Vec<FieldView>,
}

/// What is wrong with a field.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Wrong {
    pub(crate) field: String,
    pub(crate) label: String,
    pub(crate) sentence: String,
}

/// A field that two people changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Conflict {
    pub(crate) label: String,
    pub(crate) theirs: String,
}

/// A form being built.
pub(crate) struct Form<'a> {
    pub(crate) porch: &'a Porch,
    pub(crate) draft: &'a Draft,
    problems: &'a [Problem],
    /// Who sees the record where nothing was chosen yet.
    fallback: Audience,
    /// The kind of record, where it has advice of its own for a field.
    kind: Option<Kind>,
    view: FormView,
}

impl<'a> Form<'a> {
    pub(crate) fn new(porch: &'a Porch, draft: &'a Draft, problems: &'a [Problem], key: &str, action: &str) -> Self {
        let intro = format!("{key}-intro");
        let catalogue = porch.words.catalogue();
        let view = FormView {
            title: porch.say(&format!("{key}-title")),
            intro: catalogue.has(&intro).then(|| catalogue.say(&intro)),
            action: action.to_owned(),
            submit: porch.say(&format!("{key}-submit")),
            ..FormView::default()
        };
        Self { porch, draft, problems, fallback: Audience::Public, kind: None, view }
    }

    /// Whose form it is: some fields mean something else there.
    pub(crate) fn of(self, kind: Kind) -> Self {
        Self { kind: Some(kind), ..self }
    }

    /// Says who will see what is typed, where a field does not say otherwise.
    pub(crate) fn seen_by(mut self, fallback: Audience) -> Self {
        self.fallback = fallback;
        let audience = self.porch.say(&format!("audience-{}", self.chosen_audience().as_str()));
        self.view.audience_note =
            Some(self.porch.words.catalogue().tell("form-audience", &[("audience", audience.into())]));
        self
    }

    fn chosen_audience(&self) -> Audience {
        match self.draft.one("audience") {
            "" => self.fallback,
            // Of a choice that is none the narrowest is made, which whoever sends the form again may widen.
            typed => Audience::named(typed).unwrap_or(Audience::Private),
        }
    }

    /// The form, with all that is wrong in the order of its fields.
    pub(crate) fn finish(mut self) -> FormView {
        let fields: Vec<&str> =
            self.view.sections.iter().flat_map(|one| &one.fields).map(|field| &*field.name).collect();
        let place =
            |problem: &&Problem| fields.iter().position(|field| is_about(problem, field)).unwrap_or(fields.len());
        let mut problems: Vec<&Problem> = self.problems.iter().collect();
        problems.sort_by_key(place);
        let wrong = problems.into_iter().map(|problem| Wrong {
            field: problem.field.to_owned(),
            label: self.label(problem.field),
            sentence: self.sentence(problem),
        });
        self.view.problems = wrong.collect();
        self.view
    }

    pub(crate) fn section(mut self, key: &str) -> Self {
        self.view.sections.push(Section { title: self.porch.say(&format!("section-{key}")), fields: Vec::new() });
        self
    }

    fn add(mut self, field: FieldView) -> Self {
        if self.view.sections.is_empty() {
            self.view.sections.push(Section::default());
        }
        if let Some(section) = self.view.sections.last_mut() {
            section.fields.push(field);
        }
        self
    }

    /// What all fields have in common.
    fn field(&self, name: &str, control: Control) -> FieldView {
        let (help, catalogue) = (format!("help-{name}"), self.porch.words.catalogue());
        let own_help = self.kind.map(|kind| format!("help-{}-{name}", kind.notation()));
        let help = own_help.filter(|help| catalogue.has(help)).unwrap_or(help);
        FieldView {
            name: name.to_owned(),
            label: self.label(name),
            help: catalogue.has(&help).then(|| catalogue.say(&help)),
            value: self.draft.all(name).first().cloned().unwrap_or_default(),
            error: self.problems.iter().find(|problem| is_about(problem, name)).map(|problem| self.sentence(problem)),
            control,
            autocomplete: autocomplete(name),
            suggest: Suggest::of(name),
            // Only what becomes a record is seen by anybody.
            audience: self.kind.and_then(|_| Field::named(name)).map(|_| self.audience_of(name)),
            ..FieldView::default()
        }
    }

    /// What a field is called: in the form of some kinds as nowhere else.
    fn label(&self, name: &str) -> String {
        let own = self.kind.map(|kind| format!("field-{}-{name}", kind.notation()));
        let own = own.filter(|own| self.porch.words.catalogue().has(own));
        self.porch.say(&own.unwrap_or_else(|| format!("field-{name}")))
    }

    /// What is wrong, in words; where several communes have a name, which.
    fn sentence(&self, problem: &Problem) -> String {
        let sentence = problem_sentence(self.porch, problem);
        if problem.why != Why::SeveralCommunes {
            return sentence;
        }
        let typed = self.draft.all(problem.field).iter().chain(self.draft.all("site-commune"));
        let choices: Vec<String> = typed
            .map(|typed| self.porch.rules().gazetteer.find(typed))
            .filter(|found| found.len() > 1)
            .flat_map(|found| found.into_iter().take(8))
            .map(|commune| commune.to_choice(self.porch.rules().gazetteer))
            .collect();
        format!("{sentence} {}.", choices.join("\u{202f}; "))
    }

    fn audience_of(&self, field: &str) -> AudienceView {
        let name = format!("audience-of-{field}");
        let typed = self.draft.one(&name);
        let is_none = !typed.is_empty() && Audience::named(typed).is_none();
        let chosen = if is_none { Audience::Private.as_str() } else { typed };
        let whole = self.porch.say(&format!("audience-{}", self.chosen_audience().as_str()));
        let same = self.porch.words.catalogue().tell("audience-same", &[("audience", whole.into())]);
        let mut options = vec![OptionView::new("", same, chosen.is_empty())];
        for audience in [Audience::Affiliates, Audience::Network, Audience::Private] {
            let label = self.porch.say(&format!("audience-{}", audience.as_str()));
            options.push(OptionView::new(audience.as_str(), label, chosen == audience.as_str()));
        }
        AudienceView { name, options }
    }

    fn input(self, name: &str, input: &'static str, is_required: bool) -> Self {
        let field = self.field(name, Control { is_text: true, input, ..Control::default() });
        self.add(FieldView { is_required, ..field })
    }

    pub(crate) fn text(self, name: &str) -> Self {
        self.input(name, "text", false)
    }

    pub(crate) fn required(self, name: &str) -> Self {
        self.input(name, "text", true)
    }

    /// A structure by its name, and its record behind it, where one was chosen: `{name}-label` and `{name}`.
    pub(crate) fn structure_named(self, name: &str) -> Self {
        let typed =
            self.field(&format!("{name}-label"), Control { is_text: true, input: "text", ..Control::default() });
        let link = self.field(name, Control { is_link: true, ..Control::default() });
        let suggest = Some(Suggest::structures(name));
        self.add(FieldView { is_required: true, suggest, ..typed }).add(link)
    }

    pub(crate) fn email(self, name: &str) -> Self {
        self.input(name, "email", true)
    }

    /// A password one has: nothing is advised about it.
    pub(crate) fn password(self, name: &str) -> Self {
        self.secret(name, None, "current-password")
    }

    /// A password one chooses.
    pub(crate) fn new_password(self, name: &str) -> Self {
        let help = self.porch.say(&format!("help-{name}"));
        self.secret(name, Some(help), "new-password")
    }

    fn secret(self, name: &str, help: Option<String>, autocomplete: &'static str) -> Self {
        let field = self.field(name, Control { is_text: true, input: "password", ..Control::default() });
        // A password is never sent back.
        let value = String::new();
        self.add(FieldView { is_required: true, value, help, autocomplete: Some(autocomplete), ..field })
    }

    pub(crate) fn date(self, name: &str) -> Self {
        self.input(name, "date", false)
    }

    pub(crate) fn number(self, name: &str) -> Self {
        self.input(name, "number", false)
    }

    pub(crate) fn area(self, name: &str) -> Self {
        let field = self.field(name, Control { is_area: true, ..Control::default() });
        self.add(field)
    }

    pub(crate) fn required_area(self, name: &str) -> Self {
        let field = self.field(name, Control { is_area: true, ..Control::default() });
        self.add(FieldView { is_required: true, ..field })
    }

    /// A picture: the one that stands there, another in its place, or none; and what it says in words.
    pub(crate) fn picture(self) -> Self {
        let field = self.field("picture", Control { is_picture: true, ..Control::default() });
        let alt = self.draft.one("picture-alt");
        let picture = file_of(self.draft).and_then(|file| PictureView::of_form(self.porch, file, alt));
        let mut form = self.add(FieldView { picture, ..field });
        form.view.brings_files = true;
        form.text("picture-alt")
    }

    /// A file: the one that stands there, another in its place, or none.
    pub(crate) fn file(self) -> Self {
        let field = self.field("file", Control { is_file: true, ..Control::default() });
        let file = FileView::of_form(self.porch, self.draft.one("file"));
        let mut form = self.add(FieldView { file, ..field });
        form.view.brings_files = true;
        form
    }

    pub(crate) fn tick(self, name: &str) -> Self {
        let field = self.field(name, Control { is_tick: true, ..Control::default() });
        self.add(field)
    }

    /// A choice of one, all in sight.
    pub(crate) fn radios(self, name: &str, options: Vec<(String, String)>) -> Self {
        let field = self.field(name, Control { is_radios: true, ..Control::default() });
        self.choices(field, options, true)
    }

    /// A choice of one from a long list.
    pub(crate) fn select(self, name: &str, options: Vec<(String, String)>) -> Self {
        let field = self.field(name, Control { is_select: true, ..Control::default() });
        self.choices(field, options, false)
    }

    /// A choice of several, all in sight.
    pub(crate) fn checks(self, name: &str, options: Vec<(String, String)>) -> Self {
        let field = self.field(name, Control { is_checks: true, ..Control::default() });
        self.choices(field, options, false)
    }

    fn choices(self, field: FieldView, options: Vec<(String, String)>, is_required: bool) -> Self {
        let chosen: HashSet<&String> = self.draft.all(&field.name).iter().collect();
        let options = options.into_iter().map(|(value, label)| {
            let is_chosen = chosen.contains(&value);
            OptionView::new(value, label, is_chosen)
        });
        let options = options.collect();
        self.add(FieldView { options, is_required, ..field })
    }

    /// The concepts of a list, as choices.
    pub(crate) fn concepts(&self, list: List) -> Vec<(String, String)> {
        let concepts = self.porch.rules().thesaurus.list(list);
        concepts.map(|concept| (concept.code.notation().to_owned(), concept.label.clone())).collect()
    }

    /// A choice of several from a tree, its families folded.
    pub(crate) fn tree(self, name: &str, list: List) -> Self {
        let chosen: HashSet<&str> = self.draft.all(name).iter().map(String::as_str).collect();
        let thesaurus = &self.porch.rules().thesaurus;
        let is_flat = thesaurus.list(list).all(|concept| concept.broader.is_none());
        let mut groups: Vec<GroupView> = Vec::new();
        for concept in thesaurus.list(list) {
            let is_chosen = chosen.contains(concept.code.notation());
            let depth = thesaurus.depth(&concept.code);
            // A list without families is one family.
            if groups.is_empty() || (depth == 0 && !is_flat) {
                let label = if is_flat { self.porch.say("choose") } else { concept.label.clone() };
                groups.push(GroupView { label, ..GroupView::default() });
            }
            let Some(group) = groups.last_mut() else { continue };
            let is_family = depth == 0 && !is_flat;
            let label = if is_family { self.all_of(&concept.code) } else { concept.label.clone() };
            group.is_open |= is_chosen;
            let option = OptionView::new(concept.code.notation(), label, is_chosen);
            group.options.push(OptionView { depth: depth.saturating_sub(1), ..option });
        }
        let field = self.field(name, Control { is_tree: true, ..Control::default() });
        self.add(FieldView { groups, ..field })
    }

    /// A choice of several in groups that are folded; no field where there is nothing to choose.
    pub(crate) fn folded(self, name: &str, groups: Vec<GroupView>) -> Self {
        if groups.is_empty() {
            return self;
        }
        let field = self.field(name, Control { is_tree: true, ..Control::default() });
        self.add(FieldView { groups, ..field })
    }

    /// A family as a whole.
    fn all_of(&self, code: &Code) -> String {
        let label = self.porch.rules().thesaurus.label(code);
        self.porch.words.catalogue().tell("whole-family", &[("family", label.into())])
    }

    /// Territories: departments by their regions, and communes and intercommunalities as one types them.
    pub(crate) fn areas(self) -> Self {
        let gazetteer = self.porch.rules().gazetteer;
        let chosen: HashSet<&str> = self.draft.all("areas").iter().map(String::as_str).collect();
        let mut groups = Vec::new();
        for (region, name) in gazetteer.areas(AreaKind::Region) {
            let mut inside: Vec<Area> = gazetteer
                .communes_of(region)
                .map(|commune| Area::new(AreaKind::Department, commune.department.clone()))
                .collect();
            inside.sort();
            inside.dedup();
            let departments = [region.clone()].into_iter().chain(inside).filter_map(|area| {
                let label = gazetteer.area_name(&area)?.to_owned();
                let label = if area == *region { self.whole_region(&label) } else { label };
                Some(OptionView::new(area.to_form(), label, chosen.contains(area.to_form().as_str())))
            });
            let options: Vec<OptionView> = departments.collect();
            let is_open = options.iter().any(|option| option.is_chosen);
            groups.push(GroupView { label: name.to_owned(), is_open, options });
        }
        let field = self.field("areas", Control { is_tree: true, is_communes: true, ..Control::default() });
        let options = self.communes_typed();
        self.add(FieldView { groups, options, ..field })
    }

    fn whole_region(&self, name: &str) -> String {
        self.porch.words.catalogue().tell("whole-region", &[("region", name.into())])
    }

    /// The communes and intercommunalities among the territories, as one types them, and room for two more.
    fn communes_typed(&self) -> Vec<OptionView> {
        let gazetteer = self.porch.rules().gazetteer;
        let typed = self.draft.all("areas").iter().filter(|typed| !typed.is_empty());
        let named = typed.filter_map(|typed| match typed.split_once(':') {
            Some(("commune", code)) => gazetteer.commune(code).map(pes_domain::gazetteer::Commune::to_form),
            Some(("epci", code)) => {
                gazetteer.area_name(&Area::new(AreaKind::Epci, code)).map(|name| format!("{name} ({code})"))
            }
            Some(_) => None,
            None => Some(typed.clone()),
        });
        named.chain([String::new(), String::new()]).map(|name| OptionView::new(name, "", false)).collect()
    }

    /// A table with a line for each entry, and some empty ones.
    pub(crate) fn lines(self, name: &str, spare: usize, columns: &[Column]) -> Self {
        let filled = columns.iter().map(|column| self.draft.all(column.name).len()).max().unwrap_or_default();
        let lines = (0..filled + spare)
            .map(|at| LineView { number: at + 1, cells: columns.iter().map(|column| self.cell(column, at)).collect() });
        let lines = lines.collect();
        let field = self.field(name, Control { is_lines: true, ..Control::default() });
        self.add(FieldView { lines, ..field })
    }

    fn cell(&self, column: &Column, at: usize) -> FieldView {
        let value = self.draft.line(column.name, at).to_owned();
        let fallback = if value.is_empty() { column.fallback.as_str() } else { &value };
        let options = column
            .options
            .iter()
            .map(|(notation, label)| OptionView::new(notation.clone(), label.clone(), notation == fallback));
        FieldView {
            name: column.name.to_owned(),
            label: self.porch.say(&format!("field-{}", column.name)),
            options: options.collect(),
            control: Control {
                is_select: !column.options.is_empty(),
                is_text: column.options.is_empty(),
                input: column.input,
                ..Control::default()
            },
            value,
            suggest: Suggest::of(column.name),
            ..FieldView::default()
        }
    }

    /// Who will see the whole.
    pub(crate) fn audience(self) -> Self {
        let chosen = self.chosen_audience();
        let all = [Audience::Public, Audience::Affiliates, Audience::Network, Audience::Private];
        let options = all.map(|audience| {
            let label = self.porch.say(&format!("audience-{}", audience.as_str()));
            OptionView::new(audience.as_str(), label, audience == chosen)
        });
        let field = self.field("audience", Control { is_radios: true, ..Control::default() });
        self.add(FieldView { options: options.into(), ..field })
    }

    pub(crate) fn submit(mut self, key: &str) -> Self {
        self.view.submit = self.porch.say(key);
        self
    }
}

/// What browsers may fill in by themselves (WCAG 2.2, 1.3.5).
fn autocomplete(name: &str) -> Option<&'static str> {
    match name {
        "email" => Some("email"),
        "given-name" => Some("given-name"),
        "family-name" => Some("family-name"),
        _ => None,
    }
}

/// A column of a table; with options it is a choice, and `fallback` the one that is chosen at first.
pub(crate) struct Column {
    pub(crate) name: &'static str,
    pub(crate) options: Vec<(String, String)>,
    pub(crate) fallback: String,
    /// What is typed where there are no options: the type of the input.
    pub(crate) input: &'static str,
}

impl Column {
    pub(crate) fn text(name: &'static str) -> Self {
        Self::input(name, "text")
    }

    pub(crate) fn input(name: &'static str, input: &'static str) -> Self {
        Self { name, options: Vec::new(), fallback: String::new(), input }
    }
}

/// Whether a problem is shown beside a field: its own, and that of the name beside a choice where the name has no field.
fn is_about(problem: &Problem, field: &str) -> bool {
    problem.field == field || problem.field == format!("{field}-label")
}

/// What is wrong, in words.
pub(crate) fn problem_sentence(porch: &Porch, problem: &Problem) -> String {
    let limit = problem.why.limit().unwrap_or_default() as u64;
    let catalogue = porch.words.catalogue();
    let own = format!("problem-{}-{}", problem.field, problem.why.key());
    let key = if catalogue.has(&own) { own } else { format!("problem-{}", problem.why.key()) };
    catalogue.tell(&key, &[("limit", limit.into())])
}
