//! What the trainer's loop tells the page of its own accord: how a run stands, without having been asked.

use super::service::TrainerService;
use crate::run::fault::LabFault;
use crate::run::protocol::{LabEvent, LabTask};
use crate::worker::Host;

impl<H: Host<LabEvent>> TrainerService<'_, H> {
    pub(super) fn progress(&self, task: LabTask, done: u64, total: u64) {
        self.host.send(LabEvent::Progress { task, done, total });
    }

    /// Tells what was not told yet.
    pub(super) fn tell(&mut self) {
        let (steps, evaluations) = std::mem::take(&mut self.news);
        if !steps.is_empty() || !evaluations.is_empty() {
            self.host.send(LabEvent::Steps { steps, evaluations });
        }
    }

    pub(super) fn branches(&mut self) -> Result<(), LabFault> {
        let infos = self.run()?.infos();
        self.host.send(LabEvent::Branches(infos));
        Ok(())
    }

    pub(super) fn recorded(&self) {
        if let Some(run) = &self.run {
            self.host.send(run.recorded());
        }
    }

    pub(super) fn state(&self) {
        self.host.send(LabEvent::State { running: self.running.iter().map(|&(id, _)| id).collect() });
    }
}
