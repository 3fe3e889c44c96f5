//! What a model costs: parameters held, parameters that a token uses, and floating-point operations for a token, all
//! counted from the shapes that are computed, not from a rule of thumb.
//!
//! A multiplication with its addition counts as two operations. Counted are the matrix products (projections, attention's
//! scores and sums, routers, experts, the output matrix); what is linear in the width (norms, activations, softmax) is
//! left out, about one percent here.

use super::ModelConfig;
pub use crate::card::Cost;
use crate::router::{HashKind, Settings};

impl Cost {
    /// Of a model of this shape.
    pub fn of(config: &ModelConfig) -> Self {
        let (d, layers) = (config.hidden_size as f64, config.num_hidden_layers as f64);
        let heads = (config.num_attention_heads * config.head()) as f64;
        let kv = (config.num_key_value_heads * config.head()) as f64;
        let context = config.window().min(config.max_position_embeddings) / 2;
        let projections = 2.0 * d * heads + 2.0 * d * kv;
        let expert = 3.0 * d * config.intermediate_size as f64;
        let router = router(config);
        let computed = experts_of_a_token(config) + config.num_shared_experts as f64;
        let output = config.vocab_size as f64 * d;
        let stacked = (config.stacked_experts() + config.num_shared_experts) as f64;
        let whole = |experts: f64| output + d + layers * (projections + 2.0 * d + router.parameters + experts * expert);
        Self {
            parameters: whole(stacked) as usize,
            active_parameters: whole(computed),
            attention: layers * 2.0 * (projections + 2.0 * heads * context as f64),
            router: layers * 2.0 * router.products,
            experts: layers * 2.0 * computed * expert,
            output: 2.0 * output,
            context,
        }
    }
}

/// How many of the routed experts a token uses, in the mean and without drops.
pub fn experts_of_a_token(config: &ModelConfig) -> f64 {
    let (experts, k) = (config.num_local_experts as f64, config.num_experts_per_tok as f64);
    match config.router {
        Settings::ExpertChoice { capacity_factor, .. } => capacity_factor,
        Settings::SoftMoe { slots, group } => slots as f64 * experts / group as f64,
        _ => k,
    }
}

struct RouterCost {
    parameters: f64,
    products: f64,
}

/// Weights of one router, and its multiplications with addition for a token at inference.
fn router(config: &ModelConfig) -> RouterCost {
    let (d, e) = (config.hidden_size as f64, config.num_local_experts as f64);
    let linear = |rows: f64| RouterCost { parameters: rows * d, products: rows * d };
    match config.router {
        Settings::Mixtral
        | Settings::Jacobs
        | Settings::Gshard { .. }
        | Settings::Switch { .. }
        | Settings::Base
        | Settings::ExpertChoice { .. } => linear(e),
        // The noise's weights are used in training only.
        Settings::Shazeer => RouterCost { parameters: 2.0 * e * d, products: e * d },
        Settings::HierarchicalMixture { groups } => linear(groups as f64 + e),
        Settings::ShazeerHierarchical { groups, .. } => {
            let rows = groups as f64 + e;
            RouterCost { parameters: 2.0 * rows * d, products: rows * d }
        }
        Settings::Hash { kind: HashKind::Position } => RouterCost { parameters: 0.0, products: 0.0 },
        Settings::Hash { .. } => RouterCost { parameters: config.vocab_size as f64, products: 0.0 },
        Settings::RoutingNetworks { tasks } => RouterCost { parameters: tasks as f64 * (e + 1.0), products: 0.0 },
        // Scores, then tokens into slots, then slots back into tokens.
        Settings::SoftMoe { slots, .. } => {
            let slots = slots as f64 * e;
            RouterCost { parameters: slots * d + 1.0, products: 3.0 * slots * d }
        }
        Settings::Deepseek { .. } => RouterCost { parameters: e * d + e, products: e * d },
        Settings::Conventions { .. } => RouterCost { parameters: e * d + e, products: e * d },
    }
}

#[cfg(test)]
mod tests {
    use super::Cost;
    use crate::model::{ModelConfig, Transformer};
    use crate::train::preset::presets;
    use burn::module::Module as _;
    use burn::tensor::Device;

    #[test]
    fn parameters_are_those_of_the_model() {
        for preset in presets() {
            let config = preset.config(300, 0, 64);
            let model = Transformer::init(&config, 1, &Device::flex()).unwrap();
            assert_eq!(Cost::of(&config).parameters, model.num_params(), "{}", preset.name);
        }
    }

    /// A model whose numbers can be added up by hand: one block, d = 4, one head of 4, V = 10, two experts of 3, one used.
    #[test]
    fn a_small_model_by_hand() {
        let config = ModelConfig::from_json(
            r#"{"model_type": "mixtral", "vocab_size": 10, "hidden_size": 4, "intermediate_size": 3,
                "num_hidden_layers": 1, "num_attention_heads": 1, "num_key_value_heads": 1, "num_local_experts": 2,
                "num_experts_per_tok": 1, "rms_norm_eps": 1e-5, "rope_theta": 1e4, "sliding_window": 8,
                "max_position_embeddings": 64, "tie_word_embeddings": true}"#,
        )
        .unwrap();
        let cost = Cost::of(&config);
        assert_eq!(cost.parameters, 40 + 4 + 64 + 8 + 8 + 2 * 36);
        assert_eq!(cost.active_parameters, f64::from(40 + 4 + 64 + 8 + 8 + 36));
        assert_eq!((cost.attention, cost.router), (f64::from(2 * 64 + 4 * 4 * 4), f64::from(2 * 8)));
        assert_eq!((cost.experts, cost.output, cost.context), (72.0, 80.0, 4));
    }
}
