//! What a run needs, estimated before it begins, so that settings that would not fit are refused with a number instead of
//! a crash.

use super::method::Method;
use super::settings::{Settings, SettingsError, megabytes};
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
    /// Of a run as it begins.
    pub fn of(settings: &Settings) -> Self {
        Self::together(&settings.branches())
    }

    /// Of branches that are trained in one run.
    pub fn together(branches: &[Settings]) -> Self {
        let all: u64 = branches.iter().map(parameters).sum();
        Self {
            parameters: branches.iter().map(parameters).max().unwrap_or(0),
            training: 4 * 5 * all,
            activations: branches.iter().map(activations).max().unwrap_or(0),
            snapshots: (SNAPSHOTS + FRAMES).max(2 * 4 * 3 * all),
        }
    }

    /// Checks that all of it is there, for `what` as the sentence's beginning ("These settings need") and `mend` as its
    /// end.
    ///
    /// # Errors
    /// With the estimate, the limit and what to do.
    pub fn check(&self, what: &str, mend: &str) -> Result<(), SettingsError> {
        if self.total() <= LIMIT {
            return Ok(());
        }
        let (total, most) = (megabytes(self.total()), megabytes(LIMIT));
        let message = format!("{what} about {total}, and {most} are the most that is tried: {self}. {mend}");
        Err(SettingsError { name: "memory", message })
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

/// Checks that a branch can be added to those of a run.
///
/// # Errors
/// If all of them together need more than is tried.
pub fn check_another(branches: &[Settings], new: &Settings) -> Result<(), SettingsError> {
    let all: Vec<Settings> = branches.iter().chain([new]).cloned().collect();
    let what = format!("With this branch, the run's {} need", all.len());
    Memory::together(&all).check(&what, "Forget a branch first, or begin a smaller run.")
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

#[cfg(test)]
mod tests {
    use super::{FRAMES, LIMIT, Memory, SNAPSHOTS, check_another, parameters};
    use crate::lab::{Method, Settings};

    #[test]
    fn branches_are_added_up_and_refused_where_only_their_sum_is_too_much() {
        let large = Settings { experts: 16, width: 256, inner: 512, layers: 2, ..Settings::default() };
        let own = parameters(&large);
        let [one, three] = [1, 3].map(|n| Memory::together(&vec![large.clone(); n]));
        assert_eq!((one.training, three.training), (20 * own, 60 * own));
        assert_eq!((one.activations, three.parameters), (three.activations, own), "one step at a time");
        assert_eq!([one, three].map(|memory| memory.snapshots), [(24 * own).max(SNAPSHOTS + FRAMES), 72 * own]);
        assert_eq!(Memory::of(&Settings { against: Some(Method::Base), ..large.clone() }).training, 40 * own);
        let there = |n| vec![large.clone(); n];
        let fits = (0..6).take_while(|&n| check_another(&there(n), &large).is_ok()).count();
        assert!((1..6).contains(&fits), "{fits}");
        assert!(Memory::together(&there(fits)).total() <= LIMIT && Memory::together(&there(fits + 1)).total() > LIMIT);
        let error = check_another(&there(fits), &large).unwrap_err();
        let said = format!("the run's {} need about", fits + 1);
        assert!(error.message.contains(&said) && error.message.contains("1,074 MB"), "{error}");
        assert!(error.name == "memory" && error.message.ends_with("Forget a branch first, or begin a smaller run."));
    }
}
