//! Gradients against finite differences, on whatever device is open: the check that a browser and its GPU compute what the
//! mathematics says.
//!
//! For a group of parameters the gradient g gives a direction u = g / |g|, along which the loss must rise by |g|:
//! `(L(p + e u) - L(p - e u)) / 2 e = |g|` up to curvature, which large e suffer from, and rounding, which small ones suffer
//! from. So e is made smaller until it fits, and the best of all is told. Choices of experts are steps: an e with which a side
//! chooses otherwise than the middle does not count.

use super::error::LabError;
use super::method::Method;
use super::settings::Settings;
use super::shape;
use crate::engine::OpenDevice;
use crate::kernels::attention::Shape as AttentionShape;
use crate::model::random::Random;
use crate::model::{ModelConfig, Transformer};
use crate::train::batches::Batch;
use crate::train::step::{How, floats, pass};
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
    Method(Method),
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
}

/// What a check found.
#[derive(Clone, Debug, PartialEq)]
pub struct Result {
    /// What was checked.
    pub name: String,
    /// The largest relative error.
    pub error: f32,
    /// Whether that is small enough.
    pub ok: bool,
    /// What was not checked, and why; empty if all was.
    pub note: String,
}

/// Every method and every kernel.
pub fn checks() -> Vec<Check> {
    let kernels = [Check::Experts, Check::Attention, Check::Rotary, Check::RmsNorm, Check::MeanLoss];
    kernels.into_iter().chain(Method::ALL.into_iter().map(Check::Method)).collect()
}

impl Check {
    /// Does the check.
    ///
    /// # Errors
    /// If the device does not give its numbers back.
    pub async fn run(self, device: &OpenDevice) -> std::result::Result<Result, LabError> {
        match self {
            Self::Method(method) => of_method(method, device).await,
            Self::Experts => {
                let choice = Tensor::<2, Int>::from_data([[0, 1], [2, 0], [1, 2], [1, -1]], &device.device);
                let shapes = [vec![4, 6], vec![3, 8, 6], vec![3, 6, 4], vec![4, 2]];
                of_kernel("experts", shapes, device, |device, [x, gate_up, down, weights]| {
                    let (x, weights) = (x.reshape([4, 6]), weights.reshape([4, 2]));
                    device.compute.experts(
                        x,
                        gate_up.reshape([3, 8, 6]),
                        down.reshape([3, 6, 4]),
                        choice.clone(),
                        weights,
                    )
                })
                .await
            }
            Self::Attention => {
                let shape = AttentionShape { batch: 2, queries: 5, keys: 5, heads: 2, kv_heads: 1, head: 4, window: 3 };
                of_kernel("attention", [vec![10, 8], vec![10, 4], vec![10, 4]], device, |device, [q, k, v]| {
                    device.compute.attention(q.reshape([10, 8]), k.reshape([10, 4]), v.reshape([10, 4]), shape)
                })
                .await
            }
            Self::Rotary => {
                of_kernel("rotary", [vec![6, 8]], device, |device, [x]| {
                    device.compute.rotary(x.reshape([6, 8]), 2, 3, 4, 100.0)
                })
                .await
            }
            Self::RmsNorm => {
                of_kernel("rms-norm", [vec![5, 7], vec![7]], device, |device, [x, weight]| {
                    device.compute.rms_norm(x.reshape([5, 7]), weight, 1e-5)
                })
                .await
            }
            Self::MeanLoss => {
                let targets = Tensor::<1, Int>::from_data([3, 0, 8, 8, 1], &device.device);
                of_kernel("mean-loss", [vec![5, 6], vec![9, 6]], device, |device, [hidden, embedding]| {
                    let (hidden, embedding) = (hidden.reshape([5, 6]), embedding.reshape([9, 6]));
                    device.compute.mean_loss(hidden, embedding, targets.clone()).reshape([1, 1])
                })
                .await
            }
        }
    }
}

fn random(seed: u64, count: usize) -> Vec<f32> {
    let mut random = Random::new(seed);
    (0..count).map(|_| random.normal() as f32).collect()
}

/// A kernel with N inputs: the derivative of its outputs' sum, weighted at random, with respect to each input.
async fn of_kernel<const N: usize>(
    name: &str,
    shapes: [Vec<usize>; N],
    device: &OpenDevice,
    kernel: impl Fn(&OpenDevice, [Tensor<1>; N]) -> Tensor<2>,
) -> std::result::Result<Result, LabError> {
    let tracked = device.device.clone().autodiff();
    let counts: [usize; N] = std::array::from_fn(|at| shapes[at].iter().product());
    let values: [Vec<f32>; N] = std::array::from_fn(|at| random(at as u64 + 1, counts[at]));
    let input =
        |values: &[f32], device| Tensor::<1>::from_data(TensorData::new(values.to_vec(), [values.len()]), device);
    let scalar = |out: Tensor<2>| {
        let [rows, cols] = out.dims();
        let weights = TensorData::new(random(99, rows * cols), [rows, cols]);
        (out.clone() * Tensor::from_data(weights, &out.device())).sum()
    };
    let inputs: [Tensor<1>; N] = std::array::from_fn(|at| input(&values[at], &tracked).require_grad());
    let gradients = scalar(kernel(device, inputs.clone())).backward();
    let mut worst: f32 = 0.0;
    for at in 0..N {
        let gradient = match inputs[at].grad(&gradients) {
            Some(gradient) => floats(gradient).await?,
            None => vec![0.0; counts[at]],
        };
        let length = gradient.iter().map(|g| g * g).sum::<f32>().sqrt();
        let moved = |step: f32| {
            let inputs: [Tensor<1>; N] = std::array::from_fn(|other| {
                let scale = if other == at { step / length.max(LEAST) } else { 0.0 };
                let slope = |i: usize| if other == at { gradient[i] * scale } else { 0.0 };
                let values: Vec<f32> = values[other].iter().enumerate().map(|(i, value)| value + slope(i)).collect();
                input(&values, &device.device)
            });
            floats(scalar(kernel(device, inputs)))
        };
        let (above, below) = (moved(STEPS[0]).await?, moved(-STEPS[0]).await?);
        let slope = (above[0] - below[0]) / (2.0 * STEPS[0]);
        worst = worst.max((slope - length).abs() / length.max(LEAST));
    }
    Ok(Result { name: name.to_owned(), error: worst, ok: worst < TOLERANCE, note: String::new() })
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
async fn of_method(method: Method, device: &OpenDevice) -> std::result::Result<Result, LabError> {
    let name = method.name().to_owned();
    if device.report.gpu && method.needs_cpu() {
        let note = "decides on the host, so it is trained on the CPU only".to_owned();
        return Ok(Result { name, error: 0.0, ok: true, note });
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
    let config = shape::config(&settings, VOCABULARY);
    let model = lively(Transformer::init(&config, 5, &device.device.clone().autodiff())?);
    let how = shape::how(&config, &settings, 0, device.compute);
    let mut collect = Collect {
        gradients: pass(&model, batch(&settings), &how).total.backward(),
        path: Vec::new(),
        found: BTreeMap::new(),
    };
    let model = model.map(&mut collect);
    let found = collect.found;
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
                ("router", Method::RoutingNetworks) => {
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
                plain.clone().map(&mut Nudge { directions, path: Vec::new() })
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
    Ok(Result {
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
    how: &How<'_>,
) -> std::result::Result<(f32, Vec<Vec<f32>>), LabError> {
    let how = How { config, ..*how };
    let pass = pass(model, batch(settings), &how);
    let mut chosen = Vec::with_capacity(pass.routings.len());
    for routing in &pass.routings {
        let [tokens, k] = routing.experts.dims();
        chosen.push(floats(routing.computed().float().reshape([tokens * k])).await?);
    }
    Ok((floats(pass.total).await?[0], chosen))
}

/// Routers that begin at zero would choose at random, so all begin with some weights; and experts that do little would leave
/// a router little to learn, so they do more.
fn lively(model: Transformer) -> Transformer {
    struct Lively {
        path: Vec<String>,
        random: Random,
    }
    impl ModuleMapper for Lively {
        fn enter_module(&mut self, name: &str, _: &str) {
            self.path.push(name.to_owned());
        }
        fn exit_module(&mut self, _: &str, _: &str) {
            self.path.pop();
        }
        fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
            let trained =
                self.path.iter().any(|part| matches!(part.as_str(), "gate" | "noise" | "group_gate" | "group_noise"));
            if self.path.iter().any(|part| part == "experts") {
                return param.map(|old| Tensor::from_inner(old.inner() * 3.0).require_grad());
            }
            if !trained {
                return param;
            }
            let shape = param.val().dims();
            let values: Vec<f32> = (0..shape.iter().product()).map(|_| (self.random.normal() * 0.3) as f32).collect();
            param.map(|old| Tensor::from_data(TensorData::new(values, shape), &old.device()).require_grad())
        }
    }
    model.map(&mut Lively { path: Vec::new(), random: Random::new(11) })
}

/// Takes every parameter's gradient, flat, by path, with its group.
struct Collect {
    gradients: Gradients,
    path: Vec<String>,
    found: BTreeMap<String, (&'static str, Tensor<1>)>,
}

impl ModuleMapper for Collect {
    fn enter_module(&mut self, name: &str, _: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _: &str, _: &str) {
        self.path.pop();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        if let Some(gradient) = param.val().grad_remove(&mut self.gradients) {
            let count = gradient.dims().iter().product::<usize>();
            self.found.insert(self.path.join("."), (group(&self.path), gradient.reshape([count])));
        }
        param
    }
}

/// Moves parameters.
struct Nudge {
    directions: BTreeMap<String, Tensor<1>>,
    path: Vec<String>,
}

impl ModuleMapper for Nudge {
    fn enter_module(&mut self, name: &str, _: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _: &str, _: &str) {
        self.path.pop();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let Some(direction) = self.directions.remove(&self.path.join(".")) else { return param };
        let shape = param.val().dims();
        param.map(|value| value + direction.reshape(shape))
    }
}
