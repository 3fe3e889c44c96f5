//! Experts that compete: the error against models that have one expert only, its gradient against finite differences, and
//! the posterior in closed form.

use crate::support::floats;
use crate::support::tiny;
use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor};
use moescope::model::{Compute, Input, ModelConfig, Transformer};
use moescope::router::{Gate, Mode};
use moescope::train::batches::Batch;
use moescope::train::competition::{Mixed, mix, pass};
use moescope::train::optimizer::Rule;
use moescope::train::step::{LossCoefficients, StepConfig};
use pollster::block_on;

const EXPERTS: usize = 4;
const MODE: Mode = Mode::Train { noise: 1 };

fn model() -> (Transformer, ModelConfig) {
    tiny::model(r#"{"method": "jacobs"}"#, EXPERTS, EXPERTS, 0)
}

fn batch() -> Batch {
    let ids = |step: usize| (0..24).map(move |t| (t * t * 5 + t * step + 2) % 40);
    Batch {
        inputs: ids(3).map(|id| id as u32).collect(),
        targets: ids(7).map(|id| id as i32).collect(),
        domains: vec![0, 1],
    }
}

fn how(config: &ModelConfig) -> StepConfig<'_> {
    StepConfig {
        config,
        compute: Compute::Sparse,
        coefficients: LossCoefficients { balance: 0.0, z: 0.0, importance: 0.0, load: 0.0 },
        rule: Rule::Adam(0.01),
        factor: 1.0,
        noise: 1,
        step: 0,
    }
}

/// The posterior of Bayes' rule: shares 1/4 and 3/4, likelihoods 1/2 and 1/8.
#[test]
fn the_closest_expert_has_the_largest_posterior() {
    let Mixed { errors, posteriors } = mix(&[2_f32.ln(), 8_f32.ln()], &[0.25, 0.75], 2);
    assert!((errors[0] - (1.0 / (0.125 + 0.09375_f64)).ln()).abs() < 1e-6);
    assert!((posteriors[0] - 4.0 / 7.0).abs() < 1e-6 && (posteriors[1] - 3.0 / 7.0).abs() < 1e-6);
    // Far from underflow: a likelihood of e^-200 still has its share.
    let Mixed { errors, posteriors } = mix(&[200.0, 200.0], &[1.0, 0.0], 2);
    assert!((errors[0] - 200.0).abs() < 1e-9 && (posteriors[0] - 1.0).abs() < 1e-9);
}

/// What expert i says alone is what a model says all of whose experts in the last block are copies of expert i: their
/// blend is expert i's output, whatever the shares.
#[test]
fn the_error_is_that_of_the_mixture_of_models_with_one_expert() {
    let (model, config) = model();
    let input = Input { mode: MODE, ..Input::new(batch().inputs, 2) };
    let shares = floats(model.forward(&input, &config, Compute::Dense).routings[1].probs.clone());
    let mut likelihoods = vec![0.0; batch().targets.len()];
    for expert in 0..EXPERTS {
        let mut alone = model.clone();
        let experts = &mut alone.blocks[1].experts;
        let copies = |all: &Param<Tensor<3>>| Param::from_tensor(all.val().narrow(0, expert, 1).repeat_dim(0, EXPERTS));
        (experts.gate_up, experts.down) = (copies(&experts.gate_up), copies(&experts.down));
        let hidden = alone.forward(&input, &config, Compute::Dense).hidden;
        let logits = floats(alone.logits(hidden));
        for (token, row) in logits.chunks(config.vocab_size).enumerate() {
            let sum: f64 = row.iter().map(|&logit| f64::from(logit).exp()).sum();
            let p = f64::from(row[batch().targets[token] as usize]).exp() / sum;
            likelihoods[token] += f64::from(shares[token * EXPERTS + expert]) * p;
        }
    }
    let expected = likelihoods.iter().map(|p| -p.ln()).sum::<f64>() / likelihoods.len() as f64;
    let error = block_on(pass(&model, batch(), &how(&config))).unwrap().error;
    assert!((f64::from(error) - expected).abs() < 1e-5, "{error} against {expected}");
}

/// Along its own gradient each weight changes the error by the gradient's length.
#[test]
fn the_gradient_follows_finite_differences() {
    let (model, config) = model();
    let model = model.fork(&Device::flex().autodiff()).train();
    let gradients = block_on(pass(&model, batch(), &how(&config))).unwrap().surrogate.backward();
    type Part<const D: usize> = fn(&mut Transformer) -> &mut Param<Tensor<D>>;
    fn check<const D: usize>(
        name: &str,
        part: Part<D>,
        (model, config): (&Transformer, &ModelConfig),
        gradients: &burn::tensor::Gradients,
    ) {
        let mut copy = model.clone();
        let value = part(&mut copy).val();
        let gradient = Tensor::<D>::from_data(value.grad(gradients).unwrap().into_data(), &value.device());
        let length = floats(gradient.clone()).iter().map(|&g| f64::from(g).powi(2)).sum::<f64>().sqrt();
        let step = 0.002;
        let error = |step: f64| {
            let mut moved = model.clone();
            let there = value.clone() + gradient.clone() * (step / length) as f32;
            *part(&mut moved) = Param::from_tensor(there.detach());
            f64::from(block_on(pass(&moved, batch(), &how(config))).unwrap().error)
        };
        let slope = (error(step) - error(-step)) / (2.0 * step);
        assert!(length > 1e-4, "{name}: the gradient is {length}");
        assert!((slope - length).abs() < 0.01 * length + 2e-4, "{name}: {slope} against {length}");
    }
    let both = (&model, &config);
    check("embedding", |model| &mut model.embedding, both, &gradients);
    check("last norm", |model| &mut model.norm, both, &gradients);
    check("last experts, up", |model| &mut model.blocks[1].experts.gate_up, both, &gradients);
    check("last experts, down", |model| &mut model.blocks[1].experts.down, both, &gradients);
    check("first experts", |model| &mut model.blocks[0].experts.down, both, &gradients);
    check("attention", |model| &mut model.blocks[0].attention.value, both, &gradients);
    check("first gate", |model| gate(model, 0), both, &gradients);
    check("last gate", |model| gate(model, 1), both, &gradients);
}

fn gate(model: &mut Transformer, block: usize) -> &mut Param<Tensor<2>> {
    match &mut model.blocks[block].router {
        Gate::Jacobs(router) => &mut router.gate,
        other => panic!("{} is not the mixture of 1991", other.name()),
    }
}
