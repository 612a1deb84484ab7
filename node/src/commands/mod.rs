//! What the program is told to do.

mod care;
mod choices;
mod import;
mod init;
mod judge;
mod keys;
mod leaving;
mod membership;
mod serve;
mod user;

use crate::bench::{self, AffiliatesArgs, FederationArgs, SiteArgs};
use crate::demo::{self, DemoArgs};
use crate::{Config, NodeError};
use clap::{Args, Parser, Subcommand};
use pes_domain::problem::turns_writing;
use pes_journal::roll::Standing;
use std::io::{IsTerminal, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

pub(crate) use serve::{Stop, listen};
pub use user::RoleName;

/// PES, a node of the federated Plateforme d'Échanges Solidaires.
#[derive(Debug, Parser)]
#[command(name = "pes", version, about)]
pub struct Cli {
    /// The settings file; without it `pes.toml` of this folder, if it is there.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make the node of a network: keys, database, first key event.
    Init(InitArgs),
    /// Serve pages to people and change-sets to other nodes.
    Serve,
    /// What a hub does for those who follow it.
    #[command(subcommand)]
    Hub(HubCommand),
    /// Join a hub with its invitation. `pes serve` has to be running, since the hub asks back.
    Join(JoinArgs),
    /// Leave a hub, with receipts of all who held what is taken back. `pes serve` has to be running.
    Leave(leaving::LeaveArgs),
    /// What this network shows of others. Without options it is told; with any, only what they say is shown from now on.
    Takes(choices::TakesArgs),
    /// For whom new records of each kind are at first, unless their author says otherwise.
    Gives(choices::GivesArgs),
    /// Accounts.
    #[command(subcommand)]
    User(UserCommand),
    /// Exchange keys. `pes serve` must not be running.
    #[command(subcommand)]
    Keys(KeysCommand),
    /// Take over an old file, with a report; take it back.
    #[command(subcommand)]
    Import(import::ImportCommand),
    /// Tell how often the rules for concern and for duplicates are right, over pairs that somebody decided.
    #[command(subcommand)]
    Judge(judge::JudgeCommand),
    /// Make the tables again from the logs, to an equal digest.
    Rebuild,
    /// Check every proof, place, payload and head that is held; or what was downloaded, and tell what it proves and what it does not.
    Verify {
        /// Files that lie as at their addresses: a folder with `log/keys/1` and other logs, one log's folder, or one change-set.
        /// They are checked with nothing but themselves: no settings, no database, no network.
        #[arg(value_name = "PATH")]
        downloaded: Vec<PathBuf>,
    },
    /// Move all rows from the SQLite file to a PostgreSQL. `pes serve` must not be running.
    MigrateDatabase {
        /// The address: `postgresql://user:password@host/name?schema=pes`.
        #[arg(long, value_name = "ADDRESS")]
        to: String,
    },
    /// Print an example of the settings file.
    Config,
    /// Start a hub and three networks with invented data, and a mail catcher.
    Demo(DemoArgs),
    /// Measure this machine and this program.
    #[command(subcommand)]
    Bench(BenchCommand),
}

#[derive(Debug, Subcommand)]
enum BenchCommand {
    /// What nodes take, carry and keep, beside the parts it cannot do without. Takes a while.
    Federation(FederationArgs),
    /// What is found on a site with many structures, and how soon. Takes a while.
    Site(SiteArgs),
    /// The affiliates of the federation that is measured, in a process of their own.
    #[command(hide = true)]
    Affiliates(AffiliatesArgs),
}

/// What a new node is.
#[derive(Debug, Args)]
struct InitArgs {
    /// Its public address, for ever: `https://pes.example.org`.
    #[arg(long)]
    origin: String,
    /// The network's name.
    #[arg(long)]
    name: String,
    /// Write the root key to keys/root.key also on a terminal, instead of printing it once.
    #[arg(long)]
    keep_root_key: bool,
}

#[derive(Debug, Subcommand)]
enum HubCommand {
    /// Make an invitation for a network.
    Invite {
        /// The network's name.
        name: String,
        /// It is a member that lost its root and log keys and joins anew: its name or address. Make sure that it is really that network.
        #[arg(long)]
        anew: bool,
    },
    /// List the members, and where they stand.
    Members,
    /// Carry nothing to a member or from it, until it is resumed.
    Suspend {
        /// Its address, or its name.
        member: String,
    },
    /// Take a member back that was suspended.
    Resume {
        /// Its address, or its name.
        member: String,
    },
    /// Note that a member has left.
    Remove {
        /// Its address, or its name.
        member: String,
    },
}

#[derive(Debug, Subcommand)]
enum KeysCommand {
    /// Put a new log key and a new transport key in the place of the old ones.
    Rotate(keys::KeysArgs),
    /// The same, and begin all logs again: after somebody else signed with the log key, or change-sets were lost for good.
    NewEpoch(keys::NewEpochArgs),
    /// Begin anew under the same address, after root and log key were lost. Everybody has to agree before they take anything of it.
    Renew(keys::RenewArgs),
}

/// Which hub, by which invitation.
#[derive(Debug, Args)]
struct JoinArgs {
    /// The hub's address.
    hub: String,
    /// The invitation's code.
    code: String,
    /// Do not ask before joining.
    #[arg(long)]
    yes: bool,
}

#[derive(Debug, Subcommand)]
enum UserCommand {
    /// All accounts: address, role, whether the network has accepted them, name.
    List,
    /// Give a person a new password, and end their sessions. It is read from standard input, or made up and printed once.
    Password {
        /// The person's address.
        #[arg(long)]
        email: String,
        /// Read the password from standard input.
        #[arg(long)]
        password_stdin: bool,
    },
    /// Give a person a role, and end their sessions.
    Role {
        /// The person's address.
        #[arg(long)]
        email: String,
        /// What they may do from now on.
        #[arg(long, value_enum)]
        role: RoleName,
    },
    /// Erase an account with all that is its own. What it published stays.
    Delete {
        /// The person's address.
        #[arg(long)]
        email: String,
        /// Do not ask before.
        #[arg(long)]
        yes: bool,
    },
    /// Make an account. Its password is read from standard input, or made up and printed once.
    Create {
        /// The person's address.
        #[arg(long)]
        email: String,
        /// The person's name.
        #[arg(long)]
        name: String,
        /// What they may do.
        #[arg(long, value_enum, default_value = "citizen")]
        role: RoleName,
        /// Read the password from standard input.
        #[arg(long)]
        password_stdin: bool,
    },
}

/// Does what the program is told to.
///
/// # Errors
/// [`NodeError`], a sentence for the terminal.
pub async fn run(cli: Cli) -> Result<ExitCode, NodeError> {
    if let Command::Config = cli.command {
        print!("{}", Config::example());
        return Ok(ExitCode::SUCCESS);
    }
    if let Command::Judge(command) = &cli.command {
        return judge::run(command).map(|()| ExitCode::SUCCESS);
    }
    if let Command::Verify { downloaded } = &cli.command
        && !downloaded.is_empty()
    {
        return care::verify_downloaded(downloaded).map(|()| ExitCode::SUCCESS);
    }
    let config = Config::load(cli.config.as_deref())?;
    let log = if matches!(cli.command, Command::Demo(_) | Command::Bench(_)) {
        "warn,pes_sync=error,pes_node=error"
    } else {
        &config.log
    };
    start_log(log);
    match cli.command {
        Command::Init(args) => init::run(&config, &args),
        Command::Serve => serve::run(config).await,
        Command::Hub(command) => hub(config, command),
        Command::Join(args) => membership::join(config, &args).await,
        Command::Leave(args) => leaving::leave(config, &args),
        Command::Takes(args) => choices::takes(config, &args),
        Command::Gives(args) => choices::gives(config, &args),
        Command::Keys(KeysCommand::Rotate(args)) => keys::rotate(&config, &args),
        Command::Keys(KeysCommand::NewEpoch(args)) => keys::new_epoch(&config, &args),
        Command::Keys(KeysCommand::Renew(args)) => keys::renew(&config, &args),
        Command::User(command) => user::run(config, command),
        Command::Import(command) => import::run(config, command),
        Command::Rebuild => care::rebuild(config),
        Command::Verify { .. } => care::verify(config),
        Command::MigrateDatabase { to } => care::migrate_database(config, &to),
        Command::Config | Command::Judge(_) => Ok(()),
        Command::Demo(args) => return demo::run(&args).await,
        Command::Bench(BenchCommand::Federation(args)) => return bench::run(&args).await,
        Command::Bench(BenchCommand::Site(args)) => return bench::run_site(&args).await,
        Command::Bench(BenchCommand::Affiliates(args)) => bench::run_affiliates(&args).await,
    }?;
    Ok(ExitCode::SUCCESS)
}

fn hub(config: Config, command: HubCommand) -> Result<(), NodeError> {
    match command {
        HubCommand::Invite { name, anew: false } => membership::invite(config, &name),
        HubCommand::Invite { name, anew: true } => membership::invite_anew(config, &name),
        HubCommand::Members => membership::members(config),
        HubCommand::Suspend { member } => membership::set_standing(config, &member, Standing::Suspended),
        HubCommand::Resume { member } => membership::set_standing(config, &member, Standing::Active),
        HubCommand::Remove { member } => membership::set_standing(config, &member, Standing::Left),
    }
}

/// Writes the log to standard error. `RUST_LOG` outranks the setting.
fn start_log(directives: &str) {
    use tracing_subscriber::EnvFilter;
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(directives));
    // Whoever runs several nodes in one process has started it already.
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // Colours are for eyes: a file or a service manager gets none.
    drop(log.with_ansi(std::io::stderr().is_terminal()).try_init());
}

/// An origin as somebody typed it.
fn origin(typed: &str) -> Result<pes_changeset::Origin, NodeError> {
    let why = |e: pes_changeset::Fault| {
        let accents =
            if typed.is_ascii() { "" } else { "; a name with accents is written in its form that begins with xn--" };
        NodeError::Origin { what: typed.to_owned(), why: format!("{e}{accents}") }
    };
    typed.trim_end_matches('/').parse().map_err(why)
}

/// The name of a network as somebody typed it: people read it on every page, and other nodes take at most so many characters.
fn name(what: &str, typed: &str) -> Result<String, NodeError> {
    let name = typed.trim();
    let why = match name.chars().count() {
        0 => "is empty; people read it on every page",
        101.. => "has more than 100 characters",
        _ if name.contains(|c: char| c.is_control() || turns_writing(c)) => "has characters that nobody sees",
        _ => return Ok(name.to_owned()),
    };
    Err(NodeError::Said(format!("{what} {why}")))
}

/// Asks on the terminal, unless it was answered before. Where nobody can be asked, nobody has agreed.
fn agrees(question: &str, yes: bool) -> Result<bool, NodeError> {
    if yes {
        return Ok(true);
    }
    if !std::io::stdin().is_terminal() {
        let why =
            "nobody can be asked here, since standard input is no terminal; add --yes to agree; nothing was changed";
        return Err(NodeError::Said(why.into()));
    }
    let fault = |e: std::io::Error| NodeError::Said(e.to_string());
    print!("{question} [y/N] ");
    std::io::stdout().flush().map_err(fault)?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer).map_err(fault)?;
    let is_yes = answer.trim().eq_ignore_ascii_case("y");
    if !is_yes {
        println!("Nothing was changed.");
    }
    Ok(is_yes)
}
