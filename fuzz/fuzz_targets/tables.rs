//! Tables about stories, stories as JSON Lines, corrections and labels of speakers: whatever the bytes, an answer or a sentence that says
//! what is wrong.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sayso_read::records::{Field, Mapping, Sidecar, record, table};
use sayso_text::Meta;

fuzz_target!(|bytes: &[u8]| {
    let mapping = Mapping::default();
    if let Ok(rows) = table(bytes) {
        for row in &rows {
            mapping.fill(row, &mut Meta::default());
        }
    }
    if let Ok(sidecar) = Sidecar::read(bytes, mapping.clone()) {
        sidecar.fill("stories/a.b.txt", &mut Meta::default());
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        if let Ok(row) = record(text) {
            let _ = mapping.get(&row, Field::Text);
        }
        let _ = sayso_show::corrections(text);
        let _ = sayso_show::labelled(text, |_| Some("Ida Moss said it rained.".to_string()));
        let _ = Mapping::default().set(text);
        let when = sayso::trace::When::parse(text);
        assert_eq!(when.order(when), sayso::trace::Order::Untold);
    }
});
