#![no_main]
//! Any text as standoff and as the exchange format: no panic, and every span slices back.

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let (all, _) = sayso::score::standoff(text, text);
    for t in &all {
        for s in t.source.iter().chain(&t.cue).chain(&t.content) {
            assert!(text.get(s.range()).is_some());
        }
    }
    let _ = sayso::score::score(text, &all, &all);
    let _ = sayso_show::recorded(text);
});
