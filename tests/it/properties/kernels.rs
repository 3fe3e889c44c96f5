//! The CPU kernels against the same quantities composed from Burn's operations, values and gradients, and against
//! finite differences.

use burn::tensor::{Device, Int, Tensor, TensorData};
use moescope::kernels::attention::AttentionShape;
use moescope::kernels::{composed, experts, ops};
use moescope::random::Random;

fn device() -> Device {
    Device::flex().autodiff()
}

fn random<const D: usize>(seed: u64, shape: [usize; D]) -> Tensor<D> {
    let mut random = Random::new(seed);
    let values: Vec<f32> = (0..shape.iter().product()).map(|_| random.normal() as f32).collect();
    Tensor::from_data(TensorData::new(values, shape), &device()).require_grad()
}

fn values<const D: usize>(tensor: &Tensor<D>) -> Vec<f32> {
    tensor.clone().into_data().try_into_vec::<f32>().unwrap()
}

fn close(ours: &[f32], theirs: &[f32], what: &str) {
    assert_eq!(ours.len(), theirs.len(), "{what}");
    for (i, (a, b)) in ours.iter().zip(theirs).enumerate() {
        assert!((a - b).abs() <= 2e-4 * (1.0 + b.abs()), "{what}[{i}]: {a} against {b}");
    }
}

/// Compares outputs and, through a random weighting of the outputs, every gradient.
macro_rules! compare {
    ($what:expr, $kernel:expr, $reference:expr, $($input:ident),+) => {{
        let (ours, theirs) = ($kernel, $reference);
        close(&values(&ours), &values(&theirs), $what);
        let weighting = random(99, ours.dims()).detach();
        let ours = (ours * weighting.clone()).sum().backward();
        let theirs = (theirs * weighting).sum().backward();
        $(close(
            &values(&$input.grad(&ours).unwrap()),
            &values(&$input.grad(&theirs).unwrap()),
            &format!("{}: gradient of {}", $what, stringify!($input)),
        );)+
    }};
}

#[test]
fn experts_equal_the_dense_sum() {
    for (tokens, slots, experts, width, inner) in
        [(1, 2, 4, 8, 6), (37, 2, 8, 16, 24), (20, 3, 5, 12, 10), (9, 1, 1, 8, 8)]
    {
        let x = random(1, [tokens, width]);
        let (gate_up, down) = (random(2, [experts, 2 * inner, width]), random(3, [experts, width, inner]));
        let weights = random(4, [tokens, slots]);
        let mut draw = Random::new(5);
        let choice: Vec<i32> = (0..tokens)
            .flat_map(|_| {
                let first = draw.below(experts);
                (0..slots).map(move |s| ((first + s) % experts) as i32)
            })
            .collect();
        let choice = Tensor::<2, Int>::from_data(TensorData::new(choice, [tokens, slots]), &device());
        compare!(
            "experts",
            ops::experts(x.clone(), gate_up.clone(), down.clone(), choice.clone(), weights.clone()),
            composed::experts(x.clone(), gate_up.clone(), down.clone(), choice, weights.clone()),
            x,
            gate_up,
            down,
            weights
        );
    }
}

#[test]
fn attention_equals_masked_softmax() {
    let shapes = [
        (1, 1, 1, 2, 2, 100),
        (2, 7, 7, 4, 4, 100),
        (1, 150, 150, 2, 1, 40),
        (1, 5, 23, 4, 2, 9),
        (3, 70, 70, 2, 2, 70),
    ];
    for (batch, queries, keys, heads, kv_heads, window) in shapes {
        let shape = AttentionShape { batch, queries, keys, heads, kv_heads, head: 8, window };
        let q = random(1, [batch * queries, heads * 8]);
        let k = random(2, [batch * keys, kv_heads * 8]);
        let v = random(3, [batch * keys, kv_heads * 8]);
        compare!(
            "attention",
            ops::attention(q.clone(), k.clone(), v.clone(), shape),
            composed::attention(q.clone(), k.clone(), v.clone(), shape),
            q,
            k,
            v
        );
    }
}

#[test]
fn rotary_and_norm_equal_their_formulas() {
    let x = random(1, [2 * 9, 3 * 8]);
    compare!("rotary", ops::rotary(x.clone(), 5, 9, 8, 10_000.0), composed::rotary(x.clone(), 5, 9, 8, 10_000.0), x);
    let (x, weight) = (random(2, [11, 20]), random(3, [20]));
    compare!(
        "norm",
        ops::rms_norm(x.clone(), weight.clone(), 1e-5),
        composed::rms_norm(x.clone(), weight.clone(), 1e-5),
        x,
        weight
    );
}

#[test]
fn loss_equals_log_softmax() {
    let (hidden, embedding) = (random(1, [300, 12]), random(2, [50, 12]));
    let mut draw = Random::new(3);
    let targets: Vec<i32> = (0..300).map(|_| draw.below(50) as i32).collect();
    let targets = Tensor::<1, Int>::from_data(TensorData::new(targets, [300]), &device());
    compare!(
        "loss",
        ops::mean_loss(hidden.clone(), embedding.clone(), targets.clone()),
        composed::mean_loss(hidden.clone(), embedding.clone(), targets),
        hidden,
        embedding
    );
}

#[test]
fn rotation_keeps_lengths_and_depends_on_distance_only() {
    let (q, k) = (random(1, [1, 8]).detach(), random(2, [1, 8]).detach());
    let at = |x: &Tensor<2>, position| values(&ops::rotary(x.clone(), position, 1, 8, 100.0));
    let product = |a: Vec<f32>, b: Vec<f32>| a.iter().zip(&b).map(|(a, b)| a * b).sum::<f32>();
    close(&[product(at(&q, 3), at(&k, 1))], &[product(at(&q, 12), at(&k, 10))], "same distance");
    close(&[product(at(&q, 7), at(&q, 7))], &[product(values(&q), values(&q))], "length");
}

#[test]
fn gradients_follow_finite_differences() {
    // d(sum of squares of the layer's output) / d(one gate weight), by central differences in the kernel alone.
    use moescope::kernels::experts::{ExpertShape, backward, forward};
    let shape = ExpertShape { tokens: 3, slots: 2, experts: 3, width: 4, inner: 5 };
    let draw = |seed, n: usize| {
        let mut random = Random::new(seed);
        (0..n).map(|_| random.normal() as f32).collect::<Vec<_>>()
    };
    let (x, gate_up, down) = (draw(1, 12), draw(2, 3 * 10 * 4), draw(3, 3 * 4 * 5));
    let (choice, weights) = ([0, 1, 2, 0, 1, 2], draw(4, 6));
    let loss = |gate_up: &[f32]| -> f64 {
        let y = forward(shape, &x, gate_up, &down, &choice, &weights).0;
        y.iter().map(|&y| f64::from(y) * f64::from(y)).sum()
    };
    let (y, saved) = forward(shape, &x, &gate_up, &down, &choice, &weights);
    let dy: Vec<f32> = y.iter().map(|y| 2.0 * y).collect();
    let gradient = backward(shape, &saved, &gate_up, &down, &weights, &dy).gate_up;
    for at in (0..gate_up.len()).step_by(7) {
        let step = 1e-2;
        let moved = |by: f32| {
            let mut changed = gate_up.clone();
            changed[at] += by;
            loss(&changed)
        };
        let estimate = (moved(step) - moved(-step)) / f64::from(2.0 * step);
        let exact = f64::from(gradient[at]);
        assert!((estimate - exact).abs() < 2e-2 * (1.0 + exact.abs()), "{at}: {estimate} against {exact}");
    }
}

#[test]
fn a_choice_of_no_expert_costs_and_changes_nothing() {
    // Three slots, the middle one empty, against the same layer with the two others only.
    let (tokens, experts, width, inner) = (5, 4, 6, 3);
    let mut random = Random::new(11);
    let mut some = |count: usize| (0..count).map(|_| random.normal() as f32).collect::<Vec<f32>>();
    let (x, gate_up, down) = (some(tokens * width), some(experts * 2 * inner * width), some(experts * width * inner));
    let (pairs, dy) = (some(tokens * 2), some(tokens * width));
    let chosen: Vec<i32> = (0..tokens as i32).flat_map(|t| [t % 4, (t + 1) % 4]).collect();
    let spread = |values: &[f32], empty: f32| -> Vec<f32> {
        values.chunks(2).flat_map(|pair| [pair[0], empty, pair[1]]).collect()
    };
    let holes: Vec<i32> = chosen.chunks(2).flat_map(|pair| [pair[0], -1, pair[1]]).collect();
    let two = experts::ExpertShape { tokens, slots: 2, experts, width, inner };
    let three = experts::ExpertShape { slots: 3, ..two };
    let (y, saved) = experts::forward(two, &x, &gate_up, &down, &chosen, &pairs);
    let weights = spread(&pairs, 7.0);
    let (y_holes, saved_holes) = experts::forward(three, &x, &gate_up, &down, &holes, &weights);
    assert_eq!(y, y_holes);
    let gradients = experts::backward(two, &saved, &gate_up, &down, &pairs, &dy);
    let with_holes = experts::backward(three, &saved_holes, &gate_up, &down, &weights, &dy);
    assert_eq!(gradients.x, with_holes.x);
    assert_eq!(gradients.gate_up, with_holes.gate_up);
    assert_eq!(gradients.down, with_holes.down);
    assert_eq!(spread(&gradients.weights, 0.0), with_holes.weights);
}
