//! Tracing generated lineages: figures against the planted truth, time, and how both grow.
//!
//!     cargo bench -p sayso --bench lineages -- 10000 100000

#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::collections::HashSet;
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
        if n <= 10_000 {
            let start = Instant::now();
            let pairs = brute(&l.reports);
            let all = start.elapsed().as_secs_f64();
            println!("brute force: {pairs} pairs share five words, in {all:.2} s on one thread, {:.0} times as long", all / took);
        }
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

/// Pairs of stories whose statements share five words in a row, each statement held against each: what tracing would cost without an
/// index. Gives how many.
fn brute(reports: &[sayso::trace::Report]) -> usize {
    let mut vocabulary = sayso::trace::words::Vocabulary::default();
    let said: Vec<(usize, HashSet<Vec<u32>>)> = reports
        .iter()
        .enumerate()
        .flat_map(|(r, report)| report.said.iter().map(move |s| (r, report, s)))
        .map(|(r, report, s)| {
            let words: Vec<u32> = s.content.iter().flat_map(|c| vocabulary.read(&report.text, *c)).map(|w| w.id).collect();
            (r, words.windows(5).map(<[u32]>::to_vec).collect())
        })
        .collect();
    let mut pairs = HashSet::new();
    for (i, (a, x)) in said.iter().enumerate() {
        for (b, y) in &said[i + 1..] {
            if a != b && x.iter().any(|w| y.contains(w)) {
                pairs.insert((*a, *b));
            }
        }
    }
    pairs.len()
}

/// Peak resident memory in MiB, where the system tells.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|l| l.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kib| kib / 1024)
}
