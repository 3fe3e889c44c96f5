//! The trainer's loop, the same in the browser and natively: answers what waits, trains a step, and lets messages come in.

use super::experiment::Experiment;
use super::pace::Pace;
use super::self_check;
use super::warm::warm_up;
use crate::device;
use crate::device::OpenDevice;
use crate::model::checkpoint::Precision;
use crate::protocol::{DeviceChoice, DeviceReason, FileBytes, Sampling};
use crate::run::fault::{LabFault, LabRequestFault, RunFileFault};
use crate::run::memory::Memory;
use crate::run::protocol::{LabEvent, LabRequest, LabTask};
use crate::run::record::BranchId;
use crate::run::settings::Settings;
use crate::worker::{Host, Mailbox};
use std::collections::VecDeque;
use web_time::{Duration, Instant};

/// Steps between two snapshots.
const SNAPSHOT: u64 = 50;
/// Steps between evaluations, and between samples, unless the page says otherwise.
const EVERY: (u64, u64) = (10, 100);
/// Tokens of a sample that was not asked for.
const SAMPLE: usize = 40;

/// How much of the machine the trainer leaves to its page; the default is nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Timing {
    /// How long [`warm_up`] may run before the first request to a CPU; zero where code is compiled before it runs.
    pub warm_up: Duration,
    /// Milliseconds that a page has to itself for a new run's first picture: it and the trainer share the cores.
    pub first_picture: u32,
}

/// The loop's state.
pub(super) struct TrainerService<'a, H> {
    pub(super) host: &'a H,
    mailbox: &'a Mailbox<LabRequest>,
    timing: Timing,
    device: Option<OpenDevice>,
    pub(super) run: Option<Experiment>,
    /// Branches under training with the steps they may still do, the next one first.
    pub(super) running: VecDeque<(BranchId, Option<u64>)>,
    pace: Pace,
    evaluate_every: u64,
    sample_every: u64,
    /// What was not told yet.
    pub(super) news: (Vec<crate::run::StepRecord>, Vec<crate::run::Evaluation>),
    /// Nothing is left to warm up.
    warm: bool,
}

/// Answers requests and trains until the mailbox is closed.
pub async fn serve(host: &impl Host<LabEvent>, mailbox: &Mailbox<LabRequest>, timing: Timing) {
    let (evaluate_every, sample_every) = EVERY;
    let mut service = TrainerService {
        host,
        mailbox,
        timing,
        device: None,
        run: None,
        running: VecDeque::new(),
        pace: Pace::default(),
        evaluate_every,
        sample_every,
        news: Default::default(),
        warm: timing.warm_up.is_zero(),
    };
    host.send(LabEvent::Started);
    while !mailbox.is_finished() {
        let mut stopped = false;
        service.warm_up().await;
        let request = if service.running.is_empty() { mailbox.next().await } else { mailbox.take() };
        let done = match request {
            Some(request) => service.answer(request).await,
            None => service.train().await.inspect_err(|error| {
                // One branch that diverges does not stop the others; what else may happen would happen again.
                if !matches!(error, LabFault::Diverged(_)) {
                    stopped = true;
                }
            }),
        };
        if stopped {
            service.stop();
        }
        if let Err(error) = done {
            service.fault(error);
        }
    }
}

impl<H: Host<LabEvent>> TrainerService<'_, H> {
    /// Once, on a CPU with nothing to do before the first run.
    async fn warm_up(&mut self) {
        let (host, mailbox) = (self.host, self.mailbox);
        let cold = !self.warm && self.run.is_none() && mailbox.is_idle();
        let Some(device) = self.device.as_ref().filter(|device| cold && !device.report.gpu) else { return };
        self.warm = true;
        let end = Instant::now() + self.timing.warm_up;
        let go_on = async || {
            host.pause().await;
            mailbox.is_idle() && Instant::now() < end
        };
        // What goes wrong here goes wrong again in the run, which says so.
        let _ = warm_up(device, go_on).await;
    }

    fn fault(&mut self, fault: LabFault) {
        self.tell();
        match &fault {
            LabFault::Diverged(at) => self.running.retain(|&(id, _)| id != at.branch),
            fault if fault.is_lost_device() => self.running.clear(),
            _ => {}
        }
        self.host.send(LabEvent::Fault(fault));
        self.state();
    }

    pub(super) fn run(&mut self) -> Result<&mut Experiment, LabFault> {
        self.run.as_mut().ok_or(LabFault::Request(LabRequestFault::NoRun))
    }

    async fn answer(&mut self, request: LabRequest) -> Result<(), LabFault> {
        match request {
            LabRequest::Open { device } => self.open(device).await,
            LabRequest::Start { settings, text, probe } => {
                let device = self.open_device()?;
                self.stop();
                self.progress(LabTask::ReadingText, 0, 1);
                self.host.pause().await;
                let run = Experiment::start(&settings, text, &probe, device).await?;
                self.opened(&settings, run).await
            }
            LabRequest::Import { file } => {
                let device = self.open_device()?;
                self.stop();
                let file = self.read(file).await?;
                let run = Experiment::import(&file, device).await?;
                // As it began: with the coefficients that a link would start it with.
                let settings = run.branches.first().map(|branch| branch.settings.clone()).unwrap_or_default();
                self.opened(&settings, run).await
            }
            LabRequest::Run { branches, steps } => self.start(&branches, steps),
            LabRequest::Pause => self.pause().await,
            LabRequest::Speed(speed) => {
                self.pace.limit(speed);
                Ok(())
            }
            LabRequest::SetCoefficients { branch, coefficients } => {
                self.run()?.change(branch, coefficients)?;
                self.branches()
            }
            LabRequest::Goto { ticket, branch, step } => self.look(Some(ticket), branch, step).await,
            LabRequest::Fork { branch, step, settings } => self.fork(branch, step, &settings).await,
            LabRequest::Drop { branch } => {
                self.run()?.drop_branch(branch)?;
                self.running.retain(|&(id, _)| id != branch);
                self.state();
                self.branches()
            }
            LabRequest::Probe { ticket, text } => {
                self.run()?.set_probe(&text)?;
                for branch in self.ids() {
                    self.look(Some(ticket), branch, u64::MAX).await?;
                }
                Ok(())
            }
            LabRequest::Sample { branch, prompt, sampling, tokens } => {
                self.sample(branch, &prompt, sampling, tokens).await
            }
            LabRequest::Every { evaluation, sample } => {
                (self.evaluate_every, self.sample_every) = (evaluation, sample);
                Ok(())
            }
            LabRequest::Saturation { branch } => {
                let saturation = self.run()?.saturation(branch)?;
                self.host.send(LabEvent::Saturation(saturation));
                Ok(())
            }
            LabRequest::Export { branch } => {
                let run = self.run()?;
                let (name, (file, others)) = (format!("{}.zip", run.name(branch)?), run.export(branch, true).await?);
                self.host.send(LabEvent::Exported { name, file, others });
                Ok(())
            }
            LabRequest::Checkpoint { branch } => {
                let run = self.run()?;
                let (name, files) = (run.name(branch)?, run.checkpoint(branch, Precision::Single).await?);
                self.host.send(LabEvent::Checkpoint { name, files });
                Ok(())
            }
            LabRequest::SelfCheck => self.self_check().await,
            LabRequest::Save => match self.running.front().map(|&(id, _)| id).or_else(|| self.ids().first().copied()) {
                Some(branch) => self.saved(branch).await,
                None => Ok(()),
            },
        }
    }

    fn open_device(&self) -> Result<OpenDevice, LabFault> {
        self.device.clone().ok_or(LabFault::NoDevice)
    }

    async fn open(&mut self, choice: DeviceChoice) -> Result<(), LabFault> {
        self.stop();
        let device = match choice {
            DeviceChoice::Auto => OpenDevice::cpu(DeviceReason::SmallModel),
            _ => device::open(choice, &self.host.gpu()).await.map_err(LabFault::Device)?,
        };
        self.host.send(LabEvent::Ready { device: device.report.clone() });
        self.device = Some(device.clone());
        if let Some(run) = &mut self.run {
            run.move_to(device)?;
            self.branches()?;
        }
        Ok(())
    }

    async fn read(&self, file: FileBytes) -> Result<Vec<u8>, LabFault> {
        let progress = |done, total: Option<u64>| self.progress(LabTask::ReadingFile, done, total.unwrap_or(0));
        match file {
            FileBytes::Here(bytes) => Ok(bytes),
            FileBytes::At(at) => self.host.fetch(&at, &progress).await.map_err(|_| LabFault::File(RunFileFault::Moved)),
        }
    }

    /// A new run takes the old one's place.
    async fn opened(&mut self, settings: &Settings, run: Experiment) -> Result<(), LabFault> {
        self.news = Default::default();
        let event = LabEvent::Opened {
            settings: Box::new(settings.clone()),
            text: run.data().info.clone(),
            memory: Memory::of(settings),
            branches: run.infos(),
            probe: run.probe().to_owned(),
        };
        let recalled = run.recalled();
        self.run = Some(run);
        self.host.send(event);
        if let Some(recalled) = recalled {
            self.host.send(recalled);
        }
        if self.timing.first_picture > 0 {
            self.host.sleep(self.timing.first_picture).await;
        }
        for branch in self.ids() {
            self.evaluate(branch).await?;
        }
        self.tell();
        self.recorded();
        self.state();
        Ok(())
    }

    fn ids(&self) -> Vec<BranchId> {
        self.run.as_ref().map(|run| run.infos().iter().map(|branch| branch.id).collect()).unwrap_or_default()
    }

    fn start(&mut self, branches: &[BranchId], steps: Option<u64>) -> Result<(), LabFault> {
        let run = self.run()?;
        branches.iter().try_for_each(|&id| run.branch(id).map(|_| ()))?;
        let ids = if branches.is_empty() { self.ids() } else { branches.to_vec() };
        self.running = ids.into_iter().map(|id| (id, steps)).filter(|(_, left)| *left != Some(0)).collect();
        self.pace.begin();
        self.state();
        Ok(())
    }

    fn stop(&mut self) {
        self.running.clear();
    }

    /// Stops, and keeps everything as it is now.
    async fn pause(&mut self) -> Result<(), LabFault> {
        let last = self.running.front().map(|&(id, _)| id);
        self.stop();
        self.tell();
        self.state();
        if let Some(branch) = last {
            self.save(branch).await?;
        }
        Ok(())
    }

    /// One step of the next branch.
    async fn train(&mut self) -> Result<(), LabFault> {
        let wait = self.pace.wait();
        if wait > 0 {
            self.host.sleep(wait.min(100)).await;
            return Ok(());
        }
        let Some((id, left)) = self.running.pop_front() else { return Ok(()) };
        let left = left.map(|left| left.saturating_sub(1));
        if left != Some(0) {
            self.running.push_back((id, left));
        }
        self.pace.step();
        let record = self.run()?.step(id).await?;
        let step = record.step;
        self.news.0.push(record);
        let due = |every: u64| every > 0 && step.is_multiple_of(every);
        if due(self.evaluate_every) || (left == Some(0) && self.evaluate_every > 0) {
            self.evaluate(id).await?;
        }
        if due(SNAPSHOT) {
            self.run()?.keep(id, false).await?;
            self.recorded();
        }
        // However long a step takes.
        if self.pace.should_save() {
            self.saved(id).await?;
        }
        if due(self.sample_every) {
            let seed = self.run()?.branch(id)?.settings.seed ^ step;
            self.sample(id, "", Sampling { seed, ..Sampling::default() }, SAMPLE).await?;
        }
        if self.running.is_empty() {
            self.tell();
            self.state();
            self.save(id).await?;
        } else if self.pace.should_tell() {
            self.tell();
        }
        if self.pace.should_pause() {
            self.host.pause().await;
        }
        Ok(())
    }

    async fn evaluate(&mut self, branch: BranchId) -> Result<(), LabFault> {
        let (evaluation, trace) = self.run()?.evaluate(branch).await?;
        let step = evaluation.step;
        self.news.1.push(evaluation);
        self.host.send(LabEvent::Probe { ticket: None, branch, step, trace: Box::new(trace) });
        Ok(())
    }

    async fn look(&mut self, ticket: Option<u64>, branch: BranchId, step: u64) -> Result<(), LabFault> {
        let (step, trace) = self.run()?.look(branch, step).await?;
        self.host.send(LabEvent::Probe { ticket, branch, step, trace: Box::new(trace) });
        Ok(())
    }

    async fn sample(
        &mut self,
        branch: BranchId,
        prompt: &str,
        sampling: Sampling,
        tokens: usize,
    ) -> Result<(), LabFault> {
        let (step, prompt, text) = self.run()?.sample(branch, prompt, sampling, tokens).await?;
        self.host.send(LabEvent::Sample { branch, step, prompt, text });
        Ok(())
    }

    async fn fork(&mut self, branch: BranchId, step: u64, settings: &Settings) -> Result<(), LabFault> {
        let (host, mailbox) = (self.host, self.mailbox);
        let progress = async |done, total| {
            if done % 10 == 0 {
                host.send(LabEvent::Progress { task: LabTask::GoingBack(step), done, total });
            }
            host.pause().await;
            !mailbox.is_superseded()
        };
        let id = self.run()?.fork(branch, step, settings, progress).await?;
        self.branches()?;
        self.evaluate(id).await?;
        self.tell();
        self.recorded();
        Ok(())
    }

    /// Keeps a branch as it is, and gives it to the page too.
    async fn save(&mut self, branch: BranchId) -> Result<(), LabFault> {
        self.run()?.keep(branch, false).await?;
        self.recorded();
        self.saved(branch).await
    }

    async fn saved(&mut self, branch: BranchId) -> Result<(), LabFault> {
        let run = self.run()?;
        let (step, (file, others)) = (run.branch(branch)?.head.step, run.export(branch, false).await?);
        self.host.send(LabEvent::Saved { branch, step, file, others });
        Ok(())
    }

    async fn self_check(&mut self) -> Result<(), LabFault> {
        self_check::tell_all(&self.open_device()?, self.host).await
    }
}
