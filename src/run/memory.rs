//! What a run needs, estimated before it begins, so that settings that would not fit are refused with a number instead of
//! a crash.

use super::settings::Settings;
use crate::methods::{Family, GateShape, Method};
use serde::{Deserialize, Serialize};
use std::num::Saturating;

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
        let all = branches.iter().fold(0, |all: u64, branch| all.saturating_add(parameters(branch)));
        Self {
            parameters: branches.iter().map(parameters).max().unwrap_or(0),
            training: all.saturating_mul(4 * 5),
            activations: branches.iter().map(activations).max().unwrap_or(0),
            snapshots: (SNAPSHOTS + FRAMES).max(all.saturating_mul(2 * 4 * 3)),
        }
    }

    /// All together.
    pub fn total(&self) -> u64 {
        self.training.saturating_add(self.activations).saturating_add(self.snapshots)
    }
}

/// A number that stays at the largest one where it would be larger: settings are estimated before they are checked, and may
/// be anything.
type Count = Saturating<u64>;

fn counts<const N: usize>(numbers: [usize; N]) -> [Count; N] {
    numbers.map(|number| Saturating(number as u64))
}

/// Numbers in one branch's model; `u64::MAX` if there are more.
pub fn parameters(settings: &Settings) -> u64 {
    let [d, f, v, layers, heads] =
        counts([settings.width, settings.inner, settings.vocabulary, settings.layers, settings.heads()]);
    let [stacked] = counts([settings.method.stacked(settings.experts)]);
    let stacked = stacked + Saturating(settings.method.shared as u64);
    let block = Saturating(4 * 16) * heads * d + Saturating(2) * d + stacked * Saturating(3) * d * f;
    let facts = settings.method;
    let first = settings.first_layers().min(settings.layers);
    let [few, rest] = counts([first, settings.layers - first]);
    let routers = few * router(settings, facts.first.unwrap_or(facts)) + rest * router(settings, facts);
    (v * d + d + layers * block + routers).0
}

/// Numbers in the router of a layer with this method.
fn router(settings: &Settings, method: &Method) -> Count {
    let shape = GateShape {
        width: settings.width,
        experts: settings.experts,
        groups: settings.groups(),
        vocabulary: settings.vocabulary,
        tasks: settings.text.domains(),
        slots: settings.slots(),
        choices: settings.top_k,
    };
    // A conversion from a float stays at the largest number too.
    Saturating((method.cost)(&shape).parameters as u64)
}

/// Bytes that a step keeps: a dozen rows of the width and half a dozen of the chosen experts' width for every token and
/// block, attention's scores, and the logits with their gradient.
fn activations(settings: &Settings) -> u64 {
    let [d, f, batch, l, e, v, len, k, heads] = counts([
        settings.width,
        settings.inner,
        settings.batch,
        settings.layers,
        settings.experts,
        settings.vocabulary,
        settings.len,
        settings.top_k,
        settings.heads(),
    ]);
    let k = match settings.method {
        method if method.family == Family::Experts => Saturating(2),
        method => k + Saturating(method.shared as u64),
    };
    let t = batch * len;
    let block = t * (Saturating(16) * d + Saturating(6) * k * f + Saturating(8) * e + heads * len);
    (Saturating(4) * (l * block + Saturating(4) * t * v)).0
}

#[cfg(test)]
mod tests {
    use super::{FRAMES, LIMIT, Memory, SNAPSHOTS, parameters};
    use crate::methods;
    use crate::run::{Needs, Settings, SettingsError, check_another};

    #[test]
    fn branches_are_added_up_and_refused_where_only_their_sum_is_too_much() {
        let large = Settings { experts: 16, width: 256, inner: 512, layers: 2, ..Settings::default() };
        let own = parameters(&large);
        let [one, three] = [1, 3].map(|n| Memory::together(&vec![large.clone(); n]));
        assert_eq!((one.training, three.training), (20 * own, 60 * own));
        assert_eq!((one.activations, three.parameters), (three.activations, own), "one step at a time");
        assert_eq!([one, three].map(|memory| memory.snapshots), [(24 * own).max(SNAPSHOTS + FRAMES), 72 * own]);
        assert_eq!(Memory::of(&Settings { against: Some(&methods::BASE), ..large.clone() }).training, 40 * own);
        let there = |n| vec![large.clone(); n];
        let fits = (0..6).take_while(|&n| check_another(&there(n), &large).is_ok()).count();
        assert!((1..6).contains(&fits), "{fits}");
        assert!(Memory::together(&there(fits)).total() <= LIMIT && Memory::together(&there(fits + 1)).total() > LIMIT);
        let error = check_another(&there(fits), &large).unwrap_err();
        assert!(matches!(error, SettingsError::Memory { of: Needs::Branches(n), .. } if n == fits + 1), "{error:?}");
        let said = error.to_string();
        assert!(said.contains(&format!("the run’s {} need about", fits + 1)) && said.contains("1,074 MB"), "{said}");
        assert!(error.name() == "memory" && said.ends_with("Forget a branch first, or begin a smaller run."));
    }

    /// By hand: a block has 4 x 16 x 624 x 9,999 numbers for attention (624 heads of 16), 2 x 9,999 for its norms, 100,000 experts
    /// of 3 x 9,999 x 9,999, and 100,000 x 9,999 in its gate; 80 blocks, and 320 + 1 rows of 9,999 outside of them.
    #[test]
    fn estimates_are_right_at_any_size() {
        let huge = Settings {
            method: &methods::MIXTRAL,
            layers: 80,
            width: 9_999,
            inner: 9_999,
            experts: 100_000,
            ..Settings::default()
        };
        let (d, block): (u128, u128) =
            (9_999, 4 * 16 * 624 * 9_999 + 2 * 9_999 + 100_000 * 3 * 9_999 * 9_999 + 100_000 * 9_999);
        assert_eq!(u128::from(parameters(&huge)), 80 * block + 321 * d);
        let said = |memory| SettingsError::Memory { of: Needs::Run, memory }.to_string();
        let huge_said = said(Memory::of(&huge));
        assert!(huge_said.contains("of 2,399,631,966,414,639 parameters"), "{huge_said}");
        // Beyond what is counted: still too much, and told as more than that.
        let most = usize::MAX;
        let beyond = Settings { layers: most, width: most, inner: most, experts: most, batch: most, len: most, ..huge };
        for method in methods::trained() {
            let memory = Memory::of(&Settings { method, top_k: most, against: Some(&methods::BASE), ..beyond.clone() });
            let all = [memory.parameters, memory.training, memory.activations, memory.total()];
            assert_eq!(all, [u64::MAX; 4], "{}", method.id);
            let said = said(memory);
            assert!(said.contains("more than 18,446,744,073,709,551,614 parameters"), "{said}");
        }
    }
}
