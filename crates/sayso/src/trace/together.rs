//! "It's on three wires": what of some stories hangs together, and how many origins are visible behind them.

use std::collections::{BTreeMap, BTreeSet};

use super::edges::{Evidence, From, How};
use super::{Report, Traced};

/// Where words come from as far as can be seen.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Root {
    /// A story of the collection, by index.
    Story(u32),
    /// An outlet that is credited and has no such story here.
    Outlet(String),
}

/// Some stories by what they come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Together {
    /// How many stories were asked about.
    pub reports: usize,
    /// Visible origins, each with the stories behind which it stands.
    pub roots: BTreeMap<Root, BTreeSet<u32>>,
    /// Stories whose words are shared, and whence they came cannot be told.
    pub undetermined: BTreeSet<u32>,
    /// Stories that share no words with others. That does not make them independent.
    pub alone: BTreeSet<u32>,
}

/// What some stories come from. Their indices are those of `reports`.
pub fn together(traced: &Traced, reports: &[Report], stories: &[u32]) -> Together {
    let set: BTreeSet<u32> = stories.iter().copied().filter(|s| (*s as usize) < reports.len()).collect();
    // each story's sources: other stories, or outlets that are not here
    let mut sources: BTreeMap<u32, BTreeSet<Root>> = BTreeMap::new();
    let mut open: BTreeSet<u32> = BTreeSet::new();
    for e in traced.families.iter().flat_map(|f| &f.echoes) {
        let root = match &e.from {
            From::Place(p) => Root::Story(p.report),
            From::Outlet(o) => Root::Outlet(o.clone()),
        };
        let credited = e.evidence.iter().any(|x| !matches!(x, Evidence::Words { .. }));
        if e.how == How::Undetermined {
            open.insert(e.later.report);
        } else if credited {
            sources.entry(e.later.report).or_default().insert(root);
        }
    }
    let shared: BTreeSet<u32> = traced.families.iter().flat_map(|f| f.members.iter().map(|m| m.report)).collect();
    let mut out = Together { reports: set.len(), ..Together::default() };
    for s in &set {
        let mut at = vec![Root::Story(*s)];
        let mut seen: BTreeSet<Root> = BTreeSet::new();
        let mut ends: BTreeSet<Root> = BTreeSet::new();
        while let Some(x) = at.pop() {
            if !seen.insert(x.clone()) {
                continue;
            }
            match &x {
                Root::Story(i) => match sources.get(i) {
                    Some(more) => at.extend(more.iter().cloned()),
                    None => drop(ends.insert(x)),
                },
                Root::Outlet(_) => drop(ends.insert(x)),
            }
        }
        let derived = !ends.contains(&Root::Story(*s));
        if !derived && open.contains(s) {
            out.undetermined.insert(*s);
        } else if !shared.contains(s) {
            out.alone.insert(*s);
        } else {
            for e in ends {
                out.roots.entry(e).or_default().insert(*s);
            }
        }
    }
    out
}
