//! The forward pass against the scores of the float model that was trained, on sentences of our own.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use sayso::mark::golden;

#[test]
fn features_are_those_of_the_training_and_scores_are_close() {
    let golden_json = include_str!("../../../models/golden.json");
    let all: Vec<serde_json::Value> = serde_json::from_str(golden_json).unwrap();
    assert!(all.len() >= 5);
    let (mut worst, mut sum, mut n) = (0f64, 0f64, 0usize);
    for entry in &all {
        let text = entry["text"].as_str().unwrap();
        let numbers = |v: &serde_json::Value| -> Vec<i64> {
            v.as_array()
                .unwrap()
                .iter()
                .flat_map(|x| match x.as_array() {
                    Some(a) => a.iter().map(|y| y.as_i64().unwrap()).collect::<Vec<_>>(),
                    None => vec![x.as_i64().unwrap()],
                })
                .collect()
        };
        let points = sayso_text::CodePoints::new(text);
        let cues: Vec<(usize, usize)> = entry["cues"]
            .as_array()
            .unwrap()
            .iter()
            .map(|c| {
                let w = numbers(&c["words"]);
                (w[0] as usize, w[1] as usize)
            })
            .collect();
        let got = golden(text, &cues);
        let words: Vec<i64> = got
            .words
            .iter()
            .flat_map(|w| {
                let (a, b) = points.span(*w);
                [a as i64, b as i64]
            })
            .collect();
        assert_eq!(words, numbers(&entry["words"]), "{text}");
        assert_eq!(got.pieces, numbers(&entry["ids"]), "{text}");
        assert_eq!(got.cases, numbers(&entry["case"]), "{text}");
        assert_eq!(got.states, numbers(&entry["states"]), "{text}");
        let mut close = |got: &[f32], want: &serde_json::Value| {
            let want: Vec<f64> = want
                .as_array()
                .unwrap()
                .iter()
                .flat_map(|r| match r.as_array() {
                    Some(a) => a.iter().map(|x| x.as_f64().unwrap()).collect::<Vec<_>>(),
                    None => vec![r.as_f64().unwrap()],
                })
                .collect();
            assert_eq!(got.len(), want.len());
            for (g, w) in got.iter().zip(want) {
                let d = (f64::from(*g) - w).abs();
                worst = worst.max(d);
                sum += d;
                n += 1;
            }
        };
        close(&got.cue_scores, &entry["cue_scores"]);
        for (c, parts) in entry["cues"].as_array().unwrap().iter().zip(&got.parts) {
            close(&parts.0, &c["part_scores"]);
            close(&[parts.1], &serde_json::json!([c["valid"]]));
        }
    }
    let mean = sum / n as f64;
    // Eight bits against thirty-two: scores run from about -15 to 15.
    assert!(mean < 0.15 && worst < 1.5, "mean {mean}, worst {worst} over {n} scores");
}
