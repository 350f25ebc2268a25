#![no_main]
//! Any bytes as plain: no panic, and every block slices back to words.

use libfuzzer_sys::fuzz_target;
use sayso_read::{Hint, read};
use sayso_text::Format;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(read) = read(bytes, &Hint { name: None, format: Some(Format::Plain) }) {
        for block in &read.value.blocks {
            assert!(read.value.text.get(block.span.range()).is_some());
            if let Some((lo, hi)) = read.value.alignment.source(block.span) {
                assert!(lo <= hi && hi as usize <= bytes.len());
            }
        }
    }
});
