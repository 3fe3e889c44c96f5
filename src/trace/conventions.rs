//! What a switch of convention does to one token: weights and their derivatives, in plain Rust.
//!
//! From the logits h of a token ([E], a bias included if the router has one), k experts are kept. With p the softmax of h over all
//! experts and w the weights:
//!
//! | convention | w_i | dw_i / dh_j |
//! |---|---|---|
//! | Mixtral, gpt-oss: top k of h, softmax over those | `e^(h_i) / sum_kept e^(h_j)` | `w_i ([i = j] - w_j)`, 0 for j that is not kept |
//! | Qwen3-MoE: softmax, top k, renormalised | `p_i / sum_kept p_j` | the same |
//! | OLMoE: softmax, top k | `p_i` | `p_i ([i = j] - p_j)` for every j |
//!
//! So under OLMoE's convention the experts that were not chosen still pull on the weights; under the others nothing tells them
//! anything. Where two logits change places the kept set changes and there is no derivative; the ones here hold the set fixed,
//! as training does.

use super::Matrix;
pub use crate::methods::Convention;
use crate::methods::{self, Method};
use crate::order;

/// The experts kept for a token.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// Their numbers, the largest logit first, the lower number first where they are equal, [k].
    pub experts: Vec<usize>,
    /// Their weights, [k].
    pub weights: Vec<f32>,
}

impl Convention {
    /// The method that has it.
    pub fn method(self) -> &'static Method {
        match self {
            Self::Mixtral => &methods::MIXTRAL,
            Self::Olmoe => &methods::OLMOE,
            Self::Qwen3Moe => &methods::QWEN3,
            Self::GptOss => &methods::GPT_OSS,
        }
    }

    /// How scores become weights, in words.
    pub fn words(self) -> &'static str {
        self.method().convention
    }

    /// The k experts kept for a token with these logits [E], and their weights; all of them if there are fewer than k.
    pub fn keep(self, logits: &[f32], k: usize) -> Kept {
        let experts = largest(logits, k);
        let weights = self.exact(logits, &experts).into_iter().map(|weight| weight as f32).collect();
        Kept { experts, weights }
    }

    /// How the weight of each kept expert changes with each logit, [k, E], in the order of [`Self::keep`].
    pub fn jacobian(self, logits: &[f32], k: usize) -> Matrix<f32> {
        let experts = largest(logits, k);
        let weights = self.exact(logits, &experts);
        let shares = match self {
            Self::Olmoe => softmax(logits.iter().copied()),
            Self::Mixtral | Self::Qwen3Moe | Self::GptOss => {
                let mut shares = vec![0.0; logits.len()];
                experts.iter().zip(&weights).for_each(|(&expert, &weight)| shares[expert] = weight);
                shares
            }
        };
        let mut rows = Matrix::empty(logits.len());
        for (&expert, weight) in experts.iter().zip(weights) {
            let own = |j: usize| if j == expert { 1.0 } else { 0.0 };
            let row: Vec<f32> =
                shares.iter().enumerate().map(|(j, share)| (weight * (own(j) - share)) as f32).collect();
            rows.push(&row);
        }
        rows
    }

    fn exact(self, logits: &[f32], experts: &[usize]) -> Vec<f64> {
        let kept = |scores: &[f64]| experts.iter().map(|&expert| scores[expert]).collect::<Vec<f64>>();
        match self {
            Self::Mixtral | Self::GptOss => softmax(experts.iter().map(|&expert| logits[expert])),
            Self::Olmoe => kept(&softmax(logits.iter().copied())),
            Self::Qwen3Moe => {
                let kept = kept(&softmax(logits.iter().copied()));
                let sum: f64 = kept.iter().sum();
                kept.into_iter().map(|prob| prob / sum).collect()
            }
        }
    }
}

/// The places of the k largest values, largest first, the lower first where they are equal.
fn largest(values: &[f32], k: usize) -> Vec<usize> {
    let mut places: Vec<usize> = (0..values.len()).collect();
    // Adding 0 makes -0 equal to 0.
    order::sort(&mut places, |&a, &b| (values[b] + 0.0).total_cmp(&(values[a] + 0.0)));
    places.truncate(k);
    places
}

fn softmax(values: impl Iterator<Item = f32> + Clone) -> Vec<f64> {
    let max = values.clone().fold(f32::NEG_INFINITY, f32::max);
    let powers: Vec<f64> = values.map(|value| (f64::from(value) - f64::from(max)).exp()).collect();
    let sum: f64 = powers.iter().sum();
    powers.into_iter().map(|power| power / sum).collect()
}
