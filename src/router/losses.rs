//! Losses that keep a router healthy: balance, so that no expert starves, and small logits, so that softmax stays exact.

use super::{Loss, LossKind, Routing, select};
use burn::tensor::Tensor;

/// Load-balancing loss `E * sum_e f_e P_e` of one layer, [1] (Fedus, Zoph and Shazeer 2021, arXiv:2101.03961, eq. 4-6).
///
/// `f_e` is the share of all k T choices that went to expert e (no gradient), `P_e` its mean score. Perfectly even
/// routing gives 1, whatever k is.
pub fn balance(routing: &Routing) -> Tensor<1> {
    let [_, experts] = routing.probs.dims();
    let [_, slots] = routing.experts.dims();
    let share = select::chosen(routing.experts.clone(), experts).mean_dim(0) / slots as f32;
    let mean = routing.probs.clone().mean_dim(0);
    (share * mean).sum() * experts as f32
}

/// z-loss, the mean of `(log sum_e exp(logit_e))^2`, [1] (Zoph et al. 2022, arXiv:2202.08906, eq. 5).
pub fn z(routing: &Routing) -> Tensor<1> {
    let max = routing.logits.clone().detach().max_dim(1);
    let log_sum = (routing.logits.clone() - max.clone()).exp().sum_dim(1).log() + max;
    log_sum.powf_scalar(2.0).mean()
}

/// Both, for a router that is trained with both.
pub fn balance_and_z(routing: &Routing) -> Vec<Loss> {
    vec![Loss { kind: LossKind::Balance, value: balance(routing) }, Loss { kind: LossKind::Z, value: z(routing) }]
}
