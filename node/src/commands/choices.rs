//! `pes takes` and `pes gives`: what this network shows of others, and for whom its new records are at first.

use super::origin;
use crate::{Config, House, NodeError};
use clap::Args;
use pes_domain::{Draft, Gives, Kind, Problems, Takes, gives};
use pes_journal::Journal;

/// What is shown of other networks.
#[derive(Debug, Args)]
pub(super) struct TakesArgs {
    /// Show everything.
    #[arg(long, conflicts_with_all = ["without_kind", "without_network", "theme", "sector", "area"])]
    all: bool,
    /// A kind that is not shown: structure, exchange, product, job, call, event, article, document, person, membership. May be repeated.
    #[arg(long, value_name = "KIND")]
    without_kind: Vec<String>,
    /// The address of a network that is not shown. May be repeated.
    #[arg(long, value_name = "ADDRESS")]
    without_network: Vec<String>,
    /// A theme that is shown, by its notation; none for all. May be repeated.
    #[arg(long, value_name = "THEME")]
    theme: Vec<String>,
    /// A sector that is shown, by its notation; none for all. May be repeated.
    #[arg(long, value_name = "SECTOR")]
    sector: Vec<String>,
    /// A territory that is shown: region:93, department:06, or a commune; none for all. May be repeated.
    #[arg(long, value_name = "AREA")]
    area: Vec<String>,
}

/// For whom new records are at first.
#[derive(Debug, Args)]
pub(super) struct GivesArgs {
    /// A kind and an audience, as in `exchange=affiliates`; without any it is told.
    #[arg(value_name = "KIND=AUDIENCE")]
    choices: Vec<String>,
}

impl TakesArgs {
    /// What a form would send.
    fn draft(&self) -> Result<Draft, NodeError> {
        let mut draft = Draft::default();
        for name in &self.without_kind {
            kind(&Takes::KINDS, name)?;
        }
        let taken = Takes::KINDS
            .iter()
            .map(|kind| kind.notation())
            .filter(|kind| !self.without_kind.iter().any(|name| name == kind));
        taken.for_each(|kind| draft.add("kinds", kind));
        for typed in &self.without_network {
            draft.add("without-networks", origin(typed)?.to_string());
        }
        for (field, typed) in [("themes", &self.theme), ("sectors", &self.sector), ("areas", &self.area)] {
            typed.iter().for_each(|value| draft.add(field, value));
        }
        Ok(draft)
    }

    fn is_question(&self) -> bool {
        let given = [&self.without_kind, &self.without_network, &self.theme, &self.sector, &self.area];
        !self.all && given.iter().all(|list| list.is_empty())
    }
}

pub(super) fn takes(config: Config, args: &TakesArgs) -> Result<(), NodeError> {
    let journal = House::open(config)?.journal;
    if !args.is_question() {
        let takes = Takes::raise(&args.draft()?, journal.rules()).map_err(in_words)?;
        let changed = journal.take(&takes)?;
        println!("Noted. Graphs of records that are shown or hidden by it now: {changed}.");
    }
    tell(&journal)
}

fn tell(journal: &Journal) -> Result<(), NodeError> {
    let takes = journal.takes()?;
    println!("Everything is received, whatever is shown.");
    if takes.is_everything() {
        println!("All that other networks publish is shown.");
        return Ok(());
    }
    let line = |what: &str, values: Vec<String>| {
        if !values.is_empty() {
            println!("{what}: {}", values.join(", "));
        }
    };
    line("kinds that are not shown", takes.without_kinds.iter().map(|kind| kind.notation().to_owned()).collect());
    line("networks that are not shown", takes.without_networks.iter().cloned().collect());
    line("themes and sectors that are shown", takes.topics.iter().map(|code| code.notation().to_owned()).collect());
    line("territories that are shown", takes.areas.iter().map(pes_domain::place::Area::to_form).collect());
    Ok(())
}

pub(super) fn gives(config: Config, args: &GivesArgs) -> Result<(), NodeError> {
    let journal = House::open(config)?.journal;
    let mut draft = Draft::default();
    for choice in &args.choices {
        let wrong = || {
            NodeError::Said(format!("{choice} is no choice; write a kind and an audience, as in exchange=affiliates"))
        };
        let (name, audience) = choice.split_once('=').ok_or_else(wrong)?;
        draft.add(gives::field(kind(&Gives::KINDS, name)?), audience);
    }
    if !args.choices.is_empty() {
        let wrong = |_| {
            let known = Gives::KINDS.map(|kind| format!("{}: {}", kind.notation(), words(kind)));
            NodeError::Said(format!("this audience cannot be chosen; these can ({})", known.join("; ")))
        };
        journal.give(&journal.gives()?.raise(&draft).map_err(wrong)?)?;
    }
    let gives = journal.gives()?;
    for kind in Gives::KINDS {
        println!("{}\t{}", kind.notation(), gives.audience(kind).as_str());
    }
    Ok(())
}

fn words(kind: Kind) -> String {
    Gives::choices(kind).map(pes_domain::Audience::as_str).collect::<Vec<_>>().join(", ")
}

fn kind(known: &[Kind], name: &str) -> Result<Kind, NodeError> {
    let found = Kind::named(name).filter(|kind| known.contains(kind));
    found.ok_or_else(|| {
        let all: Vec<&str> = known.iter().map(|kind| kind.notation()).collect();
        NodeError::Said(format!("{name} is no kind that can be chosen; these can: {}", all.join(", ")))
    })
}

fn in_words(problems: Problems) -> NodeError {
    NodeError::Said(problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
}
