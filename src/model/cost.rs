//! What a model costs: parameters held, parameters that a token uses, and floating-point operations for a token, all
//! counted from the shapes that are computed, not from a rule of thumb.
//!
//! A multiplication with its addition counts as two operations. Counted are the matrix products (projections, attention's
//! scores and sums, routers, experts, the output matrix); what is linear in the width (norms, activations, softmax) is
//! left out, about one percent here.

use super::ModelConfig;
pub use crate::card::Cost;
use crate::methods::{GateCost, GateShape};

impl Cost {
    /// Of a model of this shape.
    pub fn of(config: &ModelConfig) -> Self {
        let (d, layers) = (config.hidden_size as f64, config.num_hidden_layers as f64);
        let heads = (config.num_attention_heads * config.head()) as f64;
        let kv = (config.num_key_value_heads * config.head()) as f64;
        let context = config.window().min(config.max_position_embeddings) / 2;
        let projections = 2.0 * d * heads + 2.0 * d * kv;
        let expert = 3.0 * d * config.intermediate_size as f64;
        let blocks = config.num_hidden_layers;
        let first = config.router.first_layers().min(blocks);
        let (of_first, of_rest) = (router(config, 0), router(config, first));
        // Of all blocks together.
        let routers = |of: fn(&GateCost) -> f64| first as f64 * of(&of_first) + (blocks - first) as f64 * of(&of_rest);
        let computed = experts_of_a_token(config) + config.num_shared_experts as f64;
        let output = config.vocab_size as f64 * d;
        let stacked = (config.stacked_experts() + config.num_shared_experts) as f64;
        let whole =
            |routers: f64, experts: f64| output + d + routers + layers * (projections + 2.0 * d + experts * expert);
        Self {
            parameters: whole(routers(|gate| gate.parameters), stacked) as usize,
            active_parameters: whole(routers(|gate| gate.used), computed),
            attention: layers * 2.0 * (projections + 2.0 * heads * context as f64),
            router: 2.0 * routers(|gate| gate.products),
            experts: layers * 2.0 * computed * expert,
            output: 2.0 * output,
            context,
        }
    }
}

/// How many of the routed experts a token uses, in the mean and without drops.
pub fn experts_of_a_token(config: &ModelConfig) -> f64 {
    config.router.computed(config.num_local_experts, config.num_experts_per_tok)
}

/// The router's of one block.
fn router(config: &ModelConfig, block: usize) -> GateCost {
    let constants = config.router.constants(0);
    let shape = GateShape {
        width: config.hidden_size,
        experts: config.num_local_experts,
        groups: constants.groups.unwrap_or_default(),
        vocabulary: config.vocab_size,
        tasks: config.router.tasks(),
        slots: constants.slots.unwrap_or_default(),
        choices: config.num_experts_per_tok,
    };
    (config.router.method_of(block).cost)(&shape)
}

#[cfg(test)]
mod tests {
    use super::Cost;
    use crate::model::{ModelConfig, Transformer};
    use crate::router::{Convention, ConventionSettings, RouterConfig};
    use crate::train::preset::{ModelPreset, presets};
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

    /// Of the conventions only gpt-oss has a bias.
    #[test]
    fn parameters_of_a_convention_are_those_of_the_model() {
        for convention in Convention::ALL {
            let router = RouterConfig::Conventions(ConventionSettings { convention });
            let preset = ModelPreset { router, ..ModelPreset::named("mixtral-small").unwrap() };
            let config = preset.config(300, 0, 64);
            let model = Transformer::init(&config, 1, &Device::flex()).unwrap();
            assert_eq!(Cost::of(&config).parameters, model.num_params(), "{convention:?}");
        }
    }

    /// What a token uses is what the file holds without the experts and table entries that it does not ask for, and without
    /// the weights of training's noise: the presets' shapes, with 300 tokens in the vocabulary, by hand.
    #[test]
    fn what_a_token_uses_of_a_router() {
        let unused = |name: &str| {
            let config = presets().into_iter().find(|preset| preset.name == name).unwrap().config(300, 0, 64);
            let cost = Cost::of(&config);
            let idle = (config.stacked_experts() as f64 - super::experts_of_a_token(&config))
                * (3 * config.hidden_size * config.intermediate_size * config.num_hidden_layers) as f64;
            cost.parameters as f64 - cost.active_parameters - idle
        };
        // Three layers: 299 other entries of a table; 10 other domains' 9 choices and 11 rewards; 8 noisy rows of 96, and 4 + 16.
        assert_eq!((unused("hash-random"), unused("hash-position"), unused("switch")), (3.0 * 299.0, 0.0, 0.0));
        assert_eq!(unused("routing-networks"), 3.0 * (10.0 * 9.0 + 11.0));
        assert_eq!((unused("shazeer"), unused("shazeer-hierarchical")), (3.0 * 8.0 * 96.0, 3.0 * 20.0 * 96.0));
    }

    /// The cards that the page shows, and the logs that the tables are made from, hold what is counted here.
    #[test]
    fn cards_and_logs_hold_these_counts() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let folders = |name: &str| std::fs::read_dir(root.join(name)).unwrap().map(|entry| entry.unwrap().path());
        let json = |path: std::path::PathBuf| -> serde_json::Value {
            serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
        };
        for folder in folders("assets/models").filter(|path| path.is_dir()) {
            let config = std::fs::read_to_string(folder.join("config.json")).unwrap();
            let counted = Cost::of(&ModelConfig::from_json(&config).unwrap());
            let card = json(folder.join("card.json"));
            assert_eq!(serde_json::from_value::<Cost>(card["cost"].clone()).unwrap(), counted, "{}", folder.display());
            assert_eq!(card["active_parameters"].as_f64(), Some(counted.active_parameters), "{}", folder.display());
        }
        for run in folders("results").filter(|path| path.is_dir()) {
            let result = json(run.join("result.json"));
            let name = result["preset"].as_str().unwrap();
            // What the logs were made with: the shipped tokenizer, and sequences of 512 tokens, of 256 for the small ones.
            let len = if name.starts_with("small-") { 256 } else { 512 };
            let counted = Cost::of(&ModelPreset::named(name).unwrap().config(3328, 0, len));
            assert_eq!(serde_json::from_value::<Cost>(result["cost"].clone()).unwrap(), counted, "{}", run.display());
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
