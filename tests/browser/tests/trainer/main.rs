//! The trainer worker in a browser, without the page around it: it learns what the native trainer learns, its gradients are
//! right on both devices, and it can be steered.

mod gpu;
mod steering;

use browser_tests::{Browser, Options, Site, Trainer};
use moescope::methods;
use moescope::protocol::DeviceChoice;
use moescope::run::protocol::{LabEvent, LabRequest};
use moescope::run::{Settings, presets};
use std::collections::BTreeMap;

/// A test fails with words.
type Done = browser_tests::Result<()>;

/// Largest difference of two losses.
const CLOSE: f32 = 5e-6;

#[test]
fn twenty_steps_of_every_preset_are_those_of_the_native_trainer() -> Done {
    let text = include_str!("../../../fixtures/lab/losses.json");
    let recorded: BTreeMap<String, Vec<f32>> = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let mut trainer = Trainer::open(&browser, &site, DeviceChoice::Cpu)?;
    for preset in presets() {
        let expected = recorded.get(preset.name).ok_or_else(|| format!("no losses of {}", preset.name))?;
        agree(&mut trainer, preset.name, &preset.settings, expected)?;
    }
    Ok(())
}

#[test]
fn twenty_steps_of_every_method_are_those_of_the_native_trainer() -> Done {
    let runs = links_agree(include_str!("../../../fixtures/lab/methods.json"))?;
    let missing = methods::trained().map(|method| method.id).find(|&method| !runs.iter().any(|run| run == method));
    missing.map_or(Ok(()), |method| Err(format!("no losses of {method}")))
}

#[test]
fn a_run_in_which_equal_tokens_compete_is_that_of_the_native_trainer() -> Done {
    links_agree(include_str!("../../../fixtures/lab/equal_tokens.json")).map(drop)
}

/// Trains the runs of a file, name: [link, losses]; their names.
fn links_agree(text: &str) -> browser_tests::Result<Vec<String>> {
    let recorded: BTreeMap<String, (String, Vec<f32>)> =
        serde_json::from_str(text).map_err(|error| error.to_string())?;
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let mut trainer = Trainer::open(&browser, &site, DeviceChoice::Cpu)?;
    for (name, (link, expected)) in &recorded {
        agree(&mut trainer, name, &Settings::from_link(link), expected)?;
    }
    Ok(recorded.into_keys().collect())
}

/// A run's first steps are the recorded ones.
fn agree(trainer: &mut Trainer<'_>, name: &str, settings: &Settings, expected: &[f32]) -> Done {
    trainer.start(settings)?;
    let losses = trainer.train(vec![0], 20)?;
    if losses.len() != expected.len() {
        return Err(format!("{name}: {} steps instead of {}", losses.len(), expected.len()));
    }
    for (step, (a, b)) in losses.iter().zip(expected).enumerate() {
        if (a - b).abs() > CLOSE {
            return Err(format!("{name}, step {}: {a} here, {b} natively", step + 1));
        }
    }
    Ok(())
}

#[test]
fn gradients_equal_finite_differences_on_the_cpu() -> Done {
    check_gradients(DeviceChoice::Cpu)
}

/// The trainer's own check of every method and every kernel, and of choices among equal experts.
fn check_gradients(device: DeviceChoice) -> Done {
    let webgpu = device != DeviceChoice::Cpu;
    let (site, browser) = (Site::whole()?, Browser::start(Options { webgpu, ..Options::default() })?);
    let mut trainer = Trainer::open(&browser, &site, device)?;
    trainer.send(&LabRequest::SelfCheck)?;
    let (mut checks, mut wrong) = (0, Vec::new());
    loop {
        match trainer.event()? {
            LabEvent::Checked { name, error, ok, note } => {
                checks += 1;
                if !ok {
                    wrong.push(format!("{name}: {error}, {note}"));
                }
            }
            LabEvent::CheckDone { .. } => break,
            LabEvent::Fault(fault) => return Err(fault.to_string()),
            _ => {}
        }
    }
    match wrong.is_empty() && checks > 20 {
        true => Ok(()),
        false => Err(format!("{checks} checks: {}", wrong.join("; "))),
    }
}
