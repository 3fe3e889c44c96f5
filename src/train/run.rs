//! The training loop.

use super::batches::batch;
use super::domain::Domain;
use super::evaluate::{LoggedEvaluation, evaluate};
use super::optimizer::{Moments, OptimizerSettings, Rule};
use super::preset::{MixtureError, ModelPreset};
use super::state::{self, Progress};
pub use super::step::LossCoefficients;
use super::step::{self, StepConfig, StepOutput};
use super::{TrainError, competition, hash_tables, schedule};
use crate::model::{Compute, ModelConfig, Transformer};
use crate::random::Random;
use burn::module::Module as _;
use burn::tensor::Device;
use pollster::block_on;
use std::path::PathBuf;
use std::time::Instant;

/// How to train.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What.
    pub preset: ModelPreset,
    /// Decides the initial weights and the order of the texts.
    pub seed: u64,
    /// Steps in all.
    pub steps: usize,
    /// Sequences a step.
    pub batch: usize,
    /// Tokens a sequence; also the attention window.
    pub len: usize,
    /// Learning rates.
    pub optimizer: OptimizerSettings,
    /// Steps of rising learning rate.
    pub warmup: usize,
    /// Share of the steps with falling learning rate.
    pub decay: f64,
    /// Weights of each layer's own losses.
    pub coefficients: LossCoefficients,
    /// Steps between evaluations.
    pub every: usize,
    /// Tokens of each domain in those evaluations.
    pub eval_tokens: usize,
    /// Tokens of each domain in the last evaluation.
    pub final_tokens: usize,
    /// Another model's embeddings, their width and numbers [V * width], for routers made from them
    /// ([`hash_tables::needs_embeddings`]).
    pub embeddings: Option<(usize, Vec<f32>)>,
    /// Where state and log go, and where a run to resume lies.
    pub folder: PathBuf,
}

/// News from the loop.
pub enum News<'a> {
    /// A step was done.
    Step {
        /// Steps done.
        step: usize,
        /// Its loss in nats per token.
        loss: f32,
        /// Tokens per second of this step.
        speed: f64,
    },
    /// An evaluation.
    Evaluation {
        /// Steps done.
        step: usize,
        /// Seconds spent in steps.
        seconds: f64,
        /// The result.
        result: &'a LoggedEvaluation,
    },
}

/// A run in memory.
pub struct TrainingRun {
    /// The weights.
    pub model: Transformer,
    /// The shape.
    pub config: ModelConfig,
    /// How far it has come.
    pub progress: Progress,
    moments: Moments,
}

impl TrainingRun {
    /// Resumes the run in the plan's folder, or begins one.
    ///
    /// # Errors
    /// If the folder holds a run with other settings, or a damaged one, or the router lacks embeddings.
    pub fn open(plan: &Plan, vocabulary: usize, end_of_text: u32, train: &[Domain]) -> Result<Self, TrainError> {
        let device = Device::flex().autodiff();
        let corpus = hash(train);
        let config = plan.preset.config(vocabulary, end_of_text, plan.len);
        let progress = Progress {
            preset: plan.preset.name.to_owned(),
            seed: plan.seed,
            step: 0,
            batch: plan.batch,
            len: plan.len,
            seconds: 0.0,
            corpus,
        };
        let Some((model, old_config, moments, old)) = state::load(&plan.folder, &Device::flex())? else {
            let model = Transformer::init(&config, plan.seed, &device)?;
            let embeddings = plan.embeddings.as_ref().map(|(width, values)| (*width, &values[..]));
            let counts = hash_tables::counts(train, vocabulary);
            let model = hash_tables::prepare(model, &config.router, &counts, embeddings)?;
            return Ok(Self { model, config, progress, moments: Moments::default() });
        };
        let expected = Progress { step: old.step, seconds: old.seconds, ..progress };
        if old != expected || old_config != config {
            return Err(TrainError::new(format!(
                "{} holds another run: {}. Name another folder with --run.",
                plan.folder.display(),
                old.difference(&expected).unwrap_or("its model has another shape".to_owned())
            )));
        }
        Ok(Self { model: model.train(), config, progress: old, moments })
    }

    /// Trains to the plan's last step, or until `stop` says so, then saves. Returns the last evaluation, if any.
    ///
    /// # Errors
    /// If the loss is no longer a number, or the state cannot be written.
    pub fn train(
        &mut self,
        plan: &Plan,
        train: &[Domain],
        valid: &[Domain],
        stop: &dyn Fn() -> bool,
        news: &mut dyn FnMut(News<'_>) -> Result<(), TrainError>,
    ) -> Result<Option<LoggedEvaluation>, TrainError> {
        let mut last = None;
        while self.progress.step < plan.steps && !stop() {
            let start = Instant::now();
            let loss = self.step(plan, train)?;
            let seconds = start.elapsed().as_secs_f64();
            self.progress.seconds += seconds;
            self.progress.step += 1;
            let step = self.progress.step;
            news(News::Step { step, loss, speed: (plan.batch * plan.len) as f64 / seconds })?;
            if step.is_multiple_of(plan.every) || step == plan.steps {
                self.save(plan)?;
                let result = match step == plan.steps {
                    true => self.measure(plan, valid),
                    false => {
                        let model = self.model.valid();
                        evaluate(&model, &self.config, valid, plan.eval_tokens, plan.preset.error, |_| {})
                    }
                };
                news(News::Evaluation { step, seconds: self.progress.seconds, result: &result })?;
                last = Some(result);
            }
        }
        self.save(plan)?;
        Ok(last)
    }

    /// Measures the model as it is on all the text that the plan's last evaluation reads.
    pub fn measure(&self, plan: &Plan, valid: &[Domain]) -> LoggedEvaluation {
        evaluate(&self.model.valid(), &self.config, valid, plan.final_tokens, plan.preset.error, |_| {})
    }

    fn save(&self, plan: &Plan) -> Result<(), TrainError> {
        state::save(&plan.folder, &self.model.valid(), &self.config, &self.moments, &self.progress)
    }

    fn step(&mut self, plan: &Plan, train: &[Domain]) -> Result<f32, TrainError> {
        let step = self.progress.step;
        let how = StepConfig {
            config: &self.config,
            compute: Compute::Sparse,
            coefficients: plan.coefficients,
            rule: Rule::Muon(plan.optimizer),
            factor: schedule::factor(step, plan.steps, plan.warmup, plan.decay),
            noise: Random::new(plan.seed ^ (step as u64) << 32).bits(),
            step,
        };
        let batch = batch(train, step, plan.batch, plan.len, plan.seed);
        let StepOutput { model, loss, .. } = match plan.preset.error {
            MixtureError::Cooperative => block_on(step::step(&self.model, &mut self.moments, batch, &how)),
            MixtureError::Competitive => block_on(competition::step(&self.model, &mut self.moments, batch, &how)),
        }?;
        if !loss.is_finite() {
            return Err(TrainError::new(format!(
                "the loss of step {step} is {loss}: lower the learning rates and resume from {}",
                plan.folder.display()
            )));
        }
        self.model = model;
        Ok(loss)
    }
}

/// FNV-1a over the tokens.
fn hash(domains: &[Domain]) -> u64 {
    let ids = domains.iter().flat_map(|domain| domain.ids.iter());
    ids.fold(0xcbf2_9ce4_8422_2325, |hash, &id| (hash ^ u64::from(id)).wrapping_mul(0x0100_0000_01b3))
}
