//! Gradients of the kernels, registered with Burn's autodiff.

use super::attention::AttentionShape;
use super::experts::ExpertShape;
use super::ops::{Floats, MoeOps, dims, expert_shape, integers, rotated, tensor};
use super::{attention, cross_entropy, experts, rms_norm};
use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::flex::FlexTensor;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Flex};
use std::sync::Arc;

/// Hands each parent that is tracked its gradient.
fn register<S: Clone + Send + std::fmt::Debug + 'static, const N: usize>(
    ops: Ops<S, N>,
    grads: &mut Gradients,
    values: [FlexTensor; N],
) {
    for (parent, value) in ops.parents.into_iter().zip(values) {
        if let Some(parent) = parent {
            grads.register::<Flex>(parent.id, value);
        }
    }
}

#[derive(Debug)]
struct Experts;

#[derive(Clone, Debug)]
struct ExpertsState {
    shape: ExpertShape,
    saved: Arc<experts::Saved>,
    gate_up: FlexTensor,
    down: FlexTensor,
    weights: FlexTensor,
}

impl Backward<Flex, 4> for Experts {
    type State = ExpertsState;

    fn backward(self, ops: Ops<Self::State, 4>, grads: &mut Gradients, _: &mut Checkpointer) {
        let dy = Floats::of(grads.consume::<Flex>(&ops.node));
        let ExpertsState { shape, saved, gate_up, down, weights } = ops.state.clone();
        let [gate_up, down, weights] = [gate_up, down, weights].map(Floats::of);
        let result = experts::backward(shape, &saved, gate_up.get(), down.get(), weights.get(), dy.get());
        let ExpertShape { tokens, slots, experts, width, inner } = shape;
        let values = [
            tensor(result.x, [tokens, width]),
            tensor(result.gate_up, [experts, 2 * inner, width]),
            tensor(result.down, [experts, width, inner]),
            tensor(result.weights, [tokens, slots]),
        ];
        register(ops, grads, values);
    }
}

#[derive(Debug)]
struct Attention;

#[derive(Clone, Debug)]
struct AttentionState {
    shape: AttentionShape,
    inputs: [FlexTensor; 3],
    out: FlexTensor,
    lse: Arc<Vec<f32>>,
}

impl Backward<Flex, 3> for Attention {
    type State = AttentionState;

    fn backward(self, ops: Ops<Self::State, 3>, grads: &mut Gradients, _: &mut Checkpointer) {
        let d_out = Floats::of(grads.consume::<Flex>(&ops.node));
        let AttentionState { shape, inputs, out, lse } = ops.state.clone();
        let sizes: [[usize; 2]; 3] = [dims(&inputs[0]), dims(&inputs[1]), dims(&inputs[2])];
        let [q, k, v] = inputs.map(Floats::of);
        let out = Floats::of(out);
        let [d_q, d_k, d_v] = attention::backward(shape, [q.get(), k.get(), v.get()], out.get(), &lse, d_out.get());
        register(ops, grads, [tensor(d_q, sizes[0]), tensor(d_k, sizes[1]), tensor(d_v, sizes[2])]);
    }
}

#[derive(Debug)]
struct Rotary;

impl Backward<Flex, 1> for Rotary {
    type State = (usize, usize, usize, f32);

    fn backward(self, ops: Ops<Self::State, 1>, grads: &mut Gradients, _: &mut Checkpointer) {
        let dy = grads.consume::<Flex>(&ops.node);
        let (start, len, head, theta) = ops.state;
        register(ops, grads, [rotated(dy, start, len, head, theta, true)]);
    }
}

#[derive(Debug)]
struct RmsNorm;

impl Backward<Flex, 2> for RmsNorm {
    type State = (FlexTensor, FlexTensor, f32);

    fn backward(self, ops: Ops<Self::State, 2>, grads: &mut Gradients, _: &mut Checkpointer) {
        let dy = Floats::of(grads.consume::<Flex>(&ops.node));
        let (x, weight, eps) = ops.state.clone();
        let sizes: ([usize; 2], [usize; 1]) = (dims(&x), dims(&weight));
        let [x, weight] = [x, weight].map(Floats::of);
        let (d_x, d_weight) = rms_norm::backward(x.get(), weight.get(), eps, dy.get());
        register(ops, grads, [tensor(d_x, sizes.0), tensor(d_weight, sizes.1)]);
    }
}

#[derive(Debug)]
struct MeanLoss;

impl Backward<Flex, 2> for MeanLoss {
    type State = [FlexTensor; 2];

    fn backward(self, ops: Ops<Self::State, 2>, grads: &mut Gradients, _: &mut Checkpointer) {
        let dy = Floats::of(grads.consume::<Flex>(&ops.node)).get()[0];
        let values = ops.state.clone().map(|gradient| {
            let size: [usize; 2] = dims(&gradient);
            let mut values = Floats::of(gradient).get().to_vec();
            super::vector::scale(&mut values, dy);
            tensor(values, size)
        });
        register(ops, grads, values);
    }
}

impl<C: CheckpointStrategy> MoeOps for Autodiff<Flex, C> {
    fn experts(
        x: FloatTensor<Self>,
        gate_up: FloatTensor<Self>,
        down: FloatTensor<Self>,
        weights: FloatTensor<Self>,
        choice: FlexTensor,
    ) -> FloatTensor<Self> {
        let nodes = [x.node(), gate_up.node(), down.node(), weights.node()];
        let [x, gate_up, down, weights] = [x, gate_up, down, weights].map(|input| input.into_primitive());
        let shape = expert_shape(&x, &down, &choice);
        let (y, saved) = {
            let inputs = [&x, &gate_up, &down, &weights].map(|input| Floats::of(input.clone()));
            let [x, gate_up, down, weights] = inputs.each_ref().map(Floats::get);
            experts::forward(shape, x, gate_up, down, &integers(choice), weights)
        };
        let y = tensor(y, [shape.tokens, shape.width]);
        match Experts.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(prep) => {
                prep.finish(ExpertsState { shape, saved: Arc::new(saved), gate_up, down, weights }, y)
            }
            OpsKind::UnTracked(prep) => prep.finish(y),
        }
    }

    fn attention(
        q: FloatTensor<Self>,
        k: FloatTensor<Self>,
        v: FloatTensor<Self>,
        shape: AttentionShape,
    ) -> FloatTensor<Self> {
        let nodes = [q.node(), k.node(), v.node()];
        let inputs = [q, k, v].map(|input| input.into_primitive());
        let size: [usize; 2] = dims(&inputs[0]);
        let (out, lse) = {
            let [q, k, v] = inputs.clone().map(Floats::of);
            attention::forward(shape, q.get(), k.get(), v.get())
        };
        let out = tensor(out, size);
        match Attention.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(prep) => {
                let state = AttentionState { shape, inputs, out: out.clone(), lse: Arc::new(lse) };
                prep.finish(state, out)
            }
            OpsKind::UnTracked(prep) => prep.finish(out),
        }
    }

    fn rotary(x: FloatTensor<Self>, start: usize, len: usize, head: usize, theta: f32) -> FloatTensor<Self> {
        let node = x.node();
        let y = rotated(x.into_primitive(), start, len, head, theta, false);
        match Rotary.prepare::<C>([node]).compute_bound().stateful() {
            OpsKind::Tracked(prep) => prep.finish((start, len, head, theta), y),
            OpsKind::UnTracked(prep) => prep.finish(y),
        }
    }

    fn rms_norm(x: FloatTensor<Self>, weight: FloatTensor<Self>, eps: f32) -> FloatTensor<Self> {
        let nodes = [x.node(), weight.node()];
        let (x, weight) = (x.into_primitive(), weight.into_primitive());
        let y = Flex::rms_norm(x.clone(), weight.clone(), eps);
        match RmsNorm.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(prep) => prep.finish((x, weight, eps), y),
            OpsKind::UnTracked(prep) => prep.finish(y),
        }
    }

    fn mean_loss(hidden: FloatTensor<Self>, embedding: FloatTensor<Self>, targets: FlexTensor) -> FloatTensor<Self> {
        let nodes = [hidden.node(), embedding.node()];
        let (hidden, embedding) = (hidden.into_primitive(), embedding.into_primitive());
        let sizes: [[usize; 2]; 2] = [dims(&hidden), dims(&embedding)];
        let loss = {
            let [hidden, embedding] = [hidden, embedding].map(Floats::of);
            cross_entropy::mean_loss(hidden.get(), embedding.get(), &integers(targets), sizes[0][1])
        };
        let mean = tensor(vec![loss.mean], [1]);
        match MeanLoss.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(prep) => {
                prep.finish([tensor(loss.hidden, sizes[0]), tensor(loss.embedding, sizes[1])], mean)
            }
            OpsKind::UnTracked(prep) => prep.finish(mean),
        }
    }
}
