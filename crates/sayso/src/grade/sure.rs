//! How sure Sayso is, in words with a range.

/// Three levels, each with one sentence that says what it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Look before you use it.
    Tentative,
    /// Usually right.
    Likely,
    /// Nearly always right.
    Firm,
}

sayso_text::named!(Level {
    Tentative => "tentative",
    Likely => "likely",
    Firm => "firm",
});

impl Level {
    /// What it means.
    pub fn definition(self) -> &'static str {
        match self {
            Level::Tentative => "fewer than seven in ten of these were found by a second reader too: look at the words",
            Level::Likely => "seven to nine in ten of these were found by a second reader too",
            Level::Firm => "nine or more in ten of these were found by a second reader too",
        }
    }
}

/// A level and the range that the calibrated probability falls into.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sure {
    /// In a word.
    pub level: Level,
    /// Tenths around the probability: `(0.8, 0.9)`.
    pub range: (f32, f32),
}

impl Sure {
    /// From a calibrated probability. Rounded to tenths, so that no last bit of a float reaches a file.
    pub fn of(probability: f32) -> Sure {
        let tenth = (probability * 10.0).floor().clamp(0.0, 9.0);
        let level = match tenth as u8 {
            9 => Level::Firm,
            7 | 8 => Level::Likely,
            _ => Level::Tentative,
        };
        Sure { level, range: (tenth / 10.0, (tenth + 1.0) / 10.0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probabilities_fall_into_levels() {
        assert_eq!(Sure::of(0.95).level, Level::Firm);
        assert_eq!(Sure::of(1.0).range, (0.9, 1.0));
        assert_eq!(Sure::of(0.7).level, Level::Likely);
        assert_eq!(Sure::of(0.2).level, Level::Tentative);
    }
}
