//! Gradients against finite differences, on whatever device is open: the check that a browser and its GPU compute what the
//! mathematics says.
//!
//! For a group of parameters the gradient g gives a direction u = g / |g|, along which the loss must rise by |g|:
//! `(L(p + e u) - L(p - e u)) / 2 e = |g|` up to curvature, which large e suffer from, and rounding, which small ones suffer
//! from. So e is made smaller until it fits, and the best of all is told. Choices of experts are steps: an e with which a side
//! chooses otherwise than the middle does not count.

pub use super::checked::Checked;
use super::{shape, tie_check};
use crate::device::OpenDevice;
use crate::kernels::attention::AttentionShape;
use crate::methods::{self, Method};
use crate::model::{Compute, ModelConfig, Transformer};
use crate::random::Random;
use crate::run::fault::{LabFault, LabRequestFault};
use crate::run::protocol::LabEvent;
use crate::run::settings::Settings;
use crate::train::batches::Batch;
use crate::train::step::{StepConfig, floats, pass};
use crate::worker::Host;
use burn::module::{Module as _, ModuleMapper, Param};
use burn::tensor::{Gradients, Int, Tensor, TensorData};
use std::collections::BTreeMap;

/// Largest relative error that passes.
const TOLERANCE: f32 = 0.02;
/// Steps to try, the largest first.
const STEPS: [f32; 5] = [2e-2, 5e-3, 1e-3, 2e-4, 5e-5];
/// Gradients below this cannot be told from rounding.
const LEAST: f32 = 1e-4;
/// Tokens in the vocabulary of the tiny models.
const VOCABULARY: usize = 24;

/// One thing to check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// A whole tiny model with a method's routers.
    Method(&'static Method),
    /// The weighted sum of experts.
    Experts,
    /// Causal attention within a window.
    Attention,
    /// Rotary positions.
    Rotary,
    /// RMS normalisation.
    RmsNorm,
    /// The loss against the embedding.
    MeanLoss,
    /// Choices among equal experts; no gradient.
    Ties,
}

/// Every method and every kernel.
pub fn checks() -> Vec<Check> {
    let kernels = [Check::Experts, Check::Attention, Check::Rotary, Check::RmsNorm, Check::MeanLoss, Check::Ties];
    kernels.into_iter().chain(methods::trained().map(Check::Method)).collect()
}

/// Does them all, and tells of each as it ends.
///
/// # Errors
/// If the device does not give its numbers back.
pub async fn tell_all(device: &OpenDevice, host: &impl Host<LabEvent>) -> Result<(), LabFault> {
    let mut failed = 0;
    for check in checks() {
        let Checked { name, error, ok, note } = check.run(device).await?;
        failed += u32::from(!ok);
        host.send(LabEvent::Checked { name, error, ok, note });
        host.pause().await;
    }
    host.send(LabEvent::CheckDone { failed });
    Ok(())
}

impl Check {
    /// Does the check.
    ///
    /// # Errors
    /// If the device does not give its numbers back.
    pub async fn run(self, device: &OpenDevice) -> Result<Checked, LabFault> {
        let (name, shapes): (&str, &[&[usize]]) = match self {
            Self::Method(method) => return of_method(method, device).await,
            Self::Ties => return tie_check::run(device).await,
            Self::Experts => ("experts", &[&[4, 6], &[3, 8, 6], &[3, 6, 4], &[4, 2]]),
            Self::Attention => ("attention", &[&[10, 8], &[10, 4], &[10, 4]]),
            Self::Rotary => ("rotary", &[&[6, 8]]),
            Self::RmsNorm => ("rms-norm", &[&[5, 7], &[7]]),
            Self::MeanLoss => ("mean-loss", &[&[5, 6], &[9, 6]]),
        };
        of_kernel(self, name, shapes, device).await
    }

    /// A kernel's outputs for flat inputs of the shapes in [`Self::run`].
    fn outputs(self, compute: Compute, inputs: &[Tensor<1>]) -> Option<Tensor<2>> {
        let rows = |at: usize, shape: [usize; 2]| inputs.get(at).map(|input| input.clone().reshape(shape));
        let stack = |at: usize, shape: [usize; 3]| inputs.get(at).map(|input| input.clone().reshape(shape));
        let device = inputs.first()?.device();
        Some(match self {
            Self::Method(_) | Self::Ties => return None,
            Self::Experts => {
                let choice = Tensor::<2, Int>::from_data([[0, 1], [2, 0], [1, 2], [1, -1]], &device);
                let (x, weights) = (rows(0, [4, 6])?, rows(3, [4, 2])?);
                compute.experts(x, stack(1, [3, 8, 6])?, stack(2, [3, 6, 4])?, choice, weights)
            }
            Self::Attention => {
                let shape = AttentionShape { batch: 2, queries: 5, keys: 5, heads: 2, kv_heads: 1, head: 4, window: 3 };
                compute.attention(rows(0, [10, 8])?, rows(1, [10, 4])?, rows(2, [10, 4])?, shape)
            }
            Self::Rotary => compute.rotary(rows(0, [6, 8])?, 2, 3, 4, 100.0),
            Self::RmsNorm => compute.rms_norm(rows(0, [5, 7])?, inputs.get(1)?.clone(), 1e-5),
            Self::MeanLoss => {
                let targets = Tensor::<1, Int>::from_data([3, 0, 8, 8, 1], &device);
                compute.mean_loss(rows(0, [5, 6])?, rows(1, [9, 6])?, targets).reshape([1, 1])
            }
        })
    }
}

fn random(seed: u64, count: usize) -> Vec<f32> {
    let mut random = Random::new(seed);
    (0..count).map(|_| random.normal() as f32).collect()
}

/// A kernel: the derivative of its outputs' sum, weighted at random, with respect to each input.
async fn of_kernel(check: Check, name: &str, shapes: &[&[usize]], device: &OpenDevice) -> Result<Checked, LabFault> {
    let tracked = device.device.clone().autodiff();
    let values: Vec<Vec<f32>> =
        shapes.iter().enumerate().map(|(at, shape)| random(at as u64 + 1, shape.iter().product())).collect();
    let scalar = |inputs: &[Tensor<1>]| {
        let out = check.outputs(device.compute, inputs)?;
        let [rows, cols] = out.dims();
        let weights = TensorData::new(random(99, rows * cols), [rows, cols]);
        Some((out.clone() * Tensor::from_data(weights, &out.device())).sum())
    };
    let nothing = || LabFault::Request(LabRequestFault::NothingToCheck { name: name.to_owned() });
    let input =
        |values: &[f32], device| Tensor::<1>::from_data(TensorData::new(values.to_vec(), [values.len()]), device);
    let inputs: Vec<Tensor<1>> = values.iter().map(|values| input(values, &tracked).require_grad()).collect();
    let gradients = scalar(&inputs).ok_or_else(nothing)?.backward();
    let mut worst: f32 = 0.0;
    for (at, own) in inputs.iter().enumerate() {
        let Some(gradient) = own.grad(&gradients) else { return Err(nothing()) };
        let gradient = floats(gradient).await?;
        let length = gradient.iter().map(|g| g * g).sum::<f32>().sqrt();
        let mut sides = [0.0; 2];
        for (side, step) in sides.iter_mut().zip([STEPS[0], -STEPS[0]]) {
            let scale = step / length.max(LEAST);
            let mut moved = values.clone();
            moved[at].iter_mut().zip(&gradient).for_each(|(value, slope)| *value += slope * scale);
            let inputs: Vec<Tensor<1>> = moved.iter().map(|values| input(values, &device.device)).collect();
            *side = floats(scalar(&inputs).ok_or_else(nothing)?).await?[0];
        }
        let slope = (sides[0] - sides[1]) / (2.0 * STEPS[0]);
        worst = worst.max((slope - length).abs() / length.max(LEAST));
    }
    Ok(Checked { name: name.to_owned(), error: worst, ok: worst < TOLERANCE, note: String::new() })
}

/// Which parameters are moved together.
const GROUPS: [&str; 3] = ["router", "experts", "rest"];

fn group(path: &[String]) -> &'static str {
    let has = |name| path.iter().any(|part| part == name);
    match () {
        () if has("router") => GROUPS[0],
        () if has("experts") => GROUPS[1],
        () => GROUPS[2],
    }
}

/// A whole model with a method's routers, in its first step of training.
async fn of_method(method: &'static Method, device: &OpenDevice) -> Result<Checked, LabFault> {
    let name = method.id.to_owned();
    if device.report.gpu && method.on_host {
        let note = "decides on the host, so it is trained on the CPU only".to_owned();
        return Ok(Checked { name, error: 0.0, ok: true, note });
    }
    let settings = Settings {
        method,
        experts: 4,
        top_k: 2,
        width: 16,
        inner: 8,
        layers: 1,
        batch: 2,
        len: 8,
        ..Settings::default()
    }
    .fitted();
    let mut settings = Settings { vocabulary: VOCABULARY, ..settings };
    let c = &mut settings.coefficients;
    (c.balance, c.z, c.capacity_factor) = (0.5, 0.1, 1.5);
    let config = shape::config(&settings, VOCABULARY)?;
    let model = Transformer::init(&config, 5, &device.device.clone().autodiff())?;
    let (model, _) = Walk::through(model, Purpose::Enliven(Random::new(11)));
    let how = shape::how(&config, &settings, 0, device.compute);
    let gradients = Box::new(pass(&model, batch(&settings), &how).total.backward());
    let (model, purpose) = Walk::through(model, Purpose::Collect(gradients, BTreeMap::new()));
    let Purpose::Collect(_, found) = purpose else {
        return Err(LabFault::Request(LabRequestFault::NothingToCheck { name: name.to_owned() }));
    };
    let plain = model.valid();
    let (_, middle) = evaluate(&plain, &settings, &config, &how).await?;
    let (mut worst, mut notes) = (0.0_f32, Vec::new());
    for group in GROUPS {
        let own: BTreeMap<&String, &Tensor<1>> =
            found.iter().filter(|(_, (own, _))| *own == group).map(|(path, (_, gradient))| (path, gradient)).collect();
        let mut square = 0.0;
        for gradient in own.values() {
            square += floats(((*gradient).clone() * (*gradient).clone()).sum()).await?[0];
        }
        let length = square.sqrt();
        if length < LEAST {
            notes.push(match (group, method) {
                ("router", _) if method == &methods::ROUTING_NETWORKS => {
                    "the router learns by reinforcement, without a gradient".to_owned()
                }
                ("router", _) if method.is_fixed() => "the router is a fixed table".to_owned(),
                _ => format!("{group}: the gradient is {length:.1e}, too small to compare"),
            });
            continue;
        }
        let mut error: Option<f32> = None;
        for step in STEPS {
            let moved = |scale: f32| {
                let directions =
                    own.iter().map(|(path, gradient)| ((*path).clone(), (*gradient).clone() * scale)).collect();
                Walk::through(plain.clone(), Purpose::Nudge(directions)).0
            };
            let (above, chosen) = evaluate(&moved(step / length), &settings, &config, &how).await?;
            let (below, other) = evaluate(&moved(-step / length), &settings, &config, &how).await?;
            if chosen == middle && other == middle {
                let slope = (f64::from(above) - f64::from(below)) / f64::from(2.0 * step);
                let own = (slope as f32 - length).abs() / length;
                error = Some(error.map_or(own, |best| best.min(own)));
                if own < TOLERANCE / 4.0 {
                    break;
                }
            }
        }
        match error {
            Some(error) => {
                if error >= TOLERANCE {
                    notes.push(format!("{group}: the gradient is {length:.3e}, off by {error:.3e} of it"));
                }
                worst = worst.max(error);
            }
            None => notes.push(format!("{group}: every step changes a choice")),
        }
    }
    Ok(Checked {
        name,
        error: worst,
        ok: worst < TOLERANCE && !notes.iter().any(|note| note.contains(':')),
        note: notes.join("; "),
    })
}

/// Random tokens.
fn batch(settings: &Settings) -> Batch {
    let mut random = Random::new(7);
    let mut draw = || (0..settings.tokens()).map(|_| random.below(VOCABULARY)).collect::<Vec<usize>>();
    let (inputs, targets) = (draw(), draw());
    Batch {
        inputs: inputs.into_iter().map(|id| id as u32).collect(),
        targets: targets.into_iter().map(|id| id as i32).collect(),
        domains: (0..settings.batch).collect(),
    }
}

/// The loss, and which experts were chosen.
async fn evaluate(
    model: &Transformer,
    settings: &Settings,
    config: &ModelConfig,
    how: &StepConfig<'_>,
) -> Result<(f32, Vec<Vec<f32>>), LabFault> {
    let how = StepConfig { config, ..*how };
    let pass = pass(model, batch(settings), &how);
    let mut chosen = Vec::with_capacity(pass.routings.len());
    for routing in &pass.routings {
        let [tokens, k] = routing.experts.dims();
        chosen.push(floats(routing.computed().float().reshape([tokens * k])).await?);
    }
    Ok((floats(pass.total).await?[0], chosen))
}

/// Goes through all parameters for one purpose. One type for three purposes: the walk through a model is a lot of code.
struct Walk {
    path: Vec<String>,
    purpose: Purpose,
}

enum Purpose {
    /// Routers that begin at zero would choose at random, so all begin with some weights; and experts that do little would
    /// leave a router little to learn, so they do more.
    Enliven(Random),
    /// Take every parameter's gradient, flat, by path, with its group.
    Collect(Box<Gradients>, BTreeMap<String, (&'static str, Tensor<1>)>),
    /// Move parameters.
    Nudge(BTreeMap<String, Tensor<1>>),
}

impl Walk {
    fn through(model: Transformer, purpose: Purpose) -> (Transformer, Purpose) {
        let mut walk = Self { path: Vec::new(), purpose };
        (model.map(&mut walk), walk.purpose)
    }
}

impl ModuleMapper for Walk {
    fn enter_module(&mut self, name: &str, _: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _: &str, _: &str) {
        self.path.pop();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let path = self.path.join(".");
        let shape = param.val().dims();
        let count = shape.iter().product::<usize>();
        match &mut self.purpose {
            Purpose::Enliven(random) => {
                let trained = |part: &String| matches!(part.as_str(), "gate" | "noise" | "group_gate" | "group_noise");
                let values: Vec<f32> = match () {
                    () if self.path.iter().any(|part| part == "experts") => {
                        return param.map(|old| Tensor::from_inner(old.inner() * 3.0).require_grad());
                    }
                    () if self.path.iter().any(trained) => (0..count).map(|_| (random.normal() * 0.3) as f32).collect(),
                    () => return param,
                };
                param.map(|old| Tensor::from_data(TensorData::new(values, shape), &old.device()).require_grad())
            }
            Purpose::Collect(gradients, found) => {
                if let Some(gradient) = param.val().grad_remove(gradients) {
                    found.insert(path, (group(&self.path), gradient.reshape([count])));
                }
                param
            }
            Purpose::Nudge(directions) => match directions.remove(&path) {
                Some(direction) => param.map(|value| value + direction.reshape(shape)),
                None => param,
            },
        }
    }
}
