//! Tracing on generated lineages whose truth is known. The benchmark `lineages` does the same on many more.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test that cannot go on should stop")]

mod lineages;

use lineages::{judge, lineages};
use sayso::trace::trace;

#[test]
fn generated_lineages_are_traced() {
    let l = lineages(1500, 300, 11);
    let f = judge(&l, &trace(&l.reports));
    println!("{}", f.lines());
    let share = |n: usize, of: usize| n as f64 / of as f64;
    assert!(f.copies > 800 && f.circles >= 3, "{f:?}");
    assert!(share(f.joined, f.copies) >= 0.98, "{}", f.lines());
    assert_eq!(f.strays, 0, "{}", f.lines());
    assert!(share(f.edits_right, f.edits) >= 0.95, "{}", f.lines());
    assert!(share(f.directed_right, f.directed) >= 0.95, "{}", f.lines());
    assert!(share(f.origins_right, f.trees) >= 0.90, "{}", f.lines());
    assert_eq!((f.circles_found, f.circles_invented), (f.circles, 0), "{}", f.lines());
}

#[test]
fn the_same_whatever_the_threads() {
    let l = lineages(300, 60, 5);
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap().install(|| trace(&l.reports));
    let three = rayon::ThreadPoolBuilder::new().num_threads(3).build().unwrap().install(|| trace(&l.reports));
    assert_eq!(format!("{one:?}"), format!("{three:?}"));
}
