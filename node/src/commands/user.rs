//! `pes user create`: makes an account.

use crate::{Config, House, NodeError};
use clap::ValueEnum;
use pes_domain::Draft;
use pes_people::PeopleError;
use pes_store::accounts::Role;
use pes_store::tokens::new_token;
use time::UtcDateTime;

/// What somebody may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RoleName {
    /// Has an account.
    Citizen,
    /// Works for the network: moderates, confirms, hides.
    Animator,
    /// Runs the node.
    Administrator,
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Citizen => Self::Citizen,
            RoleName::Animator => Self::Animator,
            RoleName::Administrator => Self::Administrator,
        }
    }
}

pub(super) fn create(
    config: Config,
    (email, name): (&str, &str),
    role: RoleName,
    password_stdin: bool,
) -> Result<(), NodeError> {
    let house = House::open(config)?;
    let password = if password_stdin { read_line()? } else { new_token()[..20].to_owned() };
    let draft: Draft = [("email", email), ("name", name), ("password", &password)]
        .into_iter()
        .map(|(field, value)| (field.to_owned(), value.to_owned()))
        .collect();
    match house.people.create(&draft, role.into(), UtcDateTime::now()) {
        Ok(_) => println!("The account of {name} is made."),
        Err(PeopleError::Typed(problems)) => {
            let all: Vec<String> = problems.iter().map(ToString::to_string).collect();
            return Err(NodeError::Said(format!("what was given is not right: {}", all.join("; "))));
        }
        Err(error) => return Err(error.into()),
    }
    if !password_stdin {
        println!("Its password, shown once: {password}");
    }
    Ok(())
}

fn read_line() -> Result<String, NodeError> {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).map_err(|e| NodeError::Said(e.to_string()))?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
