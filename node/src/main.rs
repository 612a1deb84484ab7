//! `pes`: one node of the federation.

use clap::Parser;
use pes_node::commands::{Cli, run};
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    match run(Cli::parse()).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("pes: {error}");
            ExitCode::FAILURE
        }
    }
}
