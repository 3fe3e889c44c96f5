//! Dense feed-forward: no method of routing, but what every one is held against.
//!
//! `y = FFN(x)`: one network, and every token uses all of it (Vaswani et al. 2017, arXiv:1706.03762, section 3.3; its inner
//! function here is SwiGLU, as the experts' is: Shazeer 2020, arXiv:2002.05202, section 2). Causal; training and inference
//! alike; nothing is chosen, dropped or balanced.
//!
//! Here it is a layer of a single expert behind [`super::Mixtral`]'s gate, so that checkpoint, trainer and page treat all
//! models alike. Softmax over one logit is 1 whatever the logit: the weight is 1, the gate gets no gradient through it, and
//! its d numbers change nothing.
//!
//! Two sizes are trained. `dense-active` has as many units as the experts that a token of a sparse model uses have together,
//! so both cost the same for a token; `dense-total` as many as all the experts of a layer that keeps 2 of 8, so both hold the
//! same number of parameters.

/// Experts of a layer, and of a token.
pub const EXPERTS: usize = 1;
