//! Speech, thought or perception, read off the cue.

/// What kind of act is attributed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Said, written, shown.
    Speech,
    /// Believed, wanted, feared, planned.
    Thought,
    /// Seen, known, found.
    Perception,
}

sayso_text::named!(Level {
    Speech => "speech",
    Thought => "thought",
    Perception => "perception",
});

impl Level {
    /// The level of a cue, given as its words. The last verb of the table that stands in it decides; speech where
    /// none does, since most cues that no table knows are ways of saying.
    pub fn of_cue(cue: &str) -> Level {
        let mut out = None;
        for word in cue.split(|c: char| !c.is_alphanumeric() && c != '-').filter(|w| !w.is_empty()) {
            let lower = word.to_lowercase();
            if SPEECH.iter().any(|s| inflects(&lower, s)) {
                return Level::Speech;
            }
            if THOUGHT.iter().any(|s| inflects(&lower, s)) {
                out = Some(Level::Thought);
            } else if PERCEPTION.iter().any(|s| inflects(&lower, s)) {
                out = out.or(Some(Level::Perception));
            }
        }
        out.unwrap_or(Level::Speech)
    }
}

/// Whether `word` is a form of `verb`: itself or with a regular ending. Irregular forms stand in the tables.
fn inflects(word: &str, verb: &str) -> bool {
    let Some(rest) = word.strip_prefix(verb) else {
        // hope: hoping; worry: worries, worried
        let stem = verb.strip_suffix(['e', 'y']).unwrap_or(verb);
        return stem.len() < verb.len()
            && word.strip_prefix(stem).is_some_and(|r| matches!(r, "ing" | "ed" | "ies" | "ied") && (r != "ed" || verb.ends_with('e')));
    };
    matches!(rest, "" | "s" | "es" | "d" | "ed" | "ing")
}

/// Cue words that make it speech even beside a word of thought ("said she hoped").
const SPEECH: &[&str] = &[
    "say", "said", "tell", "told", "write", "wrote", "written", "tweet", "add", "ask", "announce", "report", "state", "statement", "claim",
    "argue", "call", "warn", "declare", "insist", "explain", "reply", "respond", "describe", "mention", "note", "acknowledge", "suggest",
    "urge", "express", "voice", "deny", "denied", "admit", "testify", "quote", "according",
];

const THOUGHT: &[&str] = &[
    "think", "thought", "believe", "belief", "want", "hope", "fear", "plan", "expect", "expectation", "feel", "felt", "worry", "consider",
    "intend", "intention", "wish", "prefer", "doubt", "assume", "suspect", "like", "love", "hate", "support", "oppose", "back", "favor",
    "favour", "desire", "aim", "seek", "sought", "concern", "regard", "view", "imagine", "dream", "decide", "decision", "agree",
    "disagree", "convince", "afraid", "eager", "reluctant", "frustrated", "dedicated", "passionate", "willing", "opinion", "mind",
    "obsession", "outlook", "judge", "trust", "care", "anticipate", "reckon", "contemplate", "ponder", "wonder", "resent", "regret",
    "choose", "chose", "priority", "goal", "ambition", "interested", "confident", "optimistic", "skeptical", "sceptical", "wary",
    "certain", "sure", "hopeful", "disappointed", "anger", "angry", "furious", "supporter", "opponent", "reservation",
];

const PERCEPTION: &[&str] = &[
    "see", "saw", "seen", "know", "knew", "known", "find", "found", "learn", "learned", "learnt", "realize", "realise", "notice", "hear",
    "heard", "watch", "observe", "discover", "recognize", "recognise", "sense", "perceive", "witness", "remember", "recall", "forget",
    "forgot", "understand", "understood", "comprehend", "ignore", "seem", "appear", "look", "apparent", "clear", "aware", "spot",
    "overhear", "overheard",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cue_decides() {
        for (cue, level) in [
            ("said", Level::Speech),
            ("according to", Level::Speech),
            ("hoped", Level::Thought),
            ("is worried", Level::Thought),
            ("fears", Level::Thought),
            ("have found", Level::Perception),
            ("was just beginning to realise", Level::Perception),
            ("said she hoped", Level::Speech),
            ("chanting", Level::Speech),
        ] {
            assert_eq!(Level::of_cue(cue), level, "{cue}");
        }
    }
}
