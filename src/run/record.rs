//! What a run tells of every step, as plain numbers. Shares of a layer add up to 1; entropies are divided by `ln E`, so
//! that 1 is even and 0 is everything on one expert.

use serde::{Deserialize, Serialize};

/// Number of a branch.
pub type BranchId = u32;

/// One training step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepRecord {
    /// Whose.
    pub branch: BranchId,
    /// Steps done, this one included: the first is 1.
    pub step: u64,
    /// Mean loss of the batch in nats per token, before the step's change.
    pub loss: f32,
    /// Milliseconds for the step, read-back included.
    pub millis: f32,
    /// Every layer, from the input upwards.
    pub layers: Vec<LayerRecord>,
}

/// One layer in one training step, counted over the batch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LayerRecord {
    /// Share of the choices that each expert was asked for, dropped ones included, [E].
    pub load: Vec<f32>,
    /// Largest load over mean load: 1 is even, E the worst.
    pub max_over_mean: f32,
    /// Entropy of the load.
    pub load_entropy: f32,
    /// Mean entropy of a token's scores: 1 means that the router does not care, 0 that it is sure. `None` where a fixed rule
    /// decides and there are no scores.
    pub router_entropy: Option<f32>,
    /// Share of the choices that found their expert full.
    pub dropped: f32,
    /// The balancing loss without its coefficient, if the method has one.
    pub balance_loss: Option<f32>,
    /// The z-loss without its coefficient, if the method has one.
    pub z_loss: Option<f32>,
    /// The importance loss without its coefficient, if the method has one.
    pub importance_loss: Option<f32>,
    /// The load loss without its coefficient, if the method has one.
    pub load_loss: Option<f32>,
}

/// A measurement on held-out text: the same tokens every time, routed as in use (left to right, without noise).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// Whose.
    pub branch: BranchId,
    /// Steps done.
    pub step: u64,
    /// Mean loss in nats per token.
    pub loss: f32,
    /// The same in bits per byte of text.
    pub bits_per_byte: f32,
    /// Every layer.
    pub layers: Vec<LayerEvaluation>,
}

/// One layer on held-out text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LayerEvaluation {
    /// Share of the choices that each expert was asked for, [E].
    pub load: Vec<f32>,
    /// The same for each domain of the text, [domains][E].
    pub domains: Vec<Vec<f32>>,
    /// Largest load over mean load.
    pub max_over_mean: f32,
    /// Experts that nobody asked for.
    pub dead: u32,
    /// Saturation against the evaluation before: share of the choices that are the same (Muennighoff et al. 2024,
    /// arXiv:2409.02060, section 5.1). `None` in a branch's first evaluation.
    pub unchanged: Option<f32>,
}

/// How far routing had settled at each recorded step, measured against the newest one (OLMoE's router saturation).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Saturation {
    /// Whose.
    pub branch: BranchId,
    /// The step that the others are compared with.
    pub against: u64,
    /// Steps, and for each layer the share of choices on held-out text that were already those of `against`.
    pub points: Vec<(u64, Vec<f32>)>,
}

/// Share of the choices that go to other experts in `b` than in `a`, from loads [E]: half the sum of all differences. 0 is
/// the same load, 1 that no expert has choices in both.
pub fn moved(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).sum::<f32>() / 2.0
}

/// Largest over mean of shares; 0 for none.
pub fn max_over_mean(load: &[f32]) -> f32 {
    load.iter().copied().fold(0.0, f32::max) * load.len() as f32
}

/// Entropy of shares over `ln E`; 1 for a single expert.
pub fn entropy(load: &[f32]) -> f32 {
    if load.len() < 2 {
        return 1.0;
    }
    let sum: f32 = load.iter().sum();
    let nats: f32 =
        load.iter().filter(|&&share| share > 0.0).map(|&share| share / sum).map(|share| -share * share.ln()).sum();
    // Nought is added because the terms of one certain choice add up to minus nought.
    nats / (load.len() as f32).ln() + 0.0
}
