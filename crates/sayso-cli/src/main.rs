//! The `sayso` command: arguments, files and exit codes. Everything else is in the crates to its left.

mod add;
mod args;
mod collection;
mod eval;
mod input;
mod output;
mod read;
mod serve;
mod trace;

use std::process::ExitCode;

use clap::Parser;

use args::{Args, Command};

/// Pages are made on many threads for hours: the system's allocator kept twice the memory of this one (`benches/serve.py`).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Exit code where nothing could be read or the arguments make no sense.
const NOTHING: u8 = 2;

fn main() -> ExitCode {
    let args = Args::parse();
    let done = match args.command {
        Command::Read(read) => read::read(&read),
        Command::Explain(explain) => read::explain(&explain),
        Command::Eval(eval) => eval::eval(&eval),
        Command::Add(add) => add::add(&add),
        Command::Search(search) => collection::search(&search),
        Command::Sources(sources) => collection::sources(&sources),
        Command::Said(said) => collection::said(&said),
        Command::Stats(stats) => collection::stats(&stats),
        Command::Trace(trace) => trace::trace(&trace),
        Command::Origins(origins) => trace::origins(&origins),
        Command::Serve(serve) => serve::serve(&serve),
        Command::Schema => output::print(sayso_show::SCHEMA).map(|()| 0),
    };
    match done {
        Ok(code) => ExitCode::from(code),
        Err(e) if output::is_broken_pipe(&e) => ExitCode::SUCCESS,
        Err(e) => {
            output::complain(&format!("{e:#}"));
            ExitCode::from(NOTHING)
        }
    }
}
