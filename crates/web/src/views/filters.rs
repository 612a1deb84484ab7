//! What a list is narrowed by, and its pages.

use crate::porch::Porch;
use crate::shelf::{Narrowing, short};
use crate::views::fields::OptionView;
use pes_domain::exchange::Direction;
use pes_domain::place::AreaKind;
use pes_domain::{Code, Draft, Kind, List};
use serde::Serialize;

/// The filters of a list, with what is chosen.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Filters {
    pub(crate) selects: Vec<Select>,
    /// Whether any narrows.
    pub(crate) is_narrowed: bool,
}

/// One filter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Select {
    pub(crate) name: &'static str,
    pub(crate) label: String,
    pub(crate) options: Vec<OptionView>,
}

/// Where in a list one is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Pager {
    pub(crate) number: u64,
    pub(crate) count: u64,
    pub(crate) previous: Option<String>,
    pub(crate) next: Option<String>,
}

/// The lists by which each kind is narrowed.
fn lists_of(kind: Kind) -> &'static [List] {
    match kind {
        Kind::Structure => &[List::Skill, List::Sector, List::Theme],
        Kind::Exchange => &[List::ExchangeType, List::Skill, List::Sector],
        Kind::Call => &[List::CallType, List::Skill, List::Sector],
        Kind::Job => &[List::ContractType],
        _ => &[],
    }
}

/// Reads what was chosen: filters that a page needs are made from it, and the narrowing for the database.
pub(crate) fn read(porch: &Porch, kind: Kind, chosen: &Draft) -> (Filters, Narrowing) {
    let mut narrowing = Narrowing::default();
    let mut selects = Vec::new();
    if kind == Kind::Exchange {
        let options = Direction::ALL.map(|one| {
            let label = porch.say(&format!("direction-{}", one.notation()));
            OptionView::new(one.notation(), label, chosen.one("direction") == one.notation())
        });
        selects.push(select(porch, "direction", options.into()));
        if Direction::named(chosen.one("direction")).is_some() {
            narrowing.facets.push(("direction".into(), vec![chosen.one("direction").to_owned()]));
        }
    }
    for list in lists_of(kind) {
        selects.push(select(porch, list.name(), concepts(porch, *list, chosen.one(list.name()))));
        let code = Code::new(*list, chosen.one(list.name()));
        if porch.rules().thesaurus.has(&code) {
            narrowing.facets.push((list.name().into(), with_narrower(porch, &code)));
        }
    }
    let departments = porch.rules().gazetteer.areas(AreaKind::Department);
    let mut options: Vec<OptionView> = departments
        .iter()
        .map(|(area, name)| {
            OptionView::new(
                area.code.clone(),
                format!("{} – {name}", area.code),
                chosen.one("departement") == area.code,
            )
        })
        .collect();
    options.sort_by(|one, other| one.value.cmp(&other.value));
    let is_known = options.iter().any(|option| option.is_chosen);
    narrowing.department = is_known.then(|| chosen.one("departement").to_owned());
    if kind != Kind::Call {
        selects.push(select(porch, "departement", options));
    }
    let networks = networks(porch, chosen.one("reseau"));
    narrowing.network = networks.iter().find(|option| option.is_chosen).map(|option| option.value.clone());
    if networks.len() > 1 {
        selects.push(select(porch, "reseau", networks));
    }
    let is_narrowed = narrowing != Narrowing::default();
    (Filters { selects, is_narrowed }, narrowing)
}

fn select(porch: &Porch, name: &'static str, options: Vec<OptionView>) -> Select {
    Select { name, label: porch.say(&format!("filter-{name}")), options }
}

fn concepts(porch: &Porch, list: List, chosen: &str) -> Vec<OptionView> {
    let thesaurus = &porch.rules().thesaurus;
    let option = |concept: &pes_domain::thesaurus::Concept| {
        let depth = thesaurus.depth(&concept.code);
        let label = format!("{}{}", "\u{2003}".repeat(depth), concept.label);
        OptionView::new(concept.code.notation(), label, concept.code.notation() == chosen)
    };
    thesaurus.list(list).map(option).collect()
}

/// A concept and all below it: who looks for building finds masons.
fn with_narrower(porch: &Porch, code: &Code) -> Vec<String> {
    let thesaurus = &porch.rules().thesaurus;
    let below = thesaurus.list(code.list()).filter(|concept| thesaurus.path(&concept.code).any(|above| above == code));
    below.map(|concept| concept.code.notation().to_owned()).collect()
}

fn networks(porch: &Porch, chosen: &str) -> Vec<OptionView> {
    let nodes = porch.store().read(pes_store::nodes::all).unwrap_or_default();
    let option = |node: &pes_store::nodes::Node| {
        OptionView::new(node.origin.as_str(), short(&node.name), node.origin.as_str() == chosen)
    };
    nodes.iter().map(option).collect()
}

impl Pager {
    /// The pager of a list of so many, `size` a page. The filters stay in the address.
    pub(crate) fn of(path: &str, chosen: &Draft, number: u64, total: u64, size: u64) -> Self {
        let count = total.div_ceil(size).max(1);
        let link = |number: u64| {
            let kept = chosen.fields().filter(|(name, _)| *name != "page");
            let pairs = kept.flat_map(|(name, values)| values.iter().filter(|v| !v.is_empty()).map(move |v| (name, v)));
            let query: String = pairs.map(|(name, value)| format!("{name}={}&", escaped(value))).collect();
            format!("{path}?{query}page={number}")
        };
        Self {
            number,
            count,
            previous: (number > 1).then(|| link(number - 1)),
            next: (number < count).then(|| link(number + 1)),
        }
    }
}

/// Percent-encodes what stands in a query.
pub(crate) fn escaped(value: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    value.bytes().map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pager_keeps_the_filters() {
        let chosen: Draft = [("skill", "é&"), ("page", "2"), ("sector", "")]
            .map(|(a, b)| (a.to_owned(), b.to_owned()))
            .into_iter()
            .collect();
        let pager = Pager::of("/annonces", &chosen, 2, 45, 20);
        assert_eq!(pager.count, 3);
        assert_eq!(pager.previous.as_deref(), Some("/annonces?skill=%C3%A9%26&page=1"));
        assert_eq!(pager.next.as_deref(), Some("/annonces?skill=%C3%A9%26&page=3"));
        assert_eq!(
            Pager::of("/annonces", &Draft::default(), 1, 0, 20),
            Pager { number: 1, count: 1, previous: None, next: None }
        );
    }
}
