//! `pes`: one node of the federation.

use clap::Parser;
use mimalloc::MiMalloc;
use pes_node::commands::{Cli, run};
use std::process::ExitCode;

/// Records are many small texts; the system's allocator took a tenth of the time of taking them in. (docs/decisions/0016-an-allocator.md)
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

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
