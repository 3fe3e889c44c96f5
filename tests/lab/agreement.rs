//! The losses of every preset's first twenty steps, which the browser must give too (`tests/browser/tests/trainer`). The
//! file was written by `moescope train --preset NAME --seed 1 --steps 20 --every 1 --json`, from `train_loss`.

use crate::support::{start, train};
use moescope::lab::presets;
use std::collections::BTreeMap;

/// Rounding differs between processors.
const CLOSE: f32 = 5e-6;

#[test]
fn the_first_steps_are_the_recorded_ones() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/lab/losses.json");
    let recorded: BTreeMap<String, Vec<f32>> = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    for preset in presets() {
        let losses: Vec<f32> = train(&mut start(&preset.settings), 0, 20).iter().map(|record| record.loss).collect();
        let expected = &recorded[preset.name];
        assert_eq!(expected.len(), losses.len());
        for (step, (a, b)) in losses.iter().zip(expected).enumerate() {
            assert!((a - b).abs() <= CLOSE, "{}, step {}: {a} against {b}", preset.name, step + 1);
        }
    }
}
