//! Small made-up traces for tests only, with numbers that can be followed by hand.

use super::Place;
use crate::methods;
use crate::scene::ViewState;
use crate::trace::conventions::Convention;
use crate::trace::{Constants, LayerInfo, LayerTrace, Matrix, Token, Trace, sample};

/// A layer's matrices, row by row.
pub(super) struct LayerRows {
    pub logits: Matrix<f32>,
    pub probs: Matrix<f32>,
    pub experts: Matrix<u16>,
    pub weights: Matrix<f32>,
    pub dropped: Matrix<bool>,
}

pub(super) fn v<T: Clone, const N: usize>(rows: &[[T; N]]) -> Matrix<T> {
    Matrix::new(N, rows.concat()).unwrap()
}

pub(super) fn trace(router: &str, rows: LayerRows, constants: Constants) -> Trace {
    let info = LayerInfo { method: None, experts: rows.logits.cols(), top_k: rows.experts.cols() };
    let layer = LayerTrace {
        block: 0,
        info,
        logits: Some(rows.logits),
        probs: Some(rows.probs),
        experts: rows.experts,
        weights: Some(rows.weights),
        dropped: Some(rows.dropped),
        capacity: None,
        extra: Matrix::default(),
        attention: None,
        counts: None,
    };
    let mut trace = sample::trace(layer.experts.rows(), 1, layer.info.experts, layer.info.top_k);
    trace.model.router = router.to_owned();
    trace.model.convention = methods::of_router(router).unwrap().convention.to_owned();
    trace.model.constants = constants;
    trace.layers = vec![layer];
    trace.check().unwrap();
    trace
}

pub(super) fn place(trace: &Trace, token: usize) -> Place<'_> {
    let view = ViewState { token, ..ViewState::default() };
    Place::of(trace, &view).unwrap()
}

/// Four tokens that all want E1, then E2, of which each takes two.
pub(in crate::scene) fn gshard() -> Trace {
    let (kept, gone) = ([0.731_058_6, 0.268_941_4], [0.0, 0.0]);
    let rows = LayerRows {
        logits: v(&[[1.0, 0.0]; 4]),
        probs: v(&[kept; 4]),
        experts: v(&[[0, 1]; 4]),
        weights: v(&[kept, kept, gone, gone]),
        dropped: v(&[[false; 2], [false; 2], [true; 2], [true; 2]]),
    };
    let mut trace = trace("gshard", rows, Constants { group: Some(4), ..Constants::default() });
    trace.layers[0].capacity = Some(2);
    trace
}

/// A Switch layer of two experts whose second token is dropped.
pub(in crate::scene) fn switch() -> Trace {
    let rows = LayerRows {
        logits: v(&[[0.0, 1.0]; 2]),
        probs: v(&[[0.268_941_4, 0.731_058_6]; 2]),
        experts: v(&[[1]; 2]),
        weights: v(&[[0.731_058_6], [0.0]]),
        dropped: v(&[[false], [true]]),
    };
    let mut trace = trace("switch", rows, Constants { group: Some(4), ..Constants::default() });
    trace.layers[0].capacity = Some(1);
    trace
}

/// Three tokens prefer E1, and the third, which loses least, had to go to E2.
pub(in crate::scene) fn base() -> Trace {
    let sigmoid = |x: f32| 1.0 / (1.0 + (-x).exp());
    let logits = [[0.5_f32, 0.1], [0.7, 0.2], [0.9, 0.8], [0.3, 0.6]];
    let probs = logits.map(|row| row.map(sigmoid));
    let rows = LayerRows {
        logits: v(&logits),
        probs: v(&probs),
        experts: v(&[[0], [0], [1], [1]]),
        weights: v(&[[probs[0][0]], [probs[1][0]], [probs[2][1]], [probs[3][1]]]),
        dropped: v(&[[false]; 4]),
    };
    let mut trace = trace("base", rows, Constants::default());
    trace.model.looks_ahead = true;
    trace
}

/// Tokens a b a c; a goes to E1, the others to E2.
pub(in crate::scene) fn hash(kind: &str) -> Trace {
    let rows = LayerRows {
        logits: v(&[[0.0; 2]; 4]),
        probs: v(&[[1.0, 0.0], [0.0, 1.0], [1.0, 0.0], [0.0, 1.0]]),
        experts: v(&[[0], [1], [0], [1]]),
        weights: v(&[[1.0]; 4]),
        dropped: v(&[[false]; 4]),
    };
    let mut trace = trace("hash", rows, Constants { hash: Some(kind.to_owned()), ..Constants::default() });
    trace.text = "abac".to_owned();
    trace.tokens = "abac"
        .char_indices()
        .map(|(at, c)| Token { id: u32::from(c), text: c.to_string(), start: at, end: at + 1 })
        .collect();
    trace
}

/// Three experts take two of four tokens each; two take the first, nobody the third.
pub(in crate::scene) fn expert_choice() -> Trace {
    let probs = [[0.5_f32, 0.4, 0.1], [0.6, 0.1, 0.3], [0.45, 0.3, 0.25], [0.2, 0.45, 0.35]];
    let rows = LayerRows {
        logits: v(&probs.map(|row| row.map(f32::ln))),
        probs: v(&probs),
        experts: v(&[[0, 1, 2], [0, 2, 1], [0, 1, 2], [1, 2, 0]]),
        weights: v(&[[0.5, 0.4, 0.0], [0.6, 0.3, 0.0], [0.0; 3], [0.45, 0.35, 0.0]]),
        dropped: v(&[[false; 3]; 4]),
    };
    let mut trace = trace("expert-choice", rows, Constants { group: Some(4), ..Constants::default() });
    trace.model.looks_ahead = true;
    trace
}

/// One token whose two best of three experts have e^s = 4 and 2, the third 1, under one of today's conventions; gpt-oss' first
/// expert has its head start from a bias.
pub(super) fn today(convention: Convention) -> Trace {
    let probs = [4.0_f32 / 7.0, 2.0 / 7.0, 1.0 / 7.0];
    let rows = LayerRows {
        logits: v(&[[4.0_f32.ln(), 2.0_f32.ln(), 0.0]]),
        probs: v(&[probs]),
        experts: v(&[[0, 1]]),
        weights: v(&[if convention == Convention::Olmoe { [probs[0], probs[1]] } else { [2.0 / 3.0, 1.0 / 3.0] }]),
        dropped: v(&[[false; 2]]),
    };
    let mut trace = trace("conventions", rows, Constants::default());
    trace.model.convention = convention.words().to_owned();
    if convention == Convention::GptOss {
        trace.layers[0].extra = v(&[[2.0_f32.ln(), 0.0, 0.0]]);
    }
    trace.check().unwrap();
    trace
}

/// Three tokens and the two best of three experts for each: the first twice with E3, once with E2, always alike.
pub(in crate::scene) fn shazeer() -> Trace {
    let softmax = |logits: [f32; 3]| {
        let sum: f32 = logits.iter().map(|s| s.exp()).sum();
        logits.map(|s| s.exp() / sum)
    };
    let third = 3.0_f32.ln();
    let logits = [[third, -2.0, 0.0], [third, 0.0, -2.0], [1.0, -2.0, 1.0]];
    let rows = LayerRows {
        logits: v(&logits),
        probs: v(&logits.map(softmax)),
        experts: v(&[[0, 2], [0, 1], [0, 2]]),
        weights: v(&[[0.75, 0.25], [0.75, 0.25], [0.5, 0.5]]),
        dropped: v(&[[false; 2]; 3]),
    };
    trace("shazeer", rows, Constants::default())
}

/// One token in a tree of two branches with two leaves each.
pub(super) fn tree() -> Trace {
    let probs = [0.6_f32, 0.2, 0.1, 0.1];
    let rows = LayerRows {
        logits: v(&[probs.map(f32::ln)]),
        probs: v(&[probs]),
        experts: v(&[[0, 1, 2, 3]]),
        weights: v(&[probs]),
        dropped: v(&[[false; 4]]),
    };
    trace("hierarchical-mixture", rows, Constants { groups: Some(2), ..Constants::default() })
}

/// Two groups, both chosen, and the best of two experts in each.
pub(super) fn noisy_tree() -> Trace {
    let probs = [0.5_f32, 0.1, 0.1, 0.3];
    let rows = LayerRows {
        logits: v(&[probs.map(f32::ln)]),
        probs: v(&[probs]),
        experts: v(&[[0, 3]]),
        weights: v(&[[0.6, 0.4]]),
        dropped: v(&[[false; 2]]),
    };
    trace("shazeer-hierarchical", rows, Constants { groups: Some(2), top_groups: Some(2), ..Constants::default() })
}

/// Two tasks and three blocks, the last of which passes; the mean of both policies decides.
pub(super) fn policy() -> Trace {
    let mean = [0.4_f32, 0.25, 0.35];
    let rows = LayerRows {
        logits: v(&[mean.map(f32::ln); 2]),
        probs: v(&[mean; 2]),
        experts: v(&[[0]; 2]),
        weights: v(&[[1.0]; 2]),
        dropped: v(&[[false]; 2]),
    };
    let mut trace = trace("routing-networks", rows, Constants::default());
    trace.layers[0].extra = v(&[[0.7, 0.2, 0.1], [0.1, 0.3, 0.6]]);
    trace
}

/// Tokens a b a, two of four experts each, of which the scores are round: in a hash layer the table chooses the first two
/// for `a` and the last two for `b`; in a later one a bias lets E4 win against E2.
pub(in crate::scene) fn deepseek_v4(hash_layer: bool) -> Trace {
    // The logit of a score s is ln(e^(s^2) - 1).
    let logit = |s: f32| f64::from(s * s).exp_m1().ln() as f32;
    let scores = [1.5_f32, 0.5, 1.0, 0.25];
    let first = [[0, 1], [2, 3], [0, 1]];
    let later = [[0, 3], [0, 3], [0, 3]];
    let experts: [[u16; 2]; 3] = if hash_layer { first } else { later };
    let weight = |own: [u16; 2]| {
        let [a, b] = own.map(|e| scores[usize::from(e)]);
        [1.5 * a / (a + b), 1.5 * b / (a + b)]
    };
    let rows = LayerRows {
        logits: v(&[scores.map(logit); 3]),
        probs: v(&[scores; 3]),
        experts: v(&experts),
        weights: v(&experts.map(weight)),
        dropped: v(&[[false; 2]; 3]),
    };
    let constants = Constants { shared: 1, scaling: Some(1.5), ..Constants::default() };
    let mut trace = trace("deepseek-v4", rows, constants);
    trace.text = "aba".to_owned();
    trace.tokens = "aba"
        .char_indices()
        .map(|(at, c)| Token { id: u32::from(c), text: c.to_string(), start: at, end: at + 1 })
        .collect();
    match hash_layer {
        true => trace.layers[0].info.method = Some(methods::DEEPSEEK_V4_HASH.id.to_owned()),
        false => trace.layers[0].extra = v(&[[0.0, -0.25, -1.0, 0.25]]),
    }
    trace.check().unwrap();
    trace
}

/// One of two experts, chosen by its bias against its score, beside a shared one.
pub(super) fn deepseek() -> Trace {
    let scores = [0.7_f32, 0.6];
    let rows = LayerRows {
        logits: v(&[scores.map(|p| (p / (1.0 - p)).ln())]),
        probs: v(&[scores]),
        experts: v(&[[1]]),
        weights: v(&[[1.0]]),
        dropped: v(&[[false]]),
    };
    let mut trace = trace("deepseek", rows, Constants { shared: 1, ..Constants::default() });
    trace.layers[0].extra = v(&[[-0.2, 0.1]]);
    trace
}
