//! The losses of the first twenty steps of every preset, and of every method at a small size, which the browser must give
//! too (`tests/browser/tests/trainer`). The files were written by `moescope train --preset NAME --seed 1 --steps 20 --every
//! 1 --json`, from `train_loss`; those of the methods with `--set`, for each setting that is written beside them. In the run
//! of `equal_tokens.json` a sequence begins with the same byte twice, and BASE moves one of the two.

use crate::trainer::support::{start, train};
use moescope::methods;
use moescope::run::{Settings, presets};
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;

/// Rounding differs between processors.
const CLOSE: f32 = 5e-6;

fn recorded<T: DeserializeOwned>(name: &str) -> BTreeMap<String, T> {
    let path = format!("{}/tests/fixtures/lab/{name}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn check(name: &str, settings: &Settings, expected: &[f32]) {
    let losses: Vec<f32> = train(&mut start(settings), 0, 20).iter().map(|record| record.loss).collect();
    assert_eq!(expected.len(), losses.len());
    for (step, (a, b)) in losses.iter().zip(expected).enumerate() {
        assert!((a - b).abs() <= CLOSE, "{name}, step {}: {a} against {b}", step + 1);
    }
}

#[test]
fn the_first_steps_are_the_recorded_ones() {
    let recorded = recorded::<Vec<f32>>("losses.json");
    for preset in presets() {
        check(preset.name, &preset.settings, &recorded[preset.name]);
    }
}

#[test]
fn the_first_steps_of_every_method_are_the_recorded_ones() {
    let recorded = recorded::<(String, Vec<f32>)>("methods.json");
    assert_eq!(recorded.len(), methods::trained().count());
    for method in methods::trained() {
        let (link, losses) = &recorded[method.id];
        let settings = Settings::from_link(link);
        assert_eq!((settings.method, settings.validate().err()), (method, None));
        check(method.id, &settings, losses);
    }
}

#[test]
fn a_run_in_which_equal_tokens_compete_is_the_recorded_one() {
    for (name, (link, losses)) in recorded::<(String, Vec<f32>)>("equal_tokens.json") {
        check(&name, &Settings::from_link(&link), &losses);
    }
}
