//! What a checkpoint's folder says of the model: its card (`card.json`) and the shapes in its `config.json`.
//!
//! The page shows these and counts nothing itself: costs were counted when the checkpoint was written, by the code that
//! computes the model.

use crate::methods::{self, GateKind};
use serde::{Deserialize, Serialize};

/// What one token costs. A multiplication with its addition counts as two operations.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cost {
    /// Parameters in the file.
    pub parameters: usize,
    /// Parameters that take part in computing one token, the embedding matrix (which is the output matrix too) among
    /// them; for methods where tokens use different numbers of experts, the mean.
    pub active_parameters: f64,
    /// Operations for the attention of all blocks, looking back over [`Cost::context`] tokens.
    pub attention: f64,
    /// Operations of the routers of all blocks.
    pub router: f64,
    /// Operations of the experts that are computed, in all blocks.
    pub experts: f64,
    /// Operations of the output matrix.
    pub output: f64,
    /// Tokens that attention looks back over in [`Cost::attention`]: half the window, the mean over a full window.
    pub context: usize,
}

/// Operations of training on a token, over those of routing it: the way back costs twice the way there.
pub const TRAINING: f64 = 3.0;

impl Cost {
    /// All operations for a token.
    pub fn flops(&self) -> f64 {
        self.attention + self.router + self.experts + self.output
    }

    /// The operations of each part, in the order in which a token meets them: attention, router, experts, output.
    pub fn parts(&self) -> [f64; 4] {
        [self.attention, self.router, self.experts, self.output]
    }
}

/// What the page reads of a card. What an older card lacks is `None`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct Card {
    /// What the model is, in a sentence.
    #[serde(default)]
    pub summary: String,
    /// What a token costs.
    #[serde(default)]
    pub cost: Option<Cost>,
    /// Parameters in the file.
    #[serde(default)]
    pub parameters: Option<f64>,
    /// Parameters that one token uses.
    #[serde(default)]
    pub active_parameters: Option<f64>,
    /// How it was trained.
    #[serde(default)]
    pub training: Training,
    /// What was measured of it.
    #[serde(default)]
    measured: Measured,
}

/// How a model was trained.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
pub struct Training {
    /// Tokens that it read.
    #[serde(default)]
    pub tokens: Option<f64>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
struct Measured {
    #[serde(default)]
    domains: Vec<Domain>,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
struct Domain {
    name: String,
}

impl Card {
    /// From `card.json`; an empty card if it is none.
    pub fn read(json: &str) -> Self {
        serde_json::from_str(json).unwrap_or_default()
    }

    /// The domains that the model was measured on, in the order of its tasks.
    pub fn domains(&self) -> Vec<String> {
        self.measured.domains.iter().map(|domain| domain.name.clone()).collect()
    }
}

/// The shape of a model's blocks, from `config.json`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct BlockShape {
    /// Width of the residual stream, d.
    pub hidden_size: usize,
    /// Width inside an expert, F.
    pub intermediate_size: usize,
    /// Blocks.
    pub num_hidden_layers: usize,
    /// Attention heads.
    pub num_attention_heads: usize,
    /// Heads of keys and values.
    pub num_key_value_heads: usize,
    /// Width of a head.
    #[serde(default)]
    pub head_dim: Option<usize>,
    /// Tokens in the vocabulary.
    pub vocab_size: usize,
    /// Experts of a block that are chosen from, E.
    pub num_local_experts: usize,
    /// Experts of a block that every token passes through.
    #[serde(default)]
    pub num_shared_experts: usize,
    #[serde(default)]
    router: Option<Router>,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
struct Router {
    method: String,
}

/// Parameters of the parts of one block; norms are left out (two vectors).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parts {
    /// The four projections of attention.
    pub attention: f64,
    /// The router's weights, or its table.
    pub router: f64,
    /// One expert.
    pub expert: f64,
    /// Experts that are chosen from and have weights.
    pub experts: usize,
    /// Experts that every token passes through.
    pub shared: usize,
}

impl BlockShape {
    /// From `config.json`.
    ///
    /// # Errors
    /// If it is no description of a model, in words.
    pub fn read(json: &str) -> Result<Self, String> {
        serde_json::from_str(json).map_err(|error| error.to_string())
    }

    /// Parameters of a block's parts in a model that holds `held` parameters in all. Attention and experts follow from the
    /// shapes; the router, of which every method has another kind, is what is left.
    pub fn parts(&self, held: f64) -> Parts {
        let (d, layers) = (self.hidden_size as f64, self.num_hidden_layers.max(1) as f64);
        let head = self.head_dim.unwrap_or(self.hidden_size / self.num_attention_heads.max(1));
        let heads = |count: usize| (count * head) as f64;
        let attention = 2.0 * d * (heads(self.num_attention_heads) + heads(self.num_key_value_heads));
        let expert = 3.0 * d * self.intermediate_size as f64;
        // Routing networks may choose to do nothing, which has no weights.
        let method = self.router.as_ref().and_then(|router| methods::of_router(&router.method));
        let nothing = usize::from(method.is_some_and(|method| method.gate == GateKind::Policy));
        let (experts, shared) = (self.num_local_experts.saturating_sub(nothing), self.num_shared_experts);
        let blocks = held - self.vocab_size as f64 * d - d;
        let router = blocks / layers - attention - 2.0 * d - (experts + shared) as f64 * expert;
        Parts { attention, router: router.max(0.0), expert, experts, shared }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shipped(name: &str) -> (Card, BlockShape) {
        let file = |file: &str| std::fs::read_to_string(format!("assets/models/{name}/{file}")).unwrap();
        (Card::read(&file("card.json")), BlockShape::read(&file("config.json")).unwrap())
    }

    /// The sizes of the tensors in the files: `gate.weight` [8, 96], four projections [96, 96], three matrices [96, 96].
    #[test]
    fn parts_of_a_shipped_model() {
        let (card, shape) = shipped("gshard");
        let parts = shape.parts(card.parameters.unwrap());
        assert_eq!((parts.attention, parts.router, parts.expert), (4.0 * 9216.0, 768.0, 3.0 * 9216.0));
        assert_eq!((parts.experts, parts.shared), (8, 0));
        // 800 steps of 8 sequences of 512 tokens.
        assert_eq!(card.training.tokens, Some(800.0 * 8.0 * 512.0));
    }

    #[test]
    fn every_router_is_what_is_left() {
        // A table of the vocabulary; noise weights beside the gate; a bias beside the gate.
        for (name, router) in [("hash-balanced", 3328.0), ("shazeer", 2.0 * 768.0), ("deepseek", 16.0 * 96.0 + 16.0)] {
            let (card, shape) = shipped(name);
            assert_eq!(shape.parts(card.parameters.unwrap()).router, router, "{name}");
        }
    }

    #[test]
    fn a_card_that_is_none_is_empty() {
        assert_eq!(Card::read("not JSON"), Card::default());
        assert_eq!(Card::read("{\"summary\": \"s\", \"parameters\": 3}").cost, None);
        assert!(BlockShape::read("{}").is_err());
    }
}
