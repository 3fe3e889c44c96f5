//! What a run needs, estimated before it begins, so that settings that would not fit are refused with a number instead of
//! a crash.

use super::method::Method;
use super::settings::{Settings, megabytes};
use crate::scene::words::thousands;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Most bytes of snapshots that are kept, all branches together.
pub const SNAPSHOTS: u64 = 64 << 20;
/// Most bytes of recorded routing of the probe sentence that are kept, all branches together.
pub const FRAMES: u64 = 8 << 20;
/// Most bytes that a run may need by the estimate. A browser's WebAssembly has four gigabytes and does not always get them.
pub const LIMIT: u64 = 1 << 30;

/// Bytes, by what they are for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Memory {
    /// Weights of one branch, as numbers.
    pub parameters: u64,
    /// Weights, gradients and AdamW's two moments of all branches.
    pub training: u64,
    /// What one step keeps for its gradient.
    pub activations: u64,
    /// Snapshots: the limit, or the two that are always kept where that is more.
    pub snapshots: u64,
}

impl Memory {
    /// Of a run.
    pub fn of(settings: &Settings) -> Self {
        let branches = settings.branches();
        let all: u64 = branches.iter().map(parameters).sum();
        Self {
            parameters: branches.iter().map(parameters).max().unwrap_or(0),
            training: 4 * 5 * all,
            activations: branches.iter().map(activations).max().unwrap_or(0),
            snapshots: (SNAPSHOTS + FRAMES).max(2 * 4 * 3 * all),
        }
    }

    /// All together.
    pub fn total(&self) -> u64 {
        self.training + self.activations + self.snapshots
    }
}

impl fmt::Display for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} for weights, gradients and moments of {} parameters, {} for a step, {} for snapshots",
            megabytes(self.training),
            thousands(self.parameters as usize),
            megabytes(self.activations),
            megabytes(self.snapshots)
        )
    }
}

/// Numbers in one branch's model.
pub fn parameters(settings: &Settings) -> u64 {
    let [d, f, e, v] = [settings.width, settings.inner, settings.experts, settings.vocabulary].map(|n| n as u64);
    let stacked = match settings.method {
        Method::RoutingNetworks => e.saturating_sub(1),
        method => e + method.shared() as u64,
    };
    let heads = 16 * settings.heads() as u64;
    let block = 4 * heads * d + 2 * d + stacked * 3 * d * f + router(settings);
    v * d + d + settings.layers as u64 * block
}

fn router(settings: &Settings) -> u64 {
    let [d, e, v] = [settings.width, settings.experts, settings.vocabulary].map(|n| n as u64);
    match settings.method {
        Method::HierarchicalMixture => (2 + e) * d,
        Method::Shazeer => 2 * e * d,
        Method::ShazeerHierarchical => 2 * (e / 2 + e) * d,
        Method::HashPosition => 0,
        table if table.is_fixed() => v,
        Method::RoutingNetworks => settings.text.domains() as u64 * (e + 1),
        Method::SoftMoe => settings.slots() as u64 * e * d + 1,
        Method::LossFree | Method::Deepseek | Method::GptOss => e * d + e,
        _ => e * d,
    }
}

/// Bytes that a step keeps: a dozen rows of the width and half a dozen of the chosen experts' width for every token and
/// block, attention's scores, and the logits with their gradient.
fn activations(settings: &Settings) -> u64 {
    let [d, f, t, l, e, v, len] = [
        settings.width,
        settings.inner,
        settings.tokens(),
        settings.layers,
        settings.experts,
        settings.vocabulary,
        settings.len,
    ]
    .map(|n| n as u64);
    let k = match settings.method {
        Method::ExpertChoice | Method::SoftMoe => 2,
        method => (settings.top_k + method.shared()) as u64,
    };
    let block = t * (16 * d + 6 * k * f + 8 * e + settings.heads() as u64 * len);
    4 * (l * block + 4 * t * v)
}
