//! Tracing generated lineages: figures against the planted truth, time, and how both grow.
//!
//!     cargo bench -p sayso --bench lineages -- 10000 100000

#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::time::Instant;

#[path = "../tests/lineages/mod.rs"]
mod lineages;

fn main() {
    let mut sizes: Vec<usize> = std::env::args().filter_map(|a| a.parse().ok()).collect();
    if sizes.is_empty() {
        sizes.push(10_000);
    }
    let mut before: Option<(usize, f64)> = None;
    for n in sizes {
        let l = lineages::lineages(n, 2000, 1);
        let start = Instant::now();
        let traced = sayso::trace::trace(&l.reports);
        let took = start.elapsed().as_secs_f64();
        print!("{}", lineages::judge(&l, &traced).lines());
        println!("traced in {took:.2} s on {} threads", rayon::current_num_threads());
        if let Some((m, t)) = before {
            println!("from {m} to {n} stories the time grows {:.1} times", took / t);
        }
        if let Some(peak) = peak() {
            println!("peak memory {peak} MiB");
        }
        println!();
        before = Some((n, took));
    }
}

/// Peak resident memory in MiB, where the system tells.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|l| l.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kib| kib / 1024)
}
