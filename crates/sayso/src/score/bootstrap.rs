use super::{Count, Counts, Measure};

/// How many samples.
const SAMPLES: usize = 1000;

/// A 95 % interval of F1: stories drawn with replacement, percentiles (Efron 1979). `None` where F1 is undefined in
/// a sample. The same stories give the same interval.
pub fn interval(stories: &[&Counts], measure: Measure) -> Option<(f64, f64)> {
    let counts: Vec<Count> = stories.iter().map(|c| c.get(&measure).copied().unwrap_or_default()).collect();
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut draw = |n: usize| {
        // splitmix64
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % n as u64) as usize
    };
    if counts.is_empty() {
        return None;
    }
    let mut all = Vec::with_capacity(SAMPLES);
    for _ in 0..SAMPLES {
        let mut sum = Count::default();
        for _ in 0..counts.len() {
            sum.add(counts[draw(counts.len())]);
        }
        all.push(sum.f1()?);
    }
    all.sort_by(f64::total_cmp);
    Some((all[SAMPLES / 40], all[SAMPLES - 1 - SAMPLES / 40]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_stories_leave_no_doubt_and_unequal_ones_do() {
        let story = |right| Counts::from([(Measure::Complete(true), Count { right, found: 10, gold: 10 })]);
        let (a, b) = (story(5), story(9));
        assert_eq!(interval(&[&a, &a, &a], Measure::Complete(true)), Some((0.5, 0.5)));
        let (lo, hi) = interval(&[&a, &b, &a, &b], Measure::Complete(true)).unwrap();
        assert!((0.5..0.6).contains(&lo) && (0.8..=0.9).contains(&hi), "{lo} {hi}");
    }
}
