//! Small runs.

use moescope::device::OpenDevice;
use moescope::protocol::DeviceReason;
use moescope::run::LabFault;
use moescope::run::protocol::OwnText;
use moescope::run::record::BranchId;
use moescope::run::{Settings, StepRecord};
use moescope::trainer::Experiment;
use pollster::block_on;

/// A run that takes a few milliseconds a step.
pub fn tiny() -> Settings {
    Settings { experts: 4, width: 16, inner: 16, layers: 2, batch: 2, len: 16, vocabulary: 280, ..Settings::default() }
}

pub fn start(settings: &Settings) -> Experiment {
    start_with(settings, None).unwrap()
}

pub fn start_with(settings: &Settings, text: Option<OwnText>) -> Result<Experiment, LabFault> {
    block_on(Experiment::start(settings, text, "", OpenDevice::cpu(DeviceReason::CpuChosen)))
}

/// Trains some steps; the records without their times.
pub fn train(run: &mut Experiment, branch: BranchId, steps: usize) -> Vec<StepRecord> {
    let step = |_| StepRecord { millis: 0.0, ..block_on(run.step(branch)).unwrap() };
    (0..steps).map(step).collect()
}
