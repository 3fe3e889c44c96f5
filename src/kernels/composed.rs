//! The same quantities composed from Burn's own operations: what runs on a GPU, and the reference that the CPU
//! kernels are tested against. Here every expert is computed for every token and the ones that were not chosen are
//! multiplied by zero; what is shown says so.

use super::attention::AttentionShape;
use super::rotary::Angles;
use burn::tensor::activation::{log_softmax, sigmoid, softmax};
use burn::tensor::{Int, Tensor, TensorData};

/// See [`super::ops::experts`]. All experts are computed.
pub fn experts(
    x: Tensor<2>,
    gate_up: Tensor<3>,
    down: Tensor<3>,
    choice: Tensor<2, Int>,
    weights: Tensor<2>,
) -> Tensor<2> {
    let ([tokens, width], [experts, _, inner], [_, slots]) = (x.dims(), down.dims(), choice.dims());
    let device = x.device();
    let all = x.unsqueeze::<3>().expand([experts, tokens, width]);
    let before = all.matmul(gate_up.swap_dims(1, 2));
    let gate = before.clone().narrow(2, 0, inner);
    let up = before.narrow(2, inner, inner);
    let outputs = (gate.clone() * sigmoid(gate) * up).matmul(down.swap_dims(1, 2)); // [E, T, d]
    let numbers =
        Tensor::<1, Int>::arange(0..experts as i64, &device).unsqueeze::<3>().expand([tokens, slots, experts]);
    let chosen = choice.unsqueeze_dim::<3>(2).expand([tokens, slots, experts]).equal(numbers).float();
    let mix = (chosen * weights.unsqueeze_dim::<3>(2)).sum_dim(1).reshape([tokens, experts]); // [T, E]
    let mix = mix.swap_dims(0, 1).reshape([experts, tokens, 1]);
    (outputs * mix).sum_dim(0).reshape([tokens, width])
}

/// See [`super::ops::attention`].
pub fn attention(q: Tensor<2>, k: Tensor<2>, v: Tensor<2>, shape: AttentionShape) -> Tensor<2> {
    let AttentionShape { batch, queries, keys, heads, kv_heads, head, window } = shape;
    let device = q.device();
    let by_head = |x: Tensor<2>, heads: usize, len: usize| {
        x.reshape([batch, len, heads, head]).swap_dims(1, 2) // [batch, heads, len, D]
    };
    let group = heads / kv_heads;
    let shared = |x: Tensor<4>| {
        x.unsqueeze_dim::<5>(2).expand([batch, kv_heads, group, keys, head]).reshape([batch, heads, keys, head])
    };
    let q = by_head(q, heads, queries);
    let (k, v) = (shared(by_head(k, kv_heads, keys)), shared(by_head(v, kv_heads, keys)));
    let scores = q.matmul(k.swap_dims(2, 3)) / (head as f32).sqrt();
    let hidden: Vec<f32> = (0..queries)
        .flat_map(|query| {
            let position = keys - queries + query;
            (0..keys).map(move |key| if key > position || key + window <= position { -1e9 } else { 0.0 })
        })
        .collect();
    let mask = Tensor::<2>::from_data(TensorData::new(hidden, [queries, keys]), &device);
    let out = softmax(scores + mask.unsqueeze::<4>(), 3).matmul(v);
    out.swap_dims(1, 2).reshape([batch * queries, heads * head])
}

/// See [`super::ops::rotary`].
pub fn rotary(x: Tensor<2>, start: usize, len: usize, head: usize, theta: f32) -> Tensor<2> {
    let [rows, width] = x.dims();
    let (batch, heads, half) = (rows / len.max(1), width / head, head / 2);
    let device = x.device();
    let angles = Angles::new(start, len, head, theta);
    let table = |values: &[f32]| {
        Tensor::<2>::from_data(TensorData::new(values.to_vec(), [len, half]), &device)
            .reshape([1, len, 1, half])
            .expand([batch, len, heads, half])
    };
    let (cos, sin) = (table(angles.cos()), table(angles.sin()));
    let x = x.reshape([batch, len, heads, head]);
    let (low, high) = (x.clone().narrow(3, 0, half), x.narrow(3, half, half));
    let turned = [low.clone() * cos.clone() - high.clone() * sin.clone(), high * cos + low * sin];
    Tensor::cat(turned.to_vec(), 3).reshape([rows, width])
}

/// See [`super::ops::rms_norm`].
pub fn rms_norm(x: Tensor<2>, weight: Tensor<1>, eps: f32) -> Tensor<2> {
    let mean = (x.clone() * x.clone()).mean_dim(1);
    weight.unsqueeze::<2>() * (x / (mean + eps).sqrt())
}

/// See [`super::ops::mean_loss`].
pub fn mean_loss(hidden: Tensor<2>, embedding: Tensor<2>, targets: Tensor<1, Int>) -> Tensor<1> {
    let logits = hidden.matmul(embedding.swap_dims(0, 1));
    let chosen = log_softmax(logits, 1).gather(1, targets.unsqueeze_dim::<2>(1));
    chosen.mean().neg()
}
