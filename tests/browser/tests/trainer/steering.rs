//! Pausing, looking back, branching and resuming, in the browser.

use crate::Done;
use browser_tests::{Browser, Options, Site, Trainer};
use moescope::protocol::{DeviceChoice, FileBytes};
use moescope::run::protocol::{LabEvent, LabRequest};
use moescope::run::{Coefficients, Settings};

fn steps(event: &LabEvent) -> Option<u64> {
    let LabEvent::Steps { steps, .. } = event else { return None };
    steps.last().map(|record| record.step)
}

#[test]
fn a_run_is_paused_looked_back_at_branched_and_resumed() -> Done {
    let (site, browser) = (Site::whole()?, Browser::start(Options::default())?);
    let mut trainer = Trainer::open(&browser, &site, DeviceChoice::Auto)?;
    trainer.start(&Settings::default())?;
    trainer.send(&LabRequest::Run { branches: Vec::new(), steps: None })?;
    // It runs until it is told to stop, and says so.
    trainer.wait(|event| steps(event).filter(|&step| step > 55))?;
    trainer.send(&LabRequest::Pause)?;
    let mut last = 0;
    trainer.wait(|event| {
        last = steps(event).unwrap_or(last);
        matches!(event, LabEvent::State { running } if running.is_empty()).then_some(())
    })?;
    let file =
        trainer.wait(|event| if let LabEvent::Saved { file, .. } = event { Some(file.clone()) } else { None })?;
    // A recorded step, as it was.
    trainer.send(&LabRequest::Goto { ticket: 3, branch: 0, step: 21 })?;
    let step = trainer.wait(|event| match event {
        LabEvent::Probe { ticket: Some(3), step, .. } => Some(*step),
        _ => None,
    })?;
    if step != 20 {
        return Err(format!("step {step} is shown instead of 20"));
    }
    // A branch from step 52, computed again from the snapshot of step 50.
    let coefficients = Coefficients { learning_rate: 0.01, ..Coefficients::default() };
    let settings = Box::new(Settings { coefficients, ..Settings::default() });
    trainer.send(&LabRequest::Fork { branch: 0, step: 52, settings })?;
    let parent = trainer.wait(|event| match event {
        LabEvent::Branches(infos) => infos.last().map(|info| info.parent),
        _ => None,
    })?;
    if parent != Some((0, 52)) {
        return Err(format!("the branch begins at {parent:?}"));
    }
    let losses = trainer.train(vec![0, 1], 5)?;
    // The saved state goes on as the run did.
    trainer.send(&LabRequest::Import { file: FileBytes::Here(file) })?;
    trainer.wait(|event| matches!(event, LabEvent::Opened { .. }).then_some(()))?;
    trainer.wait(|event| matches!(event, LabEvent::State { .. }).then_some(()))?;
    let again = trainer.train(vec![0], 5)?;
    if losses == again { Ok(()) } else { Err(format!("{losses:?} at first, {again:?} when resumed at {last}")) }
}
