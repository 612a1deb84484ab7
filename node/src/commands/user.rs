//! `pes user`: makes accounts, lists them, gives passwords and roles, takes accounts away.

use super::{UserCommand, agrees};
use crate::{Config, House, NodeError};
use clap::ValueEnum;
use pes_domain::{Draft, Problem, Why};
use pes_people::{People, PeopleError};
use pes_store::accounts::{Account, Role};
use pes_store::rights;
use pes_store::tokens::new_token;
use time::UtcDateTime;

/// What somebody may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RoleName {
    /// Has an account.
    Citizen,
    /// Writes for the network: what they write is shown at once.
    Editor,
    /// Works for the network: moderates, confirms, hides.
    Animator,
    /// Runs the node.
    Administrator,
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Citizen => Self::Citizen,
            RoleName::Editor => Self::Editor,
            RoleName::Animator => Self::Animator,
            RoleName::Administrator => Self::Administrator,
        }
    }
}

pub(super) fn run(config: Config, command: UserCommand) -> Result<(), NodeError> {
    let people = House::open(config)?.people;
    match command {
        UserCommand::List => list(&people),
        UserCommand::Create { email, name, role, password_stdin } => {
            create(&people, (&email, &name), role, password_stdin)
        }
        UserCommand::Password { email, password_stdin } => set_password(&people, &email, password_stdin),
        UserCommand::Role { email, role } => set_role(&people, &email, role),
        UserCommand::Delete { email, yes } => delete(&people, &email, yes),
    }
}

/// One account a line, its parts apart by tabs.
fn list(people: &People) -> Result<(), NodeError> {
    for account in people.accounts()? {
        let rights = people.store().read(|link| rights::of_account(link, &account.id))?;
        let member = if account.is_member(&rights) { "member" } else { "not accepted yet" };
        println!("{}\t{}\t{member}\t{}", account.email, account.role.as_str(), account.name);
    }
    Ok(())
}

fn create(people: &People, (email, name): (&str, &str), role: RoleName, is_typed: bool) -> Result<(), NodeError> {
    let password = password(is_typed)?;
    let draft: Draft = [("email", email), ("name", name), ("password", &password)]
        .into_iter()
        .map(|(field, value)| (field.to_owned(), value.to_owned()))
        .collect();
    people.create(&draft, role.into(), UtcDateTime::now()).map_err(|error| in_words(error, email))?;
    println!("The account of {name} is made.");
    tell(&password, is_typed);
    Ok(())
}

fn set_password(people: &People, email: &str, is_typed: bool) -> Result<(), NodeError> {
    let account = at(people, email)?;
    let password = password(is_typed)?;
    people.set_password(&account.id, &password).map_err(|error| in_words(error, email))?;
    println!("The password of {} is changed, and their sessions are ended.", account.name);
    tell(&password, is_typed);
    Ok(())
}

fn set_role(people: &People, email: &str, role: RoleName) -> Result<(), NodeError> {
    let (account, role) = (at(people, email)?, Role::from(role));
    people.set_role(&account.id, role).map_err(|error| in_words(error, email))?;
    println!("{} is {} now; they have to sign in again.", account.name, role.as_str());
    Ok(())
}

fn delete(people: &People, email: &str, yes: bool) -> Result<(), NodeError> {
    let account = at(people, email)?;
    println!(
        "The account of {} will be erased with its rights, notices and conversations. There is no way back.",
        account.name
    );
    if !agrees("Erase it?", yes)? {
        return Ok(());
    }
    let records = people.erase(&account.id).map_err(|error| in_words(error, email))?;
    println!("It is erased.");
    if records > 0 {
        println!(
            "{records} records they wrote stay, their own sheet among them if they had one: animators delete them on the pages."
        );
    }
    Ok(())
}

fn at(people: &People, email: &str) -> Result<Account, NodeError> {
    people.account_at(email).map_err(|error| in_words(error, email))
}

/// A password from standard input, or one made up.
fn password(is_typed: bool) -> Result<String, NodeError> {
    if is_typed { read_line() } else { Ok(new_token()[..20].to_owned()) }
}

/// What was made up is told, once; what was typed is known.
fn tell(password: &str, is_typed: bool) {
    if !is_typed {
        println!("The password, shown once: {password}");
    }
}

fn in_words(error: PeopleError, email: &str) -> NodeError {
    match error {
        PeopleError::Typed(problems) => {
            let all: Vec<String> = problems.iter().map(problem).collect();
            NodeError::Said(format!("what was given is not right: {}; nothing was changed", all.join("; ")))
        }
        PeopleError::LastAdministrator => NodeError::Said(format!(
            "{email} is the last administrator; give another account the role first (`pes user role`); nothing was changed"
        )),
        PeopleError::Unknown => NodeError::Said(format!("no account has the address {email}; see `pes user list`")),
        other => other.into(),
    }
}

fn problem(problem: &Problem) -> String {
    let what = match problem.why {
        Why::Missing => "is missing".to_owned(),
        Why::TooShort(limit) => format!("has fewer than {limit} characters"),
        Why::TooLong(limit) => format!("has more than {limit} characters"),
        Why::NotAnEmail => "is no mail address".to_owned(),
        Why::NotText => "has characters that nobody sees".to_owned(),
        other => format!("is {}", other.key()),
    };
    format!("the {} {what}", problem.field)
}

fn read_line() -> Result<String, NodeError> {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).map_err(|e| NodeError::Said(e.to_string()))?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
