//! A run that nobody sees, before the first one that somebody does.
//!
//! A browser compiles WebAssembly well only after it has run for a while, on the cores that also draw the page: so the
//! first seconds of a run would be its slowest, and the page would stutter through them. They pass while the visitor reads.

use super::experiment::Experiment;
use crate::device::OpenDevice;
use crate::protocol::Sampling;
use crate::run::fault::LabFault;
use crate::run::settings::Settings;

/// Steps between evaluations, as in a run.
const EVALUATE: u64 = 10;
/// Tokens that it writes.
const SAMPLE: usize = 16;

/// Trains the usual settings from scratch for as long as `go_on` says so after each step, and forgets it. Returns how many
/// steps that were.
///
/// # Errors
/// Those of a run.
pub async fn warm_up(device: &OpenDevice, mut go_on: impl AsyncFnMut() -> bool) -> Result<u64, LabFault> {
    let mut run = Experiment::start(&Settings::default(), None, "", device.clone()).await?;
    let mut steps = 0;
    while go_on().await {
        if steps % EVALUATE == 0 {
            run.evaluate(0).await?;
            run.sample(0, "", Sampling::default(), SAMPLE).await?;
        }
        run.step(0).await?;
        steps += 1;
    }
    Ok(steps)
}
